"""Every value of every quarter as one Parquet data set, a folder for each quarter: for what one machine's
tables are too small for.

The folders are named `period=2024-Q1`, by which DuckDB, Spark and pandas know the column `period`. A row says
all by itself: the unit and its kind then, how the figure was asked, how it adds up, its cell. Rows are
written as they are read, so that a quarter need not fit into memory.
"""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from reportctl.core import language
from reportctl.core.errors import ReportctlError
from reportctl.core.files import cannot_write
from reportctl.core.language import _
from reportctl.core.outputs import Outputs, Saved
from reportctl.core.period import Quarter
from reportctl.form.model import Form
from reportctl.form.submission import AnswerState
from reportctl.ledger.ledger import Ledger
from reportctl.ledger.rows import PROVINCE, LongRow
from reportctl.ledger.session import Session
from reportctl.workspace.units_by_period import Calendar

FILE = "values.parquet"  # in the folder of each quarter
# What is text in each row and what is not. `value` is a number, what is none stands under `text`; `counts`:
# the row is one of those that make the province's figure.
_TEXTS = (
    "unit", "unit_name", "kind", "section", "code", "label", "unit_of_measure", "type", "over_units",
    "over_time", "state", "text", "raw", "file", "sheet", "cell", "sha256",
)  # fmt: skip
_FLAGS = ("cumulative", "estimate", "counts")
COLUMNS = (*_TEXTS, "value", *_FLAGS)
_AT_ONCE = 1 << 16  # rows


class _Asked(NamedTuple):
    """How a figure or a text was asked."""

    section: str = ""
    label: str = ""
    unit_of_measure: str = ""
    type: str = "text"
    over_units: str = "none"
    over_time: str = "none"
    cumulative: bool = False


class _Who(NamedTuple):
    """What a unit was called in a quarter, and its kind."""

    name: str = ""
    kind: str = ""


_NOT_ASKED, _NOBODY = _Asked(), _Who()  # of codes that neither form nor roster knows


@dataclass(frozen=True, slots=True)
class _Part:
    """What the rows of one quarter are made with: `asked` and `who` by code, what figures that were
    `renamed` are called now, and the codes of which an imported total of the province is `standing`."""

    asked: Mapping[str, _Asked]
    who: Mapping[str, _Who]
    renamed: Mapping[str, str]
    standing: frozenset[str]

    def row(self, row: LongRow) -> tuple[str | float | bool | None, ...]:
        """A row in the order of `COLUMNS`."""
        _period, unit, code, state, value, raw, estimate, file, sheet, cell, sha256 = row
        who, asked = self.who.get(unit, _NOBODY), self.asked.get(code, _NOT_ASKED)
        today = self.renamed.get(code, code)
        number, text = (None, value) if isinstance(value, str) else (value, None)
        counts = state is AnswerState.VALUE and (unit == PROVINCE or today not in self.standing)
        return (
            unit, *who, asked.section, today, *asked[1:-1], state.value, text, raw, file, sheet, cell, sha256,
            None if number is None else float(number), asked.cumulative, estimate, counts,
        )  # fmt: skip


def save_data_set(session: Session, path: Path, forms: Mapping[Quarter, Form]) -> Saved:
    """Put the data set of all quarters of the ledger at the folder `path`, or beside what somebody else has
    there. `forms` are those in force in each quarter; of what one does not ask the present one tells.

    Raises `ReportctlError` where there is no quarter, pyarrow is missing, or the folder cannot be written.
    """
    own = language.speaking(session.settings.language)
    with session.ledger() as ledger, own, Outputs(session.workspace.root) as outputs:
        quarters = ledger.quarters()
        if not quarters:
            raise ReportctlError(_("There is nothing to export: nothing was merged or imported yet."))

        def fill(folder: Path) -> None:
            for quarter in quarters:
                part = _part(
                    ledger, session.form, forms.get(quarter, session.form), session.calendar, quarter
                )
                place = folder / f"period={quarter}"
                place.mkdir()
                _write(place / FILE, map(part.row, ledger.long_rows([quarter])))

        return outputs.save_folder(path, fill)


def _part(ledger: Ledger, now: Form, then: Form, calendar: Calendar, quarter: Quarter) -> _Part:
    """What the quarter's rows are made with; codes are looked up in the form of `then` first."""
    present = calendar.roster.on(calendar.day(quarter))
    known = {code: calendar.roster.rows(code)[-1] for code in calendar.roster.codes} | dict(present)
    return _Part(
        _asked(now) | _asked(then),
        {code: _Who(unit.name, unit.kind) for code, unit in known.items()},
        now.renamed,
        frozenset(one.code for one in ledger.province_values([quarter])),
    )


def _asked(form: Form) -> dict[str, _Asked]:
    """How each figure and each text of the form is asked, by code; a table is the section of its cells."""
    asked = {
        one.code: _Asked(
            section.code,
            str(one.name),
            str(one.measure),
            one.type.value,
            one.over_units,
            one.over_time,
            one.cumulative,
        )
        for section in form.all_sections
        for one in section.indicators
    }
    return asked | {one.code: _Asked(label=str(one.name)) for one in form.texts}


def _write(path: Path, rows: Iterator[Sequence[object]]) -> None:
    """Put the rows into a new file at `path`, on the disk when this returns.

    Raises `ReportctlError` where pyarrow is not installed, or the file cannot be written.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        raise ReportctlError(
            _("Parquet needs the library pyarrow: pip install reportctl[parquet]")
        ) from error
    types = (
        {name: pa.string() for name in _TEXTS} | {"value": pa.float64()} | dict.fromkeys(_FLAGS, pa.bool_())
    )
    schema = pa.schema([(name, types[name]) for name in COLUMNS])
    try:
        with path.open("xb") as file:
            with contextlib.closing(parquet.ParquetWriter(file, schema, compression="zstd")) as writer:
                while some := list(itertools.islice(rows, _AT_ONCE)):
                    columns = zip(*some, strict=True)
                    arrays = [
                        pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)
                    ]
                    writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise cannot_write(path, error) from error
