"""What a refresh changes in a document that people have edited; everything else stays."""

from __future__ import annotations

import copy
from typing import Any

from lxml import etree

from reportctl.report.changes import Change, changes
from reportctl.word.content import Content, Paragraph
from reportctl.word.fill import FillResult
from tests.making.foreign_word import with_notes
from tests.making.word_documents import (
    CHART,
    FACTS,
    SECTION,
    SPACE,
    TABLE,
    W,
    block,
    body,
    changed_text,
    docx,
    edited,
    filled,
    inline,
    lines,
    marks,
    p,
    parts,
    run,
    said,
    sdt,
)

WORDS = {"title", "text:tasks"}
OLD: dict[str, Content] = {
    "title": "Kết quả quý I",
    "press_total": "6.407",
    "text:tasks": (Paragraph("Một."), Paragraph("Hai.", item=True)),
    "table:province": TABLE,
    "chart:press": CHART,
}
NEW: dict[str, Content] = OLD | {"press_total": "6.500", "text:tasks": (Paragraph("Ba."),)}
BLANK = docx(
    p(inline("title"))
    + p(run("Đã đăng "), inline("press_total", "<w:b/>"), run(" tin."))
    + block("text:tasks")
    + block("table:province")
    + block("chart:press")
    + p(run("Hết."))
    + SECTION,
    header=p(run("Đầu trang "), inline("press_total")),
)
FIRST = filled(BLANK, OLD, FACTS).document


def outside(document: bytes) -> dict[str, bytes]:
    """Every part as canonical XML with the controls, their record and the charts taken out."""
    said = {}
    for name, data in parts(document).items():
        if name.startswith(("customXml/", "word/charts/", "word/embeddings/")) or not name.endswith(
            ("xml", "rels")
        ):
            continue
        root = etree.fromstring(data)
        for node in list(root.iter(f"{W}sdt")):
            node.getparent().remove(node)
        if name.endswith(".rels") or name == "[Content_Types].xml":
            root[:] = sorted(
                (
                    node
                    for node in root
                    if b"chart" not in etree.tostring(node) and b"custom" not in etree.tostring(node)
                ),
                key=lambda node: node.get("Target") or node.get("PartName") or "",
            )
            for node in root:
                node.attrib.pop("Id", None)
        said[name] = etree.tostring(root, method="c14n")
    return said


def test_figures_are_renewed_and_all_else_stays_as_it_was() -> None:
    def by_people(root: Any) -> None:
        paragraph = etree.fromstring(f'<x xmlns:w="{SPACE}">{p(run("Văn phòng viết thêm.", "<w:i/>"))}</x>')[
            0
        ]
        deleted = etree.fromstring(
            f'<x xmlns:w="{SPACE}"><w:p>'
            '<w:del w:id="9" w:author="VP"><w:r><w:delText>bỏ</w:delText></w:r></w:del>'
            '<w:ins w:id="10" w:author="VP"><w:r><w:t>thêm</w:t></w:r></w:ins></w:p></x>'
        )[0]
        if root.tag == f"{W}document":
            root[0].insert(1, paragraph)
            root[0].insert(0, deleted)
            root[0].insert(2, root[0][4])  # a moved block

    before = edited(FIRST, by_people)
    result = filled(before, NEW, FACTS, WORDS)
    assert outside(result.document) == outside(before)
    assert changes(result).changed == (
        Change("text:tasks", "", "Một.\n- Hai.", "Ba."),  # moved up
        Change("press_total", "", "6.407", "6.500"),
    )
    assert said(body(result.document, "word/header1.xml")) == "Đầu trang 6.500"


def test_a_figure_typed_over_is_told_and_renewed_a_text_edited_is_kept() -> None:
    document = changed_text(changed_text(FIRST, "6.407", "7.000"), "Một.", "Một và nhiều nữa.")
    document = changed_text(document, "9.999.999", "1")
    result = filled(document, NEW, FACTS, WORDS)
    found = changes(result)
    assert found.changed == (
        Change("press_total", "", "7.000", "6.500", printed="6.407"),
        Change("table:province", "Tổng cộng · Quý này", "1", "9.999.999", printed="9.999.999"),
        Change("press_total", "", "6.407", "6.500"),  # the one in the header
    )
    assert [(k.tag, k.text, k.new, k.outdated) for k in found.kept] == [
        ("text:tasks", "Một và nhiều nữa.\n- Hai.", "Ba.", True)
    ]
    assert "Một và nhiều nữa." in lines(body(result.document))
    # It is still known for edited the next time, and renewed when that is asked for.
    again = filled(result.document, NEW, FACTS, WORDS)
    assert again.tags(FillResult.KEPT) == ("text:tasks",)
    renewed = filled(result.document, NEW, FACTS, WORDS - {"text:tasks"})
    assert "Ba." in lines(body(renewed.document))


