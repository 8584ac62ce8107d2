"""Refreshing a report that people have edited: figures are renewed, everything else stays."""

from __future__ import annotations

import copy
import io
import json
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from reportctl.__main__ import main
from reportctl.report.changes import Change, changes
from reportctl.word.content import Content, Paragraph
from reportctl.word.fill import FillResult
from reportctl.workspace import stock
from tests.conftest import ROOT, SOFFICE, Convert
from tests.making.word_documents import (
    CHART,
    FACTS,
    OFFICE,
    SECTION,
    SPACE,
    TABLE,
    TYPES,
    W,
    block,
    body,
    changed_text,
    docx,
    edited,
    filled,
    inline,
    lines,
    marks,
    p,
    parts,
    run,
    said,
    sdt,
)

pytestmark = [pytest.mark.xdist_group("refresh"), pytest.mark.slow]

WORDS = {"title", "text:tasks"}
OLD: dict[str, Content] = {
    "title": "Kết quả quý I",
    "press_total": "6.407",
    "text:tasks": (Paragraph("Một."), Paragraph("Hai.", item=True)),
    "table:province": TABLE,
    "chart:press": CHART,
}
NEW: dict[str, Content] = OLD | {"press_total": "6.500", "text:tasks": (Paragraph("Ba."),)}
BLANK = docx(
    p(inline("title"))
    + p(run("Đã đăng "), inline("press_total", "<w:b/>"), run(" tin."))
    + block("text:tasks")
    + block("table:province")
    + block("chart:press")
    + p(run("Hết."))
    + SECTION,
    header=p(run("Đầu trang "), inline("press_total")),
)
FIRST = filled(BLANK, OLD, FACTS).document


def outside(document: bytes) -> dict[str, bytes]:
    """Every part as canonical XML with the controls, their record and the charts taken out."""
    said = {}
    for name, data in parts(document).items():
        if name.startswith(("customXml/", "word/charts/", "word/embeddings/")) or not name.endswith(
            ("xml", "rels")
        ):
            continue
        root = etree.fromstring(data)
        for node in list(root.iter(f"{W}sdt")):
            node.getparent().remove(node)
        if name.endswith(".rels") or name == "[Content_Types].xml":
            root[:] = sorted(
                (
                    node
                    for node in root
                    if b"chart" not in etree.tostring(node) and b"custom" not in etree.tostring(node)
                ),
                key=lambda node: node.get("Target") or node.get("PartName") or "",
            )
            for node in root:
                node.attrib.pop("Id", None)
        said[name] = etree.tostring(root, method="c14n")
    return said


def test_figures_are_renewed_and_all_else_stays_as_it_was() -> None:
    def by_people(root: Any) -> None:
        paragraph = etree.fromstring(f'<x xmlns:w="{SPACE}">{p(run("Văn phòng viết thêm.", "<w:i/>"))}</x>')[
            0
        ]
        deleted = etree.fromstring(
            f'<x xmlns:w="{SPACE}"><w:p>'
            '<w:del w:id="9" w:author="VP"><w:r><w:delText>bỏ</w:delText></w:r></w:del>'
            '<w:ins w:id="10" w:author="VP"><w:r><w:t>thêm</w:t></w:r></w:ins></w:p></x>'
        )[0]
        if root.tag == f"{W}document":
            root[0].insert(1, paragraph)
            root[0].insert(0, deleted)
            root[0].insert(2, root[0][4])  # a moved block

    before = edited(FIRST, by_people)
    result = filled(before, NEW, FACTS, WORDS)
    assert outside(result.document) == outside(before)
    assert changes(result).changed == (
        Change("text:tasks", "", "Một.\n- Hai.", "Ba."),  # moved up
        Change("press_total", "", "6.407", "6.500"),
    )
    assert said(body(result.document, "word/header1.xml")) == "Đầu trang 6.500"


def test_a_figure_typed_over_is_told_and_renewed_a_text_edited_is_kept() -> None:
    document = changed_text(changed_text(FIRST, "6.407", "7.000"), "Một.", "Một và nhiều nữa.")
    document = changed_text(document, "9.999.999", "1")
    result = filled(document, NEW, FACTS, WORDS)
    found = changes(result)
    assert found.changed == (
        Change("press_total", "", "7.000", "6.500", printed="6.407"),
        Change("table:province", "Tổng cộng · Quý này", "1", "9.999.999", printed="9.999.999"),
        Change("press_total", "", "6.407", "6.500"),  # the one in the header
    )
    assert [(k.tag, k.text, k.new, k.outdated) for k in found.kept] == [
        ("text:tasks", "Một và nhiều nữa.\n- Hai.", "Ba.", True)
    ]
    assert "Một và nhiều nữa." in lines(body(result.document))
    # It is still known for edited the next time, and renewed when that is asked for.
    again = filled(result.document, NEW, FACTS, WORDS)
    assert again.tags(FillResult.KEPT) == ("text:tasks",)
    renewed = filled(result.document, NEW, FACTS, WORDS - {"text:tasks"})
    assert "Ba." in lines(body(renewed.document))


