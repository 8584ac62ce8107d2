"""A rule between figures: parsed once, evaluated on answers or rendered as an Excel formula.

    press_total = press_print + press_radio
    meeting_attendance = 0 or meetings > 0
    rows(conferences) = conferences_held
    rooms.library.public <= rooms.total.public
    rooms.library.* <= rooms.total.*
    total(classes.attendance) <= training_attendance
    stock = previous(stock) + received - given_out
    if(meetings > 0, attendance > 0, attendance = 0)

Comparisons `= <> < <= > >=`, sums and products, `and`, `or`, `not`, brackets, numbers; a minus before any
amount, such as `-0.3` or `-(a + b)`.
A cell of a table is `table.row.column`; with `*` in place of row or column, the rule holds for every one
of them. `rows(list)` counts the filled rows of a list, `total(list.column)` adds a column of it up.
`sum(…)` adds up figures; what it says of sections and of lines of tables, the form puts as their codes
(`Form.added`). `previous(x)` and `year_ago(x)` are the unit's own figure of the quarter before and of the
same quarter of last year. `blank(x)` is a condition; `if(condition, a, b)` is a where it holds, else b: two
amounts, or two conditions.

A figure that is blank makes the whole rule undecided, unless its `Policy` says otherwise: blank is never
zero by itself. One that is unreadable, or an earlier one that is not known, always does. Of an `if` only what
is chosen counts. A figure that does not apply counts as nothing in a sum; a product or quotient with it is
nothing, as is a division by zero, and an `if` whose condition rests on nothing. A comparison one of whose
sides is nothing speaks for the rule: it holds, or under `not` does not.

Figures that are typed with decimals (numbers, money, percentages) have been rounded, each by itself. So where
sums of them are compared, they are equal as long as what rounding took may explain the difference: half a
unit of the last decimal for each figure that stands in the comparison, totals of lists with all their rows.
The last decimal is that of the figure which has the most, at most the fifth. Whole figures are compared
exactly, and so is one figure with another, and whatever is multiplied or divided.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from reportctl.core.language import Phrase
from reportctl.form.names import Model, NonEmpty


class Rule(Model):
    """What must hold between figures; `check` is an expression as above. `tolerance` is by how much
    two sides may differ besides rounding, `missing` what a blank figure does."""

    code: NonEmpty
    check: NonEmpty
    severity: Literal["error", "warning", "note"] = "error"
    message: Annotated[str, Field(min_length=1, max_length=200)]
    message_en: Annotated[str, Field(max_length=200)] = ""
    tolerance: float = Field(default=0, ge=0)
    missing: Literal["skip", "zero", "error"] = "skip"

    @property
    def policy(self) -> Policy:
        """How it is judged."""
        return Policy(self.tolerance, self.missing)

    def with_check(self, check: str) -> Rule:
        """The same rule with another expression, which can be read."""
        said = {name: getattr(self, name) for name in type(self).model_fields}
        return Rule.model_construct(self.model_fields_set, **(said | {"check": check}))

    @property
    def words(self) -> Phrase:
        """Its message in both languages."""
        return Phrase(self.message, self.message_en)

    @functools.cached_property
    def node(self) -> Node:
        """The parsed expression."""
        return parse(self.check)


class Gap(Enum):
    """What stands for a figure that is no number."""

    UNKNOWN = "unknown"  # blank
    UNREADABLE = "unreadable"  # cannot be taken for a figure, or is not known: nothing can be said
    NOTHING = "nothing"  # does not apply


class Policy(NamedTuple):
    """How a rule is judged: by how much the two sides of its comparisons may differ and still count as equal,
    besides rounding; what a blank figure does: "skip" leaves it undecided, "zero" is 0, "error" breaks it."""

    tolerance: float = 0
    missing: str = "skip"


class Reference(NamedTuple):
    """What a rule asks for: a figure (`what` is "value"), whether it is "blank", the figure of the quarter
    before ("previous") or of the year before ("year_ago"), a list's "rows", or the "total" of its column."""

    what: str
    code: str
    column: str = ""


