"""--extend: further contigs for the samples of a batch that is in the lake."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from allelake.errors import InputError, UsageError
from allelake.ingest.options import IngestOptions
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
                f"{other} them: adj@1 could not be told for the batch as a whole. Ingest files of "
                "one call set."
            )


def find_extended(
    groups: Sequence[Sequence[FileReport]],
    info: LakeInfo,
    tables: Mapping[str, pa.Table],
    options: IngestOptions,
) -> Extended | None:
    """The batch that --extend names; a refusal if the files are not of exactly its samples."""
    if options.extend is None:
        return None
    batches = {row["batch"]: row for row in tables["batches"].to_pylist()}
    row = batches.get(options.extend)
    if row is None:
        known = ", ".join(map(str, batches)) or "none"
        raise UsageError(f"--extend {options.extend}: the lake has no such batch (it has {known}).")
    if len(groups) > 1:
        raise InputError(
            f"--extend {options.extend}: the files have {len(groups)} different sets of samples. "
            "Ingest the files of one call set at a time."
        )
    if options.absent is not None and options.absent != row["absent"]:
        raise UsageError(
            f"--extend {options.extend}: the batch was ingested with --absent {row['absent']}, "
            f"which holds for all of it; --absent {options.absent} cannot be taken."
        )
    mine = tables["samples"].filter(pc.equal(tables["samples"]["batch"], options.extend))
    mine = mine.sort_by("sample_number")
    samples = tuple(mine["sample_id"].to_pylist())
    _refuse_other_samples(groups[0][0], options.extend, samples)
    return Extended(
        batch=options.extend,
        first_sample=mine["sample_number"][0].as_py() if samples else 0,
        samples=samples,
        contigs=frozenset(row["contigs"]),
        absent=row["absent"],
        profile=row["profile"],
        has_adj=row["has_adj"],
    )


def _refuse_other_samples(report: FileReport, batch: int, samples: tuple[str, ...]) -> None:
    theirs, mine = set(samples), set(report.header.samples)
    if theirs == mine:
        return
    raise InputError(
        f"{report.path}: --extend {batch} needs exactly the {len(theirs)} samples of that batch; "
        f"the file has {len(mine)}, lacks {len(theirs - mine)} of them and has "
        f"{len(mine - theirs)} others. Ingest it as a batch of its own, or cut it to these samples."
    )
