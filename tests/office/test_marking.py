"""`validate --mark` from the outside: which files get a copy, where it lies, what becomes of it."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from reportctl.marked.listing import HEADER_ROW
from reportctl.marked.write import file_stems
from tests.making.commands import run
from tests.making.machine import FIXTURES, SAMPLE
from tests.making.programs import PROGRAMS

BROKEN = "2024-03-13/007 Huyen Hoa Luong.xlsx"
GOOD = "2024-03-13/001 Thanh pho Lac Thanh.xlsx"

Mark = Callable[..., tuple[int, str]]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """The sample without its inboxes."""
    target = tmp_path / "w"
    shutil.copytree(SAMPLE, target, ignore=shutil.ignore_patterns("inbox"))
    return target


@pytest.fixture
def mark(workspace: Path) -> Mark:
    """Runs the command; gives its exit code and what it said on standard error."""

    def marked(*arguments: str | Path, lang: str = "en") -> tuple[int, str]:
        said = run("-w", workspace, "--lang", lang, "validate", *arguments, "--mark")
        return said.code, said.err

    return marked


def _put(workspace: Path, name: str, data: bytes | None = None, source: str = BROKEN) -> Path:
    path = workspace / "inbox" / "2024-Q1" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((SAMPLE / "inbox/2024-Q1" / source).read_bytes() if data is None else data)
    return path


def _written(workspace: Path) -> list[str]:
    folder = workspace / "returned"
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_files_with_something_wrong_get_a_copy_and_others_none(workspace: Path, mark: Mark) -> None:
    source = _put(workspace, BROKEN)
    before = source.read_bytes()
    _put(workspace, GOOD, source=GOOD)
    _put(workspace, "quet.pdf", b"%PDF-1.4")
    code, said = mark()
    assert code == 1
    assert _written(workspace) == ["2024-Q1/007 Huyen Hoa Luong.marked.xlsx"]
    assert f"1 marked copy is in {workspace / 'returned' / '2024-Q1'}" in said
    assert source.read_bytes() == before
    sheet = openpyxl.load_workbook(workspace / "returned" / _written(workspace)[0]).worksheets[0]
    assert sheet["E4"].value == "007 Huyen Hoa Luong.xlsx"
    until = dt.date.today() + dt.timedelta(days=2)  # the deadline is over
    month = f"{until.month:02}" if until.month < 3 else f"{until.month}"
    in_words = f"ngày {until.day:02} tháng {month} năm {until.year}"  # in the workspace's language
    assert sheet["E6"].value.replace("\xa0", " ") == in_words
    assert {sheet[f"E{HEADER_ROW + n}"].value for n in (1, 2, 3, 4)} == {"F8", "F19", "F21", "F29"}


def test_where_nothing_is_wrong_nothing_is_written(workspace: Path, mark: Mark) -> None:
    _put(workspace, GOOD, source=GOOD)
    assert mark() == (0, "Nothing needs to be sent back for correction.\n")
    assert not (workspace / "returned").exists()


def test_what_cannot_be_marked_gets_the_list(workspace: Path, mark: Mark) -> None:
    strict = PROGRAMS["strict"].write((SAMPLE / "inbox/2024-Q1" / BROKEN).read_bytes())
    _put(workspace, "strict.xlsx", strict)
    _put(workspace, "Báo cáo.xls", (FIXTURES / "libreoffice-filled.xls").read_bytes())
    _put(workspace, "b.ods", (FIXTURES / "libreoffice-filled.ods").read_bytes())
    _put(workspace, "c.xlsx", b"PK\x03\x04 damaged")
    _put(workspace, "d.xlsx", b"")
    code, said = mark()
    assert code == 1
    assert "(5 of them are only lists" in said
    assert _written(workspace) == [
        f"2024-Q1/{name}.marked.xlsx" for name in ("Bao cao", "b", "c", "d", "strict")
    ]
    for name in _written(workspace):
        assert len(openpyxl.load_workbook(workspace / "returned" / name).sheetnames) == 1


def test_what_the_office_cannot_open_is_not_sent_back(workspace: Path, mark: Mark, tmp_path: Path) -> None:
    _put(workspace, BROKEN)
    (workspace / "inbox/2024-Q1/elsewhere.xlsx").symlink_to(tmp_path / "nowhere.xlsx")
    code, _said = mark()
    assert code == 1
    assert _written(workspace) == ["2024-Q1/007 Huyen Hoa Luong.marked.xlsx"]


def test_files_of_one_name_do_not_overwrite_one_another(workspace: Path, mark: Mark) -> None:
    data = (SAMPLE / "inbox/2024-Q1" / BROKEN).read_bytes()
    _put(workspace, "x/a.xlsx", data)
    _put(workspace, "y/a.xlsx", b"damaged")
    _put(workspace, "y/A.xls", b"damaged too")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("../../../b.xlsx", data + b" ")
        archive.writestr("con.xlsx", b"x")
    _put(workspace, "z.zip", content.getvalue())
    mark()
    assert _written(workspace) == [
        "2024-Q1/b.marked.xlsx",
        "2024-Q1/con_.marked.xlsx",
        "2024-Q1/x_a.marked.xlsx",
        "2024-Q1/y_A.marked.xlsx",
        "2024-Q1/y_a-2.marked.xlsx",
    ]


@pytest.mark.parametrize(
    ("names", "stems"),
    [
        (["a.xlsx", "x/b.xlsx"], ["a", "b"]),
        (["x/a.xlsx", "y/a.xlsx"], ["x_a", "y_a"]),
        (["a.xlsx", "A.xls"], ["a", "A-2"]),
        (["a.marked.xlsx"], ["a"]),
        (["z.zip/..xlsx", "z.zip/Đ.xlsx"], ["_", "D"]),
        (["a.b.xlsx"], ["a.b"]),
    ],
)
def test_names(names: list[str], stems: list[str]) -> None:
    assert file_stems(names) == stems


@pytest.mark.slow
def test_nothing_that_somebody_changed_is_overwritten(workspace: Path, mark: Mark) -> None:
    _put(workspace, BROKEN)
    mark()
    path = workspace / "returned" / _written(workspace)[0]
    first = path.read_bytes()
    mark()
    assert _written(workspace) == ["2024-Q1/007 Huyen Hoa Luong.marked.xlsx"]
    assert path.read_bytes() == first
    path.write_bytes(b"changed by somebody")
    _code, said = mark()
    assert path.read_bytes() == b"changed by somebody"
    assert "007 Huyen Hoa Luong.marked (2).xlsx" in said


def test_named_files_and_files_of_nobody(workspace: Path, mark: Mark, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    path = tmp_path / "elsewhere" / "bảng.xlsx"
    path.parent.mkdir()
    book.save(path)
    other = tmp_path / "other" / "bảng.xlsx"
    other.parent.mkdir()
    other.write_bytes((SAMPLE / "inbox/2024-Q1" / BROKEN).read_bytes())
    code, _said = mark(path, other)
    assert code == 1
    assert _written(workspace) == ["2024-Q1/elsewhere_bang.marked.xlsx", "2024-Q1/other_bang.marked.xlsx"]
    sheet = openpyxl.load_workbook(workspace / "returned/2024-Q1/elsewhere_bang.marked.xlsx").worksheets[0]
    assert sheet["E2"].value == "–"
    assert sheet["C10"].value is not None


def test_macros_are_kept_with_their_extension(workspace: Path, mark: Mark) -> None:
    content = io.BytesIO()
    with (
        zipfile.ZipFile(SAMPLE / "inbox/2024-Q1" / BROKEN) as old,
        zipfile.ZipFile(content, "w") as new,
    ):
        for name in old.namelist():
            part = old.read(name)
            if name == "[Content_Types].xml":
                macros = b"application/vnd.ms-excel.template.macroEnabled.main+xml"
                start = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
                part = part.replace(start, macros)
            new.writestr(name, part)
        new.writestr("xl/vbaProject.bin", b"macros")
    _put(workspace, "a.xltm", content.getvalue())
    mark()
    assert _written(workspace) == ["2024-Q1/a.marked.xlsm"]
    with zipfile.ZipFile(workspace / "returned/2024-Q1/a.marked.xlsm") as archive:
        assert archive.read("xl/vbaProject.bin") == b"macros"
        assert b"ms-excel.sheet.macroEnabled.main+xml" in archive.read("[Content_Types].xml")


@pytest.mark.slow
def test_a_copy_put_right_counts_instead_of_the_original(workspace: Path, mark: Mark) -> None:
    _put(workspace, BROKEN)
    mark()
    book = openpyxl.load_workbook(workspace / "returned" / _written(workspace)[0])
    sheet = book["Số liệu"]
    for cell, value in (("F8", 27), ("F19", 900), ("F21", 319 + 277), ("F29", 0)):
        sheet[cell] = value
    table = book["Tin, bài theo loại hình"]
    for cell, value in (("H11", 319 - 180 - 130), ("G13", 102)):
        table[cell] = value
    content = io.BytesIO()
    book.save(content)
    _put(workspace, "2024-03-20/007 Huyen Hoa Luong.marked.xlsx", content.getvalue())
    merged = run("-w", workspace, "--lang", "en", "merge", "--no-workbook")
    assert merged.code == 0  # the first file is still in error, and was replaced
    assert "1 files: 1 accepted, 0 accepted with warnings, 0 rejected" in merged.out
    (workspace / "returned" / "2024-Q1" / "~$7 Huyen Hoa Luong.marked.xlsx").write_bytes(b"open in Excel")
    code, err = mark()
    assert code == 0
    assert "Nothing needs to be sent back" in err
    assert "From earlier, and no longer to be sent: 007 Huyen Hoa Luong.marked.xlsx." in err
