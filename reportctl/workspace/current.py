"""The current quarter as `reportctl.toml` has it, and another one put in its place."""

from __future__ import annotations

import re

from reportctl.core.errors import ReportctlError
from reportctl.core.files import read_file, write_atomic
from reportctl.core.language import _
from reportctl.core.period import Quarter
from reportctl.core.toml import TomlError, toml_values
from reportctl.workspace.root import SETTINGS
from reportctl.workspace.settings import Workspace, open_workspace

_SECTION = re.compile(r"^[ \t]*\[", re.MULTILINE)  # what stands below is no setting of the whole workspace
_CURRENT = re.compile(r"""^(?P<name>[ \t]*current[ \t]*=[ \t]*)(?:"[^"\n]*"|'[^'\n]*')""", re.MULTILINE)
_MARK = "\ufeff"
_FOLDERS = ("inbox", "outbox", "output")


def begin(workspace: Workspace, quarter: Quarter) -> Workspace:
    """The workspace with `quarter` as its current one, and with the quarter's folders; all else that its
    settings say stays, letter for letter.

    Raises `ReportctlError` where the settings cannot be read or written, or the line is not to be found.
    """
    path = workspace.root / SETTINGS
    whole = read_file(path).decode("utf-8")
    text = whole.removeprefix(_MARK)
    changed = _with_current(text, quarter)
    if not _says_the_same_but_for_that(text, changed, quarter):
        raise ReportctlError(
            _('The quarter in {path} cannot be changed by itself. Write there: current = "{quarter}"').format(
                path=path, quarter=quarter
            )
        )
    for folder in _FOLDERS:
        (workspace.root / folder / str(quarter)).mkdir(parents=True, exist_ok=True)
    write_atomic(path, (whole[: len(whole) - len(text)] + changed).encode())
    return open_workspace(workspace.root)


def _with_current(text: str, quarter: Quarter) -> str:
    """The settings with another current quarter, in its place, else in a line before the first section."""
    section = _SECTION.search(text)
    head, rest = (text[: section.start()], text[section.start() :]) if section else (text, "")
    if _CURRENT.search(head):
        return _CURRENT.sub(rf'\g<name>"{quarter}"', head, count=1) + rest
    end = "\r\n" if "\r\n" in text else "\n"
    if head and not head.endswith("\n"):
        head += end
    return f'{head}current = "{quarter}"{end}{rest}'


def _says_the_same_but_for_that(text: str, changed: str, quarter: Quarter) -> bool:
    """Whether two texts of settings differ in the current quarter alone."""
    try:
        before, after = (toml_values(each) for each in (text, changed))
    except TomlError:
        return False
    return after == before | {"current": str(quarter)}
