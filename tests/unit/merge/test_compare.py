from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportctl.core.finding_kinds import COMPARED, Severity
from reportctl.core.findings import Finding
from reportctl.core.language import use
from reportctl.core.period import Quarter
from reportctl.form.form_file import parse_form
from reportctl.form.model import Form
from reportctl.merge.compare import BY_ITSELF, WITH_OTHERS, Comparison, UnitAnswers, compare, is_unusual
from reportctl.workspace.settings import CheckSettings
from reportctl.workspace.units import Unit
from tests.making.compared import FORM, LETTERS, TWENTY
from tests.making.returned import say

CHECKS = (*BY_ITSELF, *WITH_OTHERS)
Q3 = Quarter(2024, 3)
BACK = [Quarter(2024, 2), Quarter(2024, 1), *(Quarter(2023, n) for n in (4, 3, 2, 1))]


def form() -> Form:
    return parse_form(FORM)


def told(unit: str, **answers: Any) -> UnitAnswers:
    """What a unit says; None is an answer left out by mistake, "KAD" one that does not apply."""
    said = {code: value for code, value in answers.items() if value not in (None, "KAD")}
    texts = {code: value for code, value in said.items() if isinstance(value, str)}
    return UnitAnswers(unit, {code: value for code, value in said.items() if code not in texts}, texts)


def found(
    *returns: UnitAnswers,
    history: Mapping[str, Sequence[int | float | None]] | None = None,
    texts: Mapping[str, str] | None = None,
    **limits: Any,
) -> list[Finding]:
    """What is found; `history` of the unit "a" by code, newest quarter first."""
    past: dict[Quarter, dict[tuple[str, str], int | float]] = {quarter: {} for quarter in BACK}
    for code, figures in (history or {}).items():
        for quarter, number in zip(BACK, figures, strict=False):
            if number is not None:
                past[quarter]["a", code] = number
    units = {each.unit: Unit(each.unit, f"Huyện {each.unit.upper()}", "district") for each in returns}
    before = {("a", code): words for code, words in (texts or {}).items()}
    all_found = compare(Comparison(form(), CheckSettings(**limits), Q3, units, returns, past, before), CHECKS)
    say(all_found)
    use("en")
    return all_found


def test_every_check_is_in_the_tuple_and_finds_warnings() -> None:
    assert len(set(CHECKS)) == len(CHECKS) == len(COMPARED) == 9


def test_a_figure_far_from_the_last_quarters() -> None:
    (one,) = found(told("a", meetings=480), history={"meetings": [13, 11, 16, 12, 14, 13]})
    assert (one.code, one.severity, one.unit) == ("unusual_figure", Severity.WARNING, "a")
    assert one.indicator == "meetings"
    assert one.message == "“Conferences” is 480; the last 6 quarters had 11 to 16 (median 13)"
    use("vi")
    assert dict(one.details)["figure"].vi == "480"


@pytest.mark.parametrize(
    ("value", "history", "unusual"),
    [
        # 10 is added to small figures: 3 * (12.5 + 10) is 67.5.
        (57, [13, 11, 16, 12], False),
        (58, [13, 11, 16, 12], True),
        (0, [13, 11, 16, 12], False),
        (0, [21, 20, 22, 21], True),  # 3 * (0 + 10) < 21 + 10
        (1, [21, 20, 22, 21], False),  # 3 * 11 = 33
        (1200, [12000, 11500, 12500, 11000], True),
        (4001, [12000, 11500, 12500, 12000], False),
        (3900, [12000, 11500, 12500, 12000], True),
        # Nothing, or very little, is no measure of what is far.
        (20, [0, 0, 0, 0], False),
        (21, [0, 0, 0, 0], True),
        # Median 200, deviations 100, 190, 100, 200: 200 + 5 * 1.4826 * 145 = 1274.9
        (1274, [100, 10, 300, 400], False),
        (1275, [100, 10, 300, 400], True),
        # What was there before is usual.
        (900, [900, 12, 13, 12, 14], False),
    ],
)
def test_what_is_far(value: float, history: list[float], unusual: bool) -> None:
    assert is_unusual(value, history, None, CheckSettings()) is unusual


