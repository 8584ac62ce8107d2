"""A form edited in Excel and read back: what form.toml says then, every mistake at its cell."""

from __future__ import annotations

import datetime as dt
import functools
import io
import itertools
import tomllib
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from reportctl.adopt.form_toml import edited
from reportctl.adopt.form_workbook import workbook_of
from reportctl.adopt.from_workbook import read_form
from reportctl.core import language
from reportctl.core.errors import ReportctlError
from reportctl.form.form_file import parse_form
from tests.making.edited_form import EditedForm
from tests.making.form_texts import Data, form_data, form_of_data, toml_texts
from tests.making.programs import MAIN, RELATIONS, STRICT, STRICT_RELATIONS
from tests.making.strategies import words

pytestmark = pytest.mark.slow

FORM = """\
id = "small"
title = "Báo cáo"

[[kinds]]
code = "ward"
title = "Phường"

[[kinds]]
code = "press"
title = "Báo"

# Báo chí.
[[sections]]
code = "stories"
title = "Tin, bài"

[[sections.indicators]]
code = "issued"
label = "Tổng số"
min = 0
max = 1000   # không ai hơn
sentence = "Có {value}, trong đó {print.value}."

[[sections.indicators]]
code = "print"
label = "Báo in"
part_of = "issued"
applies_to = ["press"]

[[sections]]
code = "money"
title = "Kinh phí"

[[sections.indicators]]
code = "spent"
label = "Đã chi"
type = "money"
required = false

[[tables]]
code = "rooms"
title = "Phòng học"
unit_of_measure = "phòng"
columns = [
  { code = "all", label = "Tổng số", sum = "solid + old" },
  { code = "solid", label = "Kiên cố", under = ["Công lập", "Xây; lắp"] },
  { code = "old", label = "Tạm", unit_of_measure = "" },
  { code = "before", label = "Kỳ trước", is = "previous", of = "all" },
]
rows = [
  { code = "n1", label = "Phòng", no = "1.10" },  # cả nhà
  { caption = "Trong đó:" },
  { code = "n2", label = "Thư viện", no = "1.2", level = 2 },
]

[[lists]]
code = "events"
title = "Hội nghị"
columns = [
  { code = "name", label = "Tên" },
  { code = "kind", label = "Loại", type = "choice", choices = ["Họp", "Lớp"] },
]

[[texts]]
code = "results"
label = "Kết quả"

[[rules]]
code = "parts"
check = "print <= issued"
message = "Báo in nhiều hơn tổng số."
"""
INDICATORS, ROWS, COLUMNS = ("sections", "indicators"), ("tables", "rows"), ("tables", "columns")
Edit = Callable[[EditedForm], object]


def typing(kind: tuple[str, ...], row: int | str, **values: object) -> Edit:
    return lambda book: book.put(kind, row, **values)


@functools.cache
def made() -> bytes:
    return workbook_of(FORM)


def opened() -> EditedForm:
    return EditedForm(made())


def taken_back(book: EditedForm, text: str = FORM) -> tuple[str, tuple[str, ...]]:
    """What form.toml says after the workbook, and what was remarked."""
    read = read_form(book.saved(), "FORM.xlsx", text)
    return edited(text, read.entry), read.remarks


def mistakes(book: EditedForm, text: str = FORM) -> list[str]:
    with pytest.raises(ReportctlError) as refused:
        taken_back(book, text)
    first, *lines = str(refused.value).splitlines()
    assert "FORM.xlsx" in first
    return [line.strip() for line in lines]


@pytest.mark.parametrize("spoken", ["vi", "en"])
def test_a_workbook_that_nobody_touched_changes_nothing(spoken: str) -> None:
    language.use(spoken)
    book = EditedForm(workbook_of(FORM))
    for read_in in ("vi", "en"):  # whatever is spoken where it is read
        with language.speaking(read_in):
            assert taken_back(book) == (FORM, ())


