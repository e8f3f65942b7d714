"""Rows of the table `sites`, and what is summed over genotypes per variant and per sample."""

from collections.abc import Sequence
from math import isfinite

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from allelake.ingest.encoding.fields import info_column
from allelake.ingest.encoding.keys import VariantKeys, key_columns
from allelake.ingest.encoding.planes import Bits, Index, Planes
from allelake.ingest.reading.normalise import Variant
from allelake.ingest.reading.records import Integers, RecordRows
from allelake.ingest.spec import BatchSpec
from allelake.model.genotype import is_known

HISTOGRAM_BINS = 20
HISTOGRAM_STEP = 5
_STEP_GENOTYPES = 1 << 16
# So many ones can be added in 8 bits.
_BYTE_SUM_ROWS = 255


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
    spec: BatchSpec,
    keys: VariantKeys,
    variants: Sequence[Variant],
    rows: RecordRows,
    row: Index,
    totals: SampleTotals,
) -> pa.Table:
    """The rows of some variants, sorted as they are; their depths are added to `totals`."""
    totals.variants += len(variants)
    records = [v.record for v in variants]
    ids = [[name for name in (r.ids or "").split(";") if name] for r in records]
    columns: dict[str, object] = {
        **key_columns(keys, np.arange(len(variants)), spec.batch),
        "sv_type": pa.array([v.sv_type for v in variants], pa.string()),
        "id": pa.array([i[0] if i else None for i in ids], pa.string()),
        "other_ids": pa.array([i[1:] or None for i in ids], pa.list_(pa.string())),
        "qual": pa.array([_finite(r.qual) for r in records], pa.float32()),
        "filters": pa.array([failed_filters(r.filters) for r in records], pa.list_(pa.string())),
        "has_genotypes": pa.array([rows.has_gt[held] for held in row.tolist()], pa.bool_()),
        **_as_called(variants),
        "duplicate_records": pa.array([v.duplicate_records for v in variants], pa.int16()),
        **_depth_columns("dp", rows.dp, rows.has_dp, rows, row, totals),
        **_depth_columns("gq", rows.gq, rows.has_gq, rows, row, totals),
    }
    is_split = any(len(record.alts) > 1 for record in records)
    for kept in spec.info:
        columns[kept.column] = info_column(kept, variants, is_split)
    return pa.table(columns)


def failed_filters(written: Sequence[str]) -> list[str] | None:
    """NULL for `.`, an empty list for PASS; cyvcf2 gives [] and ['PASS']."""
    if not written:
        return None
    return [] if set(written) == {"PASS"} else list(written)


def _finite(qual: float | None) -> float | None:
    """NULL for NaN and infinity, which callers write where they have no QUAL."""
    return qual if qual is not None and isfinite(qual) else None


def _as_called(variants: Sequence[Variant]) -> dict[str, pa.Array]:
    position, ref, alt = [], [], []
    for variant in variants:
        record = variant.record
        written = record.alts[variant.alt_index - 1]
        position.append(record.position if record.position != variant.position else None)
        ref.append(record.ref if record.ref != variant.ref else None)
        alt.append(written if written != variant.alt else None)
    return {
        "record_position": pa.array(position, pa.int32()),
        "record_ref": pa.array(ref, pa.string()),
        "record_alt": pa.array(alt, pa.string()),
        "record_alt_index": pa.array([v.alt_index for v in variants], pa.int16()),
        "record_alt_total": pa.array([len(v.record.alts) for v in variants], pa.int16()),
    }


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
    absent = np.array([not has_field[held] for held in row.tolist()], np.bool_)
    # Without GT there is no genotype to count for a sample, whatever its depth.
    genotyped = np.array([rows.has_gt[held] for held in row.tolist()], np.bool_)
    step = max(1, _STEP_GENOTYPES // max(1, rows.width))
    for start in range(0, row.size if values is not None and not absent.all() else 0, step):
        assert values is not None
        part = slice(start, start + step)
        field = values[row[part]]
        known = is_known(field)
        counted = np.where(known, field, 0)
        count[part] = known.sum(axis=1)
        total[part] = counted.sum(axis=1, dtype=np.int64)
        bins[part] = _histograms(counted, known)
        totals.sums[f"{name}_n"] += known[genotyped[part]].sum(axis=0)
        totals.sums[f"{name}_sum"] += counted[genotyped[part]].sum(axis=0, dtype=np.int64)
    offsets = np.arange(row.size + 1, dtype=np.int32) * HISTOGRAM_BINS
    return {
        f"{name}_n": pa.array(count, mask=absent),
        f"{name}_sum": pa.array(total, mask=absent),
        f"{name}_histogram": pa.ListArray.from_arrays(
            pa.array(offsets), pa.array(bins.reshape(-1)), mask=pa.array(absent)
        ),
    }


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
