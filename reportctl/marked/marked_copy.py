"""A marked copy: the sender's own workbook with marks on its cells and a first sheet that lists them.

The package is edited, not written anew from what a library understands of it: values of formulas, pictures
and text boxes stay, and parts that have no mark are as they came, byte for byte.
"""

from __future__ import annotations

import json
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from reportctl.core.cellrefs import quoted
from reportctl.core.files import free_name
from reportctl.form.layout import LISTING_MARK
from reportctl.marked.comments import Comments
from reportctl.marked.listing import COLOURS, HEADER_ROW, Listing
from reportctl.marked.words import Mark, Markup
from reportctl.workbooks.package.parts import (
    RELATIONSHIPS,
    Element,
    NotEditableError,
    Package,
    local,
    parse,
    serialised,
)
from reportctl.workbooks.package.sheet import SheetXml
from reportctl.workbooks.package.styles import EMPTY, MAIN, NONE, CellStyles, solid

_WORKSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_STYLES = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_STRINGS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
_COLOURS = frozenset(COLOURS.values())
_SELECTED = re.compile(rb"""\stabSelected=["'](?:1|true)["']""")
_DATA = re.compile(rb"<(?:\w+:)?sheetData")
_AFTER_NAMES = (
    "calcPr",
    "oleSize",
    "customWorkbookViews",
    "pivotCaches",
    "smartTagPr",
    "smartTagTypes",
    "webPublishing",
    "fileRecoveryPr",
    "webPublishObjects",
    "extLst",
    "AlternateContent",
)
_DAMAGE = (zipfile.BadZipFile, etree.LxmlError, KeyError, ValueError, IndexError, UnicodeError)

Cell = tuple[str, str]


def marked(data: bytes, markup: Markup) -> bytes:
    """The workbook `data` (.xlsx, .xlsm) with the marks of `markup`, those of an earlier one taken away.

    Raises `NotEditableError` where it is written as this program does not change it (ISO strict, damaged).
    """
    try:
        return _marked(Package(data), markup)
    except _DAMAGE as error:
        raise NotEditableError from error


def alone(markup: Markup) -> bytes:
    """A workbook that holds nothing but the list of `markup`."""
    from reportctl.render.sheets import workbook

    book = _Workbook(Package(workbook(())))
    book.remove(0)
    book.put_list_first(markup, {})
    return book.package.write()


def _marked(package: Package, markup: Markup) -> bytes:
    book = _Workbook(package)
    before = book.take_list_away()
    marks: dict[str, list[Mark]] = {}
    for mark in markup.marks:
        marks.setdefault(mark.sheet, []).append(mark)
    fills: dict[Cell, str] = {}
    for name, part in book.sheets().items():
        restored = {cell: fill for (sheet, cell), fill in before.items() if sheet == name}
        here = _mark_sheet(book, part, marks.get(name, []), restored, markup.author)
        fills |= {(name, cell): fill for cell, fill in here.items()}
    book.put_list_first(markup, fills)
    package.no_template()
    return package.write()


