"""Level on level: villages, communes, a district, a province, each handing its figures up."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from reportctl.form.hidden_sheet import read_handed_up
from reportctl.form.layout import META
from tests.making.commands import run
from tests.making.kept import kept_folder
from tests.making.levels import DISTRICT, PERIOD, PROVINCE, UPWARD, LevelOffice
from tests.making.machine import Convert
from tests.making.own_workbook import ANSWERS as FILLED_IN
from tests.making.own_workbook import FORM as SCHOOLS
from tests.making.own_workbook import LIST, MATRIX, own_office
from tests.making.own_workbook import ROWS as ROWS_OF_ROOMS

pytestmark = pytest.mark.slow

COMMUNES = {
    "00101": ("Xã An Bình", "commune"),
    "00102": ("Xã Bình Minh", "commune"),
    "00103": ("Xã Cẩm Sơn", "commune"),
}
DISTRICTS = {"D1": ("Huyện Một", "district"), "D2": ("Huyện Hai", "district")}
VILLAGES = {"t1": ("Thôn Một", "commune"), "t2": ("Thôn Hai", "commune")}
CELLS = ("houses.village.other", "houses.village.total")
DAY = dt.date(2024, 2, 5)

ANSWERS: dict[str, dict[str, Any]] = {
    "00101": {
        "press_total": 10,
        "has_page": "Có",
        "quality": "Tốt",
        "budget": 1_500_000,
        "hours": 2,
        "halls.village.solid": 3,
        "halls.village.other": 1,
    },
    "00102": {
        "press_total": 20,
        "has_page": "Không",
        "quality": "Khá",
        "budget": 250_000,
        "hours": 3.5,
        "halls.village.solid": 4,
        "halls.village.other": 0,
    },
    "00103": {"press_total": 5, "has_page": "Có", "quality": "Trung bình", "hours": 3},
}
ROWS: dict[str, tuple[tuple[Any, ...], ...]] = {
    "00101": ((DAY, "UBND xã", 40),),
    "00102": ((DAY, "Nhà văn hóa", 25), (dt.date(2024, 3, 1), "UBND xã", 60)),
    "00103": (),
}


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Findings stand on one line."""
    monkeypatch.setenv("COLUMNS", "400")


@pytest.fixture
def province(tmp_path: Path) -> LevelOffice:
    return LevelOffice(tmp_path / "province", PROVINCE, DISTRICTS)


@pytest.fixture
def empty_district(tmp_path: Path) -> LevelOffice:
    return LevelOffice(tmp_path / "district", DISTRICT, COMMUNES, UPWARD)


@pytest.fixture
def district(tmp_path: Path) -> LevelOffice:
    """The district, to which all its communes have reported."""
    root = tmp_path / "district"
    shutil.copytree(kept_folder("levels-district", _make_district), root)
    return LevelOffice.there(root)


def _make_district(root: Path) -> None:
    office = LevelOffice(root, DISTRICT, COMMUNES, UPWARD)
    for unit in COMMUNES:
        send(office, unit)
    office.run("merge", PERIOD)


def send(office: LevelOffice, unit: str, *estimates: str, **other: Any) -> None:
    office.receive(f"{unit}.xlsx", office.answered(unit, ANSWERS[unit] | other, ROWS[unit], estimates))


def findings(office: LevelOffice, unit: str = "D1") -> dict[str, list[dict[str, Any]]]:
    """What `validate` finds of the workbooks of a unit, by kind."""
    said = office.run("validate", PERIOD, "--format", "json")
    found: dict[str, list[dict[str, Any]]] = {}
    for one in said.json["findings"]:
        if one["unit"] == unit:
            found.setdefault(one["code"], []).append(one)
    return found


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def edited(path: Path, change: Callable[[openpyxl.Workbook], None]) -> bytes:
    """A workbook that somebody has changed in another program."""
    book = openpyxl.load_workbook(path)
    change(book)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


# ---- the whole way


