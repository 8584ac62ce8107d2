"""Refreshing a report that people have edited: its figures as the ledger has them now, all else as it was."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from reportctl.core.errors import ReportctlError, cannot_read, near
from reportctl.core.files import open_elsewhere, read_bytes, replace_keeping
from reportctl.core.language import _
from reportctl.core.period import Period, parse_period
from reportctl.ledger.session import Session
from reportctl.report.changes import Changes, changes
from reportctl.report.write import WrittenReport, fill_document
from reportctl.report.written_in import otherwise_written
from reportctl.word.fill import FilledDocument, FillResult, last_filling
from reportctl.word.mentions import mentions
from reportctl.word.record import PrintRecord


@dataclass(frozen=True, slots=True)
class Refreshed:
    """The result of a refresh; `backup` is where the old file is kept, None where nothing was written;
    `remarks` are sentences for whoever asked for it; `written` has the document that the file is now.
    `template` is the name of what was filled, empty for the workspace's report; `unit` whose figures it has,
    empty for the province's."""

    period: Period
    changes: Changes
    backup: Path | None
    remarks: tuple[str, ...]
    written: WrittenReport
    template: str = ""
    unit: str = ""


def period_of(path: Path) -> Period:
    """The period of the report at `path`. Raises `ReportctlError` where the file is no report of ours."""
    return parse_period(_opened(path)[1].period)


def _opened(path: Path) -> tuple[bytes, PrintRecord]:
    """The content of the report at `path`, and the record of what was filled into it last. Raises
    `ReportctlError` where there is none."""
    try:
        document = read_bytes(path)
        record = last_filling(document)
    except FileNotFoundError as error:
        raise ReportctlError(_("There is no file {path}. Check its name.").format(path=path)) from error
    except OSError as error:
        raise cannot_read(path, error) from error
    except ReportctlError as error:
        raise ReportctlError(f"{path}: {error}") from error
    if record is None:
        raise ReportctlError(
            _(
                "{path} was not made by reportctl report, or has lost its record, so its period is not "
                "known. Make the report anew: reportctl report"
            ).format(path=path)
        )
    return document, record


def refresh(
    session: Session, path: Path, renew: Collection[str], *, check: bool, drop: Collection[str] = ()
) -> Refreshed:
    """Renew the figures of the report at `path`, whose record has its period; the old file is kept beside it.

    Texts that somebody edited stay, but for the tags in `renew`; what is gone of the tags to `drop` is
    recorded as gone on purpose. With `check` nothing is written. Raises `ReportctlError` where the file is no
    report of ours, is open elsewhere, or a tag is not known.
    """
    if check and drop:
        raise ReportctlError(_("--drop writes into the document, --check does not: leave one of them out."))
    document, record = _opened(path)
    period = parse_period(record.period)
    of = record.template, record.unit
    written = fill_document(
        document, session, period, record.style, renew, drop=drop, of=of, called=path.name
    )
    filled, remarks = written.filled, written.remarks
    lines = mentions(document, written.contents.keys()).lines
    if otherwise := otherwise_written(
        path.name, (words for _line, words in lines), session.settings.language
    ):
        remarks = (*remarks, otherwise)
    if record.form != written.data.form.fingerprint:
        sentence = _("The form has changed since {path} was filled; its tags were looked up anew.")
        remarks = (sentence.format(path=path), *remarks)
    _refuse_tags(filled, renew, drop)
    found = changes(filled)
    if check or not (found.changed or found.tables or found.mended or filled.repaired or drop):
        as_it_is = replace(written, filled=replace(filled, document=document))
        return Refreshed(period, found, None, remarks, as_it_is, *of)
    if lock := open_elsewhere(path):  # whoever has it open would write his own state over the new one
        raise ReportctlError(
            _(
                "{path} seems to be open in another program ({lock} lies beside it). Close it and try "
                "again; if nobody has it open, delete {lock}."
            ).format(path=path, lock=lock.name)
        )
    backup = replace_keeping(path, document, filled.document)
    return Refreshed(period, found, backup, remarks, written, *of)


def _refuse_tags(filled: FilledDocument, renew: Collection[str], drop: Collection[str]) -> None:
    """Raises `ReportctlError` for a tag to renew that the document does not have, and for one to drop that is
    not gone from it."""
    tags = {control.tag for control in filled.controls}
    gone = {place.tag for place in filled.lost}
    for tag in renew:
        if tag in gone - tags:
            raise ReportctlError(
                _(
                    "The place of “{tag}” is gone from the document. Type {{{{{tag}}}}} where it is to "
                    "stand, save, and refresh again."
                ).format(tag=tag)
            )
        if tag not in tags:
            raise ReportctlError(
                _("The document has no control “{tag}”{near}.").format(tag=tag, near=near(tag, sorted(tags)))
            )
    given_up = gone | set(filled.tags(FillResult.DROPPED))
    given_up |= {one.tag for one in filled.regions if one.result == "dropped"}
    for tag in drop:
        if tag in given_up:
            continue
        if tag in tags:
            raise ReportctlError(
                _(
                    "“{tag}” still stands in the document. Delete it there in Word, save, and drop it then."
                ).format(tag=tag)
            )
        raise ReportctlError(
            _("Nothing was printed under “{tag}” in this document{near}.").format(
                tag=tag, near=near(tag, sorted(gone | tags))
            )
        )
