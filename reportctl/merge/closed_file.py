"""The folder `closed/`: the figures of closed and imported quarters with their sources, a CSV file each."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from reportctl.core.csv_lines import read_day, separator_of, with_month_first
from reportctl.core.errors import ReportctlError
from reportctl.core.files import digest, read_file
from reportctl.core.findings import Finding, finding
from reportctl.core.language import _
from reportctl.core.letters import decoded
from reportctl.core.period import Quarter, read_period
from reportctl.core.table import guarded, unguarded
from reportctl.form.submission import AnswerState
from reportctl.ledger import archive
from reportctl.ledger.decisions import QuarterDecisions
from reportctl.ledger.rows import PROVINCE, ValueRecord
from reportctl.ledger.writing import Store
from reportctl.workspace.settings import Workspace
from reportctl.workspace.units import no_such_unit

COLUMNS = (
    "period", "unit", "list", "row", "code", "state", "value", "text", "raw", "estimate", "file", "sheet",
    "cell", "sha256", "received", "stands", "by",
)  # fmt: skip
_COLUMNS_BEFORE = tuple(column for column in COLUMNS if column != "stands")
_HEADS = (COLUMNS, _COLUMNS_BEFORE)


def closed_file(workspace: Workspace, quarter: Quarter) -> Path:
    """The figures of a closed quarter."""
    return workspace.root / "closed" / f"{quarter}.csv"


def imported_file(workspace: Workspace, quarter: Quarter) -> Path:
    """The imported figures of a quarter before reportctl came."""
    return workspace.root / "closed" / f"imported-{quarter}.csv"


def imported_files(workspace: Workspace) -> dict[Quarter, Path]:
    """The files of imported figures that there are, by quarter."""
    found = {}
    for path in (workspace.root / "closed").glob("imported-*.csv"):
        quarter = read_period(path.stem.removeprefix("imported-"))
        if isinstance(quarter, Quarter):
            found[quarter] = path
    return found


# ---- one file


def to_csv(records: Iterable[ValueRecord]) -> bytes:
    """The figures as CSV: numbers under `value`, words and dates under `text`.

    What a spreadsheet program would take for a formula has an apostrophe before it.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for record in records:
        number = record.value if isinstance(record.value, int | float) else ""
        texts = (record.raw, "x" if record.estimate else "", record.file, record.sheet, record.cell)
        writer.writerow(
            (
                record.period,
                *map(guarded, (record.unit, record.list_code)),
                record.number or "",
                record.code,
                record.state.value,
                number,
                *map(guarded, (record.value if isinstance(record.value, str) else "", *texts)),
                record.sha256,
                record.received.isoformat(),
                "x" if record.stands else "",
                record.by,
            )
        )
    return out.getvalue().encode("utf-8-sig")


