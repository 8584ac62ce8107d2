"""Guessed sums held against returns of the same workbook: what does not hold on last quarter's is no sum."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reportctl.adopt.blank_form import BlankForm, Question, ReadColumn, ReadRow, ReadTable
from reportctl.adopt.changes import value_columns
from reportctl.core import wording
from reportctl.core.cellrefs import cell_name, quoted
from reportctl.core.errors import ReportctlError
from reportctl.core.files import read_file
from reportctl.core.language import _
from reportctl.form.tables import signed_codes
from reportctl.workbooks import safety, xlsx
from reportctl.workbooks.book import Book, BookError, Sheet
from reportctl.workbooks.unread import unread

_DECIMALS = 9  # of a figure that is compared
CERTAIN = 0.95  # how sure a reading is of what is said in words or formulas; below it is guessed


@dataclass(frozen=True, slots=True)
class Broken:
    """A sum that does not hold in a return: whose it is, and the first cell where it breaks."""

    code: str
    label: str
    file: str
    where: str
    says: str
    added: str
    dropped: bool

    @property
    def sentence(self) -> str:
        """Which sum it is, and where it breaks."""
        message = (
            _(
                "“{label}”: the guessed sum does not hold and is left out; {file}, {where}: {says}, parts "
                "{added}."
            )
            if self.dropped
            else _(
                "“{label}”: the form says this sum, and it does not hold; {file}, {where}: {says}, parts "
                "{added}."
            )
        )
        return message.format(
            label=self.label, file=self.file, where=self.where, says=self.says, added=self.added
        )


@dataclass(frozen=True, slots=True)
class SampleOutcome:
    """The form without the guesses that do not hold; how many sums held, how many no return could tell, and
    those that are broken."""

    form: BlankForm
    held: int
    untold: int
    broken: tuple[Broken, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """What came of it."""
        said = _(
            "Sums tested on the filled workbooks: {held} hold, {broken} do not, {untold} cannot be told."
        )
        counted = said.format(held=self.held, broken=len(self.broken), untold=self.untold)
        return (counted, *(f"  {one.sentence}" for one in self.broken))


def read_sample(path: Path) -> Book:
    """The filled workbook at `path`. Raises `ReportctlError` where it cannot be read."""
    data = read_file(path)
    inspected = safety.inspect(data, path.name, len(data))
    try:
        if inspected.file_type == "xls":
            from reportctl.workbooks import xls

            return xls.read_book(data)
        if inspected.file_type not in ("xlsx", "xlsm"):
            raise unread(path, data)
        return xlsx.read_book(inspected.parts)[0]
    except BookError as error:
        raise unread(path, data, error.finding) from error


def without_broken_sums(form: BlankForm, samples: Mapping[str, Book]) -> SampleOutcome:
    """`form` with its sums held against filled workbooks, by name, whose cells stand where the form's do.

    A sum that is said in words or as a formula stays, also where a return breaks it, which is told; a guessed
    one is left out. Raises `ReportctlError` where no workbook has any of the form's sheets.
    """
    sheets = {table.sheet for table in form.tables}
    for name, book in samples.items():
        if sheets.isdisjoint(sheet.name for sheet in book.sheets):
            raise ReportctlError(
                _("{file} is no return of this workbook: it has none of its sheets ({sheets}).").format(
                    file=name, sheets=", ".join(sorted(sheets))
                )
            )
    held = untold = 0
    broken: list[Broken] = []
    dropped: set[str] = set()
    for table in form.tables:
        lines: tuple[ReadRow | ReadColumn, ...] = (*table.rows, *table.columns)
        for line in lines:
            added = line.sum or _asked_sum(form.questions, table, line)
            if not line.code or not added:
                continue
            outcome = tuple(_outcomes(table, line, added, samples))
            if wrong := next((one for one in outcome if one), None):
                guessed = not line.sum or line.sure < CERTAIN
                broken.append(replace(wrong, dropped=guessed))
                dropped |= {f"{table.code}.{line.code}"} if guessed else set()
            elif outcome:
                held += 1
            else:
                untold += 1
    return SampleOutcome(_without(form, dropped), held, untold, tuple(broken))


def _asked_sum(questions: Iterable[Question], table: ReadTable, line: ReadRow | ReadColumn) -> str:
    """The sum that is taken for a line unless people answer otherwise."""
    of_line = f"{table.code}.{line.code}.sum"
    return next((one.default for one in questions if one.id == of_line), "")


def _outcomes(
    table: ReadTable, line: ReadRow | ReadColumn, added: str, samples: Mapping[str, Book]
) -> Iterator[Broken | None]:
    """For every place in which the sum can be told: None where it holds, else what is broken.

    A blank part counts as nothing; where the sum itself or all its parts are blank nothing is told.
    """
    row_wise = isinstance(line, ReadRow)
    at = {one.code: one.at for one in (table.rows if row_wise else table.columns)}
    parts = [(sign, at[code]) for sign, code in signed_codes(added) if code in at]
    across: Sequence[int] = (
        [column.at for column in value_columns(table) if column.type != "percent"]
        if row_wise
        else [row.at for row in table.rows if not row.caption]
    )
    for name, book in samples.items():
        sheet = next((one for one in book.sheets if one.name == table.sheet), None)
        if sheet is None:
            continue
        for other in across:
            cell = (line.at, other) if row_wise else (other, line.at)
            whole = _number(sheet, cell)
            given = [
                (sign, number)
                for sign, place in parts
                if (number := _number(sheet, (place, other) if row_wise else (other, place))) is not None
            ]
            if whole is None or not given:
                continue
            total = sum(sign * number for sign, number in given)
            if abs(total - whole) <= _rounding([whole, *(number for _sign, number in given)]):
                yield None
            else:
                where = f"{quoted(table.sheet)}!{cell_name(*cell)}"
                says, added_up = (wording.number(value, _DECIMALS) for value in (whole, total))
                yield Broken(line.code, line.label, name, where, says, added_up, dropped=True)


def _rounding(numbers: Sequence[float]) -> float:
    """By how much a sum may differ where its numbers were rounded to the decimals that they are typed with:
    half of the last one for each of them; whole numbers are exact."""
    decimals = max(len(f"{number:.{_DECIMALS}f}".rstrip("0").partition(".")[2]) for number in numbers)
    return 1e-9 + (0.5 * 10**-decimals * len(numbers) if decimals else 0)


def _number(sheet: Sheet, cell: tuple[int, int]) -> float | None:
    """The number in a cell, also one that is typed as text; None where there is none."""
    value = sheet.at(*cell)
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, str) and (plain := value.strip().replace(" ", "")):
        try:
            return float(plain.replace(".", "").replace(",", "."))
        except ValueError:
            return None
    return None


def _without(form: BlankForm, dropped: set[str]) -> BlankForm:
    """The form without the sums of these rows and columns, `table.code`."""

    def table_without(table: ReadTable) -> ReadTable:
        return replace(
            table,
            rows=tuple(
                replace(row, sum="", computed=False) if f"{table.code}.{row.code}" in dropped else row
                for row in table.rows
            ),
            columns=tuple(
                replace(column, sum="", computed=False)
                if f"{table.code}.{column.code}" in dropped
                else column
                for column in table.columns
            ),
        )

    questions = tuple(
        replace(one, default="")
        if one.id.removesuffix(".sum") in dropped and one.id.endswith(".sum")
        else one
        for one in form.questions
    )
    return replace(form, tables=tuple(map(table_without, form.tables)), questions=questions)
