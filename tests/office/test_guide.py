"""Every command that a page of the guide shows, run in the order of the page, in both languages."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.making import guide
from tests.making.commands import run
from tests.making.machine import ROOT
from tests.making.sample import demo
from tools import guide_files

pytestmark = pytest.mark.slow


def _new(folder: Path) -> None:
    assert run("init", folder, "--period", "2024-Q2").code == 0


STARTS: dict[str, Callable[[Path], object]] = {
    "demo": lambda folder: shutil.copytree(demo(), folder),
    "new": _new,
    "empty": Path.mkdir,
}

# What lies in the folder before a block is typed, by the name in its comment.
BEFORE: dict[str, Callable[[], object]] = {
    "blank_workbook": lambda: guide_files.blank_workbook(Path("MAU.xlsx")),
    "workbook_from_above": lambda: guide_files.workbook_from_above(
        Path("D1 Tinh An Lac.xlsx"), run, "2024-Q1"
    ),
    "text_of_difficulties": lambda: Path("kho-khan.txt").write_text(
        "Kinh phí còn hạn hẹp.\n", encoding="utf-8"
    ),
    "history": lambda: Path("quy-truoc.csv").write_text(
        "unit,indicator,period,value\n,press_total,2022-Q4,5900\n", encoding="utf-8"
    ),
    "lost_ledger": lambda: Path("reportctl.db").unlink(),
}


@pytest.mark.parametrize("lang", guide.LANGUAGES)
@pytest.mark.parametrize("name", guide.names())
def test_what_a_page_says_to_type_works(
    name: str, lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = guide.page(lang, name).read_text(encoding="utf-8")
    folder = tmp_path / "bao-cao"
    STARTS[guide.start(text)](folder)
    monkeypatch.chdir(folder)
    _type(list(guide.blocks(text)), lang, monkeypatch)


@pytest.mark.parametrize(("name", "lang"), [("README.vi.md", "vi"), ("README.md", "en")])
def test_what_the_readme_says_to_type_after_the_demo_works(
    name: str, lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(demo(), tmp_path / "reportctl-demo")
    monkeypatch.chdir(tmp_path)
    text = (ROOT / name).read_text(encoding="utf-8")
    after = [block._replace(before=()) for block in guide.blocks(text) if block.before == ("demo",)]
    assert len(after) == 1
    _type(after, lang, monkeypatch)


def _type(blocks: list[guide.Block], lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Type all lines of the blocks; each ends as the page says."""
    assert blocks
    for block in blocks:
        for needed in block.before:
            BEFORE[needed]()
        for words, code in block.steps:
            if words[0] == "cd":
                monkeypatch.chdir(words[1])
                continue
            assert words[0] == "reportctl", f"the test does not know how to run {words}"
            said = run("--lang", lang, *words[1:])
            assert said.code == code, f"{words}: {said.code}\n{said.out}{said.err}"
