"""`allelake export`: the genotypes of a cohort as files of other programs."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NotRequired, TypedDict

import typer

from allelake.cli import options
from allelake.cli.ending import ends_tidily
from allelake.cli.options import Filter, Ploidy

if TYPE_CHECKING:
    from allelake.export.order import Report
    from allelake.lake import Lake


class Unknown(StrEnum):
    """What is written of who is unknown at a variant."""

    MISSING = "missing"
    LEAVE_OUT = "leave-out"


class Shared(TypedDict):
    """The arguments of both kinds of export."""

    region: list[str] | None
    bed: Path | None
    format: str | None
    index: bool
    overwrite: bool
    progress: NotRequired[Callable[[int, int], None]]


class GenotypeArguments(TypedDict):
    """The arguments of an export of genotypes alone."""

    unknown: Literal["missing", "leave-out"]
    min_ac: int
    wide: bool
    attributes: tuple[str, ...]


@dataclass(frozen=True)
class Genotypes:
    """The options of genotypes."""

    unknown: Unknown
    min_ac: int
    wide: bool
    attributes: tuple[str, ...]

    def given(self) -> list[str]:
        """Those that are not as by default."""
        given = {
            "--unknown": self.unknown is not Unknown.MISSING,
            "--min-ac": self.min_ac > 0,
            "--wide": self.wide,
            "--attribute": bool(self.attributes),
        }
        return [name for name, is_given in given.items() if is_given]

    def arguments(self) -> GenotypeArguments:
        """As the library takes them."""
        return {
            "unknown": self.unknown.value,
            "min_ac": self.min_ac,
            "wide": self.wide,
            "attributes": self.attributes,
        }


class SiteArguments(TypedDict):
    """The arguments of an export of frequencies alone."""

    by: str | None
    stored: str | None
    leave_out: list[str]
    min_cell: str
    policy: str
    ploidy: Literal["as_called", "by_sex"]
    filter: Literal["any", "pass"]


@dataclass(frozen=True)
class Sites:
    """The options of frequencies."""

    by: str | None
    stored: str | None
    leave_out: str | None
    min_cell: str
    policy: str
    ploidy: Ploidy
    filter: Filter

    def given(self) -> list[str]:
        """Those that are not as by default."""
        given = {
            "--by": self.by is not None,
            "--stored": self.stored is not None,
            "--leave-out": self.leave_out is not None,
            "--min-cell": self.min_cell != "none",
            "--policy": self.policy != "raw",
            "--ploidy": self.ploidy is not Ploidy.AS_CALLED,
            "--filter": self.filter is not Filter.ANY,
        }
        return [name for name, is_given in given.items() if is_given]

    def arguments(self) -> SiteArguments:
        """As the library takes them."""
        groups = self.leave_out.split(",") if self.leave_out else []
        return {
            "by": self.by,
            "stored": self.stored,
            "leave_out": [group.strip() for group in groups],
            "min_cell": self.min_cell,
            "policy": self.policy,
            "ploidy": self.ploidy.value,
            "filter": self.filter.value,
        }


Output = Annotated[
    Path,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write to this file, which appears when it is complete. Its name tells the format; "
        "- is stdout (vcf, vcf.gz or bcf).",
        show_default=False,
    ),
]
FileFormat = Annotated[
    str | None,
    typer.Option(
        "--format",
        "-f",
        metavar="F",
        help="vcf, vcf.gz, bcf, pgen (PLINK 2), bed (PLINK 1), parquet or arrow. Default: what the "
        "name of --output ends with.",
    ),
]
UnknownRule = Annotated[
    Unknown,
    typer.Option(
        help="Of whom nothing is known at a variant (no record in the batch, and no evidence): "
        "missing writes ./., leave-out leaves the variant out."
    ),
]
MinAc = Annotated[
    int, typer.Option(min=0, metavar="N", help="Leave out variants with fewer copies.")
]
Wide = Annotated[
    bool,
    typer.Option(
        "--wide", help="parquet, arrow: a row for each variant instead of one for each genotype."
    ),
]
Attributes = Annotated[
    list[str] | None,
    typer.Option(
        "--attribute",
        metavar="A",
        help="pgen: a column of the .psam. May be given several times.",
    ),
]
Index = Annotated[
    bool, typer.Option("--index/--no-index", help="vcf.gz, bcf: write a .csi beside it.")
]
Frequencies = Annotated[
    bool,
    typer.Option(
        "--frequencies",
        help="vcf, vcf.gz, bcf: a file of sites with frequencies instead of genotypes, by gnomAD's "
        "names: AC_eas, faf95_eas, nhomalt_grpmax.",
    ),
]
By = Annotated[
    str | None,
    typer.Option(
        metavar="ATTRIBUTE", help="--frequencies: also of each value of an attribute of samples."
    ),
]
Stored = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="--frequencies: those that `allelake materialize` stored by this name, of several "
        "attributes too.",
    ),
]
LeaveOut = Annotated[
    str | None,
    typer.Option(
        metavar="VALUES",
        help="--frequencies: groups, with commas, that are no candidates for grpmax and fafmax.",
    ),
]
MinCell = Annotated[
    str,
    typer.Option(
        metavar="N|PRESET",
        help="--frequencies: hide counts of fewer people than this, and what they could be worked "
        "out from; or a preset of `allelake report`: all-of-us (21), pcornet (11), nhs (8, rounded "
        "to 5), ...; none hides nothing.",
    ),
]


@ends_tidily
def export(
    lake: options.LakeFolder,
    output: Output,
    cohort: options.CohortName = "all",
    region: options.Regions = None,
    bed: options.Bed = None,
    format: FileFormat = None,
    unknown: UnknownRule = Unknown.MISSING,
    min_ac: MinAc = 0,
    wide: Wide = False,
    attribute: Attributes = None,
    index: Index = True,
    frequencies: Frequencies = False,
    by: By = None,
    stored: Stored = None,
    leave_out: LeaveOut = None,
    min_cell: MinCell = "none",
    policy: options.Policy = "raw",
    ploidy: options.PloidyRule = Ploidy.AS_CALLED,
    filter: options.FilterRule = Filter.ANY,
    as_of: options.AsOf = None,
    overwrite: options.Overwrite = False,
) -> None:
    """Write a cohort as VCF, BCF, PLINK, Parquet or Arrow.

    A line for each variant as the lake keeps it, with one ALT. A person is 0/0 where a record, a
    reference block or the batch's rule says so, and ./. where nothing is known. What the lake does
    not keep of the files it took in is said on stderr and in the header.

    Example: allelake export hk.lake -o chs.vcf.gz --cohort CHS --region chr22:16,000,000-17,000,000
    """
    shared = Shared(region=region, bed=bed, format=format, index=index, overwrite=overwrite)
    genotypes = Genotypes(unknown, min_ac, wide, tuple(attribute or ()))
    counted = Sites(by, stored, leave_out, min_cell, policy, ploidy, filter)
    _refuse_what_does_not_apply(frequencies, genotypes, counted)
    with _opened(lake, as_of, shared) as opened:
        if frequencies:
            _tell(opened.export_frequencies(output, cohort, **counted.arguments(), **shared))
        else:
            _tell(opened.export(output, cohort, **genotypes.arguments(), **shared))


@contextmanager
def _opened(lake: Path, as_of: str | None, shared: Shared) -> "Iterator[Lake]":
    """The lake, with a bar that the export moves, and a BED file on stdin read."""
    from allelake.cli.progress import progress_bar
    from allelake.cli.reading import open_for, place

    where = place(shared["region"], None, None, shared["bed"])
    shared["region"], shared["bed"] = where["region"], where["bed"]
    with open_for(lake, as_of=as_of) as opened, progress_bar("exporting") as bar:
        shared["progress"] = bar.on_progress
        yield opened


def _refuse_what_does_not_apply(is_frequencies: bool, genotypes: Genotypes, counted: Sites) -> None:
    """An option that would be ignored is a mistake."""
    from allelake.errors import UsageError

    given = genotypes.given() if is_frequencies else counted.given()
    what = "genotypes: leave out --frequencies" if is_frequencies else "--frequencies"
    for name in given:
        raise UsageError(f"{name} is for {what}, or leave {name} out.")


def _tell(report: "Report") -> None:
    from allelake.counted import counted

    for note in report.notes:
        print(f"# {note}", file=sys.stderr)
    of_whom = f" of {counted(report.samples, 'sample')}" if report.samples else ""
    print(
        f"{counted(report.variants, 'variant')}{of_whom} written to "
        f"{', '.join('stdout' if str(path) == '-' else str(path) for path in report.files)}",
        file=sys.stderr,
    )
