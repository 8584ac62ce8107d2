"""What an input cell takes: how typed answers are checked and asked for, and the live formulas beside it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reportctl.core import wording
from reportctl.core.cellrefs import column_name, quoted
from reportctl.core.language import N_, _
from reportctl.form import layout, rules
from reportctl.form.indicators import Indicator, Type
from reportctl.form.layout import IndicatorPlace, Layout, ListPlace, Place, answers_to
from reportctl.form.limits import limits
from reportctl.form.model import ListColumn, TextQuestion
from reportctl.form.names import headings, whole_heading
from reportctl.form.rules import Gap, Reference, Rule
from reportctl.form.tables import TableColumn

Item = Indicator | ListColumn

LONGEST_TEXT = 2000  # characters of a text among figures or in a list; text questions have no such limit
LONGEST_TITLE, LONGEST_MESSAGE = 32, 255  # Excel's limits for the messages of a cell
DECIMAL = frozenset({Type.NUMBER, Type.MONEY})
_FIGURES = frozenset({Type.COUNT, Type.NUMBER, Type.PERCENT, Type.MONEY})

WHOLE = "#,##0"
NUMBER_FORMATS = {
    Type.COUNT: WHOLE,
    Type.NUMBER: "#,##0.###",
    Type.MONEY: "#,##0.###",
    Type.PERCENT: "0.0%",
    Type.DATE: "dd/mm/yyyy",
}
# The years that a cell for a date takes: a licence may be old, or run for long. A year typed by itself, 1900
# to 2099, is the number of a day before them to a spreadsheet.
_FIRST_YEAR, _LAST_YEAR = 1910, 2099
AS_TEXT = "@"  # so that an answer that begins with = + - @ stays what it is

_EXPECTED = {
    Type.COUNT: N_("A whole number"),
    Type.NUMBER: N_("A number"),
    Type.MONEY: N_("An amount"),
    Type.PERCENT: N_("A percentage, such as 85%"),
    Type.DATE: N_("A date: day/month/year"),
    Type.YES_NO: N_("One of the answers in the list"),
    Type.CHOICE: N_("One of the answers in the list"),
}


def takes_estimate(item: Item) -> bool:
    """Whether an answer to `item` can be an estimate: a figure that is filled in."""
    return item.type in _FIGURES and not (isinstance(item, Indicator) and not item.filled_in)


def accepts(item: Item, cell: str) -> str:
    """An Excel expression, never an error, that is true where `cell` holds an answer to `item`.

    For what is typed; answers that are chosen from a list are for the list to check. "Not applicable" is
    an answer to everything.
    """
    if item.type not in NUMBER_FORMATS:
        return f"LEN({cell})<={LONGEST_TEXT}"
    conditions = [f"{cell}=INT({cell})"] if item.type is Type.COUNT else []
    if item.type is Type.DATE:
        conditions += [f"{cell}>=DATE({_FIRST_YEAR},1,1)", f"{cell}<=DATE({_LAST_YEAR},12,31)"]
    else:
        low, high = limits(item)
        conditions += [
            f"{cell}{sign}{end:.15g}" for sign, end in ((">=", low), ("<=", high)) if end is not None
        ]
    return f'IF(ISNUMBER({cell}),AND({",".join(conditions or ["TRUE"])}),{cell}="{layout.NOT_APPLICABLE}")'


def expected(item: Item) -> str:
    """What is to be typed, as a sentence: `Ghi số nguyên, từ 0 trở lên.`"""
    if item.type is Type.TEXT:
        return _("Text of at most {limit} characters.").format(limit=LONGEST_TEXT)
    bounds = limits(item) if item.type in _FIGURES else (None, None)
    low, high = (
        None if end is None else wording.percent(end) if item.type is Type.PERCENT else wording.number(end)
        for end in bounds
    )
    within = ""
    if low is not None and high is not None:
        within = _(", from {low} to {high}").format(low=low, high=high)
    elif low is not None:
        within = _(", not below {low}").format(low=low)
    elif high is not None:
        within = _(", not above {high}").format(high=high)
    return f"{_(_EXPECTED[item.type])}{within}."


def refusal(item: Item) -> str:
    """What is said where something else was typed."""
    mark = layout.NOT_APPLICABLE
    if item.type in _FIGURES:
        rest = _("Where there was none, write 0; where it does not apply, {mark}.").format(mark=mark)
    elif item.type is Type.TEXT:
        rest = ""
    else:
        rest = _("Where it does not apply, {mark}.").format(mark=mark)
    return cut(f"{expected(item)} {rest}", LONGEST_MESSAGE)


def short_heading(column: ListColumn | TableColumn) -> str:
    """As `whole_heading`, without the upper headings where it is long."""
    parts = [*map(str, headings(column)), str(column.name)]
    while len(parts) > 1 and len(" / ".join(parts)) > _LONGEST_LABEL:
        parts = parts[1:]
    return cut(" / ".join(parts), _LONGEST_LABEL)


def prompt(item: Item, column: TableColumn | None = None, *, names_row: bool = False) -> tuple[str, str]:
    """The title and the message shown when a cell for `item` is chosen.

    All cells of a table that take the same say the same, by the `column` where they stand: the labels of
    rows stay in sight, and thousands of messages make a file slow to open. A column that `names_row` names
    each row of its list once.
    """
    measure = item.measure if isinstance(item, Indicator) else item.unit_of_measure
    headed = column or (item if isinstance(item, ListColumn) else None)
    name, where = str(headed.name if headed else item.name), ""
    if headed and (headed.under or len(name) > LONGEST_TITLE):
        where = str(whole_heading(headed))
    parts = [
        f"{where}." if where else "",
        _("Names the row: the same name only once.") if names_row else "",
        _("Unit of measure: {measure}.").format(measure=measure) if str(measure) else "",
        expected(item),
        _("Counts from the beginning of the year.")
        if isinstance(item, Indicator) and item.cumulative
        else "",
        "" if item.required else _("May be left empty."),
        item.guide if isinstance(item, Indicator) else "",
    ]
    return cut(name, LONGEST_TITLE), cut(" ".join(parts), LONGEST_MESSAGE)


def notes(question: TextQuestion) -> list[str]:
    """What is to be borne in mind with a question that is answered in words, a sentence each."""
    sentences = [
        question.guide,
        _("At most {most} words.").format(most=question.max_words) if question.max_words else "",
        "" if question.required else _("May be left empty."),
    ]
    return [sentence for sentence in sentences if sentence]


def cut(text: str, length: int) -> str:
    """`text` in one line, cut between words where it is longer than `length`."""
    line = " ".join(text.split())
    return line if len(line) <= length else textwrap.shorten(line, length, placeholder="…")


_DEEPEST_FORMULA = 60  # Excel's limit is 64
LONGEST_FORMULA = 8000  # Excel's limit is 8192; a workbook with a longer one does not open
_LONGEST_LABEL = 60  # of a label quoted in a message: Excel takes 255 characters between quotes

_ROW = "\N{NULL}"  # stands for the row's number in the formula that all rows of a list share


@dataclass(frozen=True, slots=True)
class LiveFormula:
    """A formula, its value in the empty workbook, and an expression that is true where it is bad news."""

    formula: str
    value: str = ""
    alarm: str = ""


@dataclass(frozen=True, slots=True)
class LiveChecks:
    """Makes one workbook's live cells from its addresses, and where its answers to choose stand."""

    layout: Layout
    answers: Mapping[tuple[str, ...], Place]

    def figure(self, place: IndicatorPlace, shown: Sequence[Rule]) -> LiveFormula:
        """What is wrong with an indicator's figure: its type and limits, then the rules shown in its line."""
        if len(shown) == 1:
            broken = self.broken(shown[0], str(shown[0].words))
            if not fits(broken):
                broken = '""'
        else:
            broken = joined(self._following(rule) for rule in shown)
        empty = "; ".join(str(rule.words) for rule in shown if self.broken_when_empty(rule))
        if place.indicator.computed:
            return LiveFormula(f"={broken}", empty)
        cell, wrong = place.value.cell, literal(expected(place.indicator))
        return LiveFormula(f'=IF(OR({cell}="",{self.right(place.indicator, cell)}),{broken},{wrong})', empty)

    def list_rows(self, place: ListPlace) -> list[LiveFormula]:
        """For each input row of a list what it lacks or has wrong; nothing while the whole row is empty.

        Columns are named by their headings, or by their letters where a formula has no room for these.
        """
        columns = place.section.columns
        cells = [f"{column_name(place.column(column.code))}{_ROW}" for column in columns]
        parts = []
        for column, cell in zip(columns, cells, strict=True):
            label = short_heading(column)
            lacks = _("“{label}” is missing").format(label=label) if column.required else ""
            wrong = _("“{label}”: {expected}").format(label=label, expected=expected(column)[:-1])
            parts.append(
                f'IF({cell}="",{literal(following(lacks))},'
                f'IF({self.right(column, cell)},"",{literal(following(wrong))}))'
            )
        if sum(map(len, parts)) + len(parts) > LONGEST_FORMULA:
            parts = []
            for column, cell in zip(columns, cells, strict=True):
                letter = column_name(place.column(column.code))
                lacks = _("{column} is missing").format(column=letter) if column.required else ""
                wrong = _("{column} is wrong").format(column=letter)
                parts.append(
                    f'IF({cell}="",{literal(following(lacks))},'
                    f'IF({self.right(column, cell)},"",{literal(following(wrong))}))'
                )
        formula = f'=IF(COUNTA({cells[0]}:{cells[-1]})=0,"",{joined(parts)})'
        return [
            LiveFormula(formula.replace(_ROW, str(place.first_row + n))) for n in range(1, place.rows + 1)
        ]

    def progress(self) -> dict[str, LiveFormula]:
        """For each sheet that is filled in, the line that says how much is; of a list also which of the rules
        that speak of lists alone do not hold."""
        places, lines = self.layout, dict[str, LiveFormula]()
        if places.indicators:
            asked = [place.indicator for place in places.indicators.values()]
            required = sum(indicator.required and indicator.filled_in for indicator in asked)
            last = max(place.value.row for place in places.indicators.values())
            lines[layout.FIGURES] = _still_empty(
                _count_empty(layout.VALUE_COLUMN, layout.REQUIRED_COLUMN, last), required
            )
        if places.texts:
            required = sum(place.question.required for place in places.texts.values())
            last = max(place.value.row for place in places.texts.values())
            lines[layout.TEXTS] = _still_empty(
                _count_empty(layout.TEXT_COLUMN, layout.TEXT_REQUIRED_COLUMN, last), required
            )
        for table in places.tables.values():
            required = sum(cell.filled_in and cell.required for cell in table.cells.values())
            first, last = table.first_row + 1, table.last_row + 1
            empty = f"SUM({(name := f'${column_name(table.required_column)}$')}{first}:{name}{last})"
            lines[table.sheet] = _still_empty(empty, required)
        shown = places.rules
        for code, place in places.lists.items():
            message = _("{count} of {rows} rows are filled in").replace("{rows}", str(place.rows))
            formula, value = f"={_counted(message, place.count_expression)}", message.format(count=0)
            for rule in shown.get(code, ()):
                words = following(str(rule.words).rstrip("."))
                part = self.broken(rule, words)
                if fits(f"{formula}&{part}"):
                    formula += f"&{part}"
                if self.broken_when_empty(rule):
                    value += words
            cell = Place(place.sheet, layout.EMPTY_ROW, 1).cell
            alarm = f'ISNUMBER(FIND(";",{cell}))' if shown.get(code) else ""
            lines[place.sheet] = LiveFormula(formula, value, alarm)
        return lines

    def _following(self, rule: Rule) -> str:
        return self.broken(rule, following(str(rule.words).rstrip(".")))

    def unsaid(self) -> list[Rule]:
        """The rules that the checks of figures and lists have no room for."""
        rules: list[Rule] = []
        for code in self.layout.indicators:
            shown = self.layout.rules.get(code, ())
            kept = fitting([self._following(rule) for rule in shown])
            rules += [rule for place, rule in enumerate(shown) if place not in kept]
        for code, at in self.layout.lists.items():
            length = len(at.count_expression) + _LONGEST_LABEL
            for rule in self.layout.rules.get(code, ()):
                part = self._following(rule)
                if length + len(part) < LONGEST_FORMULA and fits(part):
                    length += len(part) + 1
                else:
                    rules.append(rule)
        return rules

    def broken(self, rule: Rule, words: str, sheet: str = "") -> str:
        """An expression for the text that says that `rule` does not hold, for a cell of the `sheet`."""
        prefix = f"{quoted(sheet)}!" if sheet else ""

        def address(reference: Reference) -> str | None:
            found = self.layout.address(reference)
            return found.replace(prefix, "") if found and prefix else found

        return rules.to_excel(rule.node, address, words, self.layout.form.is_rounded, rule.policy)[1:]

    def broken_when_empty(self, rule: Rule) -> bool:
        """Whether `rule` does not hold while nothing is filled in; earlier figures are left aside."""

        def value(reference: Reference) -> Gap | float:
            if reference.what in rules.EARLIER:
                return Gap.UNREADABLE
            if reference.what != "value":
                return 0.0
            return Gap.UNKNOWN if self.layout.address(reference) else Gap.NOTHING

        return rules.holds(rule.node, value, policy=rule.policy) is False

    def right(self, item: Item, cell: str) -> str:
        """An expression that is true where `cell`, which is not blank, answers `item`."""
        if choices := answers_to(item):
            return f"ISNUMBER(MATCH({cell},{self.answers[choices].down(len(choices))},0))"
        return accepts(item, cell)


