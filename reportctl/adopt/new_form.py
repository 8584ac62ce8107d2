"""The form made of a blank workbook that was read and reviewed: the text of form.toml, and the addresses of
its answers in the office's own workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from reportctl.adopt.blank_form import BlankForm, ReadColumn, ReadRow, ReadTable
from reportctl.adopt.changes import FILLED_BY_US, value_columns
from reportctl.adopt.sums import Line
from reportctl.core.cellrefs import cell_name, sheet_name
from reportctl.core.language import Phrase, _
from reportctl.core.toml import toml_string
from reportctl.form.added_up import SumFault, sum_faults
from reportctl.form.addresses import Addresses, CellAddress, ListAddress, TableAddress
from reportctl.form.form_file import CELL_LIKE, CODE, SHEETS, parse_form
from reportctl.form.rules import RESERVED
from reportctl.form.tables import signed_codes

_WORDS = ("text", "choice", "date")
_AMOUNTS = ("count", "number", "money")
_LONGEST_CODE = 32


@dataclass(frozen=True, slots=True)
class NewForm:
    """The text of form.toml; where its answers stand in the office's workbook; a sentence for each sum of the
    workbook that the form cannot have (`left_out`)."""

    text: str
    addresses: Addresses
    left_out: tuple[str, ...] = ()


def new_form(form: BlankForm, kinds: Mapping[str, Phrase], sha256: str, file: str = "form.xlsx") -> NewForm:
    """The form that asks what `form` says, of units of these `kinds` (titles by code).

    Its addresses are in the workbook that is kept as `file` and has the hash `sha256`. Sums that no form may
    have, such as this quarter less the previous one, are left out, and so is what is worked out by them.
    """
    left_out: tuple[str, ...] = ()
    while True:
        made = _as_read(form, kinds, sha256, file, left_out)
        faults = sum_faults(parse_form(made.text, kept=True))
        if not faults:
            return made
        sentence = _("{table}.{line} is not added up: {why}")
        left_out += tuple(sentence.format(table=o.table, line=o.code, why=o.message) for o in faults)
        form = _without_sums(form, faults)


def _without_sums(form: BlankForm, faults: Sequence[SumFault]) -> BlankForm:
    """The form without these sums, nor those of what was worked out by them."""
    asked = list(filter(_asks, form.tables))
    matrices = [table for table in asked if table.kind == "matrix"]
    for one in faults:
        number = one.path[1]  # of the form's tables, which are the matrices
        table = matrices[int(number)]
        rows, columns = table.rows, table.columns
        if one.axis == "rows":
            rows = _not_added_up(rows, one.code)
        else:
            columns = _not_added_up(columns, one.code)
        matrices[int(number)] = replace(table, rows=rows, columns=columns)
    changed = iter(matrices)
    return replace(form, tables=tuple(next(changed) if one.kind == "matrix" else one for one in asked))


def _not_added_up(lines: tuple[Line, ...], code: str) -> tuple[Line, ...]:
    """The rows or columns without the sum of the one with this `code`, nor sums of what it worked out."""
    gone, ahead = set[str](), [code]
    while ahead:
        code = ahead.pop()
        gone.add(code)
        if any(one.computed for one in lines if one.code == code):
            ahead += (
                one.code
                for one in lines
                if one.code not in gone and code in (part for _sign, part in signed_codes(one.sum))
            )
    return tuple(replace(one, sum="", computed=False) if one.code in gone else one for one in lines)


def _as_read(
    form: BlankForm, kinds: Mapping[str, Phrase], sha256: str, file: str, left_out: tuple[str, ...]
) -> NewForm:
    """The form with all sums that were read; `left_out` says which are gone."""
    asked = tuple(filter(_asks, form.tables))
    titles = _titles(asked)
    codes = _Codes()
    for table in asked:
        codes.of_table(table)
    blocks = [_head(form, kinds, left_out)]
    tables: dict[str, TableAddress] = {}
    lists: dict[str, ListAddress] = {}
    cells: dict[str, CellAddress] = {}
    parts: dict[str, list[str]] = {"values": [], "matrix": [], "list": [], "texts": [], "rules": []}
    for table in asked:
        code = codes.tables[table.code]
        if table.kind == "values":
            section, texts, of_values = _values(table, code, titles[table.code], codes)
            parts["values"] += section
            parts["texts"] += texts
            cells |= of_values
        elif table.kind == "list":
            parts["list"] += _list(table, code, titles[table.code])
            lists[code] = _list_address(table)
        else:
            matrix = _Matrix(table)
            parts["matrix"] += matrix.block(code, titles[table.code])
            parts["rules"] += matrix.rules(code)
            tables[code] = matrix.address()
    blocks += [block for of_kind in parts.values() for block in of_kind]
    identity: dict[str, list[CellAddress]] = {}
    for one in form.identity:
        identity.setdefault(one.what, []).append(CellAddress(one.sheet, one.row, one.column))
    placed = {what: tuple(each) for what, each in identity.items()}
    addresses = Addresses(file, sha256, placed, cells, tables, lists)
    return NewForm("\n\n".join(blocks) + "\n", addresses, left_out)


def _asks(table: ReadTable) -> bool:
    """Whether anything of a table is asked."""
    if table.kind == "matrix":
        matrix = _Matrix(table)
        return bool(matrix.items and matrix.asked)
    return bool(table.inputs)


def _head(form: BlankForm, kinds: Mapping[str, Phrase], left_out: Sequence[str]) -> str:
    lines = [
        "# "
        + _("Made by reportctl form adopt from {file}. It may be edited.").format(file=_one_line(form.file)),
    ]
    lines += [f"# {_one_line(question)} - {_one_line(answer)}" for question, answer in form.noted]
    lines += [
        "# "
        + _("Not taken in: {where}: {why}").format(
            where=f"{one.sheet}!{one.cell}", why=_one_line(str(one.why))
        )
        for one in form.refused
    ]
    lines += [f"# {_one_line(sentence)}" for sentence in left_out]
    lines += [f"id = {toml_string(form.id)}", f"title = {toml_string(form.title or form.file)}"]
    for code, title in kinds.items():
        lines += ["", "[[kinds]]", *_lines({"code": code, "title": title.vi, "title_en": title.en})]
    return "\n".join(lines)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _titles(tables: Sequence[ReadTable]) -> dict[str, str]:
    """The titles by code; each names a sheet of its own, so those of which the beginnings are alike get the
    name of the office's sheet, else a number, before them."""
    taken = {name.lower() for name in SHEETS}
    titles: dict[str, str] = {}
    for number, table in enumerate(tables, 1):
        plain = table.title or table.code
        wanted = (plain, f"{table.sheet} - {plain}", f"{number}. {plain}")
        title = next((one for one in wanted if sheet_name(one).lower() not in taken), f"{number}. {plain}")
        if table.kind != "values":
            taken.add(sheet_name(title).lower())
        titles[table.code] = title
    return titles


