"""Every text file is opened with an encoding: Windows would take the one of its language."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.making.machine import PACKAGE, ROOT, modules

# How many arguments stand before the encoding, and which of them is the mode.
_OPENING = {"open": (3, 1), "read_text": (0, None), "write_text": (1, None), "fdopen": (3, 1)}
_OF_PATH = {"open": (2, 0), "read_text": (0, None), "write_text": (1, None)}


def without_encoding(source: str) -> Iterator[int]:
    """The lines that open a text file without saying its encoding."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        known = (_OF_PATH if isinstance(function, ast.Attribute) else _OPENING).get(name)
        if known is None or any(keyword.arg == "encoding" for keyword in node.keywords):
            continue
        before, place = known
        modes = [keyword.value for keyword in node.keywords if keyword.arg == "mode"]
        modes += node.args[place : place + 1] if place is not None else []
        mode = str(modes[0].value if isinstance(modes[0], ast.Constant) else "?") if modes else "r"
        # Other things are opened, too (a package, a part of one): with what is no mode.
        if set(mode) <= set("rwxat+") and len(node.args) <= before:
            yield node.lineno


def test_what_is_found() -> None:
    wrong = [
        "path.open()",
        "path.open('w')",
        "open(path)",
        "open(path, 'w')",
        "path.read_text()",
        "path.write_text(x)",
    ]
    right = [
        "path.open('rb')",
        "open(path, 'wb')",
        "path.read_text('utf-8')",
        "path.read_text(encoding='utf-8')",
        "path.open('w', encoding='utf-8')",
        "package.open(part)",
    ]
    assert [line for line in wrong if not list(without_encoding(line))] == []
    assert [line for line in right if list(without_encoding(line))] == []


def test_every_text_file_is_opened_with_an_encoding() -> None:
    found = {
        f"{folder.name}/{name}:{line}"
        for folder in (PACKAGE, ROOT / "tools")
        for name, source in modules(folder).items()
        for line in without_encoding(source)
    }
    assert found == set()
