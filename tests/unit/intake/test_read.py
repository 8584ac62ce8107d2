from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from reportctl.core.finding_kinds import Severity
from reportctl.core.period import Quarter
from reportctl.form.layout import FIGURES, TEXTS, mark
from reportctl.form.submission import AnswerState, Identity
from tests.making.machine import Convert
from tests.making.returned import (
    ANSWERS,
    EVENTS,
    FORM_TEXT,
    ROWS,
    cell,
    codes,
    context,
    only,
    places,
    read,
    returned,
    sent_out,
    with_xml,
)


def test_a_good_workbook_is_read_whole_and_nothing_is_said(tmp_path: Path) -> None:
    done = read(returned(), tmp_path)
    assert done.findings == ()
    submission = done.submission
    assert submission is not None
    assert submission.identity == Identity("small", context().form.fingerprint, "001", "2024-Q1")
    values = {answer.code: answer.value for answer in submission.answers}
    assert values == {**ANSWERS, "plan_issued": 1, "budget_share": 0.5}
    assert [answer.value for row in submission.rows for answer in row.answers] == [
        value for row in ROWS for value in row
    ]
    assert [row.number for row in submission.rows] == [1, 2]
    assert [type(values[code]) for code in ("press_total", "budget_spent", "plan_day")] == [
        int,
        float,
        dt.date,
    ]


def test_every_answer_is_what_an_independent_reader_finds_in_its_cell(tmp_path: Path) -> None:
    data = returned({"press_radio": None})
    submission = read(data, tmp_path).submission
    assert submission is not None
    theirs = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    for answer in submission.answers:
        if answer.code not in ("budget_share", "plan_issued"):
            value = theirs[answer.sheet][answer.cell].value
            assert answer.value == (value.date() if isinstance(value, dt.datetime) else value)
    for row in submission.rows:
        for answer in row.answers:
            value = theirs[answer.sheet][answer.cell].value
            assert answer.value == (value.date() if isinstance(value, dt.datetime) else value)


def test_blank_zero_and_not_applicable_are_three_things(tmp_path: Path) -> None:
    done = read(returned({"press_print": None, "press_radio": 0, "budget_spent": "KAD"}), tmp_path)
    assert done.submission is not None
    states = {answer.code: (answer.state, answer.value) for answer in done.submission.answers}
    assert states["press_print"] == (AnswerState.MISSING, None)
    assert states["press_radio"] == (AnswerState.VALUE, 0)
    assert states["budget_spent"] == (AnswerState.NOT_APPLICABLE, None)
    assert states["budget_share"] == (AnswerState.NOT_APPLICABLE, None)
    assert codes(done) == ["required_missing"]


# What is typed in one cell

Typed = tuple[str, Any, str, str]


@pytest.mark.parametrize(
    ("code", "typed", "expected", "message"),
    [
        ("press_total", 1.2, "thousands_guess", "1.2 is no whole number; 1200 was probably meant"),
        ("press_total", "khoảng 30", "approximate", "“khoảng 30” is not an exact figure"),
        ("press_total", "nhiều", "wrong_type", "“nhiều” is not a whole number"),
        ("press_total", 9001, "out_of_range", "9001 is outside what is possible: from 0 to 9000"),
        (
            "press_total",
            "12 cuộc",
            "wrong_unit_in_cell",
            "“12 cuộc” is counted in “cuộc”, but bài is asked for",
        ),
        ("press_total", dt.date(2024, 5, 12), "became_date", "the figure has become a date (12/05/2024)"),
        ("plan_day", "31/02/2024", "bad_date", "“31/02/2024” is not a date"),
        (
            "plan_level",
            "Xã",
            "choice_unknown",
            "“Xã” is not one of the answers to choose from: Tỉnh; Huyện",
        ),
        (
            "budget_spent",
            "1.234",
            "ambiguous_number",
            "“1.234” can be read as 1234 or as 1.234",
        ),
    ],
)
def test_an_answer_in_error_has_its_cell_and_is_no_value(
    tmp_path: Path, code: str, typed: Any, expected: str, message: str
) -> None:
    done = read(returned({code: typed}), tmp_path)
    found = only(done, expected)
    assert (found.sheet, found.cell) == cell(code)
    assert (found.indicator, found.file, found.unit) == (code, "a.xlsx", "001")
    assert found.message == message
    assert found.hint
    assert done.submission is not None
    answer = done.submission.answer(code)
    assert answer is not None
    assert (answer.state, answer.value, answer.raw) == (AnswerState.INVALID, None, found.value)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("1.200", "number_as_text"), ("1200 bài", "unit_in_cell")],
)
def test_an_answer_read_with_a_warning_keeps_what_was_typed(
    tmp_path: Path, typed: str, expected: str
) -> None:
    done = read(returned({"press_total": typed}), tmp_path)
    found = only(done, expected)
    assert (found.value, found.severity) == (typed, Severity.WARNING)
    assert done.submission is not None
    answer = done.submission.answer("press_total")
    assert answer is not None
    assert (answer.value, answer.raw) == (1200, typed)


