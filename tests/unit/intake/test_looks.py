"""Cells that look otherwise than they hold, in returned workbooks of all formats."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.workbook import Workbook

from reportctl.form.submission import AnswerState
from reportctl.intake.job import ReadResult
from tests.making.machine import Convert
from tests.making.programs import MAIN
from tests.making.returned import (
    ROWS,
    cell,
    codes,
    only,
    places,
    read,
    repacked,
    returned,
    sheet_part,
    with_xml,
)

STRUCK, RAISED, LOWERED, PLAIN = (
    InlineFont(strike=True), InlineFont(vertAlign="superscript"), InlineFont(vertAlign="subscript"),
    InlineFont(b=True),
)  # fmt: skip
INLINE = re.compile(r'(<c r="[A-Z]+[0-9]+"(?: s="[0-9]+")?) t="inlineStr"><is>(.*?)</is></c>')
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def rich(*pieces: str | tuple[InlineFont, str]) -> CellRichText:
    """A text in pieces, each with its look."""
    return CellRichText(*(piece if isinstance(piece, str) else TextBlock(*piece) for piece in pieces))


def put(values: Mapping[str, Any], *, fonts: Mapping[str, Font] | None = None) -> Callable[[Workbook], None]:
    """What puts values into cells as they are, and gives cells fonts."""

    def edit(book: Workbook) -> None:
        for code, value in values.items():
            sheet, at = cell(code)
            book[sheet][at] = value
        for code, font in (fonts or {}).items():
            sheet, at = cell(code)
            book[sheet][at].font = font

    return edit


def formatted(code: str, number_format: str, value: float) -> Callable[[Workbook], None]:
    """What gives a figure that is formatted."""

    def edit(book: Workbook) -> None:
        sheet, at = cell(code)
        book[sheet][at] = value
        book[sheet][at].number_format = number_format

    return edit


def answer(done: ReadResult, code: str) -> tuple[AnswerState, object]:
    assert done.submission
    return next((one.state, one.value) for one in done.submission.answers if one.code == code)


def shared(data: bytes) -> bytes:
    """The workbook with its inline texts as shared strings, as Excel saves them."""
    strings: list[str] = []

    def keep(text: re.Match[str]) -> str:
        strings.append(f"<si>{text[2]}</si>")
        return f'{text[1]} t="s"><v>{len(strings) - 1}</v></c>'

    def change(name: str, content: bytes) -> bytes:
        if name.startswith("xl/worksheets/sheet"):
            return INLINE.sub(keep, content.decode()).encode()
        if name == "xl/_rels/workbook.xml.rels":
            own = f'<Relationship Id="rId99" Type="{R}/sharedStrings" Target="sharedStrings.xml"/>'
            return content.replace(b"</Relationships>", own.encode() + b"</Relationships>")
        return content

    target = io.BytesIO(repacked(data, change))
    assert strings
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{"".join(strings)}</sst>')
    return target.getvalue()


# Pieces of text in figures

FIGURES = [
    (rich((STRUCK, "6"), "8"), "struck_in_answer", "6", "8"),
    (rich("1", (STRUCK, "2"), (PLAIN, "3")), "struck_in_answer", "2", "13"),
    (rich((PLAIN, "75"), (STRUCK, " 80")), "struck_in_answer", "80", "75"),
    (rich("180", (RAISED, "1")), "raised_in_answer", "1", "180"),
    (rich("180", (LOWERED, "(2)")), "raised_in_answer", "(2)", "180"),
    (rich("180 bài", (RAISED, "*")), "raised_in_answer", "*", "180"),
    (rich((RAISED, "1)"), "25"), "raised_in_answer", "1)", "25"),
    (rich((STRUCK, "chưa có"), "12"), "struck_in_answer", "chưa có", "12"),
]


@pytest.mark.parametrize("as_saved", [lambda data: data, shared], ids=["inline", "shared"])
@pytest.mark.parametrize(("value", "code", "part", "suggestion"), FIGURES)
def test_pieces_of_another_look_are_never_joined_to_a_figure(
    value: CellRichText,
    code: str,
    part: str,
    suggestion: str,
    as_saved: Callable[[bytes], bytes],
    tmp_path: Path,
) -> None:
    done = read(as_saved(returned(edit=put({"press_total": value}))), tmp_path)
    found = only(done, code)
    assert (found.sheet, found.cell, found.indicator) == (*cell("press_total"), "press_total")
    assert f"“{part}”" in found.message
    assert f"type {suggestion} alone" in found.hint
    assert answer(done, "press_total") == (AnswerState.INVALID, None)


@pytest.mark.parametrize("code", ["plan_issued", "plan_level", "plan_day"])
def test_so_it_is_with_choices_and_dates(code: str, tmp_path: Path) -> None:
    done = read(returned(edit=put({code: rich((STRUCK, "Không"), "Có")})), tmp_path)
    assert only(done, "struck_in_answer").indicator == code


def test_pieces_that_look_alike_or_are_blank_are_one_figure(tmp_path: Path) -> None:
    for value in (
        rich("12", (PLAIN, "00")),
        rich("1200", (STRUCK, " ")),
        rich("1200", (RAISED, "  ")),
        rich((InlineFont(strike=False), "1200"), (InlineFont(vertAlign="baseline"), "")),
    ):
        done = read(returned(edit=put({"press_total": value})), tmp_path)
        assert codes(done) == ["number_as_text"]
        assert answer(done, "press_total") == (AnswerState.VALUE, 1200)


def test_a_piece_without_a_look_of_its_own_has_that_of_its_cell(tmp_path: Path) -> None:
    edit = put({"press_total": rich("6", (PLAIN, "8"))}, fonts={"press_total": Font(strike=True)})
    assert only(read(returned(edit=edit), tmp_path), "struck_in_answer").message.startswith("“6” in “68”")


def test_a_figure_that_is_struck_out_as_a_whole_is_read_with_a_warning(tmp_path: Path) -> None:
    for value in (1200, "1200", rich((STRUCK, "12"), (STRUCK, "00"))):
        fonts = {} if isinstance(value, CellRichText) else {"press_total": Font(strike=True)}
        done = read(returned(edit=put({"press_total": value}, fonts=fonts)), tmp_path)
        assert only(done, "struck_out").cell == cell("press_total")[1]
        assert answer(done, "press_total") == (AnswerState.VALUE, 1200)
    blank = read(
        returned({"plan_level": None}, edit=put({}, fonts={"plan_level": Font(strike=True)})), tmp_path
    )
    assert blank.findings == ()


def test_an_estimate_mark_that_is_struck_out_is_unclear(tmp_path: Path) -> None:
    sheet, at = cell("press_total")
    beside = f"{chr(ord(at[0]) + 1)}{at[1:]}"

    def edit(book: Workbook) -> None:
        book[sheet][beside] = "x"
        book[sheet][beside].font = Font(strike=True)

    assert only(read(returned(edit=edit), tmp_path), "estimate_unclear").cell == beside


# In words


def test_struck_out_words_are_left_out_with_a_warning(tmp_path: Path) -> None:
    value = rich("Kinh phí ", (STRUCK, "chưa được cấp"), (PLAIN, " hạn hẹp."))
    done = read(returned(edit=put({"limits": value})), tmp_path)
    assert only(done, "struck_words").message == "“chưa được cấp” is struck out and was left out"
    assert answer(done, "limits") == (AnswerState.VALUE, "Kinh phí hạn hẹp.")


def test_an_answer_struck_out_as_a_whole_is_read_with_a_warning(tmp_path: Path) -> None:
    done = read(returned(edit=put({}, fonts={"limits": Font(strike=True)})), tmp_path)
    assert codes(done) == ["struck_out"]
    assert answer(done, "limits") == (AnswerState.VALUE, "Thiếu kinh phí.")


@pytest.mark.parametrize(
    ("value", "said", "text"),
    [
        (rich("Có 180", (RAISED, "1"), " lượt."), ["raised_words"], "Có 180¹ lượt."),
        (rich("Thiếu loa", (RAISED, "(a)")), ["raised_words"], "Thiếu loa⁽a⁾"),
        (rich("Sân 500 m", (RAISED, "2"), " hẹp."), [], "Sân 500 m² hẹp."),
        (rich("Khí CO", (LOWERED, "2"), " tăng."), [], "Khí CO₂ tăng."),
    ],
)
def test_raised_digits_stay_apart(value: CellRichText, said: list[str], text: str, tmp_path: Path) -> None:
    done = read(returned(edit=put({"limits": value})), tmp_path)
    assert codes(done) == said
    assert answer(done, "limits") == (AnswerState.VALUE, text)


# Lists


def _in_list(change: Callable[[Any, Mapping[str, str]], None], row: int = 2) -> Callable[[Workbook], None]:
    """What changes the cells of a row, given the sheet and the references by column."""
    events = places().lists["events"]

    def edit(book: Workbook) -> None:
        spots = {column.code: events.place(column.code, row) for column in events.section.columns}
        change(book[spots["day"].sheet], {code: spot.cell for code, spot in spots.items()})

    return edit


def test_a_row_that_is_struck_out_is_one_warning(tmp_path: Path) -> None:
    def strike(sheet: Any, at: Mapping[str, str]) -> None:
        for reference in at.values():
            sheet[reference].font = Font(strike=True)

    done = read(returned(edit=_in_list(strike)), tmp_path)
    assert codes(done) == ["struck_row"]
    assert (
        only(done, "struck_row").message == "line 2 of “Conferences” is struck out; it was read all the same"
    )


def test_one_cell_of_a_row_that_is_struck_out(tmp_path: Path) -> None:
    def strike(sheet: Any, at: Mapping[str, str]) -> None:
        sheet[at["title"]].font = Font(strike=True)

    assert only(read(returned(edit=_in_list(strike)), tmp_path), "struck_out").indicator == "events.title"


@pytest.mark.parametrize(
    "name",
    ["Cộng", "Tổng cộng", "TỔNG CỘNG:", "Tổng số", "tổng", "Cộng (2 hội nghị)", "Cộng quý I", "Tổng cộng: 2",
     "Total", "Lũy kế"],
)  # fmt: skip
def test_a_total_among_the_rows(name: str, tmp_path: Path) -> None:
    rows = (*ROWS, (ROWS[0][0], name, 200))
    found = only(read(returned({"events_held": 3}, rows=rows), tmp_path), "total_row")
    assert found.message == f"line 3 of “Conferences” is called “{name}”: a total among the lines?"


def test_a_total_whose_name_stands_before_the_row(tmp_path: Path) -> None:
    def name(sheet: Any, at: Mapping[str, str]) -> None:
        sheet[f"B{at['day'][1:]}"] = "Tổng cộng"

    assert only(read(returned(edit=_in_list(name)), tmp_path), "total_row").cell.startswith("B")


@pytest.mark.parametrize(
    "name",
    ["Hội nghị tổng kết", "Cộng tác viên dư luận xã hội", "Tổng kết năm", "Cộng đồng số", "Tổng duyệt"],
)
def test_names_that_are_no_totals(name: str, tmp_path: Path) -> None:
    rows = (ROWS[0], (*ROWS[1][:1], name, 80))
    assert read(returned(rows=rows), tmp_path).findings == ()


# Number formats


@pytest.mark.parametrize(
    ("code", "number_format", "value", "kind", "said"),
    [
        ("budget_planned", "#,##0.0,,", 250_500_000, "format_scales", "shows 250.5"),
        ("budget_spent", "0,", 125_250, "format_scales", "shows 125.25"),
        ("press_total", '0"000"', 12, "format_adds_digits", "12000 is seen"),
        ("press_total", "0%", 0.06, "format_percent", "shows 6% and holds 0.06"),
        ("press_total", "0.00%", 12, "format_percent", "shows 1200% and holds 12"),
        ("budget_planned", "0%", 2.5, "format_percent", "shows 250%"),
    ],
)
def test_a_figure_that_is_seen_as_another_is_not_taken(
    code: str, number_format: str, value: float, kind: str, said: str, tmp_path: Path
) -> None:
    done = read(returned(edit=formatted(code, number_format, value)), tmp_path)
    found = only(done, kind)
    assert said in found.message
    if kind == "format_percent":  # what was typed, whether the format came before it or after
        assert found.hint.endswith(f"({ {0.06: 6, 12: 12, 2.5: '2.5'}[value] }?)")
    assert answer(done, code) == (AnswerState.INVALID, None)
    assert "not_whole" not in codes(done)


def test_a_figure_that_is_hidden_by_its_format_is_read_with_a_warning(tmp_path: Path) -> None:
    done = read(returned(edit=formatted("press_total", ";;;", 1200)), tmp_path)
    assert only(done, "format_hides").message.endswith("shows nothing; it was read all the same")
    assert answer(done, "press_total") == (AnswerState.VALUE, 1200)
    assert read(returned(edit=formatted("events_held", "0;-0;;@", 2)), tmp_path).findings == ()


def test_words_that_are_hidden_by_a_format_are_read_with_a_warning(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        sheet, at = cell("limits")
        book[sheet][at].number_format = ";;;"

    done = read(returned(edit=edit), tmp_path)
    assert codes(done) == ["format_hides"]
    assert answer(done, "limits") == (AnswerState.VALUE, "Thiếu kinh phí.")
    shown = read(returned(edit=formatted("press_total", ";;;@", "1200")), tmp_path)  # type: ignore[arg-type]
    assert codes(shown) == ["number_as_text"]


# Figures of other things


@pytest.mark.parametrize(
    ("value", "day"),
    [(45424, "12/5/2024"), (45292, "01/1/2024"), (45285, "25/12/2023"), (45657, "31/12/2024")],
)
def test_a_count_that_is_a_day_near_the_quarter(value: int, day: str, tmp_path: Path) -> None:
    done = read(returned({"events_held": value}), tmp_path)
    assert only(done, "day_number").message == f"{value} is also how a spreadsheet keeps the day {day}"
    assert answer(done, "events_held") == (AnswerState.VALUE, value)


@pytest.mark.parametrize("value", [44926, 45658, 4542, "45.424"])
def test_counts_that_are_none(value: object, tmp_path: Path) -> None:
    assert "day_number" not in codes(read(returned({"events_held": value}), tmp_path))


# Pictures


def _picture() -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    dot = zlib.compress(b"\0\xff\0\0")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", dot) + chunk(b"IEND", b"")


XDR = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"


def _marker(name: str, row: int, column: int, offset: int) -> str:
    return (
        f"<xdr:{name}><xdr:col>{column}</xdr:col><xdr:colOff>{offset}</xdr:colOff>"
        f"<xdr:row>{row}</xdr:row><xdr:rowOff>{offset}</xdr:rowOff></xdr:{name}>"
    )


def with_picture(data: bytes, code: str, rows: int = 1, what: str = "pic") -> bytes:
    """The workbook with a picture placed over the answer's cell and `rows` - 1 below it."""
    place = (places().indicators.get(code) or places().texts[code]).value
    part = sheet_part(data, place.sheet)
    shape = (
        '<xdr:nvPicPr><xdr:cNvPr id="2" name="Ảnh 1"/><xdr:cNvPicPr/></xdr:nvPicPr>'
        '<xdr:blipFill><a:blip r:embed="rId1"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill>'
        '<xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="9" cy="9"/></a:xfrm><a:prstGeom prst="rect"/>'
        "</xdr:spPr>"
    )
    drawing = (
        f'<xdr:wsDr xmlns:xdr="{XDR}" xmlns:a="{A}" xmlns:r="{R}"><xdr:twoCellAnchor>'
        f"{_marker('from', place.row, place.column, 9)}{_marker('to', place.row + rows, place.column + 1, 0)}"
        f"<xdr:{what}>{shape}</xdr:{what}><xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>"
    )
    related = "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>{}</Relationships>"
    sheet_rels = part.replace("worksheets/", "worksheets/_rels/") + ".rels"

    def change(name: str, content: bytes) -> bytes:
        assert name != sheet_rels
        if name == "[Content_Types].xml":
            own = (
                '<Default Extension="png" ContentType="image/png"/>'
                '<Override PartName="/xl/drawings/drawing9.xml" '
                'ContentType="application/vnd.openxmlformats-officedocument.drawing+xml"/></Types>'
            )
            return content.replace(b"</Types>", own.encode())
        if name == part:
            tail = f'<drawing xmlns:r="{R}" r:id="rId1"/></worksheet>'
            return content.replace(b"</worksheet>", tail.encode())
        return content

    target = io.BytesIO(repacked(data, change))
    with zipfile.ZipFile(target, "a") as archive:
        to_drawing = f'<Relationship Id="rId1" Type="{R}/drawing" Target="../drawings/drawing9.xml"/>'
        to_picture = f'<Relationship Id="rId1" Type="{R}/image" Target="../media/image9.png"/>'
        archive.writestr(sheet_rels, related.format(to_drawing))
        archive.writestr("xl/drawings/drawing9.xml", drawing)
        archive.writestr("xl/drawings/_rels/drawing9.xml.rels", related.format(to_picture))
        archive.writestr("xl/media/image9.png", _picture())
    return target.getvalue()


