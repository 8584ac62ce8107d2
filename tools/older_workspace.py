"""Make the workspace that later versions of the program must read with the same figures, and use it.

    python -m tools.older_workspace FILE.zip

makes it with the program of this source tree. The committed tests/fixtures/older-workspace.zip was made by
version 0.1.0 and stays as it is: made anew, it would hold the program to nothing. tests/office uses it.

The zip holds two folders. `office/` is a workspace of four quarters of 2025, the old districts giving way to
communes on 1 July: workbooks sent out and returned, everything that is decided (received, accepted,
corrected, closed, reopened, imported), closed/, archive/, the ledger, and a report that people have edited.
`expected/` holds what the program said of it: of the workspace as it stands, and after each step of `later`,
which a newer program repeats.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import docx
import openpyxl

from tools import edited_files

ROOT = Path(__file__).parent.parent
FIXTURE = ROOT / "tests" / "fixtures" / "older-workspace.zip"
OFFICE = "office"
REPORT = f"{OFFICE}/output/2025-Q4/report-2025-Q4.docx"

Run = Callable[..., str]  # runs the command line in the folder above the workspace; gives standard output

# ---- what the office has written

SETTINGS = """language = "vi"
style = "state"
current = "2025-Q4"
data_window = "decree"

[issuer]
superior = "UBND tỉnh An Lạc"
name = "Sở Thông tin"
short = "STT"
place = "An Lạc"

[deadlines]
default = { days_after = 3 }
press = { month = 3, day = 12 }

[cells]
dash = "zero"

[findings]
number_as_text = "note"
"""

UNITS = """code,name,kind,parent,valid_from,valid_to,predecessors,contact
D1,Huyện Đông,district,,2020-01-01,2025-06-30,,"Văn phòng, 0200.1"
D2,Huyện Tây,district,,2020-01-01,2025-06-30,,"Văn phòng, 0200.2"
D3,Huyện Nam,district,,2020-01-01,2025-06-30,,"Văn phòng, 0200.3"
X1,Xã Đông Tây,commune,,2025-07-01,,D1;D2,"Văn phòng, 0200.4"
X2,Xã Nam Thượng,commune,,2025-07-01,,D3,"Văn phòng, 0200.5"
X3,Xã Nam Hạ,commune,,2025-07-01,,D3,"Văn phòng, 0200.6"
S1,Sở Văn hóa,department,,2020-01-01,2025-06-30,,"Văn phòng, 0200.7"
S1,Sở Văn hóa và Du lịch,department,,2025-07-01,,,"Văn phòng, 0200.7"
B1,Báo An Lạc,press,,2020-01-01,,,"Tòa soạn, 0200.8"
"""

PLAN = """unit,indicator,year,value
D1,stories_total,2025,220
D2,stories_total,2025,240
D3,stories_total,2025,260
B1,stories_total,2025,900
S1,meetings_held,2025,12
B1,meetings_held,2025,14
"""

FORM = """id = "quarterly"
title = "Báo cáo quý"
title_en = "Quarterly report"

[[kinds]]
code = "district"
title = "Cấp huyện"
[[kinds]]
code = "commune"
title = "Cấp xã"
[[kinds]]
code = "department"
title = "Sở, ngành"
[[kinds]]
code = "press"
title = "Báo chí"

[[sections]]
code = "direction"
title = "Chỉ đạo"
sentence = "Có {annual_plan.value} đã có kế hoạch năm."

[[sections.indicators]]
code = "meetings_held"
label = "Cuộc họp"
unit_of_measure = "cuộc"
min = 0
sentence = "Tổ chức {value} họp{change_year_ago}{of_plan}, với {meeting_attendance.value} dự."
sentence_zero = "Không tổ chức cuộc họp."

[[sections.indicators]]
code = "meeting_attendance"
label = "Lượt người dự họp"
unit_of_measure = "lượt người"
per = "meetings_held"
min = 0

