"""Relationships of the parts of an Office file (ECMA-376, part 2, 6.5: Open Packaging Conventions)."""

from __future__ import annotations

import functools
import posixpath
from typing import NamedTuple
from xml.etree import ElementTree as ET


class Relationship(NamedTuple):
    """A relationship: its id, the last word of its type, the part it leads to, in small letters."""

    id: str
    kind: str
    part: str


def relationships_part(part: str) -> str:
    """The name of the part that lists the relationships of `part`; an empty name stands for the package."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


@functools.lru_cache(maxsize=64)  # workbooks that one template made have mostly the same
def read_relationships(listed: bytes, part: str) -> tuple[Relationship, ...]:
    """The relationships of `part` inside the package, from the XML that lists them. Raises `ParseError`."""
    folder = posixpath.join("/", posixpath.dirname(part))
    return tuple(
        Relationship(
            element.get("Id", ""),
            element.get("Type", "").rpartition("/")[2],
            posixpath.normpath(posixpath.join(folder, element.get("Target", "")))[1:].lower(),
        )
        for element in ET.fromstring(listed)  # noqa: S314 - read where its document type has been looked for
        if element.get("TargetMode") != "External"
    )
