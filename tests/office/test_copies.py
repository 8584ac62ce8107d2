"""Conditions and repeated parts in an office's own document, also in a file that LibreOffice saved."""

from __future__ import annotations

import json
import shutil
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.making.commands import run
from tests.making.kept import kept_folder
from tests.making.machine import Convert
from tests.making.sample import merged
from tests.making.word_documents import W, body, docx, edited, p, said
from tests.making.word_documents import run as words

pytestmark = pytest.mark.slow


def cell(text: str) -> str:
    return f"<w:tc><w:tcPr><w:tcW w:w='3000' w:type='dxa'/></w:tcPr>{p(words(text))}</w:tc>"


def row(*texts: str) -> str:
    return f"<w:tr>{''.join(map(cell, texts))}</w:tr>"


def table(*rows: str) -> str:
    grid = "<w:tblGrid><w:gridCol w:w='3000'/><w:gridCol w:w='3000'/><w:gridCol w:w='3000'/></w:tblGrid>"
    return f"<w:tbl><w:tblPr/>{grid}{''.join(rows)}</w:tbl>{p()}"


DOCUMENT = docx(
    p(words("{{?press_total}}"))
    + p(words("Có {{press_total}} tin, bài."))
    + p(words("{{/?}}"))
    + table(
        row("Báo", "Tin, bài", "Cùng kỳ"),
        row("{{*units:press}}{{unit.name}}", "{{press_total}}", "{{press_total@2023-Q1}}{{/*}}"),
    )
    + table(
        row("Chỉ tiêu", "Đơn vị tính", "Số liệu"),
        row("{{*budget}}{{indicator.name}}", "{{indicator.measure}}", "{{indicator.value}}{{/*}}"),
    )
    + p(words("{{*sections}}{{section.name}}{{/*}}"))
    + p(words("Hết."))
)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample, merged, with the document and the report made of it."""
    monkeypatch.setenv("REPORTCTL_LANG", "en")
    return Path(shutil.copytree(kept_folder("copies", with_document), tmp_path / "workspace"))


def with_document(root: Path) -> None:
    shutil.copytree(merged(), root)
    (root / "rieng.docx").write_bytes(DOCUMENT)
    done = run("-w", root, "report", "--template", "rieng", "--evidence")
    assert done.code == 0, done.err


def report_of(workspace: Path) -> Path:
    return workspace / "output" / "2024-Q1" / "rieng-2024-Q1.docx"


def rows_of(path: Path, number: int) -> list[list[str]]:
    tables = list(body(path.read_bytes()).iter(f"{W}tbl"))
    return [[said(each) for each in line.iter(f"{W}tc")] for line in tables[number].iter(f"{W}tr")]


def test_rows_are_those_of_the_units_and_figures(workspace: Path) -> None:
    found = rows_of(report_of(workspace), 0)
    assert [line[0] for line in found] == [
        "Báo", "Báo An Lạc", "Đài Phát thanh và Truyền hình An Lạc", "Tạp chí Văn nghệ An Lạc",
    ]  # fmt: skip
    for line, unit in zip(found[1:], ("B01", "B02", "B03"), strict=True):
        for text, period in zip(line[1:], ("2024-Q1", "2023-Q1"), strict=True):
            value = run("-w", workspace, "trace", period, "press_total", "--unit", unit, "--format", "json")
            assert text.replace(".", "") == str(value.json["value"])
    budget = rows_of(report_of(workspace), 1)
    assert budget[1][:2] == ["Kinh phí được phân bổ trong kỳ", "triệu đồng"]
    assert len(budget) == 6


def test_every_figure_in_them_has_its_cells(workspace: Path) -> None:
    page = openpyxl.load_workbook(report_of(workspace).with_suffix(".evidence.xlsx")).worksheets[0]
    rows = [[c.value for c in line] for line in page.iter_rows(min_row=4) if line[1].value]
    assert {line[7] for line in rows} >= {"press_total:B01", "press_total:B03@2023-Q1", "budget_share"}
    assert all(line[5] > 0 for line in rows)


def test_refresh_finds_nothing_to_do_and_then_renews(workspace: Path) -> None:
    path = report_of(workspace)
    assert run("-w", workspace, "refresh", "--check", path).code == 0
    run("-w", workspace, "correct", "B01", "press_total", 1, "--why", "gọi điện")
    done = run("-w", workspace, "refresh", path)
    assert "press_total:B01" in done.out
    assert rows_of(path, 0)[1][1] == "1"


def test_units_that_come_have_a_row_from_then_on(workspace: Path) -> None:
    path = report_of(workspace)
    roster = workspace / "units.csv"
    roster.write_text(
        roster.read_text(encoding="utf-8-sig") + "B04,Báo Mới,press,,2020-01-01,,,\n", encoding="utf-8"
    )
    done = run("-w", workspace, "refresh", path)
    assert done.code == 0, done.err
    assert [line[0] for line in rows_of(path, 0)][-1] == "Báo Mới"
    assert "*units:press" in done.out
    roster.write_text(
        "".join(
            line
            for line in roster.read_text(encoding="utf-8").splitlines(keepends=True)
            if not line.startswith("B04")
        ),
        encoding="utf-8",
    )
    assert run("-w", workspace, "refresh", path).code == 0
    assert len(rows_of(path, 0)) == 4
    assert run("-w", workspace, "refresh", "--check", path).code == 0


@pytest.mark.libreoffice
def test_libreoffice_keeps_what_is_needed_to_renew_them(
    workspace: Path, tmp_path: Path, soffice: Convert
) -> None:
    path = report_of(workspace)
    soffice([path], to="docx", outdir=tmp_path / "saved")
    shutil.copy(tmp_path / "saved" / path.name, path)
    checked = run("-w", workspace, "refresh", "--check", path)
    assert checked.code == 0, checked.out + checked.err
    test_units_that_come_have_a_row_from_then_on(workspace)


def png(width: int, height: int) -> bytes:
    """A red picture of this size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body_ = kind + data
        return struct.pack(">I", len(data)) + body_ + struct.pack(">I", zlib.crc32(body_))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = (b"\0" + b"\xff\0\0" * width) * height
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cf50"
    "0f0003860180a63418e60000000049454e44ae426082"
)


