"""Returns of an office's own workbook: answers are found whatever people did to it, or it is said."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pytest
from openpyxl import Workbook

from reportctl.core.findings import Finding
from reportctl.core.period import Quarter
from reportctl.form.layout import META
from reportctl.form.model import Form
from reportctl.intake.job import Context, Job
from reportctl.intake.open_file import read_one
from reportctl.outgoing.own_workbook import own_template
from reportctl.outgoing.page import Dispatch
from reportctl.workbooks.own_workbook import read_own_workbook
from reportctl.workspace.units import Roster, Unit
from tests.making.own_workbook import ANSWERS, FORM, LIST, MATRIX, ROWS, addresses, blank, filled

BLANK = blank()
OWN = Form.model_validate(tomllib.loads(FORM)).standing_at(addresses(BLANK))
QUARTER = Quarter(2024, 1)
UNITS = tuple(Unit(code, name, "unit") for code, name in (("001", "Xã Đông"), ("002", "Xã Tây")))
# What the answers are, written out by hand: the cells of the matrix row by row, then the single ones.
FIGURES = {
    **{f"rooms.{row}.total": value for row, value in zip(ROWS, (10, 7, 3, 8, 6, 2), strict=True)},
    **{f"rooms.{row}.solid": value for row, value in zip(ROWS, (6, 5, 1, 7, 5, 2), strict=True)},
    **{f"rooms.{row}.old": value for row, value in zip(ROWS[:5], (4, 2, 2, 1, 1), strict=True)},
    "teachers": 45,
    "degree": 0.925,
    "needs": "Cần thêm phòng học bộ môn.",
}
PLACES = [("Điểm lẻ Suối Cạn", 12, 14), ("Điểm chính", 120, 131)]


class Read(NamedTuple):
    """What was read of a return: its figures and texts, the rows of its list, its findings."""

    figures: dict[str, object]
    places: list[tuple[object, ...]]
    findings: tuple[Finding, ...]

    @property
    def codes(self) -> set[str]:
        """The findings' codes but for that of figures in the list, whose cells are formatted as text."""
        return {one.code for one in self.findings} - {"number_as_text"}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("own") / "form.xlsx"
    path.write_bytes(BLANK)
    return path


@pytest.fixture(scope="module")
def sent(kept: Path) -> bytes:
    """The workbook that goes to the first unit."""
    own = read_own_workbook(kept, hashlib.sha256(BLANK).hexdigest())
    day = dt.date(2024, 3, 17)
    sending = Dispatch(OWN, UNITS[0], QUARTER, QUARTER.window(), day, "Ban")
    return own_template(own, OWN, "as_is").workbook_for(sending, {}, {}, {})


@pytest.fixture
def read(kept: Path, tmp_path: Path) -> Callable[..., Read]:
    own = read_own_workbook(kept, hashlib.sha256(BLANK).hexdigest())
    day = QUARTER.window().last

    def of(data: bytes | Path, units: tuple[Unit, ...] = UNITS) -> Read:
        context = Context(OWN, Roster(units), QUARTER, day, blank=own.book)
        path = data if isinstance(data, Path) else tmp_path / "a.xlsx"
        if isinstance(data, bytes):
            path.write_bytes(data)
        done = read_one(Job(path, path.name), context)
        if done.submission is None:
            return Read({}, [], done.findings)
        values = {one.code: one.value for one in done.submission.answers if one.value is not None}
        rows = [tuple(one.value for one in row.answers) for row in done.submission.rows]
        return Read(values, rows, done.findings)

    return of


