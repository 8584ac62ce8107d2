"""`form adopt`: an office's own blank workbook, what is read of it and what has to be decided."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from reportctl.cli.arguments import Format, matching, one_file
from reportctl.cli.output import agreed, emit_all
from reportctl.core import wording
from reportctl.core.cellrefs import cell_place
from reportctl.core.errors import ReportctlError, capped, note, say
from reportctl.core.language import _
from reportctl.core.typed import as_typed
from reportctl.ledger.session import Session

if TYPE_CHECKING:
    from reportctl.adopt.grid import Span
    from reportctl.form.model import Form


def adopt(
    file: Path, corners: Sequence[str], samples: Sequence[Path], format_: Format, out: Path | None
) -> int:
    """Read a blank workbook, say what was read, write the review beside it; 1 where something was refused or
    nothing was found. Guessed sums that do not hold on the `samples` are left out."""
    from reportctl.adopt.as_json import form_as_json
    from reportctl.adopt.install import write_review
    from reportctl.adopt.reading import read_form
    from reportctl.adopt.samples import read_sample, without_broken_sums
    from reportctl.adopt.shown import form_tables
    from reportctl.render.formats import json_text

    path = one_file(file)
    form = read_form(path, _corners(corners))
    filled = [each for sample in samples for each in matching(str(sample))]
    if filled:
        outcome = without_broken_sums(form, {each.name: read_sample(each) for each in filled})
        form = outcome.form
        for sentence in outcome.sentences:
            note(sentence)
    if format_ == "json":
        say(json_text(form_as_json(form)))
    else:
        emit_all(form_tables(form), format_)
    if not (form.tables or form.questions or form.refused):
        note(
            _(
                "Nothing is found in {path} that could be filled in. Point at the tables, as in --table "
                '"Sheet 1!B7:K40".'
            ).format(path=path)
        )
        return 1
    review = write_review(form, path, out)
    note(
        _("Written: {path}. Answer there, save it, and then: reportctl form adopt --from {name}").format(
            path=review, name=as_typed(review)
        )
    )
    return int(bool(form.refused) or not form.tables)


def take(session: Session, review: Path, *, yes: bool) -> int:
    """Make the form of a review that people have answered, show what changes, and write it after they agree;
    then the trial round. 1 where a cell does not come back in that, or nothing was written."""
    from reportctl.adopt.install import adopted, install
    from reportctl.form.form_file import load_form

    path = one_file(review)
    taken = adopted(session, path)
    form = taken.form
    try:
        before = load_form(session.workspace.form)
    except ReportctlError:  # there is none that could be compared
        before = None
    _show_changes(before, form)
    say(
        _(
            "{answers} answers and lines of the review were changed. The form asks {cells} figures, {lists} "
            "lists, {texts} texts."
        ).format(
            answers=taken.changed,
            cells=sum(one.filled_in for one in form.indicators.values()),
            lists=len(form.lists),
            texts=len(form.texts),
        )
    )
    for remark in taken.remarks:
        say(remark)
    question = _("Write {files} into {folder}?").format(
        files=", ".join(taken.written), folder=session.workspace.root
    )
    if not yes and not sys.stdin.isatty():
        raise ReportctlError(
            _("{question} Nobody can be asked here; say yes with --yes.").format(question=question)
        )
    if not yes and not agreed(question):
        say(_("Nothing was written."))
        return 1
    for kept in install(session, taken):
        say(_("The one before stays as {name}.").format(name=kept.name))
    say(_("Written: {path}").format(path=", ".join(taken.written)))
    return try_out(Session(session.workspace.root, session.today), None)


def try_out(session: Session, period: str | None) -> int:
    """The trial round; 1 where a cell does not come back as it was filled in."""
    from reportctl.adopt.trial import trial

    outcome = trial(session, session.quarter(period))
    for sentence in outcome.sentences:
        say(sentence)
    return int(bool(outcome.wrong))


def _show_changes(before: Form | None, form: Form) -> None:
    """Say what the form asks that the present one does not, and the other way round."""
    from collections import Counter

    from reportctl.form.form_diff import changes

    if before is None:
        return
    signs = {"added": "+", "dropped": "-", "renamed": "=", "retyped": "~", "changed": "~"}
    found = changes(before, form)
    counts: Counter[str] = Counter(change.kind for change in found)
    say(
        _(
            "Compared with the present form: {added} added, {dropped} dropped, {renamed} renamed, {retyped} "
            "asked otherwise, {changed} changed (a row or a column of a table counts once)."
        ).format(**{kind: counts[kind] for kind in signs})
    )
    shown = [f"{signs[one.kind]} {one.code}: {one.label}" for one in found]
    if shown:
        say(capped(shown))


_MOST_CELLS = 50_000  # of a table that is pointed at; the largest that offices have are a tenth of that
_CORNER = re.compile(
    r"(?:'(?P<quoted>(?:[^']|'')+)'|(?P<sheet>.+))!\$?(?P<first>[A-Za-z]{1,3}\$?\d{1,7}):\$?(?P<last>[A-Za-z]{1,3}\$?\d{1,7})"
)


def _corners(said: Sequence[str]) -> dict[str, list[Span]]:
    """The tables named as `Sheet!B7:K40`, by sheet. Raises `ReportctlError` for what is none."""
    from reportctl.adopt.grid import Span

    found: dict[str, list[Span]] = {}
    for one in said:
        place = _CORNER.fullmatch(one.strip())
        if not place:
            raise ReportctlError(
                _('“{value}” is no table of a workbook. Write it as in --table "Sheet 1!B7:K40".').format(
                    value=one
                )
            )
        sheet = place["sheet"] or place["quoted"].replace("''", "'")
        (top, left), (bottom, right) = (cell_place(place[end].replace("$", "")) for end in ("first", "last"))
        if (abs(bottom - top) + 1) * (abs(right - left) + 1) > _MOST_CELLS:
            raise ReportctlError(
                _(
                    "“{value}” is more than a table: at most {limit} cells. Name the first cell of the "
                    "heading and the last cell of the last row."
                ).format(value=one, limit=wording.number(_MOST_CELLS))
            )
        found.setdefault(sheet, []).append(
            Span(min(top, bottom), min(left, right), max(top, bottom), max(left, right))
        )
    return found
