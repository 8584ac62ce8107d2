"""What a refresh changes in a report that people have edited, and what it leaves alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from reportctl.core.language import N_, _
from reportctl.core.table import CellFormat, Column, Row, Table
from reportctl.report.tags import shortened
from reportctl.word.content import Tag
from reportctl.word.fill import FilledDocument, FillResult

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_LONGEST = 160  # characters of a text that are shown

_LEFT_ALONE = {
    FillResult.UNKNOWN: N_("this tag is not known"),
    FillResult.MISPLACED: N_("it stands within a line of other text, where it has no room"),
    FillResult.NESTED: N_("it holds another control, or stands in one"),
    FillResult.BEYOND: N_("it stands in a footnote, an endnote or a comment"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One figure or text that differs from the ledger's: its place in a table or chart, its text before and
    after; `printed` is what was printed there, where somebody has typed over it, else None."""

    tag: str
    where: str
    old: str
    new: str
    printed: str | None = None


@dataclass(frozen=True, slots=True)
class KeptText:
    """A text that somebody edited and that stays; `new` is the text it would have; `outdated`: that has
    changed since it was printed; `strange`: numbers of an edited sentence that are not in the new one."""

    tag: str
    text: str
    new: str
    outdated: bool
    strange: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that a filling changed or not: `left_alone` are tags with the reason; `stale`: one of these
    has other text than it should."""

    changed: tuple[Change, ...]
    kept: tuple[KeptText, ...]
    left_alone: tuple[tuple[str, str], ...]
    stale: bool

    @property
    def differ(self) -> bool:
        """Whether the document differs from the ledger anywhere."""
        return bool(self.changed) or self.stale or any(each.outdated or each.strange for each in self.kept)


def changes(filled: FilledDocument) -> Changes:
    """The differences, in the order of the document; the same in several places stands once."""
    changed: list[Change] = []
    kept: list[KeptText] = []
    left: list[tuple[str, str]] = []
    stale = False
    for control in filled.controls:
        new = control.new or ""
        if control.result is FillResult.RENEWED:
            if control.new == control.text:
                continue
            before, now = _cells(control.tag, control.text), _cells(control.tag, new)
            printed = before if control.printed is None else _cells(control.tag, control.printed)
            for where in dict.fromkeys((*now, *before)):
                old, last = before.get(where, ""), printed.get(where, "")
                if old != now.get(where, ""):
                    overtyped = None if last == old else last
                    changed.append(Change(control.tag, where, old, now.get(where, ""), overtyped))
        elif control.result is FillResult.KEPT:
            numbers = set(_NUMBER.findall(new))
            strange = [number for number in _NUMBER.findall(control.text) if number not in numbers]
            tag = Tag.parse(control.tag)
            of_figures = tag.kind == "sentences" or tag.name == "lead"
            outdated = new not in (control.printed, control.text)
            strange_ones = tuple(dict.fromkeys(strange)) if of_figures else ()
            kept.append(KeptText(control.tag, control.text, new, outdated, strange_ones))
        elif control.result:
            left.append((control.tag, _(_LEFT_ALONE[control.result])))
            stale |= control.new not in (None, control.text)
    return Changes(
        tuple(dict.fromkeys(changed)), tuple(dict.fromkeys(kept)), tuple(dict.fromkeys(left)), stale
    )


def _cells(tag: str, text: str) -> dict[str, str]:
    """The text of a control by place: a table's cells by row and column, a chart's values by number, else the
    whole under ""."""
    kind = Tag.parse(tag).kind
    if kind == "chart":
        values, *caption = text.split("\n")
        numbered = {str(number): value for number, value in enumerate(values.split("\t"), 1)}
        return numbered | {"": " ".join(caption)}
    if kind != "table":
        return {"": text}
    lines = text.split("\n")
    titles: list[str] = []
    seen: Counter[str] = Counter()
    cells: dict[str, str] = {}
    for line, before in zip(lines, ["", *lines], strict=False):
        row = line.split("\t")
        if len(row) > 1 and "\t" not in before:  # the head of a table, or of its next part
            titles = row
            seen.clear()
        name = " ".join(filter(None, row[:2])) if len(row) > 1 else ""
        seen[name] += 1
        name += f" ({seen[name]})" if seen[name] > 1 else ""
        for position, cell in enumerate(row):
            title = titles[position] if 0 < position < len(titles) else ""
            cells[f"{name} · {title}" if title else name or line] = cell
    return cells


def changes_table(found: Changes) -> Table:
    """The changes, before and after; a remark where somebody had typed over what was printed."""
    rows = []
    for one in found.changed:
        remark = ""
        if one.printed is not None:
            remark = _("typed over by hand; printed was “{printed}”").format(printed=_short(one.printed))
        rows.append(Row((one.tag, one.where, _short(one.old), _short(one.new), remark)))
    columns = (
        Column("tag", _("Tag"), CellFormat.TEXT, 1.4),
        Column("where", _("Where"), CellFormat.TEXT, 1.6),
        Column("old", _("Before"), CellFormat.TEXT, 2),
        Column("new", _("Now"), CellFormat.TEXT, 2),
        Column("remark", _("Remark"), CellFormat.TEXT, 1.4),
    )
    return Table("changes", _("What has changed"), columns, tuple(rows))


def _short(text: str) -> str:
    """A text on one line of at most `_LONGEST` characters."""
    return shortened(" / ".join(text.split("\n")), _LONGEST)


def sentences(found: Changes) -> Iterator[str]:
    """The notes beside the table: on the texts that were kept and the controls that were left alone."""
    for kept in found.kept:
        said = (
            _("“{tag}” was edited by hand and stays, but its figures have changed since; it would say: {new}")
            if kept.outdated
            else _("“{tag}” was edited by hand and stays as it is; to renew it: --renew {tag}")
        )
        yield said.format(tag=kept.tag, new=_short(kept.new))
        if kept.strange:
            yield _("“{tag}” has numbers that the ledger's sentence has not: {numbers}.").format(
                tag=kept.tag, numbers="; ".join(kept.strange)
            )
    for tag, reason in found.left_alone:
        yield _("“{tag}” was left alone: {reason}.").format(tag=tag, reason=reason)


def changes_json(found: Changes) -> dict[str, Any]:
    """The same as JSON; `printed` is null where nobody has typed over a figure."""
    return {
        "changed": [asdict(one) for one in found.changed],
        "kept": [asdict(one) for one in found.kept],
        "left_alone": [{"tag": tag, "reason": reason} for tag, reason in found.left_alone],
    }
