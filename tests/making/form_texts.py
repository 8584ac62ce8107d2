"""Forms as people write them: valid data with tables too, and a form.toml of it in any hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from reportctl.core.toml import TomlLines
from reportctl.form.form_file import FormError, form_of
from reportctl.form.model import Form
from tests.making.strategies import forms, words

Data = dict[str, Any]
NESTED = {"sections": ("indicators",), "tables": ("columns", "rows"), "lists": ("columns",)}
KINDS = ("kinds", "sections", "tables", "lists", "texts", "rules")


def form_of_data(data: Data) -> Form | None:
    """The form that the data of a file are; None where it has mistakes."""
    try:
        return form_of(data, TomlLines(""), "form.toml")
    except FormError:
        return None


@st.composite
def form_data(draw: st.DrawFn) -> Data:
    """The data of a valid form.toml, with tables; some say what goes without saying, too."""
    data: Data = draw(forms()).model_dump(mode="json", by_alias=True)
    whole = draw(st.booleans())
    data = _said(draw, data, whole=whole)
    data["tables"] = [_table(draw, number) for number in range(draw(st.integers(0, 2)))]
    if not data["tables"]:
        del data["tables"]
    assume(form_of_data(data))
    return data


def _said(draw: st.DrawFn, said: Data, *, whole: bool) -> Data:
    """What a file says of a model that was dumped: with what is empty or only where it is not."""
    found = {}
    for key, value in said.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            found[key] = [_said(draw, each, whole=whole) for each in value]
        elif value is not None and (whole or value not in ("", [])):
            found[key] = value
    return found


def _table(draw: st.DrawFn, number: int) -> Data:
    """A matrix with sums, headings, lines between the rows, cells that are not asked."""
    columns: list[Data] = [
        {"code": f"c{n}", "label": draw(words)}
        | draw(st.sampled_from([{}, {"under": ["A; b", "“C”"]}, {"no": "1.10"}]))
        for n in range(draw(st.integers(1, 4)))
    ]
    rows: list[Data] = [
        {"code": f"r{n}", "label": draw(words)}
        | draw(st.sampled_from([{}, {"level": 2}, {"unit_of_measure": ""}, {"required": False, "min": 0.5}]))
        for n in range(draw(st.integers(1, 5)))
    ]
    if len(columns) > 2:
        columns[0] |= {"sum": "c1 + c2", "computed": draw(st.booleans())}
    if draw(st.booleans()):
        of = draw(st.sampled_from([{}, {"of": "c0"}]))
        columns.append({"code": "before", "label": "Kỳ trước", "is": "previous"} | of)
    for _ in range(draw(st.integers(0, 2))):
        rows.insert(
            draw(st.integers(0, len(rows))),
            {"caption": draw(st.sampled_from(["Trong đó:", "=1", "Chia ra:"]))},
        )
    found: Data = {"code": f"matrix_{number}", "title": f"M{number} {draw(words)}"}
    found |= draw(
        st.sampled_from([{}, {"over_time": "last"}, {"type": "money", "max": 1e6, "compared": "all"}])
    )
    found |= {"columns": columns, "rows": rows}
    if draw(st.booleans()):
        found["not_asked"] = draw(st.sampled_from([["r0.c0"], ["*.c0"]]))
    return found


_NOTES = st.sampled_from(["", "# ghi chú", "#", '# "[[sections]]" = {', "# a = 1"])


@st.composite
def toml_texts(draw: st.DrawFn, data: Data) -> str:
    """`data` as a form.toml: in blocks or braces, with comments, blank lines, any quotes and line ends."""
    hand = _Hand(draw)
    lines = [*hand.notes(), *hand.values({k: v for k, v in data.items() if k not in KINDS})]
    listed = [key for key in KINDS if key in data]
    for key in [key for key in listed if draw(st.integers(0, 5)) == 0]:
        lines += hand.values({key: data[key]})
        listed.remove(key)
    for key in draw(st.permutations(listed)):
        for each in data[key]:
            lines += hand.block(key, each)
    lines += hand.notes()
    newline = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    end = draw(st.sampled_from([newline, newline, ""]))
    return newline.join("\n".join(lines).split("\n")) + end


class _Hand:
    """How somebody writes: each thing in one of the ways that there are."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.indent = draw(st.sampled_from(["", "  "]))

    def notes(self) -> list[str]:
        """Blank lines and comments that stand alone."""
        return self.draw(st.lists(_NOTES, max_size=3))

    def end(self) -> str:
        """What stands behind a value."""
        return self.draw(st.sampled_from(["", "", "", "  # vì sao", " "]))

    def block(self, name: str, said: Mapping[str, Any]) -> list[str]:
        """A block with what is below it."""
        below = [key for key in NESTED.get(name, ()) if key in said]
        inside = [key for key in below if self.draw(st.booleans())]
        lines = [*self.notes(), f"[[{name}]]{self.end()}"]
        lines += self.values({key: value for key, value in said.items() if key not in below or key in inside})
        for key in below:
            if key not in inside:
                for each in said[key]:
                    lines += self.block(f"{name}.{key}", each)
        return lines

    def values(self, said: Mapping[str, Any]) -> list[str]:
        """Keys with their values, a line each, or several."""
        lines = []
        for key in self.draw(st.permutations(list(said))) if said else ():
            equals = self.draw(st.sampled_from([" = ", "=", "  =  "]))
            name = self.draw(st.sampled_from([key, key, key, f'"{key}"']))
            lines.append(f"{self.indent}{name}{equals}{self.value(said[key], long=True)}{self.end()}")
            if self.draw(st.integers(0, 6)) == 0:
                lines += self.notes()
        return lines

    def value(self, value: Any, *, long: bool = False) -> str:
        """A value; `long`: it may take several lines."""
        if isinstance(value, dict):
            pairs = ", ".join(f"{key} = {self.value(each)}" for key, each in value.items())
            return f"{{ {pairs} }}"
        if isinstance(value, list):
            items = [self.value(each) for each in value]
            if not items or not (long and self.draw(st.booleans())):
                return f"[{', '.join(items)}]"
            text = "["
            for number, item in enumerate(items):
                for note in filter(None, self.notes()):
                    text += f"\n  {note}"
                comma = "," if number < len(items) - 1 or self.draw(st.booleans()) else ""
                text += f"\n  {item}{comma}{self.end()}"
            return f"{text}\n{self.indent}]"
        if isinstance(value, str) and "'" not in value and self.draw(st.integers(0, 4)) == 0:
            return f"'{value}'"
        if isinstance(value, str) and long and '"' not in value and self.draw(st.integers(0, 6)) == 0:
            return f'"""\n{value}"""'
        return json.dumps(value, ensure_ascii=False)