def test_a_figure_goes_up_three_levels_and_is_traced_down_again(
    tmp_path: Path, empty_district: LevelOffice, province: LevelOffice
) -> None:
    commune = LevelOffice(tmp_path / "commune", DISTRICT, VILLAGES)
    for unit, stories in (("t1", 7), ("t2", 3)):
        commune.receive(f"{unit}.xlsx", commune.answered(unit, {"press_total": stories}))
    commune.run("merge", PERIOD)
    from_commune, _said = commune.handed_up(empty_district.sent("00101"), "00101")
    empty_district.receive("xa-an-binh.xlsx", from_commune.read_bytes())
    send(empty_district, "00102")
    send(empty_district, "00103")
    empty_district.run("merge", PERIOD)
    from_district, said = empty_district.handed_up(
        province.sent("D1"), "D1", "--text", "problems=Thiếu máy ảnh."
    )
    assert "Filled in: 11 of 12" in said.out
    province.receive("huyen-mot.xlsx", from_district.read_bytes())
    province.run("merge", PERIOD)

    (above,) = province.run("trace", PERIOD, "press_total", "--format", "json").json["parts"]
    assert (above["value"], above["file"], above["cell"]) == (35, "huyen-mot.xlsx", "F8")
    assert above["below"] == {"source": "press_total", "given": 3, "asked": 3}
    table = province.run("trace", PERIOD, "press_total").out
    assert "press_total, of 3 of 3 units" in table

    middle = empty_district.run("trace", PERIOD, "press_total", "--format", "json").json["parts"]
    assert [(one["unit"], one["value"]) for one in middle] == [("00101", 10), ("00102", 20), ("00103", 5)]
    assert [one.get("below") for one in middle] == [
        {"source": "press_total", "given": 2, "asked": 2},
        None,
        None,
    ]
    lowest = commune.run("trace", PERIOD, "press_total", "--format", "json").json["parts"]
    assert [(one["file"], one["value"]) for one in lowest] == [("t1.xlsx", 7), ("t2.xlsx", 3)]


def test_every_kind_of_figure_finds_its_place(district: LevelOffice, province: LevelOffice) -> None:
    path, said = district.handed_up(province.sent("D1"), "D1")
    found = province.figures(path)
    assert found["press_total"] == 10 + 20 + 5
    assert found["pages"] == 2
    assert found["good"] == 2  # one said good, one said fair
    assert found["spent"] == 1.75
    assert found["hours"] == 3  # the mean is 8.5 / 3
    assert found["meetings"] == 3
    assert found["attended"] == 40 + 25 + 60
    assert found["prizes"] is None
    assert (found["houses.village.solid"], found["houses.village.other"]) == (7, 1)
    assert str(found["houses.village.total"]).startswith("=")
    day = dt.datetime.combine(DAY, dt.time())
    assert found["gatherings"] == [
        ["Xã An Bình", day, 40],
        ["Xã Bình Minh", day, 25],
        ["Xã Bình Minh", dt.datetime(2024, 3, 1), 60],
    ]
    assert found["problems"] is None
    assert "“Số giải báo chí” is asked and left blank: the form of this office has no such code" in said.out
    assert "“Khó khăn” is for the office itself to answer" in said.out
    assert "is asked as a whole number: 2.83 was rounded to 3" in said.out


def test_what_was_handed_up_is_accepted_above(empty_district: LevelOffice, province: LevelOffice) -> None:
    send(empty_district, "00101")
    send(empty_district, "00102")
    send(empty_district, "00103", budget=0, **{"halls.village.solid": 0, "halls.village.other": 2})
    empty_district.run("merge", PERIOD)
    path, _said = empty_district.handed_up(province.sent("D1"), "D1")
    province.receive("d1.xlsx", path.read_bytes())
    found = findings(province)
    assert found.keys() == {"handed_up"}
    assert found["handed_up"][0]["message"] == (
        "filled in by the office below with reportctl: 10 answers, made of those of up to 3 units"
    )


# ---- how many units


def test_figures_of_fewer_units_say_so_below_and_above(
    empty_district: LevelOffice, province: LevelOffice
) -> None:
    send(empty_district, "00101")
    send(empty_district, "00102")
    empty_district.run("merge", PERIOD)
    path, said = empty_district.handed_up(province.sent("D1"), "D1")
    assert "“Tổng số tin, bài” is made of 2 of the 3 units" in said.out
    province.receive("d1.xlsx", path.read_bytes())
    found = findings(province)["covers_fewer"]
    assert [(one["sheet"], one["cell"], one["severity"]) for one in found] == [
        ("Số liệu", "F8", "warning"),
        ("Thiết chế văn hóa", "E8", "warning"),
        ("Danh mục hội nghị", None, "warning"),
    ]
    assert "alike in 7 cells: F8, F9, F10, F11, F12, F13, F14" in found[0]["message"]
    province.run("merge", PERIOD)
    said = province.run("status", PERIOD, "--format", "json")
    assert {one["unit"]: one["state"] for one in said.json["units"]} == {"D1": "warned", "D2": "missing"}


