"""All settings of reportctl.toml: what each means, what it says, and what it says by default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reportctl.core.errors import ReportctlError, meant, nearest
from reportctl.core.findings import known_kind
from reportctl.core.language import N_, _
from reportctl.core.table import CellFormat, Column, Row, Table
from reportctl.workspace.setting_words import ValueKind, said
from reportctl.workspace.settings_text import Key, key_of

RESEND = "deadlines.resend_days"
_OPEN = ("deadlines", "findings", "upward")  # sections in which people name the keys
_DEFAULT_DEADLINE = {"days_after": 3}


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting, the way its values are written, what it means in the program's language, and an example."""

    key: str
    kind: ValueKind
    meaning: str
    example: str

    @property
    def group(self) -> str:
        """Where the values that can be chosen stand in `CHOICES`."""
        return "findings" if self.key.startswith("findings.") else self.key


@dataclass(frozen=True, slots=True)
class Said:
    """What a setting says: `value` as reportctl.toml has it or by default, `default`, and whether it is set
    there."""

    setting: Setting
    value: object
    default: object
    is_set: bool


# Key, kind, meaning, example.
_ALL: tuple[tuple[str, ValueKind, str, str], ...] = (
    ("language", "choice", N_("language of messages and reports"), "vi"),
    ("style", "choice", N_("style of documents: of the Party or of the State"), "party"),
    ("current", "quarter", N_("quarter under way, meant where a command names none"), "Q1/2026"),
    ("data_window", "choice", N_("whose days a quarter's figures count"), "decree"),
    ("issuer.superior", "text", N_("body above the office, top left in the report"), "Tỉnh ủy An Lạc"),
    ("issuer.name", "text", N_("office that issues the report"), "Ban Tuyên giáo và Dân vận"),
    ("issuer.short", "text", N_("its abbreviation in document numbers"), "BTGDVTU"),
    ("issuer.place", "text", N_("place before the date"), "An Lạc"),
    ("issuer.area", "text", N_("name of the whole that the figures are of"), "Toàn tỉnh"),
    ("issuer.signing_for", "text", N_("line above the signatory's post"), "K/T TRƯỞNG BAN"),
    ("issuer.post", "text", N_("signatory's post"), "Phó Trưởng ban"),
    ("issuer.signatory", "text", N_("signatory's name; may stay empty"), "Nguyễn Văn A"),
    ("issuer.recipients", "texts", N_("recipients, with ; between them"), "Thường trực Tỉnh ủy; Lưu VP"),
    (
        "issuer.based_on",
        "texts",
        N_("documents it goes back to, with ; between them"),
        "Kế hoạch số 12-KH/TU",
    ),
    ("deadlines.default", "deadline", N_("last day to report"), "20/3"),
    (RESEND, "whole", N_("days to send again once the deadline is over"), "2"),
    ("cells.dash", "choice", N_("what a dash in a figure's cell means"), "zero"),
    ("workbook.protect", "choice", N_("protect the sheets of the office's own workbook"), "as_is"),
    ("checks.quarters", "whole", N_("earlier quarters looked at, at most"), "8"),
    ("checks.min_quarters", "whole", N_("earlier quarters with a figure, at least"), "4"),
    ("checks.times", "number", N_("times the median from which a figure is far off"), "3"),
    ("checks.deviations", "number", N_("and standard deviations away from it"), "5"),
    ("checks.small", "number", N_("added to both, so that small figures are let pass"), "10"),
    ("checks.min_units", "whole", N_("other units of its kind, at least"), "8"),
    ("checks.far", "number", N_("times the few earlier quarters, or units alike"), "10"),
    ("checks.of_plan", "number", N_("times the unit's plan for the whole year"), "2"),
    ("checks.repeated", "number", N_("share of figures equal to last quarter's"), "80%"),
    ("checks.min_figures", "whole", N_("figures that this is looked at from"), "8"),
    ("checks.alike", "number", N_("share by which two texts are alike"), "80%"),
    ("checks.min_words", "whole", N_("words that a text is compared from"), "20"),
    ("report.texts", "choice", N_("where the units' texts stand in full"), "annex"),
    ("report.spans", "choice", N_("lists and texts in reports of several quarters"), "short"),
    ("report.max_groups", "whole", N_("groups of points printed for a question, at most"), "10"),
    ("report.alike", "number", N_("share from which points are printed once"), "90%"),
    ("report.base", "choice", N_("units that earlier periods and changes are of"), "comparable"),
    ("report.max_words", "whole", N_("words of one unit's text, at most; may stay empty"), "150"),
)
_FIXED = {key: Setting(key, kind, meaning, example) for key, kind, meaning, example in _ALL}


