"""The program as a person runs it, but in this process."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from reportctl.__main__ import main


class Said(NamedTuple):
    """How a run ended, and what it said on standard output and standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Said]


def run(*arguments: object) -> Said:
    """Run the program with `arguments`."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _stream in range(2))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([str(argument) for argument in arguments])
    return Said(code, *(_text(stream) for stream in (out, err)))


def begin(root: Path, period: str) -> None:
    """A new workspace for a form with other kinds of units than the stock form's."""
    assert run("init", root, "--period", period).code == 0
    settings = root / "reportctl.toml"
    lines = settings.read_text(encoding="utf-8").splitlines(keepends=True)
    of_any_kind = [line for line in lines if not line.startswith("press = ")]
    assert len(of_any_kind) == len(lines) - 1
    settings.write_text("".join(of_any_kind), encoding="utf-8")


def _text(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()
