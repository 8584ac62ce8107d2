"""Values, defined names and a hidden sheet for a workbook that belongs to somebody else (.xlsx, .xlsm).

Cells keep their formats, and what is not changed is as it came, byte for byte. Formulas stay; since what they
were worked out from has changed, the values kept with them are taken away, and spreadsheet programs are told
to calculate.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Collection, Mapping, Sequence

from lxml import etree

from reportctl.core.cellrefs import cell_name, column_name, quoted
from reportctl.workbooks.book import Area, CellValue, as_typed
from reportctl.workbooks.package.parts import (
    DAMAGE,
    Element,
    NotEditableError,
    Package,
    legal,
    parse,
    serialised,
)
from reportctl.workbooks.package.sheet import SheetXml
from reportctl.workbooks.package.styles import MAIN, CellStyles
from reportctl.workbooks.package.workbook import WORKSHEET, WorkbookXml
from reportctl.workbooks.parts import TEXT_LIMIT
from reportctl.workbooks.sheet_values import read_date_formats

CellAt = tuple[str, int, int]  # the name of a sheet, row and column counted from 0

_HAS_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
# Four digits by the standard; LibreOffice takes fewer for an escaped sign too, as in so_xa_moi.
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{1,4}_)")
_TERMS = "{http://purl.org/dc/terms/}"
_INSTANCE_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def fill(data: bytes, values: Mapping[CellAt, CellValue]) -> bytes:
    """The workbook `data` with these values in its cells. Raises `NotEditableError` as `fill_cells` does."""
    try:
        package = Package(data)
        fill_cells(package, values)
        package.no_template()
        return package.write()
    except DAMAGE as error:
        raise NotEditableError from error


def fill_cells(package: Package, values: Mapping[CellAt, CellValue]) -> None:
    """Write values into cells; None empties one. A cell that a merged area covers stands for its first one.

    A date or time stands as text, day first, in a cell whose format shows none. Raises `NotEditableError` for
    a workbook that this program does not change (damaged, ISO strict), a sheet that it has not, a cell with a
    formula, a number that is none, and a text beyond `TEXT_LIMIT`.
    """
    if not values:
        return
    workbook = WorkbookXml(package)
    styles = package.related(workbook.main, "styles")
    dates = read_date_formats(package[styles]) if styles else {}
    parts = workbook.worksheets()
    if any(sheet not in parts for sheet, _row, _column in values):
        raise NotEditableError
    for name, part in parts.items():
        own = {(row, column): value for (sheet, row, column), value in values.items() if sheet == name}
        if own or _HAS_FORMULA.search(package[part]):
            sheet = SheetXml(parse(package[part]))
            formulas = sheet.formulas()
            _fill_sheet(sheet, own, formulas, dates, from_1904=workbook.from_1904)
            for cell in formulas.values():
                _empty(cell)
            if own or formulas:
                package.put(part, serialised(sheet.root))
    workbook.calculate_when_opened()
    workbook.save()


def number_formats(package: Package, cells: Collection[CellAt]) -> dict[CellAt, str]:
    """The codes of the number formats that cells have, as `CellStyles.shown_as` gives them."""
    workbook = WorkbookXml(package)
    part = package.related(workbook.main, "styles")
    styles, sheets = CellStyles(parse(package[part])) if part else None, workbook.worksheets()
    found: dict[CellAt, str] = {}
    for name in {sheet for sheet, _row, _column in cells} if styles else ():
        sheet = SheetXml(parse(package[sheets[name]]))
        for at in (one for one in cells if one[0] == name):
            found[at] = styles.shown_as(sheet.format_of(cell_name(at[1], at[2]))) if styles else ""
    return found


def add_names(package: Package, names: Mapping[str, CellAt | Area]) -> frozenset[str]:
    """Define names for the whole workbook; gives those that stand for something else there and stay.

    Names are the same whatever the case of their letters.
    """
    workbook = WorkbookXml(package)
    defined = workbook.defined_names()
    of_workbook = [one for one in defined if one.get("localSheetId") is None]
    there = {one.get("name", "").lower(): _unquoted(one.text or "") for one in of_workbook}
    taken = set()
    for name, at in names.items():
        reference = _reference(at)
        if name.lower() not in there:
            etree.SubElement(defined, f"{{{MAIN}}}definedName", name=name).text = reference
            there[name.lower()] = _unquoted(reference)
        elif there[name.lower()] != _unquoted(reference):
            taken.add(name)
    if len(defined):
        workbook.save()
    return frozenset(taken)


def add_hidden_sheet(package: Package, name: str, rows: Sequence[Sequence[CellValue]]) -> None:
    """Add a last sheet that spreadsheet programs do not offer to show, with these rows from A1 on.

    One of that name is replaced. What is None is left out; dates stand as text, day first.
    """
    root = etree.fromstring(f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'.encode())
    sheet = SheetXml(root)
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if value is not None:
                _write(sheet.cell(cell_name(number, column)), value, {}, from_1904=False)
    workbook = WorkbookXml(package)
    there = next((one for one in workbook.sheets() if one.name.lower() == name.lower()), None)
    if there is not None:
        package.put(there.part, serialised(root))
        there.element.set("state", "veryHidden")
    else:
        relation = workbook.add_part("worksheets/sheet{}.xml", serialised(root), "worksheet", WORKSHEET)
        element = workbook.list_sheet(name, relation, len(workbook.sheets()))
        element.set("state", "veryHidden")
    workbook.save()


def note_saved(package: Package, moment: dt.datetime) -> None:
    """Say in the workbook's properties that it was saved at that moment, by which the latest file is known.

    A workbook that has no such properties says nothing of it.
    """
    part = next((one.part for one in package.relations("") if one.kind == "core-properties"), None)
    if part is None or part not in package:
        return
    root = parse(package[part])
    said = root.find(f"{_TERMS}modified")
    if said is None:
        said = etree.SubElement(root, f"{_TERMS}modified", {_INSTANCE_TYPE: "dcterms:W3CDTF"})
    said.text = f"{moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
    package.put(part, serialised(root))


def _unquoted(reference: str) -> str:
    """A reference without the quotation marks that some sheets' names need not have."""
    return reference.strip().replace("'", "")


