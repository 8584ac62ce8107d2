"""Values as the JSON objects that commands print."""

from __future__ import annotations

import datetime as dt
from enum import Enum
from typing import Any

from reportctl.core.period import Quarter, Span


def json_object(source: object, keys: str) -> dict[str, Any]:
    """The attributes of `source` that `keys` names, parted by spaces, in that order.

    Days and periods are text, of an enumeration's member it is the value.
    """
    return {key: _json_value(getattr(source, key)) for key in keys.split()}


def _json_value(value: object) -> object:
    match value:
        case dt.date():
            return value.isoformat()
        case Quarter() | Span():
            return str(value)
        case Enum():
            return value.value
    return value
