"""What the rows of a table are: items that are asked, captions over them, open rows, blank ones."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from reportctl.adopt import words
from reportctl.adopt.asked_cells import is_grey
from reportctl.adopt.blank_form import ColumnUse
from reportctl.adopt.columns import VALUES
from reportctl.adopt.grid import Grid
from reportctl.adopt.row_numbers import depth, row_number, split_bullet, split_number
from reportctl.adopt.words import bare

Role = Literal["item", "caption", "open", "blank", "example"]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table before it is a row of the form: what it says and what it is."""

    at: int
    role: Role
    label: str = ""
    no: str = ""
    official_code: str = ""
    unit_of_measure: str = ""
    indent: int = 0
    bullet: str = ""
    group: str = ""  # what the label columns left of the last one say, over several rows
    level: int = 1
    sure: float = 1.0


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table by what they are for."""

    uses: Mapping[int, ColumnUse]
    codes_outside: int | None = None  # a column of official codes beside the frame

    def of(self, *uses: ColumnUse) -> list[int]:
        """The columns of these uses, from the left."""
        return [column for column, use in sorted(self.uses.items()) if use in uses]

    @property
    def values(self) -> list[int]:
        """The columns that figures stand in."""
        return [column for column, use in sorted(self.uses.items()) if use in VALUES]


def read_lines(grid: Grid, columns: Columns, rows: Sequence[int]) -> list[Line]:
    """The rows of the body with their roles and levels."""
    said = _with_unnamed([_said(grid, columns, row) for row in rows])
    labelled = [line for line in said if line.role == "item"]
    habits = _habits(grid, columns, labelled)
    lines = [_as_caption(grid, columns, line, habits) if line.role == "item" else line for line in said]
    return _levels(lines)


_UNNAMED = re.compile(r"\w[\w ,/()-]{0,30}?\s*(?:…|\.{2,}|_{2,})[.…_]*")


def _with_unnamed(lines: Sequence[Line]) -> list[Line]:
    """The lines; those that say the same words with dots behind them again and again, as `Dự án…`, are open:
    whoever fills it in writes their names."""
    said = Counter(
        bare(line.label) for line in lines if line.role == "item" and _UNNAMED.fullmatch(line.label)
    )
    return [
        replace(line, role="open") if line.role == "item" and said[bare(line.label)] > 1 else line
        for line in lines
    ]


def _said(grid: Grid, columns: Columns, row: int) -> Line:
    """What the row says; its role as far as that can be told from its own words."""
    labels, label, group, indent = columns.of("label"), "", "", 0
    places = []
    for column in labels:
        place = grid.anchor(row, column)
        text = grid.text(*place)
        if text and place not in places:
            places.append(place)
    if places:
        own = [place for place in places if place[0] == row] or places[-1:]
        place = (
            own[-1]
            if grid.is_words(*own[-1]) or len(own) == 1
            else max(own, key=lambda one: grid.is_words(*one))
        )
        label = grid.text(*place)
        raw = grid.raw(*place)
        look = grid.cell(*place).look
        indent = len(raw) - len(raw.lstrip()) + 3 * look.indent
        shift = [column for column in labels if column < place[1] and grid.is_blank(row, column)]
        indent += 3 * len(shift) if place[0] == row and grid.span(*place).left == place[1] else 0
        group = " / ".join(grid.text(*one) for one in places if one != place and one[1] < place[1])
    no = ""
    for column in columns.of("number"):
        place = grid.anchor(row, column)
        if place[0] == row:
            no = row_number(grid.text(*place)) or no
    if not no and label:
        no, label = split_number(label)
    bullet, label = split_bullet(label) if label else ("", "")
    if not no and bullet:
        no, label = split_number(label)
    code = _first_text(grid, row, columns.of("code"))
    if words.NOT_APPLICABLE.fullmatch(bare(code)):
        code = ""
    if columns.codes_outside is not None:
        code = code or grid.text(row, columns.codes_outside)
    unit = _first_text(grid, row, columns.of("unit_of_measure"))
    role: Role = "item"
    plain = bare(label)
    if not label and not labels:
        label = _only_words_in(grid, row, columns)
    elif not label:
        role = "item" if code and unit else "blank"
    if not label:
        role = "item" if code and unit else "blank"
    elif (
        words.PLACEHOLDER.fullmatch(label)
        or words.DOTS.fullmatch(label.strip(" ."))
        or not any(map(str.isalnum, label))
    ):
        role = "item" if code and unit else "open"
    elif words.EXAMPLE.fullmatch(plain) and not code:
        role = "example"
    return Line(row, role, label, no, code, unit, indent, bullet, group)


def _only_words_in(grid: Grid, row: int, columns: Columns) -> str:
    """The words of a row of a list without names that holds nothing else: the title of a section, a total;
    empty where there are none, or more, as in an example."""
    texts = {
        grid.anchor(row, column): grid.text(row, column)
        for column, use in columns.uses.items()
        if use != "number" and not grid.is_open(row, column) and not grid.is_formula(row, column)
    }
    worded = [text for place, text in texts.items() if grid.is_words(*place)]
    return worded[0] if len(worded) == 1 == len(texts) else ""


def _first_text(grid: Grid, row: int, columns: Sequence[int]) -> str:
    return next((text for column in columns if (text := grid.text(row, column))), "")


@dataclass(frozen=True, slots=True)
class _Habits:
    """How most of the labelled rows are: with a code, a unit of measure, something typed where answers
    stand."""

    coded: bool = False
    measured: bool = False
    typed: bool = False
    numbered: bool = False
    framed: bool = False
    settled: tuple[int, ...] = ()  # the columns that hold a formula, or a sign that nothing is asked


def _habits(grid: Grid, columns: Columns, lines: Sequence[Line]) -> _Habits:
    count = max(1, len(lines))
    values = columns.values
    typed = 0
    for line in lines:
        own = [column for column in values if grid.anchor(line.at, column) == (line.at, column)]
        standing = sum(grid.cell(line.at, column).value is not None for column in own)
        typed += bool(own) and standing >= 0.7 * len(own)
    return _Habits(
        coded=sum(bool(line.official_code) for line in lines) >= 0.4 * count,
        measured=sum(bool(line.unit_of_measure) for line in lines) >= 0.5 * count,
        typed=typed >= 0.7 * count,
        numbered=sum(bool(line.no) for line in lines) >= 0.6 * count,
        framed=sum(any(grid.is_framed(line.at, column) for column in values) for line in lines)
        >= 0.6 * count,
        settled=tuple(column for column in values if _is_settled(grid, column, columns.of("label"), lines)),
    )


def _is_settled(grid: Grid, column: int, labels: Sequence[int], lines: Sequence[Line]) -> bool:
    """Whether the column is worked out: formulas in it, and in most of the other rows a sign that nothing is
    asked there."""
    formulas = sum(grid.is_formula(line.at, column) for line in lines)
    marked = sum(
        not grid.is_formula(line.at, column)
        and (grid.is_mark(line.at, column) or _alone_grey(grid, line.at, column, labels))
        for line in lines
    )
    return formulas >= 3 and formulas + marked >= 0.6 * len(lines)


def _alone_grey(grid: Grid, row: int, column: int, labels: Sequence[int]) -> bool:
    """Whether the cell is grey, and the names of its row are not."""
    fill = grid.cell(row, column).look.fill
    return is_grey(fill) and all(grid.cell(row, label).look.fill != fill for label in labels)


def _as_caption(grid: Grid, columns: Columns, line: Line, habits: _Habits) -> Line:
    """The line, as a caption where it is one."""
    values = columns.values
    plain = bare(line.label)
    label_at = next((column for column in columns.of("label") if grid.text(line.at, column)), None)
    span = grid.span(line.at, label_at) if label_at is not None else None
    own = [column for column in values if grid.anchor(line.at, column)[1] in values]
    if any(grid.is_formula(line.at, column) for column in own):
        return line
    if span is not None and any(span.holds(line.at, column) for column in values):
        return _caption(line)
    if (
        len(values) > 1
        and grid.span(line.at, values[0]).right >= values[-1]
        and grid.span(line.at, values[0]).top == line.at
    ):
        return _caption(line)
    if habits.coded:
        if line.official_code or (words.TOTAL.fullmatch(plain) and not line.label.endswith(":")):
            return line
        if not (habits.measured and line.unit_of_measure):
            return _caption(line)
    if habits.measured and not line.unit_of_measure and not words.TOTAL.fullmatch(plain):
        return _caption(line)
    if habits.framed and not any(grid.is_framed(line.at, column) for column in values):
        return _caption(line)
    if habits.typed and all(grid.cell(line.at, column).value is None for column in own):
        return _caption(line)
    if words.LEAD_IN.fullmatch(plain):
        return _caption(line, 0.9)
    if (
        habits.settled
        and not words.TOTAL.fullmatch(plain)
        and all(grid.is_blank(line.at, column) for column in values)
        and len({grid.cell(line.at, column).look.fill for column in [*columns.of("label"), *values]}) == 1
        and grid.cell(line.at, label_at if label_at is not None else values[0]).look.bold
    ):
        return _caption(line, 0.8)
    if (
        line.label.endswith(":")
        and not line.no
        and not line.unit_of_measure
        and not words.TOTAL.fullmatch(plain)
    ):
        return _caption(line, 0.7)
    return line


def _caption(line: Line, sure: float = 1.0) -> Line:
    return replace(line, role="caption", sure=sure)


def _levels(lines: Sequence[Line]) -> list[Line]:
    """The lines with their levels: by numbers, below these by bullets and indents."""
    with_tops = any(_is_top(line.no) for line in lines)
    indents = sorted({line.indent for line in lines if line.role == "item"})
    any_numbers = any(line.no for line in lines)
    numbered, last, bullets = 0, 0, list[str]()
    found = []
    for line in lines:
        if line.role in ("blank", "open"):
            found.append(line)
            continue
        if line.no:
            level = depth(line.no) + (with_tops and not _is_top(line.no))
            level = min(level, last + 1) if last else level
            numbered, bullets = level, []
        elif line.bullet:
            known = line.bullet in bullets
            bullets = bullets[: bullets.index(line.bullet) + 1] if known else [*bullets, line.bullet]
            level = numbered + len(bullets)
        elif words.TOTAL.fullmatch(bare(line.label)):
            level = 1
        elif len(indents) > 1 and line.role == "item":
            level = max(1 + indents.index(line.indent), 2 if numbered and any_numbers else 1)
        else:
            level = (
                numbered + 1 if numbered and any_numbers else max(1, last if line.role == "caption" else 1)
            )
        last = max(1, level)
        if not line.no and not line.bullet and not any_numbers and line.role == "item":
            numbered, bullets = last, []
        found.append(replace(line, level=last))
    return found


def _is_top(number: str) -> bool:
    """Whether a number is Roman or a capital letter, with those of figures below it."""
    return bool(number) and depth(number) == 1 and number[0].isalpha() and number.isupper()
