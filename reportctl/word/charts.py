"""Native charts for a Word document: the DrawingML chart part and the workbook its numbers can be edited in.

Word draws a chart from the caches in the chart part, never from the workbook, so both are filled. The
report is printed in black and white: series are told apart by shades of grey, patterns, dashes and markers.
"""

from __future__ import annotations

import copy
import datetime as dt
import io
from dataclasses import replace

import xlsxwriter
from lxml import etree
from xlsxwriter.utility import xl_range_abs

from reportctl.core.language import current_language
from reportctl.core.wording import decimals_of, exact, number, rounded
from reportctl.word.blocks import clean
from reportctl.word.content import Chart

_PREFIXES = {
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}

WORKBOOK_RELATION = "rId1"  # the chart part's only relationship: to its embedded workbook
_CREATED = dt.datetime(2000, 1, 1)
_SHEET = "Sheet1"
_FONT = "Times New Roman"
_MOST_LABELLED_POINTS = 24
# By how many decimals there are. In Vietnamese the dots between thousands are written out, so that they stand
# whatever language Word is in; a decimal comma cannot be, and is of the language named where that is heeded:
# so labels with decimals are written out, and the axis has whole numbers.
_FORMATS = {
    False: ("#,##0", "#,##0.0", "#,##0.00", "#,##0.000"),
    True: (
        r"[>=1000000]0\.000\.000;[>=1000]0\.000;0",
        *("[$-42A]#,##0.0", "[$-42A]#,##0.00", "[$-42A]#,##0.000"),
    ),
}
_FILLS = ("404040", "BFBFBF", "wdUpDiag", "808080", "dkHorz", "FFFFFF")
_PATTERNS = frozenset({"wdUpDiag", "dkHorz"})  # the others are shades
_LEAST_SPREAD = 3  # of the values, for an axis of whole numbers
_DASHES = ("solid", "dash", "sysDot", "dashDot", "lgDash", "sysDashDot")
_MARKERS = ("circle", "square", "triangle", "diamond", "x", "star")

Element = etree._Element


def chart_parts(chart: Chart) -> tuple[bytes, bytes]:
    """The chart part's XML and the .xlsx workbook it embeds; the XML calls it by `WORKBOOK_RELATION`."""
    chart = replace(
        chart,
        title=clean(chart.title),
        categories=tuple(map(clean, chart.categories)),
        series=tuple(
            replace(each, name=clean(each.name), values=tuple(map(_printed, each.values)))
            for each in chart.series
        ),
    )
    values = [exact(value) for series in chart.series for value in series.values if value is not None]
    needed = max((max(0, -int(value.normalize().as_tuple().exponent)) for value in values), default=0)
    formats = _FORMATS[current_language() == "vi"]
    said = needed > 0 and current_language() == "vi"
    return _chart_xml(chart, formats[needed], said=said), _workbook(chart, formats[needed])


def _printed(value: float | None) -> float | None:
    """The value as a table prints it."""
    if value is None:
        return None
    printed = rounded(exact(value), decimals_of(value))
    return int(printed) if printed == printed.to_integral_value() else float(printed)


