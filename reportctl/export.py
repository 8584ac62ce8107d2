"""What is written for use outside: workbooks to print, and every value as CSV, JSON or Parquet."""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from reportctl.errors import ReportctlError
from reportctl.figures import KIND_OF
from reportctl.form import Form, ListSection, Type
from reportctl.language import _
from reportctl.period import Period, Quarter
from reportctl.roster import Unit
from reportctl.sheets import workbook
from reportctl.submission import State
from reportctl.table import NOT_APPLICABLE, Column, Kind, Role, Row, Table, Value, guarded

if TYPE_CHECKING:
    from reportctl.ledger import Ledger, ValueRecord

DATA_ROWS = 50_000  # of the sheet with every value; beyond that the CSV file has them


def merged_workbook(
    tables: Sequence[Table], form: Form, units: Mapping[str, Unit], ledger: Ledger, period: Period
) -> bytes:
    """The workbook of everything: a sheet for each of `tables`, the units' texts, their lists, every value.

    `units` are those of the period by code.
    """
    sheets = [(_sheet_title(table, form), table) for table in tables]
    if form.texts:
        sheets.append((_("Texts"), _texts_table(form, units, ledger, period)))
    sheets += [(str(section.name), _list_table(section, units, ledger, period)) for section in form.lists]
    rows = list(itertools.islice(_data_rows(ledger, form, units, period.quarters), DATA_ROWS + 1))
    if len(rows) <= DATA_ROWS:
        sheets.append((_("Data"), Table("data", "", _data_columns(), tuple(map(Row, rows)))))
    elif sheets:
        sheets[0] = (sheets[0][0], _with_note(sheets[0][1], _("Every single value stands in values.csv.")))
    return workbook(sheets)


def _sheet_title(table: Table, form: Form) -> str:
    sections = {f"unit:{section.code}": str(section.name) for section in form.sections}
    names = {"province": _("Summary"), "kind": _("By kind of unit"), "plan": _("Plan"), **sections}
    return names.get(table.name, table.title)


def _with_note(table: Table, note: str) -> Table:
    return Table(table.name, table.title, table.columns, table.rows, (*table.notes, note))


def _name(units: Mapping[str, Unit], code: str) -> str:
    return units[code].name if code in units else code


def _texts_table(form: Form, units: Mapping[str, Unit], ledger: Ledger, period: Period) -> Table:
    """The units' answers in words, question by question."""
    rows: list[Row] = []
    for question in form.texts:
        answers = [
            record
            for record in ledger.values(period.quarters, code=question.code)
            if record.state is State.VALUE and record.value not in (None, "")
        ]
        rows.append(Row(("", str(question.name), "", ""), Role.SECTION))
        rows += [
            Row((n, _name(units, record.unit), str(record.period), str(record.value)))
            for n, record in enumerate(answers, 1)
        ]
    columns = (
        Column("number", _("No."), Kind.COUNT, 0.4),
        Column("unit", _("Unit"), Kind.TEXT, 2.0),
        Column("period", _("Period"), Kind.TEXT, 0.8),
        Column("text", _("Answer"), Kind.TEXT, 6.0),
    )
    return Table("texts", _("What the units write"), columns, tuple(rows))


_CELL_KINDS = {**KIND_OF, Type.YES_NO: Kind.YES_NO}


def _list_table(section: ListSection, units: Mapping[str, Unit], ledger: Ledger, period: Period) -> Table:
    """The rows of one list from all units."""
    columns = (
        Column("number", _("No."), Kind.COUNT, 0.4),
        Column("unit", _("Unit"), Kind.TEXT, 1.6),
        Column("period", _("Period"), Kind.TEXT, 0.8),
        *(
            Column(
                column.code,
                f"{column.name} ({column.unit_of_measure})" if column.unit_of_measure else str(column.name),
                _CELL_KINDS[column.type],
            )
            for column in section.columns
        ),
    )
    rows = tuple(
        Row(
            (
                n,
                _name(units, record.unit),
                str(record.period),
                *(_typed(record.values.get(column.code), column.type) for column in section.columns),
            )
        )
        for n, record in enumerate(ledger.list_rows(period.quarters, section.code), 1)
    )
    notes = () if rows else (_("No unit reported any."),)
    return Table(f"list:{section.code}", str(section.name), columns, rows, notes)


