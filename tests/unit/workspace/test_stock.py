"""The stock workspace: its form, units, plan and settings go together."""

from __future__ import annotations

import io
import itertools
from collections import Counter
from pathlib import Path
from string import Formatter

import pytest
import xlsxwriter

from reportctl.core.language import Phrase
from reportctl.figures.plan import load_plan
from reportctl.form.form_file import load_form
from reportctl.form.indicators import Indicator, Type
from reportctl.form.model import Form, UnitKind, applies
from reportctl.form.names import headings
from reportctl.form.rules import Gap, Operand, Reference, Rule, holds
from reportctl.workspace.settings import Settings, open_workspace
from reportctl.workspace.small_tables import TableRow, read_small_table
from reportctl.workspace.units import Roster
from reportctl.workspace.units_file import load_roster
from tests.making.machine import SAMPLE, TEMPLATES

FORM = load_form(TEMPLATES / "form.toml")


@pytest.fixture
def form() -> Form:
    return FORM


@pytest.fixture
def roster(form: Form) -> Roster:
    return load_roster(TEMPLATES / "units.csv", frozenset(kind.code for kind in form.kinds))


PLAN = ("unit", "indicator", "year", "value")


@pytest.fixture
def sample_form() -> Form:
    return load_form(SAMPLE / "form.toml")


@pytest.fixture
def sample_roster(sample_form: Form) -> Roster:
    return load_roster(SAMPLE / "units.csv", frozenset(kind.code for kind in sample_form.kinds))


@pytest.fixture
def plan() -> list[TableRow]:
    return read_small_table(SAMPLE / "plan.csv", PLAN)


@pytest.fixture
def settings() -> Settings:
    return open_workspace(TEMPLATES).settings


# The form.


def test_the_form_has_its_sections_lists_texts_and_rules(form: Form) -> None:
    assert [section.code for section in form.sections] == [
        "direction", "training", "press", "grassroots", "community", "corrections", "contest", "budget",
    ]  # fmt: skip
    assert [table.code for table in form.tables] == ["press_media"]
    assert [section.code for section in form.lists] == ["conferences", "classes"]
    assert [text.code for text in form.texts] == [
        "results", "strengths", "limits", "causes", "tasks", "recommendations",
    ]  # fmt: skip
    assert [kind.code for kind in form.kinds] == ["commune", "ward", "special_zone", "department", "press"]
    assert 40 <= len(form.indicators) - len(form.tables[0].cells) <= 50
    assert len(form.rules) >= 12
    assert "press_total" in form.indicators


def test_every_type_of_answer_is_used(form: Form) -> None:
    columns = {column.type for section in form.lists for column in section.columns}
    assert {indicator.type for indicator in form.indicators.values()} | columns == set(Type)


def test_every_code_is_a_name_that_a_workbook_takes(form: Form) -> None:
    others = (form.tables, form.lists, form.texts)
    codes = [*form.indicators, *(one.code for group in others for one in group)]
    assert len({code.casefold() for code in codes}) == len(codes)
    with xlsxwriter.Workbook(io.BytesIO()) as book:
        book.add_worksheet("Sheet1")
        for code in codes:
            assert book.define_name(code, "=Sheet1!$A$1") in (0, None), code


def test_everything_said_is_said_in_english_too(form: Form) -> None:
    groups = (form.kinds, form.sections, form.tables, form.lists, form.texts, form.indicators.values())
    said = [form.name, *(item.name for group in groups for item in group)]
    for table in form.tables:
        said += [Phrase(table.row_title, table.row_title_en), *(row.name for row in table.rows)]
        said += [name for column in table.columns for name in (*headings(column), column.name)]
    said += [column.name for section in form.lists for column in section.columns]
    said += [rule.words for rule in form.rules]
    for indicator in form.indicators.values():
        said += [indicator.measure, Phrase(indicator.sentence, indicator.sentence_en)]
    assert [phrase for phrase in said if bool(phrase.vi) != bool(phrase.en)] == []


