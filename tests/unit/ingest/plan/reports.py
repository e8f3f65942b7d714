"""Inspected files and lakes made up on the spot, so that plans are tested without any file."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from allelake.ingest.options import IngestOptions
from allelake.ingest.planning.plan import plan_ingest
from allelake.ingest.planning.values import Plan, PlannedBatch
from allelake.ingest.spec import ContigSpan, Field, FileReport, Header
from allelake.warehouse.assembly import shipped_assembly
from allelake.warehouse.info import LakeInfo
from allelake.warehouse.tables import load_tables

GT = Field("GT", "1", "String")
DP = Field("DP", "1", "Integer")
GQ = Field("GQ", "1", "Integer")
AD = Field("AD", "R", "Integer")
PS = Field("PS", "1", "Integer")


def lake(assembly: str = "GRCh38") -> LakeInfo:
    shipped = shipped_assembly(assembly)
    return LakeInfo(Path("a.lake"), 1, shipped.name, shipped.contigs, shipped.zones)


def span(name: str, records: int = 10, first: int = 100, last: int = 200) -> ContigSpan:
    return ContigSpan(name, records, first, last, last)


def report(
    name: str = "a.vcf.gz",
    samples: Sequence[str] = ("ann", "bo"),
    spans: Sequence[ContigSpan] = (),
    *,
    contigs: Mapping[str, int | None] | None = None,
    info: Sequence[Field] = (),
    format: Sequence[Field] = (GT,),
    sources: Sequence[str] = (),
    hint: str | None = None,
    **more: object,
) -> FileReport:
    spans = spans or (span("chr22"),)
    known = {contig.name: contig.length_bp for contig in lake().contigs}
    declared = {one.name: known.get(one.name) for one in spans}
    header = Header(
        version="4.3",
        samples=tuple(samples),
        contigs=dict(declared if contigs is None else contigs),
        info={field.id: field for field in info},
        format={field.id: field for field in format},
        filters=(),
        sources=tuple(sources),
        assembly_hint=hint,
    )
    values: dict[str, object] = {
        "path": Path(name),
        "kind": "bgzf",
        "bytes": 1000,
        "sha256": f"digest of {name}",
        "header": header,
        "spans": tuple(spans),
        "records": sum(one.records for one in spans),
        "index": None,
        "format_used": tuple(field.id for field in format),
        "info_used": tuple(field.id for field in info),
    }
    return FileReport(**(values | more))  # type: ignore[arg-type]


def tables(
    batches: Sequence[Mapping[str, object]] = (),
    samples: Sequence[Mapping[str, object]] = (),
    removals: Sequence[Mapping[str, object]] = (),
) -> dict[str, pa.Table]:
    """The lake's `batches`, `samples` and `removals`; what a row leaves out is filled in."""
    whole: dict[str, object] = {
        "kind": "joint",
        "absent": "unknown",
        "profile": "generic",
        "is_normalised": "trimmed",
        "normaliser_version": 1,
        "has_adj": False,
        "contigs": ["chr21"],
        "samples": 2,
        "records": 10,
        "variants": 10,
        "skipped_records": 0,
        "inputs": [],
        "warnings": [],
        "ingested_at": 0,
    }
    declared = load_tables()
    return {
        "batches": pa.Table.from_pylist(
            [whole | dict(row) for row in batches], declared["batches"].arrow_schema()
        ),
        "samples": pa.Table.from_pylist(
            [{"participant_id": row["sample_id"], **row} for row in samples],
            declared["samples"].arrow_schema(),
        ),
        "removals": pa.Table.from_pylist(
            [dict(row) for row in removals], declared["removals"].arrow_schema()
        ),
    }


def plan(
    *reports: FileReport, into: LakeInfo | None = None, having: object = None, **options: object
) -> Plan:
    held = having if isinstance(having, dict) else tables()
    return plan_ingest(reports, into or lake(), held, IngestOptions(**options))  # type: ignore[arg-type]


def only(made: Plan) -> PlannedBatch:
    (batch,) = made.batches
    return batch
