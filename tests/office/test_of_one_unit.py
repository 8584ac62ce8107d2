"""A document of one unit never holds figures of the whole province."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.making.commands import run
from tests.making.sample import merged
from tests.making.word_documents import body, changed_text, control, docx, p, said, sdt, tagged
from tests.making.word_documents import run as words

pytestmark = pytest.mark.slow


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample, merged."""
    monkeypatch.setenv("REPORTCTL_LANG", "en")
    return Path(shutil.copytree(merged(), tmp_path / "workspace"))


@pytest.mark.parametrize(
    "tag",
    [
        "sentences:press", "sentences:all", "table:press", "table:province", "table:press_media",
        "table:plan", "chart:press", "text:movements", "text:results", "annex:texts", "lead",
        "units.accepted",
        "press_total.units_on_plan", "press_total.top", "press_total.behind@2023-Q4", "Text:Movements",
        "ref:table:province",
    ],
)  # fmt: skip
def test_a_tag_of_the_province_stops_a_document_of_one_unit_with_its_line(workspace: Path, tag: str) -> None:
    line = "Xem " if tag.startswith(("units", "press_total", "ref")) else ""
    (workspace / "rieng.docx").write_bytes(docx(p(words(f"{line}{{{{{tag}}}}}"))))
    done = run("-w", workspace, "report", "--template", "rieng", "--unit", "003")
    assert done.code == 2
    assert done.err.count("rieng: ") == 1
    assert "of the whole province" in done.err
    assert f"{{{{{tag}}}}}" in done.err
    assert ("(“Xem" in done.err) is bool(line)
    assert not list((workspace / "output").rglob("rieng*.docx"))
    assert run("-w", workspace, "report", "--template", "rieng").code == 0  # of the province it may be


@pytest.mark.parametrize(
    "part",
    [
        p(words("{{?text:movements}}")) + p(words("Có {{press_total}}.")) + p(words("{{/?}}")),
        p(words("{{*sections}}")) + p(words("{{section.sentences}}")) + p(words("{{/*}}")),
        p(words("{{*press}}{{indicator.name}}: {{indicator.top}}{{/*}}")),
        sdt("lead", p(words("[Đoạn mở đầu]"))),
    ],
)
def test_it_is_found_in_conditions_copies_and_controls(workspace: Path, part: str) -> None:
    (workspace / "rieng.docx").write_bytes(docx(part + p(words("Hết."))))
    done = run("-w", workspace, "report", "--template", "rieng", "--unit", "003")
    assert done.code == 2
    assert "of the whole province" in done.err


@pytest.mark.parametrize("name", ["tom-tat", "report.docx"])
def test_stock_documents_of_the_province_are_not_made_of_a_unit(workspace: Path, name: str) -> None:
    done = run("-w", workspace, "report", "--template", name, "--unit", "003")
    assert done.code == 2
    assert done.err.startswith(f"{name}: ")
    assert "{{lead}}" in done.err


def test_what_a_unit_has_itself_stays(workspace: Path) -> None:
    tags = ["title", "issuer.recipients", "section:press", "unit.lead", "table:unit", "press_total"]
    tags += ["press_total.change_year_ago", "press_total.units", "press_total:007", "press_total@2023-Q1"]
    (workspace / "rieng.docx").write_bytes(tagged(*tags))
    done = run("-w", workspace, "report", "--template", "rieng", "--unit", "003")
    assert done.code == 0, done.err
    (path,) = (workspace / "output" / "2024-Q1" / "rieng-2024-Q1").glob("*.docx")
    assert said(control(body(path.read_bytes()), "section:press")) == "Thông tin trên báo chí"


def test_form_check_names_documents_of_each_unit_that_ask_for_the_province(workspace: Path) -> None:
    (workspace / "rieng.docx").write_bytes(
        docx(p(words("Có {{units.accepted}} đơn vị, {{press_total}} tin.")))
    )
    settings = workspace / "reportctl.toml"
    more = '\n[[documents]]\nname = "rieng"\neach_unit = true\n'
    settings.write_text(settings.read_text(encoding="utf-8") + more, encoding="utf-8")
    done = run("-w", workspace, "form", "--check")
    assert done.code == 1
    assert "{{units.accepted}} (“Có {{units.accepted}} đơn vị" in done.out


def test_refresh_of_a_unit_s_page_into_which_such_a_tag_was_typed_says_so(workspace: Path) -> None:
    (workspace / "rieng.docx").write_bytes(
        docx(p(words("{{unit.name}}: {{press_total}} tin.")) + p(words("Hết.")))
    )
    out = workspace / "a.docx"
    assert run("-w", workspace, "report", "--template", "rieng", "--unit", "003", "--out", out).code == 0
    out.write_bytes(changed_text(out.read_bytes(), "Hết.", "Toàn tỉnh: {{units.accepted}}"))
    before = out.read_bytes()
    done = run("-w", workspace, "refresh", out)
    assert done.code == 2
    assert done.err.startswith("a.docx: ")
    assert out.read_bytes() == before


def test_the_lead_says_that_the_form_s_tables_are_not_set_out(workspace: Path) -> None:
    (workspace / "rieng.docx").write_bytes(docx(p(words("{{unit.lead}}"))))
    assert run("-w", workspace, "report", "--template", "rieng", "--unit", "003").code == 0
    (made,) = (workspace / "output").rglob("rieng*/003*.docx")
    assert "bảng, danh sách trong biểu mẫu không in ở đây" in said(body(made.read_bytes()))
