"""An annex of the units' texts and a table that have nothing to say are not there, nor are they cited."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.making.commands import run
from tests.making.sample import merged
from tests.making.word_documents import W, body, lines, said

pytestmark = pytest.mark.slow


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample, merged."""
    monkeypatch.setenv("REPORTCTL_LANG", "en")
    return Path(shutil.copytree(merged(), tmp_path / "workspace"))


def texts_in(workspace: Path, where: str) -> None:
    settings = workspace / "reportctl.toml"
    text = settings.read_text(encoding="utf-8")
    for now in ("annex", "body", "none"):
        text = text.replace(f'texts = "{now}"', f'texts = "{where}"', 1)
    settings.write_text(text, encoding="utf-8")


def annexes(path: Path) -> list[str]:
    return [line for line in _lines(path) if line.startswith("Phụ lục")]


def _lines(path: Path) -> list[str]:
    return [line.replace("\u00a0", " ") for line in lines(body(path.read_bytes()))]


def sections(path: Path) -> list[Any]:
    return list(body(path.read_bytes()).iter(f"{W}sectPr"))


@pytest.mark.parametrize("where", ["body", "none"])
@pytest.mark.parametrize("style", ["party", "state"])
def test_without_texts_in_the_annex_there_is_no_annex_five(workspace: Path, where: str, style: str) -> None:
    path = workspace / "a.docx"
    texts_in(workspace, where)
    assert run("-w", workspace, "report", "--style", style, "--out", path).code == 0
    assert len(annexes(path)) == 4
    assert "Phụ lục V" not in said(body(path.read_bytes())).replace("\u00a0", " ")
    assert run("-w", workspace, "refresh", "--check", path).code == 0
    # Its section's end is away with it, so that no page is left over.
    texts_in(workspace, "annex")
    assert run("-w", workspace, "refresh", path).code == 0
    with_it = len(sections(path))
    assert len(annexes(path)) == 5
    assert "tại Phụ lục V." in "".join(_lines(path))
    texts_in(workspace, where)
    assert run("-w", workspace, "refresh", path).code == 0
    assert (len(annexes(path)), len(sections(path))) == (4, with_it - 1)


def test_a_table_without_one_answer_is_left_out_with_its_mention(workspace: Path) -> None:
    path = workspace / "h1.docx"
    assert run("-w", workspace, "report", "2023-H1", "--style", "party", "--out", path).code == 0
    text = said(body(path.read_bytes()))
    assert "Tin, bài theo loại hình" not in text
    assert "Bảng\u00a0…" not in text
    assert run("-w", workspace, "refresh", "--check", path).code == 0
    now = workspace / "q1.docx"
    assert run("-w", workspace, "report", "2024-Q1", "--style", "party", "--out", now).code == 0
    assert "Tin, bài theo loại hình" in said(body(now.read_bytes()))
