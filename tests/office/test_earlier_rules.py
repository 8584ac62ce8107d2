"""Rules that ask for earlier quarters, from the form to the verdict of a merge."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from reportctl.core.findings import Finding
from reportctl.core.period import Quarter
from tests.making.office import FORM, TODAY, Office, correcting, make_office, verdicts
from tests.making.word_documents import tagged

Q4, Q1, LAST_YEAR = Quarter(2023, 4), Quarter(2024, 1), Quarter(2023, 1)
RULES = """
[[rules]]
code = "no_more"
check = "press_total <= previous(press_total)"
message = "Nhiều hơn quý trước."
message_en = "More than the quarter before."
[[rules]]
code = "half"
check = "press_total >= year_ago(press_total) / 2"
severity = "note"
message = "Chưa bằng nửa cùng kỳ."
message_en = "Less than half of last year."
"""


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = make_office(tmp_path / "office")
    (made.root / "form.toml").write_text(FORM + RULES, encoding="utf-8")
    return made


def broken(findings: tuple[Finding, ...]) -> list[tuple[str | None, str, str, str]]:
    return [
        (one.unit, str(one.severity), dict(one.details)["text"].en, dict(one.details)["figures"].en)
        for one in findings
        if one.code == "rule_broken"
    ]


def test_a_figure_above_the_quarter_before_is_a_warning_and_counts(office: Office) -> None:
    office.put("a4.xlsx", office.book("01", 10, Q4), Q4)
    office.merge(Q4)
    office.put("a.xlsx", office.book("01", 11))
    office.put("b.xlsx", office.book("02", 50))  # nothing is known of the quarter before
    merged = office.merge()
    said = "More than the quarter before."
    figures = "Press stories = 11; Press stories (previous quarter) = 10"
    found = broken(merged.findings)
    assert [one[:3] for one in found] == [("01", "warning", said)]
    assert found[0][3].count("= 11") == found[0][3].count("(previous quarter) = 10") == 1, figures
    assert verdicts(merged) == {"a.xlsx": ("warned", True), "b.xlsx": ("accepted", True)}
    (one,) = (one for one in merged.findings if one.code == "rule_broken")
    assert (one.file, one.sheet, one.indicator) == ("a.xlsx", "Số liệu", "press_total")
    assert one.cell


def test_what_is_found_stays_while_nothing_changes_and_goes_with_its_reason(office: Office) -> None:
    office.put("a4.xlsx", office.book("01", 10, Q4), Q4)
    office.merge(Q4)
    office.put("a.xlsx", office.book("01", 11))
    first = broken(office.merge().findings)
    assert first
    office.put("b.xlsx", office.book("02", 5))
    assert broken(office.merge().findings) == first
    office.put("a4.xlsx", office.book("01", 12, Q4, modified="2024-03-16T08:00:00Z"), Q4)
    office.merge(Q4, today=TODAY + dt.timedelta(days=3))
    assert broken(office.merge().findings) == []


def test_a_corrected_figure_is_judged(office: Office) -> None:
    office.put("a4.xlsx", office.book("01", 10, Q4), Q4)
    office.merge(Q4)
    office.put("a.xlsx", office.book("01", 9))
    assert broken(office.merge().findings) == []
    correcting(office, "01", "press_total", "30")
    assert ("01", "warning", "More than the quarter before.") in [
        one[:3] for one in broken(office.merge().findings)
    ]


def test_the_year_before_counts_however_few_quarters_are_compared(office: Office) -> None:
    with (office.root / "reportctl.toml").open("a", encoding="utf-8") as file:
        file.write("\n[checks]\nquarters = 2\nmin_quarters = 2\n")
    office.put("ago.xlsx", office.book("01", 100, LAST_YEAR), LAST_YEAR)
    office.merge(LAST_YEAR)
    office.put("a.xlsx", office.book("01", 49))
    said = ("01", "note", "Less than half of last year.")
    assert [one[:3] for one in broken(office.merge().findings)] == [said]
    again = office.book("01", 98, LAST_YEAR, modified="2024-03-16T08:00:00Z")
    office.put("ago.xlsx", again, LAST_YEAR)
    office.merge(LAST_YEAR, today=TODAY + dt.timedelta(days=3))
    assert broken(office.merge().findings) == []


def test_validate_finds_what_merge_finds(office: Office) -> None:
    office.put("a4.xlsx", office.book("01", 10, Q4), Q4)
    office.merge(Q4)
    office.put("a.xlsx", office.book("01", 11))
    checked = office.validate()
    assert broken(checked.findings) == broken(office.merge().findings)
    assert [verdict for _file, _unit, verdict in checked.files] == ["warned"]


def test_form_check_names_what_workbooks_leave_out(office: Office) -> None:
    (office.root / "report.docx").write_bytes(tagged("table:province"))
    said = office.run("form", "--check")
    assert said.code == 0
    assert "half: asks for earlier figures" in said.err
    assert "no_more" not in said.err + said.out


def test_the_fingerprint_is_the_same_with_the_defaults_written_out(office: Office) -> None:
    before = office.form.fingerprint
    path = office.root / "form.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('code = "half"', 'code = "half"\ntolerance = 0\nmissing = "skip"'), encoding="utf-8"
    )
    assert office.form.fingerprint == before
    path.write_text(text.replace('code = "half"', 'code = "half"\ntolerance = 1'), encoding="utf-8")
    assert office.form.fingerprint != before
