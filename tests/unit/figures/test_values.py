"""values.csv renewed: of units whose files are the same the rows are taken from the file as it was."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from reportctl.core.files import digest
from reportctl.core.period import Quarter
from reportctl.figures.values import renewed_csv, values_csv
from reportctl.form.form_file import parse_form
from reportctl.form.submission import Answer, AnswerState
from reportctl.ledger import schema
from reportctl.ledger.archive import Receipt
from reportctl.ledger.rows import CacheKeys, NewSubmission, QuarterOutcome, rows_of
from reportctl.ledger.writing import Store
from reportctl.workspace.units import Unit
from tests.making.compared import FORM

Q1 = Quarter(2024, 1)
UNITS = {code: Unit(code, f"Huyện “{code}”, tỉnh", "district") for code in ("1", "10", "2", 'q"x', "=z", "á")}
# Texts that look like rows, and quotes that never end.
WORDS = st.sampled_from(
    [
        "",
        "Tốt",
        'một "hai" ba',
        '"',
        "a\r\n2024-Q1,10,",
        '"\r\n2024-Q1,2,x',
        "a,2.xlsx,b",
        "=1+1",
        "\n\r\n",
        ",",
    ]
)
FILES = st.sampled_from(["a.xlsx", "b, c.xlsx", 'd"e.xlsx', "=f.xlsx"])
TOLD = st.dictionaries(
    st.sampled_from(sorted(UNITS)),
    st.tuples(FILES, st.one_of(st.none(), st.integers(0, 9)), WORDS),
)


def arrive(store: Store, told: Mapping[str, tuple[str, int | None, str]]) -> dict[str, str]:
    """Each unit's file, stored where it is new; the hash by unit."""
    hashes = {}
    for unit, (file, number, words) in told.items():
        sha256 = digest(f"{unit} {file} {number} {words}".encode())
        answers = [
            Answer(
                "meetings",
                AnswerState.MISSING if number is None else AnswerState.VALUE,
                number,
                "",
                "Số liệu",
                "F7",
            ),
            Answer(
                "results",
                AnswerState.VALUE if words else AnswerState.MISSING,
                words or None,
                words,
                "Văn bản",
                "D7",
            ),
        ]
        draft = NewSubmission(CacheKeys("basis"), unit, None, "accepted", rows=rows_of(answers, (), (), {}))
        store.put([(Receipt(Q1, sha256, file, Q1.window().last), draft)])
        hashes[unit] = sha256
    return hashes


@settings(max_examples=200)
@given(TOLD, TOLD, st.sets(st.sampled_from(sorted(UNITS)), max_size=2))
def test_a_renewed_file_is_what_a_new_one_would_be(
    before: Mapping[str, tuple[str, int | None, str]],
    after: Mapping[str, tuple[str, int | None, str]],
    gone: set[str],
) -> None:
    form = parse_form(FORM)
    store = Store(schema.empty(), Path("ledger"))
    with store.transaction():
        counting = arrive(store, before)
        store.put_outcome(Q1, QuarterOutcome(counting.values()))
        first = values_csv(store.reader, form, UNITS, [Q1])
        counting |= arrive(store, after)
        counting = {unit: sha256 for unit, sha256 in counting.items() if unit not in gone}
        store.put_outcome(Q1, QuarterOutcome(counting.values()))
        expected = values_csv(store.reader, form, UNITS, [Q1])
        assert renewed_csv(first, store.reader, form, UNITS, Q1) in (expected, None)
        # Where no text looks like rows it is always renewed.
        if counting and not any("2024-Q1" in words for _f, _n, words in (*before.values(), *after.values())):
            assert renewed_csv(first, store.reader, form, UNITS, Q1) == expected
    store.reader.close()
