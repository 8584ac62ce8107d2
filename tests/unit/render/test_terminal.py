"""What the terminal shows, at the widths that offices have, and what other programs get."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from reportctl.core.findings import Finding, finding
from reportctl.core.letters import plain
from reportctl.core.table import NOT_APPLICABLE, CellFormat, Column, Role, Row, Table
from reportctl.render import terminal as views
from reportctl.render.fitting import cell_len as own_cell_len
from reportctl.render.fitting import fit
from reportctl.render.formats import csv_text, findings_table, json_text, markdown_text
from reportctl.render.terminal import progress, show_findings, show_table
from reportctl.render.text import Line, findings_lines, table_lines, wrapped

PROVINCE = Table(
    "province",
    "Summary, first quarter of 2024",
    (
        Column("number", "No.", CellFormat.TEXT, 0.5),
        Column("label", "Content", CellFormat.TEXT, 3.4),
        Column("measure", "Measure", CellFormat.TEXT, 1.0),
        Column("year_ago", "Year ago", CellFormat.FIGURE),
        Column("previous", "Previous quarter", CellFormat.FIGURE),
        Column("value", "This quarter", CellFormat.FIGURE),
        Column("to_date", "Year to date", CellFormat.FIGURE),
        Column("plan", "Plan", CellFormat.FIGURE),
        Column("of_plan", "% of plan", CellFormat.PERCENT),
        Column("change_year_ago", "+/- year ago", CellFormat.CHANGE),
        Column("change_previous", "+/- previous quarter", CellFormat.CHANGE),
    ),
    (
        Row(("I", "Công tác chỉ đạo, hướng dẫn", *[""] * 9), Role.SECTION),
        Row(("1", "Lượt người dự hội nghị các cấp trên toàn địa bàn", "lượt người", 1234567, 1234568, 1234569,
             12345670, 20000000, 0.617, 0.0208, None)),
        Row(("1.1", "Nữ", "lượt người", 1, 2, None, 3, NOT_APPLICABLE, None, -0.5, 0.125), Role.PART),
        Row(("2", "Tỷ lệ", "%", 0.5, 0.25, 0.75, 0.5, None, None, 0.25, 0.5), kind=CellFormat.PERCENT),
    ),
    ("Not reported (1 of 3 units): Huyện C.",),
)  # fmt: skip


def units_table(figures: int) -> Table:
    return Table(
        "unit:x",
        "Units",
        (
            Column("number", "No.", CellFormat.TEXT, 0.5),
            Column("unit", "Unit", CellFormat.TEXT, 2.4),
            *(
                Column(
                    "plan" if n == 1 else f"c{n}", f"Indicator of the number {n} (times)", CellFormat.COUNT
                )
                for n in range(figures)
            ),
        ),
        (
            Row(("1", "Huyện A", *(1000 + n for n in range(figures)))),
            Row(("", "Total", *(1000 + n for n in range(figures))), Role.TOTAL),
        ),
    )


def texts(lines: Iterable[Line]) -> list[str]:
    return ["".join(text for text, _style in line).rstrip() for line in lines]


def printed(table: Table, width: int) -> list[str]:
    return texts(table_lines(table, width))


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What a colour terminal of 80 columns is sent while standard output and error are one."""
    sent = io.StringIO()
    console = Console(
        file=sent, width=80, force_terminal=True, color_system="standard", highlight=False, markup=False
    )
    window = SimpleNamespace(isatty=lambda: True)
    monkeypatch.setattr(views, "sys", SimpleNamespace(stdout=window, stderr=window))
    monkeypatch.setattr(views, "make_console", lambda **_options: console)
    return sent


@pytest.mark.parametrize("width", [80, 100, 120, 200])
def test_a_table_keeps_within_the_terminal_and_numbers_stay_whole(width: int) -> None:
    lines = printed(PROVINCE, width)
    assert max(cell_len(line) for line in lines) <= width
    text = "\n".join(lines)
    for number in ("1,234,567", "1,234,569", "12,345,670", "61.7%", "+2.1%", "-50.0%", "n/a", "…", "75.0%"):
        if number != "n/a" or width > 100:  # that one stands under the plan
            assert number in text
    assert "Not reported (1 of 3 units): Huyện C." in lines


