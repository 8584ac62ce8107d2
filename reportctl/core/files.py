"""Files: their names, and writing them so that nothing of anybody's is lost."""

from __future__ import annotations

import contextlib
import errno
import functools
import hashlib
import itertools
import json
import os
import platform
import re
import shutil
import stat
import time
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeVar

from reportctl.core.errors import ReportctlError, cannot_read
from reportctl.core.language import Phrase, _

T = TypeVar("T")

_WINDOWS = os.name == "nt"
_FORBIDDEN = set('<>:"/\\|?*')
_RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    "conin$",
    "conout$",
    *(f"{name}{n}" for name in ("com", "lpt") for n in "123456789¹²³"),
}
WRITTEN = ".reportctl-written.json"
_WRITTEN_ASIDE = ".reportctl-written.new.json"  # where another program has the list for itself
_HASH = 64  # hexadecimal digits of a SHA-256
_NUMBERS = itertools.count()  # of the temporary files of this process, whichever thread writes them
_SWEPT: set[Path] = set()  # the folders in which this process has looked for what others left


def plain_name(text: str) -> str:
    """`text` as a file name that every system takes: without accents, forbidden signs and reserved words."""
    letters = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    kept = "".join(
        "_" if sign in _FORBIDDEN else sign for sign in letters if sign.isprintable() and ord(sign) < 128
    )
    name = " ".join(kept.split()).strip(". ")[:100].strip(". ")
    device = _device(name)
    return f"{device}_{name[len(device) :]}" if not name or is_reserved(name) else name


def is_reserved(name: str) -> bool:
    """Whether Windows takes a file of that `name` for a device, as it does with `COM1`, `aux.xlsx`."""
    return _device(name).lower() in _RESERVED


def _device(name: str) -> str:
    """What Windows goes by: it passes over spaces and whatever follows a dot or a colon."""
    return re.split("[.:]", name)[0].rstrip()


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


# Reading and writing while virus scanners and syncing folders look at the same files

_WAITS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.5)  # seconds; whatever looks at a file for a moment is done within them
_MOMENTARY = frozenset({errno.EACCES, errno.EPERM, errno.EBUSY, errno.ETXTBSY})


class UnwritableError(ReportctlError):
    """A file that cannot be written for a reason of its own (it is open elsewhere): others may do better."""


def patiently(act: Callable[[], T], path: Path, use: int = os.R_OK) -> T:
    """What `act`, which works on `path`, gives.

    Another program may hold a file for a moment: then it is tried again, for some three seconds, unless
    `path` is there and its rights do not allow the `use` (`os.R_OK` or `os.W_OK`). Raises what `act` raises.
    """
    for seconds in _WAITS:
        try:
            return act()
        except OSError as error:
            if error.errno not in _MOMENTARY or _forbids(path, use):
                raise
            time.sleep(seconds)
    return act()


def _forbids(path: Path, use: int) -> bool:
    try:
        path.lstat()
    except OSError:  # it is not there, or on its way out
        return False
    return not os.access(path, use)


NO_ORDINARY_FILE = Phrase("đây không phải là tệp thông thường", "it is no ordinary file")


def read_bytes(path: Path) -> bytes:
    """The content of the file at `path`, waited for where it is held for a moment.

    Raises `OSError`, also for a pipe or a device, whose end might never come.
    """

    def content() -> bytes:
        refuse_endless(path)
        return path.read_bytes()

    return patiently(content, path)


def refuse_endless(path: Path) -> None:
    """Raises `OSError` where `path` is a pipe, a device or the like."""
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):  # a folder is refused by the system
        raise OSError(errno.EINVAL, str(NO_ORDINARY_FILE), str(path))


def read_file(path: Path) -> bytes:
    """The content of the file at `path`. Raises `ReportctlError` where it cannot be read."""
    try:
        return read_bytes(path)
    except OSError as error:
        raise cannot_read(path, error) from error


def misnamed(path: Path) -> Path | None:
    """The file beside `path` to whose name Notepad has added .txt; None where there is none."""
    beside = path.with_name(f"{path.name}.txt")
    return beside if beside.is_file() else None


def refuse_misnamed(path: Path) -> None:
    """Raises `ReportctlError` where there is no file at `path`, and one with .txt added to its name is."""
    beside = None if path.exists() else misnamed(path)
    if beside:
        raise ReportctlError(
            _(
                "There is no {name} in {folder}, but {beside}: Notepad has added .txt to the name. "
                "Rename it to {name}."
            ).format(name=path.name, folder=path.parent, beside=beside.name)
        )


def write_atomic(path: Path, data: bytes) -> None:
    """Put `data` at `path` whole or not at all, in a folder that is made where there is none.

    Raises `ReportctlError` that says why it cannot be written. A run that is killed may leave a file whose
    name begins with `.~`, which a later one removes.
    """
    refuse_name(path)
    with _not_beside(path):
        _make_folder(path.parent)
        temporary = patiently(lambda: _temporary(path, data), path.parent, os.W_OK)
    _put(temporary, path, lambda: path.read_bytes() == data)


