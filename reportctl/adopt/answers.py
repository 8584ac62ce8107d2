"""The review workbook read back: the form as people have corrected it, or every mistake at its cell.

What was left as it was written changes nothing. An answer of the first sheet says what holds where the lines
of the other sheets were left alone; a line that was changed goes before it. Words are understood in both
languages, whatever their case; lines may be sorted, columns moved.
"""

from __future__ import annotations

import base64
import io
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from reportctl.adopt import review_words as words
from reportctl.adopt.blank_form import BlankForm, Question, ReadColumn, ReadRow, ReadTable
from reportctl.adopt.changes import changed_table, item_rows
from reportctl.adopt.kept_form import read_kept
from reportctl.adopt.review import (
    COLUMNS,
    KEYS_ROW,
    MARK,
    QUESTIONS,
    ROWS,
    SHEET_NAMES,
    Line,
    column_lines,
    question_lines,
    row_lines,
    written_key,
)
from reportctl.core.cellrefs import quoted
from reportctl.core.errors import ReportctlError, capped, meant
from reportctl.core.language import Phrase, _
from reportctl.core.letters import misreadings
from reportctl.form.tables import all_below, signed_codes
from reportctl.workbooks.sheet_rows import read_text
from reportctl.workbooks.unread import unread

FEW_ROWS = 3  # prepared ones of a list, below which it is asked how many are needed
_MOST_ROWS = 500  # of a list


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong in a cell of the review; `cell` is empty where it is the sheet."""

    sheet: str
    cell: str
    message: str

    def __str__(self) -> str:
        place = f"{quoted(self.sheet)}!{self.cell}" if self.cell else quoted(self.sheet)
        return f"{place}: {self.message}"


class ReviewError(ReportctlError):
    """A review that cannot be taken; `mistakes` are all of them, sheet by sheet."""

    def __init__(self, file: str, mistakes: list[Mistake]) -> None:
        self.mistakes = mistakes
        super().__init__(
            _("{file}: put right what stands below, save, and try again:\n{mistakes}").format(
                file=file, mistakes=capped(mistakes, 40)
            )
        )


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A form as people have corrected it, the hash of the office's file that it was read of, and how many
    answers and lines they have changed."""

    form: BlankForm
    sha256: str
    changed: int


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in a cell of the review, and where."""

    text: str
    sheet: str
    cell: str


# What a line is to be changed to, by the line's key, then by its field.
Changes = dict[str, dict[str, Typed]]


def read_review(data: bytes, file: str, kinds: Mapping[str, str]) -> Reviewed:
    """What the review `data`, named `file`, says; `kinds` are the titles of the kinds of units by code.

    Raises `ReviewError` with every mistake, `ReportctlError` where it is no review.
    """
    book = _open(data, file)
    hidden = next((sheet for sheet in book.worksheets if sheet["A1"].value == MARK), None)
    if hidden is None:
        raise ReportctlError(
            _(
                "{file} is no review that reportctl form adopt has written, or its hidden sheet is gone. "
                "Adopt the office's workbook again."
            ).format(file=file)
        )
    form, sha256 = _kept(hidden, file)
    reading = _Reading(form, kinds)
    sheets = _our_sheets(book)
    for kind, lines in (
        (QUESTIONS, question_lines(form)),
        (ROWS, row_lines(form)),
        (COLUMNS, column_lines(form)),
    ):
        if kind not in sheets:
            reading.report(_(SHEET_NAMES[kind]), "", _("this sheet is not there; do not delete it"))
            continue
        reading.take_lines(kind, sheets[kind], tuple(lines))
    reviewed = reading.reviewed()
    if reading.mistakes:
        raise ReviewError(file, list(dict.fromkeys(reading.mistakes)))
    return Reviewed(reviewed, sha256, reading.changed)


def _open(data: bytes, file: str) -> Any:
    try:
        return openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    except Exception as error:  # openpyxl may raise anything over what is no workbook, or a damaged one
        raise unread(file, data) from error


def _kept(hidden: Worksheet, file: str) -> tuple[BlankForm, str]:
    """The form that was kept in the hidden sheet, with the hash of the office's file."""
    texts = [str(row[0] or "") for row in hidden.iter_rows(min_row=1, max_col=1, values_only=True)]
    try:
        packed = "".join(texts[2 + len(SHEET_NAMES) :])
        return read_kept(zlib.decompress(base64.b64decode(packed)).decode()), texts[1]
    except (ValueError, zlib.error, IndexError) as error:
        raise ReportctlError(
            _("The hidden sheet of {file} was changed. Adopt the office's workbook again.").format(file=file)
        ) from error


