"""Write docs/commands.md: the help of every command, as the program prints it.

python -m tools.help_pages
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "commands.md"
HEAD = """# Commands

What `reportctl --help` and the help of each command print; `python -m tools.help_pages` writes this page, and
a test compares it with the program.
"""


def help_of(*command: str) -> str:
    """What `reportctl COMMAND --help` prints, 80 columns wide, in English."""
    environment = os.environ | {"COLUMNS": "80", "TERMINAL_WIDTH": "80", "NO_COLOR": "1", "TERM": "dumb"}
    environment["PYTHONIOENCODING"] = "utf-8"
    done = subprocess.run(
        [sys.executable, "-m", "reportctl", "--lang", "en", *command, "--help"],
        capture_output=True, check=True, cwd=ROOT, env=environment,
    )  # fmt: skip
    return "\n".join(line.rstrip() for line in done.stdout.decode("utf-8").splitlines()).strip()


def commands() -> list[str]:
    """The names of all commands, in the program's order."""
    from reportctl.cli.app import app

    return [
        str(command.name or getattr(command.callback, "__name__", "")) for command in app.registered_commands
    ]


def page() -> str:
    """The whole page."""
    parts = [HEAD, f"```text\n{help_of()}\n```\n"]
    for name in commands():
        parts.append(f"## {name}\n\n```text\n{help_of(name)}\n```\n")
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
