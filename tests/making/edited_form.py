"""A form's workbook in the hands of people: cells by sheet, line and key; lines that come, go and move."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from reportctl.adopt.form_keys import Kind
from reportctl.adopt.form_sheets import SHEETS
from reportctl.core.language import _

FIRST = 3  # the first line below the titles and the keys, from 1


class EditedForm:
    """An open workbook of a form, in the language that the program speaks."""

    def __init__(self, data: bytes) -> None:
        self.book = openpyxl.load_workbook(io.BytesIO(data))

    def sheet(self, kind: Kind) -> Worksheet:
        sheet = self.book[_(SHEETS[kind])]
        assert isinstance(sheet, Worksheet)
        return sheet

    def column(self, kind: Kind, key: str) -> int:
        """The number of the column of a key, from 1."""
        return next(cell.column for cell in self.sheet(kind)[2] if cell.value == key)

    def row(self, kind: Kind, code: str, inside: str | None = None) -> int:
        """The number of the line with that code, of rows and columns in the table or list `inside`."""
        sheet, column = self.sheet(kind), self.column(kind, "code")
        parent = self.column(kind, kind[0][:-1]) if inside else 1
        return next(
            number
            for number in range(FIRST, sheet.max_row + 1)
            if sheet.cell(number, column).value == code
            and (inside is None or sheet.cell(number, parent).value == inside)
        )

    def cell(self, kind: Kind, row: int | str, key: str) -> Cell:
        """The cell of a key in a line, which a code or its number names."""
        number = row if isinstance(row, int) else self.row(kind, row)
        found = self.sheet(kind).cell(number, self.column(kind, key))
        assert isinstance(found, Cell)
        return found

    def put(self, kind: Kind, row: int | str, **values: Any) -> None:
        """Type values into a line; a None empties the cell."""
        number = row if isinstance(row, int) else self.row(kind, row)
        for key, value in values.items():
            self.cell(kind, number, key).value = value

    def insert(self, kind: Kind, row: int, **values: Any) -> None:
        """Insert a line before the one of that number, and type values into it."""
        self.sheet(kind).insert_rows(row)
        self.put(kind, row, **values)

    def delete(self, kind: Kind, row: int | str) -> None:
        """Delete a whole line."""
        self.sheet(kind).delete_rows(row if isinstance(row, int) else self.row(kind, row))

    def swap(self, kind: Kind, first: int, second: int) -> None:
        """Let two lines change places, with what stands in hidden cells."""
        sheet = self.sheet(kind)
        for column in range(1, sheet.max_column + 1):
            one, other = sheet.cell(first, column), sheet.cell(second, column)
            assert isinstance(one, Cell)
            assert isinstance(other, Cell)
            kinds = one.data_type, other.data_type
            one.value, other.value = other.value, one.value
            other.data_type, one.data_type = kinds

    def saved(self) -> bytes:
        """The workbook as a file."""
        out = io.BytesIO()
        self.book.save(out)
        return out.getvalue()
