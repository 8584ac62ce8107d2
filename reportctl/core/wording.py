"""Figures, changes, dates, counts and periods in words, in Vietnamese and English.

Every phrase stands here in both languages, side by side, so that a report can be written in one language
while the program speaks the other: `language` is "vi" or "en", by default the current one.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
import unicodedata
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final, Literal

from reportctl.core.language import Phrase, current_language
from reportctl.core.period import Period, Span
from reportctl.core.table import Absent, CellFormat, Row, Table, Value

if TYPE_CHECKING:
    from babel import Locale

Against = Literal["year_ago", "previous"]

NBSP: Final = "\u00a0"

_UP = Phrase("tăng {amount} so với {base}", "up {amount} on {base}")
_DOWN = Phrase("giảm {amount} so với {base}", "down {amount} on {base}")
_SAME = Phrase("không thay đổi so với {base}", "unchanged from {base}")
_UP_BY = Phrase("tăng {amount}", "up {amount}")
_DOWN_BY = Phrase("giảm {amount}", "down {amount}")
_FROM_UP = Phrase("từ {base} lên {value}", "from {base} to {value}")
_FROM_DOWN = Phrase("từ {base} xuống {value}", "from {base} to {value}")
_OF_UNITS = Phrase(f"{{n}}/{{of}}{NBSP}đơn{NBSP}vị", f"{{n}}/{{of}}{NBSP}units")
_BY_EACH = Phrase("{amount}/{measure}", "{amount} on average")
_NONE_BEFORE = Phrase("{base} không phát sinh", "none in {base}")
_ESTIMATE = Phrase("ước {amount}", "an estimated {amount}")
_BETWEEN = Phrase("từ {low} đến {high}", "{low} to {high}")
_BETWEEN_BOUNDS = Phrase("{low} đến {high}", "{low} to {high}")  # “trên 18 đến 38”, not “trên từ 18 …”
_IN_TOTAL = Phrase("tổng số {amount}", "a total of {amount}")
_LESS_THAN = Phrase("dưới {amount}", "less than {amount}")
_POINTS = Phrase(f"{{number}}{NBSP}điểm phần trăm", f"{{number}}{NBSP}percentage points")
_COMPARABLE = Phrase(
    f", tính trên {{n}}/{{of}}{NBSP}đơn{NBSP}vị so sánh được",
    ", over the {n} of {of} units that can be compared",
)
_REGROUPED = Phrase(
    "so với {base}: không so sánh được (do sắp xếp đơn vị hành chính)",
    "compared with {base}: cannot be compared (units were regrouped)",
)
_OVER_ALL = Phrase(
    f" (kỳ này {{now}}{NBSP}đơn{NBSP}vị, {{base}} {{then}}{NBSP}đơn{NBSP}vị)",
    " ({now} units now, {then} in {base})",
)
_PLANNED = Phrase(
    f", tính trên {{n}}/{{of}}{NBSP}đơn{NBSP}vị có kế hoạch tính được",
    ", over the {n} of {of} units whose plan counts",
)
_COMPARABLE_ONLY = Phrase(", tính trên các đơn vị so sánh được", ", over the units that can be compared")

_OF_PLAN = Phrase("đạt {share} kế hoạch", "{share} of the plan")
_OF_YEARS_PLAN = Phrase("đạt {share} kế hoạch năm", "{share} of the year's plan")
_TO_DATE_OF_PLAN = Phrase(
    "lũy kế {span} đạt {share} kế hoạch năm", "with {span} together at {share} of the year's plan"
)
_POINTS_SIGN = Phrase(f" điểm{NBSP}%", f"{NBSP}pp")
_NEW = Phrase("{base} chưa có chỉ tiêu này", "a figure that {base} did not have")
_PARTLY_NEW = Phrase(
    "{base} mới có chỉ tiêu này trong một số quý", "a figure that {base} had in some quarters only"
)
_OTHERWISE = Phrase(
    "không so sánh được do {base} hỏi chỉ tiêu này theo cách khác",
    "which cannot be compared: {base} asked it otherwise",
)
_AND = Phrase(" và ", " and ")
_YES, _NO = Phrase("Có", "Yes"), Phrase("Không", "No")
_NOT_APPLICABLE = Phrase("KAD", "n/a")
_MISSING, _NOT_ASKED = "…", "·"

_COMPARED = frozenset(
    {CellFormat.COUNT, CellFormat.NUMBER, CellFormat.PERCENT, CellFormat.MONEY, CellFormat.YES_NO}
)

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
_WITHOUT_YEAR = {
    "Q": Phrase(f"quý{NBSP}{{roman}}", "the {ordinal} quarter"),
    "H1": Phrase(f"6{NBSP}tháng đầu năm", "the first half"),
    "H2": Phrase(f"6{NBSP}tháng cuối năm", "the second half"),
    "9M": Phrase(f"9{NBSP}tháng đầu năm", "the first nine months"),
    "Y": Phrase("năm {year}", "{year}"),
}
_QUARTER_ALONE_SHORT = Phrase(f"quý{NBSP}{{roman}}", "Q{number}")
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


def decimal_sign(language: str | None = None) -> str:
    """What stands before the decimals of a number."""
    return _signs(language or current_language())[ord(".")]


def as_said(value: object) -> str:
    """A value of a settings file or form in words: a number with the language's decimal sign and no more
    zeros than it needs, anything else as it stands."""
    if isinstance(value, float):
        return f"{value:.15g}".replace(".", decimal_sign())
    return str(value)


def exact(value: int | float | Decimal) -> Decimal:
    """`value` to 15 significant digits, which is what a spreadsheet shows of a float; whole numbers whole."""
    return Decimal(value) if isinstance(value, int | Decimal) else Decimal(f"{value:.15g}")


def rounded(value: Decimal, decimals: int) -> Decimal:
    """`value` with halves rounded away from zero, as spreadsheets do; zero has no sign."""
    places = decimals if value.adjusted() < 15 else 0  # beyond that a float has no decimals to round
    if value != value.to_integral_value():
        value = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return value or Decimal(0)


_FEW_DECIMALS, _MOST_DECIMALS = 2, 3


def decimals_of(value: int | float | Decimal) -> int:
    """With how many decimals at most a figure is printed, wherever it stands: three where it has just these,
    so that printed parts add up to the printed total; else two, to which it is rounded."""
    number = exact(value)
    has_three = number == rounded(number, _MOST_DECIMALS) != rounded(number, _FEW_DECIMALS)
    return _MOST_DECIMALS if has_three else _FEW_DECIMALS


def is_rounded(value: int | float | Decimal) -> bool:
    """Whether a figure has more decimals than are printed of it."""
    return exact(value) != rounded(exact(value), decimals_of(value))


def number(value: int | float | Decimal, decimals: int | None = None, language: str | None = None) -> str:
    """`1.234,5` (English `1,234.5`): at most `decimals` of them, by default those of a figure, without zeros
    at the end."""
    places = decimals_of(value) if decimals is None else decimals
    whole, point, rest = f"{rounded(exact(value), places):,f}".partition(".")
    rest = rest.rstrip("0")
    return (whole + point + rest if rest else whole).translate(_signs(language or current_language()))


def _aligned(value: float | Decimal, language: str, *, sign: bool = False) -> str:
    """A number with one decimal, zero or not, so that a column of them stands in line; zero has no sign."""
    number = rounded(exact(value), 1)
    return f"{number:{'+' if sign and number else ''},.1f}".translate(_signs(language))


def percent(fraction: float | Decimal, decimals: int = 1, language: str | None = None) -> str:
    """The fraction 0.125 as `12,5%`, 1 as `100%`."""
    return number(exact(fraction) * 100, decimals, language) + "%"


def _running(value: int | float | Decimal) -> str:
    """A number in running text: in Vietnamese, whole numbers from 1 to 9 get a leading zero."""
    return ("0" if current_language() == "vi" and value in range(1, 10) else "") + number(value)


def count_words(value: int | float, measure: str) -> str:
    """A number with its unit of measure in running text: `128 cuộc`, `09 đơn vị`, `0 lớp`; `1 class`."""
    if value == 1 and current_language() == "en":
        measure = _singular(measure)
    return _running(value) + (f"{NBSP}{unbroken(measure)}" if measure else "")


_LONGEST_UNBROKEN = 16  # characters: a longer unit of measure would leave a line half empty


def unbroken(measure: str) -> str:
    """A unit of measure that is not broken over lines: `lượt người`; a long one is as it is."""
    return measure.replace(" ", NBSP) if len(measure) <= _LONGEST_UNBROKEN else measure


_WITH_NEXT = re.compile(r"(?<= )(và|tỉnh|and|of|the) ", re.IGNORECASE)


def name_in_lines(name: str) -> str:
    """A name of an office or a post that may stand on several lines: none of them ends with `và`, the last
    has two words at least, `Phó Trưởng ban / Thường trực`."""
    held = _WITH_NEXT.sub(lambda found: f"{found[1]}{NBSP}", name)
    before, _blank, last = held.rpartition(" ")
    return f"{before}{NBSP}{last}" if " " in before and NBSP not in last else held


_PLURALS = (  # endings of English words, of which forms give the plural, with those of one
    (re.compile(r"\bpeople\b"), "person"),
    (re.compile(r"(?<=[a-z])ies\b"), "y"),
    (re.compile(r"(?<=ss|sh|ch)es\b|(?<=x)es\b"), ""),
    (re.compile(r"(?<=[a-rt-z])s\b"), ""),
)
_NOT_PLURAL = re.compile(r"(?:news|series|lens|[a-z]*us|[a-z]*is)\b")
_BEHIND_NOUN = re.compile(r" (?:of|in|on|for|with|at|by)\b.*")


def _singular(measure: str) -> str:
    """An English unit of measure for one: `classes` as `class`, `hours of work` as `hour of work`."""
    behind = _BEHIND_NOUN.search(measure)
    nouns = measure[: behind.start()] if behind else measure
    words = [word if _NOT_PLURAL.fullmatch(word.rstrip(",")) else _of_one(word) for word in nouns.split(" ")]
    return " ".join(words) + (behind[0] if behind else "")


def _of_one(word: str) -> str:
    for plural, one in _PLURALS:
        if plural.search(word):
            return plural.sub(one, word)
    return word


def estimated(amount: str) -> str:
    """An amount in running text that is an estimate: `ước 1.234 tin`."""
    return str(_ESTIMATE).format(amount=amount)


def between(low: Decimal, high: Decimal, sign: str = "", *, bounded: bool = False) -> str:
    """The lowest and the highest of several figures in running text: `từ 04 đến 12`, `từ 12% đến 37%`.

    `sign` stands behind both; `bounded`: behind a word such as `trên`, which “từ” does not follow.
    """
    words = _BETWEEN_BOUNDS if bounded else _BETWEEN
    low_words, high_words = (f"{number(one)}{sign}" if sign else _running(one) for one in (low, high))
    return str(words).format(low=low_words, high=high_words)


def in_total(amount: Decimal | int, *, said: bool = False) -> str:
    """A sum over several units in running text: `tổng số 47`; the number alone where that is `said`."""
    return _running(amount) if said else str(_IN_TOTAL).format(amount=_running(amount))


# Verbs that a number follows in reports; those with more words before the shorter ones.
_VERBS = (
    "tổ chức|chủ trì|ban hành|phát hành|thực hiện|tiến hành|triển khai|vận hành|duy trì|sử dụng|xây dựng"
    "|biên soạn|cấp phát|đăng, phát|đăng tải|đăng|phát sóng|phát|mở|gửi|cấp|in|chi|thu hút|thu|huy động"
    "|tiếp nhận|nhận|tham mưu|đạt|có|là|bằng|trao|tặng|hỗ trợ"
)
_VERB = re.compile(rf"(?<!\w)(?:đã )?((?:được )?(?:{_VERBS})(?: được)?) ?$", re.IGNORECASE)
_ESTIMATED = "ước "
# Before these the verb is a noun: “tỷ lệ chi”.
_NOUN = re.compile(r"(?<!\w)(?:tỷ lệ|tỉ lệ|mức|số|tổng|tiền|khoản|kế hoạch) ?$", re.IGNORECASE)


def before_the_verb(text: str, amount: str) -> tuple[str, str]:
    """A sentence so far and the amount that goes on with it, the word for an estimate before the verb: `Tổ
    chức` and `ước 45 cuộc` make `Ước tổ chức` and `45 cuộc`.

    In Vietnamese, and where the verb stands right before the amount; else as they are.
    """
    verb = _VERB.search(text) if amount.startswith(_ESTIMATED) and current_language() == "vi" else None
    if verb is None or _NOUN.search(text[: verb.start()]):
        return text, amount
    before, said = text[: verb.start()], verb[1]
    begins = not before.strip() or before.rstrip()[-1] in ".!?"
    word = capitalised(_ESTIMATED) if begins else _ESTIMATED
    return f"{before}{word}{said[:1].lower()}{said[1:]} ", amount.removeprefix(_ESTIMATED)


def change(
    current: float | None,
    base: float | None,
    kind: CellFormat,
    against: Against = "year_ago",
    *,
    period: Period | None = None,
    comparable: tuple[int, int] | None = None,
    unrounded: float | None = None,
) -> str | None:
    """The change from `base` to `current` as a clause: `tăng 12,5% so với cùng kỳ`.

    Percentages are compared in percentage points; a base of zero gives no percentage (`cùng kỳ không
    phát sinh`), a base below zero the plain difference. `period` (by default a quarter) chooses the words
    for what it is compared with. `comparable` is how many units, of how many, the change is computed over;
    the clause says it where they are not all. `unrounded`: the change itself, as tables say it, a fraction
    or the difference of percentages; by default it is worked out from the two figures. None where either
    figure is missing, where the kind has no changes, or where there is no such period.
    """
    words = year_ago_words(period) if against == "year_ago" else previous_words(period)
    if current is None or base is None or words is None or kind not in _COMPARED:
        return None
    difference, before = exact(current) - exact(base), exact(base)
    points = kind is CellFormat.PERCENT
    if not difference:
        clause = str(_SAME).format(base=words)
    elif not base and not points:
        clause = str(_NONE_BEFORE).format(base=words)
    else:
        amount = _size(difference, before, unrounded, points=points)
        clause = str(_UP if difference > 0 else _DOWN).format(amount=amount, base=words)
    return clause + over_units(comparable)


def _size(difference: Decimal, before: Decimal, unrounded: float | None, *, points: bool) -> str:
    """How much a change is, without its direction: `12,5%`, `2,1 điểm phần trăm`, `dưới 0,1%`."""
    if before < 0 and not points:
        return number(abs(difference))
    size = abs(difference) if points else abs(difference) / before
    size = abs(exact(unrounded)) * 100 if unrounded is not None else size * 100
    small = not rounded(size, 1)  # for one decimal
    amount = number(Decimal("0.1") if small else size, 1)
    amount = str(_POINTS).format(number=amount) if points else f"{amount}%"
    return str(_LESS_THAN).format(amount=amount) if small else amount


def movement(
    current: float, base: float, kind: CellFormat, measure: str, unrounded: float, *, estimate: bool = False
) -> str:
    """A change with both figures, which differ: `tăng 12,5% (từ 120 lên 135 cuộc)`; `base` is above zero."""
    value = running_text(current, kind) if kind is CellFormat.PERCENT else count_words(current, measure)
    value = estimated(value) if estimate else value
    before = running_text(base, kind) if kind is CellFormat.PERCENT else _running(base)
    difference = exact(current) - exact(base)
    size = _size(difference, exact(base), unrounded, points=kind is CellFormat.PERCENT)
    change_by = str(_UP_BY if difference > 0 else _DOWN_BY).format(amount=size)
    from_to = str(_FROM_UP if difference > 0 else _FROM_DOWN).format(base=before, value=value)
    return f"{change_by} ({from_to})"


def change_size(change_: float, kind: CellFormat) -> str:
    """How much a change is, without its direction: the fraction 0.125 as `12,5%`; percentages in points."""
    return _size(Decimal(0), Decimal(1), change_, points=kind is CellFormat.PERCENT)


def over_units(comparable: tuple[int, int] | None) -> str:
    """Over how many units, of how many, a change is, as a clause; empty where these are all, or None."""
    if comparable is None or comparable[0] >= comparable[1]:
        return ""
    n, of = map(_running, comparable)
    return str(_COMPARABLE).format(n=n, of=of)


def of_units(count: int, of: int) -> str:
    """How many units of how many: `08/14 đơn vị`."""
    return str(_OF_UNITS).format(n=_running(count), of=_running(of))


def by_each(amount: str, measure: str) -> str:
    """An amount by each of what another figure counts: `44 lượt người/cuộc`."""
    return str(_BY_EACH).format(amount=amount, measure=unbroken(measure))


def listed(words: Sequence[str]) -> str:
    """Words in a row with “và” before the last: `A, B và C`."""
    return str(_AND).join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def regrouped(against: Against, period: Period | None = None) -> str | None:
    """That there is no change to state because units were regrouped; None where there is no such period."""
    words = year_ago_words(period) if against == "year_ago" else previous_words(period)
    return str(_REGROUPED).format(base=words) if words else None


def unasked(against: Sequence[Against], period: Period, *, otherwise: bool, partly: bool) -> str:
    """That there is no change to state because the form of then did not ask the figure, or asked it
    `otherwise`; `partly`: in some of the quarters."""
    words = [year_ago_words(period) if one == "year_ago" else previous_words(period) or "" for one in against]
    text = _OTHERWISE if otherwise else _PARTLY_NEW if partly else _NEW
    return str(text).format(base=str(_AND).join(words))


def over_compared() -> str:
    """That a change is over the units that can be compared, where how many does not tell it."""
    return str(_COMPARABLE_ONLY)


def over_all(now: tuple[int, int], then: tuple[int, int], against: Against, period: Period) -> str:
    """How many units reported, of how many, in this period and in the one that it is compared with."""
    words = year_ago_words(period) if against == "year_ago" else previous_words(period)
    counts = {"now": "/".join(map(_running, now)), "then": "/".join(map(_running, then))}
    return str(_OVER_ALL).format(base=words, **counts)


def of_plan(fraction: float, period: Period | None = None, *, planned: tuple[int, int] | None = None) -> str:
    """What has been done of the plan: `đạt 89,8% kế hoạch`.

    Of a `period`, the plan is its year's: `đạt 39,2% kế hoạch năm`; where the year to date is more than the
    period itself, it says so: `lũy kế 9 tháng đạt 61,5% kế hoạch năm`. `planned` is how many units, of how
    many, have a plan; the clause says it where they are not all, and some.
    """
    if period is None:
        words, span = _OF_PLAN, ""
    elif period.quarters == period.to_date:
        words, span = _OF_YEARS_PLAN, ""
    else:
        words, span = _TO_DATE_OF_PLAN, str(_TO_DATE[period.last.number])
    clause = str(words).format(span=span, share=percent(fraction))
    if planned is not None and 0 < planned[0] < planned[1]:
        n, of = map(_running, planned)
        clause += str(_PLANNED).format(n=n, of=of)
    return clause


def date_words(date: dt.date) -> str:
    """A date in running text: `ngày 05 tháng 4 năm 2024`.

    A zero stands before days under 10 and months 1 and 2 only (Decree 30/2020/NĐ-CP, Annex I).
    """
    if current_language() == "vi":
        return f"ngày{NBSP}{date.day:02} tháng {_month(date)} năm {date.year}"
    return f"{date.day}{NBSP}{_locale('en').months['format']['wide'][date.month]} {date.year}"


def date_short(date: dt.date, language: str | None = None) -> str:
    """A date in a table: `05/4/2024`; in English with the month's name, which nobody reads month first."""
    if (language or current_language()) == "vi":
        return f"{date.day:02}/{_month(date)}/{date.year}"
    return f"{date.day}{NBSP}{_locale('en').months['format']['abbreviated'][date.month]} {date.year}"


