"""What a cell means that looks otherwise than it holds: struck out, raised, formatted as another number.

Pieces of different looks are never joined to a figure, and a figure that is seen as another one is not taken.
"""

from __future__ import annotations

import re

from reportctl.cells.cell import read_cell, read_text, remarked
from reportctl.cells.reading import Question, Reading, Remark, Words, invalid, number_words, read_points
from reportctl.form.indicators import NUMERIC, Type
from reportctl.workbooks.book import CellValue
from reportctl.workbooks.looks import LOWERED, PLAIN, RAISED, STRUCK, CellLook, Run
from reportctl.workbooks.number_formats import DIGITS, HIDDEN, NOTHING, PERCENT, Shown, hides_text, shown

_FIGURES = NUMERIC - {Type.YES_NO}
_LONGEST = 60  # characters of what is struck out, in a message


def read_shown(
    raw: CellValue, look: CellLook | None, ask: Question | None, *, dash: str, points: bool = False
) -> Reading:
    """What the cell value `raw` of that `look` says in answer to `ask`; None: it is answered in words.

    `points`: a percentage is typed without its sign, 7 for 7 %, unless the cell shows one itself.
    """
    if points and ask is not None and ask.type is Type.PERCENT and not (look and look.format):
        return _read_points(raw, look, ask, dash)
    if look is None:
        return read_text(raw) if ask is None else read_cell(raw, ask, dash=dash)
    if ask is None or ask.type is Type.TEXT:
        reading = _read_words(raw, look)
    elif look.runs and (marked := _marked(look.runs)):
        reading = _not_joined(look.runs, marked, ask, dash)
    else:
        reading = read_cell(raw, ask, dash=dash)
        if look.runs and not reading.is_answer:  # 120 m², with a raised 2
            written = read_cell(_as_written(look.runs), ask, dash=dash)
            reading = written if written.is_answer else reading
        odd = look.format and ask.type in _FIGURES and not isinstance(raw, bool)
        if odd and isinstance(raw, int | float) and (seen := shown(look.format, raw)):
            reading = _as_seen(reading, seen, raw, ask)
    if look.format and isinstance(raw, str) and hides_text(look.format):
        reading = remarked(reading, Remark("format_hides", (("seen", NOTHING),)))
    return remarked(reading, Remark("struck_out")) if look.struck else reading


def _read_points(raw: CellValue, look: CellLook | None, ask: Question, dash: str) -> Reading:
    """A percentage that is typed without its sign: a number, or a text that would be one with it."""
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return read_points(raw, ask)
    if isinstance(raw, str) and raw.strip() and look is None:
        signed = read_cell(f"{raw.strip()}%", ask, dash=dash)
        if signed.is_answer:
            return signed
    return read_shown(raw, look, ask, dash=dash)


# Pieces of text

_RAISED = str.maketrans("0123456789+-()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾")
_LOWERED = str.maketrans("0123456789+-()", "₀₁₂₃₄₅₆₇₈₉₊₋₍₎")
_MEASURED = re.compile(r"(?<![^\W\d_])(?:[kcdmh]?m|ha)\s*$", re.IGNORECASE)  # what 2 and 3 are raised after
_FORMULA = re.compile(r"(?<![^\W\d_])[A-Z][A-Za-z]{0,3}$")  # what digits are lowered after: H2O, PM2.5


def _marked(runs: tuple[Run, ...]) -> dict[str, str]:
    """What is struck out, raised and lowered, by its mark; powers of units of measure are none of that."""
    found: dict[str, str] = {}
    before = ""
    for text, mark in runs:
        power = mark == RAISED and text.strip() in ("2", "3") and _MEASURED.search(before)
        index = mark == LOWERED and text.strip()[:1].isdecimal() and _FORMULA.search(before)
        if mark and text.strip() and not power and not index:
            found[mark] = f"{found[mark]} {text.strip()}" if mark in found else text.strip()
        before += text if mark != STRUCK else ""
    return found


def _not_joined(runs: tuple[Run, ...], marked: dict[str, str], ask: Question, dash: str) -> Reading:
    """An error that names the first of the `marked` pieces, and suggests what the others say."""
    mark, part = next(iter(marked.items()))
    left = "".join(run.text for run in runs if run.mark == PLAIN)
    rest = read_cell(left, ask, dash=dash)
    suggestion = number_words(rest.value) if isinstance(rest.value, int | float) else left.strip()
    code = "struck_in_answer" if mark == STRUCK else "raised_in_answer"
    return invalid(code, part=part[:_LONGEST], suggestion=suggestion if rest.is_answer else "")


def _as_written(runs: tuple[Run, ...]) -> str:
    """The text without what is struck out; raised and lowered digits are characters of their own."""
    tables = {RAISED: _RAISED, LOWERED: _LOWERED}
    text = ""
    for piece, mark in runs:
        if mark != STRUCK:
            written = piece.translate(tables[mark]) if mark in tables else piece
            text += written.lstrip(" ") if text.endswith(" ") else written
    return text


def _read_words(raw: CellValue, look: CellLook) -> Reading:
    """Words without what is struck out in them; raised and lowered digits stay what they are seen as."""
    if not look.runs or not isinstance(raw, str):
        return read_text(raw)
    marked, text = _marked(look.runs), _as_written(look.runs)
    remarks = []
    if STRUCK in marked:
        remarks.append(Remark("struck_words", (("part", marked.pop(STRUCK)[:_LONGEST]),)))
    if marked:
        remarks.append(Remark("raised_words", (("part", ", ".join(marked.values())[:_LONGEST]),)))
    return remarked(read_text(text), *remarks)


# Numbers


def _as_seen(reading: Reading, seen: Shown, value: float, ask: Question) -> Reading:
    """The reading of the number `value`, which is `seen` as another one, or not at all."""
    if seen.how == HIDDEN:
        return remarked(reading, Remark("format_hides", (("seen", seen.text),)))
    if seen.how == PERCENT:
        if ask.type is Type.PERCENT or seen.number is None:
            return reading
        likely = seen.number if abs(value) < 1 else value
        return invalid("format_percent", seen=_rounded(seen.number, "%"), suggestion=_rounded(likely))
    if seen.how == DIGITS or seen.number is None:
        return invalid("format_adds_digits", seen=seen.text)
    return invalid("format_scales", seen=_rounded(seen.number), suggestion=_rounded(seen.number))


def _rounded(number: float, suffix: str = "") -> Words:
    rounded = round(number, 6)
    return number_words(int(rounded) if rounded.is_integer() else rounded, suffix)
