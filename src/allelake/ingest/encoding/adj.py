"""Which genotypes of a stretch of variants pass the policy adj@1, as bit planes."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allelake.ingest.encoding.planes import Bits, BlockLayout, Index, Planes
from allelake.ingest.reading.records import Integers, RecordRows
from allelake.model.genotype import (
    ADJ_BALANCE_DIVISOR,
    ADJ_MIN_DP,
    ADJ_MIN_DP_HAPLOID,
    ADJ_MIN_GQ,
    MISSING_INTEGER,
    is_known,
)

# Four arrays of 32-bit numbers at a time.
_STEP_GENOTYPES = 1 << 16


@dataclass(frozen=True)
class AdjPlanes:
    """Genotypes that pass adj@1 (variants, bytes), at the ploidy as called and as haploid calls.

    `failing_reference`: default genotypes that do not pass. A no-call passes nothing.
    """

    passes: Bits
    passes_haploid: Bits
    failing_reference: Bits
    valid: Bits

    def failing(self, haploid: bool) -> Bits:
        """Samples whose genotype is no call under the policy."""
        return self.valid & ~(self.passes_haploid if haploid else self.passes)


def adj_planes(
    rows: RecordRows, row: Index, allele: Index, planes: Planes, layout: BlockLayout
) -> AdjPlanes:
    """adj@1 of every genotype: GQ, DP, AD of REF and of this ALT present, and above the thresholds.

    A heterozygote (one copy of this ALT, both alleles called) also needs AD of it / DP >= 0.2. A
    record that lacks one of the fields fails everywhere.
    """
    judge = _judged if rows.is_compiled else _judged_in_steps
    present, balanced, deep, deep_haploid = judge(rows, row, allele)
    het = planes.alt1 & ~planes.alt2 & ~planes.short1
    sound = present & ~planes.short2 & (balanced | ~het) & layout.valid
    passes = sound & (deep | (planes.haploid & deep_haploid))
    reference = layout.valid & ~planes.nondefault
    return AdjPlanes(passes, sound & deep_haploid, reference & ~passes, layout.valid)


def _judged_in_steps(rows: RecordRows, row: Index, allele: Index) -> tuple[Bits, ...]:
    """Planes: the fields are there and GQ is enough, AD of ALT is enough, DP is, DP of haploids."""
    shape = (row.size, rows.width // 8)
    present, balanced, deep, deep_haploid = (np.zeros(shape, np.uint8) for _ in range(4))
    for part, fields in _steps(rows, row, allele):
        dp, gq, ad_ref, ad_alt = fields
        known = is_known(dp) & is_known(ad_ref) & is_known(ad_alt)
        present[part] = np.packbits(known & (gq >= ADJ_MIN_GQ), axis=1)
        # ceil(DP / 5) without a product that could leave 32 bits
        least = dp // ADJ_BALANCE_DIVISOR + (dp % ADJ_BALANCE_DIVISOR > 0)
        balanced[part] = np.packbits(ad_alt >= least, axis=1)
        deep[part] = np.packbits(dp >= ADJ_MIN_DP, axis=1)
        deep_haploid[part] = np.packbits(dp >= ADJ_MIN_DP_HAPLOID, axis=1)
    return present, balanced, deep, deep_haploid


def _judged(rows: RecordRows, row: Index, allele: Index) -> tuple[Bits, ...]:
    """The same, compiled."""
    from allelake.ingest.encoding.compiled_fields import judge_genotypes

    assert rows.dp is not None
    assert rows.gq is not None
    planes = tuple(np.zeros((row.size, rows.width // 8), np.uint8) for _ in range(4))
    in_pairs = np.array(rows.in_pairs, np.bool_)[row]
    paired = np.flatnonzero(in_pairs).astype(np.int32)
    if rows.ad_pairs is not None:
        judge_genotypes(rows.dp, rows.gq, rows.ad_pairs, row, row, paired, planes)
    others = np.flatnonzero(~in_pairs).astype(np.int32)
    step = max(1, _STEP_GENOTYPES // max(1, rows.width))
    for start in range(0, others.size, step):
        wanted = others[start : start + step]
        depths = np.stack(depths_of_alleles(rows, row[wanted], allele[wanted]), axis=1)
        place = np.zeros_like(row)
        place[wanted] = np.arange(wanted.size)
        judge_genotypes(rows.dp, rows.gq, depths, row, place, wanted, planes)
    return planes


def depths_of_alleles(rows: RecordRows, row: Index, allele: Index) -> tuple[Integers, Integers]:
    """AD of REF and of each variant's ALT (variants, columns), missing where a record has none."""
    ad_ref = np.full((row.size, rows.width), MISSING_INTEGER, np.int32)
    ad_alt = np.full_like(ad_ref, MISSING_INTEGER)
    for place, (held, number) in enumerate(zip(row.tolist(), allele.tolist(), strict=True)):
        if rows.ad_pairs is not None and rows.in_pairs[held]:
            ad_ref[place], ad_alt[place] = rows.ad_pairs[held]
            continue
        depths = rows.ad[held]
        if depths is not None:
            ad_ref[place, rows.samples] = depths[:, 0]
            if number < depths.shape[1]:
                ad_alt[place, rows.samples] = depths[:, number]
    return ad_ref, ad_alt


def _steps(
    rows: RecordRows, row: Index, allele: Index
) -> Iterator[tuple[slice, tuple[NDArray[np.int32], ...]]]:
    assert rows.dp is not None
    assert rows.gq is not None
    step = max(1, _STEP_GENOTYPES // max(1, rows.width))
    for start in range(0, row.size, step):
        part = slice(start, start + step)
        depths = depths_of_alleles(rows, row[part], allele[part])
        yield part, (rows.dp[row[part]], rows.gq[row[part]], *depths)
