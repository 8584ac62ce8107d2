"""Lists that ask for persons with what identifies them: the product holds no records of persons.

Counts of people by sex, age and the like are figures, and who fills in a form is no list.
"""

from __future__ import annotations

from reportctl.adopt.blank_form import ReadColumn, ReadTable, Refusal
from reportctl.adopt.grid import Grid
from reportctl.core import persons
from reportctl.core.cellrefs import cell_name
from reportctl.core.language import Phrase
from reportctl.core.letters import bare


def refused_in(grid: Grid, table: ReadTable) -> list[Refusal]:
    """Why the table is not taken in, a refusal for each column that says so; none: it is."""
    if table.kind == "values":
        return []
    headings = {column: bare(" ".join((*column.under, column.label))) for column in table.columns}
    asked = [column for column in table.columns if column.use != "number"]
    identifying = [
        column for column in asked if persons.PERSON_ID.fullmatch(headings[column]) and not _counts(column)
    ]
    named = [
        column for column in asked if persons.PERSON_NAME.fullmatch(headings[column]) and not _counts(column)
    ]
    more = [
        column for column in asked if persons.PERSON_MORE.fullmatch(headings[column]) and not _counts(column)
    ]
    if table.kind == "list" and identifying:
        return [_refusal(grid, table, column) for column in identifying]
    if named and (identifying or more):
        return [_refusal(grid, table, column) for column in (*identifying, *more)]
    return []


def names_persons(table: ReadTable) -> ReadColumn | None:
    """The column of a list that asks for persons' names, without more that identifies them."""
    if table.kind != "list":
        return None
    return next(
        (column for column in table.columns if persons.PERSON_NAME.fullmatch(bare(column.label))), None
    )


def _counts(column: ReadColumn) -> bool:
    """Whether a heading asks how many, and not who."""
    return bool(persons.ABOUT_COUNTS.fullmatch(bare(column.label)))


def _refusal(grid: Grid, table: ReadTable, column: ReadColumn) -> Refusal:
    row = next(
        (row for row in range(table.head, table.foot + 1) if grid.text(row, column.at) == column.label),
        table.head,
    )
    return Refusal(
        table.sheet,
        cell_name(*grid.anchor(row, column.at)),
        Phrase(
            f"Danh sách này hỏi “{column.label}” của từng người; chương trình không giữ hồ sơ cá nhân "
            f"nên không nhận "
            "danh sách. Chỉ hỏi số lượng, hoặc thu thập bằng cách khác.",
            f"This list asks for “{column.label}” of each person; the program holds no records of "
            f"persons, so the "
            "list is not taken in. Ask for numbers only, or collect it by other means.",
        ),
    )
