"""Reading takes a time in proportion to the size of a part, whatever stands in it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from reportctl.intake.job import Job
from reportctl.intake.open_file import read_one
from tests.making.machine import FIXTURES
from tests.making.returned import context, repacked, returned

GOOD = returned()
ODS = (FIXTURES / "libreoffice-filled.ods").read_bytes()
SHEET, TEXTS, STYLES = "xl/worksheets/sheet2.xml", "xl/sharedStrings.xml", "xl/styles.xml"
CORE, CONTENT, MANIFEST = "docProps/core.xml", "content.xml", "META-INF/manifest.xml"
SMALL, LARGE = 1 << 16, 1 << 18  # bytes; what takes the square of that takes minutes
BOUND = 8  # times as long as the small one: four where it is linear, sixteen where it is quadratic
FLOOR = 0.1  # seconds that are not counted: all that does not depend on the size


def _before(mark: str, begin: str, piece: str, end: str = "") -> Callable[[bytes, int], bytes]:
    """What puts, before a mark in the part, pieces of that many bytes together."""

    def change(content: bytes, size: int) -> bytes:
        assert mark.encode() in content
        inside = begin + piece * (size // len(piece)) + end
        return content.replace(mark.encode(), inside.encode() + mark.encode(), 1)

    return change


def _rows(cell: str) -> Callable[[bytes, int], bytes]:
    """What adds cells, each in a row of its own, below the others."""

    def change(content: bytes, size: int) -> bytes:
        rows = "".join(f'<row r="{n}">{cell.format(n)}</row>' for n in range(900, 900 + size // 60))
        return content.replace(b"</sheetData>", rows.encode() + b"</sheetData>")

    return change


def _formats(code: Callable[[int], str]) -> Callable[[bytes, int], bytes]:
    """What gives cells another number format."""

    def change(content: bytes, size: int) -> bytes:
        assert b'<xf numFmtId="164"' in content
        own = f'<numFmt numFmtId="190" formatCode="{code(size)}"/></numFmts>'
        changed = content.replace(b"</numFmts>", own.encode())
        return changed.replace(b'<xf numFmtId="164"', b'<xf numFmtId="190"')

    return change


NOTE = ("<!-- ", " < -->")
WIDE = '<col min="1" max="1" width="9"/>' * 1_000  # in which no cell begins
COLUMNS, AFTER = "<sheetData>", "</worksheet>"
CASES: dict[str, tuple[bytes, str, Callable[[bytes, int], bytes]]] = {
    "columns, then empty values": (
        GOOD, SHEET, _before("</sheetData>", f'<row r="900">{WIDE}</row>', "<row><c><v /></c></row>"),
    ),
    "columns, then empty texts": (
        GOOD, SHEET, _before("</sheetData>", f'<row r="900">{WIDE}</row>', "<row><c><is /></c></row>"),
    ),
    "empty values": (GOOD, SHEET, _before(COLUMNS, "<a>", "<v />", "</a>")),
    "empty texts in cells": (GOOD, SHEET, _before(COLUMNS, "<a>", "<is />", "</a>")),
    "empty shared texts": (GOOD, TEXTS, _before("</sst>", "", "<si />")),
    "values in a note": (GOOD, SHEET, _before(COLUMNS, NOTE[0], "<v>", NOTE[1])),
    "columns in a note": (GOOD, SHEET, _before(COLUMNS, NOTE[0], "<col ", NOTE[1])),
    "merged cells in a note": (GOOD, SHEET, _before(AFTER, NOTE[0], "mergeCell ", NOTE[1])),
    "merged cells that begin in a note": (GOOD, SHEET, _before(AFTER, NOTE[0], "<mergeCell ", NOTE[1])),
    "references in a note": (GOOD, SHEET, _before(AFTER, NOTE[0], '<mergeCell ref="', NOTE[1])),
    "blanks": (GOOD, SHEET, _before(COLUMNS, "", " ")),
    "blanks in a note": (GOOD, SHEET, _before(COLUMNS, NOTE[0], " r ", NOTE[1])),
    "blanks at the end": (GOOD, SHEET, _before(AFTER, "", "\n")),
    "notes": (GOOD, SHEET, _before(COLUMNS, "", "<!--a-->")),
    "signs below": (GOOD, SHEET, _before(COLUMNS, NOTE[0], "<", NOTE[1])),
    "empty values in rows": (GOOD, SHEET, _rows('<c r="A{0}"><v /></c>')),
    "formulas": (GOOD, SHEET, _rows('<c r="A{0}"><f t="array" ref="A900:A{0}">1</f><v>1</v></c>')),
    "the same formulas": (GOOD, SHEET, _rows('<c r="A{0}"><f t="array" ref="A900:B99999">1</f><v>1</v></c>')),
    "formulas beside figures": (
        GOOD, SHEET,
        _rows('<c r="A{0}"><f t="array" ref="A900:A99999">1</f><v>1</v></c><c r="B{0}"><v>1</v></c>'),
    ),
    "rich texts in cells": (
        GOOD, SHEET, _rows('<c r="A{0}" t="inlineStr"><is><r><rPr><strike/></rPr><t>a</t></r></is></c>'),
    ),
    "one long formula": (GOOD, SHEET, lambda content, size: content.replace(
        b"</sheetData>",
        b'<row r="900"><c r="A900"><f t="array">' + b"&lt;f " * (size // 6) + b"</f></c></row></sheetData>",
    )),
    "entities": (GOOD, TEXTS, _before("</sst>", "<si><t>", "&amp;", "</t></si>")),
    "pieces of a text": (
        GOOD, TEXTS, _before("</sst>", "<si>", "<r><rPr><strike/></rPr><t>a</t></r>", "</si>"),
    ),
    "a format of letters": (GOOD, STYLES, _formats(lambda size: "a" * size)),
    "a format of quotes": (GOOD, STYLES, _formats(lambda size: "a" + "&quot;" * size)),
    "a format of quotes and letters": (GOOD, STYLES, _formats(lambda size: "a&quot;b" * size)),
    "a format of digits": (GOOD, STYLES, _formats(lambda size: "0," * size)),
    "days of saving": (GOOD, CORE, _before("<dcterms:created", NOTE[0], "<modified ", "--><a/>")),
    "spans in a note": (ODS, CONTENT, _before("<office:body>", "<!-- <a", " a-spanned", NOTE[1])),
    "spans": (ODS, CONTENT, _before("<office:body>", "<!-- ", "<a-spanned", NOTE[1])),
    "documents": (ODS, MANIFEST, _before("</manifest:manifest>", "<!-- <a", ' full-path="/"', NOTE[1])),
    "columns": (ODS, CONTENT, _before(
        "</table:table>", "<table:table-row>", "<table:table-cell/>", "</table:table-row>"
    )),
    "styles": (ODS, CONTENT, _before(
        "</office:automatic-styles>", "",
        '<style:style style:name="a" style:parent-style-name="a" style:family="table-cell"/>',
    )),
}  # fmt: skip


def _seconds(data: bytes, part: str, change: Callable[[bytes, int], bytes], size: int, folder: Path) -> float:
    """The processor's time that reading the changed workbook takes, the better of two tries."""
    changed = repacked(data, lambda name, content: change(content, size) if name == part else content)
    assert changed != data
    path = folder / "a.bin"
    path.write_bytes(changed)
    tries = []
    for _try in range(2):
        start = time.process_time()
        read_one(Job(path, "a.xlsx" if data is GOOD else "a.ods"), context())
        tries.append(time.process_time() - start)
    return min(tries)


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_four_times_the_size_takes_about_four_times_as_long(name: str, tmp_path: Path) -> None:
    data, part, change = CASES[name]
    small = _seconds(data, part, change, SMALL, tmp_path)
    large = _seconds(data, part, change, LARGE, tmp_path)
    assert large < FLOOR + BOUND * small, (small, large)
