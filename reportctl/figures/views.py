"""From the ledger to tables: the views of `summary`, the merged workbook and the long data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from reportctl.core import language, wording
from reportctl.core.errors import ReportctlError, said_in_ours
from reportctl.core.language import _
from reportctl.core.period import Period, Quarter
from reportctl.core.table import CellFormat, Table
from reportctl.figures import as_json, list_tables, matrices, merged_workbook, tables, values
from reportctl.figures.answers import Answers, read_answers
from reportctl.figures.chosen import Chosen, TablePart, chosen, chosen_sections, named_then
from reportctl.figures.figures import Number, Summary
from reportctl.figures.jumps import jump_notes, jumps
from reportctl.figures.lists import list_figures
from reportctl.figures.notes import coverage_notes
from reportctl.figures.plan import Plan, load_plan, plan_table
from reportctl.figures.summary import needed_quarters, summarise
from reportctl.figures.totals import group_values
from reportctl.form.asked_then import Unasked, asked_then
from reportctl.form.model import ListSection
from reportctl.ledger.ledger import Ledger
from reportctl.ledger.session import Session
from reportctl.ledger.versions import kept_forms


@dataclass(frozen=True, slots=True)
class View:
    """A summary to show: its tables, and the object that `--format json` prints."""

    tables: tuple[Table, ...]
    json: dict[str, Any]


def summary_of(session: Session, ledger: Ledger, period: Period) -> Summary:
    """The figures of `period` beside those of other periods and the plan."""
    plan = plan_of(session)
    base = session.settings.report.base
    return summarise(ledger, session.form, session.calendar, plan, period, base)


def plan_of(session: Session) -> Plan:
    """The plan under the codes of the session's form, without that of figures which the form of now asks as
    something else. Raises `ReportctlError` where the plan has mistakes."""
    kept, form = session.workspace.archive, session.form
    plan = load_plan(session.workspace.plan, session.roster, form, lambda: kept_forms(kept))
    then = asked_then(form, (session.present,))
    gone = {code for code, why in then.unasked.items() if why is Unasked.OTHERWISE}
    return Plan({key: value for key, value in plan.values.items() if key[1] not in gone})


def answers_of(session: Session, ledger: Ledger, quarters: Iterable[Quarter]) -> Answers:
    """The units' answers in `quarters`."""
    return read_answers(ledger, session.form, session.calendar, quarters)


def view(
    session: Session, period: Period, by: str, sections: Sequence[str], parts: Sequence[str] = ()
) -> View:
    """The summary by "indicator", "unit" or "kind", of everything or of the sections and the tables or
    `parts` of tables that are named: sections, then tables, then lists that are added up.

    They are named as the form of `period` calls them, or the form of now. Raises `ReportctlError` for a code
    that the form does not have, and where by kind there are lists alone.
    """
    session = session.of(period)
    form, now, archive = session.form, session.present, session.workspace.archive
    sections = named_then(sections, form, now, lambda: kept_forms(archive), period)
    parts = named_then(parts, form, now, lambda: kept_forms(archive), period)
    shown = chosen(form, sections, parts)
    if by == "kind" and shown.lists and not (shown.sections or shown.parts):
        raise ReportctlError(" ".join(_lists_left_out(shown.lists, period)))
    with session.ledger() as ledger:
        summary = summary_of(session, ledger, period)
        figures: dict[str, dict[str, Number | None]] = {}
        if by == "kind":
            units = session.calendar.units(period)
            kinds = {k.code: [c for c, unit in units.items() if unit.kind == k.code] for k in form.kinds}
            figures = group_values(answers_of(session, ledger, period.quarters), kinds, period)
        made = tuple(_tables_shown(session, ledger, summary, by, shown, figures))
        listed = [list_figures(ledger, one, session.calendar, period) for one in shown.lists]
    units = session.calendar.units(period)
    match by:
        case "kind":
            json = as_json.kinds_json(summary, form, figures, sections=sections, tables=parts)
        case "unit":
            json = as_json.units_json(summary, form, units, sections=sections, tables=parts)
        case _:
            json = as_json.summary_json(summary, form, sections=sections, tables=parts)
            json["lists"] = list_tables.lists_json(listed)
    return View(made, json)


def _tables_shown(
    session: Session,
    ledger: Ledger,
    summary: Summary,
    by: str,
    shown: Chosen,
    of_kinds: tables.GroupValues,
) -> Iterator[Table]:
    """The tables of `view`. By unit and by kind, a whole table is shown in its main cells, and lists are
    not added up by kind; notes say so."""
    form, period = session.form, summary.period
    units, regrouped = session.calendar.units(period), session.calendar.regrouped(period)
    codes = [section.code for section in shown.sections]
    if by == "indicator" and codes:
        province = tables.province_table(summary, form, units, sections=codes, regrouped=regrouped)
        yield _with_jumps(session, ledger, summary, province, codes)
    if by == "unit":
        for code in codes:
            yield tables.unit_table(summary, form, units, code)
    if by == "kind" and (codes or shown.parts):
        table = tables.kind_table(summary, form, units, of_kinds, sections=codes, parts=shown.parts)
        left_out = (*_cells_left_out(shown.parts, by, period), *_lists_left_out(shown.lists, period))
        yield replace(table, notes=(*coverage_notes(summary, units), *table.notes, *left_out))
    for part in shown.parts if by != "kind" else ():
        if by == "unit":
            table = matrices.cells_by_unit(summary, form, units, part, part.main_cells)
            yield replace(table, notes=(*table.notes, *_cells_left_out([part], by, period)))
        elif part.column:
            yield matrices.column_table(summary, part, units, regrouped=regrouped)
        elif part.row:
            yield matrices.cells_by_unit(summary, form, units, part)
        else:
            yield matrices.matrix_table(summary, part.table, units, regrouped=regrouped)
    for one in shown.lists if by != "kind" else ():
        listed = list_figures(ledger, one, session.calendar, period)
        yield (list_tables.list_by_unit if by == "unit" else list_tables.list_totals_table)(listed, units)


