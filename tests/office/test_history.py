"""Figures of quarters before reportctl came."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from reportctl.core.errors import ReportctlError
from reportctl.core.finding_kinds import Severity
from reportctl.core.period import Period, Quarter, parse_period
from reportctl.decisions.accept import accept
from reportctl.decisions.close import reopen
from reportctl.decisions.history import Imported, take_history
from reportctl.figures.figures import Figure
from reportctl.figures.plan import Plan
from reportctl.figures.summary import summarise
from reportctl.figures.trace import trace, trace_json
from reportctl.form.submission import AnswerState
from reportctl.ledger.ledger import open_ledger
from reportctl.merge.closed_file import COLUMNS, from_csv, imported_file, to_csv
from reportctl.status.status import status
from reportctl.workspace.settings import Settings
from reportctl.workspace.small_tables import SmallTableError
from tests.making.figures import calendar_of
from tests.making.office import (
    FORM,
    MORE,
    Q1,
    Q3,
    Q4,
    TODAY,
    UNITS,
    WHY,
    Office,
    closing,
    one,
    rebuilt,
    run_of,
)

pytestmark = pytest.mark.slow

HEAD = ("unit", "indicator", "period", "value")
Q1_BEFORE = Quarter(2023, 1)


def table(office: Office, *rows: Sequence[Any], name: str = "base.csv", head: Sequence[str] = HEAD) -> Path:
    path = office.root.parent / name
    if name.endswith(".csv"):
        out = io.StringIO(newline="")
        csv.writer(out).writerows([head, *rows])
        path.write_text(out.getvalue(), encoding="utf-8-sig")
    else:
        book = openpyxl.Workbook()
        for row in (head, *rows):
            book.active.append(list(row))
        book.save(path)
    return path


def taking(office: Office, *rows: Sequence[Any], name: str = "base.csv", current: Quarter = Q1) -> Imported:
    return take_history(run_of(office, current), table(office, *rows, name=name))


def figure(office: Office, code: str, period: str = "2024-Q1") -> Figure:
    with open_ledger(office.root / "reportctl.db") as ledger:
        summary = summarise(ledger, office.form, calendar_of(office.roster), Plan({}), parse_period(period))
    return summary.figures[code]


def traced(office: Office, code: str, period: Period) -> dict[str, Any]:
    with open_ledger(office.root / "reportctl.db") as ledger:
        return trace_json(trace(ledger, office.form, calendar_of(office.roster), period, code))


def problems(
    office: Office, *rows: Sequence[Any], name: str = "base.csv", current: Quarter = Q1
) -> list[str]:
    with pytest.raises(SmallTableError) as refused:
        taking(office, *rows, name=name, current=current)
    return [str(problem) for problem in refused.value.problems]


UNITS_BASE = [
    ("01", "press_total", "2023-Q1", "1.200"),
    ("02", "press_total", "Q1/2023", 300),
    ("01", "press_total", "quý IV năm 2023", 40),
    ("01", "printed", "IV/2023", "KAD"),
]


@pytest.mark.parametrize("name", ["base.csv", "base.xlsx"])
def test_figures_by_unit_are_there_in_the_very_first_quarter(office: Office, name: str) -> None:
    imported = taking(office, *UNITS_BASE, name=name)
    assert (imported.figures, imported.replaced) == ({Q1_BEFORE: 2, Q4: 2}, ())
    office.put("a.xlsx", office.book("01", 100))
    office.put("b.xlsx", office.book("02", 150))
    office.merge()
    found = figure(office, "press_total")
    assert (found.value, found.year_ago, found.previous) == (250, 1500, 40)
    # 100 + 150 against 1200 + 300; 100 against 40
    assert found.change_year_ago == pytest.approx(250 / 1500 - 1)
    year_ago, previous = found.against_year_ago, found.against_previous
    assert (year_ago.base, year_ago.value, year_ago.comparable, year_ago.over) == (1500, 250, 2, "groups")
    assert (previous.base, previous.value, previous.comparable, previous.over) == (40, 100, 1, "groups")
    assert found.change_previous == 1.5
    with open_ledger(office.root / "reportctl.db") as ledger:
        assert ledger.values([Q4], code="printed")[0].state is AnswerState.NOT_APPLICABLE
        assert ledger.quarters() == (Q1_BEFORE, Q4, Q1)
    rebuilt(office)


def test_trace_names_the_file_and_its_cells(office: Office) -> None:
    path = table(office, *UNITS_BASE, name="base.xlsx")
    data = path.read_bytes()
    take_history(run_of(office), path)
    import hashlib

    sha256 = hashlib.sha256(data).hexdigest()
    assert traced(office, "press_total", Q1_BEFORE) == {
        "period": "2023-Q1",
        "code": "press_total",
        "value": 1500,
        "parts": [
            {
                "period": "2023-Q1", "unit": unit, "value": value, "raw": raw, "file": "base.xlsx",
                "sheet": None, "cell": cell, "sha256": sha256, "received": "2024-04-02", "by": "import",
            }
            for unit, value, raw, cell in (("01", 1200, "1.200", "D2"), ("02", 300, "300", "D3"))
        ],
    }  # fmt: skip
    assert (office.root / "archive" / "files" / sha256[:2] / f"{sha256}.xlsx").read_bytes() == data
    taking(office, ("03", "press_total", "2023-Q1", 5))
    assert traced(office, "press_total", Q1_BEFORE)["parts"][2]["cell"] == "value:2"


def test_figures_of_the_province_alone_stand_beside_those_of_the_units(office: Office) -> None:
    taking(
        office,
        ("", "press_total", "2023-Q1", 20000),
        ("province", "printed", "2023-Q1", 15000),
        ("Toàn tỉnh", "press_total", "2023-Q4", 100),
    )
    office.put("a.xlsx", office.book("01", 100))
    office.put("b.xlsx", office.book("02", 150))
    office.merge()
    found = figure(office, "press_total")
    # One of three units is missing: its part of 20000 is not known.
    assert (found.value, found.year_ago, found.previous) == (250, 20000, 100)
    assert (found.change_year_ago, found.change_previous) == (None, None)
    office.put("c.xlsx", office.book("03", 50))
    office.merge()
    found = figure(office, "press_total")
    assert (found.value, found.year_ago, found.previous) == (300, 20000, 100)
    assert (found.change_year_ago, found.change_previous) == (-0.985, 2)
    for comparison in (found.against_year_ago, found.against_previous):
        assert (comparison.over, comparison.value, comparison.comparable) == ("totals", 300, 3)
    share = figure(office, "share_printed")
    # 99 + 149 + 49 of 300 now; 15000 of 20000 then
    assert share.change_year_ago == 0.24
    assert traced(office, "press_total", Q4)["parts"][0]["unit"] is None
    assert traced(office, "press_total", Q4)["value"] == 100
    assert traced(office, "share_printed", Q1_BEFORE)["value"] == 0.75
    rebuilt(office)


def stand(office: Office, quarter: Quarter = Q4) -> dict[str, object]:
    """The province's own figures that count in the quarter, by code."""
    with open_ledger(office.root / "reportctl.db") as ledger:
        return {one.code: one.value for one in ledger.province_values([quarter])}


