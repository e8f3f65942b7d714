"""What an ingest says of each malformed and each awkward file of the shared data.

A file is inspected, planned into an empty lake and read through, as `ingest` does it. Its lake is
of the assembly that MANIFEST.tsv gives it; where that is unknown, of the file's own contigs.
"""

import csv
import gzip
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pysam

from allelake.errors import AllelakeError
from allelake.ingest.inspection.whole_file import inspect_file
from allelake.ingest.options import IngestOptions
from allelake.ingest.part import run_part
from allelake.ingest.people.import_people import read_people_file
from allelake.ingest.planning.plan import plan_ingest
from allelake.ingest.spec import FileReport
from allelake.warehouse.assembly import Contig, shipped_assembly
from allelake.warehouse.info import LakeInfo
from allelake.warehouse.tables import load_tables

Step = Literal["inspect", "plan", "read", "people", "done", "crashed"]
PEOPLE = (".ped", ".fam")
TABLES = {
    name: table.arrow_schema().empty_table()
    for name, table in load_tables().items()
    if name in ("batches", "removals", "samples")
}


@dataclass(frozen=True)
class Verdict:
    """`step`: where the file was refused, or 'done'. `said`: the message, or what was counted.

    `records`, `kept` and `skipped` are None for a file that was refused before they were known.
    """

    file: str
    lake: str
    step: Step
    said: str
    records: int | None = None
    kept: int | None = None
    skipped: int | None = None

    @property
    def is_refused(self) -> bool:
        return self.step != "done"


def files(data: Path) -> list[Path]:
    """Every malformed and every awkward file; the index of the malformed ones is none of them."""
    found = [p for folder in ("malformed", "awkward") for p in (data / folder).rglob("*")]
    return sorted(p for p in found if p.is_file() and p.name != "INDEX.tsv")


def verdicts(data: Path) -> list[Verdict]:
    builds = read_builds(data)
    return [_verdict_or_crash(path, data, builds) for path in files(data)]


def _verdict_or_crash(path: Path, data: Path, builds: dict[str, str]) -> Verdict:
    try:
        return verdict(path, data, builds)
    except Exception as bug:
        # Told of by its own test, with the file's name.
        return Verdict(str(path.relative_to(data)), "", "crashed", f"{type(bug).__name__}: {bug}")


def read_builds(data: Path) -> dict[str, str]:
    with (data / "MANIFEST.tsv").open(newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["file"]: row["build"] for row in rows}


def verdict(path: Path, data: Path, builds: dict[str, str]) -> Verdict:
    name = str(path.relative_to(data))
    if path.suffix in PEOPLE:
        return _people_verdict(path, name, data)
    step: Step = "inspect"
    lake, report = "", None
    try:
        report = inspect_file(path)
        step = "plan"
        info = lake_for(report, builds.get(name, ""))
        lake = info.assembly
        made = plan_ingest([report], info, TABLES, IngestOptions())
        (batch,) = made.batches
        step = "read"
        counted = list(batch.notices)
        kept = skipped = 0
        with tempfile.TemporaryDirectory() as staging:
            for part in batch.parts:
                summary = run_part(batch.spec, part, Path(staging))
                # As in the closing table: what the inspection counted is told once.
                codes = {notice.code for notice in batch.notices}
                counted += [notice for notice in summary.notices if notice.code not in codes]
                kept += summary.counts["records_kept"]
                skipped += summary.counts["records_skipped"]
    except AllelakeError as refusal:
        said = str(refusal).replace(f"{path}: ", "").replace(str(path), path.name)
        return Verdict(name, lake, step, said, report.records if report else None)
    told = [f"{notice.message} ({notice.count:,})" for notice in counted]
    told += [
        f"{field.where} {field.id}: {field.why}" for field in batch.dropped if "#" in field.why
    ]
    return Verdict(name, lake, "done", "; ".join(told), report.records, kept, skipped)


def _people_verdict(path: Path, name: str, data: Path) -> Verdict:
    """Pedigrees are no input of `ingest` but of `samples import`."""
    try:
        read_people_file(path)
    except AllelakeError as refusal:
        said = str(refusal).replace(f"{path}: ", "").replace(str(path), path.name)
        return Verdict(name, "", "people", said)
    return Verdict(name, "", "done", "read as a pedigree by `samples import`")


def lake_for(report: FileReport, build: str) -> LakeInfo:
    if build in ("GRCh37", "GRCh38"):
        shipped = shipped_assembly(build)
        return LakeInfo(Path("a.lake"), 1, shipped.name, shipped.contigs, shipped.zones)
    longest = {span.name: span.last_base for span in report.spans}
    for name, length in report.header.contigs.items():
        longest[name] = max(longest.get(name, 1), length or 1)
    contigs = tuple(Contig(name, length, (), "other") for name, length in longest.items())
    return LakeInfo(Path("a.lake"), 1, "its own contigs", contigs, ())


def count_records(path: Path) -> int:
    """Records by a second way: lines that are neither blank nor header; BCF through htslib."""
    head = path.read_bytes()[:2]
    content = gzip.decompress(path.read_bytes()) if head == b"\x1f\x8b" else path.read_bytes()
    if content.startswith(b"BCF"):
        with pysam.VariantFile(str(path)) as reading:
            return sum(1 for _ in reading)
    lines = content.split(b"\n")
    return sum(1 for line in lines if line.strip() and not line.startswith(b"#"))
