"""What the units wrote, in groups; what is expected is written out by hand, or held by counting words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportctl.core import language
from reportctl.core.period import Quarter
from reportctl.form.model import Form
from reportctl.report.text_groups import TextGroup, groups, lines_of, measures, paragraphs, remarks
from reportctl.report.unit_texts import UnitText, under_headings, whole
from reportctl.word.content import Paragraph
from reportctl.workspace.settings import Settings
from reportctl.workspace.units import Unit
from tests.making.material import FORM

UNITS = {code: Unit(code, f"Xã {code.upper()}", "district") for code in "abcdefghi"}
Q1, Q2 = Quarter(2024, 1), Quarter(2024, 2)
THEMES = [
    {"title": "Kinh phí", "title_en": "Budget", "words": ["kinh phí", "ngân sách"]},
    {"title": "Cán bộ", "words": ["cán bộ", "kinh phí cho cán bộ"]},
]


@pytest.fixture(autouse=True)
def vietnamese() -> Iterator[None]:
    with language.speaking("vi"):
        yield


def form(*themes: dict[str, Any]) -> Form:
    return Form.model_validate({**FORM.model_dump(exclude_unset=True), "themes": themes})


def made(said: dict[str, str], *themes: dict[str, Any], **report: Any) -> tuple[TextGroup, ...]:
    texts = [UnitText("results", unit, text) for unit, text in said.items()]
    return groups(texts, "results", UNITS, form(*themes), Settings.model_validate({"report": report}))


def printed(said: dict[str, str], *themes: dict[str, Any], **report: Any) -> list[str]:
    """The bullets, with their leads in brackets."""
    settings = Settings.model_validate({"report": report})
    found = paragraphs(made(said, *themes, **report), UNITS, settings)
    assert all(one.item for one in found)
    return [(f"[{one.lead}]" if one.lead else "") + one.text.replace("\u00a0", " ") for one in found]


# ---- the lines of an answer


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Một việc.\n\n- Hai việc;\n2. Ba việc\na) Bốn", ["Một việc.", "Hai việc;", "Ba việc", "Bốn"]),
        ("Đã làm:\n- Một\n- Hai", ["Một", "Hai"]),
        ("Còn lại:", ["Còn lại:"]),
        ("Phối hợp các ban,\nngành ở xã", ["Phối hợp các ban, ngành ở xã"]),
        ("Xong việc.\nviệc khác", ["Xong việc.", "việc khác"]),
        ("- Sửa đài:\n+ Đài A.\n+ Đài B.\n- Mở lớp", ["Sửa đài: Đài A; Đài B", "Mở lớp"]),
        ("+ Một\n+ Hai", ["Một", "Hai"]),
        ("-\n…\nMột", ["Một"]),
    ],
)
def test_lines_are_points_without_bullets(text: str, lines: list[str]) -> None:
    assert [line.rstrip(";") for line in lines_of(text)] == [line.rstrip(";") for line in lines]


# ---- what stands once


def test_lines_that_are_equal_but_for_figures_stand_once_with_their_units() -> None:
    said = {
        "d": "Kinh phí cấp chậm nên 5 hoạt động phải lùi.",
        "a": "- Kinh phí cấp chậm nên 12 hoạt động phải lùi;\n- Mở 3 lớp.",
        "b": "kinh phí cấp chậm nên 7 hoạt động phải lùi",
        "c": "Không có",
    }
    assert printed(said) == [
        "Kinh phí cấp chậm nên từ 05 đến 12 hoạt động phải lùi (03 đơn vị: Xã A, Xã B, Xã D).",
        "Mở 3 lớp (Xã A).",
    ]


def test_what_the_form_adds_up_is_added_up() -> None:
    assert measures(FORM) == {"lớp", "classes"}
    assert printed({"a": "Mở 3 lớp.", "b": "Mở 5 lớp."}) == ["Mở tổng số 08 lớp (02 đơn vị: Xã A, Xã B)."]
    # A unit that says it twice may say the same classes twice.
    assert printed({"a": "Mở 3 lớp.\nMở 4 lớp.", "b": "Mở 5 lớp."}) == [
        "Mở từ 03 đến 05 lớp (02 đơn vị: Xã A, Xã B)."
    ]


def test_a_sentence_that_others_wrote_too_leaves_its_paragraph() -> None:
    said = {"a": "Việc một ở xã. Thiếu 3 đài. Việc hai ở xã.", "b": "Thiếu 5 đài."}
    assert printed(said) == [
        "Thiếu từ 03 đến 05 đài (02 đơn vị: Xã A, Xã B).",
        "Việc một ở xã (Xã A).",
        "Việc hai ở xã (Xã A).",
    ]
    # A paragraph that others wrote as a whole stays one.
    both = "Việc một ở xã. Thiếu 3 đài."
    assert printed({"a": both, "b": both}) == ["Việc một ở xã. Thiếu 3 đài (02 đơn vị: Xã A, Xã B)."]


LONG = (
    "Trong quý đã tổ chức 12 hội nghị quán triệt nghị quyết tới cán bộ, đảng viên và nhân dân, phối hợp với "
    "Đài An Lạc mở chuyên mục, được người xem đánh giá cao và tiếp tục duy trì đều đặn hằng tuần"
)


def test_nearly_the_same_words_stand_once_in_the_longest_wording_and_that_is_told() -> None:
    longer = LONG.replace("đều đặn", "thật đều đặn").replace("12 hội nghị", "15 hội nghị")
    (bullet,) = printed({"a": LONG, "b": longer})
    assert bullet == longer.replace("15 hội nghị", "từ 12 đến 15 hội nghị") + " (02 đơn vị: Xã A, Xã B)."
    with language.speaking("en"):
        (told,) = remarks("Kết quả", made({"a": LONG, "b": longer}), UNITS, Settings())
    assert "nearly the same text from Xã A, Xã B stands once; the words of Xã A are" in told
    assert len(made({"a": LONG, "b": longer}, alike=1)[0].lines) == 2


@pytest.mark.parametrize(
    ("old", "new"),
    [("Đài An Lạc", "Đài An Bình"), ("được người", "chưa được người"), ("hội nghị", "buổi họp")],
)
def test_other_names_a_not_or_another_thing_counted_are_other_lines(old: str, new: str) -> None:
    lines = [
        line for group in made({"a": LONG, "b": LONG.replace(old, new, 1)}, alike=0.8) for line in group.lines
    ]
    assert len(lines) == 2


def test_numbers_of_units_and_what_is_counted_are_not_broken_over_lines() -> None:
    counting = FORM.model_dump(mode="json", exclude_unset=True)
    counting["sections"][0]["indicators"][1]["unit_of_measure"] = "lượt người"
    said = {unit: f"Mở {n} lớp cho {n}0 lượt người ở xã" for n, unit in enumerate(UNITS, 1)}
    texts = [UnitText("results", unit, text) for unit, text in said.items()]
    found = groups(texts, "results", UNITS, Form.model_validate(counting), Settings())
    (bullet,) = paragraphs(found, UNITS, Settings())
    assert bullet.text.replace("\u00a0", "~") == (
        "Mở tổng số 45~lớp cho tổng số 450~lượt~người ở xã "
        "(09~đơn~vị: Xã A, Xã B, Xã C, Xã D, Xã E và 04~đơn~vị khác)."
    )
    # Some of a group; one with quarters; what there is beside them.
    some = {"a": "Ngân sách hạn hẹp.", "b": "Kinh phí ít.", "c": "Kinh phí ít."}
    (bullet,) = paragraphs(made(some, *THEMES), UNITS, Settings())
    assert bullet.text.replace("\u00a0", "~") == (
        "Kinh phí ít (02~đơn~vị). Ngân sách hạn hẹp (01~đơn~vị). Tổng hợp từ 03~đơn~vị: Xã A, Xã B, Xã C."
    )


# ---- what they are about


def test_themes_group_lines_by_the_words_an_office_lists() -> None:
    said = {
        "a": "Ngân sách hạn hẹp.\nThiếu cán bộ.",
        "b": "Kinh phí ít.",
        "c": "Kinh phí ít.",
        "d": "Kinh phí cho cán bộ còn thấp.",
        "e": "Trời mưa.",
    }
    assert printed(said, *THEMES) == [
        "[Kinh phí: ]Kinh phí ít (02 đơn vị). Ngân sách hạn hẹp (01 đơn vị). "
        "Tổng hợp từ 03 đơn vị: Xã A, Xã B, Xã C.",
        "[Cán bộ: ]Kinh phí cho cán bộ còn thấp (01 đơn vị). Thiếu cán bộ (01 đơn vị). "
        "Tổng hợp từ 02 đơn vị: Xã A, Xã D.",
        "Trời mưa (Xã E).",
    ]
    with language.speaking("en"):
        assert made({"a": "Kinh phí ít."}, *THEMES)[0].theme == "Budget"


def test_words_of_themes_are_whole_words() -> None:
    assert made({"a": "Cán bộc lộ"}, *THEMES)[0].theme == ""
    assert made({"a": "Có “Cán bộ”, mới"}, *THEMES)[0].theme == "Cán bộ"


def test_other_lines_are_together_where_they_are_alike() -> None:
    said = {
        "a": "Đề nghị hỗ trợ sửa chữa đài truyền thanh cơ sở",
        "b": "Đề nghị hỗ trợ sửa chữa đài truyền thanh của xã",
        "c": "Việc khác hẳn ở đây",
    }
    assert [set(group.units) for group in made(said)] == [{"a", "b"}, {"c"}]


# ---- how much is said


def test_many_units_are_counted_and_the_first_of_them_named() -> None:
    (bullet,) = printed(dict.fromkeys("abcdef", "Thiếu đài"))
    assert bullet == "Thiếu đài (06 đơn vị: Xã A, Xã B, Xã C, Xã D, Xã E, Xã F)."
    (bullet,) = printed(dict.fromkeys("abcdefghi", "Thiếu đài"))
    assert bullet == "Thiếu đài (09 đơn vị: Xã A, Xã B, Xã C, Xã D, Xã E và 04 đơn vị khác)."


WORDS = ["một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]


def test_what_there_are_more_than_max_groups_is_counted() -> None:
    said = {unit: f"Việc {word} của riêng {word}" for unit, word in zip(UNITS, WORDS, strict=True)}
    assert len(printed(said, max_groups=8)) == 9  # one more takes no more room than to say so
    bullets = printed(said, max_groups=7)
    assert bullets[7:] == ["Còn 02 ý kiến khác của 02 đơn vị (in đủ ở phụ lục lời của các đơn vị)."]
    assert printed(said, max_groups=7, texts="none")[7:] == []
    with language.speaking("en"):
        told = list(remarks("Kết quả", made(said, max_groups=7), UNITS, Settings(report={"max_groups": 7})))  # type: ignore[arg-type]
    assert told == [
        "“Kết quả”: 2 lines are not in the body, by max_words and max_groups under [report] in "
        "reportctl.toml."
    ]


def test_a_long_line_ends_at_a_sentence() -> None:
    long = " ".join(f"Câu {word} nói về đúng bảy chữ này." for word in WORDS)
    (bullet,) = printed({"a": long}, max_words=20)
    assert bullet == "Câu một nói về đúng bảy chữ này. Câu hai nói về đúng bảy chữ này (Xã A)."


def test_lines_beyond_the_words_of_a_group_are_left_to_the_annex_and_told() -> None:
    said = {
        unit: f"Kinh phí {word} dùng cho mười chữ ở đây nữa" for unit, word in zip("abc", WORDS, strict=False)
    }
    (bullet,) = printed(said, *THEMES, max_words=22)
    assert bullet.endswith("(01 đơn vị). Tổng hợp từ 03 đơn vị: Xã A, Xã B, Xã C.")
    assert "Còn" not in bullet
    settings = Settings.model_validate({"report": {"max_words": 22}})
    with language.speaking("en"):
        (told,) = remarks("Kết quả", made(said, *THEMES, max_words=22), UNITS, settings)
    assert told.startswith("“Kết quả”: 1 line is not in the body")


def test_of_several_quarters_texts_stand_once_with_their_quarters() -> None:
    texts = [
        UnitText("results", "a", "Thiếu 3 đài", Q1),
        UnitText("results", "a", "Thiếu 4 đài", Q2),
        UnitText("results", "b", "Mở 2 lớp", Q2),
        UnitText("results", "a", "Mở 3 lớp", Q1),
        UnitText("results", "c", "Việc cũ", Q1),
        UnitText("results", "c", "Việc cũ", Q2),
    ]
    found = paragraphs(groups(texts, "results", UNITS, FORM, Settings()), UNITS, Settings())
    assert [one.text.replace("\u00a0", " ") for one in found] == [
        "Mở tổng số 05 lớp (02 đơn vị: Xã A, Xã B; quý I, quý II).",
        "Thiếu từ 03 đến 04 đài (Xã A; quý I, quý II).",
        "Việc cũ (Xã C; quý I, quý II).",
    ]
    leads = [(one.lead.replace("\u00a0", " "), one.text) for one in whole(texts, FORM, UNITS)["results"]]
    assert ("Xã C (quý I, quý II): ", "Việc cũ") in leads
    assert [lead for lead, _text in leads].count("Xã A (quý I): ") == 2


# ---- the annex: nothing is lost


def test_the_annex_says_who_has_nothing_to_say_and_numbers_its_questions() -> None:
    said = {"b": "Không", "a": "Một.", "c": "Một.", "d": "- Không có."}
    found = whole([UnitText("results", unit, text) for unit, text in said.items()], FORM, UNITS)
    assert found == {
        "results": (Paragraph("Một.", "Xã A, Xã C: "), Paragraph("Không có nội dung: Xã B, Xã D."))
    }
    assert under_headings(found, FORM)[0] == Paragraph("", "1. Kết quả")
    assert under_headings(whole([], FORM, UNITS), FORM) == ()


LINES = st.sampled_from(
    [
        *(
            "Thiếu 3 đài.",
            "Thiếu 14 đài",
            "THIẾU 6 đài",
            "- Mở 5 lớp;",
            "Mở 7 lớp",
            "Việc một. Thiếu 9 đài.",
            "Kinh phí ít",
        ),
        *(
            "Ngân sách ít, 4 việc lùi",
            "+ Thiếu cán bộ",
            "1. Ngày 5 tháng 3 xong",
            "Đã làm:",
            "Không có",
            LONG,
        ),
        *("Đề nghị hỗ trợ sửa chữa đài ở xã", "đề nghị hỗ trợ sửa chữa đài ở thôn", "a) Tăng 12,5%", "…"),
        LONG.replace("đều đặn", "thật đều đặn"),
    ]
)
ANSWERS = st.dictionaries(
    st.tuples(st.sampled_from(list(UNITS)), st.sampled_from([Q1, Q2])),
    st.lists(LINES, min_size=1, max_size=4).map("\n".join),
    max_size=9,
)


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def sent(answers: dict[tuple[str, Quarter], str]) -> list[UnitText]:
    return [UnitText("results", unit, text, quarter) for (unit, quarter), text in answers.items()]


@given(ANSWERS)
def test_nothing_of_a_units_text_is_lost_from_the_annex(answers: dict[tuple[str, Quarter], str]) -> None:
    """Below a lead that names unit and quarter stand all words of its text, in their order."""
    with language.speaking("vi"):
        blocks: list[tuple[str, list[str]]] = []
        for one in whole(sent(answers), FORM, UNITS)["results"]:
            if one.lead:
                blocks.append((one.lead, []))
            if one.text.startswith("Không có nội dung: "):
                blocks.append((one.text, ["không", "có"]))
            else:
                blocks[-1][1].extend(words(one.text))
    for (unit, quarter), text in answers.items():
        name = re.compile(rf"Xã {unit.upper()} \([^)]*quý\xa0{'I' * quarter.number}(?!I)")
        own = [said for lead, said in blocks if name.search(lead)]
        plain = words(text)
        assert plain in own or (set(plain) <= {"không", "có"} and ["không", "có"] in own)


@given(ANSWERS, st.randoms(use_true_random=False), st.booleans())
def test_grouping_is_the_same_whatever_the_order_of_texts_and_units(
    answers: dict[tuple[str, Quarter], str], chance: Any, themed: bool
) -> None:
    asked, settings = form(*(THEMES if themed else ())), Settings()
    with language.speaking("vi"):
        first = groups(sent(answers), "results", UNITS, asked, settings)
        texts, order = sent(answers), list(UNITS)
        chance.shuffle(texts)
        chance.shuffle(order)
        again = groups(texts, "results", {code: UNITS[code] for code in order}, asked, settings)
    assert [(group.theme, group.lines, frozenset(group.units)) for group in first] == [
        (group.theme, group.lines, frozenset(group.units)) for group in again
    ]
    assert [list(group.units) for group in again] == [
        [unit for unit in order if unit in group.units] for group in again
    ]


@given(ANSWERS, st.booleans())
def test_every_unit_is_named_once_in_a_group_and_no_unit_is_forgotten(
    answers: dict[tuple[str, Quarter], str], themed: bool
) -> None:
    asked, settings = form(*(THEMES if themed else ())), Settings(report={"max_groups": 99})  # type: ignore[arg-type]
    with language.speaking("vi"):
        found = groups(sent(answers), "results", UNITS, asked, settings)
        bullets = paragraphs(found, UNITS, settings)
    for group, bullet in zip(found, bullets, strict=True):
        named = Counter(re.findall(r"Xã ([A-I])\b", bullet.text))
        assert set(named.values()) == {1}
        others = re.search(r"và (\d+)\xa0đơn\xa0vị khác", bullet.text)
        assert len(named) + (int(others[1]) if others else 0) == len(group.units) == len(set(group.units))
    wrote = {
        unit
        for (unit, _quarter), text in answers.items()
        if set(words(text)) - {"không", "có"} and lines_of(text) and any(words(one) for one in lines_of(text))
    }
    assert wrote <= {unit for group in found for unit in group.units}
