"""The tags that show nothing in a form, whatever its units answer: it asks nothing that would stand there."""

from __future__ import annotations

from collections.abc import Collection

from reportctl.core.language import _
from reportctl.form.model import Form, Section
from reportctl.word.content import Tag

_NAMED = 8  # of the tags of a form's tables


def shows_nothing(text: str, form: Form) -> bool:
    """Whether a known tag can never have anything to show in a report by `form`."""
    tag = Tag.parse(text)
    sections = {section.code: section for section in form.sections}
    match tag.kind, tag.name:
        case "table", "province":
            return not any(_has_figures(section, of_province=True) for section in form.sections)
        case "sentences", "all" if "all" not in sections:
            return not any(map(_has_sentences, form.sections))
        case "annex", "texts":
            return not form.texts
        case "table", code:
            section = sections.get(code.removeprefix("units:"))
            return section is not None and not _has_figures(section, of_province=section.code == code)
        case "chart", code if code in sections:
            return sections[code].chart == "none" or not _has_figures(sections[code])
    return False  # sentences of a section too: where there are none, nothing is printed


def _has_figures(section: Section, *, of_province: bool = False) -> bool:
    """Whether figures are asked there, with `of_province` such that the province has one of them."""
    return any(one.numeric and not (of_province and one.over_units == "none") for one in section.indicators)


def _has_sentences(section: Section) -> bool:
    return bool(section.sentence) or any(one.sentence and one.numeric for one in section.indicators)


def hollow(form: Form, tags: Collection[str]) -> list[str]:
    """A sentence for each of the `tags` of a document that shows nothing in `form`, with what can stand there
    instead: the tags of the form's tables and lists."""
    there = [f"table:{table.code}" for table in form.tables]
    there += [f"table:list:{listed.code}" for listed in form.lists]
    listed_tags = ", ".join(f"{{{{{tag}}}}}" for tag in there[:_NAMED]) + (", …" if there[_NAMED:] else "")
    instead = _(" The tags of the form's tables: {tags}.").format(tags=listed_tags) if there else ""
    sentence = _("{{{{{tag}}}}} shows nothing in this form, which asks nothing for it.{instead}")
    return [
        sentence.format(tag=tag, instead=instead if tag.startswith("table:") else "")
        for tag in sorted(tags)
        if shows_nothing(tag, form)
    ]


def said_instead(form: Form) -> str:
    """What a report says in place of a table that shows nothing in `form`: where the figures are; empty where
    the form has no table of its own."""
    if not form.tables:
        return ""
    names = "; ".join(f"“{table.name}”" for table in form.tables)
    return _("The form asks nothing for this table. Its figures are in: {tables}.").format(tables=names)
