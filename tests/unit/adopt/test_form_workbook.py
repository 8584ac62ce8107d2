"""A form as a workbook: every key has its place, every thing its line, and nothing is left to chance."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from pydantic import BaseModel

from reportctl.adopt.form_keys import BELOW, MODELS
from reportctl.adopt.form_sheets import SHEETS, form_columns, shown
from reportctl.adopt.form_workbook import form_workbook, workbook_of
from reportctl.core import language
from reportctl.core.errors import ReportctlError
from reportctl.form.form_file import FormError
from reportctl.form.indicators import Indicator, Type
from reportctl.form.model import Form, ListColumn, ListSection, Section, TextQuestion, Theme, UnitKind
from reportctl.form.names import Labelled, Model, Titled
from reportctl.form.rules import Rule
from reportctl.form.tables import FormTable, TableCell, TableColumn, TableRow
from tests.making.edited_form import EditedForm
from tests.making.machine import TEMPLATES
from tests.making.matrix import TOML

STOCK = (TEMPLATES / "form.toml").read_text(encoding="utf-8")
# What the form is made of, by hand: a model that is missing here has no sheet.
OF_FORMS = {
    (): Form,
    ("kinds",): UnitKind,
    ("sections",): Section,
    ("sections", "indicators"): Indicator,
    ("tables",): FormTable,
    ("tables", "columns"): TableColumn,
    ("tables", "rows"): TableRow,
    ("lists",): ListSection,
    ("lists", "columns"): ListColumn,
    ("texts",): TextQuestion,
    ("themes",): Theme,
    ("rules",): Rule,
}


def test_every_kind_of_thing_has_a_sheet() -> None:
    assert dict(MODELS) == OF_FORMS
    assert set(SHEETS) == set(OF_FORMS)
    of_no_sheet = (Titled, Labelled, TableCell)  # what others are made from, and what the program makes
    used = {one for one in made_from(Model) if not one.__name__.startswith("_")} - {*of_no_sheet}
    assert used == set(OF_FORMS.values())


def made_from(base: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for one in base.__subclasses__():
        if one.__module__.startswith("reportctl."):  # other tests make some too
            yield one
        yield from made_from(one)


@pytest.mark.parametrize("spoken", ["vi", "en"])
@pytest.mark.parametrize("kind", OF_FORMS, ids=".".join)
def test_every_key_has_a_column_with_a_title_and_a_note(kind: tuple[str, ...], spoken: str) -> None:
    fields = OF_FORMS[kind].model_fields
    known = {field.alias or name for name, field in fields.items()} - set(BELOW[kind])
    columns = form_columns(kind, spoken)
    parent = {("sections", "indicators"): "section", ("tables", "rows"): "table"}.get(kind)
    parent = {("tables", "columns"): "table", ("lists", "columns"): "list"}.get(kind, parent)
    assert {one.key for one in columns} == known | ({parent} if parent else set())
    assert len({one.title for one in columns}) == len(columns)
    for one in columns:
        assert one.title
        assert len(one.note) > 10
    with language.speaking(spoken):
        for one in columns:
            words = {str(shown(word, one)) for word in one.words}
            assert len(words) == len(one.words)
            assert all(word.split(" · ")[1] for word in words)


def sheets(data: bytes) -> Iterator[Worksheet]:
    for sheet in openpyxl.load_workbook(io.BytesIO(data)).worksheets:
        assert isinstance(sheet, Worksheet)
        yield sheet


def test_sheets_in_vietnamese_with_keys_below_the_titles() -> None:
    language.use("vi")
    found = {sheet.title: sheet for sheet in sheets(workbook_of(STOCK))}
    assert list(found) == [
        "Cách sửa", "Biểu mẫu", "Loại đơn vị", "Mục", "Chỉ tiêu", "Bảng", "Dòng của bảng", "Cột của bảng",
        "Danh sách", "Cột của danh sách", "Phần lời", "Chủ đề phần lời",
        "Quy tắc", "_form",
    ]  # fmt: skip
    asked = found["Chỉ tiêu"]
    assert [cell.value for cell in asked[1]][1:5] == ["Thuộc mục *", "Mã *", "Lời *", "Lời tiếng Anh"]
    assert [cell.value for cell in asked[2]][1:5] == ["section", "code", "label", "label_en"]
    assert [cell.value for cell in asked[4]][:6] == [
        "annual_plan", "direction", "annual_plan", "Đã ban hành kế hoạch công tác năm",
        "Annual work plan issued", "yes_no · có hoặc không",
    ]  # fmt: skip
    assert asked.freeze_panes == "D3"
    assert asked.column_dimensions["A"].hidden
    assert found["_form"].sheet_state == "veryHidden"
    for name, sheet in list(found.items())[1:-1]:
        for cell in sheet[1][1:]:
            assert cell.comment, (name, cell.coordinate)
    assert asked.max_row == 2 + STOCK.count("\n[[sections.indicators]]\n")


def test_words_and_codes_are_chosen_from_lists_that_there_are() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(TOML)))
    hidden = book["_form"]
    found: dict[str, list[object]] = {}
    for validation in book["Indicators"].data_validations.dataValidation:
        assert len(str(validation.formula1)) < 255
        sheet, area = str(validation.formula1).split("!")
        first, last = area.replace("$", "").split(":")
        cells = book[sheet.strip("'")][first:last]
        key = str(book["Indicators"][f"{str(validation.sqref).split('3')[0]}2"].value)
        found[key] = [cell.value for (cell,) in cells if cell.value]
        assert validation.showErrorMessage == (sheet.strip("'") == hidden.title)
    assert found["section"] == ["staff"]
    assert found["applies_to"] == ["unit"]
    assert found["part_of"] == ["teachers"]
    assert found["required"] == ["yes", "no"]
    assert found["over_time"][:2] == ["sum · added up", "last · last quarter's"]
    assert len(found["type"]) == len(Type)


def test_what_is_typed_below_stays_a_text() -> None:
    asked = EditedForm(workbook_of(TOML)).sheet(("tables", "rows"))
    formats = {
        asked.cell(2, number).value: asked.column_dimensions[get_column_letter(number)].number_format
        for number in range(2, asked.max_column + 1)
    }
    assert {key for key, code in formats.items() if code != "@"} == {"level", "min", "max"}


def test_texts_stay_texts_whatever_they_look_like() -> None:
    text = TOML.replace('label = "Phòng"', r'label = "=1+1"').replace('no = "1"', 'no = "-1"')
    text = text.replace('label = "Thư viện"', r'label = "_x0041_ \"\""').replace('"Diện tích"', r'"a\nb"')
    edited = EditedForm(workbook_of(text))
    rows = ("tables", "rows")
    for key, code in (("label", "n1"), ("no", "n1"), ("label", "n1_1")):
        assert edited.cell(rows, code, key).data_type == "s"
    assert edited.cell(rows, "n1", "label").value == "=1+1"
    assert edited.cell(rows, "n2", "label").value == "a\nb"
    with zipfile.ZipFile(io.BytesIO(workbook_of(text))) as archive:
        # As Excel writes a text that looks like an escaped sign.
        assert any(b"_x005F_x0041_" in archive.read(name) for name in archive.namelist())


def test_the_same_form_makes_the_same_file() -> None:
    data = workbook_of(TOML)
    assert workbook_of(TOML) == data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {info.date_time[0] for info in archive.infolist()} == {1980}
        assert archive.read("docProps/core.xml").count(b"2000-01-01T00:00:00Z") == 2
        # A height that were somebody's choice would not grow with the text.
        assert all(
            b"customHeight" not in archive.read(name) for name in archive.namelist() if "sheet" in name
        )


def test_a_form_with_mistakes_makes_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "form.toml"
    path.write_text(TOML.replace('type = "number"', 'type = "nmber"'), encoding="utf-8")
    with pytest.raises(FormError, match="line 33: “type”"):
        form_workbook(path)


def test_a_text_that_no_cell_holds_is_named() -> None:
    with pytest.raises(ReportctlError, match="too long for a cell of a workbook: Phòng họcxxx"):
        workbook_of(TOML.replace('"Phòng học"', f'"Phòng học{"x" * 33_000}"'))