def test_it_is_never_added_to_the_units_of_its_quarter(office: Office) -> None:
    said = taking(
        office,
        ("", "press_total", "2023-Q4", 100),
        ("01", "press_total", "2023-Q4", 7),
        ("", "printed", "2023-Q4", 6),
    )
    # One of three units is no total.
    assert stand(office) == {"press_total": 100, "printed": 6}
    assert said.aside == ()
    assert [found.code for found in said.totals[Q4]] == ["imported_total_stands"]
    assert "“Tổng số tin, bài”: 1 of 3 units have reported" in said.totals[Q4][0].message
    assert figure(office, "press_total", "2023-Q4").value == 100
    assert figure(office, "printed", "2023-Q4").value == 6
    assert traced(office, "press_total", Q4)["value"] == 100
    assert [part["unit"] for part in traced(office, "press_total", Q4)["parts"]] == [None]
    with open_ledger(office.root / "reportctl.db") as ledger:
        assert [value.unit for value in ledger.values([Q4])] == ["01"]
        assert ledger.counting(Q4) == {"01"}
    said = taking(
        office, ("02", "press_total", "2023-Q4", 8), ("03", "press_total", "2023-Q4", 9), name="more.csv"
    )
    # All of them are, but of another indicator nobody has given anything.
    assert stand(office) == {"printed": 6}
    assert [(one.code, one.value) for one in said.aside] == [("press_total", 100)]
    assert figure(office, "press_total", "2023-Q4").value == 7 + 8 + 9
    rebuilt(office)


