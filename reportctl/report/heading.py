"""The head of the report: who issues it, its title, and the lead-in that says what it rests on."""

from __future__ import annotations

from collections.abc import Mapping

from reportctl.core import wording
from reportctl.core.language import Phrase, _, ngettext
from reportctl.core.period import Period, Quarter, Span
from reportctl.figures.figures import Coverage, Summary
from reportctl.figures.notes import Missing, missing_in_words, names_of, over_fewer
from reportctl.word.content import Paragraph
from reportctl.workspace.settings import Issuer, Settings
from reportctl.workspace.units import Unit

_BARE = {
    "Q": Phrase("quý\u00a0{roman}", "Q{number}"),
    "H1": Phrase("6\u00a0tháng đầu năm", "the first half"),
    "H2": Phrase("6\u00a0tháng cuối năm", "the second half"),
    "9M": Phrase("9\u00a0tháng đầu năm", "the first nine months"),
}


# The forms of signing for somebody in the Party's style and in the State's (Decree 30/2020/NĐ-CP, Annex I).
_SIGNING = (("T/M", "TM."), ("K/T", "KT."), ("T/L", "TL."))


def heading(issuer: Issuer, period: Period, style: str) -> dict[str, str]:
    """The fixed parts of the heading and the signature; number, day and month are left to the clerk."""
    return {
        "issuer.superior": issuer.superior,
        "issuer.name": issuer.name,
        "issuer.number_suffix": f"/BC-{issuer.short}" if style == "state" else f"-BC/{issuer.short}",
        "issuer.place": issuer.place,
        "issuer.signing_for": _signing_for(issuer.signing_for, style),
        "issuer.post": issuer.post,
        "issuer.signatory": issuer.signatory,
        "period": wording.period_words(period),
        "period.year": str(period.year),
        "next_period": wording.period_words(period.following).upper(),
        "title": title(period),
        "area": issuer.area,
    }


def _signing_for(words: str, style: str) -> str:
    for party, state in _SIGNING:
        given, wanted = (party, state) if style == "state" else (state, party)
        if words.startswith(given):
            return wanted + words.removeprefix(given)
    return words


def recipients(issuer: Issuer, style: str) -> tuple[Paragraph, ...]:
    """Those the report goes to, a line each; the last one is where it is filed.

    The State's style writes `- …;` and `- Lưu: VT, ….`, the Party's `- …,` and `- Lưu ….`.
    """
    between, filed = (";", "Lưu: VT, ") if style == "state" else (",", "Lưu ")
    *others, last = issuer.recipients or ("",)
    if last.startswith("Lưu"):
        last = filed + last.removeprefix("Lưu").removeprefix(":").strip().removeprefix("VT, ")
    lines = [f"- {name}{between}" for name in others] + ([f"- {last}."] if last else [])
    return tuple(Paragraph(line) for line in lines)


def title(period: Period) -> str:
    """The report's subject: a year that both periods share is said once, the next period is not broken."""
    ahead = period.following
    bare = _bare(period) if period.year == ahead.year else None
    whole_year = isinstance(period, Span) and period.kind == "Y"
    subject = (
        _("Results of {period}; directions and main tasks of {next}")
        if whole_year
        else _("Results of {period} and main tasks of {next}")
    )
    own = bare or wording.period_words(period).replace(f" {period.year}", f"{wording.NBSP}{period.year}")
    return subject.format(period=own, next=wording.period_words(ahead).replace(" ", wording.NBSP))


def _bare(period: Period) -> str:
    """A period's name without its year."""
    if isinstance(period, Quarter):
        return str(_BARE["Q"]).format(roman=period.roman, number=period.number)
    return str(_BARE[period.kind])


def lead(
    settings: Settings, summary: Summary, units: Mapping[str, Unit], missing: Missing
) -> tuple[Paragraph, ...]:
    """The lead-in: the data window, how many units reported, who is missing (of a span: in which quarter)."""
    period = summary.period
    opening = _(
        "{issuer} reports on the results of {period} as follows (figures from {first} to {last}):"
    ).format(
        issuer=settings.issuer.name or _("The committee"),
        period=wording.period_words(period),
        first=wording.date_short(period.quarters[0].window(settings.data_window).first),
        last=wording.date_short(period.last.window(settings.data_window).last),
    )
    if isinstance(period, Quarter):
        counted = _of_quarter(summary.coverage, units)
    else:
        counted = _of_span(summary.coverage, units, {period.last: summary.coverage.missing, **missing})
    figures = summary.figures.values()
    if any(over_fewer(figure, "year_ago") or over_fewer(figure, "previous") for figure in figures):
        counted += " " + _("Comparisons are over the units that have figures in both periods.")
    return Paragraph(wording.tidy(opening)), Paragraph(wording.tidy(counted))


def _of_quarter(coverage: Coverage, units: Mapping[str, Unit]) -> str:
    expected = _units_in_words(len(coverage.expected))
    if not coverage.missing:
        return _("All {units} have reported.").format(units=expected)
    return _("{accepted} of {units} have reported ({share}). Not in the figures: {missing}.").format(
        accepted=wording.count_words(len(coverage.accepted), ""),
        units=expected,
        share=wording.percent(len(coverage.accepted) / len(coverage.expected)),
        missing=names_of(coverage.missing, units),
    )


def _of_span(coverage: Coverage, units: Mapping[str, Unit], missing: Missing) -> str:
    named = missing_in_words(missing, units)
    if named:
        return _("Not in the figures: {missing}.").format(missing=named)
    return _("All {units} have reported in every quarter.").format(
        units=_units_in_words(len(coverage.expected))
    )


def _units_in_words(count: int) -> str:
    return wording.count_words(count, ngettext("unit", "units", count))
