"""Libraries for a Windows computer, found and unpacked on any other.

Which ones are needed is worked out here: pip reads the conditions of requirements (`sys_platform == 'win32'`)
by the computer that it runs on, even when it is asked for wheels of another.
"""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from email.parser import Parser
from pathlib import Path, PurePosixPath

from packaging.requirements import Requirement
from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import canonicalize_name, parse_wheel_filename

PLATFORM = "win_amd64"
Find = Callable[[Mapping[str, str]], Sequence[Path]]  # versions by name -> their wheels, in any order


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel file with the name and version that it says it is, and its METADATA."""

    path: Path
    name: str
    version: str
    metadata: Message


def windows(python: str) -> dict[str, str]:
    """What the conditions of requirements are about, as it is on Windows with this `python`, "3.11.9"."""
    return {
        "os_name": "nt",
        "sys_platform": "win32",
        "platform_system": "Windows",
        "platform_machine": "AMD64",
        "platform_release": "10",
        "platform_version": "10.0.19045",
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
        "implementation_version": python,
        "python_version": minor(python),
        "python_full_version": python,
        "extra": "",
    }


def minor(python: str) -> str:
    """The version that wheels go by: "3.11" of "3.11.9"."""
    return ".".join(python.split(".")[:2])


def requirements(metadata: Message, on: Mapping[str, str], extras: Iterable[str] = ()) -> list[Requirement]:
    """What a distribution needs there, and what its `extras` need."""
    lines = [Requirement(line) for line in metadata.get_all("Requires-Dist", [])]
    wanted = ("", *extras)
    return [
        one for one in lines if not one.marker or any(one.marker.evaluate({**on, "extra": e}) for e in wanted)
    ]


def pins(constraints: str, on: Mapping[str, str]) -> dict[str, str]:
    """The version of every library that holds there, by its name, out of the text of constraints.txt."""
    lines = [Requirement(line) for line in constraints.splitlines() if line.strip() and line[0] != "#"]
    return {
        canonicalize_name(one.name): str(one.specifier).removeprefix("==")
        for one in lines
        if not one.marker or one.marker.evaluate(dict(on))
    }


def read_wheel(path: Path) -> Wheel:
    """The wheel at `path`."""
    with zipfile.ZipFile(path) as archive:
        name = next(one for one in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", one))
        metadata = parsed(archive.read(name).decode("utf-8"))
    return Wheel(path, canonicalize_name(metadata["Name"]), metadata["Version"], metadata)


def parsed(text: str) -> Message:
    """METADATA or WHEEL, by its headings."""
    return Parser().parsestr(text, headersonly=True)


def complete(own: Wheel, versions: Mapping[str, str], on: Mapping[str, str], find: Find) -> list[Wheel]:
    """The wheel of our `own` program and of all that it needs there, by name; `versions` are the pins.

    Level by level, so that what is missing is asked of `find` together. Stops the program where no version
    is pinned, or one that is not allowed.
    """
    found = {own.name: own}
    done: set[tuple[str, frozenset[str]]] = set()
    level = requirements(own.metadata, on)
    while level:
        for one in level:
            _refuse_version(one, versions)
        missing = {name for one in level if (name := canonicalize_name(one.name)) not in found}
        if missing:
            for wheel in map(read_wheel, find({name: versions[name] for name in sorted(missing)})):
                found[wheel.name] = wheel
        above, level = level, []
        for one in above:
            name, extras = canonicalize_name(one.name), frozenset(one.extras)
            if (name, extras) not in done:
                done.add((name, extras))
                level += requirements(found[name].metadata, on, sorted(extras))
    return [found[name] for name in sorted(found)]


def _refuse_version(wanted: Requirement, versions: Mapping[str, str]) -> None:
    version = versions.get(canonicalize_name(wanted.name))
    if version is None:
        raise SystemExit(f"constraints.txt has no version of {wanted.name} for Windows: make constraints")
    if not wanted.specifier.contains(version, prereleases=True):
        raise SystemExit(f"constraints.txt has {wanted.name} {version}, but {wanted} is needed")


def wheels_in(folder: Path, versions: Mapping[str, str], python: str) -> list[Path]:
    """The wheels in `folder` of these `versions` by name, that run on Windows with this `python`.

    Stops the program where one is missing, and names all that are.
    """
    fit = _tags(python)
    there: dict[tuple[str, str], Path] = {}
    for path in sorted(folder.glob("*.whl")):
        name, version, _build, tags = parse_wheel_filename(path.name)
        if tags & fit:
            there[name, str(version)] = path
    missing = [f"{name} {version}" for name, version in versions.items() if (name, version) not in there]
    if missing:
        raise SystemExit(f"There is no wheel for Windows in {folder} of {', '.join(missing)}")
    return [there[canonicalize_name(name), version] for name, version in versions.items()]


def _tags(python: str) -> frozenset[Tag]:
    version = tuple(map(int, minor(python).split(".")))
    interpreter = "cp" + "".join(map(str, version))
    return frozenset(
        (
            *cpython_tags(version, platforms=[PLATFORM]),
            *compatible_tags(version, interpreter, [PLATFORM]),
        )
    )


def download(folder: Path, versions: Mapping[str, str], python: str) -> list[Path]:
    """The same wheels, brought into `folder` by pip. Stops the program where pip cannot."""
    wanted = [f"{name}=={version}" for name, version in versions.items()]
    how = ["--no-deps", "--only-binary=:all:", "--platform", PLATFORM, "--implementation", "cp"]
    pip("download", *how, "--python-version", minor(python), "--dest", folder, *wanted)
    return wheels_in(folder, versions, python)


def pip(*arguments: str | Path) -> None:
    """Run pip of this Python. Stops the program where it fails, which it has said why."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q", *map(str, arguments)]
    if subprocess.run(command, check=False).returncode:
        raise SystemExit(f"That did not work: python -m pip {arguments[0]} … (its message stands above)")


