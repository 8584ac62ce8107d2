"""Build the folder that an officer unpacks on Windows and runs, without an administrator's rights.

    python -m tools.portable --python python-3.12.10-embed-amd64.zip [--out DIR] [--wheel-dir DIR]
    python -m tools.portable --stand-in [--out DIR] [--wheel-dir DIR]

It runs on any system and writes `DIR/reportctl-VERSION-windows/`: an embeddable CPython, the libraries in the
versions of constraints.txt, the program built from this tree, what starts it, the documentation, the licences
of everything. It looks at what it has built and packs that into a .zip; what is wrong it names instead, with
exit code 1.

The Python (3.11 or 3.12, from python.org, as the .zip or unpacked) is not downloaded: it is given by its path
and checked against the checksums below, or against `--sha256`. `--stand-in` builds all else, for computers
that have no such Python: `python/` then holds the libraries alone, and the name says so.
"""

from __future__ import annotations

import argparse
import compileall
import contextlib
import hashlib
import importlib.util
import io
import py_compile
import re
import shutil
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools import portable_guide
from tools.portable_checks import MOST_BYTES, SITE_PACKAGES, faults, size_of
from tools.portable_guide import Guide
from tools.windows_wheels import (
    Wheel,
    complete,
    download,
    licence_name,
    licence_texts,
    minor,
    pins,
    pip,
    read_wheel,
    unpack,
    wheels_in,
    windows,
)

ROOT = Path(__file__).parent.parent
FILES = Path(__file__).parent / "portable_files"
# SHA-256 of python-VERSION-embed-amd64.zip of python.org, the last 3.11 and 3.12 that are built there.
PYTHONS = {
    "009d6bf7e3b2ddca3d784fa09f90fe54336d5b60f0e0f305c37f400bf83cfd3b": "3.11.9",
    "4acbed6dd1c744b0376e3b1cf57ce906f9dc9e95e68824584c8099a63025a3c3": "3.12.10",
}
OPENER = "Mở reportctl.cmd"
FILE_TIME = (1980, 1, 1, 0, 0, 0)  # of all files: what is built twice is the same


@dataclass(frozen=True, slots=True)
class Licence:
    """Whose it is, of which version, what it is called, and its texts by their file names."""

    name: str
    version: str
    called: str
    texts: Mapping[str, str]


def main(arguments: Sequence[str] | None = None) -> int:
    """Build the folder and its archive, say how large they are and what is wrong with them."""
    asked = _arguments(arguments)
    with _python(asked.python, asked.sha256) as (version, python):
        name = f"reportctl-{_version()}-windows{'' if python else '-stand-in'}"
        folder = asked.out.resolve() / name
        archive = folder.with_name(f"{name}.zip")
        for path in (folder, archive):
            if path.exists():
                raise SystemExit(f"{path} is there already: remove it, or name another folder with --out")
        with tempfile.TemporaryDirectory() as work:
            wheels = _wheels(Path(work), version, asked.wheel_dir)
            built = build(folder, wheels, version, python, portable_guide.guide())
            wrong = faults(folder, windows(version), wheels, built, python=python is not None)
    print(f"{folder}: {size_of(folder) / 1e6:.0f} MB of at most {MOST_BYTES / 1e6:.0f}, for Python {version}")
    for sentence in wrong:
        print(sentence, file=sys.stderr)
    if wrong:
        return 1
    pack(folder, archive)
    print(f"{archive}: {archive.stat().st_size / 1e6:.0f} MB")
    return 0


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tools.portable", description=(__doc__ or "").split("\n")[0]
    )
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--python", type=Path, metavar="DIR|ZIP", help="the embeddable Python for Windows")
    source.add_argument("--stand-in", action="store_true", help="build all but the Python")
    parser.add_argument("--sha256", help="the checksum of another Python than those known here")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="where to; default: dist")
    parser.add_argument(
        "--wheel-dir", type=Path, metavar="DIR", help="take the libraries' wheels from there; default: pip"
    )
    return parser.parse_args(arguments)


def _version() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


# What it is made of


@contextlib.contextmanager
def _python(given: Path | None, sha256: str | None) -> Iterator[tuple[str, Path | None]]:
    """The version and the folder of the Python that was `given`; of a stand-in the version that it is for.

    Stops the program where it is none, or not the one that it is said to be.
    """
    if given is None:
        known = {minor(version): version for version in PYTHONS.values()}
        yield known.get(f"3.{sys.version_info.minor}", max(PYTHONS.values())), None
        return
    if not given.exists():
        raise SystemExit(f"There is no {given}")
    there = checksum(given)
    if there not in ({sha256.lower()} if sha256 else PYTHONS):
        raise SystemExit(
            f"{given} is not the Python that was expected: its SHA-256 is {there}. "
            "Where you know that this is the right one, say --sha256 with it"
        )
    with tempfile.TemporaryDirectory() as work:
        folder = given
        if given.is_file():
            folder = Path(work)
            with zipfile.ZipFile(given) as archive:
                archive.extractall(folder)
        yield PYTHONS.get(there) or version_of(folder), folder


