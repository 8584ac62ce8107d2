"""A workbook of another version of the form: read by that version, answers under the codes of this."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from reportctl.core.findings import Finding, finding
from reportctl.form.asked_then import ListCell
from reportctl.form.indicators import Indicator
from reportctl.form.layout import unplaced
from reportctl.form.model import Form, ListColumn, TextQuestion, applies
from reportctl.form.renamed_since import renamed_since
from reportctl.form.submission import Answer, AnswerState, ListRow, quotient, sums
from reportctl.intake.job import Context
from reportctl.ledger.archive import kept_form
from reportctl.ledger.versions import form_at, forms_between, is_fingerprint

_NEW, _OTHERWISE = "new_question", "asked_otherwise"
_Question = Indicator | ListColumn | TextQuestion
_Key = TypeVar("_Key", str, ListCell)


def version_of(context: Context, fingerprint: str) -> Form | None:
    """The version of the form with this fingerprint, where the archive keeps it and what it reads from cells
    is not what the one in force does; None where this version of the program cannot read it, too."""
    kept = answered_form(context, fingerprint)
    if kept is None or kept.reading == context.form.reading:
        return None
    addresses = context.form.addresses
    return kept.standing_at(addresses) if addresses and not unplaced(kept, addresses) else kept


def answered_form(context: Context, fingerprint: str) -> Form | None:
    """The other version of the form with this fingerprint, where the archive keeps it and this version of the
    program can read it."""
    if context.archive is None or fingerprint == context.form.fingerprint or not is_fingerprint(fingerprint):
        return None
    kept = form_at(kept_form(context.archive, fingerprint))
    return kept if kept and kept.id == context.form.id else None


def as_renamed(context: Context, version: Form) -> tuple[Form, Form]:
    """The form in force and the `version`: the one that came later with what its things were called in the
    other, which was renamed in none. Both as they are where it is not known which came later."""
    form, archive = context.form, context.archive
    if archive is None:
        return form, version
    between = forms_between(archive, context.one_by_one, version.fingerprint, form.fingerprint)
    if between is not None:
        return renamed_since(version, between, form), renamed_since(version, (), version)
    between = forms_between(archive, context.one_by_one, form.fingerprint, version.fingerprint)
    if between is not None:
        return renamed_since(form, (), form), renamed_since(form, between, version)
    return form, version


def brought_over(
    form: Form, version: Form, kind: str, answers: Sequence[Answer]
) -> tuple[list[Answer], list[Finding]]:
    """The answers to the questions of `form`, out of those to the questions of the `version`; of what it did
    not ask, or asked as something else, there is none, and a note says so.

    Sums and shares are worked out again.
    """
    # Where the workbook is the newer one.
    earlier = {new: old for old, new in version.renamed.items() if old in form.indicators}
    given = {answer.code: answer for answer in answers if answer.code not in form.renamed}
    for renamed in (earlier, form.renamed):
        given |= {renamed[answer.code]: answer for answer in answers if answer.code in renamed}
    questions: list[Indicator | TextQuestion] = [*form.indicators.values(), *form.texts]
    asked = {one.code: one for one in questions if applies(one, kind)}
    then: dict[str, _Question] = {**version.indicators, **{one.code: one for one in version.texts}}
    found: dict[str, Answer] = {}
    lacking: dict[str, str] = {}
    for code, question in asked.items():
        answer = given.get(code)
        if answer is not None and _asks_the_same(then.get(answer.code), question):
            found[code] = answer._replace(code=code)
            continue
        found[code] = Answer(code, AnswerState.MISSING)
        if not isinstance(question, Indicator) or form.made_of(code) == [code]:
            lacking[code] = _NEW if answer is None else _OTHERWISE
    of_parts = [one for one in form.indicators.values() if one.code in asked]
    for code, answer in sums(of_parts, found).items():
        found[code] = found[code]._replace(state=answer.state, value=answer.value)
    for one in of_parts:
        if one.computed:
            share = quotient(one.code, found.get(one.numerator), found.get(one.denominator))
            found[one.code] = found[one.code]._replace(state=share.state, value=share.value)
    return list(found.values()), [*_lacks(form, kind, lacking), *_lacks_of_lists(form, version, kind)]


def _asks_the_same(then: _Question | None, question: _Question) -> bool:
    """Whether answers to the question of then are answers to this one."""
    if isinstance(question, TextQuestion):
        return isinstance(then, TextQuestion)
    if then is None or isinstance(then, TextQuestion):
        return False
    return (then.type, then.unit_of_measure) == (question.type, question.unit_of_measure)


def _lacks(form: Form, kind: str, lacking: Mapping[str, str]) -> Iterator[Finding]:
    """Notes on questions that the version lacks, with the codes of their findings; of cells one note for the
    whole table, row or column that is lacking."""
    cells = {cell.code for table in form.tables for cell in table.cells.values()}
    questions: dict[str, Indicator | TextQuestion]
    questions = {**form.indicators, **{one.code: one for one in form.texts}}
    for code, why in lacking.items():
        if code not in cells:
            yield finding(why, indicator=code, label=questions[code].name)
    for table in form.tables:
        for why in (_NEW, _OTHERWISE):
            gone = [cell for cell in table.cells.values() if lacking.get(cell.code) == why]
            own = [c for c in table.cells.values() if applies(c, kind) and form.made_of(c.code) == [c.code]]
            if gone and len(gone) == len(own):
                yield finding(why, indicator=table.code, label=table.name)
                continue
            rows, rows_gone = (Counter(cell.row for cell in some) for some in (own, gone))
            whole = {row for row, count in rows_gone.items() if count == rows[row]}
            columns = {cell.column for cell in gone if cell.row not in whole}
            for row in (one for one in table.lines if one.code in whole):
                yield finding(why, indicator=f"{table.code}.{row.code}.*", label=row.name)
            for column in (one for one in table.columns if one.code in columns):
                yield finding(why, indicator=f"{table.code}.*.{column.code}", label=column.name)


def _lacks_of_lists(form: Form, version: Form, kind: str) -> Iterator[Finding]:
    """Notes on lists, and on columns of lists, that the version lacks."""
    asked = {one.code for one in version.lists if applies(one, kind)}
    known = {now for then, now in lists_now(form, version).items() if then in asked}
    columns = {now: version.list_columns[then] for then, now in columns_now(form, version).items()}
    for listed in (one for one in form.lists if applies(one, kind)):
        if listed.code not in known:
            yield finding(_NEW, indicator=listed.code, label=listed.name)
            continue
        for column in listed.columns:
            code, then = f"{listed.code}.{column.code}", columns.get((listed.code, column.code))
            if then is None:
                yield finding(_NEW, indicator=code, label=column.name)
            elif not _asks_the_same(then, column):
                yield finding(_OTHERWISE, indicator=code, label=column.name)


def given_away(form: Form, version: Form) -> set[str]:
    """The codes of figures of the version that are codes of other figures of its own in `form`."""
    called = {new for old, new in form.renamed.items() if old in version.indicators}
    return (called & version.indicators.keys()) - form.renamed.keys()


def lists_now(form: Form, version: Form) -> dict[str, str]:
    """The codes that the version's lists have in `form`, of those that are there."""
    now, then = ({one.code: one for one in of.lists} for of in (form, version))
    return _called(then, now, form.renamed_lists, version.renamed_lists)


