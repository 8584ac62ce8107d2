"""Compare what two versions of the program say and write: for changes that no user is to notice.

    python -m tools.compare_outputs make before
    ... change the program ...
    python -m tools.compare_outputs make after
    python -m tools.compare_outputs compare before after

`make FOLDER` runs the sample through every command in Vietnamese and English (`tools/every_command.py` has
the cases) and puts what was said on both streams, the exit codes and all written files into FOLDER. The
program is `python -m reportctl` of this source tree; with `--source DIR` of another one, with `--python PY`
in another environment: so the same cases run with both versions, whichever of them holds this file.

`compare OLD NEW` prints every difference as a short unified diff, names what is in one folder only, and says
how many files and parts were compared. Exit code 0: all the same; 1: something differs; 2: there was nothing
to compare. Office files and other zip archives are compared part by part, unpacked, with the order and the
dates of the parts; Parquet files by schema and rows, where pyarrow is installed. Left out are the ledger and
its lock, which are made from the rest, and the list of what was written when. Made alike are the times and
the days of the runs, the hashes of files that hold such times, and the folders the programs ran in. Cells of
workbooks are compared by their texts, not by the numbers of these in the table of shared strings. Columns of
tables can be wider on the 10th than on the 9th: better compare what was made on one day.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import difflib
import hashlib
import importlib
import io
import json
import os
import re
import shutil
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from reportctl.core.period import VIETNAM
from tools.every_command import Runner, everything

ROOT = Path(__file__).parent.parent
LANGUAGES = ("vi", "en")
ABOUT = "about.json"  # what is to be made alike in a folder
_LINES = 30  # of a diff that are shown
_HASH = re.compile(r"\b(?:[0-9a-f]{2}/)?([0-9a-f]{64})\b")  # in the archive with a folder before it
_STYLED = re.compile(r"(<ESC>\[(?:1|2|3|1;2)m)([ \xa0]*)(.*?)([ \xa0]*)(<ESC>\[0m)")  # bold, dim, italic
_STRING = re.compile(r"<si>.*?</si>|<si/>", re.DOTALL)
_SHARED = re.compile(r'(<c [^>]*t="s"[^>]*>)<v>(\d+)</v></c>')


# ---- make


def make(folder: Path, python: str, source: Path) -> None:
    """Run all cases and put their results into `folder`, which must be new or empty."""
    if folder.exists() and any(folder.iterdir()):
        raise SystemExit(f"{folder} is not empty")
    folder.mkdir(parents=True, exist_ok=True)
    begun, started = _today(), time.monotonic()
    root = Path(tempfile.mkdtemp(prefix="reportctl-")).resolve()
    try:
        with ThreadPoolExecutor(len(LANGUAGES)) as pool:
            runners = [_runner(lang, root, folder, python, source) for lang in LANGUAGES]
            list(pool.map(everything, runners))
    finally:
        shutil.rmtree(root, ignore_errors=True)
    about = {"folders": [str(root), str(source.resolve())], "days": [str(begun), str(_today())]}
    (folder / ABOUT).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    cases, files = sum(runner.cases for runner in runners), sum(1 for _file in _files(folder))
    print(f"{cases} runs of the program, {files} files, {time.monotonic() - started:.0f} s")


def _today() -> dt.date:
    """The day where the programs run: in Vietnam, whichever it is here."""
    return dt.datetime.now(VIETNAM).date()


def _runner(lang: str, root: Path, folder: Path, python: str, source: Path) -> Runner:
    work, home = root / lang, root / f"home-{lang}"
    work.mkdir()
    home.mkdir()
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(home),
        "LOGNAME": "officer",
        "LANG": "C.UTF-8",
        "TZ": "Asia/Ho_Chi_Minh",
        "PYTHONPATH": str(source.resolve()),
        "PYTHONHASHSEED": "0",
        "PYTHONIOENCODING": "utf-8",
    }
    if "SYSTEMROOT" in os.environ:  # without which no program starts on Windows
        environment["SYSTEMROOT"] = os.environ["SYSTEMROOT"]
    # An interpreter named by its path is looked for from here, not from the folder that the program runs in;
    # links are kept, for a link tells which environment it belongs to.
    program = str(Path(python).absolute()) if os.sep in python else python
    return Runner(lang, [program, "-m", "reportctl"], environment, work, folder.absolute())


# ---- compare


def compare(old: Path, new: Path) -> int:
    """Print what differs between two such folders; returns the exit code."""
    before, after = ({file.relative_to(at).as_posix(): file for file in _files(at)} for at in (old, new))
    alike_before, alike_after = _Alike(old), _Alike(new)
    # Names can hold the day of the run.
    before = {alike_before.text(name): file for name, file in before.items()}
    after = {alike_after.text(name): file for name, file in after.items()}
    parts, different = 0, 0
    for name in sorted(before.keys() | after.keys()):
        if name not in before or name not in after:
            print(f"only in {old if name in before else new}: {name}")
            different += 1
            continue
        was = dict(contents(name, before[name].read_bytes()))
        now = dict(contents(name, after[name].read_bytes()))
        for part in sorted(was.keys() | now.keys()):
            parts += 1
            if was.get(part) == now.get(part):
                continue
            first, second = alike_before.lines(part, was), alike_after.lines(part, now)
            if first != second:
                different += 1
                _show(part, first, second)
    both = before.keys() & after.keys()
    print(f"{len(both)} files with {parts} parts compared: {different or 'none'} differ")
    if not both:
        print("there was nothing to compare")
        return 2
    return int(different > 0)


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.parent != folder:
            yield path


def contents(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """What a file holds, by part: itself, or, of a zip archive, its order and dates and everything in it."""
    if data.startswith(b"PAR1"):
        yield name, _parquet(data)
        return
    if not (data.startswith(b"PK") and zipfile.is_zipfile(io.BytesIO(data))):
        yield name, data
        return
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        listed = "".join(f"{member.filename} {member.date_time}\n" for member in members)
        yield f"{name} (order of parts)", listed.encode()
        for member in members:
            yield from contents(f"{name} » {member.filename}", archive.read(member))


def _parquet(data: bytes) -> bytes:
    try:
        parquet: Any = importlib.import_module("pyarrow.parquet")
    except ImportError:
        return data
    table = parquet.read_table(io.BytesIO(data))
    rows = "\n".join(json.dumps(row, ensure_ascii=False, default=str) for row in table.to_pylist())
    return f"{table.schema.remove_metadata()}\n{rows}\n".encode()


class _Alike:
    """Makes alike what differs between two runs of the same program that `make` kept in a folder."""

    def __init__(self, folder: Path) -> None:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        self.folders = sorted(about["folders"], key=len, reverse=True)
        days = [dt.date.fromisoformat(day) for day in about["days"]]
        written = "|".join(dict.fromkeys(re.escape(text) for day in days for text in _written(day)))
        clock = r"\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?"
        self.times = re.compile(rf"(?<!\d)(?:{clock}[, ]+(?:ngày )?)?(?:{written})(?!\d)(?:[T ,]+{clock})?")

        self.hashes: dict[str, str] = {}
        for file in _files(folder):
            data = file.read_bytes()
            with contextlib.suppress(UnicodeDecodeError):
                said = self.text(data.decode()).encode()
                if said != data:
                    self.hashes[hashlib.sha256(data).hexdigest()] = hashlib.sha256(said).hexdigest()

    def text(self, text: str) -> str:
        """The text without the run's folders, days and times."""
        for folder in self.folders:
            text = text.replace(folder, "<folder>")
        text = self.times.sub("<day>", _STYLED.sub(_without_styled_blanks, text))
        return _HASH.sub(lambda found: self.hashes.get(found[1], found[0]), text)

    def lines(self, part: str, parts: Mapping[str, bytes]) -> list[str]:
        """What one of a file's parts says, line by line; XML is broken between its elements."""
        data = parts.get(part)
        if data is None:
            return []
        try:
            text = data.decode()
        except UnicodeDecodeError:
            return [f"{data[at : at + 40].hex(' ')}" for at in range(0, len(data), 40)]
        package, slash, _name = part.rpartition("xl/worksheets/")
        shared = parts.get(f"{package}xl/sharedStrings.xml")
        if slash and shared:
            strings = _STRING.findall(shared.decode())
            text = _SHARED.sub(lambda found: f"{found[1]}{strings[int(found[2])]}</c>", text)
        text = self.text(text)
        if part.endswith("xl/sharedStrings.xml"):
            text = "\n".join(dict.fromkeys(_STRING.findall(text)))
        elif text.startswith(("<?xml", "\ufeff<?xml")):
            text = text.replace("><", ">\n<")
        return text.split("\n")


