"""What is proposed to who writes a code that the form has renamed."""

from __future__ import annotations

import pytest

from reportctl.form.form_file import FormError, parse_form
from reportctl.form.renamed import called_now, near_figure, renamed_tag

FORM_TEXT = """
id = "pay"
title = "Thanh toán"
kinds = [{code = "bank", title = "Ngân hàng"}]

[[sections]]
code = "work"
title = "Công tác"
[[sections.indicators]]
code = "meetings"
was = "sessions"
label = "Cuộc họp"
[[sections.indicators]]
code = "missions"
label = "Đoàn công tác"

[[tables]]
code = "pay"
title = "Thanh toán"
columns = [
  { code = "items", label = "Số món", was = "turnover" },
  { code = "amount", label = "Giá trị", type = "money" },
]
rows = [
  { code = "cheques", label = "Séc", was = "n1" },
  { code = "cards", label = "Thẻ" },
]
"""
FORM = parse_form(FORM_TEXT)


@pytest.mark.parametrize(
    ("tag", "now"),
    [
        ("sessions", "meetings"),
        ("Sessions.year_ago", "meetings.year_ago"),
        ("sessions:007", "meetings:007"),
        ("sessions.change_previous:007@2023-Q1", "meetings.change_previous:007@2023-Q1"),
        ("pay.cheques.turnover", "pay.cheques.items"),
        ("pay.n1.turnover.previous", "pay.cheques.items.previous"),
        ("pay.n1.amount", "pay.cheques.amount"),
        ("table:pay.n1", "table:pay.cheques"),
        ("ref:table:pay.*.turnover", "ref:table:pay.*.items"),
        ("pay.cards.amount", ""),
        ("pay.nowhere.turnover", ""),
        ("meetings", ""),
        ("table:other.n1", ""),
        ("turnover", ""),
        ("", ""),
    ],
)
def test_a_tag_of_something_renamed(tag: str, now: str) -> None:
    assert renamed_tag(tag, FORM) == now


def test_the_new_code_goes_before_one_that_is_spelled_alike() -> None:
    # “missions” is spelled more like it than “meetings”.
    assert near_figure("sessions", FORM, FORM.indicators) == " (it is called meetings now)"
    assert near_figure("mission", FORM, FORM.indicators).startswith(" (near it: missions")
    assert called_now("pay.*.turnover", FORM) == "pay.*.items"


@pytest.mark.parametrize(
    ("old", "new", "meant"),
    [
        ('label = "Đoàn công tác"', 'label = "Đoàn công tác"\nper = "sessions"', "meetings"),
        ('label = "Đoàn công tác"', 'label = "Đ"\nsentence = "{sessions.value}"', "meetings.value"),
        ('label = "Thẻ"', 'label = "Thẻ", sum = "n1"', "cheques"),
        ('label = "Giá trị"', 'label = "Giá trị", sum = "turnover"', "items"),
        ("[[tables]]", '[[rules]]\ncode = "a"\ncheck = "pay.n1.turnover > 0"\nmessage = "m"\n[[tables]]',
         "pay.cheques.items"),
        ("[[tables]]", '[[rules]]\ncode = "a"\ncheck = "pay.*.turnover > 0"\nmessage = "m"\n[[tables]]',
         "pay.*.items"),
        ("[[tables]]", '[[rules]]\ncode = "a"\ncheck = "sessions > 0"\nmessage = "m"\n[[tables]]',
         "meetings"),
    ],
)  # fmt: skip
def test_what_the_form_itself_still_calls_by_the_old_code(old: str, new: str, meant: str) -> None:
    with pytest.raises(FormError, match=f"“{meant.replace('*', '[*]')}” was meant".replace(".", "[.]")):
        parse_form(FORM_TEXT.replace(old, new))


LISTS = """
[[lists]]
code = "sites"
was = "schools"
title = "Trường"
columns = [
  { code = "name", label = "Tên" },
  { code = "classes", was = "rooms", label = "Lớp", type = "count" },
]
"""


@pytest.mark.parametrize(
    ("tag", "now"),
    [
        ("schools.rooms", "sites.classes"),
        ("sites.rooms", "sites.classes"),
        ("schools.name", "sites.name"),
        ("schools.rows", "sites.rows"),
        ("table:list:schools", "table:list:sites"),
        ("ref:table:list:schools", "ref:table:list:sites"),
        ("sites.classes", ""),
        ("table:list:sites", ""),
    ],
)
def test_a_tag_of_a_list_that_was_renamed(tag: str, now: str) -> None:
    assert renamed_tag(tag, parse_form(FORM_TEXT + LISTS)) == now
