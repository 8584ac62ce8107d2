"""One cell as an answer: its reading, with what the cell holds besides its value."""

from __future__ import annotations

from typing import Any

from reportctl.cells.cell import read_cell, read_text
from reportctl.cells.reading import Question, Reading
from reportctl.core.findings import Finding, finding
from reportctl.core.letters import cleaned, folded
from reportctl.form.layout import ESTIMATE_MARK
from reportctl.form.submission import Answer, AnswerState, shown
from reportctl.intake.find_lines import FoundCell
from reportctl.workbooks.book import CellExtra, as_typed

_ESTIMATE = frozenset({ESTIMATE_MARK, "✓", "✔", "√", "v", "ước", "có", "true"})
_NO_ESTIMATE = frozenset({"", "0", "không", "-", "false"})


def read_answer(spot: FoundCell, code: str, ask: Question | None, dash: str) -> tuple[Answer, list[Finding]]:
    """The answer in the cell `spot` to the question `code`, and what is to be said of the cell.

    `ask` is what is asked for, None for a question answered in words; `dash` as for `read_cell`.
    """
    sheet, cell = spot.sheet.name, spot.cell
    raw, doubt = spot.value, spot.doubt
    if raw == "" and doubt is None:
        return Answer(code, AnswerState.MISSING, None, "", sheet, cell), []
    text = doubt.error if doubt and doubt.error else as_typed(raw)
    reading = _doubtful(doubt) if doubt else None
    if reading is None:
        reading = read_text(raw) if ask is None else read_cell(raw, ask, dash=dash)
    found = []
    if doubt and doubt.formula and reading.state is AnswerState.VALUE:
        found.append(cell_finding("formula_in_input", spot, code, text))
    if reading.code:
        found += [
            cell_finding(remark.code, spot, code, text, **dict(remark.details)) for remark in reading.remarks
        ]
    return Answer(code, reading.state, reading.value, text, sheet, cell), found


def _doubtful(doubt: CellExtra) -> Reading | None:
    """What a cell that holds no value of its own is read as; None: as its value."""
    if doubt.merged:
        return Reading(AnswerState.INVALID, None, "merged_over", (("area", doubt.merged),))
    if doubt.error:
        return Reading(AnswerState.INVALID, None, "error_cell")
    if doubt.formula and not doubt.calculated:
        return Reading(AnswerState.INVALID, None, "formula_not_calculated")
    return None


def read_estimate(spot: FoundCell, code: str) -> tuple[bool, list[Finding]]:
    """Whether the cell `spot`, under “Ước”, says that the figure of `code` is an estimate."""
    doubt = spot.doubt
    if doubt and (doubt.error or not doubt.calculated):
        return True, [cell_finding("estimate_unclear", spot, code, doubt.error or "=")]
    text = as_typed(spot.value)
    word = folded(cleaned(text)[0])
    if word in _NO_ESTIMATE:
        return False, []
    return True, [] if word in _ESTIMATE else [cell_finding("estimate_unclear", spot, code, text)]


def cell_finding(kind: str, spot: FoundCell, code: str, value: str, **details: Any) -> Finding:
    """A finding about the cell `spot`, which answers `code` and holds `value`."""
    return finding(kind, sheet=spot.sheet.name, cell=spot.cell, indicator=code, value=shown(value), **details)
