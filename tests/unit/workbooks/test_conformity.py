"""Parts that readers would read in different ways are refused; what is merely unusual is not."""

from __future__ import annotations

import pytest

from reportctl.workbooks.book import BookError
from reportctl.workbooks.conformity import plain_texts, refuse_malformed
from tests.making.programs import MAIN, PACKAGE, PROGRAMS, RELATIONS, STRICT
from tests.making.returned import returned
from tests.making.word_documents import parts as parts_of

KINDS = {
    "a.xml": "",
    "s.xml": "sharedStrings",
    "y.xml": "styles",
    "w.xml": "officeDocument",
    "t.xml": "worksheet",
}


def _refused(name: str, content: str) -> bool:
    try:
        refuse_malformed({name: content.encode()}, KINDS, {"t.xml": "A"})
    except BookError as refused:
        return (refused.finding.code, refused.finding.sheet) == (
            "truncated",
            "A" if name == "t.xml" else None,
        )
    return False


def _part(root: str, inside: str, space: str = MAIN) -> str:
    return f'<{root} xmlns="{space}" xmlns:r="{RELATIONS}">{inside}</{root}>'


SHEETS = '<sheets><sheet name="A" r:id="rId1"/></sheets>'
RELATION = '<Relationship Id="rId1" Target="x"/>'
RELATIONS_SPACE = f"{PACKAGE}/relationships"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xml", "<a/>\n<!-- x -->"),
        ("a.xml", '<?xml version="1.0" encoding="UTF-8"?><a b=\'&lt;\'>&#65;<![CDATA[<]]></a>'),
        ("s.xml", _part("sst", "<si><t>a</t></si><si><r><rPr><b/></rPr><t>b</t></r><rPh><t/></rPh></si>")),
        ("s.xml", _part("sst", "<si><t>1<!-- x -->2</t></si>", STRICT)),
        ("y.xml", _part("styleSheet", "<cellXfs><xf><alignment/></xf></cellXfs>")),
        ("y.xml", _part("styleSheet", "<dxfs><dxf><numFmt/></dxf></dxfs>")),
        ("y.xml", _part("styleSheet", '<numFmts><numFmt numFmtId="164" formatCode="General"/></numFmts>'
                                      '<cellXfs><xf numFmtId="164"/><xf numFmtId="14"/></cellXfs>')),
        ("w.xml", _part("workbook", f'<workbookPr/>{SHEETS}<x:workbookPr xmlns:x="urn:x"/><definedNames/>')),
        ("w.xml", _part("workbook", "<sheets><sheet name='A'/></sheets>")),  # left to who reads the sheets
        ("t.xml", _part("worksheet", "<sheetData/><x/>")),
        ("t.xml", _part("worksheet", "<sheetData><sheetData/></sheetData>")),  # left to who reads the cells
        ("x.rels", _part("Relationships", RELATION, RELATIONS_SPACE)),
    ],
)  # fmt: skip
def test_what_the_standard_allows_passes(name: str, content: str) -> None:
    assert not _refused(name, content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xml", ""),
        ("a.xml", "<a>"),
        ("a.xml", "<a/>x"),
        ("a.xml", "<a>&nope;</a>"),
        ("a.xml", "<a>&#0;</a>"),
        ("a.xml", "<a><b></a></b>"),
        ("a.xml", '<?xml version="1.0" encoding="x-unknown"?><a/>'),
        ("a.xml", '<?xml version="1.0" encoding="us-ascii"?><a>ạ</a>'),
        ("s.xml", _part("sst", "<si><t>a</t></si>", "urn:x")),
        ("s.xml", _part("x", "<si><t>a</t></si>")),
        ("s.xml", _part("sst", '<si><y xmlns="urn:x"><t>a</t></y></si>')),
        ("s.xml", _part("sst", '<y xmlns="urn:x"/>')),
        ("s.xml", _part("sst", '<si><t xmlns="urn:x">a</t></si>')),
        ("s.xml", _part("sst", "<si><t>a<t>b</t></t></si>")),
        ("y.xml", _part("styleSheet", "<cellXfs/><cellXfs/>")),
        ("y.xml", _part("styleSheet", '<cellXfs><xf xmlns="urn:x"/></cellXfs>')),
        ("y.xml", _part("styleSheet", "<x><cellXfs><xf/></cellXfs></x>")),
        ("w.xml", _part("workbook", SHEETS, "")),
        ("w.xml", _part("workbook", SHEETS * 2)),
        ("w.xml", _part("workbook", "<sheets><sheet name='A' r:id='1'/><sheet name='A' r:id='2'/></sheets>")),
        ("w.xml", _part("workbook", f"<y xmlns='urn:x'>{SHEETS}</y>")),
        ("w.xml", _part("workbook", f"<y xmlns='urn:x'><workbookPr xmlns='{MAIN}'/></y>{SHEETS}")),
        ("t.xml", _part("worksheet", "<y xmlns='urn:x'><sheetData xmlns='" + MAIN + "'/></y>")),
        ("t.xml", _part("sheet", "<sheetData/>")),
        ("t.xml", _part("worksheet", "<dimension ref='A1'/>")),
        ("x.rels", _part("Relationships", RELATION * 2, RELATIONS_SPACE)),
        ("x.rels", _part("Relationships", RELATION, "urn:x")),
        ("x.rels", _part("Relationships", '<x/>', RELATIONS_SPACE)),
    ],
)  # fmt: skip
def test_what_can_be_read_in_two_ways_is_refused(name: str, content: str) -> None:
    assert _refused(name, content)


