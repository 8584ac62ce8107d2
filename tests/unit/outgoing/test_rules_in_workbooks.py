"""The workbook that is sent out and the check of the returned file say the same of every rule.

Random rules of the whole language stand in forms with figures, a table and a list; LibreOffice calculates the
workbooks, filled in at random, and what their check cells say is compared with what intake and merge find.
"""

from __future__ import annotations

import datetime as dt
import io
import random
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from reportctl.core.period import Quarter
from reportctl.form.form_file import parse_form
from reportctl.form.layout import layout
from reportctl.form.model import Form
from reportctl.form.rules import Reference
from reportctl.form.submission import Answer, AnswerState, Identity, ListRow, Submission, quotient
from reportctl.intake.checks import CheckInput, broken_rules, broken_with_earlier
from reportctl.outgoing.beside import Known
from reportctl.outgoing.page import Dispatch
from reportctl.outgoing.template import workbook
from reportctl.outgoing.unsaid import blank_columns, unsaid_rules
from reportctl.workspace.units import Unit

FORM = """
id = "words"
title = "Mọi quy tắc"
kinds = [{ code = "commune", title = "Xã" }, { code = "school", title = "Trường" }]

[[sections]]
code = "first"
title = "Phần một"
indicators = [
  { code = "alpha", label = "A" },
  { code = "beta", label = "B", part_of = "alpha" },
  { code = "gamma", label = "C", type = "number" },
  { code = "delta", label = "D", type = "money", over_time = "last" },
  { code = "elsewhere", label = "E", applies_to = ["school"] },
]
[[sections]]
code = "second"
title = "Phần hai"
indicators = [
  { code = "yes", label = "Có không", type = "yes_no" },
  { code = "rate", label = "Tỷ lệ", type = "percent", over_units = "mean" },
  { code = "share", label = "Phần", type = "percent", SHARE },
]

[[tables]]
code = "grid"
title = "Bảng"
columns = [
  { code = "total", label = "Tổng số", sum = "left + right", computed = true },
  { code = "left", label = "Trái" },
  { code = "right", label = "Phải", type = "number" },
  { code = "before", label = "Kỳ trước / Trái", is = "previous" },
  { code = "ago", label = "Cùng kỳ / Trái", is = "year_ago" },
]
rows = [
  { code = "all", label = "Cộng", sum = "one + two" },
  { code = "one", label = "Một" },
  { code = "two", label = "Hai" },
  { code = "rest", label = "Còn", sum = "-one + two", computed = true },
]

[[lists]]
code = "events"
title = "Sự kiện"
rows = 4
columns = [
  { code = "name", label = "Tên" },
  { code = "people", label = "Người", type = "count" },
  { code = "cost", label = "Tiền", type = "money", required = false },
]
"""
FORM = FORM.replace(
    "SHARE", 'numerator = "beta", denominator = "alpha", over_units = "ratio", over_time = "last"'
)
ALONE = ("alpha", "beta", "gamma", "delta", "elsewhere", "yes", "rate", "share")
CELLS = tuple(
    f"grid.{row}.{column}" for row in ("all", "one", "two", "rest") for column in ("total", "left", "right")
)
AMOUNTS = (
    "sum(first)", "sum(grid)", "sum(grid.one.*)", "sum(grid.*.right)", "sum(alpha, grid.two.left, yes)",
    "rows(events)", "total(events.people)", "total(events.cost)", "previous(alpha)", "previous(yes)",
    "previous(delta)", "year_ago(alpha)", "previous(grid.one.left)", "year_ago(grid.two.left)",
    "year_ago(grid.two.right)",
)  # fmt: skip
Q1 = Quarter(2024, 1)
UNIT = Unit("x1", "Xã Một", "commune")


def condition(source: random.Random, depth: int) -> str:
    kind = source.choice(["compare", "compare", "and", "or", "not", "blank", "if"] if depth else ["compare"])
    inner = depth - 1
    match kind:
        case "and" | "or":
            return f"({condition(source, inner)} {kind} {condition(source, inner)})"
        case "not":
            return f"(not {condition(source, inner)})"
        case "blank":
            return f"blank({source.choice(ALONE + CELLS)})"
        case "if":
            return f"if({', '.join(condition(source, inner) for _n in range(3))})"
    sign = source.choice(["=", "<>", "<", "<=", ">", ">="])
    return f"{amount(source, depth)} {sign} {amount(source, depth)}"