def test_a_figure_that_some_units_left_blank_is_over_the_others(
    district: LevelOffice, province: LevelOffice
) -> None:
    path, _said = district.handed_up(province.sent("D1"), "D1")
    hidden = openpyxl.load_workbook(path)[META]
    handed = {one.code: (one.given, one.asked) for one in read_handed_up(hidden.values)}
    assert handed["press_total"] == (3, 3)
    assert handed["spent"] == (2, 3)
    assert handed["houses.village.solid"] == (2, 3)
    assert handed["gatherings"] == (3, 3)


def test_what_applies_to_no_unit_is_not_applicable_above(
    empty_district: LevelOffice, province: LevelOffice
) -> None:
    for unit in COMMUNES:
        send(empty_district, unit, budget="KAD", has_page="KAD", quality="KAD")
    empty_district.run("merge", PERIOD)
    path, _said = empty_district.handed_up(province.sent("D1"), "D1")
    found = province.figures(path)
    assert (found["spent"], found["pages"], found["good"]) == ("KAD", "KAD", "KAD")
    province.receive("d1.xlsx", path.read_bytes())
    assert "handed_up_changed" not in findings(province)


def test_nothing_reported_leaves_all_blank(empty_district: LevelOffice, province: LevelOffice) -> None:
    empty_district.receive("x.xlsx", empty_district.answered("00101", {}))
    empty_district.run("merge", PERIOD, code=1)
    path, said = empty_district.handed_up(province.sent("D1"), "D1")
    assert "Filled in: 0 of 12" in said.out
    assert "no unit has given this figure" in said.out
    assert not any(value for value in province.figures(path).values() if not str(value).startswith("="))


def test_estimates_go_along_to_lines_and_to_cells_of_tables(
    empty_district: LevelOffice, province: LevelOffice
) -> None:
    empty_district.settings('\n[upward]\npress_total = { to = "houses.village.other", times = 1 }\n')
    for unit in COMMUNES:
        send(empty_district, unit, *(("press_total",) if unit == "00102" else ()))
    empty_district.run("merge", PERIOD)
    path, _said = empty_district.handed_up(province.sent("D1"), "D1")
    book = openpyxl.load_workbook(path)
    assert (book["Số liệu"]["G8"].value, book["Số liệu"]["G9"].value) == ("x", None)
    province.receive("d1.xlsx", path.read_bytes())
    province.run("merge", PERIOD)
    rows = province.run("summary", PERIOD, "--format", "json").json["rows"]
    estimated = {row["code"] for row in rows if row["estimate"]}
    assert {"press_total", "houses.village.other"} <= estimated <= {"press_total", *CELLS}


def test_what_is_changed_by_hand_afterwards_is_said_and_as_typed(
    empty_district: LevelOffice, province: LevelOffice
) -> None:
    send(empty_district, "00101", "press_total")
    empty_district.run("merge", PERIOD)
    path, _said = empty_district.handed_up(province.sent("D1"), "D1")

    def change(book: openpyxl.Workbook) -> None:
        book["Số liệu"]["F8"] = 99
        book["Số liệu"]["G8"] = None
        book["Số liệu"]["F9"] = None

    province.receive("d1.xlsx", edited(path, change))
    found = findings(province)
    assert [(one["cell"], one["value"]) for one in found["handed_up_changed"]] == [("F8", "99"), ("F9", None)]
    assert "reportctl wrote 10 here, which was changed to 99" in found["handed_up_changed"][0]["message"]
    assert "changed to nothing afterwards" in found["handed_up_changed"][1]["message"]
    assert found["covers_fewer"][0]["cell"] == "F10"
    province.run("merge", PERIOD)
    (part,) = province.run("trace", PERIOD, "press_total", "--format", "json").json["parts"]
    assert "below" not in part
    (row,) = (
        one
        for one in province.run("summary", PERIOD, "--format", "json").json["rows"]
        if one["code"] == "press_total"
    )
    assert (row["value"], row["estimate"]) == (99, False)


# ---- what the settings say


