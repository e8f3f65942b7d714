"""`allelake cohort`: define, list, show and drop cohorts."""

from pathlib import Path
from typing import Annotated

import typer

from allelake.cli import options
from allelake.cli.ending import ends_tidily, warn

app = typer.Typer(
    help="Define cohorts, list, show and drop them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The cohort's name.", show_default=False)]
# Names of samples are shown on stderr only as many as a person can use.
SHOWN_MISSING = 5


Where = Annotated[
    str | None,
    typer.Option(
        metavar="PREDICATE",
        help="An expression over the columns of samples; the cohort follows new samples.",
    ),
]
SampleFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="A fixed list: one sample's name per line, or a table with a column of them; "
        "- reads stdin.",
    ),
]
Replace = Annotated[bool, typer.Option("--replace", help="Define a cohort of this name anew.")]
AllowMissing = Annotated[
    bool, typer.Option("--allow-missing", help="Take names that are not in the lake (yet).")
]


@app.command()
@ends_tidily
def define(
    lake: options.LakeFolder,
    name: Name,
    where: Where = None,
    samples: SampleFile = None,
    replace: Replace = False,
    allow_missing: AllowMissing = False,
) -> None:
    """Define a cohort: by a rule over samples, or by a list of them.

    Example: allelake cohort define hk.lake CHS --where "population = 'CHS' and sex = 'XX'"
    """
    from allelake.cli.reading import lines_of
    from allelake.counted import counted
    from allelake.errors import UsageError
    from allelake.ingest.people.id_list import sample_names
    from allelake.warehouse.cohorts.define import define_cohort

    if (where is None) == (samples is None):
        raise UsageError("Give either --where or --samples: one of them defines the cohort.")
    names = None if samples is None else sample_names(lines_of(samples), str(samples))
    defined = define_cohort(
        lake, name, where=where, samples=names, replace=replace, allow_missing=allow_missing
    )
    print(f"Cohort {name}: {counted(defined.members, 'sample')}. Snapshot {defined.snapshot}.")
    if defined.missing:
        shown = ", ".join(defined.missing[:SHOWN_MISSING])
        more = ", ..." if len(defined.missing) > SHOWN_MISSING else ""
        warn(f"{len(defined.missing):,} of the names are not in the lake yet: {shown}{more}")
    elif not defined.members:
        warn("nobody is in this cohort yet")


@app.command("list")
@ends_tidily
def list_cohorts(
    lake: options.LakeFolder,
    as_of: options.AsOf = None,
    format: options.OutputFormat = None,
    output: options.Output = None,
    overwrite: options.Overwrite = False,
) -> None:
    """List the cohorts with their sizes and rules.

    Example: allelake cohort list hk.lake
    """
    from allelake.cli.output import show
    from allelake.cli.reading import open_for

    with open_for(lake, as_of=as_of) as opened:
        show(opened.cohorts(), format, output, overwrite, rows=0)


@app.command("show")
@ends_tidily
def show_cohort(
    lake: options.LakeFolder,
    name: Name,
    as_of: options.AsOf = None,
    format: options.OutputFormat = None,
    output: options.Output = None,
    overwrite: options.Overwrite = False,
    rows: options.Rows = None,
) -> None:
    """Show who is in a cohort.

    Example: allelake cohort show hk.lake CHS --format csv
    """
    from allelake.cli.output import show
    from allelake.cli.reading import open_for

    with open_for(lake, as_of=as_of) as opened:
        show(opened.cohort_samples(name), format, output, overwrite, rows)


@app.command()
@ends_tidily
def drop(lake: options.LakeFolder, name: Name) -> None:
    """Drop a cohort. The samples stay.

    Example: allelake cohort drop hk.lake CHS
    """
    from allelake.warehouse.cohorts.define import drop_cohort

    number = drop_cohort(lake, name)
    print(f"Cohort {name} is dropped. Snapshot {number}.")
