"""Marking what came back: a copy for each sender who has something to correct, into `returned/`."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from reportctl.core import language
from reportctl.core.files import Outputs, Saved, free_name, plain_name
from reportctl.core.findings import Finding
from reportctl.core.language import _
from reportctl.core.period import Quarter
from reportctl.core.progress import Progress
from reportctl.ledger.session import Session
from reportctl.marked.marked_copy import alone, marked
from reportctl.marked.words import Addressee, for_sender, markup, needs_marking
from reportctl.merge.validate import Checked
from reportctl.workbooks import safety
from reportctl.workbooks.inbox import InputFile
from reportctl.workbooks.package.parts import NotEditableError
from reportctl.workbooks.zips import RefusedError
from reportctl.workspace.units import Unit

_EDITABLE = ("xlsx", "xlsm")
_SUFFIX = ".marked"
_EXTENSION = re.compile(r"(?<=[^/])\.[^./]+$")  # pathlib differs between versions of Python


@dataclass(frozen=True, slots=True)
class Marked:
    """A marked copy written; `listed`: only the list, in a workbook of its own."""

    saved: Saved
    listed: bool


@dataclass(frozen=True, slots=True)
class _Case:
    """A file to mark: its sender's code and what is to be said to him."""

    file: InputFile
    unit: str | None
    findings: Sequence[Finding]


def write_marked(session: Session, checked: Checked, progress: Progress) -> list[Marked]:
    """A marked copy of every file with an error or a warning, in the workspace's language.

    Files that a later one has replaced are left out. Raises `ReportctlError` where one cannot be written.
    """
    cases = list(_cases(checked))
    folder = session.workspace.returned(checked.quarter)
    stems = file_stems([case.file.name for case in cases])
    made = []
    with language.speaking(session.settings.language), Outputs(session.workspace.root) as outputs:
        for done, (case, stem) in enumerate(zip(cases, stems, strict=True), 1):
            data, extension, listed = _copy(session, checked.quarter, case)
            made.append(Marked(outputs.save(folder / f"{stem}{_SUFFIX}.{extension}", data), listed))
            progress(done, len(cases), case.file.name)
    return made


def _cases(checked: Checked) -> Iterator[_Case]:
    for name, unit, verdict in checked.files:
        findings = [found for found in checked.findings if found.file == name]
        replaced = any(found.code == "superseded" for found in findings)
        said = for_sender(findings, name)
        if verdict != "ignored" and not replaced and needs_marking(said):
            yield _Case(checked.inputs[name], unit, said)


def _copy(session: Session, quarter: Quarter, case: _Case) -> tuple[bytes, str, bool]:
    """The marked copy of a file, its extension, and whether it is only the list."""
    unit = _unit(session, quarter, case.unit)
    to = Addressee(
        unit.name if unit else "",
        PurePosixPath(case.file.name).name,  # its folder is the office's own
        quarter,
        _deadline(session, quarter, unit),
        session.settings.issuer.name,
    )
    data, file_type = _content(case.file)
    if file_type in _EDITABLE:
        try:
            return marked(data, markup(case.findings, to, session.form)), file_type, False
        except NotEditableError:
            pass  # the list goes out all the same
    return alone(markup(case.findings, to, session.form, editable=False)), "xlsx", True


def _content(file: InputFile) -> tuple[bytes, str]:
    """A file's bytes and type; nothing of one that is not read, such as a pipe."""
    try:
        if not file.path.is_file() or (file.member is None and file.path.stat().st_size > safety.FILE_LIMIT):
            return b"", ""
        data = file.read()
    except (OSError, RefusedError):
        return b"", ""
    return data, safety.inspect(data, file.name).file_type


def _unit(session: Session, quarter: Quarter, code: str | None) -> Unit | None:
    """The unit of that code, as it is in the quarter, else as it was last."""
    known = [unit for unit in session.roster.units if unit.code == code]
    return session.units(quarter).get(code or "") or (known[-1] if known else None)


def _deadline(session: Session, quarter: Quarter, unit: Unit | None) -> dt.date | None:
    """When the unit's report is due; of a unit that is not known, only where all have the same day."""
    kinds = [unit.kind] if unit else [kind.code for kind in session.form.kinds]
    days = {session.settings.deadline(kind, quarter) for kind in kinds}
    return days.pop() if len(days) == 1 else None


def file_stems(names: Sequence[str]) -> list[str]:
    """A file name without extension for each of `names`, which may have folders: no two are alike.

    The folders are told only where there would be two of a name.
    """
    short = [_stem(PurePosixPath(name).name) for name in names]
    counts = Counter(stem.lower() for stem in short)
    taken: set[str] = set()
    stems = []
    for name, stem in zip(names, short, strict=True):
        chosen = free_name(stem if counts[stem.lower()] == 1 else _stem(name), taken, "-{}")
        taken.add(chosen.lower())
        stems.append(chosen)
    return stems


def _stem(name: str) -> str:
    """A name without its extension, and without the one that a marked copy has."""
    return plain_name(_EXTENSION.sub("", str(PurePosixPath(name))).removesuffix(_SUFFIX))


def left_over(made: Sequence[Marked], folder: Path) -> str:
    """A sentence that names the marked copies of earlier runs whose files need none any more; else empty."""
    written = {one.saved.path for one in made} | {one.saved.kept for one in made}
    old = sorted(path.name for path in folder.glob(f"*{_SUFFIX}.xls[xm]") if path not in written)
    if not old:
        return ""
    return _("From earlier, and no longer to be sent: {names}.").format(names=", ".join(old))


def said_of(made: Sequence[Marked], folder: object) -> str:
    """What was written where, in one sentence; another where some are only lists."""
    if not made:
        return _("Nothing needs to be sent back for correction.")
    said = language.ngettext(
        "{count} marked copy is in {path}", "{count} marked copies are in {path}", len(made)
    ).format(count=len(made), path=folder)
    lists = sum(one.listed for one in made)
    if lists:
        said += " " + language.ngettext(
            "({count} of them is only a list, because the file itself cannot be marked)",
            "({count} of them are only lists, because the files themselves cannot be marked)",
            lists,
        ).format(count=lists)
    return said
