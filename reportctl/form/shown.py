"""The form as `reportctl form` shows it: a table, or the JSON that other programs read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reportctl.core import wording
from reportctl.core.finding_kinds import Severity
from reportctl.core.findings import severity_name
from reportctl.core.language import N_, Phrase, _
from reportctl.core.table import CellFormat, Column, Role, Row, Table
from reportctl.form.indicators import Indicator
from reportctl.form.model import Form, ListColumn, ListSection, TextQuestion
from reportctl.form.names import headings, whole_heading
from reportctl.form.rules import Rule
from reportctl.form.tables import FormTable, TableColumn

_ROLES = {
    "previous": N_("the period before, filled in by the program"),
    "year_ago": N_("the year before, filled in by the program"),
    "to_date": N_("the year to date, filled in by the program"),
    "plan": N_("the plan, filled in by the program"),
    "given": N_("given when it is sent"),
}
_TYPES = {
    "count": N_("count"),
    "number": N_("number"),
    "percent": N_("percentage"),
    "money": N_("amount"),
    "yes_no": N_("yes or no"),
    "choice": N_("choice"),
    "date": N_("date"),
    "text": N_("text"),
}


def form_table(form: Form) -> Table:
    """Every question by section, then lists, texts and rules, with who is asked."""
    rows: list[Row] = []
    for section in form.sections:
        rows.append(Row((section.code, str(section.name), "", "", ""), Role.SECTION))
        for indicator in section.indicators:
            remark = "" if indicator.required else _("may be empty")
            remark = _("worked out") if indicator.computed else remark
            rows.append(
                Row(
                    (
                        indicator.code,
                        str(indicator.name),
                        str(indicator.measure) or _(_TYPES[indicator.type]),
                        _asked_of(form, indicator),
                        remark,
                    ),
                    Role.PART if indicator.part_of else Role.PLAIN,
                )
            )
    for table in form.tables:
        rows += _rows_of_table(form, table)
    if form.lists:
        rows.append(Row(("", _("Lists"), "", "", ""), Role.SECTION))
    for listed in form.lists:
        columns = ", ".join(str(column.name) for column in listed.columns)
        rows.append(Row((listed.code, f"{listed.name}: {columns}", _("list"), _asked_of(form, listed), "")))
    if form.texts:
        rows.append(Row(("", _("Texts"), "", "", ""), Role.SECTION))
    for text in form.texts:
        must = "" if text.required else _("may be empty")
        rows.append(Row((text.code, str(text.name), _(_TYPES["text"]), _asked_of(form, text), must)))
    if form.rules:
        rows.append(Row(("", _("Rules"), "", "", ""), Role.SECTION))
    for rule in form.rules:
        rows.append(Row((rule.code, f"{rule.check} → {rule.words}", "", "", _remark_of(rule))))
    return Table(
        "form",
        str(form.name),
        (
            Column("code", _("Code"), CellFormat.TEXT, 1.4),
            Column("label", _("Content"), CellFormat.TEXT, 3.4),
            Column("measure", _("Measure"), CellFormat.TEXT, 0.9),
            Column("asked", _("Asked of"), CellFormat.TEXT, 1.2),
            Column("remark", _("Remarks"), CellFormat.TEXT, 0.8),
        ),
        tuple(rows),
        (_("Form {id}, version {fingerprint}.").format(id=form.id, fingerprint=form.fingerprint),),
    )


_BLANK = {"zero": N_("a blank counts as 0"), "error": N_("a blank breaks it")}


def _remark_of(rule: Rule) -> str:
    """How grave it is where a rule does not hold, and by what it is judged otherwise than others."""
    remarks = [severity_name(Severity(rule.severity))]
    if rule.tolerance:
        remarks.append(_("may differ by {amount}").format(amount=wording.number(rule.tolerance, 6)))
    if rule.missing in _BLANK:
        remarks.append(_(_BLANK[rule.missing]))
    return "; ".join(remarks)


def _rows_of_table(form: Form, table: FormTable) -> list[Row]:
    """A table of the form: a line for each of its columns, then for each of its rows."""
    rows = [Row((table.code, str(table.name), "", "", ""), Role.SECTION)]
    for column in table.columns:
        remark = f"= {column.sum}" if column.sum else ""
        remark = _role(table, column) if column.is_ != "value" else remark
        heading = str(whole_heading(column))
        said = Phrase(column.unit_of_measure or "", column.unit_of_measure_en or "")
        code, asked = f"{table.code}.*.{column.code}", _asked_of_kinds(form, column.applies_to or ())
        rows.append(Row((code, heading, str(said), asked if column.applies_to else "", remark)))
    for row in table.rows:
        if row.caption:
            rows.append(Row(("", str(row.name), "", "", "")))
            continue
        cells = [cell for (code, _column), cell in table.cells.items() if code == row.code]
        measures = dict.fromkeys(str(cell.measure) or _(_TYPES[cell.type]) for cell in cells)
        kinds = {_asked_of(form, cell): None for cell in cells}
        numbered = f"{row.no} {row.name}".strip()
        rows.append(
            Row(
                (
                    f"{table.code}.{row.code}",
                    numbered,
                    " / ".join(measures),
                    "; ".join(kinds),
                    f"= {row.sum}" if row.sum else "",
                ),
            )
        )
    return rows


def _role(table: FormTable, column: TableColumn) -> str:
    """What the program fills into a column, and where the table asks several, of which one."""
    role = _(_ROLES[column.is_])
    if column.is_ == "given" or len(table.asked_columns) == 1:
        return role
    return _("{role}; of {column}").format(role=role, column=table.source_of(column).code)


def _asked_of(form: Form, item: Indicator | ListSection | TextQuestion) -> str:
    return _asked_of_kinds(form, item.applies_to)


def _asked_of_kinds(form: Form, kinds: Sequence[str]) -> str:
    if not kinds:
        return _("all")
    return ", ".join(str(kind.name) for kind in form.kinds if kind.code in kinds)


def form_json(form: Form) -> dict[str, Any]:
    """The object that `form --format json` prints; labels in the current language."""
    return {
        "id": form.id,
        "fingerprint": form.fingerprint,
        "title": str(form.name),
        "kinds": [{"code": kind.code, "title": str(kind.name)} for kind in form.kinds],
        "sections": [
            {
                "code": section.code,
                "title": str(section.name),
                "indicators": [
                    _fields(
                        indicator,
                        "code label unit_of_measure type over_units over_time required applies_to choices "
                        "part_of numerator denominator per cumulative min max",
                        unit_of_measure=str(indicator.measure),
                        required=indicator.required and not indicator.computed,
                        part_of=indicator.part_of or None,
                        numerator=indicator.numerator or None,
                        denominator=indicator.denominator or None,
                        per=indicator.per or None,
                    )
                    for indicator in section.indicators
                ],
            }
            for section in form.sections
        ],
        "tables": [_table_json(table) for table in form.tables],
        "lists": [
            _fields(
                listed,
                "code title rows applies_to columns key total over_time",
                key=listed.key or None,
                over_time=listed.counts,
                columns=[
                    _fields(
                        column,
                        "code label under unit_of_measure type required choices over_units",
                        under=list(map(str, headings(column))),
                    )
                    for column in listed.columns
                ],
            )
            for listed in form.lists
        ],
        "texts": [_fields(text, "code label required max_words applies_to") for text in form.texts],
        "rules": [
            _fields(rule, "code check severity tolerance missing message", message=str(rule.words))
            for rule in form.rules
        ],
    }


def _table_json(table: FormTable) -> dict[str, Any]:
    """A table of the form: its columns and rows in order, its sums with their parts, its cells.

    A row is a caption, with null for all else, or asked. A cell's settings are those that hold for it, after
    what its column, its row and the table say.
    """
    columns = [
        {
            "code": column.code,
            "label": str(column.name),
            "under": list(map(str, headings(column))),
            "no": column.no or None,
            "is": column.is_,
            "of": None if column.is_ in ("value", "given") else table.source_of(column).code,
            "sum": column.sum or None,
            "computed": column.computed,
        }
        for column in table.columns
    ]
    rows = [
        {
            "code": row.code or None,
            "label": None if row.caption else str(row.name),
            "caption": str(row.name) if row.caption else None,
            "no": row.no or None,
            "level": None if row.caption else row.level,
            "sum": row.sum or None,
            "computed": row.computed,
        }
        for row in table.rows
    ]
    sums = [
        {"code": code, "parts": [{"sign": sign, "code": part} for sign, part in parts]}
        for code, parts in table.sums
    ]
    cells = [
        {
            "row": cell.row,
            "column": cell.column,
            **_fields(
                cell,
                "code label unit_of_measure type over_units over_time required applies_to choices part_of "
                "cumulative min max",
                unit_of_measure=str(cell.measure),
                required=cell.required and cell.filled_in,
                part_of=cell.part_of or None,
            ),
        }
        for cell in table.cells.values()
    ]
    return {
        "code": table.code,
        "title": str(table.name),
        "row_title": str(Phrase(table.row_title, table.row_title_en)) or None,
        "columns": columns,
        "rows": rows,
        "sums": sums,
        "not_asked": list(table.not_asked),
        "cells": cells,
    }


def _fields(
    item: Indicator | ListSection | ListColumn | TextQuestion | Rule, names: str, **other: Any
) -> dict[str, Any]:
    """The fields of these `names` in order: `other` as given, title or label in the current language."""
    values = item.model_dump(mode="json") | other
    if not isinstance(item, Rule):
        values["title" if isinstance(item, ListSection) else "label"] = str(item.name)
    return {name: values[name] for name in names.split()}
