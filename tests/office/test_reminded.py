"""Reminders leave a trace: what was written to whom on which day; nobody is told to remind them again."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from tests.making.office import Office

pytestmark = pytest.mark.slow

TODAY = dt.date.today()
REMIND = "status 2024-Q1 --remind"


@pytest.fixture
def late(office: Office) -> Office:
    """An office of three units, of which one has sent its report; the deadline is long over."""
    office.put("01.xlsx", office.book("01", 10))
    office.merge()
    (office.root / "outbox" / "2024-Q1").mkdir(parents=True, exist_ok=True)
    (office.root / "outbox" / "2024-Q1" / "01.xlsx").write_bytes(b"sent")
    return office


def overview(office: Office) -> str:
    return office.run().out


def kept(office: Office) -> list[Path]:
    return sorted((office.root / "output" / "2024-Q1").glob("reminders-*.txt"))


def test_who_was_reminded_is_not_to_be_reminded_again(late: Office) -> None:
    assert REMIND in overview(late)
    said = late.run("status", "2024-Q1", "--remind")
    (path,) = kept(late)
    assert path.name == f"reminders-{TODAY}.txt"
    assert path.name in said.err
    assert path.read_text(encoding="utf-8").strip() == said.out.strip()
    after = overview(late)
    assert REMIND not in after
    names = [
        line.split("---")[1].split("(")[0].strip() for line in said.out.splitlines() if line[:3] == "---"
    ]
    (told,) = (line for line in after.splitlines() if line.startswith("Reminded on "))
    assert len(names) == 2
    assert all(name in told for name in names)
    assert told in late.run("status", "2024-Q1").err
    late.put("02.xlsx", late.book("02", 10))
    late.merge()
    (told,) = (line for line in overview(late).splitlines() if line.startswith("Reminded on "))
    assert (names[0] in told, names[1] in told) == (False, True)


@pytest.mark.parametrize(("days", "again"), [(2, False), (3, True)])
def test_once_the_days_are_over_it_is_time_to_remind_again(late: Office, days: int, *, again: bool) -> None:
    late.run("status", "2024-Q1", "--remind", "--format", "json")
    (path,) = kept(late)
    path.rename(path.with_name(f"reminders-{TODAY - dt.timedelta(days=days)}.txt"))
    assert (REMIND in overview(late)) is again


def test_one_unit_after_the_other(late: Office) -> None:
    late.run("status", "2024-Q1", "--remind", "--unit", "02")
    assert REMIND in overview(late)
    late.run("status", "2024-Q1", "--remind", "--unit", "03")
    (path,) = kept(late)
    text = path.read_text(encoding="utf-8")
    assert [code for code in ("(01)", "(02)", "(03)") if code in text] == ["(02)", "(03)"]
    assert REMIND not in overview(late)
    late.run("status", "2024-Q1", "--remind", "--unit", "02")
    assert kept(late)[0].read_text(encoding="utf-8").count("(02)") == 1


def test_a_file_that_people_have_changed_stays(late: Office) -> None:
    late.run("status", "2024-Q1", "--remind", "--unit", "02")
    (path,) = kept(late)
    edited = path.read_text(encoding="utf-8") + "\nĐã gọi điện.\n"
    path.write_text(edited, encoding="utf-8")
    late.run("status", "2024-Q1", "--remind", "--unit", "03")
    assert path.read_text(encoding="utf-8") == edited
    assert [one.name for one in kept(late)] == [f"reminders-{TODAY} (2).txt", f"reminders-{TODAY}.txt"]
    assert REMIND not in overview(late)


def test_where_there_is_nobody_to_remind_nothing_is_kept(late: Office) -> None:
    late.run("status", "2024-Q1", "--remind", "--unit", "01")
    assert kept(late) == []


def test_where_they_cannot_be_kept_the_messages_are_there_all_the_same(late: Office) -> None:
    shutil.rmtree(late.root / "output", ignore_errors=True)
    (late.root / "output").write_text("a file in the way", encoding="utf-8")
    said = late.run("status", "2024-Q1", "--remind", "--format", "json")
    assert said.code == 0
    assert [one["unit"] for one in said.json["reminders"]] == ["02", "03"]
    assert "output" in said.err