def test_few_quarters_say_nothing() -> None:
    assert found(told("a", meetings=150), history={"meetings": [13, 11, 16]}) == []
    assert found(told("a", meetings=150), history={"meetings": [13, None, 11, 16]}) == []
    assert found(told("a", meetings=150), history={"meetings": [13, 12, 11, 16]})
    assert found(told("a", meetings=480), history={"meetings": [13, 11, 16]}, min_quarters=3)
    assert found(told("a", meetings=None), history={"meetings": [13, 11, 16, 12]}) == []
    assert found(told("a", meetings="KAD"), history={"meetings": [13, 11, 16, 12]}) == []


def test_what_comes_in_the_same_quarter_of_every_year_is_usual() -> None:
    """Last year's third quarter is the fourth one back."""
    assert found(told("a", meetings=480), history={"meetings": [1, 2, 0, 300, 1, 2]}) == []
    assert len(found(told("a", meetings=480), history={"meetings": [1, 2, 0, 3, 1, 2]})) == 1


def test_shares_are_not_compared() -> None:
    assert found(told("a", done=0.9), history={"done": [0.01] * 6}, small=0, times=1.1) == []


def test_few_came_to_few_meetings() -> None:
    history = {"meetings": [13, 11, 16, 12], "people": [400, 330, 500, 350]}
    assert found(told("a", meetings=2, people=60), history=history) == []
    (one,) = found(told("a", meetings=13, people=60), history=history)
    assert one.indicator == "people"
    (one,) = found(told("a", meetings=0, people=5000), history=history)
    assert one.indicator == "people"


def test_a_total_of_the_year_that_became_less() -> None:
    (one,) = found(told("a", visits=40), history={"visits": [None, 55, 90]})
    assert (one.code, one.indicator) == ("lower_to_date", "visits")
    assert one.message == (
        "“Visits” counts from the beginning of the year and is 40; in the first quarter of 2024 it was 55"
    )
    assert found(told("a", visits=55), history={"visits": [55, 40, 90]}) == []
    assert found(told("a", visits=40), history={"visits": [None, None, 90]}) == []  # last year's
    assert found(told("a", visits=5000), history={"visits": [60, 40, 90, 70, 50]}) == []  # not far off


MORE = [f"more_{letter}" for letter in "abcdefgh"]


def test_the_quarter_before_sent_again() -> None:
    figures = {code: 10 + n for n, code in enumerate(MORE)}
    history = {code: [value] for code, value in figures.items()}
    (one,) = found(told("a", **figures), history=history)
    assert (one.code, one.unit, one.indicator) == ("repeated_quarter", "a", None)
    assert one.message == "8 of 8 figures are exactly those of the second quarter of 2024"
    changed = {**figures, "more_a": 1, "more_b": 2}  # six of eight: 75%
    assert found(told("a", **changed), history=history) == []
    assert len(found(told("a", **changed), history=history, repeated=0.75)) == 1


def test_what_stands_still_or_is_nothing_is_not_sent_again() -> None:
    figures = {code: 0 if code == "more_a" else 10 for code in MORE} | {"staff": 9, "visits": 8}
    assert found(told("a", **figures), history={code: [value] for code, value in figures.items()}) == []
    older = {code: [None, 10] for code in MORE}
    assert found(told("a", **dict.fromkeys(MORE, 10)), history=older) == []


def crowd(*attendance: int) -> list[UnitAnswers]:
    return [told(f"u{n:02}", meetings=10, people=people) for n, people in enumerate(attendance)]


def test_attendance_beyond_what_others_have() -> None:
    others = crowd(300, 310, 280, 350, 290, 330, 320, 305)
    (one,) = found(*others, told("a", meetings=10, people=4800))
    assert (one.code, one.unit, one.indicator) == ("unusual_ratio", "a", "people")
    assert one.message == (
        "“Attendance” comes to 480 for each of “Conferences” (4,800 / 10); 9 units have a median of 31, the "
        "others at most 35"
    )
    # Seven others are too few to compare ratios, but eight units of a kind are enough to compare figures.
    (figure,) = found(*others[:-1], told("a", meetings=10, people=4800))
    assert (figure.code, figure.unit, figure.indicator) == ("unusual_of_kind", "a", "people")
    assert found(*others[:-2], told("a", meetings=10, people=4800)) == []
    # Three times the median of 31 is 93; five deviations (MAD 2, 1.4826 times that) are 45.8.
    assert found(*others, told("a", meetings=10, people=930)) == []
    assert len(found(*others, told("a", meetings=10, people=931))) == 1
    for meetings in (0, None):  # there is no ratio
        (figure,) = found(*others, told("a", meetings=meetings, people=4800))
        assert figure.code == "unusual_of_kind"