def amount(source: random.Random, depth: int) -> str:
    kind = source.choice(["figure", "figure", "more", "number", "+", "-", "*", "/", "if", "negative"])
    if depth <= 0 and kind in ("+", "-", "*", "/", "if", "negative"):
        kind = "figure"
    match kind:
        case "figure":
            return source.choice(ALONE + CELLS)
        case "more":
            return source.choice(AMOUNTS)
        case "number":
            return str(source.choice([0, 1, 2, 3, 0.5, -1, -0.5]))
        case "negative":
            return f"-{amount(source, depth - 1)}"
        case "if":
            branches = (amount(source, depth - 1) for _n in range(2))
            return f"if({condition(source, depth - 1)}, {', '.join(branches)})"
    return f"({amount(source, depth - 1)} {kind} {amount(source, depth - 1)})"


def form_with_rules(source: random.Random, count: int) -> Form:
    """The form with `count` rules, of which each says its number."""
    text = [FORM]
    for number in range(count):
        more = source.choice(["", "tolerance = 0.5\n", "tolerance = 2\n"])
        more += source.choice(["", 'missing = "zero"\n', 'missing = "error"\n'])
        check = ""
        while not re.search("[a-z]{4}", check):  # a rule speaks of something
            check = condition(source, source.choice([0, 1, 2]))
        text.append(f'[[rules]]\ncode = "q{number}"\ncheck = "{check}"\nmessage = "Q{number}!"\n{more}')
    return parse_form("".join(text))


def typed(source: random.Random, kind: str) -> Any:
    """What stands in a cell: mostly a figure, sometimes "not applicable", sometimes nothing."""
    if source.random() < 0.15:
        return source.choice([None, "KAD"])
    match kind:
        case "yes_no":
            return source.choice(["Có", "Không"])
        case "percent":
            return source.choice([0, 0.25, 0.5, 1])
        case "number" | "money":
            return source.choice([0, 1, 2, 3, 1.5, 2.25])
    return source.randint(0, 3)


def read(code: str, value: Any) -> Answer:
    if value is None:
        return Answer(code, AnswerState.MISSING)
    if value == "KAD":
        return Answer(code, AnswerState.NOT_APPLICABLE, raw="KAD")
    return Answer(code, AnswerState.VALUE, {"Có": 1, "Không": 0}.get(value, value))


def added(code: str, signed: list[tuple[int, Answer]]) -> Answer:
    """A sum that is never asked: nothing while a part is blank; what does not apply counts as nothing."""
    if any(part.state is AnswerState.MISSING for _sign, part in signed):
        return Answer(code, AnswerState.MISSING)
    numbers = [sign * part.value for sign, part in signed if isinstance(part.value, int | float)]
    return Answer(code, AnswerState.VALUE, sum(numbers)) if numbers else read(code, "KAD")