def test_every_section_has_sentences_that_ask_for_the_same_in_both_languages(form: Form) -> None:
    for section in form.sections:
        leading = [indicator for indicator in section.indicators if indicator.sentence]
        assert 2 <= len(leading) <= 4, section.code
        for indicator in leading:
            assert slots(indicator.sentence) == slots(indicator.sentence_en), indicator.code
            # One sentence is about the table: how the stories of all media are divided.
            own = {f"press_media.total.{genre}.value" for genre in ("news", "articles", "features")}
            asked = own if indicator.code == "press_online" else {"value"}
            assert asked <= slots(indicator.sentence), indicator.code


def test_sentences_of_one_section_open_in_several_ways(form: Form) -> None:
    for section in form.sections:
        spoken = [section.sentence, *(indicator.sentence for indicator in section.indicators)]
        openings = [" ".join(text.split()[:2]) for text in spoken if text]
        assert all(one != other for one, other in itertools.pairwise(openings)), openings


def slots(sentence: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in Formatter().parse(sentence) if name is not None}


def test_what_there_is_at_the_end_of_a_period_counts_once(form: Form) -> None:
    last = {code for code, indicator in form.indicators.items() if indicator.over_time == "last"}
    assert last == {
        "annual_plan", "press_columns", "speakers_total", "speakers_working", "pages_total", "groups_total",
        "community_members", "staff_total", "staff_fulltime",
    }  # fmt: skip
    assert all(form.indicators[code].over_units == "sum" for code in last)


def test_the_share_is_a_ratio_both_ways_and_the_average_a_mean(form: Form) -> None:
    added_up = {code: (i.over_units, i.over_time) for code, i in form.indicators.items() if i.numeric}
    others = {code: ways for code, ways in added_up.items() if ways not in (("sum", "sum"), ("sum", "last"))}
    assert others == {"budget_share": ("ratio", "ratio"), "broadcast_hours": ("mean", "mean")}


def test_a_part_stands_after_its_whole_and_is_asked_of_no_other_kind(form: Form) -> None:
    for section in form.sections:
        before: list[str] = []
        for indicator in section.indicators:
            if indicator.part_of:
                whole = form.indicators[indicator.part_of]
                assert whole.code in before
                assert asked_of(form, indicator) <= asked_of(form, whole)
                assert (indicator.unit_of_measure, indicator.over_time) == (
                    whole.unit_of_measure,
                    whole.over_time,
                )
            before.append(indicator.code)


def asked_of(form: Form, indicator: Indicator) -> set[str]:
    return {kind.code for kind in form.kinds if applies(indicator, kind.code)}


def test_every_kind_of_unit_is_asked_what_it_does(form: Form) -> None:
    sections = {
        kind.code: [s.code for s in form.sections if any(applies(i, kind.code) for i in s.indicators)]
        for kind in form.kinds
    }
    common = {"direction", "training", "community", "corrections", "contest", "budget"}
    for kind in ("commune", "ward", "special_zone"):
        assert set(sections[kind]) == common | {"grassroots"}
    assert set(sections["department"]) == common
    assert set(sections["press"]) == common | {"press"}


def test_every_figure_that_is_filled_in_has_a_least_value(form: Form) -> None:
    asked = [i for i in form.indicators.values() if i.numeric and not i.computed and i.type != Type.YES_NO]
    assert [indicator.code for indicator in asked if indicator.min != 0] == []


def test_texts_fit_where_spreadsheets_put_them(form: Form) -> None:
    guides = [indicator.guide for indicator in form.indicators.values()]
    guides += [question.guide for question in form.texts]
    assert max(map(len, guides)) <= 255  # an input message
    sheets = [*form.tables, *form.lists]
    assert all(len(one.title) <= 31 for one in sheets)  # a sheet's name


# The table.


