"""The ledger: what is put in comes out, nobody waits, whatever is broken is made again."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportctl.core.errors import ReportctlError
from reportctl.core.findings import Finding, finding
from reportctl.core.language import Phrase
from reportctl.core.outputs import WRITTEN
from reportctl.core.period import Quarter
from reportctl.form.submission import Answer, AnswerState, ListRow
from reportctl.ledger import schema
from reportctl.ledger.archive import Receipt
from reportctl.ledger.ledger import Ledger, LedgerError, open_ledger
from reportctl.ledger.lock import writer_lock
from reportctl.ledger.rows import (
    CacheKeys,
    HashedFile,
    NewSubmission,
    QuarterOutcome,
    SubmissionRecord,
    ValueRecord,
    rows_of,
)
from reportctl.ledger.schema import unwritable
from reportctl.ledger.writing import open_store

Q1, Q4 = Quarter(2024, 1), Quarter(2023, 4)
DAY = dt.date(2024, 3, 20)
SHEET = "Số liệu"


def record(
    sha256: str, unit: str | None = "HN", quarter: Quarter = Q1, verdict: str = "accepted"
) -> SubmissionRecord:
    return SubmissionRecord(
        quarter, unit, f"{sha256}.xlsx", sha256, DAY, dt.datetime(2024, 3, 19, 8, 30), verdict, False, 2, 3
    )


ANSWERS = (
    Answer("press_total", AnswerState.VALUE, 128, "128", SHEET, "F8", estimate=True),
    Answer("press_cost", AnswerState.VALUE, 1.5, "1,5", SHEET, "F9"),
    Answer("radio", AnswerState.NOT_APPLICABLE, None, "KAD", SHEET, "F10"),
    Answer("tv", AnswerState.MISSING, None, "", SHEET, "F11"),
    Answer("web", AnswerState.INVALID, None, "khoảng 30", SHEET, "F12"),
    Answer("opened", AnswerState.VALUE, dt.date(2024, 2, 1), "01/02/2024", SHEET, "F13"),
    Answer("results", AnswerState.VALUE, "=Tốt", "=Tốt", "Văn bản", "D7"),
)
ROWS = (
    ListRow("meetings", 1, (Answer("what", AnswerState.VALUE, "Hội nghị", "Hội nghị", "Hội nghị", "C7"),)),
    ListRow(
        "meetings",
        3,
        (
            Answer("what", AnswerState.MISSING, None, "", "Hội nghị", "C9"),
            Answer("people", AnswerState.VALUE, 40, "40", "Hội nghị", "D9"),
        ),
    ),
)


def entry(
    said: SubmissionRecord,
    basis: str,
    answers: Sequence[Answer] = (),
    rows: Sequence[ListRow] = (),
    findings: Sequence[Finding] = (),
) -> tuple[Receipt, NewSubmission]:
    drawn = rows_of(answers, rows, [(one, one.severity) for one in findings], {})
    receipt = Receipt(said.period, said.sha256, said.file, said.received)
    return receipt, NewSubmission(
        CacheKeys(basis), said.unit, said.modified, said.verdict, said.filled, said.of, drawn
    )


def put(
    path: Path, *entries: tuple[Receipt, NewSubmission], counting: dict[Quarter, list[str]] | None = None
) -> None:
    with open_store(path) as store:
        with store.transaction():
            store.put(entries)
        for quarter, hashes in (counting or {}).items():
            with store.transaction():
                store.put_outcome(quarter, QuarterOutcome(hashes))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "reportctl.db"


@pytest.fixture
def full(path: Path) -> Path:
    """Two units in one quarter, one of them twice, one unit the quarter before."""
    put(
        path,
        entry(record("b", "HP"), "basis", ANSWERS[:2]),
        entry(record("a"), "basis", ANSWERS, ROWS),
        entry(record("old"), "basis", ANSWERS[:1]),
        entry(record("a", quarter=Q4), "basis", ANSWERS[:1]),
        counting={Q1: ["a", "b"], Q4: ["a"]},
    )
    return path


def test_submissions_come_back_by_file(full: Path) -> None:
    with open_ledger(full) as ledger:
        kept = {"own_verdict": "accepted", "has_answers": True, "keys": CacheKeys("basis")}
        assert ledger.submissions(Q1) == [
            replace(record("a"), counts=True, **kept),
            replace(record("b", "HP"), counts=True, **kept),
            replace(record("old"), **kept),
        ]
        assert ledger.quarters() == (Q4, Q1)
        assert ledger.submissions(Quarter(2022, 1)) == []


def test_numbers_are_of_counting_submissions_and_only_numbers(full: Path) -> None:
    with open_ledger(full) as ledger:
        assert ledger.numbers([Q1]) == [
            ("2024-Q1", "HN", "press_total", 128, True),
            ("2024-Q1", "HN", "press_cost", 1.5, False),
            ("2024-Q1", "HN", "radio", None, False),
            ("2024-Q1", "HP", "press_total", 128, True),
            ("2024-Q1", "HP", "press_cost", 1.5, False),
        ]
        assert ledger.numbers([Q1, Q4])[0] == ("2023-Q4", "HN", "press_total", 128, True)
        assert [type(row[3]) for row in ledger.numbers([Q1])[:2]] == [int, float]


def test_values_know_their_cell_and_what_was_typed(full: Path) -> None:
    with open_ledger(full) as ledger:
        values = ledger.values([Q1], unit="HN")
        assert [value.code for value in values] == [answer.code for answer in ANSWERS]
        assert [(v.value, v.raw, v.cell) for v in values] == [
            (128, "128", "F8"),
            (1.5, "1,5", "F9"),
            (None, "KAD", "F10"),
            (None, "", "F11"),
            (None, "khoảng 30", "F12"),
            ("2024-02-01", "01/02/2024", "F13"),
            ("=Tốt", "=Tốt", "D7"),
        ]
        assert values[2] == ValueRecord(
            Q1,
            "HN",
            "radio",
            AnswerState.NOT_APPLICABLE,
            None,
            "KAD",
            False,
            "a.xlsx",
            SHEET,
            "F10",
            "a",
            DAY,
            "file",
        )
        assert [v.unit for v in ledger.values([Q1], code="press_total")] == ["HN", "HP"]
        assert ledger.values([Q1], code="never_asked") == []


def test_long_rows_come_one_by_one_and_say_the_same(full: Path) -> None:
    with open_ledger(full) as ledger:
        rows = ledger.long_rows([Q1, Q4])
        assert next(rows) == (
            *("2023-Q4", "HN", "press_total", AnswerState.VALUE, 128, "128", True),
            *("a.xlsx", SHEET, "F8", "a"),
        )
        del rows  # nothing is held after that
        put(full, entry(record("c", "HY"), "basis", ANSWERS[:1]), counting={Q1: ["a", "b", "c"]})
        values = ledger.values([Q4, Q1])
        assert [row[1:8] for row in ledger.long_rows([Q1, Q4])] == [
            (v.unit, v.code, v.state, v.value, v.raw, v.estimate, v.file) for v in values
        ]
        assert {row[1] for row in ledger.long_rows([Q1])} == {"HN", "HP", "HY"}


def test_list_rows_go_by_number(full: Path) -> None:
    with open_ledger(full) as ledger:
        first, third = ledger.list_rows([Q1, Q4], "meetings")
        assert (first.number, first.values, first.cell) == (1, {"what": "Hội nghị"}, "C7")
        assert (third.number, third.values, third.cell) == (3, {"what": None, "people": 40}, "C9")
        assert (third.unit, third.sheet, third.list_code) == ("HN", "Hội nghị", "meetings")
        assert ledger.list_rows([Q1], "no_such_list") == []


def test_reading_sorts_nothing(full: Path) -> None:
    """The order comes from the indices; a sort would cost a second copy of a big quarter."""
    statements: list[str] = []
    with open_ledger(full) as ledger:
        ledger._connection.set_trace_callback(statements.append)
        ledger.numbers([Q1])
        ledger.values([Q1])
        list(ledger.long_rows([Q1]))
    queries = [sql for sql in statements if "ORDER BY" in sql]
    assert len(queries) == 6  # of the last one: the province's own, which files count, the answers of both
    with sqlite3.connect(full) as connection:
        plans = [row[3] for sql in queries for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]
    connection.close()
    assert not [plan for plan in plans if "TEMP B-TREE" in plan]
    assert not [plan for plan in plans if "SCAN" in plan]


def test_reading_again_replaces_and_keeps_who_counts(full: Path) -> None:
    put(full, entry(record("a"), "newer", ANSWERS[:1], (), (finding("no_unit", file="a.xlsx"),)))
    with open_ledger(full) as ledger:
        assert [v.code for v in ledger.values([Q1], unit="HN")] == ["press_total"]
        assert ledger.list_rows([Q1], "meetings") == []
        assert [found.code for found in ledger.findings(Q1)] == ["no_unit"]
        assert len(ledger.values([Q4])) == 1
    with open_store(full) as store:
        assert store.submissions()[Q1, "a"].keys == CacheKeys("newer")


def test_a_submission_read_as_another_units_counts_no_more(full: Path) -> None:
    put(full, entry(record("a", "HP"), "newer", ANSWERS[:1]))
    with open_ledger(full) as ledger:
        assert {s.sha256 for s in ledger.submissions(Q1) if s.counts} == {"b"}


def test_at_most_one_submission_of_a_unit_counts(full: Path) -> None:
    with pytest.raises(ReportctlError, match="UNIQUE"), open_store(full) as store, store.transaction():
        store.put_outcome(Q1, QuarterOutcome(["a", "old"]))
    with open_ledger(full) as ledger:
        assert {s.sha256 for s in ledger.submissions(Q1) if s.counts} == {"a", "b"}


def test_findings_of_a_quarter_are_replaced_as_a_whole_and_come_by_file(full: Path) -> None:
    own = finding("error_cell", unit="HN", file="a.xlsx", sheet=SHEET, cell="F8", value="#REF!")
    put(full, entry(record("a"), "basis", (), (), (own,)))
    label = Phrase("số tin", "stories")
    notes = [
        finding("required_missing", file="b.xlsx", label=label),
        finding("superseded", unit="HN", file="a.xlsx"),
        finding("no_file", unit="QN"),
    ]
    with open_store(full) as store:
        for derived in ([finding("no_file", unit="gone")], notes):
            with store.transaction():
                store.put_outcome(Q1, QuarterOutcome(["a"], verdicts={"b": "rejected"}, findings=derived))
    with open_ledger(full) as ledger:
        assert ledger.findings(Q1) == [own, notes[1], notes[0], notes[2]]
        assert ledger.findings(Q1)[2].message == "“stories” is not filled in"
        assert {s.sha256: s.verdict for s in ledger.submissions(Q1)}["b"] == "rejected"
    with open_store(full) as store, store.transaction():
        store.put_outcome(Q1, QuarterOutcome(["a", "b"]))
    with open_ledger(full) as ledger:
        assert ledger.findings(Q1) == [own]
        assert {s.sha256: s.verdict for s in ledger.submissions(Q1)}["b"] == "accepted"


def test_what_changed_is_unsettled_until_it_is_settled(full: Path) -> None:
    with open_store(full) as store:
        assert set(store.evaluated().values()) == {("", "")}
        with store.transaction():
            store.set_received(Q4, "a", DAY)
        assert store.evaluated() == {Q4: (None, ""), Q1: ("", "")}
        with store.transaction():
            store.put_outcome(Q4, QuarterOutcome())
            store.remove(Q1, "old")
        assert store.evaluated() == {Q4: ("", ""), Q1: (None, "")}


def test_a_removed_submission_leaves_nothing(full: Path) -> None:
    with open_store(full) as store, store.transaction():
        for quarter, sha256 in store.submissions():
            store.remove(quarter, sha256)
    connection = sqlite3.connect(full)
    for table in ("submission", "answer", "finding"):
        assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)  # noqa: S608
    connection.close()


def test_nothing_of_a_failed_transaction_is_stored(full: Path) -> None:
    broken = Answer("new", AnswerState.VALUE, 1, cell=None)  # type: ignore[arg-type]
    with pytest.raises(ReportctlError, match="NOT NULL"), open_store(full) as store, store.transaction():
        store.put([entry(record("new", "QN"), "basis", (*ANSWERS, broken))])
    with open_ledger(full) as ledger:
        assert len(ledger.submissions(Q1)) == 3


def test_hashes_of_files_are_remembered(path: Path) -> None:
    seen = {"inbox/2024-Q1/á.xlsx": HashedFile(10, 1_700_000_000_123_456_789, "aa")}
    with open_store(path) as store, store.transaction():
        store.remember({"inbox/2024-Q1/á.xlsx": HashedFile(9, 1, "old")})
        store.remember(seen)
    with open_store(path) as store:
        assert store.reader.hashed_files() == seen


_values = st.one_of(
    st.integers(-(2**63) + 1, 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs"])),
    st.none(),
)


@settings(max_examples=40)
@given(st.lists(st.tuples(_values, st.text(max_size=5), st.booleans()), max_size=6))
def test_every_value_comes_back_as_it_was(rows: list[tuple[int | float | str | None, str, bool]]) -> None:
    answers = tuple(
        Answer(
            f"code{n}",
            AnswerState.VALUE if value is not None else AnswerState.MISSING,
            value,
            raw,
            SHEET,
            "A1",
            estimate,
        )
        for n, (value, raw, estimate) in enumerate(rows)
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.db"
        put(path, entry(record("a"), "basis", answers), counting={Q1: ["a"]})
        with open_ledger(path) as ledger:
            found = [(v.value, v.raw, v.estimate) for v in ledger.values([Q1])]
    assert found == rows
    assert [type(value) for value, *_rest in found] == [type(value) for value, *_rest in rows]


def test_a_number_beyond_64_bits_is_kept_as_a_fraction(path: Path) -> None:
    put(
        path,
        entry(record("a"), "basis", (Answer("n", AnswerState.VALUE, 10**25, "1e25"),)),
        counting={Q1: ["a"]},
    )
    with open_ledger(path) as ledger:
        assert ledger.numbers([Q1])[0][3] == 1e25


# What is missing or broken


def test_a_missing_ledger_reads_as_empty_and_is_not_made(path: Path) -> None:
    with open_ledger(path) as ledger:
        assert ledger.quarters() == ()
        assert ledger.numbers([Q1]) == []
        assert ledger.findings(Q1) == []
    assert not path.exists()


def test_an_empty_file_reads_as_empty(path: Path) -> None:
    path.touch()
    with open_ledger(path) as ledger:
        assert ledger.submissions(Q1) == []


def test_another_versions_ledger_is_said_to_be_that_and_made_again(full: Path) -> None:
    with sqlite3.connect(full) as connection:
        connection.execute("PRAGMA user_version = 999")
    connection.close()
    with pytest.raises(ReportctlError, match=r"another version of reportctl\. Run: reportctl merge"):
        open_ledger(full)
    with open_store(full) as store:
        assert store.submissions() == {}
    put(full, entry(record("a"), "basis", ANSWERS), counting={Q1: ["a"]})
    with open_ledger(full) as ledger:
        assert len(ledger.values([Q1])) == len(ANSWERS)


def test_a_file_that_is_no_database_is_said_to_be_that_and_made_again(path: Path) -> None:
    path.write_bytes(b"Not a database, whatever its name says. " * 100)
    with pytest.raises(ReportctlError, match=r"cannot be read .*not a database.* Run: reportctl merge"):
        open_ledger(path)
    with open_store(path) as store:
        assert store.submissions() == {}


def test_damage_found_while_writing_removes_the_file(full: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reportctl.ledger.schema.is_sound", lambda _connection: True)  # it comes later
    data = bytearray(full.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)  # all but the first page, which holds the schema
    full.write_bytes(data)
    with pytest.raises(LedgerError) as raised, open_store(full) as store:
        store.submissions()
    assert raised.value.damaged
    with open_store(full) as store:
        assert store.submissions() == {}


def looks(path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """How often the ledger is looked through when it is opened to write."""
    found = []
    with monkeypatch.context() as patch:
        patch.setattr(schema, "is_sound", lambda connection: found.append(connection) or True)
        with open_store(path):
            pass
    return len(found)


def test_what_was_left_sound_is_not_looked_through_again(full: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert looks(full, monkeypatch) == 0
    put(full, entry(record("c", "HP"), "basis", ANSWERS))
    assert looks(full, monkeypatch) == 0


@pytest.mark.parametrize("place", [30, 5000, -1])
def test_one_byte_that_is_another_is_reason_to_look(
    full: Path, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    status, data = full.stat(), bytearray(full.read_bytes())
    data[place] ^= 1
    full.write_bytes(data)
    os.utime(full, ns=(status.st_atime_ns, status.st_mtime_ns))  # as a failing disk does it
    assert looks(full, monkeypatch) == 1


def test_a_write_that_was_not_brought_to_its_end_is_reason_to_look(
    full: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped() -> None:
        with open_store(full) as store:
            with store.transaction():
                store.put([entry(record("c", "HP"), "basis", ANSWERS)])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert [looks(full, monkeypatch) for _time in range(2)] == [1, 0]
    journal = full.with_name(f"{full.name}-journal")
    journal.write_bytes(b"of a process that was killed")
    assert looks(full, monkeypatch) == 1


@pytest.mark.parametrize("lost", ["", "{", '{"reportctl.db": 5}'])
def test_a_lost_note_is_reason_to_look(full: Path, monkeypatch: pytest.MonkeyPatch, lost: str) -> None:
    full.with_name(WRITTEN).write_text(lost, encoding="utf-8")
    assert looks(full, monkeypatch) == 1


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "reportctl.db"
    with pytest.raises(ReportctlError, match=r"cannot be written: unable to open"), open_store(path):
        pass


# Several at once


def test_readers_do_not_wait_for_a_writer(full: Path) -> None:
    with open_store(full) as store, store.transaction():
        store.put([entry(record("new", "QN"), "basis", ANSWERS * 200)])
        begun = dt.datetime.now()
        with open_ledger(full) as ledger:
            assert len(ledger.submissions(Q1)) == 3  # as it was before
        assert dt.datetime.now() - begun < dt.timedelta(seconds=1)


def test_a_reader_sees_each_answer_whole(full: Path) -> None:
    """Two states follow one another; no answer mixes them."""
    short, long = ANSWERS[:1], ANSWERS
    stop, sizes = threading.Event(), set()

    def write() -> None:
        with open_store(full) as store:
            while not stop.is_set():
                for answers in (short, long):
                    with store.transaction():
                        store.put([entry(record("a"), "basis", answers)])
                    time.sleep(0.005)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        with open_ledger(full) as ledger:
            begun = time.monotonic()
            while time.monotonic() - begun < 0.5:
                sizes.add(len(ledger.values([Q1], unit="HN")))
    finally:
        stop.set()
        thread.join()
    assert sizes == {len(short), len(long)}


HOLD = """
import sys, time
from pathlib import Path
from reportctl.ledger.lock import writer_lock
with writer_lock(Path(sys.argv[1]), "Trần Thị Lan"):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    return tmp_path / "reportctl.db.lock"


