"""How the facts are found out: from the system, the workspace's folder, and what stands in it.

Whatever cannot be found out is left unknown; nothing here raises or changes anything.
"""

from __future__ import annotations

import contextlib
import ctypes
import datetime as dt
import locale
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from reportctl.core.errors import ReportctlError
from reportctl.core.files import cannot_write, open_elsewhere, try_folder
from reportctl.core.obstacles import is_open_elsewhere, to_writing
from reportctl.core.outputs import WRITTEN
from reportctl.core.period import Quarter
from reportctl.core.wording import capitalised
from reportctl.doctor.facts import Computer, Facts, Files, Office
from reportctl.figures.views import plan_of
from reportctl.ledger.archive import kept_form
from reportctl.ledger.condition import Condition, condition
from reportctl.ledger.conflicts import conflicts
from reportctl.ledger.lock import refuse_while_held
from reportctl.ledger.session import Session
from reportctl.ledger.versions import form_at
from reportctl.merge.unmerged import refuse_lost
from reportctl.report.documents import templates
from reportctl.report.write import drift_of
from reportctl.word.fonts import fonts_named
from reportctl.workspace.root import SETTINGS, find_root, root_if_any

_FONT_SECONDS = 10.0
_OURS = ("archive", "closed", "outbox", "returned", "output")  # folders in which the program writes
_WRITTEN_IN = (*_OURS, "decisions.csv", "reportctl.db")
# Files of the workspace's own folder that commands write or people keep open.
_LOOKED_AT = (SETTINGS, "form.toml", "layout.toml", "report.docx", "units.csv", "units.xlsx", "plan.csv",
              "plan.xlsx", "decisions.csv", "reportctl.db", WRITTEN)  # fmt: skip
_SYNCED = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")


def gathered(session: Session, named: Path | None) -> Facts:
    """All that can be found out; `named` is the workspace named on the command line."""
    computer = _computer()
    root = session.root_if_any
    if root is None:
        return Facts(computer, no_workspace=_why_none(named))
    return Facts(computer, _files(root), _office(session, root))


def _why_none(named: Path | None) -> str:
    """Why what was named is no workspace; empty where none was named."""
    if root_if_any(named, Path(Path.cwd().anchor)) is None:
        return ""
    try:
        find_root(named, Path.cwd())
    except ReportctlError as error:
        return str(error)
    return ""


def _computer() -> Computer:
    is_windows = os.name == "nt"
    page = _code_page() if is_windows else None
    return Computer(
        system="windows" if is_windows else platform.system().lower(),
        python=(sys.version_info.major, sys.version_info.minor, sys.version_info.micro),
        now=dt.datetime.now(),
        encoding=f"cp{page}" if page else locale.getencoding(),
        code_page=page,
        fonts=_fonts_of_windows() if is_windows else _fonts_of_fontconfig(),
        synced=tuple(filter(None, map(os.environ.get, _SYNCED))),
    )


def _code_page() -> int | None:
    """The code page of a Windows console; None where there is none."""
    try:
        return ctypes.windll.kernel32.GetConsoleOutputCP() or None  # type: ignore[attr-defined,unused-ignore]
    except (AttributeError, OSError):
        return None


def _fonts_of_windows() -> frozenset[str] | None:
    """The faces that the registry lists: "Cambria & Cambria Math (TrueType)" are two."""
    found: set[str] = set()
    try:
        import winreg  # there is none elsewhere

        for top in (winreg.HKEY_LOCAL_MACHINE, winreg.HKEY_CURRENT_USER):  # type: ignore[attr-defined,unused-ignore]
            with (
                contextlib.suppress(OSError),
                winreg.OpenKey(  # type: ignore[attr-defined,unused-ignore]
                    top, r"SOFTWARE\Microsoft\Windows NT\CurrentVersion\Fonts"
                ) as key,
            ):
                for number in range(winreg.QueryInfoKey(key)[1]):  # type: ignore[attr-defined,unused-ignore]
                    said = winreg.EnumValue(key, number)[0].partition(" (")[0]  # type: ignore[attr-defined,unused-ignore]
                    found |= {name.strip().lower() for name in said.split(" & ")}
    except ImportError:
        return None
    return frozenset(found) or None


def _fonts_of_fontconfig() -> frozenset[str] | None:
    """The families that fontconfig lists; None where it is not there."""
    program = shutil.which("fc-list")
    if program is None:
        return None
    try:
        listed = subprocess.run(  # noqa: S603 - the system's own program, and no argument of anybody's
            [program, ":", "family"], capture_output=True, check=True, timeout=_FONT_SECONDS
        ).stdout.decode("utf-8", "replace")
    except (OSError, subprocess.SubprocessError):
        return None
    return frozenset(name.strip().lower() for line in listed.splitlines() for name in line.split(","))


def _files(root: Path) -> Files:
    found = list(_walked(root))
    written = [(path, when) for path, when in found if path.relative_to(root).parts[0] in _WRITTEN_IN]
    newest = max(written, key=lambda one: one[1], default=None)
    opened = {_inside(root, path): lock for path, lock in _open_by_locks(root, [path for path, _w in found])}
    refused = [_why_closed(folder, error) for folder, error in _closed_folders(root)]
    for name in _LOOKED_AT:
        error = _refuses(root / name)
        if error is not None and is_open_elsewhere(root / name, error):
            opened.setdefault(name, "")
        elif error is not None:
            refused.append(str(cannot_write(root / name, error)))
    longest = max((str(path) for path, _when in found), key=len, default=str(root))
    return Files(
        root=str(root),
        free=_free(root),
        opened=tuple(sorted(opened.items())),
        refused=tuple(refused),
        newest=newest and (_inside(root, newest[0]), dt.datetime.fromtimestamp(newest[1])),
        longest=longest,
        hidden=frozenset(_hidden(root)),
        copies=tuple(_copies(root)),
    )


