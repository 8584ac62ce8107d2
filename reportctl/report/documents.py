"""Which documents are made: the workspace's report, those in its settings, stock ones, any Word file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reportctl.core.errors import ReportctlError, cannot_read, near
from reportctl.core.files import free_name, plain_name, read_bytes
from reportctl.core.language import _
from reportctl.core.period import Period
from reportctl.ledger.session import Session
from reportctl.word.fill import last_filling
from reportctl.workspace import stock
from reportctl.workspace.settings import Document
from reportctl.workspace.units import Unit, known_unit

OWN = ""  # the name of the workspace's report
ALL = "all"  # the word for every unit


@dataclass(frozen=True, slots=True)
class Template:
    """A Word document that is filled: `data` is its content, `name` what it is called, `output` the name of
    the file that it makes; `each_unit`: one for each unit."""

    name: str
    data: bytes
    output: str
    each_unit: bool = False

    @property
    def whole(self) -> bool:
        """Whether it is the report of the whole quarter, which is to mention all that the form asks."""
        return self.name == OWN


@dataclass(frozen=True, slots=True)
class Filling:
    """One document to make: what it is filled into, of which `unit` (empty: the province), where it goes."""

    template: Template
    unit: str
    path: Path


def templates(
    session: Session, named: Sequence[str] = (), style: str | None = None, *, of_units: bool = False
) -> tuple[Template, ...]:
    """The documents `named`, each by its name in the settings, the name of a stock one, or its path; else
    those of the settings, else the workspace's report.

    With a `style` and no names it is that stock report. `of_units`: those of single units are wanted. Raises
    `ReportctlError` where there is no such document.
    """
    settings = session.settings
    if named:
        return tuple(_named(session, name, style) for name in dict.fromkeys(named))
    listed = [] if style else [one for one in settings.documents if one.each_unit or not of_units]
    if listed:
        return tuple(_configured(session, one, style) for one in listed)
    if of_units:
        return (_named(session, next(iter(sorted(stock.OF_EACH_UNIT))), style),)
    return (_own(session, style),)


def fillings(
    session: Session, period: Period, templates_: Iterable[Template], units: Sequence[str] = ()
) -> tuple[Filling, ...]:
    """What is to be made of these templates for `period`, of the `units` named ("all": every one).

    Raises `ReportctlError` for a unit that there is not.
    """
    there = session.calendar.units(period)
    chosen = [*there] if ALL in units else [known_unit(there, code).code for code in dict.fromkeys(units)]
    folder = session.workspace.output(period)
    found: list[Filling] = []
    for template in templates_:
        if not (units or template.each_unit):
            found.append(Filling(template, "", folder / template.output.format(period=period)))
            continue
        pattern = template.output if "{unit}" in template.output else _for_units(template.output)
        names = _file_names(there)
        for code in chosen if units else there:
            found.append(Filling(template, code, folder / pattern.format(period=period, unit=names[code])))
    return tuple(found)


def _for_units(output: str) -> str:
    """Where documents of single units go: into a folder of the name that one alone would have."""
    return f"{output.removesuffix('.docx')}/{{unit}}.docx"


def _file_names(units: Mapping[str, Unit]) -> dict[str, str]:
    """Each unit's part of a file name, as workbooks sent out have it."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for unit in units.values():
        names[unit.code] = free_name(plain_name(f"{unit.code} {unit.name}"), taken, " - {}")
        taken.add(names[unit.code].lower())
    return names


def refuse_slides(name: str) -> None:
    """Raises `ReportctlError` for a file of slides, whether it is to be filled or to be made."""
    if name.lower().endswith((".pptx", ".ppt")):
        raise ReportctlError(
            _("{path}: slides are not made. Name a Word document, a file that ends in .docx.").format(
                path=name
            )
        )


def _named(session: Session, name: str, style: str | None) -> Template:
    """The document that somebody calls `name`."""
    refuse_slides(name)
    for one in session.settings.documents:
        if one.name.casefold() == name.casefold():
            return _configured(session, one, style)
    return _found(session, name, style)


def _configured(session: Session, one: Document, style: str | None) -> Template:
    found = _found(session, one.template or one.name, style)
    each = one.each_unit or found.each_unit
    output = one.output or f"{one.name}-{{period}}.docx"
    return Template(OWN if found.whole else one.name, found.data, output, each)


def _found(session: Session, named: str, style: str | None) -> Template:
    """The Word file or stock document `named`; a file goes first."""
    root = session.workspace.root
    own = session.workspace.report_template
    wanted = Path(named).expanduser()
    places = [wanted, root / wanted]
    if wanted.suffix.lower() != ".docx":
        places = [root / f"{named}.docx"]  # a folder may be called like a stock document
    path = next((place for place in places if place.is_file()), None)
    if path is not None and own.is_file() and path.samefile(own):
        return _own(session, style)
    stem = wanted.stem
    output = f"{stem.replace('{', '').replace('}', '')}-{{period}}.docx"
    if path is not None:
        return Template(stem, _read(path), output, each_unit=stem in stock.OF_EACH_UNIT)
    if named in stock.OTHER_DOCUMENTS:
        data = stock.other_document(named, style or session.settings.style, session.settings.language)
        return Template(named, data, output, each_unit=named in stock.OF_EACH_UNIT)
    if wanted.suffix and wanted.suffix.lower() != ".docx":
        raise ReportctlError(
            _("{path}: a document that is filled is a Word file; its name ends in .docx.").format(path=named)
        )
    raise ReportctlError(_no_such(named, _names(session)))


def _names(session: Session) -> Collection[str]:
    return list(dict.fromkeys((*(one.name for one in session.settings.documents), *stock.OTHER_DOCUMENTS)))


def _no_such(named: str, names: Collection[str]) -> str:
    return _(
        "There is no Word document “{name}”{near}. Name a file that ends in .docx, or one of: {names}."
    ).format(name=named, near=near(named, list(names)), names=", ".join(names))


def _read(path: Path) -> bytes:
    try:
        data = read_bytes(path)
        last_filling(data)
    except OSError as error:
        raise cannot_read(path, error) from error
    except ReportctlError as error:
        raise ReportctlError(f"{path}: {error}") from error
    return data


def _own(session: Session, style: str | None) -> Template:
    """The workspace's report, or the stock one of a `style`; where nobody changed it, in the style and the
    language that are set."""
    return Template(OWN, template_of(session, style), "report-{period}.docx")


def template_of(session: Session, style: str | None = None) -> bytes:
    """The Word document that the workspace's report is filled into. Raises `ReportctlError`."""
    path, settings = session.workspace.report_template, session.settings
    stock_one = stock.report_document(style or settings.style, settings.language)
    try:
        template = stock_one if style else read_bytes(path)
        if template in stock.report_documents().values():
            template = stock_one
        else:
            last_filling(template)
    except FileNotFoundError as error:
        raise ReportctlError(
            _(
                "There is no Word template {path}. To have a fresh one: reportctl report --new-template"
            ).format(path=path)
        ) from error
    except OSError as error:
        raise cannot_read(path, error) from error
    except ReportctlError as error:
        raise ReportctlError(f"{path}: {error}") from error
    return template
