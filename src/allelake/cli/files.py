"""`allelake files`: what other engines may read."""

from typing import Annotated

import typer

from allelake.cli import options
from allelake.cli.ending import ends_tidily
from allelake.cli.options import Format


@ends_tidily
def files(
    lake: options.LakeFolder,
    table: Annotated[
        str | None, typer.Option(metavar="NAME", help="The files of one table.")
    ] = None,
    as_of: options.AsOf = None,
    format: Annotated[
        Format, typer.Option("--format", "-f", help="table, csv, tsv or json.")
    ] = Format.TABLE,
) -> None:
    """List the Parquet files that other engines may read.

    They are those of the current snapshot, or of --as-of. Reading the folders instead would find
    files that are no longer, or not yet, part of the lake.

    Example: allelake files hk.lake --table calls --format json
    """
    from allelake.cli.json_text import print_json
    from allelake.cli.reading import open_for
    from allelake.cli.rows import print_rows
    from allelake.errors import UsageError
    from allelake.nearest import did_you_mean

    with open_for(lake, as_of=as_of) as opened:
        found = opened.files()
        known = sorted({file.table for file in found})
        if table is not None and table not in known:
            raise UsageError(f"No file is of a table {table!r}. {did_you_mean(table, known)}")
        columns = ["table", "contig", "tier", "rows", "bytes", "path", "sha256"]
        rows = [
            tuple(getattr(file, name) for name in columns)
            for file in found
            if table in (None, file.table)
        ]
        if format is Format.JSON:
            listed = [dict(zip(columns, row, strict=True)) for row in rows]
            print_json({"snapshot": opened.snapshot, "root": str(lake), "files": listed})
        else:
            print_rows(columns, rows, format, f"snapshot {opened.snapshot}: {len(rows):,} files")
