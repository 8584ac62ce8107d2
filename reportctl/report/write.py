"""Writing the Word report: ledger, summary, tables and texts in order, into the workspace's own document."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from reportctl.core import language, wording
from reportctl.core.errors import ReportctlError, naming, said_in_ours
from reportctl.core.language import _
from reportctl.core.period import Period
from reportctl.core.progress import Progress
from reportctl.core.table import Table
from reportctl.figures.of_unit import UnitFigures
from reportctl.figures.sources import ROWS
from reportctl.figures.views import answers_of
from reportctl.form.model import Form
from reportctl.form.submission import AnswerState
from reportctl.ledger.session import Session
from reportctl.report import list_figures, text_groups, unit_texts
from reportctl.report.addressed import (
    OF_UNIT,
    UNIT_TABLE,
    Elsewhere,
    OnDemand,
    address,
    hint,
    tags_of_unit,
)
from reportctl.report.annexes import Annexes
from reportctl.report.contents import ReportData, Words, contents, is_mended
from reportctl.report.copies import is_of_copies, name_of_one, scope_of
from reportctl.report.documents import Template, templates
from reportctl.report.drift import Drift, drift, placeholders_left, refuse_placeholders
from reportctl.report.of_one_unit import of_province, refuse_province
from reportctl.report.pictures import KIND, picture
from reportctl.report.tag_words import words_of
from reportctl.report.tags import known_tags
from reportctl.report.unit_texts import UnitText
from reportctl.report.wanted import wanted_of_tables
from reportctl.word.asked import tags_asked
from reportctl.word.content import Content, Tag
from reportctl.word.fill import DocumentFacts, FilledDocument, FillResult, fill, last_filling
from reportctl.workspace.settings import Settings
from reportctl.workspace.units import Roster


@dataclass(frozen=True, slots=True)
class WrittenReport:
    """A filled document, the contents of its tags, and what these were made from; `remarks` are sentences for
    whoever asked for it: which texts were shortened or differ a little, which references lead nowhere."""

    filled: FilledDocument
    contents: Mapping[str, Content]
    data: ReportData
    remarks: tuple[str, ...]


def is_reportable(session: Session, period: Period) -> bool:
    """Whether in any of the quarters of `period` a unit's report counts or a figure is imported.

    A workspace in which nothing was ever merged may have a report, which shows what it will be like.
    """
    session = session.of(period)
    with session.ledger() as ledger:
        if not ledger.quarters() or any(map(ledger.has_reports, period.quarters)):
            return True
        return any(map(answers_of(session, ledger, period.quarters).holds, period.quarters))


def refuse_nothing(session: Session, period: Period) -> None:
    """Raises `ReportctlError` where the period is not reportable."""
    if is_reportable(session, period):
        return
    with session.ledger() as ledger:
        quarters = ledger.quarters()
    reportable = (str(quarter) for quarter in reversed(quarters) if is_reportable(session, quarter))
    if known := [*itertools.islice(reportable, _NAMED)]:
        message = _(
            "There is nothing to report of {period}: no unit's report counts and no figure is imported. Name "
            "another period; there are {known}. If reports of it have come: reportctl merge {quarter}"
        )
    else:
        message = _(
            "There is nothing to report of {period}, nor of any other: no unit's report counts and no figure "
            "is imported. What has come, and why it does not count: reportctl status {quarter}"
        )
    words, listed = wording.period_words(period), ", ".join(reversed(known))
    raise ReportctlError(message.format(period=words, known=listed, quarter=period.last))


_NAMED = 8  # of the last quarters


def write_report(
    session: Session,
    period: Period,
    style: str | None = None,
    progress: Progress | None = None,
    template: Template | None = None,
) -> WrittenReport:
    """The workspace's Word document filled for `period`, or another `template`.

    `style` ("party" or "state") takes that stock document instead; an office's own one that nobody changed
    follows the style that is set. It is written in the workspace's language, which its template is in,
    whichever the program speaks. Raises `ReportctlError` where there is no such document or it is none, and
    where placeholders of the stock document would be printed.
    """
    if template is None:
        (template,) = templates(session, ("report.docx",) if style is None else (), style)
    (written,) = write_reports(session, period, template, ("",), style, progress)
    return written


def write_reports(
    session: Session,
    period: Period,
    template: Template,
    units: Iterable[str],
    style: str | None = None,
    progress: Progress | None = None,
) -> Iterator[WrittenReport]:
    """The `template` filled for `period` with the figures of each of these `units` in turn (empty: the
    province), as `write_report` does."""
    units = tuple(units)
    called = template.name or session.workspace.report_template.name
    with naming(called):
        if any(units):
            refuse_province(template.data, session.of(period).form)
        found = drift_of(session, template, style)
    if found.foreign and found.stops_reports:  # before its places are named one by one
        raise ReportctlError(found.foreign)
    named = {text for text, _line in found.placeholders}
    prepared = _prepared(template.data, session, period, style, progress)
    for unit in units:
        written = _filled(template.data, prepared, progress, of=(template.name, unit), called=called)
        left = [one for one in placeholders_left(written.filled) if one[0] not in named]
        with naming(called):
            refuse_placeholders([*found.placeholders, *left])
        yield replace(written, remarks=(*written.remarks, *found.remarks))


def drift_of(session: Session, template: Template, style: str | None = None) -> Drift:
    """What is wrong between the form and a `template`."""
    also = also_known(tags_asked(template.data), session.form, session.roster)
    found = drift(
        *(template.data, session.form, session.workspace, style),
        whole=template.whole,
        name=template.name,
        also=also,
        hint=lambda tag: hint(tag, session.form, session.roster),
    )
    of_all = of_province(template.data, session.form) if template.each_unit else ""
    return replace(found, wrong=(*found.wrong, of_all)) if of_all else found


def also_known(asked: Collection[str] | None, form: Form, roster: Roster) -> set[str]:
    """Those of the tags `asked` that are known though not every report has them: figures of units and other
    periods, and what a document of one unit holds."""
    ours = {tag for tag in (*OF_UNIT, UNIT_TABLE) if tag in (asked or ())}
    ours |= {tag for tag in asked or () if is_of_copies(tag, form) or tag.startswith(KIND)}
    known = known_tags(form)
    ours -= {  # conditions on what there is not
        tag
        for tag in ours
        if tag.startswith("?") and not _can_be_asked(tag[1:].strip(), known | ours, form, roster)
    }
    figures = (address(tag, form, roster) for tag in asked or ())
    return ours | {one.tag for one in figures if one}


def _can_be_asked(name: str, known: Collection[str], form: Form, roster: Roster) -> bool:
    """Whether a part can stand on the condition that a tag, in small letters, says something."""
    return name in known or is_of_copies(name, form) or address(name, form, roster) is not None


def fill_document(
    document: bytes,
    session: Session,
    period: Period,
    style: str | None,
    renew: Collection[str] | None = None,
    progress: Progress | None = None,
    drop: Collection[str] = (),
    of: tuple[str, str] = ("", ""),
    called: str = "",
) -> WrittenReport:
    """`document` filled for `period`, in the workspace's language and in `style` (None: the one that is set).

    With `renew` it is one that people have edited: texts that they changed are kept, but for the tags named
    there, figures in their sentences are renewed, places of the tags to `drop` are gone on purpose, and its
    dates stay. `of` are the name of its template and the unit whose figures it has, as its record says;
    `called` is the name of the file, for what stops the run.
    Units' texts that stand there otherwise than they were sent, and references
    to what it does not have, are named on standard error. Raises `ReportctlError` where it is no document,
    or asks for an unknown tag.
    """
    with naming(called):
        if of[1]:
            refuse_province(document, session.of(period).form)
    prepared = _prepared(document, session, period, style, progress)
    return _filled(document, prepared, progress, renew, drop, of, called)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """What a document is filled with, made once for all units: the data, the province's contents."""

    session: Session
    settings: Settings
    data: ReportData
    contents: Mapping[str, Content]
    elsewhere: Elsewhere


