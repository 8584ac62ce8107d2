"""Mistakes in the files that people set up an office with: each with the sentence that names its cause."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from reportctl.core.period import Quarter
from reportctl.workspace.settings import Deadline, Settings
from tests.making.office import FORM, Q1, Office

# Deadlines


@pytest.mark.parametrize(
    ("rule", "quarter", "last"),
    [
        ({"month": 3, "day": 30}, "2024-Q1", "2024-03-30"),
        ({"month": 3, "day": 31}, "2024-Q2", "2024-06-30"),
        ({"month": 3, "day": 31}, "2024-Q4", "2024-12-31"),
        ({"month": 2, "day": 30}, "2024-Q1", "2024-02-29"),
        ({"month": 2, "day": 31}, "2025-Q1", "2025-02-28"),
        ({"month": 4, "day": 31}, "2024-Q4", "2025-01-31"),
        ({"month": 4, "day": 31}, "2024-Q3", "2024-10-31"),
        ({"month": 1, "day": 29}, "2024-Q1", "2024-01-29"),
    ],
)
def test_a_day_that_the_month_has_not_is_its_last(rule: dict[str, int], quarter: str, last: str) -> None:
    settings = Settings(deadlines={"default": Deadline.model_validate(rule)})
    year, number = int(quarter[:4]), int(quarter[-1])
    assert settings.deadline("district", Quarter(year, number)) == dt.date.fromisoformat(last)


# reportctl.toml

DEADLINE = (
    "write {{ month = {month}, day = {day} }} for day {day} of the quarter's month {month} (1 to 3; 4 is the "
    "month after the quarter), or {{ days_after = 3 }} for 3 days after the data window"
)
WRONG_SETTINGS = {
    "an unknown kind": (
        "[deadlines]\ndistrcit = { days_after = 3 }",
        "deadlines.distrcit: “distrcit” is not one of the form's kinds of units: district, default; "
        "“district” was meant?",
    ),
    "a default misspelt": (
        "[deadlines]\ndefualt = { days_after = 3 }",
        "deadlines.defualt: “defualt” is not one of the form's kinds of units: district, default; "
        "“default” was meant?",
    ),
    "an unknown key": ("langauge = 'vi'", "langauge: this setting is not known; “language” was meant?"),
    "of a section": ("[issuer]\nnmae = 'A'", "issuer.nmae: this setting is not known; “name” was meant?"),
    "of a deadline": (
        "[deadlines]\ndefault = { day_after = 3 }",
        "deadlines.default.day_after: this setting is not known; “days_after” was meant?",
    ),
    "of another section": (
        "[checks]\ndash = 'zero'",
        "checks.dash: this setting is not known here; it stands under [cells]",
    ),
    "below a section": (
        "[issuer]\nstyle = 'state'",
        "issuer.style: this setting is not known here; it stands at the beginning, above all sections",
    ),
    "a comma in quotes": ("[checks]\ntimes = '3,5'", "checks.times: “3,5” is no number in this file:"),
    "a bare comma": ("[checks]\ntimes = 24,5", "line 2: “24,5” is no number in this file: decimals"),
    "a day": (
        "[deadlines]\ndefault = 20/3",
        f"line 2: “20/3” is no deadline; {DEADLINE.format(month=3, day=20)}",
    ),
    "a day in quotes": (
        "[deadlines]\ndefault = '5/2'",
        f"deadlines.default: “5/2” is no deadline; {DEADLINE.format(month=2, day=5)}",
    ),
    "a number alone": (
        "[deadlines]\ndefault = 20",
        f"deadlines.default: “20” is no deadline; {DEADLINE.format(month=3, day=20)}",
    ),
    "a month alone": (
        "[deadlines]\ndefault = { day = '20/3' }",
        f"deadlines.default.day: “20/3” is no deadline; {DEADLINE.format(month=3, day=20)}",
    ),
    "no comma": (
        "[issuer]\nrecipients = [\n  'A'\n  'B',\n]", "line 3: a comma is missing after 'A'",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "said"), WRONG_SETTINGS.values(), ids=WRONG_SETTINGS)
def test_a_wrong_setting_names_its_cause(office: Office, text: str, said: str) -> None:
    (office.root / "reportctl.toml").write_text(f"{text}\n", encoding="utf-8")
    ended = office.run("status", Q1)
    assert ended.code == 2
    assert said in ended.err
    assert "Traceback" not in ended.err


def test_a_deadline_of_a_kind_that_the_form_does_not_have_is_taken_away_as_the_message_says(
    office: Office,
) -> None:
    (office.root / "reportctl.toml").write_text(
        "[deadlines]\nschool = { days_after = 3 }\ndefault = { days_after = 5 }\n", encoding="utf-8"
    )
    assert "reportctl settings --unset deadlines.school" in office.run("status", Q1).err
    assert office.run("settings", "--unset", "deadlines.schol").code == 2  # none of that name is set
    assert office.run("settings", "--unset", "deadlines.school").code == 0
    assert office.run("status", Q1).code == 0
    assert "\nschool" not in (office.root / "reportctl.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("said", ["5", '"school"', "[1]"])
def test_where_deadlines_are_no_table_none_is_taken_away(office: Office, said: str) -> None:
    path = office.root / "reportctl.toml"
    path.write_text(f"deadlines = {said}\n", encoding="utf-8")
    ended = office.run("settings", "--unset", "deadlines.school")
    assert ended.code == 2
    assert "“school” is not one of the form's kinds of units" in ended.err
    assert path.read_text(encoding="utf-8") == f"deadlines = {said}\n"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("name", ["form.toml", "reportctl.toml"])
def test_what_notepad_calls_unicode_is_named(office: Office, name: str, encoding: str) -> None:
    path = office.root / name
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))
    ended = office.run("status", Q1)
    assert ended.code == 2
    assert (
        "is saved as UTF-16, which Notepad calls “Unicode”; save it again with the encoding UTF-8"
        in ended.err
    )


# NAME.txt


@pytest.mark.parametrize("name", ["form.toml", "reportctl.toml", "units.csv"])
def test_a_name_to_which_notepad_added_txt_is_noticed(office: Office, name: str) -> None:
    (office.root / name).rename(office.root / f"{name}.txt")
    ended = office.run("status", Q1)
    assert ended.code == 2
    assert ended.err == (
        f"There is no {name} in {office.root}, but {name}.txt: Notepad has added .txt to the name. "
        f"Rename it to {name}.\n"
    )


@pytest.mark.parametrize("name", ["form.toml", "reportctl.toml", "units.csv", "plan.csv"])
def test_one_beside_the_file_is_named_and_not_read(office: Office, name: str) -> None:
    (office.root / name).touch()
    if name == "plan.csv":
        (office.root / name).write_text("unit,indicator,year,value\n", encoding="utf-8")
    (office.root / f"{name}.txt").write_text("newer", encoding="utf-8")
    ended = office.run("status", Q1)
    assert ended.code == 0
    assert f"{name}.txt lies beside {name} and is not read: Notepad has added .txt to its name." in ended.err


# form.toml

INDICATOR = 'code = "more"\nlabel = "Thêm"\nunit_of_measure = "tin"\n'
WRONG_FORMS = {
    "no line before the first": (
        FORM + f'[[sections]]\ncode = "b"\ntitle = "B"\n{INDICATOR}',
        "the line [[sections.indicators]] is missing above this one",
    ),
    "nor its code": (
        FORM + '[[sections]]\ncode = "b"\ntitle = "B"\nlabel = "Thêm"\nunit_of_measure = "tin"\n',
        "“label” belongs to a block [[sections.indicators]]: that line is missing above it",
    ),
    "without its section": (
        FORM + f"[[indicators]]\n{INDICATOR}",
        "[[indicators]] stands inside another block: write [[sections.indicators]]",
    ),
    "in single brackets": (
        FORM + '[[sections]]\ncode = "b"\ntitle = "B"\n[sections.indicators]\n' + INDICATOR,
        "write [[sections.indicators]], with two brackets on each side",
    ),
    "a decimal comma": (
        FORM.replace('part_of = "press_total"', 'part_of = "press_total"\nmax = 24,5', 1),
        "“24,5” is no number in this file: decimals are written with a point, 24.5",
    ),
    "one in quotes": (
        FORM.replace('part_of = "press_total"', 'part_of = "press_total"\nmax = "24,5"', 1),
        "“24,5” is no number in this file: decimals are written with a point, 24.5",
    ),
    "a missing comma": (
        FORM.replace('code = "aired"', 'code = "aired"\napplies_to = ["district" "press"]'),
        'a comma is missing after "district"',
    ),
    "an unknown kind": (
        FORM.replace('code = "aired"', 'code = "aired"\napplies_to = ["distrct"]'),
        "“distrct” is not one of the kinds of units: district; “district” was meant?",
    ),
}


@pytest.mark.parametrize(("text", "said"), WRONG_FORMS.values(), ids=WRONG_FORMS)
def test_a_wrong_form_names_its_cause(office: Office, text: str, said: str) -> None:
    assert text != FORM
    (office.root / "form.toml").write_text(text, encoding="utf-8")
    ended = office.run("form", "--check")
    assert ended.code in (1, 2)
    assert said in ended.out + ended.err


# Long lists


def _rows(path: Path, head: str, rows: list[str]) -> None:
    path.write_text("\n".join([head, *rows, ""]), encoding="utf-8")


def test_of_many_mistakes_twenty_are_said_and_the_others_counted(office: Office) -> None:
    _rows(
        office.root / "plan.csv", "unit,indicator,year,value", [f"X{n},press_total,2024,5" for n in range(33)]
    )
    ended = office.run("summary", Q1)
    assert ended.code == 2
    assert ended.err.count("there is no unit with the code") == 20
    assert ended.err.rstrip().endswith("… and 13 more")
    (office.root / "plan.csv").unlink()
    _rows(office.root / "units.csv", "code,name,kind", [f"X{n},Tên,huyện" for n in range(21)])
    ended = office.run("status", Q1)
    assert ended.err.count("is not one of the form's kinds") == 20
    assert ended.err.rstrip().endswith("… and 1 more")
    wrong = "".join(f'[[rules]]\ncode = "r{n}"\ncheck = "nothing = 1"\nmessage = "x"\n' for n in range(25))
    (office.root / "form.toml").write_text(FORM + wrong, encoding="utf-8")
    ended = office.run("status", Q1)
    assert ended.err.count("is not in the form") == 20
    assert ended.err.rstrip().endswith("… and 5 more")


# Codes whose zeros a spreadsheet ate


def test_the_code_that_was_meant_is_the_one_that_the_archive_knows(office: Office) -> None:
    head, units = "code,name,kind", office.root / "units.csv"
    _rows(units, head, [f"{n:03},Huyện {n},district" for n in (*range(1, 10), 11, 12)])
    office.merge()
    _rows(units, head, [f"{n},Huyện {n},district" for n in (*range(1, 10), 11, 12)])
    ended = office.run("status", Q1)
    assert ended.code == 2
    said = [
        line.split("column code: ")[1].split(" Set ")[0] for line in ended.err.splitlines() if "code:" in line
    ]
    assert said == [
        f"“{n}” has lost its leading zero in a spreadsheet program; “{n:03}” was meant?"
        for n in (*range(1, 10), 11, 12)
    ]


def test_codes_that_never_had_zeros_are_sound(office: Office) -> None:
    head, units = "code,name,kind", office.root / "units.csv"
    _rows(units, head, ["01,Huyện 01,district", "10,Huyện 10,district"])
    office.merge()
    _rows(units, head, ["01,Huyện 01,district", "10,Huyện 10,district", "11,Huyện 11,district"])
    assert office.run("status", Q1).code == 0
