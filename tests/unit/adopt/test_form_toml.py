"""form.toml with something changed in it: all else stays letter for letter."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportctl.adopt.form_keys import BELOW, keys
from reportctl.adopt.form_toml import Entry, data_of, edited, entry_of
from reportctl.core.toml import Keys
from tests.making.form_texts import form_data, toml_texts

FORM = '''\
# Biểu mẫu của tỉnh.
id = "small"   # không đổi
title = "Cũ"

[[kinds]]
code = "ward"
title = "Phường"

# ----------
# 1. BÁO CHÍ

[[sections]]
code = "press"
title = "Báo chí"

# Tổng của các loại.
[[sections.indicators]]
code = "total"
label = 'Tin, "bài"'
min = 0
# max = 10: đã bỏ

[[sections.indicators]]
code = "print"
label = "Báo in"
part_of = "total"     # trong đó

# ----------
# 2. BẢNG

[[tables]]
code = "rooms"
title = "Phòng"
columns = [
  { code = "solid", label = "Kiên cố" },   # xây
  { code = "old",   label = "Tạm" }
]
rows = [
  # Khối mầm non
  { code = "n1", label = "Phòng học" },
  { caption = "Trong đó:" },  # không hỏi
  # Khối tiểu học
  { code = "n2", label = "Thư viện", unit_of_measure = "phòng", level = 2 },
]

[[texts]]
code = "results"
label = """
Kết quả
trong kỳ"""
applies_to = ["ward", "press"]
'''


def form() -> Entry:
    return entry_of(tomllib.loads(FORM))


def at(entry: Entry, path: Keys, change: Callable[[Entry], Entry]) -> Entry:
    """`entry` with what stands at `path` changed."""
    if not path:
        return change(entry)
    name, number, *rest = path
    entries = list(entry.below[str(name)])
    entries[int(number)] = at(entries[int(number)], tuple(rest), change)
    return replace(entry, below={**entry.below, name: tuple(entries)})


def says(**values: Any) -> Callable[[Entry], Entry]:
    """Other values; None takes one away."""

    def change(entry: Entry) -> Entry:
        return replace(entry, values={k: v for k, v in {**entry.values, **values}.items() if v is not None})

    return change


def holds(name: str, order: Callable[[list[Entry]], list[Entry]]) -> Callable[[Entry], Entry]:
    """Other tables below."""
    return lambda entry: replace(
        entry, below={**entry.below, name: tuple(order(list(entry.below.get(name, ()))))}
    )


INDICATORS, ROWS = ("sections", 0, "indicators"), ("tables", 0, "rows")
NEW = Entry({"code": "radio", "label": "Phát thanh"})
TITLED = Entry({"code": "radio", "title": "Phát thanh"})
RULE = Entry({"code": "radio", "check": "total > 0"})


@pytest.mark.parametrize(
    ("path", "change", "old", "new"),
    [
        pytest.param((), says(title="Mới"), 'title = "Cũ"', 'title = "Mới"', id="a value"),
        pytest.param((), says(id="x"), 'id = "small"   #', 'id = "x"   #', id="a value before a comment"),
        pytest.param(
            (), says(title_en="New"), 'title = "Cũ"\n', 'title = "Cũ"\ntitle_en = "New"\n', id="at the top"
        ),
        pytest.param((*INDICATORS, 0), says(min=2.5), "min = 0\n", "min = 2.5\n", id="a number"),
        pytest.param(
            (*INDICATORS, 0),
            says(label='Tin "mới"\\'),
            "label = 'Tin, \"bài\"'",
            r'label = "Tin \"mới\"\\"',
            id="a text in other quotes",
        ),
        pytest.param((*INDICATORS, 0), says(min=None), "min = 0\n", "", id="a value dropped"),
        pytest.param(
            (*INDICATORS, 0),
            says(required=False, over_time="last"),
            '"bài"\'\nmin = 0\n',
            '"bài"\'\nover_time = "last"\nrequired = false\nmin = 0\n',
            id="values added in the usual order",
        ),
        pytest.param(
            (*INDICATORS, 1),
            says(part_of=None),
            'part_of = "total"     # trong đó\n',
            "",
            id="with its comment",
        ),
        pytest.param(
            ("texts", 0), says(applies_to=["press"]), '["ward", "press"]', '["press"]', id="an item dropped"
        ),
        pytest.param(
            ("texts", 0),
            says(applies_to=["ward", "x", "press"]),
            '"ward", "press"',
            '"ward", "x", "press"',
            id="an item",
        ),
        pytest.param(
            ("texts", 0),
            says(label='Kết "quả"\ntrong kỳ'),
            "Kết quả\n",
            'Kết \\"quả\\"\n',
            id="a text of several lines",
        ),
        pytest.param(
            ("texts", 0), says(label="Lời"), '"""\nKết quả\ntrong kỳ"""', '"Lời"', id="on one line again"
        ),
        pytest.param((*ROWS, 2), says(level=3), "level = 2", "level = 3", id="in braces"),
        pytest.param(
            (*ROWS, 2),
            says(unit_of_measure=None, no="2"),
            'code = "n2", label = "Thư viện", unit_of_measure = "phòng", level',
            'code = "n2", no = "2", label = "Thư viện", level',
            id="keys in braces",
        ),
        pytest.param((*ROWS, 2), says(level=None), ", level = 2 }", " }", id="the last key in braces"),
        pytest.param(
            ("tables", 0, "columns", 1),
            says(code=None, no="1"),
            'code = "old",   label',
            'no = "1", label',
            id="the first",
        ),
        pytest.param(
            ("tables", 0),
            holds("columns", lambda c: [*c, NEW]),
            '"Tạm" }\n',
            '"Tạm" },\n  { code = "radio", label = "Phát thanh" }\n',
            id="a line at the end without a comma",
        ),
        pytest.param(
            ("tables", 0),
            holds("columns", lambda c: [c[1], c[0]]),
            '  { code = "solid", label = "Kiên cố" },   # xây\n  { code = "old",   label = "Tạm" }\n',
            '  { code = "old",   label = "Tạm" },\n  { code = "solid", label = "Kiên cố" }   # xây\n',
            id="lines change places with their comments",
        ),
        pytest.param(
            ("tables", 0),
            holds("rows", lambda r: [r[0], NEW, *r[1:]]),
            '"Phòng học" },\n',
            '"Phòng học" },\n  { code = "radio", label = "Phát thanh" },\n',
            id="a line between",
        ),
        pytest.param(
            ("tables", 0),
            holds("rows", lambda r: r[1:]),
            '  { code = "n1", label = "Phòng học" },\n',
            "",
            id="a line dropped, the comment above it stays",
        ),
        pytest.param(
            ("tables", 0),
            holds("rows", lambda r: r[:1]),
            '  { caption = "Trong đó:" },  # không hỏi\n  # Khối tiểu học\n'
            '  { code = "n2", label = "Thư viện", unit_of_measure = "phòng", level = 2 },\n',
            "  # Khối tiểu học\n",
            id="a comment on the line goes with it",
        ),
        pytest.param(
            INDICATORS[:2],
            holds("indicators", lambda i: i[1:]),
            '# Tổng của các loại.\n[[sections.indicators]]\ncode = "total"\nlabel = \'Tin, "bài"\'\nmin = 0\n'
            "# max = 10: đã bỏ\n\n",
            "",
            id="a block dropped with its comments",
        ),
        pytest.param(
            INDICATORS[:2],
            holds("indicators", lambda i: i[:1]),
            '[[sections.indicators]]\ncode = "print"\nlabel = "Báo in"\npart_of = "total"     # trong đó\n\n',
            "",
            id="the last block of a section",
        ),
        pytest.param(
            INDICATORS[:2],
            holds("indicators", lambda i: [i[0], NEW, i[1]]),
            "# max = 10: đã bỏ\n\n",
            '# max = 10: đã bỏ\n\n[[sections.indicators]]\ncode = "radio"\nlabel = "Phát thanh"\n\n',
            id="a block between",
        ),
        pytest.param(
            INDICATORS[:2],
            holds("indicators", lambda i: [NEW, *i]),
            "# Tổng của các loại.\n",
            '[[sections.indicators]]\ncode = "radio"\nlabel = "Phát thanh"\n\n# Tổng của các loại.\n',
            id="a first block, before the comment of the next",
        ),
        pytest.param(
            (),
            holds("sections", lambda s: [*s, replace(TITLED, below={"indicators": (NEW,)})]),
            "# ----------\n# 2. BẢNG\n",
            '[[sections]]\ncode = "radio"\ntitle = "Phát thanh"\n\n'
            '[[sections.indicators]]\ncode = "radio"\nlabel = "Phát thanh"\n\n# ----------\n# 2. BẢNG\n',
            id="a section, before what heads the next part",
        ),
        pytest.param(
            (),
            holds("kinds", lambda k: [*k, TITLED]),
            'title = "Phường"\n',
            'title = "Phường"\n\n[[kinds]]\ncode = "radio"\ntitle = "Phát thanh"\n',
            id="a kind",
        ),
        pytest.param(
            (),
            holds("lists", lambda _: [replace(TITLED, below={"columns": (NEW,)})]),
            "\n[[texts]]\n",
            '\n[[lists]]\ncode = "radio"\ntitle = "Phát thanh"\n\n'
            '[[lists.columns]]\ncode = "radio"\nlabel = "Phát thanh"\n\n[[texts]]\n',
            id="a first list stands after the tables",
        ),
        pytest.param(
            (),
            holds("rules", lambda _: [RULE]),
            'applies_to = ["ward", "press"]\n',
            'applies_to = ["ward", "press"]\n\n[[rules]]\ncode = "radio"\ncheck = "total > 0"\n',
            id="a first rule stands at the end",
        ),
        pytest.param(
            (),
            holds("texts", lambda _: []),
            '\n[[texts]]\ncode = "results"\nlabel = """\nKết quả\ntrong kỳ"""\n'
            'applies_to = ["ward", "press"]\n',
            "",
            id="the last of its kind at the end of the file",
        ),
        pytest.param(
            (),
            holds("tables", lambda t: [*t, replace(TITLED, below={"columns": (NEW,), "rows": (NEW, NEW)})]),
            "\n[[texts]]\n",
            '\n[[tables]]\ncode = "radio"\ntitle = "Phát thanh"\n'
            'columns = [\n  { code = "radio", label = "Phát thanh" },\n]\n'
            'rows = [\n  { code = "radio", label = "Phát thanh" },\n'
            '  { code = "radio", label = "Phát thanh" },\n]\n'
            "\n[[texts]]\n",
            id="a table has its lines in braces",
        ),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_only_what_changes_is_touched(
    path: Keys, change: Callable[[Entry], Entry], old: str, new: str, newline: str
) -> None:
    assert FORM.count(old) == 1
    wanted = FORM.replace(old, new).replace("\n", newline)
    assert edited(FORM.replace("\n", newline), at(form(), path, change)) == wanted


SECTIONS = """\
id = "x"

