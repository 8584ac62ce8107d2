"""Reporting periods: a quarter, and the spans of quarters that reports add up."""

from __future__ import annotations

import datetime as dt
import functools
import re
import unicodedata
from dataclasses import dataclass

from reportctl.core.errors import ReportctlError
from reportctl.core.language import _

VIETNAM = dt.timezone(dt.timedelta(hours=7))  # there is one time for the whole country, all the year

_ROMAN = ("I", "II", "III", "IV")
_OTHER_HALF = {"H1": "H2", "H2": "H1", "Y": "Y"}
_SPANS = {"H1": (1, 2), "H2": (3, 4), "9M": (1, 2, 3), "Y": (1, 2, 3, 4)}


@dataclass(frozen=True, slots=True)
class Window:
    """The days whose work a quarter's figures count, first and last included."""

    first: dt.date
    last: dt.date


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """One quarter, `number` 1 to 4. `str()` is the canonical spelling `2024-Q1`; quarters sort by time."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def roman(self) -> str:
        """The number as offices write it: I, II, III, IV."""
        return _ROMAN[self.number - 1]

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        """The quarters it is made of: itself."""
        return (self,)

    @property
    def last(self) -> Quarter:
        """The quarter whose conference the report is for: itself."""
        return self

    @property
    def following(self) -> Quarter:
        """The quarter after it, whose tasks its report sets."""
        return Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)

    @property
    def previous(self) -> Quarter:
        """The quarter before it (`quý trước`)."""
        return Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)

    @property
    def year_ago(self) -> Quarter:
        """The same quarter last year (`cùng kỳ`)."""
        return Quarter(self.year - 1, self.number)

    @property
    def to_date(self) -> tuple[Quarter, ...]:
        """The year's quarters up to this one (`lũy kế`)."""
        return tuple(Quarter(self.year, n) for n in range(1, self.number + 1))

    def window(self, rule: str = "decree") -> Window:
        """The quarter's data window.

        `decree`: from the 15th of the month before the quarter to the 14th of its last month
        (Decree 09/2019/NĐ-CP, on State agencies' reporting regimes). `calendar`: the calendar quarter.
        """
        first_month = 3 * self.number - 2
        if rule == "calendar":
            after = self.following
            return Window(
                dt.date(self.year, first_month, 1),
                dt.date(after.year, 3 * after.number - 2, 1) - dt.timedelta(days=1),
            )
        before = dt.date(self.year, first_month, 1) - dt.timedelta(days=1)
        return Window(before.replace(day=15), dt.date(self.year, first_month + 2, 14))


@dataclass(frozen=True, slots=True)
class Span:
    """Several quarters of one year: `kind` is "H1", "H2", "9M" or "Y". `str()`: `2024-H1`, `2024`."""

    year: int
    kind: str

    def __str__(self) -> str:
        return str(self.year) if self.kind == "Y" else f"{self.year}-{self.kind}"

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        """The quarters it is made of, in order."""
        return tuple(Quarter(self.year, n) for n in _SPANS[self.kind])

    @property
    def last(self) -> Quarter:
        """Its last quarter, whose conference the report is for."""
        return self.quarters[-1]

    @property
    def following(self) -> Quarter | Span:
        """The period whose tasks its report sets: what comes after it, as long as the year allows."""
        if self.kind == "9M":
            return Quarter(self.year, 4)
        return Span(self.year, "H2") if self.kind == "H1" else Span(self.year + 1, _OTHER_HALF[self.kind])

    @property
    def previous(self) -> Span | None:
        """The span of the same length just before it; None for nine months, which have none."""
        if self.kind == "9M":
            return None
        return Span(self.year, "H1") if self.kind == "H2" else Span(self.year - 1, _OTHER_HALF[self.kind])

    @property
    def year_ago(self) -> Span:
        """The same span last year (`cùng kỳ`)."""
        return Span(self.year - 1, self.kind)

    @property
    def to_date(self) -> tuple[Quarter, ...]:
        """The year's quarters up to its last one (`lũy kế`)."""
        return self.last.to_date


Period = Quarter | Span


def quarter_at(day: dt.date) -> Quarter:
    """The quarter whose data window (Decree 09/2019/NĐ-CP) holds `day`."""
    quarter = Quarter(day.year, (day.month - 1) // 3 + 1)
    return quarter if day <= quarter.window().last else quarter.following


_YEAR = r"(?P<year>(?:19|20)\d\d)"
_QUARTER = r"(?:q|qu[ýíy])"
_NUMBER = r"(?P<number>[1-4]|iv|iii|ii|i)"
_PATTERNS: tuple[tuple[re.Pattern[str], str | None], ...] = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (rf"{_YEAR} ?[-/ ]? ?{_QUARTER} ?{_NUMBER}", None),
        (rf"(?:(?:{_QUARTER}|quarter) ?)?{_NUMBER}(?: ?[-/,] ?| )(?:n[ăa]m |of )?{_YEAR}", None),
        (rf"{_YEAR} ?[-/ ]? ?h1|h1 ?[-/]? ?(?P<year2>(?:19|20)\d\d)", "H1"),
        (rf"{_YEAR} ?[-/ ]? ?h2|h2 ?[-/]? ?(?P<year2>(?:19|20)\d\d)", "H2"),
        (rf"{_YEAR} ?[-/ ]? ?9m|9m ?[-/]? ?(?P<year2>(?:19|20)\d\d)", "9M"),
        (rf"(?:6|sáu) tháng(?: đầu(?: của)?)?(?: năm| ?/)? ?{_YEAR}", "H1"),
        (rf"(?:6|sáu) tháng cuối(?: của)?(?: năm| ?/)? ?{_YEAR}", "H2"),
        (rf"(?:9|chín) tháng(?: đầu)?(?: của)?(?: năm| ?/)? ?{_YEAR}", "9M"),
        (rf"(?:(?:cả )?năm )?{_YEAR}", "Y"),
    )
)


@functools.lru_cache(maxsize=256)
def read_period(text: str) -> Period | None:
    """The period that `text` names in any spelling offices use, or None where it names none.

    Upper or lower case, composed or decomposed letters and extra spaces make no difference.
    """
    plain = " ".join(unicodedata.normalize("NFC", text).lower().split())
    for pattern, kind in _PATTERNS:
        found = pattern.fullmatch(plain)
        if not found:
            continue
        groups = found.groupdict()
        year = int(groups["year"] or groups["year2"])
        if kind:
            return Span(year, kind)
        number = groups["number"].upper()
        return Quarter(year, _ROMAN.index(number) + 1 if number in _ROMAN else int(number))
    return None


def parse_period(text: str) -> Period:
    """As `read_period`, but a text that names no period is a `ReportctlError`."""
    period = read_period(text)
    if period is None:
        raise ReportctlError(
            _(
                "“{text}” is not a period. Write a quarter as 2024-Q1, a half-year as 2024-H1, "
                "nine months as 2024-9M, a year as 2024."
            ).format(text=text)
        )
    return period


def parse_quarter(text: str) -> Quarter:
    """As `parse_period`, for where only a single quarter will do."""
    period = parse_period(text)
    if isinstance(period, Span):
        raise ReportctlError(
            _(
                "“{text}” is more than one quarter; this command works on a single quarter, "
                "such as {example}."
            ).format(text=text, example=period.last)
        )
    return period
