"""`allelake materialize` and `allelake strata`: frequencies by group, stored and shown."""

from typing import Annotated

import typer

from allelake.cli import options
from allelake.cli.ending import ends_tidily
from allelake.cli.options import Ploidy

By = Annotated[
    str | None,
    typer.Option(
        metavar="ATTRIBUTES",
        help="Attributes of samples, with commas: population,sex counts everybody, each "
        "population, each sex, and each sex of each population.",
    ),
]
Policies = Annotated[
    str, typer.Option("--policy", metavar="P", help="Which genotypes count; several with commas.")
]
Name = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="What they are called. Default: the cohort's name."),
]
LeaveOut = Annotated[
    str | None,
    typer.Option(
        metavar="VALUES",
        help="Values of the first attribute that are no candidates for grpmax and fafmax.",
    ),
]


@ends_tidily
def materialize(
    lake: options.LakeFolder,
    by: By = None,
    cohort: options.CohortName = "all",
    policy: Policies = "raw",
    ploidy: options.PloidyRule = Ploidy.AS_CALLED,
    leave_out: LeaveOut = None,
    name: Name = None,
    drop: Annotated[bool, typer.Option("--drop", help="Drop what is stored by --name.")] = False,
    list_: Annotated[
        bool, typer.Option("--list", help="List what is stored in the lake; store nothing.")
    ] = False,
    format: options.OutputFormat = None,
) -> None:
    """Store how common each allele is in each group, kept true from then on.

    Every later commit adds whoever comes and takes away whoever leaves or moves. The view
    `frequencies` and `allelake strata` show what is stored.

    Example: allelake materialize hk.lake --by population,sex --policy raw,adj@1 --ploidy by_sex
    """
    from allelake.cli.output import show
    from allelake.cli.progress import progress_bar
    from allelake.cli.reading import open_for
    from allelake.counted import counted
    from allelake.errors import UsageError
    from allelake.warehouse.strata.materialise import drop_materialised, materialise

    if sum((by is not None, drop, list_)) != 1:
        raise UsageError("Give one of --by ATTRIBUTES (to store), --drop and --list.")
    if list_:
        with open_for(lake) as opened:
            show(opened.results(), format, rows=0)
        return
    if drop:
        number = drop_materialised(lake, name or cohort)
        print(f"Frequencies {name or cohort} are dropped. Snapshot {number}.")
        return
    with progress_bar("counting") as bar:
        done = materialise(
            lake,
            _several(by),
            cohort=cohort,
            name=name,
            policies=_several(policy),
            ploidy=ploidy.value,
            leave_out=_several(leave_out),
            progress=bar.on_progress,
        )
    strata = counted(len(done.strata), "stratum", "strata")
    print(
        f"Frequencies {done.name}: {counted(done.samples, 'sample')} of {done.cohort} in {strata}, "
        f"{counted(done.rows, 'row')}. Snapshot {done.snapshot}."
    )


@ends_tidily
def strata(
    lake: options.LakeFolder,
    name: Annotated[str, typer.Option(metavar="NAME", help="What they are called.")] = "all",
    stratum: Annotated[
        list[str] | None,
        typer.Option("--stratum", "-s", metavar="S", help="Only this one: all, EAS, EAS_XX, ..."),
    ] = None,
    region: options.Regions = None,
    policy: Annotated[
        str | None, typer.Option(metavar="P", help="Only this policy of those stored.")
    ] = None,
    as_of: options.AsOf = None,
    format: options.OutputFormat = None,
    output: options.Output = None,
    overwrite: options.Overwrite = False,
    rows: options.Rows = None,
) -> None:
    """Show stored frequencies: a row per variant, group and policy.

    Example: allelake strata hk.lake --stratum EAS --stratum EAS_XX --region chr22 --format tsv
    """
    from allelake.cli.output import show
    from allelake.cli.reading import open_for

    with open_for(lake, as_of=as_of) as opened:
        answer = opened.frequencies(name, stratum=stratum, region=region or None, policy=policy)
        show(answer, format, output, overwrite, rows)


def _several(text: str | None) -> list[str]:
    return [each.strip() for each in (text or "").split(",") if each.strip()]
