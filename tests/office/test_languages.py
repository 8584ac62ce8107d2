"""What is said to whoever runs the program is in the language asked for, whichever the workspace's is."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest

from reportctl.core import language
from reportctl.core.findings import Finding, finding
from reportctl.core.language import Phrase
from reportctl.workbooks.safety import inspect
from tests.making.commands import run
from tests.making.office import Q1, Office, filled
from tests.making.sample import reported

pytestmark = pytest.mark.slow


@pytest.fixture
def vietnamese(tmp_path: Path) -> Path:
    """The sample with its report; its workspace is Vietnamese."""
    return Path(shutil.copytree(reported(), tmp_path / "office"))


def _refused(root: Path, *arguments: object) -> str:
    ended = run("-w", root, "--lang", "en", *arguments)
    assert ended.code == 2
    assert "Traceback" not in ended.err
    return ended.err


SPOILT = {
    "plan.csv": (
        "unit,indicator,year,value\nX99,press_total,2024,1\n",
        "there is no unit with the code “X99”",
    ),
    "units.csv": ("code,name,kind\n1,Đơn vị,xom\n", "is not one of the form's kinds of units"),
    "reportctl.db": ("không phải sổ số liệu" * 100, "cannot be read"),
}


@pytest.mark.parametrize("name", SPOILT)
@pytest.mark.parametrize("command", ["report", "refresh", "evidence", "form --tags", "export"])
def test_errors_are_in_the_language_asked_for(vietnamese: Path, command: str, name: str) -> None:
    text, said = SPOILT[name]
    (vietnamese / name).write_text(text, encoding="utf-8")
    words = {
        "report": ["report"],
        "refresh": ["refresh", vietnamese / "output" / "2024-Q1" / "report-2024-Q1.docx"],
        "evidence": ["report", "--evidence"],
    }.get(command, command.split())
    assert said in _refused(vietnamese, *words)


def test_an_unknown_tag_is_said_in_it(vietnamese: Path) -> None:
    from tests.making.word_documents import docx, p
    from tests.making.word_documents import run as text

    (vietnamese / "report.docx").write_bytes(docx(p(text("{{press_totl}}"))))
    assert "press_total" in (said := _refused(vietnamese, "report"))
    assert "không" not in said


def test_a_marked_copy_that_cannot_be_written_is_said_in_it(vietnamese: Path) -> None:
    folder = vietnamese / "returned"
    shutil.rmtree(folder, ignore_errors=True)
    folder.write_text("no folder", encoding="utf-8")
    said = _refused(vietnamese, "validate", "--mark")
    assert "cannot be written" in said
    assert "Không ghi được" not in said


def test_what_is_made_stays_in_the_workspaces_language(vietnamese: Path) -> None:
    assert run("-w", vietnamese, "--lang", "en", "validate", "--mark").code == 1
    marked = next((vietnamese / "returned" / "2024-Q1").glob("007*.xlsx"))
    texts = [
        str(cell.value) for row in openpyxl.load_workbook(marked).worksheets[0] for cell in row if cell.value
    ]
    assert any("lỗi" in text.casefold() for text in texts)


# Numbers


def _in(lang: str, found: Finding) -> str:
    with language.speaking(lang):
        return f"{found.message} | {found.hint} | {found.shown_value}"


@pytest.mark.parametrize(
    ("answer", "vi", "en"),
    [
        (6.5, "6,5", "6.5"),
        (-0.25, "-0,25", "-0.25"),
        (123456.75, "123456,75", "123456.75"),
    ],
)
def test_a_number_in_a_cell_is_written_in_the_way_of_the_language(
    office: Office, answer: float, vi: str, en: str
) -> None:
    figures = {"press_total": answer, "printed": 1, "aired": 1}
    office.put("a.xlsx", filled(office.form, office.roster.units[0], Q1, figures, "2024-03-15T08:00:00Z"))
    for found in (office.validate().findings, office.merge().findings):
        about = [one for one in found if one.indicator == "press_total" and one.value == en]
        assert about
        for one in about:
            assert vi in _in("vi", one)
            assert en not in _in("vi", one)
            assert en in _in("en", one)
            assert one.value == en  # as it is for programs


def test_what_was_typed_as_text_stays_as_it_was_typed(office: Office) -> None:
    figures = {"press_total": "12.5 bài", "printed": 1, "aired": 1}
    office.put("a.xlsx", filled(office.form, office.roster.units[0], Q1, figures, "2024-03-15T08:00:00Z"))
    (found,) = [one for one in office.validate().findings if one.value == "12.5 bài"]
    assert "12.5 bài" in _in("vi", found)


def test_a_value_without_a_number_is_itself() -> None:
    assert finding("error_cell", value="#REF!").shown_value == "#REF!"
    assert finding("error_cell", value="1.5", number=Phrase("1,5", "1.5")).shown_value == "1.5"


# What holds the workbook

TAR = b"a.xlsx" + bytes(251) + b"ustar" + bytes(300)


@pytest.mark.parametrize(
    ("name", "data", "what", "hint"),
    [
        ("a.rar", b"Rar!\x1a\x07\x01\x00", "a RAR archive", "unpack it"),
        ("a.xlsx", b"Rar!\x1a\x07\x01\x00", "a RAR archive", "unpack it"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it"),
        ("a.gz", b"\x1f\x8b\x08", "a gzip archive", "unpack it"),
        ("a.tar", TAR, "an archive", "unpack it"),
        ("a.bz2", b"BZh91AY", "an archive", "unpack it"),
        ("a.eml", b"Received: from a\r\nSubject: b\r\n", "an e-mail", "save what is attached to it"),
        ("a.eml", b"MIME-Version: 1.0\r\n<html>", "an e-mail", "save what is attached to it"),
        ("winmail.dat", b"\x78\x9f\x3e\x22\x00", "an e-mail", "save what is attached to it"),
        ("a.pdf", b"%PDF-1.4", "a PDF file", "the figures must come in the workbook"),
    ],
)
def test_what_may_hold_a_workbook_says_how_to_get_it_out(
    name: str, data: bytes, what: str, hint: str
) -> None:
    inspected = inspect(data, name)
    (found,) = inspected.findings
    assert inspected.ignored
    assert found.message == f"also received: {what}"
    assert hint in found.hint
