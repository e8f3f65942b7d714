"""Gives pieces to an IntervalBuilder in chunks, and reads its rows back."""

from collections.abc import Sequence

import numpy as np

from allelake.ingest.evidence.intervals import NO_MORE, IntervalBuilder, Intervals
from allelake.ingest.evidence.pieces import BASES, NO_MEASURE, no_pieces
from allelake.ingest.evidence.regions import RegionsWithoutRecords
from allelake.ingest.evidence.values import Evidence
from allelake.model.genotype import MISSING_INTEGER
from allelake.model.zone import Zone
from unit.ingest.evidence.per_base import Piece

Row = tuple[int, int, int, int, int | None, int | None, str]


def evidence_of(pieces: Sequence[Piece]) -> Evidence:
    """Pieces as arrays."""
    return Evidence(
        np.array([p.start for p in pieces], np.int32),
        np.array([p.end for p in pieces], np.int32),
        np.array([p.alleles for p in pieces], np.int8),
        np.array([p.room for p in pieces], np.int8),
        np.array([MISSING_INTEGER if p.dp is None else p.dp for p in pieces], np.int32),
        np.array([MISSING_INTEGER if p.gq is None else p.gq for p in pieces], np.int32),
        np.array([p.passes for p in pieces], np.bool_),
        np.array([p.kind == "block" for p in pieces], np.bool_),
        np.zeros(len(pieces), np.bool_),
    )


def build(
    chunks: Sequence[Sequence[Piece]],
    *,
    has_adj: bool = True,
    zones: Sequence[Zone] = (),
    regions: Sequence[tuple[int, int]] | None = None,
) -> list[Row]:
    """The rows that come of chunks; the border of each is where the next one begins."""
    builder = IntervalBuilder(has_adj, zones)
    listed = None if regions is None else np.array(regions, np.int32).reshape(-1, 2)
    left = RegionsWithoutRecords(listed, zones)
    found: list[Row] = []
    for number, chunk in enumerate(chunks):
        after = [p.start for later in chunks[number + 1 :] for p in later]
        before = min(after, default=NO_MORE)
        evidence = evidence_of(chunk)
        found += rows_of(builder.add(evidence, left.add(evidence, before), before))
        builder.forget(before)
    found += rows_of(builder.add(evidence_of([]), no_pieces(), NO_MORE))
    return sorted(found)


def rows_of(intervals: Intervals) -> list[Row]:
    """Finished intervals as plain tuples, as per_base.rows has them."""
    pieces = intervals.pieces
    return [
        (start, end, alleles, policies, _measure(dp), _measure(gq), BASES[basis])
        for start, end, alleles, policies, dp, gq, basis in zip(
            pieces.start.tolist(),
            pieces.end.tolist(),
            pieces.alleles.tolist(),
            intervals.policies.tolist(),
            pieces.dp.tolist(),
            pieces.gq.tolist(),
            pieces.basis.tolist(),
            strict=True,
        )
    ]


def _measure(value: int) -> int | None:
    return None if value == NO_MEASURE else value
