"""`form adopt`: an office's own blank workbook, what is read of it and what has to be decided."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from reportctl.cli.arguments import Format, one_file
from reportctl.cli.output import emit_all
from reportctl.core.cellrefs import cell_place
from reportctl.core.errors import ReportctlError, note, say
from reportctl.core.language import _

if TYPE_CHECKING:
    from reportctl.adopt.blank_form import BlankForm
    from reportctl.adopt.grid import Span


def adopt(file: Path, corners: Sequence[str], format_: Format, out: Path | None) -> int:
    """Read a blank workbook, say what was read, write the review beside it; 1 where something was refused or
    nothing was found."""
    from reportctl.adopt.as_json import form_as_json
    from reportctl.adopt.reading import read_form
    from reportctl.adopt.shown import form_tables
    from reportctl.render.formats import json_text

    path = one_file(file)
    form = read_form(path, _corners(corners))
    if format_ == "json":
        say(json_text(form_as_json(form)))
    else:
        emit_all(form_tables(form), format_)
    _write_review(form, path, out)
    return int(bool(form.refused) or not form.tables)


def _write_review(form: BlankForm, path: Path, out: Path | None) -> None:
    import openpyxl

    from reportctl.adopt.review import review_workbook
    from reportctl.core.files import Outputs, read_file

    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        note(
            _("The review is made of .xlsx only: save {path} as .xlsx in Excel and adopt that.").format(
                path=path
            )
        )
        return
    data = read_file(path)
    target = out or path.with_name(f"{path.stem}.review.xlsx")
    made = review_workbook(form, hashlib.sha256(data).hexdigest(), openpyxl.load_workbook(io.BytesIO(data)))
    with Outputs(target.parent) as outputs:
        saved = outputs.save(target, made)
    note(_("Written: {path}").format(path=saved.path))
    note(saved.remark)


_CORNER = re.compile(
    r"(?:'(?P<quoted>(?:[^']|'')+)'|(?P<sheet>.+))!\$?(?P<first>[A-Za-z]{1,3}\$?\d{1,7}):\$?(?P<last>[A-Za-z]{1,3}\$?\d{1,7})"
)


def _corners(said: Sequence[str]) -> dict[str, list[Span]]:
    """The tables named as `Sheet!B7:K40`, by sheet. Raises `ReportctlError` for what is none."""
    from reportctl.adopt.grid import Span

    found: dict[str, list[Span]] = {}
    for one in said:
        place = _CORNER.fullmatch(one.strip())
        if not place:
            raise ReportctlError(
                _("“{value}” is no table of a workbook. Write it as in --table 'Sheet 1!B7:K40'.").format(
                    value=one
                )
            )
        sheet = place["sheet"] or place["quoted"].replace("''", "'")
        (top, left), (bottom, right) = (cell_place(place[end].replace("$", "")) for end in ("first", "last"))
        found.setdefault(sheet, []).append(
            Span(min(top, bottom), min(left, right), max(top, bottom), max(left, right))
        )
    return found
