"""`allelake explain`: why the called alleles of a variant are as many as they are."""

import sys
from typing import Annotated

import typer

from allelake.cli import options
from allelake.cli.ending import ends_tidily
from allelake.cli.options import Filter, Format, Ploidy

Name = Annotated[
    str,
    typer.Argument(
        metavar="VARIANT",
        help="contig-position-ref-alt, such as 22-16050075-A-G, or an identifier.",
        show_default=False,
    ),
]
Samples = Annotated[
    bool, typer.Option("--samples", help="A row for each sample, by name, not each group.")
]
# An explanation is read to its end.
_LONGEST_SENTENCE = 120


@ends_tidily
def explain(
    lake: options.LakeFolder,
    variant: Name,
    cohort: options.CohortName = "all",
    policy: options.Policy = "raw",
    ploidy: options.PloidyRule = Ploidy.AS_CALLED,
    filter: options.FilterRule = Filter.ANY,
    samples: Samples = False,
    as_of: options.AsOf = None,
    format: options.OutputFormat = None,
    output: options.Output = None,
    overwrite: options.Overwrite = False,
    rows: options.Rows = None,
) -> None:
    """Tell why AN is what it is at one variant.

    First AC and AN with its parts, then which samples are in it and why, and why others are not:
    a row per group of samples that are alike. The alleles add up to the `an` of `frequency`.

    Example: allelake explain hk.lake 22-16050075-A-G --cohort CHS
    """
    from allelake.cli.output import show
    from allelake.cli.reading import open_for
    from allelake.queries.explain import headlines

    with open_for(lake, as_of=as_of) as opened:
        groups, answer = (
            opened.explain(
                variant,
                cohort,
                samples=each,
                policy=policy,
                ploidy=ploidy.value,
                filter=filter.value,
            )
            for each in (False, samples)
        )
        is_table = format in (None, Format.TABLE) and output is None
        print(*headlines(groups), sep="\n", file=sys.stdout if is_table else sys.stderr)
        show(answer, format, output, overwrite, rows, longest=_LONGEST_SENTENCE)
