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

    With the size of the data each snapshot answers from, which snapshots share. `state` says which
    one is current, which were redacted by a purge, and which a vacuum removed.

    Example: allelake snapshots hk.lake
    """
    from allelake.cli.json_text import print_json
    from allelake.cli.rows import print_rows
    from allelake.warehouse.history import history

    found = history(lake)
    current = max(each.number for each in found)
    if format is Format.JSON:
        listed = [
            {
                "snapshot": each.number,
                "time": each.time,
                "operation": each.operation,
                "state": each.state,
                "bytes": each.bytes,
                "detail": dict(each.detail),
                "allelake_version": each.allelake_version,
            }
            for each in found
        ]
        print_json({"current": current, "snapshots": listed})
        return
    rows = [
        (s.number, s.time, s.operation, s.state, _size(s.bytes), _told(s.detail)) for s in found
    ]
    columns = ["snapshot", "time (UTC)", "operation", "state", "data", "detail"]
    print_rows(columns, rows, format, f"{lake}: snapshot {current} is the current one")


def _size(size: int | None) -> str:
    from allelake.cli.size import in_words

    return "" if size is None else in_words(size)


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
