"""A form edited in Excel, read back: what form.toml is to say, or every mistake at its cell."""

from __future__ import annotations

import io
import warnings
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zipfile import BadZipFile

import openpyxl

from reportctl.adopt.form_keys import BELOW, MODELS, Kind, keys
from reportctl.adopt.form_sheets import (
    SHEETS,
    FormColumn,
    Thing,
    TypedCell,
    form_columns,
    parent_key,
    read,
    shown,
    things,
)
from reportctl.adopt.form_toml import Entry, data_of
from reportctl.adopt.form_workbook import HIDDEN_SHEET, MARK
from reportctl.core.cellrefs import cell_name
from reportctl.core.errors import ReportctlError, capped, meant
from reportctl.core.language import LANGUAGES, _, current_language, speaking
from reportctl.core.letters import folded
from reportctl.core.toml import Keys, TomlLines, toml_values
from reportctl.form.form_file import FormError, form_of, parse_form
from reportctl.workbooks import safety
from reportctl.workbooks.unread import unread

_HEAD_ROWS = 10  # in which the names of the columns are looked for
_SHOWN = 200  # mistakes; beyond that something else is wrong


@dataclass(frozen=True, slots=True)
class TypedRow:
    """A line of a sheet: its number from 0, what the hidden column says it is made from, its cells by key."""

    number: int
    origin: str
    cells: Mapping[str, TypedCell]


@dataclass(frozen=True, slots=True)
class TypedSheet:
    """A sheet of the form: its name, the columns (from 0) by their keys, its lines."""

    title: str
    columns: Mapping[str, int]
    rows: tuple[TypedRow, ...]

    def cell(self, row: int, key: str) -> str:
        """The place of a cell as people read it: that of `key`, else of what names the line."""
        return f"{self.title}!{cell_name(row, self.column(key))}"

    def column(self, key: str) -> int:
        """The column of a `key`, else of what names the lines."""
        known = (self.columns[one] for one in (key, "code", "id") if one in self.columns)
        return next(known, min(self.columns.values()))


@dataclass(frozen=True, slots=True)
class TypedForm:
    """An edited workbook: its sheets by kind; `version` is that of the form.toml it was made from."""

    sheets: Mapping[Kind, TypedSheet]
    version: str


@dataclass(frozen=True, slots=True)
class ReadForm:
    """What form.toml is to say after a workbook, what was read otherwise than it was typed, and the version
    of the form.toml from which the workbook was made."""

    entry: Entry
    remarks: tuple[str, ...]
    version: str


def read_form(data: bytes, name: str, text: str) -> ReadForm:
    """What the workbook `data`, a file called `name`, makes of the form in `text`, which has no mistakes.

    Raises `ReportctlError` that names every mistake with its cell, or why the workbook cannot be read.
    """
    return _Reader(_opened(data, name), text).form(name)


# The workbook


def _opened(data: bytes, name: str) -> TypedForm:
    """The sheets of the workbook that are sheets of a form."""
    inspected = safety.inspect(data, name)
    if inspected.file_type not in ("xlsx", "xlsm"):
        raise unread(name, data)
    try:
        rows, version = _rows(data)
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError, BadZipFile) as error:
        raise unread(name, data) from error
    sheets: dict[Kind, TypedSheet] = {}
    for title, lines in rows.items():
        kind, hidden = _kind(title, lines)
        if kind is None:
            continue
        if kind in sheets:
            raise ReportctlError(
                _("The sheets “{first}” and “{second}” of {name} hold the same. Delete one of them.").format(
                    first=sheets[kind].title, second=title, name=name
                )
            )
        sheets[kind] = _sheet(title, kind, lines, hidden)
    if not sheets:
        raise ReportctlError(
            _("{name} is no form to edit. Make one with: reportctl form --to-workbook FORM.xlsx").format(
                name=name
            )
        )
    return TypedForm(sheets, version)


_Lines = Sequence[Sequence[TypedCell]]


