"""The rows of `decisions.csv` as they stand there: which can be understood, and how a row is added.

The file is only ever appended to, and spreadsheet programs save it: nothing that stands in it is dropped.
"""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reportctl.core.csv_lines import CsvLine, csv_lines, read_day, separator_of, with_month_first
from reportctl.core.language import Phrase
from reportctl.core.period import Quarter, read_period
from reportctl.core.table import guarded, unguarded

# What a row is ended with, beyond its columns, that a killed run has left half-written: it does not count.
INTERRUPTED = "interrupted"

_SHA256 = re.compile(r"[0-9a-f]{64}")
_LINE_ENDS = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_FIGURE = re.compile(r"[0-9]+[0-9.,/ -]*[.,/ -][0-9.,/ -]*|0[0-9]+")
_FOLDER = re.compile(r"(?:^|/)(\d{4}-\d{2}-\d{2})/")
# What a row needs to say anything, by its action.
_NEEDED = {
    "received": ("sha256", "received"),
    "withdrawn": ("sha256",),
    "form": ("value",),
    "accepted": ("sha256",),
    "corrected": ("sha256", "code"),
    "closed": ("sha256",),
    "reopened": (),
    "named": (),
}

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class UnclearRow:
    """A row that cannot be understood, or not wholly: its line, and what is wrong with it."""

    line: int
    what: Phrase


@dataclass(frozen=True, slots=True)
class DecisionRows:
    """What stands in the file: `names` of columns, the `separator`, the rows, those that are unclear.

    `month_first` is a day that a spreadsheet program has written with the month first; empty: none is.
    `half_written` is the end of the file where a killed run has left a row without its end.
    """

    names: tuple[str, ...]
    separator: str
    rows: tuple[Row, ...] = ()
    unclear: tuple[UnclearRow, ...] = ()
    month_first: str = ""
    half_written: str = ""


def read_rows(text: str, columns: Sequence[str]) -> DecisionRows | None:
    """The rows of the file's `text`; None where its first line does not name all `columns`."""
    separator = separator_of(text)
    head, *lines = csv_lines(text, separator) or [CsvLine(1, ())]
    names = tuple(name.strip().lower() for name in head.fields)
    if not set(columns) <= set(names):
        return None
    places = [(name, names.index(name)) for name in columns]
    rows: list[Row] = []
    unclear: list[UnclearRow] = []
    half_written = ""
    for line in lines:
        if not line.ended and names == tuple(columns) and (line.problem or len(line.fields) < len(names)):
            half_written = text.splitlines()[-1]
            continue
        if line.fields[len(names) :][-1:] == (INTERRUPTED,):
            continue
        fields = (*line.fields, *[""] * (len(names) - len(line.fields)))
        row = {name: unguarded(fields[place]) for name, place in places}
        what = line.problem or _wrong(line, row, names, separator)
        if what and any((*line.fields, line.problem)):
            unclear.append(UnclearRow(line.number, what))
        if not what or not (line.problem or row["action"] in _NEEDED):
            rows.append(row)
    other_days = [(row["received"], _likely(row)) for row in rows if row["received"][4:5] not in ("-", "")]
    month_first = with_month_first(other_days)
    if month_first:
        rows = [_with_day(row) for row in rows]
    return DecisionRows(names, separator, tuple(rows), tuple(unclear), month_first, half_written)


def _wrong(line: CsvLine, row: Row, names: Sequence[str], separator: str) -> Phrase | None:
    """Why a row says nothing; None where it says something."""
    if any(line.fields[len(names) :]):
        return Phrase(
            f"có nhiều ô hơn số cột; chữ có dấu “{separator}” phải đặt trong ngoặc kép",
            f"it has more fields than there are columns; a text with “{separator}” stands in quotation marks",
        )
    needed = _NEEDED.get(row["action"])
    if needed is None:
        return Phrase(f"không rõ “{row['action']}” là việc gì", f"“{row['action']}” is no known action")
    if not isinstance(read_period(row["period"]), Quarter):
        return Phrase(f"“{row['period']}” không phải là một quý", f"“{row['period']}” is no quarter")
    lacking = [name for name in needed if not row[name]]
    if "sha256" in needed and not _SHA256.fullmatch(row["sha256"]):
        lacking.append("sha256")
    if lacking:
        listed = ", ".join(dict.fromkeys(lacking))
        return Phrase(f"thiếu hoặc không trọn {listed}", f"it lacks {listed}, or has not all of it")
    return None


def _likely(row: Row) -> dt.date | None:
    """The day on which a file was most likely received: that of its folder, else when it was noted."""
    named = _FOLDER.search(row["file"])
    for text in (named[1] if named else "", row["when"]):
        with contextlib.suppress(ValueError):
            return dt.datetime.fromisoformat(text).date()
    return None


def _with_day(row: Row) -> Row:
    day = read_day(row["received"], month_first=True)
    return {**row, "received": day.isoformat()} if day else row


# Adding rows


def added(present: DecisionRows, rows: Sequence[Row]) -> str:
    """What is to be written behind what is present so that `rows` are added, in the file's own form.

    Every text stands on one line, guarded against being taken for a formula, a figure against becoming
    another one: of `1.200` a spreadsheet program makes 1.2.
    """

    def written(name: str, text: str) -> str:
        return f"'{text}" if name == "value" and _FIGURE.fullmatch(text) else guarded(text)

    lines = io.StringIO(newline="")
    csv.writer(lines, delimiter=present.separator).writerows(
        [written(name, _LINE_ENDS.sub(" ", row.get(name, ""))) for name in present.names] for row in rows
    )
    return lines.getvalue()


def ending(present: DecisionRows, text: str) -> str:
    """What ends the last line of `text` where it has no end: half-written it must not count as a row."""
    if not text or text.endswith(("\n", "\r")):
        return ""
    if not present.half_written:
        return "\r\n"
    quote = '"' * (present.half_written.count('"') % 2)
    fields = next(csv.reader([present.half_written + quote], delimiter=present.separator), [])
    missing = max(len(present.names) - len(fields), 0) + 1
    return f"{quote}{present.separator * missing}{INTERRUPTED}\r\n"
