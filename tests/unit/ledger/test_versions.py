"""Which forms were in force between two of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportctl.core.period import Quarter
from reportctl.form.form_file import parse_form
from reportctl.ledger.archive import FORM, decided, forms_one_by_one
from reportctl.ledger.versions import forms_between


def text(code: str) -> str:
    return (
        'id = "f"\ntitle = "F"\nkinds = [{code = "commune", title = "Xã"}]\n'
        '[[sections]]\ncode = "s"\ntitle = "S"\n'
        f'indicators = [{{ code = "{code}", label = "A" }}]\n'
    )


FORMS = {code: parse_form(text(code)) for code in ("first", "second", "third", "fourth")}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    (tmp_path / "forms").mkdir()
    for code, form in FORMS.items():
        (tmp_path / "forms" / f"{form.fingerprint}.toml").write_text(text(code), encoding="utf-8")
    return tmp_path


def between(archive: Path, used: str, first: str, last: str) -> str | None:
    """The forms between, by their codes, of those `used` one by one."""
    prints = {code: form.fingerprint for code, form in FORMS.items()}
    found = forms_between(archive, [prints[one] for one in used.split()], prints[first], prints[last])
    return None if found is None else " ".join(next(iter(one.indicators)) for one in found)


def test_the_forms_between_two(archive: Path) -> None:
    used = "first second third"
    assert between(archive, used, "first", "third") == "second"
    assert between(archive, used, "first", "second") == ""
    assert between(archive, used, "first", "fourth") == "second third"  # it is in force in no quarter yet
    assert between(archive, used, "third", "first") is None
    assert between(archive, used, "fourth", "first") is None
    assert between(archive, "", "first", "second") is None


def test_each_is_there_once(archive: Path) -> None:
    assert between(archive, "first first second second third", "first", "third") == "second"
    assert between(archive, "first second first third", "first", "third") == "second"


def test_one_that_is_gone_is_left_out(archive: Path) -> None:
    (archive / "forms" / f"{FORMS['second'].fingerprint}.toml").unlink()
    assert between(archive, "first second third", "first", "fourth") == "third"


def test_forms_stand_in_the_order_of_quarters_and_then_as_they_came() -> None:
    rows = [
        decided("A", FORM, Quarter(2026, 2), value="c"),
        decided("A", FORM, Quarter(2026, 1), value="a"),
        decided("A", "closed", Quarter(2026, 1), value="x"),
        decided("A", FORM, Quarter(2026, 1), value="b"),
    ]
    assert forms_one_by_one(rows) == ("a", "b", "c")
