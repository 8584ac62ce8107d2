"""Ways in which a workbook is spoilt, each decided by a `random.Random` alone."""

from __future__ import annotations

import io
import re
import struct
import warnings
import zipfile
from collections.abc import Callable
from random import Random
from typing import Any

from lxml import etree

from tests.hostile.tree_mutations import in_tree

Parts = list[tuple[str, bytes]]


def mutate(data: bytes, rng: Random) -> tuple[str, bytes]:
    """The workbook spoilt in one way, sometimes in two, and what was done."""
    done = []
    for _number in range(1 if rng.random() < 0.8 else 2):
        what, data = _once(data, rng)
        done.append(what)
    return " + ".join(done), data


def _once(data: bytes, rng: Random) -> tuple[str, bytes]:
    packed = data.startswith(b"PK")
    if not packed or rng.random() < 0.1:
        change = rng.choice(_RAW)
        return change.__name__, change(data, rng)
    try:
        parts = _unpacked(data)
    except Exception:  # spoilt before
        return "flipped", flipped(data, rng)
    if rng.random() < 0.15:
        alter = rng.choice(_PACKAGE)
        what, parts = alter(parts, rng)
        return what, _packed(parts)
    at = _choose_part(parts, rng)
    name, content = parts[at]
    if rng.random() < 0.25:
        textual = rng.choice(_TEXTUAL)
        what, changed = textual.__name__, textual(content, rng)
    else:
        try:
            what, changed = in_tree(name, content, rng)
        except etree.XMLSyntaxError:  # spoilt before
            what, changed = "flipped", flipped(content, rng)
    parts[at] = name, changed
    return f"{what} in {name}", _packed(parts)


# Bytes


def flipped(data: bytes, rng: Random) -> bytes:
    """Some bits turned over."""
    changed = bytearray(data)
    for _number in range(rng.choice((1, 1, 2, 8))):
        if changed:
            changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def cut(data: bytes, rng: Random) -> bytes:
    """The end missing."""
    return data[: rng.randrange(len(data) + 1)]


def inserted(data: bytes, rng: Random) -> bytes:
    """Bytes put in."""
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.randbytes(rng.choice((1, 4, 100))) + data[at:]


def removed(data: bytes, rng: Random) -> bytes:
    """Bytes taken out."""
    at = rng.randrange(len(data) + 1)
    return data[:at] + data[at + rng.choice((1, 4, 512)) :]


def blanked(data: bytes, rng: Random) -> bytes:
    """A stretch of zeros, as a broken copy leaves them."""
    at, length = rng.randrange(len(data) + 1), rng.choice((4, 64, 512))
    return data[:at] + bytes(min(length, len(data) - at)) + data[at + length :]


def numbered(data: bytes, rng: Random) -> bytes:
    """A number of two or four bytes changed to one that is extreme."""
    at = rng.randrange(max(1, len(data) - 4))
    number = rng.choice((b"\0\0", b"\xff\xff", b"\xff\x7f", bytes(4), b"\xff" * 4, struct.pack("<I", at)))
    return data[:at] + number + data[at + len(number) :]


def swapped_sectors(data: bytes, rng: Random) -> bytes:
    """Two blocks of 512 bytes in each other's place."""
    blocks = [data[at : at + 512] for at in range(0, len(data), 512)]
    one, other = rng.randrange(len(blocks) or 1), rng.randrange(len(blocks) or 1)
    if blocks:
        blocks[one], blocks[other] = blocks[other], blocks[one]
    return b"".join(blocks)


_RAW: tuple[Callable[[bytes, Random], bytes], ...] = (
    *(flipped, flipped, cut, inserted, removed, blanked, numbered, swapped_sectors),
)


# Packages


def _unpacked(data: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(entry.filename, archive.read(entry)) for entry in archive.infolist() if not entry.is_dir()]


def _packed(parts: Parts) -> bytes:
    target = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # of two parts with one name
        for name, content in parts:
            stored = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), content, stored, 1)
    return target.getvalue()


def _dropped(parts: Parts, rng: Random) -> tuple[str, Parts]:
    name, _content = parts.pop(rng.randrange(len(parts)))
    return f"dropped {name}", parts


def _doubled(parts: Parts, rng: Random) -> tuple[str, Parts]:
    name, content = rng.choice(parts)
    other = rng.choice((name, name.upper(), "/" + name, name.replace("/", "\\")))
    parts.insert(rng.randrange(len(parts) + 1), (other, rng.choice((content, flipped(content, rng)))))
    return f"{other} beside {name}", parts


def _renamed(parts: Parts, rng: Random) -> tuple[str, Parts]:
    at = rng.randrange(len(parts))
    name, content = parts[at]
    other = rng.choice((name.upper(), name.swapcase(), name.replace("/", "\\"), "./" + name, name + "x"))
    parts[at] = other, content
    return f"{name} became {other}", parts


def _exchanged(parts: Parts, rng: Random) -> tuple[str, Parts]:
    one, other = rng.randrange(len(parts)), rng.randrange(len(parts))
    names = parts[one][0], parts[other][0]
    parts[one], parts[other] = (names[0], parts[other][1]), (names[1], parts[one][1])
    return f"exchanged {names[0]} and {names[1]}", parts


