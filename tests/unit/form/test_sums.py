"""What the sums of a form's tables add up: the cells they make, the forms refused or doubted for them."""

from __future__ import annotations

import pytest

from reportctl.form.form_file import parse_form
from reportctl.form.layout import layout
from reportctl.form.model import Form, FormTable
from reportctl.form.submission import Answer, AnswerState, sums

KINDS = '[[kinds]]\ncode = "commune"\ntitle = "Xã"\n[[kinds]]\ncode = "office"\ntitle = "Sở"\n'


def text_of(columns: str, rows: str, more: str = "", *, after: str = "") -> str:
    """A form of one table `t`: of each column and row its code, then what else is said of it."""

    def lines(said: str) -> str:
        items = (line.strip().partition(" ") for line in said.strip().splitlines())
        return "".join(
            f'  {{ code = "{code}", label = "{code.upper()}"{", " if rest else ""}{rest} }},\n'
            for code, _blank, rest in items
        )

    return (
        f'id = "sums"\ntitle = "Tổng"\n{KINDS}[[tables]]\ncode = "t"\ntitle = "Bảng"\n{more}\n'
        f"columns = [\n{lines(columns)}]\nrows = [\n{lines(rows)}]\n{after}"
    )


def form_of(columns: str, rows: str, more: str = "", *, after: str = "") -> Form:
    return parse_form(text_of(columns, rows, more, after=after))


def table_of(columns: str, rows: str, more: str = "") -> FormTable:
    (table,) = form_of(columns, rows, more).tables
    return table


# What a sum of nothing is.


def test_a_cell_worked_out_of_nothing_is_no_cell() -> None:
    table = table_of(
        "mon\ntien",
        'r sum = "r1 + r2", computed = true\nr1\nr2',
        'not_asked = ["r1.mon", "r2.mon"]',
    )
    assert list(table.cells) == [("r", "tien"), ("r1", "tien"), ("r2", "tien")]
    assert table.cells["r", "tien"].parts == ((1, "t.r1.tien"), (1, "t.r2.tien"))


def test_what_is_worked_out_of_such_cells_alone_is_none_either() -> None:
    """Along rows, along columns, and from one to the other."""
    table = table_of(
        'tong sum = "a + b", computed = true\na\nb',
        'r sum = "s", computed = true\ns sum = "u", computed = true\nu\nv',
        'not_asked = ["u.a", "u.b", "v.b"]',
    )
    assert list(table.cells) == [("v", "tong"), ("v", "a")]
    assert table.sums == (("t.v.tong", ((1, "t.v.a"),)),)


def test_a_cell_that_rows_do_not_make_is_made_of_columns() -> None:
    table = table_of(
        'tong sum = "a + b", computed = true\na\nb',
        'r sum = "u", computed = true\nu',
        'not_asked = ["u.tong"]',
    )
    assert table.cells["r", "tong"].parts == ((1, "t.r.a"), (1, "t.r.b"))


def test_a_sum_that_is_filled_in_is_asked_without_its_parts() -> None:
    table = table_of("mon", 'r sum = "r1 + r2"\nr1\nr2', 'not_asked = ["r1.mon", "r2.mon"]')
    assert list(table.cells) == [("r", "mon")]
    assert table.cells["r", "mon"].filled_in


@pytest.mark.parametrize(
    ("of_whole", "of_parts", "kinds"),
    [
        ("", ('applies_to = ["office"]', 'applies_to = ["office"]'), ("office",)),
        ("", ('applies_to = ["office"]', 'applies_to = ["commune"]'), ("office", "commune")),
        ("", ("", 'applies_to = ["office"]'), ()),
        ('applies_to = ["commune"]', ("", 'applies_to = ["office"]'), ("commune",)),
        ('applies_to = ["commune", "office"]', ('applies_to = ["office"]', ""), ("commune", "office")),
        ('applies_to = ["commune", "office"]', ('applies_to = ["office"]',) * 2, ("office",)),
    ],
)
def test_a_cell_that_is_worked_out_is_asked_of_those_who_are_asked_its_parts(
    of_whole: str, of_parts: tuple[str, str], kinds: tuple[str, ...]
) -> None:
    comma = ", " if of_whole else ""
    form = form_of(
        "mon",
        f'r sum = "r1 + r2", computed = true{comma}{of_whole}\nr1 {of_parts[0]}\nr2 {of_parts[1]}'.replace(
            " \n", "\n"
        ),
    )
    assert form.indicators["t.r.mon"].applies_to == kinds
    for kind in ("commune", "office"):
        asked = layout(form, kind).tables["t"].cells if "t" in layout(form, kind).tables else {}
        answers = {
            cell.code: Answer(cell.code, AnswerState.VALUE, 1) for cell in asked.values() if cell.filled_in
        }
        worked_out = sums(asked.values(), answers)
        assert ("t.r.mon" in worked_out) is (not kinds or kind in kinds)
        assert {answer.state for answer in worked_out.values()} <= {AnswerState.VALUE}
