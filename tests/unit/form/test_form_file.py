"""The form's file: what it says, and every mistake in it with its line and what was meant."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportctl.core.errors import ReportctlError
from reportctl.form.digest import _ALWAYS, digest
from reportctl.form.form_file import FormError, load_form, parse_form
from reportctl.form.indicators import Indicator, Type
from reportctl.form.layout import layout
from reportctl.form.model import Form, ListColumn, ListSection, Section, TextQuestion, UnitKind, applies
from reportctl.form.rules import Rule
from tests.making.machine import SAMPLE

FORM = """\
id = "small"
title = "Biểu mẫu"
title_en = "Form"

[[kinds]]
code = "district"
title = "Cấp huyện"

[[kinds]]
code = "press"
title = "Cơ quan báo chí"

[[sections]]
code = "work"
title = "Công việc"
[[sections.indicators]]
code = "meetings_held"
label = "Cuộc họp"
label_en = "Meetings"
unit_of_measure = "cuộc"
min = 0
sentence = "Tổ chức {value}{change_year_ago}, {stories.value}."
[[sections.indicators]]
code = "stories"
label = "Tin, bài"
applies_to = ["press"]
over_time = "last"

[[sections]]
code = "money"
title = "Kinh phí"
[[sections.indicators]]
code = "planned"
label = "Được giao"
type = "money"
required = false
[[sections.indicators]]
code = "spent"
label = "Đã chi"
type = "money"
part_of = "planned"
[[sections.indicators]]
code = "share"
label = "Tỷ lệ"
type = "percent"
numerator = "spent"
denominator = "planned"
over_units = "ratio"
over_time = "ratio"
[[sections.indicators]]
code = "stage"
label = "Giai đoạn"
type = "choice"
choices = ["Một", "Hai"]

[[lists]]
code = "events"
title = "Sự kiện"
rows = 5
[[lists.columns]]
code = "date"
label = "Ngày"
type = "date"
[[lists.columns]]
code = "people"
label = "Số người"
type = "count"

[[texts]]
code = "results"
label = "Kết quả"
max_words = 50

[[rules]]
code = "counted"
check = "rows(events) = meetings_held"
message = "Số dòng khác số cuộc."
message_en = "The rows differ from the meetings."
"""

BASE = """
id = "x"
title = "T"
[[kinds]]
code = "district"
title = "Huyện"
[[sections]]
code = "a"
title = "A"
"""

# Each line's mistake stands behind #!, as a part of the message expected for that line.
MISTAKES = """\
id = "Báo cáo"                    #! small letters a-z, digits, - and _ only
titel = "Biểu mẫu"                #! “title” was meant?
title = ""                        #! “title” is empty
colour = "red"                    #! “colour” is not known here; known are: id, title

[[kinds]]                         #! “title” is missing
code = "district"
titles = "Cấp huyện"              #! “title” was meant?

[[sections]]
code = "work"
title = "Công việc"
[[sections.indicators]]
code = "hn2024"                   #! reads as a cell reference
label = "Hội nghị"
type = "cuont"                    #! “type” is 'cuont'; it can be 'count', 'number'
[[sections.indicators]]
code = "Meetings Held"            #! the code “Meetings Held” is not well formed
label = "Cuộc họp"
over_units = "total"              #! “over_units” is 'total'; it can be 'sum', 'mean'
over_time = "first"               #! 'last'
[[sections.indicators]]           #! “label” is missing
code = "rows"                     #! “rows” has a meaning of its own in rules or in Excel
applies_to = ["districts"]        #! “districts” is not one of the kinds of units: district
[[sections.indicators]]
code = "meetings"
label = "Cuộc họp"
min = 10                          #! “min” is greater than “max”
max = 5
required = "perhaps"              #! “required” holds 'perhaps', which is not of the right type
[[sections.indicators]]
code = "meetings"                 #! the code “meetings” is there twice
label = "Cuộc họp"
part_of = "meeting"               #! “meeting” is not in the form; “meetings” was meant?
[[sections.indicators]]           #! a share is a ratio of sums: set over_units to “ratio”
code = "half_share"
label = "Nửa tỷ lệ"
type = "percent"
numerator = "meetings"            #! a share needs both “numerator” and “denominator”
[[sections.indicators]]           #! “ratio” needs “numerator” and “denominator”
code = "bare_ratio"
label = "Tỷ lệ"
over_units = "ratio"
over_time = "ratio"
[[sections.indicators]]
code = "share"
label = "Tỷ lệ"
numerator = "meetinsg"            #! “meetings” was meant?
denominator = "half_share"        #! “half_share” is itself a share
over_units = "ratio"
over_time = "ratio"
sentence = "Đạt {value} của {meetins.value}."       #! “meetings.value” was meant?
sentence_en = "It is {value of it."                 #! the sentence cannot be read
[[ sections . indicators ]]       #! a choice needs “choices”
code = "stage"
label = "Giai đoạn"
type = "choice"
[[sections.indicators]]
code = "remark"
label = "Ghi chú"
type = "text"
over_time = "sum"                 #! answers of the type “text” cannot be added up

