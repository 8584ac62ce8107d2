"""A form that is a section, a table and a list that is added up, with figures of two quarters."""

from __future__ import annotations

import tomllib

from reportctl.core.period import parse_period
from reportctl.figures.figures import Summary
from reportctl.form.model import Form
from reportctl.form.tables import FormTable
from reportctl.workspace.units import Roster, Unit
from tests.making.figures import calendar_of, summary_of

TOML = """
id = "school"
title = "Trường học"

[[kinds]]
code = "unit"
title = "Đơn vị"

[[sections]]
code = "staff"
title = "Cán bộ"

[[sections.indicators]]
code = "teachers"
label = "Giáo viên"
sentence = "Có {value} giáo viên, {rooms.n1.total.value}{rooms.n1.total.change_previous}."

[[tables]]
code = "rooms"
title = "Phòng học"
columns = [
  { code = "total", label = "Tổng số", sum = "solid + old" },
  { code = "solid", label = "Kiên cố", under = ["Công lập", "Xây"] },
  { code = "old", label = "Tạm", under = ["Công lập"] },
  { code = "before", label = "Kỳ trước", is = "previous" },
  { code = "so_far", label = "Lũy kế", is = "to_date" },
  { code = "said", label = "Cho sẵn", is = "given" },
]
rows = [
  { code = "n1", label = "Phòng", no = "1", unit_of_measure = "phòng", sum = "n1_1" },
  { caption = "Trong đó:" },
  { code = "n1_1", label = "Thư viện", level = 4, unit_of_measure = "phòng" },
  { code = "n2", label = "Diện tích", no = "2", unit_of_measure = "m²", type = "number" },
]
not_asked = ["n2.old"]

[[lists]]
code = "places"
title = "Điểm trường"
columns = [
  { code = "name", label = "Tên" },
  { code = "pupils", label = "Nữ", type = "count", under = ["Học sinh"], over_units = "sum" },
  { code = "storeys", label = "Số tầng", type = "count" },
]
"""

FORM = Form.model_validate(tomllib.loads(TOML))
ROOMS: FormTable = FORM.tables[0]
ROSTER = Roster((Unit("a", "Trường A", "unit"), Unit("b", "Trường B", "unit")))
UNITS = calendar_of(ROSTER).units(parse_period("2024-Q1"))


def of_unit(total: float, solid: float, area: float, teachers: float = 1) -> dict[str, float | None]:
    return {
        "rooms.n1.total": total,
        "rooms.n1.solid": solid,
        "rooms.n1.old": total - solid,
        "rooms.n1_1.total": 1,
        "rooms.n2.total": area,
        "rooms.n2.solid": area,
        "teachers": teachers,
    }


# In the first quarter of 2024 A and B have 30 and 12 rooms; in the quarter before only A has said how many.
# B has said how many libraries it had then, and not now.
FIGURES: dict[str, dict[str, dict[str, float | None]]] = {
    "2023-Q4": {
        "a": of_unit(20, 15, 100.5),
        "b": {"rooms.n1_1.total": 4, "rooms.n2.total": 50.25, "teachers": 2},
    },
    "2024-Q1": {"a": of_unit(30, 18, 110.5), "b": of_unit(12, 12, 40)},
}
del FIGURES["2024-Q1"]["b"]["rooms.n1_1.total"]


def figures_of(period: str = "2024-Q1", estimates: tuple[tuple[str, str, str], ...] = ()) -> Summary:
    return summary_of(FIGURES, period, roster=ROSTER, form=FORM, estimates=estimates)
