"""Whether all that a batch tells of phase in the exported region is that it is known."""

from collections.abc import Sequence
from dataclasses import replace

from allelake.export.people import People
from allelake.export.places import Chunk, Span
from allelake.export.session import Session
from allelake.export.statements import statement

# A plane of 1,024 bits, none of them set.
_ZERO = "'" + r"\x00" * 128 + "'::BLOB"


def with_phases(session: Session, people: People, spans: Sequence[Span]) -> People:
    """The people, with `is_phased` told of each batch that asked its samples together."""
    joint = [batch.batch for batch in people.batches if batch.kind == "joint"]
    found: dict[int, bool] = {}
    for span in spans:
        values = {**Chunk(span.contig, span.start, span.end, 0).values(), "batches": joint}
        for batch, is_phased in session.rows(statement("phases", zero=_ZERO), values):
            found[batch] = found.get(batch, True) and bool(is_phased)
    batches = tuple(
        replace(batch, is_phased=found.get(batch.batch, False)) for batch in people.batches
    )
    return replace(people, batches=batches)
