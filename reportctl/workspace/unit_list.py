"""A list of units as an office has it, in Excel or pasted: columns recognised, kinds guessed, codes given.

Columns are known by their headings, else by what stands in them. The list holds units; where a column is
about persons it is refused.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from reportctl.core.errors import ReportctlError, capped
from reportctl.core.language import _, ngettext
from reportctl.core.letters import bare, folded
from reportctl.core.persons import PERSON_ID, PERSON_NAME
from reportctl.workspace.small_tables import table_rows
from reportctl.workspace.unit_kinds import guessed_kind, kind_named, levels_of

Cells = Sequence[str]
Line = tuple[int, Cells]  # the line in the file, and its fields

_DIGITS = 3  # of a code that is given
_HEADING_WITHIN = 15  # lines, above which titles stand
_MOST_UNITS = 5_000


@dataclass(frozen=True, slots=True)
class ListedUnit:
    """A unit as it is proposed; `line` in the list, `more` are the other columns of units.csv."""

    line: int
    code: str
    name: str
    kind: str
    more: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UnitList:
    """The units of a list, in sentences what was made of it, such as columns passed over, and the lines left
    out because they say of no unit."""

    units: tuple[ListedUnit, ...]
    remarks: tuple[str, ...] = ()
    left_out: tuple[ListedUnit, ...] = ()


def list_in(path: Path, kinds: Mapping[str, str]) -> UnitList:
    """The list in the file at `path`: .xlsx, or text with or without separators. `kinds` are the codes and
    titles of the form's kinds of units.

    Raises `ReportctlError` where the file cannot be read, holds persons' data, or no unit is found in it.
    """
    return _listed(table_rows(path, rows_of_text), kinds)


def pasted(text: str, kinds: Mapping[str, str]) -> UnitList:
    """The list in a text that was pasted. Raises `ReportctlError` as `list_in`."""
    return _listed(rows_of_text(text), kinds)


def problems(units: Sequence[ListedUnit], kinds: Mapping[str, str]) -> list[str]:
    """What keeps the units from being written, a sentence each: kinds that are not known, codes and names
    that stand twice."""
    found = [
        _("line {line}: the kind of “{name}” cannot be told from its name; it can be {kinds}").format(
            line=unit.line, name=unit.name, kinds="; ".join(kinds.values())
        )
        for unit in units
        if unit.kind not in kinds
    ]
    if any(unit.more.get("valid_from") or unit.more.get("valid_to") for unit in units):
        return found  # whose rows follow each other, under one code or name
    for twins in _alike(units, [unit.code.casefold() for unit in units]):
        message = _("lines {lines}: the code “{value}” stands there twice")
        found.append(message.format(lines=_lines(twins), value=twins[0].code))
    for twins in _alike(units, [bare(unit.name) for unit in units]):
        message = _("lines {lines}: “{value}” stands there twice")
        found.append(message.format(lines=_lines(twins), value=twins[0].name))
    return found


def _alike(units: Sequence[ListedUnit], words: Sequence[str]) -> list[list[ListedUnit]]:
    """The units of which several have the same of the `words`, one for each unit."""
    counts = Counter(words)
    return [
        [unit for unit, each in zip(units, words, strict=True) if each == word]
        for word, count in counts.items()
        if count > 1
    ]


def _lines(units: Iterable[ListedUnit]) -> str:
    return ", ".join(str(unit.line) for unit in units)


# ---- text without fixed columns


def rows_of_text(text: str) -> list[Line]:
    """The lines of a text with their fields: parted by tabs, by semicolons, or by commas where all lines have
    as many of them; else a line is one field, as “Sở Văn hóa, Thể thao và Du lịch” is: a comma that a blank
    follows parts nothing."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip(' \t;,"')]
    prose = any(", " in _QUOTED.sub("", text_line) for _number, text_line in lines)
    for separator in "\t;" if prose else "\t;,":
        try:
            split = [
                (number, next(csv.reader(io.StringIO(line), delimiter=separator, skipinitialspace=True)))
                for number, line in lines
            ]
        except (csv.Error, StopIteration):
            continue
        widths = {len(cells) for _number, cells in split}
        if widths and min(widths) > 1 and (len(widths) == 1 or separator != ","):
            return [(number, [" ".join(cell.split()) for cell in cells]) for number, cells in split]
    return [(number, [" ".join(line.strip('"').split())]) for number, line in lines]