@pytest.mark.parametrize("code", ["press_total", "results", "limits"])
def test_a_picture_placed_in_an_empty_cell_is_an_error(code: str, tmp_path: Path) -> None:
    done = read(with_picture(returned({code: None}), code), tmp_path)
    found = only(done, "picture_in_cell")
    assert (found.sheet, found.cell) == cell(code)
    assert not {"required_missing", "required_text_missing"} & set(codes(done))


def test_a_picture_over_several_cells_is_a_warning(tmp_path: Path) -> None:
    done = read(with_picture(returned({"limits": None}), "results", rows=2), tmp_path)
    assert codes(done) == ["picture_over_cell", "picture_over_cell"]
    filled = read(with_picture(returned(), "press_total", rows=2), tmp_path)
    assert codes(filled) == ["picture_over_cell"]  # of the cell in which it begins
    assert answer(filled, "press_total") == (AnswerState.VALUE, 1200)


def test_a_shape_is_no_picture(tmp_path: Path) -> None:
    assert read(with_picture(returned({"limits": None}), "limits", what="sp"), tmp_path).findings == ()


@pytest.mark.parametrize(
    ("attributes", "inside"),
    [
        ('t="e" vm="1"', "<v>#VALUE!</v>"),
        ('t="e" vm="1"', '<f>_xlfn.IMAGE("https://a.vn/a.png")</f><v>#VALUE!</v>'),
        ('t="str"', '<f>_xlfn.DISPIMG("ID_1",1)</f><v>=DISPIMG("ID_1",1)</v>'),
        ('t="e"', '<f>DISPIMG("ID_1",1)</f><v>#NAME?</v>'),
        ('t="str"', '<v>=DISPIMG("ID_1",1)</v>'),
        ('t="inlineStr"', '<is><t>=_xlfn.DISPIMG("ID_1",1)</t></is>'),
    ],
)
@pytest.mark.parametrize("code", ["press_total", "limits", "plan_issued"])
def test_a_picture_as_the_value_of_a_cell(code: str, attributes: str, inside: str, tmp_path: Path) -> None:
    done = read(with_xml(returned(), *cell(code), attributes, inside), tmp_path)
    assert only(done, "picture_in_cell").cell == cell(code)[1]
    assert answer(done, code) == (AnswerState.INVALID, None)


