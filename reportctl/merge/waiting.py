"""Whose the files are that lie in the inbox and that no merge has taken in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from reportctl.core.finding_kinds import UNREADABLE
from reportctl.core.period import Quarter
from reportctl.core.progress import Progress, silent
from reportctl.ledger.ledger import Ledger
from reportctl.ledger.session import Session
from reportctl.merge.unmerged import files_not_merged
from reportctl.status.status import UnmergedFile
from reportctl.workbooks.inbox import InputFile
from reportctl.workspace.units import unit_named

if TYPE_CHECKING:
    from reportctl.intake.job import Context, ReadResult

_OPENED = 300  # files, which takes about a second


def unmerged_files(
    session: Session, ledger: Ledger, quarter: Quarter, progress: Progress = silent
) -> list[UnmergedFile]:
    """The files that lie in the quarter's inbox and that no merge has taken in, each with its unit.

    A workbook says that itself: it is opened, as a merge would; where it cannot be, the file's name tells it,
    or that of its folder. Of more than `_OPENED` files only those whose names tell nothing are opened.
    What the last merge could not open either is of no unit: it was looked at, and has nothing new to say.
    """
    found = list(files_not_merged(session.workspace, ledger, quarter, ledger.hashed_files()))
    if not found:
        return []
    from reportctl.merge.form_in_force import context_of  # mostly everything is merged

    context = context_of(session, quarter)
    tried = {file for _unit, file in ledger.files_with(quarter, UNREADABLE)}
    originals: dict[str, InputFile] = {}  # of files with the same bytes, the first
    for file, sha256 in found:
        if sha256 is not None or file.name not in tried:
            originals.setdefault(sha256 or file.name, file)
    named = {file: unit_named(file.name, context.units.values()) for file in originals.values()}
    few = len(originals) <= _OPENED
    said = _said([file for file, unit in named.items() if few or not unit], context, progress)
    files = []
    for file, _sha256 in found:
        unit, aside = said.get(file, (None, file not in named))
        files.append(UnmergedFile(file.name, unit or named.get(file) or None, file.received, aside))
    return files


def _said(
    files: Sequence[InputFile], context: Context, progress: Progress
) -> Mapping[InputFile, tuple[str | None, bool]]:
    """The unit that each of `files` names, and whether nothing is expected of the file."""
    if not files:
        return {}
    from reportctl.intake.job import Job
    from reportctl.intake.workers import Readers

    file_of = {Job(file.path, file.name, file.member): file for file in files}
    said = {}
    with Readers() as readers:
        for done, (job, one) in enumerate(readers.read(tuple(file_of), context, _whose), 1):
            progress(done, len(file_of), job.name)
            said[file_of[job]] = one
    return said


def _whose(read: ReadResult) -> tuple[str | None, bool]:
    """The unit that a file names, and whether nothing is expected of it; runs where the file is read."""
    from reportctl.merge.assess import unit_of

    return unit_of(read), read.ignored
