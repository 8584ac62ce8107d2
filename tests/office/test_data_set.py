"""The data set of all quarters, read by DuckDB, against what `summary` says."""

from __future__ import annotations

import math
import re
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pyarrow import parquet

from tests.making import sample
from tests.making.commands import Run
from tests.making.machine import ROOT
from tests.making.office import Q3, Q4, Office

pytestmark = pytest.mark.slow

AGGREGATES = ("sum", "mean", "min", "max")
# Each figure by its own aggregate.
TOTALS = """
SELECT period, code, CASE any_value(over_units)
  WHEN 'sum' THEN sum(value) WHEN 'mean' THEN avg(value) WHEN 'min' THEN min(value) ELSE max(value) END
FROM 'output/values/*/*.parquet'
WHERE counts AND NOT cumulative AND over_units IN ('sum', 'mean', 'min', 'max')
GROUP BY period, code
"""


def rows(folder: Path) -> list[dict[str, Any]]:
    """All rows as pyarrow reads them, with the period that the folder names."""
    return [
        {"period": path.parent.name.removeprefix("period=")} | row
        for path in sorted(folder.glob("*/values.parquet"))
        for row in parquet.ParquetFile(path).read().to_pylist()
    ]


def asked(root: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        connection.execute(f"SET file_search_path = '{root}'")
        return connection.execute(sql).fetchall()


def totals(root: Path) -> dict[tuple[str, str], float]:
    """By period and code, what DuckDB makes of the rows that count."""
    return {(period, code): total for period, code, total in asked(root, TOTALS) if total is not None}


def summed_up(run: Run, root: Path, period: str) -> dict[tuple[str, str], float]:
    """What `summary` says of the same figures, whose aggregates the form tells."""
    form = run("-w", root, "form", "--format", "json").json
    groups = [section["indicators"] for section in form["sections"]]
    groups += [table["cells"] for table in form["tables"]]
    how = {one["code"]: one["over_units"] for group in groups for one in group}
    said = run("-w", root, "summary", period, "--format", "json").json["rows"]
    return {
        (period, row["code"]): row["value"]
        for row in said
        if how[row["code"]] in AGGREGATES and row["value"] is not None
    }


def same(ours: dict[Any, float], theirs: dict[Any, float]) -> bool:
    """Whether the same figures are the same to nine digits: a sum of binary fractions is off in the last."""
    return ours.keys() == theirs.keys() and all(math.isclose(ours[k], theirs[k], rel_tol=1e-9) for k in ours)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """The sample, merged; a copy that a test may change."""
    root = Path(shutil.copytree(sample.merged(), tmp_path / "workspace"))
    # The figures of a quarter before reportctl came: of one unit, and of the province alone.
    table = root / "before.csv"
    lines = ["unit,indicator,period,value", "001,documents_issued,I/2022,30"]
    lines += [f",{code},I/2022,{value}" for code, value in (("documents_issued", 500), ("meetings_held", 40))]
    table.write_text("\n".join(lines), encoding="utf-8")
    return root


def test_duckdb_comes_to_the_totals_of_the_summary(run: Run, workspace: Path) -> None:
    assert run("-w", workspace, "history", workspace / "before.csv").code == 0
    assert run("-w", workspace, "close", "2023-Q1").code == 0
    said = run("-w", workspace, "export", "--to", "parquet", "--all")
    assert (said.code, said.out) == (0, f"Written: {workspace / 'output' / 'values'}\n")
    ours = totals(workspace)
    periods = ["2022-Q1", "2023-Q1", "2023-Q2", "2023-Q3", "2023-Q4", "2024-Q1"]
    assert sorted({period for period, _code in ours}) == periods
    theirs = {key: value for period in periods for key, value in summed_up(run, workspace, period).items()}
    assert len(theirs) > 150
    assert same(ours, theirs)
    # What was imported for the province alone stands in place of the one unit's figure.
    assert (ours["2022-Q1", "documents_issued"], ours["2022-Q1", "meetings_held"]) == (500, 40)


@pytest.mark.parametrize("page", ["scale.md", "scale.vi.md"])
def test_the_queries_of_the_page_give_what_it_says(run: Run, workspace: Path, page: str) -> None:
    run("-w", workspace, "export", "--to", "parquet", "--all")
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    total, by_kind, largest = re.findall(r"```sql\n(.*?)```", text, re.S)
    found = {(period, code): value for period, code, _label, _measure, value in asked(workspace, total)}
    theirs: dict[Any, float] = {}
    for period in ("2023-Q1", "2023-Q2", "2023-Q3", "2023-Q4", "2024-Q1"):
        theirs |= summed_up(run, workspace, period)
    added = {key: value for key, value in theirs.items() if key in found}
    assert same(found, added)
    assert len(found) > 150
    kinds = run("-w", workspace, "summary", "2024-Q1", "--by", "kind", "--format", "json").json["rows"]
    of_kind = {row["kind"]: row["values"]["press_total"] for row in kinds}
    last = {kind: value for period, kind, _measure, value in asked(workspace, by_kind) if period == "2024-Q1"}
    assert last == {kind: value for kind, value in of_kind.items() if value is not None}
    units = run("-w", workspace, "summary", "2024-Q1", "--by", "unit", "--format", "json").json["rows"]
    values = sorted((row["values"].get("press_total") or 0 for row in units), reverse=True)
    cells = asked(workspace, largest)
    assert [value for _unit, value, *_place in cells] == values[:10]
    assert all(file and sheet and cell for _unit, _value, _measure, file, sheet, cell in cells)


def test_a_row_says_all_by_itself(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10, results="tốt"))
    office.put("b.xlsx", office.book("02", 7, printed="KAD", press_total=1))
    office.put("c.xlsx", office.book("01", 4, Q4), Q4)
    office.merge()
    office.merge(Q4)
    assert office.run("export", "--to", "parquet", "--all").code == 0
    found = {
        (row["period"], row["unit"], row["code"]): row for row in rows(office.root / "output" / "values")
    }
    assert {period for period, _unit, _code in found} == {"2023-Q4", "2024-Q1"}
    row = found["2024-Q1", "01", "printed"]
    assert re.fullmatch("[0-9a-f]{64}", row.pop("sha256"))
    assert row == {
        "period": "2024-Q1", "unit": "01", "unit_name": "Huyện 01", "kind": "district", "section": "press",
        "code": "printed", "label": "Báo in", "unit_of_measure": "tin, bài", "type": "count",
        "over_units": "sum", "over_time": "sum", "state": "value", "text": None, "raw": "9", "file": "a.xlsx",
        "sheet": "Số liệu", "cell": row["cell"], "value": 9.0, "cumulative": False, "estimate": False,
        "counts": True,
    }  # fmt: skip
    words = found["2024-Q1", "01", "results"]
    assert (words["text"], words["value"], words["type"], words["over_units"]) == (
        "tốt",
        None,
        "text",
        "none",
    )
    none = found["2024-Q1", "02", "printed"]
    assert (none["state"], none["value"], none["text"], none["counts"]) == (
        "not_applicable",
        None,
        None,
        False,
    )
    assert found["2024-Q1", "01", "share_printed"]["value"] == 0.9
    assert found["2023-Q4", "01", "press_total"]["value"] == 4.0


