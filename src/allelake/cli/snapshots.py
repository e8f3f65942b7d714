"""`allelake snapshots`: the history of a lake."""

from typing import Annotated

import typer

from allelake.cli import options
from allelake.cli.ending import ends_tidily
from allelake.cli.options import Format


@ends_tidily
def snapshots(
    lake: options.LakeFolder,
    format: Annotated[
        Format, typer.Option("--format", "-f", help="table, csv, tsv or json.")
    ] = Format.TABLE,
) -> None:
    """List what changed the lake, and when.

    Example: allelake snapshots hk.lake
    """
    from allelake.cli.json_text import print_json
    from allelake.cli.rows import print_rows
    from allelake.warehouse.info import read_lake_info
    from allelake.warehouse.snapshots import catalog_number, read_snapshot, snapshot_numbers

    read_lake_info(lake)
    current = catalog_number(lake)
    # A number above the catalog's is what an interrupted commit left; it never became visible.
    found = [read_snapshot(lake, n) for n in snapshot_numbers(lake) if n <= current]
    if format is Format.JSON:
        listed = [
            {
                "snapshot": each.number,
                "time": each.time,
                "operation": each.operation,
                "detail": dict(each.detail),
                "allelake_version": each.allelake_version,
            }
            for each in found
        ]
        print_json({"current": current, "snapshots": listed})
        return
    rows = [(s.number, s.time, s.operation, _told(s.detail), s.allelake_version) for s in found]
    columns = ["snapshot", "time (UTC)", "operation", "detail", "allelake"]
    print_rows(columns, rows, format, f"{lake}: snapshot {current} is the current one")


def _told(detail: object) -> str:
    """A commit's detail as `name value` pairs; lists by their length, so that it stays one line."""
    if not isinstance(detail, dict):
        return ""
    parts = []
    for name, value in detail.items():
        if value is None or value == []:
            continue
        if isinstance(value, dict) or (isinstance(value, list) and len(value) > 3):
            parts.append(f"{len(value)} {name}")
        elif isinstance(value, list):
            parts.append(f"{name} {', '.join(str(each) for each in value)}")
        else:
            parts.append(f"{name} {value}")
    return "; ".join(parts)