[[sections.indicators]]
code = "annual_plan"
label = "Đã có kế hoạch năm"
type = "yes_no"
over_time = "last"

[[sections.indicators]]
code = "stage"
label = "Giai đoạn cuộc thi"
type = "choice"
choices = ["Chưa mở", "Đang nhận bài", "Đã tổng kết"]
over_units = "none"
over_time = "none"

[[sections.indicators]]
code = "inspected_on"
label = "Ngày kiểm tra gần nhất"
type = "date"
over_units = "none"
over_time = "none"
required = false

[[sections.indicators]]
code = "remark"
label = "Ghi chú"
type = "text"
over_units = "none"
over_time = "none"
required = false

[[sections]]
code = "press"
title = "Thông tin"
chart = "line"
chart_of = "stories_total"

[[sections.indicators]]
code = "stories_total"
label = "Tin, bài"
unit_of_measure = "tin, bài"
applies_to = ["district", "commune", "press"]
min = 0
sentence = "Đăng, phát {value}{change_previous}{of_plan}."

[[sections.indicators]]
code = "stories_print"
label = "Tin, bài báo in"
unit_of_measure = "tin, bài"
applies_to = ["press"]
part_of = "stories_total"
min = 0

[[sections.indicators]]
code = "stories_online"
label = "Tin, bài điện tử"
unit_of_measure = "tin, bài"
applies_to = ["district", "commune", "press"]
part_of = "stories_total"
min = 0

[[sections.indicators]]
code = "members"
label = "Lượt theo dõi"
unit_of_measure = "lượt người"
over_time = "last"
min = 0
sentence = "Đến cuối kỳ có {value} theo dõi{change_previous}."

[[sections.indicators]]
code = "stories_year"
label = "Tin, bài lũy kế từ đầu năm"
unit_of_measure = "tin, bài"
applies_to = ["press"]
over_time = "last"
cumulative = true
min = 0

[[sections.indicators]]
code = "broadcast_hours"
label = "Thời lượng bình quân ngày"
unit_of_measure = "giờ"
type = "number"
applies_to = ["district", "commune"]
over_units = "mean"
over_time = "mean"
required = false
min = 0
max = 24

[[sections.indicators]]
code = "longest"
label = "Chương trình dài nhất"
unit_of_measure = "phút"
over_units = "max"
over_time = "max"
required = false
min = 0

[[sections.indicators]]
code = "shortest"
label = "Chương trình ngắn nhất"
unit_of_measure = "phút"
over_units = "min"
over_time = "min"
required = false
min = 0

[[sections]]
code = "budget"
title = "Kinh phí"

[[sections.indicators]]
code = "budget_planned"
label = "Kinh phí được giao"
unit_of_measure = "triệu đồng"
type = "money"
min = 0

[[sections.indicators]]
code = "budget_spent"
label = "Kinh phí đã dùng"
unit_of_measure = "triệu đồng"
type = "money"
min = 0
sentence = "Đã dùng {value}{change_year_ago}, bằng {budget_share.value} kinh phí được giao."

[[sections.indicators]]
code = "budget_share"
label = "Tỷ lệ đã dùng"
unit_of_measure = "%"
type = "percent"
numerator = "budget_spent"
denominator = "budget_planned"
over_units = "ratio"
over_time = "ratio"

[[sections.indicators]]
code = "satisfied"
label = "Tỷ lệ hài lòng"
unit_of_measure = "%"
type = "percent"
over_units = "mean"
over_time = "last"
required = false

[[lists]]
code = "conferences"
title = "Hội nghị"
rows = 6
[[lists.columns]]
code = "date"
label = "Ngày"
type = "date"
[[lists.columns]]
code = "title"
label = "Tên"
type = "text"
[[lists.columns]]
code = "attendance"
label = "Lượt người"
type = "count"
min = 1

[[texts]]
code = "results"
label = "Kết quả"
required = true
max_words = 120
[[texts]]
code = "tasks"
label = "Nhiệm vụ kỳ tới"
max_words = 80

