"""Two quarters of an office that sends out its own workbook, by command."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from reportctl.form.layout import META
from tests.making.commands import Run
from tests.making.office import dated
from tests.making.own_workbook import ANSWERS, LIST, MATRIX, blank, filled, own_office


@pytest.fixture
def office(tmp_path: Path) -> Path:
    root = tmp_path / "office"
    own_office(root)
    return root


def sent_to(office: Path, period: str, unit: str) -> bytes:
    (path,) = (office / "outbox" / period).glob(f"{unit} *.xlsx")
    return path.read_bytes()


def receive(office: Path, period: str, name: str, data: bytes) -> None:
    folder = office / "inbox" / period
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_what_is_sent_out_is_the_offices_own_workbook(office: Path, run: Run) -> None:
    assert run("-w", office, "template").code == 0
    data = sent_to(office, "2024-Q1", "001")
    before, after = parts(blank()), parts(data)
    touched = {name for name, part in before.items() if after[name] != part}
    assert touched <= {
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/worksheets/sheet1.xml",
        "xl/worksheets/sheet2.xml",
    }
    assert len(after.keys() - before.keys()) == 1  # the hidden sheet
    book, was = openpyxl.load_workbook(io.BytesIO(data)), openpyxl.load_workbook(io.BytesIO(blank()))
    assert book.sheetnames == [MATRIX, LIST, META]
    assert book[META].sheet_state == "veryHidden"
    assert book[MATRIX]["A2"].value == "Đơn vị báo cáo: Xã Đông"
    assert book[MATRIX]["A3"].value == "Kỳ báo cáo: Quý\N{NO-BREAK SPACE}I/2024"
    assert book.defined_names["rooms.primary_use.solid"].attr_text == f"'{MATRIX}'!$D$10"
    assert book.defined_names["places"].attr_text == f"'{LIST}'!$B$5:$D$9"
    for name in (MATRIX, LIST):
        assert book[name].dimensions == was[name].dimensions
        assert book[name].protection.sheet == was[name].protection.sheet
        assert {k: d.width for k, d in book[name].column_dimensions.items()} == {
            k: d.width for k, d in was[name].column_dimensions.items()
        }
        for row in was[name].iter_rows():
            for cell in row:
                assert book[name][cell.coordinate]._style == cell._style
    assert book[LIST]["C10"].value == "=SUM(C5:C9)"
    assert run("-w", office, "template").code == 0
    assert sent_to(office, "2024-Q1", "001") == data


def test_what_cells_take(office: Path, run: Run) -> None:
    """Figures are checked where they are typed, but not in cells that are formatted as text."""
    assert run("-w", office, "template", "--unit", "001").code == 0
    book = openpyxl.load_workbook(io.BytesIO(sent_to(office, "2024-Q1", "001")))
    ranges = {str(one.sqref): one.formula1 for one in book[MATRIX].data_validations.dataValidation}
    assert set(ranges) == {"C9:D14", "E9:E13", "C16", "C17"}
    assert ranges["C9:D14"].startswith("IF(ISNUMBER(C9),AND(C9=INT(C9),C9>=0)")
    assert "C17<=100" in ranges["C17"]
    assert not book[LIST].data_validations.dataValidation


def test_protection_as_the_settings_say(office: Path, run: Run) -> None:
    settings = office / "reportctl.toml"
    text = settings.read_text(encoding="utf-8")
    for said, protected in (("true", (True, True)), ("false", (False, False)), ('"as_is"', (True, False))):
        settings.write_text(text.replace('protect = "as_is"', f"protect = {said}"), encoding="utf-8")
        for path in (office / "outbox" / "2024-Q1").glob("*.xlsx"):
            path.unlink()
        assert run("-w", office, "template", "--unit", "001").code == 0
        book = openpyxl.load_workbook(io.BytesIO(sent_to(office, "2024-Q1", "001")))
        assert (book[MATRIX].protection.sheet, book[LIST].protection.sheet) == protected
        assert book[LIST]["C5"].protection.locked is (said != "true")
        assert book[LIST]["A1"].protection.locked


def test_two_quarters(office: Path, run: Run) -> None:
    assert run("-w", office, "template").code == 0
    first = filled(sent_to(office, "2024-Q1", "001"))
    wrong = filled(
        sent_to(office, "2024-Q1", "002"), {**ANSWERS, (MATRIX, "C10"): 8, (MATRIX, "D14"): "nhiều"}
    )
    receive(office, "2024-Q1", "a.xlsx", first)
    receive(office, "2024-Q1", "b.xlsx", wrong)
    done = run("-w", office, "validate", "--mark", "--format", "json")
    errors = {(one["cell"], one["indicator"]) for one in done.json["findings"] if one["severity"] == "error"}
    assert ("D14", "rooms.second_left.solid") in errors
    assert {cell for cell, _code in errors} >= {"C10", "D14"}
    book = openpyxl.load_workbook(office / "returned" / "2024-Q1" / "b.marked.xlsx")
    assert book[MATRIX]["D14"].comment is not None

    assert run("-w", office, "merge").code == 1
    assert run("-w", office, "correct", "001", "teachers", "46", "--why", "điện thoại").code in (0, 1)
    found = run("-w", office, "trace", "rooms.primary.total", "--format", "json").json
    assert found["value"] == 10
    assert [(one["file"], one["sheet"], one["cell"]) for one in found["parts"]] == [("a.xlsx", MATRIX, "C9")]
    corrected = run("-w", office, "trace", "teachers", "--format", "json").json
    assert [(one["value"], one["by"]) for one in corrected["parts"]] == [(46, "correction")]
    assert (office / "output" / "2024-Q1" / "merged.xlsx").is_file()

    # A marked copy that comes back corrected is read as the workbook itself.
    book[MATRIX]["C10"], book[MATRIX]["D14"] = 7, 2
    saved = io.BytesIO()
    book.save(saved)
    receive(office, "2024-Q1", "b2.xlsx", dated(saved.getvalue(), "2099-01-01T08:00:00Z"))
    (office / "inbox" / "2024-Q1" / "b.xlsx").unlink()
    assert run("-w", office, "merge").code == 0
    assert run("-w", office, "trace", "rooms.primary.total", "--format", "json").json["value"] == 20

    # The next quarter's workbook shows this quarter's figures in the office's own column.
    assert run("-w", office, "next").code == 0
    assert run("-w", office, "template").code == 0
    sheet = openpyxl.load_workbook(io.BytesIO(sent_to(office, "2024-Q2", "001")))[MATRIX]
    assert [sheet.cell(row, 6).value for row in range(9, 15)] == [10, 7, 3, 8, 6, 2]
    assert sheet["A3"].value == "Kỳ báo cáo: Quý\N{NO-BREAK SPACE}II/2024"


def test_the_check_of_the_form_says_where_rules_are_checked(office: Path, run: Run) -> None:
    said = run("-w", office, "--lang", "en", "form", "--check")
    assert "rules and sums are checked when returns come in; nothing is written into form.xlsx" in (
        " ".join(f"{said.out} {said.err}".split())
    )


def test_a_changed_workbook_is_refused(office: Path, run: Run) -> None:
    """Nobody knows where answers stand in a workbook that was saved again."""
    (office / "form.xlsx").write_bytes(filled(blank(), {}))
    said = run("-w", office, "--lang", "en", "template")
    assert said.code == 2
    assert "is not the workbook that layout.toml was made from" in said.err
    assert run("-w", office, "merge").code == 2


def test_a_question_without_a_place_is_named(office: Path, run: Run) -> None:
    text = (office / "form.toml").read_text(encoding="utf-8")
    more = '\n[[sections.indicators]]\ncode = "pupils"\nlabel = "Học sinh"\n\n[[tables]]'
    (office / "form.toml").write_text(text.replace("\n[[tables]]", more, 1), encoding="utf-8")
    said = run("-w", office, "--lang", "en", "template")
    assert said.code == 2
    assert "pupils" in said.err
