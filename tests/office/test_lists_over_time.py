"""Lists from quarter to quarter, by command: what a half-year has of them, and what it lacks."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from reportctl.core.period import Quarter
from reportctl.form.form_file import parse_form
from reportctl.form.layout import layout
from tests.making.commands import Said, run
from tests.making.office import Office, dated, filled
from tests.making.word_documents import block, body, docx, lines, p
from tests.making.word_documents import run as text

pytestmark = pytest.mark.slow

Q3, Q4 = Quarter(2026, 3), Quarter(2026, 4)
HEAD = """
id = "work"
title = "Báo cáo"
kinds = [{code = "district", title = "Huyện"}]
"""
# In the fourth quarter the list has another code, a column another one, and one column more.
THIRD = (
    HEAD
    + """
[[lists]]
code = "schools"
title = "Trường THCS"
key = "name"
columns = [
  {code = "name", label = "Trường"},
  {code = "rooms", label = "Số lớp", type = "count", over_units = "sum", unit_of_measure = "lớp"},
]
[[lists]]
code = "visits"
title = "Buổi kiểm tra"
columns = [
  {code = "day", label = "Ngày", type = "date"},
  {code = "people", label = "Người dự", type = "count", over_units = "sum", required = false},
]
"""
)
COST = '{code = "cost", label = "Chi", type = "count", over_units = "sum"}'
FOURTH = (
    THIRD.replace('code = "schools"', 'code = "sites"\nwas = "schools"')
    .replace('code = "rooms"', 'code = "classes", was = "rooms"')
    .replace("required = false}", f"required = false}},\n  {COST}")
)
Rows = dict[str, list[tuple[Any, ...]]]


class Listing(Office):
    """An office that asks for lists."""

    def ask(self, quarter: Quarter, text: str, of_units: dict[str, Rows]) -> Said:
        """Change the form, take in what the units send back on it."""
        (self.root / "form.toml").write_text(text, encoding="utf-8")
        for unit, rows in of_units.items():
            self.put(f"{unit}.xlsx", self.return_of(unit, quarter, rows), quarter)
        return self.run("merge", quarter)

    def return_of(self, code: str, quarter: Quarter, rows: Rows, text: str = "") -> bytes:
        form = parse_form(text) if text else self.form
        unit = next(unit for unit in self.roster.units if unit.code == code)
        day = "2026-12-10T08:00:00Z"
        book = openpyxl.load_workbook(io.BytesIO(filled(form, unit, quarter, {}, day)))
        for of, listed in rows.items():
            place = layout(form, "district").lists[of]
            first = min(place.column(column.code) for column in place.section.columns) + 1
            for n, row in enumerate(listed, place.first_row + 1):
                for column, value in enumerate(row, first):
                    book[place.sheet].cell(n, column).value = value
        saved = io.BytesIO()
        book.save(saved)
        return dated(saved.getvalue(), day)

    def lists(self, period: object) -> dict[str, Any]:
        said = self.run("summary", period, "--format", "json")
        assert said.code == 0, said.err
        return {one["list"]: one for one in said.json["lists"]}

    def shown(self, *arguments: object) -> str:
        said = run("-w", self.root, "--lang", "vi", "summary", *arguments, "--format", "markdown")
        assert said.code == 0, said.err
        return said.out.replace("\u00a0", " ").replace("\\", "")


def visits(*people: int | None, month: int = 8, cost: int | None = None) -> list[tuple[Any, ...]]:
    more = () if cost is None else (cost,)
    return [(f"{n:02}/{month:02}/2026", one, *more) for n, one in enumerate(people, 5)]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Listing:
    office = Listing(tmp_path_factory.mktemp("lists") / "office")
    office.root.mkdir()
    (office.root / "reportctl.toml").write_text('language = "vi"\ncurrent = "2026-Q3"\n', encoding="utf-8")
    units = "code,name,kind\n01,Xã Một,district\n02,Xã Hai,district\n03,Xã Ba,district\n"
    (office.root / "units.csv").write_text(units, encoding="utf-8")
    third = {
        "01": {"schools": [("A", 10), ("B", 20)], "visits": visits(3, 4)},
        "02": {"schools": [("C", 30)], "visits": visits(5)},
        "03": {"schools": [("D", 7), ("E", 8), ("Cộng", 15)], "visits": visits(6, None)},
    }
    said = office.ask(Q3, THIRD, third)
    assert said.code == 0, said
    fourth = {
        "01": {"sites": [("A", 11), ("B", 21)], "visits": visits(1, month=10, cost=100)},
        "02": {"sites": [("C", 31)], "visits": visits(2, 2, month=10, cost=50)},
    }
    said = office.ask(Q4, FOURTH, fourth)
    assert said.code == 0, said
    return office


def test_the_quarter_leaves_out_what_is_a_total(office: Listing) -> None:
    third = office.lists(Q3)
    assert (third["schools"]["rows"], third["schools"]["sums"]) == (5, {"rooms": 75})
    assert (third["visits"]["rows"], third["visits"]["sums"]) == (5, {"people": 18})
    assert third["visits"]["incomplete"] == ["people"]
    said = office.run("validate", Q3, "--format", "json").json
    assert "total_left_out" in {one["code"] for one in said["findings"] if one["unit"] == "03"}


def test_a_half_year_has_the_register_of_the_last_quarter(office: Listing) -> None:
    half = office.lists("2026-H2")["sites"]
    assert (half["rows"], half["sums"], half["quarters"]) == (3, {"classes": 63}, ["2026-Q4"])
    assert half["missing"] == {"2026-Q4": ["03"]}
    shown = office.shown("2026-H2", "--table", "sites")
    assert "Chỉ lấy các dòng của quý IV năm 2026" in shown
    assert "Chưa có báo cáo: quý IV/2026: Xã Ba." in shown
    by_unit = office.shown("2026-H2", "--by", "unit", "--table", "sites")
    assert "| 3 | Xã Ba | … | … |" in by_unit


def test_a_half_year_has_the_events_of_both_and_says_what_is_lacking(office: Listing) -> None:
    half = office.lists("2026-H2")["visits"]
    assert (half["rows"], half["sums"]) == (8, {"people": 23, "cost": 200})
    assert half["not_asked"] == {"cost": ["2026-Q3"]}
    shown = office.shown("2026-H2", "--table", "visits")
    assert "Các dòng của mọi quý trong kỳ." in shown
    assert "| Người dự |  | 23 (**) |" in shown
    assert "| Chi |  | 200 (**) |" in shown
    assert "(**): quý III/2026 chưa có cột này: Chi." in shown
    assert "(**): có ô để trống, chưa được cộng: Người dự: 1 ô (Xã Ba)." in shown


def test_a_renamed_column_keeps_its_figures(office: Listing) -> None:
    """Where the register of then counts, because nobody has sent the one of now."""
    text = FOURTH.replace('key = "name"', 'key = "name"\nover_time = "sum"')
    assert parse_form(text).lists[0].counts == "sum"
    form = office.root / "form.toml"
    form.write_text(text, encoding="utf-8")
    try:
        assert office.lists("2026-H2")["sites"]["sums"] == {"classes": 138}
    finally:
        form.write_text(FOURTH, encoding="utf-8")


def test_the_difference_of_the_forms_names_what_was_renamed(office: Listing) -> None:
    said = office.run("form", "--diff", Q3, "--format", "json").json["changes"]
    assert [(one["change"], one["code"], one["was"]) for one in said] == [
        ("renamed", "sites", "schools"),
        ("renamed", "sites.classes", "schools.rooms"),
        ("added", "visits.cost", None),
    ]


def test_the_report_says_of_which_quarter_rows_are(office: Listing) -> None:
    (office.root / "report.docx").write_bytes(docx(block("table:list:sites") + block("table:list:visits")))
    said = office.run("report", "2026-H2")
    assert said.code == 0, said.err
    path = office.root / "output" / "2026-H2" / "report-2026-H2.docx"
    printed = [line.replace("\u00a0", " ") for line in lines(body(path.read_bytes()))]
    text = "\n".join(printed)
    assert "Chỉ lấy các dòng của quý IV năm 2026" in text
    assert "Quý III" in printed
    assert "23 (**)" in text
    assert "(**): quý III/2026 chưa có cột này: Chi." in text
    assert office.run("refresh", "--check", path).code == 0


def test_the_merged_workbook_says_it_too(office: Listing) -> None:
    assert office.run("export", "2026-H2").code == 0
    book = openpyxl.load_workbook(office.root / "output" / "2026-H2" / "merged.xlsx", data_only=True)
    rows = [
        [cell for cell in row if cell is not None] for row in book["Trường THCS"].iter_rows(values_only=True)
    ]
    assert ["Tổng cộng", 63] in [row[-2:] for row in rows if row]
    notes = " ".join(str(row[0]) for row in rows if row)
    assert "Chưa có báo cáo: quý IV/2026: Xã Ba." in notes.replace("\u00a0", " ")


def test_a_workbook_of_the_older_form_gives_its_rows_to_the_list_of_now(
    office: Listing, tmp_path: Path
) -> None:
    shutil.copytree(office.root, tmp_path / "office")
    copy = Listing(tmp_path / "office")
    late = copy.return_of("03", Q4, {"schools": [("D", 9)], "visits": visits(1, month=10)}, THIRD)
    copy.put("03.xlsx", late, Q4)
    assert copy.run("merge", Q4).code == 0
    assert copy.lists(Q4)["sites"]["sums"] == {"classes": 72}
    last = copy.lists(Q4)["visits"]
    assert (last["sums"], last["incomplete"]) == ({"people": 6, "cost": 200}, ["cost"])


# ---- where a sum comes from


def test_a_sum_is_traced_to_its_rows(office: Listing) -> None:
    said = office.run("trace", "2026-H2", "sites.classes", "--format", "json")
    assert said.code == 0, said.err
    traced = said.json
    assert (traced["code"], traced["value"]) == ("sites.classes", 63)
    assert [(one["unit"], one["row"], one["value"], one["period"]) for one in traced["parts"]] == [
        ("01", 1, 11, "2026-Q4"), ("01", 2, 21, "2026-Q4"), ("02", 1, 31, "2026-Q4"),
    ]  # fmt: skip
    part = traced["parts"][1]
    sheet = openpyxl.load_workbook(office.root / "inbox" / "2026-Q4" / part["file"])[part["sheet"]]
    assert sheet[part["cell"]].value == 21
    of_unit = office.run("trace", "2026-H2", "sites.classes", "--unit", "02", "--format", "json").json
    assert (of_unit["value"], len(of_unit["parts"])) == (31, 1)


def test_empty_cells_are_among_the_parts_and_the_total_is_marked(office: Listing) -> None:
    said = office.run("trace", "2026-H2", "visits.people", "--format", "json").json
    assert said["value"] == 23
    assert [one["value"] for one in said["parts"]].count(None) == 1
    shown = run(
        "-w", office.root, "--lang", "vi", "trace", "2026-H2", "visits.people", "--format", "markdown"
    )
    assert "**Tổng cộng** |  | **23\u00a0(\\*\\*)**" in shown.out


def test_how_many_rows_there_are_is_traced_too(office: Listing) -> None:
    said = office.run("trace", "2026-H2", "sites", "--format", "json").json
    assert said["value"] == len(said["parts"]) == 3
    assert [one["value"] for one in said["parts"]] == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("code", "rows"), [("sites.classes", 5), ("sites.rooms", 5), ("schools.rooms", 5), ("schools", 5)]
)
def test_codes_of_before_and_of_now_lead_to_the_figures_of_then(
    office: Listing, code: str, rows: int
) -> None:
    said = office.run("trace", Q3, code, "--format", "json")
    if code == "sites.rooms":  # there was never such a column
        assert said.code == 2
        return
    assert said.code == 0, said.err
    assert len(said.json["parts"]) == rows


def test_a_code_that_is_none_is_answered_with_the_nearest(office: Listing) -> None:
    said = office.run("trace", "2026-H2", "sites.clases")
    assert said.code == 2
    assert "sites.classes" in said.err
    assert office.run("trace", Q4, "sites", "--unit", "99").code == 2


@pytest.mark.parametrize("code", ["sites.classes", "sites"])
def test_a_sum_of_rows_is_not_corrected_by_telephone(office: Listing, code: str) -> None:
    said = office.run("correct", Q4, "01", code, "5", "--why", "gọi điện")
    assert said.code == 2
    assert "send its workbook again" in said.err
    assert "Xã Một" in said.err


def test_evidence_has_the_cells_of_a_sum(office: Listing) -> None:
    (office.root / "report.docx").write_bytes(docx(block("table:list:sites") + block("table:list:visits")))
    said = office.run("report", "2026-H2", "--evidence")
    assert said.code == 0, said.err
    book = openpyxl.load_workbook(
        office.root / "output" / "2026-H2" / "report-2026-H2.evidence.xlsx", data_only=True
    )
    rows = [row for row in book.worksheets[0].iter_rows(min_row=4, values_only=True) if row[3]]
    of_sums = {row[3]: (row[2], row[5]) for row in rows if "Tổng cộng" in str(row[1])}
    assert {code: (str(said).replace("\u00a0", " "), cells) for code, (said, cells) in of_sums.items()} == {
        "sites.classes": ("63 (**)", 3),  # a unit has not reported
        "visits.people": ("23 (**)", 7),  # one row of eight has an empty cell
        "visits.cost": ("200 (**)", 3),
    }


# ---- figures of lists in a line of the report


def test_a_figure_of_a_list_stands_in_a_line(office: Listing) -> None:
    """With its cells in the evidence; of one that lacks something the run says where that is told."""
    words = "Có {{sites.classes}} lớp ở {{sites.rows}} trường, {{visits.people}} người dự."
    (office.root / "report.docx").write_bytes(docx(p(text(words))))
    said = office.run("report", "2026-H2", "--evidence")
    assert said.code == 0, said.err
    path = office.root / "output" / "2026-H2" / "report-2026-H2.docx"
    (line,) = [one for one in lines(body(path.read_bytes())) if one.startswith("Có")]
    assert line.replace("\u00a0", " ") == "Có 63 lớp ở 3 trường, 23 người dự."
    assert "“visits.people” lacks something: reportctl trace visits.people 2026-H2 says what." in said.err
    assert "“sites.classes” lacks something" in said.err
    book = openpyxl.load_workbook(path.with_name("report-2026-H2.evidence.xlsx"), data_only=True)
    rows = [row for row in book.worksheets[0].iter_rows(min_row=4, values_only=True) if row[3]]
    assert [(row[1], row[2], row[3], row[5]) for row in rows] == [
        ("Trường THCS: Số lớp", "63", "sites.classes", 3),
        ("Trường THCS: Số dòng", "3", "sites.rows", 3),
        ("Buổi kiểm tra: Người dự", "23", "visits.people", 7),
    ]
    assert office.run("refresh", "--check", path).code == 0


def test_tags_name_the_figures_of_lists(office: Listing) -> None:
    said = office.run("form", "--tags", "2026-H2", "--format", "json").json["tags"]
    found = {one["tag"]: (one["kind"], one["says"], one["inline"]) for one in said}
    assert found["sites.classes"] == ("figure", "63", True)
    assert found["visits.rows"] == ("figure", "8", True)
    assert "sites.name" not in found


def test_a_tag_of_no_column_is_named_with_the_nearest(office: Listing) -> None:
    (office.root / "report.docx").write_bytes(docx(p(text("{{sites.clases}}"))))
    said = office.run("report", "2026-H2")
    assert said.code == 2
    assert "sites.classes" in said.err


def test_a_document_of_one_unit_does_not_say_the_provinces_sum(office: Listing) -> None:
    (office.root / "unit.docx").write_bytes(docx(p(text("{{sites.classes}}"))))
    said = office.run("report", "2026-H2", "--template", office.root / "unit.docx", "--unit", "01")
    assert said.code == 2
    assert "sites.classes" in said.err


def test_every_cell_of_the_lists_can_be_exported(office: Listing) -> None:
    said = office.run("export", "2026-H2", "--to", "lists")
    assert said.code == 0, said.err
    written = office.root / "output" / "2026-H2" / "lists.csv"
    cells = list(csv.DictReader(io.StringIO(written.read_bytes().decode("utf-8-sig"))))
    # 5 and 3 schools of two columns; 5 visits of two columns, 3 of three.
    assert len(cells) == 16 + 10 + 9
    assert {one["list"] for one in cells} == {"sites", "visits"}  # as they are called now
    (first,) = (
        one for one in cells if (one["period"], one["unit"], one["column"]) == ("2026-Q4", "02", "classes")
    )
    expected = {
        "unit_name": "Xã Hai", "list": "sites", "row": "1", "label": "Số lớp", "value": "31",
        "state": "value", "raw": "31", "file": "02.xlsx",
    }  # fmt: skip
    assert {key: first[key] for key in expected} == expected
    assert [one["state"] for one in cells].count("missing") == 1
    assert sum(int(one["value"]) for one in cells if one["column"] == "people" and one["value"]) == 23


# ---- a register that lacks something, or has its name in another column than the first


REGISTER = (
    HEAD
    + """