def changed(data: bytes, change: Callable[[Workbook], object], *, names: bool = True) -> bytes:
    """The workbook after `change`, with or without its defined names."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    if not names:
        book.defined_names.clear()
    change(book)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


@pytest.mark.parametrize("names", [True, False])
def test_all_answers_are_read(sent: bytes, read: Callable[..., Read], *, names: bool) -> None:
    done = read(changed(filled(sent), lambda _book: None, names=names))
    assert (done.figures, done.places, done.codes) == (FIGURES, PLACES, set())


def test_figures_that_the_cells_make_text_are_one_finding(sent: bytes, read: Callable[..., Read]) -> None:
    texts = [one for one in read(filled(sent)).findings if one.code == "number_as_text"]
    assert [(one.sheet, one.cell, dict(one.details)["alike"]) for one in texts] == [(LIST, "C5", 4)]
    every = {key: str(value) if isinstance(value, int) else value for key, value in ANSWERS.items()}
    done = read(filled(sent, every))
    texts = [one for one in done.findings if one.code == "number_as_text"]
    assert done.figures == FIGURES
    assert sorted(dict(one.details).get("alike", 1) for one in texts) == [1, 4, 17]


INSERTED = {
    "a row above": lambda book: book[MATRIX].insert_rows(9),
    "rows within": lambda book: book[MATRIX].insert_rows(12, 2),
    "a row below": lambda book: book[MATRIX].insert_rows(15),
    "a row in the list": lambda book: book[LIST].insert_rows(6),
    "a row below the list": lambda book: book[LIST].insert_rows(11),
}


@pytest.mark.parametrize("change", INSERTED.values(), ids=INSERTED)
def test_inserted_rows_without_names(sent: bytes, read: Callable[..., Read], change: object) -> None:
    done = read(changed(filled(sent), change, names=False))  # type: ignore[arg-type]
    assert (done.figures, done.places) == (FIGURES, PLACES)
    assert done.codes <= {"code_moved"}


def test_a_deleted_row_is_missed_and_no_other_is_read_for_it(sent: bytes, read: Callable[..., Read]) -> None:
    done = read(changed(filled(sent), lambda book: book[MATRIX].delete_rows(11), names=False))
    lost = {f"rooms.primary_left.{column}" for column in ("total", "solid", "old")}
    assert done.figures == {code: value for code, value in FIGURES.items() if code not in lost}
    assert "rooms.primary_left.*" in {one.indicator for one in done.findings if one.code == "not_found"}


def test_a_row_in_whose_place_another_one_stands_is_missed(sent: bytes, read: Callable[..., Read]) -> None:
    def put_elsewhere(book: Workbook) -> None:
        book[MATRIX]["B9"], book[MATRIX]["B12"] = "Trung học", None

    done = read(changed(filled(sent), put_elsewhere, names=False))
    assert "rooms.primary.*" in {one.indicator for one in done.findings if one.code == "not_found"}
    assert "rooms.primary.total" not in done.figures
    assert (
        done.figures["rooms.second.total"] == FIGURES["rooms.primary.total"]
    )  # what stands beside its label


def test_a_cell_that_nothing_leads_to_any_more_is_missed(sent: bytes, read: Callable[..., Read]) -> None:
    """A row between a label and the cell below it: that may be the one or the other row then."""
    done = read(changed(filled(sent), lambda book: book[LIST].insert_rows(13), names=False))
    assert "needs" in {one.indicator for one in done.findings if one.code == "not_found"}


def test_a_deleted_column_is_missed(sent: bytes, read: Callable[..., Read]) -> None:
    def delete(book: Workbook) -> None:
        for area in list(book[MATRIX].merged_cells.ranges):
            book[MATRIX].unmerge_cells(str(area))
        book[MATRIX].delete_cols(4)

    done = read(changed(filled(sent), delete, names=False))
    solid = {code for code in FIGURES if code.endswith(".solid")}
    assert {code: done.figures.get(code) for code in solid} == dict.fromkeys(solid)
    assert {c: v for c, v in done.figures.items() if c.endswith((".total", ".old"))} == {
        c: v for c, v in FIGURES.items() if c.endswith((".total", ".old"))
    }
    assert "rooms.*.solid" in {one.indicator for one in done.findings if one.code == "not_found"}


def test_an_inserted_column(sent: bytes, read: Callable[..., Read]) -> None:
    def insert(book: Workbook) -> None:
        for area in list(book[MATRIX].merged_cells.ranges):
            book[MATRIX].unmerge_cells(str(area))
        book[MATRIX].insert_cols(4)

    done = read(changed(filled(sent), insert, names=False))
    assert (done.figures, done.places) == (FIGURES, PLACES)


@pytest.mark.parametrize("names", [True, False])
def test_renamed_and_reordered_sheets(sent: bytes, read: Callable[..., Read], *, names: bool) -> None:
    def rename(book: Workbook) -> None:
        book[MATRIX].title, book[LIST].title = "Xã Đông", "Sheet2"
        book.move_sheet("Sheet2", -1)
        for name in list(book.defined_names.values()):
            name.attr_text = name.attr_text.replace(MATRIX, "Xã Đông").replace(LIST, "Sheet2")

    done = read(changed(filled(sent), rename, names=names))
    assert (done.figures, done.places, done.codes) == (FIGURES, PLACES, set())


def test_a_copied_sheet_that_says_otherwise_is_an_error(sent: bytes, read: Callable[..., Read]) -> None:
    def copy(book: Workbook) -> None:
        book.copy_worksheet(book[MATRIX])["D10"] = 55

    done = read(changed(filled(sent), copy))
    twice = [one for one in done.findings if one.code == "code_twice"]
    assert [one.indicator for one in twice] == ["rooms.primary_use.solid"]


def test_sorted_rows_are_told(sent: bytes, read: Callable[..., Read]) -> None:
    """Names stay where they were when rows are sorted: they lead to other lines' figures."""

    def swap(book: Workbook) -> None:
        sheet = book[MATRIX]
        for column in range(1, 7):
            first, second = sheet.cell(9, column), sheet.cell(12, column)
            first.value, second.value = second.value, first.value

    done = read(changed(filled(sent), swap))
    elsewhere = {one.indicator for one in done.findings if one.code == "label_elsewhere"}
    assert {"rooms.primary.*", "rooms.second.*"} <= elsewhere


