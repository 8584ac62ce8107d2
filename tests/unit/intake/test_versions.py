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
from reportctl.intake.left_out import left_out
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
    # Nothing of it is dropped; a list or column that is gone is.
    assert [*left_out(forms[1], forms[0], "commune", (), rows[:1])] == []
    assert [*left_out(forms[0], forms[1], "commune", (), rows[1:])] == []
    (gone,) = left_out(form_of(SECTION, asked("first"), listed("name"))[0], forms[0], "commune", (), rows[:1])
    assert dict(gone.details)["what"].en == "Events: place"
    (gone,) = left_out(form_of(SECTION, asked("first"))[0], forms[0], "commune", (), rows[:1])
    assert dict(gone.details)["what"].en == "Events"


def test_a_code_that_another_column_has_now_takes_what_that_one_was() -> None:
    """As the ledger reads figures of then: the form says what its column was called."""
    older = form_of(SECTION, asked("first"), listed("name", "place"))[0]
    newer = listed("name").replace('code = "name"', 'code = "place"\nwas = "name"')
    row = ListRow(
        "events",
        1,
        (Answer("name", AnswerState.VALUE, "A", "A"), Answer("place", AnswerState.VALUE, "B", "B")),
    )
    (found,) = rows_of_this_form(form_of(SECTION, asked("first"), newer)[0], older, [row])
    assert [(one.code, one.value) for one in found.answers] == [("place", "A")]


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


# ---- what the form in force does not ask

WORDS = '[[texts]]\ncode = "words"\nlabel = "Lời"\n'


def dropped(
    now: Form, *then: str, given: dict[str, object], rows: Sequence[ListRow] = (), kind: str = "commune"
) -> list[tuple[str, str]]:
    """The severity of what is said of a return on the version `then` so answered, and what it names."""
    answers = []
    for code, value in given.items():
        state = {None: AnswerState.MISSING, "KAD": AnswerState.NOT_APPLICABLE}.get(value, AnswerState.VALUE)  # type: ignore[call-overload]
        answers.append(Answer(code, state, value if state is AnswerState.VALUE else None))  # type: ignore[arg-type]
    found = left_out(now, form_of(*then)[0], kind, answers, rows)
    return [(str(one.severity), dict(one.details)["what"].en) for one in found]


THREE = (SECTION, asked("first"), asked("second"), asked("third"), listed("name", "place"))


def test_a_figure_that_the_form_dropped_is_named_with_what_it_was() -> None:
    assert dropped(NOW, *THREE, given={"first": 5, "second": 6, "third": 7}) == [("warning", "third = 7")]
    assert dropped(NOW, *THREE, given={"third": 0}) == [("note", "third = 0")]
    assert dropped(NOW, *THREE, given={"third": "KAD"}) == [("note", "third")]
    assert dropped(NOW, *THREE, given={"first": 5, "third": None}) == []
    unreadable = [Answer("third", AnswerState.INVALID, None, "khoảng 3")]
    (found,) = left_out(NOW, form_of(*THREE)[0], "commune", unreadable, ())
    assert found.severity == "warning"


def test_it_is_said_once_and_what_tells_something_first() -> None:
    many = [asked(f"gone{n}") for n in range(12)]
    given: dict[str, object] = {f"gone{n}": 0 for n in range(11)} | {"gone11": 3}
    ((severity, what),) = dropped(NOW, SECTION, asked("first"), *many, given=given)
    assert severity == "warning"
    assert what == "; ".join(["gone11 = 3", *(f"gone{n} = 0" for n in range(7))]) + " and 4 more"


