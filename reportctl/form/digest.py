"""The hash of what a form asks, which stays as it is when this program learns further keys."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any

from pydantic import BaseModel

# By the name of a model, the fields that enter the hash whatever they say, in this order. A field that is not
# named here enters where it is not at its default: then workbooks that went out before there was such a field
# still answer the form. So nothing is ever added here, taken away or put elsewhere.
_ALWAYS: Mapping[str, tuple[str, ...]] = {
    "Form": ("id", "title", "title_en", "kinds", "sections", "lists", "texts", "rules"),
    "UnitKind": ("code", "title", "title_en"),
    "Section": ("code", "title", "title_en", "sentence", "sentence_en", "chart", "chart_of", "indicators"),
    "Indicator": (
        "code", "label", "label_en", "unit_of_measure", "unit_of_measure_en", "type", "over_units",
        "over_time", "required", "applies_to", "min", "max", "choices", "part_of", "numerator", "denominator",
        "per", "cumulative", "guide", "sentence", "sentence_en", "sentence_zero", "sentence_zero_en",
    ),
    "ListSection": ("code", "title", "title_en", "rows", "applies_to", "columns"),
    "ListColumn": (
        "code", "label", "label_en", "type", "required", "unit_of_measure", "min", "max", "choices",
    ),
    "TextQuestion": ("code", "label", "label_en", "required", "applies_to", "max_words", "guide"),
    "Rule": ("code", "check", "severity", "message", "message_en"),
}  # fmt: skip


def digest(model: BaseModel, left_out: Mapping[str, Collection[str]]) -> str:
    """Twelve hexadecimal digits of the hash of everything `model` says, but for the fields `left_out`.

    These are named by the name of their model. What a file does not say enters as the field's default.
    """
    text = json.dumps(_content(model, left_out), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _content(value: Any, left_out: Mapping[str, Collection[str]]) -> Any:
    """What of `value` is hashed, as JSON has it: fields by name, models within models too."""
    if isinstance(value, list | tuple):
        return [_content(one, left_out) for one in value]
    if not isinstance(value, BaseModel):
        return value
    hidden = left_out.get(type(value).__name__, ())
    content = {}
    for name, default, always in _fields(type(value)):
        said = getattr(value, name) if name in value.model_fields_set else default
        if name not in hidden and (always or said != default):
            content[name] = _content(said, left_out)
    return content


@functools.cache
def _fields(kind: type[BaseModel]) -> tuple[tuple[str, Any, bool], ...]:
    """The fields of a model in the order in which they enter the hash: the name, the default, and whether it
    enters always."""
    always, fields = _ALWAYS.get(kind.__name__, ()), kind.model_fields
    return tuple(
        (name, fields[name].get_default(call_default_factory=True), name in always)
        for name in (*always, *sorted(fields.keys() - set(always)))
    )
