"""Earlier figures that units type over in the columns that the program fills in, by command."""

from __future__ import annotations

import io
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from reportctl.form.form_file import parse_form
from reportctl.form.layout import META, PREVIOUS_COLUMN, layout
from tests.making.commands import Said, begin, run
from tests.making.own_workbook import ANSWERS, MATRIX, filled, own_office
from tests.making.own_workbook import FORM as OWN_FORM

pytestmark = pytest.mark.slow

FORM = """
id = "pay"
title = "Thanh toán"
kinds = [{code = "bank", title = "Ngân hàng"}]

[[sections]]
code = "work"
title = "Công tác"
[[sections.indicators]]
code = "meetings"
label = "Cuộc họp"
[[sections.indicators]]
code = "attended"
label = "Người dự"

[[tables]]
code = "pay"
title = "Thanh toán"
columns = [
  { code = "now", label = "Kỳ này" },
  { code = "before", label = "Kỳ trước", is = "previous" },
  { code = "ago", label = "Cùng kỳ", is = "year_ago" },
  { code = "so_far", label = "Lũy kế", is = "to_date" },
  { code = "goal", label = "Kế hoạch", is = "plan" },
]
rows = [
  { code = "items", label = "Số món" },
  { code = "worth", label = "Giá trị", type = "money", unit_of_measure = "tỷ đồng" },
  { code = "rate", label = "Tỷ lệ", type = "percent", over_units = "mean" },
  { code = "open", label = "Có mở cửa", type = "yes_no", over_units = "sum" },
]
"""
ROWS = ("items", "worth", "rate", "open")
EARLIER = {"2023-Q2": (30, 1.5, "12,5%", "Có"), "2024-Q1": (40, 19.83, "52,5%", "Không")}
NOW: Mapping[str, Any] = {"items": 60, "worth": 21.25, "rate": 0.5, "open": "Có"}
UNITS = ("001", "002", "003")


class PayOffice:
    """An office whose workbooks for the second quarter are sent out, with figures of two quarters before if
    these are `known`."""

    def __init__(self, root: Path, *, known: bool = True) -> None:
        self.root = root
        begin(root, "2024-Q2")
        (root / "form.toml").write_text(FORM, encoding="utf-8")
        units = "".join(f"{code},Ngân hàng {code},bank\n" for code in UNITS)
        (root / "units.csv").write_text(f"code,name,kind\n{units}", encoding="utf-8")
        plan = "".join(f"{code},pay.items.now,2024,500\n" for code in UNITS)
        (root / "plan.csv").write_text(f"unit,indicator,year,value\n{plan}", encoding="utf-8")
        lines = [
            f"{code},pay.{row}.now,{quarter},{str(value).replace('.', ',') if row != 'items' else value}"
            for code in UNITS
            for quarter, values in EARLIER.items()
            for row, value in zip(ROWS, values, strict=True)
        ]
        lines += [
            f"{code},{one},2024-Q1,{n}" for code in UNITS for one, n in (("meetings", 5), ("attended", 9))
        ]
        table = "\n".join(["unit;indicator;period;value", *(line.replace(",", ";", 3) for line in lines)])
        (root / "before.csv").write_text(table, encoding="utf-8")
        if known:
            assert self.run("history", root / "before.csv").code == 0
        assert self.run("template").code == 0
        self.form = parse_form(FORM)

    def run(self, *arguments: object) -> Said:
        return run("-w", self.root, "--lang", "en", *arguments)

    def sent_out_anew(self, form: str, *known: str) -> None:
        """The workbooks of the second quarter are made anew by another form and with what is now `known`."""
        (self.root / "form.toml").write_text(form, encoding="utf-8")
        self.form = parse_form(form)
        if known:
            self.corrected(*known)
        shutil.rmtree(self.root / "outbox" / "2024-Q2")
        assert self.run("template").code == 0

    def corrected(self, *lines: str) -> None:
        """Figures of earlier quarters are put right, in lines unit;indicator;period;value."""
        text = "\n".join(("unit;indicator;period;value", *lines))
        (self.root / "again.csv").write_text(text, encoding="utf-8")
        assert self.run("history", self.root / "again.csv").code == 0

    def send(self, unit: str, typed: Mapping[str, Any], *, without: str = "") -> None:
        """The unit's workbook comes back with its figures, and with what is `typed` by row.column; `without`
        a sheet."""
        (path,) = (self.root / "outbox" / "2024-Q2").glob(f"{unit} *.xlsx")
        book = openpyxl.load_workbook(path)
        places = layout(self.form, "bank")
        table = places.tables["pay"]
        for row, value in NOW.items():
            book[table.sheet][table.place(row, "now").cell] = value
        for code in ("meetings", "attended"):
            book[places.indicators[code].value.sheet][places.indicators[code].value.cell] = 7
        for code, value in typed.items():
            row, _dot, column = code.partition(".")
            at = table.place(row, column) if column else places.indicators[row].previous
            book[at.sheet][at.cell] = value
        if without:
            del book[without]
        saved = io.BytesIO()
        book.save(saved)
        folder = self.root / "inbox" / "2024-Q2"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{unit}.xlsx").write_bytes(saved.getvalue())

    def disputed(self, *command: str, kind: str = "disputed_figure") -> dict[tuple[str, str], str]:
        """What is said of earlier figures, by unit and cell."""
        said = self.run(*(command or ("validate",)), "--format", "json")
        found = [one for one in said.json["findings"] if one["code"] == kind]
        assert {one["severity"] for one in found} <= {"warning"}
        return {(one["unit"], one["cell"]): one["message"] for one in found}