[[lists]]
code = "schools"
title = "Trường THCS"
key = "name"
columns = [
  {code = "level", label = "Cấp", required = false},
  {code = "name", label = "Trường"},
  {code = "rooms", label = "Số lớp", type = "count", over_units = "sum"},
]
"""
)
SENT: dict[str, Rows] = {
    "01": {"schools": [("THCS", "A", 10), ("THCS", "B", 9)]},
    "02": {"schools": [(None, "C", 8)]},
    "03": {"schools": [("THCS", "D", 3)]},
}


@pytest.fixture
def register(office: Listing, tmp_path: Path) -> Listing:
    """An office of which all units have sent their schools for the third quarter."""
    made = Listing(tmp_path / "register")
    made.root.mkdir()
    for name in ("reportctl.toml", "units.csv"):
        shutil.copy(office.root / name, made.root / name)
    said = made.ask(Q3, REGISTER, SENT)
    assert said.code == 0, said
    return made


def words_of(register: Listing) -> tuple[str, str]:
    """What a half-year's document prints, and what the command says."""
    tags = "{{schools.rooms}} lớp ở {{schools.rows}} trường"
    (register.root / "report.docx").write_bytes(docx(p(text(tags)) + block("table:list:schools")))
    said = register.run("report", "2026-H2")
    assert said.code == 0, said.err
    path = register.root / "output" / "2026-H2" / "report-2026-H2.docx"
    return "\n".join(lines(body(path.read_bytes()))).replace("\u00a0", " "), said.err


