from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportctl.core.finding_kinds import Severity
from reportctl.workbooks import safety, zips
from reportctl.workbooks.book import BookError
from reportctl.workbooks.safety import inspect
from reportctl.workbooks.xlsx import read_book
from tests.making.machine import Convert
from tests.making.returned import repacked, returned, say, sent_out, with_xml

CONTENT_TYPES = '<Types><Override PartName="/main" ContentType="application/{}"/></Types>'


def _codes(data: bytes, name: str = "a.xlsx", size: int | None = None) -> list[str]:
    inspected = inspect(data, name, size)
    say(inspected.findings)
    assert not (inspected.parts and any(f.severity is Severity.ERROR for f in inspected.findings))
    return [found.code for found in inspected.findings]


def _zip(**parts: bytes | str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def _package(content_type: str, **parts: bytes) -> bytes:
    return _zip(**{"[Content_Types].xml": CONTENT_TYPES.format(content_type), **parts})


# The least that a workbook is made of.
PARTS = {
    "_rels/.rels": b'<a><b Type="http://x/officeDocument" Target="xl/workbook.xml"/></a>',
    "xl/workbook.xml": b"<workbook/>",
}


def _compound(*streams: str) -> bytes:
    """An OLE2 compound file as [MS-CFB] lays it out: header, then a directory of 128-byte entries."""
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<H", header, 30, 9)  # sectors of 512 bytes
    struct.pack_into("<I", header, 48, 1)  # the directory is in the second one
    entries = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", *streams))
    return bytes(header) + bytes(512) + entries


def test_a_workbook_is_opened() -> None:
    inspected = inspect(sent_out(), "a.xlsx")
    assert (inspected.file_type, inspected.findings, inspected.ignored) == ("xlsx", (), False)
    assert inspected.parts["xl/workbook.xml"].startswith(b"<?xml")


FLAT = '<office:document office:mimetype="application/vnd.oasis.opendocument.spreadsheet">'
OFFICE = "vnd.openxmlformats-officedocument"
MACROS = "vnd.ms-excel.sheet.macroEnabled.main+xml"


@pytest.mark.parametrize(
    ("content_type", "name", "file_type", "extension"),
    [
        (MACROS, "a.XLSM", "xlsm", None),
        (MACROS, "a.xlsx", "xlsm", ".xlsx"),
        (f"{OFFICE}.spreadsheetml.sheet.main+xml", "a.xls", "xlsx", ".xls"),
        (f"{OFFICE}.spreadsheetml.template.main+xml", "a.xltx", "xlsx", None),
        (f"{OFFICE}.spreadsheetml.sheet.main+xml", "noname", "xlsx", "-"),
        (f"{OFFICE}.spreadsheetml.sheet.main+xml", "a.zip", "xlsx", ".zip"),
    ],
)
def test_the_type_of_a_workbook_is_told_by_content(
    content_type: str, name: str, file_type: str, extension: str | None
) -> None:
    inspected = inspect(_package(content_type, **PARTS), name)
    say(inspected.findings)
    assert inspected.file_type == file_type
    assert inspected.parts
    assert [dict(f.details)["extension"] for f in inspected.findings] == ([extension] if extension else [])


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"%PDF-1.7 ...", "scan.pdf", "a PDF file"),
        (b"%PDF-1.7 ...", "scan.xlsx", "a PDF file"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "IMG_1.jpg", "a JPEG picture"),
        (b"\x89PNG\r\n\x1a\n\0", "a.png", "a PNG picture"),
        (b"\0\0\0\x18ftypheic\0\0", "a.heic", "a HEIC picture"),
        (b"\0\0\0\x18ftypmp42\0\0", "a.mp4", "a video"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "a.webp", "a WebP picture"),
        (b"II*\0\x08\0\0\0", "a.tif", "a TIFF picture"),
        (b"BM\x36\x10\0\0\0\0\0\0\x36\0", "a.bmp", "a BMP picture"),
        (b"Rar!\x1a\x07\x01\0", "a.rar", "a RAR archive"),
        (b"7z\xbc\xaf\x27\x1c\0\x04", "a.7z", "a 7z archive"),
        (b"{\\rtf1\\ansi", "a.rtf", "an RTF document"),
        (_package(f"{OFFICE}.wordprocessingml.document.main+xml"), "a.docx", "a Word document"),
        (_package(f"{OFFICE}.presentationml.presentation.main+xml"), "a.pptx", "a presentation"),
        (_zip(mimetype="application/vnd.oasis.opendocument.text"), "a.odt", "an OpenDocument text"),
        (_compound("WordDocument", "Workbook"), "a.doc", "a Word document"),
        (_compound("PowerPoint Document"), "a.ppt", "a presentation"),
        (_compound("__properties_version1.0"), "a.msg", "an e-mail"),
        (_compound("EncryptedPackage"), "a.docx", "a Word document"),
        ("Kính gửi các đồng chí".encode(), "a.txt", "a text file"),
        ("Kính gửi".encode("utf-16"), "a.txt", "a text file"),
        (b"From: a@example.vn\r\n\r\nxin gui", "a.eml", "an e-mail"),
        (b"<!doctype html><html>", "a.html", "a web page"),
        (_zip(**{"Index/Document.iwa": b"x"}), "a.pages", "a file of another kind"),
        (bytes(range(256)), "a.dwg", "a file of another kind"),
        (_compound("Something"), "a.db", "a file of another kind"),
    ],
)  # fmt: skip
def test_what_is_no_workbook_is_a_note(data: bytes, name: str, words: str) -> None:
    inspected = inspect(data, name)
    say(inspected.findings)
    (found,) = inspected.findings
    assert (found.code, found.severity, found.message) == (
        "also_received",
        Severity.NOTE,
        f"also received: {words}",
    )
    assert inspected.ignored
    assert not inspected.parts


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (b"", "a.xlsx", "empty_file"),
        (bytes(5000), "a.xlsx", "truncated"),
        (b"khong phai bang tinh", "a.xlsx", "not_a_workbook"),
        (bytes(range(256)), "a.xlsx", "not_a_workbook"),
        (_zip(readme=b"x"), "a.xlsx", "zip_not_opened"),
        (_compound("EncryptedPackage", "Workbook"), "a.xlsx", "encrypted"),
        (_compound("Something"), "a.xlsx", "not_a_workbook"),
        (_compound("MyWorkbook"), "a.xls", "not_a_workbook"),
        (_package("vnd.ms-excel.sheet.binary.macroEnabled.main"), "a.xlsb", "format_not_read"),
        (_zip(**{"Index/Document.iwa": b"x", "preview.jpg": b"x"}), "a.numbers", "format_not_read"),
        (FLAT.encode(), "a.fods", "format_not_read"),
        (FLAT.encode("utf-16"), "a.ods", "format_not_read"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "a.xls",
            "format_not_read",
        ),
        (b"<html><table><tr><td>1", "a.xls", "format_not_read"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related", "a.xls", "format_not_read"),
        (b"code;value\n001;2", "a.csv", "format_not_read"),
        (b"code\tvalue\n001\t2", "a.xls", "format_not_read"),
        ("Mã,Số\n".encode("utf-16"), "a.xlsx", "format_not_read"),
        # How files begin, by the versions that xlrd's `biffh.py` lists.
        (b"\x09\x00\x04\x00\x02\x00\x10\x00" + bytes(90), "a.xls", "old_excel"),
        (b"\x09\x00\x04\x00\x07\x00\x10\x00\x42\x00\x02\x00\xe4\x04", "a.xls", "old_excel"),
        (b"\x09\x02\x06\x00\x00\x00\x10\x00\x00\x00" + bytes(90), "a.xlsx", "old_excel"),
        (b"\x09\x04\x06\x00\x00\x00\x00\x01\x00\x00" + bytes(90), "a.xlw", "old_excel"),
        (b"\x09\x08\x08\x00\x00\x05\x10\x00\x00\x00\x00\x00", "a.xls", "old_excel"),
        (b"\x09code\x09value", "a.xls", "format_not_read"),
    ],
)
def test_what_should_be_a_workbook_and_cannot_be_read_is_an_error(
    data: bytes, name: str, expected: str
) -> None:
    inspected = inspect(data, name)
    say(inspected.findings)
    assert [(f.code, f.severity) for f in inspected.findings] == [(expected, Severity.ERROR)]
    assert not inspected.ignored
    assert not inspected.parts


