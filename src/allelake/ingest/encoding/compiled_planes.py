"""Genotypes to bit planes and back, compiled: for the readers of large files.

Each function gives what its namesake over whole arrays gives (planes, phases, calls). Arrays of
genotypes come as words of eight samples (little endian: the first sample is the lowest byte).
"""

import numpy as np
from numpy.typing import NDArray

from allelake.ingest.compiled import compiled

Words = NDArray[np.uint64]
Bits = NDArray[np.uint8]
Index = NDArray[np.int32]

_ONES = np.uint64(0x0101010101010101)
_LOW = np.uint64(0x7F7F7F7F7F7F7F7F)
_HIGH = np.uint64(0x8080808080808080)
# -2 in each byte: the place that a haploid genotype does not have.
_NO_ALLELE = np.uint64(0xFEFEFEFEFEFEFEFE)
# Moves the lowest bit of byte i to bit 63 - i: eight flags become one byte, the first on top.
_GATHER = np.uint64(0x8040201008040201)
_7 = np.uint64(7)
_56 = np.uint64(56)
_0 = np.uint64(0)


@compiled
def _equal(word: np.uint64) -> np.uint64:
    """The flags of the bytes that are zero."""
    flags = ~(((word & _LOW) + _LOW) | word | _LOW)
    return ((flags >> _7) * _GATHER) >> _56


@compiled
def _negative(word: np.uint64) -> np.uint64:
    return (((word & _HIGH) >> _7) * _GATHER) >> _56


@compiled
def pack_words(
    first: Words,
    second: Words,
    row: Index,
    allele: Index,
    planes: tuple[Bits, ...],
) -> bool:
    """Fills alt1, alt2, short1, short2, haploid, which come as zeros; whether any allele lacks."""
    alt1, alt2, short1, short2, haploid = planes
    any_missing = _0
    for variant in range(row.size):
        held = row[variant]
        wanted = np.uint64(allele[variant]) * _ONES
        seen = _0
        for place in range(first.shape[1]):
            one, two = first[held, place], second[held, place]
            if (one | two) != _0:
                in_first, in_second = _equal(one ^ wanted), _equal(two ^ wanted)
                alt1[variant, place] = in_first | in_second
                alt2[variant, place] = in_first & in_second
                seen |= one | two
        # In a loop of its own: in one with the above it made that fifty times slower (measured).
        any_missing |= seen & _HIGH
        if (seen & _HIGH) != _0:
            for place in range(first.shape[1]):
                one, two = first[held, place], second[held, place]
                if ((one | two) & _HIGH) != _0:
                    no_first, no_second = _negative(one), _negative(two)
                    short1[variant, place] = no_first | no_second
                    short2[variant, place] = no_first & no_second
                    haploid[variant, place] = _equal(two ^ _NO_ALLELE)
    return bool(any_missing != _0)


@compiled
def has_haploid(second: Words, row: Index) -> bool:
    """Whether a genotype of these records is written with one place."""
    for held in row:
        seen = _0
        for place in range(second.shape[1]):
            word = second[held, place]
            seen |= word & _HIGH
        if seen != _0:
            for place in range(second.shape[1]):
                if _equal(second[held, place] ^ _NO_ALLELE) != _0:
                    return True
    return False


@compiled
def phase_words(
    second: Words,
    phased: Words,
    row: Index,
    allele: Index,
    wanted: Index,
    planes: tuple[Bits, Bits, Bits],
    into: tuple[Bits, Bits, Bits],
) -> None:
    """Fills phased, unphased and second of the variants `wanted`; `planes`: alt1, alt2, haploid."""
    alt1, alt2, haploid = planes
    is_phased, is_unphased, is_second = into
    for variant in wanted:
        held = row[variant]
        number = np.uint64(allele[variant]) * _ONES
        for place in range(second.shape[1]):
            diploid = alt1[variant, place] & ~haploid[variant, place]
            if diploid == 0:
                continue
            written = np.uint8((phased[held, place] * _GATHER) >> _56)
            in_second = np.uint8(_equal(second[held, place] ^ number))
            is_phased[variant, place] = diploid & written
            is_unphased[variant, place] = diploid & ~written
            is_second[variant, place] = diploid & written & in_second & ~alt2[variant, place]


@compiled
def bit_places(planes: Bits, row: Index, column: Index) -> None:
    """Fills the row and column of each bit that is set; as many as there are."""
    found = 0
    for line in range(planes.shape[0]):
        for place in range(planes.shape[1]):
            byte = planes[line, place]
            if byte == 0:
                continue
            for bit in range(8):
                if byte & (128 >> bit):
                    row[found] = line
                    column[found] = 8 * place + bit
                    found += 1


@compiled
def call_details(
    first: NDArray[np.int8],
    second: NDArray[np.int8],
    phased: NDArray[np.bool_],
    row: Index,
    allele: Index,
    variant: Index,
    column: Index,
    into: tuple[NDArray[np.int8], ...],
    is_phased: NDArray[np.bool_],
) -> None:
    """Fills alt_count, called_count, ploidy, haplotype (0: none) and is_phased of rows of calls."""
    copies, called, ploidy, haplotype = into
    for place in range(variant.size):
        number = allele[variant[place]]
        held = row[variant[place]]
        one, two = first[held, column[place]], second[held, column[place]]
        in_first = one == number
        copies[place] = in_first + (two == number)
        called[place] = (one >= 0) + (two >= 0)
        is_diploid = two != -2
        ploidy[place] = 1 + is_diploid
        is_phased[place] = is_diploid and phased[held, column[place]]
        if is_phased[place] and copies[place] == 1:
            haplotype[place] = 1 if in_first else 2
        else:
            haplotype[place] = 0
