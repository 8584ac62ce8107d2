"""What follows from the facts: for each thing looked at whether it is in order, what is wrong, what to do."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath, PureWindowsPath

from reportctl.core import wording
from reportctl.core.language import N_, _, ngettext
from reportctl.core.obstacles import LONGEST
from reportctl.doctor.facts import Computer, Facts, Files, Office
from reportctl.ledger.condition import Condition


class State(StrEnum):
    """A problem keeps something from working, a note should be known, else all is in order."""

    OK = "ok"
    NOTE = "note"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: its `code`, how it is, `what` there is to say, and the `remedy`, empty
    where nothing is to be done or `what` says it."""

    code: str
    state: State
    what: str
    remedy: str = ""


# What is looked at, by code, as people are told.
TITLES = {
    "python": N_("Python"),
    "console": N_("Console"),
    "fonts": N_("Fonts"),
    "clock": N_("Clock"),
    "workspace": N_("Workspace"),
    "settings": N_("Settings, form, units"),
    "open": N_("Files open elsewhere"),
    "rights": N_("Rights to write"),
    "disk": N_("Room on the disk"),
    "paths": N_("Length of paths"),
    "syncing": N_("Syncing folder"),
    "report": N_("Report and form"),
    "ledger": N_("Ledger"),
    "lock": N_("Merge under way"),
}
_OLDEST_PYTHON = (3, 11)
_UTF_8 = 65001  # the code page
_MEGABYTE = 1_000_000
# A merge of 150 units keeps their workbooks (some 10 MB), the ledger and its journal; a quarter needs less
# than 200 MB. Below a gigabyte a year of them no longer fits.
_ROOM_NEEDED, _ROOM_WANTED = 200 * _MEGABYTE, 1000 * _MEGABYTE
# Of paths below the workspace: "returned/2026-Q3/", a name of 100 letters, ".marked.xlsx" and some more.
_LONGEST_BELOW = 140
_AHEAD = dt.timedelta(days=1)  # two computers' clocks, and time zones, differ by less
_EARLY, _LATE = dt.timedelta(days=92), dt.timedelta(days=366)  # a quarter before the window; a year after it
_ESSENTIAL = frozenset({"decisions.csv", "reportctl.db", ".reportctl-written.json"})
_MOST_NAMED = 5

_SYNCED_BY_FOLDER = (
    (re.compile(r"onedrive( .*)?", re.IGNORECASE), "OneDrive"),
    (re.compile(r"dropbox( .*)?", re.IGNORECASE), "Dropbox"),
    (re.compile(r"google ?drive.*|my drive|drive của tôi|gdrive", re.IGNORECASE), "Google Drive"),
    (re.compile(r"icloud ?drive|icloud~.*|com~apple~clouddocs", re.IGNORECASE), "iCloud"),
    (re.compile(r"nextcloud|owncloud", re.IGNORECASE), "Nextcloud"),
)
# What such programs leave in the folders that they keep.
_SYNCED_BY_MARK = (
    (re.compile(r"\.849C9593-D756-4E56-8D6E-42412F2A707B"), "OneDrive"),
    (re.compile(r"\.dropbox(\.cache)?"), "Dropbox"),
    (re.compile(r"\.tmp\.drive(down|up)load"), "Google Drive"),
    (re.compile(r"\.icloud"), "iCloud"),
    (re.compile(r"\._?sync_[0-9a-z]+\.db|\.owncloudsync\.log|\.nextcloudsync\.log"), "Nextcloud"),
    (re.compile(r"\.stfolder"), "Syncthing"),
)


def checks(facts: Facts) -> tuple[Check, ...]:
    """All that can be said by these facts, in the order of `TITLES`; at least one line for each thing looked
    at, and of a workspace where there is one."""
    found = [_python(facts.computer), _console(facts.computer)]
    files, office = facts.files, facts.office
    found.append(_fonts(facts.computer, office))
    found += _clock(facts.computer, files, office)
    found.append(_workspace(facts))
    if files is None or office is None:
        return tuple(found)
    found += _settings(office)
    found += _open(files)
    found += _rights(files)
    found += [_disk(files), _paths(facts.computer, files)]
    found += _syncing(facts.computer, files)
    found += [_report(office), _ledger(office), _lock(office)]
    return tuple(found)


