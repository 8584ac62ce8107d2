"""Which language the words of a document are in: figures and sentences are filled in the workspace's own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from reportctl.core.language import N_, _

LANGUAGES = {"vi": N_("Vietnamese"), "en": N_("English")}
_FEW = 12  # words: of fewer, most may be names
_VIETNAMESE, _OTHERS = 0.4, 0.15  # shares of words with a Vietnamese letter: it is, it is not
_TAG = re.compile(r"\{\{[^{}]*\}\}")
_WORD = re.compile(r"[^\W\d_]{2,}")
_MARKS = frozenset("\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323")  # of tones, â, ă, ơ


def language_of(texts: Iterable[str]) -> str:
    """The language that `texts` are in, "vi" or "en"; empty where that cannot be told.

    About three in four words of Vietnamese have a letter that English has not. Tags are no words.
    """
    words = [
        word for text in texts for word in _WORD.findall(unicodedata.normalize("NFC", _TAG.sub(" ", text)))
    ]
    if len(words) < _FEW:
        return ""
    share = sum(map(_is_vietnamese, words)) / len(words)
    return "vi" if share >= _VIETNAMESE else "en" if share < _OTHERS else ""


def _is_vietnamese(word: str) -> bool:
    apart = unicodedata.normalize("NFD", word.casefold())
    return "đ" in apart or not _MARKS.isdisjoint(apart)


def otherwise_written(name: str, texts: Iterable[str], wanted: str) -> str:
    """That the words of the document `name`, its `texts`, are in another language than the one `wanted`, in
    which it is filled; empty where they are not."""
    found = language_of(texts)
    if found in ("", wanted):
        return ""
    return _(
        '{file} is in {found}, and language = "{language}" is set, so that figures and sentences are written '
        "in {wanted} between its words. Set the language of the document, or begin with a fresh one: "
        "reportctl report --new-template"
    ).format(file=name, found=_(LANGUAGES[found]), language=wanted, wanted=_(LANGUAGES[wanted]))
