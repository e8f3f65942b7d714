"""Pieces of text as Arrow columns: texts, numbers, and lists of them."""

import numpy as np
import pyarrow as pa

from allelake.ingest.fast_text.text import Flags, Pieces, Places, Text

# Strings of so many bytes lie in a string view itself.
_INLINE = 12
_LOW_HALF = np.uint64(0xFFFFFFFF)


def texts_of(text: Text, pieces: Pieces) -> pa.Array:
    """The pieces as strings."""
    views = np.zeros((len(pieces), 4), np.uint32)
    head, rest = text.words(pieces), text.words(pieces, 1)
    is_long = pieces.length > _INLINE
    views[:, 0] = pieces.length
    views[:, 1] = head & _LOW_HALF
    views[:, 2] = np.where(is_long, 0, head >> np.uint64(32))
    views[:, 3] = np.where(is_long, pieces.start.astype(np.uint64), rest & _LOW_HALF)
    buffers = [None, pa.py_buffer(views), pa.py_buffer(text.raw)]
    return pa.Array.from_buffers(pa.string_view(), len(pieces), buffers).cast(pa.string())


def decimals_of(text: Text, pieces: Pieces) -> pa.Array:
    """Numbers as 32-bit floats, by way of 64 bits as htslib has them."""
    return texts_of(text, pieces).cast(pa.float64()).cast(pa.float32())


def integers_of(text: Text, pieces: Pieces) -> pa.Array:
    """Whole numbers of at most 9 digits, with or without a sign."""
    sign = text.bytes[pieces.start]
    signed = ((sign == ord("-")) | (sign == ord("+"))).astype(np.int64)
    value, sound = text.integers(Pieces(pieces.start + signed, pieces.length - signed))
    assert sound.all()
    return pa.array(np.where(sign == ord("-"), -value, value).astype(np.int32))


def scattered(values: pa.Array, rows: Places, total: int) -> pa.Array:
    """`values` at `rows` (each once) of a column of `total` rows, NULL elsewhere."""
    place = np.full(total, -1, np.int64)
    place[rows] = np.arange(len(rows))
    return values.take(pa.array(place, mask=place < 0))


def cut_at(text: Text, character: bytes, pieces: Pieces) -> tuple[Places, Places, Pieces]:
    """(piece, place in it from 0, the part) of each part between these characters."""
    if text.loops is not None:
        row, index, start, length = text.loops.parts_of(
            text.bytes, pieces.start, pieces.length, ord(character)
        )
        return row, index, Pieces(start, length)
    breaks = text.places(character)
    low = np.searchsorted(breaks, pieces.start)
    count = np.searchsorted(breaks, pieces.stop) - low + 1
    row = np.repeat(np.arange(len(pieces)), count)
    first = np.cumsum(count) - count
    index = np.arange(row.size) - first[row]
    before = low[row] + index - 1
    is_first: Flags = index == 0
    is_last = index == count[row] - 1
    padded = np.concatenate([breaks, np.zeros(1, np.int64)])
    start = np.where(is_first, pieces.start[row], padded[before] + 1)
    stop = np.where(is_last, pieces.stop[row], padded[np.minimum(before + 1, breaks.size)])
    return row, index, Pieces(start, stop - start)
