"""Units of measure as forms write them: in a line above the table, in headings, at the end of labels, two
in one."""

from __future__ import annotations

import re

from reportctl.adopt.grid import Grid, Span
from reportctl.adopt.words import bare

_LINE = re.compile(
    r"^\W*(?:đơn vị(?: tính)?|đvt|đv tính|đ\.?v\.?t|dvt"
    r"|unit(?: of measure(?:ment)?)?)\s*[:\-–]\s*(?P<unit>[^\n;]{1,60}?)\W*$",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(
    r"\(\s*(?:(?:đvt|đơn vị(?: tính)?|dvt|unit)\s*:?\s*)?(?P<unit>[^()]{1,30}?)\s*\)", re.IGNORECASE
)
_KNOWN = re.compile(
    r"(?:1\.?000 |nghin |ngan |trieu |ty |tr\.? ?|1000 )?(?:dong|vnd|usd|eur|d|cp|co phieu)|%|phan tram"
    r"|nguoi|luot(?: nguoi)?|truong|lop|hoc sinh"
    r"|cuoc|bai|tin|buoi|van ban|ho|don vi|co so|phong|giuong|tan|kg|km2?|ha|m2|m3|lit|con|cay|vu|chiec"
    r"|cai|bo|may|may tinh|to chuc|dang vien|chi bo|to chuc dang"
    r"|doi tuong|hop dong|khach hang|ngay|gio|thang|nam|lan|mon|giao dich|mwh|kwh|hs|hv|gv|chau|tre|ca"
    r"|diem|san pham|thue bao|buu gui|cau|nhom|du an|cong trinh"
    r"|xa|thon|phuong|ban|khu pho|people|persons?|number|no\.?|days?|hours?|thousand .{1,15}"
    r"|million .{1,15}|million|\$|us\$|usd .{1,12}"
    r"|(?:nguoi|dong|vnd|trieu dong|%)\s*/\s*\w+(?: \w+)?"
)


def unit_of_line(text: str) -> str:
    """The unit of measure that a line above a table says; empty: it is no such line."""
    found = _LINE.match(text)
    said = found["unit"].strip() if found else ""
    if not said:
        inside = _IN_BRACKETS.fullmatch(text.strip())
        plain = bare(text)
        if inside and ("don vi tinh" in plain or "dvt" in plain or "unit" in plain):
            said = inside["unit"].strip()
    return (
        ""
        if bare(said) in ("n/a", "na", "khong", "...")
        or not any(sign.isalpha() or sign == "%" for sign in said)
        else said
    )


def unit_of_words(text: str) -> str:
    """The unit of measure in brackets in a heading or label, such as `Vốn (triệu đồng)`; empty: none that
    is known."""
    for found in reversed(list(_IN_BRACKETS.finditer(text))):
        said = found["unit"].strip()
        if _KNOWN.fullmatch(bare(said)) or re.match(r"\(\s*(?:đvt|đơn vị|dvt)", found[0], re.IGNORECASE):
            return said.strip(" :")
    return "%" if bare(text).endswith("%") else ""


def two_units(said: str) -> tuple[str, str] | None:
    """The two units of measure that one line says, such as `Món/Triệu VND`; None where it is one."""
    parts = re.split(r"\s*[/;,]\s*|\s+và\s+", said)
    if len(parts) != 2 or not all(parts):
        return None
    first, second = map(bare, parts)
    if second in (
        "nam",
        "thang",
        "ngay",
        "quy",
        "nguoi",
        "ho",
        "m2",
        "ha",
        "lop",
        "gio",
        "kg",
        "tan",
        "lan",
        "don vi",
    ):
        return None
    if _KNOWN.fullmatch(first) and _KNOWN.fullmatch(second) and first != "%":
        return parts[0], parts[1]
    return None


def unit_above(grid: Grid, span: Span, above: int = 5) -> str:
    """The unit of measure that a line over the table says, within `above` rows."""
    for row in range(span.top - 1, max(-1, span.top - 1 - above), -1):
        for column in range(min(grid.width, span.right + 2) - 1, -1, -1):
            if grid.anchor(row, column) == (row, column) and (said := unit_of_line(grid.text(row, column))):
                return said
    return ""
