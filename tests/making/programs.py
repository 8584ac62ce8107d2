"""A workbook as one program or another saves it, from the habits that its files are known for."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

import openpyxl
from openpyxl.utils import get_column_letter

from reportctl.form.layout import META

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
STYLES = (
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts>'
    '<fonts count="1"><font/></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
    '<borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf/><xf numFmtId="164" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
)
EPOCH, MAC_EPOCH = dt.datetime(1899, 12, 30), dt.datetime(1904, 1, 1)


def _shared(text: str, strings: list[str]) -> tuple[str, str]:
    strings.append(f"<si><t>{escape(text)}</t></si>")
    return 't="s"', f"<v>{len(strings) - 1}</v>"


def _shared_in_runs(text: str, strings: list[str]) -> tuple[str, str]:
    """Two runs of letters, and how the first of them is spoken: what an input method leaves behind."""
    half = len(text) // 2
    runs = "".join(
        f'<r><rPr><b/></rPr><t xml:space="preserve">{escape(part)}</t></r>'
        for part in (text[:half], text[half:])
    )
    spoken = '<rPh sb="0" eb="1"><t>đọc</t></rPh><phoneticPr fontId="1" type="noConversion"/>'
    strings.append(f"<si>{runs}{spoken}</si>")
    return 't="s"', f"<v>{len(strings) - 1}</v>"


def _inline(text: str, _strings: list[str]) -> tuple[str, str]:
    return 't="inlineStr"', f"<is><t>{escape(text)}</t></is>"


def _inline_in_runs(text: str, _strings: list[str]) -> tuple[str, str]:
    half = len(text) // 2
    runs = "".join(
        f'<r><t xml:space="preserve">{escape(part)}</t></r>' for part in (text[:half], text[half:])
    )
    return 't="inlineStr"', f"<is>{runs}</is>"


def _as_result(text: str, _strings: list[str]) -> tuple[str, str]:
    return 't="str"', f"<v>{escape(text)}</v>"


@dataclass(frozen=True)
class Program:
    """How a program writes a workbook."""

    text: Callable[[str, list[str]], tuple[str, str]] = _shared
    main: str = MAIN
    relations: str = RELATIONS
    prefix: str = ""
    mac: bool = False
    iso_dates: bool = False
    references: bool = True
    styles: bool = True
    dimension: str = ""
    targets: str = ""  # before the names of parts in relationships
    names: bool = True
    summary: bool = False  # a sheet of its own before the others, and titles above the tables
    after: str = ""  # what it adds at the end of every part
    parts: Mapping[str, str] | None = None  # what it adds to the package

    def write(self, data: bytes) -> bytes:
        """The workbook `data` as the program saves it; formulas are left out."""
        book = openpyxl.load_workbook(io.BytesIO(data))
        strings: list[str] = []
        sheets = {
            sheet.title: (sheet.sheet_state, self._sheet(sheet, strings))
            for sheet in book
            if not (self.summary and sheet.title == META)
        }
        if self.summary:
            own = '<row r="1"><c r="A1" t="inlineStr"><is><t>Export Summary</t></is></c></row>'
            sheets = {f"{name} - Bảng 1"[:31]: sheet for name, sheet in sheets.items()}
            sheets = {"Export Summary": ("visible", f"<sheetData>{own}</sheetData>"), **sheets}
        names = {} if not self.names else {name: one.attr_text for name, one in book.defined_names.items()}
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, part in self._parts(sheets, names, strings).items():
                archive.writestr(name, HEAD + part)
        return target.getvalue()

    def _sheet(self, sheet: openpyxl.worksheet.worksheet.Worksheet, strings: list[str]) -> str:
        down = int(self.summary)
        rows = '<row r="1"><c r="B1"><v>1</v></c></row>' if down else ""
        for row in sheet.iter_rows():
            cells = "".join(self._cell(cell, cell.row + down, strings) for cell in row)
            rows += (
                f'<row r="{row[0].row + down}">{cells}</row>' if self.references else f"<row>{cells}</row>"
            )
        dimension = f'<dimension ref="{self.dimension}"/>' if self.dimension else ""
        return f"{dimension}<sheetData>{rows}</sheetData>"

    def _cell(self, cell: openpyxl.cell.Cell, row: int, strings: list[str]) -> str:
        value, attributes, inside = cell.value, "", ""
        if isinstance(value, str) and not value.startswith("="):
            attributes, inside = self.text(value, strings)
        elif isinstance(value, dt.datetime) and self.iso_dates:
            attributes, inside = 't="d" s="1"', f"<v>{value:%Y-%m-%d}</v>"
        elif isinstance(value, dt.datetime):
            days = (value - (MAC_EPOCH if self.mac else EPOCH)).days
            attributes, inside = 's="1"', f"<v>{days}</v>"
        elif isinstance(value, int | float):
            inside = f"<v>{value}</v>"
        reference = f' r="{get_column_letter(cell.column)}{row}"' if self.references else ""
        return f"<c{reference} {attributes}>{inside}</c>" if inside or not self.references else ""

    def _part(self, root: str, inside: str) -> str:
        declared = f'xmlns{":" + self.prefix[:-1] if self.prefix else ""}="{self.main}"'
        if self.prefix:
            inside = inside.replace("<", f"<{self.prefix}").replace(f"<{self.prefix}/", f"</{self.prefix}")
        start = f'<{self.prefix}{root} {declared} xmlns:r="{self.relations}">'
        return f"{start}{inside}{self.after}</{self.prefix}{root}>"

    def _parts(
        self, sheets: Mapping[str, tuple[str, str]], names: Mapping[str, str], strings: list[str]
    ) -> dict[str, str]:
        listed = "".join(
            f'<sheet name={quoteattr(name)} sheetId="{number}" state="{state}" r:id="rId{number}"/>'
            for number, (name, (state, _inside)) in enumerate(sheets.items(), 1)
        )
        defined = "".join(f'<definedName name="{name}">{text}</definedName>' for name, text in names.items())
        properties = '<workbookPr date1904="1"/>' if self.mac else "<workbookPr/>"
        inside = f"{properties}<sheets>{listed}</sheets><definedNames>{defined}</definedNames>"
        targets = {f"rId{n}": ("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)}
        targets["rId90"] = ("sharedStrings", "sharedStrings.xml")
        if self.styles:
            targets["rId91"] = ("styles", "styles.xml")
        parts = {
            "[Content_Types].xml": self._types([target for _kind, target in targets.values()]),
            "_rels/.rels": self._relationships({"rId1": ("officeDocument", "xl/workbook.xml")}, "/"),
            "xl/workbook.xml": self._part("workbook", inside),
            "xl/_rels/workbook.xml.rels": self._relationships(targets, self.targets),
            "xl/sharedStrings.xml": self._part("sst", "".join(strings)),
            "xl/styles.xml": self._part("styleSheet", STYLES),
        }
        for number, (_state, inside) in enumerate(sheets.values(), 1):
            parts[f"xl/worksheets/sheet{number}.xml"] = self._part("worksheet", inside)
        if not self.styles:
            del parts["xl/styles.xml"]
        return {**parts, **(self.parts or {})}

    def _relationships(self, targets: Mapping[str, tuple[str, str]], before: str) -> str:
        said = "".join(
            f'<Relationship Id="{name}" Type="{self.relations}/{kind}" Target="{before}{target}"/>'
            for name, (kind, target) in targets.items()
        )
        return f'<Relationships xmlns="{PACKAGE}/relationships">{said}</Relationships>'

    def _types(self, targets: list[str]) -> str:
        kinds = {"worksheets": "worksheet", "sharedStrings.xml": "sharedStrings", "styles.xml": "styles"}
        said = "".join(
            f'<Override PartName="/xl/{target}" ContentType="{TYPES}.{kinds[target.split("/")[0]]}+xml"/>'
            for target in targets
        )
        return (
            f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{TYPES}.sheet.main+xml"/>{said}</Types>'
        )


_WPS = "http://www.wps.cn/officeDocument/2017/etCustomData"
WPS = Program(
    text=_shared_in_runs,
    dimension="A1",
    after=f'<extLst><ext uri="{{1}}" xmlns:etc="{_WPS}"><etc:a/></ext></extLst>',
    parts={
        "docProps/custom.xml": (
            f'<Properties xmlns="{OFFICE}/custom-properties" xmlns:vt="{OFFICE}/docPropsVTypes">'
            '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="KSOProductBuildVer">'
            "<vt:lpwstr>1066-12.2.0.13431</vt:lpwstr></property></Properties>"
        ),
        "xl/cellimages.xml": f'<etc:cellImages xmlns:etc="{_WPS}"/>',
        "xl/wpsExt.xml": "<wpsExt/>",
    },
)
PROGRAMS = {
    "plain": Program(),
    "WPS": WPS,
    "Google Sheets": Program(text=_as_result),
    "inline strings": Program(text=_inline),
    "inline strings in runs": Program(text=_inline_in_runs, dimension="1:99"),
    "strict": Program(main=STRICT, relations=STRICT_RELATIONS),
    "strict with ISO dates": Program(main=STRICT, relations=STRICT_RELATIONS, iso_dates=True),
    "prefix": Program(prefix="x:"),
    "absolute names": Program(targets="/xl/"),
    "names from here": Program(targets="./"),
    "no references": Program(references=False),
    "dates of a Mac": Program(mac=True),
}
