"""The figures printed in a written report, in its order, each with the cells that it rests on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from reportctl.core.language import _
from reportctl.core.period import parse_period
from reportctl.core.table import CellFormat, Role, Subject, Table
from reportctl.core.wording import cell_text, is_absent, text_in
from reportctl.figures.figures import Figure
from reportctl.figures.of_unit import UnitFigures
from reportctl.figures.sources import ROWS, FigureSources, Sources
from reportctl.form.indicators import KIND_OF
from reportctl.report import text_groups
from reportctl.report.addressed import NAMES, UNIT_TABLE, Address, address
from reportctl.report.list_figures import list_tags, sources_of
from reportctl.report.rankings import SLOTS as OF_UNITS
from reportctl.report.said import Said
from reportctl.report.sentences import sentences
from reportctl.report.text_groups import Bullet
from reportctl.report.write import WrittenReport
from reportctl.word.blocks import excerpt
from reportctl.word.content import Chart, Content, Tag
from reportctl.word.fill import FillResult
from reportctl.word.places import Place, by_tag, places
from reportctl.word.regions import is_running_number


@dataclass(frozen=True, slots=True)
class PrintedFigure:
    """One figure of the document: its tag, its place in a table, chart or section, its text as it is printed,
    the indicator's code, the cells that it rests on, and where it stands on paper (“Bảng 3, dòng 2”)."""

    tag: str
    where: str
    printed: str
    code: str
    basis: FigureSources
    place: str = ""


_FILLED = (FillResult.RENEWED, FillResult.MENDED, FillResult.KEPT)


def printed_figures(written: WrittenReport, sources: Sources) -> Iterator[PrintedFigure]:
    """The figures of all controls that were filled, in the document's order; of texts that people have edited
    those that they still say.

    Cells without a number, and those that units write in their own words, are no figures; sums, ranges and
    numbers of units that are made from their words are.
    """
    figures_of: dict[str, tuple[PrintedFigure, ...]] = {}
    standing = by_tag(places(written.filled.document, written.contents))
    for control in written.filled.controls:
        place = next(standing.get(control.tag, iter(())), None)
        if place is None or control.result not in _FILLED or is_running_number(control.tag):
            continue
        if control.tag not in figures_of:
            figures_of[control.tag] = tuple(_figures(control.tag, written, sources))
        if isinstance(written.contents[control.tag], Table | Chart):
            if control.result is FillResult.RENEWED:
                yield from (_in_drawn(figure, place) for figure in figures_of[control.tag])
        else:
            edited = control.result is not FillResult.RENEWED
            yield from _in_text(figures_of[control.tag], place, edited=edited)


def _in_drawn(figure: PrintedFigure, place: Place) -> PrintedFigure:
    """A figure of a table or chart, whose row its place says already."""
    where = [place.annex, place.caption] if place.caption else [_section(place), _("table or chart")]
    return replace(figure, place=", ".join(filter(None, (*where, figure.place))))


def _in_text(figures: Iterable[PrintedFigure], place: Place, *, edited: bool) -> Iterator[PrintedFigure]:
    """The figures of a text, each in its paragraph; of one that was `edited` those that are found in it."""
    lines = [(number, _plain(words)) for number, words in place.lines]
    at = begun = 0  # the line, and where in it to look for the next figure
    for figure in figures:
        wanted = re.compile(rf"(?<![\d])(?<!\d[.,]){re.escape(_plain(figure.printed))}(?!\d|[.,]\d)")
        for line in range(at, len(lines)):
            if found := wanted.search(lines[line][1], begun if line == at else 0):
                at, begun = line, found.end()
                break
        else:
            if edited:
                continue
        number = lines[at][0] if lines else 0
        yield replace(figure, place=_paragraph(place, number))


def _plain(words: str) -> str:
    return words.replace("\u00a0", " ")


def _paragraph(place: Place, number: int) -> str:
    """A paragraph as a reader finds it: “Mục II.1, đoạn 2”."""
    if place.aside:
        return _("header, footer or note")
    stands = [_section(place)]
    if place.row:
        if place.caption:
            stands = [place.annex, place.caption]
        else:
            stands.append(_("table"))
        stands.append(_("row {number}").format(number=place.row))
    elif number:
        stands.append(_("paragraph {number}").format(number=number))
    return ", ".join(filter(None, stands))


def _section(place: Place) -> str:
    """The section, by the numbers of its headings, else by the words of the last; the annex before it."""
    if place.headings:
        numbers = [heading.number for heading in place.headings]
        if all(numbers):
            whole = numbers[0]
            for number in numbers[1:]:
                whole = number if number.startswith(f"{whole}.") else f"{whole}.{number}"
            section = _("Section {number}").format(number=whole)
        else:
            section = _("Section “{words}”").format(words=excerpt(place.headings[-1].words))
        return f"{place.annex}, {section}" if place.annex else section
    return place.annex or _("Beginning")


