"""What a workbook that an office below has handed up says of its answers on its hidden sheet: over how many
units they are, and which are estimates."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reportctl.core.findings import Finding, finding
from reportctl.core.language import Phrase
from reportctl.form.hidden_sheet import HandedUp, read_handed_up
from reportctl.form.layout import META, NOT_APPLICABLE, Layout
from reportctl.form.submission import Answer, AnswerState, ListRow
from reportctl.workbooks.book import Book

_LISTED = 8  # cells that a message names


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer stands; a list as a whole has no cell. `label` is what was asked."""

    label: Phrase | str
    sheet: str | None = None
    cell: str | None = None


def from_below(
    book: Book, places: Layout, answers: Sequence[Answer], rows: Sequence[ListRow]
) -> tuple[list[Answer], list[Finding]]:
    """The answers, those marked that rest on estimates below, and what is to be said of them.

    An answer that was changed after it was written there is as typed: nothing is known of its units.
    """
    hidden = next((sheet for sheet in book.sheets if sheet.name == META), None)
    handed = read_handed_up(hidden.rows) if hidden else []
    if not handed:
        return list(answers), []
    by_code = {answer.code: answer for answer in answers}
    counts = {code: sum(row.list_code == code for row in rows) for code in places.lists}
    spots = {code: Place(place.section.name, place.sheet) for code, place in places.lists.items()}
    for code, answer in by_code.items():
        spots[code] = Place(_label(places, code), answer.sheet or None, answer.cell or None)
    known: list[HandedUp] = []
    changed: list[HandedUp] = []
    for one in handed:
        if one.code in counts:
            (known if one.value == str(counts[one.code]) else changed).append(one)
        elif one.code in by_code:
            (known if _is_as_written(by_code[one.code], one.value) else changed).append(one)
    estimates = {one.code for one in known if one.estimate}
    most = max((one.asked for one in handed), default=0)
    findings = [finding("handed_up", count=len(known) + len(changed), units=most)]
    findings += covers_fewer(known, spots)
    for one in changed:
        at = spots[one.code]
        now = str(counts[one.code]) if one.code in counts else by_code[one.code].raw
        findings.append(
            finding(
                "handed_up_changed",
                sheet=at.sheet,
                cell=at.cell,
                indicator=one.code,
                value=now or None,
                label=at.label,
                written=one.value,
                now=now or Phrase("ô trống", "nothing"),
            )
        )
    return [one._replace(estimate=True) if one.code in estimates else one for one in answers], findings


def covers_fewer(handed: Iterable[HandedUp], places: Mapping[str, Place]) -> list[Finding]:
    """A warning for each sheet and all its figures that are over as many of as many units, where these are
    not all."""
    groups: dict[tuple[int, int, str | None], list[HandedUp]] = {}
    for one in handed:
        if one.given < one.asked:
            groups.setdefault((one.given, one.asked, places[one.code].sheet), []).append(one)
    found = []
    for (given, asked, sheet), some in groups.items():
        first = places[some[0].code]
        cells = [cell for one in some if (cell := places[one.code].cell)]
        listed = ", ".join(cells[:_LISTED]) + ", …" * (len(cells) > _LISTED)
        more: dict[str, Any] = {"alike": len(cells), "alike_cells": listed} if len(cells) > 1 else {}
        more |= {"sheet": sheet, "cell": first.cell, "indicator": some[0].code, "label": first.label}
        found.append(finding("covers_fewer", given=given, asked=asked, **more))
    return found


def _label(places: Layout, code: str) -> Phrase | str:
    """What was asked under `code`."""
    if code in places.indicators:
        return places.indicators[code].indicator.name
    if code in places.cells:
        return places.cells[code][0].name
    return places.texts[code].question.name if code in places.texts else code


def _is_as_written(answer: Answer, written: str) -> bool:
    """Whether an answer is still what was written there."""
    if answer.state is AnswerState.NOT_APPLICABLE:
        return written == NOT_APPLICABLE
    if answer.state is not AnswerState.VALUE or not isinstance(answer.value, int | float):
        return False
    try:
        return math.isclose(float(written), answer.value, rel_tol=1e-12)
    except ValueError:
        return False
