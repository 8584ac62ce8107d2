"""Make the pictures of docs/guide/ again: what the program shows in a terminal, and pages of what it writes.

    python -m tools.site_pictures [NAME...]      (NAME: only these; default: all)

The terminal is the program itself, run in the sample on a fixed day, in both languages: an SVG by rich, the
same file each time, without a font from elsewhere. The folder is shown as one of Windows. Pages are made by
LibreOffice and pdftoppm, their colours reduced by Pillow.
"""

from __future__ import annotations

import io
import os
import re
import select
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from tools import guide_files, on_a_day

ROOT = Path(__file__).parent.parent
GUIDE = ROOT / "docs" / "guide"
LANGUAGES = ("vi", "en")
COLUMNS = 96
_PATIENCE, _PAUSE = 30.0, 1.5  # seconds for a first word, and without a further one
SHOWN_AS = {"demo": r"D:\bao-cao", "new": r"D:\bieu-moi", ".": "D:\\"}

_FORMAT = re.sub(r"@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL).replace(
    "font-family: Fira Code, monospace", "font-family: Consolas, 'DejaVu Sans Mono', monospace"
)
_BUTTONS = re.compile(r'<g transform="translate\(26,22\)">.*?</g>', re.DOTALL)  # those of another system
_THEME = TerminalTheme(
    (12, 24, 42),
    (222, 228, 236),
    [(12, 12, 12), (231, 88, 100), (90, 190, 110), (226, 182, 80),
     (96, 156, 240), (190, 120, 210), (90, 200, 210), (204, 210, 218)],
    [(118, 128, 140), (255, 120, 130), (130, 225, 150), (250, 215, 120),
     (140, 190, 255), (220, 160, 240), (130, 230, 240), (255, 255, 255)],
)  # fmt: skip


class Screen(NamedTuple):
    """A picture of the terminal: its name, the command line, the lines of what is said that are shown.

    `typed` are the answers to what the program asks.
    """

    name: str
    line: str
    first: int = 0
    last: int = 40
    workspace: str = "demo"
    typed: tuple[str, ...] = ()


_ANSWERS = ("", "", "", "", "", "", "20/3", "danh-sach.xlsx", "", "")

SCREENS = (
    Screen("status", "status", last=27),
    Screen("remind", "status --remind --by 28/3/2024"),
    Screen("validate", 'validate "inbox/2024-Q1/2024-03-13/007 Huyen Hoa Luong.xlsx"'),
    Screen("explain", "explain number_as_text"),
    Screen("merge", "merge", last=24),
    Screen("summary", "summary --section press", last=34),
    Screen("trace", "trace press_total", last=16),
    Screen("tags", "form --tags", first=22, last=48),
    Screen("correct", 'correct 001 documents_issued 19 --why "Báo qua điện thoại ngày 25/3"'),
    Screen("last-look", "refresh output/2024-Q1/report-2024-Q1.docx --check", last=26),
    Screen("return", 'export --to return --as D1 "D1 Tinh An Lac.xlsx"', last=24),
    Screen("overview", ""),
    Screen("menu", "menu", typed=("0",)),
    Screen("doctor", "doctor"),
    Screen("menu", "menu", typed=("0",)),
    Screen("doctor", "doctor"),
    Screen("close", "close"),
    Screen("next", "next"),
    Screen("adopt", "form adopt MAU.xlsx", workspace="new"),
    Screen("first", "menu", workspace=".", typed=("0",)),
    Screen("init", "init bao-cao", last=60, workspace=".", typed=_ANSWERS),
)


def screens(folder: Path, lang: str, wanted: set[str]) -> None:
    """Run all commands in one language, in new workspaces inside `folder`; make the `wanted` pictures."""
    demo, new = folder / "demo", folder / "new"
    program(folder, lang, "demo", str(demo))
    program(folder, lang, "init", str(new), "--period", "2024-Q2")
    guide_files.blank_workbook(new / "MAU.xlsx")
    guide_files.unit_list(folder / "danh-sach.xlsx")
    above = demo / "D1 Tinh An Lac.xlsx"
    guide_files.workbook_from_above(above, lambda *words: program(folder, lang, *map(str, words)), "2024-Q1")
    for screen in SCREENS:
        workspace = folder / screen.workspace
        words = _words(screen.line)
        if screen.name == "doctor":  # which compares the clock with the files
            on_a_day.age(workspace)
        said = (
            dialogue(workspace, lang, words, screen.typed)
            if screen.typed
            else program(workspace, lang, *words)
        )
        if screen.name in wanted:
            lines = _as_on_windows(said, workspace, SHOWN_AS[screen.workspace]).splitlines()
            prompt = f"\x1b[1;36mPS {SHOWN_AS[screen.workspace]}>\x1b[0m reportctl {screen.line}".rstrip()
            picture = svg([prompt, *cut(lines, screen.first, screen.last)], screen.name)
            target = GUIDE / lang / "images" / f"{screen.name}.svg"
            target.write_text(picture, encoding="utf-8", newline="\n")


