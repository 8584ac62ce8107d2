"""The current quarter as `reportctl.toml` has it, and another one put in its place."""

from __future__ import annotations

from reportctl.core.period import Quarter
from reportctl.workspace.setting_list import setting_named
from reportctl.workspace.settings import Workspace, open_workspace
from reportctl.workspace.settings_edit import settings_file, with_setting, write_settings

_FOLDERS = ("inbox", "outbox", "output")


def begin(workspace: Workspace, quarter: Quarter) -> Workspace:
    """The workspace with `quarter` as its current one, and with the quarter's folders; all else that its
    settings say stays, letter for letter.

    Raises `ReportctlError` where the settings cannot be read or written.
    """
    changed = with_setting(settings_file(workspace.root), setting_named("current", {}), str(quarter))
    for folder in _FOLDERS:
        (workspace.root / folder / str(quarter)).mkdir(parents=True, exist_ok=True)
    write_settings(workspace.root, changed)
    return open_workspace(workspace.root)
