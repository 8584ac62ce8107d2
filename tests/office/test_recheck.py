"""What was read is checked and graded again without being read, and comes out as if it were read anew."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.workbook import Workbook

from reportctl.__main__ import main
from reportctl.decisions.accept import accept, correct
from reportctl.form.form_file import parse_form
from reportctl.form.layout import FIGURES, TEXTS, UNIT_ROW, layout
from reportctl.intake.workers import Readers
from reportctl.ledger.session import Session
from reportctl.merge import cache_keys
from reportctl.merge.merge import Merged, Run, merge
from reportctl.outgoing import template
from reportctl.outgoing.page import Dispatch
from reportctl.workspace.units import Roster, Unit
from reportctl.workspace.units_file import load_roster
from tests.making.office import TODAY, Office, dated, silent
from tests.making.returned import EVENTS, FORM_TEXT, QUARTER, ROWS, returned

pytestmark = pytest.mark.slow

OLDER = FORM_TEXT.replace('label = "Cấp ban hành"', 'label = "Cấp ra kế hoạch"')
FEWER = OLDER.replace('code = "press_radio"', 'code = "press_film"').replace("+ press_radio", "+ press_film")
ALIKE = " ".join(
    ["Kinh phí còn thiếu, cán bộ làm công tác tuyên truyền ở cơ sở còn kiêm nhiệm nhiều việc"] * 2
)
NAMES = {f"0{number}": f"Huyện Số {number}" for number in range(1, 8)}


def book(
    code: str,
    answers: Mapping[str, Any] | None = None,
    *,
    rows: Any = ROWS,
    edit: Any = None,
    text: str = FORM_TEXT,
) -> bytes:
    """What a unit sends back, made from the form in `text`."""
    unit, deadline = Unit(code, NAMES[code], "district"), dt.date(2024, 3, 17)
    form = parse_form(text)
    sent = template.workbook(Dispatch(form, unit, QUARTER, QUARTER.window(), deadline, "Ban"), {})
    # Saved in one second, or a later one of a unit would replace the other.
    return dated(returned(answers, rows=rows, edit=edit, sent=sent), "2024-03-15T08:00:00Z")


def headed(sheets: Mapping[str, str]) -> Callable[[Workbook], None]:
    """Types other units' names over headings."""

    def edit(opened: Workbook) -> None:
        for name, said in sheets.items():
            row = opened[name][UNIT_ROW + 1]
            next(one for one in row[1:] if one.value).value = f"Đơn vị: {said}"

    return edit


def moved(opened: Workbook) -> None:
    opened[FIGURES].insert_rows(8)


def shortened(opened: Workbook) -> None:
    """Without the list, and without two lines, of which one must be filled in."""
    del opened[EVENTS]
    del opened.defined_names["plan_level"]
    opened[FIGURES].delete_rows(17)
    opened[FIGURES].delete_rows(10)


ALL = {"plain.xlsx", "dash.xlsx", "faulty.xlsx", "empty.xlsx", "headed.xlsx", "older.xlsx", "fewer.xlsx"} | {
    "moved.xlsx",
    "notes.xlsx",
}


class Workplace(Office):
    """An office whose form has two kinds of units."""

    @property
    def roster(self) -> Roster:
        return load_roster(self.root / "units.csv", frozenset({"district", "press"}))


@functools.cache
def files() -> dict[str, bytes]:
    """One with nothing to be said of, and what is graded or checked in every way."""
    late = ((dt.date(2024, 1, 10), "Hội nghị", 1), (dt.date(2030, 2, 20), "Hội nghị", 2))
    long = {"results": "một hai ba bốn năm sáu bảy tám chín", "press_total": 1, "limits": None}
    return {
        "plain.xlsx": book("01", {"limits": ALIKE}),
        "dash.xlsx": book("02", {"press_print": 1200, "press_radio": "-", "limits": ALIKE}),
        "faulty.xlsx": book("03", long, rows=late),
        "empty.xlsx": book("04", {"results": None, "budget_spent": None, "plan_issued": "chưa"}),
        "headed.xlsx": book(
            "05", edit=headed({FIGURES: "Huyện Lạ", TEXTS: "huyện số  1", EVENTS: NAMES["05"]})
        ),
        "older.xlsx": book("06", text=OLDER, edit=moved),
        "fewer.xlsx": book("07", text=FEWER, edit=shortened),
        "moved.xlsx": book("07", edit=moved),
        "notes.xlsx": b"no workbook at all",
    }


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return make_office(tmp_path / "office", files())