def _month(date: dt.date) -> str:
    return f"{date.month:02}" if date.month < 3 else str(date.month)


def period_words(period: Period, *, short: bool = False, language: str | None = None) -> str:
    """A period's name: `quý I năm 2024` (short: `quý I/2024`), `6 tháng đầu năm 2024`, `năm 2024`."""
    if isinstance(period, Span):
        words = (_SPANS_SHORT if short else _SPANS)[period.kind]
        return words.in_language(language).format(year=period.year)
    words, ordinal = _QUARTER_SHORT if short else _QUARTER, _ORDINALS[period.number - 1]
    return words.in_language(language).format(
        roman=period.roman, number=period.number, ordinal=ordinal, year=period.year
    )


def period_title(period: Period) -> str:
    """A period's name behind a comma in a title: `quý I năm 2024`; English has no article there."""
    return period_words(period).removeprefix("the ")


def period_words_alone(period: Period, *, short: bool = False) -> str:
    """A period's name without its year, which is said elsewhere: `quý I`, `6 tháng đầu năm`; `năm 2024`."""
    if isinstance(period, Span):
        return str(_WITHOUT_YEAR[period.kind]).format(year=period.year)
    words, ordinal = _QUARTER_ALONE_SHORT if short else _WITHOUT_YEAR["Q"], _ORDINALS[period.number - 1]
    return str(words).format(roman=period.roman, number=period.number, ordinal=ordinal)


