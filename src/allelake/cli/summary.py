"""`allelake summary`: a cohort at a glance."""

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allelake.cli import options
from allelake.cli.ending import ends_tidily
from allelake.cli.options import Filter, Format, Ploidy
from allelake.cli.report import By, Compare, MinCell

if TYPE_CHECKING:
    from allelake.queries.answer import Answer


PerPerson = Annotated[
    bool, typer.Option("--per-person", help="A row per sample instead, over the whole lake.")
]


Full = Annotated[
    bool, typer.Option("--full", help="Every section of `report`, as tables, small counts hidden.")
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
    full: Full = False,
    compare: Compare = None,
    by: By = None,
    min_cell: MinCell = "all-of-us",
    as_of: options.AsOf = None,
    format: options.OutputFormat = None,
    output: options.Output = None,
    overwrite: options.Overwrite = False,
    rows: options.Rows = None,
) -> None:
    """Tell who is in a cohort and what they carry.

    People by sex and attribute; variants by kind and frequency; Ti/Tv, het/hom and call rate. With
    --full what `report` draws: groups, density, quality, structure, batches, a comparison.

    Example: allelake summary hk.lake --cohort CHS
    """
    from allelake.cli.output import show
    from allelake.cli.reading import open_for, place, terms
    from allelake.errors import UsageError

    where = place(region, None, None, bed)
    if per_person and (where["region"] or where["bed"] or policy != "raw" or ploidy != "as_called"):
        raise UsageError("--per-person is about the whole lake, raw and as called.")
    if full:
        is_whole = (policy, ploidy, filter) == ("raw", Ploidy.AS_CALLED, Filter.ANY)
        if where["region"] or where["bed"] or not is_whole or per_person or output or format:
            raise UsageError(
                "--full is about the whole lake, raw and as called, and printed as it is. "
                "`allelake report` writes it to a file."
            )
        _print_full(lake, cohort, compare, by, min_cell, as_of)
        return
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


def _print_full(
    lake: Path,
    cohort: str,
    compare: str | None,
    by: str | None,
    min_cell: str,
    as_of: str | None,
) -> None:
    from allelake.cli.progress import progress_bar
    from allelake.cli.reading import open_for
    from allelake.report.terminal import report_lines

    with open_for(lake, as_of=as_of) as opened, progress_bar() as bar:
        asked = {"cohort": cohort, "compare": compare, "by": by, "min_cell": min_cell}
        made = opened.report(None, on_step=bar.on_step, **asked)  # type: ignore[arg-type]
    width = min(shutil.get_terminal_size().columns, 100)
    print(*report_lines(made, width, with_bars=sys.stdout.isatty()), sep="\n")


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
