"""Measure everything in one run, side by side, and print a table; `python -m benchmarks --units 150`.

Makes returned workbooks of the stock form for that many units, one in twenty with findings. Times differ
from machine to machine; the ratios are what counts. `--check` ends with 1 where one is far over
its bound.

`--form big` measures what a form of 1,302 cells costs (`benchmarks/big_form.py`), beside one of half of them.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from benchmarks import big_form
from benchmarks.measuring import Cost, cost, median, medians
from benchmarks.returns import make_returns, make_workspace, save_again
from reportctl.core.period import Quarter

QUARTER = Quarter(2024, 1)
Run = Callable[[bool], Cost]  # a measurement; whether its memory is watched
_SEVERITY = '\n[findings]\nunusual_figure = "{}"\n'
_MANY = 3000  # units, of which the bounds of a whole country's 3,321 are meant
_SLACK = 1.5  # a ratio this much over its bound fails a check: machines differ


@dataclass(frozen=True, slots=True)
class Ratio:
    """One thing that is to be reached: what against what, and the most it may be."""

    what: str
    value: float
    bound: float


class Bench:
    """The measurements of one number of units, in a workspace of its own."""

    def __init__(
        self,
        root: Path,
        units: int,
        rounds: int,
        earlier: int = 0,
        form: Literal["stock"] | big_form.Size = "stock",
    ) -> None:
        self.root, self.units, self.rounds, self.form = root, units, rounds, form
        self.costs: dict[str, Cost] = {}
        self.changes = self.forgotten = 0
        make_workspace(root, units)
        if form == "stock":
            self.files = make_returns(root, QUARTER, units)
        else:
            big_form.put_form(root, form)
            self.files = make_returns(root, QUARTER, units, big_form.answers)
        self.quarters = [QUARTER]
        for _number in range(earlier):
            self.quarters.insert(0, self.quarters[0].previous)

    def run_tables(self) -> None:
        """Measure what grows with the form: bare reading, the cold merge, and what is made of it."""
        measure = self._measure
        self._measure_cold()
        measure("merge again", self._merge)
        measure("merge with merged.xlsx", self._merge_printed)
        measure("--version", _python(["-m", "reportctl", "--version"]))
        measure("summary", self._command("summary", str(QUARTER), "--format", "json"))
        measure("report", self._command("report", str(QUARTER), "--out", str(self.root / "r.docx")))
        measure("export", self._command("export", "--to", "parquet", "--all"))

    def run(self, *, slow: bool, merges: bool) -> None:
        """Measure all of it, or what concerns `merges`; `slow` with what people write today, which takes
        minutes for thousands."""
        measure = self._measure
        measure("unzip", self._baseline("unzip"))
        if slow:
            measure("pandas", self._baseline("pandas"), once=True)
        self._measure_cold()
        measure("merge again", self._merge)
        measure("merge one changed", self._merge_changed)
        measure("merge another severity", self._merge_regraded)
        measure("merge another rule", self._merge_rechecked)
        measure("merge with merged.xlsx", self._merge_printed)
        measure("--version", _python(["-m", "reportctl", "--version"]))
        if not merges:
            self._measure_others()
        if len(self.quarters) > 1:
            self._fill_earlier()
            measure("merge cold, eight quarters", self._merge_cold_again)

    def _measure_others(self) -> None:
        measure = self._measure
        measure("summary", self._command("summary", str(QUARTER), "--format", "json"))
        measure("status", self._command("status", str(QUARTER), "--format", "json"))
        measure("report", self._command("report", str(QUARTER), "--out", str(self.root / "r.docx")))
        measure("export", self._command("export", str(QUARTER), "--to", "csv"))
        measure("writer", self._baseline("writer"), once=True)
        measure("template", self._template, once=True)
        for option in ("--version", "--help"):
            measure(f"typer {option}", _python([_BARE, option]))
        measure("--help", _python(["-m", "reportctl", "--help"]))

    def ratios(self) -> Iterator[Ratio]:
        """What is to be reached. Of few units the start of processes is most of it: they have bounds of their
        own, which only guard against getting worse."""
        costs, bare = self.costs, self.costs["calamine"].wall
        start, cold = costs["--version"].wall, costs["merge cold"].wall
        few = self.units < _MANY
        again, changed = (costs[name].wall - start for name in ("merge again", "merge one changed"))
        yield Ratio("merge cold / bare calamine", cold / bare, 5.0 if few else 2.0)
        if "merge cold, eight quarters" in costs:
            eight = costs["merge cold, eight quarters"].wall
            yield Ratio("merge cold with eight quarters / bare calamine", eight / bare, 3.0)
        if "pandas" in costs:
            yield Ratio("merge cold / pandas loop", cold / costs["pandas"].wall, 0.2 if few else 1 / 15)
        yield Ratio("nothing changed, beyond --version / bare calamine", again / bare, 1.2 if few else 0.10)
        yield Ratio(
            "one file changed, beyond --version / bare calamine", changed / bare, 2.5 if few else 0.15
        )
        for name in ("merge another severity", "merge another rule"):
            judged = costs[name].wall - start
            yield Ratio(f"{name}, beyond --version / bare calamine", judged / bare, 2.5 if few else 0.6)
        # Of few units every value stands in the workbook as well.
        yield Ratio("merged.xlsx / merge cold", self.printed / cold, 2.0 if few else 1.0)
        if "template" in costs:
            yield Ratio("template / single loop", costs["template"].wall / costs["writer"].wall, 0.65)
            yield Ratio("--version / typer", start / costs["typer --version"].wall, 1.3)
            yield Ratio("--help / typer", costs["--help"].wall / costs["typer --help"].wall, 1.3)
        if few and "template" in costs:
            yield Ratio("status / typer", costs["status"].wall / costs["typer --help"].wall, 2.0)
        peak = max(cost.peak for name, cost in costs.items() if name != "pandas")
        yield Ratio("peak memory, MB", peak, 700 if self.units > 3321 else 500)

    @property
    def printed(self) -> float:
        """The seconds that merged.xlsx takes, and values.csv with it."""
        return self.costs["merge with merged.xlsx"].wall - self.costs["merge again"].wall

    def _measure(self, name: str, run: Run, *, once: bool = False) -> None:
        print(f"{self.units}, {self.form}: {name}", file=sys.stderr, flush=True)
        self.costs[name] = run(True) if once else median(self.rounds, run)

    def _measure_cold(self) -> None:
        runs = {"calamine": self._baseline("calamine"), "merge cold": self._merge_cold}
        print(f"{self.units}, {self.form}: {', '.join(runs)}", file=sys.stderr, flush=True)
        self.costs |= medians(self.rounds, runs)

    def _baseline(self, name: str) -> Run:
        return _python(["-m", "benchmarks.baselines", name, str(self.root)])

    def _command(self, *arguments: str) -> Run:
        return _python(["-m", "reportctl", "-w", str(self.root), *arguments])

    def _merge(self, watched: bool) -> Cost:
        return self._command("merge", str(QUARTER), "--no-workbook")(watched)

    def _merge_printed(self, watched: bool) -> Cost:
        for name in ("merged.xlsx", "values.csv"):
            (self.root / "output" / str(QUARTER) / name).unlink(missing_ok=True)
        return self._command("merge", str(QUARTER))(watched)

    def _merge_cold(self, watched: bool) -> Cost:
        self._forget()
        return self._merge(watched)

    def _merge_changed(self, watched: bool) -> Cost:
        self.changes += 1
        save_again(self.files[1], self.changes)
        return self._merge(watched)

    def _merge_regraded(self, watched: bool) -> Cost:
        self.changes += 1
        severity = ("note", "warning")[self.changes % 2]
        self._replace("reportctl.toml", r"\n\[findings\]\n(unusual.*\n)?", _SEVERITY.format(severity))
        return self._merge(watched)

    def _merge_rechecked(self, watched: bool) -> Cost:
        self.changes += 1
        self._replace("form.toml", r'(?<=\n)message = "', f'message = "{self.changes} ')
        return self._merge(watched)

    def _replace(self, name: str, old: str, new: str) -> None:
        path = self.root / name
        text, replaced = re.subn(old, new, path.read_text(encoding="utf-8"), count=1)
        if not replaced:
            raise ValueError(f"nothing to replace in {name}")
        path.write_text(text, encoding="utf-8", newline="\n")

    def _template(self, watched: bool) -> Cost:
        shutil.rmtree(self.root / "outbox", ignore_errors=True)
        return self._command("template", "2024-Q2")(watched)

    def _forget(self) -> None:
        """Put aside what a merge made. It is not deleted: an ext4 without a journal passes over the inodes of
        what has just been deleted, for minutes, and is three times slower to make other files."""
        self.forgotten += 1
        aside = self.root / "forgotten" / str(self.forgotten)
        aside.mkdir(parents=True)
        for name in ("reportctl.db", "decisions.csv", "archive", "output"):
            if (self.root / name).exists():
                (self.root / name).rename(aside / name)

    def _fill_earlier(self) -> None:
        """A ledger with eight earlier quarters, kept aside."""
        self._forget()
        for quarter in self.quarters[:-1]:
            make_returns(self.root, quarter, self.units)
        self._command("merge", str(self.quarters[-2]), "--no-workbook")(False)
        for name in ("reportctl.db", "decisions.csv"):
            shutil.copyfile(self.root / name, self.root / f"{name}.before")

    def _merge_cold_again(self, watched: bool) -> Cost:
        for name in ("reportctl.db", "decisions.csv"):
            shutil.copyfile(self.root / f"{name}.before", self.root / name)
        return self._merge(watched)


def ratios_of_tables(whole: Bench, half: Bench) -> Iterator[Ratio]:
    """What is to be reached with a large form: beside bare reading, and beside a form of half its cells.

    That takes half as long where nothing grows faster than the form.
    """
    costs, cold = whole.costs, whole.costs["merge cold"].wall
    yield Ratio("merge cold / bare calamine", cold / costs["calamine"].wall, 4.0)
    yield Ratio("report / merge cold", costs["report"].wall / cold, 1.0)
    yield Ratio("merged.xlsx / merge cold", whole.printed / cold, 1.0)
    yield Ratio("peak memory, MB", max(cost.peak for cost in costs.values()), 500)
    for name in ("merge cold", "report", "summary", "export"):
        of_both = [bench.costs[name].wall - bench.costs["--version"].wall for bench in (whole, half)]
        yield Ratio(f"{name}, beyond --version / the same with half the cells", of_both[0] / of_both[1], 2.0)
    yield Ratio("merged.xlsx / the same with half the cells", whole.printed / half.printed, 2.0)


def _python(arguments: Sequence[str]) -> Run:
    return lambda watched: cost(arguments, watched=watched)


_BARE = str(Path(__file__).with_name("bare_program.py"))


def main() -> int:
    """Measure and print; gives 1 where `--check` finds a ratio far over its bound."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--units", type=int, nargs="+", help="default: 3321, with the big form 150")
    parser.add_argument("--form", choices=("stock", "big"), default="stock")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--earlier", type=int, default=0, help="quarters in the ledger for one more measurement"
    )
    parser.add_argument("--without-pandas", action="store_true")
    parser.add_argument("--merges", action="store_true", help="measure only what concerns merges")
    parser.add_argument("--check", action="store_true")
    wanted = parser.parse_args()
    print(f"{os.cpu_count()} processors, Python {platform.python_version()}, {platform.system()}\n")
    failed = []
    for units in wanted.units or [150] if wanted.form == "big" else ():
        failed += _with_tables(units, wanted.rounds)
    for units in wanted.units or [3321] if wanted.form == "stock" else ():
        with tempfile.TemporaryDirectory() as temporary:
            bench = Bench(Path(temporary), units, wanted.rounds, wanted.earlier)
            bench.run(slow=not wanted.without_pandas, merges=wanted.merges)
        failed += report(bench, list(bench.ratios()))
    if failed and wanted.check:
        print("Far over its bound: " + "; ".join(failed), file=sys.stderr)
    return int(bool(failed and wanted.check))