@pytest.fixture
def office(tmp_path: Path) -> PayOffice:
    return PayOffice(tmp_path / "office")


OTHERS = {
    "items.before": 999999,
    "worth.before": "khác",
    "rate.before": 0.6,
    "open.before": "Có",
    "items.ago": 31,
    "items.so_far": 101,
    "items.goal": 400,
    "meetings": 6,
}


def test_what_a_unit_types_over_an_earlier_figure_is_a_warning_with_both(office: PayOffice) -> None:
    office.send("001", {})
    office.send("002", OTHERS)
    found = office.disputed()
    assert {unit for unit, _cell in found} == {"002"}
    assert len(found) == len(OTHERS) - 3  # of those in one column there is one
    stands = "; ".join(found.values())
    assert "“Số món”: under “Kỳ trước” stands 999,999, and the figure that is known is 40" in stands
    assert "(alike in 4 cells: " in stands
    assert "“Số món”: under “Cùng kỳ” stands 31, and the figure that is known is 30" in stands
    assert "“Số món”: under “Lũy kế” stands 101, and the figure that is known is 100" in stands
    assert "“Số món”: under “Kế hoạch” stands 400, and the figure that is known is 500" in stands
    assert "“Cuộc họp”: under “Previous quarter” stands 6, and the figure that is known is 5" in stands
    # A merge says the same, and says it again when nothing has changed.
    merged = office.run("merge")
    assert merged.code == 0
    assert office.disputed("validate") == found
    states = {one["unit"]: one["state"] for one in office.run("status", "--format", "json").json["units"]}
    assert states == {"001": "accepted", "002": "warned", "003": "missing"}
    assert "999,999" in office.run("merge").out or "999,999" in merged.out


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (
            {"worth.before": "khác"},
            "“Giá trị”: under “Kỳ trước” stands khác, and the figure that is known is 19.83",
        ),
        ({"rate.before": 0.6}, "“Tỷ lệ”: under “Kỳ trước” stands 60%, and the figure that is known is 52.5%"),
        (
            {"open.before": "Có"},
            "“Có mở cửa”: under “Kỳ trước” stands Yes, and the figure that is known is No",
        ),
        (
            {"worth.so_far": 41.2},
            "“Giá trị”: under “Lũy kế” stands 41.2, and the figure that is known is 41.08",
        ),
        ({"items.before": "=20+21"}, ""),  # never calculated, so nobody can tell
    ],
)
def test_figures_of_every_kind(office: PayOffice, typed: dict[str, Any], message: str) -> None:
    office.send("001", typed)
    found = office.disputed()
    assert [text.startswith(message) for text in found.values()] == ([True] if message else [])


@pytest.mark.parametrize(
    "typed",
    [
        {"items.before": None, "worth.before": None, "rate.ago": None, "items.goal": None, "meetings": None},
        {"items.before": "40", "worth.before": 19.8, "rate.before": 0.53, "open.before": "không"},
        {"worth.before": 19.830000000000002, "items.so_far": 100, "worth.so_far": 41.08},
        {"items.before": "x", "worth.ago": "…", "items.ago": "KAD"},
    ],
    ids=["blank", "rounded or as text", "as saved", "no figure"],
)
def test_what_is_no_dispute(office: PayOffice, typed: dict[str, Any]) -> None:
    office.send("001", typed)
    assert office.disputed() == {}