def test_a_new_error_of_a_formula_is_no_picture(tmp_path: Path) -> None:
    data = with_xml(returned(), *cell("press_total"), 't="e" vm="1"', "<f>SORT(A1:A9)</f><v>#VALUE!</v>")
    assert "error_cell" in codes(read(data, tmp_path))


# As other programs save it


def _everything() -> bytes:
    def edit(book: Workbook) -> None:
        put(
            {
                "press_total": rich((STRUCK, "6"), "8"),
                "press_print": rich("180", (RAISED, "1")),
                "limits": rich("Kinh phí ", (STRUCK, "chưa được cấp"), (PLAIN, " hạn hẹp.")),
            },
            fonts={"results": Font(strike=True)},
        )(book)
        formatted("budget_planned", "#,##0.0,,", 250_500_000)(book)
        formatted("budget_spent", ";;;", 125.25)(book)
        formatted("press_radio", "0%", 0.06)(book)
        formatted("events_held", '0"000"', 2)(book)
        _in_list(lambda sheet, at: [setattr(sheet[one], "font", Font(strike=True)) for one in at.values()])(
            book
        )

    return with_picture(returned({"plan_level": None}, edit=edit), "plan_level")


EXPECTED = {
    ("struck_in_answer", "press_total"), ("raised_in_answer", "press_print"), ("struck_words", "limits"),
    ("struck_out", "results"), ("format_scales", "budget_planned"), ("format_hides", "budget_spent"),
    ("format_percent", "press_radio"), ("format_adds_digits", "events_held"), ("struck_row", "events.day"),
    ("picture_in_cell", "plan_level"),
}  # fmt: skip