def test_everything_is_there_where_there_is_room() -> None:
    lines = printed(PROVINCE, 160)
    assert not any("Not shown" in line for line in lines)
    row = next(line for line in lines if "1,234,567" in line)
    assert row.split()[0] == "1"
    assert "20,000,000" in row


def test_the_measure_goes_behind_the_label_and_what_has_no_room_is_named() -> None:
    lines = printed(PROVINCE, 80)
    text = " ".join(" ".join(lines).split())
    assert "Not shown for want of room: Previous quarter, Plan, +/- previous quarter." in text
    assert "Tỷ lệ (%)" in text
    assert "Measure" not in text
    shown = [column.key for column in fit(PROVINCE, 80).blocks[0].table.columns]
    assert shown == ["label", "year_ago", "value", "to_date", "of_plan", "change_year_ago"]


def test_sections_run_across_and_parts_are_indented() -> None:
    lines = printed(PROVINCE, 120)
    assert "I Công tác chỉ đạo, hướng dẫn" in lines
    part = next(line for line in lines if "Nữ" in line)
    whole = next(line for line in lines if "Lượt người" in line)
    assert part.index("Nữ") == whole.index("Lượt") + 2


def test_columns_that_are_all_alike_are_cut_into_blocks() -> None:
    table = units_table(8)
    lines = printed(table, 80)
    assert max(map(cell_len, lines)) <= 80
    assert sum("Huyện A" in line for line in lines) == len(fit(table, 80).blocks) > 1
    for n in range(8):
        assert sum(f"1,00{n}" in line for line in lines) == 2  # the unit's and the total's
    assert not any("Not shown" in line for line in lines)


def test_a_figure_and_its_part_of_the_plan_stay_in_one_block() -> None:
    columns = [Column("number", "No."), Column("unit", "Unit")]
    for n in range(6):
        columns.append(Column(f"c{n}", f"Indicator of the number {n} (times)", CellFormat.COUNT))
        columns.append(Column(f"c{n}.of_plan", "Of plan", CellFormat.PERCENT))
    row = Row(("1", "Huyện A", *(cell for n in range(6) for cell in (1000 + n, 0.5 + n / 100))))
    blocks = fit(Table("unit:x", "Units", tuple(columns), (row,)), 80).blocks
    shown = [[column.key for column in block.table.columns[1:]] for block in blocks]
    assert len(shown) > 1
    for keys in shown:
        assert keys[0::2] == [key.removesuffix(".of_plan") for key in keys[1::2]]


def test_a_code_is_never_broken_because_people_type_it_again() -> None:
    code = "a_code_of_thirty_two_characters_"
    table = Table(
        "form",
        "Form",
        (Column("code", "Code"), Column("label", "Content"), Column("applies", "Asked of")),
        (Row((code, "Lượt người dự hội nghị " * 3, "Cấp huyện, Cấp xã, Cơ quan báo chí")),),
    )
    assert any(code in line for line in printed(table, 80))


STATUS = Table(
    "status",
    "Reports",
    (
        Column("number", "No."),
        Column("unit", "Code"),
        Column("name", "Unit"),
        Column("kind", "Kind"),
        Column("state", "State"),
        Column("received", "Received", CellFormat.DATE),
    ),
    (
        Row(
            (
                "1",
                "001",
                "Sở Văn hóa, Thể thao và Du lịch",
                "Sở, ban, ngành",
                "được nhận",
                dt.date(2024, 3, 14),
            )
        ),
    ),
)


def test_a_column_goes_before_every_row_takes_two_lines() -> None:
    lines = printed(STATUS, 66)
    assert sum("2024" in line or "Văn hóa" in line for line in lines) == 1
    assert any(line.startswith("Not shown for want of room: Kind.") for line in lines)
    assert "Sở, ban, ngành" in "\n".join(printed(STATUS, 100))


