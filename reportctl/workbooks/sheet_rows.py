"""The rows of a sheet's XML in Excel workbooks: where their cells are, what they say, which values they hold.

Most rows are the same in all files that one template made, and more of them without their values: what is the
same is looked at once.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from reportctl.core.cellrefs import column_index
from reportctl.workbooks.book import Area, CellExtra, area

_ENTITY = re.compile(rb"&(?:amp|lt|gt|quot|apos|#([0-9]{1,7})|#x([0-9a-fA-F]{1,6}));")
_CHARACTERS = bytes({*range(0x20, 0x100), *b"\t\n\r"})


def is_text(content: bytes) -> bool:
    """Whether what stands between elements is text that XML can hold (XML 1.0, 2.2, 2.4 and 4.1)."""
    entities = _ENTITY.findall(content) if b"&" in content else []
    references = {int(one) if one else int(other or b"20", 16) for one, other in set(entities)}
    return (
        len(entities) == content.count(b"&")
        and b"]]>" not in content
        and not content.translate(None, _CHARACTERS)
        and all(
            code in (0x9, 0xA, 0xD)
            or 0x20 <= code < 0xD800
            or 0xE000 <= code < 0xFFFE
            or 0x10000 <= code < 0x110000
            for code in references
        )
    )


_REFERENCE = re.compile("&([^;]+);")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


def unescaped(written: bytes) -> str:
    """The characters that XML text, for which `is_text` holds, stands for (XML 1.0, 2.11 and 4.6)."""

    def character(reference: re.Match[str]) -> str:
        name = reference[1]
        return _NAMED.get(name) or chr(int(name[2:], 16) if name.startswith("#x") else int(name[1:]))

    text = written.decode()
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _REFERENCE.sub(character, text) if "&" in text else text


_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_XML_BLANKS = " \t\r\n"  # a no-break space is a character like others


def read_text(text: str, *, preserved: bool) -> str:
    """The text that a workbook means by `text`: spaces at its ends count where it is `preserved` (ECMA-376
    part 1, 18.4.12), and `_x000D_` is one character (22.9.2.19), save halves of characters."""

    def character(escape: re.Match[str]) -> str:
        code = int(escape[1], 16)
        return escape[0] if 0xD800 <= code < 0xE000 or code >= 0xFFFE else chr(code)

    text = text if preserved else text.strip(_XML_BLANKS)
    return _ESCAPED.sub(character, text) if "_x" in text else text


# However large: some programs write all 300 digits of 1E+300. What is beyond a double is read as a text.
DECIMAL = rb"[-+]?(?:[0-9]{1,400}(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,4})?"
# The types of cells that hold values (ECMA-376 part 1, 18.18.11), short; no value has the sign.
NUMBER, SHARED, TEXT, BOOLEAN, ERROR, DATE = b"<n", b"<s", b"<t", b"<b", b"<e", b"<d"
KINDS = {b"": NUMBER, b"n": NUMBER, b"s": SHARED, b"str": TEXT, b"b": BOOLEAN, b"e": ERROR, b"d": DATE}


@dataclass(frozen=True, slots=True, eq=False)
class RowCells:
    """The cells of a row without their values; columns and formats are counted from 0.

    The last columns that are `mentioned`, that are `filled`, and that hold something, be it an empty text
    (`reach`), are counted from 1; 0: none.
    `held` are the columns of the values, `kinds` their types, `styles` their cells' formats: 0 where they
    name none (18.3.1.4), -1: there is none of that number;
    `texts` are those that stand in the row itself, with their cells' formats.
    `extras` are by column, `errors` the columns of errors with the place of each among the row's values.
    `plain` are the columns of values that no formula gave, `spreads` the cells that array formulas fill.
    """

    mentioned: int
    filled: int
    reach: int
    held: Sequence[int]
    kinds: Sequence[bytes]
    styles: Sequence[int]
    texts: Sequence[tuple[int, str, int]]
    extras: Sequence[tuple[int, CellExtra]]
    errors: Sequence[tuple[int, int]]
    plain: Sequence[int]
    spreads: Sequence[Area]


@dataclass(frozen=True, slots=True, eq=False)
class XmlRow:
    """A row in the plain form; its `number` is counted from 1, as it is written.

    `misplaced` is the first cell that is out of order; `values` are those of its cells, as they are written.
    """

    number: int
    hidden: bool
    misplaced: str
    cells: RowCells
    values: Sequence[bytes]


def split_rows(data: bytes) -> list[XmlRow] | None:
    """What stands in a sheet between the ends of its data; None where it is not of the plain form.

    The values are of the types that their cells say.
    """
    first, *texts = data.split(b"<row ")
    rows = [_parsed_once(text) if len(text) < _LONG else _parsed(text) for text in texts]
    found = [row for row in rows if row]
    return None if first or len(found) < len(rows) else found


_VALUE, _HERE = re.compile(rb"<v>([^<]+)</v>"), b"<v>=</v>"

_FORMULA = rb'<f(?: [a-zA-Z0-9]+="[^"<]*")*+(?:/>|>[^<]*</f>)'
_ATTRIBUTES = rb'((?: (?!r=)[\w:]+="[^"<&]*")*+)'
_ROW = re.compile(rb'r="([0-9]{1,7})"' + _ATTRIBUTES + rb" ?(?:/>|>(.*)</row>)", re.DOTALL)
_HIDDEN = re.compile(rb' (?:hidden="(?:1|true)"|ht="0")')
# A cell: the whole, its column, row, format; other attributes of an empty one; its type, formula, value.
_CELL = re.compile(
    rb'(<c r="([A-Z]{1,3})([0-9]{1,7})"(?: s="([0-9]+)")?(?: ?/>|' + _ATTRIBUTES + rb" ?/>"
    rb'|(?: t="([a-zA-Z]+)")?>(' + _FORMULA + rb")?(<v>=?</v>|<v ?/>"
    rb'|<is>(?:<t(?: xml:space="preserve")?>[^<]*</t>)?</is>)?</c>))'
)

# As the values stand after their types.
_ALLOWED = {
    NUMBER: DECIMAL,
    SHARED: rb"[0-9]{1,9}",
    TEXT: rb"[^<]*",
    BOOLEAN: rb"(?:[01]|true|false)",
    ERROR: rb"#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|GETTING_DATA)",  # 18.17.3
    # As ISO 8601 writes them: days, times, spans of time.
    DATE: rb"(?:(?:[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:.,]+)?|T?[0-9]{2}:[0-9:.,]+)(?:Z|[-+][0-9:]+)?"
    rb"|-?P[0-9][0-9.,YMWDTHS]*|-?PT[0-9][0-9.,HMS]*)",
}
_VALUES = re.compile(rb"(?:" + b"|".join(kind + said for kind, said in _ALLOWED.items()) + rb")*+")


def is_allowed(kind: bytes, value: bytes) -> bool:
    """Whether a cell of that type, as it is written, can hold the value."""
    return kind in KINDS and b"<" not in value and _VALUES.fullmatch(KINDS[kind] + value) is not None


# One row

_LONG = 1 << 13  # bytes: of longer rows few are kept, and only without their values
_TOO_LONG = 1 << 17


def _parsed(text: bytes) -> XmlRow | None:
    """The row that `text` is, from after its element's name on; None where it is not of the plain form."""
    pieces = _VALUE.split(text)
    values, frame = pieces[1::2], _HERE.join(pieces[::2])
    framed = _kept(frame) if len(frame) < _TOO_LONG else _framed(frame)
    if framed is None or len(framed[-1].kinds) != len(values):
        return None
    typed = b"".join(chain.from_iterable(zip(framed[-1].kinds, values, strict=True)))
    return XmlRow(*framed, values) if _VALUES.fullmatch(typed) and is_text(typed) else None


