"""What the figures lack: files in the inbox that no merge has taken in, decisions newer than the last one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reportctl.core.errors import ReportctlError
from reportctl.core.files import digest
from reportctl.core.language import _, ngettext
from reportctl.core.period import Period, Quarter
from reportctl.ledger import archive
from reportctl.ledger.ledger import Ledger
from reportctl.ledger.lock import refuse_while_held
from reportctl.ledger.rows import HashedFile
from reportctl.ledger.session import Session
from reportctl.merge.closed_file import imported_files
from reportctl.merge.receive import path_in
from reportctl.workbooks.inbox import InputFile, find_inputs, set_aside
from reportctl.workbooks.zips import RefusedError
from reportctl.workspace.settings import Workspace


@dataclass(frozen=True, slots=True)
class Freshness:
    """How far the ledger is up to what came and was decided.

    `unmerged`: how many files no merge has taken in, by the quarters in whose inbox they lie; `decided`:
    decisions.csv is not what the figures were made from; `imported`: the files in closed/ of whose figures no
    merge has taken in any; `empty`: nothing was ever merged or imported.
    """

    unmerged: Mapping[Quarter, int]
    decided: bool = False
    imported: tuple[str, ...] = ()
    empty: bool = False

    @property
    def stale(self) -> bool:
        """Whether a merge would bring something into the figures."""
        return bool(self.unmerged) or self.decided or bool(self.imported)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What the figures lack and what to do, a sentence each; none where they lack nothing."""
        said = []
        if self.unmerged:
            count, newest = sum(self.unmerged.values()), max(self.unmerged)
            places = ", ".join(f"inbox/{quarter} ({n})" for quarter, n in sorted(self.unmerged.items()))
            said.append(
                ngettext(
                    "{count} file in the inbox is not merged yet and not in these figures: {places}. "
                    "Run: reportctl merge {quarter}",
                    "{count} files in the inbox are not merged yet and not in these figures: {places}. "
                    "Run: reportctl merge {quarter}",
                    count,
                ).format(count=count, places=places, quarter=newest)
            )
        elif self.empty:
            said.append(_("Nothing was merged in this workspace yet, so there are no figures."))
        if self.decided:
            said.append(
                _(
                    "decisions.csv has changed since these figures were made. "
                    "To bring them up to it: reportctl merge"
                )
            )
        if self.imported:
            said.append(
                _("{files}: the figures in it are not among these yet. Run: reportctl merge").format(
                    files=", ".join(self.imported)
                )
            )
        return tuple(said)


def freshness(session: Session, period: Period | None) -> Freshness:
    """How far the figures of `period` and of the quarters before it, or of all quarters (None), are up to
    what came and was decided.

    What comes for a closed quarter does not count there and is left out.

    Raises `ReportctlError` where there are no figures to show although something was merged: where the ledger
    is missing or not finished, or somebody else's merge is bringing it up to new decisions.
    """
    workspace = session.workspace
    with session.ledger() as ledger:
        up_to = ledger.up_to()
        current = up_to == archive.decisions_hash(workspace.decisions)
        if not current:
            refuse_while_held(session.lock)
        refuse_lost(workspace, ledger)
        hashed = ledger.hashed_files()
        counts = {
            quarter: sum(1 for _file in files_not_merged(workspace, ledger, quarter, hashed))
            for quarter in workspace.quarters_in_inbox()
            if (period is None or quarter <= period.last) and not ledger.is_closed(quarter)
        }
        known = set(ledger.quarters())
        return Freshness(
            imported=tuple(
                f"closed/{path.name}"
                for quarter, path in sorted(imported_files(workspace).items())
                if (period is None or quarter <= period.last) and quarter not in known
            ),
            unmerged={quarter: count for quarter, count in counts.items() if count},
            decided=up_to is not None and not current,
            empty=ledger.is_empty(),
        )


def refuse_lost(workspace: Workspace, ledger: Ledger) -> None:
    """Raises `ReportctlError` where the `ledger` is missing or not finished although something was merged."""
    if ledger.up_to() is None and _something_was_merged(workspace):
        raise ReportctlError(
            _(
                "{path} is missing or not finished, although files were merged in this workspace. It is "
                "made again, with the same figures, by: reportctl merge"
            ).format(path=workspace.ledger)
        )


def _something_was_merged(workspace: Workspace) -> bool:
    """Whether decisions.csv, the archive or the folder closed/ say that something was merged or imported."""
    received = any(row.action == archive.RECEIVED for row in archive.read_decisions(workspace.decisions))
    frozen = any((workspace.root / "closed").glob("*.csv"))
    return received or frozen or archive.holds_anything(workspace.archive)


def files_not_merged(
    workspace: Workspace, ledger: Ledger, quarter: Quarter, hashed: Mapping[str, HashedFile]
) -> Iterator[tuple[InputFile, str | None]]:
    """The files in the quarter's inbox that no merge has taken in, with their hash, None where it cannot be
    had."""
    known = ledger.received(quarter)
    for file in find_inputs(workspace.inbox(quarter)):
        try:
            status = file.path.stat()
            if set_aside(file, status):
                continue  # no merge takes it in
            last = hashed.get(path_in(workspace.root, file.path, file.member))
            same = last and (last.size, last.modified) == (status.st_size, status.st_mtime_ns)
            sha256 = last.sha256 if last and same else digest(file.read())
        except (OSError, RefusedError):
            yield file, None
        else:
            if sha256 not in known:
                yield file, sha256
