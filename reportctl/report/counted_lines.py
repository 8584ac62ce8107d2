"""Lines of words with figures: what is equal but for its figures stands once, with their range or sum.

A figure is what counts something (`12 lớp`, `37%`). Dates, numbers of documents, names with a number and
figures that can be read in two ways are words: lines in which they differ are different lines.
"""

from __future__ import annotations

import functools
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
_CLAUSE = re.compile(r"[,;:.!?()](?!\d)")
_SENTENCE = re.compile(r"[;.!?](?!\d)")

# A number after one of these says which one, or when.
_NAMED_BY = frozenset(
    {"ngày", "tháng", "năm", "quý", "tuần", "số", "thứ", "điều", "khoản", "điểm", "khóa", "khoá", "kỳ",
     "lộ", "phường", "quận", "tổ", "khu", "thôn", "xóm", "ấp", "đội", "đợt", "đoạn", "lần", "lúc",
     "hồi", "lớp", "cấp", "hạng", "loại", "mục", "phần", "bước", "nhóm", "thị", "quyết", "định", "luận",
     "hoạch", "văn", "trình", "dẫn", "từ", "đến", "tới", "giải", "độ", "bậc", "khối", "cụm", "trạm",
     "tuyến", "kênh", "trang", "bảng", "biểu", "mẫu", "chương", "tập", "phòng", "chặng", "top", "tốp",
     "ngõ", "hẻm", "lô", "no", "number", "day", "week", "month", "year", "quarter", "article", "item",
     "phase", "stage", "grade", "class", "group", "part", "step", "level", "from", "to", "until",
     "directive", "resolution", "decision", "plan", "decree", "circular", "prize", "round", "cell",
     "chapter", "page", "table", "rank", "january", "february", "march", "april", "may", "june", "july",
     "august", "september", "october", "november", "december"}
)  # fmt: skip
# So it does after these, whose last word alone would not tell.
_NAMED_BY_WORDS = re.compile(
    r"\b(?:(?:chi|đảng|liên) (?:bộ|hội|đoàn)|(?:đề|dự|phương|giáo) án|(?:phiên|kịch) bản|thông (?:báo|tư)"
    r"|báo cáo|công điện|phụ lục|tiêu chí|chỉ tiêu|nhiệm vụ|nội dung|(?<!trong )vòng)[\s.:]*$",
    re.IGNORECASE,
)
# Units' figures are added up behind what a unit does, has or asks for itself, or where a clause begins.
_ITS_OWN = re.compile(
    r"""(?:^|\b(?:
        mở|tổ\ chức|ban\ hành|phát\ hành|thực\ hiện|tiến\ hành|triển\ khai|xây\ dựng|biên\ (?:soạn|tập)
      | (?:đăng|phát|cấp|gỡ|gửi|in|viết|thu|chi|lắp|thay|sửa|mua|cử|trao|tặng|treo|nhận|đạt|có|gồm)
      | đăng\ tải|phát\ sóng|cấp\ phát|gỡ\ bỏ|thu\ hút|sửa\ chữa|lắp\ đặt|mua\ sắm|trang\ bị|tiếp\ nhận
      | sản\ xuất|huy\ động|hỗ\ trợ|tập\ huấn|bồi\ dưỡng|đào\ tạo|giải\ quyết|trả\ lời|xử\ lý|kiện\ toàn
      | thành\ lập|kết\ nạp|tuyên\ truyền|phổ\ biến|kiểm\ tra|giám\ sát|khảo\ sát|hoàn\ thành|duy\ trì
      | vận\ hành|với|cho|và|thêm|mới|được|ước
      | held|opened|organi[sz]ed|published|posted|issued|made|sent|printed|trained|repaired|received|spent
      | have|has|had|with|for|and|of
      | tổng|tổng\ số|tổng\ cộng|in\ total
    ))[\s:]*$""",
    re.IGNORECASE | re.VERBOSE,
)
# They are not where the sentence is of each, of one, of the whole province, or of what several did together.
_OF_OTHERS = re.compile(
    r"""\b(?:
        mỗi|từng|một(?!\ số)|chỉ(?!\ (?:đạo|thị|tiêu|huy|dẫn|số))|cả|hằng|hàng\ (?:ngày|tuần|tháng|quý|năm)
      | (?:bình\ quân|trung\ bình)|chung|cùng|phối\ hợp|liên\ kết|giữa
      | toàn\ (?:tỉnh|huyện|thành|thị|quốc|ngành|thể|vùng|khu|hệ|bộ)
      | each|every|per|one|only|average|jointly?|together|whole|entire|between
    )\b | ^(?:hiện\ |hiện\ nay\ )?(?:tỉnh|huyện|the\ province)\b""",
    re.IGNORECASE | re.VERBOSE,
)
# Nor where the clause is of a change, of what is left, or of what is another's.
_OF_A_CHANGE = re.compile(
    r"""\b(?:
        so\ với|tăng(?!\ cường)|giảm(?!\ nghèo)|còn|tham\ (?:gia|dự)|dự(?!\ (?:án|kiến|toán|thi|báo|thảo))
      | (?:trong|địa\ bàn|của|ở|tại)\ (?:tỉnh|huyện)
      | rose|fell|increased?|decreased?|compared|than|attended
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
# Nor close behind a bound.
_BOUNDS = frozenset(
    {"trên", "dưới", "hơn", "gần", "khoảng", "vòng", "quá", "nhất", "thiểu", "đa", "over", "under",
     "above", "below", "more", "less", "nearly", "about", "around", "least", "most", "within"}
)  # fmt: skip
# Nor before these: a rate, a bound, a comparison, what somebody else did.
_NOT_BEFORE = re.compile(
    r"^\s*/|\b(?:mỗi|từng|một (?:tháng|tuần|quý|năm|ngày|lớp|buổi)|hằng|hàng (?:tháng|tuần|quý|năm|ngày)"
    r"|so với|trở (?:lên|xuống)|(?:do|của) (?:tỉnh|huyện|trung ương|cấp trên)|per|each|every|compared"
    r"|an? (?:day|week|month|quarter|year)"
    r"|or (?:more|less)|than)\b",
    re.IGNORECASE,
)
_RATE = re.compile(r"\b(?:mỗi|từng|each|every)\b", re.IGNORECASE)
_BEFORE_BOUNDS = frozenset(
    {"trên", "dưới", "hơn", "gần", "khoảng", "vòng", "quá", "giữa", "từ", "ở", "tại", "với", "tăng", "giảm"}
)
_TOTALLED = re.compile(r"(?:tổng|tổng số|tổng cộng|total of|in total)\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Counted:
    """A line taken apart at its figures: `pieces` are the words around them, one more than `figures`.

    `typed` is how each figure stood there, with the sign of a percentage.
    """

    pieces: tuple[str, ...]
    figures: tuple[Decimal, ...] = ()
    typed: tuple[str, ...] = ()

    @functools.cached_property
    def key(self) -> tuple[str, ...]:
        """The same of lines that are equal but for figures, case, spaces and punctuation."""
        signs = ("%" if "%" in typed else "" for typed in (*self.typed, ""))
        return tuple(f"{words_of(piece)}{sign}" for piece, sign in zip(self.pieces, signs, strict=True))

    @property
    def words(self) -> str:
        """The line without its figures."""
        return " ".join(self.pieces)


@dataclass(frozen=True, slots=True)
class Told:
    """Lines as they stand once: the text, and the sums and ranges in it, in their order."""

    text: str
    made: tuple[str, ...] = ()


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


def together(said: Counted, rows: Sequence[Counted], summed: Collection[str]) -> Told:
    """The words of `said` with the figures of all `rows`, which have as many.

    What is the same in all stands as it was typed, else the lowest to the highest. Sums stand instead, of
    figures that are the same too, where all figures count one of the units of measure `summed`, or say a
    rate that is the same in all, and words around them do not speak against that: a sentence says either
    what all did together or what each did.
    """
    differing = [len({row.figures[n] for row in rows}) > 1 for n in range(len(said.figures))]
    adding = [_adds_up(said, n, summed) for n in range(len(said.figures))]
    sums = len(rows) > 1 and all(
        adds or (_is_rate(said, n) and not differs)
        for n, (adds, differs) in enumerate(zip(adding, differing, strict=True))
    )
    text = said.pieces[0]
    made: list[str] = []
    for n, typed in enumerate(said.typed):
        values = [row.figures[n] for row in rows]
        percent = "%" if "%" in typed else ""
        words = typed
        if adding[n] and sums:
            words = wording.in_total(sum(values), said=bool(_TOTALLED.search(text)))
        elif differing[n]:
            before = words_of(text).rpartition(" ")[2]
            words = wording.between(min(values), max(values), percent, bounded=before in _BEFORE_BOUNDS)
        if words != typed:
            made.append(words if text else wording.capitalised(words))
        text += words + said.pieces[n + 1]
    return Told(wording.capitalised(text), tuple(made))


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
    if _NAMED_BY_WORDS.search(before):
        return True
    within_sentence = found[1] is not None and (found[1].isalnum() or found[1] in ',;)”"')
    return found[2].casefold() in _NAMED_BY or (within_sentence and found[2][0].isupper())


def _adds_up(said: Counted, n: int, summed: Collection[str]) -> bool:
    """Whether the figure `n` counts what is added up over units."""
    before, after = _around(said, n)
    plain = f"{words_of(said.pieces[n + 1])} "
    measure = max((one for one in summed if plain.startswith(f"{one} ")), key=len, default="")
    if not measure or "%" in said.typed[n] or not said.pieces[n + 1][:1].isspace():
        return False
    clause = _CLAUSE.split(before)[-1]
    return (
        _ITS_OWN.search(clause.strip()) is not None
        and _BOUNDS.isdisjoint(words_of(clause).split()[-4:])
        and not _OF_OTHERS.search(before)
        and not _OF_A_CHANGE.search(clause)
        and not _NOT_BEFORE.search(after[len(measure) :])
    )


def _is_rate(said: Counted, n: int) -> bool:
    """Whether the figure `n` is a percentage or of each: the same in all, it is that of all together."""
    before, _after = _around(said, n)
    return "%" in said.typed[n] or _RATE.search(_CLAUSE.split(before)[-1]) is not None


def _around(said: Counted, n: int) -> tuple[str, str]:
    """What stands before the figure `n` in its sentence, and after it in its clause."""
    typed = said.typed
    before = "".join(
        piece + figure for piece, figure in zip(said.pieces[: n + 1], (*typed[:n], ""), strict=True)
    )
    rest = zip(said.pieces[n + 1 :], (*typed[n + 1 :], ""), strict=True)
    after = "".join(piece + figure for piece, figure in rest)
    return _SENTENCE.split(before)[-1].strip(), _CLAUSE.split(after)[0].strip()
