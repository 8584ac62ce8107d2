"""The form: what is asked of the units.

One definition makes the sheets, the checks, the messages, the tables and the report. Its fingerprint is
the hash of what it asks, so comments, spacing and what figures are compared with do not change it.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from reportctl.core.language import Phrase
from reportctl.core.table import CellFormat
from reportctl.form import rules
from reportctl.form.digest import digest
from reportctl.form.rules import Reference


class Type(StrEnum):
    """What an answer is."""

    COUNT = "count"
    NUMBER = "number"
    PERCENT = "percent"
    MONEY = "money"
    YES_NO = "yes_no"
    CHOICE = "choice"
    DATE = "date"
    TEXT = "text"


NUMERIC = frozenset({Type.COUNT, Type.NUMBER, Type.PERCENT, Type.MONEY, Type.YES_NO})
UNSUMMED = frozenset({Type.PERCENT, Type.YES_NO})  # over time nobody adds them up: the last quarter counts
DECIMAL = frozenset({Type.NUMBER, Type.PERCENT, Type.MONEY})
AMOUNTS = frozenset({Type.COUNT, Type.NUMBER, Type.MONEY})

# What a sentence pattern can ask for: {value}, or {CODE.value} of another figure.
SLOTS = ("value", "change_year_ago", "change_previous", "of_plan", "units")

Aggregate = Literal["sum", "mean", "min", "max", "ratio", "none"]
TimeAggregate = Literal["sum", "last", "mean", "min", "max", "ratio", "none"]
NonEmpty = Annotated[str, Field(min_length=1)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class _Titled(_Model):
    """What has a code and a title."""

    code: NonEmpty
    title: NonEmpty
    title_en: str = ""

    @property
    def name(self) -> Phrase:
        """Its title in both languages."""
        return Phrase(self.title, self.title_en)


class _Labelled(_Model):
    """What has a code and a label."""

    code: NonEmpty
    label: NonEmpty
    label_en: str = ""

    @property
    def name(self) -> Phrase:
        """Its label in both languages."""
        return Phrase(self.label, self.label_en)


class UnitKind(_Titled):
    """A kind of unit, such as districts or press agencies."""


class Indicator(_Labelled):
    """One figure that is asked for, or (with a numerator and a denominator) worked out from two others."""

    unit_of_measure: str = ""
    unit_of_measure_en: str = ""
    type: Type = Type.COUNT
    over_units: Aggregate = "sum"
    over_time: TimeAggregate = "sum"
    required: bool = True
    applies_to: tuple[str, ...] = ()
    min: float | None = None
    max: float | None = None
    choices: tuple[NonEmpty, ...] = ()
    part_of: str = ""
    numerator: str = ""
    denominator: str = ""
    per: str = ""  # the figure that this one is divided by where it is compared with other units'
    cumulative: bool = False  # what is filled in counts from the beginning of the year
    guide: str = ""
    sentence: str = ""
    sentence_en: str = ""
    sentence_zero: str = ""  # instead, where the figure is zero
    sentence_zero_en: str = ""

    @model_validator(mode="before")
    @classmethod
    def _words_are_not_added_up(cls, data: Any) -> Any:
        if isinstance(data, dict) and str(data.get("type")) in set(Type) - NUMERIC:
            return {"over_units": "none", "over_time": "none", **data}
        return data

    @model_validator(mode="after")
    def _the_last_quarter_counts(self) -> Self:
        # What the file does not say stays unsaid: the fingerprint goes by that.
        if self.type in UNSUMMED and "over_time" not in self.model_fields_set:
            object.__setattr__(self, "over_time", "last")
        return self

    @property
    def measure(self) -> Phrase:
        """Its unit of measure in both languages."""
        return Phrase(self.unit_of_measure, self.unit_of_measure_en)

    @property
    def computed(self) -> bool:
        """Whether it is worked out (numerator / denominator) and never filled in."""
        return bool(self.numerator)

    @property
    def numeric(self) -> bool:
        """Whether its values are numbers; yes and no count as 1 and 0."""
        return self.type in NUMERIC

    @property
    def amount(self) -> bool:
        """Whether it is a count, a number or a sum of money that is filled in."""
        return self.type in AMOUNTS and not self.computed


class Section(_Titled):
    """A titled group of indicators.

    `chart` is what the report's chart of it shows: its figures beside those of other periods ("column"), its
    units ("bar") or the last quarters ("line"); of the figure `chart_of` where that is named.
    """

    sentence: str = ""
    sentence_en: str = ""
    chart: Literal["column", "bar", "line", "none"] = "column"
    chart_of: str = ""
    indicators: tuple[Indicator, ...] = Field(min_length=1)


class ListColumn(_Labelled):
    """One column of a list."""

    type: Type = Type.TEXT
    required: bool = True
    unit_of_measure: str = ""
    min: float | None = None
    max: float | None = None
    choices: tuple[NonEmpty, ...] = ()


class ListSection(_Titled):
    """A list with a row for each event; `rows` is how many the sheet has room for."""

    rows: int = Field(default=20, ge=1, le=500)
    applies_to: tuple[str, ...] = ()
    columns: tuple[ListColumn, ...] = Field(min_length=1)


class TextQuestion(_Labelled):
    """A question answered in words."""

    required: bool = False
    applies_to: tuple[str, ...] = ()
    max_words: int | None = Field(default=None, ge=1)
    guide: str = ""


class Rule(_Model):
    """What must hold between figures; `check` is an expression of `form/rules.py`."""

    code: NonEmpty
    check: NonEmpty
    severity: Literal["error", "warning", "note"] = "error"
    message: Annotated[str, Field(min_length=1, max_length=200)]
    message_en: Annotated[str, Field(max_length=200)] = ""

    @property
    def words(self) -> Phrase:
        """Its message in both languages."""
        return Phrase(self.message, self.message_en)

    @functools.cached_property
    def node(self) -> rules.Node:
        """The parsed expression."""
        return rules.parse(self.check)


class Form(_Model):
    """The whole form."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,31}$")]
    title: NonEmpty
    title_en: str = ""
    kinds: tuple[UnitKind, ...] = Field(min_length=1)
    sections: tuple[Section, ...] = Field(min_length=1)
    lists: tuple[ListSection, ...] = ()
    texts: tuple[TextQuestion, ...] = ()
    rules: tuple[Rule, ...] = ()

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
        """Every indicator by code, in the form's order."""
        return {i.code: i for section in self.sections for i in section.indicators}

    @functools.cached_property
    def _columns(self) -> dict[tuple[str, str], ListColumn]:
        return {(section.code, column.code): column for section in self.lists for column in section.columns}

    def is_rounded(self, reference: Reference) -> bool:
        """Whether what a rule asks for is typed with decimals, so that people have rounded it."""
        if reference.what == "value":
            indicator = self.indicators.get(reference.code)
            return bool(indicator and indicator.type in DECIMAL and not indicator.computed)
        column = self._columns.get((reference.code, reference.column))
        return bool(column and column.type in DECIMAL)

    @functools.cached_property
    def fingerprint(self) -> str:
        """Twelve hexadecimal digits that change when, and only when, what the form asks changes.

        What figures are compared with, charts, and the report's sentences for sections and for zeros, are
        left out, and so are keys of later versions of this program where they are not used: workbooks that
        were sent out stay valid.
        """
        return digest(self, {"Section": _OF_SECTIONS, "Indicator": _REPORTED})

    @functools.cached_property
    def reading(self) -> str:
        """As `fingerprint`, of what the cells of a returned workbook are read by.

        Left out besides are rules and what is asked of answers once they are read, how they are aggregated,
        and what only guides people.
        """
        left_out = {
            "Form": ("rules",),
            "Section": _OF_SECTIONS,
            "Indicator": (*_REPORTED, *_CHECKED),
            "TextQuestion": ("required", "max_words", "guide"),
        }
        return digest(self, left_out)


