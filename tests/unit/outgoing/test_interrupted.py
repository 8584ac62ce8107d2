"""What is still made when nobody takes it any more."""

from __future__ import annotations

import contextlib
import functools
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reportctl.outgoing import send


def _made(folder: Path, *_given: object) -> bytes:
    time.sleep(0.002)
    with tempfile.NamedTemporaryFile(dir=folder, delete=False):
        return b""


@contextlib.contextmanager
def _interrupted() -> Iterator[None]:
    """As Ctrl-C that comes while the processes start, and is heard once they all have."""
    yield
    raise KeyboardInterrupt


def test_after_an_interrupt_at_the_start_the_others_are_not_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many: Any = range(2000)
    monkeypatch.setattr(send, "processors", lambda: 2)
    monkeypatch.setattr(send, "interrupts_held", _interrupted)
    with pytest.raises(KeyboardInterrupt):
        list(send._workbooks(functools.partial(_made, tmp_path), many, many, many, many))
    assert len(list(tmp_path.iterdir())) < 200  # what was already given to the two processes
