"""What people decide: reports taken in spite of their errors, figures told by telephone."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportctl.core import language
from reportctl.core.errors import ReportctlError
from reportctl.core.finding_kinds import Severity
from reportctl.core.findings import Finding
from reportctl.core.period import Quarter
from reportctl.figures.trace import trace, trace_json
from reportctl.form.layout import layout
from reportctl.form.submission import AnswerState
from reportctl.ledger.archive import add_decisions, read_decisions
from reportctl.ledger.ledger import open_ledger
from reportctl.merge.merge import Merged
from reportctl.status.status import status
from reportctl.workbooks.inbox import named_input
from reportctl.workspace.settings import Settings
from tests.making.figures import calendar_of
from tests.making.office import (
    FORM,
    Q1,
    Q4,
    TODAY,
    WHY,
    Office,
    accepting,
    answer,
    codes,
    correcting,
    make_office,
    one,
    rebuilt,
    verdicts,
)

pytestmark = pytest.mark.slow


def state(office: Office, unit: str) -> str:
    with open_ledger(office.root / "reportctl.db") as ledger:
        found = status(ledger, office.form, calendar_of(office.roster), Q1, settings=Settings(), today=TODAY)
    return next(one.state for one in found.units if one.unit == unit)


# Taken in spite of errors


def test_a_rejected_report_is_taken_and_its_wrong_cells_are_missing(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10, printed="khoảng 9"))
    assert verdicts(office.merge()) == {"a.xlsx": ("rejected", False)}
    accepted = accepting(office, "01")
    assert verdicts(accepted.merged) == {"a.xlsx": ("warned", True)}
    assert [record.unit for record in accepted.submissions] == ["01"]
    assert state(office, "01") == "warned"
    assert office.totals() == {("2024-Q1", "01"): 10}
    assert (answer(office, "01", "printed").state, answer(office, "01", "printed").value) == (
        AnswerState.INVALID,
        None,
    )
    wrong = one(accepted.merged.findings, "approximate")
    assert wrong.severity is Severity.WARNING
    note = one(accepted.merged.findings, "accepted_despite")
    assert (note.severity, note.unit, note.file) == (Severity.NOTE, "01", "a.xlsx")
    assert note.message.startswith("taken in spite of its errors by lan on ")
    assert note.message.endswith(f": {WHY}")
    assert not [found for found in accepted.merged.findings if found.severity is Severity.ERROR]
    rebuilt(office)


def test_figures_that_break_a_rule_count_as_they_stand(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10, printed=5))
    office.merge()
    accepting(office, "01")
    assert answer(office, "01", "press_total").value == 10
    assert answer(office, "01", "printed").value == 5


def test_who_accepted_what_is_written_down(office: Office) -> None:
    path = office.put("a.xlsx", office.book("01", 10, printed=5))
    office.merge()
    accepting(office, "01", why="  hai\ndòng ")
    row = read_decisions(office.root / "decisions.csv")[-1]
    assert (row.action, row.who, row.period, row.unit, row.file, row.why) == (
        "accepted", "lan", "2024-Q1", "01", "a.xlsx", "hai dòng",
    )  # fmt: skip
    assert len(row.sha256) == 64
    assert dt.datetime.fromisoformat(row.when).date() == dt.date.today()
    assert path.exists()


def test_it_holds_for_those_bytes_only(office: Office) -> None:
    office.put("2024-03-20/a.xlsx", office.book("01", 10, printed=5))
    office.merge()
    accepting(office, "01")
    office.put("2024-03-21/a.xlsx", office.book("01", 11, printed=5))
    merged = office.merge()
    assert verdicts(merged) == {
        "2024-03-20/a.xlsx": ("warned", True),
        "2024-03-21/a.xlsx": ("rejected", False),
    }
    assert "later_rejected" in [found.code for found in merged.findings]
    office.put("2024-03-22/a.xlsx", office.book("01", 12))
    merged = office.merge()
    assert office.totals() == {("2024-Q1", "01"): 12}
    assert verdicts(merged)["2024-03-22/a.xlsx"] == ("accepted", True)
    rebuilt(office)


def test_the_latest_rejected_one_counts_before_an_earlier_one_without_errors(office: Office) -> None:
    office.put("2024-03-20/a.xlsx", office.book("01", 10))
    office.put("2024-03-21/a.xlsx", office.book("01", 11, printed=5))
    office.put("2024-03-22/a.xlsx", office.book("01", 12, printed=5))
    office.merge()
    accepting(office, "01")
    assert office.totals() == {("2024-Q1", "01"): 12}


def test_validation_says_the_same(office: Office) -> None:
    path = office.put("a.xlsx", office.book("01", 10, printed="khoảng 9"))
    office.merge()
    merged = accepting(office, "01").merged
    checked = office.validate()
    assert checked.files == (("a.xlsx", "01", "warned"),)
    assert sorted(checked.findings, key=repr) == sorted(merged.findings, key=repr)
    assert office.validate(files=[named_input(path, office.root)]).files == checked.files


def test_every_rejected_report_is_taken_and_the_others_are_named(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10, printed=5))
    office.put("b.xlsx", office.book("02", 20, printed=5))
    office.put("c1.xlsx", office.book("03", 30))
    office.put("c2.xlsx", office.book("03", 31))
    office.merge()
    accepted = accepting(office, every=True)
    assert [record.unit for record in accepted.submissions] == ["01", "02"]
    assert accepted.refused == (
        "Huyện 03 has sent several files of the same date. Move the one that counts to a folder named by a "
        "later date, then run: reportctl merge",
    )
    assert office.totals() == {("2024-Q1", "01"): 10, ("2024-Q1", "02"): 20}


REFUSALS: list[tuple[Callable[[Office], object], str]] = [
    (lambda _o: None, "Nothing has come from Huyện 01, so there is nothing to accept."),
    (lambda o: o.put("a.xlsx", o.book("01", 10)), "Nothing of Huyện 01 is rejected: a.xlsx counts."),
    (
        lambda o: [
            o.put("2024-03-18/a.xlsx", o.book("01", 10, printed=1)),
            o.put("2024-03-20/a.xlsx", o.book("01", 10)),
        ],
        "Nothing of Huyện 01 is rejected: 2024-03-20/a.xlsx counts.",
    ),
    (
        lambda o: [o.put(f"{n}.xlsx", o.book("01", 10 + n, printed=1)) for n in (1, 2)],
        "Huyện 01 has sent several files of the same date.",
    ),
    (
        lambda o: [o.put(f"{n}.xlsx", o.book("01", 10 + n)) for n in (1, 2)],
        "Huyện 01 has sent several files of the same date.",
    ),
]


@pytest.mark.parametrize(("came", "sentence"), REFUSALS)
def test_where_there_is_nothing_to_accept_a_sentence_says_so(
    office: Office, came: Callable[[Office], object], sentence: str
) -> None:
    came(office)
    office.merge()
    before = read_decisions(office.root / "decisions.csv")
    with pytest.raises(ReportctlError, match="^" + sentence.replace(".", r"\.")):
        accepting(office, "01")
    assert read_decisions(office.root / "decisions.csv") == before


def test_another_forms_workbook_cannot_be_accepted(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10))
    (office.root / "form.toml").write_text(FORM.replace('id = "test"', 'id = "other"'), encoding="utf-8")
    assert verdicts(office.merge()) == {"a.xlsx": ("rejected", False)}
    with pytest.raises(ReportctlError, match=r"^No figures could be read from a\.xlsx of Huyện 01"):
        accepting(office, "01")
    with pytest.raises(ReportctlError, match="No figures could be read"):
        accepting(office, every=True)


def test_a_workbook_of_another_quarter_can_be_accepted(office: Office) -> None:
    """Units fill in last quarter's workbook; whoever accepts it has asked."""
    office.put("a.xlsx", office.book("01", 10, Q4))
    assert verdicts(office.merge()) == {"a.xlsx": ("rejected", False)}
    accepting(office, "01")
    assert office.totals() == {("2024-Q1", "01"): 10}