@pytest.mark.parametrize(
    ("edit", "old", "new"),
    [
        pytest.param(
            lambda f: f.put(INDICATORS, "print", label="Báo in, tạp chí"),
            'label = "Báo in"',
            'label = "Báo in, tạp chí"',
            id="words",
        ),
        pytest.param(
            lambda f: f.put(INDICATORS, "issued", max=2000), "max = 1000 ", "max = 2000 ", id="a number"
        ),
        pytest.param(
            lambda f: f.put(INDICATORS, "issued", max=None), "max = 1000   # không ai hơn\n", "", id="nothing"
        ),
        pytest.param(
            lambda f: f.put(INDICATORS, "spent", type="number · number with decimals"),
            'type = "money"\n',
            'type = "number"\n',
            id="a word",
        ),
        pytest.param(
            lambda f: f.put(INDICATORS, "print", applies_to="press; ward"),
            '["press"]',
            '["press", "ward"]',
            id="codes",
        ),
        pytest.param(
            lambda f: f.put(INDICATORS, "spent", required="yes"),
            "required = false",
            "required = true",
            id="yes",
        ),
        pytest.param(
            lambda f: f.put(COLUMNS, "solid", under='Công lập; "Xây; lắp"; Mới'),
            '"Xây; lắp"]',
            '"Xây; lắp", "Mới"]',
            id="headings",
        ),
        pytest.param(
            lambda f: f.put(COLUMNS, "solid", unit_of_measure='""'),
            'code = "solid", label = "Kiên cố", under = ["Công lập", "Xây; lắp"]',
            'code = "solid", label = "Kiên cố", under = ["Công lập", "Xây; lắp"], unit_of_measure = ""',
            id="an empty text is not no text",
        ),
        pytest.param(
            lambda f: f.put(COLUMNS, "old", unit_of_measure=None), ', unit_of_measure = ""', "", id="no text"
        ),
        pytest.param(
            lambda f: f.put(("rules",), "parts", tolerance=0.5, severity="warning"),
            'check = "print <= issued"\nmessage = "Báo in nhiều hơn tổng số."\n',
            'check = "print <= issued"\nseverity = "warning"\nmessage = "Báo in nhiều hơn tổng số."\n'
            "tolerance = 0.5\n",
            id="several",
        ),
        pytest.param(
            lambda f: f.insert(INDICATORS, 4, section="stories", code="radio", label="Phát thanh"),
            '[[sections.indicators]]\ncode = "print"\n',
            '[[sections.indicators]]\ncode = "radio"\nlabel = "Phát thanh"\n\n'
            '[[sections.indicators]]\ncode = "print"\n',
            id="a new figure",
        ),
        pytest.param(
            lambda f: f.insert(ROWS, 4, table="rooms", caption="Gồm:"),
            "# cả nhà\n",
            '# cả nhà\n  { caption = "Gồm:" },\n',
            id="a new line between rows",
        ),
        pytest.param(
            lambda f: f.swap(ROWS, 3, 5),
            '  { code = "n1", label = "Phòng", no = "1.10" },  # cả nhà\n  { caption = "Trong đó:" },\n'
            '  { code = "n2", label = "Thư viện", no = "1.2", level = 2 },\n',
            '  { code = "n2", label = "Thư viện", no = "1.2", level = 2 },\n  { caption = "Trong đó:" },\n'
            '  { code = "n1", label = "Phòng", no = "1.10" },  # cả nhà\n',
            id="rows change places",
        ),
        pytest.param(
            lambda f: f.delete(INDICATORS, "spent") or f.delete(("sections",), "money"),
            '[[sections]]\ncode = "money"\ntitle = "Kinh phí"\n\n'
            '[[sections.indicators]]\ncode = "spent"\nlabel = "Đã chi"\ntype = "money"\nrequired = false\n\n',
            "",
            id="a section dropped",
        ),
        pytest.param(
            lambda f: f.put(ROWS, "n2", code="library"),
            '{ code = "n2", label = "Thư viện", no = "1.2", level = 2 }',
            '{ code = "library", label = "Thư viện", no = "1.2", level = 2, was = "n2" }',
            id="another code is remembered",
        ),
        pytest.param(
            lambda f: f.put(("texts",), "results", code="outcome"),
            'code = "results"',
            'code = "outcome"',
            id="what has no code before",
        ),
        pytest.param(
            lambda f: f.put(("sections",), "money", code="budget"),
            'code = "money"',
            'code = "budget"',
            id="a section's lines may still name its old code",
        ),
        pytest.param(
            lambda f: f.put(COLUMNS, "before", of="solid"),
            'is = "previous", of = "all" }',
            'is = "previous", of = "solid" }',
            id="the column that one is of",
        ),
        pytest.param(
            lambda f: f.put((), 3, title="Báo cáo quý", title_en="Report"),
            'title = "Báo cáo"\n',
            'title = "Báo cáo quý"\ntitle_en = "Report"\n',
            id="the form's own",
        ),
        pytest.param(
            lambda f: (
                f.sheet(("rules",)).delete_cols(f.column(("rules",), "message"))
                or f.book.remove(f.sheet(("lists",)))
            ),
            "\n",
            "\n",
            id="a column or a sheet that is gone changes nothing",
        ),
        pytest.param(
            lambda f: f.sheet(INDICATORS).insert_rows(1) or f.sheet(ROWS).insert_cols(2),
            "\n",
            "\n",
            id="moved as a whole",
        ),
        pytest.param(
            lambda f: f.sheet(INDICATORS).delete_rows(2) or f.sheet(ROWS).delete_cols(1),
            "\n",
            "\n",
            id="keys or origins gone",
        ),
        pytest.param(
            lambda f: setattr(f.sheet(INDICATORS), "title", "Số liệu"),
            "\n",
            "\n",
            id="a sheet of another name",
        ),
        pytest.param(
            lambda f: f.book.create_sheet("Nháp", 0).append(["gì đó"]), "\n", "\n", id="sheets of one's own"
        ),
    ],
)
def test_what_is_edited_is_what_changes(edit: Edit, old: str, new: str) -> None:
    book = opened()
    edit(book)
    text, remarks = taken_back(book)
    assert old == new or FORM.count(old) == 1
    assert text == FORM.replace(old, new)
    assert remarks == ()
    parse_form(text)