def test_without_settings_only_equal_codes_are_filled_in(
    district: LevelOffice, province: LevelOffice
) -> None:
    district.settings("")
    path, said = district.handed_up(province.sent("D1"), "D1")
    found = province.figures(path)
    given = {code for code, value in found.items() if value and not str(value).startswith("=")}
    assert given == {"press_total", "hours"}
    assert "Filled in: 2 of 12" in said.out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('press_totl = "pages"', "the form has no “press_totl”; “press_total” was meant?"),
        ('"quality=Tuyệt vời" = "pages"', "the form has no “Tuyệt vời”"),
        ('quality = "pages"', '"quality=Tốt" = "pages"'),
        ('"press_total=Có" = "pages"', "units are counted by their answers to a choice"),
        ('"events.guests" = "pages"', "the form has no “guests”"),
        ('"events.place" = "pages"', "this column holds no figures"),
        ('difficulties = "problems"', "--text problems="),
        ('"halls.village.*" = "houses.village.solid"', "with as many stars"),
        ('"halls.town.*" = "houses.village.*"', "the form has no such cells"),
        ('events = { to = "gatherings", times = 2 }', "as they are"),
        ('"events.people" = "gatherings.people"\n"events.unit" = "gatherings.people"', "two columns"),
    ],
)
def test_settings_that_name_what_there_is_not_stop_it(
    district: LevelOffice, province: LevelOffice, line: str, said: str
) -> None:
    district.settings(f"\n[upward]\n{line}\n")
    request = province.sent("D1")
    ended = district.run("export", PERIOD, "--to", "return", "--as", "D1", request, code=2)
    assert said in ended.err
    assert "upward." in ended.err


@pytest.mark.parametrize(
    "text", ["halls.village.solid = 3", "halls.village.solid = 'x'", "budget = { divided_by = 3 }", "x = ''"]
)
def test_a_line_that_cannot_be_read_says_how_it_is_written(district: LevelOffice, text: str) -> None:
    district.settings(f"\n[upward]\n{text}\n")
    assert '"own code" = "code above"' in district.run("summary", PERIOD, code=2).err


def test_a_code_that_nobody_asks_is_a_warning(district: LevelOffice, province: LevelOffice) -> None:
    district.settings('\n[upward]\nbudget = "spnt"\n"halls.*.solid" = "houses.*.wood"\nevents = "evnts"\n')
    _path, said = district.handed_up(province.sent("D1"), "D1")
    for code in ("spnt", "houses.*.wood", "evnts"):
        assert f"“{code}” stands in reportctl.toml" in said.out


def test_another_unit_of_measure_is_left_blank_until_the_settings_say_how(
    district: LevelOffice, province: LevelOffice
) -> None:
    district.settings('\n[upward]\nbudget = "spent"\n')
    path, said = district.handed_up(province.sent("D1"), "D1", code=1)
    assert province.figures(path)["spent"] is None
    assert "in another unit of measure (triệu đồng) than “budget” has (đồng)" in said.out
    district.settings('\n[upward]\nbudget = { to = "spent", times = 0.001, divided_by = 1000 }\n')
    path, _said = district.handed_up(province.sent("D1"), "D1")
    assert province.figures(path)["spent"] == 1.75


def test_a_percentage_is_no_number(tmp_path: Path, district: LevelOffice) -> None:
    text = PROVINCE.replace('code = "prizes"\n', 'code = "share"\ntype = "percent"\nover_units = "mean"\n')
    above = LevelOffice(tmp_path / "above", text.replace('unit_of_measure = "giải"', ""), DISTRICTS)
    district.settings('\n[upward]\npress_total = "share"\n')
    path, said = district.handed_up(above.sent("D1"), "D1", code=1)
    assert above.figures(path)["share"] is None
    assert "asked as something else than “press_total” is" in said.out


def test_a_figure_counted_since_january_is_the_year_to_date(tmp_path: Path, district: LevelOffice) -> None:
    label = 'label = "Tổng số tin, bài"'
    text = PROVINCE.replace(label, f'{label}\ncumulative = true\nover_time = "last"')
    above = LevelOffice(tmp_path / "above", text, DISTRICTS)
    second = "2024-Q2"
    for unit, stories in (("00101", 1), ("00102", 2), ("00103", 3)):
        path = district.root / "inbox" / second / f"{unit}.xlsx"
        path.parent.mkdir(parents=True, exist_ok=True)
        district.run("template", second, "--unit", unit)
        (sent,) = (district.root / "outbox" / second).glob(f"{unit} *.xlsx")

        def fill(book: openpyxl.Workbook, stories: int = stories) -> None:
            book["Số liệu"]["F8"] = stories

        path.write_bytes(edited(sent, fill))
    district.run("merge", second)
    above.run("template", second, "--unit", "D1")
    (request,) = (above.root / "outbox" / second).glob("D1 *.xlsx")
    said = district.run("export", second, "--to", "return", "--as", "D1", request)
    written = re.search("Written: (.*)", said.out)
    assert written
    assert above.figures(Path(written[1]))["press_total"] == 35 + 6


