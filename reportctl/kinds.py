"""The kinds of findings: the severity of each, what is said, how to put it right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from reportctl.language import N_


class Severity(StrEnum):
    """An error rejects the submission; a warning asks to look again; a note only tells."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class FindingKind:
    """A kind of finding: its severity, what is said, how to put it right, why it matters (English ids)."""

    severity: Severity
    message: str
    hint: str
    why: str = ""


_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE

KINDS: Mapping[str, FindingKind] = {
    # The file as a whole
    "not_a_workbook": FindingKind(
        _E, N_("the file is not an Excel workbook"), N_("send the workbook itself, saved as .xlsx")
    ),
    "format_not_read": FindingKind(
        _E,
        N_("the file is {file_type}, which is not read"),
        N_("open it, save it as .xlsx (Excel workbook) and send that"),
    ),
    "also_received": FindingKind(
        _N,
        N_("also received: {file_type}"),
        N_("nothing is read from it; the figures must come in the workbook"),
    ),
    "encrypted": FindingKind(
        _E,
        N_("the file is protected with a password and cannot be opened"),
        N_(
            "remove the password (File, Info, Protect Workbook; pack a .zip archive again without one) "
            "and send it again"
        ),
    ),
    "zip_not_opened": FindingKind(
        _E,
        N_("the .zip archive was not looked into: {reason}"),
        N_("unpack it and put the files in it into the folder"),
    ),
    "empty_file": FindingKind(_E, N_("the file is empty (0 bytes)"), N_("send it again")),
    "truncated": FindingKind(
        _E,
        N_("the file is damaged or incomplete"),
        N_("open it, save it again and send it again; where it does not open, fill in a fresh template"),
    ),
    "too_large": FindingKind(
        _E,
        N_("the file is beyond what is read: {what} is {size}, the limit {limit}"),
        N_("take out pictures and added sheets, or copy the answers to a fresh template"),
    ),
    "unsafe": FindingKind(
        _E,
        N_("the workbook holds what no workbook needs ({what}) and is not opened"),
        N_("copy the answers to a fresh template and send that"),
    ),
    "reader_failed": FindingKind(
        _E,
        N_("the file could not be read: {reason}"),
        N_("open it, save it as a new .xlsx file and send that"),
    ),
    "unreadable_file": FindingKind(
        _E,
        N_("the file cannot be opened here: {reason}"),
        N_("close it where it is open, check the rights of the folder, and try again"),
    ),
    "wrong_extension": FindingKind(
        _N,
        N_("the name ends in {extension}, but the content is {file_type}; it was read as that"),
        N_("nothing needs to be done"),
    ),
    # Whose, which form, which quarter
    "not_our_form": FindingKind(
        _E,
        N_("this workbook is not one that was sent out: it names no form"),
        N_("fill in the workbook that was sent out and send that"),
    ),
    "wrong_form": FindingKind(
        _E,
        N_("this is another form's workbook: “{found}” instead of “{expected}”"),
        N_("fill in the workbook that was sent out for this report"),
    ),
    "other_version": FindingKind(
        _N,
        N_("the workbook was made from another version of the form; it was read by its codes"),
        N_("look at the questions that changed since"),
    ),
    "unknown_unit": FindingKind(
        _E,
        N_("the unit code “{found}” is not in the list of units"),
        N_("fill in the workbook that was sent to your unit"),
    ),
    "no_unit": FindingKind(
        _E,
        N_("the workbook does not say which unit it is from"),
        N_("fill in the workbook that was sent to your unit"),
    ),
    "unit_not_asked": FindingKind(
        _E,
        N_("the unit “{found}” does not report in this quarter"),
        N_("check the unit's dates in the list of units"),
    ),
    "identity_differs": FindingKind(
        _E,
        N_("the sheets of this workbook name different {what}: {found}"),
        N_("do not copy sheets between workbooks; fill in the workbook that was sent to your unit"),
    ),
    "wrong_period": FindingKind(
        _E,
        N_("the workbook is for {found}, not for {expected}"),
        N_("fill in this quarter's workbook; where only the file went to the wrong folder, move it"),
    ),
    "missing_sheet": FindingKind(
        _E,
        N_("the sheet “{missing}” is gone"),
        N_("fill in the whole workbook as it was sent out; do not delete sheets"),
    ),
    "blank_rows": FindingKind(
        _N,
        N_("the sheet goes on for {rows} empty rows below what is filled in; they were left out"),
        N_("delete those rows, so that the file becomes small again"),
    ),
    # Where answers stand
    "code_twice": FindingKind(
        _E,
        N_("the code of this line stands twice, in {first} and in {second}, with different answers"),
        N_("delete the copied line"),
    ),
    "code_moved": FindingKind(
        _N,
        N_("found at {at} by its {by}, not where it was sent out (lines moved alike: {count})"),
        N_("nothing needs to be done"),
    ),
    "places_disagree": FindingKind(
        _W,
        N_("the line's code points to {at}, its {by} to {other}; the code was followed"),
        N_("check that the figure stands in the right line"),
    ),
    "not_found": FindingKind(
        _E,
        N_("there is no line for “{label}” any more; looked for by code, by name and by label"),
        N_("fill in the workbook as it was sent out; do not delete lines"),
    ),
    # What a cell means
    "required_missing": FindingKind(
        _E,
        N_("“{label}” is not filled in"),
        N_("fill in a figure; write 0 where there was none, KAD where it does not apply"),
    ),
    "required_text_missing": FindingKind(
        _E,
        N_("“{label}” is not answered"),
        N_("write a few sentences; write “không” where there is nothing to say"),
    ),
    "required_choice_missing": FindingKind(
        _E,
        N_("“{label}” is not answered"),
        N_("choose one of the answers in the cell's list"),
    ),
    "error_cell": FindingKind(_E, N_("the cell holds the error {value}"), N_("type the answer itself")),
    "formula_not_calculated": FindingKind(
        _E,
        N_("the cell holds a formula that was never calculated"),
        N_("open the file, let it calculate, save it again; or type the figure itself"),
    ),
    "formula_in_input": FindingKind(
        _W,
        N_("the cell holds a formula; its last result {value} was read"),
        N_("type the figure itself, so that it cannot change"),
    ),
    "number_as_text": FindingKind(
        _W, N_("“{value}” is typed as text and was read as {read}"), N_("type the number without separators")
    ),
    "thousands_guess": FindingKind(
        _E,
        N_("{value} is no whole number; {suggestion} was probably meant"),
        N_("type {suggestion} if that is right"),
    ),
    "not_whole": FindingKind(_E, N_("{value} is no whole number"), N_("count whole {measure} only")),
    "ambiguous_number": FindingKind(
        _E,
        N_("“{value}” can be read as {first} or as {second}"),
        N_("type the number without separators of thousands"),
    ),
    "unit_in_cell": FindingKind(
        _W,
        N_("“{value}” was read as {read}"),
        N_("type the number alone; its unit of measure stands beside it"),
    ),
    "wrong_unit_in_cell": FindingKind(
        _E,
        N_("“{value}” is counted in “{found}”, but {measure} is asked for"),
        N_("type the number of {measure} alone"),
    ),
    "approximate": FindingKind(
        _E,
        N_("“{value}” is not an exact figure"),
        N_("type one number ({suggestion}?) and put an x under “Ước” where it is an estimate"),
    ),
    "dash_as_zero": FindingKind(
        _W,
        N_("“{value}” was read as 0"),
        N_("write 0 where there was none, leave it empty where it is not known"),
    ),
    "word_as_zero": FindingKind(_N, N_("“{value}” was read as 0"), N_("write 0")),
    "became_date": FindingKind(
        _E,
        N_("the figure has become a date ({value})"),
        N_("set the cell to a number and type the figure again"),
    ),
    "wrong_type": FindingKind(_E, N_("“{value}” is not {expected}"), N_("type {expected}")),
    "out_of_range": FindingKind(
        _E, N_("{value} is outside what is possible: {bounds}"), N_("check the figure")
    ),
    "percent_scale": FindingKind(
        _E,
        N_("{value} as a share is {percent}; {suggestion} was probably meant"),
        N_("type {suggestion} if that is right"),
    ),
    "choice_unknown": FindingKind(
        _E,
        N_("“{value}” is not one of the answers to choose from: {choices}"),
        N_("choose from the list in the cell"),
    ),
    "date_as_text": FindingKind(
        _W, N_("“{value}” is typed as text and was read as {read}"), N_("type the date as day/month/year")
    ),
    "bad_date": FindingKind(
        _E, N_("“{value}” is not a date"), N_("type the date as day/month/year, such as 05/4/2024")
    ),
    "date_outside": FindingKind(_W, N_("{value} is outside the period {bounds}"), N_("check the date")),
    "decomposed_text": FindingKind(
        _N,
        N_("the letters were typed in decomposed form and were put together"),
        N_("nothing needs to be done"),
    ),
    "estimate_unclear": FindingKind(
        _W,
        N_("“{value}” under “Ước” was read as: an estimate"),
        N_("put an x where the figure is an estimate, nothing where it is not"),
    ),
    "too_many_words": FindingKind(
        _W, N_("the text has {words} words; at most {limit} are asked for"), N_("shorten it; nothing is cut")
    ),
    "share_differs": FindingKind(
        _W,
        N_("the workbook says {said}, but {numerator} / {denominator} gives {read}; the latter counts"),
        N_("do not type over worked-out cells"),
    ),
    # Between cells
    "rule_broken": FindingKind(_E, N_("{text} ({figures})"), N_("put right the figure that is wrong")),
    "list_row_incomplete": FindingKind(
        _E, N_("line {row} of “{list}” lacks “{label}”"), N_("fill in the line, or clear it")
    ),
    # Between files
    "several_files": FindingKind(
        _N, N_("{count} files came from this unit; {counts} counts"), N_("nothing needs to be done")
    ),
    "superseded": FindingKind(
        _N, N_("a later file of the unit counts instead: {file}"), N_("nothing needs to be done")
    ),
    "later_rejected": FindingKind(
        _W,
        N_("a later file of the unit was rejected ({file}); this earlier one still counts"),
        N_("ask the unit for a corrected file"),
    ),
    "tie": FindingKind(
        _E,
        N_("{count} different files of the unit have the same date; none of them counts"),
        N_("move the one that counts to a folder named by a later date"),
    ),
    "no_file": FindingKind(_N, N_("nothing has come from the unit"), N_("remind the unit")),
    "file_vanished": FindingKind(
        _N,
        N_("the file was merged earlier and is no longer in the inbox; its archived original counts"),
        N_("nothing needs to be done"),
    ),
    "file_changed": FindingKind(
        _N,
        N_("the file was changed after it was merged (received {day}); what counts now: {counts}"),
        N_("where another one should count, put it into a folder named by a later date"),
    ),
    # What people decided
    "accepted_despite": FindingKind(
        _N,
        N_("taken in spite of its errors by {who} on {day}: {why}"),
        N_("cells in error count as missing; a figure told by telephone: reportctl correct"),
    ),
    "corrected": FindingKind(
        _N,
        N_("corrected to “{value}” by {who} on {day}: {why}"),
        N_("nothing needs to be done; a newer file of the unit supersedes it"),
    ),
    "correction_void": FindingKind(
        _W,
        N_("the correction to “{value}” by {who} on {day} no longer fits the form and is left out"),
        N_("ask the unit again and note the figure anew: reportctl correct"),
    ),
    "quarter_closed": FindingKind(
        _W,
        N_("the quarter was closed by {who} on {day}; this file came later and does not count"),
        N_("where it is to count, open the quarter again: reportctl reopen {quarter} --why …"),
    ),
    "closed_file_changed": FindingKind(
        _W,
        N_("{path} was changed or removed since the quarter was closed; what was closed still counts"),
        N_("put the file back from a backup; to change figures: reportctl reopen {quarter} --why …"),
    ),
}
