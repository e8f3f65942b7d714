"""Which evidence counts under which level of `callable` (bit k of `policies` is level k)."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from allelake.ingest.evidence.pieces import Pieces, joined, pieces_of
from allelake.ingest.evidence.values import Evidence
from allelake.model.genotype import ADJ_MIN_DP, ADJ_MIN_DP_HAPLOID, ADJ_MIN_GQ
from allelake.model.zone import Zone

RAW, RAW_BLOCKS, ADJ, ADJ_HAPLOID = range(4)
# Levels 4 to 7 are levels 0 to 3 of records and blocks that no filter failed.
PASSING = 4
LEVELS = 8
# Regions that are taken for reference have no depth, and no filter that they could fail.
REGION_LEVELS = (RAW, RAW_BLOCKS, PASSING + RAW, PASSING + RAW_BLOCKS)
REGION_POLICIES = sum(1 << level for level in REGION_LEVELS)

_ONE_COPY_ZONES = ("x", "y")

Flags = NDArray[np.bool_]


def evidence_by_level(
    evidence: Evidence, has_adj: bool, zones: Sequence[Zone]
) -> Iterator[tuple[bytes, Pieces]]:
    """What counts under each level, with a key that is equal for equal pieces of this evidence.

    `zones` are those of the contig.
    """
    whole = pieces_of(evidence)
    one_copy = [zone for zone in zones if zone.kind in _ONE_COPY_ZONES]
    all_pass = bool(evidence.passes.all())
    made: dict[bytes, Pieces] = {}
    for level in range(LEVELS):
        counts = _counts(evidence, level % PASSING, has_adj)
        if level >= PASSING and not all_pass:
            counts &= evidence.passes
        is_clipped = level % PASSING == ADJ_HAPLOID
        key = b"01"[is_clipped : is_clipped + 1] + counts.tobytes()
        if key not in made:
            chosen = whole if counts.all() else whole[counts]
            made[key] = _clipped(chosen, one_copy) if is_clipped else chosen
        yield key, made[key]


def _counts(evidence: Evidence, level: int, has_adj: bool) -> Flags:
    called = evidence.alleles > 0
    if level == RAW_BLOCKS:
        return called
    if level == RAW:
        # A block that states no depth is taken at its word.
        return np.asarray(called & ~(evidence.is_block & (evidence.dp == 0)))
    if not has_adj:
        return np.zeros_like(called)
    least = (
        np.where(evidence.room == 1, ADJ_MIN_DP_HAPLOID, ADJ_MIN_DP)
        if level == ADJ
        else ADJ_MIN_DP_HAPLOID
    )
    # A value that is missing is negative.
    return np.asarray(called & (evidence.gq >= ADJ_MIN_GQ) & (evidence.dp >= least))


def _clipped(pieces: Pieces, zones: Sequence[Zone]) -> Pieces:
    """The parts of the pieces that lie in the zones, zone by zone."""
    parts = []
    for zone in zones:
        inside = pieces[(pieces.end >= zone.start_position) & (pieces.start <= zone.end_position)]
        start = np.maximum(inside.start, np.int32(zone.start_position))
        end = np.minimum(inside.end, np.int32(zone.end_position))
        parts.append(inside.at(start, end))
    return joined(parts)
