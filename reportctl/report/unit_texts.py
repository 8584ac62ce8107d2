"""The units' answers in words, in the roster's order, as paragraphs under the units' names."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reportctl.core import likeness, wording
from reportctl.core.language import _, ngettext
from reportctl.figures.notes import names_of
from reportctl.word.content import Paragraph
from reportctl.workspace.settings import Settings
from reportctl.workspace.units import Unit

# Answers that say that there is nothing to report; a dash or a dot is no answer already.
_NOTHING = frozenset(
    {"", "không", "không có", "không có gì", "không phát sinh", "khong", "khong co", "ko", "ko có", "chưa có",
     "none", "no", "nil", "nothing"}
)  # fmt: skip
_SHORTENED = "[…]"  # ends a shortened answer

_BULLET = re.compile(r"([-–—+•●○◦▪■*·➢✓→\uf0b7\uf0a7\uf0d8])+\s*")
_NUMBER = re.compile(r"\(?(?:\d{1,2}|[^\W\d_]|[IVX]{1,4})[.)/]\s")
_STOP = re.compile(r"[.!?…][”\"’)]*\s+")
_WORD = re.compile(r"\d+(?:[.,/]\d+)*|\w+")
# Words that turn a sentence into its opposite.
_OPPOSITES = frozenset({"không", "chưa", "chẳng", "tăng", "giảm", "not", "no", "never", "up", "down"})


@dataclass(frozen=True, slots=True)
class UnitText:
    """One unit's answer to a text question."""

    code: str
    unit: str
    text: str


@dataclass(frozen=True, slots=True)
class PrintedText:
    """One or several units' answers as they are printed: the lines, and the units in the roster's order.

    `reworded`: the units among them whose own words are a little different. `words`: how many the answer has
    where the lines are only its beginning, else 0.
    """

    units: tuple[str, ...]
    lines: tuple[str, ...]
    reworded: tuple[str, ...] = ()
    words: int = 0


def answers(
    texts: Iterable[UnitText], code: str, units: Mapping[str, Unit], settings: Settings
) -> tuple[PrintedText, ...]:
    """The answers to the question `code` in the roster's order, without those like “none”.

    What several units sent in the same words, or nearly, stands once, in the longest of their wordings: at
    the share `report.alike` of what they have in common, and only where figures, names within sentences and
    words such as “không” are the same. Longer ones end at a sentence within `report.max_words`.
    """
    order = {unit: n for n, unit in enumerate(units)}

    def place(unit: str) -> int:
        return order.get(unit, len(order))

    senders: dict[tuple[str, ...], list[str]] = {}
    for text in sorted((text for text in texts if text.code == code), key=lambda text: place(text.unit)):
        lines = tuple(" ".join(line.split()) for line in text.text.splitlines() if line.strip())
        plain = re.sub(r"[^\w\s]|_", " ", " ".join(lines)).casefold()
        if " ".join(plain.split()) not in _NOTHING:
            senders.setdefault(lines, []).append(text.unit)
    printed = []
    for group in _alike(list(senders), settings):
        longest = max(group, key=_length)
        together = sorted((unit for lines in group for unit in senders[lines]), key=place)
        reworded = tuple(unit for unit in together if unit not in senders[longest])
        kept = _shortened(longest, settings.report.max_words)
        words = sum(map(_words, longest)) if kept != longest else 0
        printed.append(PrintedText(tuple(together), kept, reworded, words))
    return tuple(printed)


def paragraphs(answers: Sequence[PrintedText], units: Mapping[str, Unit]) -> tuple[Paragraph, ...]:
    """The answers as paragraphs, each under its units' names, and a note where any was shortened.

    Lines that begin with a dash or a bullet are items of a list. Numbered lines keep their numbers, and so do
    lines with a plus under such with a dash their plus.
    """
    found: list[Paragraph] = []
    for answer in answers:
        lead = f"{names_of(answer.units, units)}: "
        dashed = False
        for index, line in enumerate(answer.lines):
            bullet = _BULLET.match(line)
            text = line[bullet.end() :] if bullet else line
            if bullet and line[0] == "+" and dashed:
                bullet, text = None, f"+ {text}"
            dashed = dashed or (bullet is not None and line[0] != "+")
            if index == 0 and (bullet or _NUMBER.match(line)):
                found.append(Paragraph("", lead.strip()))
                lead = ""
            found.append(Paragraph(text, lead, bullet is not None))
            lead = ""
    if cut := _shortened_units(answers, units):
        found.append(Paragraph(_("({sign}: shortened; {units}.)").format(sign=_SHORTENED, units=cut)))
    return tuple(found)


