"""A workbook that openpyxl wrote, made the same for the same content, its rows as high as their text."""

from __future__ import annotations

import io
import re
import zipfile

_MOMENT = "2000-01-01T00:00:00Z"
# A height that says it is somebody's choice stays as it is when the text grows.
_CHOSEN_HEIGHT = re.compile(rb'(<row [^>]*?) customHeight="1"')
_TIMES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def pinned(data: bytes) -> bytes:
    """The workbook `data` with all its times at one moment, and with rows whose heights fit themselves to
    their text again when that is edited."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as given,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written,
    ):
        for entry in given.infolist():
            content = given.read(entry)
            if entry.filename == "docProps/core.xml":
                content = _TIMES.sub(rb"\g<1>" + _MOMENT.encode(), content)
            elif entry.filename.startswith("xl/worksheets/"):
                content = _CHOSEN_HEIGHT.sub(rb"\g<1>", content)
            info = zipfile.ZipInfo(entry.filename)
            info.compress_type = zipfile.ZIP_DEFLATED
            written.writestr(info, content)
    return out.getvalue()
