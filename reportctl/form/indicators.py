"""The figures that a form asks for: of which types they are, how each adds up, what is said of it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Literal, Self

from pydantic import model_validator

from reportctl.core.language import Phrase
from reportctl.core.table import CellFormat
from reportctl.form.names import Labelled, NonEmpty


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

# What a sentence pattern can ask for: {value}, or {CODE.value} of another figure.
SLOTS = ("value", "change_year_ago", "change_previous", "of_plan", "units", "top", "behind", "units_on_plan")
# How a sentence can begin, which needs no figure.
OPENING = "opening"

Aggregate = Literal["sum", "mean", "min", "max", "ratio", "none"]
TimeAggregate = Literal["sum", "last", "mean", "min", "max", "ratio", "none"]


class Indicator(Labelled):
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
    was: str = ""  # its code in earlier versions of the form
    guide: str = ""
    sentence: str = ""
    sentence_en: str = ""
    sentence_zero: str = ""  # instead, where the figure is zero
    sentence_zero_en: str = ""
    short: str = ""  # what the columns of tables by unit call it
    short_en: str = ""

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
    def short_name(self) -> Phrase:
        """What it is called where there is little room."""
        return Phrase(self.short or self.label, self.short_en or self.label_en)

    @property
    def computed(self) -> bool:
        """Whether it is a share, worked out from a numerator and a denominator."""
        return bool(self.numerator)

    @property
    def filled_in(self) -> bool:
        """Whether units fill it in; else it is worked out from what they fill in."""
        return not self.computed

    @property
    def numeric(self) -> bool:
        """Whether its values are numbers; yes and no count as 1 and 0."""
        return self.type in NUMERIC

    @property
    def amount(self) -> bool:
        """Whether it is a count, a number or a sum of money that is filled in."""
        return self.type in AMOUNTS and self.filled_in
