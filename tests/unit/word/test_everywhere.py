"""Typed tags wherever Word can hold text: filled there, or the run stops and names them."""

from __future__ import annotations

from typing import Any

import pytest

from reportctl.core.errors import ReportctlError
from reportctl.core.table import Column, Row, Table
from reportctl.word.content import Content, CrossReference, Paragraph, TableOfContents
from reportctl.word.fill import FillResult, fill
from tests.making.foreign_word import (
    foreign_control,
    replaced,
    text_box,
    with_notes,
    with_part,
    with_smart_art,
)
from tests.making.word_documents import (
    ALL,
    CHART,
    FACTS,
    OFFICE,
    SECTION,
    STOCK,
    TABLE,
    W,
    block,
    body,
    changed_text,
    control,
    docx,
    filled,
    inline,
    lines,
    list_controls,
    names,
    p,
    parts,
    run,
    said,
    sdt,
    value,
)

CONTENTS: dict[str, Content] = {
    "press_total": "6.407",
    "lead": (Paragraph("Một."), Paragraph("Hai.")),
    "table:province": TABLE,
    "chart:press": CHART,
    "ref:table:province": CrossReference("table:province"),
    "toc": TableOfContents(),
}
PLAIN = docx(p(run("Thân.")) + SECTION)


def refused(document: bytes) -> str:
    with pytest.raises(ReportctlError) as caught:
        fill(document, CONTENTS, FACTS)
    return str(caught.value)


# ---- stories


@pytest.mark.parametrize("kind", ["footnotes", "endnotes", "comments"])
def test_tags_in_notes_are_filled_and_renewed(kind: str) -> None:
    document = with_notes(PLAIN, kind, p(run("Xem {{press_"), run("total}} tin.")), p(run("{{lead}}")))
    first = filled(document, CONTENTS)
    assert lines(body(first.document, f"word/{kind}.xml")) == ["Xem 6.407 tin.", "Một.", "Hai."]
    again = filled(first.document, CONTENTS | {"press_total": "7.000"})
    assert lines(body(again.document, f"word/{kind}.xml"))[0] == "Xem 7.000 tin."
    assert [(c.tag, c.text, c.printed) for c in list_controls(again.document)] == [
        ("press_total", "7.000", "7.000"),
        ("lead", "Một.\nHai.", "Một.\nHai."),
    ]


@pytest.mark.parametrize("kind", ["footnotes", "endnotes", "comments"])
@pytest.mark.parametrize("tag", ["table:province", "chart:press", "toc"])
def test_a_table_in_a_note_stops_the_run(kind: str, tag: str) -> None:
    heard = refused(with_notes(PLAIN, kind, p(run(f"{{{{{tag}}}}}"))))
    assert f"{{{{{tag}}}}}" in heard
    assert "type it in the text itself" in heard


def test_a_reference_in_a_footnote_is_a_field_with_its_number() -> None:
    document = with_notes(
        docx(p(run("{{table:province}}")) + SECTION), "footnotes", p(run("{{ref:table:province}}"))
    )
    assert lines(body(filled(document, CONTENTS).document, "word/footnotes.xml")) == ["Bảng\u00a01"]


@pytest.mark.parametrize(
    "document",
    [
        with_notes(PLAIN, "footnotes", p(run("{{x1}}"))),
        with_notes(PLAIN, "comments", p(run("{{x1}}"))),
        docx(text_box(p(run("{{x1}}"))) + SECTION),
        docx(p(foreign_control(run("{{x1}}"))) + SECTION),
        docx(p(foreign_control(run("{{x1}}"), '<w:tag w:val="a"/><w:alias w:val="b"/>')) + SECTION),
        docx(foreign_control(p(run("{{x1}}")), '<w:tag w:val="a"/>') + SECTION),
        docx(p() + SECTION, header=p(foreign_control(run("{{x1}}")))),
        with_smart_art(PLAIN, "Có {{x1}} tin"),
        docx(p(run("{{x<w:t/>".replace("<w:t/>", "")), "<w:r><w:softHyphen/></w:r>", run("1}}")) + SECTION),
    ],
)
def test_an_unknown_tag_stops_the_run_wherever_it_stands(document: bytes) -> None:
    assert "not known: {{x1}}" in refused(document)