# What the report says and draws of a section.
_OF_SECTIONS = ("sentence", "sentence_en", "chart", "chart_of")
# Fields of an indicator: with what it is compared, and what the report says of it.
_REPORTED = ("per", "cumulative", "sentence_zero", "sentence_zero_en")
# What is asked of its answers, how they are aggregated, what guides people.
_CHECKED = ("required", "over_units", "over_time", "guide", "sentence", "sentence_en")


def applies(item: Indicator | ListSection | TextQuestion, kind: str) -> bool:
    """Whether units of `kind` are asked for `item`."""
    return not item.applies_to or kind in item.applies_to


KIND_OF: Mapping[Type, CellFormat] = {
    Type.COUNT: CellFormat.COUNT,
    Type.NUMBER: CellFormat.NUMBER,
    Type.PERCENT: CellFormat.PERCENT,
    Type.MONEY: CellFormat.MONEY,
    Type.YES_NO: CellFormat.COUNT,  # of a province: how many units say yes
    Type.CHOICE: CellFormat.TEXT,
    Type.DATE: CellFormat.DATE,
    Type.TEXT: CellFormat.TEXT,
}
# Of a single unit's answers.
ANSWER_KIND_OF: Mapping[Type, CellFormat] = {**KIND_OF, Type.YES_NO: CellFormat.YES_NO}
