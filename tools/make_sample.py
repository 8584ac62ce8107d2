"""Make sample_data/ again: an invented province, five quarters of returned workbooks.

Each quarter is asked with the form that `decisions.csv` names: the earlier ones with the one in the archive,
the latest with `form.toml`. The workbooks are the program's own templates, filled in with openpyxl and then
opened and saved by LibreOffice Calc, as a unit would. Needs `soffice` on the path; takes a minute or two.
Quarters that are not named keep the workbooks that they have.

    python -m tools.make_sample [QUARTER…]
"""

from __future__ import annotations

import datetime as dt
import json
import random
import shutil
import subprocess
import sys
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reportctl.core import language
from reportctl.core.files import plain_name
from reportctl.core.period import Quarter, parse_quarter
from reportctl.figures.plan import load_plan
from reportctl.form.form_file import load_form
from reportctl.form.model import Form
from reportctl.ledger.archive import forms_used, kept_form, read_decisions
from reportctl.outgoing.beside import Beside, Known, Targets, shown_cells
from reportctl.outgoing.page import Dispatch
from reportctl.outgoing.template import workbook
from reportctl.workspace.settings import open_workspace
from reportctl.workspace.units import Unit
from reportctl.workspace.units_file import load_roster
from tools.filling import Filled, answers, typed

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "sample_data"
TEMPLATES = ROOT / "templates"
QUARTERS = [Quarter(2023, 1), Quarter(2023, 2), Quarter(2023, 3), Quarter(2023, 4), Quarter(2024, 1)]
LATEST = QUARTERS[-1]
# How many units end in which state in the latest quarter; `reportctl demo` checks it.
OUTCOME = {"accepted": 18, "warned": 0, "rejected": 1, "missing": 1}
MISSING, LATE, WITH_ERRORS, RESUBMITTED = "S05", "010", "007", "004"
# Whose file of the latest quarter is of another format, and whose comes inside a zip.
FORMATS = {"003": "xls", "S03": "ods"}
ZIPPED, DECOMPOSED = "B03", "006"


def with_errors(filled: Filled) -> Filled:
    """Mistakes people make: a total that does not add up, a measure typed along, an estimate in words."""
    filled.values["press_total"] += 15
    filled.values["documents_issued"] = f"{filled.values['documents_issued']} văn bản"
    filled.values["talk_attendance"] = "khoảng 900"
    del filled.values["bulletins_issued"]
    filled.values["press_media.online.articles"] = f"{filled.values['press_media.online.articles']} bài"
    filled.values["press_media.radio.features"] = "khoảng 10"
    return filled


def without_table(filled: Filled) -> Filled:
    """A sheet that is new in the form and was passed over."""
    filled.values = {code: v for code, v in filled.values.items() if not code.startswith("press_media.")}
    return filled


def returned(form: Form, unit: Unit, quarter: Quarter) -> Iterator[tuple[dt.date, Filled]]:
    """What a unit sends for a quarter, and when it arrives."""
    last = quarter.window().last
    filled = answers(form, unit, quarter)
    on_time = last - dt.timedelta(days=random.Random(f"day {unit.code} {quarter}").randint(0, 4))
    if quarter != LATEST:
        yield on_time, filled
        return
    if unit.code == MISSING:
        return
    if unit.code == LATE:
        yield last + dt.timedelta(days=9), filled
        return
    if unit.code == WITH_ERRORS:
        yield on_time, with_errors(filled)
        return
    if unit.code == RESUBMITTED:
        first = without_table(answers(form, unit, quarter))
        first.values["corrections_prompt"] = first.values["corrections_total"] + 3
        yield last - dt.timedelta(days=3), first
        yield last + dt.timedelta(days=1), filled
        return
    if unit.code in {"002", "B02"}:
        filled.estimates = {"press_total", "press_radio", "press_online", "community_reach"}
    if unit.code == DECOMPOSED:
        filled.texts = {code: unicodedata.normalize("NFD", text) for code, text in filled.texts.items()}
    if unit.code == "S04":
        filled.values |= {"contest_rounds": "KAD", "entries_forwarded": "KAD"}
    yield on_time, filled


def save_through_calc(files: list[Path], folder: Path, to: str = "xlsx") -> None:
    """Open and save the files in LibreOffice Calc, in the format `to`."""
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            ["soffice", "--headless", f"-env:UserInstallation={Path(profile).as_uri()}",
             "--convert-to", to, "--outdir", str(folder), *map(str, files)],
            check=True, capture_output=True, timeout=900,
        )  # fmt: skip


def is_latest(draft: str, unit_code: str) -> bool:
    """Whether a draft is what the unit sends in the latest quarter."""
    return draft.startswith(str(LATEST)) and draft.endswith(f" {unit_code}.xlsx")


