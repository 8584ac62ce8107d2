"""A workspace that version 0.1.0 made: later versions read it, work on with it, and say the same figures.

`tools/older_workspace.py` tells how it was made and what is done with it. What the program said then stands
beside it; what it says today may have more keys, but none fewer and none with another value, but for
`CORRECTIONS`.
"""

from __future__ import annotations

import difflib
import json
import math
import re
import shutil
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from reportctl.__main__ import main
from tools import older_workspace
from tools.older_workspace import FIXTURE, OFFICE, REPORT, Run, all_figures, later

pytestmark = pytest.mark.slow

# Why a later version says figures otherwise: lines of the CHANGELOG.
REASONS: Mapping[str, str] = {
    "rows": "A row adds up: base and change are over the same units",
    "groups": "Units that were merged and divided at the same time are compared as groups",
    "span_base": "A half-year, nine months or a year of which a quarter is missing is no base",
    "span": "Of a span, `units` and `missing` are about all its quarters.",
    "plan": "Plans are judged with predecessors and heirs",
    "cumulative": "`cumulative = true`: a quarter's own figure is what was filled in less the quarter before",
    "imported": "A total imported for the province alone is compared only where all units have reported.",
    "edited": "Figures in a sentence that somebody edited",
    "estimate": "Sentences: `ước` stands before the verb",
    "comparable": "`comparable` is always that of the year ago; it no longer falls back",
    "short": "Tables of the report are short too",
    "texts": "Tags `text:CODE` print groups of points in place of whole texts",
    "yes_no": "Of yes or no sentences say of how many units",
    "decimals": "Figures with three decimals are printed with all three",
    "laid_out": "`refresh` tells figures that differ from tables that are only laid out otherwise",
}

# Figures that were wrong, a row each: the file of what was expected and the place in it, what stood there,
# what stands there now, which of the reasons. What differs no more is named by the tests and goes.
CORRECTIONS: Mapping[tuple[str, str], tuple[Any, Any, str]] = {
    (name, place): (before, now, REASONS[reason])
    for name, place, before, now, reason in json.loads(
        (FIXTURE.parent / "older-workspace-corrections.json").read_text(encoding="utf-8")
    )
}


_DECIDED = re.compile(r"\w+, \d{4}-\d\d-\d\d \d\d:\d\d:\d\d: ")  # who decided, and when


