"""The first sheet of a workbook: what it tells the person who fills it in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlsxwriter.worksheet import Worksheet

from reportctl.core import wording
from reportctl.core.cellrefs import quoted
from reportctl.core.language import _
from reportctl.form import layout
from reportctl.form.layout import Place
from reportctl.outgoing.page import (
    GROUP,
    WRAPPED,
    OutgoingBook,
    SheetSetup,
    height,
    open_page,
    write_across,
)


def write_instructions(book: OutgoingBook) -> None:
    """The first sheet: who reports on what until when, what is to be filled in, what to write, and how."""
    sending = book.sending
    page = SheetSetup(layout.INSTRUCTIONS, _("HOW TO FILL IN THIS WORKBOOK"), (5, 27, 68))
    sheet = open_page(book, page)
    sheet.activate()
    name = str(sending.form.name)
    write_across(sheet, 1, page, name, book.formats(bold=True, align="center", text_wrap=True))
    sheet.set_row(1, height((name, sum(page.widths) * 0.9)))
    first, last, deadline = map(
        wording.date_short, (sending.window.first, sending.window.last, sending.deadline)
    )
    facts = (
        (_("Reporting unit"), sending.unit.name),
        (_("Unit code"), sending.unit.code),
        (_("Reporting period"), sending.period),
        (_("Figures cover"), _("from {first} to the end of {last}").format(first=first, last=last)),
        (_("Due by"), deadline),
        (_("Send to, and ask"), sending.issuer),
    )
    row = _write_pairs(book, sheet, page, 3, [(name, value) for name, value in facts if value])
    sheet.ignore_errors({"number_stored_as_text": f"B1:D{row}"})
    write_across(sheet, row + 1, page, _("What is to be filled in"), book.formats(GROUP))
    row += 2
    link = book.formats(WRAPPED, font_color="#1F4E9E", underline=1, indent=1)
    for name in book.layout.sheets:
        sheet.merge_range(row, 1, row, 2, "", link)
        sheet.write_url(row, 1, f"internal:{quoted(name)}!B1", link, name)
        progress = Place(name, layout.EMPTY_ROW, 1).absolute
        style = book.formats(WRAPPED, indent=1)
        sheet.write_formula(row, 3, f"={progress}", style, book.progress[name].value)
        sheet.set_row(row, height(("", 1)))
        row += 1
    write_across(sheet, row + 1, page, _("What to write"), book.formats(GROUP))
    meanings = (
        (
            _("a number"),
            _("the figure of the period, as digits alone: no unit of measure, no “about”, no range"),
        ),
        ("0", _("there was none")),
        (layout.NOT_APPLICABLE, _("does not apply to the unit")),
        (_("left empty"), _("not filled in; an empty cell is never taken for 0")),
    )
    estimate = (
        _("{mark} under “Ước”").format(mark=layout.ESTIMATE_MARK),
        _("the figure is an estimate and not final yet; the column is left empty for final figures"),
    )
    told = (*meanings, estimate) if book.layout.indicators else meanings
    row = _write_pairs(book, sheet, page, row + 2, told)
    write_across(sheet, row + 1, page, _("How to go about it"), book.formats(GROUP))
    row += 2
    for count, text in enumerate(_steps(book), 1):
        sheet.write_string(row, 1, f"{count}.", book.formats(align="center", valign="top"))
        style = book.formats(text_wrap=True, valign="top")
        sheet.merge_range(row, 2, row, 3, "", style)
        sheet.write_string(row, 2, text, style)
        sheet.set_row(row, height((text, page.widths[1] + page.widths[2])))
        row += 1
    sheet.print_area(0, 1, row - 1, page.last_column)


def _write_pairs(
    book: OutgoingBook, sheet: Worksheet, page: SheetSetup, row: int, pairs: Sequence[tuple[str, str]]
) -> int:
    """A table of names and what belongs to them, from `row` on; gives the row after it."""
    name_format, value_format = book.formats(WRAPPED, bold=True, indent=1), book.formats(WRAPPED, indent=1)
    for at, (name, value) in enumerate(pairs, row):
        sheet.merge_range(at, 1, at, 2, "", name_format)
        sheet.write_string(at, 1, name, name_format)
        sheet.write_string(at, 3, value, value_format)
        sheet.set_row(at, height((value, page.widths[2])))
    return row + len(pairs)


def _steps(book: OutgoingBook) -> tuple[str, ...]:
    """How to fill in the workbook and send it back, one sentence or two a step."""
    sending, sheets = book.sending, book.layout
    to_date = [place.indicator.name for place in sheets.indicators.values() if place.indicator.cumulative]
    to_date += [
        place.table.name
        for place in sheets.tables.values()
        if any(cell.cumulative for cell in place.cells.values())
    ]
    lines = [
        _(
            "Fill in the coloured cells only: yellow must be filled in, blue may be left empty. All others "
            "are locked. Do not add, delete or rename lines, columns or sheets."
        ),
        _(
            "Choose a cell to see what is asked for. A percentage is typed with its sign (85%), a date as "
            "day/month/year (05/4/2024)."
        ),
    ]
    if sheets.indicators:
        lines += [
            " ".join(_of_previous_quarter(book)),
            _(
                "The column “Check” says what does not add up. Put the figures right until it is empty. "
                "Shares are worked out by themselves."
            ),
        ]
    if sheets.tables:
        lines.append(
            _(
                "On a table's sheet the grey cells are not asked, or are filled in and added up by "
                "themselves. The column “Check” says what is wrong in a row; (1), (2) … are the numbers "
                "below the headings."
            )
        )
        if any(book.notes.get(code) for code in sheets.cells) or any(
            known.note for of_role in book.beside.values() for known in of_role.values()
        ):
            lines.append(_("The note on a cell says whose figure it is, or why there is none."))
    if to_date:
        labels = "; ".join(f"“{name}”" for name in to_date)
        lines.append(
            _("Count from the beginning of the year, not for the quarter alone: {labels}.").format(
                labels=labels
            )
        )
    if sheets.lists:
        lines.append(_("On a list's sheet each event has a line of its own, with no empty lines between."))
    if sheets.texts:
        lines.append(_("Answer in words briefly, with figures; do not copy the previous quarter's text."))
    lines += [
        _("Give totals and the unit's own words only: no names or data of private persons."),
        _(
            "Save as an Excel workbook (.xlsx) and send this file itself to {issuer} by {deadline}. A signed "
            "copy on paper or as PDF may come with it, but figures are read from this file only."
        ).format(
            issuer=sending.issuer or _("the office that sent it"),
            deadline=wording.date_short(sending.deadline),
        ),
    ]
    return tuple(lines)


def _of_previous_quarter(book: OutgoingBook) -> Iterator[str]:
    """What the column of the quarter before shows, and where to read why it shows nothing."""
    yield _(
        "The column “Previous quarter” shows what the unit reported then; it is there to compare with and "
        "cannot be changed."
    )
    if any(book.notes.get(code) for code in book.layout.indicators):
        yield _("The note on a cell says whose figure it is, or why there is none.")