def test_a_quarter_keeps_what_it_asked_and_a_renamed_figure_is_one_column(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 4, Q4), Q4)
    office.merge(Q4)
    text = (office.root / "form.toml").read_text(encoding="utf-8")
    changed = text.replace(
        'code = "aired"\nlabel = "Phát thanh"', 'code = "radio"\nwas = "aired"\nlabel = "Đài"'
    )
    changed = changed.replace("printed + aired", "printed + radio").replace('"Báo in"', '"Báo giấy"')
    assert changed.count("radio") == 2
    (office.root / "form.toml").write_text(changed, encoding="utf-8")
    assert office.run("export", "--to", "parquet", "--all").code == 0
    (row,) = [one for one in rows(office.root / "output" / "values") if one["code"] in ("aired", "radio")]
    assert (row["period"], row["code"], row["label"], row["value"]) == ("2023-Q4", "radio", "Phát thanh", 1.0)
    (row,) = [one for one in rows(office.root / "output" / "values") if one["code"] == "printed"]
    assert row["label"] == "Báo in"


@pytest.mark.parametrize("page", ["scale.md", "scale.vi.md"])
def test_the_queries_of_the_page_tell_units_of_measure_apart(office: Office, page: str) -> None:
    office.put("a.xlsx", office.book("01", 4000, Q4), Q4)
    office.merge(Q4)
    text = (office.root / "form.toml").read_text(encoding="utf-8")
    changed = text.replace('label = "Tổng số tin, bài"\nunit_of_measure = "tin, bài"', 'label = "Tổng"')
    assert changed != text
    changed = changed.replace('"Tổng"', '"Tổng"\nunit_of_measure = "nghìn bài"')
    (office.root / "form.toml").write_text(changed, encoding="utf-8")
    office.put("b.xlsx", office.book("01", 5, printed=4))
    office.merge()
    assert office.run("export", "--to", "parquet", "--all").code == 0
    queries = re.findall(r"```sql\n(.*?)```", (ROOT / "docs" / page).read_text(encoding="utf-8"), re.S)
    total, by_kind = (asked(office.root, sql) for sql in queries[:2])
    assert [(row[0], *row[3:]) for row in total if row[1] == "press_total"] == [
        ("2023-Q4", "tin, bài", 4000.0),
        ("2024-Q1", "nghìn bài", 5.0),
    ]
    assert by_kind == [("2023-Q4", "district", "tin, bài", 4000.0), ("2024-Q1", "district", "nghìn bài", 5.0)]


