"""What a refresh changes in a report that people have edited, and what it leaves alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from reportctl.core.language import N_, _
from reportctl.core.table import CellFormat, Column, Row, Table
from reportctl.word.fill import Control, FilledDocument, FillResult

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
    """One figure or text that differs from the ledger's: where in a table or chart, what it says, what it is
    to say; `printed` is what was printed there, where somebody has typed over it."""

    tag: str
    where: str
    old: str
    new: str
    printed: str | None = None


@dataclass(frozen=True, slots=True)
class KeptText:
    """A text that somebody edited and that stays; `outdated`: what stands behind it has changed since.

    `strange` are numbers in an edited sentence that are not in the one that the ledger's figures make.
    """

    tag: str
    text: str
    new: str
    outdated: bool
    strange: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that a filling came to; `left_alone` are tags with the reason."""

    changed: tuple[Change, ...]
    kept: tuple[KeptText, ...]
    left_alone: tuple[tuple[str, str], ...]
    stale: bool

    @property
    def differ(self) -> bool:
        """Whether the document says anything that the ledger does not."""
        return bool(self.changed) or self.stale or any(each.outdated or each.strange for each in self.kept)


def changes(filled: FilledDocument) -> Changes:
    """What differed, in the order of the document; the same in several places is said once."""
    changed: list[Change] = []
    kept: list[KeptText] = []
    left: list[tuple[str, str]] = []
    stale = False
    for control in filled.controls:
        if control.fate is FillResult.RENEWED:
            changed += _changed(control)
        elif control.fate is FillResult.KEPT:
            kept.append(_kept(control))
        elif control.fate:
            left.append((control.tag, _(_LEFT_ALONE[control.fate])))
            stale |= control.new not in (None, control.text)
    return Changes(
        tuple(dict.fromkeys(changed)), tuple(dict.fromkeys(kept)), tuple(dict.fromkeys(left)), stale
    )


def _kept(control: Control) -> KeptText:
    new = control.new or ""
    said = set(_NUMBER.findall(new))
    strange = [number for number in _NUMBER.findall(control.text) if number not in said]
    of_figures = control.tag.startswith(("sentences:", "lead"))
    return KeptText(
        control.tag,
        control.text,
        new,
        new not in (control.printed, control.text),
        tuple(dict.fromkeys(strange)) if of_figures else (),
    )


def _changed(control: Control) -> Iterator[Change]:
    if control.new == control.text:
        return
    old, new = _cells(control.tag, control.text), _cells(control.tag, control.new or "")
    printed = _cells(control.tag, control.text if control.printed is None else control.printed)
    for where in dict.fromkeys((*new, *old)):
        before, now = old.get(where, ""), new.get(where, "")
        if before != now:
            was = printed.get(where, "")
            yield Change(control.tag, where, before, now, None if was == before else was)


def _cells(tag: str, text: str) -> dict[str, str]:
    """What stands in a control, by its place in it: a table's cells, a chart's values, else one text."""
    if tag.startswith("chart:"):
        values, *caption = text.split("\n")
        numbered = {str(number): value for number, value in enumerate(values.split("\t"), 1)}
        return numbered | {"": " ".join(caption)}
    if not tag.startswith("table:"):
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
    """The changes, before and after; what somebody had typed over is said in the last column."""
    rows = tuple(Row((c.tag, c.where, _short(c.old), _short(c.new), _typed_over(c))) for c in found.changed)
    columns = (
        Column("tag", _("Tag"), CellFormat.TEXT, 1.4),
        Column("where", _("Where"), CellFormat.TEXT, 1.6),
        Column("old", _("Before"), CellFormat.TEXT, 2),
        Column("new", _("Now"), CellFormat.TEXT, 2),
        Column("remark", _("Remark"), CellFormat.TEXT, 1.4),
    )
    return Table("changes", _("What has changed"), columns, rows)


def _typed_over(change: Change) -> str:
    if change.printed is None:
        return ""
    return _("typed over by hand; printed was “{printed}”").format(printed=_short(change.printed))


def _short(text: str) -> str:
    line = " / ".join(text.split("\n"))
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def sentences(found: Changes) -> Iterator[str]:
    """What is to be said beside the table: the texts that were kept, the controls that were left alone."""
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
        "changed": [
            {"tag": c.tag, "where": c.where, "old": c.old, "new": c.new, "printed": c.printed}
            for c in found.changed
        ],
        "kept": [
            {"tag": k.tag, "text": k.text, "new": k.new, "outdated": k.outdated, "strange": list(k.strange)}
            for k in found.kept
        ],
        "left_alone": [{"tag": tag, "reason": reason} for tag, reason in found.left_alone],
    }
