"""`--out`: what a command would print goes into a file, in a form that the programs of an office open."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any, TypeVar

import typer

from reportctl.cli.arguments import Format
from reportctl.core.errors import ReportctlError, note
from reportctl.core.language import _
from reportctl.ledger.session import Session

Command = TypeVar("Command", bound=Callable[..., Any])

_BY_ENDING: dict[str, Format] = {".csv": "csv", ".json": "json", ".md": "markdown", ".txt": "table"}
# Programs go by the ending, and would call text under one of these damaged.
_NO_TEXT = frozenset({".xlsx", ".xlsm", ".xls", ".ods", ".docx", ".doc", ".pptx", ".pdf", ".zip"})


def _none(_given: Mapping[str, Any]) -> tuple[str, ...]:
    return ()


def result_to_file(
    beside: Callable[[Mapping[str, Any]], tuple[str, ...]] = _none,
) -> Callable[[Command], Command]:
    """A decorator: with `--out FILE` what the command prints on standard output goes into that file, in the
    format of `--format`, else the one that the file's name ends in.

    `beside` gives, by the command's arguments, the endings of files that the command writes itself, beside
    what it prints; only these it is told of as `out`. CSV begins with a byte order mark, by which Excel knows
    UTF-8. What is printed before the command fails is written, too. Raises `ReportctlError` where nothing can
    be written there, before the command does anything.
    """

    def decorated(command: Command) -> Command:
        @functools.wraps(command)
        def run(context: typer.Context, *, format_: Format, out: Path | None, **given: Any) -> Any:
            from reportctl.core.files import refuse_place

            if out is None:
                return command(context, format_=format_, out=None, **given)
            source = context.get_parameter_source("format_")
            asked = format_ if source is not None and source.name == "COMMANDLINE" else None
            ending, of_command = out.suffix.lower(), beside(given)
            refuse_place(out)
            if ending in of_command and (asked is None or asked != _BY_ENDING.get(ending)):
                return command(context, format_=format_, out=out, **given)
            chosen = _format(out, asked, of_command)
            return _into(
                out, chosen, context.obj, lambda: command(context, format_=chosen, out=None, **given)
            )

        return run  # type: ignore[return-value]

    return decorated


def _format(out: Path, asked: Format | None, more: tuple[str, ...]) -> Format:
    """The format `asked` for, else that of the ending of `out`. Raises `ReportctlError` where there is none,
    or where another program would take the file for one of its own; `more` are endings that would do."""
    ending = out.suffix.lower()
    if ending in _NO_TEXT or (asked is None and ending not in _BY_ENDING):
        endings = ", ".join(dict.fromkeys((*more, *_BY_ENDING)))
        raise ReportctlError(
            _("{file}: the end of the name says what is written; here it can be {endings}.").format(
                file=out, endings=endings
            )
        )
    return asked or _BY_ENDING[ending]


def _into(out: Path, format_: Format, session: Session, command: Callable[[], Any]) -> Any:
    """Run the `command` with its standard output in the file `out`; what it returns."""
    from reportctl.render.terminal import ForFile

    printed = ForFile()
    try:
        with redirect_stdout(printed):
            code = command()
    except ReportctlError:
        if printed.getvalue():
            _save(out, format_, session, printed.getvalue())
        raise
    _save(out, format_, session, printed.getvalue())
    return code


def _save(out: Path, format_: Format, session: Session, text: str) -> None:
    """Write a result and say where it is."""
    from reportctl.core.files import Outputs

    data = text.encode("utf-8-sig" if format_ == "csv" else "utf-8", "replace")
    outputs = Outputs(session.root_if_any or out.absolute().parent)
    saved = outputs.save(out, data)
    if session.root_if_any:
        # Who may only read the workspace has the file all the same; it then stays beside the next one.
        with contextlib.suppress(ReportctlError), outputs:
            pass
    note(_("Written: {path}").format(path=saved.path))
    note(saved.remark)
