"""Figures in lines of words: which are figures, and what several units' come to; expected values by hand."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportctl.core import language
from reportctl.report.counted_lines import counted, together

MEASURES = frozenset({"lớp", "người", "lượt người", "bài", "triệu đồng"})


@pytest.fixture(autouse=True)
def vietnamese() -> Iterator[None]:
    with language.speaking("vi"):
        yield


def of(*lines: str) -> str:
    """What lines that are equal but for figures come to."""
    rows = [counted(line) for line in lines]
    assert len({row.key for row in rows}) == 1
    return together(rows[0], rows, MEASURES).text


# ---- what is a figure


@pytest.mark.parametrize(
    ("line", "figures"),
    [
        ("Mở 3 lớp với 1.250 lượt người.", ["3", "1250"]),
        ("Đạt 12,5% kế hoạch, 04 đơn vị", ["12.5", "4"]),
        ("Tỷ lệ 90 %.", ["90"]),
        ("Tổng: 5", ["5"]),
    ],
)
def test_what_counts_something_is_a_figure(line: str, figures: list[str]) -> None:
    assert counted(line).figures == tuple(map(Decimal, figures))


@pytest.mark.parametrize(
    "line",
    [
        "Họp ngày 12 tháng 3 năm 2024",
        "Họp ngày 12/3/2024, 15/3",
        "Quý I/2024 và quý 2",
        "Theo Chỉ thị 05 và Nghị quyết số 35-NQ/TW, Nghị định 30/2020/NĐ-CP",
        "Giai đoạn 2021-2025, 20 - 25 lớp, từ 5 đến 7 lớp",
        "Lúc 7h30, phủ sóng 5G, trên 2024",
        "Tại phường 5, tổ 3; đại hội lần thứ 13",
        "Đồng chí Nguyễn Văn Ba 5 lần",
        "Khoản 1,234 hay 12.5 hay 007",  # which of two readings is not known
        "Đạt giải 3 cuộc thi, xếp hạng 4, bậc 2",
        "Dịch vụ công mức độ 3",
        "Chi bộ 3 nộp chậm; Đảng bộ 2, chi hội 5, chi đoàn 6",
        "Vào vòng 2 của cuộc thi",
        "Theo đề án 6, dự án 3, thông tư 9, công điện 7, tiêu chí 15",
        "Trang 4 của phụ lục 2, chương 3, tập 5, biểu 8",
        "Cụm 3, khối 2, tuyến 4, trạm 6, kênh 7",
    ],
)
def test_dates_numbers_of_documents_names_and_doubtful_ones_are_words(line: str) -> None:
    assert counted(line).figures == ()


def test_lines_are_equal_whatever_case_spaces_and_stops_but_not_with_other_words_or_signs() -> None:
    assert counted("Mở 3 lớp  tập huấn;").key == counted("mở 12 lớp tập huấn").key
    assert counted("Tăng 3% so với").key != counted("Tăng 3 so với").key
    assert counted("Tăng 3 lớp").key != counted("Giảm 3 lớp").key
    assert counted("Chỉ thị 05 có 3 lớp").key != counted("Chỉ thị 06 có 3 lớp").key


# ---- what they come to


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["Hoàn thành 9 cụm loa", "Hoàn thành 12 cụm loa"], "Hoàn thành từ 09 đến 12 cụm loa"),
        (["Mới chiếm 12%", "Mới chiếm 8,5%", "Mới chiếm 9%"], "Mới chiếm từ 8,5% đến 12%"),
        (["Trong vòng 24 giờ", "Trong vòng 4 giờ"], "Trong vòng 04 đến 24 giờ"),
        (["7 đài xuống cấp", "3 đài xuống cấp"], "Từ 03 đến 07 đài xuống cấp"),
        (["Có 1.500 hộ", "Có 980 hộ"], "Có từ 980 đến 1.500 hộ"),
        (["Hoàn thành 9 cụm loa", "Hoàn thành 9 cụm loa"], "Hoàn thành 9 cụm loa"),
    ],
)
def test_figures_that_differ_become_a_range(lines: list[str], said: str) -> None:
    assert of(*lines) == said


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["Mở 3 lớp.", "Mở 4 lớp."], "Mở tổng số 07 lớp."),
        (["Mở 2 lớp, 40 người", "Mở 2 lớp, 50 người"], "Mở tổng số 04 lớp, tổng số 90 người"),
        (["Chi tổng số 1,5 triệu đồng", "Chi tổng số 2 triệu đồng"], "Chi tổng số 3,5 triệu đồng"),
        # not what is under a bound, an average, a rate, or beside something that is not added up
        (["Mở trên 3 lớp", "Mở trên 4 lớp"], "Mở trên 03 đến 04 lớp"),
        (["Bình quân mở 3 lớp", "Bình quân mở 4 lớp"], "Bình quân mở từ 03 đến 04 lớp"),
        (["Mở 3 lớp mỗi tháng", "Mở 4 lớp mỗi tháng"], "Mở từ 03 đến 04 lớp mỗi tháng"),
        (["Mở 3 lớp/tháng", "Mở 4 lớp/tháng"], "Mở từ 03 đến 04 lớp/tháng"),
        (["Mở 3 lớp, 5 hộ", "Mở 4 lớp, 6 hộ"], "Mở từ 03 đến 04 lớp, từ 05 đến 06 hộ"),
        (["Mở 3 lớp, 5 hộ", "Mở 4 lớp, 5 hộ"], "Mở từ 03 đến 04 lớp, 5 hộ"),
        (["Mở 3 lớpx", "Mở 4 lớpx"], "Mở từ 03 đến 04 lớpx"),
        # nor what is of one, of each, of all of the province, a change, what is left, what another did
        (
            ["Một cán bộ phụ trách 3 bài", "Một cán bộ phụ trách 5 bài"],
            "Một cán bộ phụ trách từ 03 đến 05 bài",
        ),
        (["Một cán bộ, mở 3 lớp", "Một cán bộ, mở 5 lớp"], "Một cán bộ, mở từ 03 đến 05 lớp"),
        (["Phụ trách 3 lớp", "Phụ trách 5 lớp"], "Phụ trách từ 03 đến 05 lớp"),
        (
            ["Toàn tỉnh hiện chỉ có 2 lớp", "Toàn tỉnh hiện chỉ có 3 lớp"],
            "Toàn tỉnh hiện chỉ có từ 02 đến 03 lớp",
        ),
        (["Tỉnh có 2 lớp", "Tỉnh có 3 lớp"], "Tỉnh có từ 02 đến 03 lớp"),
        (["Cả huyện có 2 lớp", "Cả huyện có 3 lớp"], "Cả huyện có từ 02 đến 03 lớp"),
        (
            ["Mỗi xã trong vùng này mở 2 lớp", "Mỗi xã trong vùng này mở 3 lớp"],
            "Mỗi xã trong vùng này mở từ 02 đến 03 lớp",
        ),
        (["Hằng tháng đăng 2 bài", "Hằng tháng đăng 3 bài"], "Hằng tháng đăng từ 02 đến 03 bài"),
        (["Đăng 2 bài hàng tuần", "Đăng 3 bài hàng tuần"], "Đăng từ 02 đến 03 bài hàng tuần"),
        (
            ["Mở 3 lớp so với 5 lớp cùng kỳ", "Mở 4 lớp so với 6 lớp cùng kỳ"],
            "Mở từ 03 đến 04 lớp so với 05 đến 06 lớp cùng kỳ",
        ),
        (["Mở 3 lớp, tăng 1 lớp", "Mở 4 lớp, tăng 2 lớp"], "Mở từ 03 đến 04 lớp, tăng 01 đến 02 lớp"),
        (["Số bài giảm 5 bài", "Số bài giảm 12 bài"], "Số bài giảm 05 đến 12 bài"),
        (["Dự 3 lớp", "Dự 4 lớp"], "Dự từ 03 đến 04 lớp"),
        (["Phối hợp mở 3 lớp", "Phối hợp mở 4 lớp"], "Phối hợp mở từ 03 đến 04 lớp"),
        (
            ["So với quý trước đã mở 3 lớp", "So với quý trước đã mở 4 lớp"],
            "So với quý trước đã mở từ 03 đến 04 lớp",
        ),
        (["Cán bộ của tỉnh mở 3 lớp", "Cán bộ của tỉnh mở 4 lớp"], "Cán bộ của tỉnh mở từ 03 đến 04 lớp"),
        (["Dự và nhận 3 bài", "Dự và nhận 4 bài"], "Dự và nhận từ 03 đến 04 bài"),
        (["Mở 3 lớp trở lên", "Mở 4 lớp trở lên"], "Mở từ 03 đến 04 lớp trở lên"),
        # such words about something else do not speak against it
        (
            ["Tăng cường chỉ đạo, mở 3 lớp", "Tăng cường chỉ đạo, mở 4 lớp"],
            "Tăng cường chỉ đạo, mở tổng số 07 lớp",
        ),
        (
            ["Kiện toàn, an toàn với 3 người", "Kiện toàn, an toàn với 4 người"],
            "Kiện toàn, an toàn với tổng số 07 người",
        ),
        (["Một số xã đã mở 3 lớp", "Một số xã đã mở 4 lớp"], "Một số xã đã mở tổng số 07 lớp"),
        (
            ["Thực hiện kế hoạch của tỉnh, mở 3 lớp", "Thực hiện kế hoạch của tỉnh, mở 4 lớp"],
            "Thực hiện kế hoạch của tỉnh, mở tổng số 07 lớp",
        ),
        # figures that are the same are summed as others are
        (["Đề nghị mở thêm 5 lớp", "Đề nghị mở thêm 5 lớp"], "Đề nghị mở thêm tổng số 10 lớp"),
        (["Đề nghị mở thêm 5 lớp", "Đề nghị mở thêm 7 lớp"], "Đề nghị mở thêm tổng số 12 lớp"),
        (["Mở 3 lớp, đạt 50% kế hoạch", "Mở 4 lớp, đạt 50% kế hoạch"], "Mở tổng số 07 lớp, đạt 50% kế hoạch"),
        (["Mở 3 lớp, mỗi xã 40 người", "Mở 4 lớp, mỗi xã 40 người"], "Mở tổng số 07 lớp, mỗi xã 40 người"),
        (
            ["Mở 3 lớp, mỗi xã 40 người", "Mở 4 lớp, mỗi xã 50 người"],
            "Mở từ 03 đến 04 lớp, mỗi xã từ 40 đến 50 người",
        ),
        (["Mở 5 lớp"], "Mở 5 lớp"),
    ],
)
def test_what_the_form_adds_up_is_added_up_where_the_words_allow_it(lines: list[str], said: str) -> None:
    assert of(*lines) == said


def test_in_english_signs_and_words_are_english() -> None:
    with language.speaking("en"):
        rows = [counted("Held 1,200 events"), counted("Held 5 events")]
        assert together(rows[0], rows, ()).text == "Held 5 to 1,200 events"
        rows = [counted("Held 3 classes"), counted("Held 4 classes")]
        assert together(rows[0], rows, {"classes"}).text == "Held a total of 7 classes"


@given(st.lists(st.integers(0, 99_999), min_size=1, max_size=6), st.sampled_from(["hộ", "lớp", "% số hộ"]))
def test_bounds_and_sums_are_those_of_the_figures(values: list[int], counts: str) -> None:
    sign = "" if counts.startswith("%") else " "
    lines = [f"Đã có {value}{sign}{counts} làm xong" for value in values if not 1900 <= value < 2100]
    if not lines:
        return
    values = [value for value in values if not 1900 <= value < 2100]
    said = of(*lines).replace("\u00a0", " ")
    numbers = [int(word.replace(".", "").rstrip("%")) for word in said.split() if word[0].isdigit()]
    if len(values) > 1 and counts == "lớp":
        assert numbers == [sum(values)]
    elif len(set(values)) == 1:
        assert numbers == [values[0]]
    else:
        assert numbers == [min(values), max(values)]
