"""What was read of a blank workbook as text and back: it travels on a hidden sheet of the review."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from reportctl.adopt.blank_form import (
    BlankForm,
    IdentityCell,
    Question,
    ReadColumn,
    ReadRow,
    ReadTable,
    Refusal,
)
from reportctl.core.language import Phrase

_AREAS = ("inputs", "not_asked", "computed", "given")


def kept(form: BlankForm) -> str:
    """The text that `read_kept` makes `form` of again; the same for the same form."""
    return json.dumps(asdict(form), ensure_ascii=False, separators=(",", ":"), default=sorted)


def read_kept(text: str) -> BlankForm:
    """The form kept in `text`. Raises `ValueError` where it is not what `kept` has written."""
    try:
        data = json.loads(text)
        return BlankForm(
            **data
            | {
                "tables": tuple(map(_table, data["tables"])),
                "identity": tuple(IdentityCell(**one) for one in data["identity"]),
                "questions": tuple(map(_question, data["questions"])),
                "refused": tuple(Refusal(**one | {"why": Phrase(**one["why"])}) for one in data["refused"]),
                "unread": tuple(data["unread"]),
                "noted": tuple((question, answer) for question, answer in data["noted"]),
            }
        )
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(str(error)) from error


def _table(data: Mapping[str, Any]) -> ReadTable:
    areas = {name: _cells(data[name]) for name in _AREAS}
    return ReadTable(
        **dict(data)
        | areas
        | {
            "columns": tuple(map(_column, data["columns"])),
            "rows": tuple(ReadRow(**row) for row in data["rows"]),
            "value_at": tuple(data["value_at"]),
            "applies_to": tuple(data["applies_to"]),
        }
    )


def _cells(pairs: Iterable[Iterable[int]]) -> frozenset[tuple[int, int]]:
    return frozenset((row, column) for row, column in pairs)


def _column(data: Mapping[str, Any]) -> ReadColumn:
    return ReadColumn(**dict(data) | {"under": tuple(data["under"]), "choices": tuple(data["choices"])})


def _question(data: Mapping[str, Any]) -> Question:
    return Question(
        **dict(data) | {"question": Phrase(**data["question"]), "choices": tuple(data["choices"])}
    )
