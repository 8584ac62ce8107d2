"""Every tag of the Word report, with what it would say."""

from __future__ import annotations

from typing import Any

import pytest

from reportctl.cli import arguments
from reportctl.core.period import parse_period
from reportctl.core.table import Role
from reportctl.render.formats import table_as
from reportctl.report.contents import UnitText, contents
from reportctl.report.tags import groups_of, tags_json, tags_table
from reportctl.word.content import Chart, Series
from tests.making.material import FORM, material

QUARTER = parse_period("2024-Q1")


def said(**more: Any) -> dict[str, Any]:
    return {
        **contents(material("2024-Q1", texts=(UnitText("results", "a", "- Một\n- Hai " + "dài " * 60),))),
        **more,
    }


def test_every_tag_stands_once_in_the_order_of_the_report() -> None:
    groups = groups_of(said(), FORM)
    names = [tag.name for group in groups for tag in group.tags]
    assert sorted(names) == sorted(said())
    assert [group.title for group in groups] == [
        "Head and signature", "Units", "Figures: Training", "Sentences", "What the units write", "Tables",
        "Charts",
    ]  # fmt: skip


def test_what_they_say_now() -> None:
    tags = {tag.name: tag for group in groups_of(said(), FORM) for tag in group.tags}
    assert (tags["classes"].kind, tags["classes"].says, tags["classes"].inline) == ("figure", "12", True)
    assert tags["classes.change_year_ago"].kind == "phrase"
    assert tags["classes.change_year_ago"].says.startswith("up 20%")
    assert (tags["title"].kind, tags["units.accepted"].kind) == ("text", "figure")
    assert tags["text:results"].says.startswith("Huyện A: / - Một / - Hai dài")
    assert not tags["text:results"].inline
    chart = Chart("training", "Training (classes)", ("A",), (Series("S", (1,)),))
    tags = {
        tag.name: tag for group in groups_of(said(**{"chart:training": chart}), FORM) for tag in group.tags
    }
    assert (tags["chart:training"].kind, tags["chart:training"].says) == ("chart", "Training (classes)")


def test_long_texts_are_shortened_in_the_table_and_whole_as_json() -> None:
    groups = groups_of(said(), FORM)
    table = tags_table(groups, QUARTER)
    (text,) = [row.cells[2] for row in table.rows if row.cells[0] == "text:results"]
    assert isinstance(text, str)
    assert len(text) == 100
    assert text.endswith("…")
    (whole,) = [one["says"] for one in tags_json(groups, QUARTER)["tags"] if one["tag"] == "text:results"]
    assert whole.count("dài") == 60
    assert next(row.cells[1] for row in table.rows if row.role is Role.SECTION) == "Head and signature"


@pytest.mark.parametrize("width", [80, 120])
def test_no_tag_is_broken(width: int, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    table = tags_table(groups_of(said(), FORM), QUARTER)
    arguments.show_table(table)
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= width
    groups_of_similar = {line.split()[0] for line in lines if line and not line.startswith(" ")}
    assert groups_of_similar >= set(said())
    assert table_as(table, "csv").startswith("code,kind,says")
