"""The sample's column of many records, cut at its colons."""

import numpy as np
from numpy.typing import NDArray

from allelake.ingest.fast_text.lines import FORMAT, SAMPLE, Lines
from allelake.ingest.fast_text.text import Flags, Pieces, Places

MOST_FORMATS = 64


class SampleFields:
    """Where the fields of each line's sample lie, and which lines share a FORMAT.

    formats   each FORMAT met, as its keys
    code      of each line: the number of its FORMAT; -1 where there are too many or it is too long
    total     how many colons each sample has
    """

    def __init__(self, lines: Lines):
        text, sample = lines.text, lines.columns[SAMPLE]
        self.code, self.firsts = text.codes(lines.columns[FORMAT], MOST_FORMATS)
        self.formats = [text.text_of(lines.columns[FORMAT], first) for first in self.firsts]
        self._sample = sample
        if text.loops is not None:
            self._ends, self.total = text.loops.ends_in(
                text.bytes, sample.start, sample.length, ord(":")
            )
            return
        self._ends = None
        colons = text.places(b":")
        self._low = np.searchsorted(colons, sample.start)
        self.total = np.searchsorted(colons, sample.stop) - self._low
        self._colons = np.concatenate([colons, np.zeros(1, np.int64)])

    def rows(self, number: int) -> Places:
        """The lines with FORMAT `number`."""
        return np.flatnonzero(self.code == number)

    def field(self, rows: Places, index: int) -> tuple[Pieces, Flags]:
        """Field `index` of some lines, and which have it: fields at the end may be left out."""
        if self._ends is not None:
            return self._field_by_ends(self._ends, rows, index)
        sample, low, total = self._sample[rows], self._low[rows], self.total[rows]
        is_there = index <= total
        last = len(self._colons) - 1
        start = sample.start
        if index:
            before = self._colons[np.minimum(low + index - 1, last)] + 1
            start = np.where(is_there, before, start)
        after = self._colons[np.minimum(low + index, last)]
        stop = np.where(index < total, after, sample.stop)
        return Pieces(start, stop - start), is_there

    def _field_by_ends(
        self, ends: NDArray[np.int64], rows: Places, index: int
    ) -> tuple[Pieces, Flags]:
        is_there = index <= self.total[rows]
        last = len(ends) - 1
        start = self._sample.start[rows]
        if index:
            after = ends[min(index, last + 1) - 1][rows] + 1
            start = after if is_there.all() else np.where(is_there, after, start)
        return Pieces(start, ends[min(index, last)][rows] - start), is_there
