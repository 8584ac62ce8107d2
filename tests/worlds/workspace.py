"""A world put into a workspace: its files are written, and the commands are run that an office would run."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar
from unittest import mock

import xlsxwriter

from reportctl.core.period import Quarter as ProductQuarter
from reportctl.core.progress import silent
from reportctl.decisions.accept import correct
from reportctl.decisions.history import take_history
from reportctl.form.form_file import load_form
from reportctl.form.layout import CODE_COLUMN, META, META_ROWS, NO, YES, layout, mark
from reportctl.form.model import Form
from reportctl.form.submission import Identity
from reportctl.intake.job import Context, Job, ReadResult
from reportctl.ledger.session import Session
from reportctl.merge.merge import Run, merge
from tests.worlds.world import KAD, Indicator, Quarter, Typed, World

T = TypeVar("T")
TODAY = dt.date(2026, 1, 5)
# Sections that the stock document has places for, and how many indicators stand in each.
SECTIONS, SECTION = ("direction", "training", "press", "grassroots"), 6

SETTINGS = """language = "en"
data_window = "{window}"
current = "{current}"
[findings]
required_missing = "warning"
required_choice_missing = "warning"
"""


def put(world: World, root: Path, *, corrections: bool = True) -> None:
    """A workspace in the folder `root`, in which everything of the world was merged."""
    root.mkdir(parents=True)
    current = world.quarters[-1]
    (root / "reportctl.toml").write_text(
        SETTINGS.format(window=world.window, current=current), encoding="utf-8"
    )
    (root / "form.toml").write_text(form_text(world), encoding="utf-8")
    _write_units(world, root / "units.csv")
    if world.plans:
        rows = [(unit, code, year, number) for (year, unit, code), number in world.plans.items()]
        _write(root / "plan.csv", ("unit", "indicator", "year", "value"), _spoken(rows))
    form = load_form(root / "form.toml")
    with mock.patch("reportctl.merge.merge.Readers", ReadersHere):
        if world.imports:
            rows = [
                (unit, code, quarter, _as_text(world.indicators[code], value, province=not unit))
                for (quarter, unit, code), value in world.imports.items()
            ]
            path = root.parent / f"{root.name} history.csv"
            _write(path, ("unit", "indicator", "period", "value"), rows)
            take_history(_run(root, current), path)
        for (quarter, unit), answers in world.reports.items():
            path = root / "inbox" / str(quarter) / f"{unit}.xlsx"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(workbook(world, form, quarter, unit, answers))
        merge(_run(root, current), None)
        for (quarter, unit, code), value in world.corrections.items():
            if corrections:
                typed = _as_text(world.indicators[code], value, province=False)
                correct(_run(root, quarter), unit, code, typed, "told")


def _run(root: Path, quarter: Quarter) -> Run:
    return Run(Session(root, TODAY, "lan"), ProductQuarter(*quarter), silent)


# ---- files


def form_text(world: World) -> str:
    """The form of a world, in sections of a few indicators."""
    lines = ['id = "world"', 'title = "Báo cáo"']
    for kind in world.kinds:
        lines += ["[[kinds]]", f'code = "{kind}"', f'title = "Loại {kind}"']
    for number, one in enumerate(world.indicators.values()):
        if number % SECTION == 0:
            lines += ["[[sections]]", f'code = "{SECTIONS[number // SECTION]}"', f'title = "Mục {number}"']
        lines += ["[[sections.indicators]]", *_indicator_lines(one)]
    return "\n".join(lines)


def _indicator_lines(one: Indicator) -> Iterator[str]:
    words = {
        "code": one.code,
        "label": f"Chỉ tiêu {one.code}",
        "type": one.type,
        "over_units": one.over_units,
        "over_time": one.over_time,
        "part_of": one.part_of,
        "numerator": one.numerator,
        "denominator": one.denominator,
        "sentence": sentence(one),
        "sentence_en": sentence(one),
    }
    yield from (f'{key} = "{word}"' for key, word in words.items() if word)
    if one.kinds:
        yield f"applies_to = {list(one.kinds)}"
    if not one.required:
        yield "required = false"
    if one.cumulative:
        yield "cumulative = true"


def sentence(one: Indicator) -> str:
    """What the report says of an indicator: its figure and one of the two changes."""
    change = ("year_ago", "previous")[len(one.code) % 2]
    return f"{one.code}: {{value}}{{change_{change}}}."


def _write_units(world: World, path: Path) -> None:
    rows = [
        (one.code, one.name, one.kind, one.first or "", one.last or "", ";".join(one.predecessors))
        for one in world.units
    ]
    _write(path, ("code", "name", "kind", "valid_from", "valid_to", "predecessors"), rows)


def _write(path: Path, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";")
    writer.writerow(head)
    writer.writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8-sig")


def _spoken(rows: Iterable[Sequence[object]]) -> Iterator[Sequence[object]]:
    """The rows with decimals as offices write them."""
    for row in rows:
        yield [str(cell).replace(".", ",") if isinstance(cell, Decimal) else cell for cell in row]


def _as_text(indicator: Indicator, value: Typed, *, province: bool) -> str:
    """A figure as somebody would say it."""
    if value == KAD:
        return KAD
    assert isinstance(value, Decimal)
    match indicator.type:
        case "percent":
            return f"{(value * 100).normalize():f}%".replace(".", ",")
        case "yes_no" if not province:
            return YES if value else NO
    return f"{value:f}".replace(".", ",")


def workbook(world: World, form: Form, quarter: Quarter, unit: str, answers: Mapping[str, Typed]) -> bytes:
    """A unit's report with nothing in it but codes and answers, where they were sent out."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    places = layout(form, world.on(quarter)[unit].kind)
    marks = Identity(form.id, form.fingerprint, unit, str(quarter))
    sheets = {name: book.add_worksheet(name) for name in places.sheets}
    for sheet in sheets.values():
        sheet.write_string(0, 0, mark(marks))
    for code, place in places.indicators.items():
        sheet = sheets[place.value.sheet]
        sheet.write_string(place.value.row, CODE_COLUMN, code)
        if code in answers:
            sheet.write(place.value.row, place.value.column, _as_cell(world.indicators[code], answers[code]))
    hidden = book.add_worksheet(META)
    for row, name in enumerate(META_ROWS):
        hidden.write_string(row, 0, name)
        hidden.write_string(row, 1, str(getattr(marks, name)))
    hidden.hide()
    book.set_properties({"created": dt.datetime(2024, 1, 1)})
    book.close()
    return content.getvalue()


def _as_cell(indicator: Indicator, value: Typed) -> str | float | int:
    if value == KAD:
        return KAD
    assert isinstance(value, Decimal)
    if indicator.type == "yes_no":
        return YES if value else NO
    return int(value) if value == int(value) else float(value)


# ---- reading without processes of its own


class ReadersHere:
    """What reads files in this process, which takes a tenth of the time: none of them is damaged."""

    def __enter__(self) -> ReadersHere:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """There is nothing to end."""

    def start(self, files: int, processes: int | None = None) -> None:
        """There is nothing to start."""

    def read(
        self, jobs: Sequence[Job], context: Context, then: Callable[[ReadResult], T]
    ) -> Iterator[tuple[Job, T]]:
        """Every job with what `then` makes of what was read."""
        from reportctl.intake.open_file import read_one

        for job in jobs:
            yield job, then(read_one(job, context))

    def __call__(self, *_given: Any) -> ReadersHere:
        return self
