"""Figures with their sources as CSV."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportctl.core.errors import ReportctlError
from reportctl.core.period import Quarter
from reportctl.form.submission import AnswerState
from reportctl.ledger.rows import ValueRecord
from reportctl.merge.closed_file import COLUMNS, from_csv, to_csv

Q1 = Quarter(2024, 1)
PATH = Path("2024-Q1.csv")
ONE = ValueRecord(
    Q1, "007", "press_total", AnswerState.VALUE, 128, "128", True, "Huyện Bảy.xlsx", "Số liệu", "F8",
    "ab" * 32, dt.date(2024, 3, 20), "file",
)  # fmt: skip

_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
_values = st.one_of(st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False, allow_infinity=False), _text)


@st.composite
def records(draw: st.DrawFn) -> list[ValueRecord]:
    found = []
    for number in range(draw(st.integers(0, 5))):
        state = draw(st.sampled_from(AnswerState))
        found.append(
            ValueRecord(
                period=Q1,
                unit=draw(st.sampled_from(["", "007", "=x"])),
                code=f"code_{number}",
                state=state,
                value=draw(_values) if state is AnswerState.VALUE else None,
                raw=draw(_text),
                estimate=draw(st.booleans()),
                file=draw(_text),
                sheet=draw(_text),
                cell=draw(st.sampled_from(["", "F8", "value:3"])),
                sha256="ab" * 32,
                received=draw(st.dates()),
                by=draw(st.sampled_from(["file", "correction", "import"])),
                list_code=draw(st.sampled_from(["", "meetings"])),
                number=draw(st.integers(0, 9)),
            )
        )
    return found


@given(records())
def test_what_is_written_reads_back_the_same(written: list[ValueRecord]) -> None:
    read = from_csv(PATH, to_csv(written), Q1)
    assert read == written
    assert [type(record.value) for record in read] == [type(record.value) for record in written]


def test_a_spreadsheet_program_shows_it_and_takes_nothing_for_a_formula() -> None:
    told = replace(ONE, code="results", value="=SUM(A1)", raw="-x", file="+lan: -gọi", by="correction")
    data = to_csv([ONE, told])
    assert data.startswith(b"\xef\xbb\xbfperiod,unit,")
    first, second = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert (first["unit"], first["value"], first["text"], first["estimate"]) == ("007", "128", "", "x")
    assert [second[name] for name in ("value", "text", "raw", "file")] == [
        "",
        "'=SUM(A1)",
        "'-x",
        "'+lan: -gọi",
    ]


@pytest.mark.parametrize(
    ("line", "column", "value"),
    [
        (1, "unit", "units"),
        (2, "state", "good"),
        (2, "period", "2024"),
        (2, "value", "x"),
        (2, "received", "31/2/2024"),
        (2, "received", "hôm qua"),
        (2, "by", "mail"),
        (3, "period", "2024-Q2"),
        (3, "code", "press_total"),
    ],
)
def test_what_was_not_written_there_is_refused_with_its_line(line: int, column: str, value: str) -> None:
    rows = list(csv.reader(io.StringIO(to_csv([ONE, replace(ONE, code="other")]).decode("utf-8-sig"))))
    rows[line - 1][COLUMNS.index(column)] = value
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    with pytest.raises(
        ReportctlError, match=rf"2024-Q1\.csv, line {line}: this is not what was written there"
    ):
        from_csv(PATH, out.getvalue().encode(), Q1)


def _saved(separator: str, day: str, decimal: str, *, cut: bool) -> bytes:
    """As a spreadsheet program saves it, without empty columns at the end or with some more."""
    rows = list(csv.reader(io.StringIO(to_csv([ONE, HALF]).decode("utf-8-sig"))))
    for row in rows[1:]:
        row[COLUMNS.index("received")] = day
        row[COLUMNS.index("value")] = row[COLUMNS.index("value")].replace(".", decimal)
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows(rows if cut else [[*row, "", ""] for row in rows])
    return out.getvalue().encode("utf-8-sig")


HALF = replace(ONE, code="budget", value=12.5)


@pytest.mark.parametrize("cut", [True, False])
@pytest.mark.parametrize(
    ("separator", "day", "decimal"),
    [
        (",", "20/3/2024", "."),
        (";", "20/03/2024", ","),
        ("\t", "3/20/2024", ","),
        (",", "2024/3/20", "."),
        (";", "20.03.24", ","),
        (",", "2024-03-20 00:00:00", "."),
    ],
)
def test_what_a_spreadsheet_program_saved_is_the_same(
    separator: str, day: str, decimal: str, *, cut: bool
) -> None:
    assert from_csv(PATH, _saved(separator, day, decimal, cut=cut), Q1) == [ONE, HALF]


def test_a_quotation_mark_too_many_is_named_where_it_stands() -> None:
    data = to_csv([replace(ONE, code=f"code_{number}") for number in range(9)])
    lines = data.decode().split("\r\n")
    lines[4] = lines[4].replace("Huyện", '"Huyện')
    with pytest.raises(ReportctlError, match=r"2024-Q1\.csv, line 5: this is not what was written there"):
        from_csv(PATH, "\r\n".join(lines).encode(), Q1)


def test_an_empty_or_cut_off_file_is_refused() -> None:
    data = to_csv([ONE])
    for cut in (b"", data[:10], data[:-20]):
        with pytest.raises(ReportctlError, match="this is not what was written there"):
            from_csv(PATH, cut, Q1)
