"""The review workbook: what stands in it, and what comes back of what people do to it."""

from __future__ import annotations

import functools
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from reportctl.adopt import review as review_module
from reportctl.adopt.answers import Reviewed, ReviewError, read_review
from reportctl.adopt.blank_form import BlankForm, Question, ReadTable
from reportctl.adopt.kept_form import kept, read_kept
from reportctl.adopt.review import column_lines, question_lines, review_workbook, row_lines, written_key
from reportctl.core import language
from reportctl.core.errors import ReportctlError
from reportctl.core.language import Phrase
from tests.making.adopted import BLANK, MATRIX, QUESTIONS, ROOMS, SCHOOL_LIST, SCHOOLS, office_workbook

KINDS = {"commune": "Xã", "ward": "Phường"}
TO_DECIDE, ROWS, COLUMNS = "1. Việc phải quyết", "2. Dòng", "3. Cột"


@pytest.fixture(autouse=True)
def vietnamese() -> Iterator[None]:
    with language.speaking("vi"):
        yield


def review(form: BlankForm = BLANK) -> openpyxl.Workbook:
    """The review as a spreadsheet program opens it."""
    return openpyxl.load_workbook(io.BytesIO(made_of(form)))


@functools.cache
def made_of(form: BlankForm) -> bytes:
    return review_workbook(form, "ab12", openpyxl.load_workbook(io.BytesIO(office_workbook())))


def saved(book: openpyxl.Workbook) -> bytes:
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def read(book: openpyxl.Workbook) -> Reviewed:
    return read_review(saved(book), "mau.review.xlsx", KINDS)


def mistakes(book: openpyxl.Workbook) -> list[str]:
    with pytest.raises(ReviewError) as raised:
        read(book)
    return [str(one) for one in raised.value.mistakes]


def table(reviewed: Reviewed, code: str) -> ReadTable:
    return next(one for one in reviewed.form.tables if one.code == code)


def at(sheet: Worksheet, key: str, head: str, form: BlankForm = BLANK) -> str:
    """The cell of the line about `key` below this heading."""
    kind, lines = {
        "q": (review_module.QUESTIONS, question_lines),
        "t": (review_module.ROWS, row_lines),
        "r": (review_module.ROWS, row_lines),
        "c": (review_module.COLUMNS, column_lines),
    }[key[0]]
    number = [line.key for line in lines(form)].index(key) + 1
    written = written_key(kind, number)
    row = next(cells[0].row for cells in sheet.iter_rows(max_col=1) if cells[0].value == written)
    column = next(cell.column_letter for cell in sheet[5] if cell.value == head)
    return f"{column}{row}"


def put(
    book: openpyxl.Workbook,
    sheet: str,
    key: str,
    head: str,
    value: str | float | None,
    form: BlankForm = BLANK,
) -> str:
    """Type `value` into a line; where that was."""
    place = at(book[sheet], key, head, form)
    book[sheet][place] = value
    return f"'{sheet}'!{place}"


def test_what_was_read_is_kept_whole() -> None:
    assert read_kept(kept(BLANK)) == BLANK


def test_our_sheets_stand_before_the_office_s_own_and_are_selected_alone() -> None:
    book = review()
    assert book.sheetnames == [TO_DECIDE, ROWS, COLUMNS, ROOMS, SCHOOLS, "_adopt"]
    assert book["_adopt"].sheet_state == "veryHidden"
    assert book.active is book[TO_DECIDE]
    assert [sheet.title for sheet in book if sheet.sheet_view.tabSelected] == [TO_DECIDE]


def test_the_office_s_cells_are_coloured_by_what_they_are_and_keep_what_stands_there() -> None:
    book = review()
    colours = {
        cell: book[sheet][cell].fill.fgColor.rgb[2:]
        for sheet, cells in ((ROOMS, ("E7", "D7", "G7", "H10", "B1", "A7")), (SCHOOLS, ("B3", "E2")))
        for cell in cells
    }
    assert colours == {
        "E7": "C6EFCE",  # asked
        "D7": "BDD7EE",  # worked out
        "G7": "F8CBDD",  # filled in
        "H10": "D9D9D9",  # not asked
        "B1": "FFE699",  # who
        "A7": "000000",  # as it was
        "B3": "C6EFCE",
        "E2": "FF9999",  # refused
    }
    assert book[ROOMS]["B7"].value == "Tổng số phòng học"
    assert "E4:F4" in {str(one) for one in book[ROOMS].merged_cells.ranges}
    assert book[ROOMS].protection.sheet
    assert book[SCHOOLS].protection.sheet


