"""Charts: the chart part and its workbook, read with lxml and openpyxl."""

from __future__ import annotations

import dataclasses
import io
import zipfile
from typing import Any

import openpyxl
import pytest
from lxml import etree

from reportctl.core import language
from reportctl.word.charts import chart_parts
from reportctl.word.content import Chart, Series

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"

PRESS = Chart(
    name="press",
    title="Tin, bài theo loại hình",
    categories=("Báo in", "Phát thanh", "=Truyền hình"),
    series=(Series("Quý I/2023", (1200, None, 700)), Series("+Quý I/2024", (1400, 320, 800))),
)


def root_of(chart: Chart) -> etree._Element:
    return etree.fromstring(chart_parts(chart)[0])


def cached(node: etree._Element, name: str) -> dict[str, str]:
    """The cache below a series' `name` element: index to value."""
    cell = node.find(f"{C}{name}")
    return {point.get("idx"): point.findtext(f"{C}v") for point in cell.iter(f"{C}pt")}


def test_word_finds_every_value_in_the_caches() -> None:
    first, second = root_of(PRESS).iter(f"{C}ser")
    assert cached(first, "tx") == {"0": "Quý I/2023"}
    assert cached(first, "cat") == {"0": "Báo in", "1": "Phát thanh", "2": "=Truyền hình"}
    assert cached(first, "val") == {"0": "1200", "2": "700"}
    assert first.find(f"{C}val//{C}ptCount").get("val") == "3"
    assert cached(second, "val") == {"0": "1400", "1": "320", "2": "800"}


def test_formulas_point_at_the_cells_of_the_embedded_workbook() -> None:
    xml, workbook = chart_parts(PRESS)
    sheet = openpyxl.load_workbook(io.BytesIO(workbook))["Sheet1"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        [None, "Quý I/2023", "+Quý I/2024"],
        ["Báo in", 1200, 1400],
        ["Phát thanh", None, 320],
        ["=Truyền hình", 700, 800],
    ]
    assert sheet["A4"].data_type == "s"
    second = list(etree.fromstring(xml).iter(f"{C}ser"))[1]
    formulas = {name: second.findtext(f"{C}{name}//{C}f") for name in ("tx", "cat", "val")}
    assert formulas == {"tx": "Sheet1!$C$1", "cat": "Sheet1!$A$2:$A$4", "val": "Sheet1!$C$2:$C$4"}


def test_the_workbook_and_the_chart_are_the_same_every_time() -> None:
    assert chart_parts(PRESS) == chart_parts(PRESS)
    with zipfile.ZipFile(io.BytesIO(chart_parts(PRESS)[1])) as book:
        assert b"2000-01-01T00:00:00Z" in book.read("docProps/core.xml")


@pytest.mark.parametrize(
    ("shape", "plot", "direction"), [("column", "barChart", "col"), ("bar", "barChart", "bar")]
)
def test_bars(shape: str, plot: str, direction: str) -> None:
    root = root_of(dataclasses.replace(PRESS, shape=shape))
    assert root.find(f".//{C}{plot}/{C}barDir").get("val") == direction
    orientation = root.find(f".//{C}catAx/{C}scaling/{C}orientation").get("val")
    assert orientation == ("maxMin" if shape == "bar" else "minMax"), "bars read downwards, as the table does"


def test_lines() -> None:
    root = root_of(dataclasses.replace(PRESS, shape="line"))
    dashes = [dash.get("val") for dash in root.iter(f"{A}prstDash")]
    markers = [symbol.get("val") for symbol in root.iter(f"{C}symbol")]
    assert root.find(f".//{C}lineChart") is not None
    assert len(set(dashes)) == len(set(markers)) == 2


@pytest.mark.parametrize("shape", ["column", "bar", "line"])
def test_series_differ_without_colour(shape: str) -> None:
    many = tuple(Series(str(n), (n, n, n)) for n in range(6))
    root = root_of(dataclasses.replace(PRESS, shape=shape, series=many))
    shades = {colour.get("val") for colour in root.iter(f"{A}srgbClr")}
    assert all(shade[:2] == shade[2:4] == shade[4:] for shade in shades), "only greys"
    looks = {etree.tostring(series.find(f"{C}spPr")) for series in root.iter(f"{C}ser")}
    assert len(looks) == 6


