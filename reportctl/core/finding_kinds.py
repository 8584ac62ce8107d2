"""The kinds of findings: the severity of each, what is said, how to put it right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from reportctl.core.language import N_


class Severity(StrEnum):
    """An error rejects the submission; a warning asks to look again; a note only tells."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


OFF = "off"
GRADES = tuple(severity.value for severity in Severity)
ANY = (*GRADES, OFF)
RAISED = (Severity.ERROR.value,)
LATER = (Severity.WARNING.value, Severity.NOTE.value, OFF)


@dataclass(frozen=True, slots=True)
class FindingKind:
    """A kind of finding: its severity, what is wrong, how to put it right, why it matters (English ids).

    `settable` are the severities that an office may give it instead, in `reportctl.toml`. `ANY` and `GRADES`
    are for kinds with which the answers are read all the same; with `GRADES` the kind cannot be switched
    off, with `RAISED` it can only become an error. `LATER` is for what is found after the verdicts, so that
    it cannot reject a file. None is for kinds that say that something could not be read, whose it is, which
    file counts or what was decided: without them figures would look sound.
    `suggesting` is the hint where the finding has a suggestion of what was meant.
    """

    severity: Severity
    message: str
    hint: str
    why: str
    settable: tuple[str, ...] = ()
    suggesting: str = ""


_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE

