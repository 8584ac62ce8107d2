"""What is printed of a world: tables, the report, the merged workbook, read as delegates read them.

Cells are held against the reference, rounded once; and each row against the pocket calculator: the change
that is printed must follow from the two figures that are printed beside it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Final

import docx
import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from tests.making.commands import run
from tests.making.word_documents import tagged
from tests.worlds.compare import Outcome
from tests.worlds.reference import Comparison, Figure, Reference
from tests.worlds.world import Indicator, Period, World

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?")
_LABEL = re.compile(r"Chỉ tiêu (\w+)")
_NOTHING = ("", "…", "n/a")

Rows = Sequence[Sequence[str]]


def printed(world: World, root: Path, reference: Reference, period: Period, outcome: Outcome) -> None:
    """The tables of the terminal, the report and the merged workbook of a period."""
    by_indicator = _markdown(root, period, "indicator")
    _province_table(world, reference, period, by_indicator[0], outcome, "table")
    for table in _markdown(root, period, "unit"):
        _unit_table(world, reference, period, table, outcome)
    _kind_table(world, reference, period, _markdown(root, period, "kind")[0], outcome)
    _report(world, root, reference, period, outcome)
    _merged(world, root, reference, period, outcome)


# ---- tables of text


def _markdown(root: Path, period: Period, by: str) -> list[Rows]:
    """The tables of a summary as rows of cells."""
    done = run("-w", root, "--lang", "en", "summary", period, "--by", by, "--format", "markdown")
    assert done.code == 0, done.err
    tables: list[list[list[str]]] = []
    inside = False
    for line in done.out.splitlines():
        if line.startswith("|") and not inside:
            tables.append([])
        inside = line.startswith("|")
        if inside and not line.startswith("|---"):
            cells = line.replace("\\", "").replace("(**)", "").replace("**", "").strip()[1:-1].split("|")
            tables[-1].append([cell.strip() for cell in cells])
    return tables


def _number(text: str) -> Fraction | None:
    """The number printed in a cell, a percentage as it stands; None where there is none."""
    found = _NUMBER.match(text.replace("\xa0", " ").strip())
    return Fraction(found.group().replace(",", "")) if found else None


def rounded(number: Fraction, decimals: int) -> Fraction:
    """The number to so many decimals, halves away from zero."""
    scaled = abs(number) * 10**decimals
    whole = int(scaled + Fraction(1, 2))
    return Fraction(whole if number >= 0 else -whole, 10**decimals)


def as_printed(number: Fraction) -> Fraction:
    """The number as it is printed: whole to the third decimal, else to two."""
    return number if (number * 1000).denominator == 1 else rounded(number, 2)


def _says(text: str, expected: Fraction | None, *, percent: bool = False) -> bool:
    """Whether a cell says the figure, or that there is none."""
    said = _number(text)
    if expected is None or said is None:
        return expected is None and said is None
    if percent or "%" in text:
        return said == rounded(expected * 100, 1)
    return said == as_printed(expected)


def _province_table(
    world: World, reference: Reference, period: Period, table: Rows, outcome: Outcome, where: str
) -> None:
    """Every figure of the table by indicator, and every change by its row."""
    head = [title.lower() for title in table[0]]
    columns = Columns(head)
    for row in table[1:]:
        code = _code(row[1]) if len(row) == len(head) else None
        if code is None:
            continue
        figure, indicator = reference.of(code, period), world.indicators[code]
        for place, expected, percent in columns.figures(figure):
            _hold(outcome, period, f"{where}: {code} {head[place]}", row[place], expected, percent)
        for base, beside, change in columns.changes():
            _calculate(
                outcome, period, f"{where} row: {code} {head[change]}", indicator, row, (base, beside, change)
            )


def _code(label: str) -> str | None:
    found = _LABEL.search(label)
    return found.group(1) if found else None


def _hold(
    outcome: Outcome, period: Period, where: str, text: str, expected: object, percent: bool = False
) -> None:
    """Count a printed figure; an `expected` that the rules leave open is not held."""
    if expected is None or isinstance(expected, Fraction):
        said: object = expected if _says(text, expected, percent=percent) else text
        outcome.hold(period, where, said, expected)


class Columns:
    """Which column of a table says what."""

    def __init__(self, head: Sequence[str]) -> None:
        self.head = head
        changes = [place for place, title in enumerate(head) if title.startswith("+/-")]
        self.pairs = [(head.index(head[place].removeprefix("+/- ")), place) for place in changes]
        last = next(
            (n for n, title in enumerate(head) if title in ("year to date", "plan of the year", "of plan")),
            None,
        )
        self.value = (last if last is not None else min([*changes, len(head)])) - 1

    def beside(self, base: int) -> int:
        """The column of the value that goes with a base: beside it, one for all bases, or the value's."""
        title = self.head[base]
        for place, other in enumerate(self.head):
            if other.endswith(f"(beside {title})"):
                return place
        common = [place for place, other in enumerate(self.head) if other.endswith(", units compared")]
        return common[0] if common else self.value

    def compared(self, base: int, figure: Figure) -> Comparison:
        """The comparison that a base belongs to."""
        return figure.year_ago if self.head[base] == "year ago" else figure.previous

    def figures(self, figure: Figure) -> Iterator[tuple[int, object, bool]]:
        """Each column with what it should say, and whether that is a percentage."""
        yield self.value, figure.value, False
        for place, title in enumerate(self.head):
            if title == "year to date":
                yield place, figure.to_date, False
            elif title == "of plan":
                yield place, figure.plan.of_plan, True
        compared = {base: self.compared(base, figure) for base, _change in self.pairs}
        for base, change in self.pairs:
            yield base, compared[base].base, False
            yield change, compared[base].change, True
            # One column may go with both bases; then it says nothing only where there is neither.
            alike = [one for one in compared if self.beside(one) == self.beside(base)]
            alone = compared[base].value is None and any(compared[one].value is not None for one in alike)
            if self.beside(base) != self.value and not alone:
                yield self.beside(base), compared[base].value, False

    def changes(self) -> Iterator[tuple[int, int, int]]:
        """Base, value and change that stand together."""
        for base, change in self.pairs:
            yield base, self.beside(base), change


