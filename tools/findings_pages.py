"""Write docs/findings.md and docs/findings.vi.md: every kind of finding, as the program explains it.

python -m tools.findings_pages
"""

from __future__ import annotations

import re
from pathlib import Path

from reportctl.core import language
from reportctl.render import formats
from reportctl.render.explain import kinds_table

DOCS = Path(__file__).parent.parent / "docs"
PAGES = {"en": DOCS / "findings.md", "vi": DOCS / "findings.vi.md"}
HEADS = {
    "en": """# Findings

Everything that `reportctl` can find in files and between them, by code; `reportctl explain CODE` shows one.
“…” stands for what differs from case to case. A file with an **error** is rejected, one with a **warning**
counts but should be looked at, a **note** only tells. Other severities are set in `reportctl.toml` under
`[findings]`, to what the last column allows: `number_as_text = "note"`. `python -m tools.findings_pages`
writes this page.

""",
    "vi": """# Các mã phát hiện

Mọi điều `reportctl` có thể phát hiện trong các tệp và giữa các tệp, theo mã; `reportctl explain MÃ` giải
thích một mã. Dấu “…” thay cho nội dung của từng trường hợp. Tệp có **lỗi** bị trả lại; tệp có **cảnh
báo** vẫn được tính nhưng nên xem lại; **lưu ý** chỉ để biết. Muốn đổi mức thì ghi vào mục `[findings]`
của `reportctl.toml`, chọn trong các mức ở cột cuối: `number_as_text = "note"`. Trang này do `python -m
tools.findings_pages` viết ra.

""",
}


def page(spoken: str) -> str:
    """The whole page in a language."""
    with language.speaking(spoken):
        table = formats.markdown_text(kinds_table({}, full=True))
    _title, _blank, rows = table.split("\n", 2)
    return HEADS[spoken] + re.sub(r"^\| ([a-z\d\\_]+) \|", _anchored, rows, flags=re.MULTILINE)


def _anchored(cell: re.Match[str]) -> str:
    """The cell of a code with a place that links lead to: `findings.md#number_as_text`."""
    return f'| <a id="{cell[1].replace(chr(92), "")}"></a>{cell[1]} |'


if __name__ == "__main__":
    for spoken, path in PAGES.items():
        path.write_text(page(spoken), encoding="utf-8")
