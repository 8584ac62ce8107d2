"""The list of units: encodings, every mistake at its line, units that changed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from reportctl.errors import ReportctlError
from reportctl.records import RecordsError, decode
from reportctl.roster import Roster, load_roster

KINDS = frozenset({"district", "commune"})
HEADER = "code,name,kind,parent,valid_from,valid_to,predecessors,contact\n"


def roster(tmp_path: Path, rows: str, *, encoding: str = "utf-8") -> Roster:
    path = tmp_path / "units.csv"
    path.write_bytes((HEADER + rows).encode(encoding))
    return load_roster(path, KINDS)


def problems(tmp_path: Path, rows: str) -> list[str]:
    with pytest.raises(RecordsError) as caught:
        roster(tmp_path, rows)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_of_excel(tmp_path: Path, encoding: str) -> None:
    units = roster(tmp_path, "001,Huyện Đông Thủy,district,,,,,\n", encoding=encoding).units
    assert (units[0].code, units[0].name) == ("001", "Huyện Đông Thủy")


def test_windows_1258_is_composed() -> None:
    # Windows-1258 writes a letter and, after it, its tone mark (0xD2: hook above, 0xF2: dot below).
    assert decode(b"Thu\xd2y, Huy\xea\xf2n") == "Thủy, Huyện"


def test_semicolons_and_quotes(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_text('code;name;kind\n001;"Huyện ""A""; phía bắc";district\n', encoding="utf-8")
    assert load_roster(path, KINDS).units[0].name == 'Huyện "A"; phía bắc'


def test_every_mistake_is_said_with_its_line(tmp_path: Path) -> None:
    said = problems(
        tmp_path,
        "001,A,district,,,,,\n2,B,district,,,,,\n003,,distrct,999,2024-13-01,,,\n001,A again,district,,,,,\n",
    )
    assert said == [
        "line 3, column code: “2” has lost its leading zero in a spreadsheet program; “002” was meant? "
        "Set the column to text before typing codes",
        "line 4, column name: nothing is filled in",
        "line 4, column valid_from: “2024-13-01” is not a date; write 2024-07-01 or 01/7/2024",
        "line 4, column kind: “distrct” is not one of the form's kinds of units: commune, district",
        "line 4, column parent: there is no unit with the code “999”",
        "line 5, column code: the code “001” already stands in line 2 for the same days",
    ]


def test_circles_and_missing_columns(tmp_path: Path) -> None:
    said = problems(tmp_path, "a,A,district,b,,,,\nb,B,district,a,,,,\n")
    assert [line.split(":")[0] for line in said] == ["line 2, column parent", "line 3, column parent"]
    path = tmp_path / "u.csv"
    path.write_text("code,name\n", encoding="utf-8")
    with pytest.raises(RecordsError, match="column kind: there is no such column"):
        load_roster(path, KINDS)
    with pytest.raises(ReportctlError, match="cannot be read"):
        load_roster(tmp_path / "none.csv", KINDS)


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
