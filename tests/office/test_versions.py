"""A form that changes between quarters: what changed, what is compared, returns on another version."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reportctl.core.period import Quarter
from reportctl.form.form_file import FormError, parse_form
from tests.making.commands import Said, begin, run
from tests.making.tables import ROOMS, UNITS, cells_of, returned

Q4, Q1 = Quarter(2023, 4), Quarter(2024, 1)
# The lab is called computers, solid brick; the library is counted otherwise; a row is new, one is gone.
NEW = (
    ROOMS.replace('{code = "lab", ', '{code = "computers", was = "lab", ')
    .replace('{code = "lab_new", ', '{code = "computers_new", was = "lab_new", ')
    .replace('code = "solid", ', 'code = "brick", was = "solid", ')
    .replace('sum = "solid + weak"', 'sum = "brick + weak"')
    .replace('"lab.private"', '"computers.private"')
    .replace('{code = "library", no = "2"', '{code = "library", unit_of_measure = "m2", no = "2"')
    .replace('  {code = "library_new", no', '  {code = "library_new", no')
    .replace(
        '  {code = "library_new", label = "Xây mới", level = 2, required = false},\n',
        '  {code = "canteen", label = "Nhà ăn"},\n',
    )
)


class VersionsOffice:
    """A workspace whose first unit answers a quarter by one version of the form and the next by another."""

    def __init__(self, root: Path) -> None:
        self.root = root
        begin(root, "2023-Q4")
        (root / "plan.csv").unlink()
        units = "".join(f"{one.code},{one.name},{one.kind}\n" for one in UNITS[:1])
        (root / "units.csv").write_text(f"code,name,kind\n{units}", encoding="utf-8")

    def form(self, text: str) -> None:
        (self.root / "form.toml").write_text(text, encoding="utf-8")

    def put(self, text: str, quarter: Quarter, **changed: Any) -> None:
        """The unit's workbook of the form `text`; `changed` such as lab__solid=3."""
        form = parse_form(text)
        typed = cells_of(parse_form(ROOMS))
        for old, new in form.renamed.items():
            if old in typed:
                typed[new] = typed.pop(old)
        typed |= {f"rooms.{key.replace('__', '.')}": value for key, value in changed.items()}
        folder = self.root / "inbox" / str(quarter)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "001.xlsx").write_bytes(returned(form, typed, quarter=quarter))

    def run(self, *arguments: object, code: int = 0) -> Said:
        said = run("--lang", "en", "-w", self.root, *arguments)
        assert said.code == code, said.out + said.err
        return said

    def traced(self, code: str, quarter: Quarter) -> list[tuple[Any, str]]:
        parts = self.run("trace", code, quarter, "--format", "json").json["parts"]
        return [(one["value"], one["cell"]) for one in parts]


@pytest.fixture
def office(tmp_path: Path) -> VersionsOffice:
    """Of the fourth quarter a return on the old form is merged; then the form is the new one."""
    made = VersionsOffice(tmp_path / "office")
    made.form(ROOMS)
    made.put(ROOMS, Q4)
    made.run("merge", Q4)
    made.form(NEW)
    return made


def test_the_new_form_is_one() -> None:
    form = parse_form(NEW)
    assert form.renamed["rooms.lab.solid"] == "rooms.computers.brick"
    assert form.renamed["rooms.lab.weak"] == "rooms.computers.weak"
    assert form.renamed["rooms.upper.solid"] == "rooms.upper.brick"
    assert "rooms.upper.weak" not in form.renamed


def test_what_it_was_called_is_not_part_of_what_is_asked() -> None:
    without = parse_form(NEW.replace('was = "lab", ', "").replace('was = "solid", ', ""))
    assert without.fingerprint == parse_form(NEW).fingerprint
    assert without.reading == parse_form(NEW).reading


def test_the_difference_names_added_dropped_renamed_and_retyped(office: VersionsOffice) -> None:
    said = office.run("form", "--diff", Q4, "--format", "json").json
    assert (said["period"], said["before"], said["after"]) == (
        "2023-Q4", parse_form(ROOMS).fingerprint, parse_form(NEW).fingerprint,
    )  # fmt: skip
    by_kind: dict[str, set[str]] = {}
    for one in said["changes"]:
        by_kind.setdefault(one["change"], set()).add(one["code"])
    assert by_kind == {
        "added": {"rooms.canteen.*"},
        "dropped": {"rooms.library_new.*"},
        "retyped": {"rooms.library.*"},
        "renamed": {"rooms.computers.*", "rooms.computers_new.*", "rooms.*.brick"},
    }
    retyped = next(one for one in said["changes"] if one["change"] == "retyped")
    assert (retyped["before"], retyped["after"]) == (
        {"unit_of_measure": "phòng"}, {"unit_of_measure": "m2"},
    )  # fmt: skip
    renamed = next(one for one in said["changes"] if one["code"] == "rooms.computers.*")
    assert (renamed["was"], renamed["of"], renamed["group"]) == ("rooms.lab.*", "row", "rooms")
    shown = office.run("form", "--diff", Q4, "--format", "csv").out
    assert "was rooms.lab.*" in shown
    assert "phòng → m2" in shown


