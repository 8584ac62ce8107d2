"""The steps of a quarter as the menu shows them: in order, each with its command, and which comes next."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reportctl.core.language import N_, _, ngettext
from reportctl.core.typed import as_typed

if TYPE_CHECKING:
    from reportctl.core.period import Quarter
    from reportctl.ledger.session import Session
    from reportctl.status.status import Status


@dataclass(frozen=True, slots=True)
class Step:
    """A choice: its name, the words of its command behind `reportctl`, a question that is asked before it is
    done, and the file or folder in which its result is found. Without words it is not possible yet, and
    `lacking` says why."""

    key: str
    words: tuple[str, ...] = ()
    question: str = ""
    result: Path | None = None
    lacking: str = ""

    @property
    def title(self) -> str:
        """What it is for."""
        return _(_TITLES[self.key])


_TITLES = {
    "template": N_("Make the workbooks to send out"),
    "status": N_("Who has sent what"),
    "remind": N_("Messages to units that are late"),
    "validate": N_("Check what came, mark mistakes"),
    "merge": N_("Take in what came"),
    "summary": N_("Look at the figures"),
    "report": N_("Write the Word report"),
    "refresh": N_("Check the edited report"),
    "close": N_("Freeze the quarter"),
    "next": N_("Begin the next quarter"),
    "settings": N_("Settings"),
    "form": N_("What is wrong with the form"),
    "doctor": N_("What is wrong with this computer"),
    "help": N_("All commands"),
    "init": N_("A workspace for an office"),
    "demo": N_("Try it with the sample"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a quarter stands: who has reported, whether workbooks were made to be sent, whether a merge
    would bring anything new, whether the quarter is past, and the newest report, by its path from here;
    whether what is rejected is marked for its senders, and who is late has been reminded."""

    quarter: Quarter
    status: Status
    sent: bool
    stale: bool
    past: bool
    report: Path | None
    marked: bool = False
    reminded: bool = False

    @property
    def next_key(self) -> str:
        """The step that comes next. Where most units are in, the report does not wait for those that have
        been reminded, or sent a marked copy of what they are to mend."""
        units = self.status.units
        missing = [unit for unit in units if unit.state == "missing"]
        turned_back = [unit for unit in units if unit.state in ("rejected", "unreadable")]
        most_are_in = _most_are_in(self.status)
        late = any(unit.late for unit in missing)
        if self.status.closed:
            return "next"
        if self.stale or self.status.unmerged:
            return "merge"
        if len(missing) == len(units) and not self.sent:
            return "template"
        if turned_back and not self.marked:
            return "validate"
        if late and not self.reminded and not (most_are_in and self.report):
            return "remind"
        if not most_are_in or any(not unit.late for unit in missing):  # whose deadline is not over
            return "status"
        if self.report is None:
            return "report"
        return "close" if self.past else "refresh"


def _most_are_in(status: Status) -> bool:
    """Whether the reports of more than half of the units are there and not rejected."""
    return 2 * sum(unit.state in ("accepted", "warned") for unit in status.units) > len(status.units)


def standing_of(session: Session, status: Status, *, stale: bool, done: Collection[str] = ()) -> Standing:
    """Where the quarter of a status stands; `stale`: a merge would bring something new, `done`: the steps
    that have been done just now. Who is late counts as reminded while the days last within which it was told
    to send its report; where most units are in, also once they are over."""
    from reportctl.decisions.next_quarter import is_past
    from reportctl.marked.names import are_marked
    from reportctl.status.reminded import is_reminded, last_reminded

    quarter, workspace = status.quarter, session.workspace
    outbox = workspace.outbox(quarter)
    turned_back = [unit.file for unit in status.units if unit.state in ("rejected", "unreadable")]
    late = [unit for unit in status.units if unit.state == "missing" and unit.late]
    reminded, resend_days = last_reminded(workspace.output(quarter), late), session.settings.resend_days
    days = [(session.today - unit.deadline).days for unit in status.units if unit.state == "missing"]
    report = newest_report(workspace.output(quarter))
    return Standing(
        quarter,
        status,
        sent=outbox.is_dir() and any(outbox.glob("*.xls*")),
        stale=stale,
        past=is_past(session, quarter),
        report=report and from_here(report),
        marked="validate" in done
        or are_marked(
            workspace.returned(quarter), {name: workspace.inbox(quarter) / name for name in turned_back}
        ),
        reminded="remind" in done
        or all(is_reminded(unit, reminded, session.today, resend_days) for unit in late)
        or (_most_are_in(status) and min(days, default=0) > resend_days),
    )


def who_has_sent(session: Session, status: Status) -> Iterator[str]:
    """Sentences about the quarter of a status: how many units are in which state, which files are doubtful,
    who was reminded."""
    from reportctl.core import wording
    from reportctl.status.reminded import last_reminded, reminded_in_words
    from reportctl.status.status import counts_in_words, doubts_in_words

    yield f"{wording.capitalised(wording.period_title(status.quarter))}. {counts_in_words(status)}"
    yield from doubts_in_words(status.doubts)
    yield from reminded_in_words(
        status, last_reminded(session.workspace.output(status.quarter), status.units)
    )


