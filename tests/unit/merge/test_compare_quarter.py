"""What is compared again after a change finds what comparing everything finds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportctl.core.findings import Finding
from reportctl.core.period import Quarter
from reportctl.form.form_file import parse_form
from reportctl.form.submission import Answer, AnswerState
from reportctl.intake.job import Context
from reportctl.ledger import schema
from reportctl.ledger.archive import Receipt
from reportctl.ledger.rows import CacheKeys, NewSubmission, QuarterOutcome, rows_of
from reportctl.ledger.writing import Store
from reportctl.merge.compare_quarter import ChangedAnswers, compare_quarter
from reportctl.workspace.settings import CheckSettings, Settings
from reportctl.workspace.units import Roster, Unit
from tests.making.compared import FORM, TWENTY
from tests.making.office import Q1, TODAY

UNITS = "abcdef"
EARLIER = Quarter(2023, 4)
# Below what an office may set, so that little data make findings of all kinds.
LOW = CheckSettings.model_construct(
    quarters=2,
    min_quarters=1,
    min_units=2,
    min_figures=1,
    min_words=3,
    times=2.0,
    small=1.0,
    far=2.0,
    deviations=0.5,
)
EASY = Settings().model_copy(update={"checks": LOW})
FIGURES = st.sampled_from([None, 1, 40, 900])
WORDS = st.sampled_from([TWENTY, f"{TWENTY} ta", ""])
ANSWERS = st.fixed_dictionaries(
    {"meetings": FIGURES, "people": FIGURES, "staff": FIGURES, "more_a": FIGURES, "results": WORDS}
)


def stored(store: Store, quarter: Quarter, told: Mapping[str, Mapping[str, int | str | None]]) -> None:
    """Another file of each unit that has been told something; it counts from now on."""
    for unit, answers in told.items():
        sha256 = f"{unit} {quarter} {sorted(answers.items(), key=str)}"
        said = [
            Answer(code, AnswerState.VALUE, value, f"“{value}”", "Số liệu", f"E{row}")
            for row, (code, value) in enumerate(answers.items(), 7)
            if value not in (None, "")
        ]
        draft = NewSubmission(CacheKeys("basis"), unit, None, "accepted", rows=rows_of(said, (), (), {}))
        if (quarter, sha256) not in store.submissions():
            store.put([(Receipt(quarter, sha256, f"{sha256}.xlsx", TODAY), draft)])


@pytest.mark.slow
@settings(max_examples=100)
@given(st.data())
def test_comparing_what_changed_finds_what_comparing_everything_finds(data: st.DataObject) -> None:
    form = parse_form(FORM)
    units = tuple(Unit(code, f"Huyện {code.upper()}", "district") for code in UNITS)
    context = Context(form, Roster(units), Q1, Q1.window().last)
    with closing(schema.empty()) as connection:
        store = Store(connection, Path("ledger"))
        before: Sequence[Finding] = ()
        counting: dict[str, str] = {}
        with store.transaction():
            past = data.draw(st.dictionaries(st.sampled_from(UNITS), ANSWERS))
            stored(store, EARLIER, past)
            store.put_outcome(
                EARLIER,
                QuarterOutcome([sha256 for quarter, sha256 in store.submissions() if quarter == EARLIER]),
            )
        for step in range(3):
            told = data.draw(st.dictionaries(st.sampled_from(UNITS), ANSWERS, max_size=6 if step == 0 else 1))
            gone = data.draw(st.sets(st.sampled_from(UNITS), max_size=1))
            with store.transaction():
                stored(store, Q1, told)
                counting |= {unit: f"{unit} {Q1} {sorted(told[unit].items(), key=str)}" for unit in told}
                counting = {unit: sha256 for unit, sha256 in counting.items() if unit not in gone}
                store.put_outcome(Q1, QuarterOutcome(counting.values()))
                everything = compare_quarter(store.reader, context, EASY)
                if step:
                    changed = ChangedAnswers(*store.changed_since_comparison(Q1), before)
                    again = compare_quarter(store.reader, context, EASY, changed)
                    assert sorted(again, key=repr) == sorted(everything, key=repr)
                before = everything
                store.put_comparison(Q1, "state", "basis", [(one, one.severity) for one in everything])
