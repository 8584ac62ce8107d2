"""What is asked of a submission as a whole, one function a check: adding a check is adding a function."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from reportctl.cells.dates import from_serial, short_date, to_serial
from reportctl.cells.figures import typed_in_dong
from reportctl.cells.reading import in_both_languages, measure
from reportctl.core.finding_kinds import Severity
from reportctl.core.findings import Finding, finding
from reportctl.core.language import Phrase
from reportctl.core.letters import folded
from reportctl.core.period import Window
from reportctl.core.wording import date_short
from reportctl.form.indicators import Indicator, Type
from reportctl.form.model import Form, ListColumn, TextQuestion, applies
from reportctl.form.names import whole_heading
from reportctl.form.rules import (
    EARLIER,
    FIGURES,
    Gap,
    Lookup,
    Operand,
    Reference,
    Rule,
    adds_up,
    amount,
    holds,
    value_of,
)
from reportctl.form.submission import (
    Answer,
    AnswerState,
    Submission,
    decimals_together,
    in_words,
    lookup,
    on_paper,
    shown,
)
from reportctl.form.tables import FormTable, TableCell, TableSum
from reportctl.intake.job import Context
from reportctl.intake.older_sums import ALL_ASKED, OtherSums, other_sums, sums_with_dropped
from reportctl.intake.versions import answered_form, as_renamed
from reportctl.workbooks.book import as_typed


@dataclass(frozen=True, slots=True)
class CheckInput:
    """What is checked: the submission of a unit of `kind`, against the form and the quarter's data window;
    `sums` says by which sums otherwise than the form's."""

    form: Form
    kind: str
    window: Window
    submission: Submission
    sums: OtherSums = ALL_ASKED


def case_of(submission: Submission, context: Context, kind: str) -> CheckInput:
    """What is checked of the submission of a unit of `kind`: its sums are those of the version of the form
    that it answers."""
    version = answered_form(context, submission.identity.fingerprint)
    sums = other_sums(*as_renamed(context, version)) if version else ALL_ASKED
    return CheckInput(context.form, kind, context.window, submission, sums)


def required_answers(case: CheckInput) -> Iterator[Finding]:
    """Figures, then texts, that must be filled in and are not; what was not found has been said already.

    Of a table's row with several such cells it is said once.
    """
    given = case.submission.answers
    answers = {one.code: one for one in given if one.state is AnswerState.MISSING and one.cell}
    items: list[Indicator | TextQuestion] = [*case.form.indicators.values(), *case.form.texts]
    rows: dict[tuple[str, str], list[TableCell]] = {}
    for item in items if answers else ():
        answer = answers.get(item.code)
        if not answer or not item.required:
            continue
        if not isinstance(item, Indicator):
            yield _about(answer, "required_text_missing", label=item.name)
        elif isinstance(item, TableCell) and item.filled_in:
            rows.setdefault((item.table, item.row), []).append(item)
        elif item.filled_in:
            yield _cell_missing(answer, item)
    tables = {table.code: table for table in case.form.tables} if rows else {}
    for (table, row), cells in rows.items():
        first = answers[cells[0].code]
        if len(cells) == 1:
            yield _cell_missing(first, cells[0])
        else:
            yield _row_incomplete(case, tables[table], row, cells, first)


def _cell_missing(answer: Answer, item: Indicator) -> Finding:
    chosen = item.type in (Type.YES_NO, Type.CHOICE)
    return _about(answer, "required_choice_missing" if chosen else "required_missing", label=item.name)


def _row_incomplete(
    case: CheckInput, table: FormTable, row: str, cells: Sequence[TableCell], first: Answer
) -> Finding:
    """What is said of a table's row that lacks several cells: the headings of their columns."""
    line = next(one for one in table.lines if one.code == row)
    asked = [
        cell
        for (of, _column), cell in table.cells.items()
        if of == row and cell.required and cell.filled_in and applies(cell, case.kind)
    ]
    lacking = {cell.column for cell in cells}
    columns = [column for column in table.columns if column.code in lacking]
    words = (
        ", ".join(whole_heading(one).in_language(language) for one in columns) for language in ("vi", "en")
    )
    return _about(
        first,
        "required_cells_missing",
        indicator=f"{table.code}.{row}.*",
        label=line.name,
        count=len(cells),
        of=len(asked),
        columns=Phrase(*(shown(text) for text in words)),
    )


def long_texts(case: CheckInput) -> Iterator[Finding]:
    """Answers of more words than the form allows."""
    limits = {question.code: question.max_words for question in case.form.texts}
    for answer in case.submission.answers:
        limit, text = limits.get(answer.code), answer.value
        # That many words, and the spaces between them, are more characters than most texts have.
        if limit and isinstance(text, str) and len(text) > 2 * limit and (words := len(text.split())) > limit:
            yield _about(answer, "too_many_words", words=words, limit=limit)


