"""Every answer with its cell, a row each, for use outside: as CSV, JSON or Parquet."""

from __future__ import annotations

import codecs
import functools
import io
import itertools
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from reportctl.core.errors import ReportctlError
from reportctl.core.language import _
from reportctl.core.period import Quarter
from reportctl.core.table import NOT_APPLICABLE, Value, guarded
from reportctl.form.model import Form
from reportctl.form.names import whole_heading
from reportctl.form.submission import AnswerState
from reportctl.ledger.ledger import Ledger
from reportctl.workspace.units import Unit

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
_VALUE = COLUMNS.index("value")


def data_rows(
    ledger: Ledger,
    form: Form,
    units: Mapping[str, Unit],
    quarters: Sequence[Quarter],
    only: Collection[str] | None = None,
) -> Iterator[tuple[Value, ...]]:
    """A row in the order of `COLUMNS` for each answer of the submissions that count, read one by one; of the
    units `only` where they are given."""
    asked = _asked(form)
    names = {code: unit.name for code, unit in units.items()}
    states = {state: state.value for state in AnswerState}
    absent, unknown = AnswerState.NOT_APPLICABLE, ("", "")
    for period, unit, code, state, value, raw, estimate, file, sheet, cell, sha256 in ledger.long_rows(
        quarters, only
    ):
        section, label = asked.get(code, unknown)
        yield (
            period, unit, names.get(unit, unit), section, code, label,
            NOT_APPLICABLE if state is absent else value, states[state], "x" if estimate else "", raw,
            file, sheet, cell, sha256,
        )  # fmt: skip


def _asked(form: Form) -> dict[str, tuple[str, str]]:
    """The section, or table, and the label of each figure; questions answered in words have no section."""
    asked = {
        indicator.code: (section.code, str(indicator.name))
        for section in form.all_sections
        for indicator in section.indicators
    }
    return asked | {question.code: ("", str(question.name)) for question in form.texts}


# ---- CSV

_TO_QUOTE = re.compile('[",\r\n]')


@functools.lru_cache(maxsize=2**15)  # nearly every text stands many times
def _csv_text(text: str) -> str:
    """A field as RFC 4180 has it, and as `guarded` says."""
    field = guarded(text)
    return '"' + field.replace('"', '""') + '"' if _TO_QUOTE.search(field) else field


_HEAD = ",".join(COLUMNS) + "\r\n"


def _csv_lines(
    ledger: Ledger,
    asked: Mapping[str, tuple[str, str]],
    units: Mapping[str, Unit],
    quarters: Sequence[Quarter],
    only: Collection[str] | None = None,
) -> Iterator[tuple[str, str]]:
    """Each unit with the lines of CSV for the rows of `data_rows` that are from one file; `asked` as by
    `_asked`.

    Of a large form there are hundreds of thousands: what stands in many lines is put together once.
    """
    questions = {code: ",".join(map(_csv_text, (of, code, label))) for code, (of, label) in asked.items()}
    names = {code: unit.name for code, unit in units.items()}
    states = {state: state.value for state in AnswerState}
    placed: dict[tuple[str, str, str], tuple[str, str]] = {}  # what is asked in a cell, and where it stands
    for (period, unit, file, sha256), answers in ledger.by_source(quarters, only):
        begin = f"{period},{_csv_text(unit)},{_csv_text(names.get(unit, unit))}"
        of_file, lines = _csv_text(file), []
        for code, state, value, raw, estimate, sheet, cell, told in answers:
            place = code, sheet, cell
            if place not in placed:
                what = questions.get(code) or f",{_csv_text(code)},"
                placed[place] = what, f"{_csv_text(sheet)},{_csv_text(cell)}"
            what, where = placed[place]
            said = _csv_text(value) if isinstance(value, str) else "" if value is None else str(value)
            typed = said if raw is None else _csv_text(raw)
            source = of_file if told is None else _csv_text(told)
            mark = "x" if estimate else ""
            lines.append(
                f"{begin},{what},{said},{states[state]},{mark},{typed},{source},{where},{sha256}\r\n"
            )
        yield unit, "".join(lines)


def values_csv(ledger: Ledger, form: Form, units: Mapping[str, Unit], quarters: Sequence[Quarter]) -> bytes:
    """Every answer with its cell, as UTF-8 with a mark, so that Excel reads the letters.

    Numbers stand as they are; texts as `table.guarded` says.
    """
    return b"".join(values_in_pieces(ledger, form, units, quarters))


def values_in_pieces(
    ledger: Ledger, form: Form, units: Mapping[str, Unit], quarters: Sequence[Quarter]
) -> Iterator[bytes]:
    """`values_csv` file by file. What is asked is said in the language in which this is called, whenever the
    pieces are taken."""
    lines = _csv_lines(ledger, _asked(form), units, quarters)
    return itertools.chain([codecs.BOM_UTF8 + _HEAD.encode()], (of_file.encode() for _unit, of_file in lines))


