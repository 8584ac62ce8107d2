"""A copy of the office's own workbook that is sent out to one unit for one quarter.

Only values, names, a hidden sheet, what cells take and protection are put in; no cell, row or column is
added, and what is not touched stays byte for byte. Live checks are not written there: returns are checked.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
from collections.abc import Mapping
from dataclasses import dataclass, field

from reportctl.core import language
from reportctl.core.errors import ReportctlError, capped
from reportctl.core.language import _
from reportctl.form import layout
from reportctl.form.blanks import with_quarter, with_text
from reportctl.form.hidden_sheet import asked_rows, shown_rows
from reportctl.form.indicators import Indicator, Type
from reportctl.form.layout import META, META_ROWS, NO, YES, Layout, Place
from reportctl.form.limits import limits
from reportctl.form.model import Form, ListColumn
from reportctl.form.submission import Identity
from reportctl.outgoing import input_cells
from reportctl.outgoing.beside import Beside, earlier_shown, filled_cells, known_figure
from reportctl.outgoing.page import Dispatch
from reportctl.workbooks.book import Area, Book, CellValue, as_typed
from reportctl.workbooks.own_workbook import OwnWorkbook
from reportctl.workbooks.package.fill import CellAt, add_hidden_sheet, add_names, fill_cells
from reportctl.workbooks.package.parts import NotEditableError, Package, parse
from reportctl.workbooks.package.sheet import SheetXml
from reportctl.workbooks.package.styles import CellStyles
from reportctl.workbooks.package.validations import Protect, Validation, add_validations, protect
from reportctl.workbooks.package.workbook import WorkbookXml

LANGUAGE = "vi"  # the units' language, whichever the program speaks
_CELL = "{cell}"  # stands for the cell in a formula that several cells share


@dataclass(frozen=True, eq=False)
class OwnTemplate:
    """The office's own workbook as copies for units are made of it."""

    workbook: OwnWorkbook
    protect: Protect = "as_is"
    prepared: dict[str, _Prepared] = field(default_factory=dict)  # by kind of unit

    def __getstate__(self) -> dict[str, object]:
        return {"workbook": self.workbook, "protect": self.protect, "prepared": {}}

    def workbook_for(
        self,
        sending: Dispatch,
        previous: Mapping[str, float | str],
        notes: Mapping[str, str],  # noqa: ARG002 - there is no cell for them, nor may one be added
        beside: Beside,
    ) -> bytes:
        """The copy for one unit; its parameters are those of `template.workbook`.

        The same input gives the same bytes. Raises `ReportctlError` where the workbook cannot be changed.
        """
        form, unit = sending.form, sending.unit
        places = layout.layout(form, unit.kind)
        try:
            with language.speaking(LANGUAGE):
                if unit.kind not in self.prepared:
                    self.prepared[unit.kind] = _prepare(self, places)
                prepared = self.prepared[unit.kind]
                package = Package(prepared.data)
                values = _identity_values(self.workbook.book, places, sending)
                known = _known_values(prepared, places, previous, beside)
                fill_cells(package, values | dict(known.values()))
                identity = Identity(form.id, form.fingerprint, unit.code, str(sending.quarter))
                shown = {code: _text(value) for code, (_at, value) in known.items()}
                for code, _place, column, cell in filled_cells(places):
                    shown.setdefault(code, earlier_shown(column, cell, beside))
                add_hidden_sheet(package, META, _hidden_rows(places, identity, shown))
                package.no_template()
                return package.write()
        except NotEditableError as error:
            raise ReportctlError(
                _(
                    "The office's own workbook cannot be filled in: it is damaged, or saved in a way that "
                    "this program does not change. Open it in Excel, save it as a workbook (.xlsx), and "
                    "adopt that: reportctl form adopt"
                )
            ) from error


@dataclass(frozen=True, slots=True)
class _Prepared:
    """The workbook with all that copies for units of one kind have in common; `formulas` are its cells with
    formulas, `formats` the number formats of the cells that are filled in."""

    data: bytes
    formulas: frozenset[CellAt]
    formats: Mapping[CellAt, str]


