"""What is known of a computer and of a workspace: plain values, so that what follows from them can be told
of any computer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from reportctl.core.period import Quarter, Window
from reportctl.ledger.condition import Condition


@dataclass(frozen=True, slots=True)
class Computer:
    """The computer and who works at it.

    `system` is "windows", "darwin", "linux" or another; `encoding` that of its console, `code_page` its
    number on Windows, None where there is no console. `fonts` are the families that it has, in small letters,
    None where it does not say. `synced` are the folders that a syncing program says are its own.
    """

    system: str
    python: tuple[int, int, int]
    now: dt.datetime
    encoding: str
    code_page: int | None = None
    fonts: frozenset[str] | None = None
    synced: tuple[str, ...] = ()

    @property
    def is_windows(self) -> bool:
        """Whether its paths, consoles and locks are those of Windows."""
        return self.system == "windows"


@dataclass(frozen=True, slots=True)
class Files:
    """What lies in a workspace, seen from the system.

    `root` is its folder, as the system writes it; `free` the bytes left on its disk, None where nobody
    knows. `opened` are the files that another program seems to have open, with the lock file that says so,
    empty where it is the system that does. `refused` is a sentence for each folder or file that cannot be
    written. `newest` is the file that the program wrote last, and when. `longest` is the longest path in it.
    `hidden` are the names beginning with a dot in its folder and above it. `copies` is a sentence for each
    copy that a syncing program made of a file.
    """

    root: str
    free: int | None = None
    opened: tuple[tuple[str, str], ...] = ()
    refused: tuple[str, ...] = ()
    newest: tuple[str, dt.datetime] | None = None
    longest: str = ""
    hidden: frozenset[str] = frozenset()
    copies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Office:
    """What a workspace says.

    `unreadable` is a sentence for each of settings, form, units and plan that cannot be read. `window` are
    the days of the current `quarter`. `fonts` are those of its Word documents; `drift` in how many points
    these differ from the form, `stops` in how many so that no report can be made, and `undrifted` why that is
    not known. `ledger` is the condition of the ledger, `lost` whether something was merged that it lacks.
    `merging` is a sentence about whoever merges at the moment, `cut_off` whether a merge was broken off.
    `formless` are the quarters whose own form the archive does not have, or not so that it can be read.
    """

    unreadable: tuple[str, ...] = ()
    quarter: Quarter | None = None
    window: Window | None = None
    fonts: frozenset[str] = frozenset()
    drift: int = 0
    stops: int = 0
    undrifted: str = ""
    ledger: Condition = Condition.MISSING
    lost: bool = False
    merging: str = ""
    cut_off: bool = False
    formless: tuple[Quarter, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known. `files` and `office` are None where there is no workspace; `no_workspace` says why
    not where one was named."""

    computer: Computer
    files: Files | None = None
    office: Office | None = None
    no_workspace: str = ""
