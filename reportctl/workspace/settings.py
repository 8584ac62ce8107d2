"""A workspace: the folder of a secretariat, its settings and where everything lies in it."""

from __future__ import annotations

import calendar
import datetime as dt
import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path, PurePath
from string import Formatter
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from reportctl.core import wording
from reportctl.core.errors import ReportctlError, cannot_read, capped, meant
from reportctl.core.files import read_bytes
from reportctl.core.finding_kinds import Severity
from reportctl.core.findings import read_severities
from reportctl.core.language import N_, _
from reportctl.core.period import Quarter, Span, read_period
from reportctl.core.toml import TomlError, toml_text, toml_values
from reportctl.core.toml_causes import decimal_comma, no_deadline
from reportctl.workspace.root import SETTINGS


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Issuer(_Model):
    """Who issues the report, as its heading and signature say it; `based_on`: the documents that it goes back
    to, which it begins with."""

    superior: str = ""
    name: str = ""
    short: str = ""
    place: str = ""
    area: str = "Toàn tỉnh"
    signing_for: str = ""
    post: str = ""
    signatory: str = ""
    recipients: tuple[str, ...] = ()
    based_on: tuple[str, ...] = ()


class Deadline(_Model):
    """The last day to report: `days_after` the data window's last day (negative: before it), or a fixed
    `day` of the quarter's `month` 1 to 3 (4: the month after the quarter), which is its last day where the
    month has fewer days."""

    days_after: int | None = None
    month: Annotated[int, Field(ge=1, le=4)] = 3
    day: Annotated[int, Field(ge=1, le=31)] | None = None


class CellSettings(_Model):
    """How cells are read where offices differ: a dash is a zero or a blank."""

    dash: Literal["zero", "missing"] = "zero"


class WorkbookSettings(_Model):
    """The office's own workbook, where that is sent out: whether its sheets are protected but for the cells
    that are filled in. A sheet that a password protects stays as it is."""

    protect: bool | Literal["as_is"] = "as_is"


class CheckSettings(_Model):
    """When a figure is too far from a unit's earlier quarters, or a text too like another: findings.

    Earlier quarters: at most the last `quarters`, and at least `min_quarters` of them with a figure. A figure
    is far off where it is more than `times` as much or as little as the median, `small` being added to both,
    and more than `deviations` robust standard deviations away; attendance per meeting likewise among at
    least `min_units` others. From the first quarter on, a figure is far off where it is more than `far` times
    as much or as little as in the few earlier quarters there are, or as what at least `min_units` units of
    its kind have, and where it is more than `of_plan` times the unit's plan for the whole year. A quarter is
    repeated where the part `repeated` of its figures, of at least
    `min_figures`, is. Texts of at least `min_words` words are alike by the share `alike`.
    """

    quarters: Annotated[int, Field(ge=2, le=40)] = 8
    min_quarters: Annotated[int, Field(ge=2, validate_default=True)] = 4
    times: Annotated[float, Field(gt=1)] = 3.0
    deviations: Annotated[float, Field(ge=0)] = 5.0
    small: Annotated[float, Field(ge=0)] = 10.0
    min_units: Annotated[int, Field(ge=3)] = 8
    far: Annotated[float, Field(gt=1)] = 10.0
    of_plan: Annotated[float, Field(ge=1)] = 2.0
    repeated: Annotated[float, Field(ge=0.5, le=1)] = 0.8
    min_figures: Annotated[int, Field(ge=3)] = 8
    alike: Annotated[float, Field(ge=0.5, le=1)] = 0.8
    min_words: Annotated[int, Field(ge=10)] = 20

    @field_validator("min_quarters")
    @classmethod
    def _no_more_than_are_looked_at(cls, value: int, info: ValidationInfo) -> int:
        limit = info.data.get("quarters", value)
        if value > limit:
            raise PydanticCustomError("less_than_equal", "at most {le}", {"le": limit})
        return value


class ReportSettings(_Model):
    """How the units' texts stand in the report: those alike by the share `alike` once, under all their names
    (`checks.min_words` is how long they must be); of longer ones, no more than `max_words` words.

    `texts` is where they stand as they came: in an "annex", with groups of them in the body, at most
    `max_groups` a question; in the "body" instead of groups; or nowhere ("none").

    `spans`: what reports of several quarters have of long lists and of the texts as they came: in "short" how
    many rows each unit has and what the texts come to in groups, or all ("full").

    `base`: figures of other periods, and changes from them, are those of the units that can be "comparable",
    or of "all" that reported in each period."""

    alike: Annotated[float, Field(ge=0.8, le=1)] = 0.9
    max_words: Annotated[int, Field(ge=20)] | None = None
    base: Literal["comparable", "all"] = "comparable"
    texts: Literal["annex", "body", "none"] = "annex"
    max_groups: Annotated[int, Field(ge=1)] = 10
    spans: Literal["short", "full"] = "short"