def test_more_rows_than_there_is_room_for(tmp_path: Path, district: LevelOffice) -> None:
    above = LevelOffice(tmp_path / "above", PROVINCE.replace("rows = 5", "rows = 2"), DISTRICTS)
    path, said = district.handed_up(above.sent("D1"), "D1", code=1)
    assert len(above.figures(path)["gatherings"]) == 2
    assert "3 rows are to be handed up, and the workbook has room for 2: 1 are left out" in said.out


# ---- the workbook


def test_the_file_stays_and_what_is_not_filled_in_is_byte_for_byte(
    district: LevelOffice, province: LevelOffice
) -> None:
    request = province.sent("D1")
    before, given = request.read_bytes(), parts(request)
    path, _said = district.handed_up(request, "D1")
    assert request.read_bytes() == before
    assert path.parent == district.root / "output" / PERIOD
    after = parts(path)
    assert list(after) == list(given)
    changed = {name for name, said in after.items() if said != given[name]}
    assert changed <= {name for name in given if name.startswith("xl/worksheets/sheet")} | {
        "xl/workbook.xml",
        "docProps/core.xml",
    }
    untouched = openpyxl.load_workbook(request)["Hướng dẫn"]
    assert untouched.title in openpyxl.load_workbook(path).sheetnames


def test_no_kept_value_of_a_formula_is_shown(district: LevelOffice, province: LevelOffice) -> None:
    path, _said = district.handed_up(province.sent("D1"), "D1")
    sheets = [said for name, said in parts(path).items() if name.startswith("xl/worksheets/")]
    assert sum(len(re.findall(rb"<f[ >]", sheet)) for sheet in sheets) > 10
    assert not [sheet for sheet in sheets if re.search(rb"</f><v>|<f[^>]*/><v>", sheet)]
    assert b'fullCalcOnLoad="1"' in parts(path)["xl/workbook.xml"]


def test_figures_that_stand_there_are_said_in_the_way_of_the_language(
    district: LevelOffice, province: LevelOffice
) -> None:
    request = province.sent("D1")
    request.write_bytes(edited(request, lambda book: setattr(book["Số liệu"]["F11"], "value", 1234.5)))
    words = ("-w", district.root, "export", PERIOD, "--to", "return", "--as", "D1", request)
    assert "says 1234.5 already, and this office's figure is 1.75;" in run("--lang", "en", *words).out
    assert "đã có 1234,5, số của cơ quan là 1,75" in run("--lang", "vi", *words).out


def test_what_stands_there_is_kept(district: LevelOffice, province: LevelOffice) -> None:
    request = province.sent("D1")

    def change(book: openpyxl.Workbook) -> None:
        book["Số liệu"]["F8"] = 34
        book["Số liệu"]["F9"] = 2  # as this office says
        book["Số liệu"]["F13"] = 0
        book["Danh mục hội nghị"]["C8"] = "Huyện"
        book["Phần lời"]["D7"] = "Đã ghi tay."

    request.write_bytes(edited(request, change))
    path, said = district.handed_up(request, "D1", code=1)
    found = province.figures(path)
    assert (found["press_total"], found["pages"], found["meetings"]) == (34, 2, 3)
    assert found["problems"] == "Đã ghi tay."
    assert found["gatherings"] == [["Huyện", None, None]]
    assert "Danh mục hội nghị”: the workbook says Huyện already" in said.out
    assert "the workbook says 34 already, and this office's figure is 35" in said.out
    assert "a 0 that stood there was replaced by 3" in said.out
    assert "Khó khăn" not in said.out


def test_filling_in_again_what_was_filled_in_gives_the_same(
    district: LevelOffice, province: LevelOffice
) -> None:
    first, _said = district.handed_up(province.sent("D1"), "D1")
    again, said = district.handed_up(first, "D1", "--out", district.root / "again.xlsx")
    assert "Filled in: 10 of 12" in said.out
    assert province.figures(first) == province.figures(again)
    rows = [list(openpyxl.load_workbook(path)[META].values) for path in (first, again)]
    assert rows[0] == rows[1]


