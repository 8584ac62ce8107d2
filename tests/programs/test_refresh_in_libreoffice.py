"""A report that people have edited in LibreOffice is renewed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from reportctl.__main__ import main
from tests.making.machine import ROOT, SOFFICE, Convert
from tests.making.sample import reported
from tests.making.word_documents import (
    W,
    body,
    changed_text,
    lines,
)

pytestmark = pytest.mark.slow


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample, merged, with its report, for a test to change; messages are in English."""
    monkeypatch.setenv("REPORTCTL_LANG", "en")
    return Path(shutil.copytree(reported(), tmp_path / "workspace"))


@pytest.fixture
def report(workspace: Path) -> Path:
    return workspace / "output" / "2024-Q1" / "report-2024-Q1.docx"


def typed_over(report: Path, old: str, new: str) -> None:
    report.write_bytes(changed_text(report.read_bytes(), old, new))


Edit = Callable[..., Path]


def _python_with_uno() -> str | None:
    for python in ("/usr/bin/python3", "/usr/lib/libreoffice/program/python", shutil.which("python3")):
        if python and Path(python).exists():
            tried = subprocess.run([python, "-c", "import uno"], capture_output=True, env={}, check=False)
            if tried.returncode == 0:
                return python
    return None


@pytest.fixture
def edit(tmp_path: Path) -> Edit:
    """Edits a document in LibreOffice: `edit(path, old, new, old, new…)` gives the saved file."""
    python = _python_with_uno()
    if python is None:
        if os.environ.get("REPORTCTL_NO_SKIP"):
            pytest.fail("no Python with LibreOffice's uno module, and REPORTCTL_NO_SKIP is set")
        pytest.skip("no Python with LibreOffice's uno module (Debian: python3-uno)")

    def run_it(path: Path, *words: str) -> Path:
        saved = tmp_path / f"saved-{path.name}"
        script = ROOT / "tests" / "programs" / "edit_in_libreoffice.py"
        profile = (tmp_path / "profile").as_uri()
        command = [python, str(script), str(SOFFICE), profile, str(path), str(saved), *words]
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        for _attempt in range(3):
            ended = subprocess.run(command, timeout=180, env=clean, check=False).returncode
            if ended >= 0:  # a signal in the bridge to LibreOffice says nothing about the document
                break
        assert ended == 0, f"LibreOffice could not edit {path.name}: {ended}"
        return saved

    return run_it


@pytest.mark.libreoffice
@pytest.mark.slow
def test_a_report_edited_in_libreoffice(
    workspace: Path,
    report: Path,
    edit: Edit,
    soffice: Convert,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    saved = edit(
        report,
        *("", "Đoạn do văn phòng viết thêm."),
        *("6.407", "6.500"),
        *("Nơi nhận", "Nơi gửi"),
        *("dự thi, tăng 34,7%", "dự thi, tăng mạnh"),
    )
    shutil.copy(saved, report)
    before = report.read_bytes()
    assert main(["-w", str(workspace), "correct", "001", "press_total", "900", "--why", "x"]) in (0, 1)
    capsys.readouterr()
    assert main(["-w", str(workspace), "refresh", str(report), "--format", "json"]) == 0
    done = json.loads(capsys.readouterr().out)
    over = {c["printed"]: (c["old"], c["new"]) for c in done["changed"] if c["printed"]}
    assert over == {"6.407": ("6.500", "6.929")}
    assert {kept["tag"] for kept in done["kept"]} == {
        "sentences:press",
        "sentences:contest",
        "text:movements",
    }
    assert done["left_alone"] == []
    after = report.read_bytes()
    assert theirs(after) == theirs(before)
    texts = lines(body(after))
    assert "Đoạn do văn phòng viết thêm." in texts
    assert "Nơi gửi:" in texts
    # Every table and chart stands in a control of its own again, with its alternative text.
    root = body(after)
    for drawing in root.iter("{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"):
        assert drawing.get("descr")
    # The edited sentence about the press has an old figure in it.
    assert main(["-w", str(workspace), "refresh", str(report), "--check"]) == 1
    assert main(["-w", str(workspace), "refresh", str(report), "--renew", "sentences:press"]) == 0
    assert main(["-w", str(workspace), "refresh", str(report), "--check"]) == 0
    (page,) = soffice([report], to="pdf", outdir=tmp_path / "pdf")
    assert page.stat().st_size > 10_000


def theirs(document: bytes) -> list[str]:
    """The body's sections, and the paragraphs that no control of ours holds, or held, as canonical XML.

    LibreOffice ends a section in the last paragraph of a table's control; refreshed, it ends after that.
    """
    root = body(document)
    sections = list(root.iter(f"{W}sectPr"))
    ours = {
        node
        for mark in root.iter(f"{W}bookmarkStart")
        if mark.get(f"{W}name", "").startswith("_rc_")
        for up in [*mark.iterancestors(f"{W}tbl", f"{W}p")]
        for node in up.iter()
    }
    held = {node for sdt in root.iter(f"{W}sdt") for node in sdt.iter()}
    paragraphs = [
        paragraph
        for paragraph in root.iter(f"{W}p")
        if paragraph not in ours
        and paragraph not in held
        and not list(paragraph.iter(f"{W}sdt", f"{W}sectPr"))
    ]
    return [etree.tostring(node, method="c14n").decode() for node in (*sections, *paragraphs)]
