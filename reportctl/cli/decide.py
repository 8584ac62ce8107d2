"""The commands that write decisions down: accept, correct, close, reopen, history."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportctl.cli import completing
from reportctl.cli.arguments import (
    QuarterArgument,
    WhyOption,
    argument,
    one_file,
    option,
    split_period,
    writing_run,
)
from reportctl.cli.collect import renew_merged, say_imported_totals
from reportctl.cli.output import exit_code, show_findings
from reportctl.core.errors import ReportctlError, note, say
from reportctl.core.language import _, ngettext
from reportctl.ledger.session import Session

if TYPE_CHECKING:
    from reportctl.form.indicators import Indicator
    from reportctl.ledger.rows import ValueRecord
    from reportctl.merge.merge import Merged


def accept(
    context: typer.Context,
    why: WhyOption,
    arguments: Annotated[
        list[str] | None,
        argument("PERIOD|UNIT", _("The quarter, then units."), completing.quarters_and_units),
    ] = None,
    every: Annotated[bool, option("--all", _("Every unit whose report is rejected."))] = False,
) -> int:
    from reportctl.decisions import accept as decisions

    session: Session = context.obj
    named, units = split_period(arguments)
    if not units and not every:
        raise ReportctlError(_("Name the units by their codes, or all of them with --all."))
    run = writing_run(session, session.quarter(named))
    accepted = decisions.accept(run, units, why, every=every)
    for record in accepted.submissions:
        say(_("Accepted in spite of its errors: {file}").format(file=record.file))
    for sentence in accepted.refused:
        note(sentence)
    say_imported_totals(accepted.merged.totals)
    renew_merged(session, accepted.merged.quarter)
    return _remaining_errors(accepted.merged)


def correct(
    context: typer.Context,
    why: WhyOption,
    arguments: Annotated[
        list[str],
        argument(
            "PERIOD|UNIT CODE VALUE",
            _("The quarter, then the unit's code, the indicator's code and its figure."),
            completing.corrected,
        ),
    ],
) -> int:
    from reportctl.core.finding_kinds import Severity
    from reportctl.decisions import accept as decisions

    session: Session = context.obj
    # The figure may itself read as a period (2024), so only the first argument can be one.
    named, first = split_period(arguments[:1])
    given = [*first, *arguments[1:]]
    try:
        unit, code, value = given
    except ValueError:
        raise ReportctlError(
            _("Name the unit's code, the indicator's code and the figure, such as: 001 press_total 120")
        ) from None
    corrected = decisions.correct(writing_run(session, session.quarter(named)), unit, code, value, why)
    say(
        _("{unit}, {indicator}: {before} is now {after}").format(
            unit=corrected.unit.name,
            indicator=corrected.indicator.name,
            before=_in_words(corrected.before, corrected.indicator),
            after=_in_words(corrected.after, corrected.indicator),
        )
    )
    of_unit = [
        finding
        for finding in corrected.merged.findings
        if finding.unit == unit and finding.severity is Severity.ERROR
    ]
    show_findings(session, corrected.merged.quarter, of_unit)
    renew_merged(session, corrected.merged.quarter)
    return _remaining_errors(corrected.merged)


def _in_words(record: ValueRecord, indicator: Indicator) -> str:
    """An answer as tables write it."""
    from reportctl.core import wording
    from reportctl.core.table import NOT_APPLICABLE
    from reportctl.form.indicators import KIND_OF
    from reportctl.form.submission import AnswerState

    shown = {AnswerState.VALUE: record.value, AnswerState.NOT_APPLICABLE: NOT_APPLICABLE}
    return wording.cell_text(shown.get(record.state), KIND_OF[indicator.type])


def _remaining_errors(merged: Merged) -> int:
    """The exit code of a decision; where it is 1, that is said, for the errors may be others' than these."""
    code = exit_code(merged.findings)
    if code:
        note(
            _("Done. There are still errors in {period}: reportctl validate {period}").format(
                period=merged.quarter
            )
        )
    return code


def close(
    context: typer.Context,
    period: QuarterArgument = None,
    why: Annotated[str, option("--why", _("The reason."), "TEXT")] = "",
) -> int:
    from reportctl.core import wording
    from reportctl.decisions import close as closing
    from reportctl.decisions.next_quarter import how_to_begin

    session: Session = context.obj
    quarter = session.quarter(period)
    closed = closing.close(writing_run(session, quarter), why)
    say(
        ngettext(
            "{period} is closed: the answers of {count} unit stand in {path}",
            "{period} is closed: the answers of {count} units stand in {path}",
            closed.units,
        ).format(
            period=wording.capitalised(wording.period_words(quarter)), count=closed.units, path=closed.path
        )
    )
    if quarter == session.workspace.current():
        note(how_to_begin(quarter, final=True))
    return _remaining_errors(closed.merged)


def reopen(context: typer.Context, why: WhyOption, period: QuarterArgument = None) -> int:
    from reportctl.core import wording
    from reportctl.decisions import close as closing

    session: Session = context.obj
    quarter = session.quarter(period)
    opened = closing.reopen(writing_run(session, quarter), why)
    sentence = _("{period} is open again.").format(period=wording.capitalised(wording.period_words(quarter)))
    if opened.path:
        sentence += " " + _("What had been frozen is in {path}").format(path=opened.path)
    say(sentence)
    renew_merged(session, quarter)
    return _remaining_errors(opened.merged)


def history(
    context: typer.Context,
    file: Annotated[
        Path, argument("FILE", _("A table (.csv, .xlsx) with the columns unit, indicator, period, value."))
    ],
) -> None:
    from reportctl.core import wording
    from reportctl.decisions.history import take_history

    session: Session = context.obj
    imported = take_history(writing_run(session, session.workspace.current()), one_file(file))
    for quarter, count in sorted(imported.figures.items()):
        say(
            ngettext("{period}: {count} figure taken in", "{period}: {count} figures taken in", count).format(
                period=wording.capitalised(wording.period_words(quarter)), count=count
            )
        )
    for record in imported.aside:
        note(
            _(
                "{period}, {code}: the figures of units count; the province's own, {value}, is kept but "
                "does not"
            ).format(period=record.period, code=record.code, value=record.value)
        )
    say_imported_totals(imported.totals)
    for old in imported.replaced:
        note(
            _("{period}, {unit}, {code}: {before} was imported before and is now {after}").format(
                period=old.quarter,
                unit=old.unit or _("province"),
                code=old.code,
                before=old.before.value,
                after=old.after.value,
            )
        )
