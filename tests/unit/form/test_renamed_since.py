"""Renamings one after the other: what a thing of the form was called in a version several forms before."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from reportctl.form.form_diff import changes
from reportctl.form.form_file import parse_form
from reportctl.form.model import Form
from reportctl.form.renamed import called_in
from reportctl.form.renamed_since import renamed_since

HEAD = 'id = "f"\ntitle = "F"\nkinds = [{code = "commune", title = "Xã"}]\n'
NAMED_THINGS = ("indicator", "row", "column", "list", "list_column")


def keys(named: str) -> str:
    """The keys of "code" or "code<was"."""
    code, _sign, was = named.partition("<")
    return f'code = "{code}", label = "{code}"' + (f', was = "{was}"' if was else "")


def form(of: str, *names: str) -> Form:
    """A form whose indicators, rows, columns, lists or columns of a list are these."""
    asked = [f"{{ {keys(one)} }}" for one in names]
    fixed = "[{ " + keys("fixed") + " }]"
    inner = "[" + ", ".join(asked) + "]"
    if of == "indicator":
        text = f'[[sections]]\ncode = "s"\ntitle = "S"\nindicators = {inner}\n'
    elif of in ("row", "column"):
        rows, columns = (inner, fixed) if of == "row" else (fixed, inner)
        text = f'[[tables]]\ncode = "t"\ntitle = "T"\nrows = {rows}\ncolumns = {columns}\n'
    elif of == "list":
        text = "".join(
            "[[lists]]\n" + keys(one).replace(", ", "\n").replace("label", "title") + f"\ncolumns = {fixed}\n"
            for one in names
        )
    else:
        text = f'[[lists]]\ncode = "l"\ntitle = "L"\ncolumns = {inner}\n'
    return parse_form(HEAD + text)


def said(of: str, *forms: Sequence[str]) -> set[tuple[str, str, str]]:
    """What came, went and was renamed between the first and the last: kind, code, code of then."""
    first, *between, last = (form(of, *names) for names in forms)
    found = (one for one in changes(first, last, between) if one.kind in ("added", "dropped", "renamed"))
    cut = {"row": ("t.", ".*"), "column": ("t.*.", ""), "list_column": ("l.", "")}.get(of, ("", ""))
    return {
        (one.kind, *(code.removeprefix(cut[0]).removesuffix(cut[1]) for code in (one.code, one.was)))
        for one in found
    }


@pytest.mark.parametrize("of", NAMED_THINGS)
def test_a_chain_of_renamings_is_one(of: str) -> None:
    two = ["kept", "a"], ["kept", "b<a"], ["kept", "w<b"]
    assert said(of, *two) == {("renamed", "w", "a")}
    assert said(of, *two, ["kept", "d<w"]) == {("renamed", "d", "a")}
    # A renaming may stay in the forms that follow.
    assert said(of, ["a"], ["b<a"], ["b<a"], ["w<b"], ["w<b"]) == {("renamed", "w", "a")}
    # Back to what it was called first.
    assert said(of, ["a"], ["b<a"], ["a<b"]) == set()


@pytest.mark.parametrize("of", NAMED_THINGS)
def test_without_the_form_between_one_came_and_one_went(of: str) -> None:
    assert said(of, ["kept", "a"], ["kept", "w<b"]) == {("added", "w", ""), ("dropped", "a", "")}
    assert said(of, ["kept", "a"], ["kept", "b<a"], ["kept", "d<w"]) == {
        ("added", "d", ""),
        ("dropped", "a", ""),
    }


@pytest.mark.parametrize("of", NAMED_THINGS)
def test_a_code_that_means_something_else_in_between(of: str) -> None:
    # “b” was another thing at first; what is “w” now was “a” then.
    assert said(of, ["a", "b"], ["b<a"], ["w<b"]) == {("renamed", "w", "a"), ("dropped", "b", "")}
    # “a” is a new thing now.
    assert said(of, ["a"], ["b<a"], ["w<b", "a"]) == {("renamed", "w", "a"), ("added", "a", "")}
    # Two have changed their codes with each other, by way of a third.
    turned = ["a", "b"], ["x<a", "b"], ["x", "a<b"], ["b<x", "a"]
    assert said(of, *turned) == {("renamed", "b", "a"), ("renamed", "a", "b")}


def test_cells_have_been_renamed_with_their_rows_and_columns() -> None:
    def table(row: str, column: str) -> Form:
        lines = f"rows = [{{ {keys(row)} }}]\ncolumns = [{{ {keys(column)} }}]\n"
        return parse_form(f'{HEAD}[[tables]]\ncode = "t"\ntitle = "T"\n{lines}')

    forms = (
        table("one", "first"),
        table("two<one", "first"),
        table("two", "second<first"),
        table("three<two", "third<second"),
    )
    assert renamed_since(forms[0], forms[1:3], forms[3]).renamed["t.one.first"] == "t.three.third"
    assert "t.one.first" not in forms[3].renamed
    assert renamed_since(forms[2], (), forms[3]).renamed["t.two.second"] == "t.three.third"


def test_a_column_of_a_list_that_was_renamed_with_it() -> None:
    def listed(code: str, column: str) -> Form:
        head = keys(code).replace(", ", "\n").replace("label", "title")
        return parse_form(f"{HEAD}[[lists]]\n{head}\ncolumns = [{{ {keys(column)} }}]\n")

    forms = (
        listed("old", "first"),
        listed("later<old", "first"),
        listed("next<later", "second<first"),
        listed("now<next", "second"),
    )
    now = renamed_since(forms[0], forms[1:3], forms[3])
    assert now.renamed_lists == {"old": "now"}
    assert now.renamed_columns["old", "first"] == ("now", "second")


def test_sums_and_rules_that_speak_of_it_are_not_changed() -> None:
    def whole(part: str, was: str = "") -> Form:
        lines = f'{{ code = "all", label = "all", sum = "{part} + z" }}, {{ code = "z", label = "z" }}, '
        lines += f"{{ {keys(f'{part}<{was}' if was else part)} }}"
        rule = f'[[rules]]\ncode = "r"\ncheck = "t.x.{part} >= 0"\nmessage = "M."\n'
        row = '[{ code = "x", label = "x" }]'
        text = f'[[tables]]\ncode = "t"\ntitle = "T"\nrows = {row}\ncolumns = [{lines}]\n{rule}'
        return parse_form(HEAD + text.replace(f'label = "{part}"', 'label = "same"'))

    forms = whole("b1"), whole("nam", "b1"), whole("nam2", "nam")
    found = changes(forms[0], forms[2], forms[1:2])
    assert [(one.kind, one.code, one.was) for one in found] == [("renamed", "t.*.nam2", "t.*.b1")]


def test_what_a_form_asks_is_the_same_with_other_names_of_then() -> None:
    forms = form("row", "a", "k"), form("row", "b<a", "k"), form("row", "w<b", "k")
    now = renamed_since(forms[0], forms[1:2], forms[2])
    assert (now.fingerprint, now.reading) == (forms[2].fingerprint, forms[2].reading)
    assert forms[2].tables[0].lines[0].was == "b"


def test_a_code_of_any_version_is_found_in_any_other() -> None:
    forms = form("row", "a", "k"), form("row", "b<a", "k"), form("row", "w<b"), form("row", "d<w")
    for n, one in enumerate(forms):
        others = [other for other in forms if other is not one]
        own = "t.{}.fixed".format("abwd"[n])
        assert {called_in(f"t.{code}.fixed", one, others) for code in "abwd".replace("abwd"[n], "")} == {own}
    assert called_in("t.a.fixed", forms[3], [forms[2]]) == ""  # the second is not known
    assert called_in("t.k.fixed", forms[3], forms[:3]) == ""
