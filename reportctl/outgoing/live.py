"""What a workbook says by itself while it is being filled in: formulas with the values they have at first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reportctl.core.language import _
from reportctl.core.period import Window
from reportctl.form import layout, rules
from reportctl.form.layout import IndicatorPlace, Layout, ListPlace, Place, answers_to, column_name
from reportctl.form.model import Indicator, Rule
from reportctl.form.rules import Gap, Reference
from reportctl.outgoing import input_cells as inputs

LONGEST_FORMULA = 8000  # Excel's limit is 8192; a workbook with a longer one does not open
_LONGEST_LABEL = 60  # of a label quoted in a message: Excel takes 255 characters between quotes

_ROW = "\N{NULL}"  # stands for the row's number in the formula that all rows of a list share


@dataclass(frozen=True, slots=True)
class Live:
    """A formula, its value in the empty workbook, and an expression that is true where it is bad news."""

    formula: str
    value: str = ""
    alarm: str = ""


@dataclass(frozen=True, slots=True)
class Checker:
    """Makes one workbook's live cells from its addresses, its days, where its answers to choose stand."""

    layout: Layout
    window: Window
    answers: Mapping[tuple[str, ...], Place]

    def figure(self, place: IndicatorPlace, shown: Sequence[Rule]) -> Live:
        """What is wrong with an indicator's figure: its type and limits, then the rules shown in its line."""
        said, cell = self._broken(shown), place.value.cell
        if place.indicator.computed:
            return Live(f"={said}")
        wrong = _literal(inputs.expected(place.indicator))
        return Live(f'=IF(OR({cell}="",{self._right(place.indicator, cell)}),{said},{wrong})')

    def list_rows(self, place: ListPlace) -> list[Live]:
        """For each input row of a list what it lacks or has wrong; nothing while the whole row is empty."""
        parts, cells = [], []
        for column in place.section.columns:
            cell = f"{column_name(place.column(column.code))}{_ROW}"
            cells.append(cell)
            label = inputs.cut(str(column.name), _LONGEST_LABEL)
            lacks = _("“{label}” is missing").format(label=label) if column.required else ""
            wrong = _("“{label}”: {expected}").format(label=label, expected=inputs.expected(column)[:-1])
            parts.append(
                f'IF({cell}="",{_literal(_next(lacks))},'
                f'IF({self._right(column, cell)},"",{_literal(_next(wrong))}))'
            )
        formula = f'=IF(COUNTA({cells[0]}:{cells[-1]})=0,"",{_joined(parts)})'
        return [Live(formula.replace(_ROW, str(place.first_row + n))) for n in range(1, place.rows + 1)]

    def progress(self) -> dict[str, Live]:
        """For each sheet that is filled in, the line that says how much is."""
        places, lines = self.layout, dict[str, Live]()
        if places.indicators:
            asked = [place.indicator for place in places.indicators.values()]
            required = sum(indicator.required and not indicator.computed for indicator in asked)
            last = max(place.value.row for place in places.indicators.values())
            lines[layout.FIGURES] = _still_empty(layout.VALUE_COLUMN, layout.REQUIRED_COLUMN, last, required)
        if places.texts:
            required = sum(place.question.required for place in places.texts.values())
            last = max(place.value.row for place in places.texts.values())
            lines[layout.TEXTS] = _still_empty(
                layout.TEXT_COLUMN, layout.TEXT_REQUIRED_COLUMN, last, required
            )
        shown = places.list_rules()
        return lines | {
            p.sheet: self._rows_filled(p, shown.get(code, ())) for code, p in places.lists.items()
        }

    def _rows_filled(self, place: ListPlace, shown: Sequence[Rule]) -> Live:
        """How many rows of a list are filled in, and which rules that speak of lists alone do not hold."""
        message = _("{count} of {rows} rows are filled in").replace("{rows}", str(place.rows))
        formula, value = f"={_counted(message, place.count_expression)}", message.format(count=0)
        for rule in shown:
            said = _next(str(rule.words).rstrip("."))
            part = rules.to_excel(rule.node, self.layout.address, said)[1:]
            if len(formula) + len(part) < LONGEST_FORMULA:
                formula += f"&{part}"
            if rules.holds(rule.node, _nothing_yet) is False:
                value += said
        line = Place(place.sheet, layout.EMPTY_ROW, 1).cell
        return Live(formula, value, f'ISNUMBER(FIND(";",{line}))' if shown else "")

    def _right(self, item: inputs.Item, cell: str) -> str:
        """An expression that is true where `cell`, which is not blank, answers `item`."""
        if choices := answers_to(item):
            return f"ISNUMBER(MATCH({cell},{self.answers[choices].down(len(choices))},0))"
        return inputs.accepts(item, cell, self.window)

    def _broken(self, shown: Sequence[Rule]) -> str:
        """An expression for the messages of the rules that do not hold."""
        if len(shown) == 1:
            alone = rules.to_excel(shown[0].node, self.layout.address, str(shown[0].words))[1:]
            return alone if len(alone) < LONGEST_FORMULA else '""'
        return _joined(
            rules.to_excel(rule.node, self.layout.address, _next(str(rule.words).rstrip(".")))[1:]
            for rule in shown
        )