def columns_now(form: Form, version: Form) -> dict[ListCell, ListCell]:
    """As `lists_now`, of the columns of lists."""
    return _called(version.list_columns, form.list_columns, form.renamed_columns, version.renamed_columns)


def _called(
    then: Collection[_Key],
    now: Container[_Key],
    renamed: Mapping[_Key, _Key],
    renamed_before: Mapping[_Key, _Key],
) -> dict[_Key, _Key]:
    """What each of `then` is called `now`: as it was `renamed` since, or is no longer, where the workbook is
    the newer one; else as it was, unless that is what another one is called now."""
    earlier = {new: old for old, new in renamed_before.items() if old in now}
    found = {code: of[code] for of in (earlier, renamed) for code in then if of.get(code) in now}
    taken = set(found.values())
    return found | {code: code for code in then if code in now and code not in found and code not in taken}


def of_this_form(form: Form, version: Form, findings: Sequence[Finding]) -> Iterator[Finding]:
    """The findings of reading by the `version`, under the codes of `form`; those about what the form asks no
    longer are left out."""
    texts = {one.code for one in form.texts}
    texts_then = {one.code for one in version.texts}
    lists = lists_now(form, version)
    gone = (version.indicators.keys() | texts_then) - form.indicators.keys() - texts - form.renamed.keys()
    gone |= given_away(form, version)
    gone |= {one.code for one in version.lists} - lists.keys()
    columns = {".".join(then): ".".join(now) for then, now in columns_now(form, version).items()}
    renamed = form.renamed | lists | columns
    for one in findings:
        code = one.indicator or ""
        if code not in gone and not ("." in code and code.partition(".")[0] in gone):
            yield replace(one, indicator=renamed.get(code, code)) if code else one


def lists_of_this_form(form: Form, version: Form, codes: Iterable[str]) -> list[str]:
    """The lists of the version with these `codes` under those of `form`, of those that it has."""
    lists = lists_now(form, version)
    return [lists[code] for code in codes if code in lists]


def rows_of_this_form(form: Form, version: Form, rows: Sequence[ListRow]) -> list[ListRow]:
    """The rows of the lists that the form has, with the answers in the columns that both ask as the same."""
    lists = lists_now(form, version)
    columns = {
        then: now
        for then, now in columns_now(form, version).items()
        if now[0] == lists.get(then[0]) and _asks_the_same(version.list_columns[then], form.list_columns[now])
    }
    return [
        ListRow(
            lists[row.list_code],
            row.number,
            tuple(
                answer._replace(code=columns[row.list_code, answer.code][1])
                for answer in row.answers
                if (row.list_code, answer.code) in columns
            ),
        )
        for row in rows
        if row.list_code in lists
    ]
