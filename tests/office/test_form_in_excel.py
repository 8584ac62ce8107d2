"""The form as a workbook, edited and taken back, by command."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from reportctl.core.files import read_bytes
from reportctl.form.form_file import load_form
from tests.making.commands import Run, begin
from tests.making.edited_form import EditedForm
from tests.making.matrix import TOML

pytestmark = pytest.mark.slow

INDICATORS, ROWS = ("sections", "indicators"), ("tables", "rows")


@pytest.fixture
def root(tmp_path: Path, run: Run) -> Path:
    """A workspace with its form as a workbook."""
    root = tmp_path / "office"
    begin(root, "2024-Q1")
    (root / "form.toml").write_bytes(b"\xef\xbb\xbf" + TOML.replace("\n", "\r\n").encode())
    made = run("-w", root, "form", "--to-workbook", root / "FORM.xlsx")
    assert made.code == 0
    assert f"reportctl form --from-workbook {root / 'FORM.xlsx'}" in made.out
    return root


def edit(root: Path) -> EditedForm:
    return EditedForm((root / "FORM.xlsx").read_bytes())


def rename_library(root: Path) -> None:
    book = edit(root)
    book.put(ROWS, "n1_1", code="library", label="Thư viện trường")
    book.put(ROWS, "n1", sum="library")
    (root / "FORM.xlsx").write_bytes(book.saved())


RENAMED = TOML.replace('sum = "n1_1"', 'sum = "library"').replace(
    '{ code = "n1_1", label = "Thư viện", level = 4, unit_of_measure = "phòng" }',
    '{ code = "library", label = "Thư viện trường", level = 4, unit_of_measure = "phòng", was = "n1_1" }',
)


def test_a_column_that_was_guessed_is_said_and_named_in_excel(tmp_path: Path, run: Run) -> None:
    root = tmp_path / "office"
    begin(root, "2024-Q1")
    (root / "form.toml").write_text(
        """id = "staff"