def list_dates(case: CheckInput) -> Iterator[Finding]:
    """Dates in lists that lie outside the data window."""
    first, last = case.window.first, case.window.last
    for row in case.submission.rows:
        for answer in row.answers:
            if isinstance(answer.value, dt.date) and not first <= answer.value <= last:
                bounds = Phrase(
                    f"{date_short(first, 'vi')} đến {date_short(last, 'vi')}",
                    f"{date_short(first, 'en')} to {date_short(last, 'en')}",
                )
                code = f"{row.list_code}.{answer.code}"
                yield _about(answer, "date_outside", indicator=code, bounds=bounds)


_MOST = 10**9  # what nothing that a unit counts comes to


def figures_of_other_things(case: CheckInput) -> Iterator[Finding]:
    """Counts that are the number of a day near the quarter or larger than any can be, and amounts of money
    that were typed in đồng."""
    first, last = (to_serial(day) for day in _years(case.window))
    columns = {section.code: section.columns for section in case.form.lists}
    large: list[tuple[Indicator | ListColumn | None, Answer, str]] = [
        (case.form.indicators.get(one.code), one, one.code)
        for one in case.submission.answers
        if isinstance(one.value, int | float) and one.value >= first
    ]
    for row in case.submission.rows:
        for one in row.answers:
            if isinstance(one.value, int | float) and one.value >= first:
                asked = (column for column in columns.get(row.list_code, ()) if column.code == one.code)
                large.append((next(asked, None), one, f"{row.list_code}.{one.code}"))
    for ask, answer, code in large:
        value = answer.value
        if ask is None or not isinstance(value, int | float) or value != int(value):
            continue
        if ask.type is Type.COUNT and value <= last and answer.raw == str(int(value)):
            day = short_date(from_serial(int(value)))
            yield _about(answer, "day_number", indicator=code, day=day)
        elif suggestion := typed_in_dong(value, ask):
            of = measure(ask) or ""
            yield _about(answer, "typed_in_dong", indicator=code, measure=of, suggestion=suggestion)
        elif ask.type is Type.COUNT and value > _MOST:
            yield _about(answer, "huge_count", indicator=code)


def _years(window: Window) -> tuple[dt.date, dt.date]:
    """The first and the last day of the window's years, with the month in which its figures are typed."""
    typed = window.last + dt.timedelta(31)
    return dt.date(window.first.year, 1, 1), max(dt.date(window.last.year, 12, 31), typed)


def broken_rules(case: CheckInput) -> Iterator[Finding]:
    """Rules between figures that do not hold, but for those that ask for earlier quarters' figures.

    The finding is in the cell of the rule's first figure; of a rule about lists alone, in the first row.
    """
    answers = case.submission.answers
    numbers = {answer.code: answer.value for answer in answers if type(answer.value) is int}
    every = case.sums.asked_of(case.form, _rules(case.form, case.kind, earlier=False))
    rules = (rule for rule in (*every, *case.sums.instead) if not adds_up(rule.node, numbers))
    of_tables = case.sums.sums_asked(_sums(case.form, case.kind))
    sums = (one.rule for one in of_tables if not one.is_right(numbers))
    return _broken(case, (*rules, *sums), lookup(case.submission))


def broken_older_sums(
    form: Form, version: Form, kind: str, window: Window, submission: Submission
) -> Iterator[Finding]:
    """Sums of the `version` of the form that do not hold in a submission as it was read by that, and that
    need what `form` asks no longer; under the codes of `form`. Their detail `asked` has the codes of the
    figures of the sum that it still asks: once one of them is corrected, nobody can judge the sum."""
    asked = {code for code, one in version.indicators.items() if applies(one, kind)}
    case = CheckInput(version, kind, window, submission)
    for one in sums_with_dropped(form, version):
        if any(reference.code in asked for reference in one.rule.node.references):
            for found in _broken(case, [one.rule], lookup(submission)):
                details = dict(found.details) | {"asked": " ".join(one.asked)}
                yield replace(
                    found,
                    code="older_sum_broken",
                    indicator=one.whole,
                    details=tuple(sorted(details.items())),
                )


def broken_with_earlier(case: CheckInput, earlier: Mapping[Reference, Operand]) -> Iterator[Finding]:
    """Rules that do not hold between figures and the unit's own of `earlier` quarters.

    A return that is right by itself is not refused for what stands in another: an error is a warning here.
    """
    of_now = lookup(case.submission)

    def value(reference: Reference) -> Operand | tuple[Operand, ...]:
        if reference.what in EARLIER:
            return earlier.get(reference, Gap.UNREADABLE)
        return of_now(reference)

    for found in _broken(case, _rules(case.form, case.kind, earlier=True), value):
        yield replace(found, severity=Severity.WARNING) if found.severity is Severity.ERROR else found


