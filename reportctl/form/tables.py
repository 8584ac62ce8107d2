"""The form as `reportctl form` shows it: a table, or the JSON that other programs read."""

from __future__ import annotations

from typing import Any

from reportctl.core.language import N_, _
from reportctl.core.table import CellFormat, Column, Role, Row, Table
from reportctl.form.model import Form, Indicator, ListColumn, ListSection, Rule, TextQuestion

_TYPES = {
    "count": N_("count"),
    "number": N_("number"),
    "percent": N_("percentage"),
    "money": N_("amount"),
    "yes_no": N_("yes or no"),
    "choice": N_("choice"),
    "date": N_("date"),
    "text": N_("text"),
}


def form_table(form: Form) -> Table:
    """Every question by section, then lists, texts and rules, with who is asked."""
    rows: list[Row] = []
    for section in form.sections:
        rows.append(Row((section.code, str(section.name), "", "", ""), Role.SECTION))
        for indicator in section.indicators:
            remark = "" if indicator.required else _("may be empty")
            remark = _("worked out") if indicator.computed else remark
            rows.append(
                Row(
                    (
                        indicator.code,
                        str(indicator.name),
                        str(indicator.measure) or _(_TYPES[indicator.type]),
                        _asked_of(form, indicator),
                        remark,
                    ),
                    Role.PART if indicator.part_of else Role.PLAIN,
                )
            )
    if form.lists:
        rows.append(Row(("", _("Lists"), "", "", ""), Role.SECTION))
    for listed in form.lists:
        columns = ", ".join(str(column.name) for column in listed.columns)
        rows.append(Row((listed.code, f"{listed.name}: {columns}", _("list"), _asked_of(form, listed), "")))
    if form.texts:
        rows.append(Row(("", _("Texts"), "", "", ""), Role.SECTION))
    for text in form.texts:
        must = "" if text.required else _("may be empty")
        rows.append(Row((text.code, str(text.name), _(_TYPES["text"]), _asked_of(form, text), must)))
    if form.rules:
        rows.append(Row(("", _("Rules"), "", "", ""), Role.SECTION))
    for rule in form.rules:
        rows.append(Row((rule.code, f"{rule.check}\n{rule.words}", "", "", rule.severity)))
    return Table(
        "form",
        str(form.name),
        (
            Column("code", _("Code"), CellFormat.TEXT, 1.4),
            Column("label", _("Content"), CellFormat.TEXT, 3.4),
            Column("measure", _("Measure"), CellFormat.TEXT, 0.9),
            Column("asked", _("Asked of"), CellFormat.TEXT, 1.2),
            Column("remark", _("Remarks"), CellFormat.TEXT, 0.8),
        ),
        tuple(rows),
        (_("Form {id}, version {fingerprint}.").format(id=form.id, fingerprint=form.fingerprint),),
    )


def _asked_of(form: Form, item: Indicator | ListSection | TextQuestion) -> str:
    if not item.applies_to:
        return _("all")
    return ", ".join(str(kind.name) for kind in form.kinds if kind.code in item.applies_to)


def form_json(form: Form) -> dict[str, Any]:
    """The object that `form --format json` prints; labels in the current language."""
    return {
        "id": form.id,
        "fingerprint": form.fingerprint,
        "title": str(form.name),
        "kinds": [{"code": kind.code, "title": str(kind.name)} for kind in form.kinds],
        "sections": [
            {
                "code": section.code,
                "title": str(section.name),
                "indicators": [
                    _fields(
                        indicator,
                        "code label unit_of_measure type over_units over_time required applies_to choices "
                        "part_of numerator denominator per cumulative min max",
                        unit_of_measure=str(indicator.measure),
                        required=indicator.required and not indicator.computed,
                        part_of=indicator.part_of or None,
                        numerator=indicator.numerator or None,
                        denominator=indicator.denominator or None,
                        per=indicator.per or None,
                    )
                    for indicator in section.indicators
                ],
            }
            for section in form.sections
        ],
        "lists": [
            _fields(
                listed,
                "code title rows applies_to columns",
                columns=[
                    _fields(column, "code label unit_of_measure type required choices")
                    for column in listed.columns
                ],
            )
            for listed in form.lists
        ],
        "texts": [_fields(text, "code label required max_words applies_to") for text in form.texts],
        "rules": [
            _fields(rule, "code check severity tolerance missing message", message=str(rule.words))
            for rule in form.rules
        ],
    }


def _fields(
    item: Indicator | ListSection | ListColumn | TextQuestion | Rule, names: str, **other: Any
) -> dict[str, Any]:
    """The fields of these `names` in order: `other` as given, title or label in the current language."""
    values = item.model_dump(mode="json") | other
    if not isinstance(item, Rule):
        values["title" if isinstance(item, ListSection) else "label"] = str(item.name)
    return {name: values[name] for name in names.split()}
