"""The form that each quarter's files are read and checked by, and the context that this makes for reading."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from reportctl.core.errors import ReportctlError
from reportctl.core.language import _
from reportctl.core.period import Quarter
from reportctl.form.form_file import load_form
from reportctl.form.model import Form
from reportctl.form.parts_over_year import OtherParts, other_parts
from reportctl.intake.job import Context
from reportctl.ledger import archive
from reportctl.ledger.session import Session
from reportctl.ledger.versions import Versions, forms_between


def forms_in_force(
    form: Form,
    quarter: Quarter,
    used: Mapping[Quarter, str],
    received: Collection[Quarter],
    closed: Collection[Quarter],
    begun: Quarter | None,
) -> dict[Quarter, str]:
    """The fingerprint of the form in force in `quarter` and in all quarters with files `received`.

    `form` is the one for `quarter` until that is `closed`, a later one has `begun`, or something of a later
    one has been received; afterwards it is the one that was `used` last. Questions that are new by then were
    not asked before, and that they are not answered must reject nothing.
    """
    newest = max(*received, begun or quarter, quarter)
    return {
        each: form.fingerprint
        if each == quarter >= newest and each not in closed
        else used.get(each, form.fingerprint)
        for each in {quarter, *received}
    }


def form_used(session: Session, quarter: Quarter) -> Form:
    """The form that was last in force in the quarter.

    Raises `ReportctlError` where nothing of the quarter was merged, or its form is gone from the archive.
    """
    used = archive.forms_used(archive.read_decisions(session.workspace.decisions)).get(quarter)
    if used == session.form.fingerprint:
        return session.form
    kept = archive.kept_form(session.workspace.archive, used) if used else None
    if kept is None or not kept.exists():
        raise ReportctlError(
            _("There is no form of {quarter} to compare with: nothing of that quarter was merged.").format(
                quarter=quarter
            )
        )
    return session.placed(load_form(kept, kept=True))


def forms_since(session: Session, before: Form) -> tuple[Form, ...]:
    """The forms that were in force between `before` and the present one, as far as the archive keeps them."""
    one_by_one = archive.forms_one_by_one(archive.read_decisions(session.workspace.decisions))
    now = session.form.fingerprint
    return forms_between(session.workspace.archive, one_by_one, before.fingerprint, now) or ()


def other_parts_in_year(session: Session, quarter: Quarter) -> dict[str, tuple[OtherParts, ...]]:
    """What quarters of the year of `quarter` of which something was merged made of other parts than the
    present form does, by quarter."""
    used = archive.forms_used(archive.read_decisions(session.workspace.decisions))
    versions = Versions(session.form, session.workspace.archive, used)
    of_year = sorted(one for one in used if one.year == quarter.year)
    return {str(one): other_parts(session.form, versions.then(one)) for one in of_year}


def context_of(
    session: Session, quarter: Quarter, form: Form | None = None, one_by_one: tuple[str, ...] | None = None
) -> Context:
    """What the quarter's files are read against where `form`, or else the present one, is in force;
    `one_by_one` are the fingerprints of all that were, by default as the decisions have them."""
    if one_by_one is None:
        one_by_one = archive.forms_one_by_one(archive.read_decisions(session.workspace.decisions))
    settings = session.settings
    day = quarter.window(settings.data_window).last
    return Context(
        form or session.form,
        session.roster,
        quarter,
        day,
        settings.cells.dash,
        settings.findings,
        session.workspace.archive,
        session.own_workbook.book if session.own_workbook else None,
        one_by_one,
    )


def contexts_of(session: Session, fingerprints: Mapping[Quarter, str]) -> dict[Quarter, Context]:
    """The contexts of quarters in which the forms with these fingerprints are in force.

    The present form stands in for one that is gone from the archive. Raises `ReportctlError` where the
    archive's form cannot be used any more.
    """
    forms = _kept_forms(session, fingerprints)
    one_by_one = archive.forms_one_by_one(archive.read_decisions(session.workspace.decisions))
    return {quarter: context_of(session, quarter, form, one_by_one) for quarter, form in forms.items()}


def forms_used(session: Session) -> dict[Quarter, Form]:
    """The form that was last in force in each quarter of which something was merged.

    The present one stands in for one that is gone from the archive.
    """
    return _kept_forms(session, archive.forms_used(archive.read_decisions(session.workspace.decisions)))


def _kept_forms(session: Session, fingerprints: Mapping[Quarter, str]) -> dict[Quarter, Form]:
    forms = {session.form.fingerprint: session.form}
    for fingerprint in fingerprints.values():
        if fingerprint not in forms:
            kept = archive.kept_form(session.workspace.archive, fingerprint)
            forms[fingerprint] = session.placed(load_form(kept, kept=True)) if kept.exists() else session.form
    return {quarter: forms[which] for quarter, which in fingerprints.items()}
