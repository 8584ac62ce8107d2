"""The commands that write the Word report, and renew one that people have edited."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportctl.cli import completing
from reportctl.cli.arguments import (
    FormatOption,
    OutOption,
    PeriodArgument,
    ResultOption,
    Style,
    argument,
    one_file,
    option,
)
from reportctl.cli.output import emit, save, say_what_is_lacking
from reportctl.cli.to_file import result_to_file
from reportctl.core.errors import ReportctlError, note, said_in_ours, say
from reportctl.core.language import _, ngettext
from reportctl.ledger.session import Session

if TYPE_CHECKING:
    from reportctl.core.outputs import Outputs
    from reportctl.core.period import Period
    from reportctl.report.write import WrittenReport


def report(
    context: typer.Context,
    period: PeriodArgument = None,
    out: OutOption = None,
    style: Annotated[Style | None, option("--style", _("Take the stock document of that style."))] = None,
    template: Annotated[
        list[str] | None,
        option(
            "--template",
            _("Fill this Word document instead, by its file or name; may be repeated."),
            "FILE.docx|NAME",
        ),
    ] = None,
    unit: Annotated[
        list[str] | None,
        option(
            "--unit",
            _("A document of this unit, or of each (all); may be repeated."),
            "CODE|all",
            completing.units_or_all,
        ),
    ] = None,
    evidence: Annotated[
        bool, option("--evidence", _("Also an .xlsx of every figure and the cells behind it."))
    ] = False,
    new_template: Annotated[
        bool,
        option(
            "--new-template",
            _("No report, but a fresh document that goes with the form, beside the workspace's own one."),
        ),
    ] = False,
) -> None:
    from reportctl.report.write import refuse_nothing

    session: Session = context.obj
    if new_template:
        if period or out or evidence or unit:
            raise ReportctlError(
                _("--new-template makes no report; beside it only --style and --template can stand.")
            )
        for name in template or [""]:
            _put_fresh_template(session, style or session.settings.style, name)
        return
    named = session.period(period)
    say_what_is_lacking(session, named)
    refuse_nothing(session, named)
    written = write_reports(
        session, named, out, style, evidence=evidence, documents=template or (), units=unit or ()
    )
    say_where(written)


_MOST_NAMED = 5  # files of one document that are named one by one


def say_where(written: Sequence[Sequence[Path]]) -> None:
    """Say where the documents are that were `written`, those of one template together: each by name, or of
    very many, as of all units, their folder and how many they are."""
    for paths in written:
        if len(paths) <= _MOST_NAMED:
            for path in paths:
                say(_("The report is in {path}").format(path=path))
            continue
        for folder in dict.fromkeys(path.parent for path in paths):
            count = sum(path.parent == folder for path in paths)
            sentence = ngettext("{count} document is in {path}", "{count} documents are in {path}", count)
            say(sentence.format(count=count, path=folder))


def _put_fresh_template(session: Session, style: Style, name: str = "") -> None:
    """Put a fresh document of a style into the workspace: the report, made from the form where the stock one
    does not go with that, or the stock one of that `name`. What people have edited stays, and the fresh one
    stands beside it."""
    from reportctl.core.files import write_atomic
    from reportctl.core.outputs import Outputs
    from reportctl.report.own_document import fresh_document
    from reportctl.workspace import stock

    if name and name not in stock.OTHER_DOCUMENTS:
        raise ReportctlError(
            _("There is no stock document “{name}”; there are: {names}.").format(
                name=name, names=", ".join(stock.OTHER_DOCUMENTS)
            )
        )
    workspace, language = session.workspace, session.settings.language
    own = workspace.root / f"{name}.docx" if name else workspace.report_template
    document = stock.other_document(name, style, language) if name else fresh_document(session, style)
    of_form = not name and document not in stock.report_documents().values()
    if of_form and _is_stock(own):  # nobody has put any work into it, and it is about another form
        write_atomic(own, document)
        say(_("{own}, the stock document as it came, is replaced by one made from the form.").format(own=own))
        return
    with Outputs(workspace.root) as outputs:
        fresh = outputs.save(own, document).path
    made = (
        _("A document made from the form is in {path}")
        if of_form
        else _("A fresh stock document is in {path}")
    )
    say(made.format(path=fresh))
    if fresh != own:
        note(
            _(
                "{own} stays as it is, and reports are still made from it. To change over: bring what is "
                "yours into {fresh} and give it the name {own}."
            ).format(own=own.name, fresh=fresh.name)
        )


def _is_stock(path: Path) -> bool:
    """Whether a file is the stock report of some style and language, as it came."""
    from reportctl.core.files import read_file
    from reportctl.workspace import stock

    return path.is_file() and read_file(path) in stock.report_documents().values()


def write_reports(
    session: Session,
    period: Period,
    out: Path | None = None,
    style: Style | None = None,
    *,
    evidence: bool = False,
    documents: Sequence[str] = (),
    units: Sequence[str] = (),
) -> list[list[Path]]:
    """Write the documents named, else those of the settings, else the report, with `evidence` also the
    workbook of the figures of each and their cells; say what in its template was left alone. Returns where
    they are, those of one template together."""
    from reportctl.core.files import refuse_place
    from reportctl.core.outputs import Outputs
    from reportctl.render.terminal import progress
    from reportctl.report import write
    from reportctl.report.documents import fillings, refuse_slides, templates

    if out is not None:
        refuse_slides(out.name)
    if out is not None and out.suffix.lower() != ".docx":
        raise ReportctlError(
            _("{path}: the report is a Word file; let its name end in .docx.").format(path=out)
        )
    if out is not None:
        refuse_place(out)
    orders = fillings(session, period, templates(session, documents, style, of_units=bool(units)), units)
    if out is not None and len(orders) != 1:
        raise ReportctlError(
            _("--out names one file, and {count} are made. Leave it out, or name one document.").format(
                count=len(orders)
            )
        )
    saved: list[list[Path]] = []
    for template, several in itertools.groupby(orders, lambda order: order.template):
        these = list(several)
        saved.append([])
        lines: dict[str, Callable[[str], None]] = {}
        with Outputs(session.workspace.root) as outputs, progress(_("Writing the report")) as bar:
            one_bar = bar if len(these) == 1 else None
            units_ = [one.unit for one in these]
            written = write.write_reports(session, period, template, units_, style, one_bar)
            for done, (order, one) in enumerate(zip(these, written, strict=True), 1):
                path = out or order.path
                made = _save_report(session, outputs, path, one, lines, evidence=evidence)
                saved[-1].append(made)
                if one_bar is None:
                    bar(done, len(these), path.name)
        for line, print_ in lines.items():
            print_(line)
    return saved


def _save_report(
    session: Session,
    outputs: Outputs,
    path: Path,
    written: WrittenReport,
    lines: dict[str, Callable[[str], None]],
    *,
    evidence: bool,
) -> Path:
    """Save one document. Returns where it is; what there is to say of it goes to `lines`, each with what
    says it."""
    from reportctl.core.files import UnwritableError
    from reportctl.report.change_list import sentences
    from reportctl.report.changes import changes
    from reportctl.word.fill import FillResult

    filled = written.filled
    saved = outputs.save(path, filled.document)
    renewed = filled.tags(FillResult.RENEWED)
    told = [*written.remarks]
    if not (renewed or filled.regions):
        told.append(
            _("The template of {path} has no tagged place, so nothing was filled in.").format(path=path.name)
        )
    told += sentences(changes(filled))
    if "toc" in renewed:
        told.append(_("The table of contents gets its page numbers in Word: click into it and press F9."))
    told.append(saved.remark)
    lines |= dict.fromkeys((line for line in told if line and line not in lines), note)
    if evidence:
        try:
            book = outputs.save(*_evidence(session, written, saved.path))
        except UnwritableError:
            for line, print_ in lines.items():
                print_(line)
            note(_("The report is in {path}").format(path=saved.path))
            raise
        lines[_("Written: {path}").format(path=book.path)] = say
        lines |= {book.remark: note} if book.remark else {}
    return saved.path


def _evidence(session: Session, written: WrittenReport, report: Path) -> tuple[Path, bytes]:
    """The place beside the `report` of the workbook of its figures and their cells, and that workbook."""
    from reportctl.report.evidence_book import evidence_book

    path = report.with_name(f"{report.stem}.evidence.xlsx")
    return path, said_in_ours(partial(evidence_book, session, written, report))


@result_to_file()
def refresh(
    context: typer.Context,
    file: Annotated[Path, argument("FILE.docx", _("The report; it knows its period."))],
    check: Annotated[
        bool,
        option(
            "--check",
            _("Change nothing; exit code 1 where figures differ, places are gone, files are not merged."),
        ),
    ] = False,
    renew: Annotated[
        list[str] | None,
        option("--renew", _("Renew this text although somebody edited it; may be repeated."), "TAG"),
    ] = None,
    drop: Annotated[
        list[str] | None,
        option("--drop", _("This place is gone from the report on purpose; may be repeated."), "TAG"),
    ] = None,
    evidence: Annotated[
        bool, option("--evidence", _("Also an .xlsx of every figure and the cells behind it."))
    ] = False,
    all_: Annotated[
        bool, option("--all", _("Every cell that differs, not only what fits on one screen."))
    ] = False,
    format_: FormatOption = "table",
    out: ResultOption = None,  # noqa: ARG001 - what is printed goes there
) -> int:
    from reportctl.render.terminal import is_for_file
    from reportctl.report.change_list import changes_json, changes_table, sentences, table_lines
    from reportctl.report.refresh import period_of, refresh

    session: Session = context.obj
    if check and evidence:
        raise ReportctlError(
            _(
                "--evidence is about the report as it is renewed, --check renews nothing: "
                "leave one of them out."
            )
        )
    file = one_file(file)
    stale = say_what_is_lacking(session, period_of(file))
    refreshed = refresh(session, file, renew or (), check=check, drop=drop or ())
    for remark in refreshed.remarks:
        note(remark)
    changes, backup = refreshed.changes, refreshed.backup
    about = {
        "file": str(file),
        "period": str(refreshed.period),
        "template": refreshed.template or None,
        "unit": refreshed.unit or None,
        "backup": backup.name if backup else None,
    }
    differ = changes.changed or changes.tables or changes.mended or changes.lost
    if format_ != "table" or ((all_ or is_for_file()) and differ):
        emit(changes_table(changes), format_, lambda: about | changes_json(changes))
    elif differ:
        short = changes_table(changes, whole=False)
        if short.rows:
            emit(short, format_, dict)
        for line in table_lines(changes):
            say(line)
        note(_("Every cell that differs: --all"))
        if check and not changes.differ:
            note(
                _(
                    "Every figure that was printed is what the ledger says; tables would be laid out "
                    "otherwise, as above. To have them so, refresh without --check."
                )
            )
    elif changes.kept or changes.left_alone or changes.dropped:
        say(_("Nothing differs from the ledger but what was edited by hand or left alone."))
    else:
        say(_("Every figure says what the ledger says."))
    for sentence in sentences(changes):
        note(sentence)
    if backup:
        note(_("{path} was renewed; the old one is kept as {backup}.").format(path=file, backup=backup.name))
    elif not check:
        note(_("{path} stays as it is.").format(path=file))
    if evidence:
        save(session, *_evidence(session, refreshed.written, file))
    return int(check and (changes.differ or stale))
