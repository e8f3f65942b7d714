"""Rows of the table `calls`: the genotypes that are no default, with their details."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from allelake.ingest.encoding.adj import AdjPlanes, depths_of_alleles
from allelake.ingest.encoding.fields import format_column
from allelake.ingest.encoding.keys import VariantKeys, key_columns
from allelake.ingest.encoding.planes import Bits, BlockLayout, Index, Planes, Tiers, set_bits
from allelake.ingest.reading.records import Integers, RecordRows
from allelake.ingest.spec import BatchSpec
from allelake.model.genotype import NO_ALLELE, count_alleles, is_known

# About 150 bytes each while a table is made of them.
_MOST_ROWS = 1 << 17


class CallRows(NamedTuple):
    """Which genotypes become rows: of which variant, in which column of the arrays."""

    variant: Index
    column: Index


def choose_calls(
    layout: BlockLayout,
    planes: Planes,
    tiers: Tiers,
    adj: AdjPlanes | None,
    *,
    is_whole: bool = False,
    is_compiled: bool = False,
) -> Iterator[tuple[str, CallRows]]:
    """Tier by tier the genotypes to keep as rows, by variant and sample, many thousands at a time.

    Few: every genotype that is no default, and those that fail adj@1 where they are few as well.
    Many: carriers only, or nobody where the rows of `bits` are whole.
    """
    common = layout.spread(tiers.many)
    rare = planes.nondefault & ~common
    if adj is not None:
        rare |= adj.failing_reference & ~layout.spread(tiers.many_adj)
    kept = {"rare": rare} if is_whole else {"rare": rare, "common": planes.alt1 & common}
    for tier, bits in kept.items():
        for start, stop in _runs(bits):
            variant, column = set_bits(bits[start:stop], is_compiled)
            if variant.size:
                yield tier, CallRows(variant + np.int32(start), column)


def _runs(kept: Bits) -> Iterator[tuple[int, int]]:
    """Runs of variants with about so many bits set that a table is made of them."""
    ends = np.cumsum(np.bitwise_count(kept).sum(axis=1, dtype=np.int64))
    start = 0
    while start < len(kept):
        before = int(ends[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, before + _MOST_ROWS, side="right")))
        yield start, stop
        start = stop


def calls_table(
    spec: BatchSpec,
    keys: VariantKeys,
    rows: RecordRows,
    row: Index,
    allele: Index,
    planes: Planes,
    adj: tuple[AdjPlanes, Tiers, BlockLayout] | None,
    chosen: CallRows,
) -> pa.Table:
    """One tier's rows, in the order of `chosen`. `row` and `allele` are each variant's."""
    variant, column = chosen
    held = row[variant]
    has_ad = spec.has_ad or spec.has_adj
    haploid = _bit(planes.default, column)
    columns: dict[str, object] = {
        **key_columns(keys, variant, spec.batch),
        "sample_number": pa.array(column + np.int32(spec.first_sample - rows.pad)),
        "default_count": pa.array(2 - haploid.astype(np.int8)),
        **_genotype_columns(rows, row, allele, chosen),
        "phase_set": _held_integers(rows.phase_sets if spec.has_ps else [], rows.pad, held, column),
        **_adj_columns(adj, variant, column),
        "dp": _integers(rows.dp, held, column),
        "gq": _integers(rows.gq, held, column),
        **(_allele_depths(rows, variant, row, allele, column) if has_ad else _no_depths(held)),
    }
    bounds = _variant_bounds(variant) if spec.format else []
    for kept, values in zip(spec.format, rows.formats, strict=True):
        pieces = ((values[row[v]], int(allele[v]), column[part] - rows.pad) for v, part in bounds)
        columns[kept.column] = format_column(kept, pieces)
    return pa.table(columns)


def _genotype_columns(
    rows: RecordRows, row: Index, allele: Index, chosen: CallRows
) -> dict[str, pa.Array]:
    variant, column = chosen
    if rows.is_compiled:
        return _genotypes_compiled(rows, row, allele, chosen)
    held, number = row[variant], allele[variant]
    first, second = rows.first[held, column], rows.second[held, column]
    copies, called = count_alleles(first, second, number.astype(first.dtype))
    is_diploid = second != NO_ALLELE
    phased = rows.phased[held, column] & is_diploid
    return {
        "alt_count": pa.array(copies),
        "called_count": pa.array(called),
        "ploidy": pa.array(1 + is_diploid.astype(np.int8)),
        "haplotype": pa.array(
            np.where(first == number, 1, 2).astype(np.int8), mask=~(phased & (copies == 1))
        ),
        "is_phased": pa.array(phased),
    }


def _genotypes_compiled(
    rows: RecordRows, row: Index, allele: Index, chosen: CallRows
) -> dict[str, pa.Array]:
    from allelake.ingest.encoding.compiled_planes import call_details

    total = chosen.variant.size
    counts = tuple(np.empty(total, np.int8) for _ in range(4))
    phased = np.empty(total, np.bool_)
    call_details(rows.first, rows.second, rows.phased, row, allele, *chosen, counts, phased)
    copies, called, ploidy, haplotype = counts
    return {
        "alt_count": pa.array(copies),
        "called_count": pa.array(called),
        "ploidy": pa.array(ploidy),
        "haplotype": pa.array(haplotype, mask=haplotype == 0),
        "is_phased": pa.array(phased),
    }


def _adj_columns(
    adj: tuple[AdjPlanes, Tiers, BlockLayout] | None, variant: Index, column: Index
) -> dict[str, pa.Array]:
    if adj is None:
        unknown = pa.nulls(variant.size, pa.bool_())
        in_bits = pa.repeat(pa.scalar(False), variant.size)
        return {"passes_adj": unknown, "passes_adj_haploid": unknown, "adj_in_bits": in_bits}
    planes, tiers, layout = adj
    return {
        "passes_adj": pa.array(_bit(planes.passes, column, variant)),
        "passes_adj_haploid": pa.array(_bit(planes.passes_haploid, column, variant)),
        "adj_in_bits": pa.array(tiers.many_adj[variant, layout.block_places(column)]),
    }


def _bit(planes: Bits, column: Index, row: Index | None = None) -> NDArray[np.bool_]:
    byte = planes[column >> 3] if row is None else planes[row, column >> 3]
    shift = (7 - (column & 7)).astype(np.uint8)
    return np.asarray((byte >> shift) & 1, np.bool_)


def _integers(values: Integers | None, held: Index, column: Index) -> pa.Array:
    if values is None:
        return pa.nulls(held.size, pa.int32())
    found = values[held, column]
    return pa.array(found, mask=~is_known(found))


def _held_integers(
    values: Sequence[Integers | None], pad: int, held: Index, column: Index
) -> pa.Array:
    """The first value of a field whose arrays are held record by record."""
    if all(array is None for array in values):
        return pa.nulls(held.size, pa.int32())
    found = np.zeros(held.size, np.int32)
    known = np.zeros(held.size, np.bool_)
    for record, part in _variant_bounds(held):
        array = values[record]
        if array is not None:
            found[part] = array[column[part] - pad, 0]
            known[part] = is_known(found[part])
    return pa.array(found, mask=~known)


def _allele_depths(
    rows: RecordRows, variant: Index, row: Index, allele: Index, column: Index
) -> dict[str, pa.Array]:
    names = ("ad_ref", "ad_alt")
    if rows.ad_pairs is not None:
        return _paired_depths(rows, variant, row, allele, column)
    if all(array is None for array in rows.ad):
        return _no_depths(variant)
    found = {name: np.zeros(variant.size, np.int32) for name in names}
    known = {name: np.zeros(variant.size, np.bool_) for name in names}
    for number, part in _variant_bounds(variant):
        depths = rows.ad[row[number]]
        for name, index in (("ad_ref", 0), ("ad_alt", int(allele[number]))):
            if depths is not None and index < depths.shape[1]:
                found[name][part] = depths[column[part] - rows.pad, index]
                known[name][part] = is_known(found[name][part])
    return {name: pa.array(found[name], mask=~known[name]) for name in names}


def _no_depths(held: Index) -> dict[str, pa.Array]:
    return {name: pa.nulls(held.size, pa.int32()) for name in ("ad_ref", "ad_alt")}


def _paired_depths(
    rows: RecordRows, variant: Index, row: Index, allele: Index, column: Index
) -> dict[str, pa.Array]:
    """The same where records with one ALT have their depths in one array."""
    assert rows.ad_pairs is not None
    held = row[variant]
    ad_ref, ad_alt = rows.ad_pairs[held, 0, column], rows.ad_pairs[held, 1, column]
    in_pairs = np.array(rows.in_pairs, np.bool_)[row]
    if not in_pairs.all():
        for number, part in _variant_bounds(variant):
            if not in_pairs[number]:
                place = np.array([number])
                depths = depths_of_alleles(rows, row[place], allele[place])
                ad_ref[part], ad_alt[part] = (values[0, column[part]] for values in depths)
    found = {"ad_ref": ad_ref, "ad_alt": ad_alt}
    return {name: pa.array(values, mask=~is_known(values)) for name, values in found.items()}


def _variant_bounds(variant: Index) -> list[tuple[int, slice]]:
    """(number, its rows) for each run of equal numbers."""
    if not variant.size:
        return []
    starts = np.concatenate([[0], np.flatnonzero(np.diff(variant)) + 1])
    stops = [*starts[1:].tolist(), variant.size]
    return [
        (int(variant[start]), slice(start, stop))
        for start, stop in zip(starts.tolist(), stops, strict=True)
    ]
