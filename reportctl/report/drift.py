"""Where the form and the Word document that reports are filled into have drifted apart."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from reportctl.core.errors import ReportctlError, near
from reportctl.core.language import N_, _, ngettext
from reportctl.form.model import Form
from reportctl.form.renamed import renamed_tag
from reportctl.report.hollow import hollow
from reportctl.report.tags import known_tags
from reportctl.report.unmentioned import Unmentioned, unmentioned
from reportctl.report.written_in import LANGUAGES, otherwise_written
from reportctl.word.blocks import excerpt
from reportctl.word.fill import FilledDocument, FillResult
from reportctl.word.mentions import Mentions, mentions
from reportctl.workspace import stock
from reportctl.workspace.settings import Workspace

_BRACKETED = re.compile(r"\[([^\[\]]+)\]")
# Placeholders of stock documents that offices began with and that have them no longer.
_FORMER = frozenset(
    f"Bảng số liệu {subject}"
    for subject in (
        "công tác lãnh đạo, chỉ đạo",
        "tập huấn, bồi dưỡng",
        "báo chí",
        "thông tin cơ sở",
        "trang, nhóm cộng đồng",
        "thông tin đính chính",
        "cuộc thi",
        "kinh phí",
    )
)
_TELLING = 15  # letters that a placeholder has in common with others of its kind
_SHOWN = 5  # notes that a report prints
# What stands at the head of a document, by its style (Decree 30/2020/NĐ-CP; guidance 05-HD/VPTW).
_BANNERS = {
    "party": ("ĐẢNG CỘNG SẢN VIỆT NAM", "COMMUNIST PARTY OF VIET NAM"),
    "state": ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "SOCIALIST REPUBLIC OF VIET NAM"),
}
_STYLES = {"party": N_("the Party's style"), "state": N_("the State's style")}


@dataclass(frozen=True, slots=True)
class Drift:
    """What is wrong between form and document. `wrong` are sentences, each of what stops a report, `controls`
    those about controls that a report leaves as they are; `style` and `language` are one each where the
    document is in another than the one that is set. `placeholders` are those of the stock document that
    nothing fills, with their lines; `missing` is what the document does not mention. `foreign` says what to
    do where most of the document is about another form; `hollow` are sentences about tags that show nothing
    in this one."""

    wrong: tuple[str, ...]
    controls: tuple[str, ...]
    placeholders: tuple[tuple[str, str], ...]
    style: str
    language: str
    missing: tuple[Unmentioned, ...]
    foreign: str = ""
    hollow: tuple[str, ...] = ()

    @property
    def stops_reports(self) -> bool:
        """Whether no report can be made of the document."""
        return bool(self.wrong or self.placeholders)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a report that is made all the same is to be told with."""
        shown = [*filter(None, (self.style, self.language, self.foreign)), *self.hollow]
        shown += [one.sentence for one in self.missing[:_SHOWN]]
        if more := len(self.missing) - _SHOWN:
            shown += [_more(more)] if more > 0 else []
        return tuple(shown)

    @property
    def count(self) -> int:
        """How many things there are to be said."""
        lists = (self.wrong, self.controls, self.placeholders, self.missing, self.hollow)
        return sum(map(len, lists)) + bool(self.style) + bool(self.language)


def _more(count: int) -> str:
    return ngettext(
        "{count} more thing that the document does not mention: reportctl form --check",
        "{count} more things that the document does not mention: reportctl form --check",
        count,
    ).format(count=count)


def drift(
    document: bytes,
    form: Form,
    workspace: Workspace,
    style: str | None = None,
    *,
    whole: bool = True,
    name: str = "",
    also: Collection[str] = (),
    hint: Callable[[str], str] = lambda _tag: "",
) -> Drift:
    """What is wrong between `form` and the `document` that reports are filled into; `style` is the one that
    was asked for. A document that is not the `whole` report has a `name`, need not mention all, and is in
    whatever style it is. `also` are tags that it may hold besides those of every report, `hint` says why one
    is not known. Raises `ReportctlError` where it is no document."""
    known = known_tags(form) | {*also}
    found = mentions(document, known)
    typed, controls = (
        tuple(_unknown(found, sorted(known), form, hint, typed=typed)) for typed in (True, False)
    )
    return Drift(
        typed,
        controls,
        tuple(_placeholders(found)),
        _style(found, workspace) if whole and not style else "",
        _language(found, workspace, "" if whole else name, asked=bool(style)),
        tuple(unmentioned(form, found.tags, texts_in_annex=workspace.settings.report.texts == "annex"))
        if whole
        else (),
        _foreign(found, form, workspace.report_template.name) if whole else "",
        tuple(hollow(form, found.tags)),
    )


