"""What one run of the command line works on: the workspace with its form and roster, read when asked for."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import getpass
import json
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from reportctl import __version__
from reportctl.core.period import Period, Quarter, parse_period, parse_quarter

if TYPE_CHECKING:
    from reportctl.core.files import InputFile
    from reportctl.core.severities import Severities
    from reportctl.form.model import Form
    from reportctl.ledger.ledger import Ledger
    from reportctl.merge.merge import Run
    from reportctl.status.status import Status
    from reportctl.workspace.settings import Settings, Workspace
    from reportctl.workspace.units import Roster, Unit

Progress = Callable[[int, int, str], None]


class Session:
    """One run. Everything raises `ReportctlError` where it cannot be had."""

    def __init__(self, named: Path | None) -> None:
        self._named = named
        self.today = dt.date.today()

    @functools.cached_property
    def workspace(self) -> Workspace:
        """The workspace named, or found from the current folder upwards."""
        from reportctl.workspace.root import find_root
        from reportctl.workspace.settings import open_workspace

        return open_workspace(find_root(self._named, Path.cwd()))

    @property
    def settings(self) -> Settings:
        """What `reportctl.toml` says."""
        return self.workspace.settings

    @property
    def severities(self) -> Severities:
        """The severities of findings that the workspace sets; none where there is no workspace."""
        from reportctl.workspace.root import named_root, nearest_root

        inside = named_root(self._named) or nearest_root(Path.cwd())
        return self.settings.findings if inside else {}

    @functools.cached_property
    def form(self) -> Form:
        """The form."""
        from reportctl.form.form_file import load_form

        return load_form(self.workspace.form)

    @functools.cached_property
    def roster(self) -> Roster:
        """All units, of all times."""
        from reportctl.workspace.units import load_roster

        return load_roster(self.workspace.units, frozenset(kind.code for kind in self.form.kinds))

    @property
    def who(self) -> str:
        """The login name of whoever runs the program."""
        try:
            return getpass.getuser()
        except (KeyError, OSError):  # an account without a name, as services have
            return "?"

    def units(self, period: Period) -> Mapping[str, Unit]:
        """The units that report in `period`, by code, in the roster's order."""
        return self.roster.on(period.last.window(self.settings.data_window).last)

    def period(self, named: str | None) -> Period:
        """The period named on the command line, else the current quarter."""
        return parse_period(named) if named else self.workspace.current()

    def quarter(self, named: str | None) -> Quarter:
        """As `period`, for commands that work on a single quarter."""
        return parse_quarter(named) if named else self.workspace.current()

    def ledger(self) -> Ledger:
        """The ledger to read from; empty where nothing was merged yet."""
        from reportctl.ledger.ledger import open_ledger

        return open_ledger(self.workspace.ledger)

    def basis(self) -> str:
        """A text that changes with everything that the merged files of any quarter are made from; its first
        word only with what is not the units' files."""
        from reportctl.core.files import digest
        from reportctl.workspace.root import SETTINGS

        workspace = self.workspace
        files = [workspace.form, workspace.units, workspace.plan, workspace.root / SETTINGS]
        kept = [digest(path.read_bytes()) if path.is_file() else "" for path in files]
        with self.ledger() as ledger:
            decided, counting = ledger.basis()
        return f"{digest(json.dumps([__version__, kept, decided]).encode())[:16]} {counting[:16]}"

    def status(self, quarter: Quarter) -> Status:
        """Who has sent what, as the last merge left it."""
        from reportctl.status.status import status

        with self.ledger() as ledger:
            return status(ledger, self.roster, self.settings, self.form, quarter, self.today)

    def unmerged(self, quarter: Quarter) -> int:
        """How many files lie in the quarter's inbox that no merge has taken in."""
        from reportctl.core.files import find_inputs

        with self.ledger() as ledger:
            known = {record.sha256 for record in ledger.submissions(quarter)}
            seen = ledger.seen()
        files = find_inputs(self.workspace.inbox(quarter))
        return sum(_sha256(file, self.workspace.root, seen) not in known for file in files)

    def run(self, quarter: Quarter, progress: Progress | None = None) -> Run:
        """What a command that merges or writes decisions works on; it tells `progress` of every file."""
        from reportctl.merge.merge import Run

        return Run(self.workspace, self.form, self.roster, quarter, self.today, self.who, progress or _silent)

    def progress(self, title: str) -> AbstractContextManager[Progress]:
        """A progress bar on standard error, where that is a terminal."""
        if not sys.stderr.isatty():
            return contextlib.nullcontext(_silent)
        from reportctl.render import terminal as console  # what it draws with takes long to load

        return console.progress(console.make_console(stderr=True), title)


def _sha256(file: InputFile, root: Path, seen: Mapping[str, tuple[int, int, str]]) -> str | None:
    """The file's hash, which the last merge has `seen` where it is as it was then; None where it cannot be
    read."""
    from reportctl.core.files import digest
    from reportctl.workbooks.zips import RefusedError

    inside = file.path.relative_to(root).as_posix()
    try:
        status = file.path.stat()
        size, modified, sha256 = seen.get(f"{inside}/{file.member}" if file.member else inside, (-1, -1, ""))
        if (size, modified) == (status.st_size, status.st_mtime_ns):
            return sha256
        return digest(file.read())
    except (OSError, RefusedError):
        return None


def _silent(_done: int, _total: int, _file: str) -> None:
    """No progress: nobody looks, or it is soon done."""
