"""What an ingest did, for its closing table."""

from dataclasses import dataclass

from allelake.ingest.planning.values import KnownFile, Plan, PlannedBatch
from allelake.ingest.spec import Notice


@dataclass(frozen=True)
class BatchResult:
    """One batch as it was made or extended: what was read, split, left out, noticed.

    `counts` adds up the parts' (see `PartSummary`); `plan` has the profile and why it was chosen,
    the files with their records, the fields left out, and the contigs skipped.
    """

    batch: int
    plan: PlannedBatch
    counts: dict[str, int]
    notices: tuple[Notice, ...]

    def __repr__(self) -> str:
        return (
            f"BatchResult({self.batch}: {self.counts['records_kept']:,} records, "
            f"{self.counts['variants']:,} variants; notices {len(self.notices)})"
        )


@dataclass(frozen=True)
class IngestResult:
    """The batches of one ingest; none with `--plan`, and none where the lake had every file.

    `known` are the files that the lake had already. `snapshot` is the one that shows the change,
    None where nothing changed. `seconds` is how long each step took: inspect, read, commit.
    """

    plan: Plan
    batches: tuple[BatchResult, ...]
    known: tuple[KnownFile, ...]
    notices: tuple[Notice, ...]
    snapshot: int | None
    seconds: dict[str, float]

    def __repr__(self) -> str:
        records, variants = (
            sum(batch.counts[name] for batch in self.batches)
            for name in ("records_kept", "variants")
        )
        return (
            f"IngestResult(batches {len(self.batches)}; {records:,} records, "
            f"{variants:,} variants; snapshot {self.snapshot}; {sum(self.seconds.values()):.1f} s)"
        )
