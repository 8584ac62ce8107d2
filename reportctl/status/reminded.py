"""Which units have been reminded, and when: by the messages that `status --remind` has left among a quarter's
results, a file a day (`reminders-2024-03-20.txt`)."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from reportctl.core import wording
from reportctl.core.errors import ReportctlError
from reportctl.core.files import read_file
from reportctl.core.language import _
from reportctl.core.letters import decoded
from reportctl.status.status import Status, UnitStatus, some_names

_NAME = re.compile(r"reminders-(\d{4}-\d\d-\d\d)\b.*\.txt")
_HEADING = re.compile(r"^--- .+ ---$", re.MULTILINE)  # as `chase.reminders_text` writes it


def reminders_file(folder: Path, day: dt.date, text: str) -> tuple[Path, bytes]:
    """The file of a day among the quarter's results in `folder`, and what is to stand in it: the messages of
    `text`, below them those of the day to other units."""
    path = folder / f"reminders-{day}.txt"
    messages = _messages(text)
    if path.is_file():
        messages = {**messages, **{k: v for k, v in _messages(_read(path)).items() if k not in messages}}
    return path, "\n".join(messages.values()).encode()


def last_reminded(folder: Path, units: Sequence[UnitStatus]) -> dict[str, dt.date]:
    """The last day on which each of the units was reminded, by code; without those that never were."""
    found: dict[str, dt.date] = {}
    for path in sorted(folder.glob("reminders-*.txt")):
        named = _NAME.fullmatch(path.name)
        with contextlib.suppress(ValueError, ReportctlError):  # no day, or a file that cannot be read now
            if named:
                day, headings = dt.date.fromisoformat(named[1]), [*_messages(_read(path))]
                told = [one.unit for one in units if any(f"({one.unit})" in line for line in headings)]
                found |= dict.fromkeys(told, day)
    return found


def is_reminded(unit: UnitStatus, days: Mapping[str, dt.date], today: dt.date, within: int) -> bool:
    """Whether a unit was reminded since its deadline, and the days `within` which it is to send its report
    then are not over."""
    day = days.get(unit.unit)
    return day is not None and day > unit.deadline and (today - day).days <= within


def reminded_in_words(status: Status, days: Mapping[str, dt.date]) -> list[str]:
    """A sentence for each day on which units were last reminded of which no report counts yet."""
    of_day: dict[dt.date, list[str]] = {}
    for unit in status.units:
        if unit.unit in days and unit.state in ("missing", "rejected", "unreadable"):
            of_day.setdefault(days[unit.unit], []).append(unit.name)
    return [
        _("Reminded on {day}: {names}.").format(day=wording.date_short(day), names=some_names(names))
        for day, names in sorted(of_day.items())
    ]


def _messages(text: str) -> dict[str, str]:
    """The messages by the line that stands above each."""
    starts = [found.start() for found in _HEADING.finditer(text)]
    parts = [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    return {part.partition("\n")[0]: f"{part.rstrip()}\n" for part in parts}


def _read(path: Path) -> str:
    return decoded(read_file(path)).replace("\r\n", "\n")
