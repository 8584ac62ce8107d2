"""A rule between figures: parsed once, evaluated on answers or rendered as an Excel formula.

    press_total = press_print + press_radio
    meeting_attendance = 0 or meetings > 0
    rows(conferences) = conferences_held
    rooms.library.public <= rooms.total.public
    rooms.library.* <= rooms.total.*
    total(classes.attendance) <= training_attendance

Comparisons `= <> < <= > >=`, sums and products, `and`, `or`, `not`, brackets, numbers.
A cell of a table is `table.row.column`; with `*` in place of row or column, the rule holds for every one
of them. `rows(list)` counts the filled rows of a list, `total(list.column)` adds a column of it up.

A figure that is blank or unreadable makes the whole rule undecided: blank is never zero. A figure that
does not apply counts as nothing in a sum; a product or quotient with it is nothing, as is a division by
zero. A comparison one of whose sides is nothing speaks for the rule: it holds, or under `not` does not.

Figures that are typed with decimals (numbers, money, percentages) have been rounded, each by itself. So where
sums of them are compared, they are equal as long as what rounding took may explain the difference: half a
unit of the last decimal for each figure that stands in the comparison, totals of lists with all their rows.
The last decimal is that of the figure which has the most, at most the fifth. Whole figures are compared
exactly, and so is one figure with another, and whatever is multiplied or divided.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple


class Gap(Enum):
    """What stands for a figure that is no number."""

    UNKNOWN = "unknown"  # blank or unreadable
    NOTHING = "nothing"  # does not apply


class Reference(NamedTuple):
    """What a rule asks for: a figure (`what` is "value"), a list's "rows", or the "total" of its column."""

    what: str
    code: str
    column: str = ""


@dataclass(frozen=True)
class Node:
    """A parsed expression: an operator and its operands."""

    operator: str  # "number", "reference", "not", "and", "or", "+", "-", "*", "/", "=", "<>", "<", …
    operands: tuple[Node, ...] = ()
    number: float = 0
    reference: Reference | None = None

    @functools.cached_property
    def references(self) -> tuple[Reference, ...]:
        """Everything that it asks for, in the order written, repeats included."""
        own = (self.reference,) if self.reference else ()
        return own + tuple(asked for operand in self.operands for asked in operand.references)


Operand = float | Gap
# A total may also be given as all the figures that it adds up.
Lookup = Callable[[Reference], Operand | tuple[float, ...]]
Address = Callable[[Reference], str | None]
Rounded = Callable[[Reference], bool]  # whether what it asks for is typed with decimals


def _none(_reference: Reference) -> bool:
    return False


class RuleSyntaxError(ValueError):
    """A rule that cannot be read; `str()` is the text at which reading stopped."""


_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|([a-z][a-z0-9_]*)|(<=|>=|<>|!=|==|[-+*/()<>=.]))")
_COMPARE = ("=", "<>", "<", "<=", ">", ">=")
_NOT = ("not",)
_LEVELS = (("or",), ("and",), _NOT, _COMPARE, ("+", "-"), ("*", "/"))  # what binds least comes first
_SAME = {"==": "=", "!=": "<>"}
RESERVED = ("and", "or", "not", "rows", "total")
TOLERANCE = 5e-7  # as ROUND(…,6) in the Excel formula
_MOST_PLACES = 5  # decimals that are told apart, and the next: what a float may be off a decimal fraction
_NOISE = 1e-9


class _Parser:
    """Recursive descent over the tokens of one rule."""

    def __init__(self, text: str) -> None:
        self.tokens: list[str] = []
        self.at = position = 0
        text = text.rstrip()
        while position < len(text):
            found = _TOKEN.match(text, position)
            if not found:
                raise RuleSyntaxError(text[position:].strip())
            token = found[found.lastindex or 0]
            self.tokens.append(_SAME.get(token, token))
            position = found.end()

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, expected: str = "") -> str:
        token = self.peek()
        if not token or (expected and token != expected):
            raise RuleSyntaxError(" ".join(self.tokens[max(0, self.at - 1) :]))
        self.at += 1
        return token

    def expression(self, level: int = 0) -> Node:
        """An expression of operators of `level` and those that bind more."""
        if level == len(_LEVELS):
            return self.atom()
        operators = _LEVELS[level]
        if operators is _NOT:
            if self.peek() != "not":
                return self.expression(level + 1)
            return Node(self.take(), (self.expression(level),))
        node = self.expression(level + 1)
        while self.peek() in operators:
            node = Node(self.take(), (node, self.expression(level + 1)))
            if operators is _COMPARE:
                break
        return node

    def atom(self) -> Node:
        token = self.take()
        if token == "(":
            node = self.expression()
            self.take(")")
            return node
        if token[0].isdigit():
            return Node("number", number=float(token))
        if token not in ("rows", "total"):
            self.at -= 1
            return Node("reference", reference=Reference("value", self.figure()))
        self.take("(")
        code, column = self.name(), ""
        if token == "total":
            self.take(".")
            column = self.part()
        self.take(")")
        return Node("reference", reference=Reference(token, code, column))

    def figure(self) -> str:
        """The code of a figure, or of a table's cell: `table.row.column`, with * for every row or column."""
        code = self.name()
        if self.peek() != ".":
            return code
        for _part in ("row", "column"):
            self.take(".")
            code += "." + (self.take("*") if self.peek() == "*" else self.part())
        return code

    def name(self) -> str:
        if self.peek() in RESERVED:
            raise RuleSyntaxError(" ".join(self.tokens[self.at :]))
        return self.part()

    def part(self) -> str:
        """A name after a point, where words that have a meaning of their own are names like others."""
        token = self.take()
        if not token[0].isalpha():
            self.at -= 1
            raise RuleSyntaxError(" ".join(self.tokens[self.at :]))
        return token


