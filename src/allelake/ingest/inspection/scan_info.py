"""INFO of a record: which fields it uses, and whether the numbers are numbers."""

import re
from dataclasses import dataclass

from allelake.ingest.inspection.scan_notices import NoticeBook
from allelake.ingest.inspection.scan_place import Place, shown
from allelake.ingest.spec import Field, Header, UnreadableField

VALUES = re.compile(rb"=[^;]*")
INTEGER = rb"[+-]?\d+"
# Integers of so many digits surely fit in 32 bits; longer ones are looked at.
SHORT_INTEGER = rb"[+-]?\d{1,9}"
# BCF2 specification 6.3.3: the eight least ones are kept for missing values and the like.
INT32_LEAST, INT32_MOST = -(2**31) + 8, 2**31 - 1
OUT_OF_RANGE = "number_out_of_range"
FLOAT = (
    rb"[+-]?(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?"
    rb"|[nN][aA][nN]|[iI][nN][fF](?:inity)?)"
)
NUMBERS = {"Integer": re.compile(INTEGER + rb"|\."), "Float": re.compile(FLOAT + rb"|\.")}
CONTROLS = bytes(range(32)) + b"\x7f"
# A hostile file may have other keys in each record.
MAX_SHAPES = 4096
MAX_USED = 100_000


@dataclass(frozen=True)
class Shape:
    """A run of INFO keys as met in records: what is odd about it, and which items to check.

    `checks`: the item's place, its field, where its value begins, and what the value must match.
    `repeated` fields stand in a record more than once: which value counts cannot be known.
    """

    notes: tuple[tuple[str, str], ...]
    has_end: bool
    checks: tuple[tuple[int, Field, int, re.Pattern[bytes]], ...]
    repeated: tuple[Field, ...]


