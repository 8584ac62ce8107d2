"""The form made of a reviewed workbook: it loads, asks what was read, and its addresses are those cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from reportctl.adopt.blank_form import BlankForm, ReadColumn, ReadRow, ReadTable
from reportctl.adopt.new_form import new_form
from reportctl.core import language
from reportctl.core.language import Phrase
from reportctl.form.addresses import Addresses, CellAddress
from reportctl.form.form_file import parse_form
from reportctl.form.layout import layout, unplaced
from reportctl.form.model import Form
from tests.making.adopted import BLANK, MATRIX, QUESTIONS, ROOMS, SCHOOL_LIST, SCHOOLS

KINDS = {"commune": Phrase("Xã", "Communes"), "ward": Phrase("Phường")}


@pytest.fixture(autouse=True)
def vietnamese() -> Iterator[None]:
    with language.speaking("vi"):
        yield


def made(blank: BlankForm = BLANK) -> tuple[Form, Addresses]:
    new = new_form(blank, KINDS, "ab12")
    form = parse_form(new.text)
    assert unplaced(form, new.addresses) == []
    return form, new.addresses


def of_table(table: ReadTable) -> BlankForm:
    return replace(BLANK, tables=(table,), identity=(), questions=(), refused=())


def cells_asked(form: Form, addresses: Addresses) -> dict[str, set[tuple[int, int]]]:
    """The cells that units of the first kind fill in, by sheet."""
    places = layout(form.standing_at(addresses), "commune")
    asked = [one.value for one in places.indicators.values()]
    asked += [one.value for one in places.texts.values()]
    asked += [place for cell, place in places.cells.values() if cell.filled_in]
    for listed in places.lists.values():
        asked += [
            listed.place(column.code, number)
            for column in listed.section.columns
            for number in range(1, listed.rows + 1)
        ]
    found: dict[str, set[tuple[int, int]]] = {}
    for place in asked:
        found.setdefault(place.sheet, set()).add((place.row, place.column))
    return found


def test_what_is_asked_are_the_cells_that_were_read_and_no_others() -> None:
    asked = cells_asked(*made())
    assert asked == {ROOMS: set(MATRIX.inputs | QUESTIONS.inputs), SCHOOLS: set(SCHOOL_LIST.inputs)}


def test_a_matrix_keeps_headings_captions_sums_and_what_the_program_fills_in() -> None:
    form, addresses = made()
    (table,) = form.tables
    columns = {column.code: column for column in table.columns}
    assert columns["total"].sum == "public + private"
    assert columns["total"].computed
    assert columns["private"].under == ("Chia ra",)
    assert columns["before"].is_ == "previous"
    assert (columns["rate"].type, columns["rate"].over_units) == ("percent", "none")
    assert [row.caption or row.code for row in table.rows] == ["I Phòng học", "n1", "n1_1", "n1_2", "n2"]
    assert addresses.tables["rooms"].captions == {0: 5}
    assert addresses.tables["rooms"].columns["before"] == 6
    assert not table.cells["n1", "total"].filled_in
    assert table.cells["n2", "public"].type == "money"
    assert ("n2", "rate") not in table.cells


def test_a_sum_of_rows_stands_where_it_holds_and_not_over_percentages() -> None:
    form, _addresses = made()
    assert form.tables[0].sums == tuple(
        (f"rooms.{row}.total", ((1, f"rooms.{row}.public"), (1, f"rooms.{row}.private")))
        for row in ("n1", "n1_1", "n1_2", "n2")
    )
    assert [rule.check for rule in form.rules] == [
        f"rooms.n1.{column} = rooms.n1_1.{column} + rooms.n1_2.{column}"
        for column in ("total", "public", "private")
    ]
    without = replace(MATRIX, columns=MATRIX.columns[:-1])
    form, _addresses = made(of_table(without))
    assert form.rules == ()
    assert next(row for row in form.tables[0].rows if row.code == "n1").sum == "n1_1 + n1_2"


def test_a_sum_of_what_the_program_fills_in_is_left_out_and_said() -> None:
    """“Tăng, giảm” and what is worked out of it are formulas of the office; what units type is asked."""
    columns = (
        *MATRIX.columns,
        ReadColumn(8, "value", "change", "Tăng, giảm", sum="total - before", computed=True),
        ReadColumn(9, "value", "both", "Cộng", sum="change + total", computed=True),
        ReadColumn(10, "value", "typed", "Chênh lệch", sum="total - before"),
    )
    rows = (6, 7, 8, 9)
    table = replace(
        MATRIX,
        columns=columns,
        computed=MATRIX.computed | {(row, at) for row in rows for at in (8, 9)},
        inputs=MATRIX.inputs | {(row, 10) for row in rows},
    )
    new = new_form(of_table(table), KINDS, "ab12")
    form = parse_form(new.text)
    by_code = {column.code: column for column in form.tables[0].columns}
    assert list(by_code) == ["total", "public", "private", "before", "rate", "typed"]
    assert by_code["typed"].sum == ""
    assert form.indicators["rooms.n1.typed"].filled_in
    assert by_code["total"].sum == "public + private"
    assert [sentence.partition(":")[0] for sentence in new.left_out] == [
        "rooms.change không cộng được",
        "rooms.typed không cộng được",
    ]
    assert all(f"# {sentence}\n" in new.text for sentence in new.left_out)


def test_a_sum_of_other_units_of_measure_is_left_out() -> None:
    rows = tuple(replace(row, sum="n1_1 + n1_2 + n2") if row.code == "n1" else row for row in MATRIX.rows)
    columns = tuple(one for one in MATRIX.columns if one.code != "rate")
    new = new_form(of_table(replace(MATRIX, rows=rows, columns=columns)), KINDS, "ab12")
    form = parse_form(new.text)
    assert [row.code for row in form.tables[0].lines if row.sum] == []
    assert "(phòng)" in new.left_out[0]
    assert "(triệu đồng)" in new.left_out[0]


def test_a_row_that_is_worked_out_asks_no_percentages() -> None:
    rows = tuple(replace(row, computed=True) if row.code == "n1" else row for row in MATRIX.rows)
    computed = MATRIX.computed | {(6, 4), (6, 5), (6, 7)}
    form, _addresses = made(
        of_table(replace(MATRIX, rows=rows, computed=computed, inputs=MATRIX.inputs - computed))
    )
    (table,) = form.tables
    assert ("n1", "rate") not in table.cells
    assert not table.cells["n1", "public"].filled_in
    assert form.made_of("rooms.n1.public") == ["rooms.n1_1.public", "rooms.n1_2.public"]


def test_single_values_are_figures_and_texts_with_codes_of_their_own() -> None:
    form, addresses = made()
    assert next(iter(form.indicators)) == "others_r1"  # r1 would read as a cell
    assert [text.code for text in form.texts] == ["opinion"]
    assert addresses.cells == {"opinion": CellAddress(ROOMS, 11, 1), "others_r1": CellAddress(ROOMS, 12, 1)}


def test_a_list_adds_up_its_figures_and_has_the_room_that_was_prepared() -> None:
    form, addresses = made()
    (listed,) = form.lists
    assert (listed.rows, listed.total, listed.key) == (3, True, "")
    assert [(c.code, c.type, c.over_units, c.required) for c in listed.columns] == [
        ("school", "text", "none", True),
        ("classes", "count", "sum", True),
        ("grouped", "text", "none", False),
    ]
    at = addresses.lists["schools"]
    assert (at.head, at.first_row, at.last_row, at.total_row) == (1, 2, 4, 5)


def test_kinds_of_units_and_who_and_when_are_taken_over() -> None:
    form, addresses = made()
    assert [(kind.code, kind.title, kind.title_en) for kind in form.kinds] == [
        ("commune", "Xã", "Communes"),
        ("ward", "Phường", ""),
    ]
    assert addresses.identity == {"unit": (CellAddress(ROOMS, 0, 1),)}


def test_it_says_where_everything_came_from_and_what_was_not_taken_in() -> None:
    text = new_form(BLANK, KINDS, "ab12").text
    assert "# Lấy từ trang “Biểu 1”, vùng A4:H10." in text
    assert "# Không nhận: Biểu 2!E2: cột hỏi số căn cước của từng người" in text
    noted = new_form(replace(BLANK, noted=(("Có được thêm\ndòng?", "không"),)), KINDS, "").text
    assert "# Có được thêm dòng? - không\n" in noted


AWKWARD = ['Số "A"', "a\\b", "Tên: [1]/2?", "x" * 300, "'I'", "# 1", "{{press}}", "\t tab"]


@pytest.mark.parametrize("name", AWKWARD)
def test_any_words_of_the_office_make_a_form_that_loads(name: str) -> None:
    rows = (replace(MATRIX.rows[0], caption=name), *(replace(row, label=name) for row in MATRIX.rows[1:]))
    columns = tuple(
        replace(column, label=name, under=(name,), unit_of_measure=name) for column in MATRIX.columns
    )
    table = replace(MATRIX, title=name, rows=rows, columns=columns)
    form, _addresses = made(replace(of_table(table), title=name, file=name))
    assert form.tables[0].title == name.strip()


def test_tables_with_one_title_get_sheets_of_their_own() -> None:
    title = "BÁO CÁO THỐNG KÊ GIÁO DỤC TIỂU HỌC NĂM HỌC"
    tables = [replace(MATRIX, code=f"t_{n}", title=f"{title} {n}", sheet=f"Biểu {n % 2}") for n in range(4)]
    tables += [replace(MATRIX, code="t_4", title="Hướng dẫn"), replace(SCHOOL_LIST, title=title)]
    form, _addresses = made(replace(of_table(MATRIX), tables=tuple(tables)))
    assert len(form.tables) == 5


def test_codes_of_one_name_are_told_apart() -> None:
    tables = [replace(QUESTIONS, code=code) for code in ("a_1", "sum", "q1", "b" * 32, "b" * 31 + "c")]
    form, _addresses = made(replace(of_table(QUESTIONS), tables=tuple(tables)))
    assert len({*form.indicators, *(text.code for text in form.texts)}) == 10


@pytest.mark.parametrize("over_time", ["sum", "last"])
@pytest.mark.parametrize("row_type", ["", "percent", "money", "text", "yes_no", "date"])
@pytest.mark.parametrize(
    "column_types",
    [("count",), ("percent",), ("text",), ("count", "percent"), ("money", "text"), ("yes_no", "number")],
)
def test_any_mixture_of_types_makes_a_form_that_loads(
    over_time: str, row_type: str, column_types: tuple[str, ...]
) -> None:
    columns = tuple(
        ReadColumn(at, "value", f"c{at}", f"Cột {at}", type=kind) for at, kind in enumerate(column_types, 1)
    )
    rows = (
        ReadRow(2, "all", "Tất cả", sum="a + b"),
        ReadRow(3, "a", "A", type=row_type),
        ReadRow(4, "b", "B"),
    )
    inputs = frozenset((row.at, column.at) for row in rows for column in columns)
    label = ReadColumn(0, "label", "label", "Nội dung")
    table = ReadTable(
        "matrix",
        "S",
        "mixed",
        "Bảng",
        0,
        4,
        (label, *columns),
        rows,
        inputs,
        over_time=over_time,  # type: ignore[arg-type]
    )
    form, _addresses = made(of_table(table))
    cells = form.tables[0].cells
    for column, kind in zip(columns, column_types, strict=True):
        # a column that says its type goes before the row
        said = len(set(column_types)) > 1 and kind != "count"
        expected = kind if said or not row_type else row_type
        cell = cells["a", column.code]
        assert cell.type == expected
        if expected in ("count", "money", "number"):
            assert (cell.over_units, cell.over_time) == ("sum", over_time)
        elif expected == "percent":
            assert (cell.over_units, cell.over_time) == ("none", "last")


def test_what_is_nowhere_asked_is_a_caption_or_left_out() -> None:
    bare = replace(
        MATRIX,
        inputs=frozenset({(7, 4)}),
        computed=frozenset({(9, 7)}),  # by a formula that is no sum
        not_asked=frozenset(),
        given=frozenset(),
        columns=tuple(replace(one, sum="", computed=False) for one in MATRIX.columns),
        rows=tuple(replace(one, sum="") for one in MATRIX.rows),
    )
    form, addresses = made(of_table(bare))
    (table,) = form.tables
    assert list(table.cells) == [("n1_1", "public")]
    assert [row.caption for row in table.rows if row.caption] == [
        "I Phòng học",
        "1 Tổng số phòng học",
        "1.2 =Bán kiên cố",
        "2 Kinh phí",
    ]
    assert addresses.tables["rooms"].captions == {0: 5, 1: 6, 3: 8, 4: 9}


def test_a_row_without_words_is_called_by_its_code() -> None:
    nameless = tuple(replace(row, label="", official_code="07") if row.code else row for row in MATRIX.rows)
    form, _addresses = made(of_table(replace(MATRIX, rows=nameless)))
    (table,) = form.tables
    assert {str(row.label) for row in table.rows if row.code} == {"07"}
