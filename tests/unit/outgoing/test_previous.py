"""What stands under “Quý trước” after units were regrouped, and what is said where nothing stands there."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from typing import Any

import openpyxl
import pytest

from reportctl.core import language
from reportctl.core.period import Quarter
from reportctl.form.form_file import parse_form
from reportctl.outgoing import page
from reportctl.outgoing.previous import Earlier, Gap, of_earlier_quarter
from reportctl.outgoing.template import LANGUAGE, workbook
from reportctl.workspace.units import Roster, Unit
from reportctl.workspace.units_by_period import Calendar
from tests.making.regrouped import BEFORE, FORM, NOW, ROSTER, WHOLE, ledger_of

A: dict[str, object] = {
    "stories": 30, "spent": 0.1, "budget": 1, "share": 0.1, "hours": 2.0, "least": 4.0, "most": 0.5,
    "planned": 1, "stage": "Một", "visits": 500,
}  # fmt: skip
B: dict[str, object] = {
    "stories": 12, "spent": 0.2, "budget": 3, "share": 0.2 / 3, "hours": 6.0, "least": 3.5, "most": 0.75,
    "planned": 1, "stage": "Một", "visits": 70,
}  # fmt: skip


def shown(
    told: Mapping[str, Mapping[str, object]], code: str = "ab", roster: Roster = ROSTER
) -> dict[str, Earlier]:
    """What the workbook of the unit shows for the third quarter after `told` was the second's."""
    calendar = Calendar(roster, "decree")
    unit = roster.on(calendar.day(NOW))[code]
    with ledger_of({BEFORE: told}) as ledger:
        (found,) = of_earlier_quarter(ledger, FORM, calendar, NOW, [unit])
    return found


def values(found: Mapping[str, Earlier]) -> dict[str, Any]:
    return {code: one.value if one.gap is None else one.gap for code, one in found.items()}


def test_a_union_shows_what_its_predecessors_come_to() -> None:
    found = shown({"a": A, "b": B})
    assert values(found) == {
        "stories": 42,
        "spent": 0.3,  # as people add: a tenth and two tenths
        "budget": 4,
        "share": 0.075,  # 0.3 of 4
        "hours": Gap.REGROUPED,
        "least": 3.5,
        "most": 0.75,
        "planned": Gap.REGROUPED,
        "stage": Gap.REGROUPED,
        "visits": 570,
        "fresh": Gap.NOT_ASKED,
    }
    assert all(one.of == ("Xã A", "Xã B") for one in found.values() if one.gap is None)


def test_one_predecessor_hands_everything_down() -> None:
    found = shown({"d": {**B, "fresh": 9}}, "bd")
    expected = {code: value for code, value in B.items() if code != "stories"}
    assert {code: one.value for code, one in found.items() if one.gap is None} == expected
    assert found["stories"].gap is Gap.NOT_ASKED  # of the small ones
    assert found["hours"].of == ("Xã D",)


def test_a_unit_that_stayed_shows_its_own_without_a_word() -> None:
    found = shown({"same": {**A, "fresh": 0}}, "same")
    assert values(found) == {**A, "fresh": 0}
    assert {one.note() for one in found.values()} == {""}


@pytest.mark.parametrize(
    ("a", "b", "stories", "of"),
    [
        (30, "KAD", 30, ("Xã A", "Xã B")),
        ("KAD", "KAD", Gap.NOT_APPLICABLE, ()),
        (30, None, Gap.NO_FIGURE, ("Xã B",)),
        ("?", None, Gap.NO_FIGURE, ("Xã A", "Xã B")),
        (None, "KAD", Gap.NO_FIGURE, ("Xã A",)),
        (0, 0, 0, ("Xã A", "Xã B")),
    ],
)
def test_what_does_not_apply_counts_for_nothing_and_what_is_missing_for_no_sum(
    a: object, b: object, stories: object, of: tuple[str, ...]
) -> None:
    found = shown({"a": {"stories": a}, "b": {"stories": b}})["stories"]
    assert (found.value if found.gap is None else found.gap, found.of) == (stories, of)


def test_a_predecessor_that_was_not_asked_answered_with_nothing() -> None:
    told = {"a": A, "b": B, "d": {"spent": 5, "budget": 6}}
    found = shown(told, roster=WHOLE)
    assert (found["stories"].value, found["spent"].value, found["budget"].value) == (42, 5.3, 10)
    assert found["share"].value == 0.53
    found = shown({"a": A, "b": B}, roster=WHOLE)
    assert (found["stories"].value, found["spent"].gap) == (42, Gap.NOT_REPORTED)
    assert (found["spent"].of, found["share"].of) == (("Xã D",), ("Xã D",))


def test_a_share_of_imported_figures_is_worked_out() -> None:
    found = shown({"same": {"spent": 1, "budget": 8}}, "same")["share"]
    assert (found.value, found.of) == (0.125, ())


