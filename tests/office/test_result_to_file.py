"""`--out FILE`: every command that prints a result writes it to a file that office programs read."""

from __future__ import annotations

import csv
import json
import shutil
import typing
from pathlib import Path

import openpyxl
import pytest

from reportctl.cli import arguments as declared
from tests.making import sample
from tests.making.adopted import office_workbook
from tests.making.commands import Said, run
from tests.making.held import forbid, held, hold_from_replacing, hurry
from tests.making.word_documents import tagged

# Every command line that prints a result; {report} is a short Word report of the sample.
LINES = [
    ("form",), ("form", "--tags"), ("form", "--diff", "2023-Q4"), ("status",), ("status", "--unit", "004"),
    ("status", "--remind"), ("status", "--list"), ("validate",), ("summary",), ("summary", "--by", "unit"),
    ("trace", "press_total"), ("explain",), ("explain", "number_as_text"), ("refresh", "{report}", "--check"),
]  # fmt: skip
EACH = [line for line in LINES if len(line) == 1 or line[0] in ("trace", "refresh") or line[-1] == "--remind"]
REPORT = "output/2024-Q1/short-2024-Q1.docx"


@pytest.fixture(autouse=True)
def no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is printed is as wide as for a pipe, whatever the shell says in which the tests run."""
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.fixture(scope="module")
def demo() -> Path:
    """The sample after `reportctl demo`; not to be changed."""
    return sample.demo()


@pytest.fixture(scope="module")
def root(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy in which no test changes what another one looks at, with a short report beside the long one."""
    copy = Path(shutil.copytree(demo, tmp_path_factory.mktemp("office") / "workspace"))
    (copy / "short.docx").write_bytes(tagged("press_total", "sentences:press", "table:press_media"))
    assert run("-w", copy, "report", "--template", "short").code == 0
    return copy


def told(root: Path, line: tuple[str, ...], *more: object, spoken: str = "en") -> Said:
    words = [str(root / REPORT) if word == "{report}" else word for word in line]
    return run("-w", root, "--lang", spoken, *words, *more)


@pytest.mark.slow
@pytest.mark.parametrize("line", LINES, ids=" ".join)
@pytest.mark.parametrize(
    ("ending", "format_"), [(".csv", "csv"), (".json", "json"), (".md", "markdown"), (".txt", "table")]
)
def test_the_file_holds_what_would_be_printed(
    root: Path, tmp_path: Path, line: tuple[str, ...], ending: str, format_: str
) -> None:
    """Of findings and changes that are too many for a screen the file has all; and validate writes a .csv
    beside what it prints, in the workspace's language, as long as it is not told to print CSV."""
    out = tmp_path / f"kết quả{ending}"
    explicit = ("--format", "csv") if line[0] == "validate" and ending == ".csv" else ()
    printed = told(root, line, "--format", format_)
    done = told(root, line, "--out", out, *explicit)
    assert (done.code, done.out) == (printed.code, "")
    assert f"Written: {out}" in done.err.splitlines()
    data = out.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf") == (ending == ".csv")
    text = data.decode("utf-8-sig")
    assert "\r" not in text
    assert "\x1b" not in text
    if format_ == "table" and line[0] in ("validate", "refresh"):
        assert len(text) >= len(printed.out)
    else:
        assert text == printed.out
    if format_ == "json":
        assert json.loads(text) == json.loads(printed.out)


