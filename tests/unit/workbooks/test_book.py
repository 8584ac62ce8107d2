from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportctl.core.cellrefs import column_index, column_name
from reportctl.workbooks.book import Area, BookError, Sheet, area, as_typed, check_area, utc
from tests.making.returned import say


@given(st.integers(0, 16_383))
def test_letters_and_numbers_of_columns(column: int) -> None:
    assert column_index(column_name(column)) == column
    assert column_index(column_name(column).lower()) == column


def test_an_area_from_the_parts_of_its_reference() -> None:
    assert area("Số liệu", "F20") == Area("Số liệu", 19, 5, 19, 5)
    assert area("S", "$B$1:$AA$32") == Area("S", 0, 1, 31, 26)


def test_a_value_as_it_was_typed() -> None:
    values = (
        None,
        "",
        " a ",
        True,
        1200.0,
        0.1,
        1.2,
        dt.date(2024, 5, 1),
        dt.datetime(2024, 5, 1, 7, 5),
        dt.time(7, 5),
    )
    assert [as_typed(value) for value in values] == [
        "",
        "",
        " a ",
        "TRUE",
        "1200",
        "0.1",
        "1.2",
        "01/05/2024",
        "01/05/2024 07:05",
        "07:05:00",
    ]


def test_nothing_stands_outside_of_what_was_filled() -> None:
    sheet = Sheet("S", True, [["a"], [], ["", 5.0]])
    assert [sheet.at(*place) for place in ((0, 0), (0, 1), (1, 0), (2, 1), (99, 0))] == ["a", "", "", 5.0, ""]


@pytest.mark.parametrize(
    ("rows", "columns", "cell"),
    [
        (5_000_001, 1, "A1048577"),
        (500_000, 11, "K500000"),
        (1, 16_385, "XFE1"),
        (10**12, 10**12, "XFE1048577"),
    ],
)
def test_a_sheet_that_is_too_large(rows: int, columns: int, cell: str) -> None:
    with pytest.raises(BookError) as refusal:
        check_area("S", rows, columns)
    found = refusal.value.finding
    say([found])
    assert (found.code, found.sheet, found.cell) == ("too_large", "S", cell)
    assert f"is A1:{cell}, the limit 5 million cells" in found.message
    check_area("S", 1_048_576, 4)


@pytest.mark.parametrize(
    ("said", "zone", "meant"),
    [
        ("2024-03-20T08:30:00Z", 0, dt.datetime(2024, 3, 20, 8, 30)),
        (" 2024-03-20T08:30:00+07:00", 0, dt.datetime(2024, 3, 20, 1, 30)),
        ("2024-03-20T08:30:00", 0, dt.datetime(2024, 3, 20, 8, 30)),
        ("2024-03-20T06:30:00", 7, dt.datetime(2024, 3, 19, 23, 30)),
        ("2024-03-20T06:30:00Z", 7, dt.datetime(2024, 3, 20, 6, 30)),
        ("0001-01-01T06:30:00", 7, None),
        ("hôm qua", 0, None),
        ("", 0, None),
    ],
)
def test_a_time_in_utc(said: str, zone: int, meant: dt.datetime | None) -> None:
    assert utc(said, dt.timezone(dt.timedelta(hours=zone))) == meant
