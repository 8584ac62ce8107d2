"""An office adopts its own workbook, by command: the review, the form made of it, the trial round."""

from __future__ import annotations

import io
import re
import tomllib
from pathlib import Path

import docx
import openpyxl
import pytest

from reportctl.adopt.install import write_review
from reportctl.form.addresses import addresses_toml, load_addresses
from reportctl.form.form_file import load_form
from reportctl.workbooks.package.fill import fill
from tests.making.adopted import BLANK, ROOMS, office_workbook
from tests.making.commands import Said, begin, run
from tests.making.own_workbook import ANSWERS, FORM, LIST, addresses, own_office

pytestmark = pytest.mark.slow

ANSWER = "D6"  # the first answer


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A workspace, and beside it a folder with the office's workbook and its review."""
    begin(tmp_path / "w", "2024-Q1")
    (tmp_path / "from above").mkdir()
    blank = tmp_path / "from above" / BLANK.file
    blank.write_bytes(office_workbook())
    write_review(BLANK, blank)
    return tmp_path


def review(office: Path) -> Path:
    return office / "from above" / "mau.review.xlsx"


def take(office: Path, *more: str) -> Said:
    return run("--lang", "en", "-w", office / "w", "form", "adopt", "--from", review(office), *more)


def test_the_reviewed_form_is_written_and_what_was_there_stays_beside_it(office: Path) -> None:
    workspace = office / "w"
    before = {name: (workspace / name).read_bytes() for name in ("form.toml", "report.docx")}
    said = take(office, "--yes")
    assert said.code == 0, said
    form = load_form(workspace / "form.toml")
    assert [table.code for table in form.tables] == ["rooms"]
    assert [kind.code for kind in form.kinds] == [
        "commune",
        "ward",
        "zone",
        "department",
        "press",
    ] or form.kinds
    assert (workspace / "form.xlsx").read_bytes() == office_workbook()
    assert load_addresses(workspace / "layout.toml").lists["schools"].first_row == 2
    assert (workspace / "form.before-1.toml").read_bytes() == before["form.toml"]
    assert (workspace / "report.before-1.docx").read_bytes() == before["report.docx"]
    assert "Trial round: all" in said.out


def test_form_and_report_go_together_and_the_workbooks_are_the_office_s_own(office: Path) -> None:
    take(office, "--yes")
    workspace = office / "w"
    checked = run("--lang", "en", "-w", workspace, "form", "--check")
    assert checked.code == 0, checked
    assert "The report mentions all that the form asks." in checked.out
    words = "\n".join(p.text for p in docx.Document(str(workspace / "report.docx")).paragraphs)
    for tag in ("{{table:rooms}}", "{{table:list:schools}}", "{{text:opinion}}", "{{sentences:others}}"):
        assert tag in words
    sent = run("-w", workspace, "template")
    assert sent.code == 0, sent
    made = sorted((workspace / "outbox" / "2024-Q1").glob("*.xlsx"))
    book = openpyxl.load_workbook(made[0])
    assert book[ROOMS]["B7"].value == "Tổng số phòng học"
    assert "rooms.n1.public" in book.defined_names


def test_taking_it_again_changes_nothing(office: Path) -> None:
    take(office, "--yes")
    there = sorted(path.name for path in (office / "w").iterdir())
    said = take(office, "--yes")
    assert said.code == 0
    assert sorted(path.name for path in (office / "w").iterdir()) == there
    assert "stays as" not in said.out


@pytest.mark.parametrize("words", ["Của cơ quan", "Cùng kỳ: {{CODE@2023-Q1}}", "{{?CODE}}Có {{CODE}}.{{/?}}"])
def test_a_report_that_people_wrote_for_the_form_is_kept(office: Path, words: str) -> None:
    take(office, "--yes")
    path = office / "w" / "report.docx"
    form = load_form(office / "w" / "form.toml")
    code = next(code for code, one in form.indicators.items() if one.numeric)
    document = docx.Document(str(path))
    document.paragraphs[0].insert_paragraph_before(words.replace("CODE", code))
    document.save(str(path))
    kept = path.read_bytes()
    assert take(office, "--yes").code == 0
    assert path.read_bytes() == kept


