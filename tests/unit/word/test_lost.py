"""The record is the list of what was printed: what is gone from the document is found out and named."""

from __future__ import annotations

from typing import Any

import pytest

from reportctl.word.content import Content, Paragraph, TableOfContents
from reportctl.word.fill import FilledDocument, FillResult
from tests.making.word_documents import (
    CHART,
    FACTS,
    SECTION,
    SPACE,
    TABLE,
    W,
    block,
    body,
    control,
    docx,
    edited,
    filled,
    inline,
    lines,
    p,
    parts,
    run,
)

OLD: dict[str, Content] = {
    "press_total": "6.407",
    "staff": "5",
    "sentences:press": (Paragraph("Đăng 6.407 tin, bài, tăng 14,2% so với cùng kỳ."), Paragraph("Hai.")),
    "table:province": TABLE,
    "chart:press": CHART,
    "toc": TableOfContents(),
}
NEW: dict[str, Content] = OLD | {"press_total": "6.929"}
BLANK = docx(
    block("toc")
    + p(run("Toàn tỉnh có "), inline("press_total"), run(" tin."))
    + p(run("Có "), inline("staff"), run(" người."))
    + block("sentences:press")
    + block("table:province")
    + block("chart:press")
    + p(run("Hết."))
    + SECTION,
    header=p(run("Đầu trang "), inline("press_total")),
)
FIRST = filled(BLANK, OLD).document
TAGS = {"sentences:press"}


def refreshed(document: bytes, drop: Any = ()) -> FilledDocument:
    return filled(document, NEW, FACTS, TAGS, mend=TAGS, drop=drop)


