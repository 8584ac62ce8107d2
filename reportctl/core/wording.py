"""How figures, changes, dates, counts and periods are said, in Vietnamese and English.

Every phrase stands here in both languages, side by side, so that a report can be written in one language
while the program speaks the other: `language` is "vi" or "en", by default the current one.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final, Literal

from reportctl.core import language as languages
from reportctl.core.language import Phrase
from reportctl.core.period import Period, Span
from reportctl.core.table import Absent, CellFormat, Value

if TYPE_CHECKING:
    from babel import Locale

Against = Literal["year_ago", "previous"]
ToneStyle = Literal["old", "new"]
NBSP: Final = "\u00a0"

_UP = Phrase("tăng {amount} so với {base}", "up {amount} on {base}")
_DOWN = Phrase("giảm {amount} so với {base}", "down {amount} on {base}")
_SAME = Phrase("không thay đổi so với {base}", "unchanged from {base}")
_NONE_BEFORE = Phrase("{base} không phát sinh", "none in {base}")
_ESTIMATE = Phrase("ước {amount}", "an estimated {amount}")
_LESS_THAN = Phrase("dưới {amount}", "less than {amount}")
_POINTS = Phrase(f"{{number}}{NBSP}điểm phần trăm", f"{{number}}{NBSP}percentage points")
_COMPARABLE = Phrase(
    f", tính trên {{n}}/{{of}}{NBSP}đơn vị so sánh được", ", over the {n} of {of} units that can be compared"
)
_RATIO = Phrase("bằng {share} so với {base}", "equal to {share} of {base}")
_OF_PLAN = Phrase("đạt {share} kế hoạch", "{share} of the plan")
_OF_YEARS_PLAN = Phrase("đạt {share} kế hoạch năm", "{share} of the year's plan")
_TO_DATE_OF_PLAN = Phrase(
    "lũy kế {span} đạt {share} kế hoạch năm", "with {span} together at {share} of the year's plan"
)
_POINTS_SIGN = Phrase(f" điểm{NBSP}%", f"{NBSP}pp")
_YES, _NO = Phrase("Có", "Yes"), Phrase("Không", "No")
_NOT_APPLICABLE = Phrase("KAD", "n/a")
_MISSING = "…"

_ORDINALS = ("first", "second", "third", "fourth")
_QUARTER = Phrase(f"quý{NBSP}{{roman}} năm {{year}}", "the {ordinal} quarter of {year}")
_QUARTER_SHORT = Phrase(f"quý{NBSP}{{roman}}/{{year}}", "Q{number} {year}")
_SPANS = {
    "H1": Phrase(f"6{NBSP}tháng đầu năm {{year}}", "the first half of {year}"),
    "H2": Phrase(f"6{NBSP}tháng cuối năm {{year}}", "the second half of {year}"),
    "9M": Phrase(f"9{NBSP}tháng đầu năm {{year}}", "the first nine months of {year}"),
    "Y": Phrase("năm {year}", "{year}"),
}
_SPANS_SHORT = {
    "H1": Phrase(f"6{NBSP}tháng đầu năm {{year}}", "H1 {year}"),
    "H2": Phrase(f"6{NBSP}tháng cuối năm {{year}}", "H2 {year}"),
    "9M": Phrase(f"9{NBSP}tháng đầu năm {{year}}", "9M {year}"),
    "Y": Phrase("năm {year}", "{year}"),
}
_TO_DATE = {
    2: Phrase(f"6{NBSP}tháng", "the half-year"),
    3: Phrase(f"9{NBSP}tháng", "the nine months"),
    4: Phrase("cả năm", "the year"),
}
_PREVIOUS = {
    "Q": Phrase("quý trước", "the previous quarter"),
    "H1": Phrase(f"6{NBSP}tháng cuối năm trước", "the second half of last year"),
    "H2": Phrase(f"6{NBSP}tháng đầu năm", "the first half of the year"),
    "Y": Phrase("năm trước", "the previous year"),
}
_YEAR_AGO = {
    "Q": Phrase("cùng kỳ", "the same quarter last year"),
    "H1": Phrase("cùng kỳ năm trước", "the same period last year"),
    "H2": Phrase("cùng kỳ năm trước", "the same period last year"),
    "9M": Phrase("cùng kỳ năm trước", "the same period last year"),
    "Y": Phrase("năm trước", "the previous year"),
}


@functools.cache
def _locale(language: str) -> Locale:
    from babel import Locale  # 20 ms with its data, and not every command says a number

    return Locale(language)


@functools.cache
def _signs(language: str) -> dict[int, str]:
    """The signs that group thousands and mark decimals, in place of Python's."""
    symbols = _locale(language).number_symbols["latn"]
    return str.maketrans({",": symbols["group"], ".": symbols["decimal"]})


