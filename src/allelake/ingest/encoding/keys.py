"""The key columns that rows of `sites`, `calls` and `bits` have from their variants."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from allelake.ingest.reading.normalise import Key, Variant

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

    @classmethod
    def of_sequences(
        cls, position: NDArray[np.int32], ref: pa.Array, alt: pa.Array
    ) -> "VariantKeys":
        """The keys of sequence alleles, whose end follows from REF."""
        length = pc.binary_length(ref).to_numpy()
        end = (position + length - 1).astype(np.int32)
        return cls(position, ref, alt, end, pa.nulls(len(ref), pa.int32()))

    def part(self, where: slice) -> "VariantKeys":
        """Some neighbours, without a copy."""
        start, stop, _ = where.indices(len(self.position))
        ref, alt, sv_length = (
            array.slice(start, stop - start) for array in (self.ref, self.alt, self.sv_length)
        )
        return VariantKeys(self.position[where], ref, alt, self.end_position[where], sv_length)

    def take(self, places: NDArray[np.intp]) -> "VariantKeys":
        """The keys at these places, in that order."""
        chosen = pa.array(places)
        ref, alt, sv_length = (array.take(chosen) for array in (self.ref, self.alt, self.sv_length))
        return VariantKeys(self.position[places], ref, alt, self.end_position[places], sv_length)

    def and_then(self, other: "VariantKeys") -> "VariantKeys":
        """These and others behind them."""
        ref, alt, sv_length = (
            pa.concat_arrays([getattr(self, name), getattr(other, name)])
            for name in ("ref", "alt", "sv_length")
        )
        position, end = (
            np.concatenate([getattr(self, name), getattr(other, name)])
            for name in ("position", "end_position")
        )
        return VariantKeys(position, ref, alt, end, sv_length)

    def sort_keys(self, places: NDArray[np.intp]) -> list[Key]:
        """As `Variant.key` has them."""
        chosen = self.take(places)
        return [
            (position, ref, alt, end, length is None, length or 0)
            for position, ref, alt, end, length in zip(
                chosen.position.tolist(),
                chosen.ref.to_pylist(),
                chosen.alt.to_pylist(),
                chosen.end_position.tolist(),
                chosen.sv_length.to_pylist(),
                strict=True,
            )
        ]


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