# Unpacked, without what no program needs to run

_LEFT_OUT = re.compile(
    r"""(.*/)? (tests | __pycache__) /.*            # the libraries' tests of themselves
      | numpy/ (f2py | _core/include | _core/lib) /.*   # to compile programs with
      | lxml/ (includes | isoschematron) /.*        # the same; a kind of check on XML
      | (.*/)? \.[^/]+/.*                          # what is hidden: for those who write programs with them
      | .*\.dist-info/ (RECORD | licenses/.*)       # LICENSES/ has the texts, under shorter paths
      | .*\. (pyi | pyx | pxd | pxi | h | hpp | c | cpp | lib | pdb)  # for compilers and editors
    """,
    re.VERBOSE,
)
_LANGUAGES = re.compile(r"babel/locale-data/(?!(root|en|en_001|en_US|vi|vi_VN)\.dat$|LICENSE)[^/]+")
_LICENCE = re.compile(
    r"[^/]+\.dist-info/licenses/.+|(.*/)?[^/]*(LICEN[CS]E|COPYING|NOTICE|AUTHORS)[^/]*(?<!\.py)",
    re.IGNORECASE,
)


def is_kept(name: str) -> bool:
    """Whether a file of a wheel, by its path there, goes along; what a program imports does."""
    return not _LEFT_OUT.fullmatch(name) and not _LANGUAGES.fullmatch(name)


def kept(wheel: Wheel) -> dict[str, str]:
    """The files of a wheel that go along, each with its place in a site-packages; no scripts."""
    with zipfile.ZipFile(wheel.path) as archive:
        names = [entry.filename for entry in archive.infolist() if not entry.is_dir()]
    places = {name: _placed(name) for name in names}
    return {name: place for name, place in places.items() if place is not None and is_kept(place)}


def unpack(wheel: Wheel, folder: Path) -> None:
    """Put into `folder`, a site-packages, what is kept of a wheel."""
    places = kept(wheel)
    with zipfile.ZipFile(wheel.path) as archive:
        for name, place in places.items():
            target = folder / place
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(archive.read(name))


def _placed(name: str) -> str | None:
    """Where in site-packages a wheel's file goes; None where elsewhere. Source: the format of wheels."""
    parts = PurePosixPath(name).parts
    if ".." in parts or name.startswith("/"):
        raise SystemExit(f"A wheel has a file that would lie outside of its folder: {name}")
    if not parts[0].endswith(".data"):
        return name
    return "/".join(parts[2:]) if parts[1] in ("purelib", "platlib") else None


def licence_texts(wheel: Wheel) -> dict[str, str]:
    """The licence, copyright and author files that a wheel carries, by their names there: its own, and those
    of others' parts in it."""
    with zipfile.ZipFile(wheel.path) as archive:
        names = sorted(entry.filename for entry in archive.infolist() if not entry.is_dir())
        about = {name: re.sub(r"^[^/]+\.dist-info/(licenses/)?", "", name) for name in names}
        texts = {
            short: archive.read(name).decode("utf-8", "replace")
            for name, short in about.items()
            if _LICENCE.fullmatch(name)
        }
    return dict(sorted(texts.items(), key=lambda one: ("/" in one[0], one[0])))


def licence_name(metadata: Message) -> str:
    """What a distribution says its licence is: an expression, else a line, else a classifier; else empty."""
    said = metadata["License-Expression"] or metadata["License"] or ""
    if said and len(said) < 60 and "\n" not in said:
        return str(said)
    classes = [one for one in metadata.get_all("Classifier", []) if one.startswith("License ::")]
    return ", ".join(one.rpartition(" :: ")[2] for one in classes)


def unmet(distributions: Collection[Message], on: Mapping[str, str]) -> list[str]:
    """What these distributions need there that is not among them in an allowed version, a sentence each."""
    there = {canonicalize_name(one["Name"]): str(one["Version"]) for one in distributions}
    faults = []
    for one in distributions:
        for wanted in requirements(one, on):
            version = there.get(canonicalize_name(wanted.name))
            if version is None or not wanted.specifier.contains(version, prereleases=True):
                faults.append(f"{one['Name']} needs {wanted}; there is {version or 'none'}")
    return faults
