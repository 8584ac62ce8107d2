"""What `form --check` says of sums by which figures would be wrong, or may be."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from reportctl.form.form_file import parse_form
from tests.making.commands import begin, run
from tests.making.tables import UNITS, returned

# Nothing makes the number of the first row, shares are not asked, the second row is asked of offices alone.
FORM = """
id = "sums"
title = "Chi"
kinds = [{code = "commune", title = "Xã"}, {code = "office", title = "Sở"}]
[[tables]]
code = "cost"
title = "Chi"
columns = [
  {code = "number", label = "Món", unit_of_measure = "món"},
  {code = "money", label = "Tiền", type = "money", unit_of_measure = "triệu đồng"},
  {code = "share", label = "Tỷ lệ", type = "percent", over_units = "mean"},
]
rows = [
  {code = "all", label = "Cộng", sum = "one + two - three", computed = true},
  {code = "one", label = "Một"},
  {code = "two", label = "Hai", applies_to = ["office"]},
  {code = "three", label = "Ba"},
  {code = "rest", label = "Còn", sum = "-one + three", min = -1000},
  {code = "half", label = "Riêng sở", sum = "two", computed = true},
]
not_asked = ["one.number", "two.number", "three.number", "*.share"]
"""


def test_what_is_worked_out_of_nothing_stands_nowhere(tmp_path: Path) -> None:
    office = tmp_path / "office"
    begin(office, "2024-Q1")
    (office / "plan.csv").unlink()
    units = "".join(f"{one.code},{one.name},{one.kind}\n" for one in UNITS)
    (office / "units.csv").write_text(f"code,name,kind\n{units}", encoding="utf-8")
    (office / "form.toml").write_text(FORM, encoding="utf-8")
    inbox = office / "inbox" / "2024-Q1"
    inbox.mkdir(parents=True, exist_ok=True)
    for n, unit in enumerate(UNITS):  # two communes and an office
        typed = {
            "cost.one.money": 10 + n, "cost.two.money": 5, "cost.three.money": 3.5,
            "cost.rest.money": -6.5 - n, "cost.rest.number": 1,
        }  # fmt: skip
        (inbox / f"{unit.code}.xlsx").write_bytes(returned(parse_form(FORM), typed, unit=unit))

    merged = run("--lang", "en", "-w", office, "merge")
    assert merged.code == 0, merged.out + merged.err
    shown = run("--lang", "en", "-w", office, "summary").out.splitlines()
    cells = {line.split()[1]: line.split()[2:] for line in shown if line[:1].isdigit()}
    assert cells["Cộng"] == ["·", "27.5", "·"]  # 6.5 + 7.5 + 12 + 5 - 3.5
    assert cells["Còn"] == ["3", "-22.5", "·"]
    assert cells["Riêng"] == ["sở", "·", "5", "·"]
    states = json.loads(run("-w", office, "status", "--format", "json").out)["units"]
    assert [(one["filled"], one["of"]) for one in states] == [(4, 4), (4, 4), (5, 5)]
    with (office / "output" / "2024-Q1" / "values.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert {row["state"] for row in rows} == {"value"}
    of_sums = [
        (row["unit"], row["code"], float(row["value"]))
        for row in rows
        if row["code"].startswith(("cost.all", "cost.half"))
    ]
    assert of_sums == [
        ("001", "cost.all.money", 6.5), ("002", "cost.all.money", 7.5), ("003", "cost.all.money", 13.5),
        ("003", "cost.half.money", 5),
    ]  # fmt: skip


def test_a_doubt_is_a_note_and_a_mistake_stops(tmp_path: Path) -> None:
    office = tmp_path / "office"
    begin(office, "2024-Q1")
    path = office / "form.toml"
    stock = path.read_text(encoding="utf-8")
    checked = run("--lang", "en", "-w", office, "form", "--check")
    assert (checked.code, checked.err) == (0, "")

    words = 'unit_of_measure = "tin, bài"'
    assert words in stock
    path.write_text(stock.replace(words, 'unit_of_measure = "sản phẩm"'), encoding="utf-8")
    doubted = run("--lang", "en", "-w", office, "form", "--check")
    assert doubted.code == 0
    assert "“press_media.total.all” (sản phẩm) and “press_media.total.news” (tin) are added up" in doubted.err
    assert "are in the form" not in doubted.out

    path.write_text(stock.replace(words, 'unit_of_measure = "triệu đồng"'), encoding="utf-8")
    refused = run("--lang", "en", "-w", office, "form", "--check")
    assert refused.code == 2
    assert (
        "(triệu đồng) and “press_media.total.news” (tin) are not in the same unit of measure" in refused.err
    )

    path.write_text(stock.replace("news + articles + features", "news + articles - plan"), encoding="utf-8")
    refused = run("--lang", "vi", "-w", office, "form", "--check")
    assert refused.code == 2
    assert "“plan” do chương trình điền, không cộng trừ được: hãy bỏ “all”." in refused.err
    assert "{{table:press_media.*.news}}" in refused.err
