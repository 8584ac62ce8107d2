"""What a workbook of an older version was not asked, by the forms that the archive keeps."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from reportctl.core.findings import Finding, finding
from reportctl.core.period import Quarter
from reportctl.form.form_file import parse_form
from reportctl.form.model import Form
from reportctl.intake.job import Context
from reportctl.intake.older_form import NewSince, forms_kept, new_since
from reportctl.workspace.units import Roster

KINDS = 'kinds = [{code = "commune", title = "Xã"}, {code = "press", title = "Báo"}]\n'
SECTION = '[[sections]]\ncode = "a"\ntitle = "A"\n'


def asked(code: str, applies_to: str = "[]") -> str:
    return f'[[sections.indicators]]\ncode = "{code}"\nlabel = "{code}"\napplies_to = {applies_to}\n'


def listed(*columns: str) -> str:
    inner = "".join(f'[[lists.columns]]\ncode = "{code}"\nlabel = "{code}"\n' for code in columns)
    return f'[[lists]]\ncode = "events"\ntitle = "Events"\n{inner}'


def form_of(*pieces: str) -> tuple[Form, str]:
    text = f'id = "f"\ntitle = "F"\n{KINDS}{"".join(pieces)}'
    return parse_form(text), text


NOW, _TEXT = form_of(SECTION, asked("first"), asked("second"), listed("name", "place"))


def sought(version: str, *codes: str, of: str = "commune", where: str = "Sheet") -> list[Finding]:
    lost = [finding("new_question", indicator=code, label=code, of=of, where=where) for code in codes]
    return [finding("other_version", value=version), *lost]


def context(archive: Path | None) -> Context:
    return Context(NOW, Roster(()), Quarter(2024, 1), dt.date(2024, 3, 14), archive=archive)


def keep(archive: Path, *pieces: str) -> str:
    """Keep a form; its fingerprint."""
    form, text = form_of(*pieces)
    path = archive / "forms" / f"{form.fingerprint}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return form.fingerprint


def test_what_the_older_form_did_not_ask(tmp_path: Path) -> None:
    older = keep(tmp_path, SECTION, asked("first"), listed("name"))
    found = new_since(sought(older, "first", "second", "events.name", "events.place"), context(tmp_path))
    assert found == NewSince(frozenset({"second", "events.place"}))
    assert new_since(sought(older), context(tmp_path)) == NewSince()
    whole = keep(tmp_path, SECTION, asked("first"))
    found = new_since(sought(whole, "events", where="Events"), context(tmp_path))
    assert found == NewSince(frozenset({"events"}), frozenset({"Events"}))
    assert forms_kept(context(tmp_path)) == sorted([older, whole])


def test_what_other_kinds_of_units_were_asked_is_new(tmp_path: Path) -> None:
    older = keep(tmp_path, SECTION, asked("first"), asked("second", '["press"]'))
    assert new_since(sought(older, "second"), context(tmp_path)).codes == {"second"}
    assert new_since(sought(older, "second", of="press"), context(tmp_path)).codes == set()


@pytest.mark.parametrize("version", ["", "ffffffffffff", "../forms/x", "/etc/passwd", "x" * 12, "0" * 13])
def test_a_version_that_is_not_kept(tmp_path: Path, version: str) -> None:
    """What a workbook says of itself is no name of a file."""
    keep(tmp_path, SECTION, asked("first"))
    (tmp_path / "forms" / "x.toml").write_text(form_of(SECTION, asked("first"))[1], encoding="utf-8")
    assert new_since(sought(version, "second"), context(tmp_path)) == NewSince()


def test_the_form_in_force_asks_all_of_it(tmp_path: Path) -> None:
    keep(tmp_path, SECTION, asked("first"))
    assert new_since(sought(NOW.fingerprint, "second"), context(tmp_path)) == NewSince()
    assert new_since(sought("0" * 12, "second"), context(None)) == NewSince()
    assert forms_kept(context(None)) == []


def test_a_kept_form_that_cannot_be_read(tmp_path: Path) -> None:
    older = keep(tmp_path, SECTION, asked("first"))
    (tmp_path / "forms" / f"{older}.toml").write_text("id =", encoding="utf-8")
    assert new_since(sought(older, "second"), context(tmp_path)) == NewSince()