@pytest.mark.parametrize(
    ("edit", "cell", "typed", "taken", "old", "new"),
    [
        (typing(INDICATORS, "issued", max="2000"), "Indicators!N3", "2000", "2000", "1000 ", "2000 "),
        (
            typing(INDICATORS, "issued", max="1 500,5"),
            "Indicators!N3",
            "1 500,5",
            "1500.5",
            "1000 ",
            "1500.5 ",
        ),
        (
            typing(("texts",), "results", max_words="1.000"),
            "Texts!G3",
            "1.000",
            "1000",
            'label = "Kết quả"\n',
            'label = "Kết quả"\nmax_words = 1000\n',
        ),
        (typing(INDICATORS, "spent", label="Đã chi  "), "Indicators!D5", "Đã chi  ", "Đã chi", "", ""),
        (
            typing(INDICATORS, "spent", label="Chi\u200b"),
            "Indicators!D5",
            "Chi\u200b",
            "Chi",
            '"Đã chi"',
            '"Chi"',
        ),
        (typing(INDICATORS, "print", code="Print"), "Indicators!C4", "Print", "print", "", ""),
        (typing(INDICATORS, "print", part_of="“issued”"), "Indicators!P4", "“issued”", "issued", "", ""),
        (typing(INDICATORS, "print", applies_to="Press"), "Indicators!L4", "Press", "press", "", ""),
        (typing(ROWS, "n1", no=1.1), "Rows of tables!D3", "1.1", "1.10", "", ""),
        (typing(ROWS, "n2", no=dt.datetime(2024, 2, 1)), "Rows of tables!D5", "01/02/2024", "1.2", "", ""),
        (typing(ROWS, "n2", no=3), "Rows of tables!D5", "3", "3", '"1.2"', '"3"'),
        (typing(INDICATORS, "spent", label=True), "Indicators!D5", "TRUE", "TRUE", '"Đã chi"', '"TRUE"'),
        (
            typing(("rules",), "parts", check="Print ≤ issued"),
            "Rules!C3",
            "Print ≤ issued",
            "print <= issued",
            "",
            "",
        ),
        (
            typing(COLUMNS, "all", sum="=solid+old"),
            "Columns of tables!M3",
            "=solid+old",
            "solid+old",
            "solid + old",
            "solid+old",
        ),
        (
            typing(COLUMNS, "all", sum="solid – old"),
            "Columns of tables!M3",
            "solid – old",
            "solid - old",
            "solid + old",
            "solid - old",
        ),
        (
            typing(INDICATORS, "spent", type="percentage", over_units="mean"),
            "Indicators!F5",
            "percentage",
            "percent",
            'type = "money"\n',
            'type = "percent"\nover_units = "mean"\n',
        ),
    ],
)
def test_what_excel_makes_of_things_is_taken_back_and_said(
    edit: Edit, cell: str, typed: str, taken: str, old: str, new: str
) -> None:
    book = opened()
    edit(book)
    text, remarks = taken_back(book)
    assert remarks == (f"{cell}: “{typed}” is read as “{taken}”",)
    assert not old or FORM.count(old) == 1
    assert text == (FORM.replace(old, new) if old else FORM)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (True, True),
        (False, False),
        ("Có", True),
        ("không", False),
        ("TRUE", True),
        ("x", True),
        (1, True),
        (0, False),
    ],
)
def test_yes_and_no_as_they_are_typed(value: object, said: bool) -> None:
    book = opened()
    book.put(("texts",), "results", required=value)
    text, remarks = taken_back(book)
    assert tomllib.loads(text)["texts"][0]["required"] is said
    assert remarks == ()


