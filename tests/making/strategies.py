"""Generators of valid values for property tests: whole forms, of every type of question."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from reportctl.form import form_file
from reportctl.form.indicators import Type
from reportctl.form.model import Form

KINDS = ("district", "press")

_stems = st.from_regex(r"[a-z][a-z_]{0,20}", fullmatch=True)
_LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxy ABC áềỗ 0123456789 =+-@;:.,%()'\"<>&/“”…"
words = st.text(_LETTERS, min_size=1, max_size=60).map(lambda text: " ".join(text.split())).filter(bool)


@st.composite
def forms(draw: st.DrawFn) -> Form:
    """A valid form with sections, shares, parts, lists, texts and rules between them."""
    stem = draw(_stems)
    fresh = (f"{stem}_{number}" for number in itertools.count())
    sections = [_section(draw, fresh) for _ in range(draw(st.integers(1, 3)))]
    indicators = [indicator for section in sections for indicator in section["indicators"]]
    numeric = [i["code"] for i in indicators if i["type"] not in ("choice", "date", "text")]
    if len(numeric) >= 2 and draw(st.booleans()):
        sections[-1]["indicators"].append(
            {
                "code": next(fresh),
                "label": draw(words),
                "type": "percent",
                "numerator": numeric[0],
                "denominator": numeric[1],
                "over_units": "ratio",
                "over_time": "ratio",
                **_asked(draw),
            }
        )
    lists = [_list(draw, fresh, number) for number in range(draw(st.integers(0, 2)))]
    texts = [_text(draw, fresh) for _ in range(draw(st.integers(0, 3)))]
    return Form.model_validate(
        {
            "id": draw(st.from_regex(r"[a-z][a-z0-9_-]{0,15}", fullmatch=True)),
            "title": draw(words),
            "kinds": [{"code": kind, "title": kind} for kind in KINDS],
            "sections": sections,
            "lists": lists,
            "texts": texts,
            "rules": _rules(draw, fresh, numeric, lists),
        }
    )


def _asked(draw: st.DrawFn) -> dict[str, Any]:
    """Of whom it is asked, and whether it must be answered."""
    return {
        "required": draw(st.booleans()),
        "applies_to": draw(st.sampled_from([(), (KINDS[0],), (KINDS[1],), KINDS])),
    }


def _question(draw: st.DrawFn, code: str) -> dict[str, Any]:
    """What an indicator and a list's column have in common."""
    kind = draw(st.sampled_from(Type))
    low, high = sorted((draw(st.integers(-5, 1000)), draw(st.integers(-5, 1000))))
    bounded = kind in (Type.COUNT, Type.NUMBER, Type.MONEY)
    return {
        "code": code,
        "label": draw(words),
        "type": kind.value,
        "unit_of_measure": draw(st.just("") | words),
        "min": low if bounded and draw(st.booleans()) else None,
        "max": high if bounded and draw(st.booleans()) else None,
        "choices": draw(st.lists(words, min_size=1, max_size=8, unique=True)) if kind is Type.CHOICE else (),
    }


def _section(draw: st.DrawFn, fresh: Iterator[str]) -> dict[str, Any]:
    indicators: list[dict[str, Any]] = []
    for _ in range(draw(st.integers(1, 6))):
        indicator = _question(draw, next(fresh)) | _asked(draw) | {"guide": draw(st.just("") | words)}
        if indicator["type"] in ("choice", "date", "text"):
            indicator |= {"over_units": "none", "over_time": "none"}
        elif indicator["type"] == "percent":
            indicator |= {"over_units": "mean", "over_time": "mean"}
        elif indicators and draw(st.booleans()):
            indicator["part_of"] = indicators[0]["code"]
        indicators.append(indicator)
    return {"code": next(fresh), "title": draw(words), "indicators": indicators}


def _list(draw: st.DrawFn, fresh: Iterator[str], number: int) -> dict[str, Any]:
    columns = [
        _question(draw, next(fresh)) | {"required": draw(st.booleans())}
        for _ in range(draw(st.integers(1, 4)))
    ]
    return {
        "code": next(fresh),
        "title": f"{number} {draw(words)}",  # sheets are named by titles, which must differ
        "rows": draw(st.integers(1, 6)),
        "applies_to": _asked(draw)["applies_to"],
        "columns": columns,
    }


def _text(draw: st.DrawFn, fresh: Iterator[str]) -> dict[str, Any]:
    return {
        "code": next(fresh),
        "label": draw(words),
        "max_words": draw(st.none() | st.integers(1, 400)),
        "guide": draw(st.just("") | words),
        **_asked(draw),
    }


def _rules(
    draw: st.DrawFn, fresh: Iterator[str], numeric: list[str], lists: list[dict[str, Any]]
) -> list[Any]:
    amounts = [*numeric, *(f"rows({section['code']})" for section in lists)]
    amounts += [
        f"total({section['code']}.{column['code']})"
        for section in lists
        for column in section["columns"]
        if column["type"] not in ("choice", "date", "text")
    ]
    if not amounts:
        return []
    one = st.sampled_from(amounts)
    patterns = (
        "{a} = {b} + {c}",
        "{a} <= {b}",
        "{a} = 0 or {b} > 0",
        "not {a} > 1000000 and {b} + {c} >= 0",
        "{a} * 2 - {b} / 3 <> 1.5",
        "if({a} > 0, {b} > 0, {c} = 0)",
        "{a} <= if({b} > {c}, {b}, {c})",
    )
    found = []
    for _ in range(draw(st.integers(0, 4))):
        check = draw(st.sampled_from(patterns)).format(a=draw(one), b=draw(one), c=draw(one))
        found.append({"code": next(fresh), "check": check, "message": draw(words)})
    return found


def toml(form: Form) -> str:
    """`form` as a `form.toml` says it."""
    said = form.model_dump(mode="json")
    return "\n".join(f"{key} = {_toml_value(value)}" for key, value in said.items())


def _toml_value(value: Any) -> str:
    if isinstance(value, dict):
        pairs = (f"{key} = {_toml_value(item)}" for key, item in value.items() if item is not None)
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_toml_value(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def is_valid(form: Form) -> bool:
    """Whether `form` could have come from a file: it is read back as it is."""
    return form_file.parse_form(toml(form)) == form
