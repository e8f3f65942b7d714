"""Rows of the table `bits`: planes of the blocks whose counts do not come from `calls`."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from allelake.ingest.encoding.adj import AdjPlanes
from allelake.ingest.encoding.keys import VariantKeys, key_columns
from allelake.ingest.encoding.phases import PhasePlanes
from allelake.ingest.encoding.planes import PLANE_BYTES, Bits, BlockLayout, Flags, Planes, Tiers

# In the order in which they are sorted.
POLICIES = ("adj@1", "adj@1-haploid", "raw")
PLANE_NAMES = ("alt1", "alt2", "short1", "short2")
WHOLE_PLANE_NAMES = ("haploid", "phased", "second")


class _Chosen(NamedTuple):
    """Rows of one policy: variant, block number, rank of the policy, planes (rows, 128)."""

    variant: NDArray[np.intp]
    block: NDArray[np.intp]
    policy: NDArray[np.intp]
    planes: tuple[Bits, ...]


def bits_table(
    keys: VariantKeys,
    batch: int,
    layout: BlockLayout,
    planes: Planes,
    tiers: Tiers,
    adj: AdjPlanes | None,
    outside_par: bool,
    phases: PhasePlanes | None = None,
) -> pa.Table | None:
    """The rows for a stretch of variants, sorted; None where there are none.

    `outside_par` adds the thresholds of haploid calls, which XY have on X and Y outside PAR. With
    `phases` (and without `adj`) the rows are whole: they have all that is kept of the genotypes.
    """
    raw: tuple[Bits, ...] = (planes.alt1, planes.alt2, planes.short1, planes.short2)
    if phases is not None:
        raw += (planes.haploid, phases.phased, phases.second, phases.unphased)
    chosen = [_choose(layout, tiers.many, raw, POLICIES.index("raw"))]
    if adj is not None:
        for policy in ("adj@1", "adj@1-haploid") if outside_par else ("adj@1",):
            failing = adj.failing(haploid=policy == "adj@1-haploid")
            strict = (*(p & ~failing for p in raw[:2]), *(p | failing for p in raw[2:]))
            chosen.append(_choose(layout, tiers.many_adj, strict, POLICIES.index(policy)))
    if not any(part.variant.size for part in chosen):
        return None
    merged = _merge(chosen)
    columns: dict[str, object] = {
        **key_columns(keys, merged.variant, batch),
        "block": pa.array(merged.block, pa.int16()),
        "policy": pa.DictionaryArray.from_arrays(
            pa.array(merged.policy, pa.int8()), pa.array(POLICIES)
        ),
    }
    written = merged.planes if phases is None else _whole_planes(layout, merged)
    for name, plane in zip(PLANE_NAMES + WHOLE_PLANE_NAMES, written, strict=False):
        columns[name] = _plane_array(plane)
    columns["is_whole"] = pa.repeat(pa.scalar(phases is not None), merged.variant.size)
    return pa.table(columns)


def _whole_planes(layout: BlockLayout, merged: _Chosen) -> tuple[Bits, ...]:
    """The planes of whole rows in the order of the table, out of `raw` with its phases."""
    everybody = layout.in_blocks(layout.valid[None])[0, merged.block - layout.numbers[0]]
    *counts, phased, second, unphased = merged.planes
    return (*counts, _phased(phased, unphased, everybody), second)


def _phased(phased: Bits, unphased: Bits, everybody: Bits) -> Bits:
    """Where all diploid carriers are phased the bits of all samples are set: that costs nothing."""
    is_all = _any(phased) & ~_any(unphased)
    return np.where(is_all[:, None], everybody, phased)


def _choose(layout: BlockLayout, many: Flags, planes: Sequence[Bits], policy: int) -> _Chosen:
    variant, place = np.nonzero(many)
    numbers = np.array(layout.numbers, np.intp)
    # Of the variants with such a block only, whose planes are copied to be cut into blocks.
    some, row = np.unique(variant, return_inverse=True)
    found = tuple(layout.in_blocks(plane[some])[row, place] for plane in planes)
    return _Chosen(variant, numbers[place], np.full(variant.size, policy, np.intp), found)


def _merge(chosen: Sequence[_Chosen]) -> _Chosen:
    if len(chosen) == 1:
        # By variant and block already.
        return chosen[0]
    variant, block, policy = (
        np.concatenate([getattr(part, name) for part in chosen])
        for name in ("variant", "block", "policy")
    )
    order = np.lexsort((policy, block, variant))
    planes = tuple(
        np.concatenate(of_policies)[order]
        for of_policies in zip(*(part.planes for part in chosen), strict=True)
    )
    return _Chosen(variant[order], block[order], policy[order], planes)


def _plane_array(plane: Bits) -> pa.Array:
    """Planes as BLOBs; one that is all zero is NULL."""
    has_any = _any(plane)
    if not has_any.any():
        return pa.nulls(len(plane), pa.binary())
    offsets = np.zeros(len(plane) + 1, np.int32)
    np.cumsum(has_any * np.int32(PLANE_BYTES), out=offsets[1:])
    buffers = [
        pa.py_buffer(np.packbits(has_any, bitorder="little")),
        pa.py_buffer(offsets),
        pa.py_buffer(np.ascontiguousarray(plane[has_any])),
    ]
    return pa.Array.from_buffers(pa.binary(), len(plane), buffers)


def _any(planes: Bits) -> NDArray[np.bool_]:
    """Which planes have a bit set."""
    return np.asarray(np.bitwise_or.reduce(planes.view(np.uint64), axis=1) > 0)
