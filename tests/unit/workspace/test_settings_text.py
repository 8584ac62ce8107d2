"""A setting changed in the text of reportctl.toml: what else stands there stays letter for letter."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportctl.core.toml import toml_value
from reportctl.workspace.settings_text import Key, as_wanted, key_of, with_value, without
from tests.making.machine import TEMPLATES

STOCK = (TEMPLATES / "reportctl.toml").read_text(encoding="utf-8")


def lines_changed(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that are only before, and only after."""
    one, other = before.splitlines(), after.splitlines()
    return [line for line in one if line not in other], [line for line in other if line not in one]


@pytest.mark.parametrize(
    ("key", "value", "old", "new"),
    [
        (
            "issuer.place", "Bình Minh",
            'place = "An Lạc"                           # nơi ban hành, ghi trước ngày tháng',
            'place = "Bình Minh"                           # nơi ban hành, ghi trước ngày tháng',
        ),
        ("deadlines.default", {"month": 3, "day": 20}, "default = { days_after = 3 }",
         "default = { month = 3, day = 20 }"),
        ("style", "state", 'style = "party"', 'style = "state"'),
        ("checks.times", 2.5,
         "times = 3.0            # số gấp hơn 3 lần, hoặc chưa bằng một phần ba, số trung vị",
         "times = 2.5            # số gấp hơn 3 lần, hoặc chưa bằng một phần ba, số trung vị"),
        ("findings.number_as_text", "off", '# number_as_text = "note"        # số gõ dạng chữ: chỉ lưu ý',
         'number_as_text = "off"        # số gõ dạng chữ: chỉ lưu ý'),
    ],
)  # fmt: skip
def test_one_line_is_another(key: str, value: object, old: str, new: str) -> None:
    assert lines_changed(STOCK, with_value(STOCK, key_of(key), value)) == ([old], [new])


def test_a_setting_that_was_not_there_stands_behind_those_of_its_section() -> None:
    text = with_value(STOCK, Key("deadlines", "ward"), {"days_after": -2})
    assert lines_changed(STOCK, text) == ([], ["ward = { days_after = -2 }"])
    assert "resend_days = 2\nward = { days_after = -2 }\n\n# Dấu gạch ngang" in text


def test_a_list_stays_one_item_a_line_with_its_remark() -> None:
    text = with_value(STOCK, Key("issuer", "recipients"), ["Một", "Hai"])
    assert (
        'recipients = [                             # nơi nhận, mỗi nơi một dòng; dòng "Lưu" ghi sau cùng\n'
        '  "Một",\n  "Hai",\n]\nbased_on' in text
    )


def test_remarks_that_show_another_section_are_none_of_this_one() -> None:
    """`name` in the remark below belongs to [[documents]]."""
    text = '[report]\nalike = 0.9\n# [[documents]]\n# name = "a"\n'
    assert with_value(text, Key("report", "name"), "b") == (
        '[report]\nalike = 0.9\nname = "b"\n# [[documents]]\n# name = "a"\n'
    )


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", '[issuer]\nplace = "X"\n'),
        ("# only a remark", '# only a remark\n\n[issuer]\nplace = "X"\n'),
        ('issuer = { name = "A" }\n', 'issuer = { name = "A", place = "X" }\n'),
        ('issuer = {}  # so\n', 'issuer = { place = "X" }  # so\n'),
        ('issuer.name = "A"\n[cells]\n', 'issuer.name = "A"\nissuer.place = "X"\n[cells]\n'),
        ('issuer.place = "A"\n', 'issuer.place = "X"\n'),
        ('[issuer]\nname = "A"', '[issuer]\nname = "A"\nplace = "X"\n'),
        ('[issuer]\r\nname = "A"\r\n[cells]\r\n', '[issuer]\r\nname = "A"\r\nplace = "X"\r\n[cells]\r\n'),
        ('[[documents]]\nname = "a"\n', '[[documents]]\nname = "a"\n\n[issuer]\nplace = "X"\n'),
        ("[issuer]\n'place' = 'A' # so\n", "[issuer]\n'place' = \"X\" # so\n"),
    ],
)  # fmt: skip
def test_however_the_section_is_written(text: str, wanted: str) -> None:
    said = with_value(text, Key("issuer", "place"), "X")
    assert said == wanted
    assert tomllib.loads(said)["issuer"]["place"] == "X"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", 'style = "state"\n'),
        ('# a\nlanguage = "vi"\n[issuer]\n', '# a\nlanguage = "vi"\nstyle = "state"\n[issuer]\n'),
        ("[issuer]\n", 'style = "state"\n[issuer]\n'),
        ("# about the office\n[issuer]\n", '# about the office\nstyle = "state"\n[issuer]\n'),
    ],
)
def test_above_all_sections(text: str, wanted: str) -> None:
    assert with_value(text, Key("", "style"), "state") == wanted


def test_taken_away_it_is_a_remark() -> None:
    text = without(STOCK, Key("deadlines", "press"))
    assert lines_changed(STOCK, text) == (
        ["press = { month = 3, day = 12 }"],
        ["# press = { month = 3, day = 12 }"],
    )
    again = with_value(text, Key("deadlines", "press"), {"month": 3, "day": 12})
    assert again == STOCK


def test_taken_away_from_braces_and_over_several_lines() -> None:
    assert without("a = 1\nissuer = { name = 'A', place = 'B' }\n", Key("issuer", "name")) == (
        "a = 1\nissuer = { place = 'B' }\n"
    )
    text = '[issuer]\nrecipients = [\n  "A", # so\n]\nname = "B"\n'
    assert without(text, Key("issuer", "recipients")) == (
        '[issuer]\n# recipients = [\n#   "A", # so\n# ]\nname = "B"\n'
    )
    assert without(text, Key("issuer", "place")) == text


NAMES = st.sampled_from(["name", "place", "press.all", "co_trang=Có", "a b"])
VALUES = st.one_of(
    st.text(max_size=8), st.integers(), st.booleans(), st.lists(st.text(max_size=3), max_size=3)
)


@given(
    st.dictionaries(st.sampled_from(["one", "two"]), st.dictionaries(NAMES, VALUES, max_size=3), max_size=2),
    st.sampled_from(["one", "two"]), NAMES, VALUES, st.sampled_from(["\n", "\r\n"]),
)  # fmt: skip
def test_the_file_says_what_it_was_told_to(
    data: dict[str, dict[str, object]], section: str, name: str, value: object, newline: str
) -> None:
    lines = []
    for header, values in data.items():
        lines += [
            f"[{header}]",
            *(f"{toml_value(key)} = {toml_value(each)} # {key}" for key, each in values.items()),
        ]
    text = "".join(line + newline for line in lines)
    key = Key(section, name)
    changed = with_value(text, key, value)
    assert tomllib.loads(changed) == as_wanted(tomllib.loads(text), key, value)
    gone = tomllib.loads(without(changed, key))
    assert {**gone, section: gone.get(section, {})} == as_wanted(tomllib.loads(text), key, None)
