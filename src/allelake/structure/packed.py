"""Genotypes in two bits each: two planes of 64-bit words along people, or along sites.

    genotype        carried  doubled
    0 copies           0        0
    1 copy             1        0
    2 copies           1        1
    missing            0        1

Bit i of word w is person (or site) 64 w + i. The bits after the last one are of a genotype that
counts for nothing there: missing along people, 0 copies along sites.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allelake.errors import QueryError
from allelake.structure.genotypes import Chunk, GenotypeReader, Progress

WORD = 64
# What the planes of all sites and people may take together.
MOST_BYTES = 3_000_000_000
_ROWS_MOVED = 4_096


@dataclass(frozen=True)
class Planes:
    """Two planes of the same shape, uint64: rows are sites (words along people), or people."""

    carried: NDArray[np.uint64]
    doubled: NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.carried)

    def where(self, kept: NDArray[np.bool_]) -> "Planes":
        """The rows for which `kept` is true, moved together in the same memory."""
        if kept.all():
            return self
        count = int(kept.sum())
        for plane in (self.carried, self.doubled):
            done = 0
            for start in range(0, len(plane), _ROWS_MOVED):
                stay = plane[start : start + _ROWS_MOVED][kept[start : start + _ROWS_MOVED]]
                plane[done : done + len(stay)] = stay
                done += len(stay)
        return Planes(self.carried[:count], self.doubled[:count])


def _words(bits: NDArray[np.bool_], padding: bool) -> NDArray[np.uint64]:
    """Rows of bits as rows of words."""
    spare = -bits.shape[1] % WORD
    if spare:
        bits = np.pad(bits, ((0, 0), (0, spare)), constant_values=padding)
    return np.packbits(bits, axis=1, bitorder="little").view(np.uint64)


def along_people(copies: NDArray[np.int8]) -> Planes:
    """Planes of sites x people: one row per site."""
    return Planes(_words(copies > 0, False), _words((copies == 2) | (copies < 0), True))


def along_sites(copies: NDArray[np.int8]) -> Planes:
    """Planes of sites x people turned over: one row per person."""
    turned = np.ascontiguousarray(copies.T)
    return Planes(_words(turned > 0, False), _words((turned == 2) | (turned < 0), False))


def refuse_many(people: int, sites: int) -> None:
    """Refuses more genotypes than fit into the memory that is allowed."""
    needed = people * sites / 4
    if needed > MOST_BYTES:
        raise QueryError(
            f"{people:,} people at {sites:,} sites need {needed / 1e9:.1f} GB of memory, and "
            f"{MOST_BYTES / 1e9:.0f} GB are allowed. Prune the sites first (`allelake structure "
            "prune`), or raise --min-maf."
        )


def read_along_people(reader: GenotypeReader, on_progress: Progress | None = None) -> Planes:
    """All genotypes of a reader, a row per site; a quarter of a byte for each."""
    people, sites = len(reader.people), len(reader.sites)
    refuse_many(people, sites)
    shape = (sites, -(-people // WORD))
    planes = Planes(np.empty(shape, np.uint64), np.empty(shape, np.uint64))
    for chunk in reader.chunks(on_progress):
        own = along_people(chunk.copies)
        planes.carried[chunk.start : chunk.stop] = own.carried
        planes.doubled[chunk.start : chunk.stop] = own.doubled
    return planes


def read_along_sites(
    reader: GenotypeReader,
    on_progress: Progress | None = None,
    on_chunk: Callable[[Chunk], None] = lambda _: None,
) -> Planes:
    """All genotypes of a reader, a row per person, a quarter of a byte for each.

    Chunks, and with them contigs, begin at whole words. `on_chunk` sees each chunk as it was read.
    """
    people = len(reader.people)
    refuse_many(people, len(reader.sites))
    words = sum(-(-(stop - start) // WORD) for _, start, stop in reader.sites.contigs())
    planes = Planes(np.empty((people, words), np.uint64), np.empty((people, words), np.uint64))
    done = 0
    for chunk in reader.chunks(on_progress):
        on_chunk(chunk)
        own = along_sites(chunk.copies)
        after = done + own.carried.shape[1]
        planes.carried[:, done:after] = own.carried
        planes.doubled[:, done:after] = own.doubled
        done = after
    assert done == words
    return planes
