"""What several tests share."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from reportctl import language

ROOT = Path(__file__).parent.parent
SOFFICE = shutil.which("soffice")

Convert = Callable[..., list[Path]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that need LibreOffice say so where it is absent; CI sets REPORTCTL_NO_SKIP and fails instead."""
    if SOFFICE:
        return
    for item in items:
        if item.get_closest_marker("libreoffice"):
            if os.environ.get("REPORTCTL_NO_SKIP"):
                raise pytest.UsageError("LibreOffice is not installed, and REPORTCTL_NO_SKIP is set")
            item.add_marker(pytest.mark.skip(reason="LibreOffice (soffice) is not installed"))


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Messages in English unless a test says otherwise, whatever the machine's own language is."""
    before = {name: os.environ.pop(name, None) for name in ("REPORTCTL_LANG", "REPORTCTL_WORKSPACE")}
    language.use("en")
    yield
    language.use("en")
    os.environ.update({name: value for name, value in before.items() if value is not None})


@pytest.fixture(scope="session")
def soffice(tmp_path_factory: pytest.TempPathFactory) -> Convert:
    """Opens files in LibreOffice and saves them: `soffice(files, to="xlsx", outdir=folder)`."""
    profile = tmp_path_factory.mktemp("libreoffice")

    def convert(files: Sequence[Path], to: str = "xlsx", outdir: Path | None = None) -> list[Path]:
        folder = outdir or tmp_path_factory.mktemp("saved")
        subprocess.run(
            [
                str(SOFFICE),
                "--headless",
                f"-env:UserInstallation={profile.as_uri()}",
                "--convert-to",
                to,
                "--outdir",
                str(folder),
                *map(str, files),
            ],
            check=True,
            capture_output=True,
            timeout=300,
        )
        saved = [folder / f"{file.stem}.{to.split(':')[0]}" for file in files]
        assert all(path.is_file() for path in saved), f"LibreOffice did not save {saved}"
        return saved

    return convert


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What the tests that try many cases report of them."""
    for report in (*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")):
        for name, said in report.user_properties:
            if name == "fuzz":
                terminalreporter.write_line(f"fuzz: {said}")
