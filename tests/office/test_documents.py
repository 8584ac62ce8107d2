"""The office's own documents: several templates, a page for each unit, and what refresh knows of them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import openpyxl
import pytest

from reportctl.word.package import open_document
from reportctl.word.record import read_record
from reportctl.workspace import stock
from tests.making.commands import run
from tests.making.sample import merged
from tests.making.word_documents import body, changed_text, control, docx, edited, p, said, tagged
from tests.making.word_documents import run as words

pytestmark = pytest.mark.slow


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample, merged."""
    monkeypatch.setenv("REPORTCTL_LANG", "en")
    return Path(shutil.copytree(merged(), tmp_path / "workspace"))


def text_of(path: Path, tag: str) -> str:
    return said(control(body(path.read_bytes()), tag)).replace("\u00a0", " ")


def output(workspace: Path) -> Path:
    return workspace / "output" / "2024-Q1"


def settings(workspace: Path, more: str) -> None:
    path = workspace / "reportctl.toml"
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")


def test_templates_named_are_filled_each_into_its_own_file(workspace: Path) -> None:
    (workspace / "giao-ban.docx").write_bytes(tagged("press_total"))
    done = run("-w", workspace, "report", "--template", workspace / "giao-ban.docx", "--template", "tom-tat")
    assert done.code == 0, done.err
    assert {path.name for path in output(workspace).glob("*.docx")} == {
        "giao-ban-2024-Q1.docx",
        "tom-tat-2024-Q1.docx",
    }
    assert text_of(output(workspace) / "giao-ban-2024-Q1.docx", "press_total") == "6.407"
    # A summary need not mention all that the form asks.
    assert "does not mention" not in done.err


def test_the_stock_summary_says_figures_movements_and_who_is_ahead(workspace: Path) -> None:
    assert run("-w", workspace, "report", "--template", "tom-tat", "--evidence").code == 0
    path = output(workspace) / "tom-tat-2024-Q1.docx"
    assert "6.407 tin, bài, tăng 14,2% so với cùng kỳ" in text_of(path, "sentences:all")
    assert "từ 5.609 lên ước 6.407 tin, bài" in text_of(path, "text:movements")
    assert "cao: Tạp chí Văn nghệ An Lạc (64%)" in text_of(path, "text:rankings")
    page = openpyxl.load_workbook(path.with_suffix(".evidence.xlsx")).worksheets[0]
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=4) if row[0].value]
    for tag in ("sentences:all", "text:movements", "text:rankings"):
        assert all(row[5] > 0 for row in rows if row[7] == tag)
        assert any(row[7] == tag for row in rows)


def test_a_page_of_each_unit_has_that_unit_s_figures(workspace: Path) -> None:
    done = run("-w", workspace, "report", "--unit", "all")
    assert done.code == 0, done.err
    pages = sorted((output(workspace) / "don-vi-2024-Q1").glob("*.docx"))
    assert len(pages) == 20
    first = pages[[page.name[:3] for page in pages].index("001")]
    values = openpyxl.load_workbook(
        next((workspace / "inbox" / "2024-Q1").rglob("001*.xlsx")), data_only=True
    )
    names = {name: values.defined_names[name] for name in ("press_total",)}
    ((sheet, place),) = names["press_total"].destinations
    typed = values[sheet][place.replace("$", "")].value
    rows = [[said(cell) for cell in row] for row in _rows(first)]
    (press,) = [row for row in rows if row[1] == "Tin, bài đã đăng, phát (tin, bài)"]
    assert press[2] == str(typed)
    assert text_of(first, "unit.name") == "Thành phố Lạc Thành"
    missing = next(page for page in pages if page.name.startswith("S05"))
    assert text_of(missing, "unit.lead") == "Tỉnh đoàn An Lạc chưa gửi báo cáo quý I năm 2024."
    rejected = next(page for page in pages if page.name.startswith("007"))
    assert (
        text_of(rejected, "unit.lead")
        == "Huyện Hòa Lương đã gửi báo cáo quý I năm 2024, số liệu chưa được tổng hợp."
    )


