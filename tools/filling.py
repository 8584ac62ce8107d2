"""Plausible answers for the stock form, and typing them into its workbooks: for the sample and benchmarks."""

from __future__ import annotations

import datetime as dt
import io
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import openpyxl

from reportctl.core.period import Quarter
from reportctl.form.layout import ESTIMATE_MARK, YES, layout
from reportctl.form.model import Form, applies
from reportctl.workspace.units import Unit


@dataclass
class Filled:
    """What one unit types into its workbook."""

    values: dict[str, Any] = field(default_factory=dict)
    estimates: set[str] = field(default_factory=set)
    texts: dict[str, str] = field(default_factory=dict)
    lists: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


TITLES = {
    "conferences": (
        "Hội nghị giao ban công tác tuyên truyền {quarter}",
        "Hội nghị quán triệt, triển khai nghị quyết chuyên đề",
        "Hội nghị sơ kết công tác thông tin cơ sở",
        "Hội nghị cung cấp thông tin cho báo cáo viên",
        "Hội nghị triển khai cuộc thi chính luận",
    ),
    "classes": (
        "Tập huấn nghiệp vụ truyền thanh cơ sở",
        "Bồi dưỡng kỹ năng viết tin, bài cho cộng tác viên",
        "Tập huấn vận hành trang, nhóm cộng đồng chính thức",
        "Bồi dưỡng nghiệp vụ báo cáo viên, tuyên truyền viên",
    ),
}
VENUES = ("Hội trường UBND", "Trung tâm Chính trị", "Nhà văn hóa trung tâm", "Hội trường cơ quan")
TEXTS = {
    "results": (
        "Phối hợp các ban, ngành tổ chức tuyên truyền dịp kỷ niệm các ngày lễ lớn; thực hiện {n} chuyên "
        "đề trên hệ thống truyền thanh cơ sở.\n- Hoàn thành lắp đặt {m} cụm loa thông minh.\n"
        "- Duy trì đều bản tin hằng tháng tới chi bộ, tổ dân phố.",
        "Mở đợt tuyên truyền cao điểm về chuyển đổi số; {n} khu dân cư tham gia, {m} tuyến đường có cụm "
        "pa nô mới.",
        "Trang thông tin chính thức đăng đều các tuyến bài về nông thôn mới; {n} bài đạt trên {m} nghìn "
        "lượt đọc.",
        "Tổ chức {n} buổi đối thoại giữa lãnh đạo địa phương và nhân dân; trả lời {m} kiến nghị tại chỗ.",
    ),
    "strengths": (
        "Công tác chỉ đạo kịp thời, bám sát kế hoạch năm; {n} nhiệm vụ hoàn thành trước thời hạn.",
        "Đội ngũ báo cáo viên được kiện toàn với {m} người, nội dung gắn với nhiệm vụ của địa phương.",
        "Thông tin chính thức được cung cấp trong vòng {m} giờ; phối hợp giữa {n} cơ quan chặt chẽ hơn.",
    ),
    "limits": (
        "Một số đài truyền thanh cơ sở đã xuống cấp, {n} đài phải sửa chữa nhiều lần trong kỳ.",
        "Tin, bài chuyên sâu còn ít, mới chiếm {m}%; hình thức thể hiện chưa thật sự hấp dẫn.",
        "Kinh phí cấp chậm nên {n} hoạt động phải lùi sang kỳ sau.",
    ),
    "causes": (
        "Thiết bị đã sử dụng trên {n} năm; nguồn kinh phí thay thế còn hạn chế.",
        "Có {n} cán bộ kiêm nhiệm nhiều việc, chưa được bồi dưỡng thường xuyên về kỹ năng số.",
        "Việc phối hợp cung cấp thông tin ở {n} đơn vị còn chậm.",
    ),
    "tasks": (
        "Tuyên truyền các ngày lễ lớn trong quý; mở {n} lớp bồi dưỡng nghiệp vụ cho cơ sở.",
        "Tiếp tục nâng cấp hệ thống truyền thanh; hoàn thành {n} cụm loa theo kế hoạch.",
        "Phát động đợt viết bài cho cuộc thi chính luận; phấn đấu có {n} tác phẩm gửi dự thi.",
    ),
    "recommendations": (
        "Đề nghị cấp tỉnh hỗ trợ kinh phí sửa chữa {n} đài truyền thanh cơ sở.",
        "Đề nghị mở thêm {n} lớp tập huấn về sản xuất nội dung số cho cán bộ cơ sở.",
        "Đề nghị ban hành hướng dẫn thống nhất về vận hành {m} trang cộng đồng chính thức.",
    ),
}
SCALES = {
    "district": 1.0, "commune": 0.3, "ward": 0.3, "special_zone": 0.2, "department": 0.5, "press": 0.8,
}  # fmt: skip
BASES = {
    "documents_issued": 14, "meetings_held": 6, "inspections_held": 4, "talks_held": 7, "press_print": 140,
    "press_radio": 190, "press_tv": 110, "press_online": 160, "press_columns": 5, "speakers_total": 24,
    "bulletins_issued": 900, "grassroots_talks": 26, "visual_items": 75, "pages_total": 4, "groups_total": 3,
    "community_members": 21000, "community_posts": 320, "corrections_press": 3, "corrections_online": 6,
    "corrections_speaker": 4, "entries_journal": 4, "entries_newspaper": 9, "entries_audio": 3,
    "entries_video": 4, "staff_total": 9,
}  # fmt: skip
MEDIA = ("print", "radio", "tv", "online")
STOCKS = {"press_columns", "speakers_total", "pages_total", "groups_total", "staff_total"}


