"""A mistake in a file that the office keeps: what it is, where it stands."""

from __future__ import annotations

from dataclasses import dataclass

from reportctl.core.language import _
from reportctl.core.toml import Keys


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake in such a file: its line (None where there is no single one), what is wrong; the `path` of
    what it is in."""

    line: int | None
    place: str
    message: str
    path: Keys = ()

    def __str__(self) -> str:
        where = _("line {line}").format(line=self.line) if self.line else self.place
        return f"{where}: {self.message}"