def test_questions_come_with_their_defaults_and_a_link_to_the_cell() -> None:
    sheet = review()[TO_DECIDE]
    lines = [[cell.value for cell in row[1:6]] for row in sheet.iter_rows(min_row=6, max_row=8)]
    assert [line[1:4] for line in lines] == [
        ["Số liệu “Cơ sở vật chất” cộng qua các kỳ hay lấy kỳ cuối?", "lấy kỳ cuối", "lấy kỳ cuối"],
        ["“Tổng số phòng học” cộng các dòng nào?", "n1_1 + n1_2", "n1_1 + n1_2"],
        ["Có được thêm dòng không?", "không", "không"],
    ]
    assert sheet["F6"].hyperlink.location == f"'{ROOMS}'!D4"
    assert not sheet["D6"].protection.locked
    assert sheet["C6"].protection.locked


def test_answers_are_chosen_from_lists_and_codes_cannot_be_typed_over() -> None:
    book = review()
    place = at(book[ROWS], "r:rooms:n1", "Gộp các kỳ")
    rules = [rule for rule in book[ROWS].data_validations.dataValidation if place in rule.sqref]
    sheet, _sign, area = rules[0].formula1.rpartition("!")
    assert sheet == "'_adopt'"
    chosen = [row[0].value for row in book["_adopt"][area.replace("$", "")]]
    assert "lấy kỳ cuối" in chosen
    assert book[ROWS][at(book[ROWS], "r:rooms:n1", "Mã")].protection.locked
    assert not book[ROWS][place].protection.locked
    assert book[ROWS].protection.sheet


def test_texts_that_begin_as_formulas_stay_texts() -> None:
    sheet = review()[ROWS]
    cell = sheet[at(sheet, "r:rooms:n1_2", "Nội dung")]
    assert (cell.value, cell.data_type) == ("=Bán kiên cố", "s")


def test_a_review_that_nobody_touched_changes_nothing_but_the_answers_taken() -> None:
    reviewed = read(review())
    rooms, *others = reviewed.form.tables
    assert rooms == replace(MATRIX, over_time="last")
    assert others == [QUESTIONS, SCHOOL_LIST]
    assert (reviewed.sha256, reviewed.changed) == ("ab12", 0)
    assert reviewed.form.noted == (("Có được thêm dòng không?", "không"),)


def test_it_is_read_in_the_other_language_than_it_was_written_in() -> None:
    data = saved(review())
    with language.speaking("en"):
        reviewed = read_review(data, "mau.review.xlsx", KINDS)
    assert (reviewed.form.tables[0].over_time, reviewed.changed) == ("last", 0)


def test_what_people_change_is_taken() -> None:
    book = review()
    put(book, TO_DECIDE, "q:rooms.over_time", "Trả lời", " Cộng  các kỳ ")
    put(book, TO_DECIDE, "q:rooms.n1.sum", "Trả lời", "N1_1+n1_2 − n2")
    put(book, ROWS, "t:rooms", "Nội dung", "Phòng học")
    put(book, ROWS, "r:rooms:n1_1", "Nội dung", "Kiên cố (mới)")
    put(book, ROWS, "r:rooms:n1_1", "Bậc", 3.0)
    put(book, ROWS, "r:rooms:n1_2", "Có hỏi không?", "không hỏi")
    put(book, ROWS, "r:rooms:n2", "Không hỏi ở cột (ghi mã)", "rate; Tư thục")
    put(book, ROWS, "r:rooms:5", "Nội dung", "Phòng học, phòng làm việc")
    put(book, COLUMNS, "c:rooms:public", "Loại số liệu", "số tiền")
    put(book, COLUMNS, "c:rooms:before", "Dùng làm gì", "hỏi")
    put(book, COLUMNS, "c:schools:grouped", "Loại số liệu", "chọn trong danh sách")
    put(book, COLUMNS, "c:schools:grouped", "Các lựa chọn, cách nhau bằng ;", "3; 4")
    put(book, COLUMNS, "c:schools:classes", "Dùng làm gì", "không hỏi")
    reviewed = read(book)
    rooms, schools = table(reviewed, "rooms"), table(reviewed, "schools")
    assert (rooms.over_time, rooms.title) == ("sum", "Phòng học")
    rows = {row.code or row.caption: row for row in rooms.rows}
    assert rows["n1"].sum == "n1_1 + n1_2 - n2"
    assert (rows["n1_1"].label, rows["n1_1"].level) == ("Kiên cố (mới)", 3)
    assert "Phòng học, phòng làm việc" in rows
    assert {(8, 4), (8, 5), (9, 5), (9, 7)} <= rooms.not_asked
    assert (9, 4) in rooms.inputs
    columns = {column.code: column for column in (*rooms.columns, *schools.columns)}
    assert columns["public"].type == "money"
    assert columns["before"].use == "value"
    assert {(6, 6), (7, 6), (9, 6)} <= rooms.inputs
    assert columns["grouped"].choices == ("3", "4")
    assert {column for _row, column in schools.inputs} == {1, 3}
    assert reviewed.changed == 13