def test_a_label_typed_over_is_told_where_nothing_else_says_what_the_row_is(
    sent: bytes, read: Callable[..., Read]
) -> None:
    def type_over(book: Workbook) -> None:
        book[MATRIX]["B12"] = "THCS và THPT"

    assert read(changed(filled(sent), type_over)).codes == set()
    done = read(changed(filled(sent), type_over, names=False))
    gone = [one for one in done.findings if one.code == "label_gone"]
    assert [(one.severity, one.indicator, one.cell) for one in gone] == [("error", "rooms.second.*", "C12")]
    assert dict(gone[0].details)["label"] == "Trung học"


def test_marks_that_were_deleted_are_replaced_by_what_is_typed(
    sent: bytes, read: Callable[..., Read]
) -> None:
    done = read(changed(filled(sent), lambda book: book.remove(book[META])))
    assert (done.figures, done.places, done.codes) == (FIGURES, PLACES, {"identity_by_cells"})


def test_answers_in_a_fresh_copy_of_the_blank_form(read: Callable[..., Read]) -> None:
    own = {(MATRIX, "A2"): "Đơn vị báo cáo: xã Đông", (MATRIX, "A3"): "Kỳ báo cáo: Quý I năm 2024"}
    done = read(filled(BLANK, {**ANSWERS, **own}))
    assert (done.figures, done.places, done.codes) == (FIGURES, PLACES, {"identity_by_cells"})


def test_a_name_of_two_units_names_none(read: Callable[..., Read]) -> None:
    own = {(MATRIX, "A2"): "Đơn vị báo cáo: Xã Đông", (MATRIX, "A3"): "Kỳ báo cáo: Quý I năm 2024"}
    done = read(filled(BLANK, {**ANSWERS, **own}), (*UNITS, Unit("003", "Xã Đông", "unit")))
    assert (done.figures, done.codes) == ({}, {"not_our_form"})


@pytest.mark.parametrize(
    ("unit", "period"),
    [
        ("Đơn vị báo cáo: Xã Nam", "Kỳ báo cáo: Quý I năm 2024"),
        ("Đơn vị báo cáo: ………………", "Kỳ báo cáo: Quý I năm 2024"),
        ("Đơn vị báo cáo: Xã Đông", "Kỳ báo cáo: Quý … năm 20…"),
    ],
)
def test_without_marks_and_with_unclear_cells_it_is_nobodys(
    read: Callable[..., Read], unit: str, period: str
) -> None:
    done = read(filled(BLANK, {**ANSWERS, (MATRIX, "A2"): unit, (MATRIX, "A3"): period}))
    assert (done.figures, done.codes) == ({}, {"not_our_form"})


