"""Print a command of README.md, read from the code block that follows its HTML comment.

`python tools/readme_command.py main` or `tests`: the block after `<!-- command: NAME -->`.
"""

import re
import sys
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"


def command(name: str) -> str:
    """The one command in the block marked `name`."""
    found = re.search(
        rf"<!-- command: {name} -->\s*```\w*\n(.+?)\n```", README.read_text(encoding="utf-8"), re.S
    )
    if not found:
        raise SystemExit(f"README.md has no block marked {name}")
    return found[1]


if __name__ == "__main__":
    print(command(sys.argv[1]))
