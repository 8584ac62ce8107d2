"""What a quarter is compared with: out of the ledger, in a merge and in a validation."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from reportctl.core.findings import Finding
from reportctl.core.period import Quarter
from reportctl.decisions.accept import correct
from reportctl.ledger.ledger import open_ledger
from reportctl.ledger.session import Session
from reportctl.merge import compare
from reportctl.merge.compare import Check, Comparison
from reportctl.merge.merge import Merged, Run
from reportctl.status.status import status, status_json
from reportctl.workbooks.inbox import named_input
from reportctl.workspace.settings import Settings
from tests.making.compared import TWENTY
from tests.making.figures import calendar_of
from tests.making.office import Q1, TODAY, Office, make_office, silent, verdicts

pytestmark = pytest.mark.slow

BACK = [Quarter(2023, 4), Quarter(2023, 3), Quarter(2023, 2), Quarter(2023, 1)]
COMPARED = ("unusual_figure", "repeated_quarter", "text_repeated", "text_copied")


def compared(findings: tuple[Finding, ...]) -> list[tuple[str, str | None, str | None]]:
    return [(one.code, one.unit, one.indicator) for one in findings if one.code in COMPARED]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Four quarters of two units, and a fifth in which one of them has ten times as many stories."""
    office = make_office(tmp_path_factory.mktemp("compared") / "office")
    for quarter, total in zip(BACK, (120, 110, 130, 125), strict=True):
        office.put("a.xlsx", office.book("01", total, quarter, results=f"{quarter} {TWENTY[:20]}"), quarter)
        office.put("b.xlsx", office.book("02", total + 5, quarter), quarter)
    office.put("a.xlsx", office.book("01", 1200, results=TWENTY))
    office.put("b.xlsx", office.book("02", 130, results=f"Quý I năm 2024: {TWENTY}"))
    return office


@pytest.fixture
def office(made: Office, tmp_path: Path) -> Office:
    shutil.copytree(made.root, tmp_path / "office")
    return Office(tmp_path / "office")


FOUND = [
    ("unusual_figure", "01", "press_total"),
    ("unusual_figure", "01", "printed"),
    ("text_copied", "01", "results"),
    ("text_copied", "02", "results"),
]


def rows(office: Office, merged: Merged) -> Mapping[str, object]:
    """The findings and tables, and that the ledger is the same when it is made again."""
    before = office.dump()
    (office.root / "reportctl.db").unlink()
    assert office.merge().findings == merged.findings
    assert office.dump() == before
    return before


def test_a_merge_compares_and_warns(office: Office) -> None:
    merged = office.merge()
    assert compared(merged.findings) == FOUND
    (one,) = [found for found in merged.findings if found.indicator == "press_total"]
    assert (one.file, one.sheet, one.cell, one.value) == ("a.xlsx", "Số liệu", "F8", "1200")
    (copied, _other) = [found for found in merged.findings if found.code == "text_copied"]
    assert (copied.file, copied.sheet, copied.value) == ("a.xlsx", "Phần lời", TWENTY)
    assert one.message == ("“Tổng số tin, bài” is 1,200; the last 4 quarters had 110 to 130 (median 122.5)")
    assert verdicts(merged) == {"a.xlsx": ("warned", True), "b.xlsx": ("warned", True)}
    with open_ledger(office.root / "reportctl.db") as ledger:
        calendar = calendar_of(office.roster)
        said = status_json(status(ledger, office.form, calendar, Q1, settings=Settings(), today=TODAY))
    assert (said["warned"], said["accepted"], said["rejected"]) == (2, 0, 0)
    rows(office, merged)


def test_merging_again_changes_nothing_and_compares_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = office.merge()
    before = office.dump()
    monkeypatch.setattr("reportctl.merge.compare.compare", lambda *_: pytest.fail("compared again"))
    assert office.merge().findings == first.findings
    assert office.dump() == before