OTHER_PNG = png(7, 3)


def test_a_picture_of_the_workspace_stands_in_a_line(workspace: Path, tmp_path: Path) -> None:
    (workspace / "anh").mkdir()
    (workspace / "anh" / "Logo.png").write_bytes(PNG)
    (workspace / "rieng.docx").write_bytes(docx(p(words("Dấu: {{image:anh/Logo.png}} và {{press_total}}"))))
    assert run("-w", workspace, "report", "--template", "rieng", "--out", tmp_path / "a.docx").code == 0
    document = (tmp_path / "a.docx").read_bytes()
    assert (
        len(list(body(document).iter("{http://schemas.openxmlformats.org/drawingml/2006/picture}pic"))) == 1
    )
    with zipfile.ZipFile(tmp_path / "a.docx") as package:
        pictures = [package.read(name) for name in package.namelist() if "/media/" in name]
    assert pictures == [PNG]
    assert run("-w", workspace, "refresh", "--check", tmp_path / "a.docx").code == 0


@pytest.mark.parametrize("name", ["khong.png", "../rieng.png", "units.csv"])
def test_what_is_no_picture_stops_the_run(workspace: Path, name: str) -> None:
    (workspace.parent / "rieng.png").write_bytes(PNG)
    (workspace / "rieng.docx").write_bytes(docx(p(words(f"{{{{image:{name}}}}}"))))
    done = run("-w", workspace, "report", "--template", "rieng")
    assert done.code == 2
    assert name in done.err


@pytest.mark.parametrize("saved", ["as it is", pytest.param("by LibreOffice", marks=pytest.mark.libreoffice)])
def test_a_picture_that_has_changed_is_renewed_though_no_figure_has(
    workspace: Path, tmp_path: Path, saved: str, request: pytest.FixtureRequest
) -> None:
    (workspace / "logo.png").write_bytes(PNG)
    (workspace / "rieng.docx").write_bytes(docx(p(words("Dấu: {{image:logo.png}} và {{press_total}}"))))
    path = tmp_path / "a.docx"
    assert run("-w", workspace, "report", "--template", "rieng", "--out", path).code == 0
    if saved == "by LibreOffice":
        request.getfixturevalue("soffice")([path], to="docx", outdir=tmp_path / "saved")
        shutil.copy(tmp_path / "saved" / "a.docx", path)
        assert run("-w", workspace, "refresh", path).code in (0, 1)
    assert run("-w", workspace, "refresh", path, "--check").code == 0
    (workspace / "logo.png").write_bytes(OTHER_PNG)
    checked = run("-w", workspace, "refresh", path, "--check", "--format", "json")
    assert checked.code == 1
    (change,) = json.loads(checked.out)["changed"]
    assert (change["tag"], change["new"]) == ("image:logo.png", "logo.png, which is another one now")
    assert run("-w", workspace, "refresh", path).code == 0
    with zipfile.ZipFile(path) as package:
        assert OTHER_PNG in [package.read(name) for name in package.namelist() if "/media/" in name]
    assert run("-w", workspace, "refresh", path, "--check").code == 0


