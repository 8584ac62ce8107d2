"""What one run of the command line works on: workspace, form, units and ledger, read when asked for."""

from __future__ import annotations

import contextlib
import copy
import datetime as dt
import functools
import getpass
import json
import os
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from reportctl import __version__
from reportctl.core.errors import ReportctlError, capped
from reportctl.core.language import _
from reportctl.core.period import Period, Quarter, parse_period, parse_quarter

if TYPE_CHECKING:
    from reportctl.core.findings import Severities
    from reportctl.form.model import Form
    from reportctl.ledger.ledger import Ledger
    from reportctl.workbooks.own_workbook import OwnWorkbook
    from reportctl.workspace.settings import Settings, Workspace
    from reportctl.workspace.units import Roster, Unit
    from reportctl.workspace.units_by_period import Calendar


class Session:
    """One run. Everything raises `ReportctlError` where it cannot be had."""

    def __init__(self, named: Path | None, today: dt.date | None = None, who: str | None = None) -> None:
        """`named` is the workspace named on the command line; else than now and the user: `today`, `who`."""
        self._named = named
        self.today = today or dt.date.today()
        if who:
            self.who = who

    @property
    def names_workspace(self) -> bool:
        """Whether the workspace was named, on the command line or in the environment."""
        return bool(self._named or os.environ.get("REPORTCTL_WORKSPACE"))

    @property
    def root(self) -> Path:
        """The folder of the workspace named, or found from the current folder upwards, whatever its settings
        say."""
        from reportctl.workspace.root import find_root

        return find_root(self._named, Path.cwd())

    @functools.cached_property
    def workspace(self) -> Workspace:
        """The workspace named, or found from the current folder upwards."""
        from reportctl.workspace.settings import open_workspace

        return open_workspace(self.root)

    @property
    def root_if_any(self) -> Path | None:
        """The workspace's folder, whether or not what stands in it can be read; None where there is none."""
        from reportctl.workspace.root import SETTINGS, root_if_any

        root = root_if_any(self._named, Path.cwd())
        return root.resolve() if root and (root / SETTINGS).is_file() else None

    @property
    def settings(self) -> Settings:
        """What `reportctl.toml` says."""
        return self.workspace.settings

    @property
    def severities(self) -> Severities:
        """The severities of findings that the workspace sets; none where there is no workspace."""
        from reportctl.workspace.root import root_if_any

        return self.settings.findings if root_if_any(self._named, Path.cwd()) else {}

    @functools.cached_property
    def form(self) -> Form:
        """The form, with its places in the office's own workbook where there is one."""
        from reportctl.form.addresses import load_addresses
        from reportctl.form.form_file import load_form
        from reportctl.form.layout import unplaced
        from reportctl.workspace.settings import refuse_unknown_kinds

        form = load_form(self.workspace.form)
        refuse_unknown_kinds(self.workspace, {kind.code for kind in form.kinds})
        if not self.workspace.layout.is_file():
            return form
        addresses = load_addresses(self.workspace.layout)
        if lacking := unplaced(form, addresses):
            raise ReportctlError(
                _(
                    "{layout} does not say where these stand in {file}:\n{codes}\nTake them out of {form}, "
                    "or adopt the workbook again: reportctl form adopt"
                ).format(
                    layout=self.workspace.layout.name,
                    file=addresses.file,
                    codes=capped(lacking),
                    form=self.workspace.form.name,
                )
            )
        return form.standing_at(addresses)

    def placed(self, form: Form) -> Form:
        """Another version of the form with the places of the present one, where these are of all that it
        asks; else as it is."""
        from reportctl.form.layout import unplaced

        addresses = self.form.addresses
        return form.standing_at(addresses) if addresses and not unplaced(form, addresses) else form

    @functools.cached_property
    def own_workbook(self) -> OwnWorkbook | None:
        """The office's own workbook that is sent out, None where the program makes the workbooks.

        Raises `ReportctlError` where it is not the one that the addresses are of.
        """
        addresses = self.form.addresses
        if addresses is None:
            return None
        from reportctl.workbooks.own_workbook import read_own_workbook  # most offices have none

        return read_own_workbook(self.workspace.root / addresses.file, addresses.sha256)

    @functools.cached_property
    def roster(self) -> Roster:
        """All units, of all times."""
        from reportctl.ledger.archive import kept_lists
        from reportctl.workspace.units_file import load_roster

        workspace, kinds = self.workspace, frozenset(kind.code for kind in self.form.kinds)
        return load_roster(workspace.units, kinds, kept_lists(workspace.archive))

    @property
    def calendar(self) -> Calendar:
        """The units of each period."""
        from reportctl.workspace.units_by_period import Calendar

        return Calendar(self.roster, self.settings.data_window)

    @functools.cached_property
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

    def load(self) -> None:
        """Read form and units now, so that a mistake in them is said before anything is done."""
        _read = self.form, self.roster

    @property
    def lock(self) -> Path:
        """The file whose lock whoever merges holds."""
        ledger = self.workspace.ledger
        return ledger.with_name(f"{ledger.name}.lock")

    def writing(self) -> AbstractContextManager[None]:
        """Holds the workspace's lock. Raises `ReportctlError` where somebody else holds it."""
        from reportctl.ledger.lock import writer_lock

        return writer_lock(self.lock, self.who)

    def ledger(self) -> Ledger:
        """The ledger to read from, as the form asks; empty where nothing was merged yet."""
        from reportctl.ledger.ledger import open_ledger

        form, archive = self.form, self.workspace.archive
        with contextlib.ExitStack() as stack:
            ledger = stack.enter_context(open_ledger(self.workspace.ledger))
            seen = ledger.under(form, archive)
            stack.pop_all()
        return seen

    def of(self, period: Period) -> Session:
        """This session with the form that the period's last quarter was asked with, `present` being the form
        of now: another one once a later quarter has begun or the quarter is closed, where the archive has it.

        The form of now stands in for one that does not know the kinds of the units.
        """
        from reportctl.ledger.archive import kept_form
        from reportctl.ledger.versions import form_at

        quarter = period.last
        with self.ledger() as ledger:
            used = ledger.forms().get(quarter, self.present.fingerprint)
            later = max(ledger.quarters(), default=quarter), self.workspace.begun or quarter
            over = ledger.is_closed(quarter) or quarter < max(later)
        form = self.present
        if over and used != form.fingerprint and (kept := form_at(kept_form(self.workspace.archive, used))):
            kinds = {unit.kind for unit in self.calendar.units(period).values()}
            form = kept if kinds <= {kind.code for kind in kept.kinds} else form
        return self.asking(form)

    def asking(self, form: Form) -> Session:
        """This session with another version of the form."""
        if form is self.form:
            return self
        other = copy.copy(self)
        other.__dict__ |= {"form": form, "present": self.present, "roster": self.roster}
        return other

    @functools.cached_property
    def present(self) -> Form:
        """The form of now."""
        return self.form

    def made_from(self) -> str:
        """A text that changes with everything that the merged files of any quarter are made from; its first
        word only with what is not the units' files."""
        from reportctl.core.files import digest, read_file
        from reportctl.workspace.root import SETTINGS

        workspace = self.workspace
        files = [workspace.form, workspace.units, workspace.plan, workspace.root / SETTINGS]
        files += [workspace.layout] if workspace.layout.is_file() else []
        kept = [digest(read_file(path)) if path.is_file() else "" for path in files]
        with self.ledger() as ledger:
            decided, counting = ledger.cache_keys()
        return f"{digest(json.dumps([__version__, kept, decided]).encode())[:16]} {counting[:16]}"