def test_all_refusals_come_at_once_and_nothing_is_decided(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10, printed=5))
    office.merge()
    with pytest.raises(ReportctlError) as refused:
        accepting(office, "01", "02", "1", "09x")
    assert str(refused.value).splitlines() == [
        "Nothing has come from Huyện 02, so there is nothing to accept.",
        "No unit that reports in this quarter has the code “1”; “01” was meant?",
        "No unit that reports in this quarter has the code “09x”.",
    ]
    assert office.totals() == {}


def test_nothing_rejected_and_no_reason(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10))
    office.merge()
    with pytest.raises(ReportctlError, match="No unit's report is rejected"):
        accepting(office, every=True)
    with pytest.raises(ReportctlError, match="Say why"):
        accepting(office, "01", why=" \n")


def test_files_that_are_not_merged_yet_stay_so(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10, printed=5))
    office.merge()
    office.put("2024-03-20/b.xlsx", office.book("02", 20))
    merged = accepting(office, "01").merged
    assert [record.file for record in merged.submissions] == ["a.xlsx"]
    assert merged.unmerged == 1
    assert office.merge().new_files == 1


# Corrections


def test_a_figure_told_by_telephone(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10))
    office.put("b.xlsx", office.book("02", 20))
    office.merge()
    correction = correcting(office, "01", "aired", "3")
    assert (correction.before.value, correction.after.value, correction.after.by) == (1, 3, "correction")
    assert (
        correction.after.file
        == f"lan, {read_decisions(office.root / 'decisions.csv')[-1].when.replace('T', ' ')}: {WHY}"
    )
    told = answer(office, "01", "aired")
    assert (told.raw, told.sheet, told.cell, told.received) == ("3", "", "", dt.date.today())
    assert answer(office, "02", "aired").by == "file"
    assert answer(office, "01", "printed").by == "file"
    with open_ledger(office.root / "reportctl.db") as ledger:
        parts = trace_json(trace(ledger, office.form, calendar_of(office.roster), Q1, "aired"))["parts"]
    assert [(p["unit"], p["value"], p["raw"], p["by"], p["cell"]) for p in parts] == [
        ("01", 3, "3", "correction", None),
        ("02", 1, "1", "file", answer(office, "02", "aired").cell),
    ]
    assert parts[0]["file"].startswith("lan, 20")
    rebuilt(office)