def plain(root: Any) -> None:
    """The document pasted as plain text: neither controls nor bookmarks."""
    for node in list(root.iter(f"{W}sdt")):
        for child in list(node.find(f"{W}sdtContent")):
            node.addprevious(child)
        node.getparent().remove(node)
    for node in list(root.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd")):
        node.getparent().remove(node)


def without(*tags: str) -> Any:
    """Takes the controls of these tags out of the body, with their content."""

    def change(root: Any) -> None:
        if root.tag == f"{W}document":
            for tag in tags:
                node = control(root, tag)
                node.getparent().remove(node)

    return change


def test_what_stands_is_not_lost() -> None:
    assert refreshed(FIRST).lost == ()


@pytest.mark.parametrize("tag", ["staff", "sentences:press", "table:province", "chart:press", "toc"])
def test_a_control_deleted_with_its_content_is_named_for_ever(tag: str) -> None:
    document = edited(FIRST, without(tag))
    for _time in range(3):
        result = refreshed(document)
        assert [place.tag for place in result.lost] == [tag]
        assert not result.lost[0].dropped
        document = result.document


def test_one_of_two_places_of_a_tag_is_lost() -> None:
    document = edited(FIRST, without("press_total"))
    (place,) = refreshed(document).lost
    assert (place.tag, place.printed, place.new, place.standing) == ("press_total", "6.407", "6.929", ())


def test_a_stale_figure_typed_instead_is_pointed_at() -> None:
    def typed(root: Any) -> None:
        if root.tag == f"{W}document":
            node = control(root, "press_total")
            line = node.getparent()
            line.remove(node)
            line.find(f"{W}r/{W}t").text = "Toàn tỉnh có 6.407 "

    (place,) = refreshed(edited(FIRST, typed)).lost
    assert place.standing == ("Toàn tỉnh có 6.407 tin.",)


def test_a_figure_is_not_found_within_another_number() -> None:
    def typed(root: Any) -> None:
        if root.tag == f"{W}document":
            without("staff")(root)
            root[0][-2].find(f"{W}r/{W}t").text = "Năm 2025 có 15 người, 5,5 và 1.5 hay 5.000; mã 5a."

    (place,) = refreshed(edited(FIRST, typed)).lost
    assert place.standing == ()


def test_where_only_the_record_remains_everything_is_named_with_its_plain_text() -> None:
    result = refreshed(edited(FIRST, plain))
    every = ["chart:press", "press_total", "press_total", "sentences:press", "staff", "table:province", "toc"]
    assert sorted(place.tag for place in result.lost) == every
    standing = {place.tag: place.standing for place in result.lost}
    assert standing["press_total"][:2] == (
        "Toàn tỉnh có 6.407 tin.",
        "Đăng 6.407 tin, bài, tăng 14,2% so với cùng kỳ.",
    )
    assert standing["staff"] == ("Có 5 người.",)
    assert standing["sentences:press"][0] == "Đăng 6.407 tin, bài, tăng 14,2% so với cùng kỳ."
    assert standing["table:province"][0] == "Bảng 1. Biểu tổng hợp"
    assert "Toàn tỉnh có 6.407 tin." in lines(body(result.document)), "which is not filled any more"


def test_an_edited_sentence_that_lost_its_control_is_pointed_at() -> None:
    def change(root: Any) -> None:
        plain(root)
        for text in root.iter(f"{W}t"):
            text.text = (text.text or "").replace("tin, bài, tăng", "tin, bài trên báo, tăng")

    (place,) = (one for one in refreshed(edited(FIRST, change)).lost if one.tag == "sentences:press")
    assert place.standing[0] == "Đăng 6.407 tin, bài trên báo, tăng 14,2% so với cùng kỳ."


def test_a_dropped_place_stays_gone_and_is_known_for_it() -> None:
    document = edited(FIRST, without("staff"))
    document = refreshed(document, drop={"staff"}).document
    for _time in range(2):
        result = refreshed(document)
        assert [(place.tag, place.dropped) for place in result.lost] == [("staff", True)]
        document = result.document
    assert "staff" not in [one.tag for one in result.controls]


def test_a_text_typed_over_may_be_dropped_and_a_live_place_is_not() -> None:
    def typed(root: Any) -> None:
        if root.tag == f"{W}document":
            for text in control(root, "sentences:press").iter(f"{W}t"):
                text.text = "Được duy trì."

    document = refreshed(edited(FIRST, typed), drop={"sentences:press", "staff"}).document
    for _time in range(2):
        result = refreshed(document)
        assert result.tags(FillResult.DROPPED) == ("sentences:press",)
        assert "staff" in result.tags(FillResult.RENEWED)
        document = result.document
    assert lines(body(document)).count("Được duy trì.") == 2


@pytest.mark.parametrize("drop", [(), {"staff"}])
def test_a_tag_typed_again_takes_the_place_of_the_lost_one(drop: Any) -> None:
    document = refreshed(edited(FIRST, without("staff")), drop=drop).document

    def typed(root: Any) -> None:
        if root.tag == f"{W}document":
            for text in root.iter(f"{W}t"):
                text.text = (text.text or "").replace("Hết.", "Có {{staff}}.")

    result = refreshed(edited(document, typed))
    assert result.lost == ()
    assert "Có 5." in lines(body(result.document))
    assert refreshed(result.document).lost == ()


def test_a_control_that_lost_its_bookmark_is_not_lost() -> None:
    def unmarked(root: Any) -> None:
        for node in list(root.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd")):
            node.getparent().remove(node)

    assert refreshed(edited(FIRST, unmarked)).lost == ()


def test_a_tag_that_is_not_known_any_more_is_lost_without_new_text() -> None:
    document = edited(FIRST, without("staff"))
    known = {tag: content for tag, content in NEW.items() if tag != "staff"}
    (place,) = filled(document, known, FACTS).lost
    assert (place.tag, place.printed, place.new) == ("staff", "5", None)


def test_a_report_made_anew_from_an_old_one_knows_nothing_of_what_that_has_lost() -> None:
    document = edited(FIRST, without("staff", "sentences:press"))
    made = filled(document, NEW, FACTS, anew=True)
    assert made.lost == ()
    assert b"sentences:press" not in b"".join(
        data for name, data in parts(made.document).items() if name.startswith("customXml/")
    )


def test_the_record_of_an_older_program_is_read() -> None:
    old = parts(FIRST)["customXml/item1.xml"]
    assert b"dropped" not in old
    assert SPACE.encode() not in old
