"""A block of a sheet into a table as it is read: a matrix, open lists, or single values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from reportctl.adopt import words
from reportctl.adopt.asked_cells import asked_cells, is_grey
from reportctl.adopt.blank_form import ColumnUse, ReadColumn, ReadRow, ReadTable
from reportctl.adopt.blocks import Block, ends_table
from reportctl.adopt.codes import MOST, Codes, code_of_number, code_of_words
from reportctl.adopt.columns import VALUES, column_uses, content_of, kind_of_figure
from reportctl.adopt.grid import Grid, Span
from reportctl.adopt.headings import Heading
from reportctl.adopt.row_numbers import row_number
from reportctl.adopt.row_roles import Columns, Line, read_lines
from reportctl.adopt.single_values import type_of_value
from reportctl.adopt.units_of_measure import two_units, unit_above, unit_of_words
from reportctl.adopt.words import bare


@dataclass(frozen=True, slots=True)
class Found:
    """A table with what only questions about it need."""

    table: ReadTable
    heading: Heading | None = None
    columns: Columns = field(default_factory=lambda: Columns({}))
    lines: tuple[Line, ...] = ()
    typed: int = 0  # inputs in which a figure stands
    two_units: tuple[str, str] | None = None
    open_rows: bool = False  # rows of dots under a matrix: more may be added
    prepared: bool = True  # of a list: the form has rows for it


def read_tables(
    grid: Grid, block: Block, heading: Heading, tables: Codes, *, filled: bool = False
) -> list[Found]:
    """The tables of a block with a heading: one matrix, or a list for each of its sections.

    `filled`: figures that stand everywhere are taken for answers, as in a return.
    """
    span = block.span
    rows = _body(grid, block, heading)
    leaders = [column for column in range(span.left, span.right + 1) if _leads(grid, column, rows)]
    typed_rows = [
        row
        for row in rows
        if any(not grid.is_open(row, column) and not grid.is_formula(row, column) for column in leaders)
    ]
    uses = column_uses(grid, heading, leaders, typed_rows)
    columns = Columns(uses, _codes_outside(grid, span, typed_rows))
    lines = read_lines(grid, columns, rows)
    if _is_list(columns, lines):
        return _lists(grid, block, heading, lines, tables)
    columns = replace(
        columns, uses=_with_notes(grid, replace(columns, uses=_with_given(grid, columns, lines)), lines)
    )
    found = _matrix(grid, block, heading, columns, lines, tables, filled=filled)
    return [found] if found else []


def _body(grid: Grid, block: Block, heading: Heading) -> list[int]:
    """The rows below the heading, without hidden ones and headings said again."""
    first = [grid.text(heading.top, column) for column in range(block.span.left, block.span.right + 1)]
    rows = []
    for row in range(heading.bottom + 1, block.span.bottom + 1):
        if row in grid.sheet.hidden_rows:
            continue
        again = [grid.text(row, column) for column in range(block.span.left, block.span.right + 1)]
        if again == first and any(first):
            continue
        rows.append(row)
    return rows


def _leads(grid: Grid, column: int, rows: Sequence[int]) -> bool:
    """Whether cells begin in the column: it is not merged with the one at its left in nearly all rows."""
    if not rows:
        return True
    merged = sum(grid.anchor(row, column)[1] != column for row in rows)
    return merged < 0.8 * len(rows)


def _codes_outside(grid: Grid, span: Span, rows: Sequence[int]) -> int | None:
    """A column of codes right beside the frame, such as `R-101`; None where there is none."""
    for column in (span.left - 1, span.right + 1):
        if column < 0 or not rows:
            continue
        texts = [text for row in rows if (text := grid.text(row, column))]
        coded = [
            text for text in texts if len(text) <= 12 and any(map(str.isdigit, text)) and " " not in text
        ]
        if len(coded) >= 2 and len(coded) >= 0.6 * len(rows) and len(set(coded)) == len(coded) == len(texts):
            return column
    return None


def _is_list(columns: Columns, lines: Sequence[Line]) -> bool:
    """Whether rows are added by whoever fills it in: none has a name, or there are open ones under names."""
    if not columns.of("label"):
        return True
    named = [
        line
        for line in lines
        if line.role in ("item", "caption") and not words.BARE_TOTAL.fullmatch(bare(line.label))
    ]
    free = [line for line in lines if line.role in ("blank", "open", "example")]
    if not named:
        return True
    if not free:
        return False
    runs = _runs_below(lines)
    if len(named) <= 2:
        return len(free) >= 2 * len(named) and max(runs) >= 2
    return sum(run >= 1 for run in runs) * 2 > len(named) and len(free) >= len(named)


def _runs_below(lines: Sequence[Line]) -> list[int]:
    """How many open rows follow each named one."""
    runs: list[int] = []
    for line in lines:
        if line.role in ("item", "caption"):
            runs.append(0)
        elif runs:
            runs[-1] += 1
    return runs or [0]


# Matrices


def _with_given(grid: Grid, columns: Columns, lines: Sequence[Line]) -> dict[int, ColumnUse]:
    """The uses, those columns as given in which something stands in nearly all rows that are no captions."""
    rows = [line.at for line in lines if line.role == "item"]
    found = dict(columns.uses)
    for column in columns.values:
        content = content_of(grid, column, rows)
        if rows and content.filled >= 0.7 * content.rows and content.marks < 0.6 * content.filled:
            found[column] = "given"
        elif found[column] == "given":
            found[column] = "value"
    return found


def _matrix(
    grid: Grid,
    block: Block,
    heading: Heading,
    columns: Columns,
    lines: Sequence[Line],
    tables: Codes,
    *,
    filled: bool,
) -> Found | None:
    kept = [line for line in lines if line.role in ("item", "caption")]
    items = [line for line in kept if line.role == "item"]
    values = {column: use for column, use in columns.uses.items() if use in VALUES}
    if not items or not values:
        return None
    labels = [column for column, use in columns.uses.items() if use not in VALUES]
    head = heading.bottom - (heading.number_row is not None)
    cells = asked_cells(grid, values, [line.at for line in items], labels, head)
    if filled:
        cells = replace(
            cells,
            inputs=cells.inputs | _numbers(grid, cells.given),
            given=cells.given - _numbers(grid, cells.given),
        )
        cells = replace(cells, typed=_numbers(grid, cells.inputs))
    elif all(values[column] == "given" for _row, column in cells.inputs):
        return None  # gaps in what the office says: instructions, a key to codes
    if not cells.inputs:
        return None
    measure = unit_above(grid, block.span)
    pair = two_units(measure)
    read_columns = _columns(
        grid, heading, columns, [line.at for line in items], "" if pair else measure, pair
    )
    read_rows = _rows(kept)
    last = items[-1].at
    title = _title(grid, block, heading)
    table = ReadTable(
        kind="matrix",
        sheet=grid.sheet.name,
        code=tables.unique(code_of_words(title or grid.sheet.name, "table", most=20)),
        title=title,
        head=heading.top,
        foot=last,
        columns=read_columns,
        rows=read_rows,
        inputs=cells.inputs,
        not_asked=cells.not_asked,
        computed=cells.computed,
        given=cells.given,
        over_time=_over_time(title, read_rows),
        unit_of_measure="" if pair else measure,
        sure=_sure(block, heading),
    )
    table = _as_single_values(grid, table)
    open_rows = any(line.role == "open" for line in lines)
    return Found(table, heading, columns, tuple(lines), len(cells.typed), pair, open_rows)


def _as_single_values(grid: Grid, table: ReadTable) -> ReadTable:
    """The table; where it has one column of answers of several kinds (names, days, counts), as single
    values."""
    answers = {column for _row, column in table.inputs}
    if len(answers) != 1 or len([one for one in table.columns if one.use in VALUES]) != 1:
        return table
    at = next(iter(answers))
    items = [row for row in table.rows if row.code and (row.at, at) in table.inputs]
    types = {
        row.code: type_of_value(
            row.label,
            grid.cell(row.at, at).look.format,
            row.unit_of_measure,
            grid.sheet.choices.get((row.at, at)),
        )
        for row in items
    }
    others = sum(type_ in ("text", "date", "choice") for type_ in types.values())
    if others < 2 or others * 5 < len(items):
        return table
    codes = Codes(names_of_cells=True)
    rows = tuple(
        replace(row, code=codes.unique(code_of_words(row.label, "value")), type=types[row.code])
        for row in items
    )
    return replace(table, kind="values", rows=rows, value_at=tuple(at for _row in rows))


_STOCK = re.compile(
    r".*\b(?:so du|du no|hien co|co den|tinh den|den ngay|thoi diem|cuoi ky|cuoi quy|cuoi nam"
    r"|dau nam hoc|ton kho|bien che|dan so|mang luoi|quy mo"
    r"|tong so (?:truong|lop|hoc sinh|giao vien|can bo|dang vien|chi bo|don vi|co so|thanh vien"
    r"|khach hang)|lai suat|as of|outstanding|stock of|at end)\b.*"
)


def _over_time(title: str, rows: Sequence[ReadRow]) -> Literal["sum", "last"]:
    """Whether the last period of a year counts, as of what there is, or all add up, as of what happened."""
    said = sum(bool(_STOCK.fullmatch(bare(row.label))) for row in rows)
    return "last" if _STOCK.fullmatch(bare(title)) or said * 2 > len(rows) else "sum"


def _with_notes(grid: Grid, columns: Columns, lines: Sequence[Line]) -> dict[int, ColumnUse]:
    """The uses; a column of notes that is shaded, or open to typing, as the cells for answers are and the
    names of rows are not, is asked."""
    rows = [line.at for line in lines if line.role == "item"]
    values, labels = columns.values, columns.of("label")
    found = dict(columns.uses)
    if not rows or not values or not labels:
        return found
    for column in columns.of("note"):
        looks = [
            (grid.cell(row, column).look, grid.cell(row, values[-1]).look, grid.cell(row, labels[0]).look)
            for row in rows
        ]
        shaded = all(own.fill and own.fill == value.fill != label.fill for own, value, label in looks)
        opened = grid.sheet.protected and all(
            not own.locked and not value.locked and label.locked for own, value, label in looks
        )
        if shaded or opened:
            found[column] = "value"
    return found


def _numbers(grid: Grid, places: Iterable[tuple[int, int]]) -> frozenset[tuple[int, int]]:
    """Those of the cells in which a figure stands."""
    return frozenset(place for place in places if grid.is_number(*place) and not grid.is_open(*place))


def _sure(block: Block, heading: Heading) -> float:
    if block.given:
        return 1.0
    return 0.5 + 0.25 * block.framed + 0.23 * (heading.number_row is not None)


def _columns(
    grid: Grid,
    heading: Heading,
    columns: Columns,
    rows: Sequence[int],
    measure: str,
    pair: tuple[str, str] | None,
) -> tuple[ReadColumn, ...]:
    """The columns; `measure` is the unit of measure of all, or `pair` the two of them."""
    codes = Codes()
    found = []
    for column, use in sorted(columns.uses.items()):
        path = heading.paths.get(column, ())
        label, under = (path[-1], path[:-1]) if path else ("", ())
        no = heading.numbers.get(column, "")
        unit = unit_of_words(label) or next(filter(None, map(unit_of_words, reversed(under))), "")
        if not unit and pair and use in VALUES:
            unit = pair[_is_amount(" ".join(path))]
        unit = (unit or measure) if use in VALUES else ""
        choices = _choices(grid, column, rows)
        formats = {grid.cell(row, column).look.format for row in rows}
        found.append(
            ReadColumn(
                at=column,
                use=use,
                code=codes.unique(_column_code(label, under, no)),
                label=label,
                under=under,
                no=no,
                type=kind_of_figure(
                    " ".join(path), next(iter(formats)) if len(formats) == 1 else "", unit, choices
                )
                if use in VALUES
                else "text",
                unit_of_measure=unit,
                choices=choices or (),
                sure=0.9 if use in ("value", "label") else 0.8,
            )
        )
    return tuple(found)


def _is_amount(heading: str) -> bool:
    plain = bare(heading)
    return any(
        word in plain
        for word in ("gia tri", "so tien", "doanh thu", "doanh so", "thanh tien", "amount", "value")
    )


def _choices(grid: Grid, column: int, rows: Sequence[int]) -> tuple[str, ...] | None:
    said = [grid.sheet.choices[row, column] for row in rows if (row, column) in grid.sheet.choices]
    return said[0] if said and len(said) * 2 > len(rows) else None


def _column_code(label: str, under: Sequence[str], no: str) -> str:
    """A code out of the heading; that of a column such as "Nữ" begins with those above it."""
    own = code_of_words(label, "", most=MOST) if label else ""
    room = MOST - min(len(own), 14) - 1 if own else MOST
    above = code_of_words(under[-1], "", most=room) if under else ""
    if own and above:
        return f"{above}_{own}"[:MOST].rstrip("_")
    return own or code_of_number(no, "c") or above or "column"


def _rows(lines: Sequence[Line]) -> tuple[ReadRow, ...]:
    codes = Codes()
    found = []
    many = sum(bool(line.official_code) for line in lines) * 2 > sum(line.role == "item" for line in lines)
    numbers = [line.no for line in lines if line.role == "item" and line.no]
    by_number = len(set(numbers)) == len(numbers) and len(numbers) * 2 > sum(
        line.role == "item" for line in lines
    )
    labels = Counter(bare(line.label) for line in lines if line.role == "item")
    for at, line in enumerate(lines):
        if line.role == "caption":
            found.append(
                ReadRow(
                    line.at,
                    caption=f"{line.no} {line.label}".strip(),
                    no=line.no,
                    level=line.level,
                    sure=line.sure,
                )
            )
            continue
        code = code_of_number(line.official_code, "m") if many else ""
        code = code or (code_of_number(line.no, "n") if by_number else "")
        code = code or (_code_below(lines[:at], line) if labels[bare(line.label)] > 1 else "")
        code = code or code_of_words(line.label, "row")
        found.append(
            ReadRow(
                line.at,
                codes.unique(code),
                line.label,
                no=line.no,
                level=line.level,
                official_code=line.official_code,
                unit_of_measure=line.unit_of_measure or unit_of_words(line.label),
                sure=line.sure,
            )
        )
    return tuple(found)


def _code_below(before: Sequence[Line], line: Line) -> str:
    """A code for a row whose label others have, too: that of the row it stands below, then its own."""
    above = next((one for one in reversed(before) if one.level < line.level or one.role == "caption"), None)
    own = code_of_words(line.label, "row", most=14)
    return f"{code_of_words(above.label, 'row', most=MOST - 1 - len(own))}_{own}" if above else ""


def _title(grid: Grid, block: Block, heading: Heading) -> str:
    """What the table is called: inside its frame, on the lines above it, else the first words of its
    heading."""
    if heading.title:
        return heading.title
    span = block.span
    best = ""
    for row in range(span.top - 1, max(-1, span.top - 10), -1):
        for column, text in grid.texts_in_row(row, 0, grid.width - 1):
            plain = bare(text)
            first_line = " ".join(grid.raw(row, column).strip().split("\n")[0].split())
            letters = [sign for sign in first_line if sign.isalpha()]
            if (
                plain.startswith(("don vi", "dvt", "("))
                or len(letters) < 6
                or " " not in text
                or words.identity_of(text)
            ):
                continue
            caps = sum(sign.isupper() for sign in letters) > 0.7 * len(letters)
            if (
                caps
                or grid.cell(row, column).look.bold
                or plain.startswith(("bieu", "bang", "phu luc", "table"))
            ):
                if caps:
                    return text
                best = best or text
    if best:
        return best
    first = next(
        (path[-1] for _column, path in sorted(heading.paths.items()) if path and len(path[-1]) > 3), ""
    )
    return first if bare(first) not in ("chi tieu", "noi dung") else ""


# Lists


def _lists(grid: Grid, block: Block, heading: Heading, lines: Sequence[Line], tables: Codes) -> list[Found]:
    """A list for each section with open rows; one list where there are no sections."""
    sections: list[tuple[str, list[Line]]] = [("", [])]
    total = None
    for line in lines:
        plain = bare(line.label)
        if line.role in ("item", "caption") and words.BARE_TOTAL.fullmatch(plain):
            total = line.at
        elif line.role in ("item", "caption"):
            sections.append((f"{line.no} {line.label}".strip(), []))
        else:
            sections[-1][1].append(line)
    filled = [(title, open_) for title, open_ in sections if open_]
    prepared = bool(filled)
    if not filled:
        below = heading.bottom + 1
        while below in grid.sheet.hidden_rows:
            below += 1
        if total is not None or ends_table(
            next((text for _c, text in grid.texts_in_row(below, block.span.left, block.span.right)), "")
        ):
            return []
        filled = [("", [Line(below, "blank")])]
    found = []
    for title, open_ in filled:
        made = _list(grid, block, heading, title, [line.at for line in open_], total, tables)
        if made:
            found.append(replace(made, prepared=prepared))
    return found


def _list(
    grid: Grid,
    block: Block,
    heading: Heading,
    section: str,
    rows: Sequence[int],
    total: int | None,
    tables: Codes,
) -> Found | None:
    uses = _uses_in_list(grid, heading, rows)
    values = {column: use for column, use in uses.items() if use != "number"}
    if not values:
        return None
    cells = asked_cells(grid, values, rows, ())
    cells = replace(cells, inputs=cells.inputs | cells.given, given=frozenset())
    if not cells.inputs:
        return None
    measure = unit_above(grid, block.span)
    read = _columns(grid, heading, Columns(uses), rows, "", None)
    typed = []
    for one in read:
        type_ = _type_in_list(one, measure)
        typed.append(
            replace(
                one, type=type_, unit_of_measure=one.unit_of_measure or (measure if type_ == "money" else "")
            )
        )
    title = " – ".join(filter(None, (_title(grid, block, heading), section)))
    table = ReadTable(
        kind="list",
        sheet=grid.sheet.name,
        code=tables.unique(code_of_words(section or title or grid.sheet.name, "list", most=20)),
        title=title,
        head=heading.top,
        foot=max(rows),
        columns=tuple(typed),
        inputs=cells.inputs,
        not_asked=cells.not_asked,
        computed=cells.computed,
        total_row=total,
        sure=_sure(block, heading),
    )
    return Found(table, heading, Columns(uses), (), len(cells.typed))


def _uses_in_list(grid: Grid, heading: Heading, rows: Sequence[int]) -> dict[int, ColumnUse]:
    """In a list every column with a heading is asked but for the row's number."""
    found: dict[int, ColumnUse] = {}
    for column in range(min(heading.paths), max(heading.paths) + 1):
        path = heading.paths.get(column, ())
        said = bare(path[-1]).strip(" :.*()") if path else ""
        if column in grid.sheet.hidden_columns:
            continue
        numbered = rows and all(row_number(grid.text(row, column)) for row in rows)
        if (
            words.NUMBER.fullmatch(said)
            or (not found and not said and (numbered or not path))
            or (numbered and column == min(heading.paths))
        ):
            found[column] = "value" if _is_for_answers(grid, column, max(heading.paths), rows) else "number"
        elif path or heading.numbers.get(column):
            if grid.anchor(heading.top, column)[1] != column and all(
                grid.anchor(row, column)[1] != column for row in rows
            ):
                continue
            found[column] = "value"
    return found


