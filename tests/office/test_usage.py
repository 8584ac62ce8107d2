"""What commands are given: misuse is one sentence, exit code 2, nothing written; odd files, languages."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import openpyxl
import pytest

from reportctl.__main__ import main
from reportctl.workspace import stock
from tests.making import sample
from tests.making.commands import Run


@pytest.mark.parametrize(("said", "language"), [("dòng 2: mục này", "vi"), ("line 2: this stands", "en")])
def test_the_sentence_is_in_the_language_that_the_file_asks_for(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    said: str,
    language: str,
) -> None:
    monkeypatch.delenv("REPORTCTL_LANG", raising=False)
    monkeypatch.setenv("LC_ALL", "en" if language == "vi" else "vi")
    (tmp_path / "reportctl.toml").write_text(f'language = "{language}"\nlanguage = "vi"\n', encoding="utf-8")
    assert main(["-w", str(tmp_path), "status"]) == 2
    assert said in capsys.readouterr().err


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def demo() -> Path:
    """The sample after `reportctl demo`; not to be changed."""
    return sample.demo()


@pytest.fixture
def workspace(demo: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may change."""
    return Path(shutil.copytree(demo, tmp_path / "workspace"))


KINDS = frozenset({"district", "commune", "department", "press"})


# ---- misuse: one sentence, exit code 2, nothing written


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("status", "2024-Q7"), "is not a period"),
        (("status", "2024-H1"), "more than one quarter"),
        (("validate", "2024-Q7"), "is not a period"),
        (("validate", "nowhere.xlsx"), "neither a period"),
        (("trace", "2024-Q7", "press_total"), "is not a period"),
        (("form", "2024-Q1"), "goes with --tags only"),
        (("form", "2024-Q1", "x"), "more than the command takes: x"),
        (("sumary",), "'summary' was meant?"),
        (("summary", "--by", "colour"), "can be indicator, unit, kind"),
        (("summary", "--section", "pres"), "(near it: press"),
        (("summary", "--colour"), "--colour"),
        (("trace",), "is missing"),
        (("trace", "press_totl"), "press_total"),
        (("trace", "2024-Q1"), "Name one indicator's code"),
        (("template", "--unit", "01"), "001"),
        # What help calls it is in the language in which its module was first loaded, by whichever test.
        (("init",), " is missing. See: reportctl init --help"),
        (("accept", "007"), "--why is missing"),
        (("accept", "--why", "x"), "Name the units"),
        (("correct", "001", "--why", "x"), "such as: 001 press_total 120"),
        (("correct", "001", "press_totl", "3", "--why", "x"), "press_total"),
        (("reopen", "--why", "x"), "not closed"),
        (("history", "none.csv"), "none.csv"),
        (("export", "--to", "pdf"), "can be xlsx, csv, json, parquet"),
    ],
)
def test_misuse_is_answered_with_a_sentence(
    run: Run, demo: Path, arguments: tuple[str, ...], said: str
) -> None:
    answer = run("-w", demo, *arguments)
    assert answer.code == 2
    assert said in answer.err
    assert answer.out == ""
    assert "Traceback" not in answer.err


@pytest.mark.parametrize("asked", ["-h", "--help"])
def test_help_before_a_command_is_that_of_the_program(run: Run, asked: str) -> None:
    assert run(asked, "merge").out == run("--help").out
    assert "validate" in run("--lang", "en", asked, "merge").out


