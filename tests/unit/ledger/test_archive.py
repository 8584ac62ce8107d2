"""Originals, forms, decisions: what must never be lost."""

from __future__ import annotations

import csv
import datetime as dt
import io
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportctl.core.errors import ReportctlError
from reportctl.core.period import Quarter
from reportctl.ledger import archive
from reportctl.ledger.archive import COLUMNS, Decision, Receipt, add_decisions, read_decisions, receipts

SHA = "ab" * 32
Q1, Q4 = Quarter(2024, 1), Quarter(2023, 4)


def received(**changes: str) -> Decision:
    row = Decision("2024-03-20T08:00:00", "lan", "received", "2024-Q1", sha256=SHA, file="a.xlsx")
    return replace(row, received="2024-03-20", **changes)


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
    archive.keep_original(tmp_path, SHA, "a.xlsx", b"first")
    archive.keep_original(tmp_path, SHA, "b.xlsx", b"second")
    form, units = tmp_path / "form.toml", tmp_path / "units.csv"
    units.touch()
    for text in ("# as it was\n", "# another comment\n"):
        form.write_text(text, encoding="utf-8")
        archive.keep_form_and_units(tmp_path, form, "0123456789ab", units)
    assert archive.original(tmp_path, SHA, "a.xlsx").read_bytes() == b"first"
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


_text = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]))


@given(st.lists(st.lists(_text, min_size=11, max_size=11).map(lambda fields: Decision(*fields))))
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
    with pytest.raises(ReportctlError, match=r"cannot be written: .* Close it where it is open"):
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
