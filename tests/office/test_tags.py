"""`form --tags`: every tag of the Word report, before anything is merged too."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from reportctl.form.form_file import load_form
from reportctl.report.tags import known_tags
from tests.making.commands import run as run_program
from tests.making.word_documents import docx, p, run


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tags") / "workspace"
    assert run_program("init", folder, "--period", "2024-Q1").code == 0
    return folder


def listed(workspace: Path, *more: str) -> str:
    said = run_program("-w", workspace, "--lang", "en", "form", "--tags", *more)
    assert said.code == 0
    return said.out


def test_they_are_listed_before_anything_is_merged(workspace: Path) -> None:
    found = json.loads(listed(workspace, "--format", "json"))
    tags = {one["tag"]: one for one in found["tags"]}
    assert found["period"] == "2024-Q1"
    assert [tags["press_total"][key] for key in ("kind", "inline", "says")] == ["figure", True, "…"]
    # In the language of the report, whichever the program speaks.
    assert tags["title"]["says"].startswith("Kết quả hoạt động")
    assert set(tags) == known_tags(load_form(workspace / "form.toml"))
    rows = list(csv.reader(io.StringIO(listed(workspace, "--format", "csv"))))
    assert {row[0] for row in rows[1:] if row[0]} == set(tags)
    assert "table:province" in listed(workspace, "--format", "markdown")
    assert "6 tháng đầu năm" in listed(workspace, "2024-H1").replace("\u00a0", " ")


@pytest.mark.slow
def test_every_tag_listed_can_be_typed(workspace: Path) -> None:
    found = json.loads(listed(workspace, "--format", "json"))["tags"]
    typed = "".join(p(run(f"{{{{{one['tag']}}}}}")) for one in found)
    (workspace / "report.docx").write_bytes(docx(typed))
    assert run_program("-w", workspace, "report").code == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["2024-Q1"], "A period goes with --tags only"),
        (["--tags", "--check"], "Use one of --check, --tags, --try, --diff, --to-workbook"),
        (["--tags", "2024-Q9"], "is not a period"),
    ],
)
def test_misuse(workspace: Path, arguments: list[str], sentence: str) -> None:
    said = run_program("-w", workspace, "--lang", "en", "form", *arguments)
    assert said.code == 2
    assert sentence in said.err
