"""Writing the Word report: ledger, summary, tables and texts in order, into the workspace's own document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from reportctl.core import language
from reportctl.core.errors import ReportctlError, cannot_read, note
from reportctl.core.language import _
from reportctl.core.period import Period
from reportctl.core.progress import Progress
from reportctl.core.table import Table
from reportctl.form.model import Form
from reportctl.form.submission import AnswerState
from reportctl.ledger.ledger import Ledger
from reportctl.ledger.session import Session
from reportctl.report import unit_texts
from reportctl.report.annexes import AnnexData
from reportctl.report.contents import ReportData, contents, words
from reportctl.report.unit_texts import UnitText
from reportctl.word.content import Content
from reportctl.word.fill import DocumentFacts, FilledDocument, FillResult, fill, last_filling
from reportctl.workspace import stock
from reportctl.workspace.settings import Settings


@dataclass(frozen=True, slots=True)
class WrittenReport:
    """A filled document, what its tags say, and what that was made from."""

    filled: FilledDocument
    said: Mapping[str, Content]
    material: ReportData


def write_report(
    session: Session, period: Period, style: str | None = None, progress: Progress | None = None
) -> WrittenReport:
    """The workspace's Word document filled for `period`; who reported is said of its last quarter.

    `style` ("party" or "state") takes that stock document instead. It is written in the workspace's
    language, which its template is in, whichever the program speaks. Raises `ReportctlError` where there is
    no such document or it is none.
    """
    settings = in_style(session.settings, style)
    own = session.workspace.report_template
    template = _stock_template(style) if style else _template(own, settings.style)
    return fill_document(template, session, period, settings, progress=progress)


def in_style(settings: Settings, style: str | None) -> Settings:
    """The settings with this document style, or as they are."""
    return settings.model_copy(update={"style": style}) if style else settings


def fill_document(
    document: bytes,
    session: Session,
    period: Period,
    settings: Settings,
    renew: Collection[str] | None = None,
    progress: Progress | None = None,
) -> WrittenReport:
    """`document` filled for `period`, in the workspace's language.

    With `renew` it is one that people have edited: words that they changed are kept, but for the tags named
    there, and its dates stay. Units' texts that stand there otherwise than they were sent, and references
    to what it does not have, are named on standard error. Raises `ReportctlError` where it is no document,
    or asks for an unknown tag.
    """
    with language.speaking(settings.language):
        said, made_from = what_it_says(session, period, settings, progress)
        if renew is None:
            keep: Collection[str] = ()
            created = dt.datetime.combine(period.last.window(settings.data_window).last, dt.time())
        else:
            keep, created = words(said, session.form) - set(renew), None
        facts = DocumentFacts(
            str(period), session.form.fingerprint, created, settings.language, settings.style
        )
        filled = fill(document, said, facts, keep, progress)
    _say_of_texts(made_from, filled.tags(FillResult.RENEWED))
    _say_of_open_references(filled)
    return WrittenReport(filled, said, made_from)


def what_it_says(
    session: Session, period: Period, settings: Settings, progress: Progress | None = None
) -> tuple[dict[str, Content], ReportData]:
    """The content of every tag, and what it was made from."""
    made_from = material(session, period, settings, progress)
    return contents(made_from), made_from


def _say_of_texts(made_from: ReportData, renewed: Collection[str]) -> None:
    """Which units' texts stand in the document otherwise than they were sent."""
    for question in made_from.form.texts:
        if f"text:{question.code}" in renewed:
            answers = made_from.answers[question.code]
            for remark in unit_texts.remarks(str(question.name), answers, made_from.units):
                note(remark)


def _say_of_open_references(filled: FilledDocument) -> None:
    """Which tables and charts are referred to that do not stand in the document."""
    open_ones = (c.tag for c in filled.controls if c.tag.startswith("ref:") and c.new not in (None, "#"))
    for tag in dict.fromkeys(open_ones):
        note(_("“{tag}”: the document has no such table or chart; its number stays open.").format(tag=tag))


def material(
    session: Session, period: Period, settings: Settings, progress: Progress | None = None
) -> ReportData:
    """What the report of `period` is made from, as the ledger has it now; `progress` hears of every table."""
    form = session.form
    steps = 2 * len(form.sections) + len(form.lists) + 3
    with session.ledger() as ledger:
        source = AnnexData.of(session, ledger, period)
        tables: dict[str, Table] = {}
        for name, table in source.tables():
            tables[name] = table
            if progress:
                progress(len(tables), steps, table.title)
        texts = tuple(_texts(form, ledger, period))
        return ReportData(
            form, settings, source.summary, source.units, texts, tables, source.missing, dict(source.charts())
        )


def _stock_template(style: str) -> bytes:
    return (stock.folder("templates") / stock.REPORT_TEMPLATES[style]).read_bytes()


def _template(path: Path, style: str) -> bytes:
    """The office's own document; a stock one that nobody changed follows the style that is set."""
    try:
        data = path.read_bytes()
        if data in map(_stock_template, stock.REPORT_TEMPLATES):
            return _stock_template(style)
        last_filling(data)
    except FileNotFoundError as error:
        raise ReportctlError(
            _("There is no Word template {path}. Copy one there; reportctl init brings one.").format(
                path=path
            )
        ) from error
    except OSError as error:
        raise cannot_read(path, error) from error
    except ReportctlError as error:
        raise ReportctlError(f"{path}: {error}") from error
    return data


def _texts(form: Form, ledger: Ledger, period: Period) -> Iterator[UnitText]:
    """The units' answers in words, of the period's last quarter."""
    for question in form.texts:
        for record in ledger.values((period.last,), code=question.code):
            if record.state is AnswerState.VALUE and isinstance(record.value, str):
                yield UnitText(question.code, record.unit, record.value)
