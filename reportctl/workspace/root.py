"""Where the workspace is: for the language of a run this is asked before settings can be read.

A file of its own because what reads settings takes long to load, and `--version` and `--help` do without.
"""

from __future__ import annotations

import os
from pathlib import Path

from reportctl.core.errors import ReportctlError
from reportctl.core.language import _
from reportctl.core.typed import as_typed

SETTINGS = "reportctl.toml"


def root_if_any(given: Path | None, start: Path) -> Path | None:
    """The folder that is named as the workspace, `given` or in `$REPORTCTL_WORKSPACE`, whatever it holds.

    Where none is named: the nearest folder from `start` upwards that is a workspace, or None.
    """
    if named := given or os.environ.get("REPORTCTL_WORKSPACE"):
        return Path(named)
    return next((folder for folder in (start, *start.parents) if (folder / SETTINGS).is_file()), None)


def find_root(given: Path | None, start: Path) -> Path:
    """The workspace's folder: `given`, else `$REPORTCTL_WORKSPACE`, else the nearest from `start` upwards.

    Raises `ReportctlError` where that is no workspace, or where there is none.
    """
    root = root_if_any(given, start)
    if not (root and (root / SETTINGS).is_file()):
        from reportctl.core.files import refuse_misnamed

        refuse_misnamed((root or start) / SETTINGS)
    if root is None:
        raise ReportctlError(
            _(
                "There is no workspace here (no {settings} in this folder or above it). "
                "Make one with: reportctl init FOLDER, or name one with -w FOLDER."
            ).format(settings=SETTINGS)
        )
    if not (root / SETTINGS).is_file():
        raise ReportctlError(
            _(
                "{path} is no workspace: it holds no {settings}. Make one with: reportctl init {folder}"
            ).format(path=root, settings=SETTINGS, folder=as_typed(root))
        )
    return root.resolve()
