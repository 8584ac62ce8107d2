"""Taking files in: every file of the inbox hashed, new ones kept in the archive and noted as received."""

from __future__ import annotations

import datetime as dt
import functools
import stat
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from reportctl.core.files import digest
from reportctl.core.findings import Finding, finding
from reportctl.core.language import Phrase
from reportctl.core.period import Quarter
from reportctl.ledger import archive
from reportctl.ledger.archive import NAMED, RECEIVED, Decision, Receipt
from reportctl.ledger.ledger import Ledger
from reportctl.ledger.rows import HashedFile
from reportctl.workbooks.inbox import InputFile, find_inputs
from reportctl.workbooks.zips import RefusedError
from reportctl.workspace.settings import Workspace

# A file changed this shortly before it was hashed may have changed again within the same tick of its clock.
_SETTLING_SECONDS = 3.0
_THREADS = 8  # that wait for the disk side by side
_NO_FILE = Phrase("đây không phải là tệp thông thường", "it is no ordinary file")


@dataclass(slots=True)
class ReceivedFiles:
    """What came. `listed`: the files in each quarter's inbox by their hash; `names`: all their names, of the
    unreadable ones too; `rows`: the new rows of `decisions.csv`; `new`: how many submissions are new; `seen`:
    the hashes by path, `forgotten`: paths of which none is known any more."""

    listed: dict[Quarter, dict[str, list[InputFile]]] = field(default_factory=dict)
    names: dict[Quarter, set[str]] = field(default_factory=dict)
    unreadable: dict[Quarter, list[Finding]] = field(default_factory=dict)
    rows: list[Decision] = field(default_factory=list)
    new: Counter[Quarter] = field(default_factory=Counter)
    seen: dict[str, HashedFile] = field(default_factory=dict)
    forgotten: set[str] = field(default_factory=set)

    def gone(self, receipts: Mapping[tuple[Quarter, str], Receipt]) -> list[Receipt]:
        """The files received earlier of which neither the bytes nor the name are in the inbox any more.

        What lies in a folder or archive that could not be looked into may still be there.
        """
        return [
            receipt
            for (quarter, sha256), receipt in receipts.items()
            if quarter in self.listed
            and not receipt.named
            and sha256 not in self.listed[quarter]
            and self.names[quarter].isdisjoint(_with_folders(receipt.file))
        ]

    def elsewhere(self, receipt: Receipt) -> bool:
        """Whether these bytes lie in the inbox of another quarter."""
        return any(
            receipt.sha256 in files for quarter, files in self.listed.items() if quarter != receipt.quarter
        )


@dataclass(frozen=True, slots=True)
class _Identified:
    """What a file's bytes are: their hash, None and a finding where they cannot be had. `seen` is what may be
    remembered of the file at `key`."""

    sha256: str | None
    key: str
    seen: HashedFile | None = None
    problem: Finding | None = None


