"""Figures that lack what has come or was decided since: every command that shows figures says so."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from reportctl.ledger import archive
from reportctl.ledger.archive import CORRECTED, FORM, add_decisions, decided
from reportctl.ledger.lock import writer_lock
from reportctl.ledger.session import Session
from reportctl.merge.unmerged import Freshness, freshness
from reportctl.workbooks.inbox import named_input
from tests.making.office import Q1, Q3, Q4, TODAY, WHY, Office, closing, correcting, make_office
from tests.making.word_documents import tagged

pytestmark = pytest.mark.slow

REPORT = "output/2024-Q1/report-2024-Q1.docx"
SHOWING: tuple[tuple[str, ...], ...] = (
    ("summary", "2024-Q1"),
    ("summary", "2024-Q1", "--by", "unit", "--format", "json"),
    ("trace", "2024-Q1", "press_total"),
    ("export", "2024-Q1", "--to", "csv"),
    ("export", "2024-Q1"),
    ("report", "2024-Q1"),
    ("refresh", REPORT),
    ("refresh", REPORT, "--check"),
)


def office_with_a_document(root: Path) -> Office:
    office = make_office(root)
    (root / "report.docx").write_bytes(
        tagged("sentences:press", "press_total", "table:press", "table:province")
    )
    return office


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with a report of what was merged; not to be changed."""
    office = office_with_a_document(tmp_path_factory.mktemp("merged") / "office")
    office.put("a.xlsx", office.book("01", 10))
    assert office.run("merge", "2024-Q1").code == 0
    assert office.run("report", "2024-Q1").code == 0
    return office.root


@pytest.fixture
def office(merged: Path, tmp_path: Path) -> Office:
    """A copy of it that a test may change."""
    return Office(Path(shutil.copytree(merged, tmp_path / "office")))


def showing(office: Office, command: Sequence[str]) -> tuple[int, list[str]]:
    """How a command that shows figures ends, and what it says on standard error."""
    path = [str(office.root / word) if word == REPORT else word for word in command]
    said = office.run(*path)
    return said.code, said.err.splitlines()


def fresh(office: Office, quarter: object = Q1) -> Freshness:
    return freshness(Session(office.root, TODAY, "lan"), quarter)  # type: ignore[arg-type]


def lacking(lines: Sequence[str]) -> list[str]:
    """The sentences about what is lacking."""
    words = ("not merged yet", "decisions.csv", "Nothing was merged", "missing or not finished", "A merge by")
    return [line for line in lines if any(word in line for word in words)]


@pytest.mark.parametrize("command", SHOWING, ids=" ".join)
def test_nothing_is_said_where_nothing_is_lacking(office: Office, command: Sequence[str]) -> None:
    code, said = showing(office, command)
    assert (code, lacking(said)) == (0, [])


@pytest.mark.parametrize("command", SHOWING, ids=" ".join)
def test_files_that_are_not_merged(office: Office, command: Sequence[str]) -> None:
    office.put("b.xlsx", office.book("02", 20))
    office.put("old.xlsx", office.book("02", 20, Q4), Q4)
    code, said = showing(office, command)
    assert lacking(said) == [
        "2 files in the inbox are not merged yet and not in these figures: inbox/2023-Q4 (1), "
        "inbox/2024-Q1 (1). Run: reportctl merge 2024-Q1"
    ]
    assert code == ("--check" in command)
    office.run("merge", "2024-Q1")
    # The report of before lacks a figure, which is no longer a reason of its own.
    assert lacking(showing(office, command)[1]) == []


@pytest.mark.parametrize("command", SHOWING, ids=" ".join)
def test_decisions_newer_than_the_figures(office: Office, command: Sequence[str]) -> None:
    """A run that was killed, or another computer, has written a correction down and no more."""
    calm = Office(Path(shutil.copytree(office.root, office.root.parent / "calm")))
    correcting(calm, "01", "aired", "3")
    shutil.copy(calm.root / "decisions.csv", office.root / "decisions.csv")
    code, said = showing(office, command)
    assert lacking(said) == [
        "decisions.csv has changed since these figures were made. To bring them up to it: reportctl merge"
    ]
    assert code == ("--check" in command)
    office.run("merge", "2024-Q1")
    assert lacking(showing(office, command)[1]) == []


