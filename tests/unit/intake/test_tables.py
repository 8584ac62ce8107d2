"""Tables of returned workbooks: where their cells are found, what they answer, what is said of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl.styles import Font
from openpyxl.workbook import Workbook

from reportctl.core.finding_kinds import Severity
from reportctl.form.form_file import parse_form
from reportctl.form.submission import AnswerState
from reportctl.intake import read_tables
from reportctl.intake.job import ReadResult
from tests.making.returned import codes, only, read
from tests.making.tables import FILLED, ROOMS, UNITS, cells_of, context, returned, rooms

SHEET = "Phòng học"
FIRST, LIBRARY, LAB = 9, 14, 16  # rows of the sheet; the table's columns stand in D to H
TOTAL, SOLID, WEAK, PRIVATE, BEFORE = "DEFGH"


def read_rooms(folder: Path, edit: Callable[[Workbook], None] | None = None, **answers: Any) -> ReadResult:
    """What is read where `answers`, such as lab_solid=3, stand in place of those of `FILLED`."""
    typed = cells_of(rooms())
    for name, value in answers.items():
        row, _mark, column = name.rpartition("_")
        typed[f"rooms.{row}.{column}"] = value
    return read(returned(rooms(), typed, edit), folder, given=context(rooms()))


def values(done: ReadResult) -> dict[str, Any]:
    """The values by row and column; the states of those that have none."""
    assert done.submission
    return {
        answer.code.removeprefix("rooms."): answer.value
        if answer.state is AnswerState.VALUE
        else answer.state.value
        for answer in done.submission.answers
    }


def places(done: ReadResult) -> dict[str, str]:
    """The cells by row and column."""
    assert done.submission
    return {answer.code.removeprefix("rooms."): answer.cell for answer in done.submission.answers}


EXPECTED = {
    "all.total": 35, "all.solid": 30, "all.weak": 5, "all.private": 3,
    "lower.total": 24, "lower.solid": 20, "lower.weak": 4, "lower.private": 1,
    "upper.total": 11, "upper.solid": 10, "upper.weak": 1, "upper.private": 2,
    "library.total": 3, "library.solid": 3, "library.weak": 0, "library.private": 1,
    "library_new.total": 1, "library_new.solid": 1, "library_new.weak": 0, "library_new.private": 0,
    "lab.total": 8, "lab.solid": 6, "lab.weak": 2,
    "lab_new.total": 3, "lab_new.solid": 2, "lab_new.weak": 1, "lab_new.private": 0,
}  # fmt: skip


def without_codes(book: Workbook) -> None:
    """Codes and marks are gone; the hidden sheet says what the workbook is."""
    sheet = book[SHEET]
    for cell in (*sheet["A"], *sheet[5]):
        cell.value = None


def without_names(book: Workbook) -> None:
    for name in list(book.defined_names):
        del book.defined_names[name]


def without_anything(book: Workbook) -> None:
    without_names(book)
    without_codes(book)
    unmerge(book)
    book[SHEET].delete_cols(1)


def insert_rows(book: Workbook) -> None:
    without_names(book)
    unmerge(book)
    book[SHEET].insert_rows(LIBRARY, 2)
    book[SHEET].insert_rows(3)


def insert_columns(book: Workbook) -> None:
    without_names(book)
    unmerge(book)
    book[SHEET].insert_cols(6)
    book[SHEET].insert_cols(1)


def unmerge(book: Workbook) -> None:
    for area in list(book[SHEET].merged_cells.ranges):
        book[SHEET].unmerge_cells(str(area))


def rename(book: Workbook) -> None:
    book[SHEET].title = "Phòng (sửa)"
    without_names(book)


def sort_with_codes(book: Workbook) -> None:
    """The last two rows before the two above them, codes and all; names stay."""
    sheet = book[SHEET]
    rows = [[cell.value for cell in row] for row in sheet[f"A{LIBRARY}:H{LAB + 1}"]]
    for row, old in zip(sheet[f"A{LIBRARY}:H{LAB + 1}"], rows[2:] + rows[:2], strict=True):
        for cell, value in zip(row, old, strict=True):
            cell.value = value


@pytest.mark.parametrize(
    "edit",
    [
        None, without_codes, without_names, without_anything, insert_rows, insert_columns, rename,
        sort_with_codes,
    ],
)  # fmt: skip
def test_every_cell_is_found(edit: Callable[[Workbook], None] | None, tmp_path: Path) -> None:
    """By code, by name, or by label with what it stands below; whatever was moved."""
    done = read_rooms(tmp_path, edit)
    assert values(done) == EXPECTED
    assert not [one for one in done.findings if one.severity is Severity.ERROR]


ALIKE = """
id = "alike"
title = "Biểu"
kinds = [ { code = "unit", title = "Đơn vị" } ]

