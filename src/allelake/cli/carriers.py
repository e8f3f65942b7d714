"""`allelake carriers`: who carries which alternate alleles."""

from allelake.cli import options
from allelake.cli.ending import ends_tidily
from allelake.cli.options import Filter, Ploidy


@ends_tidily
def carriers(
    lake: options.LakeFolder,
    cohort: options.CohortName = "all",
    region: options.Regions = None,
    variant: options.Variant = None,
    id: options.Identifier = None,
    bed: options.Bed = None,
    policy: options.Policy = "raw",
    ploidy: options.PloidyRule = Ploidy.AS_CALLED,
    filter: options.FilterRule = Filter.ANY,
    as_of: options.AsOf = None,
    format: options.OutputFormat = None,
    output: options.Output = None,
    overwrite: options.Overwrite = False,
    rows: options.Rows = None,
) -> None:
    """List who carries which alternate alleles.

    A row per variant and sample with a copy. The copies add up to the `ac` of `frequency` under
    the same options.

    Example: allelake carriers hk.lake --variant 22-16050075-A-G --format csv
    """
    from allelake.cli.output import show
    from allelake.cli.reading import open_for, place, terms

    with open_for(lake, as_of=as_of) as opened:
        answer = opened.carriers(
            cohort,
            **place(region, variant, id, bed),
            **terms(policy, ploidy, filter),
        )
        show(answer, format, output, overwrite, rows)
