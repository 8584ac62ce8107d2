"""`--out`: what a command would print goes into a file, in a form that the programs of an office open."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from reportctl.cli.arguments import Format
from reportctl.core.errors import ReportctlError, note, say
from reportctl.core.language import _
from reportctl.ledger.session import Session

if TYPE_CHECKING:
    from reportctl.core.table import Table

Command = TypeVar("Command", bound=Callable[..., Any])

_BY_ENDING: dict[str, Format] = {".csv": "csv", ".json": "json", ".md": "markdown", ".txt": "table"}
_WORKBOOK = ".xlsx"
# Programs go by the ending, and would call text under one of these damaged.
_NO_TEXT = frozenset({_WORKBOOK, ".xlsm", ".xls", ".ods", ".docx", ".doc", ".pptx", ".pdf", ".zip"})


def _none(_given: Mapping[str, Any]) -> tuple[str, ...]:
    return ()


def result_to_file(
    beside: Callable[[Mapping[str, Any]], tuple[str, ...]] = _none,
) -> Callable[[Command], Command]:
    """A decorator: with `--out FILE` what the command prints on standard output goes into that file, in the
    format of `--format`, else the one that the file's name ends in; under .xlsx its tables become sheets.

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
            if ending == _WORKBOOK and asked is None:  # the tables that people read, as Markdown has them
                return _into_workbook(
                    out, context.obj, lambda: command(context, format_="markdown", out=None, **given)
                )
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
        endings = ", ".join(dict.fromkeys((_WORKBOOK, *more, *_BY_ENDING)))
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
            _save(out, session, _encoded(printed.getvalue(), format_))
        raise
    _save(out, session, _encoded(printed.getvalue(), format_))
    return code


def _encoded(text: str, format_: Format) -> bytes:
    return text.encode("utf-8-sig" if format_ == "csv" else "utf-8", "replace")


def _into_workbook(out: Path, session: Session, command: Callable[[], Any]) -> Any:
    """Run the `command` with its tables in the workbook `out`, a sheet each; what it returns. Sentences, and
    all that a command without a table prints, stay on the screen."""
    from reportctl.render.terminal import ForSheets

    printed = ForSheets()
    try:
        with redirect_stdout(printed):
            return command()
    finally:
        if sentences := printed.getvalue().strip():
            say(sentences)
        if printed.tables:
            _save(out, session, _sheets(printed.tables))


def _sheets(tables: Sequence[Table]) -> bytes:
    from reportctl.render.sheets import workbook

    return workbook((table.title or table.name, table) for table in tables)


def _save(out: Path, session: Session, data: bytes) -> None:
    """Write a result and say where it is."""
    from reportctl.core.outputs import Outputs

    outputs = Outputs(session.root_if_any or out.absolute().parent)
    saved = outputs.save(out, data)
    if session.root_if_any:
        # Who may only read the workspace has the file all the same; it then stays beside the next one.
        with contextlib.suppress(ReportctlError), outputs:
            pass
    note(_("Written: {path}").format(path=saved.path))
    note(saved.remark)
