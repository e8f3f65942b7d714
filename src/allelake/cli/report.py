"""`allelake report`: what a cohort looks like, on one page."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from allelake.cli import options
from allelake.cli.ending import ends_tidily

Page = Annotated[
    Path,
    typer.Option("--output", "-o", metavar="FILE", help="The page to write, such as report.html."),
]
Compare = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Another cohort: what both share, what each has alone."),
]
By = Annotated[
    str | None,
    typer.Option(
        metavar="ATTRIBUTE",
        help="The attribute of samples that makes groups. Default: the first imported one.",
    ),
]
MinCell = Annotated[
    str,
    typer.Option(
        metavar="N|PRESET",
        help="The smallest count that is shown (0 always is), or a preset: all-of-us (21), "
        "pcornet (11), plco (10), nhs (8, rounded to 5), pdpc, ohdsi, pedsnet (5), none.",
    ),
]
Individual = Annotated[
    bool,
    typer.Option(
        "--individual-level",
        help="Draw a point for each person, without names. For those who may see the lake.",
    ),
]


@ends_tidily
def report(
    lake: options.LakeFolder,
    output: Page,
    cohort: options.CohortName = "all",
    compare: Compare = None,
    by: By = None,
    min_cell: MinCell = "all-of-us",
    individual_level: Individual = False,
    as_of: options.AsOf = None,
    overwrite: options.Overwrite = False,
) -> None:
    """Draw what a cohort looks like, on one HTML page.

    People, variants along the chromosomes, frequencies, quality of samples and batches, structure,
    what AN rests on; the query behind each picture. The page needs no network and no script.
    Small counts are not shown, nor anything they could be worked out from.

    Example: allelake report hk.lake --cohort CHS --by sex -o report.html
    """
    from allelake.cli.progress import progress_bar
    from allelake.cli.reading import open_for

    with open_for(lake, as_of=as_of) as opened, progress_bar() as bar:
        opened.report(
            output,
            cohort=cohort,
            compare=compare,
            by=by,
            min_cell=min_cell,
            individual_level=individual_level,
            overwrite=overwrite,
            on_step=bar.on_step,
        )
    size = output.stat().st_size
    print(f"written to {output} ({size / 1e6:.1f} MB)", file=sys.stderr)
