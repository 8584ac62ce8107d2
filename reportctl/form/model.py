"""The form: what is asked of the units.

One definition makes the sheets, the checks, the messages, the tables and the report. Its fingerprint is
the hash of what it asks, so comments, spacing and what figures are compared with do not change it.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, PrivateAttr, model_validator

from reportctl.core.language import Phrase
from reportctl.form import rules
from reportctl.form.addresses import Addresses
from reportctl.form.digest import digest
from reportctl.form.indicators import AMOUNTS, DECIMAL, Indicator, Type
from reportctl.form.names import Labelled, Model, NonEmpty, Titled
from reportctl.form.rules import Reference, Rule
from reportctl.form.tables import FormTable, TableCell, TableSum


class UnitKind(Titled):
    """A kind of unit, such as districts or press agencies."""


class Section(Titled):
    """A titled group of indicators.

    `chart` is what the report's chart of it shows: its figures beside those of other periods ("column"), its
    units ("bar") or the last quarters ("line"); of the figure `chart_of` where that is named.
    """

    sentence: str = ""
    sentence_en: str = ""
    chart: Literal["column", "bar", "line", "none"] = "column"
    chart_of: str = ""
    indicators: tuple[Indicator, ...] = Field(min_length=1)


class ListColumn(Labelled):
    """One column of a list, below the headings `under` (in English `under_en`). What is a number is added up
    over the rows, and over units, where `over_units` is "sum". `was` is its code in earlier versions of the
    form."""

    type: Type = Type.TEXT
    required: bool = True
    unit_of_measure: str = ""
    min: float | None = None
    max: float | None = None
    choices: tuple[NonEmpty, ...] = ()
    under: tuple[NonEmpty, ...] = ()
    under_en: tuple[NonEmpty, ...] = ()
    over_units: Literal["none", "sum"] = "none"
    was: str = ""


class ListSection(Titled):
    """A list with a row for each event; `rows` is how many the sheet has room for.

    `key` is the column that names a row: the same name twice is a finding. `total`: below the rows stands a
    line with their sums. `over_time`: what a period of several quarters has of it, as `counts` says; None:
    what goes without saying. `was` is its code in earlier versions of the form.
    """

    rows: int = Field(default=20, ge=1, le=500)
    applies_to: tuple[str, ...] = ()
    columns: tuple[ListColumn, ...] = Field(min_length=1)
    key: str = ""
    total: bool = False
    over_time: Literal["sum", "last"] | None = None
    was: str = ""

    @model_validator(mode="after")
    def _what_goes_without_saying(self) -> Self:
        # Said or not, it is the same form: the fingerprint goes by that.
        if self.over_time == self._by_itself:
            object.__setattr__(self, "over_time", None)
        return self

    @property
    def _by_itself(self) -> Literal["sum", "last"]:
        return "last" if self.key else "sum"

    @property
    def counts(self) -> Literal["sum", "last"]:
        """Which rows a period of several quarters has: "sum" those of all quarters, each of which lists other
        things, such as events; "last" those of its last quarter that has any: a register of what there is.

        A `key` names things that stay, so that without a word it is "last" with one and "sum" without.
        """
        return self.over_time or self._by_itself


class TextQuestion(Labelled):
    """A question answered in words; `about`: what the answers are about. In a report over several quarters
    those about the period after are the last quarter's: what was to come for earlier ones is past."""

    required: bool = False
    applies_to: tuple[str, ...] = ()
    max_words: int | None = Field(default=None, ge=1)
    guide: str = ""
    about: Literal["period", "next_period"] = "period"


class Theme(Model):
    """What units' texts can be about: the report puts lines with any of its `words` together."""

    title: NonEmpty
    title_en: str = ""
    words: Annotated[tuple[NonEmpty, ...], Field(min_length=1)]

    @property
    def name(self) -> Phrase:
        """Its title in both languages."""
        return Phrase(self.title, self.title_en)


_CELL = re.compile(r"([a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*|\*)\.([a-z][a-z0-9_]*|\*)")


_SUMMED = re.compile(r"\bsum\s*\(([^()]*)\)")  # in brackets are names alone


def _placed(found: re.Match[str], row: str, column: str) -> str:
    """A cell of a rule with this row and this column in place of *."""
    parts = (row if found[2] == "*" else found[2], column if found[3] == "*" else found[3])
    return ".".join((found[1], *parts))