def test_a_text_edited_whose_figures_have_not_changed_is_not_outdated() -> None:
    found = changes(filled(changed_text(FIRST, "Một.", "Một!"), OLD, FACTS, WORDS))
    assert [(k.tag, k.outdated) for k in found.kept] == [("text:tasks", False)]
    assert not found.differ


def test_a_number_typed_into_a_sentence_is_told_from_a_reworded_one() -> None:
    said: dict[str, Content] = {"sentences:press": (Paragraph("Đăng 6.407 tin, tăng 14,2%."),)}
    first = filled(docx(block("sentences:press") + SECTION), said, FACTS).document
    reworded = changes(filled(changed_text(first, "Đăng", "Đã đăng"), said, FACTS, {"sentences:press"}))
    assert (reworded.kept[0].strange, reworded.differ) == ((), False)
    wrong = changes(filled(changed_text(first, "6.407", "9.999"), said, FACTS, {"sentences:press"}))
    assert (wrong.kept[0].strange, wrong.kept[0].outdated, wrong.differ) == (("9.999",), False, True)


def test_the_same_tag_five_times_copied_and_one_deleted() -> None:
    def by_people(root: Any) -> None:
        if root.tag != f"{W}document":
            return
        line = root[0][1]
        for _time in range(4):
            twin = copy.deepcopy(line)
            for mark in list(twin.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd")):
                mark.getparent().remove(mark)  # Word keeps a bookmark in one place only
            line.addnext(twin)
        root[0].remove(root[0][0])

    result = filled(edited(FIRST, by_people), NEW, FACTS, WORDS)
    texts = lines(body(result.document))
    assert texts[:5] == ["Đã đăng 6.500 tin."] * 5
    assert "Kết quả quý I" not in texts
    assert len(set(marks(body(result.document)))) == len(marks(body(result.document)))


def test_a_copy_of_an_edited_text_is_kept_like_it() -> None:
    def copied(root: Any) -> None:
        if root.tag == f"{W}document":
            twin = copy.deepcopy(root[0][2])
            for mark in list(twin.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd")):
                mark.getparent().remove(mark)
            next(twin.iter(f"{W}t")).text = "Đã sửa."
            root[0].append(twin)

    result = filled(edited(FIRST, copied), NEW, FACTS, WORDS)
    assert [(c.tag, c.result) for c in result.controls if c.tag == "text:tasks"] == [
        ("text:tasks", FillResult.RENEWED),
        ("text:tasks", FillResult.KEPT),
    ]


def test_what_stands_in_another_control_or_a_table_in_a_footnote_is_left_alone_and_named() -> None:
    template = docx(sdt("text:tasks", p(run("a "), inline("press_total"))) + SECTION)
    document = with_notes(template, "footnotes", block("table:province"))
    result = filled(document, NEW, FACTS, WORDS)
    assert lines(body(result.document, "word/footnotes.xml")) == ["[?]"]
    assert lines(body(result.document)) == ["a [?]"]
    found = changes(result)
    assert [tag for tag, _reason in found.left_alone] == ["text:tasks", "press_total", "table:province"]
    assert [reason.partition(";")[0] for _tag, reason in found.left_alone] == [
        "it holds another tagged place, or stands in one",
        "it holds another tagged place, or stands in one",
        "a table or chart has no room in a header, a text box or a note",
    ]
    assert "type {{table:province}} in the text" in found.left_alone[2][1]
    assert found.differ


def test_words_that_stay_the_same_stay_as_people_have_set_them() -> None:
    def slanted(root: Any) -> None:
        for text in root.iter(f"{W}t"):
            if (text.text or "").endswith("Hai."):
                text.getparent().insert(0, etree.fromstring(f'<w:rPr xmlns:w="{SPACE}"><w:i/></w:rPr>'))

    before = edited(FIRST, slanted)
    same = filled(before, NEW | {"text:tasks": OLD["text:tasks"]}, FACTS, WORDS)
    again = filled(same.document, OLD, FACTS, WORDS)
    for result, figure in ((same, "6.500"), (again, "6.407")):
        words = next(body(result.document).iter(f"{W}i")).getparent().getparent()
        assert said(words) == "- Hai."
        assert f"Đã đăng {figure} tin." in lines(body(result.document))
        assert result.tags(FillResult.KEPT) == ()
    renewed = lines(body(filled(again.document, NEW, FACTS, WORDS).document))
    assert "Ba." in renewed
    assert "Một." not in renewed


def test_a_picture_among_words_is_an_edit_of_them() -> None:
    def picture(root: Any) -> None:
        for text in root.iter(f"{W}t"):
            if (text.text or "").endswith("Hai."):
                text.addnext(etree.fromstring(f'<w:drawing xmlns:w="{SPACE}"/>'))

    before = edited(FIRST, picture)
    result = filled(before, NEW, FACTS, WORDS)
    assert result.tags(FillResult.KEPT) == ("text:tasks",)
    assert b"<w:drawing/>" in parts(result.document)["word/document.xml"]