# ---- columns

_EXACT = ("code", "name", "kind", "parent", "valid_from", "valid_to", "predecessors", "contact")
_ROLES = {
    "number": re.compile(r"(?:so )?(?:stt|tt|so thu tu|thu tu)|no\.?|#"),
    "code": re.compile(r"ma|ma (?:so|don vi|dv|dinh danh|xa|dvhc|co quan|hanh chinh)\b.*|code|ky hieu"),
    "name": re.compile(
        r"ten|ten (?:cac )?(?:don vi|dv|co quan|xa|phuong|dac khu|thi tran|huyen|quan|so|goi|dia phuong|dvhc)"
        r"\b.*|(?:cac )?(?:don vi|co quan|dia phuong)"
        r"(?: (?:bao cao|gui|hanh chinh|truc thuoc|thuc hien)\b.*)?|co quan, don vi\b.*"
        r"|don vi, (?:co quan|dia phuong)\b.*|name|unit(?: name)?|name of unit"
    ),
    "kind": re.compile(r"loai(?: hinh| don vi)?|loai .{1,20}|kind|type|nhom(?: don vi)?|cap"),
    "contact": re.compile(
        r"dau moi(?: lien he| bao cao| tiep nhan)?|(?:thong tin )?lien he"
        r"|(?:so )?dien thoai(?: .{1,30})?|sdt|dt|e-?mail|thu dien tu|hop thu|phone"
    ),
}
_OF_PERSONS = re.compile(
    r"(?:nguoi|can bo|cong chuc|chuyen vien|lanh dao|thu truong|bi thu|chu tich|truong (?:phong|ban))"
    r"\b.*"
    r"|.*\b(?:ngay sinh|nam sinh|gioi tinh|dan toc|ton giao|que quan|thuong tru|ho khau|so tai khoan"
    r"|date of birth|home address|contact person)\b.*"
)
_SURNAME = re.compile(
    r"(?:nguyen|tran|le|pham|hoang|huynh|phan|vu|vo|dang|bui|do|ho|ngo|duong|ly|dinh|truong|doan|lam|mai|trinh"
    r"|dao)\b"
)
_CAPITALISED = re.compile(r"[^\W\d_][^\W\d_]*(?: [^\W\d_][^\W\d_]*){1,4}")
_CITIZEN = re.compile(r"(?<![\d.])\d{12}(?![\d.])")
_OLD_CITIZEN = re.compile(r"\d{9}")  # of the cards before these; a telephone number has ten digits
# A telephone number that a spreadsheet program has taken for a number: a mobile one, one with an area code.
_ZERO_EATEN = re.compile(r"(?<![\w.+-])(?:[35789]\d{8}|2\d{9})(?![\w.@-])")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,11}")
# Lines that head or close a group, and say of no unit: with their accents, for cộng is neither công nor cổng.
_NO_UNIT = r"(?:tổng số|tổng cộng|danh sách|khối|ghi chú|người lập)\b.*|(?:tổng|cộng)(?:\s*[:(\d].*)?"
_KIND_WORD = (
    r"(?:xã|phường|đặc khu|thị trấn|huyện|quận|thị xã|thành phố|sở|ban|ngành|đoàn thể|hội"
    r"|(?:cơ quan )?báo chí|cơ quan(?: báo(?:, | và )đài)?|đơn vị|địa phương)"
)
_MORE_WORDS = rf"(?:(?:, | và |, và |/| - )(?:các )?{_KIND_WORD})"
# Of several kinds or with “các”, before more words: “Xã Cấp Tiến” is a unit.
_GROUP = (
    rf"{_KIND_WORD}\s*:?|(?:các {_KIND_WORD}{_MORE_WORDS}*|{_KIND_WORD}{_MORE_WORDS}+)"
    r"(?: (?:cấp|thuộc|trực thuộc|trên|của|trong) .*| tỉnh)?\s*(?:[:(].*)?"
)
_HEADS = re.compile(f"{_NO_UNIT}|{_GROUP}")
_BARE_HEADS = re.compile(f"{bare(_NO_UNIT)}|{bare(_GROUP)}")
_OF_GROUP = re.compile(r"[IVX]+|[A-H]")  # its number
_QUOTED = re.compile(r'"[^"]*"')
_NUMBERED = re.compile(r"(?:[-*•+]|\d{1,3}[.)/-]|\(\d{1,3}\))\s*(?=\D)")


