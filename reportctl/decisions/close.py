"""Closing a quarter: its figures are frozen with their sources, and opened again."""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
from dataclasses import dataclass
from pathlib import Path

from reportctl.core.errors import ReportctlError
from reportctl.core.files import digest, move, read_file, write_atomic
from reportctl.core.language import _, ngettext
from reportctl.core.obstacles import to_writing
from reportctl.ledger import archive
from reportctl.ledger.decisions import decisions_by_quarter, reason_given, refuse_closed
from reportctl.ledger.ledger import open_ledger
from reportctl.merge.closed_file import closed_file, to_csv
from reportctl.merge.merge import Merged, Run, take_in


@dataclass(frozen=True, slots=True)
class Closed:
    """A quarter closed: the file with its figures, how many answers are in it and of how many units.

    `merged` is the quarter as it is now.
    """

    path: Path
    answers: int
    units: int
    merged: Merged


@dataclass(frozen=True, slots=True)
class Reopened:
    """A quarter opened again: where the figures are now that were frozen, None where their file is gone.

    `merged` is the quarter as it is now.
    """

    path: Path | None
    merged: Merged


def close(run: Run, why: str = "") -> Closed:
    """Freeze the figures of the run's quarter.

    Raises `ReportctlError` where it is closed already, where files in its inbox are not merged yet, or where
    nothing counts. Killed at any instant, the quarter is either open as before or closed.
    """
    workspace, quarter = run.session.workspace, run.quarter
    with run.session.writing():
        refuse_closed(decisions_by_quarter(archive.read_decisions(workspace.decisions)), quarter)
        merged = take_in(run, ())
        if merged.unmerged:
            raise ReportctlError(
                ngettext(
                    "{count} file in inbox/{quarter} is not merged yet. Run: reportctl merge {quarter}",
                    "{count} files in inbox/{quarter} are not merged yet. Run: reportctl merge {quarter}",
                    merged.unmerged,
                ).format(count=merged.unmerged, quarter=quarter)
            )
        if not any(record.counts for record in merged.submissions):
            raise ReportctlError(
                _("No unit's report for {quarter} counts, so there is nothing to close.").format(
                    quarter=quarter
                )
            )
        with open_ledger(workspace.ledger) as ledger:
            records = ledger.all_values(quarter)
            units = len(ledger.counting(quarter))
        data = to_csv(records)
        path = closed_file(workspace, quarter)
        # The decision comes last: until it stands, the files mean nothing.
        archive.keep_original(workspace.archive, digest(data), path.name, data)
        if not path.exists() or read_file(path) != data:
            aside = _set_aside(path, run.session.today)
            try:
                write_atomic(path, data)
            except ReportctlError:
                with contextlib.suppress(OSError):  # nothing has been closed: nothing is to look otherwise
                    if aside:
                        move(aside, path)
                raise
        decision = archive.decided(
            run.session.who, archive.CLOSED, quarter,
            sha256=digest(data), file=f"closed/{path.name}", why=" ".join(why.split()),
        )  # fmt: skip
        archive.add_decisions(workspace.decisions, [decision])
        return Closed(path, len(records), units, take_in(run, ()))


def reopen(run: Run, why: str) -> Reopened:
    """Let the run's quarter count what its files say again; what had been frozen is kept under another name.

    Raises `ReportctlError` where it is not closed.
    """
    reason = reason_given(why)
    workspace, quarter = run.session.workspace, run.quarter
    with run.session.writing():
        decided = decisions_by_quarter(archive.read_decisions(workspace.decisions))
        if quarter not in decided or decided[quarter].closing is None:
            raise ReportctlError(_("{quarter} is not closed.").format(quarter=quarter))
        decision = archive.decided(run.session.who, archive.REOPENED, quarter, why=reason)
        archive.add_decisions(workspace.decisions, [decision])
        path = closed_file(workspace, quarter)
        aside = path if path.exists() else None
        with contextlib.suppress(ReportctlError):  # a file that is open elsewhere stays: it means nothing now
            aside = _set_aside(path, run.session.today)
        return Reopened(aside, take_in(run, ()))


def _set_aside(path: Path, today: dt.date) -> Path | None:
    """Rename the file to a name with the date, which it gives; None where there is no such file."""
    if not path.exists():
        return None
    names = itertools.chain([""], (f"-{number}" for number in itertools.count(2)))
    free = (path.with_name(f"{path.stem}-until-{today}{number}{path.suffix}") for number in names)
    target = next(candidate for candidate in free if not candidate.exists())
    try:
        move(path, target)
    except OSError as error:
        raise ReportctlError(
            _("{path} cannot be renamed: {reason}. Close it where it is open and try again.").format(
                path=path, reason=to_writing(path, error).reason
            )
        ) from error
    return target