def test_every_mistake_is_named_with_its_cell_in_one_pass() -> None:
    book = opened()
    book.put((), 3, id="Tên dài")
    book.put(("kinds",), "press", title=None)
    book.put(INDICATORS, "issued", max="nhiều", type="cuont", part_of="nothing", required="chắc")
    book.put(INDICATORS, 5, section="monney", code="2b", sentence="{chi.value}")
    book.put(ROWS, 5, table=None, level=12)
    book.put(COLUMNS, "all", sum="solid + oldd")
    book.put(("lists", "columns"), "kind", choices=None)
    book.put(("rules",), "parts", check="print <= ")
    book.put(("texts",), "results", label="=A1", max_words="#REF!")
    book.cell(("texts",), "results", "max_words").data_type = "e"
    said = mistakes(book)
    assert [line.split(": ")[0] for line in said] == [
        "Form!B3",
        "Kinds of units!C4",
        "Indicators!F3", "Indicators!K3", "Indicators!N3", "Indicators!P3",
        "Indicators!B5", "Indicators!C5", "Indicators!W5",
        "Rows of tables!B5", "Rows of tables!I5",
        "Columns of tables!M3",
        "Columns of lists!C4",
        "Texts!C3", "Texts!G3",
        "Rules!C3",
    ]  # fmt: skip


def test_what_has_nothing_in_it_is_named() -> None:
    book = opened()
    book.delete(INDICATORS, "spent")
    for _line in range(3):
        book.delete(ROWS, 3)
    book.delete(("lists", "columns"), "name")
    book.delete(("lists", "columns"), "kind")
    assert mistakes(book) == [
        "Sections!B4: nothing stands in it: the sheet “Indicators” has no line for it",
        "Tables!B3: nothing stands in it: the sheet “Rows of tables” has no line for it",
        "Lists!B3: nothing stands in it: the sheet “Columns of lists” has no line for it",
    ]


def test_mistakes_in_vietnamese() -> None:
    language.use("vi")
    book = EditedForm(workbook_of(FORM))
    book.put(INDICATORS, "issued", part_of="prit", max="chục")
    assert mistakes(book) == [
        "Chỉ tiêu!N3: không đọc được “chục” thành số; chỉ gõ chữ số, không chấm phẩy giữa các hàng nghìn",
        "Chỉ tiêu!P3: biểu mẫu không có “prit”; có phải là “print”?",
    ]


def test_a_code_that_changes_is_missed_wherever_it_is_named() -> None:
    book = opened()
    book.put(INDICATORS, "print", code="printed")
    said = mistakes(book)
    assert said == [
        "Indicators!W3: “print.value” is not in the form; “printed.value” was meant?",
        "Rules!C3: “print” is not in the form; “printed” was meant?",
    ]
    book.put(INDICATORS, "issued", sentence="Có {value}, trong đó {printed.value}.")
    book.put(("rules",), "parts", check="printed <= issued")
    text, remarks = taken_back(book)
    assert remarks == ()
    assert text == FORM.replace('"print"', '"printed"').replace("{print.", "{printed.").replace(
        "print <=", "printed <="
    ).replace('applies_to = ["press"]\n', 'applies_to = ["press"]\nwas = "print"\n')
    # Read once more, it says the same, though the workbook does not have the code before.
    assert taken_back(book, text) == (text, ())
    # Changed once more, the code is that of the form as it is now.
    book.put(INDICATORS, "printed", code="on_paper")
    book.put(INDICATORS, "issued", sentence="Có {value}, trong đó {on_paper.value}.")
    book.put(("rules",), "parts", check="on_paper <= issued")
    again, _remarks = taken_back(book, text)
    assert parse_form(again).renamed == {"printed": "on_paper"}


