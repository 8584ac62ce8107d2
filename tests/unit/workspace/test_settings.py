"""The settings of comparisons: what makes no sense is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportctl.core import language
from reportctl.core.errors import ReportctlError
from reportctl.workspace.settings import CheckSettings, open_workspace
from tests.making.machine import ROOT


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("min_quarters = 9", "checks.min_quarters: “9” is beyond the limit of 8"),
        ("quarters = 3", "checks.min_quarters: “4” is beyond the limit of 3"),
        ("times = 1", "checks.times: “1” is beyond the limit of 1"),
        ("alike = 1.5", "checks.alike: “1.5” is beyond the limit of 1"),
        ('small = "few"', "checks.small: “few” cannot be read"),
        ("minutes = 5", "checks.minutes: this setting is not known; “min_units” was meant?"),
    ],
)
def test_thresholds_that_make_no_sense_are_refused(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "reportctl.toml").write_text(f"[checks]\n{line}\n", encoding="utf-8")
    with pytest.raises(ReportctlError) as refused:
        open_workspace(tmp_path)
    assert str(refused.value).splitlines()[1].strip() == said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("times = 0.5", "checks.times: “0,5” vượt giới hạn 1"),
        ("alike = 1.5", "checks.alike: “1,5” vượt giới hạn 1"),
        ("quarters = 0", "checks.quarters: “0” vượt giới hạn 2"),
    ],
)
def test_decimals_are_said_as_the_language_writes_them(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "reportctl.toml").write_text(f"[checks]\n{line}\n", encoding="utf-8")
    language.use("vi")
    with pytest.raises(ReportctlError) as refused:
        open_workspace(tmp_path)
    assert said in str(refused.value)


def test_the_stock_settings_say_what_holds_without_them() -> None:
    for folder in ("templates", "sample_data"):
        text = (ROOT / folder / "reportctl.toml").read_text(encoding="utf-8")
        for name, value in CheckSettings():
            assert f"\n{name} = {value} " in text