def test_what_was_renamed_or_is_asked_otherwise_is_not_dropped() -> None:
    now, _text = form_of(SECTION, asked("new", more='was = "old"\n'), asked("spent", more='type = "money"\n'))
    assert dropped(now, SECTION, asked("old"), asked("spent"), given={"old": 4, "spent": 5}) == []
    # The other way round: a workbook of the newer version in a quarter that keeps the older form.
    older, _text = form_of(SECTION, asked("old"))
    newer = (SECTION, asked("new", more='was = "old"\n'), asked("more"))
    assert dropped(older, *newer, given={"new": 4, "more": 5}) == [("warning", "more = 5")]


def test_what_is_asked_of_other_kinds_of_units_now() -> None:
    now, _text = form_of(SECTION, asked("first"), asked("second", '["press"]'))
    then = (SECTION, asked("first"), asked("second"))
    assert dropped(now, *then, given={"first": 1, "second": 2}) == [("warning", "second = 2")]
    assert dropped(now, *then, given={"first": 1, "second": 2}, kind="press") == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"t.p.x": 5}, [("warning", "T = 5")]),  # its parts are new
        ({"t.p.x": 5, "t.q.x": 2, "t.r.x": 3}, []),
        ({"t.p.x": 6, "t.q.x": 2, "t.r.x": 3}, [("warning", "T: p = 6")]),
        ({"t.p.x": 0}, [("note", "T = 0")]),
    ],
)
def test_a_total_that_is_worked_out_now(given: dict[str, object], said: list[tuple[str, str]]) -> None:
    rows = ("p", "q", "r")
    summed = table(*rows, columns=["x"]).replace(
        '{code = "p", ', '{code = "p", sum = "q + r", computed = true, '
    )
    now = form_of(SECTION, asked("first"), summed)[0]
    version = form_of(
        SECTION, asked("first"), table(*(row for row in rows if f"t.{row}.x" in given), columns=["x"])
    )[0]
    answers = [Answer("first", AnswerState.VALUE, 1, "1")]
    answers += [Answer(code, AnswerState.VALUE, value, str(value)) for code, value in given.items()]  # type: ignore[arg-type]
    taken, _lacking = brought_over(now, version, "commune", answers)
    found = left_out(now, version, "commune", answers, (), taken)
    assert [(str(one.severity), dict(one.details)["what"].en) for one in found] == said


def test_texts_lists_and_columns_of_lists_that_were_dropped() -> None:
    now, _text = form_of(SECTION, asked("first"), listed("name"))
    row = ListRow(
        "events", 1, (Answer("name", AnswerState.VALUE, "A"), Answer("place", AnswerState.VALUE, "B"))
    )
    then = (SECTION, asked("first"), listed("name", "place"), WORDS)
    said = dropped(now, *then, given={"words": "Tốt"}, rows=[row])
    assert said == [("warning", "Lời; Events: place")]
    without, _text = form_of(SECTION, asked("first"))
    said = dropped(without, *then, given={"words": None}, rows=[row, row])
    assert said == [("warning", "Events (2 rows)")]
    empty = ListRow(
        "events", 1, (Answer("name", AnswerState.VALUE, "A"), Answer("place", AnswerState.MISSING))
    )
    assert dropped(now, *then, given={}, rows=[empty]) == []


def test_of_a_table_lines_are_named_and_not_every_cell() -> None:
    cells: dict[str, object] = {f"t.{row}.{column}": 1 for row in "pq" for column in "xy"}
    whole = (SECTION, asked("first"), table("p", "q"))

    def left_of(*now: str) -> list[tuple[str, str]]:
        return dropped(form_of(SECTION, asked("first"), *now)[0], *whole, given=cells)

    assert left_of() == [("warning", "T (4 answers)")]
    assert left_of(table("p")) == [("warning", "T: q (2 answers)")]
    assert left_of(table("p", "q", columns=["x"])) == [("warning", "T: y (2 answers)")]
    assert left_of(table("p", columns=["x"])) == [("warning", "T: q (2 answers); T: y = 1")]
    one = table("p", "q") + 'not_asked = ["q.y"]\n'
    assert left_of(one) == [("warning", "q · y = 1")]


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