def make_office(root: Path, files: Mapping[str, bytes]) -> Office:
    root.mkdir()
    office = Workplace(root)
    (root / "reportctl.toml").write_text(SETTINGS, encoding="utf-8")
    (root / "form.toml").write_text(FORM_TEXT, encoding="utf-8")
    rows = "".join(f"{code},{name},district,\n" for code, name in NAMES.items())
    (root / "units.csv").write_text(f"code,name,kind,valid_to\n{rows}", encoding="utf-8")
    for name, data in files.items():
        office.put(name, data)
    return office


SETTINGS = 'language = "en"\ndata_window = "decree"\n[cells]\ndash = "zero"\n[findings]\n'


class NotThereError(Exception):
    """What was to be changed is no longer there."""


def change(file: str, old: str, new: str) -> Callable[[Office], None]:
    def changed(office: Office) -> None:
        path = office.root / file
        text = path.read_text(encoding="utf-8")
        if old not in text:
            raise NotThereError(old)
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return changed


def severity(line: str) -> Callable[[Office], None]:
    return change("reportctl.toml", "[findings]\n", f"[findings]\n{line}\n")


def form(old: str, new: str) -> Callable[[Office], None]:
    return change("form.toml", old, new)


def asked(code: str, line: str) -> Callable[[Office], None]:
    return form(f'code = "{code}"\n', f'code = "{code}"\n{line}\n')


def without_rules(office: Office) -> None:
    (office.root / "form.toml").write_text(FORM_TEXT.partition("[[rules]]")[0], encoding="utf-8")


def with_another_rule(office: Office) -> None:
    rule = '[[rules]]\ncode = "spent"\ncheck = "budget_spent >= budget_planned"\nmessage = "Chi ít."\n'
    (office.root / "form.toml").write_text(FORM_TEXT + rule, encoding="utf-8")


JUDGED_AGAIN: dict[str, Callable[[Office], None]] = {
    "a severity": severity('rule_broken = "note"'),
    "one that is switched off": severity('places_disagree = "error"\ndate_outside = "off"'),
    "one that is said of other versions": severity('other_version = "error"\ncode_moved = "warning"'),
    "one of comparisons": severity('text_copied = "off"'),
    "a rule": form("press_total = press_print + press_radio", "press_total >= press_print"),
    "a rule's severity": form('severity = "warning"', 'severity = "error"'),
    "a rule's words": form("Tổng khác", "Tổng không khớp"),
    "no rules": without_rules,
    "one more rule": with_another_rule,
    "a figure that may be missing": asked("budget_spent", "required = false"),
    "a figure that must be there": form("required = false", "required = true"),
    "a text that may be missing": form("required = true\nmax_words = 8", "required = false\nmax_words = 8"),
    "fewer words": form("max_words = 8", "max_words = 3"),
    "guidance": asked("limits", 'guide = "Viết ngắn."'),
    "an aggregate": asked("events_held", 'over_time = "last"'),
    "a sentence": asked("events_held", 'sentence = "Đã tổ chức {value}."'),
    "the data window": change("reportctl.toml", '"decree"', '"calendar"'),
    "a unit more": change("units.csv", "07,", "08,Huyện Lạ,district,\n07,"),
}
# And which files are read again.
READ_AGAIN: dict[str, tuple[Callable[[Office], None], set[str]]] = {
    "what a dash means": (change("reportctl.toml", '"zero"', '"missing"'), {"dash.xlsx"}),
    "a unit's name": (change("units.csv", "Huyện Số 1", "Huyện Lạ"), {"plain.xlsx"}),
    "a unit's kind": (change("units.csv", "Huyện Số 3,district", "Huyện Số 3,press"), {"faulty.xlsx"}),
    "when a unit ended": (
        change("units.csv", "02,Huyện Số 2,district,", "02,Huyện Số 2,district,2023-12-31"),
        {"dash.xlsx"},
    ),
    "a label": (form("Đã có kế hoạch", "Có kế hoạch"), ALL),
    "a limit": (form("max = 9000", "max = 900"), ALL),
    "one question less": (form('[[texts]]\ncode = "limits"\nlabel = "Khó khăn"\n', ""), ALL),
    "nothing": (change("units.csv", "Huyện Số 3,district,", "Huyện Số 3,district,"), set()),
}