def _prepared(
    document: bytes, session: Session, period: Period, style: str | None, progress: Progress | None
) -> _Prepared:
    settings = session.settings.model_copy(update={"style": style}) if style else session.settings
    asked = tags_asked(document)
    session = _of_document(session, period, asked)

    def in_its_language() -> _Prepared:
        with language.speaking(settings.language):
            data = report_data(session, period, settings, progress, asked)
            elsewhere = Elsewhere(session, data.summary, data.units)
            return _Prepared(session, settings, data, contents(data), elsewhere)

    return said_in_ours(in_its_language)


def _filled(
    document: bytes,
    prepared: _Prepared,
    progress: Progress | None,
    renew: Collection[str] | None = None,
    drop: Collection[str] = (),
    of: tuple[str, str] = ("", ""),
    called: str = "",
) -> WrittenReport:
    """As `fill_document`, with what was prepared for the document."""
    session, settings, period = prepared.session, prepared.settings, prepared.data.summary.period
    template, unit = of
    own = prepared.elsewhere.of_unit(period, unit) if unit else None
    if unit and own is None:
        raise ReportctlError(
            _("The unit “{code}” does not report in {period}.").format(
                code=unit, period=wording.period_words(period)
            )
        )
    data = replace(prepared.data, unit=own, elsewhere=prepared.elsewhere)

    def in_its_language() -> tuple[Mapping[str, Content], FilledDocument]:
        with language.speaking(settings.language):
            of_tags = _on_demand(prepared, own, frozenset() if renew is None else _tags_printed(document))
            if renew is None:
                keep: Container[str] = ()
                created = dt.datetime.combine(period.last.window(settings.data_window).last, dt.time())
            else:
                keep, created = Words(of_tags, session.form, frozenset(renew)), None
            facts = DocumentFacts(
                str(period), session.form.fingerprint, created, settings.style, template, unit
            )
            mend = {tag for tag in of_tags if is_mended(tag) and tag in keep}
            anew = renew is None
            scope = scope_of(data, of_tags)
            filled = fill(
                *(document, of_tags, facts, keep, progress),
                mend=mend,
                drop=drop,
                anew=anew,
                scope=scope,
                words=lambda tag: words_of(tag, session.form),
            )
        return of_tags, filled

    with naming(called):
        of_tags, filled = said_in_ours(in_its_language)
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
    if data.is_short and any(_is_in_short(of_tags, tag, data.settings) for tag in renewed):
        remarks.append(
            _(
                "Of several quarters, long lists are given as how many rows each unit has, and the units' "
                'texts in groups. To print them in full: spans = "full" under [report] in reportctl.toml.'
            )
        )
    remarks += [
        _("An empty tag leaves its signs behind: “{words}”. Put the line right there.").format(words=words)
        for words in filled.debris
    ]
    remarks += list_figures.remarks(data.lists, renewed)
    remarks += _nothing_known(prepared, renewed)
    references = [one for one in filled.controls if Tag.parse(one.tag).kind == "ref"]
    for tag in dict.fromkeys(one.tag for one in references if one.new not in (None, "#")):
        sentence = _("“{tag}”: the document has no such table or chart; its number stays open.")
        remarks.append(sentence.format(tag=tag))
    return WrittenReport(filled, of_tags, data, tuple(remarks))