def test_a_share_needs_both_of_its_figures_of_all() -> None:
    found = shown({"a": A, "b": {**B, "budget": None}})
    assert (found["spent"].value, found["share"].gap, found["share"].of) == (0.3, Gap.NO_FIGURE, ("Xã B",))
    found = shown({"a": {**A, "budget": 0}, "b": {**B, "budget": 0}})
    assert found["share"].gap is Gap.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("told", "code", "gap", "note"),
    [
        ({"a": A}, "ab", Gap.NOT_REPORTED, "Quý trước: chưa có báo cáo được tiếp nhận của Xã B"),
        ({"a": A}, "same", Gap.NOT_REPORTED, "Quý trước: chưa có báo cáo được tiếp nhận của đơn vị"),
        (
            {"a": A, "c": A},
            "c1",
            Gap.REGROUPED,
            "Quý trước: không so sánh được (do sắp xếp đơn vị hành chính)",
        ),
        (
            {"a": A, "c": A},
            "c2",
            Gap.REGROUPED,
            "Quý trước: không so sánh được (do sắp xếp đơn vị hành chính)",
        ),
        ({"a": A}, "e", Gap.NEW, "Quý trước: không có số (đơn vị mới)"),
        ({"same": {"stories": None}}, "same", Gap.NO_FIGURE, "Quý trước: báo cáo của đơn vị không có số này"),
        ({"same": {"stories": "KAD"}}, "same", Gap.NOT_APPLICABLE, "Quý trước: không áp dụng (KAD)"),
    ],
)
def test_why_nothing_is_shown(
    told: Mapping[str, Mapping[str, object]], code: str, gap: Gap, note: str
) -> None:
    found = shown(told, code)
    assert set(found) == set(FORM.indicators)
    with language.speaking("vi"):
        assert (found["stories"].gap, found["stories"].note()) == (gap, note)
    for each in Gap:
        with language.speaking("en"):
            english = Earlier(gap=each).note()
        with language.speaking("vi"):
            assert english != Earlier(gap=each).note() != ""


def test_where_nothing_is_known_of_the_quarter_before_nothing_is_said() -> None:
    assert shown({}) == {}


# In the workbook.


CUMULATIVE = parse_form(
    'id = "q"\ntitle = "Báo cáo"\nkinds = [{ code = "new", title = "Xã" }]\n'
    '[[sections]]\ncode = "s"\ntitle = "Chung"\n'
    '[[sections.indicators]]\ncode = "visits"\nlabel = "Lượt truy cập"\ncumulative = true\n'
    'over_time = "last"\n'
    '[[sections.indicators]]\ncode = "stories"\nlabel = "Tin, bài"\n'
)


def cells(
    quarter: Quarter, previous: dict[str, float | str], notes: Mapping[str, str]
) -> tuple[dict[str, tuple[object, str | None]], list[str], str]:
    """Value and note of each cell under “Quý trước”, all steps of the guide, what the first cell asks for."""
    unit, day = Unit("ab", "Xã AB", "new"), dt.date(2025, 9, 17)
    sending = page.Dispatch(CUMULATIVE, unit, quarter, quarter.window(), day, "Ban")
    book = openpyxl.load_workbook(io.BytesIO(workbook(sending, previous, notes)))
    sheet = book["Số liệu"]
    found = {
        str(row[0].value): (row[4].value, row[4].comment.text if row[4].comment else None)
        for row in sheet.iter_rows(min_row=8)
        if row[0].value
    }
    told = [str(cell.value) for row in book["Hướng dẫn"].iter_rows() for cell in row if cell.value]
    return found, told, next(v.prompt for v in sheet.data_validations.dataValidation if "F8" in v.sqref)


def test_the_note_stands_on_the_blank_cell() -> None:
    note = "Quý trước: không so sánh được (do sắp xếp đơn vị hành chính)"
    found, told, _prompt = cells(
        NOW, {"stories": 42}, {"visits": note, "stories": "Quý trước: là số của Xã A"}
    )
    assert found == {"visits": (None, note), "stories": (42, "Quý trước: là số của Xã A")}
    assert any("Ghi chú ở từng ô cho biết" in step for step in told)
    found, told, _prompt = cells(NOW, {"stories": 42}, {})
    assert found == {"visits": (None, None), "stories": (42, None)}
    assert not any("Ghi chú ở từng ô cho biết" in step for step in told)


def test_a_figure_from_the_beginning_of_the_year_says_so() -> None:
    found, told, prompt = cells(NOW, {"visits": 570}, {"visits": "Quý trước: là số của Xã A, Xã B"})
    assert found["visits"] == (
        570,
        "Quý trước: là số của Xã A, Xã B\nLà số lũy kế từ đầu năm đến hết quý đó.",
    )
    assert any("lũy kế từ đầu năm, không phải số riêng của quý: “Lượt truy cập”" in step for step in told)
    assert "Ghi số lũy kế từ đầu năm." in prompt
    found, _told, _prompt = cells(Quarter(2026, 1), {"visits": 900, "stories": 3}, {})
    assert found == {
        "visits": (900, "Là số lũy kế cả năm trước; năm nay tính lại từ đầu năm."),
        "stories": (3, None),
    }


def test_notes_come_in_the_language_of_the_workbook() -> None:
    assert LANGUAGE == "vi"
    language.use("en")
    note = {"visits": Earlier(gap=Gap.NEW).note()}
    assert cells(NOW, {}, note)[0]["visits"] == (None, "Previous quarter: there is none, the unit is new")
