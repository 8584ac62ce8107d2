"""`refresh` of a report that people have edited: figures are renewed, everything else stays."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from reportctl.__main__ import main
from reportctl.figures.tables import figure_cell
from tests.making.foreign_word import with_notes
from tests.making.kept import kept_folder
from tests.making.sample import merged, reported
from tests.making.word_documents import (
    SECTION,
    SPACE,
    W,
    body,
    changed_text,
    control,
    docx,
    edited,
    lines,
    p,
    run,
    said,
    tagged,
)

pytestmark = pytest.mark.slow


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample, merged, with its report, for a test to change; messages are in English."""
    monkeypatch.setenv("REPORTCTL_LANG", "en")
    return Path(shutil.copytree(reported(), tmp_path / "workspace"))


@pytest.fixture
def report(workspace: Path) -> Path:
    return workspace / "output" / "2024-Q1" / "report-2024-Q1.docx"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample, merged, with a report of a page, for what is the same of a long one."""
    monkeypatch.setenv("REPORTCTL_LANG", "en")
    return Path(shutil.copytree(kept_folder("letter", with_letter), tmp_path / "office"))


@pytest.fixture
def letter(office: Path) -> Path:
    return office / "output" / "2024-Q1" / "letter-2024-Q1.docx"


def with_letter(folder: Path) -> None:
    shutil.copytree(merged(), folder)
    sentences = "sentences:press", "sentences:training", "sentences:contest"
    (folder / "letter.docx").write_bytes(tagged("title", "press_total", *sentences, "table:press_media"))
    assert main(["-w", str(folder), "report", "--template", "letter"]) == 0


def typed_over(report: Path, old: str, new: str) -> None:
    report.write_bytes(changed_text(report.read_bytes(), old, new))


@pytest.mark.slow
def test_a_report_that_is_right_stays_the_same_file(
    workspace: Path, report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = report.read_bytes()
    assert main(["-w", str(workspace), "refresh", str(report)]) == 0
    assert main(["-w", str(workspace), "refresh", str(report), "--check"]) == 0
    assert report.read_bytes() == before
    assert not list(report.parent.glob("*before*"))
    assert "stays as it is" in capsys.readouterr().err


@pytest.mark.slow
def test_a_report_of_an_older_program_agrees_though_its_tables_have_other_columns(
    workspace: Path, report: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    report.unlink()
    with monkeypatch.context() as older:  # which did not say how much of the plan is done
        older.setattr(
            "reportctl.figures.tables.figure_cell",
            lambda figure, key: None if key == "of_plan" else figure_cell(figure, key),
        )
        assert main(["-w", str(workspace), "report", "2024-Q1"]) == 0
    before = report.read_bytes()
    capsys.readouterr()
    assert main(["-w", str(workspace), "refresh", str(report), "--check"]) == 0
    said = capsys.readouterr()
    (line,) = said.out.strip().splitlines()
    assert line.startswith("Bảng 1: columns added: “% KH”; no other figure differs (Tổng hợp số liệu")
    assert "tables would be laid out otherwise" in said.err
    assert report.read_bytes() == before

    wrong = changed_text(before, ">6.407<", ">6.408<")
    report.write_bytes(wrong)
    assert main(["-w", str(workspace), "refresh", str(report), "--check"]) == 1
    report.write_bytes(before)

    assert main(["-w", str(workspace), "refresh", str(report)]) == 0
    assert report.read_bytes() != before
    capsys.readouterr()
    assert main(["-w", str(workspace), "refresh", str(report), "--check"]) == 0
    assert capsys.readouterr().out.strip() == "Every figure says what the ledger says."


@pytest.mark.slow
def test_a_corrected_figure_is_renewed_and_the_old_file_kept(
    workspace: Path, report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    typed_over(report, "Nơi nhận", "Nơi gửi")
    before = report.read_bytes()
    assert main(["-w", str(workspace), "correct", "001", "press_total", "900", "--why", "x"]) in (0, 1)
    capsys.readouterr()
    assert main(["-w", str(workspace), "refresh", str(report), "--check", "--format", "json"]) == 1
    checked = json.loads(capsys.readouterr().out)
    assert report.read_bytes() == before
    assert main(["-w", str(workspace), "refresh", str(report), "--format", "json"]) == 0
    done = json.loads(capsys.readouterr().out)
    assert done["changed"] == checked["changed"]
    assert (done["template"], done["unit"]) == (None, None)
    assert (done["period"], done["backup"]) == ("2024-Q1", "report-2024-Q1.before-1.docx")
    assert (report.parent / done["backup"]).read_bytes() == before
    # 378 became 900, of a plan of 1.150, and the province's 6.407 so 6.929.
    own = [(c["old"], c["new"]) for c in done["changed"] if "Thành phố Lạc Thành · Tin, bài" in c["where"]]
    assert own == [("378", "900"), ("32,9%", "78,3%")]
    assert ("6.407", "6.929") in {(c["old"], c["new"]) for c in done["changed"]}
    text = said(body(report.read_bytes()))
    assert "Nơi gửi" in text
    assert "6.929 tin, bài" in text.replace("\u00a0", " ")
    assert main(["-w", str(workspace), "refresh", str(report), "--check"]) == 0


def test_texts_shortened_by_a_setting_are_renewed_and_named(
    workspace: Path, report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = workspace / "reportctl.toml"
    text = settings.read_text("utf-8").replace("# max_words = 150", "max_words = 20")
    settings.write_text(text.replace('texts = "annex"', 'texts = "body"', 1), "utf-8")
    assert main(["-w", str(workspace), "refresh", str(report)]) == 0
    remarks = capsys.readouterr().err.splitlines()
    (remark,) = [line for line in remarks if line.startswith("“Main tasks")]
    # 16 words in its first sentence, 19 in its second
    assert (
        "shortened to at most max_words, whole in merged.xlsx: Thành phố Lạc Thành (35\u00a0words); "
        in remark
    )


def test_texts_follow_the_setting_and_what_people_edited_of_them_is_kept(
    workspace: Path, report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def text_of(tag: str) -> list[str]:
        said_there = lines(control(body(report.read_bytes()), tag))
        return [line.replace("\u00a0", " ") for line in said_there if line]

    limits, annex = text_of("text:limits"), text_of("annex:texts")
    assert any(
        "Kinh phí cấp chậm nên từ 04 đến 05 hoạt động phải lùi sang kỳ sau (05 đơn vị)" in line
        for line in limits
    )
    assert "Huyện Tây Lạc: Kinh phí cấp chậm nên 5 hoạt động phải lùi sang kỳ sau." in annex
    settings = workspace / "reportctl.toml"
    stock = settings.read_text("utf-8")
    settings.write_text(stock.replace('texts = "annex"', 'texts = "body"', 1), "utf-8")
    assert main(["-w", str(workspace), "refresh", str(report), "--check"]) == 1
    assert main(["-w", str(workspace), "refresh", str(report)]) == 0
    assert "Phụ lục V" not in said(body(report.read_bytes())).replace("\u00a0", " ")
    assert "Huyện Tây Lạc: Kinh phí cấp chậm nên 5 hoạt động phải lùi sang kỳ sau." in text_of("text:limits")
    assert main(["-w", str(workspace), "refresh", str(report), "--check"]) == 0

    settings.write_text(stock, "utf-8")
    assert main(["-w", str(workspace), "refresh", str(report)]) == 0
    assert (text_of("text:limits"), text_of("annex:texts")) == (limits, annex)
    typed_over(report, "hoạt động phải lùi sang kỳ sau (05", "hoạt động lùi lại (05")
    settings.write_text(stock.replace("max_groups = 10", "max_groups = 1", 1), "utf-8")
    capsys.readouterr()
    assert main(["-w", str(workspace), "refresh", str(report)]) == 0
    assert "text:limits" in "".join(capsys.readouterr())
    assert any("hoạt động lùi lại (05 đơn vị)" in line for line in text_of("text:limits"))
    assert len(text_of("text:results")) == 2
    assert text_of("text:results")[1].endswith("(in đủ ở phụ lục lời của các đơn vị).")


@pytest.mark.parametrize(
    ("misuse", "sentence"),
    [
        ("template", "was not made by reportctl report"),
        ("none", "There is no file"),
        ("text", "This is not a Word document"),
        ("open", "seems to be open in another program"),
        ("tag", "The document has no control “titel” (near it: title"),
    ],
)
def test_misuse_is_one_sentence_and_nothing_is_written(
    office: Path, letter: Path, capsys: pytest.CaptureFixture[str], misuse: str, sentence: str
) -> None:
    more: list[str] = []
    match misuse:
        case "template":
            letter = office / "report.docx"
        case "none":
            letter = letter.with_name("kia.docx")
        case "text":
            letter.write_text("a")
        case "open":
            typed_over(letter, "6.407", "7.000")
            letter.with_name(f"~${letter.name[2:]}").write_text("x")
        case "tag":
            more = ["--renew", "titel"]
    listed = sorted(letter.parent.iterdir())
    before = letter.read_bytes() if letter.exists() else b""
    assert main(["-w", str(office), "refresh", str(letter), *more]) == 2
    assert sentence in capsys.readouterr().err
    assert sorted(letter.parent.iterdir()) == listed
    assert (letter.read_bytes() if letter.exists() else b"") == before


def test_an_edited_sentence_is_not_said_to_agree_with_the_ledger(
    office: Path, letter: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    typed_over(letter, "dự thi, tăng 34,7%", "dự thi, tăng 99%")
    assert main(["-w", str(office), "refresh", str(letter), "--check"]) == 1
    heard = capsys.readouterr()
    assert "“sentences:contest” has numbers that the ledger's sentence has not: 99." in heard.err
    assert heard.out == "Nothing differs from the ledger but what was edited by hand or left alone.\n"
    assert "“sentences:contest” was edited by hand" in heard.err


def test_a_reference_to_what_the_document_does_not_have_is_said(
    workspace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = p(run("Xem {{ref:chart:press}}, {{ref:table:press}}.")) + p(run("{{table:press}}"))
    (workspace / "report.docx").write_bytes(docx(typed + SECTION))
    out = tmp_path / "n.docx"
    assert main(["-w", str(workspace), "report", "--out", str(out)]) == 0
    assert "“ref:chart:press”: the document has no such table or chart" in capsys.readouterr().err
    assert "Xem Biểu đồ\u00a0…, Bảng\u00a01." in lines(body(out.read_bytes()))
    assert main(["-w", str(workspace), "refresh", str(out), "--check"]) == 0
    heard = capsys.readouterr().err
    assert "“ref:chart:press”: the document has no such table or chart" in heard
    assert "ref:table:press" not in heard


def test_the_state_style_stays_the_state_style(workspace: Path, tmp_path: Path) -> None:
    out = tmp_path / "n.docx"
    assert main(["-w", str(workspace), "report", "--style", "state", "--out", str(out)]) == 0
    typed_over(out, "6.407", "7.000")
    assert main(["-w", str(workspace), "refresh", str(out)]) == 0
    assert "Lưu: VT" in said(body(out.read_bytes()))


def without(report: Path, tag: str, typed: str = "") -> None:
    """Delete a control with its content; what is `typed` stands at the end of the document instead."""

    def change(root: Any) -> None:
        if root.tag == f"{W}document":
            node = control(root, tag)
            if typed:
                line = etree.fromstring(f'<x xmlns:w="{SPACE}">{p(run(typed))}</x>')[0]
                root[0][-1].addprevious(line)
            node.getparent().remove(node)

    report.write_bytes(edited(report.read_bytes(), change))


def test_a_deleted_sentence_with_a_stale_figure_typed_elsewhere_is_no_all_clear(
    office: Path, letter: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    without(letter, "sentences:press", "Toàn tỉnh đăng 6.407 tin, bài.")
    for arguments in (["--check"], [], ["--check"]):
        code = main(["-w", str(office), "refresh", str(letter), *arguments])
        heard = capsys.readouterr()
        assert code == (1 if arguments else 0)
        assert "sentences:press" in heard.out
        assert "Every figure says what the ledger says" not in heard.out
        assert "is not found in the document any more" in heard.err
    main(["-w", str(office), "refresh", str(letter), "--check", "--format", "json"])
    (place,) = json.loads(capsys.readouterr().out)["lost"]
    assert place["tag"] == "sentences:press"
    assert "6.407" in place["printed"]
    assert place["new"] == place["printed"]
    assert place["standing"] == ["Toàn tỉnh đăng 6.407 tin, bài."]


def test_a_place_dropped_on_purpose_is_a_note_from_then_on(
    office: Path, letter: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    without(letter, "sentences:press")
    refresh = ["-w", str(office), "refresh", str(letter)]
    assert main([*refresh, "--drop", "sentences:press"]) == 0
    assert (letter.parent / "letter-2024-Q1.before-1.docx").exists()
    capsys.readouterr()
    assert main([*refresh, "--check"]) == 0
    heard = capsys.readouterr()
    assert "Gone on purpose: sentences:press." in heard.err
    assert "Every figure" not in heard.out
    main([*refresh, "--check", "--format", "json"])
    found = json.loads(capsys.readouterr().out)
    assert (found["lost"], found["dropped"]) == ([], ["sentences:press"])


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--drop", "sentences:press"], "still stands in the document"),
        (
            ["--drop", "sentences:pres"],
            "Nothing was printed under “sentences:pres” in this document (near it",
        ),
        (["--drop", "sentences:press", "--check"], "leave one of them out"),
    ],
)
def test_what_stands_or_never_stood_is_not_dropped(
    office: Path, letter: Path, capsys: pytest.CaptureFixture[str], more: list[str], sentence: str
) -> None:
    before = letter.read_bytes()
    assert main(["-w", str(office), "refresh", str(letter), *more]) == 2
    assert sentence in capsys.readouterr().err
    assert letter.read_bytes() == before


def test_a_lost_place_is_not_renewed_but_typed_again(
    office: Path, letter: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    without(letter, "sentences:press")
    refresh = ["-w", str(office), "refresh", str(letter)]
    assert main([*refresh, "--renew", "sentences:press"]) == 2
    assert "Type {{sentences:press}} where it is to stand" in capsys.readouterr().err
    without(letter, "sentences:training", "{{sentences:press}}")
    assert main([*refresh, "--drop", "sentences:training"]) == 0
    assert main([*refresh, "--check"]) == 0


@pytest.mark.parametrize("typed", ["Được duy trì tốt.", "Toàn tỉnh đăng 5.000 tin, bài."])
def test_a_sentence_typed_over_is_no_all_clear(
    office: Path, letter: Path, capsys: pytest.CaptureFixture[str], typed: str
) -> None:
    def over(root: Any) -> None:
        if root.tag == f"{W}document":
            for number, text in enumerate(control(root, "sentences:press").iter(f"{W}t")):
                text.text = "" if number else typed

    letter.write_bytes(edited(letter.read_bytes(), over))
    refresh = ["-w", str(office), "refresh", str(letter)]
    assert main([*refresh, "--check"]) == 1
    assert "“sentences:press” was typed over by hand" in capsys.readouterr().err
    assert main([*refresh, "--drop", "sentences:press"]) == 0
    assert main([*refresh, "--check"]) == 0
    assert typed in lines(body(letter.read_bytes()))


def test_a_late_file_is_listed_on_one_screen_and_in_full_with_all(
    workspace: Path, report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number, unit in enumerate(("001", "002")):
        for code in ("press_total", "classes_held"):
            main(["-w", str(workspace), "correct", unit, code, str(900 + number), "--why", "x"])
    capsys.readouterr()
    assert main(["-w", str(workspace), "refresh", str(report), "--check"]) == 1
    short = capsys.readouterr().out.splitlines()
    assert len(short) < 50
    of_tables = [line for line in short if line.startswith("Bảng ")]
    differs = (
        "cells differ; 1 line above or below differs (Tổng hợp số liệu"  # its parts no longer make a total
    )
    assert any(differs in line for line in of_tables), short
    assert len(of_tables) == len({line.split(":")[0] for line in of_tables})
    texts = [n for n, line in enumerate(short) if line.startswith("sentences:")]
    assert texts
    assert max(texts) < short.index(of_tables[0])
    assert main(["-w", str(workspace), "refresh", str(report), "--check", "--all"]) == 1
    assert len(capsys.readouterr().out.splitlines()) > len(short)


def test_a_figure_in_a_footnote_is_renewed_with_the_others(
    workspace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    template = with_notes(
        docx(p(run("Thân")) + SECTION), "footnotes", p(run("Trong đó {{press_total}} tin."))
    )
    (workspace / "report.docx").write_bytes(template)
    out = tmp_path / "n.docx"
    assert main(["-w", str(workspace), "report", "--out", str(out)]) == 0
    assert lines(body(out.read_bytes(), "word/footnotes.xml")) == ["Trong đó 6.407 tin."]
    main(["-w", str(workspace), "correct", "001", "press_total", "900", "--why", "x"])
    assert main(["-w", str(workspace), "refresh", str(out)]) == 0
    assert lines(body(out.read_bytes(), "word/footnotes.xml")) == ["Trong đó 6.929 tin."]
    (workspace / "report.docx").write_bytes(with_notes(template, "comments", p(run("{{khong_co}}"))))
    assert main(["-w", str(workspace), "report", "--out", str(tmp_path / "m.docx")]) == 2
    assert not (tmp_path / "m.docx").exists()
    assert "{{khong_co}}" in capsys.readouterr().err