def test_the_other_writer_is_told_who_and_since_when(lock: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLD, str(lock)], stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        today = f"{dt.date.today():%Y}"
        with pytest.raises(ReportctlError) as raised, writer_lock(lock, "me"):
            pass
        said = str(raised.value)
        assert said.startswith("A merge by Trần Thị Lan on ")
        assert "has been under way in this workspace since" in said
        assert today in said
        assert "Wait until it is done" in said
        process.kill()
    with writer_lock(lock, "me"):
        pass  # a killed process holds nothing


def test_the_lock_is_free_again_after_use_and_after_an_error(lock: Path) -> None:
    with pytest.raises(KeyError), writer_lock(lock, "first"):
        raise KeyError
    with writer_lock(lock, "second"):
        pass


def test_two_writers_in_one_process_are_kept_apart_too(lock: Path) -> None:
    refused = pytest.raises(ReportctlError, match="A merge by Lan")
    with writer_lock(lock, "Lan"), refused, writer_lock(lock, "Minh"):
        pass


def test_a_lock_file_that_is_no_lock_is_one_sentence(lock: Path) -> None:
    lock.write_bytes(b"something else entirely, and long enough to be looked at" * 20)
    with pytest.raises(ReportctlError, match="delete that file"), writer_lock(lock, "me"):
        pass


