"""`allelake check`: whether a lake is what was written, and agrees with itself."""

from typing import Annotated

import typer

from allelake.cli import options
from allelake.cli.ending import ends_tidily
from allelake.cli.options import Format


@ends_tidily
def check(
    lake: options.LakeFolder,
    deep: Annotated[
        bool,
        typer.Option(
            "--deep", help="Compare AN with each sample's part at every variant, not at some."
        ),
    ] = False,
    format: Annotated[
        Format, typer.Option("--format", "-f", help="How it is written: table or json.")
    ] = Format.TABLE,
) -> None:
    """Prove that a lake is whole and agrees with itself.

    Every byte of every file is read, and every count compared; carriers with AC, and AN with what
    `explain` says of it. Leaves with 6 if something is wrong, and says what, where, and what was
    expected.

    Example: allelake check hk.lake
    """
    from allelake.cli.json_text import print_json
    from allelake.cli.progress import progress_bar
    from allelake.errors import CheckFailed
    from allelake.warehouse.check.run import check_lake

    with progress_bar("checking") as bar:
        findings = check_lake(lake, progress=bar.on_progress, is_deep=deep)
    errors = [finding for finding in findings if finding.severity == "error"]
    if format is Format.JSON:
        print_json({"sound": not errors, "findings": [vars(finding) for finding in findings]})
    else:
        for finding in findings:
            print(f"{finding.severity.upper()}  {finding}")
        print(f"{len(errors):,} errors." if errors else "The lake is sound.")
    if errors:
        raise CheckFailed(f"{lake}: {len(errors):,} errors")