def test_what_was_imported_for_some_of_the_indicators_is_no_report_on_the_others(office: Office) -> None:
    taking(office, ("", "press_total", "2023-Q4", 100), ("", "aired", "2023-Q4", 50))
    taking(office, *((unit, "press_total", "2023-Q4", 10) for unit in UNITS), name="units.csv")
    taking(office, ("01", "aired", "2023-Q4", 3), name="one.csv")
    assert stand(office) == {"aired": 50}


def test_an_imported_total_stands_until_all_units_have_files(office: Office) -> None:
    """The first file that turns up in an old inbox made 1.200 into 380."""
    taking(office, ("", "press_total", "2023-Q4", 1200), ("", "aired", "2023-Q4", 3))
    seen = []
    for unit, figure_ in (("01", 380), ("02", 400), ("03", 410)):
        office.put(f"{unit}.xlsx", office.book(unit, figure_, Q4), Q4)
        said = office.run("merge", "2024-Q1")
        seen.append(stand(office))
        assert traced(office, "press_total", Q4)["value"] == (1200 if unit != "03" else 380 + 400 + 410)
        number = len(seen)
        lines = [line for line in said.err.splitlines() if line.startswith("2023-Q4: ")]
        if number < 3:
            (line,) = lines
            assert f"“Tổng số tin, bài”; “Phát thanh”: {number} of 3 units have reported" in line
        else:
            assert "all 3 units have reported" in lines[0]
            assert lines[1:] == [
                "2023-Q4: “Tổng số tin, bài”: the figures of all units make 1,190, which counts; the "
                "province's imported total was 1,200"
            ]  # what is aired comes to 3 both ways
        own = {unit: value for (_period, unit), value in office.totals(Q4).items()}
        assert own == dict(list({"01": 380, "02": 400, "03": 410}.items())[:number])
        rebuilt(office)
    assert seen == [{"press_total": 1200, "aired": 3}] * 2 + [{}]


def test_that_a_total_stands_is_among_the_findings_of_its_quarter(office: Office) -> None:
    taking(office, ("", "press_total", "2023-Q4", 1200))
    assert "imported_total_stands" not in [found.code for found in office.merge(Q4).findings]
    office.put("a.xlsx", office.book("01", 380, Q4), Q4)
    merged = office.merge(Q4)
    assert one(merged.findings, "imported_total_stands").severity is Severity.NOTE
    assert office.merge(Q4).totals == {}  # said once
    assert "imported_total_stands" in [found.code for found in office.merge(Q4).findings]


def test_a_file_that_is_rejected_or_withdrawn_is_no_report(office: Office) -> None:
    taking(office, ("", "press_total", "2023-Q4", 1200))
    for unit in UNITS[:2]:
        office.put(f"{unit}.xlsx", office.book(unit, 100, Q4), Q4)
    office.put("03.xlsx", office.book("03", 100, Q4, printed=1), Q4)
    office.merge()
    assert stand(office) == {"press_total": 1200}
    accept(run_of(office, Q4), ["03"], WHY)
    assert stand(office) == {}
    # A unit that was there and is put on the list later has not reported.
    with (office.root / "units.csv").open("a", encoding="utf-8") as units:
        units.write("04,Huyện 04,district\n")
    office.merge()
    assert stand(office) == {"press_total": 1200}
    rebuilt(office)


