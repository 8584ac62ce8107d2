"""What the form asks and the Word document nowhere mentions, each with the paragraphs to paste."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from string import Formatter

from reportctl.core.language import Phrase, _
from reportctl.core.table import CellFormat
from reportctl.form.indicators import KIND_OF, OPENING, Indicator, Type
from reportctl.form.model import Form, Section
from reportctl.report.hollow import shows_nothing
from reportctl.word.content import Tag


@dataclass(frozen=True, slots=True)
class Unmentioned:
    """Something that is nowhere in the document: `what` it is, and the paragraphs that bring it there."""

    what: str
    paragraphs: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """That it is not there, with the paragraphs below."""
        said = _("The report does not mention {what}. To have it there, paste:").format(what=self.what)
        return "\n".join([said, *(f"    {paragraph}" for paragraph in self.paragraphs)])


def unmentioned(form: Form, tags: Collection[str], *, texts_in_annex: bool = False) -> Iterator[Unmentioned]:
    """What of `form` a document with these `tags` does not mention: sections, sentences, tables, texts, with
    `texts_in_annex` also as they came.

    References to a table are no mention of it; one row, column or cell of a table of the form is, and one
    figure of a list.
    """
    codes = {tag.name for tag in map(Tag.parse, tags) if not tag.kind}
    for section in form.sections:
        yield from _of_section(section, form, tags, codes)
    names = {tag.name.partition(".")[0] for tag in map(Tag.parse, tags) if tag.kind in ("", "table")}
    for table in form.tables:
        if table.code not in names:
            what = _("the table “{name}” (table:{code})").format(name=table.name, code=table.code)
            yield Unmentioned(what, (_typed(f"table:{table.code}"),))
    for listed in form.lists:
        tag = f"table:list:{listed.code}"
        if tag not in tags and listed.code not in codes:
            what = _("the list “{name}” ({code})").format(name=listed.name, code=listed.code)
            yield Unmentioned(what, (_typed(tag),))
    for question in form.texts:
        tag = f"text:{question.code}"
        if tag not in tags:
            what = _("the units' answers to “{name}” ({code})").format(name=question.name, code=question.code)
            yield Unmentioned(what, (_typed(tag),))
    whole = {f"annex:text:{question.code}" for question in form.texts}
    if texts_in_annex and whole and "annex:texts" not in tags and not whole <= set(tags):
        yield Unmentioned(_("the units' texts as they came (annex:texts)"), (_typed("annex:texts"),))
    for tag, what in (
        ("table:province", _("the table of all figures of the province")),
        ("table:reporting", _("the table of who has reported")),
    ):
        if tag not in tags and not shows_nothing(tag, form):
            yield Unmentioned(what, (_typed(tag),))


def _of_section(
    section: Section, form: Form, tags: Collection[str], codes: Collection[str]
) -> Iterator[Unmentioned]:
    """What is not mentioned of a section: all of it, else its sentences, else its tables."""
    code, name = section.code, section.name
    tables = {
        f"table:{code}": _("the table “{name}” (table:{code})"),
        f"table:units:{code}": _("the table “{name}” by unit (table:units:{code})"),
    }
    tables = {tag: what for tag, what in tables.items() if not shows_nothing(tag, form)}
    if "table:province" in tags and f"table:{code}" in tables:  # which has the figures of every section
        del tables[f"table:{code}"]
    chart = () if shows_nothing(f"chart:{code}", form) else (f"chart:{code}",)
    said = [one for one in section.indicators if one.sentence and one.numeric]
    sentences = (f"sentences:{code}",) if said or section.sentence else ()
    inside = [one.code for one in section.indicators if one.code in codes]
    if not inside and not any(f"{kind}{code}" in tags for kind in _OF_SECTIONS):
        what = _("the section “{name}” ({code})").format(name=name, code=code)
        whole = (f"section:{code}", *sentences, *chart, *tables)
        yield Unmentioned(what, tuple(map(_typed, whole)))
        return
    silent = [one for one in said if one.code not in codes]
    if silent and f"sentences:{code}" not in tags:
        names = ", ".join(f"“{one.name}” ({one.code})" for one in silent)
        what = _("what is said of {names} in words").format(names=names)
        own = tuple(_as_typed(one, form) for one in silent) if inside else (_typed(f"sentences:{code}"),)
        yield Unmentioned(what, own)
    for tag, what in tables.items():
        if tag not in tags:
            yield Unmentioned(what.format(name=name, code=code), (_typed(tag),))


_OF_SECTIONS = ("section:", "sentences:", "chart:", "table:", "table:units:")


def _typed(tag: str) -> str:
    return f"{{{{{tag}}}}}"


def _as_typed(indicator: Indicator, form: Form) -> str:
    """The sentence of an indicator as people would type it: its own words, with tags for the figures."""
    pieces = []
    pattern = str(Phrase(indicator.sentence, indicator.sentence_en))
    for text, name, _spec, _conversion in Formatter().parse(pattern):
        pieces.append(text)
        if name == OPENING:
            pieces.append(_("In {period},").format(period=_typed("period")))
        elif name:
            slot = Tag.parse(name)
            of = form.indicators[slot.name] if slot.part else indicator
            pieces.append(_slot(of, slot.part or slot.name))
    return "".join(pieces)


def _slot(indicator: Indicator, slot: str) -> str:
    """A figure or clause of an indicator in a typed sentence."""
    if slot == "value":
        counts = KIND_OF[indicator.type] is not CellFormat.PERCENT and indicator.type is not Type.YES_NO
        measure = str(indicator.measure) if counts else ""
        return f"{_typed(indicator.code)} {measure}".rstrip()
    tag = _typed(f"{indicator.code}.{slot}")
    if slot in ("units", "units_on_plan"):
        return tag
    return f"; {tag}" if slot in ("top", "behind") else f", {tag}"
