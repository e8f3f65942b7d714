"""What one genotype says of one allele: copies, called alleles, and whether it passes adj@1."""

import numpy as np
from numpy.typing import NDArray

# An allele number in the arrays of this package, after cyvcf2: a missing allele, and the place of
# a second allele that a haploid genotype does not have.
MISSING_ALLELE = -1
NO_ALLELE = -2

# What htslib puts for a missing integer and for the places after a vector's end.
MISSING_INTEGER = -(2**31)
VECTOR_END = -(2**31) + 1

# adj@1, the genotype thresholds of gnomAD (gnomad_methods, utils/annotations.py, get_adj_expr).
ADJ_MIN_GQ = 20
ADJ_MIN_DP = 10
ADJ_MIN_DP_HAPLOID = 5
# A heterozygote's AD of this ALT is at least this part of DP: 0.2, as 1 / 5.
ADJ_BALANCE_DIVISOR = 5

# Samples of one block of the lake: `block` is sample_number // this.
BLOCK_SAMPLES = 1024


def count_alleles(
    first: NDArray[np.int8] | NDArray[np.int16],
    second: NDArray[np.int8] | NDArray[np.int16],
    allele: int | NDArray[np.int8] | NDArray[np.int16],
) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    """Each sample's copies of one allele, and its called alleles.

    `first` and `second` are allele numbers: 0 is REF, 1 the first ALT, -1 a missing allele, -2
    (only in `second`) no such allele, as the genotype is haploid. A half-call counts the allele
    that was called, so `./1` adds one to each, as in `bcftools +fill-tags`; a no-call adds nothing.
    `allele` is one number, or one per genotype.

    >>> first, second = np.array([[0, -1, 1, -1], [1, 1, -2, -1]], np.int8)  # 0/1 ./1 1 ./.
    >>> copies, called = count_alleles(first, second, 1)
    >>> copies.tolist(), called.tolist()
    ([1, 1, 1, 0], [2, 1, 1, 0])
    """
    copies = (first == allele).astype(np.int8) + (second == allele)
    called = (first >= 0).astype(np.int8) + (second >= 0)
    return copies, called


def is_known(values: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Where an integer field has a value: not missing, not after the end of a vector.

    >>> is_known(np.array([7, MISSING_INTEGER, VECTOR_END], np.int32)).tolist()
    [True, False, False]
    """
    return np.asarray(values > VECTOR_END)
