"""Names of marked copies: `NAME.marked.xlsx` of the file NAME that came."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from reportctl.core.files import plain_name

SUFFIX = ".marked"
_EXTENSION = re.compile(r"(?<=[^/])\.[^./]+$")  # pathlib differs between versions of Python


def stem_of(name: str) -> str:
    """A name without its extension, and without the one that a marked copy has."""
    return plain_name(_EXTENSION.sub("", str(PurePosixPath(name))).removesuffix(SUFFIX))


def are_marked(folder: Path, files: Mapping[str, Path]) -> bool:
    """Whether `folder` has a marked copy of each of the files, by name as it came in, that is not older."""
    copies = {
        path.name.rpartition(f"{SUFFIX}.")[0].lower(): path for path in folder.glob(f"*{SUFFIX}.xls[xm]")
    }

    def is_marked(name: str, file: Path) -> bool:
        stems = (stem_of(PurePosixPath(name).name), stem_of(name))  # with its folders where two have one name
        copy = next((copies[stem.lower()] for stem in stems if stem.lower() in copies), None)
        return copy is not None and _saved(file) <= _saved(copy)

    return all(is_marked(name, file) for name, file in files.items())


def _saved(path: Path) -> float:
    """When a file was saved; one that is in an archive, or gone, long ago."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