def remarks(question: str, answers: Sequence[PrintedText], units: Mapping[str, Unit]) -> Iterator[str]:
    """Notes for whoever writes the report: which answers to `question` were merged or shortened."""
    for answer in answers:
        if answer.reworded:
            yield _(
                "“{question}”: nearly the same text from {units} stands once; the words of {reworded} are a "
                "little different. To merge only texts that are the same, set alike = 1 under [report] in "
                "reportctl.toml."
            ).format(
                question=question,
                units=names_of(answer.units, units),
                reworded=names_of(answer.reworded, units),
            )
    if cut := _shortened_units(answers, units):
        yield _("“{question}”: shortened to at most max_words, whole in merged.xlsx: {units}.").format(
            question=question, units=cut
        )


def _shortened_units(answers: Iterable[PrintedText], units: Mapping[str, Unit]) -> str:
    """The units whose answers were shortened, with the words that they had; empty where none was."""
    return "; ".join(
        "{units} ({words})".format(
            units=names_of(one.units, units),
            words=wording.tidy(ngettext("{count} word", "{count} words", one.words).format(count=one.words)),
        )
        for one in answers
        if one.words
    )


def _words(text: str) -> int:
    return len(text.split())


def _length(lines: Sequence[str]) -> int:
    return sum(map(len, lines))


def _alike(texts: Sequence[tuple[str, ...]], settings: Settings) -> list[list[tuple[str, ...]]]:
    """Texts that are nearly the same, together; groups and their texts in the order of `texts`."""
    comparable: dict[tuple[str, ...], dict[int, likeness.Text]] = defaultdict(dict)
    for n, lines in enumerate(texts):
        compared = likeness.text_of(" ".join(lines), settings.checks.min_words)
        if compared and settings.report.alike < 1:
            comparable[_distinct_words(lines)][n] = compared
    firsts: dict[int, int] = {}
    for group in comparable.values():
        longest_first = sorted(group, key=lambda n: (-_length(texts[n]), n))
        firsts |= likeness.groups_of_similar({n: group[n] for n in longest_first}, settings.report.alike)
    groups: dict[int, list[tuple[str, ...]]] = defaultdict(list)
    for n, lines in enumerate(texts):
        groups[firsts.get(n, n)].append(lines)
    return list(groups.values())


def _distinct_words(lines: Sequence[str]) -> tuple[str, ...]:
    """The words that must be the same in merged texts: figures, names within sentences, opposites."""
    found: list[str] = []
    for line in lines:
        text = unicodedata.normalize("NFC", line)
        for match in _WORD.finditer(text):
            word = match[0].casefold()
            before = text[max(0, match.start() - 2) : match.start()]
            within_sentence = before.endswith(" ") and (before[0].isalnum() or before[0] == ",")
            if (within_sentence and match[0][0].isupper()) or word[0].isdigit() or word in _OPPOSITES:
                found.append(word)
    return tuple(found)


def _shortened(lines: tuple[str, ...], most: int | None) -> tuple[str, ...]:
    """`lines` up to the last end of a sentence within `most` words, with the sign of what is left out.

    The first sentence is always whole; a text that has no more is not shortened.
    """
    if most is None or sum(map(_words, lines)) <= most:
        return lines
    kept: list[str] = []
    count = 0
    for line in lines:
        fitting: list[str] = []
        for sentence in _sentences(line):
            count += _words(sentence)
            if count > most and (kept or fitting):
                break
            fitting.append(sentence)
        if fitting:
            kept.append(" ".join(fitting))
        if count > most:
            break
    return lines if tuple(kept) == lines else (*kept[:-1], f"{kept[-1]} {_SHORTENED}")


def _sentences(line: str) -> Iterator[str]:
    """The sentences of a line; a number of a list and a short abbreviation (`TP.`) end none."""
    start = 0
    for stop in _STOP.finditer(line):
        before, after = line[start : stop.start()].split(), line[stop.end() :]
        abbreviated = len(before[-1:]) and before[-1].isupper() and len(before[-1]) <= 3
        if len(before) > 1 and not abbreviated and not after[:1].islower():
            yield line[start : stop.end()].rstrip()
            start = stop.end()
    yield line[start:]
