"""The pages of the guide hold together: both languages, commands, links, pictures, and the site's map."""

from __future__ import annotations

import functools
import re
from itertools import chain
from pathlib import Path
from types import SimpleNamespace

import pytest
from babel.messages.pofile import read_po

from reportctl.core.finding_kinds import KINDS
from tests.making import guide
from tests.making.machine import PACKAGE, ROOT
from tools import help_pages, site_hooks, site_pictures

PAGES = guide.every_page()
PICTURES = ("*/images/*", "images/*")
MOST_BYTES = 3_000_000
CATALOGUE = PACKAGE / "locale" / "vi" / "LC_MESSAGES" / "reportctl.po"
NOT_OURS = {"Windows protected your PC"}  # what others say


def _name(path: Path) -> str:
    return path.relative_to(guide.DOCS).as_posix()


def test_both_languages_have_the_same_pages() -> None:
    english = {page.name for page in (guide.GUIDE / "en").glob("*.md")}
    assert len(guide.names()) == 13
    assert english == {*guide.names(), "index.md"}


@pytest.mark.parametrize("name", guide.names())
def test_both_languages_of_a_page_show_the_same(name: str) -> None:
    """The same start, commands, blocks and pictures; the words between them are each language's own."""
    vietnamese, english = (guide.page(lang, name).read_text(encoding="utf-8") for lang in guide.LANGUAGES)
    assert guide.start(vietnamese) == guide.start(english)
    assert guide.fences(vietnamese) == guide.fences(english)
    assert _without_reasons(vietnamese) == _without_reasons(english)
    assert re.findall(r"!\[.*?\]\((.*?)\)", vietnamese) == re.findall(r"!\[.*?\]\((.*?)\)", english)


def _without_reasons(text: str) -> list[tuple[object, ...]]:
    """What is typed on a page, without the reasons that people give in their own words."""
    return [
        (
            block.before,
            step.code,
            [word for word, before in zip(step.words, ("", *step.words), strict=False) if before != "--why"],
        )
        for block in guide.blocks(text)
        for step in block.steps
    ]


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_a_page_is_short_and_its_blocks_are_run_or_marked(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 120
    assert set(guide.fences(text)) <= {"powershell", "text", "toml"}
    assert text.count("```") == 2 * len(guide.fences(text))
    assert "&&" not in text  # Windows PowerShell does not know it


@functools.cache
def _options() -> dict[str, set[str]]:
    """The options of each command of the program."""
    commands = help_pages.group().commands.items()
    return {name: {option for one in command.params for option in one.opts} for name, command in commands}


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_commands_within_sentences_are_commands_of_the_program(page: Path) -> None:
    """Their names and options; what stands in blocks is run by tests/office/test_guide.py."""
    for line in guide.inline_commands(page.read_text(encoding="utf-8")):
        words = line.split()[1:]
        if not words[0].startswith("-"):
            assert words[0] in _options(), line
            assert {word for word in words if word.startswith("--")} <= {*_options()[words[0]], "--help"}, (
                line
            )


@pytest.mark.parametrize("lang", guide.LANGUAGES)
def test_messages_that_a_page_quotes_are_said_by_the_program(lang: str) -> None:
    """In the first column of the tables of what can go wrong; dots stand for what differs."""
    said = "\n".join(_messages(lang)).casefold()
    quoted = {
        quotation
        for name in guide.names()
        for cell in re.findall(
            r"^\| ([^|]*) \|", guide.page(lang, name).read_text(encoding="utf-8"), re.MULTILINE
        )
        for quotation in re.findall(r"“([^”]+)”", cell)
    }
    assert len(quoted) > 8
    for quotation in quoted - NOT_OURS:
        for part in filter(None, map(str.strip, quotation.split("…"))):
            assert part.casefold() in said, quotation


def _messages(lang: str) -> list[str]:
    """All messages of the program in one language."""
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file)
    return [text for message in catalogue for text in _tuple(message.id if lang == "en" else message.string)]


def _tuple(texts: object) -> tuple[str, ...]:
    return (
        (texts,)
        if isinstance(texts, str)
        else tuple(map(str, texts))
        if isinstance(texts, tuple | list)
        else ()
    )


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)", text):
        assert (page.parent / target).is_file(), target
    assert "](/" not in text


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_findings_that_a_page_links_are_there(page: Path) -> None:
    linked = re.findall(r"\[`(\w+)`\]\([./]*(findings[^)]*)\)", page.read_text(encoding="utf-8"))
    assert {code for code, _page in linked} <= set(KINDS)
    wanted = "findings.md" if page.parent.name == "en" else "findings.vi.md"
    assert [target for _code, target in linked] == [f"{wanted}#{code}" for code, _page in linked]


