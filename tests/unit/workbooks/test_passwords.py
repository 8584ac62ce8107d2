"""Workbooks encrypted with Excel's own password, told from those with a password of somebody's.

The two workbooks and the records were encrypted by msoffcrypto-tool 6.1.0 and its own checks accept them.
"""

from __future__ import annotations

import pytest

from reportctl.workbooks import passwords
from reportctl.workbooks.safety import inspect
from tests.making.machine import FIXTURES

RC4 = (
    "010001000100000102030405060708090a0b0c0d0e0f01fd4e05dc6e0e72fcc4b72175686883ded643a3b989170bc6e1"
    "63b5debaf714"
)
RC4_40 = (
    "010002000200040000002400000004000000000000000168000004800000280000000100000000000000000000004100"
    "000010000000000102030405060708090a0b0c0d0e0fc872728f14b55d849b7dde3f7cfd96a714000000d5e6c96d597b"
    "070d79bf31b1599eddf2ece8d44b"
)
RC4_128 = (
    "010002000200040000002400000004000000000000000168000004800000800000000100000000000000000000004100"
    "000010000000000102030405060708090a0b0c0d0e0fa024a295d910dcd16b2b69c9dfef19191400000074a70eb0e727"
    "8136e857318b9e9a13d19115d50b"
)
STANDARD = (
    "03000200240000002400000024000000000000000e660000048000008000000018000000000000000000000041000000"
    "10000000000102030405060708090a0b0c0d0e0fc9c388ad490e94704544db5bb838b6ee14000000be5b1399420b30a6"
    "bd10f8474fc01c60b4ea54ab54faf94e4e62a270c21bb933"
)


@pytest.mark.parametrize(
    ("name", "code"),
    [("msoffcrypto-excels-password.xlsx", "excel_password"), ("msoffcrypto-own-password.xlsx", "encrypted")],
)
def test_an_xlsx(name: str, code: str) -> None:
    inspected = inspect((FIXTURES / name).read_bytes(), "a.xlsx")
    assert [one.code for one in inspected.findings] == [code]
    assert not inspected.readable


@pytest.mark.parametrize("cut", [600, 2000, 5000])
def test_a_damaged_one_is_only_encrypted(cut: int) -> None:
    data = (FIXTURES / "msoffcrypto-excels-password.xlsx").read_bytes()
    assert not passwords.is_excels_own(data[:cut])
    assert not passwords.is_excels_own(data.replace(b"encryptedKey ", b"encryptedKie "))
    assert not passwords.is_excels_own(data.replace(b'spinCount="', b'spinCount="9999'))


@pytest.mark.parametrize("record", [RC4, RC4_40, RC4_128], ids=["RC4", "CryptoAPI 40", "CryptoAPI 128"])
def test_the_records_of_an_xls(record: str) -> None:
    data = bytes.fromhex(record)
    assert passwords._of_xls(data)
    assert not passwords._of_xls(data[:-1] + bytes([data[-1] ^ 1]))


def test_the_description_of_an_xlsx_of_excel_2007() -> None:
    data = bytes.fromhex(STANDARD)
    assert passwords._standard(data)
    assert not passwords._standard(data[:-40] + bytes([data[-40] ^ 1]) + data[-39:])


def test_an_obfuscated_xls() -> None:
    # The key and the verifier of this password that LibreOffice and Apache POI look for: B359, 9A0A.
    assert passwords._of_xls(bytes.fromhex("000059b30a9a"))
    assert not passwords._of_xls(bytes.fromhex("000059b30b9a"))


def test_aes_by_the_examples_of_its_standard() -> None:
    # FIPS 197, appendix C.
    for size, block in (
        (16, "69c4e0d86a7b0430d8cdb78070b4c55a"),
        (24, "dda97ca4864cdfe06eaf70a0ec0d7191"),
        (32, "8ea2b7ca516745bfeafc49904b496089"),
    ):
        plain = passwords._aes(bytes(range(size)), bytes.fromhex(block))
        assert plain.hex() == "00112233445566778899aabbccddeeff"
