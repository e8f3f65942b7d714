"""A short list of rows on stdout: a table, CSV or TSV."""

import csv
import sys
from collections.abc import Sequence
from typing import Any

from allelake.cli.options import Format
from allelake.errors import UsageError


def print_rows(
    columns: Sequence[str], rows: Sequence[Sequence[Any]], format: Format, title: str
) -> None:
    """Prints the rows; the title stands above a table, and on stderr for the others."""
    if format in (Format.CSV, Format.TSV):
        delimiter = "," if format is Format.CSV else "\t"
        writer = csv.writer(sys.stdout, delimiter=delimiter, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
        print(f"# {title}", file=sys.stderr)
        return
    if format is not Format.TABLE:
        raise UsageError(f"This list is written as table, csv, tsv or json, not as {format}.")
    from allelake.queries.table import lay_out

    numbers = [bool(rows) and isinstance(rows[0][n], int) for n in range(len(columns))]
    types = ["BIGINT" if is_number else "VARCHAR" for is_number in numbers]
    layout = lay_out(columns, types, rows, longest=200)
    print(title, "", layout.header(), *layout.lines(rows), sep="\n")