def _exact(value: int | float | Decimal) -> Decimal:
    """`value` to 15 significant digits, which is what a spreadsheet shows of a float; whole numbers whole."""
    return Decimal(value) if isinstance(value, int | Decimal) else Decimal(f"{value:.15g}")


def _rounded(value: Decimal, decimals: int) -> Decimal:
    """`value` with halves rounded away from zero, as spreadsheets do; zero has no sign."""
    places = decimals if value.adjusted() < 15 else 0  # beyond that a float has no decimals to round
    if value != value.to_integral_value():
        value = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return value or Decimal(0)


def number(value: int | float | Decimal, decimals: int = 2, language: str | None = None) -> str:
    """`1.234,5` (English `1,234.5`): at most `decimals` of them, without zeros at the end."""
    whole, point, rest = f"{_rounded(_exact(value), decimals):,f}".partition(".")
    rest = rest.rstrip("0")
    return (whole + point + rest if rest else whole).translate(_signs(language or languages.current()))


def _aligned(value: float | Decimal, language: str, *, sign: bool = False) -> str:
    """A number with one decimal, zero or not, so that a column of them stands in line; zero has no sign."""
    rounded = _rounded(_exact(value), 1)
    return f"{rounded:{'+' if sign and rounded else ''},.1f}".translate(_signs(language))


def percent(fraction: float | Decimal, decimals: int = 1, language: str | None = None) -> str:
    """The fraction 0.125 as `12,5%`, 1 as `100%`."""
    return number(_exact(fraction) * 100, decimals, language) + "%"


def _running(value: int | float, language: str | None) -> str:
    """A number in running text: in Vietnamese, whole numbers from 1 to 9 get a leading zero."""
    said = number(value, language=language)
    return f"0{said}" if value in range(1, 10) and (language or languages.current()) == "vi" else said


def count_words(value: int | float, measure: str, language: str | None = None) -> str:
    """A number with its unit of measure in running text: `128 cuộc`, `09 đơn vị`, `0 lớp`."""
    said = _running(value, language)
    return f"{said}{NBSP}{measure}" if measure else said


def estimated(amount: str, language: str | None = None) -> str:
    """An amount in running text that is an estimate: `ước 1.234 tin`."""
    return _ESTIMATE.in_language(language or languages.current()).format(amount=amount)


def change(
    current: float | None,
    base: float | None,
    kind: CellFormat,
    against: Against = "year_ago",
    *,
    period: Period | None = None,
    comparable: tuple[int, int] | None = None,
    language: str | None = None,
) -> str | None:
    """The change from `base` to `current` as a clause: `tăng 12,5% so với cùng kỳ`.

    Percentages are compared in percentage points; a base of zero gives no percentage (`cùng kỳ không
    phát sinh`), a base below zero the plain difference. `period` (by default a quarter) chooses the words
    for what it is compared with. `comparable` is how many units, of how many, the change is computed over;
    it is said where they are not all. None where either figure is missing, or where the kind has no changes.
    """
    language = language or languages.current()
    words = _base_words(against, period, language)
    if current is None or base is None or words is None or kind not in _COMPARED:
        return None
    difference = _exact(current) - _exact(base)
    if not difference:
        clause = _SAME.in_language(language).format(base=words)
    elif not base and kind is not CellFormat.PERCENT:
        clause = _NONE_BEFORE.in_language(language).format(base=words)
    else:
        amount = _amount(abs(difference), _exact(base), kind, language)
        clause = (_UP if difference > 0 else _DOWN).in_language(language).format(amount=amount, base=words)
    return clause + _comparable_words(comparable, language)


_COMPARED = frozenset(
    {CellFormat.COUNT, CellFormat.NUMBER, CellFormat.PERCENT, CellFormat.MONEY, CellFormat.YES_NO}
)


def _amount(difference: Decimal, base: Decimal, kind: CellFormat, language: str) -> str:
    """How much, without its direction; a change too small for one decimal is said to be below it."""
    if kind is not CellFormat.PERCENT and base < 0:
        return number(difference, language=language)
    size = difference * 100 if kind is CellFormat.PERCENT else difference / base * 100
    small = not _rounded(size, 1)
    said = number(Decimal("0.1") if small else size, 1, language)
    said = _POINTS.in_language(language).format(number=said) if kind is CellFormat.PERCENT else f"{said}%"
    return _LESS_THAN.in_language(language).format(amount=said) if small else said


