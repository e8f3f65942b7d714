"""`allelake demo`: a simulated cohort, taken in and asked."""

from pathlib import Path
from typing import Annotated

import typer

from allelake.cli.ending import ends_tidily


@ends_tidily
def demo(
    folder: Annotated[
        Path,
        typer.Argument(metavar="FOLDER", help="An empty or missing folder.", show_default=False),
    ],
    people: Annotated[int, typer.Option(min=30, metavar="N", help="How many to simulate.")] = 1000,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Make it again if it is there.")
    ] = False,
) -> None:
    """Simulate a cohort, take it in, and ask about it.

    Each command is shown before it runs.

    Example: allelake demo demo
    """
    from allelake.demo.run import run_demo

    run_demo(folder, people=people, rebuild=rebuild)