@dataclass(frozen=True, slots=True)
class Receiver:
    """Takes files in for a workspace. `receipts` and `seen` are what earlier runs took in and hashed.

    `expect` is told how many files it has not seen yet, as soon as that is known.
    """

    workspace: Workspace
    receipts: Mapping[tuple[Quarter, str], Receipt]
    seen: Mapping[str, HashedFile]
    today: dt.date
    who: str
    expect: Callable[[int], None] = lambda _files: None

    def receive(self, quarter: Quarter, files: Sequence[InputFile] | None) -> ReceivedFiles:
        """Take in `files`, or all of the quarter's inbox, and all of earlier quarters' inboxes.

        When this returns, every original taken in is kept and noted. Raises `ReportctlError` where the
        archive or `decisions.csv` cannot be written.
        """
        reception = ReceivedFiles()
        for earlier in self.workspace.quarters_in_inbox():
            if earlier < quarter:
                self._receive(earlier, None, reception)
        self._receive(quarter, files, reception)
        looked_at = tuple(f"{self._key(self.workspace.inbox(each))}/" for each in reception.listed)
        reception.forgotten = {
            path for path in self.seen.keys() - reception.seen if path.startswith(looked_at)
        }
        return reception

    def _receive(self, quarter: Quarter, files: Sequence[InputFile] | None, into: ReceivedFiles) -> None:
        inbox = [_nameable(file) for file in find_inputs(self.workspace.inbox(quarter))]
        places = {file.place for file in inbox}
        named = [_nameable(file) for file in files or () if file.place not in places]
        taken = {file.place for file in (inbox if files is None else files)}
        listed: dict[str, list[InputFile]] = {}
        outside: dict[str, list[InputFile]] = {}
        wanted: set[str] = set()
        files_at_hand = (*inbox, *named)
        identified = self._identify(quarter, files_at_hand, taken)
        for file, found in zip(files_at_hand, identified, strict=True):
            if found.problem:
                into.unreadable.setdefault(quarter, []).append(found.problem)
            if found.seen:
                into.seen[found.key] = found.seen
            if found.sha256:
                (listed if file.place in places else outside).setdefault(found.sha256, []).append(file)
                wanted |= {found.sha256} if file.place in taken else set()
        into.listed[quarter] = listed
        into.names[quarter] = {file.name for file in inbox}
        rows = []
        for sha256 in sorted(wanted):
            present = self.receipts.get((quarter, sha256))
            receipt = self._receipt(quarter, sha256, listed.get(sha256), outside.get(sha256, []))
            if receipt != present:
                rows.append(self._row(receipt))
                into.new[quarter] += present is None
        archive.add_decisions(self.workspace.decisions, rows)
        into.rows += rows

    def _receipt(
        self, quarter: Quarter, sha256: str, listed: list[InputFile] | None, outside: list[InputFile]
    ) -> Receipt:
        present = self.receipts.get((quarter, sha256))
        file = chosen(listed or outside, present)
        day = file.received or (present.received if present else self.today)
        if present and not listed:
            # It is known from the inbox, or was named before: that it is named again tells nothing new.
            return replace(present, received=day)
        return Receipt(quarter, sha256, file.name, day, named=not listed)

    def _row(self, receipt: Receipt) -> Decision:
        return archive.decided(
            self.who,
            RECEIVED,
            receipt.quarter,
            value=NAMED if receipt.named else "",
            sha256=receipt.sha256,
            file=receipt.file,
            received=receipt.received.isoformat(),
        )

    def _identify(
        self, quarter: Quarter, files: Sequence[InputFile], taken: Collection[tuple[Path, str | None]]
    ) -> list[_Identified]:
        """What is known of each file; the bytes of those that are `taken` in are kept.

        Many are read and kept side by side: most of that is waiting for the disk.
        """
        quick = [self._unchanged(quarter, file, file.place in taken) for file in files]
        slow = [file for file, found in zip(files, quick, strict=True) if found is None]
        self.expect(len(slow))
        with ThreadPoolExecutor(_THREADS) as threads:
            hashed = threads.map(lambda file: self._hashed(file, file.place in taken), slow)
            return [found or next(hashed) for found in quick]

    def _unchanged(self, quarter: Quarter, file: InputFile, take: bool) -> _Identified | None:
        """What is known of a file that is as it was when it was hashed last; None where it has to be read."""
        key = self._key(*file.place)
        known = self.seen.get(key)
        if known is None:
            return None
        try:
            status = file.path.stat()
        except OSError:
            return None
        same = (known.size, known.modified) == (status.st_size, status.st_mtime_ns)
        if not same or not stat.S_ISREG(status.st_mode):
            return None
        if take and not self._is_kept(quarter, known.sha256, file.name):
            return None
        return _Identified(known.sha256, key, known)

    def _hashed(self, file: InputFile, take: bool) -> _Identified:
        """The file's hash, its bytes kept if it is taken in; a finding where it cannot be read."""
        key = self._key(*file.place)
        try:
            status = file.path.stat()
            if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
                return _Identified(None, key, problem=_unreadable(file, _NO_FILE))
            hashed_at = time.time()
            data = file.read()
        except OSError as error:
            return _Identified(None, key, problem=_unreadable(file, error.strerror or str(error)))
        except RefusedError as refused:
            return _Identified(None, key, problem=replace(refused.finding, file=file.name))
        sha256 = digest(data)
        if take:
            archive.keep_original(self.workspace.archive, sha256, file.name, data)
        settled = status.st_mtime_ns / 1e9 < hashed_at - _SETTLING_SECONDS
        return _Identified(
            sha256, key, HashedFile(status.st_size, status.st_mtime_ns, sha256) if settled else None
        )

    def _is_kept(self, quarter: Quarter, sha256: str, name: str) -> bool:
        present = self.receipts.get((quarter, sha256))
        if present and present.file == name:
            return True
        return archive.original(self.workspace.archive, sha256, name).exists()

    def _key(self, path: Path, member: str | None = None) -> str:
        folder = _inside(path.parent.absolute(), self.workspace.root.absolute())
        key = f"{folder}/{path.name}".removeprefix("./")
        return _printable(f"{key}/{member}" if member else key)


def _unreadable(file: InputFile, reason: str | Phrase) -> Finding:
    return finding("unreadable_file", file=file.name, reason=reason)


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
    others = (file.name for file in files if _last(file.name) != _last(read))
    return [finding("same_content", file=other, other=read) for other in others]


def _last(name: str) -> str:
    """The name of the file without its folders, for comparison."""
    return name.rpartition("/")[2].casefold()


def _with_folders(name: str) -> list[str]:
    path = PurePosixPath(name)
    return [str(one) for one in (path, *path.parents)]


@functools.lru_cache(maxsize=64)
def _inside(folder: Path, root: Path) -> str:
    """The folder as seen from `root`, or as it is where it lies elsewhere."""
    return (folder.relative_to(root) if folder.is_relative_to(root) else folder).as_posix()


def _nameable(file: InputFile) -> InputFile:
    name = _printable(file.name)
    return file if name == file.name else replace(file, name=name)


def _printable(name: str) -> str:
    """A name that can be stored; file systems hold names that are no text."""
    return name.encode(errors="replace").decode()


def unmerged(workspace: Workspace, ledger: Ledger, quarter: Quarter) -> int:
    """How many files lie in the quarter's inbox that no merge has taken in."""
    known = {record.sha256 for record in ledger.submissions(quarter)}
    seen = ledger.seen()
    return sum(
        _sha256(file, workspace.root, seen) not in known for file in find_inputs(workspace.inbox(quarter))
    )


def _sha256(file: InputFile, root: Path, seen: Mapping[str, tuple[int, int, str]]) -> str | None:
    """The file's hash, which the last merge has `seen` where it is as it was then; None where it cannot be
    read."""
    inside = file.path.relative_to(root).as_posix()
    try:
        status = file.path.stat()
        size, modified, sha256 = seen.get(f"{inside}/{file.member}" if file.member else inside, (-1, -1, ""))
        if (size, modified) == (status.st_size, status.st_mtime_ns):
            return sha256
        return digest(file.read())
    except (OSError, RefusedError):
        return None