def _comparable_words(comparable: tuple[int, int] | None, language: str) -> str:
    if comparable is None or comparable[0] >= comparable[1]:
        return ""
    n, of = (_running(count, language) for count in comparable)
    return _COMPARABLE.in_language(language).format(n=n, of=of)


def ratio_words(
    current: float | None,
    base: float | None,
    against: Against = "year_ago",
    *,
    period: Period | None = None,
    comparable: tuple[int, int] | None = None,
    language: str | None = None,
) -> str | None:
    """`current` as a share of `base`: `bằng 113,2% so với cùng kỳ`, which is not `tăng 113,2%`.

    None where either is missing, and where `base` is not above zero.
    """
    language = language or languages.current()
    words = _base_words(against, period, language)
    if current is None or base is None or words is None or base <= 0:
        return None
    share = percent(_exact(current) / _exact(base), language=language)
    clause = _RATIO.in_language(language).format(share=share, base=words)
    return clause + _comparable_words(comparable, language)


def of_plan(fraction: float, language: str | None = None, *, period: Period | None = None) -> str:
    """What has been done of the plan: `đạt 89,8% kế hoạch`.

    Of a `period`, the plan is its year's: `đạt 39,2% kế hoạch năm`; where the year to date is more than the
    period itself, that is said too: `lũy kế 9 tháng đạt 61,5% kế hoạch năm`.
    """
    language = language or languages.current()
    share = percent(fraction, language=language)
    if period is None:
        return _OF_PLAN.in_language(language).format(share=share)
    if period.quarters == period.to_date:
        return _OF_YEARS_PLAN.in_language(language).format(share=share)
    span = _TO_DATE[period.last.number].in_language(language)
    return _TO_DATE_OF_PLAN.in_language(language).format(span=span, share=share)


def date_words(date: dt.date, language: str | None = None) -> str:
    """A date in running text: `ngày 05 tháng 4 năm 2024`.

    A zero stands before days under 10 and months 1 and 2 only (Decree 30/2020/NĐ-CP, Annex I).
    """
    if (language or languages.current()) == "vi":
        return f"ngày{NBSP}{date.day:02} tháng {_month(date)} năm {date.year}"
    return f"{date.day}{NBSP}{_locale('en').months['format']['wide'][date.month]} {date.year}"


def date_short(date: dt.date, language: str | None = None) -> str:
    """A date in a table: `05/4/2024`; in English with the month's name, which nobody reads month first."""
    if (language or languages.current()) == "vi":
        return f"{date.day:02}/{_month(date)}/{date.year}"
    return f"{date.day}{NBSP}{_locale('en').months['format']['abbreviated'][date.month]} {date.year}"


def _month(date: dt.date) -> str:
    return f"{date.month:02}" if date.month < 3 else str(date.month)


def _kind_of(period: Period | None) -> str:
    return period.kind if isinstance(period, Span) else "Q"


def period_words(period: Period, *, short: bool = False, language: str | None = None) -> str:
    """A period's name: `quý I năm 2024` (short: `quý I/2024`), `6 tháng đầu năm 2024`, `năm 2024`."""
    language = language or languages.current()
    if isinstance(period, Span):
        name = (_SPANS_SHORT if short else _SPANS)[period.kind]
        return name.in_language(language).format(year=period.year)
    return (
        (_QUARTER_SHORT if short else _QUARTER)
        .in_language(language)
        .format(
            roman=period.roman, number=period.number, ordinal=_ORDINALS[period.number - 1], year=period.year
        )
    )


def previous_words(period: Period | None, language: str | None = None) -> str | None:
    """What the period before `period` is called: `quý trước`. None for nine months, which have none."""
    words = _PREVIOUS.get(_kind_of(period))
    return words.in_language(language or languages.current()) if words else None


def year_ago_words(period: Period | None, language: str | None = None) -> str:
    """What the same period last year is called: `cùng kỳ`, for spans `cùng kỳ năm trước`."""
    return _YEAR_AGO[_kind_of(period)].in_language(language or languages.current())


def _base_words(against: Against, period: Period | None, language: str) -> str | None:
    return year_ago_words(period, language) if against == "year_ago" else previous_words(period, language)


def capitalised(text: str) -> str:
    """`text` with its first letter a capital and the others as they are."""
    return text[:1].upper() + text[1:]


