"""INFO of a record: which fields it uses, and whether the numbers are numbers."""

import re
from dataclasses import dataclass

from allelake.ingest.scan_notices import NoticeBook
from allelake.ingest.scan_place import Place, shown
from allelake.ingest.spec import Field, Header, UnreadableField

VALUES = re.compile(rb"=[^;]*")
INTEGER = rb"[+-]?\d+"
FLOAT = (
    rb"[+-]?(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?"
    rb"|[nN][aA][nN]|[iI][nN][fF](?:inity)?)"
)
CONTROLS = bytes(range(32)) + b"\x7f"
MAX_SHAPES = 4096
FLAG_VALUES = (b"1", b"true", b"TRUE", b"True")


@dataclass
class Shape:
    """A run of INFO keys as met in records: what is odd about it, and what values must match."""

    sightings: int
    notes: tuple[tuple[str, str], ...]
    has_end: bool
    pattern: re.Pattern[bytes] | None = None


class InfoScan:
    """Checks INFO; records with the same keys in the same order share their checks."""

    def __init__(self, place: Place, header: Header, book: NoticeBook):
        self._place = place
        self._book = book
        self._fields = {name.encode(): field for name, field in header.info.items()}
        self._shapes: dict[tuple[bytes, int], Shape] = {}
        self._values: dict[tuple[bytes, int], re.Pattern[bytes] | None] = {}
        self._unreadable: dict[str, UnreadableField] = {}
        self.used: dict[bytes, None] = {}

    def take(self, info: bytes, alt_total: int) -> bool:
        """Check one INFO column; says whether it has END."""
        if info == b".":
            return False
        key = (VALUES.sub(b"=", info), alt_total)
        shape = self._shapes.get(key)
        if shape is None:
            shape = self._find_shape(key[0])
            if len(self._shapes) < MAX_SHAPES:
                self._shapes[key] = shape
        shape.sightings += 1
        for code, message in shape.notes:
            self._book.fault(code, message, self._place.where)
        if shape.pattern is None and shape.sightings == 3:
            shape.pattern = self._compile(key[0], alt_total)
        if shape.pattern is None or not shape.pattern.fullmatch(info):
            self._check_values(info, alt_total)
        if len(info.translate(None, CONTROLS)) != len(info):
            raise self._place.refuse("INFO has control characters. Correct the record.")
        return shape.has_end

    def unreadable(self) -> tuple[UnreadableField, ...]:
        return tuple(self._unreadable.values())

    def _find_shape(self, signature: bytes) -> Shape:
        if not signature:
            raise self._place.refuse("INFO is empty; expected '.' where nothing is known.")
        notes: list[tuple[str, str]] = []
        keys: set[bytes] = set()
        for item in signature.split(b";"):
            name = item.removesuffix(b"=")
            if not name:
                notes.append(("info_empty_item", "INFO with an empty item (;; or a ; at its end)"))
                continue
            if name in keys:
                notes.append(
                    ("info_key_twice", f"INFO {shown(name)} twice in a record: the first is taken")
                )
            keys.add(name)
            notes += self._find_notes(name, has_value=item != name)
        self.used.update(dict.fromkeys(keys))
        return Shape(0, tuple(notes), b"END" in keys)

    def _find_notes(self, name: bytes, *, has_value: bool) -> list[tuple[str, str]]:
        field = self._fields.get(name)
        if field is None:
            # htslib adds a declaration of its own, which a name like this would break.
            if re.search(rb"[\s,<>\"]", name):
                raise self._place.refuse(f"INFO has the key {shown(name)}. Correct the record.")
            return [
                ("info_not_declared", f"INFO {name.decode()} is used but not declared: not kept")
            ]
        if not has_value and field.type != "Flag":
            return [("info_without_value", f"INFO {field.id} without a value: taken as missing")]
        return []

    def _compile(self, signature: bytes, alt_total: int) -> re.Pattern[bytes]:
        parts = []
        for item in signature.split(b";"):
            value = self._value_pattern(item.removesuffix(b"="), alt_total)
            parts.append(re.escape(item) + (value if item.endswith(b"=") else b""))
        return re.compile(b";".join(parts))

    def _value_pattern(self, name: bytes, alt_total: int) -> bytes:
        field = self._fields.get(name)
        if field is None or field.type in ("String", "Character"):
            return rb"[^;]*"
        if field.type == "Flag":
            return b"(?:" + b"|".join(FLAG_VALUES) + b")"
        one = rb"(?:%b|\.)" % (INTEGER if field.type == "Integer" else FLOAT)
        count = value_count(field, alt_total)
        if count is None:
            return rb"%b(?:,%b)*" % (one, one)
        if count == 0:
            return rb"\."
        return rb"(?:%b(?:,%b){%d}|\.)" % (one, one, count - 1)

    def _check_values(self, info: bytes, alt_total: int) -> None:
        for item in info.split(b";"):
            name, equals, value = item.partition(b"=")
            if not equals or name not in self._fields:
                continue
            key = (name, alt_total)
            if key not in self._values:
                self._values[key] = re.compile(self._value_pattern(name, alt_total))
            pattern = self._values[key]
            if pattern is not None and not pattern.fullmatch(value):
                self._note_value(self._fields[name], value)

    def _note_value(self, field: Field, value: bytes) -> None:
        where = self._place.where
        if not value:
            self._book.fault(
                "info_value_empty", f"INFO {field.id} with an empty value: missing", where
            )
            return
        one = re.compile(INTEGER if field.type == "Integer" else FLOAT)
        parts = value.split(b",")
        if field.type != "Flag" and all(part == b"." or one.fullmatch(part) for part in parts):
            self._book.fault(
                "info_value_count",
                f"INFO {field.id} with more or fewer values than Number={field.number}: missing",
                where,
            )
            return
        number = re.compile(rb"%b|\." % FLOAT)
        is_decimal = field.type == "Integer" and all(number.fullmatch(part) for part in parts)
        before = self._unreadable.get(field.id)
        self._unreadable[field.id] = UnreadableField(
            id=field.id,
            declared=f"Number={field.number},Type={field.type}",
            found=before.found if before else shown(value),
            count=(before.count if before else 0) + 1,
            first=before.first if before else where,
            is_decimal=is_decimal and (before is None or before.is_decimal),
        )


def value_count(field: Field, alt_total: int) -> int | None:
    """How many values the field has in a record with so many ALTs; None if that is not fixed."""
    if field.number == "A":
        return alt_total
    if field.number == "R":
        return alt_total + 1
    return int(field.number) if field.number.isdigit() else None
