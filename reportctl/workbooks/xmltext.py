"""Text between the elements of XML, searched in bytes: whether it is what XML can hold."""

from __future__ import annotations

import re

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
        and all(map(_is_character, references))
    )


_SPECIAL = re.compile(rb"_[xX][0-9A-Fa-f]{4}_|\r")  # escaped characters, ends of lines
_REFERENCE = re.compile("&([^;]+);")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


def told_text(written: bytes, preserved: bool) -> str | None:
    """The text that is `written` in a workbook; None where readers may take it for another one.

    It `is_text`, and `preserved` where its spaces count (ECMA-376 part 1, 18.4.12; XML 1.0, 2.10).
    """
    if _SPECIAL.search(written):
        return None
    text = _REFERENCE.sub(_character, written.decode())
    return text if preserved or text == text.strip() else None


def _character(reference: re.Match[str]) -> str:
    said = reference[1]
    if said in _NAMED:
        return _NAMED[said]
    return chr(int(said[2:], 16) if said.startswith("#x") else int(said[1:]))


def _is_character(code: int) -> bool:
    return (
        code in (0x9, 0xA, 0xD)
        or 0x20 <= code < 0xD800
        or 0xE000 <= code < 0xFFFE
        or 0x10000 <= code < 0x110000
    )
