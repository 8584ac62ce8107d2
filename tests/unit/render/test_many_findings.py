"""Findings too many for a screen, counted by hand; the workbook read back by openpyxl."""

from __future__ import annotations

import io
from collections.abc import Sequence

import openpyxl
import pytest

from reportctl.core.finding_kinds import Severity
from reportctl.core.findings import Finding, finding
from reportctl.render.fitting import cell_len
from reportctl.render.many_findings import (
    BRIEF,
    MANY,
    KindCount,
    UnitCount,
    by_kind,
    by_unit,
    exceed,
    findings_workbook,
    short_lines,
)
from reportctl.render.text import findings_lines

pytestmark = pytest.mark.slow

NAMES = {"01": "Huyện Một", "02": "Huyện Hai"}


def approximate(unit: str, cell: str = "F7", **more: str) -> Finding:
    where = {"file": f"{unit}.xlsx", "sheet": "Số liệu", "cell": cell, "value": "khoảng 9"} | more
    return finding("approximate", unit=unit, suggestion="9", **where)


def copied(file: str) -> Finding:
    return finding("same_content", file=file, other="a.xlsx")


def wrong_unit(file: str) -> Finding:
    return finding("unknown_unit", file=file, value="zz", found="zz")


SEVERAL = [
    approximate("01"),
    approximate("01", "F8"),
    approximate("02"),
    finding("number_as_text", unit="02", file="02.xlsx", value="1 200", read="1200"),
    copied("b.xlsx"),
    wrong_unit("c.xlsx"),
]


def shown(findings: Sequence[Finding], width: int = 120, *, brief: bool = False) -> list[str]:
    lines = short_lines(findings, NAMES, width, brief=brief)
    return ["".join(text for text, _style in line).rstrip() for line in lines]


def of_units(count: int, each: int = 2) -> list[Finding]:
    return [approximate(f"{unit:04}", f"F{cell}") for unit in range(count) for cell in range(7, 7 + each)]


def test_whose_workbook_it_is_comes_first_then_the_gravest_then_the_most_frequent() -> None:
    assert by_kind(SEVERAL) == [
        KindCount("unknown_unit", Severity.ERROR, 1, 0),
        KindCount("approximate", Severity.ERROR, 3, 2),
        KindCount("number_as_text", Severity.WARNING, 1, 1),
        KindCount("same_content", Severity.NOTE, 1, 0),
    ]


def test_units_with_the_most_errors_come_first() -> None:
    assert by_unit(SEVERAL) == [UnitCount("01", 2, 0, 0), UnitCount("02", 1, 1, 0), UnitCount("", 1, 0, 1)]


def test_what_the_screen_shows() -> None:
    lines = shown(SEVERAL)
    assert lines[0] == "Errors: 4. Warnings: 1. Notes: 1. Files: 4."
    assert [line.split()[:4] for line in lines[3:7]] == [
        ["error", "1", "0", "unknown_unit"],
        ["error", "3", "2", "approximate"],
        ["warning", "1", "1", "number_as_text"],
        ["note", "1", "0", "same_content"],
    ]
    assert [line.split() for line in lines[8:10]] == [
        ["Unit", "Errors", "Warnings", "Notes"],
        ["Huyện", "Một", "2", "0", "0"],
    ]
    first = lines.index("The first ones:")
    assert lines[first + 1] == "c.xlsx"  # whose workbook it is comes before all else
    assert "01.xlsx · Huyện Một" in lines[first:]


@pytest.fixture(scope="module")
def very_many() -> list[Finding]:
    return [*of_units(3000, 20), *SEVERAL, *(wrong_unit(f"{n}.xlsx") for n in range(500))]


@pytest.mark.parametrize("width", [60, 80, 100, 120, 200])
def test_it_fits_the_screen(width: int, very_many: list[Finding]) -> None:
    long, brief = shown(very_many, width), shown(very_many, width, brief=True)
    for lines, most in ((long, MANY), (brief, BRIEF)):
        assert len(lines) <= most
        assert max(map(cell_len, lines)) <= width
    # Those of no unit, and eleven units with 20 errors each, are shown.
    assert f"and 2,991 more units, with {60_506 - 502 - 11 * 20:,} findings" in long[20:40]


@pytest.mark.parametrize("count", [1, 5, 12, 13, 100])
def test_nothing_is_left_uncounted(count: int) -> None:
    lines = shown(of_units(count))
    more = [line for line in lines if line.startswith("and ")]
    assert more == (
        [f"and {count - 12} more unit{'s' * (count > 13)}, with {2 * (count - 12)} findings"] * (count > 12)
    )


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("most", [BRIEF, MANY])
def test_how_many_lines_there_would_be(width: int, most: int) -> None:
    for count in range(1, 60):
        findings = of_units(count, 1)
        lines = sum(1 for _line in findings_lines(findings, NAMES, width))
        assert exceed(findings, NAMES, width, most) == (lines > most)


def test_nothing_exceeds_nothing() -> None:
    assert not exceed([], NAMES, 80, 0)


def test_the_workbook_has_all_of_it() -> None:
    formula = approximate("01", "F9", value="=1+1")
    book = openpyxl.load_workbook(io.BytesIO(findings_workbook([*SEVERAL, formula], NAMES)))
    assert book.sheetnames == ["Findings", "By kind", "By unit"]
    rows = list(book["Findings"].iter_rows(min_row=4, values_only=True))[:7]
    assert rows[0][:7] == ("error", "01", "Huyện Một", "01.xlsx", "Số liệu", "F7", "khoảng 9")
    assert rows[0][9] == "approximate"
    assert [row[9] for row in rows] == [one.code for one in (*SEVERAL, formula)]
    assert book["Findings"].auto_filter.ref == "A3:J10"
    assert (book["Findings"]["G10"].value, book["Findings"]["G10"].data_type) == ("=1+1", "s")
    kinds = list(book["By kind"].iter_rows(min_row=4, values_only=True))
    assert [(row[1], row[3], row[4]) for row in kinds][:2] == [("unknown_unit", 1, 0), ("approximate", 4, 2)]
    units = list(book["By unit"].iter_rows(min_row=4, values_only=True))
    assert units[0] == ("01", "Huyện Một", 3, 0, 0)
    assert units[2][1:] == ("of no unit that is known", 1, 0, 1)
