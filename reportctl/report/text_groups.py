"""What the units wrote, in groups by what it is about: the bullets of the report's body.

Lines that are equal but for figures, or nearly the same, stand once. Lines about one of the form's themes, by
the words that the office lists, make a group; others do where they are alike. How lines are grouped does not
depend on the order of units.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from reportctl.core import likeness, wording
from reportctl.core.language import _, current_language, ngettext, speaking
from reportctl.core.period import Quarter
from reportctl.figures.notes import names_of
from reportctl.form.model import Form, Theme
from reportctl.report import unit_texts
from reportctl.report.counted_lines import Counted, counted, together, words_of
from reportctl.report.unit_texts import UnitText
from reportctl.report.written_in import language_of
from reportctl.word.content import Paragraph
from reportctl.workspace.settings import Settings
from reportctl.workspace.units import Unit

_ABOUT_THE_SAME = 0.5  # share of their runs of words that lines without a theme have in common
_NAMED = 6  # units of a group; of more, one less is named
_NO_LIMIT = 1_000_000  # words
_WORDS = 100  # of a group where `report.max_words` does not say how many


@dataclass(frozen=True, slots=True)
class OfText:
    """What a figure has of one unit's answer: a line as it was typed, and all figures in it. `quarter` is
    said of a report over several."""

    unit: str
    quarter: Quarter | None
    line: str
    figures: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class FromTexts:
    """A sum, a range or a number of units as it is printed, and what it was made from."""

    words: str
    of: tuple[OfText, ...]


@dataclass(frozen=True, slots=True)
class Bullet:
    """A paragraph of the body, with the figures that the program made in it, in their order."""

    paragraph: Paragraph
    figures: tuple[FromTexts, ...] = ()


@dataclass(frozen=True, slots=True)
class SaidLine:
    """A line with all units that wrote it, whatever their figures; `reworded` are those whose own words are a
    little different, `quarters` those of a report over several. `place` is where it first stood in an answer:
    the number of its line, and of its sentence in that. `figures` are its sums and ranges, `of` is what it
    was made from."""

    text: str
    units: frozenset[str]
    place: tuple[int, int]
    reworded: frozenset[str] = frozenset()
    quarters: tuple[Quarter, ...] = ()
    figures: tuple[FromTexts, ...] = ()
    of: tuple[OfText, ...] = ()


@dataclass(frozen=True, slots=True)
class TextGroup:
    """Lines about the same, first what most units wrote. `units` are those that wrote any of them, each once,
    in the roster's order; `theme` is the title of one of the form's themes, or empty."""

    theme: str
    lines: tuple[SaidLine, ...]
    units: tuple[str, ...]

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        """The quarters in which any of it was written, of a report over several."""
        return tuple(sorted({quarter for line in self.lines for quarter in line.quarters}))


@dataclass(frozen=True, slots=True)
class _Written:
    """One line of one unit, or sentences of one; `place` as in `SaidLine`."""

    said: Counted
    unit: str
    quarter: Quarter | None
    place: tuple[int, int]


def groups(
    texts: Collection[UnitText], code: str, units: Mapping[str, Unit], form: Form, settings: Settings
) -> tuple[TextGroup, ...]:
    """The answers to the question `code` in groups, those first that most units wrote something of.

    Figures are read, and sums and ranges written, in the language of the answers: they stand within these.
    """
    asked = [text for text in texts if text.code == code and not unit_texts.says_nothing(text.text)]
    with speaking(language_of(text.text for text in asked) or current_language()):
        written = [
            _Written(counted(line), text.unit, text.quarter, (n, 0))
            for text in asked
            for n, line in enumerate(lines_of(text.text))
        ]
        summed = measures(form)
        lines = _merged(written, settings, summed)
        lines = [replace(line, text=_unbroken(line.text, summed)) for line in lines]
        words = {theme: [f" {words_of(word)} " for word in theme.words] for theme in form.themes}
        of_theme: dict[Theme | None, list[SaidLine]] = defaultdict(list)
        for line in lines:
            of_theme[_theme(line.text, words)].append(line)
        unthemed = _alike(of_theme[None])
    found = [(str(theme.name), of_theme[theme]) for theme in form.themes if theme in of_theme]
    found += [("", together) for together in unthemed]
    place = {unit: n for n, unit in enumerate(units)}
    made = []
    for title, some in found:
        own = sorted(
            frozenset().union(*(line.units for line in some)), key=lambda u: (place.get(u, len(place)), u)
        )
        made.append(TextGroup(title, tuple(sorted(some, key=_weight)), tuple(own)))
    return tuple(sorted(made, key=lambda group: -len(group.units)))


def in_full(found: Sequence[TextGroup], units: Mapping[str, Unit], settings: Settings) -> tuple[Bullet, ...]:
    """All groups as bullets with all their lines and the names of all their units."""
    report = settings.report.model_copy(update={"max_words": _NO_LIMIT})
    unlimited = settings.model_copy(update={"report": report})
    return tuple(_bullet(group, units, unlimited, named=len(group.units)) for group in found)


def paragraphs(
    found: Sequence[TextGroup], units: Mapping[str, Unit], settings: Settings
) -> tuple[Paragraph, ...]:
    """The paragraphs of `bullets`."""
    return tuple(bullet.paragraph for bullet in bullets(found, units, settings))


def bullets(found: Sequence[TextGroup], units: Mapping[str, Unit], settings: Settings) -> tuple[Bullet, ...]:
    """Groups as bullets, each with its units: what there are more than `report.max_groups` is counted
    where an annex has it."""
    shown, rest = _shown(found, settings)
    made = [_bullet(group, units, settings) for group in shown]
    if rest and settings.report.texts == "annex":
        of = tuple(one for group in rest for line in group.lines for one in line.of)
        count, everyone = sum(len(group.lines) for group in rest), len({one.unit for one in of})
        pattern = ngettext("{count} more thing, from {units}", "{count} more things, from {units}", count)
        said = (_number(count), _count_of_units(everyone))
        more = wording.capitalised(pattern.format(count=said[0], units=said[1]))
        where = _("(in full in the annex of the units' texts)")
        text = wording.tidy(f"{more} {where}.")
        made.append(Bullet(Paragraph(text, item=True), tuple(FromTexts(words, of) for words in said)))
    return tuple(made)


def _bullet(group: TextGroup, units: Mapping[str, Unit], settings: Settings, named: int = _NAMED) -> Bullet:
    """One group as a bullet; so many of its units are `named` at the most."""
    text, figures = _words(group, units, settings, named)
    lead = f"{group.theme}: " if group.theme else ""
    return Bullet(Paragraph(wording.tidy(text), lead, item=True), figures)


def remarks(
    question: str, found: Sequence[TextGroup], units: Mapping[str, Unit], settings: Settings
) -> Iterator[str]:
    """Notes for whoever writes the report: which lines of answers to `question` stand in the words of another
    unit, and how much is not in the body."""
    for group in found:
        for line in group.lines:
            if line.reworded:
                yield unit_texts.reworded_remark(
                    question, _ordered(line.units, units), _ordered(line.reworded, units), units
                )
    shown, rest = _shown(found, settings)
    left = sum(len(group.lines) - len(_fitting(group, settings)) for group in shown)
    left += sum(len(group.lines) for group in rest)
    if left:
        yield ngettext(
            "“{question}”: {count} line is not in the body, by max_words and max_groups under [report] in "
            "reportctl.toml.",
            "“{question}”: {count} lines are not in the body, by max_words and max_groups under [report] in "
            "reportctl.toml.",
            left,
        ).format(question=question, count=left)


def lines_of(text: str) -> tuple[str, ...]:
    """The single points of an answer: its lines without bullets and numbers.

    A line that goes on in the next one is one with it, and so is one with a dash with those with a plus below
    it. Headings of a list (“Đã làm:”) are left out.
    """
    found: list[str] = []
    dashed = False
    typed = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    for n, line in enumerate(typed):
        mark = unit_texts.BULLET.match(line) or unit_texts.NUMBER.match(line)
        point = line[mark.end() :] if mark else line
        below = dashed and line[0] == "+"
        dashed = below or line[0] in "-–—"
        if not words_of(point):
            continue
        if below and found:
            found[-1] += f"{': ' if typed[n - 1][0] != '+' else '; '}{point.rstrip(' .;:')}"
            continue
        if not mark and point[0].islower() and found and found[-1][-1] not in ".;:!?":
            found[-1] += f" {point}"
            continue
        found.append(point.rstrip(" ;.:") if n + 1 < len(typed) and typed[n + 1][0] == "+" else point)
    headings = [n for n, point in enumerate(found[:-1]) if point.endswith(":")]
    return tuple(point for n, point in enumerate(found) if n not in headings)


def measures(form: Form) -> frozenset[str]:
    """The words of the units of measure, in both languages, whose figures are added up over units."""
    adding = [i for i in form.indicators.values() if i.amount and i.over_units == "sum"]
    named = (words_of(name) for i in adding for name in (i.unit_of_measure, i.unit_of_measure_en))
    return frozenset(filter(None, named))


def _unbroken(text: str, counted: frozenset[str]) -> str:
    """`text` with the units of measure `counted` behind numbers in one piece: `40 lượt người`."""
    behind = _behind_numbers(counted)
    return behind.sub(lambda found: wording.NBSP + wording.unbroken(found[0][1:]), text)


@functools.lru_cache(maxsize=16)
def _behind_numbers(measures: frozenset[str]) -> re.Pattern[str]:
    """One of the units of measure behind a number, the longest that it can be."""
    longest_first = sorted(measures, key=lambda measure: (-len(measure), measure))
    each = (r"[ \u00a0]".join(map(re.escape, measure.split())) for measure in longest_first)
    return re.compile(rf"(?<=\d)[ \u00a0](?:{'|'.join(each) or '(?!)'})(?!\w)", re.IGNORECASE)


def _merged(written: Sequence[_Written], settings: Settings, summed: Collection[str]) -> list[SaidLine]:
    """Every line once, with all that wrote it: whole lines, then sentences that others wrote too, then what
    is nearly the same."""
    of_lines = _by_key(written)
    of_sentences = _by_key([part for one in written for part in _parts(one)])
    pieces: list[_Written] = []
    for key in sorted(of_lines):
        same = of_lines[key]
        if _writers(same) > 1:
            pieces += same
        else:
            pieces += [part for one in same for part in _shared_apart(one, of_sentences)]
    by_key = _by_key(pieces)
    found = []
    for keys in _nearly_the_same(by_key, settings):
        first = keys[0]
        said = _usual([one.said for one in by_key[first]])
        rows = [one for key in keys for one in by_key[key]]
        units = frozenset(one.unit for one in rows)
        own = frozenset(one.unit for one in by_key[first])
        once = len(units) == len(rows)
        of = _of(rows)
        told = together(said, [one.said for one in rows], summed if once else ())
        quarters = tuple(sorted({one.quarter for one in rows if one.quarter}))
        found.append(
            SaidLine(
                told.text.rstrip(" .;,"),
                units,
                min(one.place for one in rows),
                units - own,
                quarters,
                tuple(FromTexts(words, of) for words in told.made),
                of,
            )
        )
    return found


def _of(rows: Iterable[_Written]) -> tuple[OfText, ...]:
    """What lines are made from, whatever their order."""
    made = [
        OfText(one.unit, one.quarter, _whole(one.said).strip(), tuple(map(float, one.said.figures)))
        for one in rows
    ]
    return tuple(sorted(made, key=lambda one: (one.unit, str(one.quarter), one.line)))


def _by_key(written: Sequence[_Written]) -> dict[tuple[str, ...], list[_Written]]:
    found: dict[tuple[str, ...], list[_Written]] = defaultdict(list)
    for one in written:
        found[one.said.key].append(one)
    return found


def _writers(written: Collection[_Written]) -> int:
    """How many units, or units in different quarters, wrote these."""
    return len({(one.unit, one.quarter) for one in written})


def _whole(said: Counted) -> str:
    """A line as it was typed."""
    return "".join(piece + typed for piece, typed in zip(said.pieces, (*said.typed, ""), strict=True))


def _parts(one: _Written) -> list[_Written]:
    """The sentences of a line."""
    sentences = unit_texts.sentences(_whole(one.said))
    return [replace(one, said=counted(said), place=(one.place[0], n)) for n, said in enumerate(sentences)]


def _shared_apart(
    one: _Written, of_sentences: Mapping[tuple[str, ...], Sequence[_Written]]
) -> Iterator[_Written]:
    """A line in as few pieces as let every sentence that others wrote too stand alone."""

    def shared(part: _Written) -> bool:
        return _writers(of_sentences[part.said.key]) > 1

    for apart, some in itertools.groupby(_parts(one), key=shared):
        parts = list(some)
        if apart:
            yield from parts
        else:
            yield replace(parts[0], said=counted(" ".join(_whole(part.said) for part in parts)))


def _usual(said: Sequence[Counted]) -> Counted:
    """The spelling that most have of lines that are equal but for figures."""
    often = Counter(one.pieces for one in said)
    pieces = min(often, key=lambda pieces: (-often[pieces], pieces))
    return min((one for one in said if one.pieces == pieces), key=lambda one: (one.figures, one.typed))


def _nearly_the_same(
    by_key: Mapping[tuple[str, ...], Sequence[_Written]], settings: Settings
) -> list[list[tuple[str, ...]]]:
    """Lines that are nearly the same together, the longest first; each is alone with `report.alike` at 1."""
    order = sorted(by_key, key=lambda key: (-sum(map(len, key)), key))
    comparable: dict[tuple[object, ...], dict[int, likeness.Text]] = defaultdict(dict)
    for n, key in enumerate(order):
        said = _usual([one.said for one in by_key[key]])
        compared = likeness.text_of(said.words, settings.checks.min_words)
        if compared and settings.report.alike < 1:
            counting = tuple(piece.split(" ")[0] for piece in key[1:])
            comparable[unit_texts.distinct_words([said.words]), counting][n] = compared
    first: dict[int, int] = {}
    for some in comparable.values():
        first |= likeness.groups_of_similar(some, settings.report.alike)
    found: dict[int, list[tuple[str, ...]]] = defaultdict(list)
    for n, key in enumerate(order):
        found[first.get(n, n)].append(key)
    return list(found.values())


def _theme(text: str, themes: Mapping[Theme, Sequence[str]]) -> Theme | None:
    """The theme of whose words most stand in `text`, the first of several; None where there is none."""
    words = f" {words_of(text)} "
    scores = {theme: sum(word in words for word in listed) for theme, listed in themes.items()}
    best = max(scores.values(), default=0)
    return next(theme for theme, score in scores.items() if score == best) if best else None


def _alike(lines: Sequence[SaidLine]) -> list[list[SaidLine]]:
    """Lines without a theme; together those that are alike: each joins the first that it is like."""
    order = sorted(lines, key=_weight)
    compared = {n: likeness.text_of(counted(line.text).words, 3) for n, line in enumerate(order)}
    first = likeness.groups_of_similar({n: text for n, text in compared.items() if text}, _ABOUT_THE_SAME)
    found: dict[int, list[SaidLine]] = defaultdict(list)
    for n, line in enumerate(order):
        found[first.get(n, n)].append(line)
    return list(found.values())


def _weight(line: SaidLine) -> tuple[int, tuple[int, int], str]:
    """What most units wrote comes first, then what they began with."""
    return -len(line.units), line.place, line.text


# ---- how a group is said


def _shown(found: Sequence[TextGroup], settings: Settings) -> tuple[Sequence[TextGroup], Sequence[TextGroup]]:
    """The groups that have a bullet, and the others: not one alone, which takes no less room counted."""
    most = settings.report.max_groups
    return (found, ()) if len(found) <= most + 1 else (found[:most], found[most:])


def _fitting(group: TextGroup, settings: Settings) -> Sequence[SaidLine]:
    """The lines of a group that are within its number of words, at least the first."""
    most = settings.report.max_words or _WORDS
    count, fitting = 0, 0
    for line in group.lines:
        count += len(line.text.split())
        if count > most and fitting:
            break
        fitting += 1
    return group.lines[:fitting]


def _words(
    group: TextGroup, units: Mapping[str, Unit], settings: Settings, named: int
) -> tuple[str, tuple[FromTexts, ...]]:
    """The lines of a group as sentences, with how many units wrote each where not all of the group did; so
    many units are `named` at the most. And the figures in them that are not the units' own."""
    lines = _fitting(group, settings)
    everyone = frozenset(group.units)
    most = settings.report.max_words or _WORDS
    sentences = []
    figures: list[FromTexts] = []
    for line in lines:
        (text,) = unit_texts.shortened((line.text,), most, "")
        figures += _standing(line.figures, text)
        by = ""
        if line.units != everyone:
            count = _count_of_units(len(line.units))
            by = f" ({count})"
            figures.append(FromTexts(count, line.of))
        sentences.append(f"{text.rstrip(' .;,')}{by}")
    by_name, counted_units = _named(group, units, named)
    figures += counted_units
    if all(line.units == everyone for line in group.lines):
        return f"{'. '.join(sentences)} ({by_name}).", tuple(figures)
    return _("{said}. From {units}.").format(said=". ".join(sentences), units=by_name), tuple(figures)


