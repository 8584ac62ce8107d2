"""What the sums of a form's tables add up: the cells they make, the forms refused or doubted for them."""

from __future__ import annotations

import pytest

from reportctl.core import language
from reportctl.form.added_up import doubts
from reportctl.form.form_file import FormError, load_form, parse_form
from reportctl.form.layout import layout
from reportctl.form.model import Form
from reportctl.form.submission import Answer, AnswerState, sums
from reportctl.form.tables import FormTable
from tests.making.machine import ROOT

KINDS = '[[kinds]]\ncode = "commune"\ntitle = "Xã"\n[[kinds]]\ncode = "office"\ntitle = "Sở"\n'


def text_of(columns: str, rows: str, more: str = "", *, after: str = "") -> str:
    """A form of one table `t`: of each column and row its code, then what else is said of it."""

    def lines(said: str) -> str:
        items = (line.strip().partition(" ") for line in said.strip().splitlines())
        return "".join(
            f'  {{ code = "{code}", label = "{code.upper()}"{", " if rest else ""}{rest} }},\n'
            for code, _blank, rest in items
        )

    return (
        f'id = "sums"\ntitle = "Tổng"\n{KINDS}[[tables]]\ncode = "t"\ntitle = "Bảng"\n{more}\n'
        f"columns = [\n{lines(columns)}]\nrows = [\n{lines(rows)}]\n{after}"
    )


def form_of(columns: str, rows: str, more: str = "", *, after: str = "") -> Form:
    return parse_form(text_of(columns, rows, more, after=after))


def table_of(columns: str, rows: str, more: str = "") -> FormTable:
    (table,) = form_of(columns, rows, more).tables
    return table


# What a sum of nothing is.


def test_a_cell_worked_out_of_nothing_is_no_cell() -> None:
    table = table_of(
        "mon\ntien",
        'r sum = "r1 + r2", computed = true\nr1\nr2',
        'not_asked = ["r1.mon", "r2.mon"]',
    )
    assert list(table.cells) == [("r", "tien"), ("r1", "tien"), ("r2", "tien")]
    assert table.cells["r", "tien"].parts == ((1, "t.r1.tien"), (1, "t.r2.tien"))


def test_what_is_worked_out_of_such_cells_alone_is_none_either() -> None:
    """Along rows, along columns, and from one to the other."""
    table = table_of(
        'tong sum = "a + b", computed = true\na\nb\nc',
        'r sum = "s", computed = true\ns sum = "u", computed = true\nu\nv',
        'not_asked = ["u.a", "u.b"]',
    )
    assert list(table.cells) == [
        ("r", "c"), ("s", "c"), ("u", "c"), ("v", "tong"), ("v", "a"), ("v", "b"), ("v", "c"),
    ]  # fmt: skip
    assert dict(table.sums)["t.v.tong"] == ((1, "t.v.a"), (1, "t.v.b"))


def test_a_cell_that_rows_do_not_make_is_made_of_columns() -> None:
    table = table_of(
        'tong sum = "a + b", computed = true\na\nb',
        'r sum = "u", computed = true\nu\nv',
        'not_asked = ["u.tong"]',
    )
    assert table.cells["r", "tong"].parts == ((1, "t.r.a"), (1, "t.r.b"))


def test_a_sum_that_is_filled_in_is_asked_without_its_parts() -> None:
    table = table_of("mon\ntien", 'r sum = "r1 + r2"\nr1\nr2', 'not_asked = ["r1.mon", "r2.mon"]')
    assert table.cells["r", "mon"].filled_in
    assert [whole for whole, _parts in table.sums] == ["t.r.tien"]


