"""A question added in mid-quarter: a return on the form that was sent out before lacks it by rights."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.making.commands import run
from tests.making.office import MORE, Office, make_office

NEW = (
    '\n[[texts]]\ncode = "limits"\nlabel = "Hạn chế"\nrequired = true\n'
    '\n[[lists]]\ncode = "meetings"\ntitle = "Hội nghị"\n[[lists.columns]]\ncode = "name"\nlabel = "Tên"\n'
)
CODES = {"classes", "limits", "meetings"}


def office_with_both_forms(root: Path) -> Office:
    """Unit 01 and 02 have filled in the form that was sent out, 03 the one that asks more."""
    office = make_office(root)
    assert office.run("template", "2024-Q1").code == 0
    office.put("01.xlsx", office.book("01", 10))
    office.put("02.xlsx", office.book("02", 20))
    form = office.root / "form.toml"
    form.write_text(form.read_text(encoding="utf-8") + MORE + NEW, encoding="utf-8")
    office.put("03.xlsx", office.book("03", 30, classes=4, results="Tốt.", limits="Không có."))
    return office


def said_of(office: Office, unit: str, command: str = "validate") -> dict[str, set[str]]:
    """The codes of what is said of a unit's file, each with the questions it is about."""
    found = office.run(command, "2024-Q1", "--format", "json").json["findings"]
    codes: dict[str, set[str]] = {}
    for one in found:
        if one["unit"] == unit:
            codes.setdefault(f"{one['severity']} {one['code']}", set()).add(one["indicator"] or "")
    return codes


def test_what_is_new_is_missing_and_no_error(tmp_path: Path) -> None:
    office = office_with_both_forms(tmp_path / "office")
    said = said_of(office, "01")
    assert said["note new_question"] == CODES
    assert not [code for code in said if code.startswith("error")]
    assert not [code for code in said if code.endswith((" not_found", " missing_sheet"))]
    assert "note new_question" not in said_of(office, "03")
    assert "delete" not in office.run("validate", "2024-Q1", "--format", "json").out

    merged = office.run("merge", "2024-Q1")
    assert merged.code == 0, merged
    assert said_of(office, "01")["note new_question"] == CODES  # by the ledger, too
    rows = {row["code"]: row for row in office.run("summary", "2024-Q1", "--format", "json").json["rows"]}
    assert (rows["press_total"]["value"], rows["press_total"]["units_reporting"]) == (60, 3)
    assert (rows["classes"]["value"], rows["classes"]["units_reporting"]) == (4, 1)


def test_it_is_said_in_the_offices_words(tmp_path: Path) -> None:
    office = office_with_both_forms(tmp_path / "office")
    said = run("-w", office.root, "--lang", "vi", "validate", "2024-Q1")
    assert "vì biểu mẫu cũ chưa có chỉ tiêu này" in " ".join((said.out + said.err).split())


def test_a_line_that_the_older_form_had_is_still_sought(tmp_path: Path) -> None:
    """Its figure was asked for: where its line is gone, that is an error whatever the form asks besides."""
    office = office_with_both_forms(tmp_path / "office")
    form = office.root / "form.toml"
    asked = form.read_text(encoding="utf-8")
    # A workbook of a third version, which asks neither for what is new nor for what is broadcast.
    aired = asked[
        asked.index('[[sections.indicators]]\ncode = "aired"') : asked.index(
            '[[sections.indicators]]\ncode = "share'
        )
    ]
    without = asked.replace(aired, "").replace(" + aired", "").replace(MORE, "").replace(NEW, "")
    form.write_text(without, encoding="utf-8")
    sent = office.root / "outbox"
    shutil.rmtree(sent)
    assert office.run("template", "2024-Q1").code == 0
    third = next((sent / "2024-Q1").glob("02 *.xlsx")).read_bytes()
    form.write_text(asked, encoding="utf-8")
    fingerprint = next(
        path
        for path in (office.root / "archive" / "forms").iterdir()
        if 'code = "aired"' not in path.read_text("utf-8")
    )
    office.put("02.xlsx", third)
    assert said_of(office, "02")["note new_question"] == CODES | {"aired"}
    fingerprint.unlink()  # what it asked is not known any more
    assert said_of(office, "02")["error not_found"] >= {"aired", "classes"}


def test_it_is_graded_again_once_the_older_form_is_there(tmp_path: Path) -> None:
    office = office_with_both_forms(tmp_path / "office")
    shutil.move(office.root / "archive", tmp_path / "aside")
    assert office.run("merge", "2024-Q1").code == 1
    for kept in (tmp_path / "aside" / "forms").iterdir():
        shutil.copy(kept, office.root / "archive" / "forms")
    assert office.run("merge", "2024-Q1").code == 0
    assert office.merge().rechecked == 0