KINDS: Mapping[str, FindingKind] = {
    # The file as a whole
    "not_a_workbook": FindingKind(
        _E,
        N_("the file is not an Excel workbook"),
        N_("send the workbook itself, saved as .xlsx"),
        N_("no figures can be read from it, so the unit has not reported"),
    ),
    "format_not_read": FindingKind(
        _E,
        N_("the file is {file_type}, which is not read"),
        N_("open it, save it as .xlsx (Excel workbook) and send that"),
        N_("taken as received, its figures would be missing from the totals unnoticed"),
    ),
    "old_excel": FindingKind(
        _E,
        N_("the file is a workbook in an old form (of Excel 2, 3, 4 or the like), which is not read"),
        N_(
            "open it in LibreOffice Calc (Excel itself may block it: File, Options, Trust Center, "
            "Trust Center Settings, File Block Settings), save it as .xlsx and send that"
        ),
        N_("saved again in the old form it stays unread, and its figures are missing from the totals"),
    ),
    "also_received": FindingKind(
        _N,
        N_("also received: {file_type}"),
        N_("nothing is read from it; the figures must come in the workbook"),
        N_("a signed scan or a photo is easily taken for the report, whose figures are still to come"),
        suggesting=N_("nothing is read from it; {suggestion}"),
    ),
    "same_content": FindingKind(
        _N,
        N_("the file is a copy of {other}, byte for byte; only that one was read"),
        N_("where another unit sent it, ask that unit for its own workbook"),
        N_("a unit that sent another's workbook, or like another an empty file, seems to have sent nothing"),
    ),
    "encrypted": FindingKind(
        _E,
        N_("the file is protected with a password and cannot be opened"),
        N_(
            "remove the password (File, Info, Protect Workbook; pack a .zip archive again without one) "
            "and send it again"
        ),
        N_("what is inside can be neither checked nor counted"),
    ),
    "excel_password": FindingKind(
        _E,
        N_("the file is encrypted with Excel's own password, as Excel does where a workbook is protected"),
        N_(
            "open it in Excel, which asks for no password, take the protection off (Review, Protect "
            "Workbook), save it as a new .xlsx file and send that"
        ),
        N_("its sender knows of no password, and what is inside can be neither checked nor counted"),
    ),
    "zip_not_opened": FindingKind(
        _E,
        N_("the .zip archive was not looked into: {reason}"),
        N_("unpack it and put the files in it into the folder"),
        N_("the reports inside it do not count until it is unpacked"),
    ),
    "empty_file": FindingKind(
        _E,
        N_("the file is empty (0 bytes)"),
        N_("send it again"),
        N_("the sending was broken off, and the unit believes that it has reported"),
    ),
    "truncated": FindingKind(
        _E,
        N_("the file is damaged or incomplete"),
        N_("open it, save it again and send it again; where it does not open, fill in a fresh template"),
        N_("part of the figures may be gone without anything showing it"),
    ),
    "part_missing": FindingKind(
        _E,
        N_("the file is incomplete: it lacks {what}"),
        N_("open it, save it again and send it again; where it does not open, fill in a fresh template"),
        N_("what is missing in the file would be taken for left empty by the unit"),
    ),
    "undecodable": FindingKind(
        _E,
        N_("the letters in the file cannot be made out (part {part}, encoding {encoding})"),
        N_("open it, save it as a new .xlsx file and send that"),
        N_("a name or a figure that is guessed at may be a wrong one"),
    ),
    "too_large": FindingKind(
        _E,
        N_("the file is beyond what is read: {what} is {size}, the limit {limit}"),
        N_("take out pictures and added sheets, or copy the answers to a fresh template"),
        N_("it would hold up all the other files, and what makes it large is no answer"),
    ),
    "unsafe": FindingKind(
        _E,
        N_("the workbook holds what no workbook needs ({what}) and is not opened"),
        N_("copy the answers to a fresh template and send that"),
        N_("such content can do harm to the office's computers"),
    ),
    "reader_failed": FindingKind(
        _E,
        N_("the file could not be read: {reason}"),
        N_("open it, save it as a new .xlsx file and send that"),
        N_("none of its figures count until it can be read"),
    ),
    "unreadable_file": FindingKind(
        _E,
        N_("the file cannot be opened here: {reason}"),
        N_("close it where it is open, check the rights of the folder, and try again"),
        N_("the figures in it are missing from the totals"),
    ),
    "wrong_extension": FindingKind(
        _N,
        N_("the name ends in {extension}, but the content is {file_type}; it was read as that"),
        N_("nothing needs to be done"),
        N_("Excel warns of a file whose name does not fit its content, or does not open it"),
        settable=ANY,
    ),
    # Whose, which form, which quarter
    "not_our_form": FindingKind(
        _E,
        N_("this workbook is not one that was sent out: it names no form"),
        N_("fill in the workbook that was sent out and send that"),
        N_("without the form's marks nobody can tell which cell answers which question"),
    ),
    "identity_by_cells": FindingKind(
        _W,
        N_("the workbook has lost its hidden marks; unit and period were taken from what is typed: {said}"),
        N_("check that the file is from this unit and of this period; fill in the file that was sent out"),
        N_("what people type can be another unit's name, or last quarter's period"),
    ),
    "wrong_form": FindingKind(
        _E,
        N_("this is another form's workbook: “{found}” instead of “{expected}”"),
        N_("fill in the workbook that was sent out for this report"),
        N_("its figures answer other questions than those of this report"),
    ),
    "other_version": FindingKind(
        _N,
        N_("the workbook was made from another version of the form; it was read by its codes"),
        N_("look at the questions that changed since"),
        N_("questions that are new or have changed since may be left unanswered"),
        settable=ANY,
    ),
    "unknown_unit": FindingKind(
        _E,
        N_("the unit code “{found}” is not in the list of units"),
        N_("fill in the workbook that was sent to your unit"),
        N_("figures of no known unit can be added to no total"),
    ),
    "no_unit": FindingKind(
        _E,
        N_("the workbook does not say which unit it is from"),
        N_("fill in the workbook that was sent to your unit"),
        N_("nobody can tell whose figures these are"),
    ),
    "unit_not_asked": FindingKind(
        _E,
        N_("the unit “{found}” does not report in this quarter"),
        N_("check the unit's dates in the list of units"),
        N_("a unit that was merged or dissolved would be counted beside its successor"),
    ),
    "identity_differs": FindingKind(
        _E,
        N_("the sheets of this workbook name different {what}: {found}"),
        N_("do not copy sheets between workbooks; fill in the workbook that was sent to your unit"),
        N_("figures of two units or two quarters may be mixed in one file"),
    ),
    "wrong_period": FindingKind(
        _E,
        N_("the workbook is for {found}, not for {expected}"),
        N_("fill in this quarter's workbook; where only the file went to the wrong folder, move it"),
        N_("another quarter's figures would be reported as this quarter's"),
    ),
    "missing_sheet": FindingKind(
        _E,
        N_("the sheet “{missing}” is gone"),
        N_("fill in the whole workbook as it was sent out; do not delete sheets"),
        N_("all the answers of that sheet are missing from the totals"),
    ),
    "blank_rows": FindingKind(
        _N,
        N_("the sheet goes on for {rows} empty rows below what is filled in; they were left out"),
        N_("delete those rows, so that the file becomes small again"),
        N_("they make the file large and slow to open and to send"),
        settable=ANY,
    ),
    # Where answers stand
    "code_twice": FindingKind(
        _E,
        N_("the code of this line stands twice, in {first} and in {second}, with different answers"),
        N_("delete the copied line"),
        N_("of two figures for one question either can be the wrong one"),
    ),
    "code_moved": FindingKind(
        _N,
        N_("found at {at} by its {by}: moved, or its hidden code is gone (rows or columns alike: {count})"),
        N_("nothing needs to be done"),
        N_("whoever wonders at a figure can see that the workbook is not as it was sent out"),
        settable=ANY,
    ),
    "places_disagree": FindingKind(
        _W,
        N_("the line's code points to {at}, its {by} to {other}; the code was followed"),
        N_("check that the figure stands in the right line"),
        N_("a figure in the wrong line makes two indicators wrong at once"),
        settable=RAISED,
    ),
    "label_elsewhere": FindingKind(
        _E,
        N_("the cell's name points to {at}, what was printed beside or above it stands at {other} now"),
        N_("check that the figures stand beside their labels; do not sort or type over what is printed"),
        N_("a figure in the wrong line makes two indicators wrong at once"),
    ),
    "label_gone": FindingKind(
        _E,
        N_("“{label}” is printed beside or above {at} no more, and the cell has lost its name"),
        N_("fill in the workbook as it was sent out; do not type over what is printed there"),
        N_("nobody can tell whether the figure still answers that question"),
    ),
    "not_found": FindingKind(
        _E,
        N_("there is no line for “{label}” any more; looked for by code, by name and by label on {sheets}"),
        N_("fill in the workbook as it was sent out; do not delete lines"),
        N_("the question counts as not answered by this unit"),
    ),
    "new_question": FindingKind(
        _N,
        N_("“{label}” is missing, because the older form does not ask for it yet"),
        N_("tell the office what it is (reportctl correct writes it down), or fill in the new workbook"),
        N_("a question that is new in the form is unanswered by those who got the form before"),
        settable=ANY,
    ),
    "asked_otherwise": FindingKind(
        _N,
        N_("“{label}” is missing, because the older form asks for it otherwise"),
        N_("tell the office what it is (reportctl correct writes it down), or fill in the new workbook"),
        N_("a figure in another measure, or of another type, is no answer to what the form asks now"),
        settable=ANY,
    ),
    "dropped_question": FindingKind(
        _N,
        N_("answers to what the form in force does not ask were left out: {what}"),
        N_(
            "where another question takes them now, they belong there (reportctl correct writes a figure "
            "down, “was” in the form follows a code that was renamed); else nothing needs to be done"
        ),
        N_("the unit believes that it has reported them, and they are in no total"),
        settable=ANY,
    ),
    "hidden_answers": FindingKind(
        _W,
        N_("answers stand in {what}: {cells} (their number: {count}); they were read"),
        N_("show what is hidden and check those answers; clear what is not meant"),
        N_("a figure that nobody sees is checked by nobody, and may be left over from another quarter"),
        settable=GRADES,
    ),
    "stray_figure": FindingKind(
        _W,
        N_("figures stand in lines or columns that no question has ({cells}); they were not read"),
        N_("type each figure in the cell of its question; tell the office of those that have none"),
        N_("whoever typed them believes that they are in the report, and they are in no total"),
        settable=ANY,
    ),
    "hidden_copy": FindingKind(
        _W,
        N_(
            "a hidden sheet holds other answers to the same questions ({first} instead of {second}); not read"
        ),
        N_("delete the hidden sheet, or show it and leave only the right one"),
        N_("of two answers to one question the one that people see counts; the other may be the newer"),
        settable=GRADES,
    ),
    "heading_differs": FindingKind(
        _E,
        N_("the heading says “{said}”, but the workbook was sent out for “{meant}”"),
        N_("fill in the workbook that was sent to your unit for this quarter; do not type over its heading"),
        N_("figures would be counted for a unit or a quarter that they are not of"),
    ),
    # What a cell means
    "required_missing": FindingKind(
        _E,
        N_("“{label}” is not filled in"),
        N_("fill in a figure; write 0 where there was none, KAD where it does not apply"),
        N_("an empty cell is no zero: the total would be too small unnoticed"),
        settable=GRADES,
    ),
    "required_cells_missing": FindingKind(
        _E,
        N_("“{label}”: {count} of {of} cells are not filled in ({columns})"),
        N_("fill in a figure in each; write 0 where there was none, KAD where it does not apply"),
        N_("an empty cell is no zero: the total would be too small unnoticed"),
        settable=GRADES,
    ),
    "required_text_missing": FindingKind(
        _E,
        N_("“{label}” is not answered"),
        N_("write a few sentences; write “không” where there is nothing to say"),
        N_("the text of the report is written from these answers"),
        settable=GRADES,
    ),
    "required_choice_missing": FindingKind(
        _E,
        N_("“{label}” is not answered"),
        N_("choose one of the answers in the cell's list"),
        N_("the unit would be missing where the answers are counted"),
        settable=GRADES,
    ),
    "error_cell": FindingKind(
        _E,
        N_("the cell holds the error {value}"),
        N_("type the answer itself"),
        N_("an error is no figure; taken for an empty cell it would go unnoticed"),
    ),
    "picture_in_cell": FindingKind(
        _E,
        N_("a picture stands in the cell"),
        N_("type the answer itself; what is in a picture is not read"),
        N_("a picture can be neither added up nor printed in the text of the report"),
    ),
    "picture_over_cell": FindingKind(
        _W,
        N_("a picture lies over the cell; only what is typed in the cell is read"),
        N_("move the picture aside and look at what stands in the cell"),
        N_("whoever looks at the sheet sees the picture and takes that for the answer"),
        settable=ANY,
    ),
    "struck_out": FindingKind(
        _W,
        N_("all that stands in the cell is struck out; it was read all the same"),
        N_("clear the cell where the answer no longer holds; else take the line through it away"),
        N_("what is struck out may be meant to be left out, or be left over from an earlier answer"),
        settable=GRADES,
    ),
    "struck_row": FindingKind(
        _W,
        N_("line {row} of “{list}” is struck out; it was read all the same"),
        N_("clear the line where it no longer holds; else take the line through it away"),
        N_("what is struck out may be meant to be left out, and is counted as long as it stands there"),
        settable=GRADES,
    ),
    "struck_in_answer": FindingKind(
        _E,
        N_("“{part}” in “{value}” is struck out; nothing was read"),
        N_("type the answer alone, without what is struck out"),
        N_("joined to what is struck out it would be another figure"),
        suggesting=N_("type {suggestion} alone if that is right"),
    ),
    "raised_in_answer": FindingKind(
        _E,
        N_("“{part}” in “{value}” is raised or lowered; nothing was read"),
        N_("type the answer alone, and the note under the questions in words, if there are any"),
        N_("joined to the sign of a note it would be another figure"),
        suggesting=N_(
            "type {suggestion} alone if that is right, and the note under the questions in words, if there "
            "are any"
        ),
    ),
    "struck_words": FindingKind(
        _W,
        N_("“{part}” is struck out and was left out"),
        N_("delete what is struck out"),
        N_("what is struck out would be printed in the report like the rest"),
        settable=GRADES,
    ),
    "raised_words": FindingKind(
        _W,
        N_("“{part}” is raised or lowered; in the report it may be printed beside the other letters"),
        N_("write the note out, or delete the sign of a note"),
        N_("a note has no place in the report, and its sign joined to a figure makes another figure"),
        settable=ANY,
    ),
    "format_scales": FindingKind(
        _E,
        N_("the cell holds {value}, but its number format shows {seen}"),
        N_(
            "set the cell to an ordinary number format and type the figure in the unit of measure asked for "
            "({suggestion}?)"
        ),
        N_("what is seen and what would be counted differ a thousand times or more"),
    ),
    "format_adds_digits": FindingKind(
        _E,
        N_("the cell holds {value}, but its number format adds digits, so that {seen} is seen"),
        N_("set the cell to an ordinary number format and type the whole figure"),
        N_("what is seen is not the figure that would be counted"),
    ),
    "format_hides": FindingKind(
        _W,
        N_("the cell holds {value}, but its number format shows {seen}; it was read all the same"),
        N_("set the cell to an ordinary number format and check the figure"),
        N_("a figure that nobody sees is checked by nobody, and may be left over from another quarter"),
        settable=GRADES,
    ),
    "format_percent": FindingKind(
        _E,
        N_("the cell is formatted as a percentage: it shows {seen} and holds {value}"),
        N_("set the cell to an ordinary number format and type the figure again ({suggestion}?)"),
        N_("a spreadsheet divides what is typed into such a cell by a hundred"),
    ),
    "part_of_day": FindingKind(
        _W,
        N_("{value} is a part of a day, as a time of day is kept; {suggestion} was probably meant"),
        N_("type {suggestion} if that is right, without a colon"),
        N_("a time of day in a cell for numbers is counted as far less than was meant"),
        settable=ANY,
    ),
    "merged_over": FindingKind(
        _E,
        N_("the cell lies under the merged cells {area}, so that nothing in it is seen"),
        N_("take the merged cells apart and type each answer into its own cell"),
        N_("one figure in place of several is no answer to any of them but the first"),
    ),
    "merged_rows": FindingKind(
        _N,
        N_("“{value}” stands in the merged cells {area} and was read for each of their rows in the list"),
        N_("take the merged cells apart where it belongs to one row only"),
        N_("what is merged over several rows of a list is meant for each of them"),
        settable=ANY,
    ),
    "formula_not_calculated": FindingKind(
        _E,
        N_("the cell holds a formula that was never calculated"),
        N_("open the file, let it calculate, save it again; or type the figure itself"),
        N_("the file holds no result, so nobody knows the figure"),
    ),
    "formula_in_input": FindingKind(
        _W,
        N_("the cell holds a formula; its last result {value} was read"),
        N_("type the figure itself, so that it cannot change"),
        N_("a formula may give another result when the file is opened elsewhere"),
        settable=ANY,
    ),
    "number_as_text": FindingKind(
        _W,
        N_("“{value}” is typed as text and was read as {read}"),
        N_("type the number without separators"),
        N_("spreadsheets do not add up text, so the unit's own totals may be wrong"),
        settable=ANY,
    ),
    "thousands_guess": FindingKind(
        _E,
        N_("{value} is no whole number; {suggestion} was probably meant"),
        N_("type {suggestion} if that is right"),
        N_("a figure a thousand times too small makes the total wrong"),
    ),
    "not_whole": FindingKind(
        _E,
        N_("{value} is no whole number"),
        N_("count whole {measure} only"),
        N_("what is counted one by one has no fractions, so the figure must be wrong"),
    ),
    "ambiguous_number": FindingKind(
        _E,
        N_("“{value}” can be read as {first} or as {second}"),
        N_("type the number without separators of thousands"),
        N_("one reading can be a thousand times the other"),
    ),
    "unit_in_cell": FindingKind(
        _W,
        N_("“{value}” was read as {read}"),
        N_("type the number alone; its unit of measure stands in the form"),
        N_("with a word in it the cell is text, which spreadsheets do not add up"),
        settable=ANY,
    ),
    "wrong_unit_in_cell": FindingKind(
        _E,
        N_("“{value}” is counted in “{found}”, but {measure} is asked for"),
        N_("type the number alone ({measure})"),
        N_("what is counted in different units of measure must never be added up"),
        suggesting=N_("type {suggestion} alone if that is right"),
    ),
    "several_numbers": FindingKind(
        _E,
        N_("“{value}” holds several numbers"),
        N_("type one number alone"),
        N_("which of them counts, or whether they are parts of one, only the unit knows"),
        suggesting=N_("type one number alone (their sum is {suggestion})"),
    ),
    "note_in_cell": FindingKind(
        _E,
        N_("“{value}” is a figure with a note beside it"),
        N_("type the number alone, and the note under the questions in words, if there are any"),
        N_("a note can mean that the figure counts something else, and no sum can take it in"),
        suggesting=N_(
            "type {suggestion} alone if that is right, and the note under the questions in words, if there "
            "are any"
        ),
    ),
    "sign_unclear": FindingKind(
        _E,
        N_("“{value}” can be read as {first} or as {second}"),
        N_("type {first} or {second} alone, without brackets and dashes"),
        N_("brackets and dashes mean a minus to some and nothing to others"),
    ),
    "exponent_form": FindingKind(
        _E,
        N_("“{value}” is written with an exponent; its last digits may be lost"),
        N_("type the number with all its digits ({suggestion}?)"),
        N_("where a column is narrow a spreadsheet shows large numbers so, and copying keeps what it shows"),
    ),
    "sum_as_text": FindingKind(
        _W,
        N_("“{value}” is a sum typed as text and was read as {read}"),
        N_("type {read}"),
        N_("the sum was worked out here; the unit should see whether it is what was meant"),
        settable=ANY,
    ),
    "formula_as_text": FindingKind(
        _E,
        N_("“{value}” is a formula that stands there as text"),
        N_("type the figure itself"),
        N_("a formula that is text is never calculated"),
    ),
    "number_in_words": FindingKind(
        _W,
        N_("“{value}” is written in words and was read as {read}"),
        N_("type the number in digits"),
        N_("only a number in digits is checked while it is typed, and added up in the workbook"),
        settable=ANY,
    ),
    "no_figure_yet": FindingKind(
        _E,
        N_("“{value}” is no figure"),
        N_("write 0 where there was none; leave it empty where it is not known yet"),
        N_("none at all and not known yet are different answers"),
    ),
    "figure_elsewhere": FindingKind(
        _E,
        N_("“{value}” points to a figure that stands elsewhere"),
        N_("type the figure itself"),
        N_("only what stands in the cell can be added up"),
    ),
    "old_encoding": FindingKind(
        _W,
        N_("typed in the old encoding {encoding}: “{before}” was read as “{after}”"),
        N_("read it through, capital letters above all, and type in Unicode from now on"),
        N_("text in an old encoding prints as nonsense in the report and is found by no search"),
        settable=GRADES,
    ),
    "perhaps_old_encoding": FindingKind(
        _W,
        N_("“{before}” may be in the old encoding {encoding} (then it says “{after}”); it was left as it is"),
        N_("type it again in Unicode if it cannot be read as it stands"),
        N_("text in an old encoding prints as nonsense in the report; what is not certain is not converted"),
        settable=ANY,
    ),
    "unseen_characters": FindingKind(
        _N,
        N_("characters that cannot be seen were taken out: {characters}"),
        N_("nothing needs to be done"),
        N_("they come along with copied text, and words that hold them are found by no search"),
        settable=ANY,
    ),
    "approximate": FindingKind(
        _E,
        N_("“{value}” is not an exact figure"),
        N_("type one number ({suggestion}?); of an estimate put an x under “Ước”, where the sheet has it"),
        N_("with a guess in it the total is a guess as well"),
    ),
    "dash_as_zero": FindingKind(
        _W,
        N_("“{value}” was read as 0"),
        N_("write 0 where there was none, leave it empty where it is not known"),
        N_("a dash can also mean “not known”, which is no zero"),
        settable=ANY,
    ),
    "word_as_zero": FindingKind(
        _N,
        N_("“{value}” was read as 0"),
        N_("write 0"),
        N_("it shows which zeros were written as words"),
        settable=ANY,
    ),
    "became_date": FindingKind(
        _E,
        N_("the figure has become a date ({value})"),
        N_("set the cell to a number and type the figure again"),
        N_("the figure that was typed is gone, and a date cannot be added up"),
        suggesting=N_("set the cell to a number and type the figure again (was it {suggestion}?)"),
    ),
    "wrong_type": FindingKind(
        _E,
        N_("“{value}” is not {expected}"),
        N_("type {expected}"),
        N_("an answer of another kind can be neither added up nor compared"),
        suggesting=N_("type {expected}: {suggestion} if that is right"),
    ),
    "out_of_range": FindingKind(
        _E,
        N_("{value} is outside what is possible: {bounds}"),
        N_("check the figure"),
        N_("a figure that cannot be true makes every total with it untrue"),
    ),
    "percent_scale": FindingKind(
        _E,
        N_("{value} as a share is {percent}; {suggestion} was probably meant"),
        N_("type {suggestion} if that is right"),
        N_("a share a hundred times too large would be printed as it is"),
    ),
    "choice_unknown": FindingKind(
        _E,
        N_("“{value}” is not one of the answers to choose from: {choices}"),
        N_("choose from the list in the cell"),
        N_("answers are counted by the choices offered, and any other would be left out"),
        suggesting=N_("choose from the list in the cell: “{suggestion}” if that is right"),
    ),
    "date_as_text": FindingKind(
        _W,
        N_("“{value}” is typed as text and was read as {read}"),
        N_("type the date as day/month/year"),
        N_("day and month are easily exchanged where a date is typed as text"),
        settable=ANY,
    ),
    "bad_date": FindingKind(
        _E,
        N_("“{value}” is not a date"),
        N_("type the date as day/month/year, such as 05/4/2024"),
        N_("without its date an event belongs to no quarter"),
        suggesting=N_("type the date as day/month/year: {suggestion} if that is right"),
    ),
    "date_outside": FindingKind(
        _W,
        N_("{value} is outside the period {bounds}"),
        N_("check the date"),
        N_("an event of another quarter may be counted twice"),
        settable=ANY,
    ),
    "decomposed_text": FindingKind(
        _N,
        N_("the letters were typed in decomposed form and were put together"),
        N_("nothing needs to be done"),
        N_("such letters look the same, but searching and sorting miss them"),
        settable=ANY,
    ),
    "day_number": FindingKind(
        _W,
        N_("{value} is also how a spreadsheet keeps the day {day}"),
        N_("check the figure: was a date typed, or a figure such as 12/5 that became one?"),
        N_("a day in a cell for numbers is a figure of more than 40 thousand"),
        settable=ANY,
    ),
    "huge_count": FindingKind(
        _W,
        N_("{value} is more than a thousand million"),
        N_("check the figure: digits too many, or two figures in one cell?"),
        N_("no unit counts so many, and one such figure buries those of all others"),
        settable=ANY,
    ),
    "typed_in_dong": FindingKind(
        _W,
        N_("{value} in {measure} is a thousand billion đồng or more; {suggestion} was probably meant"),
        N_("type {suggestion} if the amount was typed in đồng"),
        N_("one amount in another unit of measure makes the total of the province wrong"),
        settable=ANY,
    ),
    "estimate_unclear": FindingKind(
        _W,
        N_("“{value}” under “Ước” was read as: an estimate"),
        N_("put an x where the figure is an estimate, nothing where it is not"),
        N_("the report says which figures are estimates"),
        settable=ANY,
    ),
    "too_many_words": FindingKind(
        _W,
        N_("the text has {words} words; at most {limit} are asked for"),
        N_("shorten it; nothing is cut"),
        N_("the office has to shorten long answers in the last days before the report"),
        settable=ANY,
    ),
    "share_differs": FindingKind(
        _W,
        N_("the workbook says {said}, but {numerator} / {denominator} gives {read}; the latter counts"),
        N_("do not type over worked-out cells"),
        N_("the unit sees another share in its workbook than the report prints"),
        settable=ANY,
    ),
    "sum_differs": FindingKind(
        _W,
        N_("the workbook says {said}, but {parts} makes {read}; the latter counts"),
        N_("do not type over worked-out cells"),
        N_("the unit sees another sum in its workbook than the report prints"),
        settable=ANY,
    ),
    # Between cells
    "rule_broken": FindingKind(
        _E,
        N_("{text} ({figures})"),
        N_("put right the figure that is wrong"),
        N_("figures that contradict each other cannot all be right"),
        settable=GRADES,
    ),
    "older_sum_broken": FindingKind(
        _E,
        N_("by the older form that was filled in: {text} ({figures})"),
        N_("put right the figure that is wrong"),
        N_("the form in force adds up otherwise, so that only the older one tells that figures are wrong"),
        settable=GRADES,
    ),
    "x_as_missing": FindingKind(
        _N,
        N_("“{value}” was read as a cell left empty"),
        N_("write the answer itself, such as yes or no; a cell without an answer may stay empty"),
        N_("some write an x for “yes”, others for “nothing”, so it is taken for no answer"),
        settable=ANY,
    ),
    "list_row_incomplete": FindingKind(
        _E,
        N_("line {row} of “{list}” lacks “{label}”"),
        N_("fill in the line, or clear it"),
        N_("a line filled in by half cannot be printed in the annex"),
        settable=GRADES,
    ),
    "total_row": FindingKind(
        _W,
        N_("line {row} of “{list}” is called “{value}”: a total among the lines?"),
        N_("clear the line; totals are worked out from the others"),
        N_("a total among the lines counts everything twice"),
        settable=GRADES,
    ),
    "total_left_out": FindingKind(
        _W,
        N_(
            "line {row} of “{list}” is not counted: its figures are the sums of other lines, so it is a total"
        ),
        N_("clear the line; totals are worked out from the others"),
        N_("a total among the lines would count everything twice"),
        settable=GRADES,
    ),
    "list_total_overwritten": FindingKind(
        _E,
        N_("“{value}” ({label}) stands in the line of totals of “{list}”: a line typed there is not read"),
        N_("insert lines above the line of totals and type there; the line of totals has no other words"),
        N_("what is typed over the totals is in no total and not in the annex"),
        settable=GRADES,
    ),
    "list_row_below_total": FindingKind(
        _E,
        N_("“{value}” stands in a line below the totals of “{list}”: lines typed there are not read"),
        N_("insert lines above the line of totals and move it there, and others below the totals too"),
        N_("what is typed below the totals is in no total and not in the annex"),
        settable=GRADES,
    ),
    "list_key_twice": FindingKind(
        _W,
        N_("“{value}” stands twice in “{list}”: in lines {first} and {second}"),
        N_("delete the line that is there twice, or name them apart"),
        N_("what is counted twice makes the total too large"),
        settable=ANY,
    ),
    # Between files
    "several_files": FindingKind(
        _N,
        N_("{count} files came from this unit; {counts} counts"),
        N_("nothing needs to be done"),
        N_("it says which of the unit's files the figures come from"),
    ),
    "superseded": FindingKind(
        _N,
        N_("a later file of the unit counts instead: {file}"),
        N_("nothing needs to be done"),
        N_("nothing of this file is in the totals any more"),
    ),
    "later_rejected": FindingKind(
        _W,
        N_("a later file of the unit was rejected ({file}); this earlier one still counts"),
        N_("ask the unit for a corrected file"),
        N_("the unit believes that its later figures count"),
    ),
    "tie": FindingKind(
        _E,
        N_("{count} different files of the unit have the same date; none of them counts"),
        N_("move the one that counts to a folder named by a later date"),
        N_("only the unit can say which file is right; it is not guessed"),
    ),
    "no_file": FindingKind(
        _N,
        N_("nothing has come from the unit"),
        N_("remind the unit"),
        N_("the unit is missing from every total"),
    ),
    "file_vanished": FindingKind(
        _N,
        N_("the file was merged earlier and is no longer in the inbox; its archived original counts"),
        N_("nothing needs to be done"),
        N_("its figures count although the file is no longer where it was"),
    ),
    "file_changed": FindingKind(
        _N,
        N_("the file was changed after it was merged (received {day}); what counts now: {counts}"),
        N_("where another one should count, put it into a folder named by a later date"),
        N_("two versions go by one name, and people may look at the one that does not count"),
    ),
    # Against earlier quarters, the plan and other units
    "unusual_figure": FindingKind(
        _W,
        N_("“{label}” is {figure}; the last {count} quarters had {low} to {high} (median {median})"),
        N_("check the figure: a digit too many or too few, another unit of measure?"),
        N_("a slip of the hand in one figure moves the province's total and every comparison with it"),
        settable=LATER,
    ),
    "unusual_change": FindingKind(
        _W,
        N_("“{label}” is {figure}; in {quarter} it was {before}"),
        N_("check the figure: digits too many or too few, another unit of measure?"),
        N_("with few earlier quarters nothing else tells a slip of the hand, which stays in all totals"),
        settable=LATER,
    ),
    "beyond_plan": FindingKind(
        _W,
        N_("“{label}” is {figure}; the unit's plan for the whole year is {plan}"),
        N_("check the figure; if it is right, check the plan in plan.csv"),
        N_("one quarter seldom brings twice what is planned for the year: a digit too many, or another plan"),
        settable=LATER,
    ),
    "unusual_of_kind": FindingKind(
        _W,
        N_(
            "“{label}” is {figure}; beside the {units} units of the kind “{of_kind}” about {usual} was "
            "to be expected (median {median}; the others {low} to {high})"
        ),
        N_("check the figure: digits too many or too few, another unit of measure?"),
        N_("a figure far from those of all like units is mostly a slip, which moves the province's total"),
        settable=LATER,
    ),
    "disputed_figure": FindingKind(
        _W,
        N_("“{label}”: under “{column}” stands {said}, and the figure that is known is {known}"),
        N_(
            "where the earlier figure is wrong, tell the office, which puts it right in its quarter "
            "(reportctl correct) or in the plan; else put back what stood there"
        ),
        N_("who types over an earlier figure says that it is wrong, and changes and totals still rest on it"),
        settable=LATER,
    ),
    "earlier_not_taken": FindingKind(
        _W,
        N_("“{label}”: under “{column}” stands {said}, which is not taken: the program fills in this column"),
        N_(
            "this quarter's figure belongs in its own column; the office brings in those of earlier quarters "
            "(reportctl history), plans by its table of plans"
        ),
        N_("whoever typed it believes that it is known now, and it is in no comparison and no total"),
        settable=LATER,
    ),
    "lower_to_date": FindingKind(
        _W,
        N_("“{label}” counts from the beginning of the year and is {figure}; in {quarter} it was {before}"),
        N_("give the total from the beginning of the year, not the quarter's own"),
        N_("what has been counted since the beginning of the year cannot become less"),
        settable=LATER,
    ),
    "repeated_quarter": FindingKind(
        _W,
        N_("{same} of {of} figures are exactly those of {quarter}"),
        N_("check whether the earlier quarter's workbook was sent again, and ask for this quarter's figures"),
        N_("figures that were copied from the quarter before say nothing of this one"),
        settable=LATER,
    ),
    "unusual_ratio": FindingKind(
        _W,
        N_(
            "“{label}” comes to {ratio} for each of “{per}” ({figure} / {divisor}); {units} units have a "
            "median of {median}, the others at most {high}"
        ),
        N_("check both figures"),
        N_("a ratio far beyond everybody else's shows a slip in one of its two figures"),
        settable=LATER,
    ),
    "text_repeated": FindingKind(
        _W,
        N_("the answer to “{label}” is {share} the same as in {quarter}"),
        N_("ask the unit for what is new in this quarter"),
        N_("a text from the quarter before does not report on this one"),
        settable=LATER,
    ),
    "text_copied": FindingKind(
        _W,
        N_("the answer to “{label}” is {share} the same as that of {units}"),
        N_("ask the units which of them wrote it, and the others for words of their own"),
        N_("a text taken from another unit does not report on this one"),
        settable=LATER,
    ),
    # The year's plan
    "plan_doubled": FindingKind(
        _W,
        N_("the plan of {year} for “{label}” was given to units and to what became of them: {units}"),
        N_("leave in the plan either the old units or the new ones"),
        N_("the same work would be planned twice, so these units are left out of what was done of the plan"),
    ),
    "plan_partial": FindingKind(
        _W,
        N_(
            "the plan of {year} for “{label}” was given to only some of the units that were regrouped: "
            "{units}"
        ),
        N_("give the plan to all of the old units, or to all of the new ones"),
        N_("what the units did together cannot be set beside a part of their plan"),
    ),
    "plan_differs": FindingKind(
        _N,
        N_(
            "the plan of {year} for “{label}” is {whole} for the province, and {summed} for its units "
            "together"
        ),
        N_("nothing needs to be done where this is meant: the province's counts for the province"),
        N_("whoever adds up the units' plans comes to another figure than the report"),
    ),
    # Against what was imported for the province alone
    "imported_total_stands": FindingKind(
        _N,
        N_(
            "the province's imported total still counts for {labels}: {count} of {units} units have "
            "reported, and what some of them make is no total"
        ),
        N_("nothing needs to be done; once all units have reported, their figures count instead"),
        N_("what some of the units make would be printed as the whole province's figure"),
    ),
    "imported_total_replaced": FindingKind(
        _N,
        N_(
            "all {units} units have reported, and their figures count instead of the province's imported "
            "total for {labels}"
        ),
        N_("nothing needs to be done"),
        N_("the figure that others are compared with comes from somewhere else than before"),
    ),
    "imported_total_differs": FindingKind(
        _W,
        N_(
            "“{label}”: the figures of all units make {figure}, which counts; the province's imported total "
            "was {before}"
        ),
        N_("find out which of them is right, and have the units correct their figures if need be"),
        N_("a figure that was reported before now reads otherwise"),
        settable=LATER,
    ),
    # What people decided
    "accepted_despite": FindingKind(
        _N,
        N_("taken in spite of its errors by {who} on {day}: {why}"),
        N_("cells in error count as missing; a figure told by telephone: reportctl correct"),
        N_("whoever reads the figures must see who decided this and why"),
    ),
    "corrected": FindingKind(
        _N,
        N_("corrected to “{value}” by {who} on {day}: {why}"),
        N_("nothing needs to be done; a newer file of the unit supersedes it"),
        N_("the figure is not the one in the unit's file, and the office must be able to say why"),
    ),
    "correction_void": FindingKind(
        _W,
        N_("the correction to “{value}” by {who} on {day} no longer fits the form and is left out"),
        N_("ask the unit again and note the figure anew: reportctl correct"),
        N_("a figure told by telephone no longer counts, and the unit does not know"),
    ),
    "correction_taken_back": FindingKind(
        _W,
        N_(
            "“{label}” was told by telephone as {told} ({who} on {day}: {why}); the file that counts now "
            "says {says}"
        ),
        N_("ask the unit which is right; if it is what was told, note it again: reportctl correct"),
        N_("units often send their old workbook again, and the figure that was put right is lost"),
    ),
    "quarter_closed": FindingKind(
        _W,
        N_("the quarter was closed by {who} on {day}; this file came later and does not count"),
        N_("where it is to count, open the quarter again: reportctl reopen {quarter} --why …"),
        N_("figures that were reported must stay as they were reported"),
    ),
    "decision_unclear": FindingKind(
        _E,
        N_("decisions.csv, line {line}: the row cannot be understood and does not count: {what}"),
        N_("put the row right, from a backup if need be; until then it stays there as it is"),
        N_("what was decided there, be it that a quarter is closed, does not hold unnoticed"),
    ),
    "decision_days": FindingKind(
        _W,
        N_("decisions.csv: days are written with the month first, such as “{value}”, and are read so"),
        N_("where that is not right, write them as 2024-03-20"),
        N_("which file of a unit is the latest depends on the days"),
    ),
    "closed_file_changed": FindingKind(
        _W,
        N_("{path} was changed or removed since the quarter was closed; what was closed still counts"),
        N_("put the file back from a backup; to change figures: reportctl reopen {quarter} --why …"),
        N_("somebody may have altered figures that were reported already"),
    ),
    # What an office below has handed up
    "handed_up": FindingKind(
        _N,
        N_(
            "filled in by the office below with reportctl: {count} answers, made of those of up to {units} "
            "units"
        ),
        N_("nothing needs to be done; which figure there it is and of how many units: reportctl trace"),
        N_("a figure of the level below is looked up there, not in this file"),
    ),
    "covers_fewer": FindingKind(
        _W,
        N_("“{label}” is made of {given} of the {asked} units of the office that hands it up"),
        N_("wait for the units that are missing and hand it up again, or say in the report what is missing"),
        N_("a figure that lacks units passes for the whole, and next quarter seems to have risen"),
        settable=ANY,
    ),
    "handed_up_changed": FindingKind(
        _N,
        N_("“{label}”: reportctl wrote {written} here, which was changed to {now} afterwards"),
        N_("ask the office below which is right, and to correct its own figures"),
        N_(
            "the figures of the level below no longer make this one, and nobody knows over how many units it "
            "is"
        ),
        settable=ANY,
    ),
    # What the workbook of the level above asks
    "above_blank": FindingKind(
        _W,
        N_("“{label}” is asked and left blank: {why}"),
        N_("say in reportctl.toml under [upward] which of your figures it is, or fill it in by hand"),
        N_("the level above takes what is blank for not reported"),
    ),
    "above_unanswered": FindingKind(
        _W,
        N_("“{label}” is for the office itself to answer, and left blank"),
        N_("answer it with --text {under}=…, or by hand in the workbook; units' texts are not put together"),
        N_("the level above takes what is blank for not reported"),
    ),
    "above_type": FindingKind(
        _E,
        N_("“{label}” is asked as something else than “{source}” is; it is left blank"),
        N_(
            "say in reportctl.toml under [upward] which figure it is; of a choice how many units chose an "
            'answer: "code=answer" = "code above"'
        ),
        N_("a percentage in place of a number, or the other way round, is wrong however right it looks"),
    ),
    "above_measure": FindingKind(
        _E,
        N_(
            "“{label}” is asked in another unit of measure ({theirs}) than “{source}” has ({ours}); it is "
            "left blank"
        ),
        N_(
            "say in reportctl.toml under [upward] how the one becomes the other (divided_by = 1000; times = "
            "1 where it is the same under another name)"
        ),
        N_("an amount in đồng where millions are asked is a million times too large"),
    ),
    "above_rounded": FindingKind(
        _N,
        N_("“{label}” is asked as a whole number: {exactly} was rounded to {value}"),
        N_("nothing needs to be done"),
        N_("sums of rounded figures may differ a little from rounded sums"),
    ),
    "above_rows": FindingKind(
        _E,
        N_(
            "“{label}”: {rows} rows are to be handed up, and the workbook has room for {room}: {left} are "
            "left out"
        ),
        N_("ask the level above for a workbook with more rows, or hand up the number of rows instead"),
        N_("the level above would count too few"),
    ),
    "above_occupied": FindingKind(
        _E,
        N_(
            "“{label}”: the workbook says {value} already, and this office's figure is {ours}; it was left "
            "as it is"
        ),
        N_("find out which is right; to have it filled in, empty the cell and fill the workbook in again"),
        N_("what somebody has typed there is not written over unseen"),
    ),
    "above_zero": FindingKind(
        _N,
        N_("“{label}”: a 0 that stood there was replaced by {ours}"),
        N_("nothing needs to be done where the workbook came with zeros"),
        N_("a zero that somebody typed is a figure, too"),
    ),
    "above_lost": FindingKind(
        _E,
        N_("“{label}” is asked, and its place in the workbook cannot be found"),
        N_("use the file as the level above has sent it, or ask for it again"),
        N_("what is asked there is left blank"),
    ),
    "above_not_asked": FindingKind(
        _W,
        N_("“{label}” stands in reportctl.toml under [upward], and the workbook does not ask it"),
        N_("put the code right, or take the line out"),
        N_("a figure that is to be handed up goes nowhere"),
    ),
}