[[rules]]
code = "stories_added_up"
check = "stories_total = stories_print + stories_online"
message = "Tổng số tin, bài khác các dòng trong đó cộng lại."
[[rules]]
code = "budget_within"
check = "budget_spent <= budget_planned"
severity = "warning"
message = "Kinh phí đã dùng lớn hơn kinh phí được giao."
[[rules]]
code = "conferences_attended"
check = "total(conferences.attendance) <= meeting_attendance + 500"
severity = "note"
message = "Lượt người dự hội nghị nhiều hơn thường lệ."
"""

HISTORY = """unit,indicator,period,value
B1,stories_total,2024-Q1,190
B1,stories_total,2024-Q2,205
B1,stories_total,2024-Q4,215
S1,meetings_held,2024-Q1,2
B1,meetings_held,2024-Q4,4
B1,budget_spent,2024-Q4,"310,5"
,meetings_held,2024-Q3,17
B1,annual_plan,2024-Q4,Có
"""

TAGGED = (
    "{{issuer.name}}", "{{title}}", "{{lead}}", "{{sentences:direction}}", "{{table:direction}}",
    "{{sentences:press}}", "{{chart:press}}", "{{table:press}}", "{{sentences:budget}}", "{{table:province}}",
    "Tổng số tin, bài: {{stories_total}}; cuộc họp: {{meetings_held}}.", "{{text:results}}", "{{text:tasks}}",
    "{{table:units:press}}", "{{table:list:conferences}}", "{{table:reporting}}",
)  # fmt: skip

QUARTERS = {
    "2025-Q1": ("D1", "D2", "D3", "S1", "B1"),
    "2025-Q2": ("D1", "D2", "D3", "S1", "B1"),
    "2025-Q3": ("X1", "X2", "X3", "S1", "B1"),
    "2025-Q4": ("X1", "X2", "X3", "S1", "B1"),
    "2026-Q1": ("X1", "X2", "X3", "S1", "B1"),
}
LAST_MONTH = {"1": "03", "2": "06", "3": "09", "4": "12"}
SIZES = {"D1": 3, "D2": 4, "D3": 5, "X1": 7, "X2": 2, "X3": 3, "S1": 2, "B1": 11}


def day(quarter: str, number: int) -> str:
    """That day of the quarter's last month, as 2025-03-08."""
    return f"{quarter[:4]}-{LAST_MONTH[quarter[-1]]}-{number:02}"


def answers(unit: str, quarter: str) -> dict[str, Any]:
    """What a unit answers, by the defined names of its workbook; the rows of a list under `conferences`."""
    size, time = SIZES[unit], list(QUARTERS).index(quarter) + 1
    meetings, online = size % 3 + time % 2 + 1, 9 * size + 4 * time
    said: dict[str, Any] = {
        "meetings_held": meetings,
        "meeting_attendance": meetings * (20 + size),
        "annual_plan": "Có" if size + time > 4 else "Không",
        "stage": ("Chưa mở", "Đang nhận bài", "Đang nhận bài", "Đã tổng kết", "Chưa mở")[time - 1],
        "inspected_on": f"{1 + size:02}/{LAST_MONTH[quarter[-1]]}/{quarter[:4]}",
        "remark": f"Ghi chú {unit} {time}" if size % 2 else None,
        "members": 1000 * size + 37 * time,
        "longest": 30 + size + time,
        "shortest": 4 + (size * time) % 5,
        "budget_planned": 50.5 * size,
        "budget_spent": round(50.5 * size * (0.6 + 0.08 * time), 1),
        "satisfied": 0.8 + 0.01 * (size % 4) + 0.005 * time,
        "results": f"Đơn vị {unit} hoàn thành {size + time} nhiệm vụ trong kỳ.\n- Mở {time} lớp tập huấn.",
        "tasks": f"Tiếp tục triển khai {size} chuyên đề." if time % 2 else None,
    }
    if unit[0] in "DX":
        said |= {"stories_total": online, "stories_online": online, "broadcast_hours": 1.5 + size / 4}
    if unit == "B1":
        said |= {"stories_print": 120 + time, "stories_online": 80 + time, "stories_total": 200 + 2 * time}
        said["stories_year"] = sum(200 + 2 * t for t in range(1, (time - 1) % 4 + 2))
    said["conferences"] = [
        (f"{3 + n:02}/{LAST_MONTH[quarter[-1]]}/{quarter[:4]}", f"Hội nghị {n} của {unit}", 40 + n + size)
        for n in range(1, size % 3 + 1)
    ]
    return said


