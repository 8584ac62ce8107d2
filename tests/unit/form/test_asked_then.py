"""How the form of a quarter stands to that of a later one."""

from __future__ import annotations

from typing import Any

import pytest

from reportctl.form.asked_then import AskedThen, Unasked, asked_then
from reportctl.form.form_file import parse_form
from reportctl.form.model import Form
from tests.making.figures import indicator
from tests.making.tables import ROOMS

NEW, OTHERWISE = Unasked.NEW, Unasked.OTHERWISE


def form(*codes: str | dict[str, Any]) -> Form:
    """A form that asks these, "new<old" what was called otherwise."""
    items = [one if isinstance(one, dict) else _named(one) for one in codes]
    return Form.model_validate(
        {
            "id": "f",
            "title": "F",
            "kinds": [{"code": "u", "title": "U"}],
            "sections": [{"code": "s", "title": "S", "indicators": items}],
        }
    )


def _named(text: str) -> dict[str, Any]:
    code, _sign, was = text.partition("<")
    return indicator(code, was=was)


@pytest.mark.parametrize(
    ("then", "later", "codes", "unasked"),
    [
        (form("a"), [form("a")], {}, {}),
        (form("a"), [form("a", "b")], {}, {"b": NEW}),
        (form("a", "b"), [form("a")], {}, {}),
        (form("a"), [form("b<a")], {"a": "b"}, {}),
        (form("a"), [form("b<a"), form("c<b")], {"a": "c", "b": "c"}, {}),
        (form("a"), [form("b<a"), form("b")], {"a": "b"}, {}),  # nobody says it any more
        (form("a"), [form("x"), form("b<a")], {"a": "b"}, {}),  # gone, and back under another name
        # The code was given to something else since.
        (form("a"), [form("b<a"), form("a", "b")], {"a": "b"}, {"a": NEW}),
        (form("a", "b"), [form("a"), form("b<a")], {"a": "b", "b": None}, {}),
        (form("a", "b"), [form("b<a"), form("c<b")], {"a": "c", "b": None}, {}),
    ],
)
def test_codes_are_followed_through_all_forms(
    then: Form, later: list[Form], codes: dict[str, str | None], unasked: dict[str, Unasked]
) -> None:
    assert asked_then(then, later) == AskedThen(codes, unasked)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"type": "count"}, {"type": "number"}),
        ({"unit_of_measure": "đồng"}, {"unit_of_measure": "nghìn đồng"}),
        ({"over_units": "sum"}, {"over_units": "mean"}),
        ({"over_time": "last"}, {"over_time": "last", "cumulative": True}),
    ],
)
def test_what_is_asked_as_something_else_is_no_figure_of_now(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    then, now = ({"code": "a", "label": "A"} | more for more in (before, after))
    assert asked_then(form(then), [form(now)]) == AskedThen({"a": None}, {"a": OTHERWISE})
    # Under another code, too.
    renamed = now | {"code": "b", "was": "a"}
    assert asked_then(form(then), [form(renamed)]) == AskedThen({"a": None}, {"b": OTHERWISE})


@pytest.mark.parametrize(
    "change", [{"label": "B"}, {"required": False}, {"over_time": "last"}, {"max": 9}, {"sentence": "x"}]
)
def test_what_is_only_said_or_checked_otherwise_is_the_same_figure(change: dict[str, Any]) -> None:
    assert asked_then(form("a"), [form(indicator("a") | change)]) == AskedThen({}, {})


def test_a_share_is_what_its_two_figures_are() -> None:
    ends = {"type": "percent", "numerator": "a", "denominator": "b"}
    share = indicator("share", "ratio", "ratio", **ends)
    assert asked_then(form("a", "b"), [form("a", "b", share)]) == AskedThen({}, {})


def test_of_an_unknown_form_only_the_renamed_codes_are_known() -> None:
    assert asked_then(None, [form("b<a"), form("c<b", "d")]) == AskedThen({"a": "c", "b": "c"}, {})


def test_cells_of_tables_are_told_by_row_and_column() -> None:
    then, now = parse_form(ROOMS), parse_form(ROOMS.replace('not_asked = ["lab.private"]', ""))
    assert asked_then(then, [now]).unasked == {"rooms.lab.private": NEW}
    assert asked_then(now, [then]) == AskedThen({}, {})


# ---- lists


def with_lists(*lists: str) -> Form:
    """A form with these lists, "code<was: column<was column"."""
    made = []
    for text in lists:
        named, _sign, columns = text.partition(": ")
        said = [_named(one) for one in columns.split()]
        kept = ("code", "was", "label", "type", "unit_of_measure")
        made.append(
            {
                **{key: _named(named)[key] for key in ("code", "was")},
                "title": named,
                "columns": [{key: one[key] for key in kept if key in one} for one in said],
            }
        )
    return form("a").model_validate({**form("a").model_dump(by_alias=True), "lists": made})


@pytest.mark.parametrize(
    ("then", "later", "lists", "columns", "unasked"),
    [
        ("l: a b", ["l: a b"], {}, {}, {}),
        ("l: a", ["l: a b"], {}, {}, {("l", "b"): NEW}),
        ("l: a", ["l: a", "m: b"], {}, {}, {("m", "b"): NEW}),
        ("l: a b", ["l: c<a b"], {}, {("l", "a"): ("l", "c")}, {}),
        ("l: a", ["m<l: a"], {"l": "m"}, {("l", "a"): ("m", "a")}, {}),
        ("l: a", ["m<l: b<a", "n<m: c<b"], {"l": "n", "m": "n"}, {("l", "a"): ("n", "c")}, {}),
        # The first step is of the column, the second of its list; then the other way round.
        ("l: a", ["l: b<a", "m<l: b<a"], {"l": "m"}, {("l", "a"): ("m", "b")}, {}),
        ("l: b", ["l: b<a", "m<l: b<a"], {"l": "m"}, {("l", "b"): ("m", "b")}, {}),
        ("l: a", ["m<l: a", "m<l: b<a"], {"l": "m"}, {("l", "a"): ("m", "b")}, {}),
        ("l: a b", ["m<l: b<a"], {"l": "m"}, {("l", "a"): ("m", "b"), ("l", "b"): None}, {}),
        ("l: a b", ["l: a", "l: b<a"], {}, {("l", "a"): ("l", "b"), ("l", "b"): None}, {}),
    ],
)
def test_lists_and_their_columns_are_followed_too(
    then: str,
    later: list[str],
    lists: dict[str, str | None],
    columns: dict[tuple[str, str], tuple[str, str] | None],
    unasked: dict[tuple[str, str], Unasked],
) -> None:
    before = with_lists(then)
    found = asked_then(before, [with_lists(one) for one in later])
    assert found.lists == lists
    # What was never asked stands for nothing, whatever it would be called.
    assert {old: new for old, new in found.columns.items() if old in before.list_columns} == columns
    assert found.unasked_columns == unasked


@pytest.mark.parametrize("change", [{"type": "number"}, {"unit_of_measure": "lớp"}])
def test_a_column_asked_otherwise_has_no_figures_of_then(change: dict[str, str]) -> None:
    before = with_lists("l: a")
    (listed,) = before.lists
    (column,) = listed.columns
    other = listed.model_copy(update={"columns": (column.model_copy(update=change),)})
    found = asked_then(before, [before.model_copy(update={"lists": (other,)})])
    assert found.unasked_columns == {("l", "a"): OTHERWISE}
    assert found.columns == {("l", "a"): None}