def answers(form: Form, unit: Unit, quarter: Quarter) -> Filled:
    """Plausible answers that keep every rule of the stock form; the same for the same unit and quarter."""
    steady = random.Random(unit.code)
    chance = random.Random(f"{unit.code} {quarter}")
    size = SCALES[unit.kind] * steady.uniform(0.7, 1.4)
    growth = 1 + 0.03 * (quarter.year * 4 + quarter.number - 8093)
    filled = Filled()
    for code, base in BASES.items():
        wobble = 1.0 if code in STOCKS else chance.uniform(0.8, 1.25) * growth
        filled.values[code] = max(0, round(base * size * wobble))
    asked = {i.code for section in form.sections for i in section.indicators if applies(i, unit.kind)}
    derive(filled.values, asked, quarter, chance)
    for section in form.lists:
        filled.lists[section.code] = list(events(section.code, quarter, chance))
    conferences, classes = filled.lists["conferences"], filled.lists["classes"]
    filled.values |= {
        "conferences_held": len(conferences),
        "conference_attendance": sum(row["attendance"] for row in conferences),
        "classes_held": len(classes),
        "training_attendance": sum(row["participants"] for row in classes),
    }
    filled.values = {code: value for code, value in filled.values.items() if code in asked}
    if any(table.code == "press_media" for table in form.tables):
        filled.values |= by_genre(filled.values, random.Random(f"genres {unit.code} {quarter}"))
    for question in form.texts:
        if question.required or chance.random() < 0.6:
            patterns = chance.sample(TEXTS[question.code], 2)
            said = (text.format(n=chance.randint(2, 9), m=chance.randint(11, 40)) for text in patterns)
            filled.texts[question.code] = "\n".join(said)
    return filled


