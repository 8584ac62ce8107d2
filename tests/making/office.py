"""An office: a workspace in a folder, and what people do in it."""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import sqlite3
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import openpyxl

from reportctl.core.files import digest
from reportctl.core.findings import Finding
from reportctl.core.period import Quarter
from reportctl.decisions.accept import Accepted, CorrectionResult, accept, correct
from reportctl.decisions.close import Closed, close
from reportctl.form.form_file import load_form
from reportctl.form.layout import layout
from reportctl.form.model import Form
from reportctl.ledger.ledger import open_ledger
from reportctl.ledger.rows import ValueRecord
from reportctl.ledger.session import Session
from reportctl.merge.merge import Merged, Run, merge
from reportctl.merge.validate import Checked, validate
from reportctl.outgoing import template
from reportctl.outgoing.page import Dispatch
from reportctl.workbooks.inbox import InputFile
from reportctl.workspace.settings import Workspace, open_workspace
from reportctl.workspace.units import Roster
from reportctl.workspace.units_file import load_roster
from tests.making.commands import Said, run
from tests.making.kept import kept

Q1, Q4, Q3 = Quarter(2024, 1), Quarter(2023, 4), Quarter(2023, 3)

TODAY = dt.date(2024, 4, 2)

Dump = dict[str, list[dict[str, object]]]

FORM = """
id = "test"
title = "Báo cáo quý"
kinds = [{code = "district", title = "Huyện"}]

[[sections]]
code = "press"
title = "Báo chí"
[[sections.indicators]]
code = "press_total"
label = "Tổng số tin, bài"
unit_of_measure = "tin, bài"
[[sections.indicators]]
code = "printed"
label = "Báo in"
unit_of_measure = "tin, bài"
part_of = "press_total"
[[sections.indicators]]
code = "aired"
label = "Phát thanh"
unit_of_measure = "tin, bài"
part_of = "press_total"
[[sections.indicators]]
code = "share_printed"
label = "Tỷ lệ báo in"
type = "percent"
over_units = "ratio"
over_time = "ratio"
numerator = "printed"
denominator = "press_total"

[[texts]]
code = "results"
label = "Kết quả nổi bật"

[[rules]]
code = "adds_up"
check = "press_total = printed + aired"
message = "Tổng không bằng các phần cộng lại."
message_en = "The total is not the sum of its parts."
"""

MORE = """
[[sections]]
code = "more"
title = "Thêm"
[[sections.indicators]]
code = "classes"
label = "Số lớp tập huấn"
unit_of_measure = "lớp"
"""


def silent(done: int, total: int, file: str) -> None:
    """Nobody is told."""


def filled(form: Form, unit: object, quarter: Quarter, answers: Mapping[str, object], modified: str) -> bytes:
    """The workbook sent to a unit, filled in and saved by another program at `modified`."""
    day = dt.date(2024, 3, 17)
    sent = template.workbook(Dispatch(form, unit, quarter, quarter.window(), day, "Ban"), {})  # type: ignore[arg-type]
    book = openpyxl.load_workbook(io.BytesIO(sent))
    places = layout(form, "district")
    for code, value in answers.items():
        if "." in code:
            table, row, column = code.split(".")
            place = places.tables[table].place(row, column)
        else:
            place = (places.indicators.get(code) or places.texts[code]).value
        book[place.sheet][place.cell] = value
    saved = io.BytesIO()
    book.save(saved)
    return dated(saved.getvalue(), modified)