@pytest.mark.parametrize(("second", "goes"), [("2024-Q1", True), ("2024-Q2", False)])
def test_a_period_that_is_always_the_same_may_go(second: str, goes: bool) -> None:
    columns = (*(Column(key, key.title()) for key in ("period", "unit", "file", "cell")),)
    cells = ("Sở Văn hóa, Thể thao và Du lịch", "2024-03-14/S02 So Van hoa.xlsx", "Số liệu!F21")
    table = Table("trace:x", "t", columns, (Row(("2024-Q1", *cells)), Row((second, *cells))))
    keys = [column.key for column in fit(table, 60).blocks[0].table.columns]
    assert ("period" not in keys) is goes


@settings(max_examples=30)
@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=12), st.integers(60, 160))
def test_no_number_is_ever_lost(numbers: list[int], width: int) -> None:
    table = Table(
        "t",
        "t",
        (
            Column("unit", "Unit"),
            *(Column(f"c{n}", f"figure {n}", CellFormat.COUNT) for n in range(len(numbers))),
        ),
        (Row(("Huyện A", *numbers)),),
    )
    text = "\n".join(printed(table, width))
    assert all(f"{number:,}" in text for number in numbers)


# ---- what must not reach a terminal

NASTY = "\x1b[31m[bold]đỏ[/bold]\x07\x9b0m\u202egnp.exe\nhai"


def test_control_characters_go_and_markup_is_text() -> None:
    assert plain(NASTY) == "[31m[bold]đỏ[/bold]0mgnp.exe hai"
    table = Table(
        NASTY, NASTY, (Column("unit", NASTY),), (Row((NASTY,)), Row((NASTY,), Role.SECTION)), (NASTY,)
    )
    found = finding("wrong_type", file=NASTY, sheet=NASTY, cell="A1", value=NASTY, expected="x")
    shown = "\n".join((*printed(table, 80), *texts(findings_lines([found], {}, 80))))
    assert not set("\x1b\x07\x9b\u202e") & set(shown)
    assert "[bold]đỏ[/bold]" in shown
    for said in (csv_text(table), markdown_text(table)):
        assert not set("\x1b\x07\x9b\u202e") & set(said)


def test_markup_in_a_text_is_text_on_a_terminal(terminal: io.StringIO) -> None:
    show_table(Table("t", "[red]Title[/red] :smile:", (Column("unit", "U"),), (Row(("[bold]A[/bold]",)),)))
    assert "[red]Title[/red] :smile:" in terminal.getvalue()
    assert "[bold]A[/bold]" in terminal.getvalue()


def test_json_loses_nothing_to_that() -> None:
    said = json_text({"name": NASTY})
    assert not set("\x1b\x07\x9b\u202e") & set(said)
    assert json.loads(said) == {"name": NASTY}


# ---- findings


def test_findings_stand_under_their_files_the_gravest_first() -> None:
    findings = [
        finding("word_as_zero", unit="01", file="a.xlsx", sheet="Số liệu", cell="F8", value="không"),
        finding(
            "not_whole", unit="01", file="a.xlsx", sheet="Số liệu", cell="F12", value="1.5", measure="times"
        ),
        finding("empty_file", unit="02", file="b.xlsx"),
        finding("no_file", unit="03"),
    ]
    for width in (80, 120):
        lines = texts(findings_lines(findings, {"01": "Huyện A"}, width))
        assert max(map(cell_len, lines)) <= width
        assert [line for line in lines if line and line[0] != " "] == [
            "a.xlsx · Huyện A", "b.xlsx · 02", "03", "Errors: 2. Warnings: 0. Notes: 2. Files: 2.",
        ]  # fmt: skip
        text = "\n".join(lines)
        assert text.index("1.5 is no whole number") < text.index("“không” was read as 0")
        for said in ("Số liệu!F12", "count whole times only", "error", "note", "không"):
            assert said in text


def test_findings_for_other_programs() -> None:
    found = (finding("empty_file", unit="02", file="b.xlsx"),)
    (line,) = csv.DictReader(io.StringIO(csv_text(findings_table(found))))
    assert (line["severity"], line["file"], line["cell"]) == ("error", "b.xlsx", "")


