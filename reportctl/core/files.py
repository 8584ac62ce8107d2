"""Files: their names, and reading and writing them while other programs hold them."""

from __future__ import annotations

import contextlib
import errno
import functools
import hashlib
import itertools
import os
import platform
import re
import shutil
import stat
import time
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
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
    put_in_place(temporary, path, lambda: path.read_bytes() == data)


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


def free_beside(path: Path) -> Path:
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
        candidate = free_beside(path)
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


def write_beside(path: Path, pieces: Iterable[bytes]) -> tuple[Path | OSError, str]:
    """A file beside `path` that holds the `pieces`, on the disk when this returns, and their hash; where they
    cannot be written, what the system said in place of the file: whether the same stands at `path` already is
    not known before the end.

    A thread writes some while others are being made. Raises `ReportctlError` where there can be no folder.
    """
    from concurrent.futures import ThreadPoolExecutor  # which most commands do without

    refuse_name(path)
    with _not_beside(path):
        _make_folder(path.parent)
    hashed, failed = hashlib.sha256(), list[OSError]()
    try:
        candidate, handle = patiently(lambda: _opened_beside(path), path.parent, os.W_OK)
    except OSError as error:
        for piece in pieces:
            hashed.update(piece)
        return error, hashed.hexdigest()

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
    if failed:
        discard(candidate)
        return failed[0], hashed.hexdigest()
    return candidate, hashed.hexdigest()


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


def put_in_place(temporary: Path, path: Path, is_there: Callable[[], bool]) -> None:
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
    trial = free_beside(folder / "trial")
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
