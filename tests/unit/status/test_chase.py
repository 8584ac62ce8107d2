"""The chasing list, read back by openpyxl, and the messages, written out by hand."""

from __future__ import annotations

import datetime as dt
import io
import json

import openpyxl

from reportctl.core.findings import Finding, finding
from reportctl.core.period import Quarter
from reportctl.core.table import Role
from reportctl.form.model import Form
from reportctl.status.chase import (
    SHOWN_ERRORS,
    chasing_table,
    chasing_workbook,
    reminders,
    reminders_json,
    reminders_table,
    reminders_text,
)
from reportctl.status.status import Status, UnitState, UnitStatus
from reportctl.workspace.settings import Settings

FORM = Form.model_validate(
    {
        "id": "f",
        "title": "f",
        "kinds": [{"code": "district", "title": "Huyện"}, {"code": "press", "title": "Báo"}],
        "sections": [
            {
                "code": "all",
                "title": "Tất cả",
                "indicators": [{"code": "meetings", "label": "Cuộc họp", "label_en": "Meetings"}],
            }
        ],
    }
)
DUE = dt.date(2024, 3, 17)
BEFORE, AFTER = dt.date(2024, 3, 12), dt.date(2024, 3, 18)


def unit(code: str, state: UnitState, received: dt.date | None = None, **more: object) -> UnitStatus:
    fields: dict[str, object] = {
        "name": f"Huyện {code.upper()}", "kind": "district", "deadline": DUE, "late": False, "filled": 3,
        "of": 4, "contact": "", "file": f"{code}.xlsx",
    }  # fmt: skip
    return UnitStatus(unit=code, state=state, received=received, **(fields | more))  # type: ignore[arg-type]


STATUS = Status(
    Quarter(2024, 1),
    (
        unit("a", "accepted", BEFORE),
        unit("b", "rejected", BEFORE, contact="=Bà {B}, 0912"),
        unit("c", "missing", filled=0, late=True, file="", contact="+84 912"),
        unit("d", "warned", AFTER, late=True),
    ),
)


def error(code: str = "not_whole", file: str | None = "b.xlsx", **more: str) -> Finding:
    fields = {"unit": "b", "sheet": "Số liệu", "cell": "F7", "indicator": "meetings", "value": "1.5"}
    return finding(code, file=file, measure="times", **(fields | more))


ERROR = error()


# ---- the list


def test_units_stand_in_groups_those_to_chase_first() -> None:
    table = chasing_table(STATUS, FORM, [ERROR])
    assert [row.cells[1] if row.role is Role.SECTION else row.cells[:2] for row in table.rows] == [
        "Not received (1)", ("1", "c"), "Rejected (1)", ("2", "b"), "Accepted (2)", ("3", "a"), ("4", "d"),
    ]  # fmt: skip
    keys = [column.key for column in table.columns]
    rejected = dict(zip(keys, table.rows[3].cells, strict=True))
    assert rejected == {
        "number": "2", "unit": "b", "name": "Huyện B", "kind": "Huyện", "state": "rejected (1 error)",
        "deadline": DUE, "received": BEFORE, "late": "", "filled": "3/4", "contact": "=Bà {B}, 0912",
    }  # fmt: skip
    assert table.notes[0] == "Deadline: 17\u00a0Mar 2024."


def test_empty_groups_are_left_out() -> None:
    table = chasing_table(Status(Quarter(2024, 1), (unit("a", "accepted", BEFORE),)), FORM, [])
    assert [row.cells[1] for row in table.rows if row.role is Role.SECTION] == ["Accepted (1)"]


def test_the_list_can_be_printed_and_written_on() -> None:
    book = openpyxl.load_workbook(io.BytesIO(chasing_workbook(STATUS, FORM, [ERROR])))
    sheet = book["Chasing list"]
    assert sheet["A1"].value == "Chasing list, first quarter of 2024"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight == 0  # as many pages as it takes
    assert sheet.print_title_rows == "$3:$3"
    headings = [cell.value for cell in sheet[3]]
    assert headings[-2:] == ["Contact", "Notes of calls"]
    lines = {row[1].value: row for row in sheet.iter_rows(min_row=4)}
    assert lines["c"][5].value == dt.datetime(2024, 3, 17)
    assert [lines[code][9].value for code in "abc"] == [None, "=Bà {B}, 0912", "+84 912"]
    assert {lines[code][9].data_type for code in "bc"} == {"s"}  # text, whatever it begins with
    assert [lines[code][10].value for code in "abcd"] == [None] * 4
    assert sheet.column_dimensions["K"].width > 20  # room to write


def test_the_list_is_the_same_whenever_it_is_made() -> None:
    assert chasing_workbook(STATUS, FORM, [ERROR]) == chasing_workbook(STATUS, FORM, [ERROR])


# ---- messages


def settings(resend_days: int = 2, issuer: str = "Ban Tuyên giáo") -> Settings:
    return Settings.model_validate({"issuer": {"name": issuer}, "deadlines": {"resend_days": resend_days}})


def messages(
    today: dt.date, *findings: Finding, resend_days: int = 2, by: dt.date | None = None
) -> dict[str, str]:
    found = reminders(STATUS, FORM, findings, settings(resend_days), today, by)
    return {reminder.unit.unit: reminder.message for reminder in found}