def _standing(figures: Iterable[FromTexts], text: str) -> Iterator[FromTexts]:
    """Those of a line's figures, which are in its order, that are in what is left of it."""
    begun = 0
    for one in figures:
        at = text.find(one.words, begun)
        if at < 0:
            return
        begun = at + len(one.words)
        yield one


def _named(group: TextGroup, units: Mapping[str, Unit], most: int) -> tuple[str, tuple[FromTexts, ...]]:
    """How many units a group is of, and their names, the last ones of many only counted; and the quarters.
    And the numbers in it."""
    count = len(group.units)
    first = group.units if count <= most else group.units[: most - 1]
    of = tuple(one for line in group.lines for one in line.of)
    named = names_of(first, units)
    figures = []
    if count > 1:
        figures.append(FromTexts(_count_of_units(count), of))
    if rest := group.units[len(first) :]:
        words = _number(len(rest))
        named = _("{units} and {count} others").format(units=named, count=words)
        figures.append(FromTexts(words, tuple(one for one in of if one.unit in rest)))
    if count > 1:
        named = f"{_count_of_units(count)}: {named}"
    quarters = unit_texts.quarter_words(group.quarters)
    return f"{named}; {quarters}" if quarters else named, tuple(figures)


def _count_of_units(count: int) -> str:
    return ngettext("{count} unit", "{count} units", count).format(count=_number(count))


def _number(count: int) -> str:
    """A number in running text: `04`."""
    return wording.count_words(count, "")


def _ordered(some: Collection[str], units: Mapping[str, Unit]) -> list[str]:
    return [*(unit for unit in units if unit in some), *sorted(set(some) - units.keys())]
