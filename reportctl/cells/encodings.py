"""Text in the encodings from before Unicode, TCVN3 and VNI: telling it by its letters, and converting it.

Both put Vietnamese letters on the code points of Western European ones and leave the rest to a font, which
is not at hand in a copied text. So text is converted only where its code points cannot be Vietnamese in
Unicode and its words become Vietnamese syllables; TCVN3's map is that of TCVN 5712:1993 VN3.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

_TONES: Final = frozenset("\u0300\u0301\u0303\u0309\u0323")
_CHECKED: Final = frozenset("\u0301\u0323")  # the tones that a syllable on -c, -ch, -p, -t can have

# Without -ooc and -oong, which only a few borrowed words have.
_RIMES = """
a ac ach ai am an ang anh ao ap at au ay ă ăc ăm ăn ăng ăp ăt â âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên êng ênh êp êt êu
i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet
oi om on ong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
u ua uc ui um un ung up ut uân uâng uât uây uê uêch uên uênh uêt uôc uôi uôm uôn uông uôt uơ
uy uya uych uyên uyêt uyn uynh uyp uyt uyu ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu
y yêm yên yêng yêt yêu ych ynh yt yu
"""
_INITIALS = "ngh ng nh ch gh gi kh ph qu th tr b c d đ g h k l m n p r s t v x"
_SYLLABLE = re.compile(rf"(?:{'|'.join(_INITIALS.split())})?(?:{'|'.join(_RIMES.split())})")
# What the spelling rules out: k, gh and ngh stand before e, ê, i and y only, c, g and ng before all others.
_MISSPELT = re.compile(r"(?:k|gh|ngh)(?:[aăâoôơưu]).*|(?:c|ng)[eêiy].*|g[eêy].*")


def is_syllable(word: str) -> bool:
    """Whether `word`, in letters of any size, is spelt like a Vietnamese syllable."""
    letters = unicodedata.normalize("NFD", word.casefold())
    tones = [sign for sign in letters if sign in _TONES]
    base = unicodedata.normalize("NFC", "".join(sign for sign in letters if sign not in _TONES))
    if len(tones) > 1 or not _SYLLABLE.fullmatch(base):
        return False
    if base.endswith(("c", "ch", "p", "t")) and not (tones and tones[0] in _CHECKED):
        return False
    return not _MISSPELT.fullmatch(base)


_LEAST_SIGNS: Final = 2  # different signs that must be there for text to be converted
_LEAST_GOOD: Final = 0.9  # of the words that conversion changes must become syllables


@dataclass(frozen=True, slots=True)
class Converted:
    """A text in an old encoding: its name, the text in Unicode, whether it can be nothing else.

    `signs` counts the different letters in it that Vietnamese in Unicode does not have.
    """

    encoding: str
    text: str
    signs: int
    certain: bool


_TCVN3: Final[Mapping[str, str]] = dict(
    zip(
        "¡¢£¤¥¦§¨©ª«¬\u00ad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)

_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT = "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"
_CIRCUMFLEX, _BREVE = "\u0302", "\u0306"
_PLAIN_MARKS = {"ù": _ACUTE, "ø": _GRAVE, "û": _HOOK, "õ": _TILDE, "ï": _DOT}
_CIRCUMFLEX_MARKS = {"â": "", "á": _ACUTE, "à": _GRAVE, "å": _HOOK, "ã": _TILDE, "ä": _DOT}
_BREVE_MARKS = {"ê": "", "é": _ACUTE, "è": _GRAVE, "ú": _HOOK, "ü": _TILDE, "ë": _DOT}
_SINGLE = {
    "ô": "ơ", "ö": "ư", "ñ": "đ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "í": "í", "ì": "ì",
}  # fmt: skip


def _vni() -> dict[str, str]:
    """VNI's letters: a vowel and its mark, or a letter of its own; small and capital."""
    pairs = dict(_SINGLE)
    for vowel in "aeouyôö":
        pairs |= {vowel + mark: _SINGLE.get(vowel, vowel) + tone for mark, tone in _PLAIN_MARKS.items()}
    for vowel in "aeo":
        pairs |= {vowel + mark: vowel + _CIRCUMFLEX + tone for mark, tone in _CIRCUMFLEX_MARKS.items()}
    pairs |= {"a" + mark: "a" + _BREVE + tone for mark, tone in _BREVE_MARKS.items()}
    small = {pair: unicodedata.normalize("NFC", letter) for pair, letter in pairs.items()}
    mixed = {pair[0].upper() + pair[1:]: letter.upper() for pair, letter in small.items()}
    return small | mixed | {pair.upper(): letter.upper() for pair, letter in small.items()}


_VNI: Final[Mapping[str, str]] = _vni()

_VIETNAMESE = frozenset(
    "àáâãèéêìíòóôõùúý" "ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝ"  # those of its letters that stand below U+0100
)  # fmt: skip
_TCVN3_SIGNS = frozenset(_TCVN3) - _VIETNAMESE
# Pairs of letters that are Vietnamese as they stand: toán, hoà, hoãn. All others are found in VNI only.
_VNI_SIGNS = frozenset(
    pair
    for pair in _VNI
    if not set(pair.casefold()) <= _VIETNAMESE | set("aeouy")
    or (len(pair) == 2 and pair.casefold() not in ("oá", "oà", "oã"))
)

_LETTER = r"A-Za-zÀ-ÖØ-öø-ÿ"
_VNI_LETTER = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))


