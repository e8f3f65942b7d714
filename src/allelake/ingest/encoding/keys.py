"""The key columns that rows of `sites`, `calls` and `bits` have from their variants."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from allelake.ingest.reading.normalise import Variant

# `bin` is position >> 14: queries join on it, so that regions prune row groups.
BIN_SHIFT = 14


@dataclass(frozen=True)
class VariantKeys:
    """The keys of a run of variants, column by column."""

    position: NDArray[np.int32]
    ref: pa.Array
    alt: pa.Array
    end_position: NDArray[np.int32]
    sv_length: pa.Array

    @classmethod
    def of(cls, variants: Sequence[Variant]) -> "VariantKeys":
        """The keys of variants, in their order."""
        return cls(
            np.array([v.position for v in variants], np.int32),
            pa.array([v.ref for v in variants], pa.string()),
            pa.array([v.alt for v in variants], pa.string()),
            np.array([v.end_position for v in variants], np.int32),
            pa.array([v.sv_length for v in variants], pa.int32()),
        )


def key_columns(keys: VariantKeys, variant: NDArray[np.integer], batch: int) -> dict[str, pa.Array]:
    """The key columns of rows that belong to the variants numbered `variant`."""
    position = keys.position[variant]
    place = pa.array(variant.astype(np.int32, copy=False))
    return {
        "bin": pa.array(position >> BIN_SHIFT),
        "position": pa.array(position),
        "ref": pa.DictionaryArray.from_arrays(place, keys.ref),
        "alt": pa.DictionaryArray.from_arrays(place, keys.alt),
        "end_position": pa.array(keys.end_position[variant]),
        "sv_length": keys.sv_length.take(place)
        if keys.sv_length.null_count < len(keys.sv_length)
        else pa.nulls(len(place), pa.int32()),
        "batch": pa.repeat(pa.scalar(batch, pa.int32()), len(place)),
    }