def previous_words(period: Period | None) -> str | None:
    """What the period before `period` is called: `quý trước`. None for nine months, which have none."""
    words = _PREVIOUS.get(period.kind if isinstance(period, Span) else "Q")
    return str(words) if words else None


def year_ago_words(period: Period | None) -> str:
    """What the same period last year is called: `cùng kỳ`, for spans `cùng kỳ năm trước`."""
    return str(_YEAR_AGO[period.kind if isinstance(period, Span) else "Q"])


def with_measure(title: str, measure: str) -> str:
    """A heading with the unit of measure behind it, where it has one and is not that word itself."""
    return f"{title} ({measure})" if measure and measure.casefold() != title.casefold() else title


def capitalised(text: str) -> str:
    """`text` with its first letter a capital and the others as they are."""
    return text[:1].upper() + text[1:]


# What a label may begin with that keeps its capital within a sentence.
_NAMES = frozenset({"Đảng", "Đoàn", "Mặt", "Quốc", "Internet", "Facebook", "Zalo", "YouTube", "TikTok"})


def lowered(text: str) -> str:
    """A label as it stands within a sentence: its first letter is small, unless it begins with a name."""
    first, _blank, rest = text.partition(" ")
    name = first in _NAMES or not first[1:].islower() or rest[:1].isupper()
    return text if name and len(first) > 1 else text[:1].lower() + text[1:]


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

