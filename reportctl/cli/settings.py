"""The command `settings`: what stands in reportctl.toml, shown and set."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportctl.cli import completing
from reportctl.cli.arguments import FormatOption, ResultOption, argument, option
from reportctl.cli.output import emit
from reportctl.cli.to_file import result_to_file
from reportctl.core.errors import ReportctlError, say
from reportctl.core.language import _
from reportctl.core.typed import as_typed
from reportctl.ledger.session import Session

if TYPE_CHECKING:
    from reportctl.workspace.setting_list import Setting
    from reportctl.workspace.settings_edit import SettingsFile


@result_to_file()
def settings(
    context: typer.Context,
    key: Annotated[
        str | None, argument("KEY", _("The setting, as issuer.place; default: all."), completing.settings)
    ] = None,
    value: Annotated[
        list[str] | None,
        argument("VALUE", _("What it is to say, as an office writes it: 20/3, có, 3,5, 80%.")),
    ] = None,
    unset: Annotated[
        str | None,
        option(
            "--unset", _("Take the setting away; its default holds then."), "KEY", completing.settings_set
        ),
    ] = None,
    format_: FormatOption = "table",
    out: ResultOption = None,  # noqa: ARG001 - what is printed goes there
) -> None:
    from reportctl.workspace.setting_list import (
        all_said,
        said_of,
        setting_named,
        settings_json,
        settings_table,
    )
    from reportctl.workspace.settings_edit import (
        defaults,
        settings_file,
        with_setting,
        without_setting,
    )

    session: Session = context.obj
    root = session.root
    if unset is not None and key is not None:
        raise ReportctlError(_("--unset takes the setting by itself: reportctl settings --unset KEY"))
    file = settings_file(root)
    if unset is not None:
        section, _dot, name = unset.strip().partition(".")
        said = file.data.get(section)
        is_set = (
            isinstance(said, dict) and name in said
        )  # a deadline of a kind that the form no longer has, too
        setting = setting_named(unset, {} if is_set else _kinds(root))
        _write(root, setting, file, without_setting(file, setting))
    elif key is not None and value:
        setting = setting_named(key, _kinds(root))
        _write(root, setting, file, with_setting(file, setting, " ".join(value)))
    else:
        _checked = file.settings
        listed = all_said(file.data, defaults())
        if key is not None:
            listed = [said_of(setting_named(key, _kinds(root)), file.data, defaults())]
        emit(settings_table(listed), format_, lambda: {"settings": settings_json(listed)})
        if format_ == "table":
            one = listed[0].setting
            example = ("deadlines.default", "20/3") if key is None else (one.key, one.example)
            say(
                _("To change one: reportctl settings {key} {value}").format(
                    key=example[0], value=as_typed(example[1])
                )
            )


def _kinds(root: Path) -> Mapping[str, str]:
    """The form's kinds of units and their titles; none where the form cannot be read."""
    from reportctl.form.form_file import load_form

    try:
        return {kind.code: str(kind.name) for kind in load_form(root / "form.toml").kinds}
    except ReportctlError:
        return {}


def _write(root: Path, setting: Setting, before: SettingsFile, after: SettingsFile) -> None:
    from reportctl.workspace.setting_list import said_of, value_said
    from reportctl.workspace.settings_edit import defaults, write_settings

    old, new = (said_of(setting, file.data, defaults()) for file in (before, after))
    if after.text != before.text:
        write_settings(root, after)
    was, now = (value_said(setting, one.value) or _("(empty)") for one in (old, new))
    if was == now:
        say(_("{key}: {value}, as before.").format(key=setting.key, value=now))
    else:
        say(_("{key}: {old} → {new}.").format(key=setting.key, old=was, new=now))
    if setting.kind == "deadline" and (quarter := after.settings.current):
        from reportctl.core import wording

        kind = setting.key.partition(".")[2]
        day = after.settings.deadline("" if kind == "default" else kind, quarter)
        say(
            _("Deadline of {period}: {day}.").format(
                period=wording.period_words(quarter), day=wording.date_short(day)
            )
        )
