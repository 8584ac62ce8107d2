"""Pictures that Word shows."""

from __future__ import annotations

from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError
from docx.image.image import Image

_BROKEN = (InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError, ValueError, KeyError)


def is_picture(data: bytes) -> bool:
    """Whether these bytes are a picture that can be put into a document."""
    try:
        Image.from_blob(data)
    except _BROKEN:
        return False
    return True
