"""The ledger: a SQLite file made from the archive and the decisions, and how it is read."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import heapq
import itertools
import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from reportctl.core.errors import ReportctlError
from reportctl.core.files import digest
from reportctl.core.finding_kinds import LOST
from reportctl.core.findings import Finding
from reportctl.core.language import _
from reportctl.core.period import Quarter
from reportctl.form.asked_then import AskedThen, ListCell, Unasked
from reportctl.form.divided import Divided
from reportctl.form.model import Form
from reportctl.form.submission import Answer, AnswerState, ListRow
from reportctl.ledger import schema
from reportctl.ledger.rows import (
    PROVINCE,
    STATES,
    CacheKeys,
    HashedFile,
    ListRecord,
    LongRow,
    Source,
    SourceAnswer,
    SubmissionRecord,
    Value,
    ValueRecord,
    finding_of,
    plain_raw,
    quarter_of,
    value_record,
)
from reportctl.ledger.versions import Versions

_P = ParamSpec("_P")
_R = TypeVar("_R")


class LedgerError(ReportctlError):
    """A ledger that cannot be read; `damaged`: what stands in the file is broken and has to be made again."""

    def __init__(self, path: str, error: BaseException) -> None:
        self.damaged = schema.is_damage(error) or not isinstance(error, sqlite3.Error | OSError)
        super().__init__(
            _("The ledger {path} cannot be read ({reason}). Run: reportctl merge").format(
                path=path, reason=error
            )
        )


Codes = Mapping[int, str | None]  # by the number of their label; None: of nothing that is asked for
_Question = Callable[Concatenate["Ledger", _P], _R]


def _understood(question: _Question[_P, _R]) -> _Question[_P, _R]:
    """The `question` to a ledger, with a `LedgerError` where what stands there cannot be understood."""

    @functools.wraps(question)
    def asked(ledger: Ledger, /, *given: _P.args, **named: _P.kwargs) -> _R:
        try:
            return question(ledger, *given, **named)
        except (ValueError, LookupError, TypeError) as error:
            raise LedgerError(ledger.path, error) from error

    return asked


class Ledger(contextlib.AbstractContextManager["Ledger"]):
    """Reads a ledger. Every answer is of one instant; a merge under way is not waited for."""

    def __init__(
        self, connection: sqlite3.Connection, path: str = "", versions: Versions | None = None
    ) -> None:
        self._connection = connection
        self.path = path
        self._versions = versions

    def under(self, form: Form, archive: Path | None) -> Ledger:
        """The same ledger as `form` asks: figures that were asked under other codes have its own, and those
        that were asked as something else are left out. Forms of then are in the `archive`.

        What files are exported and closed as keeps its codes.
        """
        return Ledger(self._connection, self.path, Versions(form, archive, self.forms()))

    def forms(self) -> dict[Quarter, str]:
        """The fingerprint of the form by which each quarter was read last."""
        rows = self.rows("SELECT period, form FROM asked_with ORDER BY period")
        return {quarter_of(period): form for period, form in rows}

    def unasked(self, quarter: Quarter) -> Mapping[str, Unasked]:
        """The figures of the form that the quarter's own form did not ask, or asked as something else."""
        return self._then(quarter).unasked

    def unasked_columns(self, quarter: Quarter) -> Mapping[ListCell, Unasked]:
        """As `unasked`, the columns of lists by the codes of list and column."""
        return self._then(quarter).unasked_columns

    def divided(self, quarter: Quarter) -> tuple[Divided, ...]:
        """The figures of the form that were made of other parts in the quarter: by its own form, or by
        another version of it that returns which count were made from."""
        if self._versions is None:
            return ()
        found = [*self._then(quarter).divided]
        for (fingerprint,) in self.rows(_MADE_FROM, str(quarter)):
            found += self._versions.divided_by(fingerprint)
        return tuple(dict.fromkeys(found))

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    @_understood
    def quarters(self) -> tuple[Quarter, ...]:
        """The quarters of which there is a submission or a figure, oldest first."""
        rows = self.rows("SELECT period FROM submission UNION SELECT period FROM frozen_from ORDER BY period")
        return tuple(quarter_of(period) for (period,) in rows)

    def up_to(self) -> str | None:
        """The hash of decisions.csv when a merge last brought the ledger up to all that was received and
        decided; None where none has done so yet."""
        return next((decisions for (decisions,) in self.rows("SELECT decisions FROM up_to")), None)

    def is_empty(self) -> bool:
        """Whether there is no submission and no figure of any quarter."""
        return not any(self.rows("SELECT 1 FROM submission UNION ALL SELECT 1 FROM frozen_from LIMIT 1"))

    def is_closed(self, quarter: Quarter) -> bool:
        """Whether the quarter's figures are frozen."""
        return self._closed(quarter) is True

    def counting(self, quarter: Quarter) -> set[str]:
        """The units of which something counts: a submission, or figures that were imported."""
        period, units = str(quarter), set[str]()
        with self.one_instant():
            closed = self._closed(quarter)
            if closed is not None:
                sql = "SELECT DISTINCT unit FROM frozen WHERE period = ?"
                units |= {unit for (unit,) in self.rows(sql, period)}
            if not closed:
                sql = "SELECT unit FROM submission WHERE period = ? AND counts"
                units |= {unit for (unit,) in self.rows(sql, period)}
        return units - {PROVINCE}

    def counting_lists(self, quarter: Quarter) -> set[str]:
        """The units whose lists count: figures that were imported have none."""
        period = str(quarter)
        if self._closed(quarter):
            rows = self.rows("SELECT DISTINCT unit FROM frozen WHERE period = ? AND by <> 'import'", period)
        else:
            rows = self.rows("SELECT unit FROM submission WHERE period = ? AND counts", period)
        return {unit for (unit,) in rows} - {PROVINCE}

    def lists_lost(self, quarter: Quarter) -> set[tuple[str, str]]:
        """The units in whose workbook a list was not found, or which answered an older form without it, each
        with the list's code; what else was not found stands among them."""
        lists = self._then(quarter).lists
        return {
            (found.unit, lists.get(found.indicator) or found.indicator)
            for found in self.findings(quarter, _WITHOUT)
            if found.unit and found.indicator
        }

    def has_reports(self, quarter: Quarter) -> bool:
        """Whether some unit's own report counts in the quarter, and not only what was imported."""
        rows = self.rows("SELECT 1 FROM submission WHERE period = ? AND counts LIMIT 1", str(quarter))
        return next(rows, None) is not None

    @_understood
    def submissions(
        self, quarter: Quarter | None = None, sha256: str | None = None
    ) -> list[SubmissionRecord]:
        """Every submission, or every one of `quarter`, or there the one of those bytes, by file name."""
        if quarter is None:
            rows = self.rows(_SUBMISSIONS)
        elif sha256 is None:
            rows = self.rows(_OF_QUARTER, str(quarter))
        else:
            rows = self.rows(_OF_BYTES, str(quarter), sha256)
        return [
            SubmissionRecord(
                quarter_of(period),
                unit,
                file,
                sha256,
                dt.date.fromisoformat(received),
                dt.datetime.fromisoformat(modified) if modified else None,
                verdict,
                bool(counts),
                filled,
                asked,
                own_verdict,
                bool(accepted),
                bool(has_answers),
                CacheKeys(*keys),
            )
            for period, unit, file, sha256, received, modified, verdict, counts, filled, asked,
                own_verdict, accepted, has_answers, *keys in rows
        ]  # fmt: skip

    @_understood
    def findings(self, quarter: Quarter, kinds: Collection[str] | None = None) -> list[Finding]:
        """Every finding of the quarter, or every one of these `kinds`: by file, then by its place in the
        workbook; those of no file last.

        Errors of a submission that was taken in spite of them are warnings; what a correction has put right
        is left out.
        """
        if kinds is None:
            return [finding_of(row) for row in self.rows(_FINDINGS, str(quarter))]
        return [finding_of(row) for row in self.rows(_FINDINGS_OF, str(quarter), json.dumps([*kinds]))]

    @_understood
    def not_said(self, quarter: Quarter, kind: str) -> list[Finding]:
        """The findings of that kind in files that count which are not said here, with their standard
        severity: by unit, then by their place."""
        return [finding_of(row) for row in self.rows(_NOT_SAID, str(quarter), kind)]

    def files_with(self, quarter: Quarter, kinds: Collection[str]) -> set[tuple[str | None, str]]:
        """The unit, where it is known, and the file of every finding of those kinds that is about a file."""
        rows = self.rows(_FILES_WITH, str(quarter), json.dumps([*kinds]))
        return {(unit, file) for unit, file in rows}

    @_understood
    def accepted_errors(self, quarter: Quarter) -> list[Finding]:
        """The errors in spite of which submissions that count were accepted, in the order of `findings`."""
        return [finding_of(row) for row in self.rows(_ACCEPTED_ERRORS, str(quarter))]

    @_understood
    def numbers(
        self, quarters: Sequence[Quarter], codes: Collection[str] | None = None
    ) -> list[tuple[str, str, str, float | None, bool]]:
        """(period, unit, code, number, estimate) of the submissions that count, in the form's order: of the
        `codes` where they are given.

        The number is None where the question does not apply; missing and invalid answers are left out.
        """
        with self.one_instant():
            labels = self._labels()
            return [
                (period, unit, name, number, bool(estimate))
                for quarter in sorted(set(quarters))
                for names in (self._codes(labels, quarter),)
                for period, unit, code, number, estimate in self._answers(
                    "period, unit, code, value, estimate",
                    [quarter],
                    "list = 0 AND (state = ? OR state = ? AND typeof(value) IN ('integer', 'real'))",
                    (_NOT_APPLICABLE, _HAS_VALUE),
                    codes=codes,
                )
                if (name := names[code]) is not None
            ]

    def received(self, quarter: Quarter) -> set[str]:
        """The hashes of the files of the quarter that were merged."""
        return {sha256 for (sha256,) in self.rows(_RECEIVED, str(quarter))}

    def hashed_files(self) -> dict[str, HashedFile]:
        """The files that the last merge hashed or found unchanged, by path."""
        rows = self.rows("SELECT path, size, modified, sha256 FROM hashed_file")
        return {path: HashedFile(size, modified, sha256) for path, size, modified, sha256 in rows}

    def cache_keys(self) -> tuple[str, str]:
        """Two hashes that change with everything that counts in any quarter: one with all that was decided,
        closed and imported, one with the files that count."""
        with self.one_instant():
            decided = [
                list(self.rows("SELECT period, key FROM evaluated ORDER BY 1")),
                list(self.rows("SELECT period, sha256, closed FROM frozen_from ORDER BY 1")),
            ]
            sql = "SELECT period, sha256, read_key, file, received FROM submission WHERE counts ORDER BY 1, 2"
            files = list(self.rows(sql))
        return digest(json.dumps(decided).encode()), digest(json.dumps(files).encode())

    def files(self, quarter: Quarter) -> list[tuple[str, str, str]] | None:
        """(unit, file, hash) of the submissions that count, by unit; None where figures of the quarter were
        closed or imported."""
        with self.one_instant():
            if self._closed(quarter) is not None:
                return None
            sql = "SELECT unit, file, sha256 FROM submission WHERE period = ? AND counts ORDER BY unit"
            return [(unit, file, sha256) for unit, file, sha256 in self.rows(sql, str(quarter))]

    @_understood
    def values(
        self,
        quarters: Sequence[Quarter],
        *,
        code: str | None = None,
        unit: str | None = None,
        units: Collection[str] | None = None,
    ) -> list[ValueRecord]:
        """Every answer that counts, by period, unit and the form's order, of one `unit` or of the `units`
        where they are given; lists are left out."""
        codes = [code] if code is not None else None
        units = [unit] if unit is not None else units
        with self.one_instant():
            labels = self._labels()
            return [
                value_record(row, labels, code=name)
                for quarter in sorted(set(quarters))
                for names in (self._codes(labels, quarter),)
                for row in self._answers(_VALUE, [quarter], units=units, codes=codes)
                if (name := names[row[_CODE]]) is not None
            ]

    def long_rows(
        self, quarters: Sequence[Quarter], units: Collection[str] | None = None
    ) -> Iterator[LongRow]:
        """Every answer that counts, read one by one, in the order of `by_source`."""
        for source, answers in self.by_source(quarters, units):
            period, unit, file, sha256 = source
            for code, state, value, raw, estimate, sheet, cell, told in answers:
                typed = plain_raw(value) if raw is None else raw
                yield period, unit, code, state, value, typed, estimate, told or file, sheet, cell, sha256

    def by_source(
        self, quarters: Sequence[Quarter], units: Collection[str] | None = None
    ) -> Iterator[tuple[Source, list[SourceAnswer]]]:
        """Every answer that counts, one file after another: by period, the province's own figures first, then
        by unit and the form's order; of the `units` alone where they are given. Lists are left out."""
        with self.one_instant():
            labels = self._labels()
            for quarter in sorted(set(quarters)):
                for one in self.province_values([quarter]) if units is None else ():
                    source = Source(str(quarter), one.unit, one.file, one.sha256)
                    said = one.code, one.state, one.value, one.raw, one.estimate, one.sheet, one.cell, None
                    yield source, [said]
                closed = self._closed(quarter)
                of_files = self._of_files(quarter, labels, units) if not closed else ()
                frozen = self._of_frozen(quarter, labels, units) if closed is not None else ()
                yield from heapq.merge(of_files, frozen, key=lambda of: of[0].unit)

    def _of_files(
        self, quarter: Quarter, labels: Mapping[int, str], units: Collection[str] | None
    ) -> Iterator[tuple[Source, list[SourceAnswer]]]:
        """The answers of the submissions that count, by unit."""
        for number, unit, file, sha256 in self.rows(_FILES, str(quarter)):
            if units is None or unit in units:
                answers = self._source_answers(self.rows(_OF_SUBMISSION, number), labels)
                yield Source(str(quarter), unit, file, sha256), answers

    def _of_frozen(
        self, quarter: Quarter, labels: Mapping[int, str], units: Collection[str] | None
    ) -> Iterator[tuple[Source, list[SourceAnswer]]]:
        """The answers of a closed quarter, or the imported ones of units without a file of their own."""
        period = str(quarter)
        others = set() if self.is_closed(quarter) else {row[1] for row in self.rows(_FILES, period)}
        for source, rows in itertools.groupby(self.rows(_FROZEN, period), key=itemgetter(0, 1, 2)):
            if source[0] not in others and (units is None or source[0] in units):
                answers = self._source_answers((row[3:] for row in rows), labels)
                yield Source(period, *source), answers

    def _source_answers(
        self, rows: Iterable[tuple[Any, ...]], labels: Mapping[int, str]
    ) -> list[SourceAnswer]:
        try:
            return [
                (labels[code], STATES[state], value, raw, estimate == 1, labels[sheet], cell, told)
                for code, state, value, raw, estimate, sheet, cell, told in rows
            ]
        except LookupError as error:
            raise LedgerError(self.path, error) from error

    @_understood
    def unit_values(
        self,
        quarter: Quarter,
        *,
        units: Collection[str] | None = None,
        codes: Collection[str] | None = None,
    ) -> list[tuple[str, str, Value]]:
        """(unit, code, value) of every answer that has a value and counts, by unit and the form's order: of
        the `units`, to the `codes`, where they are given."""
        with self.one_instant():
            names = self._codes(self._labels(), quarter)
            rows = self._answers(
                "period, unit, code, value",
                [quarter],
                "list = 0 AND state = ?",
                [_HAS_VALUE],
                units=units,
                codes=codes,
            )
            return [
                (unit, name, value)
                for _period, unit, code, value in rows
                if (name := names[code]) is not None
            ]

    @_understood
    def not_applicable(
        self, quarter: Quarter, units: Collection[str], codes: Collection[str]
    ) -> set[tuple[str, str]]:
        """(unit, code) of what counts and says “not applicable”: of these units, to these codes."""
        with self.one_instant():
            names = self._codes(self._labels(), quarter)
            rows = self._answers(
                "period, unit, code",
                [quarter],
                "list = 0 AND state = ?",
                [_NOT_APPLICABLE],
                units=units,
                codes=codes,
            )
            return {(unit, name) for _period, unit, code in rows if (name := names[code]) is not None}

    def province_values(self, quarters: Sequence[Quarter], *, code: str | None = None) -> list[ValueRecord]:
        """The imported figures of the province alone that stand, by period and the form's order.

        Such a figure counts instead of those of the units, and is never added to them: it stands until all of
        them have reported, and then where none of them has a figure.
        """
        with self.one_instant():
            found = [one for quarter in sorted(set(quarters)) for one in self.imported_totals(quarter)]
        return [one for one in found if one.stands and code in (None, one.code)]

    @_understood
    def imported_totals(self, quarter: Quarter) -> list[ValueRecord]:
        """All imported figures of the province alone, whether they stand or not, in the form's order."""
        with self.one_instant():
            rows = list(self.rows(_PROVINCE, str(quarter)))
            labels = self._labels() if rows else {}
            names = self._codes(labels, quarter)
            return [
                replace(value_record(row, labels, code=name), stands=bool(stands))
                for *row, stands in rows
                if (name := names[row[_CODE]]) is not None
            ]

    @_understood
    def list_rows(self, quarters: Sequence[Quarter], list_code: str) -> list[ListRecord]:
        """The rows of a list in what counts, by period, unit and place in the sheet."""
        with self.one_instant():
            labels = self._labels()
            return [
                record
                for quarter in sorted(set(quarters))
                for record in self._list_rows(quarter, list_code, labels)
            ]

    def _list_rows(self, quarter: Quarter, list_code: str, labels: Mapping[int, str]) -> Iterator[ListRecord]:
        then = self._then(quarter)
        called = [old for old, code in then.lists.items() if code == list_code]
        called += [list_code] if then.lists.get(list_code, list_code) == list_code else []
        rows = self._answers(
            "period, unit, list, number, code, state, value, file, sheet, cell",
            [quarter],
            "list IN (SELECT id FROM label WHERE text IN (SELECT value FROM json_each(?)))",
            [json.dumps(sorted(called))],
        )
        for (_period, unit, _list, number), of_row in itertools.groupby(rows, key=itemgetter(0, 1, 2, 3)):
            cells = list(of_row)
            codes = [_column_now(then, labels[of], labels[code]) for _p, _u, of, _n, code, *_rest in cells]
            asked = [
                (code[1], state, value)
                for code, (*_key, state, value, _file, _sheet, _cell) in zip(codes, cells, strict=True)
                if code is not None and code[0] == list_code
            ]
            file, sheet, cell = cells[0][-3:]
            yield ListRecord(
                quarter,
                unit,
                list_code,
                number,
                {code: value for code, _state, value in asked},
                file,
                labels[sheet],
                cell,
                frozenset(code for code, state, _value in asked if state == _NOT_APPLICABLE),
            )

    @_understood
    def all_values(self, quarter: Quarter) -> list[ValueRecord]:
        """All that counts in the quarter, lists and the province's own figures too; by unit and place."""
        with self.one_instant():
            labels = self._labels()
            names, then = self._codes(labels, quarter), self._then(quarter)
            of_units = [
                value_record(row, labels, code=name, list_code=of)
                for row in self._answers(_VALUE, [quarter], "1")
                for of, name in (
                    (_column_now(then, labels[row[_LIST]], labels[row[_CODE]]) or ("", None))
                    if row[_LIST]
                    else ("", names[row[_CODE]]),
                )
                if name is not None
            ]
            return [*self.imported_totals(quarter), *of_units]

    def _answers(
        self,
        columns: str,
        quarters: Iterable[Quarter],
        only: str = "list = 0",
        given: Iterable[object] = (),
        *,
        units: Collection[str] | None = None,
        codes: Collection[str] | None = None,
    ) -> Iterator[tuple[Any, ...]]:
        """Answers that count, read one by one; `columns` begin with the period and the unit.

        `only` is a condition in SQL, constant text filled with what is `given`; `units` and `codes` are the
        only ones where they are given.
        """
        conditions, values = [only], list(given)
        if units is not None:
            conditions.append("unit IN (SELECT value FROM json_each(?))")
            values.append(json.dumps(sorted(units)))
        if codes is not None:
            conditions.append("code IN (SELECT id FROM label WHERE text IN (SELECT value FROM json_each(?)))")
            values.append("")  # those that had these codes in the quarter
        where = " AND ".join(conditions)
        counted = (
            f"SELECT {columns} FROM counted WHERE period = ? AND {where} "  # noqa: S608
            "ORDER BY period, unit, id, list, number, position"
        )
        frozen = f"SELECT {columns} FROM frozen WHERE period = ? AND unit <> '' AND {where} "  # noqa: S608
        inorder = "ORDER BY unit, list, number, position"
        # A unit's own file counts instead of what was imported for it.
        others = "AND unit NOT IN (SELECT unit FROM submission WHERE period = ? AND counts) "
        for quarter in sorted(set(quarters)):
            period, closed = str(quarter), self._closed(quarter)
            if codes is not None:
                then = (old for old, code in self._then(quarter).codes.items() if code in codes)
                values[-1] = json.dumps(sorted({*codes, *then}))
            if closed:
                yield from self.rows(frozen + inorder, period, *values)
            elif closed is None:
                yield from self.rows(counted, period, *values)
            else:
                imported = self.rows(frozen + others + inorder, period, *values, period)
                rows = (*self.rows(counted, period, *values), *imported)
                yield from sorted(rows, key=lambda row: str(row[1]))

    def _closed(self, quarter: Quarter) -> bool | None:
        """Whether the quarter is closed; None where nothing of it is closed or imported."""
        rows = self.rows("SELECT closed FROM frozen_from WHERE period = ?", str(quarter))
        return next((bool(closed) for (closed,) in rows), None)

    def _then(self, quarter: Quarter) -> AskedThen:
        return self._versions.then(quarter) if self._versions else AskedThen()

    def _codes(self, labels: Mapping[int, str], quarter: Quarter) -> Codes:
        """The `labels` with the codes that the form has for what was asked in the quarter."""
        then = self._then(quarter).codes
        return {one: then.get(text, text) for one, text in labels.items()} if then else labels

    def _labels(self) -> dict[int, str]:
        return dict(self.rows("SELECT id, text FROM label"))

    @contextlib.contextmanager
    def one_instant(self) -> Iterator[None]:
        """Several questions asked inside are answered as of the same instant."""
        if self._connection.in_transaction:
            yield
            return
        list(self.rows("BEGIN"))
        try:
            yield
        finally:
            list(self.rows("COMMIT"))

    def rows(self, sql: str, *given: object) -> Iterator[tuple[Any, ...]]:
        """The rows that answer a question in SQL, constant text filled with what is `given`, one by one.

        Raises `LedgerError` where the file cannot be read.
        """
        try:
            # Not “yield from”: an interrupt would close the cursor after its file, which is an error.
            for row in self._connection.execute(sql, given):  # noqa: UP028
                yield row
        except sqlite3.DatabaseError as error:
            raise LedgerError(self.path, error) from error


