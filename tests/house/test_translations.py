"""Every message has a Vietnamese translation that takes the same values."""

from __future__ import annotations

import ast
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Message
from babel.messages.mofile import read_mo

from reportctl.core import language
from tests.making.machine import PACKAGE, modules
from tools import translations


def texts(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,)


def slots(text: str) -> set[str]:
    return {name for _literal, name, _spec, _conversion in Formatter().parse(text) if name is not None}


def test_no_message_lacks_a_translation() -> None:
    assert translations.lacking(translations.updated([])) == []


def test_no_message_stands_where_it_is_not_collected() -> None:
    """Those who collect messages take an f-string for one text, whatever is called in it."""
    inside = [
        f"{name}:{call.lineno}"
        for name, source in modules(PACKAGE).items()
        for text in ast.walk(ast.parse(source))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
        if call.func.id in ("_", "N_", "ngettext") and isinstance(call.args[0], ast.Constant)
    ]
    assert inside == []


def test_no_translation_is_left_over() -> None:
    source = {str(message.id) for message in translations.source()}
    assert [str(m.id) for m in translations.read(translations.PO) if str(m.id) not in source] == []


def test_the_catalogue_is_up_to_date() -> None:
    """By meaning: how lines are broken is up to the version of Babel."""
    assert translations.texts(translations.read(translations.PO)) == translations.texts(
        translations.updated([])
    )


def test_the_compiled_catalogue_is_the_written_one() -> None:
    with translations.MO.open("rb") as handle:
        compiled = translations.texts(read_mo(handle))
    assert compiled == translations.texts(translations.read(translations.PO))


def test_a_missing_catalogue_leaves_the_messages_in_english(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(language, "_LOCALE", tmp_path)
    language.use("vi")
    assert language._("Unit") == "Unit"


@pytest.mark.parametrize(
    "message", [m for m in translations.read(translations.PO) if m.id], ids=lambda m: str(m.id)[:40]
)
def test_a_translation_takes_the_same_values(message: Message) -> None:
    asked = set().union(*map(slots, texts(message.id)))
    for text in texts(message.string):
        assert slots(text) == asked
        assert text.strip()
        assert text[-1:].isspace() == texts(message.id)[0][-1:].isspace()


def test_messages_are_said_in_the_language_chosen() -> None:
    language.use("vi")
    assert language._("Unit") == "Đơn vị"
    language.use("en")
    assert language._("Unit") == "Unit"
