"""Rows of `callable` of one contig, held until they can be sorted."""

import numpy as np
import pyarrow as pa

from allelake.ingest.evidence.bins import reg2bin
from allelake.ingest.evidence.intervals import Intervals
from allelake.ingest.evidence.pieces import ALLELES_BY_SEX, BASES, NO_MEASURE, joined
from allelake.ingest.part_output import PartOutput

# `bin` does not rise with the position, so that a whole contig is sorted at once: 24 bytes a row,
# and three times as much while it is sorted. Beyond this many rows a contig has several files.
MOST_ROWS = 2_000_000


class CallableRows:
    """Gathers finished intervals of the samples of one file, and writes them sorted."""

    def __init__(self, batch: int, output: PartOutput, most_rows: int = MOST_ROWS) -> None:
        self._batch = batch
        self._output = output
        self._most_rows = most_rows
        self._parts: list[tuple[Intervals, int]] = []
        self._held = 0

    def add(self, intervals: Intervals, sample_number: int) -> None:
        """Takes intervals of a sample."""
        if len(intervals):
            self._parts.append((intervals, sample_number))
            self._held += len(intervals)
            if self._held >= self._most_rows:
                self.finish()

    def finish(self) -> None:
        """Writes what is held as a file of its own."""
        if not self._parts:
            return
        pieces = joined([part.pieces for part, _ in self._parts])
        policies = np.concatenate([part.policies for part, _ in self._parts])
        samples = np.concatenate(
            [np.full(len(part), number, np.int32) for part, number in self._parts]
        )
        self._parts, self._held = [], 0
        bins = reg2bin(pieces.start, pieces.end)
        order = np.lexsort((policies, samples, pieces.end, pieces.start, bins))
        pieces = pieces[order]
        columns = {
            "bin": pa.array(bins[order]),
            "start_position": pa.array(pieces.start),
            "end_position": pa.array(pieces.end),
            "batch": pa.repeat(pa.scalar(self._batch, pa.int32()), len(order)),
            "sample_number": pa.array(samples[order]),
            "alleles": pa.array(
                pieces.alleles.astype(np.int16), mask=pieces.alleles == ALLELES_BY_SEX
            ),
            "policies": pa.array(policies[order]),
            "basis": pa.DictionaryArray.from_arrays(pa.array(pieces.basis), pa.array(BASES)),
            "min_dp": pa.array(pieces.dp, mask=pieces.dp == NO_MEASURE),
            "min_gq": pa.array(pieces.gq, mask=pieces.gq == NO_MEASURE),
        }
        self._output.write_alone("callable", pa.table(columns))
