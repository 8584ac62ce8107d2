"""The command `menu`: where the quarter stands, what can be done, each with the command that does it."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from reportctl.cli import menu_steps
from reportctl.cli.menu_steps import Standing, Step
from reportctl.cli.prompts import NobodyError, answer, answers_come, at_terminal, line, yes
from reportctl.core import language
from reportctl.core.errors import ReportctlError, note, say
from reportctl.core.language import _
from reportctl.core.typed import as_typed
from reportctl.ledger.session import Session

COMMANDS = "reportctl.commands"  # where the context keeps the names of all commands
_LEAVE = ("0", "q", "thoát", "thoat", "quit", "exit")
_FAILED = 2


@dataclass(frozen=True, slots=True)
class _Menu:
    """What is shown once: the choices, the next one, and how the program is called for this workspace."""

    listed: list[Step]
    next_key: str
    root: Path | None
    called: str
    commands: frozenset[str]


def menu(context: typer.Context) -> None:
    if not answers_come():
        raise ReportctlError(
            _(
                "The menu asks questions, and nobody is here to answer them. Open it in a terminal; in a "
                "script use the commands themselves: reportctl --help"
            )
        )
    commands = frozenset(context.meta.get(COMMANDS, ()))
    session: Session = context.obj
    began = Path.cwd()
    root = _entered(_root(session))
    done: set[str] = set()
    try:
        while True:
            shown = _show(root, commands, done)
            chosen = _chosen(shown)
            if chosen is None:
                break
            root = _entered(_do(shown, chosen)) or root
            if isinstance(chosen, Step):
                done.add(chosen.key)
    except NobodyError:
        pass
    if began != (now := Path.cwd()):
        os.chdir(began)
        say(_("To type these commands yourself, first: {command}").format(command=_cd(now)))


def _root(session: Session) -> Path | None:
    """The workspace's folder; None where there is none here and none was named, in which case one is offered.

    Raises `ReportctlError` where the one that was named is none.
    """
    try:
        root = session.root
    except ReportctlError:
        if session.names_workspace:
            raise
        return None
    from reportctl.workspace.double_click import write_launcher

    with contextlib.suppress(ReportctlError):  # a workspace may be there to be read only
        write_launcher(root, Session(root).settings.language)
    return root


def _entered(root: Path | None) -> Path | None:
    """The workspace at `root`, which becomes the current folder, so that no command has to name it; said as
    the command that does the same."""
    if root is not None and root not in (Path.cwd(), *Path.cwd().parents):
        command = _cd(root)
        with contextlib.suppress(OSError):  # it may be forbidden
            os.chdir(root)
            say()
            say(f"> {command}")
    return root


def _cd(folder: Path) -> str:
    """The command that makes a folder the current one, in cmd and PowerShell also on another drive."""
    here = Path.cwd()
    return f"{'cd' if folder.anchor == here.anchor else 'pushd'} {as_typed(menu_steps.from_here(folder))}"


# ---- what is shown


def _show(root: Path | None, commands: frozenset[str], done: Collection[str]) -> _Menu:
    say()
    next_key = ""
    if root is None:
        say(_("There is no workspace here. Make one, or try the program with the sample."))
        listed, next_key = menu_steps.steps_without_workspace(), "init"
    else:
        try:
            standing = _standing(Session(root), done)
            listed, next_key = menu_steps.steps(standing, root, commands), standing.next_key
        except ReportctlError as error:
            say(str(error))
            listed = menu_steps.steps_of_a_broken_workspace(commands)
    called = "reportctl"
    if root is not None and root not in (Path.cwd(), *Path.cwd().parents):
        called += f" -w {as_typed(root)}"
    columns = _columns()
    for step in (step for step in listed if step.key == next_key):
        _tell(menu_steps.next_sentence(step, called))
    say()
    for each in menu_steps.lines(listed, next_key, called, columns):
        say(each)
    return _Menu(listed, next_key, root, called, commands)


def _columns() -> int:
    return shutil.get_terminal_size((80, 24)).columns


def _tell(sentence: str) -> None:
    """Print a sentence, its lines broken between words."""
    say(textwrap.fill(sentence, _columns() - 1, break_long_words=False, break_on_hyphens=False))


def _standing(session: Session, done: Collection[str]) -> Standing:
    """Where the current quarter stands, of which some steps have been `done` just now; said, too."""
    from reportctl.cli.collect import status_of
    from reportctl.merge.unmerged import freshness

    quarter = session.workspace.current()
    status = status_of(session, quarter)
    fresh = freshness(session, quarter)
    for sentence in (*menu_steps.who_has_sent(session, status), *fresh.sentences):
        _tell(sentence)
    standing = menu_steps.standing_of(session, status, stale=fresh.stale, done=done)
    if status.closed:
        say(_("The quarter is closed."))
    if standing.report is None:
        say(_("The report is not written yet."))
    else:
        _tell(_("The report is in {path}").format(path=standing.report))
    return standing


# ---- what is chosen


def _chosen(shown: _Menu) -> Step | tuple[str, ...] | None:
    """The step whose number was typed, or the words of the command that was; None to leave."""
    following = next((step for step in shown.listed if step.key == shown.next_key), None)
    prompt = _("Number, or Enter for “{next}”:").format(next=following.title) if following else _("Number:")
    while True:
        typed = line(prompt)
        if not typed and following:
            return following
        if typed.casefold() in _LEAVE:
            return None
        if typed.isdecimal() and 0 < int(typed) <= len(shown.listed):
            return shown.listed[int(typed) - 1]
        words = _words(typed)
        if words and words[0] in shown.commands - {"menu"}:
            return words
        note(
            _("“{typed}” is none of the choices: type a number from 0 to {last}.").format(
                typed=typed, last=len(shown.listed)
            )
        )


def _words(typed: str) -> tuple[str, ...]:
    """The words of a command line that was typed, without the program's name; backslashes are those of
    Windows paths, and an apostrophe that closes nothing belongs to a name."""
    words: tuple[str, ...] = ()
    for quotes in ("'\"", '"'):
        lexer = shlex.shlex(typed, posix=True)
        lexer.whitespace_split, lexer.escape, lexer.commenters, lexer.quotes = True, "", "", quotes
        with contextlib.suppress(ValueError):  # a quotation mark is missing
            words = tuple(lexer)
            break
    named = words[:1] and words[0].lower() in ("reportctl", "reportctl.exe", "reportctl.cmd")
    return words[1:] if named else words


def _do(shown: _Menu, chosen: Step | tuple[str, ...]) -> Path | None:
    """Do what was chosen; the workspace that it has made, if it is one."""
    if isinstance(chosen, tuple):
        _run(shown, chosen)
        _pause()
        return None
    if chosen.key in ("init", "demo"):
        return _begin(shown, chosen)
    if not chosen.words:
        note(chosen.lacking)
    elif not chosen.question or yes(chosen.question, default=False):
        code = _run(shown, chosen.words)
        if chosen.key == "settings":
            _set(shown)
            return None
        if chosen.key == "refresh" and code == 1 and yes(_("Renew its figures now?"), default=True):
            code = _run(shown, chosen.words[:-1])
        if code < _FAILED:
            _offer(chosen)
    _pause()
    return None


def _begin(shown: _Menu, step: Step) -> Path | None:
    default = step.words[1] if len(step.words) > 1 else "reportctl-demo"
    # Explorer copies a path in quotation marks.
    folder = answer(_("Folder"), default).strip(" '\"“”") or default
    code = _run(shown, (step.words[0], folder))
    made = (Path.cwd() / folder).resolve() if code < _FAILED else None
    if made and not (made / "reportctl.toml").is_file():
        made = None
    if made and step.key == "demo":
        workspace = Session(made).workspace
        _offer(Step("report", result=workspace.output(workspace.current())))
    _pause()
    return made


def _set(shown: _Menu) -> None:
    """Ask for settings to be changed until none is named."""
    while key := line(_("Setting to change, or Enter for none:")):
        if value := line(_("New value, or Enter to leave it:")):
            _run(shown, ("settings", key, value))


def _pause() -> None:
    line(_("Enter: back to the menu."))


# ---- doing it


def _run(shown: _Menu, words: Sequence[str]) -> int:
    """Run a command in a process of its own, shown as it would be typed, and give its exit code."""
    say()
    say(f"> {menu_steps.spoken(shown.called, words)}")
    sys.stdout.flush()
    where = ("-w", str(shown.root)) if shown.root is not None else ()
    process = subprocess.Popen(  # noqa: S603 - this program, with words of its own or typed by who runs it
        [sys.executable, "-m", "reportctl", "--lang", language.current_language(), *where, *words],
        stdin=None if at_terminal() else subprocess.DEVNULL,
    )
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:  # it is the command that is interrupted; the menu stays
            continue


def _offer(step: Step) -> None:
    """Offer to open what a step has made, where there is something and a program for it."""
    from reportctl.core.opening import opener

    result = step.result
    if step.key == "report" and result is not None:
        result = menu_steps.newest_report(result)
    if result is None or not result.exists() or (result.is_dir() and not any(result.iterdir())):
        return
    open_it = opener()
    if open_it is None or not yes(_("Open {name}?").format(name=result.name), default=True):
        return
    try:
        open_it(result)
    except OSError as error:
        note(_("{path} could not be opened: {reason}").format(path=result, reason=error.strerror or error))
