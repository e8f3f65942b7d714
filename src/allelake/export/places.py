"""The asked regions cut into chunks that fit in memory: no position lies in two of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from allelake.export.session import Session
from allelake.queries.ask import call

# Genotypes of a chunk: a byte each, and a few more while they are written.
CELLS = 16_000_000
MOST_LINES = 20_000


@dataclass(frozen=True)
class Span:
    """A stretch of a contig that is asked for, 1-based and inclusive; `order` is the contig's."""

    contig: str
    order: int
    start: int
    end: int


@dataclass(frozen=True)
class Chunk:
    """A stretch of a contig, with at most so many rows of `sites`."""

    contig: str
    low: int
    high: int
    rows: int

    def values(self) -> dict[str, object]:
        """The arguments of WHERE_SITES."""
        return {
            "contig": self.contig,
            "low": self.low,
            "high": self.high,
            "low_bin": self.low >> 14,
            "high_bin": self.high >> 14,
        }


# Constants on contig, bin and position: DuckDB skips row groups by them.
WHERE = (
    "contig = $contig AND bin BETWEEN $low_bin AND $high_bin AND position BETWEEN $low AND $high"
)


def spans_of(session: Session, region: "str | Sequence[str] | None") -> list[Span]:
    """The asked regions as disjoint spans in the order of the genome; None: all with records."""
    rows = session.rows(
        "SELECT contig, contig_order, span_start, span_end "
        f"FROM {call('asked_spans', region)} ORDER BY contig_order, span_start"
    )
    return [Span(*row) for row in rows]


def chunks_of(
    session: Session, span: Span, batches: Sequence[int], samples: int
) -> Iterator[Chunk]:
    """The span's records in chunks, in order; the last base of a chunk is its last position."""
    columns = session.arrow(
        f"SELECT position FROM sites WHERE {WHERE} "
        "AND list_contains($batches::INTEGER[], batch) ORDER BY ALL",
        {**Chunk(span.contig, span.start, span.end, 0).values(), "batches": list(batches)},
    )
    position = columns["position"].to_numpy()
    total = len(position)
    if not total:
        return
    # Between two positions there may be a cut.
    cuts = np.append(np.flatnonzero(position[:-1] < position[1:]) + 1, total)
    most = max(1, min(MOST_LINES, CELLS // max(1, samples)))
    first = 0
    while first < total:
        # The last cut within reach, or the next one, however far.
        within = int(np.searchsorted(cuts, first + most, side="right")) - 1
        after = int(np.searchsorted(cuts, first, side="right"))
        stop = int(cuts[max(within, after)])
        yield Chunk(span.contig, int(position[first]), int(position[stop - 1]), stop - first)
        first = stop
