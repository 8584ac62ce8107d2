"""The stock reports, one in each document style: their controls, and the whole of them filled."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from reportctl.word.content import Content, Paragraph
from reportctl.word.fill import FillResult
from reportctl.word.regions import Scope
from reportctl.workspace.stock import REPORT_TEMPLATES, folder
from tests.making.machine import Convert
from tests.making.valid import errors
from tests.making.word_documents import ALL, CHART, TABLE, W, body, filled, lines, list_controls, said, value
from tools import make_report_template as tool

STYLES = ("party", "state")
STOCK = {style: (folder("templates") / name).read_bytes() for style, name in REPORT_TEMPLATES.items()}
ENGLISH = {
    style: (folder("templates") / "en" / name).read_bytes() for style, name in REPORT_TEMPLATES.items()
}
SECTIONS = ("direction", "training", "press", "grassroots", "community", "corrections", "contest", "budget")
INLINE = [
    "issuer.superior",
    "issuer.name",
    "issuer.number_suffix",
    *(f"document.{part}" for part in ("number", "day", "month", "year")),
    "issuer.place",
    "period",
    "title",
    "next_period",
    "next_period.lower",
    "issuer.signing_for",
    "issuer.post",
    "issuer.signatory",
    *(f"section:{code}" for code in SECTIONS),
    *(f"ref:table:{name}" for name in ("province", "press_media", "plan_units")),
    *(f"ref:table:{name}" for name in ("list:conferences", "list:classes", "reporting")),
    *(f"ref:table:units:{code}" for code in (SECTIONS[0], SECTIONS[-1])),
]
BLOCKS = [
    "lead",
    *(f"sentences:{code}" for code in SECTIONS),
    *(f"text:{name}" for name in ("results", "strengths", "limits", "causes", "tasks", "recommendations")),
    *("text:movements", "text:assessment", "table:plan_units"),
    "chart:press",
    "issuer.recipients",
    "table:province",
    "table:press_media",
    *(f"table:units:{code}" for code in SECTIONS),
    "table:list:conferences",
    "table:list:classes",
    "table:reporting",
    "annex:texts",
]

NOTHING = Scope(lambda _sign, _name: (), lambda tag, _region, _key: tag)
CONDITIONAL = {
    *("text:movements", "text:assessment", "text:results"),
    *("table:plan_units", "ref:table:plan_units", "annex:texts"),
    *("table:press_media", "ref:table:press_media"),
}

both = pytest.mark.parametrize("style", STYLES)


@both
def test_the_templates_are_what_the_tool_makes(style: str) -> None:
    made = {(path.name, looks[1]): tool.build(*looks) for path, looks in tool.TARGETS.items()}
    assert sorted(made) == sorted((name, own) for name in REPORT_TEMPLATES.values() for own in ("en", "vi"))
    assert unpacked(made[REPORT_TEMPLATES[style], "vi"]) == unpacked(STOCK[style])
    assert unpacked(made[REPORT_TEMPLATES[style], "en"]) == unpacked(ENGLISH[style])


def unpacked(package: bytes) -> list[tuple[str, bytes]]:
    """The parts of a package in their order; how they are compressed is up to the version of zlib."""
    with zipfile.ZipFile(BytesIO(package)) as parts:
        return [(part.filename, parts.read(part)) for part in parts.infolist()]


@both
def test_it_holds_every_control_of_its_kind(style: str) -> None:
    kinds: dict[str, set[str]] = {}
    for node in body(STOCK[style]).iter(f"{W}sdt"):
        tag = str(value(node, f"{W}sdtPr/{W}tag"))
        plain = node.find(f"{W}sdtPr/{W}text") is not None
        kinds.setdefault(tag, set()).add("inline" if plain else "block")
        words, _, name = str(value(node, f"{W}sdtPr/{W}alias")).rpartition(" · ")
        assert (said(node)[1:-1].startswith(words.removesuffix("…")), name) == (True, tag)
        assert words
        assert len(words + name) + 3 <= 64
        assert (node.getparent().tag == f"{W}p") == plain
        assert said(node).startswith("["), "a sentence in brackets says what will come"
    assert kinds == {tag: {"inline"} for tag in INLINE} | {tag: {"block"} for tag in BLOCKS}
    ids = [node.get(f"{W}val") for node in body(STOCK[style]).iter(f"{W}id")]
    assert len(ids) == len(set(ids))


def test_all_hold_the_same_controls_in_the_same_order() -> None:
    documents = [kept[style] for kept in (STOCK, ENGLISH) for style in STYLES]
    first, *others = ([control.tag for control in list_controls(document)] for document in documents)
    assert others == [first] * 3


@both
def test_the_english_one_has_no_word_of_vietnamese(style: str) -> None:
    parts = dict(unpacked(ENGLISH[style]))
    text = said(body(ENGLISH[style]))
    assert text.replace("\u00a0", " ").isascii()
    assert (
        "This concludes the report on work in [the period of the report], submitted by [Issuing body]."
        in text
    )
    assert b'<w:lang w:val="en-GB"' in parts["word/styles.xml"]
    names = re.findall(r'<w:name w:val="([^"]+)"', parts["word/styles.xml"].decode())
    assert [name for name in names if not (name.isascii() or name.startswith("Bảng"))] == []


@both
def test_paragraphs_and_looks_are_the_same_in_both_languages(style: str) -> None:
    vietnamese, english = (
        [value(node, f"{W}pPr/{W}pStyle") for node in body(kept[style]).iter(f"{W}p")]
        for kept in (STOCK, ENGLISH)
    )
    assert vietnamese == english


def whole(style: str) -> dict[str, Content]:
    """A content for every control of the template."""
    contents: dict[str, Content] = {}
    for found in list_controls(STOCK[style]):
        if found.tag.startswith("table:"):
            contents[found.tag] = TABLE
        elif found.tag.startswith("chart:"):
            contents[found.tag] = CHART
        elif found.tag in BLOCKS:
            contents[found.tag] = (Paragraph(f"Đoạn {found.tag}.", lead="A:"), Paragraph("hai", item=True))
        else:
            contents[found.tag] = f"{{{found.tag}}}"
    return contents


def faults(document: bytes, folder: Path) -> list[str]:
    path = folder / "report.docx"
    path.write_bytes(document)
    return [str(error) for error in errors(path)]


@both
@pytest.mark.slow
def test_the_template_is_a_valid_document(style: str, tmp_path: Path) -> None:
    assert faults(STOCK[style], tmp_path) == []


@both
@pytest.mark.slow
def test_the_filled_template_is_a_valid_document(style: str, tmp_path: Path) -> None:
    result = filled(STOCK[style], whole(style), scope=ALL)
    assert {(c.tag, c.result) for c in result.controls} == {(tag, FillResult.RENEWED) for tag in whole(style)}
    assert "[" not in "".join(lines(body(result.document))), "no placeholder is left"
    assert faults(result.document, tmp_path) == []


@pytest.mark.slow
@both
def test_what_there_is_nothing_to_say_of_leaves_no_heading_and_no_line(style: str) -> None:
    given = whole(style)
    with_all = filled(STOCK[style], given, scope=ALL)
    without = filled(STOCK[style], given, scope=NOTHING)
    assert {c.tag for c in with_all.controls} - {c.tag for c in without.controls} == CONDITIONAL
    left = [line for line in lines(body(with_all.document)) if line not in lines(body(without.document))]
    assert any("Một số kết quả nổi bật" in line for line in left)
    assert any("Mức thực hiện kế hoạch năm" in line for line in left)
    assert not any("{{" in line for line in lines(body(without.document)))


def tagged(root: Any) -> Iterator[tuple[str | None, str]]:
    for node in root.iter(f"{W}sdt"):
        yield value(node, f"{W}sdtPr/{W}tag"), said(node)


def saved_by_libreoffice(soffice: Convert, folder: Path, documents: dict[str, bytes]) -> dict[str, bytes]:
    paths = [folder / f"{style}.docx" for style in documents]
    for path in paths:
        path.write_bytes(documents[path.stem])
    return {path.stem: path.read_bytes() for path in soffice(paths, to="docx", outdir=folder / "saved")}


@pytest.mark.libreoffice
@pytest.mark.slow
def test_everything_is_found_again_after_libreoffice_has_saved_it(soffice: Convert, tmp_path: Path) -> None:
    filled_once = {style: filled(STOCK[style], whole(style), scope=ALL).document for style in STYLES}
    for style, document in saved_by_libreoffice(soffice, tmp_path, filled_once).items():
        first = filled_once[style]
        assert [c.tag for c in list_controls(document)] == [c.tag for c in list_controls(first)]
        assert [c.tag for c in list_controls(document) if c.printed not in (None, c.text)] == []
        again = filled(document, whole(style), scope=ALL)
        assert again.regions == ()
        assert {(c.tag, c.result) for c in again.controls} == {
            (tag, FillResult.RENEWED) for tag in whole(style)
        }
        assert lines(body(again.document)) == lines(body(first))
        assert list(tagged(body(again.document))) == list(tagged(body(first)))
        assert len(list(body(again.document).iter(f"{W}tbl"))) == len(list(body(first).iter(f"{W}tbl")))
        assert filled(again.document, whole(style), scope=ALL).document == again.document


@pytest.mark.libreoffice
@pytest.mark.slow
def test_an_empty_template_saved_by_libreoffice_is_filled_all_the_same(
    soffice: Convert, tmp_path: Path
) -> None:
    for style, document in saved_by_libreoffice(soffice, tmp_path, STOCK).items():
        result = filled(document, whole(style), scope=ALL)
        assert {(c.tag, c.result) for c in result.controls} == {
            (tag, FillResult.RENEWED) for tag in whole(style)
        }
        assert lines(body(result.document)) == lines(
            body(filled(STOCK[style], whole(style), scope=ALL).document)
        )
        shown, kept = (filled(d, whole(style), scope=NOTHING).document for d in (document, STOCK[style]))
        assert [line for line in lines(body(shown)) if line] == [line for line in lines(body(kept)) if line]
        assert pages(shown) == pages(kept)


def pages(document: bytes) -> list[int]:
    """How wide the pages of each section are, in twentieths of a point."""
    return [int(size.get(f"{W}w")) for size in body(document).iter(f"{W}pgSz")]
