"""Workbooks of small tables that people fill in: a line of column names, cells that keep codes as text."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from reportctl.core.cellrefs import column_name, quoted
from reportctl.render.sheets import CREATED

_READY = 2_000  # rows below the filled ones that take the same choices


@dataclass(frozen=True, slots=True)
class EntrySheet:
    """A sheet: the names of its columns, their widths in characters, its rows.

    `numbers` are the columns that take numbers, all others text; `choices` name the sheet, from 0, in whose
    first column the values stand from which a column is filled.
    """

    name: str
    columns: Mapping[str, int]
    rows: Sequence[Sequence[str]] = ()
    numbers: frozenset[str] = frozenset()
    choices: Mapping[str, int] = field(default_factory=dict)


def entry_workbook(sheets: Sequence[EntrySheet]) -> bytes:
    """The sheets as an .xlsx file."""
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": CREATED})
        head = book.add_format({"bold": True, "bottom": 1, "num_format": "@"})
        text = book.add_format({"num_format": "@"})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            page.freeze_panes(1, 0)
            for column, (name, width) in enumerate(sheet.columns.items()):
                page.set_column(column, column, width, None if name in sheet.numbers else text)
                page.write_string(0, column, name, head)
                if name in sheet.choices:
                    source = sheets[sheet.choices[name]]
                    last = len(source.rows) + 1
                    letters = column_name(0)
                    page.data_validation(
                        1,
                        column,
                        len(sheet.rows) + _READY,
                        column,
                        {
                            "validate": "list",
                            "source": f"={quoted(source.name)}!${letters}$2:${letters}${last}",
                            "error_type": "warning",
                        },
                    )
            for number, row in enumerate(sheet.rows, 1):
                for column, value in enumerate(row):
                    if value:
                        page.write_string(number, column, value, text)
    return buffer.getvalue()
