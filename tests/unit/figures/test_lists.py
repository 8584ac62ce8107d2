"""What a list comes to in a quarter and in a half-year, and what its sums lack; written out by hand."""

from __future__ import annotations

import io
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest

from reportctl.core.period import Period, Quarter, parse_period
from reportctl.core.table import NOT_APPLICABLE, NOT_ASKED, Subject, Table
from reportctl.figures.list_tables import (
    list_by_unit,
    list_columns,
    list_total_row,
    list_totals_table,
    lists_json,
)
from reportctl.figures.lists import ListFigures, list_figures
from reportctl.figures.merged_workbook import merged_workbook
from reportctl.figures.sources import Sources
from reportctl.form.asked_then import Unasked
from reportctl.form.model import Form, ListSection
from reportctl.report.annexes import Annexes, list_table
from reportctl.report.list_figures import remarks
from reportctl.workspace.units import Roster, Unit
from tests.making.exported import answer
from tests.making.figures import calendar_of
from tests.making.lists import Q1, ListLedger, row
from tests.making.matrix import FORM, ROSTER, UNITS, figures_of

H1 = parse_period("2024-H1")
(PLACES,) = FORM.lists
REGISTER = ListSection.model_validate({**PLACES.model_dump(), "key": "name"})
EVENTS = [
    row("a", 1, name="Một", pupils=10, storeys=2),
    row("a", 2, name="Hai", pupils=20, storeys=3),
    row("b", 1, name="Ba", pupils=5, storeys=1),
]
# The same three places a quarter later, of one of which somebody has left the pupils empty.
LATER = [
    row("a", 1, "2024-Q2", name="Một", pupils=11),
    row("a", 2, "2024-Q2", name="Hai", pupils=None),
    row("b", 1, "2024-Q2", name="Ba", pupils=6),
]


def figures(ledger: ListLedger, section: ListSection = PLACES, period: Period = Q1) -> ListFigures:
    read: Any = ledger
    return list_figures(read, section, calendar_of(ROSTER), period)


def cells(table: Table) -> list[tuple[Any, ...]]:
    return [one.cells for one in table.rows]


def in_the_report(listed: ListFigures) -> Table:
    """The list as the Word report has it."""
    lacking: Any = SimpleNamespace(period=Q1)
    return Annexes(lacking, lacking, lacking, UNITS, {}, (listed,)).listed(listed)


def signed(table: Table) -> list[list[str]]:
    """What stands behind the numbers, row by row."""
    return [[*one.marks.values()] for one in table.rows]


# ---- a quarter


def test_columns_of_a_list_that_are_added_up_have_sums() -> None:
    listed = figures(ListLedger(EVENTS))
    table = list_by_unit(listed, UNITS)
    assert cells(table) == [("1", "Trường A", 2, 30), ("2", "Trường B", 1, 5), ("", "Total", 3, 35)]
    assert table.columns[3].heading == "Học sinh / Nữ"
    assert table.notes == ("All 2 units have reported.",)
    totals = list_totals_table(listed, UNITS)
    assert cells(totals) == [("Number of rows", "", 3), ("Học sinh / Nữ", "", 35)]
    assert signed(totals) == [[], []]
    (said,) = lists_json([listed])
    assert said == {
        "list": "places", "rows": 3, "sums": {"pupils": 35}, "over_time": "sum", "quarters": ["2024-Q1"],
        "missing": {}, "incomplete": [], "not_asked": {},
    }  # fmt: skip
    (said,) = lists_json([figures(ListLedger())])
    assert said["rows"] == 0
    assert said["sums"] == {"pupils": None}
    assert said["missing"] == {"2024-Q1": ["a", "b"]}
    assert said["incomplete"] == ["pupils"]


def test_who_has_not_reported_is_named_and_stands_there_without_figures() -> None:
    listed = figures(ListLedger(EVENTS[:2]))
    table = list_by_unit(listed, UNITS)
    assert cells(table) == [("1", "Trường A", 2, 30), ("2", "Trường B", None, None), ("", "Total", 2, 30)]
    assert "Not reported (1 of 2 units): Trường B." in table.notes
    assert "…: no figure, or no comparison." in table.notes
    assert "Not reported (1 of 2 units): Trường B." in list_totals_table(listed, UNITS).notes
    assert "Not reported (1 of 2 units): Trường B." in list_table(listed, UNITS).notes