@pytest.mark.parametrize(("root", "kinds"), [(TEMPLATES, {"press"}), (SAMPLE, {"district", "press"})])
def test_stories_are_asked_by_medium_and_genre(root: Path, kinds: set[str]) -> None:
    """Print and television of press agencies alone, as in the section; sums are never asked."""
    form = load_form(root / "form.toml")
    (table,) = form.tables
    assert len(table.cells) == 5 * 4
    for medium in ("print", "radio", "tv", "online"):
        of_section = asked_of(form, form.indicators[f"press_{medium}"])
        assert of_section == (kinds if medium in ("radio", "online") else {"press"})
        for genre in ("all", "news", "articles", "features"):
            cell = table.cells[medium, genre]
            assert asked_of(form, cell) == of_section
            assert cell.filled_in == (genre != "all")
    for genre in ("all", "news", "articles", "features"):
        assert asked_of(form, table.cells["total", genre]) == kinds
        assert not table.cells["total", genre].filled_in
    assert form.made_of("press_media.total.all") == [
        f"press_media.{medium}.{genre}"
        for medium in ("print", "radio", "tv", "online")
        for genre in ("news", "articles", "features")
    ]


@pytest.mark.parametrize("medium", ["print", "radio", "tv", "online"])
def test_what_a_medium_has_by_genre_is_what_it_has_in_all(form: Form, medium: str) -> None:
    (rule,) = [rule for rule in form.rules if rule.code == f"{medium}_by_genre"]
    cell, whole = (Reference("value", code) for code in (f"press_media.{medium}.all", f"press_{medium}"))
    assert set(rule.node.references) == {cell, whole}
    assert holds(rule.node, {cell: 12, whole: 12}.__getitem__) is True
    assert holds(rule.node, {cell: 12, whole: 13}.__getitem__) is False
    assert rule.severity == "error"


# The rules.


def only(values: dict[Reference, Operand], form: Form, kind: UnitKind) -> dict[Reference, Operand]:
    """The values as units of `kind` have them: figures they are not asked for are nothing."""
    return {
        reference: value
        if reference.what != "value" or applies(form.indicators[reference.code], kind.code)
        else Gap.NOTHING
        for reference, value in values.items()
    }


@pytest.mark.parametrize("kind", FORM.kinds, ids=[kind.code for kind in FORM.kinds])
def test_nothing_done_breaks_no_rule(form: Form, kind: UnitKind) -> None:
    for rule in form.rules:
        zeros: dict[Reference, Operand] = dict.fromkeys(rule.node.references, 0)
        assert holds(rule.node, only(zeros, form, kind).__getitem__) is True, rule.code


@pytest.mark.parametrize("rule", FORM.rules, ids=[rule.code for rule in FORM.rules])
def test_a_single_figure_can_break_each_rule(rule: Rule) -> None:
    asked = set(rule.node.references)
    alone: list[dict[Reference, Operand]] = [{r: int(r == one) for r in asked} for one in asked]
    assert any(holds(rule.node, values.__getitem__) is False for values in alone)


def test_press_stories_add_up_for_a_district_without_print_and_television(sample_form: Form) -> None:
    form = sample_form
    (rule,) = [rule for rule in form.rules if rule.code == "press_added_up"]
    (district,) = [kind for kind in form.kinds if kind.code == "district"]
    figures = {"press_total": 12, "press_print": 9, "press_radio": 8, "press_tv": 9, "press_online": 4}
    values: dict[Reference, Operand] = {Reference("value", code): n for code, n in figures.items()}
    assert holds(rule.node, only(values, form, district).__getitem__) is True
    values[Reference("value", "press_online")] = 5
    assert holds(rule.node, only(values, form, district).__getitem__) is False


# Units, plan and settings.