def test_another_units_name_or_another_quarter_in_the_heading(sent: bytes, read: Callable[..., Read]) -> None:
    typed = {(MATRIX, "A2"): "Đơn vị báo cáo: Xã Tây", (MATRIX, "A3"): "Kỳ báo cáo: Quý II/2024"}
    done = read(filled(sent, {**ANSWERS, **typed}))
    differing = [dict(one.details) for one in done.findings if one.code == "heading_differs"]
    assert sorted((one["said"], one["of"]) for one in differing) == [
        ("2024-Q2", "period"),
        ("Xã Tây", "unit"),
    ]
    typed = {(MATRIX, "A2"): "Đơn vị báo cáo: UBND xã Đông (bản sửa)"}
    assert read(filled(sent, {**ANSWERS, **typed})).codes == set()


@pytest.mark.parametrize(
    ("typed", "value"),
    [(7, 0.07), (0.5, 0.005), ("7", 0.07), ("01,40", 0.014), ("00,0", 0.0), ("92,5%", 0.925), (100, 1.0)],
)
def test_a_percentage_is_typed_without_its_sign(
    sent: bytes, read: Callable[..., Read], typed: object, value: float
) -> None:
    done = read(filled(sent, {**ANSWERS, (MATRIX, "C17"): typed}))
    assert done.figures["degree"] == pytest.approx(value)


def test_a_cell_that_shows_percent_holds_a_fraction(sent: bytes, read: Callable[..., Read]) -> None:
    def show(book: Workbook) -> None:
        book[MATRIX]["C17"], book[MATRIX]["C17"].number_format = 0.07, "0%"

    assert read(changed(filled(sent), show)).figures["degree"] == 0.07


def test_a_percentage_beyond_the_whole_is_told(sent: bytes, read: Callable[..., Read]) -> None:
    assert "out_of_range" in read(filled(sent, {**ANSWERS, (MATRIX, "C17"): 150})).codes


def test_a_figure_in_a_cell_that_asks_nothing(sent: bytes, read: Callable[..., Read]) -> None:
    done = read(filled(sent, {**ANSWERS, (MATRIX, "E14"): 3}))
    stray = [one for one in done.findings if one.code == "stray_figure"]
    assert [one.cell for one in stray] == ["E14"]


def test_a_list_longer_than_its_rows(sent: bytes, read: Callable[..., Read]) -> None:
    def extend(book: Workbook) -> None:
        book[LIST].insert_rows(9, 3)
        for row in range(7, 13):
            book[LIST].cell(row, 2, f"Điểm {row}")
            book[LIST].cell(row, 3, 1)
            book[LIST].cell(row, 4, 2)
        book[LIST]["C13"], book[LIST]["D13"] = 138, 157
        if "needs" in book.defined_names:  # a spreadsheet program moves names along
            book.defined_names["needs"].attr_text = f"'{LIST}'!$B$16"
            book.defined_names["places"].attr_text = f"'{LIST}'!$B$5:$D$12"

    for names in (True, False):
        done = read(changed(filled(sent), extend, names=names))
        assert [row[0] for row in done.places] == [
            PLACES[0][0],
            PLACES[1][0],
            *(f"Điểm {n}" for n in range(7, 13)),
        ]
        assert "sum_differs" not in done.codes
        assert done.figures["needs"] == FIGURES["needs"]


def test_a_name_that_leads_away_from_its_label_is_told(sent: bytes, read: Callable[..., Read]) -> None:
    """Rows inserted by a program that leaves names where they were."""
    done = read(changed(filled(sent), lambda book: book[LIST].insert_rows(6, 2)))
    assert "needs" in {one.indicator for one in done.findings if one.code == "label_elsewhere"}


def test_a_total_typed_over_its_formula_is_checked(sent: bytes, read: Callable[..., Read]) -> None:
    done = read(filled(sent, {**ANSWERS, (LIST, "C10"): 131}))
    differing = [one for one in done.findings if one.code == "sum_differs"]
    assert [(one.cell, one.indicator) for one in differing] == [("C10", "places.girls")]


