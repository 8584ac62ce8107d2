"""What the answers of several units come to where one unit was made of them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from reportctl.form.indicators import AMOUNTS, Indicator

Number = int | float


def joined(indicator: Indicator, figures: Sequence[Number]) -> Number | None:
    """The figure of a unit that was made of several, of which some gave `figures` and the others nothing.

    Amounts that are added up over units have their exact sum, the least and the greatest are that of all.
    None where nothing can be said: of means, of answers chosen or written, and where there is no figure.
    """
    if not figures:
        return None
    match indicator.over_units:
        case "sum" if indicator.type in AMOUNTS and not indicator.computed:
            total = sum(Decimal(str(figure)) for figure in figures)
            return int(total) if all(isinstance(figure, int) for figure in figures) else float(total)
        case "min" if indicator.numeric:
            return min(figures)
        case "max" if indicator.numeric:
            return max(figures)
    return None