def _python(computer: Computer) -> Check:
    version = ".".join(map(str, computer.python))
    if computer.python < _OLDEST_PYTHON:
        return Check(
            "python",
            State.PROBLEM,
            _("Python {version} is too old.").format(version=version),
            _("Install Python {oldest} or later and reportctl in it.").format(
                oldest=".".join(map(str, _OLDEST_PYTHON))
            ),
        )
    return Check("python", State.OK, _("Python {version}").format(version=version))


def _console(computer: Computer) -> Check:
    if computer.is_windows:
        if computer.code_page in (None, _UTF_8):
            return Check("console", State.OK, _("It shows every Vietnamese letter."))
        return Check(
            "console",
            State.NOTE,
            _(
                "Its code page is {page}: on the screen all letters are right, but what is passed on with > "
                "or | loses Vietnamese ones."
            ).format(page=computer.code_page),
            _("Write results to a file with --out, or type first: chcp {page}").format(page=_UTF_8),
        )
    if computer.encoding.lower().replace("-", "").replace("_", "") == "utf8":
        return Check("console", State.OK, _("It shows every Vietnamese letter."))
    return Check(
        "console",
        State.NOTE,
        _("Its encoding is {encoding}, which lacks Vietnamese letters.").format(
            encoding=computer.encoding or "?"
        ),
        _("Set the language of the terminal to UTF-8, such as LANG=C.UTF-8."),
    )


def _fonts(computer: Computer, office: Office | None) -> Check:
    named = office.fonts if office else frozenset[str]()
    if not named:
        return Check("fonts", State.OK, _("No Word document was looked at."))
    if computer.fonts is None:
        return Check("fonts", State.OK, _("This computer does not say which fonts it has."))
    missing = sorted(name for name in named if not _has(computer.fonts, name))
    if not missing:
        return Check("fonts", State.OK, _("All fonts of the Word document are there."))
    return Check(
        "fonts",
        State.NOTE,
        _(
            "Not on this computer: {fonts}. Another font stands in, so pages break elsewhere than on paper."
        ).format(fonts=", ".join(missing)),
        _("Look at the report once more where they are, before it is printed, or install them."),
    )


def _has(fonts: frozenset[str], name: str) -> bool:
    """Whether a family is there, also where only its faces are listed ("arial bold")."""
    wanted = name.lower()
    return wanted in fonts or any(one.startswith(f"{wanted} ") for one in fonts)


def _clock(computer: Computer, files: Files | None, office: Office | None) -> Iterator[Check]:
    now, wrong = computer.now, False
    remedy = _("Set date and time of this computer right.")
    if not 1980 <= now.year <= 2107:  # the days that a .zip, .xlsx or .docx can name
        yield Check("clock", State.PROBLEM, _("It says {now}.").format(now=_moment(now)), remedy)
        return
    if files and files.newest and files.newest[1] > now + _AHEAD:
        wrong = True
        yield Check(
            "clock",
            State.PROBLEM,
            _("It says {now}, but {file} was written at {then}.").format(
                now=_moment(now), file=files.newest[0], then=_moment(files.newest[1])
            ),
            remedy,
        )
    if office and office.window and office.quarter:
        first, last = office.window.first, office.window.last
        quarter = wording.period_words(office.quarter)
        if not wrong and now.date() < first - _EARLY:
            wrong = True
            yield Check(
                "clock",
                State.NOTE,
                _("It says {now}; {period}, the current quarter, begins on {first} only.").format(
                    now=_moment(now), period=quarter, first=wording.date_short(first)
                ),
                _("Set it right, or name the quarter you work on: current in reportctl.toml."),
            )
        elif not wrong and now.date() > last + _LATE:
            wrong = True
            yield Check(
                "clock",
                State.NOTE,
                _("It says {now}; {period}, the current quarter, ended on {last}.").format(
                    now=_moment(now), period=quarter, last=wording.date_short(last)
                ),
                _("Set it right, or begin the next quarter: reportctl next"),
            )
    if not wrong:
        yield Check("clock", State.OK, _("It says {now}.").format(now=_moment(now)))