@contextlib.contextmanager
def _not_beside(path: Path) -> Iterator[None]:
    """What the system does not take beside `path` is said as a `ReportctlError`."""
    try:
        yield
    except OSError as error:
        raise cannot_write(path, error, folder=True) from error


def _make_folder(folder: Path) -> None:
    """Make a folder for results, or remove from it what runs that were killed left."""
    if not folder.exists():
        folder.mkdir(parents=True, exist_ok=True)
    elif folder not in _SWEPT:
        sweep(folder)
    _SWEPT.add(folder)


def _free_beside(path: Path) -> Path:
    """A name beside `path` for what is not finished, by which a later run knows it."""
    return path.with_name(f".~{os.getpid()}-{next(_NUMBERS)}-{_this_machine()}{path.suffix}")


def _temporary(path: Path, data: bytes) -> Path:
    """A new file beside `path` that holds `data`, on the disk when this returns."""
    candidate, handle = _opened_beside(path)
    with _discarded_unless_done(candidate, handle):
        handle.write(data)
        handle.flush()
        os.fsync(handle.fileno())
    return candidate


def _opened_beside(path: Path) -> tuple[Path, BinaryIO]:
    """A new, empty file beside `path`, open to be written."""
    while True:
        candidate = _free_beside(path)
        with contextlib.suppress(FileExistsError):
            return candidate, candidate.open("xb")


@contextlib.contextmanager
def _discarded_unless_done(path: Path, handle: BinaryIO) -> Iterator[None]:
    """Close the file when the block is done; where it fails, the file goes."""
    try:
        with handle:
            yield
    except BaseException:
        discard(path)
        raise


_PIECE = 2**23  # bytes that are put on the disk at once


def _temporary_of_pieces(path: Path, pieces: Iterable[bytes]) -> tuple[Path, str, OSError | None]:
    """A file beside `path` that holds the `pieces`, on the disk when this returns; their hash; and what the
    system said where they could not be written: whether the same is at `path` is not known before the end.

    A thread writes some while others are being made.
    """
    from concurrent.futures import ThreadPoolExecutor  # which most commands do without

    hashed, failed = hashlib.sha256(), list[OSError]()
    try:
        candidate, handle = patiently(lambda: _opened_beside(path), path.parent, os.W_OK)
    except OSError as error:
        for piece in pieces:
            hashed.update(piece)
        return path, hashed.hexdigest(), error

    def write(data: bytes) -> None:
        hashed.update(data)
        try:
            if not failed:
                handle.write(data)
                handle.flush()
                os.fsync(handle.fileno())
        except OSError as error:
            failed.append(error)
            with contextlib.suppress(OSError):  # what is left in it cannot be written either
                handle.close()

    with _discarded_unless_done(candidate, handle), ThreadPoolExecutor(1) as thread:
        written, some, size = thread.submit(write, b""), list[bytes](), 0
        for piece in pieces:
            some.append(piece)
            size += len(piece)
            if size >= _PIECE:
                written.result()
                written, some, size = thread.submit(write, b"".join(some)), [], 0
        written.result()
        write(b"".join(some))
    return candidate, hashed.hexdigest(), next(iter(failed), None)


_TEMPORARY = re.compile(r"\.~(\d{1,18})-\d+(?:-([0-9a-f]{8}))?(?:\..*)?")
_LEFT_SECONDS = 3600.0  # after which what another machine was writing is not being written any more


@functools.cache
def _this_machine() -> str:
    return hashlib.sha256(platform.node().encode()).hexdigest()[:8]