def test_excel_reads_the_letters(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.csv"
    told(root, ("status",), "--out", out)
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    with out.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == 20
    assert any("ư" in row["name"] for row in rows)


def test_the_format_that_is_named_counts(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.txt"
    assert told(root, ("summary",), "--out", out, "--format", "json").code == 0
    assert json.loads(out.read_text(encoding="utf-8"))["period"] == "2024-Q1"
    assert told(root, ("summary",), "--out", tmp_path / "plain", "--format", "table").code == 0
    assert (tmp_path / "plain").read_text(encoding="utf-8") == told(root, ("summary",)).out


# Words of the program itself that no officer should meet in Vietnamese: keys, states, severities, marks.
CODES = {
    "error", "warning", "note", "accepted", "warned", "rejected", "missing", "unreadable", "unmerged", "ok",
    "problem", "true", "false", "none",
}  # fmt: skip


def read_sheets(path: Path) -> list[list[list[object]]]:
    """The filled rows of each sheet."""
    book = openpyxl.load_workbook(path)
    return [
        [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
        for sheet in book.worksheets
    ]


ALL = [*LINES, ("settings",), ("doctor",)]


@pytest.mark.slow
@pytest.mark.parametrize("line", ALL, ids=" ".join)
def test_a_workbook_holds_the_tables_that_people_read(
    root: Path, tmp_path: Path, line: tuple[str, ...]
) -> None:
    """Its head is that of the same table as Markdown; validate and the chasing list have their own."""
    out = tmp_path / "a.xlsx"
    markdown = told(root, line, "--format", "markdown")
    done = told(root, line, "--out", out)
    assert done.code == markdown.code
    assert f"Written: {out}" in done.err
    if line[0] == "validate" or line[-1] == "--list":
        return
    assert done.out == ""
    titles = [text.strip("*") for text in markdown.out.splitlines() if text.startswith("**")]
    sheets = read_sheets(out)
    assert len(sheets) == len(titles)
    for rows, title in zip(sheets, titles, strict=True):
        assert str(rows[0][0]).replace("_", "\\_") == title


@pytest.mark.slow
@pytest.mark.parametrize("line", ALL, ids=" ".join)
def test_what_people_read_is_in_their_language(root: Path, tmp_path: Path, line: tuple[str, ...]) -> None:
    """In Vietnamese neither a heading nor a cell is a word of the program itself."""
    keys = told(root, line, "--format", "csv", spoken="vi").out.splitlines()[0].split(",")
    printed = told(root, line, "--format", "markdown", spoken="vi").out
    rows = [
        [cell.strip() for cell in text.strip("|").split(" | ")]
        for text in printed.splitlines()
        if text.startswith("| ")
    ]
    assert not {*rows[0]} & {*keys}
    assert not {cell.casefold() for row in rows for cell in row} & CODES
    out = tmp_path / "a.xlsx"
    told(root, line, "--out", out, spoken="vi")
    cells = {str(cell).casefold() for rows in read_sheets(out) for row in rows for cell in row}
    assert not cells & CODES


def test_numbers_and_codes_of_a_workbook_are_what_they_are(root: Path, tmp_path: Path) -> None:
    """What a CSV loses on a double click: decimals, the zeros of codes, texts that look like days."""
    out = tmp_path / "a.xlsx"
    told(root, ("status",), "--out", out)
    rows = [row for rows in read_sheets(out) for row in rows]
    assert any("001" in row for row in rows)
    assert any("55/57" in row for row in rows)
    told(root, ("summary",), "--out", out)
    shown = [one for rows in read_sheets(out) for row in rows for one in row if isinstance(one, int | float)]
    shown += [one / 100 for one in shown]  # percentage points are hundred times what JSON says
    data = told(root, ("summary", "--format", "json")).json["rows"]
    wanted = [row["change_year_ago"] for row in data if row["change_year_ago"]]
    assert wanted
    assert {round(one, 9) for one in wanted} <= {round(one, 9) for one in shown}


def test_a_workbook_of_the_same_result_is_its_own_and_is_renewed(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.xlsx"
    for _time in range(2):
        assert told(root, ("status",), "--out", out).code == 0
    assert list(tmp_path.iterdir()) == [out]


def test_a_command_that_only_says_something_makes_no_workbook(demo: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(demo, tmp_path / "workspace"))
    done = told(root, ("settings", "deadlines.default", "21/3"), "--out", tmp_path / "a.xlsx")
    assert (done.code, "deadlines.default" in done.out) == (0, True)
    assert not (tmp_path / "a.xlsx").exists()


@pytest.mark.parametrize("spoken", ["vi", "en"])
def test_one_thing_is_called_alike_in_every_csv(root: Path, spoken: str) -> None:
    def column(name: str, *line: str) -> set[str]:
        text = told(root, line, "--format", "csv", spoken=spoken).out
        return {row[name] for row in csv.DictReader(text.splitlines())} - {""}

    states = column("state", "status")
    assert column("state", "status", "--remind") <= states
    assert column("verdict", "status", "--unit", "007") <= states
    assert column("severity", "validate") <= column("severity", "explain")
    assert column("estimate", "summary") <= {"x"}


@pytest.mark.parametrize("name", ["a", "a.docx"])
@pytest.mark.parametrize("line", [one for one in EACH if one[0] != "validate"], ids=" ".join)
def test_what_cannot_be_written_is_refused(
    root: Path, tmp_path: Path, line: tuple[str, ...], name: str
) -> None:
    done = told(root, line, "--out", tmp_path / name)
    assert (done.code, done.out, list(tmp_path.iterdir())) == (2, "", [])
    assert done.err.count("\n") == 1
    assert ".xlsx, .csv, .json, .md, .txt" in done.err


def test_a_workbook_is_no_text(root: Path, tmp_path: Path) -> None:
    assert told(root, ("summary",), "--out", tmp_path / "a.xlsx", "--format", "csv").code == 2


@pytest.mark.parametrize("line", EACH, ids=" ".join)
def test_a_folder_that_is_not_there_is_a_sentence(root: Path, tmp_path: Path, line: tuple[str, ...]) -> None:
    done = told(root, line, "--out", tmp_path / "nowhere" / "a.csv")
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert f"there is no folder {tmp_path / 'nowhere'}" in done.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("line", EACH, ids=" ".join)
def test_a_folder_without_rights_is_a_sentence(
    root: Path, tmp_path: Path, line: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    hurry(monkeypatch)

    forbid(monkeypatch, tmp_path)
    done = told(root, line, "--out", tmp_path / "a.csv")
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert f"may not write in the folder {tmp_path}" in done.err


@pytest.mark.slow
@pytest.mark.parametrize("line", EACH, ids=" ".join)
def test_a_file_that_is_open_elsewhere_is_a_sentence(
    root: Path, tmp_path: Path, line: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    hurry(monkeypatch)
    hold_from_replacing(monkeypatch, held("a.csv"))
    done = told(root, line, "--out", tmp_path / "a.csv")
    assert done.code == 2
    assert done.err.splitlines()[-1].endswith("it is open in another program. Close it and try again.")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("line", EACH, ids=" ".join)
def test_a_folder_of_that_name_is_a_sentence(root: Path, tmp_path: Path, line: tuple[str, ...]) -> None:
    (tmp_path / "a.csv").mkdir()
    done = told(root, line, "--out", tmp_path / "a.csv")
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert "there is a folder of that name" in done.err


@pytest.mark.slow
@pytest.mark.parametrize("line", EACH, ids=" ".join)
def test_a_file_of_somebody_elses_stays(root: Path, tmp_path: Path, line: tuple[str, ...]) -> None:
    out = tmp_path / "a.md"
    out.write_bytes(b"mine")
    done = told(root, line, "--out", out)
    assert out.read_bytes() == b"mine"
    assert (tmp_path / "a (2).md").is_file()
    assert f"Written: {tmp_path / 'a (2).md'}" in done.err
    assert "a.md was changed by somebody and stays as it is" in done.err


def test_its_own_file_is_renewed(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.json"
    for by in ("indicator", "unit"):
        assert told(root, ("summary", "--by", by), "--out", out).code == 0
        assert out.read_text(encoding="utf-8") == told(root, ("summary", "--by", by, "--format", "json")).out
    assert list(tmp_path.iterdir()) == [out]


def test_who_may_only_read_the_workspace_has_the_file(
    demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = Path(shutil.copytree(demo, tmp_path / "workspace"))
    forbid(monkeypatch, root)
    done = told(root, ("summary",), "--out", tmp_path / "a.csv")
    assert (done.code, (tmp_path / "a.csv").is_file()) == (0, True)


def test_outside_of_a_workspace_nothing_else_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for code, name in (("number_as_text", "a.md"), ("approximate", "a (2).md"), ("number_as_text", "a.md")):
        done = run("--lang", "en", "explain", code, "--out", "a.md")
        assert (done.code, f"Written: {name}" in done.err) == (0, True)
    assert {path.name for path in tmp_path.iterdir()} == {"a.md", "a (2).md"}


def test_a_terminal_does_not_colour_the_file(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the environment says of a terminal is not said of the file."""
    plain = told(root, ("summary",)).out
    for name, value in (("FORCE_COLOR", "1"), ("COLUMNS", "60"), ("TERM", "xterm-256color")):
        monkeypatch.setenv(name, value)
    told(root, ("summary",), "--out", tmp_path / "a.txt")
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == plain


@pytest.mark.slow
def test_validate_keeps_its_lists_beside_the_screen(root: Path, tmp_path: Path) -> None:
    for name in ("a.xlsx", "a.csv"):
        done = told(root, ("validate",), "--out", tmp_path / name)
        assert "files:" in done.out
    also = told(root, ("validate", "--format", "json"), "--out", tmp_path / "b.xlsx")
    assert also.json["period"] == "2024-Q1"
    assert openpyxl.load_workbook(tmp_path / "b.xlsx").sheetnames


def test_the_chasing_list_goes_where_it_is_wanted(demo: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(demo, tmp_path / "workspace"))
    done = told(root, ("status", "--list"), "--out", tmp_path / "đôn đốc.xlsx")
    assert (done.code, openpyxl.load_workbook(tmp_path / "đôn đốc.xlsx").sheetnames != []) == (0, True)
    assert not (root / "output/2024-Q1/status.xlsx").exists()


def test_a_blank_workbook_is_listed_beside_its_review(root: Path, tmp_path: Path) -> None:
    path = tmp_path / "mau.xlsx"
    path.write_bytes(office_workbook())
    told(root, ("form", "adopt", str(path)), "--out", tmp_path / "a.json")
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["tables"]
    assert (tmp_path / "mau.review.xlsx").is_file()
    told(root, ("form", "adopt", str(path)), "--out", tmp_path / "other.xlsx")
    assert (tmp_path / "other.xlsx").is_file()


@pytest.mark.parametrize("option", ["--check", "--try"])
def test_sentences_have_no_table(root: Path, tmp_path: Path, option: str) -> None:
    done = told(root, ("form", option), "--out", tmp_path / "a.csv")
    assert (done.code, f"{option} says sentences" in done.err) == (2, True)
    done = told(root, ("form", option), "--out", tmp_path / "a.txt")
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == told(root, ("form", option)).out


def test_every_command_with_a_format_has_a_file() -> None:
    """By the declarations: a command that is added with one without the other is found here."""
    from reportctl.cli.app import command_line

    for name, command in command_line().commands.items():
        options = {option for one in command.params for option in one.opts}
        assert "--format" not in options or "--out" in options, name


def test_the_formats_are_those_of_the_endings() -> None:
    from reportctl.cli import to_file

    assert set(to_file._BY_ENDING.values()) == set(typing.get_args(declared.Format))
