"""`allelake compact`: small files become few."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from allelake.cli import options
from allelake.cli.ending import ends_tidily
from allelake.cli.options import Format

if TYPE_CHECKING:
    from allelake.warehouse.upkeep.compact import CompactReport


@ends_tidily
def compact(
    lake: options.LakeFolder,
    plan: Annotated[
        bool, typer.Option("--plan", help="Tell what would be merged; change nothing.")
    ] = False,
    format: Annotated[
        Format, typer.Option("--format", "-f", help="How it is written: table or json.")
    ] = Format.TABLE,
) -> None:
    """Merge the files of small batches into few.

    Files of each table, tier and contig are merged up to 128 MiB. No answer changes. The old
    files stay, for earlier snapshots, until `allelake vacuum`. Small batches are merged by
    themselves when they are many, so nobody has to run this. After an upgrade of allelake it also
    makes the catalog anew, with this version's questions, for programs that ask without allelake.

    Example: allelake compact hk.lake --plan
    """
    from allelake.cli.json_text import print_json
    from allelake.cli.progress import progress_bar
    from allelake.warehouse.info import read_lake_info
    from allelake.warehouse.upkeep.compact import compact as compact_lake
    from allelake.warehouse.upkeep.compact import plan_compact

    read_lake_info(lake)
    if plan:
        report = plan_compact(lake)
    else:
        with progress_bar("merging") as bar:
            report = compact_lake(lake, bar.on_progress)
    if format is Format.JSON:
        print_json({**asdict(report), "planned_only": plan})
    else:
        _print(report, plan)


def _print(report: "CompactReport", plan: bool) -> None:
    from allelake.cli.size import in_words

    for each in report.merged:
        where = " ".join(name for name in (each.table, each.tier, each.contig) if name)
        print(f"{where}: {each.files:,} files, {each.rows:,} rows, {in_words(each.bytes_before)}")
    if report.catalog_of is not None:
        print(
            f"The catalog of allelake {report.catalog_of} {'would be' if plan else 'is'} made anew."
        )
    elif not report.merged:
        print("Every table has few and well-filled files; nothing was changed.")
        return
    if report.merged:
        print(f"{report.files_before:,} files become {report.files_after:,}.")
    print(f"Snapshot {report.snapshot}." if not plan else "Nothing was changed (--plan).")
