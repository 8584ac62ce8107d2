"""What cannot be seen in a blank form and is asked of the office, each with the answer that is taken
otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from reportctl.adopt import words
from reportctl.adopt.blank_form import ColumnUse, Question, ReadColumn, ReadRow, ReadTable
from reportctl.adopt.columns import VALUES
from reportctl.adopt.refusals import names_persons
from reportctl.adopt.tables import Found
from reportctl.adopt.words import bare
from reportctl.core.cellrefs import cell_name
from reportctl.core.language import Phrase

MANY_TYPED = 0.5  # of the cells that are asked: then the file may be a return, not a blank form
_MOST_RATES = 4  # of one table that are asked about one by one
_MOST_LISTS = 3  # likewise of a workbook
_MOST_TABLES = 5
_LONGEST = 60  # signs of a title in a question


def corner_question(sheet: str) -> Question:
    """Where the table of a sheet is that has neither frames nor a row of column numbers."""
    return Question(
        f"{sheet}.table",
        Phrase(
            f"Trang “{sheet}” không kẻ khung và không có hàng số cột nên không đoán: bảng nằm ở vùng "
            f"nào? Chạy lại với "
            f"--table, ví dụ --table '{sheet}!B7:K40'.",
            f"The sheet “{sheet}” has neither frames nor a row of column numbers, so nothing is "
            f"guessed: where is its "
            f"table? Run again with --table, as in --table '{sheet}!B7:K40'.",
        ),
        "",
        sheet=sheet,
    )


def questions_about(found: Sequence[Found]) -> list[Question]:
    """The questions about the tables, in their order."""
    lists = [one for one in found if one.table.kind == "list" and _few_rows(one)]
    asked = [question for one in found for question in _about(one, alone=len(lists) <= _MOST_LISTS)]
    if len(lists) > _MOST_LISTS:
        asked.append(_rows_of_all(len(lists)))
    if 1 < len(found) <= _MOST_TABLES:
        asked += [_kinds(one.table) for one in found]
    cells = sum(len(one.table.inputs) for one in found)
    zeros = sum(one.typed for one in found)
    if cells >= 10 and zeros > MANY_TYPED * cells:
        asked.insert(0, _filled(zeros, cells))
    return asked


def _few_rows(found: Found) -> bool:
    """Whether a list has hardly any rows prepared."""
    return len({row for row, _column in found.table.inputs}) < 3


def _rows_of_all(count: int) -> Question:
    return Question(
        "lists.rows",
        Phrase(
            f"{count} danh sách chỉ có sẵn một, hai dòng: mỗi đơn vị cần nhiều nhất bao nhiêu dòng "
            f"trong mỗi danh sách?",
            f"{count} lists have only a row or two prepared: how many does a unit need at most in each?",
        ),
        "30",
    )


def _filled(count: int, cells: int) -> Question:
    return Question(
        "file.filled",
        Phrase(
            f"Tệp này đã có số ở {count} trong {cells} ô cần điền: có phải là báo cáo đã điền, không "
            f"phải biểu trắng? Nếu "
            "phải, hãy dùng biểu trắng.",
            f"Figures stand in {count} of the {cells} cells that are asked: is this a return that was "
            f"filled in, and no "
            "blank form? If so, take the blank one.",
        ),
        "no",
        ("no", "yes"),
    )


def _about(found: Found, *, alone: bool) -> Iterator[Question]:
    table = found.table
    where = table.sheet, cell_name(table.head, min((one.at for one in table.columns), default=0))
    title = _short(table.title or table.code)
    if table.kind == "list":
        yield from _about_list(found, title, where, alone=alone)
        return
    if (
        any(_is_figure(column.type) for column in table.columns if column.use in VALUES)
        or table.kind == "values"
    ):
        yield Question(
            f"{table.code}.over_time",
            Phrase(
                f"“{title}”: số cả năm là cộng các kỳ (số phát sinh trong kỳ), hay lấy kỳ cuối (số hiện có)?",
                f"“{title}”: is the year added up (what happened), or is it that the last period counts "
                f"(what there is)?",
            ),
            table.over_time,
            ("sum", "last"),
            *where,
        )
    if found.two_units:
        yield from _two_units(table, found.two_units)
    for column in table.columns:
        yield from _about_column(table, column)
    yield from _totals(table)
    yield from _rates(table)
    if found.open_rows:
        yield Question(
            f"{table.code}.rows_added",
            Phrase(
                f"“{title}” có dòng bỏ trống (“…”) để ghi thêm: đơn vị có được thêm dòng không?",
                f"“{title}” has an open row (“…”): may units add rows?",
            ),
            "no",
            ("no", "yes"),
            *where,
        )
    if _names_places(table):
        yield Question(
            f"{table.code}.rows_are_units",
            Phrase(
                f"Các dòng của “{title}” là tên xã, phường, huyện hay đơn vị: có phải mỗi đơn vị chỉ "
                f"điền dòng của mình không?",
                f"The rows of “{title}” are places or offices: does each unit fill in its own row only?",
            ),
            "no",
            ("no", "yes"),
            *where,
        )


def _short(title: str) -> str:
    return title if len(title) <= _LONGEST else f"{title[:_LONGEST].rsplit(' ', 1)[0]}…"


def _is_figure(type_: str) -> bool:
    return type_ in ("count", "number", "percent", "money")


def _about_list(found: Found, title: str, where: tuple[str, str], *, alone: bool) -> Iterator[Question]:
    table = found.table
    rows = len({row for row, _column in table.inputs})
    if alone and _few_rows(found):
        yield Question(
            f"{table.code}.rows",
            Phrase(
                f"Danh sách “{title}” chỉ có sẵn {rows} dòng: mỗi đơn vị cần nhiều nhất bao nhiêu dòng?",
                f"The list “{title}” has only {rows} rows prepared: how many does a unit need at most?",
            ),
            "30",
            (),
            *where,
        )
    if person := names_persons(table):
        yield Question(
            f"{table.code}.asked",
            Phrase(
                f"Danh sách “{title}” hỏi tên người (“{person.label}”); chương trình không giữ hồ sơ cá "
                f"nhân. Có phải tên người "
                "đại diện công khai nên vẫn hỏi?",
                f"The list “{title}” asks for names of persons (“{person.label}”); the program holds no "
                f"records of persons. "
                "Are they public representatives, so that it is asked all the same?",
            ),
            "no",
            ("no", "yes"),
            *where,
        )


_IN_WORDS: dict[ColumnUse, Phrase] = {
    "previous": Phrase("số kỳ trước", "the period before"),
    "year_ago": Phrase("số cùng kỳ năm trước", "the year before"),
    "to_date": Phrase("số lũy kế từ đầu năm", "the year to date"),
    "plan": Phrase("số kế hoạch", "the plan"),
}


def _about_column(table: ReadTable, column: ReadColumn) -> Iterator[Question]:
    heading = " / ".join((*column.under, column.label))
    cell = cell_name(table.head, column.at)
    if column.use == "given":
        yield Question(
            f"{table.code}.{column.code}.use",
            Phrase(
                f"Cột “{heading}” đã có sẵn nội dung: cơ quan điền sẵn trước khi gửi, hay đơn vị phải điền?",
                f"The column “{heading}” is filled: by your office before it is sent, or is it to be "
                f"filled in?",
            ),
            "given",
            ("given", "value"),
            table.sheet,
            cell,
        )
    elif column.use in _IN_WORDS and table.kind == "matrix":
        said = _IN_WORDS[column.use]
        yield Question(
            f"{table.code}.{column.code}.use",
            Phrase(
                f"Cột “{heading}” là {said.vi}: máy điền từ các kỳ đã nhận, hay đơn vị phải điền?",
                f"The column “{heading}” is {said.en}: is it filled in from earlier quarters, or asked "
                f"of the units?",
            ),
            column.use,
            (column.use, "value"),
            table.sheet,
            cell,
        )


def _two_units(table: ReadTable, pair: tuple[str, str]) -> Iterator[Question]:
    for column in table.columns:
        if column.use in VALUES:
            heading = " / ".join((*column.under, column.label))
            yield Question(
                f"{table.code}.{column.code}.unit_of_measure",
                Phrase(
                    f"Biểu ghi hai đơn vị tính “{pair[0]}/{pair[1]}”: cột “{heading}” tính bằng gì?",
                    f"The form says two units of measure, “{pair[0]}/{pair[1]}”: which is that of the "
                    f"column “{heading}”?",
                ),
                column.unit_of_measure or pair[0],
                pair,
                table.sheet,
                cell_name(table.head, column.at),
            )


# Totals


def _totals(table: ReadTable) -> Iterator[Question]:
    """Of rows that are called a total and say no sum: which rows they add up."""
    label_at = next((column.at for column in table.columns if column.use == "label"), 0)
    for row in table.rows:
        if row.code and not row.sum and not row.computed and words.BARE_TOTAL.fullmatch(bare(row.label)):
            guess = guessed_sum(table.rows, row)
            none = Phrase("không cộng", "none")
            yield Question(
                f"{table.code}.{row.code}.sum",
                Phrase(
                    f"Dòng “{row.label}” cộng những dòng nào? (để trống: {none.vi})",
                    f"Which rows does “{row.label}” add up? (empty: {none.en})",
                ),
                guess,
                (),
                table.sheet,
                cell_name(row.at, label_at),
            )


def guessed_sum(rows: Sequence[ReadRow], total: ReadRow) -> str:
    """The rows that a bare total may add up: those of the highest level in its own section above it, for
    one that stands first those below it. Empty where nothing can be guessed, as over "Trong đó" and "Nữ"."""
    at = rows.index(total)
    above: list[ReadRow] = []
    for row in reversed(rows[:at]):
        if row.code and words.BARE_TOTAL.fullmatch(bare(row.label)):
            break
        above.append(row)
    near = [row for row in reversed(above) if row.code]
    if not near:
        below = rows[at + 1 :]
        if not below or (below[0].caption and bare(below[0].caption).startswith("trong do")):
            return ""
        near = [row for row in below if row.code]
    levels = sorted({row.level for row in near})
    parts = [row for row in near if row.level == levels[0]] if levels else []
    if len(parts) == 1 and len(levels) > 1:
        parts = [row for row in near if row.level == levels[1]]
    if any(total.code in re.findall(r"\w+", row.sum) for row in parts):
        return ""
    if len(parts) < 2 or any(_SUBSET.search(bare(row.label)) for row in parts):
        return ""
    units = {row.unit_of_measure for row in parts if row.unit_of_measure}
    if len(units) > 1 or len(parts) > 60:
        return ""
    return " + ".join(row.code for row in parts)


_SUBSET = re.compile(r"^(?:trong do|nu|dan toc thieu so|dtts|of which)\b")


# Rates


def _rates(table: ReadTable) -> Iterator[Question]:
    """Of rates and means: how those of the units come to one for all."""
    lines: list[ReadColumn | ReadRow] = [
        column
        for column in table.columns
        if column.use in ("value", "previous", "year_ago") and column.type in ("percent", "number")
    ]
    if not lines:
        lines += [
            row for row in table.rows if row.code and (row.type or _rate_of(row)) in ("percent", "number")
        ]
    for line in lines[:_MOST_RATES]:
        yield Question(
            f"{table.code}.{line.code}.over_units",
            Phrase(
                f"“{line.label}” là tỷ lệ hoặc bình quân: số chung của các đơn vị lấy thế nào?",
                f"“{line.label}” is a rate or a mean: how do those of the units come to one for all?",
            ),
            "none",
            ("none", "mean", "sum"),
            table.sheet,
            cell_name(
                line.at if isinstance(line, ReadRow) else table.head,
                line.at if isinstance(line, ReadColumn) else 0,
            ),
        )


def _rate_of(row: ReadRow) -> str:
    if bare(row.unit_of_measure).startswith("%"):
        return "percent"
    return "number" if words.RATE.fullmatch(bare(row.label)) and not row.unit_of_measure else ""


_PLACE = re.compile(
    r"(?:xa|phuong|thi tran|huyen|quan|thi xa|thanh pho|tp\.?|dac khu|so|ban|phong|district|province"
    r"|county|ward|commune|state of)\b .{2,40}"
)


def _names_places(table: ReadTable) -> bool:
    items = [row for row in table.rows if row.code]
    places = sum(bool(_PLACE.fullmatch(bare(row.label))) and not row.unit_of_measure for row in items)
    return len(items) >= 3 and places > 0.6 * len(items)


def _kinds(table: ReadTable) -> Question:
    title = _short(table.title or table.code)
    return Question(
        f"{table.code}.applies_to",
        Phrase(
            f"“{title}” gửi cho loại đơn vị nào? (để trống: tất cả)",
            f"Which kinds of units are asked for “{title}”? (empty: all)",
        ),
        "",
        sheet=table.sheet,
    )
