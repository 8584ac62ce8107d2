"""Addresses of `layout.toml` that point elsewhere than where the office's own workbook prints their labels.

Only what is sure is said: a label that people have changed in the form is printed nowhere, and nothing is
said of that; nor of lines that nothing printed tells apart.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reportctl.core.cellrefs import cell_name, cell_place, column_name, quoted
from reportctl.core.errors import MOST_SHOWN, ReportctlError, capped
from reportctl.core.language import _
from reportctl.core.letters import folded
from reportctl.form.addresses import Addresses, CellAddress
from reportctl.form.model import Form, ListColumn
from reportctl.form.tables import FormTable, TableColumn, TableRow
from reportctl.workbooks.book import Book, Sheet, as_typed

_NUMBER = re.compile(r"(?:\(?(?:\d+(?:\.\d+)*|[ivxlc]+|[a-zđ])[.)]*|[-+*•])\s+", re.IGNORECASE)
_LONGEST = 80  # characters of a printed text in a sentence


@dataclass(frozen=True, slots=True)
class Misplaced:
    """An address that is wrong: the code that stands there in layout.toml, where it points, and why it is
    wrong."""

    code: str
    at: str
    why: str

    def __str__(self) -> str:
        return f"{self.code}, {self.at}: {self.why}"


def refuse_misplaced(found: Sequence[Misplaced]) -> None:
    """Raises `ReportctlError` that names all addresses `found`."""
    if found:
        raise ReportctlError(misplaced_in_words(found))


def misplaced_in_words(found: Sequence[Misplaced], most: int = MOST_SHOWN) -> str:
    """The addresses `found`, a line each, at `most` so many, and what to do."""
    return _(
        "layout.toml points to other places than those where your workbook prints what is asked. Put right "
        "what stands below, or adopt the workbook again (reportctl form adopt):\n{places}"
    ).format(places=capped(found, most))


def misplaced(book: Book, form: Form) -> list[Misplaced]:
    """The wrong addresses of `form` in the blank workbook `book`, in the order of the form; none of a form
    without addresses."""
    addresses = form.addresses
    if addresses is None:
        return []
    prints = {sheet.name: _Print.of(sheet) for sheet in book.sheets}
    found = list(_gone_sheets(addresses, prints))
    found += _of_cells(form, addresses, prints)
    for table in form.tables:
        if (at := addresses.tables.get(table.code)) and (own := prints.get(at.sheet)):
            end = _next_head(addresses, at.sheet, at.head, own.height)
            found += _of_rows(table, _sought_rows(table, at.rows, at.captions), own, range(at.head, end))
            found += _of_columns(table.code, table.columns, at.columns, own, range(at.head, at.first_row))
    for listed in form.lists:
        if (of := addresses.lists.get(listed.code)) and (own := prints.get(of.sheet)):
            found += _of_columns(listed.code, listed.columns, of.columns, own, range(of.head, of.first_row))
    return found


def _gone_sheets(addresses: Addresses, prints: Mapping[str, _Print]) -> Iterator[Misplaced]:
    named = {code: one.sheet for code, one in addresses.cells.items()}
    named |= {code: one.sheet for code, one in addresses.tables.items()}
    named |= {code: one.sheet for code, one in addresses.lists.items()}
    for code, sheet in named.items():
        if sheet not in prints:
            yield Misplaced(code, quoted(sheet), _("the workbook has no sheet of this name"))


def _next_head(addresses: Addresses, sheet: str, head: int, end: int) -> int:
    """Where the next table or list below the row `head` of a sheet begins, else its `end`."""
    heads = [one.head for one in addresses.tables.values() if one.sheet == sheet]
    heads += [one.head for one in addresses.lists.values() if one.sheet == sheet]
    return min((one for one in heads if one > head), default=end)


# ---- what is printed


def _letters(text: str) -> str:
    """A text as it is compared: its letters and digits alone."""
    return "".join(sign for sign in folded(text) if sign.isalnum())


@dataclass(frozen=True, eq=False)
class _Print:
    """A blank sheet: what each of its cells prints, that of a merged area in each cell of it; `texts` are the
    letters of each row in which anything is printed: of its cells, with and without the number before them,
    and of neighbours together."""

    sheet: Sheet
    cells: Mapping[tuple[int, int], str]
    texts: Mapping[int, frozenset[str]]

    @classmethod
    def of(cls, sheet: Sheet) -> _Print:
        cells = {
            (row, column): text
            for row, values in enumerate(sheet.rows)
            for column, value in enumerate(values)
            if (text := as_typed(value).strip())
        }
        for at, extra in sheet.extras.items():
            first = cell_place(extra.merged.partition(":")[0]) if extra.merged else at
            if first in cells:
                cells[at] = cells[first]
        rows: dict[int, list[str]] = {}
        for row, column in sorted(cells):
            rows.setdefault(row, []).append(cells[row, column])
        return cls(sheet, cells, {row: _texts(found) for row, found in rows.items()})

    @property
    def height(self) -> int:
        """The row after the last one in which anything is printed."""
        return max(self.texts, default=-1) + 1

    def prints(self, row: int, word: str) -> bool:
        return word in self.texts.get(row, ())

    def mentions(self, row: int, word: str) -> bool:
        """Whether a row prints a text that has the word in it, or is in it."""
        return any(word in text or (len(text) > 3 and text in word) for text in self.texts.get(row, ()))

    def heading(self, column: int, rows: range) -> frozenset[str]:
        """The letters of what is printed in a column in those rows."""
        return frozenset(_letters(self.cells[row, column]) for row in rows if (row, column) in self.cells) - {
            ""
        }

    def shown(self, row: int) -> str:
        """The longest text of a row, as it stands there."""
        own = [" ".join(text.split()) for (at, _column), text in self.cells.items() if at == row]
        return _cut(max(own, key=len, default=""))


def _texts(row: Sequence[str]) -> frozenset[str]:
    plain = [_letters(text) for text in row]
    unnumbered = [_letters(_NUMBER.sub("", text.strip(), count=1)) for text in row]
    together = [a + b for a, b in itertools.pairwise(plain)]
    return frozenset((*plain, *unnumbered, *together)) - {""}


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


# ---- rows


@dataclass(frozen=True, slots=True)
class _SoughtRow:
    """A row of the form: where it is said to stand; its label as it is compared; those that it stands below,
    the nearest first."""

    key: str
    name: str
    at: int
    word: str
    below: tuple[str, ...]


def _sought_rows(table: FormTable, rows: Mapping[str, int], captions: Mapping[int, int]) -> list[_SoughtRow]:
    """The rows and captions of a table that have an address, and a label of letters or digits."""
    found = []
    for place, row in enumerate(table.rows):
        at = captions.get(place) if row.caption else rows.get(row.code)
        word = _letters(row.name.vi)
        if at is not None and word:
            key = f"captions.{place + 1}" if row.caption else row.code
            found.append(_SoughtRow(key, row.name.vi, at, word, _below(table.rows, place)))
    return found


def _below(rows: Sequence[TableRow], place: int) -> tuple[str, ...]:
    """What a row stands below, the nearest first: captions, and rows of lower levels."""
    level, found = rows[place].level, list[str]()
    for row in reversed(rows[:place]):
        if row.caption or row.level < level:
            found.append(_letters(row.name.vi))
            level = level if row.caption else row.level
    return tuple(found)


def _of_rows(
    table: FormTable, sought: Sequence[_SoughtRow], own: _Print, extent: range
) -> Iterator[Misplaced]:
    """The rows of a table that stand elsewhere within the rows `extent`."""
    at_home = {one.key for one in sought if own.prints(one.at, one.word)}
    taken = {one.at for one in sought if one.key in at_home}
    for one in sought:
        place = f"{quoted(own.sheet.name)}!{one.at + 1}:{one.at + 1}"
        code = f"{table.code}.{one.key}"
        if one.key in at_home:
            if other := _under_another(one, sought, own, extent):
                why = _("“{label}” of the form stands there below “{below}”, which is not its own group")
                yield Misplaced(code, place, why.format(label=_cut(one.name), below=own.shown(other)))
            continue
        elsewhere = [row for row in extent if own.prints(row, one.word) and row not in taken]
        others = [
            each
            for each in sought
            if each.word != one.word
            and own.prints(one.at, each.word)
            and (each.key not in at_home or each.at == one.at)
        ]
        if others or (elsewhere and not own.mentions(one.at, one.word)):
            yield Misplaced(code, place, _said(one.name, own.shown(one.at), elsewhere, rows=True))


def _under_another(one: _SoughtRow, sought: Sequence[_SoughtRow], own: _Print, extent: range) -> int | None:
    """The row with the label of a group to which a row of the form does not belong, though it is printed
    below it: of rows with the same label another is meant. None where that is not so, or cannot be told."""
    left, at, here = [each for each in sought if each.word == one.word], one.at, one.word
    for step, above in enumerate(one.below):
        if len(left) == 1 or not any(own.prints(row, above) for row in extent):
            return None
        groups = {each.below[step] for each in left if len(each.below) > step}
        rows = range(at, extent.start - 1, -1)  # a merged cell may print the group in the same row
        nearest = next(
            (
                row
                for row in rows
                if any(own.prints(row, group) for group in groups if (row, group) != (at, here))
            ),
            None,
        )
        if nearest is None:
            return None
        if not own.prints(nearest, above):
            return nearest
        left = [each for each in left if each.below[step : step + 1] == (above,)]
        at, here = nearest, above
    return None


# ---- columns


def _of_columns(
    code: str,
    columns: Sequence[TableColumn] | Sequence[ListColumn],
    places: Mapping[str, int],
    own: _Print,
    head: range,
) -> Iterator[Misplaced]:
    """The columns of a table or a list below whose headings, in the rows `head`, something else is asked."""
    wanted = {
        one.code: frozenset(filter(None, map(_letters, (*one.under, one.label))))
        for one in columns
        if one.code in places and _letters(one.label)
    }
    headings = {column: own.heading(column, head) for _row, column in own.cells}
    meant = {column: _meant(wanted, printed) for column, printed in headings.items()}
    at_home = {key for key in wanted if key in meant.get(places[key], ())}
    taken = {places[key] for key in at_home}
    for one in columns:
        if one.code not in wanted or one.code in at_home:
            continue
        at = places[one.code]
        elsewhere = [column for column, keys in meant.items() if one.code in keys and column not in taken]
        others = [
            key
            for key in meant.get(at, ())
            if wanted[key] != wanted[one.code] and (key not in at_home or places[key] == at)
        ]
        label = _letters(one.label)
        known = any(label in text for text in headings.get(at, ()))
        moved = [
            row
            for row in range(own.height)
            if row not in head and label == _letters(own.cells.get((row, at), ""))
        ]
        place = f"{quoted(own.sheet.name)}!{column_name(at)}:{column_name(at)}"
        name = " / ".join((*one.under, one.label))
        if others or (elsewhere and not known):
            printed = [own.cells[row, at] for row in head if (row, at) in own.cells]
            shown = _cut(" / ".join(dict.fromkeys(" ".join(text.split()) for text in printed)))
            yield Misplaced(f"{code}.*.{one.code}", place, _said(name, shown, elsewhere, rows=False))
        elif moved and not known:
            where = f"{quoted(own.sheet.name)}!{cell_name(moved[0], at)}"
            why = _(
                "“{label}” of the form is printed in {cell}, outside of the heading that layout.toml names"
            )
            yield Misplaced(f"{code}.*.{one.code}", place, why.format(label=_cut(name), cell=where))


def _meant(wanted: Mapping[str, frozenset[str]], printed: Collection[str]) -> frozenset[str]:
    """Which columns of the form a heading can be of: of those whose labels are all printed the ones with the
    most."""
    fitting = {key: len(labels) for key, labels in wanted.items() if labels <= frozenset(printed)}
    most = max(fitting.values(), default=0)
    return frozenset(key for key, count in fitting.items() if count == most)


# ---- single cells


def _of_cells(form: Form, addresses: Addresses, prints: Mapping[str, _Print]) -> Iterator[Misplaced]:
    """The single cells beside which, and above which, something else is asked."""
    labels = {one.code: one.label for section in form.sections for one in section.indicators}
    labels |= {one.code: one.label for one in form.texts}
    placed = {code: at for code, at in addresses.cells.items() if code in labels and at.sheet in prints}
    words = {code: _letters(labels[code]) for code in placed}
    at_home = {code for code, at in placed.items() if _is_beside(prints[at.sheet], at, words[code])}
    for code, at in placed.items():
        own, word = prints[at.sheet], words[code]
        taken = {other.row for key, other in placed.items() if key in at_home and other.sheet == at.sheet}
        elsewhere = [row for row in range(own.height) if own.prints(row, word) and row not in taken]
        if code not in at_home and len(elsewhere) == 1 and any(map(str.isalpha, word)):
            place = f"{quoted(at.sheet)}!{cell_name(at.row, at.column)}"
            yield Misplaced(code, place, _said(labels[code], own.shown(at.row), elsewhere, rows=True))


def _is_beside(own: _Print, at: CellAddress, word: str) -> bool:
    """Whether a cell's label is printed in its row, above it in its column, or in the row above it where
    nothing else is printed in its own."""
    above = (own.cells.get((row, at.column), "") for row in range(at.row + 1))
    return (
        own.mentions(at.row, word)
        or any(word in _letters(text) for text in above)
        or (at.row not in own.texts and own.mentions(at.row - 1, word))
    )


def _said(label: str, printed: str, elsewhere: Sequence[int], *, rows: bool) -> str:
    """That `printed` stands where the form's `label` should, and where that stands."""
    said = (
        _("“{printed}” is printed there, and not “{label}” of the form")
        if printed
        else _("nothing is printed there, and not “{label}” of the form")
    ).format(printed=printed, label=_cut(label))
    if len(elsewhere) != 1:
        return said
    if rows:
        return said + _("; that is printed in row {row}").format(row=elsewhere[0] + 1)
    return said + _("; that is printed in column {column}").format(column=column_name(elsewhere[0]))