def test_two_slips_do_not_hide_each_other() -> None:
    several = [*crowd(300, 310, 280, 350, 290, 330, 320, 305), told("a", meetings=1, people=500)]
    both = found(*several, told("b", meetings=1, people=600))
    assert [one.unit for one in both] == ["a", "b"]


def test_where_units_differ_much_nothing_is_far() -> None:
    assert found(*crowd(10, 100, 200, 400, 800, 1200, 1500, 2000), told("a", meetings=10, people=4800)) == []


def test_a_text_of_the_quarter_before() -> None:
    (one,) = found(told("a", results=f"Quý III: {TWENTY}"), texts={"results": f"Quý II: {TWENTY}"})
    assert (one.code, one.indicator) == ("text_repeated", "results")
    assert one.message == "the answer to “Results” is 100% the same as in the second quarter of 2024"
    assert found(told("a", results=TWENTY), texts={"results": " ".join(LETTERS[20:40])}) == []
    assert found(told("a", results="Không có"), texts={"results": "Không có"}) == []
    assert found(told("a", results=TWENTY), texts={"results": TWENTY}, min_words=21) == []


def test_a_text_of_other_units() -> None:
    changed = " ".join([*LETTERS[:9], "khác", *LETTERS[10:20]])
    one, other = found(told("a", results=TWENTY), told("b", results=changed), told("c", results="Không có"))
    assert (one.code, one.unit, other.unit) == ("text_copied", "a", "b")
    assert one.message == "the answer to “Results” is 83% the same as that of Huyện B"
    assert other.message == "the answer to “Results” is 83% the same as that of Huyện A"
    assert found(told("a", results=TWENTY), told("b", results=changed), alike=0.84) == []


def test_of_many_units_three_are_named() -> None:
    said = {
        one.unit: str(dict(one.details)["units"])
        for one in found(*(told(u, results=TWENTY) for u in "abcdef"))
    }
    assert said["a"] == "Huyện B; Huyện C; Huyện D and 2 more"
    assert said["c"] == "Huyện A; Huyện B; Huyện D and 2 more"
    assert said["f"] == "Huyện A; Huyện B; Huyện C and 2 more"
    use("vi")
    assert len(found(*(told(u, results=TWENTY) for u in "abcd"))) == 4


FIGURES = st.integers(0, 10**7)


@given(FIGURES, st.integers(4, 6))
def test_a_constant_history_says_nothing(value: int, quarters: int) -> None:
    assert (
        found(
            told("a", meetings=value, staff=value),
            history={"meetings": [value] * quarters, "staff": [value] * 6},
        )
        == []
    )


@given(st.lists(FIGURES, min_size=4, max_size=6), st.data())
def test_a_figure_within_what_there_was_is_usual(history: list[int], data: st.DataObject) -> None:
    value = data.draw(st.integers(min(history), max(history)))
    assert not is_unusual(value, history, None, CheckSettings())


@given(st.lists(FIGURES, min_size=4, max_size=6), FIGURES, st.integers(1, 1000))
def test_what_is_far_stays_far_in_the_same_direction(history: list[int], value: int, more: int) -> None:
    if value > max(history) and is_unusual(value, history, None, CheckSettings()):
        assert is_unusual(value + more, history, None, CheckSettings())


@given(st.randoms())
def test_the_order_of_units_changes_nothing(chance: random.Random) -> None:
    returns = [
        *crowd(300, 310, 280, 350, 290, 330, 320, 305),
        told("a", meetings=10, people=4800, results=TWENTY),
        told("b", results=TWENTY),
    ]
    mixed = chance.sample(returns, len(returns))
    first, second = (
        sorted(map(repr, found(*each, history={"people": [30] * 4}))) for each in (returns, mixed)
    )
    assert first == second
    assert len(first) == 4