def checksum(python: Path) -> str:
    """The SHA-256 of a file; of a folder, that of a line "SHA-256  PATH" for each file in it, by path."""
    if python.is_file():
        return hashlib.sha256(python.read_bytes()).hexdigest()
    files = {path.relative_to(python).as_posix(): path for path in python.rglob("*") if path.is_file()}
    lines = (f"{checksum(path)}  {name}\n" for name, path in sorted(files.items()))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def version_of(python: Path) -> str:
    """The version of the embeddable Python in a folder, "3.11.0" for any 3.11: by the name of its library.

    Stops the program where it is none that the program runs with.
    """
    found = [
        match[1] for path in python.iterdir() if (match := re.fullmatch(r"python3(\d\d)\.dll", path.name))
    ]
    known = {minor(version) for version in PYTHONS.values()}
    if len(found) != 1 or f"3.{found[0]}" not in known:
        raise SystemExit(f"{python} is no embeddable Python {' or '.join(sorted(known))} for Windows")
    return f"3.{found[0]}.0"


def _wheels(work: Path, version: str, wheel_dir: Path | None) -> list[Wheel]:
    """The program's own wheel, built in the folder `work`, and all that it needs on Windows."""
    pip("wheel", "--no-deps", "--wheel-dir", work / "own", ROOT)
    own = read_wheel(next((work / "own").glob("*.whl")))
    on = windows(version)
    versions = pins((ROOT / "constraints.txt").read_text(encoding="utf-8"), on)

    def find(missing: Mapping[str, str]) -> list[Path]:
        if wheel_dir:
            return wheels_in(wheel_dir, missing, version)
        return download(work / "wheels", missing, version)

    return complete(own, versions, on, find)


# The folder


def build(
    folder: Path, wheels: Sequence[Wheel], version: str, python: Path | None, guide: Guide
) -> list[str]:
    """Build the portable `folder` of these wheels, the Python in a folder (None for a stand-in), the `guide`.

    Gives the names of what lies in it beside `python/`. Stops the program where a licence is missing, before
    anything is written.
    """
    stub = launcher_stub()
    licences = [*map(_licence_of, wheels), *_other_licences(python, version, stub is not None)]
    if guide.theme:
        called = f"MIT, and those of the pictograms (the pages in {portable_guide.FOLDER})"
        licences.append(Licence(guide.theme, guide.version, called, guide.licences or {}))
    _refuse_unlicensed(licences)
    site = folder / SITE_PACKAGES
    site.mkdir(parents=True)
    if python:
        shutil.copytree(python, folder / "python", dirs_exist_ok=True)
    short = f"python{minor(version).replace('.', '')}"
    (folder / "python" / f"{short}._pth").write_bytes(search_path(short))
    for wheel in wheels:
        unpack(wheel, site)
    if minor(version) == f"3.{sys.version_info.minor}":  # byte code of another version would be passed over
        _compile(site)
    for one in licences:
        _write_licence(folder / "LICENSES", one)
    _write_text(folder / "LICENSES" / "THIRD-PARTY.txt", index(licences))
    first = portable_guide.OPENER if guide.is_site else f"{portable_guide.FOLDER}\\index.md"
    _write_text(folder / "README.txt", readme(_version(), minor(version), first))
    _write_guide(folder / portable_guide.FOLDER, guide)
    files = {"reportctl.cmd": LAUNCHER, OPENER: WINDOW}
    if guide.is_site:
        files[portable_guide.OPENER] = portable_guide.opener()
    else:
        print("This Python has no mkdocs (the extra `docs`): the guide is Markdown, not pages for a browser")
    if stub:
        files["reportctl.exe"] = launcher(stub)
    else:
        print("pip of this Python has no launcher for Windows (t64.exe): there is reportctl.cmd, and no .exe")
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return [*files, portable_guide.FOLDER, "LICENSES", "README.txt"]


def readme(version: str, python: str, guide: str) -> str:
    """What people read first, in both languages; `guide` is the first page of all others."""
    text = (FILES / "README.txt").read_text(encoding="utf-8")
    return text.format(version=version, opener=OPENER, python=f"Python {python}", guide=guide)


def _write_guide(folder: Path, guide: Guide) -> None:
    for name, data in guide.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def search_path(short: str) -> bytes:
    """The `._pth` of the embeddable Python `short` ("python311"): all places where it looks for modules."""
    return f"{short}.zip\r\n.\r\nLib\\site-packages\r\n".encode("ascii")