def test_the_units_of_that_quarter_are_asked_not_those_of_today(office: Office) -> None:
    (office.root / "units.csv").write_text(
        "code,name,kind,valid_from,valid_to\n"
        "01,Huyện 01,district,,\n02,Huyện 02,district,,2023-12-31\n03,Huyện 03,district,2024-01-01,\n",
        encoding="utf-8",
    )
    taking(office, ("", "press_total", "2023-Q4", 1200))
    office.put("01.xlsx", office.book("01", 100, Q4), Q4)
    office.merge()
    assert stand(office) == {"press_total": 1200}
    office.put("02.xlsx", office.book("02", 100, Q4), Q4)
    office.merge()
    assert stand(office) == {}


def test_where_no_unit_has_a_figure_it_stands_although_all_have_reported(office: Office) -> None:
    (office.root / "form.toml").write_text(
        FORM.replace('code = "aired"', 'code = "aired"\nrequired = false'), encoding="utf-8"
    )
    taking(office, ("", "aired", "2023-Q4", 50), ("", "press_total", "2023-Q4", 300))
    for unit in UNITS:
        office.put(f"{unit}.xlsx", office.book(unit, 100, Q4, aired=None), Q4)
    merged = office.merge(Q4)
    assert stand(office) == {"aired": 50}
    assert [found.code for found in merged.findings if "imported" in found.code] == [
        "imported_total_replaced"
    ]


def test_closed_it_stays_as_it_was_whoever_is_put_on_the_list_later(office: Office) -> None:
    taking(office, ("", "press_total", "2023-Q4", 1200), ("", "aired", "2023-Q4", 50))
    for unit in UNITS[:2]:
        office.put(f"{unit}.xlsx", office.book(unit, 100, Q4), Q4)
    office.merge()
    closing(office, Q4)
    assert stand(office) == {"press_total": 1200, "aired": 50}
    rows = (office.root / "units.csv").read_text(encoding="utf-8").splitlines()
    (office.root / "units.csv").write_text("\n".join(rows[:3]), encoding="utf-8")
    office.merge()
    assert stand(office) == {"press_total": 1200, "aired": 50}
    rebuilt(office)
    reopen(run_of(office, Q4), WHY)  # open again, two units are all there were
    assert stand(office) == {}


def test_a_file_of_a_closed_quarter_that_does_not_say_what_stands_is_read_as_then(office: Office) -> None:
    (office.root / "form.toml").write_text(
        FORM.replace("[[texts]]", f"{MORE}required = false\n[[texts]]"), encoding="utf-8"
    )
    taking(office, ("", "press_total", "2023-Q4", 1200), ("", "classes", "2023-Q4", 50))
    office.put("01.xlsx", office.book("01", 100, Q4, classes=None), Q4)
    office.merge()
    with open_ledger(office.root / "reportctl.db") as ledger:
        written = to_csv(ledger.all_values(Q4)).decode("utf-8-sig")
    table = [
        [cell for column, cell in row.items() if column != "stands"]
        for row in csv.DictReader(io.StringIO(written, newline=""))
    ]
    out = io.StringIO(newline="")
    csv.writer(out).writerows([[column for column in COLUMNS if column != "stands"], *table])
    records = from_csv(Path("2023-Q4.csv"), out.getvalue().encode(), Q4)
    of_province = {record.code: record.stands for record in records if record.unit == ""}
    assert of_province == {"press_total": False, "classes": True}


def test_the_year_to_date_takes_both(office: Office) -> None:
    q2 = Quarter(2024, 2)
    taking(office, ("", "press_total", "2024-Q1", 100), current=q2)
    office.put("a.xlsx", office.book("01", 30, q2), q2)
    office.merge(q2)
    assert figure(office, "press_total", "2024-Q2").to_date == 130
    assert figure(office, "press_total", "2024-H1").value == 130
    assert traced(office, "press_total", parse_period("2024-H1"))["value"] == 130