@pytest.mark.parametrize(
    ("of_whole", "of_parts", "kinds"),
    [
        ("", ('applies_to = ["office"]', 'applies_to = ["office"]'), ("office",)),
        ("", ('applies_to = ["office"]', 'applies_to = ["commune"]'), ("office", "commune")),
        ("", ("", 'applies_to = ["office"]'), ()),
        ('applies_to = ["commune"]', ("", 'applies_to = ["office", "commune"]'), ("commune",)),
        ('applies_to = ["commune", "office"]', ('applies_to = ["office"]', ""), ("commune", "office")),
        ('applies_to = ["commune", "office"]', ('applies_to = ["office"]',) * 2, ("office",)),
    ],
)
def test_a_cell_that_is_worked_out_is_asked_of_those_who_are_asked_its_parts(
    of_whole: str, of_parts: tuple[str, str], kinds: tuple[str, ...]
) -> None:
    comma = ", " if of_whole else ""
    form = form_of(
        "mon",
        f'r sum = "r1 + r2", computed = true{comma}{of_whole}\nr1 {of_parts[0]}\nr2 {of_parts[1]}'.replace(
            " \n", "\n"
        ),
    )
    assert form.indicators["t.r.mon"].applies_to == kinds
    for kind in ("commune", "office"):
        asked = layout(form, kind).tables["t"].cells if "t" in layout(form, kind).tables else {}
        answers = {
            cell.code: Answer(cell.code, AnswerState.VALUE, 1) for cell in asked.values() if cell.filled_in
        }
        worked_out = sums(asked.values(), answers)
        assert ("t.r.mon" in worked_out) is (not kinds or kind in kinds)
        assert {answer.state for answer in worked_out.values()} <= {AnswerState.VALUE}


# Where a sum along a whole line holds.


def test_a_sum_along_a_line_holds_where_there_are_amounts() -> None:
    """Beside them stand percentages, texts, dates, yes and no, which units answer for themselves."""
    form = form_of(
        'a\nrate type = "percent", over_units = "mean"\nnote type = "text"\nday type = "date"\n'
        'ready type = "yes_no"\nmoney type = "money"',
        'r sum = "r1 + r2"\nr1\nr2',
    )
    assert [whole for whole, _parts in form.tables[0].sums] == ["t.r.a", "t.r.money"]
    assert [rule.code for rule in form.all_rules] == ["t.r.a", "t.r.money"]
    assert {code for code, cell in form.indicators.items() if cell.part_of} == {
        "t.r1.a", "t.r2.a", "t.r1.money", "t.r2.money",
    }  # fmt: skip
    assert all(cell.filled_in for cell in form.indicators.values())


def test_a_sum_may_begin_with_a_minus() -> None:
    form = form_of("a", 'r sum = "-r1 + r2", min = -100\nr1\nr2')
    assert form.tables[0].sums == (("t.r.a", ((-1, "t.r1.a"), (1, "t.r2.a"))),)
    (rule,) = form.all_rules
    assert (rule.check, rule.message) == ("t.r.a = - t.r1.a + t.r2.a", "R = - R1 + R2")
    assert rule.node.balance is not None
    assert sorted(map(sorted, rule.node.balance)) == [["t.r.a", "t.r1.a"], ["t.r2.a"]]  # r + r1 = r2


# What is refused.

