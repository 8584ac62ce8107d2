"""What the version of the form that a workbook was made from did not ask yet: by the archive's copy of it."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reportctl.core.errors import ReportctlError
from reportctl.core.findings import Finding
from reportctl.form.form_file import load_form
from reportctl.form.model import Form, Indicator, ListSection, TextQuestion, applies
from reportctl.intake.job import Context
from reportctl.ledger.archive import kept_form

_FINGERPRINT = re.compile("[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class NewSince:
    """What is asked now and was not asked of the unit by the version that its workbook was made from: codes
    of questions, and the sheets on which there is nothing else."""

    codes: frozenset[str] = frozenset()
    sheets: frozenset[str] = frozenset()


def new_since(findings: Sequence[Finding], context: Context) -> NewSince:
    """What of all that was sought in vain in one file is new; nothing where the archive has no such version.

    The `findings` of a file tell its version, and under `new_question` what was sought in vain.
    """
    sought = [(one.indicator or "", dict(one.details)) for one in findings if one.code == "new_question"]
    version = next((one.value for one in findings if one.code == "other_version"), None)
    older = _older_form(context, version or "") if sought else None
    if older is None:
        return NewSince()
    asked = {str(details["of"]): _asked(older, str(details["of"])) for _code, details in sought}
    new = {code for code, details in sought if code not in asked[str(details["of"])]}
    known = {details["where"] for code, details in sought if code not in new}
    return NewSince(
        frozenset(new), frozenset(str(d["where"]) for _code, d in sought if d["where"] not in known)
    )


def forms_kept(context: Context) -> list[str]:
    """The fingerprints of the other versions that are in the archive, sorted."""
    folder = context.archive and kept_form(context.archive, "").parent
    if not folder or not folder.is_dir():
        return []
    return sorted({path.stem for path in folder.iterdir()} - {context.form.fingerprint})


def _older_form(context: Context, version: str) -> Form | None:
    """The archive's form of this fingerprint, where it is another one than that in force."""
    if context.archive is None or version == context.form.fingerprint or not _FINGERPRINT.fullmatch(version):
        return None
    path = kept_form(context.archive, version)
    return _form_in(path) if path.is_file() else None


@functools.lru_cache(maxsize=16)
def _form_in(path: Path) -> Form | None:
    """The form in a file of the archive; None where this version of the program cannot read it."""
    try:
        return load_form(path, kept=True)
    except ReportctlError:
        return None


@functools.lru_cache(maxsize=64)
def _asked(form: Form, kind: str) -> frozenset[str]:
    """The codes of all that the form asks of units of a kind, those of lists and of their columns too."""
    items: list[Indicator | TextQuestion | ListSection]
    items = [*form.indicators.values(), *form.texts, *form.lists]
    columns = (
        f"{section.code}.{column.code}"
        for section in form.lists
        for column in section.columns
        if applies(section, kind)
    )
    return frozenset((*(item.code for item in items if applies(item, kind)), *columns))
