"""`allelake structure`: sites, kinship, unrelated people and principal components."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allelake.cli import options
from allelake.cli.ending import ends_tidily
from allelake.cli.options import Format
from allelake.errors import UsageError

if TYPE_CHECKING:
    from allelake.structure.sites import SiteRules
    from allelake.structure.stored import Steps, StoredResult

app = typer.Typer(
    help="Find relatives and principal components.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


class Sites(StrEnum):
    """Where people are compared."""

    COMMON = "common"
    PRUNED = "pruned"


Cohort = Annotated[str, typer.Option("--cohort", "-c", metavar="NAME", help="Whose genotypes.")]
MinMaf = Annotated[
    float, typer.Option(metavar="F", help="Least frequency of the rarer allele in the cohort.")
]
MaxMissing = Annotated[
    float, typer.Option(metavar="F", help="Largest share of the cohort's alleles unknown.")
]
Source = Annotated[
    Sites,
    typer.Option(help="Where: common, biallelic autosomal SNVs; or of them the pruned ones."),
]
ShowFormat = Annotated[
    Format | None,
    typer.Option("--format", "-f", help="Also print the stored rows, in this format."),
]
ShowOutput = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Also write the stored rows to a file."),
]


@app.command()
@ends_tidily
def prune(
    lake: options.LakeFolder,
    cohort: Cohort = "all",
    window: Annotated[
        str, typer.Option(metavar="W", help="Kilobases, as 500kb, or a number of sites.")
    ] = "500kb",
    step: Annotated[
        int, typer.Option(metavar="N", help="Sites from one window to the next; 1 for kilobases.")
    ] = 1,
    max_r2: Annotated[
        float, typer.Option(metavar="R2", help="Squared correlation above which a site goes.")
    ] = 0.2,
    min_maf: MinMaf = 0.01,
    max_missing: MaxMissing = 0.05,
    exclude: Annotated[
        Path | None,
        typer.Option(metavar="BED", help="Regions to leave out, such as those of long linkage."),
    ] = None,
    format: ShowFormat = None,
    output: ShowOutput = None,
    overwrite: options.Overwrite = False,
) -> None:
    """Choose common SNVs of which no two near each other correlate.

    Biallelic SNVs on autosomes; the same sites as `plink2 --indep-pairwise` keeps.

    Example: allelake structure prune hk.lake --window 500kb --max-r2 0.2
    """
    from allelake.structure.prune import PruneRules
    from allelake.structure.relatives import store_pruned_sites

    rules = PruneRules(window, step, max_r2)
    chosen = _rules(min_maf, max_missing, exclude)
    with _steps(format, output, overwrite) as steps:
        stored = store_pruned_sites(lake, cohort, chosen, rules, steps)
    _tell(stored, "{pruned_sites:,} of {common_sites:,} common sites stay")
    _show(lake, stored, format, output, overwrite)


@app.command()
@ends_tidily
def kinship(
    lake: options.LakeFolder,
    cohort: Cohort = "all",
    sites: Source = Sites.COMMON,
    min_kinship: Annotated[
        float, typer.Option(metavar="K", help="Least kinship of a pair that is stored.")
    ] = 0.0442,
    min_maf: MinMaf = 0.01,
    max_missing: MaxMissing = 0.05,
    format: ShowFormat = None,
    output: ShowOutput = None,
    overwrite: options.Overwrite = False,
) -> None:
    """Tell who is related to whom, by KING-robust kinship.

    As `plink2 --make-king-table`. 0.5 is one genome twice, 0.25 the first degree, 0.125 the
    second. `allelake sql LAKE "FROM relatives('NAME')"` tells one person's.

    Example: allelake structure kinship hk.lake --min-kinship 0.0884
    """
    from allelake.structure.relatives import store_kinship

    chosen = _rules(min_maf, max_missing)
    with _steps(format, output, overwrite) as steps:
        stored = store_kinship(lake, cohort, sites.value, chosen, min_kinship, steps)
    _tell(
        stored,
        "{pairs_looked_at:,} pairs of {samples:,} samples were compared at {used_sites:,} sites",
        "{pairs_stored:,} with a kinship of {min_kinship:g} or more are stored",
        *(
            f"{name}: {{{name}:,}}"
            for name in ("duplicate", "parent-child", "sibling", "second", "third")
            if name in stored.said
        ),
    )
    _show(lake, stored, format, output, overwrite)


@app.command()
@ends_tidily
def unrelated(
    lake: options.LakeFolder,
    cohort: Cohort = "all",
    degree: Annotated[
        int, typer.Option(min=1, max=3, metavar="N", help="Furthest degree that counts as related.")
    ] = 2,
    format: ShowFormat = None,
    output: ShowOutput = None,
    overwrite: options.Overwrite = False,
) -> None:
    """Choose a largest set of people of whom no two are related.

    Of the stored kinship. Groups of up to 40 relatives are solved exactly; in larger ones whoever
    has most relatives goes, until nobody has one.

    Example: allelake structure unrelated hk.lake --degree 2
    """
    from allelake.structure.relatives import store_unrelated

    with _steps(format, output, overwrite) as steps:
        stored = store_unrelated(lake, cohort, degree, steps)
    _tell(
        stored,
        "{unrelated_samples:,} of {samples:,} samples are in the set",
        "{related_pairs:,} pairs are related, in {groups:,} groups",
        "{groups_not_solved_exactly:,} groups were too large to be solved exactly",
    )
    _show(lake, stored, format, output, overwrite)


@app.command()
@ends_tidily
def pca(
    lake: options.LakeFolder,
    cohort: Cohort = "all",
    components: Annotated[int, typer.Option(min=1, metavar="N", help="How many components.")] = 10,
    sites: Source = Sites.PRUNED,
    use_everybody: Annotated[
        bool,
        typer.Option(
            "--use-everybody", help="Find components with relatives too, not with unrelated people."
        ),
    ] = False,
    min_maf: MinMaf = 0.01,
    max_missing: MaxMissing = 0.05,
    format: ShowFormat = None,
    output: ShowOutput = None,
    overwrite: options.Overwrite = False,
) -> None:
    """Find the axes along which people differ most.

    Principal components of standardised genotypes, as `plink2 --pca`. They are found with the
    stored unrelated people, if there are any, and the others projected onto them.

    Example: allelake structure pca hk.lake --components 10
    """
    from allelake.structure.axes import PcaRules, store_components

    chosen = _rules(min_maf, max_missing)
    with _steps(format, output, overwrite) as steps:
        stored = store_components(
            lake, cohort, PcaRules(components, use_everybody), sites.value, chosen, steps
        )
    _tell(
        stored,
        "{components} components of {used_samples:,} samples at {used_sites:,} sites",
        "{projected_samples:,} related samples were projected",
    )
    _show(lake, stored, format, output, overwrite)


@app.command()
@ends_tidily
def project(
    lake: options.LakeFolder,
    cohort: Annotated[str, typer.Option("--cohort", "-c", metavar="NAME", help="Whom to project.")],
    onto: Annotated[
        str, typer.Option(metavar="NAME", help="The cohort whose components are stored.")
    ] = "all",
    format: ShowFormat = None,
    output: ShowOutput = None,
    overwrite: options.Overwrite = False,
) -> None:
    """Put people along the components of another cohort.

    What is missing in a person counts as average, which draws the person to the middle:
    `known_share` in the rows tells how much is known.

    Example: allelake structure project hk.lake --cohort new --onto all
    """
    from allelake.structure.axes import store_projection

    with _steps(format, output, overwrite) as steps:
        stored = store_projection(lake, cohort, onto, steps)
    _tell(
        stored,
        "{samples:,} samples were projected by {used_sites:,} sites onto {onto}",
        "at least {least_known_share:.1%} of them are known in each sample",
    )
    _show(lake, stored, format, output, overwrite)


def _rules(min_maf: float, max_missing: float, exclude: Path | None = None) -> "SiteRules":
    from allelake.structure.sites import SiteRules, regions_left_out

    regions = () if exclude is None else regions_left_out(exclude)
    return SiteRules(min_maf, max_missing, left_out=regions)


def _refuse_output(format: Format | None, output: Path | None, overwrite: bool) -> None:
    """Refuses a file that cannot be written before anything is computed, and stored."""
    from allelake.queries.formats import format_of
    from allelake.report.write import check_output

    if output is None or str(output) == "-":
        return
    if format is Format.TABLE:
        raise UsageError("A table is for the eye. Write csv, tsv, json, parquet or arrow.")
    format_of(output, None if format is None else str(format))
    check_output(output, overwrite)


@contextmanager
def _steps(format: Format | None, output: Path | None, overwrite: bool) -> "Iterator[Steps]":
    """Steps that a bar on stderr shows, unless the rows could not be written afterwards."""
    from allelake.cli.progress import progress_bar
    from allelake.structure.stored import Steps

    _refuse_output(format, output, overwrite)
    with progress_bar() as bar:
        yield Steps(bar.on_step, bar.on_progress)


def _tell(stored: "StoredResult", *lines: str) -> None:
    """What was stored, in words on stderr: stdout is for rows."""
    say: Callable[[str], None] = lambda text: typer.echo(text, err=True)  # noqa: E731
    for note in stored.notes:
        say(f"Note: {note}")
    for line in lines:
        say(line.format(**stored.said))
    say(f"Snapshot {stored.snapshot}.")


def _show(
    lake: Path,
    stored: "StoredResult",
    format: Format | None,
    output: Path | None,
    overwrite: bool,
) -> None:
    if format is None and output is None:
        return
    from allelake.cli.output import show
    from allelake.cli.reading import open_for
    from allelake.lake.structure import stored_rows

    with open_for(lake) as opened:
        show(stored_rows(opened, stored), format, output, overwrite)
