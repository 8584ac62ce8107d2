"""The rows of a workbook's hidden sheet below its marks: what is asked, which earlier figures were filled in
when it was sent out, where figures handed up come from.

Each row has a word in column A that says what it is; other rows are passed over. So an office that hands
figures up knows what is asked without having the form, and the one above over how many units they are.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reportctl.core.letters import unmisread
from reportctl.form.indicators import Indicator, Type
from reportctl.form.layout import Layout
from reportctl.form.model import ListColumn
from reportctl.form.submission import shown

ASKED, LIST, SHOWN, HANDED_UP = "asked", "list", "shown", "handed_up"  # the words in column A
_YEAR, _POINTS = "year", "points"
_LONGEST = 8_000  # characters of codes in one cell
_BETWEEN = ";"
_PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]{1,3})?")
_SIGNS = frozenset(f"{_BETWEEN}=\n")

Cells = Sequence[object]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked under one code: a figure or an answer of that type in that unit of measure (Vietnamese).

    A type that is not known is None. `cumulative`: a figure counts from the beginning of the year. `points`:
    a percentage is typed without its sign, 7 for 7 %, unless its cell shows one.
    """

    type: Type | None = None
    measure: str = ""
    cumulative: bool = False
    points: bool = False


@dataclass(frozen=True, slots=True)
class AskedForm:
    """All that a workbook asks: figures and texts by code, columns of lists by `list.column`; of each list
    its columns with how far right of the first one they stand."""

    answers: dict[str, Asked]
    lists: dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class HandedUp:
    """Where the answer to `code` in a workbook that was handed up comes from: `value` is what was written
    there, as text, `source` the code or codes in the form of the office that handed it up.

    It is over `given` of that office's `asked` units; both are 0 where it is not made of units' answers.
    `estimate`: one of these is an estimate.
    """

    code: str
    value: str
    source: str
    given: int = 0
    asked: int = 0
    estimate: bool = False


@functools.lru_cache(maxsize=64)
def asked_rows(places: Layout) -> tuple[tuple[str, ...], ...]:
    """The rows that say what a workbook with this layout asks; what is alike in one row."""
    items: list[tuple[str, Indicator | ListColumn]] = [
        (code, place.indicator) for code, place in places.indicators.items()
    ]
    items += [(code, cell) for code, (cell, _place) in places.cells.items()]
    items += [
        (f"{code}.{column.code}", column)
        for code, place in places.lists.items()
        for column in place.section.columns
    ]
    alike: dict[tuple[str, str, str], list[str]] = {}
    for code, item in items:
        if isinstance(item, ListColumn) or item.filled_in:
            words = [_YEAR] if isinstance(item, Indicator) and item.cumulative else []
            words += [_POINTS] if item.type is Type.PERCENT and places.addresses else []
            alike.setdefault((item.type.value, item.unit_of_measure, " ".join(words)), []).append(code)
    if places.texts:
        alike.setdefault((Type.TEXT.value, "", ""), []).extend(places.texts)
    rows: list[tuple[str, ...]] = [
        (ASKED, *said, some) for said, codes in alike.items() for some in _in_cells(codes)
    ]
    for code, place in places.lists.items():
        first = min(place.column(column.code) for column in place.section.columns)
        columns = [f"{one.code}:{place.column(one.code) - first}" for one in place.section.columns]
        rows.append((LIST, code, "", "", " ".join(columns)))
    return tuple(rows)


def read_asked(rows: Iterable[Cells]) -> AskedForm | None:
    """What the rows of a hidden sheet say that the workbook asks; None where they do not say it."""
    answers: dict[str, Asked] = {}
    lists: dict[str, dict[str, int]] = {}
    for word, kind, measure, how, codes in _of_words(rows, (ASKED, LIST), 5):
        codes = unmisread(codes)
        if word == ASKED:
            known = Type(kind) if kind in set(Type) else None
            asked = Asked(known, measure, _YEAR in how.split(), _POINTS in how.split())
            answers |= dict.fromkeys(codes.split(), asked)
            continue
        pairs = (pair.partition(":") for pair in codes.split())
        lists[unmisread(kind)] = {code: int(place) for code, _colon, place in pairs if place.isdecimal()}
    return AskedForm(answers, lists) if answers or lists else None


def shown_rows(figures: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The rows that say what was filled in beside what is asked: the cells' texts by their codes, without
    those that are blank or hold a sign of these rows."""
    pairs = [f"{code}={text}" for code, text in figures.items() if text and not _SIGNS & set(text)]
    for some in _in_cells(pairs, _BETWEEN):
        yield SHOWN, some


def read_shown(rows: Iterable[Cells]) -> dict[str, str]:
    """The texts of the cells that were filled in, by their codes; none where the workbook does not say it."""
    pairs = (pair for _word, text in _of_words(rows, (SHOWN,), 2) for pair in text.split(_BETWEEN))
    return {unmisread(code): text for code, equal, text in (pair.partition("=") for pair in pairs) if equal}


def earlier_text(figures: Sequence[object]) -> str:
    """What the rows say that a column of the year to date counts of earlier quarters; no figures are said,
    too."""
    return " ".join(("+", *(_text(one) for one in figures)))


def read_earlier(text: str) -> list[float] | None:
    """The inverse of `earlier_text`, without what is no number; None where the text is another one."""
    sign, *figures = text.split() or [""]
    numbers = [float(one) for one in figures if _PLAIN.fullmatch(one)]
    return numbers if sign == "+" else None


def handed_up_row(one: HandedUp) -> tuple[str | int, ...]:
    """The row that says where an answer comes from."""
    return (HANDED_UP, one.code, one.value, one.source, one.given, one.asked, "x" if one.estimate else "")


def read_handed_up(rows: Iterable[Cells]) -> list[HandedUp]:
    """What the rows of a hidden sheet say of answers that were handed up, each code once, long texts cut."""
    found = {
        code: HandedUp(code, shown(value), shown(source), _whole(given), _whole(asked), bool(estimate))
        for _word, said, value, of, given, asked, estimate in _of_words(rows, (HANDED_UP,), 7)
        for code, source in [(unmisread(said), unmisread(of))]
        if code
    }
    return list(found.values())


def _of_words(rows: Iterable[Cells], words: Sequence[str], width: int) -> Iterator[list[str]]:
    """The rows that begin with one of these words, as that many texts."""
    for cells in rows:
        if cells and cells[0] in words:
            texts = ["" if cell is None else _text(cell) for cell in cells[:width]]
            yield texts + [""] * (width - len(texts))


def _text(cell: object) -> str:
    return f"{cell:.15g}" if isinstance(cell, float) else str(cell)


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _in_cells(codes: Sequence[str], between: str = " ") -> Iterator[str]:
    """The codes with blanks, or another sign, between them, as many in one text as a cell well takes."""
    some: list[str] = []
    length = 0
    for code in codes:
        if some and length + len(code) + 1 > _LONGEST:
            yield between.join(some)
            some, length = [], 0
        some.append(code)
        length += len(code) + 1
    if some:
        yield between.join(some)