@dataclass(frozen=True)
class Node:
    """A parsed expression: an operator and its operands."""

    operator: str  # "number", "reference", "sum", "negative", "if", "blank", "not", "and", "or", "+", "=", …
    operands: tuple[Node, ...] = ()
    number: float = 0
    reference: Reference | None = None

    @functools.cached_property
    def references(self) -> tuple[Reference, ...]:
        """Everything that it asks for, in the order written, repeats included."""
        return tuple(node.reference for node in self.walk() if node.reference)

    @functools.cached_property
    def earlier(self) -> tuple[Reference, ...]:
        """What it asks of earlier quarters."""
        return tuple(asked for asked in self.references if asked.what in EARLIER)

    @functools.cached_property
    def balance(self) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
        """Where it says that sums of figures are equal: the codes of those that make as much together as the
        others. None where it says anything else."""
        found: dict[int, list[str]] = {1: [], -1: []}
        ahead = list(zip((1, -1), self.operands, strict=True)) if self.operator == "=" else []
        while ahead:  # sums of many figures are deep
            sign, node = ahead.pop()
            if node.reference and node.reference.what == "value":
                found[sign].append(node.reference.code)
            elif node.operator in ("+", "sum"):
                ahead += [(sign, operand) for operand in node.operands]
            elif node.operator == "-":
                ahead += zip((sign, -sign), node.operands, strict=True)
            elif node.operator == "negative":
                ahead.append((-sign, node.operands[0]))
            else:
                return None
        return (tuple(found[1]), tuple(found[-1])) if self.operator == "=" else None

    def walk(self) -> Iterator[Node]:
        """It and all below it, from left to right; sums of many figures are deep."""
        ahead = [self]
        while ahead:
            node = ahead.pop()
            yield node
            ahead += reversed(node.operands)


Operand = float | Gap
# A total may also be given as all the figures that it adds up.
Lookup = Callable[[Reference], Operand | tuple[Operand, ...]]
Address = Callable[[Reference], str | None]
Rounded = Callable[[Reference], bool]  # whether what it asks for is typed with decimals


_STANDARD = Policy()
_UNDECIDED = {Gap.UNKNOWN, Gap.UNREADABLE}


def _none(_reference: Reference) -> bool:
    return False


class RuleSyntaxError(ValueError):
    """A rule that cannot be read; `str()` is the text at which reading stopped."""


_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|([a-z][a-z0-9_]*)|(<=|>=|<>|!=|==|[-+*/()<>=.,]))")
_COMPARE = ("=", "<>", "<", "<=", ">", ">=")
_NOT = ("not",)
_LEVELS = (("or",), ("and",), _NOT, _COMPARE, ("+", "-"), ("*", "/"))  # what binds least comes first
_SAME = {"==": "=", "!=": "<>"}
RESERVED = ("and", "or", "not", "rows", "total")
EARLIER = ("previous", "year_ago")
FIGURES = ("value", *EARLIER)  # what is one figure
# Before a bracket; else they are codes like others.
_FUNCTIONS = ("sum", "if", "blank", *EARLIER)
NOT_APPLICABLE = "KAD"  # as it stands in workbooks
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
        if token == "-":
            return Node("negative", (self.atom(),))
        if token[0].isdigit():
            return Node("number", number=float(token))
        if token in _FUNCTIONS and self.peek() == "(":
            return self.function(token)
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

    def function(self, name: str) -> Node:
        """What stands in the brackets after one of the `_FUNCTIONS`."""
        operands: list[Node] = []
        while not operands or (self.peek() == "," and name in ("sum", "if")):
            self.take("," if operands else "(")
            if name == "if":
                operands.append(self.expression())
            else:
                what = name if name in EARLIER else "value"
                operands.append(Node("reference", reference=Reference(what, self.figure())))
        self.take(")")
        if name == "if" and len(operands) != 3:
            raise RuleSyntaxError("if")
        if name in EARLIER:
            return operands[0]
        if name == "blank" and operands[0].reference:
            return Node("blank", reference=Reference("blank", operands[0].reference.code))
        return Node(name, tuple(operands))

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
    if node.operator == "if":
        if not conditions[0] or conditions[1] is not conditions[2]:
            raise RuleSyntaxError("if")
        return conditions[1]
    if any(condition != logic for condition in conditions):
        raise RuleSyntaxError(node.operator)
    return logic or node.operator == "blank" or node.operator in _COMPARE


