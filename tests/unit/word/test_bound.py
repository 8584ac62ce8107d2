"""The report's number and date: typed in one place, they stand in all."""

from __future__ import annotations

from typing import Any

from lxml import etree

from reportctl.report.changes import changes
from reportctl.word.content import Content
from tests.making.word_documents import (
    OFFICE,
    SECTION,
    W,
    body,
    docx,
    edited,
    filled,
    inline,
    names,
    p,
    parts,
    run,
    said,
    value,
)

BLANK = "\u00a0" * 5
CONTENTS: dict[str, Content] = {"document.number": BLANK, "document.year": "2024", "x": "1"}
TEMPLATE = docx(
    p(run("Số "), inline("document.number"), run("-BC, năm "), inline("document.year"))
    + p(inline("x"))
    + "".join(p(run("(Kèm theo số "), inline("document.number"), run(")")) for _annex in range(2))
    + SECTION
)
DATA = "{http://schemas.openxmlformats.org/officeDocument/2006/customXml}"


def data_of(document: bytes) -> tuple[str, dict[str, str]]:
    """The name (itemID) and the values of the part that controls are bound to, by the relations."""
    files = parts(document)
    found = []
    for relation in etree.fromstring(files["word/_rels/document.xml.rels"]):
        if relation.get("Type") != f"{OFFICE}/customXml":
            continue
        name = relation.get("Target").split("/")[-1]
        root = etree.fromstring(files[f"customXml/{name}"])
        if root.tag == "{urn:reportctl:document}document":
            (below,) = etree.fromstring(files[f"customXml/_rels/{name}.rels"])
            properties = etree.fromstring(files[f"customXml/{below.get('Target').split('/')[-1]}"])
            values = {etree.QName(node).localname: node.text or "" for node in root}
            found.append((properties.get(f"{DATA}itemID"), values))
    (only,) = found
    return only


def shown(document: bytes, tag: str) -> list[str]:
    return [said(n) for n in body(document).iter(f"{W}sdt") if value(n, f"{W}sdtPr/{W}tag") == tag]


def typed(document: bytes, text: str, at: int) -> bytes:
    """The document with `text` in one place of the number, as a program leaves it that knows no bindings."""

    def over(root: Any) -> None:
        places = [n for n in root.iter(f"{W}sdt") if value(n, f"{W}sdtPr/{W}tag") == "document.number"]
        (words,) = places[at].iter(f"{W}t")
        words.text = text

    return edited(document, over)


def test_all_places_are_bound_to_one_element_which_has_the_text() -> None:
    document = filled(TEMPLATE, CONTENTS).document
    item, values = data_of(document)
    assert values == {"number": BLANK, "year": "2024"}
    bindings = [
        (node.get(f"{W}xpath"), node.get(f"{W}storeItemID"), node.get(f"{W}prefixMappings"))
        for node in body(document).iter(f"{W}dataBinding")
    ]
    mapped = 'xmlns:d="urn:reportctl:document"'
    number = ("/d:document[1]/d:number[1]", item, mapped)
    assert bindings == [number, ("/d:document[1]/d:year[1]", item, mapped), number, number]
    node = next(body(document).iter(f"{W}sdt"))
    assert names(node, f"{W}sdtPr") == ["alias", "tag", "id", "dataBinding", "text"]


def test_what_is_typed_in_any_place_stands_in_all_after_the_next_filling() -> None:
    first = filled(TEMPLATE, CONTENTS).document
    for at in range(3):
        again = filled(typed(first, "12", at), CONTENTS, keep={*CONTENTS})
        assert shown(again.document, "document.number") == ["12"] * 3
        assert data_of(again.document)[1] == {"number": "12", "year": "2024"}
        found = changes(again)
        assert {(change.old, change.new) for change in found.changed} == {(BLANK, "12")}
        assert not found.kept
        last = filled(again.document, CONTENTS, keep={*CONTENTS})
        assert shown(last.document, "document.number") == ["12"] * 3
        assert not changes(last).differ


def test_what_word_has_put_into_all_places_is_no_change() -> None:
    document = filled(TEMPLATE, CONTENTS).document
    for at in range(3):
        document = typed(document, "345", at)
    again = filled(document, CONTENTS, keep={*CONTENTS})
    assert shown(again.document, "document.number") == ["345"] * 3
    assert not changes(again).differ


def test_a_new_report_from_an_old_one_begins_with_blanks() -> None:
    document = filled(
        typed(filled(TEMPLATE, CONTENTS).document, "12", 0), CONTENTS, keep={*CONTENTS}
    ).document
    anew = filled(document, CONTENTS, anew=True).document
    assert shown(anew, "document.number") == [BLANK] * 3
    assert data_of(anew)[1]["number"] == BLANK


def test_it_may_be_typed_as_a_tag_in_one_s_own_document() -> None:
    document = filled(docx(p(run("Số {{document.number}}-BC")) + SECTION), CONTENTS).document
    assert shown(document, "document.number") == [BLANK]
    assert data_of(document)[1] == {"number": BLANK}


def test_a_document_without_such_places_has_no_such_part() -> None:
    document = filled(docx(p(inline("x")) + SECTION), CONTENTS).document
    assert not any(b"urn:reportctl:document" in data for data in parts(document).values())
