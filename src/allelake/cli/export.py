"""`allelake export`: the genotypes of a cohort as files of other programs."""

import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypedDict

import typer

from allelake.cli import options
from allelake.cli.ending import ends_tidily
from allelake.cli.options import Filter, Ploidy

if TYPE_CHECKING:
    from allelake.export.order import Report


class Shared(TypedDict):
    """The arguments of both kinds of export."""

    region: list[str] | None
    bed: Path | None
    format: str | None
    index: bool
    overwrite: bool
    progress: Callable[[int, int], None]


class Unknown(StrEnum):
    """What is written of who is unknown at a variant."""

    MISSING = "missing"
    LEAVE_OUT = "leave-out"


Output = Annotated[
    Path,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write to this file, which appears when it is complete. Its name tells the format.",
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
    policy: options.Policy = "raw",
    ploidy: options.PloidyRule = Ploidy.AS_CALLED,
    filter: options.FilterRule = Filter.ANY,
    as_of: options.AsOf = None,
    overwrite: options.Overwrite = False,
) -> None:
    """Write the genotypes of a cohort as VCF, BCF, PLINK, Parquet or Arrow.

    A line for each variant as the lake keeps it, with one ALT. A person is 0/0 where a record, a
    reference block or the batch's rule says so, and ./. where nothing is known. What the lake does
    not keep of the files it took in is said on stderr and in the header.

    Example: allelake export hk.lake -o chs.vcf.gz --cohort CHS --region chr22:16,000,000-17,000,000
    """
    from allelake.cli.progress import progress_bar
    from allelake.cli.reading import open_for, place, terms

    rules = terms(policy, ploidy, filter)
    _refuse_what_does_not_apply(
        frequencies,
        {
            "--by": by is not None,
            "--stored": stored is not None,
            "--leave-out": leave_out is not None,
            "--policy": policy != "raw",
            "--ploidy": ploidy is not Ploidy.AS_CALLED,
            "--filter": filter is not Filter.ANY,
        },
        {
            "--unknown": unknown is not Unknown.MISSING,
            "--min-ac": min_ac > 0,
            "--wide": wide,
            "--attribute": bool(attribute),
        },
    )
    where = place(region, None, None, bed)
    with open_for(lake, as_of=as_of) as opened, progress_bar("exporting") as bar:
        shared: Shared = {
            "region": where["region"],
            "bed": where["bed"],
            "format": format,
            "index": index,
            "overwrite": overwrite,
            "progress": bar.on_progress,
        }
        if frequencies:
            groups = [each.strip() for each in leave_out.split(",")] if leave_out else ()
            report = opened.export_frequencies(
                output, cohort, by=by, stored=stored, leave_out=groups, **rules, **shared
            )
        else:
            report = opened.export(
                output,
                cohort,
                unknown=unknown.value,
                min_ac=min_ac,
                wide=wide,
                attributes=attribute or (),
                **shared,
            )
    _tell(report)


def _refuse_what_does_not_apply(
    is_frequencies: bool, of_frequencies: dict[str, bool], of_genotypes: dict[str, bool]
) -> None:
    """An option that would be ignored is a mistake."""
    from allelake.errors import UsageError

    given = of_genotypes if is_frequencies else of_frequencies
    for name, is_given in given.items():
        if is_given:
            what = "genotypes: leave out --frequencies" if is_frequencies else "--frequencies"
            raise UsageError(f"{name} is for {what}, or leave {name} out.")


def _tell(report: "Report") -> None:
    from allelake.counted import counted

    for note in report.notes:
        print(f"# {note}", file=sys.stderr)
    of_whom = f" of {counted(report.samples, 'sample')}" if report.samples else ""
    print(
        f"{counted(report.variants, 'variant')}{of_whom} written to "
        f"{', '.join(str(path) for path in report.files)}",
        file=sys.stderr,
    )