def test_the_units_are_of_kinds_that_the_form_knows(roster: Roster) -> None:
    assert Counter(unit.kind for unit in roster.units) == {
        "commune": 7, "ward": 4, "special_zone": 1, "department": 5, "press": 3,
    }  # fmt: skip
    assert [unit.code for unit in roster.units][:2] == ["001", "002"]
    assert len({unit.name for unit in roster.units}) == 20
    assert all(unit.contact.endswith(".example.vn") for unit in roster.units)


def test_the_form_is_the_samples_but_for_the_kinds_of_units(form: Form, sample_form: Form) -> None:
    # Districts and their media centres are no more; whatever is asked of a commune is asked of all three.
    assert list(form.indicators) == list(sample_form.indicators)
    for code in form.indicators:
        then, now = (asked_of(one, one.indicators[code]) for one in (sample_form, form))
        communes = {"commune", "ward", "special_zone"} if "commune" in then else set()
        assert now == then - {"district", "commune"} | communes, code
    assert [rule.code for rule in form.rules] == [rule.code for rule in sample_form.rules]


def test_the_plan_is_empty_so_that_it_is_in_nobodys_way(roster: Roster, form: Form) -> None:
    assert read_small_table(TEMPLATES / "plan.csv", PLAN) == []
    assert load_plan(TEMPLATES / "plan.csv", roster, form).values == {}


def test_the_units_are_there_in_every_quarter(roster: Roster, settings: Settings) -> None:
    assert all(unit.valid_from is None and unit.valid_to is None for unit in roster.units)
    assert settings.current is not None
    for quarter in (settings.current, settings.current.year_ago):
        assert len(roster.on(quarter.window(settings.data_window).last)) == 20


def test_the_plan_is_for_units_and_figures_that_there_are(
    plan: list[TableRow], sample_roster: Roster, sample_form: Form
) -> None:
    roster, form = sample_roster, sample_form
    kinds = {unit.code: unit.kind for unit in roster.units}
    planned = [(record.get("unit"), record.get("indicator"), record.get("year")) for record in plan]
    assert len(set(planned)) == len(planned)
    assert {year for _unit, _code, year in planned} == {"2023", "2024"}
    assert {unit for unit, _code, _year in planned} == set(kinds)
    for unit, code, _year in planned:
        assert form.indicators[code].over_time == "sum"
        assert applies(form.indicators[code], kinds[unit])
    assert all(int(record.get("value")) > 0 for record in plan)


def test_whoever_is_asked_for_a_planned_figure_has_a_plan(
    plan: list[TableRow], sample_roster: Roster, sample_form: Form
) -> None:
    roster, form = sample_roster, sample_form
    for code in {record.get("indicator") for record in plan}:
        asked = {unit.code for unit in roster.units if applies(form.indicators[code], unit.kind)}
        in_table = code.startswith("press_media.")  # which is asked since 2024
        for year in ("2024",) if in_table else ("2023", "2024"):
            rows = [r for r in plan if r.get("indicator") == code and r.get("year") == year]
            assert {row.get("unit") for row in rows} == asked
        assert in_table or "{of_plan}" in form.indicators[code].sentence


def test_the_plans_of_the_media_add_up_to_that_of_all_stories(plan: list[TableRow]) -> None:
    given = {
        (r.get("unit"), r.get("indicator")): int(r.get("value")) for r in plan if r.get("year") == "2024"
    }
    units = [unit for unit, code in given if code == "press_total"]
    assert len(units) == 15
    for unit in units:
        media = [given.get((unit, f"press_media.{one}.all"), 0) for one in ("print", "radio", "tv", "online")]
        whole = given[unit, "press_total"]
        assert whole == given[unit, "press_media.total.all"] == sum(media)


def test_deadlines_are_for_kinds_that_the_form_knows(settings: Settings, form: Form) -> None:
    assert set(settings.deadlines) <= {"default", *(kind.code for kind in form.kinds)}
    assert (settings.language, settings.style, str(settings.current)) == ("vi", "party", "2026-Q3")