_COUNTED_UNITS = re.compile(rf"(?<=\d{NBSP})đơn vị(?!\w)")


def tidy(text: str) -> str:
    """`text` composed (NFC), no spaces before `, . ; : %`, with the non-breaking spaces offices expect.

    Those stand inside `ngày 05`, `quý I`, `số 12-BC/…` and between a number and what it counts (`12 bài`; of
    units between all words, `12 đơn vị`).
    """
    text = _BEFORE_SIGN.sub("", unicodedata.normalize("NFC", text))
    for pattern in (_NUMBERED, _COUNTED):
        text = pattern.sub(lambda found: found[0].rstrip(f" {NBSP}") + NBSP, text)
    return _COUNTED_UNITS.sub(f"đơn{NBSP}vị", text)


_EMPTY_BRACKETS = re.compile(rf"[ {NBSP}]*(?:\([ {NBSP}]*\)|\[[ {NBSP}]*\])")
_OPENED = re.compile(rf"([(\[])[ {NBSP}]*[,;:][ {NBSP}]*")
_SIGNS = re.compile(rf"[ {NBSP}]*[,;:](?:[ {NBSP}]*[,;:])*[ {NBSP}]*(?=[,;:.!?)\]])")
_BLANKS = re.compile(rf"[ {NBSP}]* [ {NBSP}]*")