def _calculate(
    outcome: Outcome,
    period: Period,
    where: str,
    indicator: Indicator,
    row: Sequence[str],
    places: tuple[int, int, int],
) -> None:
    """The change by a pocket calculator: of two figures that are rounded it is known within bounds."""
    base, value, change = (_number(row[place]) for place in places)
    if change is None:
        return
    if base is None or value is None:
        outcome.hold(period, where, "a change without its figures", "none")
        return
    whole = base.denominator == value.denominator == 1 and indicator.type in ("count", "yes_no", "money")
    slack = (
        Fraction(0)
        if whole and "mean" not in (indicator.over_units, indicator.over_time)
        else Fraction(1, 200)
    )
    if indicator.type == "percent":
        good = abs(value - base - change) <= Fraction(1, 10) + Fraction(1, 20)
    else:
        low = (value - slack) / (base + slack) * 100 - 100
        high = (value + slack) / (base - slack) * 100 - 100 if base > slack else None
        good = low - Fraction(1, 20) <= change and (high is None or change <= high + Fraction(1, 20))
    outcome.hold(period, where, "adds up" if good else f"{row}", "adds up")


def _unit_table(world: World, reference: Reference, period: Period, table: Rows, outcome: Outcome) -> None:
    """Every unit's figures; columns that are added up come to their totals, kinds to the province."""
    head = table[0]
    units = {row.name: row.code for quarter in period.quarters for row in reference.on(quarter).values()}
    kinds = reference.kinds(period)
    for place, title in enumerate(head):
        code = _code(title)
        if code is None or code not in world.indicators:
            continue
        indicator, own = world.indicators[code], Fraction(0)
        alone = any(reference.stands(code, quarter) for quarter in period.quarters)
        for row in table[1:]:
            if len(row) != len(head) or not row[1]:
                continue
            text, name = row[place], row[1]
            if name in units:
                expected = reference.own_figure(code, units[name], period.quarters)
                if indicator.type == "yes_no" and text not in _NOTHING:
                    continue
                _hold(outcome, period, f"table unit: {units[name]} {code}", text, expected)
                own += _number(text) or 0
            elif name.startswith("Total: Loại ") and text and not alone:
                members = kinds[name.removeprefix("Total: Loại ")]
                _hold(
                    outcome,
                    period,
                    f"table kind: {name} {code}",
                    text,
                    reference.figure(code, members, period.quarters),
                )
            elif name == "Total" and text:
                _hold(outcome, period, f"table total: {code}", text, reference.total(code, period.quarters))
                added = (indicator.over_units, indicator.type) == ("sum", "count") and not alone
                if added and indicator.over_time != "mean":
                    outcome.hold(period, f"table sum: {code}", _number(text) or Fraction(0), own)


