"""Finding what arrived: files in their folders, with the day they came."""

from __future__ import annotations

import datetime as dt
import errno
import os
from pathlib import Path
from typing import Any

import pytest

from reportctl.core.errors import ReportctlError
from reportctl.core.outputs import Outputs
from reportctl.workbooks.inbox import find_inputs, named_input


def put(root: Path, name: str, data: bytes) -> str:
    with Outputs(root) as outputs:
        return outputs.save(root / name, data).path.name


def test_inputs_are_found_with_the_date_of_their_folder(tmp_path: Path) -> None:
    litter = (
        "~$b.xlsx",
        ".hidden",
        "Thumbs.db",
        ".~lock.b.xlsx#",
        "@eaDir/b.xlsx/x.jpg",
        "$RECYCLE.BIN/$I1.xlsx",
    )
    for name in ("b.xlsx", "2024-03-20/a.xlsx", "2024-03-20/zalo/c.xlsx", *litter):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    found = {item.name: item.received for item in find_inputs(tmp_path)}
    day = dt.date(2024, 3, 20)
    assert found == {"b.xlsx": None, "2024-03-20/a.xlsx": day, "2024-03-20/zalo/c.xlsx": day}
    assert find_inputs(tmp_path / "nowhere") == []


def test_a_folder_that_cannot_be_listed_stands_for_what_is_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = os.scandir
    closed = tmp_path / "2024-03-22"
    closed.mkdir()
    (closed / "a.xlsx").write_bytes(b"x")
    (tmp_path / "b.xlsx").write_bytes(b"x")

    def scandir(path: str) -> Any:  # rights are no bar to whoever runs as root
        if Path(path) in (closed, tmp_path / "c"):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return listed(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = {item.name: item.received for item in find_inputs(tmp_path)}
    assert found == {"b.xlsx": None, "2024-03-22": dt.date(2024, 3, 22)}
    (tmp_path / "c").mkdir()
    with pytest.raises(ReportctlError, match="Permission denied"):
        find_inputs(tmp_path / "c")


def test_a_named_file_inside_the_inbox_keeps_its_date(tmp_path: Path) -> None:
    inside = tmp_path / "inbox" / "2024-Q1" / "2024-03-21" / "a.xlsx"
    assert named_input(inside, tmp_path).received == dt.date(2024, 3, 21)
    assert named_input(tmp_path / "2024-03-21" / "a.xlsx", tmp_path).received is None


def test_a_file_of_the_inbox_is_known_by_whatever_way_it_is_named(tmp_path: Path) -> None:
    inbox = tmp_path / "w" / "inbox"
    inside = inbox / "2024-Q1" / "2024-03-21" / "a.xlsx"
    inside.parent.mkdir(parents=True)
    inside.write_bytes(b"x")
    (tmp_path / "link").symlink_to(tmp_path / "w")
    (found,) = find_inputs(inbox / "2024-Q1")
    for way in (tmp_path / "link" / "inbox", inbox / ".." / "inbox"):
        named = named_input(way / "2024-Q1" / "2024-03-21" / "a.xlsx", tmp_path / "w")
        assert (named.place, named.received) == (found.place, dt.date(2024, 3, 21))