def test_a_second_export_beside_a_first_one_that_somebody_changed(
    district: LevelOffice, province: LevelOffice
) -> None:
    request = province.sent("D1")
    first, _said = district.handed_up(request, "D1")
    first.write_bytes(edited(first, lambda _book: None))
    second, _said = district.handed_up(request, "D1")
    assert (first.exists(), second.name) == (True, f"{first.stem} (2).xlsx")


def test_a_later_export_is_the_later_file(district: LevelOffice, province: LevelOffice) -> None:
    """Both come on one day: the document's own date decides."""
    request = province.sent("D1")
    first, _said = district.handed_up(request, "D1")
    modified = openpyxl.load_workbook(first).properties.modified
    assert modified
    assert abs(dt.datetime.now(dt.UTC).replace(tzinfo=None) - modified) < dt.timedelta(hours=1)


def test_an_office_s_own_workbook_is_filled_in_by_names_alone(
    district: LevelOffice, province: LevelOffice
) -> None:
    """No code, no mark stands on its sheets: names and the hidden sheet say all."""
    request = province.sent("D1")

    def change(book: openpyxl.Workbook) -> None:
        for sheet in book.worksheets:
            if sheet.title != META:
                for row in range(1, sheet.max_row + 1):
                    sheet.cell(row, 1).value = None
        for cell in book["Danh mục hội nghị"][5]:
            if isinstance(cell.value, str) and cell.value.startswith("gatherings."):
                cell.value = None

    bare = district.root / "own.xlsx"
    bare.write_bytes(edited(request, change))
    path, _said = district.handed_up(bare, "D1")
    usual, _said = district.handed_up(request, "D1")
    assert province.figures(path) == province.figures(usual)


def test_a_workbook_of_before_is_filled_in_by_what_is_seen(
    district: LevelOffice, province: LevelOffice
) -> None:
    """Its hidden sheet does not say what is asked."""
    request = province.sent("D1")

    def change(book: openpyxl.Workbook) -> None:
        for row in book[META].iter_rows():
            if row[0].value in ("asked", "list"):
                for cell in row:
                    cell.value = None

    request.write_bytes(edited(request, change))
    path, said = district.handed_up(request, "D1", "--text", "problems=Không có.")
    found = province.figures(path)
    assert (found["press_total"], found["spent"], found["problems"]) == (35, 1.75, "Không có.")
    assert len(found["gatherings"]) == 3
    district.settings('\n[upward]\nbudget = "spent"\n')
    _path, said = district.handed_up(request, "D1", code=1)
    assert "in another unit of measure (triệu đồng)" in said.out


def test_columns_of_an_office_s_own_list_need_not_stand_side_by_side(
    district: LevelOffice, province: LevelOffice
) -> None:
    """Between them stands something else, here a number that the level above has typed for every row."""
    request = province.sent("D1")

    def change(book: openpyxl.Workbook) -> None:
        sheet = book["Danh mục hội nghị"]
        for cell in sheet[5]:
            if isinstance(cell.value, str) and cell.value.startswith("gatherings."):
                cell.value = None
        for row in range(7, 12):
            sheet.cell(row, 4).value = f"số {row - 6}"
        (said,) = [row for row in book[META].iter_rows() if row[0].value == "list"]
        assert said[4].value == "who:0 day:1 people:2"
        said[4].value = "who:0 people:2"

    request.write_bytes(edited(request, change))
    path, _said = district.handed_up(request, "D1")
    rows = openpyxl.load_workbook(path)["Danh mục hội nghị"].iter_rows(min_row=7, max_row=9, values_only=True)
    assert [row[2:5] for row in rows] == [
        ("Xã An Bình", "số 1", 40),
        ("Xã Bình Minh", "số 2", 25),
        ("Xã Bình Minh", "số 3", 60),
    ]