_WITHOUT = LOST | {"new_question"}


def _column_now(then: AskedThen, listed: str, column: str) -> ListCell | None:
    """The list and column of now that a column of a list of `then` is; None where it is none of them."""
    return then.columns.get((listed, column), (listed, column))


_HAS_VALUE = STATES.index(AnswerState.VALUE)
_NOT_APPLICABLE = STATES.index(AnswerState.NOT_APPLICABLE)
_SUBMISSION = (
    "SELECT period, unit, file, sha256, received, modified, verdict, counts, filled + told, asked, "
    "own_verdict, accepted, has_answers, read_key, check_key, grade_key FROM submission"
)
_RECEIVED = "SELECT sha256 FROM submission WHERE period = ?"
_SUBMISSIONS = f"{_SUBMISSION} ORDER BY file, sha256"
_OF_QUARTER = f"{_SUBMISSION} WHERE period = ? ORDER BY file, sha256"
_OF_BYTES = f"{_SUBMISSION} WHERE period = ? AND sha256 = ?"
_VALUE = (
    "period, unit, code, state, value, raw, estimate, file, sheet, cell, sha256, received, by, list, number"
)
_CODE, _LIST = 2, 13  # their places in there
_FILES = "SELECT id, unit, file, sha256 FROM submission WHERE period = ? AND counts ORDER BY unit"
_FROZEN = (
    "SELECT unit, file, sha256, code, state, value, raw, estimate, sheet, cell, NULL FROM frozen "
    "WHERE period = ? AND unit <> '' AND list = 0 ORDER BY unit, list, number, position"
)
_OF_SUBMISSION = (
    "SELECT code, state, value, raw, estimate, sheet, cell, corrected_by FROM answer "
    "WHERE submission = ? AND list = 0 ORDER BY number, position"
)
_FROM_FINDINGS = (
    "f.unit, f.file, f.sheet, f.cell, f.indicator, f.value, f.details "
    "FROM finding f LEFT JOIN submission s ON s.id = f.submission WHERE f.period = ?"
)
_BY_PLACE = "ORDER BY f.file IS NULL, f.file, f.submission IS NULL, s.sha256, f.position"
_SEVERITY = "iif(s.accepted AND f.severity = 'error', 'warning', f.severity)"
_SHOWN = "f.severity IS NOT NULL AND NOT f.resolved"
_FINDINGS = f"SELECT f.code, {_SEVERITY}, {_FROM_FINDINGS} AND {_SHOWN} {_BY_PLACE}"
_ACCEPTED_ERRORS = (
    f"SELECT f.code, f.severity, {_FROM_FINDINGS} AND s.accepted AND s.counts AND f.severity = 'error' "
    f"{_BY_PLACE}"
)
_OF_FILES = "FROM finding f WHERE f.period = ? AND f.file IS NOT NULL"
_OF_KINDS = "f.code IN (SELECT value FROM json_each(?))"
_FINDINGS_OF = f"SELECT f.code, {_SEVERITY}, {_FROM_FINDINGS} AND {_SHOWN} AND {_OF_KINDS} {_BY_PLACE}"
_NOT_SAID = (
    f"SELECT f.code, f.standard_severity, {_FROM_FINDINGS} AND s.counts AND f.code = ? "
    "AND f.severity IS NULL ORDER BY f.unit, f.position"
)
_MADE_FROM = (
    "SELECT DISTINCT f.value FROM finding f JOIN submission s ON s.id = f.submission "
    "WHERE f.period = ? AND f.code = 'other_version' AND s.counts ORDER BY 1"
)
_FILES_WITH = f"SELECT f.unit, f.file {_OF_FILES} AND {_OF_KINDS} AND {_SHOWN}"
_PROVINCE = (
    f"SELECT {_VALUE}, stands FROM frozen WHERE period = ? AND unit = '' "  # noqa: S608
    "ORDER BY list, number, position"
)