def _rows(data: bytes) -> tuple[dict[str, _Lines], str]:
    """The cells of every sheet by its name, and the version of the form.toml that it all was made from."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what it does not keep, which is not written again
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
        if not book.worksheets:  # one in ISO strict form, whose sheets openpyxl does not see
            raise ValueError
        found: dict[str, _Lines] = {}
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # what a file says of them need not be so
            found[sheet.title] = [[_cell(one) for one in row] for row in sheet.iter_rows()]
        book.close()
    hidden = found.pop(HIDDEN_SHEET, [])
    return found, hidden[0][0].typed if hidden and hidden[0] else ""


def _cell(cell: Any) -> TypedCell:
    value = getattr(cell.value, "text", cell.value)  # that of a formula for several cells is an object
    if value is None:
        return _EMPTY
    return TypedCell(value, str(cell.number_format), cell.data_type == "f", cell.data_type == "e")


_EMPTY = TypedCell(None)


def _kind(title: str, lines: _Lines) -> tuple[Kind | None, int | None]:
    """Which sheet of a form it is, by its mark, else by its name, None for none; the column of the mark."""
    for line in lines[:_HEAD_ROWS]:
        for column, cell in enumerate(line):
            if isinstance(cell.value, str) and cell.value.startswith(MARK):
                names = cell.value.removeprefix(MARK).strip()
                kind = tuple(names.split(".")) if names else ()
                return (kind if kind in MODELS else None), column
    for language in LANGUAGES:
        with speaking(language):
            for kind, known in SHEETS.items():
                if folded(title) == folded(_(known)):
                    return kind, None
    return None, None


def _sheet(title: str, kind: Kind, lines: _Lines, hidden: int | None) -> TypedSheet:
    """A sheet of the form. Raises `ReportctlError` where the names of its columns are gone."""
    names: dict[str, str] = {}
    for language in LANGUAGES:
        for one in form_columns(kind, language):
            names |= {folded(one.title): one.key, one.key: one.key}
    head, columns = 0, dict[str, int]()
    for number, line in enumerate(lines[:_HEAD_ROWS]):
        found: dict[str, int] = {}
        for column, cell in enumerate(line):
            if key := names.get(folded(cell.typed.strip(" *"))):
                found.setdefault(key, column)
        if len(found) >= max(len(columns), 2):
            head, columns = number, found
    if not columns:
        raise ReportctlError(
            _(
                "The sheet “{sheet}” has lost the line with the names of its columns. Make a new workbook "
                "with reportctl form --to-workbook and copy that line from it."
            ).format(sheet=title)
        )
    rows = []
    for number, line in enumerate(lines[head + 1 :], head + 1):
        cells = {
            key: line[column]
            for key, column in columns.items()
            if column < len(line) and line[column].typed.strip()
        }
        if cells.keys() - {parent_key(kind)}:
            origin = line[hidden].typed if hidden is not None and hidden < len(line) else ""
            rows.append(TypedRow(number, origin, cells))
    return TypedSheet(title, columns, tuple(rows))


# The form


@dataclass
class _Line:
    """A thing of the form that is to be: what it is made from, where it was typed, what it says, and what
    stands in it."""

    thing: Thing | None
    row: TypedRow | None
    values: dict[str, Any]
    below: dict[str, list[_Line]] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True, slots=True)
class _Mistake:
    order: tuple[int, int, int]  # of its sheet, row and column
    cell: str
    message: str

    def __str__(self) -> str:
        return f"{self.cell}: {self.message}"


class _Reader:
    """Puts what was typed in place of what the form says."""

    def __init__(self, typed: TypedForm, text: str) -> None:
        self.version = typed.version
        self.sheets = typed.sheets
        self.things = things(toml_values(text), parse_form(text))
        self.remarks: list[str] = []
        self.mistakes: list[_Mistake] = []
        self.unread: set[str] = set()  # the cells of which that is said already
        self.places: dict[Keys, tuple[Kind, TypedRow]] = {}
        self.order = {kind: number for number, kind in enumerate(SHEETS)}

    def form(self, name: str) -> ReadForm:
        """The form that is to be. Raises `ReportctlError` with every mistake, in the order of the sheets."""
        lines: dict[Kind, list[_Line]] = {}
        for kind in MODELS:
            lines[kind] = self._lines(kind, lines)
        entry = self._entry((), lines[()][0], ())
        try:
            form_of(data_of(entry), TomlLines(""), name)
        except FormError as error:
            for problem in error.problems:
                self._mistake_at(problem.path, problem.message)
        if self.mistakes:
            mistakes = list(dict.fromkeys(sorted(self.mistakes, key=lambda one: one.order)))
            raise ReportctlError(
                _(
                    "The form in {name} cannot be used; put right what stands below, save, and try again:\n"
                    "{problems}"
                ).format(name=name, problems=capped(mistakes, _SHOWN))
            )
        return ReadForm(entry, tuple(self.remarks), self.version)

    def _lines(self, kind: Kind, above: Mapping[Kind, Sequence[_Line]]) -> list[_Line]:
        """The things of a kind that are to be, each put into what it stands in."""
        sheet = self.sheets.get(kind)
        if sheet is None or (not kind and not sheet.rows):  # a sheet that is gone changes nothing
            kept = []
            for thing in self.things[kind]:
                line = _Line(thing, None, {k: v for k, v in thing.said.items() if k not in BELOW[kind]})
                inside = self._made_from(above.get(kind[:-1], ()), thing.parent) if kind else None
                if inside:
                    inside.below[kind[-1]].append(line)
                if inside or not kind:
                    kept.append(line)
            return kept
        rows = sheet.rows if kind else sheet.rows[:1]
        insides = [self._inside(kind, sheet, row, above) for row in rows]
        matched = self._matched(kind, rows, insides)
        found = []
        for row, inside, it in zip(rows, insides, matched, strict=True):
            line = _Line(it, row, self._values(kind, sheet, row, it))
            found.append(line)
            if inside:
                inside.below[kind[-1]].append(line)
        return found

    def _made_from(self, lines: Sequence[_Line], path: Keys) -> _Line | None:
        return next((line for line in lines if line.thing and line.thing.path == path), None)

    def _inside(
        self, kind: Kind, sheet: TypedSheet, row: TypedRow, above: Mapping[Kind, Sequence[_Line]]
    ) -> _Line | None:
        """What a line stands in: the form, or the section, table or list that it names."""
        if len(kind) < 2:
            return above[()][0] if kind else None
        key, lines = parent_key(kind), above[kind[:-1]]
        column = form_columns(kind, current_language())[0]
        code = read(row.cells[key], column)[0] if key in row.cells else None
        by_code = [line for line in lines if code is not None and line.values.get("code") == code]
        by_old_code = [line for line in lines if code is not None and line.thing and line.thing.code == code]
        if found := by_code or by_old_code:
            return found[0]
        made_from = [t.parent for t in self.things[kind] if t.code == row.origin.rpartition(".")[2]]
        before = self._made_from(lines, made_from[0]) if made_from else None
        if key not in sheet.columns and before:
            return before
        codes = sorted(str(line.values.get("code", "")) for line in lines)
        message = _("“{key}” is missing").format(key=key)
        if code is not None:
            message = meant(_("“{code}” is not in the form").format(code=code), str(code), codes)
        self._add(kind, row, key, message)
        return before or next(iter(lines), None)  # so that its other mistakes are found too

    def _matched(
        self, kind: Kind, rows: Sequence[TypedRow], insides: Sequence[_Line | None]
    ) -> list[Thing | None]:
        """Of each line the thing of the form that it is: the one of that code, else the one it was made from.

        Rows and columns are sought in their table or list alone, figures in all sections.
        """
        if not kind:
            return [self.things[kind][0] for _row in rows]
        of_one = kind[-1] in ("rows", "columns")
        by_name: dict[tuple[Keys, str], list[Thing]] = defaultdict(list)
        by_origin: dict[tuple[Keys, str], list[Thing]] = defaultdict(list)
        parents = {thing.path: thing for thing in self.things[kind[:-1]]}
        for thing in self.things[kind]:
            within = thing.parent if of_one else ()
            by_name[within, _name(thing.said)].append(thing)
            prefix = f"{parents[thing.parent].code}." if of_one else ""
            for code in (thing.code, thing.said.get("was")):
                if code:
                    by_origin[within, f"{prefix}{code}"].append(thing)
        columns = {one.key: one for one in form_columns(kind, current_language())}
        scopes: list[Keys | None] = [
            (inside.thing.path if inside and inside.thing else None) if of_one else () for inside in insides
        ]
        names = [
            _name(
                {
                    key: read(row.cells[key], columns[key])[0]
                    for key in ("code", "caption")
                    if key in row.cells
                }
            )
            for row in rows
        ]
        found: list[Thing | None] = [None] * len(rows)
        taken: set[Keys] = set()
        for both, named in ((True, True), (False, True), (False, False)):
            for number, (row, scope, name) in enumerate(zip(rows, scopes, names, strict=True)):
                if found[number] or scope is None:
                    continue
                made_from = by_origin.get((scope, row.origin), []) if row.origin else []
                candidates = by_name.get((scope, name), []) if named else made_from
                for one in candidates:
                    if one.path not in taken and (not both or one in made_from):
                        found[number] = one
                        taken.add(one.path)
                        break
        return found

    def _values(self, kind: Kind, sheet: TypedSheet, row: TypedRow, thing: Thing | None) -> dict[str, Any]:
        """What a line says by key. What it says as before is left as form.toml has it."""
        values: dict[str, Any] = {}
        said: Mapping[str, Any] = thing.said if thing else {}
        for column in form_columns(kind, current_language()):
            key = column.key
            if key == parent_key(kind):
                continue
            if key not in sheet.columns:
                values |= {key: said[key]} if key in said else {}
                continue
            cell = row.cells.get(key)
            if cell is None:
                continue
            made = shown(thing.value(key), column) if thing and key in said else None
            if (
                made is not None
                and cell.value == made
                and isinstance(cell.value, str) == isinstance(made, str)
            ):
                values[key] = said[key]
                continue
            value, plain = read(cell, column, made if isinstance(made, str) else "")
            if message := _unreadable(cell, column, value):
                self._add(kind, row, key, message)
                self.unread.add(sheet.cell(row.number, key))
            if value is None:
                continue
            if made is not None and value == read(TypedCell(made), column)[0]:
                values[key] = said[key]
            else:
                values[key] = value
            if not plain:
                self.remarks.append(
                    _("{cell}: “{typed}” is read as “{value}”").format(
                        cell=sheet.cell(row.number, key), typed=cell.typed, value=_in_words(value, column)
                    )
                )
        was = said.get("was")
        if was and "was" not in row.cells and row.origin.rpartition(".")[2] == was:
            values["was"] = was  # put there when this workbook was taken back before
        renamed = "code" in said and values.get("code", said["code"]) != said["code"]
        if renamed and "was" in keys(kind) and values.get("was") == was:
            values["was"] = said["code"]
        return values

    def _entry(self, path: Keys, line: _Line, kind: Kind) -> Entry:
        """The thing as it is to be written, with all that stands in it."""
        if line.row:
            self.places[path] = kind, line.row
        below = {
            name: tuple(
                self._entry((*path, name, number), one, (*kind, name))
                for number, one in enumerate(line.below[name])
            )
            for name in BELOW[kind]
            if line.below[name]
        }
        return Entry(line.values, below, line.thing.path if line.thing else None)

    # Mistakes

    def _add(self, kind: Kind, row: TypedRow, key: str, message: str) -> None:
        sheet = self.sheets[kind]
        order = self.order[kind], row.number, sheet.column(key)
        self.mistakes.append(_Mistake(order, sheet.cell(row.number, key), message))

    def _mistake_at(self, path: Keys, message: str) -> None:
        """A mistake in what stands at `path` in the form that is to be."""
        above = next((path[:n] for n in range(len(path), -1, -1) if path[:n] in self.places), None)
        key = str(path[len(above)]) if above is not None and len(path) > len(above) else ""
        if above is None or (self.places[above][0] == () and key in BELOW[()]):
            kind: Kind = (key,) if key else ()
            title = self.sheets[kind].title if kind in self.sheets else "form.toml"
            self.mistakes.append(_Mistake((self.order[kind], 0, 0), title, message))
            return
        kind, row = self.places[above]
        if key in BELOW[kind]:
            sheet = _(SHEETS[(*kind, key)])
            message = _("nothing stands in it: the sheet “{sheet}” has no line for it").format(sheet=sheet)
        if self.sheets[kind].cell(row.number, key) in self.unread:
            return
        # The code before was put there because of another code.
        self._add(kind, row, "code" if key == "was" and key not in row.cells else key, message)


def _name(said: Mapping[str, Any]) -> str:
    """What a thing is known by: its code, of a line between rows its words."""
    return str(said.get("code") or f"“{said.get('caption')}”")


def _unreadable(cell: TypedCell, column: FormColumn, value: Any) -> str:
    """Why a cell, read as `value`, says nothing that could be taken; empty where it does."""
    if cell.formula and column.holds != "expression":
        return _("here stands a formula; type the value itself")
    if cell.error:
        return _("here stands the error {error}; type the value itself").format(error=cell.typed)
    if column.holds in ("number", "whole") and isinstance(value, str):
        return _("“{text}” cannot be read as a number; type digits only, nothing between thousands").format(
            text=value
        )
    if column.holds == "truth" and isinstance(value, str):
        return _("“{text}” is neither yes nor no").format(text=value)
    return ""


def _in_words(value: Any, column: FormColumn) -> str:
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return str(shown(value, column)) if isinstance(value, bool) else str(value)
