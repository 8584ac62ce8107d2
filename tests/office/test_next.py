"""How the next quarter is begun, by command: what says so, what is made, what is to be checked first."""

from __future__ import annotations

import tomllib
from pathlib import Path

import openpyxl
import pytest

from tests.making.commands import run
from tests.making.office import Office, make_office


def began(root: Path, current: str = "2024-Q1") -> Office:
    """An office in whose quarter the units 01 and 02 have reported, and 03 has not."""
    office = make_office(root)
    (root / "reportctl.toml").write_text(
        f'# Cài đặt\r\nlanguage = "en"\r\n current="{current}" # quý\r\n\r\n[deadlines]\r\n'
        'default = { days_after = 3 }\r\n[checks]\r\n# current = "x"\r\nmin_words = 20\r\n',
        encoding="utf-8",
        newline="",
    )
    office.put("01.xlsx", office.book("01", 10))
    office.put("02.xlsx", office.book("02", 20))
    assert office.run("merge", "2024-Q1").code == 0
    return office


def test_the_next_quarter_is_begun(tmp_path: Path) -> None:
    office = began(tmp_path / "office")
    settings = office.root / "reportctl.toml"
    before = settings.read_bytes()
    said = office.run("next")
    assert said.code == 0, said
    assert settings.read_bytes() == before.replace(b"2024-Q1", b"2024-Q2")  # and nothing else
    assert all((office.root / name / "2024-Q2").is_dir() for name in ("inbox", "outbox", "output"))
    lines = said.out.splitlines()
    assert lines[0].startswith("The second quarter of 2024 is the current quarter now")
    told = "\n".join(lines[1:-1]).replace("\u00a0", " ")
    assert "2024-Q1 is not closed" in told
    assert "first quarter of 2024, for 2 units of 3" in told
    assert "Huyện 03" in told
    assert "Huyện 01" not in told
    assert "reportctl form --check" in told
    assert "units.csv" in told
    assert "Deadline: 17 Jun 2024" in told  # three days after the window ends on the 14th
    assert lines[-1].endswith("reportctl template")

    # What it says of base figures is what the workbooks then show.
    assert office.run("template").code == 0
    shown = {}
    for path in (office.root / "outbox" / "2024-Q2").iterdir():
        sheet = openpyxl.load_workbook(path)["Số liệu"]
        shown[path.name[:2]] = {row[0].value: row[4].value for row in sheet.iter_rows(min_row=8)}[
            "press_total"
        ]
    assert shown == {"01": 10, "02": 20, "03": None}


def test_what_changes_between_the_quarters_is_named(tmp_path: Path) -> None:
    office = began(tmp_path / "office")
    assert office.run("close").code == 0
    (office.root / "units.csv").write_text(
        "code,name,kind,valid_from,valid_to\n01,Thị xã 01,district,,\n02,Huyện 02,district,,2024-04-30\n"
        "03,Huyện 03,district,,\n04,Huyện 04,district,2024-05-01,\n",
        encoding="utf-8",
    )
    form = office.root / "form.toml"
    form.write_text(form.read_text(encoding="utf-8").replace("Phát thanh", "Truyền thanh"), encoding="utf-8")
    said = office.run("next").out
    assert "not closed" not in said
    assert "another one than that of 2024-Q1" in said
    assert "New since 2024-Q1: Huyện 04." in said
    assert "No longer there: Huyện 02." in said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('language = "en"\n', 'language = "en"\ncurrent = "2024-Q2"\n'),
        ('language = "en"', 'language = "en"\ncurrent = "2024-Q2"\n'),
        ("", 'current = "2024-Q2"\n'),
        ("[checks]\nmin_words = 20\n", 'current = "2024-Q2"\n[checks]\nmin_words = 20\n'),
        ("current = 'I/2024'  # nay\n", 'current = "2024-Q2"  # nay\n'),
        ('\ufeffcurrent = "2024-Q1"\n', '\ufeffcurrent = "2024-Q2"\n'),
        ('\ufefflanguage = "en"\r\n', '\ufefflanguage = "en"\r\ncurrent = "2024-Q2"\r\n'),
    ],
)
def test_settings_of_every_shape(tmp_path: Path, text: str, expected: str) -> None:
    office = make_office(tmp_path / "office")
    settings = office.root / "reportctl.toml"
    settings.write_text(text, encoding="utf-8", newline="")
    (office.root / "inbox" / "2024-Q1").mkdir(parents=True)
    assert office.run("next").code == 0
    assert settings.read_bytes().decode() == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('current = """2024-Q1"""\n', 'current = "2024-Q2"\n'),
        (  # the first is a text
            'issuer.area = """\ncurrent = "2024-Q9"\n"""\ncurrent = "2024-Q1"\n',
            'issuer.area = """\ncurrent = "2024-Q9"\n"""\ncurrent = "2024-Q2"\n',
        ),
    ],
)
def test_a_quarter_is_found_where_lines_alone_would_mislead(tmp_path: Path, text: str, expected: str) -> None:
    office = make_office(tmp_path / "office")
    settings = office.root / "reportctl.toml"
    assert tomllib.loads(text)["current"] == "2024-Q1"
    settings.write_text(text, encoding="utf-8")
    assert office.run("next").code == 0
    assert settings.read_text(encoding="utf-8") == expected


