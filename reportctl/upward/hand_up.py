"""Filling the workbook of the level above with the figures of this office.

A figure is exact until it is written here once, in the unit of measure that is asked. What stands in the
workbook already is not written over, but for a zero where another figure belongs; formulas stay.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from typing import Any

from reportctl.cells.dates import date_in_text
from reportctl.cells.reading import in_both_languages, number_words
from reportctl.core.errors import ReportctlError, meant
from reportctl.core.findings import Finding, finding, together
from reportctl.core.language import Phrase, _
from reportctl.core.letters import folded
from reportctl.core.period import Quarter
from reportctl.figures.figures import Exact, exact, rounded
from reportctl.form.hidden_sheet import HANDED_UP, Asked, HandedUp, handed_up_row
from reportctl.form.indicators import AMOUNTS, Type
from reportctl.form.layout import ESTIMATE_MARK, META, META_ROWS, NO, NOT_APPLICABLE, YES
from reportctl.form.model import ListColumn
from reportctl.form.submission import in_words, shown
from reportctl.intake.find_lines import FoundCell
from reportctl.intake.handed_up import Place, covers_fewer
from reportctl.ledger.rows import ListRecord, typed_value
from reportctl.ledger.session import Session
from reportctl.upward.leads import ROWS, UNIT, Leads, Source, leads
from reportctl.upward.own_figures import OwnFigure, OwnFigures, combined
from reportctl.upward.request import OWN_ANSWERS, Request, is_blank
from reportctl.workbooks.book import CellValue, as_typed
from reportctl.workbooks.package.fill import CellAt, add_hidden_sheet, fill_cells, note_saved
from reportctl.workbooks.package.parts import DAMAGE, NotEditableError, Package
from reportctl.workbooks.parts import TEXT_LIMIT

_SAID_YES, _SAID_NO = frozenset({"có", "yes"}), frozenset({"không", "no"})
_WHY = {
    "nobody": Phrase("chưa đơn vị nào có số liệu này", "no unit has given this figure"),
    "not_added": Phrase("số liệu của các đơn vị không cộng được với nhau", "units' figures are not added up"),
    "unknown": Phrase("biểu mẫu của cơ quan không có mã này", "the form of this office has no such code"),
}


@dataclass(frozen=True, slots=True)
class Filled:
    """The workbook, filled in; `filled` of the `asked` figures, answers and lists are there now."""

    data: bytes
    filled: int
    asked: int
    findings: tuple[Finding, ...]


@dataclass
class _Filling:
    """What is to be written into the workbook, and what is to be said of it; both grow."""

    request: Request
    values: dict[CellAt, CellValue] = field(default_factory=dict)
    sources: list[HandedUp] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    asked: int = 0
    filled: int = 0

    def say(self, kind: str, code: str, cell: FoundCell | None = None, **details: Any) -> None:
        """Note a finding about what is asked under `code`."""
        details |= {"sheet": cell.sheet.name, "cell": cell.cell} if cell else {}
        self.findings.append(finding(kind, indicator=code, label=self.request.label(code), **details))

    def put(self, code: str, cell: FoundCell, value: CellValue) -> bool:
        """Write a value into a cell unless another one stands there; gives whether it is there now."""
        if not is_blank(cell) and not _same(cell.value, value):
            shown = _both_sides(cell, value)
            if not _same(cell.value, 0):
                self.say("above_occupied", code, cell, **shown)
                return False
            self.say("above_zero", code, cell, **shown)
        self.values[cell.place] = value
        return True

    def as_shown(self, at: CellAt, value: CellValue) -> CellValue:
        """A percentage as people type it in a cell without its sign: 7 for 7 %; anything else is itself."""
        if at not in self.request.in_points or not isinstance(value, int | float):
            return value
        return rounded(exact(value) * 100)


def hand_up(session: Session, quarter: Quarter, request: Request, given: Mapping[str, str]) -> Filled:
    """The workbook of `request` with the figures of `quarter`; `given` are the office's own answers by the
    code above.

    Raises `ReportctlError` where the settings name what there is not, an answer is given to what is not asked
    or cannot be one, and where the workbook cannot be changed.
    """
    asked, answers = request.asked, _typed(request, given)
    of = leads(session.form, session.settings.upward, asked)
    filling = _Filling(request, findings=list(request.findings))
    try:
        with session.ledger() as ledger:
            own = OwnFigures(ledger, session.form, session.calendar, quarter)
            _fill(filling, own, of, answers, {unit.code: unit.name for unit in session.roster.units})
        data = _written(request, filling)
    except NotEditableError as error:
        raise ReportctlError(
            _(
                "{file} cannot be filled in as it was saved. Open it in Excel, save it as a new .xlsx file "
                "and name that."
            ).format(file=request.name)
        ) from error
    places = {
        code: Place(request.label(code), cell.sheet.name, cell.cell) for code, cell in request.cells.items()
    }
    places |= {
        code: Place(request.label(code), area.sheet) for code in asked.lists if (area := request.area(code))
    }
    alike = together(filling.findings, lambda one: (one.code, one.sheet, dict(one.details).get("why")))
    findings = [*alike, *covers_fewer(filling.sources, places)]
    return Filled(
        data, filling.filled, filling.asked, tuple(replace(one, file=request.name) for one in findings)
    )


def _fill(
    filling: _Filling,
    own: OwnFigures,
    of: Leads,
    answers: Mapping[str, CellValue],
    units: Mapping[str, str],
) -> None:
    """Note what is to be written under everything that is asked; `units` are the names of units by code.

    Raises `NotEditableError`.
    """
    request, asked = filling.request, filling.request.asked
    for code, item in asked.answers.items():
        cell = request.cells.get(code)
        if code.partition(".")[0] in asked.lists or (cell and cell.extra and cell.extra.formula):
            continue  # a list's column, or worked out there
        filling.asked += 1
        if cell is None:
            filling.say("above_lost", code)
        elif item.type in OWN_ANSWERS and code not in of.mapped:
            filling.filled += _own_answer(filling, code, cell, answers.get(code))
        else:
            filling.filled += _figure(filling, code, cell, own, of.figures.get(code, ()))
    for code in asked.lists:
        filling.asked += 1
        filling.filled += _list(filling, code, own, of, units)
    for code in of.lost:
        filling.say("above_not_asked", code)


def _typed(request: Request, given: Mapping[str, str]) -> dict[str, CellValue]:
    """The office's own answers as they are written. Raises `ReportctlError`."""
    own = [code for code, item in request.asked.answers.items() if item.type in OWN_ANSWERS]
    typed: dict[str, CellValue] = {}
    for code, text in given.items():
        if code not in own:
            raise ReportctlError(
                meant(
                    _("{file} asks no text or choice “{code}”").format(file=request.name, code=code),
                    code,
                    own,
                )
            )
        kind, word = request.asked.answers[code].type, folded(text)
        value: CellValue = text.strip()
        if kind is Type.YES_NO:
            value = YES if word in _SAID_YES else NO if word in _SAID_NO else None
        elif kind is Type.DATE:
            read = date_in_text(word).value
            value = read if isinstance(read, dt.date) else None
        if value is None or len(text) > TEXT_LIMIT:
            raise ReportctlError(
                _("“{text}” is no answer to “{label}” ({code}).").format(
                    text=shown(text), label=request.label(code), code=code
                )
            )
        typed[code] = value
    return typed


