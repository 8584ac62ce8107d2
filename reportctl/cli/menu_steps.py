"""The steps of a quarter as the menu shows them: in order, each with its command, and which comes next."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from reportctl.core.language import N_, _
from reportctl.core.period import Quarter
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
    would bring anything new, whether the quarter is past, and the newest report, by its path from here."""

    quarter: Quarter
    status: Status
    sent: bool
    stale: bool
    past: bool
    report: Path | None

    @property
    def next_key(self) -> str:
        """The step that comes next."""
        count = self.status.count
        missing = count("missing")
        late = any(unit.late and unit.state == "missing" for unit in self.status.units)
        if self.status.closed:
            return "next"
        if self.stale or self.status.unmerged:
            return "merge"
        if missing == len(self.status.units) and not self.sent:
            return "template"
        if count("rejected") or count("unreadable"):
            return "validate"
        if missing:
            return "remind" if late else "status"
        if self.report is None:
            return "report"
        return "close" if self.past else "refresh"


def steps(standing: Standing, root: Path, commands: Collection[str]) -> list[Step]:
    """The steps of a quarter in order; of the program's `commands`, `doctor` may not be there."""
    quarter = str(standing.quarter)
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
        Step("close", ("close", quarter), _("Freeze the figures of {quarter}?").format(quarter=quarter)),
        Step("next", ("next",), _("Begin the quarter after {quarter}?").format(quarter=quarter)),
        *always(commands),
    ]


def steps_of_a_broken_workspace(commands: Collection[str]) -> list[Step]:
    """What can be done where the form, the units or the settings cannot be read."""
    return [Step("form", ("form", "--check")), *always(commands)]


def steps_without_workspace() -> list[Step]:
    """What can be done where there is no workspace."""
    return [Step("init", ("init",)), Step("demo", ("demo",)), Step("help", ("--help",))]


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
    """A command as it is typed: words with blanks in quotation marks."""
    return " ".join([called, *(f'"{word}"' if " " in word else word for word in words)])
