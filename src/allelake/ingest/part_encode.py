"""A chunk of sorted variants turned into rows of `sites`, `calls`, `bits` and `ploidy`."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from allelake.ingest.encoding.adj import AdjPlanes, adj_planes
from allelake.ingest.encoding.bits import bits_table, plane_of
from allelake.ingest.encoding.calls import CallRows, calls_table, choose_calls
from allelake.ingest.encoding.keys import VariantKeys
from allelake.ingest.encoding.planes import (
    Bits,
    BlockLayout,
    Index,
    Tiers,
    choose_tiers,
    pack_planes,
)
from allelake.ingest.encoding.ploidy import (
    PloidyIntervals,
    haploid_plane,
    write_half_calls_haploid,
    zone_segments,
)
from allelake.ingest.encoding.sites import SampleTotals, sites_table
from allelake.ingest.joint_regions import in_regions
from allelake.ingest.part_output import PartOutput
from allelake.ingest.reading.normalise import Variant
from allelake.ingest.reading.records import RecordRows
from allelake.ingest.spec import BatchSpec

# Planes of so many genotypes at a time: 5/8 byte each, and as much again for rows of `bits`.
_GROUP_GENOTYPES = 1 << 24
# Zones where callers write haploid genotypes as half-calls, and those where XY have one copy
# although files may write two.
_ONE_COPY_ZONES = ("x", "y", "mt")
_OUTSIDE_PAR = ("x", "y")


@dataclass(frozen=True)
class _Group:
    """Variants with genotypes that are encoded together."""

    variants: Sequence[Variant]
    row: Index
    allele: Index
    default: Bits | None
    zone: str | None


class ChunkEncoder:
    """Encodes the chunks of one contig after another; sums per sample go from chunk to chunk."""

    def __init__(self, spec: BatchSpec, output: PartOutput) -> None:
        self._spec = spec
        self._output = output
        self._layout = BlockLayout.of(spec) if spec.sample_total else None
        self._intervals = PloidyIntervals()
        self._totals = SampleTotals(0)
        self._contig = ""
        self.half_calls_as_haploid = 0

    def start_contig(self, contig: str) -> None:
        """What is encoded next lies on this contig."""
        self._contig = contig
        self._totals = SampleTotals(self._layout.byte_total * 8 if self._layout else 0)

    def encode(self, variants: Sequence[Variant], rows: RecordRows) -> None:
        """Writes the rows of variants: sorted, unique, and all that lie at their positions."""
        zones = [zone for zone in self._spec.zones if zone.contig == self._contig]
        positions = np.array([v.position for v in variants], np.int32)
        for where, zone in zone_segments(positions, zones) if variants else ():
            self._encode_segment(variants[where], rows, zone)

    def finish_contig(self, rows: RecordRows) -> None:
        """Writes what belongs to the contig as a whole."""
        intervals = self._intervals.finish()
        if intervals:
            starts, ends, blocks, planes = zip(*intervals, strict=True)
            table = {
                "start_position": pa.array(starts, pa.int32()),
                "end_position": pa.array(ends, pa.int32()),
                "batch": pa.array([self._spec.batch] * len(starts), pa.int32()),
                "block": pa.array(blocks, pa.int16()),
                "haploid": pa.array(planes, pa.binary()),
            }
            self._output.write("ploidy", pa.table(table))
        if self._layout is not None and self._totals.variants:
            self._output.write("sample_counts", self._totals.table(self._spec, rows.samples))

    def _encode_segment(
        self, variants: Sequence[Variant], rows: RecordRows, zone: str | None
    ) -> None:
        row = np.array([v.record.row for v in variants], np.int32)
        keys = VariantKeys.of(variants)
        sites = sites_table(self._spec, keys, variants, rows, row, self._totals)
        if self._spec.regions is not None:
            inside = in_regions(self._spec.regions.get(self._contig), sites)
            sites = sites.append_column("in_regions", inside)
        self._output.write("sites", sites)
        with_gt = [v for v in variants if rows.has_gt[v.record.row]]
        if not with_gt or self._layout is None:
            return
        row = np.array([v.record.row for v in with_gt], np.int32)
        allele = np.array([v.alt_index for v in with_gt], np.int32)
        if self._spec.half_calls_are_haploid and zone in _ONE_COPY_ZONES:
            self.half_calls_as_haploid += write_half_calls_haploid(rows, row)
        default = haploid_plane(rows, row)
        self._note_ploidy(with_gt, default)
        step = max(1, _GROUP_GENOTYPES // rows.width)
        for start in range(0, len(with_gt), step):
            part = slice(start, start + step)
            group = _Group(with_gt[part], row[part], allele[part], default, zone)
            self._encode_group(group, rows, self._layout)

    def _note_ploidy(self, variants: Sequence[Variant], default: Bits | None) -> None:
        assert self._layout is not None
        planes = {}
        if default is not None:
            for number, where, _ in self._layout.slices():
                if default[where].any():
                    planes[number] = plane_of(self._layout, default, number)
        self._intervals.add(variants[0].position, variants[-1].position, planes)

    def _encode_group(self, group: _Group, rows: RecordRows, layout: BlockLayout) -> None:
        planes = pack_planes(rows, group.row, group.allele, group.default)
        self._totals.add_planes(planes)
        adj: AdjPlanes | None = None
        if self._spec.has_adj:
            adj = adj_planes(rows, group.row, group.allele, planes, layout)
        failing = None if adj is None else adj.failing_reference
        tiers = choose_tiers(layout, planes.nondefault, failing)
        keys = VariantKeys.of(group.variants)
        for chosen in choose_calls(layout, planes, tiers, adj):
            for tier, wanted in (("rare", ~chosen.is_common), ("common", chosen.is_common)):
                if wanted.any():
                    mine = CallRows(chosen.variant[wanted], chosen.column[wanted], wanted[wanted])
                    table = calls_table(
                        self._spec, keys, rows, group.row, group.allele, planes,
                        self._with_adj(adj, tiers, layout), mine,
                    )  # fmt: skip
                    self._output.write("calls", table, tier)
        outside_par = group.zone in _OUTSIDE_PAR
        bits = bits_table(keys, self._spec.batch, layout, planes, tiers, adj, outside_par)
        self._output.write("bits", bits)

    @staticmethod
    def _with_adj(
        adj: AdjPlanes | None, tiers: Tiers, layout: BlockLayout
    ) -> tuple[AdjPlanes, Tiers, BlockLayout] | None:
        return None if adj is None else (adj, tiers, layout)
