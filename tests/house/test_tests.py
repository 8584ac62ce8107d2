"""Tests stand on builders, never on each other."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.making.machine import TESTS, modules

# Folders whose modules tests of other folders may import; a folder's own helpers are for its own tests.
SHARED = "tests.making"


def is_test(module: str) -> bool:
    return module.rpartition(".")[2].startswith(("test_", "conftest"))


def imported(source: str, package: str) -> Iterator[str]:
    """The modules of the tests that a module of the package `package` imports, functions' own imports too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            names = [base, *(f"{base}.{alias.name}" for alias in node.names)]
        else:
            continue
        yield from (name for name in names if name.split(".")[0] == "tests" or is_test(name))


def faults(source: str, package: str) -> set[str]:
    """What it imports that is another test module, or a helper of another folder."""
    found = set(imported(source, package))
    elsewhere = {
        name
        for name in found
        if name != "tests" and not f"{name}.".startswith((f"{SHARED}.", f"{package}.")) and package != "tests"
    }
    return {name for name in found if is_test(name)} | elsewhere


def test_no_test_imports_from_another() -> None:
    sources = modules(TESTS)
    tests = [name for name in sources if is_test(name.removesuffix(".py").replace("/", "."))]
    assert len(tests) > 80
    found = {
        name: wrong
        for name, source in sources.items()
        if (wrong := faults(source, ".".join(["tests", *name.split("/")[:-1]])))
    }
    assert found == {}


@pytest.mark.parametrize(
    "line",
    [
        "from tests.unit.core.test_period import Q1",
        "import tests.unit.core.test_period",
        "from tests.unit.core import test_period",
        "from .test_period import Q1",
        "from test_period import Q1",
        "from tests.conftest import ROOT",
        "def f():\n    from tests.hostile.fuzz import run",
        "from ...hostile import fuzz",
    ],
)
def test_such_imports_would_be_seen(line: str) -> None:
    assert faults(line, "tests.unit.core")


def test_builders_may_be_imported() -> None:
    assert not faults(
        "from tests.making.returned import form\nfrom tests.making import figures", "tests.unit"
    )
    assert not faults("from tests.hostile.fuzz import run", "tests.hostile")


def test_folders_of_units_are_rooms_of_the_program() -> None:
    rooms = {name.split("/")[1] for name in modules(TESTS) if name.startswith("unit/") and "/" in name[5:]}
    assert len(rooms) > 10
    assert {room for room in rooms if not (TESTS.parent / "reportctl" / room).is_dir()} == set()
