"""A workspace begun with what an office says of itself: its name, style, deadline and units."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reportctl.core.errors import ReportctlError
from reportctl.core.language import N_, _
from reportctl.core.period import Quarter
from reportctl.form.form_file import load_form
from reportctl.form.model import Form
from reportctl.render.entry_book import EntrySheet, entry_workbook
from reportctl.workspace import stock
from reportctl.workspace.setting_list import all_said, value_said
from reportctl.workspace.setting_words import read_value
from reportctl.workspace.settings import Workspace
from reportctl.workspace.settings_edit import SettingsFile, defaults, settings_file
from reportctl.workspace.unit_list import ListedUnit, problems, refused
from reportctl.workspace.units_file import COLUMNS, OPTIONAL, load_roster

# Settings that an office gives of itself, with the question for each.
QUESTIONS: Mapping[str, str] = {
    "issuer.name": N_("Office that issues the report"),
    "issuer.superior": N_("Body above it"),
    "issuer.place": N_("Place, as before the date of a letter"),
    "issuer.post": N_("Post of whoever signs"),
    "deadlines.default": N_("Last day to report (20/3: day 20 of the last month; 3: days after the window)"),
}
_WIDTHS = {"name": 44, "kind": 16, "contact": 40, "indicator": 28, "predecessors": 16}
# With the words for each, as an office says it.
_EXAMPLES: Mapping[str, str] = {
    "issuer.name": N_("Office that issues the report"),
    "issuer.superior": N_("Body above it"),
    "issuer.short": N_("Its abbreviation in document numbers"),
    "issuer.place": N_("Place before the date"),
    "issuer.post": N_("Post of whoever signs"),
    "issuer.signing_for": N_("Line above that post"),
    "issuer.recipients": N_("Recipients"),
}


@dataclass(frozen=True, slots=True)
class Office:
    """What an office says: settings by key in its own words, and its units; without units the stock list."""

    quarter: Quarter
    style: str = "party"
    said: Mapping[str, str] = field(default_factory=dict)
    units: tuple[ListedUnit, ...] = ()


def stock_form() -> Form:
    """The form of a new workspace."""
    return load_form(stock.folder("templates") / "form.toml")


def kinds_of(form: Form) -> dict[str, str]:
    """The form's kinds of units: their titles by code."""
    return {kind.code: kind.title for kind in form.kinds}


def settings_of(office: Office) -> tuple[dict[str, str], Collection[str]]:
    """The settings that follow from what an office says, and those of the stock file that do not hold then.

    The stock abbreviation is not that of another office; whoever signs for the head of an office stands under
    “K/T” and the head's post (State: “KT.”), a head under nothing; the stock deadline of the press is none of
    an office that gives its own.
    """
    said = {key: value for key, value in office.said.items() if value}
    if "issuer.name" in said:
        said.setdefault("issuer.short", "")
    if post := said.get("issuer.post"):
        said.setdefault("issuer.signing_for", _signing_for(post, office.style))
    return said, ("deadlines.press",) if "deadlines.default" in said else ()


def _signing_for(post: str, style: str) -> str:
    deputy = post.casefold().startswith("phó ")
    if not deputy or "bí thư" in post.casefold():  # a secretary's deputy signs for the committee
        return ""
    return f"{'KT.' if style == 'state' else 'K/T'} {post[4:].upper()}"


def settings_said(office: Office) -> SettingsFile:
    """The settings file of an office that says this. Raises `ReportctlError` for what cannot be set."""
    said, unset = settings_of(office)
    day = said.get("deadlines.default")
    if day and read_value("deadline", "deadlines.default", day, office.quarter) is None:
        message = _(
            "“{day}” is no day by which to report. Type 20/3 for day 20 of the quarter's last month, 5/4 for "
            "one of the month after, or 3 for three days after the data window."
        )
        raise ReportctlError(message.format(day=day))
    return stock.stock_settings({"current": str(office.quarter), "style": office.style, **said}, unset)


def begin_office(directory: Path, office: Office) -> Workspace:
    """The workspace made in `directory`.

    Raises `ReportctlError`, before anything is written, for settings and units that cannot be.
    """
    said, unset = settings_of(office)
    tables = {}
    if office.units:
        form = stock_form()
        kinds = kinds_of(form)
        if wrong := problems(office.units, kinds):
            raise refused(wrong, kinds_lack=any(unit.kind not in kinds for unit in office.units))
        tables = {
            "units.xlsx": units_workbook(office.units, form),
            "plan.xlsx": plan_workbook(office.units, form),
        }
        _refuse_units(tables["units.xlsx"], form)
    return stock.make_workspace(directory, office.quarter, office.style, said, unset, tables)


def _refuse_units(workbook: bytes, form: Form) -> None:
    """Raises `ReportctlError` where the program could not read the list that it is about to write."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "units.xlsx")
        path.write_bytes(workbook)
        load_roster(path, frozenset(kinds_of(form)))


def units_workbook(units: Sequence[ListedUnit], form: Form) -> bytes:
    """units.xlsx: codes as text, kinds to be chosen from a second sheet."""
    rows = [
        (unit.code, unit.name, unit.kind, *(unit.more.get(column, "") for column in OPTIONAL))
        for unit in units
    ]
    columns = {column: _WIDTHS.get(column, 12) for column in (*COLUMNS, *OPTIONAL)}
    kinds = EntrySheet(_("Kinds of units"), {_("Code"): 16, _("Name"): 40}, [*kinds_of(form).items()])
    return entry_workbook([EntrySheet("units", columns, rows, choices={"kind": 1}), kinds])


def plan_workbook(units: Sequence[ListedUnit], form: Form) -> bytes:
    """plan.xlsx: no row yet, units and indicators to be chosen from two more sheets."""
    columns = {column: _WIDTHS.get(column, 12) for column in ("unit", "indicator", "year", "value")}
    indicators = [
        (code, one.label, one.unit_of_measure)
        for code, one in form.indicators.items()
        if one.numeric and one.over_units != "none"
    ]
    return entry_workbook(
        [
            EntrySheet(
                "plan", columns, numbers=frozenset({"year", "value"}), choices={"unit": 1, "indicator": 2}
            ),
            EntrySheet(
                _("Units"), {_("Code"): 12, _("Name"): 44}, [(unit.code, unit.name) for unit in units]
            ),
            EntrySheet(_("Indicators"), {_("Code"): 28, _("Name"): 60, _("Unit of measure"): 14}, indicators),
        ]
    )


def still_examples(workspace: Workspace, office: Office) -> list[tuple[str, str, str]]:
    """The settings about the office that say what they say in the stock file, which is an example, and that
    do not follow from what the office has said itself: what each is about, what it says, and its key."""
    told, _unset = settings_of(office)
    theirs, ours = (
        {one.setting.key: one for one in all_said(settings_file(root).data, defaults())}
        for root in (stock.folder("templates"), workspace.root)
    )
    return [
        (_(title), value_said(ours[key].setting, ours[key].value), key)
        for key, title in _EXAMPLES.items()
        if theirs[key].value == ours[key].value and key not in told
    ]
