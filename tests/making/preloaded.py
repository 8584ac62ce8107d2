"""What processes that read files or make workbooks need, loaded before they are forked (`tests/conftest.py`).

Each would load it anew otherwise: the modules, and of the library for languages the names of the months.
"""

from __future__ import annotations

import datetime as dt
import importlib

from reportctl.core.language import LANGUAGES
from reportctl.core.wording import date_short

for _module in ("reportctl.intake.open_file", "reportctl.outgoing.template", "reportctl.merge.assess"):
    importlib.import_module(_module)
for _language in LANGUAGES:
    date_short(dt.date(2024, 1, 1), _language)
