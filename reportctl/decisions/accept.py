"""What people decide about a unit's report: to take it in spite of its errors, to correct a figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reportctl.cells.cell import read_cell
from reportctl.core.errors import ReportctlError, near
from reportctl.core.findings import finding
from reportctl.core.language import _
from reportctl.form.model import Form, Indicator, applies
from reportctl.intake.job import Context
from reportctl.ledger import archive
from reportctl.ledger.decisions import decisions_by_quarter, reason_given, refuse_closed
from reportctl.ledger.rows import SubmissionRecord, ValueRecord
from reportctl.ledger.writing import open_store
from reportctl.merge.form_in_force import contexts_of
from reportctl.merge.merge import Merged, Run, take_in
from reportctl.workspace.units import Unit, known_unit


@dataclass(frozen=True, slots=True)
class Accepted:
    """The submissions accepted, as they stand now; `left`: why others were left as they are, a sentence each.

    `merged` is the quarter as it is now.
    """

    submissions: tuple[SubmissionRecord, ...]
    left: tuple[str, ...]
    merged: Merged


@dataclass(frozen=True, slots=True)
class CorrectionResult:
    """A figure as it was and as it is now; `merged` is the quarter as it is now."""

    unit: Unit
    indicator: Indicator
    before: ValueRecord
    after: ValueRecord
    merged: Merged


def accept(run: Run, units: Sequence[str], why: str, *, every: bool = False) -> Accepted:
    """Take the latest report of each of the `units` in spite of its errors, by its bytes.

    With `every` that of every unit whose latest one is rejected; those that cannot be taken are left. Raises
    `ReportctlError` with a sentence for each unit where there is nothing to accept; then nothing is decided.
    """
    reason = reason_given(why)
    with run.session.writing():
        context, merged = _as_it_stands(run)
        reports = _Reports(context.units, merged.submissions)
        chosen, refused = reports.latest(reports.rejected_units() if every else dict.fromkeys(units))
        if refused and not every:
            raise ReportctlError("\n".join(refused))
        if not chosen:
            raise ReportctlError("\n".join(refused) or _("No unit's report is rejected; nothing to accept."))
        archive.add_decisions(
            run.session.workspace.decisions,
            [
                archive.decided(
                    run.session.who, archive.ACCEPTED, run.quarter,
                    unit=unit, sha256=record.sha256, file=record.file, why=reason,
                )
                for unit, record in chosen.items()
            ],
        )  # fmt: skip
        merged = take_in(run, ())
    taken = {record.sha256 for record in chosen.values()}
    return Accepted(
        tuple(record for record in merged.submissions if record.sha256 in taken), tuple(refused), merged
    )


def correct(run: Run, unit: str, code: str, value: str, why: str) -> CorrectionResult:
    """Let `value`, as somebody would type it, stand as the unit's figure `code` in the report that counts.

    Raises `ReportctlError` where it is not asked for or cannot be read, or nothing of the unit counts.
    """
    reason = reason_given(why)
    with run.session.writing():
        context, merged = _as_it_stands(run)
        described = known_unit(context.units, unit)
        indicator = _figure(context.form, described, code)
        counting = next((r for r in merged.submissions if r.counts and r.unit == unit), None)
        if counting is None:
            raise ReportctlError(_nothing_counts(run, described, merged.submissions))
        reading = read_cell(value, indicator, dash=context.dash)
        if not reading.is_answer:
            raise ReportctlError(_unreadable(value, reading.code, dict(reading.details)))
        before = _value(run, unit, code)
        row = archive.decided(
            run.session.who, archive.CORRECTED, run.quarter,
            unit=unit, code=code, value=value, sha256=counting.sha256, file=counting.file, why=reason,
        )  # fmt: skip
        archive.add_decisions(run.session.workspace.decisions, [row])
        merged = take_in(run, ())
        return CorrectionResult(described, indicator, before, _value(run, unit, code), merged)


def _as_it_stands(run: Run) -> tuple[Context, Merged]:
    """The quarter with all that was received and decided. Raises `ReportctlError` where it is closed."""
    refuse_closed(decisions_by_quarter(archive.read_decisions(run.session.workspace.decisions)), run.quarter)
    merged = take_in(run, ())
    return contexts_of(run.session, {run.quarter: merged.form})[run.quarter], merged


# ---- which report is meant


@dataclass(frozen=True, slots=True)
class _Reports:
    """The submissions that have come from the quarter's units."""

    units: Mapping[str, Unit]
    records: Sequence[SubmissionRecord]

    def rejected_units(self) -> dict[str, None]:
        """The units of which something is rejected that is later than what counts, in the roster's order."""
        return {code: None for code in self.units if self._tied(code) or self._waiting(code)}

    def latest(self, units: Iterable[str]) -> tuple[dict[str, SubmissionRecord], list[str]]:
        """What would be accepted of each unit, and a sentence for each that has no such thing."""
        chosen, refused = {}, []
        for code in units:
            try:
                chosen[code] = self._latest(known_unit(self.units, code))
            except ReportctlError as refusal:
                refused.append(str(refusal))
        return chosen, refused

    def _latest(self, unit: Unit) -> SubmissionRecord:
        waiting = self._waiting(unit.code)
        newest = [one for one in waiting if one.when == waiting[-1].when]
        if self._tied(unit.code) or len(newest) > 1:
            raise ReportctlError(
                _(
                    "{unit} has sent several files of the same date. Move the one that counts to a folder "
                    "named by a later date, then run: reportctl merge"
                ).format(unit=unit.name)
            )
        if newest and newest[0].has_answers:
            return newest[0]
        if newest:
            raise ReportctlError(
                _(
                    "No figures could be read from {file} of {unit}, so there is nothing to accept. "
                    "Ask for a workbook that can be read."
                ).format(file=newest[0].file, unit=unit.name)
            )
        counting = self._counting(unit.code)
        raise ReportctlError(
            _("Nothing of {unit} is rejected: {file} counts.").format(unit=unit.name, file=counting.file)
            if counting
            else _("Nothing has come from {unit}, so there is nothing to accept.").format(unit=unit.name)
        )

    def _of(self, unit: str) -> list[SubmissionRecord]:
        """What has come from the unit, the latest last."""
        found = (one for one in self.records if one.unit == unit and one.own_verdict != "ignored")
        return sorted(found, key=lambda one: (one.when, one.sha256))

    def _counting(self, unit: str) -> SubmissionRecord | None:
        return next((one for one in self._of(unit) if one.counts), None)

    def _waiting(self, unit: str) -> list[SubmissionRecord]:
        """What is rejected and later than what counts."""
        counting = self._counting(unit)
        return [
            one
            for one in self._of(unit)
            if one.verdict == one.own_verdict == "rejected" and (counting is None or one.when > counting.when)
        ]

    def _tied(self, unit: str) -> bool:
        """Whether the unit's report does not count only because another one has the same date."""
        return any(one.verdict == "rejected" and one.own_verdict != "rejected" for one in self._of(unit))


