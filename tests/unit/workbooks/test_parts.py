"""The XML parts of workbooks: their letters, their ends, the longest texts."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportctl.workbooks.parts import check_xlsx, in_utf8, refuse_unsound
from reportctl.workbooks.zips import RefusedError
from tests.making.programs import RELATIONS as IDS
from tests.making.returned import say

# U+FFFE and U+FFFF are the only letters, controls aside, that no XML may hold.
WORDS = st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="<>&\ufffe\uffff"))
RELATIONS = (
    '<r><r Id="r1" Type="http://x/{}" Target="{}"/><r Id="r2" Type="sharedStrings" Target="t.xml"/></r>'
)


def _refused(check: object, *given: object) -> str:
    with pytest.raises(RefusedError) as refusal:
        check(*given)  # type: ignore[operator]
    say([refusal.value.finding])
    return refusal.value.finding.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("declaration", ["", '<?xml version="1.0" encoding="{}"?>\r\n'])
@given(words=WORDS)
def test_the_same_words_in_every_encoding(encoding: str, declaration: str, words: str) -> None:
    xml = declaration.format(encoding[:6].removesuffix("-").upper()) + f"<a>{words}</a>"
    content = in_utf8("a.xml", xml.encode(encoding))
    refuse_unsound(content)
    assert f"<a>{words}</a>".encode() in content
    assert (ET.fromstring(content).text or "") == words


@pytest.mark.parametrize("before", range(32_760, 32_776))
def test_a_letter_may_stand_wherever_a_large_part_is_cut(before: int) -> None:
    content = b"<a>" + before * b" " + "ệ</a>".encode()
    assert in_utf8("a.xml", content) is content


@pytest.mark.parametrize("name", ["us-ascii", "UTF8", "iso-8859-1", "Windows-1258"])
def test_encodings_of_one_byte_that_are_declared(name: str) -> None:
    written = f"<?xml version='1.0' encoding='{name}'?><a>Ha Noi</a>".encode()
    assert in_utf8("a.xml", written).endswith(b"<a>Ha Noi</a>")


@pytest.mark.parametrize(
    "content",
    [
        b"<a>\xe9</a>",
        b"<a>\xe1\xba",  # cut off within a letter
        b"<a>" + 40_000 * b" " + b"\xe9</a>",
        b"<a>\xc0\xbc</a>",  # an overlong form of <
        "<a>\ud800</a>".encode("utf-8", "surrogatepass"),
        b"\xff\xfe<\0a\0>",
        b"\xff\xfe\0\xd8",
        *(
            f"<?xml version='1.0' encoding='{name}'?><a/>".encode()
            for name in ("utf-7", "zlib", "rot13", "x", "windows-1259", "iso-8859-12", "idna", "utf-32")
        ),
    ],
)
def test_what_cannot_be_decoded(content: bytes) -> None:
    assert _refused(in_utf8, "a.xml", content) == "undecodable"


@pytest.mark.parametrize(
    "content",
    [
        "<a/>",
        "<a />\r\n",
        "\ufeff<?xml version='1.0'?>\n<!-- <b> --><?c d?><x:a xmlns:x='y'><x:b/></x:a >\n<!-- e -->\n",
        "<a><a></a></a>",
        "<a>!</a>",
    ],
)
def test_whole_parts(content: str) -> None:
    refuse_unsound(content.encode())


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "truncated"),
        ("a", "truncated"),
        ("<a", "truncated"),
        ("<a>", "truncated"),
        ("<a><b></b>", "truncated"),
        ("<a></a><b>", "truncated"),
        ("<a></a", "truncated"),
        ("<!-- <a></a>", "truncated"),
        ("<!-- -->" * 200, "truncated"),
        ("<!DOCTYPE a><a></a>", "unsafe"),
        ("<?xml version='1.0'?>\n<!-- b -->\n<!DOCTYPE a []>\n<a></a>", "unsafe"),
        ("<a></a><!DOCTYPE a><b></b>", "truncated"),
    ],
)
def test_parts_that_are_not_whole_or_not_safe(content: str, code: str) -> None:
    assert _refused(refuse_unsound, content.encode()) == code


def _workbook(rows: str = "", texts: str = "", after: str = "") -> dict[str, bytes]:
    parts = {
        "_rels/.rels": RELATIONS.format("officeDocument", "w.xml"),
        "w.xml": f'<w><sheets><sheet name="Số &amp; chữ" r:id="r1" xmlns:r="{IDS}"/></sheets></w>',
        "_rels/w.xml.rels": RELATIONS.format("worksheet", "/s.xml"),
        "s.xml": f"<worksheet><sheetData>{rows}</sheetData >{after}</worksheet>",
        "t.xml": f"<sst>{texts}</sst>",
    }
    return {name: part.encode() for name, part in parts.items()}


@pytest.mark.parametrize("before", [0, 1, 16_000, 16_383, 16_384, 40_000])
def test_a_text_is_measured_wherever_it_stands(before: int) -> None:
    """In characters, not bytes; escapes and references are one each."""
    fill = "<si><t>x</t></si>" * (before // 17)
    assert _refused(check_xlsx, _workbook(texts=f"{fill}<si><t>{'ề' * 32_768}</t></si>{fill}")) == "too_large"
    for text in ("ề" * 32_767, "&amp;" * 32_767, "_x000D_" * 32_767, "<r><t>x</t></r>" * 32_767):
        check_xlsx(_workbook(texts=f"{fill}<si><t>{text}</t></si>{fill}"))


def test_a_text_that_hides_its_tags() -> None:
    assert _refused(check_xlsx, _workbook(texts=f"<si><t><![CDATA[{'x' * 32_768}]]></t></si>")) == "too_large"
    rows = f'<row><c r="A1" t="str"><v>{"x" * 32_768}</v></c></row>'
    assert _refused(check_xlsx, _workbook(rows)) == "too_large"
    check_xlsx(_workbook(after=f'<dataValidation sqref="{"A1 " * 20_000}"/>'))


@pytest.mark.parametrize(
    "cell", ["A1", "a1", "XFD1048576", "xfd1", "AAA1", "WZZ9999", "XEZ1", "XFD0001", "1", "1048576"]
)
def test_cells_that_a_sheet_has(cell: str) -> None:
    check_xlsx(_workbook(f'<row><c r="{cell}"/></row>'))


@pytest.mark.parametrize(
    "cell", ["XFE1", "xfe1", "XGA1", "YAA1", "AAAA1", "A1048577", "A2000000", "A10000000"]
)
@pytest.mark.parametrize("written", ['<c r="{}"/>', "<c r='{}'/>", '<x:c s="1" r= "{}"></x:c>'])
def test_cells_that_no_sheet_has(cell: str, written: str) -> None:
    assert _refused(check_xlsx, _workbook(f"<row>{written.format(cell)}</row>")) == "too_large"


@pytest.mark.parametrize(
    ("areas", "refused"),
    [
        (["A1:B2"], False),
        (["A1:XFD61"], False),  # 999,424
        (["A1:XFD61", "A62:A637"], False),  # and 576: exactly a million
        (["A1:XFD61", "A62:A638"], True),
        (["A1:XFD1048576"], True),
        (["XFD1048576:A1"], True),
    ],
)
def test_merged_areas_are_added_up(areas: list[str], refused: bool) -> None:
    merged = "".join(f'<mergeCell ref="{area}"/>' for area in areas)
    parts = _workbook(after=f"<mergeCells>{merged}</mergeCells>")
    if refused:
        assert _refused(check_xlsx, parts) == "too_large"
    else:
        check_xlsx(parts)