[[tables]]
code = "staff"
title = "Cán bộ quản lý, giáo viên và nhân viên các trường"
columns = [
  { code = "all", label = "Tổng số" },
  { code = "all_women", label = "Nữ", under = ["Tổng số"] },
  { code = "fixed", label = "Viên chức", under = ["Công lập"] },
  { code = "open", label = "Hợp đồng", under = ["Công lập"] },
  { code = "others", label = "Khác", under = ["Công lập"] },
  { code = "women", label = "Tổng số", under = ["Công lập", "Nữ", "Dân tộc thiểu số"] },
  { code = "women_fixed", label = "Viên chức", under = ["Công lập", "Nữ", "Dân tộc thiểu số"] },
]
rows = [
  { code = "n1", label = "Tổng số", unit_of_measure = "người" },
  { code = "n2", label = "Lớp", no = "II", unit_of_measure = "lớp" },
  { caption = "Chia ra" },
  { code = "n3", label = "Lớp ghép", unit_of_measure = "lớp" },
  { code = "n4", label = "Học 2 buổi/ngày", unit_of_measure = "lớp" },
  { code = "n5", label = "Người", unit_of_measure = "người" },
]
"""


@pytest.mark.parametrize("edit", [None, "codes", "labels"])
def test_labels_that_read_like_headings_and_units_of_measure(edit: str | None, tmp_path: Path) -> None:
    """In a copy of values the first row is not taken for a heading that reads alike, nor “lớp” for “Lớp”."""
    form = parse_form(ALIKE)
    typed = {code: number for number, code in enumerate(form.indicators, 11)}

    def copied(book: Workbook) -> None:
        without_names(book)
        (sheet,) = (one for one in book if one.title.startswith("Cán bộ"))
        for area in [] if edit == "codes" else list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(area))
        for cell in (*sheet["A"], *sheet[5]):
            cell.value = None
        if edit == "labels":  # a row that nobody asked for has a unit of measure, too
            sheet.append([None, None, "Lớp bán trú", "lớp"])

    done = read(returned(form, typed, copied if edit else None), tmp_path, given=context(form))
    assert done.submission
    assert {answer.code: answer.value for answer in done.submission.answers} == typed
    assert not [one for one in done.findings if one.severity is Severity.ERROR]


def test_a_table_as_sent_out_has_nothing_to_be_said_of(tmp_path: Path) -> None:
    assert codes(read_rooms(tmp_path)) == []


def test_rows_of_the_same_label_are_told_by_what_they_stand_below(tmp_path: Path) -> None:
    """“Xây mới” stands below the library and below the lab, without a number of its own."""
    done = read_rooms(tmp_path, without_anything)
    assert places(done)["library_new.solid"] == f"D{LIBRARY + 1}"
    assert places(done)["lab_new.solid"] == f"D{LAB + 1}"
    # So they are where the lab was put before the library.
    swapped = read_rooms(tmp_path, lambda book: (sort_with_codes(book), without_anything(book))[0])
    assert values(swapped) == EXPECTED
    assert places(swapped)["lab_new.solid"] == f"D{LIBRARY + 1}"


def test_what_was_moved_is_noted_by_runs(tmp_path: Path) -> None:
    done = read_rooms(tmp_path, insert_columns)
    moved = [(one.indicator, one.severity.value, dict(one.details)["count"]) for one in done.findings]
    assert moved == [("rooms.*.total", "note", 2), ("rooms.*.weak", "note", 3)]


def test_labels_that_were_sorted_without_their_codes_are_an_error(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        sheet = book[SHEET]
        sheet[f"C{LIBRARY}"], sheet[f"C{LAB}"] = sheet[f"C{LAB}"].value, sheet[f"C{LIBRARY}"].value
        sheet[f"B{LIBRARY}"], sheet[f"B{LAB}"] = 3, 2

    found = [one for one in read_rooms(tmp_path, edit).findings if one.code == "places_disagree"]
    assert [(one.indicator, one.severity.value, one.cell) for one in found] == [
        ("rooms.library.*", "error", f"D{LIBRARY}"),
        ("rooms.library_new.*", "error", f"D{LIBRARY + 1}"),  # whose label says what it stands below
        ("rooms.lab.*", "error", f"D{LAB}"),
        ("rooms.lab_new.*", "error", f"D{LAB + 1}"),
    ]
    assert dict(found[0].details)["other"] == f"D{LAB}"


def test_headings_that_were_exchanged_are_an_error(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        sheet = book[SHEET]
        sheet["E7"], sheet["F7"] = "Tạm", "Kiên cố"

    found = [one for one in read_rooms(tmp_path, edit).findings if one.code == "places_disagree"]
    assert [(one.indicator, one.severity.value) for one in found] == [
        ("rooms.*.solid", "error"),
        ("rooms.*.weak", "error"),
    ]


def test_a_label_that_was_put_into_other_words_is_nobody_elses(tmp_path: Path) -> None:
    done = read_rooms(tmp_path, lambda book: book[SHEET].__setitem__(f"C{LAB}", "Phòng máy tính"))
    assert codes(done) == []


def test_names_that_lead_elsewhere_are_said_once_a_row(tmp_path: Path) -> None:
    done = read_rooms(tmp_path, sort_with_codes)
    found = [one for one in done.findings if one.code == "places_disagree"]
    assert [(one.indicator, one.severity.value) for one in found] == [
        (f"rooms.{row}.*", "warning") for row in ("library", "library_new", "lab", "lab_new")
    ]


def test_names_of_two_rows_that_were_exchanged_say_nothing_of_those_below(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        sheet, first, second = book[SHEET], FIRST + 2, FIRST + 3
        for column in "ABCDEFGH":
            one, other = sheet[f"{column}{first}"], sheet[f"{column}{second}"]
            one.value, other.value = other.value, one.value

    found = [one for one in read_rooms(tmp_path, edit).findings if one.code == "places_disagree"]
    assert [(one.indicator, one.cell, dict(one.details)["other"]) for one in found] == [
        ("rooms.lower.*", "E12", "E11"),
        ("rooms.upper.*", "E11", "E12"),
    ]


def test_lost_rows_and_columns_are_said_once_each(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        without_names(book)
        unmerge(book)
        book[SHEET].delete_cols(7)
        book[SHEET].delete_rows(LAB)

    done = read_rooms(tmp_path, edit)
    found = [one for one in done.findings if one.code == "not_found"]
    assert [one.indicator for one in found] == ["rooms.lab.*", "rooms.*.private"]
    assert "Phòng học: Tư thục / Kiên cố" in found[1].message
    read_as = values(done)
    assert (read_as["lab.solid"], read_as["library.private"], read_as["library.solid"]) == (
        "missing", "missing", 3,
    )  # fmt: skip


def test_a_table_that_is_gone_is_one_error(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        del book[SHEET]
        book.create_sheet("Trang khác")

    done = read_rooms(tmp_path, edit)
    assert only(done, "missing_sheet").indicator == "rooms"
    assert set(values(done).values()) == {"missing"}

    def empty(book: Workbook) -> None:
        without_names(book)
        del book[SHEET]
        book.create_sheet(SHEET)

    assert only(read_rooms(tmp_path, empty), "not_found").indicator == "rooms"


def test_a_copied_row_or_sheet_with_other_answers_counts_for_neither(tmp_path: Path) -> None:
    def row(book: Workbook) -> None:
        without_names(book)
        unmerge(book)
        sheet = book[SHEET]
        sheet.insert_rows(LAB + 1)
        for column in range(1, 9):
            sheet.cell(LAB + 1, column).value = sheet.cell(LAB, column).value
        sheet[f"F{LAB + 1}"] = 99

    done = read_rooms(tmp_path, row)
    found = only(done, "code_twice")
    assert (found.indicator, found.cell, found.value) == ("rooms.lab.weak", f"F{LAB + 1}", "99")
    assert (values(done)["lab.weak"], values(done)["lab.solid"]) == ("invalid", 6)

    def copy(book: Workbook) -> None:
        other = book.copy_worksheet(book[SHEET])
        other.title = "Phòng học (2)"
        other[f"E{LIBRARY}"], other[f"F{LIBRARY}"] = 4, 4

    done = read_rooms(tmp_path, copy)
    assert only(done, "code_twice").indicator == "rooms.library.solid"  # once for the row
    assert (values(done)["library.solid"], values(done)["library.weak"]) == ("invalid", "invalid")
    assert values(done)["lab.solid"] == 6


def test_a_hidden_copy_is_said_and_not_read(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        other = book.copy_worksheet(book[SHEET])
        other.title, other.sheet_state = "Cũ", "hidden"
        other[f"E{LIBRARY}"] = 77

    done = read_rooms(tmp_path, edit)
    assert only(done, "hidden_copy").indicator == "rooms.library.solid"
    assert values(done) == EXPECTED


def test_hidden_rows_and_columns_are_read_and_said(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        book[SHEET].row_dimensions[LAB].hidden = True
        book[SHEET].column_dimensions[PRIVATE].hidden = True

    found = [one for one in read_rooms(tmp_path, edit).findings if one.code == "hidden_answers"]
    assert [dict(one.details)["count"] for one in found] == [6, 2]


def test_a_row_that_lacks_cells_is_said_once(tmp_path: Path) -> None:
    done = read_rooms(tmp_path, library_solid=None, library_weak="…", lab_weak=None, lab_new_weak=None)
    row, cell = only(done, "required_cells_missing"), only(done, "required_missing")
    assert (row.indicator, row.cell, row.severity.value) == ("rooms.library.*", f"E{LIBRARY}", "error")
    details = dict(row.details)
    assert (details["count"], details["of"], str(details["columns"])) == (
        2, 3, "Công lập / Kiên cố, Công lập / Tạm",
    )  # fmt: skip
    assert (cell.indicator, cell.cell) == ("rooms.lab.weak", f"F{LAB}")
    assert "Phòng tin học · Công lập / Tạm" in cell.message
    # What is added up lacks what its parts lack, and is not said besides.
    assert values(done)["library.total"] == values(done)["lab_new.total"] == "missing"
    assert len(done.findings) == 2


def test_what_does_not_apply_counts_as_nothing(tmp_path: Path) -> None:
    done = read_rooms(tmp_path, lab_solid="KAD", library_solid="KAD", library_weak="KAD")
    assert codes(done) == []
    assert (values(done)["lab.total"], values(done)["library.total"]) == (2, "not_applicable")


def test_sums_of_decimals_are_exact(tmp_path: Path) -> None:
    form = parse_form(ROOMS.replace('unit_of_measure = "phòng"', 'type = "money"'))
    typed = {**cells_of(form), "rooms.lab.solid": 0.1, "rooms.lab.weak": 0.2}
    done = read(returned(form, typed), tmp_path, given=context(form))
    assert values(done)["lab.total"] == 0.3


def test_a_sum_that_was_typed_over_does_not_count(tmp_path: Path) -> None:
    done = read_rooms(tmp_path, lab_total=9, library_total=3)
    found = only(done, "sum_differs")
    assert (found.indicator, found.cell, found.value) == ("rooms.lab.total", f"D{LAB}", "9")
    assert found.message == "the workbook says 9, but 6 + 2 makes 8; the latter counts"
    assert values(done)["lab.total"] == 8


def test_a_sum_of_rounded_figures_may_be_off_by_rounding(tmp_path: Path) -> None:
    form = parse_form(ROOMS.replace('unit_of_measure = "phòng"', 'type = "money"'))
    typed = {**cells_of(form), "rooms.lab.solid": 1.4, "rooms.lab.weak": 2.4}
    for total, said in ((3.9, False), (4.0, True), (3.8, False)):
        typed["rooms.lab.total"] = total
        done = read(returned(form, typed), tmp_path, given=context(form))
        assert ("sum_differs" in codes(done)) is said, total


def test_a_broken_sum_says_what_the_parts_make(tmp_path: Path) -> None:
    done = read_rooms(tmp_path, all_solid=31)
    found = only(done, "rule_broken")
    assert (found.indicator, found.cell, found.severity.value) == ("rooms.all.solid", f"E{FIRST}", "error")
    assert "the parts make 30" in found.message
    assert "Tiểu học · Công lập / Kiên cố = 20" in found.message
    # A part that is empty leaves the sum undecided.
    assert "rule_broken" not in codes(read_rooms(tmp_path, all_solid=31, lower_solid=None))


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ((0.005, 0.005), "0.005 + 0.005 makes 0.01"),  # each by itself would be rounded up to 0.01
        ((1.234, 2.345), "1.234 + 2.345 makes 3.579"),
        ((1.5, 2), "1.5 + 2 makes 3.5"),
        ((1 / 3, 1 / 3), "0.333333 + 0.333333 makes 0.666666"),
    ],
)
def test_what_is_said_of_a_sum_adds_up_on_paper(
    tmp_path: Path, parts: tuple[float, float], said: str
) -> None:
    form = parse_form(ROOMS.replace('unit_of_measure = "phòng"', 'type = "money"'))
    typed = cells_of(form) | {"rooms.lab.solid": parts[0], "rooms.lab.weak": parts[1], "rooms.lab.total": 9}
    done = read(returned(form, typed), tmp_path, given=context(form))
    assert only(done, "sum_differs").message == f"the workbook says 9, but {said}; the latter counts"


def test_so_does_what_a_broken_sum_says(tmp_path: Path) -> None:
    form = parse_form(ROOMS.replace('unit_of_measure = "phòng"', 'type = "money"'))
    typed = cells_of(form) | {f"rooms.{row}.solid": 0.004 for row in ("lower", "upper")}
    done = read(returned(form, typed | {"rooms.all.solid": 0.5}), tmp_path, given=context(form))
    message = only(done, "rule_broken").message
    assert "Kiên cố = 0.5; " in message
    assert message.count("Kiên cố = 0.004; ") == 2
    assert "the parts make 0.008" in message


def test_a_rule_for_every_column_is_checked_in_each(tmp_path: Path) -> None:
    rule = """
