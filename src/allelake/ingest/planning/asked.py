"""Where samples were asked although no record says so: --absent, --regions and --regions-of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from allelake.counted import counted
from allelake.errors import InputError, UsageError
from allelake.ingest.options import IngestOptions
from allelake.ingest.planning.bed import bases, read_bed
from allelake.ingest.planning.contigs import wanted_contigs
from allelake.ingest.planning.gather import Gathered
from allelake.ingest.spec import AbsentRule, FileReport, Regions
from allelake.nearest import did_you_mean
from allelake.warehouse.info import LakeInfo

SAY_NOTHING = "its reference blocks say what is callable"


@dataclass(frozen=True)
class Asked:
    """The rule of a batch, and its regions: of a joint batch, or of each of its groups of files.

    `bases` has how many bases the regions of each BED hold.
    """

    absent: AbsentRule
    joint: Regions | None = None
    people: tuple[Regions, ...] = field(default=(), repr=False)
    bases: dict[str, int] = field(default_factory=dict)

    @property
    def contigs(self) -> set[str]:
        """The contigs on which there are regions."""
        found = set(self.joint or ())
        return found.union(*self.people)


@dataclass(frozen=True)
class _Bed:
    path: Path
    regions: Regions


class AskedChooser:
    """Reads the BED files that the options name, each once, and says what they are for a batch."""

    def __init__(self, options: IngestOptions, info: LakeInfo, gathered: Sequence[Gathered]):
        self._options = options
        self._info = info
        self._beds: dict[Path, _Bed] = {}
        _refuse_contradictions(options)
        self._for_all = self._bed(options.regions) if options.regions else None
        self._by_name = self._read_table(gathered) if options.regions_of else {}

    @property
    def has_regions(self) -> bool:
        return self._options.regions is not None or self._options.regions_of is not None

    def choose(self, batch: Gathered, contigs: set[str], kept: AbsentRule | None) -> Asked:
        """What holds for the batch; `contigs` are those of the lake on which it has records.

        `kept` is the rule of a batch that is extended.
        """
        rule = kept or self._options.absent or batch.profile.absent
        if batch.kind == "sites_only":
            return Asked("unknown")
        if batch.has_blocks:
            self._refuse_for_blocks(batch)
            return Asked("unknown")
        if self.has_regions:
            return self._by_regions(batch)
        if rule == "unknown" or batch.kind == "joint":
            return Asked(rule)
        whole = {
            contig.name: np.array([[1, contig.length_bp]], np.int32)
            for contig in self._info.contigs
            if contig.name in contigs
        }
        return Asked("reference", people=(whole,) * len(batch.people))

    def _by_regions(self, batch: Gathered) -> Asked:
        if batch.kind == "joint":
            self._refuse_for_joint(batch)
            bed = self._for_all
            if bed is None:
                raise InputError(_unnamed(batch.files[0]))
            return Asked("regions", joint=bed.regions, bases=_told([bed]))
        beds = [self._of_people(files) for files in batch.people]
        regions = tuple(bed.regions for bed in beds)
        return Asked("regions", people=regions, bases=_told(beds))

    def _of_people(self, files: Sequence[FileReport]) -> _Bed:
        named = {bed.path: bed for f in files for bed in self._named(f)}
        if len(named) > 1:
            one, other = list(named)[:2]
            raise InputError(
                f"{self._options.regions_of}: {files[0].path} has two BED files, {one} and "
                f"{other}. Name one for each sample."
            )
        if named:
            return next(iter(named.values()))
        if self._for_all is None:
            raise InputError(_unnamed(files[0]))
        return self._for_all

    def _named(self, report: FileReport) -> list[_Bed]:
        names = (*report.header.samples, report.path.name, str(report.path))
        return [self._by_name[name] for name in names if name in self._by_name]

    def _bed(self, path: Path) -> _Bed:
        if path not in self._beds:
            read = read_bed(path, self._info, skip_unknown=self._options.skip_unknown_contigs)
            wanted = wanted_contigs(self._info, self._options)
            kept = {name: one for name, one in read.items() if wanted is None or name in wanted}
            self._beds[path] = _Bed(path, kept)
        return self._beds[path]

    def _read_table(self, gathered: Sequence[Gathered]) -> dict[str, _Bed]:
        """The BED of each sample or file that --regions-of names."""
        table = self._options.regions_of
        if table is None or not table.is_file():
            raise UsageError(f"{table}: there is no such file; --regions-of names a TSV file.")
        files = [report for batch in gathered for report in batch.files]
        known = {name for f in files for name in (*f.header.samples, f.path.name, str(f.path))}
        found: dict[str, _Bed] = {}
        for number, line in enumerate(table.read_text("utf-8").splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            where = f"{table}, line {number}"
            fields = [value.strip() for value in line.split("\t")]
            if len(fields) != 2 or not all(fields):
                raise InputError(
                    f"{where}: {len(fields)} columns; expected two, a sample's or a file's name "
                    "and a BED file, with a tab between. Mend the line."
                )
            if fields[0] not in known:
                near = did_you_mean(fields[0], sorted(known))
                raise InputError(
                    f"{where}: no file of this ingest is named {fields[0]!r} or has such a sample. "
                    f"{near}"
                )
            if fields[0] in found:
                raise InputError(f"{where}: {fields[0]!r} stands twice. Keep one line for each.")
            found[fields[0]] = self._bed(_existing(_beside(table, fields[1]), where))
        return found

    def _refuse_for_blocks(self, batch: Gathered) -> None:
        asked = "--absent reference" if self._options.absent == "reference" else None
        asked = "--regions" if self._for_all else asked
        file = batch.files[0]
        for report in batch.files:
            if self._named(report):
                asked, file = "--regions-of", report
        if asked is not None:
            with_blocks = next(report for report in (file, *batch.files) if report.has_blocks)
            raise UsageError(
                f"{with_blocks.path}: {asked} cannot be taken for a file with "
                f"{counted(with_blocks.blocks, 'reference block')}: {SAY_NOTHING}. Ingest it "
                "without, in a command of its own."
            )

    def _refuse_for_joint(self, batch: Gathered) -> None:
        for report in batch.files:
            if self._named(report):
                raise UsageError(
                    f"{self._options.regions_of}: {report.path} has {len(batch.samples):,} samples "
                    "that were called together, and one BED must hold for all of them. Ingest it "
                    "by itself with --regions."
                )


def split_by_file(
    files: Sequence[FileReport], contig_names: Mapping[str, str], regions: Regions
) -> list[Regions]:
    """The regions of a group of files, for each file: on a contig they go to the one that has it.

    Contigs that none of them has records on go to the first.
    """
    owner: dict[str, int] = {}
    for place, report in enumerate(files):
        for span in report.spans:
            if span.name in contig_names:
                owner.setdefault(contig_names[span.name], place)
    return [
        {name: one for name, one in regions.items() if owner.get(name, 0) == place}
        for place in range(len(files))
    ]


def _refuse_contradictions(options: IngestOptions) -> None:
    asked = "--regions" if options.regions else "--regions-of"
    if (options.regions or options.regions_of) is None:
        return
    if options.absent == "unknown":
        raise UsageError(
            f"{asked} says where an absent site is reference, and --absent unknown that it never "
            "is. Leave one of them out."
        )
    if options.extend is not None:
        raise UsageError(
            f"{asked} cannot be taken with --extend: the regions of a batch hold on all contigs, "
            "and are stored with it. Ingest all files of the batch in one command."
        )


def _beside(table: Path, written: str) -> Path:
    """A BED's path as written, or beside the table that names it."""
    beside = table.parent / written
    return beside if beside.is_file() else Path(written)


def _told(beds: Sequence[_Bed]) -> dict[str, int]:
    return {bed.path.name: bases(bed.regions) for bed in {bed.path: bed for bed in beds}.values()}


def _unnamed(report: FileReport) -> str:
    return (
        f"{report.path}: --regions-of names neither it nor its sample, and there is no --regions "
        "for all others. Add a line for it, or give --regions too."
    )


def _existing(bed: Path, where: str) -> Path:
    if not bed.is_file():
        raise InputError(
            f"{where}: there is no file {bed}. Name a BED file, by its whole path or as seen from "
            "the folder of the table."
        )
    return bed