def test_a_half_year_of_a_register_says_whose_rows_are_lacking(register: Listing) -> None:
    """One unit sends its list empty, one nothing."""
    fourth: dict[str, Rows] = {"01": {"schools": [("THCS", "A", 11), ("THCS", "B", 13)]}, "02": {}}
    said = register.ask(Q4, REGISTER, fourth)
    assert said.code == 0, said.err
    printed, err = words_of(register)
    assert "24 (**)" in printed
    assert "(**): còn thiếu số liệu quý IV/2026: 01 đơn vị." in printed
    assert "Quý trước trong kỳ có dòng, nay không còn dòng nào: quý IV/2026: Xã Hai." in printed
    assert "“schools.rooms” lacks something" in err
    assert "“schools.rows” lacks something" in err


def test_a_half_year_of_a_register_says_that_a_whole_quarter_is_missing(register: Listing) -> None:
    printed, err = words_of(register)
    shown = register.shown("2026-H2", "--table", "schools")
    traced = run("-w", register.root, "--lang", "vi", "trace", "2026-H2", "schools.rooms")
    for said in (printed, shown, traced.out.replace("\u00a0", " ")):
        assert "Chưa có báo cáo: quý IV/2026: tất cả các đơn vị." in " ".join(said.split())
        assert "đủ các quý" not in said
    assert "30 (**)" in printed
    assert "“schools.rooms” lacks something" in err
    assert register.lists("2026-H2")["schools"]["missing"] == {"2026-Q4": ["01", "02", "03"]}