def open_ledger(path: Path) -> Ledger:
    """The ledger at `path` to read from; a missing or empty file reads as an empty ledger.

    Raises `ReportctlError` where another version of the program wrote it, or where it is damaged.
    """
    try:
        if not path.exists() or not path.stat().st_size:
            return Ledger(schema.empty())
        connection = schema.connect(path)
        with contextlib.ExitStack() as stack:
            stack.callback(connection.close)
            version = schema.version_of(connection)
            if version == schema.VERSION:
                connection.execute("PRAGMA query_only = ON")
                stack.pop_all()
                return Ledger(connection, str(path))
    except (sqlite3.Error, OSError) as error:
        raise LedgerError(str(path), error) from error
    if version == 0:
        return Ledger(schema.empty())
    raise ReportctlError(
        _("{path} was made by another version of reportctl. Run: reportctl merge").format(path=path)
    )


Answers = tuple[tuple[Answer, ...], tuple[ListRow, ...]]

_LABELLED = (
    "SELECT list, number, (SELECT text FROM label WHERE id = list), "
    "(SELECT text FROM label WHERE id = code), state, value, raw, "
    "(SELECT text FROM label WHERE id = sheet), cell, estimate, position"
)
_OF = "(SELECT id FROM submission WHERE period = ?1 AND sha256 = ?2)"
_ANSWERS = (
    f"{_LABELLED} FROM answer WHERE submission = {_OF} AND corrected_by IS NULL UNION ALL "
    f"{_LABELLED} FROM replaced_answer WHERE submission = {_OF} ORDER BY list, number, position"
)
_SEVERITIES = (
    "SELECT s.sha256, f.severity FROM submission s JOIN finding f ON f.period = s.period "
    "AND f.submission = s.id WHERE s.period = ? AND s.unit = ?"
)


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """A submission with how many `errors` and `warnings` were found in its file."""

    record: SubmissionRecord
    errors: int
    warnings: int