def _kind_table(world: World, reference: Reference, period: Period, table: Rows, outcome: Outcome) -> None:
    """The figures of each kind of units, and beside them the province's; what is added up comes to these."""
    head, kinds = table[0], reference.kinds(period)
    for row in table[1:]:
        code = _code(row[1])
        if code is None:
            continue
        alone = any(reference.stands(code, quarter) for quarter in period.quarters)
        own = Fraction(0)
        for title, text in zip(head, row, strict=True):
            kind = title.removeprefix("Loại ")
            if title == "Total":
                expected = reference.total(code, period.quarters)
                _hold(outcome, period, f"table by kind: {code} total", text, expected)
                one = world.indicators[code]
                if (one.over_units, one.type) == ("sum", "count") and one.over_time != "mean" and not alone:
                    outcome.hold(period, f"table by kind: {code} sum", _number(text) or Fraction(0), own)
            elif kind in kinds and not alone:
                expected = reference.figure(code, kinds[kind], period.quarters)
                _hold(outcome, period, f"table by kind: {code} {kind}", text, expected)
                own += _number(text) or 0


# ---- the report


def _report(world: World, root: Path, reference: Reference, period: Period, outcome: Outcome) -> None:
    """The sentences and the table by indicator of a report."""
    path = root.parent / f"report {period}.docx"
    sections = tomllib.loads((root / "form.toml").read_text(encoding="utf-8"))["sections"]
    asked = [f"sentences:{section['code']}" for section in sections]
    (root / "report.docx").write_bytes(tagged(*asked, "table:province"))
    done = run("-w", root, "--lang", "en", "report", period, "--out", path)
    if done.code == 2 and "nothing to report" in done.err:
        codes = world.indicators
        assert all(reference.of(code, period).value is None for code in codes)
        return
    assert done.code == 0, done.err
    body = docx.Document(str(path)).element.body
    for table in body.iter(f"{_W}tbl"):
        rows = [[_text(cell) for cell in row.iter(f"{_W}tc")] for row in table.iter(f"{_W}tr")]
        if rows[0][:2] == ["No.", "Content"]:
            _province_table(world, reference, period, rows, outcome, "report")
    said = " ".join(map(_text, body.iter(f"{_W}p"))).replace("\xa0", " ")
    for code in world.indicators:
        sentence = re.search(rf"\b{code.capitalize()}: (.*?)\.(?= |$)", said)
        if sentence:
            _sentence(world, reference, period, code, sentence.group(1), outcome)


def _text(element: object) -> str:
    words = (node.text or "" for node in element.iter(f"{_W}t"))  # type: ignore[attr-defined]
    return "".join(words).replace("\xa0", " ")


