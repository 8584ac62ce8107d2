"""The workbook part of a package: which sheets it lists, their parts, its defined names."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from reportctl.workbooks.package.parts import (
    RELATIONSHIPS,
    Element,
    NotEditableError,
    Package,
    local,
    parse,
    serialised,
)
from reportctl.workbooks.package.styles import MAIN

WORKSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
# What may stand after the defined names, and after the calculation's settings (ECMA-376 part 1, 18.2.27).
_AFTER_CALCULATION = (
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
_AFTER_NAMES = ("calcPr", *_AFTER_CALCULATION)


@dataclass(frozen=True, slots=True)
class ListedSheet:
    """A sheet as the workbook part lists it: `relation` is the id that leads to its `part`."""

    element: Element
    name: str
    relation: str
    part: str


class WorkbookXml:
    """The workbook part of `package`, parsed; `save` puts it back.

    Raises `NotEditableError` where there is none, or where it is not written as this program changes it (ISO
    strict).
    """

    def __init__(self, package: Package) -> None:
        self.package = package
        main = package.related("", "officeDocument")
        if main is None:
            raise NotEditableError
        self.main, self.root = main, parse(package[main])
        sheets = self.root.find(f"{{{MAIN}}}sheets")
        if self.root.tag != f"{{{MAIN}}}workbook" or sheets is None:  # ISO strict has other namespaces
            raise NotEditableError
        self.sheets_element = sheets

    def sheets(self) -> list[ListedSheet]:
        """All sheets in their order."""
        parts = {one.id: one.part for one in self.package.relations(self.main)}
        found = []
        for element in self.sheets_element:
            number = element.get(f"{{{RELATIONSHIPS}}}id", "")
            found.append(ListedSheet(element, element.get("name", ""), number, parts.get(number, "")))
        return found

    def worksheets(self) -> dict[str, str]:
        """The parts of the worksheets by name."""
        kinds = {one.id: one.kind for one in self.package.relations(self.main)}
        return {one.name: one.part for one in self.sheets() if kinds.get(one.relation) == "worksheet"}

    @property
    def from_1904(self) -> bool:
        """Whether days are counted from 1904, not 1900 (18.17.4.1)."""
        settings = self.root.find(f"{{{MAIN}}}workbookPr")
        return settings is not None and settings.get("date1904") in ("1", "true")

    def defined_names(self) -> Element:
        """The element that holds the defined names; made where there is none."""
        return self._child("definedNames", _AFTER_NAMES)

    def calculate_when_opened(self) -> None:
        """Let spreadsheet programs calculate all formulas when they open the workbook."""
        self._child("calcPr", _AFTER_CALCULATION).set("fullCalcOnLoad", "1")

    def list_sheet(self, name: str, relation: str, place: int) -> Element:
        """List a sheet that `relation` leads to at that place; names of single sheets keep theirs."""
        numbers = [int(one.element.get("sheetId", "0")) for one in self.sheets()]
        element = self.sheets_element.makeelement(f"{{{MAIN}}}sheet", name=name)
        element.set("sheetId", str(max(numbers, default=0) + 1))
        element.set(f"{{{RELATIONSHIPS}}}id", relation)
        self.sheets_element.insert(place, element)
        self._shift_names(place, 1)
        return element

    def remove(self, place: int) -> None:
        """Take the sheet at that place out of the workbook."""
        one = self.sheets()[place]
        self.sheets_element.remove(one.element)
        self.package.unrelate(self.main, one.relation)
        self.package.drop(one.part)
        for name in list(self.root.iter(f"{{{MAIN}}}definedName")):
            if name.get("localSheetId") == str(place) and (parent := name.getparent()) is not None:
                parent.remove(name)
        self._shift_names(place + 1, -1)

    def add_part(self, name: str, content: bytes, kind: str, content_type: str) -> str:
        """Add a part beside the workbook's own; gives the id of the relation that leads to it."""
        path = posixpath.join(posixpath.dirname(self.main), name)
        return self.package.relate(self.main, kind, self.package.new(path, content, content_type))

    def save(self) -> None:
        """Put the part back into the package."""
        self.package.put(self.main, serialised(self.root))

    def _child(self, name: str, after: tuple[str, ...]) -> Element:
        """The child element of that name; if need be made before those of the names `after`."""
        found = self.root.find(f"{{{MAIN}}}{name}")
        if found is None:
            found = self.root.makeelement(f"{{{MAIN}}}{name}")
            place = next((n for n, one in enumerate(self.root) if local(one) in after), len(self.root))
            self.root.insert(place, found)
        return found

    def _shift_names(self, first: int, by: int) -> None:
        """Names of single sheets, from the sheet `first` on, belong to a sheet so much further on."""
        for name in self.root.iter(f"{{{MAIN}}}definedName"):
            number = name.get("localSheetId")
            if number is not None and int(number) >= first:
                name.set("localSheetId", str(int(number) + by))
