"""Columns that are renamed from quarter to quarter: what is said of that, and returns on any version."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from reportctl.core.period import Quarter
from reportctl.form.form_file import parse_form
from tests.making.commands import Said
from tests.making.office import Office, filled

pytestmark = pytest.mark.slow

Q1, Q2, Q3, Q4 = (Quarter(2026, n) for n in (1, 2, 3, 4))


def form(*columns: str, single: str) -> str:
    """A form of a figure and a table with these columns ("code<was"); of the first one a rule and a sum
    speak."""

    def keys(named: str, label: str) -> str:
        code, _sign, was = named.partition("<")
        return f'code = "{code}", label = "{label}"' + (f', was = "{was}"' if was else "")

    first = columns[0].partition("<")[0]
    total = f'{{ code = "all", label = "Tổng", sum = "{first} + rest" }}'
    labels = ("Khác", "Miền núi", "Hải đảo")
    asked = [f"{{ {keys(*one)} }}" for one in zip(("rest", *columns), labels, strict=False)]
    of_table = ", ".join([total, *asked])
    return f"""
id = "f"
title = "Báo cáo"
kinds = [{{code = "district", title = "Huyện"}}]
[[sections]]
code = "work"
title = "Công tác"
indicators = [{{ {keys(single, "Cuộc họp")} }}]
[[tables]]
code = "t"
title = "Bảng"
columns = [{of_table}]
rows = [{{ code = "x", label = "Dòng" }}]
[[rules]]
code = "enough"
check = "t.x.{first} <= t.x.all"
message = "Không được lớn hơn tổng."
"""


FORMS = {
    Q1: form("before", single="begun"),
    Q2: form("nam<before", single="going<begun"),
    Q3: form("nam_two<nam", single="done<going"),
    # The first code of all is a new column's.
    Q4: form("nam_three<nam_two", "before", single="over<done"),
}


class InARow(Office):
    def form(self, quarter: Quarter) -> None:
        (self.root / "form.toml").write_text(FORMS[quarter], encoding="utf-8")

    def take(self, of: Quarter, quarter: Quarter, day: int = 16) -> Said:
        """Take in for `quarter` what the unit sends back on the form of the quarter `of`, saved on this day:
        other figures on each."""
        asked = parse_form(FORMS[of])
        single = asked.sections[0].indicators[0].code
        first = asked.tables[0].columns[2].code
        answers: dict[str, Any] = {single: day, f"t.x.{first}": day + 1, "t.x.all": day + 3, "t.x.rest": 2}
        data = filled(asked, self.roster.units[0], quarter, answers, f"2026-09-{day}T08:00:00Z")
        self.put("01.xlsx", data, quarter)
        said = self.run("merge", quarter)
        assert said.code == 0, said.out + said.err
        return said

    def values(self, quarter: Quarter) -> dict[str, Any]:
        said = self.run("summary", quarter, "--format", "json")
        assert said.code == 0, said.err
        return {row["code"]: row.get("value") for row in said.json["rows"]}

    def traced(self, quarter: Quarter, code: str) -> list[Any]:
        return [one["value"] for one in self.run("trace", quarter, code, "--format", "json").json["parts"]]

    def changes(self, since: Quarter) -> set[tuple[str, str, str | None]]:
        said = self.run("form", "--diff", since, "--format", "json").json["changes"]
        return {(one["change"], one["code"], one["was"]) for one in said}

    def forget(self, quarter: Quarter) -> None:
        """Take the quarter's form out of the archive."""
        (self.root / "archive" / "forms" / f"{parse_form(FORMS[quarter]).fingerprint}.toml").unlink()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> InARow:
    """Three quarters, each merged with its own form; that of the third is in force."""
    office = InARow(tmp_path_factory.mktemp("row") / "office")
    office.root.mkdir()
    (office.root / "reportctl.toml").write_text('language = "en"\ncurrent = "2026-Q1"\n', encoding="utf-8")
    (office.root / "units.csv").write_text("code,name,kind\n01,Huyện 01,district\n", encoding="utf-8")
    for quarter in (Q1, Q2, Q3):
        office.form(quarter)
        office.take(quarter, quarter, day=15)
    return office


@pytest.fixture
def office(made: InARow, tmp_path: Path) -> InARow:
    shutil.copytree(made.root, tmp_path / "office")
    return InARow(tmp_path / "office")


def test_the_difference_names_what_was_renamed_and_nothing_else(office: InARow) -> None:
    assert office.changes(Q1) == {
        ("renamed", "t.*.nam_two", "t.*.before"), ("renamed", "done", "begun"),
    }  # fmt: skip
    office.form(Q4)  # nothing is merged with it yet
    chain = {("renamed", "t.*.nam_three", "t.*.before"), ("renamed", "over", "begun")}
    assert office.changes(Q1) == chain | {("added", "t.*.before", None)}