def _framed(text: bytes) -> tuple[int, bool, str, RowCells] | None:
    """The row that `text` is without its values: all but those."""
    found = _ROW.fullmatch(text)
    if found is None or not is_text(found[2]):
        return None
    number, attributes, inside = found.groups(b"")
    tokens = _CELL.findall(inside)
    if sum([len(token[0]) for token in tokens]) != len(inside):
        return None
    columns = tuple([_column(token[1]) for token in tokens])
    read = tuple([_cell(*token[3:]) for token in tokens])
    cells = _laid_out_once(columns, read) if len(text) < _LONG else _laid_out(columns, read)
    if cells is None:
        return None
    misplaced, last = "", -1
    for column, token in zip(columns, tokens, strict=True):
        if column <= last or int(token[2]) != int(number):
            misplaced = (token[1] + token[2]).decode()
            break
        last = column
    return int(number), _HIDDEN.search(attributes) is not None, misplaced, cells


_parsed_once = functools.lru_cache(maxsize=2048)(_parsed)
_framed_once = functools.lru_cache(maxsize=2048)(_framed)
_framed_long = functools.lru_cache(maxsize=128)(_framed)


def _kept(text: bytes) -> tuple[int, bool, str, RowCells] | None:
    """As `_framed`, kept for the next row that is the same."""
    return (_framed_once if len(text) < _LONG else _framed_long)(text)


