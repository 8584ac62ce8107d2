"""The tables of form.toml and their keys, as the form's models have them."""

from __future__ import annotations

import functools
import typing
from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from reportctl.form.model import Form

# What tables of the form stand below: () is the file itself, ("sections", "indicators") a section's figures.
Kind = tuple[str, ...]

# In this order people read and write keys; those that are not named here come after them, as the model has
# them, the tables below and what speaks of these at the end.
_FIRST = (
    "id", "code", "no", "label", "title", "label_en", "title_en", "caption", "caption_en", "under", "level",
    "is", "of", "type", "unit_of_measure", "unit_of_measure_en", "check", "severity", "message", "message_en",
    "sum", "computed",
)  # fmt: skip
_LAST = (
    "kinds",
    "sections",
    "indicators",
    "tables",
    "lists",
    "texts",
    "themes",
    "rules",
    "columns",
    "rows",
    "not_asked",
)


def _models(kind: Kind, model: type[BaseModel]) -> Iterator[tuple[Kind, type[BaseModel]]]:
    """The model of the tables of this kind, and of all kinds below it."""
    yield kind, model
    for name, field in model.model_fields.items():
        inner = typing.get_args(field.annotation)[:1]
        if inner and isinstance(inner[0], type) and issubclass(inner[0], BaseModel):
            yield from _models((*kind, name), inner[0])


MODELS: Mapping[Kind, type[BaseModel]] = dict(_models((), Form))
# The names of the kinds directly below a kind, in the model's order.
BELOW: Mapping[Kind, tuple[str, ...]] = {
    kind: tuple(each[-1] for each in MODELS if each and each[:-1] == kind) for kind in MODELS
}


@functools.cache
def keys(kind: Kind) -> tuple[str, ...]:
    """The keys of a table of this kind in the order in which people write them, the kinds below it too."""
    known = [field.alias or name for name, field in MODELS[kind].model_fields.items()]
    first = [key for key in _FIRST if key in known]
    last = [key for key in _LAST if key in known and (key in BELOW[kind] or key == "not_asked")]
    return (*first, *(key for key in known if key not in {*first, *last}), *last)
