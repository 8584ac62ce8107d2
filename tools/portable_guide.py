"""The documentation as it lies in the portable folder: pages that a browser shows from the disk."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDER = "huong-dan"
# Opens the guide by a double click in the program's folder, where an officer looks.
OPENER = "Hướng dẫn.html"
_THEME = "mkdocs-material"
# Of a site on a server: its map, the page for what is not there, what debuggers read. The search, which is
# off here, is another: a browser runs no worker from the disk, and the shim for that would be loaded from
# the network.
_OF_A_SERVER = re.compile(
    r"sitemap\.xml(\.gz)?|404\.html|.*\.map|search/.*|assets/javascripts/(lunr|workers)/.*"
)
_FROM_ELSEWHERE = re.compile(
    r"""<(script|img|iframe)[^>]*\ssrc=["']?(https?:)?//|<link[^>]*\shref=["']?(https?:)?//""", re.IGNORECASE
)
_REDIRECT = """<!DOCTYPE html>
<html lang="vi">
<meta charset="utf-8">
<title>reportctl</title>
<meta http-equiv="refresh" content="0; url={first}">
<p><a href="{first}">Hướng dẫn</a></p>
</html>
"""


@dataclass(frozen=True, slots=True)
class Guide:
    """The files of the documentation by their names in `FOLDER`, and the licence texts of what is not ours in
    them, with the name and the version of what that is (both empty where all is ours)."""

    files: Mapping[str, bytes]
    theme: str = ""
    version: str = ""
    licences: Mapping[str, str] | None = None

    @property
    def is_site(self) -> bool:
        """Whether it is pages for a browser; else the Markdown that they are made of."""
        return "index.html" in self.files


def guide() -> Guide:
    """The site, where this Python has what builds it (the extra `docs`); else its pages as they are written.

    Stops the program where the site cannot be built.
    """
    if importlib.util.find_spec("mkdocs") is None or importlib.util.find_spec("material") is None:
        return Guide(_files(ROOT / "docs"))
    with tempfile.TemporaryDirectory() as work:
        site = Path(work, "site")
        command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(site)]
        # The date of the files is part of what a site says of itself; what is built twice is the same.
        own = {"SITE_SEARCH": "false", "SOURCE_DATE_EPOCH": "315532800", "NO_MKDOCS_2_WARNING": "1"}
        if subprocess.run(command, check=False, cwd=ROOT, env={**os.environ, **own}).returncode:
            raise SystemExit("The documentation cannot be built (the message of mkdocs stands above)")
        files = {name: data for name, data in _files(site).items() if not _OF_A_SERVER.fullmatch(name)}
    return Guide(files, _THEME, importlib.metadata.version(_THEME), _licences())


def _files(folder: Path) -> dict[str, bytes]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def _licences() -> dict[str, str]:
    """The licence texts of the theme, and of the pictograms that come with it."""
    paths = importlib.metadata.files(_THEME) or []
    return {
        str(path): path.read_text(encoding="utf-8")
        for path in paths
        if re.fullmatch(r".*(dist-info/licenses|\.icons)/.*LICENSE(\.txt|\.md)?", path.as_posix())
    }


def opener() -> bytes:
    """The page at `OPENER`, which shows the first of the guide."""
    return _REDIRECT.format(first=f"{FOLDER}/index.html").encode()


def faults_of_guide(folder: Path) -> list[str]:
    """What is wrong with the guide in a portable `folder`, a sentence each: a page that is missing or empty,
    that loads something from elsewhere, leads to a folder, or offers a search."""
    pages = sorted((folder / FOLDER).rglob("*.html"))
    first = [folder / FOLDER / "index.html"] if pages else [folder / FOLDER / "index.md"]
    found = [f"{path.relative_to(folder).as_posix()} is missing" for path in first if not path.is_file()]
    for path in pages:
        text, name = path.read_text(encoding="utf-8"), path.relative_to(folder).as_posix()
        if _FROM_ELSEWHERE.search(text):
            found.append(f"{name} loads something from elsewhere")
        if re.search(r'<a [^>]*href="(\.|[^"]*/|(\.\./)*\.\.)"', text):
            found.append(f"{name} has a link to a folder, which a browser shows as a list of files")
        if 'data-md-component="search"' in text:
            found.append(f"{name} has a search, which does not work from the disk")
    return found
