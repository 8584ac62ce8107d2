"""Page numbers of annexes that LibreOffice has left out of a template are there again in the report."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from tests.making.word_documents import ALL, STOCK, W, body, filled, parts

LAST = 6  # sections of the stock document behind its first; the last goes on below the one before


def saved(document: bytes, *more: tuple[str, str]) -> bytes:
    """The stock document as LibreOffice 7.4 saves it: annexes I to IV have one header, the empty one."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in parts(document).items():
            xml = data.decode()
            if name == "word/document.xml":
                first, *sections = re.split("(?=<w:sectPr>)", xml)
                lost = [
                    section.replace(
                        "<w:sectPr>", '<w:sectPr><w:headerReference w:type="default" r:id="first"/>'
                    ).replace("<w:titlePg/>", '<w:formProt w:val="false"/>', 1)
                    for section in sections[1:5]
                ]
                xml = "".join((first, sections[0], *lost, *sections[5:]))
                for old, new in more:
                    xml = xml.replace(old, new)
            archive.writestr(name, xml)
    return buffer.getvalue()


def headers(document: bytes) -> list[tuple[dict[str, str], bool]]:
    """Of every section the headers that it names, by kind, and whether its first page has its own."""
    found = []
    for section in body(document).iter(f"{W}sectPr"):
        references = section.iterchildren(f"{W}headerReference")
        named = {
            r.get(f"{W}type"): next(v for k, v in r.attrib.items() if k.endswith("}id")) for r in references
        }
        found.append((named, section.find(f"{W}titlePg") is not None))
    return found


def test_sections_that_have_lost_them_get_those_of_the_first() -> None:
    document = saved(STOCK)
    assert headers(document)[1:5] == [({"default": "first"}, False)] * 4
    both = {"default": "default", "first": "first"}
    found = headers(filled(document, {}, anew=True, scope=ALL).document)
    assert found == [(both, True)] * 5 + [({}, True), ({}, False)]
    assert len(found) == 1 + LAST


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<w:pgNumType w:start="1"/>', ""),  # the numbers run on
        (
            '<w:headerReference w:type="default" r:id="first"/>',
            '<w:headerReference w:type="default" r:id="default"/>',
        ),
        ('<w:formProt w:val="false"/>', "<w:titlePg/>"),
    ],
)
def test_other_sections_are_people_s_own(old: str, new: str) -> None:
    document = saved(STOCK, (old, new))
    assert headers(filled(document, {}, anew=True, scope=ALL).document) == headers(document)


def test_a_report_that_people_have_edited_keeps_its_pages() -> None:
    document = saved(STOCK)
    assert headers(filled(document, {}, scope=ALL).document) == headers(document)
