"""Files in .zip archives: which there are, what they are called, their bytes."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import os
import struct
import tempfile
import unicodedata
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportctl.intake.job import Job
from reportctl.intake.open_file import read_one
from reportctl.workbooks import zips
from reportctl.workbooks.inbox import find_inputs, named_input, unpacked
from reportctl.workbooks.zips import Member, RefusedError, members, read_member, shown_name
from tests.making.returned import context, returned, say

WORDS = "Huyện Đông Lạc - báo cáo quý I, ướt ngẫu nhiên ẵ ỡ ẹ.xlsx"


def _zip(path: Path, *entries: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return path


def _unmarked(name: bytes) -> zipfile.ZipInfo:
    """An entry whose name is written as these bytes, without a mark of its encoding."""

    class Entry(zipfile.ZipInfo):
        def _encodeFilenameFlags(self) -> tuple[bytes, int]:
            return name, 0

    return Entry("a")


def _said(path: Path, name: str | None = None) -> str:
    """The message about a file that is not listed, read as one."""
    assert members(path) == []
    (found,) = read_one(Job(path, name or path.name), context()).findings
    say([found])
    assert found.severity.value == "error"
    return found.message


# Which files there are


def test_members_in_the_order_of_their_names(tmp_path: Path) -> None:
    path = _zip(
        tmp_path / "a.zip",
        ("Xã B/b.xlsx", b"b"),
        ("Xã B/", b""),
        ("a.xls", b"a"),
        ("~$a.xls", b"lock"),
        ("Xã B/~$b.xlsx", b"lock"),
        ("__MACOSX/Xã B/._b.xlsx", b"mac"),
        ("Xã B/.DS_Store", b"mac"),
        ("Thumbs.db", b"windows"),
        (".ẩn/c.xlsx", b"hidden"),
    )
    assert members(path) == [Member("Xã B/b.xlsx", "Xã B/b.xlsx"), Member("a.xls", "a.xls")]
    assert [read_member(path, member.key) for member in members(path)] == [b"b", b"a"]


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("../../etc/a.xlsx", "etc/a.xlsx"),
        ("/a.xlsx", "a.xlsx"),
        ("\\\\server\\share\\a.xlsx", "server/share/a.xlsx"),
        ("C:\\Users\\a.xlsx", "C:/Users/a.xlsx"),
        ("a\x1b[2J\n.xlsx", "a_[2J_.xlsx"),
        ("..", "_"),
        (unicodedata.normalize("NFD", WORDS), WORDS),
    ],
)
def test_names_are_only_names(tmp_path: Path, key: str, shown: str) -> None:
    path = _zip(tmp_path / "a.zip", (key, b"1"))
    before = sorted(tmp_path.rglob("*"))
    ((member,),) = [members(path)]
    assert member.name == shown
    assert read_member(path, member.key) == b"1"
    assert sorted(tmp_path.rglob("*")) == before


def _in_windows_1258(text: str) -> bytes:
    """As Vietnamese Windows writes it: circumflex, breve and horn belong to the letter, tones stand apart."""
    written = b""
    for letter in text:
        try:
            written += letter.encode("cp1258")
        except UnicodeEncodeError:
            base, *marks = unicodedata.normalize("NFD", letter)
            own = [mark for mark in marks if mark in "\u0302\u0306\u031b"]
            tones = [mark for mark in marks if mark not in own]
            written += unicodedata.normalize("NFC", "".join((base, *own))).encode("cp1258")
            written += "".join(tones).encode("cp1258")
    return written


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (WORDS.encode(), WORDS),
        (_in_windows_1258(WORDS), WORDS),
        ("Rapport été.xlsx".encode("cp437"), "Rapport été.xlsx"),
        (b"Bao cao.xlsx", "Bao cao.xlsx"),
    ],
)
def test_names_without_a_mark_of_their_encoding(tmp_path: Path, written: bytes, shown: str) -> None:
    path = _zip(tmp_path / "a.zip", (_unmarked(written), b"1"))
    with zipfile.ZipFile(path) as archive:
        assert archive.infolist()[0].flag_bits & 0x800 == 0
    assert [member.name for member in members(path)] == [shown]
    assert read_member(path, members(path)[0].key) == b"1"


@given(st.text(min_size=1))
def test_any_name_can_be_shown(name: str) -> None:
    shown = shown_name(zipfile.ZipInfo(name))
    assert shown
    assert shown.isprintable()
    assert not {"", ".", ".."} & set(shown.split("/"))


# What is not looked into


def test_why_an_archive_is_not_looked_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "the .zip archive was not looked into: "
    assert _said(_zip(tmp_path / "a.zip")) == f"{said}there is no file in it"
    assert _said(_zip(tmp_path / "b.zip", ("__MACOSX/a", b"a"))) == f"{said}there is no file in it"
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = _zip(tmp_path / "c.zip", ("a.xlsx", b"1"), ("a.xlsx", b"2"))
    assert _said(twice) == f"{said}two files in it have the same name"
    inner = _zip(tmp_path / "d.dat", ("a.xlsx", b"1"))
    data = inner.read_bytes()
    outer = _zip(tmp_path / "e.zip", ("d.zip", data))
    read = read_one(Job(outer, "e.zip/d.zip", "d.zip"), context())
    assert [found.message for found in read.findings] == [f"{said}it lies in another .zip archive"]
    monkeypatch.setattr(zips, "MEMBERS_LIMIT", 2)
    many = _zip(tmp_path / "f.zip", *((f"{number}.xlsx", b"") for number in range(3)))
    assert _said(many) == f"{said}there are more than 5,000 files in it"
    monkeypatch.setattr(zips, "UNPACKED_LIMIT", 1_000)
    large = _zip(tmp_path / "g.zip", ("a.xlsx", bytes(600)), ("b.xlsx", bytes(600)))
    assert _said(large) == f"{said}it unpacks to more than 200 MB"


def test_a_directory_that_is_too_large_is_not_even_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _zip(tmp_path / "a.zip", ("a.xlsx", b"1"))
    monkeypatch.setattr(zips, "_DIRECTORY_LIMIT", 40)
    assert _said(path) == "the .zip archive was not looked into: the files in it cannot be listed"


def test_damage(tmp_path: Path) -> None:
    whole = _zip(tmp_path / "a.zip", ("a.xlsx", os.urandom(5_000)), ("b.xlsx", b"2")).read_bytes()
    for length in (30, 3_000, len(whole) - 5):
        path = tmp_path / f"{length}.zip"
        path.write_bytes(whole[:length])
        assert _said(path) == "the file is damaged or incomplete"
    spoilt = tmp_path / "spoilt.zip"
    spoilt.write_bytes(whole[:2_000] + b"?" + whole[2_001:])
    assert [_outcome(spoilt, member) for member in members(spoilt)] == ["truncated", "2"]


def _outcome(path: Path, member: Member) -> str:
    try:
        return read_member(path, member.key).decode()
    except RefusedError as refused:
        say([refused.finding])
        return refused.finding.code


def _with_flag(data: bytes, name: bytes, at: int, value: int) -> bytes:
    """The archive with another byte in the directory's entry of a member."""
    entry = data.rindex(b"PK\x01\x02", 0, data.rindex(name)) + at
    return data[:entry] + bytes([value]) + data[entry + 1 :]


