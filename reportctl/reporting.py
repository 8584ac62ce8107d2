"""Writing the Word report: ledger, summary, tables and texts in order, into the workspace's own document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from reportctl import language, summary_tables, wording
from reportctl.errors import ReportctlError
from reportctl.figures import Summary
from reportctl.form import Form, Section, Type
from reportctl.language import _
from reportctl.ledger import Ledger
from reportctl.period import Period
from reportctl.report import Event, Material, UnitText, contents, events_table
from reportctl.roster import Unit
from reportctl.session import Session
from reportctl.status import STATE_NAMES, Status
from reportctl.submission import State
from reportctl.summary import regrouped, units_of
from reportctl.summing import summary_of
from reportctl.table import Column, Kind, Role, Row, Table, Value
from reportctl.word import Facts, Filled, fill


def write_report(session: Session, period: Period) -> Filled:
    """The workspace's Word document filled for `period`; who reported is said of its last quarter.

    It is written in the workspace's language, which its template is in, whichever the program speaks.
    Raises `ReportctlError` where there is no such document or it is none.
    """
    template = _template(session.workspace.report_template)
    with language.speaking(session.settings.language):
        return _filled(session, period, template)


def _filled(session: Session, period: Period, template: bytes) -> Filled:
    form, settings = session.form, session.settings
    units = units_of(session.roster, settings, period)
    with session.ledger() as ledger:
        summary = summary_of(session, ledger, period)
        tables = dict(_tables(session, ledger, summary, units))
        texts = tuple(_texts(form, ledger, period))
    tables["reporting"] = reporting_table(session.status(period.last))
    last = period.last.window(settings.data_window).last
    facts = Facts(str(period), form.fingerprint, dt.datetime.combine(last, dt.time()))
    return fill(template, contents(Material(form, settings, summary, units, texts, tables)), facts)


def _template(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise ReportctlError(
            _("There is no Word template {path}. Copy one there; reportctl init brings one.").format(
                path=path
            )
        ) from error
    except OSError as error:
        raise ReportctlError(
            _("{path} cannot be read: {reason}.").format(path=path, reason=error.strerror)
        ) from error


def _texts(form: Form, ledger: Ledger, period: Period) -> Iterator[UnitText]:
    """The units' answers in words, of the period's last quarter."""
    for question in form.texts:
        for record in ledger.values((period.last,), code=question.code):
            if record.state is State.VALUE and isinstance(record.value, str):
                yield UnitText(question.code, record.unit, record.value)


def _tables(
    session: Session, ledger: Ledger, summary: Summary, units: Mapping[str, Unit]
) -> Iterator[tuple[str, Table]]:
    form = session.form
    apart = regrouped(session.roster, session.settings, summary.period)
    yield "province", summary_tables.province_table(summary, form, units, regrouped=apart)
    for section in form.sections:
        yield section.code, section_table(summary, form, units, section)
        yield f"units:{section.code}", summary_tables.unit_table(summary, form, units, section.code)
    for listed in form.lists:
        dates = {column.code for column in listed.columns if column.type is Type.DATE}
        events = [
            Event(listed.code, row.unit, {c: _value(v, c in dates) for c, v in row.values.items()})
            for row in ledger.list_rows(summary.period.quarters, listed.code)
        ]
        yield f"list:{listed.code}", events_table(listed, events, units)


def section_table(summary: Summary, form: Form, units: Mapping[str, Unit], section: Section) -> Table:
    """The section's part of the province's table; who is missing is said at the head of the report."""
    table = summary_tables.province_table(summary, form, units, sections=(section.code,))
    return replace(
        table,
        name=section.code,
        title=_("{section}, {period}").format(
            section=section.name, period=wording.period_words(summary.period)
        ),
        rows=tuple(row for row in table.rows if row.role is not Role.SECTION),
        notes=summary_tables.notes_on_signs(table),
    )


def _value(value: int | float | str | None, is_date: bool) -> Value:
    return dt.date.fromisoformat(value) if is_date and isinstance(value, str) else value


def reporting_table(status: Status) -> Table:
    """Who reported, when, and what became of it."""
    rows = tuple(
        Row(
            (
                str(number),
                unit.name,
                _(STATE_NAMES[unit.state]),
                unit.received or "",
                _("late") if unit.late else "",
            )
        )
        for number, unit in enumerate(status.units, 1)
    )
    columns = (
        Column("number", _("No."), Kind.TEXT, 0.4),
        Column("unit", _("Unit"), Kind.TEXT, 3.0),
        Column("state", _("State"), Kind.TEXT, 1.6),
        Column("received", _("Received"), Kind.DATE, 1.0),
        Column("late", _("Remarks"), Kind.TEXT, 1.0),
    )
    title = _("Reports received, {period}").format(period=wording.period_words(status.quarter))
    return Table("reporting", title, columns, rows)