def parse(text: str) -> Node:
    """The expression in `text`. Raises `RuleSyntaxError`; a rule must say true or false as a whole."""
    parser = _Parser(text)
    node = parser.expression()
    if parser.peek():
        raise RuleSyntaxError(" ".join(parser.tokens[parser.at :]))
    if not _check_kinds(node):
        raise RuleSyntaxError(text.strip())
    return node


def sums_in(node: Node) -> Iterator[tuple[Reference, ...]]:
    """What each sum or difference of a rule adds up: figures, rows and totals of lists. Products and numbers
    in it are left out, and so are sums of which it is only asked whether they are zero, or more."""
    ahead = [node]
    while ahead:
        one = ahead.pop()
        compared_with_zero = one.operator in _COMPARE and any(
            side.operator == "number" and not side.number for side in one.operands
        )
        inner = one.operands
        if one.operator in _ADDING:
            parts = tuple(_parts(one))
            yield tuple(part.reference for part in parts if part.reference)
            inner = parts
        ahead += () if compared_with_zero else reversed(inner)


def adds_up(node: Node, numbers: Mapping[str, int]) -> bool:
    """Whether the rule says that sums are equal and they are, to the last digit, by whole `numbers` alone. So
    it is with nearly all sums of tables; of any other rule `holds` tells."""
    if node.balance is None:
        return False
    some, others = node.balance
    try:
        return sum(map(numbers.__getitem__, some)) == sum(map(numbers.__getitem__, others))
    except KeyError:
        return False


def holds(node: Node, lookup: Lookup, rounded: Rounded = _none, policy: Policy = _STANDARD) -> bool | None:
    """Whether the rule holds on the figures that `lookup` gives; None where it is undecided."""
    figures = _Figures({}, {}, policy.tolerance)
    decided = True
    for reference in dict.fromkeys(node.references):
        if reference.what == "blank":
            figures.values[reference] = lookup(Reference("value", reference.code)) is Gap.UNKNOWN
            continue
        found = lookup(reference)
        if isinstance(found, float | int):  # nearly all are
            figures.values[reference] = found
            if rounded(reference):
                figures.rounded[reference] = (found,)
            continue
        parts = found if isinstance(found, tuple) else (found,)
        typed = tuple(part for part in parts if not isinstance(part, Gap))
        amount = value_of(found)
        if Gap.UNREADABLE in parts:
            amount = Gap.UNREADABLE
        elif Gap.UNKNOWN in parts:
            amount = sum(typed) if policy.missing == "zero" else Gap.UNKNOWN
        figures.values[reference] = amount
        decided &= amount not in _UNDECIDED
        if typed and rounded(reference):
            figures.rounded[reference] = typed
    if not decided:
        lacking = {figures.values[reference] for reference in _needed(node, figures)} & _UNDECIDED
        if lacking:
            return False if lacking == {Gap.UNKNOWN} and policy.missing == "error" else None
    return _truth(node, figures)


def _needed(node: Node, figures: _Figures) -> Iterator[Reference]:
    """What the rule depends on: everything but what an `if` does not choose."""
    if node.operator != "if":
        if node.reference:
            yield node.reference
        for operand in node.operands:
            yield from _needed(operand, figures)
        return
    condition, *branches = node.operands
    needed = tuple(_needed(condition, figures))
    yield from needed
    if not any(figures.values[reference] in _UNDECIDED for reference in needed):
        chosen = _chosen(condition, figures)
        if chosen is not None:
            yield from _needed(branches[not chosen], figures)


def value_of(found: Operand | tuple[Operand, ...]) -> Operand:
    """What a lookup has found, as one amount."""
    if not isinstance(found, tuple):
        return found
    return sum(part for part in found if not isinstance(part, Gap))