def test_a_rule_broken_by_it_is_found_and_the_report_still_counts(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10))
    office.merge()
    merged = correcting(office, "01", "aired", "3").merged
    broken = one(merged.findings, "rule_broken")
    assert (broken.severity, broken.unit, broken.file) == (Severity.ERROR, "01", "a.xlsx")
    assert "Phát thanh = 3" in broken.message
    assert verdicts(merged) == {"a.xlsx": ("warned", True)}
    note = one(merged.findings, "corrected")
    assert (note.indicator, note.value, note.cell) == (
        "aired",
        "3",
        layout(office.form, "district").indicators["aired"].value.cell,
    )
    merged = correcting(office, "01", "press_total", "12").merged
    assert "rule_broken" not in [found.code for found in merged.findings]
    assert verdicts(merged) == {"a.xlsx": ("accepted", True)}
    assert office.totals() == {("2024-Q1", "01"): 12}
    rebuilt(office)


def test_it_puts_right_what_was_accepted_in_spite_of_it(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10, printed="khoảng 9"))
    office.merge()
    merged = accepting(office, "01").merged
    assert "approximate" in [found.code for found in merged.findings]
    merged = correcting(office, "01", "printed", "9").merged
    assert {found.code for found in merged.findings if found.unit == "01"} == {
        "corrected",
        "accepted_despite",
    }
    assert verdicts(merged) == {"a.xlsx": ("warned", True)}
    rebuilt(office)


