"""Making the workbooks to send out: last quarter's figures, a workbook for each unit, into the outbox."""

from __future__ import annotations

import datetime as dt
import multiprocessing
from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass

from reportctl.core.errors import ReportctlError
from reportctl.core.files import Outputs, Saved, free_name, plain_name
from reportctl.core.language import _
from reportctl.core.period import Quarter, Window
from reportctl.core.processes import processors
from reportctl.core.progress import Progress
from reportctl.form.model import Form
from reportctl.form.submission import AnswerState
from reportctl.ledger.ledger import Ledger
from reportctl.ledger.session import Session
from reportctl.outgoing.template import workbook
from reportctl.workspace.units import Unit, known_unit

_FEW = 40  # workbooks that one process makes sooner than further ones start
_BATCH = 8  # workbooks that a process makes between two reports

_Figures = dict[str, float | str]


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes the workbooks of one quarter."""

    form: Form
    quarter: Quarter
    window: Window
    issuer: str

    def make(self, work: tuple[Unit, _Figures, dt.date]) -> bytes:
        """The workbook of a unit, with its figures of the quarter before and its deadline."""
        unit, previous, deadline = work
        return workbook(
            self.form,
            unit,
            self.quarter,
            previous=previous,
            deadline=deadline,
            issuer=self.issuer,
            window=self.window,
        )


def write_templates(
    session: Session, quarter: Quarter, wanted: Sequence[str], progress: Progress
) -> list[Saved]:
    """A workbook for each unit of `quarter`, or for those with the codes `wanted`.

    Raises `ReportctlError` for a code that is no unit's, and where a file cannot be written.
    """
    settings = session.settings
    units = session.units(quarter)
    chosen = [known_unit(units, code) for code in wanted] or list(units.values())
    with session.ledger() as ledger:
        previous = _figures(ledger, quarter.previous)
    folder, names = session.workspace.outbox(quarter), _file_names(units.values())
    maker = _Maker(session.form, quarter, quarter.window(settings.data_window), settings.issuer.name)
    work = [(unit, previous.get(unit.code, {}), settings.deadline(unit.kind, quarter)) for unit in chosen]
    saved = []
    with Outputs(session.workspace.root) as outputs, closing(_made(maker, work)) as made:
        for done, (unit, data) in enumerate(zip(chosen, made, strict=True), 1):
            name = names[unit.code]
            saved.append(outputs.save(folder / name, data))
            progress(done, len(chosen), name)
    return saved


def _file_names(units: Iterable[Unit]) -> dict[str, str]:
    """The name of each unit's workbook, by its code: no two are the same, whatever the case."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for unit in units:
        name = free_name(plain_name(f"{unit.code} {unit.name}"), taken, " - {}")
        taken.add(name.lower())
        names[unit.code] = f"{name}.xlsx"
    return names


def _made(maker: _Maker, work: Sequence[tuple[Unit, _Figures, dt.date]]) -> Generator[bytes]:
    """The workbooks in order; many of them are made by as many processes as there are processors."""
    processes = processors()
    if len(work) <= _FEW or processes == 1:
        yield from map(maker.make, work)
        return
    spawn = multiprocessing.get_context("spawn")
    try:
        with ProcessPoolExecutor(processes, spawn) as pool:
            yield from pool.map(maker.make, work, chunksize=_BATCH)
    except BrokenProcessPool as error:
        raise ReportctlError(
            _("A process that makes workbooks has died. Close other programs and try again.")
        ) from error


def _figures(ledger: Ledger, quarter: Quarter) -> dict[str, dict[str, float | str]]:
    """The units' figures of a quarter as their workbooks show them: unit, then code."""
    found: dict[str, dict[str, float | str]] = {}
    for record in ledger.values((quarter,)):
        if record.state is AnswerState.VALUE and record.value is not None:
            found.setdefault(record.unit, {})[record.code] = record.value
    return found