def _broken(case: CheckInput, asked: Sequence[Rule], value: Lookup) -> Iterator[Finding]:
    """The rules that do not hold on what `value` gives, each with the figures that it speaks of."""
    answers = {answer.code: answer for answer in case.submission.answers} if asked else {}
    for rule in asked:
        if holds(rule.node, value, case.form.is_rounded, rule.policy) is not False:
            continue
        operands = {
            reference: value_of(value(reference))
            for reference in rule.node.references
            if reference.what != "blank"
        }
        of_types = (
            (operand, _type_of(case.form, reference))
            for reference, operand in operands.items()
            if not isinstance(operand, Gap)
        )
        decimals = decimals_together(of_types)
        figures = [
            _figure(case.form, reference, operand, decimals)
            for reference, operand in operands.items()
            if operand not in (Gap.NOTHING, Gap.UNREADABLE)
        ]
        if parts := _parts_make(case.form, rule, operands, decimals):
            figures.append(parts)
        codes = [one.code for one in rule.node.references if one.what in ("value", "blank")]
        first = next((answers[code] for code in codes if code in answers), None)
        if first is None:
            codes = [reference.code for reference in rule.node.references]
            cells = (one for row in case.submission.rows if row.list_code in codes for one in row.answers)
            first = next(cells, Answer(codes[0], AnswerState.MISSING))
        yield finding(
            "rule_broken",
            severity=Severity(rule.severity),
            sheet=first.sheet or None,
            cell=first.cell or None,
            indicator=codes[0],
            value=first.raw,
            text=rule.words,
            figures=Phrase(*("; ".join(one.in_language(to) for one in figures) for to in ("vi", "en"))),
        )


def _parts_make(
    form: Form, rule: Rule, operands: Mapping[Reference, Operand], decimals: int
) -> Phrase | None:
    """What the parts of a table's cell make as they are said, where the rule says that it is their sum."""
    if rule.node.operator != "=":
        return None
    whole, parts = rule.node.operands
    cell = form.indicators.get(whole.reference.code) if whole.reference else None
    if not isinstance(cell, TableCell) or parts.operator not in ("+", "-", "sum"):
        return None
    if any(node.operator == "if" for node in parts.walk()):
        return None
    said = {
        reference: one if isinstance(one, Gap) else on_paper(one, _type_of(form, reference), decimals)
        for reference, one in operands.items()
    }
    made = amount(parts, said)
    if isinstance(made, Gap):
        return None
    words = in_words(made if made % 1 else int(made), cell.type, decimals)
    return Phrase(f"cộng các phần = {words.vi}", f"the parts make {words.en}")


def _type_of(form: Form, reference: Reference) -> Type:
    """What the figure is that a rule asks for."""
    if reference.what in FIGURES:
        return form.indicators[reference.code].type
    columns = next(section.columns for section in form.lists if section.code == reference.code)
    return next((column.type for column in columns if column.code == reference.column), Type.COUNT)


def _figure(form: Form, reference: Reference, value: Operand, decimals: int) -> Phrase:
    """One figure of a broken rule as it is said: `Báo in = 50`, `số dòng của “Hội nghị” = 3`."""
    kind = _type_of(form, reference)
    if reference.what in FIGURES:
        name = form.indicators[reference.code].name
        if reference.what in EARLIER:
            name = _OF_EARLIER[reference.what](name)
    else:
        section = next(section for section in form.lists if section.code == reference.code)
        title = section.name
        name = Phrase(f"số dòng của “{title.vi}”", f"rows of “{title.in_language('en')}”")
        if reference.what != "rows":
            column = next(column for column in section.columns if column.code == reference.column)
            name = Phrase(
                f"tổng “{column.name.vi}” của “{title.vi}”",
                f"total of “{column.name.in_language('en')}” in “{title.in_language('en')}”",
            )
    if value is Gap.UNKNOWN:
        return Phrase(f"{name.vi} để trống", f"{name.in_language('en')} is empty")
    amount = in_words(None if isinstance(value, Gap) else value, kind, decimals)
    return Phrase(f"{name.vi} = {amount.vi}", f"{name.in_language('en')} = {amount.en}")


