"""The two styles of documents: of a new workspace, of a fresh stock document beside one's own."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.making.commands import run
from tests.making.machine import TEMPLATES

STOCK = {style: (TEMPLATES / f"report-{style}.docx").read_bytes() for style in ("party", "state")}


@pytest.mark.parametrize("style", ["party", "state"])
def test_a_new_workspace_of_a_style(tmp_path: Path, style: str) -> None:
    office = tmp_path / "office"
    assert run("init", office, "--period", "2024-Q1", "--style", style).code == 0
    assert (office / "report.docx").read_bytes() == STOCK[style]
    stock = tomllib.loads((TEMPLATES / "reportctl.toml").read_text(encoding="utf-8"))
    settings = tomllib.loads((office / "reportctl.toml").read_text(encoding="utf-8"))
    assert settings == stock | {"style": style, "current": "2024-Q1"}


def test_a_fresh_document_stands_beside_ones_own(tmp_path: Path) -> None:
    office = tmp_path / "office"
    assert run("init", office, "--period", "2024-Q1").code == 0
    own = office / "report.docx"
    own.write_bytes(b"ours")
    said = run("-w", office, "--lang", "en", "report", "--new-template", "--style", "state")
    assert said.code == 0
    assert own.read_bytes() == b"ours"
    assert (office / "report (2).docx").read_bytes() == STOCK["state"]
    assert "report (2).docx" in said.out
    assert "report.docx stays as it is" in said.err
    assert not list((office / "output").rglob("*.docx"))  # no report is made

    # Of the style that is set; what people did to the fresh one is theirs, too.
    (office / "report (2).docx").write_bytes(b"edited")
    assert run("-w", office, "report", "--new-template").code == 0
    assert (office / "report (3).docx").read_bytes() == STOCK["party"]
    own.unlink()
    said = run("-w", office, "--lang", "en", "report", "--new-template")
    assert own.read_bytes() == STOCK["party"]
    assert said.err == ""


@pytest.mark.parametrize("more", [["2024-Q1"], ["--out", "a.docx"], ["--evidence"]])
def test_it_makes_no_report(tmp_path: Path, more: list[str]) -> None:
    office = tmp_path / "office"
    assert run("init", office, "--period", "2024-Q1").code == 0
    said = run("-w", office, "--lang", "en", "report", "--new-template", *more)
    assert said.code == 2
    assert "only --style and --template can stand" in said.err
    assert not (office / "report (2).docx").exists()


def test_a_style_that_there_is_not(tmp_path: Path) -> None:
    said = run("--lang", "en", "init", tmp_path / "office", "--style", "royal")
    assert said.code == 2
    assert "party, state" in said.err
    assert not (tmp_path / "office").exists()
