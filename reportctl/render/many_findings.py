"""Findings too many for a screen: how many of each kind and unit, the first ones; all in a workbook."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reportctl.core.finding_kinds import IDENTITY, KINDS, Severity
from reportctl.core.findings import Finding, severity_name
from reportctl.core.language import _, ngettext
from reportctl.core.letters import plain
from reportctl.core.table import CellFormat, Column, Row, Table
from reportctl.render.explain import in_general
from reportctl.render.fitting import GAP, cell_len
from reportctl.render.text import (
    SEVERITY_STYLES,
    Line,
    TextCell,
    across,
    counts_in_words,
    findings_lines,
    lines_by_file,
    row_lines,
)

MANY = 100  # lines of findings, beyond which the screen shows how many there are of what
BRIEF = 14  # lines of findings where nothing is new: with all else that is said they fill one screen

_ROWS, _ROWS_IN_BRIEF = 12, 3  # kinds, and units, of which the screen says how many findings there are
_FIRST = 40  # lines at most of the first findings
_LONGEST_NAME = 40  # letters of a unit's name
_ORDER = tuple(Severity)


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many findings there are of a kind with the same severity, and of how many units."""

    code: str
    severity: Severity
    findings: int
    units: int


@dataclass(frozen=True, slots=True)
class UnitCount:
    """How many findings there are of a unit, by severity; empty `unit`: it is known of none."""

    unit: str
    errors: int
    warnings: int
    notes: int


def exceed(findings: Sequence[Finding], names: Mapping[str, str], width: int, most: int) -> bool:
    """Whether the findings take more than `most` lines of `width` columns."""
    # Each takes two lines at least.
    shown = itertools.islice(findings_lines(findings[: most + 1], names, width), most + 1)
    return sum(1 for _line in shown) > most


def by_kind(findings: Sequence[Finding]) -> list[KindCount]:
    """The kinds of findings: about whose workbook it is first, then the gravest, then the most frequent."""
    counts = Counter((one.code, one.severity) for one in findings)
    units: dict[tuple[str, Severity], set[str]] = {}
    for one in findings:
        units.setdefault((one.code, one.severity), set()).update({one.unit} if one.unit else ())
    found = [KindCount(*key, count, len(units[key])) for key, count in counts.items()]
    return sorted(found, key=lambda one: (*_gravity(one), -one.findings, one.code))


def by_unit(findings: Sequence[Finding]) -> list[UnitCount]:
    """The units of which there are findings: those with the most errors first, then warnings, then notes."""
    counts: dict[str, Counter[Severity]] = {}
    for one in findings:
        counts.setdefault(one.unit or "", Counter())[one.severity] += 1
    found = [UnitCount(unit, *(of[severity] for severity in _ORDER)) for unit, of in counts.items()]
    return sorted(found, key=lambda one: (-one.errors, -one.warnings, -one.notes, one.unit))


def _gravity(one: KindCount | Finding) -> tuple[bool, int]:
    """Whose workbook it is comes first: all else that is said of a file rests on that."""
    of_identity = one.code in IDENTITY and one.severity is Severity.ERROR
    return not of_identity, _ORDER.index(one.severity)


# ---- on the screen


def short_lines(
    findings: Sequence[Finding], names: Mapping[str, str], width: int, *, brief: bool = False
) -> Iterator[Line]:
    """How many findings there are of each kind and of each unit, and the first ones, in lines of `width`
    columns: about `MANY`; `brief`: `BRIEF` at most, without any of them."""
    yield from across(counts_in_words(findings), width, "bold")
    most = _ROWS_IN_BRIEF if brief else _ROWS
    yield from _kind_lines(by_kind(findings), width, most)
    yield from _unit_lines(by_unit(findings), names, width, most)
    yield []
    if brief:
        return
    yield from across(_("The first ones:"), width, "bold")
    yield from _first(findings, names, width)


def _kind_lines(kinds: Sequence[KindCount], width: int, most: int) -> Iterator[Line]:
    """The first `most` kinds, a line each, and how many others there are."""
    shown = kinds[:most]
    numbers = [[str(one.findings), str(one.units), one.code] for one in shown]
    words = [severity_name(one.severity) for one in shown]
    titles = [_("Severity"), _("Times"), _("Units with it"), _("Code")]
    columns = zip(titles, *([word, *row] for word, row in zip(words, numbers, strict=True)), strict=True)
    widths = [max(map(cell_len, column)) for column in columns]
    room = width - sum(widths) - GAP * len(widths)
    narrow = room < _LONGEST_NAME // 2  # there is no room to say what it is
    cells = [TextCell([(title, "bold")], 0 < n < 3) for n, title in enumerate(titles)]
    what = [] if narrow else [TextCell([(_cut(_("What is found"), room), "bold")])]
    yield []
    yield from row_lines([*cells, *what], [*widths, *([] if narrow else [room])])
    for one, word, row in zip(shown, words, numbers, strict=True):
        cells = [TextCell([(word, SEVERITY_STYLES[one.severity])])]
        cells += [TextCell([(text, "")], n < 2) for n, text in enumerate(row)]
        what = [] if narrow else [TextCell([(_cut(in_general(KINDS[one.code].message), room), "")])]
        yield from row_lines([*cells, *what], [*widths, *([] if narrow else [room])])
    if others := kinds[most:]:
        sentence = ngettext(
            "and {count} more kind, with {findings} findings",
            "and {count} more kinds, with {findings} findings",
            len(others),
        )
        yield from across(
            sentence.format(count=len(others), findings=sum(one.findings for one in others)), width, "dim"
        )