def filled(data: bytes, said: Mapping[str, Any], estimates: tuple[str, ...] = ()) -> bytes:
    """A workbook that was sent out with the answers typed in, as openpyxl saves it.

    Cells are found by the defined names, which are a promise to whoever fills in workbooks by program.
    """
    book = openpyxl.load_workbook(io.BytesIO(data))
    for name, value in said.items():
        if name not in book.defined_names:
            continue
        sheet, address = next(iter(book.defined_names[name].destinations))
        first = book[sheet][address.replace("$", "").split(":")[0]]
        if name == "conferences":
            for down, row in enumerate(value):
                for right, one in enumerate(row):
                    book[sheet].cell(first.row + down, first.column + right).value = one
            continue
        first.value = value
        if name in estimates:
            book[sheet].cell(first.row, first.column + 1).value = "x"
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


# ---- making it


def program(folder: Path) -> Run:
    """Runs the program of this source tree in `folder`."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "LOGNAME": "officer", "REPORTCTL_LANG": "en"}

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "reportctl", *arguments],
            cwd=folder,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        if done.returncode not in (0, 1):
            raise RuntimeError(f"reportctl {' '.join(arguments)}: {done.stderr}")
        return done.stdout

    return run


def make(folder: Path, run: Run) -> None:
    """Make the workspace `office` in `folder`, quarter by quarter as an office does."""
    office = folder / OFFICE
    office.mkdir()
    for name, text in (
        ("reportctl.toml", SETTINGS),
        ("units.csv", UNITS),
        ("plan.csv", PLAN),
        ("form.toml", FORM),
    ):
        (office / name).write_text(text, encoding="utf-8", newline="")
    document = docx.Document()
    for line in TAGGED:
        document.add_paragraph(line)
    document.save(str(office / "report.docx"))
    (folder / "history.csv").write_text(HISTORY, encoding="utf-8")

    def command(*arguments: str) -> str:
        return run("-w", OFFICE, *arguments)

    command("history", "history.csv")
    (folder / "history.csv").unlink()
    for quarter, units in QUARTERS.items():
        if quarter == "2026-Q1":
            break
        command("template", quarter)
        for unit in units:
            if (quarter, unit) != ("2025-Q4", "X3"):
                _return(office, unit, quarter)
        command("merge", quarter)
        _decide(office, quarter, command)
    command("report", "2025-Q4")
    path = folder / REPORT
    said = edited_files.with_paragraph(path.read_bytes(), "Văn phòng viết thêm một đoạn.")
    said = edited_files.with_controlled_text(said, "sentences:press", "Đã đăng, phát", "Đăng, phát")
    said = edited_files.with_controlled_text(said, "meetings_held", "99")
    path.write_bytes(said)
    command(
        "correct", "2025-Q4", "S1", "meetings_held", "6", "--why", "đơn vị báo lại sau khi đã lập báo cáo"
    )


def _return(office: Path, unit: str, quarter: str) -> None:
    """What a unit sends for a quarter: filled in as it should be, but for some."""
    said = answers(unit, quarter)
    estimates: tuple[str, ...] = ()
    match quarter, unit:
        case "2025-Q1", "D2":
            _put(office, unit, quarter, said | {"meetings_held": 1, "members": "1.004"}, at=8)
        case "2025-Q2", "D3":
            said |= {"stories_total": said["stories_total"] + 5, "budget_spent": "khoảng 200"}
        case "2025-Q3", "X2":
            said |= {"members": "-", "longest": "KAD", "shortest": None}
        case "2025-Q4", "X1":
            estimates = ("stories_total", "budget_spent")
        case "2025-Q4", "X2":
            said |= {"stories_total": said["stories_total"] + 3, "meetings_held": "5 cuộc"}
    _put(office, unit, quarter, said, at=10, estimates=estimates, zipped=(quarter, unit) == ("2025-Q4", "B1"))


def _put(
    office: Path,
    unit: str,
    quarter: str,
    said: Mapping[str, Any],
    *,
    at: int,
    estimates: tuple[str, ...] = (),
    zipped: bool = False,
) -> None:
    """Put the unit's workbook from the outbox, filled in, into the inbox under that day."""
    sent = next((office / "outbox" / quarter).glob(f"{unit} *.xlsx"))
    target = office / "inbox" / quarter / day(quarter, at) / sent.name
    target.parent.mkdir(parents=True, exist_ok=True)
    data = filled(sent.read_bytes(), said, estimates)
    if zipped:
        target, data = target.with_suffix(".zip"), edited_files.zipped({f"Báo cáo/{sent.name}": data})
    target.write_bytes(data)