def _moment(when: dt.datetime) -> str:
    return _("{time} on {day}").format(time=f"{when:%H:%M}", day=wording.date_short(when.date()))


def _workspace(facts: Facts) -> Check:
    if facts.files:
        return Check("workspace", State.OK, facts.files.root)
    if facts.no_workspace:
        return Check("workspace", State.PROBLEM, facts.no_workspace)
    return Check(
        "workspace",
        State.NOTE,
        _("There is none here, so only the computer was looked at."),
        _("Do this in the workspace's folder, or name it: reportctl -w FOLDER doctor"),
    )


def _settings(office: Office) -> Iterator[Check]:
    for sentence in office.unreadable:
        yield Check("settings", State.PROBLEM, sentence)
    if office.formless:
        yield Check(
            "settings",
            State.PROBLEM,
            _(
                "The form by which these quarters were asked is not in archive/forms, or cannot be read: "
                "{quarters}. What they asked otherwise than the form of now is not known."
            ).format(quarters=", ".join(map(str, office.formless))),
            _("Put the folder archive back from a backup."),
        )
    if not office.unreadable and not office.formless:
        yield Check("settings", State.OK, _("All of them can be read."))


def _open(files: Files) -> Iterator[Check]:
    names = [name for name, _lock in files.opened]
    if essential := [name for name in names if name in _ESSENTIAL]:
        yield Check(
            "open",
            State.PROBLEM,
            _("Open in another program: {files}. No merge or decision can be written.").format(
                files=_named(essential)
            ),
            _("Close them there."),
        )
    others = [(name, lock) for name, lock in files.opened if name not in _ESSENTIAL]
    if others:
        locks = [lock for _name, lock in others if lock]
        remedy = _("Close them before you go on, or a command leaves them as they are.")
        if locks:
            remedy += " " + _("Where nobody has them open, delete what a crash left: {locks}").format(
                locks=_named(locks)
            )
        what = _("Open in another program: {files}.").format(files=_named([name for name, _lock in others]))
        yield Check("open", State.NOTE, what, remedy)
    if not files.opened:
        yield Check("open", State.OK, _("None."))


def _named(names: list[str]) -> str:
    """The first of the names, and how many more there are."""
    shown = ", ".join(names[:_MOST_NAMED])
    more = len(names) - _MOST_NAMED
    return shown if more <= 0 else f"{shown} " + _("and {count} more").format(count=more)


def _rights(files: Files) -> Iterator[Check]:
    for sentence in files.refused[:_MOST_NAMED]:
        yield Check("rights", State.PROBLEM, sentence)
    if (more := len(files.refused) - _MOST_NAMED) > 0:
        what = ngettext(
            "{count} more cannot be written, too.", "{count} more cannot be written, too.", more
        ).format(count=more)
        yield Check("rights", State.PROBLEM, what)
    if not files.refused:
        yield Check("rights", State.OK, _("Every folder of the workspace can be written in."))