def next_words(standing: Standing) -> str:
    """A sentence that names the step that comes next, and its command."""
    (step,) = (step for step in steps(standing, Path(), ()) if step.key == standing.next_key)
    return next_sentence(step, "reportctl")


def next_sentence(step: Step, called: str) -> str:
    """A sentence that a step comes next, with its command; `called` is how the program is called."""
    return _("Next: {title}. {command}").format(title=step.title, command=spoken(called, step.words))


def from_here(path: Path) -> Path:
    """The path as a command takes it in the current folder."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def newest_report(folder: Path) -> Path | None:
    """The Word file in a folder of results that was saved last; locks and earlier states are none."""
    files = [
        path
        for path in folder.glob("*.docx")
        if not path.name.startswith(("~$", ".")) and ".before-" not in path.name
    ]
    return max(files, key=lambda path: path.stat().st_mtime, default=None)


def _unfinished(standing: Standing) -> str:
    """A sentence about what the figures of a quarter still lack, with a blank behind it; else empty."""
    status = standing.status
    missing, turned_back = status.count("missing"), status.count("rejected") + status.count("unreadable")
    lacking = [
        ngettext("{count} unit has not reported", "{count} units have not reported", missing).format(
            count=missing
        )
        if missing
        else "",
        ngettext(
            "the report of {count} unit is rejected", "the reports of {count} units are rejected", turned_back
        ).format(count=turned_back)
        if turned_back
        else "",
        _("what came is not all taken in") if standing.stale or status.unmerged else "",
        "" if standing.report else _("there is no Word report"),
    ]
    found = "; ".join(filter(None, lacking))
    return _("Not finished: {what}.").format(what=found) + " " if found else ""


def steps(standing: Standing, root: Path, commands: Collection[str]) -> list[Step]:
    """The steps of a quarter in order; of the program's `commands`, `doctor` may not be there."""
    quarter, unfinished = str(standing.quarter), "" if standing.status.closed else _unfinished(standing)
    output = root / "output" / quarter
    report = standing.report
    return [
        Step("template", ("template", quarter), result=root / "outbox" / quarter),
        Step("status", ("status", quarter)),
        Step("remind", ("status", quarter, "--remind")),
        Step("validate", ("validate", quarter, "--mark"), result=root / "returned" / quarter),
        Step("merge", ("merge", quarter), result=output / "merged.xlsx"),
        Step("summary", ("summary", quarter)),
        Step("report", ("report", quarter), result=output),
        Step("refresh", ("refresh", str(report), "--check"), result=report)
        if report
        else Step("refresh", lacking=_("There is no report of this quarter yet.")),
        Step(
            "close",
            ("close", quarter),
            unfinished + _("Freeze the figures of {quarter}?").format(quarter=quarter),
        ),
        Step("next", ("next",), unfinished + _("Begin the quarter after {quarter}?").format(quarter=quarter)),
        *always(commands),
    ]


def steps_of_a_broken_workspace(commands: Collection[str]) -> list[Step]:
    """What can be done where the form, the units or the settings cannot be read."""
    return [Step("form", ("form", "--check")), *always(commands)]


def steps_without_workspace() -> list[Step]:
    """What can be done where there is no workspace."""
    return [Step("init", ("init", "bao-cao")), Step("demo", ("demo",)), Step("help", ("--help",))]


def always(commands: Collection[str]) -> list[Step]:
    """What can be done whatever the quarter is like."""
    doctor = [Step("doctor", ("doctor",))] if "doctor" in commands else []
    return [Step("settings", ("settings",)), *doctor, Step("help", ("--help",))]


def lines(listed: Sequence[Step], next_key: str, called: str, columns: int) -> list[str]:
    """The numbered choices, each with its command behind it, or below it where both are longer than a line
    of so many `columns`; an arrow stands before the next step. `called` is how the program is called."""
    widest = max(len(step.title) for step in listed)
    shown = []
    for number, step in enumerate(listed, 1):
        mark = "→" if step.key == next_key else " "
        head = f"{mark}{number:>3}. {step.title}"
        command = spoken(called, step.words) if step.words else f"({step.lacking})"
        padded = f"{head:<{widest + 6}}  {command}"
        shown += [padded] if len(padded) <= columns else [head, *_wrapped(command, columns)]
    leave = _("Leave")
    return [*shown, f"   0. {leave}"]


def _wrapped(command: str, columns: int) -> list[str]:
    """A command on lines of its own."""
    indent = " " * 8
    return [indent + command] if len(indent + command) <= columns else [command]


def spoken(called: str, words: Sequence[str]) -> str:
    """A command as it is typed."""
    return " ".join([called, *map(as_typed, words)])
