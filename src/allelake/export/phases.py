"""Whether all that a batch tells of phase in the exported region is that it is known."""

from collections.abc import Sequence
from dataclasses import replace

from allelake.export.people import People
from allelake.export.places import WHERE, Chunk, Span
from allelake.export.session import Session

_ZERO = "'" + r"\x00" * 128 + "'::BLOB"
# One row per batch with a carrier that has two places: whether all of them are phased.
_PHASED = f"""
SELECT batch, bool_and(phased) FROM (
    SELECT batch, is_phased AS phased FROM stored_calls
    WHERE {WHERE} AND alt_count > 0 AND ploidy = 2
        AND list_contains($batches::INTEGER[], batch)
    UNION ALL
    SELECT batch, bit_count(two & ~coalesce(phased, {_ZERO})::BIT) = 0 FROM (
        SELECT batch, phased, alt1::BIT & ~coalesce(haploid, {_ZERO})::BIT AS two
        FROM bits
        WHERE {WHERE} AND is_whole AND alt1 IS NOT NULL
            AND list_contains($batches::INTEGER[], batch)
    )
    WHERE bit_count(two) > 0
)
GROUP BY batch
"""


def with_phases(session: Session, people: People, spans: Sequence[Span]) -> People:
    """The people, with `is_phased` told of each batch that asked its samples together."""
    joint = [batch.batch for batch in people.batches if batch.kind == "joint"]
    found: dict[int, bool] = {}
    for span in spans:
        values = {**Chunk(span.contig, span.start, span.end, 0).values(), "batches": joint}
        for batch, is_phased in session.rows(_PHASED, values):
            found[batch] = found.get(batch, True) and bool(is_phased)
    batches = tuple(
        replace(batch, is_phased=found.get(batch.batch, False)) for batch in people.batches
    )
    return replace(people, batches=batches)