def test_members_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = _zip(tmp_path / "a.zip", ("mot.xlsx", b"1"), ("hai.xlsx", b"2"), ("ba.xlsx", b"3")).read_bytes()
    path = tmp_path / "b.zip"
    path.write_bytes(_with_flag(_with_flag(whole, b"mot.xlsx", 8, 1), b"hai.xlsx", 10, 9))
    outcomes = {member.name: _outcome(path, member) for member in members(path)}
    assert outcomes == {"mot.xlsx": "encrypted", "hai.xlsx": "truncated", "ba.xlsx": "3"}
    with pytest.raises(RefusedError):
        read_member(path, "bon.xlsx")
    with pytest.raises(OSError, match="No such file"):
        read_member(tmp_path / "gone.zip", "a.xlsx")
    monkeypatch.setattr(zips, "PART_LIMIT", 1_000)
    bomb = _zip(tmp_path / "c.zip", ("a.xlsx", bytes(1_001)), ("b.xlsx", bytes(1_000)))
    assert [_outcome(bomb, member) for member in members(bomb)] == ["too_large", "\0" * 1_000]


def test_a_header_that_lies_about_a_size_is_not_believed(tmp_path: Path) -> None:
    data = bytearray(_zip(tmp_path / "a.zip", ("a.xlsx", bytes(3_000_000))).read_bytes())
    struct.pack_into("<I", data, data.rindex(b"PK\x01\x02") + 24, 10)
    path = tmp_path / "b.zip"
    path.write_bytes(data)
    assert [_outcome(path, member) for member in members(path)] == ["truncated"]


