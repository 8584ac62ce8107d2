"""Edit workbooks and Word documents as text inside their zip, with nothing but the standard library.

The result depends on the input alone: the parts keep their order, are stored uncompressed and carry the date
1980-01-01, so that its SHA-256 is the same with every version of Python and zlib.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape, unescape

Parts = dict[str, bytes]


def unzipped(data: bytes) -> Parts:
    """The parts of a zip archive by name, in its order."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist() if not info.is_dir()}


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """A zip archive of the parts, in their order."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)
    return target.getvalue()


def replaced(data: bytes, *pairs: tuple[str, str], part: str = "") -> bytes:
    """The archive `data` with texts replaced in every XML part, or in `part` alone, wherever they stand.

    Raises `ValueError` for a text that stands nowhere.
    """
    parts = unzipped(data)
    names = [name for name in parts if name.endswith((".xml", ".rels")) and part in ("", name)]
    for old, new in pairs:
        if not any(old.encode() in parts[name] for name in names):
            raise ValueError(f"nowhere stands {old!r}")
        for name in names:
            parts[name] = parts[name].replace(old.encode(), new.encode())
    return zipped(parts)


# ---- workbooks


@dataclass(frozen=True)
class Formula:
    """A formula in a cell with the value that a program has calculated, None where none has."""

    text: str
    value: float | None = None


@dataclass(frozen=True)
class Error:
    """An error value such as #N/A."""

    text: str


@dataclass(frozen=True)
class Day:
    """A day as Excel's serial number, in the format of the cell with the address `like` on `sheet`."""

    serial: int
    like: str
    sheet: str


Value = float | str | Formula | Error | Day | None


def with_cells(data: bytes, cells: Mapping[str, Value]) -> bytes:
    """The workbook `data` with other values in some cells.

    A cell is named by its defined name, by a name and a shift (`annual_plan+1` is one column to the right,
    `classes/2` the second row of that range, `classes/2+1` one column to the right there), or as `Sheet!A1`.
    The cells must stand in the sheet's XML already, empty or not. Raises `ValueError` for one that does not.
    """
    parts = unzipped(data)
    sheets = sheet_parts(parts)
    names = _defined_names(parts)
    for name, value in cells.items():
        sheet, address = _place(name, names)
        part = sheets[sheet]
        text = parts[part].decode()
        found = _cell(text, address)
        style = re.search(r' s="\d+"', found[0].split(">")[0])
        said = "" if style is None else style[0]
        if isinstance(value, Day):
            like = re.search(r' s="\d+"', _cell(parts[sheets[value.sheet]].decode(), value.like)[0])
            said = "" if like is None else like[0]
        new = f'<c r="{address}"{said}{_content(value)}'
        parts[part] = (text[: found.start()] + new + text[found.end() :]).encode()
    return zipped(parts)


def shared_text(data: bytes, name: str) -> str:
    """The text in a cell, named as for `with_cells`, where it is a shared string."""
    parts = unzipped(data)
    sheet, address = _place(name, _defined_names(parts))
    cell = _cell(parts[sheet_parts(parts)[sheet]].decode(), address)[0]
    number = re.search(r"<v>(\d+)</v>", cell)
    if number is None or ' t="s"' not in cell:
        raise ValueError(f"{name} holds no shared string")
    items = re.findall(r"<si>(.*?)</si>", parts["xl/sharedStrings.xml"].decode(), re.DOTALL)
    return unescape("".join(re.findall(r"<t(?: [^>]*)?>([^<]*)</t>", items[int(number[1])])))


def _content(value: Value) -> str:
    match value:
        case None:
            return "/>"
        case str():
            return f' t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
        case Formula(text, calculated):
            result = "" if calculated is None else f"<v>{calculated:g}</v>"
            return f"><f>{escape(text)}</f>{result}</c>"
        case Error(text):
            return f' t="e"><v>{text}</v></c>'
        case Day(serial):
            return f"><v>{serial}</v></c>"
        case _:
            return f"><v>{value!r}</v></c>"


def _cell(text: str, address: str) -> re.Match[str]:
    found = re.search(rf'<c r="{address}"(?:[^>]*/>|[^>]*[^/]>.*?</c>|>.*?</c>)', text, re.DOTALL)
    if found is None:
        raise ValueError(f"the sheet has no cell {address}")
    return found


def sheet_parts(parts: Parts) -> dict[str, str]:
    """The names of the parts that hold the sheets, by the sheets' names."""
    relations = parts["xl/_rels/workbook.xml.rels"].decode()
    targets = {}
    for relation in re.findall(r"<Relationship [^>]*>", relations):
        targets[_attribute(relation, "Id")] = "xl/" + _attribute(relation, "Target").removeprefix("/xl/")
    return {
        _attribute(sheet, "name"): targets[_attribute(sheet, "r:id")]
        for sheet in re.findall(r"<sheet [^>]*>", parts["xl/workbook.xml"].decode())
    }


def _attribute(element: str, name: str) -> str:
    found = re.search(rf' {name}="([^"]*)"', element)
    return unescape(found[1]) if found else ""


