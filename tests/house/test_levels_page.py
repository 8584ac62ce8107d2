"""The page about levels: what it shows of the settings can be read, and both languages show the same."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from reportctl.workspace.settings import Settings
from tests.making.machine import ROOT


def shown(name: str) -> dict[str, Any]:
    """The settings on a page."""
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    (block,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    return tomllib.loads(block)


def test_the_example_can_be_read() -> None:
    upward = Settings.model_validate(shown("levels.md")).upward
    assert len(upward) > 10
    assert upward["budget"].converts
    assert upward["events.rows"].to == "meetings"


def test_both_languages_show_the_same() -> None:
    assert shown("levels.md") == shown("levels.vi.md")


def test_the_stock_settings_show_lines_that_can_be_read() -> None:
    text = (ROOT / "templates" / "reportctl.toml").read_text(encoding="utf-8")
    section = text.partition("[upward]\n")[2].partition("\n\n")[0]
    lines = [line.removeprefix("# ") for line in section.splitlines()]
    assert len(lines) > 2
    assert len(Settings.model_validate({"upward": tomllib.loads("\n".join(lines))}).upward) == len(lines)
