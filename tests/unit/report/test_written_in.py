"""Which language the words of a document are in."""

from __future__ import annotations

import unicodedata

import pytest

from reportctl.report.written_in import language_of

VIETNAMESE = "Trên đây là báo cáo kết quả hoạt động của Ban Tuyên giáo; số liệu tổng hợp nêu ở phụ lục."
ENGLISH = "This is the report on the work of the office; all the figures of it stand in the annex."


@pytest.mark.parametrize(
    ("texts", "language"),
    [
        ([VIETNAMESE], "vi"),
        ([VIETNAMESE.upper()], "vi"),
        ([unicodedata.normalize("NFD", VIETNAMESE)], "vi"),
        (VIETNAMESE.split(), "vi"),
        ([ENGLISH], "en"),
        ([f"{ENGLISH} Ban Tuyên giáo"], "en"),  # names of offices are no words of the document
        ([f"{ENGLISH} {VIETNAMESE[:44]}"], ""),  # half of either
        (["Báo cáo quý của Ban Tuyên giáo"], ""),  # too few
        (["{{press_total}} {{sentences:press}} " * 9], ""),  # tags are no words
        ([], ""),
    ],
)
def test_it_is_told_by_letters(texts: list[str], language: str) -> None:
    assert language_of(texts) == language