[[ sections ]]                    #! “indicators” is missing
code = "work"                     #! the code “work” is there twice
title = "Công việc khác"

[[lists]]
code = "stage"                    #! the code “stage” is there twice
title = "Sự kiện"
rows = 0                          #! “rows” is 0, beyond the limit of 1
[[lists.columns]]
code = "date"
label = "Ngày"
type = "date"
[[lists.columns]]
code = "date"                     #! the code “date” is there twice
label = "Ngày"

[[texts]]
code = "results"
label = "Kết quả"
max_words = "many"                #! “max_words” holds 'many'

[[rules]]
code = "unknown_figure"
check = "meetings <= meeting_held"          #! “meeting_held” is not in the form
message = "…"

[[rules]]
code = "wrong_kind_of_figure"
check = "rows(meetings) > 0 or remark > 1"  #! “meetings” is not in the form #! “remark” is not in the form
message = "…"

[[rules]]
code = "no_such_total"
check = "total(stage.date) = meetings"      #! “stage.date” is not in the form
message = "…"

[[rules]]
code = "of_nothing"
check = "1 = 2"                             #! the rule speaks of no figure
message = "…"

[[rules]]
code = "no_such_sum"
check = "sum(meeting_held, stage) > 1"       #! “meeting_held” is not #! write total(stage.COLUMN)
message = "…"

[[rules]]
code = "no_such_figure_before"
check = "previous(remark) > 1"              #! “remark” is not in the form
message = "…"