@pytest.mark.parametrize(
    ("attributes", "inside", "expected", "value", "read_as"),
    [
        ('t="e"', "<v>#REF!</v>", "error_cell", "#REF!", None),
        ('t="e"', "<f>1/0</f><v>#DIV/0!</v>", "error_cell", "#DIV/0!", None),
        ("", "<f>700+500</f>", "formula_not_calculated", "", None),
        ("", "<f>700+500</f><v></v>", "formula_not_calculated", "", None),
        ("", "<f>700+500</f><v>1200</v>", "formula_in_input", "1200", 1200),
        ('t="str"', '<f>"1"&amp;"200"</f><v>1200</v>', "formula_in_input", "1200", 1200),
        ("", '<f t="shared" si="0"/><v>1200</v>', "formula_in_input", "1200", 1200),
    ],
)
def test_errors_and_formulas_are_never_read_as_blank(
    tmp_path: Path, attributes: str, inside: str, expected: str, value: str, read_as: int | None
) -> None:
    sheet, at = cell("press_total")
    done = read(with_xml(returned(), sheet, at, attributes, inside), tmp_path)
    found = only(done, expected)
    assert (found.sheet, found.cell, found.value) == (sheet, at, value)
    assert "required_missing" not in codes(done)
    assert done.submission is not None
    answer = done.submission.answer("press_total")
    assert answer is not None
    assert answer.value == read_as


def test_a_formula_whose_result_is_empty_text_is_blank(tmp_path: Path) -> None:
    sheet, at = cell("press_total")
    done = read(with_xml(returned(), sheet, at, 't="str"', '<f>IF(1,"","")</f><v></v>'), tmp_path)
    assert codes(done) == ["required_missing"]


@pytest.mark.parametrize(("typed", "estimate"), [("x", True), ("X ", True), ("ước", True), ("không", False)])
def test_a_mark_under_estimates(tmp_path: Path, typed: str, estimate: bool) -> None:
    at = places().indicators["press_print"].estimate.cell

    def edit(book: Workbook) -> None:
        book[FIGURES][at] = typed

    done = read(returned(edit=edit), tmp_path)
    assert done.submission is not None
    assert done.findings == ()
    assert [a.code for a in done.submission.answers if a.estimate] == (["press_print"] if estimate else [])


def test_an_unclear_mark_under_estimates_is_an_estimate_with_a_warning(tmp_path: Path) -> None:
    at = places().indicators["press_print"].estimate.cell

    def edit(book: Workbook) -> None:
        book[FIGURES][at] = "chờ số liệu"

    done = read(returned(edit=edit), tmp_path)
    found = only(done, "estimate_unclear")
    assert (found.sheet, found.cell, found.value) == (FIGURES, at, "chờ số liệu")
    assert done.submission is not None
    answer = done.submission.answer("press_print")
    assert answer is not None
    assert answer.estimate


# Shares


def test_a_share_typed_over_is_worked_out_again(tmp_path: Path) -> None:
    done = read(returned({"budget_share": 0.6}), tmp_path)
    found = only(done, "share_differs")
    assert (found.sheet, found.cell, found.value) == (*cell("budget_share"), "0.6")
    assert found.message == "the workbook says 60%, but 125.25 / 250.5 gives 50%; the latter counts"
    assert done.submission is not None
    answer = done.submission.answer("budget_share")
    assert answer is not None
    assert (answer.value, answer.cell) == (0.5, found.cell)


