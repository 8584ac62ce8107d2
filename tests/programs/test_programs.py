"""A filled workbook, whichever program saved it: the answers are the same.

What LibreOffice saved was saved by it; for the others see `programs`.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from reportctl.core.finding_kinds import Severity
from reportctl.form.layout import FIGURES, TEXTS
from reportctl.form.submission import AnswerState
from reportctl.intake.job import ReadResult
from tests.making.machine import FIXTURES
from tests.making.programs import PROGRAMS, TYPES, WPS, Program
from tests.making.returned import ANSWERS, EVENTS, codes, read, returned, sent_out


def _said(done: ReadResult) -> list[tuple[object, ...]]:
    assert done.submission
    assert done.submission.identity.unit == "001"
    answers = list(done.submission.answers)
    answers += [answer for row in done.submission.rows for answer in row.answers]
    return [(a.code, a.state, a.value, a.sheet, a.cell, a.estimate) for a in answers]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[object, ...]]:
    """The answers as they were typed."""
    return _said(read(returned(), tmp_path_factory.mktemp("plain")))


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_answers_are_the_same(program: str, tmp_path: Path, plain: list[tuple[object, ...]]) -> None:
    data = PROGRAMS[program].write(returned())
    done = read(data, tmp_path)
    assert codes(done) == []
    assert _said(done) == plain


@pytest.mark.filterwarnings("ignore:Unknown extension")
@pytest.mark.parametrize("program", ["plain", "WPS", "Google Sheets", "no references", "dates of a Mac"])
def test_an_independent_reader_reads_these_workbooks_alike(program: str) -> None:
    """That what is put together here is a workbook at all."""
    given = openpyxl.load_workbook(io.BytesIO(returned()))
    written = openpyxl.load_workbook(io.BytesIO(PROGRAMS[program].write(returned())))
    for sheet in given:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None and not str(cell.value).startswith("="):
                    assert written[sheet.title][cell.coordinate].value == cell.value


def test_without_styles_dates_are_numbers_and_said_to_be(
    tmp_path: Path, plain: list[tuple[object, ...]]
) -> None:
    done = read(Program(styles=False).write(returned()), tmp_path)
    wrong = {found.indicator for found in done.findings}
    assert wrong == {"plan_day", "events.day"}
    assert {found.severity for found in done.findings} == {Severity.ERROR}
    same = [one for one in plain if one[0] not in ("plan_day", "day")]
    assert [one for one in _said(done) if one[0] not in ("plan_day", "day")] == same


def test_numbers_renames_sheets_and_puts_titles_above(
    tmp_path: Path, plain: list[tuple[object, ...]]
) -> None:
    """Neither defined names nor the hidden sheet are left, and every line is one row further down."""
    done = read(Program(summary=True, names=False).write(returned()), tmp_path)
    assert set(codes(done)) == {"code_moved"}
    named = {FIGURES: f"{FIGURES} - Bảng 1", TEXTS: f"{TEXTS} - Bảng 1", EVENTS: f"{EVENTS} - Bảng 1"}
    moved = [
        (code, state, value, named[str(sheet)], _one_down(str(cell)), estimate)
        for code, state, value, sheet, cell, estimate in plain
    ]
    assert _said(done) == moved


def _one_down(cell: str) -> str:
    letters = cell.rstrip("0123456789")
    return f"{letters}{int(cell[len(letters) :]) + 1}"


def test_figures_stored_as_text(tmp_path: Path) -> None:
    answers = {"press_total": "1200", "press_print": "700", "press_radio": "500"}
    done = read(WPS.write(returned(answers)), tmp_path)
    assert set(codes(done)) == {"number_as_text"}
    assert _values(done) == {**ANSWERS, "plan_issued": 1, "budget_share": 0.5}


def _values(done: ReadResult) -> dict[str, object]:
    assert done.submission
    return {answer.code: answer.value for answer in done.submission.answers}


@pytest.mark.parametrize("extension", ["xls", "ods"])
def test_what_libreoffice_saved(extension: str, tmp_path: Path, plain: list[tuple[object, ...]]) -> None:
    data = (FIXTURES / f"libreoffice-filled.{extension}").read_bytes()
    done = read(data, tmp_path, f"a.{extension}")
    assert codes(done) == []
    # Sent out when the sheet of texts still had another name.
    assert [tuple("Phần lời" if each == "Văn bản" else each for each in one) for one in _said(done)] == plain
    assert codes(read(data, tmp_path, "a.xlsx")) == ["wrong_extension"]


def test_a_workbook_with_macros(tmp_path: Path, plain: list[tuple[object, ...]]) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(returned())) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "[Content_Types].xml":
                part = part.replace(
                    f"{TYPES}.sheet.main+xml".encode(),
                    b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
                )
            new.writestr(name, part)
        new.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0" + bytes(500))
    done = read(target.getvalue(), tmp_path, "a.xlsm")
    assert codes(done) == []
    assert _said(done) == plain


def test_an_empty_template_saved_by_other_programs_is_all_missing(tmp_path: Path) -> None:
    for program in (PROGRAMS["plain"], WPS, PROGRAMS["no references"]):
        done = read(program.write(sent_out()), tmp_path)
        assert done.submission
        states = {answer.code: answer.state for answer in done.submission.answers}
        assert {code for code, state in states.items() if state is not AnswerState.MISSING} <= {
            "budget_share"
        }
