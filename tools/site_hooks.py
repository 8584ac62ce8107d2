"""What the site of the documentation does for each page: its language, the same page in the other one.

mkdocs calls `on_page_context` before it writes a page. The theme takes one language for a whole site, and the
switch in its head leads to one page of each.
"""

from __future__ import annotations

import re
from typing import Any

_FIRST = {"vi": "index.md", "en": "guide/en/index.md"}
_NAMES = {"vi": "Tiếng Việt", "en": "English"}


def language_of(page: str) -> str:
    """The language of a page by its name in `docs/`: "vi" or "en"."""
    return "vi" if page == _FIRST["vi"] or page.startswith("guide/vi/") or page.endswith(".vi.md") else "en"


def in_language(page: str, language: str) -> str:
    """The name of the page that says the same in a language."""
    if language == language_of(page):
        return page
    if page in _FIRST.values():
        return _FIRST[language]
    if page.startswith("guide/"):
        return re.sub("^guide/(vi|en)/", f"guide/{language}/", page)
    return page.replace(".vi.md", ".md") if language == "en" else page.replace(".md", ".vi.md")


def on_page_context(context: dict[str, Any], page: Any, config: Any, nav: Any) -> dict[str, Any]:
    """Set the language of the theme's own words, and where its switch and its mark lead, for the `page`."""
    del nav
    name = page.file.src_uri
    config.theme["language"] = language_of(name)
    config.extra["alternate"] = [
        {"name": title, "lang": language, "link": _address(in_language(name, language))}
        for language, title in _NAMES.items()
    ]
    # By default that is the folder, of which a browser that reads from the disk shows the list of files.
    config.extra["homepage"] = _address(_FIRST[language_of(name)])
    return context


def _address(page: str) -> str:
    return page.replace(".md", ".html")