class InfoScan:
    """Checks INFO; records with the same keys in the same order share what is known of them."""

    def __init__(self, place: Place, header: Header, book: NoticeBook):
        self._place = place
        self._book = book
        self._fields = {name.encode(): field for name, field in header.info.items()}
        self._shapes: dict[tuple[bytes, int], Shape] = {}
        self._patterns: dict[tuple[str, int], re.Pattern[bytes] | None] = {}
        self._unreadable: dict[str, UnreadableField] = {}
        self.used: dict[bytes, None] = {}

    def take(self, info: bytes, alt_total: int) -> bool:
        """Check one INFO column; says whether it has END."""
        if info in (b".", b""):
            if not info:
                self._book.fault("info_empty", "INFO is empty: taken as '.'", self._place.where)
            return False
        shape = self.shape(VALUES.sub(b"=", info), alt_total)
        if len(info.translate(None, CONTROLS)) != len(info):
            raise self._place.refuse("INFO has control characters. Correct the record.")
        for code, message in shape.notes:
            self._book.fault(code, message, self._place.where)
        for field in shape.repeated:
            self._note_unreadable(field, "a key that stands twice in a record", is_other=True)
        if shape.checks:
            items = info.split(b";")
            for index, field, start0, pattern in shape.checks:
                if not pattern.fullmatch(items[index], start0):
                    self._note_value(field, items[index][start0:], alt_total)
        return shape.has_end

    def shape(self, signature: bytes, alt_total: int) -> Shape:
        """What is known of an INFO without its values; its keys are used from now on."""
        key = (signature, alt_total)
        shape = self._shapes.get(key)
        if shape is None:
            shape = self._find_shape(*key)
            if len(self._shapes) < MAX_SHAPES:
                self._shapes[key] = shape
        return shape

    def field(self, key: bytes) -> Field | None:
        """How the header declares a key."""
        return self._fields.get(key)

    def unreadable(self) -> tuple[UnreadableField, ...]:
        return tuple(self._unreadable.values())

    def _find_shape(self, signature: bytes, alt_total: int) -> Shape:
        notes: list[tuple[str, str]] = []
        checks: list[tuple[int, Field, int, re.Pattern[bytes]]] = []
        twice: list[bytes] = []
        keys: dict[bytes, None] = {}
        for index, item in enumerate(signature.split(b";")):
            name = item.removesuffix(b"=")
            if not name:
                notes.append(("info_empty_item", "INFO with an empty item (;; or a ; at its end)"))
                continue
            if name in keys:
                twice.append(name)
            keys[name] = None
            notes += self._find_notes(name, has_value=item != name)
            pattern = self._pattern(name, alt_total) if item != name else None
            if pattern is not None:
                checks.append((index, self._fields[name], len(item), pattern))
        if len(self.used) < MAX_USED:
            self.used.update(keys)
        repeated = tuple(self._fields[name] for name in twice if name in self._fields)
        return Shape(tuple(dict.fromkeys(notes)), b"END" in keys, tuple(checks), repeated)

    def _find_notes(self, name: bytes, *, has_value: bool) -> list[tuple[str, str]]:
        field = self._fields.get(name)
        if field is None:
            # htslib adds a declaration of its own, which a name like this would break.
            if re.search(rb"[\s,<>\"]", name):
                raise self._place.refuse(f"INFO has the key {shown(name)}. Correct the record.")
            return [("info_not_declared", f"INFO {name.decode()} is used but not declared")]
        if not has_value and field.type != "Flag":
            return [("info_without_value", f"INFO {field.id} without a value: missing")]
        return []

    def _pattern(self, name: bytes, alt_total: int) -> re.Pattern[bytes] | None:
        """What a field's value must match in a record with so many ALTs; None: anything."""
        field = self._fields.get(name)
        if field is None:
            return None
        key = (field.id, alt_total)
        if key not in self._patterns:
            text = _value_pattern(field, alt_total)
            self._patterns[key] = re.compile(text) if text is not None else None
        return self._patterns[key]

    def _note_value(self, field: Field, value: bytes, alt_total: int) -> None:
        where = self._place.where
        if not value:
            message = f"INFO {field.id} with an empty value: missing"
            self._book.fault("info_value_empty", message, where)
            return
        parts = value.split(b",")
        own = NUMBERS.get(field.type)
        if own is not None and all(own.fullmatch(part) for part in parts):
            if field.type == "Integer" and not all(fits_32_bits(part) for part in parts):
                message = f"INFO {field.id} with an integer beyond 32 bits: missing"
                self._book.fault(OUT_OF_RANGE, message, where)
            if value_count(field, alt_total) in (None, len(parts)):
                return
            message = f"INFO {field.id} with other than Number={field.number} values: missing"
            self._book.fault("info_value_count", message, where)
            return
        is_other = field.type == "Flag" or all(NUMBERS["Float"].fullmatch(part) for part in parts)
        self._note_unreadable(field, shown(value), is_other=is_other)

    def _note_unreadable(self, field: Field, found: str, *, is_other: bool) -> None:
        before = self._unreadable.get(field.id)
        self._unreadable[field.id] = UnreadableField(
            id=field.id,
            declared=f"Number={field.number},Type={field.type}",
            found=before.found if before else found,
            count=(before.count if before else 0) + 1,
            first=before.first if before else self._place.where,
            is_other_type=is_other and (before is None or before.is_other_type),
        )


def fits_32_bits(written: bytes) -> bool:
    """Whether an integer is one that htslib keeps; it makes others missing."""
    if len(written) < len("1000000000"):
        return True
    digits = written.lstrip(b"+-").lstrip(b"0")
    return len(digits) <= len("1000000000") and INT32_LEAST <= int(written) <= INT32_MOST


def _value_pattern(field: Field, alt_total: int) -> bytes | None:
    if field.type in ("String", "Character"):
        return None
    if field.type == "Flag":
        # A Flag has no value: whatever is written there may say no as well as yes.
        return rb"(?!)"
    one = rb"(?:%b|\.)" % (SHORT_INTEGER if field.type == "Integer" else FLOAT)
    count = value_count(field, alt_total)
    if count is None:
        return rb"%b(?:,%b)*" % (one, one)
    if count == 0:
        return rb"\."
    return rb"%b(?:,%b){%d}|\." % (one, one, count - 1) if count > 1 else one


def value_count(field: Field, alt_total: int) -> int | None:
    """How many values the field has in a record with so many ALTs; None if that is not fixed."""
    if field.number == "A":
        return alt_total
    if field.number == "R":
        return alt_total + 1
    return int(field.number) if field.number.isdigit() else None