def _decide(office: Path, quarter: str, command: Run) -> None:
    match quarter:
        case "2025-Q1":
            command("close", quarter, "--why", "họp giao ban")
        case "2025-Q2":
            command("accept", quarter, "D3", "--why", "xác nhận qua điện thoại")
            command("correct", quarter, "B1", "stories_print", "130", "--why", "đếm lại")
            command("correct", quarter, "B1", "stories_total", "212", "--why", "đếm lại")
            command("close", quarter, "--why", "họp giao ban")
            command("reopen", quarter, "--why", "Huyện Tây gửi lại")
        case "2025-Q3":
            command("correct", quarter, "X3", "members", "3300", "--why", "đơn vị báo lại")
            _put(office, "X3", quarter, answers("X3", quarter) | {"members": 3333}, at=20)
            command("correct", quarter, "S1", "budget_spent", "90,5", "--why", "đơn vị báo lại")
            command("merge", quarter)
            command("close", quarter)
        case "2025-Q4":
            command("correct", quarter, "B1", "members", "11500", "--why", "đơn vị báo lại")


# ---- what is said of it, and of what is done with it later


def all_figures(folder: Path, run: Run) -> Iterator[tuple[str, str]]:
    """The figures of all periods of the workspace in `folder`, by the name of a file."""

    def command(*arguments: str) -> str:
        return run("-w", OFFICE, *arguments)

    for period in ("2024-Q4", "2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2025-H1", "2025-9M", "2025"):
        yield f"summary {period}.json", command("summary", period, "--format", "json")
    for period in ("2025-Q2", "2025-Q4"):
        by_unit = command("summary", period, "--by", "unit", "--format", "json")
        yield f"summary {period} by unit.json", by_unit
    for quarter in ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"):
        yield f"status {quarter}.json", command("status", quarter, "--format", "json")
    for period, code in (
        ("2025-Q2", "stories_total"),
        ("2025-Q3", "members"),
        ("2025", "budget_share"),
        ("2025-9M", "broadcast_hours"),
        ("2024-Q4", "meetings_held"),
    ):
        yield f"trace {period} {code}.json", command("trace", period, code, "--format", "json")
    for period in ("2025", "2024"):
        yield f"values {period}.json", _exported(folder, command, period)


def _exported(folder: Path, command: Run, period: str) -> str:
    """Every value of a period, as the program exports it."""
    path = folder / "values.json"
    command("export", period, "--to", "json", "--out", path.name)
    text = path.read_text(encoding="utf-8")
    path.unlink()
    return text