def _without_styled_blanks(styled: re.Match[str]) -> str:
    """Text in a style with the blanks round it outside of that: bold blanks look like any others."""
    begin, before, text, after, end = styled.groups()
    return f"{before}{begin}{text}{end}{after}" if text else f"{before}{after}"


def _written(day: dt.date) -> Iterator[str]:
    """How the program and its libraries write a day."""
    yield from (f"{day}", f"{day:%d/%m/%Y}", f"{day.day}/{day.month}/{day.year}", f"{day:%Y%m%d}")
    yield f"ngày {day.day} tháng {day.month} năm {day.year}"
    yield f"ngày {day:%d} tháng {day:%m} năm {day.year}"
    yield f"{day.day} {day:%B} {day.year}"


def _show(part: str, first: list[str], second: list[str]) -> None:
    print(f"differs: {part}")
    lines = list(difflib.unified_diff(first, second, "old", "new", n=1, lineterm=""))[2:]
    for line in lines[:_LINES]:
        print(f"    {line[:240]}")
    if len(lines) > _LINES:
        print(f"    ... {len(lines) - _LINES} more lines")


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says; returns the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    does = parser.add_subparsers(dest="does", required=True)
    making = does.add_parser("make", help="run every command, keep what it says and writes")
    making.add_argument("folder", type=Path)
    making.add_argument("--python", default=sys.executable, help="the interpreter that runs the program")
    making.add_argument("--source", type=Path, default=ROOT, help="the source tree that holds reportctl/")
    comparing = does.add_parser("compare", help="compare two such folders")
    comparing.add_argument("old", type=Path)
    comparing.add_argument("new", type=Path)
    given = parser.parse_args(arguments)
    if given.does == "make":
        make(given.folder, given.python, given.source)
        return 0
    return compare(given.old, given.new)


if __name__ == "__main__":
    sys.exit(main())
