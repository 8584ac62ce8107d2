"""How the sentences of a section open, so that a report's chapters do not all begin alike."""

from __future__ import annotations

from reportctl.core import wording
from reportctl.core.language import N_, _
from reportctl.figures.figures import Summary
from reportctl.form.model import Section

_WAYS = (
    N_("In {period},"),
    N_("During the period,"),
    N_("In the reporting period,"),
    N_("In the months reported on,"),
)


def opening(section: Section, summary: Summary) -> str:
    """The words that open a section: by its place among those that have figures, so that neighbours differ
    and the same report always says the same."""
    order = list(dict.fromkeys(figure.section for figure in summary.figures.values()))
    place = order.index(section.code) if section.code in order else 0
    return _(_WAYS[place % len(_WAYS)]).format(period=wording.period_words_alone(summary.period))
