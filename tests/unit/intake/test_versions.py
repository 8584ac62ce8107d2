"""What a return on another version of the form answers, by the forms that the archive keeps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pytest

from reportctl.core.findings import finding
from reportctl.core.period import Quarter
from reportctl.form.form_file import parse_form
from reportctl.form.model import Form
from reportctl.form.submission import Answer, AnswerState, ListRow
from reportctl.intake.job import Context
from reportctl.intake.versions import (
    brought_over,
    lists_of_this_form,
    of_this_form,
    rows_of_this_form,
    version_of,
)
from reportctl.workspace.units import Roster

KINDS = 'kinds = [{code = "commune", title = "Xã"}, {code = "press", title = "Báo"}]\n'
SECTION = '[[sections]]\ncode = "a"\ntitle = "A"\n'
RULE = '[[rules]]\ncode = "r"\ncheck = "first >= 0"\nmessage = "Không âm."\n'


def asked(code: str, applies_to: str = "[]", more: str = "") -> str:
    return f'[[sections.indicators]]\ncode = "{code}"\nlabel = "{code}"\napplies_to = {applies_to}\n{more}'


def listed(*columns: str, more: str = "") -> str:
    inner = "".join(f'[[lists.columns]]\ncode = "{code}"\nlabel = "{code}"\n{more}' for code in columns)
    return f'[[lists]]\ncode = "events"\ntitle = "Events"\n{inner}'


def table(*cells: str, columns: Sequence[str] = ("x", "y")) -> str:
    """A table with these rows."""
    rows = "".join(f'{{code = "{row}", label = "{row}"}}, ' for row in cells)
    heads = "".join(f'{{code = "{column}", label = "{column}"}}, ' for column in columns)
    return f'[[tables]]\ncode = "t"\ntitle = "T"\ncolumns = [{heads}]\nrows = [{rows}]\n'


def form_of(*pieces: str) -> tuple[Form, str]:
    text = f'id = "f"\ntitle = "F"\n{KINDS}{"".join(pieces)}'
    return parse_form(text), text


NOW, _TEXT = form_of(SECTION, asked("first"), asked("second"), listed("name", "place"))


def context(archive: Path | None) -> Context:
    return Context(NOW, Roster(()), Quarter(2024, 1), dt.date(2024, 3, 14), archive=archive)


def keep(archive: Path, *pieces: str) -> str:
    """Keep a form; its fingerprint."""
    form, text = form_of(*pieces)
    path = archive / "forms" / f"{form.fingerprint}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return form.fingerprint


def lacks(now: Form, *then: str, answered: Sequence[str] = (), kind: str = "commune") -> set[tuple[str, str]]:
    """What is said of a return on the version `then` in which these questions are answered with 1."""
    answers = [Answer(code, AnswerState.VALUE, 1, "1") for code in answered]
    _answers, found = brought_over(now, form_of(*then)[0], kind, answers)
    return {(one.code, one.indicator or "") for one in found}


def test_what_the_older_form_did_not_ask() -> None:
    said = lacks(NOW, SECTION, asked("first"), listed("name"), answered=["first"])
    assert said == {("new_question", "second"), ("new_question", "events.place")}
    said = lacks(NOW, SECTION, asked("first"), answered=["first"])
    assert said == {("new_question", "second"), ("new_question", "events")}


def test_what_other_kinds_of_units_were_asked_is_new() -> None:
    of_press = [SECTION, asked("first"), asked("second", '["press"]'), listed("name", "place")]
    assert lacks(NOW, *of_press, answered=["first"]) == {("new_question", "second")}
    assert lacks(NOW, *of_press, answered=["first", "second"], kind="press") == set()


def test_a_figure_of_another_kind_is_no_answer() -> None:
    money = asked("second", more='type = "money"\nunit_of_measure = "đồng"\n')
    version = form_of(SECTION, asked("first"), money, listed("name", "place"))[0]
    given = [Answer("first", AnswerState.VALUE, 1, "1"), Answer("second", AnswerState.VALUE, 2.5, "2,5")]
    answers, found = brought_over(NOW, version, "commune", given)
    assert {one.code: one.value for one in answers} == {"first": 1, "second": None}
    assert [(one.code, one.indicator) for one in found] == [("asked_otherwise", "second")]


def test_a_column_of_another_kind_is_left_out() -> None:
    now, _text = form_of(SECTION, asked("first"), listed("name"))
    numbers = [SECTION, asked("first"), listed("name", more='type = "count"\n')]
    assert lacks(now, *numbers, answered=["first"]) == {("asked_otherwise", "events.name")}
    row = ListRow("events", 1, (Answer("name", AnswerState.VALUE, 3, "3"),))
    assert rows_of_this_form(now, form_of(*numbers)[0], [row]) == [ListRow("events", 1, ())]
    assert rows_of_this_form(now, now, [row]) == [row]


def test_rows_of_a_list_are_under_the_codes_that_it_has_now() -> None:
    """Whether the workbook is the older one or the newer one."""
    older = listed("name", "place", more='type = "text"\n')
    newer = older.replace('code = "events"', 'code = "meetings"\nwas = "events"').replace(
        'code = "place"', 'code = "venue"\nwas = "place"'
    )
    forms = form_of(SECTION, asked("first"), older)[0], form_of(SECTION, asked("first"), newer)[0]
    rows = [
        ListRow(of, 2, (Answer("name", AnswerState.VALUE, "A", "A"), Answer(at, AnswerState.VALUE, "B", "B")))
        for of, at in (("events", "place"), ("meetings", "venue"))
    ]
    assert rows_of_this_form(forms[1], forms[0], rows[:1]) == rows[1:]
    assert rows_of_this_form(forms[0], forms[1], rows[1:]) == rows[:1]
    assert lacks(forms[1], SECTION, asked("first"), older, answered=["first"]) == set()
    found = [finding("list_row_incomplete", indicator=code) for code in ("events.place", "events", "first")]
    said = [one.indicator for one in of_this_form(forms[1], forms[0], found)]
    assert said == ["meetings.venue", "meetings", "first"]
    assert lists_of_this_form(forms[1], forms[0], ["events"]) == ["meetings"]
    assert lists_of_this_form(form_of(SECTION, asked("first"))[0], forms[0], ["events"]) == []


def test_a_code_that_another_column_has_now_is_that_columns() -> None:
    older = form_of(SECTION, asked("first"), listed("name", "place"))[0]
    newer = listed("name").replace('code = "name"', 'code = "place"\nwas = "name"')
    row = ListRow(
        "events",
        1,
        (Answer("name", AnswerState.VALUE, "A", "A"), Answer("place", AnswerState.VALUE, "B", "B")),
    )
    (found,) = rows_of_this_form(form_of(SECTION, asked("first"), newer)[0], older, [row])
    assert [(one.code, one.value) for one in found.answers] == [("place", "B")]


def test_of_a_table_as_little_is_said_as_says_it() -> None:
    now, _text = form_of(SECTION, asked("first"), table("p", "q"))
    cells = ["t.p.x", "t.p.y", "t.q.x", "t.q.y"]

    def of_table(*answered: str, version: str) -> set[tuple[str, str]]:
        return lacks(now, SECTION, asked("first"), version, answered=["first", *answered])

    assert of_table(version="") == {("new_question", "t")}
    assert of_table(*cells, version=table("p", "q")) == set()
    assert of_table(*cells[:2], version=table("p")) == {("new_question", "t.q.*")}
    of_x = table("p", "q", columns=["x"])
    assert of_table("t.p.x", "t.q.x", version=of_x) == {("new_question", "t.*.y")}
    of_px = table("p", columns=["x"])
    assert of_table("t.p.x", version=of_px) == {("new_question", "t.q.*"), ("new_question", "t.*.y")}


@pytest.mark.parametrize("version", ["", "ffffffffffff", "../forms/x", "/etc/passwd", "x" * 12, "0" * 13])
def test_a_version_that_is_not_kept(tmp_path: Path, version: str) -> None:
    """What a workbook says of itself is no name of a file."""
    keep(tmp_path, SECTION, asked("first"))
    for name in ("x", "x" * 12, "0" * 13):
        text = form_of(SECTION, asked("first"))[1]
        (tmp_path / "forms" / f"{name}.toml").write_text(text, encoding="utf-8")
    assert version_of(context(tmp_path), version) is None


def test_a_version_that_is_kept_and_reads_otherwise(tmp_path: Path) -> None:
    older = keep(tmp_path, SECTION, asked("first"))
    found = version_of(context(tmp_path), older)
    assert found is not None
    assert [*found.indicators] == ["first"]
    assert version_of(context(None), older) is None
    own = keep(tmp_path, SECTION, asked("first"), asked("second"), listed("name", "place"))
    assert own == NOW.fingerprint
    assert version_of(context(tmp_path), own) is None
    by_rule = keep(tmp_path, SECTION, asked("first"), asked("second"), listed("name", "place"), RULE)
    assert by_rule != own
    assert version_of(context(tmp_path), by_rule) is None  # cells are read alike


def test_a_kept_form_that_cannot_be_read(tmp_path: Path) -> None:
    older = keep(tmp_path, SECTION, asked("first"), asked("third"))
    (tmp_path / "forms" / f"{older}.toml").write_text("id =", encoding="utf-8")
    assert version_of(context(tmp_path), older) is None
