"""Ways in which the XML of a workbook's part is spoilt: elements, attributes, texts; cells, sheets."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from random import Random
from typing import Any

from lxml import etree


def in_tree(name: str, content: bytes, rng: Random) -> tuple[str, bytes]:
    """What was done to the part `name`, and what it is then. Raises `XMLSyntaxError`."""
    root = etree.fromstring(content)
    kind = "sheet" if "worksheets/" in name.lower() else "ods" if name == "content.xml" else ""
    change = rng.choice(_OF_SHEETS if kind == "sheet" else _OF_OPENDOCUMENT if kind else _OF_TREES)
    change(root, rng)
    return change.__name__.strip("_"), etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _elements(root: Any, *names: str) -> Sequence[Any]:
    found = [one for one in root.iter(tag=etree.Element) if one.getparent() is not None]
    chosen = [one for one in found if etree.QName(one).localname in names] if names else found
    return chosen or found or [root]


def _tag(root: Any, name: str) -> str:
    return f"{{{etree.QName(root).namespace}}}{name}"


_VALUES = (
    *(
        "",
        "0",
        "1",
        "-1",
        "2",
        "3",
        "7",
        "16384",
        "99999999999",
        "1.5",
        "true",
        "false",
        "x",
        "A1",
        "F8",
        "F9",
    ),
    *("XFD1048576", "A0", "f8", "$F$8", "s", "n", "b", "e", "d", "str", "inlineStr", "rId1", "rId2", "rId3"),
    *("hidden", "veryHidden", "'Số liệu'!$F$9", "#REF!", "float", "string", "date", "percentage", " 8 "),
    *(
        "../x.xml",
        "/xl/worksheets/sheet2.xml",
        "worksheets/sheet3.xml",
        "sharedStrings.xml",
        "1:1",
        "A1:XFD9",
    ),
)
_TEXTS = (
    *(
        "",
        "0",
        "1",
        "12",
        "-5",
        "3.7",
        "1e308",
        "1e999",
        "-1e-400",
        "NaN",
        "INF",
        "0x10",
        "1_000",
        "１２",
        "12,5",
    ),
    *("1.2.3", " 12 ", "00012", "+5", "9" * 400, "12\n", "1 200", "45000", "-1", "2958466", "60", "0.25"),
    *(
        "#REF!",
        "TRUE",
        "press_total",
        "press_print",
        "events.2",
        "events",
        "KAD",
        "=1+1",
        "_x0041_",
        "x" * 40_000,
    ),
    *("reportctl|small|x|002|2024-Q1", "'Số liệu'!$F$9", "'Số liệu'!$E$8", "A\u0301", "2024-01-15T00:00:00"),
)


def _attribute(root: Any, rng: Random) -> None:
    """Another value of an attribute; that of another element of the kind, or any."""
    element = rng.choice([one for one in _elements(root) if one.attrib] or [root])
    if element.attrib:
        key = rng.choice(list(element.attrib))
        others = [one.get(key) for one in _elements(root, etree.QName(element).localname) if one.get(key)]
        element.set(key, rng.choice(others) if others and rng.random() < 0.4 else rng.choice(_VALUES))


def _no_attribute(root: Any, rng: Random) -> None:
    element = rng.choice([one for one in _elements(root) if one.attrib] or [root])
    if element.attrib:
        del element.attrib[rng.choice(list(element.attrib))]


def _words(root: Any, rng: Random) -> None:
    """Another text where there is one."""
    rng.choice([one for one in _elements(root) if one.text] or [root]).text = rng.choice(_TEXTS)


def _delete(root: Any, rng: Random) -> None:
    element = rng.choice(_elements(root))
    if element.getparent() is not None:
        element.getparent().remove(element)


def _duplicate(root: Any, rng: Random) -> None:
    element = rng.choice(_elements(root))
    if element.getparent() is not None:
        again = copy.deepcopy(element)
        if rng.random() < 0.5:
            _words(again, rng)
        element.addnext(again)


def _move(root: Any, rng: Random) -> None:
    """An element before or after another of its kind."""
    element = rng.choice(_elements(root))
    other = rng.choice(_elements(root, etree.QName(element).localname))
    if other is not element and element not in other.iterancestors() and other.getparent() is not None:
        rng.choice((other.addnext, other.addprevious))(element)


def _wrap(root: Any, rng: Random) -> None:
    """An element within one that no program knows."""
    element = rng.choice(_elements(root))
    if element.getparent() is not None:
        wrapped = etree.Element(
            rng.choice(("{urn:x}y", _tag(root, "extLst"), _tag(root, "row"), _tag(root, "c")))
        )
        element.addprevious(wrapped)
        wrapped.append(element)


def _rename(root: Any, rng: Random) -> None:
    """An element of another name, or of another namespace."""
    element = rng.choice(_elements(root))
    local = etree.QName(element).localname
    element.tag = rng.choice((f"{{urn:x}}{local}", local, _tag(root, "x"), rng.choice(_elements(root)).tag))


_OF_TREES = (
    _attribute,
    _attribute,
    _attribute,
    _no_attribute,
    _words,
    _words,
    _delete,
    _duplicate,
    _move,
    _wrap,
    _rename,
)


# Sheets


def _cells(root: Any) -> Sequence[Any]:
    """The cells that hold something."""
    return [one for one in _elements(root, "c") if len(one)] or _elements(root, "c")


def _reference(root: Any, rng: Random) -> None:
    """A cell, or a row, with the reference of another, a wrong one, or none."""
    element = rng.choice(_cells(root) if rng.random() < 0.7 else _elements(root, "row"))
    others = [one.get("r") for one in _elements(root, etree.QName(element).localname) if one.get("r")]
    new = rng.choice(
        [*others[:40], "", "F", "8", "f8", "$F$8", "A0", "XFE1", "A1048577", "R8C6", " F8", "ZZZZ9"]
    )
    element.set("r", new)
    if rng.random() < 0.1:
        del element.attrib["r"]


def _swap_references(root: Any, rng: Random) -> None:
    one, other = rng.choice(_cells(root)), rng.choice(_cells(root))
    first, second = one.get("r", "A1"), other.get("r", "A2")
    one.set("r", second)
    other.set("r", first)


def _swap_contents(root: Any, rng: Random) -> None:
    """Two cells that say what the other said, which is a workbook as good as before."""
    one, other = rng.choice(_cells(root)), rng.choice(_cells(root))
    children = list(one), list(other)
    kinds = one.get("t"), other.get("t")
    for element, inside, kind in ((one, children[1], kinds[1]), (other, children[0], kinds[0])):
        for child in inside:
            element.append(child)
        element.attrib.pop("t", None)
        if kind:
            element.set("t", kind)


def _value(root: Any, rng: Random) -> None:
    element = rng.choice(_elements(root, "v", "t"))
    element.text = str(rng.randrange(40)) if rng.random() < 0.4 else rng.choice(_TEXTS)


def _type(root: Any, rng: Random) -> None:
    kinds = ("n", "s", "str", "inlineStr", "b", "e", "d", "x", "", "S", " n")
    rng.choice(_cells(root)).set("t", rng.choice(kinds))


def _style(root: Any, rng: Random) -> None:
    rng.choice(_cells(root)).set("s", rng.choice([str(rng.randrange(60)), "999999", "-1", "", "x"]))


def _formula(root: Any, rng: Random) -> None:
    """A formula in a cell: calculated or not, with an error, shared, for an array."""
    cell = rng.choice(_cells(root))
    kind, result = rng.choice(
        (
            ("n", "9"),
            ("n", None),
            ("n", ""),
            ("e", "#REF!"),
            ("e", "#N/A"),
            ("str", "12"),
            ("str", ""),
            ("b", "1"),
        )
    )
    for child in list(cell):
        cell.remove(child)
    cell.set("t", kind)
    formula = etree.SubElement(cell, _tag(root, "f"))
    formula.text = rng.choice(("1+1", "", None, "SUM(A1:A9)", "1<2"))
    for key, value in rng.choice(
        ({}, {}, {"t": "shared", "si": "0"}, {"t": "array", "ref": "F8:F9"}, {"ca": "1"})
    ).items():
        formula.set(key, value)
    if result is not None:
        etree.SubElement(cell, _tag(root, "v")).text = result


def _merge(root: Any, rng: Random) -> None:
    """Cells merged."""
    names = [one.get("r", "A1") for one in _cells(root)]
    merged = etree.Element(_tag(root, "mergeCells"), count="1")
    etree.SubElement(merged, _tag(root, "mergeCell"), ref=f"{rng.choice(names)}:{rng.choice(names)}")
    rng.choice(_elements(root, "sheetData")).addnext(merged)


def _hide(root: Any, rng: Random) -> None:
    rng.choice(_elements(root, "row", "col")).set("hidden", rng.choice(("1", "true", "0", "x")))


def _dimension(root: Any, rng: Random) -> None:
    refs = ("A1", "A1:B2", "F8:G9", "A1:XFD1048576", "1:99", "", "C9:A1", "A1:ZZZZ99999999", "x")
    rng.choice(_elements(root, "dimension")).set("ref", rng.choice(refs))


def _far(root: Any, rng: Random) -> None:
    """A cell far away."""
    row = rng.choice((500, 100_000, 1_048_576, 1_048_577, 2**31, 2**32 + 8, 10**20))
    line = etree.SubElement(rng.choice(_elements(root, "sheetData")), _tag(root, "row"), r=str(row))
    column = rng.choice(("A", "F", "XFD", "XFE", "AAAAAAA"))
    cell = etree.SubElement(line, _tag(root, "c"), r=f"{column}{row}")
    etree.SubElement(cell, _tag(root, "v")).text = "5"


_OF_SHEETS = (
    *(_attribute, _no_attribute, _words, _delete, _duplicate, _move, _wrap, _rename),
    *(_reference, _reference, _swap_references, _swap_contents, _value, _value, _type, _type, _style),
    *(_formula, _merge, _hide, _dimension, _far),
)


# OpenDocument


def _repeat(root: Any, rng: Random) -> None:
    element = rng.choice(_elements(root, "table-row", "table-cell", "covered-table-cell"))
    what = "rows" if element.tag.endswith("row") else "columns"
    times = rng.choice(("0", "1", "2", "3", "-1", "x", "1000", "1048576", "999999999999", "1.0", " 2 ", "２"))
    element.set(f"{{urn:oasis:names:tc:opendocument:xmlns:table:1.0}}number-{what}-repeated", times)


def _office_value(root: Any, rng: Random) -> None:
    """What a cell says and what it shows need not agree."""
    cells = [one for one in _elements(root, "table-cell") if one.attrib and len(one)]
    office = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
    key = rng.choice(("value", "value-type", "date-value", "string-value", "boolean-value"))
    rng.choice(cells or [root]).set(office + key, rng.choice(_TEXTS + _VALUES)[:60])


def _cover(root: Any, rng: Random) -> None:
    cell = rng.choice(_elements(root, "table-cell"))
    cell.tag = cell.tag.replace("table-cell", "covered-table-cell")


_OF_OPENDOCUMENT = (*_OF_TREES, _repeat, _repeat, _office_value, _office_value, _cover)