def _workbook(chart: Chart, number_format: str) -> bytes:
    """Categories down column A, one column a series: what Word opens on "Edit data"."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"created": _CREATED})
        sheet = book.add_worksheet(_SHEET)
        sheet.set_column(0, 0, 24)
        look = book.add_format({"num_format": number_format})
        for row, category in enumerate(chart.categories, 1):
            sheet.write_string(row, 0, category)
        for column, series in enumerate(chart.series, 1):
            sheet.write_string(0, column, series.name)
            for row, value in enumerate(series.values, 1):
                if value is not None:
                    sheet.write_number(row, column, value, look)
    return buffer.getvalue()


def _chart_xml(chart: Chart, number_format: str, *, said: bool) -> bytes:
    """The chart's XML; `said`: its labels are written out."""
    title, legend = [], []
    if chart.title:
        look = _el("a:rPr", *_typefaces(), lang="vi-VN", sz="1200", b="1")
        words = _text("c:rich", 12, _el("a:r", look, _el("a:t", text=chart.title)), bold=True)
        title = [_el("c:title", _el("c:tx", words), *_values(overlay="0"))]
    if len(chart.series) > 1:
        legend = [_el("c:legend", *_values(legendPos="b", overlay="0"))]
    series = [_series(chart, index, number_format, said=said) for index in range(len(chart.series))]
    if chart.shape == "line":
        kind, before, after = "c:lineChart", _values(grouping="standard", varyColors="0"), _values(marker="1")
    else:
        direction = "bar" if chart.shape == "bar" else "col"
        before = _values(barDir=direction, grouping="clustered", varyColors="0")
        kind, after = "c:barChart", _values(gapWidth="80", overlap="0")
    plot = _el(kind, *before, *series, *after, *_values(axId="1"), *_values(axId="2"))
    root = _el(
        "c:chartSpace",
        *_values(date1904="0", lang="vi-VN", roundedCorners="0"),
        _el(
            "c:chart",
            *title,
            *_values(autoTitleDeleted="0" if chart.title else "1"),
            _el("c:plotArea", _el("c:layout"), plot, *_axes(chart, number_format, said=said)),
            *legend,
            *_values(plotVisOnly="1", dispBlanksAs="gap"),
        ),
        _el("c:spPr", _el("a:noFill"), _el("a:ln", _el("a:noFill"))),
        _text("c:txPr", 11),
    )
    workbook = _el("c:externalData", *_values(autoUpdate="0"))
    workbook.set(f"{{{_PREFIXES['r']}}}id", WORKBOOK_RELATION)
    root.append(workbook)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _series(chart: Chart, index: int, number_format: str, *, said: bool) -> Element:
    """A row of bars, or a line, with its values beside them where there are not too many."""
    series, line = chart.series[index], chart.shape == "line"
    if line:
        dash = _el("a:prstDash", val=_DASHES[index % len(_DASHES)])
        filling = _el("a:solidFill", _colour("808080" if index % 2 else "000000"))
        symbol = _values(symbol=_MARKERS[index % len(_MARKERS)], size="6")
        marker = _el("c:marker", *symbol, _el("c:spPr", filling, _stroke("000000")))
        empty = _el("c:spPr", _el("a:solidFill", _colour("FFFFFF")), _stroke("000000"))
        hollow = [
            _el("c:dPt", *_values(idx=str(at)), _el("c:marker", *copy.deepcopy(symbol), copy.deepcopy(empty)))
            for at in series.hollow
        ]
        look = [_el("c:spPr", _stroke("000000", dash, width=19050)), marker, *hollow]
    else:
        fill = _FILLS[index % len(_FILLS)]
        if fill in _PATTERNS:
            colours = _el("a:fgClr", _colour("000000")), _el("a:bgClr", _colour("FFFFFF"))
            filling = _el("a:pattFill", *colours, prst=fill)
        else:
            filling = _el("a:solidFill", _colour(fill))
        look = [_el("c:spPr", filling, _stroke("000000")), *_values(invertIfNegative="0")]
    if _labelled(chart):
        shown = (
            *_values(dLblPos="t" if line else "outEnd", showLegendKey="0", showVal="1", showCatName="0"),
            *_values(showSerName="0", showPercent="0", showBubbleSize="0"),
        )
        own = [
            _el("c:dLbl", *_values(idx=str(at)), _written_out(value), *copy.deepcopy(shown))
            for at, value in enumerate(series.values)
            if said and value is not None
        ]
        labels = _el(
            "c:dLbls",
            *own,
            _el("c:numFmt", formatCode=number_format, sourceLinked="0"),
            _el("c:spPr", _el("a:noFill")),
            _text("c:txPr", 10),
            *shown,
        )
        look.append(labels)
    return _el(
        "c:ser",
        *_values(idx=str(index), order=str(index)),
        _el("c:tx", _reference(0, index + 1, (series.name,))),
        *look,
        _el("c:cat", _reference(1, 0, chart.categories)),
        _el("c:val", _reference(1, index + 1, series.values, number_format)),
        *(_values(smooth="0") if line else []),
    )


def _labelled(chart: Chart) -> bool:
    """Whether there is room for its values beside its points."""
    return len(chart.categories) * len(chart.series) <= _MOST_LABELLED_POINTS


def _written_out(value: float) -> Element:
    """A label's text as words, which are the same in every program; an edited value has to be typed there."""
    look = _el("a:rPr", *_typefaces(), lang="vi-VN", sz="1000")
    return _el("c:tx", _text("c:rich", 10, _el("a:r", look, _el("a:t", text=number(exact(value))))))


def _step(chart: Chart) -> int:
    """The distance of the value axis' lines, a whole number: 1, 2 or 5 with zeros, for at most ten of them;
    0 where whole numbers are too far apart to say anything."""
    values = [value for series in chart.series for value in series.values if value is not None]
    spread = max([*values, 0]) - min([*values, 0])
    steps = (digit * 10**power for power in range(18) for digit in (1, 2, 5))
    return next(step for step in steps if spread / step <= 10) if spread >= _LEAST_SPREAD else 0