def _is_in_short(contents: Mapping[str, Content], tag: str, settings: Settings) -> bool:
    """Whether what stands under a tag of a report of several quarters is less than what there is."""
    content = contents.get(tag)
    if isinstance(content, Table):
        return any(column.key.startswith(ROWS) for column in content.columns)
    return Tag.parse(tag).kind == "annex" and settings.report.texts == "annex" and bool(content)


def _nothing_known(prepared: _Prepared, tags: Iterable[str]) -> list[str]:
    """A sentence for each period that a document asks for and of which there is nothing, with its tags."""
    session, found = prepared.session, dict[Period, list[str]]()
    for tag in tags:
        asked = address(tag, session.form, session.roster)
        if asked and asked.period and not prepared.elsewhere.holds(asked.period):
            found.setdefault(asked.period, []).append(tag)
    return [
        _("{tags}: nothing is known of {period}, so no figure stands there.").format(
            tags=", ".join(f"{{{{{tag}}}}}" for tag in of_period), period=wording.period_words(period)
        )
        for period, of_period in found.items()
    ]


def _tags_printed(document: bytes) -> frozenset[str]:
    """The tags that were printed into a document."""
    record = last_filling(document)
    return frozenset(one.tag for one in record.printed.values()) if record else frozenset()


def _on_demand(prepared: _Prepared, own: UnitFigures | None, printed: Container[str]) -> OnDemand:
    """The contents of a document, of the unit's `own` figures where it is of one. Of a picture that was
    `printed` and whose file is gone there is none, so that it stays as it is."""
    session, data, elsewhere = prepared.session, prepared.data, prepared.elsewhere
    made = dict(prepared.contents)
    if own:
        codes = filter(data.has_tags, own.summary.figures)
        made |= tags_of_unit(own, data.form, codes, elsewhere.sent)

    def find(name: str) -> tuple[str, Content] | None:
        try:
            if image := picture(name, session.workspace.root):
                return name, image
        except ReportctlError:
            if name in printed:
                return None
            raise
        if word := name_of_one(name, data.form, data.units):
            return word
        asked = address(name, data.form, session.roster)
        if asked is None:
            return None
        if own and not asked.unit:
            content = elsewhere.content(replace(asked, unit=own.unit.code))
        else:
            content = elsewhere.content(asked)
        return None if content is None else (asked.tag, content)

    return OnDemand(made, find)


def _of_document(session: Session, period: Period, asked: Collection[str] | None) -> Session:
    """The session with the form that the period was asked with; with the form of now where the tags `asked`
    are those of a document made for that one."""
    of_then = session.of(period)
    if of_then.form is session.present:
        return of_then
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
        coverage = asked is not None and "lead" not in asked
        for name, table in annexes.tables(wanted.parts, coverage):
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
            lists=annexes.lists,
            cells=wanted.cells,
        )
