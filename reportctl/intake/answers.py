"""One cell as an answer: its reading, with what the cell holds besides its value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from reportctl.cells.cell import read_cell
from reportctl.cells.looks import read_shown
from reportctl.cells.reading import Question, Reading
from reportctl.core.findings import Finding, together
from reportctl.core.language import Phrase
from reportctl.core.letters import cleaned, folded
from reportctl.form import rules
from reportctl.form.indicators import DECIMAL, NUMERIC, Type
from reportctl.form.layout import ESTIMATE_MARK
from reportctl.form.submission import (
    Answer,
    AnswerState,
    AnswerValue,
    decimals_together,
    in_words,
    on_paper,
    shown,
)
from reportctl.intake.find_lines import FoundCell
from reportctl.workbooks.book import as_typed

_FIGURES = NUMERIC - {Type.YES_NO}
_PARTS = 8  # of a sum, that a message names
_ESTIMATE = frozenset({ESTIMATE_MARK, "✓", "✔", "√", "v", "ước", "có", "true"})
_NO_ESTIMATE = frozenset({"", "0", "không", "-", "false"})


class AsRead(NamedTuple):
    """How cells are read where workbooks differ: `dash` as for `read_cell`; `points`: a percentage is typed
    without its sign, 7 for 7 %."""

    dash: str
    points: bool = False


def read_answer(
    spot: FoundCell, code: str, ask: Question | None, as_read: AsRead
) -> tuple[Answer, list[Finding]]:
    """The answer in the cell `spot` to the question `code`, and what is to be said of the cell.

    `ask` is what is asked for, None for a question answered in words.
    """
    sheet, cell = spot.sheet.name, spot.cell
    raw, extra = spot.value, spot.extra
    if raw == "" and extra is None:
        return _under_picture(spot, code) or (Answer(code, AnswerState.MISSING, None, "", sheet, cell), [])
    text = extra.error if extra and extra.error else as_typed(raw)
    if extra and extra.merged:
        reading = Reading(AnswerState.INVALID, None, "merged_over", (("area", extra.merged),))
    elif extra and extra.picture:
        reading = Reading(AnswerState.INVALID, None, "picture_in_cell")
    elif extra and extra.error:
        reading = Reading(AnswerState.INVALID, None, "error_cell")
    elif extra and extra.formula and not extra.calculated:
        reading = Reading(AnswerState.INVALID, None, "formula_not_calculated")
    else:
        reading = read_shown(raw, spot.look, ask, dash=as_read.dash, points=as_read.points)
    found = []
    if extra and extra.formula and reading.state is AnswerState.VALUE:
        found.append(cell_finding("formula_in_input", spot, code, text))
    if reading.state is AnswerState.MISSING and _in_words(ask) and folded(cleaned(text)[0]) == "x":
        found.append(cell_finding("x_as_missing", spot, code, text))
    under = spot.picture
    if under and (under.row, under.column) == (spot.row, spot.column):
        found.append(cell_finding("picture_over_cell", spot, code, text))
    for remark in reading.remarks if reading.code else ():
        found.append(cell_finding(remark.code, spot, code, text, **dict(remark.details)))
    return Answer(code, reading.state, reading.value, text, sheet, cell), found


def _in_words(ask: Question | None) -> bool:
    """Whether an x may be meant for an answer: it is none to what is answered with a figure."""
    return ask is None or ask.type not in _FIGURES


def _under_picture(spot: FoundCell, code: str) -> tuple[Answer, list[Finding]] | None:
    """What is to be said of the empty cell `spot` where a picture lies over it: an error where that lies over
    this cell alone, as an answer would. None: there is none."""
    picture = spot.picture
    if picture is None:
        return None
    alone = (picture.row, picture.column) == (picture.last_row, picture.last_column)
    state = AnswerState.INVALID if alone else AnswerState.MISSING
    kind = "picture_in_cell" if alone else "picture_over_cell"
    answer = Answer(code, state, None, "", spot.sheet.name, spot.cell)
    return answer, [cell_finding(kind, spot, code, "")]


def read_estimate(spot: FoundCell, code: str) -> tuple[bool, list[Finding]]:
    """Whether the cell `spot`, under “Ước”, says that the figure of `code` is an estimate."""
    extra = spot.extra
    if extra and (extra.error or not extra.calculated):
        return True, [cell_finding("estimate_unclear", spot, code, extra.error or "=")]
    text = as_typed(spot.value)
    if spot.look and (spot.look.struck or spot.look.runs):
        return True, [cell_finding("estimate_unclear", spot, code, text)]
    word = folded(cleaned(text)[0])
    if word in _NO_ESTIMATE:
        return False, []
    return True, [] if word in _ESTIMATE else [cell_finding("estimate_unclear", spot, code, text)]


def differing_sum(
    spot: FoundCell, code: str, ask: Question, ours: float, parts: Sequence[tuple[int, AnswerValue]]
) -> Iterator[Finding]:
    """A finding where the cell `spot` says another sum than `ours`, which its `parts` with their signs make,
    by more than rounding of the parts explains; a blank cell says nothing."""
    typed = spot.value
    if typed in ("", None):
        return
    said: AnswerValue = typed if isinstance(typed, int | float) else None
    if said is None:
        reading = read_cell(typed, ask)
        said = reading.value
        if said is None and reading.state is not AnswerState.INVALID:
            return
    numbers = [(sign, part) for sign, part in parts if isinstance(part, int | float)]
    if isinstance(said, int | float) and (said == ours or rounded_alike(said, numbers, ask)):
        return
    said_too = [said] if isinstance(said, int | float) else []
    decimals = decimals_together((one, ask.type) for one in (*(part for _sign, part in numbers), *said_too))
    ours = sum(sign * on_paper(part, ask.type, decimals) for sign, part in numbers)
    vi, en = (
        " ".join(
            f"{'-' if sign < 0 else '+'} {in_words(part, ask.type, decimals).in_language(language)}"
            for sign, part in numbers[:_PARTS]
        ).removeprefix("+ ")
        + " + …" * (len(numbers) > _PARTS)
        for language in ("vi", "en")
    )
    text = as_typed(typed)
    shown_as = in_words(said, ask.type, decimals) if isinstance(said, int | float) else text
    details = {"said": shown_as, "parts": Phrase(vi, en), "read": in_words(ours, ask.type, decimals)}
    yield cell_finding("sum_differs", spot, code, text, **details)


def rounded_alike(said: float, parts: Sequence[tuple[int, int | float]], ask: Question) -> bool:
    """Whether `said` may be the sum of the `parts`, each of which was rounded by itself."""
    names = {f"p{n}": float(part) for n, (_sign, part) in enumerate(parts)}
    signed = "".join(f" {'-' if sign < 0 else '+'} p{n}" for n, (sign, _part) in enumerate(parts))
    figures = names | {"whole": float(said)}
    decimal = ask.type in DECIMAL
    rule = rules.parse(f"whole = 0{signed}")
    return rules.holds(rule, lambda one: figures[one.code], lambda _one: decimal) is True


def cell_finding(kind: str, spot: FoundCell, code: str, value: str, **details: Any) -> Finding:
    """A finding about the cell `spot`, which answers `code` and holds `value`."""
    return spot.finding(kind, code, value=shown(value), **details)


def as_text_together(found: Sequence[Finding]) -> list[Finding]:
    """Findings of cells, with one for all figures that are texts: an office's cells may be formatted so."""
    texts = [one for one in found if one.code == "number_as_text"]
    return [*(one for one in found if one.code != "number_as_text"), *together(texts)]
