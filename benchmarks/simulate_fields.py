"""Writes GT:AD:DP:GQ:PL as GATK's joint caller does, with numbers made by NumPy.

Calls are drawn from a pool of ready strings for each genotype, since only their sorts and sizes
matter: about one reference genotype in 30 fails `adj` (depth below 10, quality below 20), and so
does one heterozygote in 40 (fewer than a fifth of the reads hold the ALT). One call in 300 is none.
"""

from collections.abc import Iterator
from functools import cache
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray
from simulate_cohort import CONTIG, Site

FIELDS = "GT:AD:DP:GQ:PL"
DECLARATIONS = """##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Allelic depths">
##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Approximate read depth">
##FORMAT=<ID=GQ,Number=1,Type=Integer,Description="Genotype quality">
##FORMAT=<ID=PL,Number=G,Type=Integer,Description="Phred-scaled genotype likelihoods">
"""
POOL = 8_192
MEAN_DEPTH = 31.0
NO_CALL_PART = 1 / 300
# Depth varies more than Poisson's does: the shape of the gamma distribution that it is drawn with.
DEPTH_SHAPE = 9.0


def genotype_number(low: int, high: int) -> int:
    """The place of a genotype among the likelihoods: VCF 4.2, section 1.4.2.

    >>> [genotype_number(*pair) for pair in [(0, 0), (0, 1), (1, 1), (0, 2)]]
    [0, 1, 2, 3]
    """
    return high * (high + 1) // 2 + low


def depths(alleles: int, low: int, high: int, random: np.random.Generator) -> NDArray[np.int64]:
    """Reads of each allele (POOL x alleles) for one genotype."""
    total = random.poisson(random.gamma(DEPTH_SHAPE, MEAN_DEPTH / DEPTH_SHAPE, POOL)).clip(1)
    reads = np.zeros((POOL, alleles), np.int64)
    if low == high:
        stray = np.where(random.random(POOL) < 0.05, 1, 0).clip(0, total - 1)
        reads[:, low] = total - stray
        reads[:, (low + 1) % alleles] += stray
    else:
        share = np.where(random.random(POOL) < 1 / 40, 0.12, 0.48)
        reads[:, high] = random.binomial(total, share).clip(1)
        reads[:, low] = (total - reads[:, high]).clip(0)
    return reads


def likelihoods(
    reads: NDArray[np.int64], low: int, high: int, random: np.random.Generator
) -> NDArray[np.int64]:
    """Phred-scaled likelihood of every genotype, 0 for the called one (POOL x genotypes)."""
    alleles = reads.shape[1]
    total = reads.sum(axis=1)
    phred = np.zeros((POOL, alleles * (alleles + 1) // 2), np.int64)
    for second in range(alleles):
        for first in range(second + 1):
            if (first, second) == (low, high):
                continue
            lost = total - reads[:, sorted({first, second})].sum(axis=1)
            unsure = 3 * total + random.integers(-4, 5, POOL)
            phred[:, genotype_number(first, second)] = (36 * lost + unsure).clip(1, 32_000)
    return phred


@cache
def calls(alleles: int, low: int, high: int) -> tuple[bytes, ...]:
    """A pool of calls of one genotype, each with its tab."""
    random = np.random.default_rng([alleles, low, high])
    reads = depths(alleles, low, high, random)
    phred = likelihoods(reads, low, high, random)
    quality = np.sort(phred, axis=1)[:, 1].clip(0, 99)
    total = reads.sum(axis=1)
    return tuple(
        f"{low}/{high}:{','.join(map(str, ad))}:{dp}:{gq}:{','.join(map(str, pl))}\t".encode()
        for ad, dp, gq, pl in zip(
            reads.tolist(), total.tolist(), quality.tolist(), phred.tolist(), strict=True
        )
    )


@cache
def pool(alleles: int) -> tuple[bytes, ...]:
    """The pools of all genotypes, by `genotype_number`, and at the end a call that is none."""
    ready: list[bytes] = []
    for high in range(alleles):
        for low in range(high + 1):
            ready += calls(alleles, low, high)
    zeros = ",".join("0" * alleles)
    return (*ready, f"./.:{zeros}:0:.:.\t".encode())


def lines(records: Iterator[Site], *, contig: str = CONTIG, seed: int = 9) -> Iterator[bytes]:
    """The records, unphased, with all five fields."""
    random = np.random.default_rng(seed)
    for site in records:
        first, second = site.copies[0::2].astype(np.int64), site.copies[1::2].astype(np.int64)
        low, high = np.minimum(first, second), np.maximum(first, second)
        ready = pool(len(site.alleles))
        chosen = (high * (high + 1) // 2 + low) * POOL + random.integers(0, POOL, len(low))
        chosen[random.random(len(low)) < NO_CALL_PART] = len(ready) - 1
        text = b"".join(itemgetter(*chosen.tolist())(ready))
        yield site.fixed_columns(contig, FIELDS) + text[:-1] + b"\n"