def _our_sheets(book: Any) -> dict[str, Worksheet]:
    """Our sheets by what they are, whatever they are called now: told by the keys above their headings."""
    telling = {QUESTIONS: "answer", ROWS: "level", COLUMNS: "use"}
    found: dict[str, Worksheet] = {}
    for sheet in book.worksheets:
        keys = {cell.value for cell in sheet[KEYS_ROW]} if sheet.max_row >= KEYS_ROW else set()
        for kind, key in telling.items():
            if {"key", key} <= keys:
                found.setdefault(kind, sheet)
    return found


@dataclass(slots=True)
class _Reading:
    """The review as far as it is read: `mistakes`, and what is to be changed, grow as it goes."""

    form: BlankForm
    kinds: Mapping[str, str]
    mistakes: list[Mistake] = field(default_factory=list)
    changes: Changes = field(default_factory=dict)
    noted: list[tuple[str, str]] = field(default_factory=list)
    changed: int = 0

    def report(self, sheet: str, cell: str, message: str) -> None:
        self.mistakes.append(Mistake(sheet, cell, message))

    def take_lines(self, kind: str, sheet: Worksheet, expected: tuple[Line, ...]) -> None:
        """What was changed in one of our sheets, in which the lines `expected` were written."""
        there = dict(self._lines(sheet))
        questions = {f"q:{question.id}": question for question in self.form.questions}
        for number, line in enumerate(expected, 1):
            cells = there.get(written_key(kind, number))
            if cells is None:
                message = _("the line of “{name}” is gone; adopt again, or copy it back from a new review")
                name = line.values.get("label") or line.values.get("question") or line.key
                self.report(sheet.title, "", message.format(name=name))
                continue
            for name in sorted(line.edited & cells.keys()):
                typed, before = cells[name], str(line.values.get(name, ""))
                meanings = words.OF_QUESTIONS.get(name, {})
                if kind == QUESTIONS:
                    question = questions[line.key]
                    meanings = words.meanings_of(question.id.rpartition(".")[2], question.choices)
                same = _same(meanings, typed.text, before) or any(
                    typed.text == _text(text) for text in misreadings(before)
                )
                if not same:
                    typed = replace(typed, text=self._with_codes(typed.text))
                elif typed.text != before and not meanings:
                    typed = replace(typed, text=before)
                self.changed += not same
                if kind == QUESTIONS:
                    self._answer(questions[line.key], typed)
                elif not same:
                    self.changes.setdefault(line.key, {})[name] = typed

    def _with_codes(self, text: str) -> str:
        """A text in which codes that a program has misread stand again."""
        codes = {row.code for table in self.form.tables for row in table.rows}
        codes |= {column.code for table in self.form.tables for column in table.columns}
        for code in sorted(codes, key=len, reverse=True):
            for wrong in misreadings(code):
                text = text.replace(wrong, code)
        return text

    def _lines(self, sheet: Worksheet) -> Iterator[tuple[str, dict[str, Typed]]]:
        """The lines of a sheet by their keys, with what stands in them by field."""
        fields = {cell.column: str(cell.value) for cell in sheet[KEYS_ROW] if cell.value}
        seen: set[str] = set()
        for row in sheet.iter_rows(min_row=KEYS_ROW + 2):
            cells = {fields[c.column]: c for c in row if c.column in fields}
            key = _text(cells["key"].value)
            if not key:
                continue
            if key in seen:
                self.report(
                    sheet.title, cells["key"].coordinate, _("this line stands there twice; delete one")
                )
            seen.add(key)
            yield (
                key,
                {n: Typed(_text(c.value), sheet.title, c.coordinate) for n, c in cells.items() if n != "key"},
            )

    def _answer(self, question: Question, typed: Typed) -> None:
        """Take the answer to a question: as a change of the line that it is about, else as a note."""
        table, _dot, rest = question.id.partition(".")
        code, _dot, name = rest.rpartition(".")
        key = self._line_about(table, code, name)
        meanings = words.meanings_of(name, question.choices)
        known = {folded for choice in question.choices for folded in _told(meanings, choice)}
        strict = bool(question.choices and meanings)
        if strict and words.folded(typed.text) not in known:
            choices = ", ".join(words.word(meanings, choice) for choice in question.choices)
            message = _("“{typed}” is none of the answers: {choices}")
            self.report(typed.sheet, typed.cell, message.format(typed=typed.text, choices=choices))
        elif question.id == "file.filled" and words.key_of(meanings, typed.text) == "yes":
            message = _("then adopt the blank workbook instead: reportctl form adopt")
            self.report(typed.sheet, typed.cell, message)
        elif question.id == "lists.rows":
            for one in self.form.tables:
                if one.kind == "list" and len(item_rows(one)) < FEW_ROWS:
                    self.changes.setdefault(f"t:{one.code}", {})[name] = typed
        elif key:
            # Columns have no “asked” of their own: what they are for says it.
            as_use = name == "asked" and key.startswith("c:")
            if as_use:
                told = words.key_of(words.ASKED, typed.text)
                typed = replace(typed, text={"yes": "value", "no": "note"}.get(told or "", typed.text))
            self.changes.setdefault(key, {})["use" if as_use else name] = typed
        else:
            self.noted.append((str(question.question), typed.text))

    def _line_about(self, table_code: str, code: str, name: str) -> str:
        """The key of the line that a question about `code` of a table is about; empty where there is none."""
        table = next((one for one in self.form.tables if one.code == table_code), None)
        if table is None:
            return ""
        if not code:
            of_table = ("over_time", "unit_of_measure", "asked", "applies_to", "key", "label", "rows")
            return f"t:{table.code}" if name in of_table else ""
        if name not in {"sum", "use", "type", "unit_of_measure", "over_units", "over_time", "asked", "label"}:
            return ""
        if name != "use" and any(row.code == code for row in table.rows):
            return f"r:{table.code}:{code}"
        return f"c:{table.code}:{code}" if any(one.code == code for one in table.columns) else ""

    def reviewed(self) -> BlankForm:
        """The form with all that was changed."""
        tables = tuple(filter(None, map(self._table, self.form.tables)))
        if not tables and not self.mistakes:
            self.report(_(SHEET_NAMES[ROWS]), "", _("nothing is asked any more"))
        return replace(self.form, tables=tables, questions=(), noted=tuple(self.noted))

    def _table(self, table: ReadTable) -> ReadTable | None:
        """A table as it was changed; None where it is not asked."""
        own = {
            key: of_line
            for key, of_line in self.changes.items()
            if key == f"t:{table.code}" or key.startswith((f"r:{table.code}:", f"c:{table.code}:"))
        }
        taken = {
            key: {
                name: value
                for name, typed in of_line.items()
                for value in self._value(table, key, name, typed)
            }
            for key, of_line in own.items()
        }
        if taken.get(f"t:{table.code}", {}).get("asked") == "no":
            return None
        made = changed_table(table, taken)
        self._refuse_sums_of_themselves(made, own)
        self._refuse_contradictions(made, own)
        return made

    def _value(self, table: ReadTable, key: str, name: str, typed: Typed) -> Iterator[Any]:
        """The value that was typed into a field of a line of `table`; nothing where it is a mistake."""
        of_words = {
            "type": words.TYPES,
            "over_units": words.OVER_UNITS,
            "over_time": words.TABLE_OVER_TIME if key.startswith("t:") else words.OVER_TIME,
            "asked": words.TABLE_ASKED if key.startswith("t:") else words.ASKED,
            "use": words.USES,
        }
        text = typed.text
        if name in of_words:
            found = words.key_of(of_words[name], text)
            if found is None and not text and "" in of_words[name]:
                found = ""
            if found is not None:
                yield found
                return
            choices = ", ".join(str(phrase) for phrase in of_words[name].values())
            message = _("“{typed}” is none of the answers: {choices}").format(typed=text, choices=choices)
        elif name == "label":
            if text:
                yield text
                return
            message = _("a name is to stand here")
        elif name == "level":
            if text.isdecimal() and 1 <= int(text) <= 9:
                yield int(text)
                return
            message = _("“{typed}” is no level; it is a number from 1 to 9").format(typed=text)
        elif name == "rows":
            if text.isdecimal() and 1 <= int(text) <= _MOST_ROWS:
                yield int(text)
                return
            message = _("“{typed}” is no number of rows; it is a number from 1 to {most}").format(
                typed=text, most=_MOST_ROWS
            )
        elif name == "sum":
            message = self._wrong_sum(table, key, text)
            if not message:
                yield _sum(text)
                return
        elif name in ("not_asked", "applies_to", "key"):
            known = {
                "not_asked": {column.code: column.label for column in table.columns},
                "key": {column.code: column.label for column in table.columns},
                "applies_to": self.kinds,
            }[name]
            parts = [part.strip() for part in re.split("[,;\n]", text) if part.strip()]
            codes = [_code(part, known) for part in parts]
            if None not in codes and (name != "key" or len(codes) < 2):
                yield codes[0] if name == "key" and codes else "" if name == "key" else tuple(codes)
                return
            wrong = next((part for part, code in zip(parts, codes, strict=True) if code is None), text)
            message = meant(_("“{code}” is not known here").format(code=wrong), wrong, known)
        elif name == "choices":
            yield tuple(part.strip() for part in re.split("[;\n]", text) if part.strip())
            return
        else:
            yield text
            return
        self.report(typed.sheet, typed.cell, message)

    def _wrong_sum(self, table: ReadTable, key: str, text: str) -> str:
        """What is wrong with a sum of rows or columns; empty where nothing is."""
        if not text:
            return ""
        if not _SUM.fullmatch(_sum(text)):
            return _("the sum “{text}” cannot be read; write codes with + and -: a + b - c").format(text=text)
        rows = key.startswith("r:")
        known = [row.code for row in table.rows if row.code] if rows else [c.code for c in table.columns]
        own = key.split(":", 2)[2]
        for _sign, part in signed_codes(_sum(text)):
            if part == own:
                return _("“{code}” is a sum of itself").format(code=own)
            if part not in known:
                return meant(_("“{code}” is not in the table").format(code=part), part, known)
        return ""

    def _refuse_sums_of_themselves(self, table: ReadTable, own: Changes) -> None:
        for kind, items in (("r", table.rows), ("c", table.columns)):
            sums = {one.code: [code for _sign, code in signed_codes(one.sum)] for one in items if one.code}
            for code in sums:
                typed = own.get(f"{kind}:{table.code}:{code}", {}).get("sum")
                if typed and code in all_below(code, sums):
                    self.report(typed.sheet, typed.cell, _("“{code}” is a sum of itself").format(code=code))

    def _refuse_contradictions(self, table: ReadTable, own: Changes) -> None:
        """What each field alone does not show: sums that are lacking, percentages that are added up."""
        groups: tuple[tuple[str, tuple[ReadRow | ReadColumn, ...]], ...]
        groups = ("r", table.rows), ("c", table.columns)
        for kind, items in groups:
            for one in items:
                of_line = own.get(f"{kind}:{table.code}:{one.code}", {})
                for name, wrong, message in (
                    ("use", one.computed and not one.sum, _("what is worked out needs a sum")),
                    ("asked", one.computed and not one.sum, _("what is worked out needs a sum")),
                    ("sum", one.computed and not one.sum, _("what is worked out needs a sum")),
                    (
                        "over_units",
                        one.type == "percent" and one.over_units == "sum",
                        _("percentages are not added up"),
                    ),
                    (
                        "over_time",
                        one.type in ("percent", "yes_no") and one.over_time == "sum",
                        _("percentages, yes and no are not added up over time"),
                    ),
                    (
                        "type",
                        one.type == "choice" and not getattr(one, "choices", ()),
                        _("a choice needs the answers to choose from: write them on the sheet of columns"),
                    ),
                ):
                    if wrong and (typed := of_line.get(name)):
                        self.report(typed.sheet, typed.cell, message)
                        break
        worked_out = any(row.computed for row in table.rows) or any(one.computed for one in table.columns)
        if not table.inputs and not worked_out:
            typed = next((typed for of_line in own.values() for typed in of_line.values()), None)
            if typed:
                message = _("nothing of the table “{title}” is asked; say “not asked” in its first line")
                self.report(typed.sheet, typed.cell, message.format(title=table.title))