def _prepare(template: OwnTemplate, places: Layout) -> _Prepared:
    package = Package(template.workbook.data)
    workbook = WorkbookXml(package)
    styles_part = package.related(workbook.main, "styles")
    styles = CellStyles(parse(package[styles_part])) if styles_part else None
    asked = _asked(places)
    formulas: set[CellAt] = set()
    formats: dict[CellAt, str] = {}
    for name, part in workbook.worksheets().items():
        if name not in places.sheets:
            continue
        sheet = SheetXml(parse(package[part]))
        formulas |= {(name, *at) for at in sheet.formulas()}
        beside = (table.place(cell.row, column.code) for _code, table, column, cell in filled_cells(places))
        for place in (*asked, *beside):
            if place.sheet == name and styles:
                formats[_at(place)] = styles.shown_as(sheet.format_of(place.cell))
    if taken := add_names(package, _names(places)):
        raise ReportctlError(
            _(
                "The office's own workbook has names that are codes of the form, but stand for other cells. "
                "Give these codes other names in form.toml and layout.toml:\n{names}"
            ).format(names=capped(sorted(taken)))
        )
    wanted: dict[str, dict[Validation, list[tuple[int, int]]]] = {}
    open_cells: dict[str, list[tuple[int, int]]] = {}
    for place, item in asked.items():
        open_cells.setdefault(place.sheet, []).append((place.row, place.column))
        if _at(place) not in formulas and (
            validation := _validation(item, formats.get(_at(place), ""), places)
        ):
            own = wanted.setdefault(place.sheet, {})
            own.setdefault(validation, []).append((place.row, place.column))
    add_validations(package, wanted)
    protect(package, template.protect, open_cells)
    return _Prepared(package.write(), frozenset(formulas), formats)


def _at(place: Place) -> CellAt:
    return place.sheet, place.row, place.column


def _asked(places: Layout) -> dict[Place, Indicator | ListColumn | None]:
    """The cells that are filled in by who reports, with what is asked there; None: words."""
    asked: dict[Place, Indicator | ListColumn | None] = {
        one.value: one.indicator for one in places.indicators.values() if one.indicator.filled_in
    }
    asked |= {place: cell for cell, place in places.cells.values() if cell.filled_in}
    asked |= {one.value: None for one in places.texts.values()}
    for listed in places.lists.values():
        for column in listed.section.columns:
            if column.code in listed.columns:
                asked |= {listed.place(column.code, number): column for number in range(1, listed.rows + 1)}
    return asked


def _names(places: Layout) -> dict[str, CellAt | Area]:
    """The names of cells and of lists' rows."""
    names: dict[str, CellAt | Area] = {code: _at(one.value) for code, one in places.indicators.items()}
    names |= {code: _at(one.value) for code, one in places.texts.items()}
    names |= {code: _at(place) for code, (_cell, place) in places.cells.items()}
    for code, one in places.lists.items():
        columns = one.columns.values()
        names[code] = Area(one.sheet, one.first_row, min(columns), one.last_row, max(columns))
    return names


def _hidden_rows(places: Layout, identity: Identity, shown: Mapping[str, str]) -> list[list[CellValue]]:
    """The hidden sheet: what the workbook is, the answers to choose from, below them what is asked, and what
    is `shown` beside it."""
    answers = places.answers()
    height = max((len(META_ROWS), *(len(choices) for choices in answers)))
    rows: list[list[CellValue]] = [[None] * (layout.ANSWERS_COLUMN + len(answers)) for _n in range(height)]
    for row, key in enumerate(META_ROWS):
        rows[row][0], rows[row][1] = key, getattr(identity, key)
    for choices, first in answers.items():
        for row, choice in enumerate(choices, first.row):
            rows[row][first.column] = choice
    asked: list[list[CellValue]] = [list(row) for row in (*asked_rows(places), *shown_rows(shown))]
    return rows + asked


