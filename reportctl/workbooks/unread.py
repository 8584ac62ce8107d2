"""Why a workbook that was named in a command cannot be read, for whoever named it.

The hints of findings speak to a unit that has sent a file; here people can put the file right themselves.
"""

from __future__ import annotations

from reportctl.core.errors import ReportctlError
from reportctl.core.findings import Finding
from reportctl.core.language import N_, _
from reportctl.workbooks.safety import inspect

_SAVE_ANEW = N_("Open it in Excel and save it as an Excel workbook (.xlsx); then name that.")
_REMEDIES = {
    "empty_file": N_("Copy it again from where it came, or ask for it once more."),
    "also_received": N_("Name the Excel workbook itself."),
    "not_a_workbook": N_("Name the Excel workbook itself."),
    "format_not_read": _SAVE_ANEW,
    "old_excel": N_("Open it in LibreOffice Calc, save it as an Excel workbook (.xlsx), and name that."),
    "encrypted": N_(
        "Open it in Excel with its password, empty the password in File, Info, Protect Workbook, Encrypt "
        "with Password, and save it. Who does not know the password asks whoever made the file."
    ),
    "excel_password": N_(
        "Open it in Excel, which asks for no password, take the protection off (Review, Protect Workbook), "
        "save it as a new .xlsx file, and name that."
    ),
    "zip_not_opened": N_("Unpack it, and name the workbook that was in it."),
    "too_large": N_(
        "Take out pictures, added sheets and empty rows in Excel, save it as .xlsx, and name that."
    ),
}
_DAMAGED = N_(
    "Open it in Excel and save it as a new .xlsx file; where it does not open there, ask for it once more."
)


def unread(name: object, data: bytes, found: Finding | None = None) -> ReportctlError:
    """The error to raise where the file called `name` with the content `data` is not read: what it is, and
    what to do. `found` is why a reader refused it; without it the file says itself."""
    if found is None:
        inspected = inspect(data, str(name))
        said = [one for one in inspected.findings if one.code != "wrong_extension"]
        found = said[0] if said else None
    if found is None:
        reason, remedy = _("it is not saved as an Excel workbook of today (.xlsx)"), _SAVE_ANEW
    elif found.code == "also_received":
        reason = _("it is {file_type}").format(file_type=dict(found.details)["file_type"])
        remedy = _REMEDIES[found.code]
    else:
        reason, remedy = found.message, _REMEDIES.get(found.code, _DAMAGED)
    message = _("{path} cannot be read: {reason}. {remedy}")
    return ReportctlError(message.format(path=name, reason=reason, remedy=_(remedy)))
