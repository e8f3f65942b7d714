"""`allelake ingest`: VCF and BCF files become a batch."""

from dataclasses import replace as with_changes
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allelake.cli import options
from allelake.cli.ending import ends_tidily
from allelake.cli.options import Format
from allelake.errors import UsageError

if TYPE_CHECKING:
    from allelake.ingest.options import IngestOptions


class Absent(StrEnum):
    """What a site without a record means."""

    UNKNOWN = "unknown"
    REFERENCE = "reference"


class Duplicates(StrEnum):
    """What becomes of unlike records that come to one variant."""

    REFUSE = "refuse"
    FIRST = "first"
    MOST_ALT = "most_alt"


Files = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILES...",
        help="VCF, gVCF (plain, gzip, BGZF) or BCF; those of one sample each become one batch.",
        show_default=False,
    ),
]
Profile = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="How fields are typed. Default: chosen by the header, told."),
]
Reference = Annotated[
    Path | None,
    typer.Option(metavar="FASTA", help="Check REF against it, and left-align indels."),
]
AbsentOption = Annotated[
    Absent | None,
    typer.Option(help="What a site without a record means. Default: as the profile says."),
]
Regions = Annotated[
    Path | None,
    typer.Option(
        metavar="BED", help="Where the samples were asked (exome, panel): reference if no record."
    ),
]
RegionsOf = Annotated[
    Path | None,
    typer.Option(metavar="TSV", help="The same per sample: lines of a sample or file, and a BED."),
]
Replace = Annotated[
    bool, typer.Option("--replace", help="Put samples in the place of what the lake has of them.")
]
ExpectRecords = Annotated[
    int | None,
    typer.Option(min=0, metavar="N", help="Refuse unless all files together have N records."),
]
Extend = Annotated[
    int | None,
    typer.Option(min=1, metavar="BATCH", help="Add contigs to a batch, for all of its samples."),
]
Contigs = Annotated[
    list[str] | None,
    typer.Option("--contigs", metavar="NAME", help="Take these contigs only; may be repeated."),
]
SkipUnknown = Annotated[
    bool,
    typer.Option("--skip-unknown-contigs", help="Leave out contigs the lake does not know."),
]
DuplicatesOption = Annotated[
    Duplicates,
    typer.Option(help="Which of unlike records of one variant counts."),
]
MixedNormalisation = Annotated[
    bool,
    typer.Option(
        "--allow-mixed-normalisation",
        help="Take files with --reference beside batches without, or the other way round.",
    ),
]
Detail = Annotated[
    str | None,
    typer.Option(
        metavar="FIELDS",
        help="Fields of genotypes to keep: none, or a list as dp,gq,ad. Default: the profile's.",
    ),
]
Strict = Annotated[
    bool, typer.Option("--strict", help="Refuse whatever would be taken with a warning.")
]
PlanOnly = Annotated[
    bool,
    typer.Option("--plan", help="Tell what would be taken and as what types; change nothing."),
]
Workers = Annotated[
    int | None, typer.Option(min=1, metavar="N", help="Processes. Default: one per processor.")
]
ReportFormat = Annotated[
    Format, typer.Option("--format", "-f", help="How the report is written: table or json.")
]


@ends_tidily
def ingest(
    lake: options.LakeFolder,
    files: Files,
    profile: Profile = None,
    reference: Reference = None,
    absent: AbsentOption = None,
    regions: Regions = None,
    regions_of: RegionsOf = None,
    replace: Replace = False,
    expect_records: ExpectRecords = None,
    extend: Extend = None,
    contigs: Contigs = None,
    skip_unknown_contigs: SkipUnknown = False,
    duplicates: DuplicatesOption = Duplicates.REFUSE,
    allow_mixed_normalisation: MixedNormalisation = False,
    detail: Detail = None,
    strict: Strict = False,
    plan: PlanOnly = False,
    workers: Workers = None,
    format: ReportFormat = Format.TABLE,
) -> None:
    """Take VCF, gVCF and BCF files into a lake.

    Files of the same samples become one batch, and so do gVCFs and other files of one sample each,
    however many. A file that is not whole is refused.

    Example: allelake ingest hk.lake chr21.vcf.gz chr22.vcf.gz --detail none
    """
    from allelake.ingest.options import IngestOptions

    asked = IngestOptions(strict=strict, workers=workers, plan_only=plan, extend=extend)
    asked = with_changes(asked, profile=profile, reference=reference, replace=replace)
    asked = with_changes(asked, regions=regions, regions_of=regions_of, contigs=_names(contigs))
    asked = with_changes(asked, expect_records=expect_records, duplicates=duplicates.value)
    asked = with_changes(asked, absent=None if absent is None else absent.value)
    asked = with_changes(asked, detail=_fields(detail))
    asked = with_changes(asked, skip_unknown_contigs=skip_unknown_contigs)
    asked = with_changes(asked, allow_mixed_normalisation=allow_mixed_normalisation)
    _run(lake, files, asked, format)


def _run(lake: Path, files: list[Path], asked: "IngestOptions", format: Format) -> None:
    """Ingests under a progress bar, and reports."""
    from allelake.cli.ingest_report import as_json, print_report
    from allelake.cli.json_text import print_json
    from allelake.cli.progress import progress_bar
    from allelake.ingest.run import ingest as run_ingest

    with progress_bar() as bar:
        result = run_ingest(lake, files, asked, bar)
    if format is Format.JSON:
        print_json(as_json(result))
    else:
        print_report(result, asked.plan_only)


def _fields(detail: str | None) -> tuple[str, ...] | None:
    """The fields that --detail lists; () for none of them."""
    if detail is None:
        return None
    names = tuple(name.strip() for name in detail.split(",") if name.strip())
    if not names:
        raise UsageError("--detail: no field is named. Say none, or a list such as dp,gq,ad.")
    if names == ("none",):
        return ()
    if "none" in names:
        raise UsageError("--detail: 'none' stands beside other fields. Say the one or the others.")
    return names


def _names(contigs: list[str] | None) -> tuple[str, ...] | None:
    """The contigs named, each option holding one or several with commas between."""
    if not contigs:
        return None
    return tuple(name for listed in contigs for name in listed.split(",") if name)
