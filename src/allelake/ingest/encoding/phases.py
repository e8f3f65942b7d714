"""How the carriers of common variants are phased, as planes: what rows of `bits` say when whole."""

from dataclasses import dataclass

import numpy as np

from allelake.ingest.encoding.planes import Bits, Index, Planes, words_of
from allelake.ingest.reading.records import RecordRows

_STEP_GENOTYPES = 1 << 18


@dataclass(frozen=True)
class PhasePlanes:
    """Planes (variants, bytes) over diploid carriers; all zero at variants that were not asked for.

    `phased` and `unphased`: written with | or /. `second`: phased, one copy, and it is the second
    allele.
    """

    phased: Bits
    unphased: Bits
    second: Bits


def phase_planes(
    rows: RecordRows, row: Index, allele: Index, planes: Planes, wanted: Index
) -> PhasePlanes:
    """How carriers of the variants numbered `wanted` are phased; of all in `row`."""
    phased, unphased, second = (np.zeros_like(planes.alt1) for _ in range(3))
    if rows.is_compiled and rows.second.dtype == np.int8:
        from allelake.ingest.encoding.compiled_planes import phase_words

        phase_words(
            words_of(rows.second),
            words_of(rows.phased),
            row,
            allele,
            wanted,
            (planes.alt1, planes.alt2, planes.haploid),
            (phased, unphased, second),
        )
        return PhasePlanes(phased, unphased, second)
    step = max(1, _STEP_GENOTYPES // max(1, rows.width))
    for start in range(0, wanted.size, step):
        part = wanted[start : start + step]
        held = row[part]
        number = allele[part].astype(rows.second.dtype)[:, None]
        written = np.packbits(rows.phased[held], axis=1)
        in_second = np.packbits(rows.second[held] == number, axis=1)
        diploid = planes.alt1[part] & ~planes.haploid[part]
        phased[part] = diploid & written
        unphased[part] = diploid & ~written
        second[part] = phased[part] & in_second & ~planes.alt2[part]
    return PhasePlanes(phased, unphased, second)
