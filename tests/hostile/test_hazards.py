"""Damaged and hostile files, each made small here, read in one batch by processes that may die over them."""

from __future__ import annotations

import functools
import io
import re
import struct
import zipfile
from collections.abc import Callable
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from reportctl.core.language import speaking
from reportctl.intake.job import Job, ReadResult
from reportctl.intake.open_file import read_one
from reportctl.intake.workers import read_all
from tests.making.machine import FIXTURES
from tests.making.returned import context, repacked, returned, say, sent_out

GOOD = returned()
XLS = (FIXTURES / "libreoffice-filled.xls").read_bytes()
ODS = (FIXTURES / "libreoffice-filled.ods").read_bytes()
FIXTURES = Path(__file__).parents[1] / "fixtures"
SHEET, TEXTS, WORKBOOK = "xl/worksheets/sheet2.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
MEGABYTE = 2**20


def _changed(part: str, change: Callable[[bytes], bytes], data: bytes = GOOD) -> bytes:
    """The workbook with one part changed, which it must have."""
    seen = []

    def one(name: str, content: bytes) -> bytes:
        if name != part:
            return content
        seen.append(change(content))
        assert seen[0] != content
        return seen[0]

    made = repacked(data, one)
    assert len(seen) == 1
    return made


def _without(part: str) -> bytes:
    return repacked(GOOD, lambda name, content: None if name == part else content)


def _replaced(old: str, new: str, part: str = SHEET, data: bytes = GOOD) -> bytes:
    return _changed(part, lambda content: re.sub(old.encode(), new.encode(), content, count=1), data)


def _with_rows(xml: str) -> bytes:
    return _replaced("</sheetData>", f"{xml}</sheetData>")


def _in_utf16(content: bytes) -> bytes:
    """As other programs may write it: with a mark, and declared."""
    inside = re.sub(r"\A<\?xml[^>]*\?>\s*", "", content.decode())
    return f'<?xml version="1.0" encoding="UTF-16" standalone="yes"?>\n{inside}'.encode("utf-16")


def _doctype(content: bytes) -> bytes:
    inside = re.sub(rb"\A<\?xml[^>]*\?>\s*", b"", content)
    return b'<!-- a --><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>' + inside


