"""Returned workbooks of the stock form or another one for any number of units.

Twenty are filled in, each with other figures, and saved by LibreOffice. Every other one is such a workbook,
in whose parts, as LibreOffice wrote them, stand its own unit's code, name and texts.
"""

from __future__ import annotations

import csv
import random
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from reportctl.core.period import Quarter
from reportctl.form.form_file import load_form
from reportctl.form.model import Form
from reportctl.outgoing.page import Dispatch
from reportctl.outgoing.template import workbook
from reportctl.workspace.settings import open_workspace
from reportctl.workspace.stock import folder
from reportctl.workspace.units import Unit
from tools.filling import Filled, answers, typed

Parts = dict[str, bytes]
Fill = Callable[[Form, Unit, Quarter], Filled]
_BASES = 20  # different workbooks; the first of them has findings
_PATTERN = Unit("90909", "Xã mẫu chín không chín", "commune")
_PARTS = ("xl/sharedStrings.xml", "xl/worksheets/", "docProps/")
_SENTENCE = """
công tác tuyên truyền được triển khai kịp thời đúng trọng tâm góp phần nâng cao nhận thức của cán bộ
đảng viên và nhân dân trên địa bàn phối hợp chặt chẽ giữa các ban ngành đoàn thể tiếp tục duy trì
chất lượng hệ thống truyền thanh cơ sở tin bài phong phú hình thức đa dạng còn thiếu kinh phí thiết
bị cũ cần sửa chữa
"""


def make_workspace(root: Path, units: int) -> None:
    """A workspace in the empty folder `root`, with `units` communes."""
    for name in ("form.toml", "reportctl.toml"):
        shutil.copyfile(folder("templates") / name, root / name)
    shutil.copyfile(folder("templates") / "report-party.docx", root / "report.docx")
    with (root / "units.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(("code", "name", "kind"))
        writer.writerows((unit.code, unit.name, unit.kind) for unit in map(_unit, range(units)))


def make_returns(root: Path, quarter: Quarter, units: int, fill: Fill = answers) -> list[Path]:
    """What all units sent for `quarter`, in the workspace's inbox; one in twenty has findings.

    The workbooks are as LibreOffice saves them where it is installed, else as openpyxl does.
    """
    inbox = root / "inbox" / str(quarter) / str(quarter.window().last)
    inbox.mkdir(parents=True)
    bases = _saved(_bases(root, quarter, fill))
    with ProcessPoolExecutor() as pool:
        make = partial(_make, bases, quarter, inbox)
        return [path for some in pool.map(make, _shares(units, 250)) for path in some]


def _saved(workbooks: list[bytes]) -> list[Parts]:
    soffice = shutil.which("soffice")
    with tempfile.TemporaryDirectory() as temporary:
        folder, profile = Path(temporary), Path(temporary, "profile").as_uri()
        paths = [folder / f"{number}.xlsx" for number in range(len(workbooks))]
        for path, data in zip(paths, workbooks, strict=True):
            path.write_bytes(data)
        if soffice:
            command = [soffice, "--headless", f"-env:UserInstallation={profile}", "--convert-to", "xlsx"]
            subprocess.run(
                [*command, "--outdir", str(folder / "saved"), *map(str, paths)],
                check=True,
                capture_output=True,
            )
            paths = [folder / "saved" / path.name for path in paths]
        saved = []
        for path in paths:
            with zipfile.ZipFile(path) as archive:
                saved.append({name: archive.read(name) for name in archive.namelist()})
        return saved


def _shares(units: int, size: int) -> list[range]:
    return [range(start, min(start + size, units)) for start in range(0, units, size)]


def _unit(number: int) -> Unit:
    return Unit(f"{number + 10000:05}", f"Xã số {number}", "commune")


def _bases(root: Path, quarter: Quarter, fill: Fill) -> list[bytes]:
    """The workbooks that all others are made from."""
    settings, form = open_workspace(root).settings, load_form(root / "form.toml")
    deadline = settings.deadline(_PATTERN.kind, quarter)
    sending = Dispatch(form, _PATTERN, quarter, quarter.window(), deadline, settings.issuer.name)
    blank = workbook(sending, {})
    bases = []
    for number in range(_BASES):
        filled = fill(form, Unit(f"{number:05}", _PATTERN.name, _PATTERN.kind), quarter)
        filled.texts = {code: f"RC_TEXT_{code}" for code in filled.texts}
        if number == 0:
            code = next(code for code, value in filled.values.items() if isinstance(value, int) and value > 9)
            filled.values[code] = f"{filled.values[code]} "
        bases.append(typed(blank, form, _PATTERN, filled))
    return bases


def _make(bases: list[Parts], quarter: Quarter, inbox: Path, numbers: range) -> list[Path]:
    made = []
    for number in numbers:
        unit, chance = _unit(number), random.Random(f"{quarter} {number}")
        path = inbox / f"{unit.code}.xlsx"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in bases[number % _BASES].items():
                archive.writestr(name, _own(data, unit, chance) if name.startswith(_PARTS) else data)
        made.append(path)
    return made


def _own(data: bytes, unit: Unit, chance: random.Random) -> bytes:
    """A part with the unit's code, name and texts in place of the pattern's."""
    text = data.decode().replace(_PATTERN.code, unit.code).replace(_PATTERN.name, unit.name)
    first, *others = text.split("RC_TEXT_")
    said = (" ".join(chance.choices(_SENTENCE.split(), k=60)).capitalize() + ". " for _other in others)
    return "".join([first, *(a + b for a, b in zip(said, others, strict=True))]).encode()


def save_again(path: Path, minutes: int) -> None:
    """The workbook as somebody saved it again that many minutes later."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    core = parts["docProps/core.xml"].decode()
    later = f"2024-03-14T10:{minutes:02}:00Z</dcterms:modified>"
    parts["docProps/core.xml"] = re.sub("[^>]*</dcterms:modified>", later, core).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