def _reference(at: CellAt | Area) -> str:
    """A cell or an area as defined names write it: 'Số liệu'!$D$7."""
    if isinstance(at, Area):
        first, last = (at.row, at.column), (at.last_row, at.last_column)
        corners = [first] if first == last else [first, last]
        sheet = at.sheet
    else:
        sheet, row, column = at
        corners = [(row, column)]
    cells = ":".join(f"${column_name(column)}${row + 1}" for row, column in corners)
    return f"{quoted(sheet)}!{cells}"


def _fill_sheet(
    sheet: SheetXml,
    values: Mapping[tuple[int, int], CellValue],
    formulas: Collection[tuple[int, int]],
    dates: Collection[int],
    *,
    from_1904: bool,
) -> None:
    """Write the values of one sheet; `dates` are the numbers of the formats that show dates."""
    merged = sheet.merged() if values else []
    for (row, column), value in values.items():
        covering = next((one for one in merged if one.holds(row, column)), None)
        place = (covering.row, covering.column) if covering else (row, column)
        if place in formulas:
            raise NotEditableError
        if value is not None or place[0] in sheet.rows:
            _write(sheet.cell(cell_name(*place)), value, dates, from_1904=from_1904)


def _write(cell: Element, value: CellValue, dates: Collection[int], *, from_1904: bool) -> None:
    """Put a value into a cell."""
    _empty(cell)
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        shows_dates = int(cell.get("s", "0")) in dates
        value = _days(value, from_1904=from_1904) if shows_dates else as_typed(value)
    if value is None:
        return
    if isinstance(value, str):
        text = legal(value)
        if len(text.encode("utf-16-le")) // 2 > TEXT_LIMIT:
            raise NotEditableError
        cell.set("t", "inlineStr")
        holder = cell.makeelement(f"{{{MAIN}}}is")
        held = etree.SubElement(holder, f"{{{MAIN}}}t")
        held.set(_SPACE, "preserve")
        held.text = _ESCAPE.sub("_x005F_", text)
        cell.insert(0, holder)
        return
    if isinstance(value, bool):
        cell.set("t", "b")
    elif not math.isfinite(value):
        raise NotEditableError
    held = cell.makeelement(f"{{{MAIN}}}v")
    held.text = str(int(value)) if isinstance(value, bool) else repr(value)
    cell.insert(0, held)


def _empty(cell: Element) -> None:
    """Take the value out of a cell; a formula stays."""
    for name in ("v", "is"):
        for held in cell.findall(f"{{{MAIN}}}{name}"):
            cell.remove(held)
    for attribute in (
        "t",
        "vm",
        "cm",
    ):  # the value's type, what newer programs keep beside it, of formulas too
        if attribute in cell.attrib and (attribute != "cm" or cell.find(f"{{{MAIN}}}f") is None):
            del cell.attrib[attribute]


def _days(value: dt.date | dt.time | dt.timedelta, *, from_1904: bool) -> float | int:
    """A date or a time as a number of days (ECMA-376 part 1, 18.17.4.1): the 29th of February 1900, which was
    none, counts as one where days are counted from 1900."""
    if isinstance(value, dt.timedelta):
        return value / dt.timedelta(days=1)
    if isinstance(value, dt.time):
        return dt.timedelta(hours=value.hour, minutes=value.minute, seconds=value.second) / dt.timedelta(
            days=1
        )
    moment = value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time())
    days = (moment - dt.datetime(1904, 1, 1)) / dt.timedelta(days=1)
    if not from_1904:
        days += 1462 if days >= -1401 else 1461  # 1 March 1900 is day 61
    return int(days) if days.is_integer() else days