def from_csv(path: Path, data: bytes, quarter: Quarter) -> list[ValueRecord]:
    """The figures of the quarter in `data`, the content of `path`: what `to_csv` wrote.

    A spreadsheet program may have saved it since, without separators at the end of a row, with decimal commas
    and days as its system writes them.

    Raises `ReportctlError` that names the line which cannot be read, or says what another said.
    """
    text = decoded(data)
    separator = separator_of(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    found: dict[tuple[str, str, int, str], ValueRecord] = {}
    line = 1
    try:
        head = next(reader, [])
        columns = next((known for known in _HEADS if _whole(head, known) == list(known)), ())
        if not columns:
            raise ValueError
        rows = []
        line = reader.line_num + 1
        for row in reader:
            if any(row):
                # A quotation mark too many takes what follows into its row: it is that row that is named.
                rows.append((line, dict(zip(columns, _whole(row, columns), strict=True))))
            line = reader.line_num + 1
        month_first = with_month_first((fields["received"], None) for _line, fields in rows) != ""
        for line, fields in rows:  # noqa: B007 - it is named below
            day = read_day(fields["received"], month_first=month_first)
            value = fields["value"] if separator == "," else fields["value"].replace(",", ".")
            record = _record({**fields, "received": str(day), "value": value}, quarter)
            key = (record.unit, record.list_code, record.number, record.code)
            if key in found:
                raise ValueError
            found[key] = record
    except (ValueError, csv.Error) as error:
        raise ReportctlError(
            _(
                "{path}, line {line}: this is not what was written there. Put the file back as it was, from "
                "a backup if need be, and try again."
            ).format(path=path, line=line)
        ) from error
    records = list(found.values())
    return records if columns == COLUMNS else _standing_as_before(records)


def _standing_as_before(records: Sequence[ValueRecord]) -> list[ValueRecord]:
    """The figures of a file that does not say which of the province's own stand: then one did where no unit
    had a figure."""
    of_units = {one.code for one in records if one.unit != PROVINCE and one.state is AnswerState.VALUE}
    return [replace(one, stands=one.unit == PROVINCE and one.code not in of_units) for one in records]


def _whole(row: list[str], columns: Sequence[str]) -> list[str]:
    """The fields of a row, with those that a spreadsheet program has left out at its end or added there."""
    while len(row) > len(columns) and not row[-1]:
        row = row[:-1]
    return row + [""] * (len(columns) - len(row))


def _record(row: Mapping[str, str], quarter: Quarter) -> ValueRecord:
    """The figure in a row of the quarter's file. Raises `ValueError` where there is something else."""
    state = AnswerState(row["state"])
    if read_period(row["period"]) != quarter or row["by"] not in ("file", "correction", "import"):
        raise ValueError
    value: int | float | str | None = None
    if state is AnswerState.VALUE and row["value"]:
        try:
            value = int(row["value"])
        except ValueError:
            value = float(row["value"])
    elif state is AnswerState.VALUE:
        value = unguarded(row["text"])
    return ValueRecord(
        period=quarter,
        unit=unguarded(row["unit"]),
        code=row["code"],
        state=state,
        value=value,
        raw=unguarded(row["raw"]),
        estimate=bool(row["estimate"]),
        file=unguarded(row["file"]),
        sheet=unguarded(row["sheet"]),
        cell=unguarded(row["cell"]),
        sha256=row["sha256"],
        received=dt.date.fromisoformat(row["received"]),
        by=row["by"],
        list_code=unguarded(row["list"]),
        number=int(row["row"] or 0),
        stands=bool(row.get("stands")),
    )


# ---- into the ledger


def load_frozen(
    store: Store,
    workspace: Workspace,
    decisions: Mapping[Quarter, QuarterDecisions],
    codes: Collection[str] = (),
) -> None:
    """Let the ledger's figures of closed and imported quarters be those of their files.

    `codes` are those of all units. Raises `ReportctlError` where such a file cannot be read, where units in
    it have lost the zeros they begin with, or the figures of a closed quarter are gone.
    """
    known = store.frozen()
    wanted: dict[Quarter, tuple[str, bool]] = {}
    files: dict[Quarter, tuple[Path, bytes]] = {}
    for quarter, path in imported_files(workspace).items():
        files[quarter] = path, read_file(path)
        wanted[quarter] = digest(files[quarter][1]), False
    for quarter, holds in decisions.items():
        if holds.closing:
            wanted[quarter] = holds.closing.decision.sha256, True
            if known.get(quarter) != wanted[quarter]:
                files[quarter] = _frozen_file(workspace, quarter, wanted[quarter][0])
    stale = known.keys() - wanted.keys()
    new = [quarter for quarter, source in wanted.items() if known.get(quarter) != source]
    if not stale and not new:
        return
    with store.transaction():
        for quarter in stale:
            store.thaw(quarter)
        for quarter in new:
            sha256, is_closed = wanted[quarter]
            records = from_csv(*files[quarter], quarter)
            _refuse_eaten_zeros(files[quarter][0], records, codes)
            store.freeze(quarter, sha256, records, closed=is_closed)


def _refuse_eaten_zeros(path: Path, records: Iterable[ValueRecord], codes: Collection[str]) -> None:
    """Raises `ReportctlError` where a spreadsheet program has made `7` of the unit `007`."""
    stripped = {code.lstrip("0") for code in codes}
    for code in {record.unit for record in records} - set(codes):
        if code and code in stripped:
            raise ReportctlError(f"{path}: {no_such_unit(code, codes)}")


def changed_since_closing(
    workspace: Workspace, quarter: Quarter, decisions: QuarterDecisions
) -> Iterator[Finding]:
    """A warning where the file of a closed quarter is no longer what was frozen."""
    if decisions.closing:
        path = closed_file(workspace, quarter)
        if not path.is_file() or digest(read_file(path)) != decisions.closing.decision.sha256:
            yield finding("closed_file_changed", path=f"closed/{path.name}", quarter=str(quarter))


def _frozen_file(workspace: Workspace, quarter: Quarter, sha256: str) -> tuple[Path, bytes]:
    """The file that was frozen and its content: the one in `closed/`, or its copy in the archive."""
    path = closed_file(workspace, quarter)
    for candidate in (path, archive.original(workspace.archive, sha256, path.name)):
        if candidate.is_file() and digest(data := read_file(candidate)) == sha256:
            return candidate, data
    raise ReportctlError(
        _(
            "{path} is not what it was when the quarter was closed, and its copy in the archive is gone. Put "
            "it back from a backup, or open the quarter again: reportctl reopen {quarter} --why …"
        ).format(path=path, quarter=quarter)
    )
