"""Answers on stdout or in a file, in the format asked for."""

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from allelake.cli.options import Format
from allelake.errors import UsageError

if TYPE_CHECKING:
    from allelake.queries.answer import Answer

# More rows than this scroll the first ones out of sight.
TERMINAL_ROWS = 40
# Rows by which a table's columns are measured where all rows are shown.
MEASURED_ROWS = 1_000


def show(
    answer: "Answer",
    format: Format | None = None,
    output: Path | None = None,
    overwrite: bool = False,
    rows: int | None = None,
    longest: int | None = None,
) -> None:
    """Writes the answer where and as asked. What it speaks of is told in each format's own way.

    `longest`: characters of a text in a table, where it is more than a name or an allele.
    """
    if output is not None and str(output) != "-":
        _to_file(answer, format, output, overwrite)
    elif format in (None, Format.TABLE):
        _table(answer, rows, longest)
    else:
        assert format is not None
        _to_stdout(answer, format)


def _to_file(answer: "Answer", format: Format | None, output: Path, overwrite: bool) -> None:
    if format is Format.TABLE:
        raise UsageError(
            "A table is for the eye. Write a file as csv, tsv, json, parquet or arrow."
        )
    answer.write(output, None if format is None else str(format), overwrite)
    tell(answer)
    print(f"written to {output}", file=sys.stderr)


def _to_stdout(answer: "Answer", format: Format) -> None:
    from allelake.queries.formats import write_stream

    if format in (Format.PARQUET, Format.ARROW) and sys.stdout.isatty():
        raise UsageError(
            f"{format.capitalize()} is not for a terminal. Name a file with --output, or pipe it."
        )
    sys.stdout.flush()
    write_stream(answer, sys.stdout.buffer, str(format))
    sys.stdout.buffer.flush()
    if format in (Format.CSV, Format.TSV):
        tell(answer)


def tell(answer: "Answer") -> None:
    """What the answer speaks of, on stderr."""
    print(f"# {answer.about.line()}", file=sys.stderr)


def _table(answer: "Answer", rows: int | None, longest: int | None) -> None:
    from allelake.queries.table import WIDEST

    longest = WIDEST if longest is None else longest
    in_terminal = sys.stdout.isatty()
    limit = (TERMINAL_ROWS if in_terminal else 0) if rows is None else rows
    width = shutil.get_terminal_size().columns if in_terminal else None
    if limit:
        _first_rows(answer, limit, width, longest)
    else:
        _all_rows(answer, width, longest)


def _first_rows(answer: "Answer", limit: int, width: int | None, longest: int) -> None:
    from allelake.queries.table import lay_out

    found = answer.head(limit + 1)
    layout = lay_out(answer.columns, answer.types, found[:limit], width, longest)
    print(answer.about.line(), "", layout.header(), *layout.lines(found[:limit]), sep="\n")
    if len(found) > limit:
        more = answer.count() - limit
        print(f"... and {more:,} more rows. --rows 0 shows all, --output FILE writes them.")
    _say_left_out(layout.left_out)


def _all_rows(answer: "Answer", width: int | None, longest: int) -> None:
    from allelake.queries.table import lay_out

    layout = None
    for chunk in answer.tuples(MEASURED_ROWS):
        if layout is None:
            layout = lay_out(answer.columns, answer.types, chunk, width, longest)
            print(answer.about.line(), "", layout.header(), sep="\n")
        print(*layout.lines(chunk), sep="\n")
    if layout is None:
        layout = lay_out(answer.columns, answer.types, [], width, longest)
        print(answer.about.line(), "", layout.header(), "(no rows)", sep="\n")
    _say_left_out(layout.left_out)


def _say_left_out(columns: list[str]) -> None:
    if columns:
        print(f"Not shown for want of width: {', '.join(columns)}.")
