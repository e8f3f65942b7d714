"""What an ingest did, for its closing table."""

from dataclasses import dataclass

from allelake.ingest.planning.values import KnownFile, Plan, PlannedBatch
from allelake.ingest.spec import Notice


@dataclass(frozen=True)
class DetailCost:
    """What a FORMAT field takes up in the rows of `calls` of a batch, and how many rows these are.

    Genotypes that are the default have no row, and cost nothing.
    """

    field: str
    bytes: int
    calls: int

    @property
    def bytes_per_call(self) -> float:
        """0 where there is no call."""
        return self.bytes / self.calls if self.calls else 0.0


@dataclass(frozen=True)
class BatchResult:
    """One batch as it was made or extended: what was read, split, left out, noticed.

    `counts` adds up the parts' (see `PartSummary`); `plan` has the profile and why it was chosen,
    the files with their records, the fields left out, and the contigs skipped. `detail` is what
    each FORMAT field that was kept costs.
    """

    batch: int
    plan: PlannedBatch
    counts: dict[str, int]
    notices: tuple[Notice, ...]
    detail: tuple[DetailCost, ...] = ()

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