def _own_answer(filling: _Filling, code: str, cell: FoundCell, value: CellValue) -> bool:
    """Write what the office itself answers; gives whether there is an answer now."""
    if value in (None, ""):
        if is_blank(cell):
            filling.say("above_unanswered", code, cell, under=code)
        return not is_blank(cell)
    return filling.put(code, cell, value)


def _figure(
    filling: _Filling, code: str, cell: FoundCell, own: OwnFigures, sources: Sequence[Source]
) -> bool:
    """Write the figure that is asked under `code`, made of `sources`; gives whether it is there now."""
    figure = _made(filling, code, cell, own, sources)
    if figure is None:
        return False
    value: CellValue = NOT_APPLICABLE
    if figure.value is not None:
        value = rounded(figure.value)
        if filling.request.asked.answers[code].type is Type.COUNT and figure.value.denominator != 1:
            exactly = in_words(value, Type.NUMBER)
            value = _whole(figure.value)
            filling.say("above_rounded", code, cell, exactly=exactly, value=str(value))
    if not filling.put(code, cell, filling.as_shown(cell.place, value)):
        return False
    mark = filling.request.estimate(code) if figure.estimate else None
    if mark and is_blank(mark):
        filling.values[mark.place] = ESTIMATE_MARK
    name = " + ".join(source.name for source in sources)
    written = HandedUp(code, as_written(value), name, figure.given, figure.asked, figure.estimate)
    filling.sources.append(written)
    return True