def test_a_part_without_figures_that_was_taken_out_does_not_pass_the_check(workspace: Path) -> None:
    (workspace / "rieng.docx").write_bytes(
        docx(p(words("{{?press_total}}Báo chí có số liệu.{{/?}}")) + p(words("Có {{press_total}}.")))
    )
    path = workspace / "a.docx"
    assert run("-w", workspace, "report", "--template", "rieng", "--out", path).code == 0
    assert run("-w", workspace, "refresh", path, "--check").code == 0

    def take_out(root: Any) -> None:
        for each in [each for each in root.iter(f"{W}p") if "Báo chí" in said(each)]:
            each.getparent().remove(each)

    path.write_bytes(edited(path.read_bytes(), take_out))
    for arguments in (["--check"], ["--check", "--format", "json"]):
        checked = run("-w", workspace, "refresh", path, *arguments)
        assert checked.code == 1
        assert "Báo chí có số liệu." in checked.out + checked.err
        assert "--drop “?press_total”" in checked.err
    dropped = run("-w", workspace, "refresh", path, "--drop", "?press_total")
    assert dropped.code == 0, dropped.err
    assert "Gone on purpose: ?press_total." in dropped.err
    assert run("-w", workspace, "refresh", path, "--check").code == 0


@pytest.mark.parametrize("saved", ["as it is", pytest.param("by LibreOffice", marks=pytest.mark.libreoffice)])
def test_rows_are_numbered(
    workspace: Path, tmp_path: Path, saved: str, request: pytest.FixtureRequest
) -> None:
    (workspace / "rieng.docx").write_bytes(
        docx(
            table(
                row("TT", "Báo", "Tin"),
                row("{{*units:press}}{{n}}", "{{unit.name}}", "{{press_total}}{{/*}}"),
            )
        )
    )
    path = tmp_path / "a.docx"
    assert run("-w", workspace, "report", "--template", "rieng", "--out", path, "--evidence").code == 0
    if saved == "by LibreOffice":
        request.getfixturevalue("soffice")([path], to="docx", outdir=tmp_path / "saved")
        shutil.copy(tmp_path / "saved" / "a.docx", path)
    assert [line[0] for line in rows_of(path, 0)] == ["TT", "1", "2", "3"]
    assert run("-w", workspace, "refresh", path, "--check").code == 0
    roster = workspace / "units.csv"
    before = roster.read_text(encoding="utf-8-sig")
    with_one_more = before.replace("\nB01,", "\nB00,Báo Mới,press,,2020-01-01,,,\nB01,")
    for text, numbers in ((with_one_more, "1234"), (before, "123")):
        roster.write_text(text, encoding="utf-8")
        done = run("-w", workspace, "refresh", path)
        assert done.code == 0, done.err
        assert [line[0] for line in rows_of(path, 0)] == ["TT", *numbers]
        assert run("-w", workspace, "refresh", path, "--check").code == 0
    assert rows_of(path, 0)[1][1] == "Báo An Lạc"


