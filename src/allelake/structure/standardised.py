"""Genotypes standardised site by site: (copies - 2 af) / sqrt(2 af (1 - af)), missing as 0."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allelake.structure.packed import Planes

# Sites that are unpacked together: with 50,000 people 100 MB.
_CHUNK_BYTES = 100_000_000


def allele_shares(planes: Planes, people: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Of each site the share of alt among called alleles (0 where nobody is), and who is called."""
    from allelake.structure.kernels import tally

    tallies = np.zeros((len(planes), 4), np.int64)
    tally(planes.carried, planes.doubled, tallies)
    called = tallies[:, :3].sum(axis=1)
    alts = tallies[:, 1] + 2 * tallies[:, 2]
    return alts / np.maximum(2 * called, 1), called


@dataclass(frozen=True)
class Standardised:
    """Planes, a row per site, with the frequency that each site is centred and scaled by.

    Every frequency lies strictly between 0 and 1.
    """

    planes: Planes
    people: int
    af: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.planes)

    def chunks(self) -> Iterator[tuple[slice, NDArray[np.float32]]]:
        """Stretches of sites with their numbers, sites x people; the array is used again."""
        from allelake.structure.kernels import standardise

        af = self.af[:, None]
        scale = np.sqrt(2 * af * (1 - af))
        values = ((np.arange(3) - 2 * af) / scale).astype(np.float32)
        values = np.pad(values, ((0, 0), (0, 1)))
        rows = max(64, min(2_048, _CHUNK_BYTES // (4 * max(1, self.people))))
        buffer = np.empty((min(rows, len(self)), self.people), np.float32)
        for start in range(0, len(self), rows):
            own = slice(start, min(start + rows, len(self)))
            out = buffer[: own.stop - own.start]
            standardise(self.planes.carried[own], self.planes.doubled[own], values[own], out)
            yield own, out
