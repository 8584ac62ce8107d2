"""Bring the Vietnamese catalogue up to date: collect messages, keep what is translated, compile.

    python -m tools.translations [FRAGMENT.po ...]

Fragments are catalogues whose translations are taken in. Prints what still lacks a translation. The compiled
catalogue is not committed: `hatch_build.py` makes it when the program is installed, this after a change.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "reportctl" / "locale" / "vi" / "LC_MESSAGES"
PO, MO = FOLDER / "reportctl.po", FOLDER / "reportctl.mo"
HEADER = "# Vietnamese messages of reportctl; `python -m tools.translations` keeps them in step."

# What typer says for itself; it asks the process-wide gettext domain, which is ours.
TYPER = (
    "Arguments", "Options", "Commands", "Error", "Aborted.", "[required]", "[default: {}]", "[env var: {}]",
    "(dynamic)", "required", "default: {default}", "env var: {var}", "Missing command.",
    "No such command {name!r}.",
)  # fmt: skip


def source() -> Catalog:
    """Every message of the program, as the source has it now."""
    catalogue = Catalog(locale="vi", project="reportctl", fuzzy=False, header_comment=HEADER)
    keywords = {"_": None, "N_": None, "ngettext": (1, 2)}
    for file, line, message, _comments, _context in extract_from_dir(
        ROOT / "reportctl", method_map=[("**.py", "python")], keywords=keywords
    ):
        catalogue.add(message, locations=[(file, line)])
    for message in TYPER:
        catalogue.add(message)
    return catalogue


def read(path: Path) -> Catalog:
    """A catalogue in a file; empty where there is none."""
    if not path.is_file():
        return Catalog(locale="vi")
    with path.open("rb") as handle:
        return read_po(handle, locale="vi")


def updated(fragments: list[Path]) -> Catalog:
    """The source's messages with the translations there are."""
    catalogue = source()
    for known in (read(PO), *map(read, fragments)):
        for message in known:
            own = catalogue.get(message.id) if message.id else None
            if own is not None and all(_texts(message.string)):
                own.string = message.string
    return catalogue


def lacking(catalogue: Catalog) -> list[str]:
    """The messages without a translation."""
    return [str(message.id) for message in catalogue if message.id and not all(_texts(message.string))]


def _texts(text: object) -> tuple[str, ...]:
    return tuple(map(str, text)) if isinstance(text, tuple | list) else (str(text or ""),)


def po_bytes(catalogue: Catalog) -> bytes:
    """The catalogue as a .po file: without line numbers and dates: it changes only with its words."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, sort_output=True, no_location=True, omit_header=False, width=110)
    lines = buffer.getvalue().decode("utf-8").splitlines(keepends=True)
    dated = ('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By')
    return "".join(line for line in lines if not line.startswith(dated)).encode()


def texts(catalogue: Catalog) -> dict[tuple[str, ...], tuple[str, ...]]:
    """The translation of every message, singular and plural: all that counts of a catalogue file."""
    return {_texts(message.id): _texts(message.string) for message in catalogue if message.id}


def compile_catalogue() -> None:
    """Write the .mo file that the program reads, from the .po file; do nothing where it is up to date."""
    if not MO.is_file() or MO.stat().st_mtime <= PO.stat().st_mtime:
        with MO.open("wb") as handle:
            write_mo(handle, read(PO))


def main() -> None:
    """Write both files."""
    catalogue = updated([Path(name) for name in sys.argv[1:]])
    FOLDER.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(po_bytes(catalogue))
    compile_catalogue()
    for message in lacking(catalogue):
        print(message)


if __name__ == "__main__":
    main()