def test_of_who_reported_and_listed_nothing_there_are_no_rows() -> None:
    listed = figures(ListLedger(EVENTS[:2], counts={"2024-Q1": {"a", "b"}}))
    table = list_by_unit(listed, UNITS)
    assert cells(table)[1] == ("2", "Trường B", 0, "")
    assert table.notes == ("All 2 units have reported.",)


def test_only_the_kinds_of_units_that_are_asked_can_be_missing() -> None:
    roster = Roster((Unit("a", "Trường A", "unit"), Unit("p", "Báo P", "press")))
    section = ListSection.model_validate({**PLACES.model_dump(), "applies_to": ["press"]})
    ledger: Any = ListLedger()
    listed = list_figures(ledger, section, calendar_of(roster), Q1)
    assert listed.notes({unit.code: unit for unit in roster.units}) == (
        "Not reported (1 of 1 units): Báo P.",
    )


def test_blank_nothing_and_not_applicable_are_three_things_in_every_table_of_rows() -> None:
    some = [
        row("a", 1, name="Một", pupils=0, storeys=2),
        row("a", 2, name="Hai", pupils=None, storeys=1),
        row("b", 1, name="Ba", nothing=["pupils"], pupils=None, storeys=None),
    ]
    listed = figures(ListLedger(some))
    at = [column.key for column in list_columns(PLACES)].index("pupils")
    assert [listed.cells(record)[at] for record in listed.records] == [0, None, NOT_APPLICABLE]
    ledger: Any = ListLedger(some)
    book = openpyxl.load_workbook(io.BytesIO(merged_workbook([], FORM, calendar_of(ROSTER), ledger, Q1)))
    sheet = book["Điểm trường"]
    column = [line[4] for line in sheet.iter_rows(min_row=5, values_only=True)]
    assert [one for one in column if not str(one).startswith("=")][:3] == [0, "…", "n/a"]
    below = {line[0] for line in sheet.iter_rows(values_only=True)}
    assert {"…: left empty, or not readable.", "n/a: does not apply."} <= below
    shown = in_the_report(listed)
    assert [one.cells[-2] for one in shown.rows] == [0, None, NOT_APPLICABLE, 0]
    assert shown.notes[-2:] == ("…: left empty, or not readable.", "n/a: does not apply.")
    assert "n/a: does not apply." in list_by_unit(listed, UNITS).notes
    assert not [note for note in in_the_report(figures(ListLedger(EVENTS))).notes if note[1:2] == ":"]


def test_an_empty_cell_counts_as_nothing_and_the_sums_say_so() -> None:
    """Not what does not apply: of that nothing is lacking."""
    some = [EVENTS[0], row("a", 2, name="Hai", pupils=None), row("b", 1, nothing=["pupils"], pupils=None)]
    listed = figures(ListLedger(some))
    table = list_by_unit(listed, UNITS)
    rows = [("1", "Trường A", 2, 10), ("2", "Trường B", 1, NOT_APPLICABLE), ("", "Total", 3, 10)]
    assert cells(table) == rows
    assert signed(table) == [["(**)"], [], ["(**)"]]
    note = "(**): cells left empty, which are not added: Học sinh / Nữ: 1 (Trường A)."
    assert note in table.notes
    totals = list_totals_table(listed, UNITS)
    assert signed(totals) == [[], ["(**)"]]
    assert note in totals.notes
    assert lists_json([listed])[0]["incomplete"] == ["pupils"]
    row_of_sums = list_total_row(listed, "Total", list_columns(PLACES), leading=0)
    assert row_of_sums.marks == {"pupils": "(**)"}


def test_a_column_that_an_older_workbook_did_not_have_is_empty_there() -> None:
    listed = figures(ListLedger([EVENTS[0], row("b", 1, name="Ba")]))
    assert listed.sums() == {"pupils": 10}
    assert listed.marks() == {"pupils": "(**)"}


@pytest.mark.parametrize("how", ["lost", "imported"])
def test_a_report_without_the_list_is_named(how: str) -> None:
    """It was accepted without it, or it is no report but an imported figure."""
    ledger = ListLedger(EVENTS[:2], {"2024-Q1": {"a", "b"}}, **{how: [("2024-Q1", "b")]})  # type: ignore[arg-type]
    table = list_by_unit(figures(ledger), UNITS)
    assert cells(table)[1:] == [("2", "Trường B", None, None), ("", "Total", 2, 30)]
    assert signed(table)[2] == ["(**)", "(**)"]
    assert "(**): the list is not in the reports of Trường B." in table.notes