def test_what_programs_write_passes() -> None:
    for data in (returned(), *(program.write(returned()) for program in PROGRAMS.values())):
        parts = {
            name.lower(): part for name, part in parts_of(data).items() if name.endswith((".xml", ".rels"))
        }
        kinds = {name: kind for name, kind in _KINDS.items() if name in parts}
        assert len(kinds) >= 3
        refuse_malformed(parts, kinds, {})


_KINDS = {
    "xl/workbook.xml": "officeDocument",
    "xl/styles.xml": "styles",
    "xl/sharedstrings.xml": "sharedStrings",
    "xl/worksheets/sheet2.xml": "worksheet",
}


@pytest.mark.parametrize(
    ("inside", "plain"),
    [
        ("<si><t>a</t></si><si><t/></si>", True),
        (
            '<si><r><t>a</t></r><r><rPr><b/><color theme="1" tint="-0.2"/></rPr>'
            '<t xml:space="preserve"> b</t></r></si>',
            True,
        ),
        ("<si><r><rPr><t>a</t></rPr><t>b</t></r></si>", False),
        ('<si><r><rPr><sz val="1" val="2"/></rPr><t>b</t></r></si>', False),
        ('<si><t>a</t><phoneticPr fontId="1"/></si>', False),
        ("<si><r><t>a</t></si>", False),
        ("<si><t>a&b</t></si>", False),
    ],
)
def test_plain_texts_are_texts_and_their_runs(inside: str, plain: bool) -> None:
    assert (plain_texts(f'<sst xmlns="{MAIN}">{inside}</sst>'.encode()) == inside.encode()) is plain


@pytest.mark.parametrize(
    ("declared", "plain"),
    [
        ('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>', True),
        ("<?xml version='1.0' encoding='utf-8'?>", True),
        ('<?xml version="1.0" encoding="US-ASCII"?>', False),
        ('<?xml version="1.0" standalone="y&#101;s"?>', False),
        ("<?xml version=\"1.0'?>", False),
    ],
)
def test_plain_texts_have_a_plain_declaration(declared: str, plain: bool) -> None:
    found = plain_texts(f'{declared}\n<sst xmlns="{MAIN}"><si><t>a</t></si></sst>'.encode())
    assert (found is not None) is plain
