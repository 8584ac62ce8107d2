"""A part that goes or comes in mid-year, from the form to the printed tables: what is said before it is
asked, of returns on the older form, and of figures of several quarters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from reportctl.core.period import Quarter
from tests.making.commands import run
from tests.making.divided import DividedOffice, divided_office, section, table
from tests.making.word_documents import body, lines, tagged

pytestmark = pytest.mark.slow

Q1, Q2, Q3 = (Quarter(2026, number) for number in (1, 2, 3))
WITH, WITHOUT = table("c", "t = x + y, x, y"), table("c", "t = x, x")
ANSWERS = ({"t.c": 10, "x.c": 7, "y.c": 3}, {"t.c": 20, "x.c": 15, "y.c": 5})
OF_SECTION = section("t, x < t, y < t", "t = x + y"), section("t, x < t", "t = x")
WHY = "figures of Q1 2026 also count Y (no longer asked)"
NOTE = f"(***): {WHY}; more than the parts printed here make, by: T 8."


@pytest.fixture
def office(tmp_path: Path) -> DividedOffice:
    """The first quarter's total is 30, 8 of it in the row that the second one's form does not have."""
    made = divided_office(tmp_path / "office")
    assert made.quarter(Q1, WITH, *ANSWERS).code == 0
    made.ask(Q2, WITHOUT)
    return made


def findings(office: DividedOffice, quarter: Quarter = Q2) -> list[tuple[str, str, str | None]]:
    found = office.run("validate", quarter, "--format", "json").json["findings"]
    return [(one["severity"], one["code"], one["cell"]) for one in found if one["unit"] == "01"]


def test_every_table_of_the_half_year_says_it(office: DividedOffice) -> None:
    office.answer(Q2, WITHOUT, {"t.c": 8, "x.c": 8}, {"t.c": 6, "x.c": 6})
    assert office.run("merge", Q2).code == 0
    for table_of, row in (
        ((), "| 1 | T | 44 (***) |"),
        (("--by", "unit"), "| 1 | Huyện 01 | 18 (***) | 15 |"),
    ):
        printed = office.printed("2026-H1", *table_of)
        assert row in printed
        assert NOTE in printed
    assert "(***)" in office.printed("2026-H1", "--by", "kind")
    assert "(***)" not in office.printed(Q2)  # this table has the quarter's own figures alone
    said = office.rows("2026-H1")["t.c"]["apart"]
    assert said == [
        {
            "of": column,
            "period": "2026-Q1",
            "amount": 8,
            "dropped": ["Y (no longer asked)"],
            "added": [],
            "parts": ["t.x.c"],
            "units": [],
        }
        for column in ("value", "to_date")
    ]
    vietnamese = run("-w", office.root, "--lang", "vi", "summary", "2026-H1").out
    text = " ".join(vietnamese.replace("\u00a0", " ").split())
    assert "số liệu quý I/2026 tính cả Y (nay không hỏi); lớn hơn tổng các phần in ở đây: T 8." in text


def test_the_report_and_the_workbook_say_it(tmp_path: Path) -> None:
    office, (first, second) = divided_office(tmp_path / "office"), OF_SECTION
    office.quarter(Q1, first, {"t": 10, "x": 7, "y": 3}, {"t": 20, "x": 15, "y": 5})
    office.quarter(Q2, second, {"t": 8, "x": 8}, {"t": 6, "x": 6})
    (office.root / "report.docx").write_bytes(tagged("table:province", "table:units:s"))
    assert office.run("report", "2026-H1").code == 0
    report = lines(body((office.root / "output" / "2026-H1" / "report-2026-H1.docx").read_bytes()))
    assert [line.replace("\u00a0", " ") for line in report].count(NOTE) == 2
    page = office.root / "page.docx"
    assert office.run("report", "2026-H1", "--unit", "01", "--out", page).code == 0
    text = [line.replace("\u00a0", " ") for line in lines(body(page.read_bytes()))]
    assert "18 (***)" in text  # 10 and 8; of x are 15
    assert NOTE.replace("T 8", "T 3") in text
    out = office.root / "half.xlsx"
    assert office.run("export", "2026-H1", "--to", "xlsx", "--out", out).code == 0
    cells = [
        str(cell.value).replace("\u00a0", " ")
        for sheet in openpyxl.load_workbook(out)
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    assert NOTE in cells


@pytest.mark.parametrize(
    ("first", "second", "codes"), [(WITH, WITHOUT, ("t.c", "x.c", "y.c")), (*OF_SECTION, ("t", "x", "y"))]
)
def test_a_return_on_the_older_form_is_asked_for_its_own_sum(
    tmp_path: Path, first: str, second: str, codes: tuple[str, str, str]
) -> None:
    office = divided_office(tmp_path / "office")

    def answer(*values: int) -> dict[str, Any]:
        return dict(zip(codes, values, strict=True))

    assert office.quarter(Q1, first, answer(10, 7, 3), answer(20, 15, 5)).code == 0
    office.ask(Q2, second)
    office.answer(Q2, first, answer(11, 8, 3), answer(20, 15, 5))
    assert [(severity, code) for severity, code, _cell in findings(office)] == [
        ("warning", "dropped_question"),
        ("note", "other_version"),
    ]
    assert office.run("merge", Q2).code == 0
    # 11 + 20 of the second quarter, of which x is 23; 30 and 22 of the first.
    whole, part, _dropped = codes
    assert [office.rows(Q2)[code]["value"] for code in (whole, part)] == [31, 23]
    assert [one["amount"] for one in office.rows(Q2)[whole]["apart"] if one["of"] == "value"] == [8]
    assert [(one["period"], one["amount"]) for one in office.rows("2026-H1")[whole]["apart"][::2]] == [
        ("2026-Q1", 8),
        ("2026-Q2", 8),
    ]
    office.answer(Q2, first, answer(11, 8, 2))
    errors = [(code, cell) for severity, code, cell in findings(office) if severity == "error"]
    assert [code for code, _cell in errors] == ["older_sum_broken"]
    assert errors[0][1]
    assert office.run("merge", Q2).code == 1


def test_a_return_whose_total_cannot_be_worked_out_makes_no_other_one_differ(tmp_path: Path) -> None:
    """It was made from an older form, which asked Y in place of Z: its X counts, it has no total."""
    office = divided_office(tmp_path / "office")
    first, second = table("c", "t := x + y, x, y"), table("c", "t := x + z, x, z")
    assert office.quarter(Q1, first, {"x.c": 6, "y.c": 2}, {"x.c": 5, "y.c": 3}).code == 0
    office.ask(Q2, second)
    office.answer(Q2, first, {}, {"x.c": 5, "y.c": 3})
    office.answer(Q2, second, {"x.c": 7, "z.c": 2})
    assert office.run("merge", Q2).code == 0
    assert [office.rows(Q2)[code]["value"] for code in ("t.c", "x.c", "z.c")] == [9, 12, 2]
    assert [one["period"] for one in office.rows(Q2)["t.c"]["apart"]] == [
        "2026-Q1"
    ] * 2  # to date, and before
    assert "figures of Q2 2026" not in office.printed(Q2)


def test_a_total_that_is_worked_out_is_so_by_the_form_in_force(tmp_path: Path) -> None:
    """Of a return on the older form too: only the first quarter's total has the row that is gone."""
    office = divided_office(tmp_path / "office")
    first, second = table("c", "t := x + y, x, y"), table("c", "t := x, x")
    answers = {"x.c": 7, "y.c": 3}, {"x.c": 15, "y.c": 5}
    assert office.quarter(Q1, first, *answers).code == 0
    office.ask(Q2, second)
    office.answer(Q2, first, *answers)
    assert office.run("merge", Q2).code == 0
    assert [office.rows(Q2)[code]["value"] for code in ("t.c", "x.c")] == [22, 22]
    half = office.rows("2026-H1")["t.c"]
    assert (half["value"], [(one["period"], one["amount"]) for one in half["apart"][:1]]) == (
        52,
        [("2026-Q1", 8)],
    )
    assert "2026-Q2" not in {one["period"] for one in half["apart"]}