# ---- tables for other programs

SMALL = Table(
    "t",
    "Bảng",
    (
        Column("unit", "Đơn vị"),
        Column("n", "Số", CellFormat.COUNT),
        Column("c", "+/-", CellFormat.CHANGE),
        Column("d", "Ngày", CellFormat.DATE),
    ),
    (
        Row(("=A|B", 1200, -0.125, dt.date(2024, 4, 5))),
        Row(("C", None, NOT_APPLICABLE, None)),
        Row(("Cộng", 1200, "", ""), Role.TOTAL),
    ),
    ("Ghi chú *",),
)  # fmt: skip


def test_csv_has_plain_numbers_and_no_mark() -> None:
    assert csv_text(SMALL) == "unit,n,c,d\n'=A|B,1200,-0.125,2024-04-05\nC,,,\nCộng,1200,,\n"


@pytest.mark.parametrize("text", ["=1+1", "+84 912", "-thiếu", "@họp", "\t=1+1", "\r=1+1"])
def test_text_stays_text_in_csv(text: str) -> None:
    table = Table("t", "t", (Column("said", "Said"),), (Row((text,)),))
    (line,) = csv.DictReader(io.StringIO(csv_text(table), newline=""))
    assert line["said"] == f"'{plain(text)}"


def test_markdown_has_formatted_ones() -> None:
    assert markdown_text(SMALL).splitlines() == [
        "**Bảng**",
        "",
        "| Đơn vị | Số | +/- | Ngày |",
        "|---|--:|--:|--:|",
        "| =A\\|B | 1,200 | -12.5% | 5\u00a0Apr 2024 |",
        "| C | … | n/a | … |",
        "| **Cộng** | **1,200** |  |  |",
        "",
        "Ghi chú \\*",
    ]


# ---- progress


def test_progress_shows_on_a_terminal(terminal: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "_SOON_DONE", 0.0)
    with progress("Checking") as tell:
        tell(1, 3, "a\x1b.xlsx")
        tell(3, 3, "b.xlsx")
    assert "Checking" in terminal.getvalue()


def test_progress_shows_only_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(views, "_SOON_DONE", 0.0)
    with progress("Checking") as tell:
        tell(1, 3, "a.xlsx")
    assert capsys.readouterr() == ("", "")


def test_what_is_soon_done_shows_no_progress(terminal: io.StringIO) -> None:
    with progress("Writing") as tell:
        tell(1, 1, "a")
    assert terminal.getvalue() == ""