class _Codes:
    """Codes of the form: of what is asked they are unique in all of it and read as no cell."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self.tables: dict[str, str] = {}
        self.values: dict[tuple[str, str], str] = {}

    def of_table(self, table: ReadTable) -> None:
        """Find the code of a table; of single values, also those of their questions."""
        self.tables[table.code] = self._free(table.code)
        if table.kind == "values":
            for row in table.rows:
                if row.code:
                    wanted = row.code if self._fits(row.code) else f"{table.code}_{row.code}"
                    self.values[table.code, row.code] = self._free(wanted)

    def _fits(self, code: str) -> bool:
        return (
            bool(CODE.fullmatch(code))
            and not CELL_LIKE.fullmatch(code)
            and code not in {*RESERVED, "print_area", "print_titles"}
            and code not in self._taken
        )

    def _free(self, wanted: str) -> str:
        code, number = wanted[:_LONGEST_CODE], 2
        if not self._fits(code):
            code = (
                f"{wanted}_bang"[:_LONGEST_CODE]
                if CELL_LIKE.fullmatch(wanted) or wanted in RESERVED
                else code
            )
        while not self._fits(code):
            end = f"_{number}"
            code, number = f"{wanted[: _LONGEST_CODE - len(end)]}{end}", number + 1
        self._taken.add(code)
        return code


def _inline(fields: Mapping[str, object]) -> str:
    """An inline table of TOML with what is said: empty texts and None are left out."""
    return "{ " + ", ".join(_pair(key, value) for key, value in fields.items() if _is_said(value)) + " }"


def _is_said(value: object) -> bool:
    return value is not None and value is not False and value not in ("", ())


def _pair(key: str, value: object) -> str:
    match value:
        case bool():
            said = "true" if value else "false"
        case int():
            said = str(value)
        case tuple():
            said = f"[{', '.join(toml_string(str(one)) for one in value)}]"
        case _:
            said = toml_string(str(value))
    return f"{key} = {said}"


def _lines(fields: Mapping[str, object]) -> list[str]:
    return [_pair(key, value) for key, value in fields.items() if _is_said(value)]


def _came_from(table: ReadTable) -> str:
    columns = [column.at for column in table.columns] or [0]
    area = f"{cell_name(table.head, min(columns))}:{cell_name(table.foot, max(columns))}"
    return "# " + _("From the sheet “{sheet}”, {area}.").format(sheet=_one_line(table.sheet), area=area)


def _effective(kind: str, units: str, time: str, table_time: str) -> dict[str, object]:
    """How answers of the type `kind` are combined over units and over time. Percentages are never added up:
    without an answer they are not combined over units."""
    if kind in _WORDS:
        return {"over_units": "none", "over_time": "none"}
    if kind in _AMOUNTS:
        return {"over_units": units or "sum", "over_time": time or table_time}
    unsummed = units if units not in ("", "sum") else "none" if kind == "percent" else "sum"
    return {"over_units": unsummed, "over_time": time if time not in ("", "sum") else "last"}


def _combined(
    kind: str, units: str, time: str, table_time: str, said: Mapping[str, object] = MappingProxyType({})
) -> dict[str, object]:
    """What is to be said of how answers of the type `kind` are combined, where the table has `said` what
    holds for all of it."""
    default = {"over_units": "sum", "over_time": "sum" if kind in _AMOUNTS else "last"}
    if kind in _WORDS:
        default = {"over_units": "none", "over_time": "none"}
    wanted = _effective(kind, units, time, table_time)
    return {key: value for key, value in wanted.items() if value != said.get(key, default[key])}


# ---- single values


def _values(
    table: ReadTable, code: str, title: str, codes: _Codes
) -> tuple[list[str], list[str], dict[str, CellAddress]]:
    """A section with the questions that are figures; texts; where each answer stands."""
    types = {column.at: column for column in table.columns}
    figures: list[str] = []
    texts: list[str] = []
    cells: dict[str, CellAddress] = {}
    for row, at in zip(table.rows, table.value_at, strict=True):
        if not row.code or (row.at, at) not in table.inputs:
            continue
        own, column = codes.values[table.code, row.code], types.get(at)
        kind = row.type or (column.type if column else "count")
        cells[own] = CellAddress(table.sheet, row.at, at)
        fields: dict[str, object] = {"code": own, "label": _name(row)}
        if kind == "text":
            fields["applies_to"] = table.applies_to
            texts.append("\n".join(["[[texts]]", *_lines(fields)]))
            continue
        units, time = (
            getattr(row, key) or (getattr(column, key) if column else "")
            for key in ("over_units", "over_time")
        )
        fields |= {
            "unit_of_measure": row.unit_of_measure
            or (column.unit_of_measure if column else "")
            or table.unit_of_measure,
            "type": "" if kind == "count" else kind,
            "choices": column.choices if column and kind == "choice" else (),
            "applies_to": table.applies_to,
        }
        fields |= _combined(kind, units, time, table.over_time)
        figures.append("\n".join(["[[sections.indicators]]", *_lines(fields)]))
    if not figures:
        return [], texts, cells
    head = "\n".join(
        ["[[sections]]", _came_from(table), *_lines({"code": code, "title": title, "chart": "none"})]
    )
    return ["\n".join([head, *figures])], texts, cells


# ---- lists


def list_columns(table: ReadTable) -> tuple[ReadColumn, ...]:
    """The columns of a list that are asked."""
    asked = {column for _row, column in table.inputs}
    return tuple(column for column in table.columns if column.at in asked)


def _list(table: ReadTable, code: str, title: str) -> list[str]:
    rows = {row for row, _column in table.inputs}
    fields: dict[str, object] = {
        "code": code,
        "title": title,
        "rows": min(500, max(rows) - min(rows) + 1),
        "applies_to": table.applies_to,
        "key": table.key,
        "total": table.total_row is not None,
    }
    lines = ["[[lists]]", _came_from(table), *_lines(fields), "columns = ["]
    for column in list_columns(table):
        kind = column.type if column.use == "value" else column.type if column.type != "count" else "text"
        added = column.over_units or ("sum" if kind in _AMOUNTS else "")
        of_column: dict[str, object] = {
            "code": column.code,
            "label": column.label or column.no or column.code,
            "type": kind,
            "unit_of_measure": column.unit_of_measure,
            "choices": column.choices if kind == "choice" else (),
            "under": column.under,
            "over_units": added if kind in _AMOUNTS and added == "sum" else "",
        }
        optional = (
            ", required = false" if column.use == "note" or (kind == "text" and column.use == "value") else ""
        )
        lines.append(f"  {_inline(of_column)[:-2]}{optional} }},")
    return ["\n".join([*lines, "]"])]


def _list_address(table: ReadTable) -> ListAddress:
    rows = [row for row, _column in table.inputs]
    return ListAddress(
        table.sheet,
        table.head,
        min(rows),
        max(rows),
        {column.code: column.at for column in list_columns(table)},
        table.total_row,
    )


# ---- matrices


class _Matrix:
    """A matrix as the form has it: columns and rows of which something is asked or worked out, captions for
    the others.

    The model adds up a row's parts in every column, a column's in every row. Where that cannot hold, because
    percentages or texts stand there, the sum becomes rules for the columns in which it does.
    """

    def __init__(self, table: ReadTable) -> None:
        self.table = table
        there = table.inputs | frozenset(cell for cell in table.computed if self._is_sum(cell))
        of_rows = {row for row, _column in there}
        self.rows = tuple(row if row.caption or row.at in of_rows else _as_caption(row) for row in table.rows)
        of_columns = {column for _row, column in there}
        self.columns = tuple(
            column
            for column in value_columns(table)
            if (column.use in FILLED_BY_US) or column.at in of_columns
        )
        self.items = tuple(row for row in self.rows if not row.caption)
        self.asked = tuple(column for column in self.columns if column.use == "value")
        self.there = there
        kinds = {column.type for column in self.asked}
        self.common = next(iter(kinds)) if len(kinds) == 1 else "count"
        self.said = _combined(self.common, "", "", table.over_time)

    def _is_sum(self, cell: tuple[int, int]) -> bool:
        """Whether a cell that is worked out is the sum of its row's or its column's parts."""
        row = next((row for row in self.table.rows if row.at == cell[0]), None)
        column = next((column for column in self.table.columns if column.at == cell[1]), None)
        if row and row.computed and row.sum:
            return self._adds_up(column)
        return bool(column and column.computed and column.sum)

    def _adds_up(self, column: ReadColumn | None) -> bool:
        return column is not None and column.type in _AMOUNTS

    def _kind(self, row: ReadRow, column: ReadColumn) -> str:
        """The type of a cell: of its column where that says one, else of its row, else of the table."""
        return column.type if column.type != self.common else row.type or self.common

    def block(self, code: str, title: str) -> list[str]:
        """The block of the form's text."""
        table, common = self.table, self.common
        fields: dict[str, object] = {
            "code": code,
            "title": title,
            "row_title": next((c.label for c in table.columns if c.use == "label"), ""),
            "type": "" if common == "count" else common,
            "unit_of_measure": table.unit_of_measure,
            "applies_to": table.applies_to,
            **self.said,
        }
        lines = ["[[tables]]", _came_from(table), *_lines(fields), "columns = ["]
        lines += [f"  {_inline(self._column(column))}," for column in self.columns]
        lines += ["]", "rows = ["]
        lines += [f"  {_inline(self._row(row))}," for row in self.rows]
        lines.append("]")
        if not_asked := self.not_asked():
            lines.append("not_asked = [")
            lines += [f"  {', '.join(map(toml_string, group))}," for group in not_asked]
            lines.append("]")
        return ["\n".join(lines)]

    def _column(self, column: ReadColumn) -> dict[str, object]:
        codes = {one.code for one in self.columns}
        there = column.use == "value" and all(part in codes for _sign, part in signed_codes(column.sum))
        added = column.sum if there else ""
        fields: dict[str, object] = {
            "code": column.code,
            "label": column.label or (f"({column.no})" if column.no else column.code),
            "under": column.under,
            "no": column.no,
            "is": "" if column.use == "value" else column.use,
            "unit_of_measure": column.unit_of_measure,
            "sum": added,
            "computed": column.computed and bool(added),
        }
        if column.use == "value":
            fields["type"] = "" if column.type == self.common else column.type
            fields["choices"] = column.choices if column.type == "choice" else ()
            fields |= self._own(column.type, column)
            if fields["type"] and any(self._own(row.type or self.common, row) for row in self.items):
                # What a row says of how its own type is combined is not to reach another type.
                fields |= _effective(column.type, column.over_units, column.over_time, self.table.over_time)
        return fields

    def _row(self, row: ReadRow) -> dict[str, object]:
        if row.caption:
            return {"caption": " ".join(filter(None, (row.no, row.caption)))}
        fields: dict[str, object] = {
            "code": row.code,
            "label": _name(row),
            "no": row.no,
            "level": row.level if row.level > 1 else None,
            "unit_of_measure": row.unit_of_measure,
            "type": "" if row.type == self.common else row.type,
            "sum": row.sum if self._whole_row_adds_up(row) else "",
            "computed": row.computed and bool(row.sum),
        }
        return fields | self._own(row.type or self.common, row)

    def _own(self, kind: str, line: ReadColumn | ReadRow) -> dict[str, object]:
        """How a row's or column's answers of the type `kind` are combined, where the table says otherwise."""
        if kind == self.common and not line.over_units and not line.over_time:
            return {}
        return _combined(kind, line.over_units, line.over_time, self.table.over_time, self.said)

    def _whole_row_adds_up(self, row: ReadRow) -> bool:
        """Whether a row's sum can hold in every column, and all its parts are there."""
        lines = {one.code: one for one in self.items}
        parts = [part for _sign, part in signed_codes(row.sum)]
        if not parts or not all(part in lines for part in parts):
            return False
        added = [row, *(lines[part] for part in parts)]
        return row.computed or all(
            self._kind(line, column) in _AMOUNTS for line in added for column in self.asked
        )

    def not_asked(self) -> list[list[str]]:
        """The cells that are not asked, row by row."""
        out = [
            (row, [column for column in self.asked if (row.at, column.at) not in self.there])
            for row in self.items
        ]
        return [[f"{row.code}.{column.code}" for column in columns] for row, columns in out if columns]

    def rules(self, code: str) -> list[str]:
        """Rules for the sums of rows that hold in some columns only."""
        lines = {one.code: one for one in self.items}
        blocks = []
        for row in self.items:
            parts = signed_codes(row.sum)
            if not parts or self._whole_row_adds_up(row) or not all(part in lines for _sign, part in parts):
                continue
            added = [row, *(lines[part] for _sign, part in parts)]
            for column in self.asked:
                amounts = all(self._kind(line, column) in _AMOUNTS for line in added)
                if not amounts or (row.at, column.at) not in self.there:
                    continue
                there = [(sign, part) for sign, part in parts if (lines[part].at, column.at) in self.there]
                if not there:
                    continue
                total = "".join(
                    f" {'+' if sign > 0 else '-'} {code}.{part}.{column.code}" for sign, part in there
                )
                check = f"{code}.{row.code}.{column.code} = {total.removeprefix(' + ').strip()}"
                said = _("{row}, {column}: the parts do not add up to it.").format(
                    row=row.label, column=column.label
                )
                name = f"{code}_{row.code}_{column.code}"
                fields: dict[str, object] = {
                    "code": name[:_LONGEST_CODE]
                    if len(name) <= _LONGEST_CODE
                    else f"r{row.at + 1}_{column.at + 1}_{code}"[:_LONGEST_CODE],
                    "check": check,
                    "message": said if len(said) <= 200 else f"{said[:199]}…",
                }
                blocks.append("\n".join(["[[rules]]", *_lines(fields)]))
        return blocks

    def address(self) -> TableAddress:
        """Where its rows and columns stand."""
        table = self.table
        return TableAddress(
            table.sheet,
            table.head,
            min(row.at for row in table.rows),
            {row.code: row.at for row in self.items},
            {column.code: column.at for column in self.columns},
            {place: row.at for place, row in enumerate(self.rows) if row.caption},
        )


def _as_caption(row: ReadRow) -> ReadRow:
    return ReadRow(row.at, caption=row.label, no=row.no)


def _name(row: ReadRow) -> str:
    """What a row is called; one that only has a code or number is called by that."""
    return row.label or row.official_code or row.no or row.code
