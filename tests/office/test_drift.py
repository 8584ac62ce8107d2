"""Form and Word document that have drifted apart, by command: `form --check`, `template`, `report`."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from pathlib import Path

import pytest

from tests.making.commands import Said
from tests.making.commands import run as run_program
from tests.making.machine import TEMPLATES
from tests.making.word_documents import docx, p, run, sdt

pytestmark = pytest.mark.slow

NEW_SECTION = """
[[sections]]
code = "digital"
title = "Chuyển đổi số"
[[sections.indicators]]
code = "services_online"
label = "Dịch vụ công trực tuyến"
unit_of_measure = "dịch vụ"
sentence = "Có {value} công trực tuyến{change_year_ago}."
[[sections.indicators]]
code = "signatures"
label = "Chữ ký số"
"""
NEW_LIST = """
[[lists]]
code = "fairs"
title = "Hội chợ"
[[lists.columns]]
code = "name"
label = "Tên"
"""
NEW_TEXT = '\n[[texts]]\ncode = "lessons"\nlabel = "Bài học kinh nghiệm"\n'


class Office:
    """A new workspace with the stock form and document."""

    def __init__(self, root: Path) -> None:
        self.root = root
        assert run_program("init", root, "--period", "2024-Q1").code == 0

    def run(self, *arguments: object, lang: str = "en") -> Said:
        return run_program("-w", self.root, "--lang", lang, *arguments)

    def ask(self, *more: str) -> None:
        path = self.root / "form.toml"
        path.write_text(path.read_text(encoding="utf-8") + "".join(more), encoding="utf-8")

    def replace(self, file: str, *pairs: tuple[str, str]) -> None:
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")

    def edit(self, *pairs: tuple[str, str]) -> None:
        (self.root / "report.docx").write_bytes(edited((self.root / "report.docx").read_bytes(), *pairs))


def edited(document: bytes, *pairs: tuple[str, str]) -> bytes:
    """A document with other words in its body."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as old, zipfile.ZipFile(written, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                text = data.decode()
                for before, after in pairs:
                    assert before in text, before
                    text = text.replace(before, after)
                data = text.encode()
            new.writestr(name, data)
    return written.getvalue()


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "office")


def test_the_stock_form_and_document_agree(office: Office) -> None:
    checked = office.run("form", "--check")
    assert checked.code == 0
    assert checked.out.splitlines()[1:] == ["The report mentions all that the form asks."]
    assert office.run("template", "--unit", "001").err == ""
    reported = office.run("report")
    assert reported.code == 0
    assert "does not mention" not in reported.err


def test_what_the_report_does_not_mention_is_a_note(office: Office) -> None:
    office.ask(NEW_SECTION, NEW_LIST, NEW_TEXT)
    checked = office.run("form", "--check")
    assert checked.code == 0
    lines = checked.out.splitlines()
    at = next(n for n, line in enumerate(lines) if "the section “Chuyển đổi số” (digital)" in line)
    pasted = ["section:digital", "sentences:digital", "chart:digital", "table:units:digital"]
    assert lines[at + 1 : at + 5] == [f"    {{{{{tag}}}}}" for tag in pasted]
    assert "    {{table:list:fairs}}" in lines
    assert "    {{text:lessons}}" in lines
    assert "differ in 3 points. See: reportctl form --check" in office.run("template", "--unit", "001").err
    reported = office.run("report")
    assert reported.code == 0
    for tag in (*pasted, "table:list:fairs", "text:lessons"):
        assert f"    {{{{{tag}}}}}" in reported.err

    # What is pasted is filled, and nothing is left to say.
    typed = "".join(p(run(line.strip())) for line in lines if line.startswith("    "))
    office.edit(("<w:body>", f"<w:body>{typed}"))
    assert office.run("form", "--check").out.splitlines()[1:] == [
        "The report mentions all that the form asks."
    ]
    assert office.run("report").code == 0


def test_texts_as_they_came_belong_in_the_annex_where_the_settings_say_so(office: Office) -> None:
    (office.root / "report.docx").write_bytes(docx(p(run("{{annex:text:results}}"))))
    note = "The report does not mention the units' texts as they came (annex:texts)."
    assert note in office.run("form", "--check").out
    office.replace("reportctl.toml", ('texts = "annex"', 'texts = "none"'))
    assert note not in office.run("form", "--check").out
    office.replace("reportctl.toml", ('texts = "none"', 'texts = "annex"'))
    codes = ("results", "strengths", "limits", "causes", "tasks", "recommendations")
    each = "".join(p(run(f"{{{{annex:text:{code}}}}}")) for code in codes)
    (office.root / "report.docx").write_bytes(docx(each))
    assert note not in office.run("form", "--check").out


