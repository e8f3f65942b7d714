"""Sets of bases as sorted, disjoint spans: united, cut, and looked up, whole arrays at a time."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Position = NDArray[np.int32]


class Spans(NamedTuple):
    """First and last bases, 1-based and inclusive, sorted; disjoint where not said otherwise."""

    start: Position
    end: Position


class Pairs(NamedTuple):
    """Which `one` overlaps which `other`, as indices into two arrays of spans."""

    one: NDArray[np.intp]
    other: NDArray[np.intp]


def run_starts(start: Position, end: Position) -> NDArray[np.intp]:
    """Where the spans (sorted by start, any overlaps) begin a new stretch that touches none before.

    >>> run_starts(np.array([1, 5, 12]), np.array([10, 6, 13])).tolist()
    [0, 2]
    """
    begins = np.ones(len(start), np.bool_)
    reach = np.maximum.accumulate(end)
    begins[1:] = start[1:] > reach[:-1] + 1
    return np.flatnonzero(begins)


def united(start: Position, end: Position) -> Spans:
    """The bases in any of the spans, which are sorted by start; what touches is one."""
    if not len(start):
        return Spans(start, end)
    first = run_starts(start, end)
    return Spans(start[first], np.maximum.reduceat(end, first))


def overlapping(start: Position, end: Position, others: Spans) -> Pairs:
    """Every pair of a span and one of `others` (disjoint) that share a base, by span."""
    low = np.searchsorted(others.end, start, side="left")
    high = np.searchsorted(others.start, end, side="right")
    counts = np.maximum(high - low, 0)
    one = np.repeat(np.arange(len(start)), counts)
    before = np.repeat(np.cumsum(counts) - counts, counts)
    return Pairs(one, np.repeat(low, counts) + np.arange(len(one)) - before)


def without(spans: Spans, holes: Spans) -> Spans:
    """The bases of `spans` that no hole has."""
    pairs = overlapping(spans.start, spans.end, holes)
    if not len(pairs.one):
        return spans
    hole_start = np.maximum(spans.start[pairs.one], holes.start[pairs.other])
    hole_end = np.minimum(spans.end[pairs.one], holes.end[pairs.other])
    # Holes lie within spans now, so that sorted ends belong to sorted starts one by one.
    start = np.sort(np.concatenate([spans.start, hole_end + 1]), kind="stable")
    end = np.sort(np.concatenate([spans.end, hole_start - 1]), kind="stable")
    is_any = start <= end
    return Spans(start[is_any], end[is_any])


def holder_of(spans: Spans, first: Position, last: Position) -> NDArray[np.intp]:
    """Which span holds all bases from `first` to `last`; -1 where none does."""
    place = np.searchsorted(spans.start, first, side="right") - 1
    if not len(spans.start):
        return place
    return np.where((place >= 0) & (spans.end[place] >= last), place, -1)
