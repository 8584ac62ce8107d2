"""The rows of the hidden sheet: what is asked comes back as it was, and hostile rows do no harm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportctl.form.form_file import load_form, parse_form
from reportctl.form.hidden_sheet import (
    Asked,
    HandedUp,
    asked_rows,
    earlier_text,
    handed_up_row,
    read_asked,
    read_earlier,
    read_handed_up,
)
from reportctl.form.indicators import Type
from reportctl.form.layout import layout
from tests.making.levels import PROVINCE
from tests.making.machine import ROOT
from tests.making.tables import rooms

CODES = st.from_regex("[a-z][a-z0-9_]{0,8}", fullmatch=True)


def test_what_is_asked_comes_back() -> None:
    form = parse_form(PROVINCE)
    asked = read_asked([("form", "tinh"), *asked_rows(layout(form, "district")), ("", None)])
    assert asked
    assert asked.answers["press_total"] == Asked(Type.COUNT, "bài")
    assert asked.answers["spent"] == Asked(Type.MONEY, "triệu đồng")
    assert asked.answers["problems"] == Asked(Type.TEXT)
    assert asked.answers["gatherings.day"] == Asked(Type.DATE)
    assert asked.answers["houses.village.solid"] == Asked(Type.COUNT, "nhà")
    assert "houses.village.total" not in asked.answers  # which is worked out
    assert asked.lists == {"gatherings": {"who": 0, "day": 1, "people": 2}}


@pytest.mark.parametrize(
    "form", [rooms(), load_form(ROOT / "templates" / "form.toml")], ids=["tables", "stock"]
)
def test_everything_that_a_form_asks_is_named_once(form: object) -> None:
    assert hasattr(form, "kinds")
    for kind in form.kinds:
        places = layout(form, kind.code)  # type: ignore[arg-type]
        asked = read_asked(asked_rows(places))
        assert asked
        filled_in = [code for code, place in places.indicators.items() if place.indicator.filled_in]
        filled_in += [code for code, (cell, _place) in places.cells.items() if cell.filled_in]
        columns = [f"{code}.{one.code}" for code, at in places.lists.items() for one in at.section.columns]
        assert sorted(asked.answers) == sorted([*filled_in, *columns, *places.texts])
        for code, place in places.indicators.items():
            if place.indicator.filled_in:
                assert asked.answers[code].type is place.indicator.type
                assert asked.answers[code].cumulative == place.indicator.cumulative


def test_many_codes_take_several_cells() -> None:
    rows = "".join(f'{{ code = "hang_so_{n}", label = "Dòng {n}" }},\n' for n in range(900))
    form = parse_form(f"""
id = "large"
title = "Lớn"
kinds = [{{code = "a", title = "A"}}]
[[tables]]
code = "bang_lon"
title = "Bảng"
columns = [{{ code = "cot", label = "Cột" }}]
rows = [{rows}]
""")
    made = asked_rows(layout(form, "a"))
    assert len(made) > 1
    assert all(len(text) < 32_767 for row in made for text in row)
    asked = read_asked(made)
    assert asked
    assert len(asked.answers) == 900


def test_a_sheet_that_does_not_say_what_is_asked() -> None:
    assert read_asked([("form", "x"), ("period", "2024-Q1"), ()]) is None


@given(
    st.lists(
        st.builds(
            HandedUp,
            CODES,
            st.text(max_size=20),
            CODES,
            st.integers(0, 999),
            st.integers(0, 999),
            st.booleans(),
        ),
        unique_by=lambda one: one.code,
        max_size=6,
    )
)
def test_what_was_handed_up_comes_back(handed: list[HandedUp]) -> None:
    as_read = [
        [float(cell) if isinstance(cell, int) else cell for cell in handed_up_row(one)] for one in handed
    ]
    assert read_handed_up(as_read) == handed


@given(st.lists(st.lists(st.one_of(st.none(), st.text(), st.floats(), st.booleans()), max_size=8)))
def test_rows_of_others_do_no_harm(rows: list[list[object]]) -> None:
    marked = [["handed_up", *row] for row in rows] + [["asked", *row] for row in rows]
    assert len(read_handed_up([*marked, *rows])) <= len(rows)
    read_asked([*marked, *(["list", *row] for row in rows), *rows])


@pytest.mark.parametrize(
    ("figures", "text", "numbers"),
    [
        ((), "+", []),
        ((2.25, -3, 1e-07), "+ 2.25 -3 1e-07", [2.25, -3.0, 1e-07]),
        ((5, "KAD"), "+ 5 KAD", [5.0]),
    ],
)
def test_what_the_year_to_date_counts_is_read_as_it_was_said(
    figures: tuple[object, ...], text: str, numbers: list[float]
) -> None:
    assert earlier_text(figures) == text
    assert read_earlier(text) == numbers


@pytest.mark.parametrize("text", ["", "5", "KAD", "nan"])
def test_another_text_says_nothing_of_the_year_to_date(text: str) -> None:
    assert read_earlier(text) is None
