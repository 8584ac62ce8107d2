"""What of the form is to be shown: sections, tables or lines and columns of them, lists that are added up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reportctl.core.errors import ReportctlError, nearest
from reportctl.core.language import _
from reportctl.form.model import Form, ListColumn, ListSection, Section
from reportctl.form.renamed import called_now
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
    def cells(self) -> tuple[TableCell, ...]:
        """Its cells that are numbers, row by row."""
        return tuple(
            cell
            for (row, column), cell in self.table.cells.items()
            if self.row in ("", row) and self.column in ("", column) and cell.numeric
        )

    @property
    def top_cells(self) -> tuple[TableCell, ...]:
        """Those in totals and rows of the first level."""
        return tuple(cell for cell in self.cells if cell.top)


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
            raise ReportctlError(
                _("The form has no section “{code}”; there is: {known}.").format(
                    code=code, known=nearest(code, known) or ", ".join(known)
                )
            )
    return (
        tuple(section for section in form.all_sections if section.code in codes) if codes else form.sections
    )


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
    known = [part.code for each in form.tables for part in parts_of(each)]
    raise ReportctlError(
        _("The form has no table “{name}”; there is: {known}.").format(
            name=name, known=called_now(name, form) or nearest(name, known) or ", ".join(tables) or _("none")
        )
    )


def parts_of(table: FormTable) -> Iterator[TablePart]:
    """The table, each of its rows and each of its columns, as far as they hold numbers."""
    parts = [TablePart(table), *(TablePart(table, row.code) for row in table.lines)]
    parts += [TablePart(table, column=column.code) for column in table.asked_columns]
    yield from (part for part in parts if part.cells)


def summed_columns(listed: ListSection) -> tuple[ListColumn, ...]:
    """The columns of a list that are added up over units."""
    return tuple(column for column in listed.columns if column.over_units == "sum")
