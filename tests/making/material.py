"""What a report is made from: a small form, its units, figures of two years."""

from __future__ import annotations

from typing import Any

from reportctl.core.period import parse_period
from reportctl.figures.figures import Summary
from reportctl.figures.plan import Plan
from reportctl.figures.summary import summarise
from reportctl.form.model import Form
from reportctl.report.contents import ReportData
from reportctl.report.sentences import section_sentences
from reportctl.workspace.settings import Issuer, Settings
from reportctl.workspace.units import Roster, Unit
from tests.making.figures import FakeLedger, Figures, calendar_of

FORM = Form.model_validate(
    {
        "id": "form",
        "title": "Biểu",
        "kinds": [{"code": "district", "title": "Huyện"}],
        "sections": [
            {
                "code": "training",
                "title": "Tập huấn",
                "title_en": "Training",
                "indicators": [
                    {
                        "code": "classes",
                        "label": "Lớp tập huấn",
                        "unit_of_measure": "lớp",
                        "unit_of_measure_en": "classes",
                        "sentence": "Mở {value}{change_year_ago}{change_previous}{of_plan}.",
                        "sentence_en": "{value} were held{change_year_ago}{of_plan}.",
                    },
                    {"code": "talks", "label": "Buổi nói chuyện", "unit_of_measure": "lớp"},
                    {
                        "code": "share",
                        "label": "Tỷ lệ",
                        "type": "percent",
                        "numerator": "talks",
                        "denominator": "classes",
                        "over_units": "ratio",
                        "over_time": "ratio",
                        "sentence": "Tỷ lệ đạt {value}{change_year_ago}.",
                    },
                    {"code": "staff", "label": "Cán bộ", "over_time": "last"},
                ],
            }
        ],
        "texts": [{"code": "results", "label": "Kết quả"}],
    }
)

ROSTER = Roster((Unit("a", "Huyện A", "district"), Unit("b", "Huyện B", "district")))

ISSUER = Issuer(name="Ban Tuyên giáo", short="BTG", recipients=("Tỉnh ủy", "Lưu Văn phòng"))

SETTINGS = Settings(issuer=ISSUER)

PLAN = {("a", "classes", 2024): 60.0, ("b", "classes", 2024): 40.0}


def both(classes: float, talks: float) -> dict[str, dict[str, float]]:
    return {unit: {"classes": classes, "talks": talks} for unit in "ab"}


# A and B the same: of each year 5, 10, 15, 20 classes, a fifth more in 2024; half as many talks, then more.
FIGURES: Figures = {
    **{f"2023-Q{n}": both(5 * n, 2.5 * n) for n in (1, 2, 3, 4)},
    **{f"2024-Q{n}": both(6 * n, 4.5 * n) for n in (1, 2, 3, 4)},
}


def material(period: str, figures: Figures = FIGURES, **more: Any) -> ReportData:
    ledger: Any = FakeLedger(figures)
    asked = parse_period(period)
    summary = summarise(ledger, FORM, calendar_of(ROSTER), Plan(PLAN), asked)
    units = calendar_of(ROSTER).units(asked)
    return ReportData(FORM, SETTINGS, summary, units, more.pop("texts", ()), more.pop("tables", {}), **more)


def sentence(form: Form, code: str, summary: Summary) -> str:
    """The indicator's sentence in the report; empty where it has none."""
    (section,) = (one for one in form.sections if form.indicators[code] in one.indicators)
    only = {"sentence": "", "sentence_en": "", "indicators": (form.indicators[code],)}
    printed = section_sentences(section.model_copy(update=only), summary)
    return "".join(paragraph.text for paragraph in printed)
