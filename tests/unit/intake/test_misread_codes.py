"""Codes that LibreOffice takes for escaped signs: of so_xa_moi it leaves two lines, so and moi."""

from __future__ import annotations

import io
import re
from pathlib import Path

import openpyxl
import pytest

from reportctl.core.letters import misreadings
from reportctl.form.form_file import parse_form
from reportctl.form.hidden_sheet import HandedUp, handed_up_row, read_asked, read_handed_up
from reportctl.form.layout import META
from reportctl.workbooks.book import Area, Book, Sheet
from reportctl.workbooks.misread import restored
from tests.making.machine import Convert
from tests.making.returned import codes, context, read, repacked, sent_out

FORM = """
id = "bao_cao_xa_2"
title = "Báo cáo"
[[kinds]]
code = "district"
title = "Cấp huyện"
[[kinds]]
code = "press"
title = "Cơ quan báo chí"
[[sections]]
code = "xe"
title = "Xe"
[[sections.indicators]]
code = "so_xa_moi"
label = "Số xã mới"
[[sections.indicators]]
code = "so_xe_may"
label = "Số xe máy"
[[sections.indicators]]
code = "chinh_xac_cao"
label = "Độ chính xác cao"
[[tables]]
code = "nha_xa_x"
title = "Nhà"
columns = [{ code = "so_xa_nam", label = "Năm" }, { code = "truoc_xa_nay", label = "Trước", is = "previous" }]
rows = [{ code = "d_xa_xa_1", label = "Một" }, { code = "d_xa_xa_2", label = "Hai" }]
[[lists]]
code = "hoi_xa_nghi"
title = "Hội nghị"
rows = 3
columns = [{ code = "ten_xa_a", label = "Tên", type = "text" }, { code = "so_xe_b", label = "Số" }]
[[texts]]
code = "ket_xa_qua"
label = "Kết quả"
"""
FIGURES = {
    "so_xa_moi": 1,
    "so_xe_may": 2,
    "chinh_xac_cao": 3,
    "nha_xa_x.d_xa_xa_1.so_xa_nam": 4,
    "nha_xa_x.d_xa_xa_2.so_xa_nam": 5,
}
# What LibreOffice leaves of the parts of the codes; xac it leaves alone, having three signs.
LEFT = {
    "bao_cao_xa_2": "bao_cao\n2",
    "so_xa_": "so\n",
    "so_xe_": "so_x000E_",
    "nha_xa_": "nha\n",
    "d_xa_": "d\n",
    "truoc_xa_": "truoc\n",
    "hoi_xa_": "hoi\n",
    "ten_xa_": "ten\n",
    "ket_xa_": "ket\n",
}


def filled() -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(sent_out(text=FORM)))
    names = {name: next(iter(found.destinations)) for name, found in book.defined_names.items()}
    for code, value in FIGURES.items():
        sheet, at = names[code]
        book[sheet][at.replace("$", "")] = value
    sheet, at = names["hoi_xa_nghi"]
    for cell, value in zip(book[sheet][at.replace("$", "")][0], ("Họp\nxã", 6), strict=True):
        cell.value = value
    sheet, at = names["ket_xa_qua"]
    book[sheet][at.replace("$", "")] = "Tốt"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def as_left(data: bytes) -> bytes:
    """The workbook as LibreOffice leaves it: texts misread, names as they are."""

    def left_of(text: re.Match[str]) -> str:
        said = text[0]
        for code, left in LEFT.items():
            said = said.replace(code, left)
        return said

    def change(name: str, content: bytes) -> bytes:
        if not name.startswith(("xl/worksheets/", "xl/sharedStrings")):
            return content
        return re.sub("<t[ >][^<]*", left_of, content.decode()).encode()

    return repacked(data, change)


def check(data: bytes, folder: Path) -> None:
    done = read(data, folder, given=context(form=parse_form(FORM)))
    assert codes(done) == []
    assert done.submission
    assert done.submission.identity.form == "bao_cao_xa_2"
    assert {one.code: one.value for one in done.submission.answers} == {**FIGURES, "ket_xa_qua": "Tốt"}
    assert [(row.list_code, [(a.code, a.value) for a in row.answers]) for row in done.submission.rows] == [
        ("hoi_xa_nghi", [("ten_xa_a", "Họp\nxã"), ("so_xe_b", "6")])
    ]


def test_a_return_whose_codes_were_misread_says_the_same(tmp_path: Path) -> None:
    data = filled()
    check(data, tmp_path)
    left = as_left(data)
    hidden = openpyxl.load_workbook(io.BytesIO(left))[META]
    assert "bao_cao\n2" in {cell.value for (cell,) in hidden["B1:B4"]}
    check(left, tmp_path)


def test_a_return_that_libreoffice_saved_twice_says_the_same(tmp_path: Path, soffice: Convert) -> None:
    path = tmp_path / "sent.xlsx"
    path.write_bytes(filled())
    for _save in range(2):
        (path,) = soffice([path])
        check(path.read_bytes(), tmp_path)


@pytest.mark.parametrize(
    ("code", "left"),
    [
        ("so_xa_moi", "so\nmoi"),
        ("so_xe_may", "so\x0emay"),
        ("von_xd_co_ban", "von\nco_ban"),
        ("d_x1_2", "d\x012"),
        ("d_x0a_2", "d\n2"),
        ("xa_xa_xa", "xa\nxa"),
        ("tong_xa_ad_xad_k", "tong\nad_xad_k"),
        ("so_xd_xac_moi", "so\nxac_moi"),
        ("so_moi", "so_moi"),
        ("n_xcafe_b", "n\ucafeb"),
    ],
)
def test_what_libreoffice_makes_of_codes(code: str, left: str) -> None:
    assert next(iter(misreadings(code)), code) == left


def book_of(*texts: str) -> Book:
    return Book((Sheet("Trang", True, [list(texts)]),), {"a\nb": Area("Trang", 0, 0, 0, 0)})


def test_codes_of_which_the_same_was_made_are_left_alone() -> None:
    book = book_of("so\nmoi", "so\nmoi.dau", "Sổ\nmới")
    alike = restored(book, ["so_xa_moi", "so_xd_moi", "a_xa_b"])
    assert alike.sheets[0].rows[0] == ["so\nmoi", "so\nmoi.dau", "Sổ\nmới"]
    assert alike.names.keys() == {"a_xa_b"}
    assert restored(book, ["so_xa_moi"]).sheets[0].rows[0] == ["so_xa_moi", "so_xa_moi.dau", "Sổ\nmới"]
    assert restored(book, ["so_moi"]) is book


def test_the_hidden_sheet_says_the_same() -> None:
    """An office that hands figures up has not the form that is asked."""
    asked = read_asked(
        [("asked", "count", "xã\n", "", "so\nmoi tong"), ("list", "hoi\nxa", "", "", "a\nb:0")]
    )
    assert asked
    assert asked.answers.keys() == {"so_xa_moi", "tong"}
    assert asked.answers["tong"].measure == "xã\n"
    assert asked.lists == {"hoi_xa_xa": {"a_xa_b": 0}}
    one = HandedUp("so\nmoi", "3", "cu\nmoi", 1, 2)
    assert read_handed_up([handed_up_row(one)]) == [HandedUp("so_xa_moi", "3", "cu_xa_moi", 1, 2)]
