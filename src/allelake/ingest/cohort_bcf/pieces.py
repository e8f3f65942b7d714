"""The records of a stretch of a BCF file as tables of where their fields stand."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from allelake.ingest.cohort.source import NotPlain
from allelake.ingest.cohort_bcf.walk import COLUMNS, ODD, OTHER, POS, Bytes, Flags, Numbers, walk

_RECORDS = 8192
_CONTIG_AT = 8


@dataclass(frozen=True)
class Known:
    """The dictionary numbers of a file's header, and those of the fields that are wanted."""

    samples: int
    filters: Flags
    info: Flags
    formats: Flags
    wanted_info: Numbers
    wanted_formats: Numbers


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
    table = np.zeros((_RECORDS, COLUMNS), np.int64)
    info = np.zeros((_RECORDS, known.wanted_info.size, 3), np.int64)
    formats = np.zeros((_RECORDS, known.wanted_formats.size, 3), np.int64)
    contig, position = -1, 0
    for buffer in buffers:
        data = buffer.view()
        data.flags.writeable = False
        at = 0
        while at < data.size:
            found, after, why = walk(
                data, at, contig, known.samples, OTHER, -1, known.filters, known.info,
                known.formats, known.wanted_info, known.wanted_formats, table, info, formats,
            )  # fmt: skip
            if not found:
                after = int.from_bytes(
                    data[at + _CONTIG_AT : at + _CONTIG_AT + 4].tobytes(), "little"
                )
                if why != ODD or after == contig:
                    raise NotPlain
                contig, position = after, 0
                continue
            positions = table[:found, POS]
            if positions[0] < max(position, 1) or (positions[1:] < positions[:-1]).any():
                raise NotPlain
            yield Piece(data, contig, table[:found], info[:found], formats[:found])
            at, position = after, int(positions[-1])
