"""The units' answers in words as they came: in the roster's order, as paragraphs under the units' names."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from reportctl.core import likeness, wording
from reportctl.core.language import _, ngettext
from reportctl.core.letters import bare
from reportctl.core.period import Period, Quarter
from reportctl.figures.notes import names_of
from reportctl.form.model import Form
from reportctl.word.content import Paragraph
from reportctl.workspace.settings import ReportSettings, Settings
from reportctl.workspace.units import Unit

# Answers that say that there is nothing to report, in words without punctuation and signs on letters; a dash
# or a dot is no answer already.
_THING = (
    "kho khan|vuong mac|han che|ton tai|thieu sot|yeu kem|bat cap|tro ngai|nguyen nhan|kien nghi|de xuat"
    "|de nghi|y kien|noi dung|van de|truong hop|phat sinh|gi"
).replace(" ", r"\ ")
_NO_MORE = (
    "gi|nao|khac|them|moi|lon|dang ke|cu the|phat sinh|dac biet|noi bat|bao cao|phan anh|neu"
    "|(?:can|phai|de) (?:bao cao|neu|kien nghi|de xuat|phan anh)|ve noi dung nay|voi (?:tinh|cap tren)"
    "|trong (?:ky|quy|thang|nam)(?: bao cao)?(?: nay)?|trong qua trinh (?:thuc hien|trien khai)(?: nhiem vu)?"
    "|ca|het"
).replace(" ", r"\ ")
_NOTHING = re.compile(
    rf"""(?:(?:nhin\ chung|co\ ban|den\ nay|hien(?:\ nay|\ tai)?|don\ vi|dia\ phuong|xa|phuong
          |va|trong\ (?:ky|quy)|(?:ky|quy)\ nay|nhat\ tri)\ )*
      (?:khong|chua|ko|k)
      (?:(?:\ (?:co|con|gap|thay|phat\ hien|{_THING}|va|hoac|hay))+(?:\ (?:{_NO_MORE}))*)?
    """,
    re.VERBOSE,
)
_NOTHING_IN_ENGLISH = re.compile(
    r"""(?:none|nil|nothing|n\ ?a|no|not\ applicable|kad|khong\ ap\ dung
      | (?:there\ (?:are|is|were|was)\ |we\ (?:have|had)\ )?(?:none|nothing|no)
        (?:\ (?:major|serious|particular|special|other|further|new|significant|big|great))*
        (?:\ (?:difficult(?:y|ies)|problems?|limits?|limitations?|shortcomings?|obstacles?|issues?|causes?
          |recommendations?|proposals?|requests?|suggestions?|comments?|opinions?|and|or))*
        (?:\ (?:to\ report|to\ add|to\ say|so\ far|this\ quarter|in\ (?:this|the)\ (?:quarter|period)))*)
    """,
    re.VERBOSE,
)
# What may follow such words after a comma: “…, vướng mắc gì”.
_MORE_OF_IT = re.compile(rf"(?:{_THING}|va|hoac|hay)(?: (?:{_THING}|va|hoac|hay))*(?: (?:{_NO_MORE}))*")
_SHORTENED = "[…]"  # ends a shortened answer

BULLET = re.compile(r"([-–—+•●○◦▪■*·➢✓→\uf0b7\uf0a7\uf0d8])+\s*")
NUMBER = re.compile(r"\(?(?:\d{1,2}|[^\W\d_]|[IVX]{1,4})[.)/]\s")
_STOP = re.compile(r"[.!?…][”\"’)]*\s+")
_WORD = re.compile(r"\d+(?:[.,/]\d+)*|\w+")
# Words that turn a sentence into its opposite.
_OPPOSITES = frozenset({"không", "chưa", "chẳng", "tăng", "giảm", "not", "no", "never", "up", "down"})


@dataclass(frozen=True, slots=True)
class UnitText:
    """One unit's answer to a text question; `quarter` is said of a report over several."""

    code: str
    unit: str
    text: str
    quarter: Quarter | None = None


@dataclass(frozen=True, slots=True)
class PrintedText:
    """One or several units' answers as they are printed: the lines, and the units in the roster's order.

    `reworded`: the units among them whose own words are a little different. `words`: how many the answer has
    where the lines are only its beginning, else 0. `quarters`: of a report over several, in which of them
    each unit sent it.
    """

    units: tuple[str, ...]
    lines: tuple[str, ...]
    reworded: tuple[str, ...] = ()
    words: int = 0
    quarters: tuple[tuple[Quarter, ...], ...] = ()


