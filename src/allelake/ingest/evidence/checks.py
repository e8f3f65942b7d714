"""What evidence of one sample may not be, whichever reader brings it."""

from pathlib import Path

import numpy as np

from allelake.errors import InputError
from allelake.ingest.evidence.values import Evidence


class EvidenceCheck:
    """Looks at the evidence of one sample and contig, chunk by chunk."""

    def __init__(self, path: Path, contig: str, length_bp: int) -> None:
        self._path = path
        self._contig = contig
        self._length_bp = length_bp
        self._last_block_end = 0
        self._last_start = 0

    def add(self, evidence: Evidence) -> None:
        """Raises InputError for spans that are none, leave the contig, or lie in a wrong order."""
        if not len(evidence):
            return
        start, end = evidence.start, evidence.end
        self._refuse_first(
            end < start, evidence, "ends at {end}, before it begins; write END (or LEN) right"
        )
        self._refuse_first(
            end > self._length_bp,
            evidence,
            f"ends at {{end}}, but {self._contig} has {self._length_bp} bases; the file is of "
            "another assembly, or damaged",
        )
        before = np.concatenate([[self._last_start], start[:-1]])
        self._refuse_first(
            start < before, evidence, "stands after a record that begins later; sort the file"
        )
        self._last_start = int(start[-1])
        self._refuse_overlap(evidence)

    def _refuse_overlap(self, evidence: Evidence) -> None:
        following = evidence.is_block & ~evidence.is_bare
        start, end = evidence.start[following], evidence.end[following]
        if not len(start):
            return
        reach = np.maximum.accumulate(np.concatenate([[self._last_block_end], end]))
        overlaps = np.flatnonzero(start <= reach[:-1])
        if len(overlaps):
            at = overlaps[0]
            raise InputError(
                f"{self._path}: the reference block at {self._contig}:{start[at]} begins before "
                f"an earlier one ends ({reach[at]}), so that they may contradict each other; a "
                "sample's blocks may not overlap. Write the gVCF again with its caller"
            )
        self._last_block_end = int(reach[-1])

    def _refuse_first(self, wrong: np.ndarray, evidence: Evidence, what: str) -> None:
        found = np.flatnonzero(wrong)
        if len(found):
            at = found[0]
            kind = "reference block" if evidence.is_block[at] else "record"
            raise InputError(
                f"{self._path}: the {kind} at {self._contig}:{evidence.start[at]} "
                + what.format(end=evidence.end[at])
            )