DONG = 'unit_of_measure = "triệu đồng", type = "money"'
REFUSED = [
    # What the program fills in counts for nothing.
    (
        'nay\ntruoc is = "previous"\ntang sum = "nay - truoc", computed = true',
        "r",
        "“truoc” is filled in by the program and counts in no sum: leave “tang” out. Changes, and how far "
        "things are with the plan, are worked out anyway: {{table:t.*.nay}} in the report, summary --table "
        "'t.*.nay'",
    ),
    ('nay\np is = "plan"\ncon sum = "p - nay"', "r", "“p” is filled in by the program"),
    ('nay\np is = "year_ago"\ncon sum = "p + nay"', "r", "“p” is filled in by the program"),
    ('nay\np is = "to_date"\ncon sum = "p + nay"', "r", "“p” is filled in by the program"),
    ('nay\ng is = "given"\ncon sum = "g - nay"', "r", "“g” stands there when the workbook is sent"),
    # Units of measure.
    (
        f'mon unit_of_measure = "món"\ntien {DONG}\ncong sum = "mon + tien", computed = true',
        "r",
        "(triệu đồng) are not in the same unit of measure",
    ),
    (f'mon\ntien {DONG}\ncong sum = "mon + tien", type = "money"', "r", "are not in the same unit"),
    ('tien type = "money"\ncong sum = "tien"', "r", "“t.r.cong” (count, no unit of measure) and “t.r.tien”"),
    (
        f'a {DONG}\nb unit_of_measure = "tỷ đồng", type = "money"\ncong sum = "a + b", {DONG}',
        "r",
        "“t.r.cong” (triệu đồng) and “t.r.b” (tỷ đồng)",
    ),
    (
        'a unit_of_measure = "USD", type = "money"\ncong sum = "a", unit_of_measure = "đồng", type = "money"',
        "r",
        "“t.r.cong” (đồng) and “t.r.a” (USD)",
    ),
    (
        "a",
        'r1 type = "number", unit_of_measure = "ha"\nr2 type = "number", unit_of_measure = "m²"\n'
        'r type = "number", sum = "r1 + r2"',
        "“t.r1.a” (ha) and “t.r2.a” (m²)",
    ),
    (
        "a",
        'r1 type = "number", unit_of_measure = "%"\nr2 unit_of_measure = "xã"\nr sum = "r1 + r2"',
        "“t.r1.a” (%) and “t.r2.a” (xã)",
    ),
    # What is no amount.
    (
        "a",
        'r1\nr2 type = "percent", over_units = "mean"\nr sum = "r1 + r2"',
        "“t.r2.a” (percent) does not go into the sum “r.a”",
    ),
    ("a", 'r1\nr2 type = "text"\nr sum = "r1 + r2"', "“t.r2.a” (text) does not go into"),
    ("a", 'r1\nr2 type = "yes_no"\nr sum = "r1 + r2", computed = true', "“t.r2.a” (yes_no) does not go"),
    ("a", 'r1\nr2 type = "date"\nr sum = "r1 + r2"', "“t.r2.a” (date) does not go into"),
    ("a", 'r1\nr2\nr sum = "r1 + r2", type = "text"', "“t.r.a” (text) does not go into"),
    (
        'a\nrate type = "percent", over_units = "mean"\nnote type = "text"',
        'r1\nr2\nr sum = "r1 + r2", computed = true',
        "“r.rate” (percent), “r.note” (text) would be a sum of what is not added up: write "
        "that under not_asked",
    ),
    (
        'a type = "yes_no"',
        'r1\nr2\nr sum = "r1 + r2"',
        "“r” is of the type “yes_no”, which is not added up: leave “sum” out",
    ),
    # Over units.
    (
        "a",
        'r1\nr2 type = "number", over_units = "mean"\nr sum = "r1 + r2", computed = true',
        "over_units is “sum” for “t.r.a” and “mean” for its part “t.r2.a”",
    ),
    (
        "a",
        'r1 over_units = "max"\nr2 over_units = "max"\nr sum = "r1 + r2"',
        "over_units is “sum” for “t.r.a” and “max” for its part “t.r1.a”",
    ),
    # Twice.
    ("a", 'r1\nr sum = "r1 + r1"', "“r1” stands in the sum 2 times; write it once"),
    ("a", 'r1\nr2\nr sum = "r1 + r2 - r1"', "“r1” stands in the sum 2 times"),
    (
        "a",
        'r1\nr2\nr sum = "r1 + r2"\nu sum = "r + r1"',
        "“r1” counts 2 times in the sum, by itself or within others that it names",
    ),
    (
        "a",
        'r1\nr2\nr sum = "r1 + r2"\nu sum = "r2 + r3"\nr3\nw sum = "r + u"',
        "“r2” counts 2 times in the sum",
    ),
    ("a", 'r1\nr2\nr sum = "r1 + r2"\nu sum = "-r - r2"', "“r2” counts 2 times in the sum"),
]