def test_missing_and_not_applicable_stand_in_rows_as_they_do_in_tables(workspace: Path) -> None:
    """007 was rejected, S05 sent nothing, departments are not asked; B01 has a figure."""
    (workspace / "rieng.docx").write_bytes(
        docx(table(row("{{*units}}{{unit.code}}", "{{press_total}}", "{{press_total.year_ago}}{{/*}}")))
    )
    path = workspace / "a.docx"
    done = run("-w", workspace, "report", "--template", "rieng", "--out", path, "--evidence")
    assert done.code == 0, done.err
    found = {code: (now, then) for code, now, then in rows_of(path, 0)}
    assert found["007"][0] == "…"
    assert found["007"][1].isdigit()  # the year ago's is known
    assert found["S01"] == ("KAD", "…")
    assert found["B01"][0].replace(".", "").isdigit()
    assert all(found[code][0] for code in found)
    page = openpyxl.load_workbook(path.with_suffix(".evidence.xlsx")).worksheets[0]
    tags = {line[7].value for line in page.iter_rows(min_row=4)}
    assert "press_total:B01" in tags
    assert not {"press_total:007", "press_total:S01"} & tags
    assert run("-w", workspace, "refresh", "--check", path).code == 0


@pytest.mark.parametrize("code", ["007", "S01"])
def test_what_is_missing_fulfils_no_condition(workspace: Path, code: str) -> None:
    line = f"{{{{?press_total:{code}}}}}Có {{{{press_total:{code}}}}} tin.{{{{/?}}}}"
    (workspace / "rieng.docx").write_bytes(docx(p(words(line)) + p(words("Hết."))))
    path = workspace / "a.docx"
    assert run("-w", workspace, "report", "--template", "rieng", "--out", path).code == 0
    assert said(body(path.read_bytes())) == "Hết."


def test_rows_of_a_section_say_what_is_missing(workspace: Path) -> None:
    (workspace / "rieng.docx").write_bytes(
        docx(p(words("{{*budget}}{{indicator.name}}: {{indicator.value@2022-Q1}}{{/*}}")))
    )
    path = workspace / "a.docx"
    assert run("-w", workspace, "report", "--template", "rieng", "--out", path).code == 0
    lines = [said(each) for each in body(path.read_bytes()).iter(f"{W}p")]
    assert len([line for line in lines if line.endswith(": …")]) >= 4


@pytest.mark.parametrize(
    ("line", "old", "tag"),
    [
        ("{{*units:press}}{{n}}. {{unit.name}}: {{press_total}}{{/*}}", "Báo An Lạc", "unit.name:B01"),
        ("{{*units}}{{unit.kind}}: {{press_total}}{{/*}}", "Cơ quan báo chí", "unit.kind:B01"),
        (
            "{{*budget}}{{indicator.name}}: {{indicator.value}}{{/*}}",
            "Kinh phí được phân bổ trong kỳ",
            "budget_planned.name",
        ),
        ("Tổng số {{press_total.name}}.", "Tin, bài đã đăng, phát", "press_total.name"),
        ("Tính bằng {{press_total.measure}}.", "tin, bài", "press_total.measure"),
        ("Của {{unit.name:B03}}.", "Tạp chí Văn nghệ An Lạc", "unit.name:B03"),
        ("Của {{press_total.name:B03@2023-Q1}}.", "Tin, bài đã đăng, phát", "press_total.name:B03@2023-Q1"),
    ],
)
def test_names_that_people_have_edited_stay(workspace: Path, line: str, old: str, tag: str) -> None:
    (workspace / "rieng.docx").write_bytes(docx(p(words(line)) + p(words("Hết."))))
    path = workspace / "a.docx"
    assert run("-w", workspace, "report", "--template", "rieng", "--out", path).code == 0

    def edit(root: Any) -> None:
        text = next(node for node in root.iter(f"{W}t") if node.text == old)
        text.text = "Tên sửa tay"

    path.write_bytes(edited(path.read_bytes(), edit))
    run("-w", workspace, "correct", "B01", "press_total", 1, "--why", "gọi điện")
    done = run("-w", workspace, "refresh", path)
    assert done.code == 0, done.err
    assert "Tên sửa tay" in said(body(path.read_bytes()))
    assert f"“{tag}” was edited by hand and stays as it is" in done.err
    renewed = run("-w", workspace, "refresh", path, "--renew", tag)
    assert renewed.code == 0, renewed.err
    assert "Tên sửa tay" not in said(body(path.read_bytes()))


def test_figures_of_units_that_were_typed_over_are_still_renewed(workspace: Path) -> None:
    (workspace / "rieng.docx").write_bytes(
        docx(p(words("{{*units:press}}{{unit.name}}: {{press_total}}{{/*}}")))
    )
    path = workspace / "a.docx"
    assert run("-w", workspace, "report", "--template", "rieng", "--out", path).code == 0
    before = said(body(path.read_bytes()))
    path.write_bytes(edited(path.read_bytes(), lambda root: _type_over(root, "9999")))
    assert run("-w", workspace, "refresh", path).code == 0
    assert said(body(path.read_bytes())) == before


