"""Pictures of the workspace that a document asks for: `{{image:logo.png}}`."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from reportctl.core.errors import ReportctlError, cannot_read
from reportctl.core.files import read_bytes
from reportctl.core.language import _
from reportctl.word.content import Picture
from reportctl.word.pictures import is_picture

KIND = "image:"


def picture(tag: str, root: Path) -> Picture | None:
    """The picture that a tag names by its path from the workspace's folder `root`; None for any other tag.

    Raises `ReportctlError` where there is no such file, it lies elsewhere, or is no picture that Word shows.
    """
    if not tag.casefold().startswith(KIND):
        return None
    name = tag[len(KIND) :].strip().replace("\\", "/")
    inside = name and not PurePosixPath(name).is_absolute() and ".." not in PurePosixPath(name).parts
    path = root / name
    if not inside or ":" in name or not path.is_file():
        raise ReportctlError(
            _(
                "{{{{{tag}}}}}: there is no picture {name} in the workspace. Put it into {root}, or below it."
            ).format(tag=tag, name=name, root=root)
        )
    try:
        data = read_bytes(path)
    except OSError as error:
        raise cannot_read(path, error) from error
    if not is_picture(data):
        raise ReportctlError(
            _("{path} is no picture that can be put into a document. Save it as .png or .jpg.").format(
                path=path
            )
        )
    return Picture(PurePosixPath(name).name, data)
