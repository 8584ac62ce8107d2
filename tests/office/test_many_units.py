"""The report of an office with more units than its annexes can list."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from reportctl.__main__ import main
from reportctl.core.period import Quarter
from reportctl.figures import tables
from reportctl.report import annexes
from tests.making.machine import ROOT
from tests.making.word_documents import body, lines

Q1 = Quarter(2024, 1)


def test_the_report_of_many_units_stands_by_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(annexes, "MOST_ROWS", 3)
    monkeypatch.setattr(tables, "MOST_ROWS", 3)
    for name in ("form.toml", "reportctl.toml", "report.docx"):
        shutil.copyfile(ROOT / "sample_data" / name, tmp_path / name)
    (tmp_path / "units.csv").write_text(
        "code,name,kind,parent\n01,Huyện A,district,\n02,Xã B,commune,01\n03,Xã C,commune,01\n"
        "04,Báo D,press,\n",
        encoding="utf-8",
    )
    with (tmp_path / "old.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(("unit", "indicator", "period", "value"))
        writer.writerows(
            (unit, "meetings_held", "2023-Q4", 10 * int(unit)) for unit in ("01", "02", "03", "04")
        )
    workspace = ["-w", str(tmp_path), "--lang", "en"]
    assert main([*workspace, "history", str(tmp_path / "old.csv")]) == 0
    out = tmp_path / "report.out.docx"
    assert main([*workspace, "report", "2023-Q4", "--out", str(out)]) == 0
    capsys.readouterr()
    said = lines(body(out.read_bytes()))
    grouped = [line for line in said if line.startswith(("There are 4 units", "Có 04 đơn vị", "Có 4 đơn vị"))]
    assert len(grouped) == 1, "once for all tables of the annex"
    place = next(
        n for n, line in enumerate(said) if line.startswith("Bảng\u00a02.")
    )  # no answers by media, no table
    annex = said[place : place + 60]
    assert "Huyện A" in annex
    assert "60" in annex  # 10 + 20 + 30
    assert "Xã B" not in annex