def _type_over(root: Any, text: str) -> None:
    figure = next(node for node in root.iter(f"{W}t") if (node.text or "").replace(".", "").isdigit())
    figure.text = text


@pytest.mark.parametrize("arguments", [["--check"], ["--drop", "press_total"], []])
def test_a_picture_whose_file_is_gone_stays_and_is_named(workspace: Path, arguments: list[str]) -> None:
    (workspace / "logo.png").write_bytes(PNG)
    (workspace / "rieng.docx").write_bytes(
        docx(p(words("Dấu: {{image:logo.png}}")) + p(words("Có {{press_total}} tin.")) + p(words("Hết.")))
    )
    path = workspace / "a.docx"
    assert run("-w", workspace, "report", "--template", "rieng", "--out", path).code == 0
    (workspace / "logo.png").unlink()
    if "--drop" in arguments:

        def take_out(root: Any) -> None:
            for each in [each for each in root.iter(f"{W}p") if "Có" in said(each)]:
                each.getparent().remove(each)

        path.write_bytes(edited(path.read_bytes(), take_out))
    done = run("-w", workspace, "refresh", path, *arguments)
    assert done.code == 0, done.err
    assert "logo.png" in done.err
    assert "its file is gone from the workspace" in done.err
    drawn = "{http://schemas.openxmlformats.org/drawingml/2006/picture}pic"
    assert len(list(body(path.read_bytes()).iter(drawn))) == 1
    # One that was never printed is asked for in vain.
    path.write_bytes(edited(path.read_bytes(), lambda root: _say(root, "Hết.", "{{image:other.png}}")))
    refused = run("-w", workspace, "refresh", path)
    assert refused.code == 2
    assert refused.err.splitlines()[-1].startswith("a.docx: ")
    assert "there is no picture other.png" in refused.err


def _say(root: Any, old: str, new: str) -> None:
    next(node for node in root.iter(f"{W}t") if node.text == old).text = new


@pytest.mark.parametrize(
    ("line", "quoted"),
    [
        ("{{*sections}}{{section.name}}: {{section.tabel}}{{/*}}", "{{section.tabel}}"),
        ("{{*press}}{{indicator.valeu}}{{/*}}", "{{indicator.valeu}}"),
        ("{{*units}}{{unit.name}} {{press_total.chang}}{{/*}}", "{{press_total.chang}}"),
        ("{{*units}}{{unit.nam}}{{/*}}", "{{unit.nam}}"),
    ],
)
def test_what_is_wrong_in_copies_is_quoted_as_it_is_typed(workspace: Path, line: str, quoted: str) -> None:
    (workspace / "rieng.docx").write_bytes(docx(p(words(line))))
    done = run("-w", workspace, "report", "--template", "rieng")
    assert done.code == 2
    assert done.err.startswith("rieng: ")
    assert f"{quoted} in “{line}”" in done.err
    assert done.err.count(quoted) == 2  # by itself and in the line


@pytest.mark.parametrize("inner", ["{{*no_such}}", "{{?section.tabel}}", "{{?no_such}}"])
def test_marks_in_repeated_parts_are_quoted_as_they_are_typed(workspace: Path, inner: str) -> None:
    text = ["{{*sections}}", "Mục {{section.name}}", inner, "x", f"{{{{/{inner[2]}}}}}", "{{/*}}"]
    (workspace / "rieng.docx").write_bytes(docx("".join(p(words(line)) for line in text)))
    done = run("-w", workspace, "report", "--template", "rieng")
    assert done.code == 2
    assert f"{inner} in “{inner}”" in done.err


def test_nested_parts_are_made_as_before(workspace: Path) -> None:
    text = ["{{*sections}}", "Mục {{section.name}}", "{{*section}}{{n}}. {{indicator.name}}{{/*}}", "{{/*}}"]
    (workspace / "rieng.docx").write_bytes(docx("".join(p(words(line)) for line in text)))
    path = workspace / "a.docx"
    assert run("-w", workspace, "report", "--template", "rieng", "--out", path).code == 0
    assert "Tin, bài đã đăng, phát" in said(body(path.read_bytes()))
