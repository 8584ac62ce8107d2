"""A form that changes from quarter to quarter: each keeps its own, and is compared as far as that goes."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from reportctl.core.period import Quarter
from reportctl.form.form_file import parse_form
from tests.making.commands import Said, run
from tests.making.office import Office, filled
from tests.making.word_documents import body, lines, tagged

pytestmark = pytest.mark.slow

Q3, Q4, Q1, Q2 = (Quarter(2023, 3), Quarter(2023, 4), Quarter(2024, 1), Quarter(2024, 2))

HEAD = """
id = "work"
title = "Báo cáo"
kinds = [{code = "district", title = "Huyện"}]
[[sections]]
code = "work"
title = "Công tác"
"""


def indicator(code: str, label: str, more: str = "") -> str:
    return f'[[sections.indicators]]\ncode = "{code}"\nlabel = "{label}"\n{more}'


KEPT = indicator("kept", "Cuộc họp")
GONE = indicator("gone", "Tờ rơi")
SHARE = indicator(
    "share",
    "Tỷ lệ",
    'type = "percent"\nover_units = "ratio"\nover_time = "ratio"\n'
    'numerator = "fresh"\ndenominator = "kept"\n',
)


def money(measure: str) -> str:
    return indicator("money", "Kinh phí", f'type = "money"\nunit_of_measure = "{measure}"\n')


def fresh(sentence: str = "") -> str:
    return indicator("fresh", "Tin ngắn", f'unit_of_measure = "tin"\nsentence = "{sentence}"\n')


SENTENCE = "Có {value}{change_year_ago}{change_previous}."
# The calls are renamed twice, the money is asked in three units of measure, one figure goes and one comes.
THIRD = HEAD + KEPT + indicator("rings", "Cuộc gọi") + money("đồng") + GONE
FOURTH = HEAD + KEPT + indicator("dials", "Cuộc gọi", 'was = "rings"\n') + money("triệu đồng") + GONE
FIRST = (
    HEAD
    + KEPT
    + indicator("calls", "Cuộc gọi", 'was = "dials"\n')
    + money("nghìn đồng")
    + fresh(SENTENCE)
    + SHARE
)
FORMS = {Q3: THIRD, Q4: FOURTH, Q1: FIRST}
FIGURES: dict[Quarter, dict[str, tuple[float, float]]] = {
    Q3: {"kept": (4, 6), "rings": (10, 20), "money": (3_000_000, 4_000_000), "gone": (1, 1)},
    Q4: {"kept": (5, 7), "dials": (11, 22), "money": (3, 5), "gone": (2, 2)},
    Q1: {"kept": (6, 9), "calls": (12, 24), "money": (4000, 6000), "fresh": (3, 2)},
}


class OverTime(Office):
    """An office of two units that has asked three quarters with three forms."""

    def ask(self, quarter: Quarter, text: str, figures: dict[str, tuple[float, float]]) -> Said:
        """Change the form, take in what the units send back on it."""
        (self.root / "form.toml").write_text(text, encoding="utf-8")
        form = parse_form(text)
        for n, unit in enumerate(self.roster.units):
            answers = {code: values[n] for code, values in figures.items()}
            data = filled(form, unit, quarter, answers, "2024-03-15T08:00:00Z")
            self.put(f"{unit.code}.xlsx", data, quarter)
        return self.run("merge", quarter)

    def rows(self, period: object) -> dict[str, Any]:
        said = self.run("summary", period, "--format", "json")
        assert said.code == 0, said.err
        return {row["code"]: row for row in said.json["rows"]}

    def printed(self, period: object) -> str:
        said = self.run("summary", period, "--format", "markdown")
        assert said.code == 0, said.err
        return said.out


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> OverTime:
    office = OverTime(tmp_path_factory.mktemp("over") / "office")
    office.root.mkdir()
    (office.root / "reportctl.toml").write_text('language = "en"\ncurrent = "2023-Q3"\n', encoding="utf-8")
    (office.root / "units.csv").write_text(
        "code,name,kind\n01,Huyện 01,district\n02,Huyện 02,district\n", encoding="utf-8"
    )
    for quarter in (Q3, Q4, Q1):
        assert office.ask(quarter, FORMS[quarter], FIGURES[quarter]).code == 0
        if quarter == Q4:
            (office.root / "report.docx").write_bytes(tagged("dials", "gone", "money", "table:work"))
            assert office.run("report", Q4).code == 0
    return office


@pytest.fixture
def office(made: OverTime, tmp_path: Path) -> OverTime:
    shutil.copytree(made.root, tmp_path / "office")
    return OverTime(tmp_path / "office")


# ---- what a quarter is compared with


def test_what_the_other_quarter_did_not_ask_is_no_base_and_says_so(made: OverTime) -> None:
    rows = made.rows(Q1)
    said = {code: (row["value"], row["base_previous"], row["no_base_previous"]) for code, row in rows.items()}
    assert said == {
        "kept": (15, 12, None),
        "calls": (36, 33, None),  # what was called otherwise then
        "money": (10_000, None, "asked_otherwise"),
        "fresh": (5, None, "not_asked"),
        "share": (0.333333333333333, None, "not_asked"),
    }
    assert all(row["change_previous"] is None for code, row in rows.items() if said[code][2])
    assert rows["money"]["previous"] is None  # nor is it said as a whole total
    assert {row["no_base_year_ago"] for row in rows.values()} == {None}  # nobody reported then


def test_the_table_tells_it_from_what_nobody_reported(made: OverTime) -> None:
    table = made.printed(Q1)
    assert (
        "The previous quarter: the form did not have this yet, so that nothing is compared: Tin ngắn; Tỷ lệ"
        in table
    )
    assert (
        "The previous quarter: asked otherwise (unit of measure, type), so not compared: Kinh phí." in table
    )
    cells = {line.split("|")[2].strip(): line for line in table.splitlines() if line.startswith("|")}
    assert cells["Tin ngắn"].count("·") == 2  # the base and the change
    assert "·" not in cells["Cuộc họp"]
    assert "·: not asked." in table


def test_in_vietnamese_too(office: OverTime) -> None:
    said = run("-w", office.root, "--lang", "vi", "summary", Q1).out
    text = " ".join(said.replace("\u00a0", " ").split())
    assert "Quý trước chưa có chỉ tiêu này nên không so sánh: Tin ngắn; Tỷ lệ." in text
    assert "Quý trước hỏi khác (đơn vị tính, kiểu số liệu) nên không so sánh: Kinh phí." in text


def test_nothing_is_said_where_nobody_reported_what_was_asked(office: OverTime) -> None:
    """The same figures in a workspace whose form did not change: a quarter without an answer."""
    figures = {"kept": (6, 9), "calls": (12, 24), "money": (4000, 6000), "fresh": (3, 2)}
    for quarter in (Q4, Q3, Q1):
        shutil.rmtree(office.root / "inbox" / str(quarter))
    shutil.rmtree(office.root / "archive")
    for name in ("decisions.csv", "reportctl.db"):
        (office.root / name).unlink()
    without = FIRST.replace('code = "fresh"\n', 'code = "fresh"\nrequired = false\n')
    office.ask(Q4, without, {code: values for code, values in figures.items() if code != "fresh"})
    office.ask(Q1, without, figures)
    row = office.rows(Q1)["fresh"]
    assert (row["base_previous"], row["no_base_previous"], row["not_asked"]) == (None, None, [])
    assert "did not have" not in office.printed(Q1)


def test_the_same_is_said_without_the_ledger(office: OverTime) -> None:
    before = office.rows(Q1), office.printed(Q1), office.rows(Q4)
    (office.root / "reportctl.db").unlink()
    assert office.run("merge", Q1).code == 0
    assert (office.rows(Q1), office.printed(Q1), office.rows(Q4)) == before


def test_a_version_that_is_gone_from_the_archive_says_nothing(office: OverTime) -> None:
    """Figures are then read under the codes of now, as far as these say what they were."""
    shutil.rmtree(office.root / "archive" / "forms")
    row = office.rows(Q1)["calls"]
    assert (row["base_previous"], row["no_base_previous"]) == (33, None)


# ---- the quarters before


def test_an_earlier_quarter_keeps_its_form(made: OverTime) -> None:
    rows = made.rows(Q4)
    assert {code: row["value"] for code, row in rows.items()} == {
        "kept": 12, "dials": 33, "money": 8, "gone": 4,
    }  # fmt: skip
    assert rows["money"]["unit_of_measure"] == "triệu đồng"
    assert (rows["dials"]["base_previous"], rows["dials"]["change_previous"]) == (30, 0.1)
    assert rows["money"]["no_base_previous"] == "asked_otherwise"


def test_renamed_twice_it_is_followed_through_both(office: OverTime) -> None:
    """The year-ago quarter is asked with the first of the three forms."""
    with_third = FIRST.replace('"work"\n', '"work"\n', 1)
    figures = FIGURES[Q1]
    third = Quarter(2024, 3)
    assert office.ask(third, with_third, figures).code == 0
    row = office.rows(third)["calls"]
    assert (row["value"], row["base_year_ago"], row["change_year_ago"]) == (36, 30, 0.2)


def test_a_report_of_then_is_still_as_the_ledger_has_it(made: OverTime) -> None:
    report = made.root / "output" / str(Q4) / f"report-{Q4}.docx"
    checked = made.run("refresh", "--check", report)
    assert (checked.code, checked.out) == (0, "Every figure says what the ledger says.\n"), checked.err
    assert "The form has changed" not in checked.err


def test_a_new_template_reports_an_earlier_quarter_too(office: OverTime) -> None:
    """What that did not ask stays open there; what was called otherwise is filled in."""
    (office.root / "report.docx").write_bytes(tagged("calls", "fresh", "table:work"))
    out = office.root / "again.docx"
    said = office.run("report", Q4, "--out", out, "--evidence")
    assert said.code == 0, said.err
    text = lines(body(out.read_bytes()))
    assert text[:2] == ["33", "·"]
    assert any("Q4 2023: the form did not have this yet: Tin ngắn; Tỷ lệ." in line for line in text)
    assert any("Q4 2023: asked otherwise" in line for line in text)


def test_a_trace_takes_the_code_of_then_and_of_now(made: OverTime) -> None:
    parts = [
        made.run("trace", Q4, code, "--format", "json").json["parts"] for code in ("dials", "calls", "rings")
    ]
    assert [[one["value"] for one in each] for each in parts] == [[11, 22]] * 3
    assert made.run("trace", Q4, "fresh", "--format", "json").json["parts"] == []
    assert made.run("trace", Q4, "gone", "--format", "json").json["value"] == 4
    assert made.run("trace", Q1, "gone").code == 2


# ---- over several quarters


def test_a_span_adds_up_what_its_quarters_asked_alike(made: OverTime) -> None:
    rows = made.rows("2023-H2")
    assert rows["dials"]["value"] == 33 + 30
    assert (rows["money"]["value"], rows["money"]["asked_otherwise"]) == (8, ["2023-Q3"])
    table = made.printed("2023-H2")
    assert "8 (\\*\\*)" in table.replace("\u00a0", " ")
    assert "(\\*\\*): Q3 2023: asked otherwise (unit of measure, type), so not added: Kinh phí." in table


def test_a_span_that_lacks_a_figure_in_a_quarter_is_no_base(office: OverTime) -> None:
    """The half-year of 2024 beside that of 2025, in which the first quarter did not ask the short stories."""
    second = FIRST.replace(fresh(SENTENCE), "").replace(SHARE, "") + indicator("other", "Khác")
    figures: dict[str, tuple[float, float]] = {"kept": (6, 9), "calls": (12, 24), "money": (4000, 6000)}
    office.ask(Q2, FIRST, FIGURES[Q1])
    for quarter in (Quarter(2025, 1), Quarter(2025, 2)):
        office.ask(quarter, second, figures | {"other": (1, 2)})
    half = office.rows("2025-H1")
    assert (half["other"]["value"], half["other"]["no_base_year_ago"]) == (6, "not_asked")
    assert (half["kept"]["value"], half["kept"]["base_year_ago"]) == (30, 30)
    assert "The same period last year: the form did not have this yet" in office.printed("2025-H1")
    # Where only some of the quarters lack it, they are named.
    later = office.rows("2025-H1")["calls"]
    assert later["no_base_year_ago"] is None


# ---- what else is made from earlier quarters


def test_a_return_is_not_warned_of_what_was_asked_otherwise(made: OverTime) -> None:
    """A thousand times as much money, in another unit of measure."""
    found = made.run("validate", Q1, "--format", "json").json["findings"]
    assert [one["code"] for one in found if one["indicator"] == "money"] == []


def test_the_workbook_says_why_it_shows_nothing_of_the_quarter_before(office: OverTime) -> None:
    assert office.run("template", Q1).code == 0
    (sent, _other) = sorted((office.root / "outbox" / str(Q1)).glob("*.xlsx"))
    book = openpyxl.load_workbook(sent)
    rows = {}
    for code in ("kept", "calls", "money", "fresh"):
        ((sheet, coordinate),) = book.defined_names[code].destinations
        rows[code] = book[sheet][book[sheet][coordinate.replace("$", "")].row]
    notes = {code: [cell.comment.text for cell in row if cell.comment] for code, row in rows.items()}
    assert notes["fresh"] == ["Quý trước: biểu mẫu chưa có chỉ tiêu này"]
    assert notes["money"] == ["Quý trước: hỏi khác (đơn vị tính, kiểu số liệu), không so sánh được"]
    assert (notes["kept"], notes["calls"]) == ([], [])
    values = {code: {cell.value for cell in row} for code, row in rows.items()}
    assert 5 in values["kept"]
    assert 11 in values["calls"]
    assert 3 not in values["money"]


def test_the_plan_is_read_by_each_version(office: OverTime) -> None:
    """It is kept under the codes of now; what the form asks no longer, or calls otherwise, is no mistake."""
    (office.root / "plan.csv").write_text(
        "unit,indicator,year,value\n01,calls,2023,100\n02,calls,2023,100\n01,gone,2023,10\n02,gone,2023,10\n"
        "01,money,2023,9000\n01,fresh,2024,30\n02,fresh,2024,20\n01,dials,2024,60\n02,rings,2024,60\n",
        encoding="utf-8",
    )
    rows = office.rows(Q4)
    assert (rows["dials"]["plan"], rows["gone"]["plan"], rows["money"]["plan"]) == (200, 20, None)
    assert rows["dials"]["of_plan"] == 63 / 200
    assert office.rows(Q3)["rings"]["plan"] == 200
    now = office.rows(Q1)
    assert (now["calls"]["plan"], now["fresh"]["plan"]) == (120, 50)
    wrong = office.root / "plan.csv"
    wrong.write_text("unit,indicator,year,value\n01,nothing,2023,1\n", encoding="utf-8")
    assert office.run("summary", Q1).code == 2


def test_the_evidence_has_the_cells_of_what_was_renamed(office: OverTime) -> None:
    (office.root / "report.docx").write_bytes(tagged("calls.previous", "kept.previous"))
    assert office.run("report", Q1, "--evidence").code == 0
    book = openpyxl.load_workbook(office.root / "output" / str(Q1) / f"report-{Q1}.evidence.xlsx")
    cells = [[cell.value for cell in row] for row in book["Source cells"].iter_rows(min_row=4)]
    values = sorted(value for row in cells for value in row if value in (5, 7, 11, 22))
    assert values == [5, 7, 11, 22]


def test_the_sentence_says_it_once_for_both_periods(office: OverTime) -> None:
    (office.root / "report.docx").write_bytes(tagged("sentences:work", "fresh.change_previous"))
    assert office.run("report", Q1).code == 0
    text = lines(body((office.root / "output" / str(Q1) / f"report-{Q1}.docx").read_bytes()))
    # Nobody reported a year ago, so only the quarter before is spoken of.
    assert text[0].replace("\u00a0", " ") == "Có 5 tin, a figure that the previous quarter did not have."
    assert text[1] == "a figure that the previous quarter did not have"


# ---- which form is in force


def test_an_earlier_quarter_stays_with_its_form_once_the_next_has_begun(office: OverTime) -> None:
    """The form is changed for the next quarter, and something is merged for the one before."""
    settings = office.root / "reportctl.toml"
    text = settings.read_text("utf-8").replace("2023-Q3", "2024-Q2")
    settings.write_text(text, encoding="utf-8")
    form = office.root / "form.toml"
    form.write_text(FIRST + indicator("next", "Quý sau"), encoding="utf-8")
    before = office.rows(Q1)
    assert "next" not in before
    assert office.run("merge", Q1).code == 0
    assert office.rows(Q1) == before
    rows = (office.root / "decisions.csv").read_text("utf-8-sig").splitlines()
    assert sum(",form,2024-Q1," in row for row in rows) == 1


def test_a_question_added_in_the_middle_of_a_quarter_is_there_at_once(office: OverTime) -> None:
    settings = office.root / "reportctl.toml"
    settings.write_text(settings.read_text("utf-8").replace("2023-Q3", "2024-Q1"), encoding="utf-8")
    (office.root / "form.toml").write_text(FIRST + indicator("next", "Quý này"), encoding="utf-8")
    assert office.rows(Q1)["next"]["value"] is None