[[rules]]
code = "part"
check = "rooms.library_new.* <= rooms.library.*"
message = "Xây mới nhiều hơn tổng số."
"""
    form = parse_form(ROOMS + rule)
    typed = {**cells_of(form), "rooms.library_new.solid": 4, "rooms.library_new.weak": 1}
    done = read(returned(form, typed), tmp_path, given=context(form))
    found = [one.indicator for one in done.findings if one.code == "rule_broken"]
    assert found == [f"rooms.library_new.{column}" for column in ("total", "solid", "weak")]


def test_figures_where_nothing_is_asked_are_said(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        sheet = book[SHEET]
        sheet[f"G{LAB}"] = 5  # not asked in this row
        sheet[f"E{FIRST + 1}"] = 7  # in a caption
        sheet[f"E{LAB + 3}"] = "12"  # below the table
        sheet[f"H{LAB}"] = 4  # last period's figures are the program's
        sheet[f"E{LAB + 12}"] = 3

    found = only(read_rooms(tmp_path, edit), "stray_figure")
    assert dict(found.details)["cells"] == f"E{FIRST + 1}, G{LAB}, E{LAB + 3}"


def test_many_remarks_alike_are_one(tmp_path: Path) -> None:
    texts = {
        f"{row}_{column}": str(value)
        for row, filled in FILLED.items()
        for column, value in zip(("solid", "weak"), filled, strict=False)
    }
    done = read_rooms(tmp_path, **texts)
    found = only(done, "number_as_text")
    assert dict(found.details)["alike"] == 14
    assert f"E{FIRST}, F{FIRST}" in found.message
    assert values(done) == EXPECTED
    # Errors are said of every cell: each has to be put right.
    wrong = read_rooms(tmp_path, **{key: f"{value} hay 7" for key, value in texts.items()})
    errors = [one for one in wrong.findings if one.severity is Severity.ERROR and one.cell]
    assert len([one for one in errors if one.code != "rule_broken"]) == 14
    few = read_rooms(tmp_path, all_solid="30", all_weak="5", all_private="3")
    assert codes(few) == ["number_as_text"] * 3


def test_units_of_another_kind_are_asked_for_other_cells(tmp_path: Path) -> None:
    text = ROOMS.replace('label = "Tạm", under', 'label = "Tạm", applies_to = ["commune"], under')
    form = parse_form(text)
    assert form.indicators["rooms.lab.weak"].applies_to == ("commune",)
    typed = {code: value for code, value in cells_of(form).items() if not code.endswith(".weak")}
    done = read(returned(form, typed, unit=UNITS[2]), tmp_path, given=context(form))
    assert codes(done) == []
    assert values(done)["lab.total"] == 6
    assert "lab.weak" not in values(done)


def test_merged_cells_over_answers_are_said(tmp_path: Path) -> None:
    done = read_rooms(tmp_path, lambda book: book[SHEET].merge_cells(f"E{LAB}:F{LAB}"))
    assert only(done, "merged_over").indicator == "rooms.lab.weak"


# What stands in cells besides a whole number

ODD: dict[str, Callable[[Any], None]] = {
    "below zero": lambda cell: setattr(cell, "value", -1),
    "as large as can be": lambda cell: setattr(cell, "value", 10**15),
    "larger": lambda cell: setattr(cell, "value", 10**15 + 1),
    "decimals": lambda cell: setattr(cell, "value", 2.5),
    "text": lambda cell: setattr(cell, "value", "3"),
    "yes": lambda cell: setattr(cell, "value", True),
    "a day": lambda cell: setattr(cell, "value", dt.date(2024, 3, 1)),
    "an error": lambda cell: setattr(cell, "value", "#REF!"),
    "a formula": lambda cell: setattr(cell, "value", "=1+1"),
    "struck out": lambda cell: setattr(cell, "font", Font(strike=True)),
    "hidden by its format": lambda cell: setattr(cell, "number_format", ";;;"),
    "scaled by its format": lambda cell: setattr(cell, "number_format", "0.0,,"),
    "a percentage": lambda cell: setattr(cell, "number_format", "0%"),
}


@pytest.mark.parametrize("odd", ODD)
def test_a_cell_of_a_table_is_read_as_any_other(
    odd: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whole numbers with nothing besides are told at a glance; whatever else is there is looked at."""

    def edit(book: Workbook) -> None:
        ODD[odd](book[SHEET][f"{SOLID}{FIRST}"])

    quick = read_rooms(tmp_path, edit)
    monkeypatch.setattr("reportctl.intake.read_tables._plain_answers", lambda *_given: iter(()))
    careful = read_rooms(tmp_path, edit)
    assert quick.submission
    assert careful.submission
    assert quick.submission.answers == careful.submission.answers
    assert quick.found == careful.found
    assert codes(quick)


def test_the_glance_tells_nearly_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[str] = []
    read_answer = read_tables.read_answer
    monkeypatch.setattr(
        read_tables,
        "read_answer",
        lambda spot, code, *more: looked_at.append(code) or read_answer(spot, code, *more),
    )
    read_rooms(tmp_path, lab_new_weak=None, lab_weak="2")
    assert looked_at == ["rooms.lab.weak", "rooms.lab_new.weak"]


@pytest.mark.parametrize("kind", ["count", "number", "money"])
def test_the_glance_gives_numbers_as_any_other_cell_does(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = parse_form(ROOMS.replace('title = "Phòng học"\n', f'title = "Phòng học"\ntype = "{kind}"\n'))
    given = returned(form, cells_of(form))
    quick = read(given, tmp_path, given=context(form))
    monkeypatch.setattr("reportctl.intake.read_tables._plain_answers", lambda *_given: iter(()))
    careful = read(given, tmp_path, given=context(form))
    assert quick.submission
    assert careful.submission
    assert repr(quick.submission.answers) == repr(careful.submission.answers)
    (solid,) = [one for one in quick.submission.answers if one.code == "rooms.lab.solid"]
    assert repr(solid.value) == ("6" if kind == "count" else "6.0")