def share(places: Layout, indicator: Indicator) -> str | None:
    """The formula of a worked-out share; None where the unit is not asked for both of its figures."""
    parts = [places.indicators.get(code) for code in (indicator.numerator, indicator.denominator)]
    top, bottom = (part.value.cell if part else "" for part in parts)
    if not top or not bottom:
        return None
    return f'=IF(OR(NOT(ISNUMBER({top})),N({bottom})=0),"",{top}/{bottom})'


def words(cell: str, most: int) -> LiveFormula:
    """How many words the text in `cell` has, of how many at most."""
    flat = f'TRIM(SUBSTITUTE({cell},CHAR(10)," "))'
    count = f'(LEN({flat})-LEN(SUBSTITUTE({flat}," ",""))+1)'
    message = _("{count} of at most {most} words").replace("{most}", str(most))
    return LiveFormula(
        f'=IF(LEN({flat})=0,"",{_counted(message, count)})', "", f"AND(LEN({flat})>0,{count}>{most})"
    )


def _count_empty(column: int, flags: int, last_row: int) -> str:
    """How many cells of the column `column` are empty, of those with a 1 in the column `flags`."""
    cells, ones = (
        f"${name}${layout.HEADER_ROW + 2}:${name}${last_row + 1}"
        for name in (column_name(column), column_name(flags))
    )
    return f"SUMPRODUCT({ones}*ISBLANK({cells}))"


