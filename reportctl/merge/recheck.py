"""Submissions checked and graded again by what the ledger holds of them, without reading their files.

That is enough where other rules, settings or another version of the program apply, but the same questions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from reportctl.core.finding_kinds import CHECKED, LOST
from reportctl.core.findings import Finding
from reportctl.form.indicators import Type
from reportctl.form.submission import Answer, Identity, Submission
from reportctl.intake.job import Context
from reportctl.ledger.ledger import file_answers
from reportctl.ledger.rows import RecheckedSubmission, SubmissionRecord
from reportctl.ledger.writing import Store
from reportctl.merge.assess import Assessor
from reportctl.merge.cache_keys import version_in


def recheck(
    store: Store, assessor: Assessor, submissions: Mapping[str, SubmissionRecord]
) -> Iterator[tuple[str, tuple[str, RecheckedSubmission]]]:
    """The file of each of the `submissions`, which go by hash, with the hash and what it is now, one by one.

    Where only severities or names changed its findings are graded again; else it is checked again, too.
    """
    from reportctl.intake.checks import check  # most runs of a merge check nothing again

    quarter = assessor.context.quarter
    for sha256, known in submissions.items():
        found = store.findings(quarter, sha256, graded=False)
        submission = None
        if known.keys.checked != assessor.keys.checking:
            submission = stored_submission(store, assessor.context, sha256, known, found)
            new = (
                replace(one, file=known.file, unit=known.unit) for one in check(submission, assessor.context)
            )
            found = [*(one for one in found if one.code not in CHECKED), *new]
        yield known.file, (sha256, assessor.rechecked(known, found, submission))


def stored_submission(
    store: Store, context: Context, sha256: str, known: SubmissionRecord, findings: Sequence[Finding]
) -> Submission:
    """A submission as its file was read, by what the ledger holds; `findings` are all those of the file.

    Of its identity it has the unit and the version of the form alone, and its empty rows are not kept.
    """
    form = context.form
    dates = {code for code, indicator in form.indicators.items() if indicator.type is Type.DATE}
    dates |= {f"{of.code}.{one.code}" for of in form.lists for one in of.columns if one.type is Type.DATE}

    def typed(answer: Answer, code: str) -> Answer:
        """The answer with its day as a day: the ledger has it as ISO text."""
        if code in dates and isinstance(answer.value, str):
            return answer._replace(value=dt.date.fromisoformat(answer.value))
        return answer

    answers, rows = file_answers(store.reader, context.quarter, sha256)
    lists = {section.code: place for place, section in enumerate(form.lists)}
    return Submission(
        file=known.file,
        sha256=sha256,
        identity=Identity(unit=known.unit or "", fingerprint=version_in(known)),
        modified=known.modified,
        answers=tuple(typed(answer, answer.code) for answer in answers),
        rows=tuple(
            replace(row, answers=tuple(typed(one, f"{row.list_code}.{one.code}") for one in row.answers))
            for row in sorted(rows, key=lambda row: lists[row.list_code])  # in the ledger they stand by label
        ),
        lists_lost=tuple(one.indicator for one in findings if one.code in LOST and one.indicator in lists),
    )
