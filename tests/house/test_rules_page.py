"""Every example of the page of rules says what the program says, in both languages."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

from reportctl.form.form_file import parse_form
from reportctl.form.model import Form
from reportctl.form.rules import EARLIER, Gap, Operand, Reference, holds, parse
from tests.making.machine import ROOT

FORM = """
id = "page"
title = "Trang quy tắc"
kinds = [{ code = "commune", title = "Xã" }]
sections = [
  { code = "work", title = "Công việc", indicators = [FIGURES] },
  { code = "staff", title = "Cán bộ", indicators = [STAFF] },
]
tables = [
  { code = "rooms", title = "Phòng", columns = [
    { code = "total", label = "Tổng", sum = "public + private" },
    { code = "public", label = "Công" },
    { code = "private", label = "Tư" },
  ], rows = [{ code = "library", label = "Thư viện" }, { code = "lab", label = "Phòng máy" }] },
]
lists = [
  { code = "events", title = "Sự kiện", columns = [{ code = "people", label = "Người", type = "count" }] },
]
"""
COUNTS = (
    "press_total", "press_print", "press_radio", "attendance", "meetings", "stock", "received", "given_out",
)  # fmt: skip
VERDICTS = {
    "rules.md": {"holds": True, "broken": False, "undecided": None},
    "rules.vi.md": {"đúng": True, "sai": False, "chưa xét": None},
}
EXAMPLE = re.compile(r"```toml\n(check = .*?)```\n\n((?:- `[^\n]+\n)+)", re.S)
CASE = re.compile(r"- `(.+)`: (.+)\n")


def examples(name: str) -> list[tuple[dict[str, Any], str, bool | None]]:
    """Each example's rule, figures and verdict."""
    page = (ROOT / "docs" / name).read_text(encoding="utf-8")
    return [
        (tomllib.loads(rule), figures, VERDICTS[name][verdict])
        for rule, cases in EXAMPLE.findall(page)
        for figures, verdict in CASE.findall(cases)
    ]


def form_with(rule: dict[str, Any]) -> Form:
    """A form with all the codes of the page, and the rule."""
    figures = [f'{{ code = "{code}", label = "{code}" }}' for code in COUNTS]
    figures += [
        f'{{ code = "{code}", label = "{code}", type = "money" }}'
        for code in ("cost", "cost_rent", "cost_travel")
    ]
    staff = [f'{{ code = "{code}", label = "{code}" }}' for code in ("staff_office", "staff_field")]
    staff.append('{ code = "staff_field_women", label = "x", part_of = "staff_field" }')
    said = "".join(f"{key} = {value!r}\n" for key, value in rule.items())
    # TOML 1.0 has no line breaks in tables like these.
    text = FORM.replace("FIGURES", ", ".join(figures)).replace("STAFF", ", ".join(staff))
    text = re.sub(r"\n {2,}|\n(?=\])", " ", text).replace(", ]", "]")
    return parse_form(f'{text}\n[[rules]]\ncode = "one"\nmessage = "Sai."\n{said}')


def verdict(form: Form, figures: str) -> bool | None:
    """What the program says of the rule on these figures."""
    known: dict[Reference, Operand] = {}
    for figure in figures.split(", "):
        name, value = figure.split(" = ")
        reference = parse(f"{name} = 0").references[0]
        gap = Gap.UNREADABLE if reference.what in EARLIER else Gap.UNKNOWN
        known[reference] = {"-": gap, "KAD": Gap.NOTHING}.get(value) or float(value)
    every = [
        holds(rule.node, lambda asked: known[asked], form.is_rounded, rule.policy)
        for rule in form.all_rules
        if rule.code == "one"
    ]
    assert every
    return False if False in every else None if None in every else True


@pytest.mark.parametrize(("rule", "figures", "expected"), examples("rules.md"))
def test_an_example_says_what_the_program_says(
    rule: dict[str, Any], figures: str, expected: bool | None
) -> None:
    assert verdict(form_with(rule), figures) is expected


def test_both_pages_have_the_same_examples() -> None:
    assert examples("rules.md") == examples("rules.vi.md")
    assert len(examples("rules.md")) > 40


def test_every_word_of_rules_has_an_example() -> None:
    shown = " ".join(rule["check"] for rule, _figures, _expected in examples("rules.md"))
    words = (
        "and",
        "or",
        "not",
        "if(",
        "blank(",
        "sum(",
        "rows(",
        "total(",
        "previous(",
        "year_ago(",
        "-0.",
        "*",
        "/",
    )
    assert [word for word in words if word not in shown] == []
    policies = {(rule.get("missing"), bool(rule.get("tolerance"))) for rule, *_rest in examples("rules.md")}
    assert policies == {(None, False), (None, True), ("zero", False), ("error", False)}
