"""`reportctl settings`: what stands in reportctl.toml, shown and set."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.making.commands import Said, run


@pytest.fixture
def office(tmp_path: Path) -> Path:
    root = tmp_path / "Cơ quan"
    assert run("init", root, "--period", "2026-Q3").code == 0
    return root


def settings(office: Path, *words: object, lang: str = "en") -> Said:
    return run("-w", office, "--lang", lang, "settings", *words)


def said(office: Path) -> dict[str, object]:
    return tomllib.loads((office / "reportctl.toml").read_text(encoding="utf-8"))


def test_a_deadline_in_the_words_of_an_office(office: Path) -> None:
    before = (office / "reportctl.toml").read_text(encoding="utf-8")
    shown = settings(office, "deadlines.default", "20/3")
    assert shown.code == 0
    assert shown.out == (
        "deadlines.default: 3 days after the data window → day 20 of the quarter's month 3.\n"
        "Deadline of the third quarter of 2026: 20\xa0Sep 2026.\n"
    )
    wanted = before.replace("default = { days_after = 3 }", "default = { month = 3, day = 20 }")
    assert (office / "reportctl.toml").read_text(encoding="utf-8") == wanted
    assert "20/9/2026" in settings(office, "deadlines.default", "ngày 20 tháng thứ 3 của quý", lang="vi").out
    assert "Hạn gửi" in (status := run("-w", office, "--lang", "vi", "status").out)
    assert "20/9/2026" in status


def test_a_deadline_before_the_window_ends(office: Path) -> None:
    """A value may begin with a minus: 14/9/2026 is the window's last day."""
    assert "12/9/2026" in settings(office, "deadlines.ward", "-2", lang="vi").out


def test_words_need_no_quotation_marks(office: Path) -> None:
    assert settings(office, "issuer.post", "Phó", "Trưởng", "ban").code == 0
    assert settings(office, "issuer.place", "Bình Minh").code == 0
    assert said(office)["issuer"]["post"] == "Phó Trưởng ban"  # type: ignore[index]
    assert said(office)["issuer"]["place"] == "Bình Minh"  # type: ignore[index]


def test_all_of_them_and_one(office: Path) -> None:
    whole = settings(office, "--format", "json").json["settings"]
    assert [one["key"] for one in whole][:5] == [
        "language",
        "style",
        "current",
        "data_window",
        "issuer.superior",
    ]
    by_key = {one["key"]: one for one in whole}
    assert by_key["deadlines.press"] == {
        "key": "deadlines.press", "value": {"month": 3, "day": 12}, "set": True, "default": {"days_after": 3},
        "meaning": "last day to report, units of this kind", "example": "20/3",
    }  # fmt: skip
    assert by_key["report.max_words"]["value"] is None
    assert not by_key["report.max_words"]["set"]
    shown = settings(office, "cells.dash", lang="vi")
    assert shown.code == 0
    assert "số 0" in shown.out
    assert "reportctl settings cells.dash zero" in shown.out
    assert settings(office, "cells.dash", "--format", "json").json["settings"][0]["value"] == "zero"


def test_taken_away_the_default_holds(office: Path) -> None:
    assert settings(office, "--unset", "deadlines.press").code == 0
    assert said(office)["deadlines"] == {"default": {"days_after": 3}, "resend_days": 2}
    assert "# press = { month = 3, day = 12 }" in (office / "reportctl.toml").read_text(encoding="utf-8")
    assert "as before" in settings(office, "--unset", "deadlines.press").out
    assert settings(office, "--unset", "cells.dash", "zero").code == 2


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("place",), "“issuer.place” was meant?"),
        (("issuer.plase", "X"), "“issuer.place” was meant?"),
        (("checks.base", "all"), "“report.base” was meant?"),
        (("colour", "red"), "There is no setting “colour”."),
        (("deadlines.pres", "20/3"), "“press” was meant?"),
        (("findings.number_as_txt", "off"), "number_as_text"),
        (("documents", "x"), "open it in Notepad"),
        (("style", "royal"), "it can be party (party), state (state). For example: reportctl settings style"),
        (("deadlines.default", "30/2"), "For example: reportctl settings deadlines.default 20/3"),
        (("checks.times", "0,5"), "beyond the limit of 1"),
        (("checks.min_quarters", "9"), "beyond the limit of 8"),
        (("findings.tie", "off"), "its severity is fixed"),
        (("current", "2026"), "For example: reportctl settings current"),
        (("report.max_words", "nhiều"), "For example: reportctl settings report.max_words 150"),
    ],
)
def test_what_cannot_be_is_not_written(office: Path, words: tuple[str, ...], sentence: str) -> None:
    before = (office / "reportctl.toml").read_bytes()
    shown = settings(office, *words)
    assert shown.code == 2
    assert sentence in shown.err
    assert not shown.out
    assert (office / "reportctl.toml").read_bytes() == before


def test_a_wrong_setting_can_be_put_right(office: Path) -> None:
    path = office / "reportctl.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('"party"', '"royal"'), encoding="utf-8")
    assert settings(office).code == 2
    assert settings(office, "style", "đảng").code == 0
    assert settings(office).code == 0


def test_the_mark_of_notepad_and_its_line_ends_stay(office: Path) -> None:
    path = office / "reportctl.toml"
    text = path.read_text(encoding="utf-8")
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert settings(office, "style", "state").code == 0
    assert settings(office, "report.max_words", "90").code == 0
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf# ")
    assert data.count(b"\n") == data.count(b"\r\n")
    assert tomllib.loads(data.decode("utf-8-sig"))["report"]["max_words"] == 90


def test_a_section_written_in_a_way_of_its_own(office: Path) -> None:
    (office / "reportctl.toml").write_text("[deadlines.press]\nmonth = 3\nday = 12\n", encoding="utf-8")
    shown = settings(office, "deadlines.press", "20/3")
    assert shown.code == 2
    assert "Write there in the section [deadlines]: press = { month = 3, day = 20 }" in shown.err