def test_a_rule_that_was_broken_and_accepted_is_no_error_after_it_either(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10, printed=5))
    office.merge()
    accepting(office, "01")
    merged = correcting(office, "01", "aired", "2").merged
    assert one(merged.findings, "rule_broken").severity is Severity.WARNING
    assert "Phát thanh = 2" in one(merged.findings, "rule_broken").message


def test_shares_are_worked_out_again(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10))
    office.merge()
    assert answer(office, "01", "share_printed").value == 0.9
    correcting(office, "01", "printed", "4")
    assert (answer(office, "01", "share_printed").value, answer(office, "01", "share_printed").by) == (
        0.4,
        "correction",
    )
    correcting(office, "01", "press_total", "0")
    assert answer(office, "01", "share_printed").state is AnswerState.NOT_APPLICABLE
    rebuilt(office)


def test_not_applicable_can_be_told(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10))
    office.merge()
    correcting(office, "01", "aired", "KAD")
    assert answer(office, "01", "aired").state is AnswerState.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("typed", "value"), [("1.200", 1200), ("1 200", 1200), ("không", 0), ("7 tin, bài", 7)]
)
def test_numbers_are_read_as_people_type_them(office: Office, typed: str, value: int) -> None:
    office.put("a.xlsx", office.book("01", 10))
    office.merge()
    assert correcting(office, "01", "aired", typed).after.value == value
    assert answer(office, "01", "aired").raw == typed


@pytest.mark.parametrize(
    ("unit", "code", "value", "sentence"),
    [
        ("01", "aired", "khoảng 30", r"“khoảng 30” is not an exact figure; type one number \(30\?\)"),
        ("01", "aired", "1,5", "“?1,5”? is no whole number; count whole tin, bài only"),
        ("01", "aired", "?", "“\\?” is no figure; type the figure itself"),
        ("01", "aired", "-3", "is outside what is possible"),
        ("01", "share_printed", "0.5", "“Tỷ lệ báo in” is worked out .*; correct “printed” or “press_total”"),
        ("01", "air", "3", r"The form has no indicator “air” \(near it: aired\)"),
        ("01", "results", "Tốt", "The form has no indicator “results”"),
        ("02", "aired", "3", "Nothing has come from Huyện 02"),
        ("03", "aired", "3", "The report of Huyện 03 is rejected.* reportctl accept 2024-Q1 03 --why"),
        ("3", "aired", "3", "“03” was meant"),
    ],
)
def test_what_cannot_be_corrected(office: Office, unit: str, code: str, value: str, sentence: str) -> None:
    office.put("a.xlsx", office.book("01", 10))
    office.put("c.xlsx", office.book("03", 10, printed=5))
    office.merge()
    before = (office.root / "decisions.csv").read_bytes()
    with pytest.raises(ReportctlError, match=sentence):
        correcting(office, unit, code, value)
    assert (office.root / "decisions.csv").read_bytes() == before


AREA = """
[[sections]]
code = "land"
title = "Đất"
[[sections.indicators]]
code = "area"
label = "Diện tích"
type = "number"
unit_of_measure = "ha"
required = false
[[sections.indicators]]
code = "share"
label = "Tỷ lệ"
type = "percent"
over_units = "mean"
required = false
"""