@pytest.mark.libreoffice
def test_saved_by_another_program_it_says_the_same_above(
    empty_district: LevelOffice, province: LevelOffice, soffice: Convert
) -> None:
    send(empty_district, "00101")
    send(empty_district, "00102")
    empty_district.run("merge", PERIOD)
    path, _said = empty_district.handed_up(province.sent("D1"), "D1")
    (saved,) = soffice([path])
    province.receive("d1.xlsx", saved.read_bytes())
    found = findings(province)
    assert {"handed_up", "covers_fewer"} <= found.keys()
    assert not {"handed_up_changed", "formula_not_calculated"} & found.keys()
    assert all(one["severity"] != "error" for some in found.values() for one in some)
    assert openpyxl.load_workbook(saved, data_only=True)["Thiết chế văn hóa"]["D8"].value == 8


# ---- what cannot be


def test_the_wrong_workbook_stops_it(district: LevelOffice, province: LevelOffice, tmp_path: Path) -> None:
    request = province.sent("D1")

    def refused(*arguments: object) -> str:
        said = district.run("export", "--to", "return", *arguments, code=2)
        assert "Traceback" not in said.err
        return said.err

    assert "is for Q1 2024, not for Q2 2024" in refused("2024-Q2", "--as", "D1", request)
    assert "is for the unit “D1”, not for “D2”" in refused(PERIOD, "--as", "D2", request)
    assert "is a unit of this office" in refused(PERIOD, "--as", "00101", district.sent("00101"))
    assert "Name the workbook" in refused(PERIOD, "--as", "D1")
    assert "Name the workbook" in refused(PERIOD, request)
    assert "Name the workbook" in refused(PERIOD, "--as", "D1", request, request)
    assert "for one quarter" in refused("2024-H1", "--as", "D1", request)
    other = tmp_path / "other.xlsx"
    plain = openpyxl.Workbook()
    plain.save(other)
    assert "does not say which form and unit it is for" in refused(PERIOD, "--as", "D1", other)
    other.write_bytes(b"PK\x03\x04 not one")
    assert "other.xlsx cannot be read: the file is damaged" in refused(PERIOD, "--as", "D1", other)
    assert "none.xlsx" in refused(PERIOD, "--as", "D1", tmp_path / "none.xlsx")


def test_options_of_handing_up_stand_with_it(district: LevelOffice, province: LevelOffice) -> None:
    request = province.sent("D1")
    for arguments in ((request,), ("--as", "D1"), ("--text", "problems=x")):
        assert "go with --to return only" in district.run("export", PERIOD, *arguments, code=2).err
    assert "2024-Q1" in district.run("export", "2024-Q9", code=2).err


# ---- the office's own answers


def test_texts_come_from_options_and_files(district: LevelOffice, province: LevelOffice) -> None:
    text = district.root / "khokhan.txt"
    text.write_text("Thiếu máy ảnh.\nThiếu người.\n", encoding="utf-16")
    request = province.sent("D1")
    path, _said = district.handed_up(request, "D1", "--text", f"problems={text}")
    assert province.figures(path)["problems"] == "Thiếu máy ảnh.\nThiếu người."
    path, _said = district.handed_up(request, "D1", "--text", "problems= = 1 + 1")
    assert province.figures(path)["problems"] == "= 1 + 1"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("problems", "Write --text CODE=TEXT"),
        ("problem=x", "“problems” was meant?"),
        ("press_total=3", "asks no text or choice “press_total”"),
        ("problems=khong-co.txt", "khong-co.txt"),
        ("problems=" + "a" * 40_000, "is no answer to “Khó khăn”"),
    ],
)
def test_answers_that_cannot_be_stop_it(
    district: LevelOffice, province: LevelOffice, text: str, said: str
) -> None:
    ended = district.run(
        "export", PERIOD, "--to", "return", "--as", "D1", province.sent("D1"), "--text", text, code=2
    )
    assert said in ended.err


def test_choices_and_days_are_the_office_s_own(tmp_path: Path, district: LevelOffice) -> None:
    own = """
[[sections.indicators]]
code = "has_page"
label = "Huyện có trang thông tin"
type = "yes_no"
required = false
[[sections.indicators]]
code = "checked"
label = "Ngày kiểm tra"
type = "date"
required = false
"""
    text = PROVINCE.replace("\n[[tables]]", f"{own}\n[[tables]]")
    above = LevelOffice(tmp_path / "above", text, DISTRICTS)
    request = above.sent("D1")
    path, said = district.handed_up(request, "D1")
    assert above.figures(path)["has_page"] is None
    assert "“Huyện có trang thông tin” is for the office itself to answer" in said.out
    given = ("--text", "has_page=có", "--text", "checked=05/3/2024")
    path, _said = district.handed_up(request, "D1", *given)
    found = above.figures(path)
    assert (found["has_page"], found["checked"]) == ("Có", dt.datetime(2024, 3, 5))
    above.receive("d1.xlsx", path.read_bytes())
    assert not {"wrong_type", "date_as_text"} & findings(above).keys()
    for wrong in ("has_page=đôi khi", "checked=mai"):
        ended = district.run(
            "export", PERIOD, "--to", "return", "--as", "D1", request, "--text", wrong, code=2
        )
        assert "is no answer to" in ended.err


