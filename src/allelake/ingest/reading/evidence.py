"""Blocks and records of a chunk, as evidence of what each sample of the file is."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from allelake.ingest.evidence.notices import (
    BLOCK_NOT_REFERENCE,
    LEN_DISAGREES_WITH_END,
    NO_CALL_BLOCK,
    BlockNotices,
)
from allelake.ingest.evidence.values import Evidence
from allelake.ingest.reading.normalise import UNSPECIFIED_ALLELES
from allelake.ingest.reading.read import ReadRecord
from allelake.ingest.reading.records import Integers, RecordRows, integers_of
from allelake.ingest.spec import BatchSpec
from allelake.model.genotype import MISSING_INTEGER, NO_ALLELE, is_known
from allelake.model.zone import Zone

# Where a profile may say that half-calls are haploid genotypes.
_ONE_COPY_ZONES = ("x", "y", "mt")

Alleles = NDArray[np.int8] | NDArray[np.int16]
Flags = NDArray[np.bool_]


def is_block(alts: Sequence[str]) -> bool:
    """Whether a record with these ALTs is a reference block; ALT `.` is none.

    >>> is_block([]), is_block(["<NON_REF>"]), is_block(["<*>", "A"]), is_block(["*"])
    (True, True, False, False)
    """
    return all(alt in UNSPECIFIED_ALLELES for alt in alts)


class _Row(NamedTuple):
    """What the arrays do not say: `ends` and `is_bare` by sample, `depths` is MIN_DP."""

    held: int
    start: int
    ends: Integers | int
    is_bare: Flags | bool
    depths: Integers | None
    passes: bool
    is_block: bool


class EvidenceRows:
    """Gathers the blocks and records of a chunk; their genotypes, DP and GQ are in `rows`."""

    def __init__(self, spec: BatchSpec, rows: RecordRows, notices: BlockNotices) -> None:
        self._spec = spec
        self._rows = rows
        self._notices = notices
        self._contig = ""
        self._zones: Sequence[Zone] = ()
        self._taken: list[_Row] = []

    def start_contig(self, contig: str, zones: Sequence[Zone]) -> None:
        """What is added next lies on this contig, which has these zones."""
        self._contig = contig
        self._zones = zones

    def add_block(self, read: ReadRecord, fields: Sequence[str], held: int) -> None:
        """A record without an ALT of its own, with these FORMAT fields, held at a row."""
        ends, is_bare = self._block_ends(read, fields)
        self._taken.append(
            _Row(held, read.variant.POS, ends, is_bare, _depths(read, fields), _passes(read), True)
        )

    def add_record(self, read: ReadRecord, held: int) -> None:
        """A record with an ALT of its own, which spans its REF."""
        variant = read.variant
        end = variant.POS + len(variant.REF) - 1
        depths = _depths(read, variant.FORMAT)
        self._taken.append(_Row(held, variant.POS, end, False, depths, _passes(read), False))

    def take(self) -> list[Evidence]:
        """The evidence of each sample since the last time, in the order of the arrays' columns."""
        taken, self._taken = self._taken, []
        held = np.array([row.held for row in taken], np.intp)
        start = np.array([row.start for row in taken], np.int32)
        blocks = np.array([row.is_block for row in taken], np.bool_)
        passes = np.array([row.passes for row in taken], np.bool_)
        first, second = self._alleles(held, start)
        room = np.where(second == NO_ALLELE, 1, 2).astype(np.int8)
        ends, bare = np.zeros(first.shape, np.int32), np.zeros(first.shape, np.bool_)
        dp, gq = self._integers(self._rows.dp, held), self._integers(self._rows.gq, held)
        for place, row in enumerate(taken):
            ends[place], bare[place] = row.ends, row.is_bare
            if row.depths is not None:
                dp[place] = np.where(is_known(row.depths), row.depths, dp[place])
        # One of several samples that has no part in a block has no call to tell of.
        told = ~bare if self._spec.sample_total > 1 else np.ones_like(bare)
        alleles = self._called(first, second, start, blocks, told)
        return [
            Evidence(
                start,
                np.ascontiguousarray(ends[:, column]),
                np.ascontiguousarray(alleles[:, column]),
                np.ascontiguousarray(room[:, column]),
                np.ascontiguousarray(dp[:, column]),
                np.ascontiguousarray(gq[:, column]),
                passes,
                blocks,
                np.ascontiguousarray(bare[:, column]),
            )
            for column in range(self._spec.sample_total)
        ]

    def _block_ends(
        self, read: ReadRecord, fields: Sequence[str]
    ) -> tuple[Integers | int, Flags | bool]:
        """END, else POS + LEN - 1, else the last base of REF; and of whom the block is bare."""
        written = _end(read)
        position = int(read.variant.POS)
        by_ref = position + len(read.variant.REF) - 1
        lengths = _one_each(read, "LEN", fields)
        if lengths is None:
            is_bare = self._spec.sample_total > 1 or not read.variant.ALT
            return (by_ref, is_bare) if written is None else (written, False)
        by_length = np.where(is_known(lengths), position + lengths - 1, by_ref).astype(np.int32)
        if written is None:
            is_firm = bool(read.variant.ALT) and self._spec.sample_total == 1
            return by_length, ~is_known(lengths) & ~np.bool_(is_firm)
        if (is_known(lengths) & (by_length != written)).any():
            self._notices.note(LEN_DISAGREES_WITH_END, 1, f"{self._contig}:{position}")
        return written, False

    def _alleles(self, held: NDArray[np.intp], start: Integers) -> tuple[Alleles, Alleles]:
        samples = self._rows.samples
        first, second = self._rows.first[held, samples], self._rows.second[held, samples]
        if self._spec.half_calls_are_haploid:
            inside = np.zeros(len(start), np.bool_)
            for zone in self._zones:
                if zone.kind in _ONE_COPY_ZONES:
                    inside |= (start >= zone.start_position) & (start <= zone.end_position)
            half = ((first < 0) != (second < 0)) & (second != NO_ALLELE) & inside[:, None]
            first = np.where(half, np.maximum(first, second), first)
            second = np.where(half, first.dtype.type(NO_ALLELE), second)
        return first, second

    def _called(
        self, first: Alleles, second: Alleles, start: Integers, blocks: Flags, told: Flags
    ) -> NDArray[np.int8]:
        """Called alleles; of a block 0 unless all are reference, which is counted where `told`."""
        called = (first >= 0).astype(np.int8) + (second >= 0)
        has_other = blocks[:, None] & ((first > 0) | (second > 0))
        is_short = (first < 0) | ((second < 0) & (second != NO_ALLELE))
        uncalled = blocks[:, None] & ~has_other & is_short
        for code, which in ((BLOCK_NOT_REFERENCE, has_other), (NO_CALL_BLOCK, uncalled)):
            found = np.flatnonzero((which & told).any(axis=1))
            if len(found):
                place = f"{self._contig}:{start[found[0]]}"
                self._notices.note(code, int(np.count_nonzero(which & told)), place)
        called[has_other | uncalled] = 0
        return called

    def _integers(self, values: Integers | None, held: NDArray[np.intp]) -> Integers:
        if values is None:
            return np.full((len(held), self._spec.sample_total), MISSING_INTEGER, np.int32)
        return values[held, self._rows.samples]


def _passes(read: ReadRecord) -> bool:
    return all(name == "PASS" for name in read.variant.FILTERS)


def _depths(read: ReadRecord, fields: Sequence[str]) -> Integers | None:
    return _one_each(read, "MIN_DP", fields)


def _one_each(read: ReadRecord, name: str, fields: Sequence[str]) -> Integers | None:
    """The first value of a FORMAT field of each sample; None where the record lacks it."""
    if name not in fields:
        return None
    values = integers_of(read, name)
    return None if values is None else values[:, 0]


def _end(read: ReadRecord) -> int | None:
    """INFO END, which is a text where the header does not declare it."""
    value = read.variant.INFO.get("END")
    if isinstance(value, tuple):
        value = value[0]
    if isinstance(value, str):
        return int(value) if value.isdigit() else None
    return int(value) if isinstance(value, int | float) else None
