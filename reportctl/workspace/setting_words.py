"""The values of settings in the words of an office, read and said: `20/3`, `có`, `3,5`, `80%`."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from typing import Literal

from reportctl.core.language import Phrase
from reportctl.core.letters import bare
from reportctl.core.period import Quarter, read_period
from reportctl.core.wording import as_said

ValueKind = Literal["text", "texts", "whole", "number", "choice", "deadline", "quarter", "code_above"]

SEPARATOR = ";"  # between the items of a list

_YES, _NO = ("co", "yes", "y", "dung", "true", "bat"), ("khong", "no", "n", "sai", "false", "tat")
_WHOLE = re.compile(r"[-+]?\d+|\d{1,3}(?:[. ]\d{3})+")
_NUMBER = re.compile(r"([-+]?\d+)(?:[.,](\d+))?\s*(%?)")
_DAYS = re.compile(r"(?P<days>[-+]?\d+)(?: (?:ngay|days?))?(?: (?P<side>sau|after|truoc|before)\b.*)?")
_OF_MONTH = re.compile(
    r"(?:ngay (?P<day>\d{1,2}) thang (?:thu (?P<month>[1-4]|nhat|hai|ba|tu)|lien sau)(?: cua)?(?: quy)?"
    r"|day (?P<day_en>\d{1,2}) of (?:the quarter's )?(?:month (?P<month_en>[1-4])|the month after)"
    r"(?: the quarter)?)"
)
_DATE = re.compile(
    r"(?:ngay )?(?P<day>\d{1,2})(?: ?[/.-] ?| thang )(?P<month>\d{1,2})"
    r"(?:(?: ?[/.-] ?| nam )(?P<year>\d{4}))?"
)
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})")
_ORDINALS = {"nhat": 1, "hai": 2, "ba": 3, "tu": 4}

_AFTER = Phrase("{count} ngày sau kỳ số liệu", "{count} days after the data window")
_BEFORE = Phrase("{count} ngày trước khi hết kỳ số liệu", "{count} days before the data window ends")
_ON_DAY = Phrase("ngày {day} tháng thứ {month} của quý", "day {day} of the quarter's month {month}")
_ON_DAY_AFTER = Phrase("ngày {day} tháng liền sau quý", "day {day} of the month after the quarter")
_TRUTH = {True: Phrase("có", "yes"), False: Phrase("không", "no")}

# The values that can be chosen, each with its words; what else is read as it stands in SYNONYMS.
CHOICES: Mapping[str, Mapping[str, Phrase]] = {
    "language": {"vi": Phrase("tiếng Việt", "Vietnamese"), "en": Phrase("tiếng Anh", "English")},
    "style": {"party": Phrase("Đảng", "party"), "state": Phrase("Nhà nước", "state")},
    "data_window": {
        "decree": Phrase("theo Nghị định 09/2019", "decree"),
        "calendar": Phrase("trọn quý theo lịch", "calendar"),
    },
    "cells.dash": {"zero": Phrase("số 0", "zero"), "missing": Phrase("chưa điền", "missing")},
    "workbook.protect": {
        "true": Phrase("có", "yes"),
        "false": Phrase("không", "no"),
        "as_is": Phrase("giữ như tệp gốc", "as it is"),
    },
    "report.texts": {
        "annex": Phrase("ở phụ lục", "annex"),
        "body": Phrase("ở phần nội dung", "body"),
        "none": Phrase("chỉ in ý đã gộp", "none"),
    },
    "report.spans": {
        "short": Phrase("rút gọn", "short"),
        "full": Phrase("in đủ", "full"),
    },
    "report.base": {
        "comparable": Phrase("đơn vị so sánh được", "comparable"),
        "all": Phrase("mọi đơn vị có báo cáo", "all"),
    },
    "findings": {
        "error": Phrase("lỗi", "error"),
        "warning": Phrase("cảnh báo", "warning"),
        "note": Phrase("lưu ý", "note"),
        "off": Phrase("không nhắc", "off"),
    },
}
_SYNONYMS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "language": {"vi": ("viet",), "en": ("anh",)},
    "style": {
        "party": ("van ban dang", "van ban cua dang"),
        "state": ("chinh quyen", "van ban nha nuoc", "nghi dinh 30"),
    },
    "data_window": {"decree": ("nghi dinh", "nghi dinh 09"), "calendar": ("lich", "theo lich", "tron quy")},
    "cells.dash": {"zero": ("0", "khong"), "missing": ("thieu", "trong", "de trong", "blank")},
    "workbook.protect": {
        "true": (*_YES, "khoa"),
        "false": (*_NO, "bo khoa"),
        "as_is": ("nhu goc", "giu nguyen"),
    },
    "report.texts": {"annex": ("phu luc",), "body": ("noi dung", "phan noi dung"), "none": ("khong",)},
    "report.spans": {"short": ("gon", "ngan"), "full": ("du", "day du")},
    "report.base": {"comparable": ("so sanh duoc",), "all": ("tat ca", "moi don vi")},
    "findings": {"warning": ("nhac",), "off": ("tat", "bo", "khong")},
}


def read_value(kind: ValueKind, group: str, typed: str, quarter: Quarter | None) -> object | None:
    """What reportctl.toml is to say for a value as it was `typed`; None where that cannot be read.

    `group` is the setting's place in `CHOICES`; `quarter`, the current one, tells which month of a quarter a
    day such as `5/4` is in: the first, or the one after the quarter.
    """
    text = " ".join(typed.split())
    match kind:
        case "text":
            return text
        case "texts":
            return [item for each in typed.split(SEPARATOR) if (item := " ".join(each.split()))]
        case "whole":
            return int(re.sub(r"[. ]", "", text)) if _WHOLE.fullmatch(text) else None
        case "number":
            return _number(text)
        case "choice":
            return _choice(group, text)
        case "deadline":
            return _deadline(text, quarter)
        case "quarter":
            period = read_period(text)
            return str(period) if isinstance(period, Quarter) else None
        case "code_above":
            return text or None


def said(kind: ValueKind, group: str, value: object) -> str:
    """A value as reportctl.toml has it, in words that `read_value` reads; empty where there is none."""
    if value is None:
        return ""
    if kind == "choice":
        chosen = str(value).lower() if isinstance(value, bool) else str(value)
        return str(CHOICES[group].get(chosen, chosen))
    if kind == "deadline" and isinstance(value, Mapping):
        return _deadline_said(value)
    if isinstance(value, bool):
        return str(_TRUTH[value])
    if isinstance(value, list | tuple):
        return f"{SEPARATOR} ".join(map(str, value))
    return as_said(value)


def possible(group: str) -> str:
    """The values that can be chosen, in words."""
    return ", ".join(f"{value} ({word})" for value, word in CHOICES[group].items())


def _number(text: str) -> int | float | None:
    found = _NUMBER.fullmatch(text)
    if not found:
        return None
    value = float(f"{found[1]}.{found[2] or '0'}")
    if found[3]:
        value = float(f"{value / 100:.12g}")
    return value


def _choice(group: str, text: str) -> object | None:
    typed = bare(text)
    for value, words in CHOICES[group].items():
        names = {value, bare(words.vi), bare(words.en), *_SYNONYMS[group].get(value, ())}
        if typed in names:
            return value == "true" if value in ("true", "false") else value
    return None


def _deadline(text: str, quarter: Quarter | None) -> dict[str, int] | None:
    typed = bare(text)
    if found := _DAYS.fullmatch(typed):
        days = int(found["days"])
        return {"days_after": -abs(days) if found["side"] in ("truoc", "before") else days}
    if found := _OF_MONTH.fullmatch(typed):
        month = found["month"] or found["month_en"] or "4"
        number = _ORDINALS[month] if month in _ORDINALS else int(month)
        return _on_day(number, int(found["day"] or found["day_en"]))
    found = _ISO.fullmatch(typed) or _DATE.fullmatch(typed)
    if not found:
        return None
    day, month_ = int(found["day"]), int(found["month"])
    # A year without 29 February would refuse what holds in the others.
    if not 1 <= month_ <= 12 or not 1 <= day <= calendar.monthrange(2024, month_)[1]:
        return None
    first = 3 * quarter.number - 2 if quarter else 1
    of_quarter = (month_ - first) % 12 + 1
    return _on_day(of_quarter if quarter and of_quarter <= 4 else (month_ - 1) % 3 + 1, day)


def _on_day(month: int, day: int) -> dict[str, int] | None:
    return {"month": month, "day": day} if 1 <= day <= 31 else None


def _deadline_said(value: Mapping[str, object]) -> str:
    day, days = value.get("day"), value.get("days_after")
    if day is not None:
        month = value.get("month", 3)
        return str(_ON_DAY_AFTER if month == 4 else _ON_DAY).format(day=day, month=month)
    count = days if isinstance(days, int) else 0
    return str(_AFTER if count >= 0 else _BEFORE).format(count=abs(count))
