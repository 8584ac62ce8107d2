"""How long `reportctl merge` takes beside bare reading and beside a pandas loop, measured in one run.

    python -m benchmarks.merge --units 150

Makes returned workbooks of the stock form for that many units, then times, median of `--rounds`:
bare calamine of all sheets; `pandas.read_excel` and concat without checks; `reportctl merge` cold, and
again with nothing changed. Times differ from machine to machine; the ratios are what counts.
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import python_calamine

from reportctl import language
from reportctl.formfile import load_form
from reportctl.period import Quarter
from reportctl.roster import Unit
from reportctl.stock import folder
from reportctl.template import workbook
from reportctl.workspace import open_workspace
from tools.filling import answers, typed

QUARTER = Quarter(2024, 1)


def make_workspace(root: Path, units: int) -> list[Path]:
    """A workspace with a returned workbook for each of `units` communes; returns the workbooks."""
    for name in ("form.toml", "reportctl.toml"):
        shutil.copyfile(folder("templates") / name, root / name)
    shutil.copyfile(folder("templates") / "report-party.docx", root / "report.docx")
    roster = [Unit(f"{n:05}", f"Xã số {n}", "commune") for n in range(1, units + 1)]
    with (root / "units.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(("code", "name", "kind"))
        writer.writerows((unit.code, unit.name, unit.kind) for unit in roster)
    settings, form = open_workspace(root).settings, load_form(root / "form.toml")
    inbox = root / "inbox" / str(QUARTER) / "2024-03-14"
    inbox.mkdir(parents=True)
    files = []
    for unit in roster:
        blank = workbook(
            form, unit, QUARTER, previous={},
            deadline=settings.deadline(unit.kind, QUARTER), issuer=settings.issuer.name,
        )  # fmt: skip
        path = inbox / f"{unit.code}.xlsx"
        path.write_bytes(typed(blank, form, unit, answers(form, unit, QUARTER)))
        files.append(path)
    return files


def read_bare(files: list[Path]) -> None:
    """All sheets of all files by calamine, nothing else."""
    for path in files:
        with path.open("rb") as handle:
            book = python_calamine.CalamineWorkbook.from_filelike(handle)
            for name in book.sheet_names:
                book.get_sheet_by_name(name).to_python()


def read_pandas(files: list[Path]) -> None:
    """What people write today: every sheet of every file into one frame, no checks."""
    frames = [
        frame for path in files for frame in pd.read_excel(path, sheet_name=None, engine="openpyxl").values()
    ]
    pd.concat(frames, ignore_index=True)


def merge(root: Path) -> None:
    """The command as a person runs it, without the printed workbook."""
    done = subprocess.run(
        [sys.executable, "-m", "reportctl", "-w", str(root), "merge", str(QUARTER), "--no-workbook"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise SystemExit(f"merge ended with {done.returncode}:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")


def merge_cold(root: Path) -> None:
    """The same with nothing merged before."""
    for name in ("reportctl.db", "decisions.csv"):
        (root / name).unlink(missing_ok=True)
    shutil.rmtree(root / "archive", ignore_errors=True)
    merge(root)


def measured(job: Callable[[], None], rounds: int) -> float:
    """The median wall time of `job` in seconds."""
    times = []
    for _round in range(rounds):
        start = time.perf_counter()
        job()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--units", type=int, default=150)
    parser.add_argument("--rounds", type=int, default=3)
    wanted = parser.parse_args()
    language.use("vi")
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        files = make_workspace(root, wanted.units)
        times = {
            "bare calamine, all sheets": measured(lambda: read_bare(files), wanted.rounds),
            "pandas.read_excel and concat, no checks": measured(lambda: read_pandas(files), wanted.rounds),
            "reportctl merge, cold": measured(lambda: merge_cold(root), wanted.rounds),
            "reportctl merge, nothing changed": measured(lambda: merge(root), wanted.rounds),
        }
    base = times["bare calamine, all sheets"]
    print(f"\n{wanted.units} units, {os.cpu_count()} cores, median of {wanted.rounds}\n")
    print("| what | seconds | against bare calamine |\n|---|---:|---:|")
    for what, seconds in times.items():
        print(f"| {what} | {seconds:.2f} | {seconds / base:.1f} |")


if __name__ == "__main__":
    main()
