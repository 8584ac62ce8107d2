"""How often right figures are warned of in the first year: `python -m tests.worlds.false_warnings`.

Provinces are made of which every figure is right: units of lognormal sizes, figures that follow the size more
or less and have a lognormal spread of their own, counts that scatter, units that did nothing. What is found
in them is wrong; so is what is not found of a figure that is made a hundred times as large.
"""

from __future__ import annotations

import argparse
import math
import random
from collections.abc import Mapping
from dataclasses import dataclass

from reportctl.core.findings import Finding
from reportctl.core.period import Quarter
from reportctl.form.indicators import Type
from reportctl.form.model import Form
from reportctl.merge.compare import Comparison, UnitAnswers, beyond_plan, unusual_changes, unusual_of_kind
from reportctl.workspace.settings import CheckSettings
from reportctl.workspace.units import Unit

CHECKS = (unusual_of_kind, unusual_changes, beyond_plan)
NOW = Quarter(2024, 2)
Figures = dict[tuple[str, str], int | float]


@dataclass(frozen=True)
class Spread:
    """How far units' sizes lie apart, and a unit's figures from what its size says, as standard deviations
    of logarithms: 0.7 is twice as much or half as much."""

    sizes: float
    figures: float


SPREADS = (Spread(0.3, 0.3), Spread(0.7, 0.5), Spread(1.0, 0.7))


@dataclass(frozen=True)
class Province:
    """Right figures of two quarters, by unit and code, and the year's plan of half of the indicators."""

    units: Mapping[str, Unit]
    before: Figures
    now: Figures
    plan: Figures

    def found(self, form: Form, *, earlier: bool, now: Figures | None = None) -> list[Finding]:
        """What is warned of, with or without a quarter before; `now` in place of the right figures."""
        figures = now or self.now
        answers = [
            UnitAnswers(unit, {code: value for (of, code), value in figures.items() if of == unit}, {})
            for unit in self.units
        ]
        history = {NOW.previous: self.before} if earlier else {}
        case = Comparison(form, CheckSettings(), NOW, self.units, answers, history, {}, self.plan)
        return [one for check in CHECKS for one in check(case)]


def province(chance: random.Random, form: Form, kinds: Mapping[str, int], spread: Spread) -> Province:
    """A province of so many units of each kind."""
    of_kind = {f"{kind}{n}": kind for kind, many in kinds.items() for n in range(many)}
    units = {code: Unit(code, code, kind) for code, kind in of_kind.items()}
    before, now, plan = Figures(), Figures(), Figures()
    sizes = {unit: chance.gauss(0, spread.sizes) for unit in units}
    for number, indicator in enumerate(one for one in form.indicators.values() if one.amount):
        usual = math.exp(chance.uniform(math.log(2), math.log(100_000)))
        follows, own = chance.choice((0, 0.5, 1, 1)), spread.figures * chance.uniform(0.6, 1.6)
        idle = chance.choice((0, 0.05, 0.3))
        for code, unit in units.items():
            if indicator.applies_to and unit.kind not in indicator.applies_to:
                continue
            expected = usual * math.exp(follows * sizes[code] + chance.gauss(0, own))
            for quarter in (before, now):
                value = expected * math.exp(chance.gauss(0, spread.figures / 2))
                value = max(chance.gauss(value, math.sqrt(value)), 0) * (chance.random() >= idle)
                whole = indicator.type is Type.COUNT
                quarter[code, indicator.code] = round(value) if whole else round(value, 1)
            if number % 2:
                plan[code, indicator.code] = max(round(4 * expected * math.exp(chance.gauss(0, 0.2))), 1)
    return Province(units, before, now, plan)


def hundredfold(chance: random.Random, made: Province) -> tuple[tuple[str, str], Figures] | None:
    """One of the province's larger figures made a hundred times as large; None where it has none."""
    large = [key for key, value in made.now.items() if value >= 20]
    if not large:
        return None
    key = chance.choice(large)
    return key, made.now | {key: made.now[key] * 100}


@dataclass
class Counted:
    """Returns and warnings; figures a hundred times as large, and how many were found."""

    returns: int = 0
    warnings: int = 0
    slips: int = 0
    found: int = 0


def count(form: Form, seed: int, provinces: int, kinds: Mapping[str, int], *, earlier: bool) -> list[Counted]:
    """What is counted over so many provinces, for each of the `SPREADS`."""
    every = []
    for spread in SPREADS:
        chance, counted = random.Random(seed), Counted()
        for _province in range(provinces):
            made = province(chance, form, kinds, spread)
            found = made.found(form, earlier=earlier)
            counted.returns += len(made.units)
            counted.warnings += len(found)
            if slip := hundredfold(chance, made):
                key, figures = slip
                of_slip = made.found(form, earlier=earlier, now=figures)
                counted.slips += 1
                counted.found += any((one.unit, one.indicator) == key for one in of_slip)
        every.append(counted)
    return every


def main() -> None:
    """Print the rates with the stock form, by how many units of a kind there are."""
    from reportctl.form.form_file import load_form
    from tests.making.machine import TEMPLATES

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--provinces", type=int, default=30)
    asked = parser.parse_args()
    form = load_form(TEMPLATES / "form.toml")
    for each in (8, 12, 20, 60, 150):
        for earlier in (False, True):
            kinds = {"commune": each, "department": each // 2}
            counted = count(form, asked.seed, asked.provinces, kinds, earlier=earlier)
            for spread, one in zip(SPREADS, counted, strict=True):
                where = f"{each} communes, {'second' if earlier else 'first'} quarter, {spread}"
                print(
                    f"{where}: {one.warnings} warnings in {one.returns} returns "
                    f"({one.warnings / one.returns:.2%}); {one.found} of {one.slips} hundredfold ones found"
                )


if __name__ == "__main__":
    main()