def _defined_names(parts: Parts) -> dict[str, tuple[str, str, int]]:
    """Sheet, column and row of the first cell of every defined name."""
    found = {}
    for start, text in re.findall(r"<definedName ([^>]*)>([^<]*)<", parts["xl/workbook.xml"].decode()):
        place = re.match(r"'?(.+?)'?!\$([A-Z]+)\$(\d+)", unescape(text))
        if place:
            found[_attribute(f" {start}", "name")] = (place[1], place[2], int(place[3]))
    return found


def _place(name: str, names: Mapping[str, tuple[str, str, int]]) -> tuple[str, str]:
    if "!" in name:
        sheet, _mark, address = name.partition("!")
        return sheet, address
    asked = re.fullmatch(r"(\w+)(?:/(\d+))?(?:\+(\d+))?", name)
    if asked is None or asked[1] not in names:
        raise ValueError(f"the workbook has no name {name}")
    sheet, column, row = names[asked[1]]
    moved = chr(ord(column) + int(asked[3] or 0))
    return sheet, f"{moved}{row + int(asked[2] or 1) - 1}"


def with_sheet(data: bytes, sheet: str, edit: Callable[[str], str]) -> bytes:
    """The workbook `data` with a sheet's XML edited. Raises `ValueError` where that changes nothing."""
    parts = unzipped(data)
    part = sheet_parts(parts)[sheet]
    before = parts[part].decode()
    after = edit(before)
    if after == before:
        raise ValueError(f"nothing has changed in {sheet}")
    return zipped(parts | {part: after.encode()})


def workbook(rows: list[list[str | float]]) -> bytes:
    """A small workbook of one sheet with these rows."""
    lines = []
    for number, row in enumerate(rows, 1):
        cells = "".join(f'<c r="{chr(65 + n)}{number}"{_content(value)}' for n, value in enumerate(row))
        lines.append(f'<row r="{number}">{cells}</row>')
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    texts = {
        "[Content_Types].xml": (
            f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{types}.worksheet+xml"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
            f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
            '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
            f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
        ),
        "xl/worksheets/sheet1.xml": (
            f'<worksheet xmlns="{main}"><sheetData>{"".join(lines)}</sheetData></worksheet>'
        ),
    }
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return zipped({name: (head + text).encode() for name, text in texts.items()})


# ---- Word documents


def controlled_text(data: bytes, tag: str) -> str:
    """The first piece of text inside the content control with the tag `tag`."""
    return unescape(_controlled(unzipped(data)["word/document.xml"].decode(), tag)[2])


def with_controlled_text(data: bytes, tag: str, new: str, old: str = "") -> bytes:
    """The document with the first text inside that control replaced, or `old` in that text alone."""
    parts = unzipped(data)
    text = parts["word/document.xml"].decode()
    found = _controlled(text, tag)
    if old and escape(old, quote=False) not in found[2]:
        raise ValueError(f"{tag} does not say {old!r}")
    said = found[2].replace(escape(old, quote=False), escape(new, quote=False), 1) if old else escape(new)
    parts["word/document.xml"] = (text[: found.start(2)] + said + text[found.end(2) :]).encode()
    return zipped(parts)


def with_table_cell(data: bytes, tag: str, old: str, new: str) -> bytes:
    """The document with the first cell that says `old` in the table control `tag` saying `new`."""
    parts = unzipped(data)
    text = parts["word/document.xml"].decode()
    start = _controlled(text, tag).start()
    found = re.compile(rf"(<w:t(?: [^>]*)?>){re.escape(old)}(</w:t>)").search(text, start)
    if found is None:
        raise ValueError(f"{tag} has no cell {old!r}")
    said = f"{found[1]}{new}{found[2]}"
    parts["word/document.xml"] = (text[: found.start()] + said + text[found.end() :]).encode()
    return zipped(parts)


def with_paragraph(data: bytes, text: str) -> bytes:
    """The document with a paragraph of its own at the beginning of its body."""
    parts = unzipped(data)
    body = parts["word/document.xml"].decode()
    added = f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>"
    edited = re.sub(r"<w:body>", f"<w:body>{added}", body, count=1)
    return zipped(parts | {"word/document.xml": edited.encode()})


def without_control(data: bytes, tag: str) -> bytes:
    """The document with the control `tag` and what stands in it taken out; no other control stands in it."""
    parts = unzipped(data)
    text = parts["word/document.xml"].decode()
    start = text.rindex("<w:sdt>", 0, _controlled(text, tag).start(1))
    end = text.index("</w:sdt>", start) + len("</w:sdt>")
    return zipped(parts | {"word/document.xml": (text[:start] + text[end:]).encode()})


def _controlled(text: str, tag: str) -> re.Match[str]:
    found = re.search(
        rf'<w:sdt><w:sdtPr>(?:(?!</w:sdtPr>).)*?(<w:tag w:val="{re.escape(tag)}"/>)'
        r".*?<w:t(?: [^>]*)?>([^<]*)</w:t>",
        text,
        re.DOTALL,
    )
    if found is None:
        raise ValueError(f"the document has no control {tag}")
    return found
