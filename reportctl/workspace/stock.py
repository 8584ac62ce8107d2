"""What comes with the program: the stock workspace to begin with, and the sample to try."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from types import MappingProxyType

from reportctl.core.errors import ReportctlError
from reportctl.core.files import cannot_write, refuse_name, try_folder, write_atomic
from reportctl.core.language import LANGUAGES, _
from reportctl.core.period import Quarter
from reportctl.workspace.double_click import write_launcher
from reportctl.workspace.root import SETTINGS
from reportctl.workspace.setting_list import setting_named
from reportctl.workspace.settings import Workspace, open_workspace
from reportctl.workspace.settings_edit import SettingsFile, settings_file, with_setting, without_setting

REPORT_TEMPLATES = {"party": "report-party.docx", "state": "report-state.docx"}
# Other stock documents, in the same styles.
OTHER_DOCUMENTS = ("tom-tat", "don-vi")
OF_EACH_UNIT = frozenset({"don-vi"})
_FILES = ("form.toml", "units.csv", "plan.csv", SETTINGS)
# What the sample ends with; its being there shows that a folder is a copy of the sample.
_OUTCOME = "outcome.json"


def folder(name: str) -> Path:
    """The folder `templates` or `sample_data` that came with the program, from a wheel or a source tree."""
    package = Path(__file__).parent.parent
    installed = package / "_stock" / name
    return installed if installed.is_dir() else package.parent / name


def report_document(style: str, language: str) -> bytes:
    """The stock document that reports are filled into, in a style ("party" or "state") and a language ("vi",
    "en")."""
    return _document(REPORT_TEMPLATES[style], language)


def report_documents() -> dict[tuple[str, str], bytes]:
    """All stock documents that reports are filled into, by style and language."""
    return {
        (style, language): report_document(style, language)
        for style in REPORT_TEMPLATES
        for language in LANGUAGES
    }


def other_document(name: str, style: str, language: str) -> bytes:
    """The stock document of that `name`, one of `OTHER_DOCUMENTS`, in a style and a language."""
    return _document(f"{name}-{style}.docx", language)


def all_documents() -> list[bytes]:
    """Every stock document in every style and language."""
    others = [other_document(name, *written) for name in OTHER_DOCUMENTS for written in report_documents()]
    return [*report_documents().values(), *others]


def _document(name: str, language: str) -> bytes:
    """A stock document: those in Vietnamese stand beside the form, others in a folder of their language."""
    templates = folder("templates")
    return (templates / name if language == "vi" else templates / language / name).read_bytes()


def make_workspace(
    directory: Path,
    quarter: Quarter,
    style: str = "party",
    said: Mapping[str, str] = MappingProxyType({}),
    unset: Collection[str] = (),
    tables: Mapping[str, bytes] = MappingProxyType({}),
) -> Workspace:
    """A new workspace in `directory` whose current quarter is `quarter`, with reports in a style.

    `said` are other settings by key, in the words of an office, `unset` those of the stock file that do not
    hold; `tables` the workbooks units.xlsx and plan.xlsx in place of the stock ones.

    Raises `ReportctlError`, before anything is written, where the folder holds a workspace, or a file that a
    workspace would overwrite, and for settings that cannot be.
    """
    refuse_folder(directory)
    settings = stock_settings({"current": str(quarter), "style": style, **said}, unset)
    templates = folder("templates")
    replaced = {Path(name).stem for name in tables}
    for name in _FILES[:-1]:
        if Path(name).stem not in replaced:
            write_atomic(directory / name, (templates / name).read_bytes())
    for name, data in tables.items():
        write_atomic(directory / name, data)
    write_atomic(directory / "report.docx", report_document(style, settings.settings.language))
    for name in ("inbox", "outbox", "output"):
        (directory / name / str(quarter)).mkdir(parents=True, exist_ok=True)
    # Last, because its being there is what makes the folder a workspace.
    write_atomic(directory / SETTINGS, settings.text.encode())
    write_launcher(directory.resolve(), settings.settings.language)
    return open_workspace(directory.resolve())


def refuse_folder(directory: Path) -> None:
    """Raises `ReportctlError` where no workspace can be made in `directory`: it holds one, or a file that one
    brings with it, or nothing can be written there."""
    refuse_name(directory)
    names = (*_FILES, "report.docx", "units.xlsx", "plan.xlsx")
    try:
        if (directory / SETTINGS).exists():
            raise ReportctlError(
                _("{path} holds a workspace already; choose another folder.").format(path=directory)
            )
        present = [name for name in names if (directory / name).exists()]
        there = next(folder for folder in (directory, *directory.absolute().parents) if folder.exists())
    except OSError as error:
        raise cannot_write(directory, error) from error
    if present:
        raise ReportctlError(
            _(
                "{path} holds {files} already, which a workspace brings with it; choose another folder."
            ).format(path=directory, files=", ".join(present))
        )
    if not there.is_dir():
        raise ReportctlError(
            _("{path} is a file, and no folder can be made there; choose another folder.").format(path=there)
        )
    try:
        try_folder(there)
    except OSError as error:
        raise cannot_write(directory, error, folder=True) from error


def stock_settings(said: Mapping[str, str], unset: Collection[str] = ()) -> SettingsFile:
    """The stock settings with those changed that are `said`, and without those `unset`.

    Raises `ReportctlError` for what cannot be set.
    """
    file = settings_file(folder("templates"))
    for key in unset:
        file = without_setting(file, setting_named(key, {}))
    for key, typed in said.items():
        file = with_setting(file, setting_named(key, {}), typed)
    return file


def copy_sample(directory: Path) -> Workspace:
    """The sample workspace in `directory`; where it was copied before, what is missing is copied again.

    Raises `ReportctlError` where the folder holds something else.
    """
    refuse_name(directory)
    sample = folder("sample_data")
    inhabited = directory.is_dir() and any(directory.iterdir())
    if directory.exists() and (
        not directory.is_dir() or (inhabited and not (directory / _OUTCOME).is_file())
    ):
        raise ReportctlError(
            _("{path} is there already and is not the sample; name an empty or a new folder.").format(
                path=directory
            )
        )
    for source in sorted(sample.rglob("*")):
        target = directory / source.relative_to(sample)
        if source.is_file() and not target.exists():
            write_atomic(target, source.read_bytes())
    workspace = open_workspace(directory.resolve())
    write_launcher(workspace.root, workspace.settings.language)
    return workspace


def expected_outcome(directory: Path) -> dict[str, int]:
    """How many units of the sample's latest quarter end in which state; empty where that cannot be read."""
    try:
        found = json.loads((directory / _OUTCOME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
