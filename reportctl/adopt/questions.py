"""What cannot be seen in a blank form and is asked of the office, each with the answer that is taken otherwise."""

from __future__ import annotations

from collections.abc import Sequence

from reportctl.adopt.blank_form import Question
from reportctl.adopt.tables import Found
from reportctl.core.language import Phrase


def corner_question(sheet: str) -> Question:
    """Where the table of a sheet is that has neither frames nor a row of column numbers."""
    return Question(
        f"{sheet}.table",
        Phrase(
            f"Trang “{sheet}” không kẻ khung và không có hàng số cột: bảng nằm ở vùng nào? Trả lời bằng --table, ví dụ {sheet}!B7:K40.",
            f"The sheet “{sheet}” has neither frames nor a row of column numbers: where is its table? Answer with --table, as in {sheet}!B7:K40.",
        ),
        "",
        sheet=sheet,
    )


def questions_about(found: Sequence[Found]) -> list[Question]:
    """The questions about the tables, in their order."""
    return []