def test_a_line_that_is_changed_goes_before_the_answer_of_the_first_sheet() -> None:
    book = review()
    put(book, ROWS, "t:rooms", "Gộp các kỳ", "cộng các kỳ")
    put(book, ROWS, "r:rooms:n1", "Là tổng của (ghi mã)", "n1_1")
    rooms = table(read(book), "rooms")
    assert rooms.over_time == "last"  # the line said the sum already: it was not changed
    assert next(row for row in rooms.rows if row.code == "n1").sum == "n1_1"


def test_a_table_can_be_left_out_and_a_row_be_worked_out() -> None:
    book = review()
    put(book, ROWS, "t:others", "Có hỏi không?", "không hỏi")
    put(book, ROWS, "r:rooms:n1", "Có hỏi không?", "tự tính từ tổng")
    reviewed = read(book)
    assert [one.code for one in reviewed.form.tables] == ["rooms", "schools"]
    rooms = table(reviewed, "rooms")
    assert {(6, 4), (6, 5)} <= rooms.computed
    assert not {row for row, _column in rooms.inputs} & {6}


def test_lines_may_be_sorted_sheets_renamed_and_columns_moved() -> None:
    book = review()
    sheet = book[ROWS]
    put(book, ROWS, "r:rooms:n1_1", "Nội dung", "Khác")
    values = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=6)]
    for number, line in enumerate(reversed(values), 6):
        for column, value in enumerate(line, 1):
            sheet.cell(number, column).value = value
            if isinstance(value, str):
                sheet.cell(number, column).data_type = "s"
    for row in sheet.iter_rows(min_row=4):  # the second column to the end
        row[len(row) - 1].value, row[2].value = row[2].value, row[len(row) - 1].value
    sheet.title = "Dòng đã xem"
    rows = {row.code: row.label for row in table(read(book), "rooms").rows}
    assert (rows["n1_1"], rows["n1"]) == ("Khác", "Tổng số phòng học")


def test_every_mistake_is_named_at_its_cell_in_one_pass() -> None:
    book = review()
    places = [
        put(book, TO_DECIDE, "q:rooms.over_time", "Trả lời", "tùy"),
        put(book, TO_DECIDE, "q:rooms.n1.sum", "Trả lời", "n1_1 * 2"),
        put(book, ROWS, "r:rooms:n1_1", "Nội dung", None),
        put(book, ROWS, "r:rooms:n1_1", "Bậc", "hai"),
        put(book, ROWS, "r:rooms:n1_2", "Là tổng của (ghi mã)", "n1_3"),
        put(book, ROWS, "r:rooms:n2", "Có hỏi không?", "có thể"),
        put(book, ROWS, "r:rooms:n2", "Không hỏi ở cột (ghi mã)", "rat"),
        put(book, COLUMNS, "c:rooms:total", "Là tổng của (ghi mã)", "total + public"),
        put(book, COLUMNS, "c:rooms:rate", "Gộp các đơn vị", "cộng các đơn vị"),
        put(book, COLUMNS, "c:schools:grouped", "Loại số liệu", "chọn trong danh sách"),
    ]
    found = mistakes(book)
    assert sorted(
        one.rpartition("!")[0].partition(": ")[0] + one[one.index("!") :].split(":")[0] for one in found
    ) == sorted(places)
    assert any("“rate” phải không" in one or "“rate”" in one for one in found)


def test_sums_that_lead_to_themselves_are_named() -> None:
    book = review()
    answer = at(book[TO_DECIDE], "q:rooms.n1.sum", "Trả lời")
    place = put(book, ROWS, "r:rooms:n1_1", "Là tổng của (ghi mã)", "n1")
    assert mistakes(book) == [
        f"'{TO_DECIDE}'!{answer}: “n1” được tính từ chính nó",
        f"{place}: “n1_1” được tính từ chính nó",
    ]


