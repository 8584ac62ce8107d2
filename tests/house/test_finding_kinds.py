"""The table of kinds: whole, in both languages, filled with what the program passes; what may be changed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from string import Formatter

import pytest

from reportctl.core import language
from reportctl.core.finding_kinds import CHECKED, KINDS, OFF, Severity
from tests.making.machine import PACKAGE, modules

SOURCES = {
    name: source
    for name, source in modules(PACKAGE).items()
    if name not in ("core/finding_kinds.py", "render/explain.py")  # what finds, not what lists
}


def slots(text: str) -> set[str]:
    return {name for _literal, name, _spec, _conversion in Formatter().parse(text) if name}


def constants(node: ast.AST) -> set[str]:
    return {n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)}


def calls() -> Iterator[tuple[str, str, set[str]]]:
    """(code, place, names passed) of every call that is given a finding's code outright."""
    for name, source in SOURCES.items():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and all(keyword.arg for keyword in node.keywords):
                if isinstance(node.func, ast.Name) and node.func.id == "_converted":
                    continue  # what it passes is tested with the encodings
                passed = {str(keyword.arg).removeprefix("details_") for keyword in node.keywords}
                if isinstance(node.func, ast.Name) and node.func.id == "decision_finding":
                    passed |= {"who", "day"}  # of the decision, which it passes itself
                if isinstance(node.func, ast.Attribute) and node.func.attr == "say":
                    passed |= {"label"}  # of what is asked, which it passes itself
                direct = [a for a in node.args if isinstance(a, ast.Constant | ast.IfExp)]
                for code in set().union(*map(constants, direct)) & KINDS.keys():
                    yield code, f"{name}:{node.lineno}", passed | constants(node)


@pytest.mark.parametrize("code", KINDS)
def test_a_kind_has_all_four_texts_in_both_languages(code: str) -> None:
    kind = KINDS[code]
    language.use("vi")
    for text in (kind.message, kind.hint, kind.why):
        assert text.strip()
        if re.search("[a-z]", re.sub(r"\{\w+\}", "", text)):
            assert language._(text) != text, "no Vietnamese"
        assert not text.endswith(".")
    assert not slots(kind.why)


def test_messages_are_filled_with_what_the_program_passes() -> None:
    found = list(calls())
    assert len({code for code, _place, _passed in found}) > len(KINDS) * 3 // 4
    for code, place, passed in found:
        asked = slots(KINDS[code].message) | slots(KINDS[code].hint)
        assert asked <= passed | {"value"}, f"{code} at {place}"


def test_every_kind_is_found_somewhere() -> None:
    named = set().union(*(constants(ast.parse(source)) for source in SOURCES.values()))
    assert set(KINDS) - named == set()


def test_what_leaves_a_figure_unread_cannot_be_changed() -> None:
    unread = {code for source in SOURCES.values() for code in re.findall(r'\binvalid\(\s*"(\w+)"', source)}
    assert {"ambiguous_number", "became_date", "wrong_type"} <= unread
    unread |= {"error_cell", "formula_not_calculated", "code_twice", "not_found", "missing_sheet"}
    assert {code for code in unread if KINDS[code].settable} == set()


@pytest.mark.parametrize(
    "code",
    ["encrypted", "reader_failed", "unreadable_file", "unsafe", "wrong_form", "unknown_unit", "wrong_period",
     "unit_not_asked", "tie", "superseded", "no_file", "accepted_despite", "corrected", "quarter_closed"],
)  # fmt: skip
def test_what_says_whose_it_is_or_what_counts_cannot_be_changed(code: str) -> None:
    assert KINDS[code].settable == ()


def test_an_error_is_never_switched_off() -> None:
    errors = [kind for kind in KINDS.values() if kind.severity is Severity.ERROR]
    assert [kind for kind in errors if OFF in kind.settable] == []
    assert KINDS["required_missing"].settable == ("error", "warning", "note")
    assert KINDS["number_as_text"].settable == ("error", "warning", "note", "off")
    assert KINDS["places_disagree"].settable == ("error",)


def test_what_checks_find_is_known_to_be_found_again() -> None:
    """A merge that only checks again drops these findings first; one that is missing would stand twice."""
    assert {code for code, place, _passed in calls() if place.startswith("intake/checks.py:")} == CHECKED
