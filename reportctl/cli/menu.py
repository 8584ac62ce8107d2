"""The command `menu`: where the quarter stands, what can be done, each with the command that does it."""

from __future__ import annotations

import contextlib
import shlex
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from reportctl.cli.prompts import NobodyError, answer, answers_come, at_terminal, line, yes
from reportctl.core import language
from reportctl.core.errors import ReportctlError, note, say
from reportctl.core.language import _
from reportctl.ledger.session import Session

if TYPE_CHECKING:
    from reportctl.cli.menu_steps import Standing, Step

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
    root = _root(session)
    try:
        while True:
            shown = _show(root, commands)
            chosen = _chosen(shown)
            if chosen is None:
                break
            root = _do(shown, chosen) or root
    except NobodyError:
        pass


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


# ---- what is shown


def _show(root: Path | None, commands: frozenset[str]) -> _Menu:
    from reportctl.cli import menu_steps

    say()
    next_key = ""
    if root is None:
        say(_("There is no workspace here. Make one, or try the program with the sample."))
        listed, next_key = menu_steps.steps_without_workspace(), "init"
    else:
        try:
            standing = _standing(Session(root))
            listed, next_key = menu_steps.steps(standing, root, commands), standing.next_key
        except ReportctlError as error:
            say(str(error))
            listed = menu_steps.steps_of_a_broken_workspace(commands)
    called = "reportctl"
    if root is not None and root not in (Path.cwd(), *Path.cwd().parents):
        called += f' -w "{root}"' if " " in str(root) else f" -w {root}"
    columns = _columns()
    for step in (step for step in listed if step.key == next_key):
        command = menu_steps.spoken(called, step.words)
        _tell(_("Next: {title}. {command}").format(title=step.title, command=command))
    say()
    for each in menu_steps.lines(listed, next_key, called, columns):
        say(each)
    return _Menu(listed, next_key, root, called, commands)


def _columns() -> int:
    return shutil.get_terminal_size((80, 24)).columns


def _tell(sentence: str) -> None:
    """Print a sentence, its lines broken between words."""
    say(textwrap.fill(sentence, _columns() - 1, break_long_words=False, break_on_hyphens=False))


def _standing(session: Session) -> Standing:
    """Where the current quarter stands; said, too."""
    from reportctl.cli.collect import status_of
    from reportctl.cli.menu_steps import Standing
    from reportctl.core import wording
    from reportctl.decisions.next_quarter import is_past
    from reportctl.merge.unmerged import freshness
    from reportctl.status.status import counts_in_words, doubts_in_words

    quarter = session.workspace.current()
    status = status_of(session, quarter)
    _tell(f"{wording.capitalised(wording.period_words(quarter))}. {counts_in_words(status)}")
    for sentence in doubts_in_words(status.doubts):
        _tell(sentence)
    fresh = freshness(session, quarter)
    for sentence in fresh.sentences:
        _tell(sentence)
    report = _newest_report(session.workspace.output(quarter))
    if status.closed:
        say(_("The quarter is closed."))
    if report is None:
        say(_("The report is not written yet."))
    else:
        _tell(_("The report is in {path}").format(path=_from_here(report)))
    outbox = session.workspace.outbox(quarter)
    return Standing(
        quarter,
        status,
        sent=outbox.is_dir() and any(outbox.glob("*.xls*")),
        stale=fresh.stale,
        past=is_past(session, quarter),
        report=report and _from_here(report),
    )


def _from_here(path: Path) -> Path:
    """The path as a command takes it in the current folder."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _newest_report(folder: Path) -> Path | None:
    """The Word file in a folder of results that was saved last; locks and earlier states are none."""
    files = [
        path
        for path in folder.glob("*.docx")
        if not path.name.startswith(("~$", ".")) and ".before-" not in path.name
    ]
    return max(files, key=lambda path: path.stat().st_mtime, default=None)


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
    Windows paths."""
    lexer = shlex.shlex(typed, posix=True)
    lexer.whitespace_split, lexer.escape, lexer.commenters = True, "", ""
    try:
        words = tuple(lexer)
    except ValueError:  # a quotation mark is missing
        return ()
    return words[1:] if words[:1] == ("reportctl",) else words


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
    elif not chosen.question or yes(chosen.question, default=True):
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
    folder = answer(_("Folder"), "bao-cao" if step.key == "init" else "reportctl-demo")
    code = _run(shown, (*step.words, folder))
    _pause()
    made = Path.cwd() / folder
    return made if code < _FAILED and (made / "reportctl.toml").is_file() else None


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
    from reportctl.cli.menu_steps import spoken

    say()
    say(f"> {spoken(shown.called, words)}")
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
        result = _newest_report(result)
    if result is None or not result.exists() or (result.is_dir() and not any(result.iterdir())):
        return
    open_it = opener()
    if open_it is None or not yes(_("Open {name}?").format(name=result.name), default=True):
        return
    try:
        open_it(result)
    except OSError as error:
        note(_("{path} could not be opened: {reason}").format(path=result, reason=error.strerror or error))