@pytest.mark.parametrize(
    ("code", "typed", "in_english", "in_vietnamese", "values"),
    [
        ("area", "4,375", "type 4375 or 4.3750", "hãy gõ 4375 hoặc 4,3750", (4375, 4.375)),
        ("area", "11.875 ha", "type 11875 or 11.8750", "hãy gõ 11875 hoặc 11,8750", (11875, 11.875)),
        ("area", "-4,375", "type -4375 or -4.3750", "hãy gõ -4375 hoặc -4,3750", (-4375, -4.375)),
        ("area", "12.340", "type 12340 or 12.34", "hãy gõ 12340 hoặc 12,34", (12340, 12.34)),
        ("area", "2,000", "type 2000 or 2", "hãy gõ 2000 hoặc 2", (2000, 2)),
        ("share", "4,375%", "type 4375% or 4.3750%", "hãy gõ 4375% hoặc 4,3750%", (None, 0.04375)),
    ],
)
def test_a_figure_that_can_be_read_in_two_ways_is_typed_as_the_sentence_says(
    office: Office,
    code: str,
    typed: str,
    in_english: str,
    in_vietnamese: str,
    values: tuple[float | None, float],
) -> None:
    (office.root / "form.toml").write_text(FORM + AREA, encoding="utf-8")
    office.put("a.xlsx", office.book("01", 10))
    office.merge()
    for spoken, told in (("en", in_english), ("vi", in_vietnamese)):
        (office.root / "reportctl.toml").write_text(f'language = "{spoken}"\n', encoding="utf-8")
        language.use(spoken)
        with pytest.raises(ReportctlError) as caught:
            correcting(office, "01", code, typed)
        assert str(caught.value).endswith(f"; {told}.")
        offered = re.findall(r"-?[0-9][0-9.,]*%?", told)
        for text, value in zip(offered, values, strict=True):
            if value is not None:
                assert correcting(office, "01", code, text).after.value == pytest.approx(value, rel=1e-12)


def test_a_number_that_a_correction_suggests_is_read_as_suggested(office: Office) -> None:
    (office.root / "form.toml").write_text(FORM + AREA, encoding="utf-8")
    office.put("a.xlsx", office.book("01", 10))
    office.merge()
    with pytest.raises(ReportctlError, match=r"type 4\.3750 or -4\.3750 alone, without brackets"):
        correcting(office, "01", "area", "(4.3750)")
    with pytest.raises(ReportctlError, match=r"4\.3750%"):
        correcting(office, "01", "share", "4,3750")
    assert correcting(office, "01", "share", "4.3750%").after.value == pytest.approx(0.04375)


def test_a_newer_file_supersedes_it_and_what_it_corrected_keeps_it(office: Office) -> None:
    office.put("2024-03-20/a.xlsx", office.book("01", 10))
    office.merge()
    correcting(office, "01", "press_total", "12")
    newer = office.put("2024-03-21/a.xlsx", office.book("01", 11))
    merged = office.merge()
    assert office.totals() == {("2024-Q1", "01"): 11}
    assert not {"corrected", "rule_broken"} & {found.code for found in merged.findings}
    rows = (office.root / "decisions.csv").read_text(encoding="utf-8-sig").splitlines()
    kept = [row for row in rows if "2024-03-21/a.xlsx" not in row]  # as if it had never come
    newer.unlink()
    (office.root / "decisions.csv").write_text("\n".join(kept) + "\n", encoding="utf-8-sig")
    office.merge()
    assert office.totals() == {("2024-Q1", "01"): 12}


