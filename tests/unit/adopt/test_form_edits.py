"""What an edited workbook changes in form.toml, as people read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportctl.adopt.form_edits import Edit, EditedForm, edits_json, edits_table
from reportctl.core.language import speaking
from reportctl.form.form_file import parse_form

FORM = """
id = "a"
title = "A"
kinds = [{code = "unit", title = "Đơn vị"}]
[[sections]]
code = "s"
title = "S"
indicators = [{code = "hours", label = "Số giờ", type = "number"}]
"""


@pytest.mark.parametrize(("language", "said"), [("vi", "min: 0,5 → 1,25"), ("en", "min: 0.5 → 1.25")])
def test_settings_with_decimals_are_said_in_the_way_of_the_language(language: str, said: str) -> None:
    edit = Edit(("sections", "indicators"), ("changed",), "hours", "Số giờ", "", {"min": 0.5}, {"min": 1.25})
    form = parse_form(FORM)
    edited = EditedForm(Path("form.toml"), b"", b"", form, form, (edit,), (), stale=False)
    with speaking(language):
        (row,) = edits_table(edited).rows
    assert row.cells[-1] == said
    assert edits_json(edited)["edits"][0]["after"] == {"min": 1.25}
