"""How rows are numbered: `1`, `1.2.`, `(a)`, `IV`, `II.3`, in a column of their own or before the label;
how deep that is."""

from __future__ import annotations

import re

_ROMAN = r"(?:X{0,3}(?:IX|IV|V?I{1,3}|V)|X{1,3})"
_NUMBER = re.compile(
    rf"[\[(]?(?:(?P<roman>{_ROMAN})|(?P<letter>[A-Za-zđĐ])|(?P<dotted>\d{{1,3}}(?:[.,]\d{{1,3}}){{0,6}})|(?P<mixed>(?:{_ROMAN}|[A-Za-zđĐ])(?:\.\d{{1,3}}){{1,5}}|\d{{1,3}}(?:\.\d{{1,3}}){{0,4}}\.?[a-zđ]))[\])]?\s*[.):/-]{{0,2}}"
)
_BEFORE_LABEL = re.compile(
    rf"\s*(?P<no>[\[(]?(?:{_ROMAN}|[A-Za-zđĐ]|\d{{1,3}}(?:\.\d{{1,3}}){{0,6}}[a-zđ]?|(?:{_ROMAN}|[A-Z])(?:\.\d{{1,3}}){{1,5}})(?:\s*[.)/](?!\d)\s*|\]\s*|\s+-\s+|\s*:\s+)|\d{{1,3}}(?:\.\d{{1,3}}){{1,6}}\s+)(?P<label>\S.*)",
    re.DOTALL,
)
_BULLET = re.compile(
    r"\s*(?P<sign>[-–—+*•·○●▪■o►])\s+(?P<label>\S.*)|\s*(?P<tight>[-–—+*•·○●▪■►])(?P<other>[^\W\d].*)",
    re.DOTALL,
)


def row_number(text: str) -> str:
    """The number of a row as it is written in a column of its own, without brackets and last dots; empty:
    none."""
    text = text.strip()
    return text.strip("[]() .:-/") if text and _NUMBER.fullmatch(text) else ""


def split_number(label: str) -> tuple[str, str]:
    """The number at the beginning of a label and the rest; the number is empty where there is none."""
    found = _BEFORE_LABEL.fullmatch(label)
    if not found:
        return "", label.strip()
    return found["no"].strip().strip("[]() .:-/"), found["label"].strip()


def split_bullet(label: str) -> tuple[str, str]:
    """The bullet at the beginning of a label and the rest."""
    found = _BULLET.fullmatch(label)
    if not found:
        return "", label.strip()
    return (found["sign"] or found["tight"]), (found["label"] or found["other"]).strip()


def depth(number: str) -> int:
    """How deep a number stands: `I` and `A` 1, `1` 1, `1.2` 2, `a` 3; whether `1` stands below `I` is for
    the table."""
    if not number:
        return 0
    if re.fullmatch(_ROMAN, number) or re.fullmatch("[A-ZĐ]", number):
        return 1
    if re.fullmatch("[a-zđ]", number):
        return 3
    return 1 + len(re.findall(r"[.,](?=\w)", number))
