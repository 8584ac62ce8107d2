"""The commands that do a whole quarter: run, demo; and where it stands, which no command at all says."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from reportctl.cli.arguments import QuarterArgument, argument
from reportctl.cli.collect import merge_quarter, status_of, write_findings, write_merged
from reportctl.cli.output import are_many, emit, exit_code
from reportctl.cli.report import say_where, write_reports
from reportctl.core import language, wording
from reportctl.core.errors import note, say
from reportctl.core.language import _
from reportctl.ledger.session import Session


def run(context: typer.Context, period: QuarterArgument = None) -> int:
    from reportctl.core.files import put_off, unwritten
    from reportctl.figures import views
    from reportctl.report.write import is_reportable
    from reportctl.status.status import doubts_in_words, next_step, some_names

    session: Session = context.obj
    quarter = session.quarter(period)
    merged = merge_quarter(session, quarter, None)
    written, problems = write_merged(session, quarter, printable=True)
    many = are_many(session, quarter, merged.findings)
    lists, unlisted = write_findings(session, quarter, merged.findings, many=many)
    problems += unlisted
    for each in [*written, *lists]:
        say(_("Written: {path}").format(path=each))
    reports: list[list[Path]] = []
    reportable = is_reportable(session, quarter)
    # Before anything long is printed: whoever stops reading has the report all the same.
    with put_off(problems):
        reports = write_reports(session, quarter) if reportable else []
    say()
    for table in views.view(session, quarter, "indicator", ()).tables:
        emit(table, "table", dict)
    say()
    say_where(reports)
    if not reportable:
        words = wording.period_words(quarter)
        note(_("No report was written: of {period} no unit's report counts yet.").format(period=words))
    status = status_of(session, quarter, merged=True)
    missing = [unit.name for unit in status.units if unit.state == "missing"]
    unreadable = [unit.name for unit in status.units if unit.state == "unreadable"]
    rejected = [unit.name for unit in status.units if unit.state == "rejected"]
    unknown = [
        record.file for record in merged.submissions if record.verdict == "rejected" and record.unit is None
    ]
    for sentence, names in (
        (_("Not received ({count}): {names}."), missing),
        (_("Received, not readable ({count}): {names}."), unreadable),
        (_("Rejected ({count}): {names}."), rejected),
        (_("Rejected, and not known from whom ({count}): {names}."), unknown),
    ):
        if names:
            say(sentence.format(count=len(names), names=some_names(names)))
    for sentence in doubts_in_words(status.doubts):
        say(sentence)
    if not (missing or unreadable or rejected or unknown):
        say(_("All units have reported."))
    if missing or unreadable or rejected:
        note(next_step(status))
    if problems:
        raise unwritten(problems)
    return exit_code(merged.findings)


def demo(
    context: typer.Context,
    directory: Annotated[Path, argument("DIR", _("Default: ./reportctl-demo."))] = Path("reportctl-demo"),
) -> int:
    from reportctl.workspace import stock

    session = context.obj = Session(stock.copy_sample(directory).root)
    if not (context.find_root().params["lang"] or os.environ.get("REPORTCTL_LANG")):
        language.use(session.settings.language)  # as it would be said in the folder itself
    run(context)
    status = status_of(session, session.workspace.current(), merged=True)
    outcome = {state: status.count(state) for state in ("accepted", "warned", "rejected", "missing")}
    if outcome != stock.expected_outcome(directory):
        note(_("The sample in {path} was changed and ended otherwise than it does.").format(path=directory))
        return 1
    return 0


def overview(session: Session) -> None:
    """Say where the current quarter stands and what comes next."""
    from reportctl.cli import menu_steps
    from reportctl.decisions.next_quarter import how_to_begin, is_past
    from reportctl.merge.unmerged import freshness
    from reportctl.status.status import next_step

    quarter = session.workspace.current()
    status = status_of(session, quarter)
    for sentence in menu_steps.who_has_sent(session, status):
        say(sentence)
    nothing_came = status.count("missing") == len(status.units)
    if status.closed or nothing_came or status.unmerged:
        say(next_step(status))
    else:
        stale = freshness(session, quarter).stale
        say(menu_steps.next_words(menu_steps.standing_of(session, status, stale=stale)))
    if status.closed or is_past(session, quarter):
        say(how_to_begin(quarter, final=status.closed or nothing_came))