def test_nothing_is_written_unless_people_agree(office: Path) -> None:
    before = sorted(path.name for path in (office / "w").iterdir())
    said = take(office)
    assert said.code == 2
    assert "--yes" in said.err
    assert sorted(path.name for path in (office / "w").iterdir()) == before
    assert re.search(r"Compared with the present form: \d+ added, \d+ dropped", said.out)


def test_mistakes_of_the_review_are_named_and_nothing_is_written(office: Path) -> None:
    book = openpyxl.load_workbook(review(office))
    book.worksheets[0][ANSWER] = "tùy"
    book.save(review(office))
    said = take(office, "--yes")
    assert said.code == 2
    assert f"!{ANSWER}: " in said.err
    assert not (office / "w" / "layout.toml").exists()


@pytest.mark.parametrize("change", ["gone", "changed"])
def test_the_office_s_workbook_lies_beside_the_review_as_it_was(office: Path, change: str) -> None:
    blank = office / "from above" / BLANK.file
    blank.unlink() if change == "gone" else blank.write_bytes(office_workbook() + b" ")
    said = take(office, "--yes")
    assert said.code == 2
    assert BLANK.file in said.err


def test_a_review_that_people_are_answering_is_not_overwritten(office: Path) -> None:
    before = review(office).read_bytes()
    made = write_review(BLANK, office / "from above" / BLANK.file)
    assert made.name == "mau.review (2).xlsx"
    assert review(office).read_bytes() == before


def test_the_trial_round_is_a_command_of_its_own_also_for_the_stock_form(tmp_path: Path) -> None:
    begin(tmp_path / "w", "2024-Q1")
    said = run("--lang", "en", "-w", tmp_path / "w", "form", "--try")
    assert said.code == 0, said
    form = load_form(tmp_path / "w" / "form.toml")
    assert len(form.indicators) > 10
    assert said.out.startswith("Trial round: all ")


