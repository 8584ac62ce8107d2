"""Making the workbooks to send out: last quarter's figures, a workbook for each unit, into the outbox."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from types import MappingProxyType

from reportctl.core import language
from reportctl.core.errors import ReportctlError
from reportctl.core.files import free_name, plain_name, put_off
from reportctl.core.language import _
from reportctl.core.outputs import Outputs, Saved
from reportctl.core.period import Quarter
from reportctl.core.processes import ignore_interrupts, interrupts_held, processors
from reportctl.core.progress import Progress
from reportctl.form.layout import NOT_APPLICABLE
from reportctl.ledger.archive import keep_form_and_units
from reportctl.ledger.session import Session
from reportctl.outgoing.beside import Beside, Targets, of_columns, shown_cells
from reportctl.outgoing.misplaced import misplaced, refuse_misplaced
from reportctl.outgoing.own_workbook import own_template
from reportctl.outgoing.page import Dispatch
from reportctl.outgoing.previous import Earlier, Gap, of_earlier_quarter
from reportctl.outgoing.template import LANGUAGE, workbook
from reportctl.workspace.units import known_unit

_FEW = 40  # workbooks that one process makes sooner than further ones start
_Maker = Callable[[Dispatch, Mapping[str, float | str], Mapping[str, str], Beside], bytes]
_NO_PLAN: Targets = MappingProxyType({})
_UNKNOWN = Earlier()
_BATCH = 8  # workbooks that a process makes between two reports


def write_templates(
    session: Session,
    quarter: Quarter,
    wanted: Sequence[str],
    progress: Progress,
    plan: Targets = _NO_PLAN,
) -> tuple[list[Saved], list[str]]:
    """A workbook for each unit of `quarter`, or for those with the codes `wanted`; and a sentence for each
    that stands open elsewhere, or cannot be written for another reason of its own. The form goes to the
    archive: what comes back is read by it.

    `plan` is for the columns of tables that show it. Raises `ReportctlError` for a code that is no unit's,
    where answers would stand beside the labels of others, and where nothing can be written.
    """
    settings, folder = session.settings, session.workspace.outbox(quarter)
    units = session.units(quarter)
    chosen = [known_unit(units, code) for code in wanted] or list(units.values())
    workspace, form, calendar = session.workspace, session.form, session.calendar
    if blank := session.own_workbook:
        refuse_misplaced(misplaced(blank.book, form))
    keep_form_and_units(workspace.archive, workspace.form, form.fingerprint, workspace.units)
    cells = shown_cells(form, "previous")
    with language.speaking(LANGUAGE), session.ledger() as ledger:
        earlier = of_earlier_quarter(ledger, form, calendar, quarter, chosen, cells)
        beside = of_columns(ledger, form, calendar, quarter, chosen, plan)
    names: dict[str, str] = {}  # of all units, so that a workbook is called the same whoever is chosen
    taken: set[str] = set()
    for unit in units.values():
        name = free_name(plain_name(f"{unit.code} {unit.name}"), taken, " - {}")
        taken.add(name.lower())
        names[unit.code] = f"{name}.xlsx"
    window, issuer = quarter.window(settings.data_window), settings.issuer.name
    sendings = [
        Dispatch(session.form, unit, quarter, window, settings.deadline(unit.kind, quarter), issuer)
        for unit in chosen
    ]
    saved: list[Saved] = []
    problems: list[str] = []
    with language.speaking(LANGUAGE):
        notes = [{code: one.note() for code, one in of_unit.items()} for of_unit in earlier]
    figures = [
        {code: one.value for code, one in of_unit.items() if one.value is not None} for of_unit in earlier
    ]
    for own, of_unit in zip(figures, earlier, strict=True):
        gone = (cell.code for cell in cells if of_unit.get(cell.code, _UNKNOWN).gap is Gap.NOT_APPLICABLE)
        own.update(dict.fromkeys(gone, NOT_APPLICABLE))
    maker = _maker(session)
    with (
        Outputs(session.workspace.root) as outputs,
        closing(_workbooks(maker, sendings, figures, notes, beside)) as workbooks,
    ):
        for done, (unit, data) in enumerate(zip(chosen, workbooks, strict=True), 1):
            name = names[unit.code]
            with put_off(problems):
                saved.append(outputs.save(folder / name, data))
            progress(done, len(chosen), name)
    return saved, problems


def sent_to(session: Session, sending: Dispatch) -> bytes:
    """The workbook that is sent out, without any figure of earlier quarters."""
    return _maker(session)(sending, {}, {}, {})


def _maker(session: Session) -> _Maker:
    """What makes the workbooks: of copies of the office's own one where there is one."""
    if blank := session.own_workbook:
        return own_template(blank, session.form, session.settings.workbook.protect).workbook_for
    return workbook


def _workbooks(
    maker: _Maker,
    sendings: Sequence[Dispatch],
    figures: Sequence[Mapping[str, float | str]],
    notes: Sequence[Mapping[str, str]],
    beside: Sequence[Beside],
) -> Generator[bytes]:
    """The workbooks in order; many of them are made by as many processes as there are processors."""
    processes = processors()
    if len(sendings) <= _FEW or processes == 1:
        yield from map(maker, sendings, figures, notes, beside)
        return
    spawn = multiprocessing.get_context("spawn")
    try:
        with ProcessPoolExecutor(processes, spawn, ignore_interrupts) as pool:
            try:
                try:
                    with interrupts_held():
                        made = pool.map(maker, sendings, figures, notes, beside, chunksize=_BATCH)
                except OSError as error:  # one died before it was told what to do
                    raise BrokenProcessPool(str(error)) from error
                yield from made
            finally:  # else, after an interrupt, all the others would be made first, though nobody takes them
                pool.shutdown(cancel_futures=True)
    except BrokenProcessPool as error:
        raise ReportctlError(
            _("A process that makes workbooks has died. Close other programs and try again.")
        ) from error
