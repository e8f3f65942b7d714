"""`allelake summary`: a cohort at a glance."""

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from allelake.cli import options
from allelake.cli.ending import ends_tidily
from allelake.cli.options import Filter, Format, Ploidy
from allelake.cli.report import By, Compare

if TYPE_CHECKING:
    from allelake.lake import Lake
    from allelake.queries.answer import Answer


# Policy and rule of ploidy of the figures that are of the whole lake only.
_AS_IT_IS = ("raw", Ploidy.AS_CALLED)
PerPerson = Annotated[
    bool, typer.Option("--per-person", help="A row per sample instead, over the whole lake.")
]


Full = Annotated[
    bool, typer.Option("--full", help="Every section of `report`, as tables, small counts hidden.")
]


OfFull = Annotated[
    str | None,
    typer.Option(
        "--min-cell", metavar="N|PRESET", help="With --full: which counts are hidden, as of report."
    ),
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
    min_cell: OfFull = None,
    as_of: options.AsOf = None,
    format: options.OutputFormat = None,
    output: options.Output = None,
    overwrite: options.Overwrite = False,
    rows: options.Rows = None,
) -> None:
    """Tell who is in a cohort and what they carry.

    People by sex and attribute; variants by kind and frequency; ratios and call rate; every count,
    however small. With --full all that `report` draws, small counts hidden.

    Example: allelake summary hk.lake --cohort CHS
    """
    from allelake.cli.reading import open_for, place, terms

    where = place(region, None, None, bed)
    is_whole = not (where["region"] or where["bed"]) and (policy, ploidy) == _AS_IT_IS
    is_changed = full and (filter is not Filter.ANY or output or format)
    _refuse(bool(is_changed) or ((per_person or full) and not is_whole))
    _refuse_without_full(full, compare=compare, by=by, min_cell=min_cell)
    with open_for(lake, as_of=as_of) as opened:
        if full:
            return _print_full(opened, cohort, compare, by, min_cell)
        if per_person:
            return _show_people(opened.sample_summary(cohort), format, output, overwrite, rows)
        asked: Any = dict(terms(policy, ploidy, filter), region=where["region"], bed=where["bed"])
        return _show_figures(opened.summary(cohort, **asked), format, output, overwrite)


def _refuse(is_of_a_part: bool) -> None:
    """What is about the whole lake is not about a part of it, and the full one is only printed."""
    from allelake.errors import UsageError

    if is_of_a_part:
        raise UsageError(
            "--per-person and --full are about the whole lake, raw and as called, and --full is "
            "printed as it is: `allelake report` writes it to a file."
        )


def _refuse_without_full(full: bool, **given: str | None) -> None:
    """A rule that is not followed would be worse than none."""
    from allelake.errors import UsageError

    asked = [f"--{name.replace('_', '-')}" for name, value in given.items() if value is not None]
    if asked and not full:
        raise UsageError(
            f"{' and '.join(asked)} without --full: every count would be told, however small. "
            "Add --full."
        )


def _print_full(
    opened: "Lake", cohort: str, compare: str | None, by: str | None, min_cell: str | None
) -> None:
    from allelake.cli.progress import progress_bar
    from allelake.report.suppress import DEFAULT
    from allelake.report.terminal import report_lines

    rule = DEFAULT if min_cell is None else min_cell
    with progress_bar() as bar:
        made = opened.report(
            None, cohort=cohort, compare=compare, by=by, min_cell=rule, on_step=bar.on_step
        )
    width = min(shutil.get_terminal_size().columns, 100)
    print(*report_lines(made, width, with_bars=sys.stdout.isatty()), sep="\n")


def _show_people(
    answer: "Answer",
    format: Format | None,
    output: Path | None,
    overwrite: bool,
    rows: int | None,
) -> None:
    from allelake.cli.output import show

    show(answer, format, output, overwrite, rows)


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
