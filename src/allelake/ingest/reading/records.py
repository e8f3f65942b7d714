"""Genotypes and per-sample fields of the records at hand, as arrays with a row per record."""

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from allelake.errors import InputError
from allelake.ingest.reading.read import ReadRecord
from allelake.ingest.spec import BatchSpec, KeptField
from allelake.model.genotype import MISSING_ALLELE, MISSING_INTEGER, NO_ALLELE, VECTOR_END

Integers = NDArray[np.int32]
_Scalar = TypeVar("_Scalar", bound=np.generic)

# Memory of a worker: arrays of the records at hand stay below this, and encoding them takes up to
# as much again, in all under 450 MB. 3 bytes a genotype, 11 with DP and GQ. With half of it an
# ingest of 50,000 people takes a fifth longer, as a chunk has 160 records only (measured).
CHUNK_BYTES = 48 << 20
# Files with few samples: the Python objects of so many records weigh about 30 MB.
CHUNK_RECORDS = 16_384

_PLOIDY_TOTAL = 2
# int8 holds alleles up to this one; records with more turn the arrays into int16.
_LAST_NARROW_ALLELE = 127
# One record of very many samples still makes a chunk of at least so many.
_FEWEST_ROWS = 4


class RecordRows:
    """Arrays with a row per record and a column per sample, refilled chunk after chunk.

    Columns are padded to whole bytes of the lake's planes: column `pad` is the batch's first
    sample, so that bit i of a packed row is sample number `8 * (first_sample // 8) + i`. Padding
    reads as a reference genotype. Alleles are -1 where missing, and -2 in `second` where a
    genotype is haploid.
    """

    def __init__(
        self, spec: BatchSpec, chunk_bytes: int = CHUNK_BYTES, chunk_records: int = CHUNK_RECORDS
    ) -> None:
        self._spec = spec
        self._chunk_bytes = chunk_bytes
        self._has_ad = spec.has_adj or spec.has_ad
        self.pad = spec.first_sample % 8
        self.samples = slice(self.pad, self.pad + spec.sample_total)
        self.width = -(-(self.pad + spec.sample_total) // 8) * 8 if spec.sample_total else 0
        per_row = self.width * (3 + 4 * (spec.has_dp + spec.has_gq))
        fits = chunk_bytes // per_row if per_row else chunk_records
        self.capacity = max(min(fits, chunk_records), _FEWEST_ROWS)
        self.used = 0
        # Whether the compiler is at hand, because a compiled reader fills the arrays; for fewer
        # genotypes than such a reader is used for, its import costs more than it gains.
        self.is_compiled = False
        self.first = np.zeros((self.capacity, self.width), np.int8)
        self.second = np.zeros_like(self.first)
        self.phased = np.zeros((self.capacity, self.width), np.bool_)
        self.dp = self._integers() if spec.has_dp else None
        self.gq = self._integers() if spec.has_gq else None
        self.has_gt: list[bool] = []
        self.has_dp: list[bool] = []
        self.has_gq: list[bool] = []
        self._text_bytes: list[int] = []
        self.ad: list[Integers | None] = []
        # AD of REF and of the ALT of records with one (rows, 2, columns), and which rows have it
        # there instead of in `ad`.
        self.ad_pairs: Integers | None = None
        self.in_pairs: list[bool] = []
        self.phase_sets: list[Integers | None] = []
        self.formats: list[list[NDArray[np.generic] | None]] = [[] for _ in spec.format]
        self._held_bytes = 0

    @property
    def is_full(self) -> bool:
        """Whether the chunk should be encoded before another record is added."""
        return self.used >= self.capacity or self._held_bytes >= self._chunk_bytes

    def add(self, read: ReadRecord, hidden: Sequence[int], text_bytes: int = 0) -> int:
        """The row at which a record's genotypes were put.

        `hidden` are the alleles that are no call when a genotype has them: `<NON_REF>`, `<*>`.
        `text_bytes` is what the caller holds for this record beside the arrays.
        """
        fields = read.variant.FORMAT if self._spec.sample_total else []
        row = self._begin(read, hidden, fields)
        self.ad.append(self._hold_depths(read, fields) if self._has_ad else None)
        self.phase_sets.append(self._hold(read, "PS", fields) if self._spec.has_ps else None)
        for held, kept in zip(self.formats, self._spec.format, strict=True):
            held.append(self._hold_kept(read, kept, fields))
        self._text_bytes.append(text_bytes)
        self._held_bytes += text_bytes
        return row

    def use_ad_pairs(self) -> Integers:
        """The array for AD of records with one ALT, for a reader that fills whole columns."""
        if self.ad_pairs is None or len(self.ad_pairs) < self.capacity:
            held = self.ad_pairs
            self.ad_pairs = np.full((self.capacity, 2, self.width), MISSING_INTEGER, np.int32)
            if held is not None:
                self.ad_pairs[: len(held)] = held
        return self.ad_pairs

    def note_filled(
        self,
        total: int,
        has_gt: Sequence[bool],
        has_dp: Sequence[bool] | None = None,
        has_gq: Sequence[bool] | None = None,
        in_pairs: Sequence[bool] | None = None,
    ) -> None:
        """Counts `total` rows from `used` on, whose arrays a reader has written by itself.

        It wrote `first`, `second` and `phased` of the sample columns (a record without GT: missing
        alleles), `dp` and `gq` where the batch has them, and `ad_pairs` of rows `in_pairs`. `ad`,
        `phase_sets` and `formats` are None for these rows until they are set. None: of no row.
        """
        if self.used + total > self.capacity:
            raise ValueError(f"{self.used} + {total} rows are more than {self.capacity}")
        self.is_compiled = True
        self.has_gt += has_gt
        self.has_dp += has_dp or [False] * total
        self.has_gq += has_gq or [False] * total
        self.in_pairs += in_pairs or [False] * total
        arrays: tuple[list[Any], ...] = (self.ad, self.phase_sets, *self.formats)
        for held in arrays:
            held += [None] * total
        self._text_bytes += [0] * total
        self.used += total

    def add_block(self, read: ReadRecord, fields: Sequence[str]) -> int:
        """The same for a reference block with these FORMAT fields: GT, DP and GQ alone are kept."""
        row = self._begin(read, (), fields)
        self.ad.append(None)
        self.phase_sets.append(None)
        for held in self.formats:
            held.append(None)
        self._text_bytes.append(0)
        return row

    def _begin(self, read: ReadRecord, hidden: Sequence[int], fields: Sequence[str]) -> int:
        row = self.used
        if row == self.capacity:
            self._grow()
        has_gt = "GT" in fields
        self.has_gt.append(has_gt)
        if has_gt:
            self._put_genotypes(row, read, hidden)
        else:
            self.first[row, self.samples] = MISSING_ALLELE
            self.second[row, self.samples] = MISSING_ALLELE
        self.has_dp.append(self._put_integers(self.dp, row, read, "DP", fields))
        self.has_gq.append(self._put_integers(self.gq, row, read, "GQ", fields))
        self.in_pairs.append(False)
        self.used = row + 1
        return row

    def keep_only(self, rows: Sequence[int]) -> None:
        """Forgets all rows but these (ascending), which become the first ones."""
        chosen = list(rows)
        for array in (self.first, self.second, self.phased, self.dp, self.gq, self.ad_pairs):
            if array is not None:
                array[: len(chosen)] = array[chosen]
        arrays: tuple[list[Any], ...] = (self.ad, self.phase_sets, *self.formats)
        others: tuple[list[Any], ...] = (
            self.has_gt,
            self.has_dp,
            self.has_gq,
            self.in_pairs,
            self._text_bytes,
        )
        for held in (*arrays, *others):
            held[:] = [held[row] for row in chosen]
        self.used = len(chosen)
        self._held_bytes = sum(a.nbytes for held in arrays for a in held if a is not None)
        self._held_bytes += sum(self._text_bytes)

    def _put_genotypes(self, row: int, read: ReadRecord, hidden: Sequence[int]) -> None:
        variant, columns = read.variant, self.samples
        alleles = variant.genotype.array()
        allele_total = 1 + len(variant.ALT)
        if alleles.shape[1] > _PLOIDY_TOTAL + 1:
            _refuse_ploidy(read, alleles)
        # The last column, whether phased, is 0 or 1: one look at all columns settles most records.
        if alleles.max() >= max(allele_total, 2) or allele_total == 1:
            _refuse_alleles_beyond(read, alleles[:, :-1], allele_total)
        if allele_total - 1 > _LAST_NARROW_ALLELE and self.first.dtype == np.int8:
            self.first, self.second = self.first.astype(np.int16), self.second.astype(np.int16)
        if read.order is not None:
            alleles = alleles[read.order]
        self.first[row, columns] = alleles[:, 0]
        self.second[row, columns] = alleles[:, 1] if alleles.shape[1] > _PLOIDY_TOTAL else NO_ALLELE
        self.phased[row, columns] = alleles[:, -1]
        for allele in hidden:
            for side in (self.first, self.second):
                side[row][side[row] == allele] = MISSING_ALLELE
        if self._spec.filter_genotypes_by_ft and "FT" in variant.FORMAT:
            self._drop_filtered(row, _ordered(read, variant.format("FT")))

    def _drop_filtered(self, row: int, written: NDArray[np.str_]) -> None:
        failed = np.zeros(self.width, np.bool_)
        failed[self.samples] = ~np.isin(written, ("PASS", ".", ""))
        self.first[row][failed] = MISSING_ALLELE
        self.second[row][failed & (self.second[row] != NO_ALLELE)] = MISSING_ALLELE

    def _put_integers(
        self, into: Integers | None, row: int, read: ReadRecord, name: str, fields: Sequence[str]
    ) -> bool:
        if into is None:
            return False
        values = integers_of(read, name) if name in fields else None
        into[row, self.samples] = MISSING_INTEGER if values is None else values[:, 0]
        return values is not None

    def _hold(self, read: ReadRecord, name: str, fields: Sequence[str]) -> Integers | None:
        values = integers_of(read, name) if name in fields else None
        self._held_bytes += 0 if values is None else values.nbytes
        return values

    def _hold_depths(self, read: ReadRecord, fields: Sequence[str]) -> Integers | None:
        """AD (samples, alleles); missing for a sample that has more or fewer values than alleles.

        Which allele a value is of cannot be told there, and a guess would decide adj@1.
        """
        values = self._hold(read, "AD", fields)
        allele_total = 1 + len(read.variant.ALT)
        if values is None or (values.shape[1] == allele_total and (values != VECTOR_END).all()):
            return values
        wrong = (values != VECTOR_END).sum(axis=1) != allele_total
        depths = np.full((len(values), allele_total), MISSING_INTEGER, np.int32)
        if not wrong.all():
            depths[~wrong] = values[~wrong, :allele_total]
        return depths

    def _hold_kept(
        self, read: ReadRecord, kept: KeptField, fields: Sequence[str]
    ) -> NDArray[np.generic] | None:
        if kept.field.id not in fields:
            return None
        values = read.variant.format(kept.field.id)
        if values is None:
            return None
        values = _ordered(read, values)
        self._held_bytes += values.nbytes
        return values

    def _integers(self) -> Integers:
        return np.full((self.capacity, self.width), MISSING_INTEGER, np.int32)

    def _grow(self) -> None:
        self.capacity *= 2
        for name in ("first", "second", "phased", "dp", "gq"):
            array = getattr(self, name)
            if array is not None:
                filler = MISSING_INTEGER if array.dtype == np.int32 else 0
                setattr(self, name, np.concatenate([array, np.full_like(array, filler)]))


def integers_of(read: ReadRecord, name: str) -> Integers | None:
    """A numeric FORMAT field as integers (samples, values); of decimals the whole part."""
    values = read.variant.format(name)
    if values is None or values.dtype.kind not in "if":
        return None
    if values.dtype.kind == "f":
        missing = np.isnan(values)
        # In 64 bits: the largest integer of 32 bits is no decimal of 32 bits.
        whole = np.floor(np.where(missing, 0, values).astype(np.float64))
        values = whole.clip(-(2**31) + 2, 2**31 - 1)
        values = np.where(missing, MISSING_INTEGER, values.astype(np.int64))
    return _ordered(read, values.astype(np.int32, copy=False))


def _ordered(read: ReadRecord, values: NDArray[_Scalar]) -> NDArray[_Scalar]:
    return values if read.order is None else values[read.order]


def _refuse_ploidy(read: ReadRecord, alleles: NDArray[np.int16]) -> None:
    widest = int((alleles[:, :-1] != NO_ALLELE).sum(axis=1).max())
    raise InputError(
        f"{read.where}: a genotype has {widest} alleles; this lake holds "
        "haploid and diploid genotypes. Leave such records out, or call them at ploidy 2"
    )


def _refuse_alleles_beyond(read: ReadRecord, alleles: NDArray[np.int16], allele_total: int) -> None:
    highest = int(alleles.max(initial=0))
    if highest >= allele_total:
        raise InputError(
            f"{read.where}: a genotype has allele {highest}, but the record "
            f"lists {allele_total - 1} ALT; the file is damaged or badly written"
        )
