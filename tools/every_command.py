"""Run the sample through every command of the program, and keep what each says and writes.

Every run of the program is a case of its own: a text file with the command line, the exit code, what was said
on both streams and which files are gone, and beside it the files that were written. The files that arrive
are made from the sample's by `tools.edited_files`, so that they are the same bytes each time.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tools import edited_files as edit
from tools.edited_files import Day, Error, Formula

# The ledger, its lock and the list of written files hold times, and are made from all else.
LEFT_OUT = re.compile(r"reportctl\.db.*|\.reportctl-written\.json")
FIGURES, TEXTS, CONFERENCES = "Số liệu", "Phần lời", "Danh mục hội nghị"  # sheets of the sample's workbooks
_TIMEOUT = 300.0  # seconds


@dataclass
class Runner:
    """Runs the program in the folder `work` in one language and keeps the results in `results`.

    `command` starts the program, `environment` is all that it is told of its surroundings.
    """

    lang: str
    command: list[str]
    environment: dict[str, str]
    work: Path
    results: Path
    stage: str = ""
    cases: int = 0
    called: set[str] = field(default_factory=set)
    _known: dict[str, tuple[int, int]] = field(default_factory=dict)

    def __call__(self, *arguments: str, name: str = "", **environment: str) -> str:
        """Run one command line; returns what it printed on standard output. `name` tells the case from others
        of the stage with the same command line; `environment` is set for this case alone."""
        code, out, err = self._run(arguments, environment)
        self._keep(arguments, name, f"exit code {code}\n", out, err)
        return out

    def office(self, *arguments: str, name: str = "", **environment: str) -> str:
        """The same in the workspace `office`."""
        return self("-w", "office", *arguments, name=name, **environment)

    def terminal(self, columns: int, *arguments: str) -> None:
        """The same with standard output on a terminal of that width; what goes to standard error is read
        through a pipe, because a progress bar is another one in each run."""
        import fcntl
        import pty
        import struct
        import termios
        import threading

        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        read: list[bytes] = []

        def reading() -> None:
            while True:
                try:
                    data = os.read(master, 65536)
                except OSError:  # how Linux tells that the other end is closed
                    return
                if not data:
                    return
                read.append(data)

        reader = threading.Thread(target=reading)
        reader.start()
        try:
            done = subprocess.run(
                self._line(("-w", "office", *arguments)),
                cwd=self.work,
                env=self.environment | {"TERM": "xterm-256color"},
                stdin=subprocess.DEVNULL,
                stdout=slave,
                stderr=subprocess.PIPE,
                timeout=_TIMEOUT,
                check=False,
            )
        finally:
            os.close(slave)
            reader.join()
            os.close(master)
        out = b"".join(read).decode("utf-8", "replace").replace("\x1b", "<ESC>").replace("\r\n", "\n")
        name = f"terminal {columns}"
        self._keep(
            ("-w", "office", *arguments), name, f"exit code {done.returncode}\n", out, done.stderr.decode()
        )

    def _line(self, arguments: tuple[str, ...]) -> list[str]:
        return [*self.command, "--lang", self.lang, *arguments]

    def _run(self, arguments: tuple[str, ...], environment: dict[str, str]) -> tuple[int, str, str]:
        done = subprocess.run(
            self._line(arguments),
            cwd=self.work,
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT,
            check=False,
        )
        out, err = (stream.decode("utf-8", "replace") for stream in (done.stdout, done.stderr))
        if "Traceback (most recent call last)" in err:
            raise RuntimeError(f"the program failed at {' '.join(arguments)}:\n{err}")
        return done.returncode, out, err

    def _keep(self, arguments: tuple[str, ...], name: str, ended: str, out: str, err: str) -> None:
        self.cases += 1
        self.called |= set(arguments)
        words = " ".join([*arguments, *([f"({name})"] if name else [])]).removeprefix("-w office")
        title = re.sub(r"[^\w.,=()+ -]+", "_", words.strip() or "no command")[:90]
        case = self.results / self.lang / self.stage / f"{title}.txt"
        if case.exists():
            raise ValueError(f"two cases are called {case.name} in the stage {self.stage}")
        case.parent.mkdir(parents=True, exist_ok=True)
        written, gone = self.look()
        for path in written:
            target = case.with_suffix(".files") / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self.work / path, target)
        files = "".join(f"gone: {path}\n" for path in gone)  # what was written stands beside
        said = f"$ reportctl {' '.join(arguments)}\n{ended}{files}--- standard output\n{out}"
        case.write_text(f"{said}--- standard error\n{err}", encoding="utf-8", newline="")

    def look(self) -> tuple[list[str], list[str]]:
        """The files of the folder that are new or changed since the last look, and those that are gone."""
        present = {}
        for base, _folders, names in os.walk(self.work):
            for name in names:
                if not LEFT_OUT.fullmatch(name):
                    path = Path(base, name)
                    status = path.stat()
                    inside = path.relative_to(self.work).as_posix()
                    present[inside] = (status.st_size, status.st_mtime_ns)
        written = sorted(path for path, seen in present.items() if self._known.get(path) != seen)
        gone = sorted(self._known.keys() - present.keys())
        self._known = present
        return written, gone


def commands(run: Runner) -> list[str]:
    """The names of all commands, as the help lists them."""
    _code, out, _err = run._run(("--help",), {})
    return re.findall(r"^│ ([a-z]+) ", out, re.MULTILINE)


def everything(run: Runner) -> None:
    """All cases, one after the other; the workspace goes from one stage to the next."""
    for name, stage in STAGES.items():
        run.stage = name
        stage(run)
    missing = set(commands(run)) - run.called
    if missing:
        raise ValueError(f"no case runs {', '.join(sorted(missing))}")


# ---- the stages


def helped(run: Runner) -> None:
    """Help of every command."""
    run("--help")
    run("--version")
    for command in commands(run):
        run(command, "--help")


def sample(run: Runner) -> None:
    """The sample, and all that only shows what is there."""
    run("demo", "office")
    run("demo", "office", name="again")
    run.office()
    run.office("form")
    run.office("form", "--check")
    run.office("form", "--try")
    for format_ in ("json", "csv", "markdown"):
        run.office("form", "--format", format_)
    run.office("form", "--diff", "2023-Q4")
    run.office("form", "--to-workbook", "form.xlsx")
    run.office("form", "--from-workbook", "form.xlsx")
    run.office("form", "--tags")
    run.office("form", "--tags", "2023", "--format", "json")
    for what in (
        [],
        ["--list"],
        ["--remind"],
        ["--unit", "007"],
        ["--unit", "004"],
        ["--remind", "--unit", "S05"],
    ):
        run.office("status", *what)
    for format_ in ("json", "csv", "markdown"):
        run.office("status", "--format", format_)
        run.office("status", "--unit", "004", "--format", format_)
    run.office("status", "--remind", "--format", "json")
    run.office("status", "--remind", "--format", "csv")
    for ending in ("csv", "json", "md", "txt"):
        run.office("status", "--remind", "--out", f"remind.{ending}")
    run.office("status", "--list", "--format", "csv")
    run.office("status", "2023-Q4")
    run.office("validate")
    for format_ in ("json", "csv", "markdown"):
        run.office("validate", "--format", format_)
    run.office("validate", "2024-Q1", _file("2024-03-13", "007 Huyen Hoa Luong.xlsx"), "--mark")
    run.office("merge", "Q1/2024", "--no-workbook")
    run.office("run")
    for by in ("indicator", "unit", "kind"):
        run.office("summary", "--by", by)
    run.office("summary", "--section", "press", "--section", "budget")
    run.office("summary", "--out", "summary.csv")
    run.office("summary", "--out", "nowhere/summary.csv")
    run.office("summary", "--by", "unit", "--section", "grassroots", "--format", "markdown")
    for table in ("press_media", "press_media.radio", "press_media.*.all"):
        run.office("summary", "--table", table)
    run.office("summary", "--by", "unit", "--table", "press_media", "--format", "csv")
    run.office("summary", "--by", "unit", "--format", "json")
    run.office("summary", "--by", "unit", "--format", "csv")
    run.office("summary", "--by", "kind", "--format", "json")
    run.office("summary", "--format", "json")
    run.office("summary", "--format", "csv")
    run.office("summary", "--format", "markdown")
    for period in ("2023", "2023-9M", "2023-Q3"):
        run.office("summary", period)
    run.office("summary", "2023-H1", "--format", "json")
    run.office("trace", "press_total")
    run.office("trace", "press_media.total.features")
    run.office("trace", "conferences")
    run.office("trace", "budget_share", "--unit", "001", "--format", "json")
    run.office("trace", "2023", "speakers_total", "--format", "csv")
    run.office("trace", "2023-9M", "broadcast_hours", "--format", "json")
    run.office("trace", "annual_plan", "--format", "markdown")
    for to in ("xlsx", "csv", "lists", "json", "parquet"):
        run.office("export", "--to", to)
    run.office("export", "--to", "parquet", "--all")
    run.office("export", "2023", "--to", "json", "--out", "year.json")
    run.office("export", "2023-H1", "--out", "half.xlsx")
    run.office("report", "--style", "party", "--out", "party.docx")
    run.office("report", "--style", "state", "--out", "state.docx", "--evidence")
    run.office("report", "2023", "--evidence")
    run.office("report", "--template", "tom-tat", "--template", "don-vi", "--unit", "001")
    run.office("report", "--unit", "all")


def explained(run: Runner) -> None:
    """Every kind of finding."""
    for format_ in ("table", "json", "csv", "markdown"):
        said = run("explain", "--format", format_)
        if format_ == "json":
            codes = [kind["code"] for kind in json.loads(said)["findings"]]
    for code in codes:
        run("explain", code)
    run("explain", "tie", "--format", "json")
    run("explain", "tie", "--format", "markdown")
    run.office("explain", "tie", "--format", "csv")


def sent(run: Runner) -> None:
    """The workbooks to send out, and one that somebody has changed."""
    run.office("template", "--unit", "S05", "--unit", "001")
    run.office("template", "2024-Q2")
    path = run.work / "office/outbox/2024-Q2/002 Thi xa Van Khe.xlsx"
    path.write_bytes(edit.with_cells(path.read_bytes(), {"documents_issued": 3}))
    run.look()
    run.office("template", "2024-Q2", "--unit", "002", name="changed by somebody")


def edited(run: Runner) -> None:
    """A report that people have edited, renewed while figures change by what is decided."""
    report = run.work / "office/output/2024-Q1/report-2024-Q1.docx"
    document = edit.with_paragraph(report.read_bytes(), "Văn phòng viết thêm một đoạn.")
    document = edit.with_controlled_text(document, "title", "Kết quả công tác", "Kết quả hoạt động")
    document = edit.with_controlled_text(document, "sentences:press", "đăng, phát hơn", "đăng, phát")
    document = edit.with_table_cell(document, "table:province", "241", "250")
    document = edit.without_control(document, "section:budget")
    report.write_bytes(document)
    run.look()
    edited_file = "office/output/2024-Q1/report-2024-Q1.docx"
    run.office("refresh", edited_file, "--check")
    run.office("refresh", edited_file, "--check", "--format", "json")
    run.office("report", name="beside an edited one")
    run.office("accept", "007", "--why", "gọi điện xác nhận ngày 20/3")
    run.office("accept", "--all", "--why", "không còn báo cáo nào bị trả lại")
    run.office("correct", "2024-Q1", "001", "press_radio", "300", "--why", "đơn vị báo lại")
    run.office("correct", "S04", "contest_rounds", "1", "--why", "đơn vị báo lại")
    run.office("correct", "001", "press_total", "-5", "--why", "số âm")
    run.office("correct", "001", "press_total", "nhiều", "--why", "không phải số")
    run.office("correct", "001", "budget_share", "5", "--why", "số tự tính")
    run.office("correct", "S05", "documents_issued", "4", "--why", "chưa gửi báo cáo")
    run.office("correct", "S01", "speakers_total", "4", "--why", "không hỏi đơn vị này")
    run.office("status", "--unit", "001")
    run.office("status", "--unit", "007", "--format", "json")
    run.office("validate", "--format", "json", name="after corrections")
    run.office("trace", "press_radio", "--format", "json")
    run.office("refresh", edited_file, "--check", name="after corrections")
    run.office("refresh", edited_file, "--format", "csv")
    run.office("refresh", edited_file, name="once more")
    run.office("refresh", edited_file, "--renew", "sentences:press", "--renew", "title")
    run.office("refresh", edited_file, "--renew", "no_such_tag")
    run.office("refresh", edited_file, "--check", "--all")
    run.office("refresh", edited_file, "--drop", "section:budget")
    run.office("refresh", edited_file, "--check", name="after a drop")
    run.office("refresh", edited_file, "--evidence")
    run.office("refresh", "office/report.docx")
    run.office("report", "--evidence", "--out", "corrected.docx")


def frozen(run: Runner) -> None:
    """Quarters closed and opened again, and figures from before."""
    run.office("close", "2023-Q4")
    run.office("close", "2023-Q4", "--why", "hai lần")
    run.office("correct", "2023-Q4", "001", "press_radio", "1", "--why", "đã chốt")
    run.office("accept", "2023-Q4", "001", "--why", "đã chốt")
    run.office("close", "2024-Q1", "--why", "họp ngày 25/3")
    closed = run.work / "office/inbox/2023-Q4"
    one, other = sorted(closed.rglob("00[12] *.xlsx"))
    kept = one.read_bytes()
    one.write_bytes(edit.with_cells(kept, {"documents_issued": 77}))
    other.unlink()
    run.look()
    run.office("merge", "2023-Q4", name="files changed in a closed quarter")
    run.office("validate", "2023-Q4", "--format", "json", name="files changed in a closed quarter")
    one.write_bytes(kept)
    run.office("status", "2023-Q4", "--unit", "001")
    run.office("trace", "2023-Q4", "press_total", "--unit", "B01", "--format", "json")
    run.office("reopen", "2023-Q4", "--why", "sửa số liệu")
    run.office("reopen", "2023-Q4", "--why", "hai lần")
    run.office("reopen", "2024-Q1", "--why", "thêm báo cáo")
    _write(
        run.work / "before.csv",
        "unit,indicator,period,value\n001,press_radio,2022-Q1,210\n002,press_radio,Q1/2022,190\n"
        ',documents_issued,2022-Q1,198\n001,annual_plan,2022-Q4,Có\n,budget_spent,2022-Q4,"1.234,5"\n',
    )
    _write(
        run.work / "wrong.csv",
        "unit,indicator,period,value\n001,no_such,2022-Q1,210\n999,press_radio,2022-Q1,x\n"
        "001,press_radio,2023-Q1,5\n001,press_radio,never,5\n",
    )
    run.look()
    run.office("history", "before.csv")
    run.office("history", "wrong.csv")
    _write(run.work / "before.csv", "unit;indicator;period;value\n001;press_radio;2022-Q1;220\n")
    run.look()
    run.office("history", "before.csv", name="with semicolons")
    run.office("summary", "2022-Q1", "--section", "press")
    run.office("trace", "2022-Q1", "press_radio", "--format", "json")


def spoilt(run: Runner) -> None:
    """Mistakes that people make, and files that are no workbooks."""
    inbox = run.work / "office/inbox/2024-Q1"
    for name, data in spoilt_files(inbox, run.work / "office/outbox/2024-Q1"):
        target = inbox / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    run.look()
    run.office(name="files lie unmerged")
    run.office("status", "--format", "json", name="files lie unmerged")
    run.office("validate", "--mark")
    run.office("validate", "--format", "json")
    run.office("merge")
    run.office("merge", name="again")
    run.office("status")
    run.office("status", "--list")
    run.office("status", "--remind")
    run.office("validate", "--format", "csv", name="after the merge")
    for unit in ("001", "008", "009", "B01", "S05"):
        run.office("status", "--unit", unit)
    run.office("accept", "--all", "--why", "tất cả")
    run.office("summary")
    run.office("report", name="with all accepted")
    run.office("run", name="with all accepted")


def other_settings(run: Runner) -> None:
    """The same with other settings, another form, other units: what is checked again, and what is said."""
    settings, form = run.work / "office/reportctl.toml", run.work / "office/form.toml"
    before = settings.read_text(encoding="utf-8"), form.read_text(encoding="utf-8")
    said = _changed(before[0], '# number_as_text = "note"', 'number_as_text = "note"\nno_file = "off"\n#')
    _write(settings, said)
    run.office("status", name="a severity that stands as it is")
    said = said.replace('no_file = "off"\n', 'unusual_figure = "note"\n')
    for old, new in (
        ('dash = "zero"', 'dash = "missing"'),
        ("times = 3.0", "times = 1.1"),
        ("deviations = 5.0", "deviations = 0.5"),
        ("small = 10.0", "small = 0.0"),
        ("min_units = 8", "min_units = 2"),
        ("repeated = 0.8", "repeated = 0.1"),
        ("min_figures = 8", "min_figures = 1"),
        ("alike = 0.8", "alike = 0.2"),
        ("min_words = 20", "min_words = 5"),
        ("# max_words = 150", "max_words = 20"),
        ("default = { days_after = 3 }", "default = { month = 3, day = 1 }"),
    ):
        said = _changed(said, old, new)
    _write(settings, said)
    run.look()
    run.office("merge", "--no-workbook", name="severities")
    run.office("validate", "--format", "json", name="severities")
    run.office("status", name="severities")
    run.office("report", "--out", "severities.docx")
    run.office("explain", name="severities")
    _write(settings, _changed(before[0], 'data_window = "decree"', 'data_window = "calendar"'))
    run.office("validate", name="by calendar")
    said = _changed(before[0], 'language = "vi"', 'language = "en"')
    _write(settings, _changed(said, 'style = "party"', 'style = "state"'))
    run.look()
    run.office("report", "--out", "english.docx")
    run.office("template", "2024-Q2", "--unit", "001", name="in English")
    run.office("status", "--remind", name="in English")
    _write(settings, before[0])
    question = (
        '[[sections.indicators]]\ncode = "exhibitions"\nlabel = "Cuộc triển lãm"\nmin = 0\n\n'
        '[[sections.indicators]]\ncode = "annual_plan"\n'
    )
    _write(form, _changed(before[1], '[[sections.indicators]]\ncode = "annual_plan"\n', question))
    run.look()
    run.office("form", "--check", name="a new question")
    run.office("merge", "--no-workbook", name="a new question")
    run.office("refresh", "corrected.docx", "--check", name="a new question")
    _write(form, before[1])
    units = run.work / "office/units.csv"
    listed = units.read_text(encoding="utf-8-sig")
    _write(units, _changed(listed, "Huyện Phú Khê", "Thị xã Phú Khê"))
    (run.work / "office/reportctl.db").unlink()
    run.look()
    run.office("merge", name="a unit renamed, without the ledger")
    _write(units, listed)
    run.look()


def wrong(run: Runner) -> None:
    """What cannot be done, and what is said of it."""
    for arguments in (
        ["nonsense"], ["sumary"], ["status", "--nonsense"], ["status", "2024-Q7"], ["status", "yesterday"],
        ["summary", "2024-Q1", "2024-Q2"], ["summary", "--by", "colour"], ["summary", "--format", "pdf"],
        ["summary", "--section", "pres"], ["summary", "2031-Q1"], ["summary", "1024-Q1"],
        ["status", "2023-H1"], ["status", "--unit", "0O1"], ["status", "--list", "--remind"],
        ["template", "--unit", "999"], ["validate", "no such file.xlsx"], ["merge", "no such file.xlsx"],
        ["trace"], ["trace", "press_totl"], ["trace", "press_total", "--unit", "999"],
        ["trace", "press_total", "talks_held"], ["explain", "nonsense"], ["form", "--tags", "--check"],
        ["settings", "place"], ["settings", "style", "royal"], ["settings", "--unset", "x"], ["menu"],
        ["form", "--yes"], ["form", "--from-workbook", "form.toml"],
        ["form", "2024-Q1"], ["accept", "--why", "x"], ["accept", "001"], ["accept", "999", "--why", "x"],
        ["accept", "001", "--why", " "], ["correct", "001", "press_total", "--why", "x"],
        ["correct", "001", "pres_total", "5", "--why", "x"], ["reopen"], ["reopen", "--why", "x"],
        ["close", "2031-Q1"], ["history", "nothing.csv"], ["report", "--out", "report.pdf"],
        ["report", "--style", "royal"], ["refresh", "nothing.docx"], ["refresh", "office/form.toml"],
        ["export", "--to", "pdf"], ["init", "office"], ["demo", "office/inbox"], ["summary", "--section"],
    ):  # fmt: skip
        run.office(*arguments)
    run("-w", "nowhere", "status")
    run("status", name="no workspace")
    run("-w", "before.csv", "status")
    run("--lang", "fr", "status")
    run("-w")
    run("status", name="named by the environment", REPORTCTL_WORKSPACE="office")
    run.office("status", name="100 columns", COLUMNS="100")
    run.office("summary", "--section", "press", name="50 columns", COLUMNS="50")
    office = run.work / "office"
    for file, old, new in (
        ("form.toml", 'code = "press"\n', 'code = "press"\ncolour = "red"\n'),
        ("form.toml", 'over_units = "mean"', 'over_units = "median"'),
        ("form.toml", 'part_of = "press_total"', 'part_of = "pres_total"'),
        ("form.toml", "rows(conferences)", "rows(conference"),
        ("form.toml", 'code = "documents_issued"', 'code = "q1"'),
        ("form.toml", 'title = "Thông tin trên báo chí"', 'title = "Thông tin'),
        ("reportctl.toml", 'language = "vi"', 'language = "fr"'),
        ("reportctl.toml", 'current = "2024-Q1"', 'current = "soon"'),
        ("reportctl.toml", "[issuer]", "[isuer]"),
        ("units.csv", "code,name,kind", "code,title,kind"),
        ("units.csv", "001,Thành phố Lạc Thành,district", "1,Thành phố Lạc Thành,county"),
        ("plan.csv", "001,classes_held,2023,8", "1,classes_held,2023,many"),
    ):
        path = office / file
        before = path.read_bytes()
        path.write_bytes(_changed(before.decode(), old, new).encode())
        run.look()
        run.office("form" if file == "form.toml" else "summary", name=f"{file} {new}"[:60])
        path.write_bytes(before)
        run.look()
    for file in ("form.toml", "units.csv", "report.docx", "plan.csv"):
        (office / file).rename(office / f"{file}.away")
        run.look()
        run.office("report", "--out", f"without {file}.docx")
        (office / f"{file}.away").rename(office / file)
        run.look()


def anew(run: Runner) -> None:
    """A new workspace, before anything has come."""
    run("init", "new office", "--period", "II/2024")
    run("init", "other", "--period", "2024")
    run("init", "of the State", "--period", "2024-Q1", "--style", "state")
    run("-w", "of the State", "report", "--new-template", "--style", "party")
    run("-w", "of the State", "next")
    _write(run.work / "units.txt", "Xã A\nPhường B\nSở C, D\n")
    run(
        "init",
        "told",
        "--period",
        "2026-Q3",
        "--office",
        "Văn phòng",
        "--deadline",
        "20/9",
        "--units",
        "units.txt",
    )
    for arguments in ([], ["report.max_words"], ["report.max_words", "90"], ["--unset", "report.max_words"]):
        run("-w", "told", "settings", *arguments, name=" ".join(arguments))
    run("-w", "told", "settings", "--format", "json")
    for arguments in ([], ["status"], ["merge"], ["summary"], ["run"], ["template"], ["form"], ["close"]):
        run("-w", "new office", *arguments)


def terminals(run: Runner) -> None:
    """What stands on terminals of two widths."""
    for columns in (80, 120):
        for arguments in (
            ["status"], ["summary", "--section", "press"], ["summary", "--by", "unit", "--section",
            "direction"],
            ["validate"], ["trace", "press_radio"], ["explain", "tie"], ["status", "--unit", "001"],
            ["--help"],
            ["form", "--check"], ["refresh", "corrected.docx", "--check"],
        ):  # fmt: skip
            run.terminal(columns, *arguments)


STAGES = {
    "1 help": helped,
    "2 sample": sample,
    "3 explain": explained,
    "4 sent": sent,
    "5 edited": edited,
    "6 frozen": frozen,
    "7 spoilt": spoilt,
    "8 other settings": other_settings,
    "9 wrong": wrong,
    "10 new": anew,
    "11 terminals": terminals,
}


# ---- files that arrive


def _file(day: str, name: str) -> str:
    return f"office/inbox/2024-Q1/{day}/{name}"


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="")


def _changed(text: str, old: str, new: str) -> str:
    if old not in text:
        raise ValueError(f"nowhere stands {old!r}")
    return text.replace(old, new, 1)


def spoilt_files(inbox: Path, outbox: Path) -> Iterator[tuple[str, bytes]]:
    """What arrives with mistakes, by the names under the inbox of the sample's latest quarter."""
    day = "2024-03-26"

    def of(unit: str) -> bytes:
        return next(path for path in sorted(inbox.rglob(f"{unit} *.xlsx"))).read_bytes()

    numbers: dict[str, edit.Value] = {
        "documents_issued": "14 văn bản", "meetings_held": "1.234", "meeting_attendance": "1,234",
        "conferences_held": "14 người", "conference_attendance": "5 và 6",
        "inspections_held": "5 (2 trực tuyến)",
        "classes_held": "5-", "training_attendance": "1e3", "talks_held": "2+3", "talk_attendance": "=2+3",
        "press_radio": "năm", "press_online": "chưa có", "press_columns": "xem mục 2",
        "press_total": "khoảng 900", "speakers_total": "-", "speakers_working": "không",
        "broadcast_hours": Day(45325, "C7", CONFERENCES), "bulletins_issued": "abc", "grassroots_talks": -5,
        "grassroots_attendance": 2.5, "visual_items": Error("#N/A"), "pages_total": Formula("1+1", 2),
        "groups_total": Formula("1+1"), "community_members": None, "community_posts": "3\u200b20",
        "community_reach": 1e12, "contest_stage": "Đang nghỉ", "annual_plan": "Có thể",
        "budget_planned": "1.234,5", "budget_spent": "12.500.000 đồng", "staff_total": "O9",
        "staff_fulltime": "IV", "documents_issued+1": "?", "entries_audio": "3/4",
    }  # fmt: skip
    yield f"{day}/001 Thanh pho Lac Thanh.xlsx", edit.with_cells(of("001"), numbers)
    long = "Nội dung tuyên truyền phong phú, hình thức đa dạng. " * 40
    texts: dict[str, edit.Value] = {
        "results": long, "tasks": None, "limits": "C«ng t¸c tuyªn truyÒn ®¹t kÕt qu¶ tèt trong quý",
        "strengths": "Tốt\u200b lắm\u00ad", "causes": "Không",
        "conferences": "31/02/2024", "conferences/2": "05/02/2024", "conferences/2+1": "Hội nghị muộn",
        "conferences/2+3": 40, "conferences/3": Day(43831, "C7", CONFERENCES),
        "conferences/3+1": "Hội nghị cũ",
        "conferences/3+3": "bốn mươi", "conferences/4+2": "Hội trường", "conferences/40+1": "Dòng cuối",
        "press_total": 99999, "corrections_prompt": 500, "community_interactions": 10**9,
    }  # fmt: skip
    yield f"{day}/008 Huyen Minh Trach.xlsx", edit.with_cells(of("008"), texts)
    figures = edit.with_sheet(of("009"), FIGURES, _structure_spoilt)
    yield f"{day}/009 Huyen Truong Lam.xlsx", figures
    yield f"{day}/another name.xlsx", figures
    yield f"{day}/011 Huyen Thuong Khe.xlsx", edit.replaced(of("011"), (f'name="{TEXTS}"', 'name="Phan loi"'))
    other = edit.replaced(of("012"), (f"|{_version(of('012'))}|012|", "|ffffffffffff|012|"))
    yield f"{day}/012 Huyen Duc Luong.xlsx", other
    yield f"{day}/quarter.xlsx", edit.replaced(of("006"), ("|006|2024-Q1", "|006|2023-Q4"))
    yield f"{day}/unit.xlsx", edit.replaced(of("006"), ("|006|2024-Q1", "|999|2024-Q1"))
    yield f"{day}/form.xlsx", edit.replaced(of("006"), ("reportctl|quarterly|", "reportctl|yearly|"))
    yield f"{day}/B01 Bao An Lac.xlsx", edit.with_cells(of("B01"), {"press_tv": 1})
    yield f"{day}/again/B01 Bao An Lac.xlsx", edit.with_cells(of("B01"), {"press_tv": 2})
    blank = next(iter(sorted(outbox.glob("S05 *.xlsx")))).read_bytes()
    yield (
        f"{day}/S05 Tinh doan An Lac.xlsx",
        edit.with_cells(blank, {"documents_issued": 4, "results": "Tốt."}),
    )
    theirs = edit.shared_text(of("S04"), "results")
    yield f"{day}/S02 So Van hoa.xlsx", edit.with_cells(of("S02"), {"results": theirs})
    yield f"{day}/005 Huyen Phu Khe.xls", edit.with_cells(of("005"), {"documents_issued": "2,5"})
    parts = edit.unzipped(of("002"))
    yield f"{day}/no texts.xlsx", edit.zipped({n: d for n, d in parts.items() if n != "xl/sharedStrings.xml"})
    entity = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><worksheet/>'
    yield f"{day}/entity.xlsx", edit.zipped(parts | {"xl/worksheets/sheet2.xml": entity})
    yield f"{day}/old.csv", b"unit,value\n001,5\n"
    yield f"{day}/text.xlsx", "Báo cáo quý I gửi sau.\n".encode()
    yield f"{day}/empty.xlsx", b""
    yield f"{day}/broken off.xlsx", of("002")[:20000]
    yield f"{day}/scan.pdf", b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"
    yield (
        f"{day}/letter.docx",
        edit.zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}),
    )
    yield f"{day}/packed.rar", b"Rar!\x1a\x07\x00rest"
    yield f"{day}/packed.zip", b"PK\x03\x04 and nothing more"
    yield f"{day}/own table.xlsx", edit.workbook([["Chỉ tiêu", "Số liệu"], ["Văn bản", 14], ["Hội nghị", 3]])
    yield f"{day}/two.zip", edit.zipped({"a/002.xlsx": of("002"), "note.txt": b"xem"})
    yield f"{day}/~$lock.xlsx", b"lock"
    yield "no day.xlsx", edit.with_cells(of("S01"), {"documents_issued": 21})


def _version(data: bytes) -> str:
    """The version of the form that a workbook answers, as its hidden sheet says it."""
    found = (re.search(rb"\|([0-9a-f]{12})\|", part) for part in edit.unzipped(data).values())
    return next(mark[1].decode() for mark in found if mark)


def _structure_spoilt(text: str) -> str:
    """A hidden row with an answer, one code twice, a figure where nothing is asked, cells merged over one."""
    text = text.replace(
        '<row r="12" customFormat="false" ht="32.25" hidden="false"', '<row r="12" hidden="true"'
    )
    code = re.search(r'<c r="A10"[^>]*>.*?</c>', text)
    again = re.search(r'<c r="A11"[^>]*>.*?</c>', text)
    if code and again:
        text = text.replace(again[0], code[0].replace("A10", "A11"))
    text = text.replace('<c r="D7" s="7"/>', '<c r="D7" s="7"><v>77</v></c>')
    return re.sub(r'<mergeCells count="\d+">', '<mergeCells><mergeCell ref="E18:F18"/>', text)