@dataclass(frozen=True, slots=True)
class _Figures:
    """The amounts that a rule asks for; those of them that were typed with decimals, each by itself."""

    values: dict[Reference, Operand]
    rounded: dict[Reference, tuple[float, ...]]
    tolerance: float

    def margin(self, comparison: Node) -> float:
        """How far apart the two sides of `comparison` may be: by the rule's tolerance, and by rounding."""
        if not _compares_sums(comparison):
            return self.tolerance
        typed = [one for asked in comparison.references for one in self.rounded.get(asked, ())]
        places = sum(
            sum(abs(round(one, place) - one) for one in typed) > _NOISE for place in range(_MOST_PLACES)
        )
        return self.tolerance + len(typed) * _HALVES[places]


# Half a unit of the last decimal, by the number of decimals.
_HALVES = (0, 0.05, 0.005, 0.0005, 0.00005, 0.000005)


def _compares_sums(comparison: Node) -> bool:
    """Whether sums of figures are compared, not just one figure with another, nor anything else."""
    parts, adds = list(comparison.operands), False
    for part in parts:
        if part.operator not in ("+", "-", "sum", "negative", "number", "reference"):
            return False
        adds |= part.operator in ("+", "-", "sum") or bool(part.reference and part.reference.what == "total")
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
    if node.operator == "if":
        chosen = _chosen(node.operands[0], figures)
        return vacant if chosen is None else _truth(node.operands[2 - chosen], figures, vacant)
    if node.reference:  # whether a figure is blank
        return bool(figures.values[node.reference])
    left, right = (_amount(operand, figures) for operand in node.operands)
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


def _chosen(condition: Node, figures: _Figures) -> bool | None:
    """Whether the condition of an `if` holds; None where it rests on what is nothing."""
    holding = _truth(condition, figures, vacant=True)
    return holding if holding is _truth(condition, figures, vacant=False) else None


def amount(node: Node, values: Mapping[Reference, Operand]) -> Operand:
    """What a sum, product or figure comes to, by the amounts that it asks for."""
    return _amount(node, _Figures({**values}, {}, 0))


def _amount(node: Node, figures: _Figures) -> Operand:
    if node.reference:
        return figures.values[node.reference]
    if node.operator == "number":
        return node.number
    if node.operator == "if":
        chosen = _chosen(node.operands[0], figures)
        return Gap.NOTHING if chosen is None else _amount(node.operands[2 - chosen], figures)
    if node.operator == "sum":
        parts = [one for o in node.operands if not isinstance(one := _amount(o, figures), Gap)]
        return sum(parts) if parts else Gap.NOTHING
    if node.operator == "negative":
        return one if isinstance(one := _amount(node.operands[0], figures), Gap) else -one
    left, right = (_amount(operand, figures) for operand in node.operands)
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


def to_excel(
    node: Node, address: Address, message: str, rounded: Rounded = _none, policy: Policy = _STANDARD
) -> str:
    """The rule as an Excel formula: empty text while it holds or is undecided, else `message`.

    `address` gives the cell or range expression of a reference, or None where the sheet has no such cell:
    for a value a cell, for rows an expression that counts them, for a total a range.
    """
    excel = _Excel(address, rounded, policy)
    quoted = f'"{message.replace(_QUOTE, 2 * _QUOTE)}"'
    formula = f'IF({excel.truth(node)},"",{quoted})'
    # What is blank first, so that what is unreadable goes before it.
    for condition, else_said in (
        (_all(excel.known(node, excel.given)), quoted if policy.missing == "error" else '""'),
        (_all(excel.known(node, excel.readable)), '""'),
    ):
        formula = f"IF({condition},{formula},{else_said})" if condition else formula
    return f"={formula}"


_QUOTE = '"'
_MOST_ARGUMENTS = 250  # Excel's limit is 255


def _joined(function: str, parts: Iterable[str]) -> str:
    """A function of `parts`, none of which is empty, in groups where there are more than Excel takes."""
    given = list(dict.fromkeys(parts))
    while len(given) > _MOST_ARGUMENTS:
        given = [
            _joined(function, given[start : start + _MOST_ARGUMENTS])
            for start in range(0, len(given), _MOST_ARGUMENTS)
        ]
    return f"{function}({','.join(given)})" if len(given) > 1 else "".join(given)