def test_last_year_s_figures_of_a_unit_stand_though_this_quarter_s_are_missing(workspace: Path) -> None:
    """Of 007, whose report does not count, the year ago's figures are those that trace gives."""
    path = workspace / "007.docx"
    assert run("-w", workspace, "report", "--unit", "007", "--out", path, "--evidence").code == 0
    rows = [[str(said(cell)) for cell in row] for row in _rows(path)]
    assert rows[0] == ["TT", "Nội dung", "Quý này", "Cùng kỳ", "Kế hoạch năm"]
    (press,) = [row for row in rows if row[1].startswith("Tin, bài đã đăng")]
    then = run("-w", workspace, "trace", "2023-Q1", "press_total", "--unit", "007", "--format", "json")
    assert press[2:4] == ["…", str(then.json["value"])]
    assert all(any(map(str.isdigit, "".join(row[3:]))) or "Có" in row[3:] for row in rows[1:] if row[0])
    numbered = [row[0] for row in rows[1:] if row[0].isdigit()]
    assert numbered == [str(n) for n in range(1, len(numbered) + 1)]
    page = openpyxl.load_workbook(path.with_suffix(".evidence.xlsx")).worksheets[0]
    basis = [[c.value for c in line] for line in page.iter_rows(min_row=4) if line[3].value == "press_total"]
    assert [(line[2], line[4], line[5]) for line in basis if "Cùng kỳ" in line[1]] == [
        (press[3], "2023-Q1", 1)
    ]


def test_of_yes_and_no_there_is_no_percentage(workspace: Path) -> None:
    path = workspace / "003.docx"
    assert run("-w", workspace, "report", "--unit", "003", "--out", path).code == 0
    rows = [[str(said(cell)) for cell in row] for row in _rows(path)]
    answers = [row for row in rows if len(row) > 2 and row[2] in ("Có", "Không")]
    assert answers
    assert not [row for row in answers if "%" in "".join(row[2:])]


def test_a_unit_of_which_nothing_is_known_has_a_sentence_and_no_table(workspace: Path) -> None:
    roster = workspace / "units.csv"
    text = roster.read_text(encoding="utf-8-sig")
    roster.write_text(text.rstrip("\n") + "\n099,Huyện Mới,district,,2024-01-01,,,\n", encoding="utf-8")
    path = workspace / "099.docx"
    assert run("-w", workspace, "report", "--unit", "099", "--out", path).code == 0
    assert text_of(path, "unit.lead") == "Huyện Mới chưa gửi báo cáo quý I năm 2024."
    assert not list(
        body(path.read_bytes()).iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}tbl")
    )


def _rows(path: Path) -> list[list[object]]:
    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    table = control(body(path.read_bytes()), "table:unit")
    return [list(row.iter(f"{w}tc")) for row in table.iter(f"{w}tr")]


def test_a_unit_that_has_estimates_is_told_what_their_sign_means(workspace: Path) -> None:
    for unit, estimates in (("002", True), ("001", False)):
        path = workspace / f"{unit}.docx"
        assert run("-w", workspace, "report", "--unit", unit, "--out", path).code == 0
        labels = [str(said(row[1])) for row in _rows(path)]
        assert ("Tin, bài đã đăng, phát (tin, bài) (*)" in labels) is estimates
        assert ("(*): có số liệu ước tính." in text_of(path, "table:unit")) is estimates