_FIELDS = frozenset({"period", "unit"})


class Document(_Model):
    """A document that `report` makes: its `name`, the `template` it is filled into (a Word file, by its path
    from the workspace, or the name of a stock document; left out, what is called like the document), and the
    file that is written into output/PERIOD/, in which {period} and {unit} stand for what they say.

    `each_unit`: one for each unit, with that unit's figures."""

    name: Annotated[str, Field(min_length=1)]
    template: str = ""
    output: str = ""
    each_unit: bool = False

    @field_validator("name", "output")
    @classmethod
    def _file_name(cls, value: str) -> str:
        if value and (set(value) & set('<>:"|?*') or PurePath(value).is_absolute() or ".." in value):
            raise PydanticCustomError("document", "{wrong}", {"wrong": "name"})
        return value

    @field_validator("output")
    @classmethod
    def _pattern(cls, value: str) -> str:
        try:
            fields = {name for _text, name, _spec, _how in Formatter().parse(value) if name is not None}
        except ValueError:
            fields = {""}
        if fields - _FIELDS or (value and not value.lower().endswith(".docx")):
            raise PydanticCustomError("document", "{wrong}", {"wrong": "output"})
        return value

    @model_validator(mode="after")
    def _of_each_unit(self) -> Document:
        if self.output and self.each_unit is not ("{unit}" in self.output):
            raise PydanticCustomError("document", "{wrong}", {"wrong": "unit"})
        return self


class Upward(_Model):
    """What a figure of this office is in the form of the level above: the code there, and what the figure is
    multiplied and divided by, where it is asked in another unit of measure."""

    to: Annotated[str, Field(min_length=1)]
    times: Annotated[float, Field(gt=0)] = 1
    divided_by: Annotated[float, Field(gt=0)] = 1

    @property
    def converts(self) -> bool:
        """Whether it says how the unit of measure changes."""
        return bool(self.model_fields_set & {"times", "divided_by"})


_RESEND_DAYS = "deadlines.resend_days"


