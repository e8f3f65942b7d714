"""Regions in which a batch is taken for reference where no record says otherwise."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from allelake.ingest.evidence.pieces import (
    ALLELES_BY_SEX,
    Pieces,
    joined,
    no_pieces,
    region_pieces,
)
from allelake.ingest.evidence.spans import Spans, overlapping, united, without
from allelake.ingest.evidence.values import Evidence
from allelake.model.zone import Zone

_DIPLOID, _HAPLOID = 2, 1
_NONE = np.zeros(0, np.int32)


class RegionsWithoutRecords:
    """The regions of one contig less the spans of a sample's own records, as far as these are read.

    Holds the records that reach over the border of a chunk.
    """

    def __init__(self, regions: NDArray[np.int32] | None, zones: Sequence[Zone]) -> None:
        """`regions`: first and last base of each, sorted, disjoint; `zones`: the contig's."""
        self._left = no_pieces() if regions is None else _with_alleles(regions, zones)
        self._records = Spans(_NONE, _NONE)

    def add(self, evidence: Evidence, before: int) -> Pieces:
        """What is taken for reference from where the last call ended to base `before` - 1.

        Every record of the sample cuts, also one without an ALT and one whose genotype is not
        called.
        """
        left = self._left
        if not len(left):
            return left
        start = np.concatenate([self._records.start, evidence.start])
        end = np.concatenate([self._records.end, evidence.end])
        reaches = end >= before
        self._records = Spans(start[reaches], end[reaches])
        inside = left[left.start < before]
        border = np.int32(before)
        self._left = left[left.end >= before]
        self._left = self._left.at(np.maximum(self._left.start, border), self._left.end)
        inside = inside.at(inside.start, np.minimum(inside.end, border - 1))
        order = np.argsort(start, kind="stable")
        return _cut(inside, united(start[order], end[order]))


def _with_alleles(regions: NDArray[np.int32], zones: Sequence[Zone]) -> Pieces:
    """Regions with what they stand for, cut where that changes."""
    whole = Spans(np.ascontiguousarray(regions[:, 0]), np.ascontiguousarray(regions[:, 1]))
    parts = []
    for is_haploid in (True, False):
        mine = [zone for zone in zones if (zone.kind == "mt") == is_haploid]
        # Zones of one contig that touch stand for the same here.
        start = np.array(sorted(zone.start_position for zone in mine), np.int32)
        end = np.array(sorted(zone.end_position for zone in mine), np.int32)
        inside = _inside(whole, united(start, end))
        whole = without(whole, inside)
        alleles = _HAPLOID if is_haploid else ALLELES_BY_SEX
        parts.append(region_pieces(inside, np.full(len(inside.start), alleles, np.int8)))
    diploid = np.full(len(whole.start), _DIPLOID, np.int8)
    return joined([*parts, region_pieces(whole, diploid)]).by_start()


def _inside(spans: Spans, others: Spans) -> Spans:
    pairs = overlapping(spans.start, spans.end, others)
    return Spans(
        np.maximum(spans.start[pairs.one], others.start[pairs.other]),
        np.minimum(spans.end[pairs.one], others.end[pairs.other]),
    )


def _cut(pieces: Pieces, records: Spans) -> Pieces:
    left = without(pieces.spans, records)
    holder = np.searchsorted(pieces.start, left.start, side="right") - 1
    return region_pieces(left, pieces.alleles[holder])
