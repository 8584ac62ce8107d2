"""What an empty tag leaves behind in a line."""

from __future__ import annotations

import pytest

from tests.making.word_documents import docx, filled, p, run


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("Ban hành 241 văn bản, {{clause}}.", ["Ban hành 241 văn bản, ."]),
        ("Có 3 cuộc ({{clause}}), 5 lớp", ["Có 3 cuộc (), 5 lớp"]),
        ("Có {{clause}} cuộc", ["Có  cuộc"]),
        ("Có 3 cuộc {{clause}}.", ["Có 3 cuộc ."]),
        ("Có 3 cuộc, {{clause}}{{other}}; 5 lớp", ["Có 3 cuộc, ; 5 lớp"]),
        ("Có 3 cuộc: {{clause}}", ["Có 3 cuộc:"]),
        ("{{clause}}, 5 lớp", [", 5 lớp"]),
        ("Ban hành 241 văn bản{{clause}}.", []),
        ("Có  hai dấu cách, {{full}}.  {{clause}}", []),
        ("{{clause}}", []),
        ("(…), {{full}}", []),
    ],
)
def test_it_is_found(line: str, left: list[str]) -> None:
    contents = {"clause": "", "other": "", "full": "tăng 5%"}
    assert list(filled(docx(p(run(line))), contents).debris) == left