_SUM = re.compile(r"[a-z][a-z0-9_]*( [+-] [a-z][a-z0-9_]*)*")


def _sum(text: str) -> str:
    """A sum as the form writes it: small letters, a space round each sign."""
    spaced = re.sub(r"\s*([+-])\s*", r" \1 ", re.sub("[\u2010-\u2015\u2212]", "-", text.lower().lstrip("=")))
    return " ".join(spaced.split())


def _code(typed: str, known: Mapping[str, str]) -> str | None:
    """The one of the codes that was typed, or whose name was; None where there is none."""
    told = words.folded(typed)
    return next((code for code, name in known.items() if told in (code, words.folded(name))), None)


def _told(meanings: Mapping[str, Phrase], choice: str) -> Iterable[str]:
    """What people may type for a choice, as it is compared."""
    if choice in meanings:
        return (choice, words.folded(meanings[choice].vi), words.folded(meanings[choice].en))
    return (words.folded(choice),)


def _same(meanings: Mapping[str, Phrase], typed: str, before: str) -> bool:
    """Whether a field says what was written there, whichever language and spelling."""
    if meanings:
        return words.key_of(meanings, typed) == words.key_of(meanings, before)
    return " ".join(typed.split()) == " ".join(before.split())


def _text(value: object) -> str:
    """What stands in a cell as a text: whole numbers without decimals, spaces of all kinds single, signs that
    were escaped as they are (openpyxl leaves them)."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = read_text(str(value), preserved=True)
    return " ".join(text.split()) if "\n" not in text else text.strip()
