"""The binning of the SAM specification, by which `callable` is found for a region."""

import numpy as np
from numpy.typing import NDArray

# Smallest bin 2^14 bases, five levels of eight above it: (shift, number of the first bin).
_LEVELS = ((14, 4681), (17, 585), (20, 73), (23, 9), (26, 1))


def reg2bin(start: NDArray[np.int32], end: NDArray[np.int32]) -> NDArray[np.int32]:
    """The smallest bin that holds each interval (1-based, inclusive); SAM specification, 5.3.

    >>> reg2bin(np.array([1, 16384, 1]), np.array([16384, 16385, 2**28])).tolist()
    [4681, 585, 0]
    """
    first, last = start - 1, end - 1
    bins = np.zeros(len(start), np.int32)
    # From the largest to the smallest: a smaller one that fits takes its place.
    for shift, offset in reversed(_LEVELS):
        fits = (first >> shift) == (last >> shift)
        bins[fits] = offset + (first[fits] >> shift)
    return bins
