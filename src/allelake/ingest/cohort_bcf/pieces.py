"""The records of a stretch of a BCF file as tables of where their fields stand."""

from collections.abc import Iterator
from dataclasses import dataclass

from allelake.ingest.cohort.source import NotPlain
from allelake.ingest.cohort_bcf.walk import ODD, OTHER, POS, Bytes, Found, Known, Numbers, walk

_RECORDS = 8192
_CONTIG_AT = 8


@dataclass
class Piece:
    """Some records of one contig, whose bytes are in `data` until the next piece is asked for.

    `contig` is its number; `used` says how many of them were taken.
    """

    data: Bytes
    contig: int
    table: Numbers
    info: Numbers
    formats: Numbers
    used: int = 0


def pieces_of(buffers: Iterator[Bytes], known: Known) -> Iterator[Piece]:
    """All records of the buffers, each of which has whole records.

    Raises NotPlain for a record that is not what the specification says, or out of order.
    """
    found = Found.of(_RECORDS, known)
    contig, position = -1, 0
    for buffer in buffers:
        data = buffer.view()
        data.flags.writeable = False
        at = 0
        while at < data.size:
            total, after, why = walk(data, at, contig, OTHER, known, found)
            if not total:
                after = int.from_bytes(
                    data[at + _CONTIG_AT : at + _CONTIG_AT + 4].tobytes(), "little"
                )
                if why != ODD or after == contig:
                    raise NotPlain
                contig, position = after, 0
                continue
            positions = found.table[:total, POS]
            if positions[0] < max(position, 1) or (positions[1:] < positions[:-1]).any():
                raise NotPlain
            table, info, formats = (held[:total] for held in found)
            yield Piece(data, contig, table, info, formats)
            at, position = after, int(positions[-1])
