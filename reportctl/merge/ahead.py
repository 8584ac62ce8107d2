"""The processes that read files, started while the program is still loading what it needs: each takes as
long as the other."""

from __future__ import annotations

import os

from reportctl.core.period import Quarter
from reportctl.intake.workers import Readers
from reportctl.ledger.known_files import known_files
from reportctl.workbooks.zips import is_litter
from reportctl.workspace.settings import Workspace


def readers_ahead(workspace: Workspace, quarter: Quarter) -> Readers:
    """Processes for as many files as the quarter's inbox has more than the ledger knows; to be closed.

    That is no more than a good guess: a merge starts others where they are too few.
    """
    inbox = workspace.inbox(quarter)
    there = sum(not is_litter(name) for _base, _folders, names in os.walk(inbox) for name in names)
    readers = Readers()
    known = known_files(workspace.ledger, f"{inbox.relative_to(workspace.root).as_posix()}/")
    readers.start(max(there - known, 0))
    return readers
