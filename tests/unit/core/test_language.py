"""Messages in the language that was chosen."""

from __future__ import annotations

import pytest

from reportctl.core import language
from reportctl.core.language import _, ngettext


@pytest.mark.parametrize(
    ("count", "vi", "en"),
    [(0, "0", "0"), (999, "999", "999"), (1000, "1.000", "1,000"), (3321, "3.321", "3,321"),
     (1234567, "1.234.567", "1,234,567"), (-1500, "-1.500", "-1,500")],
)  # fmt: skip
def test_numbers_of_things_are_said_as_the_language_writes_them(count: int, vi: str, en: str) -> None:
    for lang, said in (("vi", vi), ("en", en)):
        with language.speaking(lang):
            assert f" {said} " in f" {ngettext('{count} file', '{count} files', count).format(count=count)} "
            assert (
                _("Not received ({count}): {names}.").format(count=count, names="x").count(f"({said})") == 1
            )


def test_other_numbers_stay_as_they_are() -> None:
    with language.speaking("vi"):
        assert _("Year {year}").format(year=2024).endswith(" 2024")
        assert _("{count}").format(count="1234") == "1234"  # said already
        assert str(_("{count}").format(count=True)) == "True"