# What the checks of a submission as a whole find, which need its answers and no more.
CHECKED = frozenset(
    {
        "required_missing",
        "required_choice_missing",
        "required_cells_missing",
        "required_text_missing",
        "too_many_words",
        "date_outside",
        "day_number",
        "huge_count",
        "typed_in_dong",
        "rule_broken",
        "list_key_twice",
    }
)
# What says that a file could not be opened, so that nothing is known of what is in it.
UNREADABLE = frozenset(
    {
        "not_a_workbook",
        "format_not_read",
        "old_excel",
        "encrypted",
        "excel_password",
        "zip_not_opened",
        "empty_file",
        "truncated",
        "part_missing",
        "undecodable",
        "too_large",
        "unsafe",
        "reader_failed",
        "unreadable_file",
    }
)
# What says whose workbook it is or of which quarter; it is said too where a later file counts.
IDENTITY = frozenset(
    {
        "wrong_form",
        "unknown_unit",
        "no_unit",
        "unit_not_asked",
        "identity_differs",
        "wrong_period",
        "heading_differs",
    }
)
# What says of a list that it is not there.
LOST = frozenset({"missing_sheet", "not_found"})
# What is found where units are compared: with their own earlier quarters, or with each other.
BY_ITSELF = frozenset(
    {"unusual_figure", "unusual_change", "beyond_plan", "lower_to_date", "repeated_quarter", "text_repeated"}
)
WITH_OTHERS = frozenset({"unusual_ratio", "unusual_of_kind", "text_copied"})
COMPARED = BY_ITSELF | WITH_OTHERS
# What is found of figures imported for the province alone, of a quarter without any files too.
DISPUTED = "disputed_figure"  # kept as it is read, said once it stands beside the ledger's figure
IMPORTED = frozenset({"imported_total_stands", "imported_total_replaced", "imported_total_differs"})
