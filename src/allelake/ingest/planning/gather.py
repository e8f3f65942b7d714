"""Which files make which batch, and of which kind it is."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from allelake.errors import InputError
from allelake.ingest.planning.fields import declares_adj
from allelake.ingest.planning.values import BatchKind
from allelake.ingest.profile import Profile, choose_profile
from allelake.ingest.spec import FileReport

FILES_SHOWN = 3


@dataclass
class Gathered:
    """The files of one batch. `people` has those of the same samples together."""

    kind: BatchKind
    has_blocks: bool
    profile: Profile
    profile_reason: str
    people: list[list[FileReport]] = field(default_factory=list)

    @property
    def files(self) -> list[FileReport]:
        return [report for files in self.people for report in files]

    @property
    def samples(self) -> tuple[str, ...]:
        """In the order in which they are numbered."""
        return tuple(name for files in self.people for name in files[0].header.samples)


def gather(groups: Sequence[list[FileReport]], named_profile: str | None) -> list[Gathered]:
    """The batches that these groups of files make; a group has the files of the same samples.

    Files of one sample, and gVCFs of several, ask each of their samples alone: those of one
    profile, alike in what they know of depth and of reference, are one batch however many they
    are. Every other group is a batch of its own.
    """
    found: list[Gathered] = []
    per_sample: dict[tuple[str, bool, bool], Gathered] = {}
    for files in groups:
        profile, reason = choose_profile(files[0].header, named_profile)
        has_blocks = any(report.has_blocks for report in files)
        kind = _kind(files[0], has_blocks)
        made = Gathered(kind, has_blocks, profile, reason)
        if kind == "per_sample":
            key = (profile.name, declares_adj(files), has_blocks)
            made = per_sample.setdefault(key, made)
        made.people.append(files)
        if len(made.people) == 1:
            found.append(made)
    return found


def _kind(report: FileReport, has_blocks: bool) -> BatchKind:
    samples = len(report.header.samples)
    if not samples:
        return "sites_only"
    return "per_sample" if samples == 1 or has_blocks else "joint"


def refuse_shared_contigs(gathered: Gathered, contig_names: dict[str, str]) -> None:
    """Refuse files of one sample that have records on the same contig: each is read alone."""
    if gathered.kind != "per_sample":
        return
    for files in gathered.people:
        held: dict[str, FileReport] = {}
        for report in files:
            for span in report.spans:
                contig = contig_names.get(span.name)
                other = held.setdefault(contig, report) if contig is not None else report
                if other is not report:
                    raise InputError(
                        f"{report.path}: it and {other.path} have the same sample, and both have "
                        f"records on {contig}. Files of one sample must each have contigs of "
                        "their own. Join them first (bcftools concat --allow-overlaps)."
                    )
