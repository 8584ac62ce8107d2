"""In provinces of which every figure is right, the first year's checks have little to say."""

from __future__ import annotations

import pytest

from reportctl.form.form_file import load_form
from tests.making.machine import TEMPLATES
from tests.worlds.false_warnings import SPREADS, count


@pytest.mark.parametrize("earlier", [False, True])
def test_of_twenty_right_returns_at_most_one_is_warned_of(earlier: bool) -> None:
    """And most figures a hundred times as large are found, the more the less units differ."""
    form = load_form(TEMPLATES / "form.toml")
    for kinds in ({"commune": 8}, {"commune": 20, "department": 9}):
        counted = count(form, 3, 12, kinds, earlier=earlier)
        assert len(counted) == len(SPREADS)
        for each in counted:
            assert each.warnings * 20 <= each.returns
            assert 2 * each.found > each.slips
