"""Genotypes of a stretch of variants as bit planes, and which of them go to which tier."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allelake.ingest.reading.records import RecordRows
from allelake.ingest.spec import BatchSpec
from allelake.model.genotype import BLOCK_SAMPLES, NO_ALLELE

Bits = NDArray[np.uint8]
Flags = NDArray[np.bool_]
Index = NDArray[np.int32]

# More genotypes than this of one variant, batch and block that are no default: their counts come
# from planes (512 bytes) instead of rows of `calls` (about 10 bytes each); see design, two tiers.
FEW_GENOTYPES = 51

PLANE_BYTES = BLOCK_SAMPLES // 8
# Genotypes that one step over the arrays takes: what it makes stays in a core's own cache.
_STEP_GENOTYPES = 1 << 18


@dataclass(frozen=True)
class BlockLayout:
    """How the columns of a batch lie in the lake's blocks of 1,024 sample numbers.

    Byte j of a packed row is byte `first_byte + j` of the lake; block i of this batch, numbered
    `numbers[i]`, has the bytes from `starts[i]` to the next start. `valid` has a 1 for each sample.
    """

    first_byte: int
    byte_total: int
    numbers: tuple[int, ...]
    starts: NDArray[np.intp]
    valid: Bits

    @classmethod
    def of(cls, spec: BatchSpec) -> "BlockLayout":
        """The layout of a batch's samples."""
        pad = spec.first_sample % 8
        bits = np.zeros(-(-(pad + spec.sample_total) // 8) * 8, np.bool_)
        bits[pad : pad + spec.sample_total] = True
        valid = np.packbits(bits)
        first_byte = spec.first_sample // 8
        numbers = range(first_byte // PLANE_BYTES, -(-(first_byte + valid.size) // PLANE_BYTES))
        starts = [max(0, number * PLANE_BYTES - first_byte) for number in numbers]
        return cls(first_byte, valid.size, tuple(numbers), np.array(starts, np.intp), valid)

    def in_blocks(self, planes: Bits) -> Bits:
        """Packed rows as whole planes: (rows, blocks, 128), zero outside the batch."""
        begin = self.first_byte - self.numbers[0] * PLANE_BYTES
        whole = np.zeros((len(planes), len(self.numbers) * PLANE_BYTES), np.uint8)
        whole[:, begin : begin + self.byte_total] = planes
        return whole.reshape(len(planes), len(self.numbers), PLANE_BYTES)

    def block_places(self, column: Index) -> Index:
        """The place among this batch's blocks of each column of the arrays."""
        widths = np.diff([*self.starts.tolist(), self.byte_total])
        of_byte = np.repeat(np.arange(len(widths), dtype=np.int32), widths)
        return np.asarray(of_byte[column >> 3])

    def count(self, planes: Bits) -> Index:
        """How many bits are set in each row and block: (rows, blocks)."""
        words = self.in_blocks(planes).view(np.uint64)
        return np.asarray(np.bitwise_count(words).sum(axis=2, dtype=np.int32))

    def spread(self, by_block: Flags) -> Bits:
        """A mask of whole bytes: 255 in the blocks where the flag (rows, blocks) is set."""
        widths = np.diff([*self.starts.tolist(), self.byte_total])
        return np.repeat(by_block.astype(np.uint8) * np.uint8(255), widths, axis=1)


@dataclass
class Planes:
    """Bit planes (variants, bytes) of a stretch of variants; padding is zero.

    `short1` and `short2`: one and two alleles missing from two, so a haploid call has `short1`.
    `haploid`: the genotype is written with one place. `default`: samples whose default genotype is
    haploid in this stretch (bytes,). `is_complete`: no allele is missing: short1, short2 and
    haploid are known to be zero.
    """

    alt1: Bits
    alt2: Bits
    short1: Bits
    short2: Bits
    haploid: Bits
    default: Bits
    is_complete: bool = False

    @property
    def nondefault(self) -> Bits:
        """Genotypes that are no fully called reference at the default ploidy."""
        if not self.default.any():
            return self.alt1 if self.is_complete else np.asarray(self.alt1 | self.short1)
        odd_diploid = ~self.default & self.short1
        odd_haploid = self.default & (~self.haploid | self.short2)
        return np.asarray(self.alt1 | odd_diploid | odd_haploid)

    @property
    def half_calls(self) -> Bits:
        """Genotypes with room for two alleles, one of them called."""
        return self.short1 & ~self.short2 & ~self.haploid


def pack_planes(rows: RecordRows, row: Index, allele: Index, default: Bits | None) -> Planes:
    """The planes of variants: genotypes from `row`, ALTs by their number in the record."""
    shape = (row.size, rows.width // 8)
    none = np.zeros(shape[1], np.uint8)
    default = none if default is None else default
    if rows.is_compiled and rows.first.dtype == np.int8:
        return _packed_by_words(rows, row, allele, default)
    alt1, alt2, short1, short2, haploid = (np.empty(shape, np.uint8) for _ in range(5))
    step = max(1, _STEP_GENOTYPES // max(1, rows.width))
    for start in range(0, row.size, step):
        part = slice(start, start + step)
        first, second = rows.first[row[part]], rows.second[row[part]]
        wanted = allele[part].astype(first.dtype)[:, None]
        in_first, in_second = _pack(first == wanted), _pack(second == wanted)
        np.bitwise_or(in_first, in_second, out=alt1[part])
        np.bitwise_and(in_first, in_second, out=alt2[part])
        no_first, no_second = _pack(first < 0), _pack(second < 0)
        np.bitwise_or(no_first, no_second, out=short1[part])
        np.bitwise_and(no_first, no_second, out=short2[part])
        haploid[part] = _pack(second == NO_ALLELE) if no_second.any() else 0
    return Planes(alt1, alt2, short1, short2, haploid, default)


def _packed_by_words(rows: RecordRows, row: Index, allele: Index, default: Bits) -> Planes:
    from allelake.ingest.encoding.compiled_planes import pack_words

    shape = (row.size, rows.width // 8)
    planes = alt1, alt2, short1, short2, haploid = tuple(
        np.zeros(shape, np.uint8) for _ in range(5)
    )
    is_short = pack_words(words_of(rows.first), words_of(rows.second), row, allele, planes)
    return Planes(alt1, alt2, short1, short2, haploid, default, not is_short)


def words_of(genotypes: NDArray[np.int8] | Flags) -> NDArray[np.uint64]:
    """Eight samples at a time; rows of genotypes are whole bytes of planes."""
    return genotypes.view(np.uint64)


@dataclass
class Tiers:
    """Per variant and block: whether counts come from planes, under `raw` and under adj@1."""

    many: Flags
    many_adj: Flags


def choose_tiers(layout: BlockLayout, nondefault: Bits, failing_reference: Bits | None) -> Tiers:
    """Few or many: the default genotypes that fail adj@1 count beside the others under adj@1."""
    odd = layout.count(nondefault)
    many = odd > FEW_GENOTYPES
    if failing_reference is None:
        return Tiers(many, np.zeros_like(many))
    failing = layout.count(failing_reference)
    return Tiers(many, many | (odd + failing > FEW_GENOTYPES))


def set_bits(planes: Bits, is_compiled: bool = False) -> tuple[Index, Index]:
    """(row, column) of every bit that is set, by row and then column."""
    if is_compiled:
        from allelake.ingest.encoding.compiled_planes import bit_places

        total = int(np.bitwise_count(planes).sum(dtype=np.int64))
        places = np.empty(total, np.int32), np.empty(total, np.int32)
        bit_places(planes, *places)
        return places
    flat = planes.reshape(-1)
    found = np.flatnonzero(flat)
    inside = np.flatnonzero(np.unpackbits(flat[found]))
    place = found[inside >> 3] * 8 + (inside & 7)
    row, column = np.divmod(place, planes.shape[1] * 8)
    return row.astype(np.int32), column.astype(np.int32)


def _pack(flags: Flags) -> Bits:
    return np.packbits(flags, axis=1)