def _disk(files: Files) -> Check:
    if files.free is None:
        return Check("disk", State.OK, _("This computer does not say how much there is."))
    left = _("{count} MB are left.").format(count=wording.number(files.free // _MEGABYTE))
    if files.free >= _ROOM_WANTED:
        return Check("disk", State.OK, left)
    state = State.NOTE if files.free >= _ROOM_NEEDED else State.PROBLEM
    return Check("disk", state, left, _("Delete what is not needed, or move the workspace to another disk."))


def _paths(computer: Computer, files: Files) -> Check:
    """Word and Excel take no longer ones, even where Windows itself was told to."""
    if not computer.is_windows:
        return Check("paths", State.OK, _("This system has no limit that matters."))
    remedy = _("Move the workspace nearer to the root of its drive, or shorten the names of folders.")
    if len(files.longest) > LONGEST:
        what = _("{path} has {count} characters; Windows takes {limit} at most.").format(
            path=files.longest, count=len(files.longest), limit=LONGEST
        )
        return Check("paths", State.PROBLEM, what, remedy)
    if len(files.root) + _LONGEST_BELOW > LONGEST:
        what = _(
            "The workspace's own path has {count} characters; with the names of files in it that may be more "
            "than the {limit} which Windows takes."
        ).format(count=len(files.root), limit=LONGEST)
        return Check("paths", State.NOTE, what, remedy)
    return Check("paths", State.OK, _("Short enough for Windows."))


def _syncing(computer: Computer, files: Files) -> Iterator[Check]:
    if program := synced_by(computer, files):
        yield Check(
            "syncing",
            State.NOTE,
            _("The workspace lies in a folder that {program} keeps in step with other computers.").format(
                program=program
            ),
            _(
                "Let one person merge at a time, wait until it is in step before another one goes on, and "
                "keep its files on this computer (not online only)."
            ),
        )
    else:
        yield Check("syncing", State.OK, _("The workspace does not seem to lie in one."))
    for sentence in files.copies:
        yield Check("syncing", State.NOTE, sentence)


def synced_by(computer: Computer, files: Files) -> str:
    """The program that seems to keep the workspace's folder in step with others; empty where none does."""
    path = (PureWindowsPath if computer.is_windows else PurePosixPath)(files.root)
    for folder in computer.synced:
        if folder and path.is_relative_to(folder):
            return "OneDrive"
    for part in path.parts:
        for pattern, program in _SYNCED_BY_FOLDER:
            if pattern.fullmatch(part):
                return program
    found = (
        program for name in sorted(files.hidden) for mark, program in _SYNCED_BY_MARK if mark.fullmatch(name)
    )
    return next(found, "")


def _report(office: Office) -> Check:
    see = _("See: reportctl form --check")
    if office.undrifted:
        return Check("report", State.PROBLEM, office.undrifted)
    if office.stops:
        what = ngettext(
            "In {count} point the Word document and the form differ so that no report can be made.",
            "In {count} points the Word document and the form differ so that no report can be made.",
            office.stops,
        )
        return Check("report", State.PROBLEM, what.format(count=office.stops), see)
    if office.drift:
        what = ngettext(
            "The Word document and the form differ in {count} point.",
            "The Word document and the form differ in {count} points.",
            office.drift,
        )
        return Check("report", State.NOTE, what.format(count=office.drift), see)
    if office.unreadable:
        return Check("report", State.OK, _("Not looked at before settings, form and units can be read."))
    return Check("report", State.OK, _("The Word document and the form are in step."))


def _ledger(office: Office) -> Check:
    again = _("It is made again, with the same figures, by: reportctl merge")
    match office.ledger:
        case Condition.READY if not office.lost:
            return Check("ledger", State.OK, _("It can be read and is of this version of reportctl."))
        case Condition.MISSING if not office.lost:
            return Check("ledger", State.OK, _("Nothing was merged yet."))
        case Condition.DAMAGED:
            return Check("ledger", State.PROBLEM, _("reportctl.db is damaged."), again)
        case Condition.OLDER:
            return Check(
                "ledger", State.PROBLEM, _("reportctl.db was made by an older version of reportctl."), again
            )
        case Condition.NEWER:
            return Check(
                "ledger",
                State.PROBLEM,
                _("reportctl.db was made by a newer version of reportctl, so somebody works with that one."),
                _("Install the newer version here, too, before you merge."),
            )
        case Condition.BUSY:
            return Check(
                "ledger",
                State.NOTE,
                _("reportctl.db cannot be opened at the moment."),
                _("Wait until a merge is done, close the file where it is open, and try again."),
            )
        case _:
            return Check(
                "ledger",
                State.PROBLEM,
                _("Files were merged, but reportctl.db is missing or not finished."),
                again,
            )


def _lock(office: Office) -> Check:
    if office.merging:
        return Check(
            "lock",
            State.NOTE,
            office.merging,
            _(
                "Where nobody merges there any more, restart that computer: it then lets go of "
                "reportctl.db.lock."
            ),
        )
    if office.cut_off:
        return Check(
            "lock",
            State.NOTE,
            _("A merge was broken off; nothing is lost."),
            _("The next one goes on where it stopped: reportctl merge"),
        )
    return Check("lock", State.OK, _("Nobody is merging."))
