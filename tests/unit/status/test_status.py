"""Who has sent what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import pytest

from reportctl.core.finding_kinds import Severity
from reportctl.core.findings import Finding, finding
from reportctl.core.period import Quarter, parse_period
from reportctl.form.model import Form
from reportctl.ledger.rows import SubmissionRecord
from reportctl.status.status import (
    Status,
    UnitStatus,
    UnmergedFile,
    counts_in_words,
    doubts_in_words,
    next_step,
    reporting_table,
    some_names,
    status,
    status_json,
    status_table,
)
from reportctl.workspace.settings import Deadline, Settings
from reportctl.workspace.units import Roster, Unit
from tests.making.figures import calendar_of

FORM = Form.model_validate(
    {
        "id": "f",
        "title": "f",
        "kinds": [{"code": "district", "title": "Huyện"}, {"code": "press", "title": "Báo"}],
        "sections": [
            {
                "code": "all",
                "title": "Tất cả",
                "indicators": [
                    {"code": "a_a", "label": "A"},
                    {"code": "b_b", "label": "B", "applies_to": ["press"]},
                    {
                        "code": "c_c",
                        "label": "C",
                        "numerator": "a_a",
                        "denominator": "b_b",
                        "over_units": "ratio",
                        "over_time": "ratio",
                    },
                ],
            }
        ],
        "texts": [{"code": "t_t", "label": "T"}],
    }
)
ROSTER = Roster(
    (
        Unit("a", "Huyện A", "district", contact="0912"),
        Unit("b", "Huyện B", "district"),
        Unit("p", "Báo P", "press"),
        Unit("old", "Huyện cũ", "district", valid_to=dt.date(2023, 1, 1)),
    )
)
Q1 = Quarter(2024, 1)
# The window ends on 14 March; districts may take three days more, the press six.
SETTINGS = Settings(deadlines={"default": Deadline(days_after=3), "press": Deadline(days_after=6)})
IN_TIME, LATE = dt.date(2024, 3, 17), dt.date(2024, 3, 18)


def came(
    unit: str | None, received: dt.date, verdict: str = "accepted", *, counts: bool = True
) -> SubmissionRecord:
    return SubmissionRecord(Q1, unit, f"{unit}.xlsx", "0" * 64, received, None, verdict, counts, 3, 4)


def standing_of(
    *submissions: SubmissionRecord,
    today: dt.date = LATE,
    imported: frozenset[str] = frozenset(),
    closed: bool = False,
    unread: Collection[tuple[str | None, str, str]] = (),
    unmerged: Sequence[UnmergedFile] = (),
    found: Sequence[Finding] = (),
) -> Status:
    class FakeLedger:
        def submissions(self, quarter: Quarter) -> list[SubmissionRecord]:
            return [s for s in submissions if s.period == quarter]

        def counting(self, quarter: Quarter) -> set[str | None]:
            return {s.unit for s in self.submissions(quarter) if s.counts} | imported

        def is_closed(self, _quarter: Quarter) -> bool:
            return closed

        def files_with(self, _quarter: Quarter, kinds: Collection[str]) -> set[tuple[str | None, str]]:
            return {(code, file) for code, file, kind in unread if kind in kinds}

        def findings(self, _quarter: Quarter, kinds: Collection[str]) -> list[Finding]:
            return [one for one in found if one.code in kinds]

    ledger: Any = FakeLedger()
    calendar = calendar_of(ROSTER)
    return status(ledger, FORM, calendar, Q1, settings=SETTINGS, today=today, unmerged=unmerged)


def unit(found: Status, code: str) -> UnitStatus:
    return next(u for u in found.units if u.unit == code)


@pytest.mark.parametrize(
    ("submissions", "state", "received", "late"),
    [
        ([], "missing", None, True),
        ([came("a", IN_TIME)], "accepted", IN_TIME, False),
        ([came("a", LATE, "warned")], "warned", LATE, True),
        ([came("a", IN_TIME, "rejected", counts=False)], "rejected", IN_TIME, False),
        ([came("a", LATE, "rejected", counts=False)], "rejected", LATE, True),
        # A later rejected one: the earlier one counts.
        ([came("a", IN_TIME, "warned"), came("a", LATE, "rejected", counts=False)], "warned", IN_TIME, False),
        # In time first, put right later: not late, but the date is that of what counts.
        ([came("a", IN_TIME, "warned", counts=False), came("a", LATE)], "accepted", LATE, False),
        # Rejected in time, acceptable late: late.
        ([came("a", IN_TIME, "rejected", counts=False), came("a", LATE)], "accepted", LATE, True),
        # Taken in spite of its errors.
        ([came("a", IN_TIME, "rejected")], "warned", IN_TIME, False),
        # Two of the same date: neither counts.
        ([came("a", IN_TIME, counts=False), came("a", IN_TIME, counts=False)], "rejected", IN_TIME, False),
        # A scan is no report.
        ([came("a", IN_TIME, "ignored", counts=False)], "missing", None, True),
    ],
)
def test_states(
    submissions: Sequence[SubmissionRecord], state: str, received: dt.date | None, late: bool
) -> None:
    found = unit(standing_of(*submissions), "a")
    assert (found.state, found.received, found.late) == (state, received, late)


def test_a_unit_whose_figures_were_imported_is_not_missing() -> None:
    found = standing_of(imported=frozenset("a"))
    assert (unit(found, "a").state, unit(found, "a").received, unit(found, "a").late) == (
        "accepted",
        None,
        False,
    )
    assert unit(found, "b").state == "missing"
    rejected = standing_of(came("a", IN_TIME, "rejected", counts=False), imported=frozenset("a"))
    assert unit(rejected, "a").state == "rejected"


def test_a_missing_unit_is_late_after_its_own_deadline() -> None:
    assert not unit(standing_of(today=IN_TIME), "a").late
    assert unit(standing_of(today=LATE), "a").late
    assert not unit(standing_of(today=LATE), "p").late


def test_json() -> None:
    found = standing_of(
        came("a", IN_TIME), came("b", LATE, "rejected", counts=False), came(None, IN_TIME, counts=False)
    )
    said = status_json(found)
    assert {key: value for key, value in said.items() if key != "units"} == {
        "period": "2024-Q1", "expected": 3, "received": 2, "accepted": 1, "warned": 0, "rejected": 1,
        "unreadable": 0, "unmerged": 0, "missing": 1, "unassigned": ["None.xlsx"],
    }  # fmt: skip
    assert said["units"][0] == {
        "unit": "a", "name": "Huyện A", "kind": "district", "state": "accepted", "received": "2024-03-17",
        "late": False, "filled": 3, "of": 4,
    }  # fmt: skip
    assert said["units"][2] == {
        "unit": "p", "name": "Báo P", "kind": "press", "state": "missing", "received": None, "late": False,
        "filled": 0, "of": 3,
    }  # fmt: skip  # two figures (the share is worked out) and a text


def _unread(code: str, received: dt.date = IN_TIME) -> SubmissionRecord:
    return came(code, received, "rejected", counts=False)


def test_what_cannot_be_opened_has_been_received() -> None:
    unread = [("a", "a.xlsx", "truncated"), ("b", "c.xlsx", "encrypted"), ("p", "p.xlsx", "unreadable_file")]
    found = standing_of(_unread("a"), came("b", IN_TIME), _unread("b", LATE), unread=unread)
    assert [(one.state, one.received, one.file, one.late) for one in found.units] == [
        ("unreadable", IN_TIME, "a.xlsx", False),
        ("accepted", IN_TIME, "b.xlsx", False),  # an earlier one counts
        ("unreadable", None, "p.xlsx", False),  # no merge could take it in
    ]
    said = status_json(found)
    assert (said["received"], said["unreadable"], said["rejected"], said["missing"]) == (3, 2, 0, 0)
    assert "0 rejected, 2 received but not readable, 0 not received" in counts_in_words(found)
    assert "reportctl status 2024-Q1 --remind" in next_step(found)
    table = reporting_table([found], Q1)
    assert [row.cells[2:] for row in table.rows] == [
        (IN_TIME, "in time", "figures not included"),
        (IN_TIME, "in time", ""),
        ("", "in time", "figures not included"),
    ]
    spans = reporting_table([found, found], parse_period("2024-H1"))
    assert spans.rows[0].cells[2] == "in time (17\u00a0Mar 2024), figures not included"


def test_the_last_file_decides_whether_it_can_be_read() -> None:
    unread = [("a", "a.xlsx", "truncated")]
    later = SubmissionRecord(Q1, "a", "later.xlsx", "1" * 64, LATE, None, "rejected", False, 3, 4)
    assert unit(standing_of(_unread("a"), later, unread=unread), "a").state == "rejected"
    assert unit(standing_of(later, _unread("a", LATE), unread=unread), "a").state == "rejected"
    earlier = replace(later, received=IN_TIME)
    assert unit(standing_of(earlier, _unread("a", LATE), unread=unread), "a").state == "unreadable"


def test_files_of_nobody_are_listed() -> None:
    found = standing_of(
        came(None, IN_TIME, "rejected", counts=False), came("zz", IN_TIME, "rejected", counts=False),
        came("a", IN_TIME), replace(came(None, IN_TIME, "ignored", counts=False), file="scan.pdf"),
        unread=[(None, "None.xlsx", "truncated"), (None, "locked.xlsx", "unreadable_file")],
    )  # fmt: skip
    assert found.unassigned == ("None.xlsx", "locked.xlsx", "zz.xlsx")
    note = "3 files of which it is not known whose they are: None.xlsx; locked.xlsx; zz.xlsx."
    assert status_table(found, FORM).notes[-1] == note
    assert status_json(found)["unassigned"] == ["None.xlsx", "locked.xlsx", "zz.xlsx"]


def waits(unit: str | None, name: str, received: dt.date | None = None, *, aside: bool = False) -> Any:
    return UnmergedFile(name, unit, received, aside)


@pytest.mark.parametrize(
    ("submissions", "unread", "expected"),
    [
        ((), (), ("unmerged", None, 0, True)),
        # What waits may be without the errors of the one before.
        ([came("a", IN_TIME, "rejected", counts=False)], (), ("unmerged", None, 0, True)),
        ([came("a", IN_TIME, "rejected", counts=False)], [("a", "a.xlsx", "truncated")],
         ("unmerged", None, 0, True)),
        # What counts goes on counting.
        ([came("a", IN_TIME, "warned")], (), ("warned", IN_TIME, 3, False)),
    ],
)  # fmt: skip
def test_what_waits_in_the_inbox_is_known(submissions: Any, unread: Any, expected: Any) -> None:
    found = unit(standing_of(*submissions, unread=unread, unmerged=[waits("a", "new.xlsx")]), "a")
    assert (found.state, found.received, found.filled, found.late) == expected
    assert found.unmerged == ("new.xlsx",)


def test_the_day_of_the_folder_of_what_waits() -> None:
    files = [waits("a", "1.xlsx", IN_TIME), waits("a", "2.xlsx", LATE), waits("b", "3.xlsx", LATE)]
    found = standing_of(unmerged=files, today=LATE)
    assert [(one.received, one.late, one.file) for one in found.units[:2]] == [
        (LATE, False, "2.xlsx"),  # the first one was in time
        (LATE, True, "3.xlsx"),
    ]


def test_imported_figures_count_while_a_file_waits() -> None:
    found = standing_of(imported=frozenset({"a"}), unmerged=[waits("a", "a.xlsx")])
    assert unit(found, "a").state == "accepted"


def test_what_waits_is_counted_and_listed() -> None:
    files = [
        waits("a", "a.xlsx"),
        waits("zz", "zz.xlsx"),
        waits(None, "?.xlsx"),
        waits("b", "b.pdf", aside=True),
    ]
    found = standing_of(came("p", IN_TIME), unmerged=[*files, waits("p", "p.xlsx")])
    said = status_json(found)
    assert {key: said[key] for key in ("received", "accepted", "unmerged", "missing")} == {
        "received": 2, "accepted": 1, "unmerged": 1, "missing": 1,
    }  # fmt: skip
    assert said["unassigned"] == ["?.xlsx", "zz.xlsx"]
    assert [one["state"] for one in said["units"]] == ["unmerged", "missing", "accepted"]
    table = status_table(found, FORM)
    assert table.rows[0].cells[4:] == ("not merged yet", "", "late", "")
    assert table.notes[1:3] == (
        "3 units: 1 accepted, 0 accepted with warnings, 0 rejected, 1 received but not merged yet, "
        "1 not received; 2 late.",
        "1 unit has a newer file that is not merged yet: Báo P.",
    )
    assert "5 files in the inbox are not merged yet" in next_step(found)


def test_errors_about_whose_workbook_it_is_are_said() -> None:
    wrong = finding("wrong_period", file="old.xlsx", unit="a", found="Q4", expected="Q1")
    warning = replace(finding("unknown_unit", file="x.xlsx", value="x", found="x"), severity=Severity.WARNING)
    other = finding("empty_file", file="e.xlsx")
    found = standing_of(came("a", IN_TIME), found=[wrong, warning, other])
    assert found.doubts == (wrong,)
    (said,) = doubts_in_words(found.doubts)
    assert said.startswith("1 file says the wrong unit, quarter or form: old.xlsx: ")
    assert said in status_table(found, FORM).notes
    assert doubts_in_words([other]) == []


def test_of_many_names_the_first_are_said() -> None:
    assert some_names(["a", "b"]) == "a, b"
    assert some_names(["a", "b", "c"], 2) == "a, b and 1 other"
    assert some_names(["a", "b", "c", "d"], 2) == "a, b and 2 others"


def test_table_and_sentence() -> None:
    found = standing_of(came("a", IN_TIME), came("b", LATE, "rejected", counts=False))
    table = status_table(found, FORM)
    assert table.rows[1].cells == ("2", "b", "Huyện B", "Huyện", "rejected", LATE, "late", "3/4")
    assert table.notes[0] == "Deadlines: Huyện 17\u00a0Mar 2024; Báo 20\u00a0Mar 2024."
    assert counts_in_words(found) == table.notes[1]
    assert counts_in_words(found).startswith(
        "3 units: 1 accepted, 0 accepted with warnings, 1 rejected, 1 not received"
    )


def test_what_comes_next() -> None:
    everything = [came(code, IN_TIME) for code in "abp"]
    assert "reportctl template 2024-Q1" in next_step(standing_of())
    waiting = [UnmergedFile("x.xlsx"), UnmergedFile("y.xlsx")]
    assert "2 files" in next_step(standing_of(unmerged=waiting))
    assert "reportctl merge 2024-Q1" in next_step(standing_of(*everything, unmerged=waiting[:1]))
    closed = next_step(standing_of(*everything[:2], closed=True))
    assert "reportctl reopen 2024-Q1" in closed
    rejected = standing_of(*everything[:2], came("p", IN_TIME, "rejected", counts=False))
    assert "reportctl validate 2024-Q1." in next_step(rejected)
    assert "reportctl status 2024-Q1 --remind" in next_step(rejected)
    missing = next_step(standing_of(*everything[:2]))
    assert "1 unit has not reported" in missing
    assert "reportctl status 2024-Q1 --remind" in missing
    assert next_step(standing_of(*everything)) == "All units have reported. Next: reportctl report 2024-Q1"


def test_who_reported_in_a_quarter() -> None:
    found = standing_of(came("a", LATE, "warned"), came("b", IN_TIME, "rejected", counts=False))
    table = reporting_table([found], Q1)
    assert [row.cells for row in table.rows] == [
        ("1", "Huyện A", LATE, "late", ""),
        ("2", "Huyện B", IN_TIME, "in time", "figures not included"),
        ("3", "Báo P", "", "not sent", ""),
    ]


def test_who_reported_in_a_span_quarter_by_quarter() -> None:
    first = standing_of(came("a", IN_TIME), came("b", LATE), came("p", IN_TIME, "rejected", counts=False))
    second = Status(
        Quarter(2024, 2),
        (
            UnitStatus("n", "Phường N", "district", "missing", None, dt.date(2024, 6, 17), True, 0, 4),
            UnitStatus(
                "a", "Quận A", "district", "accepted", dt.date(2024, 6, 10), dt.date(2024, 6, 17), False, 4, 4
            ),
        ),
    )
    table = reporting_table([first, second], parse_period("2024-H1"))
    assert [column.title for column in table.columns] == ["No.", "Unit", "Q1 2024", "Q2 2024"]
    assert [row.cells[1:] for row in table.rows] == [
        ("Phường N", "", "not sent"),  # it was not there in the first quarter
        ("Quận A", "in time (17\u00a0Mar 2024)", "in time (10\u00a0Jun 2024)"),  # by its last name
        ("Huyện B", "late (18\u00a0Mar 2024)", ""),
        ("Báo P", "in time (17\u00a0Mar 2024), figures not included", ""),
    ]
    assert table.title == "Reports received, first half of 2024"
