"""Arguments and options that several commands share, each described once."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Format(StrEnum):
    """How an answer is written."""

    TABLE = "table"
    CSV = "csv"
    TSV = "tsv"
    JSON = "json"
    PARQUET = "parquet"
    ARROW = "arrow"


class Ploidy(StrEnum):
    """How many alleles a genotype on X, Y and MT counts for."""

    AS_CALLED = "as_called"
    BY_SEX = "by_sex"


class Filter(StrEnum):
    """Which records count."""

    ANY = "any"
    PASS = "pass"


LakeFolder = Annotated[
    Path, typer.Argument(metavar="LAKE", help="The lake's folder.", show_default=False)
]
CohortName = Annotated[
    str, typer.Option("--cohort", "-c", metavar="NAME", help="Whose genotypes count.")
]
Regions = Annotated[
    list[str] | None,
    typer.Option(
        "--region",
        "-r",
        metavar="REGION",
        help="Where: chr22:16,050,000-16,060,000, chr22:16050075 or chr22; 1-based, both ends "
        "in it. May be given several times.",
    ),
]
Variant = Annotated[
    str | None,
    typer.Option(metavar="V", help="One variant, as contig-position-ref-alt: 22-16050075-A-G."),
]
Identifier = Annotated[
    str | None, typer.Option("--id", metavar="RS", help="One identifier of the ID column.")
]
Bed = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="Regions of a BED file (0-based, end left out); - reads stdin."
    ),
]
Policy = Annotated[
    str,
    typer.Option(
        metavar="P",
        help="Which genotypes count: raw (all that were called), raw_blocks (and reference blocks "
        "without reads), or adj@1 (GQ 20, DP 10, a fifth of the reads).",
    ),
]
PloidyRule = Annotated[
    Ploidy,
    typer.Option(help="by_sex: XX on Y is missing, XY has one allele on X and Y outside PAR."),
]
FilterRule = Annotated[
    Filter, typer.Option(help="pass: only records that are PASS or were not filtered.")
]
AsOf = Annotated[
    str | None,
    typer.Option(
        metavar="N|DATE",
        help="Answer from an earlier snapshot: its number, or the last one at or before a date or "
        "a date and time (UTC). Who has withdrawn since is not in it.",
    ),
]
OutputFormat = Annotated[
    Format | None,
    typer.Option(
        "--format", "-f", help="Default: a table, or what the name of --output ends with."
    ),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="FILE", help="Write to a file, which appears when complete."
    ),
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace the file of --output.")]
Rows = Annotated[
    int | None,
    typer.Option(
        min=0,
        metavar="N",
        help="Rows of the table shown; 0 shows all. Default: 40 in a terminal, else all.",
    ),
]
