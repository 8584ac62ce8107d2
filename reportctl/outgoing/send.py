"""Making the workbooks to send out: last quarter's figures, a workbook for each unit, into the outbox."""

from __future__ import annotations

import datetime as dt
import functools
import multiprocessing
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing

from reportctl.core.errors import ReportctlError
from reportctl.core.files import Outputs, Saved, free_name, plain_name
from reportctl.core.language import _
from reportctl.core.period import Quarter, Window
from reportctl.core.processes import processors
from reportctl.core.progress import Progress
from reportctl.form.model import Form
from reportctl.form.submission import AnswerState
from reportctl.ledger.session import Session
from reportctl.outgoing.template import workbook
from reportctl.workspace.units import Unit, known_unit

_FEW = 40  # workbooks that one process makes sooner than further ones start
_BATCH = 8  # workbooks that a process makes between two reports

# A unit, its figures of the quarter before by code, its deadline.
_Work = tuple[Unit, Mapping[str, float | str], dt.date]


def write_templates(
    session: Session, quarter: Quarter, wanted: Sequence[str], progress: Progress
) -> list[Saved]:
    """A workbook for each unit of `quarter`, or for those with the codes `wanted`.

    Raises `ReportctlError` for a code that is no unit's, and where a file cannot be written.
    """
    settings, folder = session.settings, session.workspace.outbox(quarter)
    units = session.units(quarter)
    chosen = [known_unit(units, code) for code in wanted] or list(units.values())
    previous: dict[str, dict[str, float | str]] = {}
    with session.ledger() as ledger:
        for record in ledger.values((quarter.previous,)):
            if record.state is AnswerState.VALUE and record.value is not None:
                previous.setdefault(record.unit, {})[record.code] = record.value
    names: dict[str, str] = {}  # of all units, so that a workbook is called the same whoever is chosen
    taken: set[str] = set()
    for unit in units.values():
        name = free_name(plain_name(f"{unit.code} {unit.name}"), taken, " - {}")
        taken.add(name.lower())
        names[unit.code] = f"{name}.xlsx"
    make = functools.partial(
        _workbook, session.form, quarter, quarter.window(settings.data_window), settings.issuer.name
    )
    work = [(unit, previous.get(unit.code, {}), settings.deadline(unit.kind, quarter)) for unit in chosen]
    saved = []
    with Outputs(session.workspace.root) as outputs, closing(_made(make, work)) as workbooks:
        for done, (unit, data) in enumerate(zip(chosen, workbooks, strict=True), 1):
            name = names[unit.code]
            saved.append(outputs.save(folder / name, data))
            progress(done, len(chosen), name)
    return saved


def _workbook(form: Form, quarter: Quarter, window: Window, issuer: str, work: _Work) -> bytes:
    """The workbook of a unit; a function of the module, so that other processes can call it."""
    unit, previous, deadline = work
    return workbook(form, unit, quarter, previous=previous, deadline=deadline, issuer=issuer, window=window)


def _made(make: Callable[[_Work], bytes], work: Sequence[_Work]) -> Generator[bytes]:
    """The workbooks in order; many of them are made by as many processes as there are processors."""
    processes = processors()
    if len(work) <= _FEW or processes == 1:
        yield from map(make, work)
        return
    spawn = multiprocessing.get_context("spawn")
    try:
        with ProcessPoolExecutor(processes, spawn) as pool:
            yield from pool.map(make, work, chunksize=_BATCH)
    except BrokenProcessPool as error:
        raise ReportctlError(
            _("A process that makes workbooks has died. Close other programs and try again.")
        ) from error