@pytest.mark.parametrize(("columns", "rows", "said"), REFUSED)
def test_a_sum_by_which_figures_would_be_wrong_is_refused(columns: str, rows: str, said: str) -> None:
    text = text_of(columns, rows)
    with pytest.raises(FormError) as refused:
        parse_form(text)
    (problem,) = refused.value.problems
    assert said in problem.message
    assert "sum = " in text.splitlines()[(problem.line or 0) - 1]
    with language.speaking("vi"), pytest.raises(FormError) as refused:
        parse_form(f"{text}# in Vietnamese\n")
    assert said not in str(refused.value)
    assert parse_form(text, kept=True).indicators  # as it was taken once


@pytest.mark.parametrize(
    ("rows", "more", "said"),
    [
        ('r1\nr2\nr sum = "r1 + r2"', 'not_asked = ["r2.*"]', "“r2” counts nowhere in the sum “r”"),
        (
            'r1\nr2\nr3\nr sum = "r1 + r2", computed = true',
            'not_asked = ["r1.*", "r2.*"]',
            "“r1”, “r2” count nowhere in the sum “r”",
        ),
        # r stands where r2 does not.
        ('r1\nr2\nr sum = "r1 + r2"', 'not_asked = ["r2.a", "r.b"]', "“r2” counts nowhere in the sum “r”"),
        (
            'r1 applies_to = ["office"]\nr2\nr sum = "r1 + r2", applies_to = ["commune"]',
            "",
            "“r1” counts nowhere in the sum “r”",
        ),
    ],
)
def test_a_part_that_counts_nowhere_is_refused(rows: str, more: str, said: str) -> None:
    with pytest.raises(FormError) as refused:
        form_of("a\nb", rows, more)
    (problem,) = refused.value.problems
    assert said in problem.message


@pytest.mark.parametrize(
    ("sums", "itself"),
    [
        ({"r": "r"}, ["r"]),
        ({"r": "r1 + r2", "r1": "r2 - r"}, ["r", "r1"]),  # each by way of the other
        ({"r": "r1 + r2", "r1": "r2 + r3", "r3": "r2 + r"}, ["r", "r1", "r3"]),
        ({"r": "r1 + r2", "r1": "r2 + r3", "r3": "r3 + r4"}, ["r3"]),  # above one is not in one
        ({"r": "r1 + r2", "r1": "r3 + r4", "r2": "r3 - r4"}, []),  # the same parts by two ways
    ],
)
def test_a_sum_of_itself_is_refused_by_whatever_way(sums: dict[str, str], itself: list[str]) -> None:
    rows = "\n".join(
        f'{code} sum = "{sums[code]}"' if code in sums else code for code in ("r", "r1", "r2", "r3", "r4")
    )
    found: list[str] = []
    try:
        form_of("a", rows)
    except FormError as refused:
        found = [one.message for one in refused.problems if "sum of itself" in one.message]
    assert found == [f"“{code}” is a sum of itself" for code in itself]


def test_every_line_is_checked_and_one_fault_is_said_once() -> None:
    with pytest.raises(FormError) as refused:
        form_of(
            f'mon unit_of_measure = "món"\ntien {DONG}\ncong sum = "mon + tien"\nhai sum = "cong"',
            'r1\nr2\nr sum = "r1 + r1"',
        )
    assert [problem.line for problem in refused.value.problems] == [16, 22]


# What is taken.