def test_a_quarter_that_has_not_begun_is_not_left_behind(tmp_path: Path) -> None:
    """Called twice by mistake it would leave out a quarter."""
    office = make_office(tmp_path / "office")
    settings = office.root / "reportctl.toml"
    settings.write_text('current = "2099-Q1"\n', encoding="utf-8")
    said = office.run("next")
    assert said.code == 2
    assert "nothing has come for it yet" in said.err
    assert "next" not in office.run().out
    inbox = office.root / "inbox" / "2099-Q1"
    inbox.mkdir(parents=True)
    (inbox / "a.xlsx").write_bytes(b"x")
    assert office.run("next").code == 0
    assert tomllib.loads(settings.read_text(encoding="utf-8"))["current"] == "2099-Q2"


def test_a_form_that_cannot_be_read_changes_nothing(tmp_path: Path) -> None:
    office = began(tmp_path / "office")
    before = (office.root / "reportctl.toml").read_bytes()
    (office.root / "form.toml").write_text("id = 1", encoding="utf-8")
    assert office.run("next").code == 2
    assert (office.root / "reportctl.toml").read_bytes() == before


def test_it_is_said_when_a_quarter_is_closed_or_past(tmp_path: Path) -> None:
    office = began(tmp_path / "office")
    assert "2024-Q1 is past. Once its figures are final: reportctl close 2024-Q1" in office.run().out
    closed = office.run("close")
    assert "The second quarter of 2024 is begun with: reportctl next" in closed.err
    assert "The second quarter of 2024 is begun with: reportctl next" in office.run().out
    assert office.run("next").code == 0
    # Of one for which nothing came there is nothing to close.
    assert "The third quarter of 2024 is begun with: reportctl next" in office.run().out
    # One that was left behind is closed without a word about what has been begun since.
    assert "reportctl next" not in office.run("close", "2024-Q1", "--why", "x").err
    said = run("-w", office.root, "--lang", "vi")
    assert "reportctl next" in said.out
    assert "Quý" in said.out


def test_base_figures_are_no_matter_where_the_form_shows_none(tmp_path: Path) -> None:
    office = began(tmp_path / "office")
    form = office.root / "form.toml"
    kinds = "".join(f'[[kinds]]\ncode = "{one}"\ntitle = "{one}"\n' for one in ("district", "press"))
    table = '[[tables]]\ncode = "t"\ntitle = "T"\ncolumns = [{ code = "a", label = "A" }PREVIOUS]\n'
    table += 'rows = [{ code = "b", label = "B" }]\n'
    for previous, said in ((', { code = "p", label = "P", is = "previous" }', True), ("", False)):
        form.write_text(
            f'id = "x"\ntitle = "X"\n{kinds}{table.replace("PREVIOUS", previous)}', encoding="utf-8"
        )
        done = office.run("--lang", "en", "next")
        assert done.code == 0, done
        assert ("Base figures" in done.out) is said
