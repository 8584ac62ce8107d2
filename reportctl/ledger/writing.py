"""Writing the ledger: submissions in batches, and what follows from all of a quarter as a whole."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from reportctl.core.errors import ReportctlError
from reportctl.core.files import digest
from reportctl.core.finding_kinds import Severity
from reportctl.core.findings import Finding
from reportctl.core.language import _
from reportctl.core.period import Quarter
from reportctl.ledger.archive import Receipt
from reportctl.ledger.ledger import Ledger, LedgerError
from reportctl.ledger.replacements import Replacements
from reportctl.ledger.rows import (
    CacheKeys,
    ComparisonResult,
    Graded,
    HashedFile,
    KnownSubmission,
    NewSubmission,
    QuarterOutcome,
    RecheckedSubmission,
    Row,
    Value,
    finding_of,
    finding_rows,
    labelled,
    quarter_of,
)
from reportctl.ledger.schema import discard, is_damage, usable

_NEW = (
    "INSERT INTO submission (period, sha256, basis, checked, graded, unit, file, received, modified, judged, "
    "verdict, filled, asked, read) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_AGAIN = (
    "UPDATE submission SET counts = counts AND unit IS ?, basis = ?, checked = ?, graded = ?, unit = ?, "
    "file = ?, received = ?, modified = ?, judged = ?, verdict = ?, filled = ?, asked = ?, read = ? "
    "WHERE id = ?"
)
_JUDGED = (
    "UPDATE submission SET checked = ?, graded = ?, judged = ?, verdict = ?, filled = coalesce(?, filled), "
    "asked = coalesce(?, asked) WHERE id = ?"
)
_ANSWER = "INSERT INTO answer VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)"
_FINDING = (
    "INSERT INTO finding (period, submission, position, code, severity, found, unit, file, sheet, cell, "
    "indicator, value, details) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_PLACE = (
    "unit, file, sheet, cell, indicator, value, details FROM finding WHERE period = ? AND submission IS ?"
)
_AS_FOUND = f"SELECT code, found, {_PLACE} ORDER BY position"
_AS_SAID = f"SELECT code, severity, {_PLACE} AND severity IS NOT NULL ORDER BY position"


class Store:
    """Writes a ledger. Whoever has one holds the workspace's lock, so nobody else writes."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self.reader = Ledger(connection, str(path))
        self._labels: dict[str, int] = dict(connection.execute("SELECT text, id FROM label"))
        self.overlay = Replacements(connection, self._label)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is done inside is stored together when it ends, and nothing of it where it fails."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def stored(self, quarter: Quarter | None = None) -> dict[tuple[Quarter, str], KnownSubmission]:
        """Every submission, or every one of `quarter`, by quarter and hash."""
        rows = self._connection.execute(
            "SELECT period, sha256, basis, checked, graded, unit, file, received, modified, judged, read "
            "FROM submission WHERE period GLOB ? ORDER BY period, sha256",
            (str(quarter) if quarter else "*",),
        )
        return {
            (quarter_of(period), sha256): KnownSubmission(
                CacheKeys(*basis),
                unit,
                file,
                dt.date.fromisoformat(received),
                dt.datetime.fromisoformat(modified) if modified else None,
                judged,
                bool(read),
            )
            for period, sha256, *basis, unit, file, received, modified, judged, read in rows
        }

    def seen(self) -> dict[str, HashedFile]:
        """The files hashed before, by path."""
        rows = self._connection.execute("SELECT path, size, modified, sha256 FROM seen")
        return {path: HashedFile(size, modified, sha256) for path, size, modified, sha256 in rows}

    def remember(self, seen: Mapping[str, HashedFile], gone: Iterable[str] = ()) -> None:
        """Note the hashes of files, by path, and forget those of files that are `gone`."""
        self._connection.executemany("DELETE FROM seen WHERE path = ?", [(path,) for path in gone])
        self._connection.executemany(
            "INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?)",
            [(path, file.size, file.modified, file.sha256) for path, file in seen.items()],
        )

    def put(self, drafts: Iterable[tuple[Receipt, NewSubmission]]) -> None:
        """Store submissions, in place of what was read from the same bytes before.

        Whether they count stays as it was until their quarter is settled.
        """
        answers: list[Row] = []
        findings: list[Row] = []
        quarters = set()
        for receipt, draft in drafts:
            number = self._put(receipt, draft)
            period = str(receipt.quarter)
            for text in draft.rows.unlabelled:
                self._label(text)
            answers += [(number, *row) for row in labelled(draft.rows, self._labels)]
            findings += [(period, number, *row) for row in draft.rows.findings]
            quarters.add(receipt.quarter)
        self._connection.executemany(_ANSWER, answers)
        self._connection.executemany(_FINDING, findings)
        for quarter in quarters:
            self._unsettle(quarter)

    def _put(self, receipt: Receipt, draft: NewSubmission) -> int:
        """The number of the submission, which has no answers and findings any more."""
        known = self._known(receipt.quarter, receipt.sha256)
        said = (
            *draft.basis,
            draft.unit,
            receipt.file,
            receipt.received.isoformat(),
            draft.modified.isoformat() if draft.modified else None,
            draft.verdict,
            draft.verdict,
            draft.filled,
            draft.asked,
            bool(draft.rows.answers),
        )
        if known is None:
            new = str(receipt.quarter), receipt.sha256, *said
            return self._connection.execute(_NEW, new).lastrowid or 0
        self._clear(known, receipt.quarter)
        self._connection.execute(_AGAIN, (draft.unit, *said, known))
        return known

    def judge(self, quarter: Quarter, judged: Iterable[tuple[str, RecheckedSubmission]]) -> None:
        """Store what submissions that stay as they were read, by hash, are judged to be."""
        period, many = str(quarter), self._connection.executemany
        by_number = [(self._number(quarter, sha256), one) for sha256, one in judged]
        many(
            _JUDGED,
            [
                (one.checked, one.graded, one.verdict, one.verdict, *one.fullness, number)
                for number, one in by_number
            ],
        )
        many(
            "DELETE FROM finding WHERE period = ? AND submission = ?",
            [(period, number) for number, _one in by_number],
        )
        many(_FINDING, [(period, number, *row) for number, one in by_number for row in one.findings])
        self._unsettle(quarter)

    def labels(self, texts: Iterable[str]) -> dict[str, int]:
        """The numbers of all texts that the ledger has one for, `texts` among them from now on."""
        with self.transaction():
            for text in texts:
                self._label(text)
        return dict(self._labels)

    def remove(self, quarter: Quarter, sha256: str) -> None:
        """Take a submission out."""
        number = self._number(quarter, sha256)
        self._clear(number, quarter)
        self._unsettle(quarter)
        self._connection.execute("DELETE FROM submission WHERE id = ?", (number,))

    def set_received(self, quarter: Quarter, sha256: str, day: dt.date) -> None:
        """Note another day on which a submission was received."""
        self._unsettle(quarter)
        self._connection.execute(
            "UPDATE submission SET received = ? WHERE period = ? AND sha256 = ?",
            (day.isoformat(), str(quarter), sha256),
        )

    def settle(self, quarter: Quarter, outcome: QuarterOutcome) -> None:
        """Replace what follows from all of the quarter, whatever was settled before."""
        period = str(quarter)
        execute, many = self._connection.execute, self._connection.executemany
        execute(
            "UPDATE submission SET counts = 0, accepted = 0, verdict = judged WHERE period = ?", (period,)
        )
        one = "WHERE period = ? AND sha256 = ?"
        many(f"UPDATE submission SET counts = 1 {one}", [(period, key) for key in outcome.counting])  # noqa: S608
        many(f"UPDATE submission SET accepted = 1 {one}", [(period, key) for key in outcome.accepted])  # noqa: S608
        many(
            f"UPDATE submission SET verdict = ? {one}",  # noqa: S608
            [(verdict, period, key) for key, verdict in outcome.verdicts.items()],
        )
        self.overlay.take_back(quarter)
        for sha256, told in outcome.told.items():
            self.overlay.overrule(quarter, self._number(quarter, sha256), told)
        execute("DELETE FROM finding WHERE period = ? AND submission IS NULL", (period,))
        self._put_findings(quarter, None, [(found, found.severity) for found in outcome.findings])
        execute(
            "INSERT INTO settled VALUES (?1, ?2, ?3, '', '') "
            "ON CONFLICT DO UPDATE SET basis = ?2, inbox = ?3",
            (period, outcome.basis, outcome.inbox),
        )

    def compare(self, quarter: Quarter, state: str, basis: str, compared: Sequence[Graded]) -> None:
        """Add what was found where a settled quarter was compared; a submission with a warning is "warned".

        `state` names all that the comparison depended on, `basis` all but the quarter's own files.
        """
        period = str(quarter)
        self._put_findings(quarter, None, compared, first=self._findings_of_all(quarter))
        self._connection.executemany(
            "UPDATE submission SET verdict = 'warned' "
            "WHERE period = ? AND unit = ? AND counts AND verdict = 'accepted'",
            [(period, found.unit) for found, grade in compared if grade is Severity.WARNING],
        )
        execute = self._connection.execute
        execute("UPDATE submission SET compared = counts WHERE period = ? AND compared <> counts", (period,))
        execute("UPDATE settled SET compared = ?, compared_by = ? WHERE period = ?", (state, basis, period))

    def compared(self, quarter: Quarter, kinds: Collection[str]) -> ComparisonResult:
        """What was found where the quarter was compared last, of those `kinds`, before it was graded."""
        rows = self._connection.execute(
            "SELECT compared, compared_by FROM settled WHERE period = ?", (str(quarter),)
        )
        state, basis = next(rows, ("", ""))
        found = [found for found in self._findings(_AS_FOUND, quarter, None) if found.code in kinds]
        return ComparisonResult(state, basis, found)

    def changed(self, quarter: Quarter) -> tuple[set[str], set[str]]:
        """The units that count by another file than when the quarter was compared last, and the codes to
        which one of them says something else."""
        execute, period = self._connection.execute, (str(quarter),)
        now = dict(execute("SELECT unit, id FROM submission WHERE period = ? AND counts", period))
        then = dict(execute("SELECT unit, id FROM submission WHERE period = ? AND compared", period))
        units = {unit for unit in now.keys() | then.keys() if now.get(unit) != then.get(unit)}
        codes: set[str] = set()
        for unit in units:
            codes |= {code for code, _value in self._said(now.get(unit)) ^ self._said(then.get(unit))}
        return units, codes

    def _said(self, number: int | None) -> set[tuple[str, Value]]:
        """Code and value of the submission's answers that have a value."""
        sql = (
            "SELECT (SELECT text FROM label WHERE id = code), value FROM answer "
            "WHERE submission = ? AND list = 0 AND value IS NOT NULL"
        )
        return set(self._connection.execute(sql, (number,)))

    def state(self, quarter: Quarter, decided: str) -> str:
        """A text that changes with everything that counts in the quarter; `decided` names its decisions."""
        period = (str(quarter),)
        rows = self._connection.execute(
            "SELECT sha256, basis FROM submission WHERE period = ? AND counts ORDER BY sha256", period
        ).fetchall()
        frozen = self._connection.execute(
            "SELECT sha256, closed FROM frozen_from WHERE period = ?", period
        ).fetchall()
        return digest(json.dumps([rows, frozen, decided]).encode())[:16]

    def settled(self) -> dict[Quarter, tuple[str | None, str]]:
        """The quarters that files or findings are of, and on what basis and what inbox each was settled; no
        basis where it has not been since something changed."""
        known = "SELECT period FROM submission UNION SELECT period FROM finding"
        rows = self._connection.execute(
            "SELECT k.period, s.basis, coalesce(s.inbox, '') "  # noqa: S608
            f"FROM ({known}) k LEFT JOIN settled s ON s.period = k.period"
        )
        return {quarter_of(period): (basis, inbox) for period, basis, inbox in rows}

    def own_findings(self, quarter: Quarter, sha256: str) -> list[Finding]:
        """What is said of a submission's file."""
        return self._findings(_AS_SAID, quarter, self._number(quarter, sha256))

    def found(self, quarter: Quarter, sha256: str) -> list[Finding]:
        """All that was found in a submission's file, before it was graded."""
        return self._findings(_AS_FOUND, quarter, self._number(quarter, sha256))

    def _findings(self, which: str, quarter: Quarter, number: int | None) -> list[Finding]:
        rows = self._connection.execute(which, (str(quarter), number))
        return [finding_of(row) for row in rows]

    def _findings_of_all(self, quarter: Quarter) -> int:
        sql = "SELECT count(*) FROM finding WHERE period = ? AND submission IS NULL"
        return int(self._connection.execute(sql, (str(quarter),)).fetchone()[0])

    def _unsettle(self, quarter: Quarter) -> None:
        self._connection.execute("UPDATE settled SET basis = NULL WHERE period = ?", (str(quarter),))

    def _known(self, quarter: Quarter, sha256: str) -> int | None:
        sql = "SELECT id FROM submission WHERE period = ? AND sha256 = ?"
        found = self._connection.execute(sql, (str(quarter), sha256)).fetchone()
        return int(found[0]) if found else None

    def _number(self, quarter: Quarter, sha256: str) -> int:
        number = self._known(quarter, sha256)
        if number is None:
            raise KeyError(sha256)
        return number

    def _clear(self, number: int, quarter: Quarter) -> None:
        """Take out a submission's answers and findings; what it was compared by is lost with them."""
        execute = self._connection.execute
        execute("UPDATE settled SET compared = '', compared_by = '' WHERE period = ?", (str(quarter),))
        for table in ("answer", "overruled"):
            execute(f"DELETE FROM {table} WHERE submission = ?", (number,))  # noqa: S608
        execute("DELETE FROM finding WHERE period = ? AND submission = ?", (str(quarter), number))

    def _put_findings(
        self, quarter: Quarter, number: int | None, findings: Iterable[Graded], *, first: int = 0
    ) -> None:
        self._connection.executemany(
            _FINDING, [(str(quarter), number, *row) for row in finding_rows(findings, first)]
        )

    def _label(self, text: str) -> int:
        number = self._labels.get(text)
        if number is None:
            number = self._connection.execute("INSERT INTO label (text) VALUES (?)", (text,)).lastrowid or 0
            self._labels[text] = number
        return number


@contextlib.contextmanager
def open_store(path: Path) -> Iterator[Store]:
    """The ledger at `path` to write to, made anew where there is none that can be used.

    Raises `LedgerError` with `damaged` where the file turns out to be broken later on; it is removed then, so
    that the next attempt makes it anew. `ReportctlError` where it cannot be written.
    """
    connection = None
    try:
        connection = usable(path)
        yield Store(connection, path)
    except (sqlite3.Error, LedgerError) as error:
        damaged = error.damaged if isinstance(error, LedgerError) else is_damage(error)
        if damaged:
            if connection:
                connection.close()
            discard(path)
            raise LedgerError(str(path), error.__cause__ or error) from error
        raise ReportctlError(
            _(
                "{path} cannot be written: {reason}. Check the rights of the folder and the room on the disk."
            ).format(path=path, reason=error)
        ) from error
    finally:
        if connection:
            connection.close()
