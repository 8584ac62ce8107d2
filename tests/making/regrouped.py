"""Units that are regrouped on 1 July 2025, a form with every aggregate, what the units of then answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from reportctl.core.period import Quarter
from reportctl.form.form_file import parse_form
from reportctl.form.submission import Answer, AnswerState
from reportctl.ledger import schema
from reportctl.ledger.archive import Receipt
from reportctl.ledger.ledger import Ledger
from reportctl.ledger.rows import CacheKeys, NewSubmission, QuarterOutcome, rows_of
from reportctl.ledger.writing import Store
from reportctl.workspace.units import Roster, Unit
from tests.making.office import TODAY

BEFORE, NOW = Quarter(2025, 2), Quarter(2025, 3)
_LAST, _FIRST = dt.date(2025, 6, 30), dt.date(2025, 7, 1)


def _then(code: str, name: str, kind: str = "old") -> Unit:
    return Unit(code, name, kind, valid_to=_LAST)


def _since(code: str, name: str, *predecessors: str) -> Unit:
    return Unit(code, name, "new", valid_from=_FIRST, predecessors=predecessors)


ROSTER = Roster(
    (
        _then("a", "Xã A"),
        _then("b", "Xã B"),
        _then("c", "Xã C"),
        _then("d", "Xã D", "small"),
        _since("ab", "Xã AB", "a", "b"),
        _since("bd", "Xã BD", "d"),
        _since("c1", "Xã C Một", "c"),
        _since("c2", "Xã C Hai", "c"),
        _since("e", "Đặc khu E"),
        Unit("same", "Sở S", "new"),
    )
)
WHOLE = Roster(
    (
        _then("a", "Xã A"),
        _then("b", "Xã B"),
        _then("d", "Xã D", "small"),
        _since("ab", "Xã ABD", "a", "b", "d"),
    )
)

FORM = parse_form(
    'id = "regrouped"\ntitle = "Báo cáo"\nkinds = ['
    '{code = "old", title = "Xã cũ"}, {code = "small", title = "Xã nhỏ"}, {code = "new", title = "Xã"}]\n'
    '[[sections]]\ncode = "all"\ntitle = "Tất cả"\n'
    + "".join(
        f'[[sections.indicators]]\ncode = "{code}"\nlabel = "{code}"\nrequired = false\n{more}\n'
        for code, more in {
            "stories": 'applies_to = ["old", "new"]',
            "spent": 'type = "money"',
            "budget": 'type = "money"',
            "share": 'type = "percent"\nnumerator = "spent"\ndenominator = "budget"\n'
            'over_units = "ratio"\nover_time = "ratio"',
            "hours": 'type = "number"\nover_units = "mean"\nover_time = "mean"',
            "least": 'type = "number"\nover_units = "min"\nover_time = "min"',
            "most": 'type = "percent"\nover_units = "max"\nover_time = "max"',
            "planned": 'type = "yes_no"',
            "stage": 'type = "choice"\nchoices = ["Một", "Hai"]',
            "visits": 'over_time = "last"\ncumulative = true',
            "fresh": 'applies_to = ["new"]',
        }.items()
    )
)


def ledger_of(quarters: Mapping[Quarter, Mapping[str, Mapping[str, object]]]) -> Ledger:
    """A ledger in which these answers of units count; "KAD" does not apply, None was left empty."""
    store = Store(schema.empty(), Path("ledger"))
    with store.transaction():
        for quarter, told in quarters.items():
            for unit, answers in told.items():
                said = [_answer(code, value, row) for row, (code, value) in enumerate(answers.items(), 7)]
                draft = NewSubmission(
                    CacheKeys("basis"), unit, None, "accepted", rows=rows_of(said, (), (), {})
                )
                name = f"{quarter} {unit}"
                store.put([(Receipt(quarter, name, f"{name}.xlsx", TODAY), draft)])
            store.put_outcome(quarter, QuarterOutcome([f"{quarter} {unit}" for unit in told]))
    return store.reader


def _answer(code: str, value: object, row: int) -> Answer:
    states = {None: AnswerState.MISSING, "KAD": AnswerState.NOT_APPLICABLE, "?": AnswerState.INVALID}
    state = states.get(value) if isinstance(value, str) or value is None else None  # type: ignore[call-overload]
    if state:
        return Answer(code, state, None, str(value or ""), "Số liệu", f"E{row}")
    return Answer(code, AnswerState.VALUE, value, str(value), "Số liệu", f"E{row}")  # type: ignore[arg-type]
