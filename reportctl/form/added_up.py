"""What a form adds up: sums by which figures would be wrong, and sums and rules that look as if they were.

A mistake is refused with the form. What a real form may mean all the same, such as units of measure in other
words, is a doubt that `form --check` says.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from reportctl.core.language import _, ngettext
from reportctl.core.toml import Keys
from reportctl.form import rules
from reportctl.form.indicators import AMOUNTS, DECIMAL, Indicator, Type
from reportctl.form.measures import Likeness, Measure, likeness, measure, names_several
from reportctl.form.model import Form, ListColumn
from reportctl.form.tables import FormTable, TableCell, TableColumn, TableRow, signed_codes

Axis = Literal["rows", "columns"]


@dataclass(frozen=True, slots=True)
class SumFault:
    """A mistake in the sum of the row or column `code` of a table; `path` is where it stands in the file."""

    table: str
    axis: Axis
    code: str
    path: Keys
    message: str


def sum_faults(form: Form) -> list[SumFault]:
    """Every mistake in the sums of the form's tables, in the order of the form.

    `form` has no other mistakes: rows and columns that sums name are there, and none is a sum of itself.
    """
    return [
        SumFault(line.table.code, line.axis, line.own.code, (*line.path, "sum"), message)
        for line in _lines(form)
        for message in _faults(line)
    ]


def doubts(form: Form) -> list[str]:
    """A sentence in the current language for each sum, rule and figure by which the form may add up what is
    not to be added up. `form` has no mistakes."""
    of_sums = (sentence for line in _lines(form) for sentence in _doubts(line))
    return list(
        dict.fromkeys((*of_sums, *_shares_added_up(form), *_numbers_as_keys(form), *_doubted_rules(form)))
    )


# ---- the sums of a table's rows and columns


@dataclass(frozen=True, slots=True)
class _Sum:
    """One cell of a line that is a sum, and those of its parts that are asked; `whole` is None where it would
    be worked out of nothing, so that it is no cell."""

    address: str  # row.column
    whole: TableCell | None
    parts: tuple[TableCell, ...]

    @property
    def cells(self) -> tuple[TableCell, ...]:
        """The whole, where there is one, and its parts."""
        return (self.whole, *self.parts) if self.whole else ()


@dataclass(frozen=True, slots=True)
class _Line:
    """A row or a column that is a sum: its place among the others, its cells."""

    table: FormTable
    axis: Axis
    path: Keys
    own: TableRow | TableColumn
    sums: tuple[_Sum, ...]

    @property
    def added(self) -> tuple[_Sum, ...]:
        """Its sums of which anything is asked."""
        return tuple(one for one in self.sums if one.whole and one.parts)

    def code_of(self, cell: TableCell) -> str:
        """The row, or the column, in which a part stands."""
        return cell.row if self.axis == "rows" else cell.column


def _lines(form: Form) -> Iterator[_Line]:
    for number, table in enumerate(form.tables):
        path: Keys = ("tables", number)
        columns, rows = [one.code for one in table.asked_columns], [one.code for one in table.lines]
        for at, row in enumerate(table.rows):
            if row.sum and not row.caption:
                keys = [[(one, column) for one in _codes(row)] for column in columns]
                yield _Line(table, "rows", (*path, "rows", at), row, _sums(table, keys))
        for at, column in enumerate(table.columns):
            if column.sum:
                keys = [[(row, one) for one in _codes(column)] for row in rows]
                yield _Line(table, "columns", (*path, "columns", at), column, _sums(table, keys))


def _codes(line: TableRow | TableColumn) -> list[str]:
    """The line itself, then those that it is the sum of."""
    return [line.code, *(code for _sign, code in signed_codes(line.sum))]


def _sums(table: FormTable, keys: Iterable[list[tuple[str, str]]]) -> tuple[_Sum, ...]:
    return tuple(
        _Sum(
            ".".join(whole), table.cells.get(whole), tuple(table.cells[k] for k in parts if k in table.cells)
        )
        for whole, *parts in keys
        if not table.leaves_out(*whole)
    )


def _faults(line: _Line) -> Iterator[str]:
    """What is wrong with one sum: in its text, then in the first of its cells that shows it."""
    yield from filter(None, (_counted_twice(line), _asked_nowhere(line)))
    for wrong in (_not_amounts, _other_measures, _combined_otherwise):
        if message := wrong(line):
            yield message
            return


def _counted_twice(line: _Line) -> str:
    """A part that stands in the sum more than once, by itself or within others; a difference that is added,
    such as the growth to what there was, is a figure of its own."""
    lines = line.table.lines if line.axis == "rows" else line.table.columns
    sums = {one.code: signed_codes(one.sum) for one in lines}
    named = Counter(code for _sign, code in sums[line.own.code])
    for code, count in named.items():
        if count > 1:
            return _("“{part}” stands in the sum {count} times; write it once").format(part=code, count=count)
    totals = {code: parts for code, parts in sums.items() if all(sign > 0 for sign, _part in parts)}
    within: dict[str, Mapping[str, int]] = {}
    counted = _times(line.own.code, totals | {line.own.code: sums[line.own.code]}, within)
    for code, count in counted.items():
        if abs(count) > 1 and not any(abs(within[part].get(code, 0)) > 1 for part in named if part in within):
            return _(
                "“{part}” counts {count} times in the sum, by itself or within others that it names; leave "
                "one of them out"
            ).format(part=code, count=abs(count))
    return ""


def _times(
    code: str, sums: Mapping[str, tuple[tuple[int, str], ...]], known: dict[str, Mapping[str, int]]
) -> Mapping[str, int]:
    """How many times each line counts in the sum of the line `code`, with its sign, also within others."""
    if code not in known:
        counted = Counter[str]()
        for sign, part in sums.get(code, ()):
            counted[part] += sign
            for below, times in _times(part, sums, known).items():
                counted[below] += sign * times
        known[code] = counted
    return known[code]


def _asked_nowhere(line: _Line) -> str:
    """The parts that count in none of its cells, as they are not asked, or not of the units that are."""
    counting = {
        line.code_of(part)
        for one in line.sums
        if one.whole
        for part in one.parts
        if _of_same_units(one.whole, part)
    }
    lost = [code for code in dict.fromkeys(_codes(line.own)[1:]) if code not in counting]
    if not lost or not line.sums:
        return ""
    return ngettext(
        "{parts} counts nowhere in the sum “{code}”: it is not asked where that is; leave it out of the sum",
        "{parts} count nowhere in the sum “{code}”: they are not asked where that is; leave them out of the "
        "sum",
        len(lost),
    ).format(parts=", ".join(f"“{one}”" for one in lost), code=line.own.code)


def _of_same_units(one: Indicator, other: Indicator) -> bool:
    """Whether any kind of units is asked both."""
    return not (one.applies_to and other.applies_to) or not set(one.applies_to).isdisjoint(other.applies_to)


def _not_amounts(line: _Line) -> str:
    """Percentages, texts, dates, yes and no are not added up. A sum along a whole line does not hold where
    these stand; what would be worked out there is nothing, and what adds them to amounts is wrong."""
    nothing: dict[str, Type] = {}
    for one in line.added:
        others = [cell for cell in one.cells if cell.type not in AMOUNTS]
        if others and len(others) < len(one.cells):
            return _(
                "“{cell}” ({type}) does not go into the sum “{whole}”: only counts, numbers and sums of "
                "money are added up; give it another type, or leave it out of the sum"
            ).format(cell=others[0].code, type=others[0].type, whole=one.address)
        if others:
            nothing[one.address] = others[0].type
    if nothing and line.own.computed:
        return _("{cells} would be a sum of what is not added up: write that under not_asked").format(
            cells=_some([f"“{cell}” ({kind})" for cell, kind in nothing.items()])
        )
    if nothing and len(nothing) == len(line.added):
        return _(
            "“{code}” is of the type “{type}”, which is not added up: leave “sum” out, and write a rule "
            "where the parts must come to it"
        ).format(code=line.own.code, type=next(iter(nothing.values())))
    return ""


def _some(names: Sequence[str]) -> str:
    """Names, of many the first ones."""
    return ", ".join(names if len(names) <= _MANY else (*names[:_MANY], "…"))


_MANY = 3


def _amounts(line: _Line) -> Iterator[_Sum]:
    """Its sums that hold: all their cells are counts, numbers and sums of money."""
    return (one for one in line.added if all(cell.type in AMOUNTS for cell in one.cells))


def _other_measures(line: _Line) -> str:
    """Different units of measure: no figure is in both."""
    for one in _amounts(line):
        for cell, other in _pairs(one.cells):
            if likeness(_measure(cell), _measure(other)) is Likeness.DIFFERENT:
                return _(
                    "“{cell}” ({measure}) and “{other}” ({other_measure}) are not in the same unit of "
                    "measure and cannot be added up; put the wrong one right, or leave it out of the sum"
                ).format(cell=cell.code, measure=_said(cell), other=other.code, other_measure=_said(other))
    return ""


def _pairs(cells: Sequence[TableCell]) -> Iterator[tuple[TableCell, TableCell]]:
    """The whole with each part, the first part with each other one."""
    whole, first, *others = cells
    yield from ((whole, part) for part in (first, *others))
    yield from ((first, other) for other in others)


def _measure(item: Indicator | ListColumn) -> Measure:
    return measure(item.type, item.unit_of_measure)


def _said(item: Indicator | ListColumn) -> str:
    """Its unit of measure; its type, where that has none, or is one by itself."""
    words = item.unit_of_measure
    if not words:
        return _("{type}, no unit of measure").format(type=item.type)
    by_itself = _measure(item).family and not measure(Type.COUNT, words).family
    return f"{item.type}, {words}" if by_itself else words


def _combined_otherwise(line: _Line) -> str:
    """Parts that are combined over units otherwise than the whole: printed they do not make it."""
    for one in _amounts(line):
        whole, *parts = one.cells
        for part in parts if whole.over_units != "none" else ():
            if part.over_units not in ("none", whole.over_units):
                return _(
                    "over_units is “{how}” for “{whole}” and “{other}” for its part “{part}”: the printed "
                    "parts would not make the printed total; say the same, or “none” for what is not to be "
                    "printed"
                ).format(how=whole.over_units, whole=whole.code, other=part.over_units, part=part.code)
    return ""


# ---- what looks wrong


def _doubts(line: _Line) -> Iterator[str]:
    """What looks wrong in one sum, each kind of doubt once, of the first cell that shows it."""
    for doubt in (_words_differ, _over_time, _extremes, _decimals):
        found = filter(None, map(doubt, _amounts(line)))
        yield from itertools.islice(found, 1)


def _words_differ(one: _Sum) -> str:
    whole, *parts = one.cells
    if names_several(_measure(whole), [_measure(part) for part in parts]):
        return ""
    for cell, other in _pairs(one.cells):
        if likeness(_measure(cell), _measure(other)) is Likeness.UNSURE:
            return _(
                "“{cell}” ({measure}) and “{other}” ({other_measure}) are added up: are they in the same "
                "unit of measure?"
            ).format(cell=cell.code, measure=_said(cell), other=other.code, other_measure=_said(other))
    return ""


def _over_time(one: _Sum) -> str:
    whole, *parts = one.cells
    for part in parts if whole.over_time != "none" else ():
        if part.over_time == "none":
            continue
        if part.over_time != whole.over_time:
            return _(
                "over_time is “{how}” for “{whole}” and “{other}” for its part “{part}”: over several "
                "quarters the printed parts do not make the printed total; “none” prints nothing there."
            ).format(how=whole.over_time, whole=whole.code, other=part.over_time, part=part.code)
        if part.cumulative != whole.cumulative:
            return _(
                "Of “{whole}” and its part “{part}” one counts from the beginning of the year (cumulative), "
                "the other does not."
            ).format(whole=whole.code, part=part.code)
    return ""


def _extremes(one: _Sum) -> str:
    """The greatest, or the least, of sums is not the sum of the greatest."""
    whole, *parts = one.cells
    for key, how in (("over_units", whole.over_units), ("over_time", whole.over_time)):
        if how in ("min", "max") and len([part for part in parts if getattr(part, key) == how]) > 1:
            return _(
                "{key} is “{how}” for “{whole}” and its parts: the printed parts do not make the printed "
                "total."
            ).format(key=key, how=how, whole=whole.code)
    return ""


def _decimals(one: _Sum) -> str:
    whole, *parts = one.cells
    part = next((part for part in parts if part.type in DECIMAL), None)
    if whole.type is not Type.COUNT or part is None:
        return ""
    return _(
        "“{whole}” takes whole numbers only, and its part “{part}” takes decimals: give it the type “{type}”."
    ).format(whole=whole.code, part=part.code, type=part.type)


def _shares_added_up(form: Form) -> Iterator[str]:
    """Figures in % that are no percentages by their type, and are added up over units."""
    listed = ((f"{section.code}.{one.code}", one) for section in form.lists for one in section.columns)
    for section in form.all_sections:
        yield from _share_added_up([(one.code, one) for one in section.indicators])
    yield from _share_added_up(list(listed))


def _share_added_up(items: Sequence[tuple[str, Indicator | ListColumn]]) -> Iterator[str]:
    codes = [
        f"“{code}”"
        for code, one in items
        if one.type in AMOUNTS and one.over_units == "sum" and _measure(one).family == "percent"
    ]
    if codes:
        yield _(
            "{figures}: percentages that are added up over units; give them the type “percent”, and say "
            "otherwise in over_units."
        ).format(figures=_some(codes))


def _numbers_as_keys(form: Form) -> Iterator[str]:
    for section in form.lists:
        for column in section.columns:
            if column.code == section.key and column.type is Type.COUNT:
                yield _(
                    "“{column}” names the rows of the list “{title}” and is a number: codes lose their "
                    "leading zeros; give it the type “text”."
                ).format(column=column.code, title=section.name)


# ---- rules


def _doubted_rules(form: Form) -> Iterator[str]:
    """Rules that add up figures of different units of measure, each rule once."""
    columns = {(section.code, one.code): one for section in form.lists for one in section.columns}
    for rule in form.rules:
        for terms in (terms for each in form.each(rule) for terms in rules.sums_in(each.node)):
            found = [form.indicators.get(t.code) or columns.get((t.code, t.column)) for t in terms]
            pair = _unlike([(t, one) for t, one in zip(terms, found, strict=True) if one is not None])
            if pair:
                yield _(
                    "{rule}: “{one}” ({measure}) and “{other}” ({other_measure}) are added up: are they in "
                    "the same unit of measure?"
                ).format(rule=rule.code, **pair)
                break


def _unlike(terms: Sequence[tuple[rules.Reference, Indicator | ListColumn]]) -> dict[str, str] | None:
    """The first term of a sum and the first other one that is not in its unit of measure; where words alone
    tell them apart, both say one."""
    for first, other in ((terms[0], one) for one in terms[1:]):
        like = likeness(_measure(first[1]), _measure(other[1]))
        named = first[1].unit_of_measure and other[1].unit_of_measure
        if like is Likeness.DIFFERENT or (like is Likeness.UNSURE and named):
            return {
                "one": _name(first[0]),
                "measure": _said(first[1]),
                "other": _name(other[0]),
                "other_measure": _said(other[1]),
            }
    return None


def _name(asked: rules.Reference) -> str:
    return f"{asked.code}.{asked.column}" if asked.column else asked.code
