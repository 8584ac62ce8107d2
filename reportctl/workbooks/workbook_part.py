"""The workbook part of an Excel file: which sheets there are, where their parts are, the defined names."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from xml.etree import ElementTree as ET

from reportctl.core.relationships import Relationship, read_relationships, relationships_part
from reportctl.workbooks.book import Area, area
from reportctl.workbooks.conformity import RELATIONS


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A sheet that the workbook part lists: its name, its part (empty where no relationship leads to one),
    the last word of the relationship's type, and its state: `visible`, `hidden` or `veryHidden`.

    A module of Excel 5, which lies in the macros since, has the kind `module` and no part.
    """

    name: str
    part: str
    kind: str
    state: str


@dataclass(frozen=True, slots=True)
class WorkbookPart:
    """What the workbook part says. `names` are those defined for the whole workbook, in small letters.

    `from_1904`: days are counted from 1904, not 1900 (ECMA-376 part 1, 18.17.4.1).
    """

    part: str
    relationships: tuple[Relationship, ...]
    sheets: tuple[SheetPart, ...]
    names: Mapping[str, Area]
    from_1904: bool

    @property
    def worksheets(self) -> tuple[SheetPart, ...]:
        """The sheets that have cells to read, and those of which it is not known what they are."""
        return tuple(one for one in self.sheets if one.kind not in _OTHER_SHEETS)

    def related(self, kind: str) -> str:
        """The part that a relationship of that kind leads to; empty where there is none."""
        return next((one.part for one in self.relationships if one.kind == kind), "")


# Kinds of sheets that have no cells to read: charts, dialogs, macros; their parts may be of any kind.
_OTHER_SHEETS = ("chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet", "module")


def read_workbook_part(parts: Mapping[str, bytes]) -> WorkbookPart | None:
    """The workbook part among the unpacked `parts` of a package; None where it is missing.

    Raises `ParseError`.
    """
    start = parts.get(relationships_part(""), b"<Relationships/>")
    related = read_relationships(start, "")
    main = next((one.part for one in related if one.kind == "officeDocument"), "")
    if main not in parts:
        return None
    listed = parts.get(relationships_part(main), b"<Relationships/>")
    return _read_once(main, parts[main], read_relationships(listed, main))


_CELLS = r"\$?[A-Z]{1,3}\$?[0-9]{1,7}(?::\$?[A-Z]{1,3}\$?[0-9]{1,7})?"
_REFERENCE = re.compile(rf"(?:'((?:[^']|'')+)'|([^'!]+))!({_CELLS})")


@functools.lru_cache(maxsize=64)  # workbooks that one template made have mostly the same
def _read_once(part: str, content: bytes, relationships: tuple[Relationship, ...]) -> WorkbookPart:
    targets = {one.id: one for one in relationships}
    sheets: list[SheetPart] = []
    names: dict[str, Area] = {}
    from_1904 = False
    for element in ET.fromstring(content).iter():  # noqa: S314 - its document type has been looked for
        match element.tag.rpartition("}")[2]:
            case "sheet":
                rid = next((said for space in RELATIONS if (said := element.get(f"{{{space}}}id"))), "")
                target = targets.get(rid, Relationship("", "" if rid else "module", ""))
                state = element.get("state", "visible")
                sheets.append(SheetPart(element.get("name", ""), target.part, target.kind, state))
            case "definedName" if element.get("localSheetId") is None:
                if found := _REFERENCE.fullmatch(element.text or ""):
                    quoted, plain, cells = found.groups()
                    sheet = quoted.replace("''", "'") if quoted else plain
                    names[element.get("name", "").lower()] = area(sheet, cells)
            case "workbookPr":
                from_1904 = element.get("date1904") in ("1", "true")
    listed = {one.part for one in sheets}
    if any(one.kind == "worksheet" and one.part not in listed for one in relationships):
        # What says of itself that it is a module may be the sheet that lacks here.
        sheets = [replace(one, kind="") if one.kind == "module" else one for one in sheets]
    return WorkbookPart(part, relationships, tuple(sheets), names, from_1904)