[[rules]]
code = "not_a_rule"
check = "meetings + 1"                      #! cannot be read near “meetings + 1”
severity = "fatal"                          #! “severity” is 'fatal'; it can be 'error', 'warning', 'note'
message = ""                                #! “message” is empty
"""


STAGE_LINE = FORM.splitlines().index('code = "stage"') + 1


def found_in(text: str) -> list[tuple[int | None, str]]:
    """The line and message of every mistake."""
    with pytest.raises(FormError) as caught:
        parse_form(text)
    return [(problem.line, problem.message) for problem in caught.value.problems]


def changed(old: str, new: str) -> str:
    """The form with one place changed."""
    assert FORM.count(old) == 1, old
    return FORM.replace(old, new)


def test_all_mistakes_are_found_at_once_each_with_its_line() -> None:
    expected = [
        (number, part.strip())
        for number, line in enumerate(MISTAKES.splitlines(), 1)
        for part in line.split("#!")[1:]
    ]
    found = found_in(re.sub(r"\s*#!.*", "", MISTAKES))
    unsaid = [
        (line, part) for line, part in expected if not any(n == line and part in said for n, said in found)
    ]
    unexpected = [
        (line, said) for line, said in found if not any(n == line and part in said for n, part in expected)
    ]
    assert (unsaid, unexpected) == ([], [])
    assert len(found) == len(expected)
    assert [line for line, _message in found] == sorted(line for line, _part in expected)


def test_the_exception_says_every_mistake_with_its_line() -> None:
    with pytest.raises(FormError) as caught:
        parse_form(changed('label = "Cuộc họp"\n', 'lable = "Cuộc họp"\n'), "form.toml")
    text = str(caught.value)
    assert text.startswith("The form form.toml cannot be used")
    assert "line 18: “lable” is not known here; “label” was meant?" in text
    assert "line 16: “label” is missing" in text


@pytest.mark.parametrize("code", ["q1", "hn2024", "xfd1048576", "r", "c", "rc", "r1c1", "r2", "true"])
def test_a_code_that_reads_as_a_cell_reference_is_refused(code: str) -> None:
    [(line, message)] = found_in(changed('code = "stage"', f'code = "{code}"'))
    assert (line, "cell reference" in message) == (STAGE_LINE, True)


@pytest.mark.parametrize("code", ["quarter_1", "abcd1", "rate", "count", "x_1", "a" * 32])
def test_a_code_that_only_resembles_one_is_taken(code: str) -> None:
    assert code in parse_form(changed('code = "stage"', f'code = "{code}"')).indicators


@pytest.mark.parametrize("code", ["", "Stage", "1st", "_stage", "stage-two", "giai_đoạn", "a" * 33])
def test_a_code_of_other_signs_is_refused(code: str) -> None:
    assert found_in(changed('code = "stage"', f'code = "{code}"'))[0][0] == STAGE_LINE


def test_a_column_may_have_a_code_that_an_indicator_has() -> None:
    form = parse_form(changed('code = "people"', 'code = "stories"'))
    assert form.lists[0].columns[1].code == "stories"


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ('under = ["Người dự"], under_en = ["Attendance"]', []),
        ('under = ["Người dự"]', []),
        ('under_en = ["Attendance"]', ["“under” has 0 headings and “under_en” 1; write one for each"]),
        (
            'under = ["Người dự", "Nữ"], under_en = ["Attendance"]',
            ["“under” has 2 headings and “under_en” 1; write one for each"],
        ),
    ],
)
@pytest.mark.parametrize("kind", ["lists", "tables"])
def test_english_headings_stand_for_each_heading_above_a_column(
    said: str, problem: list[str], kind: str
) -> None:
    rows = "" if kind == "lists" else 'rows = [{code = "r", label = "R"}]'
    columns = f'columns = [{{code = "c", label = "C", {said}}}]'
    text = "\n".join((FORM, f"[[{kind}]]", 'code = "more"', 'title = "Thêm"', rows, columns))
    if not problem:
        parse_form(text)
        return
    assert [message for _line, message in found_in(text)] == problem


def test_broken_toml_is_said_with_its_line() -> None:
    [(line, message)] = found_in(changed("max_words = 50", "max_words = = 50"))
    assert line == FORM.splitlines().index("max_words = 50") + 1
    assert message.startswith("what stands after = cannot be read")


def test_an_empty_file_names_what_every_form_needs() -> None:
    messages = " ".join(message for _line, message in found_in(""))
    assert all(f"“{key}” is missing" in messages for key in ("id", "title", "kinds"))
    assert "asks nothing: it needs sections, tables, lists or texts" in messages


VALUES = ["5", "-1.5", '"x"', '""', "[]", '["a"]', '[["a"]]', "[1]", "[{a = 1}]", "{a = 1}", "true", "nan",
          "2024-01-01", '"stage"', '"sum"']  # fmt: skip


@given(st.randoms(use_true_random=False))
def test_a_wrong_value_anywhere_is_a_mistake_and_not_a_crash(source: random.Random) -> None:
    lines = FORM.splitlines()
    for number in source.sample([n for n, line in enumerate(lines) if " = " in line], 3):
        lines[number] = lines[number].split(" = ")[0] + " = " + source.choice(VALUES)
    try:
        parse_form("\n".join(lines))
        problems = None
    except FormError as error:
        problems = error.problems
    assert problems is None or (problems and all(problem.line for problem in problems))


def test_the_form_says_what_its_file_says() -> None:
    form = parse_form(FORM)
    assert list(form.indicators) == ["meetings_held", "stories", "planned", "spent", "share", "stage"]
    stories, share, stage = (form.indicators[code] for code in ("stories", "share", "stage"))
    assert (stories.over_units, stories.over_time, stories.required) == ("sum", "last", True)
    assert (applies(stories, "press"), applies(stories, "district")) == (True, False)
    assert all(applies(share, kind.code) for kind in form.kinds)
    assert (share.computed, share.numeric, share.type) == (True, True, Type.PERCENT)
    assert (stage.computed, stage.numeric) == (False, False)
    assert (stage.over_units, stage.over_time) == ("none", "none")  # words are never added up
    assert [column.type for column in form.lists[0].columns] == [Type.DATE, Type.COUNT]
    assert str(form.rules[0].words) == "The rows differ from the meetings."
    assert form.rules[0].words.in_language("vi") == "Số dòng khác số cuộc."
    assert form.sections[0].name.in_language("en") == "Công việc"  # where there is no English


# The fingerprint changes when, and only when, what the form says changes.


@pytest.mark.slow
@given(st.data())
def test_comments_and_spacing_do_not_change_the_fingerprint(data: st.DataObject) -> None:
    lines = []
    for line in FORM.splitlines():
        lines += data.draw(st.sampled_from([[], [], [""], ["  # ghi chú = 1"]]))
        lines.append(data.draw(st.sampled_from([line, f"  {line}", f"{line}   # [[rules]]"])))
    end = data.draw(st.sampled_from(["\n", "\r\n"]))
    assert parse_form(end.join(lines)).fingerprint == parse_form(FORM).fingerprint


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            'type = "choice"\nchoices = ["Một", "Hai"]\n',
            'choices = [\n  "Một",\n  "Hai",\n]\ntype = "choice"\n',
        ),
        ("min = 0\n", "min = 0.0\n"),
        ('code = "stories"\n', 'code = "stories"\ntype = "count"\nrequired = true\n'),
        ('label = "Tin, bài"', "label = ' Tin, bài '"),
        ('title = "Cấp huyện"', 'title = "C\\u1EA5p huy\\u1EC7n"'),
        # What figures are compared with is not asked of anybody: workbooks that were sent out stay valid.
        ('code = "stories"\n', 'code = "stories"\ncumulative = true\n'),
        ('code = "meetings_held"\n', 'code = "meetings_held"\nper = "spent"\n'),
        # Nor is what the report says of sections and of zeros.
        ('title = "Công việc"\n', 'title = "Công việc"\nsentence = "Chi {spent.value}."\n'),
        ('code = "meetings_held"\n', 'code = "meetings_held"\nsentence_zero = "Không họp."\n'),
        ('code = "work"\n', 'code = "work"\nchart = "line"\nchart_of = "stories"\n'),  # nor are charts
        # Nor how the report groups what units write, and which quarter's of it it takes.
        ("max_words = 50", 'max_words = 50\nabout = "next_period"'),
        ("[[texts]]\n", '[[themes]]\ntitle = "Kinh phí"\nwords = ["kinh phí"]\n[[texts]]\n'),
    ],
)
def test_another_way_of_saying_the_same_does_not_change_the_fingerprint(old: str, new: str) -> None:
    assert parse_form(changed(old, new)).fingerprint == parse_form(FORM).fingerprint


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('id = "small"', 'id = "other"'),
        ('title = "Cơ quan báo chí"', 'title = "Báo chí"'),
        ('label = "Tin, bài"', 'label = "Tin bài"'),
        ('label_en = "Meetings"', 'label_en = "Briefings"'),
        ('unit_of_measure = "cuộc"', 'unit_of_measure = "buổi"'),
        ("min = 0", "min = 1"),
        ("required = false", "required = true"),
        ('applies_to = ["press"]', 'applies_to = ["press", "district"]'),
        ('over_time = "last"', 'over_time = "max"'),
        ('part_of = "planned"\n', ""),
        ('choices = ["Một", "Hai"]', 'choices = ["Hai", "Một"]'),
        ("rows = 5", "rows = 6"),
        ("max_words = 50", "max_words = 51"),
        ("rows(events) = meetings_held", "rows(events) <= meetings_held"),
        ("Tổ chức {value}", "Đã tổ chức {value}"),
        ('message = "Số dòng khác số cuộc."\n', 'message = "Số dòng khác số cuộc."\nseverity = "warning"\n'),
    ],
)
def test_every_change_of_what_is_said_changes_the_fingerprint(old: str, new: str) -> None:
    before, after = parse_form(FORM).fingerprint, parse_form(changed(old, new)).fingerprint
    assert before != after
    assert re.fullmatch(r"[0-9a-f]{12}", after)


@pytest.mark.parametrize(
    ("chart", "said"),
    [
        ('chart = "pie"', "it can be 'column', 'bar', 'line', 'none'"),
        ('chart = "bar"\nchart_of = "spent"', "“spent” is not a figure of this section"),
        ('chart_of = "stories"', "goes with the charts “bar” and “line”"),
    ],
)
def test_charts_are_checked(chart: str, said: str) -> None:
    with pytest.raises(FormError) as refused:
        parse_form(changed('code = "work"\n', f'code = "work"\n{chart}\n'))
    (problem,) = refused.value.problems
    assert said in problem.message
    assert problem.line is not None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('code = "meetings_held"\n', 'code = "meetings_held"\nper = "spend"\n', "“spent” was meant"),
        (
            'code = "meetings_held"\n',
            'code = "meetings_held"\nper = "meetings_held"\n',
            "names the figure itself",
        ),
        ('code = "share"\n', 'code = "share"\nper = "spent"\n', "are for counts, numbers and money"),
        ('code = "share"\n', 'code = "share"\ncumulative = true\n', "are for counts, numbers and money"),
        (
            'code = "meetings_held"\n',
            'code = "meetings_held"\ncumulative = true\n',
            "set over_time to “last”",
        ),
        ('code = "stories"\n', 'code = "stories"\ncumulative = "yes please"\n', "not of the right type"),
    ],
)
def test_what_figures_are_compared_with_is_checked(old: str, new: str, said: str) -> None:
    with pytest.raises(FormError) as refused:
        parse_form(changed(old, new))
    (problem,) = refused.value.problems
    assert said in problem.message
    assert problem.line is not None


def test_the_order_of_indicators_is_part_of_what_the_form_says() -> None:
    planned, spent = (re.escape(f'[[sections.indicators]]\ncode = "{c}"\n') for c in ("planned", "spent"))
    swapped = re.sub(rf"({planned}[^\[]*)({spent}[^\[]*)", r"\2\1", FORM)
    assert swapped != FORM
    assert parse_form(swapped).fingerprint != parse_form(FORM).fingerprint


# Workbooks are out that say these fingerprints; they were taken before keys were left out at their defaults.


ONE = '[[sections.indicators]]\ncode = "one"\nlabel = "Một"\n'
LISTED = """
[[lists]]
code = "events"
title = "Sự kiện"
[[lists.columns]]
code = "people"
label = "Số người"
type = "count"
min = 1
[[texts]]
code = "results"
label = "Kết quả"
[[rules]]
code = "some"
check = "rows(events) <= one"
message = "Ít."
"""


@pytest.mark.parametrize(
    ("said", "fingerprint", "reading"),
    [
        ("", "32b94ca7b593", "00b67fab2ee8"),
        ('type = "count"\nover_units = "sum"\nover_time = "sum"\n', "32b94ca7b593", "00b67fab2ee8"),
        ('type = "yes_no"\n', "57c9b4fea875", "0ae0ef4a2959"),
        ('type = "yes_no"\nover_units = "sum"\n', "57c9b4fea875", "0ae0ef4a2959"),
        ('type = "yes_no"\nover_time = "last"\n', "b2f13360bbdc", "0ae0ef4a2959"),
        ('type = "percent"\nover_units = "mean"\n', "f9792a584f9a", "38bf7b152d7a"),
        ('type = "percent"\nover_units = "mean"\nover_time = "last"\n', "0241b10806f1", "38bf7b152d7a"),
        ('type = "choice"\nchoices = ["A", "B"]\n', "834e8a9c60df", "d6ff35391c38"),
        (
            'type = "choice"\nchoices = ["A", "B"]\nover_units = "none"\nover_time = "none"\n',
            "834e8a9c60df",
            "d6ff35391c38",
        ),
        ('type = "text"\nrequired = false\n', "dbf36f934ba2", "2e1046b59aca"),
        ('cumulative = true\nover_time = "last"\nmin = 0\n', "81eb63110eaf", "c41f208cf177"),
        (
            'type = "money"\nover_time = "max"\nmax = 10.5\nguide = "x"\nsentence = "Có {value}."\n'
            'sentence_en = "There are {value}."\n',
            "48e10a5a461f",
            "284089e9f658",
        ),
        (LISTED, "0611018ac118", "abb8e411c227"),
    ],
)
def test_the_fingerprint_of_a_form_that_went_out_stays(said: str, fingerprint: str, reading: str) -> None:
    form = parse_form(BASE + ONE + said)
    assert (form.fingerprint, form.reading) == (fingerprint, reading)


def test_the_fingerprints_of_whole_forms_stay() -> None:
    kept = SAMPLE / "archive" / "forms" / "0a93be07861e.toml"
    whole, sample = parse_form(FORM), load_form(kept, kept=True)
    assert (whole.fingerprint, whole.reading) == ("f57b7c6bb5bc", "4562d11070fe")
    assert (sample.fingerprint, sample.reading) == ("0a93be07861e", "85e0464fb0c9")


def test_a_key_that_comes_later_changes_the_fingerprint_only_where_it_is_used() -> None:
    # A model is known by its name: these are the form's own, of a version with one key more.
    later = pydantic.create_model("Indicator", __base__=Indicator, colour=(str, ""))
    column = pydantic.create_model("ListColumn", __base__=ListColumn, width=(float | None, None))
    table = pydantic.create_model("Table", code=(str, ...), wide=(bool, False))
    form = pydantic.create_model("Form", __base__=Form, tables=(tuple[table, ...], ()))  # type: ignore[valid-type]
    of_now, of_then = Indicator(code="one", label="Một", min=0), later(code="one", label="Một", min=0)
    assert digest(of_then, {}) == digest(of_now, {})
    assert digest(later(code="one", label="Một", min=0, colour=""), {}) == digest(of_now, {})
    assert digest(later(code="one", label="Một", min=0, colour="red"), {}) != digest(of_now, {})
    assert digest(later(code="one", label="Một", min=0, colour="red"), {"Indicator": ["colour"]}) == digest(
        of_now, {}
    )
    assert digest(column(code="a", label="A"), {}) == digest(ListColumn(code="a", label="A"), {})
    assert digest(column(code="a", label="A", width=2), {}) != digest(ListColumn(code="a", label="A"), {})
    data = parse_form(FORM).model_dump(exclude_unset=True)
    same, more = form.model_validate(data), form.model_validate({**data, "tables": ({"code": "t"},)})
    wide = form.model_validate({**data, "tables": ({"code": "t", "wide": True},)})
    narrow = form.model_validate({**data, "tables": ({"code": "t", "wide": False},)})
    assert (same.fingerprint, same.reading) == ("f57b7c6bb5bc", "4562d11070fe")
    assert len({same.fingerprint, more.fingerprint, wide.fingerprint}) == 3
    assert narrow.fingerprint == more.fingerprint


def test_every_field_of_today_is_named_in_the_digest() -> None:
    models = (Form, UnitKind, Section, Indicator, ListSection, ListColumn, TextQuestion, Rule)
    for model in models:
        assert set(_ALWAYS[model.__name__]) <= set(model.model_fields)
    assert set(_ALWAYS) == {model.__name__ for model in models}


SHARE = 'type = "percent"\nnumerator = "held"\ndenominator = "held"\n'
HELD = '[[sections.indicators]]\ncode = "held"\nlabel = "Đã họp"\n'


@pytest.mark.parametrize(
    ("said", "over_units", "over_time"),
    [
        ('type = "percent"\nover_units = "mean"\n', "mean", "last"),
        ('type = "percent"\nover_units = "max"\nover_time = "mean"\n', "max", "mean"),
        ('type = "yes_no"\n', "sum", "last"),  # of a province: how many units said yes at last
        ('type = "yes_no"\nover_units = "sum"\nover_time = "max"\n', "sum", "max"),
        ('type = "choice"\nchoices = ["A"]\n', "none", "none"),
        ('type = "date"\n', "none", "none"),
        ('type = "number"\n', "sum", "sum"),
        (f'{SHARE}over_units = "ratio"\nover_time = "ratio"\n', "ratio", "ratio"),
        (f'{SHARE}over_units = "ratio"\nover_time = "last"\n', "ratio", "last"),
    ],
)
def test_what_is_not_said_of_adding_up_is_what_makes_sense(
    said: str, over_units: str, over_time: str
) -> None:
    one = parse_form(BASE + HELD + ONE + said).indicators["one"]
    assert (one.over_units, one.over_time) == (over_units, over_time)


@pytest.mark.parametrize(
    ("said", "line", "message"),
    [
        (
            'type = "percent"\nover_units = "mean"\nover_time = "sum"\n',
            "over_time",
            "percentages are not added up over time: leave over_time out",
        ),
        (
            'type = "percent"\n',
            "[[sections.indicators]]",
            "percentages cannot be added up: set over_units to",
        ),
        (
            'type = "percent"\nover_units = "sum"\n',
            "[[sections.indicators]]",
            "percentages cannot be added up: set over_units to",
        ),
        (
            'type = "yes_no"\nover_units = "sum"\nover_time = "sum"\n',
            "over_time",
            "a unit that says yes in two quarters counts once: leave over_time out",
        ),
        ('type = "choice"\nchoices = ["A"]\nover_time = "sum"\n', "over_time", "over_time must be “none”"),
        (f'{SHARE}over_units = "ratio"\n', "[[sections.indicators]]", "or to “last”"),
        (f'{SHARE}over_units = "ratio"\nover_time = "sum"\n', "[[sections.indicators]]", "or to “last”"),
        (f'{SHARE}over_units = "sum"\nover_time = "last"\n', "[[sections.indicators]]", "or to “last”"),
        ('over_time = "ratio"\n', "[[sections.indicators]]", "“ratio” needs “numerator”"),
    ],
)
def test_a_sum_of_what_cannot_be_added_up_is_refused(said: str, line: str, message: str) -> None:
    text = BASE + HELD + ONE + said
    [(number, found)] = found_in(text)
    assert message in found
    (expected,) = (
        n
        for n, one in enumerate(text.splitlines(), 1)
        if one.startswith(line) and n > text[: text.index(ONE)].count("\n")
    )
    assert number == expected


def test_a_form_that_an_earlier_version_took_still_reads_the_returns_of_then(tmp_path: Path) -> None:
    path = tmp_path / "kept.toml"
    path.write_text(f'{BASE}{ONE}type = "yes_no"\nover_time = "sum"\n', encoding="utf-8")
    assert load_form(path, kept=True).fingerprint == "57c9b4fea875"
    with pytest.raises(FormError):
        load_form(path)


def test_equal_forms_are_one_key_whatever_their_files_leave_out() -> None:
    unsaid, said = (
        parse_form(f'{BASE}{ONE}type = "yes_no"\n{more}') for more in ("", 'over_time = "last"\n')
    )
    assert unsaid == said
    assert len({unsaid, said}) == 1


# The file itself.


def test_a_file_with_a_byte_order_mark_is_the_same_form(tmp_path: Path) -> None:
    path = tmp_path / "form.toml"
    path.write_bytes(b"\xef\xbb\xbf" + FORM.encode())
    assert load_form(path).fingerprint == parse_form(FORM).fingerprint


def test_equal_forms_have_one_layout_and_others_their_own() -> None:
    chart = parse_form(FORM.replace('title = "Công việc"\n', 'title = "Công việc"\nchart = "bar"\n', 1))
    given = layout(parse_form(FORM), "district")
    assert given is layout(parse_form(f"{FORM}\n# a remark"), "district")
    assert chart.fingerprint == given.form.fingerprint
    assert layout(chart, "district") is not given
    assert layout(chart, "district").form is chart


def test_a_file_in_another_encoding_says_how_to_save_it(tmp_path: Path) -> None:
    path = tmp_path / "form.toml"
    path.write_bytes(FORM.encode("utf-16"))
    with pytest.raises(FormError, match="save it again with the encoding UTF-8"):
        load_form(path)


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ReportctlError, match="cannot be read") as caught:
        load_form(tmp_path / "form.toml")
    assert not isinstance(caught.value, FormError)


@pytest.mark.parametrize(
    ("added", "said"),
    [
        (
            '[[sections.indicators]]\ncode = "share"\nlabel = "x"\ntype = "percent"\n',
            "percentages cannot be added up",
        ),
        (
            '[[sections.indicators]]\ncode = "held"\nlabel = "x"\n'
            '[[lists]]\ncode = "one"\ntitle = "Số liệu"\n[[lists.columns]]\ncode = "t"\nlabel = "x"\n',
            "the sheet of this list would be named “Số liệu” like another",
        ),
        (
            '[[sections.indicators]]\ncode = "held"\nlabel = "x"\n'
            '[[kinds]]\ncode = "district"\ntitle = "Quận"\n',
            "the code “district” is there twice",
        ),
        (
            '[[sections.indicators]]\ncode = "held"\nlabel = "x"\nsentence_zero_en = "None of {x}."\n',
            "“x” is not in the form",
        ),
        (
            'sentence = "Có {value}."\n\n[[sections.indicators]]\ncode = "held"\nlabel = "x"\n',
            "write {CODE.value}",
        ),
        (
            '[[sections.indicators]]\ncode = "held"\nlabel = "x"\nsentence = "Có {valu}."\n',
            "“valu” is not in the form; “value” was meant?",
        ),
        (
            '[[sections.indicators]]\ncode = "people"\nlabel = "x"\n'
            '[[sections]]\ncode = "people"\ntitle = "x"\n'
            '[[sections.indicators]]\ncode = "held"\nlabel = "x"\n'
            '[[rules]]\ncode = "r"\ncheck = "sum(people) > 1"\nmessage = "x"\n',
            "“people” is a figure and a section; give one of them another code",
        ),
        (
            '[[sections.indicators]]\ncode = "held"\nlabel = "x"\n'
            '[[sections]]\ncode = "people"\ntitle = "x"\n'
            '[[sections.indicators]]\ncode = "named"\nlabel = "x"\ntype = "yes_no"\n'
            '[[rules]]\ncode = "r"\ncheck = "sum(people) > 1"\nmessage = "x"\n',
            "“people” has no counts, numbers or sums of money to add up",
        ),
        (
            '[[sections.indicators]]\ncode = "held"\nlabel = "x"\n'
            '[[rules]]\ncode = "r"\ncheck = "held > 1"\nmessage = "x"\ntolerance = -1\n',
            "“tolerance” is -1, beyond the limit of 0",
        ),
        (
            '[[sections.indicators]]\ncode = "held"\nlabel = "x"\n'
            '[[rules]]\ncode = "r"\ncheck = "held > 1"\nmessage = "x"\nmissing = "nought"\n',
            "it can be 'skip', 'zero', 'error'",
        ),
    ],
)
def test_mistakes_that_only_show_between_fields(added: str, said: str) -> None:
    with pytest.raises(FormError, match=re.escape(said)):
        parse_form(BASE + added)


@pytest.mark.parametrize(
    ("above", "written", "line", "meant"),
    [
        ("tables", "columns", 4, "tables.columns"),
        ("lists", "columns", 4, "lists.columns"),
        ("tables", "rows", 4, "tables.rows"),
        ("tables", "row", 4, "tables.rows"),
        ("tables", "column", 4, "tables.columns"),
        ("sections", "indicators", 4, "sections.indicators"),
        ("sections", "indicator", 4, "sections.indicators"),
    ],
)
def test_what_stands_inside_a_block_says_so_in_its_line(
    above: str, written: str, line: int, meant: str
) -> None:
    """Columns belong to tables or to lists: to what stands above them."""
    text = f'[[{above}]]\ncode = "t"\ntitle = "T"\n[[{written}]]\ncode = "a"\nlabel = "A"\n'
    with pytest.raises(FormError) as refused:
        parse_form(text)
    (problem,) = [one for one in refused.value.problems if "stands inside" in one.message]
    assert problem.line == line
    assert problem.message == f"[[{written}]] stands inside another block: write [[{meant}]]"


def test_a_block_that_no_form_has_is_named_with_its_line() -> None:
    with pytest.raises(FormError, match="line 1: “table” is not known here; “tables” was meant"):
        parse_form('[[table.rows]]\ncode = "a"\n')


def test_themes_of_texts_are_read_and_leave_returned_workbooks_as_they_are() -> None:
    theme = '[[themes]]\ntitle = "Kinh phí"\ntitle_en = "Budget"\nwords = ["kinh phí", "ngân sách"]\n'
    form = parse_form(f"{FORM}\n{theme}")
    assert [(one.name.vi, one.name.en, one.words) for one in form.themes] == [
        ("Kinh phí", "Budget", ("kinh phí", "ngân sách"))
    ]
    assert form.reading == parse_form(FORM).reading


@pytest.mark.parametrize(
    ("theme", "said"),
    [
        ('title = "Kinh phí"\n', "words"),
        ('title = "Kinh phí"\nwords = []\n', "words"),
        ('title = "Kinh phí"\nwords = ["a"]\nword = "b"\n', "“word” is not known here; “words” was meant?"),
    ],
)
def test_mistakes_in_themes_are_named(theme: str, said: str) -> None:
    with pytest.raises(ReportctlError, match=re.escape(said)):
        parse_form(f"{FORM}\n[[themes]]\n{theme}")