def test_a_truncated_workbook_at_any_length() -> None:
    data = sent_out()
    for length in (5, 30, 100, len(data) // 2, len(data) - 30, len(data) - 1):
        assert _codes(data[:length]) == ["truncated"], length


def test_a_byte_that_changed_on_the_way() -> None:
    data = bytearray(sent_out())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entry = archive.getinfo("xl/theme/theme1.xml")  # a part that nobody reads
    start = entry.header_offset + 30 + len(entry.filename)
    data[start + entry.compress_size // 2] ^= 0xFF
    assert _codes(bytes(data)) == ["truncated"]


@given(st.data())
def test_no_damage_makes_it_raise(data: st.DataObject) -> None:
    content = bytearray(sent_out())
    for _number in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(4, len(content) - 1))] = data.draw(st.integers(0, 255))
    inspected = inspect(bytes(content), "a.xlsx")
    if inspected.parts:
        try:
            read_book(inspected.parts)
        except BookError as refusal:
            say([refusal.finding])


def test_two_parts_of_one_name() -> None:
    for name in ("XL/workbook.xml", "/xl/workbook.xml", "xl\\workbook.xml"):
        content = io.BytesIO(sent_out())
        with zipfile.ZipFile(content, "a") as archive:
            archive.writestr(name, b"<workbook/>")
        assert _codes(content.getvalue()) == ["unsafe"], name


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("declared", ['<!DOCTYPE x SYSTEM "file:///etc/hostname">', '<!ENTITY a "b">'])
def test_a_document_type_is_not_opened(encoding: str, declared: str) -> None:
    evil = f'<?xml version="1.0"?>{declared}<workbook>&a;</workbook>'.encode(encoding)
    for part in ("xl/workbook.xml", "docProps/core.xml", "xl/_rels/workbook.xml.rels"):
        data = repacked(sent_out(), lambda name, old, part=part: evil if name == part else old)
        assert _codes(data) == ["unsafe"]


