"""Taking files in: every file of the inbox hashed, new ones kept in the archive and noted as received."""

from __future__ import annotations

import os
import stat
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from reportctl.core.files import digest
from reportctl.core.findings import Finding, finding
from reportctl.core.obstacles import to_reading
from reportctl.core.period import Quarter
from reportctl.ledger import archive
from reportctl.ledger.archive import NAMED, RECEIVED, Decision, Receipt
from reportctl.ledger.rows import HashedFile
from reportctl.ledger.session import Session
from reportctl.workbooks.inbox import InputFile, find_inputs, set_aside
from reportctl.workbooks.zips import FILE_LIMIT, RefusedError

# A file changed this shortly before it was hashed may have changed again within the same tick of its clock.
_TOO_NEW_SECONDS = 3.0
_THREADS = 4  # that wait for the disk side by side
_LARGE = FILE_LIMIT  # bytes; files beyond it are read one after the other, so that memory holds one of them


@dataclass(frozen=True, slots=True)
class InboxState:
    """What was seen of a quarter's inbox: `notes` on it, the files that are `gone` since they were merged,
    and those whose content was `changed`, with the hash of what they hold now."""

    notes: Sequence[Finding] = ()
    gone: Sequence[Receipt] = ()
    changed: Mapping[Receipt, str] = field(default_factory=dict)

    @property
    def cache_key(self) -> str:
        """A hash that changes with all of it."""
        return digest(repr(self).encode())[:16]


@dataclass(slots=True)
class ReceivedFiles:
    """What came. `listed`: the files in each quarter's inbox by their hash; `names`: all their names, of the
    unreadable ones too; `aside`: what is said of those that are not read whole, and so never taken in;
    `rows`: the new rows of `decisions.csv`; `new`: how many submissions are new; `hashed`: the hashes by
    path, `forgotten`: paths of which none is known any more; `kept`: the hashes of the originals that were
    seen to be kept just now."""

    listed: dict[Quarter, dict[str, list[InputFile]]] = field(default_factory=dict)
    names: dict[Quarter, set[str]] = field(default_factory=dict)
    unreadable: dict[Quarter, list[Finding]] = field(default_factory=dict)
    aside: dict[Quarter, list[Finding]] = field(default_factory=dict)
    rows: list[Decision] = field(default_factory=list)
    new: Counter[Quarter] = field(default_factory=Counter)
    hashed: dict[str, HashedFile] = field(default_factory=dict)
    forgotten: set[str] = field(default_factory=set)
    kept: set[str] = field(default_factory=set)

    def gone(self, receipts: Mapping[tuple[Quarter, str], Receipt]) -> list[Receipt]:
        """The files received earlier of which neither the bytes nor the name are in the inbox any more.

        What lies in a folder or archive that could not be looked into may still be there.
        """
        found = []
        for (quarter, sha256), receipt in receipts.items():
            path = PurePosixPath(receipt.file)
            if (
                quarter in self.listed
                and not receipt.named
                and sha256 not in self.listed[quarter]
                and self.names[quarter].isdisjoint(str(one) for one in (path, *path.parents))
            ):
                found.append(receipt)
        return found

    def inbox_state(
        self, quarter: Quarter, receipts: Mapping[tuple[Quarter, str], Receipt], gone: Iterable[Receipt]
    ) -> InboxState:
        """What was seen of the quarter's inbox; `gone`, of all quarters, are the files no longer there."""
        listed = self.listed.get(quarter, {})
        notes = [*self.unreadable.get(quarter, []), *self.aside.get(quarter, [])]
        for sha256, files in listed.items():
            if (quarter, sha256) in receipts:
                notes += copies(files, receipts[quarter, sha256].file)
        gone = [receipt for receipt in gone if receipt.quarter == quarter]
        return InboxState(notes, gone, self.changed(quarter, receipts))

    def changed(
        self, quarter: Quarter, receipts: Mapping[tuple[Quarter, str], Receipt]
    ) -> dict[Receipt, str]:
        """The files received earlier whose names stand for other bytes in the inbox now, with their hash."""
        listed = self.listed.get(quarter, {})
        now = {file.name: sha256 for sha256, files in listed.items() for file in files}
        return {
            receipt: now[receipt.file]
            for (of, sha256), receipt in receipts.items()
            if sha256 not in listed and of == quarter and receipt.file in now and not receipt.named
        }