def test_without_a_terminal_there_is_room_and_no_colour(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    assert views.make_console().width == 120
    show_table(units_table(3))
    assert "\x1b" not in capsys.readouterr().out


def test_through_a_pager_it_is_as_wide_as_the_window(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    window = SimpleNamespace(isatty=lambda: True, fileno=lambda: 2)
    monkeypatch.setattr(sys, "stderr", window)
    monkeypatch.setattr(os, "get_terminal_size", lambda _stream: os.terminal_size((80, 24)))
    reading, writing = os.pipe()
    with os.fdopen(reading), os.fdopen(writing, "w") as pipe:
        monkeypatch.setattr(sys, "stdout", pipe)
        assert views.make_console().width == 80
    with (tmp_path / "out.txt").open("w") as file:
        monkeypatch.setattr(sys, "stdout", file)
        assert views.make_console().width == 120


# ---- lines, with and without a terminal

_WORDS = st.text(alphabet="abcdef01 -\u00a0ờ“", max_size=70)


@settings(max_examples=300)
@given(st.text(alphabet="abcdef01 -\u00a0ờ“会", max_size=70), st.integers(2, 30))
def test_lines_break_where_rich_breaks_them(text: str, width: int) -> None:
    lines = Text(text).wrap(Console(width=width), width, overflow="fold")
    assert wrapped(text, width) == [line.plain for line in lines]


@given(st.characters(exclude_categories=["Cs", "Cc"]))
def test_a_sign_is_as_wide_as_rich_has_it(sign: str) -> None:
    assert own_cell_len(sign) == cell_len(sign)


_TABLES = st.builds(
    lambda titles, rows, notes: Table(
        "t",
        titles[0],
        (
            Column("label", titles[1], CellFormat.TEXT),
            Column("unit", titles[2], CellFormat.TEXT),
            *(Column(f"n{n}", titles[3], CellFormat.COUNT) for n in range(3)),
        ),
        tuple(Row((*said, *numbers), role) for said, numbers, role in rows),
        tuple(notes),
    ),
    st.lists(_WORDS, min_size=4, max_size=4),
    st.lists(
        st.tuples(
            st.tuples(_WORDS, _WORDS),
            st.lists(st.one_of(st.none(), st.integers(0, 10**9)), min_size=3, max_size=3),
            st.sampled_from(Role),
        ),
        max_size=5,
    ),
    st.lists(_WORDS, max_size=2),
)


@given(_TABLES, st.sampled_from([60, 80, 120]))
def test_no_letter_of_a_table_is_lost(table: Table, width: int) -> None:
    lines = list(table_lines(table, width))
    assert all(cell_len("".join(text for text, _style in line)) <= width for line in lines)
    shown = "".join(text for line in lines for text, _style in line)
    for said in (table.title, *table.notes, *(c for row in table.rows for c in row.cells[:2])):
        for letter in set(str(said)) - {" ", "\u00a0"}:
            assert shown.count(letter) >= str(said).count(letter)


def test_a_terminal_gets_the_same_lines_with_styles(
    terminal: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [
        finding("not_whole", unit="01", file="a.xlsx", sheet="S", cell="F8", value="1.5", measure="times")
    ]
    show_table(units_table(2))
    show_findings(found, {"01": "Huyện A"})
    lines = [*table_lines(units_table(2), 80), *findings_lines(found, {"01": "Huyện A"}, 80)]
    assert texts(lines) == [
        line.rstrip() for line in Text.from_ansi(terminal.getvalue().rstrip("\n")).plain.split("\n")
    ]
    for styled in ("\x1b[1mUnits\x1b[0m", "\x1b[1;31merror", "\x1b[1mTotal"):
        assert styled in terminal.getvalue()
    out = io.StringIO()
    monkeypatch.setattr(views, "sys", SimpleNamespace(stdout=out))
    monkeypatch.setattr(views, "_width_without_terminal", lambda _stream: 80)
    show_table(units_table(2))
    show_findings(found, {"01": "Huyện A"})
    assert [line.rstrip() for line in out.getvalue().splitlines()] == texts(lines)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["word_as_zero", "empty_file", "no_file"]),
            st.sampled_from([None, "a.xlsx", "thư mục/b.xlsx"]),
            st.sampled_from([None, "Số liệu", "Một trang tính có tên dài"]),
            st.one_of(st.none(), _WORDS),
        ),
        max_size=6,
    ),
    st.sampled_from([60, 80, 100, 120]),
)
def test_findings_keep_within_the_width(
    found: list[tuple[str, str | None, str | None, str | None]], width: int
) -> None:
    findings: list[Finding] = [
        finding(code, unit="01", file=file, sheet=sheet, cell=sheet and "F8", value=value)
        for code, file, sheet, value in found
    ]
    lines = list(findings_lines(findings, {"01": "Huyện A"}, width))
    assert bool(lines) is bool(findings)
    assert all(cell_len("".join(text for text, _style in line)) <= width for line in lines)


def test_signs_that_are_wide_are_counted_as_two_columns() -> None:
    table = Table(
        "t", "委员会", (Column("label", "L"), Column("n", "N", CellFormat.COUNT)), (Row(("会", 1)),)
    )
    assert ["".join(text for text, _style in line) for line in table_lines(table, 120)] == [
        "委员会",
        "L     N",
        "───────",
        "会    1",
    ]
    assert "会.xlsx" in texts(findings_lines([finding("empty_file", file="会.xlsx")], {}, 120))
