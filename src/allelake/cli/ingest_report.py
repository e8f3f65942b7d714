"""What an ingest did, or would do: the closing table, and the same as JSON."""

from typing import TYPE_CHECKING, Any

from allelake.counted import counted
from allelake.queries.table import lay_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from allelake.ingest.planning.values import PlannedBatch
    from allelake.ingest.run import IngestResult
    from allelake.ingest.run_result import BatchResult
    from allelake.ingest.spec import Notice

# Counts of a batch, in the order and words of the closing table. What is 0 is left out.
COUNTS = {
    "records_read": "records read",
    "records_skipped": "skipped (contigs left out)",
    "records_kept": "records kept",
    "split_records": "records split (several ALTs)",
    "variants": "variants",
    "star_alleles": "* alleles (called, no variant)",
    "blocks": "reference blocks",
    "reference_records": "records without an ALT",
    "symbolic_alleles": "symbolic alleles and breakends",
    "trimmed": "alleles trimmed",
    "left_aligned": "alleles left-aligned",
    "duplicates_alike": "duplicate records, alike (one kept)",
    "duplicates_resolved": "duplicate records, unlike (by --duplicates)",
    "genotypes": "genotypes",
}

# What is said of a batch's samples.
KINDS = {"per_sample": ", each asked alone"}
# Of fewer calls a file's own overhead would be told as what the calls cost.
FEWEST_CALLS = 1000
# Of so many files each has a line.
MOST_FILES = 40


def print_report(result: "IngestResult", planned_only: bool) -> None:
    """The report on stdout: files, batches with what became of their records, warnings."""
    for known in result.known:
        print(f"{known.path.name}: batch {known.batch} holds this file already; left alone.")
    made = {batch.batch: batch for batch in result.batches}
    for plan in result.plan.batches:
        _print_batch(plan, made.get(plan.spec.batch), planned_only)
    _print_notices(result.notices, "")
    if planned_only:
        print("Nothing was changed (--plan).")
    elif result.snapshot is None:
        print("Nothing was changed: the lake has all of it.")
    else:
        seconds = sum(result.seconds.values())
        print(f"Snapshot {result.snapshot}, after {seconds:.1f} seconds.")


def _print_batch(plan: "PlannedBatch", made: "BatchResult | None", planned_only: bool) -> None:
    what = "would be" if planned_only else "is"
    verb = f"{what} extended" if plan.extends else f"{what} made"
    people = counted(len(plan.samples), "sample") if plan.samples else "sites only, no samples"
    each = KINDS.get(plan.kind, "")
    print(f"Batch {plan.spec.batch} {verb}: {people}{each}, contigs {_few(plan.contigs)}")
    print(f"  profile {plan.profile.name}: {plan.profile_reason}")
    print(f"  a site without a record is {_absent(plan)}")
    if plan.replaced:
        print(f"  in the place of {counted(len(plan.replaced), 'sample')} that the lake had")
    print()
    _print_files(plan)
    counts = _counts(plan, made)
    _print_table(["", ""], ["VARCHAR", "BIGINT"], [(words, n) for words, n in counts.items()])
    for skipped in plan.skipped:
        print(f"  {counted(skipped.records, 'record')} of {skipped.name} left out: {skipped.why}")
    if planned_only:
        _print_fields(plan)
    else:
        _print_field_names(plan)
        _print_detail(made)
    _print_notices(made.notices if made is not None else plan.notices, "  ")


def _absent(plan: "PlannedBatch") -> str:
    """What an absent site means, in words."""
    if plan.spec.has_blocks:
        return f"{plan.absent}, unless a reference block covers it"
    if plan.absent != "regions":
        return plan.absent
    told = [f"{name}, {counted(bases, 'base')}" for name, bases in plan.regions_bases.items()]
    return f"reference inside the regions ({_few(told)}), unknown outside"


def _print_files(plan: "PlannedBatch") -> None:
    columns = ["file", "kind", "records", "bytes"]
    rows = [(file.path.name, file.kind, file.records, file.bytes) for file in plan.files]
    shown = rows if len(rows) <= MOST_FILES else rows[: MOST_FILES - 1]
    _print_table(columns, ["VARCHAR", "VARCHAR", "BIGINT", "BIGINT"], shown)
    if len(shown) < len(rows):
        records, size = plan.records, sum(file.bytes for file in plan.files)
        told = f"... {len(rows):,} files in all, with {records:,} records and {size:,} bytes"
        print(f"  {told} (--format json lists them)\n")


def _counts(plan: "PlannedBatch", made: "BatchResult | None") -> dict[str, int]:
    if made is None:
        skipped = sum(each.records for each in plan.skipped)
        counts = {"records_kept": plan.records, "records_skipped": skipped, "blocks": plan.blocks}
    else:
        counts = made.counts
    return {words: counts[name] for name, words in COUNTS.items() if counts.get(name)}


