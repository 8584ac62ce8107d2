"""What `form --diff` names of two versions of a form."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from reportctl.core.table import Role
from reportctl.form.form_diff import changes, changes_table
from reportctl.form.form_file import parse_form
from reportctl.form.model import Form

FORM = """
id = "pay"
title = "Thanh toán"
title_en = "Payments"
kinds = [{code = "bank", title = "Ngân hàng"}, {code = "fund", title = "Quỹ"}]

[[sections]]
code = "work"
title = "Công tác"
sentence = "Có {meetings.value} cuộc."
[[sections.indicators]]
code = "meetings"
label = "Cuộc họp"
sentence = "Họp {value}, {attended.value} người."
[[sections.indicators]]
code = "attended"
label = "Người dự"
unit_of_measure = "người"
per = "meetings"
[[sections.indicators]]
code = "share"
label = "Tỷ lệ"
type = "percent"
over_units = "ratio"
over_time = "ratio"
numerator = "attended"
denominator = "meetings"

[[tables]]
code = "pay"
title = "Thanh toán"
unit_of_measure = "món"
columns = [
  { code = "count", label = "Số món", under = ["Kỳ này"] },
  { code = "amount", label = "Giá trị", type = "money", unit_of_measure = "đồng", under = ["Kỳ này"] },
  { code = "before", label = "Kỳ trước", is = "previous" },
]
rows = [
  { code = "all", no = "1", label = "Tổng", sum = "cheques + cards" },
  { caption = "Trong đó:" },
  { code = "cheques", no = "1.1", label = "Séc", level = 2 },
  { code = "cards", no = "1.2", label = "Thẻ", level = 2, required = false },
]
not_asked = ["cards.amount"]

[[lists]]
code = "events"
title = "Sự kiện"
key = "name"
columns = [
  { code = "name", label = "Tên" },
  { code = "people", label = "Người", type = "count", over_units = "sum" },
]

[[texts]]
code = "results"
label = "Kết quả"
max_words = 100

[[themes]]
title = "Báo chí"
words = ["báo", "đài"]

