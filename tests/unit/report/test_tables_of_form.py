"""The form's tables in the report: which are made, their tags, sentences that name their cells."""

from __future__ import annotations

import pytest

from reportctl.core.table import Table
from reportctl.figures.matrices import matrix_table
from reportctl.form.model import Form
from reportctl.report.contents import ReportData, Words, contents
from reportctl.report.sentences import sentences
from reportctl.report.tags import list_tags
from reportctl.report.wanted import wanted_of_tables
from reportctl.word.content import CrossReference
from tests.making.material import SETTINGS
from tests.making.matrix import FORM, ROOMS, UNITS, figures_of


def data(cells: frozenset[str] | None = None) -> ReportData:
    summary = figures_of()
    tables = {"rooms": matrix_table(summary, ROOMS, UNITS)}
    return ReportData(FORM, SETTINGS, summary, UNITS, (), tables, cells=cells)


def test_a_cell_has_the_tags_of_a_figure() -> None:
    found = contents(data())
    tags = ["", ".previous", ".year_ago", ".value_previous", ".to_date", ".plan", ".units"]
    said = {tag: found[f"rooms.n1.total{tag}"] for tag in tags}
    assert said == {
        "": "42", ".previous": "20", ".year_ago": "…", ".value_previous": "30", ".to_date": "42",
        ".plan": "", ".units": "2",
    }  # fmt: skip
    assert "50" in str(found["rooms.n1.total.change_previous"])  # 30 beside 20
    assert isinstance(found["table:rooms"], Table)
    assert found["ref:table:rooms"] == CrossReference("table:rooms")
    words = Words(found, FORM)
    assert not [tag for tag in ("rooms.n1.total", "rooms.n1.total.previous") if tag in words]


def test_only_cells_that_are_asked_for_have_tags() -> None:
    found = contents(data(frozenset({"rooms.n2.total"})))
    assert {tag.split(".")[1] for tag in found if tag.startswith("rooms.")} == {"n2"}
    assert "teachers.units" in found


@pytest.mark.parametrize(
    ("asked", "parts", "cells"),
    [
        (["year", "teachers.units", "table:province"], [], []),
        (["table:rooms", "table:rooms.*.old"], ["rooms", "rooms.*.old"], []),
        (["rooms.n1.old.change_previous"], [], ["rooms.n1.old"]),
        (["table:rooms.n1_2"], ["rooms.n1_1"], []),  # not there: what is nearest
        (["rooms.n1.solld.units"], [], ["rooms.n1.solid"]),
        (["table:halls", "halls.n1.old"], [], []),
    ],
)
def test_what_is_asked_for_is_wanted(asked: list[str], parts: list[str], cells: list[str]) -> None:
    wanted = wanted_of_tables(FORM, asked)
    assert [part.code for part in wanted.parts] == parts
    assert sorted(wanted.cells) == cells


def test_without_a_document_everything_is_wanted() -> None:
    wanted = wanted_of_tables(FORM, None)
    assert [part.code for part in wanted.parts] == [
        "rooms", "rooms.n1", "rooms.n1_1", "rooms.n2", "rooms.*.total", "rooms.*.solid", "rooms.*.old",
    ]  # fmt: skip
    assert wanted.cells == FORM.indicators.keys() - {"teachers"}


def test_a_sentence_names_cells_of_a_table() -> None:
    (said,) = sentences(FORM.sections[0], figures_of())
    assert said.text.replace("\u00a0", " ").startswith("Có 2 giáo viên, 42 phòng, up 50%")
    assert [figure[:2] for figure in said.figures] == [
        ("teachers", "value"),
        ("rooms.n1.total", "value"),
        ("rooms.n1.total", "change_previous"),
    ]


def test_a_sentence_without_one_of_its_cells_is_not_said() -> None:
    form = FORM.model_dump(by_alias=True, exclude_unset=True)
    form["sections"][0]["indicators"][0]["sentence"] = "{value}: {rooms.n1_1.old.value}"
    assert not list(sentences(Form.model_validate(form).sections[0], figures_of()))


def test_tags_of_cells_stand_under_their_table() -> None:
    listed = {tag.tag: tag for tag in list_tags(contents(data()), FORM)}
    assert listed["rooms.n1.total"].kind == "figure"
    assert listed["rooms.n1.total.change_previous"].kind == "phrase"
    assert listed["rooms.n1.total"].group == "Figures: Phòng học"
    assert listed["table:rooms"].kind == "table"
