"""A slow, strict reader of .xlsx, from ECMA-376 alone."""

from __future__ import annotations

import datetime as dt
import math
import posixpath
import re
import urllib.parse
from collections import Counter
from collections.abc import Mapping
from typing import Any

from tests.hostile.seen import NUMBER, At, Cell, Raw, Seen, Sheet, UnreadableError, iso_date, parse

_MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_IDS = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


def _local(element: Any) -> str:
    """The name of an element of SpreadsheetML; empty for anything else."""
    if not isinstance(element.tag, str):
        return ""
    space, _sign, name = element.tag[1:].rpartition("}")
    return name if space in _MAIN else ""


def _all(element: Any, *path: str) -> list[Any]:
    """The elements at the end of the path."""
    found = [element]
    for name in path:
        found = [child for one in found for child in one if _local(child) == name]
    return found


def _related(parts: Mapping[str, bytes], source: str) -> dict[str, tuple[str, str]]:
    """Kind and target of a part's relationships, by id."""
    folder, name = posixpath.split(source)
    part = posixpath.join(folder, "_rels", f"{name}.rels").lower()
    if part not in parts:
        raise UnreadableError(f"no {part}")
    found: dict[str, tuple[str, str]] = {}
    for one in parse(parts[part]):
        if one.tag != _PACKAGE or one.get("TargetMode", "Internal") != "Internal":
            continue
        target = urllib.parse.unquote(one.get("Target", ""))
        target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/").lower()
        if found.setdefault(one.get("Id", ""), (one.get("Type", "").rpartition("/")[2], target))[1] != target:
            raise UnreadableError("two relationships of one id")
    return found


def read_xlsx(parts: Mapping[str, bytes]) -> Seen:
    """What the parts show. Raises `UnreadableError`."""
    for name, content in parts.items():
        if name.endswith((".xml", ".rels")) and not name.startswith("customxml/"):
            parse(content)
    mains = [target for kind, target in _related(parts, "").values() if kind == "officeDocument"]
    if len(mains) != 1 or mains[0] not in parts:
        raise UnreadableError("no main part")
    related = _related(parts, mains[0])
    book = parse(parts[mains[0]])
    if _local(book) != "workbook":
        raise UnreadableError("the main part is no workbook")
    kinds = dict(related.values())
    settings = _all(book, "workbookPr")
    mac = bool(settings) and settings[0].get("date1904") in ("1", "true", "on")
    reader = _Cells(
        _strings(parts.get(kinds.get("sharedStrings", ""))), _dates(parts.get(kinds.get("styles", ""))), mac
    )
    seen = Seen()
    names: Counter[str] = Counter()
    listed = {
        related.get(one.get(key, ""), ("", ""))[1] for one in _all(book, "sheets", "sheet") for key in _IDS
    }
    worksheets = {target for kind, target in related.values() if kind == "worksheet"}
    for one in _all(book, "sheets", "sheet"):
        named = next((one.get(key) for key in _IDS if one.get(key)), "")
        kind, target = related.get(named, ("", ""))
        name = one.get("name", "")
        names[name] += 1
        if kind in _NO_CELLS or (not named and listed >= worksheets):  # a module of Excel 5 has no part
            continue
        if target not in parts:
            raise UnreadableError(f"the sheet {name!r} has no part")
        if kind == "worksheet":
            sheet = reader.sheet(parse(parts[target]))
            sheet.visible = one.get("state", "visible") == "visible"
            seen.sheets[name] = sheet
    if max(names.values(), default=0) > 1:
        seen.unclear = "two sheets of one name"
    for kind in ("sharedStrings", "styles"):
        if sum(one == kind for one, _target in related.values()) > 1:
            seen.unclear = f"two parts of {kind}"
    return seen


_NO_CELLS = ("chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def _text(element: Any) -> str:
    """The text of a string: its own and that of its runs, without phonetic ones (part 1, 18.4.12)."""
    parts = [*_all(element, "t"), *_all(element, "r", "t")]
    return _unescaped("".join(part.text or "" for part in parts))


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _strings(part: bytes | None) -> list[str]:
    if part is None:
        return []
    return [_text(item) for item in _all(parse(part), "si")]


_BUILT_IN_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)


def _dates(part: bytes | None) -> list[bool]:
    """For each cell format whether it shows a date or a time (part 1, 18.8.30)."""
    if part is None:
        return []
    styles = parse(part)
    for one in list(styles.iter(f"{_COMPATIBILITY}AlternateContent")):  # Excel takes the first choice
        around, place = one.getparent(), one.getparent().index(one)
        around[place : place + 1] = list(one.find(f"{_COMPATIBILITY}Choice"))
    codes = {one.get("numFmtId"): one.get("formatCode", "") for one in _all(styles, "numFmts", "numFmt")}
    found = []
    for one in _all(styles, "cellXfs", "xf"):
        number = one.get("numFmtId", "0")
        code = codes.get(number)
        if code is None:
            found.append(number.isdecimal() and int(number) in _BUILT_IN_DATES)
        else:
            plain = _LITERAL.sub("", code.split(";")[0])
            found.append("general" not in plain.lower() and bool(re.search("[dmyhs]", plain, re.IGNORECASE)))
    return found