TAKEN = [
    # The same unit of measure in other words, or in none.
    (
        'a unit_of_measure = "Triệu VND", type = "money"\n'
        'b unit_of_measure = "(triệu đồng)", type = "money"\n'
        'c sum = "a + b", unit_of_measure = "1.000.000 đ", type = "money"',
        "r",
    ),
    ('a type = "money"\nb type = "money"\nc sum = "a + b", type = "money"', "r"),
    # No money in it.
    ("a", 'r1 unit_of_measure = "đồng chí"\nr sum = "r1", unit_of_measure = "đồng chí"'),
    ("a", 'r1 unit_of_measure = "hợp đồng"\nr sum = "r1", unit_of_measure = "Hợp đồng"'),
    # A whole whose unit of measure names those of its parts.
    (
        "a",
        'r1 unit_of_measure = "tin"\nr2 unit_of_measure = "bài"\n'
        'r sum = "r1 + r2", unit_of_measure = "tin, bài"',
    ),
    # What is left, a difference, a whole in two ways.
    ("a", 'r1\nr2\nr sum = "r1 + r2"\nleft sum = "r - r1"'),
    ("a", 'then\nnow\nmore sum = "now - then"\nsoon sum = "now + more"'),
    # What is printed for single units alone.
    (
        "a",
        'r1\nr2 type = "number", over_units = "none", over_time = "none"\nr type = "number", sum = "r1 + r2"',
    ),
    # Means all through.
    ('a type = "number", over_units = "mean", over_time = "last"', 'r1\nr2\nr sum = "r1 + r2"'),
]


@pytest.mark.parametrize(("columns", "rows"), TAKEN)
def test_what_may_be_added_up_is_taken_without_a_word(columns: str, rows: str) -> None:
    assert doubts(form_of(columns, rows)) == []


# What is doubted.

DOUBTED = [
    (
        "a",
        'r1 unit_of_measure = "lượt"\nr2 unit_of_measure = "lượt người"\n'
        'r sum = "r1 + r2", unit_of_measure = "lượt"',
        "“t.r.a” (lượt) and “t.r2.a” (lượt người) are added up: are they in the same unit of measure?",
    ),
    (
        "a",
        'r1 unit_of_measure = "trường"\nr2 unit_of_measure = "lớp"\n'
        'r sum = "r1 + r2", unit_of_measure = "người"',
        "“t.r.a” (người) and “t.r1.a” (trường) are added up",
    ),
    (
        "a",
        'r1 unit_of_measure = "lớp"\nr sum = "r1"',
        "“t.r.a” (count, no unit of measure) and “t.r1.a” (lớp)",
    ),
    (
        f'a {DONG}\nc sum = "a", type = "money"',
        "r",
        "“t.r.c” (money, no unit of measure) and “t.r.a” (triệu đồng) are added up",
    ),
    (
        "a",
        'ton over_time = "last"\nnhap\ncuoi sum = "ton + nhap", over_time = "last"',
        "over_time is “last” for “t.cuoi.a” and “sum” for its part “t.nhap.a”",
    ),
    (
        "a",
        'dau over_time = "last"\nnay over_time = "last"\n'
        'luy sum = "dau + nay", over_time = "last", cumulative = true',
        "Of “t.luy.a” and its part “t.dau.a” one counts from the beginning of the year",
    ),
    (
        'a over_units = "max"',
        'r1\nr2\nr sum = "r1 + r2"',
        "over_units is “max” for “t.r.a” and its parts: the printed parts do not make the printed total.",
    ),
    ('a over_time = "max"', 'r1\nr2\nr sum = "r1 + r2"', "over_time is “max” for “t.r.a” and its parts"),
    (
        "a",
        'r1\nr2 type = "number"\nr sum = "r1 + r2"',
        "“t.r.a” takes whole numbers only, and its part “t.r2.a” takes decimals: give it the type “number”.",
    ),
    (
        'a type = "number", unit_of_measure = "%"\nb',
        "r1\nr2",
        "“t.r1.a”, “t.r2.a”: percentages that are added up over units",
    ),
]


