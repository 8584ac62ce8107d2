"""Originals, forms, decisions: what must never be lost."""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import tempfile
from dataclasses import astuple, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportctl.core.errors import ReportctlError
from reportctl.core.files import digest
from reportctl.core.period import Quarter
from reportctl.ledger import archive
from reportctl.ledger.archive import (
    COLUMNS,
    Decision,
    Receipt,
    add_decisions,
    decision_rows,
    read_decisions,
    receipts,
)

SHA = "ab" * 32
Q1, Q4 = Quarter(2024, 1), Quarter(2023, 4)


def received(**changes: str) -> Decision:
    row = Decision("2024-03-20T08:00:00", "lan", "received", "2024-Q1", sha256=SHA, file="a.xlsx")
    return replace(replace(row, received="2024-03-20"), **changes)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "decisions.csv"


def test_an_original_lies_under_its_hash_with_its_extension(tmp_path: Path) -> None:
    archive.keep_original(tmp_path, SHA, "2024-03-20/Ba Vì.XLSX", b"bytes")
    assert (tmp_path / "files" / "ab" / f"{SHA}.xlsx").read_bytes() == b"bytes"


@pytest.mark.parametrize("name", ["no extension", "strange.ext with spaces", "way.toolongextension", ".x"])
def test_an_extension_that_is_none_is_left_out(tmp_path: Path, name: str) -> None:
    assert archive.original(tmp_path, SHA, name).name == SHA


def test_what_is_kept_is_never_written_again(tmp_path: Path) -> None:
    sha256 = digest(b"first")
    kept = archive.original(tmp_path, sha256, "a.xlsx")
    archive.keep_original(tmp_path, sha256, "a.xlsx", b"first")
    os.utime(kept, (1_700_000_000, 1_700_000_000))
    archive.keep_original(tmp_path, sha256, "b.xlsx", b"first")
    assert kept.stat().st_mtime == 1_700_000_000
    form, units = tmp_path / "form.toml", tmp_path / "units.csv"
    units.touch()
    for text in ("# as it was\n", "# another comment\n"):
        form.write_text(text, encoding="utf-8")
        archive.keep_form_and_units(tmp_path, form, "0123456789ab", units)
    assert (tmp_path / "forms" / "0123456789ab.toml").read_bytes() == b"# as it was\n"


def test_lists_of_units_are_kept_by_their_hash(tmp_path: Path) -> None:
    for name, data in (("units.csv", b"code,name\n"), ("units.XLSX", b"code,name\n1,A\n")):
        (tmp_path / name).write_bytes(data)
        archive.keep_form_and_units(tmp_path, tmp_path / name, "0123456789ab", tmp_path / name)
    # sha256sum of the two texts
    assert sorted(p.name for p in (tmp_path / "units").iterdir()) == ["3b6c40badded.xlsx", "a71e0581e283.csv"]


def test_decisions_are_only_ever_appended(path: Path) -> None:
    add_decisions(path, [received()])
    before = path.read_bytes()
    add_decisions(path, [received(file="b.xlsx")])
    assert path.read_bytes().startswith(before)
    assert [row.file for row in read_decisions(path)] == ["a.xlsx", "b.xlsx"]


def test_excel_opens_it_right(path: Path) -> None:
    add_decisions(path, [received(file="Huyện Ba Vì.xlsx")])
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf" + ",".join(COLUMNS).encode() + b"\r\n")
    assert "Huyện Ba Vì.xlsx" in data.decode("utf-8-sig")


@pytest.mark.parametrize("text", ["=1+1", "+84 912", "-5", "@SUM(A1)", "'quoted", " =1+1", "\t=1", "-"])
def test_no_text_becomes_a_formula_and_all_read_back_the_same(path: Path, text: str) -> None:
    add_decisions(path, [received(why=text)])
    with path.open(encoding="utf-8-sig", newline="") as handle:
        written = next(iter(csv.DictReader(handle)))["why"]
    assert written[0] == "'"
    assert read_decisions(path)[0].why == text