def _listed(rows: Sequence[Line], kinds: Mapping[str, str]) -> UnitList:
    if len(rows) > _MOST_UNITS:
        raise ReportctlError(
            _("The list has {count} lines; this is no list of units.").format(count=len(rows))
        )
    headings, body = _head(rows)
    width = max((len(cells) for _line, cells in rows), default=0)
    columns = [[_at(cells, column) for _line, cells in body] for column in range(width)]
    roles = _roles(headings, columns, kinds)
    if "name" not in roles.values():
        raise ReportctlError(
            _(
                "No unit is found in the list. It needs a column with the units' names, headed “Tên đơn vị”, "
                "or one name a line, such as “Xã Phú Khê”."
            )
        )
    _refuse_persons(headings, columns, roles, kinds)
    of_all = _kind_of_all(headings, roles, kinds)
    remarks = []
    if unused := [headings[n] for n in range(len(headings)) if headings[n] and n not in roles]:
        remarks.append(_("Columns passed over: {columns}.").format(columns=", ".join(unused)))
    telephones = 0
    units: list[ListedUnit] = []
    left_out: list[ListedUnit] = []
    for line, cells in body:
        said = {role: _joined(cells, roles, role) for role in set(roles.values()) - {"number"}}
        if contact := said.get("contact"):
            said["contact"] = _ZERO_EATEN.sub(r"0\g<0>", contact)
            telephones += said["contact"] != contact
        name = _NUMBERED.sub("", said.pop("name"), count=1).strip(" ;,")
        code, kind = said.pop("code", ""), said.pop("kind", "")
        more = {key: value for key, value in said.items() if value}
        unit = ListedUnit(
            line, code, name, kind_named(kind, kinds) or guessed_kind(name, kinds) or of_all, more
        )
        if not name:
            left_out.append(replace(unit, name=" ".join(filter(None, cells))))
        elif not code and _says_of_no_unit(name):
            left_out.append(unit)
        else:
            units.append(unit)
    if not units:
        raise ReportctlError(_("No unit is found in the list: it has headings only."))
    if telephones:
        remarks.append(
            ngettext(
                "{count} telephone number got its 0 back, which the spreadsheet had dropped.",
                "{count} telephone numbers got their 0 back, which the spreadsheet had dropped.",
                telephones,
            ).format(count=telephones)
        )
    return replace(_coded(units, remarks), left_out=tuple(left_out))


def _kind_of_all(headings: Cells, roles: Mapping[int, str], kinds: Mapping[str, str]) -> str:
    """The kind that the heading of the names says all units are of, such as “Tên xã”; empty where it says
    none or several."""
    heading = next((_at(headings, column) for column, role in roles.items() if role == "name"), "")
    words = re.split(
        r"[,;/()]| và | hoặc ", re.sub(r"^(?:(?:tên|ten|danh sách|các|cac)\b\s*)+", "", folded(heading))
    )
    said = {guessed_kind(word.strip(), kinds) for word in words if word.strip()} - {""}
    return said.pop() if len(said) == 1 else ""


def _says_of_no_unit(name: str) -> bool:
    """Whether a line is a heading, such as “Các xã, phường”, or a sum."""
    text = folded(name)
    return bool((_BARE_HEADS if text.isascii() else _HEADS).fullmatch(text))


def left_out_in_words(units: Sequence[ListedUnit]) -> str:
    """A sentence that lines of a list were left out, and which; empty where none was."""
    if not units:
        return ""
    lines = ", ".join(f"{unit.line} “{unit.name}”" for unit in units)
    message = ngettext(
        "Line {lines} is NOT taken over: it reads as no unit.",
        "Lines {lines} are NOT taken over: they read as no units.",
        len(units),
    )
    return message.format(lines=lines)


