"""The tags that a Word report may hold, each with its present content as text."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from reportctl.core import wording
from reportctl.core.language import N_, _, ngettext
from reportctl.core.period import Period
from reportctl.core.table import CellFormat, Column, Role, Row, Table
from reportctl.figures.chosen import parts_of
from reportctl.form.model import Form
from reportctl.report.heading import HEAD
from reportctl.report.list_figures import list_tags as of_lists
from reportctl.report.movements import ASSESSMENT, MOVEMENTS
from reportctl.report.rankings import RANKINGS
from reportctl.report.rankings import SLOTS as OF_UNITS
from reportctl.word import captions
from reportctl.word.content import (
    Chart,
    Content,
    CrossReference,
    Picture,
    TableOfContents,
    Tag,
    stands_in_line,
)

_LONGEST = 100  # characters of a text that are shown
_KINDS = {
    "figure": N_("figure"),
    "phrase": N_("phrase"),
    "text": N_("text"),
    "table": N_("table"),
    "chart": N_("chart"),
    "reference": N_("reference"),
    "contents": N_("table of contents"),
}


@dataclass(frozen=True, slots=True)
class ListedTag:
    """A tag under the title of its group: whether it may stand within a line of text (`inline`), and the text
    that it would have now."""

    tag: str
    kind: str
    group: str
    inline: bool
    says: str


_HEAD = (*HEAD, "issuer.recipients", "lead", "units.expected", "units.accepted", "units.missing", "toc")
_OF_FIGURES = (
    *("previous", "year_ago", "value_previous", "value_year_ago", "to_date", "plan"),
    *("change_year_ago", "change_previous", "of_plan", "units", *OF_UNITS),
)
_PHRASES = frozenset({"change_year_ago", "change_previous", "of_plan", *OF_UNITS})


def known_tags(form: Form) -> frozenset[str]:
    """The tags that a report by this form can be given, as `contents` has them, without any figures."""
    figures = [code for code, indicator in form.indicators.items() if indicator.numeric]
    tables = [
        "province",
        "plan",
        "plan_units",
        "reporting",
        *(f"list:{section.code}" for section in form.lists),
    ]
    for section in form.sections:
        tables += [section.code, f"units:{section.code}"]
    tables += [part.code for table in form.tables for part in parts_of(table)]
    numbered = [f"table:{name}" for name in tables] + [f"chart:{section.code}" for section in form.sections]
    return frozenset(
        (
            *_HEAD,
            *figures,
            *(f"{code}.{part}" for code in figures for part in _OF_FIGURES),
            *of_lists(form),
            *(f"{kind}:{section.code}" for section in form.sections for kind in ("section", "sentences")),
            *(f"{kind}text:{question.code}" for question in form.texts for kind in ("", "annex:")),
            *("annex:texts", MOVEMENTS, ASSESSMENT, RANKINGS, "sentences:all"),
            *numbered,
            *(f"ref:{tag}" for tag in numbered),
        )
    )


def list_tags(contents: Mapping[str, Content], form: Form) -> list[ListedTag]:
    """Every tag of `contents`: head, units, figures section by section, then of lists, sentences, texts,
    tables, charts."""
    titles = [_("Head and signature"), _("Units")]
    titles += [_("Figures: {section}").format(section=section.name) for section in form.all_sections]
    titles += [_("Figures: {section}").format(section=listed.name) for listed in form.lists]
    titles += [_("Sentences"), _("What the units write"), _("Tables"), _("Charts")]
    of_name = {i.code: 2 + n for n, section in enumerate(form.all_sections) for i in section.indicators}
    of_name |= {listed.code: 2 + len(form.all_sections) + n for n, listed in enumerate(form.lists)}
    of_name |= {"units": 1, "toc": len(titles) - 2}
    of_kind = {kind: len(titles) - 4 + n for n, kind in enumerate(("sentences", "text", "table", "chart"))}
    of_kind |= {"ref": of_kind["table"], "annex": of_kind["text"]}
    asked = {question.code for question in form.texts}
    found = []
    for name, content in contents.items():
        tag = Tag.parse(name)
        ours = name in (MOVEMENTS, ASSESSMENT, RANKINGS) and tag.name not in asked
        of = "sentences" if ours else tag.kind
        group = titles[of_kind.get(of, 0) if of else of_name.get(tag.name, 0)]
        kind, inline = _kind(tag, content, form), stands_in_line(content)
        found.append(ListedTag(name, kind, group, inline, _as_text(content)))
    return sorted(found, key=lambda tag: titles.index(tag.group))


def _kind(tag: Tag, content: Content, form: Form) -> str:
    """What a tag holds, one of `_KINDS`."""
    match content:
        case Table():
            return "table"
        case Chart():
            return "chart"
        case CrossReference():
            return "reference"
        case TableOfContents():
            return "contents"
        case _ if tag.kind == "chart":  # too few figures to draw
            return "chart"
        case str() if not tag.kind and tag.name in form.indicators:
            return "phrase" if tag.part in _PHRASES else "figure"
        case str() if f"{tag.name}.{tag.part}" in of_lists(form) and not tag.kind:
            return "figure"
        case str() if tag in (Tag("", "units", "expected"), Tag("", "units", "accepted")):
            return "figure"
    return "text"


def _as_text(content: Content) -> str:
    """The content on one line; of a table its title and size, of a chart its title."""
    match content:
        case str():
            return content
        case Table():
            count, wide = len(content.rows), len(content.columns)
            rows = ngettext("{count} row", "{count} rows", count).format(count=count)
            columns = ngettext("{count} column", "{count} columns", wide).format(count=wide)
            return f"{content.title}: {rows} × {columns}" if content.title else f"{rows} × {columns}"
        case Chart():
            return content.title
        case CrossReference():
            example = f"{captions.label(Tag.parse(content.tag).kind)}\u00a01"
            return _("the number of {tag}, such as {example}").format(tag=content.tag, example=example)
        case TableOfContents():
            return _("the headings of the document")
        case Picture():
            return content.name
    lines = (f"{'- ' if one.item else ''}{one.lead}{one.text}" for one in content)
    return " / ".join(line for line in lines if line)


def tags_table(tags: Sequence[ListedTag], period: Period) -> Table:
    """All tags; long texts are shortened, and one without content now has an empty cell."""
    rows: list[Row] = []
    for title, group in itertools.groupby(tags, key=lambda tag: tag.group):
        rows.append(Row(("", title, ""), Role.SECTION))
        rows += [Row((tag.tag, _(_KINDS[tag.kind]), shortened(tag.says, _LONGEST))) for tag in group]
    columns = (
        Column("code", _("Tag"), CellFormat.TEXT, 1.6),
        Column("kind", _("Kind"), CellFormat.TEXT, 0.7),
        Column("says", _("What it says now"), CellFormat.TEXT, 3.2),
    )
    title = _("Tags of the Word report, {period}").format(period=wording.period_title(period))
    notes = (
        _("In Word, type a tag between double braces: {example}.").format(example="{{title}}"),
        _("Texts of several paragraphs, tables and charts stand alone in a paragraph."),
    )
    return Table("tags", title, columns, tuple(rows), notes)


def shortened(text: str, most: int) -> str:
    """`text` in at most `most` characters, the last of them “…” where it is longer."""
    return text if len(text) <= most else text[: most - 1] + "…"


def tags_json(tags: Sequence[ListedTag], period: Period) -> dict[str, Any]:
    """The same as JSON, with texts in full; `inline` tags may stand within a line of text."""
    return {"period": str(period), "tags": [asdict(tag) for tag in tags]}
