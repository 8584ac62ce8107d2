"""A quarter of a form of tables alone: what is sent, read, told, imported, compared and traced, by code."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.making.commands import Said, begin, run
from tests.making.tables import ROOMS, UNITS, cells_of, returned, rooms


class TablesOffice:
    """A workspace with the form of the tables' tests, its three units, and a plan of one cell."""

    def __init__(self, root: Path) -> None:
        self.root = root
        begin(root, "2024-Q1")
        (root / "form.toml").write_text(ROOMS, encoding="utf-8")
        units = "".join(f"{one.code},{one.name},{one.kind}\n" for one in UNITS)
        (root / "units.csv").write_text(f"code,name,kind\n{units}", encoding="utf-8")
        (root / "plan.csv").write_text(
            "unit,indicator,year,value\n001,rooms.lab.total,2024,10\n", encoding="utf-8"
        )
        for unit in UNITS:
            self.put(unit.code)

    def put(self, unit: str, name: str = "", **answers: Any) -> None:
        """A unit's workbook in the inbox; `answers` such as lab_solid=3."""
        typed = cells_of(rooms())
        typed |= {f"rooms.{key.replace('_', '.')}": value for key, value in answers.items()}
        described = next(one for one in UNITS if one.code == unit)
        folder = self.root / "inbox" / "2024-Q1"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / (name or f"{unit}.xlsx")).write_bytes(returned(rooms(), typed, unit=described))

    def run(self, *arguments: object, code: int = 0) -> Said:
        """Run a command in English; it ends with `code`."""
        said = run("--lang", "en", "-w", self.root, *arguments)
        assert said.code == code, said.err
        return said

    def values(self) -> dict[tuple[str, str], tuple[str, str, str]]:
        """Value, state and cell in values.csv by unit and code."""
        text = (self.root / "output" / "2024-Q1" / "values.csv").read_text("utf-8-sig")
        rows = csv.DictReader(io.StringIO(text))
        return {
            (one["unit"], one["code"]): (one["value"], one["state"], f"{one['sheet']}!{one['cell']}")
            for one in rows
        }


@pytest.fixture
def office(tmp_path: Path) -> TablesOffice:
    return TablesOffice(tmp_path / "office")


def test_values_have_the_table_and_the_cell(office: TablesOffice) -> None:
    office.run("merge")
    values = office.values()
    assert values["001", "rooms.lab.solid"] == ("6", "value", "Phòng học!E16")
    assert values["001", "rooms.lab.total"] == ("8", "value", "Phòng học!D16")  # worked out
    text = (office.root / "output" / "2024-Q1" / "values.csv").read_text("utf-8-sig")
    assert "2024-Q1,001,Xã Một,rooms,rooms.lab.solid,Phòng tin học · Công lập / Kiên cố,6," in text
    assert ("001", "rooms.lab.private") not in values
    assert len(values) == 3 * 27


def test_status_counts_the_cells_that_are_filled_in(office: TablesOffice) -> None:
    office.put("002", lab_solid=None, lab_weak=None)
    office.run("merge", code=1)
    units = office.run("status", "--format", "json").json["units"]
    assert [(one["state"], one["filled"], one["of"]) for one in units] == [
        ("accepted", 20, 20), ("rejected", 18, 20), ("accepted", 20, 20),
    ]  # fmt: skip


def test_a_correction_of_a_cell_changes_the_sums_above_it(office: TablesOffice) -> None:
    office.run("merge")
    said = office.run("correct", "001", "rooms.lower.solid", "15", "--why", "told", code=1)
    assert "the parts make 25" in " ".join(said.out.split())  # and 30 is above them
    values = office.values()
    assert values["001", "rooms.lower.solid"][:2] == ("15", "value")
    assert values["001", "rooms.lower.total"][:2] == ("19", "value")
    said = office.run("correct", "001", "rooms.lab.total", "9", "--why", "told", code=2)
    assert "rooms.lab.solid, rooms.lab.weak" in said.err
    assert "rooms.lab.solid" in office.run("correct", "001", "rooms.lab.soild", "9", "--why", "t", code=2).err


def test_a_correction_fills_what_was_missing(office: TablesOffice) -> None:
    office.put("002", lab_solid=None)
    office.run("merge", code=1)
    office.run("accept", "002", "--why", "known")
    assert office.values()["002", "rooms.lab.total"][:2] == ("", "missing")
    office.run("correct", "002", "rooms.lab.solid", "KAD", "--why", "told")
    values = office.values()
    assert values["002", "rooms.lab.solid"][1] == "not_applicable"
    assert values["002", "rooms.lab.total"][:2] == ("2", "value")
    parts = office.run("trace", "rooms.lab.total", "--unit", "002", "--format", "json").json["parts"]
    assert [(one["value"], one["by"], one["cell"]) for one in parts] == [(2, "correction", None)]