@pytest.fixture
def read_again(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are read again."""
    names: list[str] = []
    read = Readers.read

    def noting(self: Readers, jobs: Any, *rest: Any) -> Any:
        names.extend(job.name for job in jobs)
        return read(self, jobs, *rest)

    monkeypatch.setattr(Readers, "read", noting)
    return names


def as_anew(office: Office, merged: Merged) -> None:
    """The ledger, and what was said, are those of a ledger that is made anew."""
    before = office.dump()
    (office.root / "reportctl.db").unlink()
    assert office.merge().findings == merged.findings
    assert office.dump() == before


@pytest.mark.parametrize("what", JUDGED_AGAIN)
def test_what_is_only_judged_otherwise_is_not_read_again(
    office: Office, read_again: list[str], what: str
) -> None:
    office.merge()
    read_again.clear()
    JUDGED_AGAIN[what](office)
    merged = office.merge()
    assert (read_again, merged.reread, merged.rechecked) == ([], 0, len(ALL))
    as_anew(office, merged)


@pytest.mark.parametrize("what", READ_AGAIN)
def test_what_cells_are_read_by_makes_those_be_read_again_that_it_matters_to(
    office: Office, read_again: list[str], what: str
) -> None:
    office.merge()
    read_again.clear()
    doing, expected = READ_AGAIN[what]
    doing(office)
    merged = office.merge()
    assert set(read_again) == expected
    assert merged.reread == len(expected)
    as_anew(office, merged)


def test_dashes_of_every_width_and_rows_of_nothing_else_are_read_again_where_they_mean_something_else(
    tmp_path: Path, read_again: list[str]
) -> None:
    rows = (*ROWS, (None, None, "-"))
    wide = book("02", {"press_total": 700, "press_radio": "\uff0d"})
    office = make_office(tmp_path / "office", {"row.xlsx": book("01", rows=rows), "wide.xlsx": wide})
    change("reportctl.toml", '"zero"', '"missing"')(office)
    office.merge()
    read_again.clear()
    change("reportctl.toml", '"missing"', '"zero"')(office)
    merged = office.merge()
    assert set(read_again) == {"row.xlsx", "wide.xlsx"}
    said = [(one.file, one.indicator) for one in merged.findings if one.code == "dash_as_zero"]
    assert said == [("row.xlsx", "events.attendance"), ("wide.xlsx", "press_radio")]
    as_anew(office, merged)


def test_a_dash_told_by_telephone_means_what_dashes_mean_now(tmp_path: Path) -> None:
    office = make_office(tmp_path / "office", {"plain.xlsx": files()["plain.xlsx"]})
    office.merge()
    run = Run(Session(office.root, TODAY, "lan"), QUARTER, silent)
    correct(run, "01", "budget_spent", "-", "gọi điện")
    change("reportctl.toml", '"zero"', '"missing"')(office)
    merged = office.merge()
    assert [one.file for one in merged.findings if one.code == "correction_void"] == ["plain.xlsx"]
    as_anew(office, merged)


CLASSES = """
[[lists]]
code = "classes"
title = "Danh mục lớp"
rows = 4
[[lists.columns]]
code = "place"
label = "Nơi mở"
"""


def test_a_rule_about_two_lists_names_the_same_cell_whatever_their_order_was_before(tmp_path: Path) -> None:
    before, lists, after = FORM_TEXT.partition("[[lists]]")
    events, texts, rest = (lists + after).partition("[[texts]]")
    rule = '\n[[rules]]\ncode = "two"\ncheck = "rows(events) = rows(classes)"\nmessage = "Khác."\n'
    first = before + events + CLASSES + texts + rest
    second = before + CLASSES + events + texts + rest

    def with_a_class(opened: Workbook) -> None:
        place = layout(parse_form(second), "district").lists["classes"].place("place", 1)
        opened[place.sheet][place.cell] = "Xã Một"

    office = make_office(tmp_path / "office", {"a.xlsx": book("01", edit=with_a_class, text=second)})
    for text in (first, second, second + rule):
        (office.root / "form.toml").write_text(text, encoding="utf-8")
        merged = office.merge()
    assert [one.sheet for one in merged.findings if one.code == "rule_broken"] == ["Danh mục lớp"]
    as_anew(office, merged)


def test_what_is_said_is_what_is_asked_for_now(office: Office) -> None:
    def said(code: str) -> list[tuple[str | None, str]]:
        return [(one.file, one.severity.value) for one in office.merge().findings if one.code == code]

    assert said("rule_broken") == [("faulty.xlsx", "error")]
    assert said("other_version") == [("fewer.xlsx", "note"), ("older.xlsx", "note")]
    assert said("code_moved") == [("moved.xlsx", "note")]
    assert said("not_found") == [("fewer.xlsx", "note"), ("fewer.xlsx", "error")]
    form("press_total = press_print + press_radio", "press_total = press_print")(office)
    assert said("rule_broken") == [  # now those that count broadcast stories too, and the dash is no story
        (file, "error") for file in sorted(ALL - {"dash.xlsx", "notes.xlsx"})
    ]
    severity('rule_broken = "note"')(office)
    assert {severity for _file, severity in said("rule_broken")} == {"note"}
    assert said("heading_differs") == [("headed.xlsx", "error")]
    change("units.csv", "07,", "08,Huyện Lạ,district,\n07,")(office)
    assert said("heading_differs") == [("headed.xlsx", "error")] * 2
    # The rule has made the form another version; lines of another version stand elsewhere by rights.
    assert said("other_version") == [(file, "note") for file in sorted(ALL - {"notes.xlsx"})]
    assert said("code_moved") == []
    for _figure in ("plan_issued", "plan_day", "plan_level"):
        form("required = false", "required = true")(office)
    assert said("not_found") == [("fewer.xlsx", "error")] * 2


CHANGES = JUDGED_AGAIN | {what: doing for what, (doing, _files) in READ_AGAIN.items()}


@settings(max_examples=8)
@given(st.lists(st.sampled_from(sorted(CHANGES)), min_size=2, max_size=5, unique=True), st.booleans())
def test_one_change_after_another_comes_out_as_if_all_were_read_anew(
    tmp_path_factory: pytest.TempPathFactory,
    changes: list[str],
    form_back: bool,
) -> None:
    office = make_office(tmp_path_factory.mktemp("offices") / "office", files())
    merged = office.merge()
    for what in changes:
        with contextlib.suppress(NotThereError):
            CHANGES[what](office)
        merged = office.merge()
    if form_back:
        (office.root / "form.toml").write_text(FORM_TEXT, encoding="utf-8")
        merged = office.merge()
    as_anew(office, merged)


def test_that_files_were_checked_again_is_said(
    office: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REPORTCTL_LANG", "en")

    def said() -> list[str]:
        main(["-w", str(office.root), "merge", str(QUARTER), "--no-workbook"])
        return [line for line in capsys.readouterr().err.splitlines() if "checked again" in line]

    assert said() == []
    severity('rule_broken = "note"')(office)
    (line,) = said()
    assert line.endswith("are not as they were: 9.")
    assert said() == []


def test_what_people_decided_holds_after_other_settings(office: Office, read_again: list[str]) -> None:
    office.merge()
    run = Run(Session(office.root, TODAY, "lan"), QUARTER, silent)
    accept(run, ["03"], "đã hỏi")
    correct(run, "01", "press_radio", "400", "gọi điện")
    read_again.clear()
    severity('rule_broken = "warning"\ntoo_many_words = "error"')(office)
    with_another_rule(office)
    merged = office.merge()
    assert read_again == []
    said = {(one.code, one.file, one.severity.value) for one in merged.findings}
    assert {
        ("accepted_despite", "faulty.xlsx", "note"),
        ("too_many_words", "faulty.xlsx", "warning"),
        ("corrected", "plain.xlsx", "note"),
        ("rule_broken", "plain.xlsx", "warning"),
    } <= said
    as_anew(office, merged)


def test_an_interrupt_keeps_what_was_judged_before_it(office: Office, read_again: list[str]) -> None:
    office.merge()
    severity('rule_broken = "note"')(office)

    def interrupting(done: int, _total: int, _file: str) -> None:
        if done == 4:
            raise KeyboardInterrupt

    run = Run(Session(office.root, TODAY, "lan"), QUARTER, interrupting)
    with pytest.raises(KeyboardInterrupt):
        merge(run, None)
    read_again.clear()
    merged = office.merge()
    assert (read_again, merged.rechecked) == ([], len(ALL) - 4)
    as_anew(office, merged)


def test_another_version_of_the_program_judges_again_and_reads_only_where_it_reads_otherwise(
    office: Office, read_again: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    office.merge()
    read_again.clear()
    monkeypatch.setattr(cache_keys, "__version__", "99.0")
    merged = office.merge()
    assert (read_again, merged.rechecked) == ([], len(ALL))
    monkeypatch.setattr(cache_keys, "READING", cache_keys.READING + 1)
    assert (office.merge().rechecked, set(read_again)) == (0, ALL)
