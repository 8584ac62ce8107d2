"""The year's plan."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportctl.form import Form, Type
from reportctl.plan import load_plan, read_value
from reportctl.records import RecordsError
from reportctl.roster import Roster, Unit

FORM = Form.model_validate(
    {
        "id": "f",
        "title": "f",
        "kinds": [{"code": "commune", "title": "Xã"}, {"code": "press", "title": "Báo"}],
        "sections": [
            {
                "code": "all",
                "title": "Tất cả",
                "indicators": [
                    {"code": "meetings", "label": "Cuộc họp"},
                    {"code": "money", "label": "Kinh phí", "type": "money"},
                    {"code": "hours", "label": "Giờ", "type": "number", "over_units": "mean"},
                    {"code": "stories", "label": "Tin", "applies_to": ["press"]},
                ],
            }
        ],
    }
)
ROSTER = Roster((Unit("00123", "Xã A", "commune"), Unit("P1", "Báo", "press")))


def plan_file(folder: Path, text: str) -> Path:
    path = folder / "plan.csv"
    path.write_text(f"unit,indicator,year,value\n{text}", encoding="utf-8")
    return path


def test_no_file_is_no_plan(tmp_path: Path) -> None:
    assert load_plan(tmp_path / "plan.csv", ROSTER, FORM).values == {}


def test_a_plan_is_read_by_unit(tmp_path: Path) -> None:
    path = plan_file(tmp_path, '00123,meetings,2024,1.200\nP1,meetings,2024,30\nP1,money,2024,"12,5"\n')
    plan = load_plan(path, ROSTER, FORM)
    assert plan.of("meetings", 2024) == {"00123": 1200, "P1": 30}
    assert plan.of("money", 2024) == {"P1": 12.5}
    assert plan.of("meetings", 2023) == {}


@pytest.mark.parametrize(
    ("text", "count", "number"),
    [
        ("1200", 1200, 1200),
        ("1.200", 1200, None),  # a group of thousands, or 1.2 with three decimals
        ("1,200", None, None),
        ("1.234.567", 1234567, 1234567),
        ("12,5", None, 12.5),
        ("1200.5", None, 1200.5),
        ("1234.567", None, 1234.567),  # no group has four digits before it
        ("1.234,5", None, 1234.5),
        ("0.125", None, 0.125),
        ("1.2000", None, 1.2),
        ("12.34.567", None, None),
        ("-5", None, None),
        ("12 bài", None, None),
        ("", None, None),
    ],
)
def test_values(text: str, count: int | None, number: float | None) -> None:
    assert read_value(text, Type.COUNT) == count
    assert read_value(text, Type.NUMBER) == number


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    path = plan_file(
        tmp_path,
        "123,meetings,2024,5\n"
        "X,meeting,24,5\n"
        "00123,hours,2024,5\n"
        "00123,stories,2024,5\n"
        "P1,money,2024,1.200\n"
        "P1,meetings,2024,a few\n"
        "P1,stories,2024,5\n"
        "P1,stories,2024,6\n",
    )
    with pytest.raises(RecordsError) as caught:
        load_plan(path, ROSTER, FORM)
    assert [str(problem) for problem in caught.value.problems] == [
        "line 2, column unit: “123” has lost its leading zero in a spreadsheet program; write 00123",
        "line 3, column unit: there is no unit with the code “X”",
        "line 3, column indicator: the form has no indicator “meeting”; “meetings” was meant?",
        "line 3, column year: “24” is not a year",
        "line 4, column indicator: a plan can be given only for figures that are added up over the units",
        "line 5, column indicator: the unit is not asked for “stories”",
        "line 6, column value: “1.200” is no number, or can be read in two ways; write 1200 or 12,5",
        "line 7, column value: “a few” is no whole number; write 1200 or 1.200",
        "line 9, column unit: this unit, indicator and year already stand in line 8",
    ]
