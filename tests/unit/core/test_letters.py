from __future__ import annotations

import pytest

from reportctl.core.letters import cleaned, decoded, folded, narrow, without_soft_hyphens


@pytest.mark.parametrize(
    ("text", "clean", "found"),
    [
        ("  a b\u00a0", "a b", ()),
        ("a\x00b\x1fc", "abc", ("U+0000", "U+001F")),
        ("\ufeffa\u200bb\u200bc", "abc", ("U+FEFF", "U+200B")),
        ("\u202a\u2066a\u2069\u202c", "a", ("U+202A", "U+2066", "U+2069", "U+202C")),
        ("a\r\nb\n", "a\r\nb", ()),
        ("a\rb\x0bc\u2028d\r", "a\nb\nc\nd", ("U+000D", "U+000B", "U+2028")),
        ("a_x000D_\nb_x000d_", "a\nb", ("_x000D_", "_x000d_")),
        ("a_x0000_b_x001F_", "ab", ("_x0000_", "_x001F_")),
        ("a_x0041_", "a_x0041_", ()),
        ("a\tb\nc", "a\tb\nc", ()),
        ("ng\u00adi", "ng\u00adi", ()),
        ("👩\u200d🏫", "👩\u200d🏫", ()),
        ("\ud800a\uffff", "a", ("U+D800", "U+FFFF")),
    ],
)
def test_what_cannot_be_seen_goes_and_is_named(text: str, clean: str, found: tuple[str, ...]) -> None:
    assert cleaned(text) == (clean, found)


def test_soft_hyphens() -> None:
    assert without_soft_hyphens("cán\u00adbộ") == ("cánbộ", ("U+00AD",))
    assert without_soft_hyphens("cán bộ") == ("cán bộ", ())


def test_words_are_compared_without_what_makes_no_difference() -> None:
    assert folded(" Ðã\u00a0 LÀM\u200c") == "đã làm"
    assert folded("Đa\u0303 la\u0300m") == "đã làm"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("１２．５％", "12.5%"),
        ("（１２）", "(12)"),
        ("٣٤", "34"),
        ("𝟏𝟐", "12"),
        ("12²½", "12²½"),
        ("bài", "bài"),
    ],
)
def test_signs_of_another_width(text: str, plain: str) -> None:
    assert narrow(text) == plain


def test_windows_1258_is_composed() -> None:
    # Windows-1258 writes a letter and, after it, its tone mark (0xD2: hook above, 0xF2: dot below).
    assert decoded(b"Thu\xd2y, Huy\xea\xf2n") == "Thủy, Huyện"


def test_letters_of_unicode_stay_as_they_were_written() -> None:
    """Names of files in decisions.csv: a file's name in decomposed letters is another name."""
    assert decoded("e\u0323, ề".encode()) == "e\u0323, ề"


def test_a_mark_at_the_head_counts_even_of_a_file_cut_short() -> None:
    assert decoded("\ufeffmã;ề".encode()[:-1]) == "mã;\ufffd"
