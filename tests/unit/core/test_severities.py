"""Severities that an office sets: read, refused, said."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportctl.core.errors import ReportctlError
from reportctl.core.finding_kinds import KINDS, Severity
from reportctl.core.findings import (
    ChangedSeverity,
    changed_severities,
    changes_in_words,
    finding,
    read_severities,
)
from reportctl.intake.checks import with_severities
from reportctl.merge.merge import Merged
from reportctl.merge.validate import Checked
from reportctl.workspace.settings import open_workspace
from tests.making.office import Office, make_office
from tests.making.returned import context


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return make_office(tmp_path / "office", ("01",))


def setting(office: Office, *lines: str) -> None:
    text = "\n".join(('language = "en"', "[findings]", *lines, ""))
    (office.root / "reportctl.toml").write_text(text, encoding="utf-8")


def found(of: Merged | Checked) -> dict[str, str]:
    return {one.code: one.severity.value for one in of.findings}


# ---- reading the settings


def test_settings_are_read() -> None:
    said = {"number_as_text": "note", "word_as_zero": "off", "required_missing": "warning"}
    assert read_severities(said) == {
        "number_as_text": Severity.NOTE,
        "word_as_zero": None,
        "required_missing": Severity.WARNING,
    }


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('number_as_txt = "note"', "“number_as_txt” (near it: number_as_text). All codes: reportctl explain"),
        ('zzz = "note"', "There is no finding with the code “zzz”. All codes"),
        (
            'dash_as_zero = "warn"',
            'dash_as_zero: “warn” is not possible; it can be "error", "warning", "note", "off" '
            "(near it: warning)",
        ),
        ("dash_as_zero = 3", "dash_as_zero: “3” is not possible"),
        ('required_missing = "off"', 'it can be "error", "warning", "note"'),
        ('places_disagree = "note"', 'it can be "error"'),
        ('not_whole = "warning"', "not_whole: its severity is fixed. Why: reportctl explain not_whole"),
        ('tie = "error"', "tie: its severity is fixed."),
    ],
)
def test_a_wrong_setting_is_refused_with_a_sentence(office: Office, line: str, sentence: str) -> None:
    setting(office, line, 'truncated = "note"')
    with pytest.raises(ReportctlError) as refused:
        open_workspace(office.root)
    assert sentence in str(refused.value)
    assert "truncated: its severity is fixed." in str(refused.value)  # all mistakes at once
    assert str(refused.value).count("  findings: ") == 2


def test_a_section_that_is_none_is_refused(office: Office) -> None:
    (office.root / "reportctl.toml").write_text("findings = 3\n", encoding="utf-8")
    with pytest.raises(ReportctlError, match="findings"):
        open_workspace(office.root)


# ---- what is changed


def test_what_is_not_set_stays() -> None:
    one, two, three = finding("dash_as_zero"), finding("number_as_text"), finding("word_as_zero")
    severities = {"dash_as_zero": Severity.ERROR, "word_as_zero": None}
    changed = with_severities([one, two, three], context(severities=severities))
    assert [(each.code, each.severity.value) for each in changed] == [
        ("dash_as_zero", "error"),
        ("number_as_text", "warning"),
    ]
    assert changed[1] is two


def test_changed_are_those_that_differ_from_the_table() -> None:
    set_here = {
        "word_as_zero": None,
        "rule_broken": Severity.ERROR,
        "number_as_text": Severity.WARNING,
        "dash_as_zero": Severity.ERROR,
    }
    # number_as_text is a warning anyway; a rule may have been no error in form.toml.
    assert changed_severities(set_here) == (
        ChangedSeverity("dash_as_zero", Severity.WARNING, Severity.ERROR),
        ChangedSeverity("word_as_zero", Severity.NOTE, None),
        ChangedSeverity("rule_broken", Severity.ERROR, Severity.ERROR),
    )
    assert changed_severities({}) == ()
    assert changes_in_words({}) == ""
    assert changes_in_words({"word_as_zero": None, "dash_as_zero": Severity.ERROR}) == (
        "Changed in reportctl.toml: the severity of dash_as_zero (error), word_as_zero (switched off). "
        "What they are: reportctl explain"
    )


def test_standard_severities_are_what_the_contract_says() -> None:
    """A few, by hand, so that nobody changes them by accident."""
    assert {code: KINDS[code].severity.value for code in ("tie", "number_as_text", "no_file")} == {
        "tie": "error",
        "number_as_text": "warning",
        "no_file": "note",
    }