def test_the_trial_round_names_cells_that_do_not_come_back(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(office, "--yes")
    right = fill

    def elsewhere(data: bytes, values: dict[tuple[str, int, int], object]) -> bytes:
        """As a program would that swaps two columns, and leaves a cell out."""
        swapped = {
            (sheet, row, {4: 5, 5: 4}.get(column, column)): v for (sheet, row, column), v in values.items()
        }
        del swapped[ROOMS, 8, 7]
        return right(data, swapped)  # type: ignore[arg-type]

    monkeypatch.setattr("reportctl.adopt.trial.fill", elsewhere)
    said = run("--lang", "en", "-w", office / "w", "form", "--try")
    assert said.code == 1
    wrong = [line for line in said.out.splitlines()[1:] if ROOMS in line]
    assert any(line.lstrip().startswith(f"'{ROOMS}'!H9 ") and "nothing was read" in line for line in wrong)
    assert {line.lstrip().split(" (")[0] for line in wrong} >= {
        f"'{ROOMS}'!{c}{r}" for c in "EF" for r in (7, 8, 9, 10)
    }


def test_options_of_adopting_go_with_adopt_only(office: Path) -> None:
    for option in (("--yes",), ("--from", "a.xlsx"), ("--sample", "a.xlsx")):
        said = run("--lang", "en", "-w", office / "w", "form", *option)
        assert said.code == 2
        assert option[0] in said.err


def test_reading_a_blank_workbook_writes_a_review_that_can_be_taken(tmp_path: Path) -> None:
    begin(tmp_path / "w", "2024-Q1")
    blank = tmp_path / "mau.xlsx"
    blank.write_bytes(office_workbook())
    filled = openpyxl.load_workbook(io.BytesIO(office_workbook()))
    for cell, value in {"E7": 10, "E8": 4, "E9": 6}.items():
        filled[ROOMS][cell] = value
    filled.save(tmp_path / "filled.xlsx")
    said = run(
        "--lang", "en", "-w", tmp_path / "w", "form", "adopt", blank, "--sample", tmp_path / "filled.xlsx"
    )
    assert "Sums tested" in said.err
    taken = run("-w", tmp_path / "w", "form", "adopt", "--from", tmp_path / "mau.review.xlsx", "--yes")
    assert taken.code == 0, taken
    assert tomllib.loads((tmp_path / "w" / "form.toml").read_text(encoding="utf-8"))["id"] == "mau"


def test_the_command_named_next_can_be_run_as_it_stands(tmp_path: Path) -> None:
    begin(tmp_path / "w", "2024-Q1")
    blank = tmp_path / "mẫu số 1.xlsx"
    blank.write_bytes(office_workbook())
    said = run("--lang", "en", "-w", tmp_path / "w", "form", "adopt", blank)
    assert said.err.rstrip().endswith(f'form adopt --from "{tmp_path / "mẫu số 1.review.xlsx"}"')


@pytest.mark.parametrize(
    ("area", "taken"), [("A1:XFD1048576", False), ("A1:AX1001", False), ("A1:AX99", True)]
)
def test_an_area_that_is_no_table_is_refused_at_once(office: Path, area: str, *, taken: bool) -> None:
    blank = office / "from above" / BLANK.file
    said = run("--lang", "en", "-w", office / "w", "form", "adopt", blank, "--table", f"{ROOMS}!{area}")
    assert ("at most 50,000 cells" in said.err) is not taken
    assert (said.code == 2) is not taken


@pytest.mark.parametrize("options", [(), ("--from",)])
def test_a_file_that_is_not_there_is_said_to_be_missing(office: Path, options: tuple[str, ...]) -> None:
    for missing in (office / "nothing.xlsx", office):
        said = run("--lang", "en", "-w", office / "w", "form", "adopt", *options, missing)
        assert said.code == 2
        assert said.err.startswith(f"There is no file {missing}. Check its name.")


def test_what_reportctl_made_itself_is_no_blank_workbook(office: Path, tmp_path: Path) -> None:
    blank = tmp_path / "mau.xlsx"
    blank.write_bytes(office_workbook())
    run("-w", office / "w", "form", "adopt", blank)
    again = run("--lang", "en", "-w", office / "w", "form", "adopt", tmp_path / "mau.review.xlsx")
    assert again.code == 2
    assert "is a review already" in again.err
    assert not (tmp_path / "mau.review.review.xlsx").exists()
    assert run("-w", tmp_path / "w", "template").code == 0
    sent = next((tmp_path / "w" / "outbox").rglob("*.xlsx"))
    refused = run("--lang", "en", "-w", tmp_path / "w", "form", "adopt", sent)
    assert refused.code == 2
    assert "was sent out by reportctl" in refused.err
    assert not list(sent.parent.glob("*.review.xlsx"))


def test_of_a_workbook_without_anything_to_fill_in_there_is_no_review(tmp_path: Path) -> None:
    begin(tmp_path / "w", "2024-Q1")
    openpyxl.Workbook().save(tmp_path / "rỗng.xlsx")
    said = run("--lang", "en", "-w", tmp_path / "w", "form", "adopt", tmp_path / "rỗng.xlsx")
    assert said.code == 1
    assert "Nothing is found" in said.err
    assert not (tmp_path / "rỗng.review.xlsx").exists()


def test_check_says_that_the_office_s_workbook_was_changed(office: Path) -> None:
    assert take(office, "--yes").code == 0
    workspace = office / "w"
    said = run("--lang", "en", "-w", workspace, "form", "--check")
    assert "are copies of form.xlsx" in said.err
    with (workspace / "form.xlsx").open("ab") as file:
        file.write(b" ")
    changed = run("--lang", "en", "-w", workspace, "form", "--check")
    assert changed.code == 2
    assert "it was changed since" in changed.err


def test_addresses_edited_by_hand_that_point_to_other_lines_are_named_before_anything_is_sent(
    office: Path,
) -> None:
    assert take(office, "--yes").code == 0
    workspace = office / "w"
    layout = workspace / "layout.toml"
    written = layout.read_text(encoding="utf-8")
    assert 'codes = ["n1", "n1_1", "n1_2", "n2"]' in written
    layout.write_text(
        written.replace('codes = ["n1", "n1_1", "n1_2", "n2"]', 'codes = ["n1", "n1_2", "n1_1", "n2"]'),
        encoding="utf-8",
    )
    checked = run("--lang", "en", "-w", workspace, "form", "--check")
    assert checked.code == 1
    places = [line for line in checked.out.splitlines() if line.startswith("  rooms.")]
    assert [line.split(":")[0] for line in places] == [
        f"  rooms.n1_1, '{ROOMS}'!9",
        f"  rooms.n1_2, '{ROOMS}'!8",
    ]
    sent = run("--lang", "en", "-w", workspace, "template")
    assert sent.code == 2
    assert f"rooms.n1_1, '{ROOMS}'!9:9: " in sent.err
    assert not list((workspace / "outbox").rglob("*.xlsx"))
    layout.write_text(written, encoding="utf-8")
    assert run("-w", workspace, "template").code == 0


@pytest.mark.parametrize(("language", "said"), [("vi", "1,5"), ("en", "1.5")])
def test_the_trial_round_says_figures_in_the_way_of_the_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, said: str
) -> None:
    own_office(tmp_path / "w")
    form = FORM.replace(
        'label = "Tổng số giáo viên"', 'label = "Tổng số giáo viên"\ntype = "number"\nmin = 0.5'
    )
    (tmp_path / "w" / "form.toml").write_text(form, encoding="utf-8")
    monkeypatch.setattr("reportctl.adopt.trial.fill", lambda data, _values: data)
    tried = run("--lang", language, "-w", tmp_path / "w", "form", "--try")
    assert tried.code == 1
    (line,) = (line for line in tried.out.splitlines() if "Tổng số giáo viên" in line)
    assert f" {said} " in f" {line}"


