"""A slow, strict reader of .ods, from OpenDocument 1.3 alone."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from tests.hostile.seen import NUMBER, Cell, Seen, Sheet, UnreadableError, iso_date, parse

_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
_T, _O, _X = (f"{{{_OASIS}:{name}:1.0}}" for name in ("table", "office", "text"))
_MOST = 20_000  # cells of a sheet that are told apart


def read_ods(parts: Mapping[str, bytes]) -> Seen:
    """What the parts show. Raises `UnreadableError`."""
    seen = Seen()
    root = parse(parts["content.xml"])
    tables = root.findall(f"{_O}body/{_O}spreadsheet/{_T}table")
    names = Counter(table.get(f"{_T}name", "") for table in tables)
    if not tables:
        raise UnreadableError("no tables")
    if max(names.values()) > 1:
        seen.unclear = "two sheets of one name"
    for table in tables:
        sheet = seen.sheets[table.get(f"{_T}name", "")] = Sheet()
        row = 0
        for line in _lines(table):
            times = _times(sheet, line, "rows")
            cells = dict(_cells_of(sheet, line))
            if len(cells) * times > _MOST:
                sheet.unclear = "too many cells"
            for number in range(min(times, 1_000) if cells else 0):
                sheet.cells |= {(row + number, column): cell for column, cell in cells.items()}
            row += times
    return seen


def _lines(table: Any) -> Iterator[Any]:
    groups = {f"{_T}{name}" for name in ("table-rows", "table-header-rows", "table-row-group")}
    for child in table:
        if child.tag == f"{_T}table-row":
            yield child
        elif child.tag in groups:
            yield from _lines(child)


def _times(sheet: Sheet, element: Any, what: str) -> int:
    said = element.get(f"{_T}number-{what}-repeated", "1").strip()
    if not re.fullmatch("[0-9]+", said) or int(said) < 1:
        sheet.unclear = f"repeated {said!r} times"
        return 1
    return int(said)


def _cells_of(sheet: Sheet, line: Any) -> Iterator[tuple[int, Cell]]:
    column = 0
    for element in line:
        if element.tag in (f"{_T}table-cell", f"{_T}covered-table-cell"):
            times = _times(sheet, element, "columns")
            cell = _ods_cell(element)
            if cell != Cell():
                if element.tag.endswith("covered-table-cell"):
                    cell = Cell(cell.value, cell.formula, cell.error, "hidden by merging")
                for number in range(min(times, 1_000)):
                    yield column + number, cell
            column += times


def _ods_cell(element: Any) -> Cell:
    kind = element.get(f"{_O}value-type", "")
    formula = element.get(f"{_T}formula") is not None
    shown = "\n".join(_paragraph(child) for child in element if child.tag == f"{_X}p")
    calculated = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
    if element.get(calculated) == "error" or re.fullmatch(r"#[A-Z/0]+[!?]?|Err:\d+", shown):
        return Cell(shown, formula, error=True)
    said = element.get(_O + (f"{kind}-value" if kind in ("date", "time", "boolean") else "value"))
    match kind:
        case "float" | "percentage" | "currency" if said and NUMBER.fullmatch(said):
            number = float(said)
            return Cell(number, formula) if math.isfinite(number) else Cell(unclear=f"the number {said}")
        case "date" if said:
            value = iso_date(said)
            return value if isinstance(value, Cell) else Cell(value, formula)
        case "boolean" if said in ("true", "false"):
            return Cell(said == "true", formula)
        case "string":
            return Cell(element.get(f"{_O}string-value", shown) or ("" if formula else None), formula)
        case "" if not shown:
            calculated = formula and element.find(f"{_X}p") is not None
            return Cell("" if calculated else None, formula)
        case "time":
            return Cell(dt.timedelta(0), formula, unclear="a time")
    return Cell(shown, formula, unclear=f"{said!r} as {kind!r}")


def _paragraph(element: Any) -> str:
    parts = [re.sub(r"[ \t\r\n]+", " ", element.text or "")]
    for child in element:
        name = child.tag if isinstance(child.tag, str) else ""
        if name == f"{_X}s":
            parts.append(" " * min(int(child.get(f"{_X}c", "1")), 1_000))
        elif name in (f"{_X}tab", f"{_X}line-break"):
            parts.append("\t" if name.endswith("tab") else "\n")
        elif name.startswith(_X) and name not in (f"{_X}note", f"{_X}ruby-text"):
            parts.append(_paragraph(child))
        parts.append(re.sub(r"[ \t\r\n]+", " ", child.tail or ""))
    return "".join(parts)