def setting_named(words: str, kinds: Mapping[str, str]) -> Setting:
    """The setting of that name; `kinds` are the codes and titles of the form's kinds of units.

    Raises `ReportctlError` where there is none, with the one that was probably meant.
    """
    name = words.strip()
    if name in _FIXED:
        return _FIXED[name]
    key = key_of(name)
    if key.section in _OPEN and key.name:
        return _of_open_section(key, kinds)
    if key.section == "documents" or name == "documents":
        raise ReportctlError(
            _("The documents of a report are written in reportctl.toml itself: open it in Notepad.")
        )
    tails = {one.rpartition(".")[2]: one for one in _FIXED}
    folded = name.casefold().replace("-", "_")
    near = tails.get(folded.rpartition(".")[2], "") or nearest(folded, _FIXED)
    if not near and (tail := nearest(folded.rpartition(".")[2], tails)):
        near = tails[tail]
    if near:
        message = _("There is no setting “{key}”; “{better}” was meant? All settings: reportctl settings")
        raise ReportctlError(message.format(key=name, better=near))
    raise ReportctlError(_("There is no setting “{key}”. All settings: reportctl settings").format(key=name))


def _of_open_section(key: Key, kinds: Mapping[str, str]) -> Setting:
    if key.section == "findings":
        known_kind(key.name)
        return Setting(str(key), "choice", N_("how severe this finding is"), "note")
    if key.section == "upward":
        return Setting(str(key), "code_above", N_("code of this figure at the level above"), "press_total")
    if kinds and key.name not in kinds:
        known = [*kinds, "default"]
        message = _("“{value}” is not one of the form's kinds of units: {known}")
        message = meant(message.format(value=key.name, known=", ".join(known)), key.name, known)
        raise ReportctlError(message if message.endswith("?") else f"{message}.")
    return Setting(str(key), "deadline", N_("last day to report, units of this kind"), "20/3")


def all_said(data: Mapping[str, Any], defaults: Mapping[str, Any]) -> list[Said]:
    """All settings with what reportctl.toml says, `data`, and where it is silent what holds, `defaults`, both
    by section; behind those that there always are the ones that people have named."""
    found = []
    for setting in _FIXED.values():
        found.append(said_of(setting, data, defaults))
        if setting.key == RESEND:
            found += [said_of(one, data, defaults) for one in _named(data, "deadlines")]
    return found + [
        said_of(one, data, defaults) for section in ("findings", "upward") for one in _named(data, section)
    ]


def _named(data: Mapping[str, Any], section: str) -> list[Setting]:
    """The settings that a section of the file has by names of people's own."""
    keys = [Key(section, name) for name in data.get(section, {})]
    return [_of_open_section(key, {}) for key in keys if str(key) not in _FIXED]


def said_of(setting: Setting, data: Mapping[str, Any], defaults: Mapping[str, Any]) -> Said:
    """What a setting says, and its default."""
    key = key_of(setting.key)
    default = _at(defaults, key)
    if setting.kind == "deadline":
        default = _at(data, Key("deadlines", "default")) if key.name != "default" else None
        default = default or _DEFAULT_DEADLINE
    value = _at(data, key)
    return Said(setting, default if value is None else value, default, value is not None)


def _at(data: Mapping[str, Any], key: Key) -> object:
    inner = data.get(key.section, {}) if key.section else data
    return inner.get(key.name) if isinstance(inner, Mapping) else None


def value_said(setting: Setting, value: object) -> str:
    """A setting's value in words that can be typed to set it."""
    if setting.kind == "code_above" and isinstance(value, Mapping):
        return ", ".join(f"{key} = {each}" for key, each in value.items())
    return said(setting.kind, setting.group, value)


def settings_table(listed: Sequence[Said]) -> Table:
    """The settings as a table."""
    columns = (
        Column("key", _("Setting"), CellFormat.TEXT, 2.4),
        Column("value", _("Says"), CellFormat.TEXT, 1.6),
        Column("meaning", _("Means"), CellFormat.TEXT, 2.2),
        Column("default", _("By default"), CellFormat.TEXT, 1.4),
    )
    rows = tuple(
        Row(
            (
                one.setting.key,
                value_said(one.setting, one.value),
                _(one.setting.meaning),
                "" if one.value == one.default else value_said(one.setting, one.default),
            )
        )
        for one in listed
    )
    return Table("settings", _("Settings in reportctl.toml"), columns, rows)


def settings_json(listed: Sequence[Said]) -> list[dict[str, Any]]:
    """The settings as JSON: values as reportctl.toml has them."""
    return [
        {
            "key": one.setting.key,
            "value": one.value,
            "set": one.is_set,
            "default": one.default,
            "meaning": _(one.setting.meaning),
            "example": one.setting.example,
        }
        for one in listed
    ]
