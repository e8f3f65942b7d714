"""Whose genotypes an export has: the samples of a cohort, column by column, batch by batch."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allelake.errors import QueryError
from allelake.export.genotypes import BLOCK
from allelake.export.session import Session
from allelake.export.statements import statement
from allelake.queries.ask import call


@dataclass(frozen=True)
class BatchColumns:
    """The columns [start, stop) that are of one batch, and what the batch says of them.

    `numbers` are their sample numbers, ascending. `is_phased`: every carrier with two places that
    the batch has in the exported region is phased, so its reference genotypes are written so too.
    """

    batch: int
    kind: str
    absent: str
    contigs: frozenset[str]
    has_details: bool
    is_phased: bool
    start: int
    stop: int
    numbers: NDArray[np.int32]

    def blocks(self) -> list[tuple[int, slice, NDArray[np.intp]]]:
        """Each block of 1,024 sample numbers: its number, its columns, and their bits."""
        found = []
        of_block = self.numbers // BLOCK
        for block in np.unique(of_block).tolist():
            first = int(np.searchsorted(of_block, block))
            last = int(np.searchsorted(of_block, block, side="right"))
            places = (self.numbers[first:last] - block * BLOCK).astype(np.intp)
            found.append((block, slice(self.start + first, self.start + last), places))
        return found


@dataclass(frozen=True)
class People:
    """The samples of a cohort in the order of their numbers, which is the order of columns.

    `sexes` are 2 (XX), 1 (XY) or 0 (not known), as PLINK writes them.
    """

    cohort: str
    names: tuple[str, ...]
    sexes: NDArray[np.int8]
    batches: tuple[BatchColumns, ...]

    @property
    def knows_beyond_records(self) -> bool:
        """Whether something may be known of somebody where no record of a batch of theirs is."""
        return any(b.kind == "per_sample" or b.absent != "unknown" for b in self.batches)

    @property
    def batch_numbers(self) -> list[int]:
        """The batches that somebody is of."""
        return [batch.batch for batch in self.batches]


def nobody() -> People:
    """Of a file without genotypes."""
    return People("", (), np.zeros(0, np.int8), ())


def people_of(session: Session, cohort: str) -> People:
    """The cohort's samples; an unknown or an empty cohort is a QueryError."""
    # Names the nearest cohort where there is none of this name.
    session.rows(f"FROM {call('checked_question', cohort, 'raw', 'as_called', 'any')}")
    rows = session.rows(statement("members"), {"cohort": cohort})
    if not rows:
        raise QueryError(
            f"Nobody is in the cohort {cohort!r}, so there is nothing to export. `allelake cohort "
            "list` tells how many are in each; --frequencies needs no genotypes."
        )
    numbers = np.array([row[0] for row in rows], np.int32)
    batch_of = np.array([row[2] for row in rows], np.int32)
    sexes = np.array([{"XX": 2, "XY": 1}.get(row[3], 0) for row in rows], np.int8)
    told = {
        batch: (kind, absent, frozenset(contigs), bool(details) or kind == "per_sample")
        for batch, kind, absent, contigs, details in session.rows(
            "SELECT batch, kind, absent, contigs, has_details FROM batches"
        )
    }
    session.run(statement("member"), {"numbers": numbers.tolist(), "total": len(numbers)})
    batches = []
    for batch in sorted(set(batch_of.tolist())):
        start = int(np.searchsorted(batch_of, batch))
        stop = int(np.searchsorted(batch_of, batch, side="right"))
        kind, absent, contigs, details = told[batch]
        columns = numbers[start:stop]
        batches.append(
            BatchColumns(batch, kind, absent, contigs, details, False, start, stop, columns)
        )
    return People(cohort, tuple(row[1] for row in rows), sexes, tuple(batches))