def _cells_left_out(parts: Sequence[TablePart], by: str, period: Period) -> Iterator[str]:
    """A note for each whole table that is shown in some of its cells only, with how the others are seen."""
    for part in parts:
        shown, of_all = len(part.main_cells), len(part.cells)
        if shown < of_all:
            yield _(
                "{table}: only totals and rows of the first level are shown, {shown} of {all} figures. A row "
                "or a column with all of them: reportctl summary {period} --by {by} --table {code}.ROW or "
                "{code}.*.COLUMN"
            ).format(
                table=part.table.name,
                shown=wording.cell_text(shown, CellFormat.COUNT),
                all=wording.cell_text(of_all, CellFormat.COUNT),
                period=period,
                by=by,
                code=part.table.code,
            )


def _lists_left_out(lists: Sequence[ListSection], period: Period) -> Iterator[str]:
    """A note that these lists are not added up by kind, with how their totals are seen."""
    if lists:
        yield _(
            "Not shown by kind of unit: {lists}. Their totals: reportctl summary {period} --table {code}"
        ).format(lists=", ".join(str(one.name) for one in lists), period=period, code=lists[0].code)


def values_of_quarter(session: Session, quarter: Quarter, before: bytes) -> Iterator[bytes]:
    """The pieces of values.csv, which `exported` gives whole. `before`: the previous one; rows of unchanged
    units are copied from it."""
    session = session.of(quarter)
    form, units = session.form, session.calendar.units(quarter)

    def pieces() -> Iterable[bytes]:
        with language.speaking(session.settings.language):
            renewed = before and values.renewed_csv(before, ledger, form, units, quarter)
            return [renewed] if renewed else values.values_in_pieces(ledger, form, units, [quarter])

    with session.ledger() as ledger:
        yield from said_in_ours(pieces)


def exported(session: Session, period: Period, to: str) -> bytes:
    """The figures and texts of `period` in the format `to`: "xlsx", "csv", "json" or "parquet";
    "lists": the cells of the units' lists as CSV.

    They are in the workspace's language. Raises `ReportctlError` where what writes the format is missing.
    """
    session = session.of(period)
    form, units = session.form, session.calendar.units(period)
    with session.ledger() as ledger, language.speaking(session.settings.language):
        match to:
            case "csv":
                return values.values_csv(ledger, form, units, period.quarters)
            case "lists":
                return values.lists_csv(ledger, form, units, period.quarters)
            case "json":
                return values.values_json(ledger, form, units, period.quarters)
            case "parquet":
                return values.values_parquet(ledger, form, units, period.quarters)
        return merged_workbook.merged_workbook(
            _printable_tables(session, ledger, period),
            form,
            session.calendar,
            ledger,
            period,
            session.settings.issuer.name,
        )


def _with_jumps(
    session: Session, ledger: Ledger, summary: Summary, table: Table, sections: Sequence[str] = ()
) -> Table:
    """The province's table with a note on each figure that jumped, of all sections or those named."""
    codes = {section.code for section in chosen_sections(session.form, sections)}
    found = jumps(summary, session.settings.checks, codes)
    if not found:
        return table
    answers = answers_of(session, ledger, needed_quarters(summary.period))
    units = session.calendar.units(summary.period)
    return replace(table, notes=(*table.notes, *jump_notes(found, answers, summary.period, units)))


def _printable_tables(session: Session, ledger: Ledger, period: Period) -> Iterator[Table]:
    """The printable workbook's tables: the province, the sections by unit, the form's tables (each for the
    province, then unit by unit; where that is too much to be printed, before it in its totals and top rows,
    where it is very much, in these alone), the plan if any."""
    form, units = session.form, session.calendar.units(period)
    summary = summary_of(session, ledger, period)
    regrouped = session.calendar.regrouped(period)
    if form.sections:
        province = tables.province_table(summary, form, units, regrouped=regrouped, wholes=True)
        yield _with_jumps(session, ledger, summary, province)
    for section in form.sections:
        yield tables.unit_table(summary, form, units, section.code)
    for asked in form.tables:
        yield matrices.matrix_table(summary, asked, units, regrouped=regrouped)
        part = TablePart(asked)
        many = len(units) * len(part.cells) > merged_workbook.DATA_ROWS
        most = merged_workbook.MOST_PRINTED
        if not many and len(part.cells) > most and 0 < len(part.top_cells) <= most:
            top = matrices.cells_by_unit(summary, form, units, part, part.top_cells)
            yield replace(top, name=f"top:{asked.code}")
        yield matrices.cells_by_unit(summary, form, units, part, part.top_cells if many else part.cells)
    plan = plan_table(summary, units)
    if plan.rows:
        yield plan