def test_imported_again_it_is_replaced_and_said(office: Office) -> None:
    taking(office, *UNITS_BASE, ("", "printed", "2023-Q1", 5))
    again = taking(
        office,
        ("01", "press_total", "2023-Q1", 1300),
        ("02", "press_total", "2023-Q1", 300),
        ("03", "press_total", "2023-Q1", 1),
        ("", "printed", "2023-Q1", 6),
        name="again.csv",
    )
    assert [(r.quarter, r.unit, r.code, r.before.value, r.after.value) for r in again.replaced] == [
        (Q1_BEFORE, "01", "press_total", 1200, 1300),
        (Q1_BEFORE, "", "printed", 5, 6),
    ]
    assert figure(office, "press_total", "2023-Q1").value == 1601
    assert figure(office, "press_total", "2023-Q4").value == 40
    files = {part["unit"]: part["file"] for part in traced(office, "press_total", Q1_BEFORE)["parts"]}
    assert files == {"01": "again.csv", "02": "again.csv", "03": "again.csv"}
    rebuilt(office)


def test_without_its_file_it_is_gone(office: Office) -> None:
    taking(office, *UNITS_BASE)
    imported_file(office.workspace, Q4).unlink()
    office.merge()
    assert figure(office, "press_total").previous is None
    assert figure(office, "press_total").year_ago == 1500


def test_what_a_spreadsheet_program_made_of_it_is_the_same_or_is_said(office: Office) -> None:
    taking(office, *UNITS_BASE)
    path = imported_file(office.workspace, Q1_BEFORE)
    before = figure(office, "press_total", "2023-Q1")
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    out = io.StringIO(newline="")
    for row in rows:
        day = rows[0].index("received")
        row[day] = f"{dt.date.fromisoformat(row[day]):%d/%m/%Y}" if row is not rows[0] else row[day]
    csv.writer(out, delimiter=";").writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8-sig", newline="")
    office.merge()
    assert figure(office, "press_total", "2023-Q1") == before
    assert before.value == 1500
    path.write_text(out.getvalue().replace(";01;", ";1;"), encoding="utf-8-sig", newline="")
    with pytest.raises(
        ReportctlError, match=r"imported-2023-Q1\.csv: “1” has lost its leading zero .* write 01"
    ):
        office.merge()


def test_every_mistake_at_once_with_its_cell(office: Office) -> None:
    rows = [
        ("1", "press_total", "2023-Q1", 5),
        ("01", "pres_total", "2023-Q1", 5),
        ("01", "press_total", "2023-H1", 5),
        ("01", "press_total", "soon", 5),
        ("01", "press_total", "2023-Q1", "khoảng 5"),
        ("01", "share_printed", "2023-Q1", 0.5),
        ("01", "press_total", "2024-Q1", 5),
        ("01", "press_total", "2023-Q2", 5),
        ("01", "press_total", "II/2023", 6),
        ("", "", "", ""),
        ("02", "", "", ""),
        ("02", "printed", "2023-Q1", 1.2),
        ("", "press_total", "2023-Q1", "KAD"),
        ("02", "results", "2023-Q1", "5"),
    ]
    found = problems(office, *rows, name="base.xlsx")
    assert [problem.partition(":")[0] for problem in found] == [
        "cell A2", "cell B3", "cell C4", "cell C5", "cell D6", "cell B7", "cell C8", "cell A10",
        "cell C12", "cell B12", "cell D12", "cell D13", "cell D14", "cell B15",
    ]  # fmt: skip
    assert found[0].endswith("write 01")
    assert "“press_total” was meant?" in found[1]
    assert found[2] == "cell C4: “2023-H1” is more than one quarter; write a quarter such as 2023-Q2"
    assert found[5] == "cell B7: “share_printed” is worked out; give “printed” and “press_total” instead"
    assert found[6] == "cell C8: 2024-Q1 is not before the current quarter, 2024-Q1"
    assert found[7] == "cell A10: this unit, indicator and period already stand in line 9"
    assert "1200 was probably meant" in found[11]
    assert not (office.root / "closed").exists()
    assert problems(office, rows[3])[0].startswith("line 2, column period: ")
    assert problems(office) == ["line 2: there is no figure in the file"]


def test_a_unit_that_was_not_there(office: Office) -> None:
    (office.root / "units.csv").write_text(
        "code,name,kind,valid_from\n01,Một,district,2023-07-01\n", encoding="utf-8"
    )
    found = problems(office, ("01", "press_total", "2023-Q1", 5))
    assert found == [
        "line 2, column unit: the unit “01” did not report in 2023-Q1; check its dates in the list of units"
    ]


