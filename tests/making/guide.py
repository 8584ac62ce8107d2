"""The pages of docs/guide/, taken apart: what is typed in them, and what stands behind it unseen.

What a reader types stands in blocks marked `powershell`, a command a line. Comments before a block say what
only the tests need: `<!-- before: NAME -->` what lies in the folder by then, `<!-- exits: 1 0 -->` how each
line ends (else with 0). `<!-- start: NAME -->` at the head of a page names the folder it begins in. Blocks
marked `text` are shown and not run.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.making.machine import ROOT

DOCS = ROOT / "docs"
GUIDE = DOCS / "guide"
LANGUAGES = ("vi", "en")

_BLOCK = re.compile(r"((?:^<!-- [a-z]+: [^\n]* -->\n\n?)*)^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"<!-- ([a-z]+): (.*?) -->")


class Step(NamedTuple):
    """A command line of a page, as words, and the exit code it is to have."""

    words: tuple[str, ...]
    code: int


class Block(NamedTuple):
    """What is typed at one place of a page: what lies in the folder by then, and the command lines."""

    before: tuple[str, ...]
    steps: tuple[Step, ...]


def names() -> list[str]:
    """The names of the guide's pages about one task each, the same in both languages."""
    return sorted(page.name for page in (GUIDE / "vi").glob("*.md"))


def page(lang: str, name: str) -> Path:
    """A page of the guide."""
    return GUIDE / lang / name


def every_page() -> list[Path]:
    """All pages of the guide, with the ones they begin from."""
    return [DOCS / "index.md", *sorted(GUIDE.rglob("*.md"))]


def start(text: str) -> str:
    """The folder that a page begins in: `demo`, `new`, or `empty`."""
    (found,) = re.findall(r"<!-- start: (\w+) -->", text)
    return str(found)


def fences(text: str) -> list[str]:
    """What the blocks of a page are marked as."""
    return [mark for _comments, mark, _inside in _BLOCK.findall(text)]


def blocks(text: str) -> Iterator[Block]:
    """What is typed on a page, from top to bottom."""
    for comments, mark, inside in _BLOCK.findall(text):
        if mark != "powershell":
            continue
        said = _COMMENT.findall(comments)
        before = tuple(value for key, value in said if key == "before")
        exits = [int(code) for key, value in said if key == "exits" for code in value.split()]
        lines = inside.splitlines()
        assert not exits or len(exits) == len(lines), inside
        codes = exits or [0] * len(lines)
        yield Block(
            before,
            tuple(Step(tuple(shlex.split(line)), code) for line, code in zip(lines, codes, strict=True)),
        )


def inline_commands(text: str) -> list[str]:
    """The command lines that stand within sentences of a page, in backticks."""
    without_blocks = _BLOCK.sub("", text)
    return [code for code in re.findall(r"`([^`\n]+)`", without_blocks) if code.startswith("reportctl ")]
