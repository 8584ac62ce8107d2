"""The head of the report: issuer, title, and the lead-in with the period and the units that reported."""

from __future__ import annotations

from collections.abc import Mapping

from reportctl.core import wording
from reportctl.core.language import _, ngettext
from reportctl.core.period import Period, Quarter, Span
from reportctl.figures.figures import Summary
from reportctl.figures.notes import (
    lacking_quarters,
    missing_in_words,
    names_of,
    over_fewer,
    quarters_in_words,
)
from reportctl.word.content import Paragraph
from reportctl.workspace.settings import Issuer, Settings
from reportctl.workspace.units import Unit

_PEN = 5  # blanks that a number is written into by hand
# The tags of what `heading` gives.
HEAD = (
    *("document.number", "document.day", "document.month", "document.year"),
    *("issuer.superior", "issuer.name", "issuer.number_suffix", "issuer.place", "issuer.signing_for"),
    *("issuer.post", "issuer.signatory", "period", "period.year", "next_period", "next_period.lower"),
    *("title", "area"),
)
# The forms of signing for somebody in the Party's style and in the State's (Decree 30/2020/NĐ-CP, Annex I).
_SIGNING = (("T/M", "TM."), ("K/T", "KT."), ("T/L", "TL."))


def heading(issuer: Issuer, period: Period, style: str) -> dict[str, str]:
    """The fixed parts of the heading and the signature; number, day and month are left to the clerk: blanks
    for the pen, or to be typed over."""
    state = style == "state"
    signing = issuer.signing_for
    for of_party, of_state in _SIGNING:
        other, ours = (of_party, of_state) if state else (of_state, of_party)
        if issuer.signing_for.startswith(other):
            signing = ours + issuer.signing_for.removeprefix(other)
    return {
        "document.number": wording.NBSP * _PEN,
        "document.day": wording.NBSP * _PEN,
        "document.month": wording.NBSP * _PEN,
        "document.year": str(period.year),
        "issuer.superior": wording.name_in_lines(issuer.superior),
        "issuer.name": wording.name_in_lines(issuer.name),
        "issuer.number_suffix": f"/BC-{issuer.short}" if state else f"-BC/{issuer.short}",
        "issuer.place": issuer.place,
        "issuer.signing_for": wording.name_in_lines(signing),
        "issuer.post": wording.name_in_lines(issuer.post),
        "issuer.signatory": issuer.signatory,
        "period": wording.period_words(period),
        "period.year": str(period.year),
        "next_period": wording.period_title(period.following).upper(),
        "next_period.lower": wording.period_words(period.following),
        "title": title(period),
        "area": issuer.area,
    }


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
    """The report's subject: a year that both periods share stands once, the next period is not broken."""
    ahead = period.following
    whole_year = isinstance(period, Span) and period.kind == "Y"
    subject = (
        _("Results for {period}; directions and main tasks for {next}")
        if whole_year
        else _("Results for {period} and main tasks for {next}")
    )
    if period.year != ahead.year:
        words = wording.period_words(period).replace(f" {period.year}", f"{wording.NBSP}{period.year}")
    else:
        words = wording.period_words_alone(period)
    return subject.format(period=words, next=wording.period_words(ahead).replace(" ", wording.NBSP))


def lead(settings: Settings, summary: Summary, units: Mapping[str, Unit]) -> tuple[Paragraph, ...]:
    """The lead-in: what the report is based on, a line each; the data window; how many units reported, who is
    missing (of a span: in which quarter). Before all, in bold, which quarters of a span are lacking."""
    period, coverage = summary.period, summary.coverage
    opening = _(
        "{issuer} reports on the results for {period} as follows (figures from {first} to {last}):"
    ).format(
        issuer=settings.issuer.name or _("The committee"),
        period=wording.period_words(period),
        first=wording.date_short(period.quarters[0].window(settings.data_window).first),
        last=wording.date_short(period.last.window(settings.data_window).last),
    )
    of_span = not isinstance(period, Quarter)
    count = len(coverage.expected)
    expected = wording.count_words(count, ngettext("unit", "units", count))
    named = missing_in_words(coverage.by_quarter, units) if of_span else ""
    if named:
        reported = _("Not in the figures: {missing}.").format(missing=named)
    elif of_span:
        reported = _("All {units} have reported in every quarter.").format(units=expected)
    elif not coverage.accepted:
        reported = _("None of {units} has reported yet.").format(units=expected)
    elif coverage.missing:
        reported = _("{accepted} of {units} have reported ({share}). Not in the figures: {missing}.").format(
            accepted=wording.count_words(len(coverage.accepted), ""),
            units=expected,
            share=wording.percent(len(coverage.accepted) / count),
            missing=names_of(coverage.missing, units),
        )
    else:
        reported = _("All {units} have reported.").format(units=expected)
    figures = summary.figures.values()
    if any(over_fewer(figure, which) for figure in figures for which in ("year_ago", "previous")):
        reported += " " + _("Comparisons cover only the units that have figures for both periods.")
    said = *based_on(settings.issuer), Paragraph(wording.tidy(opening)), Paragraph(wording.tidy(reported))
    lacking = lacking_quarters(summary, units, figures) if of_span else ()
    if not lacking:
        return said
    there = [quarter for quarter in period.quarters if quarter not in lacking]
    part = _("There are no figures of {lacking} yet; the figures below are those of {there}.").format(
        lacking=quarters_in_words(lacking), there=quarters_in_words(there)
    )
    return Paragraph("", lead=wording.tidy(part)), *said


_GROUNDS = ("căn cứ", "thực hiện", "theo", "under", "on the basis of", "pursuant to")


def based_on(issuer: Issuer) -> tuple[Paragraph, ...]:
    """The documents that a report goes back to, a line each that ends with a semicolon, the last with a
    comma: `Căn cứ Kế hoạch số 12-KH/TU;`. A line that begins with a word of its own for that keeps it."""
    texts = [text.strip().rstrip(";,.") for text in issuer.based_on if text.strip(" ;,.")]
    lines = [
        text if text.casefold().startswith(_GROUNDS) else _("Under {document}").format(document=text)
        for text in texts
    ]
    signs = [";"] * (len(lines) - 1) + [","]
    return tuple(
        Paragraph(wording.tidy(wording.capitalised(line)) + sign)
        for line, sign in zip(lines, signs, strict=False)
    )
