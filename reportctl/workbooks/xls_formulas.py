"""The formulas of Excel 97-2003 workbooks that only add cells up, as they are typed.

A formula is a row of tokens, operands before what is done with them ([MS-XLS] 2.2.2, 2.5.198). Those of sums
are few; a formula with any other token is not given.
"""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Iterator

from reportctl.core.cellrefs import cell_name
from reportctl.workbooks.xls import record_length, records, sheet_starts

_FORMULA, _SHARED = 0x0006, 0x04BC
_BIFF8 = 0x0600  # the version that a workbook begins with; older ones have shorter tokens
_ROWS, _COLUMNS = 1 << 16, 1 << 8  # of a sheet

_EXP, _ADD, _SUB, _UPLUS, _PAREN, _ATTR = 0x01, 0x03, 0x04, 0x12, 0x15, 0x19
_REF, _AREA, _FUNC_VAR, _REF_N, _AREA_N = 0x24, 0x25, 0x22, 0x2C, 0x2D  # each in three classes, 0x20 apart
_OF_SPACES, _OF_SUM, _VOLATILE = 0x40, 0x10, 0x01  # what an attribute says
_SUM = 4  # the number of the function
_LONGEST = 2_000  # letters of a formula

Place = tuple[int, int]


class _OtherError(Exception):
    """A formula that does more than to add cells up."""


def sums(stream: bytes) -> Iterator[dict[Place, str]]:
    """For each worksheet of a workbook stream the sums in its cells, such as `=SUM(D5:D9)+D12`, by row and
    column."""
    is_biff8 = stream[4:6] == struct.pack("<H", _BIFF8)
    for start in sheet_starts(stream):
        found: dict[Place, str] = {}
        if is_biff8:
            with contextlib.suppress(struct.error):  # a damaged record: what comes after it is not given
                found = _sums_of_sheet(stream, start)
        yield found


def _sums_of_sheet(stream: bytes, start: int) -> dict[Place, str]:
    tokens: dict[Place, bytes] = {}
    shared: dict[Place, bytes] = {}  # by the cell whose formula comes before it, and the first one of all
    last: Place = (0, 0)
    for kind, at in records(stream, start):
        content = stream[at : at + record_length(stream, at)]
        if kind == _FORMULA:
            last = struct.unpack_from("<HH", content)
            tokens[last] = _counted(content, 20)
        elif kind == _SHARED:
            row, _last_row, column = struct.unpack_from("<HHB", content)
            shared[last] = shared[row, column] = _counted(content, 8)
    found: dict[Place, str] = {}
    for cell, said in tokens.items():
        if said[:1] == bytes([_EXP]):
            said = shared.get(struct.unpack_from("<HH", said, 1), b"")
        with contextlib.suppress(_OtherError, struct.error, IndexError):
            found[cell] = "=" + _typed(said, cell)
    return found


def _counted(content: bytes, at: int) -> bytes:
    """The tokens that follow their length, which stands at `at`."""
    (length,) = struct.unpack_from("<H", content, at)
    return content[at + 2 : at + 2 + length]


def _typed(tokens: bytes, cell: Place) -> str:
    """The formula as it is typed in `cell`. Raises `_OtherError` where it is no plain sum, `struct.error` and
    `IndexError` where it is broken."""
    stack: list[str] = []
    at = 0
    while at < len(tokens):
        token, plain = tokens[at], tokens[at] & 0x1F | 0x20
        if token in (_ADD, _SUB):
            right, left = stack.pop(), stack.pop()
            stack.append(f"{left}{'+' if token == _ADD else '-'}{right}")
            size = 1
        elif token == _PAREN:
            stack.append(f"({stack.pop()})")
            size = 1
        elif token == _UPLUS:
            size = 1
        elif token == _ATTR and tokens[at + 1] in (_OF_SPACES, _OF_SPACES | _VOLATILE, _VOLATILE):
            size = 4
        elif token == _ATTR and tokens[at + 1] == _OF_SUM:
            stack.append(f"SUM({stack.pop()})")
            size = 4
        elif token < 0x20:
            raise _OtherError
        elif plain in (_REF, _REF_N):
            row, column = struct.unpack_from("<HH", tokens, at + 1)
            stack.append(_place(row, column, cell, relative=plain == _REF_N))
            size = 5
        elif plain in (_AREA, _AREA_N):
            top, bottom, left_, right_ = struct.unpack_from("<HHHH", tokens, at + 1)
            ends = [_place(*end, cell, relative=plain == _AREA_N) for end in ((top, left_), (bottom, right_))]
            stack.append(":".join(ends))
            size = 9
        elif plain == _FUNC_VAR and struct.unpack_from("<H", tokens, at + 2) == (_SUM,):
            count = tokens[at + 1] & 0x7F
            arguments = [stack.pop() for _argument in range(count)]
            stack.append(f"SUM({','.join(reversed(arguments))})")
            size = 4
        else:
            raise _OtherError
        if stack and len(stack[-1]) > _LONGEST:
            raise _OtherError
        at += size
    (formula,) = stack if len(stack) == 1 else ("",)
    if not formula:
        raise _OtherError
    return formula


def _place(row: int, column: int, cell: Place, *, relative: bool) -> str:
    """A reference; of a formula that several cells share as seen from `cell`, where its bits say so."""
    at = column & 0xFF
    if relative:
        row = (cell[0] + row) % _ROWS if column & 0x8000 else row
        at = (cell[1] + at) % _COLUMNS if column & 0x4000 else at
    return cell_name(row, at)
