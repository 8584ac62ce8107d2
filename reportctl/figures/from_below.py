"""Which answers offices below have handed up, and of what: as the originals of their workbooks say."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from reportctl.core.files import read_file
from reportctl.core.period import Quarter
from reportctl.form.hidden_sheet import HandedUp, read_handed_up
from reportctl.form.layout import META
from reportctl.form.model import Form
from reportctl.form.renamed import called_in
from reportctl.ledger.archive import kept_original
from reportctl.ledger.ledger import Ledger
from reportctl.ledger.rows import ValueRecord
from reportctl.ledger.versions import kept_forms
from reportctl.workbooks.book import BookError
from reportctl.workbooks.misread import restored
from reportctl.workbooks.open_book import open_book
from reportctl.workbooks.safety import inspect
from reportctl.workbooks.zips import RefusedError


@dataclass(frozen=True)
class FromBelow:
    """Looks answers up in the originals that the folder `archive` keeps; an original is read once."""

    ledger: Ledger
    form: Form
    archive: Path
    _files: dict[Quarter, set[tuple[str | None, str]]] = field(default_factory=dict)
    _said: dict[str, Mapping[str, HandedUp]] = field(default_factory=dict)

    def of(self, answer: ValueRecord) -> HandedUp | None:
        """What the answer was handed up of; None where it was not, or was changed since.

        Raises `ReportctlError` where the original cannot be read.
        """
        if answer.by != "file" or not isinstance(answer.value, int | float):
            return None
        if answer.period not in self._files:
            self._files[answer.period] = self.ledger.files_with(answer.period, {"handed_up"})
        if (answer.unit, answer.file) not in self._files[answer.period]:
            return None
        if answer.sha256 not in self._said:
            self._said[answer.sha256] = self._read(answer.sha256)
        found = self._said[answer.sha256].get(answer.code)
        with contextlib.suppress(ValueError):
            if found and math.isclose(float(found.value), answer.value, rel_tol=1e-12):
                return found
        return None

    def _read(self, sha256: str) -> dict[str, HandedUp]:
        """What an original says, by the codes of today; nothing where it is kept no more."""
        path = kept_original(self.archive, sha256)
        data = read_file(path) if path else b""
        inspected = inspect(data, path.name if path else "", len(data))
        if not inspected.readable:
            return {}
        try:
            book, _of_sheets = open_book(inspected, data)
            book = restored(book, self.form.codes)
        except (BookError, RefusedError):
            return {}
        rows = next((sheet.rows for sheet in book.sheets if sheet.name == META), ())
        return {self._today(one.code): one for one in read_handed_up(rows)}

    def _today(self, code: str) -> str:
        """What the form calls the figure that the version of an original called `code`."""
        if code in self.form.indicators:
            return code
        return called_in(code, self.form, kept_forms(self.archive)) or code


def of_share(above: HandedUp | None, below: HandedUp | None) -> HandedUp | None:
    """What a share was handed up of, whose numerator and denominator are these."""
    if above is None or below is None:
        return above or below
    fewer = min(above, below, key=lambda one: one.given - one.asked)
    return HandedUp("", "", f"{above.source} / {below.source}", fewer.given, fewer.asked)
