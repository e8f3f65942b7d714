"""What a sequencer would have seen of each genotype: reads, quality, and calls that are missing."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MEAN_DEPTH = 32
HIGHEST_GQ = 99
# Chance that a call is missing at an ordinary site, and at one of the few bad ones.
MISSING, MISSING_AT_BAD_SITE = 0.002, 0.08
BAD_SITES = 0.03
# Chance that one of two alleles is missing (a half-call).
HALF_CALL = 2e-5
# Reads with the alternate allele map a little worse, so heterozygotes show fewer than half.
ALT_SHARE_OF_READS = 0.48


@dataclass(frozen=True)
class SiteReads:
    """The reads at one site, all arrays with one entry per sample.

    `first` and `second` are the alleles called, -1 for a missing one; `true_first` and
    `true_second` those the sample has. `depth` counts the reads of both alleles together,
    `second_depth` those of the second where it differs from the first.
    """

    first: NDArray[np.int8]
    second: NDArray[np.int8]
    true_first: NDArray[np.int8]
    true_second: NDArray[np.int8]
    depth: NDArray[np.int64]
    second_depth: NDArray[np.int64]
    gq: NDArray[np.int64]
    is_bad_site: bool


def sequence_site(
    genotypes: NDArray[np.int8],
    is_haploid: NDArray[np.bool_],
    sample_depth: NDArray[np.float64],
    rng: np.random.Generator,
) -> SiteReads:
    """The reads of one site. `genotypes` is (samples, 2); a haploid sample has its allele twice."""
    is_bad_site = bool(rng.random() < BAD_SITES)
    site_factor = rng.uniform(0.25, 0.6) if is_bad_site else rng.normal(1, 0.08)
    copies = np.where(is_haploid, 0.5, 1.0)
    depth = rng.poisson(np.maximum(MEAN_DEPTH * site_factor * sample_depth * copies, 0.1))
    missing = MISSING_AT_BAD_SITE if is_bad_site else MISSING
    depth[rng.random(len(depth)) < missing] = 0
    true_first, true_second = genotypes.min(axis=1), genotypes.max(axis=1)
    is_het = true_first != true_second
    second_depth = np.where(is_het, rng.binomial(depth, ALT_SHARE_OF_READS), 0)
    weaker = np.minimum(second_depth, depth - second_depth)
    noise = rng.integers(-3, 4, size=len(depth))
    gq = np.clip(np.where(is_het, 8 * weaker, 3 * depth) + noise, 0, HIGHEST_GQ)
    half = ~is_haploid & (rng.random(len(depth)) < HALF_CALL)
    first = np.where((depth == 0) | half, -1, true_first).astype(np.int8)
    second = np.where(depth == 0, -1, true_second).astype(np.int8)
    return SiteReads(first, second, true_first, true_second, depth, second_depth, gq, is_bad_site)
