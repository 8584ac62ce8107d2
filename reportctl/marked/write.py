"""Marking what came back: a copy for each sender who has something to correct, into `returned/`."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from reportctl.core import language
from reportctl.core.files import free_name, put_off
from reportctl.core.findings import Finding
from reportctl.core.language import _
from reportctl.core.outputs import Outputs, Saved
from reportctl.core.progress import Progress
from reportctl.form.model import Form
from reportctl.ledger.session import Session
from reportctl.marked.marked_copy import list_workbook, marked_workbook
from reportctl.marked.names import SUFFIX, stem_of
from reportctl.marked.words import Addressee, for_sender, markup, needs_marking
from reportctl.merge.validate import Checked
from reportctl.workbooks import safety
from reportctl.workbooks.inbox import InputFile
from reportctl.workbooks.package.parts import NotEditableError
from reportctl.workbooks.zips import FILE_LIMIT, RefusedError, is_litter

_EDITABLE = ("xlsx", "xlsm")


@dataclass(frozen=True, slots=True)
class MarkedCopy:
    """A marked copy written; `listed`: only the list, in a workbook of its own."""

    saved: Saved
    listed: bool


def write_marked(
    session: Session, checked: Checked, progress: Progress, by: dt.date | None = None
) -> tuple[list[MarkedCopy], list[str]]:
    """A marked copy of every file with an error or a warning, in the workspace's language; and a sentence for
    each that stands open elsewhere, or cannot be written for another reason of its own.

    `by` is the day by which they are to be sent again, where one is named; else it follows from the deadline.
    Files that a later one has replaced are left out. Raises `ReportctlError` where nothing can be written.
    """
    to_mark = []
    for name, code, verdict in checked.files:
        findings = [finding for finding in checked.findings if finding.file == name]
        replaced = any(finding.code == "superseded" for finding in findings)
        concerning = for_sender(findings, name)
        if verdict != "ignored" and not replaced and needs_marking(concerning):
            to_mark.append((checked.inputs[name], code, concerning))
    folder = session.workspace.returned(checked.quarter)
    stems = file_stems([file.name for file, _code, _findings in to_mark])
    units, settings = session.units(checked.quarter), session.settings
    last_known = {unit.code: unit for unit in session.roster.units}
    copies: list[MarkedCopy] = []
    problems: list[str] = []
    with Outputs(session.workspace.root) as outputs:
        for done, ((file, code, findings), stem) in enumerate(zip(to_mark, stems, strict=True), 1):
            unit = units.get(code or "") or last_known.get(code or "")
            # Of a unit that is not known a day is said only where all have the same.
            kinds = [unit.kind] if unit else [kind.code for kind in session.form.kinds]
            deadlines = {settings.deadline(kind, checked.quarter) for kind in kinds}
            days = {settings.send_by(deadline, session.today, by) for deadline in deadlines}
            to = Addressee(
                unit.name if unit else "",
                PurePosixPath(file.name).name,  # its folder is the office's own
                checked.quarter,
                days.pop() if len(days) == 1 else None,
                settings.issuer.name,
            )
            with language.speaking(session.settings.language):
                data, extension, listed = _marked_copy(file, findings, to, session.form)
            with put_off(problems):
                copies.append(MarkedCopy(outputs.save(folder / f"{stem}{SUFFIX}.{extension}", data), listed))
            progress(done, len(to_mark), file.name)
    return copies, problems


def _marked_copy(
    file: InputFile, findings: Sequence[Finding], to: Addressee, form: Form
) -> tuple[bytes, str, bool]:
    """The marked copy of a file, its extension, and whether it is only the list."""
    data, file_type = b"", ""
    try:  # nothing of what is not read, such as a pipe
        if file.path.is_file() and (file.member or file.path.stat().st_size <= FILE_LIMIT):
            data = file.read()
            file_type = safety.inspect(data, file.name).file_type
    except (OSError, RefusedError):
        pass
    if file_type in _EDITABLE:
        try:
            return marked_workbook(data, markup(findings, to, form)), file_type, False
        except NotEditableError:
            pass  # the list goes out all the same
    return list_workbook(markup(findings, to, form, editable=False)), "xlsx", True


def file_stems(names: Sequence[str]) -> list[str]:
    """A file name without extension for each of `names`, which may have folders: no two are alike.

    The folders are told only where there would be two of a name.
    """
    short = [stem_of(PurePosixPath(name).name) for name in names]
    counts = Counter(stem.lower() for stem in short)
    taken: set[str] = set()
    stems = []
    for name, stem in zip(names, short, strict=True):
        chosen = free_name(stem if counts[stem.lower()] == 1 else stem_of(name), taken, "-{}")
        taken.add(chosen.lower())
        stems.append(chosen)
    return stems


def left_over(made: Sequence[MarkedCopy], folder: Path) -> str:
    """A sentence that names the marked copies of earlier runs whose files need none any more; else empty."""
    written = {one.saved.path for one in made} | {one.saved.kept for one in made}
    copies = (path for path in folder.glob(f"*{SUFFIX}.xls[xm]") if not is_litter(path.name))
    old = sorted(path.name for path in copies if path not in written)
    if not old:
        return ""
    return _("From earlier, and no longer to be sent: {names}.").format(names=", ".join(old))


def summary(made: Sequence[MarkedCopy], folder: object) -> str:
    """What was written where, in one sentence; another where some are only lists."""
    if not made:
        return _("Nothing needs to be sent back for correction.")
    sentence = language.ngettext(
        "{count} marked copy is in {path}", "{count} marked copies are in {path}", len(made)
    ).format(count=len(made), path=folder)
    lists = sum(one.listed for one in made)
    if lists:
        sentence += " " + language.ngettext(
            "({count} of them is only a list, because the file itself cannot be marked)",
            "({count} of them are only lists, because the files themselves cannot be marked)",
            lists,
        ).format(count=lists)
    return sentence
