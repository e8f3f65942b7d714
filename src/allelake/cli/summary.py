"""`allelake summary`: a cohort at a glance."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allelake.cli import options
from allelake.cli.ending import ends_tidily
from allelake.cli.options import Filter, Format, Ploidy

if TYPE_CHECKING:
    from allelake.queries.answer import Answer


PerPerson = Annotated[
    bool, typer.Option("--per-person", help="A row per sample instead, over the whole lake.")
]


@ends_tidily
def summary(
    lake: options.LakeFolder,
    cohort: options.CohortName = "all",
    region: options.Regions = None,
    bed: options.Bed = None,
    policy: options.Policy = "raw",
    ploidy: options.PloidyRule = Ploidy.AS_CALLED,
    filter: options.FilterRule = Filter.ANY,
    per_person: PerPerson = False,
    as_of: options.AsOf = None,
    format: options.OutputFormat = None,
    output: options.Output = None,
    overwrite: options.Overwrite = False,
    rows: options.Rows = None,
) -> None:
    """Tell who is in a cohort and what they carry.

    People by sex and attribute; variants by kind and frequency; Ti/Tv, het/hom and call rate.

    Example: allelake summary hk.lake --cohort CHS
    """
    from allelake.cli.output import show
    from allelake.cli.reading import open_for, place, terms
    from allelake.errors import UsageError

    where = place(region, None, None, bed)
    if per_person and (where["region"] or where["bed"] or policy != "raw" or ploidy != "as_called"):
        raise UsageError("--per-person is about the whole lake, raw and as called.")
    with open_for(lake, as_of=as_of) as opened:
        if per_person:
            show(opened.sample_summary(cohort), format, output, overwrite, rows)
            return
        answer = opened.summary(
            cohort,
            region=where["region"],
            bed=where["bed"],
            **terms(policy, ploidy, filter),
        )
        _show_figures(answer, format, output, overwrite)


def _show_figures(
    answer: "Answer", format: Format | None, output: Path | None, overwrite: bool
) -> None:
    """As lines with charts, unless a format or a file is asked for."""
    from allelake.cli.output import show
    from allelake.queries.summary import Figure, summary_lines

    if output is not None or format not in (None, Format.TABLE):
        show(answer, format, output, overwrite)
        return
    figures = [Figure(*row) for chunk in answer.tuples() for row in chunk]
    print(answer.about.line())
    print(*summary_lines(figures, with_bars=sys.stdout.isatty()), sep="\n")