def test_rows_of_a_list_that_the_office_has_merged_come_back_in_the_trial_round(tmp_path: Path) -> None:
    """A district's name over three rows: one cell is typed in, and it is read for each of the rows."""
    workspace = tmp_path / "w"
    own_office(workspace)
    book = openpyxl.load_workbook(workspace / "form.xlsx")
    book[LIST].merge_cells("B5:B7")
    book.save(workspace / "form.xlsx")
    data = (workspace / "form.xlsx").read_bytes()
    (workspace / "layout.toml").write_text(addresses_toml(addresses(data)), encoding="utf-8")
    tried = run("--lang", "en", "-w", workspace, "form", "--try")
    assert (tried.code, tried.out) == (0, "Trial round: all 33 cells come back as they were filled in.\n")
    assert run("-w", workspace, "template").code == 0
    sent = openpyxl.load_workbook(next((workspace / "outbox").rglob("001 *.xlsx")))
    for (sheet, cell), value in (ANSWERS | {(LIST, "C7"): 1, (LIST, "D7"): 2}).items():
        if (sheet, cell) != (LIST, "B6"):
            sent[sheet][cell] = value
    (workspace / "inbox" / "2024-Q1").mkdir(parents=True, exist_ok=True)
    sent.save(workspace / "inbox" / "2024-Q1" / "a.xlsx")
    said = run("--lang", "en", "-w", workspace, "validate", "--format", "json")
    merged = [one for one in said.json["findings"] if one["code"].startswith("merged")]
    assert [(one["code"], one["cell"], one["severity"]) for one in merged] == [("merged_rows", "B5", "note")]
    assert [one["verdict"] for one in said.json["files"]] != ["rejected"]