@pytest.mark.parametrize(
    ("told", "then", "warned"),
    [
        ("120", 100, ("120", "100")),
        ("120", 130, ("120", "130")),
        ("KAD", 100, ("“KAD”", "100")),
        ("120", None, ("120", "nothing")),
        ("120 tin, bài", 120, None),
    ],
)
def test_a_newer_file_that_takes_back_what_was_told_is_a_warning(
    office: Office, told: str, then: int | None, warned: tuple[str, str] | None
) -> None:
    optional = FORM.replace('code = "press_total"', 'code = "press_total"\nrequired = false')
    (office.root / "form.toml").write_text(optional, encoding="utf-8")
    office.put("2024-03-20/a.xlsx", office.book("01", 100))
    office.put("2024-03-20/b.xlsx", office.book("02", 50))
    office.merge()
    correcting(office, "01", "press_total", told)
    parts = {"printed": (then or 100) - 1, "aired": 1}
    office.put("2024-03-21/a.xlsx", office.book("01", 100, press_total=then, results="Mới", **parts))
    merged = office.merge()
    found = [one for one in merged.findings if one.code == "correction_taken_back"]
    if warned is None:
        assert found == []
        assert verdicts(merged)["2024-03-21/a.xlsx"] == ("accepted", True)
        return
    (warning,) = found
    assert re.sub(r"lan on [^:]+", "lan", warning.message) == (
        f"“Tổng số tin, bài” was told by telephone as {warned[0]} (lan: {WHY}); the file that counts now "
        f"says {warned[1]}"
    )
    assert (warning.severity, warning.unit, warning.file) == (Severity.WARNING, "01", "2024-03-21/a.xlsx")
    place = layout(office.form, "district").indicators["press_total"].value
    assert (warning.indicator, warning.sheet, warning.cell) == ("press_total", place.sheet, place.cell)
    assert verdicts(merged)["2024-03-21/a.xlsx"] == ("warned", True)
    assert state(office, "01") == "warned"
    assert office.run("merge", "2024-Q1").code == 0
    rebuilt(office)
    # Told again, or sent as it was told, there is nothing to warn of.
    merged = correcting(office, "01", "press_total", told).merged
    assert "correction_taken_back" not in [one.code for one in merged.findings]
    office.put("2024-03-22/a.xlsx", office.book("01", 140))
    assert "as 120" in one(office.merge().findings, "correction_taken_back").message or told == "KAD"


def test_validating_says_what_a_merge_will_say_of_figures_told(office: Office) -> None:
    office.put("2024-03-20/a.xlsx", office.book("01", 10))
    office.put("2024-03-20/b.xlsx", office.book("02", 50))
    office.merge()
    correcting(office, "01", "press_total", "12")
    office.put("2024-03-21/a.xlsx", office.book("01", 11, results="Mới"))

    def warned(*names: str) -> list[str]:
        inbox = office.root / "inbox" / "2024-Q1"
        files = [named_input(inbox / name, office.root) for name in names]
        checked = office.validate(files=files or None)
        found = [one for one in checked.findings if one.code == "correction_taken_back"]
        assert all(one.severity is Severity.WARNING and one.unit == "01" for one in found)
        verdict = {file: given for file, _unit, given in checked.files}
        assert [verdict[one.file or ""] for one in found] == ["warned"] * len(found)
        return [f"{one.file} {one.cell}: told as {dict(one.details)['told']}" for one in found]

    place = layout(office.form, "district").indicators["press_total"].value
    of_newer = [f"2024-03-21/a.xlsx {place.cell}: told as 12"]
    assert warned() == of_newer  # before it is merged
    office.merge()
    assert warned() == of_newer  # and after
    assert warned("2024-03-20/a.xlsx") == []
    # Told of the newer file: that and the older one take nothing back.
    correcting(office, "01", "press_total", "12")
    assert warned() == []
    assert warned("2024-03-20/a.xlsx") == []
    office.put("2024-03-21/c.xlsx", office.book("01", 12, results="Như đã nói", printed=11))
    assert warned("2024-03-21/c.xlsx") == []


def test_of_what_was_told_twice_the_last_is_taken_back(office: Office) -> None:
    for day, told in (("20", "12"), ("21", "13")):
        office.put(f"2024-03-{day}/a.xlsx", office.book("01", 10, results=day))
        office.merge()
        correcting(office, "01", "press_total", told)
    office.put("2024-03-22/a.xlsx", office.book("01", 13, printed=12, results="22"))
    merged = office.merge()
    assert "correction_taken_back" not in [found.code for found in merged.findings]
    office.put("2024-03-23/a.xlsx", office.book("01", 12, results="23"))
    assert "as 13" in one(office.merge().findings, "correction_taken_back").message


