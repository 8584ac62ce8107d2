"""Reading `form.toml`: the form, or every mistake in the file with its line and what was meant."""

from __future__ import annotations

import fnmatch
import functools
import itertools
import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from string import Formatter
from typing import Any

from pydantic import BaseModel, ValidationError

from reportctl.core import wording
from reportctl.core.cellrefs import sheet_name
from reportctl.core.errors import ReportctlError, capped, meant, nearest
from reportctl.core.files import read_file, refuse_misnamed
from reportctl.core.language import N_, _
from reportctl.core.toml import Keys, TomlError, TomlLines, toml_text, toml_values
from reportctl.core.toml_causes import decimal_comma
from reportctl.form import rules
from reportctl.form.added_up import sum_faults
from reportctl.form.indicators import AMOUNTS, NUMERIC, OPENING, SLOTS, Indicator, Type
from reportctl.form.layout import FIGURES, INSTRUCTIONS, META, TEXTS
from reportctl.form.model import Form, ListColumn, ListSection, Section, TextQuestion, Theme, UnitKind
from reportctl.form.problem import Problem
from reportctl.form.rules import Rule
from reportctl.form.tables import OF_CELLS, FormTable, TableColumn, TableRow, all_below, signed_codes

CODE = re.compile(r"[a-z][a-z0-9_]{0,31}")
CELL_LIKE = re.compile(r"[a-z]{1,3}[0-9]{1,7}|r|c|r[0-9]+(c[0-9]*)?|c[0-9]+|rc[0-9]*|true|false")