def test_it_stays_so_when_returns_are_checked_again(office: DividedOffice) -> None:
    """By the ledger, without the file: a rule more, then another severity."""
    office.answer(Q2, WITH, *ANSWERS)
    office.answer(Q2, WITH, {"t.c": 11, "x.c": 8, "y.c": 2})
    assert office.run("merge", Q2).code == 1
    rule = '[[rules]]\ncode = "some"\ncheck = "t.x.c >= 0"\nmessage = "Không âm"\n'
    office.ask(Q2, WITHOUT + rule)
    merged = office.merge(Q2)
    assert merged.rechecked == 2
    assert [one.code for one in merged.findings if one.severity == "error"] == ["older_sum_broken"]
    (office.root / "reportctl.toml").write_text(
        'language = "en"\ncurrent = "2026-Q2"\n[findings]\nolder_sum_broken = "warning"\n', encoding="utf-8"
    )
    assert office.run("merge", Q2).code == 0


def test_a_corrected_figure_is_judged_by_the_sums_of_its_return(office: DividedOffice) -> None:
    office.answer(Q2, WITH, *ANSWERS)
    assert office.run("merge", Q2).code == 0
    assert office.run("correct", Q2, "01", "t.x.c", 6, "--why", "telephone").code == 0
    assert [one for one in findings(office) if one[0] == "error"] == []