def _still_empty(empty: str, required: int) -> LiveFormula:
    """The line that says how many of the `required` cells are empty, which the expression `empty` counts."""
    message, done = _("{count} required cells are still empty"), _("All required cells are filled in")
    value = message.format(count=required) if required else done
    return LiveFormula(f"=IF({empty}=0,{literal(done)},{_counted(message, empty)})", value, f"{empty}>0")


def _counted(message: str, expression: str) -> str:
    """`message` as an expression, with the value of `expression` in place of its {count}."""
    before, after = message.split("{count}")
    parts = [literal(before) if before else "", expression, literal(after) if after else ""]
    return "&".join(part for part in parts if part)


def literal(text: str) -> str:
    """`text` as a formula writes it."""
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def following(message: str) -> str:
    """A message as `joined` takes it."""
    return f"; {message}" if message else ""


def joined(parts: Iterable[str]) -> str:
    """An expression for the texts that `parts` give, each of which begins with "; " or is empty.

    What a formula has no room for is left out here; the returned file is checked for all of it.
    """
    given = list(parts)
    kept = [given[place] for place in fitting(given)]
    return f"MID({'&'.join(kept)},3,2000)" if kept else '""'


def fitting(parts: Sequence[str]) -> list[int]:
    """The places of those of the `parts` that one formula has room for."""
    kept, room = [], LONGEST_FORMULA
    for place, part in enumerate(parts):
        if len(part) < room and fits(part):
            kept.append(place)
            room -= len(part) + 1
    return kept


def fits(expression: str) -> bool:
    """Whether Excel takes a formula as long as this, and with brackets as deep within each other."""
    deep = deepest = 0
    for part in _BRACKETS.findall(expression):
        deep += {"(": 1, ")": -1}.get(part, 0)
        deepest = max(deep, deepest)
    return len(expression) < LONGEST_FORMULA and deepest < _DEEPEST_FORMULA


_BRACKETS = re.compile(r'"[^"]*"|[()]')
