"""Places between BCF records where a file may be cut."""

from dataclasses import dataclass

import numpy as np

from allelake.ingest.cohort_bcf.walk import POS, REF_BYTES, START, Numbers
from allelake.ingest.inspection.scan_place import Place


@dataclass(frozen=True)
class Candidate:
    """A record that none before it on its contig reaches, so that the file may be cut there.

    `place` is where it begins in the unpacked file; `records` were taken before it.
    """

    place: int
    contig: str
    position: int
    records: int


class Cuts:
    """The first record of each contig, and others about `cut_bytes` apart."""

    def __init__(self, cut_bytes: int) -> None:
        self._cut_bytes = cut_bytes
        self._next = 0
        self.candidates: list[Candidate] = []

    def note(self, at: Place, place: int, records: int, reach: int) -> None:
        """A record that was taken; `reach` is the last base before it, -1: it begins a contig."""
        assert at.contig is not None
        assert at.position is not None
        if reach < 0 or (place >= self._next and at.position > reach):
            self._add(Candidate(place, at.contig, at.position, records))

    def note_run(self, at: Place, text: int, table: Numbers, records: int, reach: int) -> None:
        """Records that were taken at once, as a walk found them from `text` on."""
        if text + int(table[-1, START]) < self._next:
            return
        assert at.contig is not None
        last_bases = table[:, POS] + table[:, REF_BYTES] - 1
        reached = np.maximum.accumulate(np.concatenate([[reach], last_bases[:-1]]))
        fits = (text + table[:, START] >= self._next) & (table[:, POS] > reached)
        if fits.any():
            first = int(fits.argmax())
            place, position = text + int(table[first, START]), int(table[first, POS])
            self._add(Candidate(place, at.contig, position, records + first))

    def _add(self, candidate: Candidate) -> None:
        self.candidates.append(candidate)
        self._next = candidate.place + self._cut_bytes
