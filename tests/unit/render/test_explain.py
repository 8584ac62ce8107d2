"""Kinds of findings in general words."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportctl.core.finding_kinds import KINDS
from reportctl.render.explain import in_general, kinds_table


@pytest.fixture(autouse=True)
def outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The current folder is no workspace; lines are 100 wide."""
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    text = 'language = "en"\n[findings]\nnumber_as_text = "note"\nword_as_zero = "off"\n'
    (tmp_path / "reportctl.toml").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("code", KINDS)
def test_no_braces_are_shown(code: str) -> None:
    for text in (KINDS[code].message, KINDS[code].hint):
        assert not set("{}") & set(in_general(text))


def test_placeholders_that_are_all_of_a_message_are_named() -> None:
    assert in_general("{text} ({figures})") == "what the form's rule says (the figures concerned)"
    assert in_general("{value} is outside: {bounds}") == "… is outside: …"
    assert in_general("“{value}” is not {expected}") == "“…” is not what is asked for"
    assert in_general("it is for {found}, not for {expected}") == "it is for …, not for …"


def test_the_table_has_a_row_for_every_kind() -> None:
    assert [row.cells[0] for row in kinds_table({}).rows] == list(KINDS)
