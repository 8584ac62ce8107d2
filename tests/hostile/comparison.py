"""What the product read in a workbook against what an independent reader sees there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from reportctl.cells.cell import read_cell, read_text
from reportctl.cells.reading import Question, Reading
from reportctl.core.cellrefs import column_name
from reportctl.form.layout import (
    CODE_COLUMN,
    ESTIMATE_COLUMN,
    LIST_FIRST_COLUMN,
    META,
    TEXT_COLUMN,
    TEXTS_BEFORE,
    VALUE_COLUMN,
    layout,
    read_mark,
)
from reportctl.form.submission import Answer, AnswerState
from reportctl.intake.job import Context, ReadResult
from tests.hostile.independent import Cell, Seen, Sheet, UnreadableError, look

# What is said of answers once they are read: none of it says that a file can be read in another way.
_ROUTINE = re.compile(
    r"required_\w+|too_many_words|date_outside|rule_broken|list_row_incomplete|share_differs|other_version"
    r"|wrong_(?:period|extension)|unit_not_asked|code_moved|blank_rows|identity_differs|hidden_copy"
)
# What is said of a value that was read as another one: the value must be right all the same.
_READ_AS = frozenset(
    {"number_as_text", "unit_in_cell", "dash_as_zero", "word_as_zero", "date_as_text", "decomposed_text"}
    | {"formula_in_input", "estimate_unclear", "hidden_answers"}
)
# What an error of the program itself is called, where it should have been a finding.
_OUR_ERROR = re.compile(r"\w+(?:Error|Exception|Warning|Interrupt)\b")


def faults(data: bytes, suffix: str, read: ReadResult, context: Context) -> list[str]:
    """What is wrong with `read`, made of the file `data`; nothing where all is well."""
    said = [found.code for found in read.findings]
    found = [f"silly message: {one.message}" for one in read.findings if _OUR_ERROR.search(one.message)]
    if not read.submission or not read.submission.answers:
        return found if said else [*found, "not read, and nothing is said"]
    if suffix == ".xls":
        return found
    try:
        seen = look(data)
    except UnreadableError as error:
        return [*found, f"read, although unreadable ({error}): {said}"]
    return [*found, *_Comparison(seen, read, context).differences()]


@dataclass(frozen=True)
class _Asked:
    """A cell that the independent reader takes for the one of an answer, by the code in its row."""

    sheet: str
    row: int
    column: int
    code: str

    @property
    def cell(self) -> str:
        return f"{column_name(self.column)}{self.row + 1}"


class _Comparison:
    def __init__(self, seen: Seen, read: ReadResult, context: Context) -> None:
        assert read.submission
        self.seen, self.submission, self.dash = seen, read.submission, context.dash
        kinds = {unit.code: unit.kind for unit in context.roster.units}
        self.places = layout(context.form, kinds[self.submission.identity.unit])
        self.findings = [one for one in read.findings if not _ROUTINE.fullmatch(one.code)]
        self.moved = any(one.code == "code_moved" for one in read.findings)
        self.asks: dict[str, Question | None] = dict.fromkeys(self.places.texts)
        for code, place in self.places.indicators.items():
            if not place.indicator.computed:
                self.asks[code] = place.indicator
        for code, listed in self.places.lists.items():
            self.asks |= {f"{code}.{column.code}": column for column in listed.section.columns}
        self.answers = [answer for answer in self._all_answers() if answer.code in self.asks]

    def _all_answers(self) -> Iterator[Answer]:
        yield from self.submission.answers
        for row in self.submission.rows:
            for answer in row.answers:
                yield answer._replace(code=f"{row.list_code}.{answer.code}")

    def differences(self) -> Iterator[str]:
        """Every difference of which nothing is said."""
        if self.seen.unclear and not self.findings:
            yield f"nothing is said, although {self.seen.unclear}"
        yield from self._identity()
        for name in dict.fromkeys(answer.sheet for answer in self.answers if answer.cell):
            unclear = self.seen.sheets.get(name, Sheet()).unclear
            if unclear and not self._about(name):
                yield f"nothing is said of the sheet {name}, although {unclear}"
        for answer in self.answers:
            if not self.seen.sheets.get(answer.sheet, Sheet()).unclear:
                yield from self._answer(answer)
        read = {(answer.sheet, answer.cell) for answer in self.answers}
        for asked in self._asked():
            if (asked.sheet, asked.cell) not in read:
                yield from self._left_out(asked)

    def _identity(self) -> Iterator[str]:
        texts = [cell.value for sheet in self.seen.sheets.values() for cell in sheet.cells.values()]
        marks = {read_mark(text) for text in texts if isinstance(text, str)}
        if self.submission.identity not in marks and META not in self.seen.sheets:
            yield f"nowhere stands {self.submission.identity}"

    def _about(self, sheet: str, cell: str = "-", code: str = "-") -> set[str]:
        """What is said of the cell, of its question, of its sheet or of the whole file."""
        return {
            one.code
            for one in self.findings
            if (one.sheet, one.cell) == (sheet, cell)
            or one.indicator in (code, code.partition(".")[0])
            or (not one.cell and not one.indicator and one.sheet in (None, sheet))
        }

    def _answer(self, answer: Answer) -> Iterator[str]:
        if not answer.cell:
            if answer.state is AnswerState.VALUE:
                yield f"{answer.code}: {answer.value!r} from nowhere"
            return
        sheet = self.seen.sheets.get(answer.sheet, Sheet())
        row, column = _position(answer.cell)
        cell = sheet.cells.get((row, column), Cell())
        where = f"{answer.code} at {answer.sheet}!{answer.cell}: {answer.state} {answer.value!r}"
        said = self._about(answer.sheet, answer.cell, answer.code)
        excused = said if answer.state is AnswerState.INVALID else said - _READ_AS
        if cell.unclear and not said:
            yield f"{where}, and nothing is said, although {cell.unclear}"
        elif (cell.error or (cell.formula and cell.value != "")) and not said:
            yield f"{where}, nothing is said of the formula or error: {cell}"
        elif not cell.unclear and not excused:
            reading = self._reading(cell, answer.code)
            if (answer.state, answer.value) != (reading.state, reading.value):
                yield f"{where}, but {cell.value!r} stands there ({reading.state})"
        if not said and not self.moved:
            if not self._coded(sheet, row, answer.code):
                yield f"{where}, but there is no code in the row"
            if answer.state is AnswerState.VALUE and answer.code in self.places.indicators:
                yield from self._estimate(answer, sheet, row, where)

    def _estimate(self, answer: Answer, sheet: Sheet, row: int, where: str) -> Iterator[str]:
        mark = sheet.cells.get((row, ESTIMATE_COLUMN), Cell())
        said = self._about(answer.sheet, f"{column_name(ESTIMATE_COLUMN)}{row + 1}", answer.code)
        plain = not (mark.unclear or mark.formula or mark.error)
        if plain and not said and answer.estimate != (mark.value == "x"):
            yield f"{where}, estimate {answer.estimate}, but {mark.value!r} stands there"

    def _coded(self, sheet: Sheet, row: int, code: str) -> bool:
        """Whether the row carries the code; a list's rows need not, where people put some in between."""
        values = (cell.value for (line, _column), cell in sheet.cells.items() if line == row)
        return "." in code or code in values

    def _reading(self, cell: Cell, code: str) -> Reading:
        """What the documented interpretation of cells makes of the value."""
        value, ask = "" if cell.value is None else cell.value, self.asks[code]
        return read_text(value) if ask is None else read_cell(value, ask, dash=self.dash)

    def _asked(self) -> Iterator[_Asked]:
        """The answers' cells by the hidden codes, where each code stands once in the workbook."""
        rows: dict[str, list[tuple[str, int]]] = {}
        for name, sheet in self.seen.sheets.items():
            for (row, column), cell in sheet.cells.items():
                if column == CODE_COLUMN and isinstance(cell.value, str) and name != META and sheet.visible:
                    rows.setdefault(cell.value, []).append((name, row))
        once = {code: found[0] for code, found in rows.items() if len(found) == 1}
        for code in (code for code in once.keys() & self.asks.keys() if "." not in code):
            indicator = self.places.indicators.get(code)
            place = indicator.value if indicator else self.places.texts[code].value
            column = VALUE_COLUMN if indicator else TEXT_COLUMN
            if once[code][0] in (place.sheet, *(() if indicator else (TEXTS_BEFORE,))):
                yield _Asked(*once[code], column, code)
        for code, listed in self.places.lists.items():
            numbered = (once.get(f"{code}.{number}") for number in range(1, listed.rows + 1))
            for at in numbered:
                for column, one in enumerate(listed.section.columns, LIST_FIRST_COLUMN):
                    if at and at[0] == listed.sheet:
                        yield _Asked(*at, column, f"{code}.{one.code}")

    def _left_out(self, asked: _Asked) -> Iterator[str]:
        """A cell that holds something, of which the product has no answer."""
        sheet = self.seen.sheets[asked.sheet]
        cell = sheet.cells.get((asked.row, asked.column), Cell())
        if cell == Cell() or sheet.unclear or self._about(asked.sheet, asked.cell, asked.code):
            return
        elsewhere = self.moved and any(one.code == asked.code and one.cell for one in self.answers)
        empty = self._reading(cell, asked.code).state is AnswerState.MISSING and not cell.error
        if cell.formula and cell.value is None:  # never calculated
            empty = False
        if not elsewhere and not empty:
            yield f"{asked.code} at {asked.sheet}!{asked.cell}: left out, and nothing is said: {cell}"


def _position(cell: str) -> tuple[int, int]:
    letters = cell.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(cell[len(letters) :]) - 1, column - 1