def test_tags_in_text_boxes_are_filled_in_both_of_the_forms_that_word_writes() -> None:
    document = docx(p(run("{{press_total}}")) + text_box(p(run("Có {{press_total}}."))) + SECTION)
    first = filled(document, CONTENTS)
    boxes = [lines(box) for box in body(first.document).iter(f"{W}txbxContent")]
    assert boxes == [["Có 6.407."], ["Có 6.407."]]

    def saved_in_word(document: bytes) -> bytes:
        start = "<mc:Fallback>"
        text = parts(document)["word/document.xml"].decode()
        return changed_text(
            document, text[text.index(start) : text.index("</mc:Fallback>")], "<mc:Fallback><w:pict/>"
        )

    again = filled(saved_in_word(first.document), CONTENTS)
    assert again.lost == ()


@pytest.mark.parametrize("tag", ["table:province", "chart:press", "toc"])
def test_a_table_in_a_text_box_stops_the_run(tag: str) -> None:
    assert "type it in the text itself" in refused(docx(text_box(p(run(f"{{{{{tag}}}}}"))) + SECTION))


def elsewhere(place: str) -> bytes:
    a = "http://schemas.openxmlformats.org/drawingml/2006/main"
    match place:
        case "SmartArt":
            return with_smart_art(PLAIN, "Có {{press_total}} tin")
        case "a chart":
            runs = "<a:r><a:t>{{press_</a:t></a:r><a:r><a:t>total}}</a:t></a:r>"
            xml = f'<c xmlns:a="{a}"><a:p>{runs}</a:p></c>'
            kind = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
            return with_part(PLAIN, "charts/chart9.xml", kind, f"{OFFICE}/chart", xml)
        case "a drawing":
            drawn = f'<a:p xmlns:a="{a}"><a:r><a:t>{{{{press_total}}}}</a:t></a:r></a:p>'
            return docx(p(f"<w:r><w:drawing>{drawn}</w:drawing></w:r>") + SECTION)
        case "WordArt":
            art = '<v:textpath xmlns:v="urn:schemas-microsoft-com:vml" string="{{press_total}}"/>'
            return docx(p(f"<w:r><w:pict>{art}</w:pict></w:r>") + SECTION)
        case _:
            code = [f"<w:r><w:instrText>{text}</w:instrText></w:r>" for text in (" IF {{press_", "total}}")]
            return docx(p(*code) + SECTION)


@pytest.mark.parametrize("place", ["SmartArt", "a chart", "a drawing", "WordArt", "the code of a field"])
def test_a_tag_where_there_are_no_controls_stops_the_run_and_names_the_place(place: str) -> None:
    heard = refused(elsewhere(place))
    assert f"{{{{press_total}}}} ({place})" in heard
    assert "Type them into the text" in heard


def test_the_same_in_smart_art_of_a_header_and_its_names_stay_quiet_without_tags() -> None:
    assert lines(body(filled(with_smart_art(PLAIN, "Có { tin }"), CONTENTS).document)) == ["Thân."]


# ---- split by what is not seen

UNSEEN = {
    "page": "<w:lastRenderedPageBreak/>",
    "soft": "<w:softHyphen/>",
    "proof": '</w:r><w:proofErr w:type="spellStart"/><w:r>',
    "mark": '</w:r><w:bookmarkStart w:id="5" w:name="x"/><w:bookmarkEnd w:id="5"/><w:r>',
}


@pytest.mark.parametrize("between", UNSEEN.values(), ids=UNSEEN)
@pytest.mark.parametrize("at", [1, 2, 7, 12, 13, 14])
def test_a_tag_across_what_is_not_seen_is_filled(between: str, at: int) -> None:
    typed = "{{press_total}}"
    inner = f"<w:r><w:t>Có {typed[:at]}</w:t>{between}<w:t>{typed[at:]} tin.</w:t></w:r>"
    assert lines(body(filled(docx(p(inner) + SECTION), CONTENTS).document)) == ["Có 6.407 tin."]