def _mark_sheet(
    book: _Workbook, part: str, marks: list[Mark], restored: Mapping[str, str], author: str
) -> dict[str, str]:
    """Take old marks away and put new ones in; gives the fills that the cells marked had, as XML."""
    package, styles = book.package, book.styles
    old = styles.coloured(_COLOURS)
    content = package[part]
    coloured = any(re.search(rb'\ss="%d"' % number, content) for number in old)
    if not marks and not coloured and package.related(part, "comments") is None:
        return {}
    sheet = SheetXml(parse(content))
    comments = Comments(package, part, sheet.root)
    comments.clean()
    for cell, number in sheet.formatted(old) if coloured else ():
        sheet.format(cell, styles.with_fill(number, restored.get(cell, NONE)))
    fills = {}
    for mark in marks:
        number = sheet.format_of(mark.cell)
        fills[mark.cell] = styles.fill_xml(number)
        sheet.format(mark.cell, styles.with_fill(number, solid(COLOURS[mark.severity])))
        comments.add(mark.cell, mark.head, mark.text, author)
    if marks or coloured or comments.gone:
        comments.save(sheet.anchor)
        package.put(part, serialised(sheet.root))
    return fills


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet as the workbook part lists it."""

    element: Element
    name: str
    number: str
    part: str


class _Workbook:
    """The workbook part of a package, with its styles."""

    def __init__(self, package: Package) -> None:
        self.package = package
        main = package.related("", "officeDocument")
        if main is None:
            raise NotEditableError
        self.main, self.root = main, parse(package[main])
        if self.root.tag != f"{{{MAIN}}}workbook":  # ISO strict has other namespaces
            raise NotEditableError
        self.style_part = package.related(main, "styles")
        self.styles = CellStyles(parse(package[self.style_part] if self.style_part else EMPTY))

    def sheets(self) -> dict[str, str]:
        """The parts of the worksheets by name."""
        parts = {one.id: one for one in self.package.relations(self.main)}
        kinds = {number: one.part for number, one in parts.items() if one.kind == "worksheet"}
        return {one.name: kinds[one.number] for one in self._listed() if one.number in kinds}

    def take_list_away(self) -> dict[Cell, str]:
        """Take the list of an earlier marked copy away; gives the fills its marked cells had, as XML."""
        before: dict[Cell, str] = {}
        for position, one in reversed(list(enumerate(self._listed()))):
            if one.part in self.package:
                kept = self._kept(one.part)
                if kept is not None:
                    before |= kept
                    self.remove(position)
        return before

    def remove(self, position: int) -> None:
        """Take the sheet at that place out of the workbook."""
        one = self._listed()[position]
        self._sheets().remove(one.element)
        self.package.unrelate(self.main, one.number)
        self.package.drop(one.part)
        for name in list(self._names()):
            if name.get("localSheetId") == str(position) and (parent := name.getparent()) is not None:
                parent.remove(name)
        self._shift(position + 1, -1)

    def put_list_first(self, markup: Markup, fills: Mapping[Cell, str]) -> None:
        """Make a first sheet that lists everything, and the one that is shown when the file is opened."""
        names = [one.name for one in self._listed()]
        taken = {name.lower() for name in (*names, *markup.taken)}
        name = free_name(markup.name, taken, " ({})", 31)
        # Excel wants a workbook to have shared strings; those of the sender are not touched.
        strings: list[str] | None = None if self.package.related(self.main, "sharedStrings") else []
        listing = Listing(markup, self.styles, self.sheets(), fills, strings)
        for one in self._listed():
            if one.part in self.package:
                self._deselect(one.part)
        part = self._add("worksheets/sheet{}.xml", listing.xml(), _WORKSHEET)
        numbers = [int(one.element.get("sheetId", "0")) for one in self._listed()]
        element = self._sheets().makeelement(f"{{{MAIN}}}sheet", name=name)
        element.set("sheetId", str(max(numbers, default=0) + 1))
        element.set(f"{{{RELATIONSHIPS}}}id", self.package.relate(self.main, "worksheet", part))
        self._sheets().insert(0, element)
        self._shift(0, 1)
        self._print_titles(name)
        self._show_first()
        self.package.put(self.main, serialised(self.root))
        if strings is not None:
            shared = f'<sst xmlns="{MAIN}">{"".join(strings)}</sst>'.encode()
            self.package.relate(self.main, "sharedStrings", self._add("sharedStrings.xml", shared, _STRINGS))
        formats = serialised(self.styles.root)
        if self.style_part:
            self.package.put(self.style_part, formats)
        else:
            self.package.relate(self.main, "styles", self._add("styles.xml", formats, _STYLES))

    def _add(self, name: str, content: bytes, content_type: str) -> str:
        """A new part beside the workbook's own."""
        return self.package.new(posixpath.join(posixpath.dirname(self.main), name), content, content_type)

    def _sheets(self) -> Element:
        found = self.root.find(f"{{{MAIN}}}sheets")
        if found is None:
            raise NotEditableError
        return found

    def _listed(self) -> list[_Sheet]:
        parts = {one.id: one.part for one in self.package.relations(self.main)}
        found = []
        for element in self._sheets():
            number = element.get(f"{{{RELATIONSHIPS}}}id", "")
            found.append(_Sheet(element, element.get("name", ""), number, parts.get(number, "")))
        return found

    def _kept(self, part: str) -> dict[Cell, str] | None:
        """What the hidden column of a list of ours holds; None where the sheet is none."""
        if not self._begins_with(part):
            return None
        sheet = SheetXml(parse(self.package[part]))
        kept: dict[Cell, str] = {}
        for text in sheet.column_a(self._strings()):
            try:
                name, cell, fill = json.loads(text)
                parsed = parse(fill.encode())
            except (ValueError, TypeError, AttributeError, NotEditableError):
                continue
            if parsed.tag == f"{{{MAIN}}}fill":
                kept[str(name), str(cell)] = fill
        return kept

    def _begins_with(self, part: str) -> bool:
        """Whether the sheet's first row says that it is a list of ours."""
        head = self.package[part]
        data = _DATA.search(head)
        start = data.start() if data else 0
        first = re.search(rb"<(?:\w+:)?row[\s>].*?</(?:\w+:)?row>", head[start : start + 2**16], re.DOTALL)
        if not first:
            return False
        if LISTING_MARK.encode() in first[0]:
            return True
        shared = re.findall(rb'<(?:\w+:)?c\s[^>]*t="s"[^>]*>\s*<(?:\w+:)?v>(\d+)<', first[0])
        strings = self._strings() if shared else []
        return any(strings[int(number)] == LISTING_MARK for number in shared if int(number) < len(strings))

    def _strings(self) -> list[str]:
        part = self.package.related(self.main, "sharedStrings")
        if part is None:
            return []
        return [
            "".join(text.text or "" for text in item.iter(f"{{{MAIN}}}t"))
            for item in parse(self.package[part])
        ]

    def _names(self) -> Iterator[Element]:
        return self.root.iter(f"{{{MAIN}}}definedName")

    def _shift(self, first: int, by: int) -> None:
        """Names of single sheets, from the sheet `first` on, belong to a sheet so much further on."""
        for name in self._names():
            number = name.get("localSheetId")
            if number is not None and int(number) >= first:
                name.set("localSheetId", str(int(number) + by))

    def _print_titles(self, sheet: str) -> None:
        names = self.root.find(f"{{{MAIN}}}definedNames")
        if names is None:
            names = self.root.makeelement(f"{{{MAIN}}}definedNames")
            place = next((n for n, e in enumerate(self.root) if local(e) in _AFTER_NAMES), len(self.root))
            self.root.insert(place, names)
        title = names.makeelement(f"{{{MAIN}}}definedName", name="_xlnm.Print_Titles", localSheetId="0")
        title.text = f"{quoted(sheet)}!${HEADER_ROW}:${HEADER_ROW}"
        names.insert(0, title)

    def _show_first(self) -> None:
        views = self.root.find(f"{{{MAIN}}}bookViews")
        if views is None:
            views = self.root.makeelement(f"{{{MAIN}}}bookViews")
            etree.SubElement(views, f"{{{MAIN}}}workbookView")
            self._sheets().addprevious(views)
        for view in views:
            for attribute in ("activeTab", "firstSheet"):
                if attribute in view.attrib:
                    del view.attrib[attribute]

    def _deselect(self, part: str) -> None:
        """Of several sheets selected all are typed into at once."""
        content = self.package[part]
        data = _DATA.search(content)
        head = content[: data.start()] if data else content
        if _SELECTED.search(head):
            self.package.put(part, _SELECTED.sub(b"", head) + content[len(head) :])
