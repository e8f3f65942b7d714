"""Regions of a joint batch (--regions): where all its samples were asked."""

from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from allelake.ingest.evidence.bins import reg2bin
from allelake.ingest.evidence.covered import asked_spans
from allelake.ingest.evidence.levels import REGION_POLICIES
from allelake.ingest.evidence.pieces import BASES, REGIONS
from allelake.ingest.evidence.spans import Spans, holder_of
from allelake.ingest.spec import BatchSpec
from allelake.warehouse.parquet import TableWriter
from allelake.warehouse.stored import StagedFile

# The batch as a whole writes these, not one of its parts.
_NO_PART = 0


def write_joint_regions(spec: BatchSpec, staging: Path) -> list[StagedFile]:
    """Files of `callable`, one for each contig that has regions, with no sample of their own."""
    made = []
    for contig, regions in (spec.regions or {}).items():
        writer = TableWriter("callable", staging, batch=spec.batch, part=_NO_PART, contig=contig)
        writer.write(_rows(_spans(regions), spec.batch))
        made.append(writer.close())
    return made


def in_regions(regions: NDArray[np.int32] | None, variants: pa.Table) -> pa.Array:
    """Of each row of `sites` of a contig whether one of its regions holds the asked span."""
    if regions is None or not len(regions):
        return pa.repeat(pa.scalar(False), variants.num_rows)
    asked, has_span = asked_spans(variants)
    return pa.array(has_span & (holder_of(_spans(regions), asked.start, asked.end) >= 0))


def _spans(regions: NDArray[np.int32]) -> Spans:
    return Spans(np.ascontiguousarray(regions[:, 0]), np.ascontiguousarray(regions[:, 1]))


def _rows(spans: Spans, batch: int) -> pa.Table:
    bins = reg2bin(spans.start, spans.end)
    order = np.lexsort((spans.end, spans.start, bins))
    total = len(order)
    columns = {
        "bin": pa.array(bins[order]),
        "start_position": pa.array(spans.start[order]),
        "end_position": pa.array(spans.end[order]),
        "batch": pa.repeat(pa.scalar(batch, pa.int32()), total),
        "policies": pa.repeat(pa.scalar(REGION_POLICIES, pa.int16()), total),
        "basis": pa.repeat(pa.scalar(BASES[REGIONS]), total),
    }
    return pa.table(columns)
