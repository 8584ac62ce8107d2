"""Writing the Word report: ledger, summary, tables and texts in order, into the workspace's own document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from reportctl.core import language
from reportctl.core.errors import ReportctlError, cannot_read, said_in_ours
from reportctl.core.files import read_bytes
from reportctl.core.language import _
from reportctl.core.period import Period
from reportctl.core.progress import Progress
from reportctl.core.table import Table
from reportctl.form.submission import AnswerState
from reportctl.ledger.session import Session
from reportctl.report import text_groups, unit_texts
from reportctl.report.annexes import Annexes
from reportctl.report.contents import ReportData, contents, is_mended, words
from reportctl.report.drift import drift, placeholders_left, refuse_placeholders
from reportctl.report.tags import known_tags
from reportctl.report.unit_texts import UnitText
from reportctl.report.wanted import wanted_of_tables
from reportctl.word.asked import tags_asked
from reportctl.word.content import Content, Tag
from reportctl.word.fill import DocumentFacts, FilledDocument, FillResult, fill, last_filling
from reportctl.workspace import stock
from reportctl.workspace.settings import Settings


@dataclass(frozen=True, slots=True)
class WrittenReport:
    """A filled document, the contents of its tags, and what these were made from; `remarks` are sentences for
    whoever asked for it: which texts were shortened or differ a little, which references lead nowhere."""

    filled: FilledDocument
    contents: Mapping[str, Content]
    data: ReportData
    remarks: tuple[str, ...]


def write_report(
    session: Session, period: Period, style: str | None = None, progress: Progress | None = None
) -> WrittenReport:
    """The workspace's Word document filled for `period`.

    `style` ("party" or "state") takes that stock document instead; an office's own one that nobody changed
    follows the style that is set. It is written in the workspace's language, which its template is in,
    whichever the program speaks. Raises `ReportctlError` where there is no such document or it is none, and
    where placeholders of the stock document would be printed.
    """
    template = template_of(session, style)
    found = drift(template, session.form, session.workspace, style)
    written = fill_document(template, session, period, style, progress=progress)
    named = {text for text, _line in found.placeholders}
    left = [one for one in placeholders_left(written.filled) if one[0] not in named]
    refuse_placeholders([*found.placeholders, *left])
    return replace(written, remarks=(*written.remarks, *found.remarks))


def template_of(session: Session, style: str | None = None) -> bytes:
    """The Word document that reports are filled into: as `write_report` takes it. Raises `ReportctlError`."""
    path = session.workspace.report_template
    stock_templates = {name: stock.report_document(name) for name in stock.REPORT_TEMPLATES}
    try:
        template = stock_templates[style] if style else read_bytes(path)
        if template in stock_templates.values():
            template = stock_templates[style or session.settings.style]
        else:
            last_filling(template)
    except FileNotFoundError as error:
        raise ReportctlError(
            _(
                "There is no Word template {path}. To have the stock one: reportctl report --new-template"
            ).format(path=path)
        ) from error
    except OSError as error:
        raise cannot_read(path, error) from error
    except ReportctlError as error:
        raise ReportctlError(f"{path}: {error}") from error
    return template


def fill_document(
    document: bytes,
    session: Session,
    period: Period,
    style: str | None,
    renew: Collection[str] | None = None,
    progress: Progress | None = None,
    drop: Collection[str] = (),
) -> WrittenReport:
    """`document` filled for `period`, in the workspace's language and in `style` (None: the one that is set).

    With `renew` it is one that people have edited: texts that they changed are kept, but for the tags named
    there, figures in their sentences are renewed, places of the tags to `drop` are gone on purpose, and its
    dates stay. Units' texts that stand there otherwise than they were sent, and references
    to what it does not have, are named on standard error. Raises `ReportctlError` where it is no document,
    or asks for an unknown tag.
    """
    settings = session.settings.model_copy(update={"style": style}) if style else session.settings
    asked = tags_asked(document)
    session = _of_document(session, period, asked)

    def in_its_language() -> tuple[ReportData, Mapping[str, Content], FilledDocument]:
        with language.speaking(settings.language):
            data = report_data(session, period, settings, progress, asked)
            of_tags = contents(data)
            if renew is None:
                keep: Collection[str] = ()
                created = dt.datetime.combine(period.last.window(settings.data_window).last, dt.time())
            else:
                keep, created = words(of_tags, session.form) - set(renew), None
            facts = DocumentFacts(str(period), session.form.fingerprint, created, settings.style)
            mend = set(filter(is_mended, keep))
            anew = renew is None
            filled = fill(document, of_tags, facts, keep, progress, mend=mend, drop=drop, anew=anew)
        return data, of_tags, filled

    data, of_tags, filled = said_in_ours(in_its_language)
    remarks: list[str] = []
    renewed = filled.tags(FillResult.RENEWED)
    for question in data.form.texts:
        if f"text:{question.code}" not in renewed:
            continue
        if data.settings.report.texts == "body":
            remarks += unit_texts.remarks(str(question.name), data.answers[question.code], data.units)
        else:
            found = data.groups[question.code]
            remarks += text_groups.remarks(str(question.name), found, data.units, data.settings)
    remarks += [
        _("An empty tag leaves its signs behind: “{words}”. Put the line right there.").format(words=words)
        for words in filled.debris
    ]
    references = [one for one in filled.controls if Tag.parse(one.tag).kind == "ref"]
    for tag in dict.fromkeys(one.tag for one in references if one.new not in (None, "#")):
        sentence = _("“{tag}”: the document has no such table or chart; its number stays open.")
        remarks.append(sentence.format(tag=tag))
    return WrittenReport(filled, of_tags, data, tuple(remarks))


def _of_document(session: Session, period: Period, asked: Collection[str] | None) -> Session:
    """The session with the form that the period was asked with; with the form of now where the tags `asked`
    are those of a document made for that one."""
    of_then = session.of(period)
    newer = known_tags(session.present) - known_tags(of_then.form)
    return session.asking(session.present) if newer & {*(asked or ())} else of_then


def report_data(
    session: Session,
    period: Period,
    settings: Settings,
    progress: Progress | None = None,
    asked: Collection[str] | None = None,
) -> ReportData:
    """What the report of `period` is made from, as the ledger has it now; the units' texts are those of all
    its quarters. `progress` hears of every table.

    Of the form's tables only that is made for which the tags `asked` ask; all of it where they are not given.
    """
    form = session.form
    wanted = wanted_of_tables(form, asked)
    steps = 2 * len(form.sections) + len(wanted.parts) + len(form.lists) + 4
    several = len(period.quarters) > 1
    with session.ledger() as ledger:
        annexes = Annexes.of(session, ledger, period)
        tables: dict[str, Table] = {}
        for name, table in annexes.tables(wanted.parts):
            tables[name] = table
            if progress:
                progress(len(tables), steps, table.title)
        return ReportData(
            form=form,
            settings=settings,
            summary=annexes.summary,
            units=annexes.units,
            texts=tuple(
                UnitText(question.code, record.unit, record.value, record.period if several else None)
                for question in form.texts
                for record in ledger.values(period.quarters, code=question.code)
                if record.state is AnswerState.VALUE and isinstance(record.value, str)
            ),
            tables=tables,
            charts=dict(annexes.charts()),
            cells=wanted.cells,
        )
