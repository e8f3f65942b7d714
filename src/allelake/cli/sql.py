"""`allelake sql`: one SELECT over the lake, or a prompt."""

import sys
from typing import Annotated

import typer

from allelake.cli import options
from allelake.cli.ending import ends_tidily

Query = Annotated[
    str | None,
    typer.Argument(
        metavar="[QUERY]",
        help="One SELECT; - reads it from stdin. Without it a prompt opens.",
        show_default=False,
    ),
]
Timeout = Annotated[
    float, typer.Option(min=0.001, metavar="SECONDS", help="The longest a query may take.")
]
Memory = Annotated[
    str, typer.Option(metavar="SIZE", help="The most memory DuckDB may use; then it spills.")
]
Threads = Annotated[
    int | None, typer.Option(min=1, metavar="N", help="Default: one per processor.")
]


@ends_tidily
def sql(
    lake: options.LakeFolder,
    query: Query = None,
    timeout: Timeout = 300.0,
    memory: Memory = "4GB",
    threads: Threads = None,
    as_of: options.AsOf = None,
    format: options.OutputFormat = None,
    output: options.Output = None,
    overwrite: options.Overwrite = False,
    rows: options.Rows = None,
) -> None:
    """Ask in SQL: one SELECT, or a prompt.

    The SELECT reads the lake's tables and queries, and nothing else. At most --timeout seconds.

    Example: allelake sql hk.lake "FROM allele_frequency('all') WHERE af > 0.05 LIMIT 10"
    """
    from allelake.cli.output import show
    from allelake.cli.reading import open_for
    from allelake.queries.connect import Limits

    limits = Limits(memory=memory, seconds=timeout, threads=threads)
    with open_for(lake, limits, as_of) as opened:
        if query is None and sys.stdin.isatty():
            from allelake.cli.prompt import run_prompt

            run_prompt(opened, rows)
            return
        text = sys.stdin.read() if query in (None, "-") else query
        show(opened.sql(str(text)), format, output, overwrite, rows)
