"""Severities that an office sets, and what they make of files."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportctl.decisions.accept import correct
from reportctl.ledger.ledger import open_ledger
from reportctl.ledger.session import Session
from reportctl.merge.merge import Merged, Run
from reportctl.merge.validate import Checked
from tests.making.office import TODAY, Office, make_office, verdicts


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return make_office(tmp_path / "office", ("01",))


def setting(office: Office, *lines: str) -> None:
    text = "\n".join(('language = "en"', "[findings]", *lines, ""))
    (office.root / "reportctl.toml").write_text(text, encoding="utf-8")


def found(of: Merged | Checked) -> dict[str, str]:
    return {one.code: one.severity.value for one in of.findings}


@pytest.mark.slow
def test_a_warning_made_an_error_rejects_and_back(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10, printed="9"))  # text: a warning
    assert verdicts(office.merge()) == {"a.xlsx": ("warned", True)}
    setting(office, 'number_as_text = "error"')
    assert {file: verdict for file, _unit, verdict in office.validate().files} == {"a.xlsx": "rejected"}
    merged = office.merge()
    assert (merged.reread, merged.rechecked) == (0, 1)
    assert verdicts(merged) == {"a.xlsx": ("rejected", False)}
    assert found(merged)["number_as_text"] == "error"
    assert office.totals() == {}
    setting(office, 'number_as_text = "note"')
    merged = office.merge()
    assert verdicts(merged) == {"a.xlsx": ("accepted", True)}
    assert found(merged) == {"number_as_text": "note"} == found(office.validate())
    setting(office, 'number_as_text = "off"')
    merged = office.merge()
    assert verdicts(merged) == {"a.xlsx": ("accepted", True)}
    assert found(merged) == {} == found(office.validate())
    assert office.totals() == {("2024-Q1", "01"): 10}
    again = office.merge()
    assert (again.reread, again.rechecked) == (0, 0)


def test_a_deleted_ledger_says_the_same(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10, printed="9", results=None))
    office.merge()
    setting(office, 'number_as_text = "error"')
    office.merge()
    before = office.dump()
    (office.root / "reportctl.db").unlink()
    office.merge()
    assert office.dump() == before


def test_a_missing_figure_can_be_a_warning(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10, aired=None))
    assert verdicts(office.merge()) == {"a.xlsx": ("rejected", False)}
    setting(office, 'required_missing = "warning"')
    merged = office.merge()
    assert verdicts(merged) == {"a.xlsx": ("warned", True)}
    with open_ledger(office.root / "reportctl.db") as ledger:
        assert {code for _p, _u, code, _v, _e in ledger.numbers((merged.quarter,))} == {
            "press_total",
            "printed",
            "share_printed",
        }


def test_the_setting_stands_above_a_rules_own_severity(office: Office) -> None:
    form = office.root / "form.toml"
    office.put("a.xlsx", office.book("01", 10, aired=5))  # 9 + 5 is not 10
    assert found(office.merge())["rule_broken"] == "error"
    setting(office, 'rule_broken = "warning"')
    assert found(office.merge())["rule_broken"] == "warning"
    form.write_text(form.read_text(encoding="utf-8") + 'severity = "note"\n', encoding="utf-8")
    assert found(office.merge())["rule_broken"] == "warning"
    setting(office)
    assert found(office.merge())["rule_broken"] == "note"


def test_a_rule_that_a_correction_breaks_has_the_severity_set(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10))
    merged = office.merge()
    setting(office, 'rule_broken = "note"')
    run = Run(Session(office.root, TODAY, "lan"), merged.quarter, lambda *_what: None)
    corrected = correct(run, "01", "aired", "5", "told")
    assert found(corrected.merged) == {"corrected": "note", "rule_broken": "note"}
    assert verdicts(corrected.merged) == {"a.xlsx": ("accepted", True)}