def test_a_form_that_did_not_change_says_so(office: VersionsOffice) -> None:
    office.form(ROOMS)
    assert "Both ask the same." in office.run("form", "--diff", Q4).out
    assert "2023-Q3" in office.run("form", "--diff", "2023-Q3", code=2).err


def test_figures_of_then_are_read_under_the_codes_of_now(office: VersionsOffice) -> None:
    assert office.traced("rooms.computers.brick", Q4) == [(6, "E16")]
    assert office.traced("rooms.computers.total", Q4) == [(8, "D16")]
    assert office.traced("rooms.canteen.brick", Q4) == []
    # In the quarter itself, by its own form, they have their own.
    text = (office.root / "output" / "2023-Q4" / "values.csv").read_text("utf-8-sig")
    assert "rooms.lab.solid" in text


def test_what_was_called_otherwise_is_compared_with_earlier_quarters(office: VersionsOffice) -> None:
    """600 rooms, where there were 6 and 7 under the old code: in a closed quarter, in an imported one."""
    settings = office.root / "reportctl.toml"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace("min_quarters = 4", "min_quarters = 2"), encoding="utf-8")
    office.form(ROOMS)
    history = office.root / "history.csv"
    lines = "unit,indicator,period,value\n001,rooms.lab.solid,2023-Q3,7\n"
    history.write_text(lines, encoding="utf-8")
    office.run("history", history)
    office.run("close", Q4)
    office.form(NEW)
    office.put(NEW, Q1, computers__brick=600, canteen__brick=1, canteen__weak=0, canteen__private=0)
    found = office.run("validate", Q1, "--format", "json").json["findings"]
    assert "rooms.computers.brick" in {one["indicator"] for one in found if one["code"] == "unusual_figure"}


def test_a_return_on_the_old_form_is_read_by_it(office: VersionsOffice) -> None:
    """Rows stand elsewhere there; what it does not ask is missing, and says why, and is no error."""
    office.put(ROOMS, Q1)
    said = office.run("validate", Q1, "--format", "json").json
    assert [one["verdict"] for one in said["files"]] == ["warned"]
    found = {one["code"]: one for one in said["findings"]}
    assert set(found) == {"other_version", "new_question", "asked_otherwise", "dropped_question"}
    assert len(said["findings"]) == 4
    dropped = found.pop("dropped_question")
    assert dropped["severity"] == "warning"
    assert dropped["message"].endswith("left out: Phòng học: Xây mới (3 answers)")
    assert {one["severity"] for one in found.values()} == {"note"}
    assert found["new_question"]["indicator"] == "rooms.canteen.*"
    assert found["asked_otherwise"]["indicator"] == "rooms.library.*"  # in another unit of measure
    assert "Nhà ăn" in found["new_question"]["message"]
    assert "Thư viện" in found["asked_otherwise"]["message"]
    office.run("merge", Q1)
    assert office.traced("rooms.computers.brick", Q1) == [(6, "E16")]
    assert office.traced("rooms.computers.total", Q1) == [(8, "D16")]
    assert office.traced("rooms.library.brick", Q1) == []
    unit = office.run("status", Q1, "--format", "json").json["units"][0]
    assert (unit["state"], unit["filled"], unit["of"]) == ("warned", 14, 20)


def test_a_mistake_in_what_is_asked_no_longer_rejects_nothing(office: VersionsOffice) -> None:
    office.put(ROOMS, Q1, library_new__solid="khoảng 3", lab__weak="khoảng 2")
    said = office.run("validate", Q1, "--format", "json", code=1).json
    errors = [one["indicator"] for one in said["findings"] if one["severity"] == "error"]
    assert errors == ["rooms.computers.weak"]


def test_a_form_is_kept_when_its_workbooks_are_made(tmp_path: Path) -> None:
    """So that a return is read by it, where the form was changed before anything came."""
    office = VersionsOffice(tmp_path / "office")
    text = """
id = "small"
title = "Báo cáo"
kinds = [{code = "commune", title = "Xã"}]
[[sections]]
code = "press"
title = "Báo chí"
indicators = [{code = "stories", label = "Tin, bài"}]
"""
    office.form(text)
    office.run("template", Q4)
    kept = office.root / "archive" / "forms" / f"{parse_form(text).fingerprint}.toml"
    assert kept.read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("was", "message"),
    [("lower", "“lower” is still in the form"), ("lab", "two figures cannot both have been “lab”")],
)
def test_an_earlier_code_is_nobody_elses(was: str, message: str) -> None:
    text = NEW.replace('{code = "canteen", ', f'{{code = "canteen", was = "{was}", ')
    with pytest.raises(FormError) as refused:
        parse_form(text)
    assert message in str(refused.value)


def test_a_closed_quarter_keeps_its_codes(office: VersionsOffice) -> None:
    office.form(ROOMS)
    office.run("close", Q4)
    office.form(NEW)
    office.run("merge", Q4)
    text = (office.root / "closed" / "2023-Q4.csv").read_text("utf-8-sig")
    assert "rooms.lab.solid" in text
    assert "computers" not in text
    assert office.traced("rooms.computers.brick", Q4) == [(6, "E16")]
