"""Plain BCF records of an inspected file, many at a time."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from allelake.ingest.cohort_bcf.cuts import Cuts
from allelake.ingest.cohort_bcf.walk import (
    COLUMNS,
    POS,
    REF_BYTES,
    SEQUENCES,
    walk,
)
from allelake.ingest.inspection.scan_order import ContigWalk
from allelake.ingest.inspection.scan_place import Place
from allelake.ingest.spec import Header

_RECORDS = 4096
# A header may give its names any numbers; those of records with greater ones are looked up one by
# one.
_NUMBERS = 1 << 16
_NONE = np.zeros(0, np.int64)


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
        self._samples = len(header.samples)
        self._numbers = {name: n for n, name in names.items() if 0 <= n < _NUMBERS}
        self._filters = marked(self._numbers, {"PASS", *header.filters})
        self._info = marked(self._numbers, ())
        self._format = marked(self._numbers, ())
        self._seen = 0
        gt = self._numbers.get("GT", -1)
        self._wanted = np.array([gt], np.int64)
        self._gt_place = 0 if self._samples else -1
        self._table = np.zeros((_RECORDS, COLUMNS), np.int64)
        self._info_at = np.zeros((_RECORDS, 0, 3), np.int64)
        self._format_at = np.zeros((_RECORDS, 1, 3), np.int64)

    def note_used(self, info: dict[str, None], formats: dict[str, None]) -> None:
        """Names that records have had so far."""
        if len(info) + len(formats) == self._seen:
            return
        self._seen = len(info) + len(formats)
        self._info = marked(self._numbers, info)
        self._format = marked(self._numbers, formats)

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
            found, after, _ = walk(
                numbers, at, contig, self._samples, SEQUENCES, self._gt_place, self._filters,
                self._info, self._format, _NONE, self._wanted,
                self._table, self._info_at, self._format_at,
            )  # fmt: skip
            before, reach = self._place.record, self._walk.last_base
            if not found or not self._take_run(self._table[:found]):
                return at
            if cuts is not None:
                cuts.note_run(self._place, text, self._table[:found], before, reach)
            at = after
            if found < _RECORDS:
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
