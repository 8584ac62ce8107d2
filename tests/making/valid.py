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
    return OpenXmlValidator(max_errors=0)  # with a limit the errors are counted again at each element