@pytest.mark.parametrize(("columns", "rows", "said"), DOUBTED)
def test_a_sum_that_looks_wrong_is_taken_and_doubted(columns: str, rows: str, said: str) -> None:
    form = form_of(columns, rows)
    (doubt,) = doubts(form)
    assert doubt.startswith(said)
    with language.speaking("vi"):
        (doubt,) = doubts(form)
    assert not doubt.startswith(said)


def rule(code: str, check: str) -> str:
    return f'[[rules]]\ncode = "{code}"\ncheck = "{check}"\nmessage = "Sai."\n'


@pytest.mark.parametrize(
    ("check", "doubted"),
    [
        ("sum(t.*.a) <= 100", ("t.r1.a", "cuộc", "t.r2.a", "lớp")),
        ("sum(t) <= 100", ("t.r1.a", "cuộc", "t.r1.b", "triệu đồng")),
        ("t.r1.a + t.r2.a >= 5", ("t.r1.a", "cuộc", "t.r2.a", "lớp")),
        ("5 >= -t.r2.b - previous(t.r1.a)", ("t.r2.b", "triệu đồng", "t.r1.a", "cuộc")),
        ("if(t.r1.a > 0, t.r1.a, t.r1.a + t.r1.b) > 3", ("t.r1.a", "cuộc", "t.r1.b", "triệu đồng")),
        ("t.r1.rate + t.r1.a < 3", ("t.r1.rate", "percent, cuộc", "t.r1.a", "cuộc")),
        ("total(l.tien) + t.r1.a > 2", ("l.tien", "triệu đồng", "t.r1.a", "cuộc")),
        ("t.*.a + t.*.b >= 3", ("t.r1.a", "cuộc", "t.r1.b", "triệu đồng")),
        # Whether there is anything at all.
        ("sum(t) > 0 or t.r1.a = 1", ()),
        ("0 < t.r1.a + t.r2.a", ()),
        # A price, a share, a part of its own kind.
        ("t.r1.b <= 2 * t.r1.a + t.r2.b", ()),
        ("t.r1.a <= t.r2.a", ()),
        ("t.r1.rate + t.r2.rate <= 1", ()),
        ("rows(l) + t.r1.a > 1", ()),
    ],
)
def test_what_rules_add_up_is_doubted(check: str, doubted: tuple[str, ...]) -> None:
    form = form_of(
        f'a\nb {DONG}\nrate type = "percent", over_units = "mean"',
        'r1 unit_of_measure = "cuộc"\nr2 unit_of_measure = "lớp"',
        after=f'[[lists]]\ncode = "l"\ntitle = "Danh mục"\n[[lists.columns]]\ncode = "tien"\n'
        f'label = "Tiền"\n{DONG.replace(", ", chr(10))}\n{rule("one", check)}',
    )
    expected = []
    if doubted:
        one, measure, other, other_measure = doubted
        expected = [
            f"one: “{one}” ({measure}) and “{other}” ({other_measure}) are added up: are they in the same "
            "unit of measure?"
        ]
    assert [each for each in doubts(form) if each.startswith("one")] == expected


def test_what_the_program_ships_is_above_doubt() -> None:
    for folder in ("templates", "sample_data"):
        assert doubts(load_form(ROOT / folder / "form.toml")) == []


# Cells that are not asked.


@pytest.mark.parametrize(
    ("check", "said"),
    [
        ("t.r1.a < 5", "“t.r1.a” is a cell that is not asked"),
        ("blank(t.r1.a) or t.r1.b > 1", "“t.r1.a” is a cell that is not asked"),
        ("t.r1.b = previous(t.r1.a)", "“t.r1.a” is a cell that is not asked"),
        ("sum(t.r1.a, t.r1.b) > 1", "“t.r1.a” is a cell that is not asked"),
        # Worked out of nothing.
        ("t.r.a > 1", "“t.r.a” is a cell that is not asked"),
        ("t.r1.* < t.r3.*", "the rule holds nowhere: no row or column has all the cells"),
        ("t.r1.* < t.r2.*", ""),
        ("sum(t.r1.*) > 1", ""),
    ],
)
def test_a_rule_speaks_of_what_is_asked(check: str, said: str) -> None:
    text = text_of(
        "a\nb",
        'r sum = "r1", computed = true\nr1\nr2\nr3',
        'not_asked = ["r1.a", "r3.b"]',
        after=rule("one", check),
    )
    if not check.startswith("sum"):
        assert parse_form(text, kept=True)
    if not said:
        assert parse_form(text)
        return
    with pytest.raises(FormError) as refused:
        parse_form(text)
    assert [problem.message.startswith(said) for problem in refused.value.problems] == [True]


