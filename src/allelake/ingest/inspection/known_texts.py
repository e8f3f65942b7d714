"""What a TextScan has found sound, as tables for the compiled functions of `plain_lines`."""

from collections.abc import Sequence

import numpy as np

from allelake.errors import InputError
from allelake.ingest.inspection.plain_lines import (
    ANY_NUMBER,
    FLAG,
    FLOAT,
    INTEGER,
    NUMBER_A,
    NUMBER_R,
    TEXT,
    Fields,
    Known,
    key_digest,
)
from allelake.ingest.inspection.sample_columns import Bytes, Ints
from allelake.ingest.inspection.scan_info import VALUES
from allelake.ingest.inspection.scan_text import TextScan
from allelake.ingest.spec import Field, Header

_KINDS = {"Integer": INTEGER, "Float": FLOAT, "Flag": FLAG}
# Each is looked for one after the other.
_MOST_FILTERS = 64
_MOST_FORMATS = 16
_MOST_SHAPES = 256


class KnownTexts:
    """FORMATs, FILTERs and runs of INFO fields of which a TextScan has nothing to tell.

    They are learned from lines that it took; `all` is what the functions want.
    """

    def __init__(self, scan: TextScan, header: Header):
        self._scan = scan
        self._formats: dict[bytes, int] = {}
        self._filters: dict[bytes, None] = {b".": None, b"PASS": None}
        self._names = {name.encode(): number for number, name in enumerate(header.info)}
        self._shapes: list[list[int]] = []
        self._seen: set[tuple[bytes, object]] = set()
        self._fields = _fields(list(header.info.values()))
        self._build()

    def _build(self) -> None:
        # Of an empty list numba could not tell the type: one that is never met stands in it.
        formats = self._formats or {b"\n": 0}
        with_integers = np.array(list(formats.values()), np.int64)
        items = [item for shape in self._shapes for item in shape]
        bounds = np.cumsum([0, *map(len, self._shapes)], dtype=np.int64)
        self.all: Known = (
            (*_texts(list(formats)), with_integers),
            _texts(list(self._filters)),
            self._fields,
            (np.array(items or [0], np.int64), bounds),
        )

    def learn(self, line: bytes) -> None:
        """Learn what is sound in a line that the scan took."""
        fields = line.split(b"\t", 9)
        alt, filters, info, fmt = fields[4], fields[6], fields[7], fields[8]
        signature = VALUES.sub(b"=", info)
        alts = 0 if alt == b"." else alt.count(b",") + 1
        met: set[tuple[bytes, object]]
        met = {(b"FORMAT", fmt), (b"FILTER", filters), (signature, alts)}
        found = met - self._seen
        if not found or len(self._seen) > _MOST_SHAPES * 4:
            return
        self._seen |= found
        if (b"FORMAT", fmt) in found:
            self._learn_format(fmt)
        if (b"FILTER", filters) in found:
            self._learn_filters(filters)
        if (signature, alts) in found:
            self._learn_shape(signature, alts)
        self._build()

    def _learn_format(self, fmt: bytes) -> None:
        layout = self._scan.genotypes.layout(fmt)
        is_odd = layout.only_gt and layout.integers
        if (
            layout.gt == 0
            and not layout.notes
            and not is_odd
            and len(self._formats) < _MOST_FORMATS
        ):
            self._formats[fmt] = len(layout.integers)

    def _learn_filters(self, filters: bytes) -> None:
        if not self._scan.filter_notes(filters) and len(self._filters) < _MOST_FILTERS:
            self._filters[filters] = None

    def _learn_shape(self, signature: bytes, alts: int) -> None:
        if signature in (b".", b"") or len(self._shapes) == _MOST_SHAPES:
            return
        try:
            shape = self._scan.info.shape(signature, alts)
        except InputError:
            return
        if shape.notes or shape.repeated:
            return
        items = [alts]
        for item in signature.split(b";"):
            name = item.removesuffix(b"=")
            items.append(2 * self._names[name] + (item != name))
        self._shapes.append(items)


def _texts(texts: Sequence[bytes]) -> tuple[Bytes, Ints]:
    """All of them one after the other, and where each begins and ends."""
    joined = np.frombuffer(b"".join(texts) or b"\n", np.uint8)
    return joined, np.cumsum([0, *map(len, texts)], dtype=np.int64)


def _fields(fields: Sequence[Field]) -> Fields:
    """Names, bounds, kinds, numbers of values, and a table of their places by their digests."""
    names = [field.id.encode() for field in fields]
    table = np.full(1 << (2 * len(fields) + 1).bit_length(), -1, np.int64)
    for place, name in enumerate(names):
        slot = key_digest(np.frombuffer(name, np.uint8), 0, len(name)) & (len(table) - 1)
        while table[slot] >= 0:
            slot = (slot + 1) & (len(table) - 1)
        table[slot] = place
    kinds = np.array([_KINDS.get(field.type, TEXT) for field in fields], np.int64)
    numbers = np.array([_number(field.number) for field in fields], np.int64)
    return (*_texts(names), kinds, numbers, table)


def _number(written: str) -> int:
    if written.isdigit():
        return min(int(written), 1 << 32)
    return {"A": NUMBER_A, "R": NUMBER_R}.get(written, ANY_NUMBER)
