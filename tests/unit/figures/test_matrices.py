"""Tables of the form as summary, merged workbook and report show them; all figures are worked out by hand."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from reportctl.core import language
from reportctl.core.errors import ReportctlError
from reportctl.core.period import Quarter
from reportctl.core.table import NOT_ASKED, CellFormat, Role, Row, Subject, Table
from reportctl.figures.as_json import data_table, summary_json, units_json
from reportctl.figures.chosen import TablePart, chosen, table_part
from reportctl.figures.list_tables import list_columns, list_totals_table
from reportctl.figures.lists import ListFigures
from reportctl.figures.matrices import (
    cells_by_unit,
    column_table,
    matrix_table,
)
from reportctl.figures.tables import kind_table, province_table
from reportctl.form.model import Form
from reportctl.form.shown import form_json
from reportctl.form.tables import FormTable, TableColumn
from tests.making.figures import summary_of
from tests.making.matrix import FIGURES, FORM, ROOMS, ROSTER, TOML, UNITS, figures_of

Q1 = Quarter(2024, 1)


def named(table: Table, row: Row) -> dict[str, Any]:
    return dict(zip([column.key for column in table.columns], row.cells, strict=True))


def matrix(period: str = "2024-Q1", **more: Any) -> Table:
    return matrix_table(figures_of(period, **more), ROOMS, UNITS)


# ---- the whole table


def test_the_matrix_has_the_forms_rows_captions_headings_and_measures() -> None:
    table = matrix()
    assert [(c.key, c.under, c.title) for c in table.columns] == [
        ("number", (), "No."),
        ("label", (), "Content"),
        ("measure", (), "Measure"),
        ("total", (), "Tổng số"),
        ("solid", ("Công lập", "Xây"), "Kiên cố"),
        ("old", ("Công lập",), "Tạm"),
        ("total.previous", (), "Kỳ trước"),
        ("total.to_date", (), "Lũy kế"),
    ]
    assert [(row.role, row.cells[:3], row.level) for row in table.rows] == [
        (Role.PLAIN, ("1", "Phòng", "phòng"), 0),
        (Role.SECTION, ("", "Trong đó:", ""), 0),
        (Role.PLAIN, ("", "Thư viện", "phòng"), 1),
        (Role.PLAIN, ("2", "Diện tích", "m²"), 0),
    ]
    assert table.title == "Phòng học, first quarter of 2024"


def test_its_figures_are_the_provinces_and_what_is_not_asked_says_so() -> None:
    table = matrix()
    first, _caption, library, area = table.rows
    assert named(table, first) | {"label": ""} == {
        "number": "1", "label": "", "measure": "phòng", "total": 42, "solid": 30, "old": 12,
        "total.previous": 20,  # A alone: B had not said
        "total.to_date": 42,
    }  # fmt: skip
    assert named(table, library)["total.previous"] == 1  # B's 4 are beside nothing
    assert named(table, area)["old"] is NOT_ASKED
    assert (named(table, area)["total"], named(table, area)["total.previous"]) == (150.5, 150.75)
    assert [table.kind_of(row, 3) for row in (first, area)] == [CellFormat.COUNT, CellFormat.NUMBER]


def test_what_is_compared_over_fewer_units_is_marked_and_said() -> None:
    table = matrix()
    assert table.rows[0].marks == {"total.previous": "(1/2)"}
    notes = " ".join(table.notes)
    assert "previous quarter" in notes
    assert "year ago" not in notes
    assert "(n/N)" in notes
    assert "·: not asked." in notes
    assert "does not apply" not in notes


def test_an_estimate_is_marked_behind_its_number() -> None:
    table = matrix(estimates=(("2024-Q1", "a", "rooms.n1.solid"),))
    assert table.rows[0].marks["solid"] == "(*)"
    assert any(note.startswith("(*)") for note in table.notes)
    assert "solid" not in table.rows[3].marks


@pytest.mark.parametrize(
    ("of_column", "of_row", "title", "heads"),
    [
        ("", "cái", "T (cái)", ["A", "B"]),
        ("món", "", "T", ["A (món)", "B"]),
        ("a", "", "T", ["A", "B"]),  # the heading says it
        ("", "", "T", ["A", "B"]),
    ],
)
def test_a_unit_of_measure_stands_where_it_holds(
    of_column: str, of_row: str, title: str, heads: list[str]
) -> None:
    first, each = ({"unit_of_measure": unit} if unit else {} for unit in (of_column, of_row))
    table = FormTable.model_validate(
        {
            "code": "t",
            "title": "T",
            "columns": [{"code": "a", "label": "A", **first}, {"code": "b", "label": "B"}],
            "rows": [{"code": "x", "label": "X", **each}, {"code": "y", "label": "Y", **each}],
        }
    )
    shown = matrix_table(figures_of(), table, UNITS)
    assert shown.title == f"{title}, first quarter of 2024"
    assert [column.title for column in shown.columns[2:]] == heads
    assert [row.cells[0] for row in shown.rows] == ["1", "2"]  # the form numbers none


def test_a_column_that_the_program_fills_in_stands_for_the_one_beside_it() -> None:
    table = FormTable.model_validate(
        {
            "code": "t",
            "title": "T",
            "rows": [{"code": "x", "label": "X"}],
            "columns": [
                {"code": "p", "label": "P", "is": "plan"},
                {"code": "a", "label": "A", "under": ["U"]},
                {"code": "a2", "label": "A2", "under": ["U"], "is": "previous"},
                {"code": "b", "label": "B", "under": ["V"]},
                {"code": "a3", "label": "A3", "under": ["U"], "is": "year_ago"},
                {"code": "c", "label": "C", "is": "to_date"},
            ],
        }
    )
    assert [table.source_of(column).code for column in table.columns] == ["a", "a", "a", "b", "a", "b"]


@pytest.mark.parametrize(
    ("plan", "shown"),
    [({}, []), ({"a": 100}, [100]), ({"a": 100, "b": 60}, [160])],
)
def test_a_column_of_plans_stands_where_there_are_any(plan: dict[str, float], shown: list[float]) -> None:
    column = TableColumn.model_validate({"code": "p", "label": "Kế hoạch", "is": "plan"})
    table = ROOMS.model_copy(update={"columns": (*ROOMS.columns, column)})
    form = FORM.model_copy(update={"tables": (table,)})
    given = {(unit, "rooms.n1.total", 2024): figure for unit, figure in plan.items()}
    made = matrix_table(summary_of(FIGURES, roster=ROSTER, form=form, plan=given), table, UNITS)
    assert [c.key for c in made.columns] == [c.key for c in matrix().columns] + ["total.plan" for _ in shown]
    assert list(made.rows[0].cells) == [*matrix().rows[0].cells, *shown]
    assert made.rows[0].marks.get("total.plan") == ("(1/2)" if len(plan) == 1 else None)
    assert not [note for note in made.notes if note.startswith("Of plan")]  # the table has no such column


IN_TWO_LANGUAGES = """
id = "f"
title = "F"
kinds = [{code = "unit", title = "Đơn vị"}]