@pytest.mark.parametrize(
    "lose",
    [
        lambda root: (root / "reportctl.db").unlink(),
        lambda root: (root / "reportctl.db").write_bytes(b""),
        # Without decisions.csv the archive still says so; without the archive decisions.csv does.
        lambda root: [(root / name).unlink() for name in ("reportctl.db", "decisions.csv")],
        lambda root: [(root / "reportctl.db").unlink(), shutil.rmtree(root / "archive")],
    ],
    ids=["deleted", "empty", "and the decisions", "and the archive"],
)
@pytest.mark.parametrize("command", SHOWING, ids=" ".join)
def test_a_ledger_that_is_gone_is_not_an_office_without_figures(
    office: Office, command: Sequence[str], lose: Callable[[Path], object]
) -> None:
    report = (office.root / REPORT).read_bytes()
    lose(office.root)
    code, said = showing(office, command)
    assert (code, len(said)) == (2, 1)
    assert said[0].startswith(f"{office.root / 'reportctl.db'} is missing or not finished, although files")
    assert said[0].endswith("by: reportctl merge")
    assert (office.root / REPORT).read_bytes() == report
    assert not list((office.root / REPORT).parent.glob("*before*"))


@pytest.mark.parametrize("command", [(), ("status", "2024-Q1"), ("status", "2024-Q1", "--remind")])
def test_nobody_is_reminded_because_the_ledger_is_gone(office: Office, command: Sequence[str]) -> None:
    with (office.root / "reportctl.toml").open("a", encoding="utf-8") as settings:
        settings.write('current = "2024-Q1"\n')
    assert office.run(*command).code == 0
    (office.root / "reportctl.db").unlink()
    said = office.run(*command)
    assert (said.code, said.out) == (2, "")
    assert "is missing or not finished" in said.err


def test_imported_figures_whose_ledger_is_gone(tmp_path: Path) -> None:
    office = make_office(tmp_path / "office")
    table = tmp_path / "base.csv"
    table.write_text("unit,indicator,period,value\n,press_total,2023-Q4,5\n", encoding="utf-8")
    with (office.root / "reportctl.toml").open("a", encoding="utf-8") as settings:
        settings.write('current = "2024-Q1"\n')
    assert office.run("history", table).code == 0
    (office.root / "reportctl.db").unlink()
    assert showing(office, ("summary", "2023-Q4"))[0] == 2
    shutil.rmtree(office.root / "archive")
    assert showing(office, ("summary", "2023-Q4"))[0] == 2