@pytest.mark.parametrize(("said", "found"), [("50", True), ("khoảng 50%", True), ("50%", False), ("", False)])
def test_a_share_typed_over_with_a_text(tmp_path: Path, said: str, found: bool) -> None:
    done = read(returned({"budget_share": said}), tmp_path)
    assert codes(done) == (["share_differs"] if found else [])
    assert done.submission is not None
    answer = done.submission.answer("budget_share")
    assert answer is not None
    assert answer.value == 0.5


@pytest.mark.parametrize("said", [0.5, 0.502, 50.0])
def test_a_share_rounded_is_left_alone(tmp_path: Path, said: float) -> None:
    done = read(returned({"budget_share": said}), tmp_path)
    assert codes(done) == (["share_differs"] if said == 50.0 else [])


@pytest.mark.parametrize(
    ("spent", "planned", "state"),
    [
        (0, 0, AnswerState.NOT_APPLICABLE),
        (0, 10, AnswerState.VALUE),
        (None, 10, AnswerState.MISSING),
        (5, None, AnswerState.MISSING),
        ("KAD", 10, AnswerState.NOT_APPLICABLE),
    ],
)
def test_a_share_without_a_whole(tmp_path: Path, spent: Any, planned: Any, state: AnswerState) -> None:
    done = read(returned({"budget_spent": spent, "budget_planned": planned}), tmp_path)
    assert done.submission is not None
    answer = done.submission.answer("budget_share")
    assert answer is not None
    assert answer.state is state
    assert {found.indicator for found in done.findings} <= {"budget_spent", "budget_planned"}


# Whose workbook it is


def _marked(**changes: str) -> Callable[[Workbook], None]:
    """Every sheet's mark and the hidden sheet, changed alike."""
    said = {"form": "small", "fingerprint": context().form.fingerprint, "unit": "001", "period": "2024-Q1"}
    said |= changes

    def edit(book: Workbook) -> None:
        for sheet in book.worksheets:
            if sheet.title == "_reportctl":
                for row in range(1, 5):
                    sheet.cell(row, 2).value = said[sheet.cell(row, 1).value]
            else:
                sheet["A1"] = mark(Identity(**said))
                sheet["B2"] = sheet["B3"] = None  # the headings, which would contradict it

    return edit


@pytest.mark.parametrize(
    ("changes", "expected", "severity", "message"),
    [
        (
            {"form": "other"},
            "wrong_form",
            Severity.ERROR,
            "this is another form's workbook: “other” instead of “small”",
        ),
        (
            {"unit": "777"},
            "unknown_unit",
            Severity.ERROR,
            "the unit code “777” is not in the list of units",
        ),
        ({"unit": ""}, "no_unit", Severity.ERROR, "the workbook does not say which unit it is from"),
        (
            {"unit": "009"},
            "unit_not_asked",
            Severity.ERROR,
            "the unit “Huyện Chín” does not report in this quarter",
        ),
        (
            {"period": "2023-Q4"},
            "wrong_period",
            Severity.ERROR,
            "the workbook is for Q4 2023, not for Q1 2024",
        ),
        ({"period": "???"}, "wrong_period", Severity.ERROR, "the workbook is for ???, not for Q1 2024"),
        (
            {"fingerprint": "0123"},
            "other_version",
            Severity.NOTE,
            "the workbook was made from another version of the form; it was read by its codes",
        ),
    ],
)
def test_identity(
    tmp_path: Path, changes: dict[str, str], expected: str, severity: Severity, message: str
) -> None:
    done = read(returned(edit=_marked(**changes)), tmp_path)
    assert codes(done) == [expected]
    assert (done.findings[0].severity, done.findings[0].message) == (severity, message)
    assert done.findings[0].cell == "A1"
    assert done.submission is not None
    reads_on = expected in ("unit_not_asked", "wrong_period", "other_version")
    assert bool(done.submission.answers) is reads_on