def _foreign(found: Mentions, form: Form, file: str) -> str:
    """What to do about a document of which most that is about a form is about another one: that has more
    names of sections, tables, figures and texts that the form does not know than it has of the form's own."""
    codes = {
        *form.indicators,
        *(section.code for section in form.sections),
        *(table.code for table in form.tables),
        *(listed.code for listed in form.lists),
        *(question.code for question in form.texts),
    }
    own = {tag for tag in found.tags if codes & _names_in(tag)}
    others = {
        one.name
        for one in found.unknown
        if not codes & _names_in(one.name) and (_OURS.fullmatch(one.name) or (one.typed and ":" in one.name))
    }
    if len(others) < _MANY_OTHERS or len(others) <= len(own):
        return ""
    return _(
        "{file} was made for another form: {count} of its places name what this form does not ask. For a "
        "document that mentions all that this form asks: reportctl report --new-template"
    ).format(file=file, count=len(others))


def _names_in(tag: str) -> set[str]:
    """The codes that a tag may name, of a section, a table, a figure, a text."""
    return {*re.split(r"[?*:@.]", tag)}


_MANY_OTHERS = 5  # places of another form, below which they are slips


def _unknown(
    found: Mentions, known: Sequence[str], form: Form, hint: Callable[[str], str], *, typed: bool
) -> Iterator[str]:
    """The tags that are not known, each with its line; of controls only those spelled as ours are, and those
    of what the form has renamed."""
    sentence = _("The control “{name}” has a tag that is not known{near}; in it stands “{line}”.")
    if typed:
        sentence = _("{{{{{name}}}}} is not known{near}; it stands in “{line}”.")
    for one in found.unknown:
        ours = typed or _OURS.fullmatch(one.name) or renamed_tag(one.name, form)
        if one.typed is not typed or not ours:
            continue
        why = hint(one.name.lstrip("?*")) or near(one.name, known)
        yield sentence.format(name=one.name, near=why, line=excerpt(one.text))


_OURS = re.compile(
    r"(?:section|sentences|text|annex|table|chart|ref):\S+|[a-z][a-z0-9]*_[a-z0-9_]*(?:\.[a-z_]+)?"
)


def _placeholders(found: Mentions) -> Iterator[tuple[str, str]]:
    """The placeholders that nothing fills, with their lines; also all brackets that are alone in a control of
    ours whose tag is not known."""
    of_controls = {one.text.strip() for one in found.unknown if not one.typed and _OURS.fullmatch(one.name)}
    for line, open_words in found.lines:
        for bracket in _BRACKETED.finditer(open_words):
            if bracket[0] in of_controls or is_placeholder(bracket[1]):
                yield bracket[0], line


def placeholders_left(filled: FilledDocument) -> list[tuple[str, str]]:
    """The placeholders in controls that could not be filled where they stand."""
    texts = [one.text for one in filled.controls if one.result is not FillResult.RENEWED]
    return [
        (found[0], text) for text in texts for found in _BRACKETED.finditer(text) if is_placeholder(found[1])
    ]


def refuse_placeholders(found: Sequence[tuple[str, str]]) -> None:
    """Raises `ReportctlError` that names all placeholders `found`, which would be printed as they are."""
    if found:
        raise ReportctlError(placeholders_in_words(found))


def placeholders_in_words(found: Sequence[tuple[str, str]]) -> str:
    """The placeholders `found`, each with its line where more stands there, and what to do."""
    named = dict.fromkeys(
        f"“{text}”" if text == line else f"“{text}” (“{excerpt(line)}”)" for text, line in found
    )
    return _(
        "Placeholders of the stock document are left, and nothing fills them: {texts}. Delete them, or put a "
        "tag in their place; all tags: reportctl form --tags"
    ).format(texts="; ".join(named))


