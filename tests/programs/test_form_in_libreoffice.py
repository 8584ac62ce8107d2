"""A form's workbook that LibreOffice has saved says the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportctl.adopt.form_toml import edited
from reportctl.adopt.form_workbook import workbook_of
from reportctl.adopt.from_workbook import read_form
from reportctl.core import language
from reportctl.form.form_file import parse_form
from tests.making.edited_form import EditedForm
from tests.making.machine import TEMPLATES, Convert
from tests.making.matrix import TOML

ODD = (
    TOML.replace('label = "Phòng"', r'label = "=1+1"')
    .replace('no = "1"', 'no = "1.10"')
    .replace('label = "Thư viện"', r'label = "_x0041_ \"hai\"\ndòng"')
    .replace(
        'under = ["Công lập"]', 'under = ["Công lập; xã"], min = 0.1, max = 123456789012.5, required = true'
    )
)
ROWS = ("tables", "rows")


@pytest.mark.libreoffice
def test_saved_by_libreoffice_it_says_the_same(tmp_path: Path, soffice: Convert) -> None:
    language.use("vi")
    texts = {"stock": (TEMPLATES / "form.toml").read_text(encoding="utf-8"), "odd": ODD}
    for name, text in texts.items():
        (tmp_path / f"{name}.xlsx").write_bytes(workbook_of(text))
    saved = soffice([tmp_path / f"{name}.xlsx" for name in texts], outdir=tmp_path / "saved")
    for path, text in zip(saved, texts.values(), strict=True):
        read = read_form(path.read_bytes(), path.name, text)
        assert read.remarks == ()
        assert edited(text, read.entry) == text
    # What was made from what is still known, and choices are still offered.
    book = EditedForm(saved[1].read_bytes())
    assert book.sheet(ROWS).column_dimensions["A"].hidden
    assert len(book.sheet(ROWS).data_validations.dataValidation) > 5
    book.put(ROWS, "n1_1", code="library")
    book.put(ROWS, "n1", sum="library")
    text = edited(ODD, read_form(book.saved(), "odd.xlsx", ODD).entry)
    assert {new for new in parse_form(text).renamed.values() if "library" in new} == {
        f"rooms.library.{column}" for column in ("total", "solid", "old")
    }
