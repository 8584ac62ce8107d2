"""The commands before and around a quarter: form, next, template, explain."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportctl.cli import completing
from reportctl.cli.arguments import (
    Format,
    FormatOption,
    QuarterArgument,
    ResultOption,
    argument,
    one_file,
    option,
)
from reportctl.cli.output import agreed, emit, save
from reportctl.cli.to_file import result_to_file
from reportctl.core import language
from reportctl.core.errors import ReportctlError, note, said_in_ours, say
from reportctl.core.language import _, ngettext
from reportctl.core.period import parse_quarter
from reportctl.core.typed import as_typed
from reportctl.ledger.session import Session

if TYPE_CHECKING:
    from reportctl.core.period import Quarter
    from reportctl.word.content import Content


@result_to_file(lambda given: (".xlsx",) if (given["words"] or [""])[0] == "adopt" else ())
def form(
    context: typer.Context,
    words: Annotated[
        list[str] | None,
        argument(
            "PERIOD|adopt FILE",
            _("With --tags the quarter or span; `adopt FILE`: read an office's own blank workbook."),
            completing.quarters_or_adopt,
        ),
    ] = None,
    check: Annotated[bool, option("--check", _("Only say what is wrong with it."))] = False,
    tags: Annotated[
        bool, option("--tags", _("The tags of the Word report with what they would say now."))
    ] = False,
    diff: Annotated[
        str | None,
        option("--diff", _("What changed since the form of that quarter."), "PERIOD", completing.quarters),
    ] = None,
    table: Annotated[
        list[str] | None,
        option("--table", _("With adopt: where a table stands; may be repeated."), "SHEET!A1:B9"),
    ] = None,
    sample: Annotated[
        list[Path] | None,
        option(
            "--sample", _("With adopt: a filled-in return that tests guessed sums; may be repeated."), "FILE"
        ),
    ] = None,
    from_: Annotated[
        Path | None,
        option("--from", _("With adopt: make the form of this answered review."), "FILE.review.xlsx"),
    ] = None,
    try_: Annotated[
        bool,
        option("--try", _("A trial round: fill in the workbook that is sent out, read it back, compare.")),
    ] = False,
    to_workbook: Annotated[
        Path | None,
        option("--to-workbook", _("Write the form into a workbook, to be edited in Excel."), "FILE"),
    ] = None,
    from_workbook: Annotated[
        Path | None,
        option(
            "--from-workbook",
            _("Take the edited workbook back into form.toml; what changes is shown."),
            "FILE",
        ),
    ] = None,
    yes: Annotated[
        bool, option("--yes", _("With --from and --from-workbook: write without asking."))
    ] = False,
    format_: FormatOption = "table",
    out: Annotated[
        Path | None,
        option(
            "--out",
            _(
                "Write the result to this file instead: .xlsx (for Excel), .csv, .json, .md or .txt; with "
                "adopt .xlsx: the review."
            ),
            "FILE",
        ),
    ] = None,
) -> int:
    from reportctl.form.shown import form_json, form_table
    from reportctl.render.terminal import is_for_file

    if words and words[0] == "adopt":
        from reportctl.cli.adopt import adopt, take

        if from_ is not None and len(words) == 1:
            return take(context.obj, from_, yes=yes)
        if len(words) != 2 or from_ is not None:
            raise ReportctlError(
                _(
                    "Name one blank workbook: reportctl form adopt FILE.xlsx, or its review: --from "
                    "FILE.review.xlsx"
                )
            )
        return adopt(Path(words[1]), table or (), sample or (), format_, out)
    for name, given in (("--table", table), ("--sample", sample), ("--from", from_)):
        if given:
            message = _("{option} goes with adopt only: reportctl form adopt FILE.xlsx")
            raise ReportctlError(message.format(option=name))
    if words and len(words) > 1:
        raise ReportctlError(
            _("This is more than the command takes: {words}.").format(words=" ".join(words[1:]))
        )
    period = words[0] if words else None
    session: Session = context.obj
    wanted = (tags, check, try_, diff is not None, to_workbook is not None, from_workbook is not None)
    if sum(wanted) > 1:
        message = _("Use one of --check, --tags, --try, --diff, --to-workbook and --from-workbook.")
        raise ReportctlError(message)
    if yes and from_workbook is None:
        raise ReportctlError(_("--yes goes with --from and --from-workbook only."))
    if period is not None and not tags:
        raise ReportctlError(
            _("A period goes with --tags only: reportctl form --tags {period}").format(period=period)
        )
    if to_workbook is not None:
        from reportctl.adopt.form_workbook import form_workbook

        if to_workbook.suffix.lower() != ".xlsx":
            raise ReportctlError(
                _("The workbook is an .xlsx file: {path}").format(path=to_workbook.with_suffix(".xlsx"))
            )
        saved = save(session, to_workbook, form_workbook(session.workspace.form))
        say(
            _(
                "Edit it in Excel, save, close, and take it back: reportctl form --from-workbook {path}"
            ).format(path=as_typed(saved))
        )
        return 0
    if from_workbook is not None:
        return _take_back(session, one_file(from_workbook), format_, yes=yes)
    asked = session.form
    if (check or try_) and format_ != "table" and is_for_file():
        message = _("{option} says sentences and has no table: end the name of the file in .txt.")
        raise ReportctlError(message.format(option="--check" if check else "--try"))
    if try_:
        from reportctl.cli.adopt import try_out

        return try_out(session, period)
    if diff is not None:
        _show_diff(session, parse_quarter(diff), format_)
        return 0
    if check:
        return _check(session)
    if tags:
        from reportctl.report.contents import contents
        from reportctl.report.tags import list_tags, tags_json, tags_table
        from reportctl.report.write import report_data

        named = session.period(period)

        def in_its_language() -> Mapping[str, Content]:
            with language.speaking(session.settings.language):
                return contents(report_data(session, named, session.settings))

        of_tags = said_in_ours(in_its_language)
        listed = list_tags(of_tags, asked)
        emit(tags_table(listed, named), format_, lambda: tags_json(listed, named))
    else:
        emit(form_table(asked), format_, lambda: form_json(asked))
    return 0


def _show_diff(session: Session, quarter: Quarter, format_: Format) -> None:
    """Show how the form stands to the one by which the quarter was asked."""
    from reportctl.form.form_diff import changes_json, changes_table
    from reportctl.merge.form_in_force import form_used, forms_since, other_parts_in_year

    asked, before = session.form, form_used(session, quarter)
    between = forms_since(session, before)
    begun = session.workspace.begun
    of_year = other_parts_in_year(session, begun) if begun else {}
    compared = before, asked, str(quarter), of_year.get(str(quarter), ()), between
    emit(changes_table(*compared), format_, lambda: changes_json(*compared))


def _check(session: Session) -> int:
    """Say what is wrong with the form, doubtful in it, or drifted apart from it; 1 where something is."""
    from reportctl.form.added_up import doubts
    from reportctl.form.parts_over_year import parts_in_words
    from reportctl.merge.form_in_force import other_parts_in_year
    from reportctl.outgoing.misplaced import misplaced, misplaced_in_words
    from reportctl.outgoing.unsaid import blank_columns, guessed_columns, unsaid_rules

    asked, begun = session.form, session.workspace.begun
    parts_then = parts_in_words(other_parts_in_year(session, begun)) if begun else []
    of_columns = (*blank_columns(asked), *guessed_columns(asked))
    for message in (*doubts(asked), *unsaid_rules(asked), *of_columns, *parts_then):
        note(message)
    wrong = []
    if session.own_workbook is not None and asked.addresses is not None:
        own = asked.addresses.file
        note(_("The workbooks that go out are copies of {file}, by layout.toml.").format(file=own))
        wrong = misplaced(session.own_workbook.book, asked)
    say(
        _("The form is in order: {indicators} indicators, {rules} rules, version {fingerprint}.").format(
            indicators=len(asked.indicators), rules=len(asked.rules), fingerprint=asked.fingerprint
        )
    )
    if wrong:
        say(misplaced_in_words(wrong, len(wrong)))
    return max(int(bool(wrong)), _say_drift(session))


def _take_back(session: Session, workbook: Path, format_: Format, *, yes: bool) -> int:
    """Show what an edited workbook changes in form.toml, and write it where that is wanted."""
    from reportctl.adopt.form_edits import edited_form, edits_json, edits_table
    from reportctl.core.errors import capped
    from reportctl.workspace.settings import refuse_unknown_kinds

    edited = edited_form(session.workspace.form, workbook)
    tell = say if format_ == "table" else note
    if edited.remarks:
        note(_("Read otherwise than it was typed:"))
        note(capped(edited.remarks))
    if edited.edits or format_ != "table":
        emit(edits_table(edited), format_, lambda: edits_json(edited))
    if not edited.edits:
        tell(_("form.toml says the same as {workbook}; nothing is to be written.").format(workbook=workbook))
        return 0
    if edited.stale:
        note(
            _(
                "form.toml has changed since {workbook} was made from it. What stands in the workbook goes: "
                "look whether something in the list takes a newer change back."
            ).format(workbook=workbook.name)
        )
    if not yes and not agreed(_("Write this into form.toml?")):
        tell(
            _("Nothing is written. To write it: reportctl form --from-workbook {workbook} --yes").format(
                workbook=as_typed(workbook)
            )
        )
        return 0
    backup = edited.write()
    tell(_("form.toml is written; the old one is {backup}.").format(backup=backup.name))
    try:
        refuse_unknown_kinds(session.workspace, {kind.code for kind in edited.after.kinds})
    except ReportctlError as error:
        note(str(error))
    tell(_("Whether the report still fits it: reportctl form --check"))
    return 0


def _say_drift(session: Session) -> int:
    """Say where form and Word document have drifted apart; 1 where no report could be made."""
    from reportctl.report.documents import templates
    from reportctl.report.drift import placeholders_in_words
    from reportctl.report.write import drift_of

    try:
        documents = templates(session)
        drifts = [drift_of(session, one) for one in documents]
    except ReportctlError as error:
        say(str(error))
        return 1
    for document, found in zip(documents, drifts, strict=True):
        if found.count and not document.whole:
            say(_("In the document “{name}”:").format(name=document.name))
        for sentence in filter(None, (found.foreign, *found.wrong, *found.controls, *found.hollow)):
            say(sentence)
        if found.placeholders:
            say(placeholders_in_words(found.placeholders))
        for sentence in filter(None, (found.style, found.language)):
            say(sentence)
        for one in found.missing:
            say(one.sentence)
        if document.whole and not found.count:
            say(_("The report mentions all that the form asks."))
    return int(any(found.stops_reports for found in drifts))


def next(context: typer.Context) -> None:  # noqa: A001 - the command's name
    from reportctl.core import wording
    from reportctl.decisions.next_quarter import next_quarter

    session: Session = context.obj
    begun = next_quarter(session)
    quarter = begun.quarter
    say(
        _("{period} is the current quarter now; its folders are {folders}.").format(
            period=wording.capitalised(wording.period_words(quarter)),
            folders=", ".join(f"{name}/{quarter}" for name in ("inbox", "outbox", "output")),
        )
    )
    for sentence in begun.remarks:
        say(f"- {sentence}")
    say(_("Then the workbooks to send out: reportctl template"))


def template(
    context: typer.Context,
    period: QuarterArgument = None,
    unit: Annotated[
        list[str] | None, option("--unit", _("Only this unit's; may be repeated."), "CODE", completing.units)
    ] = None,
) -> None:
    from reportctl.core.files import unwritten
    from reportctl.figures.views import plan_of
    from reportctl.outgoing.beside import shown_cells
    from reportctl.outgoing.send import write_templates
    from reportctl.render.terminal import progress

    session: Session = context.obj
    quarter = session.quarter(period)
    plan = {}
    if shown_cells(session.form, "plan"):
        plan = dict(plan_of(session).values)
    with progress(_("Writing")) as bar:
        workbooks, problems = write_templates(session, quarter, unit or (), bar, plan)
    for saved in workbooks:
        note(saved.remark)
    say(
        ngettext("{count} workbook is in {path}", "{count} workbooks are in {path}", len(workbooks)).format(
            count=len(workbooks), path=session.workspace.outbox(quarter)
        )
    )
    _point_at_drift(session)
    if problems:
        raise unwritten(problems)


def _point_at_drift(session: Session) -> None:
    """Say, before the workbooks are sent, that form and Word document have drifted apart where they have."""
    from reportctl.report.documents import templates
    from reportctl.report.write import drift_of

    try:
        count = sum(drift_of(session, one).count for one in templates(session))
    except ReportctlError as error:
        note(str(error))
        return
    if count:
        note(
            ngettext(
                "Before you send them: form and report differ in {count} point. See: reportctl form --check",
                "Before you send them: form and report differ in {count} points. See: reportctl form --check",
                count,
            ).format(count=count)
        )


@result_to_file()
def explain(
    context: typer.Context,
    code: Annotated[
        str | None, argument("CODE", _("The finding's code; default: all."), completing.kinds)
    ] = None,
    format_: FormatOption = "table",
    out: ResultOption = None,  # noqa: ARG001 - what is printed goes there
) -> None:
    from reportctl.render.explain import kind_json, kind_table, kinds_json, kinds_table

    severities = context.obj.severities
    if code is None:
        table = kinds_table(severities, full=format_ == "csv")
        emit(table, format_, lambda: kinds_json(severities))
    else:
        table = kind_table(code, severities)
        emit(table, format_, lambda: kind_json(code, severities))
