"""Files that are named in a command and are no workbook: people are told what they are, and what to do.

The hints of findings speak to a unit ("send it again"); here nobody else has sent anything.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.making.adopted import office_workbook
from tests.making.commands import begin, run
from tests.making.machine import FIXTURES

pytestmark = pytest.mark.slow

# What lies under the name of a workbook; what is to be said of it in Vietnamese: what it is, what to do.
BAD: dict[str, tuple[Callable[[Path], bytes], str, str]] = {
    "text": (lambda _w: b"xin ch\xc3\xa0o\n", "không phải là bảng tính", "chỉ đúng tệp bảng tính"),
    "csv": (lambda _w: b"a;b\n1;2\n", "tệp CSV", "lưu thành bảng tính Excel"),
    "pdf": (lambda _w: b"%PDF-1.4\n1 0 obj\n<<>>\n%%EOF\n", "tệp PDF", "chỉ đúng tệp bảng tính"),
    "empty": (lambda _w: b"", "tệp rỗng", "chép lại tệp"),
    "word": (lambda w: (w / "report.docx").read_bytes(), "văn bản Word", "chỉ đúng tệp bảng tính"),
    "cut": (lambda _w: office_workbook()[:3000], "bị hỏng", "xin lại tệp"),
    "password": (
        lambda _w: (FIXTURES / "msoffcrypto-own-password.xlsx").read_bytes(),
        "đặt mật khẩu",
        "xóa mật khẩu",
    ),
}
COMMANDS: dict[str, tuple[str, ...]] = {
    "adopt": ("form", "adopt", "BAD"),
    "sample": ("form", "adopt", "BLANK", "--sample", "BAD"),
    "from": ("form", "adopt", "--from", "BAD", "--yes"),
    "form": ("form", "--from-workbook", "BAD"),
    "return": ("export", "--to", "return", "--as", "001", "BAD"),
}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("office")
    begin(root / "w", "2024-Q1")
    (root / "blank.xlsx").write_bytes(office_workbook())
    return root


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_that_is_no_workbook(office: Path, command: str, kind: str) -> None:
    content, what, to_do = BAD[kind]
    bad = office / "bad.xlsx"
    bad.write_bytes(content(office / "w"))
    places = {"BAD": bad, "BLANK": office / "blank.xlsx"}
    said = run("-w", office / "w", *(places.get(word, word) for word in COMMANDS[command]))
    assert said.code == 2
    (sentence,) = said.err.strip().splitlines()[-1:]
    assert "bad.xlsx" in sentence
    assert what in sentence
    assert to_do in sentence
    assert "gửi" not in sentence
    assert "nhận thêm" not in sentence


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("pdf", "không phải bảng tính (.xlsx), cũng không phải bảng"),
        ("word", "không phải bảng tính (.xlsx), cũng không phải bảng"),
        ("empty", "không có gì bên trong"),
        ("password", "có mật khẩu"),
        ("cut", "Không đọc được"),
    ],
)
@pytest.mark.parametrize("name", ["history.xlsx", "units"])
def test_a_file_that_is_no_table(office: Path, tmp_path: Path, name: str, kind: str, said: str) -> None:
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(BAD[kind][0](office / "w"))
    words = ("init", tmp_path / "new", "--yes", "--units", bad) if name == "units" else ("history", bad)
    done = run(*(("--lang", "vi") if name == "units" else ("-w", office / "w")), *words)
    assert done.code == 2
    assert said in done.err
    assert "gửi" not in done.err


def test_a_photo_under_the_name_of_a_table(office: Path, tmp_path: Path) -> None:
    photo = tmp_path / "bang.csv"
    photo.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0")
    done = run("-w", office / "w", "history", photo)
    assert done.code == 2
    assert "không phải bảng tính (.xlsx), cũng không phải bảng" in done.err
