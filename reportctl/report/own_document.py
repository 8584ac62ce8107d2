"""A Word document for a form that is not the stock one: the stock document's look, all that the form asks."""

from __future__ import annotations

from collections.abc import Iterator

from reportctl.core.errors import ReportctlError
from reportctl.core.language import _, speaking
from reportctl.form.model import Form
from reportctl.ledger.session import Session
from reportctl.report.drift import drift
from reportctl.report.hollow import shows_nothing
from reportctl.report.movements import ASSESSMENT, MOVEMENTS
from reportctl.report.write import also_known
from reportctl.word.asked import tags_asked
from reportctl.word.rebuilt import Annex, rebuilt
from reportctl.workspace.settings import Workspace
from reportctl.workspace.stock import report_document
from reportctl.workspace.units import Roster

_MOST_CHARTS = 3
_PLAN = "table:plan_units"
_TEXTS = "annex:texts"


def fresh_document(session: Session, style: str) -> bytes:
    """The document that reports by the workspace's form can begin with, in a style ("party" or "state") and
    the workspace's language: the stock one where it goes with the form, else one made from the form."""
    stock = report_document(style, session.settings.language)
    if goes_with(stock, session.form, session.workspace, session.roster):
        return stock
    return document_for(session.form, style, session.settings.language)


def goes_with(document: bytes, form: Form, workspace: Workspace, roster: Roster) -> bool:
    """Whether a report can be made of the `document` as it is, and mentions all that `form` asks; no file
    that is no document goes with a form."""
    try:
        also = also_known(tags_asked(document), form, roster)
        # Whether its style is the one that is set is another question: it is taken as asked for.
        found = drift(document, form, workspace, workspace.settings.style, also=also)
    except ReportctlError:
        return False
    return not (found.stops_reports or found.missing)


def document_for(form: Form, style: str, language: str) -> bytes:
    """The document that mentions all that `form` asks, in a style ("party" or "state") and a language.

    In the words of the stock document: what has changed most, a chapter for each section, table and text
    with the first charts, a beginning for assessment and tasks, and in annexes the tables and the texts as
    they came.
    """
    with speaking(language):
        annexes = _annexes(form)
        assessment = [("BodyText", _shown_if(ASSESSMENT))] if _is_ours(ASSESSMENT, form) else []
        tasks = _("In {period}, {issuer} will concentrate on these main tasks:").format(
            period="{{next_period.lower}}", issuer="{{issuer.name}}"
        )
        parts = ([*_results(form, annexes)], [*assessment, _EMPTY], [("BodyText", tasks), _EMPTY])
        return rebuilt(report_document(style, language), parts, tuple(annexes.values()))


_EMPTY = ("BodyText", "")  # for the office to write


def _is_ours(tag: str, form: Form) -> bool:
    """Whether a tag of a text is the program's own, and not that of a question of the form."""
    return tag not in [f"text:{question.code}" for question in form.texts]


def _shown_if(tag: str, words: str = "") -> str:
    """The words, or the tag itself, on a paragraph that is there only while the tag says something."""
    return f"{{{{?{tag}}}}}{words or f'{{{{{tag}}}}}'}{{{{/?}}}}"


def _annexes(form: Form) -> dict[str, Annex]:
    """The annexes by what they hold, in order; those of which the form has nothing are left out."""
    plan = (_PLAN,)
    by_unit = [f"table:units:{section.code}" for section in form.sections]
    by_unit = [tag for tag in by_unit if not shows_nothing(tag, form)]
    tables = tuple(f"table:{table.code}" for table in form.tables)
    province = () if shows_nothing("table:province", form) else ("table:province",)
    found = {
        "province": Annex(_("FIGURES OF THE WHOLE PROVINCE"), province),
        "tables": Annex(_("TABLES OF FIGURES"), (), (*tables, *(() if by_unit else plan)) if tables else ()),
        "units": Annex(_("FIGURES BY UNIT"), (), (*by_unit, *plan) if by_unit else ()),
        "lists": Annex(_("LISTS"), tuple(f"table:list:{listed.code}" for listed in form.lists)),
        "reporting": Annex(_("WHICH UNITS HAVE REPORTED"), ("table:reporting",)),
        "texts": Annex(
            _("WHAT THE UNITS WROTE"), (_TEXTS,) if form.texts else (), upright=True, shown_if=_TEXTS
        ),
    }
    return {key: annex for key, annex in found.items() if annex.tags or annex.optional}


def _results(form: Form, annexes: dict[str, Annex]) -> Iterator[tuple[str, str]]:
    """The paragraphs below the first heading: what has changed most, where the annexes are, then a chapter
    for each section, table, list and text."""
    numerals = dict(zip(annexes, ("I", "II", "III", "IV", "V", "VI"), strict=False))
    if _is_ours(MOVEMENTS, form):
        yield "BodyText", _shown_if(MOVEMENTS)
    if "province" in annexes:
        figures = _("The figures of the whole province: {table}, Annex {numeral}.")
        yield "BodyText", _refers(figures, "table:province", numerals["province"])
    for annex in (numerals[key] for key, each in annexes.items() if _PLAN in each.optional):
        plan = _("Each unit's progress against the year's plan: {table}, Annex {numeral}.")
        yield "BodyText", _shown_if(_PLAN, _refers(plan, _PLAN, annex))
    reporting = _("Which units have reported, and when: {table}, Annex {numeral}.")
    yield "BodyText", _refers(reporting, "table:reporting", numerals["reporting"])
    if "texts" in annexes:
        whole = _("What the units wrote, in full: Annex {numeral}.")
        yield "BodyText", _shown_if(_TEXTS, whole.format(numeral=numerals["texts"]))
    number = charts = 0
    for section in form.sections:
        number += 1
        yield "Heading2", f"{number}. {{{{section:{section.code}}}}}"
        yield "BodyText", f"{{{{sentences:{section.code}}}}}"
        chart = f"chart:{section.code}"
        if not shows_nothing(chart, form) and (charts := charts + 1) <= _MOST_CHARTS:
            yield "Caption", f"{{{{{chart}}}}}"
    for table in form.tables:
        number += 1
        yield "Heading2", f"{number}. {_plain(table.title)}"
        figures = _("The figures are in {table}, Annex {numeral}.")
        tag = f"table:{table.code}"
        yield "BodyText", _shown_if(tag, _refers(figures, tag, numerals["tables"]))
    for listed in form.lists:
        number += 1
        yield "Heading2", f"{number}. {_plain(listed.title)}"
        rows = _("The list is in {table}, Annex {numeral}.")
        yield "BodyText", _refers(rows, f"table:list:{listed.code}", numerals["lists"])
    for question in form.texts:
        number += 1
        yield "Heading2", f"{number}. {_plain(question.label)}"
        yield "BodyText", f"{{{{text:{question.code}}}}}"


def _refers(sentence: str, tag: str, numeral: str) -> str:
    """A sentence that says where a table stands: the number of the table of this `tag`, and its annex."""
    return sentence.format(table=f"{{{{ref:{tag}}}}}", numeral=numeral)


def _plain(text: str) -> str:
    """A title that no one takes for a tag, or a placeholder of the stock document."""
    return text.replace("{{", "{ {").replace("}}", "} }").replace("[", "(").replace("]", ")")