@pytest.mark.parametrize("code", [0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x202A, 0x2060, 0xFEFF])
@pytest.mark.parametrize("at", [0, 1, 2, 7, 8, 14])
def test_a_tag_with_characters_that_nobody_sees_is_filled(code: int, at: int) -> None:
    typed = "{{press_total}}"
    template = docx(p(run(f"Có {typed[:at]}{chr(code)}{typed[at:]} tin.")) + SECTION)
    (line,) = lines(body(filled(template, CONTENTS).document))
    assert line.replace(chr(code), "") == "Có 6.407 tin."


@pytest.mark.parametrize("typed", ["{{press@total}}", "{{press_@total}}", "{{pre@ss_total}}"])
@pytest.mark.parametrize("as_character", [True, False])
def test_a_no_break_hyphen_is_left_out_or_is_the_underscore(typed: str, as_character: bool) -> None:
    before, after = typed.split("@")
    hyphen = "<w:t>\u2011</w:t>" if as_character else "<w:noBreakHyphen/>"
    inner = f"<w:r><w:t>Có {before}</w:t>{hyphen}<w:t>{after} tin.</w:t><w:tab/></w:r>"
    root = body(filled(docx(p(inner) + SECTION), CONTENTS).document)
    assert lines(root) == ["Có 6.407 tin."]
    assert root.find(f".//{W}noBreakHyphen") is None
    assert root.find(f".//{W}tab") is not None


def test_a_no_break_hyphen_outside_a_tag_stays() -> None:
    inner = "<w:r><w:t>05</w:t><w:noBreakHyphen/><w:t>BC {{press_total}}</w:t><w:noBreakHyphen/></w:r>"
    root = body(filled(docx(p(inner) + SECTION), CONTENTS).document)
    assert len(list(root.iter(f"{W}noBreakHyphen"))) == 2
    assert lines(root) == ["05BC 6.407"]


def test_what_was_moved_away_is_no_placeholder() -> None:
    moved = f'<w:moveFrom w:id="1">{run("{{press_total}}")}</w:moveFrom>'
    arrived = f'<w:moveTo w:id="2">{run("{{press_total}}")}</w:moveTo>'
    root = body(filled(docx(p(moved) + p(arrived) + SECTION), CONTENTS).document)
    assert lines(root) == ["{{press_total}}", "6.407"]


# ---- in other people's controls

BOUND = '<w:dataBinding w:xpath="/a" w:storeItemID="{1}"/><w:text/>'
PROPERTIES = {
    "nothing": "",
    "id": '<w:id w:val="7"/>',
    "cover": f'<w:alias w:val="Title"/><w:tag w:val=""/><w:id w:val="7"/>{BOUND}',
    "tag": '<w:tag w:val="cua_toi"/><w:text/>',
    "alias": '<w:alias w:val="Của tôi"/>',
    "placeholder": "<w:showingPlcHdr/><w:text/>",
    "list": "<w:dropDownList/>",
}


@pytest.mark.parametrize("properties", PROPERTIES.values(), ids=PROPERTIES)
@pytest.mark.parametrize("words", ["{{press_total}}", "Có {{press_total}} tin.", " {{press_total}}"])
@pytest.mark.parametrize("around", ["line", "paragraph", "cell", "cover page"])
def test_a_tag_in_another_control_is_filled_and_renewed(properties: str, words: str, around: str) -> None:
    match around:
        case "line":
            content = p(run("Đầu "), foreign_control(run(words), properties))
        case "paragraph":
            content = foreign_control(p(run(f"Đầu {words}")), properties)
        case "cell":
            cell = foreign_control(f"<w:tc><w:tcPr/>{p(run(f'Đầu {words}'))}</w:tc>", properties)
            content = f"<w:tbl><w:tblPr/><w:tblGrid/><w:tr>{cell}</w:tr></w:tbl>"
        case _:
            inner = p(run("Đầu "), foreign_control(run(words), properties))
            content = foreign_control(inner, '<w:docPartObj><w:docPartGallery w:val="Cover"/></w:docPartObj>')
    first = filled(docx(content + SECTION), CONTENTS)
    root = body(first.document)
    assert [line for line in lines(root) if line] == ["Đầu " + words.replace("{{press_total}}", "6.407")]
    assert said(control(root, "press_total")) == "6.407"
    for node in root.iter(f"{W}sdt"):  # what binds, or holds no other control, is gone round ours
        if node is not control(root, "press_total"):
            assert not {"text", "dataBinding", "showingPlcHdr", "dropDownList"}.intersection(
                names(node, f"{W}sdtPr")
            )
    again = body(filled(first.document, CONTENTS | {"press_total": "1"}).document)
    assert [line for line in lines(again) if line] == ["Đầu " + words.replace("{{press_total}}", "1")]