# MỤC 1

[[sections]]
code = "one"

# của a
[[sections.indicators]]
code="a"   # a

# nhóm

[[sections.indicators]]
code = "b"

# MỤC 2

[[sections]]
code = "two"

[[sections.indicators]]
code = "c\""""


def test_a_figure_moves_to_another_section_as_it_is_written() -> None:
    entry = entry_of(tomllib.loads(SECTIONS))
    first, second = entry.below["sections"]
    a, b = first.below["indicators"]
    sections = (
        replace(first, below={"indicators": (b,)}),
        replace(second, below={"indicators": (*second.below["indicators"], a)}),
    )
    written = '# của a\n[[sections.indicators]]\ncode="a"   # a\n'
    assert SECTIONS.count(written) == 1
    assert edited(SECTIONS, replace(entry, below={"sections": sections})) == (
        SECTIONS.replace(f"{written}\n", "") + f"\n\n{written}"
    )


def test_a_section_moves_with_all_that_is_in_it_and_what_heads_a_part_stays() -> None:
    entry = entry_of(tomllib.loads(SECTIONS))
    one, two = entry.below["sections"]
    head, first = SECTIONS.split('[[sections]]\ncode = "one"\n')
    first, last = first.split("# MỤC 2\n\n")
    assert edited(SECTIONS, replace(entry, below={"sections": (two, one)})) == (
        f'{head}{last}\n\n[[sections]]\ncode = "one"\n{first}# MỤC 2\n\n'
    )


