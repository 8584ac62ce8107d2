"""An adopted form put into the workspace: form.toml, the office's workbook with the addresses in it, the Word
document. What was there stays beside it."""

from __future__ import annotations

import io
import itertools
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl

from reportctl.adopt.answers import read_review
from reportctl.adopt.blank_form import BlankForm
from reportctl.adopt.changes import item_rows
from reportctl.adopt.new_form import new_form
from reportctl.adopt.rebuilt_sheets import rebuilt_sheets
from reportctl.adopt.review import review_workbook
from reportctl.adopt.room import with_room
from reportctl.core.errors import ReportctlError
from reportctl.core.files import digest, move, read_file, write_atomic
from reportctl.core.language import Phrase, _, speaking
from reportctl.core.toml import TomlError, toml_text, toml_values
from reportctl.form.addresses import addresses_toml
from reportctl.form.form_file import parse_form
from reportctl.form.model import Form
from reportctl.ledger.session import Session
from reportctl.report.own_document import document_for, goes_with
from reportctl.workbooks import safety, xlsx
from reportctl.workbooks.book import Book, BookError
from reportctl.workbooks.unread import unread
from reportctl.workspace.units import Roster

_KEPT_AS_IT_IS = ("xlsx", "xlsm")  # of which copies are sent out


@dataclass(frozen=True, slots=True)
class Adopted:
    """A form as it would be written: what is written by file name (None: the file is put away), how many
    answers people have changed, and remarks."""

    form: Form
    files: Mapping[str, bytes | None]
    changed: int
    remarks: tuple[str, ...]

    @property
    def written(self) -> tuple[str, ...]:
        """The names of the files that are written."""
        return tuple(name for name, data in self.files.items() if data is not None)


def write_review(form: BlankForm, path: Path, wanted: Path | None = None) -> Path:
    """Write the review of `form`, which was read of the workbook at `path`, beside that, or where it is
    `wanted`; its path.

    A review that is there already, and another, stays: people may be answering in it.
    """
    data = read_file(path)
    made = review_workbook(form, digest(data), _office_workbook(data, path.name))
    wanted = wanted or path.with_name(f"{path.stem}.review.xlsx")
    names = (wanted.with_stem(f"{wanted.stem} ({number})") for number in itertools.count(2))
    target = next(name for name in itertools.chain([wanted], names) if not name.exists())
    write_atomic(target, made)
    return target


def _office_workbook(data: bytes, name: str) -> Any:
    """The office's workbook to be coloured; of an .xls its sheets made anew."""
    if safety.inspect(data, name, len(data)).file_type not in _KEPT_AS_IT_IS:
        return rebuilt_sheets(data, name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what openpyxl leaves out of the copy, such as drawings
        return openpyxl.load_workbook(io.BytesIO(data))


def adopted(session: Session, review: Path) -> Adopted:
    """What the reviewed form would be in the workspace; nothing is written.

    Raises `ReportctlError` with every mistake of the review, and where the office's workbook does not lie
    beside it.
    """
    workspace = session.workspace
    kinds = _kinds(workspace.form)
    reviewed = read_review(read_file(review), review.name, {code: title.vi for code, title in kinds.items()})
    office = _beside(review, reviewed.form.file, reviewed.sha256)
    file_type = safety.inspect(office, reviewed.form.file, len(office)).file_type
    keeps_layout = file_type in _KEPT_AS_IT_IS
    own = f"form.{file_type}" if keeps_layout else "form.xlsx"
    blank = with_room(reviewed.form, _book(office, reviewed.form.file) if keeps_layout else None)
    with speaking(session.settings.language):
        made = new_form(blank, kinds, reviewed.sha256, own)
        layout = addresses_toml(made.addresses)
    form = parse_form(made.text)
    files: dict[str, bytes | None] = {
        own: office if keeps_layout else None,
        workspace.report_template.name: _document(session, form),
        workspace.layout.name: layout.encode() if keeps_layout else None,
        workspace.form.name: made.text.encode(),
    }
    remarks = [
        _("The list “{title}” has room for {rows} rows in your workbook, and you said {wanted}.").format(
            title=table.title, rows=len(item_rows(table)), wanted=table.room
        )
        for table in blank.tables
        if table.kind == "list" and len(item_rows(table)) < table.room
    ]
    remarks += made.left_out
    if not keeps_layout:
        remarks.append(
            _(
                "{file} is saved in Excel's old way (.xls), so the program's own layout is sent out. To send "
                "out yours, save it in Excel as .xlsx and adopt that."
            ).format(file=reviewed.form.file)
        )
    return Adopted(form, files, reviewed.changed, tuple(remarks))


def _book(office: bytes, name: str) -> Book:
    try:
        return xlsx.read_book(safety.inspect(office, name, len(office)).parts)[0]
    except BookError as refused:
        raise unread(name, office, refused.finding) from refused


def _kinds(path: Path) -> dict[str, Phrase]:
    """The kinds of units that the present form names, which the list of units goes by; one where there is no
    form that can be read."""
    try:
        kinds = toml_values(toml_text(read_file(path))).get("kinds", []) if path.exists() else []
        found = {
            str(kind["code"]): Phrase(str(kind["title"]), str(kind.get("title_en", ""))) for kind in kinds
        }
    except (TomlError, ValueError, TypeError, KeyError):
        found = {}
    return found or {"unit": Phrase("Đơn vị báo cáo", "Reporting units")}


def _beside(review: Path, name: str, sha256: str) -> bytes:
    """The office's workbook that was adopted, which lies beside the review."""
    path = review.with_name(name)
    if not path.is_file():
        raise ReportctlError(
            _(
                "{name}, of which this review was made, does not lie beside it. Put it into {folder} and try "
                "again."
            ).format(name=name, folder=review.absolute().parent)
        )
    data = read_file(path)
    if digest(data) != sha256:
        raise ReportctlError(
            _(
                "{path} was changed since the review was made of it. Put the old one back, or adopt it "
                "again: reportctl form adopt {name}"
            ).format(path=path, name=name)
        )
    return data


def _roster(session: Session) -> Roster:
    """The units; none where the form that was there, by whose kinds they are read, is broken."""
    try:
        return session.roster
    except ReportctlError:
        return Roster(())


def _document(session: Session, form: Form) -> bytes:
    """The Word document: the office's own one where it goes with the form as it is, else a new one."""
    path = session.workspace.report_template
    if path.is_file():
        data = read_file(path)
        if goes_with(data, form, session.workspace, _roster(session)):
            return data
    return document_for(form, session.settings.style, session.settings.language)


def install(session: Session, taken: Adopted) -> tuple[Path, ...]:
    """Write the files of an adopted form; those of the same name that differ stay as NAME.before-N. The paths
    of these."""
    root = session.workspace.root
    changed = {
        name: data
        for name, data in taken.files.items()
        if (read_file(root / name) if (root / name).exists() else None) != data
    }
    kept = []
    for name in changed:
        if (root / name).exists():
            kept.append(_put_away(root / name))
    for name, data in changed.items():
        if data is not None:
            write_atomic(root / name, data)
    return tuple(kept)


def _put_away(path: Path) -> Path:
    """Give the file at `path` the first name NAME.before-N that is free."""
    names = (path.with_name(f"{path.stem}.before-{number}{path.suffix}") for number in itertools.count(1))
    target = next(name for name in names if not name.exists())
    try:
        move(path, target)
    except OSError as error:
        from reportctl.core.files import cannot_write

        raise cannot_write(path, error) from error
    return target
