"""Plain BCF records of an inspected file, many at a time."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from allelake.ingest.cohort_bcf.cuts import Cuts
from allelake.ingest.cohort_bcf.walk import (
    POS,
    REF_BYTES,
    SEQUENCES,
    Found,
    Known,
    walk,
)
from allelake.ingest.inspection.scan_order import ContigWalk
from allelake.ingest.inspection.scan_place import Place
from allelake.ingest.spec import Header

_RECORDS = 4096
# A header may give its names any numbers; those of records with greater ones are looked up one by
# one.
_NUMBERS = 1 << 16


class PlainBcfScan:
    """Takes records of which the scan record by record would have nothing to tell.

    They have nothing in them that was not seen before: their INFO and FORMAT names were in a
    record that the other scan took.
    """

    def __init__(
        self, place: Place, header: Header, walk: ContigWalk, names: dict[int, str]
    ) -> None:
        self._place = place
        self._walk = walk
        self._numbers = {name: n for n, name in names.items() if 0 <= n < _NUMBERS}
        gt = np.array([self._numbers.get("GT", -1)], np.int64)
        none = marked(self._numbers, ())
        self._known = Known(
            len(header.samples),
            marked(self._numbers, {"PASS", *header.filters}),
            none,
            none,
            np.zeros(0, np.int64),
            gt,
            0 if header.samples else -1,
        )
        self._seen = 0
        self._found = Found.of(_RECORDS, self._known)

    def note_used(self, info: dict[str, None], formats: dict[str, None]) -> None:
        """Names that records have had so far."""
        if len(info) + len(formats) == self._seen:
            return
        self._seen = len(info) + len(formats)
        self._known = self._known._replace(
            info=marked(self._numbers, info), formats=marked(self._numbers, formats)
        )

    def take(
        self,
        data: bytes | memoryview,
        start0: int,
        contig: int,
        text: int = 0,
        cuts: Cuts | None = None,
    ) -> int:
        """Where the first record begins, from byte `start0` on, that is not plain.

        Or that is not there in whole. Those before it were taken; all lie on `contig`. `cuts` is
        told of them, if the data begin at `text` in the unpacked file.
        """
        at, numbers = start0, np.frombuffer(data, np.uint8)
        numbers.flags.writeable = False
        while True:
            total, after, _ = walk(numbers, at, contig, SEQUENCES, self._known, self._found)
            table = self._found.table[:total]
            before, reach = self._place.record, self._walk.last_base
            if not total or not self._take_run(table):
                return at
            if cuts is not None:
                cuts.note_run(self._place, text, table, before, reach)
            at = after
            if total < _RECORDS:
                return at

    def _take_run(self, table: NDArray[np.int64]) -> bool:
        positions = table[:, POS]
        if (positions[1:] < positions[:-1]).any():
            return False
        last_base = int((positions + table[:, REF_BYTES] - 1).max())
        total, first, last = len(table), int(positions[0]), int(positions[-1])
        if not self._walk.take_run(total, first, last, last_base, last_base):
            return False
        self._place.record += total
        return True


def marked(numbers: dict[str, int], names: Iterable[str]) -> NDArray[np.bool_]:
    """Which dictionary numbers are those of these names."""
    flags = np.zeros(max(numbers.values(), default=0) + 1, np.bool_)
    for name in names:
        if name in numbers:
            flags[numbers[name]] = True
    return flags
