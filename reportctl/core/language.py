"""The language of messages: gettext catalogues, English ids, one choice for a run."""

from __future__ import annotations

import contextlib
import gettext
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LANGUAGES = ("vi", "en")
_LOCALE = Path(__file__).parent.parent / "locale"


class _State:
    language = "en"
    catalogue: gettext.NullTranslations = gettext.NullTranslations()
    kept = False  # `speaking` changes nothing


def use(language: str) -> None:
    """Say everything in `language` ("vi" or "en") from here on, the command line library's own words too."""
    _State.language = language if language in LANGUAGES else "en"
    _State.catalogue = gettext.translation("reportctl", _LOCALE, languages=[_State.language], fallback=True)
    # typer asks the process-wide gettext domain for its words ("Usage", "Options").
    os.environ["LANGUAGE"] = _State.language
    gettext.bindtextdomain("reportctl", str(_LOCALE))
    gettext.textdomain("reportctl")


@contextlib.contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say everything inside the block in `language`, whichever the program speaks: what is made for others to
    read. Of what may fail inside, `errors.said_in_ours` says why in the program's own."""
    before = _State.language
    use(before if _State.kept else language)
    try:
        yield
    finally:
        use(before)


@contextlib.contextmanager
def keeping() -> Iterator[None]:
    """Inside the block the language stays, also where `speaking` asks for another."""
    before, _State.kept = _State.kept, True
    try:
        yield
    finally:
        _State.kept = before


def current_language() -> str:
    """The language chosen last: "vi" or "en"."""
    return _State.language


class _Message(str):
    """A message whose numbers of things are said as the language writes them: `3.321`, `3,321`."""

    __slots__ = ()

    def format(self, *given: object, **named: object) -> str:
        for key in _NUMBERS & named.keys():
            number = named[key]
            if type(number) is int:
                grouped = f"{number:,}"
                named[key] = grouped.replace(",", ".") if _State.language == "vi" else grouped
        return super().format(*given, **named)


_NUMBERS = frozenset({"cells", "count", "expected", "files", "findings", "of", "others", "rows", "total"})


def _(message: str) -> str:
    """`message` in the current language; itself where the catalogue has no translation."""
    return _Message(_State.catalogue.gettext(message)) if message else ""


def ngettext(one: str, many: str, count: int) -> str:
    """The form of a message that goes with `count`."""
    return _Message(_State.catalogue.ngettext(one, many, count))


def N_(message: str) -> str:  # noqa: N802 - the gettext name for a message marked here and translated later
    """Mark `message` for the catalogue; it is translated where it is shown."""
    return message


@dataclass(frozen=True, slots=True)
class Phrase:
    """The same words in both languages, for what a form says of itself (labels, titles, rule messages)."""

    vi: str
    en: str = ""

    def __reduce__(self) -> tuple[type[Phrase], tuple[str, str]]:
        """For pickle, which would look up the fields of every phrase: a large form has thousands."""
        return Phrase, (self.vi, self.en)

    def __str__(self) -> str:
        return self.in_language()

    def in_language(self, language: str | None = None) -> str:
        """The words in `language`, by default the current one; Vietnamese where there is no English."""
        return self.en if (language or _State.language) == "en" and self.en else self.vi
