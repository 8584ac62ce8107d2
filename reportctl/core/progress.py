"""The progress of long work, reported to a callback."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called for every finished item, in the calling thread: how many are done, of how many, which one."""

    def __call__(self, done: int, total: int, item: str, /) -> None: ...


def silent(_done: int, _total: int, _item: str) -> None:
    """No progress: nobody looks, or it is soon done."""
