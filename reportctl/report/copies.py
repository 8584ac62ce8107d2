"""What parts of a document can be shown on a condition or repeated for, and what tags mean in a copy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reportctl.core import wording
from reportctl.form.model import Form
from reportctl.report.addressed import hint
from reportctl.report.contents import ReportData
from reportctl.word.content import Content, Tag
from reportctl.word.regions import NUMBER, Scope
from reportctl.workspace.units import Unit

SHOWN = ("",)  # the one copy of what stands on a condition that holds
_OF_SECTION = {"name": "section", "sentences": "sentences", "table": "table", "chart": "chart"}
_UNIT_WORDS = ("code", "name", "kind")


def scope_of(data: ReportData, contents: Mapping[str, Content]) -> Scope:
    """What the parts of this document are shown and repeated for."""

    def copies(sign: str, name: str) -> Sequence[str] | None:
        if sign == "?":
            content = contents.get(name)
            return None if content is None else SHOWN if _says_something(content) else ()
        return repeated(name, data.form, data.units)

    def inside(tag: str, region: str, key: str) -> str:
        return meant(tag, region, key, data.form)

    def why(tag: str) -> str:
        return hint(tag, data.form, data.elsewhere.session.roster) if data.elsewhere else ""

    return Scope(copies, inside, why)


def _says_something(content: Content) -> bool:
    """Whether a tag has anything to say: a figure or words, rows of a table, something drawn."""
    if isinstance(content, str) and wording.is_absent(content):
        return False
    rows = getattr(content, "rows", None)
    return bool(content) if rows is None else bool(rows)


def repeated(name: str, form: Form, units: Mapping[str, Unit]) -> tuple[str, ...] | None:
    """The keys of the copies of a repeated part: of “units” and “units:KIND” their codes, of “sections”
    theirs, of a section's code those of its figures. None for what cannot be repeated for."""
    what, _colon, kind = name.partition(":")
    if what == "units":
        kinds = {one.code for one in form.kinds}
        if kind and kind not in kinds:
            return None
        return tuple(code for code, unit in units.items() if kind in ("", unit.kind))
    if name == "sections":
        return tuple(section.code for section in form.sections)
    section = next((one for one in form.sections if one.code == name), None)
    return None if section is None else tuple(one.code for one in section.indicators if one.numeric)


def meant(tag: str, region: str, key: str, form: Form) -> str:
    """What a tag that is typed in a repeated part means in the copy for `key`."""
    what = region[1:].partition(":")[0]
    if region[0] == "?":
        return tag
    first, _dot, rest = tag.partition(".")
    if what == "units":
        if first == "unit" and rest in _UNIT_WORDS:
            return f"{tag}:{key}"
        figure, at, period = tag.partition("@")
        parsed = Tag.parse(figure)
        if not parsed.kind and parsed.name in form.indicators:
            return f"{figure}:{key}{at}{period}"
        return tag
    if what == "sections":
        if tag == "section":
            return key
        return f"{_OF_SECTION[rest]}:{key}" if first == "section" and rest in _OF_SECTION else tag
    if first != "indicator":
        return tag
    slot = rest
    for sign in (":", "@"):
        slot = slot.partition(sign)[0]
    address_ = rest[len(slot) :]
    return f"{key}{address_}" if slot == "value" else f"{key}.{slot}{address_}"


def name_of_one(name: str, form: Form, units: Mapping[str, Unit]) -> tuple[str, Content] | None:
    """A unit's code, name or kind, which a copy for it asks for (`unit.name:007`); None for any other tag."""
    first, colon, code = name.partition(":")
    word = first.casefold().removeprefix("unit.")
    known = next((one for one in units if one.casefold() == code.casefold()), None)
    if not colon or known is None or word not in _UNIT_WORDS or not first.casefold().startswith("unit."):
        return None
    unit = units[known]
    kind = next((str(one.name) for one in form.kinds if one.code == unit.kind), unit.kind)
    return f"unit.{word}:{known}", {"code": unit.code, "name": unit.name, "kind": kind}[word]


def is_of_copies(tag: str, form: Form) -> bool:
    """Whether a typed name, in small letters, belongs to parts that are shown or repeated: a mark, or what
    has a meaning in a copy only."""
    if tag == NUMBER:
        return True
    if tag[:1] == "/":
        return tag[1:].strip() in ("?", "*")
    if tag[:1] == "*":
        return repeated(tag[1:].strip(), form, {}) is not None or tag[1:].strip() == "section"
    return tag[:1] == "?" or tag.partition(".")[0] in ("unit", "section", "indicator")