@pytest.mark.parametrize(
    ("text", "order", "wanted"),
    [
        ("[1, 2, 3]", [3, 1], "[3, 1]"),
        ("[ 1, 2 ]", [2], "[ 2 ]"),
        ("[1]", [], "[]"),
        ("[]", [1, 2], "[1, 2]"),
        ("[\n  1, # một\n  2\n]", [2, 1], "[\n  2,\n  1 # một\n]"),
        ("[\n  1, # một\n  2, # hai\n]", [1], "[\n  1, # một\n]"),
        ("[ 1, # một\n  2]", [1], "[ 1 # một\n]"),
        ("[ # đầu\n  1,\n  # hai\n  2,\n  # cuối\n]", [5, 2], "[\n  5, # đầu\n  # hai\n  2,\n  # cuối\n]"),
        ("[\n  1\n  , 2\n]", [1, 2, 3], "[\n  1\n  , 2,\n  3\n]"),
    ],
)
def test_arrays_keep_their_look(text: str, order: list[int], wanted: str) -> None:
    changed = edited(f"id = {text} # x\n", Entry({"id": order}, {}, ()))
    assert tomllib.loads(changed) == {"id": order}
    assert changed == f"id = {wanted} # x\n"


@pytest.mark.slow
@settings(max_examples=25)
@given(st.data())
def test_a_form_that_says_the_same_is_the_same(data: st.DataObject) -> None:
    text = data.draw(toml_texts(data.draw(form_data())))
    assert edited(text, entry_of(tomllib.loads(text))) == text


