"""Every answer with its cell, a row each, for use outside: as CSV, JSON or Parquet."""

from __future__ import annotations

import codecs
import functools
import io
import itertools
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import add
from typing import TYPE_CHECKING, cast

from reportctl.errors import ReportctlError
from reportctl.form import Form
from reportctl.language import _
from reportctl.period import Quarter
from reportctl.roster import Unit
from reportctl.submission import State
from reportctl.table import NOT_APPLICABLE, Value, guarded

if TYPE_CHECKING:
    from reportctl.ledger import Ledger

COLUMNS = (
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
_VALUE, _ESTIMATE = COLUMNS.index("value"), COLUMNS.index("estimate")
_AT_ONCE = 4096  # rows that are put together before they are written


def data_rows(
    ledger: Ledger, form: Form, units: Mapping[str, Unit], quarters: Sequence[Quarter]
) -> Iterator[tuple[Value, ...]]:
    """A row in the order of `COLUMNS` for each answer of the submissions that count, read one by one."""
    asked = {
        indicator.code: (section.code, str(indicator.name))
        for section in form.sections
        for indicator in section.indicators
    }
    asked |= {question.code: ("", str(question.name)) for question in form.texts}
    names = {code: unit.name for code, unit in units.items()}
    states = {state: state.value for state in State}
    absent, unknown = State.NOT_APPLICABLE, ("", "")
    for period, unit, code, state, value, raw, estimate, file, sheet, cell, sha256 in ledger.long_rows(
        quarters
    ):
        section, label = asked.get(code, unknown)
        yield (
            period, unit, names.get(unit, unit), section, code, label,
            NOT_APPLICABLE if state is absent else value, states[state], "x" if estimate else "", raw,
            file, sheet, cell, sha256,
        )  # fmt: skip


def _batches(lines: Iterable[str], between: str = "") -> Iterator[bytes]:
    """The lines as bytes, many at once, so that they need not all be there together."""
    lines = iter(lines)
    begun = ""
    while batch := list(itertools.islice(lines, _AT_ONCE)):
        yield (begun + between.join(batch)).encode()
        begun = between


# ---- CSV

_TO_QUOTE = re.compile('[",\r\n]')


@functools.lru_cache(maxsize=2**15)  # nearly every text stands many times
def _csv_text(text: str) -> str:
    """A field as RFC 4180 has it, and as `guarded` says."""
    said = guarded(text)
    return '"' + said.replace('"', '""') + '"' if _TO_QUOTE.search(said) else said


def _csv_line(row: tuple[Value, ...]) -> str:
    value = row[_VALUE]
    if isinstance(value, str):
        said = _csv_text(value)
    else:
        said = "" if value is None or value is NOT_APPLICABLE else str(value)
    texts = cast("tuple[str, ...]", row)  # all the others are
    return ",".join((*map(_csv_text, texts[:_VALUE]), said, *map(_csv_text, texts[_VALUE + 1 :]))) + "\r\n"


def values_csv(ledger: Ledger, form: Form, units: Mapping[str, Unit], quarters: Sequence[Quarter]) -> bytes:
    """Every answer with its cell, as UTF-8 with a mark, so that Excel reads the letters.

    Numbers stand as they are; texts as `table.guarded` says.
    """
    lines = map(_csv_line, itertools.chain([COLUMNS], data_rows(ledger, form, units, quarters)))
    out = io.BytesIO(codecs.BOM_UTF8)
    out.seek(0, io.SEEK_END)
    out.writelines(_batches(lines))
    return out.getvalue()


# ---- JSON and Parquet


@functools.lru_cache(maxsize=2**15, typed=True)  # nearly everything stands many times; 1 is not True
def _json_text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def values_json(ledger: Ledger, form: Form, units: Mapping[str, Unit], quarters: Sequence[Quarter]) -> bytes:
    """Every answer with its cell, as a JSON array of objects."""
    keys = [f"\n  {_json_text(key)}: " for key in COLUMNS]

    def said(row: tuple[Value, ...]) -> str:
        values: list[object] = [None if value is NOT_APPLICABLE else value for value in row]
        values[_ESTIMATE] = bool(values[_ESTIMATE])
        return "\n {" + ",".join(map(add, keys, map(_json_text, values))) + "\n }"

    out = io.BytesIO()
    out.write(b"[")
    out.writelines(_batches(map(said, data_rows(ledger, form, units, quarters)), ","))
    out.write(b"\n]" if out.tell() > 1 else b"]")
    return out.getvalue()


def values_parquet(
    ledger: Ledger, form: Form, units: Mapping[str, Unit], quarters: Sequence[Quarter]
) -> bytes:
    """Every answer with its cell, as Parquet: numbers under `value`, what is no number under `text`.

    Raises `ReportctlError` where pyarrow is not installed.
    """
    import pandas as pd

    frame = pd.DataFrame(data_rows(ledger, form, units, quarters), columns=list(COLUMNS))
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
