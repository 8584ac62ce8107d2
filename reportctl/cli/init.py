"""The command `init`: a new workspace, by options or by questions."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from reportctl.cli.arguments import Style, argument, one_file, option
from reportctl.cli.prompts import (
    NobodyError,
    answer,
    at_terminal,
    forget_waiting,
    line,
    more_waits,
    until_right,
    whole_line,
)
from reportctl.core.errors import ReportctlError, capped, note, say
from reportctl.core.files import is_file
from reportctl.core.language import _
from reportctl.core.period import parse_quarter, quarter_at
from reportctl.core.typed import as_typed

if TYPE_CHECKING:
    from reportctl.decisions.new_office import Office
    from reportctl.workspace.settings import Workspace
    from reportctl.workspace.unit_list import ListedUnit, UnitList

_END = ("end", "het", "hết", "xong")  # ends a list that is pasted
_SEVERAL = 2
_STYLE = "style"
_UNITS = "units"


def init(
    directory: Annotated[Path, argument("DIR", _("The folder; it is made."))],
    period: Annotated[
        str | None, option("--period", _("Its first quarter; default: today's."), "PERIOD")
    ] = None,
    style: Annotated[Style | None, option("--style", _("The style of its reports; default: party."))] = None,
    office: Annotated[str | None, option("--office", _("The office that issues the report."), "NAME")] = None,
    parent_body: Annotated[str | None, option("--parent-body", _("The body above it."), "NAME")] = None,
    place: Annotated[str | None, option("--place", _("The place before the date."), "NAME")] = None,
    post: Annotated[str | None, option("--post", _("The post of whoever signs."), "POST")] = None,
    deadline: Annotated[
        str | None, option("--deadline", _("The last day to report: 20/3, or days after the window."), "DAY")
    ] = None,
    units: Annotated[
        Path | None, option("--units", _("A list of the units, .xlsx or .csv, in any layout."), "FILE")
    ] = None,
    yes: Annotated[bool, option("--yes", _("Ask nothing, also at a terminal."))] = False,
) -> None:
    from reportctl.decisions import new_office
    from reportctl.workspace.stock import refuse_folder
    from reportctl.workspace.unit_list import left_out_in_words

    refuse_folder(directory)
    quarter = parse_quarter(period) if period else quarter_at(dt.date.today())
    keys = ("issuer.name", "issuer.superior", "issuer.place", "issuer.post", "deadlines.default")
    options = (office, parent_body, place, post, deadline)
    given = {key: value for key, value in zip(keys, options, strict=True) if value is not None}
    listed = _units_in(units) if units is not None else None
    told = new_office.Office(quarter, style or "party", given, listed.units if listed else ())
    new_office.settings_said(told)
    for remark in listed.remarks if listed else ():
        note(remark)
    asks = at_terminal() and not yes
    if listed and not asks:
        _show_units(listed.units, _kinds())
    if asks:
        known = {key for key, value in (("period", period), (_STYLE, style), (_UNITS, units)) if value}
        try:
            told = dataclasses.replace(told, units=_put_right(listed)) if listed else told
            asked = _ask(directory, told, known | given.keys())
        except NobodyError:
            asked = None
        if asked is None:
            say(_("Nothing is written."))
            return
        told = asked
    made = new_office.begin_office(directory, told)
    _say_made(directory, made, told)
    if listed and listed.left_out and not asks:  # last, so that it is read
        note(left_out_in_words(listed.left_out))
        note(_("What is a unit all the same belongs into units.xlsx of the workspace."))


def _put_right(listed: UnitList) -> tuple[ListedUnit, ...]:
    """The units of a list that an option named, shown, and corrected where they cannot be taken as they are
    or lines of it were left out."""
    from reportctl.workspace.unit_list import problems

    kinds = _kinds()
    if not listed.left_out and not problems(listed.units, kinds):
        _show_units(listed.units, kinds)
        return listed.units
    corrected = _corrected(listed, kinds)
    return _asked_units(()) if corrected is None else corrected


def _units_in(path: Path) -> UnitList:
    from reportctl.workspace.unit_list import list_in

    return list_in(one_file(path), _kinds())


def _kinds() -> dict[str, str]:
    """The kinds of units of the form that a new workspace begins with: their titles by code."""
    from reportctl.decisions.new_office import kinds_of, stock_form

    return kinds_of(stock_form())


def _say_made(directory: Path, made: Workspace, told: Office) -> None:
    from reportctl.decisions.new_office import still_examples
    from reportctl.workspace.double_click import LAUNCHER

    path = as_typed(directory)
    if not told.said and not told.units:
        message = _(
            "The workspace {path} is ready for {period}. Put your office's name into reportctl.toml and your "
            "units into units.csv, then make the workbooks to send out: reportctl -w {path} template"
        )
        say(message.format(path=path, period=made.current()))
    else:
        message = _(
            "The workspace {path} is ready for {period}. Then the workbooks to send out: "
            "reportctl -w {path} template"
        )
        say(message.format(path=path, period=made.current()))
        if examples := still_examples(made, told):
            say(_("Still as in the example:"))
            for title, value, key in examples:
                say(f"  {title}: {value} ({key})")
            message = _('To change one, by what stands in brackets: reportctl -w {path} settings {key} "…"')
            say(message.format(path=path, key=examples[0][2]))
        if not told.units:
            say(_("The units are those of the example; yours belong into units.csv."))
    say(_("On Windows a double click on “{file}” in it opens the menu.").format(file=LAUNCHER))


# ---- questions


def _ask(directory: Path, told: Office, known: set[str]) -> Office | None:
    """What the office says when it is asked for all that it has not said by options; None where nothing is to
    be written. Everything is shown before, and can be corrected."""
    from reportctl.decisions.new_office import QUESTIONS

    say(_("A new workspace in {path}. Enter takes what stands in brackets.").format(path=directory))
    keys = ["period", _STYLE, *QUESTIONS, _UNITS]
    for key in keys:
        if key not in known:
            told = _asked(told, key)
    while True:
        _show(told, keys)
        typed = line(_("Enter: write it. A number: correct that. 0: write nothing.")).casefold()
        if not typed:
            return told
        if typed == "0":
            return None
        if typed.isdecimal() and int(typed) <= len(keys):
            told = _asked(told, keys[int(typed) - 1])
        else:
            note(_("“{typed}” is none of the numbers.").format(typed=typed))


def _asked(told: Office, key: str) -> Office:
    from reportctl.decisions.new_office import QUESTIONS, settings_said
    from reportctl.workspace.setting_words import read_value, said

    if key == "period":
        quarter = until_right(_("First quarter"), str(told.quarter), parse_quarter)
        return dataclasses.replace(told, quarter=quarter)
    if key == _STYLE:

        def style(typed: str) -> str:
            value = read_value("choice", "style", typed, None)
            if value is None:
                raise ReportctlError(_("Type party (văn bản của Đảng) or state (văn bản Nhà nước)."))
            return str(value)

        wanted = until_right(
            _("Style of documents: party or state"), said("choice", "style", told.style), style
        )
        return dataclasses.replace(told, style=wanted)
    if key == _UNITS:
        return dataclasses.replace(told, units=_asked_units(told.units))

    def with_answer(typed: str) -> Office:
        changed = dataclasses.replace(told, said={**told.said, key: typed})
        settings_said(changed)
        return changed

    return until_right(_(QUESTIONS[key]), _value(told, key), with_answer)


def _value(told: Office, key: str) -> str:
    """What a setting says now: as told, else as in the stock file."""
    from reportctl.decisions.new_office import settings_said
    from reportctl.workspace.setting_list import said_of, setting_named, value_said
    from reportctl.workspace.settings_edit import defaults

    setting = setting_named(key, {})
    return value_said(setting, said_of(setting, settings_said(told).data, defaults()).value)


def _show(told: Office, keys: Sequence[str]) -> None:
    from reportctl.decisions.new_office import QUESTIONS
    from reportctl.workspace.setting_words import CHOICES

    words: Mapping[str, tuple[str, str]] = {
        "period": (_("First quarter"), str(told.quarter)),
        _STYLE: (_("Style of documents"), str(CHOICES["style"][told.style])),
        _UNITS: (
            _("Units"),
            str(len(told.units)) if told.units else _("those of the example"),
        ),
    }
    say()
    for number, key in enumerate(keys, 1):
        name, value = words.get(key) or (_(QUESTIONS[key]).partition(" (")[0], _value(told, key))
        say(f"{number:>3}. {name}: {value}")


# ---- units


def _asked_units(now: tuple[ListedUnit, ...]) -> tuple[ListedUnit, ...]:
    """The units of a file that is named, or of the lines that are pasted, as they were corrected; `now` where
    neither is given."""
    from reportctl.workspace.unit_list import pasted

    kinds = _kinds()
    question = _("Units: the name of an Excel or CSV file, or paste the list; Enter: {default}").format(
        default=_("{count} as listed").format(count=len(now)) if now else _("those of the example")
    )
    while True:
        typed = whole_line(f"{question}:")
        name = typed.strip().strip('"')
        if not name and not more_waits():
            return now
        try:
            listed = _units_in(Path(name)) if _is_file_name(name) else pasted(_pasted_lines(typed), kinds)
        except ReportctlError as error:
            note(str(error))
            continue
        for remark in listed.remarks:
            say(remark)
        if (units := _corrected(listed, kinds)) is not None:
            return units


def _is_file_name(typed: str) -> bool:
    return Path(typed).suffix.lower() in (".xlsx", ".xlsm", ".xls", ".csv", ".txt") or is_file(Path(typed))


def _pasted_lines(first: str) -> str:
    """All lines of a list, of which the first has come, up to a word that ends it or two blank lines behind
    which nothing waits: a copied list has blank lines where the sheet has empty rows."""
    say(_("Paste all lines. Then press Enter twice, or type “end”."))
    lines = [first]
    while (typed := whole_line("")).strip().casefold() not in _END:
        lines.append(typed)
        if not any(each.strip() for each in lines[-2:]) and not more_waits():
            break
    forget_waiting()
    return "\n".join(lines)


def _corrected(listed: UnitList, kinds: Mapping[str, str]) -> tuple[ListedUnit, ...] | None:
    """The units of a list as people correct them, in order; None where another list is to be given."""
    from reportctl.workspace.unit_list import left_out_in_words, problems

    units, left_out = _of_one_kind(listed.units, kinds), list(listed.left_out)
    while True:
        _show_units(units, kinds)
        note(left_out_in_words(left_out))
        wrong = problems(units, kinds)
        for sentence in wrong:
            note(f"- {sentence}")
        if left_out:
            say(_("+NUMBER: take the line of that number, too."))
        typed = line(
            _("Enter: take them. A line's number: correct it. -NUMBER: leave it out. 0: another list.")
        )
        if not typed and not wrong and units:
            return tuple(units)
        if typed == "0":
            return None
        if typed.startswith("+"):
            _take(typed[1:], units, left_out)
            continue
        at = _index(units, typed.lstrip("-"))
        if at is None:
            note(
                _("Put right what is named above, or give another list.") if not typed else _no_number(typed)
            )
        elif typed.startswith("-"):
            left_out.append(units.pop(at))
        else:
            units[at] = _asked_unit(units[at], kinds)


def _of_one_kind(units: Sequence[ListedUnit], kinds: Mapping[str, str]) -> list[ListedUnit]:
    """The units, those whose names do not tell their kind with one that is asked for all of them at once."""
    unknown = [unit.name for unit in units if unit.kind not in kinds]
    if len(unknown) < _SEVERAL:
        return list(units)
    note(
        _("The names of {count} units do not tell their kind:\n{names}").format(
            count=len(unknown), names=capped(unknown)
        )
    )
    question = _("What are all of these? It can be {kinds}. Enter: asked one by one")
    kind = until_right(
        question.format(kinds=", ".join(kinds.values())), "", lambda typed: typed and _kind(typed, kinds)
    )
    return [
        dataclasses.replace(unit, kind=kind) if kind and unit.kind not in kinds else unit for unit in units
    ]


def _take(typed: str, units: list[ListedUnit], left_out: list[ListedUnit]) -> None:
    """Put the unit whose line's number was typed back among the units, in the order of the list."""
    from reportctl.workspace.unit_list import with_codes

    at = _index(left_out, typed)
    if at is None:
        note(_no_number(typed))
        return
    units.append(left_out.pop(at))
    units[:] = sorted(with_codes(units), key=lambda unit: unit.line)