def test_without_marks_the_hidden_sheet_tells(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        for sheet in book.worksheets:
            if sheet.title != "_reportctl":
                sheet["A1"] = None

    done = read(returned(edit=edit), tmp_path)
    assert done.findings == ()
    assert done.submission is not None
    assert done.submission.identity.unit == "001"


def test_a_workbook_that_names_no_form(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "Báo cáo"
    content = io.BytesIO()
    book.save(content)
    done = read(content.getvalue(), tmp_path)
    assert codes(done) == ["not_our_form"]
    assert done.submission is not None
    assert done.submission.answers == ()
    assert done.findings[0].unit is None


def test_a_sheet_copied_from_another_units_workbook(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        book[EVENTS]["A1"] = mark(Identity("small", context().form.fingerprint, "002", "2024-Q1"))

    found = only(read(returned(edit=edit), tmp_path), "identity_differs")
    assert (found.sheet, found.cell, found.value) == (EVENTS, "A1", "002")
    assert found.message == "the sheets of this workbook name different units: 001, 002"


# Where the answers stand


def _rename(book: Workbook, moved: Callable[[str, int], tuple[str, int]]) -> None:
    """Move the defined names along, as spreadsheet programs do and openpyxl does not."""
    for code in places().indicators:
        sheet, at = cell(code)
        column, row = moved(at[0], int(at[1:]))
        book.defined_names[code].attr_text = f"'{sheet}'!${column}${row}"


def _values(done: Any) -> dict[str, Any]:
    return {answer.code: answer.value for answer in done.submission.answers}


GOOD = {**ANSWERS, "plan_issued": 1, "budget_share": 0.5}


def test_a_row_inserted_above_is_one_note_for_all_lines_moved_alike(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        book[FIGURES].insert_rows(5)
        _rename(book, lambda column, row: (column, row + 1))

    done = read(returned(edit=edit), tmp_path)
    found = only(done, "code_moved")
    assert len(done.findings) == 1
    assert (found.sheet, found.cell, found.severity) == (FIGURES, "F9", Severity.NOTE)
    assert (
        found.message
        == "found at F9 by its code: moved, or its hidden code is gone (rows or columns alike: 10)"
    )
    assert _values(done) == GOOD


@pytest.mark.parametrize("known_by", ["name", "heading"])
@pytest.mark.parametrize("before", ["A", "C", "E"])
def test_a_column_inserted_before_the_answers(tmp_path: Path, before: str, known_by: str) -> None:
    def edit(book: Workbook) -> None:
        book[FIGURES].insert_cols("ABCDEF".index(before) + 1)
        _rename(book, lambda column, row: (chr(ord(column) + 1), row))
        if known_by == "name":
            book[FIGURES]["H6"] = "?"
        else:
            for code in places().indicators:
                del book.defined_names[code]

    done = read(returned(edit=edit), tmp_path)
    assert codes(done) == ["code_moved"]
    assert _values(done) == GOOD
    assert done.submission is not None
    assert {a.cell[0] for a in done.submission.answers if a.sheet == FIGURES} == {"G"}


def test_a_renamed_sheet_is_found_by_its_codes(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        book[FIGURES].title = "Biểu 1"
        book[EVENTS].title = "Biểu 2"
        for code in places().indicators:
            book.defined_names[code].attr_text = f"'Biểu 1'!${cell(code)[1][0]}${cell(code)[1][1:]}"

    done = read(returned(edit=edit), tmp_path)
    assert done.findings == ()
    assert _values(done) == GOOD
    assert done.submission is not None
    assert done.submission.answers[0].sheet == "Biểu 1"
    assert len(done.submission.rows) == 2


def _without_code(code: str) -> Callable[[Workbook], None]:
    def edit(book: Workbook) -> None:
        sheet, at = cell(code)
        book[sheet][f"A{at[1:]}"] = None

    return edit


def test_a_line_without_its_code_is_found_by_its_name(tmp_path: Path) -> None:
    done = read(returned(edit=_without_code("press_radio")), tmp_path)
    found = only(done, "code_moved")
    assert (found.sheet, found.cell, found.indicator) == (*cell("press_radio"), "press_radio")
    assert "by its name" in found.message
    assert _values(done) == GOOD


@pytest.mark.parametrize("code", ["press_radio", "limits"])
def test_a_line_without_code_and_name_is_found_by_its_label(tmp_path: Path, code: str) -> None:
    def edit(book: Workbook) -> None:
        _without_code(code)(book)
        del book.defined_names[code]

    done = read(returned(edit=edit), tmp_path)
    found = only(done, "code_moved")
    assert (found.sheet, found.cell) == cell(code)
    assert "by its label" in found.message
    assert _values(done) == GOOD


def test_a_whole_sheet_without_codes_and_names_is_read_by_labels(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        for row in range(2, 30):
            book[FIGURES].cell(row, 1).value = None
        for code in places().indicators:
            del book.defined_names[code]

    done = read(returned(edit=edit), tmp_path)
    assert set(codes(done)) == {"code_moved"}
    assert _values(done) == GOOD


def test_a_deleted_line_is_not_found(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        sheet, at = cell("press_radio")
        for column in "ABCF":
            book[sheet][f"{column}{at[1:]}"] = None
        book.defined_names["press_radio"].attr_text = "#REF!"

    done = read(returned(edit=edit), tmp_path)
    found = only(done, "not_found")
    assert (found.indicator, found.severity) == ("press_radio", Severity.ERROR)
    assert "“Radio”" in found.message
    assert codes(done) == ["not_found"]  # the rule that needs the figure is not decided
    assert done.submission is not None
    answer = done.submission.answer("press_radio")
    assert answer is not None
    assert (answer.state, answer.cell) == (AnswerState.MISSING, "")


@pytest.mark.parametrize("sheet", [FIGURES, TEXTS, EVENTS])
def test_a_deleted_sheet_is_one_finding(tmp_path: Path, sheet: str) -> None:
    def edit(book: Workbook) -> None:
        del book[sheet]

    done = read(returned(edit=edit), tmp_path)
    found = only(done, "missing_sheet")
    assert found.message == f"the sheet “{sheet}” is gone"
    assert "not_found" not in codes(done)


def _second_line(code: str, value: object) -> Callable[[Workbook], None]:
    def edit(book: Workbook) -> None:
        book[FIGURES]["A40"] = code
        book[FIGURES]["F40"] = value

    return edit


def test_a_code_that_stands_twice_with_the_same_answer_is_left_alone(tmp_path: Path) -> None:
    done = read(returned(edit=_second_line("press_radio", 500)), tmp_path)
    assert done.findings == ()


def test_a_code_that_stands_twice_with_different_answers(tmp_path: Path) -> None:
    done = read(returned(edit=_second_line("press_radio", 501)), tmp_path)
    found = only(done, "code_twice")
    assert (found.sheet, found.cell, found.value) == (FIGURES, "F40", "501")
    assert f"in {cell('press_radio')[1]} and in F40" in found.message
    assert done.submission is not None
    answer = done.submission.answer("press_radio")
    assert answer is not None
    assert answer.state is AnswerState.INVALID


def test_a_copied_sheet_with_other_answers(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        copy = book.copy_worksheet(book[FIGURES])
        copy.title = "Số liệu (2)"
        copy[cell("press_radio")[1]] = 1
        events = book.copy_worksheet(book[EVENTS])
        events.title = "Copy"
        events["E8"] = 3

    done = read(returned(edit=edit), tmp_path)
    first, second = (found for found in done.findings if found.code == "code_twice")
    assert (first.sheet, first.cell) == ("Số liệu (2)", cell("press_radio")[1])
    assert (second.sheet, second.cell, second.value) == ("Copy", "E8", "3")


def test_a_hidden_copy_is_not_read_and_said_where_it_differs(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        for name in (FIGURES, EVENTS, TEXTS):
            book.copy_worksheet(book[name]).sheet_state = "veryHidden"

    def differently(book: Workbook) -> None:
        edit(book)
        book[f"{FIGURES} Copy"][cell("press_radio")[1]] = 1
        book[f"{FIGURES} Copy"][cell("press_print")[1]] = None
        book[f"{EVENTS} Copy"]["E9"] = 3

    assert read(returned(edit=edit), tmp_path).findings == ()
    done = read(returned(edit=differently), tmp_path)
    figures, events = done.findings
    assert codes(done) == ["hidden_copy", "hidden_copy"]
    assert (figures.sheet, figures.cell, figures.value) == (f"{FIGURES} Copy", cell("press_radio")[1], "1")
    assert (events.sheet, events.cell, events.indicator) == (f"{EVENTS} Copy", "E9", "events.attendance")
    assert done.submission is not None
    radio = done.submission.answer("press_radio")
    assert radio is not None
    assert radio.value == 500


def test_a_name_that_leads_elsewhere_is_a_warning_and_the_code_counts(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        book.defined_names["press_radio"].attr_text = f"'{FIGURES}'!$F$9"

    done = read(returned(edit=edit), tmp_path)
    found = only(done, "places_disagree")
    assert (found.cell, found.severity) == (cell("press_radio")[1], Severity.WARNING)
    assert "its name to F9" in found.message
    assert _values(done) == GOOD


def test_labels_that_were_sorted_away_from_their_codes_are_an_error(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        one, two = (cell(code)[1][1:] for code in ("press_print", "press_radio"))
        sheet = book[FIGURES]
        labels = sheet[f"C{one}"].value, sheet[f"C{two}"].value
        sheet[f"C{two}"], sheet[f"C{one}"] = labels

    done = read(returned(edit=edit), tmp_path)
    assert codes(done) == ["places_disagree", "places_disagree"]
    assert {found.severity for found in done.findings} == {Severity.ERROR}
    said = {f.indicator: f.message for f in done.findings}
    assert said["press_print"] == "the line's code points to F9, its label to F10; the code was followed"


def test_an_older_version_is_read_by_code_and_lacks_only_what_must_be_filled_in(tmp_path: Path) -> None:
    fewer = FORM_TEXT.replace(
        """[[sections.indicators]]
code = "plan_level"
label = "Cấp ban hành"
type = "choice"
choices = ["Tỉnh", "Huyện"]
required = false
""",
        "",
    ).replace(
        """[[sections.indicators]]
code = "press_radio"
label = "Phát thanh"
label_en = "Radio"
unit_of_measure = "bài"
part_of = "press_total"
""",
        "",
    )
    fewer = fewer.replace(" + press_radio", "")
    sent = sent_out(text=fewer)
    book = openpyxl.load_workbook(io.BytesIO(sent))
    sheet = book[FIGURES]
    for row in range(7, 20):
        code = sheet.cell(row, 1).value
        if code in ANSWERS:
            sheet.cell(row, 6).value = ANSWERS[code]
    content = io.BytesIO()
    book.save(content)
    done = read(content.getvalue(), tmp_path)
    said = [(found.code, found.indicator, found.severity) for found in done.findings]
    assert said[:3] == [
        ("other_version", None, Severity.NOTE),
        ("not_found", "press_radio", Severity.ERROR),
        ("not_found", "plan_level", Severity.NOTE),
    ]
    assert {code for code, _indicator, _severity in said[3:]} == {"required_text_missing", "rule_broken"}
    assert _values(done)["press_print"] == 700


# Lists


def test_a_row_inserted_between_and_rows_typed_below_are_read(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        sheet = book[EVENTS]
        sheet.insert_rows(8)
        for column, value in enumerate((dt.date(2024, 1, 20), "Chen giữa", 10), 3):
            sheet.cell(8, column).value = value
        for row in (10, 11, 12, 13):
            for column, value in enumerate((dt.date(2024, 3, 1), f"Dòng {row}", row), 3):
                sheet.cell(row, column).value = value
        sheet.cell(15, 4).value = "Ghi chú cuối trang"

    done = read(returned({"events_held": 7}, edit=edit), tmp_path)
    assert done.findings == ()
    assert done.submission is not None
    titles = [row.answers[1].value for row in done.submission.rows]
    assert titles == [
        "Hội nghị tổng kết",
        "Chen giữa",
        "Hội nghị chuyên đề",
        *(f"Dòng {row}" for row in (10, 11, 12, 13)),
    ]
    assert [row.number for row in done.submission.rows] == [1, 2, 3, 4, 5, 6, 7]
    assert done.submission.rows[1].answers[0].cell == "C8"


def test_columns_that_changed_places_are_read_by_their_codes(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        for number in (5, 6, 7, 8):
            first, second = (book[EVENTS].cell(number, column) for column in (3, 4))
            first.value, second.value = second.value, first.value

    done = read(returned(edit=edit), tmp_path)
    assert done.findings == ()
    assert done.submission is not None
    assert [answer.cell for answer in done.submission.rows[0].answers] == ["D7", "C7", "E7"]


@pytest.mark.parametrize("by", ["name", "label"])
def test_a_list_without_codes_is_found_otherwise(tmp_path: Path, by: str) -> None:
    def edit(book: Workbook) -> None:
        for row in range(2, 20):
            book[EVENTS].cell(row, 1).value = None
        if by == "label":
            del book.defined_names["events"]
            for column in range(1, 10):
                book[EVENTS].cell(5, column).value = None

    done = read(returned(edit=edit), tmp_path)
    found = only(done, "code_moved")
    assert (found.sheet, found.cell, found.indicator) == (EVENTS, "C7", "events")
    assert f"by its {by}" in found.message
    assert done.submission is not None
    assert len(done.submission.rows) == 2


def test_a_lists_rows_are_checked_cell_by_cell(tmp_path: Path) -> None:
    rows = ((dt.date(2024, 1, 10), None, "khoảng 50"), ("hôm qua", "Hội nghị", None))
    done = read(returned(rows=rows), tmp_path)
    said = [(f.code, f.sheet, f.cell, f.indicator, f.value) for f in done.findings]
    assert said == [
        ("approximate", EVENTS, "E7", "events.attendance", "khoảng 50"),
        ("list_row_incomplete", EVENTS, "D7", "events.title", ""),
        ("bad_date", EVENTS, "C8", "events.day", "hôm qua"),
    ]
    assert done.findings[1].message == "line 1 of “Conferences” lacks “Tên hội nghị”"


def test_an_error_in_an_otherwise_empty_row_of_a_list_is_seen(tmp_path: Path) -> None:
    data = with_xml(returned(), EVENTS, "E10", 't="e"', "<v>#N/A</v>")
    done = read(data, tmp_path)
    found = only(done, "error_cell")
    assert (found.sheet, found.cell, found.value) == (EVENTS, "E10", "#N/A")


def test_words_merged_over_rows_of_a_list_are_those_of_each_row(tmp_path: Path) -> None:
    """A day over two conferences; figures over several rows are nobody's."""

    def edit(book: Workbook) -> None:
        book[EVENTS].merge_cells("C7:C8")
        book[EVENTS].merge_cells("E7:E8")

    done = read(returned(edit=edit), tmp_path)
    assert done.submission is not None
    first, second = done.submission.rows
    assert second.answers[0].value == first.answers[0].value == dt.date(2024, 1, 10)
    assert second.answers[0].cell == "C7"
    assert [(one.code, one.cell) for one in done.findings] == [("merged_rows", "C7"), ("merged_over", "E8")]


def test_a_list_column_that_is_gone(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        book[EVENTS].delete_cols(4)

    done = read(returned(edit=edit), tmp_path)
    found = only(done, "not_found")
    assert (found.sheet, found.indicator) == (EVENTS, "events.title")
    assert done.submission is not None
    assert [answer.code for answer in done.submission.rows[0].answers] == ["day", "attendance"]


def test_a_list_wiped_off_its_sheet(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        book[EVENTS].delete_rows(2, 40)
        del book.defined_names["events"]

    done = read(returned(edit=edit), tmp_path)
    found = only(done, "not_found")
    assert (found.sheet, found.indicator) == (EVENTS, "events")


# Texts and settings


def test_a_decomposed_text_is_put_together(tmp_path: Path) -> None:
    import unicodedata

    done = read(returned({"limits": unicodedata.normalize("NFD", "Thiếu kinh phí.")}), tmp_path)
    assert codes(done) == ["decomposed_text"]
    assert _values(done)["limits"] == "Thiếu kinh phí."


@pytest.mark.parametrize(
    ("dash", "expected", "value"), [("zero", "dash_as_zero", 0), ("missing", "required_missing", None)]
)
def test_a_dash_is_what_the_office_says(tmp_path: Path, dash: str, expected: str, value: int | None) -> None:
    done = read(returned({"press_radio": "-"}), tmp_path, given=context(dash=dash))
    found = only(done, expected)
    assert found.value == "-"
    assert _values(done)["press_radio"] == value


def test_another_quarters_day_finds_the_units_of_that_day(tmp_path: Path) -> None:
    earlier = Quarter(2023, 1)
    data = returned(edit=_marked(unit="009", period="2023-Q1"))
    done = read(data, tmp_path, given=context(quarter=earlier, day=earlier.window().last))
    assert "unit_not_asked" not in codes(done)
    assert "wrong_period" not in codes(done)


def test_a_long_answer_is_cut_only_in_what_is_said_of_it(tmp_path: Path) -> None:
    text = "từ " * 500
    done = read(returned({"results": text}), tmp_path)
    found = only(done, "too_many_words")
    assert found.value is not None
    assert len(found.value) == 201
    assert _values(done)["results"] == text.strip()


@pytest.mark.libreoffice
def test_a_workbook_that_libreoffice_saved_says_the_same(tmp_path: Path, soffice: Convert) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(returned({"press_radio": 0, "budget_spent": "KAD", "press_print": "1.200"}))
    ours = read(path.read_bytes(), tmp_path)
    (saved,) = soffice([path], to="xlsx", outdir=tmp_path / "saved")
    theirs = read(saved.read_bytes(), tmp_path)
    assert ours.submission is not None
    assert theirs.submission is not None
    assert theirs.submission.identity == ours.submission.identity
    assert theirs.submission.modified is not None
    share = ours.submission.answer("budget_share")
    assert share is not None
    for mine, other in zip(ours.submission.answers, theirs.submission.answers, strict=True):
        if mine.code != share.code:  # its text is worked out by LibreOffice, and was not by openpyxl
            assert other == mine
    assert theirs.submission.rows == ours.submission.rows
    assert theirs.findings == ours.findings


@pytest.mark.libreoffice
def test_a_share_that_libreoffice_worked_out_is_the_same(tmp_path: Path, soffice: Convert) -> None:
    """LibreOffice works the shares out; ours are the same, so nothing is said."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(returned({"budget_spent": 83.5}))
    (saved,) = soffice([path], to="xlsx", outdir=tmp_path / "saved")
    done = read(saved.read_bytes(), tmp_path)
    assert done.findings == ()
    assert done.submission is not None
    share = done.submission.answer("budget_share")
    assert share is not None
    assert float(share.raw) == pytest.approx(83.5 / 250.5)
    assert share.value == pytest.approx(float(share.raw))


def test_list_columns_whose_headings_are_elsewhere_than_their_codes_are_an_error(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        sheet = book[EVENTS]
        sheet["C5"], sheet["D5"] = sheet["D5"].value, sheet["C5"].value  # the hidden codes of two columns

    done = read(returned(edit=edit), tmp_path)
    found = [one for one in done.findings if one.code == "places_disagree"]
    assert {(one.severity, one.sheet, one.cell, one.indicator) for one in found} == {
        (Severity.ERROR, EVENTS, "D5", "events.day"),
        (Severity.ERROR, EVENTS, "C5", "events.title"),
    }
    assert "its label to C6" in next(one.message for one in found if one.cell == "D5")


def test_a_heading_of_estimates_over_the_answers_is_not_followed(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        sheet = book[FIGURES]
        heading = next(one for row in sheet.iter_rows() for one in row if one.value == "Ước")
        heading.offset(0, -1).value, heading.value = heading.value, None

    done = read(returned(edit=edit), tmp_path)
    assert done.submission is not None
    assert not any(answer.estimate for answer in done.submission.answers)


def test_the_word_among_the_lines_is_no_heading_of_estimates(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        sheet = book[FIGURES]
        heading = next(one for row in sheet.iter_rows() for one in row if one.value == "Ước")
        heading.value, sheet["D10"].value = sheet["D10"].value, "Ước"

    done = read(returned(edit=edit), tmp_path)
    assert done.submission is not None
    assert not any(answer.estimate for answer in done.submission.answers)