[[tables]]
code = "t"
title = "T"
rows = [{code = "r", label = "Dòng", label_en = "Row"}]
[[tables.columns]]
code = "a"
label = "Nữ"
label_en = "Women"
under = ["Chia ra", "Cộng"]
under_en = ["Of these", "All"]
[[tables.columns]]
code = "b"
label = "Nam"
under = ["Chia ra"]

[[lists]]
code = "l"
title = "L"
[[lists.columns]]
code = "c"
label = "Nữ"
label_en = "Women"
type = "count"
over_units = "sum"
under = ["Chia ra"]
under_en = ["Of these"]
"""


def test_headings_are_in_the_language_that_is_spoken() -> None:
    """Of columns, of cells, of a column alone, of a list; Vietnamese where the form has no other words."""
    asked = Form.model_validate(tomllib.loads(IN_TWO_LANGUAGES))
    (table,), (listed,) = asked.tables, asked.lists
    summary = summary_of({}, roster=ROSTER, form=asked)
    part = TablePart(table, column="a")
    for spoken, over, women in (("vi", ("Chia ra", "Cộng"), "Nữ"), ("en", ("Of these", "All"), "Women")):
        with language.speaking(spoken):
            assert [c.under for c in matrix_table(summary, table, UNITS).columns[2:]] == [over, ("Chia ra",)]
            assert str(asked.indicators["t.r.a"].name).endswith(" · " + " / ".join((*over, women)))
            assert " / ".join((*over, women)) in column_table(summary, part, UNITS).title
            assert [c.under for c in list_columns(listed)] == [over[:1]]
            totals = list_totals_table(ListFigures(listed, Q1, (Q1,), ()), UNITS)
            assert totals.rows[1].cells[0] == f"{over[0]} / {women}"
            columns = form_json(asked)["tables"][0]["columns"]
            assert [c["under"] for c in columns] == [list(over), ["Chia ra"]]
            assert form_json(asked)["lists"][0]["columns"][0]["under"] == [over[0]]
    with language.speaking("en"):
        assert str(asked.indicators["t.r.b"].name) == "Row · Chia ra / Nam"


# ---- parts of it


def test_a_row_is_shown_unit_by_unit_under_the_tables_headings() -> None:
    table = cells_by_unit(figures_of(), FORM, UNITS, table_part(FORM, "rooms.n1"))
    assert [(c.key, c.under, c.title) for c in table.columns[2:]] == [
        ("rooms.n1.total", (), "Tổng số"),
        ("rooms.n1.solid", ("Công lập", "Xây"), "Kiên cố"),
        ("rooms.n1.old", ("Công lập",), "Tạm"),
    ]
    assert [row.cells for row in table.rows] == [
        ("1", "Trường A", 30, 18, 12),
        ("2", "Trường B", 12, 12, 0),
        ("", "Total", 42, 30, 12),
    ]
    assert table.title == "Phòng học: Phòng (phòng): by unit, first quarter of 2024"


def test_top_cells_are_totals_and_rows_of_the_first_level() -> None:
    part = TablePart(ROOMS)
    table = cells_by_unit(figures_of(), FORM, UNITS, part, part.top_cells)
    assert [(c.key, c.under) for c in table.columns[2:]] == [
        ("rooms.n1.total", ("Phòng",)),
        ("rooms.n1.solid", ("Phòng", "Công lập", "Xây")),
        ("rooms.n1.old", ("Phòng", "Công lập")),
        ("rooms.n2.total", ("Diện tích",)),
        ("rooms.n2.solid", ("Diện tích", "Công lập", "Xây")),
    ]


def test_a_column_is_shown_beside_other_periods_row_by_row() -> None:
    table = column_table(figures_of(), table_part(FORM, "rooms.*.total"), UNITS)
    first, caption, library, area = table.rows
    assert (caption.role, library.level) == (Role.SECTION, 1)
    assert named(table, first) == {
        "number": "1", "label": "Phòng", "measure": "phòng", "previous": 20, "value_compared": 30,
        "value": 42, "to_date": 42, "change_previous": 0.5,
    }  # fmt: skip
    assert named(table, area)["previous"] == 150.75
    assert first.about == Subject("rooms.n1.total")


def test_by_kind_a_table_is_shown_in_its_totals_and_top_rows() -> None:
    values = {"unit": dict.fromkeys(FORM.indicators, 1)}
    table = kind_table(figures_of(), FORM, UNITS, values, sections=("staff",), parts=(TablePart(ROOMS),))
    assert [row.about.code for row in table.rows if row.about] == [
        "teachers", "rooms.n1.total", "rooms.n1.solid", "rooms.n1.old", "rooms.n2.total", "rooms.n2.solid",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("part", "codes"),
    [
        ("rooms.n1", ["rooms.n1.total", "rooms.n1.solid", "rooms.n1.old"]),
        ("rooms.n1_1", ["rooms.n1_1.total", "rooms.n1_1.solid", "rooms.n1_1.old"]),
        ("rooms.*.solid", ["rooms.n1.solid", "rooms.n1_1.solid", "rooms.n2.solid"]),
    ],
)
def test_by_kind_a_row_or_a_column_is_shown_with_all_its_figures(part: str, codes: list[str]) -> None:
    values = {"unit": dict(zip(codes, (101, 102, 103), strict=True))}
    table = kind_table(figures_of(), FORM, UNITS, values, parts=(table_part(FORM, part),))
    rows = [row for row in table.rows if row.about]
    assert [row.about.code for row in rows if row.about] == codes
    assert [named(table, row)["unit"] for row in rows] == [101, 102, 103]


def test_a_column_is_shown_unit_by_unit_under_the_labels_of_its_rows() -> None:
    table = cells_by_unit(figures_of(), FORM, UNITS, table_part(FORM, "rooms.*.solid"))
    assert [(c.key, c.under, c.title) for c in table.columns[2:]] == [
        ("rooms.n1.solid", (), "Phòng"),
        ("rooms.n1_1.solid", ("Phòng",), "Thư viện (phòng)"),
        ("rooms.n2.solid", (), "Diện tích (m²)"),
    ]
    assert [(row.cells[1], row.cells[2], row.cells[4]) for row in table.rows] == [
        ("Trường A", 18, 110.5), ("Trường B", 12, 40), ("Total", 30, 150.5),
    ]  # fmt: skip
    assert table.title == "Phòng học: Công lập / Xây / Kiên cố: by unit, first quarter of 2024"


def test_the_province_table_lists_sections_only() -> None:
    table = province_table(figures_of(), FORM, UNITS)
    assert [row.about.code for row in table.rows if row.about] == ["teachers"]


@pytest.mark.parametrize("name", ["rooms.n3", "rooms.*.given", "rooms.n1.total", "room", "rooms.*", "rooms."])
def test_what_is_no_table_row_or_column_is_refused(name: str) -> None:
    with pytest.raises(ReportctlError, match="no table"):
        table_part(FORM, name)


def test_what_a_mistyped_name_is_near_to_is_said_once() -> None:
    with pytest.raises(ReportctlError) as refused:
        table_part(FORM, "roms")
    near = str(refused.value).partition("near it: ")[2].partition(")")[0].split(", ")
    assert near[0] == "rooms"
    assert len(near) == len(set(near))


@pytest.mark.parametrize(
    ("sections", "tables", "said"),
    [
        (("places",), (), "“places” is a list; its totals: reportctl summary --table places"),
        (("visits",), (), "“visits” is a list of which nothing is added up"),
        ((), ("visits",), "“visits” is a list of which nothing is added up"),
        ((), ("about",), "“about” holds no numbers"),
        ((), ("rooms.n3",), "rooms.n1_1\\); there is: rooms, places"),
        (("stuff",), (), "“stuff” \\(near it: staff\\); there is: staff, rooms, about"),
    ],
)
def test_what_has_no_figures_to_show_is_said(
    sections: tuple[str, ...], tables: tuple[str, ...], said: str
) -> None:
    more = """
