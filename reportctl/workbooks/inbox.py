"""Files that arrive: finding them in folders and .zip archives, and reading one."""

from __future__ import annotations

import datetime as dt
import os
import stat
from dataclasses import dataclass, field, replace
from pathlib import Path

from reportctl.core.errors import cannot_read
from reportctl.core.files import NO_ORDINARY_FILE, patiently, read_bytes
from reportctl.core.findings import Finding, finding
from reportctl.workbooks import zips

READ_LIMIT = 100 * 2**20  # of a larger file only the beginning is looked at
HEAD = 2**16


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file that arrived. `name` is how people know it (its path below the inbox folder); `received` is the
    day that names a sub-folder it lies in, None where none does; `member` is the file in the .zip archive
    `path` that it is, with its `unpacked_size` in bytes, None where it lies there itself."""

    path: Path
    name: str
    received: dt.date | None = None
    member: str | None = None
    unpacked_size: int = field(default=0, compare=False)

    @property
    def place(self) -> tuple[Path, str | None]:
        """What tells it from every other file."""
        return self.path.absolute(), self.member

    def read(self) -> bytes:
        """Its content. Raises `OSError`, and `zips.RefusedError` for what cannot be taken from an archive."""
        return zips.read_member(self.path, self.member) if self.member else read_bytes(self.path)


def find_inputs(folder: Path) -> list[InputFile]:
    """Every file below `folder` and in .zip archives there, by name; lock files of Office, hidden and system
    files are left out.

    A sub-folder that cannot be listed stands among them itself, so that it is missed where it is read. Raises
    `ReportctlError` where `folder` cannot be listed.
    """
    if not folder.is_dir():
        return []
    found = []
    closed: list[OSError] = []
    for base, folders, names in os.walk(folder, onerror=closed.append):
        folders[:] = sorted(name for name in folders if not zips.is_litter(name))
        here = Path(base)
        inside = here.relative_to(folder)
        received = _received(inside / "any")
        before = "" if here == folder else f"{inside.as_posix()}/"
        for name in sorted(names):
            if not zips.is_litter(name):
                found += unpacked(InputFile(here / name, zips.readable(before + name), received))
    for error in closed:
        path = Path(error.filename)
        if path == folder:
            raise cannot_read(path, error) from error
        inside = path.relative_to(folder)
        found.append(InputFile(path, zips.readable(inside.as_posix()), _received(inside / "any")))
    return found


def unpacked(file: InputFile) -> list[InputFile]:
    """The files in `file` where it is a .zip archive that is looked into, else `file` itself."""
    inside = zips.members(file.path) if file.path.suffix.lower() == ".zip" else []
    return [
        replace(file, name=f"{file.name}/{one.name}", member=one.key, unpacked_size=one.size)
        for one in inside
    ] or [file]


def set_aside(file: InputFile, status: os.stat_result) -> Finding | None:
    """What is said of a file that is not read whole, and so neither checked nor kept: one that is no ordinary
    file, whose reading might never end, or one beyond `READ_LIMIT`. None of all others.

    `status` is what the system says of the file. Raises `OSError` where it cannot be opened.
    """
    if not stat.S_ISREG(status.st_mode):  # reading a folder fails at once, with the reason
        is_folder = stat.S_ISDIR(status.st_mode)
        return None if is_folder else finding("unreadable_file", file=file.name, reason=NO_ORDINARY_FILE)
    if file.member or status.st_size <= READ_LIMIT:
        return None
    from reportctl.workbooks import safety  # hardly any inbox has such files

    with patiently(lambda: file.path.open("rb"), file.path) as handle:
        head = handle.read(HEAD)
        inspected = safety.inspect(head, file.name, status.st_size, handle)
    found = inspected.findings[0] if inspected.findings else finding("not_a_workbook")
    return replace(found, file=file.name)


def named_input(path: Path, root: Path) -> InputFile:
    """A file named on the command line; inside the inbox its sub-folder's date counts as well."""
    received, inbox = None, root / "inbox"
    # `root` is resolved; a link, or on Windows the letter of a network drive, may lead there as well.
    ways = (Path(os.path.normpath(path.absolute())), path.resolve())
    path = next((way for way in ways if way.is_relative_to(inbox)), path)
    if path.is_relative_to(inbox):
        received = _received(path.relative_to(inbox))
    return InputFile(path, zips.readable(path.name), received)


def _received(inside: Path) -> dt.date | None:
    for part in reversed(inside.parts[:-1]):
        try:
            return dt.date.fromisoformat(part)
        except ValueError:
            continue
    return None