def later(folder: Path, run: Run) -> Iterator[tuple[str, str]]:
    """Work on with the workspace in `folder`; gives what is said at each step, by the name of a file.

    Names begin with the step.
    """
    office = folder / OFFICE

    def command(*arguments: str) -> str:
        return run("-w", OFFICE, *arguments)

    def some(step: str) -> Iterator[tuple[str, str]]:
        for period in ("2025-Q1", "2025-Q4", "2025"):
            yield f"{step}/summary {period}.json", command("summary", period, "--format", "json")
        yield f"{step}/status 2025-Q4.json", command("status", "2025-Q4", "--format", "json")
        yield f"{step}/values 2025.json", _exported(folder, command, "2025")

    yield "refresh/check.json", command("refresh", REPORT, "--check", "--format", "json")
    yield "refresh/done.json", command("refresh", REPORT, "--format", "json")
    yield "refresh/check again.json", command("refresh", REPORT, "--check", "--format", "json")
    yield "refresh/text.txt", text_of((folder / REPORT).read_bytes())
    command("accept", "2025-Q4", "X2", "--why", "xác nhận qua điện thoại")
    command("correct", "2025-Q4", "X1", "stories_total", "100", "--why", "đếm lại")
    command("correct", "2025-Q4", "X1", "stories_online", "100", "--why", "đếm lại")
    yield from some("decided")
    yield "decided/check.json", command("refresh", REPORT, "--check", "--format", "json")
    _put(office, "X3", "2025-Q4", answers("X3", "2025-Q4"), at=16)
    command("merge", "2025-Q4")
    yield from some("returned")
    command("reopen", "2025-Q1", "--why", "sửa số liệu")
    command("correct", "2025-Q1", "D1", "members", "3100", "--why", "đơn vị báo lại")
    command("close", "2025-Q4", "--why", "họp giao ban")
    yield from some("closed")
    command("template", "2026-Q1")
    for unit in ("X1", "B1"):
        _put(office, unit, "2026-Q1", answers(unit, "2026-Q1"), at=10)
    command("merge", "2026-Q1")
    yield "next/summary 2026-Q1.json", command("summary", "2026-Q1", "--format", "json")
    yield "next/status 2026-Q1.json", command("status", "2026-Q1", "--format", "json")
    command("report", "2026-Q1", "--out", "next.docx")
    yield "next/text.txt", text_of((folder / "next.docx").read_bytes())


def text_of(document: bytes) -> str:
    """The text of a Word document's body, a paragraph a line."""
    body = edited_files.unzipped(document)["word/document.xml"].decode()
    paragraphs = re.findall(r"<w:p[ >].*?</w:p>", body, re.DOTALL)
    texts = ("".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", paragraph)) for paragraph in paragraphs)
    return "".join(f"{text}\n" for text in texts if text)


def packed(folder: Path, names: Iterator[Path]) -> bytes:
    """A zip archive of those files of a folder, compressed, with their times."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in names:
            archive.write(path, path.relative_to(folder).as_posix())
    return target.getvalue()


def main(target: Path) -> None:
    """Write the zip to `target`."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run = program(folder)
        make(folder, run)
        # The lock says which computer made it; it is no part of the workspace.
        found = (path for path in (folder / OFFICE).rglob("*") if path.is_file() and path.suffix != ".lock")
        files = sorted(found)
        office = packed(folder, iter(files))
        expected = {f"now/{file}": said for file, said in all_figures(folder, run)}
        expected |= dict(later(folder, run))
    both = io.BytesIO(office)
    with zipfile.ZipFile(both, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file, said in expected.items():
            archive.writestr(
                zipfile.ZipInfo(f"expected/{file}", (2025, 12, 20, 0, 0, 0)), said, zipfile.ZIP_DEFLATED
            )
    target.write_bytes(both.getvalue())
    print(f"{target.name}: {len(both.getvalue()) // 1024} KB, {len(files)} files, {len(expected)} expected")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
