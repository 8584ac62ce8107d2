"""Whether an encrypted workbook has the password that Excel itself supplies: then nobody chose one.

Excel encrypts a workbook whose structure is protected with a password of its own, and opens it without
asking: to its sender such a file has no password. Only the verifier that the file carries is decrypted
here, by [MS-OFFCRYPTO] 2.3.4 to 2.3.7; the content stays unread.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import io
import re
import struct
from collections.abc import Iterator

EXCELS_OWN = "VelvetSweatshop"
_FILE_PASS = 0x2F  # the record of an .xls that says how what follows it is encrypted
_MOST_SPINS = 1_000_000


def is_excels_own(data: bytes) -> bool:
    """Whether the encrypted workbook `data`, a compound file, opens with Excel's own password.

    False also where that cannot be found out.
    """
    from xlrd.compdoc import CompDoc, CompDocError

    try:
        container = CompDoc(data, logfile=io.StringIO())
        if info := container.get_named_stream("EncryptionInfo"):
            return _agile(info) if info[:4] == b"\4\0\4\0" else _standard(info)
        stream = container.get_named_stream("Workbook") or b""
        return any(_of_xls(record) for record in _records(stream, _FILE_PASS))
    except (CompDocError, struct.error, ValueError, LookupError, AssertionError):
        return False


# .xls


def _records(stream: bytes, kind: int) -> Iterator[bytes]:
    at = 0
    while at + 4 <= len(stream):
        found, size = struct.unpack_from("<HH", stream, at)
        if found == kind:
            yield stream[at + 4 : at + 4 + size]
            return
        at += 4 + size


def _of_xls(record: bytes) -> bool:
    method, major, minor = struct.unpack_from("<3H", record)
    if method == 0:
        return bool(minor == _obfuscated())
    if (major, minor) == (1, 1):
        salt, verifier = record[6:22], record[22:54]
        short = _md5(_password())[:5]
        short = _md5((short + salt) * 16)[:5]
        said = _rc4(_md5(short + bytes(4)), verifier)
        return _md5(said[:16]) == said[16:]
    (size,) = struct.unpack_from("<I", record, 10)
    (bits,) = struct.unpack_from("<I", record, 14 + 16)
    verifier = record[14 + size :]
    salt = verifier[4:20]
    key = _sha1(_sha1(salt + _password()) + bytes(4))[: (bits or 40) // 8]
    said = _rc4(key.ljust(16, b"\0") if len(key) == 5 else key, verifier[20:36] + verifier[40:60])
    return _sha1(said[:16]) == said[16:]


def _md5(data: bytes) -> bytes:
    return hashlib.md5(data, usedforsecurity=False).digest()


def _sha1(data: bytes) -> bytes:
    return hashlib.sha1(data, usedforsecurity=False).digest()


def _password() -> bytes:
    return EXCELS_OWN.encode("utf-16-le")


def _obfuscated() -> int:
    """The verifier of XOR obfuscation, method 1."""
    verifier = 0
    for sign in reversed(bytes([len(EXCELS_OWN)]) + EXCELS_OWN.encode()):
        verifier = ((verifier >> 14 & 1) | (verifier << 1 & 0x7FFF)) ^ sign
    return verifier ^ 0xCE4B


def _rc4(key: bytes, data: bytes) -> bytes:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for sign in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(sign ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


# .xlsx

_INPUT, _VALUE = bytes.fromhex("fea7d2763b4b9e79"), bytes.fromhex("d7aa0f6d3061344e")


def _agile(info: bytes) -> bool:
    """[MS-OFFCRYPTO] 2.3.4.11 to 2.3.4.13."""
    found = re.search(rb"<(?:\w+:)?encryptedKey\s[^>]*>", info)
    said = dict(re.findall(r'(\w+)="([^"]*)"', found[0].decode())) if found else {}
    name = said["hashAlgorithm"].lower().replace("-", "")
    salt, spins = base64.b64decode(said["saltValue"]), int(said["spinCount"])
    if said["cipherAlgorithm"] != "AES" or not said["cipherChaining"].endswith("CBC") or spins > _MOST_SPINS:
        return False
    spun = _spun(name, salt, spins)
    texts = []
    for block, field in ((_INPUT, "encryptedVerifierHashInput"), (_VALUE, "encryptedVerifierHashValue")):
        key = hashlib.new(name, spun + block).digest()[: int(said["keyBits"]) // 8]
        data = base64.b64decode(said[field])
        before = (salt[:16] + data)[: len(data)]
        plain = _aes(key, data)
        texts.append(bytes(a ^ b for a, b in zip(plain, before, strict=True)))
    own = hashlib.new(name, texts[0][: int(said["saltSize"])]).digest()
    return texts[1][: len(own)] == own


def _standard(info: bytes) -> bool:
    """[MS-OFFCRYPTO] 2.3.4.7 to 2.3.4.9."""
    (size,) = struct.unpack_from("<I", info, 8)
    (bits,) = struct.unpack_from("<I", info, 12 + 16)
    verifier = info[12 + size :]
    final = _sha1(_spun("sha1", verifier[4:20], 50_000) + bytes(4))
    pads = (bytes([pad]) * 64 for pad in (0x36, 0x5C))
    padded = (bytes(a ^ b for a, b in zip(pad, final.ljust(64, b"\0"), strict=True)) for pad in pads)
    key = b"".join(_sha1(each) for each in padded)[: bits // 8]
    plain = _aes(key, verifier[20:36]), _aes(key, verifier[40:72])
    return _sha1(plain[0]) == plain[1][:20]


def _spun(name: str, salt: bytes, spins: int) -> bytes:
    spun = hashlib.new(name, salt + _password()).digest()
    for number in range(spins):
        spun = hashlib.new(name, struct.pack("<I", number) + spun).digest()
    return spun


# AES, a few blocks of it (FIPS 197, 5.3)


def _double(value: int) -> int:
    return (value << 1) ^ (0x11B if value & 0x80 else 0)


def _times(a: int, b: int) -> int:
    product = 0
    while b:
        product ^= a if b & 1 else 0
        a, b = _double(a), b >> 1
    return product


@functools.cache
def _boxes() -> tuple[bytes, bytes]:
    """The substitution of bytes and its inverse."""
    box = bytearray(256)
    for value in range(256):
        inverse = next((each for each in range(256) if _times(value, each) == 1), 0)
        turned = inverse
        for shift in range(1, 5):
            turned ^= (inverse << shift | inverse >> (8 - shift)) & 0xFF
        box[value] = turned ^ 0x63
    return bytes(box), bytes(box.index(value) for value in range(256))


def _round_keys(key: bytes) -> list[bytes]:
    box, words, factor = _boxes()[0], [key[at : at + 4] for at in range(0, len(key), 4)], 1
    length = len(words)
    if length not in (4, 6, 8):
        raise ValueError(len(key))
    for number in range(length, 4 * (length + 7)):
        word = words[-1]
        if number % length == 0:
            word = bytes(box[each] for each in word[1:] + word[:1])
            word = bytes([word[0] ^ factor]) + word[1:]
            factor = _double(factor)
        elif length == 8 and number % 8 == 4:
            word = bytes(box[each] for each in word)
        words.append(bytes(a ^ b for a, b in zip(words[number - length], word, strict=True)))
    return [b"".join(words[at : at + 4]) for at in range(0, len(words), 4)]


def _aes(key: bytes, data: bytes) -> bytes:
    """The blocks of `data` decrypted, each by itself."""
    keys, inverse = _round_keys(key), _boxes()[1]
    out = b""
    for at in range(0, len(data), 16):
        block = bytes(a ^ b for a, b in zip(data[at : at + 16], keys[-1], strict=True))
        for number in range(len(keys) - 2, -1, -1):
            moved = bytes(inverse[block[(place - 4 * (place % 4)) % 16]] for place in range(16))
            block = bytes(a ^ b for a, b in zip(moved, keys[number], strict=True))
            if number:
                block = b"".join(_unmixed(block[column : column + 4]) for column in range(0, 16, 4))
        out += block
    return out


def _unmixed(column: bytes) -> bytes:
    factors = (14, 11, 13, 9)
    return bytes(
        functools.reduce(int.__xor__, (_times(column[i], factors[(i - row) % 4]) for i in range(4)))
        for row in range(4)
    )
