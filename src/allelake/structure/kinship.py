"""KING-robust kinship of all pairs, as `plink2 --make-king-table` computes it."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from allelake.errors import QueryError
from allelake.structure.genotypes import Chunk, GenotypeReader, Progress
from allelake.structure.packed import WORD, Planes, read_along_sites
from allelake.structure.relationship import relationships

# People on each side of a block of pairs: its five counts take 2.6 MB.
_BLOCK = 256
# Pairs that are kept: 60 bytes each until they are stored.
MOST_PAIRS = 20_000_000
# Blocks that wait for a thread, so that memory does not grow with their number.
_AHEAD = 16

SCHEMA = pa.schema(
    [
        ("sample_number_1", pa.int32()),
        ("sample_number_2", pa.int32()),
        ("snps", pa.int32()),
        ("het_het", pa.int32()),
        ("ibs0", pa.int32()),
        ("het_hom_1", pa.int32()),
        ("het_hom_2", pa.int32()),
        ("kinship", pa.float64()),
        ("relationship", pa.string()),
    ]
)


@dataclass(frozen=True)
class Kinship:
    """`pairs`: those at or above the least kinship, by SCHEMA, in the order of sample numbers.

    `looked_at`: pairs counted; `unknown`: of those, pairs of whom kinship says nothing, since one
    of the two is heterozygous nowhere that both are called. `ibs0_of_strangers`: the share of sites
    at which two people who are not related are expected to be opposite homozygotes.
    """

    pairs: pa.Table
    looked_at: int
    unknown: int
    ibs0_of_strangers: float


def kinship_pairs(
    reader: GenotypeReader, min_kinship: float, on_progress: Progress | None = None
) -> Kinship:
    """Kinship of every two people of the reader at all its sites.

    kinship = 1/2 - (4 ibs0 + het_hom_1 + het_hom_2) / (4 (het_het + min(het_hom_1, het_hom_2)))
    over sites called in both. Memory: a quarter of a byte per genotype, and some MB per thread.
    """
    strangers = _Strangers()
    planes = read_along_sites(reader, on_progress, strangers.add)
    hets, is_short = _per_person(planes, reader)
    padding = planes.carried.shape[1] * WORD - len(reader.sites)
    found: list[pa.Table] = []
    unknown, stored = 0, 0
    for rows, columns, counts in _blocks(planes, is_short, on_progress):
        one, other, numbers = _in_full(rows, columns, counts, hets, is_short, padding, planes)
        kinship = king_robust(numbers)
        unknown += int(np.isnan(kinship).sum())
        # A comparison with NaN is false.
        is_related = kinship >= min_kinship
        own = (reader.people.numbers[one[is_related]], reader.people.numbers[other[is_related]])
        found.append(_rows(own, numbers[is_related], kinship[is_related], strangers.ibs0))
        stored += int(is_related.sum())
        _refuse_many(stored, min_kinship)
    people = len(reader.people)
    pairs = pa.concat_tables([SCHEMA.empty_table(), *found])
    pairs = pairs.sort_by([("sample_number_1", "ascending"), ("sample_number_2", "ascending")])
    return Kinship(pairs, people * (people - 1) // 2, unknown, strangers.ibs0)


class _Strangers:
    """Adds up over chunks of sites how often two strangers are opposite homozygotes."""

    def __init__(self) -> None:
        self._total, self._sites = 0.0, 0

    def add(self, chunk: Chunk) -> None:
        """The sites of a chunk, with the frequencies of its people: 2 p^2 q^2 at each."""
        missing = np.count_nonzero(chunk.copies < 0, axis=1)
        alts = chunk.copies.sum(axis=1, dtype=np.int32) + missing
        af = alts / np.maximum(2 * (chunk.copies.shape[1] - missing), 1)
        self._total += float((2 * np.square(af * (1 - af))).sum())
        self._sites += len(af)

    @property
    def ibs0(self) -> float:
        """The share of sites."""
        return self._total / max(self._sites, 1)


def _refuse_many(stored: int, min_kinship: float) -> None:
    """Refuses more pairs than anybody asks for, before they fill the memory."""
    if stored > MOST_PAIRS:
        raise QueryError(
            f"More than {MOST_PAIRS:,} pairs have a kinship of {min_kinship:g} or more. Raise "
            "--min-kinship, or compare at more sites: of few, chance makes relatives of many."
        )


def king_robust(numbers: NDArray[np.int64]) -> NDArray[np.float64]:
    """Kinship out of rows of het_het, ibs0, het_hom_1, het_hom_2; NaN where the formula has none.

    >>> king_robust(np.array([[2, 1, 2, 4]]))
    array([-0.125])
    """
    het_het, ibs0, first, second = (numbers[:, index] for index in range(4))
    fewer_hets = het_het + np.minimum(first, second)
    share = np.full(len(numbers), np.nan)
    np.divide(4 * ibs0 + first + second, 4 * fewer_hets, out=share, where=fewer_hets > 0)
    return 0.5 - share


def _per_person(
    planes: Planes, reader: GenotypeReader
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """How many sites each person is heterozygous at, and whether one is missing."""
    from allelake.structure.kernels import tally

    tallies = np.zeros((len(reader.people), 4), np.int64)
    tally(planes.carried, planes.doubled, tallies)
    return tallies[:, 1], tallies[:, 3] > 0


def _blocks(
    planes: Planes, is_short: NDArray[np.bool_], on_progress: Progress | None
) -> Iterator[tuple[int, int, NDArray[np.int64]]]:
    """First person of each side of a block, and its counts; in order."""
    from allelake.structure.kernels import count_pairs

    people = len(planes)
    corners = [
        (rows, columns)
        for rows in range(0, people, _BLOCK)
        for columns in range(rows, people, _BLOCK)
    ]

    def count(corner: tuple[int, int]) -> NDArray[np.int64]:
        counts = np.zeros((_BLOCK, _BLOCK, 5), np.int64)
        count_pairs(planes.carried, planes.doubled, is_short, *corner, _BLOCK, counts)
        return counts

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for begin in range(0, len(corners), _AHEAD):
            together = corners[begin : begin + _AHEAD]
            for corner, counts in zip(together, pool.map(count, together), strict=True):
                yield *corner, counts
            if on_progress is not None:
                on_progress(begin + len(together), len(corners))


def _in_full(
    rows: int,
    columns: int,
    counts: NDArray[np.int64],
    hets: NDArray[np.int64],
    is_short: NDArray[np.bool_],
    padding: int,
    planes: Planes,
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.int64]]:
    """The pairs of a block: one, the other, and het_het, ibs0, het_hom_1, het_hom_2, snps."""
    people = len(planes)
    one, other = np.meshgrid(
        np.arange(rows, min(rows + _BLOCK, people)),
        np.arange(columns, min(columns + _BLOCK, people)),
        indexing="ij",
    )
    is_pair = one < other
    one, other = one[is_pair], other[is_pair]
    numbers = counts[one - rows, other - columns]
    # Where nothing is missing, whoever is heterozygous without the other meets a homozygote.
    whole = ~(is_short[one] | is_short[other])
    numbers[whole, 2] = hets[one[whole]] - numbers[whole, 0]
    numbers[whole, 3] = hets[other[whole]] - numbers[whole, 0]
    numbers[whole, 4] = planes.carried.shape[1] * WORD
    numbers[:, 4] -= padding
    return one, other, numbers


def _rows(
    people: tuple[NDArray[np.int32], NDArray[np.int32]],
    numbers: NDArray[np.int64],
    kinship: NDArray[np.float64],
    of_strangers: float,
) -> pa.Table:
    snps = numbers[:, 4]
    columns = [
        *people,
        snps,
        *(numbers[:, index] for index in range(4)),
        kinship,
        relationships(kinship, numbers[:, 1] / np.maximum(snps, 1), of_strangers),
    ]
    return pa.Table.from_arrays(
        [pa.array(column).cast(field.type) for column, field in zip(columns, SCHEMA, strict=True)],
        schema=SCHEMA,
    )
