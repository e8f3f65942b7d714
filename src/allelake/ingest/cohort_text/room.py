"""What the kernel is given: where it stands, what it goes by, and where it puts what it finds.

A compiled kernel that was kept does not see changes here: change `kernel.py` along with it.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]


class State(NamedTuple):
    """Where the reading stands, and what it goes by.

    at          place in the buffer, next row, next line, bytes of heads, numbers of depths, and
                numbers that RecordRows would hold record by record: AD and PS
    most_held   with so many of these a chunk is full
    contig      CHROM of the lines to take
    """

    at: NDArray[np.int64]
    contig: Bytes
    samples: int
    pad: int
    keeps: bool
    most_held: int


class Formats(NamedTuple):
    """The FORMAT columns met: text (formats, bytes), length, and what to do with each field."""

    text: Bytes
    length: NDArray[np.int32]
    fields: NDArray[np.int32]
    totals: NDArray[np.int32]


class Heads(NamedTuple):
    """Of each line: its fixed columns copied, where each ends, and what was seen on the way.

    `row` is where the genotypes are, NO_ROW for a line without a variant; `depths` where in
    Arrays.depths those of a line with several ALTs begin.
    """

    text: Bytes
    ends: NDArray[np.int32]
    row: NDArray[np.int32]
    alts: NDArray[np.int32]
    format: NDArray[np.int32]
    depths: NDArray[np.int64]


class Arrays(NamedTuple):
    """Where genotypes go: the arrays of RecordRows, AD of several ALTs, and PS (rows, samples)."""

    first: NDArray[np.int8]
    second: NDArray[np.int8]
    phased: NDArray[np.bool_]
    dp: NDArray[np.int32]
    gq: NDArray[np.int32]
    pairs: NDArray[np.int32]
    depths: NDArray[np.int32]
    ps: NDArray[np.int32]
