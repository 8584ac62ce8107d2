"""What is said of a file that people typed and that is no TOML."""

from __future__ import annotations

import pytest

from reportctl.core.toml import TomlError, toml_values

QUOTE = 'a text here or further up does not end: put a straight quote " at its beginning and at its end'
OPEN = "a bracket that was opened here or further up is not closed"
TWICE = "this stands twice: a name once in its section, a section once in the file; put them together"
VALUE = 'what stands after = cannot be read: put texts between straight quotes, as in name = "text"; '


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("name = “Ban Tuyên giáo”", VALUE),
        ("name = Ban", VALUE),
        ("name =", VALUE),
        ("times = 1,5", "“1,5” is no number in this file: decimals are written with a point, 1.5"),
        ('name = "Ban "Tuyên giáo""', "more stands after the value"),
        ('name = "Ban', QUOTE),
        ("name 3", "after a name of letters a-z, digits, - and _ there is to stand = and a value"),
        ("tên = 3", "after a name of letters a-z, digits, - and _ there is to stand = and a value"),
        ("= 3", "a line is either a [section], or a name with = and a value"),
        ("Ghi chú", "after a name of letters a-z"),
        ("[checks", OPEN),
        ("[[checks]", OPEN),
        ("day = {a = 1", OPEN),
        ("[cells]", TWICE),
        ("dash = 3", TWICE),
        ('folder = "C:\\bao cao\\quy"', "write / instead of \\, or two of them: \\\\"),
        ('folder = "\\ud800"', "write / instead of"),
        ("day = 2024-02-30", "there is no such day or time; a day is written 2024-03-17"),
        ('name = "a\x01b"', "a sign that cannot be seen stands here; type the line again"),
    ],
)
def test_a_fault_is_said_in_words_with_its_line(line: str, said: str) -> None:
    with pytest.raises(TomlError) as fault:
        toml_values(f'title = "x"\n[cells]\ndash = "zero"\n{line}\n# the end\n')
    assert fault.value.line == 4
    assert str(fault.value).startswith(said)
    assert str(fault.value).endswith(f". There stands: {line.replace(chr(1), '')}")


@pytest.mark.parametrize(("line", "at"), [("name = 'Ban", 4), ('name = """Ban', 4), ("days = [1, 2", 3)])
def test_what_is_looked_for_to_the_end_is_said_to_stand_further_up(line: str, at: int) -> None:
    with pytest.raises(TomlError, match="here or further up") as fault:
        toml_values(f"{line}\n# more\n[x]\ny = 3\n")
    assert fault.value.line == at
