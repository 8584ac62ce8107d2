"""What tests find on the machine: the repository's folders, LibreOffice, signals as POSIX has them."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "reportctl"
TEMPLATES = ROOT / "templates"
SAMPLE = ROOT / "sample_data"
TESTS = ROOT / "tests"
FIXTURES = TESTS / "fixtures"

SOFFICE = shutil.which("soffice")
Convert = Callable[..., list[Path]]  # what the fixture `soffice` gives

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


def modules(folder: Path) -> dict[str, str]:
    """The source of every Python module below `folder`, by its path from there; there must be some."""
    found = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*.py"))}
    assert found, f"there is no module in {folder}"
    return {name: path.read_text(encoding="utf-8") for name, path in found.items()}