# ---- several quarters


def test_of_a_list_of_events_all_quarters_are_added_up() -> None:
    listed = figures(ListLedger([*EVENTS, *LATER]), period=H1)
    assert cells(list_totals_table(listed, UNITS)) == [("Number of rows", "", 6), ("Học sinh / Nữ", "", 52)]
    assert listed.notes(UNITS)[:2] == (
        "Rows of all quarters of the period.",
        "All 2 units have reported in every quarter.",
    )
    table = list_table(listed, UNITS)
    assert [column.key for column in table.columns[:3]] == ["number", "unit", "quarter"]
    assert [(one.cells[1], one.cells[2], one.cells[3]) for one in table.rows] == [
        ("Trường A", "Q1", "Một"), ("Trường A", "Q1", "Hai"), ("Trường B", "Q1", "Ba"),
        ("Trường A", "Q2", "Một"), ("Trường A", "Q2", "Hai"), ("Trường B", "Q2", "Ba"),
    ]  # fmt: skip


def test_of_a_register_the_last_quarter_counts_alone() -> None:
    listed = figures(ListLedger([*EVENTS, *LATER]), REGISTER, H1)
    assert cells(list_totals_table(listed, UNITS)) == [("Number of rows", "", 3), ("Học sinh / Nữ", "", 17)]
    assert listed.notes(UNITS)[0].startswith("Rows of the second quarter of 2024 alone")
    assert [column.key for column in list_table(listed, UNITS).columns[:3]] == ["number", "unit", "name"]
    assert lists_json([listed])[0]["quarters"] == ["2024-Q2"]


def test_of_a_register_the_last_quarter_that_has_any_rows_counts() -> None:
    """Who is missing is said of that quarter."""
    ledger = ListLedger(EVENTS[:2], {"2024-Q1": {"a"}, "2024-Q2": {"a", "b"}})
    listed = figures(ledger, REGISTER, H1)
    assert listed.quarters == (Quarter(2024, 1),)
    assert listed.notes(UNITS)[0].startswith("Rows of the first quarter of 2024 alone")
    assert listed.notes(UNITS)[1] == "Not reported: Q1 2024: Trường B."


def test_a_register_that_lacks_a_unit_in_the_last_quarter_is_marked() -> None:
    """The rows of one quarter of several: who has not reported is lacking in them."""
    listed = figures(ListLedger([*EVENTS, *LATER[:1]]), REGISTER, H1)
    assert signed(list_totals_table(listed, UNITS)) == [["(**)"], ["(**)"]]
    table = list_by_unit(listed, UNITS)
    assert cells(table) == [("1", "Trường A", 1, 11), ("2", "Trường B", None, None), ("", "Total", 1, 11)]
    assert signed(table)[0] == []
    assert signed(table)[2] == ["(**)", "(**)"]
    assert listed.notes(UNITS)[1:] == (
        "Not reported: Q2 2024: Trường B.",
        "(**): lacks figures of Q2 2024: 1\u00a0unit.",
    )
    assert list_total_row(listed, "Total", list_columns(REGISTER), leading=0).marks["pupils"] == "(**)"
    tags = ("places.pupils", "places.rows")
    assert [one.split("”")[0] for one in remarks([listed], tags)] == ["“places.pupils", "“places.rows"]


@pytest.mark.parametrize("period", ["2024-H1", "2024-9M", "2024"])
def test_a_register_of_an_earlier_quarter_says_that_the_later_ones_are_missing(period: str) -> None:
    listed = figures(ListLedger(EVENTS), REGISTER, parse_period(period))
    later = [quarter for quarter in listed.period.quarters if quarter != Q1]
    assert listed.quarters == (Q1,)
    assert signed(list_totals_table(listed, UNITS)) == [["(**)"], ["(**)"]]
    _which, coverage, lacks = listed.notes(UNITS)
    of_each = "; ".join(f"Q{quarter.number} 2024: all units" for quarter in later)
    assert coverage == f"Not reported: {of_each}."
    assert lacks == "(**): lacks figures of {}.".format(of_each.replace("all units", "2\u00a0units"))
    (said,) = lists_json([listed])
    assert said["missing"] == {str(quarter): ["a", "b"] for quarter in later}
    assert said["incomplete"] == ["pupils"]