title = "Nhân sự"
kinds = [{ code = "commune", title = "Xã" }]
[[tables]]
code = "staff"
title = "Nhân sự"
columns = [
  { code = "whole", label = "Tổng", sum = "men + women" },
  { code = "men", label = "Nam" },
  { code = "women", label = "Nữ" },
  { code = "before", label = "Kỳ trước", is = "previous" },
]
rows = [{ code = "hired", label = "Tuyển mới" }]
""",
        encoding="utf-8",
    )
    guess = 'staff.before (“Kỳ trước”) is filled in with the figures of “Nữ” (of = "women")'
    assert guess in run("-w", root, "form", "--check").err
    run("-w", root, "form", "--to-workbook", root / "FORM.xlsx")
    book = edit(root)
    book.put(("tables", "columns"), "before", of="whole")
    (root / "FORM.xlsx").write_bytes(book.saved())
    assert run("-w", root, "form", "--from-workbook", root / "FORM.xlsx", "--yes").code == 0
    assert 'is = "previous", of = "whole" }' in (root / "form.toml").read_text(encoding="utf-8")
    assert "is filled in with" not in run("-w", root, "form", "--check").err


def test_without_a_terminal_the_changes_are_shown_and_nothing_is_written(
    root: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    rename_library(root)
    before = read_bytes(root / "form.toml")
    shown = run("-w", root, "form", "--from-workbook", root / "FORM.xlsx")
    assert shown.code == 0
    assert "was n1_1" in shown.out
    assert "label: Thư viện → Thư viện trường" in " ".join(shown.out.split())
    assert (
        f"Nothing is written. To write it: reportctl form --from-workbook {root / 'FORM.xlsx'} --yes"
        in shown.out
    )
    assert read_bytes(root / "form.toml") == before
    assert not (root / "form.before-1.toml").exists()


def test_with_yes_it_is_written_and_the_old_one_stays_beside_it(root: Path, run: Run) -> None:
    rename_library(root)
    before = read_bytes(root / "form.toml")
    written = run("-w", root, "form", "--from-workbook", root / "FORM.xlsx", "--yes")
    assert written.code == 0
    assert "form.toml is written; the old one is form.before-1.toml." in written.out
    assert read_bytes(root / "form.before-1.toml") == before
    assert read_bytes(root / "form.toml") == b"\xef\xbb\xbf" + RENAMED.replace("\n", "\r\n").encode()
    assert run("-w", root, "form", "--check").out.startswith("The form is in order: 9 indicators")
    again = run("-w", root, "form", "--from-workbook", root / "FORM.xlsx", "--yes")
    assert again.code == 0
    assert "nothing is to be written" in again.out
    assert not (root / "form.before-2.toml").exists()
    back = EditedForm((root / "FORM.xlsx").read_bytes())
    back.put(INDICATORS, "teachers", label="Thầy cô")
    (root / "FORM.xlsx").write_bytes(back.saved())
    third = run("-w", root, "form", "--from-workbook", root / "FORM.xlsx", "--yes")
    assert (third.code, "form.before-2.toml" in third.out) == (0, True)
    assert "form.toml has changed since FORM.xlsx was made" in third.err


@pytest.mark.parametrize(
    ("answer", "writes"), [("c\n", True), ("Yes\n", True), ("\n", False), ("k\n", False), ("", False)]
)
def test_on_a_terminal_it_asks(
    root: Path, run: Run, monkeypatch: pytest.MonkeyPatch, answer: str, writes: bool
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    rename_library(root)
    monkeypatch.setattr(sys, "stdin", Terminal(answer))
    asked = run("-w", root, "form", "--from-workbook", root / "FORM.xlsx")
    assert asked.code == 0
    assert "Write this into form.toml? [y/N]" in asked.err
    assert (root / "form.before-1.toml").exists() is writes
    assert ("Nothing is written" in asked.out) is not writes


def test_as_json_standard_output_holds_nothing_else(root: Path, run: Run) -> None:
    rename_library(root)
    done = run("-w", root, "form", "--from-workbook", root / "FORM.xlsx", "--yes", "--format", "json")
    assert done.json["before"] != done.json["after"] == load_form(root / "form.toml").fingerprint
    assert done.json["edits"] == [
        {
            "changes": ["changed"], "kind": "tables.rows", "code": "rooms.n1", "was": None, "label": "Phòng",
            "before": {"sum": "n1_1"}, "after": {"sum": "library"},
        },
        {
            "changes": ["renamed", "changed"], "kind": "tables.rows", "code": "rooms.library", "was": "n1_1",
            "label": "Thư viện trường",
            "before": {"label": "Thư viện"}, "after": {"label": "Thư viện trường"},
        },
    ]  # fmt: skip
    assert "form.toml is written" in done.err
    same = run("-w", root, "form", "--from-workbook", root / "FORM.xlsx", "--format", "json")
    assert same.json["edits"] == []


def test_added_dropped_moved_and_asked_otherwise(root: Path, run: Run) -> None:
    book = edit(root)
    book.insert(INDICATORS, 4, section="staff", code="nurses", label="Y tế", type="number")
    book.put(("lists", "columns"), "storeys", type="text")
    book.swap(("lists", "columns"), 3, 4)
    book.delete(ROWS, 4)
    book.put(ROWS, "n2", unit_of_measure="ha")
    (root / "FORM.xlsx").write_bytes(book.saved())
    shown = run("-w", root, "form", "--from-workbook", root / "FORM.xlsx", "--format", "csv").out
    assert [line.split(",")[:4] for line in shown.lstrip("\ufeff").splitlines()[1:]] == [
        ["added", "Indicators", "nurses", "Y tế"],
        ["changed", "Rows of tables", "rooms.n2", "Diện tích"],
        ["dropped", "Rows of tables", "rooms", "Trong đó:"],
        ["moved", "Columns of lists", "places.pupils", "Nữ"],
        ["changed", "Columns of lists", "places.storeys", "Số tầng"],
    ]
    table = " ".join(run("-w", root, "form", "--from-workbook", root / "FORM.xlsx").out.split())
    assert "number" in table
    assert "Asked otherwise than before, so not comparable with earlier quarters: rooms.n2.*" in table


def test_mistakes_stop_it_with_their_cells(root: Path, run: Run) -> None:
    book = edit(root)
    book.put(ROWS, "n1", sum="n9")
    book.put(INDICATORS, "teachers", max="nhiều")
    (root / "FORM.xlsx").write_bytes(book.saved())
    before = read_bytes(root / "form.toml")
    refused = run("-w", root, "--lang", "vi", "form", "--from-workbook", root / "FORM.xlsx", "--yes")
    assert refused.code == 2
    assert refused.out == ""
    assert "Chưa dùng được biểu mẫu trong FORM.xlsx" in refused.err
    assert "\n  Indicators!N3: không đọc được “nhiều” thành số" in refused.err
    assert "\n  Rows of tables!M3: biểu mẫu không có “n9”" in refused.err
    assert read_bytes(root / "form.toml") == before


def test_a_workbook_that_was_edited_is_not_written_over(root: Path, run: Run) -> None:
    rename_library(root)
    edited = (root / "FORM.xlsx").read_bytes()
    again = run("-w", root, "form", "--to-workbook", root / "FORM.xlsx")
    assert again.code == 0
    assert (root / "FORM.xlsx").read_bytes() == edited
    assert f'--from-workbook "{root / "FORM (2).xlsx"}"' in again.out


def test_in_the_language_of_the_workspace(root: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REPORTCTL_LANG")
    assert run("-w", root, "form", "--to-workbook", root / "vi.xlsx").code == 0
    assert "Chỉ tiêu" in EditedForm((root / "vi.xlsx").read_bytes()).book.sheetnames


def test_a_kind_that_settings_name_and_the_form_no_longer_has_is_said(root: Path, run: Run) -> None:
    settings = root / "reportctl.toml"
    text = settings.read_text(encoding="utf-8")
    assert text.count("[deadlines]\n") == 1
    settings.write_text(
        text.replace("[deadlines]\n", "[deadlines]\nunit = { days_after = 5 }\n"), encoding="utf-8"
    )
    book = edit(root)
    book.put(("kinds",), "unit", code="school")
    (root / "FORM.xlsx").write_bytes(book.saved())
    done = run("-w", root, "form", "--from-workbook", root / "FORM.xlsx", "--yes")
    assert done.code == 0
    assert "deadlines.unit: “unit” is not one of the form's kinds of units: school, default" in done.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["--to-workbook", "F.xlsx", "--check"],
            "Use one of --check, --tags, --try, --diff, --to-workbook and --from-workbook.",
        ),
        (["--to-workbook", "F.xls"], "The workbook is an .xlsx file: F.xlsx"),
        (["--yes"], "--yes goes with --from and --from-workbook only."),
        (["--from-workbook", "nothing.xlsx"], "nothing.xlsx"),
        (["2024-Q1", "--to-workbook", "F.xlsx"], "A period goes with --tags only"),
    ],
)
def test_wrong_usage(root: Path, run: Run, arguments: list[str], said: str) -> None:
    refused = run("-w", root, "form", *arguments)
    assert refused.code == 2
    assert said in refused.err
    assert not Path("F.xlsx").exists()


def test_what_somebody_writes_while_it_asks_is_not_lost(
    root: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow(io.StringIO):
        def isatty(self) -> bool:
            return True

        def readline(self, *_size: int) -> str:  # type: ignore[override]
            with (root / "form.toml").open("ab") as form:
                form.write(b"# moi" + os.linesep.encode())
            return "y\n"

    rename_library(root)
    monkeypatch.setattr(sys, "stdin", Slow())
    refused = run("-w", root, "form", "--from-workbook", root / "FORM.xlsx")
    assert refused.code == 2
    assert "was changed by somebody meanwhile" in refused.err
    assert b"# moi" in read_bytes(root / "form.toml")