def test_a_new_file_is_compared_and_no_other_unit(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.merge()
    seen: list[tuple[str, ...]] = []
    real = compare.compare

    def noted(case: Comparison, checks: Iterable[Check]) -> list[Finding]:
        seen.append(tuple(each.unit for each in case.answers))
        return real(case, checks)

    monkeypatch.setattr(compare, "compare", noted)
    later = office.book("01", 1300, results=TWENTY, modified="2024-03-16T08:00:00Z")
    office.put("a later.xlsx", later)
    merged = office.merge()
    assert seen == [("01",), ("01", "02")]  # its figures with its own of earlier quarters, then with others'
    assert compared(merged.findings) == FOUND
    monkeypatch.undo()
    rows(office, merged)


def test_a_validation_finds_the_same_and_stores_nothing(office: Office) -> None:
    """Before anything was merged there are no earlier quarters, but the units' texts are there."""
    checked = office.validate()
    assert compared(checked.findings) == FOUND[2:]
    assert not (office.root / "reportctl.db").exists()
    merged = office.merge()
    before = office.dump()
    checked = office.validate()
    assert compared(checked.findings) == FOUND
    assert [one for one in checked.findings if one.code in COMPARED] == [
        one for one in merged.findings if one.code in COMPARED
    ]
    assert checked.files == (("a.xlsx", "01", "warned"), ("b.xlsx", "02", "warned"))
    assert office.dump() == before


def test_a_file_at_hand_is_compared_with_what_counts_of_others(office: Office) -> None:
    office.merge()
    path = office.root / "new.xlsx"
    path.write_bytes(office.book("03", 7, modified="2024-03-16T08:00:00Z", results=TWENTY))
    checked = office.validate(files=[named_input(path, office.root)])
    assert compared(checked.findings) == [("text_copied", "03", "results")]
    assert checked.files == (("new.xlsx", "03", "warned"),)
    (office.root / "reportctl.db").write_bytes(b"nonsense" * 1000)
    assert compared(office.validate(files=[named_input(path, office.root)]).findings) == []


def test_what_changes_in_an_earlier_quarter_changes_what_is_found_later(office: Office) -> None:
    office.merge()
    later = office.book("01", 1100, BACK[0], modified="2024-03-16T08:00:00Z")
    office.put("2024-04-03/a.xlsx", later, BACK[0])
    merged = office.merge(BACK[0])
    assert compared(merged.findings) == []  # three quarters before that are too few
    with open_ledger(office.root / "reportctl.db") as ledger:
        found = tuple(ledger.findings(Q1))
    assert compared(found) == FOUND
    assert "had 110 to 1,100 (median 127.5)" in found[0].message
    run = Run(Session(office.root, TODAY, "lan"), Quarter(2023, 2), silent)
    correct(run, "01", "press_total", "1300", "telephone")
    with open_ledger(office.root / "reportctl.db") as ledger:
        found = tuple(ledger.findings(Q1))
    assert compared(found) == FOUND[1:]
    rows(office, office.merge())


def test_a_correction_is_what_is_compared(office: Office) -> None:
    office.merge()
    run = Run(Session(office.root, TODAY, "lan"), Q1, silent)
    for code, value in (("press_total", "120"), ("printed", "119")):
        correct(run, "01", code, value, "telephone")
    assert compared(office.merge().findings) == FOUND[2:]


def test_findings_of_several_units_under_one_name_stand_in_one_order(office: Office) -> None:
    """A file replaced under its name by another unit's: both count, and what is found stands in one cell."""
    office.merge()
    for code in ("02", "01"):
        office.put("a.xlsx", office.book(code, 1300, modified="2024-03-17T08:00:00Z", results=TWENTY))
        merged = office.merge()
    assert [one.unit for one in merged.findings if one.code == "text_copied"] == ["01", "02"]
    rows(office, merged)


def test_other_thresholds_and_severities_are_applied_by_the_next_merge(office: Office) -> None:
    office.merge()
    path = office.root / "reportctl.toml"
    path.write_text('language = "en"\n[checks]\ntimes = 12\nmin_words = 30\n', encoding="utf-8")
    merged = office.merge()
    assert compared(merged.findings) == []
    assert verdicts(merged) == {"a.xlsx": ("accepted", True), "b.xlsx": ("accepted", True)}
    path.write_text(
        'language = "en"\n[findings]\nunusual_figure = "off"\ntext_copied = "note"\n', encoding="utf-8"
    )
    merged = office.merge()
    assert compared(merged.findings) == FOUND[2:]
    assert verdicts(merged)["a.xlsx"] == ("accepted", True)
    rows(office, merged)


def test_a_regrouped_unit_is_compared_with_what_it_was_made_of(office: Office) -> None:
    """05 is what 02 and 03 were together; 01 was divided, so 04 has no figures of its own before."""
    (office.root / "units.csv").write_text(
        "code,name,kind,valid_from,valid_to,predecessors\n"
        "01,Huyện 01,district,,2023-12-31,\n"
        "04,Huyện 04,district,2024-01-01,,01\n"
        "01n,Huyện 01 mới,district,2024-01-01,,01\n"
        "02,Huyện 02,district,,2023-12-31,\n"
        "03,Huyện 03,district,,2023-12-31,\n"
        "05,Huyện 05,district,2024-01-01,,02;03\n",
        encoding="utf-8",
    )
    shutil.rmtree(office.root / "inbox" / str(Q1))
    for quarter, total in zip(BACK, (500, 510, 490, 500), strict=True):
        office.put("c.xlsx", office.book("03", total, quarter), quarter)
    office.put("new.xlsx", office.book("05", 9000))
    office.put("half.xlsx", office.book("04", 9000))
    merged = office.merge()
    assert [one[:2] for one in compared(merged.findings)] == [("unusual_figure", "05")] * 2
    assert "had 625 to 630 (median 625)" in next(one for one in merged.findings if one.unit == "05").message
