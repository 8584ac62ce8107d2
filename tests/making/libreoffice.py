"""LibreOffice as a program that runs on and saves one file after another."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.making.machine import SOFFICE, Convert
from tests.making.word_documents import SECTION, docx, p, run


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Convert]:
    """`convert(files, to="xlsx", outdir=folder)` opens files and saves them; `folder` is for its own.

    A LibreOffice that has a document open does not end. Another one with the same profile hands it its files,
    waits until they are saved, and need not load all of LibreOffice.
    """
    program = [str(SOFFICE), "--headless", "--norestore", f"-env:UserInstallation={(folder / 'p').as_uri()}"]
    open_document = folder / "open.docx"
    open_document.write_bytes(docx(p(run("open")) + SECTION))
    office = subprocess.Popen(
        [*program, str(open_document)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # soffice is a script that starts the office: both are ended together
    )

    def convert(files: Sequence[Path], to: str = "xlsx", outdir: Path | None = None) -> list[Path]:
        target = outdir or folder / f"saved{len(list(folder.iterdir()))}"
        assert target not in {file.parent for file in files if file.suffix == f".{to.split(':')[0]}"}
        command = [*program, "--convert-to", to, "--outdir", str(target), *map(str, files)]
        saved = [target / f"{file.stem}.{to.split(':')[0]}" for file in files]
        for path in saved:
            path.unlink(missing_ok=True)
        # LibreOffice sometimes crashes; what it cannot read it cannot read twice.
        for _attempt in range(2):
            subprocess.run(command, check=False, capture_output=True, timeout=300)
            if all(path.is_file() for path in saved):
                return saved
        raise AssertionError(f"LibreOffice did not save {saved}")

    try:
        end = time.monotonic() + 60
        while not (folder / ".~lock.open.docx#").exists() and time.monotonic() < end:
            time.sleep(0.05)
        yield convert
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(office.pid, signal.SIGKILL)
        office.wait()
