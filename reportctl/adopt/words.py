"""The words of blank forms: what headings, labels and cells say by them, in Vietnamese and English.

All patterns are for `bare` text: small letters without accents, one space between words.
"""

from __future__ import annotations

import functools
import re

from reportctl.core.letters import bare as bare

# What columns are for, by the last words of their heading.
NUMBER = re.compile(
    r"(?:so )?(?:stt|tt|so thu tu|thu tu)(?: .{0,4})?|no\.?|#|s/?no\.?|s\.n\.?|item no\.?|line( no\.?)?"
)
CODE = re.compile(
    r"(?:ma|ki hieu|ky hieu)(?: (?:so|chi tieu|nganh(?: kinh te)?|hang|dong|tieu muc|muc|cot|bieu"
    r"|so chi tieu))*(?: ?\(.*\))?"
    r"|ms|ma .{1,24}|.{0,20}\bcode|code|ref\.?(?:erence)?|id|field id|line code"
)
UNIT = re.compile(
    r"(?:don vi tinh|don vi do(?: luong)?|d\.? ?v\.? ?t\.?|unit(?: of measure(?:ment)?)?|uom"
    r"|units)(?: ?\(.*\))?"
)
UNIT_OR_OFFICE = re.compile(r"don vi")
NOTE = re.compile(
    r"ghi chu.{0,40}|chu thich|giai thich.{0,30}|thuyet minh|explanation"
    r"|(?:notes?|remarks?|comments?)(?: (?:on|about|regarding) .{1,30})?"
    r"|ly do.{0,30}"
)
LABEL = re.compile(
    r".*\b(?:chi tieu|noi dung|danh muc|ten|hang muc|tieu chi|khoan muc|dien giai|phan loai|chi so|loai"
    r"|linh vuc"
    r"|nhom|doi tuong|item|items|description|indicators?|particulars|category|categories|name|measure"
    r"|details?|activity)\b.*"
)
TIME_OR_AGE = re.compile(
    r"(?:nam|thang|quy|tuan|ngay|do tuoi|nhom tuoi|tuoi|khoi|lop|muc|nam hoc|ky|year|month|quarter|week"
    r"|date|age(?: group)?|grade|class|band|range|period|fiscal year|q)(?: .{0,20})?"
)
PREVIOUS = re.compile(
    r".*\b(?:ky|thang|quy|tuan) truoc\b.*|.*\bprevious (?:period|month|quarter)\b.*|.*\bprior (?:period"
    r"|quarter)\b.*"
)
YEAR_AGO = re.compile(r".*\b(?:cung ky|nam truoc|nam ngoai)\b.*|.*\b(?:previous|prior|last) year\b.*")
TO_DATE = re.compile(
    r".*\b(?:luy ke|luy tien|cong don|tu dau nam)\b.*|.*\b(?:cumulative|year[ -]to[ -]date|ytd)\b.*"
)
PLAN = re.compile(
    r".*\b(?:ke hoach|kh nam|chi tieu giao|du toan (?:duoc )?giao|muc tieu)\b.*|.*\b(?:plan|planned"
    r"|target|budget)\b.*"
)
COMPARED = re.compile(
    r".*\b(?:so sanh|so voi|tang|giam|ty le|ti le|ty trong|dat)\b.*|.*%.*|.*\b(?:change|variance"
    r"|percent(?:age)?|rate)\b.*"
)

RATE = re.compile(
    r".*(?:%|\bty le\b|\bti le\b|\bty trong\b|\bty suat\b|\bbinh quan\b|\blai suat\b|\bpercent|\brate\b"
    r"|\bratio\b|\baverage\b|\bmuc do\b).*"
)

# Rows
LEAD_IN = re.compile(
    r"[-+*• ]*(?:trong do|chia ra|chia theo.*|phan theo.*|phan loai theo.*|phan ra.*|bao gom|gom|cu the"
    r"|tuong ung"
    r"|of which|including|in which|by .{1,30}|thereof)(?: co)?[\s:.;…]*"
)
TOTAL = re.compile(
    r"[-+*• ]*(?:(?:tong(?! (?:hop|ket|quan|luan|thuat)\b)|tong so|tong cong|toan tinh|toan nganh|total"
    r"|grand total|sub-?total)\b.*"
    r"|cong(?:\s*[:.(=\[].*|\s+(?:chung|cac|muc|phat sinh|nhom|doanh thu|chi phi|hang|theo|[ivx]+\b|\d).*)?)"
)
BARE_TOTAL = re.compile(
    r"[-+*• ]*(?:tong|tong so|tong cong|cong|cong chung|tong chung|total|grand total|sub-?total)[\s:.()]*"
)
EXAMPLE = re.compile(r"(?:vi du|vd|mau|example|e\.g\.)\b.*")

