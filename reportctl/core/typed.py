"""Command lines as they are typed."""

from __future__ import annotations

import re

# What neither cmd nor PowerShell nor a shell of Unix takes for anything but itself.
_PLAIN = re.compile(r"[\w./\\:=+-][\w./\\:=+%@~-]*")


def as_typed(word: object) -> str:
    """A word of a command as it is typed in cmd, PowerShell or a shell: in quotation marks where it holds
    blanks or signs such as `&`, `(`, `;` or `'`, which would end it there."""
    text = str(word)
    if _PLAIN.fullmatch(text):
        return text
    # In double ones `$` and the backtick would still be taken for something.
    return f"'{text}'" if set(text) & set('"$`') and "'" not in text else f'"{text}"'
