"""`allelake samples`: what is known of people, and importing it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allelake.cli import options
from allelake.cli.ending import ends_tidily
from allelake.cli.options import Format
from allelake.counted import counted

if TYPE_CHECKING:
    from allelake.ingest.people.imported import ImportReport

app = typer.Typer(
    help="Import what is known of people, and list samples.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("import")
@ends_tidily
def import_samples(
    lake: options.LakeFolder,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="TSV, CSV, Parquet or PED.", show_default=False)
    ],
    id: Annotated[
        str | None,
        typer.Option("--id", metavar="COLUMN", help="The column that holds the samples' names."),
    ] = None,
    plan: Annotated[
        bool,
        typer.Option("--plan", help="Tell what would be taken, as what types; change nothing."),
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="List the names that have no counterpart.")
    ] = False,
    format: Annotated[
        Format, typer.Option("--format", "-f", help="How the report is written: table or json.")
    ] = Format.TABLE,
) -> None:
    """Import what a table or a PED file says of people.

    Sexes, families and attributes. Types are inferred and shown. Again updates: a value in the
    file replaces the lake's, an empty
    one leaves it, people who are not in the file stay.

    Example: allelake samples import hk.lake people.tsv
    """
    from allelake.ingest.people.import_people import import_people

    report = import_people(lake, file, id, plan_only=plan)
    if format is Format.JSON:
        _print_json(report, plan, verbose)
    else:
        _print_report(report, plan, verbose)


@app.command("list")
@ends_tidily
def list_samples(
    lake: options.LakeFolder,
    as_of: options.AsOf = None,
    format: options.OutputFormat = None,
    output: options.Output = None,
    overwrite: options.Overwrite = False,
    rows: options.Rows = None,
) -> None:
    """List the samples with what is known of them.

    Example: allelake samples list hk.lake --format csv
    """
    from allelake.cli.output import show
    from allelake.cli.reading import open_for

    with open_for(lake, as_of=as_of) as opened:
        show(opened.samples(), format, output, overwrite, rows)


def _print_report(report: "ImportReport", plan: bool, verbose: bool) -> None:
    from allelake.queries.table import lay_out

    rows = [
        (c.original, c.name, c.type, c.missing, "new" if c.name in report.added_columns else "")
        for c in report.columns
    ]
    names = ["column", "in the lake", "type", "without a value", ""]
    layout = lay_out(names, ["VARCHAR", "VARCHAR", "VARCHAR", "BIGINT", "VARCHAR"], rows)
    print(
        f"{report.path.name}: {report.kind}, {counted(report.people, 'person', 'people')}",
        "",
        sep="\n",
    )
    print(layout.header(), *layout.lines(rows), "", sep="\n")
    for line in _told(report):
        print(line)
    if verbose:
        for title, listed in _unmatched(report).items():
            print(f"{title}: {', '.join(listed) or 'nobody'}")
    print(_closing(report, plan))


def _told(report: "ImportReport") -> list[str]:
    """The report's counts as sentences; no name of anybody."""
    lines = []
    if report.sexes or report.odd_sexes:
        known = ", ".join(f"{count:,} {sex}" for sex, count in report.sexes.items())
        odd = ", ".join(f"{text} {count:,}" for text, count in report.odd_sexes.items())
        lines.append(f"Sex: {known or 'nobody known'}" + (f"; unknown: {odd}" if odd else ""))
    lines.append(f"Samples of the lake found: {report.samples_matched:,}")
    lines.append(f"People without genotypes here: {len(report.people_without_genotypes):,}")
    lines.append(f"Genotypes without people: {len(report.genotypes_without_people):,}")
    for name, count in report.changed_values.items():
        lines.append(f"Changed: {name} of {counted(count, 'person', 'people')}")
    return lines + [f"Note: {note}" for note in report.notes]


def _unmatched(report: "ImportReport") -> dict[str, tuple[str, ...]]:
    return {
        "People without genotypes": report.people_without_genotypes,
        "Genotypes without people": report.genotypes_without_people,
    }


def _closing(report: "ImportReport", plan: bool) -> str:
    if plan:
        return "Nothing was changed (--plan)."
    if report.snapshot is None:
        return "The lake says all this already; nothing was changed."
    return f"Snapshot {report.snapshot}."


def _print_json(report: "ImportReport", plan: bool, verbose: bool) -> None:
    import json
    from dataclasses import asdict

    said = asdict(report) | {"path": str(report.path), "planned_only": plan}
    for name in ("people_without_genotypes", "genotypes_without_people"):
        said[name] = said[name] if verbose else len(said[name])
    print(json.dumps(said, ensure_ascii=False, indent=1))