def _any(conditions: Iterable[str]) -> str:
    return _joined("OR", filter(None, conditions))


def _all(conditions: Iterable[str]) -> str:
    return _joined("AND", filter(None, conditions))


@dataclass(frozen=True, slots=True)
class _Excel:
    """Writes the parts of one rule as Excel expressions."""

    address: Address
    rounded: Rounded
    policy: Policy

    def readable(self, asked: Reference) -> str:
        """The condition that a figure is not unreadable; empty where there is nothing to ask."""
        cell = self.address(asked) if asked.what in FIGURES else None
        if not cell:
            return ""
        if asked.what in EARLIER:
            return f"ISNUMBER({cell})"
        if self.policy.missing == "skip":
            return ""  # what is no figure is said of the cell itself
        return f'OR(ISNUMBER({cell}),{cell}="",{cell}="{NOT_APPLICABLE}")'

    def given(self, asked: Reference) -> str:
        """The condition that a figure is not blank, nor a cell in the filled rows of a list's column."""
        cell = self.address(asked) if asked.what in ("value", "total") else None
        if not cell or self.policy.missing == "zero":
            return ""
        if asked.what == "value":
            return f'{cell}<>""'
        rows = self.address(Reference("rows", asked.code))
        return f'SUMPRODUCT(--({cell}<>""))>={rows}' if rows else ""

    def known(self, node: Node, condition: Callable[[Reference], str]) -> Iterator[str]:
        """The conditions that must hold for everything that the rule depends on, as `_needed` finds it."""
        if node.operator != "if":
            if node.reference:
                yield condition(node.reference)
            for operand in node.operands:
                yield from self.known(operand, condition)
            return
        question, *branches = node.operands
        yield from self.known(question, condition)
        left, right = (_all(self.known(branch, condition)) or "TRUE" for branch in branches)
        if left == right == "TRUE":
            return
        chosen = f"IF({self.truth(question)},{left},{right})"
        if vacuous := self.vacuous(question):
            chosen = f"IF({vacuous},TRUE,{chosen})"
        certain = _all((*self.known(question, self.readable), *self.known(question, self.given)))
        yield f"IF({certain},{chosen},TRUE)" if certain else chosen

    def vacuous(self, condition: Node) -> str:
        """The condition that `condition` rests on what is nothing; empty where it never does."""
        holding, otherwise = self.truth(condition), self.truth(condition, vacant=False)
        return "" if holding == otherwise else f"{holding}<>{otherwise}"

    def truth(self, node: Node, vacant: bool = True) -> str:
        """The condition `node`; `vacant` is what a comparison with nothing says, so that the rule holds."""
        inner = node.operands
        if node.operator == "not":
            return f"NOT({self.truth(inner[0], not vacant)})"
        if node.operator in ("and", "or"):
            conditions = (self.truth(operand, vacant) for operand in inner)
            return f"{node.operator.upper()}({','.join(conditions)})"
        if node.operator == "if":
            vacuous = self.vacuous(inner[0])
            chosen = f"IF({','.join(self.truth(part, vacant or part is inner[0]) for part in inner)})"
            return f"IF({vacuous},{str(vacant).upper()},{chosen})" if vacuous else chosen
        if node.reference:  # whether a figure is blank
            cell = self.address(Reference("value", node.reference.code))
            return f'({cell}="")' if cell else "FALSE"
        left, right = (self.amount(side) for side in inner)
        gap, margin = f"{left}-({right})", self.margin(node)
        if not margin:
            compared = f"ROUND({gap},6){node.operator}0"
        elif node.operator in ("=", "<>"):
            compared = f"ROUND(ABS({gap})-{margin},6){'<=' if node.operator == '=' else '>'}0"
        else:
            sign = "-" if node.operator in ("<=", ">") else "+"
            compared = f"ROUND({gap}{sign}{margin},6){node.operator}0"
        gone = _any(self.nothing(side) for side in inner)
        if not gone:
            return compared
        return f"OR({gone},{compared})" if vacant else f"AND(NOT({gone}),{compared})"

    def margin(self, comparison: Node) -> str:
        """What `_Figures.margin` says, as an expression; empty where the sides must be equal."""
        tolerance = f"{self.policy.tolerance:.15g}" if self.policy.tolerance else ""
        asked = [r for r in comparison.references if self.rounded(r)] if _compares_sums(comparison) else []
        placed = [(one.what, cell) for one in asked if (cell := self.address(one))]
        if not placed:
            return tolerance
        places = ",".join(str(place) for place in range(_MOST_PLACES))
        single = "+".join(f"ABS(ROUND(N({c}),{{{places}}})-N({c}))" for what, c in placed if what in FIGURES)
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
        cells = [cell for _what, cell in placed]
        groups = (cells[n : n + _MOST_ARGUMENTS] for n in range(0, len(cells), _MOST_ARGUMENTS))
        count = "+".join(f"COUNT({','.join(group)})" for group in groups)
        count = f"({count})" if len(cells) > _MOST_ARGUMENTS else count
        margin = f"{count}*CHOOSE(1+{most},{halves})"
        return f"({margin}+{tolerance})" if tolerance else margin

    def nothing(self, node: Node) -> str:
        """The condition that the amount `node` is nothing; empty where it never is."""
        if node.reference:
            if node.reference.what != "value":
                return ""
            cell = self.address(node.reference)
            if not cell:
                return "TRUE"
            return f'{cell}="{NOT_APPLICABLE}"' if self.policy.missing == "zero" else f"COUNT({cell})=0"
        if node.operator == "number":
            return ""
        if node.operator == "if":
            question, *branches = node.operands
            vacuous = self.vacuous(question)
            left, right = (self.nothing(branch) or "FALSE" for branch in branches)
            chosen = f"IF({self.truth(question)},{left},{right})" if left + right != "FALSEFALSE" else ""
            return _any((vacuous, chosen))
        if node.operator in _ADDING:
            parts = [self.nothing(part) for part in _parts(node)]
            return _all(parts) if all(parts) else ""
        left, right = (self.nothing(operand) for operand in node.operands)
        zero = f"{self.amount(node.operands[1])}=0" if node.operator == "/" else ""
        return _any((left, right, zero))

    def amount(self, node: Node) -> str:
        """The amount `node`, in brackets where it is worked out; 0 where it is nothing."""
        if node.operator == "number":
            return f"{node.number:.15g}"
        if node.reference:
            cell = self.address(node.reference)
            if cell is None:
                return "0"
            match node.reference.what:
                case "rows":
                    return cell
                case "total":
                    return f"SUM({cell})"
            return f"N({cell})"
        if node.operator == "negative":
            return f"(-{self.amount(node.operands[0])})"
        if node.operator == "sum":
            return f"({'+'.join(map(self.amount, node.operands))})"
        if node.operator == "if":
            vacuous = self.vacuous(node.operands[0])
            question, left, right = node.operands
            chosen = f"IF({self.truth(question)},{self.amount(left)},{self.amount(right)})"
            return f"IF({vacuous},0,{chosen})" if vacuous else chosen
        left_side, right_side = node.operands
        left_amount = self.amount(left_side)
        if node.operator in ("+", "-") and left_side.operator in ("+", "-"):
            left_amount = left_amount[1:-1]  # long sums are not nested deep
        worked_out = f"({left_amount}{node.operator}{self.amount(right_side)})"
        nothing = self.nothing(node) if node.operator in "*/" else ""
        return f"IF({nothing},0,{worked_out})" if nothing else worked_out


_ADDING = ("+", "-", "sum", "negative")


def _parts(node: Node) -> Iterator[Node]:
    """What a sum or difference adds up, through sums within it."""
    ahead = [node]
    while ahead:
        one = ahead.pop()
        if one.operator in _ADDING:
            ahead += reversed(one.operands)
        else:
            yield one
