"""The printed parts of a total make the printed total: by unit, by row of a table; else a note says why."""

from __future__ import annotations

import tomllib
from decimal import Decimal

import pytest

from reportctl.core import wording
from reportctl.core.period import parse_period
from reportctl.core.table import Role, Table
from reportctl.figures.chosen import TablePart
from reportctl.figures.matrices import cells_by_unit, column_table, list_by_unit, matrix_table
from reportctl.figures.tables import unit_table
from reportctl.form.model import Form
from reportctl.ledger.rows import ListRecord
from tests.making.figures import calendar_of, summary_of
from tests.making.matrix import ROSTER

FORM = Form.model_validate(
    tomllib.loads("""
id = "money"
title = "Tiền"
kinds = [ { code = "unit", title = "Đơn vị" } ]

[[sections]]
code = "budget"
title = "Kinh phí"
indicators = [
  { code = "spent", label = "Đã chi", unit_of_measure = "tỷ đồng", type = "money" },
  { code = "rate", label = "Bình quân", type = "number", over_units = "mean" },
]

[[tables]]
code = "paid"
title = "Thanh toán"
columns = [ { code = "sum", label = "Giá trị", unit_of_measure = "tỷ đồng", type = "money" } ]
rows = [
  { code = "n1", label = "Cộng", sum = "n1_1 + n1_2" },
  { code = "n1_1", label = "Thẻ" },
  { code = "n1_2", label = "Séc" },
]

[[lists]]
code = "works"
title = "Công trình"
columns = [
  { code = "name", label = "Tên" },
  { code = "cost", label = "Tiền", type = "money", over_units = "sum" },
]
""")
)
UNITS = calendar_of(ROSTER).units(parse_period("2024-Q1"))
FEW = {
    "a": (1.254, 0.004, 7.1),
    "b": (3.204, 12, 3.0),
}  # of a unit: spent or its part, the other part, a mean
MANY = {"a": (1.0052, 0.0046, 7.1), "b": (3.0053, 12, 3.0)}
ROUNDED = "parts may differ from their total in the last digit"


def tables(given: dict[str, tuple[float, float, float]]) -> dict[str, Table]:
    values = {
        unit: {
            "spent": card,
            "rate": mean,
            "paid.n1.sum": float(Decimal(str(card)) + Decimal(str(cheque))),
            "paid.n1_1.sum": card,
            "paid.n1_2.sum": cheque,
        }
        for unit, (card, cheque, mean) in given.items()
    }
    period = parse_period("2024-Q1")
    summary = summary_of({"2024-Q1": values}, roster=ROSTER, form=FORM)
    (table,), (listed,) = FORM.tables, FORM.lists
    rows = [
        ListRecord(period, unit, "works", 1, {"name": "Cầu", "cost": card}, "f", "s", "A1")
        for unit, (card, _cheque, _mean) in given.items()
    ]
    return {
        "unit": unit_table(summary, FORM, UNITS, "budget"),
        "cells": cells_by_unit(summary, FORM, UNITS, TablePart(table, row="n1")),
        "list": list_by_unit(listed, rows, UNITS, period),
        "matrix": matrix_table(summary, table, UNITS),
        "column": column_table(summary, TablePart(table, column="sum"), UNITS),
    }


def number(text: str) -> Decimal | None:
    plain = text.replace(",", "")
    return Decimal(plain) if plain.replace(".", "").isdigit() else None


def differences(table: Table) -> list[tuple[Decimal, Decimal]]:
    """Sums of what is printed above a total, each with the total that is printed, where these differ."""
    found = []
    total = next((row for row in table.rows if row.role is Role.TOTAL), None)
    parts = [row for row in table.rows if row.role is Role.PLAIN]
    if total is None:  # of the form's table the first row is the sum of the others
        total, *parts = parts
    for n in range(2, len(table.columns)):
        whole = number(wording.text_in(table, total, n))
        printed = [number(wording.text_in(table, row, n)) for row in parts]
        if whole is not None and None not in printed:
            made = sum((one for one in printed if one is not None), Decimal(0))
            found += [(made, whole)] if made != whole else []
    return found


@pytest.mark.parametrize("name", ["unit", "cells", "list", "matrix", "column"])
def test_three_decimals_are_printed_and_make_the_total(name: str) -> None:
    table = tables(FEW)[name]
    assert differences(table) == []
    assert not [note for note in table.notes if ROUNDED in note]
    texts = [wording.text_in(table, row, n) for row in table.rows for n in range(2, len(table.columns))]
    assert any(len(text.partition(".")[2]) == 3 for text in texts)


@pytest.mark.parametrize("name", ["unit", "cells", "list", "matrix", "column"])
def test_where_figures_are_rounded_a_note_says_that_parts_may_differ(name: str) -> None:
    table = tables(MANY)[name]
    assert [note for note in table.notes if ROUNDED in note], table.notes
    assert name not in ("unit", "list") or differences(table)


def test_a_mean_is_no_sum_of_parts() -> None:
    given = {"a": (1, 1, 10 / 3), "b": (2, 2, 7 / 3)}
    assert not any(ROUNDED in note for table in tables(given).values() for note in table.notes)
