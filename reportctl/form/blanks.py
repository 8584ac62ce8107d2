"""Cells of an office's own workbook that say who and when: `Đơn vị: ……`, with dots to write on, or blank."""

from __future__ import annotations

import re

from reportctl.core.letters import folded
from reportctl.core.period import read_period

_DOTS = r"(?:\.{2,}|…|_{2,})[.…_\s]*"
_END = re.compile(rf"\s*(?:{_DOTS})?$")
_QUARTER = re.compile(
    rf"(?P<quarter>quý)\s*(?:{_DOTS}|[IV]+\b|\d\b)?\s*(?:/|năm|-)?\s*(?:\d{{2,4}}\s*[.…_]*|{_DOTS})",
    re.IGNORECASE,
)
_SPACES = re.compile(r"\s+")


def before_dots(printed: str) -> str:
    """What is printed before the dots to write on: `Đơn vị:` of `Đơn vị: ……`."""
    return _END.sub("", printed).strip()


def with_text(printed: str, text: str) -> str:
    """What a cell says once `text` is filled in where `printed` has its dots, or after it."""
    before = before_dots(printed)
    return f"{before} {text}" if before else text


def with_quarter(printed: str, words: str) -> str | None:
    """What a cell says once the quarter, in words, is filled in: in place of the one that is printed, or of
    the dots for it; None where it speaks of something else, such as a school year."""
    if found := _QUARTER.search(printed):
        said = words.upper() if found["quarter"].isupper() else words
        said = said[0].lower() + said[1:] if found["quarter"].islower() else said
        return printed[: found.start()] + said + printed[found.end() :]
    before = before_dots(printed)
    if not before or before.endswith(":") or before != printed.strip():
        return with_text(printed, words)
    label, colon, rest = printed.partition(":")
    if colon and read_period(rest):
        return f"{label}: {words}"
    return words if read_period(printed) else None


def filled_in(printed: str, typed: str) -> str:
    """What was filled in where a cell had `printed` in it: without what is printed before the dots."""
    before, text = _SPACES.sub(" ", before_dots(printed)), _SPACES.sub(" ", typed).strip()
    if before and folded(text).startswith(folded(before)):
        rest = text[len(before) :].strip(" .…_:")
        return rest if rest or text == before else text
    label, colon, rest = text.partition(":")
    if colon and before and folded(before).startswith(folded(label)):
        return rest.strip(" .…_")
    return text.strip(" …_")
