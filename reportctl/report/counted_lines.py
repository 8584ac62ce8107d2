"""Lines of words with figures: what is equal but for its figures stands once, with their range or sum.

A figure is what counts something (`12 lớp`, `37%`). Dates, numbers of documents, names with a number and
figures that can be read in two ways are words: lines in which they differ are different lines.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reportctl.core import wording
from reportctl.core.language import current_language

_FIGURE = re.compile(r"(?<![\w.,/:+–-])(\d+(?:[.,]\d+)*)(\s?%)?(?![\w/:–-]|[.,]\d)")
_DASH_AFTER = re.compile(r"\s*[-–]\s*\d|\s+(?:đến|tới|to|until)\s+\d")
_DASH_BEFORE = re.compile(r"\d\s*[-–]\s*$")
_LAST_WORD = re.compile(r"(?:^|(.)\s*)\b(\w+)[\s.:]*$", re.DOTALL)
_READ = {
    "vi": re.compile(r"(?P<whole>[1-9]\d{0,2}(?:\.\d{3})+|0?\d|[1-9]\d+)(?:,(?P<part>\d{1,2}))?"),
    "en": re.compile(r"(?P<whole>[1-9]\d{0,2}(?:,\d{3})+|0?\d|[1-9]\d+)(?:\.(?P<part>\d{1,2}))?"),
}
_YEAR = re.compile(r"(?:19|20)\d\d")
_LOOKED_AT = 60  # characters before a figure: what says what it is stands close by
_CLAUSE = re.compile(r"[,;:.!?()]")

# A number after one of these says which one, or when.
_NAMED_BY = frozenset(
    {"ngày", "tháng", "năm", "quý", "tuần", "số", "thứ", "điều", "khoản", "điểm", "khóa", "khoá", "kỳ",
     "lộ", "phường", "quận", "tổ", "khu", "thôn", "xóm", "ấp", "đội", "đợt", "đoạn", "lần", "lúc",
     "hồi", "lớp", "cấp", "hạng", "loại", "mục", "phần", "bước", "nhóm", "thị", "quyết", "định", "luận",
     "hoạch", "văn", "trình", "dẫn", "từ", "đến", "tới", "no", "number", "day", "week", "month", "year",
     "quarter", "article", "item", "phase", "stage", "grade", "class", "group", "part", "step", "level",
     "from", "to", "until", "directive", "resolution", "decision", "plan", "decree", "circular",
     "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
     "november", "december"}
)  # fmt: skip
# Figures of several units under one of these are not to be added up: bounds, averages, rates.
_UNSUMMED = frozenset(
    {"trên", "dưới", "hơn", "gần", "khoảng", "vòng", "quá", "nhất", "thiểu", "đa", "quân", "bình",
     "mỗi", "từng", "còn", "giữa", "cùng", "chung", "over", "under", "above", "below", "more", "less",
     "than", "nearly", "about", "around", "least", "most", "average", "each", "every", "between",
     "within", "only", "joint", "jointly"}
)  # fmt: skip
_A_TIME = re.compile(r"\s*(?:/|(?:mỗi|một|per|a|an|each|every)\b)", re.IGNORECASE)
_BEFORE_BOUNDS = frozenset(
    {"trên", "dưới", "hơn", "gần", "khoảng", "vòng", "quá", "giữa", "từ", "ở", "tại", "với"}
)  # fmt: skip
_TOTALLED = re.compile(r"(?:tổng|tổng số|tổng cộng|total of|in total)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Counted:
    """A line taken apart at its figures: `pieces` are the words around them, one more than `figures`.

    `typed` is how each figure stood there, with the sign of a percentage.
    """

    pieces: tuple[str, ...]
    figures: tuple[Decimal, ...] = ()
    typed: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, ...]:
        """The same of lines that are equal but for figures, case, spaces and punctuation."""
        signs = ("%" if "%" in typed else "" for typed in (*self.typed, ""))
        return tuple(f"{words_of(piece)}{sign}" for piece, sign in zip(self.pieces, signs, strict=True))

    @property
    def words(self) -> str:
        """The line without its figures."""
        return " ".join(self.pieces)


def words_of(text: str) -> str:
    """The words of a text with single spaces between them, composed (NFC), whatever case and punctuation."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFC", text).casefold()))


def counted(line: str) -> Counted:
    """`line` taken apart at its figures."""
    line = unicodedata.normalize("NFC", line)
    pieces, figures, typed = [], [], []
    start = 0
    for found in _FIGURE.finditer(line):
        value = _value(found[1])
        if value is None or _is_name(line[: found.start()], line[found.end() :]):
            continue
        pieces.append(line[start : found.start()])
        figures.append(value)
        typed.append(found[0])
        start = found.end()
    return Counted((*pieces, line[start:]), tuple(figures), tuple(typed))


def together(said: Counted, rows: Sequence[Counted], summed: Collection[str]) -> str:
    """The words of `said` with the figures of all `rows`, which have as many.

    What is the same in all stands as it was typed, else the lowest to the highest. Sums stand instead where
    all that differs counts one of the units of measure `summed`, and words around it do not speak against
    that: a sentence says either what all did together or what each did.
    """
    adding = [_adds_up(said, n, summed) for n in range(len(said.figures))]
    differing = [len({row.figures[n] for row in rows}) > 1 for n in range(len(said.figures))]
    sums = any(differing) and all(adds for adds, differs in zip(adding, differing, strict=True) if differs)
    text = said.pieces[0]
    for n, typed in enumerate(said.typed):
        values = [row.figures[n] for row in rows]
        percent = "%" if "%" in typed else ""
        if adding[n] and sums:
            total = sum(values)
            text += wording.in_total(total, said=bool(_TOTALLED.search(text)))
        elif differing[n]:
            before = words_of(text).rpartition(" ")[2]
            text += wording.between(min(values), max(values), percent, bounded=before in _BEFORE_BOUNDS)
        else:
            text += typed
        text += said.pieces[n + 1]
    return wording.capitalised(text)


def _value(typed: str) -> Decimal | None:
    """What a number comes to; None where it can be read in two ways, or is a year."""
    read = _READ[current_language()].fullmatch(typed)
    if read is None or _YEAR.fullmatch(typed):
        return None
    whole = re.sub(r"[.,]", "", read["whole"])
    return Decimal(f"{whole}.{read['part'] or 0}")


def _is_name(before: str, after: str) -> bool:
    """Whether a number between `before` and `after` says which one and not how many, or is half a range."""
    before = before[-_LOOKED_AT:]
    if _DASH_AFTER.match(after) or _DASH_BEFORE.search(before):
        return True
    found = _LAST_WORD.search(before)
    if not found or _TOTALLED.search(before):
        return False
    within_sentence = found[1] is not None and (found[1].isalnum() or found[1] in ',;)”"')
    return found[2].casefold() in _NAMED_BY or (within_sentence and found[2][0].isupper())


def _adds_up(said: Counted, n: int, summed: Collection[str]) -> bool:
    """Whether the figure `n` counts what is added up over units."""
    after, clause = said.pieces[n + 1], _CLAUSE.split(said.pieces[n])[-1]
    plain = f"{words_of(after)} "
    measure = max((one for one in summed if plain.startswith(f"{one} ")), key=len, default="")
    if not measure or "%" in said.typed[n] or not after[:1].isspace():
        return False
    rest = after.lstrip()[len(measure) :]
    return _UNSUMMED.isdisjoint(words_of(clause).split()[-4:]) and not _A_TIME.match(rest)
