"""Healthy workbooks with something unusual round our cells are read; what is wrong is said where it is."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from reportctl.form.submission import AnswerState
from tests.hostile.comparison import faults
from tests.making.programs import MAIN, RELATIONS
from tests.making.returned import cell, codes, context, only, read, repacked, returned, sheet_part, with_xml

STYLES, BOOK, RELATED = "xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
MICROSOFT = "http://schemas.microsoft.com/office/2006/relationships"
COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
FIRST_FORMAT = r"(<cellXfs[^>]*>)(<xf [^>]*?(?:/>|>.*?</xf>))"
WHOLE = r"\g<0>"


def _changed(*changes: tuple[str, str, str]) -> bytes:
    """The returned workbook with the first place of a pattern in a part replaced."""
    made = 0

    def change(name: str, content: bytes) -> bytes:
        nonlocal made
        for part, pattern, new in changes:
            if part == name:
                text, count = re.subn(pattern, new, content.decode(), count=1, flags=re.DOTALL)
                content, made = text.encode(), made + count
        return content

    data = repacked(returned(), change)
    assert made == len(changes)
    return data


def _beside(kind: str, value: str) -> bytes:
    """With a cell beside ours, on the sheet of instructions."""
    row = f'<row r="900"><c r="A900" t="{kind}"><v>{value}</v></c></row></sheetData>'
    return _changed(("xl/worksheets/sheet1.xml", "</sheetData>", row))


def _first_format(code: str) -> bytes:
    """With a format of days for the cells that have none of their own: what the style Normal brings."""
    return _changed(
        (STYLES, r'(<cellXfs[^>]*><xf )numFmtId="0"', r'\1numFmtId="199"'),
        (STYLES, r"<numFmts[^>]*>", rf'{WHOLE}<numFmt numFmtId="199" formatCode="{code}"/>'),
    )


def _other_sheet(attributes: str, related: str = "", part: str = "", content: str = "") -> bytes:
    sheet = f'<sheet xmlns:r="{RELATIONS}" name="Khac" sheetId="90" {attributes}/></sheets>'
    relation = f'<Relationship Id="rId90" Type="{related}" Target="{part}"/></Relationships>'
    data = _changed((BOOK, "</sheets>", sheet), (RELATED, "</Relationships>", relation if part else WHOLE))
    if not content:
        return data
    added = io.BytesIO(data)
    with zipfile.ZipFile(added, "a") as package:
        package.writestr(f"xl/{part}", content)
    return added.getvalue()


def _either(choice: str, fallback: str) -> str:
    inside = f'<mc:Choice Requires="x16r2">{choice}</mc:Choice><mc:Fallback>{fallback}</mc:Fallback>'
    spaces = f'xmlns:mc="{COMPATIBILITY}" xmlns:x16r2="urn:x16r2"'
    return f"<mc:AlternateContent {spaces}>{inside}</mc:AlternateContent>"


def _both_forms(pattern: str) -> bytes:
    return _changed((STYLES, pattern, _either(WHOLE, WHOLE)))


MACROS = (
    f'<xm:macrosheet xmlns="{MAIN}" xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><sheetData>'
    '<row r="1"><c r="A1"><f>HALT()</f><v>0</v></c></row></sheetData></xm:macrosheet>'
)
RELATED_AS = 'r:id="rId90"'
XLM, INTERNATIONAL = f"{MICROSOFT}/xlMacrosheet", f"{MICROSOFT}/xlIntlMacrosheet"
NUMBERS = (
    *("1e240", "1E+300", "-9.99999999999999E+307", "1.7976931348623157E+308", "1" + "0" * 300),
    *("1e400", "9" * 310),  # more than a cell can hold
)
MOMENTS = (
    *("PT1H30M", "PT36H", "P1DT2H", "PT10H10M10S", "PT1H30M0.5S", "-PT1H", "P1Y2M", "T12:30:00", "12:30:00Z"),
    *("2024-01-05T10:00:00+07:00", "1899-12-30T01:30:00Z", "2024-01-05T00:00:00.000"),
)
HEALTHY: dict[str, Callable[[], bytes]] = {
    "Normal shows days": partial(_first_format, "dd/mm/yyyy"),
    "Normal shows hours": partial(_first_format, "[h]:mm"),
    "Normal is a built-in day": lambda: _changed(
        (STYLES, r'(<cellXfs[^>]*><xf )numFmtId="0"', r'\1numFmtId="14"')
    ),
    "a module without a part": partial(_other_sheet, 'state="veryHidden"'),
    "a module with an empty id": partial(_other_sheet, 'r:id=""'),
    "macros": partial(_other_sheet, RELATED_AS, XLM, "macrosheets/sheet1.xml", MACROS),
    "hidden macros": partial(
        _other_sheet, f'{RELATED_AS} state="veryHidden"', INTERNATIONAL, "macrosheets/intlsheet1.xml", MACROS
    ),
    "macros in another form": partial(_other_sheet, RELATED_AS, XLM, "macrosheets/sheet1.bin", "x"),
    "a chart that is lost": partial(_other_sheet, RELATED_AS, f"{RELATIONS}/chartsheet", "chartsheets/s.xml"),
    **{f"the number {number[:24]}": partial(_beside, "n", number) for number in NUMBERS},
    **{f"the moment {moment}": partial(_beside, "d", moment) for moment in MOMENTS},
    "two forms of a number format": partial(_both_forms, "<numFmt [^>]*/>"),
    "two forms of all number formats": partial(_both_forms, "<numFmts.*?</numFmts>"),
    "two forms of all cell formats": partial(_both_forms, "<cellXfs.*?</cellXfs>"),
    "two forms of a font": partial(_both_forms, "<font>.*?</font>"),
    "two forms of a cell format": lambda: _changed((STYLES, FIRST_FORMAT, r"\1" + _either(r"\2", r"\2"))),
    "forms within forms": lambda: _changed(
        (STYLES, FIRST_FORMAT, r"\1" + _either(_either(r"\2", r"\2"), _either("<x/>", r"\2")))
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_workbook_is_read_like_a_plain_one(name: str, tmp_path: Path) -> None:
    data = HEALTHY[name]()
    done, plain = read(data, tmp_path), read(returned(), tmp_path)
    assert codes(done) == []
    assert done.submission
    assert plain.submission
    assert done.submission.answers == plain.submission.answers
    assert [row.answers for row in done.submission.rows] == [row.answers for row in plain.submission.rows]
    assert faults(data, ".xlsx", done, context()) == []


def test_where_our_cells_have_no_format_of_their_own_they_show_days(tmp_path: Path) -> None:
    sheet, at = cell("press_print")
    part, data = sheet_part(returned(), sheet), _first_format("dd/mm/yyyy")

    def change(name: str, content: bytes) -> bytes:
        plain = rf'<c r="{at}" s="\d+"'.encode()
        return re.sub(plain, f'<c r="{at}"'.encode(), content) if name == part else content

    found = only(read(repacked(data, change), tmp_path), "became_date")
    assert (found.sheet, found.cell) == (sheet, at)


def test_a_span_of_time_is_no_count(tmp_path: Path) -> None:
    done = read(with_xml(returned(), *cell("press_total"), 't="d"', "<v>PT36H</v>"), tmp_path)
    assert done.submission
    answer = done.submission.answer("press_total")
    assert answer
    assert answer.state is AnswerState.INVALID
    assert {found.cell for found in done.findings} == {cell("press_total")[1]}


@pytest.mark.parametrize("attribute", ["", 'r:id=""'])
def test_a_sheet_that_lost_its_part_is_no_module(attribute: str, tmp_path: Path) -> None:
    found = only(read(_changed((BOOK, 'r:id="rId2"', attribute)), tmp_path), "part_missing")
    assert found.sheet == cell("press_total")[0]


DAYS = r'<xf numFmtId="14"/>'


@pytest.mark.parametrize(("choice", "fallback"), [(DAYS, r"\2"), (r"\2", DAYS), ("", r"\2")])
def test_formats_that_only_some_programs_see_are_refused(choice: str, fallback: str, tmp_path: Path) -> None:
    """Excel would show days in the cells where others show numbers, or the other way round."""
    data = _changed((STYLES, FIRST_FORMAT, r"\1" + _either(choice, fallback)))
    assert codes(read(data, tmp_path)) == ["truncated"]
