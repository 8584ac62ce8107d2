"""A figure that is known when the workbook is made: in a locked cell, with a note where one is due."""

from __future__ import annotations

import contextlib
import datetime as dt
import math
from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from reportctl.core.language import _
from reportctl.form import layout
from reportctl.form.indicators import Indicator, Type
from reportctl.outgoing import input_cells
from reportctl.outgoing.page import LOCKED, OutgoingBook, typed
from reportctl.workbooks.book import as_typed

_NOTE_WIDTH, _NOTE_LETTERS, _NOTE_LINE = 240, 34, 18  # pixels, and the letters of a line, of a note's box


def write_known(
    book: OutgoingBook, sheet: Worksheet, at: tuple[int, int], indicator: Indicator, value: float | str | None
) -> None:
    """An answer to `indicator` as the ledger has it; a blank cell where it is None."""
    style = typed(LOCKED, indicator)
    day = None
    if indicator.type is Type.DATE and isinstance(value, str):
        with contextlib.suppress(ValueError):
            day = dt.date.fromisoformat(value)
    if value is None:
        sheet.write_blank(*at, None, book.formats(style))
    elif day:
        sheet.write_datetime(*at, day, book.formats(style))
    elif isinstance(value, str):
        sheet.write_string(*at, value, book.formats(style))
    elif indicator.type is Type.YES_NO:
        sheet.write_string(*at, layout.YES if value else layout.NO, book.formats(style))
    else:
        whole = indicator.type in input_cells.DECIMAL and float(value).is_integer()
        sheet.write_number(
            *at, value, book.formats(style, **({"num_format": input_cells.WHOLE} if whole else {}))
        )


def known_text(indicator: Indicator, value: float | str | None) -> str:
    """The text of the cell in which `write_known` writes the answer, as it is read back."""
    if value is None:
        return ""
    if isinstance(value, str):
        day = None
        with contextlib.suppress(ValueError):
            day = dt.date.fromisoformat(value) if indicator.type is Type.DATE else None
        return as_typed(day or value)
    if indicator.type is Type.YES_NO:
        return layout.YES if value else layout.NO
    return as_typed(float(value))


def write_note(sheet: Worksheet, at: tuple[int, int], lines: Sequence[str]) -> None:
    """A note on the cell, in a box with room for it; none where all `lines` are empty."""
    if note := "\n".join(line for line in lines if line):
        room = math.ceil(len(note) / _NOTE_LETTERS) + note.count("\n") + 1
        box = {"width": _NOTE_WIDTH, "height": room * _NOTE_LINE, "author": "", "font_size": 10}
        sheet.write_comment(*at, note, box)


def counted_from(book: OutgoingBook, indicator: Indicator) -> str:
    """What is to be known of the quarter before's figure where it counts from the beginning of the year."""
    if not indicator.cumulative:
        return ""
    if book.sending.quarter.number == 1:
        return _("It counts the whole of last year; this year is counted anew from its beginning.")
    return _("It counts from the beginning of the year to the end of that quarter.")