def test_many_notes_stay_short_at_a_report(office: Office) -> None:
    (office.root / "report.docx").write_bytes(docx(p(run("{{press_total}}"))))
    reported = office.run("report")
    assert reported.code == 0
    assert reported.err.count("does not mention") == 5 + 1  # five of them, and how many there are besides
    checked = office.run("form", "--check").out
    more = checked.count("To have it there, paste:") - 5
    assert f"{more} more things that the document does not mention: reportctl form --check" in reported.err


def test_sentences_and_tables_of_a_section_that_is_mentioned(office: Office) -> None:
    office.ask(NEW_SECTION)
    # Its table stands there, its sentences do not; nothing is tagged by itself.
    typed = "".join(p(run(f"{{{{{tag}}}}}")) for tag in ("table:digital", "ref:table:units:digital"))
    office.edit(("<w:body>", f"<w:body>{typed}"))
    lines = office.run("form", "--check").out.splitlines()[1:]
    assert [line.strip() for line in lines[1::2]] == ["{{sentences:digital}}", "{{table:units:digital}}"]
    assert "“Dịch vụ công trực tuyến” (services_online)" in lines[0]
    assert "signatures" not in lines[0]  # nothing is ever said of it in words

    # An office that writes its own prose gets the sentence as it would type it.
    office.edit(("{{table:digital}}", "Chữ ký số: {{signatures}}"))
    lines = office.run("form", "--check").out.splitlines()[1:]
    pasted = "Có {{services_online}} dịch vụ công trực tuyến, {{services_online.change_year_ago}}."
    assert f"    {pasted}" in lines
    office.edit(("<w:body>", f"<w:body>{p(run(pasted))}"))
    assert "services_online" not in office.run("form", "--check").out


@pytest.mark.parametrize("command", [("form", "--check"), ("report",)])
def test_placeholders_of_the_stock_document_stop_the_run(office: Office, command: tuple[str, ...]) -> None:
    typed = p(run("9. [Tên mục: chuyển đổi số]")) + p(run("[Ưu "), run("điểm]")) + p(run("[xem mục 2]"))
    office.edit(("<w:body>", f"<w:body>{typed}"))
    said = office.run(*command)
    assert said.code == (1 if command[0] == "form" else 2)
    words = said.out + said.err
    assert "“[Tên mục: chuyển đổi số]” (“9. [Tên mục: chuyển đổi số]”)" in words
    assert "[Ưu điểm]" in words
    assert "[xem mục 2]" not in words  # an officer's own brackets are no placeholder
    assert not list((office.root / "output").rglob("*.docx"))


def test_a_section_that_the_form_no_longer_has(office: Office) -> None:
    office.replace("form.toml", ('code = "contest"\n', 'code = "contests"\n'))
    checked = office.run("form", "--check")
    assert checked.code == 1
    assert "“section:contest” has a tag that is not known (near it: section:contests" in checked.out
    assert "“[Tên mục: cuộc thi]” (“7. [Tên mục: cuộc thi]”)" in checked.out
    reported = office.run("report")
    assert reported.code == 2
    for text in ("[Tên mục: cuộc thi]", "[Số liệu cuộc thi theo đơn vị]"):
        assert reported.err.count(f"“{text}”") == 1
    # Filled by another filling and left since, it is no placeholder; nor is a control of somebody else's.
    office.edit(
        ("[Tên mục: cuộc thi]", "Cuộc thi"),
        ("[Các câu nêu kết quả cuộc thi, so sánh với kỳ trước]", "Đã tổ chức"),
        ("[Số liệu cuộc thi theo đơn vị]", "Bảng"),
        ("<w:body>", f"<w:body>{sdt('Tiêu đề', p(run('[Mật]')))}"),
    )
    checked = office.run("form", "--check")
    assert checked.code == 0, checked
    assert "“section:contest” has a tag that is not known" in checked.out
    assert "Tiêu đề" not in checked.out
    assert office.run("report").code == 0


def test_a_placeholder_in_a_place_without_room(office: Office) -> None:
    """A control that cannot be filled where it stands is left alone, and its placeholder would be printed."""
    inside = sdt("table:press", run("[Bảng số liệu báo chí]"))
    office.edit(("<w:body>", f"<w:body>{p(run('Xem '), inside)}"))
    assert office.run("form", "--check").code == 0
    reported = office.run("report")
    assert reported.code == 2
    assert "[Bảng số liệu báo chí]" in reported.err


