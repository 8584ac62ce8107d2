"""What reportctl is measured against, in a process of its own: `python -m benchmarks.baselines NAME DIR`.

Prints the seconds that the work took, without the start of the process.
"""

from __future__ import annotations

import csv
import io
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path


def unzip(root: Path) -> None:
    """Every part of every returned file unpacked."""
    for path in _files(root):
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
            for name in archive.namelist():
                archive.read(name)


def calamine(root: Path) -> None:
    """All sheets of all files by calamine, nothing else."""
    from python_calamine import CalamineWorkbook

    for path in _files(root):
        with CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes())) as book:
            for name in book.sheet_names:
                book.get_sheet_by_name(name).to_python()


def pandas(root: Path) -> None:
    """What people write today: every sheet of every file into one frame, no checks."""
    import pandas as pd

    frames = [
        frame
        for path in _files(root)
        for frame in pd.read_excel(path, sheet_name=None, engine="openpyxl").values()
    ]
    pd.concat(frames, ignore_index=True)


def writer(root: Path) -> None:
    """The workbooks to send out, one after the other by XlsxWriter in a single process."""
    from reportctl.core import language
    from reportctl.core.period import Quarter
    from reportctl.form.form_file import load_form
    from reportctl.outgoing.page import Dispatch
    from reportctl.outgoing.template import workbook
    from reportctl.workspace.settings import open_workspace
    from reportctl.workspace.units import Unit

    language.use("vi")
    settings, form, quarter = open_workspace(root).settings, load_form(root / "form.toml"), Quarter(2024, 2)
    out = root / "loop"
    out.mkdir(exist_ok=True)
    with (root / "units.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            unit = Unit(row["code"], row["name"], row["kind"])
            deadline = settings.deadline(unit.kind, quarter)
            sending = Dispatch(form, unit, quarter, quarter.window(), deadline, settings.issuer.name)
            data = workbook(sending, {})
            (out / f"{unit.code}.xlsx").write_bytes(data)


def _files(root: Path) -> list[Path]:
    return sorted((root / "inbox" / "2024-Q1").rglob("*.xlsx"))


BASELINES: dict[str, Callable[[Path], None]] = {
    "unzip": unzip,
    "calamine": calamine,
    "pandas": pandas,
    "writer": writer,
}


if __name__ == "__main__":
    name, where = sys.argv[1:]
    begun, busy = time.perf_counter(), time.process_time()
    BASELINES[name](Path(where))
    print(time.perf_counter() - begun, time.process_time() - busy)
