"""What people decide about a unit's report: to take it in spite of its errors, to correct a figure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from reportctl.cells.cell import read_cell
from reportctl.core.errors import ReportctlError, near
from reportctl.core.findings import Finding, finding
from reportctl.core.language import _
from reportctl.figures.trace import code_in
from reportctl.figures.trace_list import list_part
from reportctl.form.indicators import Indicator
from reportctl.form.model import Form, applies
from reportctl.form.renamed import called_in, near_figure
from reportctl.form.tables import TableCell
from reportctl.intake.job import Context
from reportctl.ledger import archive
from reportctl.ledger.decisions import decisions_by_quarter, reason_given, refuse_closed
from reportctl.ledger.rows import SubmissionRecord, ValueRecord
from reportctl.ledger.versions import kept_forms
from reportctl.ledger.writing import open_store
from reportctl.merge.form_in_force import contexts_of
from reportctl.merge.merge import Merged, Run, take_in
from reportctl.workspace.units import Unit, known_unit


@dataclass(frozen=True, slots=True)
class Accepted:
    """The submissions accepted, as they stand now; `refused`: why others were left as they are, a sentence
    each. `merged` is the quarter as it is now.
    """

    submissions: tuple[SubmissionRecord, ...]
    refused: tuple[str, ...]
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
        by_unit = _files_by_unit(merged.submissions)
        rejected = [c for c in context.units if c in by_unit and (by_unit[c].tied or by_unit[c].waiting)]
        chosen, refused = dict[str, SubmissionRecord](), list[str]()
        for code in rejected if every else dict.fromkeys(units):
            try:
                unit = known_unit(context.units, code)
                chosen[code] = _to_accept(unit, by_unit.get(code, _UnitFiles()))
            except ReportctlError as refusal:
                refused.append(str(refusal))
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
    accepted = tuple(record for record in merged.submissions if record.sha256 in taken)
    return Accepted(accepted, tuple(refused), merged)


def correct(run: Run, unit: str, code: str, value: str, why: str) -> CorrectionResult:
    """Let `value`, as somebody would type it, stand as the unit's figure `code` in the report that counts.

    The figure is named as the quarter's form calls it, or another version of the form. Raises
    `ReportctlError` where it is not asked for or cannot be read, or nothing of the unit counts.
    """
    reason = reason_given(why)
    with run.session.writing():
        context, merged = _as_it_stands(run)
        described = known_unit(context.units, unit)
        code = _called_then(run, context.form, code)
        indicator = _figure(context.form, described, code)
        records = [record for record in merged.submissions if record.unit == unit]
        counting = next((record for record in records if record.counts), None)
        if counting is None:
            if any(record.verdict == "rejected" for record in records):
                sentence = _(
                    "The report of {unit} is rejected, and figures are corrected only in one that counts. "
                    "Accept it first: reportctl accept {quarter} {code} --why …"
                )
            else:
                sentence = _(
                    "Nothing has come from {unit}; figures are corrected only in a report that counts."
                )
            raise ReportctlError(sentence.format(unit=described.name, quarter=run.quarter, code=unit))
        reading = read_cell(value, indicator, dash=context.dash)
        if not reading.is_answer:
            message = _("“{value}” is no figure; type the figure itself, KAD where it does not apply.")
            if not reading.code:
                raise ReportctlError(message.format(value=value))
            details: dict[str, Any] = dict(reading.details)
            raise ReportctlError(_refused(finding(reading.code, value=value, **details)))
        before = _value(run, unit, code)
        row = archive.decided(
            run.session.who, archive.CORRECTED, run.quarter,
            unit=unit, code=code, value=value, sha256=counting.sha256, file=counting.file, why=reason,
        )  # fmt: skip
        archive.add_decisions(run.session.workspace.decisions, [row])
        merged = take_in(run, ())
        return CorrectionResult(described, indicator, before, _value(run, unit, code), merged)


# A number in which the sign before three digits can part thousands as well as decimals.
_TWO_READINGS = re.compile(r"(?<![0-9.,])([1-9][0-9]{0,2}[.,][0-9]{3})(?![0-9]|[.,][0-9])")


def _refused(wrong: Finding) -> str:
    """What is said of a value that cannot be read, and what to type instead.

    Three decimals have a zero behind them there, so that what is typed as it stands is read in one way only.
    """
    hint = wrong.hint
    if wrong.code == "ambiguous_number":
        hint = _("type {first} or {second}").format(**dict(wrong.details))
    hint = _TWO_READINGS.sub(r"\g<1>0", hint)
    return f"{wrong.message}; {hint}."


def _as_it_stands(run: Run) -> tuple[Context, Merged]:
    """The quarter with all that was received and decided. Raises `ReportctlError` where it is closed."""
    refuse_closed(decisions_by_quarter(archive.read_decisions(run.session.workspace.decisions)), run.quarter)
    merged = take_in(run, ())
    return contexts_of(run.session, {run.quarter: merged.form})[run.quarter], merged


# ---- which report is meant


@dataclass(frozen=True, slots=True)
class _UnitFiles:
    """A unit's files: which one counts, and those that are rejected and later than it, the latest last.

    `tied`: one of them does not count only because another one has the same date.
    """

    counting: SubmissionRecord | None = None
    waiting: Sequence[SubmissionRecord] = ()
    tied: bool = False


def _files_by_unit(records: Iterable[SubmissionRecord]) -> dict[str, _UnitFiles]:
    """The files of each unit that has sent any."""
    files: dict[str, list[SubmissionRecord]] = {}
    for record in sorted(records, key=lambda one: (one.when, one.sha256)):
        if record.unit is not None and record.own_verdict != "ignored":
            files.setdefault(record.unit, []).append(record)
    by_unit = {}
    for unit, sent in files.items():
        counting = next((one for one in sent if one.counts), None)
        rejected = [one for one in sent if one.verdict == "rejected"]
        waiting = [
            one
            for one in rejected
            if one.own_verdict == "rejected" and (counting is None or one.when > counting.when)
        ]
        by_unit[unit] = _UnitFiles(counting, waiting, any(one.own_verdict != "rejected" for one in rejected))
    return by_unit


def _to_accept(unit: Unit, files: _UnitFiles) -> SubmissionRecord:
    """The unit's latest report, if it is rejected. Raises `ReportctlError` where it is not."""
    newest = [one for one in files.waiting if one.when == files.waiting[-1].when]
    if files.tied or len(newest) > 1:
        sentence = _(
            "{unit} has sent several files of the same date. Move the one that counts to a folder "
            "named by a later date, then run: reportctl merge"
        )
    elif newest and newest[0].has_answers:
        return newest[0]
    elif newest:
        sentence = _(
            "No figures could be read from {file} of {unit}, so there is nothing to accept. "
            "Ask for a workbook that can be read."
        )
    elif files.counting:
        sentence = _("Nothing of {unit} is rejected: {file} counts.")
    else:
        sentence = _("Nothing has come from {unit}, so there is nothing to accept.")
    named = newest[0] if newest else files.counting
    raise ReportctlError(sentence.format(unit=unit.name, file=named.file if named else ""))