def _inside(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()


def _walked(root: Path) -> Iterator[tuple[Path, float]]:
    """Every file of the workspace, and when it was changed."""
    for base, _folders, names in os.walk(root):
        for name in names:
            path = Path(base, name)
            with contextlib.suppress(OSError):
                yield path, path.lstat().st_mtime


def _open_by_locks(root: Path, files: list[Path]) -> Iterator[tuple[Path, str]]:
    """The files beside which an office program has put its lock file, and that."""
    locked = {path.parent for path in files if path.name.startswith(("~$", ".~lock."))}
    for path in files:
        if path.parent in locked and not path.name.startswith(("~$", ".~lock.")):
            lock = open_elsewhere(path)
            if lock:
                yield path, _inside(root, lock)


def _closed_folders(root: Path) -> Iterator[tuple[Path, OSError]]:
    """The folders in which the program writes, and may not."""
    folders = [root, *(Path(base) for name in _OURS for base, _folders, _names in os.walk(root / name))]
    for folder in folders:
        try:
            try_folder(folder)
        except OSError as error:
            yield folder, error


def _why_closed(folder: Path, error: OSError) -> str:
    """Why nothing can be put into a folder, and what to do."""
    obstacle = to_writing(folder / SETTINGS, error, folder=True)
    return f"{capitalised(str(obstacle.reason))}. {obstacle.remedy}"


def _refuses(path: Path) -> OSError | None:
    """Why a file cannot be opened to be written; None where it can, or is not there."""
    if not path.is_file():
        return None
    try:
        with path.open("r+b"):
            return None
    except OSError as error:
        return error


def _free(root: Path) -> int | None:
    try:
        return shutil.disk_usage(root).free
    except OSError:
        return None


def _hidden(root: Path) -> Iterator[str]:
    for folder in (root, *root.parents):
        with contextlib.suppress(OSError):
            yield from (name for name in os.listdir(folder) if name.startswith("."))  # noqa: PTH208 - names will do


def _copies(root: Path) -> list[str]:
    try:
        return conflicts(root)
    except (ReportctlError, OSError):
        return []


def _office(session: Session, root: Path) -> Office:
    if wrong := _why_not(lambda: session.workspace):
        return Office(unreadable=(wrong,))
    parts = (lambda: session.form, lambda: session.roster, lambda: plan_of(session))
    unreadable = tuple(dict.fromkeys(filter(None, map(_why_not, parts))))
    quarter = session.workspace.begun
    fonts, drift, stops, undrifted = frozenset[str](), 0, 0, ""
    if not unreadable:
        fonts, drift, stops, undrifted = _documents(session)
    state = condition(session.workspace.ledger)
    merging = _why_not(lambda: refuse_while_held(session.lock))
    return Office(
        unreadable=unreadable,
        quarter=quarter,
        window=quarter.window(session.settings.data_window) if quarter else None,
        fonts=fonts,
        drift=drift,
        stops=stops,
        undrifted=undrifted,
        ledger=state,
        lost=not unreadable and not merging and _is_lost(session, state),
        merging=merging,
        cut_off=not merging and root.joinpath("reportctl.db-journal").exists(),
        formless=() if unreadable else _formless(session, state),
    )


def _formless(session: Session, state: Condition) -> tuple[Quarter, ...]:
    """The quarters of the ledger whose own form is not kept, or cannot be read."""
    if state is not Condition.READY:
        return ()
    with session.ledger() as ledger:
        forms = ledger.forms()
    archive = session.workspace.archive
    return tuple(
        quarter
        for quarter, fingerprint in forms.items()
        if fingerprint != session.form.fingerprint and form_at(kept_form(archive, fingerprint)) is None
    )


def _is_lost(session: Session, state: Condition) -> bool:
    """Whether something was merged that a ledger in that condition lacks."""
    if state not in (Condition.READY, Condition.MISSING):
        return False
    try:
        with session.ledger() as ledger:
            refuse_lost(session.workspace, ledger)
    except ReportctlError:
        return True
    return False


def _why_not(read: Callable[[], object]) -> str:
    """Why something cannot be read; empty where it can."""
    try:
        read()
    except (ReportctlError, OSError) as error:
        return str(error)
    return ""


def _documents(session: Session) -> tuple[frozenset[str], int, int, str]:
    """The fonts of the Word documents that reports are filled into, in how many points these differ from the
    form, how many of them stop a report, and why that is not known."""
    try:
        documents = templates(session)
        fonts = frozenset[str]().union(*(fonts_named(one.data) for one in documents))
        drifts = [drift_of(session, one) for one in documents]
    except ReportctlError as error:
        return frozenset(), 0, 0, str(error)
    stops = sum(len(one.wrong) + len(one.placeholders) for one in drifts)
    return fonts, sum(one.count for one in drifts), stops, ""