def _identity_values(book: Book, places: Layout, sending: Dispatch) -> dict[CellAt, CellValue]:
    """Who and when, in the cells that say so, after what is printed in them."""
    sheets = {sheet.name: sheet for sheet in book.sheets}
    values: dict[CellAt, CellValue] = {}
    for what, cells in (places.addresses.identity if places.addresses else {}).items():
        for one in cells:
            at = (one.sheet, one.row, one.column)
            printed = as_typed(sheets[one.sheet].at(one.row, one.column)) if one.sheet in sheets else ""
            if what == "unit":
                values[at] = with_text(printed, sending.unit.name)
            elif what == "unit_code":
                values[at] = with_text(printed, sending.unit.code)
            elif what == "period" and (said := with_quarter(printed, sending.period)):
                values[at] = said
    return values


def _known_values(
    prepared: _Prepared, places: Layout, previous: Mapping[str, float | str], beside: Beside
) -> dict[str, tuple[CellAt, CellValue]]:
    """The figures that are known, by the codes of the cells beside those that are asked, with these cells;
    cells with formulas stay.

    A column of the year to date counts this quarter too, which nobody knows yet: it is left to its formula,
    else to whoever fills it in.
    """
    values: dict[str, tuple[CellAt, CellValue]] = {}
    for code, table, column, cell in filled_cells(places):
        at = _at(table.place(cell.row, column.code))
        if column.is_ != "to_date" and at not in prepared.formulas:
            value = known_figure(column.is_, cell, previous, beside)
            values[code] = at, _as_shown(cell, value, prepared.formats.get(at, ""))
    return values


def _text(value: CellValue) -> str:
    """A cell's text as it is read back: numbers are read with decimals, whole ones too."""
    return as_typed(float(value) if isinstance(value, int) else value)


def _as_shown(cell: Indicator, value: float | str | None, format_code: str) -> CellValue:
    """A figure of the ledger as people would type it in a cell with this number format."""
    if isinstance(value, str) and cell.type is Type.DATE:
        with contextlib.suppress(ValueError):
            return dt.date.fromisoformat(value)
    if value is None or isinstance(value, str):
        return value
    if cell.type is Type.YES_NO:
        return YES if value else NO
    if cell.type is Type.PERCENT and "%" not in format_code:
        return round(value * 100, 12)
    return value


def _validation(item: Indicator | ListColumn | None, format_code: str, places: Layout) -> Validation | None:
    """What a cell takes; None where that is anything, or where figures are typed as text."""
    if item is None or item.type is Type.TEXT:
        return None
    if choices := layout.answers_to(item):
        return _said(places.answers()[choices].down(len(choices)), input_cells.refusal(item), is_list=True)
    if format_code == "@":
        return None
    if item.type is Type.PERCENT and "%" not in format_code:
        low, high = limits(item)
        ends = {
            "min": None if low is None else low * 100,
            "max": None if high is None else high * 100,
            "type": Type.NUMBER,
        }
        item = item.model_copy(update=ends)
    return _said(input_cells.accepts(item, _CELL), input_cells.refusal(item))


@functools.lru_cache(maxsize=256)
def _said(formula: str, message: str, *, is_list: bool = False) -> Validation:
    title = input_cells.cut(_("Please look again"), input_cells.LONGEST_TITLE)
    return Validation(formula, is_list, title, message)


def own_template(workbook: OwnWorkbook, form: Form, how: Protect) -> OwnTemplate:
    """The template of which copies are made. Raises `ReportctlError` where a sheet of its answers is not
    there."""
    known = {sheet.name for sheet in workbook.book.sheets}
    wanted = {place for kind in form.kinds for place in layout.layout(form, kind.code).sheets}
    if gone := sorted(wanted - known):
        raise ReportctlError(
            _(
                "The office's own workbook has no sheet “{sheet}”, which layout.toml names. "
                "Adopt it again: reportctl form adopt"
            ).format(sheet=gone[0])
        )
    return OwnTemplate(workbook, how)
