"""Which tags a document may ask for, found before anything is made for them."""

from __future__ import annotations

import html
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator

from lxml import etree

from reportctl.word.blocks import w
from reportctl.word.controls import named

_TYPED = re.compile(r"\{\{(.*?)\}\}")
# Characters that nobody sees, which Word may leave within a tag.
_INVISIBLE = re.compile("[\u00ad\u034f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_IN_BODY = re.compile(r'<w:(?:tag|alias) w:val="([^"]*)"')
_REFERENCE = "ref:"


def tags_asked(document: bytes) -> frozenset[str] | None:
    """The tags of all controls and records of a document and all that is typed between braces, in small
    letters; more rather than fewer. What a reference names is asked for too. None where that cannot be told:
    it may ask for anything."""
    found: set[str] = set()
    try:
        with zipfile.ZipFile(io.BytesIO(document)) as package:
            for name in package.namelist():
                if name.endswith(".xml"):
                    found.update(_in_part(package.read(name)))
    except (zipfile.BadZipFile, OSError, NotImplementedError):
        return None
    tags = {unicodedata.normalize("NFC", tag).strip().casefold() for tag in found}
    return frozenset(tags | {tag.removeprefix(_REFERENCE) for tag in tags})


def _in_part(xml: bytes) -> Iterator[str]:
    root = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, recover=True))
    if root is None:
        return
    for node in root.iter(w("tag"), w("alias"), "{*}control"):
        for text in map(str, node.attrib.values()):
            yield from (text, named(text))
    for node in root.iter("{*}region"):  # what is shown or copied, whether or not it is there now
        yield node.get("tag", "")[1:]
        for found in _IN_BODY.findall("".join(map(str, node.itertext()))):
            yield from (html.unescape(found), named(html.unescape(found)))
    yield from _TYPED.findall(_INVISIBLE.sub("", "".join(map(str, root.itertext()))))
