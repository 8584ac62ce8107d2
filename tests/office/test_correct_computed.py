"""Whoever corrects a figure that is worked out is told which figures behind it the unit fills in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.making.commands import begin, run

ROWS = 15
FORM = f"""
id = "own"
title = "Biểu"
kinds = [ {{ code = "school", title = "Trường" }}, {{ code = "unit", title = "Đơn vị" }} ]

[[tables]]
code = "rooms"
title = "Phòng"
columns = [
  {{ code = "all", label = "Cộng", sum = "public + private", computed = true }},
  {{ code = "public", label = "Công lập", sum = "solid + old", computed = true }},
  {{ code = "solid", label = "Kiên cố" }},
  {{ code = "old", label = "Tạm" }},
  {{ code = "private", label = "Tư thục", applies_to = ["unit"] }},
]
rows = [
  {{ code = "n1", label = "Cộng", sum = "n2 + n3", computed = true }},
  {{ code = "n2", label = "Phòng học" }},
  {{ code = "n3", label = "Thư viện" }},
]
not_asked = ["n3.private"]

[[tables]]
code = "long"
title = "Dài"
columns = [ {{ code = "v", label = "Số" }} ]
rows = [
  {{ code = "total", label = "Cộng", computed = true, sum = "{" + ".join(f"r{n}" for n in range(ROWS))}" }},
  {", ".join(f'{{ code = "r{n}", label = "Dòng {n}" }}' for n in range(ROWS))},
]

[[sections]]
code = "shares"
title = "Tỷ lệ"
[[sections.indicators]]
code = "solid_share"
label = "Tỷ lệ kiên cố"
type = "percent"
over_units = "ratio"
over_time = "ratio"
numerator = "rooms.n2.solid"
denominator = "rooms.n2.public"
"""


@pytest.fixture
def office(tmp_path: Path) -> Path:
    root = tmp_path / "office"
    begin(root, "2024-Q2")
    (root / "form.toml").write_text(FORM, encoding="utf-8")
    (root / "units.csv").write_text("code,name,kind\na,Trường A,school\nb,Xã B,unit\n", encoding="utf-8")
    (root / "plan.csv").unlink(missing_ok=True)
    return root


@pytest.mark.parametrize(
    ("unit", "code", "named"),
    [
        ("b", "rooms.n2.public", "correct these: rooms.n2.solid, rooms.n2.old."),
        ("b", "rooms.n2.all", "correct these: rooms.n2.solid, rooms.n2.old, rooms.n2.private."),
        ("b", "rooms.n3.all", "correct these: rooms.n3.solid, rooms.n3.old."),
        ("b", "rooms.n1.solid", "correct these: rooms.n2.solid, rooms.n3.solid."),
        ("a", "rooms.n2.all", "correct these: rooms.n2.solid, rooms.n2.old."),  # the others it is not asked
        ("a", "rooms.n1.private", "Trường A is not asked for"),
        ("a", "long.total.v", f"correct these: {', '.join(f'long.r{n}.v' for n in range(12))}, …."),
        ("a", "solid_share", "correct “rooms.n2.solid” or “rooms.n2.solid, rooms.n2.old”"),
    ],
)
def test_the_figures_that_are_filled_in_are_named(office: Path, unit: str, code: str, named: str) -> None:
    said = run("-w", office, "--lang", "en", "correct", unit, code, "5", "--why", "told")
    assert said.code == 2
    assert named in said.err


def test_every_figure_that_is_named_can_be_corrected(office: Path) -> None:
    for code in ("rooms.n2.solid", "rooms.n2.old", "rooms.n2.private", "rooms.n3.old", "long.r3.v"):
        said = run("-w", office, "--lang", "en", "correct", "b", code, "5", "--why", "told")
        assert "Nothing has come from Xã B" in said.err  # all else about it is right