class FormError(ReportctlError):
    """A form that cannot be used; `problems` are all its mistakes, in the order of the file."""

    def __init__(self, path: str, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(
            _(
                "The form {path} cannot be used; put right what stands below and try again:\n{problems}"
            ).format(path=path, problems=capped(problems))
        )


def load_form(path: Path, *, kept: bool = False) -> Form:
    """The form in the file `path`; `kept`: as an earlier version of this program took it.

    Raises `FormError` with every mistake, `ReportctlError` where the file cannot be read.
    """
    refuse_misnamed(path)
    data = read_file(path)
    try:
        text = toml_text(data)
    except ValueError as error:
        raise FormError(str(path), [Problem(None, path.name, str(error))]) from error
    return parse_form(text, path.name, kept=kept)


def parse_form(text: str, name: str = "form.toml", *, kept: bool = False) -> Form:
    """The form written in `text`. Raises `FormError` with every mistake found.

    With `kept` what was no mistake in earlier versions is none: returns were read by that form.
    """
    return _parsed_once(text, name, kept)


@functools.lru_cache(maxsize=16)  # a command asks for the form in several of its steps, and for kept ones
def _parsed_once(text: str, name: str, kept: bool) -> Form:
    try:
        data = toml_values(text)
    except TomlError as error:
        raise FormError(name, [Problem(error.line, name, str(error))]) from error
    return form_of(data, TomlLines(text), name, kept=kept)


def form_of(data: dict[str, Any], lines: TomlLines, name: str, *, kept: bool = False) -> Form:
    """The form that the values of a TOML file are, whose `lines` mistakes are named by; `kept` as there.

    Raises `FormError` with every mistake found.
    """
    problems: list[Problem] = []
    form: Form | None = None
    try:
        form = Form.model_validate(data)
    except ValidationError as error:
        # A list that lost its invalid items is not empty, whatever pydantic says of what is left.
        problems += [
            _from_pydantic(dict(item), lines)
            for item in error.errors()
            if not (item["type"] == "too_short" and item["input"])
        ]
    draft = _Draft(data, lines, kept=kept)
    problems += draft.check()
    if form and not problems:
        problems += draft.check_cells(form)
    if form and not problems and not kept and (unasked := draft.by_code.keys() - form.indicators.keys()):
        problems += _Draft(data, lines, kept=kept, unasked=unasked).check()
    if form and not problems:
        problems += draft.check_added_up(form)
    if problems or form is None:
        problems.sort(key=lambda problem: problem.line or 0)
        raise FormError(name, problems)
    return form


def _place(path: Keys) -> str:
    return ".".join(f"{part + 1}" if isinstance(part, int) else part for part in path) or "form.toml"


_MODELS: dict[str, type[BaseModel]] = {
    "kinds": UnitKind,
    "sections": Section,
    "indicators": Indicator,
    "tables": FormTable,
    "rows": TableRow,
    "lists": ListSection,
    "columns": ListColumn,
    "texts": TextQuestion,
    "themes": Theme,
    "rules": Rule,
}


_INSIDE = {"sections": "indicators", "lists": "columns"}
# By what stands inside other blocks, in which ones.
_OUTER = {"indicators": ("sections",), "columns": ("tables", "lists"), "rows": ("tables",)}
_EMPTY, _ONE_OF = N_("“{key}” is empty"), N_("“{key}” is {value!r}; it can be {expected}")
_BEYOND = N_("“{key}” is {value}, beyond the limit of {limit}")
# What is wrong, by pydantic's types of errors.
_MESSAGES = {
    "missing": N_("“{key}” is missing"),
    "enum": _ONE_OF,
    "literal_error": _ONE_OF,
    "too_short": _EMPTY,
    "string_too_short": _EMPTY,
    "string_too_long": N_("“{key}” is longer than {limit} characters"),
    "string_pattern_mismatch": N_(
        "“{key}” is {value!r}; small letters a-z, digits, - and _ only, a letter first"
    ),
    "greater_than_equal": _BEYOND,
    "less_than_equal": _BEYOND,
}


def _from_pydantic(error: dict[str, Any], lines: TomlLines) -> Problem:
    """One of pydantic's errors as a sentence of our own."""
    path: Keys = tuple(error["loc"])
    context, value = error.get("ctx", {}), error["input"]
    words = {
        "key": path[-1] if path else "",
        "value": wording.as_said(value) if _MESSAGES.get(error["type"]) is _BEYOND else value,
        "expected": str(context.get("expected", "")).replace(" or ", ", "),
        "limit": next(
            (wording.as_said(context[name]) for name in ("max_length", "ge", "le") if name in context), None
        ),
    }
    if error["type"] == "extra_forbidden":
        tables = [part for part in path[:-1] if isinstance(part, str)]
        model = _MODELS.get(tables[-1], Form) if tables else Form
        if tables[:1] == ["tables"] and tables[-1] == "columns":
            model = TableColumn
        known = [field.alias or name for name, field in model.model_fields.items()]
        inside = _INSIDE.get(tables[-1], "") if tables else ""
        words |= {"near": nearest(str(words["key"]), known), "known": ", ".join(known), "inside": inside}
        block = next((one for one in _OUTER if words["key"] in (one, one.removesuffix("s"))), "")
        if not tables and block:
            message = _("[[{key}]] stands inside another block: write [[{outer}.{block}]]")
            words |= {"block": block, "outer": _nearest_above(_OUTER[block], lines, lines.at(path))}
        elif inside and words["key"] in _MODELS[inside].model_fields:
            words["outer"] = tables[-1]
            message = _("“{key}” belongs to a block [[{outer}.{inside}]]: that line is missing above it")
        elif words["near"]:
            message = _("“{key}” is not known here; “{near}” was meant?")
        else:
            message = _("“{key}” is not known here; known are: {known}")
    else:
        wrong_type = N_("“{key}” holds {value!r}, which is not of the right type")
        message = _(_MESSAGES.get(error["type"], wrong_type))
        if error["type"] == "tuple_type" and isinstance(error["input"], dict):
            words["name"] = ".".join(part for part in path if isinstance(part, str))
            message = _("write [[{name}]], with two brackets on each side: there can be several of these")
        elif isinstance(error["input"], str) and (comma := decimal_comma(error["input"].strip())):
            return Problem(lines.at(path), _place(path), comma, path)
    return Problem(lines.at(path), _place(path), message.format(**words), path)


def _nearest_above(names: Sequence[str], lines: TomlLines, line: int | None) -> str:
    """Which of these blocks begins last above a line; the first where none does."""
    begun = {
        name: max((at for keys, at in lines.lines.items() if keys[0] == name and at < (line or 0)), default=0)
        for name in names
    }
    return max(names, key=begun.__getitem__)


Item = tuple[Keys, dict[str, Any]]
_WORDS = {str(kind) for kind in Type} - {str(kind) for kind in NUMERIC}
# “History” is Excel's own.
SHEETS = (INSTRUCTIONS, FIGURES, TEXTS, META, "History")


def _tables(path: Keys, table: dict[str, Any], key: str) -> list[Item]:
    """The well-formed tables of an array of tables, with their paths."""
    found = table.get(key)
    items = found if isinstance(found, list) else []
    return [((*path, key, n), item) for n, item in enumerate(items) if isinstance(item, dict)]


def _text(item: dict[str, Any], key: str) -> str:
    """A field that should be text; empty where it is not, which pydantic has reported already."""
    value = item.get(key)
    return value if isinstance(value, str) else ""


_FILLED_IN = N_(
    "“{part}” is filled in by the program and counts in no sum: leave “{code}” out. Changes, and how far "
    "things are with the plan, are worked out anyway: {{{{table:{column}}}}} in the report, summary --table "
    "'{column}'"
)
_GIVEN = N_(
    "“{part}” stands there when the workbook is sent and counts in no sum: leave it out of “{code}”, or ask "
    "it (without “is”)"
)
_SUM = re.compile(r"\s*(-\s*)?[a-z][a-z0-9_]*(\s*[+-]\s*[a-z][a-z0-9_]*)*\s*")


def _of_cell(column: dict[str, Any], row: dict[str, Any], table: dict[str, Any]) -> dict[str, Any]:
    """What is said of a cell: by its column, else its row, else the table."""
    said = {key: one[key] for one in (table, row, column) for key in OF_CELLS if key in one}
    return {key: value for key, value in said.items() if key != "applies_to"}


class _Draft:
    """What is well formed in a form that may have mistakes, and the mistakes that no single field shows."""

    def __init__(
        self, data: dict[str, Any], lines: TomlLines, *, kept: bool, unasked: Collection[str] = ()
    ) -> None:
        """`unasked` are cells of tables that are not asked, which nothing else may speak of."""
        self.lines = lines
        self.unasked = unasked
        self.kept = kept
        self.problems: list[Problem] = []
        self.kind_tables = _tables((), data, "kinds")
        self.kinds = {_text(kind, "code") for _path, kind in self.kind_tables}
        self.sections = _tables((), data, "sections")
        self.indicators = [i for path, section in self.sections for i in _tables(path, section, "indicators")]
        self.section_codes = {_text(item, "code") for _path, item in self.sections}
        self.by_code = {_text(item, "code"): item for _path, item in self.indicators}
        self.numeric = {code for code, item in self.by_code.items() if _text(item, "type") not in _WORDS}
        self.slots = frozenset(f"{code}.{slot}" for code in self.numeric for slot in SLOTS)
        self.lists = _tables((), data, "lists")
        self.columns = {_text(item, "code"): _tables(path, item, "columns") for path, item in self.lists}
        self.texts = _tables((), data, "texts")
        self.rules = _tables((), data, "rules")
        self.tables = _tables((), data, "tables")
        self.table_rows = {_text(t, "code"): _tables(path, t, "rows") for path, t in self.tables}
        self.table_columns = {_text(t, "code"): _tables(path, t, "columns") for path, t in self.tables}
        cells = {
            f"{table}.{_text(row, 'code')}.{_text(column, 'code')}": _of_cell(column, row, item)
            for (_path, item), (table, rows) in zip(self.tables, self.table_rows.items(), strict=True)
            for _row_path, row in rows
            for _column_path, column in self.table_columns[table]
            if _text(row, "code") and column.get("is", "value") == "value"
        }
        cells = {code: cell for code, cell in cells.items() if code not in unasked}
        self.by_code |= cells
        self.numeric |= {code for code, item in cells.items() if _text(item, "type") not in _WORDS}
        self.slots |= {f"{code}.{slot}" for code in cells.keys() & self.numeric for slot in SLOTS}
        self.renamed = self._renamed()

    def _renamed(self) -> dict[str, str]:
        """The codes of figures, of their slots and of lines of tables (`table.*.column`), by those that they
        had before they were renamed."""
        found = {was: _text(item, "code") for _path, item in self.indicators if (was := _text(item, "was"))}
        for table, rows in self.table_rows.items():
            names = [
                {
                    (of, _text(item, "code"))
                    for _path, item in lines
                    for of in (_text(item, "code"), _text(item, "was"))
                }
                for lines in (rows, self.table_columns[table])
            ]
            every = ({("*", "*"), *(pair for pair in pairs if pair[0])} for pairs in names)
            found |= {
                f"{table}.{r}.{c}": f"{table}.{row}.{column}"
                for (r, row), (c, column) in itertools.product(*every)
            }
        found = {was: code for was, code in found.items() if was != code and was not in self.by_code}
        return found | {f"{was}.{slot}": f"{code}.{slot}" for was, code in found.items() for slot in SLOTS}

    def report(self, path: Keys, message: str) -> None:
        self.problems.append(Problem(self.lines.at(path), _place(path), message, path))

    def report_unknown(
        self, path: Keys, code: str, known: Collection[str], renamed: Mapping[str, str] | None = None
    ) -> None:
        """That there is no `code`, with what it was `renamed` to (by default figures), else the nearest."""
        if code in self.unasked or code.rpartition(".")[0] in self.unasked:
            self.report(path, _("“{code}” is a cell that is not asked").format(code=code))
            return
        message = _("“{code}” is not in the form").format(code=code)
        new = (self.renamed if renamed is None else renamed).get(code, "")
        self.report(path, meant(message, new or code, (new,) if new else sorted(known)))

    def check(self) -> list[Problem]:
        """Every such mistake."""
        asked = [*self.indicators, *self.lists, *self.texts]
        if not asked and not self.tables:
            self.report((), _("the form asks nothing: it needs sections, tables, lists or texts"))
        self.check_codes([*asked, *self.tables], names_of_cells=True)
        for group in (self.kind_tables, self.sections, self.rules, *self.columns.values()):
            self.check_codes(group, names_of_cells=False)
        self.check_sheets()
        for path, item in self.tables:
            self.check_table(path, item)
        for path, item in [*asked, *self.tables]:
            kinds = item.get("applies_to")
            for kind in kinds if isinstance(kinds, list) else ():
                if str(kind) not in self.kinds:
                    message = _("“{value}” is not one of the kinds of units: {known}")
                    known = ", ".join(sorted(self.kinds))
                    message = meant(message.format(value=kind, known=known), str(kind), sorted(self.kinds))
                    self.report((*path, "applies_to"), message)
        for path, item in self.sections:
            self.check_section(path, item)
        for path, item in self.indicators:
            self.check_share(path, item)
            self.check_indicator(path, item)
            if not self.kept:
                self.check_sum_over_time(path, item)
            for key in ("sentence", "sentence_en", "sentence_zero", "sentence_zero_en"):
                self.check_sentence((*path, key), _text(item, key), SLOTS)
        for path, item in [*self.indicators, *itertools.chain.from_iterable(self.columns.values())]:
            if item.get("type") == "choice" and not item.get("choices"):
                self.report(path, _("a choice needs “choices”, the answers to choose from"))
        for path, item in itertools.chain(*self.table_columns.values(), *self.columns.values()):
            self.check_headings(path, item)
        for path, item in self.lists if not self.kept else ():
            self.check_list(path, item)
        self.check_rules()
        for group in (self.indicators, self.lists, *self.columns.values()):
            self.check_earlier_codes(group)
        for code in self.table_rows:
            for group in (self.table_rows[code], self.table_columns[code]):
                self.check_earlier_codes(group)
        return self.problems

    def check_codes(self, items: list[Item], *, names_of_cells: bool) -> None:
        """Codes are well formed and unique whatever the case; those of cells do not read as a reference."""
        seen: set[str] = set()
        for path, item in items:
            code, message = _text(item, "code"), ""
            if not code:
                continue
            if not CODE.fullmatch(code):
                message = _(
                    "the code “{code}” is not well formed: small letters a-z, digits and _, a letter "
                    "first, at most 32 characters"
                )
            elif names_of_cells and CELL_LIKE.fullmatch(code):
                message = _("the code “{code}” reads as a cell reference; lengthen it, such as “{better}”")
            elif names_of_cells and code in {*rules.RESERVED, "print_area", "print_titles"}:
                message = _("“{code}” has a meaning of its own in rules or in Excel and cannot be a code")
            if message:
                self.report((*path, "code"), message.format(code=code, better=f"{code}_total"))
            if code.lower() in seen:
                self.report((*path, "code"), _("the code “{code}” is there twice").format(code=code))
            seen.add(code.lower())

    def check_earlier_codes(self, items: list[Item]) -> None:
        """A code that one of the items had earlier is none that another has now, or had."""
        now = {_text(item, "code") for _path, item in items}
        then: set[str] = set()
        for path, item in items:
            was = _text(item, "was")
            if was and was in now:
                message = _("“{code}” is still in the form; “was” names a code that it no longer has")
                self.report((*path, "was"), message.format(code=was))
            elif was and was in then:
                self.report((*path, "was"), _("two figures cannot both have been “{code}”").format(code=was))
            then.add(was)

    def check_sheets(self) -> None:
        """Lists have sheets named by their titles, which must differ from each other and from the others."""
        taken = {name.lower() for name in SHEETS}
        for path, item in [*self.tables, *self.lists]:
            name = sheet_name(_text(item, "title"))
            if name.lower() in taken:
                message = _("the sheet of this list would be named “{name}” like another; change the title")
                self.report((*path, "title"), message.format(name=name))
            taken.add(name.lower())

    def check_table(self, path: Keys, table: dict[str, Any]) -> None:
        """Its rows and columns have codes of their own; sums name others of them, and none is its own sum;
        what is not asked is there; its settings go together as those of an indicator."""
        code = _text(table, "code")
        rows, columns = self.table_rows[code], self.table_columns[code]
        lines = [(at, row) for at, row in rows if not _text(row, "caption")]
        for at, row in rows:
            if _text(row, "caption") and (_text(row, "code") or _text(row, "label")):
                self.report((*at, "caption"), _("a row is a caption or has a code and a label, not both"))
        for at, row in lines:
            for key in ("code", "label"):
                if not _text(row, key):
                    self.report(at, _("“{key}” is missing").format(key=key))
        for group in (lines, columns):
            self.check_codes(group, names_of_cells=False)
            self.check_sums(group, code)
        known = {_text(row, "code") for _at, row in lines}, {_text(one, "code") for _at, one in columns}
        not_asked = table.get("not_asked")
        for address in not_asked if isinstance(not_asked, list) else ():
            parts = str(address).split(".")
            if len(parts) != 2 or any(p not in (*codes, "*") for p, codes in zip(parts, known, strict=True)):
                message = _("“{address}” is no cell of the table; write row.column, row.* or *.column")
                self.report((*path, "not_asked"), message.format(address=address))
        for at, column in columns:
            if column.get("is", "value") != "value" and (_text(column, "sum") or column.get("computed")):
                message = _("a column that the program fills in is no sum; leave out “sum” and “computed”")
                self.report((*at, "is"), message)
            self.check_column_meant(at, column, columns)
        if columns and all(column.get("is", "value") != "value" for _at, column in columns):
            self.report((*path, "columns"), _("no column of the table is asked"))
        said: set[str] = set()
        for at, row in lines:
            for _column_at, column in columns:
                before = len(self.problems)
                cell = _of_cell(column, row, table)
                self.check_share(at, cell)
                self.check_indicator(at, cell)
                self.check_sum_over_time(at, cell)
                found = [one for one in self.problems[before:] if one.message not in said]
                said |= {one.message for one in found}
                self.problems[before:] = found
        for at, item in [*lines, *columns]:
            kinds = item.get("applies_to")
            for kind in kinds if isinstance(kinds, list) else ():
                if str(kind) not in self.kinds:
                    self.report_unknown((*at, "applies_to"), str(kind), self.kinds)

    def check_column_meant(self, path: Keys, column: dict[str, Any], columns: list[Item]) -> None:
        """The column that one is `of` is asked, and it is itself one that the program fills in."""
        of = _text(column, "of")
        if not of:
            return
        if column.get("is", "value") in ("value", "given"):
            message = _(
                "“of” names the column whose figures the program fills in here: it goes with is = "
                '"previous", "year_ago", "to_date" or "plan"'
            )
            self.report((*path, "of"), message)
            return
        roles = {_text(one, "code"): one.get("is", "value") for _at, one in columns}
        if of not in roles:
            renamed = {was: _text(one, "code") for _at, one in columns if (was := _text(one, "was"))}
            asked = [code for code, role in roles.items() if role == "value"]
            self.report_unknown((*path, "of"), of, asked, renamed)
        elif roles[of] != "value":
            message = _("“{code}” is itself not asked; “of” names a column that units fill in, or a total")
            self.report((*path, "of"), message.format(code=of))

    def check_headings(self, path: Keys, column: dict[str, Any]) -> None:
        """English headings stand for those above the column, one for each."""
        above, english = column.get("under"), column.get("under_en")
        counts = [len(one) if isinstance(one, list) else 0 for one in (above, english)]
        if english and counts[0] != counts[1]:
            message = _("“under” has {count} headings and “under_en” {english}; write one for each")
            self.report((*path, "under_en"), message.format(count=counts[0], english=counts[1]))

    def check_sums(self, items: list[Item], table: str) -> None:
        """Sums of rows, or of columns, of a table name others of them that are asked, and none leads to
        itself."""
        sums = {
            _text(item, "code"): [code for _sign, code in signed_codes(_text(item, "sum"))]
            for _path, item in items
        }
        roles = {_text(item, "code"): item.get("is", "value") for _path, item in items}
        renamed = {was: _text(item, "code") for _path, item in items if (was := _text(item, "was"))}
        for path, item in items:
            code, text = _text(item, "code"), _text(item, "sum")
            if text and not _SUM.fullmatch(text):
                message = _("the sum “{text}” cannot be read; write codes with + and -: a + b - c")
                self.report((*path, "sum"), message.format(text=text))
            for part in sums[code]:
                if part not in sums:
                    self.report_unknown((*path, "sum"), part, sums, renamed)
                elif not self.kept and (role := roles[part]) != "value":
                    message = _GIVEN if role == "given" else _FILLED_IN
                    beside = next((one for one in sums[code] if roles.get(one) == "value"), code)
                    words = {"part": part, "code": code, "column": f"{table}.*.{beside}"}
                    self.report((*path, "sum"), _(message).format(**words))
            if code in all_below(code, sums):
                self.report((*path, "sum"), _("“{code}” is a sum of itself").format(code=code))
            if item.get("computed") and not text:
                self.report((*path, "computed"), _("what is worked out needs a “sum”"))

    def check_section(self, path: Keys, section: dict[str, Any]) -> None:
        """The figure of a chart is one of its section's, columns show several; its sentences."""
        code = _text(section, "chart_of")
        own = {_text(item, "code") for _path, item in _tables(path, section, "indicators")} & self.numeric
        if code and code not in own:
            self.report((*path, "chart_of"), _("“{code}” is not a figure of this section").format(code=code))
        elif code and section.get("chart") not in ("bar", "line"):
            self.report((*path, "chart_of"), _("“chart_of” goes with the charts “bar” and “line”"))
        for key in ("sentence", "sentence_en"):
            self.check_sentence((*path, key), _text(section, key), ())

    def check_share(self, path: Keys, item: dict[str, Any]) -> None:
        """A share has a numerator and a denominator that are filled in, and is a ratio of sums over units.

        Over time it is that too, or the last quarter's.
        """
        ends = [key for key in ("numerator", "denominator") if _text(item, key)]
        over_units, over_time = item.get("over_units"), item.get("over_time")
        if len(ends) == 1:
            self.report((*path, ends[0]), _("a share needs both “numerator” and “denominator”"))
        if ends and not (over_units == "ratio" and over_time in ("ratio", "last")):
            message = _(
                "a share is a ratio of sums: set over_units to “ratio”, and over_time to “ratio” too, or to "
                "“last” where the last quarter's share counts"
            )
            self.report(path, message)
        if "ratio" in (over_units, over_time) and not ends:
            self.report(path, _("“ratio” needs “numerator” and “denominator”"))
        if item.get("type") == "percent" and not ends and item.get("over_units", "sum") == "sum":
            self.report(
                path, _("percentages cannot be added up: set over_units to “mean”, “min”, “max” or “none”")
            )
        for key in ends:
            code = _text(item, key)
            if code not in self.numeric:
                self.report_unknown((*path, key), code, self.numeric)
            elif self.by_code[code].get("numerator"):
                message = _("“{code}” is itself a share; name figures that are filled in")
                self.report((*path, key), message.format(code=code))

    def check_sum_over_time(self, path: Keys, item: dict[str, Any]) -> None:
        """No percentage, yes or no is added up over time."""
        said = {
            "percent": _(
                "percentages are not added up over time: leave over_time out (the last quarter's counts), or "
                "set it to “last”, “mean”, “min”, “max” or “none”"
            ),
            "yes_no": _(
                "a unit that says yes in two quarters counts once: leave over_time out (the last quarter's "
                "answer counts), or set it to “last”, “mean”, “min”, “max” or “none”"
            ),
        }
        kind = _text(item, "type")
        if kind in said and item.get("over_time") == "sum" and not _text(item, "numerator"):
            self.report((*path, "over_time"), said[kind])

    def check_indicator(self, path: Keys, item: dict[str, Any]) -> None:
        """Its whole, how it is added up, what it is compared with, its bounds."""
        part_of = _text(item, "part_of")
        if part_of and part_of not in self.by_code:
            self.report_unknown((*path, "part_of"), part_of, self.by_code)
        if _text(item, "type") in _WORDS:
            message = _("answers of the type “{type}” cannot be added up; {key} must be “none”")
            for key in ("over_units", "over_time"):
                if item.get(key, "none") != "none":
                    self.report((*path, key), message.format(type=item["type"], key=key))
        per, cumulative = _text(item, "per"), item.get("cumulative") is True
        amount = _text(item, "type") in {"", *AMOUNTS} and not _text(item, "numerator")
        if (per or cumulative) and not amount:
            message = _("“per” and “cumulative” are for counts, numbers and money that are filled in")
            self.report(path, message)
        elif cumulative and item.get("over_time") not in ("last", "max"):
            message = _("what counts from the beginning of the year is not added up: set over_time to “last”")
            self.report((*path, "cumulative"), message)
        if per and per == item.get("code"):
            self.report((*path, "per"), _("“per” names the figure itself; name the one it is divided by"))
        elif per and per not in self.numeric:
            self.report_unknown((*path, "per"), per, self.numeric)
        low, high = item.get("min"), item.get("max")
        if isinstance(low, int | float) and isinstance(high, int | float) and low > high:
            self.report((*path, "min"), _("“min” is greater than “max”"))

    def check_sentence(self, path: Keys, sentence: str, own: tuple[str, ...]) -> None:
        """A sentence asks for slots of figures by code, or by themselves for those of its `own` figure."""
        try:
            asked = [
                name for _text, name, _spec, _conversion in Formatter().parse(sentence) if name is not None
            ]
        except ValueError:
            self.report(path, _("the sentence cannot be read: a bracket {{ or }} stands alone").format())
            return
        for name in asked:
            if name == OPENING:
                continue
            if name in SLOTS and not own:
                self.report(path, _("a section has no figure of its own: write {{CODE.value}}").format())
            elif name not in own and name not in self.slots:
                self.report_unknown(path, name, {OPENING, *own, *self.slots})

    def check_rules(self) -> None:
        """Rules can be read, and refer to figures, lists and columns of figures that there are."""
        columns = {
            f"{code}.{_text(column, 'code')}"
            for code, group in self.columns.items()
            for _path, column in group
            if (_text(column, "type") or Type.TEXT) not in _WORDS
        }
        known = {"rows": set(self.columns), "total": columns}
        for table, item in self.rules:
            path, check = (*table, "check"), _text(item, "check")
            if not check.strip():
                continue
            try:
                node = rules.parse(check)
            except rules.RuleSyntaxError as error:
                self.report(path, _("the rule cannot be read near “{near}”").format(near=error))
                continue
            if not node.references and not self.kept:
                self.report(path, _("the rule speaks of no figure"))
            added = {one.reference for sum_ in node.walk() if sum_.operator == "sum" for one in sum_.operands}
            for reference in dict.fromkeys(node.references):
                code = f"{reference.code}.{reference.column}" if reference.column else reference.code
                there: Collection[str] = known.get(reference.what, self.numeric)
                if reference in added:
                    there = self.numeric | self.section_codes | set(self.table_rows)
                    if code in self.numeric and code in self.section_codes | set(self.table_rows):
                        message = _("“{code}” is a figure and a section; give one of them another code")
                        self.report(path, message.format(code=code))
                    elif code not in there and code in self.columns:
                        message = _("a list is not added up as a whole: write total({code}.COLUMN)")
                        self.report(path, message.format(code=code))
                        continue
                if "*" in code.split("."):
                    if not any(fnmatch.fnmatchcase(known_code, code) for known_code in self.numeric):
                        self.report_unknown(path, code, self.numeric)
                    continue
                if reference.what == "blank":
                    there = self.by_code.keys()
                if code not in there:
                    self.report_unknown(path, code, there)

    def check_list(self, path: Keys, item: dict[str, Any]) -> None:
        """The column that names its rows is there and says words; what is added up are amounts."""
        key, columns = _text(item, "key"), self.columns[_text(item, "code")]
        if key and key not in (codes := [_text(column, "code") for _path, column in columns]):
            self.report_unknown((*path, "key"), key, codes)
        for at, column in columns:
            kind = _text(column, "type") or Type.TEXT
            if _text(column, "code") == key and kind in NUMERIC - {Type.COUNT}:
                message = _(
                    "“{column}” is of the type “{type}” and names no rows; “key” is a column of texts"
                )
                self.report((*path, "key"), message.format(column=key, type=kind))
            if column.get("over_units") == "sum" and kind not in {*AMOUNTS, Type.YES_NO}:
                message = _("answers of the type “{type}” cannot be added up; {key} must be “none”")
                self.report((*at, "over_units"), message.format(type=kind, key="over_units"))

    def check_cells(self, form: Form) -> list[Problem]:
        """Every table has a cell; `form` has no other mistakes."""
        for (path, item), table in zip(self.tables, form.tables, strict=True):
            if not table.cells:
                message = _("no cell of the table “{code}” is asked").format(code=_text(item, "code"))
                self.report(path, message)
        return self.problems

    def check_added_up(self, form: Form) -> list[Problem]:
        """What rules add up has figures that can be, and rules hold somewhere; what sums of tables add up can
        be added. `form` has no other mistakes."""
        if not self.kept:
            for fault in sum_faults(form):
                self.report(fault.path, fault.message)
        for (table, _item), rule in zip(self.rules, form.rules, strict=True) if not self.kept else ():
            if "*" in rule.check and not form.each(rule):
                message = _("the rule holds nowhere: no row or column has all the cells that it speaks of")
                self.report((*table, "check"), message)
        for table, item in self.rules:
            for node in rules.parse(_text(item, "check")).walk():
                for one in node.operands if node.operator == "sum" else ():
                    code = one.reference.code if one.reference else ""
                    if code not in form.indicators and not form.added(code):
                        message = _("“{code}” has no counts, numbers or sums of money to add up")
                        self.report((*table, "check"), message.format(code=code))
        return self.problems