@pytest.mark.parametrize("value", ["1.200", "12,5", "1 200", "12/5", "007", "2024-03-20"])
def test_a_figure_told_is_not_for_a_spreadsheet_program_to_read(path: Path, value: str) -> None:
    """LibreOffice 7.4 makes 1.2 of `1.200` when it saves the file, and leaves `'1.200` as it is."""
    add_decisions(path, [received(action="corrected", code="aired", value=value)])
    with path.open(encoding="utf-8-sig", newline="") as handle:
        assert next(iter(csv.DictReader(handle)))["value"] == f"'{value}"
    assert read_decisions(path)[0].value == value


@pytest.mark.parametrize("value", ["1200", "0", "named", "0123456789ab", ""])
def test_other_values_stand_as_they_are(path: Path, value: str) -> None:
    add_decisions(path, [received(value=value)])
    with path.open(encoding="utf-8-sig", newline="") as handle:
        assert next(iter(csv.DictReader(handle)))["value"] == value


_text = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]))


# Of actions that are known, a row must have what they need, or it is unclear: these are tried elsewhere.
_KNOWN = {"received", "withdrawn", "form", "accepted", "corrected", "closed", "reopened", "named"}
_decisions = (
    st.lists(_text, min_size=11, max_size=11)
    .map(lambda fields: Decision(*fields))
    .filter(lambda one: one.action not in _KNOWN)
)


@given(st.lists(_decisions))
def test_what_is_written_reads_back_the_same(decisions: list[Decision]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "decisions.csv"
        add_decisions(path, decisions)
        assert read_decisions(path) == decisions


def test_a_line_break_in_a_reason_becomes_a_space(path: Path) -> None:
    add_decisions(path, [received(why="first\r\nsecond")])
    assert read_decisions(path)[0].why == "first second"


def test_a_row_cut_off_at_any_byte_harms_no_other(path: Path) -> None:
    last = received(file='Tệp "mới", số 2.xlsx', action="accepted", why="vì đã gọi điện")
    add_decisions(path, [received()])
    whole_before = len(path.read_bytes())
    add_decisions(path, [last])
    data = path.read_bytes()
    for cut in range(whole_before + 1, len(data) - 2):
        path.write_bytes(data[:cut])
        assert read_decisions(path)[0] == received()
        add_decisions(path, [received(file="next.xlsx")])
        rows = read_decisions(path)
        assert rows[0] == received()
        assert rows[-1] == received(file="next.xlsx")
        assert len(rows) <= 3


def test_a_received_row_cut_off_is_no_receipt(path: Path) -> None:
    add_decisions(path, [received()])
    head = len(path.read_bytes()) - len(b"2024-03-20,\r\n")
    for cut in range(head - 64 - len(b",a.xlsx,"), head + len(b"2024-03-20")):
        data = path.read_bytes()
        path.write_bytes(data[:cut])
        assert receipts(read_decisions(path)) == {}
        path.write_bytes(data)


def test_rows_of_actions_not_known_here_are_kept(path: Path) -> None:
    rows = [Decision("2024-03-20T08:00:00", "lan", "blessed", "2024-Q1", why="?"), received()]
    add_decisions(path, rows)
    assert read_decisions(path) == rows
    assert list(receipts(rows)) == [(Q1, SHA)]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8", "utf-8-sig", "cp1258"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_file_saved_by_a_spreadsheet_program_is_read_and_goes_on(
    path: Path, encoding: str, separator: str
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator)
    first = ["2024-03-20T08:00:00", "Đào", "received", "2024-Q1", "", "", ""]
    writer.writerows([COLUMNS, [*first, SHA, "Hồ.xlsx", "20/3/2024", ""]])
    written = text.getvalue()
    if encoding == "cp1258":  # ồ is ô and a grave accent there
        written = written.replace("ồ", "ô\u0300")
    path.write_bytes(written.encode(encoding))
    expected = Receipt(Q1, SHA, "Hồ.xlsx", dt.date(2024, 3, 20))
    assert receipts(read_decisions(path)) == {(Q1, SHA): expected}
    add_decisions(path, [received(sha256="cd" * 32)])
    assert receipts(read_decisions(path))[Q1, SHA] == expected
    assert len(read_decisions(path)) == 2
    assert read_decisions(path)[0].who == "Đào"


