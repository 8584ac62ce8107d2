"""Guessed sums held against filled workbooks."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from reportctl.adopt.blank_form import BlankForm
from reportctl.adopt.samples import SampleOutcome, read_sample, without_broken_sums
from reportctl.core.errors import ReportctlError
from reportctl.core.language import speaking
from tests.making.adopted import BLANK, MATRIX, ROOMS, office_workbook

HOLDS = {"D7": 30, "E7": 10, "F7": 20, "D8": 12, "E8": 4, "F8": 8, "D9": 18, "E9": 6, "F9": 12}


def sample(folder: Path, cells: Mapping[str, float | str], name: str = "a.xlsx") -> Path:
    book = openpyxl.load_workbook(io.BytesIO(office_workbook()))
    for cell, value in cells.items():
        book[ROOMS][cell] = value
    book.save(folder / name)
    return folder / name


def outcome(folder: Path, *filled: Mapping[str, float | str], form: BlankForm = BLANK) -> SampleOutcome:
    paths = [sample(folder, cells, f"{n}.xlsx") for n, cells in enumerate(filled)]
    return without_broken_sums(form, {path.name: read_sample(path) for path in paths})


def test_sums_that_hold_are_counted_and_kept(tmp_path: Path) -> None:
    found = outcome(tmp_path, HOLDS, HOLDS | {"D10": "1.234,5", "E10": "1.234", "F10": 0.5})
    assert (found.held, found.untold, found.broken) == (2, 0, ())
    assert found.form == BLANK


def test_a_guess_that_does_not_hold_is_dropped_with_the_cell_that_broke_it(tmp_path: Path) -> None:
    found = outcome(tmp_path, HOLDS, HOLDS | {"E7": 11, "D7": 31})
    (broken,) = found.broken
    assert (broken.code, broken.file, broken.where, broken.says, broken.added) == (
        "n1", "1.xlsx", f"'{ROOMS}'!D7", "31", "30"
    )  # fmt: skip
    assert broken.dropped
    assert found.form.tables[0].rows[1].sum == ""
    assert next(one for one in found.form.questions if one.id == "rooms.n1.sum").default == ""
    assert found.held == 1
    assert f"'{ROOMS}'!D7" in found.sentences[1]


def test_what_the_form_says_in_words_stays_and_is_told(tmp_path: Path) -> None:
    found = outcome(tmp_path, HOLDS | {"D8": 13, "D7": 31})
    (broken,) = [one for one in found.broken if one.code == "total"]
    assert not broken.dropped
    assert found.form.tables[0].columns[3].sum == "public + private"


def test_blank_parts_count_as_nothing_and_blank_totals_tell_nothing(tmp_path: Path) -> None:
    found = outcome(tmp_path, {"D7": 10, "E7": 10, "E8": 10})
    assert (found.held, found.untold, len(found.broken)) == (2, 0, 0)
    found = outcome(tmp_path, {"E8": 4, "E9": 5})
    assert (found.held, found.untold) == (0, 2)


def test_an_open_question_s_default_is_tested_like_a_guess(tmp_path: Path) -> None:
    asked = replace(MATRIX, rows=tuple(replace(row, sum="") for row in MATRIX.rows))
    found = outcome(tmp_path, HOLDS | {"E7": 11, "D7": 31}, form=replace(BLANK, tables=(asked,)))
    assert [one.code for one in found.broken] == ["n1"]
    assert found.form.questions[0].default == ""


@pytest.mark.parametrize(("total", "holds"), [(31, True), (30.9, True), (30.8, False), (31.2, False)])
def test_rounded_parts_may_differ_by_their_last_digits(tmp_path: Path, total: float, holds: bool) -> None:
    found = outcome(tmp_path, {"D10": total, "E10": 10.5, "F10": 20.5})
    assert (found.held, len(found.broken)) == ((1, 0) if holds else (0, 1))


def test_percentages_are_not_added_up(tmp_path: Path) -> None:
    found = outcome(tmp_path, HOLDS | {"H7": 0.5, "H8": 0.4, "H9": 0.6})
    assert found.broken == ()


def test_another_workbook_is_refused(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "other.xlsx")
    with pytest.raises(ReportctlError, match=r"other\.xlsx"):
        without_broken_sums(BLANK, {"other.xlsx": read_sample(tmp_path / "other.xlsx")})
    (tmp_path / "scan.xlsx").write_bytes(b"%PDF-1.4")
    with pytest.raises(ReportctlError, match=r"scan\.xlsx"):
        read_sample(tmp_path / "scan.xlsx")


@pytest.mark.parametrize(
    ("language", "said"),
    [("vi", "ghi 1.234,5, các phần cộng lại 1.230,5"), ("en", "1,234.5, parts 1,230.5")],
)
def test_figures_are_said_in_the_way_of_the_language(tmp_path: Path, language: str, said: str) -> None:
    with speaking(language):
        found = outcome(tmp_path, {"D10": 1234.5, "E10": 1200.25, "F10": 30.25})
        assert said in found.sentences[1]
