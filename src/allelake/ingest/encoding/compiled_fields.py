"""Depths and qualities of genotypes, compiled: for the readers of large files.

Each function gives what its namesake over whole arrays gives (adj, sites).
"""

import numpy as np
from numpy.typing import NDArray

from allelake.ingest.compiled import compiled
from allelake.model.genotype import (
    ADJ_BALANCE_DIVISOR,
    ADJ_MIN_DP,
    ADJ_MIN_DP_HAPLOID,
    ADJ_MIN_GQ,
    VECTOR_END,
)

Bits = NDArray[np.uint8]
Index = NDArray[np.int32]
Integers = NDArray[np.int32]
Totals = NDArray[np.int64]


@compiled
def judge_genotypes(
    dp: Integers,
    gq: Integers,
    depths: Integers,
    row: Index,
    place: Index,
    wanted: Index,
    into: tuple[Bits, ...],
) -> None:
    """Fills the planes present, balanced, deep and deep_haploid of the variants `wanted`.

    DP and GQ of variant v are in `row[v]` of their arrays, AD of REF and ALT in `depths[place[v]]`.
    """
    present, balanced, deep, deep_haploid = into
    for variant in wanted:
        held = row[variant]
        one_dp, one_gq, one_ad = dp[held], gq[held], depths[place[variant]]
        for byte in range(present.shape[1]):
            is_present, is_balanced, is_deep, is_deep_haploid = 0, 0, 0, 0
            for bit in range(8):
                column = 8 * byte + bit
                depth, alt = one_dp[column], one_ad[1, column]
                least = min(min(depth, alt), one_ad[0, column])
                known = (least > VECTOR_END) & (one_gq[column] >= ADJ_MIN_GQ)
                # AD >= DP / 5, in 64 bits
                enough = ADJ_BALANCE_DIVISOR * np.int64(alt) >= depth
                is_present = 2 * is_present + known
                is_balanced = 2 * is_balanced + enough
                is_deep = 2 * is_deep + (depth >= ADJ_MIN_DP)
                is_deep_haploid = 2 * is_deep_haploid + (depth >= ADJ_MIN_DP_HAPLOID)
            present[variant, byte] = is_present
            balanced[variant, byte] = is_balanced
            deep[variant, byte] = is_deep
            deep_haploid[variant, byte] = is_deep_haploid


@compiled
def sum_values(
    values: Integers,
    row: Index,
    genotyped: NDArray[np.bool_],
    step: int,
    into: tuple[Integers, Totals, Integers],
    by_sample: tuple[Totals, Totals],
) -> None:
    """Adds up each variant's values: how many, their sum, their histogram in bins of `step`.

    `by_sample` gets the number and the sum of those of variants that are `genotyped`.
    """
    count, total, bins = into
    sample_count, sample_total = by_sample
    last = bins.shape[1] - 1
    for variant in range(row.size):
        held, is_counted = row[variant], genotyped[variant]
        for column in range(values.shape[1]):
            value = values[held, column]
            if value > VECTOR_END:
                count[variant] += 1
                total[variant] += value
                bins[variant, 0 if value < 0 else min(value // step, last)] += 1
                if is_counted:
                    sample_count[column] += 1
                    sample_total[column] += value
