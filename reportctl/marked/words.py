"""What a marked copy says to its sender: every finding of a file as a line, and as a mark on its cell."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from reportctl.core.cellrefs import sheet_name
from reportctl.core.finding_kinds import KINDS, Severity
from reportctl.core.findings import Finding, severity_name
from reportctl.core.language import N_, _, ngettext
from reportctl.core.period import Quarter
from reportctl.core.wording import capitalised, date_words, period_title
from reportctl.form.layout import FIGURES, INSTRUCTIONS, META, TEXTS
from reportctl.form.model import Form
from reportctl.form.names import whole_heading

NOTHING_TO_DO = N_("nothing needs to be done")

# Kinds that concern the office, which has the files of all units and decides on them, and not the sender.
_ABOUT_THE_OFFICE = frozenset(
    {
        "several_files",
        "superseded",
        "later_rejected",
        "tie",
        "no_file",
        "file_vanished",
        "file_changed",
        "accepted_despite",
        "corrected",
        "correction_void",
        "quarter_closed",
        "closed_file_changed",
        "decision_unclear",
        "decision_days",
        "unreadable_file",
        "same_content",
        "zip_not_opened",
        "text_copied",  # which of the units wrote it is for the office to ask
    }
)
# Kinds about the hidden cell in which a workbook says what it is: there is nothing to be seen there.
_ABOUT_THE_MARK = frozenset(
    {
        "identity_differs",
        "unknown_unit",
        "no_unit",
        "unit_not_asked",
        "wrong_form",
        "wrong_period",
        "other_version",
        "new_question",
        "asked_otherwise",
        "dropped_question",
    }
)
_CELL = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}")


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a file's findings are for: the unit's name (empty: not known), the name of its file, until
    when it is to be sent again (None: not known), and who asks for it."""

    unit: str
    file: str
    quarter: Quarter
    deadline: dt.date | None
    issuer: str


@dataclass(frozen=True, slots=True)
class ListedFinding:
    """A finding in the list; sheet and cell are empty where it is about none, `label` names the question."""

    severity: Severity
    sheet: str
    cell: str
    label: str
    value: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Mark:
    """What is said on a cell: its gravest severity, the first line of the comment, the rest of it."""

    sheet: str
    cell: str
    severity: Severity
    head: str
    text: str


@dataclass(frozen=True, slots=True)
class Markup:
    """A marked copy's words: the list with what stands above it, and the marks.

    `name` is what the list's sheet is called unless another sheet, or one of `taken`, is called so.
    """

    name: str
    title: str
    facts: tuple[tuple[str, str], ...]
    guidance: str
    headings: tuple[str, ...]
    lines: tuple[ListedFinding, ...]
    marks: tuple[Mark, ...]
    author: str
    taken: tuple[str, ...] = ()


def for_sender(findings: Iterable[Finding], file: str) -> list[Finding]:
    """Those of `findings` that the sender of `file` can do something about, or should know of."""
    return [one for one in findings if one.file == file and one.code not in _ABOUT_THE_OFFICE]


def needs_marking(findings: Iterable[Finding]) -> bool:
    """Whether there is an error or a warning among `findings`."""
    return any(finding.severity is not Severity.NOTE for finding in findings)


def markup(findings: Sequence[Finding], to: Addressee, form: Form, *, editable: bool = True) -> Markup:
    """What the marked copy of one file says, in the current language; `findings` are the sender's.

    `editable`: the list stands in the sender's own workbook; else in one of its own, without marks.
    """
    errors, warnings, notes = (sum(one.severity is severity for one in findings) for severity in Severity)
    counts = (
        ngettext("{count} error", "{count} errors", errors).format(count=errors),
        ngettext("{count} warning", "{count} warnings", warnings).format(count=warnings),
        ngettext("{count} note", "{count} notes", notes).format(count=notes),
    )
    guidance = _("Your file cannot be marked itself: correct it and send it again.")
    if editable:
        guidance = _(
            "Click a cell's name to go there. Correct this very file and send it again; colours, comments "
            "and this sheet may stay."
        )
    meaning = _(
        "Errors: the report does not count before they are corrected. Warnings: please look again. "
        "Notes: for information."
    )
    labels = _labels(form)
    lines = []
    for finding in findings:
        cell = finding.cell if finding.sheet and finding.code not in _ABOUT_THE_MARK else ""
        lines.append(
            ListedFinding(
                finding.severity,
                sheet="" if finding.sheet == META else finding.sheet or "",
                cell=cell or "",
                label=labels.get(finding.indicator or "", ""),
                value=finding.shown_value,
                message=capitalised(finding.message),
                hint=capitalised(finding.hint),
            )
        )
    return Markup(
        name=sheet_name(_("To correct")),
        title=_("What is to be corrected in the report"),
        facts=(
            (_("Unit"), to.unit or "–"),
            (_("Period"), capitalised(period_title(to.quarter))),
            (_("File"), to.file),
            (_("In all"), ", ".join(counts)),
            (_("To be sent again by"), date_words(to.deadline) if to.deadline else "–"),
        ),
        guidance=f"{guidance} {meaning}",
        headings=(
            _("No."),
            _("Severity"),
            _("Sheet"),
            _("Cell"),
            _("Question"),
            _("As typed"),
            _("What is wrong"),
            _("How to put it right"),
        ),
        lines=tuple(lines),
        marks=tuple(_marks(findings)) if editable else (),
        author=to.issuer or "reportctl",
        taken=(
            *(INSTRUCTIONS, FIGURES, TEXTS, META),
            *(sheet_name(section.title) for section in (*form.tables, *form.lists)),
        ),
    )


def _marks(findings: Sequence[Finding]) -> Iterator[Mark]:
    """A mark for each cell; notes that ask for nothing have none."""
    by_cell: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        hidden = finding.code in _ABOUT_THE_MARK or finding.sheet == META
        idle = finding.severity is Severity.NOTE and KINDS[finding.code].hint == NOTHING_TO_DO
        if finding.sheet and _CELL.fullmatch(finding.cell or "") and not hidden and not idle:
            by_cell.setdefault((finding.sheet, finding.cell or ""), []).append(finding)
    for (sheet, cell), on_cell in by_cell.items():
        texts = []
        first, *others = sorted(on_cell, key=lambda finding: list(Severity).index(finding.severity))
        for finding in (first, *others):
            lines = [] if finding is first else [heading(finding.severity)]
            lines.append(capitalised(finding.message))
            if why := _(KINDS[finding.code].why):
                lines.append(_("Why: {why}").format(why=why))
            lines.append(_("To put it right: {hint}").format(hint=finding.hint))
            texts.append("\n".join(lines))
        yield Mark(sheet, cell, first.severity, heading(first.severity), "\n\n".join(texts))


def heading(severity: Severity) -> str:
    """What a severity is called at the beginning of a line."""
    return capitalised(severity_name(severity))


def _labels(form: Form) -> dict[str, str]:
    """The label of everything that is asked, by its code."""
    labels = {code: str(indicator.name) for code, indicator in form.indicators.items()}
    labels |= {question.code: str(question.name) for question in form.texts}
    for table in form.tables:
        labels[table.code] = str(table.name)
        labels |= {f"{table.code}.{row.code}.*": f"{table.name}: {row.name}" for row in table.lines}
        labels |= {
            f"{table.code}.*.{column.code}": f"{table.name}: {whole_heading(column)}"
            for column in table.columns
        }
    for section in form.lists:
        labels[section.code] = str(section.name)
        labels |= {f"{section.code}.{one.code}": f"{section.name}: {one.name}" for one in section.columns}
    return labels