# ---- which figure is meant


def _figure(form: Form, unit: Unit, code: str) -> Indicator:
    indicator = form.indicators.get(code)
    if indicator is None:
        raise ReportctlError(
            _("The form has no indicator “{code}”{near}. All codes: reportctl form").format(
                code=code, near=near(code, form.indicators)
            )
        )
    if indicator.computed:
        raise ReportctlError(
            _("“{label}” is worked out from other figures; correct “{numerator}” or “{denominator}”.").format(
                label=indicator.name, numerator=indicator.numerator, denominator=indicator.denominator
            )
        )
    if not applies(indicator, unit.kind):
        raise ReportctlError(
            _("{unit} is not asked for “{label}”.").format(unit=unit.name, label=indicator.name)
        )
    return indicator


def _nothing_counts(run: Run, unit: Unit, submissions: Sequence[SubmissionRecord]) -> str:
    came = any(r.unit == unit.code and r.verdict == "rejected" for r in submissions)
    if came:
        sentence = _(
            "The report of {unit} is rejected, and figures are corrected only in one that counts. Accept it "
            "first: reportctl accept {quarter} {code} --why …"
        )
    else:
        sentence = _("Nothing has come from {unit}; figures are corrected only in a report that counts.")
    return sentence.format(unit=unit.name, quarter=run.quarter, code=unit.code)


def _unreadable(value: str, code: str, details: Mapping[str, Any]) -> str:
    if not code:
        return _("“{value}” is no figure; type the figure itself, KAD where it does not apply.").format(
            value=value
        )
    found = finding(code, value=value, **details)
    return f"{found.message}; {found.hint}."


def _value(run: Run, unit: str, code: str) -> ValueRecord:
    with open_store(run.session.workspace.ledger) as store:
        for record in store.reader.values([run.quarter], code=code, unit=unit):
            return record
    raise ReportctlError(_("The ledger has no line for “{code}” of {unit}.").format(code=code, unit=unit))
