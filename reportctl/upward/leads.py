"""What of this office's form leads to what the level above asks: the section [upward] of the settings."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from reportctl.core.errors import ReportctlError, capped, meant
from reportctl.core.language import _
from reportctl.core.letters import folded
from reportctl.form.hidden_sheet import AskedForm
from reportctl.form.indicators import AMOUNTS, Type
from reportctl.form.layout import NO, YES
from reportctl.form.model import Form
from reportctl.workspace.settings import Upward

ROWS, UNIT = "rows", "unit"  # of a list: how many rows it has; the name of the unit that a row is of
_CELL = re.compile(r"([a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*|\*)\.([a-z][a-z0-9_]*|\*)")


@dataclass(frozen=True, slots=True)
class Source:
    """A figure of this office: the indicator `code`, or how many units gave the `answer` to it; how many rows
    a list has, or what its `column` comes to.

    It is multiplied by `factor`; `converts`: that changes its unit of measure.
    """

    code: str
    answer: str = ""
    column: str = ""
    factor: Fraction = Fraction(1)
    converts: bool = False

    @property
    def name(self) -> str:
        """How it is written in the settings."""
        if self.answer:
            return f"{self.code}={self.answer}"
        return f"{self.code}.{self.column}" if self.column else self.code


@dataclass(frozen=True, slots=True)
class Leads:
    """What leads to the codes above: figures, of which several are added up; lists; columns of lists.

    `mapped` are the figures above that the settings name; `lost` is what they name and nobody asks.
    """

    figures: dict[str, list[Source]] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    mapped: set[str] = field(default_factory=set)
    lost: list[str] = field(default_factory=list)


def leads(form: Form, upward: Mapping[str, Upward], asked: AskedForm) -> Leads:
    """What the settings `upward` say, and where they say nothing, figures and lists with the same code in
    both forms.

    Raises `ReportctlError` with everything that the settings name and the form does not have.
    """
    found = Leads()
    problems = []
    for key, above in upward.items():
        try:
            _add(found, form, key, above, asked)
        except ValueError as error:
            problems.append(f'upward."{key}": {error}')
    if problems:
        raise ReportctlError(_("reportctl.toml cannot be followed:\n{wrong}").format(wrong=capped(problems)))
    found.mapped.update(found.figures)
    own_lists = {listed.code for listed in form.lists}
    for code in asked.answers:
        if code in form.indicators:
            answer = YES if form.indicators[code].type is Type.YES_NO else ""
            found.figures.setdefault(code, [Source(code, answer)])
    for code in asked.lists:
        if code in own_lists:
            found.lists.setdefault(code, code)
    return found


def _add(found: Leads, form: Form, key: str, above: Upward, asked: AskedForm) -> None:
    """Follow one line of the settings. Raises `ValueError` where it cannot be."""
    if "*" in key or "*" in above.to:
        pairs = list(_cells(form, key, above.to, asked.answers))
        if not pairs:
            found.lost.append(above.to)
    else:
        pairs = [(key, above.to)]
    for one, to in pairs:
        listed, _dot, column = one.partition(".")
        of_list = next((each for each in form.lists if each.code == listed), None)
        to_list, _dot, to_column = to.partition(".")
        if of_list and not column:
            if above.converts:
                raise ValueError(_("rows of a list are handed up as they are"))
            if to not in asked.lists:
                found.lost.append(to)
            elif found.lists.setdefault(to, listed) != listed:
                raise ValueError(_("two lists cannot become one"))
        elif of_list and to_list in asked.lists and to_column:
            if column != UNIT:
                _one_of(column, {one.code for one in of_list.columns})
            if found.columns.setdefault(to, column) != column:
                raise ValueError(_("two columns cannot become one"))
        else:
            source = _source(form, one, above)
            if to in asked.answers:
                found.figures.setdefault(to, []).append(source)
            else:
                found.lost.append(to)


def _cells(form: Form, key: str, to: str, asked: Collection[str]) -> Iterator[tuple[str, str]]:
    """The cells of our tables that a line with stars means, each with the cell above that is asked."""
    ours, theirs = _CELL.fullmatch(key), _CELL.fullmatch(to)
    if not ours or not theirs or key.count("*") != to.count("*"):
        raise ValueError(
            _("lines of tables are written on both sides with as many stars: {example}").format(
                example='"table.row.*" = "table.row.*"'
            )
        )
    table, row, column = ours.groups()
    cells = [
        cell
        for each in form.tables
        if each.code == table
        for cell in each.cells.values()
        if row in ("*", cell.row) and column in ("*", cell.column)
    ]
    if not cells:
        raise ValueError(_("the form has no such cells"))
    for cell in cells:
        stars = iter([part for given, part in ((row, cell.row), (column, cell.column)) if given == "*"])
        target = ".".join(next(stars) if part == "*" else part for part in theirs.groups())
        if target in asked:
            yield cell.code, target


def _source(form: Form, key: str, above: Upward) -> Source:
    """The figure that `key` means. Raises `ValueError` where there is none."""
    factor = Fraction(f"{above.times:.15g}") / Fraction(f"{above.divided_by:.15g}")
    code, equals, answer = (part.strip() for part in key.partition("="))
    if code in form.indicators:
        indicator = form.indicators[code]
        choices = (YES, NO) if indicator.type is Type.YES_NO else indicator.choices
        if equals:
            if indicator.type not in (Type.YES_NO, Type.CHOICE):
                raise ValueError(_("it is a figure; units are counted by their answers to a choice"))
            answer = next((choice for choice in choices if folded(choice) == folded(answer)), answer)
            _one_of(answer, choices)
        elif indicator.type is Type.YES_NO:
            answer = YES
        elif not indicator.numeric:
            example = f'"{code}={choices[0]}" = "{above.to}"' if choices else ""
            raise ValueError(
                _("how many units gave which answer is said as {example}").format(example=example)
                if choices
                else _("it is no figure, and nothing that could be counted")
            )
        return Source(code, answer, factor=factor, converts=above.converts)
    listed, _dot, column = code.partition(".")
    of_list = next((each for each in form.lists if each.code == listed), None)
    if of_list and not equals:
        _one_of(column, {ROWS, *(one.code for one in of_list.columns)})
        if any(one.code == column and one.type not in AMOUNTS for one in of_list.columns):
            raise ValueError(_("this column holds no figures that could be added up"))
        return Source(listed, column=column, factor=factor, converts=above.converts)
    if any(text.code == code for text in form.texts):
        raise ValueError(
            _("texts are the office's own; give them with --text {code}=…").format(code=above.to)
        )
    _one_of(code, [*form.indicators, *(each.code for each in form.lists)])
    raise ValueError(_("it is no figure, and nothing that could be counted"))


def _one_of(word: str, known: Collection[str]) -> None:
    """Raises `ValueError` for a word that is not known, with the nearest that is."""
    if word not in known:
        raise ValueError(meant(_("the form has no “{word}”").format(word=word), word, known))