class Settings(_Model):
    """What `reportctl.toml` says; all of it has a default."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    language: Literal["vi", "en"] = "vi"
    style: Literal["party", "state"] = "party"
    current: Quarter | None = None
    data_window: Literal["decree", "calendar"] = "decree"
    issuer: Issuer = Issuer()
    deadlines: dict[str, Deadline] = {"default": Deadline(days_after=3)}
    resend_days: Annotated[int, Field(ge=0, le=92, validation_alias=_RESEND_DAYS)] = 2
    cells: CellSettings = CellSettings()
    workbook: WorkbookSettings = WorkbookSettings()
    findings: dict[str, Severity | None] = {}
    checks: CheckSettings = CheckSettings()
    report: ReportSettings = ReportSettings()
    documents: tuple[Document, ...] = ()
    upward: dict[str, Upward] = {}

    @model_validator(mode="before")
    @classmethod
    def _resend_days(cls, data: object) -> object:
        """Take `resend_days` out of the section of the deadlines, where it stands beside kinds of units."""
        if not isinstance(data, dict):
            return data
        of_kinds = data.get("deadlines")
        if not isinstance(of_kinds, dict) or "resend_days" not in of_kinds:
            return data
        others = {kind: rule for kind, rule in of_kinds.items() if kind != "resend_days"}
        return {**data, "deadlines": others, _RESEND_DAYS: of_kinds["resend_days"]}

    @field_validator("current", mode="before")
    @classmethod
    def _quarter(cls, value: object) -> object:
        period = read_period(value) if isinstance(value, str) else value
        if value is not None and not isinstance(period, Quarter):
            raise ValueError(value)
        return period

    @field_validator("documents")
    @classmethod
    def _told_apart(cls, value: tuple[Document, ...]) -> tuple[Document, ...]:
        for said in ([one.name for one in value], [one.output for one in value if one.output]):
            if len({text.casefold() for text in said}) < len(said):
                raise PydanticCustomError("document", "{wrong}", {"wrong": "twice"})
        return value

    @field_validator("upward", mode="before")
    @classmethod
    def _codes_above(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        return {code: {"to": above} if isinstance(above, str) else above for code, above in value.items()}

    @field_validator("findings", mode="before")
    @classmethod
    def _severities(cls, value: object) -> object:
        try:
            return read_severities(value) if isinstance(value, dict) else value
        except ValueError as error:
            raise PydanticCustomError("severities", "{wrong}", {"wrong": str(error)}) from error

    def deadline(self, kind: str, quarter: Quarter) -> dt.date:
        """The last day on which units of `kind` are in time with their report for `quarter`."""
        rule = self.deadlines.get(kind) or self.deadlines.get("default") or Deadline(days_after=3)
        if rule.day is not None:
            months = quarter.year * 12 + 3 * (quarter.number - 1) + rule.month - 1
            year, month = months // 12, months % 12 + 1
            return dt.date(year, month, min(rule.day, calendar.monthrange(year, month)[1]))
        return quarter.window(self.data_window).last + dt.timedelta(days=rule.days_after or 0)

    def send_by(self, deadline: dt.date, today: dt.date, by: dt.date | None = None) -> dt.date:
        """The day by which a report is to be sent, or sent again: `by` where it is named, else the deadline,
        and where that is over, `resend_days` from today."""
        return by or (deadline if deadline >= today else today + dt.timedelta(days=self.resend_days))


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folder `root` with its settings; the properties are the paths in it."""

    root: Path
    settings: Settings

    @property
    def form(self) -> Path:
        """The form."""
        return self.root / "form.toml"

    @property
    def layout(self) -> Path:
        """Where answers stand in the office's own workbook; missing where the program makes the workbooks."""
        return self.root / "layout.toml"

    @property
    def units(self) -> Path:
        """The list of units. Raises `ReportctlError` where there are two."""
        return self._table("units")

    @property
    def plan(self) -> Path:
        """The year's plan; may be missing. Raises `ReportctlError` where there are two."""
        return self._table("plan")

    def _table(self, name: str) -> Path:
        """The file of a table that is kept as CSV or as a workbook; the CSV one where there is neither."""
        text, workbook = (self.root / f"{name}{extension}" for extension in (".csv", ".xlsx"))
        if not workbook.exists():
            return text
        if not text.exists():
            return workbook
        older, newer = sorted((text, workbook), key=lambda path: path.stat().st_mtime)
        raise ReportctlError(
            _(
                "{older} and {newer} are both in {folder}, and only one can count. {newer} was saved last: "
                "if it is the one you keep up to date, remove {older}."
            ).format(older=older.name, newer=newer.name, folder=self.root)
        )

    @property
    def report_template(self) -> Path:
        """The Word file that the report is filled into."""
        return self.root / "report.docx"

    @property
    def archive(self) -> Path:
        """Every original ever merged and every form."""
        return self.root / "archive"

    @property
    def decisions(self) -> Path:
        """What people decided and when files came; only ever appended to."""
        return self.root / "decisions.csv"

    @property
    def ledger(self) -> Path:
        """The database made from all that."""
        return self.root / "reportctl.db"

    @property
    def written(self) -> list[Path]:
        """The folders there are in which files are written, the workspace's own first."""
        found = [self.root]
        for name in ("archive", "closed", "outbox", "returned", "output"):
            found += [Path(base) for base, _folders, _names in os.walk(self.root / name)]
        return found

    def inbox(self, quarter: Quarter) -> Path:
        """Where a quarter's returned files are put."""
        return self.root / "inbox" / str(quarter)

    def outbox(self, quarter: Quarter) -> Path:
        """Where a quarter's workbooks to send out are written."""
        return self.root / "outbox" / str(quarter)

    def returned(self, quarter: Quarter) -> Path:
        """Where a quarter's marked copies are written."""
        return self.root / "returned" / str(quarter)

    def output(self, period: Quarter | Span) -> Path:
        """Where a period's results are written."""
        return self.root / "output" / str(period)

    def quarters_in_inbox(self) -> tuple[Quarter, ...]:
        """The quarters that have a folder in the inbox, oldest first."""
        folder = self.root / "inbox"
        if not folder.is_dir():
            return ()
        found = (read_period(entry.name) for entry in folder.iterdir() if entry.is_dir())
        return tuple(sorted({period for period in found if isinstance(period, Quarter)}))

    @property
    def begun(self) -> Quarter | None:
        """The quarter that is under way: the settings' own, else the newest in the inbox."""
        return self.settings.current or max(self.quarters_in_inbox(), default=None)

    def current(self) -> Quarter:
        """The quarter meant where none is named: the one under way."""
        if begun := self.begun:
            return begun
        raise ReportctlError(
            _("No quarter is named: write one (such as 2024-Q1), or set “current” in {path}.").format(
                path=self.root / SETTINGS
            )
        )


def open_workspace(root: Path) -> Workspace:
    """The workspace in the folder `root`. Raises `ReportctlError` that names every wrong setting."""
    path = root / SETTINGS
    try:
        text = toml_text(read_bytes(path))
    except OSError as error:
        raise cannot_read(path, error) from error
    except ValueError as error:
        raise ReportctlError(_("{path} cannot be used: {reason}.").format(path=path, reason=error)) from error
    return Workspace(root, settings_in(path, text))


