"""`init`: a workspace by options, or by questions at a terminal; no TOML is written by hand."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from reportctl.form.form_file import load_form
from reportctl.ledger.session import Session
from tests.making.commands import run
from tests.making.machine import TEMPLATES
from tests.making.terminal import Terminal

LIST = "STT;Mã;Tên đơn vị\n1;1;Xã Phú Khê\n2;2;Phường Lạc Thành\n3;22;Sở Nội vụ\n"
OPTIONS = (
    "--period", "Q3/2026", "--style", "state", "--office", "Văn phòng Tỉnh ủy",
    "--parent-body", "Tỉnh ủy Bình Minh",
    "--place", "Bình Minh", "--post", "Phó Chánh Văn phòng", "--deadline", "20/9",
)  # fmt: skip


def said(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "reportctl.toml").read_text(encoding="utf-8"))


def cells(path: Path, sheet: int = 0) -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(path).worksheets[sheet].values)


def test_what_an_office_shares_with_the_example_is_its_own(tmp_path: Path) -> None:
    example = tomllib.loads((TEMPLATES / "reportctl.toml").read_text(encoding="utf-8"))["issuer"]["name"]
    made = run("--lang", "en", "init", tmp_path / "x", "--yes", "--office", example)
    assert made.code == 0
    assert "(issuer.name)" not in made.out
    assert "Place before the date: An Lạc (issuer.place)" in made.out


def test_all_that_is_still_as_in_the_example_is_said(tmp_path: Path) -> None:
    example = tomllib.loads((TEMPLATES / "reportctl.toml").read_text(encoding="utf-8"))["issuer"]
    made = run("--lang", "vi", "init", tmp_path / "x y", "--yes", "--deadline", "20/3").out
    lines = made.partition("Vẫn như ví dụ:\n")[2].splitlines()
    texts = {
        key: value for key, value in example.items() if isinstance(value, str) and value and key != "area"
    }
    for key, value in texts.items():
        assert [line for line in lines if line.endswith(f": {value} (issuer.{key})")], key
    assert any("(issuer.recipients)" in line for line in lines)
    assert "Cơ quan cấp trên: Tỉnh ủy An Lạc" in made
    # What follows from the post that was said is none of the example's, even where it is the same.
    told = run("--lang", "en", "init", tmp_path / "y", "--yes", "--post", example["post"]).out
    assert "issuer.post" not in told
    assert "issuer.signing_for" not in told
    assert "issuer.place" in told


def test_all_of_it_by_options(tmp_path: Path) -> None:
    (tmp_path / "ds.csv").write_text(LIST, encoding="utf-8")
    root = tmp_path / "Báo cáo quý"
    made = run("--lang", "en", "init", root, *OPTIONS, "--units", tmp_path / "ds.csv")
    assert made.code == 0
    assert "3 codes were made 3 digits long" in made.err
    still = made.out.partition("Still as in the example:\n")[2].splitlines()
    assert still[0].endswith("(issuer.recipients)")
    assert still[1].startswith("To change one")
    settings = said(root)
    assert settings["issuer"] | {"recipients": [], "based_on": []} == {
        "superior": "Tỉnh ủy Bình Minh", "name": "Văn phòng Tỉnh ủy", "short": "", "place": "Bình Minh",
        "area": "Toàn tỉnh", "signing_for": "KT. CHÁNH VĂN PHÒNG", "post": "Phó Chánh Văn phòng",
        "signatory": "",
        "recipients": [], "based_on": [],
    }  # fmt: skip
    assert (settings["style"], settings["current"]) == ("state", "2026-Q3")
    # The example's own deadline for the press is none of this office's.
    assert settings["deadlines"] == {"default": {"month": 3, "day": 20}, "resend_days": 2}
    stock = (TEMPLATES / "reportctl.toml").read_text(encoding="utf-8").splitlines()
    remarks = [line for line in stock if line.startswith("#")]
    assert set(remarks) <= set((root / "reportctl.toml").read_text(encoding="utf-8").splitlines())
    assert [unit.code for unit in Session(root).roster.units] == ["001", "002", "022"]
    assert [unit.kind for unit in Session(root).roster.units] == ["commune", "ward", "department"]
    assert not (root / "units.csv").exists()
    assert run("-w", root, "template").code == 0
    assert len(list((root / "outbox/2026-Q3").glob("*.xlsx"))) == 3


def test_the_workbooks_take_what_is_typed_into_them(tmp_path: Path) -> None:
    (tmp_path / "ds.csv").write_text(LIST, encoding="utf-8")
    root = tmp_path / "office"
    assert run("init", root, "--period", "2026-Q3", "--units", tmp_path / "ds.csv").code == 0
    units = openpyxl.load_workbook(root / "units.xlsx")
    assert units.worksheets[0]["A2"].value == "001"
    assert units.worksheets[0]["A2"].number_format == "@"
    assert units.worksheets[0].column_dimensions["A"].number_format == "@"
    assert cells(root / "plan.xlsx") == [("unit", "indicator", "year", "value")]
    form = load_form(root / "form.toml")
    listed = [row[0] for row in cells(root / "plan.xlsx", 2)][1:]
    assert listed == [c for c, one in form.indicators.items() if one.numeric and one.over_units != "none"]
    assert len(listed) > 20
    choices = {
        str(one.sqref): one.formula1
        for one in openpyxl.load_workbook(root / "plan.xlsx").worksheets[0].data_validations.dataValidation
    }
    assert choices == {"A2:A2001": "'Units'!$A$2:$A$4", "B2:B2001": f"'Indicators'!$A$2:$A${len(listed) + 1}"}
    # A plan typed there, a new unit typed below the others.
    plan = openpyxl.load_workbook(root / "plan.xlsx")
    plan.worksheets[0].append(["001", "meetings_held", 2026, 120])
    plan.save(root / "plan.xlsx")
    units.worksheets[0].append(["023", "Sở Y tế", "department"])
    units.save(root / "units.xlsx")
    assert run("-w", root, "merge").code == 0
    assert "Sở Y tế" in run("-w", root, "status").out


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--deadline", "30/2"), "“30/2” is no day by which to report. Type 20/3"),
        (("--deadline", "31/4"), "“31/4” is no day by which to report. Type 20/3"),
        (("--deadline", "mai"), "“mai” is no day by which to report. Type 20/3"),
        (("--style", "royal"), "party, state"),
        (("--units", "nothing.xlsx"), "There is no file"),
        (("--period", "2026"), "2026"),
    ],
)
def test_what_cannot_be_leaves_nothing_behind(
    tmp_path: Path, options: tuple[str, ...], sentence: str
) -> None:
    made = run("--lang", "en", "init", tmp_path / "office", *options)
    assert made.code == 2
    assert sentence in made.err
    assert not (tmp_path / "office").exists()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Tên đơn vị\nXã A\nXã A\n", "lines 2, 3: “Xã A” stands there twice"),
        ("Tên đơn vị;Mã\nXã A;1\nXã B;1\n", "the code “001” stands there twice"),
        ("Tên đơn vị\nBảo Lộc\nXã B\n", "line 2: the kind of “Bảo Lộc” cannot be told"),
        ("Tên đơn vị\nBảo Lộc\nXã B\n", "Kinds stand in a column “Loại”"),
        ("Tên đơn vị;Họ và tên\nXã A;Nguyễn Văn An\n", "“Họ và tên” is about persons"),
        ("code,name,kind\n01,Xã A,commune\n1,Xã B,commune\n", "stands there twice"),
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_taken(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "ds.csv").write_text(text, encoding="utf-8")
    made = run("--lang", "en", "init", tmp_path / "office", "--units", tmp_path / "ds.csv")
    assert made.code == 2
    assert sentence in made.err
    assert not (tmp_path / "office").exists()


@pytest.mark.parametrize(
    ("post", "style", "line"),
    [
        ("Phó Trưởng ban", "party", "K/T TRƯỞNG BAN"), ("Phó Giám đốc", "state", "KT. GIÁM ĐỐC"),
        ("Trưởng ban", "party", ""), ("Phó Bí thư", "party", ""),
        ("phó chánh văn phòng", "state", "KT. CHÁNH VĂN PHÒNG"),
    ],
)  # fmt: skip
def test_whom_a_deputy_signs_for(tmp_path: Path, post: str, style: str, line: str) -> None:
    assert run("init", tmp_path / "office", "--post", post, "--style", style).code == 0
    assert said(tmp_path / "office")["issuer"]["signing_for"] == line


def test_questions_at_a_terminal(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "--lang", "en", "init", "Cơ quan")
    terminal.answer(
        ("First quarter", "quý 3"), ("First quarter", "III/2026"),  # the first is none
        ("Style of documents: party or state [party]:", "đảng"),
        ("Office that issues the report [Ban Tuyên giáo]:", "Ban Tuyên giáo và Dân vận"),
        ("Body above it [Tỉnh ủy An Lạc]:", "Tỉnh ủy Bình Minh"),
        ("Place, as before the date of a letter [An Lạc]:", ""),
        ("Post of whoever signs [Phó Trưởng ban]:", "Trưởng ban"),
        ("Last day to report", "30/2"), ("“30/2” is no day by which to report.", "20/9"),
        ("paste the list; Enter: those of the example:",
         "Xã Phú Khê\nPhường Lạc Thành\nBảo Lộc\nXã Phú Khê\n\n"),
        ("line 3: the kind of “Bảo Lộc” cannot be told", ""),
        ("Put right what is named above", "3"),
        ("Name [Bảo Lộc]:", "Phường Bảo Lộc"), ("Code [003]:", "B03"),
        ("Kind:", "làng"), ("The kind can be commune (Xã)", "phường"),
        ("lines 1, 4: “Xã Phú Khê” stands there twice", "-4"),
        ("Enter: take them.", ""),
        ("3. Office that issues the report: Ban Tuyên giáo và Dân vận", "5"),
        ("Place, as before the date of a letter [An Lạc]:", "Bình Minh"),
        ("5. Place, as before the date of a letter: Bình Minh", "9"), ("none of the numbers", ""),
    )  # fmt: skip
    assert terminal.end() == 0
    assert "ready for 2026-Q3" in terminal.shown
    root = tmp_path / "Cơ quan"
    settings = said(root)
    assert settings["issuer"]["name"] == "Ban Tuyên giáo và Dân vận"
    assert settings["issuer"]["place"] == "Bình Minh"
    assert settings["issuer"]["signing_for"] == ""
    assert settings["deadlines"]["default"] == {"month": 3, "day": 20}
    units = [(unit.code, unit.name, unit.kind) for unit in Session(root).roster.units]
    assert units == [
        ("001", "Xã Phú Khê", "commune"), ("002", "Phường Lạc Thành", "ward"),
        ("B03", "Phường Bảo Lộc", "ward"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "pasted",
    [
        "Xã A\n\t\t\nPhường B\n\n\n\nSở C\n\n", "\n\nXã A\nPhường B\nSở C\n\n",
        "\t\nXã A\n \nPhường B\nSở C\nxong",
        "\tTên đơn vị\n\tXã A\n\t\n\tPhường B\n\tSở C\nEND", "Xã A\nPhường B\nSở C\nhết\n\n0\n99",
    ],
)  # fmt: skip
def test_empty_rows_of_a_pasted_list(tmp_path: Path, pasted: str) -> None:
    terminal = Terminal(tmp_path, "--lang", "en", "init", "office", *OPTIONS)
    terminal.answer(("paste the list", pasted), ("Enter: take them.", ""), ("8. Units: 3", ""))
    assert terminal.end() == 0
    assert [unit.name for unit in Session(tmp_path / "office").roster.units] == ["Xã A", "Phường B", "Sở C"]


def test_a_long_line_is_a_pasted_one(tmp_path: Path) -> None:
    long = "Trung tâm " + "Văn hóa và " * 40 + "Thể thao"
    terminal = Terminal(tmp_path, "--lang", "en", "init", "office", *OPTIONS)
    terminal.answer(
        ("paste the list", f"{long}.xlsx"), ("There is no file", ""), ("paste the list", f"{long}\n\n"),
        ("Enter: take them.", ""), ("8. Units: 1", ""),
    )  # fmt: skip
    assert terminal.end() == 0
    assert [unit.name for unit in Session(tmp_path / "office").roster.units] == [long]


def test_lines_left_out_can_be_taken_all_the_same(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "--lang", "en", "init", "office", *OPTIONS)
    terminal.answer(
        ("paste the list", "Xã A\nKhối 5\nXã B\nCộng: 2\n\n"),
        ("Lines 2 “Khối 5”, 4 “Cộng: 2” are NOT taken over", "+9"), ("none of the numbers", "+2"),
        ("line 2: the kind of “Khối 5” cannot be told", "2"), ("Name [Khối 5]", ""), ("Code [003]", ""),
        ("Kind", "sở"), ("Enter: take them.", ""), ("8. Units: 3", ""),
    )  # fmt: skip
    assert terminal.end() == 0
    units = [(unit.code, unit.name, unit.kind) for unit in Session(tmp_path / "office").roster.units]
    assert units == [
        ("001", "Xã A", "commune"), ("003", "Khối 5", "department"), ("002", "Xã B", "commune"),
    ]  # fmt: skip


BARE = "Tên xã/phường\nPhú Khê\nBảo Lộc\nXã Lạc Thành\n\n"


def test_the_kind_of_all_is_asked_once(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "--lang", "en", "init", "office", *OPTIONS)
    terminal.answer(
        ("paste the list", BARE), ("What are all of these?", "làng"), ("The kind can be", "phường"),
        ("Enter: take them.", ""), ("8. Units: 3", ""),
    )  # fmt: skip
    assert terminal.end() == 0
    kinds = [unit.kind for unit in Session(tmp_path / "office").roster.units]
    assert kinds == ["ward", "ward", "commune"]


def test_the_kinds_can_be_asked_one_by_one(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "--lang", "en", "init", "office", *OPTIONS)
    terminal.answer(
        ("paste the list", BARE), ("What are all of these?", ""),
        ("line 3: the kind of “Bảo Lộc” cannot be told", "2"), ("Name", ""), ("Code", ""), ("Kind", "xã"),
        ("line 3", "3"), ("Name", ""), ("Code", ""), ("Kind", "đặc khu"), ("Enter: take them.", ""),
        ("8. Units: 3", ""),
    )  # fmt: skip
    assert terminal.end() == 0
    kinds = [unit.kind for unit in Session(tmp_path / "office").roster.units]
    assert kinds == ["commune", "special_zone", "commune"]


def test_a_list_of_an_option_is_put_right_at_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "ds.csv").write_text("Tên đơn vị\nXã A\nBảo Lộc\n", encoding="utf-8")
    terminal = Terminal(tmp_path, "--lang", "en", "init", "office", *OPTIONS, "--units", "ds.csv")
    terminal.answer(
        ("the kind of “Bảo Lộc” cannot be told", "3"), ("Name", ""), ("Code", ""), ("Kind", "phường"),
        ("Enter: take them.", ""), ("8. Units: 2", ""),
    )  # fmt: skip
    assert terminal.end() == 0
    assert [unit.kind for unit in Session(tmp_path / "office").roster.units] == ["commune", "ward"]


@pytest.mark.parametrize("more", [(), ("--yes",)])
def test_a_list_is_shown_before_it_is_written(tmp_path: Path, more: tuple[str, ...]) -> None:
    (tmp_path / "ds.csv").write_text("Các xã\nXã A\nCông an tỉnh\nTổng cộng: 2\n", encoding="utf-8")
    made = run("--lang", "en", "init", tmp_path / "office", "--units", tmp_path / "ds.csv", *more)
    assert made.code == 0
    shown = made.out.partition("The workspace")[0]
    assert "002" in shown
    assert "Công an tỉnh" in shown
    assert "Sở, ban, ngành" in shown
    assert "Lines 1 “Các xã”, 4 “Tổng cộng: 2” are NOT taken over" in made.err
    assert "belongs into units.xlsx" in made.err


def test_a_folder_that_cannot_be_is_refused_before_any_question(tmp_path: Path) -> None:
    assert run("init", tmp_path / "office").code == 0
    (tmp_path / "file").write_text("", encoding="utf-8")
    (tmp_path / "own").mkdir()
    (tmp_path / "own/units.csv").write_text("", encoding="utf-8")
    for folder, sentence in (
        ("office", "holds a workspace already"), ("own", "holds units.csv already"),
        ("file", "no folder can be made there"), ("file/office", "no folder can be made there"),
        ("x" * 300, "cannot be written"),
    ):  # fmt: skip
        terminal = Terminal(tmp_path, "--lang", "en", "init", folder, columns=400)
        assert terminal.end() == 2
        assert "First quarter" not in terminal.shown
        assert sentence in terminal.shown
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "office", "own"]


def test_what_was_said_by_options_is_not_asked(tmp_path: Path) -> None:
    (tmp_path / "ds.csv").write_text(LIST, encoding="utf-8")
    terminal = Terminal(tmp_path, "--lang", "en", "init", "office", *OPTIONS, "--units", "ds.csv")
    terminal.answer(("8. Units: 3", ""))
    assert terminal.end() == 0
    assert "Place, as before the date of a letter [" not in terminal.shown
    assert said(tmp_path / "office")["issuer"]["place"] == "Bình Minh"


def test_nothing_is_asked_with_yes(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "--lang", "en", "init", "office", "--period", "2026-Q3", "--yes")
    assert terminal.end() == 0
    assert "First quarter" not in terminal.shown
    assert (tmp_path / "office/reportctl.toml").is_file()


@pytest.mark.parametrize(("key", "code"), [("\x04", 0), ("\x03", 130)])
def test_whoever_leaves_has_written_nothing(tmp_path: Path, key: str, code: int) -> None:
    terminal = Terminal(tmp_path, "--lang", "en", "init", "office")
    terminal.answer(("First quarter", ""))
    terminal.wait_for("Style of documents")
    terminal.press(key)
    assert terminal.end() == code
    assert "Traceback" not in terminal.shown
    assert not (tmp_path / "office").exists()


def test_nothing_is_written_where_that_is_the_answer(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "--lang", "en", "init", "office", *OPTIONS)
    terminal.answer(("paste the list", ""), ("0: write nothing.", "0"))
    assert terminal.end() == 0
    assert "Nothing is written." in terminal.shown
    assert not (tmp_path / "office").exists()


@pytest.mark.slow
@pytest.mark.parametrize("command", ["init", "demo"])
def test_the_file_to_double_click_is_in_every_workspace(tmp_path: Path, command: str) -> None:
    root = tmp_path / "Cơ quan"
    assert run(command, root).code == 0
    data = (root / "Mở reportctl.cmd").read_bytes()
    assert data.startswith(b"@echo off\r\n")
    assert "Không tìm thấy chương trình" in data.decode("utf-8")
