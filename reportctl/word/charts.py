"""Native charts for a Word document: the DrawingML chart part and the workbook its numbers can be edited in.

Word draws a chart from the caches in the chart part, never from the workbook, so both are filled. The
report is printed in black and white: series are told apart by shades of grey, patterns, dashes and markers.
"""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace

import xlsxwriter
from lxml import etree
from xlsxwriter.utility import xl_range_abs

from reportctl.word.blocks import clean
from reportctl.word.content import Chart, Series

_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PREFIXES = {"c": _C, "a": _A, "r": _R}

WORKBOOK_RELATION = "rId1"  # the chart part's only relationship: to its embedded workbook
_CREATED = dt.datetime(2000, 1, 1)
_SHEET = "Sheet1"
_FONT = "Times New Roman"
_MOST_LABELLED_POINTS = 24
_FILLS = ("404040", "BFBFBF", "wdUpDiag", "808080", "dkHorz", "FFFFFF")
_PATTERNS = frozenset({"wdUpDiag", "dkHorz"})  # the others are shades
_DASHES = ("solid", "dash", "sysDot", "dashDot", "lgDash", "sysDashDot")
_MARKERS = ("circle", "square", "triangle", "diamond", "x", "star")

Element = etree._Element


def chart_parts(chart: Chart) -> tuple[bytes, bytes]:
    """The chart part's XML and the .xlsx workbook it embeds; the XML calls it by `WORKBOOK_RELATION`."""
    chart = _cleaned(chart)
    return _chart_xml(chart), _workbook(chart)


def _cleaned(chart: Chart) -> Chart:
    series = tuple(replace(each, name=clean(each.name)) for each in chart.series)
    categories = tuple(clean(category) for category in chart.categories)
    return replace(chart, title=clean(chart.title), categories=categories, series=series)


