"""Documents of an office that works in English: stock ones in its language, its own ones as they are."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from reportctl.core.period import Quarter
from reportctl.workspace import stock
from tests.making.commands import run
from tests.making.machine import TEMPLATES
from tests.making.sample import merged
from tests.making.word_documents import body, changed_text, said

pytestmark = pytest.mark.slow

# Words of the stock documents in Vietnamese; what offices and units are called, and write, is not among them.
OURS = ("BÁO CÁO", "Phụ lục", "Kèm theo", "Nơi nhận", "NHIỆM VỤ TRỌNG TÂM", "tập trung thực hiện", "Trên đây")
OURS += ("Số liệu tổng hợp", "Ưu điểm", "TÓM TẮT", "SỐ LIỆU CỦA ĐƠN VỊ", "Độc lập", "ĐẢNG CỘNG SẢN")


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample, merged, in English; its document is the Vietnamese stock one that came with it."""
    monkeypatch.setenv("REPORTCTL_LANG", "en")
    office = Path(shutil.copytree(merged(), tmp_path / "workspace"))
    assert run("-w", office, "settings", "language", "en").code == 0
    return office


def text_of(path: Path) -> str:
    return said(body(path.read_bytes())).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ((), "report-2024-Q1.docx"),
        (("--style", "state"), "report-2024-Q1.docx"),
        (("--template", "tom-tat"), "tom-tat-2024-Q1.docx"),
        (("--template", "tom-tat", "--style", "state"), "tom-tat-2024-Q1.docx"),
        (("--unit", "003"), "don-vi-2024-Q1/003 Huyen Dong Lac.docx"),
    ],
)
def test_stock_documents_are_in_the_language_of_the_workspace(
    workspace: Path, asked: tuple[str, ...], name: str
) -> None:
    done = run("-w", workspace, "report", *asked)
    assert done.code == 0, done.err
    text = text_of(workspace / "output" / "2024-Q1" / name)
    assert [words for words in OURS if words in text] == []
    assert "first quarter of 2024" in text


def test_the_words_around_periods_are_english(workspace: Path) -> None:
    assert run("-w", workspace, "report", "--style", "state").code == 0
    text = text_of(workspace / "output" / "2024-Q1" / "report-2024-Q1.docx")
    assert "III. MAIN TASKS: SECOND QUARTER OF 2024" in text
    assert "In the second quarter of 2024, Ban Tuyên giáo will concentrate on these main tasks:" in text
    assert (
        "This concludes the report on work in the first quarter of 2024, submitted by Ban Tuyên giáo." in text
    )
    assert re.search(r"\(Annexed to Report No\. +/BC-BTGTU of +2024 by Ban Tuyên giáo\)", text)
    assert "are in Annex I;" in text
    assert "AnnexI" not in text


def test_sums_and_ranges_within_vietnamese_texts_are_vietnamese(workspace: Path) -> None:
    assert run("-w", workspace, "report").code == 0
    text = text_of(workspace / "output" / "2024-Q1" / "report-2024-Q1.docx")
    assert "phấn đấu có tổng số 87 tác phẩm" in text
    assert "a total of 87" not in text
    assert re.search(r"\d+ to \d+ [^\W\d_]*[ạảấầẩẫậắằẳẵặẹẻẽếềểễệ]", text) is None


def test_a_document_in_vietnamese_stays_and_is_named(workspace: Path) -> None:
    stock_one = run("-w", workspace, "report")
    assert "report.docx is the stock document in Vietnamese" in stock_one.err
    own = workspace / "report.docx"
    own.write_bytes(changed_text(own.read_bytes(), "Ưu điểm", "Những ưu điểm"))
    done = run("-w", workspace, "report")
    assert done.code == 0, done.err
    assert 'report.docx is in Vietnamese, and language = "en" is set' in done.err
    made = workspace / "output" / "2024-Q1" / "report-2024-Q1.docx"
    newest = max(made.parent.glob("report-2024-Q1*.docx"), key=lambda path: path.stat().st_mtime_ns)
    assert "Những ưu điểm" in text_of(newest)
    assert "is in Vietnamese" in run("-w", workspace, "form", "--check").out
    assert "is in Vietnamese" in run("-w", workspace, "refresh", "--check", newest).err
    assert run("-w", workspace, "settings", "language", "vi").code == 0
    assert "language =" not in run("-w", workspace, "report").err


def test_one_in_english_is_named_where_the_language_is_vietnamese(workspace: Path) -> None:
    (workspace / "note.docx").write_bytes((TEMPLATES / "en/tom-tat-party.docx").read_bytes())
    assert "is set" not in run("-w", workspace, "report", "--template", "note.docx").err
    assert run("-w", workspace, "settings", "language", "vi").code == 0
    assert 'note is in English, and language = "vi" is set' in (
        run("-w", workspace, "report", "--template", "note.docx").err
    )


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("style", ["party", "state"])
def test_a_new_workspace_brings_the_document_in_its_language(
    tmp_path: Path, style: str, language: str
) -> None:
    stock.make_workspace(tmp_path / "office", Quarter(2024, 1), style, {"language": language})
    folder = TEMPLATES if language == "vi" else TEMPLATES / "en"
    assert (tmp_path / "office" / "report.docx").read_bytes() == (
        folder / f"report-{style}.docx"
    ).read_bytes()


def test_a_fresh_stock_document_is_in_the_language_of_the_workspace(workspace: Path) -> None:
    assert run("-w", workspace, "report", "--new-template").code == 0
    assert (workspace / "report (2).docx").read_bytes() == (TEMPLATES / "en/report-party.docx").read_bytes()
    assert run("-w", workspace, "report", "--new-template", "--template", "don-vi").code == 0
    assert (workspace / "don-vi.docx").read_bytes() == (TEMPLATES / "en/don-vi-party.docx").read_bytes()


def test_placeholders_of_the_english_document_stop_the_run(workspace: Path) -> None:
    fresh = changed_text(
        (TEMPLATES / "en/report-party.docx").read_bytes(), "Strengths", "[Post of the signatory]"
    )
    (workspace / "report.docx").write_bytes(fresh)
    done = run("-w", workspace, "report")
    assert done.code == 2
    assert "[Post of the signatory]" in done.err
