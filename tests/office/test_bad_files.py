"""Files that cannot be opened, or are in error: whose they are, and that they are forgotten once replaced."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reportctl.core.finding_kinds import Severity
from reportctl.core.findings import Finding
from reportctl.decisions.close import close
from tests.making.office import Q1, Q4, Office, rebuilt, run_of

pytestmark = pytest.mark.slow

GOOD = "01 Huyen 01.xlsx"


def _damaged(office: Office, unit: str = "01") -> bytes:
    return office.book(unit, 10)[:-100]


BAD: dict[str, Callable[[Office], bytes]] = {
    "cut off": _damaged,
    "empty": lambda _office: b"",
    "a web page": lambda _office: b"<html><table><tr><td>1",
    "an old form": lambda _office: b"\x09\x04\x06\x00\x00\x00\x10\x00\x00\x00" + bytes(90),
    "not our workbook": lambda _office: b"PK\x05\x06" + bytes(18),
    "in error": lambda office: office.book("01", 10, aired="abc"),
    "of another quarter": lambda office: office.book("01", 10, Q4),
}


def _errors(findings: tuple[Finding, ...]) -> list[tuple[str, str | None]]:
    return [(found.code, found.file) for found in findings if found.severity is Severity.ERROR]


@pytest.mark.parametrize("name", [GOOD, "scan.xlsx", "2024-03-20/bao cao.xlsx"])
@pytest.mark.parametrize("bad", BAD)
def test_a_bad_file_replaced_under_its_own_name_is_forgotten(office: Office, bad: str, name: str) -> None:
    office.put(name, BAD[bad](office))
    first = office.run("merge", "2024-Q1", "--no-workbook")
    assert first.code == 1
    office.put(name, office.book("01", 12, modified="2024-03-16T08:00:00Z"))
    assert office.run("validate", "2024-Q1").code == 0
    for _time in range(2):
        merged = office.run("merge", "2024-Q1", "--no-workbook")
        assert "1 files: 1 accepted, 0 accepted with warnings, 0 rejected" in merged.out
        assert merged.code == 0
    assert office.totals() == {("2024-Q1", "01"): 12}
    said = office.run("status", "2024-Q1", "--format", "json").json
    assert (said["accepted"], said["rejected"], said["unreadable"], said["unassigned"]) == (1, 0, 0, [])
    rebuilt(office)
    assert office.run("merge", "2024-Q1", "--no-workbook").code == 0
    # The new file put into another folder brings nothing back.
    (office.root / "inbox" / "2024-Q1" / name).rename(office.root / "inbox" / "2024-Q1" / "sorted.xlsx")
    assert _errors(office.merge().findings) == []


def test_of_two_bad_files_of_one_name_the_last_is_in_error(office: Office) -> None:
    office.put(GOOD, office.book("01", 10, aired="abc"))
    office.merge()
    office.put(GOOD, office.book("01", 10, printed="xyz", modified="2024-03-16T08:00:00Z"))
    found = office.merge()
    assert {error.value for error in found.findings if error.severity is Severity.ERROR} == {"xyz"}
    assert [record.verdict for record in found.weighing] == ["rejected"]
    said = office.run("status", "2024-Q1", "--remind").out
    assert "xyz" in said
    assert "abc" not in said


def test_a_good_file_that_a_bad_one_replaces_still_counts(office: Office) -> None:
    office.put(GOOD, office.book("01", 10))
    office.merge()
    office.put(GOOD, _damaged(office))
    merged = office.merge()
    assert _errors(merged.findings) == [("truncated", GOOD)]
    assert office.totals() == {("2024-Q1", "01"): 10}
    assert sorted(record.verdict for record in merged.weighing) == ["accepted", "rejected"]


def test_errors_of_a_file_that_a_later_one_replaced_are_quiet_but_not_whose_it_is(office: Office) -> None:
    office.put("2024-03-18/a.xlsx", office.book("01", 10, aired="abc"))
    office.put("2024-03-19/b.xlsx", office.book("01", 10, Q4))
    office.put("2024-03-20/c.xlsx", office.book("01", 12))
    merged = office.merge()
    checked = office.validate()
    for findings in (merged.findings, checked.findings):
        assert {file for _code, file in _errors(findings)} == {"2024-03-19/b.xlsx"}
        assert ("wrong_period", "2024-03-19/b.xlsx") in _errors(findings)
    (office.root / "inbox" / "2024-Q1" / "2024-03-19" / "b.xlsx").unlink()
    assert _errors(office.merge().findings) == []


# Whose they are


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("01 Huyen 01.xlsx", "01"),
        ("01.xlsx", "01"),
        ("2024-03-20/01_baocao.xlsx", "01"),
        ("Bản sao Huyện 02.xlsx", "02"),
        ("Huyện 03/bao cao quy I.xlsx", "03"),
        ("Re_ HUYEN 03 - gui lai (2).xlsx", "03"),
        ("bao cao.xlsx", ""),
        ("bao cao 01.xlsx", ""),  # a number may be anything
        ("01 Huyen 02.xlsx", ""),  # of two units
        ("0102.xlsx", ""),
    ],
)
def test_a_file_that_cannot_be_opened_is_of_the_unit_that_its_name_tells(
    office: Office, name: str, unit: str
) -> None:
    office.put(name, _damaged(office))
    merged = office.merge()
    missing = {found.unit for found in merged.findings if found.code == "no_file"}
    assert missing == {"01", "02", "03"} - {unit}
    said = office.run("status", "2024-Q1", "--format", "json").json
    assert {one["unit"]: one["state"] for one in said["units"]} == {
        code: "unreadable" if code == unit else "missing" for code in ("01", "02", "03")
    }
    assert (said["unreadable"], said["received"]) == ((1, 1) if unit else (0, 0))
    assert said["unassigned"] == ([] if unit else [name])
    checked = office.validate()
    assert {(file, of or "") for file, of, _verdict in checked.files} == {(name, unit)}
    assert office.totals() == {}


def test_a_unit_is_told_that_its_file_cannot_be_opened(office: Office) -> None:
    office.put(GOOD, _damaged(office))
    office.put("khong ro.xlsx", _damaged(office, "02"))
    merged = office.run("merge", "2024-Q1", "--no-workbook")
    assert merged.code == 1
    assert "Not received (2): Huyện 02, Huyện 03." in merged.out
    said = office.run("status", "2024-Q1", "--remind").out
    assert "The file that you sent for the first quarter of 2024 has reached" in said
    assert "the file is damaged or incomplete" in said.casefold()
    listed = office.run("status", "2024-Q1", "--list").out
    assert "Received, not readable (1)" in listed
    assert "1 file of which it is not known whose it is: khong ro.xlsx." in " ".join(listed.split())
    of_unit = office.run("status", "2024-Q1", "--unit", "01").out
    assert "received, not readable" in of_unit


def test_a_good_file_of_another_name_makes_the_bad_one_quiet(office: Office) -> None:
    office.put("2024-03-18/01 Huyen 01.xlsx", _damaged(office))
    office.merge()
    office.put("2024-03-20/gui lai.xlsx", office.book("01", 12))
    merged = office.merge()
    assert _errors(merged.findings) == []
    assert office.run("status", "2024-Q1", "--format", "json").json["accepted"] == 1


def test_a_bad_file_that_people_take_away_never_came(office: Office) -> None:
    path = office.put(GOOD, _damaged(office))
    office.merge()
    path.unlink()
    assert _errors(office.merge().findings) == []
    assert office.run("status", "2024-Q1", "--format", "json").json["missing"] == 3


def test_what_cannot_even_be_taken_in_is_received(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    path = office.put(GOOD, office.book("01", 10))
    whole = Path.open

    def locked(self: Path, *arguments: object, **more: object) -> object:
        if self == path:
            raise PermissionError(13, "locked")
        return whole(self, *arguments, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", locked)
    monkeypatch.setattr("reportctl.core.files._WAITS", ())
    merged = office.merge()
    assert ("unreadable_file", GOOD) in _errors(merged.findings)
    assert [found.unit for found in merged.findings if found.code == "no_file"] == ["02", "03"]
    assert office.run("status", "2024-Q1", "--format", "json").json["unreadable"] == 1


def test_in_a_closed_quarter_the_frozen_file_keeps_what_was_said(office: Office) -> None:
    office.put(GOOD, office.book("01", 10))
    office.merge()
    close(run_of(office, Q1))
    office.put(GOOD, office.book("01", 99))
    merged = office.merge()
    assert "quarter_closed" in [found.code for found in merged.findings]
    assert office.totals() == {("2024-Q1", "01"): 10}