def test_not_where_reports_count_already_or_the_quarter_is_closed(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10, Q4), Q4)
    office.put("a.xlsx", office.book("01", 10, Q3, printed=1), Q3)
    row = ("02", "press_total", "2023-Q4", 5)
    found = problems(office, row)  # the inbox of an earlier quarter is taken in first
    assert found == [
        "line 2, column period: the report of 1 unit counts for 2023-Q4 already; "
        "figures are imported only for quarters without reports"
    ]
    assert taking(office, ("02", "press_total", "2023-Q3", 5)).figures == {Q3: 1}
    closing(office, Q4)
    assert "2023-Q4 was closed on " in problems(office, row)[0]


def test_a_report_that_comes_later_counts_instead_of_its_units_imported_figures(office: Office) -> None:
    taking(
        office,
        ("01", "press_total", "2023-Q4", 5),
        ("02", "press_total", "2023-Q4", 6),
        ("", "aired", "2023-Q4", 9),
    )
    office.put("a.xlsx", office.book("01", 10, Q4), Q4)
    office.merge()
    assert figure(office, "press_total", "2023-Q4").value == 16
    assert figure(office, "aired", "2023-Q4").value == 9  # two of three units have not reported on it
    with open_ledger(office.root / "reportctl.db") as ledger:
        assert [(v.unit, v.by) for v in ledger.values([Q4], code="press_total")] == [
            ("01", "file"),
            ("02", "import"),
        ]
        assert ledger.counting(Q4) == {"01", "02"}
        found = status(ledger, office.form, calendar_of(office.roster), Q4, settings=Settings(), today=TODAY)
    assert [unit.state for unit in found.units] == ["accepted", "accepted", "missing"]
    before = office.totals(Q4)
    closing(office, Q4)
    assert office.totals(Q4) == before
    assert figure(office, "press_total", "2023-Q4").value == 16
    rebuilt(office)


def test_who_was_imported_is_not_said_to_be_missing(office: Office) -> None:
    taking(office, *UNITS_BASE)
    merged = office.merge(Q1_BEFORE)
    assert [(found.code, found.unit) for found in merged.findings] == [("no_file", "03")]


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace("2023-Q1", "2023-Q2"),
        lambda text: text.replace("press_total", "", 1).replace("unit,", "units,"),
        lambda text: text + text.splitlines(keepends=True)[1],
        lambda text: text.replace("2024-04-02", "soon"),
        lambda text: text.replace(",value,", ",vaule,"),
    ],
)
def test_a_kept_file_that_was_spoilt_stops_with_its_line(office: Office, damage: Any) -> None:
    taking(office, *UNITS_BASE)
    path = imported_file(office.workspace, Q1_BEFORE)
    path.write_text(damage(path.read_text(encoding="utf-8-sig")), encoding="utf-8-sig")
    with pytest.raises(
        ReportctlError, match=r"imported-2023-Q1\.csv, line \d+: this is not what was written"
    ):
        office.merge()


def test_a_kept_file_that_a_spreadsheet_program_saved_is_read(office: Office) -> None:
    taking(office, *UNITS_BASE)
    path = imported_file(office.workspace, Q1_BEFORE)
    text = path.read_text(encoding="utf-8-sig")
    path.write_text(text.replace(",", ";"), encoding="utf-16")
    office.merge()
    assert figure(office, "press_total", "2023-Q1").value == 1500


def test_the_units_bounds_do_not_bind_the_province(office: Office) -> None:
    (office.root / "form.toml").write_text(
        FORM.replace('code = "aired"', 'code = "aired"\nmax = 50'), encoding="utf-8"
    )
    assert taking(office, ("", "aired", "2023-Q1", 900)).figures == {Q1_BEFORE: 1}
    assert "is outside what is possible" in problems(office, ("01", "aired", "2023-Q2", 900))[0]


def test_received_is_the_day_of_import(office: Office) -> None:
    taking(office, *UNITS_BASE)
    with open_ledger(office.root / "reportctl.db") as ledger:
        assert {value.received for value in ledger.values([Q4])} == {dt.date(2024, 4, 2)}
