"""What people decided about each quarter: the rows of `decisions.csv` that say what counts."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, field
from typing import Any

from reportctl.core.errors import ReportctlError
from reportctl.core.files import digest
from reportctl.core.findings import Finding, finding
from reportctl.core.language import Phrase, _, ngettext
from reportctl.core.period import Quarter, read_period
from reportctl.core.wording import date_short
from reportctl.ledger import archive
from reportctl.ledger.archive import Decision
from reportctl.ledger.decision_rows import DecisionRows


@dataclass(frozen=True, slots=True)
class Closing:
    """How a quarter was closed: its `decision`, and the hashes of the files received until then."""

    decision: Decision
    received: frozenset[str]


@dataclass(slots=True)
class QuarterDecisions:
    """What holds in one quarter. `accepted` goes by the submission's hash, `corrected` by hash, then code."""

    accepted: dict[str, Decision] = field(default_factory=dict)
    corrected: dict[str, dict[str, Decision]] = field(default_factory=dict)
    closing: Closing | None = None

    @property
    def cache_key(self) -> str:
        """A hash that changes with everything that holds; empty where nothing was decided."""
        rows = [*self.accepted.values(), *(row for by in self.corrected.values() for row in by.values())]
        if self.closing:
            rows.append(self.closing.decision)
        return digest(json.dumps([astuple(row) for row in rows]).encode())[:16] if rows else ""


def decisions_by_quarter(decisions: Iterable[Decision]) -> dict[Quarter, QuarterDecisions]:
    """What holds in every quarter that `decisions.csv` names; of two rows about one thing the last."""
    found: dict[Quarter, QuarterDecisions] = {}
    received: dict[Quarter, set[str]] = {}
    for row in decisions:
        quarter = read_period(row.period)
        if not isinstance(quarter, Quarter):
            continue
        holds = found.setdefault(quarter, QuarterDecisions())
        files = received.setdefault(quarter, set())
        match row.action:
            case archive.RECEIVED:
                files.add(row.sha256)
            case archive.WITHDRAWN:
                files.discard(row.sha256)
            case archive.ACCEPTED:
                holds.accepted[row.sha256] = row
            case archive.CORRECTED:
                holds.corrected.setdefault(row.sha256, {})[row.code] = row
            case archive.CLOSED:
                holds.closing = Closing(row, frozenset(files))
            case archive.REOPENED:
                holds.closing = None
    return found


def day_of(decision: Decision) -> dt.date | None:
    """The day of a decision; None where somebody has written something else there."""
    with contextlib.suppress(ValueError):
        return dt.datetime.fromisoformat(decision.when).date()
    return None


def day_in_words(decision: Decision) -> Phrase:
    """The day of a decision for a message."""
    day = day_of(decision)
    return Phrase(date_short(day, "vi"), date_short(day, "en")) if day else Phrase(decision.when or "?")


def decision_finding(code: str, decision: Decision, **fields: Any) -> Finding:
    """A finding that says what was decided by whom and when; `fields` as for `finding`."""
    return finding(code, who=decision.who, day=day_in_words(decision), **fields)


def unclear_decisions(there: DecisionRows) -> Iterator[Finding]:
    """An error for each row of `decisions.csv` that cannot be understood, and a warning where days in it are
    written with the month first."""
    for row in there.unclear:
        yield finding("decision_unclear", value=str(row.line), line=row.line, what=row.what)
    if there.month_first:
        yield finding("decision_days", value=there.month_first)


@dataclass(frozen=True, slots=True)
class LateFiles:
    """Files that came for a quarter after it was closed as `closing` says: they are kept and do not count."""

    closing: Closing
    files: int

    @property
    def sentence(self) -> str:
        """That they do not count, and what to do where they should."""
        decision = self.closing.decision
        return ngettext(
            "{quarter} was closed by {who} on {day}: {count} new file was kept as late and does not count. "
            "To count it: reportctl reopen {quarter} --why …",
            "{quarter} was closed by {who} on {day}: {count} new files were kept as late and do not count. "
            "To count them: reportctl reopen {quarter} --why …",
            self.files,
        ).format(quarter=decision.period, who=decision.who, day=day_in_words(decision), count=self.files)


def refuse_closed(decisions: Mapping[Quarter, QuarterDecisions], quarter: Quarter) -> None:
    """Raises `ReportctlError` where the quarter is closed, with who closed it and how to open it again."""
    closing = decisions.get(quarter, QuarterDecisions()).closing
    if closing:
        raise ReportctlError(
            _(
                "{quarter} was closed by {who} on {day}. To change anything in it, open it again first: "
                "reportctl reopen {quarter} --why …"
            ).format(quarter=quarter, who=closing.decision.who, day=day_in_words(closing.decision))
        )


def reason_given(why: str) -> str:
    """The reason for a decision, on one line. Raises `ReportctlError` where there is none."""
    reason = " ".join(why.split())
    if not reason:
        raise ReportctlError(_("Say why, so that others can follow it later: --why “…”"))
    return reason