def _made(
    filling: _Filling, code: str, cell: FoundCell, own: OwnFigures, sources: Sequence[Source]
) -> OwnFigure | None:
    """The figure that `sources` make, in the unit of measure that is asked; None where there is none: then a
    finding says why."""
    asked = filling.request.asked.answers[code]
    if not sources:
        filling.say("above_blank", code, cell, why=_WHY["unknown"])
        return None
    figures = []
    for source in sources:
        figure = own.figure(source, since_january=asked.cumulative)
        if not _fits(figure, asked, converts=source.converts):
            filling.say("above_type", code, cell, source=source.name)
            return None
        if not (figure.counts or source.converts or _same_measure(figure.measure, asked)):
            filling.say("above_measure", code, cell, **_measures(source.name, figure.measure, asked))
            return None
        value = None if figure.value is None else Fraction(figure.value) * source.factor
        figures.append(replace(figure, value=value))
    whole = combined(figures)
    if whole.value is None and not whole.nothing:
        filling.say("above_blank", code, cell, why=_WHY[whole.why])
        return None
    return whole


def _measures(source: str, ours: str, asked: Asked) -> dict[str, object]:
    """What a finding says of two units of measure that differ."""
    none = Phrase("không ghi", "none")
    return {"source": source, "ours": ours or none, "theirs": asked.measure or none}


def _fits(figure: OwnFigure, asked: Asked, *, converts: bool) -> bool:
    """Whether a figure can be what is asked: counts, numbers and sums of money are alike, percentages only
    where a factor makes something else of them; a type that is not known takes any figure."""
    ours = Type.COUNT if figure.counts else figure.type
    if ours not in AMOUNTS and ours is not Type.PERCENT:
        return False
    if asked.type is None:
        return True
    if asked.type in OWN_ANSWERS:
        return False
    return converts or (ours in AMOUNTS) == (asked.type in AMOUNTS)


def _same_measure(ours: str, asked: Asked) -> bool:
    """Whether a figure is in the unit of measure that is asked; where that is not known, it is."""
    return folded(ours) == folded(asked.measure) or (asked.type is None and not asked.measure)


def _list(filling: _Filling, code: str, own: OwnFigures, of: Leads, units: Mapping[str, str]) -> bool:
    """Write the rows of a list; gives whether they are there now. `units` are the names of units by code."""
    request, source = filling.request, of.lists.get(code)
    area, listed = request.area(code), next((one for one in own.form.lists if one.code == source), None)
    if area is None:
        filling.say("above_lost", code)
        return False
    at = FoundCell(request.sheet(area.sheet), area.row, area.column, "name")
    if listed is None:
        filling.say("above_blank", code, at, why=_WHY["unknown"])
        return False
    whole, rows = own.figure(Source(listed.code, column=ROWS), since_january=False), own.rows(listed.code)
    if not whole.given:
        filling.say("above_blank", code, at, why=_WHY["nobody"])
        return False
    room = area.last_row - area.row + 1
    if len(rows) > room:
        filling.say("above_rows", code, at, rows=len(rows), room=room, left=len(rows) - room)
    values: dict[CellAt, CellValue] = {}
    for column, place in request.columns(code, area).items():
        asks = request.asked.answers.get(f"{code}.{column}", Asked())
        name = of.columns.get(f"{code}.{column}", "")
        ours = next((one for one in listed.columns if one.code == (name or column)), None)
        head = FoundCell(at.sheet, area.row, place, "name")
        if ours is None and name != UNIT:
            filling.say("above_blank", f"{code}.{column}", head, why=_WHY["unknown"])
        elif ours and not _column_fits(ours, asks):
            filling.say("above_type", f"{code}.{column}", head, source=f"{listed.code}.{ours.code}")
        elif (
            ours
            and ours.type in AMOUNTS
            and asks.type in AMOUNTS
            and not _same_measure(ours.unit_of_measure, asks)
        ):
            told = _measures(f"{listed.code}.{ours.code}", ours.unit_of_measure, asks)
            filling.say("above_measure", f"{code}.{column}", head, **told)
        else:
            for number, row in enumerate(rows[:room]):
                value = _in_list(row, ours, asks) if ours else units.get(row.unit, row.unit)
                at_row = area.sheet, area.row + number, place
                values[at_row] = filling.as_shown(at_row, value)
    for line in range(area.row, area.last_row + 1):
        for place in request.columns(code, area).values():
            there = FoundCell(at.sheet, line, place, "name")
            formula = there.extra and there.extra.formula
            if not is_blank(there) and (formula or not _same(there.value, values.get(there.place))):
                filling.say("above_occupied", code, there, **_both_sides(there, values.get(there.place)))
                return False
    filling.values |= {place: value for place, value in values.items() if value is not None}
    filling.sources.append(HandedUp(code, str(min(room, len(rows))), listed.code, whole.given, whole.asked))
    return True