def test_every_picture_is_used_and_small() -> None:
    """Which pictures a page names is held by the links; what is made and shown nowhere is found here."""
    there = {path.resolve() for pattern in PICTURES for path in guide.GUIDE.glob(pattern)}
    named = {
        (page.parent / target).resolve()
        for page in PAGES
        for target in re.findall(r"!\[.+?\]\(([^)]+)\)", page.read_text(encoding="utf-8"))
    }
    assert len(there) > 20
    assert there <= named
    assert sum(path.stat().st_size for path in there) < MOST_BYTES


def test_every_picture_is_made_by_the_tool() -> None:
    made = chain(
        (
            guide.GUIDE / lang / "images" / f"{one.name}.svg"
            for lang in guide.LANGUAGES
            for one in site_pictures.SCREENS
        ),
        (guide.GUIDE / "images" / f"{one.name}.png" for one in site_pictures.PAGES),
    )
    assert set(made) == {path for pattern in PICTURES for path in guide.GUIDE.glob(pattern)}


def test_pictures_of_the_terminal_load_nothing_from_elsewhere() -> None:
    drawn = site_pictures.svg(["\x1b[31mlỗi\x1b[0m  ô F19"], "name")
    assert drawn == site_pictures.svg(["\x1b[31mlỗi\x1b[0m  ô F19"], "name")
    assert "lỗi" in drawn
    for picture in (
        drawn,
        *(path.read_text(encoding="utf-8") for path in guide.GUIDE.glob("*/images/*.svg")),
    ):
        addresses = set(re.findall(r"https?://[^\s\"']+", picture))
        assert addresses <= {"http://www.w3.org/2000/svg", "https://www.textualize.io"}


def test_the_map_of_the_site_names_every_page() -> None:
    """Vietnamese first. Pages for those who work on the program are left out of the site by name."""
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    left_out, nav = text.partition("exclude_docs: |\n")[2].split("\nnav:\n")
    named = re.findall(r"([\w/.-]+\.md)$", nav, re.MULTILINE)
    excluded = re.findall(r"^  ([\w.-]+\.md)$", left_out, re.MULTILINE)
    assert len(named) == len(set(named))
    assert {*named, *excluded} == {_name(path) for path in guide.DOCS.rglob("*.md")}
    assert [name for name in named if name.startswith("guide/")] == sorted(
        (name for name in named if name.startswith("guide/")),
        key=lambda name: not name.startswith("guide/vi/"),
    )


def test_a_code_leads_to_its_own_row() -> None:
    """Every link to a part of another page finds it."""
    links = 0
    for page in sorted(guide.DOCS.rglob("*.md")):
        text = page.read_text(encoding="utf-8")
        for target, part in re.findall(r"\]\((?!https?:)([^)#]+\.md)#([^)]+)\)", text):
            other = (page.parent / target).read_text(encoding="utf-8")
            assert f'<a id="{part}"></a>' in other or part in _headings(other), (page.name, part)
            links += 1
    assert links >= 16


def _headings(text: str) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title).strip().lower().replace(" ", "-") for title in titles}


def test_each_page_of_the_site_has_its_language_and_leads_to_the_same_in_the_other() -> None:
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    pages = re.findall(r"([\w/.-]+\.md)$", text.split("\nnav:\n")[1], re.MULTILINE)
    texts = {name: (guide.DOCS / name).read_text(encoding="utf-8") for name in pages}
    vietnamese = {name for name, said in texts.items() if said.count(" thì ") > said.count(" the ")}
    assert {name for name in pages if site_hooks.language_of(name) == "vi"} == vietnamese
    for name in pages:
        both = [site_hooks.in_language(name, language) for language in ("vi", "en")]
        assert name in both
        assert {*both} <= {*pages}
        assert [site_hooks.language_of(one) for one in both] == ["vi", "en"]
    for name in ("guide/en/check.md", "findings.md"):
        config = SimpleNamespace(theme={"language": "vi"}, extra={})
        page = SimpleNamespace(file=SimpleNamespace(src_uri=name))
        site_hooks.on_page_context({}, page=page, config=config, nav=None)
        assert config.theme["language"] == "en"
        links = {one["lang"]: one["link"] for one in config.extra["alternate"]}
        assert links["en"] == name.replace(".md", ".html")
        assert config.extra["homepage"] == "guide/en/index.html"
        assert links["vi"] in ("guide/vi/check.html", "findings.vi.html")