def still_to_come(texts: Iterable[UnitText], form: Form, period: Period) -> tuple[UnitText, ...]:
    """The texts without those about the time after a quarter that is not the last of `period`: it is past.

    Of questions about that the last quarter's answers are left, whose quarter need not be said.
    """
    ahead = {question.code for question in form.texts if question.about == "next_period"}
    return tuple(
        replace(text, quarter=None) if text.code in ahead else text
        for text in texts
        if text.code not in ahead or text.quarter in (None, period.last)
    )


def answers(
    texts: Iterable[UnitText], code: str, units: Mapping[str, Unit], settings: Settings
) -> tuple[PrintedText, ...]:
    """The answers to the question `code` in the roster's order, without those like “none”.

    What several units sent in the same words, or nearly, stands once, in the longest of their wordings: at
    the share `report.alike` of what they have in common, and only where figures, names within sentences and
    words such as “không” are the same. Longer ones end at a sentence within `report.max_words`.
    """
    place = _places(units)
    senders: dict[tuple[str, ...], list[UnitText]] = {}
    asked = [text for text in texts if text.code == code and not says_nothing(text.text)]
    for text in sorted(asked, key=place):
        lines = tuple(" ".join(line.split()) for line in text.text.splitlines() if line.strip())
        senders.setdefault(lines, []).append(text)
    printed = []
    for group in _alike(list(senders), settings):
        longest = max(group, key=_length)
        sent = _quarters(sorted((text for lines in group for text in senders[lines]), key=place))
        own = {text.unit for text in senders[longest]}
        reworded = tuple(unit for unit in sent if unit not in own)
        kept = shortened(longest, settings.report.max_words)
        words = sum(map(_words, longest)) if kept != longest else 0
        quarters = tuple(sent.values()) if any(sent.values()) else ()
        printed.append(PrintedText(tuple(sent), kept, reworded, words, quarters))
    return tuple(printed)


def whole(
    texts: Collection[UnitText], form: Form, units: Mapping[str, Unit]
) -> dict[str, tuple[Paragraph, ...]]:
    """The answers to every question as they came, by its code: the same words of several units once, and at
    the end who has nothing to say; none where nobody has answered."""
    as_they_came = Settings(report=ReportSettings(alike=1))
    found = {}
    for question in form.texts:
        said = paragraphs(answers(texts, question.code, units, as_they_came), units)
        found[question.code] = (*said, *silent(texts, question.code, units))
    return found


def silent(texts: Iterable[UnitText], code: str, units: Mapping[str, Unit]) -> tuple[Paragraph, ...]:
    """Who has nothing to say to the question `code`, as a paragraph; none where nobody says so."""
    saying = [text for text in texts if text.code == code and says_nothing(text.text)]
    if not saying:
        return ()
    sent = _quarters(sorted(saying, key=_places(units)))
    named = _named(tuple(sent), tuple(sent.values()), units)
    return (Paragraph(_("Nothing to report: {units}.").format(units=named)),)


def under_headings(whole: Mapping[str, tuple[Paragraph, ...]], form: Form) -> tuple[Paragraph, ...]:
    """The answers to all questions that have any, each under its question, numbered."""
    asked = [question for question in form.texts if whole[question.code]]
    return tuple(
        paragraph
        for number, question in enumerate(asked, 1)
        for paragraph in (Paragraph("", f"{number}. {question.name}"), *whole[question.code])
    )


def says_nothing(text: str) -> bool:
    """Whether an answer as a whole says that there is nothing to report: `Không`, `Không có khó khăn gì
    lớn.`, also in several sentences. `Không có kinh phí` says something."""
    clauses = (" ".join(re.findall(r"[^\W_]+", bare(one))) for one in re.split(r"[.;,:!?\n]", text))
    return all(
        _NOTHING.fullmatch(one) or _NOTHING_IN_ENGLISH.fullmatch(one) or (n and _MORE_OF_IT.fullmatch(one))
        for n, one in enumerate(filter(None, clauses))
    )


def quarter_words(quarters: Collection[Quarter]) -> str:
    """Quarters of one year in running text: `quý I, quý II`; empty for none."""
    return ", ".join(wording.period_words_alone(quarter, short=True) for quarter in quarters)