def test_all_of_it_at_once(tmp_path: Path) -> None:
    done = read(_everything(), tmp_path)
    assert {(one.code, one.indicator) for one in done.findings} == EXPECTED


@pytest.mark.libreoffice
@pytest.mark.parametrize("to", ["xls", "ods", "xlsx"])
def test_all_of_it_as_libreoffice_saves_it(to: str, soffice: Convert, tmp_path: Path) -> None:
    path = tmp_path / "returned.xlsx"
    path.write_bytes(_everything())
    (saved,) = soffice([path], to=to, outdir=tmp_path / to)
    done = read(saved.read_bytes(), tmp_path, saved.name)
    assert {(one.code, one.indicator) for one in done.findings} == EXPECTED
    assert answer(done, "limits") == (AnswerState.VALUE, "Kinh phí hạn hẹp.")


@pytest.mark.libreoffice
@pytest.mark.parametrize("to", ["xls", "ods", "xlsx"])
def test_a_clean_form_as_libreoffice_saves_it_has_none_of_it(
    to: str, soffice: Convert, tmp_path: Path
) -> None:
    path = tmp_path / "returned.xlsx"
    path.write_bytes(returned())
    (saved,) = soffice([path], to=to, outdir=tmp_path / to)
    assert read(saved.read_bytes(), tmp_path, saved.name).findings == ()
