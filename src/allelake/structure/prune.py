"""Sites in approximate linkage equilibrium, as `plink2 --indep-pairwise` chooses them."""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allelake.errors import UsageError
from allelake.structure.genotypes import GenotypeReader, Progress
from allelake.structure.packed import Planes, along_people

_WINDOW = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(kb|)\s*", re.IGNORECASE)
# plink2 allows for a last bit of its own arithmetic.
_EPSILON = 2.0**-44
_LONGEST = 2**31 - 1


@dataclass(frozen=True)
class PruneRules:
    """`window`: '500kb', or a number of sites with `step` sites to the next; `max_r2` in [0, 1]."""

    window: str = "500kb"
    step: int = 1
    max_r2: float = 0.2

    @property
    def size(self) -> tuple[int, bool]:
        """The window as bases or sites, and whether it is bases.

        Raises UsageError where it is neither, or does not go with the step.
        """
        found = _WINDOW.fullmatch(self.window)
        size = 0.0 if found is None else float(found[1])
        in_bases = found is not None and bool(found[2])
        if found is None or (not in_bases and (size < 2 or size != int(size))) or size <= 0:
            raise UsageError(
                f"{self.window!r} is no window. Write kilobases, such as 500kb, or a number of "
                "sites from 2 on, such as 50."
            )
        if self.step < 1 or (in_bases and self.step != 1):
            raise UsageError(
                f"A step of {self.step} does not go with a window of {self.window}: a step is a "
                "number of sites from 1 on, and 1 where the window is in kilobases."
            )
        if not 0 <= self.max_r2 <= 1:
            raise UsageError(f"The largest r2 lies between 0 and 1, not at {self.max_r2:g}.")
        whole = int(size * 1000 * (1 + _EPSILON)) if in_bases else int(size)
        # No contig is longer, and a larger one would not fit a 64-bit number beside a position.
        return min(whole, _LONGEST), in_bases

    def said(self) -> dict[str, object]:
        """The rules as plain values, to be stored beside a result."""
        return {"window": self.window, "step": self.step, "max_r2": self.max_r2}


def prune(
    reader: GenotypeReader, rules: PruneRules, on_progress: Progress | None = None
) -> NDArray[np.bool_]:
    """Which sites stay: in each window no two of them correlate by more than `max_r2`.

    Correlation is that of copies, over people called at both. Sites without variation go. Memory:
    the planes of one chunk and one window.
    """
    size, in_bases = rules.size
    kept = np.zeros(len(reader.sites), bool)
    spans = {start: stop for _, start, stop in reader.sites.contigs()}
    contig: _Contig | None = None
    for chunk in reader.chunks(on_progress):
        if chunk.start in spans:
            stop = spans[chunk.start]
            positions = reader.sites.positions[chunk.start : stop]
            windows = _windows(positions, size, rules.step, in_bases)
            contig = _Contig(chunk.start, windows, len(reader.people), rules.max_r2)
        assert contig is not None
        contig.add(along_people(chunk.copies))
        kept[contig.start : contig.start + len(contig.is_removed)] = ~contig.is_removed
    return kept


def _windows(
    positions: NDArray[np.int32], size: int, step: int, in_bases: bool
) -> NDArray[np.int64]:
    """First site and the one after the last of each window, in order: 2 x windows.

    A window in bases goes as far as `size` after its first site; the next one that reaches further
    follows.
    """
    sites = len(positions)
    if in_bases:
        starts = np.arange(sites)
        stops = np.searchsorted(positions, positions.astype(np.int64) + size, "right")
        reaches_further = np.r_[True, stops[1:] > stops[:-1]]
        return np.stack([starts[reaches_further], stops[reaches_further]]).astype(np.int64)
    last = max(0, -(-(sites - size) // step)) + 1
    starts = np.arange(last) * step
    return np.stack([starts, np.minimum(starts + size, sites)]).astype(np.int64)


class _Contig:
    """The windows of one contig, pruned as its sites come."""

    def __init__(self, start: int, windows: NDArray[np.int64], people: int, max_r2: float) -> None:
        self.start = start
        self._windows = windows
        self._people = people
        self._max_r2 = max_r2 * (1 + _EPSILON)
        self._done = 0
        self._base = 0
        self._planes: Planes | None = None
        self._major = np.zeros(0)
        self._is_short = np.zeros(0, bool)
        self._unchecked = np.zeros(0, np.int64)
        self.is_removed = np.zeros(0, bool)

    def add(self, planes: Planes) -> None:
        """The next sites of the contig; prunes the windows that are complete."""
        from allelake.structure.kernels import prune_windows

        self._extend(planes)
        reached = len(self.is_removed)
        ready = int(np.searchsorted(self._windows[1], reached, "right"))
        assert self._planes is not None
        # Everything from the first site on whose planes are still there.
        base = self._base
        unchecked = self._unchecked[base:] - base
        prune_windows(
            self._planes.carried,
            self._planes.doubled,
            self._people,
            self._max_r2,
            self._windows[:, self._done : ready] - base,
            self._major[base:],
            self._is_short[base:],
            self.is_removed[base:],
            unchecked,
        )
        self._unchecked[base:] = unchecked + base
        self._done = ready
        following = int(self._windows[0, ready]) if ready < self._windows.shape[1] else reached
        self._forget(following)

    def _extend(self, planes: Planes) -> None:
        from allelake.structure.kernels import tally

        if self._planes is not None:
            self._planes = Planes(
                np.concatenate([self._planes.carried, planes.carried]),
                np.concatenate([self._planes.doubled, planes.doubled]),
            )
        else:
            self._planes = planes
        tallies = np.zeros((len(planes), 4), np.int64)
        tally(planes.carried, planes.doubled, tallies)
        # What pads the words is missing too.
        called = tallies[:, :3].sum(axis=1)
        alts = tallies[:, 1] + 2 * tallies[:, 2]
        share = alts / np.maximum(2 * called, 1)
        self._major = np.r_[self._major, np.maximum(share, 1 - share)]
        self._is_short = np.r_[self._is_short, called < self._people]
        is_flat = (tallies[:, :3] == called[:, None]).any(axis=1)
        self._unchecked = np.r_[self._unchecked, np.zeros(len(planes), np.int64)]
        self.is_removed = np.r_[self.is_removed, is_flat]

    def _forget(self, first: int) -> None:
        """Drops the planes of sites before `first`."""
        assert self._planes is not None
        gone = max(0, first - self._base)
        self._planes = Planes(self._planes.carried[gone:], self._planes.doubled[gone:])
        self._base += gone