def test_a_named_control_of_other_people_keeps_its_name() -> None:
    document = docx(p(foreign_control(run("{{press_total}}"), '<w:tag w:val="cua_toi"/>')) + SECTION)
    root = body(filled(document, CONTENTS).document)
    assert [value(node, f"{W}sdtPr/{W}tag") for node in root.iter(f"{W}sdt")] == ["cua_toi", "press_total"]


def test_a_table_takes_its_paragraph_in_another_control() -> None:
    document = docx(foreign_control(p(run("{{table:province}}")), '<w:alias w:val="Bảng"/>') + SECTION)
    assert control(body(filled(document, CONTENTS).document), "table:province").find(f".//{W}tbl") is not None


def test_a_tag_copied_into_the_documents_properties_is_filled_there_too() -> None:
    core = parts(STOCK)["docProps/core.xml"].decode()
    title = core[core.index("<dc:title>") : core.index("</dc:title>")] if "<dc:title>" in core else ""
    assert title
    document = replaced(STOCK, "docProps/core.xml", title, "<dc:title>Báo cáo {{Press_Total}}")
    saved = parts(filled(document, CONTENTS, scope=ALL).document)["docProps/core.xml"].decode()
    assert "Báo cáo 6.407" in saved


# ---- where it has no room


def cell(width: str, inner: str, grid: str = "") -> str:
    return (
        f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid><w:tr><w:tc><w:tcPr>{width}</w:tcPr>{inner}</w:tc>"
        f"</w:tr></w:tbl>{p()}"
    )


@pytest.mark.parametrize("tag", ["table:province", "chart:press"])
@pytest.mark.parametrize(
    ("width", "grid"),
    [
        ('<w:tcW w:w="900" w:type="dxa"/>', ""),
        ('<w:tcW w:w="500" w:type="pct"/>', '<w:gridCol w:w="900"/>'),
        ('<w:tcW w:w="0" w:type="auto"/>', '<w:gridCol w:w="900"/>'),
        ('<w:gridSpan w:val="2"/>', '<w:gridCol w:w="500"/><w:gridCol w:w="500"/>'),
    ],
)
def test_a_table_in_a_cell_narrower_than_what_it_brings_stops_the_run(
    tag: str, width: str, grid: str
) -> None:
    heard = refused(docx(cell(width, p(run(f"{{{{{tag}}}}}")), grid) + SECTION))
    assert f"{{{{{tag}}}}}" in heard
    assert "widen the cell" in heard


def test_a_control_in_such_a_cell_is_left_alone_and_named() -> None:
    document = docx(cell('<w:tcW w:w="900" w:type="dxa"/>', block("table:province")) + SECTION)
    assert filled(document, CONTENTS).tags(FillResult.NARROW) == ("table:province",)


@pytest.mark.parametrize(
    ("width", "grid", "wide"),
    [
        ('<w:tcW w:w="5000" w:type="dxa"/>', "", 5000 - 216),
        ('<w:tcW w:w="2500" w:type="pct"/>', '<w:gridCol w:w="4000"/>', 4000 - 216),
        ('<w:gridSpan w:val="2"/>', '<w:gridCol w:w="2500"/><w:gridCol w:w="2000"/>', 4500 - 216),
    ],
)
def test_a_table_in_a_cell_is_as_wide_as_its_text(width: str, grid: str, wide: int) -> None:
    document = docx(cell(width, p(run("{{table:province}}")), grid) + SECTION)
    assert table_width(document) == wide