def _no_number(typed: str) -> str:
    return _("“{typed}” is none of the numbers.").format(typed=typed)


def _index(listed: Sequence[ListedUnit], typed: str) -> int | None:
    """The place of the unit whose line's number was typed."""
    return next((at for at, unit in enumerate(listed) if str(unit.line) == typed), None)


def _show_units(units: Sequence[ListedUnit], kinds: Mapping[str, str]) -> None:
    from reportctl.core.table import CellFormat, Column, Row, Table
    from reportctl.render.terminal import show_table

    columns = (
        Column("line", _("Line"), CellFormat.TEXT, 0.5),
        Column("code", _("Code"), CellFormat.TEXT, 0.8),
        Column("name", _("Name"), CellFormat.TEXT, 3.0),
        Column("kind", _("Kind"), CellFormat.TEXT, 1.4),
    )
    rows = tuple(
        Row((str(unit.line), unit.code, unit.name, kinds.get(unit.kind, _("not known")))) for unit in units
    )
    show_table(Table("units", _("Units"), columns, rows))


def _kind(typed: str, kinds: Mapping[str, str]) -> str:
    """The code of the kind that was typed. Raises `ReportctlError` where it is none."""
    from reportctl.workspace.unit_kinds import kind_named

    found = typed if typed in kinds else kind_named(typed, kinds)
    if not found:
        titles = ", ".join(f"{code} ({title})" for code, title in kinds.items())
        raise ReportctlError(_("The kind can be {kinds}.").format(kinds=titles))
    return found


def _asked_unit(unit: ListedUnit, kinds: Mapping[str, str]) -> ListedUnit:
    name = answer(_("Name"), unit.name)
    code = answer(_("Code"), unit.code)
    return dataclasses.replace(
        unit, name=name, code=code, kind=until_right(_("Kind"), unit.kind, lambda typed: _kind(typed, kinds))
    )
