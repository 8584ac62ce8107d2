"""The sheets of a form edited in Excel: one for each kind of table in form.toml, a column for each key.

Sheets and columns are made from the form's models, so that every key has its place. Row 1 has the titles,
row 2 the keys; below them stands one line a thing. The hidden column A holds what a line was made from.
"""

from __future__ import annotations

import datetime as dt
import functools
import math
import re
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel

from reportctl.adopt.form_keys import BELOW, MODELS, Kind, keys
from reportctl.cells.figures import figure_in_text
from reportctl.core.language import LANGUAGES, N_, _, speaking
from reportctl.core.letters import cleaned, folded
from reportctl.core.toml import Keys
from reportctl.form.indicators import Indicator, Type
from reportctl.form.model import Form
from reportctl.form.tables import OF_CELLS
from reportctl.workbooks.book import CellValue, as_typed

SHEETS: Mapping[Kind, str] = {
    (): N_("Form"),
    ("kinds",): N_("Kinds of units"),
    ("sections",): N_("Sections"),
    ("sections", "indicators"): N_("Indicators"),
    ("tables",): N_("Tables"),
    ("tables", "rows"): N_("Rows of tables"),
    ("tables", "columns"): N_("Columns of tables"),
    ("lists",): N_("Lists"),
    ("lists", "columns"): N_("Columns of lists"),
    ("texts",): N_("Texts"),
    ("themes",): N_("Themes of texts"),
    ("rules",): N_("Rules"),
}
# What a line of a sheet stands in: the column for it, with its title.
_PARENTS = {"sections": N_("In section"), "tables": N_("In table"), "lists": N_("In list")}
TITLES, KEYS, FIRST = 0, 1, 2  # rows from 0
HIDDEN = 0  # the column with the origins

Holds = Literal["code", "codes", "expression", "text", "texts", "number", "whole", "truth", "word"]
_CODES = {"id", "code", "part_of", "numerator", "denominator", "per", "was", "chart_of", "key", "of"}
_LISTS_OF_CODES, _EXPRESSIONS = {"applies_to", "not_asked"}, {"check", "sum"}

_WORDS = {
    "count": N_("whole number"),
    "number": N_("number with decimals"),
    "percent": N_("percentage"),
    "money": N_("amount"),
    "yes_no": N_("yes or no"),
    "choice": N_("one of several choices"),
    "date": N_("date"),
    "text": N_("words"),
    "sum": N_("added up"),
    "mean": N_("average"),
    "min": N_("smallest"),
    "max": N_("largest"),
    "ratio": N_("ratio of two sums"),
    "last": N_("last quarter's"),
    "none": N_("none"),
    "column": N_("columns"),
    "bar": N_("bars by unit"),
    "line": N_("line over time"),
    "value": N_("filled in by the unit"),
    "previous": N_("the quarter before, filled in by the program"),
    "year_ago": N_("the same quarter last year, filled in by the program"),
    "to_date": N_("the year to date, filled in by the program"),
    "plan": N_("the plan, filled in by the program"),
    "given": N_("given when it is sent out"),
    "period": N_("the period that is reported"),
    "next_period": N_("the period after"),
    "totals": N_("totals and rows of the first level"),
    "all": N_("all cells"),
    "error": N_("an error: must be put right"),
    "warning": N_("a warning: accepted, with a reminder"),
    "note": N_("a note"),
    "skip": N_("the rule is not judged"),
    "zero": N_("counts as zero"),
}

