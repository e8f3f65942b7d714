"""Loops over words of genotypes, compiled at their first call. Words as in packed.py.

Functions that call each other stand in this one file: see `compiled`.
"""

from collections.abc import Callable
from typing import Any, cast

import numpy as np
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from allelake.compiled import compiled

# One row of words, and rows of them.
Word = NDArray[np.uint64]
Words = NDArray[np.uint64]
# Words of a row that are compared before the next pair's: two rows' stay in the nearest cache.
_TILE = 256


def _popcount(typing_context: Any, word: Any) -> Any:
    """How many bits of a word are 1, as the processor counts them."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), generate


_ones = cast("Callable[[np.uint64], np.uint64]", intrinsic(_popcount))


@compiled
def _count_short(
    i_carried: Word, i_doubled: Word, j_carried: Word, j_doubled: Word, own: NDArray[np.int64]
) -> None:
    """Adds what only pairs with a missing genotype need counted."""
    first, second, called = np.int64(0), np.int64(0), np.int64(0)
    for w in range(len(i_carried)):
        a, b, c, d = i_carried[w], i_doubled[w], j_carried[w], j_doubled[w]
        first += np.int64(_ones(a & ~b & ~(c ^ d)))
        second += np.int64(_ones(~(a ^ b) & c & ~d))
        called += np.int64(_ones((a | ~b) & (c | ~d)))
    own[2] += first
    own[3] += second
    own[4] += called


@compiled
def count_pairs(
    carried: Words,
    doubled: Words,
    is_short: NDArray[np.bool_],
    rows: int,
    columns: int,
    size: int,
    counts: NDArray[np.int64],
) -> None:
    """Counts genotypes of pairs of people: `size` from `rows` on with `size` from `columns` on.

    `is_short`: who has a missing genotype. Adds to counts[i, j]: both heterozygous, opposite
    homozygotes, and for pairs with a missing genotype also: first heterozygous and second
    homozygous, the reverse, both called (with what pads the words, 0 copies in both).
    """
    people, words = carried.shape
    for tile in range(0, words, _TILE):
        end = min(tile + _TILE, words)
        for i in range(rows, min(rows + size, people)):
            # Slices from 0 on are what the compiler makes vectors of.
            i_carried, i_doubled = carried[i, tile:end], doubled[i, tile:end]
            for j in range(max(columns, i + 1), min(columns + size, people)):
                j_carried, j_doubled = carried[j, tile:end], doubled[j, tile:end]
                both = np.int64(0)
                opposite = np.int64(0)
                for w in range(end - tile):
                    a, b, c, d = i_carried[w], i_doubled[w], j_carried[w], j_doubled[w]
                    both += np.int64(_ones(a & ~b & c & ~d))
                    opposite += np.int64(_ones(~(a ^ b) & ~(c ^ d) & (a ^ c)))
                own = counts[i - rows, j - columns]
                own[0] += both
                own[1] += opposite
                if is_short[i] or is_short[j]:
                    _count_short(i_carried, i_doubled, j_carried, j_doubled, own)


@compiled
def tally(carried: Words, doubled: Words, tallies: NDArray[np.int64]) -> None:
    """Counts each row's genotypes: 0, 1 and 2 copies, missing (what pads the words with them)."""
    for row in range(len(carried)):
        ones, twos, own = carried[row], doubled[row], tallies[row]
        for w in range(len(ones)):
            a, b = ones[w], twos[w]
            own[0] += np.int64(_ones(~a & ~b))
            own[1] += np.int64(_ones(a & ~b))
            own[2] += np.int64(_ones(a & b))
            own[3] += np.int64(_ones(~a & b))


