"""Writing the ledger: submissions in batches, what follows from all of a quarter, frozen figures."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from reportctl.core.files import digest
from reportctl.core.finding_kinds import IDENTITY, IMPORTED, Severity
from reportctl.core.findings import Finding
from reportctl.core.period import Quarter
from reportctl.ledger.archive import Receipt
from reportctl.ledger.ledger import Ledger, LedgerError
from reportctl.ledger.rows import (
    PROVINCE,
    STATES,
    ComparisonResult,
    CorrectedAnswer,
    Graded,
    HashedFile,
    NewSubmission,
    QuarterOutcome,
    RecheckedSubmission,
    Row,
    SubmissionRecord,
    ValueRecord,
    finding_of,
    finding_rows,
    plain_raw,
    quarter_of,
    storable,
)
from reportctl.ledger.schema import (
    discard,
    is_damage,
    is_noted_sound,
    note_sound,
    unwritable,
    usable,
)

_SUBMISSION = (
    "INSERT INTO submission (period, sha256, read_key, check_key, grade_key, unit, file, received, modified, "
    "own_verdict, verdict, filled, asked, has_answers) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (period, sha256) DO UPDATE SET counts = counts AND unit IS excluded.unit, "
    "read_key = excluded.read_key, check_key = excluded.check_key, grade_key = excluded.grade_key, "
    "unit = excluded.unit, file = excluded.file, received = excluded.received, modified = excluded.modified, "
    "own_verdict = excluded.own_verdict, verdict = excluded.verdict, filled = excluded.filled, "
    "asked = excluded.asked, has_answers = excluded.has_answers"
)
_RECHECKED = (
    "UPDATE submission SET check_key = ?, grade_key = ?, own_verdict = ?, verdict = ?, "
    "filled = coalesce(?, filled), asked = coalesce(?, asked) WHERE id = ?"
)
_ANSWER = "INSERT INTO answer VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)"
_CORRECT = (
    "UPDATE answer SET state = ?, value = ?, raw = ?, estimate = 0, sheet = ?, cell = '', corrected_by = ?, "
    "corrected_on = ? WHERE submission = ? AND list = 0 AND code = ?"
)
_FINDING = (
    "INSERT INTO finding (period, submission, position, code, severity, standard_severity, unit, file, "
    "sheet, cell, indicator, value, details) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_PLACE = (
    "unit, file, sheet, cell, indicator, value, details FROM finding WHERE period = ? AND submission IS ?"
)
_FINDINGS_UNGRADED = f"SELECT code, standard_severity, {_PLACE} ORDER BY position"
_FINDINGS_GRADED = f"SELECT code, severity, {_PLACE} AND severity IS NOT NULL ORDER BY position"
# Of the units that count by another file than then: an answer that both files give alike stands twice.
_CHANGED_CODES = (
    "SELECT DISTINCT (SELECT text FROM label WHERE id = code) FROM (SELECT a.code FROM submission s "
    "JOIN answer a ON a.submission = s.id WHERE s.period = ? AND s.counts <> s.compared AND a.list = 0 "
    "AND a.value IS NOT NULL GROUP BY s.unit, a.code, a.value HAVING count(*) = 1)"
)


_SEVERE = (Severity.WARNING, Severity.ERROR)


class Store:
    """Writes a ledger. Whoever has one holds the workspace's lock, so nobody else writes.

    All but `labels` is called inside a `transaction`.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self.reader = Ledger(connection, str(path))
        self._labels: dict[str, int] = dict(connection.execute("SELECT text, id FROM label"))

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

    # ---- submissions

    def submissions(self, quarter: Quarter | None = None) -> dict[tuple[Quarter, str], SubmissionRecord]:
        """Every submission, or every one of `quarter`, by quarter and hash."""
        return {(one.period, one.sha256): one for one in self.reader.submissions(quarter)}

    def submission(self, quarter: Quarter, sha256: str) -> SubmissionRecord:
        """The submission of these bytes, which there is."""
        (found,) = self.reader.submissions(quarter, sha256)
        return found

    def findings(self, quarter: Quarter, sha256: str | None, *, graded: bool) -> list[Finding]:
        """The findings of a submission's file, or (None) those of no single file, in their order.

        `graded`: with their severity here, without those switched off; else all with their standard one.
        """
        number = None if sha256 is None else self._number(quarter, sha256)
        sql = _FINDINGS_UNGRADED
        if graded:
            sql = _FINDINGS_GRADED
        return [finding_of(row) for row in self._connection.execute(sql, (str(quarter), number))]

    def remember(self, hashed: Mapping[str, HashedFile], gone: Iterable[str] = ()) -> None:
        """Note the hashes of files, by path, and forget those of files that are `gone`."""
        self._connection.executemany("DELETE FROM hashed_file WHERE path = ?", [(path,) for path in gone])
        self._connection.executemany(
            "INSERT OR REPLACE INTO hashed_file VALUES (?, ?, ?, ?)",
            [(path, file.size, file.modified, file.sha256) for path, file in hashed.items()],
        )

    def labels(self, texts: Iterable[str]) -> dict[str, int]:
        """The numbers of all texts that the ledger has one for, `texts` among them from now on."""
        with self.transaction():
            for text in texts:
                self._label(text)
        return dict(self._labels)

    def put(self, submissions: Iterable[tuple[Receipt, NewSubmission]]) -> None:
        """Store submissions, in place of what was read from the same bytes before.

        Whether they count stays as it was until their quarter is evaluated.
        """
        answers: list[Row] = []
        findings: list[Row] = []
        quarters = set()
        for receipt, new in submissions:
            number = self._put(receipt, new)
            for text in new.rows.unlabelled:
                self._label(text)
            answers += [(number, *row) for row in new.rows.labelled_answers(self._labels)]
            findings += [(str(receipt.quarter), number, *row) for row in new.rows.findings]
            quarters.add(receipt.quarter)
        self._connection.executemany(_ANSWER, answers)
        self._connection.executemany(_FINDING, findings)
        for quarter in quarters:
            self._outdate(quarter)

    def _put(self, receipt: Receipt, new: NewSubmission) -> int:
        """The number of the submission, which has no answers and findings any more."""
        values = (
            str(receipt.quarter),
            receipt.sha256,
            *new.keys,
            new.unit,
            receipt.file,
            receipt.received.isoformat(),
            new.modified.isoformat() if new.modified else None,
            new.verdict,
            new.verdict,
            new.filled,
            new.asked,
            bool(new.rows.answers),
        )
        known = self._known(receipt.quarter, receipt.sha256)
        if known is not None:  # what is new leaves the last comparison as it was
            self._clear(known, receipt.quarter)
        row = self._connection.execute(_SUBMISSION, values).lastrowid or 0
        return row if known is None else known

    def put_rechecked(self, quarter: Quarter, rechecked: Iterable[tuple[str, RecheckedSubmission]]) -> None:
        """Store the new findings and verdicts of submissions, by hash, that stay as they were read."""
        period, many = str(quarter), self._connection.executemany
        numbered = [(self._number(quarter, sha256), one) for sha256, one in rechecked]
        many(
            _RECHECKED,
            [
                (
                    one.checked,
                    one.graded,
                    one.verdict,
                    one.verdict,
                    *(one.completeness or (None, None)),
                    number,
                )
                for number, one in numbered
            ],
        )
        many(
            "DELETE FROM finding WHERE period = ? AND submission = ?",
            [(period, number) for number, _one in numbered],
        )
        many(_FINDING, [(period, number, *row) for number, one in numbered for row in one.findings])
        self._outdate(quarter)

    def remove(self, quarter: Quarter, sha256: str) -> None:
        """Take a submission out."""
        number = self._number(quarter, sha256)
        self._clear(number, quarter)
        self._outdate(quarter)
        self._connection.execute("DELETE FROM submission WHERE id = ?", (number,))

    def set_received(self, quarter: Quarter, sha256: str, day: dt.date) -> None:
        """Note another day on which a submission was received."""
        self._outdate(quarter)
        self._connection.execute(
            "UPDATE submission SET received = ? WHERE id = ?",
            (day.isoformat(), self._number(quarter, sha256)),
        )

    # ---- what follows from all submissions of a quarter

    def put_outcome(self, quarter: Quarter, outcome: QuarterOutcome) -> None:
        """Replace what follows from all of the quarter, whatever that was before."""
        period = str(quarter)
        execute, many = self._connection.execute, self._connection.executemany
        execute(
            "UPDATE submission SET counts = 0, accepted = 0, told = 0, verdict = own_verdict "
            "WHERE period = ?",
            (period,),
        )
        one = "WHERE period = ? AND sha256 = ?"
        many(f"UPDATE submission SET counts = 1 {one}", [(period, key) for key in outcome.counting])  # noqa: S608
        many(f"UPDATE submission SET accepted = 1 {one}", [(period, key) for key in outcome.accepted])  # noqa: S608
        many(
            f"UPDATE submission SET verdict = ? {one}",  # noqa: S608
            [(verdict, period, key) for key, verdict in outcome.verdicts.items()],
        )
        many(
            f"UPDATE submission SET told = ? {one}",  # noqa: S608
            [(count, period, key) for key, count in outcome.told.items()],
        )
        self._correct(period, {self._number(quarter, key): of for key, of in outcome.corrections.items()})
        hide = "UPDATE finding SET resolved = 2 WHERE period = ? AND submission = ?"
        many(hide, [(period, self._number(quarter, key)) for key in outcome.replaced])
        loud = json.dumps(sorted(IDENTITY))
        many(
            f"{hide} AND code NOT IN (SELECT value FROM json_each(?))",  # noqa: S608
            [(period, self._number(quarter, key), loud) for key in outcome.superseded],
        )
        execute("DELETE FROM finding WHERE period = ? AND submission IS NULL", (period,))
        rows = finding_rows((found, found.severity) for found in outcome.findings)
        many(_FINDING, [(period, None, *row) for row in rows])
        execute(
            "INSERT INTO evaluated VALUES (?1, ?2, ?3, '', '') "
            "ON CONFLICT DO UPDATE SET key = ?2, inbox_key = ?3",
            (period, outcome.key, outcome.inbox_key),
        )

    def _correct(self, period: str, corrections: Mapping[int, Iterable[CorrectedAnswer]]) -> None:
        """Put `corrections`, by the submission's number, in place of the files' answers of the whole quarter
        and mark what was found about these; all others say again what their files say."""
        execute = self._connection.execute
        only = "WHERE submission IN (SELECT id FROM submission WHERE period = ?)"
        execute("UPDATE finding SET resolved = 0 WHERE period = ? AND resolved", (period,))
        execute(f"INSERT OR REPLACE INTO answer SELECT * FROM replaced_answer {only}", (period,))  # noqa: S608
        execute(f"DELETE FROM replaced_answer {only}", (period,))  # noqa: S608
        for number, of_one in corrections.items():
            for one in of_one:
                answer, place = one.answer, (number, self._label(one.answer.code))
                execute(
                    "INSERT INTO replaced_answer SELECT * FROM answer "
                    "WHERE submission = ? AND list = 0 AND code = ?",
                    place,
                )
                value = STATES.index(answer.state), storable(answer.value), answer.raw
                execute(_CORRECT, (*value, self._label(""), one.source, one.day.isoformat(), *place))
                execute(
                    "UPDATE finding SET resolved = 1 WHERE period = ?1 AND submission = ?2 "
                    "AND (code = 'rule_broken' OR indicator = ?3 OR code = 'older_sum_broken' "
                    "AND instr(' ' || json_extract(details, '$.asked') || ' ', ' ' || ?3 || ' '))",
                    (period, number, answer.code),
                )

    def put_comparison(self, quarter: Quarter, key: str, outer_key: str, findings: Sequence[Graded]) -> None:
        """Add the findings of comparing an evaluated quarter; a submission with a warning, or with what the
        office has made an error of, is "warned".

        `key` is the cache key of all that the comparison depended on, `outer_key` that of all but the
        quarter's own files.
        """
        period, execute, many = str(quarter), self._connection.execute, self._connection.executemany
        self._add_findings(period, findings)
        many(
            "UPDATE submission SET verdict = 'warned' "
            "WHERE period = ? AND unit = ? AND counts AND verdict = 'accepted'",
            [(period, found.unit) for found, severity in findings if severity in _SEVERE],
        )
        execute("UPDATE submission SET compared = counts WHERE period = ? AND compared <> counts", (period,))
        execute(
            "UPDATE evaluated SET compared_key = ?, compared_outer_key = ? WHERE period = ?",
            (key, outer_key, period),
        )

    def _add_findings(self, period: str, findings: Sequence[Graded]) -> None:
        """Add findings of no single file, behind those that are there."""
        count = "SELECT count(*) FROM finding WHERE period = ? AND submission IS NULL"
        rows = finding_rows(findings, self._connection.execute(count, (period,)).fetchone()[0])
        self._connection.executemany(_FINDING, [(period, None, *row) for row in rows])

    def comparison(self, quarter: Quarter, kinds: Collection[str]) -> ComparisonResult:
        """The last comparison of the quarter with its findings of those `kinds`."""
        rows = self._connection.execute(
            "SELECT compared_key, compared_outer_key FROM evaluated WHERE period = ?", (str(quarter),)
        )
        key, outer_key = next(rows, ("", ""))
        found = [one for one in self.findings(quarter, None, graded=False) if one.code in kinds]
        return ComparisonResult(key, outer_key, found)

    def changed_since_comparison(self, quarter: Quarter) -> tuple[set[str], set[str]]:
        """The units that count by another file than when the quarter was compared last, and the codes to
        which one of them answers otherwise."""
        execute, period = self._connection.execute, (str(quarter),)
        units = execute(
            "SELECT DISTINCT unit FROM submission WHERE period = ? AND counts <> compared", period
        )
        return {unit for (unit,) in units}, {code for (code,) in execute(_CHANGED_CODES, period)}

    def counting_key(self, quarter: Quarter, decided: str) -> str:
        """A cache key of everything that counts in the quarter; `decided` is that of its decisions."""
        execute, period = self._connection.execute, (str(quarter),)
        files = execute(
            "SELECT sha256, read_key FROM submission WHERE period = ? AND counts ORDER BY sha256", period
        )
        frozen = execute("SELECT sha256, closed FROM frozen_from WHERE period = ?", period)
        return digest(json.dumps([list(files), list(frozen), decided]).encode())[:16]

    def evaluated(self) -> dict[Quarter, tuple[str | None, str]]:
        """The quarters that files or findings are of, each with the cache keys of its last evaluation and of
        its inbox then; None for the first where there was none since something changed. What is found of
        imported totals does not need one."""
        rows = self._connection.execute(
            "SELECT k.period, e.key, coalesce(e.inbox_key, '') FROM ("
            "SELECT period FROM submission UNION SELECT period FROM finding "
            "WHERE code NOT IN (SELECT value FROM json_each(?))) k "
            "LEFT JOIN evaluated e ON e.period = k.period",
            (json.dumps(sorted(IMPORTED)),),
        )
        return {quarter_of(period): (key, inbox_key) for period, key, inbox_key in rows}

    def set_forms(self, forms: Mapping[Quarter, str]) -> None:
        """Note the fingerprint of the form by which each quarter is read."""
        if self.reader.forms() != forms:
            with self.transaction():
                self._connection.execute("DELETE FROM asked_with")
                rows = [(str(quarter), form) for quarter, form in forms.items()]
                self._connection.executemany("INSERT INTO asked_with VALUES (?, ?)", rows)

    def set_up_to(self, decisions: str) -> None:
        """Note that the ledger holds all that was received and decided; `decisions` is the hash of
        decisions.csv, which has it."""
        if self.reader.up_to() != decisions:
            self._connection.execute("DELETE FROM up_to")
            self._connection.execute("INSERT INTO up_to VALUES (?)", (decisions,))

    # ---- closed and imported quarters

    def frozen(self) -> dict[Quarter, tuple[str, bool]]:
        """The quarters whose figures come from a file: its hash, and whether the quarter is closed."""
        rows = self._connection.execute("SELECT period, sha256, closed FROM frozen_from")
        return {quarter_of(period): (sha256, bool(closed)) for period, sha256, closed in rows}

    def frozen_submissions(self, quarter: Quarter) -> set[str]:
        """The hashes of the files that the quarter's frozen figures come from."""
        rows = self._connection.execute(
            "SELECT DISTINCT sha256 FROM frozen WHERE period = ? AND by <> 'import'", (str(quarter),)
        )
        return {sha256 for (sha256,) in rows}

    def freeze(self, quarter: Quarter, sha256: str, records: Iterable[ValueRecord], *, closed: bool) -> None:
        """Take the quarter's figures from a file with that hash: all of them where the quarter is closed,
        else those of units that have sent nothing that counts, and of the province, which stand until
        `put_totals` says otherwise."""
        self.thaw(quarter)
        positions: Counter[tuple[str, str, int]] = Counter()
        rows = []
        for record in records:
            place = (record.unit, record.list_code, record.number)
            rows.append(
                (
                    str(record.period),
                    record.unit,
                    self._label(record.list_code) if record.list_code else 0,
                    record.number,
                    positions[place],
                    self._label(record.code),
                    STATES.index(record.state),
                    record.value,
                    None if record.raw == plain_raw(record.value) else record.raw,
                    record.estimate,
                    record.file,
                    self._label(record.sheet),
                    record.cell,
                    record.sha256,
                    record.received.isoformat(),
                    record.by,
                    record.stands if closed else record.unit == PROVINCE,
                )
            )
            positions[place] += 1
        self._connection.executemany(f"INSERT INTO frozen VALUES (?{', ?' * 16})", rows)  # noqa: S608
        self._connection.execute("INSERT INTO frozen_from VALUES (?, ?, ?)", (str(quarter), sha256, closed))

    def with_files(self, quarter: Quarter) -> set[str]:
        """The units of which a file counts in the quarter."""
        rows = self._connection.execute(
            "SELECT unit FROM submission WHERE period = ? AND counts", (str(quarter),)
        )
        return {unit for (unit,) in rows}

    def imported_answers(self, quarter: Quarter) -> dict[str, set[str]]:
        """The codes of what was imported for each unit."""
        rows = self._connection.execute(
            "SELECT unit, text FROM frozen f JOIN label l ON l.id = f.code "
            "WHERE period = ? AND list = 0 AND unit <> ''",
            (str(quarter),),
        )
        found: dict[str, set[str]] = {}
        for unit, code in rows:
            found.setdefault(unit, set()).add(code)
        return found

    def put_totals(self, quarter: Quarter, standing: Collection[str], findings: Sequence[Graded]) -> bool:
        """Let the province's imported figures with the codes `standing` count, and no others of the quarter;
        `findings` are all there is of the kinds `IMPORTED`. Returns whether anything is otherwise now."""
        period, execute = str(quarter), self._connection.execute
        stood = {one.code for one in self.reader.imported_totals(quarter) if one.stands}
        said = [one for one in self.findings(quarter, None, graded=True) if one.code in IMPORTED]
        if (stood, said) == (
            set(standing),
            [replace(one, severity=grade) for one, grade in findings if grade],
        ):
            return False
        execute("UPDATE frozen SET stands = 0 WHERE period = ? AND unit = ''", (period,))
        self._connection.executemany(
            "UPDATE frozen SET stands = 1 WHERE period = ? AND unit = '' "
            "AND code = (SELECT id FROM label WHERE text = ?)",
            [(period, code) for code in standing],
        )
        self._connection.executemany(
            "DELETE FROM finding WHERE period = ? AND submission IS NULL AND code = ?",
            [(period, code) for code in IMPORTED],
        )
        self._add_findings(period, findings)
        return True

    def thaw(self, quarter: Quarter) -> None:
        """Take the quarter's figures from its submissions alone."""
        for table in ("evaluated", "frozen", "frozen_from"):
            self._connection.execute(f"DELETE FROM {table} WHERE period = ?", (str(quarter),))  # noqa: S608

    # ---- for all of them

    def _outdate(self, quarter: Quarter) -> None:
        """Note that the quarter has to be evaluated again."""
        self._connection.execute("UPDATE evaluated SET key = NULL WHERE period = ?", (str(quarter),))

    def _known(self, quarter: Quarter, sha256: str) -> int | None:
        """The number of the submission; None where it is not stored."""
        sql = "SELECT id FROM submission WHERE period = ? AND sha256 = ?"
        row = self._connection.execute(sql, (str(quarter), sha256)).fetchone()
        return int(row[0]) if row else None

    def _number(self, quarter: Quarter, sha256: str) -> int:
        number = self._known(quarter, sha256)
        if number is None:
            raise KeyError(sha256)
        return number

    def _clear(self, number: int, quarter: Quarter) -> None:
        """Take out a submission's answers and findings; what it was compared by is lost with them."""
        execute = self._connection.execute
        execute(
            "UPDATE evaluated SET compared_key = '', compared_outer_key = '' WHERE period = ?",
            (str(quarter),),
        )
        for table in ("answer", "replaced_answer"):
            execute(f"DELETE FROM {table} WHERE submission = ?", (number,))  # noqa: S608
        execute("DELETE FROM finding WHERE period = ? AND submission = ?", (str(quarter), number))

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
        sound = is_noted_sound(path)
        connection = usable(path, sound=sound)
        yield Store(connection, path)
        sound = sound and not connection.total_changes
    except (sqlite3.Error, LedgerError) as error:
        damaged = error.damaged if isinstance(error, LedgerError) else is_damage(error)
        if damaged:
            if connection:
                connection.close()
            discard(path)
            raise LedgerError(str(path), error.__cause__ or error) from error
        raise unwritable(path, error.__cause__ or error) from error
    finally:
        if connection:
            connection.close()
    if not sound:
        note_sound(path)
