"""Workbooks sent out in the quarter after units were regrouped, by command."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from tests.making.office import make_office

UNITS = (
    "code,name,kind,parent,valid_from,valid_to,predecessors\n"
    "01,Xã Một,district,,,2025-06-30,\n02,Xã Hai,district,,,2025-06-30,\n03,Xã Ba,district,,,2025-06-30,\n"
    "12,Xã Mới,district,,2025-07-01,,01;02\n31,Xã Ba Đông,district,,2025-07-01,,03\n"
    "32,Xã Ba Tây,district,,2025-07-01,,03\n40,Đặc khu,district,,2025-07-01,,\n50,Sở,district,,,,\n"
)
PAST = (
    "unit,indicator,period,value\n01,press_total,2025-Q2,30\n02,press_total,2025-Q2,12\n"
    "01,printed,2025-Q2,20\n02,printed,2025-Q2,1\n01,aired,2025-Q2,10\n03,press_total,2025-Q2,9\n"
)


def test_each_units_workbook_shows_the_quarter_before_or_says_why_not(tmp_path: Path) -> None:
    office = make_office(tmp_path / "office")
    (office.root / "reportctl.toml").write_text('current = "2025-Q3"\n', encoding="utf-8")
    (office.root / "units.csv").write_text(UNITS, encoding="utf-8")
    (office.root / "past.csv").write_text(PAST, encoding="utf-8")
    assert office.run("template", "2025-Q3").code == 0
    found = {path.name[:2]: previous(path) for path in (office.root / "outbox" / "2025-Q3").iterdir()}
    assert set(found) == {"12", "31", "32", "40", "50"}
    assert {cell for cells in found.values() for cell in cells.values()} == {(None, None)}  # nothing is known

    assert office.run("history", office.root / "past.csv").code == 0
    assert office.run("merge", "2025-Q2").code == 0
    assert office.run("template", "2025-Q3").code == 0
    found = {path.name[:2]: previous(path) for path in (office.root / "outbox" / "2025-Q3").iterdir()}
    both, apart = "Quý trước: là số của Xã Một, Xã Hai", "không so sánh được (do sắp xếp đơn vị hành chính)"
    assert found["12"] == {
        "press_total": (42, both),
        "printed": (21, both),
        "aired": (None, "Quý trước: báo cáo của Xã Hai không có số này"),
        "share_printed": (0.5, both),
    }
    assert set(found["31"].values()) == set(found["32"].values()) == {(None, f"Quý trước: {apart}")}
    assert set(found["40"].values()) == {(None, "Quý trước: không có số (đơn vị mới)")}
    assert set(found["50"].values()) == {(None, "Quý trước: chưa có báo cáo được tiếp nhận của đơn vị")}


def previous(path: Path) -> dict[str, tuple[object, str | None]]:
    """By code what stands under “Quý trước”, and its note."""
    sheet = openpyxl.load_workbook(path)["Số liệu"]
    return {
        str(row[0].value): (row[4].value, row[4].comment.text if row[4].comment else None)
        for row in sheet.iter_rows(min_row=8)
        if row[0].value
    }
