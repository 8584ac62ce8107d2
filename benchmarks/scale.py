"""What one machine holds: a ledger of many quarters, its size, how long a summary and a data set of it take.

python -m benchmarks.scale --units 3321 --quarters 40
python -m benchmarks.scale --units 3321 --quarters 1 --form big
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from pathlib import Path

from benchmarks import big_form
from benchmarks.measuring import Cost, cost
from benchmarks.returns import make_workspace
from reportctl.core.period import Quarter
from reportctl.form.submission import Answer, AnswerState
from reportctl.ledger.archive import Receipt
from reportctl.ledger.rows import CacheKeys, NewSubmission, QuarterOutcome, rows_of
from reportctl.ledger.session import Session
from reportctl.ledger.writing import open_store
from reportctl.merge.assess import Assessor
from reportctl.merge.form_in_force import context_of


def fill(root: Path, quarters: list[Quarter]) -> None:
    """Put a submission of every unit into the ledger for each quarter, as a merge would."""
    session = Session(root)
    codes = [i.code for i in session.form.indicators.values() if i.amount]
    with open_store(session.workspace.ledger) as store:
        for quarter in quarters:
            assessor = Assessor(context_of(session, quarter))
            labels = store.labels(assessor.frequent_texts)
            chance = random.Random(str(quarter))
            keys = []
            with store.transaction():
                for unit in session.roster.units:
                    key = f"{quarter}{unit.code}".encode().hex().ljust(64, "0")
                    keys.append(key)
                    numbers = [(code, chance.randint(0, 5000)) for code in codes]
                    answers = tuple(
                        Answer(code, AnswerState.VALUE, value, str(value), "Số liệu", f"F{row}")
                        for row, (code, value) in enumerate(numbers, 8)
                    )
                    receipt = Receipt(quarter, key, f"{unit.code}.xlsx", quarter.window().last)
                    reading = assessor.keys.reading(unit.code, "", dash=False)
                    made_by = CacheKeys(reading, assessor.keys.checking, assessor.keys.grading)
                    rows = rows_of(answers, (), (), labels)
                    store.put([(receipt, NewSubmission(made_by, unit.code, None, "accepted", 50, 50, rows))])
                store.put_outcome(quarter, QuarterOutcome(keys))


# What docs/scale.md asks of the data set, by those who have DuckDB.
_ASKED = """
import sys, duckdb
duckdb.sql(f"SELECT period, code, any_value(label), sum(value) FROM '{sys.argv[1]}/*/*.parquet' "
           "WHERE counts AND over_units = 'sum' AND NOT cumulative GROUP BY period, code").fetchall()
"""


def main() -> None:
    """Fill a ledger and measure it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=3321)
    parser.add_argument("--quarters", type=int, default=40)
    parser.add_argument("--form", choices=("stock", "big"), default="stock")
    wanted = parser.parse_args()
    quarters = [Quarter(2024, 1)]
    while len(quarters) < wanted.quarters:
        quarters.insert(0, quarters[0].previous)
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        make_workspace(root, wanted.units)
        if wanted.form == "big":
            big_form.put_form(root, "big")
        begun = time.perf_counter()
        fill(root, quarters)
        filled = time.perf_counter() - begun
        size = (root / "reportctl.db").stat().st_size / 2**20
        print(f"{wanted.units} units, {wanted.quarters} quarters: {size:,.0f} MB, filled in {filled:.0f} s")
        code = "press_total" if wanted.form == "stock" else "activities.n1.total"
        in_it = ["-m", "reportctl", "-w", str(root)]
        for command in ("summary", "status", "trace"):
            more = ["--format", "json"] + ([code] if command == "trace" else [])
            _say(command, cost([*in_it, command, "2024-Q1", *more], watched=True))
        if wanted.quarters > 1:
            _say("summary of a year", cost([*in_it, "summary", "2023", "--format", "json"], watched=True))
        _say("the data set", cost([*in_it, "export", "--to", "parquet", "--all"], watched=True))
        made = root / "output" / "values"
        size = sum(path.stat().st_size for path in made.rglob("*.parquet")) / 2**20
        print(f"its size: {size:,.0f} MB")
        _say("DuckDB's totals of it", cost(["-c", _ASKED, str(made)], watched=True))


def _say(what: str, took: Cost) -> None:
    print(f"{what}: {took.wall:.1f} s, {took.peak:.0f} MB", flush=True)


if __name__ == "__main__":
    main()
