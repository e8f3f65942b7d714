"""A chunk of sorted variants turned into rows of `sites`, `calls`, `bits` and `ploidy`."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from allelake.ingest.encoding.adj import AdjPlanes, adj_planes
from allelake.ingest.encoding.bits import bits_table
from allelake.ingest.encoding.calls import calls_table, choose_calls
from allelake.ingest.encoding.phases import phase_planes
from allelake.ingest.encoding.plain_records import PlainRecords
from allelake.ingest.encoding.planes import (
    Bits,
    BlockLayout,
    choose_tiers,
    pack_planes,
)
from allelake.ingest.encoding.ploidy import (
    PloidyIntervals,
    haploid_plane,
    write_half_calls_haploid,
    zone_segments,
)
from allelake.ingest.encoding.sites import SampleTotals, flags_of, sites_table
from allelake.ingest.encoding.variants import VariantColumns, settled
from allelake.ingest.joint_regions import in_regions
from allelake.ingest.part_duplicates import Duplicates
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

    variants: VariantColumns
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
        self._is_whole = not spec.has_details
        self.half_calls_as_haploid = 0

    def start_contig(self, contig: str) -> None:
        """What is encoded next lies on this contig."""
        self._contig = contig
        self._totals = SampleTotals(self._layout.byte_total * 8 if self._layout else 0)

    def encode(self, variants: Sequence[Variant], rows: RecordRows) -> None:
        """Writes the rows of variants: sorted, unique, and all that lie at their positions."""
        self._encode(VariantColumns.of(variants, self._spec), rows)

    def encode_plain(
        self,
        plain: PlainRecords | None,
        odd: Sequence[Variant],
        rows: RecordRows,
        duplicates: Duplicates,
    ) -> int:
        """Writes the variants of a chunk, in any order; how many there were.

        Those under one key are settled by `duplicates`. No other chunk has variants at their
        positions.
        """
        variants = settled(plain, odd, self._spec, rows, duplicates)
        self._encode(variants, rows)
        return len(variants)

    def _encode(self, variants: VariantColumns, rows: RecordRows) -> None:
        zones = [zone for zone in self._spec.zones if zone.contig == self._contig]
        for where, zone in zone_segments(variants.keys.position, zones) if len(variants) else ():
            self._encode_segment(variants.part(where), rows, zone)

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

    def _encode_segment(self, variants: VariantColumns, rows: RecordRows, zone: str | None) -> None:
        sites = sites_table(self._spec, variants, rows, self._totals)
        if self._spec.regions is not None:
            inside = in_regions(self._spec.regions.get(self._contig), sites)
            sites = sites.append_column("in_regions", inside)
        self._output.write("sites", sites)
        has_gt = flags_of(rows.has_gt, variants.row)
        if not has_gt.any() or self._layout is None:
            return
        with_gt = variants if has_gt.all() else variants.take(np.flatnonzero(has_gt))
        row = with_gt.row
        if self._spec.half_calls_are_haploid and zone in _ONE_COPY_ZONES:
            self.half_calls_as_haploid += write_half_calls_haploid(rows, row)
        default = haploid_plane(rows, row)
        self._note_ploidy(with_gt.keys.position, default)
        step = max(1, _GROUP_GENOTYPES // rows.width)
        for start in range(0, len(with_gt), step):
            part = slice(start, start + step)
            group = _Group(with_gt.part(part), default, zone)
            self._encode_group(group, rows, self._layout)

    def _note_ploidy(self, position: NDArray[np.int32], default: Bits | None) -> None:
        assert self._layout is not None
        planes = {}
        if default is not None:
            (found,) = self._layout.in_blocks(default[None])
            for number, plane in zip(self._layout.numbers, found, strict=True):
                if plane.any():
                    planes[number] = plane.tobytes()
        self._intervals.add(int(position[0]), int(position[-1]), planes)

    def _encode_group(self, group: _Group, rows: RecordRows, layout: BlockLayout) -> None:
        keys, row, allele = group.variants.keys, group.variants.row, group.variants.allele
        planes = pack_planes(rows, row, allele, group.default)
        self._totals.add_planes(planes)
        adj: AdjPlanes | None = None
        if self._spec.has_adj:
            adj = adj_planes(rows, row, allele, planes, layout)
        failing = None if adj is None else adj.failing_reference
        tiers = choose_tiers(layout, planes.nondefault, failing)
        phases = None
        if self._is_whole:
            common = np.flatnonzero(tiers.many.any(axis=1)).astype(np.int32)
            phases = phase_planes(rows, row, allele, planes, common)
        with_adj = None if adj is None else (adj, tiers, layout)
        for tier, chosen in choose_calls(
            layout, planes, tiers, adj, is_whole=self._is_whole, is_compiled=rows.is_compiled
        ):
            table = calls_table(self._spec, keys, rows, row, allele, planes, with_adj, chosen)
            self._output.write("calls", table, tier)
        outside_par = group.zone in _OUTSIDE_PAR
        bits = bits_table(keys, self._spec.batch, layout, planes, tiers, adj, outside_par, phases)
        self._output.write("bits", bits)
