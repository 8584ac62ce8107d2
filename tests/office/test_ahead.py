"""Processes that read files are started before the merge knows what there is to read, as many as it needs."""

from __future__ import annotations

import pytest

from reportctl.intake import workers
from reportctl.intake.workers import FEW, Readers
from reportctl.merge.ahead import readers_ahead
from tests.making.office import Q1, Q4, Office


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many processes were asked for, each time; none is started."""
    found: list[int] = []
    monkeypatch.setattr(Readers, "_add", lambda readers: readers._workers.append(_Nobody()))
    start = Readers.start

    def noting(readers: Readers, files: int, processes: int | None = None) -> None:
        start(readers, files, processes)
        found.append(len(readers._workers))

    monkeypatch.setattr(Readers, "start", noting)
    monkeypatch.setattr(workers, "processors", lambda: 2)
    return found


class _Nobody:
    def stop(self) -> None: ...


def ahead(office: Office) -> None:
    readers_ahead(office.workspace, Q1).close()


def test_as_many_as_new_files_are_worth(office: Office, started: list[int]) -> None:
    ahead(office)
    for number in range(FEW + 1):
        office.put(f"2024-03-20/{number}.xlsx", b"%d" % number)
        ahead(office)
    office.put("another.xlsx", b"of another quarter", Q4)
    ahead(office)
    assert started == [0, 1, 1, 1, 2, 2]


def test_what_was_merged_and_what_no_merge_reads_is_not_counted(
    office: Office, request: pytest.FixtureRequest
) -> None:
    office.put("a.xlsx", office.book("01", 10))
    office.put("sub/b.xlsx", office.book("02", 20))
    office.merge()
    started = request.getfixturevalue("started")
    ahead(office)
    office.put("~$a.xlsx", b"lock")
    ahead(office)
    office.put("c.xlsx", office.book("03", 30))
    ahead(office)
    assert started == [0, 0, 1]


@pytest.mark.parametrize("content", [None, b"", b"no database " * 500])
def test_a_ledger_that_cannot_be_asked_knows_no_file(
    office: Office, started: list[int], content: bytes | None
) -> None:
    office.put("a.xlsx", b"anything")
    if content is not None:
        (office.root / "reportctl.db").write_bytes(content)
    ahead(office)
    assert started == [1]
    assert (office.root / "reportctl.db").exists() is (content is not None)


def test_a_merge_works_with_them_and_starts_no_others(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.put("a.xlsx", office.book("01", 10))
    counts: list[int] = []
    add = Readers._add

    def counting(readers: Readers) -> None:
        add(readers)
        counts.append(len(readers._workers))

    monkeypatch.setattr(Readers, "_add", counting)
    assert office.run("merge", Q1, "--no-workbook").code == 0
    assert office.run("merge", Q1, "--no-workbook").code == 0
    assert counts == [1]
    assert office.totals() == {("2024-Q1", "01"): 10}
