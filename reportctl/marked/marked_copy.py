"""A marked copy: the sender's own workbook with marks on its cells and a first sheet that lists them.

The package is edited, not written anew from what a library understands of it: values of formulas, pictures
and text boxes stay, and parts that have no mark are as they came, byte for byte.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping

from reportctl.core.cellrefs import quoted
from reportctl.core.files import free_name
from reportctl.form.layout import LISTING_MARK
from reportctl.marked.comments import Comments
from reportctl.marked.listing import COLOURS, HEADER_ROW, Listing
from reportctl.marked.words import Mark, Markup
from reportctl.workbooks.package.parts import DAMAGE, NotEditableError, Package, parse, serialised
from reportctl.workbooks.package.sheet import SheetXml
from reportctl.workbooks.package.styles import EMPTY, MAIN, NONE, CellStyles, solid
from reportctl.workbooks.package.workbook import WORKSHEET, WorkbookXml

_STYLES = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_STRINGS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
_COLOURS = frozenset(COLOURS.values())
_SELECTED = re.compile(rb"""\stabSelected=["'](?:1|true)["']""")
_DATA = re.compile(rb"<(?:\w+:)?sheetData")

Cell = tuple[str, str]


def marked_workbook(data: bytes, markup: Markup) -> bytes:
    """The workbook `data` (.xlsx, .xlsm) with the marks of `markup`, those of an earlier one taken away.

    Raises `NotEditableError` where it is written as this program does not change it (ISO strict, damaged).
    """
    try:
        workbook = _SenderWorkbook(Package(data))
        before = workbook.remove_lists()
        fills: dict[Cell, str] = {}
        for name, part in workbook.book.worksheets().items():
            restored = {cell: fill for (sheet, cell), fill in before.items() if sheet == name}
            marks = [mark for mark in markup.marks if mark.sheet == name]
            for cell, fill in _mark_sheet(workbook, part, marks, restored, markup.author).items():
                fills[name, cell] = fill
        workbook.add_list(markup, fills)
        workbook.package.no_template()
        return workbook.package.write()
    except DAMAGE as error:
        raise NotEditableError from error


def list_workbook(markup: Markup) -> bytes:
    """A workbook that holds nothing but the list of `markup`."""
    from reportctl.render.sheets import workbook

    made = _SenderWorkbook(Package(workbook(())))
    made.book.remove(0)
    made.add_list(markup, {})
    return made.package.write()


def _mark_sheet(
    workbook: _SenderWorkbook, part: str, marks: list[Mark], restored: Mapping[str, str], author: str
) -> dict[str, str]:
    """Take old marks away and put new ones in; gives the fills that the cells marked had, as XML.

    `restored` are the fills that cells had before they were marked in an earlier copy.
    """
    package, styles = workbook.package, workbook.styles
    old = styles.coloured(_COLOURS)
    content = package[part]
    coloured = any(re.search(rb'\ss="%d"' % number, content) for number in old)
    if not marks and not coloured and package.related(part, "comments") is None:
        return {}
    sheet = SheetXml(parse(content))
    comments = Comments(package, part, sheet.root)
    comments.remove_ours()
    for cell, number in sheet.formatted(old) if coloured else ():
        sheet.format(cell, styles.with_fill(number, restored.get(cell, NONE)))
    fills = {}
    for mark in marks:
        number = sheet.format_of(mark.cell)
        fills[mark.cell] = styles.fill_xml(number)
        sheet.format(mark.cell, styles.with_fill(number, solid(COLOURS[mark.severity])))
        comments.add(mark.cell, mark.head, mark.text, author)
    if marks or coloured or comments.removed:
        comments.save(sheet.anchor)
        package.put(part, serialised(sheet.root))
    return fills


class _SenderWorkbook:
    """The workbook part of a package, with its styles. Raises `NotEditableError` where it has none."""

    def __init__(self, package: Package) -> None:
        self.package, self.book = package, WorkbookXml(package)
        self.style_part = package.related(self.book.main, "styles")
        self.styles = CellStyles(parse(package[self.style_part] if self.style_part else EMPTY))

    def remove_lists(self) -> dict[Cell, str]:
        """Take the list of an earlier marked copy away; gives the fills its marked cells had, as XML."""
        before: dict[Cell, str] = {}
        for position, one in reversed(list(enumerate(self.book.sheets()))):
            if one.part not in self.package or not self._is_list(one.part):
                continue
            for text in SheetXml(parse(self.package[one.part])).column_a(self._shared_strings):
                try:
                    name, cell, fill = json.loads(text)
                    parsed = parse(fill.encode())
                except (ValueError, TypeError, AttributeError, NotEditableError):
                    continue
                if parsed.tag == f"{{{MAIN}}}fill":
                    before[str(name), str(cell)] = fill
            self.book.remove(position)
        return before

    def _is_list(self, part: str) -> bool:
        """Whether the sheet's first row says that it is a list of ours."""
        head = self.package[part]
        data = _DATA.search(head)
        start = data.start() if data else 0
        first = re.search(rb"<(?:\w+:)?row[\s>].*?</(?:\w+:)?row>", head[start : start + 2**16], re.DOTALL)
        if not first:
            return False
        if LISTING_MARK.encode() in first[0]:
            return True
        shared = re.findall(rb'<(?:\w+:)?c\s[^<>]*t="s"[^<>]*>\s*<(?:\w+:)?v>(\d+)<', first[0])
        strings = self._shared_strings if shared else []
        return any(strings[int(number)] == LISTING_MARK for number in shared if int(number) < len(strings))

    @functools.cached_property
    def _shared_strings(self) -> list[str]:
        part = self.package.related(self.book.main, "sharedStrings")
        if part is None:
            return []
        return [
            "".join(text.text or "" for text in item.iter(f"{{{MAIN}}}t"))
            for item in parse(self.package[part])
        ]

    def add_list(self, markup: Markup, fills: Mapping[Cell, str]) -> None:
        """Make a first sheet that lists everything, and the one that is shown when the file is opened.

        `fills` are those that marked cells had, as XML.
        """
        taken = {name.lower() for name in (*(one.name for one in self.book.sheets()), *markup.taken)}
        name = free_name(markup.name, taken, " ({})", 31)
        # Excel wants a workbook to have shared strings; those of the sender are not touched.
        strings: list[str] | None = None if self.package.related(self.book.main, "sharedStrings") else []
        listing = Listing(markup, self.styles, self.book.worksheets(), fills, strings)
        for one in self.book.sheets():
            if one.part not in self.package:
                continue
            content = self.package[one.part]
            data = _DATA.search(content)
            head = content[: data.start()] if data else content
            if _SELECTED.search(head):  # of several sheets selected all are typed into at once
                self.package.put(one.part, _SELECTED.sub(b"", head) + content[len(head) :])
        relation = self.book.add_part("worksheets/sheet{}.xml", listing.xml(), "worksheet", WORKSHEET)
        self.book.list_sheet(name, relation, 0)
        self._show_list(name)
        self.book.save()
        if strings is not None:
            shared = f'<sst xmlns="{MAIN}">{"".join(strings)}</sst>'.encode()
            self.book.add_part("sharedStrings.xml", shared, "sharedStrings", _STRINGS)
        formats = serialised(self.styles.root)
        if self.style_part:
            self.package.put(self.style_part, formats)
        else:
            self.book.add_part("styles.xml", formats, "styles", _STYLES)

    def _show_list(self, name: str) -> None:
        """Repeat the list's header in print, and show the first sheet when the file is opened."""
        names = self.book.defined_names()
        title = names.makeelement(f"{{{MAIN}}}definedName", name="_xlnm.Print_Titles", localSheetId="0")
        title.text = f"{quoted(name)}!${HEADER_ROW}:${HEADER_ROW}"
        names.insert(0, title)
        views = self.book.root.find(f"{{{MAIN}}}bookViews")
        if views is None:
            views = self.book.root.makeelement(f"{{{MAIN}}}bookViews")
            views.append(views.makeelement(f"{{{MAIN}}}workbookView"))
            self.book.sheets_element.addprevious(views)
        for view in views:
            for attribute in ("activeTab", "firstSheet"):
                if attribute in view.attrib:
                    del view.attrib[attribute]