def program(workspace: Path, lang: str, *words: str) -> str:
    """What the program says on both streams, with the signs for colours, in a terminal of `COLUMNS`."""
    done = subprocess.run(
        [sys.executable, "-m", "tools.on_a_day", "--lang", lang, *words],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
        check=False, encoding="utf-8", cwd=workspace,
        env=os.environ | {"COLUMNS": str(COLUMNS), "FORCE_COLOR": "1", "TERM": "xterm-256color",
                          "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    if done.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(words)} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


def dialogue(workspace: Path, lang: str, words: list[str], typed: tuple[str, ...]) -> str:
    """What a terminal shows in which the program asks and `typed` is answered, a line each time it waits."""
    import pty
    import termios

    main, child = pty.openpty()
    termios.tcsetwinsize(child, (50, COLUMNS))
    running = subprocess.Popen(
        [sys.executable, "-m", "tools.on_a_day", "--lang", lang, *words],
        stdin=child, stdout=child, stderr=child, cwd=workspace,
        env=os.environ | {"TERM": "xterm-256color", "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    os.close(child)
    shown = _until_quiet(main)
    for line in typed:
        os.write(main, f"{line}\n".encode())
        shown += _until_quiet(main)
    if running.wait(_PATIENCE):
        raise SystemExit(f"{' '.join(words)} ended with {running.returncode}:\n{shown.decode()}")
    os.close(main)
    return shown.decode().replace("\r\n", "\n")


def _until_quiet(terminal: int) -> bytes:
    """What is shown until the program waits, or has ended: nothing more comes for a while."""
    shown = b""
    while select.select([terminal], [], [], _PATIENCE if not shown.strip() else _PAUSE)[0]:
        try:
            read = os.read(terminal, 65536)
        except OSError:  # how Linux tells that the program has closed its side
            return shown
        if not read:
            return shown
        shown += read
    return shown


def cut(lines: list[str], first: int, last: int) -> list[str]:
    """The lines from `first` to before `last`, with dots where something is left out."""
    before, after = ["…"] if first else [], ["…"] if last < len(lines) else []
    return [*before, *lines[first:last], *after]


def svg(lines: list[str], name: str) -> str:
    """A terminal window that shows these lines, with ANSI signs; the same text for the same lines."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), highlight=False)
    for line in lines:
        console.print(Text.from_ansi(line.rstrip()))
    drawn = console.export_svg(title="reportctl", theme=_THEME, code_format=_FORMAT, unique_id=f"rc-{name}")
    drawn = _BUTTONS.sub("", drawn)
    return "\n".join(line.rstrip() for line in drawn.splitlines() if line.strip()) + "\n"


def _words(line: str) -> list[str]:
    """A command line as the words of it; only double quotes are known, as in the pages."""
    return [quoted or plain for quoted, plain in re.findall(r'"([^"]*)"|(\S+)', line)]


def _as_on_windows(said: str, workspace: Path, shown: str) -> str:
    """What was said, with the workspace's paths as paths of Windows."""
    found = re.compile(re.escape(str(workspace)) + r"([^\n\x1b:;,]*)")
    return found.sub(lambda path: shown + path[1].replace("/", "\\"), said)


# ---- pages


class Page(NamedTuple):
    """A picture of a page: its name, which pages of which file, how much of their height in pixels."""

    name: str
    file: str
    pages: tuple[int, ...] = (1,)
    high: int | None = None


PAGES = (
    Page("workbook", "demo/outbox/2024-Q1/007 Huyen Hoa Luong.xlsx", (1, 2), 560),
    Page("review", "new/MAU.review.xlsx", (1,), 420),
    Page("blank", "new/MAU.xlsx", (1,), 330),
    Page("summary-for-delegates", "demo/output/2024-Q1/tom-tat-2024-Q1.docx", (1, 2)),
    Page("unit-page", "demo/output/2024-Q1/don-vi-2024-Q1/001 Thanh pho Lac Thanh.docx", (1,)),
    Page("merged", "demo/output/2024-Q1/merged.xlsx", (1,), 480),
    Page("evidence", "demo/output/2024-Q1/report-2024-Q1.evidence.xlsx", (1,), 420),
    Page("list", "demo/output/2024-Q1/status.xlsx", (1,), 480),
)


def pages(folder: Path, wanted: set[str]) -> None:
    """Make the pictures of pages that are `wanted`, of files made in new workspaces inside `folder`."""
    demo, new = folder / "demo", folder / "new"
    program(folder, "vi", "demo", str(demo))
    for line in (
        "template",
        "status --list",
        "report --evidence",
        "report --template tom-tat",
        "report --unit 001",
    ):
        program(demo, "vi", *_words(line))
    program(folder, "vi", "init", str(new), "--period", "2024-Q2")
    guide_files.blank_workbook(new / "MAU.xlsx")
    program(new, "vi", "form", "adopt", "MAU.xlsx")
    from tools import pictures  # which needs Pillow

    for page in PAGES:
        if page.name in wanted:
            pictures.pages(folder / page.file, page.name, page.pages, page.high, GUIDE / "images")


def main(names: list[str]) -> None:
    """Make the pictures of these names, or all."""
    wanted = set(names) or {one.name for one in (*SCREENS, *PAGES)}
    parts: list[Callable[[Path], None]] = []
    if wanted & {screen.name for screen in SCREENS}:
        parts += [lambda folder, lang=lang: screens(folder, lang, wanted) for lang in LANGUAGES]  # type: ignore[misc]
    if wanted & {page.name for page in PAGES}:
        parts.append(lambda folder: pages(folder, wanted))
    for part in parts:
        with tempfile.TemporaryDirectory() as folder:
            part(Path(folder).resolve())


if __name__ == "__main__":
    main(sys.argv[1:])