def _places(units: Mapping[str, Unit]) -> Callable[[UnitText], tuple[int, str, Quarter | None]]:
    """By what texts are sorted: the roster's order, then time."""
    order = {unit: n for n, unit in enumerate(units)}
    return lambda text: (order.get(text.unit, len(order)), text.unit, text.quarter)


def _quarters(texts: Iterable[UnitText]) -> dict[str, tuple[Quarter, ...]]:
    """The quarters of each unit's texts, in the order of `texts`."""
    found: dict[str, tuple[Quarter, ...]] = {}
    for text in texts:
        found[text.unit] = (*found.get(text.unit, ()), *([text.quarter] if text.quarter else ()))
    return found


def _named(codes: Sequence[str], quarters: Sequence[tuple[Quarter, ...]], units: Mapping[str, Unit]) -> str:
    """The names of units, each with its quarters where these are said."""
    named = []
    for n, code in enumerate(codes):
        own = quarter_words(quarters[n]) if quarters else ""
        named.append(names_of([code], units) + (f" ({own})" if own else ""))
    return ", ".join(named)


def paragraphs(answers: Sequence[PrintedText], units: Mapping[str, Unit]) -> tuple[Paragraph, ...]:
    """The answers as paragraphs, each under its units' names, and a note where any was shortened.

    Lines that begin with a dash or a bullet are items of a list. Numbered lines keep their numbers, and so do
    lines with a plus under such with a dash their plus.
    """
    found: list[Paragraph] = []
    for answer in answers:
        lead = f"{_named(answer.units, answer.quarters, units)}: "
        dashed = False
        for index, line in enumerate(answer.lines):
            bullet = BULLET.match(line)
            text = line[bullet.end() :] if bullet else line
            if bullet and line[0] == "+" and dashed:
                bullet, text = None, f"+ {text}"
            dashed = dashed or (bullet is not None and line[0] != "+")
            if index == 0 and (bullet or NUMBER.match(line)):
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
            yield reworded_remark(question, answer.units, answer.reworded, units)
    if cut := _shortened_units(answers, units):
        yield _("“{question}”: shortened to at most max_words, whole in merged.xlsx: {units}.").format(
            question=question, units=cut
        )


def reworded_remark(
    question: str, together: Sequence[str], reworded: Sequence[str], units: Mapping[str, Unit]
) -> str:
    """That what `together` sent stands once, though the words of `reworded` are a little different."""
    return _(
        "“{question}”: nearly the same text from {units} stands once; the words of {reworded} are a "
        "little different. To merge only texts that are the same, set alike = 1 under [report] in "
        "reportctl.toml."
    ).format(question=question, units=names_of(together, units), reworded=names_of(reworded, units))


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
            comparable[distinct_words(lines)][n] = compared
    firsts: dict[int, int] = {}
    for group in comparable.values():
        longest_first = sorted(group, key=lambda n: (-_length(texts[n]), n))
        firsts |= likeness.groups_of_similar({n: group[n] for n in longest_first}, settings.report.alike)
    groups: dict[int, list[tuple[str, ...]]] = defaultdict(list)
    for n, lines in enumerate(texts):
        groups[firsts.get(n, n)].append(lines)
    return list(groups.values())


def distinct_words(lines: Sequence[str]) -> tuple[str, ...]:
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


def shortened(lines: tuple[str, ...], most: int | None, sign: str = f" {_SHORTENED}") -> tuple[str, ...]:
    """`lines` up to the last end of a sentence within `most` words, with the `sign` of what is left out.

    The first sentence is always whole; a text that has no more is not shortened.
    """
    if most is None or sum(map(_words, lines)) <= most:
        return lines
    kept: list[str] = []
    count = 0
    for line in lines:
        fitting: list[str] = []
        for sentence in sentences(line):
            count += _words(sentence)
            if count > most and (kept or fitting):
                break
            fitting.append(sentence)
        if fitting:
            kept.append(" ".join(fitting))
        if count > most:
            break
    return lines if tuple(kept) == lines else (*kept[:-1], f"{kept[-1]}{sign}")


def sentences(line: str) -> Iterator[str]:
    """The sentences of a line; a number of a list and a short abbreviation (`TP.`) end none."""
    start = 0
    for stop in _STOP.finditer(line):
        before, after = line[start : stop.start()].split(), line[stop.end() :]
        abbreviated = len(before[-1:]) and before[-1].isupper() and len(before[-1]) <= 3
        if len(before) > 1 and not abbreviated and not after[:1].islower():
            yield line[start : stop.end()].rstrip()
            start = stop.end()
    yield line[start:]
