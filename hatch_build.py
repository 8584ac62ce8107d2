"""Compile the message catalogues, .po to .mo, in every build: wheels and `pip install -e`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogueHook(BuildHookInterface):
    """Writes every catalogue beside its source and takes it into the wheel, though git ignores it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's
        """Compile before hatchling collects files; an editable install reads them where they are."""
        for source in sorted(Path(self.root, "reportctl", "locale").glob("*/LC_MESSAGES/*.po")):
            compiled = source.with_suffix(".mo")
            with source.open("rb") as handle, compiled.open("wb") as target:
                write_mo(target, read_po(handle, locale=source.parent.parent.name))
            build_data["artifacts"].append(compiled.relative_to(self.root).as_posix())
