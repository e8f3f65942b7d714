"""Where a batch writes which samples haploid, found from its genotypes and kept as intervals."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from allelake.ingest.encoding.planes import Bits, Index, words_of
from allelake.ingest.reading.records import RecordRows
from allelake.model.genotype import NO_ALLELE
from allelake.model.zone import Zone

_STEP_GENOTYPES = 1 << 18


def zone_segments(
    positions: NDArray[np.int32], zones: Sequence[Zone]
) -> Iterator[tuple[slice, str | None]]:
    """Runs of sorted positions that lie in the same zone, with its kind (None: autosomal)."""
    edges = sorted({z.start_position for z in zones} | {z.end_position + 1 for z in zones})
    cuts = np.searchsorted(positions, edges).tolist()
    bounds = sorted({0, len(positions), *cuts})
    for start, stop in pairwise(bounds):
        yield slice(start, stop), kind_at(int(positions[start]), zones)


def kind_at(position: int, zones: Sequence[Zone]) -> str | None:
    """The kind of zone that a position lies in."""
    for zone in zones:
        if zone.start_position <= position <= zone.end_position:
            return zone.kind
    return None


def haploid_plane(rows: RecordRows, row: Index) -> Bits | None:
    """The samples that most genotypes of these variants write haploid, packed; None: nobody.

    A genotype decides when an allele of it is called. `.` does not: many callers write a missing
    diploid genotype so. A tie is diploid.
    """
    if rows.is_compiled and rows.second.dtype == np.int8:
        from allelake.ingest.encoding.compiled_planes import has_haploid

        if not has_haploid(words_of(rows.second), row):
            return None
    haploid, decided = np.zeros(rows.width, np.int64), np.zeros(rows.width, np.int64)
    step = max(1, _STEP_GENOTYPES // max(1, rows.width))
    seen = False
    for start in range(0, row.size, step):
        held = row[start : start + step]
        one_place = rows.second[held] == NO_ALLELE
        if not seen and not one_place.any():
            # Nobody so far: the genotypes that decide for diploid are counted only if needed.
            continue
        if not seen:
            seen, held = True, row[: start + step]
            one_place = rows.second[held] == NO_ALLELE
        called = (rows.first[held] >= 0) | (rows.second[held] >= 0)
        decided += np.count_nonzero(called, axis=0)
        haploid += np.count_nonzero(called & one_place, axis=0)
    plane = np.packbits(2 * haploid > decided)
    return plane if plane.any() else None


def write_half_calls_haploid(rows: RecordRows, row: Index) -> int:
    """Turns `./1` of these variants' records into `1` in place; how many there were.

    For callers that write the haploid genotypes of X, Y and MT so (a profile says which).
    """
    changed = 0
    for held in np.unique(row).tolist():
        first, second = rows.first[held], rows.second[held]
        half = ((first < 0) != (second < 0)) & (second != NO_ALLELE)
        first[half] = np.maximum(first[half], second[half])
        second[half] = NO_ALLELE
        changed += int(half.sum())
    return changed


@dataclass
class PloidyIntervals:
    """The intervals of one contig, disjoint and as long as the planes stay the same.

    Neighbouring stretches with equal planes become one interval, per block.
    """

    open: dict[int, tuple[int, int, bytes]] = field(default_factory=dict)
    rows: list[tuple[int, int, int, bytes]] = field(default_factory=list)

    def add(self, start: int, end: int, planes: dict[int, bytes]) -> None:
        """A stretch of variants and the plane of each block that has a haploid sample there."""
        for block in list(self.open):
            if self.open[block][2] != planes.get(block):
                self._close(block)
        for block, plane in planes.items():
            begun = self.open[block][0] if block in self.open else start
            self.open[block] = (begun, end, plane)

    def finish(self) -> list[tuple[int, int, int, bytes]]:
        """(start, end, block, plane) of every interval, sorted as the table is."""
        for block in list(self.open):
            self._close(block)
        done = sorted(self.rows)
        self.rows = []
        return done

    def _close(self, block: int) -> None:
        start, end, plane = self.open.pop(block)
        self.rows.append((start, end, block, plane))