def sweep(folder: Path) -> None:
    """Remove the files and folders that runs which were killed left half-written in `folder`; what cannot be
    removed stays."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if (name := _TEMPORARY.fullmatch(entry.name)) and _is_left(name, entry):
                discard(folder / entry.name)


def _is_left(name: re.Match[str], entry: os.DirEntry[str]) -> bool:
    """Whether nobody writes a temporary file any more: its process, which it names, is gone.

    Of processes of other machines on a shared folder only the time tells, and so it does on Windows.
    """
    if not _WINDOWS and name[2] in (None, _this_machine()):
        return not _is_running(int(name[1]))
    return entry.stat(follow_symlinks=False).st_mtime < time.time() - _LEFT_SECONDS


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)  # asks only
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # it is somebody else's
        pass
    return True


def _put(temporary: Path, path: Path, is_there: Callable[[], bool]) -> None:
    """Let `temporary` be `path`; `is_there` says whether the same stands there already. Raises
    `ReportctlError` where it cannot be, and then `temporary` goes."""
    try:
        patiently(lambda: _replace(temporary, path, is_there), path, os.W_OK)
    except BaseException as error:
        discard(temporary)
        if isinstance(error, OSError):
            raise cannot_write(path, error) from error
        raise


def _replace(temporary: Path, path: Path, is_there: Callable[[], bool]) -> None:
    """Windows refuses this to one of two who do it at once; that is as good where the other one has put the
    same there."""
    try:
        temporary.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            if is_there():
                discard(temporary)
                return
        raise


def move(path: Path, target: Path) -> None:
    """Let the file at `path` be at `target`, waited for where it is held for a moment. Raises `OSError`."""
    patiently(lambda: path.replace(target), path, os.W_OK)


def replace_keeping(path: Path, old: bytes, new: bytes) -> Path:
    """Put `new` at `path`; the `old` content stays beside it in `NAME.before-N`, the file that is returned.

    Raises `ReportctlError` where one of both cannot be written; then all is as it was.
    """
    names = (path.with_name(f"{path.stem}.before-{number}{path.suffix}") for number in itertools.count(1))
    backup = next(name for name in names if not name.exists())
    write_atomic(backup, old)
    try:
        write_atomic(path, new)
    except ReportctlError:
        discard(backup)
        raise
    return backup


def discard(path: Path) -> None:
    """Remove a file, or a folder with all that is in it, that is not needed; it stays where that is not
    allowed."""
    with contextlib.suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            patiently(lambda: shutil.rmtree(path), path, os.W_OK)
        else:
            patiently(lambda: path.unlink(missing_ok=True), path, os.W_OK)


def refuse_name(path: Path) -> None:
    """Raises `ReportctlError` where Windows would not take a file of that name, or one in folders of such
    names, for a file: one for a device wherever the program runs, for the folder may be shared."""
    parts = path.parts[bool(path.anchor) :] if _WINDOWS else (path.name,)
    for name in filter(is_reserved, parts):
        raise ReportctlError(
            _(
                "{path} cannot be written: Windows keeps the name “{name}” for a device. Choose another name."
            ).format(path=path, name=name)
        )
    if _WINDOWS and (_FORBIDDEN & set(path.name) or path.name.endswith((".", " "))):
        raise ReportctlError(
            _(
                '{path} cannot be written: on Windows a name has none of the signs < > : " | ? * and does '
                "not end with a dot or a space. Choose another name."
            ).format(path=path)
        )


def is_file(path: Path) -> bool:
    """Whether a file is at `path`; no file can be where the system takes no such name, as one too long."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def refuse_place(path: Path) -> None:
    """Raises `ReportctlError` where no file can be put at `path`, because its folder is not there or may not
    be written in, or a folder has that name: before long work whose result is to go there."""
    refuse_name(path)
    if not path.parent.is_dir():
        raise ReportctlError(
            _(
                "{path} cannot be written: there is no folder {folder}. Make it, or name another place."
            ).format(path=path, folder=path.parent)
        )
    if path.is_dir():
        raise cannot_write(path, IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path)))
    try:
        patiently(lambda: try_folder(path.parent), path.parent, os.W_OK)
    except OSError as error:
        raise cannot_write(path, error, folder=True) from error


def try_folder(folder: Path) -> None:
    """Raises `OSError` where no file can be put into the `folder`; nothing stays there."""
    # Not by the module tempfile, which on Windows takes a folder without rights for ten thousand used names.
    trial = _free_beside(folder / "trial")
    trial.open("xb").close()
    discard(trial)


def cannot_write(path: Path, error: OSError, *, folder: bool = False) -> ReportctlError:
    """The error to raise where the system does not take the file at `path`: an `UnwritableError` where other
    files may do better. `folder`: what failed was to put a new file beside it."""
    from reportctl.core.obstacles import to_writing

    obstacle = to_writing(path, error, folder=folder)
    sentence = _("{path} cannot be written: {reason}. {remedy}").format(
        path=path, reason=obstacle.reason, remedy=obstacle.remedy
    )
    return UnwritableError(sentence) if obstacle.of_file else ReportctlError(sentence)


@contextlib.contextmanager
def put_off(problems: list[str]) -> Iterator[None]:
    """What inside the block cannot be written for a reason of its own goes to `problems`, to be named when
    all the others are written."""
    try:
        yield
    except UnwritableError as error:
        problems.append(str(error))


def unwritten(problems: Collection[str]) -> ReportctlError:
    """The error to raise at the end, where these `problems` were put off."""
    return ReportctlError("\n".join([*problems, _("All the others are written.")]))


def open_elsewhere(path: Path) -> Path | None:
    """The lock file beside `path` of a program that seems to have it open; None where there is none.

    LibreOffice puts `.~lock.NAME#`; Excel and WPS `~$NAME`. Word leaves out the first letter of a stem of
    seven, the first two of a longer one.
    """
    dropped = {7: (1, 2)}.get(len(path.stem), (2,))
    locks = (f".~lock.{path.name}#", f"~${path.name}", *(f"~${path.name[count:]}" for count in dropped))
    return next((lock for lock in map(path.with_name, locks) if lock.exists()), None)


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
        refuse_name(path)
        with _not_beside(path):
            _make_folder(path.parent)
        temporary, new, error = _temporary_of_pieces(path, pieces)
        try:
            candidate, is_there = self._place_for(path, new)
            if error and not is_there:
                raise cannot_write(path, error, folder=True) from error
            if not is_there:
                _put(temporary, candidate, lambda: digest(candidate.read_bytes()) == new)
        finally:
            if temporary != path:
                discard(temporary)
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
        new = _free_beside(path)
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
    before = _free_beside(path)
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
