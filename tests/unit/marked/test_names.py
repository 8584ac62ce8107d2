"""Which files have a marked copy already."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reportctl.marked.names import are_marked


@pytest.mark.parametrize(
    ("name", "copy"),
    [
        ("01.xlsx", "01.marked.xlsx"), ("Xã A.XLSX", "xa a.marked.xlsx"), ("20/01.ods", "01.marked.xlsx"),
        ("20/01.xls", "20_01.marked.xlsx"), ("a.zip/01.xlsm", "01.marked.xlsm"),
    ],
)  # fmt: skip
def test_a_copy_that_is_not_older(tmp_path: Path, name: str, copy: str) -> None:
    inbox, returned = tmp_path / "inbox", tmp_path / "returned"
    returned.mkdir()
    file = inbox / name
    assert are_marked(returned, {})
    assert not are_marked(returned, {name: file})
    (returned / "02.marked.xlsx").write_bytes(b"")
    assert not are_marked(returned, {name: file})
    (returned / copy).write_bytes(b"")
    assert are_marked(returned, {name: file})  # one in an archive is no file by itself
    if ".zip" not in name:
        file.parent.mkdir(parents=True)
        file.write_bytes(b"")
        os.utime(file, (1e9, 1e9))
        assert are_marked(returned, {name: file})
        os.utime(returned / copy, (1e9 - 5, 1e9 - 5))  # the file has come again since
        assert not are_marked(returned, {name: file})
    assert not are_marked(returned, {name: file, "03.xlsx": inbox / "03.xlsx"})
