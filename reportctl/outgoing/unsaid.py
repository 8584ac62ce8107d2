"""What of a form the workbooks cannot say: rules, which are checked when returns come in; columns given; of
which column those that are filled in are meant to be."""

from __future__ import annotations

from collections.abc import Sequence

from reportctl.core import language
from reportctl.core.language import _, ngettext
from reportctl.form.layout import layout
from reportctl.form.model import Form
from reportctl.form.names import whole_heading
from reportctl.form.rules import Rule
from reportctl.outgoing.input_cells import LiveChecks
from reportctl.outgoing.table_cells import TableChecks
from reportctl.outgoing.template import LANGUAGE


def unsaid_rules(form: Form) -> list[str]:
    """A sentence in the current language for each rule that the workbook of some kind of unit leaves out: it
    asks for an earlier figure that does not stand there, or its formula is longer than Excel takes.

    An office's own workbook holds none of them, which is one sentence.
    """
    if form.addresses:
        count = len(form.all_rules)
        if not count:
            return []
        return [
            ngettext(
                "{count} rule or sum is checked when returns come in; nothing is written into {file} for it.",
                "{count} rules and sums are checked when returns come in; nothing is written into {file} "
                "for them.",
                count,
            ).format(count=count, file=form.addresses.file)
        ]
    with language.speaking(LANGUAGE):  # formulas are as long as their words
        earlier, long = _unsaid(form)
    tables = {table.code: table for table in form.tables}

    def names(rules: Sequence[Rule]) -> dict[str, None]:
        """What the rules are called, each once; the sums of a table together."""
        of_tables = (tables.get(rule.code.partition(".")[0]) if "." in rule.code else None for rule in rules)
        return dict.fromkeys(
            _("Sums of the table “{table}”").format(table=table.name) if table else rule.code
            for rule, table in zip(rules, of_tables, strict=True)
        )

    asks = _("{rule}: asks for earlier figures that the workbook does not show; it is checked when merging.")
    room = _("{rule}: its formula is longer than Excel takes; it is checked when merging.")
    return [
        *(asks.format(rule=name) for name in names(earlier)),
        *(room.format(rule=name) for name in names(long) if name not in names(earlier)),
    ]


def blank_columns(form: Form) -> list[str]:
    """A sentence in the current language for each column of a table that is "given" while nothing gives it,
    because the workbooks are laid out by the program; an office's own workbook brings what stands there."""
    if form.addresses:
        return []
    sentence = _(
        "{table}.{column}: what is “given” stands in an office's own workbook (form adopt); in the workbooks "
        'that are made here the column is blank and locked. For the plan of units write is = "plan".'
    )
    return [
        sentence.format(table=table.code, column=column.code)
        for table in form.tables
        for column in table.columns
        if column.is_ == "given"
    ]


def guessed_columns(form: Form) -> list[str]:
    """A sentence in the current language for each column that the program fills in by a guess that may be
    wrong: which column it takes, and how the form says that another one is meant."""
    sentence = _(
        '{table}.{column} (“{heading}”) is filled in with the figures of “{source}” (of = "{code}"): the '
        "form does not say of which column it is. Write that there, or the code of another column."
    )
    return [
        sentence.format(
            table=table.code,
            column=column.code,
            heading=whole_heading(column),
            source=whole_heading(source),
            code=source.code,
        )
        for table in form.tables
        for column, source in table.doubtful_sources
    ]


def _unsaid(form: Form) -> tuple[list[Rule], list[Rule]]:
    """The rules that ask for what workbooks do not show, and those that these have no room for."""
    earlier, long = list[Rule](), list[Rule]()
    for kind in form.kinds:
        places = layout(form, kind.code)
        figures = places.indicators.keys() | places.cells.keys()
        earlier += (
            rule
            for rule in form.all_rules
            if not places.says(rule) and any(asked.code in figures for asked in rule.node.references)
        )
        checker = LiveChecks(places, places.answers())
        long += checker.unsaid()
        for place in places.tables.values():
            checks = TableChecks(checker, place, places.rules)
            long += (rule for row in place.table.lines for rule in checks.unsaid(row))
    return earlier, long
