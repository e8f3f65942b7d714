"""FORMAT fields beside GT as BCF has them: for each line a matrix over all samples."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from allelake.export.bcf_values import (
    FLOAT,
    INT8,
    INT16,
    INT32,
    TEXT,
    descriptor,
    kind_for,
    typed_int,
)
from allelake.export.fields import Field
from allelake.export.lines import Lines

_TYPES: dict[int, Any] = {INT8: np.int8, INT16: np.int16, INT32: np.int32}
# Cells of a matrix that is held at a time, for one field.
_CELLS = 8_000_000


def encoded_formats(
    lines: Lines, fields: Sequence[Field], numbers: Mapping[str, int]
) -> dict[int, list[bytes | memoryview]]:
    """By line with details: for each field its head and its bytes, one after the other."""
    details = lines.details
    if not len(details.texts):
        return {}
    detailed, row = np.unique(details.allele, return_inverse=True)
    samples = lines.codes.shape[1]
    parts = pc.split_pattern(details.texts, ":")
    found: dict[int, list[bytes | memoryview]] = {int(n): [] for n in detailed.tolist()}
    for nth, field in enumerate(fields):
        # Before the first colon there is nothing.
        texts = pc.list_element(parts, nth + 1)
        key = typed_int(numbers[field.name])
        if field.type == "String":
            _texts(found, detailed, row, details.place, texts, samples, key)
        else:
            _numbers(found, detailed, row, details.place, texts, samples, key, field.type)
    return found


def _numbers(
    found: dict[int, list[bytes | memoryview]],
    lines: NDArray[np.int32],
    row: NDArray[np.intp],
    place: NDArray[np.int32],
    texts: pa.StringArray,
    samples: int,
    key: bytes,
    type: str,
) -> None:
    lists = pc.split_pattern(texts, ",")
    lengths = pc.list_value_length(lists).to_numpy().astype(np.int64)
    flat = lists.flatten()
    values = pc.if_else(pc.equal(flat, "."), None, flat).cast(
        pa.float32() if type == "Float" else pa.int32()
    )
    width = max(1, int(lengths.max(initial=1)))
    kind, dtype, missing, end = _kind_of(values, type)
    held = values.view(pa.uint32()) if kind == FLOAT else values
    plain = held.fill_null(missing).to_numpy(zero_copy_only=False).astype(dtype)
    ends = np.cumsum(lengths)
    head = key + descriptor(width, kind)
    step = max(1, _CELLS // (samples * width))
    for start in range(0, len(lines), step):
        stop = min(start + step, len(lines))
        matrix: NDArray[Any] = np.full((stop - start, samples, width), end, dtype)
        matrix[:, :, 0] = missing
        first, last = np.searchsorted(row, [start, stop])
        count = lengths[first:last]
        before = ends[first] - lengths[first] if last > first else 0
        within = np.arange(int(count.sum())) - np.repeat(ends[first:last] - count - before, count)
        matrix[
            np.repeat(row[first:last] - start, count), np.repeat(place[first:last], count), within
        ] = plain[before : before + len(within)]
        view = memoryview(matrix.data).cast("B")
        size = samples * width * matrix.itemsize
        for nth in range(stop - start):
            found[int(lines[start + nth])] += (head, view[nth * size : (nth + 1) * size])


def _kind_of(values: pa.Array, type: str) -> tuple[int, type, int, int]:
    """The type, as numpy has it, and what stands for missing and for the end of a vector."""
    if type == "Float":
        return FLOAT, np.uint32, 0x7F800001, 0x7F800002
    bounds = pc.min_max(values).as_py()
    kind = kind_for(bounds["min"] or 0, bounds["max"] or 0)
    least = int(np.iinfo(_TYPES[kind]).min)
    return kind, _TYPES[kind], least, least + 1


def _texts(
    found: dict[int, list[bytes | memoryview]],
    lines: NDArray[np.int32],
    row: NDArray[np.intp],
    place: NDArray[np.int32],
    texts: pa.StringArray,
    samples: int,
    key: bytes,
) -> None:
    told = np.array([text.encode() for text in texts.to_pylist()], dtype=object)
    bounds = np.searchsorted(row, np.arange(len(lines) + 1))
    for nth, line in enumerate(lines.tolist()):
        part = slice(bounds[nth], bounds[nth + 1])
        width = max(1, *(len(text) for text in told[part]))
        cells = np.full(samples, b".", f"S{width}")
        cells[place[part]] = told[part]
        found[line] += (key + descriptor(width, TEXT), cells.tobytes())
