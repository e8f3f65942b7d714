"""`allelake diff`: what differs between two snapshots."""

import sys
from typing import Annotated

import typer

from allelake.cli import options
from allelake.cli.ending import ends_tidily
from allelake.cli.options import Filter, Format, Ploidy

Before = Annotated[
    str, typer.Argument(metavar="A", help="A snapshot: its number or a date.", show_default=False)
]
After = Annotated[
    str, typer.Argument(metavar="B", help="A later one, to compare with.", show_default=False)
]
Threshold = Annotated[
    float,
    typer.Option(
        min=0.0, max=1.0, metavar="X", help="Leave out variants whose af differs by no more."
    ),
]
Samples = Annotated[
    bool, typer.Option("--samples", help="List the samples that came or went, and no variants.")
]


@ends_tidily
def diff(
    lake: options.LakeFolder,
    before: Before,
    after: After,
    cohort: options.CohortName = "all",
    threshold: Threshold = 0.01,
    region: options.Regions = None,
    policy: options.Policy = "raw",
    ploidy: options.PloidyRule = Ploidy.AS_CALLED,
    filter: options.FilterRule = Filter.ANY,
    samples: Samples = False,
    format: options.OutputFormat = None,
    output: options.Output = None,
    overwrite: options.Overwrite = False,
    rows: options.Rows = None,
) -> None:
    """Tell what differs between two snapshots.

    Variants whose frequency in a cohort changed by more than the threshold, that are new or gone,
    or whose frequency became known or unknown; and the samples added, withdrawn and replaced.
    Who has withdrawn by today counts on neither side.

    Example: allelake diff hk.lake 2 5 --cohort CHS --threshold 0.05
    """
    from allelake.cli.output import show
    from allelake.cli.reading import open_for, terms

    with open_for(lake) as opened:
        found = opened.diff(
            before,
            after,
            cohort=cohort,
            threshold=threshold,
            region=region or None,
            **terms(policy, ploidy, filter),
        )
        if not samples:
            is_table = format in (None, Format.TABLE) and output is None
            print(*found.lines(), sep="\n", file=sys.stdout if is_table else sys.stderr)
        show(found.samples if samples else found.variants, format, output, overwrite, rows)