def test_rows_are_traced_by_the_column_that_names_them(register: Listing) -> None:
    said = register.run("trace", Q3, "schools", "--format", "json").json["parts"]
    assert [one["value"] for one in said] == ["A", "B", "C", "D"]
    for one in said:
        book = openpyxl.load_workbook(register.root / "inbox" / "2026-Q3" / one["file"])
        assert book[one["sheet"]][one["cell"]].value == one["value"]


def test_the_evidence_of_how_many_rows_there_are_has_their_names(register: Listing) -> None:
    (register.root / "report.docx").write_bytes(docx(p(text("{{schools.rows}}"))))
    said = register.run("report", Q3, "--evidence")
    assert said.code == 0, said.err
    made = register.root / "output" / "2026-Q3" / "report-2026-Q3.evidence.xlsx"
    cells = [
        cell
        for sheet in openpyxl.load_workbook(made, data_only=True).worksheets
        for line in sheet.iter_rows(values_only=True)
        for cell in line
    ]
    assert {"A", "B", "C", "D"} <= {*cells}
    assert "THCS" not in cells


def test_a_row_without_its_name_is_traced_by_what_it_has(register: Listing) -> None:
    """Of a list without a key that is its first cell, however it is typed."""
    columns = REGISTER.replace('label = "Trường"}', 'label = "Trường", required = false}')
    nameless: dict[str, Rows] = {"03": {"schools": [("TH", None, 3), (None, None, 4)]}}
    assert register.ask(Q4, columns, nameless).code == 0
    said = register.run("trace", Q4, "schools", "--format", "json").json["parts"]
    assert [one["value"] for one in said] == ["TH", 4]
    without_key = columns.replace('key = "name"', "")
    assert register.ask(Q4, without_key, {"02": {"schools": [(None, "C", 8)]}}).code == 0
    said = register.run("trace", Q4, "schools", "--format", "json").json["parts"]
    assert [one["value"] for one in said] == ["C", "TH", 4]


@pytest.mark.parametrize("code", ["visits", "visits.day"])
def test_dates_in_rows_are_shown_as_dates_are_written(office: Listing, code: str) -> None:
    said = run("-w", office.root, "--lang", "vi", "trace", Q3, code, "--format", "markdown")
    (first, *_others) = [line for line in said.out.splitlines() if "Xã Một" in line]
    assert "| 05/8/2026 | 05/08/2026 |" in first  # as offices write it, and as it was typed
