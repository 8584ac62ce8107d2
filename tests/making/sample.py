"""The sample after commands that take long, made once for a run of the tests.

Nobody may change these folders."""

from __future__ import annotations

import shutil
from pathlib import Path

from reportctl.workspace import stock
from tests.making.commands import run
from tests.making.kept import kept_folder


def demo() -> Path:
    """The sample after `reportctl demo`."""
    return kept_folder("demo", _demo)


def merged() -> Path:
    """The sample, merged; without a report and a merged workbook."""
    return kept_folder("merged", _merged)


def reported() -> Path:
    """The sample, merged, with its report."""
    return kept_folder("reported", _reported)


def _demo(folder: Path) -> None:
    done = run("--lang", "en", "demo", folder)
    assert done.code == 0, done.err
    assert "Not received (1): Tỉnh đoàn An Lạc." in done.out
    assert "Rejected (1): Huyện Hòa Lương." in done.out


def _merged(folder: Path) -> None:
    stock.copy_sample(folder)
    assert run("-w", folder, "merge", "--no-workbook").code == 1  # one return is rejected


def _reported(folder: Path) -> None:
    shutil.copytree(merged(), folder)
    assert run("-w", folder, "report").code == 0
