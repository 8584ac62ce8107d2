"""Making the workbooks to send out: last quarter's figures, a workbook for each unit, into the outbox."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reportctl.files import Outputs, Saved, plain_name
from reportctl.ledger import Ledger
from reportctl.period import Quarter
from reportctl.roster import Unit, known_unit
from reportctl.session import Progress, Session
from reportctl.submission import State
from reportctl.template import workbook


def write_templates(
    session: Session, quarter: Quarter, wanted: Sequence[str], progress: Progress
) -> list[Saved]:
    """A workbook for each unit of `quarter`, or for those with the codes `wanted`.

    Raises `ReportctlError` for a code that is no unit's, and where a file cannot be written.
    """
    units = session.units(quarter)
    chosen = [known_unit(units, code) for code in wanted] or list(units.values())
    with session.ledger() as ledger:
        previous = _figures(ledger, quarter.previous)
    folder, names = session.workspace.outbox(quarter), _file_names(units.values())
    window = quarter.window(session.settings.data_window)
    saved = []
    with Outputs(session.workspace.root) as outputs:
        for done, unit in enumerate(chosen, 1):
            name = names[unit.code]
            data = workbook(
                session.form,
                unit,
                quarter,
                previous=previous.get(unit.code, {}),
                deadline=session.settings.deadline(unit.kind, quarter),
                issuer=session.settings.issuer.name,
                window=window,
            )
            saved.append(outputs.save(folder / name, data))
            progress(done, len(chosen), name)
    return saved


def _file_names(units: Iterable[Unit]) -> dict[str, str]:
    """The name of each unit's workbook, by its code: no two are the same, whatever the case."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for unit in units:
        base = name = plain_name(f"{unit.code} {unit.name}")
        number = 1
        while name.lower() in taken:
            number += 1
            name = f"{base} - {number}"
        taken.add(name.lower())
        names[unit.code] = f"{name}.xlsx"
    return names


def _figures(ledger: Ledger, quarter: Quarter) -> dict[str, dict[str, float | str]]:
    """The units' figures of a quarter as their workbooks show them: unit, then code."""
    found: dict[str, dict[str, float | str]] = {}
    for record in ledger.values((quarter,)):
        if record.state is State.VALUE and record.value is not None:
            found.setdefault(record.unit, {})[record.code] = record.value
    return found