@dataclass(frozen=True, slots=True)
class _HashResult:
    """The hash of a file's bytes; None and a finding where they cannot be had, or are not wanted (`aside`).
    `remembered` is what may be noted of the file at `path`, so that it need not be hashed again."""

    sha256: str | None
    path: str
    remembered: HashedFile | None = None
    problem: Finding | None = None
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Receiver:
    """Takes files in for a session. `receipts` and `hashed` are what earlier runs took in and hashed.

    `expect` is told how many files have to be hashed, as soon as that is known.
    """

    session: Session
    receipts: Mapping[tuple[Quarter, str], Receipt]
    hashed: Mapping[str, HashedFile]
    expect: Callable[[int], None] = lambda _files: None
    large: threading.Lock = field(default_factory=threading.Lock)

    def receive(self, quarter: Quarter, files: Sequence[InputFile] | None) -> ReceivedFiles:
        """Take in `files`, or all of the quarter's inbox, and all of earlier quarters' inboxes.

        When this returns, every original taken in is kept and noted. Raises `ReportctlError` where the
        archive or `decisions.csv` cannot be written.
        """
        received = ReceivedFiles()
        for earlier in self.session.workspace.quarters_in_inbox():
            if earlier < quarter:
                self._receive(earlier, None, received)
        self._receive(quarter, files, received)
        root = self.session.workspace.root
        looked_at = tuple(f"{path_in(root, self.session.workspace.inbox(each))}/" for each in received.listed)
        received.forgotten = {
            path for path in self.hashed.keys() - received.hashed if path.startswith(looked_at)
        }
        return received

    def _receive(self, quarter: Quarter, files: Sequence[InputFile] | None, into: ReceivedFiles) -> None:
        inbox = [_storable(one) for one in find_inputs(self.session.workspace.inbox(quarter))]
        places = {file.place for file in inbox}
        named = [_storable(one) for one in files or () if one.place not in places]
        taken = places if files is None else {file.place for file in files}
        listed: dict[str, list[InputFile]] = {}
        outside: dict[str, list[InputFile]] = {}
        wanted: set[str] = set()
        files_at_hand = (*inbox, *named)
        for file, result in zip(files_at_hand, self._hash(quarter, files_at_hand, taken), strict=True):
            if result.problem:
                problems = into.aside if result.aside else into.unreadable
                problems.setdefault(quarter, []).append(result.problem)
            if result.remembered:
                into.hashed[result.path] = result.remembered
            if result.sha256:
                (listed if file.place in places else outside).setdefault(result.sha256, []).append(file)
                wanted |= {result.sha256} if file.place in taken else set()
        into.listed[quarter] = listed
        into.names[quarter] = {file.name for file in inbox}
        rows = []
        for sha256 in sorted(wanted):
            present = self.receipts.get((quarter, sha256))
            in_inbox = sha256 in listed
            file = chosen(listed.get(sha256) or outside[sha256], present)
            day = file.received or (present.received if present else self.session.today)
            if present and not in_inbox:
                # It is known from the inbox, or was named before: that it is named again tells nothing new.
                receipt = replace(present, received=day)
            else:
                receipt = Receipt(quarter, sha256, file.name, day, named=not in_inbox)
            if receipt != present:
                rows.append(
                    archive.decided(
                        self.session.who,
                        RECEIVED,
                        quarter,
                        value=NAMED if receipt.named else "",
                        sha256=sha256,
                        file=receipt.file,
                        received=day.isoformat(),
                    )
                )
                into.new[quarter] += present is None
        archive.add_decisions(self.session.workspace.decisions, rows)
        into.rows += rows
        into.kept |= {row.sha256 for row in rows}

    def _hash(
        self, quarter: Quarter, files: Sequence[InputFile], taken: Collection[tuple[Path, str | None]]
    ) -> list[_HashResult]:
        """The hash of each file; the bytes of those that are `taken` in are kept.

        Many are read and kept side by side: most of that is waiting for the disk.
        """
        unchanged = [self._unchanged(quarter, file, file.place in taken) for file in files]
        others = [file for file, result in zip(files, unchanged, strict=True) if result is None]
        self.expect(len(others))
        with ThreadPoolExecutor(_THREADS) as threads:
            hashed = threads.map(lambda file: self._hashed(file, file.place in taken), others)
            return [result or next(hashed) for result in unchanged]

    def _unchanged(self, quarter: Quarter, file: InputFile, take: bool) -> _HashResult | None:
        """The hash of a file that is as it was when it was hashed last; None where it has to be read."""
        path = path_in(self.session.workspace.root, *file.place)
        known = self.hashed.get(path)
        try:
            status = file.path.stat() if known else None
        except OSError:
            return None
        if known is None or status is None or not stat.S_ISREG(status.st_mode):
            return None
        if (known.size, known.modified) != (status.st_size, status.st_mtime_ns):
            return None
        present = self.receipts.get((quarter, known.sha256))
        # What was received under that name has been kept.
        is_kept = present is not None and present.file == file.name
        if take and not is_kept:
            is_kept = archive.original(self.session.workspace.archive, known.sha256, file.name).exists()
        return _HashResult(known.sha256, path, known) if is_kept or not take else None

    def _hashed(self, file: InputFile, take: bool) -> _HashResult:
        """The file's hash, its bytes kept if it is taken in; a finding where it cannot be read."""
        path = path_in(self.session.workspace.root, *file.place)
        try:
            status = file.path.stat()
            if aside := set_aside(file, status):
                return _HashResult(None, path, problem=aside, aside=True)
            is_large = max(status.st_size if file.member is None else 0, file.unpacked_size) > _LARGE
            with self.large if is_large else nullcontext():
                hashed_at, data = time.time(), file.read()
                sha256 = digest(data)
                if take:
                    archive.keep_original(self.session.workspace.archive, sha256, file.name, data)
                del data
        except OSError as error:
            reason = to_reading(file.path, error).reason
            problem = finding("unreadable_file", file=file.name, reason=reason)
            return _HashResult(None, path, problem=problem)
        except RefusedError as refused:
            return _HashResult(None, path, problem=replace(refused.finding, file=file.name))
        is_old = status.st_mtime_ns / 1e9 < hashed_at - _TOO_NEW_SECONDS
        known = HashedFile(status.st_size, status.st_mtime_ns, sha256)
        return _HashResult(sha256, path, known if is_old else None)