def test_a_sentence_speaks_of_what_is_asked() -> None:
    section = (
        '[[sections]]\ncode = "s"\ntitle = "Mục"\n[[sections.indicators]]\ncode = "held"\nlabel = "Đã họp"\n'
        'sentence = "Có {value}, {t.r1.a.value}."\n'
    )
    text = text_of("a\nb", "r1\nr2", 'not_asked = ["r1.a"]', after=section)
    with pytest.raises(FormError, match=r"“t\.r1\.a\.value” is a cell that is not asked"):
        parse_form(text)
    assert parse_form(text.replace("t.r1.a.value", "t.r2.a.value"))


def test_a_table_asks_something() -> None:
    for columns, rows, out in (("a", "r1", "r1.a"), ("a", 'r sum = "r1", computed = true\nr1', "r1.*")):
        with pytest.raises(FormError) as refused:
            form_of(columns, rows, f'not_asked = ["{out}"]')
        assert [one.message for one in refused.value.problems] == ["no cell of the table “t” is asked"]


# Lists.


def list_form(*columns: str, key: str = "") -> str:
    return (
        f'id = "lists"\ntitle = "Danh mục"\n{KINDS}[[lists]]\ncode = "l"\ntitle = "Trường"\n'
        + (f'key = "{key}"\n' if key else "")
        + "".join(f"[[lists.columns]]\n{column}\n" for column in columns)
    )


def column(code: str, kind: str, more: str = "") -> str:
    return f'code = "{code}"\nlabel = "{code}"\ntype = "{kind}"\n{more}'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        *(
            (list_form(column("ma", kind), key="ma"), f"“ma” is of the type “{kind}” and names no rows")
            for kind in ("percent", "money", "number", "yes_no")
        ),
        (list_form(column("ma", "text"), key="mã"), "“mã” is not in the form"),
        (list_form(column("ma", "text"), key="mas"), "“ma” was meant?"),
        *(
            (
                list_form(column("x", kind, 'over_units = "sum"\nchoices = ["A"]')),
                f"answers of the type “{kind}” cannot be added up; over_units must be “none”",
            )
            for kind in ("text", "percent", "date", "choice")
        ),
    ],
)
def test_lists_add_up_amounts_and_are_named_by_words(text: str, said: str) -> None:
    with pytest.raises(FormError) as refused:
        parse_form(text)
    (problem,) = refused.value.problems
    assert said in problem.message
    assert parse_form(text, kept=True).lists


def test_lists_that_are_in_order_are_taken() -> None:
    taken = list_form(
        column("ma", "text"), column("so", "count", 'over_units = "sum"'),
        column("tien", "money", 'over_units = "sum"'), column("co", "yes_no", 'over_units = "sum"'), key="ma",
    )  # fmt: skip
    assert doubts(parse_form(taken)) == []
    assert doubts(parse_form(list_form(column("ma", "date"), key="ma"))) == []
    (doubt,) = doubts(parse_form(list_form(column("ma", "count"), key="ma")))
    assert doubt.startswith("“ma” names the rows of the list “Trường” and is a number")
    (doubt,) = doubts(
        parse_form(list_form(column("ty", "number", 'over_units = "sum"\nunit_of_measure = "%"')))
    )
    assert doubt.startswith("“l.ty”: percentages that are added up over units")
