"""What cells take (data validation) and protection, put into a worksheet that belongs to somebody else."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from lxml import etree

from reportctl.core.cellrefs import cell_name
from reportctl.workbooks.book import Area, area
from reportctl.workbooks.package.parts import Element, Package, legal, local, parse, serialised
from reportctl.workbooks.package.sheet import SheetXml
from reportctl.workbooks.package.styles import MAIN, CellStyles
from reportctl.workbooks.package.workbook import WorkbookXml

Protect = bool | Literal["as_is"]

_BEFORE_VALIDATIONS = frozenset(
    (
        "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr",
        "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate",
        "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting",
    )
)  # fmt: skip
_BEFORE_PROTECTION = frozenset(
    ("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr")
)
_PASSWORD = ("password", "hashValue")


@dataclass(frozen=True, slots=True)
class Validation:
    """What cells take: a list (the formula says from where), or what the formula is true of; what is said of
    anything else. The formula is that of a first cell, for which `{cell}` stands in it."""

    formula: str
    is_list: bool
    title: str
    message: str


def add_validations(
    package: Package, wanted: Mapping[str, Mapping[Validation, Collection[tuple[int, int]]]]
) -> None:
    """Let cells take what is `wanted`, by sheet; cells that check what they take already are left alone."""
    parts = WorkbookXml(package).worksheets()
    for name, own in wanted.items():
        root = parse(package[parts[name]])
        taken = _validated(root)
        added = False
        for validation, cells in own.items():
            free = [at for at in cells if not any(one.holds(*at) for one in taken)]
            for rectangle in rectangles(free):
                _holder(root).append(_made(validation, rectangle))
                added = True
        if added:
            holder = _holder(root)
            holder.set("count", str(len(holder)))
            package.put(parts[name], serialised(root))


def _validated(root: Element) -> list[Area]:
    """The areas that have a validation, by the newer way of writing one too."""
    references = [one.get("sqref", "") for one in root.iter(f"{{{MAIN}}}dataValidation")]
    references += [
        one.text or "" for one in root.iter() if local(one) == "sqref" and one.tag != f"{{{MAIN}}}sqref"
    ]
    return [area("", one) for reference in references for one in reference.split()]


def _holder(root: Element) -> Element:
    return _child(root, "dataValidations", _BEFORE_VALIDATIONS)


def _child(root: Element, name: str, before: Collection[str]) -> Element:
    """The child element of that name; if need be made after those of the names `before`."""
    found = root.find(f"{{{MAIN}}}{name}")
    if found is None:
        found = root.makeelement(f"{{{MAIN}}}{name}")
        root.insert(sum(local(one) in before for one in root), found)
    return found


def _made(validation: Validation, rectangle: Area) -> Element:
    made = etree.Element(f"{{{MAIN}}}dataValidation")
    attributes = {
        "type": "list" if validation.is_list else "custom",
        "allowBlank": "1",
        "showErrorMessage": "1",
        "errorTitle": legal(validation.title),
        "error": legal(validation.message),
        "sqref": rectangle.reference,
    }
    for name, value in attributes.items():
        made.set(name, value)
    first = cell_name(rectangle.row, rectangle.column)
    etree.SubElement(made, f"{{{MAIN}}}formula1").text = validation.formula.replace("{cell}", first)
    return made


def rectangles(cells: Iterable[tuple[int, int]]) -> list[Area]:
    """The cells as areas, each of them in one: runs of rows in a column, with equal runs beside them."""
    columns: dict[int, list[int]] = {}
    for row, column in sorted(cells):
        columns.setdefault(column, []).append(row)
    found: list[Area] = []
    for column, rows in sorted(columns.items()):
        for first, last in _runs(rows):
            left = next(
                (
                    n
                    for n, one in enumerate(found)
                    if (one.row, one.last_row, one.last_column) == (first, last, column - 1)
                ),
                None,
            )
            if left is None:
                found.append(Area("", first, column, last, column))
            else:
                one = found[left]
                found[left] = Area("", one.row, one.column, one.last_row, column)
    return found


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """The first and last of each run of consecutive numbers."""
    grouped = itertools.groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])
    runs = ([number for _place, number in group] for _key, group in grouped)
    return [(run[0], run[-1]) for run in runs]


def protect(package: Package, how: Protect, open_cells: Mapping[str, Collection[tuple[int, int]]]) -> None:
    """Protect the sheets of `open_cells` but for these cells, or lift their protection; a sheet that
    somebody's password protects, and all of them `as_is`, stay as they are."""
    if how == "as_is":
        return
    workbook = WorkbookXml(package)
    parts = workbook.worksheets()
    styles_part = package.related(workbook.main, "styles")
    styles = CellStyles(parse(package[styles_part])) if styles_part else None
    for name, cells in open_cells.items():
        root = parse(package[parts[name]])
        protection = root.find(f"{{{MAIN}}}sheetProtection")
        if protection is not None and (not how) and not any(protection.get(key) for key in _PASSWORD):
            root.remove(protection)
            package.put(parts[name], serialised(root))
        elif protection is None and how and styles is not None:
            sheet = SheetXml(root)
            for at in cells:
                cell = cell_name(*at)
                sheet.format(cell, styles.unlocked(sheet.format_of(cell)))
            made = _child(root, "sheetProtection", _BEFORE_PROTECTION)
            for key in ("sheet", "objects", "scenarios"):
                made.set(key, "1")
            for key in ("formatColumns", "formatRows"):
                made.set(key, "0")
            package.put(parts[name], serialised(root))
    if styles is not None and styles_part and how:
        package.put(styles_part, serialised(styles.root))
