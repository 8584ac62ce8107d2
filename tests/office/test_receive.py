"""What comes in .zip archives is received, kept and merged as if it lay in the folder itself."""

from __future__ import annotations

import datetime as dt
import io
import os
import shutil
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from reportctl.core.files import digest
from reportctl.ledger.archive import original, read_decisions
from reportctl.workbooks import inbox, zips
from reportctl.workbooks.inbox import named_input, unpacked
from tests.making.office import TODAY, Office


def _packed(**files: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def _encrypted(data: bytes, name: str) -> bytes:
    flag = data.rindex(b"PK\x01\x02", 0, data.rindex(name.encode())) + 8
    return data[:flag] + b"\x01" + data[flag + 1 :]


def test_members_count_like_files(office: Office) -> None:
    one, two = office.book("01", 10), office.book("02", 20)
    office.put(
        "2024-03-20/Gửi.zip", _packed(**{"Xã/một.xlsx": one, "hai.xlsx": two, "quét.pdf": b"%PDF-1.7"})
    )
    merged = office.merge()
    assert office.totals() == {("2024-Q1", "01"): 10.0, ("2024-Q1", "02"): 20.0}
    assert {(record.file, record.received, record.verdict) for record in merged.submissions} == {
        ("2024-03-20/Gửi.zip/Xã/một.xlsx", dt.date(2024, 3, 20), "accepted"),
        ("2024-03-20/Gửi.zip/hai.xlsx", dt.date(2024, 3, 20), "accepted"),
        ("2024-03-20/Gửi.zip/quét.pdf", dt.date(2024, 3, 20), "ignored"),
    }
    kept = original(office.workspace.archive, digest(one), "một.xlsx")
    assert kept.read_bytes() == one
    rows = [row for row in read_decisions(office.workspace.decisions) if row.action == "received"]
    assert {row.sha256 for row in rows} == {digest(one), digest(two), digest(b"%PDF-1.7")}
    validated = {(file, verdict) for file, _unit, verdict in office.validate().files}
    assert validated == {(record.file, record.verdict) for record in merged.submissions}


def test_the_ledger_is_made_again_from_what_was_kept(office: Office) -> None:
    office.put("a.zip", _packed(**{"a.xlsx": office.book("01", 10)}))
    office.merge()
    before = office.dump()
    (office.root / "reportctl.db").unlink()
    office.merge(today=TODAY + dt.timedelta(9))
    assert office.dump() == before


def test_an_original_that_is_gone_is_put_back_from_the_archive_it_came_in(office: Office) -> None:
    data = office.book("01", 10)
    office.put("a.zip", _packed(**{"a.xlsx": data}))
    office.merge()
    shutil.rmtree(office.workspace.archive / "files")
    units = office.root / "units.csv"
    units.write_text(units.read_text(encoding="utf-8").replace("Huyện 01", "Huyện Một"), encoding="utf-8")
    assert office.merge().reread == 1  # because the unit is called otherwise
    assert original(office.workspace.archive, digest(data), "a.xlsx").read_bytes() == data
    assert office.totals() == {("2024-Q1", "01"): 10.0}


def test_an_archive_that_is_unpacked_later_brings_nothing_new(office: Office) -> None:
    data = office.book("01", 10)
    path = office.put("a.zip", _packed(**{"a.xlsx": data}))
    office.merge()
    office.put("a.xlsx", data)
    path.unlink()
    merged = office.merge()
    assert (merged.new_files, [record.file for record in merged.submissions]) == (0, ["a.xlsx"])
    assert "file_vanished" not in [found.code for found in merged.findings]


def test_an_unchanged_archive_is_not_read_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    path = office.put("a.zip", _packed(**{"a.xlsx": office.book("01", 10), "b.pdf": b"%PDF-1.7"}))
    office.merge()
    read: list[str] = []

    def noted(path: Path, member: str) -> bytes:
        read.append(member)
        return zips.read_member(path, member)

    monkeypatch.setattr(inbox, "zips", SimpleNamespace(**{**vars(zips), "read_member": noted}))
    office.merge()
    assert read == []
    os.utime(path, (1, 1))
    office.merge()
    assert sorted(read) == ["a.xlsx", "b.pdf"]  # by several threads


def test_a_changed_archive_is(office: Office) -> None:
    office.put("a.zip", _packed(**{"a.xlsx": office.book("01", 10)}))
    office.merge()
    later = office.book("01", 11, modified="2024-03-16T08:00:00Z")
    office.put("a.zip", _packed(**{"a.xlsx": later}))
    merged = office.merge()
    assert merged.new_files == 1
    assert office.totals() == {("2024-Q1", "01"): 11.0}


def test_what_cannot_be_taken_out_is_said_each_time(office: Office) -> None:
    data = _packed(**{"kín.xlsx": office.book("01", 10), "b.xlsx": office.book("02", 20)})
    office.put("a.zip", _encrypted(data, "kín.xlsx"))
    for _time in range(2):
        merged = office.merge()
        assert [(found.code, found.file) for found in merged.findings if found.file] == [
            ("encrypted", "a.zip/kín.xlsx")
        ]
        assert office.totals() == {("2024-Q1", "02"): 20.0}
    checked = office.validate()
    assert [(found.code, found.file) for found in checked.findings if found.file] == [
        ("encrypted", "a.zip/kín.xlsx")
    ]
    office.put("a.zip", data)
    assert "encrypted" not in [found.code for found in office.merge().findings]
    assert office.totals() == {("2024-Q1", "01"): 10.0, ("2024-Q1", "02"): 20.0}


def test_an_archive_named_on_the_command_line(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "ngoài.zip"
    path.write_bytes(_packed(**{"a.xlsx": office.book("01", 10), "b.xlsx": office.book("02", 20)}))
    inside = unpacked(named_input(path, office.root))
    checked = office.validate(files=inside)
    assert checked.files == (("ngoài.zip/a.xlsx", "01", "accepted"), ("ngoài.zip/b.xlsx", "02", "accepted"))
    merged = office.merge(files=inside)
    assert [record.file for record in merged.submissions] == ["ngoài.zip/a.xlsx", "ngoài.zip/b.xlsx"]
    assert office.totals() == {("2024-Q1", "01"): 10.0, ("2024-Q1", "02"): 20.0}
