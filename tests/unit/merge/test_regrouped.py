"""A figure that counts from the beginning of the year against its predecessors', after a regrouping."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from reportctl.core.findings import Finding
from reportctl.core.language import use
from reportctl.core.period import Quarter
from reportctl.intake.job import Context
from reportctl.merge.compare_quarter import compare_quarter
from reportctl.workspace.settings import Settings
from reportctl.workspace.units import Roster
from tests.making.regrouped import BEFORE, FORM, NOW, ROSTER, WHOLE, ledger_of

Told = Mapping[str, Mapping[str, object]]


def found(quarters: Mapping[Quarter, Told], quarter: Quarter = NOW, roster: Roster = ROSTER) -> list[Finding]:
    """What is said of figures that became less."""
    context = Context(FORM, roster, quarter, quarter.window().last)
    with ledger_of(quarters) as ledger:
        findings = compare_quarter(ledger, context, Settings())
    return [one for one in findings if one.code == "lower_to_date"]


def visits(**of_units: object) -> Told:
    return {unit: {"visits": value} for unit, value in of_units.items()}


@pytest.mark.parametrize(
    ("then", "now", "lower"),
    [
        ({"a": 500, "b": 70}, {"ab": 569}, ["ab"]),
        ({"a": 500, "b": 70}, {"ab": 570}, []),
        ({"a": 500, "b": "KAD"}, {"ab": 499}, ["ab"]),  # the one to which it did not apply had nothing
        ({"a": 500, "b": "KAD"}, {"ab": 500}, []),
        ({"a": 500, "b": None}, {"ab": 1}, []),  # how many those of b were is not known
        ({"a": 500}, {"ab": 1}, []),
        ({"d": 9}, {"bd": 8}, ["bd"]),
        ({"c": 100}, {"c1": 1, "c2": 2}, []),  # nothing is apportioned
        ({"a": 5}, {"e": 1}, []),
        ({"same": 7}, {"same": 6}, ["same"]),
    ],
)
def test_a_fall_across_a_change_of_units(
    then: Mapping[str, object], now: Mapping[str, object], lower: list[str]
) -> None:
    assert [one.unit for one in found({BEFORE: visits(**then), NOW: visits(**now)})] == lower


def test_the_message_has_the_sum_and_a_new_year_begins_anew() -> None:
    use("en")
    (one,) = found({BEFORE: visits(a=500, b=70), NOW: visits(ab=40)})
    assert one.severity == "warning"
    assert one.message == (
        "“visits” counts from the beginning of the year and is 40; in the second quarter of 2025 it was 570"
    )
    first = Quarter(2026, 1)
    assert found({NOW: visits(ab=900), first: visits(ab=5)}, first) == []


def test_the_quarter_before_may_be_missing() -> None:
    q1 = Quarter(2025, 1)
    (one,) = found({q1: visits(a=300, b=20), NOW: visits(ab=319)})
    assert (one.unit, one.indicator) == ("ab", "visits")
    assert found({q1: visits(a=300, b=20), NOW: visits(ab=320)}) == []


def test_a_predecessor_whose_kind_was_not_asked_had_nothing() -> None:
    told = {
        BEFORE: {"a": {"stories": 10}, "b": {"stories": 5}, "d": {"spent": 1}},
        Quarter(2025, 1): {"a": {"stories": 11}, "b": {"stories": 5}, "d": {"spent": 1}},
        Quarter(2024, 4): {"a": {"stories": 12}, "b": {"stories": 5}, "d": {"spent": 1}},
        Quarter(2024, 3): {"a": {"stories": 13}, "b": {"stories": 5}, "d": {"spent": 1}},
        NOW: {"ab": {"stories": 900}},
    }
    context = Context(FORM, WHOLE, NOW, NOW.window().last)
    use("en")
    with ledger_of(told) as ledger:
        (one,) = compare_quarter(ledger, context, Settings())
    assert one.code == "unusual_figure"
    assert "the last 4 quarters had 15 to 18 (median 16.5)" in one.message


def test_tenths_add_up_to_tenths() -> None:
    form = FORM.model_copy(
        update={
            "sections": (
                FORM.sections[0].model_copy(
                    update={
                        "indicators": tuple(
                            one.model_copy(update={"cumulative": True, "over_time": "last"})
                            if one.code == "spent"
                            else one
                            for one in FORM.sections[0].indicators
                        )
                    }
                ),
            )
        }
    )
    context = Context(form, ROSTER, NOW, NOW.window().last)
    told: Mapping[Quarter, Told] = {
        BEFORE: {"a": {"spent": 0.1}, "b": {"spent": 0.2}},
        NOW: {"ab": {"spent": 0.3}},
    }
    with ledger_of(told) as ledger:
        assert compare_quarter(ledger, context, Settings()) == []
