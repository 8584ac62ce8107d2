"""The figures that stand in a written report, in its order, each with what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reportctl.core.table import CellFormat, Row, Table
from reportctl.core.wording import cell_text
from reportctl.figures.figures import Figure
from reportctl.figures.sources import FigureSources, Sources
from reportctl.form.model import KIND_OF
from reportctl.report.contents import ReportData
from reportctl.report.sentences import figures_said
from reportctl.word.content import Chart, Content
from reportctl.word.fill import FilledDocument, FillResult


@dataclass(frozen=True, slots=True)
class PrintedFigure:
    """One figure of the document: its tag, where it stands in a table, chart or section, how it is printed,
    the indicator's code, and what it rests on."""

    tag: str
    where: str
    printed: str
    code: str
    basis: FigureSources


def printed_figures(
    filled: FilledDocument, said: Mapping[str, Content], material: ReportData, sources: Sources
) -> Iterator[PrintedFigure]:
    """The figures of all controls that were filled, in the document's order.

    Cells without a number, and what units write in their own words, are no figures.
    """
    reader = _Reader(material, sources)
    made: dict[str, tuple[PrintedFigure, ...]] = {}
    for control in filled.controls:
        if control.fate is FillResult.RENEWED:
            if control.tag not in made:
                made[control.tag] = tuple(reader.figures(control.tag, said[control.tag]))
            yield from made[control.tag]


@dataclass(frozen=True, slots=True)
class _Reader:
    """Finds the figures in what is said under one tag."""

    material: ReportData
    sources: Sources

    def figures(self, tag: str, content: Content) -> Iterator[PrintedFigure]:
        name, _colon, section = tag.partition(":")
        code, _dot, key = tag.partition(".")
        if isinstance(content, Table):
            for row in content.rows:
                yield from self._of_row(tag, content, row)
        elif isinstance(content, Chart):
            yield from self._of_chart(tag, content)
        elif name == "sentences":
            yield from self._of_sentences(tag, section)
        elif tag == "lead" and isinstance(content, tuple):
            yield PrintedFigure(tag, "", content[-1].text, "", self.sources.of_reports())
        elif code == "units" and isinstance(content, str):
            yield PrintedFigure(tag, "", content, "", self.sources.of_reports())
        elif code in self.material.summary.figures and isinstance(content, str) and content:
            figure = self.material.summary.figures[code]
            basis = self.sources.of_province(figure, key or "value")
            yield PrintedFigure(tag, str(figure.indicator.name), content, code, basis)

    def _of_row(self, tag: str, table: Table, row: Row) -> Iterator[PrintedFigure]:
        if row.about is None:
            return
        label = " ".join(str(cell) for cell in row.cells[:2] if cell not in (None, ""))
        for index, (value, column) in enumerate(zip(row.cells, table.columns, strict=True)):
            if isinstance(value, int | float):
                code, basis = self._of_cell(row, column.key)
                printed = cell_text(value, table.kind_of(row, index))
                yield PrintedFigure(tag, f"{label} · {column.title}", printed, code, basis)

    def _of_cell(self, row: Row, column: str) -> tuple[str, FigureSources]:
        """The code of what a cell says, and what it rests on."""
        about = row.about
        if about is None:
            return "", FigureSources((), ())
        if about.quarter:
            basis = self.sources.of_list(about.code, column, about.quarter, about.units[0], about.number)
            return f"{about.code}.{column}", basis
        if not about.code:
            code, _dot, key = column.partition(".")
            return code, self.sources.of_units(code, key or "value", about.units)
        if about.units:
            return about.code, self.sources.of_units(about.code, column, about.units)
        return about.code, self.sources.of_province(self.material.summary.figures[about.code], column)

    def _of_chart(self, tag: str, chart: Chart) -> Iterator[PrintedFigure]:
        for series in chart.series:
            for place, value in enumerate(series.values):
                if value is not None:
                    code = series.code or chart.codes[place]
                    figure = self.material.summary.figures[code]
                    kind = KIND_OF[figure.indicator.type]
                    of_hundred = kind is CellFormat.PERCENT  # as its axis is
                    yield PrintedFigure(
                        tag,
                        f"{chart.categories[place]} · {series.name}",
                        cell_text(value / 100 if of_hundred else value, kind),
                        code,
                        self._of_point(chart, place, figure, series.key),
                    )

    def _of_point(self, chart: Chart, place: int, figure: Figure, key: str) -> FigureSources:
        """What a bar or a point of a line rests on."""
        if chart.units:
            return self.sources.of_units(figure.indicator.code, "value", chart.units[place])
        if chart.quarters:
            return self.sources.of_quarter(figure.indicator, chart.quarters[place])
        return self.sources.of_province(figure, key)

    def _of_sentences(self, tag: str, section: str) -> Iterator[PrintedFigure]:
        summary = self.material.summary
        for each in self.material.form.sections:
            if each.code != section:
                continue
            for code, slot, words in figures_said(each, summary):
                figure = summary.figures[code]
                basis = self.sources.of_province(figure, slot)
                yield PrintedFigure(tag, str(figure.indicator.name), words, code, basis)
