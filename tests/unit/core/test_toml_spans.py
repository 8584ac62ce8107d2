"""Where things stand in a TOML text: what is cut out there, read by itself, is what the text says there."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportctl.core.toml import TomlLines
from reportctl.core.toml_spans import Value, statements
from tests.making.form_texts import form_data, toml_texts


def value_in(text: str, value: Value) -> Any:
    if value.kind == "array":
        return [value_in(text, item) for item in value.items]
    if value.kind == "table":
        return {pair.key: value_in(text, pair.value) for pair in value.pairs}
    return tomllib.loads(f"it = {text[value.start : value.end]}")["it"]


def put_together(text: str) -> dict[str, Any]:
    whole: dict[str, Any] = {}
    here = whole
    for statement in statements(text):
        if statement.pair:
            here[statement.pair.key] = value_in(text, statement.pair.value)
            continue
        here = whole
        *above, last = statement.header
        for name in above:
            inside = here.setdefault(name, {})
            here = inside[-1] if isinstance(inside, list) else inside
        if statement.many:
            here.setdefault(last, []).append({})
            here = here[last][-1]
        else:
            here = here.setdefault(last, {})
    return whole


@pytest.mark.slow
@settings(max_examples=30)
@given(st.data())
def test_of_any_form(data: st.DataObject) -> None:
    text = data.draw(toml_texts(data.draw(form_data())))
    assert put_together(text) == tomllib.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        '\ufeffa = 1\n# c\nb = "x # no comment" # one\n',
        'a = """\n[[no]]\n# "no" \\""" comment\n"" """"  # one\nb = 2\n',
        "a = '''it's\n'''''\nb = '\\'\n",
        "a = [1, 2, # [\n 3,\n]\nb = [[1], []]\nc = []",
        'a = { b = "}", "c d" = [{ e = 1 }, {}], f = { } }\r\nb = 2\r\n',
        'a = 1979-05-27 07:32:00 # a blank\nb = -1_000\nc = inf\nd = 0xFF\n\n\n[ x . "y z" ]\ne = true',
        "[[ a ]] # one\nb=1\n  [[a.b2]]\n  c = 2\n[[a]]\n[[a.b2]]\n",
        "",
        "# only",
    ],
)
def test_of_unusual_texts(text: str) -> None:
    assert put_together(text.removeprefix("\ufeff")) == tomllib.loads(text.removeprefix("\ufeff"))


def test_statements_end_where_their_lines_do() -> None:
    text = 'a = [\n  1, # x\n] # y\n\n# z\n[b] # c\nd = """\n"""'
    assert [text[each.start : each.end] for each in statements(text)] == [
        "a = [\n  1, # x\n] # y\n",
        "[b] # c\n",
        'd = """\n"""',
    ]


def test_the_lines_of_what_stands_in_arrays() -> None:
    text = 'a = [{ b = 1 },\n  # x\n  { b = """\n[[c]]\n""", d = 2 }]\n\n[[c]]\n\n[[c]] # y\n'
    text += 'e = [\n  "f",\n  3,\n]\n'
    lines = TomlLines(text)
    found = {
        path: lines.at(path) for path in [("a",), ("a", 1, "b"), ("a", 1, "d"), ("c", 1), ("c", 1, "e", 1)]
    }
    assert found == {("a",): 1, ("a", 1, "b"): 3, ("a", 1, "d"): 5, ("c", 1): 9, ("c", 1, "e", 1): 12}
    assert lines.at(("c", 1, "nothing")) == 9
    assert lines.at(("nothing",)) is None
