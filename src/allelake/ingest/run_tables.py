"""Rows of `samples` and `batches` that an ingest adds, and sums per sample of several parts."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from allelake.ingest.people.merge import with_metadata
from allelake.ingest.planning.values import PlannedBatch
from allelake.ingest.run_result import BatchResult
from allelake.ingest.spec import PartSummary
from allelake.model.allele import NORMALISER_VERSION
from allelake.warehouse.parquet import TableWriter
from allelake.warehouse.stored import StagedFile
from allelake.warehouse.tables import load_tables

Row = dict[str, Any]

_NO_PART = 0


def with_samples(
    tables: Mapping[str, pa.Table], batches: Sequence[PlannedBatch], before: pa.Table
) -> pa.Table:
    """`samples` with those of the batches, who get what `pedigree` has of them.

    `before` is the table as it was: a sample that takes the place of one there has its participant
    and its metadata.
    """
    replaced = {number for batch in batches for number in batch.replaced}
    old = {row["sample_id"]: row for row in _rows_of(before, replaced)}
    rows = [
        {
            "participant_id": name,
            **old.get(name, {}),
            "sample_number": batch.spec.first_sample + place,
            "sample_id": name,
            "batch": batch.spec.batch,
        }
        for batch in batches
        if not batch.extends
        for place, name in enumerate(batch.samples)
    ]
    if not rows:
        return tables["samples"]
    kept = tables["samples"]
    added = pa.Table.from_pylist(rows, schema=kept.schema)
    whole = pa.concat_tables([kept, added])
    return with_metadata(whole, tables["pedigree"])


def _rows_of(samples: pa.Table, numbers: set[int]) -> list[Row]:
    if not numbers:
        return []
    return [row for row in samples.to_pylist() if row["sample_number"] in numbers]


def with_batches(
    batches: pa.Table, results: Sequence[BatchResult], reference_sha256: str | None
) -> pa.Table:
    """`batches` with a row for each result; a batch that was extended keeps its row, added to."""
    rows = {row["batch"]: row for row in batches.to_pylist()}
    for result in results:
        row = _row(result, reference_sha256)
        if result.plan.extends:
            row = _extended(rows[result.batch], row)
        rows[result.batch] = row
    return pa.Table.from_pylist(list(rows.values()), schema=load_tables()["batches"].arrow_schema())


def merge_sample_counts(
    summaries: Sequence[PartSummary], batch: int, staging: Path
) -> list[StagedFile]:
    """All files of a batch's parts, where one contig's `sample_counts` of several parts are one."""
    files = [file for summary in summaries for file in summary.files]
    merged: list[StagedFile] = []
    counts: dict[str | None, list[StagedFile]] = {}
    for file in files:
        if file.table == "sample_counts":
            counts.setdefault(file.contig, []).append(file)
        else:
            merged.append(file)
    for contig, parts in counts.items():
        merged += parts if len(parts) == 1 else [_sum_counts(parts, contig, batch, staging)]
    return merged


def _row(result: BatchResult, reference_sha256: str | None) -> Row:
    plan, counts = result.plan, result.counts
    return {
        "batch": result.batch,
        "kind": plan.kind,
        "absent": plan.absent,
        "profile": plan.profile.name,
        "is_normalised": "left_aligned" if plan.spec.reference else "trimmed",
        "normaliser_version": NORMALISER_VERSION,
        "reference_sha256": reference_sha256,
        "has_adj": plan.spec.has_adj,
        "has_blocks": plan.spec.has_blocks if plan.samples else None,
        "has_details": plan.spec.has_details if plan.kind == "joint" and plan.samples else None,
        "contigs": list(plan.contigs),
        "samples": len(plan.samples),
        "records": plan.records,
        "variants": counts["variants"],
        "skipped_records": sum(skipped.records for skipped in plan.skipped),
        "inputs": [
            {"name": r.path.name, "bytes": r.bytes, "sha256": r.sha256, "records": r.records}
            for r in plan.files
        ],
        "warnings": [
            {"code": n.code, "count": n.count, "message": n.message} for n in result.notices
        ],
        "ingested_at": datetime.now(UTC).replace(tzinfo=None),
    }


def _extended(before: Row, added: Row) -> Row:
    """A batch's row after `--extend`: what was counted adds up, the rest stays as it was."""
    contigs = [*before["contigs"], *(c for c in added["contigs"] if c not in before["contigs"])]
    changed: Row = {
        name: before[name] + added[name]
        for name in ("records", "variants", "skipped_records", "inputs", "warnings")
    }
    if before["has_details"] is not None and added["has_details"]:
        changed["has_details"] = True
    return {**before, **changed, "contigs": contigs}


def _sum_counts(
    parts: Sequence[StagedFile], contig: str | None, batch: int, staging: Path
) -> StagedFile:
    rows = pa.concat_tables(pq.read_table(file.path, partitioning=None) for file in parts)
    keys = ["batch", "sample_number"]
    names = [name for name in rows.column_names if name not in (*keys, "contig")]
    summed = rows.group_by(keys, use_threads=False).aggregate([(name, "sum") for name in names])
    # Arrow puts the keys first and names a sum after its column.
    summed = summed.rename_columns([*keys, *names])
    writer = TableWriter("sample_counts", staging, batch=batch, part=_NO_PART, contig=contig)
    writer.write(summed.sort_by("sample_number"))
    for file in parts:
        file.path.unlink()
    return writer.close()
