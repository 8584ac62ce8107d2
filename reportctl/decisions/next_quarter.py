"""Beginning the next quarter: it becomes the current one, and what to look at first is said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reportctl.core import wording
from reportctl.core.errors import ReportctlError
from reportctl.core.language import _, ngettext
from reportctl.core.period import Quarter
from reportctl.ledger import archive
from reportctl.ledger.ledger import Ledger
from reportctl.ledger.session import Session
from reportctl.outgoing.beside import shown_cells
from reportctl.outgoing.previous import Earlier, of_earlier_quarter
from reportctl.status.status import deadlines_in_words, status
from reportctl.workspace.current import begin
from reportctl.workspace.units import Unit

_MOST_NAMES = 8


@dataclass(frozen=True, slots=True)
class Begun:
    """A quarter that was begun, and sentences: what its workbooks will show of the quarter before, and what
    to check before they are sent."""

    quarter: Quarter
    remarks: tuple[str, ...]


def next_quarter(session: Session) -> Begun:
    """Make the quarter after the current one the current one.

    Raises `ReportctlError` where the current one has neither passed nor begun: nothing came for it; and where
    the form, the units or the settings cannot be read, before anything is changed.
    """
    session.load()
    workspace = session.workspace
    before = workspace.current()
    after = before.following
    with session.ledger() as ledger:
        if not is_past(session, before) and not _has_begun(ledger, session, before):
            raise ReportctlError(
                _(
                    "{quarter} is the current quarter, and nothing has come for it yet. Workbooks to send "
                    "out: reportctl template. If another quarter is meant, write it into reportctl.toml: "
                    "current = …"
                ).format(quarter=before)
            )
        remarks = (
            *_of_the_quarter_before(ledger, session, before),
            *_of_base_figures(ledger, session, after),
            *_of_form(session, before),
            *_of_units(session, before, after),
            *_of_deadline_and_plan(ledger, session, after),
        )
    begin(workspace, after)
    return Begun(after, remarks)


def _has_begun(ledger: Ledger, session: Session, quarter: Quarter) -> bool:
    """Whether anything has come for the quarter, merged or not, or its figures were imported."""
    inbox = session.workspace.inbox(quarter)
    lies_there = inbox.is_dir() and any(path.is_file() for path in inbox.rglob("*"))
    return lies_there or bool(ledger.submissions(quarter) or ledger.counting(quarter))


def is_past(session: Session, quarter: Quarter) -> bool:
    """Whether today lies after the quarter by the calendar."""
    return session.today > quarter.window("calendar").last


def how_to_begin(quarter: Quarter, *, final: bool) -> str:
    """How the quarter after this one, past or closed, is begun; `final`: there is nothing to close."""
    following = wording.capitalised(wording.period_words(quarter.following))
    if final:
        return _("{following} is begun with: reportctl next").format(following=following)
    return _(
        "{quarter} is past. Once its figures are final: reportctl close {quarter}; then: reportctl next"
    ).format(quarter=quarter)


def _of_the_quarter_before(ledger: Ledger, session: Session, before: Quarter) -> Iterator[str]:
    if _has_begun(ledger, session, before) and not ledger.is_closed(before):
        yield _(
            "{before} is not closed: what is still merged for it changes its figures. When they are final: "
            "reportctl close {before}"
        ).format(before=before)


def _of_base_figures(ledger: Ledger, session: Session, after: Quarter) -> Iterator[str]:
    """Of which units the workbooks will show the figures of the quarter before."""
    units = list(session.units(after).values())
    cells = shown_cells(session.form, "previous")
    if not cells and not any(section.indicators for section in session.form.sections):
        return  # no workbook shows any
    shown = of_earlier_quarter(ledger, session.form, session.calendar, after, units, cells)
    lacking = [unit for unit, of_unit in zip(units, shown, strict=True) if not _any_figure(of_unit)]
    before = wording.period_words(after.previous)
    if len(lacking) == len(units):
        yield _(
            "Base figures: none of {before} are known, so the workbooks will show none. They come with "
            "reportctl merge {code}, or reportctl history."
        ).format(before=before, code=after.previous)
        return
    yield ngettext(
        "Base figures: the workbooks will show those of {before}, for {count} unit of {of}.",
        "Base figures: the workbooks will show those of {before}, for {count} units of {of}.",
        len(units) - len(lacking),
    ).format(before=before, count=len(units) - len(lacking), of=len(units))
    if lacking:
        yield _("Without base figures, because none counts or the unit is new: {units}.").format(
            units=_names(lacking)
        )


def _any_figure(of_unit: Mapping[str, Earlier]) -> bool:
    return any(earlier.value is not None for earlier in of_unit.values())


def _of_form(session: Session, before: Quarter) -> Iterator[str]:
    """Whether the form is still the one by which the quarter before was read."""
    used = archive.forms_used(archive.read_decisions(session.workspace.decisions)).get(before)
    if used is None or used == session.form.fingerprint:
        yield _(
            "Form: {count} indicators, version {version}. What is to be asked otherwise is changed in "
            "form.toml now, before workbooks are sent; then: reportctl form --check"
        ).format(count=len(session.form.indicators), version=session.form.fingerprint)
    else:
        yield _(
            "Form: version {version}, which is another one than that of {before} ({used}). Check it: "
            "reportctl form --check"
        ).format(version=session.form.fingerprint, before=before, used=used)


def _of_units(session: Session, before: Quarter, after: Quarter) -> Iterator[str]:
    """How many units report, and which are not those of the quarter before."""
    then, now = session.units(before), session.units(after)
    yield ngettext(
        "Units: {count} reports on {day}. Check units.csv: names, kinds, contacts, who is new or gone.",
        "Units: {count} report on {day}. Check units.csv: names, kinds, contacts, who is new or gone.",
        len(now),
    ).format(count=len(now), day=wording.date_short(session.calendar.day(after)))
    for sentence, found in (
        (_("New since {before}: {units}."), [now[code] for code in now if code not in then]),
        (_("No longer there: {units}."), [then[code] for code in then if code not in now]),
        (
            _("With another name or kind: {units}."),
            [u for c, u in now.items() if c in then and (u.name, u.kind) != (then[c].name, then[c].kind)],
        ),
    ):
        if found:
            yield sentence.format(before=before, units=_names(found))


def _of_deadline_and_plan(ledger: Ledger, session: Session, after: Quarter) -> Iterator[str]:
    """By when reports are due; in a new year, that its plan is needed."""
    state = status(
        ledger, session.form, session.calendar, after, settings=session.settings, today=session.today
    )
    if state.units:
        yield deadlines_in_words(state, {kind.code: str(kind.name) for kind in session.form.kinds})
    if after.number == 1:
        yield _("A new year begins: its plan belongs into {file}.").format(file=session.workspace.plan.name)


def _names(units: Sequence[Unit]) -> str:
    """The names of units, of many the first."""
    names = [unit.name for unit in units[:_MOST_NAMES]]
    return ", ".join([*names, "…"] if len(units) > _MOST_NAMES else names)
