"""Typed values of BCF. (VCF specification, section 6.3.)"""

import struct
from collections.abc import Sequence

INT8, INT16, INT32, FLOAT, TEXT = 1, 2, 3, 5, 7
_FORMATS = {INT8: "b", INT16: "h", INT32: "i"}
_MISSING = {INT8: -128, INT16: -32_768, INT32: -(2**31)}
_MISSING_FLOAT = struct.pack("<I", 0x7F800001)


def kind_for(low: int, high: int) -> int:
    """The smallest type of integers for values in [low, high]; the least eight are reserved."""
    if low >= -120 and high <= 127:
        return INT8
    return INT16 if low >= -32_760 and high <= 32_767 else INT32


def descriptor(length: int, kind: int) -> bytes:
    """How many values follow, of which type."""
    if length < 15:
        return bytes([length << 4 | kind])
    return bytes([15 << 4 | kind]) + typed_int(length)


def typed_int(value: int) -> bytes:
    """One integer."""
    return typed_ints([value])


def typed_ints(values: Sequence[int | None]) -> bytes:
    """A vector of integers; None is missing."""
    known = [value for value in values if value is not None]
    kind = kind_for(min(known, default=0), max(known, default=0))
    held = [_MISSING[kind] if value is None else value for value in values]
    return descriptor(len(held), kind) + struct.pack(f"<{len(held)}{_FORMATS[kind]}", *held)


def typed_text(text: str) -> bytes:
    """A text."""
    data = text.encode()
    return descriptor(len(data), TEXT) + data


def typed_info(kind: str, text: str) -> bytes:
    """The value of an INFO field of this type, from its text."""
    if kind == "Flag":
        return b"\0"
    if kind == "Integer":
        return typed_ints([None if part == "." else int(part) for part in text.split(",")])
    if kind == "Float":
        parts = text.split(",")
        values = (_MISSING_FLOAT if p == "." else struct.pack("<f", float(p)) for p in parts)
        return descriptor(len(parts), FLOAT) + b"".join(values)
    return typed_text(text)