@st.composite
def changed_forms(draw: st.DrawFn, entry: Entry, kind: tuple[str, ...] = ()) -> Entry:
    """A form after any number of changes of any kind; it need not be one without mistakes."""
    values = dict(entry.values)
    for key in draw(st.lists(st.sampled_from(sorted(values)), max_size=1)):
        values[key] = draw(st.sampled_from(["mới", 'có "ngoặc"', "hai\ndòng", 7, 0.5, True, ["a", "b"], []]))
    if len(values) > 1 and draw(st.integers(0, 3)) == 0:
        del values[draw(st.sampled_from(sorted(values)))]
    if draw(st.integers(0, 3)) == 0:
        values[draw(st.sampled_from([key for key in keys(kind) if key not in BELOW[kind]]))] = "thêm"
    below = {}
    for name in BELOW[kind]:
        entries = [draw(changed_forms(one, (*kind, name))) for one in entry.below.get(name, ())]
        if draw(st.integers(0, 3)) == 0:
            entries = list(draw(st.permutations(entries)))
        if entries and draw(st.integers(0, 3)) == 0:
            entries.pop(draw(st.integers(0, len(entries) - 1)))
        if draw(st.integers(0, 3)) == 0:
            inside = dict.fromkeys(BELOW[*kind, name], (NEW,))
            first = next(key for key in keys((*kind, name)) if key in ("code", "title"))
            entries.insert(draw(st.integers(0, len(entries))), Entry({first: "new"}, inside))
        if entries:
            below[name] = tuple(entries)
    if kind == ():  # figures go from one section to another
        sections = [list(one.below.get("indicators", ())) for one in below.get("sections", ())]
        if len(sections) > 1 and sections[0] and draw(st.booleans()):
            sections[-1].insert(0, sections[0].pop())
            below["sections"] = tuple(
                replace(one, below={"indicators": tuple(i)})
                for one, i in zip(below["sections"], sections, strict=True)
            )
    return replace(entry, values=values, below=below)


def without_empty(said: dict[str, Any], kind: tuple[str, ...] = ()) -> dict[str, Any]:
    """What a file says, without arrays of tables that have none; other values may be empty arrays."""
    found = {}
    for key, value in said.items():
        if key in BELOW[kind] and isinstance(value, list):
            value = [without_empty(each, (*kind, key)) for each in value]
            if not value:
                continue
        found[key] = value
    return found


@pytest.mark.slow
@settings(max_examples=25)
@given(st.data())
def test_whatever_is_changed_is_what_the_file_says_then(data: st.DataObject) -> None:
    text = data.draw(toml_texts(data.draw(form_data())))
    wanted = data.draw(changed_forms(entry_of(tomllib.loads(text))))
    said = tomllib.loads(edited(text, wanted))
    assert without_empty(said) == data_of(wanted)
