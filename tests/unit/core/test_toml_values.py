"""Values as TOML writes them, on one line."""

from __future__ import annotations

import tomllib

import pytest

from reportctl.core.toml import same_values, toml_value


@pytest.mark.parametrize(
    "value",
    [
        True,
        False,
        0,
        -3,
        20.0,
        0.1,
        1e300,
        float("inf"),
        "",
        'a"\\\n\té\x7f',
        ["a", 1],
        {"a": 1, "b c": [True]},
        {},
    ],
)
def test_values_as_toml_writes_them(value: object) -> None:
    assert tomllib.loads(f"it = {toml_value(value)}") == {"it": value}
    assert "\n" not in toml_value(value)


def test_a_truth_value_is_no_number() -> None:
    assert not same_values({"a": [1]}, {"a": [True]})
    assert same_values({"a": [1]}, {"a": (1.0,)})
