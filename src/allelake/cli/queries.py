"""`allelake queries`: the questions, and what each means."""

from typing import Annotated

import typer

from allelake.cli.ending import ends_tidily
from allelake.cli.options import Format


@ends_tidily
def queries(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]", help="A question or a table; without it all.", show_default=False
        ),
    ] = None,
    format: Annotated[
        Format, typer.Option("--format", "-f", help="How it is written: table or json.")
    ] = Format.TABLE,
) -> None:
    """List the questions SQL can ask, or explain one.

    Tables are listed and explained too.

    Example: allelake queries allele_frequency
    """
    from allelake.cli.json_text import print_json
    from allelake.queries.catalogue import as_json, catalogue_lines, help_of, is_lake

    # `allelake queries hk.lake` is what one types after all the other commands.
    named = None if name is None or is_lake(name) else name
    if format is Format.JSON:
        print_json(as_json(named))
    elif named is None:
        print(*catalogue_lines(), sep="\n")
    else:
        print(help_of(named))