def _with_entries(count: int, content: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO(GOOD)
    with zipfile.ZipFile(target, "a", method, compresslevel=1) as archive:
        for number in range(count):
            archive.writestr(f"xl/media/image{number}.bin", content)
    return target.getvalue()


def _with_a_twin() -> bytes:
    target = io.BytesIO(GOOD)
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr(SHEET.upper(), b"<worksheet/>")
    return target.getvalue()


def _with_a_wrong_checksum() -> bytes:
    data = bytearray(GOOD)
    entry = data.rindex(b"PK\1\2", 0, data.rindex(SHEET.encode()))
    (local,) = struct.unpack_from("<I", data, entry + 42)
    for at in (entry + 16, local + 14):
        data[at] ^= 1
    return bytes(data)


def _with_password(data: bytes = GOOD) -> bytes:
    """The archive with every entry marked as encrypted."""
    return data.replace(b"PK\1\2\x14\x03\x14\0\0\0", b"PK\1\2\x14\x03\x14\0\1\0")


def _ods(rows: str) -> bytes:
    """The workbook of LibreOffice with `rows` on top of its first sheet."""

    def on_top(content: bytes) -> bytes:
        at = content.index(b"<table:table-row")
        return content[:at] + rows.encode() + content[at:]

    return _changed("content.xml", on_top, ODS)


def _ods_row(cell: str = "", row: str = "", inside: str = "1") -> str:
    return (
        f'<table:table-row {row}><table:table-cell office:value-type="string" {cell}>'
        f"<text:p>{inside}</text:p></table:table-cell></table:table-row>"
    )


def _far_in_xls() -> bytes:
    """A number record ([MS-XLS] 2.4.180) moved to the last cell that the format has."""
    at = re.search(rb"\x03\x02\x0e\0|\x7e\x02\x0a\0", XLS)
    assert at
    return XLS[: at.end()] + struct.pack("<HH", 65_535, 255) + XLS[at.end() + 4 :]


DAMAGED = "the file is damaged or incomplete"
BEYOND = "the file is beyond what is read: "
UNSAFE = "the workbook holds what no workbook needs ({}) and is not opened"
LETTERS = "the letters in the file cannot be made out (part {}, encoding {})"
PASSWORD = "the file is protected with a password and cannot be opened"
NO_SHEET = "the file is incomplete: it lacks the sheet “Số liệu”"
NO_WORKBOOK = "the file is incomplete: it lacks the workbook itself"
AREA = f"{BEYOND}the used area of the sheet “Số liệu” is "

# What is made, its name, the kind of finding, what is said.
FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
OTHER_FAR = FAR.replace("<", "<x:").replace("<x:/", "</x:").replace("row", f'row xmlns:x="{MAIN}"', 1)

HAZARDS: list[tuple[Callable[[], bytes], str, str, str]] = [
    # As a whole
    (lambda: b"", "empty.xlsx", "empty_file", "the file is empty (0 bytes)"),
    (lambda: GOOD[: len(GOOD) // 2], "half.xlsx", "truncated", DAMAGED),
    (lambda: XLS[: len(XLS) // 2], "half.xls", "truncated", DAMAGED),
    (lambda: XLS[:300], "head.xls", "truncated", DAMAGED),
    (lambda: ODS[: len(ODS) // 2], "half.ods", "truncated", DAMAGED),
    (lambda: bytes(9_000), "zeros.xlsx", "truncated", DAMAGED),
    (lambda: b"khong phai", "text.xlsx", "not_a_workbook", "the file is not an Excel workbook"),
    (lambda: _with_password(), "password.xlsx", "encrypted", PASSWORD),
    (lambda: XLS.replace(b"\x5c\0\x70\0", b"\x2f\0\x70\0"), "password.xls", "encrypted", PASSWORD),
    (
        lambda: _replaced("/>", "><m:encryption-data/></m>", "META-INF/manifest.xml", ODS),
        "password.ods",
        "encrypted",
        PASSWORD,
    ),
    # The package
    (_with_a_wrong_checksum, "crc.xlsx", "truncated", DAMAGED),
    (_with_a_twin, "twin.xlsx", "unsafe", UNSAFE.format("two parts of the same name")),
    (lambda: _changed(SHEET, _doctype), "doctype.xlsx", "unsafe", UNSAFE.format("DOCTYPE")),
    (
        lambda: _changed(SHEET, lambda old: _in_utf16(_doctype(old))),
        "doctype in UTF-16.xlsx",
        "unsafe",
        UNSAFE.format("DOCTYPE"),
    ),
    (lambda: _changed("content.xml", _doctype, ODS), "doctype.ods", "unsafe", UNSAFE.format("DOCTYPE")),
    (lambda: _without("_rels/.rels"), "no relations.xlsx", "part_missing", NO_WORKBOOK),
    (lambda: _without(WORKBOOK), "no workbook.xlsx", "part_missing", NO_WORKBOOK),
    (
        lambda: repacked(ODS, lambda name, old: None if name == "content.xml" else old),
        "no content.ods",
        "part_missing",
        NO_WORKBOOK,
    ),
    (lambda: _without(SHEET), "no sheet.xlsx", "part_missing", NO_SHEET),
    (
        lambda: _replaced('<Relationship [^>]*/sheet2.xml"[^>]*>', "", "xl/_rels/workbook.xml.rels"),
        "no relation.xlsx",
        "part_missing",
        NO_SHEET,
    ),
    (
        lambda: _with_entries(2_001, b""),
        "parts.xlsx",
        "too_large",
        f"{BEYOND}the number of parts is 20*, the limit 2000",
    ),
    (
        lambda: _with_entries(1, bytes(21 * MEGABYTE), zipfile.ZIP_STORED),
        "file.xlsx",
        "too_large",
        f"{BEYOND}the size of the file is 21 MB, the limit 20 MB",
    ),
    # Letters
    (
        lambda: _changed(TEXTS, lambda old: old.replace(b"<t>", b"<t>\xe9", 1), sent_out()),
        "letters.xlsx",
        "undecodable",
        LETTERS.format("xl/sharedstrings.xml", "UTF-8"),
    ),
    (
        lambda: _changed("content.xml", lambda old: old.replace(b"<text:p>", b"<text:p>\xe9", 1), ODS),
        "letters.ods",
        "undecodable",
        LETTERS.format("content.xml", "UTF-8"),
    ),
    (
        lambda: _changed(SHEET, lambda old: _in_utf16(old)[:-1]),
        "letters in UTF-16.xlsx",
        "undecodable",
        LETTERS.format(SHEET, "UTF-16"),
    ),
    (
        lambda: _changed(SHEET, lambda old: b'<?xml version="1.0" encoding="UTF-7"?>' + old),
        "UTF-7.xlsx",
        "undecodable",
        LETTERS.format(SHEET, "UTF-7"),
    ),
    # Parts that are cut off, which readers would take as far as they go
    *(
        (
            functools.partial(_changed, part, lambda old: old[: old.rindex(b"</", 0, -20)], data),
            f"cut {part[3:].replace('/', '_')}",
            "truncated",
            DAMAGED,
        )
        for part, data in ((SHEET, GOOD), (TEXTS, sent_out()), ("xl/styles.xml", GOOD), (WORKBOOK, GOOD))
    ),
    # Cells
    (
        lambda: _with_rows(FAR),
        "far.xlsx",
        "too_large",
        f"{AREA}A1:XFD1048576, the limit 5 million cells",
    ),
    (
        lambda: _changed(
            SHEET,
            lambda old: _in_utf16(old.replace(b"</sheetData>", f"{FAR}</sheetData>".encode())),
        ),
        "far in UTF-16.xlsx",
        "too_large",
        f"{AREA}A1:XFD1048576, the limit 5 million cells",
    ),
    *(
        (
            functools.partial(_with_rows, f"<row{row}><c{cell}><v>1</v></c></row>"),
            f"outside {number}.xlsx",
            "too_large",
            f"{BEYOND}a cell of the sheet “Số liệu” is {said}, the limit XFD1048576",
        )
        for number, (row, cell, said) in enumerate(
            (
                ("", ' r="ZZZZ99999999999"', "ZZZZ99999999999"),
                ("", ' s="1" r="XFE7"', "XFE7"),
                ("", " r='xfe7'", "xfe7"),
                ("", ' r="A1048577"', "A1048577"),
                (' r="4294967296"', "", "4294967296"),
            )
        )
    ),
    (
        lambda: _with_rows(OTHER_FAR),
        "far by another prefix.xlsx",
        "too_large",
        f"{AREA}A1:XFD1048576, the limit 5 million cells",
    ),
    (_far_in_xls, "far.xls", "too_large", f"{AREA}A1:IV65536, the limit 5 million cells"),
    *(
        (
            functools.partial(_ods, rows),
            f"far {number}.ods",
            "too_large",
            f"{BEYOND}the used area of the sheet *, the limit 5 million cells",
        )
        for number, rows in enumerate(
            (
                _ods_row('table:number-columns-repeated="2000000000"'),
                _ods_row(row='table:number-rows-repeated="2000000000"'),
                _ods_row('table:number-columns-repeated="16384"', 'table:number-rows-repeated="1000000"'),
                _ods_row().replace(">", '><table:table-cell table:number-columns-repeated="2000000000"/>', 1),
                _ods_row(row='table:number-rows-repeated="2000000000"', inside="") + _ods_row(),
            )
        )
    ),
    (
        lambda: _replaced("<mergeCell ", '<mergeCell ref="A100:Z38562"/><mergeCell '),
        "merged.xlsx",
        "too_large",
        f"{BEYOND}the merged area of the sheet “Số liệu” is 1,000,* cells, the limit 1 million cells",
    ),
    (
        lambda: _ods(_ods_row('table:number-columns-spanned="1000" table:number-rows-spanned="1001"')),
        "merged.ods",
        "too_large",
        f"{BEYOND}the merged area is 1,001,* cells, the limit 1 million cells",
    ),
    (
        lambda: _replaced("</t>", "ề" * 33_000 + "</t>", TEXTS, sent_out()),
        "text.xlsm",
        "too_large",
        f"{BEYOND}the length of the text “*…” is 33,* characters, the limit 32,767 characters",
    ),
    (
        lambda: _with_rows(f'<row><c t="inlineStr"><is>{"<r><t>mười chữ.. </t></r>" * 3_000}</is></c></row>'),
        "text in runs.xlsx",
        "too_large",
        f"{BEYOND}the length of the text “mười chữ.. mười chữ.. mười chữ.. mười ch…” is 33,000 characters, "
        "the limit 32,767 characters",
    ),
    (
        lambda: _ods(_ods_row(inside="x" * 20_000 + '<text:s text:c="1000"/>' * 13)),
        "text.ods",
        "too_large",
        f"{BEYOND}the length of the text “{'x' * 40}…” is 33,000 characters, the limit 32,767 characters",
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ReadResult]:
    """All of them, a good workbook before each, read in one go."""
    folder = tmp_path_factory.mktemp("inbox")
    jobs = []
    for make, name, _code, _said in HAZARDS:
        for called, data in ((f"before {name}", GOOD), (name, make())):
            (folder / called).write_bytes(data)
            jobs.append(Job(folder / called, called))
    return {read.job.name: read for read in read_all(jobs, context(), processes=2, timeout=10.0)}


def test_nothing_else_is_lost(batch: dict[str, ReadResult]) -> None:
    assert len(batch) == 2 * len(HAZARDS)
    for _make, name, _code, _said in HAZARDS:
        read = batch[f"before {name}"]
        assert read.submission
        assert len(read.submission.answers) == 12
        assert {found.code for found in read.findings} <= {"wrong_extension"}


@pytest.mark.parametrize(("name", "code", "said"), [hazard[1:] for hazard in HAZARDS])
def test_one_plain_finding(batch: dict[str, ReadResult], name: str, code: str, said: str) -> None:
    read = batch[name]
    say(read.findings)
    (found,) = [found for found in read.findings if found.code != "wrong_extension"]
    assert (found.code, found.file, found.severity.value) == (code, name, "error")
    assert fnmatchcase(found.message, said)
    assert read.submission is None
    assert read.sha256
    with speaking("vi"):
        assert "Traceback" not in found.message + found.hint


def _read(data: bytes, folder: Path, name: str = "a.xlsx") -> ReadResult:
    path = folder / name
    path.write_bytes(data)
    return read_one(Job(path, name), context())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("count", "size", "said"),
    [
        (1, 100 * MEGABYTE + 1, "the size of a part when unpacked is > 100 MB, the limit 100 MB"),
        (3, 67 * MEGABYTE, "the size when unpacked is > 200 MB, the limit 200 MB"),
    ],
)
def test_what_unpacks_to_very_much(count: int, size: int, said: str, tmp_path: Path) -> None:
    (found,) = _read(_with_entries(count, bytes(size)), tmp_path).findings
    assert found.message == f"{BEYOND}{said}"


@pytest.mark.parametrize("parts", [SHEET, WORKBOOK, "[Content_Types].xml", ""])
def test_a_workbook_in_utf16_is_read_as_any_other(parts: str, tmp_path: Path) -> None:
    plain = _read(GOOD, tmp_path)
    data = repacked(
        GOOD,
        lambda name, old: (
            _in_utf16(old) if name.endswith((".xml", ".rels")) and name.startswith(parts) else old
        ),
    )
    read = _read(data, tmp_path)
    assert read.findings == plain.findings == ()
    assert read.submission
    assert plain.submission
    assert read.submission.answers == plain.submission.answers


def test_an_opendocument_workbook_in_utf16_is_read_as_any_other(tmp_path: Path) -> None:
    plain = _read(ODS, tmp_path, "a.ods")
    read = _read(_changed("content.xml", _in_utf16, ODS), tmp_path, "a.ods")
    assert read.submission
    assert plain.submission
    assert (read.submission.answers, read.findings) == (plain.submission.answers, plain.findings)


def test_texts_in_an_old_encoding_that_is_declared(tmp_path: Path) -> None:
    def change(content: bytes) -> bytes:
        inside = re.sub(r"\A<\?xml[^>]*\?>", "", content.decode())
        written = inside.encode("windows-1252", "xmlcharrefreplace")
        assert not written.isascii()
        return b'<?xml version="1.0" encoding="windows-1252"?>' + written

    plain = _read(sent_out(), tmp_path)
    assert plain.findings
    assert _read(_changed(TEXTS, change, sent_out()), tmp_path).findings == plain.findings


def test_an_error_in_a_sheet_in_utf16_is_seen(tmp_path: Path) -> None:
    """The search for errors and formulas is one in bytes."""
    broken = returned({"press_total": "=1/0"})
    (plain,) = [found for found in _read(broken, tmp_path).findings if found.indicator == "press_total"]
    read = _read(_changed(SHEET, _in_utf16, broken), tmp_path)
    assert plain in read.findings


def test_the_length_of_a_text_in_xls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reportctl.workbooks.open_book.TEXT_LIMIT", 20)
    (found,) = _read(XLS, tmp_path, "a.xls").findings
    assert found.code == "too_large"
    assert found.sheet
    assert found.cell
    assert found.message.startswith(f"{BEYOND}the length of the text “")


def test_texts_as_long_as_a_cell_holds_are_read(tmp_path: Path) -> None:
    read = _read(returned({"limits": "ề" * 32_767}), tmp_path)
    assert read.submission
    assert read.findings == ()


@pytest.mark.parametrize("count", [10**12, 2**64 - 1])
def test_a_count_that_no_memory_holds_is_not_believed(count: int, tmp_path: Path) -> None:
    data = _replaced('uniqueCount="[0-9]+"', f'uniqueCount="{count}"', TEXTS, sent_out())
    read, plain = (_read(one, tmp_path) for one in (data, sent_out()))
    assert read.submission
    assert plain.submission
    assert (read.submission.answers, read.findings) == (plain.submission.answers, plain.findings)


def test_no_parser_says_anything(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    odd = tmp_path / "odd.xls"  # no whole number of sectors: worth a warning to xlrd
    odd.write_bytes((FIXTURES / "libreoffice-filled.xls").read_bytes() + b"x")
    list(read_all([Job(odd, odd.name)], context(), timeout=10.0))
    said = capfd.readouterr()
    assert (said.out, said.err) == ("", "")
