"""What the parts of a form are called: by a code, and by a title, a label or headings in both languages."""

from __future__ import annotations

import itertools
from typing import Annotated, Protocol

from pydantic import BaseModel, ConfigDict, Field

from reportctl.core.language import Phrase

NonEmpty = Annotated[str, Field(min_length=1)]


class Model(BaseModel):
    """A part of a form as its file says it: never changed, without keys that are not known."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Titled(Model):
    """What has a code and a title."""

    code: NonEmpty
    title: NonEmpty
    title_en: str = ""

    @property
    def name(self) -> Phrase:
        """Its title in both languages."""
        return Phrase(self.title, self.title_en)


class Labelled(Model):
    """What has a code and a label."""

    code: NonEmpty
    label: NonEmpty
    label_en: str = ""

    @property
    def name(self) -> Phrase:
        """Its label in both languages."""
        return Phrase(self.label, self.label_en)


class Headed(Protocol):
    """A column of a table or of a list, below the headings `under` (in English `under_en`)."""

    @property
    def under(self) -> tuple[str, ...]: ...

    @property
    def under_en(self) -> tuple[str, ...]: ...

    @property
    def name(self) -> Phrase: ...


def headings(column: Headed) -> tuple[Phrase, ...]:
    """The headings that a column of a table or list stands below, the top one first, in both languages."""
    pairs = itertools.zip_longest(column.under, column.under_en, fillvalue="")
    return tuple(itertools.starmap(Phrase, pairs))


def whole_heading(column: Headed) -> Phrase:
    """A column's label after the headings above it: “Công lập / Nữ”."""
    parts = (*headings(column), column.name)
    return Phrase(*(" / ".join(one.in_language(language) for one in parts) for language in ("vi", "en")))