def dated(data: bytes, modified: str) -> bytes:
    """The same workbook with another date of modification; programs always write the present one."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + modified.encode(), part)
            new.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), part)
    return changed.getvalue()


@dataclass
class Office:
    """A workspace and what people do in it."""

    root: Path

    @property
    def workspace(self) -> Workspace:
        return open_workspace(self.root)

    @property
    def form(self) -> Form:
        return load_form(self.root / "form.toml")

    @property
    def roster(self) -> Roster:
        return load_roster(self.root / "units.csv", frozenset({"district"}))

    def book(
        self,
        code: str,
        total: int,
        quarter: Quarter = Q1,
        modified: str = "2024-03-15T08:00:00Z",
        **answers: object,
    ) -> bytes:
        """A unit's workbook: `total` stories, one of them aired."""
        form, unit = self.form, next(unit for unit in self.roster.units if unit.code == code)
        figures = {"press_total": total, "printed": total - 1, "aired": 1, **answers}
        given = (form.fingerprint, unit, quarter, figures, modified)
        return kept(lambda: filled(form, unit, quarter, figures, modified), "book", *given)

    def put(self, name: str, data: bytes, quarter: Quarter = Q1) -> Path:
        """A file arrives in the inbox; old enough for its hash to be remembered."""
        path = self.root / "inbox" / str(quarter) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        saved_at = 1_700_000_000 + int(digest(data)[:6], 16)
        os.utime(path, (saved_at, saved_at))
        return path

    def run(self, *arguments: object) -> Said:
        """Run a command of the program in it, in English."""
        return run("-w", self.root, "--lang", "en", *arguments)

    def merge(
        self, quarter: Quarter = Q1, files: list[InputFile] | None = None, today: dt.date = TODAY
    ) -> Merged:
        return merge(Run(Session(self.root, today, "lan"), quarter, silent), files)

    def validate(self, quarter: Quarter = Q1, files: list[InputFile] | None = None) -> Checked:
        return validate(Run(Session(self.root, TODAY, "an"), quarter, silent), files)

    def totals(self, *quarters: Quarter) -> dict[tuple[str, str], object]:
        """What the ledger says was the total of each unit."""
        with open_ledger(self.root / "reportctl.db") as ledger:
            numbers = ledger.numbers(quarters or (Q1,))
            return {
                (period, unit): value for period, unit, code, value, _e in numbers if code == "press_total"
            }

    def dump(self) -> Dump:
        return dump(self.root / "reportctl.db")


def dump(path: Path) -> Dump:
    """All tables without their ids and the hash of decisions.csv, which says when things happened."""
    connection = sqlite3.connect(path)
    try:
        tables = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if name != "up_to"
        ]
        rows = {name: list(connection.execute(f"SELECT * FROM {name}")) for name in tables}  # noqa: S608
        columns = {name: [c[1] for c in connection.execute(f"PRAGMA table_info({name})")] for name in tables}
    finally:
        connection.close()
    tables_of = {name: [dict(zip(columns[name], row, strict=True)) for row in rows[name]] for name in tables}
    labels = {row["id"]: row["text"] for row in tables_of.pop("label")}
    owners = {row["id"]: (row["period"], row["sha256"]) for row in tables_of["submission"]}
    for row in (row for found in tables_of.values() for row in found):
        row.pop("id", None)
        if "submission" in row:
            row["submission"] = owners.get(row["submission"])
    for row in (row for name in ("answer", "replaced_answer", "frozen") for row in tables_of[name]):
        row |= {name: labels.get(row[name]) for name in ("list", "code", "sheet")}
    return {name: sorted(found, key=repr) for name, found in tables_of.items()}


UNITS = ("01", "02", "03")


def make_office(root: Path, units: tuple[str, ...] = UNITS) -> Office:
    root.mkdir()
    (root / "reportctl.toml").write_text('language = "en"\n', encoding="utf-8")
    (root / "form.toml").write_text(FORM, encoding="utf-8")
    rows = "".join(f"{code},Huyện {code},district\n" for code in units)
    (root / "units.csv").write_text(f"code,name,kind\n{rows}", encoding="utf-8")
    return Office(root)


def codes(findings: tuple[Finding, ...]) -> list[tuple[str, str | None, str | None]]:
    return [(found.code, found.unit, found.file) for found in findings]


def verdicts(merged: Merged) -> dict[str, tuple[str, bool]]:
    return {record.file: (record.verdict, record.counts) for record in merged.submissions}


WHY = "đã gọi điện"


def run_of(office: Office, quarter: Quarter = Q1) -> Run:
    return Run(Session(office.root, TODAY, "lan"), quarter, silent)


def accepting(office: Office, *units: str, why: str = WHY, every: bool = False) -> Accepted:
    return accept(run_of(office), units, why, every=every)


def correcting(office: Office, unit: str, code: str, value: str, why: str = WHY) -> CorrectionResult:
    return correct(run_of(office), unit, code, value, why)


def answer(office: Office, unit: str, code: str) -> ValueRecord:
    with open_ledger(office.root / "reportctl.db") as ledger:
        (record,) = ledger.values([Q1], code=code, unit=unit)
    return record


def one(findings: tuple[Finding, ...], code: str) -> Finding:
    (found,) = [found for found in findings if found.code == code]
    assert "{" not in found.message + found.hint
    return found


def rebuilt(office: Office) -> None:
    """The ledger made again from the files is the one that there was."""
    before = office.dump()
    (office.root / "reportctl.db").unlink()
    office.merge(files=[])
    assert office.dump() == before


def closing(office: Office, quarter: Quarter = Q1) -> Closed:
    return close(run_of(office, quarter))