def _with_tables(units: int, rounds: int) -> list[str]:
    """Measure the big form and its half, and print both; gives what is far over its bound."""
    benches = []
    for form in ("half", "big"):
        with tempfile.TemporaryDirectory() as temporary:
            bench = Bench(Path(temporary), units, rounds, form=form)
            bench.run_tables()
        benches.append(bench)
    half, whole = benches
    return [*report(half, []), *report(whole, list(ratios_of_tables(whole, half)))]


def report(bench: Bench, ratios: Sequence[Ratio]) -> list[str]:
    """Print a measurement and its `ratios`; gives what is far over its bound."""
    base = bench.costs["calamine"].wall
    asked = "" if bench.form == "stock" else f", {big_form.cells(bench.form)} cells"
    print(f"### {bench.units} units{asked}, median of {bench.rounds}\n")
    print("| what | wall, s | processors, s | peak, MB | against bare calamine |\n|---|---:|---:|---:|---:|")
    for name, one in bench.costs.items():
        print(f"| {name} | {one.wall:.2f} | {one.cpu:.2f} | {one.peak:.0f} | {one.wall / base:.2f} |")
    print("\n| ratio | measured | bound |\n|---|---:|---:|" if ratios else "")
    for ratio in ratios:
        print(f"| {ratio.what} | {ratio.value:.3g} | {ratio.bound:.3g} |")
    print(flush=True)
    return [f"{r.what} ({r.value:.3g})" for r in ratios if r.value > r.bound * _SLACK]


if __name__ == "__main__":
    sys.exit(main())
