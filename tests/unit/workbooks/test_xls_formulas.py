"""Sums in Excel 97-2003 workbooks: of one that LibreOffice has saved, and of records written out by hand."""

from __future__ import annotations

import struct
from collections.abc import Sequence

import pytest

from reportctl.workbooks.styled import read_styled
from reportctl.workbooks.xls_formulas import sums
from tests.making.machine import FIXTURES

SAVED = (FIXTURES / "libreoffice-sums.xls").read_bytes()


def test_the_sums_of_a_saved_workbook_as_they_were_typed() -> None:
    sheet = read_styled(SAVED, "a.xls").sheets[1]
    formulas = {row + 1: cell.formula for (row, column), cell in sheet.cells.items() if column == 5}
    assert formulas == {
        1: "=SUM(A1:C1)",
        2: "=A2+B2-C2",
        3: "=A3-(B3+C3)",
        4: "=SUM(A4,C4:D4)",
        5: "=SUM(A5)",
        6: "=A6+B6",
        7: "=A7-SUM(B7:C7)",
        8: "=A8",
        # Products, conditions, means, constants, other sheets: that there is a formula is all that is told.
        **dict.fromkeys(range(9, 15), "="),
    }


def record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def formula(row: int, column: int, tokens: bytes) -> bytes:
    return record(
        6, struct.pack("<HHH", row, column, 15) + bytes(14) + struct.pack("<H", len(tokens)) + tokens
    )


def shared(ref: tuple[int, int, int, int], tokens: bytes) -> bytes:
    return record(0x04BC, struct.pack("<HHBBBBH", *ref, 0, 2, len(tokens)) + tokens)


def workbook(records: Sequence[bytes], version: int = 0x0600) -> bytes:
    """A workbook stream with one sheet of these records ([MS-XLS] 2.1.7.20)."""
    begin, end = record(0x0809, struct.pack("<HH", version, 5) + bytes(12)), record(0x000A, b"")
    sheet = len(begin) + 4 + 8 + len(end)
    return b"".join(
        [begin, record(0x0085, struct.pack("<IBBBB", sheet, 0, 0, 0, 0)), end, begin, *records, end]
    )


def read(*records: bytes) -> dict[tuple[int, int], str]:
    (found,) = sums(workbook(records))
    return found


def ref(row: int, column: int, token: int = 0x44) -> bytes:
    return struct.pack("<BHH", token, row, 0xC000 | column)


SPACE = bytes([0x19, 0x40, 0, 1])
EXP = struct.pack("<BHH", 0x01, 4, 2)


def test_spaces_and_all_classes_of_references() -> None:
    tokens = SPACE + ref(4, 3, 0x24) + SPACE + ref(4, 4, 0x64) + b"\x03"
    assert read(formula(4, 2, tokens)) == {(4, 2): "=D5+E5"}


def test_a_formula_that_several_cells_share() -> None:
    """Filled down by Excel: its references are steps from the cell, below and left of it less than zero."""
    tokens = struct.pack("<BHHHH", 0x2D, 0, 0, 0xC001, 0xC003) + bytes([0x19, 0x10, 0, 0])
    up = struct.pack("<BHH", 0x4C, 0xFFFF, 0xC0FF)
    fixed = struct.pack("<BHH", 0x4C, 9, 0x0007)
    assert read(formula(4, 2, EXP), shared((4, 6, 2, 2), tokens), formula(5, 2, EXP), formula(6, 2, EXP)) == {
        (4, 2): "=SUM(D5:F5)",
        (5, 2): "=SUM(D6:F6)",
        (6, 2): "=SUM(D7:F7)",
    }
    in_its_row, in_its_column = (struct.pack("<BHH", 0x4C, 9, bits | 1) for bits in (0x4000, 0x8000))
    assert read(formula(4, 2, EXP), shared((4, 4, 2, 2), in_its_row + in_its_column + b"\x04")) == {
        (4, 2): "=D10-B14"  # one column further in row 10; column B nine rows below
    }
    assert read(formula(4, 2, EXP), shared((4, 5, 2, 2), up + fixed + b"\x03"), formula(5, 2, EXP)) == {
        (4, 2): "=B4+H10",
        (5, 2): "=B5+H10",
    }


@pytest.mark.parametrize(
    "tokens",
    [
        b"",
        b"\x03",  # nothing to add
        ref(1, 1) + ref(1, 2),  # two results
        ref(1, 1) + b"\x1e\x02\x00\x05",  # times two
        ref(1, 1) + b"\x42\x01\x05\x00",  # a mean
        ref(1, 1)[:3],  # cut off
        b"\x3a\x00\x00\x01\x00\x01\xc0",  # on another sheet
        EXP,  # shared, and nothing says with what
        (ref(1, 1) + b"\x42\x01\x04\x00") * 900,
    ],
)
def test_what_is_no_plain_sum_or_broken_is_not_given(tokens: bytes) -> None:
    assert read(formula(4, 2, tokens), formula(0, 0, ref(1, 1))) == {(0, 0): "=B2"}


def test_a_formula_as_long_as_no_form_has_is_not_worked_out() -> None:
    assert read(formula(0, 0, ref(1, 1) + (b"\x15" * 4000))) == {}


def test_older_workbooks_give_none() -> None:
    assert list(sums(workbook([formula(4, 2, ref(1, 1))], version=0x0500))) == [{}]


@pytest.mark.parametrize("length", range(0, 60, 7))
def test_a_stream_that_breaks_off(length: int) -> None:
    whole = workbook([formula(4, 2, ref(1, 1))])
    assert all(one in ({}, {(4, 2): "=B2"}) for one in sums(whole[: len(whole) - length]))