def _axes(chart: Chart, number_format: str, *, said: bool) -> tuple[Element, Element]:
    """The category axis (id 1) and the value axis (id 2); bars run from the top, as the table reads. `said`:
    the labels are written out, so the value axis has whole numbers, or is left out where they tell it all."""
    step = _step(chart) if said else 0
    number_format = _FORMATS[True][0] if step else number_format
    hidden = said and not step and _labelled(chart)
    flat = chart.shape == "bar"
    ticks = {"majorTickMark": "out", "minorTickMark": "none"}
    names = _el(
        "c:catAx",
        *_values(axId="1"),
        _el("c:scaling", *_values(orientation="maxMin" if flat else "minMax")),
        *_values(delete="0", axPos="l" if flat else "b"),
        _el("c:numFmt", formatCode="General", sourceLinked="0"),
        *_values(**ticks, tickLblPos="low"),  # below the plot where values are negative
        _el("c:spPr", _stroke("000000")),
        *_values(crossAx="2", crosses="autoZero", auto="0", lblAlgn="ctr", lblOffset="100"),
        *(_values(tickLblSkip="1") if flat else []),  # every bar has its name
        *_values(noMultiLvlLbl="1"),
    )
    positive = all(value is None or value >= 0 for series in chart.series for value in series.values)
    least = {"min": "0"} if positive else {}  # a small change looks small
    values = _el(
        "c:valAx",
        *_values(axId="2"),
        _el("c:scaling", *_values(orientation="minMax", **least)),
        *_values(delete=str(int(hidden)), axPos="b" if flat else "l"),
        _el("c:majorGridlines", _el("c:spPr", _stroke("D9D9D9"))),
        _el("c:numFmt", formatCode=number_format, sourceLinked="0"),
        *_values(**ticks, tickLblPos="nextTo"),
        _el("c:spPr", _stroke("000000")),
        *_values(crossAx="1", crosses="max" if flat else "autoZero", crossBetween="between"),
        *(_values(majorUnit=str(step)) if step else []),
    )
    return names, values


def _reference(
    row: int, column: int, values: tuple[str | float | None, ...], number_format: str = ""
) -> Element:
    """A reference to a column of the workbook's cells from `row` down, with their `values` beside it: numbers
    where a number format is given."""
    kind = "num" if number_format else "str"
    cells = f"{_SHEET}!{xl_range_abs(row, column, row + len(values) - 1, column)}"
    points = (
        _el("c:pt", _el("c:v", text=f"{value}"), idx=str(index))
        for index, value in enumerate(values)
        if value is not None
    )
    cache = _el(
        f"c:{kind}Cache",
        *([_el("c:formatCode", text=number_format)] if number_format else []),
        *_values(ptCount=str(len(values))),
        *points,
    )
    return _el(f"c:{kind}Ref", _el("c:f", text=cells), cache)


def _text(name: str, size: int, *runs: Element, bold: bool = False) -> Element:
    """Text in `size` points under the element `name`: one paragraph of `runs`."""
    colour = _el("a:solidFill", _colour("000000"))
    look = _el("a:defRPr", colour, *_typefaces(), lang="vi-VN", sz=str(size * 100), b=str(int(bold)))
    return _el(name, _el("a:bodyPr"), _el("a:lstStyle"), _el("a:p", _el("a:pPr", look), *runs))


def _typefaces() -> tuple[Element, ...]:
    return tuple(_el(f"a:{script}", typeface=_FONT) for script in ("latin", "ea", "cs"))


def _colour(value: str) -> Element:
    return _el("a:srgbClr", val=value)


def _stroke(colour: str, *more: Element, width: int = 9525) -> Element:
    """A line of this colour; `width` in English metric units, 12,700 to a point."""
    return _el("a:ln", _el("a:solidFill", _colour(colour)), *more, w=str(width))


def _values(**values: str) -> list[Element]:
    """Elements of the chart's own namespace, each with one value (`val`), in this order."""
    return [_el(f"c:{name}", val=value) for name, value in values.items()]


def _el(name: str, *children: Element, text: str | None = None, **attributes: str) -> Element:
    """An element called `prefix:name`."""
    prefix, local = name.split(":")
    node = etree.Element(f"{{{_PREFIXES[prefix]}}}{local}", attributes, nsmap=_PREFIXES)
    node.text = text
    node.extend(children)
    return node
