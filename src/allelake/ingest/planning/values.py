"""What a plan says: the batches an ingest would make, and what it would leave out and why."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from allelake.ingest.profile import Profile
from allelake.ingest.spec import AbsentRule, BatchSpec, FileReport, Notice, Part

BatchKind = Literal["joint", "per_sample", "sites_only"]


@dataclass(frozen=True)
class DroppedField:
    """A declared or used field that becomes no column. `where` is INFO or FORMAT."""

    where: Literal["INFO", "FORMAT"]
    id: str
    why: str


@dataclass(frozen=True)
class KnownFile:
    """A file whose content the lake has: nothing is to be done with it."""

    path: Path
    sha256: str
    batch: int


@dataclass(frozen=True)
class SkippedContig:
    """Records left out because their contig is not taken; `name` as in the file."""

    name: str
    records: int
    why: str


@dataclass(frozen=True)
class PlannedBatch:
    """One batch as it would be made, or extended (`extends`).

    `samples` are in the order of their sample numbers, from `spec.first_sample` on. `records` are
    those that are taken, `skipped` those left out by --contigs or --skip-unknown-contigs, `blocks`
    the reference blocks in the files. `replaced` are the numbers of the samples that --replace puts
    these in the place of. `regions_bases`: how many bases --regions says were asked, of each set of
    regions.
    """

    spec: BatchSpec
    kind: BatchKind
    extends: bool
    absent: AbsentRule
    profile: Profile
    profile_reason: str
    samples: tuple[str, ...] = field(repr=False)
    contigs: tuple[str, ...]
    files: tuple[FileReport, ...] = field(repr=False)
    parts: tuple[Part, ...] = field(repr=False)
    records: int
    skipped: tuple[SkippedContig, ...] = ()
    dropped: tuple[DroppedField, ...] = ()
    notices: tuple[Notice, ...] = ()
    blocks: int = 0
    replaced: tuple[int, ...] = field(default=(), repr=False)
    regions_bases: dict[str, int] = field(default_factory=dict)

    def __repr__(self) -> str:
        return (
            f"PlannedBatch({self.spec.batch}: {self.kind}, profile {self.profile.name}; "
            f"files {len(self.files)}, samples {len(self.samples):,}, records {self.records:,})"
        )


@dataclass(frozen=True)
class Plan:
    """All batches of one command. Without batches, `known` says why there is nothing to do."""

    batches: tuple[PlannedBatch, ...]
    known: tuple[KnownFile, ...] = ()
    notices: tuple[Notice, ...] = ()

    def __repr__(self) -> str:
        records = sum(batch.records for batch in self.batches)
        return (
            f"Plan(batches {len(self.batches)}; {records:,} records; "
            f"known files {len(self.known)}; notices {len(self.notices)})"
        )
