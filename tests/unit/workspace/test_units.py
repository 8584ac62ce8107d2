"""The list of units: every mistake at its place, units that changed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from reportctl.core.errors import ReportctlError
from reportctl.workspace.small_tables import SmallTableError
from reportctl.workspace.units import Roster, Unit, unit_named
from reportctl.workspace.units_file import load_roster
from tests.making.machine import Convert

KINDS = frozenset({"district", "commune"})
HEADER = "code,name,kind,parent,valid_from,valid_to,predecessors,contact\n"


def roster(tmp_path: Path, rows: str) -> Roster:
    path = tmp_path / "units.csv"
    path.write_text(HEADER + rows, encoding="utf-8")
    return load_roster(path, KINDS)


def problems(tmp_path: Path, rows: str) -> list[str]:
    with pytest.raises(SmallTableError) as caught:
        roster(tmp_path, rows)
    return [str(problem) for problem in caught.value.problems]


def test_every_mistake_is_said_with_its_line(tmp_path: Path) -> None:
    said = problems(
        tmp_path,
        "001,A,district,,,,,\n2,B,district,,,,,\n003,,distrct,999,2024-13-01,,,\n001,A again,district,,,,,\n"
        "4,D,,,,,,\n05,E,district,,,,,\n",
    )
    assert said == [
        "line 3, column code: “2” has lost its leading zero in a spreadsheet program; “002” was meant? "
        "Set the column to text before typing codes",
        "line 4, column name: nothing is filled in",
        "line 4, column valid_from: “2024-13-01” is not a date; write 2024-07-01 or 01/7/2024",
        "line 4, column kind: “distrct” is not one of the form's kinds of units: commune, district; "
        "“district” was meant?",
        "line 4, column parent: there is no unit with the code “999”",
        "line 5, column code: the code “001” already stands in line 2 for the same days",
        "line 6, column kind: nothing is filled in",
        "line 7, column code: “05” has lost its leading zero in a spreadsheet program; “005” was meant? "
        "Set the column to text before typing codes",
    ]


def workbook(tmp_path: Path, *rows: list[object]) -> Path:
    book = openpyxl.Workbook()
    assert isinstance(book.active, Worksheet)
    for row in (HEADER.strip().split(","), *rows):
        book.active.append(row)
    path = tmp_path / "units.xlsx"
    book.save(path)
    return path


def test_a_workbook_of_units(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        ["001", "Huyện\nĐông  Thủy", "district", None, dt.date(2020, 1, 1), dt.date(2025, 6, 30), None, "x"],
        ["00123", "Xã A", "commune", None, "01/7/2025", dt.datetime(9999, 12, 31), "001; 001"],
    )
    assert load_roster(path, KINDS).units == (
        Unit("001", "Huyện Đông Thủy", "district", "", dt.date(2020, 1, 1), dt.date(2025, 6, 30), (), "x"),
        Unit("00123", "Xã A", "commune", "", dt.date(2025, 7, 1), dt.date(9999, 12, 31), ("001",)),
    )


def test_every_mistake_in_a_workbook_is_said_with_its_cell(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        ["001", "A", "district", None, dt.date(2024, 7, 1), dt.date(2024, 6, 30)],
        [2, "B", "district", 1, dt.datetime(2024, 7, 1, 9, 0)],
        [],
        ["003", "=B3", "distrct", "#N/A", 45474, None, "a1; 1", "#REF!"],
        ["A1", "Huy?n", "commune", "003"],
        ["001", "A again", "district"],
    )
    with pytest.raises(SmallTableError) as caught:
        load_roster(path, KINDS)
    assert [str(problem) for problem in caught.value.problems] == [
        "cell F2: the unit ends on 2024-06-30, before it begins on 2024-07-01",
        "cell E3: “2024-07-01 09:00” is not a date; write 2024-07-01 or 01/7/2024",
        "cell A3: “2” has lost its leading zero in a spreadsheet program; “002” was meant? "
        "Set the column to text before typing codes",
        "cell D3: “1” has lost its leading zero in a spreadsheet program; write 001",
        "cell B5: “=B3” is an error or a formula without a value; type what is meant",
        "cell D5: “#N/A” is an error or a formula without a value; type what is meant",
        "cell H5: “#REF!” is an error or a formula without a value; type what is meant",
        "cell E5: “45474” is not a date; write 2024-07-01 or 01/7/2024",
        "cell C5: “distrct” is not one of the form's kinds of units: commune, district; "
        "“district” was meant?",
        "cell G5: there is no unit with the code “a1”; “A1” was meant?",
        "cell G5: “1” has lost its leading zero in a spreadsheet program; write 001",
        "cell B6: “Huy?n” has lost letters when the file was saved; type it again and save the file as "
        "“CSV UTF-8” or .xlsx",
    ]


@pytest.mark.libreoffice
def test_zeros_that_another_program_has_eaten(tmp_path: Path, soffice: Convert) -> None:
    rows = [f"{number:03},Quan {number},district,,,,,\n" for number in range(1, 13)]
    (tmp_path / "units.csv").write_text(HEADER + "".join(rows), encoding="utf-8")
    (saved,) = soffice([tmp_path / "units.csv"], outdir=tmp_path)  # takes 001 for a number
    with pytest.raises(SmallTableError) as caught:
        load_roster(saved, KINDS)
    assert [str(problem).split(" has")[0] for problem in caught.value.problems] == [
        f"cell A{number + 1}: “{number}”" for number in range(1, 10)
    ]


@pytest.mark.parametrize("name", ["Huy?n A", "Huy\ufffdn A", "Huyá»‡n A", "Tháº¡ch A"])
def test_names_that_were_saved_without_their_letters(tmp_path: Path, name: str) -> None:
    (said,) = problems(tmp_path, f"1,{name},district,,,,,\n")
    assert said.startswith(f"line 2, column name: “{name}” has lost letters")


def test_codes_of_other_lengths_are_no_mistake_in_another_kind(tmp_path: Path) -> None:
    units = roster(tmp_path, "001,A,district,,,,,\n00001,B,commune,001,,,,\nS1,C,commune,001,,,,\n")
    assert units.codes == {"001", "00001", "S1"}


def test_what_is_no_list_of_units(tmp_path: Path) -> None:
    path = tmp_path / "u.csv"
    path.write_text("code,name\n", encoding="utf-8")
    with pytest.raises(SmallTableError, match="column kind: there is no such column"):
        load_roster(path, KINDS)
    assert problems(tmp_path, "") == ["line 2: there is no unit in the file"]
    with pytest.raises(ReportctlError, match="cannot be read"):
        load_roster(tmp_path / "none.csv", KINDS)


# Days and changes


def test_circles_of_parents(tmp_path: Path) -> None:
    said = problems(
        tmp_path,
        "a,A,district,b,,,,\nb,B,district,c,,,,\nc,C,district,a,,,,\nd,D,district,a,,,,\ne,E,district,e,,,,\n"
        "f,F,district,d,2025-01-01,,,\n",
    )
    assert said == [
        f"line {line}, column parent: the unit is its own parent by way of “{parent}”"
        for line, parent in ((2, "b"), (3, "c"), (4, "a"), (6, "e"))
    ]


def test_a_circle_is_one_only_on_the_same_days(tmp_path: Path) -> None:
    assert roster(
        tmp_path,
        "a,A,district,b,,2024-12-31,,\nb,B,district,,,2024-12-31,,\n"
        "a,A,district,,2025-01-01,,,\nb,B,district,a,2025-01-01,,,\n",
    )
    said = problems(
        tmp_path,
        "a,A,district,b,,2025-01-01,,\nb,B,district,,,2024-12-31,,\n"
        "a,A,district,,2025-01-02,,,\nb,B,district,a,2025-01-01,,,\n",
    )
    assert [line.partition(":")[0] for line in said] == ["line 2, column parent", "line 5, column parent"]


def test_a_parent_of_other_days(tmp_path: Path) -> None:
    said = problems(tmp_path, "p,P,district,,,2025-06-30,,\nu,U,commune,p,2025-07-01,,,\n")
    assert said == ["line 3, column parent: “p” was not there on any of this unit's days"]


@pytest.mark.parametrize(
    ("until", "since", "said"),
    [
        ("2024-06-30", "2024-07-01", None),
        (
            "2024-06-30",
            "2024-07-03",
            "valid_from: the unit has no row for the days from 2024-07-01 to 2024-07-02",
        ),
        ("2024-07-01", "2024-07-01", "code: the code “a” already stands in line 2 for the same days"),
        ("", "2024-07-01", "code: the code “a” already stands in line 2 for the same days"),
        ("2024-06-30", "", "code: the code “a” already stands in line 2 for the same days"),
    ],
)
def test_the_rows_of_a_renamed_unit_follow_each_other(
    tmp_path: Path, until: str, since: str, said: str | None
) -> None:
    rows = f"a,Cũ,district,,,{until},,\na,Mới,district,,{since},,,\n"
    if said is None:
        assert [unit.name for unit in roster(tmp_path, rows).rows("a")] == ["Cũ", "Mới"]
    else:
        assert problems(tmp_path, rows) == [f"line 3, column {said}"]


O_ENDED = "“o” ended on 2025-06-30, so the unit that follows it begins on 2025-07-01"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("o,O,district,,,2025-06-30,,", "n,N,commune,,2025-07-01,,o,", ""),
        ("o,O,district,,,,,", "n,N,commune,,2025-07-01,,o,", ""),  # gave a part away
        # It gave a part away, and what was left became something else later.
        (
            "o,O,district,,,2026-06-30,,",
            "n,N,commune,,2025-07-01,,o,\nm,M,commune,,2026-07-01,,o,",
            "",
        ),
        # Renamed later, with the predecessors in both rows.
        (
            "o,O,district,,,2025-06-30,,",
            "n,N,commune,,2025-07-01,2025-12-31,o,\nn,N2,commune,,2026-01-01,,o,",
            "",
        ),
        # A unit that was there before took in another.
        (
            "o,O,district,,,2025-06-30,,",
            "n,N,commune,,,2025-06-30,,\nn,N,commune,,2025-07-01,,o,",
            "",
        ),
        (
            "o,O,district,,,2025-06-30,,",
            "n,N,commune,,2025-07-05,,o,",
            f"line 3, column valid_from: {O_ENDED}",
        ),
        (
            "o,O,district,,,2025-06-30,,",
            "n,N,commune,,2025-06-30,,o,",
            f"line 3, column valid_from: {O_ENDED}",
        ),
        (
            "o,O,district,,2025-07-01,,,",
            "n,N,commune,,2025-07-01,,o,",
            "line 3, column valid_from: “o”, which the unit is made of, was not there on the day before",
        ),
        (
            "o,O,district,,,,,",
            "n,N,commune,,,,o,",
            "line 3, column valid_from: a unit with predecessors needs its first day",
        ),
        (
            "o,O,district,,,,,",
            "n,N,commune,,2025-07-01,,n,",
            "line 3, column predecessors: the unit is its own predecessor; a new name alone needs none",
        ),
        # Units that are made of each other.
        (
            "o,O,district,,2025-07-01,,n,",
            "n,N,commune,,2025-07-01,,o,",
            "line 2, column valid_from: “n”, which the unit is made of, was not there on the day before\n"
            "line 3, column valid_from: “o”, which the unit is made of, was not there on the day before",
        ),
    ],
)
def test_a_unit_begins_when_its_predecessors_end(tmp_path: Path, old: str, new: str, said: str) -> None:
    if said:
        assert problems(tmp_path, f"{old}\n{new}\n") == said.split("\n")
    else:
        assert roster(tmp_path, f"{old}\n{new}\n")


def test_a_wrong_date_is_said_once(tmp_path: Path) -> None:
    said = problems(
        tmp_path,
        "a,A,district,,,30-6-25,,\na,A,district,,2025-07-01,,,\nn,N,commune,,2025-07-09,,a,\n"
        "o,O,district,,,2025-06-30,,\nq,Q,commune,,July,,o,\n"
        "p,P,district,,2025-07-01,2025-06-30,,\nr,R,commune,p,2025-07-01,,,\n",
    )
    assert said == [
        "line 2, column valid_to: “30-6-25” is not a date; write 2024-07-01 or 01/7/2024",
        "line 6, column valid_from: “July” is not a date; write 2024-07-01 or 01/7/2024",
        "line 7, column valid_to: the unit ends on 2025-06-30, before it begins on 2025-07-01",
    ]


def test_the_first_and_the_last_day_there_is(tmp_path: Path) -> None:
    said = problems(
        tmp_path,
        "a,A,district,,0001-01-01,9999-12-31,,\nb,B,district,,0001-01-01,,a,\nb,B,district,,,31/12/9999,,\n",
    )
    assert [line.partition(":")[0] for line in said] == ["line 3, column valid_from", "line 4, column code"]


MERGED = (
    "d1,Cũ 1,district,,,2025-06-30,,\n"
    "d2,Cũ 2,district,,,2025-06-30,,\n"
    "d3,Cũ 3,district,,,2025-06-30,,\n"
    "n1,Mới 1,commune,,2025-07-01,,d1;d2,\n"
    "n2,Mới 2,commune,,2025-07-01,,d3,\n"
    "n3,Mới 3,commune,,2025-07-01,,d3,\n"
    "s,Không đổi,district,,,,,\n"
)


@pytest.mark.parametrize(
    ("code", "before"),
    [("n1", ("d1", "d2")), ("n2", None), ("n3", None), ("s", ("s",)), ("d1", None)],
)
def test_a_unit_is_compared_only_with_the_whole_of_its_predecessors(
    tmp_path: Path, code: str, before: tuple[str, ...] | None
) -> None:
    units = roster(tmp_path, MERGED)
    assert units.ancestry(code, dt.date(2025, 9, 14), dt.date(2024, 9, 14)) == before


def test_units_of_a_day(tmp_path: Path) -> None:
    units = roster(tmp_path, MERGED)
    assert list(units.on(dt.date(2025, 6, 30))) == ["d1", "d2", "d3", "s"]
    assert list(units.on(dt.date(2025, 7, 1))) == ["n1", "n2", "n3", "s"]


def test_a_unit_that_gave_a_part_away_is_not_what_it_was(tmp_path: Path) -> None:
    units = roster(
        tmp_path, "big,Lớn,district,,,,,\npart,Mới tách,district,,2025-07-01,,big,\nrest,Khác,district,,,,,\n"
    )
    now, before = dt.date(2025, 9, 14), dt.date(2024, 9, 14)
    assert units.ancestry("big", now, before) is None
    assert units.ancestry("part", now, before) is None
    assert units.ancestry("rest", now, before) == ("rest",)
    assert units.ancestry("big", dt.date(2025, 3, 14), before) == ("big",)


def test_a_unit_that_took_in_another_is_both_of_them(tmp_path: Path) -> None:
    units = roster(
        tmp_path,
        "big,Lớn,district,,,2025-06-30,,\nsmall,Nhỏ,district,,,2025-06-30,,\n"
        "big,Lớn,district,,2025-07-01,,small,\n",
    )
    assert units.ancestry("big", dt.date(2025, 9, 14), dt.date(2024, 9, 14)) == ("big", "small")
    assert units.ancestry("big", dt.date(2025, 9, 14), dt.date(2025, 7, 1)) == ("big",)


def test_a_new_name_does_not_make_a_union_a_new_unit(tmp_path: Path) -> None:
    for predecessors in ("", "d1;d2"):
        units = roster(
            tmp_path,
            "d1,Cũ 1,district,,,2025-06-30,,\nd2,Cũ 2,district,,,2025-06-30,,\n"
            "n,Mới,commune,,2025-07-01,2025-12-31,d1;d2,\n"
            f"n,Mới hơn,commune,,2026-01-01,,{predecessors},\n",
        )
        assert units.ancestry("n", dt.date(2026, 3, 14), dt.date(2025, 3, 14)) == ("d1", "d2")
        assert units.ancestry("n", dt.date(2026, 3, 14), dt.date(2025, 9, 14)) == ("n",)


def test_two_changes_one_after_the_other(tmp_path: Path) -> None:
    units = roster(
        tmp_path,
        "d1,Cũ 1,district,,,2025-06-30,,\nd2,Cũ 2,district,,,2025-06-30,,\nd3,Cũ 3,district,,,2025-06-30,,\n"
        "n1,Mới 1,commune,,2025-07-01,2026-04-29,d1;d2,\nn2,Mới 2,commune,,2025-07-01,2026-04-29,d3,\n"
        "m1,Sau 1,commune,,2026-04-30,,n1,\n"
        "m2,Sau 2,commune,,2026-04-30,,n2,\nm3,Sau 3,commune,,2026-04-30,,n2,\n",
    )
    day, before = dt.date(2026, 6, 14), dt.date(2025, 6, 14)
    assert units.ancestry("m1", day, before) == ("d1", "d2")
    assert units.ancestry("m1", day, dt.date(2025, 9, 14)) == ("n1",)
    assert units.ancestry("m2", day, before) is None


def test_a_unit_that_is_partly_new_has_nothing_to_be_compared_with(tmp_path: Path) -> None:
    units = roster(
        tmp_path,
        "d,Cũ,district,,,2025-06-30,,\nx,Mới,district,,2025-01-01,2025-06-30,,\n"
        "n,Hai,commune,,2025-07-01,,d x,\n",
    )
    assert units.ancestry("n", dt.date(2025, 9, 14), dt.date(2024, 9, 14)) is None
    assert units.ancestry("n", dt.date(2025, 9, 14), dt.date(2025, 3, 14)) == ("d", "x")
    assert units.ancestry("x", dt.date(2025, 3, 14), dt.date(2024, 3, 14)) is None


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("26737 Xa Yen Binh.xlsx", "26737"),
        ("XÃ YÊN BÌNH.xlsx", "26737"),
        ("Xã Yên Bình A (2).xlsx", "26738"),  # and not the one whose name that begins with
        ("xa-yen-binh-a_quy1.xlsx", "26738"),
        ("Gửi.zip/Xã Đồng Tâm/bao cao.xlsx", "ub07"),
        ("UB07_final.xlsx", "ub07"),
        ("Xa Dong Tam.xlsx", "ub07"),
        ("Xã Trùng Tên.xlsx", ""),  # two units are called so
        ("26737 Xa Dong Tam.xlsx", ""),
        ("Xa Yen.xlsx", ""),
        ("267370.xlsx", ""),
        (".xlsx", ""),
    ],
)
def test_the_name_of_a_file_tells_the_unit(file: str, code: str) -> None:
    named = {
        "26737": "Xã Yên Bình", "26738": "Xã Yên Bình A", "ub07": "Xã Đồng Tâm", "1": "Xã Trùng Tên",
        "2": "Xã Trùng Tên",
    }  # fmt: skip
    assert unit_named(file, [Unit(unit, name, "commune") for unit, name in named.items()]) == code


def test_a_unit_is_new_where_nothing_of_it_was_there(tmp_path: Path) -> None:
    units = roster(
        tmp_path,
        "d,Cũ,district,,,2025-06-30,,\nx,Mới,district,,2025-01-01,2025-06-30,,\n"
        "n,Hai,commune,,2025-07-01,,d x,\ne,Ba,commune,,2025-07-01,,,\nf,Bốn,commune,,2025-07-01,,x,\n",
    )
    day, before = dt.date(2025, 9, 14), dt.date(2024, 9, 14)
    assert [units.is_new(code, day, before) for code in ("n", "e", "f")] == [False, True, True]
    assert not units.is_new("f", day, dt.date(2025, 3, 14))
    assert not units.is_new("d", dt.date(2025, 6, 14), before)
