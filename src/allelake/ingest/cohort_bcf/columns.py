"""The fixed columns and INFO of plain BCF records, as PlainRecords has them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from allelake.ingest.cohort.source import NotPlain
from allelake.ingest.cohort_bcf.genotypes import integers, texts
from allelake.ingest.cohort_bcf.walk import (
    ABSENT,
    ALT_AT,
    ALT_BYTES,
    FILTER_AT,
    FILTER_TYPE,
    FILTERS,
    FLOAT,
    ID_AT,
    ID_BYTES,
    INT32,
    POS,
    QUAL_AT,
    REF_AT,
    REF_BYTES,
    TEXT,
    TYPE,
    VALUES,
    VALUES_AT,
    Bytes,
    Numbers,
)
from allelake.ingest.encoding.fields import info_column
from allelake.ingest.encoding.plain_records import PlainRecords
from allelake.ingest.encoding.variants import failed_filters
from allelake.ingest.reading.normalise import Variant
from allelake.ingest.spec import BatchSpec, KeptField
from allelake.model.genotype import MISSING_INTEGER, VECTOR_END
from allelake.warehouse.tables import arrow_type

# BCF2 specification 6.3.3: a missing decimal, and the end of a vector of them.
_MISSING_FLOAT, _FLOAT_END = 0x7F800001, 0x7F800002


@dataclass(frozen=True)
class Names:
    """What the numbers in the records of a file stand for, and what an error calls the file."""

    filters: dict[int, str]
    where: str


def plain_records(
    spec: BatchSpec,
    names: Names,
    data: Bytes,
    table: Numbers,
    info: Numbers,
    row: NDArray[np.int32],
) -> PlainRecords:
    """Records with one ALT that is a variant as it stands; raises NotPlain for what is odd."""
    first, others = _ids(data, table)
    return PlainRecords(
        row=row,
        position=table[:, POS].astype(np.int32),
        ref=_texts(data, table[:, REF_AT], table[:, REF_BYTES]),
        alt=_texts(data, table[:, ALT_AT], table[:, ALT_BYTES]),
        id=first,
        other_ids=others,
        qual=_quals(data, table),
        filters=_filters(names, data, table),
        info={
            kept.column: _info(kept, data, info[:, place]) for place, kept in enumerate(spec.info)
        },
        source=names.where,
    )


def _texts(data: Bytes, at: Numbers, sizes: Numbers) -> pa.Array:
    made = np.empty(int(sizes.sum()), np.uint8)
    ends = np.empty(at.size + 1, np.int32)
    if not texts(data, at, sizes, made, ends):
        raise NotPlain
    return pa.Array.from_buffers(
        pa.string(), at.size, [None, pa.py_buffer(ends), pa.py_buffer(made)]
    )


def _ids(data: Bytes, table: Numbers) -> tuple[pa.Array, pa.Array]:
    """The first ID and the others; NULL for an empty one and for `.`."""
    sizes = table[:, ID_BYTES]
    is_empty = (sizes == 0) | ((sizes == 1) & (data[table[:, ID_AT]] == ord(".")))
    if is_empty.all():
        return pa.nulls(len(table), pa.string()), pa.nulls(len(table), pa.list_(pa.string()))
    written = _texts(data, table[:, ID_AT], sizes)
    if ord(";") not in np.frombuffer(written.buffers()[2], np.uint8):
        named = pa.py_buffer(np.packbits(~is_empty, bitorder="little"))
        first = pa.Array.from_buffers(pa.string(), len(table), [named, *written.buffers()[1:]])
        return first, pa.nulls(len(table), pa.list_(pa.string()))
    parts = [
        [] if empty else [name for name in text.split(";") if name]
        for text, empty in zip(written.to_pylist(), is_empty.tolist(), strict=True)
    ]
    return (
        pa.array([names[0] if names else None for names in parts], pa.string()),
        pa.array([names[1:] or None for names in parts], pa.list_(pa.string())),
    )


def _quals(data: Bytes, table: Numbers) -> pa.Array:
    quals = _four_bytes(data, table[:, QUAL_AT]).view(np.float32)
    return pa.array(quals, pa.float32(), mask=~np.isfinite(quals))


def _four_bytes(data: Bytes, at: Numbers) -> NDArray[np.uint32]:
    return np.ascontiguousarray(data[at[:, None] + np.arange(4)]).view("<u4")[:, 0]


def _filters(names: Names, data: Bytes, table: Numbers) -> pa.Array:
    total = table[:, FILTERS]
    codes = np.full(len(table), -1, np.int64)
    is_one = total == 1
    # The least number of FILTER is 0; those above 127 have more bytes.
    codes[is_one] = data[table[is_one, FILTER_AT]]
    others = np.flatnonzero((total > 1) | (is_one & (table[:, FILTER_TYPE] > 1)))
    kinds: dict[tuple[int, ...], int] = {}
    for place in others.tolist():
        at, kind, written = (int(table[place, c]) for c in (FILTER_AT, FILTER_TYPE, FILTERS))
        found = tuple(integers(data, at, kind, written, 1)[0].tolist())
        codes[place] = -2 - kinds.setdefault(found, len(kinds))
    chosen, place_of = np.unique(codes, return_inverse=True)
    numbers = {-1: (), **{-2 - place: found for found, place in kinds.items()}}
    listed = [
        failed_filters([names.filters[n] for n in numbers.get(code, (code,))])
        for code in chosen.tolist()
    ]
    return pa.array(listed, pa.list_(pa.string())).take(pa.array(place_of.astype(np.int32)))


def _info(kept: KeptField, data: Bytes, found: Numbers) -> pa.Array:
    of = arrow_type(kept.sql_type)
    has_field = found[:, TYPE] != ABSENT
    if kept.field.type == "Flag":
        return pa.array(has_field & (found[:, VALUES] == 0))
    if not has_field.any():
        return pa.nulls(len(found), of)
    is_decimal = has_field & (found[:, TYPE] == FLOAT) & (found[:, VALUES] == 1)
    if of == pa.float32() and (is_decimal == has_field).all():
        return _decimals(data, found, has_field)
    values = [_value(data, *one) for one in found.tolist()]
    try:
        return info_column(kept, cast("Sequence[Variant]", _stand_ins(kept, values)), False)
    except pa.ArrowException as error:
        # Not of the type that the header declares.
        raise NotPlain from error


def _decimals(data: Bytes, found: Numbers, has_field: NDArray[np.bool_]) -> pa.Array:
    raw = np.full(len(found), _MISSING_FLOAT, np.uint32)
    raw[has_field] = _four_bytes(data, found[has_field, VALUES_AT])
    if (raw == _FLOAT_END).any():
        raise NotPlain
    return pa.array(raw.view(np.float32), mask=raw == _MISSING_FLOAT)


def _value(data: Bytes, at: int, kind: int, total: int) -> object:
    """One record's value of an INFO field as cyvcf2 gives it."""
    if kind == ABSENT:
        return None
    if kind == TEXT:
        raw = data[at : at + total]
        if total == 0 or not ((raw >= 32) & (raw < 127)).all():
            raise NotPlain
        return raw.tobytes().decode("ascii")
    if total == 0:
        return False
    values = (_floats if kind == FLOAT else _whole)(data, at, kind, total)
    return values[0] if total == 1 else tuple(values)


def _whole(data: Bytes, at: int, kind: int, total: int) -> list[object]:
    if not 1 <= kind <= INT32:
        raise NotPlain
    values = integers(data, at, kind, total, 1)[0].tolist()
    if VECTOR_END in values:
        raise NotPlain
    return [None if value == MISSING_INTEGER else value for value in values]


def _floats(data: Bytes, at: int, kind: int, total: int) -> list[object]:
    raw = np.frombuffer(data[at : at + 4 * total].tobytes(), "<u4")
    if (raw == _FLOAT_END).any():
        raise NotPlain
    values = raw.view(np.float32).tolist()
    return [None if r == _MISSING_FLOAT else v for r, v in zip(raw.tolist(), values, strict=True)]


def _stand_ins(kept: KeptField, values: Sequence[object]) -> list[SimpleNamespace]:
    """As much of a Variant as `info_column` asks for."""
    name = kept.field.id
    made: Callable[..., SimpleNamespace] = SimpleNamespace
    return [
        made(alt_index=1, record=made(alts=("",), info={} if value is None else {name: value}))
        for value in values
    ]