def _contend(path: str, wins: object, losses: object) -> None:
    for _ in range(5):
        try:
            with writer_lock(Path(path), str(multiprocessing.current_process().pid)):
                with wins.get_lock():  # type: ignore[attr-defined]
                    assert wins.value == 0  # type: ignore[attr-defined]
                    wins.value += 1  # type: ignore[attr-defined]
                with wins.get_lock():  # type: ignore[attr-defined]
                    wins.value -= 1  # type: ignore[attr-defined]
        except ReportctlError:
            with losses.get_lock():  # type: ignore[attr-defined]
                losses.value += 1  # type: ignore[attr-defined]


@pytest.mark.slow
def test_never_two_at_once(lock: Path) -> None:
    context = multiprocessing.get_context("spawn")
    wins, losses = context.Value("i", 0), context.Value("i", 0)
    processes = [context.Process(target=_contend, args=(str(lock), wins, losses)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0]


def test_a_reader_cannot_write(full: Path) -> None:
    with open_ledger(full) as ledger, pytest.raises(sqlite3.OperationalError, match="readonly"):
        ledger._connection.execute("DELETE FROM submission")


def test_a_ledger_is_let_go_of(full: Path) -> None:
    ledger = open_ledger(full)
    assert isinstance(ledger, Ledger)
    ledger.close()
    with pytest.raises(ReportctlError):
        ledger.quarters()


def _of_sqlite(code: int, said: str) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(said)
    error.sqlite_errorcode = code
    return error


def test_why_a_ledger_cannot_be_written(tmp_path: Path) -> None:
    path = tmp_path / "reportctl.db"
    unopened = _of_sqlite(sqlite3.SQLITE_CANTOPEN, "unable to open database file")
    assert f"this account may not write in the folder {tmp_path} (unable" in str(unwritable(path, unopened))
    path.write_bytes(b"")
    assert "it is open in another program" in str(unwritable(path, unopened))
    readonly = _of_sqlite(sqlite3.SQLITE_READONLY | 3 << 8, "attempt to write a readonly database")
    assert f"this account may not write in the folder {tmp_path} (attempt" in str(unwritable(path, readonly))
    path.chmod(0o444)
    assert "it is marked read-only. Take that mark away" in str(unwritable(path, readonly))
    long = tmp_path / ("n" * 200) / ("m" * 60) / "reportctl.db"
    assert "too long" in str(unwritable(long, unopened))
    full = _of_sqlite(sqlite3.SQLITE_FULL, "database or disk is full")
    assert "database or disk is full. Close it where it is open" in str(unwritable(path, full))


def test_a_lock_that_cannot_be_had_says_why(tmp_path: Path) -> None:
    (tmp_path / "reportctl.db.lock").mkdir()
    with (
        pytest.raises(ReportctlError, match="there is a folder of that name"),
        writer_lock(tmp_path / "reportctl.db.lock", "lan"),
    ):
        pass