# What stands in a cell that is to be filled in, and in one that is not.
PLACEHOLDER = re.compile(
    r"[.…·_‥\s]{2,}|…|\?+|\{[^{}]*\}|<[^<>]*>|\[[\s_.…x]*\]|\[\s*\]|□|☐|0|0?[,.]0+|\.\.\.[/ .]*"
    r"|(?:[.…]+\s*/\s*)+[.…]+|_+|\$?\{\{?[^{}]*\}?\}|<<[^<>]*>>|\[\[[^\[\]]*\]\]|[#%]\w+[#%]"
)
PROMPT = re.compile(  # of text as it stands
    r"[\[(<]\s*(?:chọn|nhập|điền|ghi rõ|ghi|select|enter|choose|insert|click|type"
    r"|specify)\b[^\])>]{0,60}[\])>]"
    r"|(?:chọn|nhập|điền|select|enter|choose|insert|click|type)\b.{0,40}(?:\.{2,}|…)|[.…_]{2,}\s*[^\W\d_][^.…_]{0,14}|[.…_]{2,}\s*%|dd\W?mm\W?yy(?:yy)?|mm\W?dd\W?yy(?:yy)?|[□☐❏❑◻⬜].*",
    re.IGNORECASE | re.DOTALL,
)
NOT_APPLICABLE = re.compile(
    r"khong|khong co|x|xx|xxx|#|##|#+|n/?a|kad|//+|/|\*+|×|✕|kxd|khong ap dung|not applicable|nil|[-–—]+"
    r"|[█▓▒░]+"
)
DOTS = re.compile(r"[.…·‥_]{3,}|…|(?:\. ){3,}")

# Below a table
SIGNATURE = re.compile(
    r"[-*•( ]*(?:(?:tm|kt|tl|q|t/m|k/t)\.? ?)?(?:nguoi (?:lap|ky|kiem|duyet|bao cao|tong hop|phu trach)"
    r"|lap bieu|lap bang|ky ten|ky,|\(ky\b|thu truong|giam doc"
    r"|pho giam doc|chu tich|pho chu tich|bi thu|hieu truong|truong phong|ke toan(?: truong)?|kiem soat"
    r"|xac nhan cua|dong dau|noi nhan|prepared by|approved by|signature|signed|certified by"
    r"|reviewed by)\b[^0-9]{0,60}"
    r"|(?:.{0,40}, ?)?ngay[\s.…_/0-9]{0,14}thang[\s.…_/0-9]{0,14}nam[\s.…_/0-9]*"
)
NOTES_BELOW = re.compile(
    r"[*(\[\- ]*(?:ghi chu|luu y|chu thich|chu y|huong dan|note|notes|instruction|instructions"
    r"|giai thich|help)\b.*"
)

# Units of measure
UNIT_LINE = re.compile(r".*?(?:don vi tinh|dvt|don vi|unit(?: of measure)?)\s*[:(]\s*(?P<unit>.+?)\)?\s*")