def test_an_encrypted_entry() -> None:
    data = bytearray(sent_out())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        last = archive.infolist()[-1].filename.encode()
    data[data.rindex(b"PK\x01\x02", 0, data.rindex(last)) + 8] |= 1
    assert _codes(bytes(data)) == ["encrypted"]


# Limits


def _with_part(content: bytes, count: int = 1) -> bytes:
    target = io.BytesIO(sent_out())
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        for number in range(count):
            archive.writestr(f"xl/media/image{number}.bin", content)
    return target.getvalue()


def test_limits_are_counted_while_unpacking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zips, "PART_LIMIT", 200_000)
    monkeypatch.setattr(safety, "UNPACKED_LIMIT", 500_000)
    monkeypatch.setattr(safety, "PARTS_LIMIT", 40)
    assert _codes(_with_part(bytes(150_000))) == []
    found = inspect(_with_part(bytes(200_001)), "a.xlsx").findings[0]
    assert found.code == "too_large"
    assert "the size of a part when unpacked is > 0 MB" in found.message
    found = inspect(_with_part(bytes(150_000), 4), "a.xlsx").findings[0]
    assert (found.code, "the size when unpacked" in found.message) == ("too_large", True)
    found = inspect(_with_part(b"", 60), "a.xlsx").findings[0]
    assert found.message.startswith("the file is beyond what is read: the number of parts is ")


def test_a_header_that_lies_about_a_size_is_not_believed() -> None:
    data = bytearray(_with_part(bytes(3_000_000)))
    entry = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, entry + 24, 10)  # what it says it is when unpacked
    assert _codes(bytes(data)) == ["truncated"]