@pytest.mark.parametrize(("code", "value"), [("t.x.c", 9), ("t.t.c", 10)])
def test_a_corrected_figure_puts_the_older_sum_right(office: DividedOffice, code: str, value: int) -> None:
    office.answer(Q2, WITH, {"t.c": 11, "x.c": 8, "y.c": 2}, ANSWERS[1])
    assert office.run("merge", Q2).code == 1
    assert office.run("accept", Q2, "01", "--why", "asked").code == 0
    assert "older_sum_broken" in {one.code for one in office.merge(Q2).findings}
    assert office.run("correct", Q2, "01", code, value, "--why", "telephone").code == 0
    assert office.run("merge", Q2).code == 0
    assert "older_sum_broken" not in {one.code for one in office.merge(Q2).findings}
    assert "older_sum_broken" not in {code for _severity, code, _cell in findings(office)}
    assert office.rows(Q2)[code.removeprefix("t.")]["value"] == value + (20 if code == "t.t.c" else 15)


def test_a_part_that_only_moved_is_judged_by_the_sum_of_then(tmp_path: Path) -> None:
    """Both forms ask the same figures, so that the sum of then can be worked out by either."""
    office = divided_office(tmp_path / "office")
    figures = "t, x < t, y < t"
    first, second = section(figures, "t = x + y"), section(figures.replace("y < t", "y"), "t = x")
    assert office.quarter(Q1, first, {"t": 10, "x": 7, "y": 3}).code == 0
    office.ask(Q2, second)
    office.answer(Q2, first, {"t": 10, "x": 7, "y": 3})
    assert not [one for one in findings(office) if one[0] == "error"]
    office.answer(Q2, first, {"t": 10, "x": 7, "y": 4})
    assert [code for severity, code, _cell in findings(office) if severity == "error"] == ["rule_broken"]
    office.answer(Q2, second, {"t": 10, "x": 7, "y": 3})
    assert [code for severity, code, _cell in findings(office) if severity == "error"] == ["rule_broken"]


def test_a_rule_that_was_put_right_holds_for_all(tmp_path: Path) -> None:
    """The figures are the same in both forms: that the first one's rule left one out was a mistake."""
    office = divided_office(tmp_path / "office")
    figures = "t, x < t, y < t"
    first, second = section(figures, "t = x"), section(figures, "t = x + y")
    office.ask(Q1, first)
    office.answer(Q1, first, {"t": 10, "x": 10, "y": 3})
    assert office.run("merge", Q1).code == 0
    office.ask(Q1, second)
    assert office.run("merge", Q1).code == 1
    office.answer(Q1, first, {"t": 13, "x": 10, "y": 3})
    assert office.run("merge", Q1).code == 0


# ---- before it is asked


def test_the_form_says_that_the_year_will_not_add_up(office: DividedOffice) -> None:
    sentence = (
        "“Bảng: T” (t.t.*) is another sum than in 2026-Q1 (there with Y (no longer asked)): figures over "
        "several quarters of the year will not add up"
    )
    assert sentence in " ".join(office.run("form", "--diff", Q1).out.split())
    assert sentence in " ".join(office.run("form", "--check").err.split())
    said = office.run("form", "--diff", Q1, "--format", "json").json["other_parts"]
    assert said == [{"code": "t.t.*", "label": "Bảng: T", "dropped": ["Y (no longer asked)"], "added": []}]
    vietnamese = run("-w", office.root, "--lang", "vi", "form", "--diff", Q1).out
    assert "cộng khác với 2026-Q1 (khi đó có Y (nay không hỏi))" in " ".join(vietnamese.split())


def test_it_is_said_once_for_all_quarters_of_the_year(office: DividedOffice) -> None:
    office.quarter(Q2, WITH, *ANSWERS)
    office.ask(Q3, WITHOUT)
    said = " ".join(office.run("form", "--check").err.split())
    assert said.count("is another sum") == 1
    assert "than in 2026-Q1, 2026-Q2 (" in said


@pytest.mark.parametrize(
    "now",
    [
        WITH,
        table("c", "t = x + y + z, x, y, z"),  # what is new in a sum was nobody asked before
        table("c", "t = x + w, x, w").replace('{code = "w"', '{code = "w", was = "y"'),
        table("c", "t = x, x", 'over_time = "last"\n'),  # a year has the last quarter's figure
    ],
)
def test_what_adds_up_is_not_mentioned(office: DividedOffice, now: str) -> None:
    office.ask(Q2, now)
    assert "another sum" not in office.run("form", "--check").err
    assert office.run("form", "--diff", Q1, "--format", "json").json["other_parts"] == []


def test_nor_is_it_in_another_year(office: DividedOffice) -> None:
    office.ask(Quarter(2027, 1), WITHOUT)
    assert "another sum" not in office.run("form", "--check").err
    assert office.run("form", "--diff", Q1, "--format", "json").json["other_parts"] == []