def _typed(value: int | float | str | None, kind: Type) -> Value:
    return dt.date.fromisoformat(value) if kind is Type.DATE and isinstance(value, str) else value


# ---- every value

_COLUMNS = (
    "period",
    "unit",
    "unit_name",
    "section",
    "code",
    "label",
    "value",
    "state",
    "estimate",
    "raw",
    "file",
    "sheet",
    "cell",
    "sha256",
)


def _data_columns() -> tuple[Column, ...]:
    return tuple(
        Column(key, key, Kind.NUMBER if key == "value" else Kind.TEXT, 2.0 if key == "label" else 1.0)
        for key in _COLUMNS
    )


def _data_rows(
    ledger: Ledger, form: Form, units: Mapping[str, Unit], quarters: Sequence[Quarter]
) -> Iterator[tuple[Any, ...]]:
    """A row in the order of `_COLUMNS` for each answer of the submissions that count."""
    sections = {i.code: section.code for section in form.sections for i in section.indicators}
    labels = {code: str(indicator.name) for code, indicator in form.indicators.items()}
    labels |= {question.code: str(question.name) for question in form.texts}

    def cells(record: ValueRecord) -> tuple[Any, ...]:
        return (
            str(record.period),
            record.unit,
            _name(units, record.unit),
            sections.get(record.code, ""),
            record.code,
            labels.get(record.code, ""),
            NOT_APPLICABLE if record.state is State.NOT_APPLICABLE else record.value,
            record.state.value,
            "x" if record.estimate else "",
            record.raw,
            record.file,
            record.sheet,
            record.cell,
            record.sha256,
        )

    records = (*ledger.of_province(quarters), *ledger.values(quarters))
    return map(cells, sorted(records, key=lambda record: record.period))


def _plain(value: Any) -> Any:
    return None if value is NOT_APPLICABLE else value


def values_csv(ledger: Ledger, form: Form, units: Mapping[str, Unit], quarters: Sequence[Quarter]) -> bytes:
    """Every answer with its cell, as UTF-8 with a mark, so that Excel reads the letters.

    Numbers stand as they are; texts as `table.guarded` says.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for row in _data_rows(ledger, form, units, quarters):
        plain = (_plain(value) for value in row)
        writer.writerow([guarded(value) if isinstance(value, str) else value for value in plain])
    return out.getvalue().encode("utf-8-sig")


def values_json(ledger: Ledger, form: Form, units: Mapping[str, Unit], quarters: Sequence[Quarter]) -> bytes:
    """Every answer with its cell, as a JSON array of objects."""
    rows = []
    for row in _data_rows(ledger, form, units, quarters):
        record = {key: _plain(value) for key, value in zip(_COLUMNS, row, strict=True)}
        rows.append(record | {"estimate": bool(record["estimate"])})
    return json.dumps(rows, ensure_ascii=False, indent=1).encode()


def values_parquet(
    ledger: Ledger, form: Form, units: Mapping[str, Unit], quarters: Sequence[Quarter]
) -> bytes:
    """Every answer with its cell, as Parquet: numbers under `value`, what is no number under `text`.

    Raises `ReportctlError` where pyarrow is not installed.
    """
    import pandas as pd

    frame = pd.DataFrame(_data_rows(ledger, form, units, quarters), columns=list(_COLUMNS))
    values = frame.pop("value").tolist()
    numbers = pd.Series([v if isinstance(v, int | float) else None for v in values], dtype="Float64")
    texts = pd.Series([v if isinstance(v, str) else None for v in values], dtype="string")
    frame = frame.assign(value=numbers, text=texts, estimate=frame["estimate"] == "x")
    out = io.BytesIO()
    try:
        frame.to_parquet(out, engine="pyarrow", index=False)
    except ImportError as error:
        raise ReportctlError(
            _("Parquet needs the library pyarrow: pip install reportctl[parquet]")
        ) from error
    return out.getvalue()
