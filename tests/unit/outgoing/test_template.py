"""The workbook that is sent out: what stands in it, what it says by itself, what survives another program."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from reportctl.cells.cell import read_cell
from reportctl.core import language
from reportctl.core.period import Quarter
from reportctl.form import layout
from reportctl.form.form_file import load_form, parse_form
from reportctl.form.indicators import Indicator, Type
from reportctl.form.model import Form
from reportctl.form.submission import AnswerState
from reportctl.outgoing import input_cells, page
from reportctl.outgoing.template import workbook
from reportctl.workspace.units import Unit
from tests.making.machine import TEMPLATES
from tests.making.strategies import KINDS, forms, is_valid
from tests.making.valid import errors

FORM = parse_form("""
id = "q"
title = "Báo cáo quý"
kinds = [{ code = "district", title = "Huyện" }, { code = "press", title = "Báo" }]

[[sections]]
code = "press"
title = "=Báo chí"
[[sections.indicators]]
code = "press_total"
label = "+Tổng số tin, bài"
unit_of_measure = "tin, bài"
guide = "Mọi loại hình."
[[sections.indicators]]
code = "press_print"
label = "Báo in"
part_of = "press_total"
[[sections.indicators]]
code = "press_radio"
label = "Phát thanh"
part_of = "press_total"
[[sections.indicators]]
code = "hours"
label = "Giờ phát"
type = "number"
required = false
min = 0
max = 24

[[sections]]
code = "other"
title = "Khác"
[[sections.indicators]]
code = "conferences_held"
label = "Hội nghị"
[[sections.indicators]]
code = "plan_share"
label = "Tỷ lệ"
type = "percent"
over_units = "mean"
over_time = "mean"
[[sections.indicators]]
code = "planned"
label = "Đã ban hành kế hoạch"
type = "yes_no"
[[sections.indicators]]
code = "stage"
label = "Giai đoạn"
type = "choice"
choices = ["Đang nhận bài, chấm", "Đã xong"]
over_units = "none"
over_time = "none"
[[sections.indicators]]
code = "opened"
label = "Ngày mở"
type = "date"
over_units = "none"
over_time = "none"
[[sections.indicators]]
code = "spent"
label = "Đã chi"
type = "money"
[[sections.indicators]]
code = "budget"
label = "Được giao"
type = "money"
[[sections.indicators]]
code = "spent_share"
label = "Tỷ lệ chi"
type = "percent"
numerator = "spent"
denominator = "budget"
over_units = "ratio"
over_time = "ratio"
[[sections.indicators]]
code = "remark"
label = "Ghi chú"
type = "text"
required = false
over_units = "none"
over_time = "none"
[[sections.indicators]]
code = "columns_run"
label = "Chuyên mục"
applies_to = ["press"]

[[lists]]
code = "conferences"
title = "Danh mục hội nghị"
rows = 3
columns = [
  { code = "date", label = "Ngày", type = "date" },
  { code = "title", label = "Tên", type = "text" },
  { code = "attendance", label = "Số người", type = "count", min = 1, required = false },
]

[[texts]]
code = "results"
label = "Kết quả"
required = true
max_words = 5
[[texts]]
code = "limits"
label = "Hạn chế"