def _shuffled(parts: Parts, rng: Random) -> tuple[str, Parts]:
    rng.shuffle(parts)
    return "shuffled", parts


def _spoilt(parts: Parts, rng: Random) -> tuple[str, Parts]:
    """A part with other bytes, its checksum right."""
    at = rng.randrange(len(parts))
    name, content = parts[at]
    change = rng.choice(_RAW)
    parts[at] = name, change(content, rng)
    return f"{change.__name__} in {name}, checksum right", parts


_PACKAGE = (_dropped, _doubled, _renamed, _exchanged, _shuffled, _spoilt, _spoilt)
_WEIGHTS = (
    ("worksheets/", 6),
    ("workbook.xml", 3),
    ("sharedstrings", 3),
    ("styles.xml", 2),
    ("content.xml", 40),
    ("content_types", 1),
)


def _choose_part(parts: Parts, rng: Random) -> int:
    def weight(name: str) -> int:
        return next((times for piece, times in _WEIGHTS if piece in name.lower()), 0)

    weights = [weight(name) for name, _content in parts]
    return rng.choices(range(len(parts)), weights if any(weights) else None)[0]


# A part as text


def encoding_declared(content: bytes, rng: Random) -> bytes:
    """An encoding declared that is not the part's."""
    encoding = rng.choice((b"ISO-8859-1", b"windows-1258", b"UTF-16", b"US-ASCII", b"x-unknown", b"utf-7"))
    return b'<?xml version="1.0" encoding="' + encoding + b'"?>' + _without_head(content)


def recoded(content: bytes, rng: Random) -> bytes:
    """The part in another encoding, declared rightly or not at all."""
    encoding = rng.choice(("utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "iso-8859-1", "utf-32"))
    head = rng.choice(("", f'<?xml version="1.0" encoding="{encoding[:6]}"?>'))
    text = head + _without_head(content).decode("utf-8", "replace")
    return text.encode(encoding, "xmlcharrefreplace")


def _without_head(content: bytes) -> bytes:
    return re.sub(rb"\A(?:\xef\xbb\xbf)?<\?xml[^>]*>", b"", content)


def with_doctype(content: bytes, rng: Random) -> bytes:
    """A DOCTYPE, with or without an entity that is used."""
    doctype = rng.choice((b"<!DOCTYPE x>", b'<!DOCTYPE x [<!ENTITY n "7">]>', b"<!doctype x>"))
    return doctype + re.sub(rb"<v>[^<]*", b"<v>&n;", _without_head(content), count=1)


def with_unknown_entity(content: bytes, rng: Random) -> bytes:
    """A reference to an entity that nobody declared."""
    return _at_some(
        rb"(?<=>)(?=[^<>]+<)", content, rng, lambda _found: rng.choice((b"&nope;", b"&", b"&#0;"))
    )


def with_references(content: bytes, rng: Random) -> bytes:
    """A character of a value or an attribute written as a reference, which changes nothing."""
    return _at_some(
        rb'(?<=[\w"> ])[A-Za-z0-9](?=[A-Za-z0-9. -]*["<])', content, rng, lambda found: b"&#%d;" % found[0][0]
    )


def with_single_quotes(content: bytes, _rng: Random) -> bytes:
    """Attributes in the other quotes, which changes nothing."""
    return re.sub(rb'="([^"\'<>]*)"', rb"='\1'", content)


def with_spaces(content: bytes, rng: Random) -> bytes:
    """White space where it says nothing: in tags."""
    return re.sub(rb'(\w)="([^"<>]*)"', rng.choice((rb'\1 = "\2"', rb'\1\n="\2"', rb'\1="\2"  ')), content)


def with_comment(content: bytes, rng: Random) -> bytes:
    """A comment or an instruction within a text, which changes nothing."""
    what = rng.choice((b"<!-- x -->", b"<!--<c r='A1'><v>5</v></c>-->", b"<?x y?>", b"<![CDATA[]]>"))
    return _at_some(rb"(?<=>)[^<>]{1,9}(?=<)", content, rng, lambda found: found[0][:1] + what + found[0][1:])


def with_cdata(content: bytes, rng: Random) -> bytes:
    """A text in a CDATA section, which changes nothing."""
    return _at_some(rb"(?<=>)[^<>&]+(?=<)", content, rng, lambda found: b"<![CDATA[" + found[0] + b"]]>")


def with_rest(content: bytes, rng: Random) -> bytes:
    """Something before or after the root."""
    rest = rng.choice((b"\n", b"\0", b"x", b"<x/>", b"<!-- x -->"))
    return content + rest if rng.random() < 0.7 else rest + content


_TEXTUAL: tuple[Callable[[bytes, Random], bytes], ...] = (
    *(encoding_declared, recoded, with_doctype, with_unknown_entity, with_references, with_references),
    *(with_single_quotes, with_spaces, with_comment, with_comment, with_cdata, with_rest, flipped),
)


def _at_some(pattern: bytes, content: bytes, rng: Random, change: Callable[[Any], bytes]) -> bytes:
    places = list(re.finditer(pattern, content))
    if not places:
        return content
    found = rng.choice(places)
    return content[: found.start()] + change(found) + content[found.end() :]