[[rules]]
code = "enough"
check = "pay.all.count = pay.cheques.count + pay.cards.count and meetings >= 1"
message = "Không đủ."
"""


def named(*edits: tuple[str, str], start: str = FORM) -> list[tuple[Any, ...]]:
    """What is said of the form with these edits: kind, code, and the settings that differ by key."""
    text = start
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new)
    return [
        (one.kind, one.code, *([(one.was)] if one.was else []), *zip(one.before, one.after, strict=True))
        for one in changes(parse_form(start), parse_form(text))
    ]


def test_meanings_that_change_under_the_same_codes_are_named() -> None:
    assert named(('sum = "cheques + cards"', 'sum = "cheques - cards"')) == [
        ("changed", "pay.all.*", (("sum", "cheques + cards"), ("sum", "cheques - cards")))
    ]
    assert named(("pay.all.count = ", "pay.all.count <> ")) == [
        (
            "changed",
            "enough",
            (
                ("check", "pay.all.count = pay.cheques.count + pay.cards.count and meetings >= 1"),
                ("check", "pay.all.count <> pay.cheques.count + pay.cards.count and meetings >= 1"),
            ),
        )
    ]
    assert named(('label = "Séc"', 'label = "Séc và hối phiếu"')) == [
        ("changed", "pay.cheques.*", (("label", "Séc"), ("label", "Séc và hối phiếu")))
    ]
    fewer = ('not_asked = ["cards.amount"]', 'not_asked = ["cards.amount", "cheques.count"]')
    asked_for, left = (
        "pay.cheques.count + pay.cards.count",
        "pay.cards.count",
    )  # no rule names what is not asked
    start = FORM.replace(asked_for, left)
    assert named(fewer, start=start) == [("dropped", "pay.cheques.count")]
    assert named(('not_asked = ["cards.amount"]', "")) == [("added", "pay.cards.amount")]


def test_a_renamed_column_is_one_line_and_so_is_what_goes_by_it() -> None:
    """The rule and the sums that now name the new code say what they said."""
    said = named(
        ('code = "count", label', 'code = "items", was = "count", label'),
        (".count", ".items"),
        ('code = "cheques", no', 'code = "checks", was = "cheques", no'),
        ('"cheques + cards"', '"checks + cards"'),
        ("pay.cheques.", "pay.checks."),
        ('code = "meetings"', 'code = "sessions"\nwas = "meetings"'),
        ("meetings.value", "sessions.value"),
        ('per = "meetings"', 'per = "sessions"'),
        ('denominator = "meetings"', 'denominator = "sessions"'),
        ("meetings >= 1", "sessions >= 1"),
    )
    assert said == [
        ("renamed", "sessions", "meetings"),
        ("renamed", "pay.checks.*", "pay.cheques.*"),
        ("renamed", "pay.*.items", "pay.*.count"),
    ]


def test_what_cells_are_asked_as_is_said_of_lines() -> None:
    assert named(('unit_of_measure = "đồng"', 'unit_of_measure = "triệu đồng"')) == [
        ("retyped", "pay.*.amount", (("unit_of_measure", "đồng"), ("unit_of_measure", "triệu đồng")))
    ]
    assert named(('unit_of_measure = "món"\ncolumns', 'unit_of_measure = "lượt"\ncolumns')) == [
        ("retyped", "pay.*.count", (("unit_of_measure", "món"), ("unit_of_measure", "lượt")))
    ]
    assert named(('title = "Thanh toán"\nunit_of', 'title = "Thanh toán"\nover_time = "last"\nunit_of')) == [
        ("retyped", "pay", (("over_time", "sum"), ("over_time", "last")))
    ]
    assert named(('label = "Thẻ", level = 2, required = false', 'label = "Thẻ", level = 2')) == [
        ("changed", "pay.cards.*", (("required", "false"), ("required", "true")))
    ]
    # Said of the rows instead of the table it is the same.
    moved = [('unit_of_measure = "món"\ncolumns', "columns")]
    moved += [
        (f'code = "{row}", no', f'code = "{row}", unit_of_measure = "món", no')
        for row in ("all", "cheques", "cards")
    ]
    assert named(*moved) == []


def test_lines_tables_lists_and_texts_that_come_and_go() -> None:
    row = '{ code = "drafts", label = "Hối phiếu" },\n  { code = "cheques"'
    assert named(('{ code = "cheques"', row)) == [("added", "pay.drafts.*")]
    table = FORM[FORM.index("[[tables]]") : FORM.index("[[lists]]")]
    rule = FORM[FORM.index("[[rules]]") :]
    assert named((table, ""), (rule, "")) == [("dropped", "pay"), ("dropped", "enough")]
    listed = FORM[FORM.index("[[lists]]") : FORM.index("[[texts]]")]
    assert named((listed, "")) == [("dropped", "events")]
    column = '  { code = "people", label = "Người", type = "count", over_units = "sum" },\n'
    assert named((column, "")) == [("dropped", "events.people")]
    assert named((', over_units = "sum" }', " }")) == [
        ("retyped", "events.people", (("over_units", "sum"), ("over_units", "none")))
    ]
    assert named(("max_words = 100", "max_words = 50")) == [
        ("changed", "results", (("max_words", "100"), ("max_words", "50")))
    ]
    assert named(('"báo", "đài"', '"báo"')) == [
        ("changed", "Báo chí", (("words", "báo; đài"), ("words", "báo")))
    ]
    assert named(("Trong đó:", "Gồm:")) == [
        ("changed", "pay", (("captions", "Trong đó:"), ("captions", "Gồm:")))
    ]


def test_another_order_is_named_with_what_it_was() -> None:
    text = FORM.replace('{ code = "cards", no', '{ code = "moved", no')
    cards = next(line for line in FORM.splitlines(keepends=True) if 'code = "cards"' in line)
    assert text != FORM
    assert named((cards, ""), ('  { code = "all"', f'{cards}  {{ code = "all"')) == [
        (
            "changed",
            "pay",
            (("rows", "all, “Trong đó:”, cheques, cards"), ("rows", "cards, all, “Trong đó:”, cheques")),
        )
    ]


def test_lines_stand_under_the_heading_of_their_table() -> None:
    text = (
        FORM.replace('"Séc"', '"Séc bảo chi"')
        .replace('"Cuộc họp"', '"Phiên họp"')
        .replace("Không đủ.", "Thiếu.")
    )
    table = changes_table(parse_form(FORM), parse_form(text), "2024-Q1")
    shown = [(row.role, row.cells[1], row.cells[2]) for row in table.rows]
    assert shown == [
        (Role.SECTION, "work", "Công tác"),
        (Role.PLAIN, "meetings", "Phiên họp"),
        (Role.SECTION, "pay", "Thanh toán"),
        (Role.PLAIN, "pay.cheques.*", "1.1 Séc bảo chi"),
        (Role.SECTION, "", "Rules"),
        (Role.PLAIN, "enough", "Thiếu."),
    ]


# ---- nothing that the fingerprint goes by is passed over


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where a text, a number, yes or no stands in the form."""
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, one in items:
            yield from leaves(one, (*path, key))
    else:
        yield path


def otherwise(path: tuple[Any, ...]) -> Form | None:
    """The form with another value there; None where that is no form."""
    data = copy.deepcopy(tomllib.loads(FORM))
    at: Any = data
    for key in path[:-1]:
        at = at[key]
    value = at[path[-1]]
    match value:
        case bool():
            at[path[-1]] = not value
        case int() | float():
            at[path[-1]] = value + 1
        case _:
            at[path[-1]] = {"count": "number", "money": "count", "percent": "number", "ratio": "mean"}.get(
                value, f"{value}x"
            )
    try:
        return Form.model_validate(data)
    except ValueError:
        return None


PATHS = [
    path for path in leaves(tomllib.loads(FORM)) if path != ("sections", 0, "indicators", 2, "over_time")
]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: ".".join(map(str, path)))
def test_whatever_changes_the_fingerprint_is_named(path: tuple[Any, ...]) -> None:
    before, after = Form.model_validate(tomllib.loads(FORM)), otherwise(path)
    if after is not None and after.fingerprint != before.fingerprint:
        assert changes(before, after)