[[rules]]
code = "added_up"
check = "press_total = press_print + press_radio"
message = "Tổng khác báo in + phát thanh."
[[rules]]
code = "not_huge"
check = "press_total <= 1000"
message = "Tổng quá lớn."
[[rules]]
code = "listed"
check = "rows(conferences) = conferences_held"
message = "Số hội nghị khác số dòng."
[[rules]]
code = "attended"
check = "total(conferences.attendance) < 500"
message = "Số người dự quá lớn."
""")
DISTRICT = Unit("001", "=Huyện Đông Lạc", "district")
QUARTER = Quarter(2024, 1)
PREVIOUS: dict[str, float | str] = {
    "press_total": 12,
    "hours": 2.0,
    "plan_share": 0.85,
    "planned": 1,
    "stage": "=1+1",
    "opened": "2023-11-05",
}


def made(
    form: Form = FORM,
    unit: Unit = DISTRICT,
    previous: dict[str, float | str] | None = None,
    notes: dict[str, str] | None = None,
) -> bytes:
    day = dt.date(2024, 3, 17)
    sending = page.Dispatch(form, unit, QUARTER, QUARTER.window(), day, "Ban Tuyên giáo")
    return workbook(sending, previous or {}, notes or {})


def opened(content: bytes, *, values: bool = False) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(content), data_only=values, rich_text=False)


def named(book: Workbook, name: str) -> Cell:
    """The cell that a workbook-wide name points at."""
    sheet, reference = book.defined_names[name].attr_text.split("!")
    found = book[sheet.strip("'").replace("''", "'")][reference.replace("$", "")]
    assert isinstance(found, Cell)
    return found


def line(book: Workbook, code: str) -> list[object]:
    """The values in the line of the figures sheet whose hidden code is `code`."""
    return next(list(row) for row in book["Số liệu"].iter_rows(values_only=True) if row[0] == code)


def validation(sheet: Worksheet, cell: str) -> object:
    """The validation that applies to `cell`."""
    return next(v for v in sheet.data_validations.dataValidation if cell in v.sqref)


# What stands where


def test_sheets_marks_and_identity() -> None:
    book = opened(made())
    assert book.sheetnames == ["Hướng dẫn", "Số liệu", "Phần lời", "Danh mục hội nghị", "_reportctl"]
    mark = f"reportctl|q|{FORM.fingerprint}|001|2024-Q1"
    for sheet in book.worksheets[:-1]:
        assert sheet["A1"].value == mark
        assert sheet.column_dimensions["A"].hidden
        assert sheet.sheet_state == "visible"
    hidden = book["_reportctl"]
    assert hidden.sheet_state == "veryHidden"
    assert [(row[0].value, row[1].value) for row in hidden["A1:B4"]] == [
        ("form", "q"),
        ("fingerprint", FORM.fingerprint),
        ("unit", "001"),
        ("period", "2024-Q1"),
    ]
    assert book.active.title == "Hướng dẫn"


def test_only_what_the_unit_is_asked() -> None:
    assert "columns_run" not in opened(made()).defined_names
    assert "columns_run" in opened(made(unit=Unit("9", "Báo", "press"))).defined_names


def test_sheets_without_questions_are_left_out() -> None:
    text = FORM.model_copy(update={"texts": (), "lists": (), "rules": ()})
    assert opened(made(text)).sheetnames == ["Hướng dẫn", "Số liệu", "_reportctl"]


def test_lists_have_hidden_codes_for_list_row_and_column() -> None:
    sheet = opened(made())["Danh mục hội nghị"]
    assert [cell.value for cell in sheet[5]] == [
        "conferences",
        None,
        "conferences.date",
        "conferences.title",
        "conferences.attendance",
        None,
    ]
    assert sheet.row_dimensions[5].hidden
    assert [sheet.cell(row, 1).value for row in (7, 8, 9)] == [f"conferences.{n}" for n in (1, 2, 3)]
    book = opened(made())
    assert book.defined_names["conferences"].attr_text == "'Danh mục hội nghị'!$C$7:$E$9"


def test_previous_figures_stand_beside_the_cells_and_are_locked() -> None:
    book = opened(made(previous=PREVIOUS))
    shown = {code: line(book, code)[4] for code in (*PREVIOUS, "press_print")}
    assert shown == {
        "press_total": 12,
        "hours": 2,
        "plan_share": 0.85,
        "planned": "Có",
        "stage": "=1+1",
        "opened": dt.datetime(2023, 11, 5),
        "press_print": None,
    }
    sheet = book["Số liệu"]
    assert all(sheet.cell(row, 5).protection.locked for row in range(1, sheet.max_row + 1))


def test_text_that_begins_like_a_formula_stays_text() -> None:
    book = opened(made(previous=PREVIOUS))
    assert line(book, "press_total")[2] == "+Tổng số tin, bài"
    title = book["Số liệu"]["C7"]
    stage = book["Số liệu"].cell(named(book, "stage").row, 5)
    name = next(cell for cell in book["Hướng dẫn"]["D"] if cell.value == "=Huyện Đông Lạc")
    assert (title.value, stage.value) == ("=Báo chí", "=1+1")
    assert (title.data_type, stage.data_type, name.data_type) == ("s", "s", "s")


def test_required_and_optional_cells_differ_in_colour() -> None:
    book = opened(made())
    colours = {code: named(book, code).fill.fgColor.rgb for code in ("press_total", "hours", "spent_share")}
    assert len(set(colours.values())) == 3


def test_numbers_and_indentation_of_parts() -> None:
    book = opened(made())
    assert [line(book, code)[1] for code in ("press_total", "press_print", "press_radio", "hours")] == [
        "1",
        "1.1",
        "1.2",
        "2",
    ]
    whole, part = (
        next(row[2] for row in book["Số liệu"].iter_rows() if row[0].value == code).alignment.indent
        for code in ("press_total", "press_print")
    )
    assert part > whole


# Validation, as Excel would judge it


def rule_of(book: Workbook, code: str) -> object:
    cell = named(book, code)
    return validation(cell.parent, cell.coordinate)


def test_validations_by_type() -> None:
    book = opened(made())
    found = {
        code: (rule.type, rule.formula1)
        for code in ("press_total", "hours", "plan_share", "spent", "opened", "planned", "stage", "remark")
        if (rule := rule_of(book, code))
    }
    assert found == {
        "press_total": ("custom", 'IF(ISNUMBER(F8),AND(F8=INT(F8),F8>=0),F8="KAD")'),
        "hours": ("custom", 'IF(ISNUMBER(F11),AND(F11>=0,F11<=24),F11="KAD")'),
        "plan_share": ("custom", 'IF(ISNUMBER(F14),AND(F14>=0,F14<=1),F14="KAD")'),
        "spent": ("custom", 'IF(ISNUMBER(F18),AND(F18>=0),F18="KAD")'),
        "opened": ("custom", 'IF(ISNUMBER(F17),AND(F17>=DATE(1910,1,1),F17<=DATE(2099,12,31)),F17="KAD")'),
        "planned": ("list", "'_reportctl'!$D$1:$D$3"),
        "stage": ("list", "'_reportctl'!$E$1:$E$3"),
        "remark": ("textLength", "2000"),
    }
    hidden = book["_reportctl"]
    assert [hidden[cell].value for cell in ("D1", "D2", "D3")] == ["Có", "Không", "KAD"]
    assert [hidden[cell].value for cell in ("E1", "E2", "E3")] == ["Đang nhận bài, chấm", "Đã xong", "KAD"]


@pytest.mark.parametrize("kind", [Type.COUNT, Type.NUMBER, Type.PERCENT, Type.MONEY])
@pytest.mark.parametrize("least", [None, -100.0, 0.25])
@pytest.mark.parametrize("most", [None, 0.5])
@pytest.mark.parametrize("typed", [-101.0, -100.0, -1.0, 0.0, 1.0, 2.0])
def test_a_cell_takes_what_the_returned_workbook_may_hold(
    kind: Type, least: float | None, most: float | None, typed: float
) -> None:
    ask = FORM.indicators["spent"].model_copy(update={"type": kind, "min": least, "max": most})
    conditions = re.findall(r"F1([<>]=)([-0-9.]+)", input_cells.accepts(ask, "F1"))
    taken = all(typed >= float(end) if sign == ">=" else typed <= float(end) for sign, end in conditions)
    assert taken == (read_cell(typed, ask).state is AnswerState.VALUE)


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("2010-05-01", True),  # a licence, though the quarter is of 2024
        ("1930-02-03", True),
        ("2024-09-17", True),
        ("2035-12-31", True),
        ("2204-09-17", False),
        (1900, False),  # years alone, which Excel takes for days of 1905
        (2010, False),
        (2099, False),
    ],
)
def test_a_date_may_be_years_ago_or_ahead_but_is_no_year_alone(typed: str | int, taken: bool) -> None:
    zero = dt.date(1899, 12, 30)  # of Excel's day numbers
    number = (dt.date.fromisoformat(typed) - zero).days if isinstance(typed, str) else typed
    for ask in (FORM.indicators["opened"], FORM.lists[0].columns[0]):
        ends = re.findall(r"F1([<>]=)DATE\((\d+),(\d+),(\d+)\)", input_cells.accepts(ask, "F1"))
        days = [(sign, (dt.date(*map(int, day)) - zero).days) for sign, *day in ends]
        assert [sign for sign, _day in days] == [">=", "<="]
        assert all(number >= day if sign == ">=" else number <= day for sign, day in days) is taken


def test_money_is_not_below_zero_unless_the_form_says_so() -> None:
    spent = FORM.indicators["spent"]
    assert input_cells.expected(spent) == "An amount, not below 0."
    balance = spent.model_copy(update={"min": -100.0})
    assert input_cells.expected(balance) == "An amount, not below -100."


def test_number_formats() -> None:
    book = opened(made())
    formats = {
        code: named(book, code).number_format for code in ("press_total", "plan_share", "opened", "remark")
    }
    assert formats == {"press_total": "#,##0", "plan_share": "0.0%", "opened": "dd/mm/yyyy", "remark": "@"}
    assert named(book, "results").number_format == "@"


def test_estimates_are_marked_beside_figures_only() -> None:
    sheet = opened(made())["Số liệu"]
    by_code = {sheet.cell(row, 1).value: sheet.cell(row, 7) for row in range(7, sheet.max_row + 1)}
    open_for = {code for code, cell in by_code.items() if code and not cell.protection.locked}
    assert open_for == {
        *("press_total", "press_print", "press_radio", "hours"),
        *("conferences_held", "plan_share", "spent", "budget"),
    }
    rule = validation(sheet, by_code["spent"].coordinate)
    assert (rule.type, rule.formula1, rule.errorStyle) == ("list", '"x"', "warning")


@pytest.mark.slow
@given(item=forms().map(lambda form: next(iter(form.indicators.values()))))
def test_messages_fit_excel(item: Indicator) -> None:
    title, message = input_cells.prompt(item)
    assert 0 < len(title) <= 32
    assert 0 < len(message) <= 255
    assert len(input_cells.refusal(item)) <= 255


def test_cut_breaks_between_words() -> None:
    assert input_cells.cut("một hai  ba\nbốn", 100) == "một hai ba bốn"
    assert input_cells.cut("một hai ba bốn", 11) == "một hai ba…"
    assert input_cells.cut("một hai ba bốn", 10) == "một hai…"


# The same input gives the same bytes; print set-up; properties


def test_same_input_same_bytes_and_pinned_dates() -> None:
    content = made(previous=PREVIOUS)
    assert content == made(previous=PREVIOUS)
    properties = opened(content).properties
    assert (properties.creator, properties.created) == ("Ban Tuyên giáo", dt.datetime(2023, 12, 15))
    assert properties.title == "Báo cáo quý - Quý\u00a0I/2024"
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert {info.date_time[0] for info in parts.infolist()} == {1980}


def test_same_notes_same_bytes() -> None:
    notes = {"press_total": "Quý trước: không có số"}
    assert made(notes=notes) == made(notes=notes) != made()


def test_print_set_up() -> None:
    book = opened(made())
    for sheet in book.worksheets[:-1]:
        assert sheet.page_setup.paperSize == 9
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert "&P/&N" in sheet.oddFooter.center.text
        assert sheet.print_area.startswith(f"'{sheet.title}'!$B$1:")
    assert [sheet.page_setup.orientation for sheet in book.worksheets[:4]] == [*["portrait"] * 3, "landscape"]
    for sheet in book.worksheets[1:4]:
        assert sheet.print_title_rows == "$6:$6"
        assert sheet.freeze_panes == "A7"
    assert [sheet.sheet_view.selection[-1].activeCell for sheet in book.worksheets[1:4]] == ["F8", "D7", "C7"]


def test_rows_have_room_for_their_text() -> None:
    assert page.height(("một", 10)) < page.height(("một hai ba bốn năm", 10))
    assert page.height(("chữ " * 1000, 10)) <= 409
    assert page.height(("a\nb", 10)) == page.height(("một hai ba", 8))


def test_language_of_the_workbook_is_the_units_whatever_the_program_speaks() -> None:
    language.use("en")
    content = made()
    assert language.current_language() == "en"
    language.use("vi")
    assert made() == content


def test_words_are_vietnamese() -> None:
    book = opened(made(), values=True)
    sheet = book["Số liệu"]
    assert [cell.value for cell in sheet[6]][1:8] == [
        *("TT", "Nội dung", "ĐVT", "Quý trước", "Quý này", "Ước", "Kiểm tra")
    ]
    assert sheet["B4"].value == "Còn 10 ô bắt buộc chưa điền"
    assert book["Phần lời"]["B4"].value == "Còn 1 ô bắt buộc chưa điền"
    assert book["Danh mục hội nghị"]["B4"].value == "Đã điền 0/3 dòng"
    assert sheet["B2"].value == "Đơn vị báo cáo: =Huyện Đông Lạc"
    assert sheet["B3"].value == "Quý\u00a0I/2024 (số liệu từ 15/12/2023 đến 14/3/2024; hạn gửi 17/3/2024)"
    told = [cell.value for row in book["Hướng dẫn"].iter_rows() for cell in row if cell.value]
    for expected in ("KAD", "0", "để trống", "x ở cột “Ước”", "Ban Tuyên giáo", "17/3/2024", "001"):
        assert expected in told
    assert "từ ngày 15/12/2023 đến hết ngày 14/3/2024" in told
    rule = rule_of(opened(made()), "press_total")
    assert (rule.promptTitle, rule.prompt) == (
        "+Tổng số tin, bài",
        "Đơn vị tính: tin, bài. Ghi số nguyên, từ 0 trở lên. Mọi loại hình.",
    )
    assert rule.error == "Ghi số nguyên, từ 0 trở lên. Không phát sinh thì ghi 0; không áp dụng thì ghi KAD."


# Formulas


def test_formulas_are_stored_with_their_values() -> None:
    formulas, values = opened(made()), opened(made(), values=True)
    for sheet in formulas.worksheets[1:4]:
        assert sheet["B4"].value.startswith("=")
        assert values[sheet.title]["B4"].value
        assert any(
            str(cell.value).endswith(f"{sheet.title}'!$B$4") for row in formulas["Hướng dẫn"] for cell in row
        )


def test_a_rule_too_long_for_a_formula_is_left_to_the_check_of_the_returned_file() -> None:
    many = [f'[[sections.indicators]]\ncode = "part_{n}"\nlabel = "Phần"\n' for n in range(200)]
    parts = " + ".join(f"part_{n}" for n in range(200))
    form = parse_form(
        'id = "q"\ntitle = "T"\nkinds = [{ code = "district", title = "H" }]\n'
        '[[sections]]\ncode = "s"\ntitle = "S"\n'
        + "".join(many)
        + f'[[rules]]\ncode = "long"\ncheck = "part_0 = {parts}"\nmessage = "Sai."\n'
        + '[[rules]]\ncode = "short"\ncheck = "part_0 > 5"\nmessage = "Nhỏ."\n'
    )
    formula = line(opened(made(form)), "part_0")[7]
    assert len(str(formula)) <= 8192
    assert "Nhỏ" in str(formula)
    assert "Sai" not in str(formula)


@pytest.mark.slow
@settings(max_examples=25)
@given(form=forms())
def test_any_form_makes_a_whole_workbook(form: Form) -> None:
    for kind in KINDS:
        places = layout.layout(form, kind)
        book = opened(made(form, Unit("001", "Đơn vị", kind)))
        expected = {code: place.value for code, place in (*places.indicators.items(), *places.texts.items())}
        unlocked = {(p.value.sheet, p.value.cell) for p in places.texts.values()}
        for place in places.indicators.values():
            if not place.indicator.computed:
                unlocked.add((place.value.sheet, place.value.cell))
                if place.indicator.type in (Type.COUNT, Type.NUMBER, Type.PERCENT, Type.MONEY):
                    unlocked.add((place.estimate.sheet, place.estimate.cell))
        for section in places.lists.values():
            numbers = range(1, section.rows + 1)
            columns = [column.code for column in section.section.columns]
            cells = [section.place(column, number) for column in columns for number in numbers]
            unlocked |= {(cell.sheet, cell.cell) for cell in cells}
        assert set(book.defined_names) == {*expected, *places.lists}
        for code, at in expected.items():
            cell = named(book, code)
            assert (cell.parent.title, cell.coordinate) == (at.sheet, at.cell)
            assert cell.parent.cell(cell.row, 1).value == code
        assert unlocked == {
            (sheet.title, cell.coordinate)
            for sheet in book.worksheets
            for row in sheet.iter_rows()
            for cell in row
            if not cell.protection.locked
        }
        assert all(sheet.protection.sheet and not sheet.protection.password for sheet in book.worksheets)


@settings(max_examples=40)
@given(form=forms())
def test_generated_forms_are_valid(form: Form) -> None:
    assert is_valid(form)


# Other programs

Convert = Callable[..., list[Path]]


@pytest.fixture(scope="module")
def stock() -> Form:
    return load_form(TEMPLATES / "form.toml")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["commune", "ward", "special_zone", "department", "press"])
def test_openxml_audit_finds_no_error(kind: str, stock: Form, tmp_path: Path) -> None:
    path = tmp_path / "audited.xlsx"
    figures: dict[str, float | str] = {"press_total": 5, "budget_spent": 1.5}
    notes = dict.fromkeys(stock.indicators, "Quý trước: không có số\n(đơn vị <mới>)")
    path.write_bytes(made(stock, Unit("001", "Đơn vị", kind), figures, notes))
    assert errors(path) == []


def taken(sheet: Worksheet) -> dict[str, tuple[str, str, str]]:
    """By cell: the kind of its validation, its input message and how it refuses."""
    return {
        cell.coordinate: (rule.type or "none", rule.prompt or "", rule.errorStyle or "stop")
        for rule in sheet.data_validations.dataValidation
        for area in rule.sqref.ranges
        for row in sheet[area.coord if ":" in area.coord else f"{area.coord}:{area.coord}"]
        for cell in row
    }


def filled(answers: dict[str, object], rows: list[list[object]]) -> bytes:
    book = opened(made())
    for code, value in answers.items():
        named(book, code).value = value
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            book["Danh mục hội nghị"].cell(7 + number, 3 + column).value = value
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def broken() -> bytes:
    return filled(
        {
            "press_total": 2000,
            "press_print": 5,
            "press_radio": 6,
            "conferences_held": 1,
            "hours": 25,
            "plan_share": 0.5,
            "planned": "Chưa",
            "stage": "Đã xong",
            "spent": 30,
            "budget": 120,
            "results": "- một hai ba\nbốn năm sáu",
        },
        [[dt.date(2024, 1, 5), "Sơ kết", 400], [None, "Tổng kết", 0], ["mai", "Khác", 300]],
    )


def right() -> bytes:
    return filled(
        {
            "press_total": 11,
            "press_print": 5,
            "press_radio": 6,
            "conferences_held": "KAD",
            "spent": "KAD",
            "budget": 1,
        },
        [[dt.date(2024, 1, 5), "Sơ kết", 400]],
    )


@pytest.fixture(scope="module")
def recalculated(soffice: Convert, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Workbook]:
    """Workbooks as LibreOffice saves them: a fresh one, one with mistakes, one without."""
    folder = tmp_path_factory.mktemp("filled")
    contents = {"fresh": made(), "broken": broken(), "right": right()}
    files = [folder / f"{name}.xlsx" for name in contents]
    for file, content in zip(files, contents.values(), strict=True):
        file.write_bytes(content)
    return {file.stem: openpyxl.load_workbook(file, data_only=True) for file in soffice(files, to="xlsx")}


@pytest.mark.libreoffice
def test_libreoffice_keeps_names_codes_marks_and_validations(recalculated: dict[str, Workbook]) -> None:
    before, after = opened(made()), recalculated["fresh"]
    assert after.sheetnames == before.sheetnames
    assert {n: d.attr_text for n, d in after.defined_names.items()} == {
        n: d.attr_text for n, d in before.defined_names.items()
    }
    for sheet in before.worksheets:
        saved = after[sheet.title]
        assert [cell.value for cell in saved["A"]] == [cell.value for cell in sheet["A"]]
        assert taken(saved) == taken(sheet)
        assert saved.protection.sheet
    assert after["_reportctl"].sheet_state != "visible"
    assert [c.value for c in after["Danh mục hội nghị"][5]] == [
        c.value for c in before["Danh mục hội nghị"][5]
    ]


@pytest.mark.libreoffice
def test_a_fresh_workbook_says_nothing_and_counts_what_is_empty(recalculated: dict[str, Workbook]) -> None:
    calculated, stored = recalculated["fresh"], opened(made(), values=True)
    for sheet in stored.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                again = calculated[sheet.title][cell.coordinate].value
                assert (again or None) == (cell.value or None), (sheet.title, cell.coordinate)


@pytest.mark.libreoffice
def test_the_check_column_says_what_does_not_add_up(recalculated: dict[str, Workbook]) -> None:
    book = recalculated["broken"]
    said = {str(row[0]): row[7] for row in book["Số liệu"].iter_rows(min_row=7, values_only=True) if row[7]}
    assert said == {
        "press_total": "Tổng khác báo in + phát thanh; Tổng quá lớn",
        "hours": "Ghi số, từ 0 đến 24.",
        "conferences_held": "Số hội nghị khác số dòng.",
        "planned": "Chọn trong danh sách.",
    }
    assert named(book, "spent_share").value == 0.25
    assert book["Số liệu"]["B4"].value == "Còn 1 ô bắt buộc chưa điền"
    assert [book["Danh mục hội nghị"].cell(row, 6).value or "" for row in (7, 8, 9)] == [
        "",
        "thiếu “Ngày”; “Số người” chưa đúng: Ghi số nguyên, từ 1 trở lên",
        "“Ngày” chưa đúng: Ghi ngày/tháng/năm",
    ]
    assert book["Danh mục hội nghị"]["B4"].value == "Đã điền 3/3 dòng; Số người dự quá lớn"
    assert book["Phần lời"]["E7"].value == "7/5 chữ"
    assert book["Phần lời"]["B4"].value == "Đã điền đủ các ô bắt buộc"


@pytest.mark.libreoffice
def test_the_check_column_is_silent_where_all_is_right(recalculated: dict[str, Workbook]) -> None:
    book = recalculated["right"]
    assert not [row[7] for row in book["Số liệu"].iter_rows(min_row=7, values_only=True) if row[7]]
    assert [book["Danh mục hội nghị"].cell(row, 6).value or "" for row in (7, 8, 9)] == ["", "", ""]
    assert not named(book, "spent_share").value
    assert book["Số liệu"]["B4"].value == "Còn 4 ô bắt buộc chưa điền"
