"""What was read of a blank form for people: a line a table, what will be asked, what was refused."""

from __future__ import annotations

from collections.abc import Sequence

from reportctl.adopt.as_json import areas
from reportctl.adopt.blank_form import BlankForm, Question, ReadTable
from reportctl.adopt.review_words import OF_QUESTIONS, YES_NO, word
from reportctl.core.language import N_, _, ngettext
from reportctl.core.table import CellFormat, Column, Role, Row, Table

_KINDS = {"matrix": N_("table"), "list": N_("list"), "values": N_("single values")}


def form_tables(form: BlankForm) -> list[Table]:
    """What was read; what has to be decided, with the answer taken otherwise; what was refused."""
    tables = [_what_was_read(form)]
    if form.questions:
        tables.append(_questions(form))
    if form.refused:
        tables.append(_refused(form))
    return tables


def _what_was_read(form: BlankForm) -> Table:
    columns = (
        Column("sheet", _("Sheet")),
        Column("kind", _("Kind")),
        Column("title", _("Name"), width=3.0),
        Column("rows", _("Rows"), CellFormat.COUNT),
        Column("columns", _("Columns"), CellFormat.COUNT),
        Column("inputs", _("Cells asked"), CellFormat.COUNT),
        Column("where", _("Where"), width=2.0),
        Column("sure", _("Sure"), CellFormat.PERCENT),
    )
    rows = [
        Row(
            (
                table.sheet,
                _(_KINDS[table.kind]),
                table.title or table.code,
                _count_of_rows(table),
                len(_value_columns(table)),
                len(table.inputs),
                _some(areas(table.inputs)),
                table.sure,
            )
        )
        for table in form.tables
    ]
    asked = sum(len(table.inputs) for table in form.tables)
    total = (_("Together"), "", "", "", "", asked, "", "")
    notes = []
    if form.identity:
        cells = ", ".join(f"{one.sheet}!{one.cell}" for one in form.identity[:12])
        notes.append(_("Who fills it in, and for when: {cells}").format(cells=cells))
    if form.unread:
        notes.append(_("Nothing to fill in was found in: {sheets}").format(sheets=", ".join(form.unread)))
    return Table("adopted", form.title or form.file, columns, (*rows, Row(total, Role.TOTAL)), tuple(notes))


def _count_of_rows(table: ReadTable) -> int:
    if table.kind == "list":
        return len({row for row, _column in table.inputs})
    return sum(not row.caption for row in table.rows)


def _value_columns(table: ReadTable) -> set[int]:
    return {column for _row, column in table.inputs | table.computed | table.given | table.not_asked}


def _some(references: Sequence[str], most: int = 3) -> str:
    more = len(references) - most
    shown = ", ".join(references[:most])
    return f"{shown}, …" if more > 0 else shown


def _questions(form: BlankForm) -> Table:
    columns = (
        Column("where", _("Where")),
        Column("question", _("To be decided"), width=5.0),
        Column("default", _("Taken otherwise"), width=2.0),
    )
    rows = tuple(
        Row((f"{one.sheet}!{one.cell}" if one.cell else one.sheet, str(one.question), _in_words(one)))
        for one in form.questions
    )
    count = len(form.questions)
    title = ngettext(
        "{count} point to be decided in the review", "{count} points to be decided in the review", count
    )
    return Table("questions", title.format(count=count), columns, rows)


def _in_words(question: Question) -> str:
    """The answer that is taken otherwise, in the words of the review."""
    of_key = OF_QUESTIONS.get(question.id.rsplit(".", 1)[-1], YES_NO)
    return word(of_key, question.default) if question.choices else question.default


def _refused(form: BlankForm) -> Table:
    columns = (Column("where", _("Where")), Column("why", _("Not taken in, because"), width=5.0))
    rows = tuple(Row((f"{one.sheet}!{one.cell}", str(one.why))) for one in form.refused)
    return Table("refused", _("Refused"), columns, rows)