_OF_EARLIER: Mapping[str, Callable[[Phrase], Phrase]] = {
    "previous": lambda name: Phrase(f"{name.vi} (kỳ trước)", f"{name.in_language('en')} (previous quarter)"),
    "year_ago": lambda name: Phrase(
        f"{name.vi} (cùng kỳ năm trước)", f"{name.in_language('en')} (same quarter last year)"
    ),
}


@functools.lru_cache(maxsize=64)
def _rules(form: Form, kind: str, *, earlier: bool) -> tuple[Rule, ...]:
    """The form's rules that speak of something that units of `kind` are asked for, and of no other lists:
    those that ask for figures of `earlier` quarters, or all others."""
    lists = {section.code for section in form.lists if applies(section, kind)}
    figures = {code for code, indicator in form.indicators.items() if applies(indicator, kind)}
    return tuple(
        rule
        for rule in form.every_rule
        if bool(rule.node.earlier) is earlier
        and any(asked.code in figures or asked.code in lists for asked in rule.node.references)
        and all(asked.what in (*FIGURES, "blank") or asked.code in lists for asked in rule.node.references)
    )


@functools.lru_cache(maxsize=64)
def _sums(form: Form, kind: str) -> tuple[TableSum, ...]:
    """The sums of tables that speak of a cell that units of `kind` are asked for."""
    asked = {code for code, indicator in form.indicators.items() if applies(indicator, kind)}
    return tuple(
        one
        for one in form.table_sums
        if one.whole in asked or any(part in asked for _sign, part in one.parts)
    )


def repeated_keys(case: CheckInput) -> Iterator[Finding]:
    """Rows of a list that are named alike by the column that names a row once."""
    for section in (one for one in case.form.lists if one.key):
        first: dict[str, int] = {}
        for row in (row for row in case.submission.rows if row.list_code == section.code):
            for answer in (one for one in row.answers if one.code == section.key):
                name = folded(str(answer.value)) if answer.state is AnswerState.VALUE else ""
                if name and first.setdefault(name, row.number) != row.number:
                    yield _about(
                        answer,
                        "list_key_twice",
                        indicator=f"{section.code}.{section.key}",
                        list=section.name,
                        first=first[name],
                        second=row.number,
                    )


CHECKS: tuple[Callable[[CheckInput], Iterator[Finding]], ...] = (
    required_answers,
    long_texts,
    list_dates,
    figures_of_other_things,
    broken_rules,
    repeated_keys,
)


def check(submission: Submission, context: Context) -> list[Finding]:
    """What the checks find of a submission; nothing where its unit does not report, or nothing was read."""
    unit = context.units.get(submission.identity.unit)
    if unit is None or not (submission.answers or submission.rows):
        return []
    case = case_of(submission, context, unit.kind)
    return [found for one in CHECKS for found in one(case)]


def _about(answer: Answer, kind: str, *, indicator: str = "", **details: Any) -> Finding:
    if isinstance(answer.value, float) and answer.raw == as_typed(answer.value):
        details |= in_both_languages(answer.value)
    return finding(
        kind,
        sheet=answer.sheet,
        cell=answer.cell,
        indicator=indicator or answer.code,
        value=shown(answer.raw),
        **details,
    )


def severities(findings: Sequence[Finding], context: Context) -> list[Severity | None]:
    """The severity of each finding of one file, by the version of the form, the units' names and the office's
    settings; None: the finding is not said at all."""
    form = context.form
    ours = any(one.code == "other_version" and one.value == form.fingerprint for one in findings)
    found: list[Severity | None] = []
    for one in findings:
        severity: Severity | None = one.severity
        match one.code:
            case "other_version" if ours:  # the workbook was made from this version of the form
                severity = None
            case "code_moved" if not ours and all(one.indicator != each.code for each in form.lists):
                severity = None  # lines of another version stand elsewhere by rights
            case "disputed_figure" if "known" not in dict(one.details):
                severity = None  # what is typed there is kept until it stands beside the ledger's figure
            case "not_found" if not ours:
                texts = {question.code: question for question in form.texts}
                item = form.indicators.get(one.indicator or "") or texts.get(one.indicator or "")
                if item and not item.required:  # an older form may not have asked for it
                    severity = Severity.NOTE
            case "heading_differs":
                details = dict(one.details)
                names = {folded(unit.name) for unit in context.roster.units}
                if details["of"] == "unit" and folded(str(details["said"])) not in names:
                    severity = None  # units are renamed, and people word headings their own way
        found.append(severity and context.severities.get(one.code, severity))
    return found


def with_severities(findings: Sequence[Finding], context: Context) -> list[Finding]:
    """The findings of one file that are said, with their `severities`."""
    return [
        one if severity is one.severity else replace(one, severity=severity)
        for one, severity in zip(findings, severities(findings, context), strict=True)
        if severity
    ]