def test_one_unit_alone_and_one_that_there_is_not(workspace: Path) -> None:
    assert run("-w", workspace, "report", "--unit", "B01", "--out", workspace / "bao.docx").code == 0
    assert text_of(workspace / "bao.docx", "unit.name") == "Báo An Lạc"
    record = read_record(open_document((workspace / "bao.docx").read_bytes()).package)
    assert (record.template, record.unit) == ("don-vi", "B01")
    done = run("-w", workspace, "report", "--unit", "7")
    assert done.code == 2
    assert "“007” was meant?" in done.err
    done = run("-w", workspace, "report", "--unit", "all", "--out", workspace / "x.docx")
    assert done.code == 2
    assert "--out names one file, and 20 are made" in done.err


def test_refresh_renews_a_unit_s_page_with_that_unit_s_figures(workspace: Path) -> None:
    (workspace / "rieng.docx").write_bytes(tagged("unit.name", "press_total", "press_total.kind_mean"))
    assert run("-w", workspace, "report", "--template", "rieng", "--unit", "001").code == 0
    (path,) = (output(workspace) / "rieng-2024-Q1").glob("*.docx")
    assert text_of(path, "press_total") == "378"
    path.write_bytes(changed_text(path.read_bytes(), "378", "400"))
    done = run("-w", workspace, "refresh", path)
    assert done.code == 0, done.err
    assert text_of(path, "press_total") == "378"
    assert (
        run("-w", workspace, "correct", "001", "press_total", 379, "--why", "gọi điện").code == 1
    )  # others' errors
    assert run("-w", workspace, "refresh", path).code == 0
    assert text_of(path, "press_total") == "379"
    checked = run("-w", workspace, "refresh", "--check", "--format", "json", path)
    assert checked.code == 0
    assert [json.loads(checked.out)[key] for key in ("template", "unit")] == ["rieng", "001"]


def test_evidence_of_a_unit_s_page_is_that_unit_s_cells(workspace: Path) -> None:
    assert run("-w", workspace, "report", "--unit", "001", "--evidence").code == 0
    (path,) = (output(workspace) / "don-vi-2024-Q1").glob("*.xlsx")
    book = openpyxl.load_workbook(path)
    rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows(min_row=4) if row[0].value]
    table = [row for row in rows if row[7] == "table:unit"]
    printed = [
        text
        for row in map(list, _rows(path.with_name(path.name.replace(".evidence.xlsx", ".docx"))))
        for text in map(said, row[2:])
        if any(map(str.isdigit, text))
    ]
    assert [row[2] for row in table if "Có" not in row[2]] == printed
    assert all(row[5] > 0 for row in table)
    value = next(row for row in table if row[3] == "press_total")
    assert value[5] == 1
    mean = next(row for row in table if row[3] == "press_total" and row[1].endswith("BQ cùng loại"))
    assert mean[5] == 11  # twelve districts, of which one return does not count


def test_documents_of_the_settings_are_made_without_being_named(workspace: Path) -> None:
    settings(
        workspace,
        '\n[[documents]]\nname = "bao-cao"\ntemplate = "report.docx"\noutput = "Bao cao {period}.docx"\n'
        '[[documents]]\nname = "tom-tat"\n',
    )
    done = run("-w", workspace, "report")
    assert done.code == 0, done.err
    assert {path.name for path in output(workspace).glob("*.docx")} == {
        "Bao cao 2024-Q1.docx",
        "tom-tat-2024-Q1.docx",
    }
    assert run("-w", workspace, "form", "--check").code == 0
    assert run("-w", workspace, "report", "--template", "Bao-Cao").code == 0


@pytest.mark.parametrize(
    ("more", "said_"),
    [
        ('name = "x"\noutput = "x.doc"', "the name ends in .docx"),
        ('name = "x"\noutput = "{quarter}.docx"', "the name ends in .docx"),
        ('name = "x"\noutput = "../x.docx"', "no name of a file"),
        ('name = "x"\noutput = "x.docx"\neach_unit = true', "{unit} stands in output"),
        ('name = "x"\noutput = "{unit}.docx"', "{unit} stands in output"),
        ('name = "x"\n[[documents]]\nname = "X"', "the same name"),
        ('name = "x"\ntemplat = "x.docx"', "this setting is not known; “template” was meant?"),
    ],
)
def test_wrong_documents_in_the_settings_are_named(workspace: Path, more: str, said_: str) -> None:
    settings(workspace, f"\n[[documents]]\n{more}\n")
    done = run("-w", workspace, "report")
    assert done.code == 2
    assert "documents" in done.err
    assert said_ in done.err


