"""Every message has a Vietnamese translation that takes the same values."""

from __future__ import annotations

import ast
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo

from reportctl.core import language
from tests.making.machine import PACKAGE, modules
from tools import translations

pytestmark = pytest.mark.xdist_group("translations")  # the messages of the source are collected once


def texts(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,)


def slots(text: str) -> set[str]:
    return {name for _literal, name, _spec, _conversion in Formatter().parse(text) if name is not None}


@pytest.fixture(scope="module")
def updated() -> Catalog:
    """The messages of the source with their translations, for tests that only look at them."""
    return translations.updated([])


def test_no_message_lacks_a_translation(updated: Catalog) -> None:
    assert translations.lacking(updated) == []


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


def test_no_translation_is_left_over(updated: Catalog) -> None:
    source = {str(message.id) for message in updated}
    assert [str(m.id) for m in translations.read(translations.PO) if str(m.id) not in source] == []


def test_the_catalogue_is_up_to_date(updated: Catalog) -> None:
    """By meaning: how lines are broken is up to the version of Babel."""
    assert translations.texts(translations.read(translations.PO)) == translations.texts(updated)


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


def test_a_translation_takes_the_same_values() -> None:
    messages = [message for message in translations.read(translations.PO) if message.id]
    assert len(messages) > 1000
    wrong = [(str(message.id), text, why) for message in messages for text, why in faults(message)]
    assert wrong == []


def faults(message: Message) -> list[tuple[str, str]]:
    """Which of the message's translations says something else than it asks, and how."""
    ids = texts(message.id)
    asked = set().union(*map(slots, ids))
    return [
        (text, why)
        for text in texts(message.string)
        for wrong, why in (
            (slots(text) != asked, f"takes {sorted(slots(text))}, not {sorted(asked)}"),
            (not text.strip(), "is empty"),
            (
                text[-1:].isspace() != ids[0][-1:].isspace(),
                "ends with a space where the message does not, or not",
            ),
        )
        if wrong
    ]


@pytest.mark.parametrize(
    ("translated", "why"),
    [
        ("{n} tệp, {m}", "takes ['m', 'n'], not ['n']"),
        ("tệp", "takes [], not ['n']"),
        ("{n} ", "ends with a space"),
    ],
)
def test_a_translation_that_takes_other_values_is_found(translated: str, why: str) -> None:
    ((text, said),) = faults(Message("{n} files", translated))
    assert text == translated
    assert said.startswith(why)


def test_messages_are_said_in_the_language_chosen() -> None:
    language.use("vi")
    assert language._("Unit") == "Đơn vị"
    language.use("en")
    assert language._("Unit") == "Unit"
