"""The two document styles of a report, as values: what an office writes differs in nothing else.

The Party's after the Party central office's guidance (05-HD/VPTW, in place of 36-HD/VPTW); the State's after
Decree 30/2020/NĐ-CP, Annex I. Where they leave a choice of sizes, all are at the upper end, as the Decree
asks that they go together. Sizes of letters and spaces are in points, margins in millimetres; widths and the
lengths of rules are in twentieths of a point.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Face:
    """How letters look: their size; marks: b(old), i(talic), c(apitals), u(nderlined)."""

    size: int
    marks: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Margins of an A4 page; `header` is from the edge to the page number."""

    top: int
    bottom: int
    left: int
    right: int
    header: int


@dataclass(frozen=True, slots=True)
class RunningText:
    """Space before a paragraph, first line's indent in millimetres, distance of lines: points ("exact") or
    so many single lines ("auto")."""

    before: int
    first_line: float
    line: float
    line_rule: Literal["exact", "auto"]


@dataclass(frozen=True, slots=True)
class Banner:
    """A line at the head's right, and the Word style for it: `code` is its id, `name` what Word shows."""

    code: str
    name: str
    text: str
    face: Face


# What parts one element from the next: a drawn rule of this length, or a typed sign.
Separator = int | str


@dataclass(frozen=True, slots=True)
class ReportStyle:
    """A document style: the values by which its report differs, then those that both have in common."""

    page: Page
    head_left: int  # width of the head's left column, the issuer's
    superior: Face
    issuer: Face
    under_issuer: Separator
    banners: tuple[Banner, ...]
    banner_rule: int
    number: Face
    number_label: str
    number_suffix: str
    above_number: int
    document_type: Face
    subject: Face
    under_subject: Separator
    running_text: RunningText
    part: str  # how the numeral of a part of the report is written
    signing_for: str
    post: Face
    recipients_label: Face
    recipients: Face
    end: str
    page_number: Face = Face(14)
    date: Face = Face(14, "i")
    text: Face = Face(14)
    heading: Face = Face(14, "b")
    caption: Face = Face(13, "b")
    authority: Face = Face(14, "bc")
    signatory: Face = Face(14, "b")
    annex: Face = Face(14, "b")
    annex_reference: Face = Face(14, "i")


PARTY = ReportStyle(
    page=Page(top=20, bottom=20, left=30, right=15, header=10),
    head_left=4365,
    superior=Face(14, "c"),
    issuer=Face(14, "bc"),
    under_issuer="*",
    banners=(Banner("Party", "Tiêu đề Đảng", "ĐẢNG CỘNG SẢN VIỆT NAM", Face(15, "b")),),
    banner_rule=4130,
    number=Face(14),
    number_label="Số",
    number_suffix="-BC/CƠ QUAN",
    above_number=0,
    document_type=Face(16, "b"),
    subject=Face(14, "b"),
    under_subject="-----",
    running_text=RunningText(before=6, first_line=10, line=18, line_rule="exact"),
    part="{}- ",
    signing_for="T/M CƠ QUAN",
    post=Face(14, "c"),
    recipients_label=Face(14, "u"),
    recipients=Face(12),
    end=".",
)

STATE = ReportStyle(
    page=Page(top=20, bottom=20, left=30, right=15, header=10),
    head_left=3655,
    superior=Face(13, "c"),
    issuer=Face(13, "bc"),
    under_issuer=1130,  # right for names of 4 to 6 cm
    banners=(
        Banner("Nation", "Quốc hiệu", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Face(13, "b")),
        Banner("Motto", "Tiêu ngữ", "Độc lập - Tự do - Hạnh phúc", Face(14, "b")),
    ),
    banner_rule=3390,
    number=Face(13),
    number_label="Số:",
    number_suffix="/BC-CƠ QUAN",
    above_number=6,
    document_type=Face(14, "b"),
    subject=Face(14, "b"),
    under_subject=3200,  # right for subjects of 11.3 to 16.9 cm, the whole line
    running_text=RunningText(before=6, first_line=12.7, line=1.15, line_rule="auto"),
    part="{}. ",
    signing_for="TM. CƠ QUAN",
    post=Face(14, "bc"),
    recipients_label=Face(12, "bi"),
    recipients=Face(11),
    end="./.",
)
