"""What comes with the program: the stock workspace to begin with, and the sample to try."""

from __future__ import annotations

import json
import re
from pathlib import Path

from reportctl.core.errors import ReportctlError
from reportctl.core.files import refuse_name, write_atomic
from reportctl.core.language import _
from reportctl.core.period import Quarter
from reportctl.workspace.root import SETTINGS
from reportctl.workspace.settings import Workspace, open_workspace

REPORT_TEMPLATES = {"party": "report-party.docx", "state": "report-state.docx"}
# Other stock documents, in the same styles.
OTHER_DOCUMENTS = ("tom-tat", "don-vi")
OF_EACH_UNIT = frozenset({"don-vi"})
_FILES = ("form.toml", "units.csv", "plan.csv", SETTINGS)
# What the sample ends with; its being there shows that a folder is a copy of the sample.
_OUTCOME = "outcome.json"
_CURRENT = re.compile(r'^current\s*=\s*".*"', re.MULTILINE)
_STYLE = re.compile(r'^style\s*=\s*".*"', re.MULTILINE)


def folder(name: str) -> Path:
    """The folder `templates` or `sample_data` that came with the program, from a wheel or a source tree."""
    package = Path(__file__).parent.parent
    installed = package / "_stock" / name
    return installed if installed.is_dir() else package.parent / name


def report_document(style: str) -> bytes:
    """The stock document of a style, "party" or "state", that reports are filled into."""
    return (folder("templates") / REPORT_TEMPLATES[style]).read_bytes()


def other_document(name: str, style: str) -> bytes:
    """The stock document of that `name`, one of `OTHER_DOCUMENTS`, in a style."""
    return (folder("templates") / f"{name}-{style}.docx").read_bytes()


def all_documents() -> list[bytes]:
    """Every stock document in every style."""
    others = [other_document(name, style) for name in OTHER_DOCUMENTS for style in REPORT_TEMPLATES]
    return [*map(report_document, REPORT_TEMPLATES), *others]


def make_workspace(directory: Path, quarter: Quarter, style: str = "party") -> Workspace:
    """A new workspace in `directory` whose current quarter is `quarter`, with reports in a style.

    Raises `ReportctlError` where the folder holds a workspace, or a file that a workspace would overwrite.
    """
    refuse_name(directory)
    if (directory / SETTINGS).exists():
        raise ReportctlError(
            _("{path} holds a workspace already; choose another folder.").format(path=directory)
        )
    names = (*_FILES, "report.docx", "units.xlsx", "plan.xlsx")
    present = [name for name in names if (directory / name).exists()]
    if present:
        raise ReportctlError(
            _(
                "{path} holds {files} already, which a workspace brings with it; choose another folder."
            ).format(path=directory, files=", ".join(present))
        )
    templates = folder("templates")
    for name in _FILES[:-1]:
        write_atomic(directory / name, (templates / name).read_bytes())
    write_atomic(directory / "report.docx", report_document(style))
    for name in ("inbox", "outbox", "output"):
        (directory / name / str(quarter)).mkdir(parents=True, exist_ok=True)
    settings = (templates / SETTINGS).read_text(encoding="utf-8")
    settings = _STYLE.sub(f'style = "{style}"', _CURRENT.sub(f'current = "{quarter}"', settings))
    # Last, because its being there is what makes the folder a workspace.
    write_atomic(directory / SETTINGS, settings.encode())
    return open_workspace(directory.resolve())


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
    return open_workspace(directory.resolve())


def expected_outcome(directory: Path) -> dict[str, int]:
    """How many units of the sample's latest quarter end in which state; empty where that cannot be read."""
    try:
        found = json.loads((directory / _OUTCOME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
