"""`allelake export`: the genotypes of a cohort as files of other programs."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allelake.cli import options
from allelake.cli.ending import ends_tidily

if TYPE_CHECKING:
    from allelake.export.order import Report


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
    from allelake.cli.reading import open_for, place

    where = place(region, None, None, bed)
    with open_for(lake, as_of=as_of) as opened, progress_bar("exporting") as bar:
        report = opened.export(
            output,
            cohort,
            region=where["region"],
            bed=where["bed"],
            format=format,
            unknown=unknown.value,
            min_ac=min_ac,
            wide=wide,
            index=index,
            attributes=attribute or (),
            overwrite=overwrite,
            progress=bar.on_progress,
        )
    _tell(report)


def _tell(report: "Report") -> None:
    for note in report.notes:
        print(f"# {note}", file=sys.stderr)
    print(
        f"{report.variants:,} variants of {report.samples:,} samples written to "
        f"{', '.join(str(path) for path in report.files)}",
        file=sys.stderr,
    )
