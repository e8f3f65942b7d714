"""Whatever the evidence and however it is cut, the intervals are those found base by base."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from allelake.ingest.evidence.intervals import NO_MORE, IntervalBuilder
from allelake.ingest.evidence.regions import RegionsWithoutRecords
from allelake.model.zone import Zone
from unit.ingest.evidence.building import build, evidence_of, rows_of
from unit.ingest.evidence.per_base import Piece, covered, rows

_LAST = 60
ZONES = (Zone("chrX", 1, 20, "x_par"), Zone("chrX", 21, 40, "x"), Zone("chrX", 41, 60, "x_par"))
ONE_COPY = range(21, 41)

_DEPTHS = st.sampled_from([None, 0, 4, 5, 9, 10, 30])
_QUALITIES = st.sampled_from([None, 0, 19, 20, 60])


@st.composite
def evidence(draw: st.DrawFn) -> list[Piece]:
    """Blocks that do not overlap, and records that lie as they like, by start."""
    pieces = []
    position = draw(st.integers(1, 4))
    while position <= _LAST:
        end = min(_LAST, position + draw(st.integers(0, 9)))
        if draw(st.booleans()):
            pieces.append(_piece(draw, position, end, "block"))
        position = end + 1 + draw(st.sampled_from([0, 0, 0, 1, 5]))
    for start in draw(st.lists(st.integers(1, _LAST), max_size=8)):
        end = min(_LAST, start + draw(st.sampled_from([0, 0, 1, 7, 25])))
        pieces.append(_piece(draw, start, end, "record"))
    return sorted(pieces, key=lambda piece: piece.start)


def _piece(draw: st.DrawFn, start: int, end: int, kind: str) -> Piece:
    alleles = draw(st.sampled_from([2, 2, 2, 1, 0]))
    room = 1 if alleles == 1 and draw(st.booleans()) else 2
    passes = draw(st.sampled_from([True, True, False]))
    return Piece(start, end, alleles, kind, room, draw(_DEPTHS), draw(_QUALITIES), passes)


def _cut(pieces: list[Piece], cuts: list[int]) -> list[list[Piece]]:
    """Chunks; evidence with one start may be cut as well."""
    bounds = sorted({0, len(pieces), *(cut % (len(pieces) + 1) for cut in cuts)})
    return [pieces[a:b] for a, b in pairwise(bounds)]


CUTS = st.lists(st.integers(0, 100), max_size=6)


@settings(max_examples=200, deadline=None)
@given(evidence(), CUTS, st.booleans())
def test_intervals_are_those_found_base_by_base(
    pieces: list[Piece], cuts: list[int], has_adj: bool
) -> None:
    assert build(_cut(pieces, cuts), has_adj=has_adj) == rows(pieces, has_adj)


@settings(max_examples=150, deadline=None)
@given(evidence(), CUTS)
def test_on_x_haploid_thresholds_hold_outside_par(pieces: list[Piece], cuts: list[int]) -> None:
    assert build(_cut(pieces, cuts), zones=ZONES) == rows(pieces, one_copy=ONE_COPY)


@st.composite
def regions(draw: st.DrawFn) -> list[tuple[int, int]]:
    """Disjoint regions, some of which touch."""
    found, position = [], draw(st.integers(1, 9))
    while position <= _LAST:
        end = min(_LAST, position + draw(st.integers(0, 20)))
        found.append((position, end))
        position = end + 1 + draw(st.sampled_from([0, 1, 9]))
    return found


@settings(max_examples=200, deadline=None)
@given(evidence(), CUTS, regions())
def test_regions_are_taken_less_the_own_records(
    pieces: list[Piece], cuts: list[int], listed: list[tuple[int, int]]
) -> None:
    records = [piece for piece in pieces if piece.kind == "record"]
    own = {base for piece in records for base in range(piece.start, piece.end + 1)}
    taken = [
        Piece(base, base, 2, "region", dp=None, gq=None)
        for a, b in listed
        for base in range(a, b + 1)
        if base not in own
    ]
    assert build(_cut(records, cuts) or [[]], regions=listed) == rows([*records, *taken])


@settings(max_examples=100, deadline=None)
@given(evidence(), CUTS, st.lists(st.tuples(st.integers(1, 50), st.integers(0, 12)), max_size=12))
def test_spans_are_covered_as_base_by_base(
    pieces: list[Piece], cuts: list[int], spans: list[tuple[int, int]]
) -> None:
    builder = IntervalBuilder(True, ZONES)
    waiting = sorted((first, first + length) for first, length in spans)
    chunks = _cut(pieces, cuts)
    for number, chunk in enumerate([*chunks, []]):
        after = [piece.start for later in chunks[number + 1 :] for piece in later]
        before = min(after, default=NO_MORE)
        builder.add(
            evidence_of(chunk), RegionsWithoutRecords(None, ()).add(evidence_of([]), before), before
        )
        while waiting and waiting[0][1] < before:
            first, last = waiting.pop(0)
            found = builder.covered(np.array([first], np.int32), np.array([last], np.int32))
            assert found.tolist() == [covered(pieces, first, last, one_copy=ONE_COPY)]
        builder.forget(min([before, *(first for first, _ in waiting)]))
    assert not waiting


def test_evidence_ahead_of_the_border_may_still_be_overlapped() -> None:
    builder = IntervalBuilder(True, ())
    none = RegionsWithoutRecords(None, ()).add(evidence_of([]), 5)
    ahead = [Piece(1, 4, 1), Piece(5, 9, 1, "record", dp=3), Piece(5, 5, 2, "record")]
    found = rows_of(builder.add(evidence_of(ahead[:2]), none, 5))
    found += rows_of(builder.add(evidence_of(ahead[2:]), none, NO_MORE))
    assert sorted(found) == rows(ahead)