# Of every key its title, and what its column means.
_COLUMNS = {
    "id": (
        N_("Name of the form"),
        N_("It stands in every workbook sent out: small letters a-z, digits, - and _."),
    ),
    "code": (
        N_("Code"),
        N_(
            "Small letters a-z without accents, digits and _, a letter first. Codes join the figures of all "
            "periods: change the words, not the code. The code of a figure, a row or a column may be changed "
            "all the same: its old one is then kept as “Code before”."
        ),
    ),
    "no": (N_("No."), N_("The number that is printed before it: 1.1, II, a).")),
    "label": (N_("Words"), N_("What people read.")),
    "label_en": (N_("Words in English"), N_("For reports in English.")),
    "title": (N_("Title"), N_("What people read.")),
    "title_en": (N_("Title in English"), N_("For reports in English.")),
    "caption": (
        N_("Line between rows"),
        N_("A line that asks nothing, such as “Of these:”; code and words stay empty then."),
    ),
    "caption_en": (N_("Line in English"), N_("For reports in English.")),
    "under": (
        N_("Headings above"),
        N_("The headings that the column stands below, the top one first, with ; between them."),
    ),
    "under_en": (N_("Headings above in English"), N_("For reports in English, as many as there are above.")),
    "words": (
        N_("Words it is known by"),
        N_("Lines of texts with any of them stand together; ; between them."),
    ),
    "level": (N_("Level"), N_("How deep the row stands below others: 1 to 9.")),
    "is": (N_("What it holds"), N_("What is asked, or what the program fills in beside it.")),
    "of": (
        N_("Of column"),
        N_(
            "Of a column that the program fills in: the code of the column whose figures it shows. Left "
            "empty: the one with the same headings, else the nearest one to the left."
        ),
    ),
    "type": (N_("Type of answer"), N_("What is typed in.")),
    "unit_of_measure": (N_("Unit of measure"), N_("What is counted.")),
    "unit_of_measure_en": (N_("Unit in English"), N_("For reports in English.")),
    "check": (
        N_("What must hold"),
        N_(
            "Codes with + - * / = <> < <= > >= and, or, not, brackets: total = print + radio. Cells of "
            "tables: table.row.column. The page docs/rules says more."
        ),
    ),
    "severity": (N_("Severity"), N_("What it is where the rule does not hold.")),
    "message": (N_("Message"), N_("What units read where the rule does not hold; 200 characters at most.")),
    "message_en": (N_("Message in English"), N_("200 characters at most.")),
    "sum": (
        N_("Sum of"),
        N_("The codes of other rows, or columns, that it is the sum of: a + b - c. This is checked."),
    ),
    "computed": (N_("Worked out"), N_("Yes: it is not asked but worked out from “Sum of”.")),
    "over_units": (N_("Over units"), N_("How the figures of the units become one.")),
    "over_time": (
        N_("Over time"),
        N_(
            "How quarters become a half-year or a year: “last” for what there is at one moment. "
            "Percentages, yes and no are never added up: left empty, the last quarter's counts."
        ),
    ),
    "required": (N_("Must be filled in"), N_("No: it may stay empty.")),
    "applies_to": (N_("Asked of"), N_("Codes of kinds of units with ; between them; empty: all.")),
    "min": (
        N_("At least"),
        N_("A smaller figure is an error. Empty: counts, percentages and amounts of money are 0 or more."),
    ),
    "max": (
        N_("At most"),
        N_("A greater figure is an error, so only where no unit can have more. Not for amounts of money."),
    ),
    "choices": (N_("Choices"), N_("For the type “choice”: the answers to choose from, with ; between them.")),
    "part_of": (N_("Part of"), N_("The code of the figure that this one is a part of (“of these”).")),
    "numerator": (N_("Numerator"), N_("For a share that is worked out: the code of what is divided.")),
    "denominator": (N_("Denominator"), N_("For a share that is worked out: the code of what divides it.")),
    "per": (N_("Compared per"), N_("The code of the figure that this one is divided by to compare units.")),
    "cumulative": (
        N_("From the beginning of the year"),
        N_("Yes: what is filled in counts from the beginning of the year; “Over time” is “last” then."),
    ),
    "was": (N_("Code before"), N_("The code that it had in earlier periods, so that figures stay joined.")),
    "short": (N_("Short name"), N_("At the head of the columns of tables by unit; else the name itself.")),
    "short_en": (N_("Short name in English"), N_("For reports in English.")),
    "guide": (N_("Help"), N_("Shown where the cell is filled in.")),
    "sentence": (
        N_("Sentence in the report"),
        N_(
            "{value} is the figure with its unit; {change_year_ago}, {change_previous}, {of_plan}, {units}; "
            "{CODE.value} is another figure. In a section every figure is named with its code."
        ),
    ),
    "sentence_en": (N_("Sentence in English"), N_("For reports in English.")),
    "sentence_zero": (N_("Sentence for zero"), N_("In place of the sentence where the figure is zero.")),
    "sentence_zero_en": (N_("Sentence for zero in English"), N_("For reports in English.")),
    "chart": (N_("Chart"), N_("How the report draws the section.")),
    "chart_of": (N_("Chart of"), N_("The code of the figure that bars and lines show.")),
    "row_title": (N_("Heading of the rows"), N_("What stands above the words of the rows.")),
    "row_title_en": (N_("Heading of the rows in English"), N_("For reports in English.")),
    "compared": (N_("Compared"), N_("Which cells are compared with earlier quarters and other units.")),
    "not_asked": (
        N_("Not asked"),
        N_("Cells that are not there, with ; between them: row.column, row.*, *.column."),
    ),
    "rows": (N_("Lines prepared"), N_("How many lines of the list the workbook has: 1 to 500.")),
    "key": (N_("Named by column"), N_("The code of the column in which no name may stand twice.")),
    "total": (N_("Line of totals"), N_("Yes: below the lines stands one with their sums.")),
    "max_words": (N_("Most words"), N_("How long the text may be.")),
    "about": (
        N_("About"),
        N_("In a report over several quarters, answers about the next period are the last quarter's."),
    ),
    "tolerance": (N_("Tolerance"), N_("By how much both sides may differ besides rounding.")),
    "missing": (N_("Where a figure is blank"), N_("What becomes of the rule.")),
}
# The same of a key that means something else in lists.
_OF_LISTS = {
    "over_time": (
        N_("Over time"),
        N_(
            "Which lines a half-year or a year has: “sum” those of all quarters, “last” those of the last "
            "quarter that has any. Left empty: “last” where a column names the lines, else “sum”."
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class FormColumn:
    """A column of a sheet: the key of form.toml, what its cells hold, the words that they can be.

    The first one of lines that stand in a section, table or list has its `parent_key`.
    """

    key: str
    title: str
    note: str
    holds: Holds
    words: tuple[str, ...] = ()
    must: bool = False


def parent_key(kind: Kind) -> str:
    """The key, which form.toml does not have, of the column that says in what a line stands: “section”,
    “table” or “list”; empty where it stands in nothing."""
    return kind[0].removesuffix("s") if len(kind) > 1 else ""


@functools.cache
def form_columns(kind: Kind, language: str) -> tuple[FormColumn, ...]:
    """The columns of the sheet for this kind after the hidden one, titles and notes in `language`."""
    fields = {field.alias or name: field for name, field in MODELS[kind].model_fields.items()}
    found = []
    with speaking(language):
        if len(kind) > 1:
            note = _("Its code; the lines of one stand together in their order.")
            found.append(FormColumn(parent_key(kind), _(_PARENTS[kind[0]]), note, "code", must=True))
        for key in keys(kind):
            if key not in BELOW[kind]:
                of_kind = _COLUMNS | _OF_LISTS if kind == ("lists",) else _COLUMNS
                title, note = (_(text) for text in of_kind[key])
                holds, words = _holds(key, fields[key].annotation)
                column = FormColumn(key, title, note, holds, words, must=fields[key].is_required())
                found.append(replace(column, note="\n".join(filter(None, (note, _if_empty(kind, column))))))
    return tuple(found)


def _if_empty(kind: Kind, column: FormColumn) -> str:
    """What an empty cell of a column stands for; empty where that is nothing."""
    if column.key in OF_CELLS and len(kind) > 1 and kind[0] == "tables":
        return _("Left empty: as the table says.")
    of_cells = kind == ("tables",) and column.key in OF_CELLS
    model = Indicator if of_cells else MODELS[kind]
    default = next((f.default for n, f in model.model_fields.items() if (f.alias or n) == column.key), None)
    if column.must or default in (None, "", ()):
        return ""
    return _("Left empty: {default}").format(default=shown(default, column))


def _holds(key: str, annotation: Any) -> tuple[Holds, tuple[str, ...]]:
    """What the cells for a key of this type hold, and the words that it can be."""
    if isinstance(annotation, types.UnionType) or typing.get_origin(annotation) is typing.Union:
        annotation = next(each for each in typing.get_args(annotation) if each is not type(None))
    if typing.get_origin(annotation) is Literal:
        return "word", typing.get_args(annotation)
    if typing.get_origin(annotation) is tuple:
        return ("codes" if key in _LISTS_OF_CODES else "texts"), ()
    if issubclass(annotation, StrEnum):
        return "word", tuple(map(str, annotation))
    plain: dict[Any, Holds] = {bool: "truth", int: "whole", float: "number"}
    if annotation in plain:
        return plain[annotation], ()
    return ("code" if key in _CODES else "expression" if key in _EXPRESSIONS else "text"), ()


@dataclass(frozen=True, slots=True)
class Thing:
    """A table of the form: where it stands, what the file says of it, and that as the form has it."""

    path: Keys
    said: Mapping[str, Any]
    model: BaseModel

    @property
    def parent(self) -> Keys:
        """The path of what it stands in."""
        return self.path[:-2]

    @property
    def code(self) -> str:
        """Its code; of what has none, a line between rows, # and its number."""
        return str(self.said.get("code") or f"#{self.path[-1]}" if self.path else "")

    def value(self, key: str) -> Any:
        """What the form makes of the value of a key."""
        names = {field.alias or name: name for name, field in type(self.model).model_fields.items()}
        return getattr(self.model, names[key])


def things(data: Mapping[str, Any], form: Form) -> dict[Kind, list[Thing]]:
    """Every table of the form by kind, as the file says it (`data`) and as the form has it."""
    found: dict[Kind, list[Thing]] = {(): [Thing((), data, form)]}
    for kind in [each for each in MODELS if each]:
        name = kind[-1]
        found[kind] = [
            Thing((*above.path, name, number), said, model)
            for above in found[kind[:-1]]
            for number, (said, model) in enumerate(
                zip(above.said.get(name, ()), getattr(above.model, name), strict=True)
            )
        ]
    return found


def origin(thing: Thing, above: Mapping[Keys, Thing]) -> str:
    """What the hidden column says of a thing: its code, of rows and columns after that of their table or
    list."""
    inside = above.get(thing.parent) if thing.path[-2:-1] in (("rows",), ("columns",)) else None
    return f"{inside.code}.{thing.code}" if inside else thing.code


# Values as cells

_APART = " · "  # between a word of form.toml and what it means
_ONLY_QUOTES = re.compile(r'(?:"")+')


def shown(value: Any, column: FormColumn) -> CellValue:
    """A value of the form as its cell shows it, in the language of the program."""
    match column.holds:
        case "truth":
            return _("yes") if value else _("no")
        case "word":
            return f"{value}{_APART}{_(_WORDS[value])}"
        case "number" | "whole":
            if not math.isfinite(value):
                return str(value)
            return int(value) if float(value).is_integer() and abs(value) < 1e15 else value
        case "codes" | "texts":
            return "; ".join(map(_quoted, value)) or '""'
    # An empty text, which is not the same as none, is two quotes, and such quotes are two more.
    return f'"{value}"' if not value or _ONLY_QUOTES.fullmatch(value) else str(value)


def _quoted(item: str) -> str:
    """One of several texts in a cell: in quotes where it would be taken for others."""
    plain = item and item == item.strip() and not item.startswith('"') and not re.search(r"[;\n]", item)
    doubled = item.replace('"', '""')
    return item if plain else f'"{doubled}"'


_PIECE = re.compile(r'\s*(?:"((?:[^"]|"")*)"[ \t]*(?=[;\n]|\Z)|([^;\n]*))[;\n]?')


def _pieces(text: str) -> list[str]:
    """The texts in a cell that holds several, with ; or line breaks between them."""
    found, at = [], 0
    while at < len(text) and (piece := _PIECE.match(text, at)):
        quoted, plain = piece.groups()
        if quoted is not None:
            found.append(quoted.replace('""', '"'))
        elif plain.strip():
            found.append(plain.strip())
        at = piece.end()
    return found


# Cells as values

_YES, _NO = {"có", "co", "yes", "x", "true", "1", "đúng"}, {"không", "khong", "no", "false", "0", "sai"}
_NO_YEAR = re.compile(r"[^yY]*")
_DAY = re.compile(r"(\d+)[./-](\d+)")
_TYPOGRAPHIC = str.maketrans(
    {"–": "-", "—": "-", "−": "-", "×": "*", "÷": "/", "≤": "<=", "≥": ">=", "≠": "<>", "\xa0": " "}
)
_QUOTES = "\"'“”„‘’«»`"


@dataclass(frozen=True, slots=True)
class TypedCell:
    """A cell as it was saved: its value, of a formula its text, and its number format."""

    value: CellValue
    number_format: str = "General"
    formula: bool = False
    error: bool = False

    @property
    def typed(self) -> str:
        """It as text, as near to what was typed as the file tells."""
        if isinstance(self.value, dt.date) and _NO_YEAR.fullmatch(self.number_format):
            return f"{self.value.day}/{self.value.month}"
        return as_typed(self.value)


def read(cell: TypedCell, column: FormColumn, before: str = "") -> tuple[Any, bool]:
    """The value that a cell says, None where it says nothing; whether it says it plainly.

    `before` is the text that the workbook was made with there. What cannot be read comes as its text, for the
    form's own checks to name.
    """
    text, _unseen = cleaned(cell.typed)
    plain = isinstance(cell.value, str) and text == cell.value and not cell.formula
    if not text:
        return None, True
    match column.holds:
        case "truth":
            word = folded(text)
            return (word in _YES if word in _YES | _NO else text), True
        case "word":
            return _word(text, column.words)
        case "number" | "whole":
            return _number(cell.value, text, Type.COUNT if column.holds == "whole" else Type.NUMBER)
        case "codes" | "texts":
            if text == '""':
                return [], True
            if column.holds == "texts":
                return _pieces(text), plain
            listed = [one.strip() for one in re.split(r"[;,\n]", text) if one.strip()]
            codes = [_code(one) for one in listed]
            return codes, codes == listed
        case "code" if text != '""':
            code = _code(text)
            return code, code == cell.value
        case "expression" if text != '""':
            expression = text.translate(_TYPOGRAPHIC).removeprefix("=").strip().casefold()
            return expression, expression == cell.value
    if not isinstance(cell.value, str) and _is_made_of(cell.value, before):
        return before, False
    return (text[1:-1] if _ONLY_QUOTES.fullmatch(text) else text), plain


def _code(text: str) -> str:
    return text.strip(_QUOTES).strip().casefold()


def _word(text: str, words: tuple[str, ...]) -> tuple[str, bool]:
    """The one of the `words` that is typed, by itself, with what it means, or only as what it means."""
    said = folded(text.split(_APART.strip())[0])
    if said in words:
        return said, True
    for language in LANGUAGES:
        with speaking(language):
            known = {folded(_(_WORDS[word])): word for word in reversed(words)}
        if said in known:
            return known[said], False
    return text, True


def _number(value: CellValue, text: str, kind: Type) -> tuple[Any, bool]:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return (int(value) if isinstance(value, float) and value.is_integer() else value), True
    if isinstance(value, str):
        if folded(text) in ("inf", "-inf", "nan"):
            return float(text), True
        found = figure_in_text(folded(text), Indicator(code="figure", label="figure", type=kind))
        if isinstance(found.value, int | float):
            return _number(found.value, text, kind)[0], False
    return text, True


def _is_made_of(value: CellValue, text: str) -> bool:
    """Whether a number or a date is what a spreadsheet program makes of `text`: 1.1 of 1.10, a day of 1.2."""
    if isinstance(value, dt.date):
        found = _DAY.match(text)
        return found is not None and {int(found[1]), int(found[2])} == {value.day, value.month}
    try:
        return isinstance(value, int | float) and float(text.replace(",", ".")) == value
    except ValueError:
        return False