def _is_for_answers(grid: Grid, column: int, other: int, rows: Sequence[int]) -> bool:
    """Whether a column of row numbers is shaded as the cells for answers are, and blank: whoever fills in
    the list numbers its rows."""
    shades = [grid.cell(row, column).look.fill for row in rows]
    return all(
        shade
        and not is_grey(shade)
        and shade == grid.cell(row, other).look.fill
        and grid.is_open(row, column)
        for row, shade in zip(rows, shades, strict=True)
    )


_OF_TEXT = (
    "ten",
    "truong",
    "ho",
    "noi dung",
    "dia chi",
    "ghi chu",
    "xa",
    "phuong",
    "huyen",
    "tinh",
    "don vi",
    "co quan",
    "hinh thuc",
    "loai",
    "noi",
    "ma",
    "so hieu",
    "name",
    "address",
    "description",
    "type",
    "note",
    "remark",
    "code",
    "id",
    "number",
    "city",
    "state",
    "title",
    "explanation",
    "status",
    "ky hieu",
    "so van ban",
    "trich yeu",
    "thuoc",
    "mo ta",
    "ket qua",
    "nguyen nhan",
    "bien phap",
    "chuc vu",
    "linh vuc",
    "hang",
)


# "Xã, phường, đặc khu", "Đơn vị/địa chỉ": which one it is.
_OF_PLACES = re.compile(r"(?:xa|phuong|huyen|tinh|don vi|co quan|dia chi)\s*[,/]")

# "Số xã, phường", "Tổng số trường": how many of them there are.
_OF_HOW_MANY = re.compile(r"(?:tong )?so (?:luong )?(?:xa|phuong|huyen|tinh|truong|don vi|co quan|ho)\b")


def _type_in_list(column: ReadColumn, measure: str) -> str:
    plain = bare(column.label)
    if column.type in ("choice", "date", "percent", "money") or _OF_HOW_MANY.match(plain):
        return column.type
    if (
        words.NOTE.fullmatch(plain)
        or _OF_PLACES.match(plain)
        or any(
            plain == word or plain.startswith(f"{word} ") or plain.endswith(f" {word}") for word in _OF_TEXT
        )
    ):
        return "text"
    return "money" if measure and "dong" in bare(measure) and _is_amount(column.label) else column.type