def put(saved: Path, draft: str, target: Path) -> None:
    """Put a saved workbook where it arrives: as it is, in another format, or inside a zip."""
    target.parent.mkdir(parents=True, exist_ok=True)
    for unit_code, to in FORMATS.items():
        if is_latest(draft, unit_code):
            shutil.copyfile((saved / draft).with_suffix(f".{to}"), target.with_suffix(f".{to}"))
            return
    if is_latest(draft, ZIPPED):
        with zipfile.ZipFile(target.with_suffix(".zip"), "w", zipfile.ZIP_STORED) as archive:
            entry = zipfile.ZipInfo(f"Báo cáo quý I/{target.name}", (2024, 3, 14, 8, 0, 0))
            archive.writestr(entry, (saved / draft).read_bytes())
        return
    shutil.copyfile(saved / draft, target)


def form_of(quarter: Quarter) -> Form:
    """The form that an earlier quarter was asked with: the one in the archive that `decisions.csv` names."""
    used = forms_used(read_decisions(SAMPLE / "decisions.csv"))
    return load_form(kept_form(SAMPLE / "archive", used[quarter]), kept=True)


def planned(form: Form, unit: Unit, quarter: Quarter, plan: Targets) -> Beside:
    """The unit's plan for the year, as the columns of tables show it."""
    targets = {
        cell.code: plan.get((unit.code, cell.code, quarter.year)) for cell in shown_cells(form, "plan")
    }
    return {"plan": {code: Known((value,)) for code, value in targets.items() if value is not None}}


def main(quarters: list[Quarter]) -> None:
    """Make what the sample's forms, units, plan and settings, which are its own, are filled in to in these
    quarters."""
    language.use("vi")
    shutil.copyfile(TEMPLATES / "report-party.docx", SAMPLE / "report.docx")
    settings = open_workspace(SAMPLE).settings
    newest = load_form(SAMPLE / "form.toml")
    roster = load_roster(SAMPLE / "units.csv", frozenset(kind.code for kind in newest.kinds))
    plan = load_plan(SAMPLE / "plan.csv", roster, newest).values
    previous: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as drafts, tempfile.TemporaryDirectory() as saved:
        targets: dict[str, Path] = {}
        for quarter in QUARTERS:
            form = newest if quarter == LATEST else form_of(quarter)
            for unit in roster.units:
                deadline = settings.deadline(unit.kind, quarter)
                sending = Dispatch(form, unit, quarter, quarter.window(), deadline, settings.issuer.name)
                beside = planned(form, unit, quarter, plan)
                blank = workbook(sending, previous.get(unit.code, {}), beside=beside)
                for day, filled in returned(form, unit, quarter):
                    numbers = {c: v for c, v in filled.values.items() if isinstance(v, int | float)}
                    previous[unit.code] = numbers
                    if quarter in quarters:
                        draft = f"{quarter} {day} {unit.code}.xlsx"
                        Path(drafts, draft).write_bytes(typed(blank, form, unit, filled))
                        name = f"{unit.code} {plain_name(unit.name)}.xlsx"
                        targets[draft] = SAMPLE / "inbox" / str(quarter) / str(day) / name
        save_through_calc([Path(drafts, draft) for draft in targets], Path(saved))
        for unit_code, to in FORMATS.items() if LATEST in quarters else ():
            chosen = [Path(drafts, draft) for draft in targets if is_latest(draft, unit_code)]
            save_through_calc(chosen, Path(saved), to)
        for quarter in quarters:
            shutil.rmtree(SAMPLE / "inbox" / str(quarter), ignore_errors=True)
        for draft, target in targets.items():
            put(Path(saved), draft, target)
    (SAMPLE / "README.md").write_text(README, encoding="utf-8")
    (SAMPLE / "outcome.json").write_text(json.dumps(OUTCOME) + "\n", encoding="utf-8")


README = """# The sample

An invented province with 12 districts, 5 departments and 3 press agencies, first quarter of 2023 to first
quarter of 2024. The workbooks in `inbox/` are the program's own templates, filled in and saved by LibreOffice
Calc. In the latest quarter the form has a further table, stories by medium and genre (`form --diff 2023-Q4`);
the earlier ones keep their form, which lies in `archive/`, as `decisions.csv` says.

In the latest quarter Tỉnh đoàn An Lạc has sent nothing, Huyện Ngọc Xuyên is late, Huyện Hòa Lương has errors
(two of them in the new table), Huyện Tây Lạc has sent a second, corrected file (the first had passed over
the new sheet); Huyện Đông Lạc sent an .xls, Sở Giáo dục và Đào tạo an .ods, Tạp chí Văn nghệ a zip, and Huyện
Thanh Điền's texts are in decomposed letters (NFD).

`python -m tools.make_sample` makes it again.
"""

if __name__ == "__main__":
    main([parse_quarter(text) for text in sys.argv[1:]] or QUARTERS)