def _row_names(table: Table) -> list[str]:
    """What each row of a table is called on paper: by the number that is printed in it, below one that has
    its section's; one without a number by its words, or else by its place below the head."""
    numbered = table.columns[0].key == "number"
    names: list[str] = []
    section = ""
    for row in table.rows:
        # Parts that do not come to their whole have a dash in place of a number.
        first = text_in(table, row, 0) if numbered and row.cells[0] not in (None, "", "-") else ""
        if row.role is Role.SECTION:
            section = first
        names.append(f"{section}.{first}" if section and first and row.role is not Role.SECTION else first)
    labels = [
        str(row.cells[1]) if numbered and len(row.cells) > 1 and isinstance(row.cells[1], str) else ""
        for row in table.rows
    ]
    said = Counter(names)
    once = Counter(label for name, label in zip(names, labels, strict=True) if said[name] > 1 or not name)
    found = []
    for at, (name, label) in enumerate(zip(names, labels, strict=True), 1):
        if name and said[name] == 1:
            found.append(_("row {number}").format(number=name))
        elif label and once[label] == 1:
            found.append(_("row “{words}”").format(words=excerpt(label)))
        elif numbered:
            found.append(_("row no. {number} from the top").format(number=at))
        else:
            found.append(_("row {number}").format(number=at))
    return found


def _figures(text: str, written: WrittenReport, sources: Sources) -> Iterator[PrintedFigure]:
    """The figures in the content of one tag; the place of those in a table is their row."""
    unit = written.data.unit
    if unit and text == UNIT_TABLE:
        yield from _of_unit_table(written.contents[text], unit, sources)
        return
    if found := _addressed(text, written):
        yield from _of_address(text, found, written, sources)
        return
    tag, content, figures = Tag.parse(text), written.contents[text], written.data.summary.figures
    if isinstance(content, Table):
        for row, place in zip(content.rows, _row_names(content), strict=True):
            if row.about is None:
                continue
            label = " ".join(str(cell) for cell in row.cells[:2] if cell not in (None, ""))
            for index, (value, column) in enumerate(zip(row.cells, content.columns, strict=True)):
                if isinstance(value, int | float):
                    code, basis = _of_cell(row.about, column.key, figures, sources)
                    printed = text_in(content, row, index)
                    yield PrintedFigure(text, f"{label} · {column.heading}", printed, code, basis, place)
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
        own = [one for one in of_all if one.code == tag.name]
        for section in own or of_all:
            for sentence in sentences(section, written.data.summary, written.data.units, rank=bool(own)):
                yield from _said(text, sentence.said, figures, sources)
    elif text in written.data.statements:
        for statement in written.data.statements[text]:
            yield from _said(text, statement.said, figures, sources)
    elif text in written.data.rankings:
        yield from _said(text, written.data.rankings[text].said, figures, sources)
    elif tag.kind == "text" and tag.name in written.data.groups:
        yield from _from_texts(text, tag.name, written, sources)
    elif tag.kind == "annex":
        for question in written.data.form.texts:
            if tag.name in ("texts", f"text:{question.code}"):
                yield from _from_annex(text, question.code, written, sources)
    elif tag == Tag("", "lead") and isinstance(content, tuple):
        yield PrintedFigure(text, "", content[-1].text, "", sources.of_reports())
    elif isinstance(content, str) and not tag.kind and tag.name == "units":
        yield PrintedFigure(text, "", content, "", sources.of_reports())
    elif isinstance(content, str) and _is_said(content) and (one := list_tags(written.data.form).get(text)):
        (listed,) = (each for each in written.data.lists if each.section is one.section)
        yield PrintedFigure(text, one.name, content, text, sources_of(one, listed, sources))
    elif isinstance(content, str) and _is_said(content) and not tag.kind and tag.name in figures:
        figure = figures[tag.name]
        basis = sources.of_province(figure, tag.part or "value")
        yield PrintedFigure(text, str(figure.indicator.name), content, tag.name, basis)


def _from_texts(text: str, code: str, written: WrittenReport, sources: Sources) -> Iterator[PrintedFigure]:
    """The figures that were made from the answers to the question `code`; none where these stand as they
    came."""
    data = written.data
    if data.settings.report.texts != "body":
        bullets = text_groups.bullets(data.groups[code], data.units, data.settings)
        yield from _in_bullets(text, code, bullets, written, sources)


def _from_annex(text: str, code: str, written: WrittenReport, sources: Sources) -> Iterator[PrintedFigure]:
    """Likewise in the annex of texts, where it has them in groups."""
    data = written.data
    if data.settings.report.texts == "annex" and data.is_short:
        bullets = text_groups.in_full(data.all_groups[code], data.units, data.settings)
        yield from _in_bullets(text, code, bullets, written, sources)


def _in_bullets(
    text: str, code: str, bullets: Iterable[Bullet], written: WrittenReport, sources: Sources
) -> Iterator[PrintedFigure]:
    (name,) = (str(question.name) for question in written.data.form.texts if question.code == code)
    for bullet in bullets:
        for figure in bullet.figures:
            of = ((one.unit, one.quarter, one.line, one.figures) for one in figure.of)
            yield PrintedFigure(text, name, figure.words, code, sources.of_texts(code, of))


def _is_said(text: str) -> bool:
    """Whether a text says a figure, and not that there is none."""
    return bool(text) and not is_absent(text)


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
    if asked.part in NAMES or not isinstance(content, str) or not _is_said(content) or elsewhere is None:
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
        if column.startswith(ROWS):
            period = parse_period(column.removeprefix(ROWS))
            return about.code, sources.of_list_rows(about.code, period, about.units)
        return f"{about.code}.{column}", sources.of_list_sum(about.code, column, about.units)
    if about.code not in figures:  # a row of a form's table, the column is one of the table's
        name, _dot, key = column.partition(".")
        code = f"{about.code}.{name}"
        return code, sources.of_province(figures[code], key or "value")
    if about.units:
        return about.code, sources.of_units(about.code, column, about.units)
    return about.code, sources.of_province(figures[about.code], column)