def _compile(site: Path) -> None:
    """Byte code that is taken as it is: unpacking changes files' times, and the folder may be read-only."""
    done = compileall.compile_dir(
        site,
        maxlevels=50,
        quiet=2,
        workers=0,
        stripdir=str(site),
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
    if not done:
        raise SystemExit(f"Something in {site} cannot be compiled by this Python")


# What starts it. In front of `chcp` nothing may stand that is not ASCII: cmd reads it in another code page.
LAUNCHER = (
    b"@echo off\r\n"
    b"chcp 65001 >nul\r\n"
    b'"%~dp0python\\python.exe" -m reportctl %*\r\n'
)  # fmt: skip
WINDOW = """@echo off
chcp 65001 >nul
title reportctl
if not defined LANG set "LANG=vi"
set "PATH=%~dp0;%PATH%"
cd /d "%USERPROFILE%"
if exist Documents cd Documents
echo Thư mục: "%CD%"
call reportctl menu
echo.
echo Gõ lệnh rồi nhấn Enter. Bảng chọn việc: reportctl menu. Dùng thử với bộ mẫu: reportctl demo.
echo Các lệnh: reportctl --help. Xem thư mục này trong File Explorer: start .
if exist "%~dp0Hướng dẫn.html" echo Hướng dẫn từng việc: start "" "%~dp0Hướng dẫn.html"
echo.
cmd /k
""".replace("\n", "\r\n").encode()
_SHEBANG = b"#!<launcher_dir>\\python\\python.exe\r\n"
_MAIN = """import sys
from reportctl.__main__ import main
if __name__ == "__main__":
    sys.exit(main())
"""


def launcher_stub() -> bytes | None:
    """The launcher for Windows that pip brings along for its own scripts; None where it was taken out."""
    try:
        found = importlib.util.find_spec("pip._vendor.distlib")
    except ModuleNotFoundError:
        return None
    path = Path(found.origin).with_name("t64.exe") if found and found.origin else None
    if path is None or not path.is_file():
        return None
    stub = path.read_bytes()
    return stub if "<launcher_dir>".encode("utf-16-le") in stub else None  # older ones know no such place


def launcher(stub: bytes) -> bytes:
    """`reportctl.exe`: the stub, the Python that it is to start, and the archive which that runs."""
    appended = io.BytesIO()
    with zipfile.ZipFile(appended, "w") as archive:
        archive.writestr(zipfile.ZipInfo("__main__.py", FILE_TIME), _MAIN)
    return stub + _SHEBANG + appended.getvalue()


# Licences


def _licence_of(wheel: Wheel) -> Licence:
    return Licence(wheel.name, wheel.version, licence_name(wheel.metadata), licence_texts(wheel))


def _other_licences(python: Path | None, version: str, has_launcher: bool) -> Iterator[Licence]:
    """Of what came in no wheel: the launcher and the Python."""
    if has_launcher:
        from pip._vendor import distlib

        text = (FILES / "distlib-LICENSE.txt").read_text(encoding="utf-8")
        yield Licence(
            "distlib", distlib.__version__, "PSF-2.0 (the launcher in reportctl.exe)", {"LICENSE": text}
        )
    if python:
        path = python / "LICENSE.txt"
        texts = {path.name: path.read_text(encoding="utf-8")} if path.is_file() else {}
        yield Licence("python", version, "PSF-2.0, and those of the parts that it names", texts)


def _refuse_unlicensed(licences: Sequence[Licence]) -> None:
    lacking = [f"{one.name} {one.version}" for one in licences if not one.texts or not one.called]
    if lacking:
        raise SystemExit(f"No licence is named, or its text is not there: {', '.join(lacking)}")


def _write_licence(folder: Path, licence: Licence) -> None:
    """One file for each part, whatever number of texts it has."""
    texts = [f"{name}\n{'-' * len(name)}\n\n{text.strip()}\n" for name, text in licence.texts.items()]
    head = f"{licence.name} {licence.version}: {licence.called}\n\n\n"
    _write_text(folder / f"{licence.name}-{licence.version}.txt", head + "\n\n".join(texts))


def index(licences: Sequence[Licence]) -> str:
    """A line for each part: name, version, licence."""
    rows = sorted((one.name, one.version, one.called) for one in licences)
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    return "".join(f"{n:{widths[0]}}  {v:{widths[1]}}  {called}\n" for n, v, called in rows)


def _write_text(path: Path, text: str) -> None:
    """A text as Notepad of every Windows shows it."""
    path.parent.mkdir(exist_ok=True)
    lines = "\r\n".join(text.replace("\r\n", "\n").split("\n"))
    path.write_bytes(lines.encode("utf-8-sig"))


def pack(folder: Path, archive: Path) -> None:
    """Put what is in the folder into a .zip, the same bytes for the same files.

    The folder itself is not in it: Windows unpacks into one that it names after the .zip, or that somebody
    chooses, and the program then lies right there.
    """
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
        for name, path in sorted(files.items()):
            entry = zipfile.ZipInfo(name, FILE_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            target.writestr(entry, path.read_bytes(), compresslevel=9)


if __name__ == "__main__":
    sys.exit(main())