# ---- which figure is meant


def _called_then(run: Run, then: Form, code: str) -> str:
    """What the quarter's form, `then`, calls the figure or the column of a list that another version calls
    `code`; `code` itself where no version has it. Raises `ReportctlError` for what only that of now has."""
    now, archive = run.session.present, run.session.workspace.archive
    called = code_in(then, now, code)
    if called not in then.indicators:
        called = called_in(code, then, (now, *kept_forms(archive))) or called
    if called is None:
        raise ReportctlError(
            _("The form of {period} does not ask “{code}” yet{near}.").format(
                period=run.quarter, code=code, near=near(code, then.indicators)
            )
        )
    return called


def _figure(form: Form, unit: Unit, code: str) -> Indicator:
    indicator = form.indicators.get(code)
    if indicator is None and (part := list_part(form, code)):
        raise ReportctlError(
            _(
                "“{label}” comes from the rows of a list, which are not corrected by telephone: ask {unit} "
                "to put the row right and send its workbook again, then run: reportctl merge"
            ).format(label=part.name, unit=unit.name)
        )
    if indicator is None:
        raise ReportctlError(
            _("The form has no indicator “{code}”{near}. All codes: reportctl form").format(
                code=code, near=near_figure(code, form, form.indicators)
            )
        )
    if indicator.computed:
        behind = (_filled_in(form, unit, part) for part in (indicator.numerator, indicator.denominator))
        raise ReportctlError(
            _("“{label}” is worked out from other figures; correct “{numerator}” or “{denominator}”.").format(
                label=indicator.name, **dict(zip(("numerator", "denominator"), behind, strict=True))
            )
        )
    parts = _filled_in(form, unit, code)
    if not applies(indicator, unit.kind) or not parts:
        raise ReportctlError(
            _("{unit} is not asked for “{label}”.").format(unit=unit.name, label=indicator.name)
        )
    if isinstance(indicator, TableCell) and indicator.added_up:
        raise ReportctlError(
            _("“{label}” is the sum of other cells; correct these: {parts}.").format(
                label=indicator.name, parts=parts
            )
        )
    return indicator


def _filled_in(form: Form, unit: Unit, code: str) -> str:
    """The codes of the figures that the unit fills in of which a figure is made, or its own; the first ones
    of very many."""
    codes = [each for each in form.made_of(code) if applies(form.indicators[each], unit.kind)]
    return ", ".join(codes[:_NAMED]) + (", …" if codes[_NAMED:] else "")


_NAMED = 12


def _value(run: Run, unit: str, code: str) -> ValueRecord:
    with open_store(run.session.workspace.ledger) as store:
        for record in store.reader.values([run.quarter], code=code, unit=unit):
            return record
    raise ReportctlError(_("The ledger has no line for “{code}” of {unit}.").format(code=code, unit=unit))
