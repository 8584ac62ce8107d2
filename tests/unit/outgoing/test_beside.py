"""What the columns of tables show that the program fills in: of which quarters, of whom, and why nothing."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from reportctl.core import language
from reportctl.core.period import Quarter
from reportctl.form.form_file import parse_form
from reportctl.form.model import Form
from reportctl.form.tables import ColumnRole
from reportctl.outgoing.beside import Known, of_columns, shown_cells
from reportctl.outgoing.previous import Earlier, of_earlier_quarter
from reportctl.workspace.units_by_period import Calendar
from tests.making.regrouped import BEFORE, NOW, ROSTER, ledger_of

TOML = """
id = "t"
title = "Bảng"
kinds = [
  { code = "old", title = "Xã cũ" },
  { code = "small", title = "Xã nhỏ" },
  { code = "new", title = "Xã" },
]
[[tables]]
code = "t"
title = "Bảng"
columns = [
  { code = "all", label = "Tổng", sum = "men + women", computed = true },
  { code = "men", label = "Nam" },
  { code = "women", label = "Nữ" },
  { code = "before", label = "Nữ", under = ["Quý trước"], is = "previous" },
  { code = "ago", label = "Tổng", under = ["Cùng kỳ"], is = "year_ago" },
  { code = "year", label = "Nữ", under = ["Lũy kế"], is = "to_date" },
  { code = "plan", label = "Tổng", under = ["Kế hoạch"], is = "plan" },
]
rows = [
  { code = "flow", label = "Phát sinh" },
  { code = "stock", label = "Hiện có", over_time = "last" },
]
"""
FORM = parse_form(TOML)
FIRST, AGO = Quarter(2025, 1), Quarter(2024, 3)
FLOW, STOCK = "t.flow.women", "t.stock.women"


def shown(
    told: Mapping[Quarter, Mapping[str, Mapping[str, object]]],
    unit: str,
    role: ColumnRole,
    form: Form = FORM,
) -> Mapping[str, Known]:
    """What stands in the columns that are `role` in the unit's workbook of the third quarter of 2025."""
    calendar = Calendar(ROSTER, "decree")
    asked = ROSTER.on(calendar.day(NOW))[unit]
    plan = {(unit, "t.flow.all", 2025): 90, (unit, "t.stock.all", 2024): 5}
    with language.speaking("vi"), ledger_of(told) as ledger:
        (found,) = of_columns(ledger, form, calendar, NOW, [asked], plan)
    return found[role]


def test_each_column_shows_the_asked_column_with_its_heading() -> None:
    roles: tuple[ColumnRole, ...] = ("previous", "year_ago", "to_date", "plan")
    assert {role: [cell.code for cell in shown_cells(FORM, role)] for role in roles} == {
        "previous": [FLOW, STOCK],
        "year_ago": ["t.flow.all", "t.stock.all"],
        "to_date": [FLOW, STOCK],
        "plan": ["t.flow.all", "t.stock.all"],
    }


def test_the_same_quarter_last_year() -> None:
    answers = {"t.flow.all": 12, "t.stock.all": "KAD", FLOW: 3}
    assert shown({AGO: {"same": answers}}, "same", "year_ago") == {
        "t.flow.all": Known((12,)),
        "t.stock.all": Known(("KAD",), "Cùng kỳ năm trước: không áp dụng (KAD)"),
    }


def test_sums_of_predecessors_are_added_up_too() -> None:
    told = {AGO: {"a": {"t.flow.all": 12}, "b": {"t.flow.all": 30, "t.stock.all": 1}}}
    assert shown(told, "ab", "year_ago") == {
        "t.flow.all": Known((42,), "Cùng kỳ năm trước: là số của Xã A, Xã B"),
        "t.stock.all": Known(None, "Cùng kỳ năm trước: báo cáo của Xã A không có số này"),
    }


def test_a_new_unit_has_no_year_ago() -> None:
    found = shown({AGO: {"a": {"t.flow.all": 1}}}, "e", "year_ago")["t.flow.all"]
    assert found == Known(None, "Cùng kỳ năm trước: không có số (đơn vị mới)")


@pytest.mark.parametrize(
    ("first", "second", "known"),
    [
        (3, 4, Known((3, 4))),
        (3, "KAD", Known((3,))),
        ("KAD", "KAD", Known(())),
        (3, None, Known(None, "Lũy kế, Quý\u00a0II/2025: báo cáo của đơn vị không có số này")),
        ("?", 4, Known(None, "Lũy kế, Quý\u00a0I/2025: báo cáo của đơn vị không có số này")),
    ],
)
def test_the_year_to_date_needs_every_earlier_quarter(first: object, second: object, known: Known) -> None:
    told = {FIRST: {"same": {FLOW: first}}, BEFORE: {"same": {FLOW: second}}}
    found = shown(told, "same", "to_date")
    assert found[FLOW] == known
    assert found[STOCK] == Known(())  # what counts at the end is this quarter's alone


@pytest.mark.parametrize("over_time", ["mean", "min", "max"])
@pytest.mark.parametrize(
    ("first", "second", "figures", "lacking"),
    [(3, 4, (3, 4), []), (None, 4, (4,), ["I"]), (3, "?", (3,), ["II"]), (None, None, (), ["I", "II"])],
)
def test_means_and_extremes_to_date_are_of_the_quarters_there_are(
    over_time: str,
    first: object,
    second: object,
    figures: tuple[int, ...],
    lacking: list[str],
) -> None:
    text = TOML.replace('label = "Phát sinh" }', f'label = "Phát sinh", over_time = "{over_time}" }}')
    told = {FIRST: {"same": {FLOW: first}}, BEFORE: {"same": {FLOW: second}}}
    found = shown(told, "same", "to_date", parse_form(text))[FLOW]
    assert found.figures == figures
    said = [f"Lũy kế, Quý\u00a0{n}/2025: báo cáo của đơn vị không có số này" for n in lacking]
    assert found.note.splitlines() == said


def test_the_year_to_date_of_a_unit_that_was_not_there_begins_with_it() -> None:
    told = {FIRST: {"same": {FLOW: 1}}, BEFORE: {"same": {FLOW: 1}}}
    assert shown(told, "e", "to_date")[FLOW] == Known(())


def test_a_quarter_without_any_report_leaves_the_year_to_date_open() -> None:
    note = "Lũy kế, Quý\u00a0I/2025: chưa có báo cáo được tiếp nhận của đơn vị"
    assert shown({BEFORE: {"same": {FLOW: 1}}}, "same", "to_date")[FLOW] == Known(None, note)


def test_the_plan_of_the_year() -> None:
    assert shown({}, "same", "plan") == {
        "t.flow.all": Known((90,)),
        "t.stock.all": Known(None, "Kế hoạch năm 2025: đơn vị chưa được giao"),
    }


def test_of_the_quarter_before_only_cells_that_are_shown_are_looked_up() -> None:
    calendar = Calendar(ROSTER, "decree")
    unit = ROSTER.on(calendar.day(NOW))["same"]
    told = {BEFORE: {"same": {FLOW: 3, STOCK: 4, "t.flow.men": 9}}}
    with ledger_of(told) as ledger:
        cells = shown_cells(FORM, "previous")
        (found,) = of_earlier_quarter(ledger, FORM, calendar, NOW, [unit], cells)
    assert found == {FLOW: Earlier(3), STOCK: Earlier(4)}
