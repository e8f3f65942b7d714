"""Rows of the table `sites`, and what is summed over genotypes per variant and per sample."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from allelake.ingest.encoding.keys import key_columns
from allelake.ingest.encoding.planes import Bits, Flags, Index, Planes
from allelake.ingest.encoding.variants import VariantColumns
from allelake.ingest.reading.records import Integers, RecordRows
from allelake.ingest.spec import BatchSpec
from allelake.model.genotype import is_known

HISTOGRAM_BINS = 20
HISTOGRAM_STEP = 5
_STEP_GENOTYPES = 1 << 16
# So many ones can be added in 8 bits.
_BYTE_SUM_ROWS = 255

# Of each variant: how many values, their sum, their histogram; of each sample: the first two.
Sums = tuple[Integers, NDArray[np.int64], Integers]
SampleSums = tuple[NDArray[np.int64], NDArray[np.int64]]


class SampleTotals:
    """Sums over the variants of one contig, by column of the batch's arrays."""

    def __init__(self, width: int) -> None:
        self.variants = 0
        self.genotypes = 0
        names = ("missing_genotypes", "half_calls", "dp_n", "dp_sum", "gq_n", "gq_sum")
        self.sums = {name: np.zeros(width, np.int64) for name in names}

    def add_planes(self, planes: Planes) -> None:
        """Counts the no-calls and half-calls of variants with genotypes."""
        self.genotypes += len(planes.short2)
        if planes.is_complete:
            return
        _add_columns(self.sums["missing_genotypes"], planes.short2)
        _add_columns(self.sums["half_calls"], planes.half_calls)

    def table(self, spec: BatchSpec, samples: slice) -> pa.Table:
        """The rows of `sample_counts` for one contig."""
        total = spec.sample_total
        numbers = np.arange(spec.first_sample, spec.first_sample + total, dtype=np.int32)
        columns: dict[str, object] = {
            "batch": pa.repeat(pa.scalar(spec.batch, pa.int32()), total),
            "sample_number": pa.array(numbers),
            "genotypes": pa.repeat(pa.scalar(self.genotypes, pa.int32()), total),
        }
        for name, values in self.sums.items():
            wide = np.int64 if name.endswith("_sum") else np.int32
            columns[name] = pa.array(values[samples].astype(wide))
        return pa.table(columns)


def sites_table(
    spec: BatchSpec, variants: VariantColumns, rows: RecordRows, totals: SampleTotals
) -> pa.Table:
    """The rows of some variants, sorted as they are; their depths are added to `totals`."""
    total, row = len(variants), variants.row
    totals.variants += total
    written = variants.written
    columns: dict[str, object] = {
        **key_columns(variants.keys, np.arange(total), spec.batch),
        **dict(zip(written.column_names, written.columns, strict=True)),
        "has_genotypes": pa.array(flags_of(rows.has_gt, row)),
        **_depth_columns("dp", rows.dp, rows.has_dp, rows, row, totals),
        **_depth_columns("gq", rows.gq, rows.has_gq, rows, row, totals),
    }
    return pa.table(columns)


def flags_of(flags: Sequence[bool], row: Index) -> NDArray[np.bool_]:
    """What is noted of each variant's record."""
    return np.array(flags, np.bool_)[row]


def _depth_columns(
    name: str,
    values: Integers | None,
    has_field: Sequence[bool],
    rows: RecordRows,
    row: Index,
    totals: SampleTotals,
) -> dict[str, pa.Array]:
    """Count, sum and histogram of DP or GQ over all samples, NULL where a record lacks it."""
    count, total = np.zeros(row.size, np.int32), np.zeros(row.size, np.int64)
    bins = np.zeros((row.size, HISTOGRAM_BINS), np.int32)
    absent = ~flags_of(has_field, row)
    # Without GT there is no genotype to count for a sample, whatever its depth.
    genotyped = flags_of(rows.has_gt, row)
    if values is not None and not absent.all():
        add = _sum_compiled if rows.is_compiled else _sum_in_steps
        by_sample = (totals.sums[f"{name}_n"], totals.sums[f"{name}_sum"])
        add(values, row, genotyped, (count, total, bins), by_sample)
    offsets = np.arange(row.size + 1, dtype=np.int32) * HISTOGRAM_BINS
    return {
        f"{name}_n": pa.array(count, mask=absent),
        f"{name}_sum": pa.array(total, mask=absent),
        f"{name}_histogram": pa.ListArray.from_arrays(
            pa.array(offsets), pa.array(bins.reshape(-1)), mask=pa.array(absent)
        ),
    }


def _sum_compiled(
    values: Integers, row: Index, genotyped: Flags, into: Sums, by_sample: SampleSums
) -> None:
    from allelake.ingest.encoding.compiled_fields import sum_values

    sum_values(values, row, genotyped, HISTOGRAM_STEP, into, by_sample)


def _sum_in_steps(
    values: Integers, row: Index, genotyped: Flags, into: Sums, by_sample: SampleSums
) -> None:
    """Each variant's values: how many, their sum, their histogram; and sums by sample."""
    count, total, bins = into
    step = max(1, _STEP_GENOTYPES // max(1, values.shape[1]))
    for start in range(0, row.size, step):
        part = slice(start, start + step)
        field = values[row[part]]
        known = is_known(field)
        counted = np.where(known, field, 0)
        count[part] = known.sum(axis=1)
        total[part] = counted.sum(axis=1, dtype=np.int64)
        bins[part] = _histograms(counted, known)
        sample_count, sample_total = by_sample
        sample_count += known[genotyped[part]].sum(axis=0)
        sample_total += counted[genotyped[part]].sum(axis=0, dtype=np.int64)


def _histograms(values: Integers, known: NDArray[np.bool_]) -> NDArray[np.int64]:
    place = np.clip(values // HISTOGRAM_STEP, 0, HISTOGRAM_BINS - 1)
    place += np.arange(len(values), dtype=np.int32)[:, None] * HISTOGRAM_BINS
    counts = np.bincount(place[known], minlength=len(values) * HISTOGRAM_BINS)
    return counts.reshape(-1, HISTOGRAM_BINS)


def _add_columns(totals: NDArray[np.int64], planes: Bits) -> None:
    """Adds to each column the number of rows in which its bit is set."""
    some = planes[planes.any(axis=1)]
    for start in range(0, len(some), _BYTE_SUM_ROWS):
        bits = np.unpackbits(some[start : start + _BYTE_SUM_ROWS], axis=1)
        totals += bits.sum(axis=0, dtype=np.uint8)
