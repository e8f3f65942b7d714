"""Plain records of chunks that follow each other: cut, joined, and moved to other rows."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from allelake.ingest.encoding.plain_records import PlainRecords

_TEXTS = ("ref", "alt", "id", "other_ids", "qual", "filters")


def joined(one: PlainRecords | None, other: PlainRecords | None) -> PlainRecords | None:
    """The records of both, `one` first."""
    if one is None or other is None:
        return other if one is None else one
    return replace(
        one,
        row=np.concatenate([one.row, other.row]),
        position=np.concatenate([one.position, other.position]),
        **{name: pa.concat_arrays([getattr(one, name), getattr(other, name)]) for name in _TEXTS},
        info={
            name: pa.concat_arrays([array, other.info[name]]) for name, array in one.info.items()
        },
    )


def parted(
    records: PlainRecords | None, before: int | None
) -> tuple[PlainRecords | None, PlainRecords | None]:
    """The records at positions < `before` (None: all), and the others."""
    if records is None or before is None:
        return records, None
    place = int(np.searchsorted(records.position, before))
    return _cut(records, slice(0, place)), _cut(records, slice(place, len(records)))


def in_rows(records: PlainRecords, rows: NDArray[np.int32]) -> PlainRecords:
    """The same records, held in other rows."""
    return replace(records, row=rows)


def _cut(records: PlainRecords, part: slice) -> PlainRecords | None:
    if part.start == part.stop:
        return None
    if part.stop - part.start == len(records):
        return records
    return replace(
        records,
        row=records.row[part],
        position=records.position[part],
        **{name: getattr(records, name)[part] for name in _TEXTS},
        info={name: array[part] for name, array in records.info.items()},
    )