@pytest.mark.parametrize(
    ("name", "said_"),
    [
        ("trinh-chieu.pptx", "slides are not made"),
        ("tom-tac", "(near it: tom-tat)"),
        ("khong-co.docx", "There is no Word document “khong-co.docx”"),
        ("so.xlsx", "its name ends in .docx"),
    ],
)
def test_what_is_no_document_is_refused_before_anything_is_written(
    workspace: Path, name: str, said_: str
) -> None:
    done = run("-w", workspace, "report", "--template", "tom-tat", "--template", name)
    assert done.code == 2
    assert said_ in done.err
    assert not list(output(workspace).glob("*.docx"))


def test_a_fresh_stock_document_is_the_office_s_to_change(workspace: Path) -> None:
    assert run("-w", workspace, "report", "--new-template", "--template", "don-vi").code == 0
    assert (workspace / "don-vi.docx").read_bytes() == stock.other_document("don-vi", "party", "vi")
    (workspace / "don-vi.docx").write_bytes(
        changed_text((workspace / "don-vi.docx").read_bytes(), "SỐ LIỆU CỦA ĐƠN VỊ", "PHIẾU SỐ LIỆU")
    )
    assert run("-w", workspace, "report", "--unit", "001").code == 0
    (path,) = (output(workspace) / "don-vi-2024-Q1").glob("*.docx")
    assert "PHIẾU SỐ LIỆU" in said(body(path.read_bytes()))


@pytest.mark.parametrize("style", ["party", "state"])
def test_stock_documents_are_what_the_tools_make(style: str) -> None:
    from tools import make_summary_template, make_unit_template

    for tool in (make_summary_template, make_unit_template):
        for path, looks in tool.TARGETS.items():
            if path.stem.endswith(style):
                assert path.read_bytes() == tool.build(*looks)


@pytest.mark.parametrize("command", ["report", "run"])
def test_every_document_of_the_settings_is_named_and_of_many_units_their_folder(
    workspace: Path, command: str
) -> None:
    settings(
        workspace,
        '\n[[documents]]\nname = "bao-cao"\ntemplate = "report.docx"\n'
        '[[documents]]\nname = "don-vi"\neach_unit = true\n[[documents]]\nname = "tom-tat"\n',
    )
    done = run("-w", workspace, command)
    assert done.code == (0 if command == "report" else 1), done.err
    folder = output(workspace)
    lines = [line for line in done.out.splitlines() if "output" in line and "documents" not in line]
    named = [line.rpartition(" is in ")[2] for line in lines if line.startswith("The report")]
    assert named == [str(folder / "bao-cao-2024-Q1.docx"), str(folder / "tom-tat-2024-Q1.docx")]
    assert f"20 documents are in {folder / 'don-vi-2024-Q1'}" in done.out


def test_pages_of_a_few_units_are_named_one_by_one(workspace: Path) -> None:
    done = run("-w", workspace, "report", "--unit", "001", "--unit", "002")
    assert done.out.count("The report is in") == 2


@pytest.mark.parametrize("arguments", [["--template", "x.pptx"], ["--out", "x.pptx"], ["--out", "X.PPT"]])
def test_slides_are_refused_alike(workspace: Path, arguments: list[str]) -> None:
    done = run("-w", workspace, "report", *arguments)
    assert done.code == 2
    assert "slides are not made" in done.err


def test_a_folder_that_is_not_there_is_said_before_any_work(workspace: Path) -> None:
    done = run("-w", workspace, "report", "--out", workspace / "khong-co" / "a.docx")
    assert done.code == 2
    assert "there is no folder" in done.err
    assert not (workspace / "khong-co").exists()