def share(places: Layout, indicator: Indicator) -> str | None:
    """The formula of a worked-out share; None where the unit is not asked for both of its figures."""
    parts = [places.indicators.get(code) for code in (indicator.numerator, indicator.denominator)]
    top, bottom = (part.value.cell if part else "" for part in parts)
    if not top or not bottom:
        return None
    return f'=IF(OR(NOT(ISNUMBER({top})),N({bottom})=0),"",{top}/{bottom})'


def words(cell: str, most: int) -> Live:
    """How many words the text in `cell` has, of how many at most."""
    flat = f'TRIM(SUBSTITUTE({cell},CHAR(10)," "))'
    count = f'(LEN({flat})-LEN(SUBSTITUTE({flat}," ",""))+1)'
    message = _("{count} of at most {most} words").replace("{most}", str(most))
    return Live(f'=IF(LEN({flat})=0,"",{_counted(message, count)})', "", f"AND(LEN({flat})>0,{count}>{most})")


def _still_empty(column: int, flags: int, last_row: int, required: int) -> Live:
    """How many cells of the column `column` are empty, of those with a 1 in the column `flags`."""
    cells, ones = (
        f"${name}${layout.HEADER_ROW + 2}:${name}${last_row + 1}"
        for name in (column_name(column), column_name(flags))
    )
    empty = f"SUMPRODUCT({ones}*ISBLANK({cells}))"
    message, done = _("{count} required cells are still empty"), _("All required cells are filled in")
    value = message.format(count=required) if required else done
    return Live(f"=IF({empty}=0,{_literal(done)},{_counted(message, empty)})", value, f"{empty}>0")


def _counted(message: str, expression: str) -> str:
    """`message` as an expression, with the value of `expression` in place of its {count}."""
    before, after = message.split("{count}")
    parts = [_literal(before) if before else "", expression, _literal(after) if after else ""]
    return "&".join(part for part in parts if part)


def _literal(text: str) -> str:
    """`text` as a formula writes it."""
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def _next(message: str) -> str:
    """A message as `_joined` takes it."""
    return f"; {message}" if message else ""


def _joined(parts: Iterable[str]) -> str:
    """An expression for the texts that `parts` give, each of which begins with "; " or is empty.

    What a formula has no room for is left out here; the returned file is checked for all of it.
    """
    kept: list[str] = []
    room = LONGEST_FORMULA
    for part in parts:
        if len(part) < room:
            kept.append(part)
            room -= len(part) + 1
    return f"MID({'&'.join(kept)},3,2000)" if kept else '""'


def _nothing_yet(reference: Reference) -> rules.Operand:
    """An empty workbook as a rule that speaks of lists alone sees it."""
    return Gap.NOTHING if reference.what == "value" else 0.0
