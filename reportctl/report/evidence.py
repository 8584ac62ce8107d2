"""The figures printed in a written report, in its order, each with the cells that it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from reportctl.core.table import CellFormat, Subject, Table
from reportctl.core.wording import cell_text, text_in
from reportctl.figures.figures import Figure
from reportctl.figures.of_unit import UnitFigures
from reportctl.figures.sources import FigureSources, Sources
from reportctl.form.model import KIND_OF
from reportctl.report.addressed import NAMES, UNIT_TABLE, Address, address
from reportctl.report.rankings import SLOTS as OF_UNITS
from reportctl.report.said import Said
from reportctl.report.sentences import sentences
from reportctl.report.write import WrittenReport
from reportctl.word.content import Chart, Content, Tag
from reportctl.word.fill import FillResult


@dataclass(frozen=True, slots=True)
class PrintedFigure:
    """One figure of the document: its tag, its place in a table, chart or section, its text as it is printed,
    the indicator's code, and the cells that it rests on."""

    tag: str
    where: str
    printed: str
    code: str
    basis: FigureSources


def printed_figures(written: WrittenReport, sources: Sources) -> Iterator[PrintedFigure]:
    """The figures of all controls that were filled, in the document's order.

    Cells without a number, and what units write in their own words, are no figures.
    """
    by_tag: dict[str, tuple[PrintedFigure, ...]] = {}
    for control in written.filled.controls:
        if control.result is FillResult.RENEWED:
            if control.tag not in by_tag:
                by_tag[control.tag] = tuple(_figures(control.tag, written, sources))
            yield from by_tag[control.tag]


def _figures(text: str, written: WrittenReport, sources: Sources) -> Iterator[PrintedFigure]:
    """The figures in the content of one tag."""
    unit = written.data.unit
    if unit and text == UNIT_TABLE:
        yield from _of_unit_table(written.contents[text], unit, sources)
        return
    if found := _addressed(text, written):
        yield from _of_address(text, found, written, sources)
        return
    tag, content, figures = Tag.parse(text), written.contents[text], written.data.summary.figures
    if isinstance(content, Table):
        for row in content.rows:
            if row.about is None:
                continue
            label = " ".join(str(cell) for cell in row.cells[:2] if cell not in (None, ""))
            for index, (value, column) in enumerate(zip(row.cells, content.columns, strict=True)):
                if isinstance(value, int | float):
                    code, basis = _of_cell(row.about, column.key, figures, sources)
                    printed = text_in(content, row, index)
                    yield PrintedFigure(text, f"{label} · {column.heading}", printed, code, basis)
    elif isinstance(content, Chart):
        for series in content.series:
            for at, value in enumerate(series.values):
                if value is None:
                    continue
                code = series.code or content.codes[at]
                indicator = figures[code].indicator
                if content.units:
                    basis = sources.of_units(code, "value", content.units[at])
                elif quarters := series.quarters or content.quarters:
                    basis = sources.of_quarter(indicator, quarters[at])
                else:
                    basis = sources.of_province(figures[code], series.key)
                kind = KIND_OF[indicator.type]
                # The axis of percentages is of hundreds.
                printed = cell_text(value / 100 if kind is CellFormat.PERCENT else value, kind)
                yield PrintedFigure(text, f"{content.categories[at]} · {series.name}", printed, code, basis)
    elif tag.kind == "sentences":
        of_all = [*written.data.form.sections]
        for section in [one for one in of_all if one.code == tag.name] or of_all:
            for sentence in sentences(section, written.data.summary, written.data.units):
                yield from _said(text, sentence.said, figures, sources)
    elif text in written.data.statements:
        for statement in written.data.statements[text]:
            yield from _said(text, statement.said, figures, sources)
    elif text in written.data.rankings:
        yield from _said(text, written.data.rankings[text].said, figures, sources)
    elif tag == Tag("", "lead") and isinstance(content, tuple):
        yield PrintedFigure(text, "", content[-1].text, "", sources.of_reports())
    elif isinstance(content, str) and not tag.kind and tag.name == "units":
        yield PrintedFigure(text, "", content, "", sources.of_reports())
    elif isinstance(content, str) and content and not tag.kind and tag.name in figures:
        figure = figures[tag.name]
        basis = sources.of_province(figure, tag.part or "value")
        yield PrintedFigure(text, str(figure.indicator.name), content, tag.name, basis)


