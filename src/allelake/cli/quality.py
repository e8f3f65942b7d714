"""`allelake quality`: how good sites and samples are, and whose samples they are."""

from typing import TYPE_CHECKING, Annotated

import typer

from allelake.cli import options
from allelake.cli.ending import ends_tidily
from allelake.cli.options import Filter, Ploidy

if TYPE_CHECKING:
    from pathlib import Path

app = typer.Typer(
    help="Tell how good sites and samples are.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

By = Annotated[
    str | None,
    typer.Option(metavar="ATTRIBUTE", help="Each value of an attribute of samples by itself."),
]
Compared = Annotated[
    str, typer.Option("--by", metavar="ATTRIBUTE", help="The attribute whose values to compare.")
]
Within = Annotated[
    str | None,
    typer.Option(
        metavar="ATTRIBUTE",
        help="Compare within each value of another attribute, such as population.",
    ),
]
MaxP = Annotated[float, typer.Option(min=0, max=1, metavar="P", help="Flag what is below it.")]
Founders = Annotated[
    bool, typer.Option("--founders", help="Leave out people with a parent in the pedigree.")
]
OnX = Annotated[
    bool, typer.Option("--x", help="The joint test of men and women on X outside PAR instead.")
]
Deviations = Annotated[
    float,
    typer.Option(min=0, metavar="N", help="Median absolute deviations beyond which it is told."),
]
MaxFemaleF = Annotated[float, typer.Option(metavar="F", help="F on X of at most this tells XX.")]
MinMaleF = Annotated[float, typer.Option(metavar="F", help="F on X of at least this tells XY.")]
MaxFemaleY = Annotated[
    float, typer.Option(metavar="RATE", help="A call rate on Y of at most this tells XX.")
]
MinMaleY = Annotated[
    float, typer.Option(metavar="RATE", help="A call rate on Y of at least this tells XY.")
]
NoY = Annotated[bool, typer.Option("--no-y", help="Leave Y out.")]
Concordance = Annotated[
    float,
    typer.Option(min=0, max=1, metavar="SHARE", help="Share of equal genotypes in one person."),
]
MinVariants = Annotated[
    int, typer.Option(min=0, metavar="N", help="Variants that it takes to tell.")
]
Duos = Annotated[bool, typer.Option("--duos", help="One parent is enough.")]
Errors = Annotated[
    bool, typer.Option("--errors", help="A row for each genotype that does not fit instead.")
]


@app.command()
@ends_tidily
def sites(
    lake: options.LakeFolder,
    cohort: options.CohortName = "all",
    region: options.Regions = None,
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
    """Tell how well each variant was called.

    Call rate, mean DP and GQ of all genotypes (empty for a cohort that is not whole batches),
    allele balance of heterozygotes, inbreeding coefficient, and a flag with its reason.

    Example: allelake quality sites hk.lake --region chr22:16,050,000-16,060,000
    """
    from allelake.cli.output import show
    from allelake.cli.reading import open_for, terms

    where = _where(region, bed)
    with open_for(lake, as_of=as_of) as opened:
        answer = opened.site_quality(
            cohort, region=where[0], bed=where[1], **terms(policy, ploidy, filter)
        )
        show(answer, format, output, overwrite, rows)


@app.command()
@ends_tidily
def hardy(
    lake: options.LakeFolder,
    cohort: options.CohortName = "all",
    region: options.Regions = None,
    by: By = None,
    x: OnX = False,
    founders: Founders = False,
    policy: options.Policy = "raw",
    ploidy: options.PloidyRule = Ploidy.BY_SEX,
    filter: options.FilterRule = Filter.ANY,
    as_of: options.AsOf = None,
    format: options.OutputFormat = None,
    output: options.Output = None,
    overwrite: options.Overwrite = False,
    rows: options.Rows = None,
) -> None:
    """Test whether genotypes fit Hardy-Weinberg proportions.

    Exact p, mid-p, excess of heterozygotes and inbreeding coefficient; on X of women alone, or with
    --x of men and women together.

    Example: allelake quality hardy hk.lake --by population --region chr22
    """
    from allelake.cli.output import show
    from allelake.cli.reading import open_for, terms
    from allelake.errors import UsageError

    if x and (by is not None or ploidy is not Ploidy.BY_SEX):
        raise UsageError("--x is by sex, of the whole cohort: leave out --by and --ploidy.")
    where, rules = _where(region, None)[0], terms(policy, ploidy, filter)
    with open_for(lake, as_of=as_of) as opened:
        if x:
            answer = opened.hardy_weinberg_x(
                cohort, region=where or "X", founders=founders, policy=policy, filter=filter.value
            )
        else:
            answer = opened.hardy_weinberg(cohort, by=by, region=where, founders=founders, **rules)
        show(answer, format, output, overwrite, rows)


@app.command()
@ends_tidily
def batches(
    lake: options.LakeFolder,
    cohort: options.CohortName = "all",
    region: options.Regions = None,
    by: Compared = "batch",
    within: Within = None,
    max_p: MaxP = 1e-4,
    policy: options.Policy = "raw",
    ploidy: options.PloidyRule = Ploidy.AS_CALLED,
    filter: options.FilterRule = Filter.ANY,
    as_of: options.AsOf = None,
    format: options.OutputFormat = None,
    output: options.Output = None,
    overwrite: options.Overwrite = False,
    rows: options.Rows = None,
) -> None:
    """Compare the frequency in each batch with that in all the others.

    Fisher's exact test, or with --within Cochran-Mantel-Haenszel, and a flag with its reason.

    Example: allelake quality batches hk.lake --within population --region chr22
    """
    from allelake.cli.output import show
    from allelake.cli.reading import open_for, terms

    with open_for(lake, as_of=as_of) as opened:
        answer = opened.batch_differences(
            cohort,
            by=by,
            within=within,
            region=_where(region, None)[0],
            max_p=max_p,
            **terms(policy, ploidy, filter),
        )
        show(answer, format, output, overwrite, rows)


@app.command()
@ends_tidily
def samples(
    lake: options.LakeFolder,
    cohort: options.CohortName = "all",
    region: options.Regions = None,
    bed: options.Bed = None,
    as_of: options.AsOf = None,
    format: options.OutputFormat = None,
    output: options.Output = None,
    overwrite: options.Overwrite = False,
    rows: options.Rows = None,
) -> None:
    """Tell how each sample was called and what it carries.

    Called, missing, heterozygotes, homozygotes, singletons, kinds of variants, Ti/Tv, het/hom, mean
    DP and GQ, and the inbreeding coefficient F.

    Example: allelake quality samples hk.lake --cohort CHS
    """
    from allelake.cli.output import show
    from allelake.cli.reading import open_for

    where = _where(region, bed)
    with open_for(lake, as_of=as_of) as opened:
        answer = opened.sample_quality(cohort, region=where[0], bed=where[1])
        show(answer, format, output, overwrite, rows)


@app.command()
@ends_tidily
def outliers(
    lake: options.LakeFolder,
    cohort: options.CohortName = "all",
    by: By = None,
    max_deviations: Deviations = 4.0,
    region: options.Regions = None,
    as_of: options.AsOf = None,
    format: options.OutputFormat = None,
    output: options.Output = None,
    overwrite: options.Overwrite = False,
    rows: options.Rows = None,
) -> None:
    """List samples that stand apart from the others of their group.

    By median absolute deviations of each figure of `quality samples`.

    Example: allelake quality outliers hk.lake --by population
    """
    from allelake.cli.output import show
    from allelake.cli.reading import open_for

    with open_for(lake, as_of=as_of) as opened:
        answer = opened.sample_outliers(
            cohort, by=by, max_deviations=max_deviations, region=_where(region, None)[0]
        )
        show(answer, format, output, overwrite, rows, longest=100)


@app.command()
@ends_tidily
def sex(
    lake: options.LakeFolder,
    cohort: options.CohortName = "all",
    max_female_f: MaxFemaleF = 0.2,
    min_male_f: MinMaleF = 0.8,
    max_female_y: MaxFemaleY = 0.2,
    min_male_y: MinMaleY = 0.8,
    no_y: NoY = False,
    as_of: options.AsOf = None,
    format: options.OutputFormat = None,
    output: options.Output = None,
    overwrite: options.Overwrite = False,
    rows: options.Rows = None,
) -> None:
    """Infer sex from X and Y, and compare it with the declared one.

    Example: allelake quality sex hk.lake
    """
    from allelake.cli.output import show
    from allelake.cli.reading import open_for

    with open_for(lake, as_of=as_of) as opened:
        answer = opened.inferred_sex(
            cohort,
            max_female_f=max_female_f,
            min_male_f=min_male_f,
            max_female_y=None if no_y else max_female_y,
            min_male_y=None if no_y else min_male_y,
        )
        show(answer, format, output, overwrite, rows, longest=100)


@app.command()
@ends_tidily
def duplicates(
    lake: options.LakeFolder,
    cohort: options.CohortName = "all",
    region: options.Regions = None,
    min_concordance: Concordance = 0.98,
    min_variants: MinVariants = 50,
    as_of: options.AsOf = None,
    format: options.OutputFormat = None,
    output: options.Output = None,
    overwrite: options.Overwrite = False,
    rows: options.Rows = None,
) -> None:
    """List samples that are one person under two names, or two under one.

    Example: allelake quality duplicates hk.lake
    """
    from allelake.cli.output import show
    from allelake.cli.reading import open_for

    with open_for(lake, as_of=as_of) as opened:
        answer = opened.sample_duplicates(
            cohort,
            region=_where(region, None)[0],
            min_concordance=min_concordance,
            min_variants=min_variants,
        )
        show(answer, format, output, overwrite, rows)


@app.command()
@ends_tidily
def mendel(
    lake: options.LakeFolder,
    cohort: options.CohortName = "all",
    region: options.Regions = None,
    errors: Errors = False,
    duos: Duos = False,
    filter: options.FilterRule = Filter.ANY,
    as_of: options.AsOf = None,
    format: options.OutputFormat = None,
    output: options.Output = None,
    overwrite: options.Overwrite = False,
    rows: options.Rows = None,
) -> None:
    """Tell whether children's genotypes fit the parents that the pedigree declares.

    Example: allelake quality mendel hk.lake --region chr22
    """
    from allelake.cli.output import show
    from allelake.cli.reading import open_for

    where = _where(region, None)[0]
    with open_for(lake, as_of=as_of) as opened:
        ask = opened.mendel_errors if errors else opened.mendel_trios
        show(
            ask(cohort, region=where, filter=filter.value, duos=duos),
            format,
            output,
            overwrite,
            rows,
        )


def _where(region: list[str] | None, bed: "Path | None") -> "tuple[list[str] | None, Path | None]":
    from allelake.cli.reading import place

    found = place(region, None, None, bed)
    return found["region"], found["bed"]