def test_a_file_of_another_unit_takes_nothing_back(office: Office) -> None:
    office.put("2024-03-20/a.xlsx", office.book("01", 10))
    office.merge()
    correcting(office, "01", "aired", "3")
    office.put("2024-03-21/b.xlsx", office.book("02", 10))
    merged = office.merge()
    assert "correction_taken_back" not in [found.code for found in merged.findings]


def filled(office: Office, unit: str) -> tuple[int, int]:
    said = office.run("status", "2024-Q1", "--format", "json").json
    return next((one["filled"], one["of"]) for one in said["units"] if one["unit"] == unit)


def test_a_figure_told_for_a_blank_cell_is_filled(office: Office) -> None:
    office.put("2024-03-20/a.xlsx", office.book("01", 10, aired=None, printed=None))
    merged = office.merge()
    missing = [found.indicator for found in merged.findings if found.code == "required_missing"]
    assert missing == ["printed", "aired"]
    accepting(office, "01")
    asked = 4  # three figures and a text
    assert filled(office, "01") == (1, asked)
    merged = correcting(office, "01", "aired", "1").merged
    assert [found.indicator for found in merged.findings if found.code == "required_missing"] == ["printed"]
    assert filled(office, "01") == (2, asked)
    correcting(office, "01", "press_total", "11")  # it was filled in
    assert filled(office, "01") == (2, asked)
    merged = correcting(office, "01", "printed", "KAD").merged
    assert "required_missing" not in [found.code for found in merged.findings]
    assert filled(office, "01") == (3, asked)
    assert "3 of 4 filled in" in office.run("status", "2024-Q1", "--unit", "01").out
    rebuilt(office)
    assert filled(office, "01") == (3, asked)
    rows = (office.root / "decisions.csv").read_bytes().splitlines(keepends=True)
    for fewer, count in ((1, 2), (3, 1)):  # taken back by hand: the last correction, then all of them
        (office.root / "decisions.csv").write_bytes(b"".join(rows[:-fewer]))
        office.merge()
        assert filled(office, "01") == (count, asked)
    office.put("2024-03-21/a.xlsx", office.book("01", 10))  # the corrections were of the other file
    office.merge()
    assert filled(office, "01") == (3, asked)
    office.put("2024-03-22/a.xlsx", office.book("01", 10, results="Tốt"))
    office.merge()
    assert filled(office, "01") == (4, asked)


def test_what_could_not_be_read_and_was_told_is_filled(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10, printed="khoảng 9"))
    office.merge()
    accepting(office, "01")
    assert filled(office, "01") == (2, 4)
    correcting(office, "01", "printed", "9")
    assert filled(office, "01") == (3, 4)
    # A form whose rules are others checks the file again, and what was told still counts.
    (office.root / "form.toml").write_text(FORM + "\n# other\n", encoding="utf-8")
    (office.root / "form.toml").write_text(FORM.replace("Tổng không", "Tổng số không"), encoding="utf-8")
    assert office.merge().rechecked == 1
    assert filled(office, "01") == (3, 4)
    rebuilt(office)


def test_it_can_be_corrected_again(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10))
    office.merge()
    correcting(office, "01", "aired", "3")
    correction = correcting(office, "01", "aired", "1")
    assert (correction.before.value, correction.after.value) == (3, 1)
    assert "rule_broken" not in [found.code for found in correction.merged.findings]
    rebuilt(office)


def test_one_that_the_form_no_longer_asks_for_is_left_out(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10))
    office.merge()
    correcting(office, "01", "aired", "3")
    text = FORM.replace('code = "aired"\nlabel', 'code = "aired"\nmax = 2\nlabel')
    (office.root / "form.toml").write_text(text, encoding="utf-8")
    merged = office.merge()
    void = one(merged.findings, "correction_void")
    assert (void.severity, void.unit, void.indicator) == (Severity.WARNING, "01", "aired")
    assert answer(office, "01", "aired").value == 1


