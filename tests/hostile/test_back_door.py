"""Nothing gets in or out through the back door: macros, links, formulas in texts, names, escape sequences."""

from __future__ import annotations

import ast
import csv
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from reportctl.core.errors import note, say
from reportctl.core.files import plain_name
from reportctl.core.letters import printable
from reportctl.core.table import guarded, reads_as_formula, unguarded
from reportctl.render import terminal as views
from reportctl.workbooks.inbox import find_inputs
from reportctl.workbooks.safety import inspect
from tests.making.machine import PACKAGE, ROOT, modules
from tests.making.office import FORM, Office, make_office
from tests.making.returned import ANSWERS, read, repacked, returned
from tests.making.word_documents import SECTION, STOCK, TYPES, docx, inline, p, tagged

pytestmark = pytest.mark.slow

MACROS = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
SHEET = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


# ---- macros and links


def with_macros(data: bytes) -> bytes:
    """The workbook as .xlsm, with a project whose bytes no reader could take for anything."""

    def change(name: str, content: bytes) -> bytes:
        return content.replace(SHEET, MACROS) if name == "[Content_Types].xml" else content

    return added(repacked(data, change), {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0Auto_Open Shell calc.exe"})


def added(data: bytes, parts: dict[str, bytes]) -> bytes:
    content = io.BytesIO(data)
    with zipfile.ZipFile(content, "a") as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return content.getvalue()


def test_a_workbook_with_macros_is_read_as_data(tmp_path: Path) -> None:
    data = with_macros(returned())
    assert inspect(data, "a.xlsm").file_type == "xlsm"
    assert not [name for name in inspect(data, "a.xlsm").parts if "vba" in name]
    done = read(data, tmp_path, "a.xlsm")
    assert done.submission
    answers = {answer.code: answer.value for answer in done.submission.answers}
    assert answers["press_total"] == ANSWERS["press_total"]


def linked(data: bytes, target: Path) -> bytes:
    """The workbook with every kind of link outside that a spreadsheet program might follow."""
    there = target.as_uri()
    parts = {
        "xl/externalLinks/externalLink1.xml": (
            f'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
            f'xmlns:r="{RELATIONS}"><externalBook r:id="rId1"><sheetNames><sheetName val="S"/></sheetNames>'
            "</externalBook></externalLink>"
        ),
        "xl/externalLinks/externalLink2.xml": (
            '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            '<ddeLink ddeService="cmd" ddeTopic="/C calc"><ddeItems><ddeItem name="A0"/></ddeItems></ddeLink>'
            "</externalLink>"
        ),
        "xl/externalLinks/_rels/externalLink1.xml.rels": relations(there, f"{RELATIONS}/externalLinkPath"),
        "xl/connections.xml": (
            '<connections xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><connection '
            'id="1" name="c" type="4" refreshOnLoad="1"><webPr url="http://127.0.0.1:9/x"/></connection>'
            "</connections>"
        ),
        "xl/queryTables/queryTable1.xml": "<queryTable/>",
        "customXml/item1.xml": f'<include xmlns="http://www.w3.org/2001/XInclude" href="{there}"/>',
    }
    return added(data, {name: text.encode() for name, text in parts.items()})


def relations(target: str, kind: str) -> str:
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{kind}" Target="{target}" TargetMode="External"/></Relationships>'
    )


def hyperlinked(book: openpyxl.Workbook) -> None:
    for number, target in enumerate(
        ("http://127.0.0.1:9/a", "file:///etc/passwd", r"\\host\share\a.xlsx"), 1
    ):
        book.worksheets[0].cell(60, number, "xem").hyperlink = target


# Runs in a process of its own: an audit hook cannot be taken away again.
WATCHED = """
import sys
from pathlib import Path
allowed = [Path(p).resolve() for p in sys.argv[1].split("|")]
seen = []
def watch(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes)):
        name = arguments[0] if isinstance(arguments[0], str) else arguments[0].decode()
        path = Path(name).resolve()
        if not any(path.is_relative_to(folder) for folder in allowed):
            seen.append(f"open {name}")
    elif event.startswith(("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.startfile",
                           "urllib.", "ftplib.", "http.", "webbrowser.", "ctypes.dlopen")):
        seen.append(event)
"""
READING = """
from tests.making.machine import PACKAGE, ROOT, modules
from tests.making.returned import *
from reportctl.intake.open_file import read_one
from reportctl.intake.job import Job
given = context()
sys.addaudithook(watch)
done = read_one(Job(Path(sys.argv[2]), "a.xlsx"), given)
assert done.submission and done.submission.answer("press_total").value == 1200
print("|".join(seen))
"""
FILLING = """
import datetime as dt
from reportctl.word.fill import DocumentFacts, fill
data = Path(sys.argv[2]).read_bytes()
sys.addaudithook(watch)
made = fill(data, {"title": "Quý I"}, DocumentFacts("2024-Q1", "f", dt.datetime(2000, 1, 1)))
assert [control.new for control in made.controls] == ["Quý I"]
print("|".join(seen))
"""


def watched(script: str, file: Path) -> list[str]:
    """What the script opened that is neither the file nor Python's own, and what else it reached out for."""
    allowed = {sys.prefix, sys.base_prefix, *sys.path[1:], ROOT, file, "/dev/null", "/proc", "/sys"}
    done = subprocess.run(
        [sys.executable, "-c", WATCHED + script, "|".join(map(str, filter(None, allowed))), str(file)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={"PYTHONPATH": str(ROOT), "PATH": "", "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert done.returncode == 0, done.stderr
    return [event for event in done.stdout.strip().split("|") if event]


def test_no_link_of_a_workbook_is_followed(tmp_path: Path) -> None:
    target = tmp_path / "elsewhere" / "secret.xlsx"
    target.parent.mkdir()
    target.write_bytes(returned())
    file = tmp_path / "a.xlsx"
    file.write_bytes(linked(returned(edit=hyperlinked), target))
    assert watched(READING, file) == []


def test_no_link_of_a_word_template_is_followed(tmp_path: Path) -> None:
    settings = b'<w:settings xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'
    kind = b'<Override PartName="/word/settings.xml" ContentType="%b.settings+xml"/></Types>' % TYPES.encode()
    to_settings = f'<Relationship Id="s" Type="{RELATIONS}/settings" Target="settings.xml"/></Relationships>'

    def change(name: str, part: bytes) -> bytes:
        if name == "[Content_Types].xml":
            return part.replace(b"</Types>", kind)
        if name == "word/_rels/document.xml.rels":
            return part.replace(b"</Relationships>", to_settings.encode())
        return part

    link = relations("http://127.0.0.1:9/evil.dotm", f"{RELATIONS}/attachedTemplate")
    file = tmp_path / "report.docx"
    file.write_bytes(
        added(
            repacked(docx(p(inline("title")) + SECTION), change),
            {"word/settings.xml": settings, "word/_rels/settings.xml.rels": link.encode()},
        )
    )
    assert watched(FILLING, file) == []


def test_the_watch_sees_what_it_is_for(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(b"")
    script = (
        "sys.addaudithook(watch)\nimport socket, contextlib\n"
        "with contextlib.suppress(OSError): socket.create_connection(('127.0.0.1', 9), 1)\n"
        "open('/etc/hostname').close()\nprint('|'.join(seen))\n"
    )
    assert {event.split()[0] for event in watched(script, file)} >= {"open", "socket.connect"}


# ---- text that begins like a formula

EVIL = ("=EVIL()", "+EVIL", "-EVIL", "@EVIL", "=cmd|' /C calc'!EVIL", '=HYPERLINK("http://evil","EVIL")')


@pytest.fixture
def hostile(tmp_path: Path) -> Office:
    """An office whose labels, units, texts and file names all begin like formulas."""
    office = make_office(tmp_path / "office")
    tags = ("lead", "sentences:press", "table:press", "table:units:press", "text:results", "table:reporting")
    (office.root / "report.docx").write_bytes(tagged(*tags))
    form = FORM.replace('"Tổng số tin, bài"', "'=EVIL(\"label\")'").replace('"Báo chí"', "'+EVIL section'")
    (office.root / "form.toml").write_text(
        form.replace('"Kết quả nổi bật"', "'@EVIL text'"), encoding="utf-8"
    )
    with (office.root / "units.csv").open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows(
            [
                ("code", "name", "kind", "contact"),
                ("01", "+EVIL unit", "district", "@EVIL contact"),
                ("+02", "@EVIL two", "district", "+84 EVIL"),
                ("-03", "-EVIL three", "district", "-EVIL"),
            ]
        )
    office.put("=EVIL file.xlsx", office.book("01", 10, results="-EVIL answer"))
    office.put("2024-03-20/+EVIL.xlsx", office.book("-03", 5, printed=1, results="+EVIL answer"))
    return office


def everything_written(office: Office) -> dict[str, bytes]:
    for command in (
        ["template"], ["run"], ["accept", "--all", "--why", "=EVIL why"], ["run"],
        ["correct", "01", "printed", "8", "--why", "@EVIL why"], ["status", "--list"],
        ["export", "--to", "csv"], ["export", "--to", "json"], ["export", "--to", "xlsx"], ["close"],
    ):  # fmt: skip
        assert office.run(command[0], "2024-Q1", *command[1:]).code in (0, 1), command
    kept = ("outbox", "output", "closed", "decisions.csv")
    return {
        path.relative_to(office.root).as_posix(): path.read_bytes()
        for name in kept
        for path in sorted(office.root.glob(f"{name}/**/*") if "." not in name else office.root.glob(name))
        if path.is_file()
    }


FORMULAS = re.compile(
    rb"<(f|formula|formula1|formula2|definedName)\b[^>]*>([^<]*EVIL[^<]*)<|Target=\"([^\"]*EVIL[^\"]*)\""
)


def formulas_of(data: bytes) -> list[str]:
    """What stands in a workbook's formulas and links that came from a text, but for texts quoted in them."""
    found = []
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            for match in FORMULAS.finditer(package.read(name)):
                unquoted = re.sub(r"&quot;.*?&quot;|\"[^\"]*\"|'[^']*'!", "", (match[2] or match[3]).decode())
                found += [f"{name}: {unquoted}"] if "EVIL" in unquoted else []
    return found


def unguarded_cells(text: str) -> list[str]:
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    return [cell for row in rows for cell in row if "EVIL" in cell and cell.lstrip()[:1] in tuple("=+-@")]


def test_such_text_stays_text_in_every_file(hostile: Office) -> None:
    written = everything_written(hostile)
    kinds = {Path(name).suffix for name in written}
    assert {".xlsx", ".csv", ".json", ".docx"} <= kinds
    for name, data in written.items():
        if name.endswith(".xlsx"):
            assert formulas_of(data) == [], name
            assert b"EVIL" in b"".join(parts(data)), name
            texts = [
                cell for sheet in openpyxl.load_workbook(io.BytesIO(data)) for row in sheet for cell in row
            ]
            assert not [
                c for c in texts if c.data_type == "f" and "EVIL" in re.sub('"[^"]*"', "", str(c.value))
            ]
        elif name.endswith(".csv"):
            assert "EVIL" in data.decode("utf-8-sig")
            assert unguarded_cells(data.decode("utf-8-sig")) == [], name
    values = json.loads(written["output/2024-Q1/values.json"])
    assert "-EVIL answer" in {row["value"] for row in values}  # JSON has no formulas: as it is


def parts(data: bytes) -> Iterator[bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        yield from (package.read(name) for name in package.namelist())


def test_such_text_stays_text_in_csv_on_the_screen(hostile: Office) -> None:
    hostile.run("merge", "2024-Q1")
    for command in (
        ["form"], ["status"], ["status", "--list"], ["status", "--remind"], ["status", "--unit", "01"],
        ["validate"], ["summary"], ["summary", "--by", "unit"], ["trace", "press_total"],
        ["trace", "results"],
    ):  # fmt: skip
        out = hostile.run(*command, "--format", "csv").out
        assert "EVIL" in out, command
        assert unguarded_cells(out) == [], command


@pytest.mark.parametrize(
    "text", [*EVIL, "  =EVIL", "\t=EVIL", "\rEVIL", "\nEVIL", "\0=EVIL", "＝EVIL", "＠EVIL"]
)
def test_what_reads_as_a_formula(text: str) -> None:
    assert reads_as_formula(text)
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "a=b", "Huyện A", "12", "(a) - b", "a@b.vn"])
def test_what_does_not(text: str) -> None:
    assert guarded(text) == text


@given(st.text())
def test_the_apostrophe_can_be_taken_away_again(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).lstrip().startswith(("=", "+", "-", "@"))


# ---- names that would leave the folder

CODES = ("../../x", "C:\\x", "CON", "a/b", "a_b", "x" * 300, "x" * 301, "dot.", "nul.txt", "..")


def test_unit_names_do_not_leave_the_outbox(tmp_path: Path) -> None:
    office = make_office(tmp_path / "office")
    with (office.root / "units.csv").open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows(
            [
                ("code", "name", "kind"),
                *((code, "../Huyện\n" + "ả" * 300 + ". ", "district") for code in CODES),
            ]
        )
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    assert office.run("template", "2024-Q1").code == 0
    new = {path for path in tmp_path.rglob("*") if path.is_file()} - before
    made = {path for path in new if path.suffix == ".xlsx"}
    assert {path.parent for path in made} == {office.root / "outbox" / "2024-Q1"}
    assert len(made) == len({path.name.lower() for path in made}) == len(CODES)
    kept = {path for path in new - made if office.root / "archive" in path.parents}
    assert all(re.fullmatch(r"[0-9a-f]{12}\.(toml|csv)", path.name) for path in kept)
    assert {path.name for path in new - made - kept} == {".reportctl-written.json"}
    for path in made:
        assert re.fullmatch(r"[^<>:\"/\\|?*\x00-\x1f]{1,120}\.xlsx", path.name)
        assert not path.stem.endswith((".", " "))
        assert path.stem.split(".")[0].strip().lower() not in {"con", "nul"}


@given(st.text(st.characters(categories=("L", "N", "P", "Zs", "Cc", "Cf")), max_size=400))
def test_any_name_makes_a_file_name_that_windows_takes(text: str) -> None:
    name = plain_name(text)
    assert re.fullmatch(r"[^<>:\"/\\|?*\x00-\x1f]{1,101}", name)
    assert not name.endswith((".", " "))
    assert not re.fullmatch(
        r"(con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$) *(\..*)?", name, re.I
    ) or name.endswith("_")


# ---- what a terminal would obey

ESCAPES = "\x1b]0;pwned\x07\x1b[2J\x9b31m\u202egnp.exe\x08\x00[red]x[/red][link=http://evil]y[/link]"
OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@pytest.fixture
def obeyed(tmp_path: Path) -> Office:
    """An office in which escape sequences stand wherever somebody else can write something."""
    office = make_office(tmp_path / "office")
    (office.root / "report.docx").write_bytes(STOCK)
    marked = FORM.replace("Tổng số tin, bài", "Tin [red]x[/red]\\u001b[2J").replace(
        'title = "Báo chí"', 'title = "Báo\\u001b]0;x\\u0007 \\u202echí"'
    )
    (office.root / "form.toml").write_text(marked, encoding="utf-8")
    rows = "".join(
        f"{c},Huyện {c} \x1b[2J\u202e[red]x[/red],district,\x1b]0;x\x07 0912\n" for c in ("01", "02")
    )
    (office.root / "units.csv").write_text(f"code,name,kind,contact\n{rows}", encoding="utf-8", newline="")
    escaped = "_x001B_]0;x_x0007_ \x9b31m \u202e [red]x[/red] [/] [link=http://evil]y[/link]"
    name = "a\x1b]0;pwned\x07\x1b[2J\u202e[red]x[/red] [" + "].xlsx"
    office.put(name, office.book("01", 10, results=escaped, printed=f"9 {escaped}"))
    with zipfile.ZipFile(office.root / "inbox" / "2024-Q1" / "z\x1b[2J.zip", "w") as archive:
        archive.writestr("b\x1b[2J\u202e.xlsx", office.book("02", 10, results=escaped))
        archive.writestr("c\x1b]0;x\x07.pdf", b"%PDF-1.4")
    return office


COMMANDS = (
    ["form"], ["validate"], ["merge"], ["accept", "--all", "--why", "vì \x1b[2J"],
    ["correct", "01", "printed", "8", "--why", "\x1b[2J"], ["status"], ["status", "--list"],
    ["status", "--remind"], ["status", "--unit", "01"], ["summary"], ["summary", "--by", "unit"],
    ["trace", "results"], ["run"], ["template"], ["export", "--to", "csv"], ["close"],
    ["accept", "\x1b[2J", "--why", "x"], ["trace", "a\x1b[2J"], ["validate", "no\x1b[2J.xlsx"],
    ["status", "--unit", "\u202e\x9b2J"], ["report", "--out", "r\x1b[2J.odt"], ["nothing\x1b[2J"],
)  # fmt: skip


@pytest.mark.parametrize("width", ["80", "120"])
def test_no_escape_sequence_reaches_the_terminal(
    obeyed: Office, monkeypatch: pytest.MonkeyPatch, width: str
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    shown = ""
    for command in COMMANDS:
        said = obeyed.run(*command)
        assert said.code in (0, 1, 2), command
        assert not OBEYED.findall(said.out + said.err), command
        shown += said.out
        if said.code == 2 or command[0] not in ("form", "validate", "status", "summary", "trace"):
            continue
        for form in ("json", "csv", "markdown"):
            said = obeyed.run(*command, "--format", form)
            assert not OBEYED.findall(said.out + said.err), (command, form)
            assert said.out, (command, form)
    assert "[red]x[/red]" in shown  # as it was typed, not as colour


def test_json_says_them_as_escapes(obeyed: Office) -> None:
    obeyed.run("merge")
    out = obeyed.run("trace", "results", "--format", "json").out
    assert not OBEYED.findall(out)
    typed = json.loads(out)["parts"][-1]["raw"]
    assert "\x1b]0;x\x07 \x9b31m \u202e [red]x[/red]" in typed


def test_names_are_one_printable_line_from_the_start(obeyed: Office) -> None:
    (obeyed.root / "units.csv").write_text(
        'code,name,kind,contact\n01,"Huyện\x1b[2J\nMột",district,"0912\r\nđã gửi\u202e"\n', encoding="utf-8"
    )
    (unit,) = obeyed.roster.units
    assert (unit.name, unit.contact) == ("Huyện[2J Một", "0912  đã gửi")
    names = [file.name for file in find_inputs(obeyed.root / "inbox" / "2024-Q1")]
    assert len(names) == 3
    assert not OBEYED.findall("".join(names))
    assert not any("\n" in name for name in names)


@pytest.mark.skipif(sys.platform != "linux", reason="names are letters elsewhere")
def test_a_files_name_may_be_no_text_at_all(obeyed: Office) -> None:
    folder = os.fsencode(obeyed.root / "inbox" / "2024-Q1")
    with open(os.path.join(folder, b"\xe9\xff\n.xlsx"), "wb") as handle:  # noqa: PTH118, PTH123
        handle.write(obeyed.book("02", 7, modified="2024-03-18T08:00:00Z"))
    merged = obeyed.run("merge")
    assert merged.code in (0, 1)
    assert "___.xlsx" in merged.out


def test_what_is_said_is_printable(capsys: pytest.CaptureFixture[str]) -> None:
    say(f"một\n{ESCAPES}")
    note(ESCAPES)
    said = capsys.readouterr()
    assert not OBEYED.findall(said.out + said.err)
    assert said.out.startswith("một\n]0;pwned[2J31mgnp.exe[red]x[/red]")


@given(st.text())
def test_nothing_else_is_lost(text: str) -> None:
    kept = printable(text)
    assert not OBEYED.findall(kept)
    assert [c for c in kept if c.isalnum() or c == "\n"] == [c for c in text if c.isalnum() or c == "\n"]


def test_a_files_name_in_the_progress_bar_is_no_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "_SOON_DONE", 0.0)
    out = io.StringIO()
    terminal = Console(file=out, width=100, force_terminal=True, markup=True)
    monkeypatch.setattr(sys, "stderr", SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr(views, "make_console", lambda **_options: terminal)
    with views.progress("[bold]") as tell:
        tell(1, 2, "[/red] [link=http://evil]a.xlsx\x1b]0;x\x07")
    assert "[/red] [link=http://evil]a.xlsx" in out.getvalue()
    assert "\x1b]0;" not in out.getvalue()
    assert "\x1b]8;" not in out.getvalue()


def test_nothing_is_printed_past_the_filter() -> None:
    """`print` stands where messages and questions are said, and what writes to standard output besides is the
    text of tables."""
    found = {
        (name, ast.unparse(node.func))
        for name, source in modules(PACKAGE).items()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and re.fullmatch(r"print|sys\.std(out|err)\.write|typer\.(secho|echo)", ast.unparse(node.func))
    }
    assert found == {
        ("cli/prompts.py", "print"),
        ("core/errors.py", "print"),
        ("cli/output.py", "sys.stdout.write"),
        ("render/terminal.py", "sys.stdout.write"),
    }


# ---- parameterised SQL only

RUNS_SQL = {"execute", "executemany", "executescript", "many", "rows"}
Scope = ast.FunctionDef | ast.Module


class Constants:
    """Which expressions of the package can only ever be text that stands in the package."""

    def __init__(self, sources: dict[str, str]) -> None:
        self.modules = {name: ast.parse(source) for name, source in sources.items()}
        self.calls = [
            (call, scope)
            for module in self.modules.values()
            for scope in [module, *(n for n in ast.walk(module) if isinstance(n, ast.FunctionDef))]
            for call in _own(scope)
            if isinstance(call, ast.Call)
        ]
        self.globals: dict[str, list[ast.expr]] = {}
        for module in self.modules.values():
            for node in module.body:
                if isinstance(node, ast.Assign):
                    for target in node.targets:
                        self.globals.setdefault(ast.unparse(target), []).append(node.value)

    def questions(self) -> Iterator[tuple[ast.expr, Scope]]:
        for call, scope in self.calls:
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            if name in RUNS_SQL and call.args:
                yield call.args[0], scope

    def holds(self, node: ast.expr, scope: Scope, seen: tuple[str, ...] = ()) -> bool:
        def all_hold(nodes: list[ast.expr]) -> bool:
            return bool(nodes) and all(self.holds(each, scope, seen) for each in nodes)

        match node:
            case ast.Constant():
                return True
            case ast.JoinedStr(values=values):
                return all_hold(values)
            case ast.FormattedValue(value=value):
                return self.holds(value, scope, seen)
            case ast.BinOp(op=ast.Add() | ast.Mult(), left=left, right=right):
                return all_hold([left, right])
            case ast.List(elts=elts) | ast.Tuple(elts=elts):
                return all_hold(elts)
            case ast.Call(func=ast.Attribute(value=ast.Constant(), attr="join"), args=[joined]):
                return self.holds(joined, scope, seen)
            case ast.Attribute(value=ast.Name(), attr=name) if name.isupper():
                return self._name(name, scope, seen)
            case ast.Name(id=name):
                return self._name(name, scope, seen)
        return False

    def _name(self, name: str, scope: Scope, seen: tuple[str, ...]) -> bool:
        where = f"{getattr(scope, 'name', '')}.{name}"
        if where in seen:
            return True
        seen = (*seen, where)
        given_ = list(self._local(name, scope))
        if isinstance(scope, ast.FunctionDef):
            names = [argument.arg for argument in scope.args.args]
            if name in names:
                return self._passed(scope, names, name, seen)
        if given_:
            return all(self.holds(value, scope, seen) for value in given_)
        found = self.globals.get(name, [])
        return bool(found) and all(self.holds(value, ast.Module([], []), seen) for value in found)

    def _local(self, name: str, scope: Scope) -> Iterator[ast.expr]:
        """What a name is given in a function: assigned, walked through, appended to."""
        for node in _own(scope) if isinstance(scope, ast.FunctionDef) else ():
            match node:
                case ast.Assign(targets=[ast.Name(id=found)], value=value) if found == name:
                    yield value
                case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
                    yield from (
                        value
                        for target, value in zip(targets, values, strict=True)
                        if ast.unparse(target) == name
                        and not (isinstance(value, ast.List) and not value.elts)
                    )
                case ast.For(target=ast.Name(id=found), iter=walked) if found == name:
                    yield walked
                case ast.Call(func=ast.Attribute(value=ast.Name(id=found), attr="append"), args=[value]) if (
                    found == name
                ):
                    yield value

    def _passed(self, function: ast.FunctionDef, names: list[str], name: str, seen: tuple[str, ...]) -> bool:
        place = names.index(name) - (names[0] == "self")
        passed = [
            (call.args[place], scope)
            for call, scope in self.calls
            if ast.unparse(call.func).split(".")[-1] == function.name and len(call.args) > place
        ]
        return bool(passed) and all(self.holds(value, scope, seen) for value, scope in passed)


def _own(scope: Scope) -> Iterator[ast.AST]:
    """The nodes of a scope without those of functions inside it."""
    ahead: list[ast.AST] = list(scope.body)
    while ahead:
        node = ahead.pop()
        yield node
        ahead += [
            child
            for child in ast.iter_child_nodes(node)
            if not isinstance(child, ast.FunctionDef | ast.ClassDef)
        ]


def built_from_values(sources: dict[str, str]) -> list[str]:
    constants = Constants(sources)
    return [ast.unparse(node) for node, scope in constants.questions() if not constants.holds(node, scope)]


def test_sql_is_never_built_from_values() -> None:
    sources = {
        name: source
        for name, source in modules(PACKAGE).items()
        if re.search(r"^import sqlite3|ledger\.rows\(", source, re.M)
    }
    assert {f"ledger/{name}.py" for name in ("ledger", "writing", "schema")} <= set(sources)
    assert len(list(Constants(sources).questions())) > 30
    assert built_from_values(sources) == []


@pytest.mark.parametrize(
    "body",
    [
        'c.execute(f"SELECT * FROM t WHERE a = {unit}")',
        'c.execute("SELECT %s" % unit)',
        'c.execute("SELECT {}".format(unit))',
        'c.execute("SELECT " + unit)',
        'sql = "SELECT 1"\n    sql += unit\n    sql = sql + unit\n    c.execute(sql)',
        'only = ["a = ?"]\n    only.append(unit)\n    c.rows(" AND ".join(only))',
    ],
)
def test_such_sql_would_be_seen(body: str) -> None:
    assert built_from_values({"x.py": f"def ask(c, unit):\n    {body}\nask(None, input())\n"})