def without_debris(text: str) -> str:
    """`text` without what an empty clause leaves behind: “văn bản, .”, “()”, “(, tăng …)”, two blanks."""
    text = _OPENED.sub(r"\1", _EMPTY_BRACKETS.sub("", text))
    return _BLANKS.sub(lambda found: " " if len(found[0]) > 1 else found[0], _SIGNS.sub("", text)).strip()


def cell_text(value: Value, kind: CellFormat, language: str | None = None) -> str:
    """What a table's cell shows for `value`; a text shows as itself. `kind` is as `Table.kind_of` says."""
    language = language or current_language()
    match value:
        case None:
            return _MISSING
        case str():
            return value
        case Absent.NOT_ASKED:
            return _NOT_ASKED
        case Absent.NOT_APPLICABLE:
            return _NOT_APPLICABLE.in_language(language)
        case dt.date():
            return date_short(value, language)
    match kind:
        case CellFormat.YES_NO if value in (0, 1):
            return (_YES if value else _NO).in_language(language)
        case CellFormat.PERCENT:
            return _aligned(exact(value) * 100, language) + "%"
        case CellFormat.CHANGE:
            return _aligned(exact(value) * 100, language, sign=True) + "%"
        case CellFormat.POINTS:
            return _aligned(exact(value) * 100, language, sign=True) + points_sign(language)
        case CellFormat.TEXT:
            return str(value)
    return number(value, language=language)


def is_absent(text: str) -> bool:
    """Whether a text stands for a figure that is missing, does not apply or was not asked for."""
    return text in (_MISSING, _NOT_ASKED, _NOT_APPLICABLE.vi, _NOT_APPLICABLE.en)


def text_in(table: Table, row: Row, index: int) -> str:
    """What the cell of `row` under column `index` shows, with the mark behind its number: `1.234 (7/8)`."""
    text, mark = cell_text(row.cells[index], table.kind_of(row, index)), table.mark_of(row, index)
    return f"{text}{NBSP}{mark}" if mark and isinstance(row.cells[index], int | float) else text


def points_sign(language: str | None = None) -> str:
    """What stands behind a number of percentage points in a table's cell."""
    return _POINTS_SIGN.in_language(language)


def running_text(value: Value, kind: CellFormat, language: str | None = None) -> str:
    """As `cell_text`, but for a sentence: nothing stands below it, so `85%` needs no decimal."""
    if kind is CellFormat.PERCENT and isinstance(value, int | float):
        return percent(value, language=language)
    return cell_text(value, kind, language)