def test_a_decision_that_a_killed_run_had_only_written_down_holds_after_any_merge(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10))
    office.put("b.xlsx", office.book("02", 20, printed=5))
    office.merge()
    calm = Office(Path(shutil.copytree(office.root, office.root.parent / "calm")))
    correcting(calm, "01", "aired", "3")
    accepting(calm, "02")
    rows = read_decisions(calm.root / "decisions.csv")
    add_decisions(office.root / "decisions.csv", rows[-2:])
    office.merge(Quarter(2024, 2))  # of another quarter
    expected = {("2024-Q1", "01"): 10, ("2024-Q1", "02"): 20}
    assert office.totals() == calm.totals() == expected
    assert answer(office, "01", "aired").value == 3


# Replay


steps = st.lists(
    st.tuples(
        st.sampled_from(["good", "bad", "accept", "correct", "merge"]),
        st.sampled_from(["01", "02"]),
        st.integers(2, 6),
    ),
    max_size=7,
)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps)
def test_whatever_was_decided_the_ledger_made_again_is_the_same(made: list[tuple[str, str, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        office = make_office(Path(folder) / "office", ("01", "02"))
        for day, (what, unit, figure) in enumerate(made, 1):
            name = f"2024-03-{day:02}/{unit}.xlsx"
            try:
                match what:
                    case "good":
                        office.put(name, office.book(unit, figure))
                    case "bad":
                        office.put(name, office.book(unit, figure, printed="khoảng 9"))
                    case "accept":
                        accepting(office, unit)
                    case "correct":
                        correcting(office, unit, "aired", str(figure))
                    case "merge":
                        office.merge()
            except ReportctlError:
                continue
        merged: Merged = office.merge()
        totals = office.totals()
        rebuilt(office)
        again = office.merge()
        assert (again.submissions, again.findings) == (merged.submissions, merged.findings)
        assert office.totals() == totals
        assert codes(again.findings) == codes(merged.findings)


def told(findings: tuple[Finding, ...]) -> list[tuple[str, str | None, str | None, str | None, str]]:
    """Findings by what they say and of what, without those of a file that no longer counts."""
    return sorted(
        (found.code, found.unit, found.file, found.indicator, str(found.severity)) for found in findings
    )


ACCEPTED = {"printed": "khoảng 9"}


@pytest.mark.parametrize(
    ("book", "accept", "corrections"),
    [
        ({}, False, [("press_total", "12"), ("aired", "3")]),
        ({}, False, [("aired", "3")]),  # which breaks a rule
        ({"printed": 5}, True, [("aired", "2")]),  # broken before, and accepted
        (ACCEPTED, True, [("printed", "9")]),
        (ACCEPTED, True, [("aired", "2")]),
        ({}, False, [("aired", "3"), ("aired", "1")]),
    ],
)
def test_validate_says_what_merge_says_of_figures_told_by_telephone(
    office: Office, book: dict[str, object], accept: bool, corrections: list[tuple[str, str]]
) -> None:
    office.put("a.xlsx", office.book("01", 10, **book))
    office.put("b.xlsx", office.book("02", 4))
    office.merge()
    if accept:
        accepting(office, "01")
    for code, value in corrections:
        correcting(office, "01", code, value)
    merged, checked = office.merge(), office.validate()
    assert "corrected" in [found.code for found in checked.findings]
    assert told(checked.findings) == told(merged.findings)
    assert {name: verdict for name, _unit, verdict in checked.files} == {
        name: verdict for name, (verdict, _counts) in verdicts(merged).items()
    }
    values = {found.indicator: found.value for found in checked.findings if found.code == "corrected"}
    assert values == dict(corrections)


def test_validate_says_that_a_correction_holds_no_longer(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10))
    office.merge()
    correcting(office, "01", "aired", "3")
    text = FORM.replace('code = "aired"\nlabel', 'code = "aired"\nmax = 2\nlabel')
    (office.root / "form.toml").write_text(text, encoding="utf-8")
    merged, checked = office.merge(), office.validate()
    assert one(checked.findings, "correction_void").value == "3"
    assert told(checked.findings) == told(merged.findings)
