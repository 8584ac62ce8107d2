"""Of which column one that the program fills in shows the figures: said by the form (`of`), else guessed."""

from __future__ import annotations

import pytest

from reportctl.form.form_diff import changes
from reportctl.form.form_file import FormError, parse_form
from reportctl.form.shown import form_json, form_table
from reportctl.outgoing.unsaid import guessed_columns

FORM = """
id = "staff"
title = "Nhân sự"
kinds = [{ code = "unit", title = "Đơn vị" }]

[[tables]]
code = "staff"
title = "Nhân sự"
columns = [
  { code = "plan", label = "Kế hoạch", is = "plan" },
  { code = "all", label = "Tổng", sum = "men + women", computed = true },
  { code = "men", label = "Nam" },
  { code = "women", label = "Nữ" },
  { code = "before", label = "Kỳ trước", is = "previous" },
  { code = "year", label = "Lũy kế", is = "to_date" },
]
rows = [{ code = "hired", label = "Tuyển mới" }]
"""
NAMED = FORM.replace('is = "previous"', 'is = "previous", of = "all"').replace(
    'is = "to_date"', 'is = "to_date", of = "men"'
)


def sources(text: str) -> dict[str, str]:
    table = parse_form(text).tables[0]
    return {one.code: table.source_of(one).code for one in table.columns if one.is_ != "value"}


def test_a_column_shows_the_one_that_the_form_names() -> None:
    assert sources(FORM) == {"plan": "all", "before": "women", "year": "women"}
    assert sources(NAMED) == {"plan": "all", "before": "all", "year": "men"}


def test_a_form_that_names_none_is_the_form_that_it_was() -> None:
    """The literal is what the version before there was such a key made of it."""
    assert parse_form(FORM).fingerprint == "3d32be352953"
    assert parse_form(NAMED).fingerprint != "3d32be352953"


@pytest.mark.parametrize(
    ("column", "of", "problem"),
    [
        ('is = "previous"', "wemen", "“wemen” is not in the form; “women” was meant?"),
        ('is = "previous"', "year", "“year” is itself not asked; "),
        ('is = "previous"', "before", "“before” is itself not asked; "),
        ('label = "Nữ"', "men", "“of” names the column whose figures the program fills in here"),
        ('is = "previous"', "old_men", "“old_men” is not in the form; “men” was meant?"),
    ],
)
def test_what_is_named_is_a_column_that_is_asked(column: str, of: str, problem: str) -> None:
    text = FORM.replace(column, f'{column}, of = "{of}"').replace('"Nam"', '"Nam", was = "old_men"')
    with pytest.raises(FormError) as caught:
        parse_form(text)
    (found,) = caught.value.problems
    assert found.message.startswith(problem)
    assert found.line == 1 + next(n for n, line in enumerate(text.splitlines()) if "of =" in line)


def test_a_column_given_by_the_sender_is_of_none() -> None:
    with pytest.raises(FormError, match="“of” names the column"):
        parse_form(FORM.replace('is = "previous"', 'is = "given", of = "men"'))


def test_a_guess_that_a_total_may_have_been_meant_for_is_said() -> None:
    form = parse_form(FORM)
    assert [one.partition(" is filled in")[0] for one in guessed_columns(form)] == [
        "staff.plan (“Kế hoạch”)", "staff.before (“Kỳ trước”)", "staff.year (“Lũy kế”)",
    ]  # fmt: skip
    assert 'with the figures of “Nữ” (of = "women")' in guessed_columns(form)[1]
    every = NAMED.replace('is = "plan"', 'is = "plan", of = "all"')
    assert guessed_columns(parse_form(every)) == []


@pytest.mark.parametrize(
    ("columns", "doubtful"),
    [
        # No total is asked: the column beside it is the one.
        ([("a", "A", "", ""), ("b", "B", "", ""), ("p", "P", "", "previous")], []),
        # The same headings tell.
        (
            [("t", "T", "", "a + b"), ("a", "A", "Nay", ""), ("b", "B", "Nay", ""),
             ("pa", "A", "Trước", "previous"), ("pb", "B", "Trước", "previous")],
            [],
        ),
        # The total alone stands below the same headings, here none.
        ([("t", "T", "", "a + b"), ("a", "A", "U", ""), ("b", "B", "U", ""), ("p", "P", "", "previous")], []),
        # What stands so is a part of it, or something else.
        ([("t", "T", "U", "a + b"), ("a", "A", "U", ""), ("b", "B", "", ""),
             ("p", "P", "", "to_date")], ["p"]),
        # The headings are shared by several.
        ([("t", "T", "U", "a + b"), ("a", "A", "U", ""), ("b", "B", "U", ""),
             ("p", "P", "U", "plan")], ["p"]),
    ],
)  # fmt: skip
def test_what_headings_tell_is_no_guess(
    columns: list[tuple[str, str, str, str]], doubtful: list[str]
) -> None:
    said = [
        {"code": code, "label": label, "under": [under] if under else []}
        | ({"sum": role} if "+" in role else {"is": role} if role else {})
        for code, label, under, role in columns
    ]
    table = parse_form(FORM).tables[0].model_validate(
        {"code": "t", "title": "T", "rows": [{"code": "r", "label": "R"}], "columns": said}
    )  # fmt: skip
    assert [column.code for column, _source in table.doubtful_sources] == doubtful


def test_another_column_named_is_a_change_and_a_renamed_one_is_none() -> None:
    before = parse_form(NAMED)
    (one,) = changes(before, parse_form(NAMED.replace('of = "men"', 'of = "women"')))
    assert (one.kind, one.code, one.before, one.after) == (
        "changed", "staff.*.year", (("of", "men"),), (("of", "women"),),
    )  # fmt: skip
    renamed = NAMED.replace('code = "men"', 'code = "male", was = "men"').replace('"men + ', '"male + ')
    told = changes(before, parse_form(renamed.replace('of = "men"', 'of = "male"')))
    assert [(one.kind, one.code) for one in told] == [("renamed", "staff.*.male")]


def test_the_form_shows_of_which_column_each_is() -> None:
    form = parse_form(NAMED)
    remarks = {row.cells[0]: row.cells[4] for row in form_table(form).rows}
    assert remarks["staff.*.before"] == "the period before, filled in by the program; of all"
    of = {one["code"]: one["of"] for one in form_json(form)["tables"][0]["columns"]}
    assert of == {
        "plan": "all", "all": None, "men": None, "women": None, "before": "all", "year": "men",
    }  # fmt: skip