_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


def _at(reference: str) -> At | None:
    found = _REFERENCE.fullmatch(reference)
    if not found:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    row = int(found[2])
    return (row - 1, column - 1) if row <= 1_048_576 and column <= 16_384 else None


class _Cells:
    """Reads the sheets of one workbook."""

    def __init__(self, strings: list[str], dates: list[bool], mac: bool) -> None:
        self.strings, self.dates, self.mac = strings, dates, mac

    def sheet(self, root: Any) -> Sheet:
        sheet = Sheet()
        if _local(root) != "worksheet":
            sheet.unclear = "no worksheet"
        if len(_all(root, "sheetData")) != 1:
            sheet.unclear = "not one table"
        row, said = -1, ""
        for line in _all(root, "sheetData", "row"):
            named = line.get("r")
            number = int(named) - 1 if named and re.fullmatch("[0-9]{1,7}", named.strip()) else row + 1
            if (named and str(number + 1) != named.strip()) or number <= row:
                said = f"rows out of order ({named})"
            row = number
            self._row(sheet, line, row)
        sheet.unclear = sheet.unclear or said
        self._merged(sheet, root)
        return sheet

    def _row(self, sheet: Sheet, line: Any, row: int) -> None:
        column = -1
        for element in _all(line, "c"):
            reference = element.get("r")
            at = (row, column + 1) if reference is None else _at(reference.strip().upper())
            if at is None or at[0] != row or at[1] <= column:
                sheet.unclear = f"cells out of order ({reference} in row {row + 1})"
                if at is None:
                    continue
            column = at[1]
            cell = self._cell(element)
            if at in sheet.cells and sheet.cells[at] != cell:
                cell = Cell(cell.value, cell.formula, cell.error, "stands twice")
            if cell != Cell() or at in sheet.cells:
                sheet.cells[at] = cell

    def _cell(self, element: Any) -> Cell:
        formulas, values = _all(element, "f"), _all(element, "v")
        texts = _all(element, "is")
        if len(formulas) > 1 or len(values) > 1 or len(texts) > 1:
            return Cell(unclear="more than one value")
        formula = bool(formulas)
        kind = element.get("t", "n")
        if kind == "inlineStr":
            if values and values[0].text:
                return Cell(unclear="an inline text with a value")
            return Cell(_text(texts[0]) or None if texts else None, formula)
        if texts and _text(texts[0]):
            return Cell(unclear="an inline text in another cell")
        if values and len(values[0]):
            return Cell(unclear="an element in a value")
        text = (values[0].text or "") if values else None
        if text is None and not (kind == "str" and formula):
            return Cell(None, formula)
        value = self._value(kind, text or "", element.get("s", "0"))
        if isinstance(value, Cell):
            return value
        return Cell(value, formula, kind == "e")

    def _value(self, kind: str, text: str, style: str) -> Raw | Cell:
        match kind:
            case "str":
                return _unescaped(text)
            case "e":
                return text or Cell(unclear="an error without a name", error=True)
            case "b" if text.strip() in ("0", "1", "true", "false"):
                return text.strip() in ("1", "true")
            case "s" if re.fullmatch("[0-9]{1,9}", text.strip()) and int(text) < len(self.strings):
                return self.strings[int(text)] or None
            case "d":
                return iso_date(text)
            case "n" if not text.strip():
                return Cell(unclear="a number that is empty") if text else None
            case "n" if NUMBER.fullmatch(text) and math.isfinite(float(text)):
                number = style.strip()
                dated = number.isdecimal() and int(number) < len(self.dates) and self.dates[int(number)]
                return _serial(float(text), self.mac) if dated else float(text)
        return Cell(unclear=f"{text!r} as {kind!r}")

    def _merged(self, sheet: Sheet, root: Any) -> None:
        """Of merged cells only the first shows what it holds (part 1, 18.3.1.55)."""
        for one in _all(root, "mergeCells", "mergeCell"):
            first, _sign, last = one.get("ref", "").partition(":")
            top, bottom = _at(first), _at(last or first)
            if top is None or bottom is None:
                continue
            for at, cell in list(sheet.cells.items()):
                if top != at and top[0] <= at[0] <= bottom[0] and top[1] <= at[1] <= bottom[1]:
                    sheet.cells[at] = Cell(cell.value, cell.formula, cell.error, "hidden by merging")


def _serial(number: float, mac: bool) -> Raw | Cell:
    """A number that is shown as a date (part 1, 18.17.4.1); the day 29/2/1900 is left to its number."""
    if number < 0 or number >= 2_958_466:
        return Cell(unclear=f"the date {number}")
    if number < 1 and not mac:
        return (dt.datetime(1900, 1, 1) + dt.timedelta(number)).time()
    epoch = dt.datetime(1904, 1, 1) if mac else dt.datetime(1899, 12, 31 if number < 60 else 30)
    try:
        when = epoch + dt.timedelta(seconds=round(number * 86_400))
    except OverflowError:
        return Cell(unclear=f"the date {number}")
    return when.date() if when.time() == dt.time() else when