def test_a_document_of_repeated_parts_without_tags_is_not_called_empty(workspace: Path) -> None:
    (workspace / "rieng.docx").write_bytes(docx(p(words("{{*units:press}}{{unit.name}}{{/*}}"))))
    (workspace / "trong.docx").write_bytes(docx(p(words("{{*units:press}}Ký tên: ……{{/*}}"))))
    for name in ("rieng", "trong"):
        done = run("-w", workspace, "report", "--template", name)
        assert done.code == 0
        assert "has no tagged place" not in done.err
    (workspace / "khong.docx").write_bytes(docx(p(words("Ký tên."))))
    assert "has no tagged place" in run("-w", workspace, "report", "--template", "khong").err


def test_refresh_shows_what_was_there_before_and_not_twice_the_same(workspace: Path) -> None:
    (workspace / "rieng.docx").write_bytes(
        docx(
            p(words("{{*units:press}}{{unit.name}}: {{press_total}}{{/*}}")) + p(words("Có {{press_total}}."))
        )
    )
    path = workspace / "a.docx"
    assert run("-w", workspace, "report", "--template", "rieng", "--out", path).code == 0
    roster = workspace / "units.csv"
    text = roster.read_text(encoding="utf-8-sig").rstrip("\n")
    roster.write_text(text + "\nB04,Báo Mới,press,,2020-01-01,,,\n", encoding="utf-8")
    changed = json.loads(run("-w", workspace, "refresh", "--check", path, "--format", "json").out)["changed"]
    assert [one["old"] for one in changed if one["tag"] == "press_total:B04"] == [""]
    assert not [one for one in changed if "{{" in one["old"] + one["new"]]
    roster.write_text(text + "\n", encoding="utf-8")
    path.write_bytes(changed_text(path.read_bytes(), "6.407", ""))
    path.write_bytes(_without_control(path.read_bytes(), "press_total"))
    rows = run("-w", workspace, "refresh", "--check", path, "--format", "csv").out.splitlines()
    (lost,) = [row.split(",") for row in rows if row.startswith("press_total,")]
    assert lost[2:] == ["6.407", "", "it would say the same now"]


def _without_control(document: bytes, tag: str) -> bytes:
    def take_out(root: object) -> None:
        node = control(root, tag)
        node.getparent().remove(node)

    return edited(document, take_out)


@pytest.mark.parametrize(
    ("arguments", "title"),
    [
        (["--template", "tom-tat"], "Tóm tắt báo cáo, kết quả quý I năm 2024"),
        (["--unit", "003"], "Số liệu của Huyện Đông Lạc, quý I năm 2024"),
        ([], "Kết quả hoạt động quý I và nhiệm vụ trọng tâm quý II năm 2024"),
    ],
)
def test_the_properties_say_which_document_it_is(workspace: Path, arguments: list[str], title: str) -> None:
    path = workspace / "a.docx"
    assert run("-w", workspace, "report", *arguments, "--out", path).code == 0
    assert open_document(path.read_bytes()).package.core_properties.title == title


def test_places_in_repeated_parts_are_called_by_words(workspace: Path) -> None:
    (workspace / "rieng.docx").write_bytes(
        docx(p(words("{{*units:press}}{{n}}. {{unit.name}}: {{press_total.year_ago}}{{/*}}")))
    )
    path = workspace / "a.docx"
    assert run("-w", workspace, "report", "--template", "rieng", "--out", path).code == 0
    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    called = [node.get(f"{w}val") for node in body(path.read_bytes()).iter(f"{w}alias")]
    assert called[:3] == [
        "Số thứ tự · n:1_1",
        "Tên đơn vị, B01 · unit.name:B01",
        "Tin, bài, cùng kỳ, B01 · press_total.year_ago:B01",
    ]
    assert all(" · " in name for name in called)
