"""A form whose answers are compared with others, and texts of words that nobody writes."""

from __future__ import annotations

FORM = """
id = "small"
title = "Báo cáo quý"
kinds = [{code = "district", title = "Huyện"}]

[[sections]]
code = "all"
title = "Tất cả"
[[sections.indicators]]
code = "meetings"
label = "Hội nghị"
label_en = "Conferences"
[[sections.indicators]]
code = "people"
label = "Lượt người dự"
label_en = "Attendance"
per = "meetings"
[[sections.indicators]]
code = "visits"
label = "Lượt truy cập"
label_en = "Visits"
over_time = "last"
cumulative = true
[[sections.indicators]]
code = "staff"
label = "Cán bộ"
label_en = "Staff"
over_time = "last"
[[sections.indicators]]
code = "done"
label = "Tỷ lệ"
type = "percent"
over_units = "mean"
"""

FORM += "".join(
    f'[[sections.indicators]]\ncode = "more_{letter}"\nlabel = "Khác {letter}"\n' for letter in "abcdefgh"
)

FORM += """
[[texts]]
code = "results"
label = "Kết quả"
label_en = "Results"
"""

LETTERS = [f"{a}{b}" for a in "bcdghklmnt" for b in "aeiou"]

TWENTY = " ".join(LETTERS[:20])