def _at(cells: Cells, column: int) -> str:
    return " ".join(cells[column].split()) if column < len(cells) else ""


def _joined(cells: Cells, roles: Mapping[int, str], role: str) -> str:
    """What stands in the columns of a role, of which a contact may have several."""
    return ", ".join(filter(None, (_at(cells, column) for column, each in roles.items() if each == role)))


def _role_of(heading: str) -> str:
    """What a column is for by its heading; empty where that is not known."""
    text = re.sub(r"\s*\([^)]*\)\s*", " ", bare(heading).replace("/", ", ")).strip(" .:*")
    if text in _EXACT:
        return text
    if PERSON_NAME.fullmatch(text) or PERSON_ID.fullmatch(text) or _OF_PERSONS.fullmatch(text):
        return "person"
    return next((role for role, pattern in _ROLES.items() if pattern.fullmatch(text)), "")


def _head(rows: Sequence[Line]) -> tuple[Cells, Sequence[Line]]:
    """The line of headings and the lines below it; no headings and all lines where there are none.

    Of several lines that could be it, it is the one with most headings that are known: titles stand above.
    """
    known = [sum(map(bool, _roles_of(cells))) for _line, cells in rows[:_HEADING_WITHIN]]
    sure = [
        count if count > 1 or "name" in _roles_of(cells) else 0
        for count, (_line, cells) in zip(known, rows, strict=False)
    ]
    if not any(sure):
        return (), rows
    at = sure.index(max(sure))
    return rows[at][1], rows[at + 1 :]


def _roles_of(headings: Cells) -> list[str]:
    """What each column is for by its heading, empty where that is not known. Beside headings that are known
    “Xã, phường” heads the names; alone it may be a kind."""
    roles = [_role_of(heading) for heading in headings]
    if any(roles) and "name" not in roles:
        names = (at for at, cell in enumerate(headings) if not roles[at] and cell and _says_of_no_unit(cell))
        if (at := next(names, None)) is not None:
            roles[at] = "name"
    return roles


def _roles(headings: Cells, columns: Sequence[Cells], kinds: Mapping[str, str]) -> dict[int, str]:
    """What each column is for, by its number."""
    roles: dict[int, str] = {}
    for column, role in enumerate(_roles_of(headings)):
        if role and (role == "contact" or role not in roles.values()):
            roles[column] = role
    if "name" in roles.values():
        return roles
    free = [column for column in range(len(columns)) if column not in roles]
    return roles | _roles_by_content([columns[column] for column in free], free, kinds, roles)


def _roles_by_content(
    columns: Sequence[Cells], numbers: Sequence[int], kinds: Mapping[str, str], known: Mapping[int, str]
) -> dict[int, str]:
    """What columns are for by what stands in them, by their `numbers`, beside those that are `known`; none
    where in no column there are names."""
    roles: dict[int, str] = {}
    taken = set(known.values())
    named = [sum(bool(levels_of(value)) for value in values) for values in columns]
    if not columns or not max(named):
        texts = [sum(1 for value in values if " " in value) for values in columns]
        named = texts if texts and len(columns) == 1 else [0] * len(columns)
    if not named or not max(named):
        return {}
    name = named.index(max(named))
    for at, (number, values) in enumerate(zip(numbers, columns, strict=True)):
        filled = [value for value in values if value]
        if at == name:
            role = "name"
        elif filled and all(kind_named(value, kinds) for value in filled):
            role = "kind"
        elif _counts_up(filled):
            role = "number"
        else:
            role = "code" if _are_codes(filled) else ""
        if role and role not in taken:
            roles[number] = role
            taken.add(role)
    return roles


def _counts_up(values: Sequence[str]) -> bool:
    """Whether these are the numbers 1, 2, 3 … of lines, which may begin again below a group's I or A."""
    numbers = [value for value in values if not _OF_GROUP.fullmatch(value)]
    follows = (
        value in ("1", str(int(before) + 1))
        for before, value in zip(["0", *numbers[:-1]], numbers, strict=True)
    )
    return bool(numbers) and all(map(str.isdecimal, numbers)) and all(follows)


