"""What takes long to make and is always the same, made once for all tests of a run."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

_made: dict[str, bytes] = {}
_folder: list[Path] = []  # of this run, for all its processes; without one each keeps its own


def share(folder: Path) -> None:
    """Keep what is made in `folder`, where other processes look for it, too."""
    folder.mkdir(exist_ok=True)
    _folder[:] = [folder]


def kept(make: Callable[[], bytes], *key: object) -> bytes:
    """What `make` gives, which must depend on nothing but the key; keys are told apart by how they print."""
    told = repr(key)
    assert " at 0x" not in told, "what prints by its address is no key"
    name = hashlib.sha256(told.encode()).hexdigest()
    if name not in _made:
        _made[name] = _from_folder(_folder[0] / name, make) if _folder else make()
    return _made[name]


def kept_folder(name: str, make: Callable[[Path], None]) -> Path:
    """The folder that `make` fills; it is called once, whichever process asks first, and the others wait.

    What it raises is raised here; whoever asks next tries again.
    """
    if not _folder:
        share(Path(tempfile.mkdtemp()))
    base = _folder[0]
    path, done, taken = base / name, base / f"{name}.done", base / f"{name}.taken"
    end = time.monotonic() + 120
    while not done.exists():
        assert time.monotonic() < end, f"{taken} is there, but nobody has made {path}"
        try:
            taken.mkdir()
        except FileExistsError:
            time.sleep(0.05)
            continue
        try:
            if not done.exists():
                shutil.rmtree(path, ignore_errors=True)
                make(path)
                done.touch()
        finally:
            taken.rmdir()
    return path


def _from_folder(path: Path, make: Callable[[], bytes]) -> bytes:
    if not path.exists():
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as whole:
            whole.write(make())
        Path(whole.name).replace(path)  # so that nobody sees half of it
    return path.read_bytes()
