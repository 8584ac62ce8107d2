"""Copies that nobody reads: a syncing folder puts them beside a file which two people wrote at once, Notepad
beside one whose name it ended in .txt."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from reportctl.core.errors import ReportctlError
from reportctl.core.files import misnamed
from reportctl.core.language import _, ngettext
from reportctl.ledger.archive import decision_rows

_DECISIONS = "decisions.csv"
_PEOPLES = ("reportctl.toml", "form.toml", "units.csv", "units.xlsx", "plan.csv", "plan.xlsx", "report.docx")
# decisions-PC2.csv, decisions (conflicted copy).csv, decisions.sync-conflict-….csv, decisions_PC2_Conflict
_AFTER_STEM = frozenset(" -_.(~")
# Beside what people keep lie their own copies, too: the mark has to be one of a syncing program.
_OF_SYNCING = re.compile(r"(?i:conflict|xung đột)|-(?=[A-Z0-9-]*[A-Z])[A-Z0-9-]{2,15}")
_FROZEN = re.compile(r"((?:imported-)?\d{4}-Q[1-4])(-until-\d{4}-\d\d-\d\d(?:-\d+)?)?(.*)")


def conflicts(root: Path) -> list[str]:
    """A sentence for every such copy in the workspace `root`, with what to do about it."""
    said = [_sentence(root / original, root / copy) for original, copy in sorted(_copies(root))]
    for original in (*_PEOPLES, _DECISIONS):
        # Where the original is missing, whoever needs it is told to rename the other.
        if (root / original).exists() and (beside := misnamed(root / original)):
            message = _(
                "{copy} lies beside {original} and is not read: Notepad has added .txt to its name. Where it "
                "is the newer one, delete {original} and rename it to {original}; else delete it."
            )
            said.append(message.format(copy=beside.name, original=original))
    return said


def _copies(root: Path) -> Iterator[tuple[str, str]]:
    """The original and the copy, as seen from the workspace."""
    for name in _names(root):
        if _mark(name, _DECISIONS):
            yield _DECISIONS, name
        for original in _PEOPLES:
            mark = _mark(name, original)
            if mark and (_OF_SYNCING.search(mark) if mark[0] != "-" else _OF_SYNCING.match(mark)):
                yield original, name
    for name in _names(root / "closed"):
        stem, dot, extension = name.rpartition(".")
        frozen = _FROZEN.fullmatch(stem)
        if frozen and frozen[3] and extension.lower() == "csv":
            yield f"closed/{frozen[1]}{frozen[2] or ''}{dot}{extension}", f"closed/{name}"


def _names(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208 - names are all that is looked at
    except OSError:
        return []


def _mark(name: str, original: str) -> str:
    """What stands in `name` between the stem and the extension of `original`; empty where it is no copy."""
    name = unicodedata.normalize("NFC", name)
    stem, dot, extension = original.rpartition(".")
    end = dot + extension
    if not (name.lower().startswith(stem) and name.lower().endswith(end)):
        return ""
    mark = name[len(stem) : -len(end)]
    return mark if mark[:1] in _AFTER_STEM else ""


def _sentence(original: Path, copy: Path) -> str:
    said = _(
        "{copy} lies beside {original}, as syncing folders make it where two people wrote at once; it is not "
        "read."
    ).format(copy=copy.name, original=original.name)
    if original.parent.name == "closed":
        return f"{said} " + _("If {original} is as it was when the quarter was closed, delete it.").format(
            original=original.name
        )
    if original.name != _DECISIONS:
        return f"{said} " + _("Move what is right in it to {original}, then delete it.").format(
            original=original.name
        )
    try:
        known, there = decision_rows(original), decision_rows(copy)
        missing = sum(row not in known.rows for row in there.rows)
        missing += max(0, len(there.unclear) - len(known.unclear))
    except ReportctlError as error:
        return f"{said} {error}"
    if not missing:
        return f"{said} " + _("All its rows stand in {original}: delete it.").format(original=original.name)
    return f"{said} " + ngettext(
        "{count} row of it is not in {original}: add it at the end there, then delete the copy.",
        "{count} rows of it are not in {original}: add them at the end there, then delete the copy.",
        missing,
    ).format(count=missing, original=original.name)
