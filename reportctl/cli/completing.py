"""What a shell offers when Tab is pressed: periods, codes of units and of the form, each with what it means.

Nothing here may fail or take long: of a workspace that cannot be read nothing is offered.
"""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Callable, Iterator
from typing import Any, Literal

import typer

Shell = Literal["bash", "zsh", "powershell"]
Offered = Iterator[tuple[str, str]]  # a word and what it means

_VARIABLE = "_REPORTCTL_COMPLETE"  # set by a shell that asks; its name is the library's
# As the library's own, but the help is read as UTF-8, and Tab keeps doing what the office has set it to.
_POWERSHELL = """\
Register-ArgumentCompleter -Native -CommandName reportctl -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $encoding = [Console]::OutputEncoding
    [Console]::OutputEncoding = [System.Text.Encoding]::UTF8
    $Env:_REPORTCTL_COMPLETE = "complete_powershell"
    $Env:_TYPER_COMPLETE_ARGS = $commandAst.ToString()
    $Env:_TYPER_COMPLETE_WORD_TO_COMPLETE = $wordToComplete
    & $commandAst.CommandElements[0].Value | ForEach-Object {
        $word, $meaning = $_ -Split ":::"
        [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $meaning)
    }
    Remove-Item Env:_REPORTCTL_COMPLETE, Env:_TYPER_COMPLETE_ARGS, Env:_TYPER_COMPLETE_WORD_TO_COMPLETE
    [Console]::OutputEncoding = $encoding
}
"""


# Words and meanings come from files, and shells read what they are offered.
_HARMLESS = re.compile(r"[\w.*-]+")
_READ_BY_SHELLS = str.maketrans({"[": "(", "]": ")", '"': "”", "'": "’", "`": "’", "\\": "/", "$": ""})


def script(shell: str) -> str:
    """What a shell has to be told, once or at its start, to offer words after `reportctl`."""
    from typer.completion import get_completion_script  # type: ignore[attr-defined]  # it re-exports it

    if shell == "powershell":
        return _POWERSHELL
    return str(get_completion_script(prog_name="reportctl", complete_var=_VARIABLE, shell=shell)) + "\n"


def get_ready() -> None:
    """Let the library know the shells, where one asks what to offer."""
    if os.environ.get(_VARIABLE):
        from typer.completion import completion_init  # type: ignore[attr-defined]  # it re-exports it

        completion_init()