def test_a_bomb_is_refused() -> None:
    found = inspect(_with_part(bytes(101 * 2**20)), "a.xlsx").findings[0]
    assert (found.code, dict(found.details)["size"]) == ("too_large", "> 100 MB")


def test_a_large_file() -> None:
    content = io.BytesIO(sent_out())
    with zipfile.ZipFile(content, "a", zipfile.ZIP_STORED) as archive:
        archive.writestr("xl/media/image1.bin", bytes(21 * 2**20))
    found = inspect(content.getvalue(), "a.xlsx").findings[0]
    assert (found.code, dict(found.details)["size"], dict(found.details)["limit"]) == (
        "too_large",
        "21 MB",
        "20 MB",
    )


def test_of_a_very_large_file_the_beginning_tells_enough() -> None:
    assert _codes(sent_out()[:1000], "a.xlsx", 10**9) == ["too_large"]
    assert _codes(b"\0\0\0\x18ftypmp42\0\0", "a.mp4", 10**9) == ["also_received"]


# What other programs write


@pytest.mark.libreoffice
@pytest.mark.slow
def test_types_that_another_program_wrote(tmp_path: Path, soffice: Convert) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(returned())
    for extension, expected in (
        ("xls", []),
        ("ods", []),
        ("fods", ["format_not_read"]),
        ("pdf", ["also_received"]),
        ("csv", ["format_not_read"]),
    ):
        (saved,) = soffice([path], to=extension, outdir=tmp_path)
        assert _codes(saved.read_bytes(), saved.name) == expected
    text = tmp_path / "b.txt"
    text.write_text("Xin chào", encoding="utf-8")
    for extension in ("doc", "docx", "odt", "rtf"):
        (saved,) = soffice([text], to=extension, outdir=tmp_path)
        assert _codes(saved.read_bytes(), saved.name) == ["also_received"]


def test_the_absurd_cells_that_would_end_the_process_are_refused_before_any_parser_sees_them() -> None:
    for inside in ("XFD1048576", "ZZZZ99999999999", "A5000001", "AAA1048576", "XFE1"):
        data = repacked(
            returned(),
            lambda name, old, inside=inside: (
                old.replace(b"</sheetData>", f'<row><c r="{inside}"><v>1</v></c></row></sheetData>'.encode())
                if name == "xl/worksheets/sheet2.xml"
                else old
            ),
        )
        inspected = inspect(data, "a.xlsx")
        said = list(inspected.findings)
        if inspected.readable:
            with pytest.raises(BookError) as refusal:
                read_book(inspected.parts)
            said.append(refusal.value.finding)
        say(said)
        (found,) = said
        assert (found.code, found.sheet) == ("too_large", "Số liệu")
        assert found.cell or f" is {inside}, the limit XFD1048576" in found.message


def test_a_formatted_cell_far_away_does_no_harm() -> None:
    data = with_xml(returned(), "Số liệu", "A1", 't="str"', "<v>x</v>")
    data = repacked(
        data,
        lambda name, old: (
            old.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>')
            if name == "xl/worksheets/sheet2.xml"
            else old
        ),
    )
    book, said = read_book(inspect(data, "a.xlsx").parts)
    assert book.sheets[1].at(0, 0) == "x"
    assert [(f.code, f.sheet) for f in said] == [("blank_rows", "Số liệu")]
    say(said)


def test_a_part_without_a_name_is_damage() -> None:
    data = returned()
    name = b"xl/styles.xml"
    directory = data.rfind(name) - 46  # where the archive's directory says so
    assert data[directory : directory + 4] == b"PK\1\2"
    spoilt = bytearray(data)
    spoilt[directory + 28 : directory + 32] = (0).to_bytes(2, "little") + len(name).to_bytes(2, "little")
    found = inspect(bytes(spoilt), "a.xlsx").findings
    assert [one.code for one in found] == ["truncated"]
