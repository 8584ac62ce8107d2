"""The first quarters of an office: nothing, or little, to compare with, and slips are found all the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportctl.core.findings import Finding
from reportctl.ledger.ledger import open_ledger
from tests.making.office import Q1, Q4, Office, make_office, verdicts

pytestmark = pytest.mark.slow

UNITS = tuple(f"{n:02}" for n in range(1, 10))
USUAL = (120, 95, 140, 110, 130, 100, 125, 90, 150)
OF_FIRST = ("unusual_of_kind", "unusual_change", "beyond_plan")


def office_of(folder: Path, units: tuple[str, ...] = UNITS, **slips: int) -> Office:
    """An office that has the first quarter's files; `slips` are other totals, by unit: `u05=13_000`."""
    office = make_office(folder / "office", units)
    for unit, usual in zip(units, USUAL, strict=False):
        office.put(f"{unit}.xlsx", office.book(unit, slips.get(f"u{unit}", usual)))
    return office


def first(findings: tuple[Finding, ...]) -> list[tuple[str, str | None, str | None, str | None]]:
    return [(one.code, one.unit, one.indicator, one.cell) for one in findings if one.code in OF_FIRST]


def place(office: Office, unit: str, code: str) -> str | None:
    """The cell in which the unit's file has the figure."""
    with open_ledger(office.root / "reportctl.db") as ledger:
        (record,) = ledger.values([Q1], code=code, unit=unit)
    return record.cell


def test_a_right_first_quarter_says_nothing(tmp_path: Path) -> None:
    assert first(office_of(tmp_path).merge().findings) == []


def test_a_hundredfold_figure_of_the_very_first_quarter(tmp_path: Path) -> None:
    """It is a warning: the file counts, in `validate` and in `merge` alike."""
    office = office_of(tmp_path, u05=13_000)
    checked = office.validate()
    merged = office.merge()
    found = [
        ("unusual_of_kind", "05", "press_total", place(office, "05", "press_total")),
        ("unusual_of_kind", "05", "printed", place(office, "05", "printed")),
    ]
    assert first(merged.findings) == first(checked.findings) == found
    assert verdicts(merged)["05.xlsx"] == ("warned", True)
    before = office.dump()
    (office.root / "reportctl.db").unlink()
    assert first(office.merge().findings) == found
    assert office.dump() == before


def test_a_corrected_file_and_a_file_less_are_compared_again(tmp_path: Path) -> None:
    office = office_of(tmp_path, u05=13_000)
    office.merge()
    office.put("05 new.xlsx", office.book("05", 130, modified="2024-03-16T08:00:00Z"))
    assert first(office.merge().findings) == []
    office.put("01 new.xlsx", office.book("01", 12_000, modified="2024-03-16T08:00:00Z"))
    assert {one[1] for one in first(office.merge().findings)} == {"01"}


def test_seven_units_are_too_few(tmp_path: Path) -> None:
    assert first(office_of(tmp_path, UNITS[:7], u05=13_000).merge().findings) == []


def test_with_a_plan(tmp_path: Path) -> None:
    """Three units are no measure, but the plan is; it may come, and change, after the files."""
    office = office_of(tmp_path, UNITS[:3], u02=9_500)
    assert first(office.merge().findings) == []
    plan = office.root / "plan.csv"
    plan.write_text("unit,indicator,year,value\n02,press_total,2024,400\n", encoding="utf-8")
    found = [("beyond_plan", "02", "press_total", place(office, "02", "press_total"))]
    assert first(office.validate().findings) == first(office.merge().findings) == found
    plan.write_text("unit,indicator,year,value\n02,press_total,2024,40000\n", encoding="utf-8")
    assert first(office.merge().findings) == []
    plan.write_text("unit,indicator,year,value\n02,press_total,2023,400\n", encoding="utf-8")
    assert first(office.merge().findings) == []
    plan.write_text("unit,indicator,year,value\n02,press_total,2024,nhiều\n", encoding="utf-8")
    assert first(office.merge().findings) == []  # `summary` says what is wrong with it


def test_with_imported_figures(tmp_path: Path) -> None:
    """One imported quarter of three units is enough to find a slip, and to say whose the jump is."""
    office = office_of(tmp_path, UNITS[:3], u02=9_500)
    then = {"01": 118, "02": 97, "03": 133}
    rows = "".join(f"{unit},press_total,2023-Q4,{value}\n" for unit, value in then.items())
    history = tmp_path / "history.csv"
    history.write_text(f"unit,indicator,period,value\n{rows}", encoding="utf-8")
    assert office.run("history", history).code == 0
    found = [("unusual_change", "02", "press_total", "")]
    assert [(*one[:3], "") for one in first(office.merge().findings)] == found
    said = " ".join(office.run("summary").out.split())
    assert "“Tổng số tin, bài” is 9,760; in the fourth quarter of 2023 it was 348" in said
    assert "it was 348; mostly by: Huyện 02 (from 97 to 9,500)." in said


def test_with_the_provinces_figure_imported(tmp_path: Path) -> None:
    office = office_of(tmp_path, UNITS[:3], u02=9_500)
    history = tmp_path / "history.csv"
    history.write_text("unit,indicator,period,value\n,press_total,2023-Q4,350\n", encoding="utf-8")
    assert office.run("history", history).code == 0
    office.merge()
    said = " ".join(office.run("summary").out.split())
    assert "is 9,760; in the fourth quarter of 2023 it was 350; mostly by: Huyện 02 (9,500)." in said
    assert "mostly by" not in office.run("summary", "--format", "csv").out


def test_what_a_unit_always_has_is_said_once(tmp_path: Path) -> None:
    office = make_office(tmp_path / "office", UNITS)
    for quarter in (Q4, Q1):
        for unit, usual in zip(UNITS, USUAL, strict=True):
            office.put(f"{unit}.xlsx", office.book(unit, 9_000 if unit == "05" else usual, quarter), quarter)
    assert {one[1] for one in first(office.merge(Q4).findings)} == {"05"}
    assert first(office.merge(Q1).findings) == []


@pytest.mark.parametrize("severity", ["note", "off"])
def test_an_office_may_say_less(tmp_path: Path, severity: str) -> None:
    office = office_of(tmp_path, u05=13_000)
    with (office.root / "reportctl.toml").open("a", encoding="utf-8") as file:
        file.write(f'[findings]\nunusual_of_kind = "{severity}"\n')
    merged = office.merge()
    assert {one.severity.value for one in merged.findings if one.code in OF_FIRST} == {severity} - {"off"}