def is_placeholder(text: str) -> bool:
    """Whether what stands between brackets is a placeholder of the stock document, edited or not."""
    exact, beginnings, ends = _stock_placeholders()
    return (
        text in exact
        or any(text.startswith(one) for one in beginnings)
        or any(text.startswith(start) and text.endswith(end) for start, end in ends)
    )


@functools.cache
def _stock_placeholders() -> tuple[frozenset[str], frozenset[str], frozenset[tuple[str, str]]]:
    """The placeholders of the stock documents: as they are; beginnings up to a colon (“Tên mục:”); what those
    of one kind of tag begin and end with, where that is long enough to tell."""
    texts: dict[str, set[str]] = {}
    for document in stock.all_documents():
        for one in mentions(document, ()).unknown:
            if bracket := _BRACKETED.fullmatch(one.text.strip()):
                texts.setdefault(one.name.rpartition(":")[0], set()).add(bracket[1])
    exact = frozenset(text for several in texts.values() for text in several) | _FORMER
    beginnings = frozenset(f"{text.partition(':')[0]}:" for text in exact if ":" in text)
    ends = set()
    for several in (each for kind, each in texts.items() if kind and len(each) > 1):
        start = _common(several)
        end = _common({text.removeprefix(start)[::-1] for text in several})[::-1]
        if len(start + end) >= _TELLING:
            ends.add((start, end))
    return exact, beginnings, frozenset(ends)


def _common(texts: set[str]) -> str:
    """What all of the texts begin with."""
    least, greatest = min(texts), max(texts)
    same = 0
    while same < min(len(least), len(greatest)) and least[same] == greatest[same]:
        same += 1
    return least[:same]


def _style(found: Mentions, workspace: Workspace) -> str:
    """That the document is in another style than the one that is set; empty where it is not."""
    wanted, own = workspace.settings.style, workspace.report_template.name
    data = workspace.report_template.read_bytes()
    if other := next(
        (one for (one, _in), stocked in stock.report_documents().items() if data == stocked), ""
    ):
        if other == wanted:
            return ""
        return _(
            '{file} is the stock document in {other}, and style = "{style}" is set: the stock document in '
            "{wanted} is filled in its place. To have that one there: reportctl report --new-template"
        ).format(file=own, other=_(_STYLES[other]), style=wanted, wanted=_(_STYLES[wanted]))
    styles = {
        style: banner
        for style, banners in _BANNERS.items()
        for banner in banners
        if any(_is_banner(text, banner) for text in found.paragraphs)
    }
    if len(styles) != 1 or wanted in styles:
        return ""
    (other,) = styles
    return _(
        '{file} is in {other} (“{banner}”), and style = "{style}" is set, so that number, signature and '
        'recipients are written in {wanted}. Set style = "{other_style}" in reportctl.toml, or begin with a '
        "fresh document: reportctl report --new-template --style {style}"
    ).format(
        file=own,
        other=_(_STYLES[other]),
        banner=styles[other],
        style=wanted,
        wanted=_(_STYLES[wanted]),
        other_style=other,
    )


def _language(found: Mentions, workspace: Workspace, name: str, *, asked: bool) -> str:
    """That the words of the document are in another language than the one that is set; empty where they are
    not. `name` is empty for the workspace's report; of a stock one that was `asked` for nothing is said."""
    own, wanted = workspace.report_template, workspace.settings.language
    if not (name or asked) and own.is_file():
        data = own.read_bytes()
        other = next(
            (of for (_in, of), stocked in stock.report_documents().items() if data == stocked), wanted
        )
        if other != wanted:
            return _(
                '{file} is the stock document in {other}, and language = "{language}" is set: the stock '
                "document in {wanted} is filled in its place. To have that one there: "
                "reportctl report --new-template"
            ).format(file=own.name, other=_(LANGUAGES[other]), language=wanted, wanted=_(LANGUAGES[wanted]))
    return otherwise_written(name or own.name, (words for _line, words in found.lines), wanted)


def _is_banner(text: str, banner: str) -> bool:
    """Whether a paragraph is the banner, in letters of any size, or ends with it in capitals: then the issuer
    stands left of it on the line."""
    line = " ".join(unicodedata.normalize("NFC", text).split())
    line = line.replace("HOÀ", "HÒA").replace("hoà", "hòa")
    return line.casefold() == banner.casefold() or line.endswith(banner)