def chosen(files: Sequence[InputFile], present: Receipt | None) -> InputFile:
    """Of files with the same bytes the one that speaks for them: by its folder's date, then by name.

    The name they are known by is kept where it can be.
    """
    dated = [file for file in files if file.received]
    earliest = min((file.received for file in dated if file.received), default=None)
    pool = [file for file in dated if file.received == earliest] or list(files)
    return min(pool, key=lambda file: (present is None or file.name != present.file, file.name))


def copies(files: Iterable[InputFile], read: str) -> list[Finding]:
    """A note for each of `files`, whose bytes are those of the file `read`, that is called otherwise.

    A copy of the same name is the same file, in another folder or unpacked.
    """
    name = read.rpartition("/")[2].casefold()
    others = (file.name for file in files if file.name.rpartition("/")[2].casefold() != name)
    return [finding("same_content", file=other, other=read) for other in others]


def path_in(root: Path, path: Path, member: str | None = None) -> str:
    """The path, and the file in the .zip archive there, by which the ledger notes the hash of a file: as seen
    from `root`, or as it is where it lies elsewhere."""
    name, before = str(path), f"{root}{os.sep}"
    if name.startswith(before):  # as nearly all do; paths take long to compare
        inside = name[len(before) :].replace(os.sep, "/")
    else:
        absolute, top = path.absolute(), root.absolute()
        inside = (absolute.relative_to(top) if absolute.is_relative_to(top) else absolute).as_posix()
    return _text(f"{inside}/{member}" if member else inside)


def _storable(file: InputFile) -> InputFile:
    name = _text(file.name)
    return file if name == file.name else replace(file, name=name)


def _text(name: str) -> str:
    """A name that can be stored; file systems hold names that are no text."""
    return name.encode(errors="replace").decode()
