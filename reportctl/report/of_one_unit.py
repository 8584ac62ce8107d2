"""What a document of one unit cannot say: tags of the whole province, whose figures would stand unmarked."""

from __future__ import annotations

from collections.abc import Collection

from reportctl.core.errors import ReportctlError
from reportctl.core.language import _, ngettext
from reportctl.form.model import Form
from reportctl.report.addressed import OF_UNIT, UNIT_TABLE
from reportctl.report.heading import HEAD
from reportctl.report.rankings import SLOTS as RANKED
from reportctl.report.tags import known_tags
from reportctl.word.blocks import excerpt
from reportctl.word.content import Tag
from reportctl.word.mentions import Standing, standing_tags

_SHOWN = 8
# What copies for each section or figure make of the province's tags.
_IN_COPIES = frozenset(
    (
        *(f"section.{word}" for word in ("sentences", "table", "chart")),
        *(f"indicator.{slot}" for slot in RANKED),
    )
)
_OF_ANY = frozenset((*HEAD, "issuer.recipients", "toc", *OF_UNIT, UNIT_TABLE, f"ref:{UNIT_TABLE}"))


def refuse_province(document: bytes, form: Form) -> None:
    """Raises `ReportctlError` where a document of one unit asks for what is of the whole province."""
    if sentence := of_province(document, form):
        raise ReportctlError(sentence)


def of_province(document: bytes, form: Form) -> str:
    """The tags by which a document of one unit asks for what is of the whole province, each with its line,
    and what to do; empty where there is none. Raises `ReportctlError` for no document."""
    known = known_tags(form)
    found: dict[str, str] = {}
    for one in standing_tags(document, known):
        tag = one.name.casefold().lstrip("?*").strip()
        if _is_of_province(tag, form, known):
            found.setdefault(f"{{{{{one.name}}}}}", _line(one))
    if not found:
        return ""
    said = [f"{tag} (“{line}”)" if line else tag for tag, line in [*found.items()][:_SHOWN]]
    if (more := len(found) - _SHOWN) > 0:
        said.append(ngettext("{count} more", "{count} more", more).format(count=more))
    return _(
        "A document of one unit has that unit's figures, and these tags are of the whole province: {tags}. "
        "Put {{{{unit.lead}}}}, {{{{table:unit}}}} or tags of single figures in their place, or make this "
        "document without --unit."
    ).format(tags="; ".join(said))


def _line(one: Standing) -> str:
    """The line of a tag; empty where nothing else stands there."""
    alone = one.text.strip().strip("{} ") == one.name
    return "" if alone else excerpt(one.text)


def _is_of_province(tag: str, form: Form, known: Collection[str]) -> bool:
    """Whether a tag, in small letters, says something of the province also where a document is of one unit:
    all but its head, the names of sections and the figures that single units have."""
    if tag in _IN_COPIES:
        return True
    figure = tag.partition("@")[0]
    parsed = Tag.parse(figure)
    if not parsed.kind and parsed.name in form.indicators:
        return parsed.part in RANKED
    return tag in known and tag not in _OF_ANY and parsed.kind != "section"