def _workbook(chart: Chart) -> bytes:
    """Categories down column A, one column a series: what Word opens on "Edit data"."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"created": _CREATED})
        sheet = book.add_worksheet(_SHEET)
        sheet.set_column(0, 0, 24)
        number = book.add_format({"num_format": _number_format(chart)})
        for row, category in enumerate(chart.categories, 1):
            sheet.write_string(row, 0, category)
        for column, series in enumerate(chart.series, 1):
            sheet.write_string(0, column, series.name)
            for row, value in enumerate(series.values, 1):
                if value is not None:
                    sheet.write_number(row, column, value, number)
    return buffer.getvalue()


def _chart_xml(chart: Chart) -> bytes:
    root = etree.Element(f"{{{_C}}}chartSpace", nsmap=_PREFIXES)
    for name, value in (("date1904", "0"), ("lang", "vi-VN"), ("roundedCorners", "0")):
        _add(root, f"c:{name}", val=value)
    body = _add(root, "c:chart")
    if chart.title:
        title = _add(body, "c:title")
        _text(_add(title, "c:tx"), chart.title)
        _add(title, "c:overlay", val="0")
    _add(body, "c:autoTitleDeleted", val="0" if chart.title else "1")
    plot = _add(body, "c:plotArea")
    _add(plot, "c:layout")
    _plot(plot, chart)
    _axes(plot, chart)
    if len(chart.series) > 1:
        legend = _add(body, "c:legend")
        _add(legend, "c:legendPos", val="b")
        _add(legend, "c:overlay", val="0")
    _add(body, "c:plotVisOnly", val="1")
    _add(body, "c:dispBlanksAs", val="gap")
    frame = _add(root, "c:spPr")
    _add(frame, "a:noFill")
    _add(_add(frame, "a:ln"), "a:noFill")
    _font(_add(root, "c:txPr"), size=11)
    workbook = _add(root, "c:externalData")
    workbook.set(f"{{{_R}}}id", WORKBOOK_RELATION)
    _add(workbook, "c:autoUpdate", val="0")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _plot(parent: Element, chart: Chart) -> None:
    line = chart.shape == "line"
    plot = _add(parent, "c:lineChart" if line else "c:barChart")
    if not line:
        _add(plot, "c:barDir", val="bar" if chart.shape == "bar" else "col")
    _add(plot, "c:grouping", val="standard" if line else "clustered")
    _add(plot, "c:varyColors", val="0")
    for index, series in enumerate(chart.series):
        _series(plot, chart, index, series)
    if line:
        _add(plot, "c:marker", val="1")
    else:
        _add(plot, "c:gapWidth", val="80")
        _add(plot, "c:overlap", val="0")
    _add(plot, "c:axId", val="1")
    _add(plot, "c:axId", val="2")


def _series(plot: Element, chart: Chart, index: int, series: Series) -> None:
    line = chart.shape == "line"
    last = len(chart.categories)
    node = _add(plot, "c:ser")
    _add(node, "c:idx", val=str(index))
    _add(node, "c:order", val=str(index))
    _cache(_add(node, "c:tx"), _cells(0, index + 1), (series.name,))
    (_line_look if line else _bar_look)(node, index)
    if len(chart.categories) * len(chart.series) <= _MOST_LABELLED_POINTS:
        _labels(node, chart)
    _cache(_add(node, "c:cat"), _cells(1, 0, last), chart.categories)
    _cache(_add(node, "c:val"), _cells(1, index + 1, last), series.values, _number_format(chart))
    if line:
        _add(node, "c:smooth", val="0")


def _bar_look(series: Element, index: int) -> None:
    shape = _add(series, "c:spPr")
    fill = _FILLS[index % len(_FILLS)]
    if fill in _PATTERNS:
        pattern = _add(shape, "a:pattFill", prst=fill)
        _colour(_add(pattern, "a:fgClr"), "000000")
        _colour(_add(pattern, "a:bgClr"), "FFFFFF")
    else:
        _colour(_add(shape, "a:solidFill"), fill)
    _stroke(shape, "000000")
    _add(series, "c:invertIfNegative", val="0")


def _line_look(series: Element, index: int) -> None:
    shape = _add(series, "c:spPr")
    stroke = _stroke(shape, "000000", width=19050)
    _add(stroke, "a:prstDash", val=_DASHES[index % len(_DASHES)])
    marker = _add(series, "c:marker")
    _add(marker, "c:symbol", val=_MARKERS[index % len(_MARKERS)])
    _add(marker, "c:size", val="6")
    look = _add(marker, "c:spPr")
    _colour(_add(look, "a:solidFill"), "FFFFFF" if index % 2 else "000000")
    _stroke(look, "000000")


def _labels(series: Element, chart: Chart) -> None:
    labels = _add(series, "c:dLbls")
    _add(labels, "c:numFmt", formatCode=_number_format(chart), sourceLinked="0")
    _add(_add(labels, "c:spPr"), "a:noFill")
    _font(_add(labels, "c:txPr"), size=10)
    _add(labels, "c:dLblPos", val="t" if chart.shape == "line" else "outEnd")
    for name in ("LegendKey", "Val", "CatName", "SerName", "Percent", "BubbleSize"):
        _add(labels, f"c:show{name}", val="1" if name == "Val" else "0")


def _axes(plot: Element, chart: Chart) -> None:
    """The category axis (id 1) and the value axis (id 2); bars run from the top, as the table reads."""
    flat = chart.shape == "bar"
    names = _add(plot, "c:catAx")
    _axis(names, "1", "l" if flat else "b", "maxMin" if flat else "minMax")
    _add(names, "c:numFmt", formatCode="General", sourceLinked="0")
    _ticks(names, crosses="2", labels="low")  # below the plot where values are negative
    _add(names, "c:crosses", val="autoZero")
    _add(names, "c:auto", val="0")
    _add(names, "c:lblAlgn", val="ctr")
    _add(names, "c:lblOffset", val="100")
    if flat:
        _add(names, "c:tickLblSkip", val="1")  # every bar has its name
    _add(names, "c:noMultiLvlLbl", val="1")
    values = _add(plot, "c:valAx")
    _axis(values, "2", "b" if flat else "l", "minMax")
    if all(value is None or value >= 0 for series in chart.series for value in series.values):
        _add(_child(values, "c:scaling"), "c:min", val="0")  # a small change looks small
    _stroke(_add(_add(values, "c:majorGridlines"), "c:spPr"), "D9D9D9")
    _add(values, "c:numFmt", formatCode=_number_format(chart), sourceLinked="0")
    _ticks(values, crosses="1", labels="nextTo")
    _add(values, "c:crosses", val="max" if flat else "autoZero")
    _add(values, "c:crossBetween", val="between")


def _axis(axis: Element, number: str, position: str, direction: str) -> None:
    _add(axis, "c:axId", val=number)
    _add(_add(axis, "c:scaling"), "c:orientation", val=direction)
    _add(axis, "c:delete", val="0")
    _add(axis, "c:axPos", val=position)


def _ticks(axis: Element, crosses: str, labels: str) -> None:
    _add(axis, "c:majorTickMark", val="out")
    _add(axis, "c:minorTickMark", val="none")
    _add(axis, "c:tickLblPos", val=labels)
    _stroke(_add(axis, "c:spPr"), "000000")
    _add(axis, "c:crossAx", val=crosses)


def _cache(
    parent: Element, cells: str, values: tuple[str | float | None, ...], number_format: str = ""
) -> None:
    """A reference into the workbook with its values beside it: numbers where a number format is given."""
    reference = _add(parent, "c:numRef" if number_format else "c:strRef")
    _add(reference, "c:f").text = cells
    cache = _add(reference, "c:numCache" if number_format else "c:strCache")
    if number_format:
        _add(cache, "c:formatCode").text = number_format
    _add(cache, "c:ptCount", val=str(len(values)))
    for index, value in enumerate(values):
        if value is not None:
            _add(_add(cache, "c:pt", idx=str(index)), "c:v").text = f"{value}"


def _cells(row: int, column: int, last: int | None = None) -> str:
    """Cells of one column of the workbook, from `row` to `last`, as a formula refers to them."""
    return f"{_SHEET}!{xl_range_abs(row, column, row if last is None else last, column)}"


def _number_format(chart: Chart) -> str:
    """Digits grouped, one decimal where a value has decimals; Word shows its own locale's signs."""
    whole = all(value is None or float(value).is_integer() for row in chart.series for value in row.values)
    return "#,##0" if whole else "#,##0.0"


