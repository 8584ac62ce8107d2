"""The workbook beside a report: its figures, the cells that they rest on, what it was made with."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from reportctl.core.language import N_, _
from reportctl.core.table import Column, Kind, Row, Table
from reportctl.figures.figures import KIND_OF, PROVINCE
from reportctl.figures.sources import Source
from reportctl.figures.trace import BY
from reportctl.form.model import Form, Type
from reportctl.render.sheets import MOST_LINKS, line_of, to_file, to_line, workbook
from reportctl.report.evidence import PrintedFigure
from reportctl.status.status import STATE_NAMES
from reportctl.workspace.units import Unit

_LINKED = 6  # the column of the cells behind a figure
_FILE = 6  # the column of a source's file
_SAID_BY: Mapping[str, str] = {**BY, "report": N_("whole report"), "plan": N_("plan")}


def evidence_book(
    title: str,
    figures: Sequence[PrintedFigure],
    provenance: Table,
    form: Form,
    units: Mapping[str, Unit],
    path_to: Callable[[Source], str],
) -> bytes:
    """The .xlsx file: a row for each figure, each of its cells once, and the table `provenance`.

    `path_to` gives the path from the workbook's folder to where a source is kept; empty where nothing is.
    """
    sources = _in_order((source for figure in figures for source in figure.basis.sources), form, units)
    lines = {source: line_of(row) for row, source in enumerate(sources)}
    spans = [spans_of(lines[source] for source in figure.basis.sources) for figure in figures]
    first, second = _("Figures"), _("Source cells")
    inside = {
        (row, _LINKED): to_line(second, found[0][0])
        for row, found in enumerate(itertools.islice(spans, MOST_LINKS))
        if found
    }
    outside = dict(_file_links(sources, path_to))
    return workbook(
        (
            (first, _figures_table(title, figures, spans)),
            (second, _sources_table(sources, form, units)),
            (_("Basis"), provenance),
        ),
        {first: inside, second: outside},
    )


def spans_of(lines: Iterable[int]) -> list[tuple[int, int]]:
    """The unbroken runs of these numbers, first and last of each, in order."""
    spans: list[tuple[int, int]] = []
    for line in sorted(lines):
        if spans and line == spans[-1][1] + 1:
            spans[-1] = spans[-1][0], line
        else:
            spans.append((line, line))
    return spans


def _in_order(sources: Iterable[Source], form: Form, units: Mapping[str, Unit]) -> list[Source]:
    """Each source once: reports, figures in the form's order with their plan, lists; by period and unit."""
    codes = {code: place for place, code in enumerate(form.indicators)}
    lists = {section.code: len(codes) + place for place, section in enumerate(form.lists)}
    order = {unit: place for place, unit in enumerate(units)}

    def place(source: Source) -> tuple[object, ...]:
        indicator = lists[source.list_code] if source.list_code else codes.get(source.code, -1)
        unit = order.get(source.unit, len(order)), source.unit, source.number, source.file, source.sha256
        return indicator, source.code, source.by == "plan", source.period, *unit

    return sorted(set(sources), key=place)


def _file_links(
    sources: Sequence[Source], path_to: Callable[[Source], str]
) -> Iterator[tuple[tuple[int, int], str]]:
    """A link to where each source is kept; of very many only from the first of each file."""
    seen: set[str] = set()
    for row, source in enumerate(sources):
        if len(sources) <= MOST_LINKS or source.sha256 not in seen:
            seen.add(source.sha256)
            if path := path_to(source):
                yield (row, _FILE), to_file(path)


def _figures_table(
    title: str, figures: Sequence[PrintedFigure], spans: Sequence[Sequence[tuple[int, int]]]
) -> Table:
    columns = (
        Column("name", _("Tag"), Kind.TEXT, 1.4),
        Column("where", _("Where"), Kind.TEXT, 3.0),
        Column("printed", _("As printed"), Kind.TEXT, 1.6),
        Column("code", _("Code"), Kind.TEXT, 1.4),
        Column("periods", _("Period"), Kind.TEXT, 1.0),
        Column("count", _("Cells"), Kind.COUNT, 0.6),
        Column("lines", _("Lines in “Source cells”"), Kind.TEXT, 1.4),
    )
    rows = (
        Row(
            (
                figure.tag,
                figure.where,
                figure.printed,
                figure.code,
                ", ".join(figure.basis.periods),
                len(figure.basis.sources),
                ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in found),
            )
        )
        for figure, found in zip(figures, spans, strict=True)
    )
    notes = (
        _("Figures are in the order of the document. A change rests on the cells of both periods, a share on "
          "its numerators and denominators, a part of the plan on the year to date and the plan."),
    )  # fmt: skip
    return Table("evidence", title, columns, tuple(rows), notes)


def _sources_table(sources: Sequence[Source], form: Form, units: Mapping[str, Unit]) -> Table:
    columns = (
        Column("code", _("Code"), Kind.TEXT, 1.4),
        Column("indicator", _("Content"), Kind.TEXT, 3.0),
        Column("unit", _("Unit"), Kind.TEXT, 1.8),
        Column("period", _("Period"), Kind.TEXT, 0.8),
        Column("value", _("Value"), Kind.FIGURE),
        Column("raw", _("As typed"), Kind.TEXT),
        Column("file", _("File"), Kind.TEXT, 2.2),
        Column("sheet", _("Sheet"), Kind.TEXT, 0.9),
        Column("cell", _("Cell"), Kind.TEXT, 0.6),
        Column("received", _("Received"), Kind.DATE, 0.9),
        Column("by", _("From"), Kind.TEXT, 0.8),
        Column("sha256", "SHA-256", Kind.TEXT, 1.4),
    )
    items = {i.code: (str(i.name), i.type) for i in form.indicators.values()}
    items |= {f"{s.code}.{c.code}": (f"{s.name}: {c.name}", c.type) for s in form.lists for c in s.columns}
    names = {code: unit.name for code, unit in units.items()} | {PROVINCE: _("The province")}
    rows = []
    for source in sources:
        code = f"{source.list_code}.{source.code}" if source.list_code else source.code
        label, kind = items.get(code, ("", Type.TEXT))
        value = source.value
        if source.by == "report":
            label, value = _("Report: {state}").format(state=_(STATE_NAMES[str(value)])), ""
        cells = (
            code,
            label,
            names.get(source.unit, source.unit),
            source.period,
            value,
            source.raw,
            source.file,
            source.sheet,
            source.cell,
            source.received or "",
            _(_SAID_BY[source.by]),
            source.sha256,
        )
        yes_no = kind is Type.YES_NO and source.by != "plan" and source.unit != PROVINCE
        rows.append(Row(cells, kind=Kind.YES_NO if yes_no else KIND_OF[kind]))
    notes = (_("The links in the column of files lead to the originals as they were received."),)
    return Table("sources", _("Cells that the figures rest on"), columns, tuple(rows), notes)