# Words that follow a number without being what it counts; a non-breaking space there only spoils the line.
_NOT_COUNTED = (
    "và|hoặc|hay|đến|tới|của|so|với|trong|tại|ở|là|có|do|được|đã|đang|sẽ|thì|cho|từ|vào|trên|dưới|theo"
    "|tăng|giảm|đạt|bằng|and|or|to|of|in|on|at|by|from|with|for|was|were|is|are|has|have|compared"
)
_BEFORE_SIGN = re.compile(r"[ \u00a0]+(?=[,;:%]|\.(?!\w))")
_NUMBERED = re.compile(
    r"""(?<!\w)(?:
        (?i:ngày)[ \u00a0]+(?=\d)
      | (?i:quý)[ \u00a0]+(?=(?:IV|I{1,3}|[1-4])(?!\w))
      | (?i:số)[ \u00a0]+(?=\d+[-/])
    )""",
    re.VERBOSE,
)
_COUNTED = re.compile(
    r"(?<![\w.,/-])"
    + "".join(rf"(?<!(?i:{word})[ \u00a0])" for word in ("ngày", "tháng", "quý", "năm"))
    + rf"\d+(?:[.,]\d+)*(?:/\d+)?[ \u00a0]+(?!(?:{_NOT_COUNTED})(?!\w))(?=[^\W\d_])"
)


def tidy(text: str) -> str:
    """`text` composed (NFC), no spaces before `, . ; : %`, with the non-breaking spaces offices expect.

    Those stand inside `ngày 05`, `quý I`, `số 12-BC/…` and between a number and what it counts (`12 bài`).
    """
    text = _BEFORE_SIGN.sub("", unicodedata.normalize("NFC", text))
    return _COUNTED.sub(_joined, _NUMBERED.sub(_joined, text))


def _joined(found: re.Match[str]) -> str:
    return found[0].rstrip(f" {NBSP}") + NBSP


_TONES = "\u0300\u0301\u0303\u0309\u0323"
_NEW_BY_OLD = {
    unicodedata.normalize("NFC", a + tone) + b: a + unicodedata.normalize("NFC", b + tone)
    for pair in ("oa", "oe", "uy")
    for a in (pair[0], pair[0].upper())
    for b in (pair[1], pair[1].upper())
    for tone in _TONES
}
_OLD_BY_NEW = {new: old for old, new in _NEW_BY_OLD.items()}
# The pair ends a syllable that begins with a Vietnamese consonant or with the pair; after q, u is no vowel.
_SYLLABLE = r"(?<!\w)((?i:ch|gh|gi|kh|ngh?|nh|ph|th|tr|[bcdđghklmnprstvx])?)({pairs})(?![\w\u0300-\u036f])"
_TO_STYLE = {
    "new": (re.compile(_SYLLABLE.format(pairs="|".join(_NEW_BY_OLD))), _NEW_BY_OLD),
    "old": (re.compile(_SYLLABLE.format(pairs="|".join(_OLD_BY_NEW))), _OLD_BY_NEW),
}


def tone_style(text: str, style: ToneStyle) -> str:
    """`text`, composed, with the tone marks of oa, oe, uy where the house puts them: old `ủy`, new `uỷ`."""
    pattern, replacements = _TO_STYLE[style]
    return pattern.sub(lambda found: found[1] + replacements[found[2]], unicodedata.normalize("NFC", text))


def cell_text(value: Value, kind: CellFormat, language: str | None = None) -> str:
    """What a table's cell shows for `value`; a text shows as itself. `kind` is as `Table.kind_of` says."""
    language = language or languages.current()
    match value:
        case None:
            return _MISSING
        case str():
            return value
        case Absent():
            return _NOT_APPLICABLE.in_language(language)
        case dt.date():
            return date_short(value, language)
    match kind:
        case CellFormat.YES_NO if value in (0, 1):
            return (_YES if value else _NO).in_language(language)
        case CellFormat.PERCENT:
            return _aligned(_exact(value) * 100, language) + "%"
        case CellFormat.CHANGE:
            return _aligned(_exact(value) * 100, language, sign=True) + "%"
        case CellFormat.POINTS:
            return _aligned(_exact(value) * 100, language, sign=True) + points_sign(language)
        case CellFormat.TEXT:
            return str(value)
    return number(value, language=language)


def points_sign(language: str | None = None) -> str:
    """What stands behind a number of percentage points in a table's cell."""
    return _POINTS_SIGN.in_language(language or languages.current())


def running_text(value: Value, kind: CellFormat, language: str | None = None) -> str:
    """As `cell_text`, but for a sentence: nothing stands below it, so `85%` needs no decimal."""
    if kind is CellFormat.PERCENT and isinstance(value, int | float):
        return percent(value, language=language)
    return cell_text(value, kind, language)