def test_what_is_typed_where_nothing_is_known_is_said_not_to_be_taken(office: PayOffice) -> None:
    """In the first quarter with the form nothing is known of earlier ones; most cells have no plan."""
    office.send("001", {"worth.goal": 3, "rate.goal": "chưa có", "items.goal": 500})
    assert office.disputed(kind="earlier_not_taken") == {
        (
            "001",
            "I9",
        ): "“Giá trị”: under “Kế hoạch” stands 3, which is not taken: the program fills in this column"
    }
    assert office.disputed() == {}
    shutil.rmtree(office.root)
    office = PayOffice(office.root, known=False)
    typed = {"items.before": 77, "worth.before": "1,25", "rate.before": 0, "open.before": "Có"}
    office.send("001", {**typed, "items.so_far": 137})
    office.send("002", {})
    found = office.disputed(kind="earlier_not_taken")
    assert {unit for unit, _cell in found} == {"001"}
    said = "; ".join(found.values())
    assert len(found) == 4
    for label, column, figure in (
        ("Số món", "Kỳ trước", "77"),
        ("Giá trị", "Kỳ trước", "1.25"),
        ("Có mở cửa", "Kỳ trước", "Yes"),
        ("Số món", "Lũy kế", "137"),
    ):
        assert f"“{label}”: under “{column}” stands {figure}, which is not taken" in said
    assert office.run("merge").code == 0
    assert office.disputed(kind="earlier_not_taken") == found
    # Once the office has brought it in, it is the figure that is known.
    office.corrected("001;pay.items.now;2024-Q1;77", "001;pay.worth.now;2024-Q1;1,25")
    left = office.disputed(kind="earlier_not_taken")
    assert not any("“Giá trị”" in one or "stands 77" in one for one in left.values())


def test_a_workbook_sent_before_a_correction_disputes_nothing(office: PayOffice) -> None:
    office.send("001", {})
    office.send("002", {"items.before": 45})
    lines = ["unit;indicator;period;value"]
    lines += [f"{unit};pay.items.now;2024-Q1;45" for unit in ("001", "002")]
    (office.root / "again.csv").write_text("\n".join(lines), encoding="utf-8")
    before = office.disputed()
    assert list(before) == [("002", "F8")]
    assert office.run("merge").code == 0
    assert office.run("history", office.root / "again.csv").code == 0
    assert office.disputed() == {}  # neither who left the figure, nor who typed the right one
    office.run("merge")
    assert {one["unit"]: one["state"] for one in office.run("status", "--format", "json").json["units"]} == {
        "001": "accepted",
        "002": "accepted",
        "003": "missing",
    }


def test_the_year_to_date_as_it_was_before_a_correction_disputes_nothing(office: PayOffice) -> None:
    """Pasted as values, the column has what the workbook showed: 40 + 60 items, 19.83 + 21.25 of worth."""
    pasted = {"items.so_far": 100, "worth.so_far": 41.08}
    office.send("001", pasted)
    office.send("002", {"items.so_far": 105, "worth.so_far": "42,33"})  # with the right figures
    office.send("003", {"items.so_far": 101})
    lines = []
    for unit in UNITS:
        lines += [f"{unit};pay.items.now;2024-Q1;45", f"{unit};pay.worth.now;2024-Q1;21,08"]
    assert office.run("merge").code == 0
    office.corrected(*lines)
    found = office.disputed()
    assert {unit for unit, _cell in found} == {"003"}
    assert "under “Lũy kế” stands 101, and the figure that is known is 105" in "".join(found.values())
    office.send("001", pasted, without=META)  # nobody knows what it showed
    assert {unit for unit, _cell in office.disputed()} == {"001", "003"}


def test_a_figure_as_it_was_sent_may_be_typed_again_after_a_correction(office: PayOffice) -> None:
    office.send(
        "001", {"items.before": "40", "worth.before": "19,8", "rate.before": "52,5%", "meetings": "5"}
    )
    office.send("002", {"items.before": 41, "meetings": 6})
    lines = []
    for code, value in (("pay.items.now", 45), ("pay.worth.now", "21,08"), ("pay.rate.now", "60%")):
        lines += [f"{unit};{code};2024-Q1;{value}" for unit in UNITS]
    lines += [f"{unit};meetings;2024-Q1;8" for unit in UNITS]
    assert office.run("merge").code == 0
    office.corrected(*lines)
    found = office.disputed()
    assert {unit for unit, _cell in found} == {"002"}
    assert len(found) == 2


@pytest.mark.parametrize(
    ("known", "typed"),
    [
        ("10,8750", {"worth.before": "10,875"}),
        ("10,8750", {"worth.before": "10.875 tỷ đồng"}),
        ("10875", {"worth.before": "10,875"}),
        ("-10,8750", {"worth.before": "-10,875"}),
        ("10,8750", {"worth.so_far": "32,125"}),
        ("10,8750", {"rate.before": "52,5"}),
        ("10,8750", {"rate.before": 52.5}),
    ],
)
def test_what_can_be_read_as_the_known_figure_is_no_dispute(
    office: PayOffice, known: str, typed: dict[str, Any]
) -> None:
    negative = FORM.replace('type = "money",', 'type = "money", min = -100,')
    office.sent_out_anew(negative, f"001;pay.worth.now;2024-Q1;{known}")
    office.send("001", typed)
    assert office.disputed() == {}
    office.send("001", dict.fromkeys(typed, "11,876"))
    assert len(office.disputed()) == 1