class Form(Model):
    """The whole form."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,31}$")]
    title: NonEmpty
    title_en: str = ""
    kinds: tuple[UnitKind, ...] = Field(min_length=1)
    sections: tuple[Section, ...] = ()
    tables: tuple[FormTable, ...] = ()
    lists: tuple[ListSection, ...] = ()
    texts: tuple[TextQuestion, ...] = ()
    themes: tuple[Theme, ...] = ()
    rules: tuple[Rule, ...] = ()
    # No field: where answers stand is no part of what is asked, nor of its fingerprint.
    _addresses: Addresses | None = PrivateAttr(default=None)

    @property
    def addresses(self) -> Addresses | None:
        """Where its answers stand in the office's own workbook; None where the program makes workbooks."""
        return self._addresses

    def standing_at(self, addresses: Addresses | None) -> Form:
        """The same form, with its answers at those places."""
        placed = self.model_copy()
        placed._addresses = addresses
        return placed

    def __hash__(self) -> int:
        """Of `reading`, which is worked out once: equal forms have the same.

        Their fingerprints may differ by what one file says and the other leaves to the program.
        """
        return hash(self.reading)

    @property
    def name(self) -> Phrase:
        """Its title in both languages."""
        return Phrase(self.title, self.title_en)

    @functools.cached_property
    def indicators(self) -> dict[str, Indicator]:
        """Every indicator by code: those of the sections in their order, then the cells of the tables."""
        return {i.code: i for section in self.all_sections for i in section.indicators}

    @functools.cached_property
    def codes(self) -> frozenset[str]:
        """Every code that a workbook sent out bears, the form's own among them; those of rows and columns
        with that of their table or list before them."""
        tables = {f"{one.code}.{line.code}" for one in self.tables for line in one.lines}
        tables |= {f"{one.code}.{column.code}" for one in self.tables for column in one.columns}
        lists = {".".join(pair) for pair in self.list_columns}
        return frozenset({self.id, *self.indicators, *tables, *lists, *(one.code for one in self.texts)})

    @functools.cached_property
    def all_sections(self) -> tuple[Section, ...]:
        """The sections, then each table as one, with its cells as indicators."""
        return (
            *self.sections,
            *(
                Section(
                    code=table.code,
                    title=table.title,
                    title_en=table.title_en,
                    chart="none",
                    indicators=tuple(table.cells.values()),
                )
                for table in self.tables
            ),
        )

    @functools.cached_property
    def list_columns(self) -> dict[tuple[str, str], ListColumn]:
        """The columns of the lists by the codes of list and column."""
        return {(section.code, column.code): column for section in self.lists for column in section.columns}

    @functools.cached_property
    def renamed(self) -> dict[str, str]:
        """The codes of indicators by those that they had in earlier versions of the form.

        A cell has another code where its row or its column has. Where a code is another thing's now, it is
        that of what was renamed most.
        """
        found = [(one.was, one.code, 1) for s in self.sections for one in s.indicators if one.was]
        for table in self.tables:
            rows, columns = (
                {one.code: [one.code, one.was] if one.was else [one.code] for one in group}
                for group in (table.lines, table.asked_columns)
            )
            found += [
                (f"{table.code}.{row}.{column}", cell.code, (row != row_now) + (column != column_now))
                for (row_now, column_now), cell in table.cells.items()
                for row in rows[row_now]
                for column in columns[column_now]
            ]
        return {old: code for old, code, times in sorted(found, key=lambda one: one[2]) if times}

    @functools.cached_property
    def renamed_lists(self) -> dict[str, str]:
        """The codes of lists by those that they had in earlier versions of the form."""
        return {one.was: one.code for one in self.lists if one.was}

    @functools.cached_property
    def renamed_columns(self) -> dict[tuple[str, str], tuple[str, str]]:
        """The codes of list and column by those that they had in earlier versions of the form: a column has
        others where its own has changed or its list's. Those of columns that were renamed come first."""
        pairs = [
            ((of, column_code), (section.code, column.code))
            for section in self.lists
            for column in section.columns
            for of in filter(None, (section.code, section.was))
            for column_code in filter(None, (column.code, column.was))
        ]
        found = dict(sorted(pairs, key=lambda one: sum(a != b for a, b in zip(*one, strict=True))))
        gone = [old for old, new in found.items() if old != new]
        return {old: found[old] for old in sorted(gone, key=lambda one: one[1] == found[one][1])}

    @functools.cached_property
    def all_renamed(self) -> dict[str, str]:
        """The codes of figures, of lists and of columns of lists (`list.column`) by those that they had in
        earlier versions of the form."""
        columns = {".".join(old): ".".join(new) for old, new in self.renamed_columns.items()}
        return self.renamed | self.renamed_lists | columns

    def made_of(self, code: str) -> list[str]:
        """The codes of the figures that are filled in of which this one is worked out, or its own."""
        indicator = self.indicators[code]
        if indicator.computed:
            parts = [indicator.numerator, indicator.denominator]
        elif isinstance(indicator, TableCell) and indicator.added_up:
            parts = [part for _sign, part in indicator.parts]
        else:
            return [code]
        return list(dict.fromkeys(one for part in parts for one in self.made_of(part)))

    @functools.cached_property
    def compared(self) -> dict[str, Indicator]:
        """The counts, numbers and amounts of money that are compared with earlier quarters and other units.

        Of a table these are the cells that it says; sums of cells are among them.
        """
        asked = [one for section in self.sections for one in section.indicators if one.amount]
        cells = [
            cell
            for table in self.tables
            for cell in table.cells.values()
            if cell.type in AMOUNTS and (table.compared == "all" or (table.compared == "totals" and cell.top))
        ]
        return {one.code: one for one in (*asked, *cells)}

    def is_rounded(self, reference: Reference) -> bool:
        """Whether what a rule asks for is typed with decimals, so that people have rounded it."""
        if reference.what in rules.FIGURES:
            indicator = self.indicators.get(reference.code)
            return bool(indicator and indicator.type in DECIMAL and not indicator.computed)
        column = self.list_columns.get((reference.code, reference.column))
        return bool(column and column.type in DECIMAL)

    @functools.cached_property
    def every_rule(self) -> tuple[Rule, ...]:
        """The rules, those with * once for every row or column."""
        return tuple(each for rule in self.rules for each in self.each(rule))

    @functools.cached_property
    def table_sums(self) -> tuple[TableSum, ...]:
        """The sums of the tables that must hold: those of cells that are filled in."""
        return tuple(
            TableSum(code, parts, self.indicators)
            for table in self.tables
            for code, parts in table.sums
            if self.indicators[code].filled_in
        )

    @property
    def all_rules(self) -> tuple[Rule, ...]:
        """The rules, those with * once for every row or column, then the sums of the tables."""
        return (*self.every_rule, *(one.rule for one in self.table_sums))

    @functools.cached_property
    def asks_earlier(self) -> bool:
        """Whether a rule asks for figures of earlier quarters."""
        return any(rule.node.earlier for rule in self.rules)

    def each(self, rule: Rule) -> tuple[Rule, ...]:
        """A rule with the codes of figures in place of what it adds up; with * once for every row or column
        that has all the cells it speaks of."""
        return tuple(self._for_every(self._with_sums(rule)))

    @functools.cached_property
    def shows_earlier(self) -> bool:
        """Whether a table has a column in which the program fills in other than the quarter before."""
        shown = {column.is_ for table in self.tables for column in table.columns}
        return not shown.isdisjoint(("year_ago", "to_date", "plan"))

    def _with_sums(self, rule: Rule) -> Rule:
        """The rule with the codes of figures in place of the sections and lines that it adds up."""
        check = _SUMMED.sub(lambda found: f"sum({', '.join(self._all_added(found[1]))})", rule.check)
        return rule if check == rule.check else rule.with_check(check)

    def _all_added(self, codes: str) -> Iterator[str]:
        for code in codes.split(","):
            name = "".join(code.split())
            yield from (name,) if name in self.indicators else self.added(name)

    def added(self, code: str) -> tuple[str, ...]:
        """The figures that a sum over the section or table `code`, or over the cells of `table.row.*` or
        `table.*.column`, adds up: its counts, numbers and sums of money.

        Nothing is counted twice: a section's figures that are parts of another one of it are left out, and so
        are cells that are themselves the sum of others there.
        """
        for section in self.sections:
            if section.code == code:
                amounts = {one.code: one for one in section.indicators if one.amount}
                return tuple(key for key, one in amounts.items() if one.part_of not in amounts)
        pattern = (code if "." in code else f"{code}.*.*").split(".")
        for table in self.tables:
            if table.code == pattern[0]:
                sums = dict[str, set[str]]()
                for whole, parts in table.sums:
                    sums.setdefault(whole, set()).update(part for _sign, part in parts)
                there = [
                    cell.code
                    for cell in table.cells.values()
                    if cell.type in AMOUNTS
                    and pattern[1] in (cell.row, "*")
                    and pattern[2] in (cell.column, "*")
                ]
                return tuple(one for one in there if sums.get(one, set()).isdisjoint(there))
        return ()

    def _for_every(self, rule: Rule) -> Iterator[Rule]:
        """The rule for every row or column that it speaks of with *, where all its cells are asked."""
        cells = _CELL.findall(rule.check)
        if not any("*" in parts for _table, *parts in cells):
            yield rule
            return
        tables = {table.code: table for table in self.tables}
        rows = [[r.code for r in tables[t].lines] for t, row, _c in cells if row == "*" and t in tables]
        columns = [
            [c.code for c in tables[t].asked_columns] for t, _r, c in cells if c == "*" and t in tables
        ]
        both = (
            [code for code in codes[0] if all(code in each for each in codes)] if codes else ["*"]
            for codes in (rows, columns)
        )
        for row, column in itertools.product(*both):
            check = _CELL.sub(functools.partial(_placed, row=row, column=column), rule.check)
            own = rule.with_check(check)
            of_figures = (r.code for r in own.node.references if r.what in (*rules.FIGURES, "blank"))
            if all(code in self.indicators for code in of_figures):
                yield own

    @functools.cached_property
    def fingerprint(self) -> str:
        """Twelve hexadecimal digits that change when, and only when, what the form asks changes.

        What figures are compared with, charts, themes of texts and what these are about, and the report's
        sentences for sections and for zeros, are left out, and so are keys of later versions of this program
        where they are not used: workbooks that were sent out stay valid.
        """
        left_out = {
            "Form": ("themes",),
            "Section": _OF_SECTIONS,
            "Indicator": _REPORTED,
            "FormTable": _COMPARED,
            "TableRow": _NAMED,
            "TableColumn": _NAMED,
            "ListSection": _NAMED,
            "ListColumn": _NAMED,
            "TextQuestion": _TEXTS_REPORTED,
        }
        return digest(self, left_out)

    @functools.cached_property
    def reading(self) -> str:
        """As `fingerprint`, of what the cells of a returned workbook are read by.

        Left out besides are rules and what is asked of answers once they are read, how they are aggregated,
        and what only guides people.
        """
        left_out = {
            "Form": ("rules", "themes"),
            "Section": _OF_SECTIONS,
            "Indicator": (*_REPORTED, *_CHECKED),
            "FormTable": (*_COMPARED, *_CHECKED),
            "TableRow": (*_NAMED, *_CHECKED),
            "TableColumn": (*_NAMED, *_CHECKED),
            "ListSection": (*_NAMED, "over_time"),
            "ListColumn": _NAMED,
            "TextQuestion": (*_TEXTS_REPORTED, "required", "max_words", "guide"),
        }
        return digest(self, left_out)


# What the report says and draws of a section.
_OF_SECTIONS = ("sentence", "sentence_en", "chart", "chart_of")
# Fields of an indicator: with what it is compared, what the report says of it, what it was called.
_REPORTED = ("per", "cumulative", "sentence_zero", "sentence_zero_en", "short", "short_en", "was")
_TEXTS_REPORTED = ("about",)  # of a question answered in words
_NAMED = ("was",)  # what rows, columns and lists were called
_COMPARED = ("compared",)  # which cells of a table are
# What is asked of its answers, how they are aggregated, what guides people.
_CHECKED = ("required", "over_units", "over_time", "guide", "sentence", "sentence_en")


def applies(item: Indicator | ListSection | TextQuestion, kind: str) -> bool:
    """Whether units of `kind` are asked for `item`."""
    return not item.applies_to or kind in item.applies_to