def test_no_workspace(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "reportctl init" in run("status").err
    assert run("-w", tmp_path / "nowhere", "status").code == 2
    monkeypatch.setenv("REPORTCTL_WORKSPACE", str(tmp_path / "nowhere"))
    assert "nowhere" in run("status").err


def test_a_broken_form_says_all_that_is_wrong(run: Run, workspace: Path) -> None:
    path = workspace / "form.toml"
    text = path.read_text(encoding="utf-8").replace('type = "yes_no"', 'type = "yesno"', 1)
    path.write_text(text.replace("press_total = press_print", "press_totl = press_print"), encoding="utf-8")
    said = run("-w", workspace, "form", "--check")
    assert said.code == 2
    assert "'yesno'" in said.err
    assert "“press_total” was meant?" in said.err
    assert said.err.count("line ") >= 2


def test_a_broken_setting_is_named(run: Run, workspace: Path) -> None:
    path = workspace / "reportctl.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("data_window", "data_windw"), encoding="utf-8")
    said = run("-w", workspace, "status")
    assert said.code == 2
    assert "data_windw" in said.err


def test_a_word_template_that_is_none(run: Run, workspace: Path) -> None:
    (workspace / "report.docx").write_bytes(b"no document")
    assert run("-w", workspace, "report").code == 2
    (workspace / "report.docx").unlink()
    assert "no Word template" in run("-w", workspace, "report").err


def test_files_that_are_no_workbooks_do_not_stop_a_merge(run: Run, workspace: Path) -> None:
    inbox = workspace / "inbox" / "2024-Q1"
    (inbox / "quét.pdf").write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    (inbox / "trống.xlsx").write_bytes(b"")
    whole = next(inbox.rglob("001*.xlsx")).read_bytes()
    (inbox / "nửa 'tệp' & “lạ”.xlsx").write_bytes(whole[: len(whole) // 2])
    assert run("-w", workspace, "merge").code == 1
    found = run("-w", workspace, "validate", "--format", "json").json
    codes = {f["file"]: f["code"] for f in found["findings"] if "/" not in (f["file"] or "/")}
    assert codes == {
        "quét.pdf": "also_received",
        "trống.xlsx": "empty_file",
        "nửa 'tệp' & “lạ”.xlsx": "truncated",
    }
    verdicts = {file["file"]: file["verdict"] for file in found["files"]}
    assert verdicts["quét.pdf"] == "ignored"
    assert verdicts["trống.xlsx"] == "rejected"


def test_a_lost_list_is_not_an_empty_one(run: Run, workspace: Path) -> None:
    path = workspace / "001.xlsx"
    book = openpyxl.load_workbook(next((workspace / "inbox" / "2024-Q1").rglob("001*.xlsx")))
    del book["Danh mục hội nghị"]
    book.save(path)
    said = run("-w", workspace, "validate", "2024-Q1", path, "--format", "json").json
    errors = [found["code"] for found in said["findings"] if found["severity"] == "error"]
    assert errors == ["missing_sheet"]


def test_a_zip_on_the_command_line(run: Run, demo: Path) -> None:
    path = next((demo / "inbox" / "2024-Q1").rglob("*.zip"))
    said = run("-w", demo, "validate", "2024-Q1", path, "--format", "json").json
    assert [file["unit"] for file in said["files"]] == ["B03"]
    assert [file["verdict"] for file in said["files"]] == ["accepted"]


def test_files_in_a_zip_are_merged_files(run: Run, demo: Path) -> None:
    assert "not merged yet" not in run("-w", demo).out


def test_demo_leaves_other_folders_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    said = run("demo", tmp_path)
    assert said.code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_the_sample_is_a_province_of_its_time_and_the_stock_one_of_today() -> None:
    templates, sample = stock.folder("templates"), stock.folder("sample_data")
    for name, of_then in (("form.toml", '"district"'), ("units.csv", ",district,")):
        assert of_then in (sample / name).read_text(encoding="utf-8-sig")
        assert "district" not in (templates / name).read_text(encoding="utf-8-sig")
    ours, theirs = ((folder / "reportctl.toml").read_text(encoding="utf-8") for folder in (templates, sample))
    assert ours.replace('current = "2026-Q3"', 'current = "2024-Q1"') == theirs
    assert (sample / "report.docx").read_bytes() == (templates / "report-party.docx").read_bytes()


def test_messages_are_vietnamese_where_that_is_the_language(
    run: Run, demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REPORTCTL_LANG")
    assert "đơn vị" in run("-w", demo).out  # the workspace's own language
    assert "units" in run("-w", demo, "--lang", "en").out


def test_what_depends_on_nothing_that_changed_is_not_written_again(run: Run, workspace: Path) -> None:
    values = workspace / "output" / "2024-Q1" / "values.csv"
    run("-w", workspace, "merge", "--no-workbook")
    before = values.stat().st_mtime_ns
    run("-w", workspace, "merge", "--no-workbook")
    assert values.stat().st_mtime_ns == before
    units = workspace / "units.csv"
    units.write_text(
        units.read_text(encoding="utf-8-sig").replace("Lạc Thành", "Lạc Thành Mới"), encoding="utf-8"
    )
    run("-w", workspace, "merge", "--no-workbook")
    assert "Lạc Thành Mới" in values.read_text(encoding="utf-8-sig")
    run("-w", workspace, "correct", "001", "press_total", "900", "--why", "x")
    run("-w", workspace, "merge", "--no-workbook")
    rows = csv.DictReader(values.read_text(encoding="utf-8-sig").splitlines())
    assert next(row["value"] for row in rows if (row["unit"], row["code"]) == ("001", "press_total")) == "900"