def _sentence(
    world: World, reference: Reference, period: Period, code: str, text: str, outcome: Outcome
) -> None:
    """A figure in words, how it changed, and over how many units that is."""
    figure = reference.of(code, period)
    if world.indicators[code].type != "yes_no":
        _hold(outcome, period, f"report sentence: {code} value", _first_number(text), figure.value)
    compared = figure.year_ago if len(code) % 2 == 0 else figure.previous
    change = re.search(r"(up|down) (?:by )?([\d.,]+)(?:%| percentage)", text)
    if change and compared.change is not None:
        expected = rounded(abs(compared.change) * 100, 1)
        outcome.hold(period, f"report sentence: {code} change", _number(change.group(2)), expected)
        direction = "up" if compared.change > 0 else "down"
        outcome.hold(period, f"report sentence: {code} direction", change.group(1), direction)
    elif change:
        outcome.hold(period, f"report sentence: {code} change", text, "no change")
    over = re.search(r"over the (\d+) of (\d+) units", text)
    if over:
        counts = [int(over.group(1)), int(over.group(2))]
        expected_counts = [compared.comparable, figure.units_asked]
        outcome.hold(period, f"report sentence: {code} units", counts, expected_counts)
    elif change:
        outcome.hold(period, f"report sentence: {code} covers", figure.value == compared.value, True)


def _first_number(text: str) -> str:
    found = re.search(r"[-+]?\d[\d,]*(?:\.\d+)?%?", text)
    return found.group() if found else ""


# ---- the merged workbook


def _merged(world: World, root: Path, reference: Reference, period: Period, outcome: Outcome) -> None:
    """The values stored in it, and its sums worked out from its own cells."""
    path = root.parent / f"merged {period}.xlsx"
    done = run("-w", root, "--lang", "en", "export", period, "--to", "xlsx", "--out", path)
    assert done.code == 0, done.err
    formulas, values = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    for sheet in values.worksheets:
        for row in formulas[sheet.title].iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    stored = sheet[cell.coordinate].value
                    worked_out = _worked_out(sheet, cell.value)
                    stored = worked_out if _close(stored, worked_out) else stored
                    outcome.hold(period, f"merged sum: {sheet.title} {cell.coordinate}", stored, worked_out)
    summary = values.worksheets[0]
    rows = [[cell.value for cell in row] for row in summary.iter_rows(min_row=3)]
    head = [str(title or "").lower() for title in rows[0]]
    columns = Columns([title for title in head if title and not title.endswith("all units")])
    for row in rows[1:]:
        code = _code(str(row[1] or ""))
        if code is None:
            continue
        figure = reference.of(code, period)
        expected: dict[int, object] = {place: number for place, number, _percent in columns.figures(figure)}
        if world.indicators[code].type == "percent":  # the sheet has these changes in points
            for _base, change in columns.pairs:
                points = expected[change]
                expected[change] = points * 100 if isinstance(points, Fraction) else points
        for title, compared in (("year ago", figure.year_ago), ("previous", figure.previous)):
            place = next(
                (n for n, one in enumerate(head) if one.startswith(title) and "all units" in one), None
            )
            if place is not None:
                expected[place] = compared.total
        for place, number in expected.items():
            if number is None or isinstance(number, Fraction):
                stored = row[place] if isinstance(row[place], int | float) else None
                outcome.hold(period, f"merged: {code} {head[place]}", stored, number)


def _close(stored: object, worked_out: Fraction) -> bool:
    """Whether a stored sum is that of the cells, which have 15 digits each."""
    return isinstance(stored, int | float) and abs(Fraction(stored) - worked_out) <= abs(worked_out) / 10**12


def _worked_out(sheet: Worksheet, formula: str) -> Fraction:
    """What sums, and counts of cells that hold a word, come to over the cells that they name."""
    total = Fraction(0)
    for name, inside in re.findall(r"(SUM|COUNTIF)\(([^)]*)\)", formula):
        parts = inside.split(",")
        word = parts.pop().strip('" ') if name == "COUNTIF" else ""
        cells = [cell.value for part in parts for row in _area(sheet, part) for cell in row]
        if name == "COUNTIF":
            total += sum(value == word for value in cells)
        else:
            total += sum(Fraction(str(value)) for value in cells if isinstance(value, int | float))
    return total


def _area(sheet: Worksheet, reference: str) -> Sequence[Sequence[object]]:
    found = sheet[reference]
    return found if isinstance(found, tuple) else ((found,),)