# What spreadsheet programs and people make of it


def _all_kinds() -> list[Decision]:
    """Rows of all actions; those after the first have nothing in their last columns."""
    of_file = [
        received(),
        received(sha256="cd" * 32, file="b.xlsx"),
        received(sha256="ef" * 32, file="c.xlsx"),
    ]
    return [
        *of_file,
        Decision("2024-03-21T08:00:00", "lan", "form", "2024-Q1", value="0123456789ab"),
        Decision("2024-03-21T08:00:00", "lan", "accepted", "2024-Q1", "003", sha256=SHA, why="đã gọi điện"),
        Decision("2024-03-21T08:00:00", "lan", "corrected", "2024-Q1", "003", "aired", "12", SHA, why="x, y"),
        Decision("2024-03-22T08:00:00", "lan", "withdrawn", "2024-Q1", sha256="ef" * 32, file="c.xlsx"),
        Decision(
            "2024-04-01T08:00:00", "lan", "closed", "2024-Q1", sha256="12" * 32, file="closed/2024-Q1.csv"
        ),
        Decision("2024-04-01T09:00:00", "lan", "reopened", "2023-Q4", why="sửa số"),
    ]


def _saved(decisions: list[Decision], separator: str, *, rows_that_keep_all: int = 0) -> list[str]:
    """The lines of the file without the separators at the end of its rows, as Excel leaves them out."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows([COLUMNS, *map(astuple, decisions)])
    lines = text.getvalue().split("\r\n")[:-1]
    return [line if at < rows_that_keep_all else line.rstrip(separator) for at, line in enumerate(lines)]


@pytest.mark.parametrize("keep", [0, 5])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize(("separator", "encoding"), [(",", "utf-8-sig"), (";", "utf-8"), ("\t", "utf-16")])
def test_separators_left_out_at_the_end_of_rows_lose_nothing(
    path: Path, separator: str, encoding: str, end: str, keep: int
) -> None:
    lines = _saved(_all_kinds(), separator, rows_that_keep_all=keep)
    path.write_bytes((end.join(lines) + end).encode(encoding))
    assert read_decisions(path) == _all_kinds()
    assert decision_rows(path).unclear == ()
    new = received(sha256="77" * 32, file="d.xlsx")
    add_decisions(path, [new])
    assert read_decisions(path) == [*_all_kinds(), new]
    kept = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert kept[: len(lines)] == lines


def test_what_was_in_another_encoding_is_kept_as_it_was(path: Path) -> None:
    old = "\r\n".join(_saved([received(who="Đào")], ";")).encode("cp1258") + b"\r\n"
    path.write_bytes(old)
    add_decisions(path, [received()])
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert read_decisions(path) == [received(who="Đào"), received()]
    (copy,) = (path.parent / "archive" / "decisions").iterdir()
    assert copy.read_bytes() == old


GOOD = f"2024-03-20T08:00:00,lan,received,2024-Q1,,,,{SHA},a.xlsx,2024-03-20,"


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("khong phai mot dong", "“” is no known action"),
        ("2024-04-01,lan,closed,2024-Q1", "it lacks sha256, or has not all of it"),
        (f"2024-04-01,lan,closed,2024-Q1,,,,{SHA[:40]},closed/2024-Q1.csv,,", "it lacks sha256"),
        (
            f"2024-04-01,lan,closed,quy 1 nam 24x,,,,{SHA},closed/2024-Q1.csv,,",
            "“quy 1 nam 24x” is no quarter",
        ),
        (f"2024-03-21,lan,corrected,2024-Q1,003,,12,{SHA},,,gọi", "it lacks code"),
        (f"2024-03-20,lan,received,2024-Q1,,,,{SHA},a.xlsx,,", "it lacks received"),
        (
            "2024-04-01,lan,reopened,2024-Q1,,,,,,,vì sai, phải sửa",
            "it has more fields than there are columns",
        ),
        (f"2024-04-01,lan,chot,2024-Q1,,,,{SHA},,,", "“chot” is no known action"),
        (f'{GOOD}"gọi', "a quotation mark is missing or one too many"),
        (GOOD.replace("a.xlsx", '"a.xlsx'), "a quotation mark is missing or one too many"),
        (GOOD.replace("lan", '"lan'), "a quotation mark is missing or one too many"),
        (f"{GOOD}{'x' * 140_000}", "a field has more than 131,072 characters"),
        (f'{GOOD}"{"x" * 140_000}', "a quotation mark is missing or one too many"),
    ],
)
def test_what_cannot_be_understood_is_named_and_stays_as_it_is(path: Path, line: str, what: str) -> None:
    first, second, third = _saved(_all_kinds()[:3], ",", rows_that_keep_all=9)[1:]
    written = "\r\n".join([",".join(COLUMNS), first, line, second, third, ""]).encode("utf-8-sig")
    path.write_bytes(written)
    for _time in range(2):
        (unclear,) = decision_rows(path).unclear
        assert unclear.line == 3
        assert unclear.what.en.startswith(what)
        rows = [row for row in read_decisions(path) if row.action in ("received", "closed", "reopened")]
        assert rows[:3] == _all_kinds()[:3]
        add_decisions(path, [received(file="next.xlsx")])
        assert path.read_bytes().startswith(written)
        assert read_decisions(path)[-1] == received(file="next.xlsx")


@pytest.mark.parametrize("second", ['"a.xlsx', 'a.xlsx"'])
@pytest.mark.parametrize("between", [0, 1, 3])
def test_two_quotation_marks_missing_hide_no_row(path: Path, second: str, between: int) -> None:
    spoilt = (GOOD.replace("a.xlsx", mark) for mark in ('"a.xlsx', second))
    lines = [",".join(COLUMNS), next(spoilt), *[GOOD] * between, next(spoilt), GOOD, ""]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert [row.line for row in decision_rows(path).unclear] == [2, 3 + between]
    assert len(read_decisions(path)) == between + 1


def test_a_line_break_that_people_put_into_a_cell_is_a_space(path: Path) -> None:
    row = f'{GOOD}"gọi, sửa\nlần hai"'
    path.write_text("\n".join([",".join(COLUMNS), row, GOOD, ""]), encoding="utf-8")
    assert [one.why for one in read_decisions(path)] == ["gọi, sửa lần hai", ""]
    assert decision_rows(path).unclear == ()


def test_columns_of_peoples_own_stay(path: Path) -> None:
    head, row = ",".join(("note", *COLUMNS[::-1])), ",".join(("xem lại", *GOOD.split(",")[::-1]))
    path.write_text(f"{head}\n{row}\n", encoding="utf-8-sig")
    add_decisions(path, [received(file="b.xlsx")])
    assert [one.file for one in read_decisions(path)] == ["a.xlsx", "b.xlsx"]
    assert path.read_text(encoding="utf-8-sig").startswith(f"{head}\n{row}\n")


@pytest.mark.parametrize(
    ("days", "expected", "month_first"),
    [
        (["25/3/2024", "4/3/2024"], ["2024-03-25", "2024-03-04"], ""),
        (["3/25/2024", "3/4/2024"], ["2024-03-25", "2024-03-04"], "3/25/2024"),
        (["3/4/24", "03/25/24"], ["2024-03-04", "2024-03-25"], "3/4/24"),
        (["2024/3/25", "2024-03-04 00:00:00"], ["2024-03-25", "2024-03-04"], ""),
        (["25.03.2024", "04-03-2024"], ["2024-03-25", "2024-03-04"], ""),
        (["3/4/2024"], ["2024-03-04"], "3/4/2024"),  # which is the day when it was noted
        (["4/3/2024"], ["2024-03-04"], ""),
    ],
)
def test_days_in_another_order_are_days(
    path: Path, days: list[str], expected: list[str], month_first: str
) -> None:
    noted = [f"{day}T08:00:00" for day in expected]
    rows = [
        received(received=day, when=when, sha256=f"{number:064}")
        for number, (day, when) in enumerate(zip(days, noted, strict=True))
    ]
    path.write_text("\n".join([*_saved(rows, ","), ""]), encoding="utf-8-sig")
    found = receipts(read_decisions(path)).values()
    assert [str(receipt.received) for receipt in found] == expected
    assert decision_rows(path).month_first == month_first


def test_the_folder_that_names_a_day_tells_its_order(path: Path) -> None:
    row = received(received="3/4/2024", when="2024-04-05T08:00:00", file="2024-03-04/a.xlsx")
    path.write_text("\n".join([*_saved([row], ","), ""]), encoding="utf-8-sig")
    ((_key, receipt),) = receipts(read_decisions(path)).items()
    assert receipt.received == dt.date(2024, 3, 4)


def test_a_closing_cut_off_never_closes(path: Path) -> None:
    """Not even where it has all that it needs, and another row was added behind it."""
    closing = _all_kinds()[-2]
    add_decisions(path, [received()])
    start = len(path.read_bytes())
    add_decisions(path, [closing])
    data = path.read_bytes()
    for cut in range(start + 1, len(data) - 3):
        path.write_bytes(data[:cut])
        assert read_decisions(path) == [received()]
        add_decisions(path, [received(file="next.xlsx")])
        assert read_decisions(path) == [received(), received(file="next.xlsx")]
        assert decision_rows(path).unclear == ()
        assert path.read_bytes().startswith(data[:cut])


def test_a_file_without_its_first_line_is_not_taken_for_an_empty_one(path: Path) -> None:
    path.write_text("2024-03-20,lan,received\n", encoding="utf-8")
    with pytest.raises(ReportctlError, match=r"first line of .*decisions\.csv must name its columns"):
        read_decisions(path)


def test_no_file_and_an_empty_file_hold_no_decisions(path: Path) -> None:
    assert read_decisions(path) == []
    path.touch()
    assert read_decisions(path) == []
    add_decisions(path, [received()])
    assert read_decisions(path) == [received()]


def test_a_file_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "decisions.csv").mkdir()
    with pytest.raises(
        ReportctlError,
        match=r"cannot be written: there is a folder of that name\. Rename that folder and try again",
    ):
        add_decisions(tmp_path / "decisions.csv", [received()])


def test_the_last_row_says_a_files_name_and_day() -> None:
    later = received(file="2024-03-22/a.xlsx")
    found = receipts([received(), replace(later, received="2024-03-22")])
    assert found == {(Q1, SHA): Receipt(Q1, SHA, "2024-03-22/a.xlsx", dt.date(2024, 3, 22))}


def test_the_same_bytes_in_two_quarters_are_two_receipts() -> None:
    found = receipts([received(), replace(received(), period="2023-Q4")])
    assert set(found) == {(Q1, SHA), (Q4, SHA)}


def test_a_file_withdrawn_is_no_receipt_until_it_comes_again() -> None:
    withdrawn = received(action="withdrawn")
    assert receipts([received(), withdrawn]) == {}
    assert len(receipts([received(), withdrawn, received()])) == 1


def test_a_day_that_cannot_be_read_stops_with_a_sentence() -> None:
    with pytest.raises(ReportctlError, match=r"“3/25/2024” in the row of a\.xlsx .* is not a date"):
        receipts([replace(received(), received="3/25/2024")])


def test_the_last_form_used_is_the_quarters() -> None:
    rows = [
        Decision("", "", "form", "2024-Q1", value="one"),
        Decision("", "", "form", "2023-Q4", value="one"),
        Decision("", "", "form", "2024-Q1", value="two"),
    ]
    assert archive.forms_used(rows) == {Q1: "two", Q4: "one"}
