"""Which units count as reminded, by the messages among a quarter's results."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from reportctl.status.reminded import is_reminded, last_reminded, reminders_file
from reportctl.status.status import UnitStatus

DEADLINE = dt.date(2024, 3, 17)


def unit(code: str, name: str = "Xã") -> UnitStatus:
    return UnitStatus(code, name, "commune", "missing", None, DEADLINE, True, 0, 2)


@pytest.mark.parametrize(
    ("day", "today", "reminded"),
    [
        ("2024-03-20", "2024-03-20", True),
        ("2024-03-20", "2024-03-22", True),
        ("2024-03-20", "2024-03-23", False),  # the two days in which it was to send are over
        ("2024-03-17", "2024-03-18", False),  # it was told to send it in time
        ("2024-03-18", "2024-03-18", True),
    ],
)
def test_a_reminder_holds_from_the_deadline_until_its_days_are_over(
    day: str, today: str, *, reminded: bool
) -> None:
    days = {"01": dt.date.fromisoformat(day)}
    assert is_reminded(unit("01"), days, dt.date.fromisoformat(today), 2) is reminded
    assert not is_reminded(unit("02"), days, dt.date.fromisoformat(today), 2)


def test_the_last_day_of_each_unit(tmp_path: Path) -> None:
    for name, text in {
        "reminders-2024-03-18.txt": "--- Xã A (01) ---\r\n\r\nKính gửi\r\n--- Xã B (02) · 0912 ---\r\n",
        "reminders-2024-03-20.txt": "\ufeff--- Xã B (cũ) (02) · 0912 345 678 ---\n\nKính gửi (03)\n",
        "reminders-2024-03-21 (2).txt": "--- Xã D (04) ---\n",
        "reminders-2024-02-31.txt": "--- Xã A (01) ---\n",
        "reminders-old.txt": "--- Xã A (01) ---\n",
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8", newline="")
    found = last_reminded(tmp_path, [unit(code) for code in ("01", "02", "03", "04")])
    assert found == {
        "01": dt.date(2024, 3, 18), "02": dt.date(2024, 3, 20), "04": dt.date(2024, 3, 21)
    }  # fmt: skip
    assert last_reminded(tmp_path / "none", [unit("01")]) == {}


def test_a_file_holds_all_messages_of_its_day_each_once(tmp_path: Path) -> None:
    day = dt.date(2024, 3, 20)
    first = "--- Xã A (01) ---\n\nKính gửi: Xã A\n\n--- Xã B (02) ---\n\nKính gửi: Xã B\n"
    path, data = reminders_file(tmp_path, day, first)
    assert (path.name, data.decode()) == ("reminders-2024-03-20.txt", first)
    path.write_bytes(data)
    second = "--- Xã B (02) ---\n\nKính gửi: Xã B, lần hai\n"
    _path, data = reminders_file(tmp_path, day, second)
    assert data.decode() == second + "\n--- Xã A (01) ---\n\nKính gửi: Xã A\n"
