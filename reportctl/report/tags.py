"""The tags that a Word report may hold, each with what it would say now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reportctl.core import wording
from reportctl.core.language import N_, _, ngettext
from reportctl.core.period import Period
from reportctl.core.table import CellFormat, Column, Role, Row, Table
from reportctl.form.model import Form
from reportctl.word.captions import label
from reportctl.word.content import Chart, Content, CrossReference, TableOfContents, stands_in_line

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
_PHRASES = ("change_year_ago", "change_previous", "of_plan")


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag: "figure", "phrase" and short texts stand within a line, what is not `inline` on its own."""

    name: str
    kind: str
    inline: bool
    says: str


@dataclass(frozen=True, slots=True)
class Group:
    """Tags that belong together, under a title."""

    title: str
    tags: tuple[Tag, ...]


def groups_of(said: Mapping[str, Content], form: Form) -> tuple[Group, ...]:
    """Every tag of `said`: headings, units, figures section by section, sentences, texts, tables, charts."""
    titles = [_("Head and signature"), _("Units")]
    titles += [_("Figures: {section}").format(section=section.name) for section in form.sections]
    titles += [_("Sentences"), _("What the units write"), _("Tables"), _("Charts")]
    of_code = {i.code: 2 + n for n, section in enumerate(form.sections) for i in section.indicators}
    last = {"sentences": -4, "text": -3, "table": -2, "chart": -1, "ref": -2, "toc": -2}
    found: list[list[Tag]] = [[] for _title in titles]
    for name, content in said.items():
        prefix, code = name.partition(":")[0], name.partition(".")[0]
        place = last.get(prefix, 1 if code == "units" else of_code.get(code, 0))
        found[place].append(Tag(name, _kind(name, content, form), stands_in_line(content), _says(content)))
    return tuple(Group(title, tuple(tags)) for title, tags in zip(titles, found, strict=True) if tags)


def _kind(name: str, content: Content, form: Form) -> str:
    code, _dot, what = name.partition(".")
    match content:
        case Table():
            return "table"
        case Chart():
            return "chart"
        case CrossReference():
            return "reference"
        case TableOfContents():
            return "contents"
        case _ if name.startswith("chart:"):  # too few figures to draw
            return "chart"
        case str() if code in form.indicators:
            return "phrase" if what in _PHRASES else "figure"
        case str() if name in ("units.expected", "units.accepted"):
            return "figure"
    return "text"


def _says(content: Content) -> str:
    """What is said, on one line; of a table its title and size, of a chart its title."""
    match content:
        case str():
            return content
        case Table():
            return f"{content.title}: {_size(content)}" if content.title else _size(content)
        case Chart():
            return content.title
        case CrossReference():
            return _("the number of {tag}, such as {example}").format(
                tag=content.tag, example=f"{label(content.tag.partition(':')[0], None)}\u00a01"
            )
        case TableOfContents():
            return _("the headings of the document")
    lines = (f"{'- ' if one.item else ''}{one.lead}{one.text}" for one in content)
    return " / ".join(line for line in lines if line)


def _size(table: Table) -> str:
    rows = ngettext("{count} row", "{count} rows", len(table.rows)).format(count=len(table.rows))
    count = len(table.columns)
    columns = ngettext("{count} column", "{count} columns", count).format(count=count)
    return f"{rows} × {columns}"


def tags_table(groups: tuple[Group, ...], period: Period) -> Table:
    """All tags; long texts are shortened, and what says nothing now is empty."""
    rows: list[Row] = []
    for group in groups:
        rows.append(Row(("", group.title, ""), Role.SECTION))
        rows += [Row((tag.name, _(_KINDS[tag.kind]), _short(tag.says))) for tag in group.tags]
    columns = (
        Column("code", _("Tag"), CellFormat.TEXT, 1.6),
        Column("kind", _("Kind"), CellFormat.TEXT, 0.7),
        Column("says", _("What it says now"), CellFormat.TEXT, 3.2),
    )
    title = _("Tags of the Word report, {period}").format(period=wording.period_words(period))
    notes = (
        _("In Word, type a tag between double braces: {example}.").format(example="{{title}}"),
        _("Texts of several paragraphs, tables and charts stand alone in a paragraph."),
    )
    return Table("tags", title, columns, tuple(rows), notes)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def tags_json(groups: tuple[Group, ...], period: Period) -> dict[str, Any]:
    """The same as JSON, with texts in full; `inline` tags may stand within a line of text."""
    return {"period": str(period), "tags": list(_objects(groups))}


def _objects(groups: tuple[Group, ...]) -> Iterator[dict[str, Any]]:
    for group in groups:
        for tag in group.tags:
            yield {
                "tag": tag.name,
                "kind": tag.kind,
                "group": group.title,
                "inline": tag.inline,
                "says": tag.says,
            }
