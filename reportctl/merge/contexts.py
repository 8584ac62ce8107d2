"""What each quarter's files are read by: its form, its units, its data window, and how cells are taken."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from reportctl import __version__
from reportctl.core.files import digest
from reportctl.core.period import Quarter
from reportctl.form.form_file import load_form
from reportctl.form.model import Form
from reportctl.intake.job import Context
from reportctl.ledger import archive
from reportctl.workspace.settings import Settings, Workspace
from reportctl.workspace.units import Roster

# How workbooks are read; another number where a change of the program reads any of them otherwise.
READING = 1


def judged_by(
    form: Form,
    quarter: Quarter,
    used: Mapping[Quarter, str],
    received: Collection[Quarter],
    closed: Collection[Quarter] = (),
) -> dict[Quarter, str]:
    """The fingerprint of the form that `quarter` and all those with files `received` are judged by.

    `used`: by which each was judged last.

    `form` is the one for a quarter until it is `closed` or something of a later quarter has been received;
    afterwards it is the one it was judged by last. Questions that are new by then were not asked before, and
    that they are not answered must reject nothing.
    """
    newest = max(received, default=quarter)
    return {
        each: form.fingerprint
        if each == quarter >= newest and each not in closed
        else used.get(each, form.fingerprint)
        for each in {quarter, *received}
    }


@dataclass(frozen=True, slots=True)
class Contexts:
    """Makes the contexts of a workspace's quarters from its present form and list of units."""

    workspace: Workspace
    form: Form
    roster: Roster

    def of(self, quarter: Quarter, form: Form | None = None) -> Context:
        """The context of a quarter that is judged by `form`, or else by the present one."""
        settings = self.workspace.settings
        day = quarter.window(settings.data_window).last
        return Context(form or self.form, self.roster, quarter, day, settings.cells.dash, settings.findings)

    def all(self, fingerprints: Mapping[Quarter, str]) -> dict[Quarter, Context]:
        """The contexts of quarters judged by the forms with these fingerprints.

        Raises `ReportctlError` where the archive's form cannot be used any more; one that is gone from the
        archive is replaced by the present one.
        """
        forms = {fingerprint: self._form(fingerprint) for fingerprint in set(fingerprints.values())}
        return {quarter: self.of(quarter, forms[which]) for quarter, which in fingerprints.items()}

    def _form(self, fingerprint: str) -> Form:
        kept = archive.kept_form(self.workspace.archive, fingerprint)
        present = fingerprint == self.form.fingerprint or not kept.exists()
        return self.form if present else load_form(kept)


def reading_basis(context: Context) -> str:
    """A text that changes with everything, the file, its unit's own rows in the list of units and what a dash
    means apart, that a file's reading depends on."""
    return _short(READING, context.form.reading, str(context.quarter))


def unit_basis(context: Context, code: str) -> str:
    """A text that changes with all that the reading of its files takes from a unit's rows in the list."""
    rows = [(unit.code, unit.name, unit.kind) for unit in context.roster.rows(code)]
    present = context.units.get(code)
    return _short(rows, present and (present.name, present.kind))


def checking_basis(context: Context) -> str:
    """A text that changes with everything, the answers and what they were read by apart, that the checks of a
    submission depend on."""
    return _short(__version__, context.form.fingerprint, str(context.day))


def grading_basis(context: Context) -> str:
    """A text that changes with everything, the findings apart, that their grades depend on."""
    names = sorted({unit.name for unit in context.roster.units})
    return _short(__version__, context.form.fingerprint, sorted(context.severities.items()), names)


def _short(*said: object) -> str:
    return digest(json.dumps(said).encode())[:16]


def compared_with(quarter: Quarter, settings: Settings) -> list[Quarter]:
    """The quarters that `quarter` is compared with, newest first."""
    found = [quarter.previous]
    while len(found) < settings.checks.quarters:
        found.append(found[-1].previous)
    return found


def settling_basis(context: Context, settings: Settings, decided: str, states: Mapping[Quarter, str]) -> str:
    """A text that changes with everything, the quarter's own files and their judging apart, that its settling
    and its comparing depend on.

    `decided` names its decisions, `states` (`Store.state`) what counts in each earlier quarter.
    """
    amounts = [
        (i.code, i.per, i.cumulative, i.over_units, i.over_time)
        for i in context.form.indicators.values()
        if i.amount
    ]
    units = [
        (unit.code, str(unit.valid_from), str(unit.valid_to), unit.predecessors)
        for unit in context.roster.units
    ]
    before = [states.get(quarter, "") for quarter in compared_with(context.quarter, settings)]
    checks = settings.checks.model_dump()
    cells = context.dash  # a figure told by telephone may be a dash, in this quarter or an earlier one
    return _short(__version__, decided, cells, settings.data_window, checks, amounts, units, before)
