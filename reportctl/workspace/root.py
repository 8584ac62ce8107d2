"""Finding the workspace's folder."""

from __future__ import annotations

import os
from pathlib import Path

from reportctl.core.errors import ReportctlError
from reportctl.core.language import _

SETTINGS = "reportctl.toml"


def named_root(given: Path | None) -> Path | None:
    """The folder that is named as the workspace: `given`, else `$REPORTCTL_WORKSPACE`."""
    return given or (Path(env) if (env := os.environ.get("REPORTCTL_WORKSPACE")) else None)


def nearest_root(start: Path) -> Path | None:
    """The nearest folder from `start` upwards that is a workspace."""
    return next((folder for folder in (start, *start.parents) if (folder / SETTINGS).is_file()), None)


def find_root(given: Path | None, start: Path) -> Path:
    """The workspace's folder: `given`, else `$REPORTCTL_WORKSPACE`, else the nearest from `start` upwards."""
    named = named_root(given)
    if named:
        if (named / SETTINGS).is_file():
            return named.resolve()
        raise ReportctlError(
            _("{path} is no workspace: it holds no {settings}. Make one with: reportctl init {path}").format(
                path=named, settings=SETTINGS
            )
        )
    if nearest := nearest_root(start):
        return nearest.resolve()
    raise ReportctlError(
        _(
            "There is no workspace here (no {settings} in this folder or above it). "
            "Make one with: reportctl init FOLDER, or name one with -w FOLDER."
        ).format(settings=SETTINGS)
    )
