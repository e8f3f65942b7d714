"""What the fast reading of a part asks of whoever takes text or BCF apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from allelake.ingest.encoding.plain_records import PlainRecords
from allelake.ingest.reading.normalise import RecordFacts
from allelake.ingest.reading.records import RecordRows
from allelake.ingest.spec import Notice


class NotPlain(Exception):
    """Something stands there that only the reader of records understands, or may refuse.

    Raised anywhere in a fast reading it ends that reading: nothing of it stays, and the part is
    read record by record.
    """


@dataclass(frozen=True)
class OddRecord:
    """A record that is not one of `PlainRecords`: split, trimmed, and counted by the Normaliser.

    `facts.row` is where its genotypes are held, -1 for a record that has no variant. `info` has its
    SVTYPE, SVLEN and END as cyvcf2 gives them, as far as it has them.
    """

    facts: RecordFacts
    info: Mapping[str, object]


@dataclass(frozen=True)
class Taken:
    """The records of one chunk, all of one contig.

    contig          the lake's name; None where the batch leaves the contig out
    records         how many were read, with those left out and those without a variant
    plain           columns of the plain ones; None if there are none
    odd             the others, in the order of the file
    next_position   POS of the record after them, of whatever kind; None if the contig ends here
    counts          what the source counted of lines that it makes no record of
    """

    contig: str | None
    records: int
    plain: PlainRecords | None = None
    odd: Sequence[OddRecord] = ()
    next_position: int | None = None
    counts: Mapping[str, int] = field(default_factory=dict)


class RecordSource(Protocol):
    """Records of one file, or of a stretch of it, in their order."""

    @property
    def notices(self) -> Sequence[Notice]:
        """What the reader of record tells of the header, and of what was taken so far."""

    def take(self, rows: RecordRows) -> Taken | None:
        """The next records; their genotypes are in `rows`, behind those that lie there already.

        As many as `rows` has room for, up to the end of the contig. None after the last record.
        Raises NotPlain, also where `rows` has no room. Contigs come together, positions ascend.
        """