def _check_kinds(node: Node) -> bool:
    """Whether `node` says true or false; raises where a number stands for a condition or the reverse."""
    logic = node.operator in ("and", "or", "not")
    conditions = [_check_kinds(operand) for operand in node.operands]
    if any(condition != logic for condition in conditions):
        raise RuleSyntaxError(node.operator)
    return logic or node.operator in _COMPARE


def parse(text: str) -> Node:
    """The expression in `text`. Raises `RuleSyntaxError`; a rule must say true or false as a whole."""
    parser = _Parser(text)
    node = parser.expression()
    if parser.peek():
        raise RuleSyntaxError(" ".join(parser.tokens[parser.at :]))
    if not _check_kinds(node):
        raise RuleSyntaxError(text.strip())
    return node


def holds(node: Node, lookup: Lookup, rounded: Rounded = _none) -> bool | None:
    """Whether the rule holds on the figures that `lookup` gives; None where one of them is unknown."""
    figures = _Figures({}, {})
    for reference in node.references:
        found = lookup(reference)
        if found is Gap.UNKNOWN:
            return None
        figures.values[reference] = value_of(found)
        if rounded(reference) and not isinstance(found, Gap):
            figures.rounded[reference] = found if isinstance(found, tuple) else (found,)
    return _truth(node, figures)


def value_of(found: Operand | tuple[float, ...]) -> Operand:
    """What a lookup has found, as one amount."""
    return sum(found) if isinstance(found, tuple) else found


@dataclass(frozen=True, slots=True)
class _Figures:
    """The amounts that a rule asks for; those of them that were typed with decimals, each by itself."""

    values: dict[Reference, Operand]
    rounded: dict[Reference, tuple[float, ...]]

    def margin(self, comparison: Node) -> float:
        """How much rounding may have taken apart the two sides of `comparison`."""
        if not _compares_sums(comparison):
            return 0
        typed = [one for asked in comparison.references for one in self.rounded.get(asked, ())]
        places = sum(
            sum(abs(round(one, place) - one) for one in typed) > _NOISE for place in range(_MOST_PLACES)
        )
        return len(typed) * _HALVES[places]


# Half a unit of the last decimal, by the number of decimals.
_HALVES = (0, 0.05, 0.005, 0.0005, 0.00005, 0.000005)


def _compares_sums(comparison: Node) -> bool:
    """Whether sums of figures are compared, not just one figure with another, nor anything else."""
    parts, adds = list(comparison.operands), False
    for part in parts:
        if part.operator not in ("+", "-", "number", "reference"):
            return False
        adds |= part.operator in "+-" or bool(part.reference and part.reference.what == "total")
        parts += part.operands
    return adds


def _truth(node: Node, figures: _Figures, vacant: bool = True) -> bool:
    """Whether `node` is true; `vacant` is what a comparison with nothing says, so that the rule holds."""
    if node.operator == "not":
        return not _truth(node.operands[0], figures, not vacant)
    if node.operator == "and":
        return all(_truth(operand, figures, vacant) for operand in node.operands)
    if node.operator == "or":
        return any(_truth(operand, figures, vacant) for operand in node.operands)
    left, right = amount(node.operands[0], figures.values), amount(node.operands[1], figures.values)
    if isinstance(left, Gap) or isinstance(right, Gap):
        return vacant
    gap = left - right
    equal = abs(gap) - figures.margin(node) < TOLERANCE
    match node.operator:
        case "=":
            return equal
        case "<>":
            return not equal
        case "<":
            return gap < 0 and not equal
        case "<=":
            return gap < 0 or equal
        case ">":
            return gap > 0 and not equal
    return gap > 0 or equal


def amount(node: Node, values: Mapping[Reference, Operand]) -> Operand:
    """What a sum, product or figure comes to, by the amounts that it asks for."""
    if node.reference:
        return values[node.reference]
    if node.operator == "number":
        return node.number
    left, right = amount(node.operands[0], values), amount(node.operands[1], values)
    if isinstance(left, Gap) or isinstance(right, Gap):
        if node.operator in "*/":
            return Gap.NOTHING
        if isinstance(right, Gap):
            return left
        return right if node.operator == "+" else -float(right)
    match node.operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
    return left / right if right else Gap.NOTHING