def file_answers(ledger: Ledger, quarter: Quarter, sha256: str) -> Answers:
    """What a submission's file says, without corrections: answers in the form's order and the rows of its
    lists; dates are ISO text."""
    found: dict[tuple[int, int], list[Answer]] = {}
    lists: dict[int, str] = {}
    for of, row, list_code, code, state, value, raw, sheet, cell, estimate, _position in ledger.rows(
        _ANSWERS, str(quarter), sha256
    ):
        typed = plain_raw(value) if raw is None else raw
        answer = Answer(code, STATES[state], value, typed, sheet, cell, estimate=bool(estimate))
        found.setdefault((of, row), []).append(answer)
        lists[of] = list_code
    return tuple(found.pop((0, 0), ())), tuple(
        ListRow(lists[of], row, tuple(answers)) for (of, row), answers in found.items()
    )


def file_verdicts(ledger: Ledger, quarter: Quarter, unit: str) -> list[FileVerdict]:
    """Every submission of a unit for the quarter, by file name; files that are no workbook are left out."""
    with ledger.one_instant():
        records = [one for one in ledger.submissions(quarter) if one.unit == unit]
        counts = Counter(ledger.rows(_SEVERITIES, str(quarter), unit))
    return [
        FileVerdict(one, counts[one.sha256, "error"], counts[one.sha256, "warning"])
        for one in records
        if one.own_verdict != "ignored"
    ]