def table_width(document: bytes) -> int:
    node = control(body(filled(document, CONTENTS).document), "table:province")
    return int(node.find(f".//{W}tbl/{W}tblPr/{W}tblW").get(f"{W}w"))


@pytest.mark.parametrize(
    ("columns", "wide"),
    [
        ("", 9355),
        ('<w:cols w:num="1" w:space="720"/>', 9355),
        ('<w:cols w:num="2" w:space="355"/>', 4500),
        ('<w:cols w:num="2"/>', (9355 - 720) // 2),
        ('<w:cols w:num="3" w:space="155"/>', 3015),
        (
            '<w:cols w:num="2" w:equalWidth="0"><w:col w:w="3000" w:space="9"/><w:col w:w="6000"/></w:cols>',
            3000,
        ),
    ],
)
def test_a_table_in_columns_is_as_wide_as_its_column(columns: str, wide: int) -> None:
    section = SECTION.replace("</w:sectPr>", f"{columns}</w:sectPr>")
    assert table_width(docx(p(run("{{table:province}}")) + section)) == wide
    # of an earlier section, which ends in a paragraph
    earlier = p(run("Hết mục"), look=section)
    assert table_width(docx(p(run("{{table:province}}")) + earlier + SECTION)) == wide
    assert table_width(docx(earlier + p(run("{{table:province}}")) + SECTION)) == 9355


@pytest.mark.parametrize("tag", ["table:province", "chart:press", "lead"])
def test_what_brings_paragraphs_stops_the_run_within_a_line(tag: str) -> None:
    heard = refused(docx(p(run(f"Xem {{{{{tag}}}}} đây.")) + SECTION))
    assert f"{{{{{tag}}}}} (“Xem {{{{{tag}}}}} đây.”)" in heard
    assert "type it alone in a paragraph" in heard


def test_a_tag_typed_into_a_filled_text_stops_the_run_and_units_own_braces_do_not() -> None:
    words: dict[str, Content] = {"lead": (Paragraph("Một {{x}}."),), "press_total": "1"}
    first = filled(docx(block("lead") + SECTION), words).document
    edited = changed_text(first, "Một", "Nay")
    assert filled(edited, words, keep={"lead"}).tags(FillResult.KEPT) == ("lead",)
    with pytest.raises(ReportctlError, match=r"press_total.*outside of that"):
        fill(changed_text(first, "Một", "Một {{press_total}}"), words, FACTS, {"lead"})


def test_nothing_is_left_as_braces_anywhere_or_the_run_stops() -> None:
    """Every place at once: what comes out holds no braces."""
    box = text_box(p(run("{{press_total}}")), p(run("{{lead}}")))
    cover = foreign_control(p(foreign_control(run("{{press_total}}"), BOUND)))
    nested: Any = p(f'<w:hyperlink w:anchor="a">{run("{{press_")}</w:hyperlink>', run("total}}"))
    document = docx(box + cover + nested + p(inline("press_total")) + SECTION, header=box)
    document = with_notes(document, "footnotes", p(run("{{press_total}}")))
    document = with_notes(document, "comments", p(run("{{press_total}}")))
    result = filled(document, CONTENTS).document
    for name, data in parts(result).items():
        assert b"{{" not in data.replace(b"{{press_total}}</rc", b""), name


def test_the_unnamed_table_of_a_place_has_room_for_two_columns() -> None:
    small = Table("t", "", (Column("a", "A"), Column("b", "B")), (Row(("x", "y")),))
    document = docx(cell('<w:tcW w:w="1300" w:type="dxa"/>', sdt("t", p(run("[?]")))) + SECTION)
    assert filled(document, {"t": small}).tags(FillResult.RENEWED) == ("t",)