def test_few_points_are_labelled_and_many_are_not() -> None:
    few = root_of(PRESS)
    labels = few.find(f".//{C}dLbls")
    assert labels.find(f"{C}showVal").get("val") == "1"
    many = tuple(str(n) for n in range(25))
    crowded = Chart("c", "", many, (Series("s", tuple(range(25))),))
    assert root_of(crowded).find(f".//{C}dLbls") is None


def test_language_font_and_number_format() -> None:
    root = root_of(PRESS)
    assert root.find(f"{C}lang").get("val") == "vi-VN"
    assert {face.get("typeface") for face in root.iter(f"{A}latin", f"{A}ea", f"{A}cs")} == {
        "Times New Roman"
    }
    assert {node.text for node in root.iter(f"{C}formatCode")} == {"#,##0"}
    shares = dataclasses.replace(PRESS, series=(Series("s", (1, 2.5, None)),))
    assert {node.text for node in root_of(shares).iter(f"{C}formatCode")} == {"#,##0.0"}


def test_vietnamese_thousands_have_dots_whatever_language_word_is_in() -> None:
    with language.speaking("vi"):
        codes = {node.text for node in root_of(PRESS).iter(f"{C}formatCode")}
    # In a number format a dot behind a backslash is a dot; one alone is the program's own decimal sign.
    (code,) = codes
    thousands = code.split(";")
    assert thousands == [r"[>=1000000]0\.000\.000", r"[>=1000]0\.000", "0"]
    assert "." not in code.replace(r"\.", "")
    assert "," not in code


def labels(root: Any) -> list[str]:
    return ["".join(text.text for text in label.iter(f"{A}t")) for label in root.iter(f"{C}dLbl")]


def test_vietnamese_decimals_have_commas_whatever_language_word_is_in() -> None:
    money = dataclasses.replace(PRESS, series=(Series("s", (5147.5, None, 12.25)),))
    with language.speaking("vi"):
        root = root_of(money)
        whole = root_of(dataclasses.replace(PRESS, series=(Series("s", (5147, None, 12)),)))
    assert labels(root) == ["5.147,5", "12,25"]
    assert [label.find(f"{C}idx").get("val") for label in root.iter(f"{C}dLbl")] == ["0", "2"]
    axis = root.find(f".//{C}valAx")
    assert "," not in axis.find(f"{C}numFmt").get("formatCode"), "it has no decimals"
    assert axis.find(f"{C}majorUnit").get("val") == "1000"
    assert labels(whole) == [], "these keep to an edited value"
    with language.speaking("en"):
        assert labels(root_of(money)) == []


@pytest.mark.parametrize(
    ("values", "step"),
    [((2.5, 3.25), "1"), ((-7.5, 4), "2"), ((0.5, 47.5), "5"), ((99.5, 100), "10"), ((0.5, 101), "20")],
)
def test_the_lines_of_an_axis_beside_written_labels_are_whole_numbers(
    values: tuple[float, ...], step: str
) -> None:
    with language.speaking("vi"):
        root = root_of(Chart("c", "", ("a", "b"), (Series("s", values),)))
    assert root.find(f".//{C}valAx/{C}majorUnit").get("val") == step
    assert root.find(f".//{C}valAx/{C}delete").get("val") == "0"


def test_small_values_have_their_labels_alone() -> None:
    with language.speaking("vi"):
        root = root_of(Chart("c", "", ("a", "b"), (Series("s", (0.25, 1.5)),)))
    assert labels(root) == ["0,25", "1,5"]
    assert root.find(f".//{C}valAx/{C}delete").get("val") == "1"


def test_no_title_no_legend_where_there_is_nothing_to_say() -> None:
    root = root_of(Chart("c", "", ("a",), (Series("s", (1,)),)))
    assert root.find(f".//{C}title") is None
    assert root.find(f".//{C}legend") is None
    assert root.find(f".//{C}autoTitleDeleted").get("val") == "1"


def test_control_characters_are_left_out() -> None:
    chart = Chart("c", "t\x0bitle", ("a\x00",), (Series("s\x1f", (1,)),))
    root = root_of(chart)
    assert root.findtext(f".//{A}t") == "title"
    assert [node.text for node in root.iter(f"{C}v")] == ["s", "a", "1"]


def test_an_empty_chart_is_still_one() -> None:
    assert list(root_of(Chart("c", "Không có số liệu", (), ())).iter(f"{C}ser")) == []
