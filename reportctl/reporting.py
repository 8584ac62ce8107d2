"""Writing the Word report: ledger, summary, tables and texts in order, into the workspace's own document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from reportctl import language, stock, summary_tables, table_notes, unit_texts, wording
from reportctl.calendars import regrouped, units_of
from reportctl.content import Content
from reportctl.errors import ReportctlError, note
from reportctl.figures import Summary
from reportctl.form import Form, Section, Type
from reportctl.language import _
from reportctl.ledger import Ledger
from reportctl.period import Period
from reportctl.plan_tables import plan_table
from reportctl.report import Event, Material, contents, events_table, words
from reportctl.roster import Unit
from reportctl.session import Session
from reportctl.status import reporting_table
from reportctl.submission import State
from reportctl.summing import missing_by_quarter, progress_of, summary_of
from reportctl.table import Role, Table, Value
from reportctl.unit_texts import UnitText
from reportctl.word import Facts, Fate, Filled, fill, last_filling
from reportctl.workspace import Settings


@dataclass(frozen=True, slots=True)
class Written:
    """A filled document, what its tags say, and what that was made from."""

    filled: Filled
    said: Mapping[str, Content]
    material: Material


def write_report(session: Session, period: Period, style: str | None = None) -> Written:
    """The workspace's Word document filled for `period`; who reported is said of its last quarter.

    `style` ("party" or "state") takes that stock document instead. It is written in the workspace's
    language, which its template is in, whichever the program speaks. Raises `ReportctlError` where there is
    no such document or it is none.
    """
    settings = in_style(session.settings, style)
    own = session.workspace.report_template
    template = _stock_template(style) if style else _template(own, settings.style)
    return fill_document(template, session, period, settings)


def in_style(settings: Settings, style: str | None) -> Settings:
    """The settings with this document style, or as they are."""
    return settings.model_copy(update={"style": style}) if style else settings


def fill_document(
    document: bytes,
    session: Session,
    period: Period,
    settings: Settings,
    renew: Collection[str] | None = None,
) -> Written:
    """`document` filled for `period`, in the workspace's language.

    With `renew` it is one that people have edited: words that they changed are kept, but for the tags named
    there, and its dates stay. Units' texts that stand there otherwise than they were sent are named on
    standard error. Raises `ReportctlError` where it is no document, or asks for an unknown tag.
    """
    with language.speaking(settings.language):
        said, made_from = what_it_says(session, period, settings)
        if renew is None:
            keep: Collection[str] = ()
            created = dt.datetime.combine(period.last.window(settings.data_window).last, dt.time())
        else:
            keep, created = words(said, session.form) - set(renew), None
        facts = Facts(str(period), session.form.fingerprint, created, settings.language, settings.style)
        filled = fill(document, said, facts, keep)
    _say_of_texts(made_from, filled.tags(Fate.RENEWED))
    return Written(filled, said, made_from)


def what_it_says(session: Session, period: Period, settings: Settings) -> tuple[dict[str, Content], Material]:
    """The content of every tag, and what it was made from."""
    made_from = material(session, period, settings)
    return contents(made_from), made_from


def _say_of_texts(made_from: Material, renewed: Collection[str]) -> None:
    """Which units' texts stand in the document otherwise than they were sent."""
    for question in made_from.form.texts:
        if f"text:{question.code}" in renewed:
            answers = made_from.answers[question.code]
            for remark in unit_texts.remarks(str(question.name), answers, made_from.units):
                note(remark)


def material(session: Session, period: Period, settings: Settings) -> Material:
    """What the report of `period` is made from, as the ledger has it now."""
    form = session.form
    units = units_of(session.roster, settings, period)
    with session.ledger() as ledger:
        summary = summary_of(session, ledger, period)
        progress = progress_of(session, ledger, summary)
        tables = dict(_tables(session, ledger, summary, units))
        texts = tuple(_texts(form, ledger, period))
        missing = missing_by_quarter(session, ledger, period)
    tables["plan"] = plan_table(progress, form, units, period)
    tables["reporting"] = reporting_table([session.status(q) for q in period.quarters], period)
    return Material(form, settings, summary, units, texts, tables, missing)


def _stock_template(style: str) -> bytes:
    return (stock.folder("templates") / stock.REPORT_TEMPLATES[style]).read_bytes()


def _template(path: Path, style: str) -> bytes:
    """The office's own document; a stock one that nobody changed follows the style that is set."""
    try:
        data = path.read_bytes()
        if data in map(_stock_template, stock.REPORT_TEMPLATES):
            return _stock_template(style)
        last_filling(data)
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
    except ReportctlError as error:
        raise ReportctlError(f"{path}: {error}") from error
    return data


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
            Event(
                listed.code,
                row.unit,
                {c: _value(v, c in dates) for c, v in row.values.items()},
                row.period,
                row.number,
            )
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
        notes=(
            *table_notes.comparison_notes(
                [summary.figures[i.code] for i in section.indicators if i.code in summary.figures],
                {column.key for column in table.columns},
                units,
                (),
            ),
            *table_notes.notes_on_signs(table),
        ),
    )


def _value(value: int | float | str | None, is_date: bool) -> Value:
    return dt.date.fromisoformat(value) if is_date and isinstance(value, str) else value
