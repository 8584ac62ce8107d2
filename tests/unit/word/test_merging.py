"""Edited texts get what has changed in their originals, where people left the words as they were."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from reportctl.word.content import Content, Paragraph
from reportctl.word.fill import FillResult
from reportctl.word.merging import Open, applied, kept_share, merge, typed_numbers
from tests.making.word_documents import (
    FACTS,
    SECTION,
    SPACE,
    W,
    block,
    body,
    changed_text,
    docx,
    edited,
    filled,
    inline,
    lines,
    p,
    run,
    said,
)

PRINTED = "Đăng 6.407 tin, bài, tăng 14,2% so với cùng kỳ."


@pytest.mark.parametrize(
    ("people", "now", "merged", "left"),
    [
        (
            f"{PRINTED} Nổi bật là Xã 3.",
            "Đăng 6.929 tin, bài, tăng 23,5% so với cùng kỳ.",
            "Đăng 6.929 tin, bài, tăng 23,5% so với cùng kỳ. Nổi bật là Xã 3.",
            (),
        ),
        (
            "Toàn tỉnh đã đăng tải 6.407 tin, bài, tăng 14,2% so với cùng kỳ.",
            "Đăng 6.929 tin, bài, giảm 3% so với cùng kỳ.",
            "Toàn tỉnh đã đăng tải 6.929 tin, bài, giảm 3% so với cùng kỳ.",
            (),
        ),
        # somebody typed over the one figure: the other is renewed, this one is left to people
        (
            "Đăng 9.999 tin, bài, tăng 14,2% so với cùng kỳ.",
            "Đăng 6.929 tin, bài, tăng 23,5% so với cùng kỳ.",
            "Đăng 9.999 tin, bài, tăng 23,5% so với cùng kỳ.",
            (Open("6.407", "6.929"),),
        ),
        # somebody typed what would be printed now
        (
            "Đã đăng 6.929 tin, bài, tăng 14,2% so với cùng kỳ.",
            "Đăng 6.929 tin, bài, tăng 14,2% so với cùng kỳ.",
            "Đã đăng 6.929 tin, bài, tăng 14,2% so với cùng kỳ.",
            (),
        ),
        # words go, with the blank before them, and come
        (
            f"Trước. {PRINTED}",
            "Đăng 6.407 tin, bài.",
            "Trước. Đăng 6.407 tin, bài.",
            (),
        ),
        (
            f"Trước. {PRINTED}",
            "Đăng 6.407 tin, bài, tăng 14,2% so với cùng kỳ, đạt 80% kế hoạch.",
            "Trước. Đăng 6.407 tin, bài, tăng 14,2% so với cùng kỳ, đạt 80% kế hoạch.",
            (),
        ),
        (f"{PRINTED} Thêm.", f"{PRINTED}\nMột đoạn mới.", f"{PRINTED} Thêm.", (Open("", "Một đoạn mới."),)),
    ],
)
def test_three_texts_make_one(people: str, now: str, merged: str, left: tuple[Open, ...]) -> None:
    edits, found = merge(PRINTED, people, now)
    assert applied(people, edits) == merged
    assert found == left


WORDS = st.lists(st.sampled_from(["một", "hai", "5", "1.234", ",", "."]), max_size=9).map(" ".join)


@given(printed=WORDS, people=WORDS, now=WORDS)
def test_a_text_that_nobody_edited_becomes_the_new_one_and_an_unchanged_one_stays(
    printed: str, people: str, now: str
) -> None:
    edits, left = merge(printed, printed, now)
    assert not left or not printed
    if printed:
        assert applied(printed, edits).split() == now.split()
    assert merge(printed, people, printed) == ((), ())
    edits, _left = merge(printed, people, now)
    assert all(one.end <= other.start for one, other in itertools.pairwise(edits))


def test_how_much_is_kept_and_which_numbers_are_peoples_own() -> None:
    assert kept_share(PRINTED, f"Trước. {PRINTED}") == 1
    assert kept_share(PRINTED, "Công tác báo chí được duy trì.") < 0.2
    assert typed_numbers(PRINTED, f"{PRINTED} Có 12 xã.") == ((), ("12",))
    assert typed_numbers(PRINTED, PRINTED.replace("6.407", "7.000")) == (("7.000",), ())
    # its own figure is gone, so the other may stand for it
    assert typed_numbers(PRINTED, "Đăng nhiều tin, bài (7.000), tăng 14,2%.") == (("7.000",), ())


# ---- in documents

OLD: dict[str, Content] = {"sentences:press": (Paragraph(PRINTED), Paragraph("Có 5 trang."))}
NEW: dict[str, Content] = {
    "sentences:press": (Paragraph(PRINTED.replace("6.407", "6.929")), Paragraph("Có 7 trang."))
}
TAGS = {"sentences:press"}
FIRST = filled(docx(block("sentences:press", "", "<w:i/>") + SECTION), OLD).document


def test_the_figures_of_an_edited_paragraph_are_renewed_in_their_look() -> None:
    people = changed_text(FIRST, "cùng kỳ.", "cùng kỳ. Nổi bật là Xã 3.")
    result = filled(people, NEW, FACTS, TAGS, mend=TAGS)
    assert result.tags(FillResult.MENDED) == ("sentences:press",)
    now = [PRINTED.replace("6.407", "6.929") + " Nổi bật là Xã 3.", "Có 7 trang."]
    assert lines(body(result.document)) == now
    assert all(node.find(f"{W}rPr/{W}i") is not None for node in body(result.document).iter(f"{W}r"))
    again = filled(result.document, NEW, FACTS, TAGS, mend=TAGS)
    assert lines(body(again.document)) == now
    assert again.tags(FillResult.KEPT) == ("sentences:press",)
    third = filled(result.document, OLD, FACTS, TAGS, mend=TAGS)
    assert lines(body(third.document))[1] == "Có 5 trang."


def test_a_figure_split_over_runs_is_renewed() -> None:
    halves = "6.4</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>07 tin"
    people = changed_text(changed_text(FIRST, "6.407 tin", halves), "cùng kỳ.", "cùng kỳ năm ngoái.")
    result = filled(people, NEW, FACTS, TAGS, mend=TAGS)
    assert lines(body(result.document))[0] == "Đăng 6.929 tin, bài, tăng 14,2% so với cùng kỳ năm ngoái."


def beside(root: Any) -> None:
    """The control shrunk into its first paragraph, as LibreOffice does it, and a sentence typed after it."""
    if root.tag != f"{W}document":
        return
    (sdt,) = root.iter(f"{W}sdt")
    first, second = sdt.find(f"{W}sdtContent")
    sdt.addnext(second)
    sdt.addprevious(first)
    for child in [child for child in first if child.tag != f"{W}pPr"]:
        sdt.find(f"{W}sdtContent").append(child)
    first.append(sdt)
    first.append(etree.fromstring(f'<x xmlns:w="{SPACE}">{run(" Xã 3 dẫn đầu.")}</x>')[0])


def test_figures_are_renewed_where_a_sentence_stands_beside_the_control() -> None:
    people = edited(FIRST, beside)
    result = filled(people, NEW, FACTS, TAGS, mend=TAGS)
    assert result.tags(FillResult.MENDED) == ("sentences:press",)
    assert lines(body(result.document)) == [
        PRINTED.replace("6.407", "6.929") + " Xã 3 dẫn đầu.",
        "Có 7 trang.",
    ]
    assert filled(result.document, OLD, FACTS, TAGS, mend=TAGS).tags(FillResult.MENDED) == (
        "sentences:press",
    )


def test_a_text_of_units_with_something_beside_it_is_an_edited_one() -> None:
    said_: dict[str, Content] = {"text:tasks": (Paragraph("Một việc."), Paragraph("Hai."))}
    people = edited(filled(docx(block("text:tasks") + SECTION), said_).document, beside)
    result = filled(people, said_, FACTS, {"text:tasks"})
    assert result.tags(FillResult.KEPT) == ("text:tasks",)
    assert lines(body(result.document)) == ["Một việc. Xã 3 dẫn đầu.", "Hai."]
    # renewed in spite of that it would have no room for its paragraphs
    assert filled(people, said_, FACTS).tags(FillResult.MISPLACED) == ("text:tasks",)


def test_a_figure_beside_peoples_words_is_renewed_as_ever() -> None:
    first = filled(docx(p(run("Có "), inline("press_total")) + SECTION), {"press_total": "1"}).document
    people = changed_text(first, "Có ", "Nhờ cố gắng chung, đã có ")
    assert said(body(filled(people, {"press_total": "2"}).document)) == "Nhờ cố gắng chung, đã có 2"


@pytest.mark.parametrize(
    ("printed", "edited", "now", "merged", "open_"),
    [
        pytest.param(  # people have changed where the word goes to: it stays where it was
            "Đăng, phát ước 287 tin, tăng 2%.",
            "Đã đăng, phát ước 287 tin, tăng 2%.",
            "Ước đăng, phát 290 tin, tăng 3%.",
            "Đã đăng, phát ước 290 tin, tăng 3%.",
            (),
            id="half a move",
        ),
        pytest.param(
            "Đăng, phát ước 287 tin.",
            "Đăng, phát ước 287 tin, nhiều nhất từ trước đến nay.",
            "Ước đăng, phát 287 tin.",
            "Ước đăng, phát 287 tin, nhiều nhất từ trước đến nay.",
            (),
            id="a whole move",
        ),
        pytest.param(  # a figure that is no longer an estimate
            "Đăng, phát ước 287 tin.",
            "Đã đăng, phát ước 287 tin.",
            "Đăng, phát 287 tin.",
            "Đã đăng, phát 287 tin.",
            (),
            id="no move",
        ),
    ],
)
def test_a_word_is_not_moved_by_half(
    printed: str, edited: str, now: str, merged: str, open_: tuple[object, ...]
) -> None:
    edits, left = merge(printed, edited, now)
    assert (applied(edited, edits), left) == (merged, open_)
