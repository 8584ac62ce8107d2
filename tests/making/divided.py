"""Offices whose form divides its figures otherwise from one quarter to the next."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from reportctl.core.period import Quarter, parse_period, parse_quarter
from reportctl.figures.figures import Summary
from reportctl.figures.plan import Plan
from reportctl.figures.summary import summarise
from reportctl.form.asked_then import AskedThen, Unasked, asked_then
from reportctl.form.divided import Divided
from reportctl.form.form_file import parse_form
from reportctl.form.layout import layout
from reportctl.form.model import Form
from tests.making.commands import Said
from tests.making.figures import ROSTER, FakeLedger, Figures, calendar_of
from tests.making.office import Office, filled

HEAD = 'id = "work"\ntitle = "Báo cáo"\nkinds = [{code = "district", title = "Huyện"}]\n'
UNITS = ("01", "02")


def table(columns: str, rows: str, more: str = "") -> str:
    """A form of one table `t`, each line such as "x", "t = x + y" or, worked out, "t := x + y"."""
    return (
        f'{HEAD}[[tables]]\ncode = "t"\ntitle = "Bảng"\n{more}'
        f"columns = [{_lines(columns)}]\nrows = [{_lines(rows)}]\n"
    )


def _lines(text: str) -> str:
    lines = []
    for line in text.split(","):
        name, _equals, parts = (part.strip() for part in line.partition("="))
        code = name.rstrip(" :")
        said = f', sum = "{parts}"' if parts else ""
        said += ", computed = true" if name.endswith(":") else ""
        lines.append(f'{{code = "{code}", label = "{code.upper()}"{said}}}')
    return ", ".join(lines)


def section(indicators: str, rules: str = "", more: str = "") -> str:
    """A form of one section, its indicators such as "x" or, as a part, "x < t"; rules such as "t = x + y"."""
    text = f'{HEAD}[[sections]]\ncode = "s"\ntitle = "Mục"\n'
    for line in indicators.split(","):
        code, _below, whole = (part.strip() for part in line.partition("<"))
        part_of = f'part_of = "{whole}"\n' if whole else ""
        text += f'[[sections.indicators]]\ncode = "{code}"\nlabel = "{code.upper()}"\n{part_of}{more}'
    for number, check in enumerate(filter(None, rules.split(","))):
        text += f'[[rules]]\ncode = "r{number}"\ncheck = "{check.strip()}"\nmessage = "Sai"\n'
    return text


class DividedOffice(Office):
    """An office of two units."""

    def begin(self) -> DividedOffice:
        self.root.mkdir()
        (self.root / "reportctl.toml").write_text('language = "en"\ncurrent = "2026-Q1"\n', encoding="utf-8")
        units = "".join(f"{one},Huyện {one},district\n" for one in UNITS)
        (self.root / "units.csv").write_text(f"code,name,kind\n{units}", encoding="utf-8")
        return self

    def ask(self, quarter: Quarter, text: str) -> None:
        """From the quarter on the form is this one."""
        (self.root / "form.toml").write_text(text, encoding="utf-8")
        settings = (self.root / "reportctl.toml").read_text(encoding="utf-8")
        before = settings[settings.index("current") :].splitlines()[0]
        (self.root / "reportctl.toml").write_text(
            settings.replace(before, f'current = "{quarter}"'), encoding="utf-8"
        )

    def answer(self, quarter: Quarter, text: str, *of_units: Mapping[str, Any]) -> None:
        """The units' returns, made from the form `text`: figures by code, cells of `t` as "row.column"."""
        form = parse_form(text)
        for unit, figures in zip(self.roster.units, of_units, strict=False):
            data = filled(form, unit, quarter, {}, "2026-03-15T08:00:00Z")
            book, places = openpyxl.load_workbook(io.BytesIO(data)), layout(form, "district")
            for code, value in figures.items():
                row, _point, column = code.partition(".")
                place = places.tables["t"].place(row, column) if column else places.indicators[code].value
                book[place.sheet][place.cell] = value
            saved = io.BytesIO()
            book.save(saved)
            self.put(f"{unit.code}.xlsx", saved.getvalue(), quarter)

    def quarter(self, quarter: Quarter, text: str, *of_units: Mapping[str, Any]) -> Said:
        """A quarter asked with the form and answered on it."""
        self.ask(quarter, text)
        self.answer(quarter, text, *of_units)
        return self.run("merge", quarter)

    def rows(self, period: object) -> dict[str, Any]:
        """What `summary` says of each figure."""
        said = self.run("summary", period, "--format", "json")
        assert said.code == 0, said.err
        return {row["code"].removeprefix("t."): row for row in said.json["rows"]}

    def printed(self, period: object, *more: str) -> str:
        """The summary's tables, with plain spaces and stars."""
        said = self.run("summary", period, "--format", "markdown", *more)
        assert said.code == 0, said.err
        return said.out.replace("\u00a0", " ").replace("\\", "")


def divided_office(root: Path) -> DividedOffice:
    return DividedOffice(root).begin()


class OfForms(FakeLedger):
    """A ledger whose quarters were asked with these forms, in order; it answers as the last one asks."""

    def __init__(self, forms: Mapping[str, Form], figures: Figures) -> None:
        super().__init__(figures)
        self.forms = {parse_period(quarter): form for quarter, form in forms.items()}

    def _then(self, quarter: Quarter) -> AskedThen:
        if quarter not in self.forms:
            return AskedThen()
        later = [form for of, form in self.forms.items() if of > quarter] or [self.forms[quarter]]
        return asked_then(self.forms[quarter], later)

    def unasked(self, quarter: Quarter) -> Mapping[str, Unasked]:
        return self._then(quarter).unasked

    def divided(self, quarter: Quarter) -> tuple[Divided, ...]:
        return self._then(quarter).divided

    def numbers(
        self, quarters: Sequence[Quarter], codes: Collection[str] | None = None
    ) -> list[tuple[str, str, str, float | None, bool]]:
        found = []
        for period, unit, code, *value in super().numbers(quarters):
            name = self._then(parse_quarter(period)).codes.get(code, code)
            if name is not None and (codes is None or name in codes):
                found.append((period, unit, name, *value))
        return found


def over_forms(period: str, forms: Mapping[str, str], figures: Figures) -> Summary:
    """The figures of a period whose quarters were asked with these forms; the last one is that of now."""
    read = {quarter: parse_form(text) for quarter, text in forms.items()}
    ledger: Any = OfForms(read, figures)
    form = [*read.values()][-1]
    return summarise(ledger, form, calendar_of(ROSTER), Plan({}), parse_period(period))