def to_excel(node: Node, address: Address, message: str, rounded: Rounded = _none) -> str:
    """The rule as an Excel formula: empty text while it holds or is undecided, else `message`.

    `address` gives the cell or range expression of a reference, or None where the sheet has no such cell:
    for a value a cell, for rows an expression that counts them, for a total a range.
    """
    asked = dict.fromkeys(r for r in node.references if r.what == "value")
    known = "".join(f',{cell}<>""' for r in asked if (cell := address(r)))
    quoted = message.replace('"', '""')
    check = f'IF({_excel_truth(node, address, rounded)},"","{quoted}")'
    return f'=IF(AND(TRUE{known}),{check},"")' if known else f"={check}"


def _excel_truth(node: Node, address: Address, rounded: Rounded, vacant: bool = True) -> str:
    """The condition `node`; `vacant` is what a comparison with nothing says, so that the rule holds."""
    inner = node.operands
    if node.operator == "not":
        return f"NOT({_excel_truth(inner[0], address, rounded, not vacant)})"
    if node.operator in ("and", "or"):
        conditions = (_excel_truth(operand, address, rounded, vacant) for operand in inner)
        return f"{node.operator.upper()}({','.join(conditions)})"
    left, right = (_excel_amount(side, address) for side in inner)
    gap, margin = f"{left}-({right})", _excel_margin(node, address, rounded)
    if not margin:
        compared = f"ROUND({gap},6){node.operator}0"
    elif node.operator in ("=", "<>"):
        compared = f"ROUND(ABS({gap})-{margin},6){'<=' if node.operator == '=' else '>'}0"
    else:
        sign = "-" if node.operator in ("<=", ">") else "+"
        compared = f"ROUND({gap}{sign}{margin},6){node.operator}0"
    gone = _any(_excel_nothing(side, address) for side in inner)
    if not gone:
        return compared
    return f"OR({gone},{compared})" if vacant else f"AND(NOT({gone}),{compared})"


def _excel_margin(comparison: Node, address: Address, rounded: Rounded) -> str:
    """What `_Figures.margin` says, as an expression; empty where nothing is rounded."""
    asked = [one for one in comparison.references if rounded(one)] if _compares_sums(comparison) else []
    placed = [(one.what, cell) for one in asked if (cell := address(one))]
    if not placed:
        return ""
    places = ",".join(str(place) for place in range(_MOST_PLACES))
    single = "+".join(f"ABS(ROUND(N({c}),{{{places}}})-N({c}))" for what, c in placed if what == "value")
    # Of how many places rounding changes a figure, that many decimals it has.
    counted = [f"SUMPRODUCT(--({single}>1E-9))"] if single else []
    # In SUMPRODUCT every program works MAX out for all cells; texts are errors that count for nothing.
    counted += [
        f"SUMPRODUCT(MAX(ISNUMBER({c})*ISERROR(1/(ABS(ROUND({c},{{{places}}})-{c})<=1E-9))*{{1,2,3,4,5}}))"
        for what, c in dict.fromkeys(placed)
        if what == "total"
    ]
    most = f"MAX({','.join(counted)})" if len(counted) > 1 else counted[0]
    halves = ",".join(f"{half:f}".rstrip("0").rstrip(".") for half in _HALVES)
    return f"COUNT({','.join(c for _what, c in placed)})*CHOOSE(1+{most},{halves})"


def _excel_nothing(node: Node, address: Address) -> str:
    """The condition that the amount `node` is nothing; empty where it never is."""
    if node.reference:
        if node.reference.what != "value":
            return ""
        cell = address(node.reference)
        return f"COUNT({cell})=0" if cell else "TRUE"
    if node.operator == "number":
        return ""
    left, right = (_excel_nothing(operand, address) for operand in node.operands)
    if node.operator in "+-":
        return f"AND({left},{right})" if left and right else ""
    zero = f"{_excel_amount(node.operands[1], address)}=0" if node.operator == "/" else ""
    return _any((left, right, zero))


def _any(conditions: Iterable[str]) -> str:
    given = [condition for condition in conditions if condition]
    return f"OR({','.join(given)})" if len(given) > 1 else "".join(given)


def _excel_amount(node: Node, address: Address) -> str:
    if node.operator == "number":
        return f"{node.number:.15g}"
    if node.reference:
        cell = address(node.reference)
        if cell is None:
            return "0"
        match node.reference.what:
            case "value":
                return f"N({cell})"
            case "total":
                return f"SUM({cell})"
        return cell
    left, right = (_excel_amount(operand, address) for operand in node.operands)
    worked_out = f"({left}{node.operator}{right})"
    nothing = _excel_nothing(node, address) if node.operator in "*/" else ""
    return f"IF({nothing},0,{worked_out})" if nothing else worked_out