@pytest.fixture(scope="module")
def expected() -> Mapping[str, str]:
    """What was said then, by the name of the file."""
    with zipfile.ZipFile(FIXTURE) as archive:
        names = [name for name in archive.namelist() if name.startswith("expected/")]
        return {name.removeprefix("expected/"): archive.read(name).decode() for name in names}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder with the workspace as it was left then; commands run in it."""
    with zipfile.ZipFile(FIXTURE) as archive:
        archive.extractall(tmp_path, [name for name in archive.namelist() if name.startswith(f"{OFFICE}/")])
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def run_it(*arguments: str) -> str:
        code = main(list(arguments))
        said = capsys.readouterr()
        assert code in (0, 1), f"{arguments}: {said.err}"
        return said.out

    return run_it


def places(name: str, before: str, now: str) -> Iterator[tuple[str, Any, Any]]:
    """Every value in what was said then that is another now, by its place: a key or a position in JSON, a
    line in other texts; where there is nothing any more, "nothing"."""
    before, now = (_DECIDED.sub("", said).replace("\u00a0", " ") for said in (before, now))
    if not name.endswith(".json"):
        yield from _in_lines(before.splitlines(), now.splitlines())
        return
    found = dict(_in_json("", _by_place(json.loads(now))))
    for place, value in _in_json("", _by_place(json.loads(before))):
        # Of workbooks that are filled in anew the hashes are others.
        if not _same(value, found.get(place, "nothing")) and (
            name.startswith("now/") or "sha256" not in place
        ):
            yield place, value, found.get(place, "nothing")


def _same(before: Any, now: Any) -> bool:
    """Whether two values are the same; a fraction was said to its last binary digit then, which is noise."""
    if isinstance(before, float) and isinstance(now, int | float):
        return math.isclose(before, now, rel_tol=1e-13)
    return bool(before == now)


def _plain(value: Any) -> Any:
    """A text without no-break blanks: where lines may be broken is no figure."""
    return value.replace("\u00a0", " ") if isinstance(value, str) else value


def _by_place(said: Any) -> Any:
    """What a refresh changed by the tag and the place in the document, so that there may be more of it."""
    if not isinstance(said, dict) or "changed" not in said:
        return said
    changed: dict[str, Any] = {}
    for one in said["changed"]:
        key = f"{one['tag']} {one['where']}"
        changed[key if key not in changed else f"{key} again"] = one
    return said | {"changed": changed}


def _in_lines(before: Sequence[str], now: Sequence[str]) -> Iterator[tuple[str, Any, Any]]:
    """The lines that are others now; lines between them, as of a column that a table has got, may be new."""
    blocks = difflib.SequenceMatcher(None, before, now, autojunk=False).get_opcodes()
    for kind, first, end, start, stop in blocks:
        if kind in ("replace", "delete"):
            yield f"line {first + 1}", " | ".join(before[first:end]), " | ".join(now[start:stop]) or "nothing"


def _in_json(place: str, value: Any) -> Iterator[tuple[str, Any]]:
    match value:
        case dict():
            for key, inner in value.items():
                yield from _in_json(f"{place}.{key}" if place else key, inner)
        case list():
            yield f"{place}.length", len(value)
            for number, inner in enumerate(value):
                yield from _in_json(f"{place}[{number}]", inner)
        case _:
            yield place, value


def differences(
    expected: Mapping[str, str], said: Iterable[tuple[str, str]], only: str = ""
) -> tuple[list[str], set[tuple[str, str]]]:
    """What is said otherwise than it was, but for what was corrected; and which corrections were met.

    `only` is how the names begin of everything that must have been said.
    """
    wrong: list[str] = []
    met: set[tuple[str, str]] = set()
    names: Counter[str] = Counter()
    for name, text in said:
        names[name] += 1
        for place, before, value in places(name, expected[name], text):
            corrected = CORRECTIONS.get((name, place))
            if corrected and _same(_plain(corrected[0]), before) and _same(_plain(corrected[1]), value):
                met.add((name, place))
            else:
                wrong.append(f"{name}, {place}: was {before!r}, is {value!r}")
    wanted = {name for name in expected if name.startswith(only)}
    wrong += [f"{name} was not said" for name in sorted(wanted - names.keys())]
    return wrong, met


def now(folder: Path, run: Run) -> Iterator[tuple[str, str]]:
    return ((f"now/{name}", said) for name, said in all_figures(folder, run))


def test_a_merge_comes_to_the_same_figures_with_and_without_the_ledger(
    folder: Path, run: Run, expected: Mapping[str, str]
) -> None:
    office = folder / OFFICE
    decisions, written = (office / "decisions.csv").read_bytes(), []
    for _time in range(2):
        for quarter in ("2025-Q2", "2025-Q4"):
            run("-w", OFFICE, "merge", quarter)
        wrong, _met = differences(expected, now(folder, run), "now/")
        assert not wrong
        assert (office / "decisions.csv").read_bytes() == decisions
        written.append([(office / f"output/2025-Q{n}/values.csv").read_bytes() for n in (2, 4)])
        (office / "reportctl.db").unlink()
    assert written[0] == written[1]


def test_only_what_is_to_be_kept_is_needed(folder: Path, run: Run, expected: Mapping[str, str]) -> None:
    """The inbox, the ledger and what was written are gone: archive and decisions have everything."""
    office = folder / OFFICE
    for name in ("inbox", "outbox", "output"):
        shutil.rmtree(office / name)
    (office / "reportctl.db").unlink()
    (office / ".reportctl-written.json").unlink()
    run("-w", OFFICE, "merge", "2025-Q4")
    said = run("-w", OFFICE, "summary", "2025", "--format", "json")
    wrong, _met = differences(expected, [("now/summary 2025.json", said)], "now/summary 2025.json")
    assert not wrong


def test_working_on_comes_to_the_same(folder: Path, run: Run, expected: Mapping[str, str]) -> None:
    """The first merge makes the ledger again; the report is refreshed, then: accept, correct, another return,
    reopen, close, the next quarter."""
    run("-w", OFFICE, "merge", "2025-Q4")
    backup = folder / REPORT.replace(".docx", ".before-1.docx")
    before = (folder / REPORT).read_bytes()
    said = list(later(folder, run))
    steps = {name.split("/")[0] for name, _text in said}
    assert steps == {name.split("/")[0] for name in expected} - {"now"}
    wrong, _met = differences(
        {name: expected[name] for name in expected if not name.startswith("now/")}, said
    )
    assert not wrong
    assert backup.read_bytes() == before
    report = dict(said)["refresh/text.txt"]
    assert report.startswith("Văn phòng viết thêm một đoạn.\n")
    assert "Đã đăng, phát" in report
    assert "cuộc họp: 11." in report
    assert "99" not in report


def test_before_that_merge_every_command_that_needs_the_ledger_asks_for_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = (folder / REPORT).read_bytes()
    for arguments in (("summary",), ("status",), ("refresh", REPORT), ("refresh", REPORT, "--check")):
        assert main(["-w", OFFICE, *arguments]) == 2
        assert capsys.readouterr().err.strip().endswith("Hãy chạy: reportctl merge")
    assert (folder / REPORT).read_bytes() == report
    assert len(list((folder / REPORT).parent.glob("report-*.docx"))) == 1


def test_a_workbook_sent_out_then_is_taken_when_it_comes(folder: Path, run: Run) -> None:
    (sent,) = (folder / OFFICE / "outbox/2025-Q4").glob("X3 *.xlsx")
    answers = older_workspace.answers("X3", "2025-Q4")
    arrived = folder / OFFICE / "inbox/2025-Q4/2025-12-16" / sent.name
    arrived.parent.mkdir()
    arrived.write_bytes(older_workspace.filled(sent.read_bytes(), answers))
    checked = json.loads(run("-w", OFFICE, "validate", str(arrived), "--format", "json"))
    assert [(one["unit"], one["verdict"]) for one in checked["files"]] == [("X3", "warned")]
    run("-w", OFFICE, "merge", "2025-Q4")
    summary = json.loads(run("-w", OFFICE, "summary", "--by", "unit", "--format", "json"))
    values = next(row["values"] for row in summary["rows"] if row["unit"] == "X3")
    typed = {code: value for code, value in answers.items() if isinstance(value, int | float)}
    assert {code: values[code] for code in typed} == pytest.approx(typed)


def test_every_correction_is_still_one(folder: Path, run: Run, expected: Mapping[str, str]) -> None:
    changelog = Path(older_workspace.ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert all(line in changelog for _was, _now, line in CORRECTIONS.values())
    if CORRECTIONS:
        for quarter in ("2025-Q2", "2025-Q4"):
            run("-w", OFFICE, "merge", quarter)
        met = differences(expected, now(folder, run))[1] | differences(expected, later(folder, run))[1]
        assert met == set(CORRECTIONS)
