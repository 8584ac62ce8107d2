"""Cache keys: hashes of what each step of a merge depended on. A step whose key is as it was is left out.

| step | depends, besides its input, on |
| --- | --- |
| reading a file | how the program reads (`READING`), what form and version ask where, its unit in units.csv |
| checking a submission | the program's version, the whole form, the quarter's data window |
| grading its findings | the program's version, the form, severities, the units' names |
| evaluating a quarter | all that, decisions, settings, plan, what counts in quarters it is compared with |

So a file is read again only where other questions are asked of it; where only rules or settings changed, the
answers in the ledger are checked again, or their findings graded again.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass

from reportctl import __version__
from reportctl.core.files import digest
from reportctl.core.period import Quarter
from reportctl.form.addresses import addresses_toml
from reportctl.form.model import Form
from reportctl.intake.job import Context
from reportctl.intake.versions import as_renamed, version_of
from reportctl.ledger.rows import SubmissionRecord
from reportctl.ledger.versions import is_fingerprint
from reportctl.workspace.settings import Settings

# How workbooks are read; another number where a change of the program reads any of them otherwise.
READING = 10
# How answers on another version of the form are brought over; as above, for these workbooks alone.
_BRINGING_OVER = 2


@dataclass(frozen=True)
class CacheKeyMaker:
    """Makes the cache keys of the quarter whose files are read against `context`."""

    context: Context

    def reading(self, unit: str | None, version: str, *, dash: bool) -> str:
        """The key of reading a file that names the `unit`, and the `version` of the form that it was made
        from; `dash`: it changes with what a dash means, too."""
        rows = [(one.code, one.name, one.kind) for one in self.context.roster.rows(unit or "")]
        present = self.context.units.get(unit or "")
        of_unit = _hash(rows, present and (present.name, present.kind))
        return f"{self._reading} {of_unit} {self._version(version)} {self.context.dash if dash else ''}"

    @functools.cached_property
    def _reading(self) -> str:
        addresses = self.context.form.addresses
        places = (addresses_toml(addresses),) if addresses else ()
        return _hash(READING, self.context.form.reading, str(self.context.quarter), *places)

    @functools.cached_property
    def _versions(self) -> dict[str, str]:
        """What `_version` gave, by fingerprint: thousands of files are made from the same."""
        return {}

    def _version(self, fingerprint: str) -> str:
        """The fingerprint of a version of the form, and what is read by it where it is another one."""
        if fingerprint not in self._versions:
            self._versions[fingerprint] = self._read_as(fingerprint)
        return self._versions[fingerprint]

    def _read_as(self, fingerprint: str) -> str:
        kept = version_of(self.context, fingerprint)
        renamed = [_renamed(one) for one in as_renamed(self.context, kept)] if kept else []
        named = fingerprint if is_fingerprint(fingerprint) else ""
        return f"{named}={_hash(_BRINGING_OVER, kept.reading, renamed) if kept else ''}"

    @functools.cached_property
    def checking(self) -> str:
        """The key of checking a submission of the quarter."""
        return _hash(__version__, self.context.form.fingerprint, str(self.context.day))

    @functools.cached_property
    def grading(self) -> str:
        """The key of grading the findings of the quarter."""
        context = self.context
        names = sorted({unit.name for unit in context.roster.units})
        return _hash(__version__, context.form.fingerprint, sorted(context.severities.items()), names)

    def is_read(self, known: SubmissionRecord) -> bool:
        """Whether reading the submission's file again would give the same."""
        key = self.reading(known.unit, version_in(known), dash=False)
        return known.keys.read in (key, key + self.context.dash)

    def is_checked(self, known: SubmissionRecord) -> bool:
        """Whether checking and grading the submission again would give the same."""
        return (known.keys.checked, known.keys.graded) == (self.checking, self.grading)

    def outer(
        self, settings: Settings, decided: str, counting: Mapping[Quarter, str], planned: str = ""
    ) -> str:
        """The key of all that evaluating the quarter depends on but its own files and how they are checked.

        `decided` is the key of its decisions, `counting` those of what counts in earlier quarters, `planned`
        that of the plan.
        """
        context = self.context
        amounts = [
            (i.code, i.type, i.per, i.cumulative, i.over_units, i.over_time, i.applies_to)
            for i in context.form.compared.values()
        ]
        units = [
            (unit.code, unit.kind, str(unit.valid_from), str(unit.valid_to), unit.predecessors)
            for unit in context.roster.units
        ]
        quarters = compared_quarters(context.quarter, settings)
        if context.form.asks_earlier or context.form.shows_earlier:
            quarters += [context.quarter.previous, context.quarter.year_ago, *context.quarter.to_date[:-1]]
        before = [counting.get(quarter, "") for quarter in quarters]
        checks = settings.checks.model_dump()
        # A correction may be a dash, in this quarter or an earlier one.
        of_form = amounts, _renamed(context.form)
        return _hash(
            __version__, decided, context.dash, settings.data_window, checks, of_form, units, before, planned
        )


def version_in(known: SubmissionRecord) -> str:
    """The fingerprint of the form that a submission was made from, by the key of its reading; else empty."""
    return known.keys.read.rpartition(" ")[0].rpartition(" ")[2].partition("=")[0]


def _renamed(form: Form) -> tuple[object, ...]:
    """What the form calls otherwise than earlier versions of it."""
    return tuple(sorted(of.items()) for of in (form.renamed, form.renamed_lists, form.renamed_columns))


def _hash(*parts: object) -> str:
    return digest(json.dumps(parts).encode())[:16]


def compared_quarters(quarter: Quarter, settings: Settings) -> list[Quarter]:
    """The quarters that `quarter` is compared with, newest first."""
    found = [quarter.previous]
    while len(found) < settings.checks.quarters:
        found.append(found[-1].previous)
    return found
