"""One part of an ingest: its records read, encoded and written to staging, with a summary."""

from collections.abc import Callable
from pathlib import Path

from allelake.ingest.part_run import MovedFar, PartRun
from allelake.ingest.reading.records import CHUNK_BYTES
from allelake.ingest.spec import BatchSpec, Part, PartSummary

# Left-alignment takes a variant before records that were read earlier. Variants wait until the file
# is so many bases further; a part in which one moves further is read again with a wider window.
_FIRST_WINDOW_BASES = 1_000


def run_part(
    spec: BatchSpec,
    part: Part,
    staging: Path,
    progress: Callable[[int], None] | None = None,
    *,
    chunk_bytes: int = CHUNK_BYTES,
) -> PartSummary:
    """The finished files of a part, in `staging`, and what was counted on the way.

    Depends on its arguments and the files alone, and running it again gives the same files. Needs
    less than 450 MB however many records there are: records are taken in chunks of at most
    `chunk_bytes` of genotypes (48 MB: 16 million genotypes, four million with DP and GQ).
    `progress` is told the records read so far. Raises InputError for a file that is not what the
    inspection found, or that breaks the rules of VCF.
    """
    fast = _read_fast(spec, part, staging, progress, chunk_bytes)
    if fast is not None:
        return fast
    reading = _reading_by_records(spec)
    window = _FIRST_WINDOW_BASES if spec.reference else 0
    while True:
        try:
            return reading(spec, part, staging, window, chunk_bytes).run(progress)
        except MovedFar as moved:
            window = 2 * moved.bases


# What the other kind of batch needs is not imported: a worker's start counts.


def _read_fast(
    spec: BatchSpec,
    part: Part,
    staging: Path,
    progress: Callable[[int], None] | None,
    chunk_bytes: int,
) -> PartSummary | None:
    if spec.kind == "per_sample":
        from allelake.ingest.fast_text.read import read_plain_part

        return read_plain_part(spec, part, staging, progress)
    from allelake.ingest.cohort.part import read_cohort_part

    return read_cohort_part(spec, part, staging, progress, chunk_bytes)


def _reading_by_records(spec: BatchSpec) -> type[PartRun]:
    if spec.kind == "per_sample":
        from allelake.ingest.part_samples import SamplesRun

        return SamplesRun
    return PartRun
