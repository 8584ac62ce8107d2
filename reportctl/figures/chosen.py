"""What of the form is to be shown: sections, tables or lines and columns of them, lists that are added up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from reportctl.core.errors import ReportctlError, near
from reportctl.core.language import _
from reportctl.core.period import Period
from reportctl.form.model import Form, ListColumn, ListSection, Section
from reportctl.form.renamed import called_in, near_figure
from reportctl.form.tables import FormTable, TableCell

_EVERY = "*"


@dataclass(frozen=True, slots=True)
class TablePart:
    """A table of the form as a whole, or one of its rows or columns."""

    table: FormTable
    row: str = ""
    column: str = ""

    @property
    def code(self) -> str:
        """How it is named: `table`, `table.row`, `table.*.column`."""
        if self.column:
            return f"{self.table.code}.{_EVERY}.{self.column}"
        return f"{self.table.code}.{self.row}" if self.row else self.table.code

    @property
    def asked(self) -> tuple[TableCell, ...]:
        """All its cells, row by row."""
        return tuple(
            cell
            for (row, column), cell in self.table.cells.items()
            if self.row in ("", row) and self.column in ("", column)
        )

    @property
    def cells(self) -> tuple[TableCell, ...]:
        """Its cells that are numbers, row by row."""
        return tuple(cell for cell in self.asked if cell.numeric)

    @property
    def top_cells(self) -> tuple[TableCell, ...]:
        """Those in totals and rows of the first level."""
        return tuple(cell for cell in self.cells if cell.top)

    @property
    def main_cells(self) -> tuple[TableCell, ...]:
        """What is shown of it by unit and by kind: of a whole table its top cells, if it has any; of a row or
        a column all."""
        tops = () if self.row or self.column else self.top_cells
        return tops or self.cells


@dataclass(frozen=True, slots=True)
class Chosen:
    """Sections, tables or parts of them, lists of which something is added up."""

    sections: tuple[Section, ...]
    parts: tuple[TablePart, ...]
    lists: tuple[ListSection, ...]

    @property
    def codes(self) -> dict[str, None]:
        """The codes of all its indicators and cells, in order."""
        codes = [i.code for section in self.sections for i in section.indicators]
        return dict.fromkeys([*codes, *(cell.code for part in self.parts for cell in part.cells)])


def chosen(form: Form, sections: Sequence[str] = (), tables: Sequence[str] = ()) -> Chosen:
    """What is named: `sections` by their codes or those of tables, `tables` as `table_part` has it, or lists;
    everything where nothing is. Raises `ReportctlError` for what there is not."""
    if not sections and not tables:
        lists = tuple(listed for listed in form.lists if summed_columns(listed))
        return Chosen(form.sections, tuple(map(TablePart, form.tables)), lists)
    by_code = {table.code: table for table in form.tables}
    own = {section.code for section in form.sections}
    chosen_sections(form, sections)
    parts = [TablePart(by_code[code]) for code in sections if code in by_code]
    summed = {listed.code: listed for listed in form.lists if summed_columns(listed)}
    parts += [table_part(form, name) for name in tables if name not in summed]
    return Chosen(
        tuple(s for s in form.sections if s.code in sections and s.code in own),
        tuple({part.code: part for part in parts}.values()),
        tuple(summed[name] for name in dict.fromkeys(tables) if name in summed),
    )


def chosen_sections(form: Form, codes: Sequence[str]) -> tuple[Section, ...]:
    """The sections named by `codes`, tables among them; all sections, without tables, where none is named.
    Raises `ReportctlError` for a code that is none."""
    known = {section.code: section for section in form.all_sections}
    for code in codes:
        if code not in known:
            _refuse_list(form, code)
            raise ReportctlError(
                _("The form has no section “{code}”{near}; there is: {known}.").format(
                    code=code, near=near(code, known), known=", ".join(known) or _("none")
                )
            )
    return (
        tuple(section for section in form.all_sections if section.code in codes) if codes else form.sections
    )


def _refuse_list(form: Form, name: str) -> None:
    """Raises `ReportctlError` where `name` is a list, with where that is shown."""
    for listed in form.lists:
        if listed.code != name:
            continue
        if summed_columns(listed):
            shown = _("“{name}” is a list; its totals: reportctl summary --table {name}")
        else:
            shown = _("“{name}” is a list of which nothing is added up; its rows stand in merged.xlsx.")
        raise ReportctlError(shown.format(name=name))


def table_part(form: Form, name: str) -> TablePart:
    """The table, row or column that is named `table`, `table.row` or `table.*.column`. Raises
    `ReportctlError` where there is none."""
    tables = {table.code: table for table in form.tables}
    code, _dot, rest = name.partition(".")
    row, _dot, column = rest.partition(".")
    table = tables.get(code)
    if table is not None:
        found = TablePart(table, "" if row == _EVERY else row, "" if column == _EVERY else column)
        if found.code == name and found.cells:
            return found
        if found.code == name and found.asked:
            raise ReportctlError(
                _("“{name}” holds no numbers; what is answered there stands in values.csv.").format(name=name)
            )
    _refuse_list(form, name)
    parts = [part.code for each in form.tables for part in parts_of(each)]
    lists = [listed.code for listed in form.lists if summed_columns(listed)]
    known = [*(code for code in tables if code in parts), *lists]
    raise ReportctlError(
        _("The form has no table “{name}”{near}; there is: {known}.").format(
            name=name, near=near_figure(name, form, [*parts, *lists]), known=", ".join(known) or _("none")
        )
    )


def named_then(
    names: Sequence[str], then: Form, now: Form, others: Callable[[], Iterable[Form]], period: Period
) -> list[str]:
    """What the form of `then`, that of `period`, calls the sections, tables, parts of tables and lists that
    are named as it calls them or as the form of `now` does; what neither has, as it is named.

    Between the two forms may be several renamings, by `others`. Raises `ReportctlError` for what only the
    form of now has.
    """
    of_then, of_now = _all_named(then), _all_named(now)
    found = []
    for name in names:
        only_now = name in of_now and name not in of_then
        called = _called_then(name, then, now, (now, *others())) if only_now else name
        if not called:
            raise ReportctlError(
                _("The form of {period} has no “{name}” yet; there is: {known}.").format(
                    period=period,
                    name=name,
                    known=", ".join(one for one in of_then if "." not in one) or _("none"),
                )
            )
        found.append(called)
    return found


def _all_named(form: Form) -> dict[str, None]:
    """The codes of all that can be named of a form."""
    lists = (listed.code for listed in form.lists if summed_columns(listed))
    parts = (part.code for table in form.tables for part in parts_of(table))
    return dict.fromkeys((*(section.code for section in form.sections), *parts, *lists))


def _called_then(name: str, then: Form, now: Form, others: Iterable[Form]) -> str:
    """What the form of `then` calls the list, row or column that the form of `now` calls `name`; empty where
    it has none: of rows and columns, where the cells that both have do not stand in one."""
    lists = {new: old for old, new in now.renamed_lists.items()}
    if lists.get(name) in {listed.code for listed in then.lists}:
        return lists[name]
    named = (part for table in now.tables for part in parts_of(table) if part.code == name)
    part = next(named, None)
    if part is None or not (part.row or part.column):
        return ""
    versions = tuple(others)
    codes = (called_in(cell.code, then, versions) for cell in part.cells)
    cells = [cell for code in codes if isinstance(cell := then.indicators.get(code), TableCell)]
    found = {f"{c.table}.{_EVERY}.{c.column}" if part.column else f"{c.table}.{c.row}" for c in cells}
    return found.pop() if len(found) == 1 else ""


def parts_of(table: FormTable) -> Iterator[TablePart]:
    """The table, each of its rows and each of its columns, as far as they hold numbers."""
    parts = [TablePart(table), *(TablePart(table, row.code) for row in table.lines)]
    parts += [TablePart(table, column=column.code) for column in table.asked_columns]
    yield from (part for part in parts if part.cells)


def summed_columns(listed: ListSection) -> tuple[ListColumn, ...]:
    """The columns of a list that are added up over units."""
    return tuple(column for column in listed.columns if column.over_units == "sum")
