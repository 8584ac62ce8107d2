"""Write docs/commands.md and commands.vi.md: every command with its arguments and options, as declared.

    python -m tools.help_pages [LANGUAGE FILE]

The page is made from the declarations, not from what `--help` prints: the layout of that is up to the
versions of typer and rich. LANGUAGE FILE: only the page in that language, into that file.
"""

from __future__ import annotations

import subprocess
import sys
import types
import typing
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import typer

from reportctl.core import language

ROOT = Path(__file__).parent.parent
PAGES = {"en": ROOT / "docs" / "commands.md", "vi": ROOT / "docs" / "commands.vi.md"}
HEADS = {
    "en": """# Commands

*[Tiếng Việt](commands.vi.md)*

What `reportctl --help` and the help of each command say; `python -m tools.help_pages` writes this page, and
a test compares it with the program.
""",
    "vi": """# Các lệnh

*[English](commands.md)*

Trang này là những gì `reportctl --help` và phần trợ giúp của từng lệnh hiện ra; `python -m tools.help_pages`
ghi trang này, và có phép thử đối chiếu với chương trình.
""",
}
REQUIRED = {"en": "Required.", "vi": "Bắt buộc."}
ALSO = {"en": "after any command too", "vi": "dùng được sau mọi lệnh"}


def group() -> Any:
    """The whole command line, with all commands in the program's order."""
    from reportctl.cli.app import command_line  # help texts are said in the language of the first import

    return command_line()


def commands() -> list[str]:
    """The names of all commands, in the program's order."""
    return list(group().commands)


def page() -> str:
    """The whole page, in the language that the program speaks."""
    whole = group()
    lang = language.current_language()
    parts = [HEADS[lang], *_section(whole, "reportctl", whole.subcommand_metavar)]
    shown = whole.get_help_option(typer.Context(whole, help_option_names=["-h", "--help"])).help
    parts[-1] += f"- `--help`, `-h`, {ALSO[lang]}: {shown}\n"
    for panel, members in groupby(whole.commands.items(), lambda member: member[1].rich_help_panel):
        listed = "".join(f"- [`{name}`](#{name}): {one.help}\n" for name, one in members)
        parts.append(f"**{panel}**\n\n{listed}")
    parts.append(f"{whole.epilog}\n")
    for name, command in whole.commands.items():
        parts += [f"## {name}\n", *_section(command, f"reportctl {name}")]
    return "\n".join(parts)


def _section(command: Any, name: str, more: str = "") -> Iterator[str]:
    """The usage of a command, what it does, its arguments and options, each a paragraph or a list."""
    kinds = typing.get_type_hints(command.callback)
    parameters = [one for one in command.params if one.name != "help"]
    parameters.sort(key=_is_argument, reverse=True)
    arguments = [_usage(one, kinds[one.name]) for one in parameters if _is_argument(one)]
    pieces = " ".join(piece for piece in (name, command.options_metavar, *arguments, more) if piece)
    yield f"```text\n{pieces}\n```\n"
    yield f"{command.help}\n"
    if parameters:
        yield "".join(f"- {_line(one, kinds[one.name])}\n" for one in parameters)


def _is_argument(parameter: Any) -> bool:
    return not parameter.opts[0].startswith("-")


def _usage(argument: Any, kind: Any) -> str:
    """An argument in the line of usage: in brackets where it may be left out, with dots where it repeats."""
    name = argument.metavar if argument.required else f"[{argument.metavar}]"
    return f"{name}..." if typing.get_origin(_given(kind)) is list else name


def _line(parameter: Any, kind: Any) -> str:
    """An argument or option with its value, and what it is for."""
    required = f" {REQUIRED[language.current_language()]}" if parameter.required else ""
    if _is_argument(parameter):
        return f"`{parameter.metavar}`: {parameter.help}{required}"
    value = _given(kind)
    if typing.get_origin(value) is typing.Literal:
        said = "|".join(typing.get_args(value))
    else:
        said = "" if value is bool else parameter.metavar
    names = sorted(parameter.opts, key=len, reverse=True)
    names[0] += f" {said}" if said else ""
    return f"{', '.join(f'`{name}`' for name in names)}: {parameter.help}{required}"


def _given(kind: Any) -> Any:
    """The type of a parameter that is given: without None."""
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        return next(one for one in typing.get_args(kind) if one is not type(None))
    return kind


def main() -> None:
    """Write the pages, each in a process of its own: help texts are said once, in the language of then."""
    if not sys.argv[1:]:
        for lang, path in PAGES.items():
            subprocess.run([sys.executable, "-m", "tools.help_pages", lang, path], check=True, cwd=ROOT)
        return
    lang, target = sys.argv[1:]
    language.use(lang)
    Path(target).write_text(page(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
