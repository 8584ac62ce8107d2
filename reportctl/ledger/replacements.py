"""What stands over the files' answers in the ledger: corrections, closed and imported quarters."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from reportctl.core.period import Quarter
from reportctl.ledger.rows import STATES, CorrectedAnswer, ValueRecord, plain_raw, quarter_of, storable


class Replacements:
    """Writes them, inside the transaction of a `Store`; `label` gives the number of a text."""

    def __init__(self, connection: sqlite3.Connection, label: Callable[[str], int]) -> None:
        self._connection, self._label = connection, label

    # Corrections

    def overrule(self, quarter: Quarter, submission: int, told: Sequence[CorrectedAnswer]) -> None:
        """Let what was told stand in place of the submission's answers, and of what was found about these."""
        execute = self._connection.execute
        for one in told:
            answer, place = one.answer, (submission, self._label(one.answer.code))
            execute(
                "INSERT INTO overruled SELECT * FROM answer WHERE submission = ? AND list = 0 AND code = ?",
                place,
            )
            execute(
                "UPDATE answer SET state = ?, value = ?, raw = ?, estimate = 0, sheet = ?, cell = '', "
                "told = ?, told_on = ? WHERE submission = ? AND list = 0 AND code = ?",
                (
                    STATES.index(answer.state),
                    storable(answer.value),
                    answer.raw,
                    self._label(""),
                    one.who,
                    one.day.isoformat(),
                    *place,
                ),
            )
            execute(
                "UPDATE finding SET overruled = 1 WHERE period = ? AND submission = ? "
                "AND (code = 'rule_broken' OR indicator = ?)",
                (str(quarter), submission, answer.code),
            )

    def take_back(self, quarter: Quarter) -> None:
        """Let the files' own answers stand again in the whole quarter."""
        period, execute = (str(quarter),), self._connection.execute
        only = "WHERE submission IN (SELECT id FROM submission WHERE period = ?)"
        execute("UPDATE finding SET overruled = 0 WHERE period = ? AND overruled", period)
        execute(f"INSERT OR REPLACE INTO answer SELECT * FROM overruled {only}", period)  # noqa: S608
        execute(f"DELETE FROM overruled {only}", period)  # noqa: S608

    # Closed and imported quarters

    def frozen(self) -> dict[Quarter, tuple[str, bool]]:
        """The quarters whose figures come from a file: its hash, and whether the quarter is closed."""
        rows = self._connection.execute("SELECT period, sha256, closed FROM frozen_from")
        return {quarter_of(period): (sha256, bool(closed)) for period, sha256, closed in rows}

    def freeze(self, quarter: Quarter, sha256: str, records: Iterable[ValueRecord], *, closed: bool) -> None:
        """Take the quarter's figures from a file with that hash: all of them where the quarter is closed,
        else those of units that have sent nothing that counts."""
        self.thaw(quarter)
        positions: Counter[tuple[str, str, int]] = Counter()
        rows = []
        for record in records:
            place = (record.unit, record.list_code, record.number)
            rows.append(self._row(record, positions[place]))
            positions[place] += 1
        self._connection.executemany(f"INSERT INTO frozen VALUES (?{', ?' * 15})", rows)  # noqa: S608
        self._connection.execute("INSERT INTO frozen_from VALUES (?, ?, ?)", (str(quarter), sha256, closed))

    def thaw(self, quarter: Quarter) -> None:
        """Take the quarter's figures from its submissions alone."""
        for table in ("settled", "frozen", "frozen_from"):
            self._connection.execute(f"DELETE FROM {table} WHERE period = ?", (str(quarter),))  # noqa: S608

    def frozen_submissions(self, quarter: Quarter) -> set[str]:
        """The hashes of the files that the quarter's frozen figures come from."""
        rows = self._connection.execute(
            "SELECT DISTINCT sha256 FROM frozen WHERE period = ? AND by <> 'import'", (str(quarter),)
        )
        return {sha256 for (sha256,) in rows}

    def _row(self, record: ValueRecord, position: int) -> tuple[object, ...]:
        return (
            str(record.period),
            record.unit,
            self._label(record.list_code) if record.list_code else 0,
            record.number,
            position,
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
        )