def test_who_was_missing_before_the_quarter_of_a_register_is_said_and_nothing_lacks() -> None:
    listed = figures(ListLedger([*EVENTS[:2], LATER[0], LATER[2]]), REGISTER, H1)
    assert signed(list_totals_table(listed, UNITS)) == [[], []]
    assert listed.notes(UNITS)[1:] == ("Not reported: Q1 2024: Trường B.",)
    assert lists_json([listed])[0]["missing"] == {}
    assert not [*remarks([listed], ["places.pupils", "places.rows"])]


def test_later_reports_without_the_list_are_named_at_a_register_of_an_earlier_quarter() -> None:
    later = {"2024-Q1": {"a", "b"}, "2024-Q2": {"a", "b"}}
    listed = figures(ListLedger(EVENTS, later, lost=[("2024-Q2", "a"), ("2024-Q2", "b")]), REGISTER, H1)
    assert signed(list_totals_table(listed, UNITS)) == [["(**)"], ["(**)"]]
    assert listed.notes(UNITS)[-1] == "(**): the list is not in the reports of Q2 2024: all units."


def test_who_had_rows_of_a_register_and_lists_none_any_more_is_named() -> None:
    """Nothing lacks in what it says; but rows that are only gone look the same."""
    both = {"2024-Q1": {"a", "b"}, "2024-Q2": {"a", "b"}}
    note = "Rows in an earlier quarter, none any more: Q2 2024: Trường B."
    listed = figures(ListLedger([*EVENTS, LATER[0]], both), REGISTER, H1)
    assert signed(list_totals_table(listed, UNITS)) == [[], []]
    assert listed.notes(UNITS)[1:] == ("All 2 units have reported in every quarter.", note)
    # Also where nobody has any more, so that the earlier quarter counts; not of events, nor of who never had.
    gone = figures(ListLedger(EVENTS, both), REGISTER, H1).notes(UNITS)
    assert gone[-1] == note.replace("Trường B", "all units")
    assert note not in figures(ListLedger([*EVENTS, LATER[0]], both), PLACES, H1).notes(UNITS)
    assert note not in figures(ListLedger([*EVENTS[:2], LATER[0]], both), REGISTER, H1).notes(UNITS)


@pytest.mark.parametrize(
    ("key", "said", "counts"),
    [("", None, "sum"), ("name", None, "last"), ("", "last", "last"), ("name", "sum", "sum")],
)
def test_what_counts_over_time_goes_by_the_key_unless_it_is_said(
    key: str, said: str | None, counts: str
) -> None:
    more = {"over_time": said} if said else {}
    assert ListSection.model_validate({**PLACES.model_dump(), "key": key, **more}).counts == counts


def test_sums_of_a_half_year_that_lack_a_unit_in_one_quarter_are_marked() -> None:
    listed = figures(ListLedger([*EVENTS, LATER[0]]), period=H1)
    table = list_by_unit(listed, UNITS)
    assert cells(table) == [("1", "Trường A", 3, 41), ("2", "Trường B", 1, 5), ("", "Total", 4, 46)]
    assert signed(table) == [[], ["(**)", "(**)"], ["(**)", "(**)"]]
    assert "Not reported: Q2 2024: Trường B." in table.notes
    assert "(**): lacks figures of Q2 2024: 1\u00a0unit." in table.notes


def test_a_column_that_a_quarter_did_not_have_is_said_and_the_sum_is_marked() -> None:
    ledger = ListLedger([*EVENTS, *LATER], unasked={"2024-Q1": {("places", "pupils"): Unasked.NEW}})
    listed = figures(replace(ledger, rows=[*EVENTS, LATER[0], LATER[2]]), period=H1)
    table = list_totals_table(listed, UNITS)
    assert signed(table) == [[], ["(**)"]]
    note = "(**): Q1 2024: the form did not have this column yet: Học sinh / Nữ."
    assert note in table.notes
    shown = list_table(listed, UNITS)
    assert [one.cells[4] for one in shown.rows] == [NOT_ASKED, NOT_ASKED, NOT_ASKED, 11, 6]
    assert note in shown.notes
    assert lists_json([listed])[0]["not_asked"] == {"pupils": ["2024-Q1"]}


def test_a_column_that_no_quarter_had_has_no_sum() -> None:
    ledger = ListLedger(EVENTS, unasked={"2024-Q1": {("places", "pupils"): Unasked.OTHERWISE}})
    listed = figures(ledger)
    assert listed.sums() == {"pupils": NOT_ASKED}
    assert listed.notes(UNITS)[-1].startswith("Q1 2024: column asked otherwise")


