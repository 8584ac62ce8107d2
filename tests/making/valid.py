"""What openxml-audit finds wrong with a workbook or a document."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from openxml_audit import OpenXmlValidator


def errors(path: Path) -> list[Any]:
    """All errors of the file, each with its `description`; as a text with its place."""
    return list(_validator().validate(str(path)).errors)


@functools.cache
def _validator() -> OpenXmlValidator:
    validator = OpenXmlValidator(max_errors=0)  # with a limit the errors are counted again at each element
    _remember_what_is_right(validator._schema_validator)
    return validator


def _remember_what_is_right(schema: Any) -> None:
    """Let the same tags in the same order below the same kind of element be gone through once.

    Whether they may stand so is told by their names alone; it is half of an audit's time. Where anything is
    wrong nothing is remembered: its errors have places.
    """
    check = schema._validate_content_model
    right: dict[tuple[object, ...], Any] = {}  # with the models themselves, so that no other gets their id

    def checked(model: Any, children: list[Any], context: Any) -> None:
        key = (id(model), context.file_format, *(child.tag for child in children))
        if key in right:
            return
        before = len(context.errors)
        check(model, children, context)
        if len(context.errors) == before:
            right[key] = model

    schema._validate_content_model = checked
