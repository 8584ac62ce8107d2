"""Checking and grading again what was read before: by other rules, settings, or another program version."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from reportctl.core.finding_kinds import CHECKED, LOST
from reportctl.core.findings import Finding
from reportctl.form.model import Form, Type
from reportctl.form.submission import Answer, Identity, Submission
from reportctl.intake.job import Context
from reportctl.ledger.ledger import file_answers
from reportctl.ledger.rows import KnownSubmission, RecheckedSubmission
from reportctl.ledger.writing import Store
from reportctl.merge.verdicts import VerdictMaker

_BATCH = 256


def recheck(
    store: Store, judge: VerdictMaker, due: Mapping[str, KnownSubmission], tell: Callable[[str], None]
) -> None:
    """Judge the submissions that are `due`, by hash, by what the ledger holds of them; `tell` gets each one's
    file.

    An interrupt loses nothing of what was done before.
    """
    judged: list[tuple[str, RecheckedSubmission]] = []

    def keep() -> None:
        with store.transaction():
            store.judge(judge.context.quarter, judged)
        judged.clear()

    try:
        for key, was in due.items():
            judged.append((key, _again(store, judge, key, was)))
            tell(was.file)
            if len(judged) >= _BATCH:
                keep()
    except KeyboardInterrupt:
        keep()
        raise
    keep()


def _again(store: Store, judge: VerdictMaker, key: str, was: KnownSubmission) -> RecheckedSubmission:
    """Its grades; the findings of the checks too, where these are other ones."""
    from reportctl.intake.checks import check  # most runs of a merge check nothing again

    found = store.found(judge.context.quarter, key)
    if was.basis.checked == judge.checking:
        return judge.judged(was, found)
    submission = stored_submission(store, judge.context, key, was, found)
    kept = [one for one in found if one.code not in CHECKED]
    more = [replace(one, file=was.file, unit=was.unit) for one in check(submission, judge.context)]
    return judge.judged(was, [*kept, *more], submission)


def stored_submission(
    store: Store, context: Context, key: str, was: KnownSubmission, found: Sequence[Finding]
) -> Submission:
    """A submission as its file was read, by what the ledger holds; `found` is all that was found in the file.

    Of its identity it has the unit alone, and its empty rows are not kept.
    """
    answers, rows = file_answers(store.reader, context.quarter, key)
    lists = {section.code: place for place, section in enumerate(context.form.lists)}
    dates = _dates(context.form)
    return Submission(
        was.file,
        key,
        Identity(unit=was.unit or ""),
        was.modified,
        tuple(_dated(answer) if answer.code in dates else answer for answer in answers),
        tuple(
            replace(
                row,
                answers=tuple(_dated(a) if f"{row.list_code}.{a.code}" in dates else a for a in row.answers),
            )
            for row in sorted(rows, key=lambda row: lists[row.list_code])  # in the ledger they stand by label
        ),
        tuple(one.indicator for one in found if one.code in LOST and one.indicator in lists),
    )


def _dates(form: Form) -> frozenset[str]:
    """The codes of figures that are dates, and of columns of lists after the list's."""
    columns = ((f"{of.code}.{column.code}", column.type) for of in form.lists for column in of.columns)
    types = {code: indicator.type for code, indicator in form.indicators.items()} | dict(columns)
    return frozenset(code for code, one in types.items() if one is Type.DATE)


def _dated(answer: Answer) -> Answer:
    """The answer with its day as a day: the ledger has it as ISO text."""
    text = answer.value
    return replace(answer, value=dt.date.fromisoformat(text)) if isinstance(text, str) else answer
