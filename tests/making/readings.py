"""What cells and workbooks are read as: `fixtures/readings.json`, a table of inputs and what reading gives.

The ledger keeps what was read of a file and reads it again only where `cache_keys.READING` is another number.
`python -m tests.making.readings` writes the table anew. It refuses where an input of the table is read
otherwise under the same number: then the number has to be raised first. Inputs that are new or whose bytes
are other ones need no new number.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.workbook import Workbook

from reportctl.cells.cell import read_cell
from reportctl.form.form_file import load_form, parse_form
from reportctl.form.submission import Answer, Submission
from reportctl.intake.checks import check
from reportctl.intake.job import Context, Job
from reportctl.intake.open_file import read_one
from reportctl.merge.cache_keys import READING
from reportctl.workspace.units_file import load_roster
from tests.making import tables
from tests.making.machine import FIXTURES, SAMPLE
from tests.making.office import dated
from tests.making.programs import PROGRAMS
from tests.making.returned import QUARTER, cell, context, repacked, returned

TABLE = FIXTURES / "readings.json"
Readings = dict[str, Any]  # by input; everything in it is JSON

ASKED = """
id = "asked"
title = "Mỗi loại câu hỏi một câu"
kinds = [{code = "district", title = "Huyện"}]
[[sections]]
code = "all"
title = "Tất cả"
indicators = [
  {code = "count", label = "A", unit_of_measure = "bài", unit_of_measure_en = "stories"},
  {code = "number", label = "B", type = "number"},
  {code = "money", label = "C", type = "money"},
  {code = "percent", label = "D", type = "percent", over_units = "mean"},
  {code = "yes_no", label = "E", type = "yes_no", over_time = "last"},
  {code = "date", label = "F", type = "date"},
  {code = "choice", label = "G", type = "choice", choices = ["Tỉnh", "Huyện"]},
  {code = "text", label = "H", type = "text", over_units = "none", over_time = "none"},
]
"""
TYPED = (
    None, 0, 1, 7.0, 1200, -3, 1.2, 12.5, 1234.567, 0.85, 45292, 1e300, True, False, dt.date(2024, 3, 20),
    dt.datetime(2024, 1, 2, 8, 30), dt.date(1904, 1, 1), dt.time(8, 30), dt.timedelta(1.5), "", " ", "-",
    "–", "—", "--", "...", "…", "x", "?", "0", "1", "7", "12", " 12 ", "-5", "+3", "−12,5", "12,0", "1.2",
    "12,5", "0,125", "1.200", "1,200", "1 200", "1\u00a0200", "1.234.567", "1.234,5", "1,234.5", "1.23.456",
    "1 2 3", "12, 15", "12 + 3", "10-12", "12/15", "12 bài", "12bài", "12 stories", "12 cuộc", "khoảng 9",
    "~9", "trên 100", "hơn 1.200", "1,2 triệu", "3 tỷ", "1.5 tỷ đồng", "200 nghìn", "85%", "85 %", "0,85",
    "120%", "mười hai", "một trăm linh năm", "hai nghìn", "không", "Không có", "không phát sinh", "ko",
    "none", "KAD", "n/a", "không áp dụng", "chưa", "chưa có", "có", "Có", "có rồi", "yes", "no", "✓", "v",
    "đúng", "sai", "20/3/2024", "3/20/2024", "05/03/2024", "20-3-2024", "2024-03-20", "20.3.24", "20/3",
    "tháng 3/2024", "quý I", "ngày 20 tháng 3 năm 2024", "31/02/2024", "tỉnh", "Huyện", "TINH", "Xã",
    "tỉnh, huyện", "#N/A", "#REF!", "########", "１２", "12\u200b", "1e3", "Ba héi nghÞ",
    "Hội nghị tổng kết", "Hô\u0323i nghi\u0323", "=1+1", "'12", "a" * 90,
)  # fmt: skip
DASHES = ("-", "--", "–", "—")
# Of a table: a sum typed over, texts, what does not apply, nothing.
SPOILT: dict[str, object] = {
    "rooms.all.total": 9, "rooms.lower.solid": "20", "rooms.lab.solid": "KAD", "rooms.lab.weak": None,
    "rooms.library.solid": "khoảng 3", "rooms.library.weak": "-",
}  # fmt: skip


def readings() -> Readings:
    """What every input is read as now."""
    return _cells() | _workbooks()


def _cells() -> Readings:
    found = {}
    for code, ask in parse_form(ASKED).indicators.items():
        for typed in TYPED:
            for dash in ("zero", "missing") if typed in DASHES else ("zero",):
                said = read_cell(typed, ask, dash=dash)
                remarks = [remark.code for remark in said.remarks]
                name = f"{code}: {typed!r}" if dash == "zero" else f"{code}: {typed!r}, a dash is {dash}"
                found[name] = [said.state.value, _plain(said.value), remarks]
    return found


def _workbooks() -> Readings:
    form = load_form(SAMPLE / "form.toml")
    roster = load_roster(SAMPLE / "units.csv", frozenset(kind.code for kind in form.kinds))
    of_sample = Context(form, roster, QUARTER, QUARTER.window().last)
    inbox = SAMPLE / "inbox" / str(QUARTER)
    kept = [(path, path.name, context()) for path in sorted(FIXTURES.glob("libreoffice-*"))]
    kept += [(path, path.relative_to(inbox).as_posix(), of_sample) for path in sorted(inbox.rglob("*.*"))]
    found = {}
    for path, name, given in kept:
        about = "" if given is not of_sample else form.fingerprint
        sha256 = hashlib.sha256(path.read_bytes() + about.encode()).hexdigest()
        found[f"{name} {sha256[:12]}"] = _reading(path, given)
    with tempfile.TemporaryDirectory() as folder:
        for name, program in PROGRAMS.items():
            path = Path(folder, "a.xlsx")
            path.write_bytes(program.write(returned()))
            found[f"as {name} saves it"] = _reading(path, context())
        path.write_bytes(repacked(returned(edit=_odd), _without_day))
        found["cells that look otherwise than they hold"] = _reading(path, context())
        asked = tables.rooms()
        for name, spoilt in (("sound", {}), ("spoilt", SPOILT)):
            data = tables.returned(asked, tables.cells_of(asked) | spoilt)
            path.write_bytes(dated(data, "2024-03-20T08:00:00Z"))
            found[f"a table, {name}"] = _reading(path, tables.context(asked))
    return found


def _without_day(name: str, content: bytes) -> bytes | None:
    """All parts but the one that says when the workbook was saved."""
    return None if name == "docProps/core.xml" else content


def _odd(book: Workbook) -> None:
    """Text that is struck out or raised in part, a struck-out cell, formats that show other numbers."""
    struck = TextBlock(InlineFont(strike=True), "6")
    raised = TextBlock(InlineFont(vertAlign="superscript"), "1")
    for code, value in (
        ("press_total", CellRichText(struck, "8")),
        ("limits", CellRichText("Có 180", raised)),
    ):
        sheet, at = cell(code)
        book[sheet][at] = value
    for code, format_ in (("budget_planned", "0.0,,"), ("budget_spent", ";;;"), ("press_radio", "0%")):
        sheet, at = cell(code)
        book[sheet][at].number_format = format_
    sheet, at = cell("results")
    book[sheet][at].font = Font(strike=True)


def _reading(path: Path, given: Context) -> str:
    """A hash of all that was read of the file and found in it, but for what checks of the answers find."""
    done = read_one(Job(path, "a"), given)
    found = [(one.code, one.sheet, one.cell, one.value) for one in done.found]
    read: list[object] = []
    if done.submission:
        for one in check(done.submission, given):
            found.remove((one.code, one.sheet, one.cell, one.value))
        read = _said(done.submission)
    return hashlib.sha256(json.dumps([read, sorted(found, key=repr)]).encode()).hexdigest()[:16]


def _said(submission: Submission) -> list[object]:
    rows = [
        (row.list_code, row.number, [*map(_answer, row.answers)], kind)
        for kind, rows in (("row", submission.rows), ("empty", submission.empty_rows))
        for row in rows
    ]
    of = submission.identity
    identity = (of.form, of.fingerprint, of.unit, of.period, str(submission.modified))
    return [identity, [*map(_answer, submission.answers)], rows, submission.lists_lost]


def _answer(answer: Answer) -> list[object]:
    where = (answer.sheet, answer.cell, answer.estimate)
    return [answer.code, answer.state.value, _plain(answer.value), answer.raw, *where]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.date) else value


def otherwise(known: Readings, now: Readings) -> list[str]:
    """The inputs that are read otherwise now than they were."""
    return [name for name, reading in known.items() if name in now and now[name] != reading]


def main() -> None:
    now = readings()
    if TABLE.exists():
        known = json.loads(TABLE.read_text(encoding="utf-8"))
        changed = otherwise(known["readings"], now)
        if changed and known["READING"] == READING:
            sys.exit("read otherwise, but cache_keys.READING is the same:\n  " + "\n  ".join(changed))
    table = {"READING": READING, "readings": dict(sorted(now.items()))}
    lines = ",\n".join(
        f"  {json.dumps(name, ensure_ascii=False)}: {json.dumps(reading, ensure_ascii=False)}"
        for name, reading in table["readings"].items()
    )
    TABLE.write_text(f'{{"READING": {READING}, "readings": {{\n{lines}\n}}}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
