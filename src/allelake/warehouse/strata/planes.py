"""The planes of `bits` summed for many groups at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

PLANES = ("alt1", "alt2", "short1", "short2", "haploid")
# A plane of 1,024 bits as words of 64.
_WORDS = 16
_BYTES = 128
# Planes whose words stay in the processor's cache while every group looks at them.
_ROWS = 4_096

Words = npt.NDArray[np.uint64]
Sums = npt.NDArray[np.int32]
# Rule, batch, block and policy: rows of `bits` that the same groups look at.
Place = tuple[int, int, int, str]


@dataclass(frozen=True)
class Group:
    """Samples of one cell in one block that count alike there."""

    cell: int
    is_haploid: bool
    shortage: int
    mask: Words


class Planes:
    """The groups of each place, from rows of rule, batch, block, policy, cell, treated, n,
    shortage and mask."""

    def __init__(self, rows: Sequence[Sequence[Any]]) -> None:
        self.groups: dict[Place, list[Group]] = {}
        for rule, batch, block, policy, cell, treated, _, shortage, mask in rows:
            words = np.frombuffer(mask, np.uint64)
            group = Group(cell, treated == "haploid", shortage, words)
            self.groups.setdefault((rule, batch, block, policy), []).append(group)


def counts_of_planes(rows: pa.Table, planes: Planes, counts: Mapping[str, Sums]) -> None:
    """Adds to `counts` (cells x variants) what these rows of bits say; `i` is the variant."""
    names = ("rule", "batch", "block", "policy")
    places = list(zip(*(rows.column(name).to_pylist() for name in names), strict=True))
    variants = rows.column("i").to_numpy()
    words = {name: _words(rows.column(name)) for name in PLANES}
    numbers: dict[Place, int] = {place: n for n, place in enumerate(dict.fromkeys(places))}
    number = np.fromiter((numbers[place] for place in places), np.int32, len(places))
    for place, groups in planes.groups.items():
        if place not in numbers:
            continue
        own = np.flatnonzero(number == numbers[place])
        for chosen in _chunks(own):
            here = {name: plane[chosen] for name, plane in words.items()}
            here["alone"] = here["alt1"] & here["short1"]
            here["hemizygous"] = here["alt1"] & here["haploid"]
            some = {name: bool(plane.any()) for name, plane in here.items()}
            for group in groups:
                sums = {
                    name: _sums(plane, group.mask) if some[name] else 0
                    for name, plane in here.items()
                }
                _add(counts, group, variants[chosen], sums)


def _add(
    counts: Mapping[str, Sums],
    group: Group,
    places: npt.NDArray[np.integer[Any]],
    sums: Mapping[str, Any],
) -> None:
    """The formulas of LAYOUT.md. A haploid sample that is called heterozygous is missing."""
    cell = group.cell
    if group.is_haploid:
        copies = sums["alt2"] + sums["alone"]
        counts["ac"][cell, places] += copies
        counts["hemizygotes"][cell, places] += copies
        counts["an_record"][cell, places] -= sums["short2"] + sums["alt1"] - copies
        return
    counts["ac"][cell, places] += sums["alt1"] + sums["alt2"]
    counts["an_record"][cell, places] += group.shortage - sums["short1"] - sums["short2"]
    counts["homozygotes"][cell, places] += sums["alt2"]
    counts["hemizygotes"][cell, places] += sums["hemizygous"]
    counts["half_calls"][cell, places] += sums["alone"] - sums["hemizygous"]


def _sums(planes: Words, mask: Words) -> Sums:
    """How many bits of each plane are set under the mask."""
    used = np.flatnonzero(mask)
    if len(used) < _WORDS:
        planes, mask = planes[:, used], mask[used]
    sums: Sums = np.bitwise_count(planes & mask).sum(axis=1, dtype=np.int32)
    return sums


def _words(column: pa.ChunkedArray) -> Words:
    """The planes as words, a plane that is NULL as zeros."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    words = np.zeros((len(array), _WORDS), np.uint64)
    there = np.flatnonzero(array.is_valid().to_numpy(zero_copy_only=False))
    if len(there):
        told = b"".join(array.drop_null().to_pylist())
        words[there] = np.frombuffer(told, np.uint64).reshape(-1, _WORDS)
    return words


def _chunks(places: npt.NDArray[np.intp]) -> Iterator[npt.NDArray[np.intp]]:
    for start in range(0, len(places), _ROWS):
        yield places[start : start + _ROWS]
