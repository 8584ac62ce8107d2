"""The English of all that stands in the stock documents, by the Vietnamese that the tools write.

What is nobody's words (numbers, signs, tags) is the same in both languages; numbers of parts and chapters
before a heading stay. Whoever adds a text to a stock document and not its English is told when the documents
are made.
"""

from __future__ import annotations

import re

from reportctl.core.language import current_language

NBSP = "\u00a0"

# What the sections of the stock form are about, within a line.
_SUBJECTS = {
    "công tác lãnh đạo, chỉ đạo": "direction and guidance",
    "tập huấn, bồi dưỡng": "training and talks",
    "báo chí": "the press",
    "thông tin cơ sở": "grassroots information",
    "trang, nhóm cộng đồng": "community pages and groups",
    "thông tin đính chính": "corrections",
    "cuộc thi": "the contest",
    "kinh phí": "the budget",
}

_ENGLISH = {
    # the titles in documents' properties
    "Tóm tắt báo cáo, kết quả {{period}}": "Summary of the report: results for {{period}}",
    "Số liệu của {{unit.name}}, {{period}}": "Figures of {{unit.name}} for {{period}}",
    # the head
    "Cơ quan cấp trên": "Superior body",
    "Cơ quan ban hành": "Issuing body",
    "ĐẢNG CỘNG SẢN VIỆT NAM": f"COMMUNIST PARTY OF{NBSP}VIET{NBSP}NAM",
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM": "SOCIALIST REPUBLIC OF VIET NAM",
    "Độc lập - Tự do - Hạnh phúc": "Independence - Freedom - Happiness",
    "Số ": f"No.{NBSP}",
    "Số: ": f"No.{NBSP}",
    "Số của báo cáo": "Number of the report",
    "-BC/CƠ QUAN": "-BC/OFFICE",
    "/BC-CƠ QUAN": "/BC-OFFICE",
    "Địa danh": "Place of issue",
    "Ngày ký": "Day of signing",
    "Tháng ký": "Month of signing",
    "Năm ký": "Year of signing",
    # a date is day, month, year
    "ngày ": "",
    " ngày ": " of ",
    " tháng ": NBSP,
    " năm ": NBSP,
    "BÁO CÁO": "REPORT",
    "Trích yếu nội dung báo cáo": "Subject of the report",
    "Đoạn mở đầu: căn cứ, số đơn vị đã báo cáo": "Opening: what it is based on, units that have reported",
    # results
    "TÌNH HÌNH VÀ KẾT QUẢ THỰC HIỆN": "SITUATION AND RESULTS",
    "Chỉ tiêu tăng, giảm nhiều nhất": "Figures that rose and fell most",
    "Bảng": "Number of the table",
    "Số liệu tổng hợp toàn tỉnh (": "The figures of the whole province (",
    ") tại Phụ lục I; số liệu theo đơn vị (từ ": f") are in Annex{NBSP}I; the figures by unit (",
    " đến ": " to ",
    ") tại Phụ lục II; danh sách hội nghị, lớp tập huấn (": (
        f") in Annex{NBSP}II; the lists of conferences and training classes ("
    ),
    ") tại Phụ lục III; tình hình gửi báo cáo của các đơn vị (": (
        f") in Annex{NBSP}III; the units that have reported, with dates ("
    ),
    ") tại Phụ lục IV.": f") in Annex{NBSP}IV.",
    "{{?annex:texts}}Lời của các đơn vị in đủ tại Phụ lục V.{{/?}}": (
        f"{{{{?annex:texts}}}}What the units wrote is printed in full in Annex{NBSP}V.{{{{/?}}}}"
    ),
    "{{?table:plan_units}}Mức thực hiện kế hoạch năm của từng đơn vị nêu ở ": (
        "{{?table:plan_units}}Each unit's progress against the year's plan is in "
    ),
    "{{?table:press_media}}Số tin, bài theo loại hình và thể loại nêu ở ": (
        "{{?table:press_media}}Stories by medium and genre are in "
    ),
    ", Phụ lục I.{{/?}}": f", Annex{NBSP}I.{{{{/?}}}}",
    ", Phụ lục II.{{/?}}": f", Annex{NBSP}II.{{{{/?}}}}",
    "Biểu đồ tin, bài theo loại hình báo chí": "Chart of stories by medium",
    "Một số kết quả nổi bật": "Notable results",
    "Kết quả nổi bật do các đơn vị nêu": "Notable results named by the units",
    # assessment, tasks, the end
    "ĐÁNH GIÁ CHUNG": "GENERAL ASSESSMENT",
    "Đánh giá của cơ quan báo cáo": "Assessment by the issuing body",
    "Ưu điểm": "Strengths",
    "Hạn chế, khó khăn và nguyên nhân": "Limitations, difficulties and their causes",
    "Hạn chế, khó khăn": "Limitations and difficulties",
    "Nguyên nhân": "Causes",
    "Nguyên nhân của hạn chế, khó khăn": "Causes of limitations and difficulties",
    "NHIỆM VỤ TRỌNG TÂM ": "MAIN TASKS: ",
    "KỲ TỚI": "NEXT PERIOD",
    "Trong ": "In ",
    "kỳ tới": "the next period",
    " tập trung thực hiện các nhiệm vụ trọng tâm sau:": " will concentrate on these main tasks:",
    "Nhiệm vụ trọng tâm kỳ tới": "Main tasks of the next period",
    "ĐỀ XUẤT, KIẾN NGHỊ": "PROPOSALS AND REQUESTS",
    "Đề xuất, kiến nghị": "Proposals and requests",
    "Trên đây là báo cáo kết quả hoạt động ": "This concludes the report on work in ",
    "kỳ báo cáo": "the period of the report",
    " của ": ", submitted by ",
    "của ": "by ",
    "./.": ".",
    # the signature
    "Nơi nhận:": "Recipients:",
    "Danh sách nơi nhận": "List of recipients",
    "T/M CƠ QUAN": "FOR THE OFFICE",
    "TM. CƠ QUAN": "FOR THE OFFICE",
    "Chức vụ": "Post of the signatory",
    "Họ và tên": "Name of the signatory",
    # annexes
    "(Kèm theo Báo cáo số ": f"(Annexed to Report No.{NBSP}",
    "TỔNG HỢP SỐ LIỆU TOÀN TỈNH": "FIGURES OF THE WHOLE PROVINCE",
    "SỐ LIỆU THEO ĐƠN VỊ": "FIGURES BY UNIT",
    "DANH SÁCH HỘI NGHỊ, LỚP TẬP HUẤN": "LISTS OF CONFERENCES AND TRAINING CLASSES",
    "TÌNH HÌNH GỬI BÁO CÁO CỦA CÁC ĐƠN VỊ": "WHICH UNITS HAVE REPORTED",
    "LỜI CỦA CÁC ĐƠN VỊ": "WHAT THE UNITS WROTE",
    "Bảng tổng hợp số liệu toàn tỉnh": "Table of the figures of the whole province",
    "Bảng tin, bài theo loại hình báo chí và thể loại": "Table of stories by medium and genre",
    "Danh sách hội nghị": "List of conferences",
    "Danh sách lớp tập huấn": "List of training classes",
    "Đơn vị đã báo cáo và thời gian gửi": "Units that have reported, with dates",
    "Phần lời của các đơn vị, in đủ": "What the units wrote, in full",
    "Mức thực hiện kế hoạch năm của từng đơn vị": "Each unit's progress against the year's plan",
    # the summary
    "TÓM TẮT BÁO CÁO": "SUMMARY OF THE REPORT",
    "Kết quả ": "Results for ",
    "Số liệu chính": "Main figures",
    "Các câu nêu kết quả của từng mục": "Sentences with the results of each section",
    "Biến động lớn nhất": "Largest changes",
    "Đơn vị dẫn đầu, đơn vị còn thấp": "Units ahead, units behind",
    "Đơn vị cao, thấp ở từng chỉ tiêu": "Units ahead and behind in each figure",
    # the page of a unit
    "SỐ LIỆU CỦA ĐƠN VỊ": "FIGURES OF THE UNIT",
    "Tên đơn vị": "Name of the unit",
    "Đơn vị đã báo cáo hay chưa": "Whether the unit has reported",
    "Bảng số liệu của đơn vị, so sánh, kế hoạch, bình quân": (
        "Table of the unit's figures: comparisons, plan, mean of its kind"
    ),
    # names of paragraph styles, which Word shows
    "Tiêu đề Đảng": "Name of the Party",
    "Quốc hiệu": "Name of the nation",
    "Tiêu ngữ": "Motto",
    "Số ký hiệu": "Number and symbol",
    "Địa danh, ngày tháng": "Place and date",
    "Tên loại văn bản": "Type of document",
    "Trích yếu": "Subject",
    "Dòng ngăn cách": "Separator",
    "Lời kết": "Ending",
    "Nơi nhận": "Recipients",
    "Thể thức đề ký": "Signing for",
    "Người ký": "Signatory",
    "Phụ lục": "Annex",
    "Kèm theo": "Annexed to",
    "Lời của đơn vị": "Texts of units",
} | {
    vietnamese.format(vi): english.format(en)
    for vi, en in _SUBJECTS.items()
    for vietnamese, english in {
        "Tên mục: {}": "Name of the section: {}",
        "Các câu nêu kết quả {}, so sánh với kỳ trước": (
            "Sentences with the results of {}, compared with earlier periods"
        ),
        "Số liệu {} theo đơn vị": "Figures by unit of {}",
    }.items()
}
_ANNEX = re.compile(r"Phụ lục ([IVX]+)")
# Before a heading: the number of a part, a chapter, a paragraph.
_NUMBER = re.compile(r"(?:[IVX]+[.-]|\d+\.|[a-z]\)) (?=.)")
_TAG = re.compile(r"\{\{[^{}]*\}\}")


def either(vietnamese: str, english: str) -> str:
    """Those of the two that are in the language in which the document is made: for what is no text of its
    own in one of them, as a comma."""
    return vietnamese if current_language() == "vi" else english


def in_its_language(text: str) -> str:
    """`text` in the language in which the document is made: itself in Vietnamese, else its English.

    Raises `KeyError` for a text of which there is no English.
    """
    if current_language() == "vi":
        return text
    wanted = text.replace(NBSP, " ")
    if wanted in _ENGLISH:
        return _ENGLISH[wanted]
    if not any(letter.isalpha() for letter in _TAG.sub("", wanted)):
        return text
    if annex := _ANNEX.fullmatch(wanted):
        return f"Annex {annex[1]}"
    number = _NUMBER.match(wanted)
    if number is None:
        raise KeyError(text)
    return number[0] + _ENGLISH[wanted[number.end() :]]