@pytest.mark.libreoffice
@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_saved_by_libreoffice(
    sent: bytes, read: Callable[..., Read], kind: str, tmp_path: Path, soffice: Callable[..., list[Path]]
) -> None:
    path = tmp_path / "b.xlsx"
    path.write_bytes(filled(sent))
    (saved,) = soffice([path], to=kind)
    done = read(saved)
    assert (done.figures, done.places, done.codes) == (FIGURES, PLACES, set())


# What is merged in a list


def in_list(merged: str, cells: dict[str, object]) -> Callable[[Workbook], object]:
    """A change of the list: its cells, then an area that is merged."""

    def change(book: Workbook) -> None:
        for row in range(5, 10):
            for column in "BCD":
                book[LIST][f"{column}{row}"] = None
        for cell, value in cells.items():
            book[LIST][cell] = value
        book[LIST].merge_cells(merged)

    return change


THREE = {
    "B5": "Suối Cạn",
    "C5": 12,
    "D5": 14,
    "C6": 20,
    "D6": 21,
    "C7": 30,
    "D7": 31,
    "B8": "Chính",
    "C8": 1,
    "D8": 2,
}


@pytest.mark.parametrize("names", [True, False])
def test_words_merged_over_rows_of_a_list_are_those_of_each_row(
    sent: bytes, read: Callable[..., Read], *, names: bool
) -> None:
    done = read(changed(filled(sent), in_list("B5:B7", THREE), names=names))
    assert done.places == [("Suối Cạn", 12, 14), ("Suối Cạn", 20, 21), ("Suối Cạn", 30, 31), ("Chính", 1, 2)]
    assert done.codes == {"merged_rows"}
    (said,) = (one for one in done.findings if one.code == "merged_rows")
    assert (said.sheet, said.cell, said.indicator, said.severity) == (LIST, "B5", "places.name", "note")
    assert "B5:B7" in said.message
    assert said.value == "Suối Cạn"


def test_rows_in_which_only_merged_words_stand_are_none(sent: bytes, read: Callable[..., Read]) -> None:
    done = read(
        changed(filled(sent), in_list("B5:B9", {"B5": "Suối Cạn", "C5": 12, "D5": 14, "C6": 1, "D6": 2}))
    )
    assert done.places == [("Suối Cạn", 12, 14), ("Suối Cạn", 1, 2)]
    assert done.codes == {"merged_rows"}
    alone = read(changed(filled(sent), in_list("B5:B9", {"B5": "Suối Cạn", "C5": 12, "D5": 14})))
    assert (alone.places, alone.codes) == ([("Suối Cạn", 12, 14)], set())


@pytest.mark.parametrize(
    ("merged", "cells", "cell"),
    [
        ("C5:C6", {"B5": "A", "C5": 12, "D5": 14, "B6": "B", "D6": 1}, "C6"),  # may be the sum of both
        ("B5:C5", {"B5": "A", "D5": 14}, "C5"),  # over columns: no answer to the second
        ("B5:C6", {"B5": "A", "D5": 14, "D6": 1}, "C6"),
    ],
)
def test_what_else_is_merged_in_a_list_stays_an_error(
    sent: bytes, read: Callable[..., Read], merged: str, cells: dict[str, object], cell: str
) -> None:
    done = read(changed(filled(sent), in_list(merged, cells)))
    assert "merged_rows" not in done.codes
    assert cell in [one.cell for one in done.findings if one.code == "merged_over"]


def test_merged_words_that_no_answer_can_be_made_of_are_said_where_they_stand(
    sent: bytes, read: Callable[..., Read]
) -> None:
    done = read(changed(filled(sent), in_list("B5:B6", {"B5": "=1/0", "C5": 1, "D5": 2, "C6": 3, "D6": 4})))
    assert [row[1:] for row in done.places] == [(1, 2), (3, 4)]
    assert {row[0] for row in done.places} == {None}
    assert {one.cell for one in done.findings if one.severity == "error"} == {"B5"}