@functools.cache  # there are not more than 26 + 26 ** 2 + 26 ** 3
def _column(letters: bytes) -> int:
    return column_index(letters.decode())


def _laid_out(columns: Sequence[int], cells: Sequence[_CellXml | None]) -> RowCells | None:
    """The `cells` in their `columns`; None where the type of one does not allow what it holds."""
    if None in cells:
        return None
    said = [
        (column, cell) for column, cell in zip(columns, cells, strict=True) if cell and cell is not _NOTHING
    ]
    holding = [(column, cell) for column, cell in said if cell.kind]
    return RowCells(
        columns[-1] + 1 if columns else 0,
        max([column + 1 for column, cell in said if cell.filled], default=0),
        max([column + 1 for column, cell in said if cell.kind or cell.blank], default=0),
        [column for column, _cell in holding],
        [cell.kind for _column, cell in holding],
        [cell.style for _column, cell in holding],
        [(column, cell.text, cell.style) for column, cell in said if cell.text],
        [(column, cell.extra) for column, cell in said if cell.extra],
        [(column, value) for value, (column, cell) in enumerate(holding) if cell.kind == ERROR],
        [column for column, cell in said if (cell.kind or cell.blank) and not cell.extra],
        [cell.spread for _column, cell in said if cell.spread],
    )


_laid_out_once = functools.lru_cache(maxsize=2048)(_laid_out)


# One cell


@dataclass(frozen=True, slots=True, eq=False)
class _CellXml:
    """A cell without its value; `kind`: the type of that, empty: there is none; `blank`: it is a `text`."""

    kind: bytes = b""
    style: int = 0
    blank: bool = False
    text: str = ""
    filled: bool = False
    extra: CellExtra | None = None
    spread: Area | None = None


_NOTHING = _CellXml()


_LONG_STYLE = 6  # digits
_INLINE = re.compile(rb'<t( xml:space="preserve")?>([^<]*)</t>')
_ARRAY = re.compile(rb'<f (?=[^<>]*t="(?:array|dataTable)")[^<>]*ref="([A-Z]{1,3}[0-9]+:[A-Z]{1,3}[0-9]+)"')
_PICTURE = re.compile(rb"(?<![\w.])(?:_xlfn\.)?(?:DISPIMG|IMAGE) ?\(", re.IGNORECASE)


def is_picture(formula: bytes) -> bool:
    """Whether the formula shows a picture: `IMAGE` in Excel, `DISPIMG` in WPS."""
    return _PICTURE.search(formula) is not None


@functools.lru_cache(maxsize=4096)
def _cell(style: bytes, attributes: bytes, kind: bytes, formula: bytes, value: bytes) -> _CellXml | None:
    """What a cell says; None where its type does not allow what it holds."""
    if not attributes and not kind and not formula and not value:
        return _NOTHING
    if not is_text(attributes + formula + value):
        return None
    holds, inline = value == _HERE, value.startswith(b"<is>")
    if inline and (formula or kind != b"inlineStr"):
        return None
    if value and kind not in KINDS and (holds or kind != b"inlineStr"):
        return None
    blank = inline or (kind == b"str" and bool(value) and not holds)
    text = _INLINE.search(value) if inline else None
    error = "#ERROR" if kind == b"e" else ""
    calculated = bool(holds or (kind == b"str" and value))
    array = _ARRAY.search(formula)
    return _CellXml(
        KINDS[kind] if holds else b"",
        int(style or 0) if len(style) < _LONG_STYLE else -1,
        blank,
        read_text(unescaped(text[2]), preserved=bool(text[1])) if text else "",
        bool(holds or blank or formula or error),
        CellExtra(error, bool(formula), calculated, picture=is_picture(formula))
        if error or formula
        else None,
        area("", array[1].decode()) if array else None,
    )
