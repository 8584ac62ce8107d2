"""Files: their names, and writing them so that nothing of anybody's is lost."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import os
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from reportctl.core.errors import ReportctlError, cannot_read
from reportctl.core.language import _

_FORBIDDEN = set('<>:"/\\|?*')
_RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    "conin$",
    "conout$",
    *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10)),
}
WRITTEN = ".reportctl-written.json"
_HASH = 64  # hexadecimal digits of a SHA-256
_NUMBERS = itertools.count()  # of the temporary files of this process, whichever thread writes them


def plain_name(text: str) -> str:
    """`text` as a file name that every system takes: without accents, forbidden signs and reserved words."""
    letters = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    kept = "".join(
        "_" if sign in _FORBIDDEN else sign for sign in letters if sign.isprintable() and ord(sign) < 128
    )
    name = " ".join(kept.split()).strip(". ")[:100].strip(". ")
    device = name.split(".")[0].rstrip()  # Windows passes over spaces and whatever follows a dot
    return f"{device}_{name[len(device) :]}" if not name or device.lower() in _RESERVED else name


def free_name(wanted: str, taken: Collection[str], suffix: str, longest: int | None = None) -> str:
    """`wanted`, or it with the `suffix` (such as " ({})") and the first number from 2 that makes it free.

    `taken` are the names that are not free, in small letters. A numbered name is cut to `longest` characters.
    """
    name = wanted
    for number in itertools.count(2):
        if name.lower() not in taken:
            break
        end = suffix.format(number)
        name = (wanted if longest is None else wanted[: longest - len(end)].rstrip()) + end
    return name


def digest(data: bytes) -> str:
    """The SHA-256 of `data` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def read_file(path: Path) -> bytes:
    """The content of the file at `path`. Raises `ReportctlError` where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise cannot_read(path, error) from error


def write_atomic(path: Path, data: bytes) -> None:
    """Put `data` at `path` whole or not at all, in a folder that is made where there is none.

    Raises `ReportctlError` that says why it cannot be written. A run that is killed may leave a file whose
    name begins with `.~`.
    """
    temporary = None
    try:
        if not path.parent.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
        while temporary is None:
            candidate = path.with_name(f".~{os.getpid()}-{next(_NUMBERS)}{path.suffix}")
            with contextlib.suppress(FileExistsError), candidate.open("xb") as handle:
                temporary = candidate
                handle.write(data)
                handle.flush()
                os.fsync(handle.fileno())
        temporary.replace(path)
    except OSError as error:
        raise _cannot_write(path, error) from error
    finally:
        if temporary:
            temporary.unlink(missing_ok=True)


def _cannot_write(path: Path, error: OSError) -> ReportctlError:
    if isinstance(error, PermissionError) and path.exists() and os.access(path.parent, os.W_OK):
        return ReportctlError(
            _("{path} cannot be written: it is open in another program. Close it and try again.").format(
                path=path
            )
        )
    return ReportctlError(
        _(
            "{path} cannot be written: {reason}. Check the rights of the folder and the room on the disk."
        ).format(path=path, reason=error.strerror or error)
    )


@dataclass(frozen=True, slots=True)
class Saved:
    """Where a result was put. `kept` is the file that stays because somebody changed it since."""

    path: Path
    kept: Path | None = None

    @property
    def remark(self) -> str:
        """A sentence where the result lies beside a file that was kept, else empty."""
        if self.kept is None:
            return ""
        return _("{kept} was changed by somebody and stays as it is; the new one is {path}").format(
            kept=self.kept.name, path=self.path
        )


class Outputs:
    """Puts results into the workspace folder `root` without overwriting what anybody changed.

    What reportctl itself wrote last is known by its hash, kept in the workspace with what it was made from; a
    context manager, because that list is written once, at the end (also of a run that fails half-way).
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.written: dict[str, str] = {}
        self.changed = False
        with contextlib.suppress(OSError, ValueError):
            written = json.loads((root / WRITTEN).read_text(encoding="utf-8"))
            self.written = written if isinstance(written, dict) else {}

    def __enter__(self) -> Outputs:
        return self

    def __exit__(self, *_exception: object) -> None:
        if self.changed:
            listed = json.dumps(self.written, ensure_ascii=False, indent=0, sort_keys=True)
            write_atomic(self.root / WRITTEN, listed.encode())

    def is_made(self, path: Path, made_from: str) -> bool:
        """Whether at `path` stands what was written there last, and that was made from the same."""
        written = self.written.get(self._key(path), "")
        return written.endswith(f" {made_from}") and path.exists() and _digest_of(path) == written[:_HASH]

    def made_alike(self, path: Path, made_from: str) -> bytes:
        """What stands at `path` where that was written there last, and was made from what begins with the
        same word; else nothing."""
        written = self.written.get(self._key(path), "")
        if written[_HASH + 1 :].split(" ")[:1] != made_from.split(" ")[:1] or not path.exists():
            return b""
        data = path.read_bytes()
        return data if digest(data) == written[:_HASH] else b""

    def save(self, path: Path, data: bytes, made_from: str = "") -> Saved:
        """Put `data` at `path`, or beside it as `NAME (2)` where a file of somebody else's stands there.

        `made_from` is a text that changes with everything that `data` depends on.
        """
        new = digest(data)
        candidate, number, present = path, 1, ""
        while candidate.exists():
            present = _digest_of(candidate)
            if present in (new, self.written.get(self._key(candidate), "")[:_HASH]):
                break
            number += 1
            candidate = path.with_name(f"{path.stem} ({number}){path.suffix}")
        if present != new:
            write_atomic(candidate, data)
        entry = f"{new} {made_from}" if made_from else new
        if self.written.get(self._key(candidate)) != entry:
            self.written[self._key(candidate)] = entry
            self.changed = True
        return Saved(candidate, path if candidate != path else None)

    def _key(self, path: Path) -> str:
        absolute = path.absolute()
        inside = absolute.is_relative_to(self.root)
        return absolute.relative_to(self.root).as_posix() if inside else absolute.as_posix()


def _digest_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _cannot_write(path, error) from error
