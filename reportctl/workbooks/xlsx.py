"""Excel workbooks (.xlsx, .xlsm), read from the parts of their packages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from xml.etree import ElementTree as ET

from reportctl.core.cellrefs import cell_place
from reportctl.core.findings import Finding, finding
from reportctl.workbooks.book import Book, BookError, Sheet, check_area, utc
from reportctl.workbooks.conformity import refuse_malformed, without_alternatives
from reportctl.workbooks.sheet_looks import (
    read_looks,
    read_marked_strings,
    read_odd_formats,
    read_pictures,
)
from reportctl.workbooks.sheet_values import read_date_formats, read_rows, read_shared_strings
from reportctl.workbooks.sheet_xml import SheetScan, scan
from reportctl.workbooks.workbook_part import read_workbook_part

_MANY_BLANK_ROWS = 10_000
_VISIBLE = {"visible": True, "hidden": False, "veryHidden": False}
_MODIFIED = re.compile(rb"<(?:\w+:)?modified[^<>]*>([^<]+)<")


def read_book(parts: Mapping[str, bytes]) -> tuple[Book, list[Finding]]:
    """The workbook whose unpacked parts are `parts`, and findings about its sheets. Raises `BookError`."""
    try:
        workbook = read_workbook_part(parts)
        if workbook is None:
            raise BookError(finding("truncated"))
        listed = {one.name: one for one in workbook.worksheets if one.kind == "worksheet"}
        if len(listed) < len(workbook.worksheets):
            raise ValueError("two sheets of one name, or one of no kind")
        kinds = {workbook.part: "officeDocument"} | {one.part: one.kind for one in workbook.relationships}
        styles = workbook.related("styles")
        if b"AlternateContent" in parts.get(styles, b""):
            parts = {**parts, styles: _unambiguous(parts[styles])}
        refuse_malformed(parts, kinds, {one.part: name for name, one in listed.items()})
        scans = {name: _scan(name, parts[one.part]) for name, one in listed.items()}
        texts, formats = (parts.get(part, b"") for part in (workbook.related("sharedStrings"), styles))
        strings, dates = read_shared_strings(texts), read_date_formats(formats)
        odd = read_odd_formats(formats)
        marked = read_marked_strings(texts, inherited=any(one.mark for one in odd.values()))
        sheets = tuple(
            Sheet(
                name,
                _VISIBLE[listed[name].state],
                read_rows(scanned.xml_rows, strings, dates, from_1904=workbook.from_1904),
                scanned.extras,
                scanned.hidden_rows,
                scanned.hidden_columns,
                read_looks(scanned.xml_rows, odd, marked, scanned.runs),
                read_pictures(parts, listed[name].part),
            )
            for name, scanned in scans.items()
        )
    except (ET.ParseError, LookupError, ValueError) as error:
        raise BookError(finding("truncated")) from error
    blank = [
        finding("blank_rows", sheet=name, rows=scanned.blank_rows)
        for name, scanned in scans.items()
        if scanned.blank_rows > _MANY_BLANK_ROWS
    ]
    saved = _MODIFIED.search(parts.get("docprops/core.xml", b""))
    return Book(sheets, workbook.names, utc(saved[1].decode("utf-8", "replace")) if saved else None), blank


def _unambiguous(styles: bytes) -> bytes:
    """The part `styles` without alternatives. Raises `ValueError` where it depends on them what is a date."""
    newest, oldest = (without_alternatives(styles, newest=newest) for newest in (True, False))
    if read_date_formats(newest) != read_date_formats(oldest):
        raise ValueError("other programs see numbers where Excel sees dates")
    return newest


def _scan(name: str, xml: bytes) -> SheetScan:
    """What the XML of the sheet `name` says. Raises `BookError`, `ParseError`."""
    try:
        scanned = scan(xml)
    except BookError as refused:
        if refused.finding.cell:  # where it lies beyond what a sheet can hold, that is what is wrong
            row, column = cell_place(refused.finding.cell)
            check_area(name, row + 1, column + 1)
        raise BookError(replace(refused.finding, sheet=name)) from refused
    check_area(name, scanned.rows, scanned.columns)
    return scanned