def test_a_code_before_that_two_have_is_named_where_the_code_was_changed() -> None:
    book = opened()
    book.put(INDICATORS, "issued", was="print", sentence=None)
    book.put(INDICATORS, "print", code="printed")
    book.put(("rules",), "parts", check="printed <= issued")
    assert mistakes(book) == ["Indicators!C4: two figures cannot both have been “print”"]


def test_a_copied_line_is_a_new_figure_and_the_old_one_stays() -> None:
    book = opened()
    sheet = book.sheet(INDICATORS)
    sheet.insert_rows(5)
    for column in range(1, sheet.max_column + 1):  # the hidden cell is copied too
        sheet.cell(5, column).value = sheet.cell(4, column).value
    book.put(INDICATORS, 5, code="radio", label="Phát thanh")
    text, _remarks = taken_back(book)
    form = parse_form(text)
    assert list(form.indicators)[:4] == ["issued", "print", "radio", "spent"]
    assert form.renamed == {}
    assert form.indicators["radio"].part_of == "issued"
    assert 'code = "print"\nlabel = "Báo in"\n' in text


def test_lines_sorted_without_their_hidden_cells_are_who_they_say() -> None:
    book = opened()
    sheet = book.sheet(INDICATORS)
    for first, second in ((3, 4),):
        for column in range(2, sheet.max_column + 1):
            one, other = sheet.cell(first, column), sheet.cell(second, column)
            one.value, other.value = other.value, one.value
    text, _remarks = taken_back(book)
    assert list(parse_form(text).indicators)[:3] == ["print", "issued", "spent"]
    assert parse_form(text).renamed == {}
    assert "max = 1000   # không ai hơn\n" in text


def test_a_figure_goes_to_another_section() -> None:
    book = opened()
    book.put(INDICATORS, "print", section="money")
    text, _remarks = taken_back(book)
    moved = '[[sections.indicators]]\ncode = "print"\nlabel = "Báo in"\npart_of = "issued"\n'
    moved += 'applies_to = ["press"]\n\n'
    assert FORM.count(moved) == 1
    money = '[[sections.indicators]]\ncode = "spent"\n'
    assert text == FORM.replace(moved, "").replace(money, moved + money)


def test_what_was_changed_in_form_toml_meanwhile_and_is_in_no_cell_stays() -> None:
    """The workbook goes, but for keys and sheets that it does not have; comments are form.toml's."""
    newer = FORM.replace("# Báo chí.", "# Báo chí và mạng.").replace('title = "Kinh phí"', 'title = "Tiền"')
    text, _remarks = taken_back(opened(), newer)
    assert text == FORM.replace("# Báo chí.", "# Báo chí và mạng.")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda _data: b"", "FORM.xlsx cannot be read: "),
        (lambda _data: b"code;label\n", "and save it as an Excel workbook (.xlsx)"),
        (lambda data: data[: len(data) // 2], "FORM.xlsx cannot be read: "),
        (
            lambda _data: saved(openpyxl.Workbook()),
            "is no form to edit. Make one with: reportctl form --to-workbook",
        ),
        (lambda data: without(data, "xl/styles.xml"), "FORM.xlsx cannot be read"),
        (
            lambda data: in_strict_form(data),
            "FORM.xlsx cannot be read: it is not saved as an Excel workbook of today (.xlsx). Open it in",
        ),
        (
            lambda data: altered(data, lambda f: f.book.copy_worksheet(f.sheet(INDICATORS))),
            "hold the same. Delete one",
        ),
        (
            lambda data: altered(
                data, lambda f: f.sheet(INDICATORS).delete_rows(2) or f.sheet(INDICATORS).delete_rows(1)
            ),
            "“Indicators” has lost the line with the names of its columns",
        ),
    ],
)
def test_what_is_no_such_workbook_is_refused(spoil: Callable[[bytes], bytes], said: str) -> None:
    with pytest.raises(ReportctlError) as refused:
        read_form(spoil(made()), "FORM.xlsx", FORM)
    assert said in str(refused.value)


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def altered(data: bytes, edit: Edit) -> bytes:
    book = EditedForm(data)
    edit(book)
    return book.saved()


