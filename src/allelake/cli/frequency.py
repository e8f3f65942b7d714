"""`allelake frequency`: how common each alternate allele is."""

from typing import Annotated

import typer

from allelake.cli import options
from allelake.cli.ending import ends_tidily
from allelake.cli.options import Filter, Ploidy

By = Annotated[
    str | None,
    typer.Option(
        metavar="ATTRIBUTE",
        help="A row for each value of an attribute of samples: sex, population, ...",
    ),
]
MinAc = Annotated[
    int, typer.Option(min=0, metavar="N", help="Leave out variants with fewer copies.")
]
MinAn = Annotated[
    int, typer.Option(min=0, metavar="N", help="Leave out variants with fewer called alleles.")
]


@ends_tidily
def frequency(
    lake: options.LakeFolder,
    cohort: options.CohortName = "all",
    region: options.Regions = None,
    variant: options.Variant = None,
    id: options.Identifier = None,
    bed: options.Bed = None,
    by: By = None,
    policy: options.Policy = "raw",
    ploidy: options.PloidyRule = Ploidy.AS_CALLED,
    filter: options.FilterRule = Filter.ANY,
    min_ac: MinAc = 0,
    min_an: MinAn = 0,
    as_of: options.AsOf = None,
    format: options.OutputFormat = None,
    output: options.Output = None,
    overwrite: options.Overwrite = False,
    rows: options.Rows = None,
) -> None:
    """Tell how common each alternate allele is.

    Copies, called alleles and frequency in a cohort, a row per variant the lake knows there, those
    nobody carries included. `af` is empty where nobody was called.

    Example: allelake frequency hk.lake --cohort CHS --region chr22:16,050,000-16,060,000
    """
    from allelake.cli.output import show
    from allelake.cli.reading import open_for, place, terms

    where, bounds = place(region, variant, id, bed), {"min_ac": min_ac, "min_an": min_an}
    with open_for(lake, as_of=as_of) as opened:
        answer = opened.allele_frequency(
            cohort,
            by=by,
            **where,
            **terms(policy, ploidy, filter),
            **bounds,
        )
        show(answer, format, output, overwrite, rows)