def test_a_list_that_a_quarter_did_not_have_has_no_rows_of_it() -> None:
    """Nobody was asked then, so that nobody is missing; how many rows there are is marked too."""
    new = {("places", column.code): Unasked.NEW for column in PLACES.columns}
    ledger = ListLedger(
        [LATER[0], LATER[2]], {"2024-Q1": set(), "2024-Q2": {"a", "b"}}, unasked={"2024-Q1": new}
    )
    listed = figures(ledger, period=H1)
    assert signed(list_totals_table(listed, UNITS)) == [["(**)"], ["(**)"]]
    assert listed.notes(UNITS)[1:] == (
        "All 2 units have reported in every quarter.",
        "(**): Q1 2024: the form did not have this column yet: everything in this table.",
    )
    assert listed.given() == ("a", "b")


def test_who_has_given_all_of_a_column() -> None:
    ledger = ListLedger([*EVENTS[:1], row("b", 1, pupils=None, storeys=1)], {"2024-Q1": {"a", "b"}})
    listed = figures(ledger)
    assert (listed.given(), listed.given("pupils"), listed.given("storeys")) == (
        ("a", "b"),
        ("a",),
        ("a", "b"),
    )
    assert figures(ListLedger(EVENTS[:1])).given() == ("a",)


# ---- where else it stands


def test_the_merged_workbook_adds_up_lists_by_unit_and_in_all_with_formulas() -> None:
    ledger: Any = ListLedger(EVENTS)
    form = Form.model_validate({**FORM.model_dump(by_alias=True), "texts": ()})
    data = merged_workbook([], form, calendar_of(ROSTER), ledger, Q1)
    values, formulas = (
        openpyxl.load_workbook(io.BytesIO(data), data_only=kept)["Điểm trường"] for kept in (True, False)
    )
    rows = [[cell.value for cell in line] for line in values.iter_rows(min_row=5, max_row=9)]
    column = [line[4] for line in rows]
    assert column == [10, 20, 30, 5, 35]
    assert [line[1] for line in rows][2::2] == ["Total: Trường A", "Total"]
    assert [line[5] for line in rows][2::2] == [None, None]  # storeys are not added up
    written = [formulas.cell(line, 5).value for line in (7, 9)]
    assert written == ["=SUM(E5:E6)", "=SUM(E5:E6,E8:E8)"]
    notes = [line[0] for line in values.iter_rows(min_row=10, values_only=True) if line[0]]
    assert notes == ["All 2 units have reported."]


def sources(form: Form) -> Sources:
    records = [
        replace(answer(e.unit, code, e.values[code]), list_code="places", number=e.number)
        for e in EVENTS
        for code in ("pupils", "storeys")
    ]
    records.append(replace(records[0], period=Quarter(2023, 4)))
    return Sources(form, calendar_of(ROSTER), figures_of(), records, (), {})


def test_the_sum_of_a_lists_column_rests_on_the_rows_of_the_period() -> None:
    total = list_total_row(figures(ListLedger(EVENTS)), "Total", list_columns(PLACES), leading=0)
    assert total.about == Subject("places", ("a", "b"))
    basis = sources(FORM).of_list_sum("places", "pupils")
    assert [(cell.unit, cell.number, cell.value) for cell in basis.sources] == [
        ("a", 1, 10),
        ("a", 2, 20),
        ("b", 1, 5),
    ]
    assert basis.periods == ("2024-Q1",)


def test_of_a_register_it_rests_on_the_quarter_that_counts() -> None:
    records = [
        replace(
            answer(e.unit, "pupils", e.values["pupils"]), list_code="places", number=e.number, period=e.period
        )
        for e in (*EVENTS, *LATER)
    ]
    register = Form.model_validate({**FORM.model_dump(by_alias=True), "lists": [REGISTER.model_dump()]})
    of_half_year = replace(figures_of(), period=H1)
    found = Sources(register, calendar_of(ROSTER), of_half_year, records, (), {})
    assert [cell.value for cell in found.of_list_sum("places", "pupils").sources] == [11, 6]
    assert len(found.of_list_rows("places", H1, {"a", "b"}).sources) == 2  # of those with a value
    both = replace(found, form=FORM)
    assert sorted(cell.value for cell in both.of_list_sum("places", "pupils").sources) == [5, 6, 10, 11, 20]  # type: ignore[type-var]