[[tables]]
code = "about"
title = "Về trường"
columns = [{ code = "c", label = "C", type = "text" }]
rows = [{ code = "r", label = "R" }]
[[lists]]
code = "visits"
title = "Đoàn"
columns = [{ code = "name", label = "Tên" }]
"""
    form = Form.model_validate(tomllib.loads(TOML + more))
    with pytest.raises(ReportctlError, match=said):
        chosen(form, sections, tables)


@pytest.mark.parametrize(
    ("sections", "tables", "found"),
    [
        ((), (), (["staff"], ["rooms"], ["places"])),
        (("staff",), (), (["staff"], [], [])),
        (("rooms",), (), ([], ["rooms"], [])),
        ((), ("rooms.n1", "rooms.n1", "places"), ([], ["rooms.n1"], ["places"])),
        (("staff",), ("rooms.*.old",), (["staff"], ["rooms.*.old"], [])),
    ],
)
def test_what_is_named_is_shown(
    sections: tuple[str, ...], tables: tuple[str, ...], found: tuple[list[str], ...]
) -> None:
    shown = chosen(FORM, sections, tables)
    assert [s.code for s in shown.sections] == found[0]
    assert [part.code for part in shown.parts] == found[1]
    assert [listed.code for listed in shown.lists] == found[2]


# ---- JSON


def test_json_has_a_row_for_each_cell_with_its_place() -> None:
    rows = {row["code"]: row for row in summary_json(figures_of(), FORM)["rows"]}
    assert list(rows) == list(FORM.indicators)
    cell = rows["rooms.n1.solid"]
    assert (cell["section"], cell["table"], cell["row"], cell["column"]) == ("rooms", "rooms", "n1", "solid")
    assert (cell["value"], cell["base_previous"], cell["label"]) == (
        30,
        15,
        "Phòng · Công lập / Xây / Kiên cố",
    )
    assert rows["teachers"]["table"] is None


def test_json_of_a_part_has_its_cells_only_and_so_has_csv() -> None:
    said = summary_json(figures_of(), FORM, tables=("rooms.*.solid",))
    assert [row["code"] for row in said["rows"]] == ["rooms.n1.solid", "rooms.n1_1.solid", "rooms.n2.solid"]
    by_unit = units_json(figures_of(), FORM, UNITS, tables=("rooms.n2",))
    assert next(row["values"] for row in by_unit["rows"]) == {
        "rooms.n2.total": 110.5,
        "rooms.n2.solid": 110.5,
    }
    assert [column.key for column in data_table(by_unit, FORM).columns] == [
        "unit", "name", "rooms.n2.total", "rooms.n2.solid",
    ]  # fmt: skip


def _with_words() -> FormTable:
    return FormTable.model_validate(
        {
            "code": "t",
            "title": "T",
            "columns": [{"code": "a", "label": "A"}, {"code": "b", "label": "B"}],
            "rows": [
                {"code": "name", "label": "Tên", "type": "text"},
                {"code": "day", "label": "Ngày", "type": "date"},
                {"code": "rank", "label": "Hạng", "over_units": "none"},
                {"code": "n", "label": "Số"},
            ],
            "not_asked": ["n.b"],
        }
    )


def test_what_is_asked_and_has_no_total_is_blank_and_a_note_says_so() -> None:
    table = _with_words()
    summary = figures_of()
    shown = column_table(summary, TablePart(table, column="b"), UNITS)
    assert [named(shown, row)["value"] for row in shown.rows] == ["", "", "", NOT_ASKED]
    for one in (shown, matrix_table(summary, table, UNITS)):
        assert [note for note in one.notes if note.startswith("Blank: ")]
    assert not [note for note in matrix().notes if note.startswith("Blank: ")]
