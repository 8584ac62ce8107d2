"""Word files that Word opens are opened; others are refused in a sentence of their own."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from reportctl.core.errors import ReportctlError
from reportctl.word.content import Content
from reportctl.word.fill import fill
from tests.making.foreign_word import replaced, with_notes, with_part, zipped
from tests.making.word_documents import (
    ALL,
    FACTS,
    OFFICE,
    SECTION,
    STOCK,
    TYPES,
    body,
    docx,
    filled,
    inline,
    lines,
    p,
    parts,
    run,
)

RELS = "word/_rels/document.xml.rels"
CONTENTS: dict[str, Content] = {"press_total": "6.407", "title": "Kết quả"}
PLAIN = docx(p(run("Có {{press_total}} tin.")) + SECTION, header=p(inline("title")))


def relation(target: str, kind: str = "image", mode: str = "") -> str:
    return f'<Relationship Id="rIdX" Type="{OFFICE}/{kind}" Target="{target}"{mode}/>'


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("word/document.xml", "Có {{press", "Có <!-- a -->{{press"),
        ("word/document.xml", "{{press_total", "{{press<!-- giữa thẻ -->_total"),
        ("word/document.xml", "{{press_total", "{{press<?pi x?>_total"),
        ("word/document.xml", "<w:body>", "<!-- a --><w:body><!-- b --><?mso x?>"),
        ("word/document.xml", "</w:body>", "<!-- a --></w:body><!-- b -->"),
        ("word/document.xml", "<w:document", "<!-- a --><?x y?><w:document"),
        ("word/document.xml", "<w:p>", "<w:p><!-- a -->"),
        ("word/document.xml", "<w:r>", "<w:r><!-- a --><?x?>"),
        ("word/header1.xml", "<w:sdtPr>", "<!-- a --><w:sdtPr><!-- b -->"),
        ("word/header1.xml", "<w:sdtContent>", "<w:sdtContent><!-- b -->"),
        (RELS, "<Relationship ", "<!-- a --><Relationship "),
        ("[Content_Types].xml", "<Override ", "<!-- a --><?x?><Override "),
        ("_rels/.rels", "<Relationship ", "<!-- a --><Relationship "),
    ],
)
def test_comments_and_instructions_of_xml_are_overlooked(part: str, old: str, new: str) -> None:
    result = filled(replaced(PLAIN, part, old, new), CONTENTS)
    assert lines(body(result.document)) == ["Có 6.407 tin."]
    assert lines(body(result.document, "word/header1.xml")) == ["Kết quả"]


def test_comments_of_xml_in_notes_are_overlooked() -> None:
    document = with_notes(PLAIN, "footnotes", p("<!-- a -->", run("{{press_<!-- b -->total}}")))
    assert lines(body(filled(document, CONTENTS).document, "word/footnotes.xml")) == ["6.407"]


@pytest.mark.parametrize("kind", ["image", "customXml", "hyperlink", "header", "footnotes", "styles", "x"])
@pytest.mark.parametrize("target", ["NULL", "../NULL", "#_top", "media/lost.png", "", "/word/gone.xml"])
def test_a_relationship_that_leads_nowhere_is_overlooked_and_stays(target: str, kind: str) -> None:
    document = replaced(PLAIN, RELS, "</Relationships>", relation(target, kind) + "</Relationships>")
    result = filled(document, CONTENTS)
    assert lines(body(result.document)) == ["Có 6.407 tin."]
    (kept,) = (node for node in body(result.document, RELS) if node.get("Id") == "rIdX")
    assert (kept.get("Target"), kept.get("TargetMode")) == (target, None)
    again = filled(result.document, CONTENTS)
    assert parts(again.document) == parts(result.document)


def test_relationships_of_the_package_that_lead_nowhere_are_overlooked() -> None:
    kind = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    lost = f'<Relationship Id="c" Type="{kind}" Target="docProps/core.xml"/></Relationships>'
    result = filled(replaced(PLAIN, "_rels/.rels", "</Relationships>", lost), CONTENTS)
    assert lines(body(result.document)) == ["Có 6.407 tin."]


@pytest.mark.parametrize("target", ["media/IMAGE1.png", "media\\\\image1.png", "media/im%61ge1.png"])
def test_a_part_named_otherwise_than_it_is_called_is_found_and_kept(target: str) -> None:
    document = with_part(PLAIN, "media/image1.png", "image/png", f"{OFFICE}/image", "hình")
    document = replaced(document, RELS, "media/image1.png", target.replace("\\\\", "\\"))
    assert parts(filled(document, CONTENTS).document)["word/media/image1.png"] == "hình".encode()


def test_entries_with_backslashes_are_read() -> None:
    document = zipped({name.replace("/", "\\"): data for name, data in parts(PLAIN).items()})
    assert lines(body(filled(document, CONTENTS).document)) == ["Có 6.407 tin."]


def test_an_external_relationship_stays_external() -> None:
    link = relation("NULL", "hyperlink", ' TargetMode="External"')
    document = replaced(PLAIN, RELS, "</Relationships>", link + "</Relationships>")
    (kept,) = (node for node in body(filled(document, CONTENTS).document, RELS) if node.get("Id") == "rIdX")
    assert kept.get("TargetMode") == "External"


def strict(document: bytes) -> bytes:
    transitional = "http://schemas.openxmlformats.org/officeDocument/2006"
    return zipped(
        {
            name: data.replace(transitional.encode(), b"http://purl.oclc.org/ooxml/officeDocument")
            for name, data in parts(document).items()
        }
    )


OLD = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (strict(STOCK), "Strict Open XML Document.*Word Document"),
        (OLD + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        (OLD + "WordDocument".encode("utf-16-le"), r"old type \.doc"),
        (b"{\\rtf1 a}", "not a Word document that can be read"),
        (replaced(PLAIN, "word/document.xml", "w:body>", "w:other>"), "not a Word document that can"),
        (docx(p(), main=f"{TYPES}.template.main+xml"), r"not a Word document of the type \.docx"),
        (zipped({"mimetype": b"application/vnd.oasis.opendocument.text"}), "not a Word document that can"),
        (PLAIN[: len(PLAIN) // 2], "not a Word document that can"),
    ],
    ids=["strict", "password", "doc", "rtf", "no body", "template", "odt", "half"],
)
def test_what_cannot_be_filled_is_said_for_what_it_is(document: bytes, sentence: str) -> None:
    with pytest.raises(ReportctlError, match=sentence):
        fill(document, CONTENTS, FACTS)


def test_no_part_that_was_there_is_lost() -> None:
    document = with_notes(STOCK, "endnotes", p(run("a")))
    after = parts(filled(document, CONTENTS, scope=ALL).document)
    assert set(parts(document)) <= set(after)
    assert etree.fromstring(after["word/endnotes.xml"]) is not None
    assert re.search(rb"endnotes\.xml", after[RELS])