def test_at_a_terminal_the_office_is_asked(
    district: LevelOffice, province: LevelOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    request = province.sent("D1")
    monkeypatch.setattr("sys.stdin", Terminal("Thiếu máy ảnh.\nThiếu người.\n\n"))
    path, said = district.handed_up(request, "D1")
    assert "Khó khăn (problems):" in said.err
    assert province.figures(path)["problems"] == "Thiếu máy ảnh.\nThiếu người."
    monkeypatch.setattr("sys.stdin", Terminal("\n"))
    path, said = district.handed_up(request, "D1")
    assert province.figures(path)["problems"] is None
    monkeypatch.setattr("sys.stdin", Terminal(""))
    _path, said = district.handed_up(request, "D1", "--text", "problems=Không.")
    assert "Khó khăn (problems):" not in said.err


# ---- the office above sends out its own workbook


def test_an_adopted_workbook_is_filled_in_and_read_above(tmp_path: Path) -> None:
    above = tmp_path / "above"
    own_office(above)
    assert run("-w", above, "template", PERIOD, "--unit", "001").code == 0
    (request,) = (above / "outbox" / PERIOD).glob("001 *.xlsx")
    below = LevelOffice(tmp_path / "below", SCHOOLS, {"t1": ("Trường A", "unit"), "t2": ("Trường B", "unit")})
    rooms = {
        f"rooms.{row}.{code}": FILLED_IN[MATRIX, f"{column}{at}"]
        for at, row in enumerate(ROWS_OF_ROOMS, 9)
        for column, code in (("C", "total"), ("D", "solid"), ("E", "old"))
        if (MATRIX, f"{column}{at}") in FILLED_IN
    }
    for unit, teachers, degree in (("t1", 20, 0.9), ("t2", 25, 0.95)):
        answers = {"teachers": teachers, "degree": degree, **rooms}
        places = ((f"Điểm chính {unit}", 12, 14), (f"Điểm lẻ {unit}", 3, 4))
        below.receive(f"{unit}.xlsx", below.answered(unit, answers, places))
    below.run("merge", PERIOD)
    path, said = below.handed_up(request, "001", "--text", "needs=Cần thêm phòng học.")
    assert "above_" not in said.out
    assert "Filled in: 21 of 21" in said.out  # 17 cells, two figures, a list, a text
    book = openpyxl.load_workbook(path)
    matrix, listed = book[MATRIX], book[LIST]
    assert matrix["C16"].value == 45
    assert matrix["C17"].value == 92.5  # as people type a percentage there
    asked = [f"{column}{row}" for column in "CDE" for row in range(9, 15) if f"{column}{row}" != "E14"]
    assert {cell: matrix[cell].value for cell in asked} == {
        cell: 2 * int(str(FILLED_IN[MATRIX, cell])) for cell in asked
    }
    assert matrix["E14"].value == "X"  # which is not asked
    assert [[cell.value for cell in row] for row in listed["B5:D8"]] == [
        ["Điểm chính t1", 12, 14],
        ["Điểm lẻ t1", 3, 4],
        ["Điểm chính t2", 12, 14],
        ["Điểm lẻ t2", 3, 4],
    ]
    assert listed["B13"].value == "Cần thêm phòng học."

    inbox = above / "inbox" / PERIOD / "001.xlsx"
    inbox.parent.mkdir(parents=True, exist_ok=True)
    inbox.write_bytes(path.read_bytes())
    said = run("--lang", "en", "-w", above, "validate", PERIOD, "--format", "json")
    assert {one["code"] for one in said.json["findings"] if one["unit"] == "001"} == {"handed_up"}
    assert run("-w", above, "merge", PERIOD).code == 0
    traced = run("-w", above, "trace", PERIOD, "degree", "--format", "json").json
    assert (traced["value"], traced["parts"][0]["below"]) == (
        0.925,
        {"source": "degree", "given": 2, "asked": 2},
    )
