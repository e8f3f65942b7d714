"""What type the values of an imported column have, and what the spellings of sex mean."""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime

# A number with a zero in front is a code (007), and stays text.
_INTEGER = re.compile(r"[+-]?(0|[1-9][0-9]*)")
_DOUBLE = re.compile(r"[+-]?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
# A DOUBLE keeps 15 digits whatever they are; a longer row of digits is a code.
_EXACT_DIGITS = 15
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIMESTAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?")

Value = str | int | float | bool | date | datetime

_XX = frozenset({"2", "f", "female", "xx", "woman", "w"})
_XY = frozenset({"1", "m", "male", "xy", "man"})


def sex_of(text: str | None) -> str | None:
    """'XX' or 'XY' from any common spelling; None for unknown and for anything else.

    >>> [sex_of(text) for text in ("1", "Female", "xx", "0", "other", None)]
    ['XY', 'XX', 'XX', None, None, None]
    """
    folded = (text or "").strip().casefold()
    if folded in _XX:
        return "XX"
    return "XY" if folded in _XY else None


def infer_type(values: Sequence[str | None]) -> str:
    """The narrowest SQL type that holds every value; text for a column without any.

    >>> infer_type(["1", "2", None]), infer_type(["007", "8"]), infer_type(["1", "2.5"])
    ('BIGINT', 'VARCHAR', 'DOUBLE')
    """
    given = [value for value in values if value is not None]
    if given:
        for sql_type in ("BOOLEAN", "BIGINT", "DOUBLE", "DATE", "TIMESTAMP"):
            read = READERS[sql_type]
            if all(read(value) is not None for value in given):
                return sql_type
    return "VARCHAR"


def _boolean(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text.casefold())


def _integer(text: str) -> int | None:
    if not _INTEGER.fullmatch(text):
        return None
    number = int(text)
    return number if -(2**63) <= number < 2**63 else None


def _double(text: str) -> float | None:
    if not _DOUBLE.fullmatch(text):
        return None
    if _INTEGER.fullmatch(text) and len(text) > _EXACT_DIGITS:
        return None
    return float(text)


def _date(text: str) -> date | None:
    if not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _timestamp(text: str) -> datetime | None:
    if not _TIMESTAMP.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _text(text: str) -> str | None:
    return text


# From text to a value of the type; None where the text is no such value.
READERS: dict[str, Callable[[str], Value | None]] = {
    "BOOLEAN": _boolean,
    "BIGINT": _integer,
    "DOUBLE": _double,
    "DATE": _date,
    "TIMESTAMP": _timestamp,
    "VARCHAR": _text,
}