def test_history_of_cells_makes_their_sums(office: TablesOffice) -> None:
    """Of whoever gave all parts; a sum may be given alone, where the parts are not known."""
    table = "".join(
        f"{unit},rooms.{cell},2023-Q4,{value}\n"
        for unit, cell, value in (
            ("001", "lab.solid", 5), ("001", "lab.weak", 1), ("002", "lab.total", 9), ("003", "lab.weak", 4),
        )
    )  # fmt: skip
    path = office.root / "history.csv"
    path.write_text(f"unit,indicator,period,value\n{table}", encoding="utf-8")
    office.run("history", path)
    traced = office.run("trace", "rooms.lab.total", "2023-Q4", "--format", "json").json
    assert traced["value"] == 15
    assert [(one["unit"], one["value"]) for one in traced["parts"]] == [("001", 6), ("002", 9)]


def test_closed_and_opened_again_everything_is_as_it_was(office: TablesOffice) -> None:
    office.run("merge")
    office.run("correct", "001", "rooms.lab.solid", "16", "--why", "told")
    before = office.values()
    office.run("close")
    (office.root / "reportctl.db").unlink()
    office.run("merge")
    assert office.values() == before
    office.run("reopen", "--why", "more to come")
    assert office.values() == before
    assert before["001", "rooms.lab.total"][0] == "18"


def test_a_marked_copy_has_its_marks_in_the_tables_sheet(office: TablesOffice) -> None:
    office.put("002", lab_solid="khoảng 3", library_solid=None, library_weak=None)
    office.run("validate", "--mark", code=1)
    book = openpyxl.load_workbook(office.root / "returned" / "2024-Q1" / "002.marked.xlsx")
    sheet = book["Phòng học"]
    assert {cell.coordinate for row in sheet for cell in row if cell.comment} == {"E14", "E16"}
    listed = {str(cell.value) for row in book.worksheets[0] for cell in row}
    assert "Phòng học: Thư viện" in listed
    assert "Phòng tin học · Công lập / Kiên cố" in listed


def test_a_newer_file_is_compared_cell_by_cell(office: TablesOffice) -> None:
    office.run("merge")
    folder = office.root / "inbox" / "2024-Q1" / "2026-12-20"
    folder.mkdir()
    office.put("001", "2026-12-20/001.xlsx", lab_solid=7)
    office.run("merge")
    said = office.run("status", "--unit", "001").out
    assert "Phòng tin học · Công lập / Kiên cố" in said
    assert "Phòng tin học · Tổng số" not in said  # it follows


@pytest.mark.parametrize(
    ("compared", "expected"),
    [
        ("totals", {"rooms.lab.solid", "rooms.lab.total"}),
        ("all", {"rooms.lab.solid", "rooms.lab.total", "rooms.lab_new.solid", "rooms.lab_new.total"}),
        ("none", set()),
    ],
)
def test_only_what_a_table_says_is_compared_with_earlier_quarters(
    compared: str, expected: set[str], office: TablesOffice
) -> None:
    """What is far from four quarters before is said of totals and rows of the first level."""
    form = ROOMS.replace('over_time = "last"', f'over_time = "last"\ncompared = "{compared}"')
    (office.root / "form.toml").write_text(form, encoding="utf-8")
    table = "".join(
        f"001,rooms.{cell},{quarter},{value}\n"
        for quarter in ("2023-Q1", "2023-Q2", "2023-Q3", "2023-Q4")
        for cell, value in (
            ("lab.solid", 6), ("lab.weak", 2), ("lab_new.solid", 2), ("lab_new.weak", 1),
        )
    )  # fmt: skip
    path = office.root / "history.csv"
    path.write_text(f"unit,indicator,period,value\n{table}", encoding="utf-8")
    office.run("history", path)
    typed = cells_of(rooms()) | {"rooms.lab.solid": 600, "rooms.lab_new.solid": 200}
    target = office.root / "inbox" / "2024-Q1" / "001.xlsx"
    target.write_bytes(returned(rooms(), typed))
    found = office.run("validate", "--format", "json").json["findings"]
    assert {one["indicator"] for one in found if one["code"] == "unusual_figure"} == expected
    assert not [one for one in found if one["code"] == "other_version"]  # not part of what is asked


def test_a_plan_names_cells(office: TablesOffice) -> None:
    office.run("merge")
    plan = office.root / "plan.csv"
    plan.write_text("unit,indicator,year,value\n001,rooms.lab.totl,2024,10\n", encoding="utf-8")
    assert "rooms.lab.total" in office.run("summary", code=2).err  # is what was meant