def test_quarters_that_are_gone_leave_the_data_set_and_nothing_of_anybodys_is_overwritten(
    office: Office,
) -> None:
    folder = office.root / "output" / "values"
    office.put("c.xlsx", office.book("01", 4, Q4), Q4)
    office.merge(Q4)
    imported = office.root / "before.csv"
    imported.write_text("unit,indicator,period,value\n01,printed,III/2023,3\n", encoding="utf-8")
    assert office.run("history", imported).code == 0
    assert office.run("export", "--to", "parquet", "--all").code == 0
    assert sorted(path.name for path in folder.iterdir()) == [f"period={Q3}", f"period={Q4}"]
    (office.root / "closed" / f"imported-{Q3}.csv").unlink()
    office.merge()
    office.run("export", "--to", "parquet", "--all")
    assert sorted(path.name for path in folder.iterdir()) == [f"period={Q4}"]
    (folder / "notes.txt").write_text("ours", encoding="utf-8")
    said = office.run("export", "--to", "parquet", "--all")
    assert said.out == f"Written: {folder.with_name('values (2)')}\n"
    assert "values was changed by somebody and stays as it is" in said.err
    assert office.run("export", "--to", "parquet", "--all", "--out", office.root / "mine").code == 0
    assert rows(office.root / "mine") == rows(folder)


def test_what_is_imported_and_not_taken_in_yet_is_said(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10))
    table = office.root / "before.csv"
    table.write_text("unit,indicator,period,value\n01,printed,III/2023,3\n", encoding="utf-8")
    assert office.run("history", table).code == 0
    imported = office.root / "closed" / f"imported-{Q3}.csv"
    imported.rename(table)
    office.merge()
    table.rename(imported)  # back from a backup
    said = office.run("export", "--to", "parquet", "--all")
    assert (
        f"closed/imported-{Q3}.csv: the figures in it are not among these yet. Run: reportctl merge"
        in said.err
    )
    assert not (office.root / "output" / "values" / f"period={Q3}").exists()
    office.merge()
    said = office.run("export", "--to", "parquet", "--all")
    assert said.err == ""
    assert (office.root / "output" / "values" / f"period={Q3}" / "values.parquet").is_file()


@pytest.mark.parametrize("wrong", [("2024-Q1", "--to", "parquet"), ("--to", "csv"), ()])
def test_all_quarters_go_into_parquet(office: Office, wrong: tuple[str, ...]) -> None:
    said = office.run("export", *wrong, "--all")
    assert (said.code, said.out) == (2, "")
    assert "reportctl export --to parquet --all" in said.err


def test_without_any_quarter_nothing_is_written(office: Office) -> None:
    said = office.run("export", "--to", "parquet", "--all")
    assert said.code == 2
    assert "nothing was merged or imported yet" in said.err
    assert not (office.root / "output").exists()