def derive(values: dict[str, Any], asked: set[str], quarter: Quarter, chance: random.Random) -> None:
    """The figures that follow from others: totals, parts of wholes, attendance, shares of money."""

    def total(*codes: str) -> int:
        return sum(values[code] for code in codes if code in asked)

    values["annual_plan"] = YES
    values["meeting_attendance"] = values["meetings_held"] * chance.randint(18, 45)
    values["talk_attendance"] = values["talks_held"] * chance.randint(60, 140)
    values["press_total"] = total("press_print", "press_radio", "press_tv", "press_online")
    values["speakers_working"] = values["speakers_total"] - chance.randint(
        0, min(4, values["speakers_total"])
    )
    values["broadcast_hours"] = chance.choice((1.5, 2, 2.25, 2.5, 3))
    values["grassroots_attendance"] = values["grassroots_talks"] * chance.randint(30, 90)
    values["community_reach"] = values["community_posts"] * chance.randint(300, 1200)
    values["community_interactions"] = values["community_reach"] // chance.randint(8, 25)
    values["corrections_total"] = total("corrections_press", "corrections_online", "corrections_speaker")
    values["corrections_prompt"] = values["corrections_total"] * chance.randint(5, 10) // 10
    if quarter.number == 1:  # the contest is called in the second quarter
        for code in ("entries_journal", "entries_newspaper", "entries_audio", "entries_video"):
            values[code] //= 4
    values["contest_entries"] = total(
        "entries_journal", "entries_newspaper", "entries_audio", "entries_video"
    )
    values["entries_forwarded"] = values["contest_entries"] // 4
    values["contest_rounds"] = {1: 0, 2: 1, 3: 1, 4: 1}[quarter.number]
    values["contest_stage"] = ("Đang nhận bài", "Đang nhận bài", "Đang chấm", "Đã tổng kết")[
        quarter.number - 1
    ]
    values["budget_planned"] = values["staff_total"] * 35.5
    values["budget_spent"] = round(values["budget_planned"] * chance.uniform(0.7, 0.98), 1)
    values["staff_fulltime"] = values["staff_total"] // 2


def by_genre(values: dict[str, Any], chance: random.Random) -> dict[str, int]:
    """The cells of the table `press_media`: the stories of each medium that the unit has by genre."""
    cells: dict[str, int] = {}
    for medium in (one for one in MEDIA if f"press_{one}" in values):
        stories = values[f"press_{medium}"]
        features = stories * chance.randint(3, 9) // 100
        articles = stories * chance.randint(28, 42) // 100
        by_code = {"news": stories - articles - features, "articles": articles, "features": features}
        cells |= {f"press_media.{medium}.{genre}": number for genre, number in by_code.items()}
    return cells


def events(code: str, quarter: Quarter, chance: random.Random) -> Iterator[dict[str, Any]]:
    """The rows of one list."""
    window = quarter.window()
    days = (window.last - window.first).days
    held = sorted(chance.sample(range(days), chance.randint(1, 4 if code == "conferences" else 2)))
    for day in held:
        row: dict[str, Any] = {
            "date": window.first + dt.timedelta(days=day),
            "title": chance.choice(TITLES[code]).format(quarter=f"quý {quarter.roman}"),
            "venue": chance.choice(VENUES),
        }
        if code == "conferences":
            row["attendance"] = chance.randint(40, 180)
        else:
            row |= {"days": chance.choice((1, 1.5, 2)), "participants": chance.randint(25, 90)}
        yield row


def typed(data: bytes, form: Form, unit: Unit, filled: Filled) -> bytes:
    """The workbook `data` with the answers typed into its input cells."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    places = layout(form, unit.kind)
    for code, value in filled.values.items():
        line = places.indicators.get(code)
        at = line.value if line else places.cells[code][1]
        book[at.sheet][at.cell] = value
        if line and code in filled.estimates:
            book[line.estimate.sheet][line.estimate.cell] = ESTIMATE_MARK
    for code, text in filled.texts.items():
        place = places.texts[code].value
        book[place.sheet][place.cell] = text
    for code, rows in filled.lists.items():
        for number, row in enumerate(rows, 1):
            for column, value in row.items():
                place = places.lists[code].place(column, number)
                book[place.sheet][place.cell] = value
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()
