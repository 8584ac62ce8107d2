"""`refresh` of a report that people have edited: figures are renewed, everything else stays."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from reportctl.__main__ import main
from tests.making.sample import reported
from tests.making.word_documents import (
    SECTION,
    body,
    changed_text,
    docx,
    lines,
    p,
    run,
    said,
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


@pytest.mark.slow
def test_a_report_that_is_right_stays_the_same_file(
    workspace: Path, report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = report.read_bytes()
    assert main(["-w", str(workspace), "refresh", str(report)]) == 0
    assert main(["-w", str(workspace), "refresh", str(report), "--check"]) == 0
    assert report.read_bytes() == before
    assert not list(report.parent.glob("*before*"))
    assert "stays as it is" in capsys.readouterr().err


@pytest.mark.slow
def test_a_corrected_figure_is_renewed_and_the_old_file_kept(
    workspace: Path, report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    typed_over(report, "Nơi nhận", "Nơi gửi")
    before = report.read_bytes()
    assert main(["-w", str(workspace), "correct", "001", "press_total", "900", "--why", "x"]) in (0, 1)
    capsys.readouterr()
    assert main(["-w", str(workspace), "refresh", str(report), "--check", "--format", "json"]) == 1
    checked = json.loads(capsys.readouterr().out)
    assert report.read_bytes() == before
    assert main(["-w", str(workspace), "refresh", str(report), "--format", "json"]) == 0
    done = json.loads(capsys.readouterr().out)
    assert done["changed"] == checked["changed"]
    assert (done["period"], done["backup"]) == ("2024-Q1", "report-2024-Q1.before-1.docx")
    assert (report.parent / done["backup"]).read_bytes() == before
    # 378 became 900, and the province's 6.407 so 6.929.
    own = [(c["old"], c["new"]) for c in done["changed"] if "Thành phố Lạc Thành · Tin, bài" in c["where"]]
    assert own == [("378", "900")]
    assert ("6.407", "6.929") in {(c["old"], c["new"]) for c in done["changed"]}
    text = said(body(report.read_bytes()))
    assert "Nơi gửi" in text
    assert "6.929 tin, bài" in text.replace("\u00a0", " ")
    assert main(["-w", str(workspace), "refresh", str(report), "--check"]) == 0


def test_texts_shortened_by_a_setting_are_renewed_and_named(
    workspace: Path, report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = workspace / "reportctl.toml"
    settings.write_text(settings.read_text("utf-8").replace("# max_words = 150", "max_words = 20"), "utf-8")
    assert main(["-w", str(workspace), "refresh", str(report)]) == 0
    remarks = capsys.readouterr().err.splitlines()
    (remark,) = [line for line in remarks if line.startswith("“Main tasks")]
    # 16 words in its first sentence, 19 in its second
    assert (
        "shortened to at most max_words, whole in merged.xlsx: Thành phố Lạc Thành (35\u00a0words); "
        in remark
    )


@pytest.mark.parametrize(
    ("misuse", "sentence"),
    [
        ("template", "was not made by reportctl report"),
        ("none", "There is no file"),
        ("text", "This is not a Word document"),
        ("open", "seems to be open in another program"),
        ("tag", "The document has no control “titel” (near it: title"),
    ],
)
def test_misuse_is_one_sentence_and_nothing_is_written(
    workspace: Path, report: Path, capsys: pytest.CaptureFixture[str], misuse: str, sentence: str
) -> None:
    more: list[str] = []
    match misuse:
        case "template":
            report = workspace / "report.docx"
        case "none":
            report = report.with_name("kia.docx")
        case "text":
            report.write_text("a")
        case "open":
            typed_over(report, "6.407", "7.000")
            report.with_name(f"~${report.name[2:]}").write_text("x")
        case "tag":
            more = ["--renew", "titel"]
    listed = sorted(report.parent.iterdir())
    before = report.read_bytes() if report.exists() else b""
    assert main(["-w", str(workspace), "refresh", str(report), *more]) == 2
    assert sentence in capsys.readouterr().err
    assert sorted(report.parent.iterdir()) == listed
    assert (report.read_bytes() if report.exists() else b"") == before


def test_an_edited_sentence_is_not_said_to_agree_with_the_ledger(
    workspace: Path, report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    typed_over(report, "dự thi, tăng 34,7%", "dự thi, tăng 99%")
    assert main(["-w", str(workspace), "refresh", str(report), "--check"]) == 1
    heard = capsys.readouterr()
    assert "“sentences:contest” has numbers that the ledger's sentence has not: 99." in heard.err
    assert heard.out == "Nothing differs from the ledger but what was edited by hand or left alone.\n"
    assert "“sentences:contest” was edited by hand" in heard.err


def test_a_reference_to_what_the_document_does_not_have_is_said(
    workspace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = p(run("Xem {{ref:chart:press}}, {{ref:table:press}}.")) + p(run("{{table:press}}"))
    (workspace / "report.docx").write_bytes(docx(typed + SECTION))
    out = tmp_path / "n.docx"
    assert main(["-w", str(workspace), "report", "--out", str(out)]) == 0
    assert "“ref:chart:press”: the document has no such table or chart" in capsys.readouterr().err
    assert "Xem Biểu đồ\u00a0…, Bảng\u00a01." in lines(body(out.read_bytes()))
    assert main(["-w", str(workspace), "refresh", str(out), "--check"]) == 0
    heard = capsys.readouterr().err
    assert "“ref:chart:press”: the document has no such table or chart" in heard
    assert "ref:table:press" not in heard


def test_the_state_style_stays_the_state_style(workspace: Path, tmp_path: Path) -> None:
    out = tmp_path / "n.docx"
    assert main(["-w", str(workspace), "report", "--style", "state", "--out", str(out)]) == 0
    typed_over(out, "6.407", "7.000")
    assert main(["-w", str(workspace), "refresh", str(out)]) == 0
    assert "Lưu: VT" in said(body(out.read_bytes()))
