"""INFO and FORMAT fields that a profile keeps, as columns of the types it gave them."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from allelake.ingest.reading.normalise import Variant
from allelake.ingest.spec import KeptField
from allelake.model.genotype import VECTOR_END
from allelake.warehouse.tables import arrow_type

_MISSING_TEXT = frozenset(("", "."))
_NONE = type(None)


def info_column(kept: KeptField, variants: Sequence[Variant], is_split: bool) -> pa.Array:
    """One INFO field of each variant; `is_split`: some of their records have several ALTs.

    Number=A gives this ALT's value, Number=R [REF's, this ALT's]; a value that is not there for
    this ALT, or `.`, is NULL; an absent flag is false.
    """
    of = arrow_type(kept.sql_type)
    name = kept.field.id
    values = [v.record.info.get(name) for v in variants]
    if kept.field.type == "Flag":
        return pa.array([value is True for value in values], pa.bool_())
    # cyvcf2 gives False for a key that stands without its value.
    values = [None if value is False else value for value in values]
    types = set(map(type, values))
    if types <= {_NONE}:
        return pa.nulls(len(values), of)
    if not pa.types.is_list(of) and not (is_split and kept.field.number == "A"):
        is_plain_text = types <= {_NONE, str} and not _MISSING_TEXT & set(values)
        if is_plain_text or types <= {_NONE, int, float}:
            return pa.array(values, of)
    take = _take_list if pa.types.is_list(of) else _take_one
    taken = [
        None if value is None else take(kept, value, variant)
        for value, variant in zip(values, variants, strict=True)
    ]
    return pa.array(taken, of)


def format_column(
    kept: KeptField,
    pieces: Iterable[tuple[NDArray[np.generic] | None, int, NDArray[np.int32]]],
) -> pa.Array:
    """One FORMAT field of rows of `calls`.

    `pieces` has, variant by variant, the record's array (samples, values) or None, the ALT's
    number, and the samples whose values are wanted.
    """
    of = arrow_type(kept.sql_type)
    arrays = [_piece(kept, of, values, allele, samples) for values, allele, samples in pieces]
    return pa.concat_arrays(arrays) if arrays else pa.nulls(0, of)


def _piece(
    kept: KeptField,
    of: pa.DataType,
    values: NDArray[np.generic] | None,
    allele: int,
    samples: NDArray[np.int32],
) -> pa.Array:
    if values is None:
        return pa.nulls(samples.size, of)
    chosen = values[samples]
    if chosen.dtype.kind in "US":
        return pa.array([_text(kept, of, str(text), allele) for text in chosen.tolist()], of)
    if chosen.ndim == 1:
        chosen = chosen[:, None]
    if pa.types.is_list(of):
        if kept.field.number == "R" and allele < chosen.shape[1]:
            return _lists(chosen[:, [0, allele]], of, is_whole=True)
        return _lists(chosen, of)
    index = allele - 1 if kept.field.number == "A" else 0
    if index >= chosen.shape[1]:
        return pa.nulls(samples.size, of)
    one = chosen[:, index]
    return pa.array(one, mask=~_has_value(one)).cast(of, safe=False)


def _lists(values: NDArray[Any], of: pa.ListType, is_whole: bool = False) -> pa.Array:
    """Rows of values as lists that end where the vector does, or whole; NULL if all missing."""
    known = _has_value(values)
    if is_whole:
        lengths = np.full(len(values), values.shape[1])
    elif values.dtype.kind == "f":
        # A missing float and the end of a vector look alike: the last value is taken for the end.
        lengths = values.shape[1] - np.argmax(known[:, ::-1], axis=1)
    else:
        lengths = np.count_nonzero(values != VECTOR_END, axis=1)
    lengths = np.where(known.any(axis=1), lengths, 0)
    places = np.arange(values.shape[1]) < lengths[:, None]
    flat = pa.array(values[places], mask=~known[places]).cast(of.value_type, safe=False)
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), flat, type=of, mask=pa.array(lengths == 0))


def _has_value(values: NDArray[Any]) -> NDArray[np.bool_]:
    known = ~np.isnan(values) if values.dtype.kind == "f" else values > VECTOR_END
    return np.asarray(known)


def _text(kept: KeptField, of: pa.DataType, text: str, allele: int) -> object:
    if text in _MISSING_TEXT:
        return None
    if not pa.types.is_list(of) and kept.field.number != "A":
        return text
    values = [None if part in _MISSING_TEXT else part for part in text.split(",")]
    if kept.field.number == "A":
        return values[allele - 1] if allele <= len(values) else None
    if kept.field.number == "R" and allele < len(values):
        return [values[0], values[allele]]
    return values


def _take_one(kept: KeptField, value: object, variant: Variant) -> object:
    """The value for this ALT, or the only one; NULL where there are not as many as declared."""
    if kept.field.number != "A":
        return None if isinstance(value, tuple) or value in _MISSING_TEXT else value
    values = _values(value)
    fits = len(values) == len(variant.record.alts)
    return values[variant.alt_index - 1] if fits else None


def _take_list(kept: KeptField, value: object, variant: Variant) -> object:
    values = _values(value)
    if all(item is None for item in values):
        return None
    if kept.field.number == "R":
        fits = len(values) == len(variant.record.alts) + 1
        return [values[0], values[variant.alt_index]] if fits else None
    is_text = kept.field.type in ("String", "Character")
    if kept.field.number.isdigit() and len(values) != int(kept.field.number) and not is_text:
        return None
    return values


def _values(value: object) -> list[object]:
    """A field's values one by one; cyvcf2 gives strings whole and single values bare."""
    if isinstance(value, str):
        return [None if part in _MISSING_TEXT else part for part in value.split(",")]
    return list(value) if isinstance(value, tuple) else [value]