def _text(parent: Element, text: str) -> None:
    paragraph = _font(_add(parent, "c:rich"), size=12, bold=True)
    run = _add(paragraph, "a:r")
    _typeface(_add(run, "a:rPr", lang="vi-VN", sz="1200", b="1"))
    _add(run, "a:t").text = text


def _font(parent: Element, size: int, bold: bool = False) -> Element:
    """Text properties: body, list style and a paragraph, which is returned. `size` in points."""
    _add(parent, "a:bodyPr")
    _add(parent, "a:lstStyle")
    paragraph = _add(parent, "a:p")
    look = _add(_add(paragraph, "a:pPr"), "a:defRPr", lang="vi-VN", sz=str(size * 100), b=str(int(bold)))
    _colour(_add(look, "a:solidFill"), "000000")
    _typeface(look)
    return paragraph


def _typeface(look: Element) -> None:
    for script in ("latin", "ea", "cs"):
        _add(look, f"a:{script}", typeface=_FONT)


def _colour(parent: Element, value: str) -> None:
    _add(parent, "a:srgbClr", val=value)


def _stroke(shape: Element, colour: str, width: int = 9525) -> Element:
    stroke = _add(shape, "a:ln", w=str(width))
    _colour(_add(stroke, "a:solidFill"), colour)
    return stroke


def _child(parent: Element, name: str) -> Element:
    prefix, local = name.split(":")
    return next(parent.iterchildren(f"{{{_PREFIXES[prefix]}}}{local}"))


def _add(parent: Element, name: str, **attributes: str) -> Element:
    prefix, local = name.split(":")
    return etree.SubElement(parent, f"{{{_PREFIXES[prefix]}}}{local}", attributes)