def _column_fits(ours: ListColumn, asked: Asked) -> bool:
    """Whether what stands in our column can stand in the one that is asked."""
    return asked.type in (None, Type.TEXT, ours.type) or (ours.type in AMOUNTS and asked.type in AMOUNTS)


def _in_list(row: ListRecord, column: ListColumn, asked: Asked) -> CellValue:
    """An answer in a row of a list as it is written."""
    value = typed_value(row.values.get(column.code), column.type)
    if column.type is Type.YES_NO and isinstance(value, int | float):
        return YES if value else NO
    if asked.type is not Type.TEXT or value is None:
        return value
    if isinstance(value, float):  # in words of the language in which units report
        share = column.type is Type.PERCENT
        words = number_words(rounded(exact(value) * 100), "%") if share else number_words(value)
        return words.vi if isinstance(words, Phrase) else words
    return as_typed(value)


def _whole(value: Exact) -> int:
    """The nearest whole number; halves go away from zero."""
    nearest = (2 * abs(Fraction(value)) + 1) // 2
    return int(nearest if value >= 0 else -nearest)


def _both_sides(there: FoundCell, ours: CellValue) -> dict[str, Any]:
    """What stands in a cell and what would be written there, as details of a finding."""
    numbers = in_both_languages(there.value) if isinstance(there.value, float) else {}
    said = number_words(ours) if isinstance(ours, float) else as_typed(ours) or "-"
    return {"value": as_typed(there.value), "ours": said, **numbers}


def _same(there: CellValue, ours: CellValue) -> bool:
    """Whether what stands in a cell is what would be written there."""
    if isinstance(there, int | float) and isinstance(ours, int | float):
        return math.isclose(there, ours, rel_tol=1e-12)
    return as_typed(there).strip() == as_typed(ours).strip()


def as_written(value: CellValue) -> str:
    """A value as the hidden sheet repeats it."""
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _written(request: Request, filling: _Filling) -> bytes:
    """The workbook with everything in it. Raises `NotEditableError`."""
    said = [handed_up_row(one) for one in filling.sources]
    try:
        package = Package(request.data)
        values = dict(filling.values)
        if request.hidden is None:
            marks = [(key, getattr(request.identity, key)) for key in META_ROWS]
            add_hidden_sheet(package, META, [*marks, *said])
        else:
            earlier = [n for n, row in enumerate(request.hidden.rows) if row and row[0] == HANDED_UP]
            first = min(earlier, default=len(request.hidden.rows))
            values |= {
                (META, n, column): None for n in earlier for column in range(len(fields(HandedUp)) + 1)
            }
            values |= {
                (META, n, column): value
                for n, row in enumerate(said, first)
                for column, value in enumerate(row)
            }
        fill_cells(package, values)
        note_saved(package, dt.datetime.now(dt.UTC))
        package.no_template()
        return package.write()
    except DAMAGE as error:
        raise NotEditableError from error
