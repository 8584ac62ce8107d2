"""The lines of a workbook that a layout asks for, and what tells their labels from each other."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from reportctl.core.letters import folded
from reportctl.form.layout import VALUE_COLUMN, Layout, Place


@dataclass(frozen=True, slots=True)
class SoughtLine:
    """A line that is looked for: its code, its label, where its answer was laid out."""

    code: str
    label: str
    value: Place


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of one sheet by code; `owners` are their codes by label, where a label is of one line only.

    `sheet` is where they were laid out, `column` that of the answers there.
    """

    by_code: Mapping[str, SoughtLine]
    owners: Mapping[str, str]
    sheet: str = ""
    column: int = VALUE_COLUMN


@functools.lru_cache(maxsize=64)
def sought_lines(layout: Layout, *, texts: bool) -> Lines:
    """The lines of the figures sheet, or of the `texts` sheet."""
    labels = (
        {code: (place.question.label, place.value) for code, place in layout.texts.items()}
        if texts
        else {code: (place.indicator.label, place.value) for code, place in layout.indicators.items()}
    )
    by_code = {code: SoughtLine(code, label, value) for code, (label, value) in labels.items()}
    owners = unique({code: plain(line.label) for code, line in by_code.items()})
    for line in by_code.values():
        return Lines(by_code, owners, line.value.sheet, line.value.column)
    return Lines(by_code, owners)


@functools.lru_cache(maxsize=1024)
def plain(text: str) -> str:
    """A label without what differs by accident: case, spaces, composition, signs at its ends."""
    return folded(text).strip(" -–*:.;")


def label_in(text: str) -> str:
    """The label in a cell: its first line, since notes to a question stand below it."""
    return plain(text.partition("\n")[0])


def unique(texts: Mapping[str, str]) -> dict[str, str]:
    """Codes by text, for the texts that belong to one code only."""
    counts = Counter(texts.values())
    return {text: code for code, text in texts.items() if counts[text] == 1}