@pytest.mark.parametrize(
    ("head", "value"), [("Có hỏi không?", "tự tính từ tổng"), ("Là tổng của (ghi mã)", "n1_1 +")]
)
def test_what_is_worked_out_needs_its_sum(head: str, value: str) -> None:
    book = review()
    place = put(book, ROWS, "r:rooms:n1_1", head, value)
    assert [one.partition(": ")[0] for one in mistakes(book)] == [place]


def test_a_line_that_is_gone_or_stands_twice_is_named() -> None:
    book = review()
    sheet = book[ROWS]
    row = sheet[at(sheet, "r:rooms:n1_1", "Mã")].row
    for cell in sheet[row]:
        cell.value = sheet.cell(row + 1, cell.column).value
    found = mistakes(book)
    assert len(found) == 2
    assert f"A{row + 1}" in found[0]
    assert "Kiên cố" in found[1]


def test_a_sheet_that_is_gone_is_named() -> None:
    book = review()
    del book[COLUMNS]
    assert mistakes(book) == [f"'{COLUMNS}': không còn trang tính này; đừng xóa trang này"]


def test_nothing_is_asked_any_more() -> None:
    book = review()
    for one in ("rooms", "others", "schools"):
        put(book, ROWS, f"t:{one}", "Có hỏi không?", "không hỏi")
    assert mistakes(book) == [f"'{ROWS}': không còn hỏi gì nữa"]


def spoil(change: Callable[[openpyxl.Workbook], None]) -> bytes:
    book = review()
    change(book)
    return saved(book)


def without_hidden(book: openpyxl.Workbook) -> None:
    del book["_adopt"]


def with_other_text(book: openpyxl.Workbook) -> None:
    book["_adopt"]["A6"] = "x" + str(book["_adopt"]["A6"].value)[1:]


@pytest.mark.parametrize(
    "made",
    [
        lambda: b"",
        lambda: b"PK\x03\x04",
        office_workbook,
        lambda: spoil(without_hidden),
        lambda: spoil(with_other_text),
    ],
    ids=["empty", "damaged", "another", "no hidden sheet", "hidden sheet changed"],
)
def test_what_is_no_review_is_refused_in_one_sentence(made: Callable[[], bytes]) -> None:
    with pytest.raises(ReportctlError) as raised:
        read_review(made(), "a.xlsx", KINDS)
    assert "a.xlsx" in str(raised.value)


def test_kinds_that_are_asked_are_said_by_name_or_code() -> None:
    question = Question("schools.applies_to", Phrase("Loại đơn vị nào điền danh sách?"), "")
    form = replace(BLANK, questions=(question,))
    book = review(form)
    put(book, TO_DECIDE, "q:schools.applies_to", "Trả lời", "xã; ward", form)
    assert table(read(book), "schools").applies_to == ("commune", "ward")
    place = put(book, TO_DECIDE, "q:schools.applies_to", "Trả lời", "huyện", form)
    assert [one.partition(": ")[0] for one in mistakes(book)] == [place]


RENAMED = {"n1": "n_xa_1", "n1_1": "so_xa_moi", "n1_2": "so_xda_moi", "n2": "n_xba_2"}


def renamed(text: str) -> str:
    return re.sub(r"\bn1_1\b|\bn1_2\b|\bn1\b|\bn2\b", lambda found: RENAMED[found[0]], text)


def test_codes_that_programs_misread_are_understood() -> None:
    rows = tuple(replace(row, code=RENAMED.get(row.code, ""), sum=renamed(row.sum)) for row in MATRIX.rows)
    table_of_communes = replace(MATRIX, code="rooms_xa_1", rows=rows)
    form = replace(BLANK, tables=(table_of_communes,), questions=())
    book = review(form)
    for sheet in (book[ROWS], book[COLUMNS]):  # as LibreOffice leaves them when they were saved twice
        for row in sheet.iter_rows(min_row=6):
            for cell in row:
                if isinstance(cell.value, str):
                    plain = cell.value.replace("_x005F", "")
                    cell.value = re.sub("_x([0-9a-f]{1,4})_", lambda f: chr(int(f[1], 16)), plain)
                    cell.data_type = "s"
    reviewed = read(book)
    assert (reviewed.form.tables, reviewed.changed) == ((table_of_communes,), 0)
    put(book, ROWS, "r:rooms_xa_1:n_xa_1", "Là tổng của (ghi mã)", "so\nmoi + n_xba_2", form)
    (changed,) = read(book).form.tables
    assert changed.rows[1].sum == "so_xa_moi + n_xba_2"