def _unit_lines(
    units: Sequence[UnitCount], names: Mapping[str, str], width: int, most: int
) -> Iterator[Line]:
    """The first `most` units, a line each, and how many others there are."""
    shown = units[:most]
    titles = [_("Unit"), _("Errors"), _("Warnings"), _("Notes")]
    rows = [[_name(one, names), str(one.errors), str(one.warnings), str(one.notes)] for one in shown]
    numbers = [max(map(cell_len, column)) for column in list(zip(titles, *rows, strict=True))[1:]]
    room = max(1, width - sum(numbers) - GAP * len(numbers))
    longest = min(max(cell_len(row[0]) for row in [titles, *rows]), room, _LONGEST_NAME)
    yield []
    for style, row in [("bold", titles), *(("", row) for row in rows)]:
        cells = [
            TextCell([(_cut(text, longest) if n == 0 else text, style)], n > 0) for n, text in enumerate(row)
        ]
        yield from row_lines(cells, [longest, *numbers])
    if others := units[most:]:
        sentence = ngettext(
            "and {count} more unit, with {findings} findings",
            "and {count} more units, with {findings} findings",
            len(others),
        )
        total = sum(one.errors + one.warnings + one.notes for one in others)
        yield from across(sentence.format(count=len(others), findings=total), width, "dim")


def _name(one: UnitCount, names: Mapping[str, str]) -> str:
    return plain(names.get(one.unit, one.unit)) or _("of no unit that is known")


def _cut(text: str, width: int) -> str:
    """The beginning of a text that has room in `width` columns."""
    if cell_len(text) <= width:
        return text
    while cell_len(text) > width - 1:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _first(findings: Sequence[Finding], names: Mapping[str, str], width: int) -> list[Line]:
    """As many of the gravest findings as `_FIRST` lines have room for, at least one."""
    gravest = sorted(findings, key=_gravity)[:_FIRST]
    lines = list(lines_by_file(gravest[:1], names, width))
    for count in range(2, len(gravest) + 1):
        more = list(lines_by_file(gravest[:count], names, width))
        if len(more) > _FIRST:
            break
        lines = more
    return lines


# ---- in a workbook


def findings_workbook(findings: Sequence[Finding], names: Mapping[str, str]) -> bytes:
    """An .xlsx of all findings, to filter and to print, with how many there are of each kind and unit."""
    from reportctl.render.sheets import workbook  # the screen does without XlsxWriter

    listed = findings_list(findings, names)
    return workbook(
        [
            (listed.title, listed),
            (_("By kind"), _kinds_table(findings)),
            (_("By unit"), _units_table(findings, names)),
        ]
    )


def findings_list(findings: Sequence[Finding], names: Mapping[str, str]) -> Table:
    """All findings for people to read, a row each, with how many there are below; `names` are the units'."""
    columns = (
        Column("severity", _("Severity"), CellFormat.TEXT, 1.0),
        Column("unit", _("Code"), CellFormat.TEXT, 0.8),
        Column("name", _("Unit"), CellFormat.TEXT, 2.4),
        Column("file", _("File"), CellFormat.TEXT, 2.4),
        Column("sheet", _("Sheet"), CellFormat.TEXT, 1.2),
        Column("cell", _("Cell"), CellFormat.TEXT, 0.6),
        Column("value", _("As typed"), CellFormat.TEXT, 1.2),
        Column("message", _("What is wrong"), CellFormat.TEXT, 3.4),
        Column("hint", _("How to put it right"), CellFormat.TEXT, 3.4),
        Column("code", _("Kind"), CellFormat.TEXT, 1.4),
    )
    words = {severity: severity_name(severity) for severity in Severity}
    rows = []
    for one in findings:
        of_unit = one.unit, names.get(one.unit or "", ""), one.file, one.sheet, one.cell, one.value
        cells = words[one.severity], *of_unit, one.message, one.hint, one.code
        rows.append(Row(tuple(plain(text or "") for text in cells)))
    return Table("findings", _("Findings"), columns, tuple(rows), (counts_in_words(findings),))


def _kinds_table(findings: Sequence[Finding]) -> Table:
    columns = (
        Column("severity", _("Severity"), CellFormat.TEXT, 1.0),
        Column("code", _("Kind"), CellFormat.TEXT, 1.6),
        Column("what", _("What is found"), CellFormat.TEXT, 5.0),
        Column("findings", _("Times"), CellFormat.COUNT),
        Column("units", _("Units with it"), CellFormat.COUNT),
    )
    rows = (
        (severity_name(one.severity), one.code, in_general(KINDS[one.code].message), one.findings, one.units)
        for one in by_kind(findings)
    )
    return Table("kinds", _("By kind"), columns, tuple(map(Row, rows)))


def _units_table(findings: Sequence[Finding], names: Mapping[str, str]) -> Table:
    columns = (
        Column("unit", _("Code"), CellFormat.TEXT, 0.8),
        Column("name", _("Unit"), CellFormat.TEXT, 3.0),
        Column("errors", _("Errors"), CellFormat.COUNT),
        Column("warnings", _("Warnings"), CellFormat.COUNT),
        Column("notes", _("Notes"), CellFormat.COUNT),
    )
    rows = ((one.unit, _name(one, names), one.errors, one.warnings, one.notes) for one in by_unit(findings))
    return Table("units", _("By unit"), columns, tuple(map(Row, rows)))
