"""`allelake materialize` and `allelake strata`: frequencies by group, stored and shown."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allelake.cli import options
from allelake.cli.ending import ends_tidily
from allelake.cli.options import Ploidy

if TYPE_CHECKING:
    from allelake.warehouse.strata.materialise import Materialised

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

Drop = Annotated[bool, typer.Option("--drop", help="Drop what is stored by --name.")]
List = Annotated[
    bool, typer.Option("--list", help="List what is stored in the lake; store nothing.")
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
    drop: Drop = False,
    list_: List = False,
    format: options.OutputFormat = None,
) -> None:
    """Store frequencies by group, and keep them true.

    Every later commit adds whoever comes and takes away whoever leaves or moves. The view
    `frequencies` and `allelake strata` show what is stored.

    Example: allelake materialize hk.lake --by population,sex --policy raw,adj@1 --ploidy by_sex
    """
    from allelake.cli.progress import progress_bar
    from allelake.warehouse.strata.materialise import materialise

    _one_of(by is not None, drop, list_)
    if list_:
        _list(lake, format)
    elif drop:
        _drop(lake, name or cohort)
    else:
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
        _tell(done)


def _one_of(*given: bool) -> None:
    from allelake.errors import UsageError

    if sum(given) != 1:
        raise UsageError("Give one of --by ATTRIBUTES (to store), --drop and --list.")


def _list(lake: Path, format: options.Format | None) -> None:
    from allelake.cli.output import show
    from allelake.cli.reading import open_for

    with open_for(lake) as opened:
        show(opened.results(), format, rows=0)


def _drop(lake: Path, name: str) -> None:
    from allelake.warehouse.strata.materialise import drop_materialised

    number = drop_materialised(lake, name)
    print(f"Frequencies {name} are dropped. Snapshot {number}.")


def _tell(done: "Materialised") -> None:
    from allelake.counted import counted

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
    """Show stored frequencies by group.

    A row per variant, group and policy, with the filtering allele frequencies.

    Example: allelake strata hk.lake --stratum EAS --stratum EAS_XX --region chr22 --format tsv
    """
    from allelake.cli.output import show
    from allelake.cli.reading import open_for

    with open_for(lake, as_of=as_of) as opened:
        answer = opened.frequencies(name, stratum=stratum, region=region or None, policy=policy)
        show(answer, format, output, overwrite, rows)


def _several(text: str | None) -> list[str]:
    return [each.strip() for each in (text or "").split(",") if each.strip()]
