"""The callable intervals of one sample on one contig, made from evidence that comes in chunks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from allelake.ingest.evidence.levels import LEVELS, REGION_LEVELS, evidence_by_level
from allelake.ingest.evidence.pieces import Pieces, joined, merged, no_pieces
from allelake.ingest.evidence.spans import Position, Spans, holder_of
from allelake.ingest.evidence.values import Evidence
from allelake.model.zone import Zone

# Beyond every contig.
NO_MORE = 2**31 - 1

_BITS_OF_LEVEL = 2


@dataclass(frozen=True)
class Intervals:
    """Finished rows of `callable`, by start, end and alleles; `policies` has a bit per level."""

    pieces: Pieces
    policies: NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.pieces)


@dataclass(frozen=True)
class _Level:
    """`waiting` may still grow or be overlapped; `known` are finished, by start."""

    waiting: Pieces
    known: Pieces

    def key(self) -> tuple[bytes, bytes]:
        return self.waiting.key(), self.known.key()


class _Step(NamedTuple):
    """A level after a chunk, and the intervals that the chunk finished."""

    state: _Level
    finished: Pieces


class IntervalBuilder:
    """Merges evidence maximally under each level, and answers what covers a span.

    What it gives does not depend on how the evidence is cut into chunks. Between chunks it holds,
    for each level, the interval that reaches the border, the evidence that reaches over it, and the
    finished intervals that a span asked later may need (see `forget`).
    """

    def __init__(self, has_adj: bool, zones: Sequence[Zone]) -> None:
        """`zones` are those of the contig."""
        self._has_adj = has_adj
        self._zones = tuple(zones)
        self._levels = [_Level(no_pieces(), no_pieces())] * LEVELS

    def add(self, evidence: Evidence, regions: Pieces, before: int) -> Intervals:
        """The intervals that are finished once no more evidence begins before base `before`.

        `regions`: what is taken for reference, all of it before `before` and after the last one.
        """
        made: dict[tuple[object, ...], _Step] = {}
        policies: dict[tuple[object, ...], int] = {}
        by_level = evidence_by_level(evidence, self._has_adj, self._zones)
        for level, (evidence_key, mine) in enumerate(by_level):
            more = regions if level in REGION_LEVELS else no_pieces()
            state = self._levels[level]
            # Levels that agree, as most do, are worked out once.
            key = (*state.key(), evidence_key, len(more) > 0)
            if key not in made:
                pieces = joined([state.waiting, mine, more]).by_start()
                made[key] = _advance(pieces, state.known, before)
            self._levels[level] = made[key].state
            policies[key] = policies.get(key, 0) | 1 << level
        return _one_row_each([(policies[key], step.finished) for key, step in made.items()])

    def covered(self, first: Position, last: Position) -> NDArray[np.int32]:
        """What covers each span, packed as in `calls.covered`; `last` lies before `before`."""
        packed = np.zeros(len(first), np.int32)
        if not len(first):
            return packed
        made: dict[int, NDArray[np.int32]] = {}
        for level, state in enumerate(self._levels):
            if id(state) not in made:
                made[id(state)] = _alleles_over(state, first, last)
            packed |= made[id(state)] << (_BITS_OF_LEVEL * level)
        return packed

    def forget(self, position: int) -> None:
        """Spans asked from now on begin at `position` or later."""
        shared: dict[int, _Level] = {}
        for level, state in enumerate(self._levels):
            if id(state) not in shared:
                known = state.known[state.known.end >= position]
                shared[id(state)] = _Level(state.waiting, known)
            self._levels[level] = shared[id(state)]


def _advance(pieces: Pieces, known: Pieces, before: int) -> _Step:
    """Merges pieces, sorted by start, as far as nothing can change before base `before`."""
    runs = merged(pieces)
    # One that ends on the base before the border may be continued from there.
    finished = runs[runs.end < before - 1]
    if len(pieces) and pieces.start[-1] >= before:
        # What begins after the border is not yet in the interval that reaches it.
        runs = merged(pieces[pieces.start < before])
    at_border = runs[(runs.end >= before - 1) & (runs.start < before)]
    # Up to the border only the interval's sum stays, after it every piece: later evidence may cut
    # an interval, and each half has the measures of its own pieces.
    border = np.int32(before)
    closed = at_border.at(at_border.start, np.minimum(at_border.end, border - 1))
    reaching = pieces[pieces.end >= before]
    reaching = reaching.at(np.maximum(reaching.start, border), reaching.end)
    waiting = joined([closed, reaching]).by_start()
    return _Step(_Level(waiting, joined([known, finished])), finished)


def _alleles_over(state: _Level, first: Position, last: Position) -> NDArray[np.int32]:
    runs = joined([state.known, merged(state.waiting)])
    holder = holder_of(Spans(runs.start, runs.end), first, last)
    if not len(runs):
        return np.zeros(len(first), np.int32)
    return np.where(holder >= 0, runs.alleles[holder], 0).astype(np.int32)


def _one_row_each(finished: Sequence[tuple[int, Pieces]]) -> Intervals:
    """Intervals of several levels with equal bases and alleles as one, by start."""
    pieces = joined([rows for _, rows in finished])
    bits = np.concatenate(
        [np.full(len(rows), policies, np.int16) for policies, rows in finished if len(rows)]
        or [np.zeros(0, np.int16)]
    )
    if not len(pieces):
        return Intervals(pieces, bits)
    order = np.lexsort((pieces.alleles, pieces.end, pieces.start))
    pieces, bits = pieces[order], bits[order]
    is_new = np.ones(len(pieces), np.bool_)
    is_new[1:] = (
        (pieces.start[1:] != pieces.start[:-1])
        | (pieces.end[1:] != pieces.end[:-1])
        | (pieces.alleles[1:] != pieces.alleles[:-1])
    )
    first = np.flatnonzero(is_new)
    one = Pieces(
        pieces.start[first],
        pieces.end[first],
        pieces.alleles[first],
        np.minimum.reduceat(pieces.dp, first),
        np.minimum.reduceat(pieces.gq, first),
        np.maximum.reduceat(pieces.basis, first),
    )
    return Intervals(one, np.bitwise_or.reduceat(bits, first))