def test_the_year_to_date_need_not_be_an_answer_of_one_quarter(office: PayOffice) -> None:
    """A mean of counts is not whole, and a sum may be more than a quarter's greatest figure."""
    text = FORM.replace(
        'code = "items", label = "Số món"', 'code = "items", label = "Số món", over_time = "mean"'
    )
    text = text.replace('type = "money",', 'type = "money", max = 30,')
    office.sent_out_anew(text)
    office.send("001", {"items.now": 61, "items.so_far": 50.5, "worth.so_far": 41.08})
    assert office.disputed() == {}
    office.send("001", {"items.now": 61, "items.so_far": 51.5, "worth.so_far": 42.08})
    items, worth = office.disputed().values()
    assert "stands 51.5, and the figure that is known is 50.5" in items
    assert "stands 42.08, and the figure that is known is 41.08" in worth


def test_a_workbook_that_does_not_say_what_was_sent_is_compared_with_the_ledger(office: PayOffice) -> None:
    office.send("001", {"items.before": 41}, without=META)
    found = office.disputed()
    assert list(found) == [("001", "F8")]
    office.send("002", {}, without=META)
    assert {unit for unit, _cell in office.disputed()} == {"001"}


def test_figures_beside_other_cells_are_not_taken_for_earlier_ones(office: PayOffice) -> None:
    """A column that was put in before the figures moves them away from what was sent."""
    office.send("001", {})
    path = office.root / "inbox" / "2024-Q2" / "001.xlsx"
    book = openpyxl.load_workbook(path)
    (sheet,) = [
        one
        for one in book.worksheets
        if one.title == layout(office.form, "bank").indicators["meetings"].value.sheet
    ]
    sheet.insert_cols(PREVIOUS_COLUMN + 2)
    for code in ("meetings", "attended"):
        sheet.cell(layout(office.form, "bank").indicators[code].value.row + 1, PREVIOUS_COLUMN + 2).value = 1
    book.save(path)
    assert office.disputed() == {}


def test_in_an_offices_own_workbook(tmp_path: Path) -> None:
    root = tmp_path / "office"
    own_office(root)

    def run_in(*arguments: object) -> Said:
        return run("-w", root, "--lang", "en", *arguments)

    def come_back(period: str, unit: str, answers: Mapping[tuple[str, str], Any]) -> None:
        (path,) = (root / "outbox" / period).glob(f"{unit} *.xlsx")
        folder = root / "inbox" / period
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{unit}.xlsx").write_bytes(filled(path.read_bytes(), answers))

    assert run_in("template").code == 0
    come_back("2024-Q1", "001", ANSWERS)
    come_back("2024-Q1", "002", ANSWERS)
    assert run_in("merge").code == 0
    assert run_in("next").code == 0
    assert run_in("template").code == 0
    come_back("2024-Q2", "001", {**ANSWERS, (MATRIX, "F11"): 9})
    come_back("2024-Q2", "002", ANSWERS)
    found = run_in("validate", "--format", "json").json["findings"]
    said = [(one["unit"], one["cell"], one["indicator"]) for one in found if one["code"] == "disputed_figure"]
    assert said == [("001", "F11", "rooms.primary_left.total")]


def test_in_an_offices_own_workbook_the_year_to_date_goes_by_what_was_sent(tmp_path: Path) -> None:
    """Three rooms in each quarter; that of the first is put right later to four: six when sent, seven now."""
    root = tmp_path / "office"
    own_office(root)
    form = OWN_FORM.replace('is = "previous"', 'is = "to_date"')
    (root / "form.toml").write_text(form, encoding="utf-8")

    def run_in(*arguments: object) -> Said:
        said = run("-w", root, "--lang", "en", *arguments)
        assert said.code in (0, 1), said.err
        return said

    def come_back(period: str, unit: str, said: object) -> None:
        (path,) = (root / "outbox" / period).glob(f"{unit} *.xlsx")
        folder = root / "inbox" / period
        folder.mkdir(parents=True, exist_ok=True)
        answers = {**ANSWERS, (MATRIX, "F11"): said}
        (folder / f"{unit}.xlsx").write_bytes(filled(path.read_bytes(), answers))

    run_in("template")
    come_back("2024-Q1", "001", None)
    come_back("2024-Q1", "002", None)
    run_in("merge")
    run_in("next")
    run_in("template")
    come_back("2024-Q2", "001", 6)
    come_back("2024-Q2", "002", 8)
    for unit in ("001", "002"):
        run_in("correct", "2024-Q1", unit, "rooms.primary_left.total", 4, "--why", "đếm lại")
    found = run_in("validate", "--format", "json").json["findings"]
    said = [(one["unit"], one["message"]) for one in found if one["code"] == "disputed_figure"]
    assert [unit for unit, _message in said] == ["002"]
    assert "stands 8, and the figure that is known is 7" in said[0][1]
