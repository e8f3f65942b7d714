"""Rows of `sites` and `calls` of a per-sample file: every own record is a row."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from allelake.ingest.encoding.adj import adj_planes
from allelake.ingest.encoding.calls import CallRows, calls_table
from allelake.ingest.encoding.keys import VariantKeys
from allelake.ingest.encoding.planes import BlockLayout, Index, Tiers, pack_planes
from allelake.ingest.encoding.ploidy import write_half_calls_haploid, zone_segments
from allelake.ingest.encoding.sites import SampleTotals, sites_table
from allelake.ingest.encoding.variants import VariantColumns, failed_filters
from allelake.ingest.reading.normalise import Variant
from allelake.ingest.reading.records import RecordRows
from allelake.ingest.spec import BatchSpec
from allelake.model.zone import Zone

# Genotypes that one step makes rows of.
_STEP_GENOTYPES = 1 << 16
_ONE_COPY_ZONES = ("x", "y", "mt")
# What SampleOutput adds is the same for every reader.
_ADDED_TO_SITES = ["bin", "batch"]
_ADDED_TO_CALLS = ["bin", "batch", "default_count", "adj_in_bits"]


class SampleCalls:
    """Encodes the variants of one file, whose arrays have a column for each of its samples."""

    def __init__(self, local: BatchSpec, numbers: Sequence[int]) -> None:
        """`local` is the batch as if it had this file's samples only; `numbers` are theirs."""
        self._spec = local
        self._numbers = np.array(numbers, np.int32)
        self._layout = BlockLayout.of(local)
        self.half_calls_as_haploid = 0

    def tables(
        self, variants: Sequence[Variant], rows: RecordRows, zones: Sequence[Zone]
    ) -> tuple[pa.Table, pa.Table | None]:
        """The rows of sorted, unique variants of a contig with these zones, as `add` takes them."""
        totals = SampleTotals(rows.width)
        columns = VariantColumns.of(variants, self._spec)
        sites = sites_table(self._spec, columns, rows, totals)
        sites = sites.drop_columns(_ADDED_TO_SITES)
        with_gt = [v for v in variants if rows.has_gt[v.record.row]]
        if not with_gt:
            return sites, None
        self._settle_half_calls(with_gt, rows, zones)
        step = max(1, _STEP_GENOTYPES // len(self._numbers))
        parts = [
            self._calls(with_gt[start : start + step], rows)
            for start in range(0, len(with_gt), step)
        ]
        return sites, pa.concat_tables(parts)

    def _settle_half_calls(
        self, variants: Sequence[Variant], rows: RecordRows, zones: Sequence[Zone]
    ) -> None:
        if not self._spec.half_calls_are_haploid:
            return
        positions = np.array([v.position for v in variants], np.int32)
        row = np.array([v.record.row for v in variants], np.int32)
        for where, zone in zone_segments(positions, zones):
            if zone in _ONE_COPY_ZONES:
                self.half_calls_as_haploid += write_half_calls_haploid(rows, row[where])

    def _calls(self, variants: Sequence[Variant], rows: RecordRows) -> pa.Table:
        total = len(self._numbers)
        row = np.array([v.record.row for v in variants], np.int32)
        allele = np.array([v.alt_index for v in variants], np.int32)
        planes = pack_planes(rows, row, allele, None)
        adj = None
        if self._spec.has_adj:
            none = np.zeros((len(variants), len(self._layout.numbers)), np.bool_)
            found = adj_planes(rows, row, allele, planes, self._layout)
            adj = (found, Tiers(none, none), self._layout)
        variant: Index = np.repeat(np.arange(len(variants), dtype=np.int32), total)
        column: Index = np.tile(np.arange(total, dtype=np.int32), len(variants))
        chosen = CallRows(variant, column)
        table = calls_table(
            self._spec, VariantKeys.of(variants), rows, row, allele, planes, adj, chosen
        ).drop_columns(_ADDED_TO_CALLS)
        place = table.column_names.index("sample_number")
        table = table.set_column(place, "sample_number", pa.array(self._numbers[column]))
        return table.append_column("filters", _filters_of(variants, variant))


def _filters_of(variants: Sequence[Variant], variant: NDArray[np.int32]) -> pa.Array:
    listed = [failed_filters(v.record.filters) for v in variants]
    return pa.array(listed, pa.list_(pa.string())).take(pa.array(variant))