def _print_field_names(plan: "PlannedBatch") -> None:
    kept = [f"INFO/{one.field.id}" for one in plan.spec.info]
    kept += [f"FORMAT/{one.field.id}" for one in plan.spec.format]
    if kept:
        print(f"  fields kept: {_few(kept)}")
    if plan.dropped:
        names = [f"{field.where}/{field.id}" for field in plan.dropped]
        print(f"  fields left out: {_few(names)} (--plan tells why)")


def _print_detail(made: "BatchResult | None") -> None:
    """What the details of genotypes cost, for whoever asks whether they are worth it."""
    if made is None or not made.detail or made.detail[0].calls < FEWEST_CALLS:
        return
    told = [f"{cost.field} {cost.bytes_per_call:.2f}" for cost in made.detail]
    calls = made.detail[0].calls
    print(f"  bytes for each of {counted(calls, 'stored call')}: {', '.join(told)} (--detail)")


def _print_fields(plan: "PlannedBatch") -> None:
    rows = [
        (f"{where}/{kept.field.id}", kept.column, kept.sql_type, "")
        for where, fields in (("INFO", plan.spec.info), ("FORMAT", plan.spec.format))
        for kept in fields
    ]
    rows += [(f"{field.where}/{field.id}", "", "", field.why) for field in plan.dropped]
    _print_table(["field", "column", "type", "left out because"], ["VARCHAR"] * 4, rows)


def _print_notices(notices: "Sequence[Notice]", indent: str) -> None:
    for notice in notices:
        first = f", first at {notice.first}" if notice.first else ""
        print(f"{indent}warning: {notice.message} ({notice.count:,}{first})")


def _print_table(columns: list[str], types: list[str], rows: list[Any]) -> None:
    if not rows:
        return
    layout = lay_out(columns, types, rows, longest=80)
    if any(columns):
        print(f"  {layout.header()}")
    print(*(f"  {line}" for line in layout.lines(rows)), sep="\n")
    print()


def _few(names: "Sequence[str]") -> str:
    if len(names) <= 8:
        return ", ".join(names) or "none"
    return f"{', '.join(names[:6])}, ... ({len(names)} in all)"


def as_json(result: "IngestResult") -> dict[str, object]:
    """The same report as plain values."""
    made = {batch.batch: batch for batch in result.batches}
    return {
        "snapshot": result.snapshot,
        "known_files": [
            {"file": str(known.path), "batch": known.batch, "sha256": known.sha256}
            for known in result.known
        ],
        "batches": [_batch_json(plan, made.get(plan.spec.batch)) for plan in result.plan.batches],
        "warnings": [_notice_json(notice) for notice in result.notices],
        "seconds": {name: round(seconds, 3) for name, seconds in result.seconds.items()},
    }


def _batch_json(plan: "PlannedBatch", made: "BatchResult | None") -> dict[str, object]:
    kept = {"INFO": plan.spec.info, "FORMAT": plan.spec.format}
    return {
        "batch": plan.spec.batch,
        "extends": plan.extends,
        "kind": plan.kind,
        "absent": plan.absent,
        "has_blocks": plan.spec.has_blocks,
        "blocks": plan.blocks,
        "regions": [{"file": name, "bases": n} for name, n in plan.regions_bases.items()],
        "replaced_samples": len(plan.replaced),
        "profile": plan.profile.name,
        "profile_reason": plan.profile_reason,
        "samples": len(plan.samples),
        "contigs": list(plan.contigs),
        "records": plan.records,
        "files": [
            {"file": str(f.path), "kind": f.kind, "records": f.records, "sha256": f.sha256}
            for f in plan.files
        ],
        "fields": [
            {"field": f"{where}/{one.field.id}", "column": one.column, "type": one.sql_type}
            for where, fields in kept.items()
            for one in fields
        ],
        "fields_left_out": [
            {"field": f"{one.where}/{one.id}", "why": one.why} for one in plan.dropped
        ],
        "skipped": [
            {"contig": one.name, "records": one.records, "why": one.why} for one in plan.skipped
        ],
        "counts": {} if made is None else made.counts,
        "detail": [
            {"field": cost.field, "bytes": cost.bytes, "calls": cost.calls}
            for cost in (() if made is None else made.detail)
        ],
        "warnings": [
            _notice_json(notice) for notice in (plan.notices if made is None else made.notices)
        ],
    }


def _notice_json(notice: "Notice") -> dict[str, object]:
    return {
        "code": notice.code,
        "message": notice.message,
        "count": notice.count,
        "first": notice.first,
    }
