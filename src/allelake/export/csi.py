"""A CSI index of records that were written in order: bins and where their records begin."""

import struct
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from allelake.export.bgzf import BLOCK_BYTES, END_MARKER, BgzfWriter, block_of
from allelake.export.lines import Lines

_SHIFT = 14


class IndexBuilder:
    """Takes records and gives the index. Depth 5 of 8-fold bins over 16,384 bases: 512 Mb; more
    levels where a contig is longer."""

    def __init__(self, contigs: Sequence[tuple[str, int]], is_vcf: bool) -> None:
        self._names = [name for name, _ in contigs]
        self._is_vcf = is_vcf
        longest = max((length for _, length in contigs), default=0)
        self._depth = 5
        while longest > 1 << (_SHIFT + 3 * self._depth):
            self._depth += 1
        self._contig: list[NDArray[np.int32]] = []
        self._low: list[NDArray[np.int64]] = []
        self._high: list[NDArray[np.int64]] = []
        self._start: list[NDArray[np.int64]] = []
        self._stop: list[NDArray[np.int64]] = []

    def add(self, lines: Lines, starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> None:
        """Adds records by where they begin in what was taken, and their sizes."""
        low = lines.told["position"].to_numpy().astype(np.int64) - 1
        number = self._names.index(lines.contig)
        self._contig.append(np.full(len(low), number, np.int32))
        self._low.append(low)
        self._high.append(np.maximum(lines.told["end_position"].to_numpy(), low + 1))
        self._start.append(starts)
        self._stop.append(starts + sizes)

    def to_bytes(self, bgzf: BgzfWriter) -> bytes:
        """The index as a file."""
        out = bytearray(self._head())
        if not self._contig:
            out += struct.pack("<i", len(self._names))
            out += struct.pack("<i", 0) * len(self._names)
        else:
            contig = np.concatenate(self._contig)
            low, high = np.concatenate(self._low), np.concatenate(self._high)
            bins = self._bins(low, high - 1)
            start = bgzf.virtual(np.concatenate(self._start))
            stop = bgzf.virtual(np.concatenate(self._stop))
            out += struct.pack("<i", len(self._names))
            for number in range(len(self._names)):
                of = np.flatnonzero(contig == number)
                out += self._of_contig(bins[of], low[of], high[of], start[of], stop[of])
        out += struct.pack("<Q", 0)
        pieces = [
            block_of(bytes(out[at : at + BLOCK_BYTES])) for at in range(0, len(out), BLOCK_BYTES)
        ]
        return b"".join(pieces) + END_MARKER

    def _head(self) -> bytes:
        auxiliary = b""
        if self._is_vcf:
            names = b"".join(name.encode() + b"\0" for name in self._names)
            auxiliary = struct.pack("<7i", 2, 1, 2, 0, ord("#"), 0, len(names)) + names
        return b"CSI\1" + struct.pack("<3i", _SHIFT, self._depth, len(auxiliary)) + auxiliary

    def _bins(self, low: NDArray[np.int64], last: NDArray[np.int64]) -> NDArray[np.int64]:
        bins = np.full(len(low), -1, np.int64)
        first = ((1 << 3 * self._depth) - 1) // 7
        shift = _SHIFT
        for level in range(self._depth, -1, -1):
            fits = (bins < 0) & (low >> shift == last >> shift)
            bins[fits] = first + (low[fits] >> shift)
            shift += 3
            first -= 1 << 3 * (level - 1) if level else 0
        return bins

    def _of_contig(
        self,
        bins: NDArray[np.int64],
        low: NDArray[np.int64],
        high: NDArray[np.int64],
        start: NDArray[np.uint64],
        stop: NDArray[np.uint64],
    ) -> bytes:
        """The bins of one contig with their chunks, and the pseudo-bin of totals."""
        if not bins.size:
            return struct.pack("<i", 0)
        # The least offset of a record that reaches into each window of 16,384 bases.
        windows = int((high.max() - 1) >> _SHIFT) + 1
        least = np.full(windows + 1, np.iinfo(np.uint64).max, np.uint64)
        np.minimum.at(least, low >> _SHIFT, start)
        for n in np.flatnonzero((low >> _SHIFT) != ((high - 1) >> _SHIFT)).tolist():
            window = slice(int(low[n] >> _SHIFT), int((high[n] - 1) >> _SHIFT) + 1)
            least[window] = np.minimum(least[window], start[n])
        # A window without records: as the next one that has some.
        least = np.minimum.accumulate(least[::-1])[::-1]
        order = np.argsort(bins, kind="stable")
        sorted_bins = bins[order]
        edges = np.flatnonzero(np.diff(sorted_bins)) + 1
        parts = np.split(order, edges)
        out = bytearray(struct.pack("<i", len(parts) + 1))
        for part in parts:
            number = int(bins[part[0]])
            breaks = np.flatnonzero(start[part[1:]] != stop[part[:-1]]) + 1
            runs = np.split(part, breaks)
            out += struct.pack("<IQi", number, self._least_of(number, least), len(runs))
            for run in runs:
                out += struct.pack("<QQ", int(start[run[0]]), int(stop[run[-1]]))
        pseudo = ((1 << 3 * (self._depth + 1)) - 1) // 7 + 1
        out += struct.pack("<IQi", pseudo, 0, 2)
        out += struct.pack("<QQ", int(start.min()), int(stop.max()))
        return bytes(out + struct.pack("<QQ", len(bins), 0))

    def _least_of(self, number: int, least: NDArray[np.uint64]) -> int:
        level, first = 0, 0
        while number >= first + (1 << 3 * level):
            first += 1 << 3 * level
            level += 1
        window = (number - first) << 3 * (self._depth - level)
        return int(least[min(window, len(least) - 1)])