def _are_codes(values: Sequence[str]) -> bool:
    return (
        bool(values)
        and len({value.casefold() for value in values}) == len(values)
        and all(_CODE.fullmatch(value) for value in values)
        and any(character.isdigit() for value in values for character in value)
    )


def _refuse_persons(
    headings: Cells, columns: Sequence[Cells], roles: Mapping[int, str], kinds: Mapping[str, str]
) -> None:
    """Raises `ReportctlError` where a column is about persons, by its heading or by what stands in it."""
    for column, values in enumerate(columns):
        heading = _at(headings, column)
        role = roles.get(column, _role_of(heading))
        filled = [value for value in values if value]
        wrong = role == "person" or any(_CITIZEN.search(value) for value in filled)
        if role not in ("code", "contact"):
            wrong |= any(map(_OLD_CITIZEN.fullmatch, filled))
        if not wrong and len(filled) > 1 and role not in ("code", "kind", "number"):
            persons = [value for value in filled if _is_person(value, kinds)]
            wrong = 2 * len(persons) > len(filled) and (role != "name" or not heading)
        if wrong:
            raise ReportctlError(
                _(
                    "The column “{column}” is about persons (names, identity numbers, dates of birth); the "
                    "list holds units only. Delete that column and try again; for a contact give the "
                    "office's telephone and e-mail."
                ).format(column=heading or str(column + 1))
            )


def _is_person(text: str, kinds: Mapping[str, str]) -> bool:
    """Whether a text begins like a Vietnamese person's full name, and not like a unit's."""
    name = re.split(r"[,;(\-–]|\d", text)[0].strip()
    if guessed_kind(name, kinds) or not _CAPITALISED.fullmatch(name):
        return False
    words = name.split()
    return 2 <= len(words) <= 5 and name.istitle() and bool(_SURNAME.match(bare(name)))


# ---- codes


def _coded(units: Sequence[ListedUnit], remarks: Iterable[str]) -> UnitList:
    """The units with a code each: zeros that a spreadsheet program has eaten put back, codes given where
    there are none, both said."""
    said = list(remarks)
    numbers = [unit.code for unit in units if unit.code.isdigit()]
    width = max(map(len, numbers), default=_DIGITS)
    if not any(code.startswith("0") for code in numbers):
        width = max(width, _DIGITS)
    whole = [replace(unit, code=_filled(unit.code, width)) for unit in units]
    if filled := sum(new.code != old.code for new, old in zip(whole, units, strict=True)):
        said.append(
            ngettext(
                "{count} code was made {digits} digits long, with zeros before it.",
                "{count} codes were made {digits} digits long, with zeros before them.",
                filled,
            ).format(count=filled, digits=width)
        )
    coded = with_codes(whole)
    if given := sum(not unit.code for unit in whole):
        said.append(ngettext("{count} code is given.", "{count} codes are given.", given).format(count=given))
    return UnitList(coded, tuple(said))


def with_codes(units: Sequence[ListedUnit]) -> tuple[ListedUnit, ...]:
    """The units, those without a code with the first that is free."""
    taken = {unit.code.casefold() for unit in units}
    free = (code for number in range(1, 10**6) if (code := str(number).zfill(_DIGITS)) not in taken)
    return tuple(unit if unit.code else replace(unit, code=next(free)) for unit in units)


def _filled(code: str, width: int) -> str:
    return code.zfill(width) if code.isdigit() else code


def refused(found: Sequence[str], *, kinds_lack: bool) -> ReportctlError:
    """The error that the list cannot be taken, with all that is wrong in it; `kinds_lack`: also how the list
    can say the kinds of units."""
    message = _("The list of units cannot be taken:\n{problems}\nPut that right in the list and try again.")
    if kinds_lack:
        message += " " + _(
            "Kinds stand in a column “Loại”; where all units are of one, the heading can name it: “Tên xã”."
        )
    return ReportctlError(message.format(problems=capped(found)))
