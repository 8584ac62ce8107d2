"""What findings weigh where they are judged: by the quarter's form, its units and what the office has set.

What was found depends on the file and the questions alone; so that these can change without its being read
again, what weighs nothing here is kept as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reportctl.core.finding_kinds import Severity
from reportctl.core.findings import Finding
from reportctl.intake.context import Context
from reportctl.intake.identity import same_name


def grades(findings: Sequence[Finding], context: Context) -> list[Severity | None]:
    """The severity here of each of the findings of one file; None: it is not said at all."""
    version = context.form.fingerprint
    ours = any(one.code == "other_version" and one.value == version for one in findings)
    standing = (_standing(one, context, ours=ours) for one in findings)
    return [
        severity and context.severities.get(one.code, severity)
        for one, severity in zip(findings, standing, strict=True)
    ]


def graded(findings: Sequence[Finding], context: Context) -> list[Finding]:
    """The findings of one file that are said here, with their severity here."""
    return [
        one if severity is one.severity else replace(one, severity=severity)
        for one, severity in zip(findings, grades(findings, context), strict=True)
        if severity
    ]


def _standing(found: Finding, context: Context, *, ours: bool) -> Severity | None:
    """Its severity before settings; `ours`: the workbook was made from this version of the form."""
    form, indicator = context.form, found.indicator or ""
    match found.code:
        case "other_version" if ours:
            return None
        case "code_moved" if not ours and all(indicator != each.code for each in form.lists):
            return None  # lines of another version stand elsewhere by rights
        case "not_found" if not ours:
            texts = {question.code: question for question in form.texts}
            item = form.indicators.get(indicator) or texts.get(indicator)
            # An older form may not have asked for it.
            return Severity.NOTE if item and not item.required else found.severity
        case "heading_differs" if not _names_another(found, context):
            return None  # units are renamed, and people word headings their own way
    return found.severity


def _names_another(found: Finding, context: Context) -> bool:
    """Whether a heading names another quarter, or another unit."""
    details = dict(found.details)
    said = same_name(str(details["said"]))
    return details["of"] != "unit" or any(same_name(unit.name) == said for unit in context.roster.units)
