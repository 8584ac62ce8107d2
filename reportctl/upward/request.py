"""The workbook that the level above has sent: whose it is, what it asks, where the answers are to stand."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from reportctl.core import wording
from reportctl.core.errors import ReportctlError
from reportctl.core.findings import Finding
from reportctl.core.language import _
from reportctl.core.period import Quarter, read_period
from reportctl.form.blanks import before_dots
from reportctl.form.hidden_sheet import Asked, AskedForm, read_asked
from reportctl.form.indicators import Type
from reportctl.form.layout import FIGURES, MEASURE_COLUMN, META, TEXTS, TEXTS_BEFORE, VALUE_COLUMN
from reportctl.form.submission import Identity
from reportctl.intake.find_lines import FoundCell, estimate_columns
from reportctl.intake.identity import read_identity, read_marks
from reportctl.ledger.session import Session
from reportctl.workbooks import safety, xlsx
from reportctl.workbooks.book import Area, Book, BookError, Sheet, as_typed
from reportctl.workbooks.misread import restored
from reportctl.workbooks.package.fill import CellAt, number_formats
from reportctl.workbooks.package.parts import DAMAGE, NotEditableError, Package
from reportctl.workbooks.unread import unread

OWN_ANSWERS = frozenset({Type.TEXT, Type.CHOICE, Type.YES_NO, Type.DATE})  # what no units' answers make
_EDITABLE = ("xlsx", "xlsm")
_BLANKS = ("", "?")  # what stands in places to be filled in, besides dots
_CODES_ABOVE = 6  # rows above a list in which its columns' codes are looked for


@dataclass(frozen=True)
class Request:
    """A workbook `name` that asks this office, as its unit `identity.unit`, for `asked`."""

    name: str
    data: bytes
    book: Book
    identity: Identity
    asked: AskedForm
    findings: Sequence[Finding]

    @cached_property
    def cells(self) -> Mapping[str, FoundCell]:
        """The cells of figures and texts by code, found by their defined names."""
        found = {code: self._named(code) for code in self.asked.answers}
        return {code: cell for code, cell in found.items() if cell}

    @cached_property
    def in_points(self) -> Collection[CellAt]:
        """The cells in which a percentage is typed without its sign, 7 for 7 %. Raises `NotEditableError`."""
        cells = [cell.place for code, cell in self.cells.items() if self.asked.answers[code].points]
        for code in self.asked.lists:
            if area := self.area(code):
                cells += [
                    (area.sheet, row, column)
                    for own, column in self.columns(code, area).items()
                    if (asked := self.asked.answers.get(f"{code}.{own}")) and asked.points
                    for row in range(area.row, area.last_row + 1)
                ]
        if not cells:
            return frozenset()
        try:
            formats = number_formats(Package(self.data), cells)
        except DAMAGE as error:
            raise NotEditableError from error
        return frozenset(cell for cell in cells if "%" not in formats.get(cell, ""))

    @cached_property
    def hidden(self) -> Sheet | None:
        """The hidden sheet."""
        return next((sheet for sheet in self.book.sheets if sheet.name == META), None)

    @property
    def open_questions(self) -> dict[str, str]:
        """What the office itself must answer and nobody has yet: what is asked, by code."""
        return {
            code: self.label(code)
            for code, cell in self.cells.items()
            if self.asked.answers[code].type in OWN_ANSWERS and is_blank(cell)
        }

    def estimate(self, code: str) -> FoundCell | None:
        """The cell in which the figure is marked as an estimate; None where there is none."""
        cell = self.cells[code]
        column = self._estimates.get(cell.sheet.name)
        return (
            FoundCell(cell.sheet, cell.row, column) if column is not None and column > cell.column else None
        )

    @cached_property
    def _estimates(self) -> Mapping[str, int]:
        return estimate_columns(self.cells.values())

    def area(self, code: str) -> Area | None:
        """The prepared rows of a list; None where they are lost."""
        found = self.book.names.get(code)
        return found if found and any(sheet.name == found.sheet for sheet in self.book.sheets) else None

    def columns(self, code: str, area: Area) -> dict[str, int]:
        """The columns of a list by code: as the codes above it say, else as the hidden sheet does."""
        sheet = self.sheet(area.sheet)
        found: dict[str, int] = {}
        for row in range(max(0, area.row - _CODES_ABOVE), area.row):
            for column in range(area.column, area.last_column + 1):
                text = sheet.at(row, column)
                listed, _dot, own = text.partition(".") if isinstance(text, str) else ("", "", "")
                if listed == code and own:
                    found.setdefault(own, column)
        return found or {own: area.column + place for own, place in self.asked.lists[code].items()}

    def sheet(self, name: str) -> Sheet:
        """The sheet of that name, which is there."""
        return next(sheet for sheet in self.book.sheets if sheet.name == name)

    def label(self, code: str) -> str:
        """What is asked, in words: the longest text left of its cell; of a list the name of its sheet, of its
        columns what stands above them; the code where there is nothing."""
        listed, _dot, column = code.partition(".")
        area = self.area(listed) if listed in self.asked.lists else None
        if area and column:
            at = self.columns(listed, area).get(column)
            above = self.sheet(area.sheet).at(area.row - 1, at) if at is not None and area.row else ""
            return above.partition("\n")[0] if isinstance(above, str) and above else code
        if area:
            return area.sheet
        cell = self.cells.get(code)
        beside = cell.sheet.rows[cell.row][: cell.column] if cell and cell.row < len(cell.sheet.rows) else ()
        texts = [one.partition("\n")[0] for one in beside if isinstance(one, str) and one != code]
        return max(texts, key=len, default="") or code

    def _named(self, code: str) -> FoundCell | None:
        area = self.area(code)
        return FoundCell(self.sheet(area.sheet), area.row, area.column, "name") if area else None


def is_blank(cell: FoundCell) -> bool:
    """Whether nothing stands in a cell but what means that it is to be filled in."""
    return before_dots(as_typed(cell.value)) in _BLANKS and cell.extra is None


def read_request(session: Session, quarter: Quarter, name: str, data: bytes, unit: str) -> Request:
    """The workbook `name` with the content `data`, by which this office reports as `unit` for `quarter`.

    Raises `ReportctlError` where it cannot be filled in: it is no workbook of reportctl's, or one for another
    quarter or another unit.
    """
    inspected = safety.inspect(data, name, len(data))
    if inspected.file_type not in _EDITABLE:
        raise unread(name, data)
    try:
        book, _of_sheets = xlsx.read_book(inspected.parts)
    except BookError as error:
        raise ReportctlError(
            _("{file} cannot be read: {reason}. Ask the level above to send it again.").format(
                file=name, reason=error.finding.message
            )
        ) from error
    book = restored(book, book.names)
    identity, findings = read_identity(read_marks(book))
    if not identity.form:
        raise ReportctlError(
            _(
                "{file} does not say which form and unit it is for. Name the workbook as the level above has "
                "sent it, not a copy of its sheets."
            ).format(file=name)
        )
    if unit in session.roster.codes:
        raise ReportctlError(
            _(
                "“{unit}” is a unit of this office. --as is the code that this office has at the level "
                "above, and the workbook the one that was sent from there."
            ).format(unit=unit)
        )
    if identity.unit != unit:
        raise ReportctlError(
            _("{file} is for the unit “{found}”, not for “{unit}”. Name the other one with --as.").format(
                file=name, found=identity.unit, unit=unit
            )
        )
    period = read_period(identity.period)
    if period != quarter:
        raise ReportctlError(
            _("{file} is for {found}, not for {period}. Name that period, or the right file.").format(
                file=name,
                found=wording.period_words(period, short=True) if period else identity.period or "-",
                period=wording.period_words(quarter, short=True),
            )
        )
    hidden = next((sheet for sheet in book.sheets if sheet.name == META), None)
    asked = read_asked(hidden.rows) if hidden else None
    return Request(name, data, book, identity, asked or _by_names(book), findings)


def _by_names(book: Book) -> AskedForm:
    """What a workbook asks that does not say it: what its defined names are; a list is an area."""
    answers: dict[str, Asked] = {}
    lists: dict[str, dict[str, int]] = {}
    sheets = {sheet.name: sheet for sheet in book.sheets}
    for name, area in book.names.items():
        if name.startswith("_") or area.sheet not in sheets:
            continue
        if area.row != area.last_row:
            lists[name] = {}
            continue
        if area.sheet in (TEXTS, TEXTS_BEFORE):
            answers[name] = Asked(Type.TEXT)
            continue
        beside = area.column - (VALUE_COLUMN - MEASURE_COLUMN)
        measure = sheets[area.sheet].at(area.row, beside) if area.sheet == FIGURES and beside >= 0 else ""
        answers[name] = Asked(measure=measure if isinstance(measure, str) else "")
    return AskedForm(answers, lists)
