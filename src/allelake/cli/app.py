"""The command `allelake`: its commands, in the order of use."""

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from allelake.cli import cohort, quality, samples, structure
from allelake.cli.carriers import carriers
from allelake.cli.check import check
from allelake.cli.compact import compact
from allelake.cli.demo import demo
from allelake.cli.diff import diff
from allelake.cli.explain import explain
from allelake.cli.export import export
from allelake.cli.files import files
from allelake.cli.frequency import frequency
from allelake.cli.ingest import ingest
from allelake.cli.init import init
from allelake.cli.materialize import materialize, strata
from allelake.cli.purge import purge
from allelake.cli.queries import queries
from allelake.cli.report import report
from allelake.cli.snapshots import snapshots
from allelake.cli.sql import sql
from allelake.cli.summary import summary
from allelake.cli.vacuum import vacuum
from allelake.cli.verify_withdrawal import verify_withdrawal
from allelake.cli.withdraw import withdraw
from allelake.without_pandas import hide_pandas

# The order of use, which is the order of help.
ORDER = (
    "init",
    "ingest",
    "samples",
    "cohort",
    "frequency",
    "materialize",
    "strata",
    "carriers",
    "explain",
    "summary",
    "quality",
    "report",
    "structure",
    "export",
    "sql",
    "queries",
    "files",
    "snapshots",
    "diff",
    "check",
    "compact",
    "vacuum",
    "withdraw",
    "purge",
    "verify-withdrawal",
    "demo",
)

EPILOG = """\
\b
Exit codes: 0 done; 1 another error; 2 an argument that cannot be taken; 3 the lake's folder (not a
lake, newer format, locked, no permission, disk full); 4 a file that is not whole or does not fit;
5 a question that cannot be answered; 6 check found something; 130 stopped by ctrl-c; 141 whoever
read the output closed it.
"""


class InOrder(TyperGroup):
    """Lists commands in the order of use; Typer would put groups of commands last."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names of the commands."""
        return list(ORDER)


app = typer.Typer(
    name="allelake",
    cls=InOrder,
    help="A warehouse for the genomes of a population cohort: VCFs in, allele frequencies out.",
    epilog=EPILOG,
    no_args_is_help=True,
    # Plain help is what the manual prints, and saves importing rich.
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(f"allelake {version('allelake')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and leave."
        ),
    ] = False,
) -> None:
    """Options before any command."""


app.command()(init)
app.command()(ingest)
app.add_typer(samples.app, name="samples")
app.add_typer(cohort.app, name="cohort")
app.command()(frequency)
app.command()(materialize)
app.command()(strata)
app.command()(carriers)
app.command()(explain)
app.command()(summary)
app.add_typer(quality.app, name="quality")
app.command()(report)
app.add_typer(structure.app, name="structure")
app.command()(export)
app.command()(sql)
app.command()(queries)
app.command()(files)
app.command()(snapshots)
app.command()(diff)
app.command()(check)
app.command()(compact)
app.command()(vacuum)
app.command()(withdraw)
app.command()(purge)
app.command()(verify_withdrawal)
app.command()(demo)


def main() -> None:
    """Runs the command that the process was started with."""
    hide_pandas()
    app()
