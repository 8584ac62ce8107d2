"""One setting of reportctl.toml set or taken away, unless the file could not be used then."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportctl.core.errors import ReportctlError
from reportctl.core.files import read_file, write_atomic
from reportctl.core.language import _
from reportctl.core.toml import TomlError, same_values, toml_text, toml_values
from reportctl.core.typed import as_typed
from reportctl.workspace.root import SETTINGS
from reportctl.workspace.setting_list import Setting
from reportctl.workspace.setting_words import possible, read_value
from reportctl.workspace.settings import Settings, no_toml, settings_in
from reportctl.workspace.settings_text import as_wanted, key_of, with_value, without

_MARK = "\ufeff"
_RESEND_DAYS = "resend_days"


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """A reportctl.toml that can be read as TOML, whatever it says: its path, text and values."""

    path: Path
    text: str
    data: Mapping[str, Any]

    @property
    def settings(self) -> Settings:
        """Raises `ReportctlError` that names every wrong setting."""
        return settings_in(self.path, self.text)


def settings_file(root: Path) -> SettingsFile:
    """The settings in the folder `root`. Raises `ReportctlError` where they are no TOML."""
    path = root / SETTINGS
    try:
        text = toml_text(read_file(path))
        return SettingsFile(path, text, toml_values(text))
    except TomlError as error:
        raise no_toml(path, error) from error
    except ValueError as error:
        raise ReportctlError(_("{path} cannot be used: {reason}.").format(path=path, reason=error)) from error


def defaults() -> dict[str, Any]:
    """What holds where reportctl.toml is silent, by section as in the file."""
    said = Settings()
    sections = {
        name: dict(getattr(said, name)) for name in ("issuer", "cells", "workbook", "checks", "report")
    }
    top = {name: getattr(said, name) for name in ("language", "style", "data_window")}
    return {**top, **sections, "deadlines": {_RESEND_DAYS: said.resend_days}}


def with_setting(file: SettingsFile, setting: Setting, typed: str) -> SettingsFile:
    """The file in which `setting` says what was `typed`.

    Raises `ReportctlError` where that cannot be read, where the file could not be used then, or where it is
    written in a way in which it cannot be changed by itself.
    """
    try:
        current = file.settings.current
    except ReportctlError:  # what is wrong may be what is set here
        current = None
    value = read_value(setting.kind, setting.group, typed, current)
    example = _("For example: reportctl settings {key} {value}").format(
        key=setting.key, value=as_typed(setting.example)
    )
    if value is None:
        message = _("“{value}” cannot be read as a value of {key}.").format(value=typed, key=setting.key)
        if setting.kind == "choice":
            message = _("“{value}” is not possible for {key}; it can be {choices}.").format(
                value=typed, key=setting.key, choices=possible(setting.group)
            )
        raise ReportctlError(f"{message} {example}")
    return _changed(file, setting, value, example)


def without_setting(file: SettingsFile, setting: Setting) -> SettingsFile:
    """The file in which `setting` is not set. Raises as `with_setting`."""
    return _changed(file, setting, None, "")


def _changed(file: SettingsFile, setting: Setting, value: object | None, example: str) -> SettingsFile:
    key = key_of(setting.key)
    if value is None and key.name not in (file.data.get(key.section, {}) if key.section else file.data):
        return file
    text = without(file.text, key) if value is None else with_value(file.text, key, value)
    try:
        data = toml_values(text)
    except TomlError:
        data = {}
    wanted = as_wanted(file.data, key, value)
    if not same_values(data, wanted):
        line = f"# {key.name} = …" if value is None else key.assignment(value)
        where = _(" in the section [{section}]").format(section=key.section) if key.section else ""
        raise ReportctlError(
            _(
                "{path} is written in a way that cannot be changed by itself. Write there{where}: {line}"
            ).format(path=file.path, where=where, line=line)
        )
    changed = dataclasses.replace(file, text=text, data=data)
    try:
        _read = changed.settings
    except ReportctlError as error:
        sentences = (str(error), _("Nothing is written."), example)
        raise ReportctlError("\n".join(filter(None, sentences))) from error
    return changed


def write_settings(workspace: Path, file: SettingsFile) -> None:
    """Put the changed file in the place of the old one. Raises `ReportctlError` where that cannot be."""
    before = read_file(workspace / SETTINGS)
    mark = _MARK if before.startswith(_MARK.encode()) else ""
    write_atomic(workspace / SETTINGS, (mark + file.text).encode())