# Who and when, by what stands before a colon or dots
IDENTITY = (
    # Who receives it, what the file is called: known, and nothing of the unit's.
    (
        "other",
        r"(?:don vi|noi|co quan) nhan(?: .{0,20})?|kinh gui|ten (?:file|tep)|recipient|submit(?:ted)? to|to"
        r"|(?:federal|awarding|funding|donor) agency.{0,40}",
    ),
    (
        "unit_code",
        r"ma (?:so )?(?:don vi|co quan|to chuc|truong|co so|cskcb|dvbc|qhns|dvqhns|don vi (?:gui"
        r"|phat sinh).*|chi nhanh).*"
        r"|(?:agency|entity|unit|organi[sz]ation|facility|school|institution|department) (?:code|id|number)",
    ),
    (
        "period",
        r"(?:ky|thang|quy|nam|ngay)(?: nam)? (?:bao cao|so lieu|du lieu)|ky|thang|quy|nam|nam hoc"
        r"|thoi ky|thoi gian bao cao|thoi diem bao cao"
        r"|(?:thang|quy|nam|6 thang|ky)[ ./\d]* nam(?: hoc)?|tu ngay.*|reporting (?:period|month|quarter"
        r"|year|date)|period(?: covered| ending)?|for the (?:month|quarter|year|period).*"
        r"|fiscal year|quarter|month|year|as of|school year",
    ),
    (
        "date",
        r"(?:.*, ?)?ngay\W.{0,20}\bthang\W.{0,20}\bnam\b.*|ngay(?: (?:lap|nop|gui|ky|nhan|lap bao cao"
        r"|lap bieu|nhan bao cao))?|date|submission date|date (?:submitted|prepared|of .*)",
    ),
    (
        "person",
        r"nguoi (?:lap|bao cao|ky|kiem|phu trach|lien he|duyet|tong hop|dien|nhap|dai dien"
        r"|chiu trach nhiem|cung cap).*|ten/so dien thoai.*|id nguoi.*|can bo (?:lap|phu trach|tong hop"
        r"|thong ke).*"
        r"|ho (?:va )?ten(?: nguoi.*)?|so dien thoai(?: (?:nguoi|lien he).*)?|dien thoai(?: lien he)?"
        r"|e-?mail|thu dien tu|chuc vu|chuc danh|lap bieu|thu truong.*|giam doc|contact(?: .{0,20})?"
        r"|prepared by|approved by|reviewed by"
        r"|(?:tele)?phone(?: .{0,12})?|name of (?:respondent|reporter|officer|contact).*|title|position"
        r"|job title|signature|respondent|reporter|completed by|submitted by|telephone",
    ),
    (
        "place",
        r"dia chi(?: .{0,20})?|dia ban|tinh|tinh[ ,/]+thanh pho|thanh pho|huyen|quan|xa|xa[ ,/]+phuong.*"
        r"|phuong|address|mailing address|province|district|region|city|state|county",
    ),
    (
        "unit",
        r"don vi(?: (?:bao cao|gui|gui bao cao|lap|chu quan|truc thuoc|tong hop"
        r"|thuc hien))?|ten (?:don vi|co quan|to chuc|truong|co so|doanh nghiep|file"
        r"|chi nhanh)(?: .{0,20})?|co quan(?: (?:bao cao|chu quan|lap))?"
        r"|to chuc bao cao|truong|ubnd.*|so (?:giao duc|y te|noi vu|gd ?& ?dt|gddt).*|noi (?:gui"
        r"|nhan)(?: bao cao)?|bo/nganh|bo, nganh|cap tren|dang bo|chi bo|dang uy|huyen uy|tinh uy|benh vien"
        r"|(?:recipient|grantee|implementing) (?:organi[sz]ation|agency|partner)(?: name)?|grantee"
        r"|reporting (?:entity|agency|unit|organi[sz]ation|office|institution)|(?:agency|entity|unit"
        r"|organi[sz]ation|facility|school|institution|department|office|bank|company|country)(?: name)?"
        r"|name of (?:the )?(?:reporting )?(?:agency|entity|organi[sz]ation|institution|school|office"
        r"|facility|unit|company).*",
    ),
)
_IDENTITY = tuple((what, re.compile(pattern)) for what, pattern in IDENTITY)
_STARTS = re.compile(r"^[-+*•.() 0-9]+")


@functools.lru_cache(maxsize=1 << 12)
def identity_of(text: str) -> str:
    """What a cell beside or after the words `text` says of the return: unit, period, …; empty: nothing
    known."""
    plain = _STARTS.sub("", bare(text)).strip("() ")
    before = re.split(r"[:…]|\.\.|_{2}|(?: \.){2}", plain, maxsplit=1)[0].strip(" .,()-*")
    if before == "nam" and "ă" not in text.casefold():  # men, not a year
        return ""
    for what, pattern in _IDENTITY:
        if pattern.fullmatch(before) or (what == "date" and pattern.fullmatch(plain)):
            return what
    return ""
