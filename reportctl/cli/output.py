"""How commands answer: tables and objects on standard output, findings, files saved, the exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from reportctl.cli.arguments import Format
from reportctl.core.errors import ask, note, say
from reportctl.core.language import _
from reportctl.core.typed import as_typed
from reportctl.ledger.session import Session

if TYPE_CHECKING:
    from reportctl.core.findings import Finding
    from reportctl.core.period import Period, Quarter
    from reportctl.core.table import Table


def emit(table: Table, format_: Format, json_value: Callable[[], object]) -> None:
    """Print a result on standard output, which holds nothing else; or hand the table on to a workbook."""
    from reportctl.render import formats, terminal

    if isinstance(sys.stdout, terminal.ForSheets):
        sys.stdout.tables.append(table)
        return
    match format_:
        case "table":
            terminal.show_table(table)
        case "json":
            say(formats.json_text(json_value()))
        case "csv":
            sys.stdout.write(formats.csv_text(table))
        case "markdown":
            sys.stdout.write(formats.markdown_text(table))


def emit_all(tables: Sequence[Table], format_: Format) -> None:
    """Print tables, one below the other."""
    for number, table in enumerate(tables):
        if number:
            say()
        emit(table, format_, dict)


def save(session: Session, path: Path, data: bytes) -> Path:
    """Put a result at `path`, or beside what somebody changed there; say where it is, and return that."""
    from reportctl.core.outputs import Outputs

    with Outputs(session.workspace.root) as outputs:
        saved = outputs.save(path, data)
    say(_("Written: {path}").format(path=saved.path))
    note(saved.remark)
    return saved.path


_AGREED = {"c", "có", "co", "y", "yes"}


def agreed(question: str) -> bool:
    """Whether whoever sits at the terminal says yes to a question; no where nobody sits there."""
    if not sys.stdin.isatty():
        return False
    return ask(_("{question} [y/N]").format(question=question)).lower() in _AGREED


def of_files(findings: Sequence[Finding]) -> list[Finding]:
    """Those of the findings that are listed one by one: all but that nothing came of a unit."""
    return [finding for finding in findings if finding.code != "no_file"]


def are_many(session: Session, quarter: Quarter, findings: Sequence[Finding], *, news: bool = True) -> bool:
    """Whether the findings are too many to be listed on the screen: more than some 100 lines, or without
    `news` what leaves no room on one screen for all else."""
    from reportctl.render import many_findings, terminal

    most = many_findings.MANY if news else many_findings.BRIEF
    return terminal.exceed(of_files(findings), names_of_units(session, quarter), most)


def names_of_units(session: Session, quarter: Quarter) -> dict[str, str]:
    """The names of the quarter's units by code."""
    return {code: unit.name for code, unit in session.units(quarter).items()}


def show_findings(
    session: Session,
    quarter: Quarter,
    findings: Sequence[Finding],
    lists: Sequence[Path] = (),
    *,
    names_of_files: Sequence[str] = (),
    news: bool = True,
) -> None:
    """Print all findings by file, but of units that sent nothing only their names. Of what is too much for a
    screen, how much there is, the first ones if there is `news`, and where all of it is: in the files
    `lists`, or how such a file is made of the quarter, or of the files that were named.
    """
    from reportctl.render import terminal
    from reportctl.status.status import doubts_in_words, some_names

    most, most_missing = (20, 20) if news else (1, 3)  # what is left of one screen
    shown, names = of_files(findings), names_of_units(session, quarter)
    if are_many(session, quarter, findings, news=news):
        terminal.show_many_findings(shown, names, brief=not news)
        files = map(as_typed, names_of_files)
        where = " ".join(("reportctl validate", str(quarter), *files, "--out findings.xlsx"))
        if lists:
            where = ", ".join([str(lists[0]), *(path.name for path in lists[1:])])
        say(_("All of it: {where}").format(where=where))
        for sentence in doubts_in_words(findings, most):
            say(sentence)
    else:
        terminal.show_findings(shown, names)
    missing = [names.get(one.unit or "", one.unit or "") for one in findings if one.code == "no_file"]
    if missing:
        say(
            _("Not received ({count}): {names}.").format(
                count=len(missing), names=some_names(missing, most_missing)
            )
        )


def say_what_is_lacking(session: Session, period: Period | None) -> bool:
    """Say what the figures of `period`, or of all quarters, lack: files that are not merged, decisions newer
    than they are.

    Returns whether they lack anything. Raises `ReportctlError` where there are none to show.
    """
    from reportctl.merge.unmerged import freshness

    fresh = freshness(session, period)
    for sentence in fresh.sentences:
        note(sentence)
    return fresh.stale


def say_changed_severities(session: Session) -> None:
    """Say which findings are not as severe here as they are elsewhere, where there are such."""
    from reportctl.core.findings import changes_in_words

    note(changes_in_words(session.settings.findings))


def say_verdicts(verdicts: Sequence[str]) -> None:
    """Say how many files were accepted, with warnings or without, rejected or left aside."""
    counts = {verdict: verdicts.count(verdict) for verdict in ("accepted", "warned", "rejected", "ignored")}
    say(
        _(
            "{files} files: {accepted} accepted, {warned} accepted with warnings, {rejected} rejected, "
            "{ignored} left aside."
        ).format(files=len(verdicts), **counts)
    )


def exit_code(findings: Sequence[Finding]) -> int:
    """1 where something is in error, else 0."""
    from reportctl.core.finding_kinds import Severity

    return int(any(finding.severity is Severity.ERROR for finding in findings))
