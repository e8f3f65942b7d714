"""Evidence under one level, and the stretches of equal alleles that it makes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allelake.ingest.evidence.spans import Spans, overlapping, run_starts, united, without
from allelake.ingest.evidence.values import Evidence
from allelake.model.genotype import is_known

# In the order in which one of them names an interval that has several.
RECORD, BLOCK, REGIONS = 0, 1, 2
BASES = ("record", "block", "regions")

# Alleles by sex and zone, which the query knows: NULL in `callable`, 3 in `calls.covered`.
ALLELES_BY_SEX = 3

# A depth or quality that is not there; never the least one.
NO_MEASURE = 2**31 - 1


@dataclass(frozen=True)
class Pieces:
    """Stretches of one sample and contig: pieces of evidence, or what they are merged to.

    `alleles` 1, 2 or ALLELES_BY_SEX; `dp` and `gq` with NO_MEASURE; `basis` by number.
    """

    start: NDArray[np.int32]
    end: NDArray[np.int32]
    alleles: NDArray[np.int8]
    dp: NDArray[np.int32]
    gq: NDArray[np.int32]
    basis: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.start)

    @property
    def spans(self) -> Spans:
        """The bases alone."""
        return Spans(self.start, self.end)

    def __getitem__(self, which: slice | NDArray[np.integer] | NDArray[np.bool_]) -> "Pieces":
        return Pieces(
            self.start[which],
            self.end[which],
            self.alleles[which],
            self.dp[which],
            self.gq[which],
            self.basis[which],
        )

    def at(self, start: NDArray[np.int32], end: NDArray[np.int32]) -> "Pieces":
        """The same, each with other bases."""
        return Pieces(start, end, self.alleles, self.dp, self.gq, self.basis)

    def key(self) -> bytes:
        """Equal for equal pieces."""
        columns = (self.start, self.end, self.alleles, self.dp, self.gq, self.basis)
        return b"".join(column.tobytes() for column in columns)

    def by_start(self) -> "Pieces":
        """The same, sorted by start; equal starts stay as they are."""
        if bool((self.start[1:] >= self.start[:-1]).all()):
            return self
        return self[np.argsort(self.start, kind="stable")]


def no_pieces() -> Pieces:
    """None at all."""
    wide, narrow = np.zeros(0, np.int32), np.zeros(0, np.int8)
    return Pieces(wide, wide, narrow, wide, wide, narrow)


def joined(parts: Sequence[Pieces]) -> Pieces:
    """All of them, one after another."""
    some = [part for part in parts if len(part)]
    if len(some) <= 1:
        return some[0] if some else no_pieces()
    return Pieces(
        np.concatenate([part.start for part in some]),
        np.concatenate([part.end for part in some]),
        np.concatenate([part.alleles for part in some]),
        np.concatenate([part.dp for part in some]),
        np.concatenate([part.gq for part in some]),
        np.concatenate([part.basis for part in some]),
    )


def pieces_of(evidence: Evidence) -> Pieces:
    """Evidence as it is, the one without called alleles too."""
    return Pieces(
        evidence.start,
        evidence.end,
        evidence.alleles,
        np.where(is_known(evidence.dp), evidence.dp, np.int32(NO_MEASURE)),
        np.where(is_known(evidence.gq), evidence.gq, np.int32(NO_MEASURE)),
        np.where(evidence.is_block & ~evidence.is_bare, np.int8(BLOCK), np.int8(RECORD)),
    )


def region_pieces(spans: Spans, alleles: NDArray[np.int8]) -> Pieces:
    """Regions that are taken for reference: no depth, no quality."""
    none = np.full(len(spans.start), NO_MEASURE, np.int32)
    return Pieces(spans.start, spans.end, alleles, none, none, np.full(len(none), REGIONS, np.int8))


def merged(pieces: Pieces) -> Pieces:
    """The longest stretches of equal alleles; where pieces (sorted by start) overlap, most count.

    A stretch has the least depth and quality of the pieces with its alleles that overlap it.
    """
    if not len(pieces):
        return pieces
    values = np.unique(pieces.alleles).tolist()
    if len(values) == 1:
        return _united(pieces)
    done: list[Pieces] = []
    above: Spans | None = None
    for value in reversed(values):
        own = pieces[pieces.alleles == value]
        if above is None:
            top = _united(own)
            above = top.spans
            done.append(top)
            continue
        at_least = pieces.alleles >= value
        every = united(pieces.start[at_least], pieces.end[at_least])
        done.append(_summed(own, without(every, above), value))
        above = every
    return joined(done).by_start()


def _united(pieces: Pieces) -> Pieces:
    first = run_starts(pieces.start, pieces.end)
    return Pieces(
        pieces.start[first],
        np.maximum.reduceat(pieces.end, first),
        pieces.alleles[first],
        np.minimum.reduceat(pieces.dp, first),
        np.minimum.reduceat(pieces.gq, first),
        np.maximum.reduceat(pieces.basis, first),
    )


def _summed(own: Pieces, runs: Spans, alleles: int) -> Pieces:
    """`runs` with the measures of the pieces that overlap them."""
    total = len(runs.start)
    dp, gq = np.full(total, NO_MEASURE, np.int32), np.full(total, NO_MEASURE, np.int32)
    basis = np.zeros(total, np.int8)
    pairs = overlapping(own.start, own.end, runs)
    np.minimum.at(dp, pairs.other, own.dp[pairs.one])
    np.minimum.at(gq, pairs.other, own.gq[pairs.one])
    np.maximum.at(basis, pairs.other, own.basis[pairs.one])
    return Pieces(runs.start, runs.end, np.full(total, alleles, np.int8), dp, gq, basis)
