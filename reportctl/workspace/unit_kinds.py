"""What kind of unit a name says: “Xã Phú Khê” is a commune, “Sở Nội vụ” a department."""

from __future__ import annotations

import re
from collections.abc import Mapping

from reportctl.core.letters import bare, folded

_UY = "(?:ủy|uỷ)"
_OF = (
    rf"(?:(?:đảng {_UY}|đảng bộ|{_UY} ban nhân dân|ubnd|hđnd|mttq"
    rf"|ban tuyên giáo(?: và dân vận)?(?: đảng {_UY})?) )?"
)
# What a name begins with, and the kinds that it may be, by code, the likeliest first.
_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("xã đoàn|phường đoàn", ("department",)),
    (rf"{_OF}thị xã|thị {_UY}", ("town", "district")),
    (rf"{_OF}xã", ("commune",)),
    (rf"{_OF}phường", ("ward", "commune")),
    (rf"{_OF}(?:thị trấn|tt\.)", ("township", "commune")),
    (rf"{_OF}đặc khu", ("special_zone", "commune")),
    (rf"{_OF}(?:huyện|quận)|(?:huyện|quận) {_UY}", ("district",)),
    (rf"{_OF}(?:thành phố|tp\.?)|thành {_UY}", ("city", "district")),
    (
        "báo|tạp chí|cổng thông tin|truyền hình|phát thanh|thông tấn xã|(?:các )?cơ quan thường trú"
        "|đài(?! khí tượng)"
        "|trung tâm (?:truyền thông|truyền hình|phát thanh|thông tin và truyền thông|báo chí)",
        ("press",),
    ),
    (
        rf"sở|ban|công an|trung tâm|bộ (?:chỉ huy|tư lệnh|đội)|tỉnh đoàn|hội(?! an\b)|{_UY} ban|mặt trận"
        r"|liên đoàn|văn phòng|thanh tra|tòa án|toà án|viện|cục|chi cục|kho bạc|bảo (?:hiểm|tàng)|liên hiệp"
        rf"|đảng {_UY}|đảng bộ|đoàn|liên minh|quỹ|ngân hàng|bệnh viện|học viện|tổng (?:công ty|cục)"
        r"|công ty|chi nhánh|hải quan|thuế|thư viện|phòng|mttq|đại học|đài khí tượng"
        r"|trường (?:đại học|cao đẳng|chính trị|trung cấp|trung học|thpt|thcs|tiểu học|mầm non)"
        r"|nhà (?:văn hóa|văn hoá|hát|xuất bản|thiếu nhi)",
        ("department", "agency"),
    ),
)
# Without its accents “Quán Toan” would begin like a district, “Bảo Lộc” like a newspaper.
_LEVELS = [(re.compile(rf"(?:{words})(?!\w)"), codes) for words, codes in _WORDS]
_BARE_LEVELS = [(re.compile(rf"(?:{bare(words)})(?!\w)"), codes) for words, codes in _WORDS]


def levels_of(name: str) -> tuple[str, ...]:
    """The kinds that a unit of this name may be, the likeliest first; none where the name does not tell."""
    text = folded(name)
    levels = _BARE_LEVELS if text.isascii() else _LEVELS
    return next((codes for pattern, codes in levels if pattern.match(text)), ())


def guessed_kind(name: str, kinds: Mapping[str, str]) -> str:
    """The code of the kind that a unit of this name is: by its first words, else by the title of a kind with
    which it begins; empty where neither tells, and the only one where the form has but one."""
    if len(kinds) == 1:
        return next(iter(kinds))
    text = folded(name)
    said = bare if text.isascii() else folded
    by_title = [
        code
        for code, title in kinds.items()
        if any(f"{text} ".startswith(f"{said(part)} ") for part in title.split(",") if part.strip())
    ]
    found = next((code for code in levels_of(name) if code in kinds), "")
    return found or (by_title[0] if by_title else "")


def kind_named(text: str, kinds: Mapping[str, str]) -> str:
    """The code of the kind that a field names: by code or title, or by a word such as “Xã”."""
    typed = bare(text)
    if not typed:
        return ""
    named = next((code for code, title in kinds.items() if typed in (code.casefold(), bare(title))), "")
    return named or (guessed_kind(text, kinds) if len(typed.split()) <= 3 and len(kinds) > 1 else "")