LIST_COLUMNS = (
    "period",
    "unit",
    "unit_name",
    "list",
    "row",
    "column",
    "label",
    "value",
    "state",
    "raw",
    "file",
    "sheet",
    "cell",
    "sha256",
)


def lists_csv(ledger: Ledger, form: Form, units: Mapping[str, Unit], quarters: Sequence[Quarter]) -> bytes:
    """Every cell of the units' lists, as `values_csv` has the other answers: by quarter and list, then by
    unit and row, in the form's order. It has the rows of all the quarters, whatever counts over time."""
    places = {pair: place for place, pair in enumerate(form.list_columns)}
    lists = {one.code: place for place, one in enumerate(form.lists)}
    out = io.BytesIO()
    out.write(codecs.BOM_UTF8 + ",".join(LIST_COLUMNS).encode() + b"\r\n")
    for quarter in sorted(set(quarters)):
        cells = [one for one in ledger.all_values(quarter) if (one.list_code, one.code) in places]
        cells.sort(key=lambda c: (lists[c.list_code], c.unit, c.number, places[c.list_code, c.code]))
        for one in cells:
            column = form.list_columns[one.list_code, one.code]
            fields = (
                str(one.period),
                one.unit,
                units[one.unit].name if one.unit in units else one.unit,
                one.list_code,
                str(one.number),
                one.code,
                str(whole_heading(column)),
                "" if one.value is None else one.value,
                one.state.value,
                *(one.raw, one.file, one.sheet, one.cell, one.sha256),
            )
            texts = (_csv_text(field) if isinstance(field, str) else str(field) for field in fields)
            out.write((",".join(texts) + "\r\n").encode())
    return out.getvalue()


_FEW = 200  # units whose rows are sooner made anew than all
_REACH = 2**20  # bytes within which the next unit's rows begin


def renewed_csv(
    before: bytes, ledger: Ledger, form: Form, units: Mapping[str, Unit], quarter: Quarter
) -> bytes | None:
    """As `values_csv` gives it for the quarter, out of the previous values.csv: rows of unchanged units are
    copied from it. None where too much has changed.

    `before` was made from the same, but for the files of some units.
    """
    counting = ledger.files(quarter)
    begin = len(codecs.BOM_UTF8 + _HEAD.encode())
    kept = _kept(before, begin, str(quarter), counting) if counting else None
    if counting is None or kept is None:
        return None
    lines: dict[str, list[str]] = {unit: [] for unit, _file, _sha256 in counting if unit not in kept}
    for unit, some in _csv_lines(ledger, _asked(form), units, [quarter], lines.keys()):
        lines[unit].append(some)
    made = {unit: "".join(own).encode() for unit, own in lines.items()}
    return b"".join([before[:begin], *((kept | made)[unit] for unit, _file, _sha256 in counting)])


def _kept(
    before: bytes, begin: int, period: str, counting: Sequence[tuple[str, str, str]]
) -> dict[str, bytes] | None:
    """The rows in `before`, from `begin` on, of the units whose files (unit, file, hash) count there as well;
    None where those of many units are not."""
    heads = [f"\r\n{_csv_text(period)},{_csv_text(unit)},".encode() for unit, _file, _sha256 in counting]
    kept: dict[str, bytes] = {}
    others = 0
    at = begin  # where a row begins; from there on what comes after an even number of quotes is outside
    for place, (unit, file, sha256) in enumerate(counting):
        rows = b""
        first = before.find(heads[place], at - 2, at + _REACH) + 2
        if first >= at:  # what comes before is of units that count no more
            ends = (before.find(head, first, first + _REACH) for head in heads[place + 1 : place + 1 + _FEW])
            end = next((end + 2 for end in ends if end >= 0), len(before))
            if before.count(b'"', at, first) % 2 or before.count(b'"', first, end) % 2:
                return None
            rows, at = before[first:end], end
        # All of them come from that file; no file can hold its own hash.
        last = f",{sha256}\r\n".encode()
        if rows.endswith(last) and rows.count(f",{_csv_text(file)},".encode()) >= rows.count(last):
            kept[unit] = rows
        elif (others := others + 1) > _FEW:
            return None
    return kept


# ---- JSON and Parquet


def values_json(ledger: Ledger, form: Form, units: Mapping[str, Unit], quarters: Sequence[Quarter]) -> bytes:
    """Every answer with its cell, as a JSON array of objects."""
    rows = (dict(zip(COLUMNS, row, strict=True)) for row in data_rows(ledger, form, units, quarters))
    objects = [
        row
        | {
            "estimate": bool(row["estimate"]),
            "value": None if row["value"] is NOT_APPLICABLE else row["value"],
        }
        for row in rows
    ]
    return json.dumps(objects, ensure_ascii=False, indent=1).encode()


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