@pytest.mark.parametrize("command", SHOWING, ids=" ".join)
def test_a_merge_that_was_killed_while_it_made_the_ledger_again(
    office: Office, command: Sequence[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (office.root / "reportctl.db").unlink()
    with monkeypatch.context() as patch:
        patch.setattr("reportctl.merge.merge.evaluate_quarters", _interrupted)
        with pytest.raises(KeyboardInterrupt):
            office.merge()
    assert (office.root / "reportctl.db").stat().st_size
    code, said = showing(office, command)
    assert (code, len(lacking(said))) == (2, 1)
    office.merge()
    assert lacking(showing(office, command)[1]) == []


def _interrupted(*_given: object) -> None:
    raise KeyboardInterrupt


@contextlib.contextmanager
def _merging(office: Office) -> Iterator[None]:
    """Somebody else's merge is under way."""
    with writer_lock(office.root / "reportctl.db.lock", "Trần Thị Lan"):
        yield


@pytest.mark.parametrize("command", SHOWING, ids=" ".join)
def test_somebody_else_is_making_the_ledger_again(office: Office, command: Sequence[str]) -> None:
    with _merging(office):
        # The ledger holds all there is: whoever merges has not found anything yet.
        assert lacking(showing(office, command)[1]) == []
        (office.root / "reportctl.db").rename(office.root / "aside.db")
        code, said = showing(office, command)
        assert (code, len(said)) == (2, 1)
        assert said[0].startswith("A merge by Trần Thị Lan on ")
        (office.root / "aside.db").rename(office.root / "reportctl.db")
        row = decided("lan", FORM, Q1, value="x")
        add_decisions(office.root / "decisions.csv", [row])
        code, said = showing(office, command)
        assert (code, said[0][:26]) == (2, "A merge by Trần Thị Lan on")
    code, said = showing(office, command)
    assert (code, len(lacking(said))) == (int("--check" in command), 1)


@pytest.mark.parametrize("command", [one for one in SHOWING if REPORT not in one], ids=" ".join)
def test_an_office_in_which_nothing_was_ever_merged(tmp_path: Path, command: Sequence[str]) -> None:
    office = office_with_a_document(tmp_path / "office")
    code, said = showing(office, command)
    assert code == 0
    assert lacking(said) == ["Nothing was merged in this workspace yet, so there are no figures."]
    office.put("a.xlsx", office.book("01", 10))
    code, said = showing(office, command)
    assert code == 0
    assert len(lacking(said)) == 1
    assert "1 file in the inbox is not merged yet" in lacking(said)[0]
    assert not (office.root / "reportctl.db").exists()
    assert not (office.root / "reportctl.db.lock").exists()


def test_a_report_in_an_office_without_a_merge_is_refreshed_as_before(office: Office) -> None:
    for name in ("archive", "inbox"):
        shutil.rmtree(office.root / name)
    for name in ("reportctl.db", "decisions.csv"):
        (office.root / name).unlink()
    code, said = showing(office, ("refresh", REPORT, "--check"))
    assert code == 1  # its figures are not what the ledger says
    assert lacking(said) == ["Nothing was merged in this workspace yet, so there are no figures."]


# What counts as unmerged


def test_only_what_a_merge_would_take_in(office: Office) -> None:
    assert fresh(office) == Freshness({})
    touched = office.put("a.xlsx", office.book("01", 10))
    os.utime(touched)  # saved again, the same
    office.put("copy of a.xlsx", office.book("01", 10))
    office.put("~$a.xlsx", b"lock")
    assert fresh(office) == Freshness({})
    office.put("b.xlsx", office.book("02", 20), Q3)
    assert fresh(office, Q4).unmerged == {Q3: 1}
    assert fresh(office).unmerged == {Q3: 1}
    later = office.put("later.xlsx", office.book("02", 20), Q1)
    assert fresh(office, Q4).unmerged == {Q3: 1}  # what comes later is in no figure of that time
    later.unlink()
    office.put("a.xlsx", office.book("01", 11))  # under the same name
    assert fresh(office).unmerged == {Q3: 1, Q1: 1}


def test_a_merge_of_some_files_leaves_the_others(office: Office) -> None:
    path = office.put("b.xlsx", office.book("02", 20))
    office.put("c.xlsx", office.book("03", 30))
    office.merge(files=[named_input(path, office.root)])
    assert fresh(office) == Freshness({Q1: 1})


def test_what_comes_for_a_closed_quarter_is_in_no_figure_to_come(office: Office) -> None:
    closing(office)
    office.put("late.xlsx", office.book("02", 20))
    assert fresh(office) == Freshness({})
    assert office.run("reopen", "2024-Q1", "--why", WHY).code == 0
    assert fresh(office) == Freshness({Q1: 1})


def test_looking_reads_no_file_that_a_merge_remembers(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        office.put(f"{number}.xlsx", office.book("02", 20 + number))
    office.merge()
    monkeypatch.setattr("reportctl.merge.unmerged.digest", _interrupted)
    assert fresh(office) == Freshness({})


# Decisions leave what a merge leaves


@pytest.mark.parametrize(
    "decide",
    [
        ("correct", "2024-Q1", "01", "aired", "3", "--why", WHY),
        ("accept", "2024-Q1", "02", "--why", WHY),
        ("reopen", "2024-Q1", "--why", WHY),
    ],
    ids=lambda words: words[0],
)
def test_a_decision_leaves_the_outputs_as_a_merge_would(office: Office, decide: Sequence[str]) -> None:
    office.put("b.xlsx", office.book("02", 20, printed=5))
    office.merge()
    if decide[0] == "reopen":
        closing(office)
        office.put("c.xlsx", office.book("03", 30))
        office.merge()
    outputs = [office.root / "output" / "2024-Q1" / name for name in ("values.csv", "merged.xlsx")]
    before = [path.read_bytes() for path in outputs]
    office.run(*decide)
    after = [path.read_bytes() for path in outputs]
    assert before[0] != after[0]
    assert before[1] != after[1]
    for path in outputs:
        path.unlink()
    office.run("merge", "2024-Q1")
    assert [path.read_bytes() for path in outputs] == after
    assert fresh(office) == Freshness({})


def test_the_hash_of_decisions_is_of_the_file_as_it_is(office: Office) -> None:
    path = office.root / "decisions.csv"
    before = archive.decisions_hash(path)
    add_decisions(path, [decided("lan", CORRECTED, Q1, unit="01", code="aired", value="3")])
    assert archive.decisions_hash(path) != before
    path.unlink()
    assert archive.decisions_hash(path) == ""
