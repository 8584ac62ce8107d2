"""The words of the review workbook that stand for keys of the program, in both languages: what is chosen in
one is understood in the other."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping

from reportctl.core.language import Phrase

TYPES: Mapping[str, Phrase] = {
    "": Phrase("(theo cột, bảng)", "(as column, table)"),
    "count": Phrase("số đếm", "count"),
    "number": Phrase("số (có thể lẻ)", "number"),
    "percent": Phrase("tỷ lệ %", "percentage"),
    "money": Phrase("số tiền", "amount"),
    "yes_no": Phrase("có/không", "yes or no"),
    "choice": Phrase("chọn trong danh sách", "choice"),
    "date": Phrase("ngày", "date"),
    "text": Phrase("chữ", "text"),
}
OVER_UNITS: Mapping[str, Phrase] = {
    "": Phrase("(theo loại số liệu)", "(as the type says)"),
    "sum": Phrase("cộng các đơn vị", "added up"),
    "mean": Phrase("bình quân các đơn vị", "mean of the units"),
    "min": Phrase("nhỏ nhất", "least"),
    "max": Phrase("lớn nhất", "greatest"),
    "none": Phrase("không gộp các đơn vị", "not combined"),
}
OVER_TIME: Mapping[str, Phrase] = {
    "": Phrase("(theo bảng)", "(as the table says)"),
    "sum": Phrase("cộng các kỳ", "added up"),
    "last": Phrase("lấy kỳ cuối", "the last period counts"),
    "mean": Phrase("bình quân các kỳ", "mean of the periods"),
    "min": Phrase("kỳ nhỏ nhất", "least"),
    "max": Phrase("kỳ lớn nhất", "greatest"),
    "none": Phrase("không gộp các kỳ", "not combined"),
}
TABLE_OVER_TIME = {key: OVER_TIME[key] for key in ("sum", "last")}
ASKED: Mapping[str, Phrase] = {
    "yes": Phrase("hỏi", "asked"),
    "computed": Phrase("tự tính từ tổng", "worked out from its sum"),
    "no": Phrase("không hỏi", "not asked"),
}
TABLE_ASKED = {key: ASKED[key] for key in ("yes", "no")}
CAPTION = Phrase("dòng đề mục", "caption")
USES: Mapping[str, Phrase] = {
    "value": Phrase("hỏi", "asked"),
    "computed": Phrase("tự tính từ tổng", "worked out from its sum"),
    "note": Phrase("không hỏi", "not asked"),
    "given": Phrase("cơ quan điền sẵn trước khi gửi", "filled in before it is sent"),
    "previous": Phrase("máy điền: kỳ trước", "filled in: the period before"),
    "year_ago": Phrase("máy điền: cùng kỳ năm trước", "filled in: the year before"),
    "to_date": Phrase("máy điền: lũy kế từ đầu năm", "filled in: the year to date"),
    "plan": Phrase("máy điền: kế hoạch", "filled in: the plan"),
    "label": Phrase("tên của dòng", "what rows are called"),
    "number": Phrase("số thứ tự", "number"),
    "code": Phrase("mã số", "code"),
    "unit_of_measure": Phrase("đơn vị tính", "unit of measure"),
}
KINDS: Mapping[str, Phrase] = {
    "matrix": Phrase("bảng số liệu", "table"),
    "list": Phrase("danh sách", "list"),
    "values": Phrase("từng câu hỏi", "single questions"),
}
YES_NO: Mapping[str, Phrase] = {"yes": Phrase("có", "yes"), "no": Phrase("không", "no")}
# Answers of questions by what they change.
OF_QUESTIONS: Mapping[str, Mapping[str, Phrase]] = {
    "over_time": OVER_TIME,
    "over_units": OVER_UNITS,
    "type": TYPES,
    "use": USES,
    "asked": ASKED,
}


def meanings_of(about: str, choices: Collection[str] = ()) -> Mapping[str, Phrase]:
    """What the answers of a question mean that is about this key; nothing where anything may be typed."""
    if about in OF_QUESTIONS:
        return OF_QUESTIONS[about]
    return YES_NO if choices and set(choices) <= YES_NO.keys() else {}


def word(words: Mapping[str, Phrase], key: str) -> str:
    """The word for `key` in the current language; the key itself where it has none."""
    return str(words[key]) if key in words else key


def key_of(words: Mapping[str, Phrase], typed: str) -> str | None:
    """The key whose word was `typed`, in either language, whatever its case and spaces, or which was typed
    itself; None where there is none."""
    told = folded(typed)
    for key, phrase in words.items():
        if told in (folded(phrase.vi), folded(phrase.en), key):
            return key
    return None


def folded(text: str) -> str:
    """`text` as it is compared: composed letters, small, single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
