"""The evidence that passes from a reader of per-sample files to what writes `callable`."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Evidence:
    """Blocks and records of one sample on one contig, sorted by `start`; an element each.

    start, end   first and last base, 1-based, int32: of a block its span, of a record its REF's
    alleles      called alleles, int8: of a block 0 unless it is all reference; of a record those
                 called that the file lists (<NON_REF> and <*> are no call). 0 is no evidence
    room         alleles the GT has room for, int8: 1 or 2
    dp, gq       MIN_DP (else DP) and GQ, int32; MISSING_INTEGER where there is none
    passes       whether FILTER is PASS or '.', bool
    is_block     whether it is a reference block, bool
    is_bare      of blocks: whether nothing but the missing ALT tells it from a record, bool; such
                 a block may overlap others, and has basis 'record'
    """

    start: NDArray[np.int32]
    end: NDArray[np.int32]
    alleles: NDArray[np.int8]
    room: NDArray[np.int8]
    dp: NDArray[np.int32]
    gq: NDArray[np.int32]
    passes: NDArray[np.bool_]
    is_block: NDArray[np.bool_]
    is_bare: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.start)


def _none() -> Evidence:
    wide, narrow, flags = np.zeros(0, np.int32), np.zeros(0, np.int8), np.zeros(0, np.bool_)
    return Evidence(wide, wide, narrow, narrow, wide, wide, flags, flags, flags)


NO_EVIDENCE = _none()
