"""`reportctl explain`: every code in plain words, with the severities of the workspace."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from reportctl.core.finding_kinds import KINDS
from tests.making.commands import Run
from tests.making.machine import TEMPLATES


def test_commands_that_judge_say_what_was_changed(run: Run, workspace: Path) -> None:
    root = TEMPLATES
    for name in ("form.toml", "units.csv"):
        (workspace / name).write_bytes((root / name).read_bytes())
    for command in ("validate", "status"):
        code, out, err = run(command, "2024-Q1", "--format", "json")
        assert code == 0
        assert json.loads(out)["period"] == "2024-Q1"
        assert err.count("number_as_text (note), word_as_zero (switched off)") == 1


@pytest.fixture(autouse=True)
def outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The current folder is no workspace; lines are 100 wide."""
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    text = 'language = "en"\n[findings]\nnumber_as_text = "note"\nword_as_zero = "off"\n'
    (tmp_path / "reportctl.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_all_codes_are_listed_outside_a_workspace(run: Run) -> None:
    code, out, err = run("explain")
    assert (code, err) == (0, "")
    listed = [line.split()[0] for line in out.splitlines() if line and line.split()[0] in KINDS]
    assert listed == list(KINDS)
    assert "{" not in out
    assert "Changed in reportctl.toml" not in out


def test_one_code_in_plain_words(run: Run) -> None:
    code, out, err = run("explain", "number_as_text")
    assert (code, err) == (0, "")
    words = " ".join(out.split())
    assert "“…” is typed as text and was read as …" in words
    assert "Spreadsheets do not add up text, so the unit's own totals may be wrong" in words
    assert "Type the number without separators" in words
    assert "Warning: the file counts, but should be looked at" in words
    assert '"error", "warning", "note", "off", in reportctl.toml under [findings]' in words


def test_the_workspace_may_have_changed_it(run: Run, workspace: Path) -> None:
    words = " ".join(run("-w", workspace, "explain", "number_as_text")[1].split())
    assert "Note: it only tells (so reportctl.toml says; the standard is “warning”)" in words
    words = " ".join(run("explain", "word_as_zero")[1].split())  # found from the folder itself
    assert "Switched off: nothing is said (so reportctl.toml says; the standard is “note”)" in words
    listed = json.loads(run("explain", "--format", "json")[1])["findings"]
    severities = {one["code"]: (one["severity"], one["standard"]) for one in listed}
    assert severities["number_as_text"] == ("note", "warning")
    assert severities["word_as_zero"] == ("off", "note")
    assert all(here == standard for code, (here, standard) in severities.items() if code not in
               ("number_as_text", "word_as_zero"))  # fmt: skip
    words = " ".join(run("explain")[1].split())
    assert "the severity of number_as_text (note), word_as_zero (switched off)." in words


def test_what_cannot_be_changed_says_so(run: Run) -> None:
    words = " ".join(run("explain", "tie")[1].split())
    assert "Error: a file with it is rejected" in words
    assert "Nothing else: it says that something could not be read, whose it is, which file counts" in words


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("rule_broken", "each rule of form.toml can have another one"),
        ("places_disagree", "an error where the label is another question's"),
        ("not_found", "a note where an older form did not ask for it"),
    ],
)
def test_a_severity_that_depends_says_on_what(run: Run, code: str, words: str) -> None:
    assert words in " ".join(run("explain", code)[1].split())


def test_an_unknown_code_names_the_nearest(run: Run) -> None:
    assert run("explain", "Number-as-txt") == (
        2,
        "",
        "There is no finding with the code “Number-as-txt” (near it: number_as_text). "
        "All codes: reportctl explain\n",
    )
    assert run("explain", "xyz", "--format", "json")[:2] == (2, "")


def test_a_broken_workspace_is_not_passed_over(run: Run, workspace: Path) -> None:
    (workspace / "reportctl.toml").write_text("[findings]\ntie = 'note'\n", encoding="utf-8")
    code, out, err = run("explain", "tie")
    assert (code, out) == (2, "")
    assert "tie: its severity is fixed" in err
    assert run("-w", workspace / "elsewhere", "explain")[0] == 2


def test_json_of_one_code(run: Run) -> None:
    assert json.loads(run("explain", "blank_rows", "--format", "json")[1]) == {
        "code": "blank_rows",
        "severity": "note",
        "standard": "note",
        "settable": ["error", "warning", "note", "off"],
        "what": "the sheet goes on for … empty rows below what is filled in; they were left out",
        "why": "they make the file large and slow to open and to send",
        "hint": "delete those rows, so that the file becomes small again",
    }


def test_csv_has_everything_and_markdown_what_is_shown(run: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(run("explain", "--format", "csv")[1])))
    assert [row["code"] for row in rows] == list(KINDS)
    assert {"code", "severity", "what", "why", "hint", "settable"} == set(rows[0])
    out = run("explain", "--format", "markdown")[1]
    assert "| number\\_as\\_text | warning | “…” is typed as text and was read as … |" in out
