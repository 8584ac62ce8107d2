"""`layout.toml`: where the answers stand in an office's own workbook."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportctl.form.addresses import (
    Addresses,
    AddressesError,
    CellAddress,
    ListAddress,
    TableAddress,
    addresses_toml,
    load_addresses,
    parse_addresses,
)

WRITTEN = """
file = "form.xlsx"
sha256 = "ab12"

[identity]
unit = ["'Biểu I'!B3", "'Năm ''25'!C4"]
period = ["I!D2"]

[cells]
note = "'Biểu I'!AA40"

[tables.rooms]
sheet = "Biểu I"
head = 7
first_row = 10
columns = [
  { column = "E", codes = ["total", "public"] },
  { column = "H", codes = ["private"] },
]
rows = [
  { row = 11, codes = ["n1"] },
  { row = 13, codes = ["n2", "n3"] },
]
captions = { 2 = 12 }

[lists.schools]
sheet = "II"
head = 3
first_row = 6
last_row = 25
columns = [
  { column = "B", codes = ["name"] },
]
total_row = 26
"""

ADDRESSES = Addresses(
    file="form.xlsx",
    sha256="ab12",
    identity={
        "unit": (CellAddress("Biểu I", 2, 1), CellAddress("Năm '25", 3, 2)),
        "period": (CellAddress("I", 1, 3),),
    },
    cells={"note": CellAddress("Biểu I", 39, 26)},
    tables={
        "rooms": TableAddress(
            "Biểu I", 6, 9, {"n1": 10, "n2": 12, "n3": 13}, {"total": 4, "public": 5, "private": 7}, {1: 11}
        )
    },
    lists={"schools": ListAddress("II", 2, 5, 24, {"name": 1}, 25)},
)


def test_rows_and_columns_are_written_as_a_spreadsheet_numbers_them() -> None:
    assert parse_addresses(WRITTEN) == ADDRESSES


def test_what_is_written_is_read_back_and_neighbours_share_a_line(tmp_path: Path) -> None:
    text = addresses_toml(ADDRESSES)
    (tmp_path / "layout.toml").write_text(text, encoding="utf-8")
    assert load_addresses(tmp_path / "layout.toml") == ADDRESSES
    assert '  { row = 13, codes = ["n2", "n3"] },' in text
    assert [line for line in text.splitlines() if not line.startswith("#")][:2] == WRITTEN.splitlines()[1:3]


@pytest.mark.parametrize("name", ['Biểu "1"', "Năm '25", "a\\b", "I.1", " đầu cuối ", "a!b"])
def test_any_name_of_a_sheet_comes_back(name: str) -> None:
    kept = Addresses("f.xlsx", "0", cells={"a_b": CellAddress(name, 0, 0)})
    assert parse_addresses(addresses_toml(kept)) == kept


def test_every_mistake_is_named_with_its_line() -> None:
    text = (
        WRITTEN.replace('sha256 = "ab12"', "sha = 5")
        .replace("I!D2", "D2")
        .replace("head = 7", "head = 0")
        .replace("row = 11", 'row = "11"')
        .replace('column = "H"', 'column = "7"')
        .replace("captions = { 2 = 12 }", "captions = { x = 12 }")
        .replace('codes = ["name"]', "codes = 3")
        .replace("last_row = 25\n", "")
        .replace('"n2", "n3"', '"n2", "n1"')
        .replace("total_row = 26", "total_row = 26\nrest = 1")
    )
    with pytest.raises(AddressesError) as raised:
        parse_addresses(text)
    assert [(problem.line, problem.message.split()[0]) for problem in raised.value.problems] == [
        (None, "“sha256”"),
        (3, "“sha”"),
        (7, "'D2'"),
        (14, "0"),
        (18, "'7'"),
        (21, "'11'"),
        (22, "the"),
        (24, "“x”"),
        (26, "“last_row”"),
        (31, "write"),
        (34, "“rest”"),
    ]


def test_a_text_that_is_no_toml_is_named_with_its_line() -> None:
    with pytest.raises(AddressesError, match="line 3"):
        parse_addresses('file = "a"\nsha256 = "b"\n[cells\n')
