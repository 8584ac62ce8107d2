"""`report --new-template` for a form of one's own; what `form --check` says of a document of another form."""

from __future__ import annotations

import io
from pathlib import Path

import docx as python_docx
import pytest

from tests.making.commands import Said, begin
from tests.making.commands import run as run_program
from tests.making.machine import TEMPLATES
from tests.making.word_documents import block, docx, p, run

STOCK = {style: (TEMPLATES / f"report-{style}.docx").read_bytes() for style in ("party", "state")}
KIND = 'id = "own"\ntitle = "Biểu"\n[[kinds]]\ncode = "unit"\ntitle = "Đơn vị"\n'
TABLE = """
[[tables]]
code = "rooms"
title = "Phòng học"
columns = [ { code = "total", label = "Tổng số" } ]
rows = [ { code = "n1", label = "Kiên cố" }, { code = "n2", label = "Tạm" } ]
"""
LIST = """
[[lists]]
code = "schools"
title = "Trường"
columns = [ { code = "name", label = "Tên" } ]
"""
SECTION = """
[[sections]]
code = "staff"
title = "Cán bộ"
indicators = [ { code = "staff_total", label = "Cán bộ" } ]
"""
FIRST = "was made for another form"
ALL_SAID = "The report mentions all that the form asks."


class Office:
    """A new workspace with a form of its own and the stock document."""

    def __init__(self, root: Path, form: str) -> None:
        self.root = root
        begin(root, "2024-Q2")
        (root / "form.toml").write_text(KIND + form, encoding="utf-8")
        (root / "units.csv").write_text("code,name,kind\na,Trường A,unit\n", encoding="utf-8")
        (root / "plan.csv").unlink(missing_ok=True)
        self.report = root / "report.docx"

    def run(self, *arguments: object) -> Said:
        return run_program("-w", self.root, "--lang", "en", *arguments)


@pytest.mark.parametrize("form", [TABLE, LIST, SECTION, TABLE + LIST + SECTION])
def test_from_a_form_written_by_hand_to_its_report(tmp_path: Path, form: str) -> None:
    office = Office(tmp_path / "office", form)
    checked = office.run("form", "--check")
    assert checked.code == 1
    first = checked.out.splitlines()[1]
    assert FIRST in first
    assert "reportctl report --new-template" in first
    stopped = office.run("report")
    assert stopped.code == 2
    assert "reportctl report --new-template" in stopped.err

    assert office.run("report", "--new-template").code == 0
    assert office.report.read_bytes() not in STOCK.values()  # nobody had put any work into it
    checked = office.run("form", "--check")
    assert (checked.code, checked.out.splitlines()[1:]) == (0, [ALL_SAID])
    assert office.run("report").code == 0
    assert len([*office.root.glob("report*.docx")]) == 1


def test_what_an_office_has_edited_stays(tmp_path: Path) -> None:
    office = Office(tmp_path / "office", TABLE)
    edited = docx(p(run("Báo cáo của chúng tôi {{press_total}}")))
    office.report.write_bytes(edited)
    said = office.run("report", "--new-template", "--style", "state")
    fresh = office.root / "report (2).docx"
    assert office.report.read_bytes() == edited
    assert "report.docx stays as it is" in said.err
    words = " ".join(one.text for one in python_docx.Document(io.BytesIO(fresh.read_bytes())).paragraphs)
    assert "Phòng học" in words
    # In the style that is asked for: the stock document's own heading stands there.
    heads = [
        python_docx.Document(io.BytesIO(data)).tables[0]._tbl.xml
        for data in (fresh.read_bytes(), STOCK["state"])
    ]
    assert heads[0] == heads[1]


def test_the_stock_form_has_the_stock_document(tmp_path: Path) -> None:
    root = tmp_path / "office"
    begin(root, "2024-Q2")
    (root / "report.docx").unlink()
    assert run_program("-w", root, "report", "--new-template").code == 0
    assert (root / "report.docx").read_bytes() == STOCK["party"]
    # Without what the stock document names it would stop, so there is another one then.
    form = root / "form.toml"
    text = form.read_text(encoding="utf-8")
    form.write_text(text.replace('code = "contest"\n', 'code = "contests"\n'), encoding="utf-8")
    checked = run_program("-w", root, "--lang", "en", "form", "--check")
    assert checked.code == 1
    assert FIRST not in checked.out  # most of it is still right, and only the rest is named
    assert run_program("-w", root, "report", "--new-template").code == 0
    assert run_program("-w", root, "form", "--check").code == 0


@pytest.mark.parametrize(
    ("tag", "named"),
    [
        ("table:province", "{{table:rooms}}, {{table:list:schools}}"),
        ("sentences:all", ""),
        ("annex:texts", ""),
    ],
)
def test_a_tag_that_shows_nothing_in_the_form(tmp_path: Path, tag: str, named: str) -> None:
    office = Office(tmp_path / "office", TABLE + LIST)
    places = block(tag) + block("table:rooms") + block("table:list:schools") + block("table:reporting")
    office.report.write_bytes(docx(places))
    checked = office.run("form", "--check")
    assert checked.code == 0
    (line,) = checked.out.splitlines()[1:]
    assert f"{{{{{tag}}}}} shows nothing in this form" in line
    assert named in line
    made = office.run("report")
    assert f"{{{{{tag}}}}} shows nothing" in made.err
    (path,) = (office.root / "output").rglob("*.docx")
    words = [
        one.text
        for one in python_docx.Document(io.BytesIO(path.read_bytes())).element.body.iter()
        if one.text
    ]
    assert words.count("Không có số liệu.") == 3  # the three others, of which nothing has come yet
    instead = "Biểu mẫu không hỏi số liệu nào cho bảng này. Số liệu nằm ở: “Phòng học”."
    assert (instead in words) is (tag == "table:province")


def test_a_table_of_a_form_with_sections_is_only_empty(tmp_path: Path) -> None:
    office = Office(tmp_path / "office", TABLE + SECTION)
    office.report.write_bytes(
        docx(
            "".join(
                map(
                    block,
                    (
                        "table:province",
                        "table:rooms",
                        "section:staff",
                        "table:units:staff",
                        "table:reporting",
                    ),
                )
            )
        )
    )
    assert office.run("form", "--check").out.splitlines()[1:] == [ALL_SAID]
