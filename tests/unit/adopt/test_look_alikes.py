"""Random blank forms from reading to the form made of them: nothing that was read is lost on the way."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from reportctl.adopt.answers import read_review
from reportctl.adopt.blank_form import BlankForm
from reportctl.adopt.kept_form import kept, read_kept
from reportctl.adopt.new_form import new_form
from reportctl.adopt.reading import form_of
from reportctl.adopt.review import review_workbook
from reportctl.core.language import Phrase
from reportctl.form.addresses import addresses_toml, parse_addresses
from reportctl.form.form_file import FormError, parse_form
from reportctl.form.layout import layout, unplaced
from reportctl.outgoing.misplaced import misplaced
from reportctl.report.copies import is_of_copies
from reportctl.report.own_document import document_for
from reportctl.report.tags import known_tags
from reportctl.report.unmentioned import unmentioned
from reportctl.word.mentions import mentions
from reportctl.workbooks import safety, xlsx
from reportctl.workbooks.styled import read_styled
from tests.making.blank_forms import made_form
from tests.making.machine import Convert

KINDS = {"commune": Phrase("Xã")}


def read(data: bytes) -> BlankForm:
    return form_of(read_styled(data, "mau.xlsx").sheets, "mau.xlsx", {})


def review(data: bytes, form: BlankForm) -> bytes:
    return review_workbook(form, "ab12", openpyxl.load_workbook(io.BytesIO(data)))


def below_merged(data: bytes) -> set[tuple[str, int, int]]:
    """The cells that merged areas cover, but for their first ones; rows and columns from 0."""
    return {
        (sheet.title, row - 1, column - 1)
        for sheet in openpyxl.load_workbook(io.BytesIO(data)).worksheets
        for area in sheet.merged_cells.ranges
        for row, column in area.cells
        if (row, column) != (area.min_row, area.min_col)
    }


@pytest.mark.parametrize("seed", range(12))
def test_what_was_read_is_what_is_asked(seed: int) -> None:
    data = made_form(seed).data
    blank = read(data)
    if not blank.tables:
        pytest.skip("nothing is found in a form without frames and numbers")
    assert read_kept(kept(blank)) == blank
    reviewed = read_review(review(data, blank), "mau.review.xlsx", {"commune": "Xã"})
    assert reviewed.changed == 0
    new = new_form(reviewed.form, KINDS, "ab12")
    form = parse_form(new.text)
    assert parse_addresses(addresses_toml(new.addresses)) == new.addresses
    assert unplaced(form, new.addresses) == []
    places = layout(form.standing_at(new.addresses), "commune")
    asked = [one.value for one in places.indicators.values()]
    asked += [one.value for one in places.texts.values()]
    asked += [place for cell, place in places.cells.values() if cell.filled_in]
    for listed in places.lists.values():
        asked += [
            listed.place(column.code, number)
            for column in listed.section.columns
            for number in range(1, listed.rows + 1)
        ]
    covered = below_merged(data)  # two rows of a list may share a cell
    assert sorted(
        (place.sheet, place.row, place.column)
        for place in asked
        if (place.sheet, place.row, place.column) not in covered
    ) == sorted((table.sheet, *cell) for table in reviewed.form.tables for cell in table.inputs)
    found = mentions(document_for(form, "party", "vi"), known_tags(form))
    assert list(unmentioned(form, found.tags)) == []
    assert [one.name for one in found.unknown if not is_of_copies(one.name, form)] == []


@pytest.mark.libreoffice
def test_a_review_that_libreoffice_saved_says_the_same(tmp_path: Path, soffice: Convert) -> None:
    paths, forms = [], []
    for seed in range(4):
        data = made_form(seed).data
        blank = read(data)
        if blank.tables:
            path = tmp_path / f"{seed}.xlsx"
            path.write_bytes(review(data, blank))
            paths.append(path)
            forms.append(read_review(path.read_bytes(), "a", {}).form)
    assert len(paths) > 1
    for path, form in zip(soffice(paths, to="xlsx", outdir=tmp_path / "saved"), forms, strict=True):
        reviewed = read_review(path.read_bytes(), path.name, {})
        assert (reviewed.form, reviewed.changed) == (form, 0)


@pytest.mark.parametrize("seed", range(40))
def test_addresses_are_wrong_where_they_were_moved_and_nowhere_else(seed: int) -> None:
    data = made_form(seed).data
    blank = read(data)
    made = new_form(blank, KINDS, "ab12")
    try:
        form = parse_form(made.text)
    except FormError:  # questions that a person answers first
        pytest.skip("this form needs answers")
    book, _of_sheets = xlsx.read_book(safety.inspect(data, "mau.xlsx").parts)
    assert misplaced(book, form.standing_at(made.addresses)) == []
    for code, table in made.addresses.tables.items():
        for name in ("rows", "columns"):
            lines = getattr(table, name)
            moved = replace(table, **{name: {line: at + 1 for line, at in lines.items()}})
            tables = {**made.addresses.tables, code: moved}
            found = misplaced(book, form.standing_at(replace(made.addresses, tables=tables)))
            assert all(one.code.startswith(f"{code}.") for one in found)
            # Lines without words of their own, and one alone that is called otherwise, are told by nothing.
            labels = {line.label for of in form.tables if of.code == code for line in getattr(of, name)}
            assert found or len({one for one in labels if any(map(str.isalnum, one))}) < 2
