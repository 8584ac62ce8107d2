"""Why the system does not give or take a file, in words, with what people can do about it."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from reportctl.core.language import Phrase

# Characters of a path that Windows takes unless its administrator has lifted the limit.
LONGEST, LONGEST_FOLDER = 259, 247
_HELD = (32, 33)  # Windows: another program has the file, or the part of it, for itself


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A `reason` and its `remedy`, a sentence. `of_file`: other files of the same folder may do better."""

    reason: Phrase
    remedy: Phrase
    of_file: bool = True


_READ_ONLY = Obstacle(
    Phrase("tệp đang được đánh dấu chỉ đọc (Read-only)", "it is marked read-only"),
    Phrase(
        "Bấm chuột phải vào tệp, chọn Properties, bỏ dấu Read-only rồi làm lại.",
        "Take that mark away (right click, Properties) and try again.",
    ),
)
_OPEN = Obstacle(
    Phrase("tệp đang mở trong một chương trình khác", "it is open in another program"),
    Phrase("Đóng tệp lại rồi thử lại.", "Close it and try again."),
)
_IS_FOLDER = Obstacle(
    Phrase("ở đó có một thư mục trùng tên", "there is a folder of that name"),
    Phrase("Đổi tên thư mục đó rồi thử lại.", "Rename that folder and try again."),
)
_CHECK = Phrase(
    "Đóng tệp nếu đang mở, xem lại quyền của thư mục và dung lượng trống trên đĩa.",
    "Close it where it is open, check the rights of the folder and the room on the disk.",
)


def to_reading(path: Path, error: OSError) -> Obstacle:
    """Why the content of the file or folder at `path` cannot be had, of which the system said `error`."""
    if _is_too_long(path, error) and (error.errno == errno.ENAMETOOLONG or _is_listed(path)):
        return _too_long(path)
    if not isinstance(error, PermissionError) and not _is_closed_folder(path):
        return _as_said(error)
    if path.is_dir() or _winerror(error) not in (None, *_HELD) or not os.access(path, os.R_OK):
        said = error.strerror or error
        return Obstacle(
            Phrase(f"tài khoản này không có quyền mở ({said})", f"this account may not open it ({said})"),
            Phrase(
                "Xin người quản trị cấp quyền đọc rồi thử lại.",
                "Ask whoever administers the folder for the right to read it, and try again.",
            ),
        )
    return _OPEN


def to_writing(path: Path, error: OSError, *, folder: bool = False) -> Obstacle:
    """Why the file at `path` cannot be written, of which the system said `error`.

    `folder`: what failed was to put a new file into its folder, whatever stands at `path`.
    """
    if _is_too_long(path, error):
        return _too_long(path)
    if folder and isinstance(error, PermissionError):
        return _no_rights(path.parent, str(error.strerror or error))
    if isinstance(error, IsADirectoryError):
        return _IS_FOLDER
    if not isinstance(error, PermissionError):
        return _as_said(error)
    if path.is_dir():  # of which Windows says that it is not permitted
        return _IS_FOLDER
    if _is_read_only(path):
        return _READ_ONLY
    if _winerror(error) in _HELD or (path.exists() and os.access(path.parent, os.W_OK)):
        return _OPEN
    return _as_said(error)


def is_open_elsewhere(path: Path, error: OSError) -> bool:
    """Whether another program seems to have the file at `path`, which cannot be written: the system said
    `error`. Of a file that is only opened Windows says no more than that it is not permitted."""
    return to_writing(path, error) is _OPEN


def to_a_database(path: Path, said: str, *, read_only: bool, unopened: bool) -> Obstacle:
    """Why the database at `path` cannot be written, of which its library said no more than `said`: that it
    may only be read, or could not be opened."""
    if unopened and len(str(path.absolute())) > LONGEST:
        return _too_long(path)
    if path.is_dir():
        return _IS_FOLDER
    if (read_only or unopened) and path.exists() and _is_read_only(path):
        return _READ_ONLY
    if read_only or (unopened and path.parent.exists() and not path.exists()):
        return _no_rights(path.parent, said)
    if unopened and path.exists():
        return _OPEN
    return Obstacle(Phrase(said, said), _CHECK, of_file=False)


def _as_said(error: OSError) -> Obstacle:
    said = str(error.strerror or error)
    return Obstacle(Phrase(said, said), _CHECK, of_file=False)


def _no_rights(folder: Path, said: str) -> Obstacle:
    return Obstacle(
        Phrase(
            f"tài khoản này không có quyền ghi vào thư mục {folder} ({said})",
            f"this account may not write in the folder {folder} ({said})",
        ),
        Phrase(
            "Xin người quản trị cấp quyền ghi, hoặc chọn thư mục khác.",
            "Ask whoever administers it for the right to, or choose another folder.",
        ),
        of_file=False,
    )


def _is_closed_folder(path: Path) -> bool:
    """Whether it is a folder that may not be looked into; of any folder the system says that it is one."""
    try:
        if path.is_dir():
            os.listdir(path)  # noqa: PTH208 - whether it can be is all that is asked
    except PermissionError:
        return True
    return False


def _is_too_long(path: Path, error: OSError) -> bool:
    """Windows says of a path beyond its limit that nothing is there, other systems that it is too long."""
    if error.errno == errno.ENAMETOOLONG:
        return True
    absolute = path.absolute()
    longest = max(len(str(absolute)), len(str(error.filename or "")))
    too_long = longest > LONGEST or len(str(absolute.parent)) > LONGEST_FOLDER
    return isinstance(error, FileNotFoundError) and too_long


def _is_listed(path: Path) -> bool:
    """Whether its folder names the file, so that it is there although it cannot be opened."""
    try:
        return not path.is_symlink() and path.name in os.listdir(path.parent)  # noqa: PTH208 - names will do
    except OSError:  # the folder's own path is too long
        return os.name == "nt"


def _too_long(path: Path) -> Obstacle:
    count = len(str(path.absolute()))
    return Obstacle(
        Phrase(
            f"tên hoặc đường dẫn quá dài ({count} ký tự; Windows nhận nhiều nhất {LONGEST})",
            f"its name or its path is too long ({count} characters; Windows takes {LONGEST} at most)",
        ),
        Phrase(
            "Đặt tên tệp, tên thư mục ngắn hơn, hoặc chuyển thư mục lên gần gốc ổ đĩa hơn.",
            "Shorten the names of files and folders, or move the folder nearer to the root of its drive.",
        ),
    )


def _is_read_only(path: Path) -> bool:
    try:
        return not path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)
    except OSError:
        return False


def _winerror(error: OSError) -> int | None:
    code: int | None = getattr(error, "winerror", None)
    return code