def _of_unit_table(content: Content, unit: UnitFigures, sources: Sources) -> Iterator[PrintedFigure]:
    """The figures of the table of one unit."""
    if not isinstance(content, Table):
        return
    for row in content.rows:
        for index, (value, column) in enumerate(zip(row.cells, content.columns, strict=True)):
            if row.about is not None and isinstance(value, int | float):
                printed = text_in(content, row, index)
                basis = sources.of_unit(unit, row.about.code, column.key)
                where = f"{row.cells[1]} · {column.heading}"
                yield PrintedFigure(UNIT_TABLE, where, printed, row.about.code, basis)


def _addressed(text: str, written: WrittenReport) -> Address | None:
    """The figure of a unit or another period that a tag names; in a unit's document also its own."""
    data = written.data
    if data.elsewhere is None:
        return None
    found = address(text, data.form, data.elsewhere.session.roster)
    if data.unit is None:
        return found
    if found is None:
        tag = Tag.parse(text)
        own = not tag.kind and tag.name in data.unit.summary.figures and tag.part not in OF_UNITS
        found = Address(tag.name, tag.part) if own else None
    return replace(found, unit=found.unit or data.unit.unit.code) if found else None


def _of_address(
    text: str, asked: Address, written: WrittenReport, sources: Sources
) -> Iterator[PrintedFigure]:
    """The figure that an address names; none where it is a name, or says nothing."""
    content, elsewhere = written.contents[text], written.data.elsewhere
    if asked.part in NAMES or not content or not isinstance(content, str) or elsewhere is None:
        return
    period = asked.period or written.data.summary.period
    summary = elsewhere.of_period(period)
    then = sources if period == written.data.summary.period else sources.of_period(summary)
    figure = summary.figures[asked.code]
    own = elsewhere.of_unit(period, asked.unit) if asked.unit else None
    if own is not None:
        basis = then.of_unit(own, asked.code, asked.part or "value")
    else:
        basis = then.of_province(figure, asked.part or "value")
    where = str(figure.indicator.name) + (f" · {own.unit.name}" if own else "")
    yield PrintedFigure(text, where, content, asked.code, basis)


def _said(
    text: str, said: Iterable[Said], figures: Mapping[str, Figure], sources: Sources
) -> Iterator[PrintedFigure]:
    """The figures of the program's own words, with the names and codes of all that make each."""
    for one in said:
        found = [
            sources.of_units(part.code, part.key, part.units)
            if part.units
            else sources.of_province(figures[part.code], part.key)
            for part in one.parts
        ]
        codes = dict.fromkeys(part.code for part in one.parts)
        names = [str(figures[code].indicator.name) for code in codes]
        basis = FigureSources(
            tuple(dict.fromkeys(period for each in found for period in each.periods)),
            tuple(dict.fromkeys(cell for each in found for cell in each.sources)),
        )
        yield PrintedFigure(text, "; ".join(names), one.words, ", ".join(codes), basis)


def _of_cell(
    about: Subject, column: str, figures: Mapping[str, Figure], sources: Sources
) -> tuple[str, FigureSources]:
    """The code of the figure in a table's cell, and what it rests on; `column` is its column's key."""
    if about.quarter:
        basis = sources.of_list(about.code, column, about.quarter, about.units[0], about.number)
        return f"{about.code}.{column}", basis
    if not about.code:  # the column is an indicator, or what it is of the plan
        tag = Tag.parse(column)
        if not about.units:
            return tag.name, sources.of_province(figures[tag.name], tag.part or "value")
        return tag.name, sources.of_units(tag.name, tag.part or "value", about.units)
    if any(listed.code == about.code for listed in sources.form.lists):
        return f"{about.code}.{column}", sources.of_list_sum(about.code, column)
    if about.code not in figures:  # a row of a form's table, the column is one of the table's
        name, _dot, key = column.partition(".")
        code = f"{about.code}.{name}"
        return code, sources.of_province(figures[code], key or "value")
    if about.units:
        return about.code, sources.of_units(about.code, column, about.units)
    return about.code, sources.of_province(figures[about.code], column)
