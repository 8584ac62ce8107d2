"""Files that another program holds, as Windows says it: without Windows."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

Refuses = Callable[[Path], bool]


def sharing_violation(path: object) -> PermissionError:
    """What Python raises there of a file that is open elsewhere (ERROR_SHARING_VIOLATION)."""
    error = PermissionError(errno.EACCES, "The process cannot access the file", str(path))
    error.winerror = 32  # type: ignore[attr-defined,unused-ignore]
    return error


def held(*names: str, times: int | None = None) -> Refuses:
    """Whether a path is one of those `names` and still held: `times` times, or (None) for good."""
    left: Iterator[int] | None = None if times is None else iter(range(times))

    def refuses(path: Path) -> bool:
        return path.name in names and (left is None or next(left, None) is not None)

    return refuses


def hold_from_replacing(monkeypatch: pytest.MonkeyPatch, refuses: Refuses) -> None:
    """Nothing can be put in the place of such a file."""
    real = os.replace

    def replace(source: Any, target: Any, **more: Any) -> None:
        if refuses(Path(target)):
            raise sharing_violation(target)
        real(source, target, **more)

    monkeypatch.setattr(os, "replace", replace)


def hold_from_reading(monkeypatch: pytest.MonkeyPatch, refuses: Refuses) -> None:
    """Such a file cannot be opened."""
    real = Path.read_bytes

    def read_bytes(path: Path) -> bytes:
        if refuses(path):
            raise sharing_violation(path)
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)


def forbid(monkeypatch: pytest.MonkeyPatch, *folders: Path) -> None:
    """No new file can be put into these folders; to a super-user everything is allowed."""
    real = Path.open

    def opened(path: Path, mode: str = "r", *more: Any, **named: Any) -> Any:
        if "x" in mode and path.parent in folders:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real(path, mode, *more, **named)

    monkeypatch.setattr(Path, "open", opened)


def hurry(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Nobody waits; the seconds that would have been waited."""
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    return waited
