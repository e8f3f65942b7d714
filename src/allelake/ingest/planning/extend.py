"""--extend: further contigs for the samples of a batch that is in the lake."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from allelake.errors import InputError, UsageError
from allelake.ingest.options import IngestOptions
from allelake.ingest.planning.gather import Gathered
from allelake.ingest.profile import load_profiles
from allelake.ingest.spec import AbsentRule, FileReport
from allelake.warehouse.info import LakeInfo


@dataclass(frozen=True)
class Extended:
    """The batch that is extended, as the lake has it; `samples` in the order of their numbers."""

    batch: int
    first_sample: int
    samples: tuple[str, ...]
    contigs: frozenset[str]
    absent: AbsentRule
    profile: str
    has_adj: bool
    kind: str
    has_blocks: bool

    def refuse_other_samples(self, gathered: Sequence[Gathered]) -> None:
        """Refuse files that are not of exactly the samples and the kind of this batch."""
        if len(gathered) > 1:
            raise InputError(
                f"--extend {self.batch}: the files have {len(gathered)} different sets of samples, "
                "or are of different kinds. Ingest the files of one call set at a time."
            )
        theirs, mine = set(self.samples), set(gathered[0].samples)
        path = gathered[0].files[0].path
        if theirs != mine:
            raise InputError(
                f"{path}: --extend {self.batch} needs exactly the {len(theirs)} samples of that "
                f"batch; the file has {len(mine)}, lacks {len(theirs - mine)} of them and has "
                f"{len(mine - theirs)} others. Ingest it as a batch of its own, or cut it to these "
                "samples."
            )
        if (self.kind, self.has_blocks) != (gathered[0].kind, gathered[0].has_blocks):
            here = _what(gathered[0].kind, gathered[0].has_blocks)
            raise InputError(
                f"{path}: it is {here}; batch {self.batch} was made of "
                f"{_what(self.kind, self.has_blocks)}. Extend a batch by files of its own kind."
            )

    def shipped_profile(self) -> str:
        """The profile that the batch was made with; a user's own must be named again."""
        if self.profile not in {profile.name for profile in load_profiles()}:
            raise UsageError(
                f"--extend {self.batch}: the batch was ingested with a profile of the user's own, "
                f"{self.profile!r}. Name its TOML file with --profile."
            )
        return self.profile

    def refuse_contigs_it_has(
        self, files: Sequence[FileReport], contig_names: Mapping[str, str]
    ) -> None:
        clashing = sorted(set(contig_names.values()) & self.contigs)
        if clashing:
            raise InputError(
                f"{files[0].path}: batch {self.batch} has records on {', '.join(clashing[:10])} "
                "already; --extend adds contigs that a batch has not. Leave them out (--contigs)."
            )

    def refuse_other_fields(self, files: Sequence[FileReport], *, has_adj: bool) -> None:
        if has_adj != self.has_adj:
            told = "declare" if has_adj else "do not all declare"
            other = "were without" if has_adj else "had"
            raise InputError(
                f"{files[0].path}: its files {told} DP, GQ and AD, and those of batch {self.batch} "
                f"{other} them, or --detail differs: adj@1 could not be told for the batch as a "
                "whole. Ingest files of one call set, with the same --detail."
            )


def _what(kind: str, has_blocks: bool) -> str:
    if kind == "per_sample":
        return "a gVCF" if has_blocks else "a file of one sample without reference blocks"
    return "a joint call set" if kind == "joint" else "sites alone"


def find_extended(
    info: LakeInfo, tables: Mapping[str, pa.Table], options: IngestOptions
) -> Extended | None:
    """The batch that --extend names, or None."""
    if options.extend is None:
        return None
    if options.replace:
        raise UsageError("--extend adds to samples, and --replace replaces them: leave one out.")
    batches = {row["batch"]: row for row in tables["batches"].to_pylist()}
    row = batches.get(options.extend)
    if row is None:
        known = ", ".join(map(str, batches)) or "none"
        raise UsageError(f"--extend {options.extend}: the lake has no such batch (it has {known}).")
    _refuse_rule(row, options)
    # Its import takes a tenth of a second, and an ingest without --extend has no use of it.
    import pyarrow.compute as pc

    mine = tables["samples"].filter(pc.equal(tables["samples"]["batch"], options.extend))
    mine = mine.sort_by("sample_number")
    numbers = mine["sample_number"].to_pylist()
    if (numbers and numbers[-1] - numbers[0] + 1 != len(numbers)) or _has_lost(row, tables):
        raise UsageError(
            f"--extend {options.extend}: samples of that batch were withdrawn or replaced, and a "
            "batch is extended whole or not at all. Ingest the call set again with --replace, all "
            "contigs of it and without the samples that are gone."
        )
    return Extended(
        batch=options.extend,
        first_sample=numbers[0] if numbers else 0,
        samples=tuple(mine["sample_id"].to_pylist()),
        contigs=frozenset(row["contigs"]),
        absent=row["absent"],
        profile=row["profile"],
        has_adj=row["has_adj"],
        kind=row["kind"],
        has_blocks=bool(row["has_blocks"]),
    )


def _has_lost(row: Mapping[str, Any], tables: Mapping[str, pa.Table]) -> bool:
    removals = tables.get("removals")
    return removals is not None and row["batch"] in removals["batch"].to_pylist()


def _refuse_rule(row: Mapping[str, Any], options: IngestOptions) -> None:
    if row["absent"] == "regions":
        raise UsageError(
            f"--extend {options.extend}: the batch was ingested with --regions, which hold on all "
            "contigs and are stored with it. Ingest its files again with --replace, all of them in "
            "one command."
        )
    if options.absent is not None and options.absent != row["absent"]:
        raise UsageError(
            f"--extend {options.extend}: the batch was ingested with --absent {row['absent']}, "
            f"which holds for all of it; --absent {options.absent} cannot be taken."
        )
