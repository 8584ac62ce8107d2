"""Vietnamese syllables: whether a word can be one, by its initial, its rime and its tone."""

from __future__ import annotations

import re
import unicodedata
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
