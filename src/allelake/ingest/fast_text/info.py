"""INFO of many records taken apart: items, keys, values, and which keys stand together."""

from dataclasses import dataclass

import numpy as np

from allelake.ingest.fast_text.text import Flags, Pieces, Places, Text
from allelake.ingest.fast_text.values import cut_at

# Beyond these a chunk of lines is none for this package.
MOST_KEYS = 120
MOST_ITEMS = 64
MOST_SHAPES = 200
_MOST_KEY_WORDS = 8


@dataclass(frozen=True)
class InfoItems:
    """The items of some INFO columns; an item is `key=value` or a key alone.

    row, index   which column an item is of, and its place in it from 0
    key          number of its key in `keys`
    value        what follows the first '='; empty without
    has_value    whether there is a '='
    shape        of each column: the number of its run of keys in `shapes`
    """

    row: Places
    index: Places
    key: Places
    value: Pieces
    has_value: Flags
    keys: tuple[bytes, ...]
    shape: Places
    # (first column that has it, its keys; those with a value end in '=')
    shapes: tuple[tuple[int, tuple[bytes, ...]], ...]


def take_apart(text: Text, columns: Pieces) -> InfoItems | None:
    """The items of INFO columns, in order; None where there are too many different ones."""
    row, index, items = cut_at(text, b";", columns)
    name, value, has_value = _halves(text, items)
    key, firsts = text.codes(name, MOST_KEYS, _MOST_KEY_WORDS)
    if (key < 0).any() or int(index.max(initial=0)) >= MOST_ITEMS:
        return None
    keys = tuple(text.text_of(name, first) for first in firsts)
    found = _shapes(len(columns), row, index, key * 2 + has_value)
    if found is None:
        return None
    shape, columns_of_shapes = found
    bounds = np.searchsorted(row, np.arange(len(columns) + 1))
    shapes = []
    for first in columns_of_shapes:
        mine = slice(int(bounds[first]), int(bounds[first + 1]))
        signature = tuple(
            keys[k] + b"=" * has
            for k, has in zip(key[mine].tolist(), has_value[mine].tolist(), strict=True)
        )
        shapes.append((first, signature))
    return InfoItems(row, index, key, value, has_value, keys, shape, tuple(shapes))


def count_values(text: Text, values: Pieces) -> Places:
    """How many values each list joined by commas has."""
    if text.loops is not None:
        found = text.loops.count_in(text.bytes, values.start, values.length, ord(","))
        return np.asarray(found + 1)
    commas = text.places(b",")
    return np.asarray(
        np.searchsorted(commas, values.stop) - np.searchsorted(commas, values.start) + 1
    )


def _halves(text: Text, items: Pieces) -> tuple[Pieces, Pieces, Flags]:
    if text.loops is not None:
        before = text.loops.first_in(text.bytes, items.start, items.length, ord("="))
        sign, has_value = items.start + before, before < items.length
    else:
        equals = np.concatenate([text.places(b"="), np.full(1, len(text.raw) + 1)])
        sign = equals[np.searchsorted(equals, items.start)]
        has_value = sign < items.stop
    name_end = np.where(has_value, sign, items.stop)
    value_start = np.where(has_value, sign + 1, items.stop)
    name = Pieces(items.start, name_end - items.start)
    return name, Pieces(value_start, items.stop - value_start), has_value


def _shapes(
    total: int, row: Places, index: Places, code: Places
) -> tuple[Places, list[int]] | None:
    """The number of each column's run of codes, and the first column of each number."""
    width = -(-(int(index.max(initial=0)) + 1) // 8) * 8
    table = np.zeros((total, width), np.uint8)
    table[row, index] = code + 1
    words = np.ascontiguousarray(table).view("<u8")
    shape = np.full(total, -1, np.int64)
    firsts: list[int] = []
    left = np.arange(total)
    while left.size:
        if len(firsts) == MOST_SHAPES:
            return None
        first = int(left[0])
        alike = (words[left] == words[first]).all(axis=1)
        shape[left[alike]] = len(firsts)
        firsts.append(first)
        left = left[~alike]
    return shape, firsts