def _quietly(offer: Callable[..., Offered]) -> Callable[[typer.Context, str], list[tuple[str, str]]]:
    """The words of `offer` that begin with what is typed; none where anything is wrong."""

    @functools.wraps(offer)
    def offered(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
        try:
            found = [one for one in offer(ctx, incomplete) if one[0].startswith(incomplete)]
        except Exception:  # a traceback in the middle of a command line helps nobody
            return []
        return [(word, _plain(meaning)) for word, meaning in found if _HARMLESS.fullmatch(word)]

    return offered


def _plain(text: str) -> str:
    """A meaning on one line, without what shells or the library would obey."""
    return " ".join(text.replace(":::", ":").translate(_READ_BY_SHELLS).split())


def _session(ctx: typer.Context) -> Any:
    from reportctl.ledger.session import Session

    return Session(ctx.find_root().params.get("workspace"))


def _words(ctx: typer.Context) -> list[str]:
    """The arguments that are there already, where a command takes several."""
    return [str(word) for word in ctx.params.get("arguments") or ()]


def _quarters_known(ctx: typer.Context) -> Offered:
    from reportctl.core.language import _
    from reportctl.core.period import Quarter, read_period
    from reportctl.core.wording import period_words

    workspace = _session(ctx).workspace
    places = [workspace.root / name for name in ("inbox", "outbox", "output")]
    names = [one.name for place in places if place.is_dir() for one in place.iterdir() if one.is_dir()]
    closed = {path.stem for path in (workspace.root / "closed").glob("????-Q?.csv")}
    found = {read_period(name) for name in (*names, *closed)} | {workspace.begun}
    for quarter in sorted((one for one in found if isinstance(one, Quarter)), reverse=True):
        said = period_words(quarter)
        yield str(quarter), _("{period}, closed").format(period=said) if str(quarter) in closed else said


@_quietly
def quarters(ctx: typer.Context, incomplete: str) -> Offered:
    """The quarters of which there is anything, the newest first."""
    del incomplete
    return _quarters_known(ctx)


@_quietly
def periods(ctx: typer.Context, incomplete: str) -> Offered:
    """The same, then spans of their years."""
    from reportctl.core.period import read_period
    from reportctl.core.wording import period_words

    del incomplete
    known = list(_quarters_known(ctx))
    yield from known
    for year in dict.fromkeys(name[:4] for name, _said in known):
        for name in (f"{year}-H1", f"{year}-H2", f"{year}-9M", year):
            period = read_period(name)
            yield name, period_words(period) if period else ""


def _of_quarter(ctx: typer.Context, named: str | None) -> Offered:
    """The units that report in a quarter, with their names."""
    session = _session(ctx)
    for code, unit in session.units(session.period(named)).items():
        yield code, unit.name


@_quietly
def units(ctx: typer.Context, incomplete: str) -> Offered:
    """The units of the quarter that is named."""
    from reportctl.core.period import read_period

    del incomplete
    named = ctx.params.get("period") or next((word for word in _words(ctx) if read_period(word)), None)
    return _of_quarter(ctx, named)


@_quietly
def units_or_all(ctx: typer.Context, incomplete: str) -> Offered:
    """The same, and `all`."""
    from reportctl.core.language import _

    yield "all", _("every unit")
    yield from units(ctx, incomplete)


def _figures(ctx: typer.Context) -> Offered:
    for code, indicator in _session(ctx).form.indicators.items():
        yield code, str(indicator.name)


@_quietly
def sections(ctx: typer.Context, incomplete: str) -> Offered:
    """The sections and tables of the form."""
    del incomplete
    form = _session(ctx).form
    for part in (*form.sections, *form.tables):
        yield part.code, str(part.title)


@_quietly
def tables(ctx: typer.Context, incomplete: str) -> Offered:
    """The tables of the form, their rows and columns."""
    del incomplete
    for table in _session(ctx).form.tables:
        yield table.code, str(table.title)
        for row in table.lines:
            yield f"{table.code}.{row.code}", str(row.label)
        for column in table.columns:
            yield f"{table.code}.*.{column.code}", str(column.label)


@_quietly
def kinds(ctx: typer.Context, incomplete: str) -> Offered:
    """The codes of findings."""
    from reportctl.core.finding_kinds import KINDS
    from reportctl.render.explain import in_general

    del ctx, incomplete
    return ((code, in_general(kind.message)) for code, kind in KINDS.items())


@_quietly
def settings(ctx: typer.Context, incomplete: str) -> Offered:
    """The settings with what they mean, those of this form's kinds of units among them; of findings, which
    are many, only where `findings.` is typed."""
    from reportctl.core.finding_kinds import KINDS
    from reportctl.core.language import _
    from reportctl.workspace.setting_list import setting_named

    if ctx.params.get("key"):
        return
    known = {key: meaning for key, meaning, _set in _settings_said(ctx)}
    yield from known.items()
    form = _session(ctx).form
    more = [f"deadlines.{kind.code}" for kind in form.kinds]
    more += [f"findings.{code}" for code in KINDS] if incomplete.startswith("findings.") else []
    for key in more:
        if key not in known:
            yield key, _(setting_named(key, {kind.code: str(kind.name) for kind in form.kinds}).meaning)


@_quietly
def settings_set(ctx: typer.Context, incomplete: str) -> Offered:
    """The settings that stand in reportctl.toml."""
    del incomplete
    return ((key, meaning) for key, meaning, is_set in _settings_said(ctx) if is_set)


def _settings_said(ctx: typer.Context) -> Iterator[tuple[str, str, bool]]:
    from reportctl.core.language import _
    from reportctl.workspace.setting_list import all_said
    from reportctl.workspace.settings_edit import defaults, settings_file

    for one in all_said(settings_file(_session(ctx).root).data, defaults()):
        yield one.setting.key, _(one.setting.meaning), one.is_set


@_quietly
def quarters_before_files(ctx: typer.Context, incomplete: str) -> Offered:
    """The quarter, which stands before the files; these the shell offers itself."""
    del incomplete
    return iter(()) if _words(ctx) else _quarters_known(ctx)


@_quietly
def periods_and_figures(ctx: typer.Context, incomplete: str) -> Offered:
    """A period and a figure's code, in any order."""
    from reportctl.core.period import read_period

    named = [bool(read_period(word)) for word in _words(ctx)]
    if False not in named:
        from reportctl.figures.trace_list import list_codes

        yield from _figures(ctx)
        yield from list_codes(_session(ctx).form)
    if True not in named:
        yield from periods(ctx, incomplete)


@_quietly
def quarters_and_units(ctx: typer.Context, incomplete: str) -> Offered:
    """The quarter, then units."""
    yield from units(ctx, incomplete)
    if not _words(ctx):
        yield from _quarters_known(ctx)


@_quietly
def corrected(ctx: typer.Context, incomplete: str) -> Offered:
    """The quarter, then the unit and the figure; the value is nobody's to know."""
    from reportctl.core.period import read_period

    given = _words(ctx)
    after = given[1:] if given and read_period(given[0]) else given
    if not after:
        yield from units(ctx, incomplete)
    if not given:
        yield from _quarters_known(ctx)
    if len(after) == 1:
        yield from _figures(ctx)


@_quietly
def quarters_or_adopt(ctx: typer.Context, incomplete: str) -> Offered:
    """What may follow `form`: `adopt`, or with --tags a period."""
    from reportctl.core.language import _

    if not ctx.params.get("words"):
        yield "adopt", _("read an office's own blank workbook")
        if ctx.params.get("tags"):
            yield from periods(ctx, incomplete)
