"""Every tag of the Word report, with what it would say."""

from __future__ import annotations

from typing import Any

import pytest

from reportctl.core.period import parse_period
from reportctl.core.table import Role
from reportctl.render.formats import csv_text
from reportctl.render.terminal import show_table
from reportctl.report.contents import UnitText, contents
from reportctl.report.tags import list_tags, tags_json, tags_table
from reportctl.word.content import Chart, Series
from tests.making.material import FORM, material

QUARTER = parse_period("2024-Q1")


def said(**more: Any) -> dict[str, Any]:
    return {
        **contents(material("2024-Q1", texts=(UnitText("results", "a", "- Một\n- Hai " + "dài " * 60),))),
        **more,
    }


def test_every_tag_stands_once_in_the_order_of_the_report() -> None:
    tags = list_tags(said(), FORM)
    assert sorted(tag.tag for tag in tags) == sorted(said())
    assert list(dict.fromkeys(tag.group for tag in tags)) == [
        "Head and signature", "Units", "Figures: Training", "Sentences", "What the units write", "Tables",
        "Charts",
    ]  # fmt: skip


def test_what_they_say_now() -> None:
    tags = {tag.tag: tag for tag in list_tags(said(), FORM)}
    assert (tags["classes"].kind, tags["classes"].says, tags["classes"].inline) == ("figure", "12", True)
    assert tags["classes.change_year_ago"].kind == "phrase"
    assert tags["classes.change_year_ago"].says.startswith("up 20%")
    assert (tags["title"].kind, tags["units.accepted"].kind) == ("text", "figure")
    assert tags["text:results"].says.startswith("- Một (Huyện A). / - Hai dài")
    assert tags["annex:text:results"].says.startswith("Huyện A: / - Một / - Hai dài")
    assert tags["annex:texts"].says.startswith("1. Kết quả / Huyện A: / - Một")
    assert tags["annex:texts"].group == tags["text:results"].group
    assert not tags["text:results"].inline
    chart = Chart("training", "Training (classes)", ("A",), (Series("S", (1,)),))
    tags = {tag.tag: tag for tag in list_tags(said(**{"chart:training": chart}), FORM)}
    assert (tags["chart:training"].kind, tags["chart:training"].says) == ("chart", "Training (classes)")


def test_long_texts_are_shortened_in_the_table_and_whole_as_json() -> None:
    tags = list_tags(said(), FORM)
    table = tags_table(tags, QUARTER)
    (text,) = [row.cells[2] for row in table.rows if row.cells[0] == "text:results"]
    assert isinstance(text, str)
    assert len(text) == 100
    assert text.endswith("…")
    (whole,) = [one["says"] for one in tags_json(tags, QUARTER)["tags"] if one["tag"] == "text:results"]
    assert whole.count("dài") == 60
    assert next(row.cells[1] for row in table.rows if row.role is Role.SECTION) == "Head and signature"


@pytest.mark.parametrize("width", [80, 120])
def test_no_tag_is_broken(width: int, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    table = tags_table(list_tags(said(), FORM), QUARTER)
    show_table(table)
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= width
    groups_of_similar = {line.split()[0] for line in lines if line and not line.startswith(" ")}
    assert groups_of_similar >= set(said())
    assert csv_text(table).startswith("code,kind,says")