@compiled
def _exceeds(
    i_carried: Word,
    i_doubled: Word,
    j_carried: Word,
    j_doubled: Word,
    people: int,
    is_short: bool,
    max_r2: float,
) -> bool:
    """Whether the squared correlation of two sites' copies, over people called at both, does.

    Copies count as 1, 0, -1, which has the same correlation. What pads the words is missing.
    """
    both, opposite = np.int64(0), np.int64(0)
    i_hom, i_alt, j_hom, j_alt = np.int64(0), np.int64(0), np.int64(0), np.int64(0)
    known = np.int64(0)
    for w in range(len(i_carried)):
        a, b, c, d = i_carried[w], i_doubled[w], j_carried[w], j_doubled[w]
        hom = ~(a ^ b) & ~(c ^ d)
        both += np.int64(_ones(hom))
        opposite += np.int64(_ones(hom & (a ^ c)))
        called = (a | ~b) & (c | ~d)
        i_hom += np.int64(_ones(~(a ^ b) & called))
        i_alt += np.int64(_ones(a & b & called))
        j_hom += np.int64(_ones(~(c ^ d) & called))
        j_alt += np.int64(_ones(c & d & called))
        if is_short:
            known += np.int64(_ones(called))
    if not is_short:
        known = np.int64(people)
    i_sum, j_sum = i_hom - 2 * i_alt, j_hom - 2 * j_alt
    covariance = float((both - 2 * opposite) * known - i_sum * j_sum)
    i_variance = float(i_hom * known - i_sum * i_sum)
    j_variance = float(j_hom * known - j_sum * j_sum)
    return covariance * covariance > max_r2 * i_variance * j_variance


@compiled
def _first_above(
    carried: Words,
    doubled: Words,
    first: int,
    second: int,
    is_removed: NDArray[np.bool_],
    is_short: NDArray[np.bool_],
    people: int,
    max_r2: float,
) -> int:
    """The first row from `second` on that is still there and correlates; else the number of rows.

    The last two arrays have an element for each row.
    """
    while second < len(carried):
        if not is_removed[second] and _exceeds(
            carried[first],
            doubled[first],
            carried[second],
            doubled[second],
            people,
            is_short[first] or is_short[second],
            max_r2,
        ):
            break
        second += 1
    return second


@compiled
def prune_windows(
    carried: Words,
    doubled: Words,
    people: int,
    max_r2: float,
    windows: NDArray[np.int64],
    major: NDArray[np.float64],
    is_short: NDArray[np.bool_],
    is_removed: NDArray[np.bool_],
    unchecked: NDArray[np.int64],
) -> None:
    """Prunes each window, sites windows[0, k] up to windows[1, k], as plink2 does.

    All arrays have a row or element for each site. `major`: frequency of the commoner allele;
    `unchecked`: the first site that each one was not compared with yet. Passes over the pairs go
    on while they remove sites: of a pair the one with the commoner major allele, the later one
    where they are alike. Then the next first site follows.
    """
    for window in range(windows.shape[1]):
        start, stop = windows[0, window], windows[1, window]
        ones, twos = carried[:stop], doubled[:stop]
        goes_on = True
        while goes_on:
            goes_on = False
            for first in range(start, stop):
                if is_removed[first]:
                    continue
                begin = max(unchecked[first], first + 1)
                second = _first_above(
                    ones, twos, first, begin, is_removed, is_short, people, max_r2
                )
                # Of a site that goes this is not read any more.
                unchecked[first] = min(second + 1, stop)
                if second < stop:
                    goes_on = True
                    is_first = major[first] > major[second] * (1.0 + 2.0**-44)
                    is_removed[first if is_first else second] = True


@compiled
def standardise(
    carried: Words,
    doubled: Words,
    values: NDArray[np.float32],
    out: NDArray[np.float32],
) -> None:
    """Writes a number for each genotype: values[site] are those of 0, 1, 2 copies and missing."""
    sites, people = out.shape
    for site in range(sites):
        zero, one, two, missing = values[site]
        for person in range(people):
            word, bit = person >> 6, np.uint64(person & 63)
            a = (carried[site, word] >> bit) & np.uint64(1)
            b = (doubled[site, word] >> bit) & np.uint64(1)
            if a:
                out[site, person] = two if b else one
            else:
                out[site, person] = missing if b else zero
