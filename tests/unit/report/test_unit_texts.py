"""What the units wrote, as it stands in the report; what is expected is written out by hand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportctl.report.unit_texts import PrintedText, UnitText, answers, paragraphs, remarks
from reportctl.word.content import Paragraph
from reportctl.workspace.settings import Settings
from reportctl.workspace.units import Unit

UNITS = {code: Unit(code, f"Huyện {code.upper()}", "district") for code in "abcd"}


def made(said: dict[str, str], **report: Any) -> tuple[PrintedText, ...]:
    """The answers of units by code, given in the opposite order."""
    texts = [UnitText("results", unit, text) for unit, text in reversed(said.items())]
    return answers(texts, "results", UNITS, Settings.model_validate({"report": report}))


def printed(said: dict[str, str], **report: Any) -> tuple[Paragraph, ...]:
    return paragraphs(made(said, **report), UNITS)


def told(said: dict[str, str], **report: Any) -> list[str]:
    return list(remarks("Kết quả", made(said, **report), UNITS))


# ---- what is said, by whom


def test_texts_stand_in_the_rosters_order_under_the_units_names() -> None:
    assert printed({"b": "Hai.", "a": "Một.", "x": "Nơi khác."}) == (
        Paragraph("Một.", "Huyện A: "),
        Paragraph("Hai.", "Huyện B: "),
        Paragraph("Nơi khác.", "x: "),
    )
    other = UnitText("tasks", "a", "Việc khác.")
    assert answers([other], "results", UNITS, Settings()) == ()


@pytest.mark.parametrize(
    "text",
    [
        *("", " \n ", "Không", "không có.", "- Không có gì", "Chưa có.", "…", "None", "KAD", "N/A"),
        *("Không có khó khăn gì lớn.", "Không vướng mắc", "Không phát sinh khó khăn", "Khong co kho khan"),
        *(
            "Không có khó khăn, vướng mắc gì đáng kể.",
            "Không có kiến nghị, đề xuất.",
            "Không có ý kiến gì thêm",
        ),
        *(
            "Cơ bản không có khó khăn.",
            "Hiện nay chưa có kiến nghị gì.",
            "Đơn vị không gặp khó khăn, trở ngại nào",
        ),
        *(
            "- Không có hạn chế.\n- Không có nguyên nhân.",
            "Không có nội dung cần đề xuất",
            "Không có gì nổi bật",
        ),
        *(
            "Không có khó khăn trong kỳ báo cáo này",
            "Không kiến nghị gì với cấp trên",
            "Chưa có vấn đề phát sinh",
        ),
        *("No major difficulties.", "There are no problems to report", "Nothing to report", "Không áp dụng"),
    ],
)
def test_answers_that_say_that_there_is_nothing_are_left_out(text: str) -> None:
    assert made({"a": text}) == ()


@pytest.mark.parametrize(
    "text",
    [
        *("Không có kinh phí.", "Chưa có đài", "5", "Không có hạn chế nào về kinh phí, chỉ thiếu người"),
        *("Không có khó khăn gì lớn, nhưng thiếu kinh phí", "Không có cán bộ", "Khó khăn, vướng mắc"),
        *("Đề xuất: không", "Không còn đài nào", "Kiến nghị", "No budget"),
        *("Không mở được lớp", "Không phát sóng", "Chưa đề xuất kinh phí", "Không có nhiều khó khăn"),
        *("Chưa nổi bật", "Không đáng kể", "Chưa cụ thể, chưa báo cáo"),
    ],
)
def test_answers_that_say_something_are_not(text: str) -> None:
    assert printed({"a": text}) == (Paragraph(text, "Huyện A: "),)


def test_an_answer_is_left_out_only_as_a_whole() -> None:
    assert [one.text for one in printed({"a": "Không có khó khăn.\nThiếu đài."})] == [
        "Không có khó khăn.",
        "Thiếu đài.",
    ]


def test_the_same_words_stand_once_whatever_the_spaces() -> None:
    said = {"a": "Thiếu kinh phí.", "b": "Việc khác.", "c": " Thiếu  kinh phí. \n\n"}
    assert printed(said) == (
        Paragraph("Thiếu kinh phí.", "Huyện A, Huyện C: "),
        Paragraph("Việc khác.", "Huyện B: "),
    )
    assert told(said) == []


LONG = (
    "Trong quý, ban chỉ đạo đã tổ chức 12 hội nghị quán triệt nghị quyết tới cán bộ, đảng viên và nhân dân; "
    "phối hợp với Đài An Lạc mở 3 chuyên mục mới, được người xem đánh giá cao và tiếp tục duy trì đều đặn "
    "hằng tuần."
)


def test_nearly_the_same_words_stand_once_in_the_longest_wording_and_that_is_told() -> None:
    longer = LONG.replace("đều đặn hằng tuần", "thật đều đặn hằng tuần")
    said = {"a": LONG, "b": "Việc khác.", "c": longer, "d": LONG}
    assert printed(said) == (
        Paragraph(longer, "Huyện A, Huyện C, Huyện D: "),
        Paragraph("Việc khác.", "Huyện B: "),
    )
    (remark,) = told(said)
    assert "“Kết quả”: nearly the same text from Huyện A, Huyện C, Huyện D" in remark
    assert "the words of Huyện A, Huyện D are" in remark
    assert len(made(said, alike=1)) == 3


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("12 hội nghị", "13 hội nghị"),
        ("12 hội nghị", "hội nghị"),
        ("Đài An Lạc", "Đài An Bình"),
        ("Trong quý, ban", "Trong quý I/2024, ban"),
        ("được người xem", "không được người xem"),
    ],
)
def test_other_figures_names_or_a_not_are_other_texts(old: str, new: str) -> None:
    assert len(made({"a": LONG, "b": LONG.replace(old, new, 1)}, alike=0.8)) == 2


def test_figures_the_other_way_round_are_another_text() -> None:
    text = LONG.replace("tổ chức 12", "mở 12")
    swapped = text.replace("mở 12", "mở x").replace("mở 3", "mở 12").replace("mở x", "mở 3")
    assert len(made({"a": text, "b": swapped}, alike=0.8)) == 2


def test_short_texts_are_merged_only_where_they_are_the_same() -> None:
    assert len(made({"a": "Đề nghị cấp thêm kinh phí.", "b": "Đề nghị sớm cấp thêm kinh phí."})) == 2


# ---- paragraphs and lists


def test_paragraphs_and_lists_of_one_cell_are_kept() -> None:
    text = "Đã làm:\n\n- Một việc\n+ Việc con\n• Hai việc\nĐoạn cuối."
    assert printed({"a": text}) == (
        Paragraph("Đã làm:", "Huyện A: "),
        Paragraph("Một việc", item=True),
        Paragraph("+ Việc con"),
        Paragraph("Hai việc", item=True),
        Paragraph("Đoạn cuối."),
    )
    assert printed({"a": "+ Một\n+ Hai"})[1:] == (Paragraph("Một", item=True), Paragraph("Hai", item=True))


@pytest.mark.parametrize(
    "first", ["1. Mở lớp", "1) Mở lớp", "a) Mở lớp", "đ. Mở lớp", "IV. Mở lớp", "(2) Mở lớp"]
)
def test_numbered_lines_keep_their_numbers_below_the_name(first: str) -> None:
    assert printed({"a": f"{first}\n2. Viết bài"}) == (
        Paragraph("", "Huyện A:"),
        Paragraph(first),
        Paragraph("2. Viết bài"),
    )


@pytest.mark.parametrize("text", ["12 lớp đã mở", "2024. Năm mới", "1.200 tin", "Xã. Huyện"])
def test_a_line_that_begins_with_a_figure_is_no_list(text: str) -> None:
    assert printed({"a": text}) == (Paragraph(text, "Huyện A: "),)


# ---- shortening

# 7 + 9 + 8 words, then two lines of 6 and 5.
PARTS = (
    "Ban đã mở 3 lớp tập huấn.",
    "Phối hợp với các báo đăng 12 bài viết.",
    "Kết quả tại TP. Lạc Thành đạt 90%.",
    "- Sửa chữa xong 4 đài.",
    "- Kiểm tra 5 xã.",
)
WHOLE = " ".join(PARTS[:3]) + "\n" + "\n".join(PARTS[3:])


@pytest.mark.parametrize(
    ("most", "kept"),
    [
        (20, [f"{PARTS[0]} {PARTS[1]} […]"]),
        (25, [" ".join(PARTS[:3]) + " […]"]),
        (31, [" ".join(PARTS[:3]), f"{PARTS[3]} […]"]),
        (40, [" ".join(PARTS[:3]), *PARTS[3:]]),
    ],
)
def test_a_long_text_ends_at_a_sentence_and_says_so(most: int, kept: list[str]) -> None:
    words = sum(len(part.split()) for part in PARTS)
    (answer,) = made({"a": WHOLE}, max_words=most)
    assert list(answer.lines) == kept
    assert answer.words == (0 if most == 40 else words)
    if most == 20:
        assert printed({"a": WHOLE}, max_words=most)[-1].text.replace("\u00a0", " ") == (
            f"([…]: shortened; Huyện A ({words} words).)"
        )
        (remark,) = told({"a": WHOLE}, max_words=most)
        assert remark == (
            f"“Kết quả”: shortened to at most max_words, whole in merged.xlsx: Huyện A ({words}\u00a0words)."
        )


def test_without_the_setting_nothing_is_shortened() -> None:
    (answer,) = made({"a": "Một câu dài. " * 500})
    assert answer.words == 0
    assert len(answer.lines[0].split()) == 1500


def test_one_long_sentence_stays_whole() -> None:
    (answer,) = made({"a": "một " * 30 + "hết."}, max_words=20)
    assert (answer.lines, answer.words) == (("một " * 30 + "hết.",), 0)


@given(
    st.lists(
        st.lists(st.sampled_from(["Một hai ba.", "Bốn.", "TP. Năm!", "sáu; bảy"]), min_size=1), min_size=1
    ),
    st.integers(20, 60),
)
def test_what_is_kept_is_the_beginning(typed: list[list[str]], most: int) -> None:
    lines = [" ".join(line) for line in typed]
    (answer,) = made({"a": "\n".join(lines)}, max_words=most)
    kept = " ".join(answer.lines)
    whole = " ".join(lines)
    if answer.words:
        assert kept.endswith(" […]")
        assert whole.startswith(kept.removesuffix(" […]"))
        assert answer.words == len(whole.split()) > most
    else:
        assert kept == whole
