"""Parts of joint call sets read by both readers, and what they give compared."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from allelake.errors import InputError
from allelake.ingest.cohort.part import read_cohort_part
from allelake.ingest.inspection.whole_file import inspect_file
from allelake.ingest.part_run import PartRun
from allelake.ingest.planning.fields import choose_fields
from allelake.ingest.profile import choose_profile
from allelake.ingest.reading.records import CHUNK_BYTES
from allelake.ingest.spec import BatchSpec, FileReport, Part, PartInput, PartSummary
from allelake.model.zone import Zone

Result = PartSummary | str | None


def spec_of(report: FileReport, **changes: Any) -> BatchSpec:
    """A joint batch of a file that keeps what the profile `generic` keeps; X has zones."""
    header = report.header
    fields = choose_fields([report], choose_profile(header, "generic")[0], {})
    names = {name: name for name in header.contigs}
    names |= {span.name: span.name for span in report.spans}
    spec = BatchSpec(
        batch=1,
        first_sample=5,
        sample_total=len(header.samples),
        contig_names=names,
        contig_lengths={name: header.contigs.get(name) or 2**31 - 1 for name in names},
        zones=tuple(Zone(name, 1_001, 2**31 - 1, "x") for name in ("X", "chrX")),
        info=fields.info,
        format=fields.format,
        has_adj=fields.has_adj,
        has_dp=fields.has_dp,
        has_gq=fields.has_gq,
        has_ps=fields.has_ps,
        has_ad=fields.has_ad,
    )
    return replace(spec, **changes)


def part_of(report: FileReport, columns: tuple[int, ...] | None = None) -> Part:
    """The whole file as one part."""
    places = columns or tuple(range(len(report.header.samples)))
    item = PartInput(report.path, report.kind, None, places, report.records)
    return Part(0, (item,), None, None, None, report.records)


def both(
    path: Path,
    folder: Path,
    *,
    chunk_bytes: int = CHUNK_BYTES,
    columns: tuple[int, ...] | None = None,
    **changes: Any,
) -> tuple[Result, Result]:
    """The part read fast and record by record, or the refusals.

    None and None if the fast reading leaves it to the other, which some broken files kill.
    """
    report = inspect_file(path)
    spec, part = spec_of(report, **changes), part_of(report, columns)
    fast, slow = folder / "fast", folder / "slow"
    for one in (fast, slow):
        one.mkdir(parents=True)
    try:
        found: Result = read_fast(spec, part, fast, chunk_bytes)
    except InputError as error:
        found = str(error)
    if not isinstance(found, PartSummary):
        assert list(fast.iterdir()) == []
    if found is None:
        return None, None
    try:
        return found, PartRun(spec, part, slow, 0, chunk_bytes).run(None)
    except InputError as error:
        return found, str(error)


def read_fast(spec: BatchSpec, part: Part, folder: Path, chunk_bytes: int) -> PartSummary | None:
    """The part read fast, however little there is of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("allelake.ingest.cohort.part.LEAST_GENOTYPES", 0)
        return read_cohort_part(spec, part, folder, None, chunk_bytes)


def told(summary: PartSummary) -> tuple[object, ...]:
    """All that a summary says, files by their digest."""
    files = [(file.table, file.contig, file.tier, file.rows, file.sha256) for file in summary.files]
    return (sorted(map(repr, files)), summary.counts, summary.notices, summary.contigs)


def is_same(fast: Result, slow: Result) -> bool:
    """Whether the fast reading is that of record, or was left to it."""
    if fast is None:
        return True
    if isinstance(fast, PartSummary) and isinstance(slow, PartSummary):
        return told(fast) == told(slow)
    return fast == slow
