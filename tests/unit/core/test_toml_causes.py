"""What people write wrong in settings and forms: each with its line and its cause."""

from __future__ import annotations

import pytest

from reportctl.core.toml import TomlError, toml_values

SECTION = '[[sections]]\ncode = "a"\ntitle = "A"\n'
DEADLINE = (
    "write { month = 3, day = 20 } for day 20 of the quarter's month 3 (1 to 3; 4 is the month after the "
    "quarter), or { days_after = 3 } for 3 days after the data window"
)
NO_NUMBER = "is no number in this file:"


def missing(name: str) -> str:
    return f"the line [[{name}]] is missing above this one: another of these begins here"


CASES = {
    "decimal comma": ("times = 24,5", 1, f"“24,5” {NO_NUMBER} decimals are written with a point, 24.5,"),
    "below zero": ("[a]\nx = -0,5 # hơn", 2, f"“-0,5” {NO_NUMBER} decimals are written with a point, -0.5,"),
    "in a table": ("d = { a = 1,5, b = 2 }", 1, f"“1,5” {NO_NUMBER} decimals"),
    "two of them": ("d = [1,5; 2,5]\nx = 1,5", 1, "a bracket that was opened here"),
    "grouped": ("a = 1.000.000", 1, f"“1.000.000” {NO_NUMBER} thousands are written without any sign, 100"),
    "spaced": ("a = 12 000", 1, f"“12 000” {NO_NUMBER} thousands are written without any sign, 12000"),
    "per cent": ("a = 80%", 1, f"“80%” {NO_NUMBER} write a share as 0.8, without the sign %"),
    "a day of a deadline": ("[deadlines]\npress = 20/3", 2, f"“20/3” is no deadline; {DEADLINE}"),
    "in its table": ("[deadlines]\na = { month = 3, day = 20/3 }", 2, f"“20/3” is no deadline; {DEADLINE}"),
    "of the second quarter": ("[deadlines]\na = 20/6", 2, f"“20/6” is no deadline; {DEADLINE}"),
    "no day at all": ("[deadlines]\na = 45/17", 2, f"“45/17” is no deadline; {DEADLINE}"),
    "a whole day": (
        "a = 12/3/2026", 1, "“12/3/2026” is no number and no day in this file: a day is written 2026-03-12",
    ),
    "no indicator's line": (SECTION + 'code = "b"\nlabel = "B"\n', 4, missing("sections.indicators")),
    "none between two": (
        SECTION + '[[sections.indicators]]\ncode = "b"\nlabel = "B"\n\ncode = "c"\nlabel = "C"\n', 8,
        missing("sections.indicators"),
    ),
    "no section's line": (
        SECTION + '[[sections.indicators]]\ncode = "b"\nlabel = "B"\n\ncode = "c"\ntitle = "C"\n', 8,
        missing("sections"),
    ),
    "no column's line": (
        '[[lists]]\ncode = "a"\ntitle = "A"\n# cột\ncode = "b"\nlabel = "B"\n', 5, missing("lists.columns"),
    ),
    "no column's line in a table": (
        '[[tables]]\ncode = "a"\ntitle = "A"\ncode = "b"\nlabel = "B"\n', 4, missing("tables.columns"),
    ),
    "no row's line": (
        '[[tables.rows]]\ncode = "a"\nlabel = "A"\ncode = "b"\nlabel = "B"\n', 4, missing("tables.rows"),
    ),
    "no table's line": (
        '[[tables]]\ncode = "a"\n[[tables.rows]]\ncode = "b"\nlabel = "B"\ncode = "c"\ntitle = "C"\n', 6,
        missing("tables"),
    ),
    "no rule's line": ('[[rules]]\ncode = "a"\ncheck = "x"\ncode = "b"\n', 4, missing("rules")),
    "the same twice": (
        SECTION + '[[sections.indicators]]\ncode = "b"\nlabel = "B"\nlabel = "C"\n', 7, "this stands twice",
    ),
    "single brackets": (
        SECTION + '[sections.indicators]\ncode = "b"\n[sections.indicators]\ncode = "c"\n', 6,
        "write [[sections.indicators]], with two brackets on each side",
    ),
    "no comma in a list": ('r = ["a" "b", "c"]', 1, 'a comma is missing after "a"'),
    "none at all in it": ('r = ["a" "b" "c"]', 1, 'a comma is missing after "a"'),
    "at the end of a line": ('r = [\n "a",\n "b"  # x\n\n # y\n "c",\n]', 3, 'a comma is missing after "b"'),
    "in an inline table": ("d = { month = 3 day = 12 }", 1, "a comma is missing after 3"),
    "between tables": ('k = [{code = "d"} {code = "e"}]', 1, "a comma is missing after }"),
    "one too many": ("a = 3,", 1, "a comma stands where nothing follows it"),
    "one too many in a table": ("d = { a = 1, }", 1, "a comma stands where nothing follows it"),
    "quotes in quotes": ('a = "Số "quan trọng" x"', 1, "more stands after the value"),
    "typographic quotes": ("a = “x”", 1, "what stands after = cannot be read"),
    "Windows' line ends": ('a = "b"\r\nc = 1,5\r\n', 2, f"“1,5” {NO_NUMBER}"),
    "in a text too": ('a = "1,5" "x"', 1, "more stands after the value"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "line", "said"), CASES.values(), ids=CASES)
def test_the_cause_is_named_in_its_line(text: str, line: int, said: str) -> None:
    with pytest.raises(TomlError) as raised:
        toml_values(text)
    assert str(raised.value).startswith(said)
    assert raised.value.line == line


@pytest.mark.parametrize("count", [1, 400])
def test_a_long_form_with_a_mistake_at_its_end_is_soon_read(count: int) -> None:
    block = SECTION + '[[sections.indicators]]\ncode = "b"\nlabel = "B"\n'
    with pytest.raises(TomlError) as raised:
        toml_values(block * count + "[checks]\ntimes = 1,5\n")
    assert raised.value.line == 6 * count + 2