def repacked(data: bytes, content: Callable[[str, bytes], bytes | None]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(out, "w") as kept:
        for name in given.namelist():
            if (part := content(name, given.read(name))) is not None:
                kept.writestr(name, part)
    return out.getvalue()


def without(data: bytes, part: str) -> bytes:
    return repacked(data, lambda name, content: None if name == part else content)


def in_strict_form(data: bytes) -> bytes:
    return repacked(
        data,
        lambda _name, content: content.replace(MAIN.encode(), STRICT.encode()).replace(
            RELATIONS.encode(), STRICT_RELATIONS.encode()
        ),
    )


@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_form_comes_back_letter_for_letter(data: st.DataObject) -> None:
    text = data.draw(toml_texts(data.draw(form_data())))
    read = read_form(workbook_of(text), "FORM.xlsx", text)
    assert read.remarks == ()
    assert edited(text, read.entry) == text


@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_edited_in_cells_it_says_what_it_would_edited_by_hand(data: st.DataObject) -> None:
    said = data.draw(form_data())
    text = data.draw(toml_texts(said))
    book = EditedForm(workbook_of(text))
    for _ in range(data.draw(st.integers(1, 3))):
        data.draw(_random_edit(said, book))
    assume(form_of_data(said))
    after = edited(text, read_form(book.saved(), "FORM.xlsx", text).entry)
    assert without_unsaid(tomllib.loads(after)) == without_unsaid(said)


def without_unsaid(said: Data) -> Data:
    return {key: value for key, value in said.items() if value != []}


_fresh = itertools.count()


@st.composite
def _random_edit(draw: st.DrawFn, said: Data, book: EditedForm) -> None:
    """One change, made in the data as a hand would make it in form.toml and in the cells of the workbook."""
    kind = draw(st.sampled_from([k for k in (INDICATORS, ROWS, ("texts",), ("rules",)) if said.get(k[0])]))
    inside = draw(st.sampled_from(said[kind[0]])) if len(kind) > 1 else None
    things: list[Data] = inside[kind[1]] if inside else said[kind[0]]
    start = (
        3
        + sum(len(one[kind[1]]) for one in itertools.takewhile(lambda one: one is not inside, said[kind[0]]))
        if inside
        else 3
    )
    number = draw(st.integers(0, len(things) - 1))
    thing, row = things[number], start + number
    match draw(st.sampled_from(["words", "nothing", "yes", "drop", "add", "swap"])):
        case "words":
            key = next(key for key in ("label", "message", "caption") if key in thing)
            thing[key] = draw(words)
            _type(book, kind, row, key, thing[key])
        case "nothing":
            for key in ("guide", "unit_of_measure", "level", "max_words", "message_en"):
                if thing.pop(key, None) is not None:
                    book.put(kind, row, **{key: None})
        case "yes" if kind in (INDICATORS, ("texts",)):
            thing["required"] = not thing.get("required", kind == INDICATORS)
            book.put(kind, row, required="yes" if thing["required"] else "no")
        case "drop" if len(things) > 1:
            del things[number]
            book.delete(kind, row)
        case "add" if kind in (INDICATORS, ROWS, ("texts",)):
            new = {"code": f"new_{next(_fresh)}", "label": draw(words)}
            things.insert(number, new)
            parent = {kind[0][:-1]: inside["code"]} if inside else {}
            book.insert(kind, row, code=new["code"], **parent)
            _type(book, kind, row, "label", new["label"])
        case "swap" if number + 1 < len(things):
            things[number], things[number + 1] = things[number + 1], things[number]
            book.swap(kind, row, row + 1)


def _type(book: EditedForm, kind: tuple[str, ...], row: int, key: str, text: Any) -> None:
    """Type a text into a cell that holds texts."""
    cell = book.cell(kind, row, key)
    cell.value = text
    cell.data_type = "s"