def _any_sign() -> re.Pattern[str]:
    """A quick search that finds something in every text with a sign; in most texts it finds nothing.

    It looks for the last letters of signs and back from there: they are rarer than the vowels before them.
    """
    before: dict[str, str] = {}
    for sign in sorted(_TCVN3_SIGNS | _VNI_SIGNS):
        before[sign[:-1]] = before.get(sign[:-1], "") + re.escape(sign[-1])
    last = "".join(before.values())
    single = before.pop("")
    pairs = "|".join(f"{first}[{marks}]" for first, marks in before.items())
    return re.compile(f"[{last}](?:(?<=[{single}])|(?<={pairs}))")


_ANY_SIGN = _any_sign()
_MEASURES = frozenset({"µm", "µg", "µl", "µs"})
_LONE_SIGNS = frozenset("µ·©®")  # in use for themselves, bullets among them


def _from_tcvn3(word: str) -> str:
    """`word` out of TCVN3, which has no capitals with a tone: a word in capitals is capitals throughout."""
    letters = "".join(_TCVN3.get(sign, sign) for sign in word)
    plain = [sign for sign in word if sign.isascii()]
    return letters.upper() if len(plain) > 1 and all(sign.isupper() for sign in plain) else letters


@dataclass(frozen=True, slots=True)
class _Encoding:
    """How words of an encoding are found, converted, told by signs, and ruled out by letters it lacks."""

    name: str
    word: re.Pattern[str]
    convert: Callable[[str], str]
    signs: Callable[[str], set[str]]
    lacks: Callable[[str], bool]


_ENCODINGS = (
    _Encoding(
        "TCVN3",
        re.compile(rf"[{_LETTER}{re.escape(''.join(_TCVN3))}]+"),
        _from_tcvn3,
        signs=lambda word: set(word) & _TCVN3_SIGNS,
        lacks=lambda word: any(not sign.isascii() and sign not in _TCVN3 for sign in word),
    ),
    _Encoding(
        "VNI",
        re.compile(rf"[{_LETTER}]+"),
        convert=lambda word: _VNI_LETTER.sub(lambda letter: _VNI[letter[0]], word),
        signs=lambda word: {
            sign[0].casefold() for sign in _VNI_LETTER.finditer(word) if sign[0] in _VNI_SIGNS
        },
        lacks=lambda word: not _VNI_LETTER.sub("", word).isascii(),
    ),
)


def conversions(text: str) -> list[Converted]:
    """What `text` is in each old encoding that it can be in, as far as there is reason to think so.

    A text is certain to be in one where it has no letter above U+00FF, at least two different signs of that
    encoding, nearly all of its accented words become Vietnamese syllables, and no other encoding fits.
    """
    if not _ANY_SIGN.search(text):
        return []
    # Vietnamese letters that no old encoding has
    above = any(ord(sign) > 0xFF and unicodedata.category(sign)[0] in "LM" for sign in text)
    found = []
    for encoding in _ENCODINGS:
        words = _words(text, encoding)
        signed = [word for word in words if encoding.signs(word)]
        telling = [word for word in signed if _fits(word, encoding)]
        signs = set().union(*(encoding.signs(word) for word in telling))
        if not signs or (above and len(set(telling)) < _LEAST_SIGNS):
            continue
        good = sum(_fits(word, encoding) for word in words) / len(words) >= _LEAST_GOOD
        # Several different words with signs become syllables, most of those that have any.
        several = len({word.casefold() for word in telling}) >= _LEAST_SIGNS
        if good or (several and len(telling) * 2 > len(signed)):
            certain = good and not above and len(signs) >= _LEAST_SIGNS
            found.append(Converted(encoding.name, _in_unicode(text, encoding), len(signs), certain))
    sure = [one for one in found if one.certain]
    return sure if len(sure) == 1 else [replace(one, certain=False) for one in found]


def spellings(text: str) -> list[Converted]:
    """What `text`, a few words that are known, is in each old encoding that has all its letters.

    It is certain to be in that encoding where it is not Vietnamese as it stands.
    """
    found = []
    for encoding in () if text.isascii() else _ENCODINGS:
        words = _words(text, encoding)
        if words and all(_fits(word, encoding) for word in words):
            signs = set().union(*(encoding.signs(word) for word in words))
            certain = bool(signs) or not all(is_syllable(word) for word in words)
            found.append(Converted(encoding.name, _in_unicode(text, encoding), len(signs), certain))
    return found


def _words(text: str, encoding: _Encoding) -> list[str]:
    """The words that say something of the encoding; quotation marks and units of measure do not."""
    return [
        word
        for word in encoding.word.findall(text)
        if not word.isascii() and word not in _MEASURES and any(sign.isalpha() for sign in word)
    ]


def _in_unicode(text: str, encoding: _Encoding) -> str:
    """`text` converted; capitals throughout where its plain letters are, as TCVN3 has none with a tone."""
    converted = encoding.word.sub(
        lambda found: found[0] if found[0] in _LONE_SIGNS else encoding.convert(found[0]), text
    )
    letters = [sign for sign in text if sign.isascii() and sign.isalpha()]
    in_capitals = len(letters) > 1 and all(letter.isupper() for letter in letters)
    return converted.upper() if in_capitals else converted


_ABBREVIATION = re.compile(r"[b-df-hj-np-tv-zđ]{2,}", re.IGNORECASE)


def _fits(word: str, encoding: _Encoding) -> bool:
    """Whether `word` becomes a syllable or, like QĐ, an abbreviation."""
    if encoding.lacks(word):
        return False
    converted = encoding.convert(word)
    return is_syllable(converted) or bool(_ABBREVIATION.fullmatch(converted))
