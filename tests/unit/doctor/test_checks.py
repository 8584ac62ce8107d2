"""What follows from the facts of a computer and a workspace; of Windows, too, wherever the tests run."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from reportctl.core import language
from reportctl.core.period import Quarter
from reportctl.doctor.checks import TITLES, Check, State, checks, synced_by
from reportctl.doctor.facts import Computer, Facts, Files, Office
from reportctl.doctor.shown import checks_json, checks_table
from reportctl.ledger.condition import Condition

NOW = dt.datetime(2024, 4, 2, 8, 30)
Q1 = Quarter(2024, 1)
LINUX = Computer("linux", (3, 11, 7), NOW, "UTF-8", fonts=frozenset({"times new roman", "arial bold"}))
WINDOWS = replace(LINUX, system="windows", encoding="cp65001", code_page=65001)
FILES = Files("/srv/bao-cao", 50_000_000_000, longest="/srv/bao-cao/output/2024-Q1/report-2024-Q1.docx")
OFFICE = Office(quarter=Q1, window=Q1.window(), fonts=frozenset({"Times New Roman"}), ledger=Condition.READY)


def looked_at(
    computer: Computer = LINUX, files: Files | None = FILES, office: Office | None = OFFICE, **more: Any
) -> dict[str, Check]:
    """The checks by code; where there are several of one code, the first that is not in order."""
    found: dict[str, Check] = {}
    for check in checks(Facts(computer, files, office, **more)):
        if check.code not in found or found[check.code].state is State.OK:
            found[check.code] = check
    return found


def of_files(code: str, computer: Computer = LINUX, **changed: Any) -> Check:
    return looked_at(computer, replace(FILES, **changed))[code]


def of_office(code: str, **changed: Any) -> Check:
    return looked_at(office=replace(OFFICE, **changed))[code]


@pytest.mark.parametrize("computer", [LINUX, WINDOWS, replace(WINDOWS, code_page=None)])
def test_where_all_is_right_every_line_says_so(computer: Computer) -> None:
    files = replace(FILES, root=r"C:\bao-cao", longest=r"C:\bao-cao\form.toml")
    found = looked_at(computer, files if computer.is_windows else FILES)
    assert list(found) == list(TITLES)
    assert {check.state for check in found.values()} == {State.OK}
    assert all(check.what and not check.remedy for check in found.values())


def test_an_old_python() -> None:
    check = looked_at(replace(LINUX, python=(3, 10, 12)))["python"]
    assert (check.state, "3.10.12" in check.what, "3.11" in check.remedy) == (State.PROBLEM, True, True)


@pytest.mark.parametrize("page", [437, 850, 1258, 1252])
def test_a_code_page_without_all_letters(page: int) -> None:
    check = looked_at(replace(WINDOWS, code_page=page))["console"]
    assert check.state is State.NOTE
    assert str(page) in check.what
    assert "chcp 65001" in check.remedy
    assert "--out" in check.remedy


@pytest.mark.parametrize(
    ("encoding", "state"),
    [("UTF-8", State.OK), ("utf8", State.OK), ("ANSI_X3.4-1968", State.NOTE), ("", State.NOTE)],
)
def test_the_encoding_of_a_console_elsewhere(encoding: str, state: State) -> None:
    assert looked_at(replace(LINUX, encoding=encoding))["console"].state is state


@pytest.mark.parametrize(
    ("named", "there", "state"),
    [
        ({"Times New Roman"}, {"times new roman"}, State.OK),
        ({"Arial"}, {"arial bold"}, State.OK),
        ({"Arial"}, {"arialnarrow"}, State.NOTE),
        ({"Times New Roman", "Cambria"}, {"times new roman"}, State.NOTE),
        ({"Times New Roman"}, None, State.OK),
        (set(), {"arial"}, State.OK),
    ],
)
def test_fonts(named: set[str], there: set[str] | None, state: State) -> None:
    computer = replace(LINUX, fonts=None if there is None else frozenset(there))
    check = looked_at(computer, office=replace(OFFICE, fonts=frozenset(named)))["fonts"]
    assert check.state is state
    assert ("Cambria" in check.what) == ("Cambria" in named)


def test_the_clock_against_the_newest_file() -> None:
    def clock(**late: float) -> Check:
        return of_files("clock", newest=("output/2024-Q1/merged.xlsx", NOW + dt.timedelta(**late)))

    assert clock(hours=-1).state is State.OK
    assert clock(hours=13).state is State.OK  # another time zone
    wrong = clock(days=40)
    assert wrong.state is State.PROBLEM
    assert "merged.xlsx was written at 08:30 on 12 May 2024" in wrong.what.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (dt.datetime(2023, 12, 15), State.OK),  # Q1's window is from 15/12 of the year before to 14/3
        (dt.datetime(2023, 10, 1), State.OK),
        (dt.datetime(2023, 9, 13), State.NOTE),
        (dt.datetime(2025, 3, 15), State.OK),
        (dt.datetime(2025, 3, 16), State.NOTE),
        (dt.datetime(1980, 1, 1), State.NOTE),
        (dt.datetime(1970, 1, 1), State.PROBLEM),
        (dt.datetime(2108, 1, 1), State.PROBLEM),
    ],
)
def test_the_clock_against_the_quarter(day: dt.datetime, state: State) -> None:
    assert looked_at(replace(LINUX, now=day))["clock"].state is state


def test_settings_that_cannot_be_read() -> None:
    found = checks(Facts(LINUX, FILES, Office(unreadable=("form.toml: line 3.", "units.csv: line 2."))))
    wrong = [check.what for check in found if check.code == "settings"]
    assert wrong == ["form.toml: line 3.", "units.csv: line 2."]
    assert [check.state for check in found if check.state is not State.OK] == [State.PROBLEM] * 2


@pytest.mark.parametrize("name", ["decisions.csv", "reportctl.db", ".reportctl-written.json"])
def test_what_no_merge_does_without_is_open(name: str) -> None:
    check = of_files("open", opened=((name, ""),))
    assert (check.state, name in check.what) == (State.PROBLEM, True)


def test_other_files_that_are_open() -> None:
    check = of_files("open", opened=(("output/2024-Q1/report-2024-Q1.docx", "output/2024-Q1/~$port.docx"),))
    assert check.state is State.NOTE
    assert "report-2024-Q1.docx" in check.what
    assert "~$port.docx" in check.remedy
    many = of_files("open", opened=tuple((f"{n}.xlsx", "") for n in range(9)))
    assert many.what.endswith("4.xlsx and 4 more.")
    assert "crash" not in many.remedy


def test_folders_that_cannot_be_written_in() -> None:
    assert of_files("rights", refused=("Not there.",)) == Check("rights", State.PROBLEM, "Not there.")
    found = checks(Facts(LINUX, replace(FILES, refused=tuple("abcdefgh")), OFFICE))
    said = [check.what for check in found if check.code == "rights"]
    assert said == [*"abcde", "3 more cannot be written, too."]


@pytest.mark.parametrize(
    ("megabytes", "state"),
    [(0, State.PROBLEM), (199, State.PROBLEM), (200, State.NOTE), (999, State.NOTE), (1000, State.OK)],
)
def test_room_on_the_disk(megabytes: int, state: State) -> None:
    check = of_files("disk", free=megabytes * 1_000_000)
    assert (check.state, str(megabytes) in check.what.replace(",", "")) == (state, True)


def test_nobody_knows_how_much_room_there_is() -> None:
    assert of_files("disk", free=None).state is State.OK


@pytest.mark.parametrize(
    ("root", "longest", "state"),
    [(20, 259, State.OK), (20, 260, State.PROBLEM), (119, 150, State.OK), (120, 150, State.NOTE)],
)
def test_paths_of_windows(root: int, longest: int, state: State) -> None:
    long = {"root": "C:\\" + "x" * (root - 3), "longest": "C:\\" + "x" * (longest - 3)}
    assert of_files("paths", WINDOWS, **long).state is state
    assert of_files("paths", LINUX, **long).state is State.OK


@pytest.mark.parametrize(
    ("root", "program"),
    [
        (r"C:\Users\lan\OneDrive\bao-cao", "OneDrive"),
        (r"C:\Users\lan\OneDrive - UBND tinh\bao-cao", "OneDrive"),
        (r"D:\Dropbox (VP)\bao-cao", "Dropbox"),
        (r"G:\My Drive\bao-cao", "Google Drive"),
        (r"G:\Drive của tôi\bao-cao", "Google Drive"),
        (r"C:\Users\lan\iCloudDrive\bao-cao", "iCloud"),
        (r"C:\Users\lan\Nextcloud\bao-cao", "Nextcloud"),
        (r"C:\Users\lan\Documents\bao-cao", ""),
        (r"D:\dropboxes\bao-cao", ""),
        (r"D:\van ban onedrive cu\bao-cao", ""),
        (r"E:\Chung\VP\bao-cao", "OneDrive"),
    ],
)
def test_syncing_folders_of_windows(root: str, program: str) -> None:
    computer = replace(WINDOWS, synced=(r"E:\Chung",))
    assert synced_by(computer, replace(FILES, root=root)) == program


@pytest.mark.parametrize(
    ("root", "hidden", "program"),
    [
        ("/Users/lan/Library/Mobile Documents/com~apple~CloudDocs/bao-cao", (), "iCloud"),
        ("/Users/lan/Library/CloudStorage/GoogleDrive-lan@vp/My Drive/bao-cao", (), "Google Drive"),
        ("/home/lan/bao-cao", (".dropbox.cache", ".bashrc"), "Dropbox"),
        ("/home/lan/bao-cao", (".tmp.driveupload",), "Google Drive"),
        ("/home/lan/bao-cao", (".stfolder",), "Syncthing"),
        ("/home/lan/bao-cao", (".sync_1a2b3c.db",), "Nextcloud"),
        ("/home/lan/bao-cao", (".git", ".bashrc", ".dropbox-old"), ""),
    ],
)
def test_syncing_folders_elsewhere(root: str, hidden: tuple[str, ...], program: str) -> None:
    files = replace(FILES, root=root, hidden=frozenset(hidden))
    assert synced_by(LINUX, files) == program
    check = looked_at(files=files)["syncing"]
    assert (check.state, program in check.what) == (State.NOTE if program else State.OK, True)


def test_copies_of_a_syncing_program() -> None:
    assert of_files("syncing", copies=("decisions-PC2.csv lies beside decisions.csv.",)).state is State.NOTE


@pytest.mark.parametrize(
    ("changed", "state", "said"),
    [
        ({"drift": 2}, State.NOTE, "in 2 points"),
        ({"drift": 3, "stops": 1}, State.PROBLEM, "In 1 point"),
        ({"undrifted": "report.docx is missing."}, State.PROBLEM, "report.docx is missing."),
        ({"unreadable": ("form.toml",)}, State.OK, "Not looked at"),
    ],
)
def test_report_and_form(changed: dict[str, Any], state: State, said: str) -> None:
    check = of_office("report", **changed)
    assert (check.state, said in check.what) == (state, True)


@pytest.mark.parametrize(
    ("condition", "lost", "state", "remedy"),
    [
        (Condition.READY, False, State.OK, ""),
        (Condition.MISSING, False, State.OK, ""),
        (Condition.MISSING, True, State.PROBLEM, "reportctl merge"),
        (Condition.READY, True, State.PROBLEM, "reportctl merge"),
        (Condition.OLDER, False, State.PROBLEM, "reportctl merge"),
        (Condition.NEWER, False, State.PROBLEM, "Install the newer version"),
        (Condition.DAMAGED, False, State.PROBLEM, "reportctl merge"),
        (Condition.BUSY, False, State.NOTE, "try again"),
    ],
)
def test_the_ledger(condition: Condition, lost: bool, state: State, remedy: str) -> None:
    check = of_office("ledger", ledger=condition, lost=lost)
    assert (check.state, remedy in check.remedy) == (state, True)


def test_who_merges_and_a_merge_that_was_broken_off() -> None:
    merging = of_office("lock", merging="A merge by lan is under way.", cut_off=False)
    assert (merging.state, merging.what) == (State.NOTE, "A merge by lan is under way.")
    assert of_office("lock", cut_off=True).state is State.NOTE


def test_without_a_workspace_the_computer_is_looked_at() -> None:
    found = looked_at(files=None, office=None)
    assert list(found) == ["python", "console", "fonts", "clock", "workspace"]
    assert found["workspace"].state is State.NOTE
    named = looked_at(files=None, office=None, no_workspace="/x is no workspace.")["workspace"]
    assert (named.state, named.what) == (State.PROBLEM, "/x is no workspace.")


def test_the_table_speaks_and_other_formats_have_codes() -> None:
    found = checks(Facts(LINUX))
    language.use("vi")
    spoken = checks_table(found).rows[4].cells
    language.use("en")
    assert spoken[:2] == ("Thư mục làm việc", "lưu ý")
    assert checks_table(found, codes=True).rows[4].cells[:2] == ("workspace", "note")
    assert checks_json(found)["checks"][0] == {
        "check": "python", "state": "ok", "what": "Python 3.11.7", "remedy": None
    }  # fmt: skip