def test_only_units_without_a_report_that_counts_are_reminded() -> None:
    assert messages(AFTER).keys() == {"b", "c"}


def test_what_is_said_to_a_unit_of_which_nothing_came() -> None:
    assert messages(DUE)["c"].splitlines() == [
        "To: Huyện C",
        "Ban Tuyên giáo has not received your report of the first quarter of 2024 yet. Please fill in the "
        "workbook and send it by 17\u00a0Mar 2024 at the latest.",
        "Thank you.",
    ]
    assert messages(AFTER)["c"].splitlines()[1] == (
        "Your report of the first quarter of 2024 was due on 17\u00a0Mar 2024 and has not reached Ban Tuyên "
        "giáo. Please send the completed workbook by 20\u00a0Mar 2024 at the latest; if something stands in "
        "the way, please let us know."
    )


def test_what_is_said_to_a_unit_whose_report_was_rejected() -> None:
    assert messages(AFTER, ERROR)["b"].splitlines() == [
        "To: Huyện B",
        "Your report of the first quarter of 2024, received on 12\u00a0Mar 2024, is not in the figures yet, "
        "because of this:",
        "1. Cell F7 of the sheet “Số liệu”, Meetings: 1.5 is no whole number; count whole times only.",
        "Please put it right in the workbook you sent and send it again by 20\u00a0Mar 2024 at the latest "
        "(it was due on 17\u00a0Mar 2024).",
        "Thank you.",
    ]
    assert "by 17\u00a0Mar 2024 at the latest" in messages(DUE, ERROR)["b"]


def test_by_when_it_is_to_be_sent_is_never_past() -> None:
    assert "send it by 17\u00a0Mar 2024 at the latest." in messages(DUE, ERROR)["c"]
    assert "workbook today, 18\u00a0Mar 2024; if" in messages(AFTER, ERROR, resend_days=0)["c"]
    assert "again today, 18\u00a0Mar 2024 (it was due on" in messages(AFTER, ERROR, resend_days=0)["b"]
    assert "by 25\u00a0Mar 2024 at the latest" in messages(AFTER, ERROR, resend_days=7)["b"]
    named = messages(BEFORE, ERROR, by=dt.date(2024, 3, 14))  # before the deadline, too
    assert all("by 14\u00a0Mar 2024 at the latest." in named[code] for code in "bc")
    late = messages(AFTER, ERROR, by=dt.date(2024, 3, 22))
    assert all("by 22\u00a0Mar 2024 at the latest" in late[code] for code in "bc")
    assert all("due on 17\u00a0Mar 2024" in late[code] for code in "bc")


def test_who_sent_something_that_is_not_merged_is_not_reminded() -> None:
    waiting = Status(Quarter(2024, 1), (unit("b", "unmerged", unmerged=("b.xlsx",)), unit("c", "missing")))
    assert [r.unit.unit for r in reminders(waiting, FORM, [ERROR], settings(), AFTER)] == ["c"]
    rows = chasing_table(waiting, FORM, [ERROR]).rows
    assert [row.cells[1] for row in rows] == ["Not received (1)", "c", "Received, not merged yet (1)", "b"]


def test_only_errors_of_what_came_last_are_named() -> None:
    others = [
        error(file="b-before.xlsx", cell="F8"),
        error("number_as_text", cell="F9", read="1"),
        error(unit="a", cell="F10"),
    ]
    said = messages(AFTER, *others, ERROR, ERROR)["b"]
    assert "F7" in said
    assert not {"F8", "F9", "F10"} & set(said.replace(" ", ",").split(","))
    assert "2. " not in said


def test_many_errors_are_counted() -> None:
    errors = [error(cell=f"F{n}") for n in range(SHOWN_ERRORS + 2)]
    lines = messages(AFTER, *errors)["b"].splitlines()
    assert lines[SHOWN_ERRORS + 1].startswith("5. ")
    assert lines[SHOWN_ERRORS + 2] == "and 2 more mistakes."


def test_errors_of_the_whole_file_and_two_files_of_one_day() -> None:
    empty = finding("empty_file", unit="b", file="b.xlsx")
    tie = finding("tie", unit="b", file="b.xlsx", count=2)
    lines = messages(AFTER, empty, tie)["b"].splitlines()
    assert lines[2] == "1. The file is empty (0 bytes); send it again."
    assert lines[3] == "2. Several different files came on the same day; please say which one counts."


def test_messages_stand_below_whom_to_reach() -> None:
    found = reminders(STATUS, FORM, [ERROR], settings(issuer=""), AFTER)
    text = reminders_text(found)
    assert "--- Huyện B (b) · =Bà {B}, 0912 ---\n\nTo: Huyện B\n" in text
    assert text.index("Huyện B (b)") < text.index("Huyện C (c)")
    assert reminders_text(()) == "There is nobody to remind.\n"
    said = json.loads(json.dumps(reminders_json(STATUS, found)))
    assert said["period"] == "2024-Q1"
    assert [(r["unit"], r["state"]) for r in said["reminders"]] == [("b", "rejected"), ("c", "missing")]
    assert [row.cells[-1] for row in reminders_table(STATUS, found).rows] == [r.message for r in found]
