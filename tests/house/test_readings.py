"""Whoever changes how workbooks are read says so: `cache_keys.READING` is raised with it."""

from __future__ import annotations

import json

import pytest

from reportctl.merge.cache_keys import READING
from tests.making import readings
from tests.making.readings import TABLE, otherwise


def test_what_is_read_otherwise_has_another_number() -> None:
    """The ledger keeps what was read: where a workbook is read otherwise now, it has to be read again."""
    known = json.loads(TABLE.read_text(encoding="utf-8"))
    assert len(known["readings"]) > 1000
    now = readings.readings()
    assert otherwise(known["readings"], now) == [], (
        "This is read otherwise now. Raise cache_keys.READING, then write the table anew: "
        "python -m tests.making.readings"
    )
    assert (READING, now) == (known["READING"], known["readings"]), (
        "The table is not the one of this number and these inputs: python -m tests.making.readings"
    )


def test_only_what_is_read_otherwise_needs_one() -> None:
    known = {"a": "1", "b": ["value", 1, []], "gone": "2"}
    assert otherwise(known, {"a": "1", "b": ["value", 1, []], "new": "3"}) == []
    assert otherwise(known, {"a": "1", "b": ["value", 2, []]}) == ["b"]


def test_the_table_is_not_written_under_the_same_number(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    table = tmp_path_factory.mktemp("readings") / "readings.json"
    answers = {"a": "1"}
    monkeypatch.setattr(readings, "TABLE", table)
    monkeypatch.setattr(readings, "readings", lambda: dict(answers))
    readings.main()
    before = table.read_bytes()
    answers["a"] = "2"
    with pytest.raises(SystemExit, match=r"cache_keys\.READING is the same:\n  a"):
        readings.main()
    assert table.read_bytes() == before
    monkeypatch.setattr(readings, "READING", READING + 1)
    readings.main()
    assert json.loads(table.read_text(encoding="utf-8")) == {"READING": READING + 1, "readings": {"a": "2"}}
