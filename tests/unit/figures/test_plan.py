"""The year's plan."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from reportctl.core.language import speaking
from reportctl.figures.plan import load_plan
from reportctl.form.model import Form
from reportctl.workspace.small_tables import SmallTableError
from reportctl.workspace.units import Roster, Unit

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
                    {"code": "rooms", "label": "Phòng", "over_units": "none", "over_time": "last"},
                    {
                        "code": "share",
                        "label": "Tỷ lệ",
                        "type": "percent",
                        "over_units": "ratio",
                        "over_time": "ratio",
                        "numerator": "meetings",
                        "denominator": "stories",
                    },
                    {"code": "stories", "label": "Tin", "applies_to": ["press"]},
                ],
            }
        ],
    }
)
ROSTER = Roster(
    (
        Unit("00123", "Xã A", "commune"),
        Unit("P1", "Báo", "press"),
        Unit("GONE", "Xã B", "commune", valid_to=dt.date(2024, 12, 31)),
    )
)


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


def test_the_province_alone_and_figures_that_are_not_added_up_have_targets(tmp_path: Path) -> None:
    path = plan_file(
        tmp_path,
        ',meetings,2024,1.000\n00123,hours,2024,5\n,share,2024,95%\n00123,share,2024,"0,9"\n',
    )
    plan = load_plan(path, ROSTER, FORM)
    assert plan.of_province("meetings", 2024) == 1000
    assert plan.of("meetings", 2024) == {}  # no unit's
    assert plan.of("hours", 2024) == {"00123": 5}
    assert plan.of_province("share", 2024) == 0.95
    assert plan.of("share", 2024) == {"00123": 0.9}


@pytest.mark.parametrize("text", ["95", "-5%", "nhiều"])
def test_what_is_no_percentage(tmp_path: Path, text: str) -> None:
    path = plan_file(tmp_path, f",share,2024,{text}\n")
    with pytest.raises(SmallTableError, match=r"column value: “.*” is no percentage; write 95%"):
        load_plan(path, ROSTER, FORM)


@pytest.mark.parametrize(
    ("text", "count", "number"),
    [
        ("1200", 1200, 1200),
        ("1.200", 1200, None),  # a group of thousands, or 1.2 with three decimals
        ("1,200", 1200, None),
        ("1 200", 1200, 1200),
        ("1\u00a0200,5", None, 1200.5),
        ("1,234.5", None, 1234.5),
        ("1.234.567", 1234567, 1234567),
        ("12,5", None, 12.5),
        ("1200.5", None, 1200.5),
        ("1234.567", None, 1234.567),  # no group has four digits before it
        ("1.234,5", None, 1234.5),
        ("0.125", None, 0.125),
        ("1.2000", None, 1.2),
        ("12.34.567", None, None),
        ("-5", None, None),
        ("khoảng 30", None, None),
        ("không", None, None),
        ("-", None, None),
        ("12 bài", None, None),
        ("", None, None),
    ],
)
def test_values(tmp_path: Path, text: str, count: int | None, number: float | None) -> None:
    for code, expected in (("meetings", count), ("money", number)):
        path = plan_file(tmp_path, f'00123,{code},2024,"{text}"\n')
        if expected is None:
            with pytest.raises(SmallTableError, match="column value: "):
                load_plan(path, ROSTER, FORM)
        else:
            assert load_plan(path, ROSTER, FORM).of(code, 2024) == {"00123": expected}


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    path = plan_file(
        tmp_path,
        "123,meetings,2024,5\n"
        "X,meeting,24,5\n"
        "00123,rooms,2024,5\n"
        "00123,stories,2024,5\n"
        "P1,money,2024,1.200\n"
        "P1,meetings,2024,a few\n"
        "P1,stories,2024,5\n"
        "P1,stories,2024,6\n"
        'P1,money,2023,"-1,5"\n'
        "GONE,meetings,2025,5\n"
        ",,,\n"
        ",,,x\n"
        "p1,meetings,2024,1.5\n",
    )
    with pytest.raises(SmallTableError) as caught:
        load_plan(path, ROSTER, FORM)
    assert [str(problem) for problem in caught.value.problems] == [
        "line 2, column unit: “123” has lost its leading zero in a spreadsheet program; write 00123",
        "line 3, column unit: there is no unit with the code “X”",
        "line 3, column indicator: the form has no indicator “meeting”; “meetings” was meant?",
        "line 3, column year: “24” is not a year",
        "line 4, column indicator: a plan can be given only for figures that the province has as a whole",
        "line 5, column indicator: the unit is not asked for “stories”",
        "line 6, column value: “1.200” is no number, or can be read in two ways; write 1200 or 12,5",
        "line 7, column value: “a few” is no whole number; write 1200 or 1.200",
        "line 9, column unit: this unit, indicator and year already stand in line 8",
        "line 10, column value: “-1,5” is less than zero",
        "line 11, column year: the unit “GONE” is not there in 2025",
        "line 13, column indicator: nothing is filled in",
        "line 13, column year: nothing is filled in",
        "line 13, column value: “x” is no number, or can be read in two ways; write 1200 or 12,5",
        "line 14, column unit: there is no unit with the code “p1”; “P1” was meant?",
        "line 14, column value: “1.5” is no whole number; write 1200 or 1.200",
    ]


def test_a_plan_in_a_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in (
        ["Unit", "Indicator", "Year", "Value"],
        ["00123", "meetings", 2024, 1200],
        ["00123", "money", "2024", 1.125],  # a number of a cell can be read in one way only
        ["P1", "meetings", 2024, "1.200"],
    ):
        sheet.append(row)
    path = tmp_path / "plan.xlsx"
    book.save(path)
    assert load_plan(path, ROSTER, FORM).values == {
        ("00123", "meetings", 2024): 1200,
        ("00123", "money", 2024): 1.125,
        ("P1", "meetings", 2024): 1200,
    }
    for row in (
        [123, "meetings", 2023, 1],
        ["P1", "meetings", dt.date(2024, 1, 1), 1.2],
        ["P1", "meetings", 2024, -3],
        ["P1", "money", 2024, dt.date(2024, 5, 12)],
        ["P1", "money", 2023, "=D2"],
        ["P1", "money", 2022, True],
    ):
        sheet.append(row)
    book.save(path)
    with pytest.raises(SmallTableError) as caught:
        load_plan(path, ROSTER, FORM)
    assert [str(problem) for problem in caught.value.problems] == [
        "cell A5: “123” has lost its leading zero in a spreadsheet program; write 00123",
        "cell C6: “2024-01-01” is not a year",
        "cell D6: “1.2” is no whole number; write 1200 or 1.200",
        "cell A7: this unit, indicator and year already stand in line 4",
        "cell D7: “-3” is less than zero",
        "cell D8: “2024-05-12” is no number, or can be read in two ways; write 1200 or 12,5",
        "cell D9: “=D2” is no number, or can be read in two ways; write 1200 or 12,5",
        "cell D10: “TRUE” is no number, or can be read in two ways; write 1200 or 12,5",
    ]


def test_a_figure_of_a_workbook_is_said_in_the_way_of_the_language(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["unit", "indicator", "year", "value"], ["P1", "meetings", 2024, 1234.5]):
        sheet.append(row)
    path = tmp_path / "plan.xlsx"
    book.save(path)
    with speaking("vi"), pytest.raises(SmallTableError, match="“1234,5”"):
        load_plan(path, ROSTER, FORM)