def test_unknown_typed_tags_are_named_with_their_lines(office: Office) -> None:
    office.edit(("<w:body>", f"<w:body>{p(run('Tổng: {{pres_total}} tin'))}{p(run('{{nonsense}}'))}"))
    checked = office.run("form", "--check")
    assert checked.code == 1
    assert "{{pres_total}} is not known (near it: press_total" in checked.out
    assert "it stands in “Tổng: {{pres_total}} tin”" in checked.out
    assert "{{nonsense}} is not known" in checked.out
    assert office.run("report").code == 2


@pytest.mark.parametrize("edit", [False, True])
@pytest.mark.parametrize(("style", "other"), [("party", "state"), ("state", "party")])
def test_a_document_in_the_other_style(tmp_path: Path, style: str, other: str, *, edit: bool) -> None:
    office = Office(tmp_path / "office")
    (office.root / "report.docx").write_bytes((TEMPLATES / f"report-{style}.docx").read_bytes())
    office.replace("reportctl.toml", ('style = "party"', f'style = "{style}"'))
    if edit:
        office.edit(("Ưu điểm", "Những ưu điểm"))
    assert "style" not in office.run("form", "--check").out
    office.replace("reportctl.toml", (f'style = "{style}"', f'style = "{other}"'))
    named = {"party": "Party", "state": "State"}
    for said in (office.run("form", "--check").out, office.run("report").err):
        assert f'style = "{other}" is set' in said
        assert f"{named[style]}'s style" in said
        assert "reportctl report --new-template" in said
    # Asked for in its own words, nothing is odd.
    assert "is set" not in office.run("report", "--style", other).err


@pytest.mark.parametrize(
    ("head", "odd"),
    [
        ("Cộng hoà xã hội chủ nghĩa Việt Nam", True),  # in capitals by its formatting alone
        (unicodedata.normalize("NFD", "SỞ VĂN HÓA   CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), True),
        ("Pháp luật của nước Cộng hòa xã hội chủ nghĩa Việt Nam", False),
        ("BÁO CÁO", False),
    ],
)
def test_how_a_style_is_told(office: Office, head: str, *, odd: bool) -> None:
    (office.root / "report.docx").write_bytes(docx(p(run(head)) + p(run("{{press_total}}"))))
    assert ('style = "party" is set' in office.run("form", "--check").out) is odd


@pytest.mark.parametrize("tag", ["table:no_such", "press_total:999", "pres_total", "press_total@hello"])
def test_a_condition_on_what_there_is_not_is_found_by_the_check(office: Office, tag: str) -> None:
    (office.root / "report.docx").write_bytes(docx(p(run(f"{{{{?{tag}}}}}Có.{{{{/?}}}}"))))
    checked = office.run("form", "--check")
    assert checked.code == 1
    assert f"{{{{?{tag}}}}} is not known" in checked.out
    assert office.run("report").code == 2


@pytest.mark.parametrize(
    "tag", ["press_total", "table:plan_units", "press_total:001@2023-Q1", "Text:Movements"]
)
def test_a_condition_on_what_there_is_passes_the_check(office: Office, tag: str) -> None:
    (office.root / "report.docx").write_bytes(docx(p(run(f"{{{{?{tag}}}}}Có.{{{{/?}}}}"))))
    assert "is not known" not in office.run("form", "--check").out


def test_debris_of_empty_tags_is_named(office: Office) -> None:
    """Nothing has come, so that every phrase is empty."""
    line = "Ban hành {{documents_issued}} văn bản, {{documents_issued.change_year_ago}}."
    (office.root / "report.docx").write_bytes(docx(p(run(line)) + p(run("({{press_total.of_plan}})"))))
    reported = office.run("report")
    assert reported.code == 0
    assert "leaves its signs behind: “Ban hành … văn bản" in reported.err
    assert "văn bản, .”" in reported.err
    assert "“()”" in reported.err


def test_without_a_document_the_form_is_checked_all_the_same(office: Office) -> None:
    (office.root / "report.docx").unlink()
    checked = office.run("form", "--check")
    assert checked.code == 1
    assert checked.out.startswith("The form is in order")
    assert "There is no Word template" in checked.out
    assert office.run("template", "--unit", "001").code == 0
    (office.root / "report.docx").write_bytes(b"no document")
    assert office.run("form", "--check").code == 1
