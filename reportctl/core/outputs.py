"""Results: put into the workspace without overwriting what anybody changed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from reportctl.core.errors import cannot_read
from reportctl.core.files import (
    UnwritableError,
    cannot_write,
    digest,
    discard,
    free_beside,
    patiently,
    put_in_place,
    read_bytes,
    refuse_endless,
    refuse_name,
    sweep,
    write_atomic,
    write_beside,
)
from reportctl.core.language import _

WRITTEN = ".reportctl-written.json"
_WRITTEN_ASIDE = ".reportctl-written.new.json"  # where another program has the list for itself
_HASH = 64  # hexadecimal digits of a SHA-256


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
        # Only where there is no list nothing was written yet: what is not known to be ours is not replaced.
        self.written |= _list_of(root / WRITTEN)
        if aside := _list_of(root / _WRITTEN_ASIDE):
            self.written |= aside
            self.changed = True

    def __enter__(self) -> Outputs:
        return self

    def __exit__(self, *_exception: object) -> None:
        if self.changed:
            listed = json.dumps(self.written, ensure_ascii=False, indent=0, sort_keys=True)
            try:
                write_atomic(self.root / WRITTEN, listed.encode())
            except UnwritableError:  # the next run takes it over
                write_atomic(self.root / _WRITTEN_ASIDE, listed.encode())
            else:
                discard(self.root / _WRITTEN_ASIDE)

    def is_made(self, path: Path, made_from: str) -> bool:
        """Whether at `path` stands what was written there last, and that was made from the same."""
        written = self.written.get(self._key(path), "")
        return written.endswith(f" {made_from}") and path.exists() and _digest_of(path) == written[:_HASH]

    def note(self, path: Path, made_from: str) -> None:
        """Note what stands at `path` as written just now, and made from `made_from`."""
        entry = f"{_digest_of(path)} {made_from}"
        if self.written.get(self._key(path)) != entry:
            self.written[self._key(path)] = entry
            self.changed = True

    def made_alike(self, path: Path, made_from: str) -> bytes:
        """What stands at `path` where that was written there last, and was made from what begins with the
        same word; else nothing."""
        written = self.written.get(self._key(path), "")
        if written[_HASH + 1 :].split(" ")[:1] != made_from.split(" ")[:1] or not path.exists():
            return b""
        try:
            data = read_bytes(path)
        except OSError as error:
            raise cannot_write(path, error) from error
        return data if digest(data) == written[:_HASH] else b""

    def save(self, path: Path, data: bytes, made_from: str = "") -> Saved:
        """Put `data` at `path`, or beside it as `NAME (2)` where a file of somebody else's stands there.

        `made_from` is a text that changes with everything that `data` depends on.
        """
        refuse_name(path)  # before it is looked at: a device would be waited for
        new = digest(data)
        candidate, is_there = self._place_for(path, new)
        if not is_there:
            write_atomic(candidate, data)
        return self._saved(path, candidate, new, made_from)

    def save_pieces(self, path: Path, pieces: Iterable[bytes], made_from: str = "") -> Saved:
        """As `save` puts what the `pieces` are together; they are written while more of them are made, and
        are never all in memory."""
        made, new = write_beside(path, pieces)
        try:
            candidate, is_there = self._place_for(path, new)
            if isinstance(made, OSError):
                if not is_there:
                    raise cannot_write(path, made, folder=True) from made
            elif not is_there:
                put_in_place(made, candidate, lambda: digest(candidate.read_bytes()) == new)
        finally:
            if isinstance(made, Path):
                discard(made)
        return self._saved(path, candidate, new, made_from)

    def _place_for(self, path: Path, new: str) -> tuple[Path, bool]:
        """Where to put what is to be at `path` and has the hash `new`: there, or beside what is somebody
        else's; and whether it is there already."""
        candidate, number = path, 1
        while candidate.exists():
            present = _digest_of(candidate)
            if present in (new, self.written.get(self._key(candidate), "")[:_HASH]):
                return candidate, present == new
            number += 1
            candidate = path.with_name(f"{path.stem} ({number}){path.suffix}")
        return candidate, False

    def _saved(self, path: Path, candidate: Path, new: str, made_from: str) -> Saved:
        """Note what was put at `candidate` instead of `path`."""
        entry = f"{new} {made_from}" if made_from else new
        if self.written.get(self._key(candidate)) != entry:
            self.written[self._key(candidate)] = entry
            self.changed = True
        return Saved(candidate, path if candidate != path else None)

    def save_folder(self, path: Path, fill: Callable[[Path], None]) -> Saved:
        """Let `path` be a folder with what `fill` puts into the empty one that it is given, and nothing else.
        It is `NAME (2)` beside it where anything of somebody else's stands there.

        Whoever reads it finds all of the old files or all of the new ones. Raises `ReportctlError` where it
        cannot be written, and what `fill` raises.
        """
        refuse_name(path)
        path = path.resolve() if path.is_symlink() else path
        new = free_beside(path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            sweep(path.parent)
            new.mkdir()
        except OSError as error:
            raise cannot_write(path, error, folder=True) from error
        try:
            fill(new)
            made = {name: _digest_of(new / name) for name in _names_in(new)}
            target, number = path, 1
            while not self._is_ours(target):
                number += 1
                target = path.with_name(f"{path.name} ({number})")
            try:
                _put_folder(new, target)
            except OSError as error:
                raise cannot_write(target, error) from error
        finally:
            discard(new)
        key = self._key(target)
        kept = {name: said for name, said in self.written.items() if not name.startswith(f"{key}/")}
        self.written = kept | {f"{key}/{name}": sha256 for name, sha256 in made.items()}
        self.changed = True
        return Saved(target, path if target != path else None)

    def _is_ours(self, folder: Path) -> bool:
        """Whether nothing stands there but a folder, if any, of files as they were written there last."""
        if not folder.exists() and not folder.is_symlink():
            return True
        if not folder.is_dir():
            return False
        key = self._key(folder)
        known = {folder / name: self.written.get(f"{key}/{name}", "")[:_HASH] for name in _names_in(folder)}
        return all(known.values()) and all(_digest_of(path) == sha256 for path, sha256 in known.items())

    def _key(self, path: Path) -> str:
        # The folder may be a link, or on Windows a network drive with a letter: it is the same file.
        for place in (path.absolute(), path.resolve()):
            if place.is_relative_to(self.root):
                return place.relative_to(self.root).as_posix()
        return path.absolute().as_posix()


def _names_in(folder: Path) -> list[str]:
    """The files and links below the folder, by their paths from there.

    Raises `ReportctlError` where it cannot be read.
    """
    found: list[Path] = []
    try:
        for base, folders, names in os.walk(folder, onerror=_fail):
            inside = [Path(base, name) for name in (*names, *folders)]
            found += [one for one in inside if one.is_symlink() or not one.is_dir()]
    except OSError as error:
        raise cannot_read(folder, error) from error
    return sorted(one.relative_to(folder).as_posix() for one in found)


def _fail(error: OSError) -> None:
    raise error


def _put_folder(new: Path, path: Path) -> None:
    """Let the folder `new` be `path`; what stands there stays where that is not allowed."""
    before = free_beside(path)
    if path.exists():
        patiently(lambda: path.rename(before), path, os.W_OK)
    try:
        patiently(lambda: new.rename(path), new, os.W_OK)
    except OSError:
        if before.exists():
            before.rename(path)
        raise
    discard(before)


def _list_of(path: Path) -> dict[str, str]:
    try:
        written = json.loads(read_bytes(path))
    except (FileNotFoundError, ValueError):
        return {}
    except OSError as error:
        raise cannot_read(path, error) from error
    listed = written.items() if isinstance(written, dict) else ()
    return {name: said for name, said in listed if isinstance(said, str)}


def _digest_of(path: Path) -> str:
    try:
        return patiently(lambda: _hash_of(path), path)
    except OSError as error:
        raise cannot_write(path, error) from error


def _hash_of(path: Path) -> str:
    refuse_endless(path)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