def test_without_a_form_between_one_came_and_one_went(office: InARow) -> None:
    office.forget(Q2)
    found = office.changes(Q1)
    assert {("added", "t.*.nam_two", None), ("dropped", "t.*.before", None)} <= found
    assert {("added", "done", None), ("dropped", "begun", None)} <= found
    said = office.take(Q1, Q3)
    assert "dropped_question" in _codes(office, Q3), said.out
    assert office.traced(Q3, "done") in ([], [None])


def _codes(office: InARow, quarter: Quarter) -> set[str]:
    return {one["code"] for one in office.run("validate", quarter, "--format", "json").json["findings"]}


@pytest.mark.parametrize(("of", "quarter"), [(Q1, Q3), (Q2, Q3), (Q3, Q1), (Q2, Q1), (Q1, Q4), (Q2, Q4)])
def test_a_return_on_another_version_finds_its_answers(office: InARow, of: Quarter, quarter: Quarter) -> None:
    """Whether that is an older one or a newer one."""
    if quarter == Q4:
        office.form(Q4)
        office.run("settings", "current", "2026-Q4")
    office.take(of, quarter)
    single, first = {Q1: ("begun", "before"), Q3: ("done", "nam_two"), Q4: ("over", "nam_three")}[quarter]
    assert office.traced(quarter, single) == [16]
    assert office.traced(quarter, f"t.x.{first}") == [17]
    assert "dropped_question" not in _codes(office, quarter)
    if quarter == Q4:
        assert office.traced(Q4, "t.x.before") in ([], [None])


def test_the_ledger_is_made_again_with_the_same_figures(office: InARow) -> None:
    office.take(Q1, Q3)
    before = office.values(Q3)
    (office.root / "reportctl.db").unlink()
    assert office.run("merge", Q3).code == 0
    assert office.values(Q3) == before
    assert before["done"] == 16


@pytest.mark.parametrize(("first", "single"), [("before", "begun"), ("nam", "going"), ("nam_two", "done")])
def test_a_figure_is_corrected_under_the_code_of_any_version(office: InARow, first: str, single: str) -> None:
    for code, value in ((f"t.x.{first}", 16), (single, 4)):
        said = office.run("correct", Q1, "01", code, value, "--why", "phone")
        assert said.code == 0, said.err
    for code, value in (("t.x.before", 16), ("begun", 4)):
        (part,) = office.run("trace", Q1, code, "--format", "json").json["parts"]
        assert (part["value"], part["by"]) == (value, "correction")


def test_a_figure_that_came_later_is_not_corrected_and_that_is_said(office: InARow) -> None:
    later = FORMS[Q3].replace('{ code = "rest"', '{ code = "others", label = "Thêm" }, { code = "rest"')
    (office.root / "form.toml").write_text(later, encoding="utf-8")
    said = office.run("correct", Q1, "01", "t.x.others", 1, "--why", "phone")
    assert said.code == 2
    assert "The form of 2026-Q1 does not ask “t.x.others” yet" in said.err


@pytest.mark.parametrize("name", ["t.*.before", "t.*.nam_two"])
def test_a_column_is_shown_under_its_code_of_then_or_of_now(office: InARow, name: str) -> None:
    shown = office.run("summary", Q1, "--table", name, "--format", "json")
    assert shown.code == 0, shown.err
    assert [(row["code"], row["value"]) for row in shown.json["rows"]] == [("t.x.before", 16)]


@pytest.mark.parametrize(("option", "name"), [("--table", "t.y"), ("--table", "u"), ("--section", "new")])
def test_what_came_later_is_said_of_an_earlier_quarter(office: InARow, option: str, name: str) -> None:
    later = FORMS[Q3].replace(
        'label = "Dòng" }', 'label = "Dòng" }, { code = "y", label = "Dòng hai" }'
    ).replace(
        "[[rules]]",
        '[[tables]]\ncode = "u"\ntitle = "U"\ncolumns = [{ code = "c", label = "C" }]\n'
        'rows = [{ code = "r", label = "R" }]\n[[rules]]',
    ).replace(
        "[[tables]]",
        '[[sections]]\ncode = "new"\ntitle = "N"\nindicators = [{ code = "one", label = "O" }]\n[[tables]]',
        1,
    )  # fmt: skip
    (office.root / "form.toml").write_text(later, encoding="utf-8")
    said = office.run("summary", Q1, option, name)
    assert said.code == 2
    assert f"The form of 2026-Q1 has no “{name}” yet; there is: work, t." in said.err


def test_all_there_is_stands_behind_what_is_not_known(office: InARow) -> None:
    said = office.run("summary", Q3, "--section", "worx")
    assert "The form has no section “worx” (near it: work); there is: work, t." in said.err
    said = office.run("summary", Q3, "--table", "t.y")
    assert "“t.y” (near it: t.x" in said.err
    assert said.err.rstrip().endswith("; there is: t.")