@given(st.data())
def test_no_damage_makes_it_raise_anything_else(data: st.DataObject) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Xã/a.xlsx", b"a" * 200)
        archive.writestr("b.xlsx", b"b")
    content = bytearray(target.getvalue())
    for _number in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.zip")
        path.write_bytes(content)
        for member in members(path):
            _outcome(path, member)


# As inputs


def test_members_are_inputs_of_their_own(tmp_path: Path) -> None:
    folder = tmp_path / "2024-03-20" / "nhóm"
    folder.mkdir(parents=True)
    _zip(folder / "Gửi.ZIP", ("2023-01-01/một.xlsx", b"1"), ("hai.pdf", b"2"))
    (folder / "a.xlsx").write_bytes(b"3")
    document = _zip(folder / "b.zip", ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"))
    found = find_inputs(tmp_path)
    day = dt.date(2024, 3, 20)
    assert [(file.name, file.received, file.path.name) for file in found] == [
        ("2024-03-20/nhóm/Gửi.ZIP/2023-01-01/một.xlsx", day, "Gửi.ZIP"),
        ("2024-03-20/nhóm/Gửi.ZIP/hai.pdf", day, "Gửi.ZIP"),
        ("2024-03-20/nhóm/a.xlsx", day, "a.xlsx"),
        ("2024-03-20/nhóm/b.zip", day, "b.zip"),
    ]
    assert [file.read() for file in found] == [b"1", b"2", b"3", document.read_bytes()]
    assert len({file.place for file in found}) == 4
    named = unpacked(named_input(folder / "Gửi.ZIP", tmp_path))
    assert [file.name for file in named] == ["Gửi.ZIP/2023-01-01/một.xlsx", "Gửi.ZIP/hai.pdf"]


def test_what_is_no_ordinary_file_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.zip")
    (tmp_path / "b.zip").mkdir()
    assert members(tmp_path / "a.zip") == members(tmp_path / "b.zip") == members(tmp_path / "c.zip") == []
    assert [file.member for file in find_inputs(tmp_path)] == [None]


def test_a_worker_reads_a_member_itself(tmp_path: Path) -> None:
    data = returned()
    path = _zip(tmp_path / "a.zip", ("bo/mot.xlsx", data), ("hai.xls", data), ("ba.pdf", b"%PDF-1.7"))
    reads = [read_one(Job(path, f"a.zip/{member.name}", member.key), context()) for member in members(path)]
    assert [[found.code for found in read.findings] for read in reads] == [
        ["also_received"],
        [],
        ["wrong_extension"],
    ]
    assert [read.submission.identity.unit for read in reads if read.submission] == ["001", "001"]
    assert reads[1].submission
    assert reads[1].submission.file == "a.zip/bo/mot.xlsx"
    assert reads[1].sha256 == reads[2].sha256 == hashlib.sha256(data).hexdigest()
    gone = read_one(Job(path, "a.zip/x.xlsx", "x.xlsx"), context())
    assert [(found.code, found.file) for found in gone.findings] == [("truncated", "a.zip/x.xlsx")]