def test_a_text_edited_whose_figures_have_not_changed_is_not_outdated() -> None:
    found = changes(filled(changed_text(FIRST, "Một.", "Một!"), OLD, FACTS, WORDS))
    assert [(k.tag, k.outdated) for k in found.kept] == [("text:tasks", False)]
    assert not found.differ


def test_a_number_typed_into_a_sentence_is_told_from_a_reworded_one() -> None:
    said: dict[str, Content] = {"sentences:press": (Paragraph("Đăng 6.407 tin, tăng 14,2%."),)}
    first = filled(docx(block("sentences:press") + SECTION), said, FACTS).document
    reworded = changes(filled(changed_text(first, "Đăng", "Đã đăng"), said, FACTS, {"sentences:press"}))
    assert (reworded.kept[0].strange, reworded.differ) == ((), False)
    wrong = changes(filled(changed_text(first, "6.407", "9.999"), said, FACTS, {"sentences:press"}))
    assert (wrong.kept[0].strange, wrong.kept[0].outdated, wrong.differ) == (("9.999",), False, True)


def test_the_same_tag_five_times_copied_and_one_deleted() -> None:
    def by_people(root: Any) -> None:
        if root.tag != f"{W}document":
            return
        line = root[0][1]
        for _time in range(4):
            twin = copy.deepcopy(line)
            for mark in list(twin.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd")):
                mark.getparent().remove(mark)  # Word keeps a bookmark in one place only
            line.addnext(twin)
        root[0].remove(root[0][0])

    result = filled(edited(FIRST, by_people), NEW, FACTS, WORDS)
    texts = lines(body(result.document))
    assert texts[:5] == ["Đã đăng 6.500 tin."] * 5
    assert "Kết quả quý I" not in texts
    assert len(set(marks(body(result.document)))) == len(marks(body(result.document)))


def test_a_copy_of_an_edited_text_is_kept_like_it() -> None:
    def copied(root: Any) -> None:
        if root.tag == f"{W}document":
            twin = copy.deepcopy(root[0][2])
            for mark in list(twin.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd")):
                mark.getparent().remove(mark)
            next(twin.iter(f"{W}t")).text = "Đã sửa."
            root[0].append(twin)

    result = filled(edited(FIRST, copied), NEW, FACTS, WORDS)
    assert [(c.tag, c.result) for c in result.controls if c.tag == "text:tasks"] == [
        ("text:tasks", FillResult.RENEWED),
        ("text:tasks", FillResult.KEPT),
    ]


def test_what_stands_in_a_footnote_or_in_another_control_is_left_alone_and_named() -> None:
    note = f'<w:footnote w:id="1">{p(inline("press_total"))}</w:footnote>'
    notes = f'<w:footnotes xmlns:w="{SPACE}">{note}</w:footnotes>'
    template = docx(sdt("text:tasks", p(run("a "), inline("press_total"))) + SECTION)

    kind = f'<Override PartName="/word/footnotes.xml" ContentType="{TYPES}.footnotes+xml"/></Types>'
    relation = f'<Relationship Id="n" Type="{OFFICE}/footnotes" Target="footnotes.xml"/></Relationships>'
    files = {name: data.decode() for name, data in parts(template).items()} | {"word/footnotes.xml": notes}
    files["[Content_Types].xml"] = files["[Content_Types].xml"].replace("</Types>", kind)
    relations = "word/_rels/document.xml.rels"
    files[relations] = files[relations].replace("</Relationships>", relation)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    document = buffer.getvalue()
    result = filled(document, NEW, FACTS, WORDS)
    assert parts(result.document)["word/footnotes.xml"] == parts(document)["word/footnotes.xml"]
    assert lines(body(result.document)) == ["a [?]"]
    found = changes(result)
    assert found.left_alone == (
        ("text:tasks", "it holds another control, or stands in one"),
        ("press_total", "it holds another control, or stands in one"),
        ("press_total", "it stands in a footnote, an endnote or a comment"),
    )
    assert found.differ


# ---- the command


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample, merged, with its report; not to be changed."""
    folder = tmp_path_factory.mktemp("refresh") / "sample"
    stock.copy_sample(folder)
    assert main(["-w", str(folder), "merge", "--no-workbook"]) == 1  # one return is rejected
    assert main(["-w", str(folder), "report"]) == 0
    return folder


@pytest.fixture
def workspace(sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it that a test may change; messages are in English."""
    monkeypatch.setenv("REPORTCTL_LANG", "en")
    return Path(shutil.copytree(sample, tmp_path / "workspace"))


@pytest.fixture
def report(workspace: Path) -> Path:
    return workspace / "output" / "2024-Q1" / "report-2024-Q1.docx"


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
    assert (done["period"], done["backup"]) == ("2024-Q1", "report-2024-Q1.before-1.docx")
    assert (report.parent / done["backup"]).read_bytes() == before
    # 378 became 900, and the province's 6.407 so 6.929.
    own = [(c["old"], c["new"]) for c in done["changed"] if "Thành phố Lạc Thành · Tin, bài" in c["where"]]
    assert own == [("378", "900")]
    assert ("6.407", "6.929") in {(c["old"], c["new"]) for c in done["changed"]}
    text = said(body(report.read_bytes()))
    assert "Nơi gửi" in text
    assert "6.929 tin, bài" in text.replace("\u00a0", " ")
    assert main(["-w", str(workspace), "refresh", str(report), "--check"]) == 0


def test_texts_shortened_by_a_setting_are_renewed_and_named(
    workspace: Path, report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = workspace / "reportctl.toml"
    settings.write_text(settings.read_text("utf-8").replace("# max_words = 150", "max_words = 20"), "utf-8")
    assert main(["-w", str(workspace), "refresh", str(report)]) == 0
    remarks = capsys.readouterr().err.splitlines()
    (remark,) = [line for line in remarks if line.startswith("“Main tasks")]
    # 16 words in its first sentence, 19 in its second
    assert (
        "shortened to at most max_words, whole in merged.xlsx: Thành phố Lạc Thành (35\u00a0words); "
        in remark
    )


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
    workspace: Path, report: Path, capsys: pytest.CaptureFixture[str], misuse: str, sentence: str
) -> None:
    more: list[str] = []
    match misuse:
        case "template":
            report = workspace / "report.docx"
        case "none":
            report = report.with_name("kia.docx")
        case "text":
            report.write_text("a")
        case "open":
            typed_over(report, "6.407", "7.000")
            report.with_name(f"~${report.name[2:]}").write_text("x")
        case "tag":
            more = ["--renew", "titel"]
    listed = sorted(report.parent.iterdir())
    before = report.read_bytes() if report.exists() else b""
    assert main(["-w", str(workspace), "refresh", str(report), *more]) == 2
    assert sentence in capsys.readouterr().err
    assert sorted(report.parent.iterdir()) == listed
    assert (report.read_bytes() if report.exists() else b"") == before


def test_words_that_stay_the_same_stay_as_people_have_set_them() -> None:
    def slanted(root: Any) -> None:
        for text in root.iter(f"{W}t"):
            if (text.text or "").endswith("Hai."):
                text.getparent().insert(0, etree.fromstring(f'<w:rPr xmlns:w="{SPACE}"><w:i/></w:rPr>'))

    before = edited(FIRST, slanted)
    same = filled(before, NEW | {"text:tasks": OLD["text:tasks"]}, FACTS, WORDS)
    again = filled(same.document, OLD, FACTS, WORDS)
    for result, figure in ((same, "6.500"), (again, "6.407")):
        words = next(body(result.document).iter(f"{W}i")).getparent().getparent()
        assert said(words) == "- Hai."
        assert f"Đã đăng {figure} tin." in lines(body(result.document))
        assert result.tags(FillResult.KEPT) == ()
    renewed = lines(body(filled(again.document, NEW, FACTS, WORDS).document))
    assert "Ba." in renewed
    assert "Một." not in renewed


def test_a_picture_among_words_is_an_edit_of_them() -> None:
    def picture(root: Any) -> None:
        for text in root.iter(f"{W}t"):
            if (text.text or "").endswith("Hai."):
                text.addnext(etree.fromstring(f'<w:drawing xmlns:w="{SPACE}"/>'))

    before = edited(FIRST, picture)
    result = filled(before, NEW, FACTS, WORDS)
    assert result.tags(FillResult.KEPT) == ("text:tasks",)
    assert b"<w:drawing/>" in parts(result.document)["word/document.xml"]


def test_an_edited_sentence_is_not_said_to_agree_with_the_ledger(
    workspace: Path, report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    typed_over(report, "dự thi, tăng 34,7%", "dự thi, tăng 99%")
    assert main(["-w", str(workspace), "refresh", str(report), "--check"]) == 1
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


# ---- edited in LibreOffice

Edit = Callable[..., Path]


def _python_with_uno() -> str | None:
    for python in ("/usr/bin/python3", "/usr/lib/libreoffice/program/python", shutil.which("python3")):
        if python and Path(python).exists():
            tried = subprocess.run([python, "-c", "import uno"], capture_output=True, env={}, check=False)
            if tried.returncode == 0:
                return python
    return None


@pytest.fixture
def edit(tmp_path: Path) -> Edit:
    """Edits a document in LibreOffice: `edit(path, old, new, old, new…)` gives the saved file."""
    python = _python_with_uno()
    if python is None:
        if os.environ.get("REPORTCTL_NO_SKIP"):
            pytest.fail("no Python with LibreOffice's uno module, and REPORTCTL_NO_SKIP is set")
        pytest.skip("no Python with LibreOffice's uno module (Debian: python3-uno)")

    def run_it(path: Path, *words: str) -> Path:
        saved = tmp_path / f"saved-{path.name}"
        script = ROOT / "tests" / "programs" / "edit_in_libreoffice.py"
        profile = (tmp_path / "profile").as_uri()
        command = [python, str(script), str(SOFFICE), profile, str(path), str(saved), *words]
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        subprocess.run(command, check=True, timeout=180, env=clean)
        return saved

    return run_it


@pytest.mark.libreoffice
@pytest.mark.slow
def test_a_report_edited_in_libreoffice(
    workspace: Path,
    report: Path,
    edit: Edit,
    soffice: Convert,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    saved = edit(
        report,
        *("", "Đoạn do văn phòng viết thêm."),
        *("6.407", "6.500"),
        *("Nơi nhận", "Nơi gửi"),
        *("dự thi, tăng 34,7%", "dự thi, tăng mạnh"),
    )
    shutil.copy(saved, report)
    before = report.read_bytes()
    assert main(["-w", str(workspace), "correct", "001", "press_total", "900", "--why", "x"]) in (0, 1)
    capsys.readouterr()
    assert main(["-w", str(workspace), "refresh", str(report), "--format", "json"]) == 0
    done = json.loads(capsys.readouterr().out)
    over = {c["printed"]: (c["old"], c["new"]) for c in done["changed"] if c["printed"]}
    assert over == {"6.407": ("6.500", "6.929")}
    assert {kept["tag"] for kept in done["kept"]} == {"sentences:press", "sentences:contest"}
    assert done["left_alone"] == []
    after = report.read_bytes()
    assert theirs(after) == theirs(before)
    texts = lines(body(after))
    assert "Đoạn do văn phòng viết thêm." in texts
    assert "Nơi gửi:" in texts
    # Every table and chart stands in a control of its own again, with its alternative text.
    root = body(after)
    for drawing in root.iter("{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"):
        assert drawing.get("descr")
    # The edited sentence about the press has an old figure in it.
    assert main(["-w", str(workspace), "refresh", str(report), "--check"]) == 1
    assert main(["-w", str(workspace), "refresh", str(report), "--renew", "sentences:press"]) == 0
    assert main(["-w", str(workspace), "refresh", str(report), "--check"]) == 0
    (page,) = soffice([report], to="pdf", outdir=tmp_path / "pdf")
    assert page.stat().st_size > 10_000


def theirs(document: bytes) -> list[str]:
    """The body's sections, and the paragraphs that no control of ours holds, or held, as canonical XML.

    LibreOffice ends a section in the last paragraph of a table's control; refreshed, it ends after that.
    """
    root = body(document)
    sections = list(root.iter(f"{W}sectPr"))
    ours = {
        node
        for mark in root.iter(f"{W}bookmarkStart")
        if mark.get(f"{W}name", "").startswith("_rc_")
        for up in [*mark.iterancestors(f"{W}tbl", f"{W}p")]
        for node in up.iter()
    }
    held = {node for sdt in root.iter(f"{W}sdt") for node in sdt.iter()}
    paragraphs = [
        paragraph
        for paragraph in root.iter(f"{W}p")
        if paragraph not in ours
        and paragraph not in held
        and not list(paragraph.iter(f"{W}sdt", f"{W}sectPr"))
    ]
    return [etree.tostring(node, method="c14n").decode() for node in (*sections, *paragraphs)]