def filled(form: Form, source: random.Random, path: Path) -> tuple[Submission, Mapping[Reference, float]]:
    """A workbook filled in at random, as a file; what intake would read in it; what is known of before."""
    places = layout(form, "commune")
    earlier = {
        Reference("previous", code): source.choice([0, 1])
        for code in ("alpha", "yes", "delta", "grid.one.left")
        if source.random() < 0.8
    }
    year_ago = (
        {Reference("year_ago", "grid.two.left"): source.choice([0, 1, 2])} if source.random() < 0.8 else {}
    )
    sending = Dispatch(form, UNIT, Q1, Q1.window(), dt.date(2024, 4, 1), "Ban")
    previous = {reference.code: value for reference, value in earlier.items()}
    beside = {"year_ago": {reference.code: Known((value,)) for reference, value in year_ago.items()}}
    book = openpyxl.load_workbook(io.BytesIO(workbook(sending, previous, {}, beside)))  # type: ignore[arg-type]
    answers: dict[str, Answer] = {}
    empty = source.random() < 0.1
    for code, line in places.indicators.items():
        if not line.indicator.computed:
            value = None if empty else typed(source, line.indicator.type)
            book[line.value.sheet][line.value.cell] = value
            answers[code] = read(code, value)
    answers["share"] = quotient("share", answers["beta"], answers["alpha"])
    for code, (cell, place) in places.cells.items():
        if cell.filled_in:
            value = None if empty else typed(source, cell.type)
            book[place.sheet][place.cell] = value
            answers[code] = read(code, value)
    for code, (cell, _place) in places.cells.items():
        if not cell.filled_in:
            answers[code] = added(code, [(sign, answers[part]) for sign, part in cell.parts])
    rows = []
    events = places.lists["events"]
    for number in range(1, 1 + (0 if empty else source.randint(0, 3))):
        values = {"name": f"Lần {number}", "people": typed(source, "count"), "cost": typed(source, "money")}
        for column, value in values.items():
            place = events.place(column, number)
            book[place.sheet][place.cell] = value
        rows.append(ListRow("events", number, tuple(read(*each) for each in values.items())))
    book.save(path)
    identity = Identity(unit="x1")
    return Submission("x.xlsx", "", identity, None, tuple(answers.values()), tuple(rows)), earlier | year_ago


def said(path: Path, form: Form) -> set[str]:
    """The numbers of the rules that the check cells of a calculated workbook speak of."""
    book = openpyxl.load_workbook(path, data_only=True)
    sheets = layout(form, "commune").sheets
    texts = (
        str(cell.value) for sheet in sheets for row in book[sheet].iter_rows() for cell in row if cell.value
    )
    return {found for text in texts for found in re.findall(r"Q(\d+)!", text)}


def found_by_program(form: Form, submission: Submission, earlier: Mapping[Reference, float]) -> Iterator[str]:
    case = CheckInput(form, "commune", Q1.window(), submission)
    for one in (*broken_rules(case), *broken_with_earlier(case, earlier)):
        yield from re.findall(r"Q(\d+)", dict(one.details)["text"].vi)


@pytest.mark.libreoffice
@pytest.mark.slow
def test_workbook_and_program_say_the_same(tmp_path: Path, soffice: Any) -> None:
    source = random.Random(1954)
    cases = []
    for number in range(6):
        form = form_with_rules(source, 60)
        for which in range(3):
            path = tmp_path / f"form{number}_{which}.xlsx"
            cases.append((path, form, *filled(form, source, path)))
    saved = soffice([path for path, *_rest in cases], to="xlsx", outdir=tmp_path / "saved")
    wrong, broken, left_out = [], 0, 0
    for path, (_sent, form, submission, earlier) in zip(saved, cases, strict=True):
        unsaid = {message.partition(":")[0].removeprefix("q") for message in unsaid_rules(form)}
        expected = set(found_by_program(form, submission, earlier))
        broken, left_out = broken + len(expected - unsaid), left_out + len(unsaid)
        rules, shown = {rule.code[1:]: rule for rule in form.rules}, said(path, form)
        wrong += [
            (path.name, rules[code].check, rules[code].policy, code in expected)
            for code in sorted((expected ^ shown) - (unsaid - shown))
        ]
    assert wrong == []
    assert broken > 300
    assert 0 < left_out < 6 * 60 * 3 / 3


def test_a_column_that_nothing_is_given_for_is_named() -> None:
    form = parse_form("""
        id = "g"
        title = "G"
        kinds = [ { code = "unit", title = "Đơn vị" } ]
        [[tables]]
        code = "t"
        title = "Bảng"
        columns = [
          { code = "now", label = "Kỳ này" },
          { code = "told", label = "Giao", is = "given" },
          { code = "plan", label = "Kế hoạch", is = "plan" },
        ]
        rows = [ { code = "a", label = "A" } ]
    """)
    (sentence,) = blank_columns(form)
    assert sentence.startswith("t.told: ")
    assert "the column is blank and locked" in sentence