def no_toml(path: Path, error: TomlError) -> ReportctlError:
    """That the settings file at `path` is no TOML, with the line."""
    return ReportctlError(
        _("{path} cannot be used.\n  line {line}: {reason}").format(path=path, line=error.line, reason=error)
    )


def settings_in(path: Path, text: str) -> Settings:
    """What the `text` of the settings file at `path` says. Raises `ReportctlError` that names all."""
    try:
        return Settings.model_validate(toml_values(text))
    except TomlError as error:
        raise no_toml(path, error) from error
    except ValidationError as error:
        wrong = capped(
            f"{'.'.join(map(str, item['loc']))}: {_setting_problem(dict(item))}" for item in error.errors()
        )
        raise ReportctlError(
            _("{path} has settings that cannot be used:\n{wrong}").format(path=path, wrong=wrong)
        ) from error


def refuse_unknown_kinds(workspace: Workspace, kinds: Collection[str]) -> None:
    """Raises `ReportctlError` where a deadline is set for a kind of units that the form has not."""
    wrong = []
    for kind in workspace.settings.deadlines:
        if kind != "default" and kind not in kinds:
            known = [*sorted(kinds), "default"]
            message = _("“{value}” is not one of the form's kinds of units: {known}")
            message = meant(message.format(value=kind, known=", ".join(known)), kind, known)
            wrong.append(f"deadlines.{kind}: {message}")
            key = f"deadlines.{kind}"
    if wrong:
        text = _(
            "{path} has settings that cannot be used:\n{wrong}\n"
            "To take one away: reportctl settings --unset {key}"
        )
        raise ReportctlError(text.format(path=workspace.root / SETTINGS, wrong=capped(wrong), key=key))


_TABLES: dict[str, type[BaseModel]] = {
    "issuer": Issuer,
    "cells": CellSettings,
    "checks": CheckSettings,
    "report": ReportSettings,
    "documents": Document,
    "deadlines": Deadline,
    "upward": Upward,
}


def _not_known(place: tuple[object, ...]) -> str:
    """That a setting is not known, with the nearest there is, or the section where one of that name is."""
    key = str(place[-1])
    known = (_TABLES[str(place[0])] if len(place) > 1 else Settings).model_fields
    message = _("this setting is not known")
    if elsewhere := next((name for name, table in _TABLES.items() if key in table.model_fields), ""):
        return _("{message} here; it stands under [{table}]").format(message=message, table=elsewhere)
    if len(place) > 1 and key in Settings.model_fields:
        return _("{message} here; it stands at the beginning, above all sections").format(message=message)
    return meant(message, key, known)


def _setting_problem(error: dict[str, object]) -> str:
    if error["type"] == "severities":
        return str(error["msg"]).replace("\n", "\n  findings: ")
    if error["type"] == "document":
        return _(_DOCUMENT[str(error["msg"])])
    typed, place = str(error["input"]), error["loc"]
    if isinstance(place, tuple) and place[0] == "upward" and error["type"] not in _BOUNDS and len(place) > 1:
        return _('write it as "own code" = "code above"; codes with dots or = stand in quotation marks')
    if error["type"] == "extra_forbidden":
        return _not_known(place if isinstance(place, tuple) else ())
    if isinstance(place, tuple) and place[0] == "deadlines" and (len(place) == 2 or "/" in typed):
        return no_deadline(typed)
    if comma := decimal_comma(typed.strip()):
        return comma
    if error["type"] == "literal_error" and isinstance(error["ctx"], dict):
        return _("“{value}” is not possible; it can be {expected}").format(
            value=error["input"], expected=error["ctx"]["expected"]
        )
    if error["type"] in _BOUNDS and isinstance(error["ctx"], dict):
        (limit,) = error["ctx"].values()
        return _("“{value}” is beyond the limit of {limit}").format(
            value=wording.as_said(error["input"]), limit=wording.as_said(limit)
        )
    return _("“{value}” cannot be read").format(value=error["input"])


_DOCUMENT = {
    "name": N_('this is no name of a file in output/PERIOD/: leave out the signs < > : " | ? * and “..”'),
    "output": N_(
        'the name ends in .docx, and {period} and {unit} may stand in it: output = "Tom tat {period}.docx"'
    ),
    "unit": N_("{unit} stands in output where each_unit = true, and only there"),
    "twice": N_("two documents have the same name or the same output; each has its own"),
}
_BOUNDS = frozenset({"greater_than_equal", "less_than_equal", "greater_than", "less_than"})
